/* tests/unit/test_acts_law.c: decisions to share by law and not to share, and confirmed provisions. */
#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/acts/acts_provision.h"
#include "services/runtime/store/access_store.h"
#include "tests/unit/service_room.h"

static const struct actor machine = {
    .person = 4, .user = "root", .role = ROLE_ADMINISTRATOR, .system = true};

/* ---- Help -------------------------------------------------------------------------------- */

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

/* A decision that is whole but for what a test takes away. */
static json_t *
decision(const char *ground)
{
	return json_pack("{s:s, s:s, s:[s], s:[s, s], s:[s], s:s, s:s}", "ground", ground,
	    "necessity", "Bērns pazudis.", "recipients", "police", "categories", "identity",
	    "contact", "purposes", "safety", "decided_by", "Direktore Anna", "family_told",
	    "danger_to_child");
}

static enum status
decide_as(const struct actor *actor, const char *case_id, json_t *request, json_t **answer,
    struct refusal *refusal)
{
	enum status rc;

	*refusal = (struct refusal){0};
	rc = acts_law_decide(two.school.service, actor, case_id, request, answer, refusal);
	assert_int_equal(rc == STATUS_OK, *answer != NULL);
	if (rc != STATUS_OK)
		assert_true(refusal->detail[0] != '\0');
	json_decref(request);
	return rc;
}

static json_t *
decided(const char *case_id, json_t *request, char id[33])
{
	struct refusal refusal;
	json_t *answer;
	enum status rc = decide_as(&anna, case_id, request, &answer, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	snprintf(id, 33, "%s", text(answer, "record"));
	return answer;
}

static bool
notes(const json_t *answer, const char *note)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "notes"), i, one)
	{
		if (strcmp(text(one, "note"), note) == 0)
			return true;
	}
	return false;
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

static enum status
happens(const char *id, const char *event, const char *why)
{
	struct refusal refusal = {0};
	json_t *request = json_pack("{s:s, s:s*}", "event", event, "text", why), *answer;
	enum status rc =
	    acts_consent_event(two.school.service, &anna, id, request, &answer, &refusal);

	json_decref(request);
	json_decref(answer);
	return rc;
}

static enum status
confirm_as(const struct actor *actor, const char *code, json_t *request)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc =
	    acts_provision_confirm(two.school.service, actor, code, request, &answer, &refusal);

	if (rc != STATUS_OK)
		assert_true(refusal.detail[0] != '\0');
	json_decref(request);
	json_decref(answer);
	return rc;
}

static json_t *
advice(void)
{
	return json_pack(
	    "{s:s, s:s}", "advice", "Izdomāts jurists", "advised_on", "2026-01-05");
}

static json_t *
undo(void)
{
	return json_pack("{s:b}", "undo", 1);
}

