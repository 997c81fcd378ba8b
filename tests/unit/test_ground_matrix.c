/* tests/unit/test_ground_matrix.c: state × scope × category × kind × basis: what a ground lets go. */
#include "tests/unit/service_room.h"

#include "protocol/lists/lists.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/provisions.h"

#define PURPOSE "safety"
/* The room is in September 1972. */

/* How a record names its recipients, seen from the institution that asks. */
enum scope { BY_CODE, BY_KIND, BY_GROUP, BY_OTHERS, BY_NOBODY, SCOPES };

static struct party
party_of(const char *kind)
{
	struct party party = {.group = kind_group(bytes_of_text(kind))};

	snprintf(party.code, sizeof(party.code), "some-place");
	snprintf(party.kind, sizeof(party.kind), "%s", kind);
	return party;
}

static const char *
name_of(enum scope scope, const struct party *party)
{
	switch (scope) {
	case BY_CODE:
		return party->code;
	case BY_KIND:
		return party->kind;
	case BY_GROUP:
		return group_name(party->group);
	case BY_OTHERS:
	case BY_NOBODY:
	case SCOPES:
		break;
	}
	return "some-other-place";
}

static json_t *
body_of(enum basis basis, enum scope scope, const struct party *party, enum category category)
{
	json_t *body = json_pack("{s:s, s:[s], s:[s]}", "ground",
	    basis == BASIS_CONSENT ? "consent" : "legal_duty", "purposes", PURPOSE,
	    "categories", category_name(category));
	json_t *recipients = json_array();

	if (scope != BY_NOBODY)
		json_array_append_new(recipients, json_string(name_of(scope, party)));
	json_object_set_new(body, "recipients", recipients);
	if (basis == BASIS_CONSENT)
		json_object_update_new(
		    body, json_pack("{s:s, s:s, s:s}", "granter", "Zane Izdomāta", "capacity",
			      "parent", "granted_on", "1972-09-01"));
	else
		json_object_update_new(
		    body, json_pack("{s:s, s:s}", "provision", "Izdomāts likums, 1. pants",
			      "necessity", "Izdomāta nepieciešamība"));
	return body;
}

/* What the field's own rules say, said a second time: only what is given, renewed or in force. */
static enum status
expected(enum basis basis, enum consent_state state, enum scope scope, const char *purpose)
{
	static const struct {
		enum consent_state state;
		enum status consent, law;
	} refusals[] = {
	    {CONSENT_EXPIRED, STATUS_GROUND_EXPIRED, STATUS_GROUND_EXPIRED},
	    {CONSENT_ENDED, STATUS_GROUND_EXPIRED, STATUS_GROUND_EXPIRED},
	    {CONSENT_REVOKED, STATUS_NO_CUSTODY, STATUS_NO_CUSTODY},
	};
	bool holds =
	    state == CONSENT_GIVEN || state == CONSENT_RENEWED || state == CONSENT_IN_FORCE;
	bool named = scope == BY_CODE || scope == BY_KIND || scope == BY_GROUP;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].state == state)
			return basis == BASIS_CONSENT ? refusals[i].consent : refusals[i].law;
	if (!holds)
		return basis == BASIS_CONSENT ? STATUS_NO_CONSENT : STATUS_NO_BASIS;
	return named && strcmp(purpose, PURPOSE) == 0 ? STATUS_OK : STATUS_OUTSIDE_GROUND;
}

static unsigned
check_one(enum basis basis, enum scope scope, const struct party *party, enum category category)
{
	static const char *const purposes[] = {PURPOSE, "opinion"};
	json_t *body = body_of(basis, scope, party, category);
	struct ground_terms terms;
	unsigned passed = 0;

	assert_true(grounds_terms(body, basis, &terms));
	for (unsigned state = 0; state < CONSENT_STATE_COUNT; state++)
		for (size_t p = 0; p < 2; p++) {
			category_set allowed = 0;
			enum status rc = grounds_allow(two.school.service, basis,
			    (enum consent_state)state, &terms, party, purposes[p], &allowed);

			assert_int_equal(
			    rc, expected(basis, (enum consent_state)state, scope, purposes[p]));
			assert_int_equal(allowed,
			    rc != STATUS_OK
				? 0
				: (CATEGORY_BIT(category) | CATEGORY_BIT(CATEGORY_ACT) |
				      CATEGORY_BIT(CATEGORY_GROUND)));
			passed += rc == STATUS_OK;
		}
	json_decref(body);
	return passed;
}

static void
confirm(const char *code)
{
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(provisions_confirm(two.school.service, code, anna.person,
			     "Izdomāts atzinums 1", "1972-09-02"),
	    STATUS_OK);
	service_commit(two.school.service, "act");
}

static void
the_whole_matrix_lets_go_what_is_in_force_for_whom_and_what_it_names(void **state)
{
	const struct list *kinds = list_named("institution-kinds");
	unsigned passed = 0, asked = 0;

	(void)state;
	confirm("legal_duty");
	for (unsigned row = 0; row < list_rows(kinds); row++) {
		struct party party = party_of(list_text(kinds, row, "code"));

		for (unsigned scope = 0; scope < SCOPES; scope++)
			for (unsigned c = CATEGORY_IDENTITY; c <= CATEGORY_PROCEEDINGS; c++)
				for (int b = BASIS_CONSENT; b <= BASIS_LAW; b++) {
					passed += check_one((enum basis)b, (enum scope)scope,
					    &party, (enum category)c);
					asked += 2 * CONSENT_STATE_COUNT;
				}
	}
	assert_true(passed > 0 && passed < asked / 10);
}

