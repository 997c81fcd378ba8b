/* tests/unit/test_tasks.c: information requests and notices between two services. */
#include "services/runtime/task/information.h"
#include "services/runtime/task/notice.h"
#include "tests/unit/service_room.h"

/* ---- Asking ------------------------------------------------------------------------------ */

static json_t *
question(void)
{
	return json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:s, s:s, s:s}}",
	    "to", "police", "urgency", "urgent", "purpose", "safety", "municipality", "Riga",
	    "age_band", "11-14", "ground", "legal_duty", "basis", "law", "due", "2026-12-01",
	    "asked", "offence", "content", "child_name", "A Child", "question", "Is it known?",
	    "necessity", "For a decision of today.");
}

typedef enum status opening(
    struct service *, const struct actor *, const json_t *, bool, json_t **, struct refusal *);

static enum status
open_with(opening *act, struct line *line, json_t *request, char task[33])
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc = act(line->service, &anna, request, false, &answer, &refusal);

	if (rc == STATUS_OK)
		snprintf(task, 33, "%s",
		    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(answer);
	json_decref(request);
	return rc;
}

static void
a_request_is_answered_on_a_ground_of_its_own(void **state)
{
	json_t *shown;
	char task[33];

	(void)state;
	assert_int_equal(open_with(acts_request, &two.school, question(), task), STATUS_OK);
	settle();
	assert_state(&two.school, task, "received");
	assert_state(&two.police, task, "received");
	shown = show_to(&two.police, &anna, task);
	assert_string_equal(text(shown, "sort"), "information");
	assert_true(shows(shown, "fields", "child_name"));
	assert_true(shows(shown, "fields", "question"));
	json_decref(shown);
	assert_int_equal(answer_with(&two.police, task, "take", json_object()), STATUS_OK);
	/* The ground of the question is not that of the answer. */
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s}", "ground", "legal_duty", "answer", "Yes.")),
	    STATUS_NO_BASIS);
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s, s:s}", "basis", "law", "ground",
				 "legal_duty", "answer", "Yes.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answered");
	assert_state(&two.police, task, "answered");
	shown = show_to(&two.school, &anna, task);
	assert_true(shows(shown, "fields", "answer"));
	json_decref(shown);
	/* A verb of another sort of task is none of this one's. */
	assert_int_equal(
	    answer_with(&two.police, task, "accept", json_object()), STATUS_WRONG_STATE);
}

static void
an_answer_has_no_field_that_the_asker_may_not_have(void **state)
{
	char task[33];

	(void)state;
	assert_int_equal(open_with(acts_request, &two.school, question(), task), STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.police, task, "answer",
		json_pack("{s:s, s:s, s:s, s:{s:s}}", "basis", "law", "ground", "legal_duty",
		    "answer", "Yes.", "content", "offence", "Not for schools")),
	    STATUS_OUTSIDE_PROFILE);
}

