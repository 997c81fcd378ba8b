/* tests/unit/test_knowing.c: who inside the institution knows which case, and the record of looks. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/people/people.h"

#define HOUR_MS (3600ULL * 1000)

/* A second case manager, a supervisor and a head of the police. */
static struct actor liga, dace, karlis, maris;

static const struct actor program = {
    .person = 9, .user = "programma", .role = ROLE_SUPERVISOR, .system = true};

static int
set_up_staff(void **state)
{
	struct service *police;

	if (set_up(state) != 0)
		return -1;
	police = two.police.service;
	return people_enter(police, "liga", ROLE_CASE_MANAGER, &liga) == STATUS_OK &&
	               people_enter(police, "dace", ROLE_SUPERVISOR, &dace) == STATUS_OK &&
	               people_enter(police, "karlis", ROLE_HEAD, &karlis) == STATUS_OK &&
	               people_enter(police, "maris", ROLE_SPECIALIST, &maris) == STATUS_OK
	           ? 0
	           : -1;
}

#define KNOWING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_staff, tear_down)

/* ---- Doing and looking --------------------------------------------------------------------- */

static enum status
look(const struct actor *actor, const char *task)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc = acts_task(two.police.service, actor, task, &answer, &refusal);

	json_decref(answer);
	return rc;
}

static unsigned
listed(const struct actor *actor, const char *box)
{
	struct acts_query query = {.box = box, .limit = 100};
	struct refusal refusal = {0};
	json_t *answer;
	unsigned count;

	if (acts_tasks(two.police.service, actor, &query, &answer, &refusal) != STATUS_OK)
		return 1000;
	count = (unsigned)json_array_size(json_object_get(answer, "items"));
	json_decref(answer);
	return count;
}

static void
case_of(const char *task, char case_id[33])
{
	json_t *shown = show_to(&two.police, &auditor, task);

	snprintf(case_id, 33, "%s", text(shown, "case"));
	json_decref(shown);
}

typedef enum status (*case_act)(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);

/* Takes REQUEST. */
static enum status
on_case(case_act act, const struct actor *actor, const char *case_id, json_t *request)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc = act(two.police.service, actor, case_id, request, &answer, &refusal);

	assert_int_equal(rc == STATUS_OK, answer != NULL);
	assert_true(rc == STATUS_OK || refusal.detail[0] != '\0');
	json_decref(answer);
	json_decref(request);
	return rc;
}

static enum status
glass(const struct actor *actor, const char *name, const char *value)
{
	json_t *request = json_pack("{s:s, s:s}", name, value, "reason", "Bērns ir slimnīcā."),
	       *answer;
	struct refusal refusal = {0};
	enum status rc =
	    acts_break_glass(two.police.service, actor, request, &answer, &refusal);

	json_decref(request);
	json_decref(answer);
	return rc;
}

static json_t *
access_rows(const struct actor *actor, const char *case_id)
{
	struct acts_access_query query = {.case_id = case_id, .limit = 100};
	struct refusal refusal = {0};
	json_t *answer = NULL;

	assert_int_equal(
	    acts_access(two.police.service, actor, &query, &answer, &refusal), STATUS_OK);
	return answer;
}

static unsigned
recorded(const char *case_id, const char *who, const char *what)
{
	json_t *rows = access_rows(&auditor, case_id);
	const json_t *row;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(rows, "items"), i, row)
	{
		count +=
		    strcmp(text(row, "who"), who) == 0 && strcmp(text(row, "what"), what) == 0;
	}
	json_decref(rows);
	return count;
}

/* An urgent referral lies in the police's mailbox. */
static void
arrive(char task[33], char case_id[33])
{
	refer("urgent", task);
	settle();
	case_of(task, case_id);
}

/* ---- The rule -------------------------------------------------------------------------------- */

static void
what_nobody_took_is_opened_by_who_sees_the_mailbox(void **state)
{
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	assert_int_equal(listed(&anna, "mailbox"), 1);
	assert_int_equal(look(&anna, task), STATUS_OK);
	assert_int_equal(look(&dace, task), STATUS_OK);
	assert_int_equal(look(&zane, task), STATUS_NOT_FOUND);
	assert_int_equal(listed(&zane, "in"), 0);
	assert_int_equal(listed(&zane, "mailbox"), 1000);
	put_on_duty(&two.police, &zane);
	assert_int_equal(look(&zane, task), STATUS_OK);
	assert_int_equal(listed(&zane, "in"), 1);
}

