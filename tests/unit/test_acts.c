/* tests/unit/test_acts.c: what people at the desk may do and see. */
#include "services/runtime/acts/acts_inside.h"
#include "tests/unit/service_room.h"

/* ---- Referring ----------------------------------------------------------------------------- */

static void
a_preview_says_what_goes_and_stays_and_stores_and_sends_nothing(void **state)
{
	json_t *request = request_for("normal"), *answer, *task;
	struct acts_query query = {.box = "all", .limit = 10};
	struct refusal refusal;

	(void)state;
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, true, &answer, &refusal), STATUS_OK);
	task = json_array_get(json_object_get(answer, "tasks"), 0);
	assert_null(json_object_get(task, "message"));
	assert_null(json_object_get(task, "task"));
	assert_int_equal(json_array_size(json_object_get(task, "goes")), 7);
	assert_int_equal(json_array_size(json_object_get(task, "stays")), 8);
	json_decref(answer);
	json_decref(request);
	settle();
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
	assert_int_equal(
	    acts_tasks(two.school.service, &anna, &query, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
	json_decref(answer);
}

/* ---- Refusals at the desk ---------------------------------------------------------------- */

static void
assert_refused(json_t *request, enum status status, const char *field)
{
	struct refusal refusal = {0};
	json_t *answer;

	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal), status);
	assert_null(answer);
	assert_string_equal(refusal.field, field);
	assert_true(refusal.detail[0] != '\0');
	json_decref(request);
}

static json_t *
changed(const char *name, json_t *value)
{
	json_t *request = request_for("normal");

	json_object_set_new(request, name, value);
	return request;
}

static void
a_request_at_fault_is_refused_by_the_name_of_the_field(void **state)
{
	json_t *request;

	(void)state;
	assert_refused(changed("to", json_array()), STATUS_ARGUMENT, "to");
	assert_refused(changed("to", json_pack("[s]", "nobody")), STATUS_UNKNOWN_PARTY, "to");
	assert_refused(changed("to", json_pack("[s]", "school")), STATUS_NOT_PERMITTED, "to");
	assert_refused(
	    changed("to", json_pack("[s,s]", "police", "police")), STATUS_BAD_RECIPIENTS, "to");
	assert_refused(changed("basis", json_string("none")), STATUS_NO_BASIS, "basis");
	assert_refused(changed("basis", json_string("consent")), STATUS_NO_BASIS, "ground");
	assert_refused(changed("urgency", json_string("soon")), STATUS_ARGUMENT, "urgency");
	assert_refused(changed("urgency", json_null()), STATUS_ARGUMENT, "urgency");
	assert_refused(changed("concern", json_string("x")), STATUS_ARGUMENT, "concern");
	assert_refused(changed("reference", json_string("12")), STATUS_ARGUMENT, "reference");
	assert_refused(
	    changed("expires_days", json_integer(31)), STATUS_ARGUMENT, "expires_days");
	assert_refused(changed("child_name", json_string("A")), STATUS_ARGUMENT, "child_name");
	assert_refused(changed("task", json_string("A")), STATUS_ARGUMENT, "task");
	assert_refused(changed("no_such", json_string("A")), STATUS_ARGUMENT, "no_such");
	request = request_for("normal");
	json_object_set_new(
	    json_object_get(request, "content"), "purpose", json_string("safety"));
	assert_refused(request, STATUS_ARGUMENT, "purpose");
	request = request_for("normal");
	json_object_set_new(
	    json_object_get(request, "content"), "absence_lessons", json_string("34"));
	assert_refused(request, STATUS_ARGUMENT, "absence_lessons");
	request = request_for("normal");
	json_object_set_new(
	    json_object_get(request, "content"), "learning", json_string("forbidden"));
	assert_refused(request, STATUS_ARGUMENT, "");
	settle();
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
}

