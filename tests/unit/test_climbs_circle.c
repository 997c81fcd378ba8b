/* tests/unit/test_climbs_circle.c: what is owed to several comes to the management group once, whoever is down. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/acts/acts.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/climbs.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/conference.h"

static struct actor dace; /* a supervisor of the social service, which chairs the group */

static int
set_up_chaired(void **state)
{
	if (set_up_four(state) != 0)
		return -1;
	for (unsigned i = 0; i < ROOMS; i++) {
		struct service_config *const of[] = {
		    &rooms[i]->config, &rooms[i]->service->config};

		for (unsigned j = 0; j < 2; j++)
			snprintf(
			    of[j]->management_chair, sizeof(of[j]->management_chair), "social");
	}
	return people_enter(two.fourth.service, "dace", ROLE_SUPERVISOR, &dace) == STATUS_OK
	           ? 0
	           : -1;
}

/* The school calls a sitting with the police and the court, in this order, and convenes none. */
static void
propose(uint8_t id[SUITE_ID_LEN])
{
	struct line *line = &two.school;
	struct task_row task = {.sort = &conference_sort,
	    .side = TASK_SENDER,
	    .purpose = "safety",
	    .time_ms = line->service->now_ms};
	struct content content;
	struct case_key key;
	struct case_row file;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	vault_forget(&key);
	service_commit(line->service, "case");
	task.case_n = file.n;
	circles_name_frame(&task);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_PROPOSE, &content), STATUS_OK);
	fill_act(&content);
	set_codes(&content, FIELD_PARTIES, police_and_court, 2);
	set_text(&content, FIELD_GROUP, "team");
	assert_int_equal(content_set_uint(&content, FIELD_QUORUM, 2), STATUS_OK);
	assert_int_equal(act_on(line, &task, &content, NULL), STATUS_OK);
	memcpy(id, task.id, sizeof(task.id));
	rooms_settle();
}

static uint64_t
management_ms(struct line *line, const uint8_t id[SUITE_ID_LEN])
{
	struct deadline_row rows[DEADLINE_MAX];
	unsigned count;

	assert_int_equal(
	    deadline_store_of(line->service->db, task_of(line, id).n, rows, &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].what, "convene");
	return deadline_store_instant(&rows[0], DEADLINE_MANAGEMENT);
}

/* Who is away stays away. */
static void
until(uint64_t ms)
{
	while (ms > now() && ms - now() > DAY_MS) {
		pass(DAY_MS);
		issue_head();
		settle();
	}
	if (ms > now())
		pass(ms - now());
}