static json_t *
provision(const char *code)
{
	struct refusal refusal;
	const json_t *item;
	json_t *answer, *found = NULL;
	size_t i;

	assert_int_equal(
	    acts_provisions(two.school.service, &zane, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		assert_string_not_equal(text(item, "provision"), "consent");
		if (strcmp(text(item, "provision"), code) == 0)
			found = json_deep_copy(item);
	}
	json_decref(answer);
	assert_non_null(found);
	return found;
}

static json_t *
statement(const char *case_id)
{
	struct refusal refusal;
	json_t *answer;

	assert_int_equal(
	    acts_disclosure(two.school.service, &anna, case_id, &answer, &refusal), STATUS_OK);
	return answer;
}

/* ---- Provisions -------------------------------------------------------------------------- */

static void
an_administrator_alone_confirms_a_provision_and_ends_that(void **state)
{
	json_t *item;

	(void)state;
	assert_int_equal(confirm_as(&admin, "public_task", undo()), STATUS_OK);
	item = provision("public_task");
	assert_true(json_is_null(json_object_get(item, "confirmed")));
	assert_true(json_is_false(json_object_get(item, "unconfirmed_works")));
	json_decref(item);
	assert_int_equal(confirm_as(&admin, "public_task", undo()), STATUS_WRONG_STATE);
	assert_int_equal(confirm_as(&anna, "public_task", advice()), STATUS_NOT_ALLOWED);
	assert_int_equal(confirm_as(&machine, "public_task", advice()), STATUS_NOT_ALLOWED);
	assert_int_equal(confirm_as(&admin, "public_task", advice()), STATUS_OK);
	item = provision("public_task");
	assert_string_equal(text(item, "by"), "root");
	assert_string_equal(text(item, "advice"), "Izdomāts jurists");
	assert_string_equal(text(item, "advised_on"), "2026-01-05");
	assert_true(text(item, "source")[0] != '\0');
	json_decref(item);
	item = provision("duty_to_report");
	assert_true(json_is_true(json_object_get(item, "unconfirmed_works")));
	json_decref(item);
}

static void
what_is_wrong_with_a_confirmation_is_named_and_changes_nothing(void **state)
{
	json_t *item;

	(void)state;
	assert_int_equal(confirm_as(&admin, "consent", advice()), STATUS_NOT_FOUND);
	assert_int_equal(confirm_as(&admin, "../people", advice()), STATUS_NOT_FOUND);
	assert_int_equal(confirm_as(&admin, "vital_interest", json_object()), STATUS_ARGUMENT);
	assert_int_equal(
	    confirm_as(&admin, "vital_interest",
		json_pack("{s:s, s:s}", "advice", "X", "advised_on", "2999-01-01")),
	    STATUS_ARGUMENT);
	assert_int_equal(confirm_as(&admin, "vital_interest",
			     json_pack("{s:s, s:s}", "advice", "", "advised_on", "2026-01-01")),
	    STATUS_ARGUMENT);
	assert_int_equal(confirm_as(&admin, "vital_interest",
			     json_pack("{s:s, s:s, s:b}", "advice", "X", "advised_on",
				 "2026-01-01", "undo", 1)),
	    STATUS_ARGUMENT);
	item = provision("vital_interest");
	assert_true(json_is_null(json_object_get(item, "confirmed")));
	json_decref(item);
}

/* ---- To share ---------------------------------------------------------------------------- */

static void
a_decision_is_kept_whole_and_ends_with_a_reason(void **state)
{
	char case_id[33], id[33];
	json_t *answer, *item;
	const json_t *says;

	(void)state;
	begin_case(case_id);
	answer = decided(case_id, decision("public_task"), id);
	assert_string_equal(text(answer, "state"), "in_force");
	assert_int_equal(json_array_size(json_object_get(answer, "notes")), 0);
	json_decref(answer);
	item = shown(id);
	says = json_object_get(item, "says");
	assert_string_equal(text(item, "basis"), "law");
	assert_string_equal(text(says, "necessity"), "Bērns pazudis.");
	assert_string_equal(text(says, "decided_by"), "Direktore Anna");
	assert_string_equal(text(says, "family_told"), "danger_to_child");
	assert_true(text(says, "provision")[0] != '\0');
	assert_int_equal(json_array_size(json_object_get(item, "may")), 2);
	json_decref(item);
	assert_int_equal(happens(id, "give", "Nē."), STATUS_WRONG_STATE);
	assert_int_equal(happens(id, "renew", "Nē."), STATUS_WRONG_STATE);
	assert_int_equal(happens(id, "end", NULL), STATUS_ARGUMENT);
	assert_int_equal(happens(id, "end", "Bērns atrasts."), STATUS_OK);
	assert_int_equal(happens(id, "end", "Bērns atrasts."), STATUS_WRONG_STATE);
	item = shown(id);
	assert_string_equal(text(item, "state"), "ended");
	assert_string_equal(
	    text(json_array_get(json_object_get(item, "events"), 1), "text"), "Bērns atrasts.");
	json_decref(item);
}

static void
what_a_decision_lacks_is_named_and_nothing_is_stored(void **state)
{
	static const struct {
		const char *without, *field;
		enum status rc;
	} lacks[] = {
	    {"ground", "ground", STATUS_NO_BASIS},
	    {"necessity", "necessity", STATUS_NO_NECESSITY},
	    {"recipients", "recipients", STATUS_ARGUMENT},
	    {"categories", "categories", STATUS_ARGUMENT},
	    {"purposes", "purposes", STATUS_ARGUMENT},
	};
	static const struct {
		const char *name, *value;
		enum status rc;
	} wrong[] = {
	    {"ground", "consent", STATUS_NO_BASIS},
	    {"ground", "whim", STATUS_ARGUMENT},
	    {"decision", "perhaps", STATUS_ARGUMENT},
	    {"family_told", "perhaps", STATUS_ARGUMENT},
	    {"until", "1999-01-01", STATUS_ARGUMENT},
	    {"granter", "Izdomāta Māte", STATUS_ARGUMENT},
	    {"text", "Tikai noraidījumam.", STATUS_ARGUMENT},
	};
	char case_id[33];
	struct refusal refusal;
	json_t *request, *answer;

	(void)state;
	begin_case(case_id);
	for (size_t i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++) {
		request = decision("public_task");
		assert_int_equal(json_object_del(request, lacks[i].without), 0);
		assert_int_equal(
		    decide_as(&anna, case_id, request, &answer, &refusal), lacks[i].rc);
		assert_string_equal(refusal.field, lacks[i].field);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		request = decision("public_task");
		assert_int_equal(
		    json_object_set_new(request, wrong[i].name, json_string(wrong[i].value)),
		    0);
		assert_int_equal(
		    decide_as(&anna, case_id, request, &answer, &refusal), wrong[i].rc);
	}
	assert_int_equal(
	    decide_as(&auditor, case_id, decision("public_task"), &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    acts_grounds(two.school.service, &anna, case_id, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 0);
	json_decref(answer);
}

static void
an_unconfirmed_provision_is_refused_unless_a_childs_safety_cannot_wait(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal;
	json_t *answer, *item;

	(void)state;
	begin_case(case_id);
	assert_int_equal(confirm_as(&admin, "public_task", undo()), STATUS_OK);
	assert_int_equal(decide_as(&anna, case_id, decision("public_task"), &answer, &refusal),
	    STATUS_UNCONFIRMED);
	assert_string_equal(refusal.field, "ground");
	answer = decided(case_id, decision("vital_interest"), id);
	assert_true(notes(answer, "no_consent_needed") && notes(answer, "unconfirmed"));
	json_decref(answer);
	item = shown(id);
	assert_true(
	    json_is_true(json_object_get(json_object_get(item, "says"), "unconfirmed")));
	assert_true(notes(item, "unconfirmed"));
	json_decref(item);
	assert_int_equal(confirm_as(&admin, "vital_interest", advice()), STATUS_OK);
	answer = decided(case_id, decision("vital_interest"), id);
	assert_true(notes(answer, "no_consent_needed") && !notes(answer, "unconfirmed"));
	json_decref(answer);
}

static json_t *
refused_consent(const char *purpose)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s}, s:[s], s:[s], s:[s], s:s}", "event",
	    "refuse", "day", "2026-09-01", "granter", "Izdomāta Māte", "capacity", "parent",
	    "child", "birth_date", "2016-05-01", "recipients", "police", "categories",
	    "identity", "purposes", purpose, "childs_view", "Nezinu.");
}

