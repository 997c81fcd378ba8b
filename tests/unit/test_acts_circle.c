/* tests/unit/test_acts_circle.c: who may see what of what several share, and that each look is recorded. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/acts/acts_circle.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_history.h"
#include "services/runtime/acts/acts_sitting.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/access_store.h"

#define CIRCLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

/* ---- A sitting of three ------------------------------------------------------------------ */

/* The school's sitting with the police and the court; a matter that the police put. */
struct sat {
	uint8_t frame[SUITE_ID_LEN], matter[SUITE_ID_LEN];
	char frame_hex[33], matter_hex[33];
};

static const struct descriptor chair_kind = {.program = "saikne-school",
    .group = GROUP_SCHOOL,
    .acts = {{MESSAGE_CONFERENCE_PROPOSE, MANAGERS}}};

static void
propose(uint8_t id[static SUITE_ID_LEN])
{
	struct service *service = two.school.service;
	json_t *answer,
	    *request = json_pack("{s:[s, s], s:s, s:s, s:s}", "with", "police", "court",
		"group", "team", "purpose", "safety", "municipality", "Ventspils");
	struct refusal refusal = {0};

	service->config.descriptor = &chair_kind;
	assert_int_equal(
	    acts_sitting_propose(service, &anna, request, &answer, &refusal), STATUS_OK);
	assert_true(bytes_from_hex(bytes_of_text(text(answer, "task")), id, SUITE_ID_LEN));
	json_decref(request);
	json_decref(answer);
}

static void
put_matter(const uint8_t frame_id[static SUITE_ID_LEN], uint8_t id[static SUITE_ID_LEN])
{
	struct task_row frame = task_of(&two.police, frame_id), matter;
	struct shared own;
	struct content content;

	record_consent(&two.police, &own);
	matter = circle_new_task(&two.police, &frame, MESSAGE_MATTER_PUT);
	matter.case_n = own.case_n;
	snprintf(matter.purpose, sizeof(matter.purpose), "safety");
	assert_int_equal(content_start(MESSAGE_MATTER_PUT, &content), STATUS_OK);
	fill_act(&content);
	fill_data(&content);
	set_text(&content, FIELD_CONVENING, "long_unsolved");
	set_text(&content, FIELD_QUESTION, "What is to be done?");
	assert_int_equal(circle_say(&two.police, &matter, &content, own.ground.n), STATUS_OK);
	content_free(&content);
	memcpy(id, matter.id, sizeof(matter.id));
}

static void
sit(struct sat *out)
{
	propose(out->frame);
	rooms_settle();
	put_matter(out->frame, out->matter);
	rooms_settle();
	assert_int_equal(task_of(&two.third, out->matter).state, TASK_ON_AGENDA);
	bytes_to_hex(BYTES(out->frame), out->frame_hex);
	bytes_to_hex(BYTES(out->matter), out->matter_hex);
}

/* ACTOR knows the case of TASK at LINE, and so it is in no mailbox. */
static void
let_know_of(
    struct line *line, const struct actor *actor, const uint8_t task[static SUITE_ID_LEN])
{
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(knowing_give(line->service, &anna, task_of(line, task).case_n,
			     actor->person, GRANT_ASSIGNED, NULL, NULL),
	    STATUS_OK);
	service_commit(line->service, "act");
}

/* How often it was recorded at LINE that the case of TASK was looked at so. */
static unsigned
looks(struct line *line, const uint8_t task[static SUITE_ID_LEN], const char *what)
{
	struct access_filter filter = {.case_n = task_of(line, task).case_n};
	struct access_row row;
	unsigned count = 0;

	while (access_store_before(line->service->db, &filter, &row) == STATUS_OK) {
		filter.before = row.n;
		count += strcmp(row.what, what) == 0;
	}
	return count;
}

static enum status
history_for(struct line *line, const struct actor *actor, const char *task)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc =
	    acts_history(line->service, actor, task, NULL, 10, NULL, &answer, &refusal);

	json_decref(answer);
	return rc;
}

/* ---- Histories --------------------------------------------------------------------------- */

/* What a sitting speaks of is several children's: who knows one does not know of the others. */
static void
who_knows_one_matter_is_not_shown_the_history_of_the_sitting(void **state)
{
	struct sat sat;

	(void)state;
	sit(&sat);
	let_know_of(&two.third, &zane, sat.matter);
	assert_int_equal(history_for(&two.third, &zane, sat.frame_hex), STATUS_NOT_FOUND);
	assert_int_equal(history_for(&two.third, &zane, sat.matter_hex), STATUS_NOT_FOUND);
	assert_int_equal(looks(&two.third, sat.matter, "read_history"), 0);
	let_know_of(&two.third, &zane, sat.frame);
	assert_int_equal(history_for(&two.third, &zane, sat.matter_hex), STATUS_OK);
	assert_int_equal(looks(&two.third, sat.frame, "read_history"), 1);
	assert_int_equal(history_for(&two.third, &auditor, sat.frame_hex), STATUS_OK);
	assert_int_equal(history_for(&two.third, &admin, sat.frame_hex), STATUS_NOT_ALLOWED);
}

