/* tests/unit/test_deadline.c: which deadlines a task's history gives, by the list's every row. */
#include "services/runtime/task/deadline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/ladder.h"
#include "services/runtime/task/task.h"

#define MINUTE_MS ((uint64_t)60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* "2026-11-23T08:00" UTC */
static uint64_t
utc(const char *text)
{
	uint64_t hour, minute;
	calendar_day day;
	char *end;

	assert_true(calendar_date((struct bytes){(const uint8_t *)text, 10}, &day));
	hour = strtoul(text + 11, &end, 10);
	minute = strtoul(end + 1, &end, 10);
	assert_ptr_equal(end, text + 16);
	return (uint64_t)day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

static int
set_up(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

static struct deadline_entry
entry(const char *state, const char *type, const char *time, const char *date)
{
	struct deadline_entry made = {.state = state, .type = type, .time_ms = utc(time)};

	snprintf(made.due, sizeof(made.due), "%s", date);
	snprintf(made.until, sizeof(made.until), "%s", date);
	snprintf(made.starts, sizeof(made.starts), "%s", date);
	return made;
}

/* ---- The list ---------------------------------------------------------------------------- */

/* Calls CHECK with each word of WORDS. */
static void
each_word(const char *words, void (*check)(const char *word))
{
	char word[64];

	while (*words != '\0') {
		size_t len = strcspn(words, ";");

		assert_true(len > 0 && len < sizeof(word));
		memcpy(word, words, len);
		word[len] = '\0';
		check(word);
		words += len + (words[len] == ';');
	}
}

static void
is_state(const char *word)
{
	assert_true(task_state_named(bytes_of_text(word)) != TASK_STATE_COUNT);
}

static void
is_sort(const char *word)
{
	assert_true(task_sort_named(bytes_of_text(word)) != NULL);
}

static void
is_dated_message(const char *word)
{
	const struct message_info *info = message_named(bytes_of_text(word));
	bool dated = false;

	assert_non_null(info);
	for (unsigned i = 0; i < info->field_count; i++)
		dated = dated || info->fields[i].field->id == FIELD_DUE ||
		        info->fields[i].field->id == FIELD_UNTIL ||
		        info->fields[i].field->id == FIELD_STARTS;
	assert_true(dated);
}

static void
is_message(const char *word)
{
	assert_non_null(message_named(bytes_of_text(word)));
}

static void
is_person(const char *word)
{
	assert_true(deadline_lists("author;holder;duty;supervisor;head", word));
}

static void
every_row_says_what_it_should(void **state)
{
	const struct list *list = list_named("deadlines");
	struct deadline_rule rule;

	(void)state;
	assert_non_null(list);
	for (unsigned i = 0; i < list_rows(list); i++) {
		assert_true(deadline_rule_at(i, &rule));
		assert_true(rule.row == i);
		assert_true(rule.states[0] != '\0');
		each_word(rule.states, is_state);
		each_word(rule.sorts, is_sort);
		/* The list may be ahead of the sorts that this program has. */
		if (task_sort_named(bytes_of_text(rule.sorts)) != NULL)
			each_word(rule.dates, is_dated_message);
		each_word(rule.begins, is_message);
		each_word(rule.settled, is_message);
		each_word(rule.reminder_to, is_person);
		each_word(rule.overdue_to, is_person);
		each_word(rule.mirror_to, is_person);
		/* What nobody is told was passed over climbs to nobody, and the other side hears. */
		assert_true(rule.overdue_to[0] != '\0' || rule.mirror_to[0] != '\0');
		/* Without a period it reminds at once. */
		assert_true(rule.reminder == 0 || rule.reminder_to[0] != '\0');
		assert_true(rule.unit != DEADLINE_NONE || rule.dates[0] != '\0');
		assert_true(rule.urgency[0] == '\0' ||
			    list_has("urgencies", bytes_of_text(rule.urgency)));
		assert_true(list_text(list, i, "source")[0] != '\0');
	}
	assert_false(deadline_rule_at(list_rows(list), &rule));
}

static void
no_two_rows_of_one_name_run_at_once(void **state)
{
	struct deadline_rule a, b;

	(void)state;
	for (unsigned i = 0; deadline_rule_at(i, &a); i++)
		for (unsigned j = 0; j < i && deadline_rule_at(j, &b); j++)
			if (strcmp(a.what, b.what) == 0 && strcmp(a.states, b.states) == 0)
				assert_true(a.urgency[0] != '\0' && b.urgency[0] != '\0' &&
					    strcmp(a.urgency, b.urgency) != 0);
}

/* What each row gives for a task that entered its state on Friday, 20 November 2026, 10:00 UTC. */
static const struct expected {
	const char *what, *state, *urgency, *type, *date, *due, *reminder;
	const char *sort; /* NULL: referral */
} expected[] = {
    {"leave", "pending", "immediate", "referral_offer", "", "2026-11-20T10:10", "", NULL},
    {"read", "offered", "immediate", "referral_offer", "", "2026-11-20T10:30", "", NULL},
    {"decide", "offered", "immediate", "referral_offer", "", "2026-11-20T12:00",
	"2026-11-20T11:00", NULL},
    {"decide", "offered", "urgent", "referral_offer", "", "2026-11-23T15:00",
	"2026-11-23T12:00", NULL},
    {"decide", "under_review", "normal", "referral_review_opened", "", "2026-11-27T15:00",
	"2026-11-26T15:00", NULL},
    {"answer", "info_requested", "immediate", "referral_information_request", "",
	"2026-11-20T12:00", "2026-11-20T11:00", NULL},
    {"answer", "info_requested", "urgent", "referral_information_request", "",
	"2026-11-23T15:00", "2026-11-23T12:00", NULL},
    {"answer", "info_requested", "normal", "referral_information_request", "2026-12-01",
	"2026-12-01T15:00", "2026-11-30T15:00", NULL},
    {"report", "accepted", "normal", "referral_accept", "2026-12-24", "2026-12-28T15:00",
	"2026-12-23T15:00", NULL},
    {"resume", "on_hold", "urgent", "referral_hold", "2026-12-01", "2026-12-01T15:00",
	"2026-11-30T15:00", NULL},
    {"close", "outcome_reported", "urgent", "referral_outcome", "", "2026-11-27T15:00",
	"2026-11-26T15:00", NULL},
    {"confirm", "cancel_requested", "normal", "referral_cancel", "", "2026-11-24T15:00",
	"2026-11-23T15:00", NULL},
    {"follow_up", "declined", "immediate", "referral_decline", "", "2026-11-20T12:00",
	"2026-11-20T11:00", NULL},
    {"follow_up", "declined", "urgent", "referral_decline", "", "2026-11-23T15:00",
	"2026-11-23T12:00", NULL},
    {"follow_up", "redirect_proposed", "normal", "referral_redirect", "", "2026-11-27T15:00",
	"2026-11-26T15:00", NULL},
    {"reply", "received", "urgent", "information_request", "2026-12-01", "2026-12-01T15:00",
	"2026-11-30T15:00", "information"},
    {"acknowledge", "told", "immediate", "notice_incident", "", "2026-11-20T12:00",
	"2026-11-20T11:00", "notice"},
    {"acknowledge", "told", "urgent", "notice_incident", "", "2026-11-23T15:00",
	"2026-11-23T12:00", "notice"},
    {"acknowledge", "told", "normal", "notice_concern", "", "2026-11-27T15:00",
	"2026-11-26T15:00", "notice"},
    {"answer_stop", "received", "urgent", "ground_stop", "", "2026-11-23T15:00",
	"2026-11-23T12:00", "stop"},
    {"take_lead", "lead_offered", "", "lead_offer", "2026-12-01", "2026-12-01T15:00",
	"2026-11-30T15:00", "transfer"},
    {"object", "lead_claimed", "", "lead_claim", "2026-12-01", "2026-12-01T21:59",
	"2026-11-27T21:59", "transfer"},
    {"accept", "assigned", "immediate", "action_assign", "2026-12-01", "2026-11-20T12:00",
	"2026-11-20T11:00", "action"},
    {"accept", "assigned", "urgent", "action_assign", "2026-12-01", "2026-11-23T15:00",
	"2026-11-23T12:00", "action"},
    {"accept", "assigned", "normal", "action_assign", "2026-12-01", "2026-11-24T15:00",
	"2026-11-23T15:00", "action"},
    {"do", "in_progress", "urgent", "action_return", "2026-12-01", "2026-12-01T15:00",
	"2026-11-30T15:00", "action"},
    {"verify", "done", "normal", "action_done", "", "2026-11-27T15:00", "2026-11-26T15:00",
	"action"},
    {"convene", "inquorate", "", "conference_inquorate", "", "2026-11-27T15:00",
	"2026-11-26T15:00", "conference"},
    {"come", "convened", "", "conference_convene", "", "2026-11-24T15:00", "2026-11-23T15:00",
	"conference"},
    {"hold", "convened", "", "conference_convene", "2026-12-01", "2026-12-01T15:00",
	"2026-11-30T15:00", "conference"},
    {"decide_matter", "on_agenda", "", "conference_held", "", "2026-11-23T15:00",
	"2026-11-23T12:00", "matter"},
    {"circulate", "decisions_issued", "", "matter_decide", "", "2026-11-27T15:00",
	"2026-11-26T15:00", "matter"},
    {"sign", "minutes_circulated", "", "matter_minutes", "", "2026-11-30T15:00",
	"2026-11-26T15:00", "matter"},
    {"finish", "minutes_circulated", "", "matter_minutes", "", "2026-12-07T15:00",
	"2026-12-03T15:00", "matter"},
    {"settle", "at_specialists", "immediate", "disagreement_raise", "", "2026-11-20T12:00",
	"2026-11-20T11:00", "disagreement"},
    {"settle", "at_specialists", "urgent", "disagreement_raise", "", "2026-11-23T15:00",
	"2026-11-23T12:00", "disagreement"},
    {"settle", "at_specialists", "normal", "disagreement_raise", "", "2026-11-25T15:00",
	"2026-11-24T15:00", "disagreement"},
    {"settle", "at_supervisors", "immediate", "disagreement_climb", "", "2026-11-20T12:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_supervisors", "urgent", "disagreement_climb", "", "2026-11-23T15:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_supervisors", "normal", "disagreement_climb", "", "2026-11-25T15:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_heads", "immediate", "disagreement_climb", "", "2026-11-20T12:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_heads", "urgent", "disagreement_climb", "", "2026-11-23T15:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_heads", "normal", "disagreement_climb", "", "2026-11-27T15:00",
	"2026-11-20T10:00", "disagreement"},
    {"settle", "at_management", "normal", "disagreement_climb", "", "2026-12-04T15:00",
	"2026-11-20T10:00", "disagreement"},
    {"take_up", "received", "normal", "climbed", "", "2026-11-24T15:00", "2026-11-23T15:00",
	"climbed"},
};

static void
an_information_request_has_its_date_from_asking_to_answering(void **state)
{
	static const char *const states[] = {"requested", "received", "under_work"};
	struct deadline_entry all[4];
	struct deadline_task task = {
	    .sort = "information", .urgency = "normal", .entries = all};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		all[i] = entry(states[i], i == 0 ? "information_request" : "",
		    "2026-11-20T10:00", i == 0 ? "2026-12-01" : "");
		task.count = i + 1;
		assert_int_equal(deadline_derive(&task, out), 1);
		assert_string_equal(out[0].rule.what, "reply");
		assert_int_equal(out[0].due_ms, utc("2026-12-01T15:00"));
	}
	all[3] = entry("answered", "information_answer", "2026-11-21T10:00", "");
	task.count = 4;
	assert_int_equal(deadline_derive(&task, out), 0);
}

#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static const struct deadline *
find(const struct deadline *all, unsigned count, const char *what)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(all[i].rule.what, what) == 0)
			return &all[i];
	return NULL;
}

