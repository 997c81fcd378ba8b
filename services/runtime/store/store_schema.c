/* services/runtime/store/store_schema.c: the tables of a service's database. */
#include "services/runtime/store/store_schema.h"

/* The upper levels of the indexes of a large service, and the newest rows. */
#define CACHE_KIB 16384
/* A step writes a little in many tables, and a page for each of them to the log of its commit. */
#define PAGE_SIZE 4096

/*
 * Sealed columns (vault.h): cases.key (wrapped), cases.file_number, cases.labels, tasks.preview,
 * events.body, epochs.secret, people.name, people.password, grants.reason, case_notes.body.
 * staff.person is a keyed hash under the case's key, people.name_hash one under the storage
 * key. Elsewhere a person is the number of a row of people.
 *
 * events.log_index is NULL while an own message waits for its receipt; a message and each piece
 * of evidence about it are rows of their own. events.dead marks an own message that was refused.
 * outbox.state: 0 waits for its receipt, 1 accepted (kept until final evidence), 2 to be sealed
 * anew once the directory is longer than outbox.length.
 * words.hash is keyed by the storage key (vault_word); words.source: an event, or 0.
 * grants.until_ms is NULL while a grant stands; breaking the glass has its end from the start.
 * cases.held: how many know the case by a standing grant; 0: it lies in the mailbox, and
 * tasks.held follows it, so that the mailbox is an index of its own.
 * known_tasks: the tasks of every case that a person knows by a standing grant, with what lists
 * are narrowed by; only triggers write it, so it is as its grants and tasks are at any moment.
 * known_alarms: the same of alarms; person 0: the alarms of cases that nobody holds.
 * known_work: the same of table work, in the order of when it is due.
 * unproven: checkpoints that wait for the proof that they are of the trusted log (proven.h).
 * links: the chains of messages accepted from us (direction 0) and for us (1), in log order.
 */
