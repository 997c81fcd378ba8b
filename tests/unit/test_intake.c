/* tests/unit/test_intake.c: what the broker takes and what it refuses, and that it says so. */
#include "tests/unit/broker_room.h"

static const char *const police[] = {"police"};
static const char *const both[] = {"police", "court"};

/* ---- Sessions ---------------------------------------------------------------------------- */

static void
nothing_is_taken_before_hello(void **state)
{
	struct broker_room *room = *state;
	struct peer peer = room_peer(room, "school", 1);

	room_numbers(room, &peer, COMMAND_PING, 0, 0, 0);
	room_refused(room, STATUS_HELLO_FIRST);
	assert_int_equal(room_last_leaf(room).kind, LEAF_REFUSED);
}

static void
hello_names_the_network_and_the_party_that_is_connected(void **state)
{
	struct broker_room *room = *state;
	struct peer peer = room_peer(room, "school", 1);

	room_greet(room, &peer, "other-net", "school", 0);
	room_refused(room, STATUS_WRONG_NETWORK);
	room_greet(room, &peer, NETWORK, "police", 0);
	room_refused(room, STATUS_WRONG_SENDER);
	room_greet(room, &peer, NETWORK, "school", 10000);
	room_refused(room, STATUS_NO_SUCH_ENTRY);
	room_numbers(room, &peer, COMMAND_PING, 0, 0, 0);
	room_refused(room, STATUS_HELLO_FIRST);
}

static void
welcome_proves_that_the_log_grew_from_what_the_party_knew(void **state)
{
	struct broker_room *room = *state;
	struct peer peer = room_peer(room, "school", 1);
	struct checkpoint old, new;
	struct frame_welcome welcome;
	struct note_key log;
	struct buffer known = {0};

	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	buffer_append(&known, journal_checkpoint(room->journal));
	room_numbers(room, &peer, COMMAND_PING, 0, 0, 0); /* logs a refusal */
	assert_int_equal(checkpoint_open(bytes_of_buffer(&known), &log, &old), STATUS_OK);
	room_greet(room, &peer, NETWORK, "school", old.size);
	assert_int_equal(
	    frame_read_welcome(room_sent(room, 0, COMMAND_WELCOME)->frame.body, &welcome),
	    STATUS_OK);
	assert_int_equal(checkpoint_open(welcome.checkpoint, &log, &new), STATUS_OK);
	assert_int_equal(new.size, old.size + 1);
	assert_int_equal(merkle_check_consistency(
			     old.size, &old.root, new.size, &new.root, &welcome.consistency),
	    STATUS_OK);
	assert_int_equal(welcome.directory_length, directory_length(room->w.directory));
	buffer_free(&known);
}

static void
a_newer_hello_ends_the_older_session_of_the_party(void **state)
{
	struct broker_room *room = *state;
	struct peer first = room_connect(room, "school", 1);
	struct peer second = room_connect(room, "school", 2);

	assert_int_equal(room->replaced.fd, 1);
	room_numbers(room, &first, COMMAND_PING, 0, 0, 0);
	room_refused(room, STATUS_HELLO_FIRST);
	assert_int_equal(room_numbers(room, &second, COMMAND_PING, 0, 0, 0), 1);
	room_sent(room, 0, COMMAND_PONG);
}

static void
a_routing_id_taken_over_by_another_party_has_no_session(void **state)
{
	struct broker_room *room = *state;
	struct peer thief = room_peer(room, "police", 1);

	room_connect(room, "school", 1);
	room_numbers(room, &thief, COMMAND_PING, 0, 0, 0);
	room_refused(room, STATUS_HELLO_FIRST);
}

static void
an_auditors_session_is_logged_before_it_reads(void **state)
{
	struct broker_room *room = *state;
	uint64_t size = journal_size(room->journal);

	room_connect(room, "auditor", 1);
	assert_int_equal(journal_size(room->journal), size + 1);
	assert_int_equal(room_last_leaf(room).kind, LEAF_ACCESS);
	assert_true(bytes_is_text(room_last_leaf(room).party, "auditor"));
}

/* ---- SUBMIT ------------------------------------------------------------------------------ */