static void
who_acts_first_holds_the_case_and_others_know_it_no_more(void **state)
{
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(listed(&anna, "in"), 1);
	assert_int_equal(listed(&anna, "mailbox"), 0);
	assert_int_equal(look(&liga, task), STATUS_NOT_FOUND);
	assert_int_equal(listed(&liga, "in"), 0);
	/* Those who lead see that it is there, not what it is about. */
	assert_int_equal(listed(&dace, "in"), 1);
	assert_int_equal(look(&dace, task), STATUS_NOT_FOUND);
}

static void
a_stranger_and_who_may_not_know_are_told_the_same(void **state)
{
	char task[33], case_id[33];
	struct refusal known = {0}, guessed = {0};
	json_t *answer;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(
	    acts_task(two.police.service, &liga, task, &answer, &known), STATUS_NOT_FOUND);
	assert_int_equal(acts_task(two.police.service, &liga,
			     "00000000000000000000000000000000", &answer, &guessed),
	    STATUS_NOT_FOUND);
	assert_string_equal(known.detail, guessed.detail);
	assert_string_equal(known.field, guessed.field);
	assert_int_equal(
	    acts_case(two.police.service, &liga, case_id, &answer, &known), STATUS_NOT_FOUND);
	assert_int_equal(
	    acts_case(two.police.service, &liga, "x", &answer, &guessed), STATUS_NOT_FOUND);
	assert_string_equal(known.detail, guessed.detail);
	assert_int_equal(
	    on_case(acts_case_note, &liga, case_id, json_pack("{s:s}", "text", "Redzēju.")),
	    STATUS_NOT_FOUND);
}

