/* tests/unit/test_inbox.c: what others send against the rules, and what we signed too early. */
#include "tests/unit/service_room.h"

#include "protocol/trust/profile.h"
#include "services/runtime/exchange/case_file.h"

/* ---- Letters by hand --------------------------------------------------------------------- */

/* The court's offer to the police, showing ALLOWED of it; the police can open it. */
static void
send_showing(category_set allowed)
{
	const struct broker_room *room = two.room;
	const struct party *police =
	    directory_party(room->w.directory, bytes_of_text("police"));
	const char *to = "police";
	struct envelope_seal_to seal = {.allowed = allowed};
	struct peer court = room_connect(two.room, "court", 33);
	struct sealing_epoch epoch;
	struct content content;
	struct raw_letter raw;
	uint8_t time[8];

	assert_int_equal(
	    directory_sealing_now(room->w.directory, police, room->w.now_ms, &epoch),
	    STATUS_OK);
	memcpy(seal.key, epoch.key, sizeof(seal.key));
	letter_start(two.room, &raw, "court", &to, 1);
	raw.header.recipients[0].sealing_epoch = (uint32_t)epoch.epoch;
	bytes_put_u64(time, raw.header.created_ms);
	memcpy(raw.header.id, time + 2, 6);
	assert_int_equal(content_start(MESSAGE_REFERRAL_OFFER, &content), STATUS_OK);
	set_acts(&content, MESSAGE_REFERRAL_OFFER);
	assert_int_equal(
	    envelope_seal(&raw.header, &content, &seal, &raw.sealed, raw.digest.byte),
	    STATUS_OK);
	content_free(&content);
	letter_sign(&raw, COURT_KEYS);
	letter_submit(two.room, &court, &raw);
	carry();
	settle();
	letter_free(&raw);
}

static enum status
reason_given(void)
{
	struct bytes view;
	struct leaf leaf;

	for (uint64_t i = journal_size(two.room->journal); i > 0; i--) {
		assert_int_equal(journal_leaf(two.room->journal, i - 1, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		if (leaf.kind == LEAF_EVIDENCE)
			return leaf.evidence.reason;
	}
	fail_msg("no evidence");
	return STATUS_OK;
}

static void
what_the_profile_allows_may_be_shown(void **state)
{
	(void)state;
	send_showing(profile_allows("", "state_police"));
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
}

/* SPEC 4.4: that a field outside the profile is empty is not for the recipient either. */
static void
a_field_outside_the_profile_may_not_even_be_shown_as_absent(void **state)
{
	(void)state;
	send_showing(CATEGORY_ALL);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_OUTSIDE_PROFILE);
}

/* ---- Evidence of ours -------------------------------------------------------------------- */

/* The police changes its signing key, and the old one is revoked. */
static void
rotate(struct signing_key *next)
{
	struct signing_key old = world_signing(POLICE_KEYS);
	struct statement s = {.kind = STATEMENT_SIGNING_KEY,
	    .party = bytes_of_text("police"),
	    .epoch = 2,
	    .signing_epoch = 1};
	struct statement revoke = {.kind = STATEMENT_REVOKE,
	    .party = bytes_of_text("police"),
	    .purpose = KEY_SIGNING,
	    .epoch = 1,
	    .since_ms = two.room->w.now_ms,
	    .reason = bytes_of_text("lost"),
	    .signing_epoch = 2};

	*next = world_signing(POLICE_KEYS + 50);
	memcpy(s.key, next->public, sizeof(s.key));
	world_make(
	    &two.room->w, &s, (struct by[]){{SIGNER_PARTY, &old}, {SIGNER_NEW_KEY, next}}, 2);
	room_state(two.room);
	world_make(&two.room->w, &revoke, &(struct by){SIGNER_PARTY, next}, 1);
	room_state(two.room);
	room_turn(two.room);
}

static void
evidence_of_a_revoked_key_is_signed_anew_with_the_new_one(void **state)
{
	struct signing_key next;
	char task[33];

	(void)state;
	refer("normal", task);
	line_work(&two.school);
	/* Applied and signed, but the evidence does not leave before the key is revoked. */
	room_turn(two.room);
	carry();
	service_tick(two.police.service);
	arrivals_run(two.police.service);
	line_disconnect(&two.police);
	rotate(&next);
	line_connect(&two.police);
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 0);
	assert_int_equal(problems(&two.police, "evidence_refused"), 1);
	/* The new key is put in its place. */
	two.police.keys.key[two.police.keys.count++] = &next;
	line_restart(&two.police);
	settle();
	pass(2 * 60 * 1000);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
	assert_int_equal(steps_at(&two.school, task, "delivered"), 1);
	assert_int_equal(problems(&two.police, "evidence_refused"), 0);
}