static void
a_good_message_is_accepted_with_a_receipt_that_proves_it(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct frame_accepted accepted;
	struct checkpoint checkpoint;
	struct merkle_hash hash;
	struct letter letter;
	struct note_key log;
	struct leaf leaf;

	letter_start(room, &letter, "school", both, 2);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	assert_int_equal(letter_submit(room, &school, &letter), 1);
	assert_int_equal(
	    frame_read_accepted(room_sent(room, 0, COMMAND_ACCEPTED)->frame.body, &accepted),
	    STATUS_OK);
	assert_memory_equal(accepted.id, letter.header.id, sizeof(accepted.id));
	assert_int_equal(leaf_parse(accepted.proven.leaf, &leaf), STATUS_OK);
	assert_memory_equal(leaf.digest, letter.digest.byte, sizeof(leaf.digest));
	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	assert_int_equal(
	    checkpoint_open(accepted.proven.checkpoint, &log, &checkpoint), STATUS_OK);
	merkle_leaf(accepted.proven.leaf, &hash);
	assert_int_equal(merkle_check_inclusion(&hash, accepted.proven.index, checkpoint.size,
			     &accepted.proven.path, &checkpoint.root),
	    STATUS_OK);
	letter_free(&letter);
}

static void
the_same_message_gets_the_same_receipt_byte_for_byte_after_a_restart_too(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter, other;
	struct buffer first = {0};

	letter_offer(room, &school, &letter, "police");
	buffer_append(&first, room->sent[0].frame.body);
	letter_offer(room, &school, &other, "court");
	assert_int_equal(letter_submit(room, &school, &letter), 1);
	assert_true(bytes_equal(
	    bytes_of_buffer(&first), room_sent(room, 0, COMMAND_ACCEPTED)->frame.body));

	room_restart(room);
	school = room_connect(room, "school", 1);
	assert_int_equal(letter_submit(room, &school, &letter), 1);
	assert_true(bytes_equal(
	    bytes_of_buffer(&first), room_sent(room, 0, COMMAND_ACCEPTED)->frame.body));
	buffer_free(&first);
	letter_free(&letter);
	letter_free(&other);
}

static void
twice_in_one_batch_is_once_in_the_log(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	uint64_t size = journal_size(room->journal);
	struct buffer frame = {0};
	struct letter letter;

	letter_start(room, &letter, "school", police, 1);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	frame_submit(bytes_of_buffer(&letter.body), 1, &frame);
	intake_take(&room->intake, &school, bytes_of_buffer(&frame));
	assert_int_equal(room_take(room, &school, bytes_of_buffer(&frame)), 2);
	assert_true(bytes_equal(room->sent[0].frame.body, room->sent[1].frame.body));
	assert_int_equal(journal_size(room->journal), size + 1);
	buffer_free(&frame);
	letter_free(&letter);
}

static void
another_message_under_a_used_id_is_refused(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	letter_seal(
	    &letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS); /* sealed anew: other bytes */
	letter_submit(room, &school, &letter);
	assert_true(room_refused(room, STATUS_ID_CONFLICT).has_id);
	letter_free(&letter);
}

/* Each row makes a good offer bad in one way. */
struct fault {
	enum status code;
	int recipient; /* concerned; -1: none */
	void (*spoil)(struct broker_room *room, struct letter *letter);
};

static void
spoil_network(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.network = bytes_of_text("other-net");
}

static void
spoil_sender(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.sender = bytes_of_text("court");
	letter->header.recipient_count = 1;
}

static void
spoil_recipient(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.recipients[1].party = bytes_of_text("nobody");
}

static void
spoil_kind(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.recipients[1].party = bytes_of_text("auditor");
}

static void
spoil_basis(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.recipients[0].basis = BASIS_NONE;
}

static void
spoil_epoch(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.recipients[1].sealing_epoch = 2;
}

static void
spoil_signing_epoch(struct broker_room *room, struct letter *letter)
{
	(void)room;
	letter->header.signing_epoch = 2;
}

static void
spoil_expiry(struct broker_room *room, struct letter *letter)
{
	letter->header.expires_ms = room->w.now_ms + 31 * DAY_MS;
}

static void
spoil_time(struct broker_room *room, struct letter *letter)
{
	letter->header.created_ms = room->w.now_ms + 5 * 60 * 1000 + 1;
}

static void
spoil_lateness(struct broker_room *room, struct letter *letter)
{
	letter->header.created_ms = room->w.now_ms - 1000;
	letter->header.expires_ms = room->w.now_ms;
}

static void
spoil_reply(struct broker_room *room, struct letter *letter)
{
	struct envelope_recipient *to = &letter->header.recipients[0];

	(void)room;
	letter->header.recipient_count = 1;
	to->basis = BASIS_REPLY;
	to->reply_sender = to->party;
}

