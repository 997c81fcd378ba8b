/* tests/unit/test_service.c: messages between two services over a real broker's rooms. */
#include "tests/unit/service_room.h"

/* ---- The story --------------------------------------------------------------------------- */

static void
an_ordinary_referral_goes_its_whole_way_and_both_sides_agree(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	assert_state(&two.school, task, "pending");
	settle();
	assert_state(&two.school, task, "offered");
	assert_state(&two.police, task, "offered");
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.police, task, "accept", explained("due", "2026-12-01")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "accepted");
	assert_int_equal(answer_with(&two.police, task, "outcome",
			     explained("outcome", "neglect_proceedings")),
	    STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.school, task, "close", explained("outcome", "goal_reached")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "closed");
	assert_state(&two.police, task, "closed");
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 6);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 6);
	assert_true(two.school.changes > 0 && two.police.changes > 0);
}

/* What may not go is never sealed to a recipient, and the rest not before it is reviewed. */
static void
content_goes_after_the_review_opened_and_only_what_the_profile_allows(void **state)
{
	char task[33];
	json_t *shown;

	(void)state;
	refer("normal", task);
	settle();
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "concern"));
	assert_false(shows(shown, "fields", "child_name"));
	assert_true(shows(shown, "withheld", "child_name"));
	json_decref(shown);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "child_name"));
	assert_true(shows(shown, "fields", "offence"));
	assert_false(shows(shown, "fields", "learning"));
	assert_true(shows(shown, "withheld", "learning"));
	assert_false(shows(shown, "withheld", "child_name"));
	json_decref(shown);
	shown = show_to(&two.school, &anna, task);
	assert_true(shows(shown, "fields", "learning"));
	assert_true(shows(shown, "withheld", "learning"));
	json_decref(shown);
}

static void
urgent_content_goes_at_once_and_may_be_accepted_at_once(void **state)
{
	char task[33];
	json_t *shown;

	(void)state;
	refer("urgent", task);
	settle();
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "child_name"));
	assert_false(shows(shown, "fields", "learning"));
	json_decref(shown);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	assert_state(&two.school, task, "accepted");
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 2);
}

/* ---- Restarts, losses and repetitions ---------------------------------------------------- */

/* Invariants 1 and 2: at any instant a process may end, and nothing is lost or done twice. */
static void
a_restart_after_every_step_changes_nothing(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	line_restart(&two.school);
	settle();
	line_restart(&two.police);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	line_restart(&two.police);
	line_restart(&two.school);
	settle();
	line_restart(&two.school);
	settle();
	assert_state(&two.school, task, "under_review");
	assert_int_equal(steps_at(&two.police, task, "referral_release"), 1);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	line_restart(&two.police);
	settle();
	assert_state(&two.school, task, "accepted");
	assert_state(&two.police, task, "accepted");
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 4);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 4);
}

static void
a_receipt_that_was_lost_is_given_again_for_the_same_message(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	/* It reaches the broker; the answer does not come back. */
	service_tick(two.school.service);
	arrivals_run(two.school.service);
	for (unsigned i = 0; i < two.school.count; i++)
		room_take(two.room, &two.school.peer, bytes_of_buffer(&two.school.queue[i]));
	line_disconnect(&two.school);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 1);
	assert_state(&two.school, task, "pending");
	line_connect(&two.school);
	settle();
	assert_state(&two.school, task, "offered");
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 1);
}