static void
each_row_gives_its_end_and_its_reminder(void **state)
{
	static const char *const owers[] = {"school"};

	(void)state;
	assert_int_equal(EXPECTED, list_rows(list_named("deadlines")));
	for (unsigned i = 0; i < EXPECTED; i++) {
		const struct expected *e = &expected[i];
		const struct deadline_entry one =
		    entry(e->state, e->type, "2026-11-20T10:00", e->date);
		const struct deadline_task task = {
		    .sort = e->sort != NULL ? e->sort : "referral",
		    .urgency = e->urgency,
		    .entries = &one,
		    .count = 1,
		    .owers = owers,
		    .ower_count = 1};
		struct deadline all[DEADLINE_MAX];
		unsigned count = deadline_derive(&task, all);
		const struct deadline *found = find(all, count, e->what);

		assert_non_null(found);
		/* A day is over with its last millisecond. */
		const uint64_t last = found->rule.midnight ? MINUTE_MS - 1 : 0;

		assert_int_equal(found->rule.row, i);
		assert_int_equal(found->began_ms, one.time_ms);
		assert_int_equal(found->due_ms, utc(e->due) + last);
		assert_int_equal(
		    found->reminder_ms, e->reminder[0] == '\0' ? 0 : utc(e->reminder) + last);
		assert_int_equal(
		    found->climbs_ms[0] != 0, found->rule.overdue_to[0] != '\0' &&
						  strcmp(task.sort, "disagreement") != 0);
	}
}