static const struct fault faults[] = {
    {STATUS_WRONG_NETWORK, -1, spoil_network},
    {STATUS_WRONG_SENDER, -1, spoil_sender},
    {STATUS_UNKNOWN_PARTY, 1, spoil_recipient},
    {STATUS_NOT_PERMITTED, 1, spoil_kind},
    {STATUS_NO_BASIS, 0, spoil_basis},
    {STATUS_UNKNOWN_EPOCH, 1, spoil_epoch},
    {STATUS_UNKNOWN_KEY, -1, spoil_signing_epoch},
    {STATUS_BAD_EXPIRY, 0, spoil_expiry},
    {STATUS_CLOCK_SKEW, -1, spoil_time},
    {STATUS_EXPIRED, -1, spoil_lateness},
    {STATUS_UNKNOWN_REPLY, 0, spoil_reply},
};

static void
each_fault_of_a_message_has_its_own_refusal_and_is_logged(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct frame_refused refused;
	struct letter letter;
	struct leaf leaf;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *fault = &faults[i];
		enum message type = fault->spoil == spoil_reply ? MESSAGE_REFERRAL_ACCEPT
		                                                : MESSAGE_REFERRAL_OFFER;
		uint64_t size = journal_size(room->journal);

		letter_start(room, &letter, "school", both, 2);
		fault->spoil(room, &letter);
		letter_seal(&letter, type, SCHOOL_KEYS);
		letter_submit(room, &school, &letter);
		refused = room_refused(room, fault->code);
		assert_true(refused.has_id);
		assert_int_equal(refused.has_recipient, fault->recipient >= 0);
		if (fault->recipient >= 0)
			assert_int_equal(refused.recipient, fault->recipient);
		assert_int_equal(journal_size(room->journal), size + 1);
		leaf = room_last_leaf(room);
		assert_int_equal(leaf.kind, LEAF_REFUSED);
		assert_int_equal(leaf.code, fault->code);
		assert_memory_equal(leaf.digest, letter.digest.byte, sizeof(leaf.digest));
		letter_free(&letter);
		room_wait(room, 60000); /* the next one is logged alone again */
	}
}

static void
a_signature_of_another_key_is_refused(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter;

	letter_start(room, &letter, "school", police, 1);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, POLICE_KEYS);
	letter_submit(room, &school, &letter);
	room_refused(room, STATUS_BAD_SIGNATURE);
	letter_free(&letter);
}

static void
a_reply_is_taken_from_whom_the_message_was_addressed_to_alone(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct peer court = room_connect(room, "court", 3);
	struct letter offer, reply;
	const char *const back[] = {"school"};

	letter_offer(room, &school, &offer, "police");
	letter_start(room, &reply, "police", back, 1);
	reply.header.recipients[0].basis = BASIS_REPLY;
	reply.header.recipients[0].reply_sender = bytes_of_text("school");
	memcpy(reply.header.recipients[0].reply_id, offer.header.id, SUITE_ID_LEN);
	letter_seal(&reply, MESSAGE_REFERRAL_REVIEW_OPENED, POLICE_KEYS);
	assert_int_equal(letter_submit(room, &officer, &reply), 1);
	room_sent(room, 0, COMMAND_ACCEPTED);

	reply.header.sender = bytes_of_text("court");
	letter_seal(&reply, MESSAGE_REFERRAL_REVIEW_OPENED, COURT_KEYS);
	letter_submit(room, &court, &reply);
	assert_int_equal(room_refused(room, STATUS_UNKNOWN_REPLY).recipient, 0);

	/* Nor may an answer go to anyone but whom it answers. */
	reply.header.sender = bytes_of_text("police");
	reply.header.recipients[0].party = bytes_of_text("court");
	bytes_put_u32(reply.header.id + 12, ++room->ids);
	letter_seal(&reply, MESSAGE_REFERRAL_REVIEW_OPENED, POLICE_KEYS);
	letter_submit(room, &officer, &reply);
	assert_int_equal(room_refused(room, STATUS_UNKNOWN_REPLY).recipient, 0);
	letter_free(&offer);
	letter_free(&reply);
}

static void
a_full_mailbox_refuses_and_names_the_recipient(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter;

	room->intake.mailbox_entries = 1;
	letter_offer(room, &school, &letter, "court");
	letter_free(&letter);
	letter_start(room, &letter, "school", both, 2);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	letter_submit(room, &school, &letter);
	assert_int_equal(room_refused(room, STATUS_MAILBOX_FULL).recipient, 1);
	letter_free(&letter);
	/* Whole or not at all: the other recipient got nothing. */
	letter_offer(room, &school, &letter, "police");
	letter_free(&letter);
}

