/* tests/unit/test_acts_work.c: what waits for a person: its order, whose it is, and until when. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/work_store.h"

#define MINUTE_MS 60000ULL

static const struct actor dace = {.person = 5, .user = "dace", .role = ROLE_SUPERVISOR};
static const struct actor head = {.person = 6, .user = "uldis", .role = ROLE_HEAD};
static struct refusal refusal;

/* ---- Reading ----------------------------------------------------------------------------- */

static json_t *
page_of(struct line *line, const struct actor *actor, unsigned limit, const char *after)
{
	json_t *page = NULL;
	enum status rc = acts_work(line->service, actor, limit, after, &page, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	return page;
}

static json_t *
work_of(struct line *line, const struct actor *actor)
{
	json_t *page = page_of(line, actor, 100, NULL);
	json_t *items = json_incref(json_object_get(page, "items"));

	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	return items;
}

static size_t
count_of(struct line *line, const struct actor *actor)
{
	json_t *items = work_of(line, actor);
	size_t count = json_array_size(items);

	json_decref(items);
	return count;
}

/* The I-th thing of ACTOR's is WHAT of TASK. */
static void
assert_thing(
    struct line *line, const struct actor *actor, size_t i, const char *what, const char *task)
{
	json_t *items = work_of(line, actor);
	const json_t *item = json_array_get(items, i);

	assert_string_equal(text(item, "what"), what);
	assert_string_equal(text(item, "task"), task);
	json_decref(items);
}

static bool
has_action(const json_t *item, const char *verb)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(item, "actions"), i, one)
	{
		if (strcmp(json_string_value(one), verb) == 0)
			return true;
	}
	return false;
}

static void
case_of(struct line *line, const char *task, char out[33])
{
	json_t *shown = show_to(line, &auditor, task);

	snprintf(out, 33, "%s", text(shown, "case"));
	json_decref(shown);
}

static void
end_knowing(struct line *line, const struct actor *actor, uint64_t case_n)
{
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(knowing_end(line->service, &head, case_n, actor->person), STATUS_OK);
	service_commit(line->service, "test");
}

/* ---- Order ------------------------------------------------------------------------------- */

static void
what_is_due_first_stands_first(void **state)
{
	char normal[33], urgent[33], immediate[33];

	(void)state;
	refer("normal", normal);
	refer("urgent", urgent);
	refer("immediate", immediate);
	settle();
	assert_int_equal(count_of(&two.police, &anna), 3);
	assert_thing(&two.police, &anna, 0, "read", immediate);
	assert_thing(&two.police, &anna, 1, "decide", urgent);
	assert_thing(&two.police, &anna, 2, "decide", normal);
	/* The sender waits for it, and owes nothing. */
	assert_int_equal(count_of(&two.school, &anna), 0);
}

static void
what_is_unread_and_owed_is_one_thing(void **state)
{
	char task[33];
	json_t *items;
	const json_t *item;

	(void)state;
	refer("urgent", task);
	settle();
	items = work_of(&two.police, &anna);
	assert_int_equal(json_array_size(items), 1);
	item = json_array_get(items, 0);
	assert_string_equal(text(item, "what"), "decide");
	assert_string_equal(text(item, "clock"), "ours");
	assert_string_equal(text(item, "stage"), "running");
	assert_string_equal(text(item, "box"), "in");
	assert_string_equal(text(item, "peer"), "school");
	assert_string_equal(text(item, "urgency"), "urgent");
	assert_true(json_is_true(json_object_get(item, "unread")));
	assert_true(json_is_false(json_object_get(item, "overdue")));
	assert_true(has_action(item, "accept"));
	json_decref(items);
	pass(3 * DAY_MS);
	items = work_of(&two.police, &anna);
	assert_int_equal(json_array_size(items), 1);
	item = json_array_get(items, 0);
	assert_string_equal(text(item, "stage"), "supervisor");
	assert_true(json_is_true(json_object_get(item, "overdue")));
	json_decref(items);
}

