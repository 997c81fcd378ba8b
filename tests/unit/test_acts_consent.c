/* tests/unit/test_acts_consent.c: what people record of a family's consent, and what is refused. */
#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/request.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/store/access_store.h"
#include "services/runtime/task/consent_rules.h"
#include "tests/unit/service_room.h"

/* ---- A case and its consents ------------------------------------------------------------- */

/* The day so many years ago and so many days from now, in Riga. */
static const char *
day(int years, int days, char out[static 11])
{
	unsigned month, of_month;
	int year;

	calendar_civil(calendar_day_at(schools_now()), &year, &month, &of_month);
	consent_rules_write(
	    calendar_day_of(year - years, month, of_month > 28 ? 28 : of_month) + days, out);
	return out;
}

static void
begin_case(char case_id[33])
{
	json_t *request = json_pack("{s:s, s:{s:s}}", "file_number", "2026/31", "content",
	    "child_name", "Izdomāts Bērns");
	json_t *answer;
	struct refusal refusal = {0};

	assert_int_equal(
	    acts_case_new(two.school.service, &anna, request, &answer, &refusal), STATUS_OK);
	snprintf(case_id, 33, "%s", text(answer, "case"));
	json_decref(request);
	json_decref(answer);
}

/* A consent of a parent for a child of AGE years, whole but for what a test takes away. */
static json_t *
consent(const char *event, int age)
{
	char born[11];
	json_t *request = json_pack("{s:s, s:s, s:s, s:s, s:{s:s}, s:[s], s:[s, s], s:[s], "
				    "s:s, s:s, s:{s:s, s:s, s:s}, s:b}",
	    "event", event, "granter", "Izdomāta Māte", "granter_code", "010180-12345",
	    "capacity", "parent", "child", "birth_date", day(age, 0, born), "recipients",
	    "police", "categories", "identity", "attendance", "purposes", "safety",
	    "childs_view", "Gribu palikt savā skolā.", "child_consent", "not_asked", "notice",
	    "code", "sharing", "version", "1", "language", "lv", "joint_custody", 1);

	assert_non_null(request);
	return request;
}

static enum status
record_as(const struct actor *actor, const char *case_id, json_t *request, json_t **answer,
    struct refusal *refusal)
{
	enum status rc =
	    acts_consent_new(two.school.service, actor, case_id, request, answer, refusal);

	assert_int_equal(rc == STATUS_OK, *answer != NULL);
	if (rc != STATUS_OK)
		assert_true(refusal->detail[0] != '\0');
	json_decref(request);
	return rc;
}

/* Records REQUEST, and gives the record's id and what state it is in. */
static void
record(const char *case_id, json_t *request, const char *state, char id[33])
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc = record_as(&zane, case_id, request, &answer, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	assert_string_equal(text(answer, "state"), state);
	snprintf(id, 33, "%s", text(answer, "record"));
	json_decref(answer);
}

static enum status
happens(const struct actor *actor, const char *id, json_t *request, const char *state)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc =
	    acts_consent_event(two.school.service, actor, id, request, &answer, &refusal);

	json_decref(request);
	assert_int_equal(rc == STATUS_OK, answer != NULL);
	if (rc == STATUS_OK)
		assert_string_equal(text(answer, "state"), state);
	else
		assert_true(refusal.detail[0] != '\0');
	json_decref(answer);
	return rc;
}

static json_t *
event(const char *name)
{
	return json_pack("{s:s, s:s}", "event", name, "text", "Māte zvanīja.");
}

static json_t *
shown(const char *id)
{
	struct refusal refusal = {0};
	json_t *answer;

	assert_int_equal(
	    acts_grounds_one(two.school.service, &anna, id, &answer, &refusal), STATUS_OK);
	return answer;
}

static bool
may(const json_t *item, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(item, "may"), i, one)
	{
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return false;
}

/* ---- Recording --------------------------------------------------------------------------- */