static const char *const migrations[] = {
    "CREATE TABLE cases ("
    "  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, time_ms INTEGER NOT NULL,"
    "  key BLOB, file_number BLOB) STRICT;"

    "CREATE TABLE tasks ("
    "  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    "  case_n INTEGER NOT NULL REFERENCES cases (n), side INTEGER NOT NULL,"
    "  peer TEXT NOT NULL, token BLOB NOT NULL, basis INTEGER NOT NULL,"
    "  reference BLOB NOT NULL, time_ms INTEGER NOT NULL, state TEXT NOT NULL,"
    "  last_index INTEGER NOT NULL, content_due INTEGER NOT NULL,"
    "  content_seen INTEGER NOT NULL, unread INTEGER NOT NULL) STRICT;"
    "CREATE INDEX tasks_by_case ON tasks (case_n, n);"
    "CREATE INDEX tasks_by_side ON tasks (side, n);"
    "CREATE INDEX tasks_by_state ON tasks (side, state, n);"
    "CREATE INDEX tasks_due ON tasks (n) WHERE content_due = 1 AND side = 1;"

    "CREATE TABLE events ("
    "  n INTEGER PRIMARY KEY, task_n INTEGER NOT NULL REFERENCES tasks (n),"
    "  what TEXT NOT NULL, type INTEGER NOT NULL, own INTEGER NOT NULL,"
    "  message BLOB NOT NULL, log_index INTEGER UNIQUE, applied INTEGER NOT NULL,"
    "  with_content INTEGER NOT NULL, time_ms INTEGER NOT NULL, status INTEGER NOT NULL,"
    "  role TEXT NOT NULL, dead INTEGER NOT NULL, root BLOB, body BLOB) STRICT;"
    "CREATE INDEX events_by_task ON events (task_n);"
    "CREATE INDEX events_by_message ON events (message);"

    "CREATE TABLE effects ("
    "  task_n INTEGER NOT NULL REFERENCES tasks (n), cause BLOB NOT NULL,"
    "  status INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (task_n, cause)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE proofs ("
    "  log_index INTEGER PRIMARY KEY, leaf BLOB NOT NULL, path BLOB NOT NULL,"
    "  note BLOB NOT NULL) STRICT;"

    "CREATE TABLE outbox ("
    "  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    "  event_n INTEGER NOT NULL REFERENCES events (n), peer TEXT NOT NULL,"
    "  digest BLOB NOT NULL, frame BLOB NOT NULL, state INTEGER NOT NULL,"
    "  final INTEGER NOT NULL, retry_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    "  refusal INTEGER NOT NULL, length INTEGER NOT NULL) STRICT;"
    "CREATE INDEX outbox_waiting ON outbox (state, n) WHERE state <> 1;"
    "CREATE INDEX outbox_by_event ON outbox (event_n);"

    "CREATE TABLE evidence ("
    "  n INTEGER PRIMARY KEY, message_index INTEGER NOT NULL, kind INTEGER NOT NULL,"
    "  evidence BLOB NOT NULL, proof BLOB NOT NULL, recorded INTEGER NOT NULL,"
    "  refusal INTEGER NOT NULL, UNIQUE (message_index, kind)) STRICT;"
    "CREATE INDEX evidence_waiting ON evidence (n) WHERE recorded = 0 AND refusal = 0;"

    "CREATE TABLE links ("
    "  direction INTEGER NOT NULL, peer TEXT NOT NULL, log_index INTEGER NOT NULL,"
    "  id BLOB NOT NULL, digest BLOB NOT NULL, count INTEGER NOT NULL, chain BLOB NOT NULL,"
    "  claim_count INTEGER NOT NULL, claim_id BLOB, claim_chain BLOB,"
    "  PRIMARY KEY (direction, peer, log_index)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX links_by_id ON links (direction, peer, id);"

    "CREATE TABLE problems ("
    "  what TEXT NOT NULL, peer TEXT NOT NULL, status INTEGER NOT NULL,"
    "  log_index INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (what, peer)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE statements ("
    "  log_index INTEGER PRIMARY KEY, leaf BLOB NOT NULL) STRICT;"
    "CREATE TABLE notes (name TEXT PRIMARY KEY, note BLOB NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE epochs ("
    "  epoch INTEGER PRIMARY KEY, public BLOB NOT NULL, secret BLOB NOT NULL,"
    "  not_before_ms INTEGER NOT NULL, not_after_ms INTEGER NOT NULL,"
    "  statement BLOB NOT NULL, signature BLOB NOT NULL) STRICT;"

    "CREATE TABLE staff ("
    "  case_n INTEGER NOT NULL REFERENCES cases (n), person BLOB NOT NULL,"
    "  token BLOB NOT NULL, PRIMARY KEY (case_n, person)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE access ("
    "  n INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL,"
    "  case_n INTEGER NOT NULL REFERENCES cases (n), task_n INTEGER NOT NULL,"
    "  role TEXT NOT NULL, what TEXT NOT NULL, person BLOB NOT NULL) STRICT;"
    "CREATE INDEX access_by_case ON access (case_n, n);",

    "CREATE TABLE unproven ("
    "  n INTEGER PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,"
    "  note BLOB NOT NULL, time_ms INTEGER NOT NULL, UNIQUE (size, root)) STRICT;"
    "CREATE INDEX tasks_by_state_alone ON tasks (state, n);"
    "DROP INDEX outbox_waiting;"
    "CREATE INDEX outbox_waiting ON outbox (state, n, retry_ms) WHERE state <> 1;"
    "CREATE INDEX outbox_retry ON outbox (retry_ms) WHERE state <> 1;"
    "CREATE INDEX evidence_dead ON evidence (n) WHERE recorded = 0 AND refusal <> 0;",

    /* Who comes to the desk: kinds as in people_store.h. */
    "CREATE TABLE people ("
    "  n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name_hash BLOB NOT NULL UNIQUE,"
    "  name BLOB NOT NULL, role TEXT NOT NULL, active INTEGER NOT NULL, password BLOB,"
    "  code BLOB, code_until_ms INTEGER NOT NULL DEFAULT 0,"
    "  failures INTEGER NOT NULL DEFAULT 0, failed_since_ms INTEGER NOT NULL DEFAULT 0,"
    "  locked_until_ms INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL,"
    "  disabled_ms INTEGER NOT NULL DEFAULT 0) STRICT;"

    /* Sessions and tokens: kinds as in credential_store.h; the hash of 32 random bytes. */
    "CREATE TABLE credentials ("
    "  n INTEGER PRIMARY KEY, kind INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,"
    "  person INTEGER NOT NULL REFERENCES people (n),"
    "  made_by INTEGER NOT NULL REFERENCES people (n), created_ms INTEGER NOT NULL,"
    "  until_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX credentials_by_person ON credentials (kind, person);",

    /* events.indexed: the words of this message's fields are in. */
    "CREATE TABLE words ("
    "  hash BLOB NOT NULL, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  kind INTEGER NOT NULL, source INTEGER NOT NULL,"
    "  PRIMARY KEY (hash, case_n, source)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX words_by_case ON words (case_n, kind, source);"
    "ALTER TABLE events ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE tasks ADD COLUMN preview BLOB;",

    /* Lists by what is unread, and by institution. */
    "CREATE INDEX tasks_unread ON tasks (n) WHERE unread = 1;"
    "CREATE INDEX tasks_by_peer ON tasks (peer, n);",

    "ALTER TABLE tasks ADD COLUMN reach INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE deadlines ("
    "  task_n INTEGER NOT NULL REFERENCES tasks (n), what TEXT NOT NULL,"
    "  began_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, reminder_ms INTEGER NOT NULL,"
    "  ours INTEGER NOT NULL, stage INTEGER NOT NULL, next_ms INTEGER,"
    "  PRIMARY KEY (task_n, what)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX deadlines_next ON deadlines (next_ms) WHERE next_ms IS NOT NULL;"
    "CREATE INDEX deadlines_due ON deadlines (due_ms, task_n);"
    "CREATE TABLE alarms ("
    "  n INTEGER PRIMARY KEY, task_n INTEGER NOT NULL REFERENCES tasks (n),"
    "  what TEXT NOT NULL, due_ms INTEGER NOT NULL, stage INTEGER NOT NULL,"
    "  ours INTEGER NOT NULL, reaches TEXT NOT NULL, time_ms INTEGER NOT NULL,"
    "  settled_ms INTEGER, seen_ms INTEGER, seen_role TEXT NOT NULL DEFAULT '',"
    "  UNIQUE (task_n, what, due_ms, stage)) STRICT;"
    "CREATE INDEX alarms_open ON alarms (n) WHERE settled_ms IS NULL;",

    /* What a family is told of a case, and which messages are left out of that. */
    "CREATE TABLE withheld ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  message BLOB NOT NULL, time_ms INTEGER NOT NULL, ended INTEGER NOT NULL,"
    "  role TEXT NOT NULL, reason BLOB, text BLOB NOT NULL,"
    "  person BLOB NOT NULL) STRICT;"
    "CREATE INDEX withheld_by_case ON withheld (case_n, n);"
    "CREATE TABLE disclosures ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  time_ms INTEGER NOT NULL) STRICT;",

    /* What is asked or told, and for what: task.h's sorts, a code of the list of purposes. */
    "ALTER TABLE tasks ADD COLUMN sort TEXT NOT NULL DEFAULT 'referral';"
    "ALTER TABLE tasks ADD COLUMN purpose TEXT NOT NULL DEFAULT '';",

    /* Who knows a case, who looked at it, and what it holds besides its tasks. */
    "ALTER TABLE cases ADD COLUMN labels BLOB;"
    "ALTER TABLE cases ADD COLUMN held INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE tasks ADD COLUMN held INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX cases_unheld ON cases (n) WHERE held = 0;"
    "CREATE INDEX tasks_unheld ON tasks (side, n) WHERE held = 0;"
    "CREATE INDEX tasks_unheld_by_state ON tasks (side, state, n) WHERE held = 0;"
    "CREATE TRIGGER task_is_held_as_its_case AFTER INSERT ON tasks BEGIN"
    "  UPDATE tasks SET held = (SELECT held FROM cases WHERE n = NEW.case_n)"
    "  WHERE n = NEW.n; END;"

    "CREATE TABLE grants ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  person INTEGER NOT NULL, how TEXT NOT NULL, since_ms INTEGER NOT NULL,"
    "  until_ms INTEGER, by_person INTEGER NOT NULL, ended_by INTEGER,"
    "  reason BLOB, seen_by INTEGER, seen_ms INTEGER) STRICT;"
    "CREATE INDEX grants_by_case ON grants (case_n, person);"
    "CREATE INDEX grants_held ON grants (person, case_n) WHERE until_ms IS NULL;"
    "CREATE INDEX grants_glass ON grants (person, until_ms) WHERE how = 'break_glass';"
    "CREATE INDEX grants_told ON grants (n) WHERE how = 'break_glass';"

    "CREATE TABLE duty ("
    "  n INTEGER PRIMARY KEY, person INTEGER NOT NULL, from_ms INTEGER NOT NULL,"
    "  until_ms INTEGER NOT NULL, by_person INTEGER NOT NULL) STRICT;"
    "CREATE INDEX duty_by_person ON duty (person, until_ms);"
    "CREATE INDEX duty_by_end ON duty (until_ms);"

    "CREATE TABLE case_notes ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  time_ms INTEGER NOT NULL, person INTEGER NOT NULL, role TEXT NOT NULL,"
    "  corrects INTEGER, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX case_notes_by_case ON case_notes (case_n, n);"
    "CREATE TABLE households ("
    "  case_n INTEGER PRIMARY KEY REFERENCES cases (n), household INTEGER NOT NULL) STRICT;"
    "CREATE INDEX households_by_number ON households (household);"

    "DROP TABLE access;"
    "CREATE TABLE access ("
    "  n INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL,"
    "  case_n INTEGER REFERENCES cases (n), task_n INTEGER, person INTEGER NOT NULL,"
    "  role TEXT NOT NULL, what TEXT NOT NULL) STRICT;"
    "CREATE INDEX access_by_case ON access (case_n, n) WHERE case_n IS NOT NULL;"
    "CREATE INDEX access_by_person ON access (person, n);",

    /* Whom an act on people was about. */
    "ALTER TABLE access ADD COLUMN about INTEGER REFERENCES people (n);",
    /*
     * Documents (attachment_store.h). Sealed: secret, name, look. arriving: messages that wait
     * for theirs, or behind one that does.
     */
    "CREATE TABLE attachments ("
    "  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_n INTEGER NOT NULL,"
    "  message_index INTEGER NOT NULL, position INTEGER NOT NULL, category INTEGER NOT NULL,"
    "  whole INTEGER NOT NULL, size INTEGER NOT NULL, done INTEGER NOT NULL,"
    "  type INTEGER NOT NULL, time_ms INTEGER NOT NULL, root BLOB NOT NULL,"
    "  secret BLOB NOT NULL, name BLOB NOT NULL, look BLOB NOT NULL, leaves BLOB NOT NULL)"
    "  STRICT;"
    "CREATE INDEX attachments_by_root ON attachments (root);"
    "CREATE UNIQUE INDEX attachments_by_message ON attachments (message_index, position)"
    "  WHERE message_index > 0;"
    "CREATE INDEX attachments_idle ON attachments (time_ms) WHERE case_n = 0;"
    "CREATE TABLE arriving ("
    "  log_index INTEGER PRIMARY KEY, peer TEXT NOT NULL, token BLOB NOT NULL,"
    "  since_ms INTEGER NOT NULL, deliver BLOB NOT NULL) STRICT;",

    /* A person's lists, so that a page costs a page however much the person knows. */
    "CREATE TABLE known_tasks ("
    "  person INTEGER NOT NULL, task_n INTEGER NOT NULL REFERENCES tasks (n),"
    "  side INTEGER NOT NULL, state TEXT NOT NULL,"
    "  PRIMARY KEY (person, task_n)) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO known_tasks (person, task_n, side, state)"
    "  SELECT g.person, t.n, t.side, t.state FROM grants g JOIN tasks t USING (case_n)"
    "  WHERE g.until_ms IS NULL;"
    "CREATE TRIGGER task_is_known_as_its_case AFTER INSERT ON tasks BEGIN"
    "  INSERT OR IGNORE INTO known_tasks (person, task_n, side, state)"
    "  SELECT person, NEW.n, NEW.side, NEW.state FROM grants"
    "  WHERE case_n = NEW.case_n AND until_ms IS NULL; END;"
    "CREATE TRIGGER known_task_is_as_its_task AFTER UPDATE OF state ON tasks"
    "  WHEN NEW.state <> OLD.state BEGIN"
    "  UPDATE known_tasks SET state = NEW.state WHERE task_n = NEW.n AND person IN"
    "  (SELECT person FROM grants WHERE case_n = NEW.case_n AND until_ms IS NULL); END;"
    "CREATE TRIGGER grant_gives_tasks AFTER INSERT ON grants WHEN NEW.until_ms IS NULL BEGIN"
    "  INSERT OR IGNORE INTO known_tasks (person, task_n, side, state)"
    "  SELECT NEW.person, n, side, state FROM tasks WHERE case_n = NEW.case_n; END;"
    "CREATE TRIGGER grant_takes_tasks AFTER UPDATE OF until_ms ON grants"
    "  WHEN OLD.until_ms IS NULL AND NEW.until_ms IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM grants WHERE case_n = NEW.case_n AND person = NEW.person"
    "  AND until_ms IS NULL) BEGIN"
    "  DELETE FROM known_tasks WHERE person = NEW.person AND task_n IN"
    "  (SELECT n FROM tasks WHERE case_n = NEW.case_n); END;"
    "CREATE INDEX alarms_open_of ON alarms (task_n) WHERE settled_ms IS NULL;",

    /* One root, one message: for any other the document is sealed anew, as a copy. */
    "ALTER TABLE attachments ADD COLUMN event_n INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE attachments ADD COLUMN source INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX attachments_copies ON attachments (event_n, source)"
    "  WHERE source > 0 AND size > 0;",

    /*
     * What sharing rests on (ground_store.h). grounds.origin: '' our own record, else who told
     * us of it. refs: what headers cite; direction 0 made by us, 1 by PEER.
     */
    "CREATE TABLE grounds ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  id BLOB NOT NULL, origin TEXT NOT NULL, basis INTEGER NOT NULL,"
    "  time_ms INTEGER NOT NULL,"
    "  state TEXT NOT NULL, stopped INTEGER NOT NULL, check_ms INTEGER, body BLOB NOT NULL,"
    "  UNIQUE (id, origin)) STRICT;"
    "CREATE INDEX grounds_by_case ON grounds (case_n, n);"
    "CREATE INDEX grounds_check ON grounds (check_ms) WHERE check_ms IS NOT NULL;"
    "CREATE TABLE ground_events ("
    "  n INTEGER PRIMARY KEY, ground_n INTEGER NOT NULL REFERENCES grounds (n),"
    "  what TEXT NOT NULL, log_index INTEGER, time_ms INTEGER NOT NULL,"
    "  person INTEGER NOT NULL, role TEXT NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX ground_events_by_ground ON ground_events (ground_n, n);"
    "CREATE TABLE refs ("
    "  n INTEGER PRIMARY KEY, direction INTEGER NOT NULL, peer TEXT NOT NULL,"
    "  reference BLOB NOT NULL, basis INTEGER NOT NULL, ground_n INTEGER,"
    "  stop_index INTEGER, stop_reason TEXT NOT NULL DEFAULT '', stop_task_n INTEGER,"
    "  UNIQUE (direction, peer, reference)) STRICT;"
    "CREATE INDEX refs_by_ground ON refs (ground_n, direction);"
    "ALTER TABLE tasks ADD COLUMN ground_n INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX tasks_by_reference ON tasks (peer, reference);",

    /* Which rows of legal-bases.csv this institution has confirmed (provisions.h). */
    "CREATE TABLE provisions ("
    "  code TEXT PRIMARY KEY, confirmed_ms INTEGER NOT NULL, person INTEGER NOT NULL,"
    "  advice BLOB NOT NULL, advice_day TEXT NOT NULL) STRICT;",

    /* What was made unreadable, and files of documents that are still to be removed. */
    "CREATE TABLE erasures ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  task_n INTEGER NOT NULL, time_ms INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  person INTEGER NOT NULL, role TEXT NOT NULL, settled INTEGER NOT NULL) STRICT;"
    "CREATE INDEX erasures_by_case ON erasures (case_n, n);"
    "CREATE INDEX erasures_unsettled ON erasures (n) WHERE settled = 0;"
    "CREATE TABLE erased_files (id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;",

    /* A document may be begun for a case: what nothing cites shows by itself. */
    "ALTER TABLE attachments ADD COLUMN cited INTEGER NOT NULL DEFAULT 0;"
    "UPDATE attachments SET cited = 1 WHERE case_n <> 0;"
    "DROP INDEX attachments_idle;"
    "CREATE INDEX attachments_idle ON attachments (time_ms) WHERE cited = 0;",

    /* outbox.unsent: no link since it was written. Stops of ours that are still to be told. */
    "ALTER TABLE outbox ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX outbox_unsent ON outbox (n) WHERE unsent = 1;"
    "CREATE INDEX refs_untold ON refs (n)"
    "  WHERE direction = 0 AND stop_index = 0 AND stop_task_n IS NULL;",

    /* outbox.first: a stop overtakes what may rest on what it stops. */
    "ALTER TABLE outbox ADD COLUMN first INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX outbox_first ON outbox (n) WHERE first = 1 AND state = 0;",

    /*
     * What orphan's courts state of custody (custody_store.h), by case; and to whom each
     * statement went, or is to be passed on. log_index NULL: ours, not in the log yet.
     */
    "CREATE TABLE custody ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  event_n INTEGER NOT NULL, origin TEXT NOT NULL, via TEXT NOT NULL,"
    "  message BLOB NOT NULL, copy BLOB NOT NULL, log_index INTEGER,"
    "  time_ms INTEGER NOT NULL, entered_in_error INTEGER NOT NULL, body BLOB NOT NULL,"
    "  UNIQUE (case_n, message)) STRICT;"
    "CREATE INDEX custody_by_case ON custody (case_n, n);"
    "CREATE INDEX custody_by_event ON custody (event_n);"
    "CREATE TABLE custody_told ("
    "  n INTEGER PRIMARY KEY, copy BLOB NOT NULL, peer TEXT NOT NULL,"
    "  custody_n INTEGER NOT NULL, task_n INTEGER NOT NULL, how TEXT NOT NULL,"
    "  status INTEGER NOT NULL, time_ms INTEGER NOT NULL, UNIQUE (copy, peer)) STRICT;"
    "CREATE INDEX custody_told_due ON custody_told (n) WHERE how IN ('due', 'unreachable');",

    /*
     * Alarms of a task (ground_n 0) or of a record of a ground (task_n 0); and a person's, so
     * that a page does not tell how many of them others have.
     */
    "ALTER TABLE alarms RENAME TO alarms_then;"
    "DROP INDEX alarms_open;"
    "DROP INDEX alarms_open_of;"
    "CREATE TABLE alarms ("
    "  n INTEGER PRIMARY KEY, case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  task_n INTEGER NOT NULL, ground_n INTEGER NOT NULL,"
    "  what TEXT NOT NULL, due_ms INTEGER NOT NULL, stage INTEGER NOT NULL,"
    "  ours INTEGER NOT NULL, reaches TEXT NOT NULL, time_ms INTEGER NOT NULL,"
    "  settled_ms INTEGER, seen_ms INTEGER, seen_role TEXT NOT NULL DEFAULT '',"
    "  UNIQUE (task_n, ground_n, what, due_ms, stage)) STRICT;"
    "INSERT INTO alarms SELECT a.n, t.case_n, a.task_n, 0, a.what, a.due_ms, a.stage, a.ours,"
    "  a.reaches, a.time_ms, a.settled_ms, a.seen_ms, a.seen_role"
    "  FROM alarms_then a JOIN tasks t ON t.n = a.task_n;"
    "DROP TABLE alarms_then;"
    "CREATE INDEX alarms_open ON alarms (n) WHERE settled_ms IS NULL;"
    "CREATE INDEX alarms_open_of ON alarms (task_n) WHERE settled_ms IS NULL;"
    "CREATE INDEX alarms_open_of_ground ON alarms (ground_n)"
    "  WHERE settled_ms IS NULL AND ground_n > 0;"
    "CREATE INDEX alarms_by_case ON alarms (case_n, n);"
    "CREATE TABLE known_alarms ("
    "  person INTEGER NOT NULL, alarm_n INTEGER NOT NULL, open INTEGER NOT NULL,"
    "  PRIMARY KEY (person, alarm_n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX known_alarms_open ON known_alarms (person, alarm_n) WHERE open = 1;"
    "INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT g.person, a.n, a.settled_ms IS NULL FROM grants g JOIN alarms a USING (case_n)"
    "  WHERE g.until_ms IS NULL;"
    "INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT 0, a.n, a.settled_ms IS NULL FROM cases c JOIN alarms a ON a.case_n = c.n"
    "  WHERE c.held = 0;"
    "CREATE TRIGGER alarm_is_known_as_its_case AFTER INSERT ON alarms BEGIN"
    "  INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT person, NEW.n, NEW.settled_ms IS NULL FROM grants"
    "  WHERE case_n = NEW.case_n AND until_ms IS NULL;"
    "  INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT 0, NEW.n, NEW.settled_ms IS NULL FROM cases"
    "  WHERE n = NEW.case_n AND held = 0; END;"
    "CREATE TRIGGER known_alarm_is_as_its_alarm AFTER UPDATE OF settled_ms ON alarms"
    "  WHEN (NEW.settled_ms IS NULL) <> (OLD.settled_ms IS NULL) BEGIN"
    "  UPDATE known_alarms SET open = NEW.settled_ms IS NULL"
    "  WHERE alarm_n = NEW.n AND (person = 0 OR person IN"
    "  (SELECT person FROM grants WHERE case_n = NEW.case_n AND until_ms IS NULL)); END;"
    "CREATE TRIGGER grant_gives_alarms AFTER INSERT ON grants WHEN NEW.until_ms IS NULL BEGIN"
    "  INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT NEW.person, n, settled_ms IS NULL FROM alarms WHERE case_n = NEW.case_n; END;"
    "CREATE TRIGGER grant_takes_alarms AFTER UPDATE OF until_ms ON grants"
    "  WHEN OLD.until_ms IS NULL AND NEW.until_ms IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM grants WHERE case_n = NEW.case_n AND person = NEW.person"
    "  AND until_ms IS NULL) BEGIN"
    "  DELETE FROM known_alarms WHERE person = NEW.person AND alarm_n IN"
    "  (SELECT n FROM alarms WHERE case_n = NEW.case_n); END;"
    "CREATE TRIGGER mailbox_gives_alarms AFTER UPDATE OF held ON cases"
    "  WHEN OLD.held > 0 AND NEW.held = 0 BEGIN"
    "  INSERT OR IGNORE INTO known_alarms (person, alarm_n, open)"
    "  SELECT 0, n, settled_ms IS NULL FROM alarms WHERE case_n = NEW.n; END;"
    "CREATE TRIGGER mailbox_takes_alarms AFTER UPDATE OF held ON cases"
    "  WHEN OLD.held = 0 AND NEW.held > 0 BEGIN"
    "  DELETE FROM known_alarms WHERE person = 0 AND alarm_n IN"
    "  (SELECT n FROM alarms WHERE case_n = NEW.n); END;",

    /* Of messages that came: the reference in their header, which may not be their task's. */
    "ALTER TABLE events ADD COLUMN cited BLOB;"
    "CREATE INDEX events_by_cited ON events (cited, n) WHERE cited IS NOT NULL;",

    /*
     * What several institutions share (circle_store.h). circles: one for each shared history;
     * asked_ms, agreed: when we last asked for what we miss, and up to which index all agreed.
     * circle_members: its members now, for look-ups; the fold (circle.h) is the truth.
     * events.author: who wrote a message of a circle, or whom its evidence is of ('' in a task of
     * two: the peer, or us). outbox_to: recipients whose final evidence is still to come.
     * passed: what is to be passed on to a member who was no recipient of it, and what was.
     */
    "CREATE TABLE circles ("
    "  n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, token BLOB NOT NULL UNIQUE,"
    "  sort TEXT NOT NULL, lead TEXT NOT NULL, open INTEGER NOT NULL,"
    "  last_index INTEGER NOT NULL, agreed INTEGER NOT NULL, gap INTEGER NOT NULL,"
    "  ask_ms INTEGER) STRICT;"
    "CREATE INDEX circles_ask ON circles (ask_ms) WHERE ask_ms IS NOT NULL;"
    "CREATE TABLE circle_members ("
    "  circle_n INTEGER NOT NULL REFERENCES circles (n), party TEXT NOT NULL,"
    "  since INTEGER NOT NULL, PRIMARY KEY (circle_n, party)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE tasks ADD COLUMN circle_n INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX tasks_by_circle ON tasks (circle_n, n) WHERE circle_n > 0;"
    "ALTER TABLE events ADD COLUMN author TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE events ADD COLUMN circle_n INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX events_by_circle ON events (circle_n, log_index) WHERE circle_n > 0;"
    "CREATE TABLE outbox_to ("
    "  outbox_n INTEGER NOT NULL REFERENCES outbox (n), party TEXT NOT NULL,"
    "  final INTEGER NOT NULL, PRIMARY KEY (outbox_n, party)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE passed ("
    "  event_n INTEGER NOT NULL REFERENCES events (n), party TEXT NOT NULL,"
    "  how TEXT NOT NULL, status INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
    "  PRIMARY KEY (event_n, party)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX passed_due ON passed (event_n) WHERE how = 'due';",

    /* When each level of the ladder hears of it (0: never), and how far it has surely come. */
    "ALTER TABLE deadlines ADD COLUMN sure INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deadlines ADD COLUMN supervisor_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deadlines ADD COLUMN heads_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deadlines ADD COLUMN management_ms INTEGER NOT NULL DEFAULT 0;"
    "UPDATE deadlines SET sure = stage;"
    "CREATE INDEX deadlines_unsure ON deadlines (task_n, what) WHERE sure <> stage;",

    /*
     * A circle's history compared (history_store.h). circle_digests: as it stands at each of its
     * entries; an entry that comes late takes those behind it away. circle_claims: what each
     * member said last, up to where it agreed, whether it may have what is lacking here.
     * circles.planned: up to which act of ours it is known who lacks it, by the members that
     * planned_terms is a checksum of; looked: the last entry when all claims were judged; asks:
     * how often we have asked in this gap.
     */
    "CREATE TABLE circle_digests ("
    "  circle_n INTEGER NOT NULL REFERENCES circles (n), log_index INTEGER NOT NULL,"
    "  count INTEGER NOT NULL, digest BLOB NOT NULL,"
    "  PRIMARY KEY (circle_n, log_index)) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER history_grows AFTER INSERT ON events"
    "  WHEN NEW.circle_n > 0 AND NEW.log_index IS NOT NULL BEGIN"
    "  DELETE FROM circle_digests WHERE circle_n = NEW.circle_n"
    "  AND log_index >= NEW.log_index; END;"
    "CREATE TRIGGER history_is_placed AFTER UPDATE OF log_index ON events"
    "  WHEN NEW.circle_n > 0 AND NEW.log_index IS NOT NULL BEGIN"
    "  DELETE FROM circle_digests WHERE circle_n = NEW.circle_n"
    "  AND log_index >= NEW.log_index; END;"
    "CREATE TABLE circle_claims ("
    "  circle_n INTEGER NOT NULL REFERENCES circles (n), party TEXT NOT NULL,"
    "  upto INTEGER NOT NULL, count INTEGER NOT NULL, digest BLOB NOT NULL,"
    "  agreed INTEGER NOT NULL, lacking INTEGER NOT NULL, planned INTEGER NOT NULL,"
    "  PRIMARY KEY (circle_n, party)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE circles ADD COLUMN planned INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE circles ADD COLUMN planned_terms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE circles ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE circles ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX passed_due;"
    "ALTER TABLE passed ADD COLUMN task_n INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE passed ADD COLUMN times INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX passed_due ON passed (time_ms, event_n, party) WHERE how = 'due';",

    /*
     * What the fold of a circle reads of an act: codes of institutions and a day, which outlive
     * the key of its case. circles.terms: a hash of what the last fold gave. A task of a circle
     * changes sides with its lead.
     */
    "CREATE TABLE circle_acts ("
    "  event_n INTEGER PRIMARY KEY REFERENCES events (n), party TEXT NOT NULL,"
    "  parties TEXT NOT NULL, due_ms INTEGER NOT NULL) STRICT;"
    "ALTER TABLE circles ADD COLUMN terms BLOB;"
    "DROP TRIGGER known_task_is_as_its_task;"
    "CREATE TRIGGER known_task_is_as_its_task AFTER UPDATE OF state, side ON tasks"
    "  WHEN NEW.state <> OLD.state OR NEW.side <> OLD.side BEGIN"
    "  UPDATE known_tasks SET state = NEW.state, side = NEW.side"
    "  WHERE task_n = NEW.n AND person IN"
    "  (SELECT person FROM grants WHERE case_n = NEW.case_n AND until_ms IS NULL); END;",

    /*
     * What the fold of a sitting reads beside that (sitting_store.h): about is an earlier matter,
     * or the minutes that something is said of, about_root their content root.
     */
    "CREATE TABLE sitting_acts ("
    "  event_n INTEGER PRIMARY KEY REFERENCES events (n), grp TEXT NOT NULL,"
    "  quorum INTEGER NOT NULL, secretary TEXT NOT NULL, after_others INTEGER NOT NULL,"
    "  escalates INTEGER NOT NULL, about BLOB NOT NULL, about_root BLOB NOT NULL) STRICT;",

    /*
     * What waits for somebody (work_store.h), a row for each thing: about 0 a task, 1 a record
     * of a ground, 2 an emergency opening. due_ms INT64_MAX: by no time. supervisor, head: an
     * alarm has come to them; held: somebody knows the case, so it is not in the mailbox.
     */
    "CREATE TABLE work ("
    "  about INTEGER NOT NULL, n INTEGER NOT NULL,"
    "  case_n INTEGER NOT NULL REFERENCES cases (n),"
    "  due_ms INTEGER NOT NULL, what TEXT NOT NULL, ours INTEGER NOT NULL,"
    "  stage INTEGER NOT NULL, reaches TEXT NOT NULL, supervisor INTEGER NOT NULL,"
    "  head INTEGER NOT NULL, held INTEGER NOT NULL, PRIMARY KEY (about, n)) STRICT,"
    "  WITHOUT ROWID;"
    "CREATE INDEX work_by_case ON work (case_n, about, n);"
    "CREATE INDEX work_mailbox ON work (due_ms, about, n) WHERE held = 0;"
    "CREATE INDEX work_supervisor ON work (due_ms, about, n) WHERE supervisor = 1;"
    "CREATE INDEX work_head ON work (due_ms, about, n) WHERE head = 1;"
    "CREATE TABLE known_work ("
    "  person INTEGER NOT NULL, due_ms INTEGER NOT NULL, about INTEGER NOT NULL,"
    "  n INTEGER NOT NULL, PRIMARY KEY (person, due_ms, about, n)) STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER work_is_known_as_its_case AFTER INSERT ON work WHEN NEW.about < 2 BEGIN"
    "  INSERT OR IGNORE INTO known_work (person, due_ms, about, n)"
    "  SELECT person, NEW.due_ms, NEW.about, NEW.n FROM grants"
    "  WHERE case_n = NEW.case_n AND until_ms IS NULL; END;"
    "CREATE TRIGGER known_work_is_due_as_its_work AFTER UPDATE OF due_ms ON work"
    "  WHEN NEW.due_ms <> OLD.due_ms AND NEW.about < 2 BEGIN"
    "  UPDATE known_work SET due_ms = NEW.due_ms WHERE due_ms = OLD.due_ms"
    "  AND about = NEW.about AND n = NEW.n AND person IN"
    "  (SELECT person FROM grants WHERE case_n = NEW.case_n AND until_ms IS NULL); END;"
    "CREATE TRIGGER known_work_is_over AFTER DELETE ON work WHEN OLD.about < 2 BEGIN"
    "  DELETE FROM known_work WHERE due_ms = OLD.due_ms AND about = OLD.about AND n = OLD.n"
    "  AND person IN"
    "  (SELECT person FROM grants WHERE case_n = OLD.case_n AND until_ms IS NULL); END;"
    "CREATE TRIGGER grant_gives_work AFTER INSERT ON grants WHEN NEW.until_ms IS NULL BEGIN"
    "  INSERT OR IGNORE INTO known_work (person, due_ms, about, n)"
    "  SELECT NEW.person, due_ms, about, n FROM work"
    "  WHERE case_n = NEW.case_n AND about < 2; END;"
    "CREATE TRIGGER grant_takes_work AFTER UPDATE OF until_ms ON grants"
    "  WHEN OLD.until_ms IS NULL AND NEW.until_ms IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM grants WHERE case_n = NEW.case_n AND person = NEW.person"
    "  AND until_ms IS NULL) BEGIN"
    "  DELETE FROM known_work WHERE person = NEW.person AND (due_ms, about, n) IN"
    "  (SELECT due_ms, about, n FROM work WHERE case_n = NEW.case_n); END;"
    "CREATE TRIGGER work_is_held_as_its_case AFTER UPDATE OF held ON cases"
    "  WHEN (OLD.held > 0) <> (NEW.held > 0) BEGIN"
    "  UPDATE work SET held = NEW.held > 0 WHERE case_n = NEW.n AND about < 2; END;"
    "CREATE TRIGGER broken_glass_is_work AFTER INSERT ON grants"
    "  WHEN NEW.how = 'break_glass' BEGIN"
    "  INSERT INTO work VALUES"
    "  (2, NEW.n, NEW.case_n, NEW.until_ms, 'glass', 1, 0, '', 1, 1, 1); END;"
    "CREATE TRIGGER glass_seen_is_no_work AFTER UPDATE OF seen_by ON grants"
    "  WHEN NEW.how = 'break_glass' AND NEW.seen_by IS NOT NULL BEGIN"
    "  DELETE FROM work WHERE about = 2 AND n = NEW.n; END;"
    /* What there is: all else follows with the next step of its task. */
    "INSERT INTO work SELECT 2, n, case_n, until_ms, 'glass', 1, 0, '', 1, 1, 1 FROM grants"
    "  WHERE how = 'break_glass' AND seen_by IS NULL;"
    "INSERT OR IGNORE INTO work SELECT 0, d.task_n, t.case_n, d.due_ms, d.what, 1, d.stage, '',"
    "  d.stage = 2, 0, c.held > 0 FROM deadlines d JOIN tasks t ON t.n = d.task_n"
    "  JOIN cases c ON c.n = t.case_n WHERE d.ours = 1 ORDER BY d.due_ms;"
    "INSERT OR IGNORE INTO work SELECT 0, t.n, t.case_n, 9223372036854775807, 'unread', 1, 0,"
    "  '', 0, 0, c.held > 0 FROM tasks t JOIN cases c ON c.n = t.case_n WHERE t.unread = 1;"
    "INSERT OR IGNORE INTO work SELECT 1, a.ground_n, a.case_n, a.due_ms, 'ends', 1, 1, '',"
    "  0, 0, c.held > 0 FROM alarms a JOIN cases c ON c.n = a.case_n"
    "  WHERE a.ground_n > 0 AND a.settled_ms IS NULL;",

    /* What came to a level that others are told of, once each (climb_store.h). */
    "CREATE TABLE climbs ("
    "  task_n INTEGER NOT NULL REFERENCES tasks (n), what TEXT NOT NULL,"
    "  due_ms INTEGER NOT NULL, done_n INTEGER NOT NULL, over INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (task_n, what, due_ms)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX climbs_due ON climbs (task_n, what, due_ms)"
    "  WHERE done_n = 0 OR over = 1;",

    /* What became of a pass is found by its task. */
    "CREATE INDEX passed_by_task ON passed (task_n) WHERE task_n > 0;",

    /* What several share is in the mailbox where we lead it, too: others may have begun it. */
    "CREATE INDEX tasks_unheld_led ON tasks (n)"
    "  WHERE held = 0 AND circle_n > 0 AND side IN (1, 3);",

    /* How many entries more than we have somebody set aside that a member says it has, and one. */
    "ALTER TABLE circle_claims ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;",

    /* When the day begins that a sitting was convened for. */
    "ALTER TABLE sitting_acts ADD COLUMN day_ms INTEGER NOT NULL DEFAULT 0;",

    /* The message of a circle that another says was sent in error. */
    "ALTER TABLE circle_acts ADD COLUMN about BLOB;",

    /* Nearly every entry is the last, and there is nothing to take away behind it. */
    "DROP TRIGGER history_grows;"
    "CREATE TRIGGER history_grows AFTER INSERT ON events"
    "  WHEN NEW.circle_n > 0 AND NEW.log_index IS NOT NULL AND EXISTS"
    "  (SELECT 1 FROM circle_digests WHERE circle_n = NEW.circle_n"
    "  AND log_index >= NEW.log_index) BEGIN"
    "  DELETE FROM circle_digests WHERE circle_n = NEW.circle_n"
    "  AND log_index >= NEW.log_index; END;",

    /* Who does not take what climbed; what several tell us of is one matter (climbs_told.h). */
    "ALTER TABLE climbs ADD COLUMN refused TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE climbs_told (task_n INTEGER PRIMARY KEY REFERENCES tasks (n),"
    "  about BLOB NOT NULL) STRICT;"
    "CREATE INDEX climbs_told_about ON climbs_told (about, task_n);",

    /* Which minutes of which matters one act signs, as its field has it (minutes.h). */
    "ALTER TABLE sitting_acts ADD COLUMN signs BLOB;",

    /* Whose the reference in events.cited is, where somebody else than its author passed it on. */
    "ALTER TABLE events ADD COLUMN cited_by TEXT;",

    /* What else than events.cited a message came under before: each of them may be stopped. */
    "CREATE TABLE cited_before (reference BLOB NOT NULL, peer TEXT NOT NULL,"
    "  event_n INTEGER NOT NULL REFERENCES events (n),"
    "  PRIMARY KEY (reference, peer, event_n)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX cited_before_event ON cited_before (event_n);",
};

enum status
store_schema_open(const char *path, struct database **out)
{
	const struct database_config config = {
	    .path = path,
	    .migrations = migrations,
	    .migration_count = sizeof(migrations) / sizeof(migrations[0]),
	    .page_size = PAGE_SIZE,
	    .cache_kib = CACHE_KIB,
	};

	return database_open(&config, out);
}