static void
bytes_that_are_no_frame_are_refused_and_logged(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum status code;
	} rows[] = {
	    {"x", 1, STATUS_MALFORMED},
	    {"SK\x02\x01\0\0\0\0", 8, STATUS_BAD_VERSION},
	    {"SK\x01\xee\0\0\0\0", 8, STATUS_UNKNOWN_COMMAND},
	    {"SK\x01\x02\0\0\0\0\x90", 9, STATUS_UNKNOWN_COMMAND},
	    {"SK\x01\x1a\0\0\0\0\x90", 9, STATUS_MALFORMED},
	    {"SK\x01\x03\0\0\0\0", 8, STATUS_MALFORMED},
	    {"SK\x01\x06\0\0\0\0\x91\xcc\x01", 11, STATUS_NOT_CANONICAL},
	};
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		room_take(
		    room, &school, (struct bytes){(const uint8_t *)rows[i].bytes, rows[i].len});
		room_refused(room, rows[i].code);
		assert_int_equal(room_last_leaf(room).code, rows[i].code);
	}
}

static void
refusals_above_a_rate_share_one_counted_entry(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	uint64_t size = journal_size(room->journal);

	for (unsigned i = 0; i < REFUSALS_A_WINDOW + 25; i++) {
		room_take(room, &school, bytes_of_text("nonsense"));
		room_refused(room, STATUS_MALFORMED);
	}
	assert_int_equal(journal_size(room->journal), size + REFUSALS_A_WINDOW);
	room_wait(room, REFUSALS_WINDOW_MS);
	assert_int_equal(journal_size(room->journal), size + REFUSALS_A_WINDOW + 1);
	assert_int_equal(room_last_leaf(room).count, 25);
	room_take(room, &school, bytes_of_text("nonsense"));
	assert_int_equal(room_last_leaf(room).count, 1);
}