/* A broker that cannot read a message names no id; sent again at once it would go for ever. */
static void
a_refusal_without_an_id_ends_the_message_it_answers(void **state)
{
	struct frame_refused refused = {.code = STATUS_MALFORMED};
	struct buffer bytes = {0};
	struct frame frame;
	char task[33];

	(void)state;
	refer("normal", task);
	arrivals_run(two.school.service);
	assert_int_equal(two.school.count, 1);
	assert_int_equal(frame_parse(bytes_of_buffer(&two.school.queue[0]), &frame), STATUS_OK);
	two.school.count = 0;
	frame_refused(&refused, frame.request, &bytes);
	assert_int_equal(frame_parse(bytes_of_buffer(&bytes), &frame), STATUS_OK);
	arrivals_frame(two.school.service, &frame);
	settle();
	assert_state(&two.school, task, "refused");
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
	buffer_free(&bytes);
}

/* ---- What cannot be taken in -------------------------------------------------------------- */

static void
one_entry_that_cannot_be_taken_in_stops_no_other(void **state)
{
	struct task_row row;
	char task[33], next[33];
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	refer("normal", task);
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(two.school.service->db, id, &row), STATUS_OK);
	settle();
	/* A history longer than any can be: nothing can be added to it. */
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	for (uint64_t i = 0; i < EVENT_TASK_MAX; i++)
		assert_int_equal(
		    case_file_add_note(two.school.service, &(struct event_row){.task_n = row.n,
							       .what = EVENT_WITHHELD,
							       .own = true,
							       .index = 100000 + i}),
		    STATUS_OK);
	service_commit(two.school.service, "test");
	refer("normal", next);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	json_decref(show_to(&two.police, &anna, next));
	settle();
	assert_int_equal(problems(&two.school, "stuck"), 1);
	assert_int_equal(steps_at(&two.school, next, "delivered"), 1);
	assert_int_equal(steps_at(&two.school, next, "read"), 1);
}

/* ---- Reading ----------------------------------------------------------------------------- */

static void
what_had_no_effect_was_shown_to_nobody_and_is_not_signed_as_read(void **state)
{
	struct task_row row;
	struct case_history history;
	char task[33];
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	refer("urgent", task);
	settle();

	assert_int_equal(
	    answer_with(&two.police, task, "decline",
		json_pack("{s:s, s:s}", "decline_reason", "no_capacity", "explanation", "Nē")),
	    STATUS_OK);
	settle();
	json_decref(show_to(&two.school, &anna, task));
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_READ), 1);
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(two.school.service->db, id, &row), STATUS_OK);
	/* As if a second decline had come: kept in the history, without effect. */
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    case_file_add_note(two.school.service, &(struct event_row){.task_n = row.n,
						       .what = EVENT_MESSAGE,
						       .type = MESSAGE_REFERRAL_DECLINE,
						       .message = {9},
						       .index = 100000,
						       .time_ms = now()}),
	    STATUS_OK);
	service_commit(two.school.service, "test");
	assert_int_equal(case_file_history(two.school.service, &row, &history), STATUS_OK);
	assert_int_equal(history.task.void_steps, 1);
	case_file_history_free(&history);
	json_decref(show_to(&two.school, &anna, task));
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_READ), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(what_the_profile_allows_may_be_shown),
	    SERVICE_TEST(a_field_outside_the_profile_may_not_even_be_shown_as_absent),
	    SERVICE_TEST(evidence_of_a_revoked_key_is_signed_anew_with_the_new_one),
	    SERVICE_TEST(a_refusal_without_an_id_ends_the_message_it_answers),
	    SERVICE_TEST(one_entry_that_cannot_be_taken_in_stops_no_other),
	    SERVICE_TEST(what_had_no_effect_was_shown_to_nobody_and_is_not_signed_as_read),
	};

	return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
