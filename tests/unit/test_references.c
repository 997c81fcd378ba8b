/* tests/unit/test_references.c: what messages may rest on: whose ground it is, and until when. */
#include "protocol/trust/policy.h"
#include "tests/unit/broker_room.h"

static const char *const to_police[] = {"police"}, *const to_school[] = {"school"};
static const char *const both[] = {"police", "court"};

/* TYPE under REFERENCE and BASIS from the school, or an answer of type TYPE; not sent yet. */
static void
cite(struct broker_room *room, struct letter *letter, enum message type, uint8_t reference,
    enum basis basis)
{
	letter_start(room, letter, "school", to_police, 1);
	memset(letter->header.recipients[0].reference, reference, SUITE_ID_LEN);
	letter->header.recipients[0].basis = basis;
	letter_seal(letter, type, SCHOOL_KEYS);
}

static void
answer_as(struct broker_room *room, enum message type, struct letter *reply,
    const struct letter *answered)
{
	const bool back = bytes_is_text(answered->header.sender, "school");

	letter_start(room, reply, back ? "police" : "school", back ? to_school : to_police, 1);
	reply->header.recipients[0].basis = BASIS_REPLY;
	reply->header.recipients[0].reply_sender = answered->header.sender;
	memcpy(reply->header.recipients[0].reply_id, answered->header.id, SUITE_ID_LEN);
	letter_seal(reply, type, back ? POLICE_KEYS : SCHOOL_KEYS);
}

static void
answer_to(struct broker_room *room, struct letter *reply, const struct letter *answered)
{
	answer_as(room, MESSAGE_REFERRAL_START, reply, answered);
}

static void
assert_cited(struct broker_room *room, const struct peer *peer, enum message type,
    uint8_t reference, enum status code)
{
	struct letter letter;

	cite(room, &letter, type, reference, BASIS_LAW);
	letter_submit(room, peer, &letter);
	if (code == STATUS_OK)
		room_sent(room, 0, COMMAND_ACCEPTED);
	else
		assert_int_equal(room_refused(room, code).recipient, 0);
	letter_free(&letter);
}

static void
a_reference_is_its_makers_for_one_recipient_and_class(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer court = room_connect(room, "court", 3);
	struct letter letter;

	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 1, STATUS_OK);
	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 1, STATUS_OK);

	cite(room, &letter, MESSAGE_REFERRAL_OFFER, 1, BASIS_CONSENT);
	letter_submit(room, &school, &letter);
	assert_int_equal(room_refused(room, STATUS_FOREIGN_REFERENCE).recipient, 0);
	letter_free(&letter);

	letter_start(room, &letter, "school", both, 2);
	memset(letter.header.recipients[1].reference, 1, SUITE_ID_LEN);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	letter_submit(room, &school, &letter);
	assert_int_equal(room_refused(room, STATUS_FOREIGN_REFERENCE).recipient, 1);
	letter_free(&letter);

	letter_start(room, &letter, "court", to_police, 1);
	memset(letter.header.recipients[0].reference, 1, SUITE_ID_LEN);
	for (unsigned stop = 0; stop < 2; stop++) {
		letter_seal(
		    &letter, stop ? MESSAGE_GROUND_STOP : MESSAGE_REFERRAL_OFFER, COURT_KEYS);
		letter_submit(room, &court, &letter);
		assert_int_equal(room_refused(room, STATUS_FOREIGN_REFERENCE).recipient, 0);
	}
	letter_free(&letter);
	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 1, STATUS_OK);
}

static void
nothing_is_taken_under_a_reference_after_its_stop(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);

	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 1, STATUS_OK);
	assert_cited(room, &school, MESSAGE_GROUND_STOP, 1, STATUS_OK);
	for (unsigned started = 0; started < 2; started++) {
		assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 1, STATUS_STOPPED);
		assert_cited(room, &school, MESSAGE_GROUND_STOP, 1, STATUS_STOPPED);
		room_restart(room);
		school = room_connect(room, "school", 1);
	}
	/* Also one that nobody had cited: its first message may be under way. */
	assert_cited(room, &school, MESSAGE_GROUND_STOP, 2, STATUS_OK);
	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 2, STATUS_STOPPED);
	assert_cited(room, &school, MESSAGE_REFERRAL_OFFER, 3, STATUS_OK);
}

static void
a_receipt_is_given_again_after_the_stop(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letter;
	struct buffer first = {0};

	cite(room, &letter, MESSAGE_REFERRAL_OFFER, 1, BASIS_LAW);
	letter_submit(room, &school, &letter);
	buffer_append(&first, room_sent(room, 0, COMMAND_ACCEPTED)->frame.body);
	assert_cited(room, &school, MESSAGE_GROUND_STOP, 1, STATUS_OK);
	letter_submit(room, &school, &letter);
	assert_true(bytes_equal(
	    bytes_of_buffer(&first), room_sent(room, 0, COMMAND_ACCEPTED)->frame.body));
	buffer_free(&first);
	letter_free(&letter);
}