static void
a_clock_in_doubt_stops_intake_but_not_known_receipts(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter, later;
	uint64_t size;

	letter_offer(room, &school, &letter, "police");
	size = journal_size(room->journal);
	room->w.now_ms += 3600 * 1000 + 1;
	journal_turn(room->journal, room->w.now_ms, room->boot_ms);
	letter_start(room, &later, "school", police, 1);
	letter_seal(&later, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	letter_submit(room, &school, &later);
	room_refused(room, STATUS_CLOCK_STOPPED);
	assert_int_equal(letter_submit(room, &school, &letter), 1);
	room_sent(room, 0, COMMAND_ACCEPTED);
	assert_int_equal(journal_size(room->journal), size);

	journal_confirm_clock(room->journal);
	assert_int_equal(room_last_leaf(room).kind, LEAF_CLOCK);
	assert_true(room_last_leaf(room).forward);
	letter_submit(room, &school, &later);
	room_sent(room, 0, COMMAND_ACCEPTED);
	letter_free(&letter);
	letter_free(&later);
}

static void
a_doubt_about_the_clock_outlives_the_process_until_it_is_confirmed(void **state)
{
	struct broker_room *room = *state;

	room->w.now_ms += 2 * 3600 * 1000;
	journal_turn(room->journal, room->w.now_ms, room->boot_ms);
	assert_int_equal(journal_accepts(room->journal), STATUS_CLOCK_STOPPED);
	room_restart(room);
	assert_int_equal(journal_accepts(room->journal), STATUS_CLOCK_STOPPED);
	journal_confirm_clock(room->journal);
	assert_int_equal(room_last_leaf(room).kind, LEAF_CLOCK);
	assert_true(room_last_leaf(room).forward);
	assert_int_equal(room_last_leaf(room).count, 2 * 3600 * 1000);
	room_restart(room);
	assert_int_equal(journal_accepts(room->journal), STATUS_OK);
}

/* ---- ATTEST ------------------------------------------------------------------------------ */

static void
final_evidence_is_logged_once_and_goes_to_the_sender(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct evidence evidence;
	struct store_mail mail;
	struct letter letter;
	struct buffer first = {0};
	uint64_t size;

	letter_offer(room, &school, &letter, "police");
	evidence = letter_evidence(room, &letter, "police", EVIDENCE_DELIVERED);
	assert_int_equal(room_attest(room, &officer, &evidence, POLICE_KEYS), 1);
	buffer_append(&first, room_sent(room, 0, COMMAND_RECORDED)->frame.body);
	size = journal_size(room->journal);
	assert_int_equal(room_last_leaf(room).kind, LEAF_EVIDENCE);
	assert_int_equal(room->store->do_->mail_get(
			     room->store, bytes_of_text("police"), letter.index, &mail),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    room->store->do_->mail_after(room->store, bytes_of_text("school"), 0, &mail),
	    STATUS_OK);
	assert_int_equal(mail.index, size - 1);
	assert_false(mail.has_part);

	assert_int_equal(room_attest(room, &officer, &evidence, POLICE_KEYS), 1);
	assert_true(bytes_equal(
	    bytes_of_buffer(&first), room_sent(room, 0, COMMAND_RECORDED)->frame.body));
	assert_int_equal(journal_size(room->journal), size);

	evidence = letter_evidence(room, &letter, "police", EVIDENCE_UNREADABLE);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_refused(room, STATUS_ID_CONFLICT);
	evidence = letter_evidence(room, &letter, "police", EVIDENCE_READ);
	assert_int_equal(room_attest(room, &officer, &evidence, POLICE_KEYS), 1);
	room_sent(room, 0, COMMAND_RECORDED);
	buffer_free(&first);
	letter_free(&letter);
}

static void
evidence_said_again_differs_in_time_and_key_at_most(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct evidence evidence;
	struct letter letter;
	uint64_t size;

	letter_offer(room, &school, &letter, "police");
	evidence = letter_evidence(room, &letter, "police", EVIDENCE_UNREADABLE);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	evidence.time_ms++;
	size = journal_size(room->journal);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_sent(room, 0, COMMAND_RECORDED);
	assert_int_equal(journal_size(room->journal), size);
	evidence.reason = STATUS_BAD_CONTENT;
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_refused(room, STATUS_ID_CONFLICT);

	evidence = letter_evidence(room, &letter, "police", EVIDENCE_READ);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_sent(room, 0, COMMAND_RECORDED);
	evidence.staff_token[0] ^= 1;
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_refused(room, STATUS_ID_CONFLICT);
	evidence.staff_token[0] ^= 1;
	evidence.role = bytes_of_text("someone_else");
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_refused(room, STATUS_ID_CONFLICT);
	letter_free(&letter);
}

static void
what_comes_after_the_brokers_own_final_word_is_told_so(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct evidence evidence;
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	room_wait(room, LIFE_MS + 1);
	room_wait(room, 1);
	evidence = letter_evidence(room, &letter, "police", EVIDENCE_DELIVERED);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	assert_true(room_refused(room, STATUS_EXPIRED).has_id);
	letter_free(&letter);
}

static void
evidence_is_refused_unless_the_addressed_signs_it_for_that_message(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct peer court = room_connect(room, "court", 3);
	struct evidence good, bad;
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	good = letter_evidence(room, &letter, "police", EVIDENCE_DELIVERED);
	bad = letter_evidence(room, &letter, "court", EVIDENCE_DELIVERED);
	room_attest(room, &court, &bad, COURT_KEYS);
	room_refused(room, STATUS_NOT_YOURS);
	room_attest(room, &court, &good, COURT_KEYS);
	room_refused(room, STATUS_NOT_YOURS);
	bad = letter_evidence(room, &letter, "police", EVIDENCE_EXPIRED);
	bad.signing_epoch = 0;
	room_attest(room, &officer, &bad, POLICE_KEYS);
	room_refused(room, STATUS_NOT_YOURS);
	bad = good;
	bad.digest[0] ^= 1;
	room_attest(room, &officer, &bad, POLICE_KEYS);
	room_refused(room, STATUS_NO_SUCH_ENTRY);
	bad = good;
	bad.index = UINT64_MAX;
	room_attest(room, &officer, &bad, POLICE_KEYS);
	room_refused(room, STATUS_NO_SUCH_ENTRY);
	bad = good;
	bad.network = bytes_of_text("other-net");
	room_attest(room, &officer, &bad, POLICE_KEYS);
	room_refused(room, STATUS_WRONG_NETWORK);
	bad = good;
	bad.signing_epoch = 2;
	room_attest(room, &officer, &bad, POLICE_KEYS);
	room_refused(room, STATUS_UNKNOWN_KEY);
	room_attest(room, &officer, &good, COURT_KEYS);
	room_refused(room, STATUS_BAD_SIGNATURE);
	letter_free(&letter);
}

/* ---- STATE, TAKEN, enquiries ------------------------------------------------------------- */

static unsigned
say(struct broker_room *room, const struct peer *peer)
{
	struct frame_state said = {
	    .statement = room->w.last.view, .signature_count = room->w.last.signature_count};
	struct buffer frame = {0};
	unsigned sent;

	memcpy(said.signatures, room->w.last.signatures, sizeof(said.signatures));
	frame_state(&said, ++room->request, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&frame);
	return sent;
}

static void
a_statement_is_applied_once_and_answered_alike(void **state)
{
	struct broker_room *room = *state;
	struct peer court = room_connect(room, "court", 3);
	struct statement s = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text("school"),
	    .reason = bytes_of_text("test")};
	uint64_t first, second;

	world_make(&room->w, &s, &(struct by){SIGNER_REGISTRAR, &room->w.registrar}, 1);
	assert_int_equal(say(room, &court), 1);
	assert_int_equal(
	    frame_read_numbers(room_sent(room, 0, COMMAND_STATED)->frame.body, &first, 1),
	    STATUS_OK);
	assert_int_equal(first, journal_size(room->journal) - 1);
	assert_int_equal(room_last_leaf(room).kind, LEAF_STATEMENT);
	assert_int_equal(say(room, &court), 1);
	assert_int_equal(
	    frame_read_numbers(room_sent(room, 0, COMMAND_STATED)->frame.body, &second, 1),
	    STATUS_OK);
	assert_int_equal(first, second);
	assert_int_not_equal(
	    directory_party(room->w.directory, bytes_of_text("school"))->suspended_index, 0);

	s.party = bytes_of_text("police");
	world_make(&room->w, &s, &(struct by){SIGNER_REGISTRAR, &room->w.root}, 1);
	say(room, &court);
	room_refused(room, STATUS_BAD_SIGNATURE);
}

