/* tests/unit/test_tasks.c: information requests and notices between two services. */
#include "services/runtime/task/information.h"
#include "services/runtime/task/notice.h"
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/case_file.h"

#define SOCIAL_KEYS 700

static const struct descriptor court_kind = {
    .program = "saikne-orphans-court", .group = GROUP_ORPHANS_COURT, .acts = ALL_ACTS};
static const struct descriptor social_kind = {
    .program = "saikne-social-service", .group = GROUP_SOCIAL_SERVICE, .acts = ALL_ACTS};

/* Another institution in the place of the police. */
static int
replace_police(
    void **state, const struct descriptor *descriptor, const char *code, uint32_t keys)
{
	line_disconnect(&two.police);
	line_close(&two.police);
	line_open(&two.police, *state, descriptor, code, keys);
	line_connect(&two.police);
	settle();
	return 0;
}

static int
set_up_court(void **state)
{
	return set_up(state) != 0 ? -1
	                          : replace_police(state, &court_kind, "court", COURT_KEYS);
}

static int
set_up_social(void **state)
{
	if (set_up(state) != 0)
		return -1;
	room_admit(two.room, "social", "social_service", SOCIAL_KEYS);
	issue_head();
	settle();
	return replace_police(state, &social_kind, "social", SOCIAL_KEYS);
}

/* ---- Asking ------------------------------------------------------------------------------ */

static json_t *
question(void)
{
	return json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:s, s:s}}",
	    "to", "police", "urgency", "urgent", "purpose", "safety", "municipality", "Riga",
	    "age_band", "11-14", "ground", "legal_duty", "basis", "law", "necessity",
	    "For a decision of today.", "due", "2026-12-01", "asked", "offence", "content",
	    "child_name", "A Child", "question", "Is it known?");
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
	assert_int_equal(answer_with(&two.police, task, "start", json_object()), STATUS_OK);
	/* The ground of the question is not that of the answer. */
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s}", "ground", "legal_duty", "answer", "Yes.")),
	    STATUS_NO_BASIS);
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s, s:s, s:s}", "basis", "law", "ground",
				 "legal_duty", "necessity", "They asked.", "answer", "Yes.")),
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
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s, s:s, s:s, s:{s:s}}", "basis", "law",
				 "ground", "legal_duty", "necessity", "They asked.", "answer",
				 "Yes.", "content", "offence", "Not for schools")),
	    STATUS_OUTSIDE_PROFILE);
}

/* How a task's fields stand at LINE; "" where it has none of NAME. The N-th of that name. */
static void
value_at(struct line *line, const char *task, const char *name, unsigned n, char out[64])
{
	json_t *shown = show_to(line, &anna, task), *one;
	size_t i;

	out[0] = '\0';
	json_array_foreach(json_object_get(shown, "fields"), i, one)
	{
		const json_t *value = json_object_get(one, "value");

		if (strcmp(text(one, "name"), name) == 0 && n-- == 0)
			snprintf(out, 64, "%s",
			    json_is_array(value) ? json_string_value(json_array_get(value, 0))
						 : json_string_value(value));
	}
	json_decref(shown);
}

static json_t *
answer_of(const char *field, const char *value)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s}}", "basis", "law", "ground",
	    "legal_duty", "necessity", "They asked.", "answer", "Yes.", "content", field,
	    value);
}

static json_t *
question_about(const char *category)
{
	json_t *request = question();

	json_object_set_new(request, "asked", json_pack("[s]", category));
	return request;
}

