/* tests/unit/test_inbox.c: what others send against the rules, and what we signed too early. */
#include "tests/unit/service_room.h"

#include "protocol/trust/profile.h"
#include "services/runtime/exchange/case_file.h"

/* ---- Letters by hand --------------------------------------------------------------------- */

struct lie {
	category_set allowed; /* what of it is shown */
	const char *urgency;
	uint64_t applied;
	const char *purpose; /* NULL: as ever */
};

/* The court's offer to the police; the police can open it. */
static void
send_offer(struct lie lie)
{
	const struct broker_room *room = two.room;
	const struct party *police =
	    directory_party(room->w.directory, bytes_of_text("police"));
	const char *to = "police";
	struct envelope_seal_to seal = {.allowed = lie.allowed};
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
	    content_set_text(&content, FIELD_URGENCY, bytes_of_text(lie.urgency)), STATUS_OK);
	assert_int_equal(content_set_uint(&content, FIELD_APPLIED, lie.applied), STATUS_OK);
	if (lie.purpose != NULL)
		assert_int_equal(
		    content_set_text(&content, FIELD_PURPOSE, bytes_of_text(lie.purpose)),
		    STATUS_OK);
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
	send_offer((struct lie){profile_allows("", "state_police"), "urgent", 0, NULL});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
}

/* SPEC 4.4: that a field outside the profile is empty is not for the recipient either. */
static void
a_field_outside_the_profile_may_not_even_be_shown_as_absent(void **state)
{
	(void)state;
	send_offer((struct lie){CATEGORY_ALL, "urgent", 0, NULL});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_OUTSIDE_PROFILE);
}

/* SPEC 11: what is not urgent comes as a preview, and its content when it is opened for review. */
static void
an_offer_of_normal_urgency_that_shows_acts_alone_is_taken(void **state)
{
	(void)state;
	send_offer((struct lie){CATEGORY_BIT(CATEGORY_ACT), "normal", 0, NULL});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_DELIVERED), 1);
}

static void
content_that_came_with_a_normal_offer_is_outside_the_profile(void **state)
{
	(void)state;
	send_offer((struct lie){profile_allows("", "state_police"), "normal", 0, NULL});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_OUTSIDE_PROFILE);
	send_offer((struct lie){CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_PROCEEDINGS),
	    "normal", 0, NULL});
	assert_int_equal(reason_given(), STATUS_OUTSIDE_PROFILE);
}

static void
what_opens_a_task_has_applied_nothing(void **state)
{
	(void)state;
	send_offer((struct lie){CATEGORY_BIT(CATEGORY_ACT), "normal", 1, NULL});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_BAD_CONTENT);
}

/* An incident's profile lets the police have what a referral's does not. */
static void
a_purpose_that_is_another_messages_does_not_widen_the_profile(void **state)
{
	(void)state;
	send_offer(
	    (struct lie){profile_allows("incident", "state_police"), "urgent", 0, "incident"});
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_BAD_CONTENT);
}

/* ---- What a reply says it knew ----------------------------------------------------------- */

static struct task_row
row_of(struct line *line, const char *task)
{
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row;
}

/* Where in the log the message of TYPE stands. */
static uint64_t
index_of(struct line *line, const char *task, enum message type)
{
	struct task_row row = row_of(line, task);
	struct case_history history;
	uint64_t found = UINT64_MAX;

	assert_int_equal(case_file_history(line->service, &row, &history), STATUS_OK);
	for (size_t i = 0; i < history.count; i++)
		if (history.rows[i].what == EVENT_MESSAGE && history.rows[i].type == type)
			found = history.rows[i].index;
	case_file_history_free(&history);
	assert_int_not_equal(found, UINT64_MAX);
	return found;
}

/* An accepted referral; the school then believes that the acceptance stood at INDEX. */
static void
misplace(const char *task, uint64_t index)
{
	struct event_row row;

	assert_int_equal(event_store_at(two.school.service->db,
			     index_of(&two.school, task, MESSAGE_REFERRAL_ACCEPT), &row),
	    STATUS_OK);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    event_store_set_index(two.school.service->db, row.n, index, row.time_ms),
	    STATUS_OK);
	service_commit(two.school.service, "test");
}

static void
accepted(char task[33])
{
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
}

static void
cancel(const char *task)
{
	assert_int_equal(answer_with(&two.school, task, "cancel",
			     json_pack("{s:s}", "cancel_reason", "no_longer_needed")),
	    STATUS_OK);
	settle();
}

static void
assert_bad_applied(const char *task)
{
	cancel(task);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(reason_given(), STATUS_BAD_CONTENT);
	assert_state(&two.police, task, "accepted");
}

static void
who_has_applied_what_was_sent_is_believed(void **state)
{
	char task[33];

	(void)state;
	accepted(task);
	cancel(task);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 0);
	assert_state(&two.police, task, "cancel_requested");
}

static void
nobody_has_applied_what_stands_nowhere(void **state)
{
	char task[33];

	(void)state;
	accepted(task);
	misplace(task, 3);
	assert_bad_applied(task);
}

static void
nobody_has_applied_what_stands_behind_its_own_message(void **state)
{
	char task[33];

	(void)state;
	accepted(task);
	misplace(task, 1000000);
	assert_bad_applied(task);
}

static void
nobody_has_applied_a_message_of_another_task(void **state)
{
	char other[33], task[33];
	uint64_t elsewhere;

	(void)state;
	accepted(other);
	accepted(task);
	elsewhere = index_of(&two.police, other, MESSAGE_REFERRAL_ACCEPT);
	/* There can be one entry at a place in the school's own database, too. */
	misplace(other, 3);
	misplace(task, elsewhere);
	assert_bad_applied(task);
}

/* A reply can be here before the receipt of what it replies to. */
static void
what_awaits_its_receipt_may_have_been_applied(void **state)
{
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	service_tick(two.police.service);
	arrivals_run(two.police.service);
	two.police.up = false; /* it hears no more, and is killed */
	for (unsigned i = 0; i < two.police.count; i++) {
		room_take(two.room, &two.police.peer, bytes_of_buffer(&two.police.queue[i]));
		carry();
	}
	line_kill(&two.police);
	settle();
	assert_state(&two.school, task, "accepted");
	cancel(task);
	line_start(&two.police);
	line_connect(&two.police);
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 0);
	assert_state(&two.police, task, "cancel_requested");
	assert_state(&two.school, task, "cancel_requested");
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
	    SERVICE_TEST(a_purpose_that_is_another_messages_does_not_widen_the_profile),
	    SERVICE_TEST(an_offer_of_normal_urgency_that_shows_acts_alone_is_taken),
	    SERVICE_TEST(content_that_came_with_a_normal_offer_is_outside_the_profile),
	    SERVICE_TEST(what_opens_a_task_has_applied_nothing),
	    SERVICE_TEST(who_has_applied_what_was_sent_is_believed),
	    SERVICE_TEST(nobody_has_applied_what_stands_nowhere),
	    SERVICE_TEST(nobody_has_applied_what_stands_behind_its_own_message),
	    SERVICE_TEST(nobody_has_applied_a_message_of_another_task),
	    SERVICE_TEST(what_awaits_its_receipt_may_have_been_applied),
	    SERVICE_TEST(evidence_of_a_revoked_key_is_signed_anew_with_the_new_one),
	    SERVICE_TEST(a_refusal_without_an_id_ends_the_message_it_answers),
	    SERVICE_TEST(one_entry_that_cannot_be_taken_in_stops_no_other),
	    SERVICE_TEST(what_had_no_effect_was_shown_to_nobody_and_is_not_signed_as_read),
	};

	return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