/* Tasks at the chair that tell of something; the newest of them in OUT. */
static unsigned
told(struct task_row *out)
{
	struct task_filter filter = {.sides = TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row row;
	unsigned count = 0;

	while (case_store_next_of(two.fourth.service->db, &filter, &row) == STATUS_OK) {
		filter.before = row.n;
		if (row.sort == task_sort_of(MESSAGE_CLIMBED) && count++ == 0)
			*out = row;
	}
	return count;
}

static enum task_state
state_of(struct line *line, uint64_t *n)
{
	struct task_filter filter = {.sides = TASK_SENDER, .state = TASK_STATE_COUNT};
	struct task_row row;

	while (case_store_next_of(line->service->db, &filter, &row) == STATUS_OK) {
		filter.before = row.n;
		if (row.sort == task_sort_of(MESSAGE_CLIMBED)) {
			*n = row.n;
			return row.state;
		}
	}
	*n = 0;
	return TASK_NONE;
}

/* Of LINE's one telling: where it stands; its number. */
static enum task_state
state_at(struct line *line)
{
	uint64_t n;

	return state_of(line, &n);
}

static uint64_t
sent_by(struct line *line)
{
	uint64_t n;

	(void)state_of(line, &n);
	return n;
}

/* The chair's list of what climbed, which is one, and who told of it. */
static json_t *
one_shown(size_t institutions, char task[33])
{
	const struct acts_query query = {.box = "in", .limit = 50};
	struct refusal refusal = {0};
	json_t *answer, *one, *found = NULL;
	size_t i;

	assert_int_equal(
	    acts_tasks(two.fourth.service, &dace, &query, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "items"), i, one)
	{
		if (strcmp(text(one, "sort"), "climbed") != 0)
			continue;
		assert_null(found);
		found = json_incref(one);
	}
	assert_non_null(found);
	assert_int_equal(json_array_size(json_object_get(found, "told_by")), institutions);
	snprintf(task, 33, "%s", text(found, "task"));
	json_decref(answer);
	return found;
}

static void
take_up(const char *task)
{
	struct refusal refusal = {0};
	json_t *answer, *done = json_pack("{s:[s]}", "done", "case_opened");

	assert_int_equal(
	    acts_answer(two.fourth.service, &dace, task, "take-up", done, &answer, &refusal),
	    STATUS_OK);
	json_decref(answer);
	json_decref(done);
	settle();
}

static void
call_it_off(const uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(&two.school, id);
	struct content content;

	assert_int_equal(content_start(MESSAGE_CONFERENCE_CANCEL, &content), STATUS_OK);
	fill_act(&content);
	assert_int_equal(act_on(&two.school, &task, &content, NULL), STATUS_OK);
	settle();
	pass(2 * 60 * 1000);
}

static void
the_first_tells_and_the_next_a_working_day_later_while_it_is_owed(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row first, second;
	uint64_t ms, next_ms;
	char task[33];

	(void)state;
	propose(id);
	ms = management_ms(&two.police, id);
	assert_int_equal(management_ms(&two.third, id), ms);
	next_ms = calendar_after(ms, 1);
	until(ms - 1);
	assert_int_equal(told(&first), 0);
	until(ms);
	assert_int_equal(told(&first), 1);
	assert_string_equal(first.peer, "police");
	json_decref(one_shown(1, task));
	until(next_ms - 2 * 60 * 1000);
	assert_int_equal(told(&second), 1);
	until(next_ms + 2 * 60 * 1000);
	assert_int_equal(told(&second), 2);
	assert_string_equal(second.peer, "court");
	assert_int_equal(second.case_n, first.case_n);
	json_decref(one_shown(2, task));
	line_restart(&two.police);
	line_restart(&two.third);
	settle();
	until(next_ms + 8 * DAY_MS);
	assert_int_equal(told(&second), 2);
	call_it_off(id);
	assert_int_equal(state_at(&two.police), TASK_SETTLED);
	assert_int_equal(state_at(&two.third), TASK_SETTLED);
	json_decref(one_shown(2, task));
}

static void
where_the_first_is_down_the_next_tells(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;

	(void)state;
	propose(id);
	ms = management_ms(&two.third, id);
	line_disconnect(&two.police);
	until(ms + 60 * 1000);
	assert_int_equal(told(&one), 0);
	until(calendar_after(ms, 1) + 2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
	assert_string_equal(one.peer, "court");
	/* It comes back, and it is owed still. */
	rooms_settle();
	pass(2 * 60 * 1000);
	assert_int_equal(told(&one), 2);
	assert_string_equal(one.peer, "police");
}

/* It could tell nobody, and what is late would come to nobody above. */
static void
where_the_first_is_suspended_the_next_is_the_first(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;

	(void)state;
	propose(id);
	ms = management_ms(&two.third, id);
	suspend("police");
	rooms_settle();
	until(ms + 2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
	assert_string_equal(one.peer, "court");
}

static void
a_clock_that_ran_ahead_tells_nothing_before_its_turn(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;

	(void)state;
	propose(id);
	ms = management_ms(&two.third, id);
	line_disconnect(&two.third);
	two.third.clock_ahead = 40 * (int64_t)DAY_MS;
	settle();
	until(ms);
	assert_int_equal(told(&one), 1);
	two.third.clock_ahead = 0;
	rooms_settle();
	pass(2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
	until(calendar_after(ms, 1) + 2 * 60 * 1000);
	assert_int_equal(told(&one), 2);
}

static void
what_is_taken_up_is_answered_to_all_who_told_of_it(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;
	char task[33];

	(void)state;
	propose(id);
	ms = management_ms(&two.police, id);
	until(calendar_after(ms, 1) + 2 * 60 * 1000);
	assert_int_equal(told(&one), 2);
	json_decref(one_shown(2, task));
	take_up(task);
	assert_int_equal(state_at(&two.police), TASK_IN_PROGRESS);
	assert_int_equal(state_at(&two.third), TASK_IN_PROGRESS);
	json_decref(one_shown(2, task));
}

static void
who_tells_of_what_is_taken_up_already_is_answered_by_itself(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;
	char task[33], again[33];

	(void)state;
	propose(id);
	ms = management_ms(&two.police, id);
	until(ms);
	json_decref(one_shown(1, task));
	take_up(task);
	line_restart(&two.fourth);
	settle();
	until(calendar_after(ms, 1) + 2 * 60 * 1000);
	assert_int_equal(told(&one), 2);
	assert_int_equal(one.state, TASK_IN_PROGRESS);
	assert_int_equal(state_at(&two.third), TASK_IN_PROGRESS);
	json_decref(one_shown(2, again));
	assert_string_equal(again, task);
}

/* ---- Who owes it ------------------------------------------------------------------------- */

static void
on_frame(struct line *line, const uint8_t id[SUITE_ID_LEN], struct content *content)
{
	struct task_row task = task_of(line, id);

	fill_act(content);
	assert_int_equal(act_on(line, &task, content, NULL), STATUS_OK);
	rooms_settle();
}

/* Whom the last telling at the chair names. */
static void
named(char out[static PARTY_MAX + 1])
{
	struct content content = {0};
	struct event_row row;
	struct task_row one;
	struct case_key key;
	struct bytes code;

	assert_int_equal(told(&one), 1);
	assert_int_equal(case_file_key(two.fourth.service, one.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_opening(two.fourth.service, &one, &row), STATUS_OK);
	assert_int_equal(
	    case_file_content(two.fourth.service, &key, &row, &content), STATUS_OK);
	assert_true(content_text(&content, FIELD_PARTY, &code));
	assert_true(bytes_to_text(code, out, PARTY_MAX + 1));
	content_free(&content);
	vault_forget(&key);
}

/* The police answered the invitation, and the court, which joined after it, did not. */
static void
of_several_the_one_is_named_who_owes_it_still(void **state)
{
	struct deadline_row rows[DEADLINE_MAX];
	uint8_t id[SUITE_ID_LEN];
	struct content content;
	char party[PARTY_MAX + 1];
	unsigned count, i = 0;

	(void)state;
	propose(id);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_CONVENE, &content), STATUS_OK);
	set_text(&content, FIELD_STARTS, "1973-03-01");
	set_text(&content, FIELD_TIME, "10:00");
	set_text(&content, FIELD_PLACE, "Rātslaukums 1");
	on_frame(&two.school, id, &content);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_ACCEPT, &content), STATUS_OK);
	on_frame(&two.police, id, &content);
	assert_int_equal(
	    deadline_store_of(two.school.service->db, task_of(&two.school, id).n, rows, &count),
	    STATUS_OK);
	while (i < count && strcmp(rows[i].what, "come") != 0)
		i++;
	assert_true(i < count);
	until(deadline_store_instant(&rows[i], DEADLINE_MANAGEMENT) + 2 * 60 * 1000);
	named(party);
	assert_string_equal(party, "court");
}

/* ---- The chair --------------------------------------------------------------------------- */

static void
name_chair(struct line *line, const char *code)
{
	snprintf(line->service->config.management_chair,
	    sizeof(line->service->config.management_chair), "%s", code);
}

static bool
has_problem(struct line *line, const char *what)
{
	struct refusal refusal = {0};
	json_t *answer, *one;
	bool found = false;
	size_t i;

	assert_int_equal(acts_status(line->service, &admin, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "problems"), i, one)
	{
		found = found || strcmp(text(one, "what"), what) == 0;
	}
	json_decref(answer);
	return found;
}

static void
who_may_not_chair_the_group_is_told_nothing_and_that_it_is_named_is_shown(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one;
	uint64_t ms;

	(void)state;
	assert_false(has_problem(&two.police, "wrong_chair"));
	name_chair(&two.police, "court");
	assert_true(has_problem(&two.police, "wrong_chair"));
	propose(id);
	ms = management_ms(&two.police, id);
	until(ms + 2 * 60 * 1000);
	assert_int_equal(told(&one), 0);
	assert_int_equal(state_at(&two.police), TASK_NONE);
	name_chair(&two.police, "social");
	assert_false(has_problem(&two.police, "wrong_chair"));
	pass(2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
}

/* LINE tells TO by hand that the school did not convene; its task. */
static struct task_row
tell_by(struct line *line, const char *to, const uint8_t about[SUITE_ID_LEN])
{
	struct task_row task = {.sort = task_sort_of(MESSAGE_CLIMBED),
	    .side = TASK_SENDER,
	    .purpose = "safety",
	    .time_ms = now()};
	struct content content;
	struct case_row file;
	struct case_key key;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	vault_forget(&key);
	service_commit(line->service, "case");
	task.case_n = file.n;
	suite_new_id(now(), task.id);
	suite_random(task.token, sizeof(task.token));
	snprintf(task.peer, sizeof(task.peer), "%s", to);
	assert_int_equal(content_start(MESSAGE_CLIMBED, &content), STATUS_OK);
	fill_act(&content);
	set_text(&content, FIELD_LEVEL, "management");
	set_text(&content, FIELD_OWED, "convene");
	set_text(&content, FIELD_PARTY, "school");
	set_text(&content, FIELD_DUE, "1972-10-20");
	assert_int_equal(content_set_id(&content, FIELD_OTHER_TASK, about), STATUS_OK);
	assert_int_equal(act_on(line, &task, &content, NULL), STATUS_OK);
	return task;
}

/* The police tells TO by hand; its task, which the telling of WHAT went by. */
static struct task_row
tell(const char *to, const uint8_t about[SUITE_ID_LEN], const struct climb_row *climb)
{
	const struct task_row task = tell_by(&two.police, to, about);
	struct climb_row row = *climb;

	row.done_n = task.n;
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(climb_store_add(two.police.service->db, &row), STATUS_OK);
	service_commit(two.police.service, "act");
	rooms_settle();
	return task_of(&two.police, task.id);
}

static void
what_is_late_once_more_is_not_behind_what_is_over(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct climb_row row = {.what = "convene", .due_ms = 1};
	struct task_row one;
	char was[33], task[33];

	(void)state;
	propose(id);
	row.task_n = task_of(&two.police, id).n;
	until(calendar_after(management_ms(&two.police, id), 1) + 2 * 60 * 1000);
	json_decref(one_shown(2, was));
	take_up(was);
	call_it_off(id);
	json_decref(one_shown(2, task));
	assert_string_equal(task, was);
	(void)tell("social", id, &row);
	assert_int_equal(told(&one), 3);
	assert_int_equal(one.state, TASK_RECEIVED);
	json_decref(one_shown(1, task));
	assert_string_not_equal(task, was);
}

static void
who_may_not_chair_the_group_does_not_take_what_climbed(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct climb_row row = {.what = "convene", .due_ms = 1}, next = {0};
	struct task_row task;

	(void)state;
	propose(id);
	row.task_n = task_of(&two.police, id).n;
	task = tell("court", id, &row);
	assert_int_equal(task.state, TASK_UNREADABLE);
	assert_int_equal(why_unreadable(&two.third), STATUS_NOT_PERMITTED);
	/* It was to be told anew, but what it told of is owed no more. */
	assert_int_equal(
	    climb_store_next(two.police.service->db, &next, &next), STATUS_NOT_FOUND);
}

/* The chair's words on what it owes are for who waits for it. */
static void
who_owes_it_is_not_answered_as_who_tells_of_it(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row one, task;
	char shown[33];

	(void)state;
	propose(id);
	until(management_ms(&two.police, id) + 2 * 60 * 1000);
	json_decref(one_shown(1, shown));
	take_up(shown);
	task = tell_by(&two.school, "social", id);
	rooms_settle();
	assert_int_equal(task_of(&two.school, task.id).state, TASK_UNREADABLE);
	assert_int_equal(why_unreadable(&two.fourth), STATUS_NOT_PERMITTED);
	assert_int_equal(told(&one), 1);
}

static void
what_the_chair_did_not_take_is_shown_and_not_told_to_it_again(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct climb_row row = {0};
	struct task_row one;
	bool was;

	(void)state;
	propose(id);
	until(management_ms(&two.police, id) + 2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
	assert_int_equal(
	    climb_store_next(two.police.service->db, &row, &row), STATUS_NOT_FOUND);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    climb_store_refused(two.police.service->db, sent_by(&two.police), "social", &was),
	    STATUS_OK);
	service_commit(two.police.service, "act");
	assert_true(was);
	assert_true(has_problem(&two.police, "wrong_chair"));
	pass(2 * 60 * 1000);
	assert_int_equal(told(&one), 1);
	call_it_off(id);
	assert_false(has_problem(&two.police, "wrong_chair"));
}

#define CHAIR_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_chaired, tear_down_four)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CHAIR_TEST(the_first_tells_and_the_next_a_working_day_later_while_it_is_owed),
	    CHAIR_TEST(where_the_first_is_down_the_next_tells),
	    CHAIR_TEST(where_the_first_is_suspended_the_next_is_the_first),
	    CHAIR_TEST(a_clock_that_ran_ahead_tells_nothing_before_its_turn),
	    CHAIR_TEST(what_is_taken_up_is_answered_to_all_who_told_of_it),
	    CHAIR_TEST(who_tells_of_what_is_taken_up_already_is_answered_by_itself),
	    CHAIR_TEST(
		who_may_not_chair_the_group_is_told_nothing_and_that_it_is_named_is_shown),
	    CHAIR_TEST(what_is_late_once_more_is_not_behind_what_is_over),
	    CHAIR_TEST(who_may_not_chair_the_group_does_not_take_what_climbed),
	    CHAIR_TEST(of_several_the_one_is_named_who_owes_it_still),
	    CHAIR_TEST(who_owes_it_is_not_answered_as_who_tells_of_it),
	    CHAIR_TEST(what_the_chair_did_not_take_is_shown_and_not_told_to_it_again),
	};

	return cmocka_run_group_tests_name("climbs_circle", tests, NULL, NULL);
}