static void
what_is_due_by_no_time_stands_last_the_oldest_first(void **state)
{
	char first[33], second[33], third[33];

	(void)state;
	refer("urgent", first);
	refer("urgent", second);
	refer("urgent", third);
	settle();
	assert_int_equal(answer_with(&two.police, second, "accept", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, first, "accept", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, third, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	assert_int_equal(count_of(&two.school, &anna), 3);
	assert_thing(&two.school, &anna, 0, "follow_up", third);
	assert_thing(&two.school, &anna, 1, "unread", first);
	assert_thing(&two.school, &anna, 2, "unread", second);
	json_decref(show_to(&two.school, &anna, first));
	assert_int_equal(count_of(&two.school, &anna), 2);
	assert_thing(&two.school, &anna, 1, "unread", second);
}

static void
what_is_done_waits_no_more(void **state)
{
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	/* Not even to be opened. */
	assert_int_equal(count_of(&two.police, &anna), 0);
}

static void
a_message_that_reached_nobody_waits_until_somebody_has_seen_that(void **state)
{
	char task[33];
	json_t *request = request_for("urgent"), *answer;

	(void)state;
	json_object_set_new(request, "expires_days", json_integer(1));
	line_disconnect(&two.police);
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	snprintf(task, sizeof(task), "%s",
	    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
	settle();
	assert_int_equal(count_of(&two.school, &anna), 0);
	pass(DAY_MS + MINUTE_MS);
	assert_state(&two.school, task, "expired");
	assert_int_equal(count_of(&two.school, &anna), 1);
	assert_thing(&two.school, &anna, 0, "not_delivered", task);
	json_decref(show_to(&two.school, &anna, task));
	assert_int_equal(count_of(&two.school, &anna), 0);
}

/* ---- Whose it is ------------------------------------------------------------------------- */

static void
a_thing_is_theirs_who_know_its_case_and_nobody_elses(void **state)
{
	char task[33], case_id[33];

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	assert_int_equal(count_of(&two.school, &anna), 1);
	assert_int_equal(count_of(&two.school, &zane), 0);
	case_of(&two.school, task, case_id);
	let_know(&two.school, &zane, case_id);
	assert_int_equal(count_of(&two.school, &zane), 1);
	assert_thing(&two.school, &zane, 0, "unread", task);
	/* A specialist sees what waits and may not do what the role does not do. */
	end_knowing(&two.school, &zane, 1);
	assert_int_equal(count_of(&two.school, &zane), 0);
	assert_int_equal(count_of(&two.school, &anna), 1);
}

static void
what_nobody_holds_is_theirs_who_see_the_mailbox(void **state)
{
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(count_of(&two.police, &anna), 1);
	assert_int_equal(count_of(&two.police, &zane), 0);
	put_on_duty(&two.police, &zane);
	assert_int_equal(count_of(&two.police, &zane), 1);
	/* Who acts holds it from then on. */
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	assert_int_equal(count_of(&two.police, &anna), 1);
	assert_int_equal(count_of(&two.police, &zane), 0);
	end_knowing(&two.police, &anna, 1);
	assert_int_equal(count_of(&two.police, &zane), 1);
}

static void
whoever_leads_sees_of_others_what_an_alarm_brings(void **state)
{
	char task[33];
	json_t *items;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(count_of(&two.police, &dace), 0);
	pass(3 * DAY_MS);
	items = work_of(&two.police, &dace);
	assert_int_equal(json_array_size(items), 1);
	assert_string_equal(text(json_array_get(items, 0), "task"), task);
	/* To act on it they take it over first. */
	assert_int_equal(
	    json_array_size(json_object_get(json_array_get(items, 0), "actions")), 0);
	json_decref(items);
	assert_int_equal(count_of(&two.police, &anna), 1);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	assert_int_equal(count_of(&two.police, &dace), 0);
}

static void
what_others_owe_is_theirs_to_see_whom_its_alarm_reaches(void **state)
{
	char task[33];
	json_t *items;

	(void)state;
	refer("urgent", task);
	settle();
	pass(3 * DAY_MS);
	items = work_of(&two.school, &anna);
	assert_int_equal(json_array_size(items), 1);
	assert_string_equal(text(json_array_get(items, 0), "what"), "decide");
	assert_string_equal(text(json_array_get(items, 0), "clock"), "theirs");
	json_decref(items);
	assert_int_equal(count_of(&two.school, &zane), 0);
	issue_head();
	settle();
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	assert_thing(&two.school, &anna, 0, "unread", task);
}

static void
an_emergency_opening_waits_for_another_who_leads(void **state)
{
	char task[33], case_id[33], number[24];
	json_t *request, *answer, *items;

	(void)state;
	refer("urgent", task);
	settle();
	case_of(&two.school, task, case_id);
	request = json_pack(
	    "{s:s, s:s}", "case", case_id, "reason", "Bērns ir briesmās, jāzina tūlīt");
	assert_int_equal(
	    acts_break_glass(two.school.service, &head, request, &answer, &refusal), STATUS_OK);
	json_decref(request);
	json_decref(answer);
	items = work_of(&two.school, &dace);
	assert_int_equal(json_array_size(items), 1);
	assert_string_equal(text(json_array_get(items, 0), "what"), "glass");
	assert_string_equal(text(json_array_get(items, 0), "case"), case_id);
	snprintf(number, sizeof(number), "%d",
	    (int)json_integer_value(json_object_get(json_array_get(items, 0), "glass")));
	json_decref(items);
	assert_int_equal(count_of(&two.school, &head), 0);
	assert_int_equal(count_of(&two.school, &anna), 0);
	assert_int_equal(
	    acts_glass_seen(two.school.service, &dace, number, &answer, &refusal), STATUS_OK);
	json_decref(answer);
	assert_int_equal(count_of(&two.school, &dace), 0);
}

static void
broken_glass_shows_what_waits_while_it_is_open(void **state)
{
	char task[33], case_id[33];
	json_t *request, *answer;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	case_of(&two.police, task, case_id);
	request = json_pack(
	    "{s:s, s:s}", "case", case_id, "reason", "Bērns ir briesmās, jāzina tūlīt");
	assert_int_equal(
	    acts_break_glass(two.police.service, &zane, request, &answer, &refusal), STATUS_OK);
	json_decref(request);
	json_decref(answer);
	assert_int_equal(count_of(&two.police, &zane), 1);
	pass(KNOWING_GLASS_MS + 1000);
	assert_int_equal(count_of(&two.police, &zane), 0);
}

static void
auditors_administrators_and_strangers_have_no_work_here(void **state)
{
	static const struct actor nobody = {.role = ROLE_NONE};
	const struct actor *const others[] = {&auditor, &admin, &nobody};
	json_t *page;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
		    acts_work(two.school.service, others[i], 10, NULL, &page, &refusal),
		    STATUS_NOT_ALLOWED);
		assert_null(page);
	}
}

/* ---- Pages ------------------------------------------------------------------------------- */

static void
a_cursor_stays_right_while_things_change(void **state)
{
	char task[4][33], cursor[64];
	json_t *page;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		refer("urgent", task[i]);
		settle();
		room_wait(two.room, MINUTE_MS);
	}
	settle();
	page = page_of(&two.police, &anna, 2, NULL);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 2);
	snprintf(cursor, sizeof(cursor), "%s", text(page, "next"));
	json_decref(page);
	/* What stood on the page that was read goes, and something new comes before it. */
	assert_int_equal(answer_with(&two.police, task[1], "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	refer("immediate", task[0]);
	settle();
	page = page_of(&two.police, &anna, 2, cursor);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 2);
	assert_string_equal(
	    text(json_array_get(json_object_get(page, "items"), 0), "task"), task[2]);
	assert_string_equal(
	    text(json_array_get(json_object_get(page, "items"), 1), "task"), task[3]);
	json_decref(page);
}