/* ---- Histories --------------------------------------------------------------------------- */

static unsigned
derive(const struct deadline_entry *entries, size_t count, const char *urgency,
    struct deadline out[static DEADLINE_MAX])
{
	const struct deadline_task task = {
	    .sort = "referral", .urgency = urgency, .entries = entries, .count = count};

	return deadline_derive(&task, out);
}

static void
opening_the_review_gives_no_more_time_to_decide(void **state)
{
	const struct deadline_entry all[] = {
	    entry("offered", "referral_offer", "2026-11-16T10:00", ""),
	    entry("under_review", "referral_review_opened", "2026-11-23T10:00", ""),
	};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(all, 2, "normal", out), 1);
	assert_string_equal(out[0].rule.what, "decide");
	assert_int_equal(out[0].began_ms, utc("2026-11-16T10:00"));
	assert_int_equal(out[0].due_ms, utc("2026-11-24T15:00"));
	assert_false(out[0].rule.senders);
}

static void
the_time_to_decide_begins_anew_with_the_answer_to_a_question(void **state)
{
	const struct deadline_entry all[] = {
	    entry("offered", "referral_offer", "2026-11-16T10:00", ""),
	    entry("under_review", "referral_review_opened", "2026-11-17T10:00", ""),
	    entry("info_requested", "referral_information_request", "2026-11-17T11:00", ""),
	    entry("under_review", "referral_information", "2026-11-20T11:00", ""),
	};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(all, 3, "normal", out), 1);
	assert_string_equal(out[0].rule.what, "answer");
	assert_true(out[0].rule.senders);
	assert_int_equal(derive(all, 4, "normal", out), 1);
	assert_string_equal(out[0].rule.what, "decide");
	assert_int_equal(out[0].due_ms, utc("2026-11-27T15:00"));
}

