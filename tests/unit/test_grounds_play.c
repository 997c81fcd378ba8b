/* tests/unit/test_grounds_play.c: records of grounds at four institutions, under random acts and delays. */
#include "tests/unit/four_rooms.h"
#include "tests/unit/seeded.h"

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/stops.h"

#define TURNS    160
#define OWN_MAX  6
#define SAID_MAX 2 /* statements of custody */
#define HOUR_MS  (3600ULL * 1000)
#define TIME_MAX (6 * DAY_MS) /* a head of the directory is good for seven */
#define CHILD    "Izdomāts Bērns"
#define BORN     "1965-05-05"
#define MOTHER   "Izdomāta Māte"

/* What was told for certain is the same for everyone; who comes to be told when is left to the seed. */
static struct {
	unsigned same, otherwise; /* holders with the maker's very reason; or another */
	unsigned own, said, told, refused, events, stopped, killed;
	uint64_t began_ms;
	bool ended[CONSENT_STATE_COUNT]; /* what some record was at an end of a play */
} play;

/* ---- Records ----------------------------------------------------------------------------- */

static bool
record_at(struct line *line, uint64_t n, struct ground_row *out)
{
	enum status rc = ground_store_get(line->service->db, n, out);

	assert_true(rc == STATUS_OK || rc == STATUS_NOT_FOUND);
	return rc == STATUS_OK;
}

static unsigned
count_records(struct line *line)
{
	struct ground_row row;
	unsigned count = 0;

	while (record_at(line, count + 1, &row))
		count++;
	return count;
}

static bool
pick_record(struct line *line, struct ground_row *out)
{
	unsigned count = count_records(line);

	return count > 0 && record_at(line, 1 + pick(count), out);
}

static void
complete(struct line *line, struct departure *departure, enum status rc)
{
	if (rc == STATUS_OK)
		rc = departure_sign(line->service, departure);
	departure_free(departure);
	if (rc == STATUS_OK)
		service_commit(line->service, "act");
	else
		service_rollback(line->service);
}

static json_t *
consent_of_today(void)
{
	char today[11], until[11];
	json_t *body;

	grounds_day(now(), today);
	grounds_day(now() + (1 + pick(4)) * DAY_MS, until);
	body =
	    json_pack("{s:s, s:[s,s,s,s], s:[s], s:[s], s:s, s:s, s:s, s:{s:s, s:s}}", "ground",
		"consent", "recipients", "school", "police", "orphans_court", "social_service",
		"categories", "identity", "purposes", "safety", "granter", MOTHER, "capacity",
		"parent", "granted_on", today, "child", "name", CHILD, "birth_date", BORN);
	assert_non_null(body);
	if (pick(2) == 0)
		json_object_set_new(body, "until", json_string(until));
	return body;
}

static void
give(struct line *line)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct departure departure = {0};
	struct ground_row row = {.basis = BASIS_CONSENT};
	struct case_row file;
	struct case_key key;
	json_t *body;

	if (play.own == OWN_MAX)
		return;
	body = consent_of_today();
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	row.case_n = file.n;
	complete(line, &departure,
	    grounds_open(
		line->service, &departure, &key, &row, body, CONSENT_EVENT_GIVE, &cause));
	json_decref(body);
	vault_forget(&key);
	play.own++;
}

/* A renewal gives it three more days. */
static enum status
prolong(struct line *line, const struct case_key *key, const struct ground_row *row)
{
	json_t *body = NULL;
	char until[11];
	enum status rc = grounds_read(line->service, key, row, &body, NULL);

	grounds_day(now() + 3 * DAY_MS, until);
	if (rc == STATUS_OK) {
		json_object_set_new(body, "until", json_string(until));
		rc = grounds_write(line->service, key, row, body);
	}
	json_decref(body);
	return rc;
}

