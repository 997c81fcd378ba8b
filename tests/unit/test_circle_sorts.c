/* tests/unit/test_circle_sorts.c: the tables of what a circle shares, against lists of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/action.h"
#include "services/runtime/task/case.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/matter.h"
#include "services/runtime/task/transfer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Who does what, in words ------------------------------------------------------------- */

/*
 * "who act: from, from > to": the lead, the other(s) it concerns, either, or anybody; STAYS where
 * it leads nowhere else. What no line says does not follow.
 */
static const char *const in_case[] = {
    "lead queued: none > pending",
    "lead open: none, pending > open",
    "anybody notice not permitted: none > void",
    "either refused by the broker: pending > refused",
    "either taken back: pending > taken_back",
    "lead add: open > stays",
    "lead remove: open > stays",
    "other leave: open > stays",
    "other hand_over: open > stays",
    "either report: open > stays",
    "either entered_in_error: open > stays",
    "lead link: open > stays",
    "lead close: open > closed",
    "lead reopen: closed > open",
};

static const char *const in_transfer[] = {
    "lead queued: none > pending",
    "lead offer_lead: none, pending > lead_offered",
    "anybody notice not permitted: none > void",
    "either refused by the broker: pending > refused",
    "either taken back: pending > taken_back",
    "other take_lead: lead_offered > lead_taken",
    "other reject_lead: lead_offered > lead_not_taken",
    "lead revoke_lead: lead_offered > revoked",
    "lead lapse: lead_offered > lapsed",
    "other queued: none > pending",
    "other claim_lead: none, pending > lead_claimed",
    "other take_lead: lead_claimed > lead_taken",
    "other reject_lead: lead_claimed > claim_withdrawn",
    "lead revoke_lead: lead_claimed > claim_refused",
    "lead lapse: lead_claimed > claim_lapsed",
};

static const char *const in_action[] = {
    "lead queued: none > pending",
    "lead assign: none, pending > assigned",
    "anybody notice not permitted: none > void",
    "either refused by the broker: pending > refused",
    "either taken back: pending > taken_back",
    "other accept: assigned > accepted",
    "other decline: assigned > declined",
    "other start: accepted > in_progress",
    "other done: accepted, in_progress > done",
    "other fail: accepted, in_progress > failed",
    "lead verify: done > verified",
    "lead return: done > in_progress",
    "lead withdraw: assigned, accepted, in_progress, declined > cancelled",
};

static const char *const in_conference[] = {
    "lead queued: none > pending",
    "lead propose: none, pending > proposed",
    "anybody notice not permitted: none > void",
    "either refused by the broker: pending > refused",
    "either taken back: pending > taken_back",
    "lead convene: proposed, convened, inquorate > convened",
    "other will_come: convened > stays",
    "other will_not_come: convened > stays",
    "other delegate: convened > stays",
    "lead held: convened > held",
    "lead inquorate: convened > inquorate",
    "lead call_off: proposed, convened, inquorate > called_off",
    "either sign_all: held > stays",
};

static const char *const in_matter[] = {
    "either queued: none > pending",
    "either put: none, pending > on_agenda",
    "anybody notice not permitted: none > void",
    "either refused by the broker: pending > refused",
    "either taken back: pending > taken_back",
    "either report: on_agenda, decisions_issued > stays",
    "either entered_in_error: on_agenda, decisions_issued > stays",
    "either entered_in_error: minutes_circulated, corrections > stays",
    "lead drop: on_agenda > dropped",
    "either decide: on_agenda > decisions_issued",
    "either minutes: decisions_issued, minutes_circulated, corrections > minutes_circulated",
    "either correct: minutes_circulated, corrections > corrections",
    "either sign: minutes_circulated, corrections > stays",
    "either dissent: minutes_circulated, corrections > stays",
    "lead final: minutes_circulated > final",
};

static const struct {
	const struct task_sort *sort;
	const char *const *says;
	size_t count;
	const char *over; /* its states in which nothing is owed any more */
} sorts[] = {
    {&case_sort, in_case, COUNT(in_case), "closed void refused taken_back"},
    {&transfer_sort, in_transfer, COUNT(in_transfer),
	"lead_taken lead_not_taken revoked lapsed claim_refused claim_withdrawn claim_lapsed "
	"void refused taken_back"},
    {&action_sort, in_action, COUNT(in_action),
	"verified failed cancelled void refused taken_back"},
    {&conference_sort, in_conference, COUNT(in_conference),
	"held called_off void refused taken_back"},
    {&matter_sort, in_matter, COUNT(in_matter), "final dropped void refused taken_back"},
};