static void
an_entry_delivered_again_is_answered_with_the_evidence_signed_before(void **state)
{
	struct evidence_row row;
	char task[33];
	struct buffer before = {0}, after = {0}, proof = {0};

	(void)state;
	refer("normal", task);
	line_work(&two.school);
	/* Applied and signed, but the evidence does not leave. */
	room_turn(two.room);
	carry();
	service_tick(two.police.service);
	arrivals_run(two.police.service);
	assert_state(&two.police, task, "offered");
	assert_int_equal(
	    outbox_store_evidence_after(two.police.service->db, 0, &row), STATUS_OK);
	assert_int_equal(
	    outbox_store_evidence_bytes(two.police.service->db, row.n, &before, &proof),
	    STATUS_OK);
	line_disconnect(&two.police);
	two.room->w.now_ms += 1000;
	line_connect(&two.police);
	settle();
	assert_int_equal(
	    outbox_store_evidence_bytes(two.police.service->db, row.n, &after, &proof),
	    STATUS_OK);
	assert_true(bytes_equal(bytes_of_buffer(&before), bytes_of_buffer(&after)));
	assert_int_equal(steps_at(&two.police, task, "referral_offer"), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
	assert_int_equal(steps_at(&two.school, task, "delivered"), 1);
	assert_int_equal(problems(&two.police, "unreadable"), 0);
	assert_int_equal(problems(&two.police, "evidence_refused"), 0);
	buffer_free(&before);
	buffer_free(&after);
	buffer_free(&proof);
}

/* As after a sleep, when what the broker handed out and what it repeated lie there together. */
static void
an_entry_that_comes_twice_in_one_batch_is_taken_once(void **state)
{
	unsigned count;
	char task[33];

	(void)state;
	refer("normal", task);
	service_tick(two.school.service);
	arrivals_run(two.school.service);
	for (unsigned i = 0; i < two.school.count; i++) {
		count = room_take(
		    two.room, &two.school.peer, bytes_of_buffer(&two.school.queue[i]));
		carry();
		two.room->sent_count = count;
		carry();
	}
	two.school.count = 0;
	settle();
	assert_state(&two.police, task, "offered");
	assert_int_equal(steps_at(&two.police, task, "referral_offer"), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
	assert_int_equal(problems(&two.police, "bad_proof"), 0);
}

static void
what_waits_goes_out_by_itself_when_the_broker_is_back(void **state)
{
	char task[5][33];

	(void)state;
	line_disconnect(&two.school);
	for (unsigned i = 0; i < 5; i++)
		refer("normal", task[i]);
	settle();
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
	assert_int_equal(steps_at(&two.school, task[0], "queued"), 1);
	line_connect(&two.school);
	settle();
	for (unsigned i = 0; i < 5; i++)
		assert_state(&two.police, task[i], "offered");
	assert_int_equal(steps_at(&two.school, task[0], "queued"), 0);
	assert_int_equal(problems(&two.police, "gap"), 0);
}

/* ---- What the broker refuses ------------------------------------------------------------- */

static void
a_full_mailbox_is_tried_again_later_and_shown_meanwhile(void **state)
{
	char task[33];
	json_t *shown;

	(void)state;
	line_disconnect(&two.police);
	two.room->intake.mailbox_entries = 0;
	refer("normal", task);
	settle();
	assert_state(&two.school, task, "pending");
	shown = show_to(&two.school, &auditor, task);
	assert_int_equal(count_steps(shown, "queued"), 1);
	assert_non_null(
	    strstr(text(json_array_get(json_object_get(shown, "timeline"), 1), "detail"),
		"mailbox_full"));
	json_decref(shown);
	two.room->intake.mailbox_entries = 100;
	assert_true(arrivals_next_ms(two.school.service) > two.room->w.now_ms);
	pass(5 * 60 * 1000);
	assert_state(&two.school, task, "offered");
}

static void
revoke_sealing(uint64_t epoch)
{
	struct statement s = {.kind = STATEMENT_REVOKE,
	    .party = bytes_of_text("police"),
	    .purpose = KEY_SEALING,
	    .epoch = epoch,
	    .since_ms = two.room->w.now_ms,
	    .reason = bytes_of_text("lost"),
	    .signing_epoch = 1};
	struct signing_key key = world_signing(POLICE_KEYS);

	world_make(&two.room->w, &s, &(struct by){SIGNER_PARTY, &key}, 1);
	room_state(two.room);
	room_turn(two.room);
}

static void
what_is_sealed_to_a_revoked_key_is_sealed_anew_under_a_new_id(void **state)
{
	char task[33], first[33];
	json_t *shown;

	(void)state;
	refer("urgent", task);
	shown = show_to(&two.school, &anna, task);
	snprintf(first, sizeof(first), "%s",
	    text(json_array_get(json_object_get(shown, "timeline"), 0), "message"));
	json_decref(shown);
	/* Epoch 2 is the service's own; epoch 1 the room's, whose key nobody has. */
	revoke_sealing(1);
	revoke_sealing(2);
	settle();
	pass(2 * 60 * 1000);
	pass(2 * 60 * 1000);
	assert_state(&two.school, task, "offered");
	shown = show_to(&two.school, &anna, task);
	assert_string_not_equal(
	    text(json_array_get(json_object_get(shown, "timeline"), 0), "message"), first);
	json_decref(shown);
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "child_name"));
	json_decref(shown);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 1);
}