static void
a_consent_lives_through_request_deferral_renewal_and_withdrawal(void **state)
{
	static const char *const events[] = {
	    "request", "defer", "give", "renew", "object", "resolve", "withdraw"};
	char case_id[33], id[33], until[11];
	json_t *request, *item;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	record(case_id, consent("request", 10), "requested", id);
	assert_int_equal(happens(&zane, id, event("defer"), "deferred"), STATUS_OK);
	assert_int_equal(happens(&zane, id, event("give"), "given"), STATUS_OK);
	request = event("renew");
	json_object_set_new(request, "until", json_string(day(-1, 0, until)));
	assert_int_equal(happens(&zane, id, request, "renewed"), STATUS_OK);
	assert_int_equal(happens(&zane, id, event("object"), "objected"), STATUS_OK);
	assert_int_equal(happens(&zane, id, event("resolve"), ""), STATUS_NOT_ALLOWED);
	assert_int_equal(happens(&anna, id, event("resolve"), "given"), STATUS_OK);
	assert_int_equal(happens(&zane, id, event("withdraw"), "withdrawn"), STATUS_OK);
	assert_int_equal(happens(&anna, id, event("give"), ""), STATUS_WRONG_STATE);
	item = shown(id);
	assert_string_equal(text(item, "state"), "withdrawn");
	assert_string_equal(text(item, "label_lv"), "atsaukta");
	assert_string_equal(text(json_object_get(item, "says"), "until"), until);
	assert_string_equal(
	    text(json_object_get(json_object_get(item, "says"), "child"), "name"),
	    "Izdomāts Bērns");
	assert_int_equal(json_array_size(json_object_get(item, "events")), 7);
	for (size_t i = 0; i < 7; i++) {
		const json_t *one = json_array_get(json_object_get(item, "events"), i);

		assert_string_equal(text(one, "event"), events[i]);
		assert_string_equal(text(one, "by"), i == 5 ? "anna" : "zane");
		assert_string_equal(text(one, "text"), i == 0 ? "" : "Māte zvanīja.");
	}
	json_decref(item);
}

static void
from_fourteen_on_the_child_consents_too_or_it_is_deferred(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal = {0};
	json_t *answer, *request;

	(void)state;
	begin_case(case_id);
	assert_int_equal(
	    record_as(&anna, case_id, consent("give", 14), &answer, &refusal), STATUS_OK);
	assert_string_equal(text(answer, "state"), "deferred");
	assert_string_equal(text(answer, "lacks"), "child_consent");
	snprintf(id, sizeof(id), "%s", text(answer, "record"));
	json_decref(answer);
	request = event("give");
	json_object_set_new(request, "child_consent", json_string("refused"));
	assert_int_equal(happens(&anna, id, request, "deferred"), STATUS_OK);
	request = event("give");
	json_object_set_new(request, "child_consent", json_string("given"));
	assert_int_equal(happens(&anna, id, request, "given"), STATUS_OK);
}

static void
at_eighteen_the_pupil_alone_consents(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal = {0};
	json_t *answer, *request;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	assert_int_equal(record_as(&anna, case_id, consent("give", 18), &answer, &refusal),
	    STATUS_NO_CONSENT);
	assert_string_equal(refusal.field, "capacity");
	request = consent("give", 18);
	json_object_del(request, "granter");
	json_object_set_new(request, "capacity", json_string("child"));
	record(case_id, request, "given", id);
	answer = shown(id);
	assert_string_equal(text(json_object_get(answer, "says"), "granter"), "Izdomāts Bērns");
	json_decref(answer);
	request = consent("give", 17);
	json_object_set_new(request, "capacity", json_string("child"));
	assert_int_equal(
	    record_as(&anna, case_id, request, &answer, &refusal), STATUS_NO_CONSENT);
}