static void
a_step_out_of_turn_or_of_the_wrong_role_or_side_is_refused(void **state)
{
	struct refusal refusal;
	char task[33];
	json_t *answer;

	(void)state;
	refer("normal", task);
	settle();
	assert_int_equal(answer_with(&two.school, task, "review", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "close", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "steal", NULL), STATUS_NOT_FOUND);
	/* Whose role has no such step is told so of any task, of one that is not there, too. */
	assert_int_equal(
	    acts_answer(two.police.service, &zane, task, "review", NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    acts_answer(two.police.service, &zane, "00000000000000000000000000000000", "review",
		NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.police, task, "decline", explained("decline_reason", "waitlist")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     json_pack("{s:s}", "decline_reason", "no_capacity")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	assert_int_equal(
	    answer_with(&two.police, task, "outcome", explained("outcome", "placement")),
	    STATUS_NOT_PERMITTED);
}

static void
nothing_new_is_sealed_when_the_directorys_head_is_old(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	settle();
	pass(DIRECTORY_HEAD_STOP_MS + 1000);
	assert_refused(request_for("normal"), STATUS_STALE_DIRECTORY, "");
	assert_int_equal(
	    answer_with(&two.police, task, "review", NULL), STATUS_STALE_DIRECTORY);
	issue_head();
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
}

/* ---- The steps of a task ----------------------------------------------------------------- */

static void
assert_both(const char *task, const char *wanted)
{
	settle();
	assert_state(&two.school, task, wanted);
	assert_state(&two.police, task, wanted);
}

static void
take_on(char task[33])
{
	refer("normal", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	assert_both(task, "under_review");
}

static json_t *
coded(const char *field, const char *code)
{
	return json_pack("{s:s}", field, code);
}

static void
work_may_start_rest_and_go_on_before_its_outcome(void **state)
{
	char task[33];

	(void)state;
	take_on(task);
	assert_int_equal(answer_with(&two.police, task, "start", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	assert_both(task, "accepted");
	assert_int_equal(answer_with(&two.police, task, "start", NULL), STATUS_OK);
	assert_both(task, "in_progress");
	assert_int_equal(
	    answer_with(&two.police, task, "hold", coded("hold_reason", "child_away")),
	    STATUS_ARGUMENT);
	assert_int_equal(
	    answer_with(&two.police, task, "hold",
		json_pack("{s:s, s:s}", "hold_reason", "child_away", "until", "2027-01-10")),
	    STATUS_OK);
	assert_both(task, "on_hold");
	assert_int_equal(answer_with(&two.school, task, "resume", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "resume", NULL), STATUS_OK);
	assert_both(task, "in_progress");
	assert_int_equal(
	    answer_with(&two.police, task, "outcome", explained("outcome", "goal_reached")),
	    STATUS_OK);
	assert_both(task, "outcome_reported");
}

static unsigned
count_fields(struct line *line, const char *task, const char *name)
{
	json_t *shown = show_to(line, &anna, task);
	const json_t *one;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(shown, "fields"), i, one)
	{
		count += strcmp(text(one, "name"), name) == 0;
	}
	json_decref(shown);
	return count;
}

static void
a_question_is_answered_with_what_the_profile_permits(void **state)
{
	char task[33];

	(void)state;
	take_on(task);
	for (unsigned round = 1; round <= 2; round++) {
		assert_int_equal(answer_with(&two.police, task, "ask",
				     coded("question", "Kas dzīvo ar bērnu?")),
		    STATUS_OK);
		assert_both(task, "info_requested");
		assert_int_equal(count_fields(&two.school, task, "question"), round);
		assert_int_equal(answer_with(&two.school, task, "inform",
				     json_pack("{s:s, s:{s:s}}", "answer", "Vecmāmiņa",
					 "content", "health", "Not for the police")),
		    STATUS_OUTSIDE_PROFILE);
		assert_int_equal(answer_with(&two.school, task, "inform",
				     json_pack("{s:s, s:{s:s}}", "answer", "Vecmāmiņa",
					 "content", "phone", "20000000")),
		    STATUS_OK);
		assert_both(task, "under_review");
		assert_int_equal(count_fields(&two.police, task, "answer"), round);
		assert_int_equal(count_fields(&two.police, task, "phone"), 1);
	}
}

static void
a_redirect_moves_nothing_until_the_sender_decides(void **state)
{
	char task[33];

	(void)state;
	take_on(task);
	for (unsigned round = 0; round < 2; round++) {
		assert_int_equal(answer_with(&two.police, task, "redirect",
				     explained("redirect_kind", "social_service")),
		    STATUS_OK);
		assert_both(task, "redirect_proposed");
		if (round == 0)
			assert_int_equal(answer_with(&two.school, task, "inform",
					     coded("answer", "Lūdzam tieši jūs.")),
			    STATUS_OK);
		else
			assert_int_equal(answer_with(&two.school, task, "follow-up",
					     coded("follow_up", "redirect")),
			    STATUS_OK);
		assert_both(task, round == 0 ? "under_review" : "closed");
	}
}

static void
after_a_decline_the_sender_says_what_follows(void **state)
{
	char task[33];

	(void)state;
	take_on(task);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "out_of_area")),
	    STATUS_OK);
	assert_both(task, "declined");
	assert_int_equal(
	    answer_with(&two.school, task, "close", explained("outcome", "not_reached")),
	    STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.school, task, "follow-up", NULL), STATUS_ARGUMENT);
	assert_int_equal(
	    answer_with(&two.school, task, "follow-up", coded("follow_up", "escalate")),
	    STATUS_OK);
	assert_both(task, "closed");
}

static void
a_cancel_needs_no_answer_to_reply_to_and_is_confirmed(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	settle();
	assert_int_equal(answer_with(&two.school, task, "cancel", NULL), STATUS_ARGUMENT);
	assert_int_equal(
	    answer_with(&two.police, task, "cancel", coded("cancel_reason", "moved_away")),
	    STATUS_WRONG_STATE);
	assert_int_equal(
	    answer_with(&two.school, task, "cancel", coded("cancel_reason", "moved_away")),
	    STATUS_OK);
	assert_both(task, "cancel_requested");
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, task, "confirm-cancel", NULL), STATUS_OK);
	assert_both(task, "cancelled");
}