/* ---- Looks ------------------------------------------------------------------------------- */

static json_t *
sitting_for(struct line *line, const struct actor *actor, const char *frame)
{
	struct refusal refusal = {0};
	json_t *answer;

	assert_int_equal(
	    acts_sitting_show(line->service, actor, frame, &answer, &refusal), STATUS_OK);
	return answer;
}

static void
a_look_at_an_agenda_is_recorded_in_each_case_that_it_shows(void **state)
{
	struct sat sat;
	json_t *shown;

	(void)state;
	sit(&sat);
	let_know_of(&two.third, &zane, sat.frame);
	let_know_of(&two.third, &anna, sat.matter);
	shown = sitting_for(&two.third, &zane, sat.frame_hex);
	assert_int_equal(json_array_size(json_object_get(shown, "agenda")), 0);
	assert_int_equal(json_integer_value(json_object_get(shown, "hidden")), 1);
	assert_int_equal(looks(&two.third, sat.matter, "agenda"), 0);
	assert_int_equal(looks(&two.third, sat.frame, "read"), 1);
	json_decref(shown);
	let_know_of(&two.third, &zane, sat.matter);
	shown = sitting_for(&two.third, &zane, sat.frame_hex);
	assert_int_equal(json_array_size(json_object_get(shown, "agenda")), 1);
	assert_int_equal(looks(&two.third, sat.matter, "agenda"), 1);
	json_decref(shown);
}

static void
that_an_auditor_looked_is_told_from_reading(void **state)
{
	struct refusal refusal = {0};
	struct sat sat;
	json_t *shown;

	(void)state;
	sit(&sat);
	assert_int_equal(
	    acts_circle(two.third.service, &auditor, sat.frame_hex, &shown, &refusal),
	    STATUS_OK);
	json_decref(shown);
	assert_int_equal(looks(&two.third, sat.frame, "audit"), 1);
	assert_int_equal(looks(&two.third, sat.frame, "read"), 0);
}

/* ---- Mailbox ----------------------------------------------------------------------------- */

static unsigned
listed(struct line *line, const struct actor *actor, const char *box, const char *task)
{
	const struct acts_query query = {.box = box, .limit = 100};
	struct refusal refusal = {0};
	json_t *answer, *item;
	unsigned count = 0;
	size_t i;

	assert_int_equal(
	    acts_tasks(line->service, actor, &query, &answer, &refusal), STATUS_OK);
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		count += strcmp(text(item, "task"), task) == 0;
	}
	json_decref(answer);
	return count;
}

/* It is the chair's side of what comes in, and nobody there knows of it yet. */
static void
a_case_put_on_our_agenda_lies_in_the_mailbox(void **state)
{
	struct sat sat;

	(void)state;
	sit(&sat);
	assert_int_equal(task_of(&two.school, sat.matter).side, TASK_SENDER);
	assert_int_equal(listed(&two.third, &anna, "mailbox", sat.matter_hex), 1);
	assert_int_equal(listed(&two.school, &anna, "mailbox", sat.matter_hex), 1);
	assert_int_equal(listed(&two.school, &anna, NULL, sat.matter_hex), 1);
	assert_int_equal(listed(&two.school, &zane, NULL, sat.matter_hex), 0);
	let_know_of(&two.school, &zane, sat.matter);
	assert_int_equal(listed(&two.school, &anna, "mailbox", sat.matter_hex), 0);
	assert_int_equal(listed(&two.school, &zane, NULL, sat.matter_hex), 1);
}

/* ---- Lists ------------------------------------------------------------------------------- */

static json_t *
circles_for(struct line *line, const struct actor *actor, unsigned limit, const char *after)
{
	const struct acts_circles_query query = {.limit = limit, .after = after};
	struct refusal refusal = {0};
	json_t *answer;

	assert_int_equal(
	    acts_circles(line->service, actor, &query, &answer, &refusal), STATUS_OK);
	return answer;
}