static void
the_date_of_the_acceptance_holds_until_a_later_one_and_past_a_hold(void **state)
{
	const struct deadline_entry all[] = {
	    entry("accepted", "referral_accept", "2026-11-16T10:00", "2026-12-01"),
	    entry("in_progress", "referral_start", "2026-11-17T10:00", ""),
	    entry("on_hold", "referral_hold", "2026-11-18T10:00", "2026-11-25"),
	    entry("in_progress", "referral_resume", "2026-11-24T10:00", ""),
	    entry("in_progress", "referral_resume", "2026-11-25T10:00", "2026-12-08"),
	};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	for (size_t count = 1; count <= 5; count++) {
		assert_int_equal(derive(all, count, "normal", out), 1);
		assert_string_equal(out[0].rule.what, count == 3 ? "resume" : "report");
		assert_int_equal(out[0].due_ms, utc(count == 3   ? "2026-11-25T15:00"
						    : count == 5 ? "2026-12-08T15:00"
								 : "2026-12-01T15:00"));
	}
}

static void
what_an_acceptance_by_mistake_promised_does_not_hold_for_the_next(void **state)
{
	const struct deadline_entry all[] = {
	    entry("accepted", "referral_accept", "2026-11-16T10:00", "2026-12-01"),
	    entry("under_review", "referral_entered_in_error", "2026-11-17T10:00", ""),
	    entry("accepted", "referral_accept", "2026-11-18T10:00", ""),
	};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(all, 3, "normal", out), 0);
	assert_int_equal(derive(all, 2, "normal", out), 1);
	assert_int_equal(out[0].began_ms, utc("2026-11-17T10:00"));
}