/* Both in one batch: what came first decides. */
static void
a_stop_and_a_message_in_one_batch_count_in_their_order(void **state)
{
	static const enum message offer = MESSAGE_REFERRAL_OFFER, stop = MESSAGE_GROUND_STOP;
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct letter letters[2];
	struct buffer frame = {0};

	for (uint8_t stops_first = 0; stops_first < 2; stops_first++) {
		cite(room, &letters[0], stops_first ? stop : offer, 1 + stops_first, BASIS_LAW);
		cite(room, &letters[1], stops_first ? offer : stop, 1 + stops_first, BASIS_LAW);
		for (unsigned i = 0; i < 2; i++) {
			buffer_reset(&frame);
			frame_submit(bytes_of_buffer(&letters[i].body), 1 + i, &frame);
			intake_take(&room->intake, &school, bytes_of_buffer(&frame));
		}
		assert_int_equal(room_turn(room), 2);
		room_sent(room, 0, COMMAND_ACCEPTED);
		room_sent(room, 1, stops_first ? COMMAND_REFUSED : COMMAND_ACCEPTED);
		assert_cited(room, &school, offer, 1 + stops_first, STATUS_STOPPED);
		letter_free(&letters[0]);
		letter_free(&letters[1]);
	}
	buffer_free(&frame);
}

static void
an_answer_is_stopped_with_the_ground_of_what_it_answers(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct letter offer, letter[3];

	cite(room, &offer, MESSAGE_REFERRAL_OFFER, 1, BASIS_LAW);
	letter_submit(room, &school, &offer);
	answer_to(room, &letter[0], &offer);
	assert_int_equal(letter_submit(room, &officer, &letter[0]), 1);
	answer_to(room, &letter[1], &letter[0]);
	assert_int_equal(letter_submit(room, &school, &letter[1]), 1);
	room_sent(room, 0, COMMAND_ACCEPTED);
	assert_cited(room, &school, MESSAGE_GROUND_STOP, 1, STATUS_OK);
	for (unsigned i = 0; i < 2; i++) {
		answer_to(room, &letter[2], i == 0 ? &offer : &letter[1]);
		letter_submit(room, &officer, &letter[2]);
		assert_int_equal(room_refused(room, STATUS_STOPPED).recipient, 0);
		letter_free(&letter[2]);
	}
	answer_to(room, &letter[2], &letter[0]);
	letter_submit(room, &school, &letter[2]);
	assert_int_equal(room_refused(room, STATUS_STOPPED).recipient, 0);
	letter_free(&offer);
	for (unsigned i = 0; i < 3; i++)
		letter_free(&letter[i]);
}

static void
an_answer_to_what_needs_no_ground_needs_none(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct letter told, reply;

	letter_start(room, &told, "school", to_police, 1);
	told.header.recipients[0].basis = BASIS_NONE;
	letter_seal(&told, MESSAGE_GROUND_STOP_ANSWER, SCHOOL_KEYS);
	letter_submit(room, &school, &told);
	answer_as(room, MESSAGE_REFERRAL_REVIEW_OPENED, &reply, &told);
	assert_int_equal(letter_submit(room, &officer, &reply), 1);
	room_sent(room, 0, COMMAND_ACCEPTED);
	letter_free(&told);
	letter_free(&reply);
}

static void
without_a_ground_an_answer_shows_acts_alone(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct peer officer = room_connect(room, "police", 2);
	struct letter told, reply;

	letter_start(room, &told, "school", to_police, 1);
	told.header.recipients[0].basis = BASIS_NONE;
	letter_seal(&told, MESSAGE_GROUND_STOP_ANSWER, SCHOOL_KEYS);
	letter_submit(room, &school, &told);
	answer_to(room, &reply, &told);
	letter_submit(room, &officer, &reply);
	assert_int_equal(room_refused(room, STATUS_NO_BASIS).recipient, 0);
	letter_free(&told);
	letter_free(&reply);
}

static void
a_chain_of_answers_has_an_end(void **state)
{
	struct broker_room *room = *state;
	struct peer peers[2] = {
	    room_connect(room, "police", 2), room_connect(room, "school", 1)};
	struct letter letter, reply;

	cite(room, &letter, MESSAGE_REFERRAL_OFFER, 1, BASIS_LAW);
	letter_submit(room, &peers[1], &letter);
	for (unsigned i = 0; i < POLICY_REPLIES_MAX; i++) {
		answer_to(room, &reply, &letter);
		assert_int_equal(letter_submit(room, &peers[i % 2], &reply), 1);
		room_sent(room, 0, COMMAND_ACCEPTED);
		letter_free(&letter);
		letter = reply;
	}
	answer_to(room, &reply, &letter);
	letter_submit(room, &peers[POLICY_REPLIES_MAX % 2], &reply);
	assert_int_equal(room_refused(room, STATUS_NO_BASIS).recipient, 0);
	letter_free(&letter);
	letter_free(&reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BROKER_TEST(a_reference_is_its_makers_for_one_recipient_and_class),
	    BROKER_TEST(nothing_is_taken_under_a_reference_after_its_stop),
	    BROKER_TEST(a_receipt_is_given_again_after_the_stop),
	    BROKER_TEST(a_stop_and_a_message_in_one_batch_count_in_their_order),
	    BROKER_TEST(an_answer_is_stopped_with_the_ground_of_what_it_answers),
	    BROKER_TEST(an_answer_to_what_needs_no_ground_needs_none),
	    BROKER_TEST(without_a_ground_an_answer_shows_acts_alone),
	    BROKER_TEST(a_chain_of_answers_has_an_end),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