static void
add_strange_circles(struct line *line, unsigned count)
{
	assert_int_equal(service_begin(line->service), STATUS_OK);
	for (unsigned i = 0; i < count; i++) {
		struct circle_row row = {.sort = &case_sort};

		suite_random(row.id, sizeof(row.id));
		suite_random(row.token, sizeof(row.token));
		assert_int_equal(circle_store_add(line->service->db, &row), STATUS_OK);
	}
	service_commit(line->service, "act");
}

/* However many there are of which a person may not know, a page of a list does not tell. */
static void
a_list_of_circles_tells_nothing_of_those_that_others_know(void **state)
{
	struct sat sat;
	json_t *first, *second, *item;

	(void)state;
	sit(&sat);
	sit(&sat);
	add_strange_circles(&two.third, ACTS_FILTER_ROWS_MAX + 1);
	first = circles_for(&two.third, &zane, 10, NULL);
	assert_int_equal(json_array_size(json_object_get(first, "items")), 0);
	assert_true(json_is_null(json_object_get(first, "next")));
	assert_false(json_is_true(json_object_get(first, "partial")));
	json_decref(first);
	/* Page by page, and how each stands. */
	first = circles_for(&two.third, &anna, 1, NULL);
	assert_int_equal(json_array_size(json_object_get(first, "items")), 1);
	assert_false(json_is_true(json_object_get(first, "partial")));
	item = json_array_get(json_object_get(first, "items"), 0);
	assert_string_equal(text(item, "task"), sat.frame_hex);
	assert_string_equal(text(item, "lead"), "school");
	assert_true(json_is_true(json_object_get(item, "member")));
	assert_true(json_is_true(json_object_get(item, "open")));
	assert_false(json_is_true(json_object_get(item, "leads")));
	assert_int_equal(json_integer_value(json_object_get(item, "member_count")), 3);
	second = circles_for(&two.third, &anna, 1, text(first, "next"));
	assert_int_equal(json_array_size(json_object_get(second, "items")), 1);
	assert_true(json_is_null(json_object_get(second, "next")));
	json_decref(first);
	json_decref(second);
	/* Who sees every list goes through them all. */
	first = circles_for(&two.third, &auditor, 10, NULL);
	assert_true(json_is_true(json_object_get(first, "partial")));
	json_decref(first);
}

/* ---- Refusals ---------------------------------------------------------------------------- */

static enum status
put_after(const struct actor *actor, const char *frame, const char *earlier)
{
	json_t *answer, *request = json_pack("{s:s, s:s, s:s, s:s, s:s}", "convening",
			    "not_solved_by_specialists", "purpose", "safety", "municipality",
			    "Ventspils", "age_band", "11-14", "earlier", earlier);
	struct refusal refusal = {0};
	enum status rc =
	    acts_sitting_put(two.school.service, actor, frame, request, &answer, &refusal);

	json_decref(request);
	json_decref(answer);
	return rc;
}

/* What came of a matter is not told to who may not know that there is one. */
static void
of_an_earlier_matter_nobody_learns_who_may_not_know_it(void **state)
{
	static const struct descriptor kind = {.program = "saikne-school",
	    .group = GROUP_SCHOOL,
	    .acts = {{MESSAGE_MATTER_PUT, MANAGERS | 1U << ROLE_SPECIALIST}}};
	static const char stranger[] = "00112233445566778899aabbccddeeff";
	struct sat sat;
	enum status as_stranger;

	(void)state;
	sit(&sat);
	two.school.service->config.descriptor = &kind;
	let_know_of(&two.school, &zane, sat.frame);
	let_know_of(&two.school, &anna, sat.matter);
	as_stranger = put_after(&zane, sat.frame_hex, stranger);
	assert_int_not_equal(as_stranger, STATUS_SPECIALISTS_FIRST);
	assert_int_equal(put_after(&zane, sat.frame_hex, sat.matter_hex), as_stranger);
	let_know_of(&two.school, &zane, sat.matter);
	assert_int_equal(
	    put_after(&zane, sat.frame_hex, sat.matter_hex), STATUS_SPECIALISTS_FIRST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(who_knows_one_matter_is_not_shown_the_history_of_the_sitting),
	    CIRCLE_TEST(a_look_at_an_agenda_is_recorded_in_each_case_that_it_shows),
	    CIRCLE_TEST(that_an_auditor_looked_is_told_from_reading),
	    CIRCLE_TEST(a_case_put_on_our_agenda_lies_in_the_mailbox),
	    CIRCLE_TEST(a_list_of_circles_tells_nothing_of_those_that_others_know),
	    CIRCLE_TEST(of_an_earlier_matter_nobody_learns_who_may_not_know_it),
	};

	return cmocka_run_group_tests_name("acts_circle", tests, NULL, NULL);
}