static void
an_offer_whose_time_was_over_before_it_left_is_shown_as_refused(void **state)
{
	char task[33];

	(void)state;
	line_disconnect(&two.school);
	refer("normal", task);
	two.room->w.now_ms += 31 * DAY_MS;
	two.room->boot_ms += 31 * DAY_MS;
	journal_turn(two.room->journal, two.room->w.now_ms, two.room->boot_ms);
	line_connect(&two.school);
	settle();
	assert_state(&two.school, task, "refused");
	assert_int_equal(steps_at(&two.school, task, "refused"), 1);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
}

static void
an_offer_that_nobody_took_expires_on_the_senders_screen(void **state)
{
	char task[33];

	(void)state;
	line_disconnect(&two.police);
	refer("normal", task);
	settle();
	assert_state(&two.school, task, "offered");
	for (unsigned day = 0; day < 32; day++)
		pass(DAY_MS);
	assert_state(&two.school, task, "expired");
	assert_int_equal(steps_at(&two.school, task, "expired"), 1);
}

/* The recipient never had it, but its sender counts it: the broker's evidence fills the place. */
static void
a_message_that_ran_out_unseen_leaves_no_gap_in_the_chain(void **state)
{
	json_t *request = request_for("normal"), *answer;
	struct envelope_chain sent, received;
	struct refusal refusal;
	char task[33];

	(void)state;
	line_disconnect(&two.police);
	json_object_set_new(request, "expires_days", json_integer(1));
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	json_decref(request);
	json_decref(answer);
	settle();
	pass(2 * DAY_MS);
	assert_int_equal(logged(LEAF_BROKER_EVIDENCE, EVIDENCE_EXPIRED), 1);
	refer("normal", task);
	settle();
	line_connect(&two.police);
	settle();
	assert_state(&two.police, task, "offered");
	assert_int_equal(problems(&two.police, "gap"), 0);
	assert_int_equal(
	    chain_store_head(two.school.service->db, CHAIN_SENT, "police", &sent), STATUS_OK);
	assert_int_equal(
	    chain_store_head(two.police.service->db, CHAIN_RECEIVED, "school", &received),
	    STATUS_OK);
	assert_int_equal(received.count, 2);
	assert_memory_equal(&sent, &received, sizeof(sent));
}

/* ---- What cannot be applied -------------------------------------------------------------- */

static void
a_message_that_cannot_be_opened_is_answered_so_and_the_mailbox_goes_on(void **state)
{
	const char *to = "police";
	struct peer court = room_connect(two.room, "court", 33);
	struct raw_letter closed;
	char task[33];

	(void)state;
	letter_start(two.room, &closed, "court", &to, 1);
	letter_seal(&closed, MESSAGE_REFERRAL_OFFER, COURT_KEYS);
	letter_submit(two.room, &court, &closed);
	carry();
	refer("normal", task);
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(problems(&two.police, "unreadable"), 1);
	assert_state(&two.police, task, "offered");
	letter_free(&closed);
}

/* Hands POLICE the delivery of the school's offer, changed by SPOIL. */
static void
deliver_spoiled(void (*spoil)(struct frame_deliver *deliver))
{
	char task[33];
	unsigned spoiled = 0;

	refer("normal", task);
	arrivals_run(two.school.service);
	assert_int_equal(two.school.count, 1);
	room_take(two.room, &two.school.peer, bytes_of_buffer(&two.school.queue[0]));
	two.school.count = 0;
	for (unsigned i = 0; i < two.room->sent_count; i++) {
		const struct sent *sent = &two.room->sent[i];
		struct frame_deliver deliver;
		struct buffer again = {0};
		struct frame frame;

		if (sent->frame.command != COMMAND_DELIVER) {
			arrivals_frame(two.school.service, &sent->frame);
			continue;
		}
		assert_int_equal(frame_read_deliver(sent->frame.body, &deliver), STATUS_OK);
		spoil(&deliver);
		frame_deliver(&deliver, &again);
		assert_int_equal(frame_parse(bytes_of_buffer(&again), &frame), STATUS_OK);
		arrivals_frame(two.police.service, &frame);
		buffer_free(&again);
		spoiled++;
	}
	two.room->sent_count = 0;
	settle();
	assert_int_equal(spoiled, 1);
}

static void
spoil_path(struct frame_deliver *deliver)
{
	deliver->proven.path.hash[0].byte[0] ^= 1;
}

static void
spoil_index(struct frame_deliver *deliver)
{
	deliver->proven.index ^= 1;
}

static uint8_t spoiled_payload[ENVELOPE_PAYLOAD_MAX];

static void
spoil_part(struct frame_deliver *deliver)
{
	memcpy(spoiled_payload, deliver->part.payload.data, deliver->part.payload.len);
	spoiled_payload[0] ^= 1;
	deliver->part.payload.data = spoiled_payload;
}