/* The school states its sealing epoch EPOCH. */
static void
say_epoch(struct broker_room *room, const struct peer *school, uint64_t epoch)
{
	struct statement s =
	    world_sealing_statement("school", epoch, 1000 + (uint32_t)epoch, room->w.now_ms);
	struct signing_key own = world_signing(SCHOOL_KEYS);

	world_make(&room->w, &s, &(struct by){SIGNER_PARTY, &own}, 1);
	assert_int_equal(say(room, school), 1);
}

static void
a_party_states_so_many_keys_a_day_and_a_restart_forgets_none(void **state)
{
	struct broker_room *room = *state;
	struct peer school;
	uint64_t length;

	room_wait(room, DAY_MS);
	school = room_connect(room, "school", 1);
	for (uint64_t epoch = 2; epoch <= 4; epoch++) {
		say_epoch(room, &school, epoch);
		room_sent(room, 0, COMMAND_STATED);
	}
	length = directory_length(room->w.directory);
	say_epoch(room, &school, 5);
	room_refused(room, STATUS_RATE_LIMITED);
	room_restart(room);
	school = room_connect(room, "school", 1);
	say_epoch(room, &school, 5);
	room_refused(room, STATUS_RATE_LIMITED);
	assert_int_equal(directory_length(room->w.directory), length);
	room_wait(room, DAY_MS);
	say_epoch(room, &school, 5);
	room_sent(room, 0, COMMAND_STATED);
}

static void
the_roots_word_has_no_daily_bound(void **state)
{
	struct broker_room *room = *state;
	struct peer court = room_connect(room, "court", 3);

	for (uint32_t i = 0; i < 5; i++) {
		struct statement s = {
		    .kind = STATEMENT_TRANSPORT_KEY, .party = bytes_of_text("school")};

		world_box(2000 + i, s.key);
		world_make(&room->w, &s, &(struct by){SIGNER_ROOT, &room->w.root}, 1);
		assert_int_equal(say(room, &court), 1);
		room_sent(room, 0, COMMAND_STATED);
	}
}

static void
a_suspended_recipient_is_refused_within_the_same_batch(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct statement s = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text("police"),
	    .reason = bytes_of_text("test")};
	struct letter letter;

	letter_start(room, &letter, "school", police, 1);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	world_make(&room->w, &s, &(struct by){SIGNER_REGISTRAR, &room->w.registrar}, 1);
	room_state(room); /* not yet committed */
	letter_submit(room, &school, &letter);
	room_refused(room, STATUS_SUSPENDED);
	letter_free(&letter);
}