static void
a_supervisor_opens_what_is_alarmed(void **state)
{
	char task[33], case_id[33];

	(void)state;
	refer("immediate", task);
	settle();
	case_of(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(look(&dace, task), STATUS_NOT_FOUND);
	pass(HOUR_MS);
	assert_int_equal(look(&dace, task), STATUS_OK);
	assert_int_equal(look(&liga, task), STATUS_NOT_FOUND);
}

/* ---- Assigning ------------------------------------------------------------------------------- */

static void
a_case_is_assigned_moved_and_given_back(void **state)
{
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	assert_int_equal(
	    on_case(acts_assign, &dace, case_id,
		json_pack("{s:s, s:s}", "person", "zane", "why", "Pazīst ģimeni.")),
	    STATUS_OK);
	assert_int_equal(look(&zane, task), STATUS_OK);
	/* Who leads takes a case over from others with a reason alone, and no program does. */
	assert_int_equal(
	    on_case(acts_assign, &karlis, case_id, json_object()), STATUS_ARGUMENT);
	assert_int_equal(
	    on_case(acts_assign, &program, case_id, json_pack("{s:s}", "person", "liga")),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(look(&karlis, task), STATUS_NOT_FOUND);
	/* A specialist brings in who leads, and nobody else. */
	assert_int_equal(
	    on_case(acts_assign, &zane, case_id, json_pack("{s:s}", "person", "maris")),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(look(&maris, task), STATUS_NOT_FOUND);
	assert_int_equal(
	    on_case(acts_assign, &zane, case_id, json_pack("{s:s}", "person", "liga")),
	    STATUS_OK);
	assert_int_equal(look(&zane, task), STATUS_NOT_FOUND);
	assert_int_equal(look(&liga, task), STATUS_OK);
	assert_int_equal(
	    on_case(acts_assign, &karlis, case_id, json_pack("{s:s}", "person", "ilze")),
	    STATUS_ARGUMENT);
	assert_int_equal(on_case(acts_give_back, &liga, case_id, json_object()), STATUS_OK);
	assert_int_equal(listed(&anna, "mailbox"), 1);
	assert_int_equal(
	    on_case(acts_give_back, &liga, case_id, json_object()), STATUS_WRONG_STATE);
}

static void
all_that_somebody_holds_is_handed_over_at_once(void **state)
{
	char task[2][33], case_id[2][33], number[24];
	struct refusal refusal;
	json_t *answer;

	(void)state;
	snprintf(number, sizeof(number), "%llu", (unsigned long long)anna.person);
	for (unsigned i = 0; i < 2; i++) {
		arrive(task[i], case_id[i]);
		assert_int_equal(
		    on_case(acts_assign, &anna, case_id[i], json_object()), STATUS_OK);
	}
	assert_int_equal(
	    on_case(acts_hand_over, &anna, number, json_pack("{s:s}", "to", "liga")),
	    STATUS_NOT_ALLOWED);
	/* No name stands in an address. */
	assert_int_equal(
	    on_case(acts_hand_over, &dace, "anna", json_pack("{s:s}", "to", "liga")),
	    STATUS_ARGUMENT);
	assert_int_equal(
	    on_case(acts_hand_over, &dace, number, json_pack("{s:s}", "to", "liga")),
	    STATUS_OK);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(look(&liga, task[i]), STATUS_OK);
		assert_int_equal(look(&anna, task[i]), STATUS_NOT_FOUND);
	}
	assert_int_equal(
	    acts_holdings(two.police.service, &dace, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "items")), 1);
	json_decref(answer);
}

/* ---- Breaking the glass ---------------------------------------------------------------------- */

static void
breaking_the_glass_opens_for_three_hours_and_is_told(void **state)
{
	char task[33], case_id[33];
	struct refusal refusal = {0};
	json_t *answer, *one;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(glass(&zane, "task", task), STATUS_OK);
	assert_int_equal(look(&zane, task), STATUS_OK);
	assert_int_equal(listed(&zane, "in"), 1);
	assert_int_equal(recorded(case_id, "zane", "break_glass"), 1);
	assert_int_equal(
	    acts_glass(two.police.service, &dace, 10, NULL, &answer, &refusal), STATUS_OK);
	one = json_array_get(json_object_get(answer, "items"), 0);
	assert_string_equal(text(one, "who"), "zane");
	assert_string_equal(text(one, "reason"), "Bērns ir slimnīcā.");
	assert_true(json_is_null(json_object_get(one, "seen")));
	json_decref(answer);
	assert_int_equal(
	    acts_glass_seen(two.police.service, &dace, "2", &answer, &refusal), STATUS_OK);
	assert_string_equal(text(answer, "seen_by"), "dace");
	json_decref(answer);
	assert_int_equal(acts_glass(two.police.service, &anna, 10, NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	pass(3 * HOUR_MS - 60000);
	assert_int_equal(look(&zane, task), STATUS_OK);
	pass(60000);
	assert_int_equal(look(&zane, task), STATUS_NOT_FOUND);
	assert_int_equal(listed(&zane, "in"), 0);
}

static void
the_glass_is_not_there_for_guesses_systems_and_those_without_content(void **state)
{
	static const char guess[] = "00000000000000000000000000000000";
	struct actor system = liga;
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	system.system = true;
	assert_int_equal(glass(&liga, "case", guess), STATUS_NOT_FOUND);
	assert_int_equal(recorded(NULL, "liga", "break_glass_none"), 1);
	assert_int_equal(glass(&liga, "file_number", "2026/17"), STATUS_NOT_FOUND);
	assert_int_equal(glass(&system, "case", case_id), STATUS_NOT_ALLOWED);
	assert_int_equal(glass(&auditor, "case", case_id), STATUS_NOT_ALLOWED);
	assert_int_equal(glass(&admin, "case", case_id), STATUS_NOT_ALLOWED);
	assert_int_equal(look(&admin, task), STATUS_NOT_ALLOWED);
}

/* Three hours of help are not the way to a case of one's own, nor to take it from others. */
static void
who_broke_the_glass_neither_keeps_the_case_nor_moves_it(void **state)
{
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(glass(&zane, "task", task), STATUS_OK);
	assert_int_equal(glass(&liga, "task", task), STATUS_OK);
	assert_int_equal(
	    on_case(acts_assign, &zane, case_id, json_object()), STATUS_NOT_ALLOWED);
	assert_int_equal(on_case(acts_assign, &liga, case_id, json_pack("{s:b}", "beside", 1)),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    on_case(acts_assign, &liga, case_id, json_pack("{s:s}", "person", "zane")),
	    STATUS_NOT_ALLOWED);
	pass(3 * HOUR_MS);
	assert_int_equal(look(&zane, task), STATUS_NOT_FOUND);
	assert_int_equal(look(&liga, task), STATUS_NOT_FOUND);
	assert_int_equal(look(&anna, task), STATUS_OK);
}

static void
a_specialist_takes_no_case_from_others(void **state)
{
	char task[33], case_id[33];

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(on_case(acts_assign, &anna, case_id,
			     json_pack("{s:s, s:s}", "person", "zane", "beside", "true")),
	    STATUS_ARGUMENT);
	assert_int_equal(on_case(acts_assign, &anna, case_id,
			     json_pack("{s:s, s:b}", "person", "zane", "beside", 1)),
	    STATUS_OK);
	assert_int_equal(on_case(acts_assign, &zane, case_id, json_object()), STATUS_OK);
	assert_int_equal(look(&anna, task), STATUS_OK);
}

static void
a_system_does_not_see_to_broken_glass_for_a_superior(void **state)
{
	struct actor system = dace;
	struct refusal refusal = {0};
	char task[33], case_id[33];
	json_t *answer;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(glass(&zane, "task", task), STATUS_OK);
	system.system = true;
	assert_int_equal(acts_glass_seen(two.police.service, &system, "2", &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(acts_glass_seen(two.police.service, &dace, "2x", &answer, &refusal),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    acts_glass_seen(two.police.service, &dace, "2", &answer, &refusal), STATUS_OK);
	json_decref(answer);
}

/* ---- The record ------------------------------------------------------------------------------ */

static void
every_look_is_recorded_and_so_is_reading_the_record(void **state)
{
	char task[33], case_id[33];
	struct refusal refusal = {0};
	struct acts_access_query query = {.limit = 10};
	json_t *answer;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(look(&anna, task), STATUS_OK);
	assert_int_equal(
	    acts_case(two.police.service, &anna, case_id, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "opened")), 2);
	json_decref(answer);
	assert_int_equal(recorded(case_id, "anna", "read"), 2);
	assert_int_equal(recorded(case_id, "ilze", "access_log"), 1);
	assert_int_equal(acts_access(two.police.service, &anna, &query, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(acts_access(two.police.service, &admin, &query, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
}

/* A database that takes no more rows in the log of looks. */
static void
no_look_without_its_record(void **state)
{
	struct database *db = two.police.service->db;
	char task[33], case_id[33];
	struct refusal refusal = {0};
	struct query *query;
	json_t *answer;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(database_query(db,
			     "CREATE TRIGGER full BEFORE INSERT ON access BEGIN"
			     " SELECT raise(ABORT, 'no row is taken'); END",
			     &query),
	    STATUS_OK);
	assert_int_equal(query_run(query), STATUS_OK);
	assert_int_not_equal(look(&anna, task), STATUS_OK);
	assert_int_not_equal(
	    acts_case(two.police.service, &anna, case_id, &answer, &refusal), STATUS_OK);
	assert_null(answer);
	assert_int_not_equal(glass(&zane, "case", case_id), STATUS_OK);
	assert_int_not_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	assert_int_equal(database_query(db, "DROP TRIGGER full", &query), STATUS_OK);
	assert_int_equal(query_run(query), STATUS_OK);
	/* Nothing of what failed had happened. */
	assert_int_equal(look(&zane, task), STATUS_NOT_FOUND);
	assert_int_equal(listed(&anna, "mailbox"), 1);
}

/* ---- Inner cases ----------------------------------------------------------------------------- */

static void
new_case(const struct actor *actor, const char *number, char case_id[33])
{
	json_t *request = json_pack("{s:s, s:[s], s:s, s:{s:s, s:s}}", "file_number", number,
		   "labels", "brāļi", "age_band", "11-14", "content", "child_name",
		   "Izdomāts Bērns", "family", "Dzīvo pie vecmāmiņas."),
	       *answer;
	struct refusal refusal = {0};

	if (acts_case_new(two.police.service, actor, request, &answer, &refusal) != STATUS_OK)
		fail_msg("%s: %s", refusal.field, refusal.detail);
	snprintf(case_id, 33, "%s", text(answer, "case"));
	json_decref(request);
	json_decref(answer);
}

static void
a_case_of_ones_own_has_fields_notes_and_labels(void **state)
{
	struct refusal refusal = {0};
	char case_id[33];
	json_t *answer;

	(void)state;
	new_case(&zane, "P-1", case_id);
	assert_int_equal(on_case(acts_case_note, &zane, case_id,
			     json_pack("{s:s, s:{s:s, s:n}}", "text", "Runāju ar skolu.",
				 "content", "school", "2. vidusskola", "family")),
	    STATUS_OK);
	assert_int_equal(
	    on_case(acts_case_note, &zane, case_id,
		json_pack("{s:s, s:i}", "text", "Nē: ar skolotāju.", "corrects", 2)),
	    STATUS_OK);
	assert_int_equal(on_case(acts_case_note, &zane, case_id,
			     json_pack("{s:s, s:i}", "text", "x", "corrects", 99)),
	    STATUS_ARGUMENT);
	assert_int_equal(
	    acts_case(two.police.service, &zane, case_id, &answer, &refusal), STATUS_OK);
	assert_true(shows(answer, "fields", "child_name"));
	assert_true(shows(answer, "fields", "school"));
	assert_false(shows(answer, "fields", "family"));
	assert_int_equal(json_array_size(json_object_get(answer, "notes")), 3);
	assert_string_equal(text(answer, "file_number"), "P-1");
	json_decref(answer);
	assert_int_equal(
	    acts_case(two.police.service, &anna, case_id, &answer, &refusal), STATUS_NOT_FOUND);
}

static void
a_household_shows_only_cases_that_one_knows(void **state)
{
	struct refusal refusal = {0};
	char mine[33], other[33];
	json_t *answer;

	(void)state;
	new_case(&anna, "P-1", mine);
	new_case(&anna, "P-2", other);
	assert_int_equal(
	    on_case(acts_case_household, &anna, mine, json_pack("{s:s}", "with", other)),
	    STATUS_OK);
	let_know(&two.police, &liga, mine);
	assert_int_equal(
	    acts_case(two.police.service, &anna, mine, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "household")), 1);
	json_decref(answer);
	assert_int_equal(
	    acts_case(two.police.service, &liga, mine, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "household")), 0);
	json_decref(answer);
	assert_int_equal(
	    on_case(acts_case_household, &liga, mine, json_pack("{s:s}", "with", other)),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    on_case(acts_case_household, &anna, other, json_pack("{s:b}", "leave", 1)),
	    STATUS_OK);
	assert_int_equal(
	    acts_case(two.police.service, &anna, mine, &answer, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "household")), 0);
	json_decref(answer);
}

static void
changes_are_heard_by_who_may_know_them(void **state)
{
	struct service *police = two.police.service;
	char task[33], case_id[33];
	json_t *change;

	(void)state;
	arrive(task, case_id);
	assert_int_equal(on_case(acts_assign, &anna, case_id, json_object()), STATUS_OK);
	change = json_pack("{s:s}", "task", task);
	assert_true(acts_may_hear(police, &anna, change));
	assert_true(acts_may_hear(police, &dace, change));
	assert_true(acts_may_hear(police, &auditor, change));
	assert_false(acts_may_hear(police, &liga, change));
	assert_false(acts_may_hear(police, &admin, change));
	json_decref(change);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    KNOWING_TEST(what_nobody_took_is_opened_by_who_sees_the_mailbox),
	    KNOWING_TEST(who_acts_first_holds_the_case_and_others_know_it_no_more),
	    KNOWING_TEST(a_stranger_and_who_may_not_know_are_told_the_same),
	    KNOWING_TEST(a_supervisor_opens_what_is_alarmed),
	    KNOWING_TEST(a_case_is_assigned_moved_and_given_back),
	    KNOWING_TEST(all_that_somebody_holds_is_handed_over_at_once),
	    KNOWING_TEST(breaking_the_glass_opens_for_three_hours_and_is_told),
	    KNOWING_TEST(the_glass_is_not_there_for_guesses_systems_and_those_without_content),
	    KNOWING_TEST(who_broke_the_glass_neither_keeps_the_case_nor_moves_it),
	    KNOWING_TEST(a_specialist_takes_no_case_from_others),
	    KNOWING_TEST(a_system_does_not_see_to_broken_glass_for_a_superior),
	    KNOWING_TEST(every_look_is_recorded_and_so_is_reading_the_record),
	    KNOWING_TEST(no_look_without_its_record),
	    KNOWING_TEST(a_case_of_ones_own_has_fields_notes_and_labels),
	    KNOWING_TEST(a_household_shows_only_cases_that_one_knows),
	    KNOWING_TEST(changes_are_heard_by_who_may_know_them),
	};

	return cmocka_run_group_tests_name("knowing", tests, NULL, NULL);
}