static void
nothing_is_applied_or_signed_without_a_proof(void **state)
{
	(void)state;
	deliver_spoiled(spoil_path);
	deliver_spoiled(spoil_index);
	assert_int_equal(problems(&two.police, "bad_proof"), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, 0), 0);
	/* The true entries come with the next session. */
	line_disconnect(&two.police);
	line_connect(&two.police);
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 2);
}

static void
a_part_that_the_log_does_not_know_is_unreadable(void **state)
{
	(void)state;
	deliver_spoiled(spoil_part);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 0);
}

/* ---- Epochs ------------------------------------------------------------------------------ */

static unsigned
kept_epochs(struct line *line)
{
	struct epoch_row row;
	uint64_t from = 0;
	unsigned count = 0;

	while (key_store_epoch_from(line->service->db, from, &row) == STATUS_OK) {
		from = row.epoch + 1;
		count++;
	}
	return count;
}

static void
the_next_epoch_is_made_in_time_and_the_old_private_half_destroyed(void **state)
{
	const struct party *police;
	struct sealing_epoch epoch;

	(void)state;
	assert_int_equal(kept_epochs(&two.police), 1);
	for (unsigned day = 0; day < 24; day++) {
		pass(DAY_MS);
		issue_head();
	}
	settle();
	assert_int_equal(kept_epochs(&two.police), 2);
	police = directory_party(two.room->w.directory, bytes_of_text("police"));
	assert_int_equal(
	    directory_sealing_now(two.room->w.directory, police, two.room->w.now_ms, &epoch),
	    STATUS_OK);
	assert_int_equal(epoch.epoch, 3);
	assert_non_null(epochs_key(two.police.service, 2));
	for (unsigned day = 0; day < 7; day++) {
		pass(DAY_MS);
		issue_head();
	}
	settle();
	pass(2 * EPOCHS_QUIET_MS);
	assert_int_equal(kept_epochs(&two.police), 1);
	assert_null(epochs_key(two.police.service, 2));
	assert_non_null(epochs_key(two.police.service, 3));
}

static void
a_private_half_outlives_a_restart_and_a_session_that_is_not_there(void **state)
{
	(void)state;
	line_disconnect(&two.police);
	for (unsigned day = 0; day < 33; day++)
		pass(DAY_MS);
	assert_int_equal(kept_epochs(&two.police), 1);
	line_restart(&two.police);
	assert_non_null(epochs_key(two.police.service, 2));
	settle();
	pass(2 * EPOCHS_QUIET_MS);
	assert_null(epochs_key(two.police.service, 2));
	assert_non_null(epochs_key(two.police.service, 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(an_ordinary_referral_goes_its_whole_way_and_both_sides_agree),
	    SERVICE_TEST(content_goes_after_the_review_opened_and_only_what_the_profile_allows),
	    SERVICE_TEST(urgent_content_goes_at_once_and_may_be_accepted_at_once),
	    SERVICE_TEST(a_restart_after_every_step_changes_nothing),
	    SERVICE_TEST(a_receipt_that_was_lost_is_given_again_for_the_same_message),
	    SERVICE_TEST(an_entry_delivered_again_is_answered_with_the_evidence_signed_before),
	    SERVICE_TEST(an_entry_that_comes_twice_in_one_batch_is_taken_once),
	    SERVICE_TEST(what_waits_goes_out_by_itself_when_the_broker_is_back),
	    SERVICE_TEST(a_full_mailbox_is_tried_again_later_and_shown_meanwhile),
	    SERVICE_TEST(what_is_sealed_to_a_revoked_key_is_sealed_anew_under_a_new_id),
	    SERVICE_TEST(an_offer_whose_time_was_over_before_it_left_is_shown_as_refused),
	    SERVICE_TEST(an_offer_that_nobody_took_expires_on_the_senders_screen),
	    SERVICE_TEST(a_message_that_ran_out_unseen_leaves_no_gap_in_the_chain),
	    SERVICE_TEST(
		a_message_that_cannot_be_opened_is_answered_so_and_the_mailbox_goes_on),
	    SERVICE_TEST(nothing_is_applied_or_signed_without_a_proof),
	    SERVICE_TEST(a_part_that_the_log_does_not_know_is_unreadable),
	    SERVICE_TEST(the_next_epoch_is_made_in_time_and_the_old_private_half_destroyed),
	    SERVICE_TEST(a_private_half_outlives_a_restart_and_a_session_that_is_not_there),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