/* ---- The lists read ---------------------------------------------------------------------- */

static unsigned
sides_named(const char *line)
{
	return strncmp(line, "lead ", 5) == 0    ? TASK_SENDER
	       : strncmp(line, "other ", 6) == 0 ? TASK_RECIPIENT
	       : strncmp(line, "either ", 7) == 0
	           ? (unsigned)TASK_SENDER | TASK_RECIPIENT
	           : (unsigned)TASK_SENDER | TASK_RECIPIENT | TASK_ONLOOKER;
}

/* Whether WORDS, up to END, parted by commas or spaces, have WORD. */
static bool
has_word(const char *words, const char *end, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; at + len <= end; at++)
		if (memcmp(at, word, len) == 0 &&
		    (at == words || at[-1] == ' ' || at[-1] == ',') &&
		    (at + len == end || at[len] == ' ' || at[len] == ','))
			return true;
	return false;
}

static enum task_state
expect(size_t s, enum task_state state, enum task_event event, unsigned by)
{
	for (size_t i = 0; i < sorts[s].count; i++) {
		const char *line = sorts[s].says[i], *act = strchr(line, ' ') + 1;
		const char *colon = strchr(line, ':'), *to = strstr(line, " > ");
		const char *name = task_event_name(event);

		if ((sides_named(line) & by) == 0 || strlen(name) != (size_t)(colon - act) ||
		    memcmp(act, name, strlen(name)) != 0 ||
		    !has_word(colon + 2, to, task_state_name(state)))
			continue;
		return strcmp(to + 3, "stays") == 0 ? state
		                                    : task_state_named(bytes_of_text(to + 3));
	}
	return TASK_NONE;
}

static void
every_state_act_and_side_follows_as_said_and_no_other(void **state)
{
	unsigned follow = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(sorts); i++)
		for (unsigned s = 0; s < TASK_STATE_COUNT; s++)
			for (unsigned e = 0; e < TASK_EVENT_COUNT; e++)
				for (unsigned by = 0; by < 8; by++) {
					enum task_state next = expect(
					    i, (enum task_state)s, (enum task_event)e, by);

					assert_int_not_equal(next, TASK_STATE_COUNT);
					for (unsigned facts = 0; facts < 4; facts++)
						assert_int_equal(
						    task_next(sorts[i].sort, (enum task_state)s,
							(enum task_event)e, (enum task_side)by,
							facts),
						    next);
					follow += next != TASK_NONE;
				}
	assert_true(follow > 300);
}

/* Who leads what is addressed to it has both sides: an act must not lead to two places. */
static void
no_two_lines_of_a_table_decide_the_same(void **state)
{
	const struct task_move *one, *other;

	(void)state;
	for (size_t s = 0; s < COUNT(sorts); s++)
		for (unsigned i = 0; (one = task_move_at(sorts[s].sort, i)) != NULL; i++)
			for (unsigned j = i + 1;
			     (other = task_move_at(sorts[s].sort, j)) != NULL; j++)
				if (one->state == other->state && one->event == other->event) {
					assert_int_equal(one->by & other->by, 0);
					assert_int_equal(one->next, other->next);
				}
}

static void
every_state_is_reached_and_only_what_is_over_is_not_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sorts); i++) {
		const struct task_sort *sort = sorts[i].sort;
		bool reached[TASK_STATE_COUNT] = {[TASK_NONE] = true};

		for (unsigned turn = 0; turn < TASK_STATE_COUNT; turn++)
			for (unsigned m = 0; m < sort->move_count; m++)
				if (reached[sort->moves[m].state])
					reached[sort->moves[m].next] = true;
		for (unsigned s = TASK_NONE + 1; s < TASK_STATE_COUNT; s++) {
			const char *name = task_state_name((enum task_state)s);
			const char *over = sorts[i].over;

			assert_int_equal(reached[s], task_has(sort, (enum task_state)s));
			if (reached[s])
				assert_int_equal(task_is_open(sort, (enum task_state)s),
				    !has_word(over, over + strlen(over), name));
		}
	}
}

/* ---- Message types ----------------------------------------------------------------------- */