static void
a_refused_consent_for_the_same_stands_beside_the_decision(void **state)
{
	static const char *const purposes[] = {"return_to_school", "safety"};
	char case_id[33], id[33];
	struct refusal refusal = {0};
	json_t *answer, *request, *item;

	(void)state;
	begin_case(case_id);
	for (size_t i = 0; i < 2; i++) {
		request = refused_consent(purposes[i]);
		assert_non_null(request);
		if (acts_consent_new(two.school.service, &anna, case_id, request, &answer,
			&refusal) != STATUS_OK)
			fail_msg("%s", refusal.detail);
		json_decref(request);
		json_decref(answer);
		answer = decided(case_id, decision("public_task"), id);
		/* Of another purpose it says nothing. */
		assert_int_equal(notes(answer, "refused"), i == 1);
		json_decref(answer);
	}
	item = shown(id);
	assert_string_equal(
	    text(json_array_get(json_object_get(item, "notes"), 0), "day"), "2026-09-01");
	json_decref(item);
}

/* ---- Not to share ------------------------------------------------------------------------ */

static json_t *
not_sharing(void)
{
	return json_pack("{s:s, s:[s], s:[s], s:s}", "decision", "not_share", "recipients",
	    "police", "categories", "health", "text", "Slimnīcas ziņas nav vajadzīgas.");
}

