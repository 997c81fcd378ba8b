/* tests/unit/test_climbs.c: what nobody settles comes to the management group, and of acts alone. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/climbs.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/store/alarm_store.h"
#include "services/runtime/store/deadline_store.h"

#define SOCIAL_KEYS 500

static const struct descriptor social_kind = {
    .program = "saikne-social-service", .group = GROUP_SOCIAL_SERVICE, .acts = ALL_ACTS};

static struct actor dace, karlis; /* a supervisor and a head, at each of the three */

static int
set_up_three(void **state)
{
	struct line *const lines[] = {&two.school, &two.police, &two.third};

	if (set_up(state) != 0)
		return -1;
	room_admit(two.room, "social", "social_service", SOCIAL_KEYS);
	room_turn(two.room);
	line_open(&two.third, *state, &social_kind, "social", SOCIAL_KEYS);
	issue_head();
	line_connect(&two.third);
	settle();
	for (size_t i = 0; i < 3; i++)
		if (people_enter(lines[i]->service, "dace", ROLE_SUPERVISOR, &dace) !=
			STATUS_OK ||
		    people_enter(lines[i]->service, "karlis", ROLE_HEAD, &karlis) != STATUS_OK)
			return -1;
	return 0;
}

static void
name_chair(const char *code)
{
	struct line *const lines[] = {&two.school, &two.police};

	for (size_t i = 0; i < 2; i++) {
		snprintf(lines[i]->config.management_chair,
		    sizeof(lines[i]->config.management_chair), "%s", code);
		memcpy(lines[i]->service->config.management_chair,
		    lines[i]->config.management_chair,
		    sizeof(lines[i]->config.management_chair));
	}
}

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

static struct task_row
row_of(struct line *line, const char *task)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row row;

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row;
}

static struct deadline_row
deadline_of(struct line *line, const char *task, const char *what)
{
	struct deadline_row rows[DEADLINE_MAX], found = {0};
	unsigned count;

	assert_int_equal(
	    deadline_store_of(line->service->db, row_of(line, task).n, rows, &count),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rows[i].what, what) == 0)
			found = rows[i];
	assert_true(found.task_n != 0);
	return found;
}

/* Tasks of SORT at LINE; the newest of them in OUT. */
static unsigned
tasks_of(struct line *line, const char *sort, struct task_row *out)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row row;
	unsigned count = 0;

	while (case_store_next_of(line->service->db, &filter, &row) == STATUS_OK) {
		filter.before = row.n;
		if (strcmp(row.sort->name, sort) == 0 && count++ == 0)
			*out = row;
	}
	return count;
}

static void
id_of(const struct task_row *row, char out[33])
{
	bytes_to_hex((struct bytes){row->id, sizeof(row->id)}, out);
}

/* An immediate referral that the police has read, and decides nothing on. */
static void
refer_and_read(char task[33])
{
	refer("immediate", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	settle();
}

/* ---- Overdue ----------------------------------------------------------------------------- */

static void
assert_field(const json_t *task, const char *name, const char *value)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(task, "fields"), i, one)
	{
		if (strcmp(text(one, "name"), name) == 0) {
			assert_string_equal(text(one, "value"), value);
			return;
		}
	}
	fail_msg("no field: %s", name);
}

static void
the_side_that_waits_tells_the_chair_once_and_acts_alone(void **state)
{
	struct task_row told;
	const json_t *one;
	char task[33], climbed[33];
	json_t *shown;
	size_t i;

	(void)state;
	assert_true(message_info(MESSAGE_CLIMBED)->categories == CATEGORY_BIT(CATEGORY_ACT));
	assert_true(
	    message_info(MESSAGE_CLIMBED_TAKEN)->categories == CATEGORY_BIT(CATEGORY_ACT));
	name_chair("social");
	refer_and_read(task);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2] - 1);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 0);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_string_equal(told.peer, "school");
	assert_int_equal(tasks_of(&two.police, "climbed", &told), 0);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	id_of(&told, climbed);
	shown = show_to(&two.third, &karlis, climbed);
	json_array_foreach(json_object_get(shown, "fields"), i, one)
	{
		assert_string_equal(text(one, "category"), "act");
	}
	assert_field(shown, "owed", "decide");
	assert_field(shown, "party", "police");
	assert_field(shown, "level", "management");
	assert_field(shown, "urgency", "immediate");
	assert_field(shown, "purpose", "safety");
	assert_field(shown, "municipality", "Ventspils");
	assert_field(shown, "other_task", task);
	json_decref(shown);
	line_restart(&two.school);
	settle();
	until(now() + 3 * DAY_MS);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
}