static void
what_says_its_ground_rests_on_one_of_its_authors_and_all_else_on_none(void **state)
{
	const unsigned any = (unsigned)TASK_SENDER | TASK_RECIPIENT;
	unsigned types = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(sorts); i++)
		for (unsigned m = 0; m < sorts[i].sort->message_count; m++) {
			const struct task_message *act = &sorts[i].sort->messages[m];
			const struct message_info *type = message_info(act->type);
			bool grounded = message_has_field(type, FIELD_RECORD);

			assert_true(message_has_field(type, FIELD_HISTORY));
			assert_int_equal(act->bare, !grounded);
			assert_int_equal(act->own_ground, grounded);
			assert_int_equal(act->grounded, grounded ? any : 0);
			assert_int_equal(act->opens, act->event == sorts[i].sort->opening ||
							 act->event == TASK_EVENT_CLAIM_LEAD);
			assert_int_equal(act->opens, m == 0 || act->type == MESSAGE_LEAD_CLAIM);
			assert_true(task_knows(sorts[i].sort, act->event));
			assert_ptr_equal(task_sort_of(act->type), sorts[i].sort);
			types++;
		}
	/* Every type between the frame's first and the history's is of one of them. */
	for (unsigned t = MESSAGE_CASE_OPEN; t < MESSAGE_HISTORY_PASS_ACTS; t++)
		types -= message_info((enum message)t) != NULL;
	assert_int_equal(types, 0);
}

/* ---- Folds ------------------------------------------------------------------------------- */

static enum task_state
end_of(
    const struct task_sort *sort, const struct task_step *steps, size_t count, unsigned voids)
{
	struct task_stand stand;

	task_fold(sort, steps, count, &stand, NULL);
	assert_int_equal(stand.void_steps, voids);
	return stand.state;
}

#define STEP(at, what, who)                                                                    \
	{                                                                                      \
		.index = at, .event = TASK_EVENT_##what, .by = TASK_##who                      \
	}

static void
the_logs_order_decides_between_done_and_withdrawn(void **state)
{
	const struct task_step done[] = {STEP(1, ASSIGN, SENDER), STEP(2, ACCEPT, RECIPIENT),
	    STEP(3, DONE, RECIPIENT), STEP(4, WITHDRAW, SENDER), STEP(5, VERIFY, SENDER)};
	const struct task_step withdrawn[] = {STEP(1, ASSIGN, SENDER),
	    STEP(2, ACCEPT, RECIPIENT), STEP(3, WITHDRAW, SENDER), STEP(4, DONE, RECIPIENT)};

	(void)state;
	assert_int_equal(end_of(&action_sort, done, 5, 1), TASK_VERIFIED);
	assert_int_equal(end_of(&action_sort, withdrawn, 4, 1), TASK_CANCELLED);
}

static void
who_leads_an_action_of_its_own_does_it_and_verifies_it(void **state)
{
	const enum task_side both = (enum task_side)(TASK_SENDER | TASK_RECIPIENT);
	const struct task_step steps[] = {{.index = 1, .event = TASK_EVENT_ASSIGN, .by = both},
	    {.index = 2, .event = TASK_EVENT_ACCEPT, .by = both},
	    {.index = 3, .event = TASK_EVENT_DONE, .by = both},
	    {.index = 4, .event = TASK_EVENT_VERIFY, .by = both}};

	(void)state;
	assert_int_equal(end_of(&action_sort, steps, 4, 0), TASK_VERIFIED);
}

static void
minutes_that_a_correction_crossed_are_not_final(void **state)
{
	const struct task_step steps[] = {STEP(1, PUT, RECIPIENT), STEP(2, DECIDE, SENDER),
	    STEP(3, MINUTES, SENDER), STEP(4, SIGN, RECIPIENT), STEP(5, CORRECT, RECIPIENT),
	    STEP(6, FINAL, SENDER), STEP(7, MINUTES, SENDER), STEP(8, FINAL, SENDER),
	    STEP(9, CORRECT, RECIPIENT)};

	(void)state;
	assert_int_equal(end_of(&matter_sort, steps, 6, 1), TASK_CORRECTED);
	assert_int_equal(end_of(&matter_sort, steps, 9, 2), TASK_FINAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_act_and_side_follows_as_said_and_no_other),
	    cmocka_unit_test(no_two_lines_of_a_table_decide_the_same),
	    cmocka_unit_test(every_state_is_reached_and_only_what_is_over_is_not_open),
	    cmocka_unit_test(
		what_says_its_ground_rests_on_one_of_its_authors_and_all_else_on_none),
	    cmocka_unit_test(the_logs_order_decides_between_done_and_withdrawn),
	    cmocka_unit_test(who_leads_an_action_of_its_own_does_it_and_verifies_it),
	    cmocka_unit_test(minutes_that_a_correction_crossed_are_not_final),
	};

	return cmocka_run_group_tests_name("circle_sorts", tests, NULL, NULL);
}