static enum status
withhold(const char *case_id, const char *id, bool again)
{
	struct refusal refusal = {0};
	json_t *request = again ? json_pack("{s:s, s:b, s:s}", "message", id, "undo", 1, "text",
				      "Var.")
	                        : json_pack("{s:s, s:s, s:s}", "message", id, "reason",
				      "child_safety", "text", "Nedrīkst zināt."),
	       *answer;
	enum status rc =
	    acts_withhold(two.school.service, &anna, case_id, request, &answer, &refusal);

	json_decref(request);
	json_decref(answer);
	return rc;
}

static void
a_decision_not_to_share_stands_in_the_statement_unless_it_is_left_out(void **state)
{
	char case_id[33], id[33], *all;
	const json_t *entry;
	json_t *answer;

	(void)state;
	begin_case(case_id);
	answer = decided(case_id, not_sharing(), id);
	assert_string_equal(text(answer, "state"), "not_shared");
	json_decref(answer);
	answer = statement(case_id);
	entry = json_array_get(json_object_get(answer, "not_shared"), 0);
	assert_string_equal(text(entry, "why"), "decided");
	assert_string_equal(text(entry, "text"), "Slimnīcas ziņas nav vajadzīgas.");
	assert_string_equal(text(json_object_get(entry, "with"), "code"), "police");
	json_decref(answer);
	assert_int_equal(withhold(case_id, id, false), STATUS_OK);
	assert_int_equal(withhold(case_id, id, false), STATUS_WRONG_STATE);
	answer = statement(case_id);
	assert_int_equal(json_integer_value(json_object_get(answer, "left_out")), 1);
	json_object_del(answer, "left_out");
	all = json_dumps(answer, 0);
	assert_null(strstr(all, "police"));
	assert_null(strstr(all, id));
	free(all);
	json_decref(answer);
	id[10] = '\0'; /* its first digits name it, too */
	assert_int_equal(withhold(case_id, id, true), STATUS_OK);
	answer = statement(case_id);
	assert_int_equal(json_array_size(json_object_get(answer, "not_shared")), 1);
	json_decref(answer);
}

static void
a_decision_not_to_share_authorises_nothing(void **state)
{
	char case_id[33], id[33];
	struct refusal refusal;
	json_t *answer, *request;

	(void)state;
	begin_case(case_id);
	request = not_sharing();
	json_object_del(request, "text");
	assert_int_equal(
	    decide_as(&anna, case_id, request, &answer, &refusal), STATUS_ARGUMENT);
	assert_string_equal(refusal.field, "text");
	answer = decided(case_id, not_sharing(), id);
	json_decref(answer);
	assert_int_equal(happens(id, "end", "Nē."), STATUS_WRONG_STATE);
	assert_int_equal(happens(id, "invalidate", "Kļūda."), STATUS_OK);
	answer = statement(case_id);
	assert_int_equal(json_array_size(json_object_get(answer, "not_shared")), 0);
	json_decref(answer);
}

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
	    TEST(an_administrator_alone_confirms_a_provision_and_ends_that),
	    TEST(what_is_wrong_with_a_confirmation_is_named_and_changes_nothing),
	    TEST(a_decision_is_kept_whole_and_ends_with_a_reason),
	    TEST(what_a_decision_lacks_is_named_and_nothing_is_stored),
	    TEST(an_unconfirmed_provision_is_refused_unless_a_childs_safety_cannot_wait),
	    TEST(a_refused_consent_for_the_same_stands_beside_the_decision),
	    TEST(a_decision_not_to_share_stands_in_the_statement_unless_it_is_left_out),
	    TEST(a_decision_not_to_share_authorises_nothing),
	};
#undef TEST

	return cmocka_run_group_tests_name("acts_law", tests, NULL, NULL);
}