/* Which of the two the broker's log has first depends on who is connected first. */
static void
an_accept_that_crosses_a_cancel_stands(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 2; first++) {
		struct line *waits = first == 0 ? &two.school : &two.police;
		char task[33];

		take_on(task);
		line_disconnect(waits);
		assert_int_equal(answer_with(&two.school, task, "cancel",
				     coded("cancel_reason", "no_longer_needed")),
		    STATUS_OK);
		assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
		settle();
		line_connect(waits);
		assert_both(task, "stop_requested");
		line_restart(&two.school);
		line_restart(&two.police);
		assert_both(task, "stop_requested");
		if (first == 0)
			assert_int_equal(
			    answer_with(&two.police, task, "confirm-cancel", NULL), STATUS_OK);
		else
			assert_int_equal(answer_with(&two.police, task, "outcome",
					     explained("outcome", "goal_reached")),
			    STATUS_OK);
		assert_both(task, first == 0 ? "cancelled" : "outcome_reported");
	}
}

static void
a_mistake_is_taken_back_and_nothing_is_erased(void **state)
{
	char task[33];

	(void)state;
	take_on(task);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.police, task, "mistake", coded("error_reason", "wrong_step")),
	    STATUS_OK);
	assert_both(task, "under_review");
	assert_int_equal(
	    answer_with(&two.school, task, "mistake", coded("error_reason", "wrong_child")),
	    STATUS_OK);
	assert_both(task, "entered_in_error");
	assert_int_equal(steps_at(&two.police, task, "referral_accept"), 1);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_WRONG_STATE);
}

static void
every_message_but_the_offer_has_a_verb(void **state)
{
	static const char *const verbs[] = {"review", "ask", "inform", "redirect", "accept",
	    "decline", "follow-up", "start", "hold", "resume", "outcome", "close", "cancel",
	    "confirm-cancel", "mistake", "release"};
	const struct message_info *info;
	const struct acts_verb *verb;
	char task[33];

	(void)state;
	refer("normal", task);
	settle();
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		assert_int_not_equal(
		    answer_with(&two.police, task, verbs[i], NULL), STATUS_NOT_FOUND);
	/* A correction is another notice, and supersedes the old one by itself. */
	for (unsigned i = 0; (info = message_at(i)) != NULL; i++) {
		bool found =
		    task_opens(info->id) || info->id == MESSAGE_NOTICE_SUPERSEDE ||
		    info->id == MESSAGE_NOTICE_FORWARDED || info->id == MESSAGE_GROUND_STOP ||
		    info->id == MESSAGE_GROUND_STOP_ANSWER ||
		    info->id == MESSAGE_GROUND_RENEW || info->id == MESSAGE_CLIMBED_OVER ||
		    (info->id >= MESSAGE_HISTORY_PASS_ACTS && info->id <= MESSAGE_HISTORY_ASK);

		for (unsigned v = 0; (verb = acts_verb_at(v)) != NULL; v++)
			found |= verb->type == info->id;
		if (!found)
			fail_msg("%s has no verb", info->name);
	}
}