static void
a_second_question_without_a_date_has_the_lists_time(void **state)
{
	const struct deadline_entry all[] = {
	    entry("info_requested", "referral_information_request", "2026-11-16T10:00",
		"2026-11-17"),
	    entry("under_review", "referral_information", "2026-11-17T10:00", ""),
	    entry("info_requested", "referral_information_request", "2026-11-20T10:00", ""),
	};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(all, 3, "urgent", out), 1);
	assert_int_equal(out[0].due_ms, utc("2026-11-23T15:00"));
}

static void
what_was_read_is_not_unread_and_an_institution_may_be_quicker(void **state)
{
	const struct deadline_entry one =
	    entry("offered", "referral_offer", "2026-11-16T10:00", "");
	struct deadline_task task = {
	    .sort = "referral", .urgency = "immediate", .entries = &one, .count = 1};
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(deadline_derive(&task, out), 2);
	assert_string_equal(out[0].rule.what, "read");
	task.unread_ms = 2000;
	assert_int_equal(deadline_derive(&task, out), 2);
	assert_int_equal(out[0].due_ms, one.time_ms + 2000);
	assert_int_equal(out[1].due_ms, one.time_ms + 2 * HOUR_MS);
	task.read = true;
	assert_int_equal(deadline_derive(&task, out), 1);
	assert_string_equal(out[0].rule.what, "decide");
}

static void
a_reminder_that_would_come_before_the_beginning_is_none(void **state)
{
	const struct deadline_entry one =
	    entry("accepted", "referral_accept", "2026-11-23T10:00", "2026-11-23");
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(&one, 1, "normal", out), 1);
	assert_int_equal(out[0].due_ms, utc("2026-11-23T15:00"));
	assert_int_equal(out[0].reminder_ms, 0);
}

/* Whoever gives a date long past would have the management group told at once. */
static void
what_begins_late_is_overdue_but_climbs_no_sooner_than_from_its_beginning(void **state)
{
	const struct deadline_entry late =
	    entry("accepted", "referral_accept", "2026-11-23T10:00", "2001-01-01");
	const struct deadline_entry now =
	    entry("accepted", "referral_accept", "2026-11-23T10:00", "2026-11-23");
	uint64_t from[DEADLINE_LEVELS];
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(&late, 1, "normal", out), 1);
	assert_true(out[0].due_ms < out[0].began_ms);
	ladder_climb("referral", "normal", late.time_ms, from);
	assert_memory_equal(out[0].climbs_ms, from, sizeof(from));
	assert_true(out[0].climbs_ms[0] > late.time_ms);
	assert_int_equal(derive(&now, 1, "normal", out), 1);
	ladder_climb("referral", "normal", out[0].due_ms, from);
	assert_memory_equal(out[0].climbs_ms, from, sizeof(from));
}