static void
an_answer_has_no_field_that_was_not_asked_for(void **state)
{
	struct refusal refusal = {0};
	json_t *request = answer_of("phone", "+371 20000000"), *answer;
	char task[33];

	(void)state;
	assert_int_equal(
	    open_with(acts_request, &two.school, question_about("behaviour"), task), STATUS_OK);
	settle();
	/* The profile would let the school have it, and the refusal says which of the two. */
	json_object_set_new(
	    json_object_get(request, "content"), "child_name", json_string("A Child"));
	assert_int_equal(
	    acts_answer(two.police.service, &anna, task, "answer", request, &answer, &refusal),
	    STATUS_OUTSIDE_PROFILE);
	json_decref(request);
	assert_string_equal(refusal.field, "child_name");
	assert_string_equal(refusal.values[0], "child_name, phone");
	assert_non_null(strstr(refusal.detail, "did not ask"));
	assert_int_equal(
	    answer_with(&two.police, task, "answer", answer_of("behaviour", "Calm.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answered");
}

/* The words of an answer, and how the case stands, belong to any. */
static void
an_answer_may_always_say_how_the_case_stands(void **state)
{
	char task[33];

	(void)state;
	assert_int_equal(open_with(acts_request, &two.school, question(), task), STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.police, task, "answer", answer_of("steps_taken", "Two talks.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answered");
}

/* As a forged program would: the police's copy of the request asks for more. */
static void
widen(const char *task, const char *asked)
{
	const struct bytes code = bytes_of_text(asked);
	struct service *service = two.police.service;
	struct content old, wider;
	struct event_row row;
	struct task_row found;
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(service->db, id, &found), STATUS_OK);
	assert_int_equal(case_file_key(service, found.case_n, &key), STATUS_OK);
	assert_int_equal(event_store_offer(service->db, found.n, &row), STATUS_OK);
	assert_int_equal(case_file_content(service, &key, &row, &old), STATUS_OK);
	assert_int_equal(content_start(row.type, &wider), STATUS_OK);
	for (unsigned i = 0; i < old.type->field_count; i++) {
		struct bytes value;

		if (content_value(&old, old.type->fields[i].field->id, &value))
			assert_int_equal(
			    content_set_value(&wider, old.type->fields[i].field->id, value),
			    STATUS_OK);
	}
	assert_int_equal(content_set_codes(&wider, FIELD_ASKED, &code, 1), STATUS_OK);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(case_file_set_message(service, &key, &row, &wider), STATUS_OK);
	service_commit(service, "test");
	content_free(&old);
	content_free(&wider);
	vault_forget(&key);
}

static void
an_answer_to_more_than_was_asked_is_not_taken_in(void **state)
{
	char task[33];

	(void)state;
	assert_int_equal(
	    open_with(acts_request, &two.school, question_about("behaviour"), task), STATUS_OK);
	settle();
	widen(task, "contact");
	assert_int_equal(
	    answer_with(&two.police, task, "answer", answer_of("phone", "+371 20000000")),
	    STATUS_OK);
	settle();
	assert_int_equal(problems(&two.school, "unreadable"), 1);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_state(&two.school, task, "received");
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
			     json_pack("{s:s, s:s, s:s, s:s}", "basis", "law", "ground",
				 "legal_duty", "necessity", "They asked.", "answer", "Yes.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, task, "answered");
	assert_state(&two.police, task, "answered");
}

/* ---- Telling ----------------------------------------------------------------------------- */

static json_t *
incident(void)
{
	return json_pack(
	    "{s:s, s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:s, s:s, s:{s:s, s:s}}",
	    "notice", "incident", "to", "school", "urgency", "urgent", "municipality", "Riga",
	    "age_band", "11-14", "ground", "legal_duty", "basis", "law", "necessity",
	    "They must know.", "incident", "runaway", "event_date", "2026-11-20", "place",
	    "Centrs", "content", "child_name", "A Child", "offence", "Not for schools");
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

/* What every notice has, and what one of KIND has besides. */
static json_t *
notice_of(const char *kind, const char *to, json_t *more, json_t *content)
{
	json_t *request = json_pack("{s:s, s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s}}",
	    "notice", kind, "to", to, "urgency", "normal", "municipality", "Riga", "age_band",
	    "11-14", "ground", "legal_duty", "basis", "law", "necessity", "They must know.",
	    "content", "child_name", "A Child");

	assert_int_equal(json_object_update(request, more), 0);
	assert_int_equal(json_object_update(json_object_get(request, "content"), content), 0);
	json_decref(more);
	json_decref(content);
	return request;
}

static json_t *
custody(const char *event)
{
	return notice_of("custody", "school",
	    json_pack("{s:s, s:s, s:s}", "custody_event", event, "decision_date", "2026-11-18",
		"valid_from", "2026-11-19"),
	    json_pack("{s:s, s:s, s:s, s:s}", "decision_number", "1-6/214", "custody",
		"A guardian.", "custody_person", "A Mother", "birth_date", "2012-01-01"));
}

static void
a_custody_statement_names_its_decision(void **state)
{
	json_t *request = custody("interrupted");
	char task[33], value[64];

	(void)state;
	json_object_del(json_object_get(request, "content"), "decision_number");
	assert_int_equal(open_with(acts_notice, &two.police, request, task), STATUS_ARGUMENT);
	assert_int_equal(
	    open_with(acts_notice, &two.police, custody("interrupted"), task), STATUS_OK);
	settle();
	value_at(&two.school, task, "decision_number", 0, value);
	assert_string_equal(value, "1-6/214");
	value_at(&two.school, task, "custody_event", 0, value);
	assert_string_equal(value, "interrupted");
	value_at(&two.school, task, "custody", 0, value);
	assert_string_equal(value, "A guardian.");
	value_at(&two.school, task, "purpose", 0, value);
	assert_string_equal(value, "custody_statement");
}

static void
a_status_attestation_is_shown_with_its_days(void **state)
{
	char task[33], value[64];

	(void)state;
	assert_int_equal(open_with(acts_notice, &two.police,
			     notice_of("status", "school",
				 json_pack("{s:s, s:s}", "valid_from", "2026-11-01",
				     "valid_until", "2027-04-30"),
				 json_pack("{s:[s]}", "attested", "needy")),
			     task),
	    STATUS_OK);
	settle();
	value_at(&two.school, task, "attested", 0, value);
	assert_string_equal(value, "needy");
	value_at(&two.school, task, "valid_until", 0, value);
	assert_string_equal(value, "2027-04-30");
	assert_int_equal(answer_with(&two.school, task, "acknowledge",
			     json_pack("{s:[s]}", "done", "noted")),
	    STATUS_OK);
	settle();
	assert_state(&two.police, task, "acknowledged");
}

static void
a_concern_goes_to_who_acts_on_it_and_is_told_in_words(void **state)
{
	json_t *request = notice_of("concern", "police",
	    json_pack("{s:[s]}", "concern", "unexcused_absence"), json_object());
	char task[33], value[64];

	(void)state;
	assert_int_equal(open_with(acts_notice, &two.school, json_deep_copy(request), task),
	    STATUS_ARGUMENT);
	json_object_set_new(json_object_get(request, "content"), "explanation",
	    json_string("Away since Monday."));
	json_object_set_new(
	    json_object_get(request, "content"), "family", json_string("With a neighbour."));
	json_object_set_new(request, "purpose", json_string("safety"));
	assert_int_equal(open_with(acts_notice, &two.school, request, task), STATUS_OK);
	settle();
	assert_state(&two.school, task, "received");
	value_at(&two.police, task, "explanation", 0, value);
	assert_string_equal(value, "Away since Monday.");
	value_at(&two.police, task, "family", 0, value);
	assert_string_equal(value, "With a neighbour.");
}

static void
each_kind_tells_only_what_is_its_own(void **state)
{
	static const char *const kinds[] = {"incident", "custody", "status"};
	char task[33];

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(
		    open_with(acts_notice, &two.school,
			notice_of(kinds[i], "police",
			    json_pack("{s:s, s:s, s:s, s:s, s:[s], s:s, s:[s]}",
				"custody_event", "interrupted", "decision_date", "2026-11-18",
				"event_date", "2026-11-18", "place", "Centrs", "incident",
				"runaway", "valid_from", "2026-11-18", "attested", "needy"),
			    json_pack("{s:s}", "decision_number", "1")),
			task),
		    STATUS_NOT_PERMITTED);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
}

/* Old and new name each other at both ends; what was corrected twice names both its neighbours. */
static void
a_correction_and_what_it_corrects_name_each_other(void **state)
{
	static const char *const events[] = {"interrupted", "terminated", "restored"};
	struct line *const lines[] = {&two.school, &two.police};
	char task[3][33], value[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		json_t *request = custody(events[i]);

		if (i > 0)
			json_object_set_new(request, "corrects", json_string(task[i - 1]));
		assert_int_equal(
		    open_with(acts_notice, &two.police, request, task[i]), STATUS_OK);
		settle();
	}
	for (size_t i = 0; i < 2; i++) {
		assert_state(lines[i], task[0], "superseded");
		assert_state(lines[i], task[1], "superseded");
		assert_state(lines[i], task[2], "received");
		value_at(lines[i], task[0], "other_task", 0, value);
		assert_string_equal(value, task[1]);
		value_at(lines[i], task[1], "other_task", 0, value);
		assert_string_equal(value, task[0]);
		value_at(lines[i], task[1], "other_task", 1, value);
		assert_string_equal(value, task[2]);
		value_at(lines[i], task[2], "other_task", 0, value);
		assert_string_equal(value, task[1]);
		value_at(lines[i], task[2], "other_task", 1, value);
		assert_string_equal(value, "");
	}
	/* What is superseded is corrected by nothing more. */
	{
		json_t *request = custody("restored");

		json_object_set_new(request, "corrects", json_string(task[0]));
		assert_int_equal(
		    open_with(acts_notice, &two.police, request, value), STATUS_WRONG_STATE);
	}
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

/* The purpose chooses the profile: it is not the sender's to choose freely. */
static void
a_purpose_fits_what_is_sent(void **state)
{
	const struct bytes incident_purpose = bytes_of_text("incident"),
			   decision = bytes_of_text("information_for_decision"),
			   safety = bytes_of_text("safety");

	(void)state;
	assert_true(notice_purpose_fits(MESSAGE_NOTICE_INCIDENT, incident_purpose));
	assert_false(notice_purpose_fits(MESSAGE_NOTICE_INCIDENT, decision));
	assert_false(notice_purpose_fits(MESSAGE_NOTICE_STATUS, incident_purpose));
	assert_false(notice_purpose_fits(MESSAGE_REFERRAL_OFFER, incident_purpose));
	assert_false(notice_purpose_fits(MESSAGE_INFORMATION_REQUEST, incident_purpose));
	assert_true(notice_purpose_fits(MESSAGE_INFORMATION_REQUEST, decision));
	assert_true(notice_purpose_fits(MESSAGE_NOTICE_CONCERN, safety));
	assert_true(notice_purpose_fits(MESSAGE_REFERRAL_OFFER, safety));
}

static void
a_purpose_that_would_widen_a_profile_is_refused(void **state)
{
	char task[33];
	json_t *request = incident();

	(void)state;
	json_object_set_new(request, "purpose", json_string("information_for_decision"));
	assert_int_equal(open_with(acts_notice, &two.police, request, task), STATUS_ARGUMENT);
	request = incident();
	json_object_set_new(request, "purpose", json_string("incident"));
	assert_int_equal(open_with(acts_notice, &two.police, request, task), STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_request_is_answered_on_a_ground_of_its_own),
	    SERVICE_TEST(an_answer_has_no_field_that_the_asker_may_not_have),
	    SERVICE_TEST(an_answer_has_no_field_that_was_not_asked_for),
	    SERVICE_TEST(an_answer_may_always_say_how_the_case_stands),
	    SERVICE_TEST(an_answer_to_more_than_was_asked_is_not_taken_in),
	    SERVICE_TEST(a_request_is_refused_with_a_reason_and_in_words),
	    SERVICE_TEST(an_answer_that_crossed_a_withdrawal_stands_at_both),
	    SERVICE_TEST(a_notice_is_told_acknowledged_and_corrected),
	    cmocka_unit_test_setup_teardown(
		a_custody_statement_names_its_decision, set_up_court, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_correction_and_what_it_corrects_name_each_other, set_up_court, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_status_attestation_is_shown_with_its_days, set_up_social, tear_down),
	    SERVICE_TEST(a_concern_goes_to_who_acts_on_it_and_is_told_in_words),
	    SERVICE_TEST(each_kind_tells_only_what_is_its_own),
	    SERVICE_TEST(what_another_kind_alone_may_tell_is_refused_at_the_sender),
	    SERVICE_TEST(a_mark_that_is_not_its_senders_to_set_makes_the_notice_void),
	    SERVICE_TEST(only_state_police_may_ask_not_to_alert_the_family),
	    SERVICE_TEST(a_purpose_fits_what_is_sent),
	    SERVICE_TEST(a_purpose_that_would_widen_a_profile_is_refused),
	};

	return cmocka_run_group_tests_name("tasks", tests, NULL, NULL);
}