/* ---- Reading ----------------------------------------------------------------------------- */

static void
the_first_opening_of_each_message_is_evidence_and_the_person_is_a_token(void **state)
{
	char task[33];
	struct leaf leaf;

	(void)state;
	refer("normal", task);
	settle();
	json_decref(show_to(&two.police, &auditor, task));
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_READ), 0);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_READ), 1);
	leaf = room_last_leaf(two.room);
	assert_true(bytes_is_text(leaf.evidence.role, "case_manager"));
	assert_true(leaf.evidence.has_token);
	/* A colleague sees what nobody has taken yet while on duty. */
	put_on_duty(&two.police, &zane);
	json_decref(show_to(&two.police, &zane, task));
	settle();
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_READ), 1);
	assert_int_equal(steps_at(&two.school, task, "read"), 1);
}

static void
who_sees_no_content_gets_none(void **state)
{
	struct acts_query query = {.limit = 10};
	struct refusal refusal;
	char task[33];
	json_t *shown;

	(void)state;
	refer("urgent", task);
	settle();
	shown = show_to(&two.school, &auditor, task);
	assert_int_equal(json_array_size(json_object_get(shown, "fields")), 0);
	assert_null(json_object_get(shown, "file_number"));
	assert_true(count_steps(shown, "referral_offer") == 1);
	json_decref(shown);
	assert_int_equal(
	    acts_task(two.school.service, &admin, task, &shown, &refusal), STATUS_NOT_ALLOWED);
	assert_null(shown);
	assert_int_equal(acts_cases(two.school.service, &auditor, &query, &shown, &refusal),
	    STATUS_NOT_ALLOWED);
}