/* Something happens to a record of LINE's own, if it can. */
static void
happen(struct line *line)
{
	static const enum consent_event events[] = {CONSENT_EVENT_OBJECT, CONSENT_EVENT_RESOLVE,
	    CONSENT_EVENT_RESOLVE, CONSENT_EVENT_RENEW, CONSENT_EVENT_RENEW,
	    CONSENT_EVENT_WITHDRAW, CONSENT_EVENT_INVALIDATE};
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	enum consent_event event = events[pick(sizeof(events) / sizeof(events[0]))];
	struct departure departure = {0};
	struct ground_row row;
	struct case_key key;
	enum status rc;

	if (!pick_record(line, &row) || row.basis != BASIS_CONSENT || row.origin[0] != '\0' ||
	    consent_next(row.state, event) == CONSENT_NONE)
		return;
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	rc = event == CONSENT_EVENT_RENEW ? prolong(line, &key, &row) : STATUS_OK;
	if (rc == STATUS_OK)
		rc = grounds_apply(line->service, &departure, &key, &row, event, &cause);
	must(rc == STATUS_OK, "%s: %s", consent_event_name(event), status_name(rc));
	complete(line, &departure, rc);
	vault_forget(&key);
	play.events++;
}

/* ---- Sharing ----------------------------------------------------------------------------- */

static json_t *
question(const struct ground_row *row, const char *case_id, const char *peer)
{
	char id[33];

	bytes_to_hex(BYTES(row->id), id);
	return json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:s, s:s, s:s}}",
	    "to", peer, "urgency", "normal", "purpose", "safety", "municipality", "Ventspils",
	    "age_band", "11-14", "case", case_id, "record", id, "due", "1973-12-01", "asked",
	    "identity", "content", "child_name", CHILD, "birth_date", BORN, "question",
	    "What is known?");
}

/* LINE shares under any record that it has, its own or one that it was told of; rule 1 judges. */
static void
share(struct line *line)
{
	const struct line *peer = rooms[pick(ROOMS)];
	struct refusal refusal = {0};
	struct ground_row row;
	struct case_row file;
	json_t *request, *answer = NULL;
	char case_id[33];
	enum status rc;

	if (peer == line || !pick_record(line, &row) || row.basis != BASIS_CONSENT)
		return;
	assert_int_equal(case_store_get(line->service->db, row.case_n, &file), STATUS_OK);
	bytes_to_hex(BYTES(file.id), case_id);
	request = question(&row, case_id, peer->config.code);
	rc = acts_request(line->service, &anna, request, false, &answer, &refusal);
	must(rc != STATUS_OK || consent_authorises(row.state), "%s shares what is %s",
	    line->config.code, consent_state_name(row.state));
	must(rc == STATUS_OK || !consent_authorises(row.state) || rc == STATUS_GROUND_EXPIRED ||
		 rc == STATUS_NO_CONSENT || rc == STATUS_NO_CUSTODY,
	    "%s may not share: %s %s", line->config.code, status_name(rc), refusal.detail);
	play.told += rc == STATUS_OK;
	play.refused += rc != STATUS_OK;
	json_decref(request);
	json_decref(answer);
}

/* The orphan's court takes custody from who gives all these consents, or gives it back. */
static void
state_custody(void)
{
	struct line *court = &two.third;
	struct refusal refusal = {0};
	json_t *request, *answer = NULL;
	char today[11];
	enum status rc;

	if (play.said == SAID_MAX)
		return;
	grounds_day(now(), today);
	request = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s,s,s], s:{s:s, s:s, s:s, s:s}}",
	    "notice", "custody", "basis", "law", "ground", "legal_duty", "necessity",
	    "Who has the child must know", "urgency", "urgent", "municipality", "Ventspils",
	    "age_band", "11-14", "custody_event", play.said == 0 ? "interrupted" : "restored",
	    "decision_date", today, "to", "school", "police", "social", "content", "child_name",
	    CHILD, "birth_date", BORN, "custody_person", MOTHER, "decision_number", "1-6/1");
	assert_non_null(request);
	rc = acts_notice(court->service, &anna, request, false, &answer, &refusal);
	must(rc == STATUS_OK, "a statement of custody: %s %s", status_name(rc), refusal.detail);
	json_decref(request);
	json_decref(answer);
	play.said++;
}