static void
a_message_leaves_its_mailbox_by_evidence_alone(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	room_numbers(room, &officer, COMMAND_TAKEN, letter.index, 0, 1);
	room_refused(room, STATUS_NOT_YOURS);
	assert_int_equal(room_numbers(room, &officer, COMMAND_TAKEN, 5, 0, 1), 0);
	letter_free(&letter);
}

static void
a_leafs_body_goes_to_its_parties_and_auditors_and_a_hash_to_others(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer court = room_connect(room, "court", 3);
	struct peer auditor = room_connect(room, "auditor", 4);
	const struct peer *peers[] = {&school, &court, &auditor};
	struct frame_entries_page *page = calloc(1, sizeof(*page));
	struct merkle_hash hash;
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	for (unsigned i = 0; i < 3; i++) {
		room_numbers(room, peers[i], COMMAND_ENTRIES, letter.index, 10, 2);
		assert_int_equal(
		    frame_read_entries_page(
			room_sent(room, 0, COMMAND_ENTRIES_PAGE)->frame.body, page),
		    STATUS_OK);
		assert_int_equal(page->count, 1);
		assert_int_equal(page->entries[0].leaf.data == NULL, peers[i] == &court);
		if (i == 0)
			hash = page->entries[0].hash;
		assert_memory_equal(&page->entries[0].hash, &hash, sizeof(hash));
	}
	free(page);
	letter_free(&letter);
}

static void
a_registrar_past_its_certificate_reads_like_any_party(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct frame_entries_page *page = calloc(1, sizeof(*page));
	struct peer registrar;
	struct letter letter;

	letter_offer(room, &school, &letter, "police");
	registrar = room_connect(room, "registrar", 4);
	for (unsigned i = 0; i < 2; i++) {
		room_numbers(room, &registrar, COMMAND_ENTRIES, letter.index, 1, 2);
		assert_int_equal(
		    frame_read_entries_page(
			room_sent(room, 0, COMMAND_ENTRIES_PAGE)->frame.body, page),
		    STATUS_OK);
		assert_int_equal(page->entries[0].leaf.data != NULL, i == 0);
		room_wait(room, REGISTRAR_LIFE_MS + 1);
	}
	/* Statements are everyone's; so it can bring the one that renews it. */
	room_numbers(room, &registrar, COMMAND_ENTRIES, 0, 1, 2);
	assert_int_equal(
	    frame_read_entries_page(room_sent(room, 0, COMMAND_ENTRIES_PAGE)->frame.body, page),
	    STATUS_OK);
	assert_non_null(page->entries[0].leaf.data);
	free(page);
	letter_free(&letter);
}

static uint64_t
five_megabytes(void *state, const struct peer *peer)
{
	(void)state;
	(void)peer;
	return 5 * 1024 * 1024;
}

static void
whoever_does_not_read_its_pages_gets_no_more(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);

	room->intake.unread = five_megabytes;
	room_numbers(room, &school, COMMAND_ENTRIES, 0, 1, 2);
	room_refused(room, STATUS_RATE_LIMITED);
}

static void
hello_again_gives_no_new_allowance_and_few_entries(void **state)
{
	struct broker_room *room = *state;
	uint64_t size = journal_size(room->journal);
	struct peer auditor = room_connect(room, "auditor", 1);
	unsigned pages = 0;

	for (unsigned i = 0; i < 200; i++) {
		room_greet(room, &auditor, NETWORK, "auditor", 0);
		room_numbers(room, &auditor, COMMAND_ENTRIES, 0, 1, 2);
		pages += room->sent[0].frame.command == COMMAND_ENTRIES_PAGE;
	}
	assert_true(pages <= 32);
	/* Each of the two kinds of refusal is counted, too. */
	assert_true(journal_size(room->journal) <= size + 32);
}