static const struct {
	const char *name, *value; /* JSON; NULL: the field is taken away */
	enum status status;
	const char *field;
} wrong[] = {
    {"granter", NULL, STATUS_ARGUMENT, "granter"},
    {"capacity", NULL, STATUS_ARGUMENT, "capacity"},
    {"capacity", "\"uncle\"", STATUS_ARGUMENT, "capacity"},
    {"child", NULL, STATUS_NO_CONSENT, "child"},
    {"child", "{\"birth_date\": \"2016-02-30\"}", STATUS_ARGUMENT, "birth_date"},
    {"child", "{\"age\": 10}", STATUS_ARGUMENT, "age"},
    {"child", "[]", STATUS_ARGUMENT, "child"},
    {"recipients", NULL, STATUS_ARGUMENT, "recipients"},
    {"recipients", "[]", STATUS_ARGUMENT, "recipients"},
    {"recipients", "[\"circus\"]", STATUS_ARGUMENT, "recipients"},
    {"categories", NULL, STATUS_ARGUMENT, "categories"},
    {"categories", "[\"act\"]", STATUS_ARGUMENT, "categories"},
    {"categories", "[\"ground\"]", STATUS_ARGUMENT, "categories"},
    {"categories", "\"identity\"", STATUS_ARGUMENT, "categories"},
    {"purposes", NULL, STATUS_ARGUMENT, "purposes"},
    {"purposes", "[7]", STATUS_ARGUMENT, "purposes"},
    {"childs_view", NULL, STATUS_NO_CONSENT, "childs_view"},
    {"childs_view_why", "\"busy\"", STATUS_ARGUMENT, "childs_view_why"},
    {"child_consent", "\"perhaps\"", STATUS_ARGUMENT, "child_consent"},
    {"notice", NULL, STATUS_ARGUMENT, "notice"},
    {"notice", "{\"code\": \"sharing\"}", STATUS_ARGUMENT, "notice"},
    {"until", "\"2020-01-01\"", STATUS_ARGUMENT, "until"},
    {"until", "\"never\"", STATUS_ARGUMENT, "until"},
    {"granted_on", "\"2999-01-01\"", STATUS_ARGUMENT, "granted_on"},
    {"day", "\"2999-01-01\"", STATUS_ARGUMENT, "day"},
    {"day", "1", STATUS_ARGUMENT, "day"},
    {"joint_custody", "\"yes\"", STATUS_ARGUMENT, "joint_custody"},
    {"method", "\"by_dove\"", STATUS_ARGUMENT, "method"},
    {"event", "\"renew\"", STATUS_ARGUMENT, "event"},
    {"event", "\"decide\"", STATUS_ARGUMENT, "event"},
    {"event", NULL, STATUS_ARGUMENT, "event"},
    {"ground", "\"consent\"", STATUS_ARGUMENT, "ground"},
    {"granter", "\"a\\u0007\"", STATUS_ARGUMENT, "granter"},
};

static void
what_is_missing_or_wrong_is_named_and_nothing_is_stored(void **state)
{
	char case_id[33];
	json_t *answer, *items;

	(void)state;
	begin_case(case_id);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *request = consent("give", 10);
		struct refusal refusal = {0};
		enum status rc;

		if (wrong[i].value == NULL)
			json_object_del(request, wrong[i].name);
		else
			json_object_set_new(request, wrong[i].name,
			    json_loads(wrong[i].value, JSON_DECODE_ANY, NULL));
		rc = record_as(&anna, case_id, request, &answer, &refusal);
		if (rc != wrong[i].status || strcmp(refusal.field, wrong[i].field) != 0)
			fail_msg("%s %s: %s of %s", wrong[i].name,
			    wrong[i].value != NULL ? wrong[i].value : "absent", status_name(rc),
			    refusal.field);
	}
	assert_int_equal(
	    acts_grounds(two.school.service, &anna, case_id, &items, &(struct refusal){0}),
	    STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(items, "items")), 0);
	json_decref(items);
}