static void
nothing_runs_on_what_is_over_or_unknown_or_empty(void **state)
{
	struct deadline_entry one = entry("closed", "referral_close", "2026-11-23T10:00", "");
	struct deadline out[DEADLINE_MAX];

	(void)state;
	assert_int_equal(derive(&one, 1, "immediate", out), 0);
	assert_int_equal(derive(&one, 0, "immediate", out), 0);
	one.state = "offered";
	assert_int_equal(derive(&one, 1, "", out), 0);
	assert_int_equal(derive(&one, 1, "soon", out), 0);
	one.state = "";
	assert_int_equal(derive(&one, 1, "immediate", out), 0);
}

static void
times_and_dates_beyond_all_measure_end_somewhere(void **state)
{
	struct deadline_entry one = entry("offered", "referral_offer", "2026-11-23T10:00", "");
	struct deadline out[DEADLINE_MAX];

	(void)state;
	one.time_ms = UINT64_MAX;
	assert_int_equal(derive(&one, 1, "immediate", out), 2);
	assert_true(out[0].due_ms <= INT64_MAX && out[1].due_ms <= INT64_MAX);
	one = entry("accepted", "referral_accept", "2026-11-23T10:00", "9999-12-31");
	assert_int_equal(derive(&one, 1, "immediate", out), 1);
	assert_true(out[0].due_ms == one.time_ms + DEADLINE_LONGEST_MS);
	one = entry("accepted", "referral_accept", "2026-11-23T10:00", "1969-12-31");
	assert_int_equal(derive(&one, 1, "immediate", out), 0);
}

/* ---- What several owe -------------------------------------------------------------------- */

static struct deadline_entry
said(const char *state, const char *type, const char *author, const char *time)
{
	struct deadline_entry made = entry(state, type, time, "");

	made.author = author;
	return made;
}

/* Whether WHAT runs for OWERS, after the first COUNT of ENTRIES; since when. */
static bool
owed(const char *sort, const struct deadline_entry *entries, size_t count, const char *what,
    const char *const *owers, unsigned ower_count, uint64_t *began_ms)
{
	const struct deadline_task task = {.sort = sort,
	    .urgency = "",
	    .entries = entries,
	    .count = count,
	    .owers = owers,
	    .ower_count = ower_count};
	struct deadline all[DEADLINE_MAX];
	unsigned found = deadline_derive(&task, all);
	const struct deadline *one = find(all, found, what);

	if (one != NULL)
		*began_ms = one->began_ms;
	return one != NULL;
}

static void
each_answers_an_invitation_for_itself_and_the_chair_waits_for_all(void **state)
{
	static const char *const both[] = {"school", "police"};
	const char *at = "convened";
	const struct deadline_entry all[] = {
	    said("proposed", "conference_propose", "service", "2026-11-20T10:00"),
	    said(at, "conference_convene", "service", "2026-11-21T10:00"),
	    said(at, "conference_accept", "school", "2026-11-22T10:00"),
	    said(at, "conference_decline", "police", "2026-11-22T11:00"),
	    said(at, "conference_convene", "service", "2026-11-23T10:00"),
	    said(at, "conference_delegate", "police", "2026-11-23T11:00"),
	};
	/* After each entry: does the school, the police, and either of them owe an answer. */
	const bool school[] = {false, true, false, false, true, true};
	const bool police[] = {false, true, true, false, true, false};
	uint64_t began;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(
		    owed("conference", all, i + 1, "come", &both[0], 1, &began), school[i]);
		assert_int_equal(
		    owed("conference", all, i + 1, "come", &both[1], 1, &began), police[i]);
		assert_int_equal(owed("conference", all, i + 1, "come", both, 2, &began),
		    school[i] || police[i]);
	}
	assert_int_equal(began, all[4].time_ms);
	assert_false(owed("conference", all, 2, "come", both, 0, &began));
}

