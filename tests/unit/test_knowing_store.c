/* tests/unit/test_knowing_store.c: a person's lists hold what the person knows, and nothing else. */
#include "tests/unit/scratch.h"

#include "services/runtime/store/knowing_store.h"
#include "services/runtime/store/store_schema.h"
#include "services/runtime/task/referral.h"

#define CASES  8
#define TASKS  60
#define GRANTS 200
#define PEOPLE 3
#define TURNS  600

static struct database *db;

/* The same, as plainly as can be. */
static struct {
	struct task_row task[TASKS + 1];
	struct grant_row grant[GRANTS + 1];
	unsigned tasks, grants;
} model;

static int
set_up(void **state)
{
	if (suite_start() != STATUS_OK || scratch_set_up(state) != 0)
		return -1;
	memset(&model, 0, sizeof(model));
	if (store_schema_open(scratch_path(*state, "service.db"), &db) != STATUS_OK)
		return -1;
	return database_begin(db) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	database_rollback(db);
	database_close(db);
	return scratch_tear_down(state);
}

/* ---- Changes ----------------------------------------------------------------------------- */

static void
add_cases(void)
{
	for (uint64_t n = 1; n <= CASES; n++) {
		struct case_row row = {.n = n, .id = {(uint8_t)n}};

		assert_int_equal(
		    case_store_add(db, &row, bytes_of_text("key"), (struct bytes){0}),
		    STATUS_OK);
	}
}

static void
add_task(uint64_t case_n, enum task_side side, enum task_state at)
{
	struct task_row *row = &model.task[++model.tasks];

	*row = (struct task_row){.n = model.tasks,
	    .case_n = case_n,
	    .id = {(uint8_t)model.tasks},
	    .sort = &referral_sort,
	    .side = side,
	    .basis = BASIS_LAW,
	    .peer = "police",
	    .state = at};
	assert_int_equal(case_store_add_task(db, row), STATUS_OK);
}

static void
give(uint64_t case_n, uint64_t person, enum grant_how how, uint64_t until_ms)
{
	struct grant_row *row = &model.grant[++model.grants];

	*row = (struct grant_row){.n = model.grants,
	    .case_n = case_n,
	    .person = person,
	    .how = how,
	    .until_ms = until_ms};
	assert_int_equal(knowing_store_give(db, row, (struct bytes){0}), STATUS_OK);
}

static void
end(unsigned n, uint64_t now_ms)
{
	if (model.grant[n].until_ms != 0)
		return;
	assert_int_equal(knowing_store_end(db, &model.grant[n], now_ms, 1), STATUS_OK);
	model.grant[n].until_ms = now_ms;
}

static void
set_state(unsigned n, enum task_state to)
{
	model.task[n].state = to;
	assert_int_equal(case_store_set_task(db, &model.task[n]), STATUS_OK);
}

/* ---- What a list should hold --------------------------------------------------------------- */

static bool
knows(uint64_t case_n, const struct knowing_filter *filter)
{
	bool held = false, known = false;

	for (unsigned i = 1; i <= model.grants; i++) {
		const struct grant_row *grant = &model.grant[i];

		if (grant->case_n != case_n)
			continue;
		held = held || grant->until_ms == 0;
		known = known ||
		        (grant->person == filter->person &&
			    (grant->until_ms == 0 || (grant->how == GRANT_BREAK_GLASS &&
							 grant->until_ms > filter->now_ms)));
	}
	return known || (!held && filter->mailbox);
}

static bool
is_listed(const struct task_row *task, const struct knowing_filter *filter)
{
	struct knowing_filter itself = *filter;
	bool known, any;

	if ((task->side & filter->sides) == 0 ||
	    (filter->state != TASK_STATE_COUNT && filter->state != task->state) ||
	    task->n >= filter->before)
		return false;
	/* What went out is in no mailbox. */
	itself.mailbox = false;
	known = knows(task->case_n, &itself);
	any = knows(task->case_n, filter);
	return known || (any && task->side == TASK_RECIPIENT);
}