/* What people are asked when a ground ended, they answer. */
static unsigned
answer_stops(struct line *line, unsigned at_most)
{
	struct task_filter filter = {.sides = TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row task;
	unsigned count = 0;

	while (count < at_most &&
	       case_store_next_of(line->service->db, &filter, &task) == STATUS_OK) {
		char id[33];

		filter.before = task.n;
		if (strcmp(task.sort->name, "stop") != 0 || task.state != TASK_RECEIVED)
			continue;
		bytes_to_hex(BYTES(task.id), id);
		must(answer_with(line, id, "answer-stop",
			 json_pack("{s:s}", "stop_answer", "stopped")) == STATUS_OK,
		    "%s cannot answer a stop", line->config.code);
		count++;
	}
	return count;
}

/* ---- The play ---------------------------------------------------------------------------- */

static void
act(struct line *line)
{
	service_tick(line->service);
	switch (pick(8)) {
	case 0:
		give(line);
		break;
	case 1:
	case 2:
		happen(line);
		break;
	case 3:
		answer_stops(line, 1);
		break;
	case 4:
		if (line == &two.third && seeded.turn > TURNS / 4)
			state_custody();
		break;
	default:
		share(line);
	}
}

static void
disturb(struct line *line)
{
	switch (pick(4)) {
	case 0:
		if (line->up)
			line_disconnect(line);
		break;
	case 1:
		rooms_kill(line);
		play.killed++;
		break;
	case 2:
		if (now() - play.began_ms < TIME_MAX)
			rooms_wait((1 + pick(14)) * HOUR_MS);
		break;
	default:
		if (!line->up)
			rooms_connect(line);
	}
}

static void
turn(void)
{
	struct line *line = rooms[pick(ROOMS)];

	switch (pick(6)) {
	case 0:
	case 1:
		act(line);
		break;
	case 2:
		disturb(line);
		break;
	case 3:
		rooms_carry();
		break;
	default:
		line_work(line);
	}
}

static void
begin(uint32_t seed)
{
	seeded_begin(seed);
	play.own = play.said = 0;
	play.began_ms = now();
	two.twice = now_and_then;
	give(&two.school);
	give(&two.fourth);
}

/* Everybody is there again, and people have answered what they were asked. */
static void
end(void)
{
	unsigned answered = 1;

	rooms_connect_all();
	for (unsigned rounds = 0; answered > 0; rounds++) {
		must(rounds < 20, "it does not come to rest");
		rooms_head();
		rooms_wait(10 * 60 * 1000);
		rooms_settle();
		answered = 0;
		for (unsigned i = 0; i < ROOMS; i++)
			answered += answer_stops(rooms[i], 1000);
	}
	rooms_settle();
}

/* ---- What must hold ---------------------------------------------------------------------- */

static bool
cites(const struct leaf *leaf, const uint8_t *reference)
{
	const struct envelope_recipient *to = &leaf->header.recipients[0];

	return (to->basis == BASIS_CONSENT || to->basis == BASIS_LAW) &&
	       memcmp(to->reference, reference, SUITE_ID_LEN) == 0;
}

/* An accepted message of the log; false for another entry. */
static bool
accepted_at(uint64_t index, struct leaf *leaf)
{
	struct bytes view;

	assert_int_equal(journal_leaf(two.room->journal, index, &view), STATUS_OK);
	assert_int_equal(leaf_parse(view, leaf), STATUS_OK);
	return leaf->kind == LEAF_ACCEPTED;
}

/* Whether its recipient says that it has the message at INDEX. */
static bool
is_delivered(uint64_t index)
{
	for (uint64_t i = index; i < journal_size(two.room->journal); i++) {
		struct bytes view;
		struct leaf leaf;

		assert_int_equal(journal_leaf(two.room->journal, i, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		if (leaf.kind == LEAF_EVIDENCE && leaf.evidence.index == index &&
		    leaf.evidence.kind == EVIDENCE_DELIVERED)
			return true;
	}
	return false;
}

/*
 * Nothing that cites REFERENCE, nor an answer to it, has a place behind its stop. Whether its
 * recipient took in anything under it.
 */
static bool
check_in_log(const uint8_t *reference, uint64_t stop)
{
	uint64_t size = journal_size(two.room->journal);
	bool used = false;

	for (uint64_t i = 0; i < size; i++) {
		struct leaf leaf, reply;

		if (!accepted_at(i, &leaf) || !cites(&leaf, reference))
			continue;
		used = used || (leaf.header.type != MESSAGE_GROUND_STOP && is_delivered(i));
		must(i <= stop, "accepted at %llu, stopped at %llu", (unsigned long long)i,
		    (unsigned long long)stop);
		for (uint64_t j = stop == UINT64_MAX ? size : stop; j < size; j++)
			must(!accepted_at(j, &reply) ||
				 reply.header.recipients[0].basis != BASIS_REPLY ||
				 memcmp(reply.header.recipients[0].reply_id, leaf.header.id,
				     SUITE_ID_LEN) != 0,
			    "an answer behind the stop was accepted");
	}
	return used;
}

static void
assert_answered(struct line *line, const struct ref_row *ref)
{
	struct task_row task;

	must(ref->stop_task_n != 0, "%s has a stop without a task", line->config.code);
	assert_int_equal(
	    case_store_task(line->service->db, ref->stop_task_n, &task), STATUS_OK);
	must(task.state == TASK_ANSWERED, "%s: a stop is %s", line->config.code,
	    task_state_name(task.state));
}

/* OWN of LINE, for OWN.PEER, under RECORD: both ends know it alike. */
static void
check_reference(struct line *line, const struct ground_row *record, const struct ref_row *own)
{
	struct line *peer = line_of(own->peer);
	struct ground_row mirror = {0};
	struct ref_row their;
	enum status rc = ground_store_ref(
	    peer->service->db, REF_THEIRS, line->config.code, own->reference, &their);
	bool stops = own->stop_index != UINT64_MAX, used;

	must(stops == !consent_authorises(record->state) || stops, "%s cites under what is %s",
	    line->config.code, consent_state_name(record->state));
	must(own->stop_index != 0, "%s stopped what the log does not know", line->config.code);
	used = check_in_log(own->reference, own->stop_index);
	must(rc == STATUS_OK || (rc == STATUS_NOT_FOUND && !used && !stops),
	    "%s does not know a reference of %s", own->peer, line->config.code);
	if (rc != STATUS_OK)
		return;
	must(their.stop_index == own->stop_index &&
		 strcmp(their.stop_reason, own->stop_reason) == 0,
	    "%s and %s know a stop differently", line->config.code, own->peer);
	if (stops) {
		play.stopped++;
		assert_answered(line, own);
		assert_answered(peer, &their);
	}
	if (!used)
		return;
	must(their.ground_n != 0 && record_at(peer, their.ground_n, &mirror) &&
		 memcmp(mirror.id, record->id, sizeof(mirror.id)) == 0,
	    "%s has no mirror", own->peer);
	/* What the maker may share by, so may who was told, and the other way round. */
	must(stops || consent_authorises(mirror.state), "%s has %s, %s has %s",
	    line->config.code, consent_state_name(record->state), own->peer,
	    consent_state_name(mirror.state));
}

static void
check_record(struct line *line, const struct ground_row *record)
{
	struct ref_row ref = {0};
	enum status rc;

	while ((rc = ground_store_ref_of(
		    line->service->db, record->n, REF_OURS, ref.n, &ref)) == STATUS_OK) {
		must(ref.stop_index != UINT64_MAX || consent_authorises(record->state),
		    "%s has a live reference under what is %s", line->config.code,
		    consent_state_name(record->state));
		check_reference(line, record, &ref);
	}
	assert_int_equal(rc, STATUS_NOT_FOUND);
}

/* The end that LINE was told of last for MIRROR, by whom it has it from. */
static enum consent_state
told_end(struct line *line, const struct ground_row *mirror)
{
	struct ref_row ref = {0}, last = {0};

	while (ground_store_ref_of(line->service->db, mirror->n, REF_THEIRS, ref.n, &ref) ==
	       STATUS_OK)
		if (ref.stop_index != UINT64_MAX && ref.stop_index >= last.stop_index)
			last = ref;
	return last.n == 0 ? CONSENT_NONE
	                   : consent_next(CONSENT_GIVEN,
				 grounds_stop_event(mirror->basis, last.stop_reason));
}

/*
 * A holder knows another reason of an end when time ended it there before the word came, or when
 * time had stopped its reference already and no other was made since.
 */
static bool
ended_before(struct line *line, const struct ground_row *own, const struct ground_row *mirror)
{
	enum consent_state told = told_end(line, mirror);

	return mirror->state == CONSENT_EXPIRED ||
	       (told != own->state && told != CONSENT_OBJECTED &&
		   (mirror->state == told || mirror->state == CONSENT_REVOKED));
}

/* OWN is MAKER's own: whoever holds it, by whatever way it came, has it as its maker has. */
static void
check_holders(struct line *maker, const struct ground_row *own)
{
	struct ground_row mirror = {0};

	play.ended[own->state] = true;
	for (unsigned i = 0; i < ROOMS; i++)
		for (uint64_t n = 1; record_at(rooms[i], n, &mirror); n++) {
			if (mirror.origin[0] == '\0' ||
			    memcmp(mirror.id, own->id, sizeof(own->id)) != 0)
				continue;
			/* What goes on again does so for whom it is shared with again. */
			if (consent_authorises(own->state))
				continue;
			play.same += mirror.state == own->state;
			play.otherwise += mirror.state != own->state;
			must(mirror.state == own->state || ended_before(rooms[i], own, &mirror),
			    "%s of %s by way of %s: %s at %s", consent_state_name(own->state),
			    maker->config.code, mirror.origin, consent_state_name(mirror.state),
			    rooms[i]->config.code);
		}
}

/*
 * What was sealed in time may get its place in the log too late, or behind a statement of custody;
 * nothing else is refused.
 */
static void
check_problems(struct line *line)
{
	struct problem problem;

	for (unsigned i = 0;
	     chain_store_problem_at(line->service->db, i, &problem) == STATUS_OK; i++)
		must(strcmp(problem.what, "unreadable") != 0 ||
			 problem.status == STATUS_GROUND_EXPIRED ||
			 problem.status == STATUS_NO_CUSTODY,
		    "%s: %s %s", line->config.code, problem.what, status_name(problem.status));
}

static void
check(void)
{
	struct ground_row record;

	for (unsigned i = 0; i < ROOMS; i++)
		for (uint64_t n = 1; record_at(rooms[i], n, &record); n++) {
			check_record(rooms[i], &record);
			if (record.origin[0] == '\0')
				check_holders(rooms[i], &record);
		}
	for (unsigned i = 0; i < ROOMS; i++)
		check_problems(rooms[i]);
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void
play_one(uint32_t seed)
{
	void *room = NULL;

	assert_int_equal(set_up_four(&room), 0);
	begin(seed);
	for (seeded.turn = 1; seeded.turn <= TURNS; seeded.turn++)
		turn();
	end();
	check();
	tear_down_four(&room);
	seeded.seed = 0;
}

static void
every_holder_ends_with_the_same_record_whatever_crossed_came_twice_or_late(void **state)
{
	static const uint32_t seeds[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

	(void)state;
	if (!seeded_play(seeds, sizeof(seeds) / sizeof(seeds[0]), play_one))
		return;
	/* It was a play: everything that may happen did. */
	assert_true(play.told > 20 && play.refused > 5 && play.events > 10);
	assert_true(play.same > 3 * play.otherwise);
	assert_true(play.stopped > 10 && play.killed > 5 && seeded.doubled > 5);
	assert_true(play.ended[CONSENT_GIVEN] && play.ended[CONSENT_WITHDRAWN] &&
		    play.ended[CONSENT_EXPIRED] && play.ended[CONSENT_INVALIDATED] &&
		    play.ended[CONSENT_REVOKED]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(
		every_holder_ends_with_the_same_record_whatever_crossed_came_twice_or_late,
		seeded_say),
	};

	return cmocka_run_group_tests_name("grounds_play", tests, NULL, NULL);
}