static void
the_chair_hears_when_what_climbed_is_over(void **state)
{
	struct task_row told, sent;
	bool room;
	char task[33];

	(void)state;
	name_chair("social");
	refer_and_read(task);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_int_equal(told.state, TASK_RECEIVED);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_int_equal(told.state, TASK_RECEIVED);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	pass(60 * 1000);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_int_equal(told.state, TASK_SETTLED);
	assert_int_equal(tasks_of(&two.school, "climbed", &sent), 1);
	assert_int_equal(sent.state, TASK_SETTLED);
	line_restart(&two.school);
	settle();
	pass(DAY_MS);
	/* Two messages, neither more nor less. */
	assert_int_equal(
	    event_store_has_room(two.third.service->db, told.n, true, 3, &room), STATUS_OK);
	assert_true(room);
	assert_int_equal(
	    event_store_has_room(two.third.service->db, told.n, true, 2, &room), STATUS_OK);
	assert_false(room);
}

static void
the_chair_takes_it_up_within_a_period_of_its_own(void **state)
{
	struct refusal refusal = {0};
	struct task_row told;
	char task[33], climbed[33];
	json_t *answer, *done = json_pack("{s:[s]}", "done", "case_opened");

	(void)state;
	name_chair("social");
	refer_and_read(task);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	id_of(&told, climbed);
	assert_true(deadline_of(&two.third, climbed, "take_up").ours);
	assert_false(deadline_of(&two.school, climbed, "take_up").ours);
	assert_int_equal(
	    acts_answer(two.third.service, &anna, climbed, "take-up", done, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    acts_answer(two.third.service, &dace, climbed, "take-up", done, &answer, &refusal),
	    STATUS_OK);
	json_decref(answer);
	json_decref(done);
	settle();
	assert_int_equal(row_of(&two.third, climbed).state, TASK_IN_PROGRESS);
	assert_int_equal(row_of(&two.school, climbed).state, TASK_IN_PROGRESS);
	/* What it names is unknown there, and stays so. */
	assert_int_equal(tasks_of(&two.third, "referral", &told), 0);
}

static bool
has_problem(struct line *line)
{
	struct refusal refusal = {0};
	json_t *answer, *one;
	bool found = false;
	size_t i;

	assert_int_equal(acts_status(line->service, &admin, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "problems"), i, one)
	{
		found = found || strcmp(text(one, "what"), "no_chair") == 0;
	}
	json_decref(answer);
	return found;
}

static void
without_a_chair_nothing_is_sent_and_a_problem_is_shown_until_there_is_one(void **state)
{
	struct task_row told;
	char task[33];

	(void)state;
	refer_and_read(task);
	assert_false(has_problem(&two.school));
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(tasks_of(&two.school, "climbed", &told), 0);
	assert_true(has_problem(&two.school));
	assert_false(has_problem(&two.police));
	name_chair("nobody");
	pass(DAY_MS);
	assert_true(has_problem(&two.school));
	name_chair("social");
	pass(2 * 60 * 1000);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_false(has_problem(&two.school));
}

static void
what_has_moved_on_is_not_told_any_more(void **state)
{
	struct task_row told;
	char task[33];

	(void)state;
	refer_and_read(task);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	name_chair("social");
	pass(2 * 60 * 1000);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 0);
	assert_false(has_problem(&two.school));
}

/* How many of LINE's alarms, and of what waits for its head, bear own_clock OWN. */
static unsigned
said_by_clock(struct line *line, bool own)
{
	struct refusal refusal = {0};
	json_t *answers[2], *one;
	unsigned count = 0;
	size_t i;

	assert_int_equal(
	    acts_alarms(line->service, &karlis, "1", 50, NULL, &answers[0], &refusal),
	    STATUS_OK);
	assert_int_equal(
	    acts_work(line->service, &karlis, 50, NULL, &answers[1], &refusal), STATUS_OK);
	for (unsigned a = 0; a < 2; a++) {
		json_array_foreach(json_object_get(answers[a], "items"), i, one)
		{
			count += json_is_boolean(json_object_get(one, "own_clock")) &&
			         json_is_true(json_object_get(one, "own_clock")) == own;
		}
		json_decref(answers[a]);
	}
	return count;
}