/* Invariant 10: nothing personal stands in the database but sealed. */
static void
no_name_stands_in_the_database_in_the_clear(void **state)
{
	static const char *const secrets[] = {
	    "Izdom", "Secret of the school", "Known to the police", "2026/17", "anna"};
	char task[33], path[256];

	(void)state;
	refer("urgent", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	for (unsigned i = 0; i < 4; i++) {
		const struct line *line = i < 2 ? &two.school : &two.police;
		static char bytes[8 * 1024 * 1024];
		FILE *file;
		size_t len;

		snprintf(path, sizeof(path), "%s%s", line->path, i % 2 == 0 ? "" : "-wal");
		file = fopen(path, "rb");
		assert_non_null(file);
		len = fread(bytes, 1, sizeof(bytes), file);
		assert_true(feof(file));
		fclose(file);
		for (size_t s = 0; s < sizeof(secrets) / sizeof(secrets[0]); s++)
			assert_null(memmem(bytes, len, secrets[s], strlen(secrets[s])));
	}
}

static void
the_receipt_of_a_message_checks_offline(void **state)
{
	struct tlogproof proof = {0};
	struct buffer out = {0};
	struct checkpoint checkpoint;
	struct refusal refusal;
	char task[33], message[33];
	json_t *shown;

	(void)state;
	refer("normal", task);
	shown = show_to(&two.school, &anna, task);
	snprintf(message, sizeof(message), "%s",
	    text(json_array_get(json_object_get(shown, "timeline"), 0), "message"));
	json_decref(shown);
	assert_int_equal(
	    acts_receipt(two.school.service, &anna, message, &out, &refusal), STATUS_AGAIN);
	settle();
	for (unsigned i = 0; i < 2; i++) {
		buffer_reset(&out);
		assert_int_equal(acts_receipt(i == 0 ? two.school.service : two.police.service,
				     &anna, message, &out, &refusal),
		    STATUS_OK);
		assert_int_equal(tlogproof_parse(bytes_of_buffer(&out), &proof), STATUS_OK);
		assert_int_equal(
		    tlogproof_check(&proof, &two.school.config.network.log, &checkpoint),
		    STATUS_OK);
		tlogproof_free(&proof);
		proof = (struct tlogproof){0};
	}
	buffer_free(&out);
}

/* ---- People ------------------------------------------------------------------------------ */

static void
lists_give_pages_and_say_what_can_be_done(void **state)
{
	struct acts_query query = {.box = "in", .state = "offered", .limit = 2};
	struct refusal refusal;
	char task[3][33], cursor[24];
	json_t *page, *item;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		refer("normal", task[i]);
	settle();
	assert_int_equal(
	    acts_tasks(two.police.service, &anna, &query, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 2);
	item = json_array_get(json_object_get(page, "items"), 0);
	assert_string_equal(text(item, "task"), task[2]);
	assert_string_equal(text(item, "urgency"), "normal");
	assert_true(json_is_true(json_object_get(item, "unread")));
	assert_int_equal(json_array_size(json_object_get(item, "actions")), 1);
	snprintf(cursor, sizeof(cursor), "%s", text(page, "next"));
	json_decref(page);
	query = (struct acts_query){.box = "in", .limit = 2, .after = cursor};
	assert_int_equal(
	    acts_tasks(two.police.service, &anna, &query, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 1);
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	query = (struct acts_query){.limit = 2};
	assert_int_equal(
	    acts_cases(two.school.service, &anna, &query, &page, &refusal), STATUS_OK);
	item = json_array_get(json_object_get(page, "items"), 0);
	assert_string_equal(text(item, "file_number"), "2026/17");
	assert_int_equal(json_array_size(json_object_get(item, "tasks")), 1);
	json_decref(page);
}

static void
the_status_and_the_directory_tell_how_things_stand(void **state)
{
	struct refusal refusal;
	json_t *answer, *item;
	size_t i, sealable = 0, referable = 0;

	(void)state;
	assert_int_equal(acts_status(two.school.service, &admin, &answer, &refusal), STATUS_OK);
	assert_true(json_is_true(json_object_get(answer, "connected")));
	assert_int_equal(json_array_size(json_object_get(answer, "problems")), 0);
	json_decref(answer);
	assert_int_equal(
	    acts_directory(two.school.service, &admin, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		sealable += json_is_true(json_object_get(item, "sealable"));
		referable += json_is_true(json_object_get(item, "may_refer"));
	}
	assert_int_equal(sealable, 3);
	assert_int_equal(referable, 2);
	json_decref(answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_preview_says_what_goes_and_stays_and_stores_and_sends_nothing),
	    SERVICE_TEST(a_request_at_fault_is_refused_by_the_name_of_the_field),
	    SERVICE_TEST(a_step_out_of_turn_or_of_the_wrong_role_or_side_is_refused),
	    SERVICE_TEST(nothing_new_is_sealed_when_the_directorys_head_is_old),
	    SERVICE_TEST(work_may_start_rest_and_go_on_before_its_outcome),
	    SERVICE_TEST(a_question_is_answered_with_what_the_profile_permits),
	    SERVICE_TEST(a_redirect_moves_nothing_until_the_sender_decides),
	    SERVICE_TEST(after_a_decline_the_sender_says_what_follows),
	    SERVICE_TEST(a_cancel_needs_no_answer_to_reply_to_and_is_confirmed),
	    SERVICE_TEST(an_accept_that_crosses_a_cancel_stands),
	    SERVICE_TEST(a_mistake_is_taken_back_and_nothing_is_erased),
	    SERVICE_TEST(every_message_but_the_offer_has_a_verb),
	    SERVICE_TEST(
		the_first_opening_of_each_message_is_evidence_and_the_person_is_a_token),
	    SERVICE_TEST(who_sees_no_content_gets_none),
	    SERVICE_TEST(no_name_stands_in_the_database_in_the_clear),
	    SERVICE_TEST(the_receipt_of_a_message_checks_offline),
	    SERVICE_TEST(lists_give_pages_and_say_what_can_be_done),
	    SERVICE_TEST(the_status_and_the_directory_tell_how_things_stand),
	};

	return cmocka_run_group_tests_name("acts", tests, NULL, NULL);
}