static void
a_request_is_refused_with_a_reason_and_in_words(void **state)
{
	char task[33];

	(void)state;
	assert_int_equal(open_with(acts_request, &two.school, question(), task), STATUS_OK);
	settle();
	assert_int_equal(answer_with(&two.police, task, "refuse",
			     json_pack("{s:s}", "refusal_reason", "not_held")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, task, "refuse",
			     json_pack("{s:s, s:s}", "refusal_reason", "not_held",
				 "explanation", "Not known to us.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answer_refused");
	assert_int_equal(answer_with(&two.police, task, "mistake",
			     json_pack("{s:s}", "error_reason", "wrong_step")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "under_work");
}

static void
an_answer_that_crossed_a_withdrawal_stands_at_both(void **state)
{
	char task[33];

	(void)state;
	assert_int_equal(open_with(acts_request, &two.school, question(), task), STATUS_OK);
	settle();
	assert_int_equal(answer_with(&two.school, task, "withdraw",
			     json_pack("{s:s}", "cancel_reason", "no_longer_needed")),
	    STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s, s:s}", "basis", "law", "ground",
				 "legal_duty", "answer", "Yes.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answered");
	assert_state(&two.police, task, "answered");
}

/* ---- Telling ----------------------------------------------------------------------------- */

static json_t *
incident(void)
{
	return json_pack("{s:s, s:[s], s:s, s:s, s:s, s:s, s:s, s:[s], s:s, s:s, s:{s:s, s:s}}",
	    "notice", "incident", "to", "school", "urgency", "urgent", "municipality", "Riga",
	    "age_band", "11-14", "ground", "legal_duty", "basis", "law", "incident", "runaway",
	    "event_date", "2026-11-20", "place", "Centrs", "content", "child_name", "A Child",
	    "offence", "Not for schools");
}

static void
a_notice_is_told_acknowledged_and_corrected(void **state)
{
	char task[33], corrected[33];
	json_t *second, *shown;

	(void)state;
	assert_int_equal(open_with(acts_notice, &two.police, incident(), task), STATUS_OK);
	settle();
	assert_state(&two.police, task, "received");
	shown = show_to(&two.school, &anna, task);
	assert_string_equal(text(shown, "purpose"), "incident");
	assert_true(shows(shown, "fields", "child_name"));
	assert_false(shows(shown, "fields", "offence"));
	json_decref(shown);
	assert_int_equal(answer_with(&two.school, task, "acknowledge",
			     json_pack("{s:[s]}", "done", "staff_informed")),
	    STATUS_OK);
	settle();
	assert_state(&two.police, task, "acknowledged");
	second = incident();
	json_object_set_new(second, "corrects", json_string(task));
	assert_int_equal(open_with(acts_notice, &two.police, second, corrected), STATUS_OK);
	settle();
	assert_state(&two.police, task, "superseded");
	assert_state(&two.school, task, "superseded");
	assert_state(&two.school, corrected, "received");
}

static void
what_another_kind_alone_may_tell_is_refused_at_the_sender(void **state)
{
	json_t *request = incident();
	char task[33];

	(void)state;
	json_object_set_new(request, "to", json_pack("[s]", "police"));
	assert_int_equal(
	    open_with(acts_notice, &two.school, request, task), STATUS_NOT_PERMITTED);
}

/* The sender's program here has no rule of its own, as a forged one would not. */
static void
a_mark_that_is_not_its_senders_to_set_makes_the_notice_void(void **state)
{
	const char *kind = service_self(two.police.service)->kind;
	json_t *request = incident(), *shown;
	char task[33];

	(void)state;
	json_object_set_new(request, "handling", json_string("do_not_alert_family"));
	assert_int_equal(open_with(acts_notice, &two.police, request, task), STATUS_OK);
	settle();
	if (strcmp(kind, "state_police") == 0) {
		assert_state(&two.school, task, "received");
		return;
	}
	assert_state(&two.police, task, "unreadable");
	assert_state(&two.school, task, "void");
	shown = show_to(&two.school, &anna, task);
	assert_null(json_object_get(shown, "handling"));
	assert_false(shows(shown, "fields", "child_name"));
	json_decref(shown);
}

static void
only_state_police_may_ask_not_to_alert_the_family(void **state)
{
	struct content content;

	(void)state;
	assert_int_equal(content_start(MESSAGE_NOTICE_INCIDENT, &content), STATUS_OK);
	assert_true(notice_mark_permitted(&content, "municipal_police"));
	assert_int_equal(
	    content_set_text(&content, FIELD_HANDLING, bytes_of_text("do_not_alert_family")),
	    STATUS_OK);
	assert_true(notice_mark_permitted(&content, "state_police"));
	assert_false(notice_mark_permitted(&content, "municipal_police"));
	assert_false(notice_mark_permitted(&content, "police"));
	assert_false(notice_mark_permitted(&content, ""));
	assert_int_equal(
	    content_set_text(&content, FIELD_HANDLING, bytes_of_text("of_tomorrow")),
	    STATUS_OK);
	assert_false(notice_mark_permitted(&content, "state_police"));
	content_free(&content);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_request_is_answered_on_a_ground_of_its_own),
	    SERVICE_TEST(an_answer_has_no_field_that_the_asker_may_not_have),
	    SERVICE_TEST(a_request_is_refused_with_a_reason_and_in_words),
	    SERVICE_TEST(an_answer_that_crossed_a_withdrawal_stands_at_both),
	    SERVICE_TEST(a_notice_is_told_acknowledged_and_corrected),
	    SERVICE_TEST(what_another_kind_alone_may_tell_is_refused_at_the_sender),
	    SERVICE_TEST(a_mark_that_is_not_its_senders_to_set_makes_the_notice_void),
	    SERVICE_TEST(only_state_police_may_ask_not_to_alert_the_family),
	};

	return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