/* ---- What a ground cannot do ------------------------------------------------------------- */

static void
a_ground_adds_nothing_to_what_the_profile_lets_go(void **state)
{
	const struct list *kinds = list_named("institution-kinds"),
			  *purposes = list_named("purposes");

	(void)state;
	/* ACT and GROUND alone are everybody's; every other bit both must give. */
	for (unsigned k = 0; k < list_rows(kinds); k++)
		for (unsigned p = 0; p < list_rows(purposes); p++) {
			category_set profile = profile_allows(
			    list_text(purposes, p, "code"), list_text(kinds, k, "code"));

			assert_true((profile & CATEGORY_BIT(CATEGORY_ACT)) != 0);
			assert_true((profile & CATEGORY_BIT(CATEGORY_GROUND)) != 0);
			/* Whoever prepares a decision on custody alone may have to know all of it. */
			assert_true(
			    profile != CATEGORY_ALL ||
			    (strcmp(list_text(purposes, p, "code"),
				 "information_for_decision") == 0 &&
				strcmp(list_text(kinds, k, "code"), "orphans_court") == 0));
		}
}

static enum status
law_allows(const char *code, const char *leave_out)
{
	struct party party = party_of("state_police");
	json_t *body = body_of(BASIS_LAW, BY_CODE, &party, CATEGORY_FAMILY);
	struct ground_terms terms;
	category_set allowed;
	enum status rc;

	json_object_set_new(body, "ground", json_string(code));
	json_object_del(body, leave_out);
	assert_true(grounds_terms(body, BASIS_LAW, &terms));
	rc = grounds_allow(
	    two.school.service, BASIS_LAW, CONSENT_IN_FORCE, &terms, &party, PURPOSE, &allowed);
	json_decref(body);
	return rc;
}

/* As an institution is on its first day. */
static void
forget_confirmations(void)
{
	struct query *query;

	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    database_query(two.school.service->db, "DELETE FROM provisions", &query),
	    STATUS_OK);
	assert_int_equal(query_run(query), STATUS_OK);
	service_commit(two.school.service, "act");
}

static void
law_needs_provision_necessity_and_confirmation_but_for_danger_and_duty(void **state)
{
	const struct list *bases = list_named("legal-bases");

	(void)state;
	forget_confirmations();
	for (unsigned row = 0; row < list_rows(bases); row++) {
		const char *code = list_text(bases, row, "code");
		bool urgent =
		    strcmp(code, "duty_to_report") == 0 || strcmp(code, "vital_interest") == 0;

		if (strcmp(code, "consent") == 0)
			continue;
		/* It is for what an orphan's court states, and for nothing else. */
		if (strcmp(code, "custody_statement") == 0) {
			assert_int_equal(law_allows(code, "none"), STATUS_OUTSIDE_GROUND);
			continue;
		}
		assert_int_equal(law_allows(code, "provision"), STATUS_NO_NECESSITY);
		assert_int_equal(law_allows(code, "necessity"), STATUS_NO_NECESSITY);
		assert_int_equal(
		    law_allows(code, "none"), urgent ? STATUS_OK : STATUS_UNCONFIRMED);
		confirm(code);
		assert_int_equal(law_allows(code, "none"), STATUS_OK);
	}
}

static enum status
consent_allows(const char *name, const char *value)
{
	struct party party = party_of("social_service");
	json_t *body = body_of(BASIS_CONSENT, BY_KIND, &party, CATEGORY_FAMILY);
	struct ground_terms terms;
	category_set allowed;
	enum status rc;

	if (value != NULL)
		json_object_set_new(body, name, json_string(value));
	else
		json_object_del(body, name);
	assert_true(grounds_terms(body, BASIS_CONSENT, &terms));
	rc = grounds_allow(two.school.service, BASIS_CONSENT, CONSENT_GIVEN, &terms, &party,
	    PURPOSE, &allowed);
	json_decref(body);
	return rc;
}

static void
consent_needs_who_gave_it_in_what_capacity_and_a_day_that_came_and_has_not_gone(void **state)
{
	(void)state;
	assert_int_equal(consent_allows("none", NULL), STATUS_OK);
	assert_int_equal(consent_allows("granter", NULL), STATUS_NO_CONSENT);
	assert_int_equal(consent_allows("capacity", NULL), STATUS_NO_CONSENT);
	assert_int_equal(consent_allows("granted_on", NULL), STATUS_NO_CONSENT);
	assert_int_equal(consent_allows("granted_on", "9999-12-31"), STATUS_NO_CONSENT);
	assert_int_equal(consent_allows("until", "1972-09-02"), STATUS_GROUND_EXPIRED);
	assert_int_equal(consent_allows("until", "9999-12-31"), STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(the_whole_matrix_lets_go_what_is_in_force_for_whom_and_what_it_names),
	    SERVICE_TEST(a_ground_adds_nothing_to_what_the_profile_lets_go),
	    SERVICE_TEST(
		law_needs_provision_necessity_and_confirmation_but_for_danger_and_duty),
	    SERVICE_TEST(
		consent_needs_who_gave_it_in_what_capacity_and_a_day_that_came_and_has_not_gone),
	};

	return cmocka_run_group_tests_name("ground_matrix", tests, NULL, NULL);
}
