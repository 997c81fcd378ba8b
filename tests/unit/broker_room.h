/* tests/unit/broker_room.h: a broker without its socket: a real store, real keys, a clock by hand. */
#ifndef SAIKNE_BROKER_ROOM_H
#define SAIKNE_BROKER_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/post.h"
#include "tests/unit/world.h"
#include "tests/unit/grounded.h"

#define SENT_MAX 2000
#define LIFE_MS  (10 * DAY_MS)

/* A frame that left. */
struct sent {
	struct peer to;
	struct buffer bytes;
	struct frame frame;
};

struct broker_room {
	struct world w;
	char folder[200], path[232];
	struct signing_key log_key;
	struct store *store;
	struct journal *journal;
	struct sessions *sessions;
	struct refusals *refusals;
	struct allowances *allowances;
	struct intake intake;
	struct post *post;
	uint64_t boot_ms;
	struct sent sent[SENT_MAX];
	unsigned sent_count;
	struct peer replaced;
	uint32_t request, ids;
	uint64_t busy_ns; /* CPU time of the broker's own work so far */
};

/* What a test sends, and what it must remember to send it again or answer it. */
struct letter {
	struct envelope_header header;
	struct buffer sealed, body;
	struct digest digest;
	struct batch_proof proof;
	uint64_t index;              /* once accepted */
	struct attachment_file file; /* it brings this one, when its size is not 0 */
};

static inline void
room_send(void *state, const struct peer *to, struct bytes frame)
{
	struct broker_room *room = state;
	struct sent *sent = &room->sent[room->sent_count];

	assert_true(room->sent_count < SENT_MAX);
	room->sent_count++;
	sent->to = *to;
	buffer_reset(&sent->bytes);
	buffer_append(&sent->bytes, frame);
	assert_int_equal(frame_parse(bytes_of_buffer(&sent->bytes), &sent->frame), STATUS_OK);
}

static inline void
room_replaced(void *state, const struct peer *old)
{
	((struct broker_room *)state)->replaced = *old;
}

/* Store, directory and journal as a start finds them. */
static inline void
room_start(struct broker_room *room)
{
	struct journal_config config = {.network = NETWORK, .log_key = &room->log_key};

	assert_int_equal(store_sqlite_open(room->path, &room->store), STATUS_OK);
	assert_int_equal(
	    directory_create(NETWORK, room->w.root.public, &room->w.directory), STATUS_OK);
	assert_int_equal(
	    note_key_make("test-log", room->log_key.public, &config.log), STATUS_OK);
	config.store = room->store;
	config.directory = room->w.directory;
	assert_int_equal(
	    journal_open(&config, room->w.now_ms, room->boot_ms, &room->journal), STATUS_OK);
	assert_int_equal(session_table(&room->sessions), STATUS_OK);
	assert_int_equal(refusals_create(&room->refusals), STATUS_OK);
	assert_int_equal(allowance_table(&room->allowances), STATUS_OK);
	room->intake = (struct intake){.journal = room->journal,
	    .sessions = room->sessions,
	    .refusals = room->refusals,
	    .allowances = room->allowances,
	    .mailbox_entries = 100,
	    .mailbox_bytes = 1024 * 1024,
	    .attachment_bytes = 4 * 1024 * 1024,
	    .attachments_bytes = 8 * 1024 * 1024,
	    .replaced = room_replaced,
	    .state = room};
	const struct post_config post = {.journal = room->journal,
	    .sessions = room->sessions,
	    .intake = &room->intake,
	    .redeliver_ms = 30000};

	assert_int_equal(post_create(&post, &room->post), STATUS_OK);
}

static inline void
room_stop(struct broker_room *room)
{
	post_free(room->post);
	intake_free(&room->intake);
	session_table_free(room->sessions);
	refusals_free(room->refusals);
	allowance_table_free(room->allowances);
	journal_close(room->journal);
	directory_free(room->w.directory);
	room->store->do_->close(room->store);
}