/* Who is refused for a code is shown where the codes are. */
static void
a_refusal_of_a_code_says_where_to_look(void **state)
{
	static const struct {
		const char *name, *value, *where;
	} faults[] = {
	    {"notice", NULL, "(see: saikne consent notices)"},
	    {"notice", "{\"code\": \"none\", \"version\": \"1\", \"language\": \"lv\"}",
		"(see: saikne consent notices)"},
	    {"method", "\"by_dove\"", "(see: saikne lists consent-methods)"},
	    {"purposes", "[\"fun\"]", "(see: saikne lists purposes)"},
	};
	struct content content = {0};
	struct refusal refusal;
	char case_id[33];
	json_t *answer, *dove = json_string("by_dove");

	(void)state;
	begin_case(case_id);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		json_t *request = consent("give", 10);

		refusal = (struct refusal){0};
		json_object_set_new(request, faults[i].name,
		    faults[i].value == NULL
			? json_null()
			: json_loads(faults[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(
		    record_as(&anna, case_id, request, &answer, &refusal), STATUS_ARGUMENT);
		assert_non_null(strstr(refusal.detail, faults[i].where));
		assert_non_null(refusal.template);
	}
	assert_int_equal(content_start(MESSAGE_REFERRAL_OFFER, &content), STATUS_OK);
	assert_int_equal(request_set(&content, "urgency", dove, &refusal), STATUS_ARGUMENT);
	assert_non_null(strstr(refusal.detail, "(see: saikne lists urgencies)"));
	json_decref(dove);
	content_free(&content);
}

static void
an_event_takes_no_more_than_is_its_own(void **state)
{
	char case_id[33], id[33], born[11];
	json_t *request;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	record(case_id, consent("give", 10), "given", id);
	request = event("withdraw");
	json_object_set_new(request, "until", json_string("2030-01-01"));
	assert_int_equal(happens(&anna, id, request, ""), STATUS_ARGUMENT);
	request = event("renew");
	assert_int_equal(happens(&anna, id, request, ""), STATUS_ARGUMENT);
	request = event("renew");
	json_object_set_new(request, "until", json_string(day(-1, 0, born)));
	json_object_set_new(request, "categories", json_pack("[s]", "health"));
	assert_int_equal(happens(&anna, id, request, ""), STATUS_ARGUMENT);
	assert_int_equal(
	    happens(&anna, id, json_pack("{s:s}", "event", "object"), ""), STATUS_ARGUMENT);
	assert_int_equal(happens(&zane, id, event("invalidate"), ""), STATUS_NOT_ALLOWED);
	assert_int_equal(happens(&anna, id, event("invalidate"), "invalidated"), STATUS_OK);
	assert_int_equal(happens(&anna, id, event("withdraw"), ""), STATUS_WRONG_STATE);
}

static void
whose_role_or_case_it_is_not_is_told_what_a_stranger_is_told(void **state)
{
	const char *nothing = "00000000000000000000000000000000";
	char case_id[33], id[33];
	struct refusal refusal = {0}, other = {0};
	json_t *answer;

	(void)state;
	begin_case(case_id);
	assert_int_equal(record_as(&zane, case_id, consent("give", 10), &answer, &refusal),
	    STATUS_NOT_FOUND);
	let_know(&two.school, &zane, case_id);
	record(case_id, consent("give", 10), "given", id);
	assert_int_equal(acts_grounds_one(two.school.service, &auditor, id, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(record_as(&admin, case_id, consent("give", 10), &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	begin_case(case_id);
	record_as(&anna, case_id, consent("give", 10), &answer, &refusal);
	snprintf(id, sizeof(id), "%s", text(answer, "record"));
	json_decref(answer);
	assert_int_equal(happens(&zane, id, event("withdraw"), ""), STATUS_NOT_FOUND);
	assert_int_equal(acts_grounds_one(two.school.service, &zane, id, &answer, &refusal),
	    STATUS_NOT_FOUND);
	assert_int_equal(acts_grounds_one(two.school.service, &zane, nothing, &answer, &other),
	    STATUS_NOT_FOUND);
	assert_string_equal(refusal.detail, other.detail);
	assert_int_equal(acts_consent_receipt(two.school.service, &zane, id, &answer, &other),
	    STATUS_NOT_FOUND);
}

/* ---- Looking ----------------------------------------------------------------------------- */

static unsigned
looks(const char *what)
{
	struct acts_access_query query = {.limit = 500};
	struct refusal refusal = {0};
	json_t *answer;
	const json_t *one;
	unsigned count = 0;
	size_t i;

	assert_int_equal(
	    acts_access(two.school.service, &auditor, &query, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "items"), i, one) count +=
	    strcmp(text(one, "what"), what) == 0;
	json_decref(answer);
	return count;
}

static void
every_look_and_act_stands_in_the_access_log(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal = {0};
	json_t *answer;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	record(case_id, consent("give", 10), "given", id);
	json_decref(shown(id));
	assert_int_equal(
	    acts_grounds(two.school.service, &zane, case_id, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
	assert_true(may(json_array_get(json_object_get(answer, "items"), 0), "withdraw"));
	assert_false(may(json_array_get(json_object_get(answer, "items"), 0), "invalidate"));
	assert_false(may(json_array_get(json_object_get(answer, "items"), 0), "revoke"));
	json_decref(answer);
	assert_int_equal(
	    acts_consent_receipt(two.school.service, &zane, id, &answer, &refusal), STATUS_OK);
	json_decref(answer);
	assert_int_equal(looks("consent_give"), 1);
	assert_int_equal(looks("ground"), 1);
	assert_int_equal(looks("grounds"), 1);
	assert_int_equal(looks("consent_receipt"), 1);
}

static void
what_ends_soon_is_listed_for_who_knows_the_case(void **state)
{
	char case_id[33], id[33], ends[11];
	struct refusal refusal = {0};
	json_t *request, *answer, *item;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	request = consent("give", 10);
	json_object_set_new(request, "until", json_string(day(0, 15, ends)));
	record(case_id, request, "given", id);
	assert_int_equal(
	    acts_consent_ending(two.school.service, &zane, NULL, 10, NULL, &answer, &refusal),
	    STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
	json_decref(answer);
	request = consent("give", 10);
	json_object_set_new(request, "until", json_string(day(0, 14, ends)));
	record(case_id, request, "given", id);
	/* Who comes of age in three days lets it lapse the day before. */
	request = consent("give", 18);
	json_object_set_new(
	    json_object_get(request, "child"), "birth_date", json_string(day(18, 3, ends)));
	json_object_set_new(request, "child_consent", json_string("given"));
	record(case_id, request, "given", id);
	assert_int_equal(
	    acts_consent_ending(two.school.service, &zane, NULL, 10, NULL, &answer, &refusal),
	    STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 2);
	for (size_t i = 0; i < 2; i++) {
		item = json_array_get(json_object_get(answer, "items"), i);
		if (strcmp(text(item, "why"), "came_of_age") == 0)
			break;
	}
	assert_string_equal(text(item, "why"), "came_of_age");
	assert_string_equal(text(item, "record"), id);
	assert_string_equal(text(item, "ends"), day(0, 2, ends));
	json_decref(answer);
	assert_int_equal(
	    acts_consent_ending(two.school.service, &zane, "15", 1, NULL, &answer, &refusal),
	    STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
	request = json_incref(json_object_get(answer, "next"));
	json_decref(answer);
	assert_int_equal(acts_consent_ending(two.school.service, &zane, "15", 10,
			     json_string_value(request), &answer, &refusal),
	    STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 2);
	json_decref(request);
	json_decref(answer);
	assert_int_equal(
	    acts_consent_ending(two.school.service, &zane, "0", 10, NULL, &answer, &refusal),
	    STATUS_ARGUMENT);
}

/* ---- The receipt ------------------------------------------------------------------------- */

static void
a_receipt_says_what_was_consented_to_and_how_to_withdraw(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal = {0};
	const json_t *processing, *purpose, *events;
	json_t *receipt;

	(void)state;
	begin_case(case_id);
	let_know(&two.school, &zane, case_id);
	record(case_id, consent("give", 10), "given", id);
	assert_int_equal(happens(&zane, id, event("withdraw"), "withdrawn"), STATUS_OK);
	assert_int_equal(
	    acts_consent_receipt(two.school.service, &zane, id, &receipt, &refusal), STATUS_OK);
	assert_string_equal(text(json_object_get(receipt, "record_header"), "record_id"), id);
	processing = json_object_get(receipt, "pii_processing");
	assert_string_equal(
	    text(json_object_get(processing, "privacy_notice"), "code"), "sharing");
	purpose = json_array_get(json_object_get(processing, "purposes"), 0);
	assert_string_equal(text(purpose, "lawful_basis"), "consent");
	assert_int_equal(json_array_size(json_object_get(purpose, "pii_information")), 2);
	assert_string_equal(
	    text(json_object_get(purpose, "withdrawal_method"), "party_id"), "school");
	assert_int_equal(json_array_size(json_object_get(receipt, "party_identification")), 4);
	events = json_object_get(receipt, "events");
	assert_string_equal(text(json_array_get(events, 0), "event_state"), "given");
	assert_string_equal(text(json_array_get(events, 1), "event_state"), "withdrawn");
	json_decref(receipt);
}

/* The network's clock begins in 1972, where a pupil of 18 was born before any day we know. */
static int
set_up_later(void **state)
{
	int failed = set_up(state);

	two.school.clock_ahead = 55LL * 365 * 24 * 3600 * 1000;
	return failed;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_later, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_consent_lives_through_request_deferral_renewal_and_withdrawal),
	    TEST(from_fourteen_on_the_child_consents_too_or_it_is_deferred),
	    TEST(at_eighteen_the_pupil_alone_consents),
	    TEST(what_is_missing_or_wrong_is_named_and_nothing_is_stored),
	    TEST(a_refusal_of_a_code_says_where_to_look),
	    TEST(an_event_takes_no_more_than_is_its_own),
	    TEST(whose_role_or_case_it_is_not_is_told_what_a_stranger_is_told),
	    TEST(every_look_and_act_stands_in_the_access_log),
	    TEST(what_ends_soon_is_listed_for_who_knows_the_case),
	    TEST(a_receipt_says_what_was_consented_to_and_how_to_withdraw),
	};

	return cmocka_run_group_tests_name("acts_consent", tests, NULL, NULL);
}