static void
lists_are_as_the_model(const struct knowing_filter *filter, unsigned limit)
{
	uint64_t ns[TASKS];
	unsigned count, at = 0;

	assert_int_equal(knowing_store_tasks(db, filter, limit, ns, &count), STATUS_OK);
	for (unsigned n = model.tasks; n > 0 && at < limit; n--)
		if (is_listed(&model.task[n], filter)) {
			assert_true(at < count);
			assert_int_equal(ns[at++], n);
		}
	assert_int_equal(count, at);
	assert_int_equal(knowing_store_cases(db, filter, limit, ns, &count), STATUS_OK);
	at = 0;
	for (uint64_t n = CASES; n > 0 && at < limit; n--)
		if (n < filter->before && knows(n, filter)) {
			assert_true(at < count);
			assert_int_equal(ns[at++], n);
		}
	assert_int_equal(count, at);
}

static void
facts_are_as_the_model(uint64_t case_n, const struct knowing_filter *filter)
{
	struct knowing_filter nobody = {.mailbox = true, .now_ms = filter->now_ms};
	struct knowing_filter alone = *filter;
	struct knowing_facts facts;

	alone.mailbox = false;
	assert_int_equal(
	    knowing_store_facts(db, case_n, filter->person, filter->now_ms, &facts), STATUS_OK);
	assert_int_equal(facts.held, !knows(case_n, &nobody));
	assert_int_equal(facts.known || facts.glass, knows(case_n, &alone));
}

/* ---- Tests ------------------------------------------------------------------------------- */

static unsigned
any(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % below;
}

static void
change(unsigned *seed, uint64_t now_ms)
{
	static const enum task_state states[] = {TASK_PENDING, TASK_ACCEPTED, TASK_CLOSED};
	uint64_t case_n = 1 + any(seed, CASES), person = 1 + any(seed, PEOPLE);

	switch (any(seed, 6)) {
	case 0:
		if (model.tasks < TASKS)
			add_task(case_n, any(seed, 2) == 0 ? TASK_SENDER : TASK_RECIPIENT,
			    states[any(seed, 3)]);
		break;
	case 1:
		if (model.grants < GRANTS)
			give(case_n, person, (enum grant_how)any(seed, 3), 0);
		break;
	case 2:
		if (model.grants < GRANTS && any(seed, 3) == 0)
			give(case_n, person, GRANT_BREAK_GLASS, now_ms + any(seed, 50));
		break;
	case 3:
	case 4:
		if (model.grants > 0)
			end(1 + any(seed, model.grants), now_ms);
		break;
	default:
		if (model.tasks > 0)
			set_state(1 + any(seed, model.tasks), states[any(seed, 3)]);
		break;
	}
}

static void
whatever_is_given_ended_added_and_moved_lists_hold_what_is_known(void **state)
{
	static const enum task_state asked[] = {TASK_STATE_COUNT, TASK_PENDING, TASK_CLOSED};
	unsigned seed = 7;

	(void)state;
	add_cases();
	for (uint64_t now_ms = 1; now_ms <= TURNS; now_ms++) {
		struct knowing_filter filter = {.now_ms = now_ms, .before = UINT64_MAX};

		change(&seed, now_ms);
		filter.person = any(&seed, PEOPLE + 1);
		filter.mailbox = any(&seed, 2) == 0;
		filter.sides = 1 + any(&seed, 3);
		filter.state = asked[any(&seed, 3)];
		lists_are_as_the_model(&filter, TASKS);
		lists_are_as_the_model(&filter, 3);
		filter.before = 1 + any(&seed, TASKS);
		lists_are_as_the_model(&filter, 5);
		facts_are_as_the_model(1 + any(&seed, CASES), &filter);
	}
	assert_true(model.grants > TURNS / 10);
}

static void
who_holds_a_case_comes_a_few_at_a_time_in_the_order_of_giving(void **state)
{
	struct grant_filter filter = {.case_n = 2};
	struct grant_row rows[4];
	unsigned count;

	(void)state;
	add_cases();
	for (unsigned i = 0; i < 6; i++)
		give(2, 6 - i, GRANT_ASSIGNED, 0);
	give(1, 9, GRANT_ASSIGNED, 0);
	end(2, 5);
	assert_int_equal(knowing_store_standing_rows(db, &filter, 4, rows, &count), STATUS_OK);
	assert_int_equal(count, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(rows[i].n, i == 0 ? 1 : i + 2);
	filter.after = rows[3].n;
	assert_int_equal(knowing_store_standing_rows(db, &filter, 4, rows, &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].person, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(whatever_is_given_ended_added_and_moved_lists_hold_what_is_known),
	    TEST(who_holds_a_case_comes_a_few_at_a_time_in_the_order_of_giving),
	};

	return cmocka_run_group_tests_name("knowing_store", tests, NULL, NULL);
}