static void
what_our_own_clock_alone_says_says_so(void **state)
{
	uint64_t due_ms, known_ms;
	char task[33];

	(void)state;
	refer_and_read(task);
	due_ms = deadline_of(&two.school, task, "decide").climbs_ms[2];
	line_disconnect(&two.school);
	two.school.clock_ahead = 20 * (int64_t)DAY_MS;
	settle();
	assert_int_equal(deadline_of(&two.school, task, "decide").stage, DEADLINE_MANAGEMENT);
	assert_int_equal(said_by_clock(&two.school, true), 2);
	assert_int_equal(said_by_clock(&two.school, false), 0);
	/* An entry of the log as late proves it. */
	known_ms = two.school.service->log_ms;
	two.school.service->log_ms = due_ms;
	assert_int_equal(said_by_clock(&two.school, true), 0);
	two.school.service->log_ms = known_ms;
	two.school.clock_ahead = 0;
	line_connect(&two.school);
	settle();
	assert_int_equal(said_by_clock(&two.school, true), 0);
	until(due_ms);
	assert_int_equal(said_by_clock(&two.school, true), 0);
	assert_int_equal(said_by_clock(&two.school, false), 2);
}

static void
a_clock_that_is_wrong_alone_tells_the_chair_nothing(void **state)
{
	struct task_row told;
	char task[33];

	(void)state;
	name_chair("social");
	refer_and_read(task);
	line_disconnect(&two.school);
	two.school.clock_ahead = 20 * (int64_t)DAY_MS;
	settle();
	assert_int_equal(deadline_of(&two.school, task, "decide").stage, DEADLINE_MANAGEMENT);
	two.school.clock_ahead = 0;
	line_connect(&two.school);
	settle();
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 0);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
}