static void
a_cursor_that_no_page_gave_is_refused(void **state)
{
	static const char *const wrong[] = {"", "w", "t0000000000000001", "w00",
	    "wffffffffffffffff0000000000000001", "w00000000000000013000000000000001"};
	json_t *page;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    acts_work(two.school.service, &anna, 10, wrong[i], &page, &refusal),
		    STATUS_ARGUMENT);
	assert_string_equal(refusal.field, "after");
}

/* More things of anna's than a page looks at. */
static void
pile_up(struct service *service, unsigned count)
{
	struct work_row row = {.about = WORK_RECORD, .case_n = 1, .ours = true, .what = "ends"};

	assert_int_equal(service_begin(service), STATUS_OK);
	for (row.n = 1000; row.n < 1000 + count; row.n++) {
		row.due_ms = row.n;
		assert_int_equal(work_store_put(service->db, &row), STATUS_OK);
	}
	service_commit(service, "test");
}

static void
a_page_does_not_tell_how_much_waits_for_others(void **state)
{
	char task[33];
	json_t *page;

	(void)state;
	refer("urgent", task);
	settle();
	pile_up(two.school.service, ACTS_FILTER_ROWS_MAX + 5);
	page = page_of(&two.school, &zane, 10, NULL);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 0);
	assert_true(json_is_false(json_object_get(page, "partial")));
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
}

