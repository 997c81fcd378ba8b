/* tests/unit/test_epochs.c: by whose clock a service seals, publishes keys and destroys them. */
#include "tests/unit/service_room.h"

static struct sealing_epoch
newest_epoch(const char *code)
{
	const struct directory *directory = two.room->w.directory;
	const struct party *party = directory_party(directory, bytes_of_text(code));
	struct sealing_epoch epoch;

	assert_int_equal(
	    directory_sealing_epoch(directory, party,
		directory_epochs(directory, party, KEY_SEALING), UINT64_MAX - 1, &epoch),
	    STATUS_OK);
	return epoch;
}

/* Borrows from the journal until it is asked again. */
static struct envelope_header
accepted(void)
{
	struct bytes view;
	struct leaf leaf;

	for (uint64_t i = journal_size(two.room->journal); i > 0; i--) {
		assert_int_equal(journal_leaf(two.room->journal, i - 1, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		if (leaf.kind == LEAF_ACCEPTED)
			return leaf.header;
	}
	fail_msg("nothing was accepted");
	return (struct envelope_header){0};
}

/* However far a clock jumps ahead, and whoever says the same: the log does not. */
static void
no_key_is_destroyed_before_the_log_itself_is_past_its_end(void **state)
{
	char task[33];

	(void)state;
	two.police.clock_ahead = 40 * (int64_t)DAY_MS;
	two.police.broker_agrees = true;
	for (unsigned i = 0; i < 5; i++)
		pass(EPOCHS_QUIET_MS);
	assert_non_null(epochs_key(two.police.service, 2));
	two.police.clock_ahead = 0;
	line_restart(&two.police);
	refer("urgent", task);
	settle();
	assert_state(&two.police, task, "offered");
}

static void
a_clock_ahead_of_the_brokers_publishes_no_key_ahead(void **state)
{
	(void)state;
	two.police.clock_ahead = 25 * (int64_t)DAY_MS;
	line_restart(&two.police);
	for (unsigned day = 0; day < 24; day++) {
		pass(DAY_MS);
		issue_head();
	}
	settle();
	assert_int_equal(newest_epoch("police").epoch, 3);
	assert_true(newest_epoch("police").not_before_ms <= two.room->w.now_ms);
}

static void
a_clock_that_is_wrong_is_put_right_by_the_brokers(void **state)
{
	char task[33];

	(void)state;
	two.school.clock_ahead = 12 * (int64_t)DAY_MS;
	line_restart(&two.school);
	refer("urgent", task);
	settle();
	assert_state(&two.police, task, "offered");
	assert_true(accepted().created_ms <= two.room->w.now_ms);
}

/* Without a broker the log's newest entry says how late it is at least. */
static void
a_clock_behind_the_log_seals_to_no_epoch_that_has_ended(void **state)
{
	char task[33];

	(void)state;
	for (unsigned day = 0; day < 31; day++) {
		pass(DAY_MS);
		issue_head();
	}
	settle();
	two.school.clock_ahead = -20 * (int64_t)DAY_MS;
	line_disconnect(&two.school);
	refer("urgent", task);
	line_connect(&two.school);
	settle();
	assert_state(&two.police, task, "offered");
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 0);
}

/* Sealed while nobody could say that the clock was wrong: sealed anew when it is right. */
static void
what_was_sealed_ahead_of_time_is_sealed_anew_when_the_clock_is_right(void **state)
{
	json_t *request = request_for("urgent"), *answer;
	struct refusal refusal;

	(void)state;
	line_disconnect(&two.school);
	two.school.clock_ahead = 6 * (int64_t)DAY_MS;
	json_object_set_new(request, "expires_days", json_integer(1));
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	line_connect(&two.school);
	settle();
	pass(61 * 1000);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
	assert_true(accepted().created_ms <= two.room->w.now_ms);
	assert_int_equal(accepted().expires_ms - accepted().created_ms, DAY_MS);
	json_decref(request);
	json_decref(answer);
}

static void
evidence_that_was_signed_ahead_of_time_is_signed_anew(void **state)
{
	char task[33];

	(void)state;
	two.police.clock_ahead = 6 * (int64_t)DAY_MS;
	two.police.broker_agrees = true;
	refer("urgent", task);
	settle();
	assert_int_equal(problems(&two.police, "evidence_refused"), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 0);
	two.police.clock_ahead = 0;
	pass(61 * 1000);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
	assert_int_equal(problems(&two.police, "evidence_refused"), 0);
}

/* A time to try again that a wrong clock set does not outlive it. */
static void
a_retry_set_by_a_wrong_clock_does_not_wait_for_it(void **state)
{
	char task[33];

	(void)state;
	two.room->intake.mailbox_entries = 0;
	two.school.clock_ahead = 6 * (int64_t)DAY_MS;
	refer("urgent", task);
	settle();
	assert_state(&two.school, task, "pending");
	two.room->intake.mailbox_entries = 100;
	two.school.clock_ahead = 0;
	pass(60 * 1000);
	assert_state(&two.school, task, "offered");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(no_key_is_destroyed_before_the_log_itself_is_past_its_end),
	    SERVICE_TEST(a_clock_ahead_of_the_brokers_publishes_no_key_ahead),
	    SERVICE_TEST(a_clock_that_is_wrong_is_put_right_by_the_brokers),
	    SERVICE_TEST(a_clock_behind_the_log_seals_to_no_epoch_that_has_ended),
	    SERVICE_TEST(what_was_sealed_ahead_of_time_is_sealed_anew_when_the_clock_is_right),
	    SERVICE_TEST(evidence_that_was_signed_ahead_of_time_is_signed_anew),
	    SERVICE_TEST(a_retry_set_by_a_wrong_clock_does_not_wait_for_it),
	};

	return cmocka_run_group_tests_name("epochs", tests, NULL, NULL);
}