static enum status
raise(struct line *line, const char *about, json_t *more, char out[33])
{
	struct refusal refusal = {0};
	json_t *answer, *request = json_pack("{s:s, s:s, s:s}", "task", about, "dispute",
			    "declined", "explanation", "Tas ir jūsu uzdevums.");
	enum status rc;

	assert_int_equal(json_object_update(request, more), more == NULL ? -1 : 0);
	rc = acts_disagree(line->service, &anna, request, false, &answer, &refusal);
	if (rc == STATUS_OK)
		snprintf(out, 33, "%s",
		    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	else
		print_message("%s: %s\n", status_name(rc), refusal.detail);
	json_decref(more);
	json_decref(request);
	json_decref(answer);
	settle();
	return rc;
}

/* Nothing of it is hidden from the family, and nothing of it is about the child. */
static void
a_family_is_told_of_its_case_all_the_same(void **state)
{
	struct refusal refusal = {0};
	struct case_row file;
	char task[33], dispute[33], id[33];
	json_t *answer;

	(void)state;
	name_chair("social");
	refer_and_read(task);
	until(deadline_of(&two.school, task, "decide").climbs_ms[2]);
	assert_int_equal(raise(&two.school, task, NULL, dispute), STATUS_OK);
	assert_int_equal(
	    case_store_get(two.school.service->db, row_of(&two.school, task).case_n, &file),
	    STATUS_OK);
	bytes_to_hex((struct bytes){file.id, sizeof(file.id)}, id);
	assert_int_equal(
	    acts_disclosure(two.school.service, &anna, id, &answer, &refusal), STATUS_OK);
	json_decref(answer);
}

/* ---- Disagreement ------------------------------------------------------------------------ */

/* A declined referral, on which the school does not agree. */
static void
disagree(const char *urgency, char task[33], char dispute[33])
{
	refer(urgency, task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	assert_int_equal(raise(&two.school, task, NULL, dispute), STATUS_OK);
}

static enum status
act_as(struct line *line, const struct actor *actor, const char *task, const char *verb,
    const char *explanation)
{
	struct refusal refusal = {0};
	json_t *answer, *request = explanation == NULL
	                               ? json_object()
	                               : json_pack("{s:s}", "explanation", explanation);
	enum status rc =
	    acts_answer(line->service, actor, task, verb, request, &answer, &refusal);

	json_decref(request);
	json_decref(answer);
	settle();
	return rc;
}

static void
assert_both(const char *task, enum task_state state)
{
	assert_int_equal(row_of(&two.school, task).state, state);
	assert_int_equal(row_of(&two.police, task).state, state);
}

static void
it_is_raised_answered_and_settled_in_the_case_of_what_it_is_about(void **state)
{
	char task[33], dispute[33];
	json_t *shown;

	(void)state;
	disagree("normal", task, dispute);
	assert_both(dispute, TASK_AT_SPECIALISTS);
	assert_int_equal(row_of(&two.school, dispute).case_n, row_of(&two.school, task).case_n);
	assert_int_equal(row_of(&two.police, dispute).case_n, row_of(&two.police, task).case_n);
	assert_both(task, TASK_DECLINED);
	shown = show_to(&two.police, &anna, dispute);
	assert_field(shown, "other_task", task);
	assert_field(shown, "dispute", "declined");
	assert_field(shown, "urgency", "normal");
	assert_field(shown, "explanation", "Tas ir jūsu uzdevums.");
	json_decref(shown);
	assert_int_equal(
	    act_as(&two.police, &anna, dispute, "reply", "Ņemsim no pirmdienas."), STATUS_OK);
	assert_both(dispute, TASK_AT_SPECIALISTS);
	assert_int_equal(
	    act_as(&two.school, &anna, dispute, "reply", "Labi."), STATUS_WRONG_STATE);
	assert_int_equal(
	    act_as(&two.police, &anna, dispute, "settle", NULL), STATUS_WRONG_STATE);
	assert_int_equal(
	    act_as(&two.school, &anna, dispute, "settle", "Vienojāmies."), STATUS_OK);
	assert_both(dispute, TASK_SETTLED);
}

static void
each_level_is_its_peoples_and_the_next_follows_it(void **state)
{
	char task[33], dispute[33], id[33];
	struct case_row file;

	(void)state;
	disagree("normal", task, dispute);
	assert_int_equal(act_as(&two.school, &anna, dispute, "climb", NULL), STATUS_OK);
	assert_both(dispute, TASK_AT_SUPERVISORS);
	assert_int_equal(
	    act_as(&two.police, &anna, dispute, "reply", "Nē."), STATUS_NOT_ALLOWED);
	assert_int_equal(
	    case_store_get(two.police.service->db, row_of(&two.police, task).case_n, &file),
	    STATUS_OK);
	bytes_to_hex((struct bytes){file.id, sizeof(file.id)}, id);
	let_know(&two.police, &dace, id);
	let_know(&two.police, &karlis, id);
	assert_int_equal(act_as(&two.police, &dace, dispute, "reply", "Nē."), STATUS_OK);
	assert_int_equal(act_as(&two.police, &dace, dispute, "climb", NULL), STATUS_OK);
	assert_both(dispute, TASK_AT_HEADS);
	assert_int_equal(
	    act_as(&two.police, &dace, dispute, "climb", NULL), STATUS_NOT_ALLOWED);
	assert_int_equal(act_as(&two.police, &karlis, dispute, "climb", NULL), STATUS_OK);
	assert_both(dispute, TASK_AT_MANAGEMENT);
	assert_int_equal(
	    act_as(&two.police, &karlis, dispute, "climb", NULL), STATUS_WRONG_STATE);
}

static void
unsettled_it_climbs_by_itself_to_the_chair_and_no_level_is_skipped(void **state)
{
	static const enum task_state levels[] = {
	    TASK_AT_SPECIALISTS, TASK_AT_SUPERVISORS, TASK_AT_HEADS};
	char task[33], dispute[33], climbed[33];
	struct task_row told;
	json_t *shown;

	(void)state;
	name_chair("social");
	disagree("urgent", task, dispute);
	for (size_t i = 0; i < 3; i++) {
		uint64_t due_ms = deadline_of(&two.school, dispute, "settle").due_ms;

		assert_int_equal(deadline_of(&two.police, dispute, "settle").due_ms, due_ms);
		until(due_ms - 1);
		assert_both(dispute, levels[i]);
		until(due_ms);
	}
	assert_both(dispute, TASK_AT_MANAGEMENT);
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
	assert_string_equal(told.peer, "school");
	id_of(&told, climbed);
	shown = show_to(&two.third, &karlis, climbed);
	assert_field(shown, "owed", "settle");
	assert_field(shown, "other_task", dispute);
	json_decref(shown);
	until(now() + DAY_MS);
	assert_both(dispute, TASK_AT_MANAGEMENT);
	line_restart(&two.school);
	settle();
	assert_int_equal(tasks_of(&two.third, "climbed", &told), 1);
}

static void
each_level_hears_at_once_that_it_is_its_turn_on_both_sides(void **state)
{
	struct line *const lines[] = {&two.school, &two.police};
	struct alarm_row alarm;
	char task[33], dispute[33];

	(void)state;
	disagree("normal", task, dispute);
	assert_int_equal(act_as(&two.school, &anna, dispute, "climb", NULL), STATUS_OK);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(
		    alarm_store_before(lines[i]->service->db, true, 0, &alarm), STATUS_OK);
		assert_string_equal(alarm.what, "settle");
		assert_string_equal(alarm.reaches, "supervisor");
		assert_int_equal(alarm.task_n, row_of(lines[i], dispute).n);
	}
}

static void
climbs_that_crossed_lead_to_one_level(void **state)
{
	struct refusal refusal = {0};
	char task[33], dispute[33];
	json_t *answer;

	(void)state;
	disagree("normal", task, dispute);
	assert_int_equal(
	    acts_answer(two.school.service, &anna, dispute, "climb", NULL, &answer, &refusal),
	    STATUS_OK);
	json_decref(answer);
	assert_int_equal(
	    acts_answer(two.police.service, &anna, dispute, "climb", NULL, &answer, &refusal),
	    STATUS_OK);
	json_decref(answer);
	settle();
	assert_both(dispute, TASK_AT_SUPERVISORS);
}

/* Whoever climbs names the level; one that is not the next is refused by whom it comes to. */
static void
a_level_that_is_not_the_next_is_not_taken(void **state)
{
	struct departure departure = {0};
	struct content content = {0};
	uint8_t id[SUITE_ID_LEN];
	char task[33], dispute[33];
	struct task_row row;
	struct case_key key;

	(void)state;
	disagree("normal", task, dispute);
	row = row_of(&two.police, dispute);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(case_file_key(two.police.service, row.case_n, &key), STATUS_OK);
	assert_int_equal(content_start(MESSAGE_DISAGREEMENT_CLIMB, &content), STATUS_OK);
	assert_int_equal(
	    content_set_text(&content, FIELD_LEVEL, bytes_of_text("management")), STATUS_OK);
	assert_int_equal(dispatch_act(two.police.service, &departure, &row, &key, &content,
			     LETTER_LIFE_MS, id),
	    STATUS_OK);
	assert_int_equal(departure_sign(two.police.service, &departure), STATUS_OK);
	departure_free(&departure);
	content_free(&content);
	vault_forget(&key);
	service_commit(two.police.service, "act");
	settle();
	assert_both(dispute, TASK_AT_SPECIALISTS);
	assert_int_equal(problems(&two.school, "unreadable"), 1);
}

static void
it_is_about_a_task_of_the_two_on_a_ground_of_its_own_and_of_no_other_sort(void **state)
{
	char task[33], dispute[33], other[33];

	(void)state;
	disagree("normal", task, dispute);
	assert_int_equal(raise(&two.school, dispute, NULL, other), STATUS_WRONG_STATE);
	assert_int_equal(raise(&two.school, "00000000000000000000000000000000", NULL, other),
	    STATUS_NOT_FOUND);
	assert_int_equal(raise(&two.school, task, json_pack("{s:s}", "with", "court"), other),
	    STATUS_ARGUMENT);
	assert_int_equal(
	    raise(&two.school, task, json_pack("{s:s}", "dispute", "weather"), other),
	    STATUS_ARGUMENT);
	/* The other side of a task may raise one, too. */
	assert_int_equal(raise(&two.police, task,
			     json_pack("{s:s, s:s, s:s}", "basis", "law", "ground",
				 "duty_to_report", "necessity", "Bērns ir briesmās"),
			     other),
	    STATUS_OK);
	assert_both(other, TASK_AT_SPECIALISTS);
	assert_int_equal(row_of(&two.school, other).case_n, row_of(&two.school, task).case_n);
}

#define CLIMB_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_three, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CLIMB_TEST(the_side_that_waits_tells_the_chair_once_and_acts_alone),
	    CLIMB_TEST(the_chair_hears_when_what_climbed_is_over),
	    CLIMB_TEST(the_chair_takes_it_up_within_a_period_of_its_own),
	    CLIMB_TEST(
		without_a_chair_nothing_is_sent_and_a_problem_is_shown_until_there_is_one),
	    CLIMB_TEST(what_has_moved_on_is_not_told_any_more),
	    CLIMB_TEST(a_clock_that_is_wrong_alone_tells_the_chair_nothing),
	    CLIMB_TEST(what_our_own_clock_alone_says_says_so),
	    CLIMB_TEST(a_family_is_told_of_its_case_all_the_same),
	    CLIMB_TEST(it_is_raised_answered_and_settled_in_the_case_of_what_it_is_about),
	    CLIMB_TEST(each_level_is_its_peoples_and_the_next_follows_it),
	    CLIMB_TEST(unsettled_it_climbs_by_itself_to_the_chair_and_no_level_is_skipped),
	    CLIMB_TEST(each_level_hears_at_once_that_it_is_its_turn_on_both_sides),
	    CLIMB_TEST(climbs_that_crossed_lead_to_one_level),
	    CLIMB_TEST(a_level_that_is_not_the_next_is_not_taken),
	    CLIMB_TEST(
		it_is_about_a_task_of_the_two_on_a_ground_of_its_own_and_of_no_other_sort),
	};

	return cmocka_run_group_tests_name("climbs", tests, NULL, NULL);
}