/* ---- Erasure ----------------------------------------------------------------------------- */

static void
of_what_is_erased_nothing_waits(void **state)
{
	char task[33], case_id[33];
	json_t *request, *answer;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	assert_int_equal(
	    answer_with(&two.school, task, "follow-up", explained("follow_up", "close")),
	    STATUS_OK);
	settle();
	assert_int_equal(count_of(&two.police, &anna), 1);
	case_of(&two.police, task, case_id);
	request = json_pack("{s:s}", "reason", "demanded");
	if (acts_erase(two.police.service, &head, case_id, request, &answer, &refusal) !=
	    STATUS_OK)
		fail_msg("%s", refusal.detail);
	json_decref(request);
	json_decref(answer);
	assert_int_equal(count_of(&two.police, &anna), 0);
	assert_int_equal(count_of(&two.police, &head), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(what_is_due_first_stands_first),
	    SERVICE_TEST(what_is_unread_and_owed_is_one_thing),
	    SERVICE_TEST(what_is_due_by_no_time_stands_last_the_oldest_first),
	    SERVICE_TEST(what_is_done_waits_no_more),
	    SERVICE_TEST(a_message_that_reached_nobody_waits_until_somebody_has_seen_that),
	    SERVICE_TEST(a_thing_is_theirs_who_know_its_case_and_nobody_elses),
	    SERVICE_TEST(what_nobody_holds_is_theirs_who_see_the_mailbox),
	    SERVICE_TEST(whoever_leads_sees_of_others_what_an_alarm_brings),
	    SERVICE_TEST(what_others_owe_is_theirs_to_see_whom_its_alarm_reaches),
	    SERVICE_TEST(an_emergency_opening_waits_for_another_who_leads),
	    SERVICE_TEST(broken_glass_shows_what_waits_while_it_is_open),
	    SERVICE_TEST(auditors_administrators_and_strangers_have_no_work_here),
	    SERVICE_TEST(a_cursor_stays_right_while_things_change),
	    SERVICE_TEST(a_cursor_that_no_page_gave_is_refused),
	    SERVICE_TEST(a_page_does_not_tell_how_much_waits_for_others),
	    SERVICE_TEST(of_what_is_erased_nothing_waits),
	};

	return cmocka_run_group_tests_name("acts_work", tests, NULL, NULL);
}