static void
minutes_circulated_again_are_to_be_signed_again_but_by_who_circulated_them(void **state)
{
	static const char *const who[] = {"school", "service"};
	const struct deadline_entry all[] = {
	    said("on_agenda", "matter_put", "service", "2026-11-20T10:00"),
	    said("decisions_issued", "matter_decide", "service", "2026-11-21T10:00"),
	    said("minutes_circulated", "matter_minutes", "service", "2026-11-22T10:00"),
	    said("minutes_circulated", "matter_sign", "school", "2026-11-22T11:00"),
	    said("corrections", "matter_correct", "police", "2026-11-23T10:00"),
	    said("minutes_circulated", "matter_minutes", "service", "2026-11-24T10:00"),
	    said("minutes_circulated", "matter_dissent", "school", "2026-11-25T10:00"),
	};
	const bool school[] = {false, false, true, false, false, true, false};
	uint64_t began = 0;

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(
		    owed("matter", all, i + 1, "sign", &who[0], 1, &began), school[i]);
		assert_false(owed("matter", all, i + 1, "sign", &who[1], 1, &began));
	}
	assert_int_equal(began, all[5].time_ms);
}

static void
decisions_are_owed_once_the_sitting_was_held(void **state)
{
	const struct deadline_entry all[] = {
	    said("on_agenda", "matter_put", "service", "2026-11-20T10:00"),
	    said("on_agenda", "conference_held", "service", "2026-11-24T10:00"),
	    said("on_agenda", "matter_report", "school", "2026-11-24T11:00"),
	};
	uint64_t began = 0;

	(void)state;
	assert_false(owed("matter", all, 1, "decide_matter", NULL, 0, &began));
	assert_true(owed("matter", all, 3, "decide_matter", NULL, 0, &began));
	assert_int_equal(began, all[1].time_ms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_says_what_it_should),
	    cmocka_unit_test(no_two_rows_of_one_name_run_at_once),
	    cmocka_unit_test(each_row_gives_its_end_and_its_reminder),
	    cmocka_unit_test(an_information_request_has_its_date_from_asking_to_answering),
	    cmocka_unit_test(opening_the_review_gives_no_more_time_to_decide),
	    cmocka_unit_test(the_time_to_decide_begins_anew_with_the_answer_to_a_question),
	    cmocka_unit_test(
		the_date_of_the_acceptance_holds_until_a_later_one_and_past_a_hold),
	    cmocka_unit_test(what_an_acceptance_by_mistake_promised_does_not_hold_for_the_next),
	    cmocka_unit_test(a_second_question_without_a_date_has_the_lists_time),
	    cmocka_unit_test(what_was_read_is_not_unread_and_an_institution_may_be_quicker),
	    cmocka_unit_test(a_reminder_that_would_come_before_the_beginning_is_none),
	    cmocka_unit_test(
		what_begins_late_is_overdue_but_climbs_no_sooner_than_from_its_beginning),
	    cmocka_unit_test(nothing_runs_on_what_is_over_or_unknown_or_empty),
	    cmocka_unit_test(times_and_dates_beyond_all_measure_end_somewhere),
	    cmocka_unit_test(each_answers_an_invitation_for_itself_and_the_chair_waits_for_all),
	    cmocka_unit_test(
		minutes_circulated_again_are_to_be_signed_again_but_by_who_circulated_them),
	    cmocka_unit_test(decisions_are_owed_once_the_sitting_was_held),
	};

	return cmocka_run_group_tests_name("deadline", tests, set_up, NULL);
}