static void
the_log_is_asked_within_its_size(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	uint64_t size = journal_size(room->journal);
	struct frame_directory_page *page = calloc(1, sizeof(*page));

	room_numbers(room, &school, COMMAND_PROOF, size, size, 2);
	room_refused(room, STATUS_NO_SUCH_ENTRY);
	size = journal_size(room->journal);
	room_numbers(room, &school, COMMAND_CONSISTENCY, 1, size + 1, 2);
	room_refused(room, STATUS_NO_SUCH_ENTRY);
	room_numbers(room, &school, COMMAND_CONSISTENCY, 1, size, 2);
	room_sent(room, 0, COMMAND_CONSISTENCY_PAGE);
	room_numbers(room, &school, COMMAND_PROOF, 3, size, 2);
	room_sent(room, 0, COMMAND_PROOF_PAGE);
	room_numbers(room, &school, COMMAND_DIRECTORY, 2, 0, 1);
	assert_int_equal(frame_read_directory_page(
			     room_sent(room, 0, COMMAND_DIRECTORY_PAGE)->frame.body, page),
	    STATUS_OK);
	assert_int_equal(page->count, directory_length(room->w.directory) - 2);
	room_numbers(room, &school, COMMAND_DIRECTORY, UINT64_MAX, 0, 1);
	room_sent(room, 0, COMMAND_DIRECTORY_PAGE);
	room_numbers(room, &school, COMMAND_ENTRIES, UINT64_MAX, UINT64_MAX, 2);
	room_sent(room, 0, COMMAND_ENTRIES_PAGE);
	room_numbers(room, &school, COMMAND_CHECKPOINT, 0, 0, 0);
	room_sent(room, 0, COMMAND_CHECKPOINT_PAGE);
	free(page);
}

static void
whoever_asks_for_too_much_has_to_wait(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	unsigned i = 0;

	while (i < 1000 && room_numbers(room, &school, COMMAND_ENTRIES, 0, 1, 2) == 1 &&
	       room->sent[0].frame.command == COMMAND_ENTRIES_PAGE)
		i++;
	room_refused(room, STATUS_RATE_LIMITED);
	assert_true(i >= 16);
	room_wait(room, 1000);
	room_numbers(room, &school, COMMAND_ENTRIES, 0, 1, 2);
	room_sent(room, 0, COMMAND_ENTRIES_PAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BROKER_TEST(nothing_is_taken_before_hello),
	    BROKER_TEST(hello_names_the_network_and_the_party_that_is_connected),
	    BROKER_TEST(welcome_proves_that_the_log_grew_from_what_the_party_knew),
	    BROKER_TEST(a_newer_hello_ends_the_older_session_of_the_party),
	    BROKER_TEST(a_routing_id_taken_over_by_another_party_has_no_session),
	    BROKER_TEST(an_auditors_session_is_logged_before_it_reads),
	    BROKER_TEST(a_good_message_is_accepted_with_a_receipt_that_proves_it),
	    BROKER_TEST(
		the_same_message_gets_the_same_receipt_byte_for_byte_after_a_restart_too),
	    BROKER_TEST(twice_in_one_batch_is_once_in_the_log),
	    BROKER_TEST(another_message_under_a_used_id_is_refused),
	    BROKER_TEST(each_fault_of_a_message_has_its_own_refusal_and_is_logged),
	    BROKER_TEST(a_signature_of_another_key_is_refused),
	    BROKER_TEST(a_reply_is_taken_from_whom_the_message_was_addressed_to_alone),
	    BROKER_TEST(a_full_mailbox_refuses_and_names_the_recipient),
	    BROKER_TEST(bytes_that_are_no_frame_are_refused_and_logged),
	    BROKER_TEST(refusals_above_a_rate_share_one_counted_entry),
	    BROKER_TEST(a_clock_in_doubt_stops_intake_but_not_known_receipts),
	    BROKER_TEST(a_doubt_about_the_clock_outlives_the_process_until_it_is_confirmed),
	    BROKER_TEST(final_evidence_is_logged_once_and_goes_to_the_sender),
	    BROKER_TEST(evidence_said_again_differs_in_time_and_key_at_most),
	    BROKER_TEST(what_comes_after_the_brokers_own_final_word_is_told_so),
	    BROKER_TEST(evidence_is_refused_unless_the_addressed_signs_it_for_that_message),
	    BROKER_TEST(a_statement_is_applied_once_and_answered_alike),
	    BROKER_TEST(a_party_states_so_many_keys_a_day_and_a_restart_forgets_none),
	    BROKER_TEST(the_roots_word_has_no_daily_bound),
	    BROKER_TEST(a_suspended_recipient_is_refused_within_the_same_batch),
	    BROKER_TEST(a_message_leaves_its_mailbox_by_evidence_alone),
	    BROKER_TEST(a_leafs_body_goes_to_its_parties_and_auditors_and_a_hash_to_others),
	    BROKER_TEST(a_registrar_past_its_certificate_reads_like_any_party),
	    BROKER_TEST(whoever_does_not_read_its_pages_gets_no_more),
	    BROKER_TEST(hello_again_gives_no_new_allowance_and_few_entries),
	    BROKER_TEST(the_log_is_asked_within_its_size),
	    BROKER_TEST(whoever_asks_for_too_much_has_to_wait),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