/* The end of the process and the next start: the directory comes from the log again. */
static inline void
room_restart(struct broker_room *room)
{
	struct signed_statement statement;
	struct leaf leaf;
	struct bytes view;
	uint64_t index;

	room_stop(room);
	room_start(room);
	for (uint64_t n = 0;
	     room->store->do_->statement_get(room->store, n, &index) == STATUS_OK; n++) {
		assert_int_equal(journal_leaf(room->journal, index, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		statement.view = leaf.body;
		statement.signature_count = leaf.signature_count;
		memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
		assert_int_equal(directory_apply(room->w.directory, index, &statement,
				     leaf.time_ms, &room->w.detail),
		    STATUS_OK);
	}
}

static inline uint64_t
cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

/* The commit and what follows it; how many frames left. */
static inline unsigned
room_turn(struct broker_room *room)
{
	const struct outlet outlet = {room, room_send};
	const uint64_t began = cpu_ns();

	room->sent_count = 0;
	post_prepare(room->post);
	journal_commit(room->journal);
	answers_send(&room->intake.answers, room->journal, &outlet);
	post_send(room->post, &outlet);
	chunks_send(&room->intake, &outlet);
	room->busy_ns += cpu_ns() - began;
	return room->sent_count;
}

/* Time passes, and the duties of a second are done. */
static inline unsigned
room_wait(struct broker_room *room, uint64_t ms)
{
	const uint64_t began = cpu_ns();

	room->w.now_ms += ms;
	room->boot_ms += ms;
	journal_turn(room->journal, room->w.now_ms, room->boot_ms);
	refusals_turn(room->refusals, room->journal, false);
	post_redeliver(room->post);
	post_expire(room->post);
	chunks_expire(&room->intake);
	room->busy_ns += cpu_ns() - began;
	return room_turn(room);
}

/* Logs world->last. */
static inline uint64_t
room_state(struct broker_room *room)
{
	assert_int_equal(
	    directory_check(room->w.directory, &room->w.last, room->w.now_ms, &room->w.detail),
	    STATUS_OK);
	return journal_state(room->journal, &room->w.last);
}

static inline void
room_admit(struct broker_room *room, const char *code, const char *kind, uint32_t keys)
{
	struct statement s = world_admit_statement(code, kind, keys);
	struct signing_key own = world_signing(keys);

	world_make(
	    &room->w, &s, (struct by[]){{SIGNER_ROOT, &room->w.root}, {SIGNER_PARTY, &own}}, 2);
	room_state(room);
	if (kind_group(bytes_of_text(kind)) == GROUP_AUDITOR)
		return;
	s = world_sealing_statement(code, 1, keys + 2, room->w.now_ms);
	world_make(&room->w, &s, &(struct by){SIGNER_PARTY, &own}, 1);
	room_state(room);
}

#define SCHOOL_KEYS 100
#define POLICE_KEYS 200
#define COURT_KEYS  300
#define AUDIT_KEYS  400

static inline void
room_found(struct broker_room *room)
{
	struct statement s = world_network_statement(&room->w);

	world_make(&room->w, &s, &(struct by){SIGNER_ROOT, &room->w.root}, 1);
	room_state(room);
	s = world_registrar_statement(&room->w, &room->w.registrar, 5);
	world_make(&room->w, &s, &(struct by){SIGNER_ROOT, &room->w.root}, 1);
	room_state(room);
	room_admit(room, "school", "school", SCHOOL_KEYS);
	room_admit(room, "police", "municipal_police", POLICE_KEYS);
	room_admit(room, "court", "orphans_court", COURT_KEYS);
	room_admit(room, "auditor", "auditor", AUDIT_KEYS);
	room_turn(room);
}

static inline int
room_set_up(void **state)
{
	struct broker_room *room = calloc(1, sizeof(*room));

	*state = room;
	room->w.now_ms = 1000 * DAY_MS;
	room->boot_ms = 5000000;
	room->w.root = world_signing(1);
	room->w.registrar = world_signing(2);
	room->log_key = world_signing(3);
	snprintf(room->folder, sizeof(room->folder), "%s/saikne-broker-XXXXXX",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	if (mkdtemp(room->folder) == NULL)
		return -1;
	snprintf(room->path, sizeof(room->path), "%s/broker.db", room->folder);
	room_start(room);
	room_found(room);
	return 0;
}

static inline int
room_tear_down(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	struct broker_room *room = *state;
	char path[248];

	room_stop(room);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", room->path, ends[i]);
		unlink(path);
	}
	for (unsigned i = 0; i < SENT_MAX; i++)
		buffer_free(&room->sent[i].bytes);
	buffer_free(&room->w.said);
	rmdir(room->folder);
	free(room);
	return 0;
}

/* ---- Peers and frames -------------------------------------------------------------------- */

/* The connection number LINE of CODE. */
static inline struct peer
room_peer(const struct broker_room *room, const char *code, uint8_t line)
{
	struct peer peer = {.routing = {line}, .routing_len = 1, .fd = line, .serial = 1};

	peer.party = directory_party(room->w.directory, bytes_of_text(code));
	assert_non_null(peer.party);
	return peer;
}

static inline void
room_hear(struct broker_room *room, const struct peer *peer, struct bytes frame)
{
	const uint64_t began = cpu_ns();

	intake_take(&room->intake, peer, frame);
	room->busy_ns += cpu_ns() - began;
}

/* Takes a frame and ends the turn; how many frames left. */
static inline unsigned
room_take(struct broker_room *room, const struct peer *peer, struct bytes frame)
{
	room_hear(room, peer, frame);
	return room_turn(room);
}

static inline unsigned
room_numbers(struct broker_room *room, const struct peer *peer, enum command command,
    uint64_t a, uint64_t b, uint32_t count)
{
	const uint64_t numbers[2] = {a, b};
	struct buffer frame = {0};
	unsigned sent;

	frame_numbers(command, ++room->request, numbers, count, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&frame);
	return sent;
}

static inline unsigned
room_greet(struct broker_room *room, const struct peer *peer, const char *network,
    const char *code, uint64_t log_size)
{
	const struct frame_hello hello = {.network = bytes_of_text(network),
	    .party = bytes_of_text(code),
	    .software = bytes_of_text("test 1"),
	    .log_size = log_size};
	struct buffer frame = {0};
	unsigned sent;

	frame_hello(&hello, ++room->request, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&frame);
	return sent;
}

/* A party with its session. */
static inline struct peer
room_connect(struct broker_room *room, const char *code, uint8_t line)
{
	struct peer peer = room_peer(room, code, line);

	assert_int_equal(room_greet(room, &peer, NETWORK, code, 0), 1);
	assert_int_equal(room->sent[0].frame.command, COMMAND_WELCOME);
	return peer;
}

static inline const struct sent *
room_sent(const struct broker_room *room, unsigned i, enum command command)
{
	assert_true(i < room->sent_count);
	assert_int_equal(room->sent[i].frame.command, command);
	return &room->sent[i];
}

static inline struct frame_refused
room_refused(const struct broker_room *room, enum status code)
{
	struct frame_refused refused;

	assert_int_equal(room->sent_count, 1);
	assert_int_equal(
	    frame_read_refused(room_sent(room, 0, COMMAND_REFUSED)->frame.body, &refused),
	    STATUS_OK);
	assert_string_equal(status_name(refused.code), status_name(code));
	return refused;
}

/* The newest leaf of the log. */
static inline struct leaf
room_last_leaf(const struct broker_room *room)
{
	struct bytes view;
	struct leaf leaf;

	assert_int_equal(
	    journal_leaf(room->journal, journal_size(room->journal) - 1, &view), STATUS_OK);
	assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
	return leaf;
}

/* ---- Letters ----------------------------------------------------------------------------- */

/* The one reference of the record that SENDER has for RECIPIENT. */
static inline void
letter_reference(const char *sender, const char *recipient, uint8_t out[static SUITE_ID_LEN])
{
	const struct bytes parts[] = {bytes_of_text(sender), bytes_of_text(recipient)};
	uint8_t hash[SUITE_HASH_LEN];

	suite_hash("test-reference", parts, 2, hash);
	memcpy(out, hash, SUITE_ID_LEN);
}

/* A header from SENDER to COUNT recipients by law; to be changed before letter_seal(). */
static inline void
letter_start(struct broker_room *room, struct letter *letter, const char *sender,
    const char *const *recipients, uint32_t count)
{
	struct envelope_header *h = &letter->header;

	memset(letter, 0, sizeof(*letter));
	h->network = bytes_of_text(NETWORK);
	h->sender = bytes_of_text(sender);
	h->signing_epoch = 1;
	h->created_ms = room->w.now_ms;
	h->expires_ms = room->w.now_ms + LIFE_MS;
	h->recipient_count = count;
	for (uint32_t i = 0; i < count; i++) {
		h->recipients[i] =
		    (struct envelope_recipient){.party = bytes_of_text(recipients[i]),
			.sealing_epoch = 1,
			.basis = BASIS_LAW};
		letter_reference(sender, recipients[i], h->recipients[i].reference);
	}
	bytes_put_u32(h->id + 12, ++room->ids);
}

static inline void
set_acts(struct content *content, enum message type)
{
	static const uint8_t task[SUITE_ID_LEN] = {1};
	static const struct {
		enum field field;
		const char *text;
	} texts[] = {{FIELD_URGENCY, "normal"}, {FIELD_PURPOSE, "help"},
	    {FIELD_MUNICIPALITY, "Ventspils"}, {FIELD_AGE_BAND, "7-12"}, {FIELD_GROUND, "law"}};
	const struct bytes concern = bytes_of_text("r01");

	assert_int_equal(content_set_id(content, FIELD_TASK, task), STATUS_OK);
	assert_int_equal(content_set_uint(content, FIELD_APPLIED, 0), STATUS_OK);
	if (type == MESSAGE_GROUND_STOP) {
		assert_int_equal(content_set_id(content, FIELD_RECORD, task), STATUS_OK);
		assert_int_equal(
		    content_set_text(content, FIELD_STOP_REASON, bytes_of_text("withdrawn")),
		    STATUS_OK);
		assert_int_equal(
		    content_set_text(content, FIELD_EVENT_DATE, bytes_of_text("2026-11-22")),
		    STATUS_OK);
	}
	if (type == MESSAGE_GROUND_STOP_ANSWER)
		assert_int_equal(
		    content_set_text(content, FIELD_STOP_ANSWER, bytes_of_text("stopped")),
		    STATUS_OK);
	if (type != MESSAGE_REFERRAL_OFFER)
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(
		    content_set_text(content, texts[i].field, bytes_of_text(texts[i].text)),
		    STATUS_OK);
	assert_int_equal(content_set_codes(content, FIELD_CONCERN, &concern, 1), STATUS_OK);
	ground_content(content);
}

static inline void
letter_sign(struct letter *letter, uint32_t keys)
{
	struct signing_key key = world_signing(keys);

	batch_sign(&letter->digest, 1, &key, &letter->proof);
	buffer_reset(&letter->body);
	envelope_frame(bytes_of_buffer(&letter->sealed), &letter->proof, &letter->body);
}

/* Fills the id's time, seals to recipients that nobody opens, and signs with the key KEYS. */
static inline void
letter_seal(struct letter *letter, enum message type, uint32_t keys)
{
	struct envelope_seal_to to[ENVELOPE_RECIPIENTS_MAX];
	struct envelope_header *h = &letter->header;
	struct buffer files = {0};
	struct content content;
	struct box_key box;
	uint8_t time[8];

	bytes_put_u64(time, h->created_ms);
	memcpy(h->id, time + 2, 6);
	memset(to, 0, sizeof(to));
	suite_box_new(&box);
	for (uint32_t i = 0; i < h->recipient_count; i++) {
		memcpy(to[i].key, box.public, sizeof(to[i].key));
		to[i].allowed = CATEGORY_ALL;
	}
	assert_int_equal(content_start(type, &content), STATUS_OK);
	set_acts(&content, type);
	if (letter->file.cited.size > 0) {
		pack_array(&files, 1);
		attachment_file_encode(&letter->file, &files);
		assert_int_equal(
		    content_set_value(&content, FIELD_FILES_EDUCATION, bytes_of_buffer(&files)),
		    STATUS_OK);
		buffer_free(&files);
	}
	buffer_reset(&letter->sealed);
	assert_int_equal(
	    envelope_seal(h, &content, to, &letter->sealed, letter->digest.byte), STATUS_OK);
	content_free(&content);
	letter_sign(letter, keys);
}

static inline void
letter_free(struct letter *letter)
{
	buffer_free(&letter->sealed);
	buffer_free(&letter->body);
}

static inline unsigned
letter_submit(struct broker_room *room, const struct peer *peer, struct letter *letter)
{
	struct buffer frame = {0};
	struct frame_accepted accepted;
	unsigned sent;

	frame_submit(bytes_of_buffer(&letter->body), ++room->request, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&frame);
	for (unsigned i = 0; i < sent; i++)
		if (room->sent[i].frame.command == COMMAND_ACCEPTED) {
			assert_int_equal(
			    frame_read_accepted(room->sent[i].frame.body, &accepted),
			    STATUS_OK);
			letter->index = accepted.proven.index;
		}
	return sent;
}

/* An offer from the school to one recipient, accepted. */
static inline void
letter_offer(struct broker_room *room, const struct peer *school, struct letter *letter,
    const char *recipient)
{
	letter_start(room, letter, "school", &recipient, 1);
	letter_seal(letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	letter_submit(room, school, letter);
	assert_int_not_equal(letter->index, 0);
}

/* What RECIPIENT says about LETTER; to be changed before room_attest(). */
static inline struct evidence
letter_evidence(const struct broker_room *room, const struct letter *letter,
    const char *recipient, enum evidence_kind kind)
{
	struct evidence evidence = {.network = bytes_of_text(NETWORK),
	    .kind = kind,
	    .index = letter->index,
	    .sender = letter->header.sender,
	    .recipient = bytes_of_text(recipient),
	    .signing_epoch = 1,
	    .time_ms = room->w.now_ms,
	    .reason = kind == EVIDENCE_UNREADABLE ? STATUS_CANNOT_OPEN : STATUS_OK,
	    .has_token = kind == EVIDENCE_READ,
	    .role = bytes_of_text(kind == EVIDENCE_READ ? "case_manager" : "")};

	memcpy(evidence.id, letter->header.id, sizeof(evidence.id));
	memcpy(evidence.digest, letter->digest.byte, sizeof(evidence.digest));
	return evidence;
}

static inline unsigned
room_attest(struct broker_room *room, const struct peer *peer, const struct evidence *evidence,
    uint32_t keys)
{
	struct signing_key key = world_signing(keys);
	struct buffer bytes = {0}, frame = {0};
	struct frame_attest attest;
	struct digest digest;
	unsigned sent;

	evidence_encode(evidence, &bytes);
	attest.evidence = bytes_of_buffer(&bytes);
	evidence_digest(attest.evidence, digest.byte);
	batch_sign(&digest, 1, &key, &attest.proof);
	frame_attest(&attest, ++room->request, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&bytes);
	buffer_free(&frame);
	return sent;
}

#define BROKER_TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)

#endif
