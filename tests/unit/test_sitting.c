/* tests/unit/test_sitting.c: which acts of a sitting count, folded from scripts in the log's order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/sitting.h"

#define ACTS_MAX 256
#define DAY      ((uint64_t)24 * 3600 * 1000)
#define FRAME    1
#define MATTER   2

/* ---- Scripts ----------------------------------------------------------------------------- */

struct script {
	struct sitting_act acts[ACTS_MAX];
	size_t count;
	uint64_t now_ms;
	struct circle circle;
	struct sitting sitting;
	bool voids[ACTS_MAX];
};

/* A code's kind is the code up to its digit. */
static const char *
kind_of(const void *of, const char *code)
{
	static char kinds_of[2][64];
	static unsigned turn;
	char *kind = kinds_of[turn++ % 2];

	(void)of;
	snprintf(kind, 64, "%.*s", (int)strcspn(code, "0123456789"), code);
	return kind;
}

static const struct sitting_kinds kinds = {kind_of, NULL};

static int
set_up(void **state)
{
	struct script *s = calloc(1, sizeof(*s));
	calendar_day day;

	if (s == NULL || lists_start() != STATUS_OK ||
	    !calendar_date(bytes_of_text("2026-10-05"), &day)) {
		free(s);
		return -1;
	}
	s->now_ms = calendar_start_ms(day) + DAY / 2;
	*state = s;
	return 0;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

static struct circle_party
party(const char *code)
{
	struct circle_party out = {.code = ""};

	memcpy(out.code, code, strlen(code) + 1);
	return out;
}

static void
read_parties(struct circle_step *step, const char *parties)
{
	while (*parties != '\0') {
		size_t len = strcspn(parties, " ");

		assert_true(step->party_count < ENVELOPE_RECIPIENTS_MAX);
		memcpy(step->parties[step->party_count++].code, parties, len);
		parties += len + (parties[len] == ' ');
	}
}

static void
fold(struct script *s)
{
	struct circle_step *steps = calloc(s->count + 1, sizeof(*steps));

	assert_non_null(steps);
	for (size_t i = 0; i < s->count; i++)
		steps[i] = s->acts[i].step;
	circle_fold(steps, s->count, &s->circle, s->voids);
	sitting_void(s->acts, s->count, &s->circle, &kinds, &s->sitting, s->voids);
	free(steps);
}

/* The next act, of TASK; nothing is folded yet. */
static struct sitting_act *
next(struct script *s, uint8_t task, const char *author, enum task_event event)
{
	struct sitting_act *act = &s->acts[s->count++];

	assert_true(s->count <= ACTS_MAX);
	*act = (struct sitting_act){.step = {.index = 10 * s->count,
					.time_ms = s->now_ms,
					.event = event,
					.author = party(author)}};
	memset(act->step.task, task, SUITE_ID_LEN);
	memset(act->message, (int)s->count, SUITE_ID_LEN);
	memset(act->root.byte, (int)s->count, SUITE_HASH_LEN);
	return act;
}

/* What the last act is judged to be before it counts, and then whether it counts. */
static bool
counts(struct script *s)
{
	enum status judged = STATUS_OK;

	s->count--;
	fold(s);
	if (s->count > 0)
		judged = sitting_judge(&s->sitting, &s->circle, &kinds, &s->acts[s->count]);
	s->count++;
	fold(s);
	/* What is refused is void; what its table does not know is void as well. */
	if (judged != STATUS_OK)
		assert_true(s->voids[s->count - 1]);
	return !s->voids[s->count - 1];
}

static enum status
judged(struct script *s)
{
	enum status rc;

	s->count--;
	fold(s);
	rc = sitting_judge(&s->sitting, &s->circle, &kinds, &s->acts[s->count]);
	s->count++;
	fold(s);
	assert_int_equal(s->voids[s->count - 1], rc != STATUS_OK);
	return rc;
}

static bool
says(struct script *s, uint8_t task, const char *author, enum task_event event)
{
	(void)next(s, task, author, event);
	return counts(s);
}

static void
propose(struct script *s, const char *group, const char *others, unsigned quorum)
{
	struct sitting_act *act;

	s->count = 0;
	act = next(s, FRAME, "social_service1", TASK_EVENT_PROPOSE);
	memcpy(act->group, group, strlen(group) + 1);
	act->quorum = quorum;
	read_parties(&act->step, others);
	assert_true(counts(s));
}

static bool
convene(struct script *s)
{
	return says(s, FRAME, "social_service1", TASK_EVENT_CONVENE);
}

static enum status
delegate(struct script *s, const char *author, const char *to)
{
	next(s, FRAME, author, TASK_EVENT_DELEGATE)->step.party = party(to);
	return judged(s);
}

static enum status
meets(struct script *s, enum task_event event, const char *present)
{
	read_parties(&next(s, FRAME, "social_service1", event)->step, present);
	return judged(s);
}

static enum status
put(struct script *s, uint8_t task, const char *convening, uint8_t earlier)
{
	struct sitting_act *act = next(s, task, "social_service1", TASK_EVENT_PUT);

	memcpy(act->convening, convening, strlen(convening) + 1);
	memset(act->about, earlier, SUITE_ID_LEN);
	return judged(s);
}

/* An act about the minutes that ABOUT is. */
static enum status
about(struct script *s, const char *author, enum task_event event, size_t minutes)
{
	struct sitting_act *act = next(s, MATTER, author, event);

	memcpy(act->about, s->acts[minutes].message, SUITE_ID_LEN);
	act->about_root = s->acts[minutes].root;
	return judged(s);
}

/* A sitting of four with one matter that was held and decided; gives where its minutes are. */
static size_t
circulated(struct script *s)
{
	propose(s, "team", "school1 orphans_court1 ngo1", 3);
	assert_true(convene(s));
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 school1 ngo1"), STATUS_OK);
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_DECIDE));
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	return s->count - 1;
}

static const struct sitting_matter *
matter(const struct script *s)
{
	uint8_t task[SUITE_ID_LEN];
	const struct sitting_matter *found;

	memset(task, MATTER, sizeof(task));
	found = sitting_matter_of(&s->sitting, task);
	assert_non_null(found);
	return found;
}

/* ---- The sitting ------------------------------------------------------------------------- */

static void
a_sitting_goes_from_its_proposal_to_final_minutes(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s);

	assert_int_equal(s->sitting.state, TASK_HELD);
	assert_int_equal(s->sitting.convened, 1);
	assert_int_equal(s->sitting.seat_count, 4);
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(about(s, "ngo1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_WRONG_STATE);
	assert_int_equal(about(s, "orphans_court1", TASK_EVENT_DISSENT, minutes), STATUS_OK);
	assert_true(sitting_voice_of(matter(s), "orphans_court1")->dissent);
	assert_false(sitting_voice_of(matter(s), "school1")->dissent);
	assert_int_equal(about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_OK);
	assert_int_equal(matter(s)->state, TASK_FINAL);
}

static void
too_few_hold_no_sitting_and_it_is_convened_again(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1 orphans_court1 ngo1", 3);
	assert_true(convene(s));
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school1"), STATUS_NO_QUORUM);
	assert_int_equal(s->sitting.state, TASK_CONVENED);
	/* Who is no member does not count, and nobody counts twice. */
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school1 state_police1 school1"),
	    STATUS_NO_QUORUM);
	assert_int_equal(meets(s, TASK_EVENT_INQUORATE, "social_service1 school1"), STATUS_OK);
	assert_int_equal(s->sitting.state, TASK_INQUORATE);
	assert_true(convene(s));
	assert_int_equal(s->sitting.convened, 2);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 school1 ngo1"), STATUS_OK);
	assert_int_equal(s->sitting.state, TASK_HELD);
	/* Once. */
	(void)next(s, FRAME, "social_service1", TASK_EVENT_HELD);
	read_parties(&s->acts[s->count - 1].step, "social_service1 school1 ngo1");
	assert_false(counts(s));
}

static void
a_proposal_that_asks_for_no_quorum_needs_a_member_all_the_same(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1", 0);
	assert_true(convene(s));
	assert_int_equal(meets(s, TASK_EVENT_HELD, "ngo1"), STATUS_NO_QUORUM);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "school1"), STATUS_OK);
}

static void
who_is_sat_for_counts_while_the_substitute_is_there(void **state)
{
	struct script *s = *state;

	propose(s, "specialists", "state_police1 municipal_police1 school1 preschool1", 4);
	assert_true(convene(s));
	assert_int_equal(delegate(s, "state_police1", "municipal_police1"), STATUS_OK);
	assert_int_equal(delegate(s, "school1", "preschool1"), STATUS_OK);
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 municipal_police1"), STATUS_NO_QUORUM);
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 municipal_police1 preschool1"),
	    STATUS_OK);
}

static void
a_delegation_ends_with_another_answer_or_another_day(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1 school2", 3);
	assert_true(convene(s));
	assert_int_equal(delegate(s, "school1", "school2"), STATUS_OK);
	assert_true(says(s, FRAME, "school1", TASK_EVENT_WILL_NOT_COME));
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school2"), STATUS_NO_QUORUM);
	assert_int_equal(delegate(s, "school1", "school2"), STATUS_OK);
	assert_true(convene(s));
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school2"), STATUS_NO_QUORUM);
	/* It is not handed on: who sits for the first does not for whom that one sat for. */
	assert_int_equal(delegate(s, "school1", "school2"), STATUS_OK);
	assert_true(says(s, FRAME, "school2", TASK_EVENT_WILL_COME));
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1"), STATUS_NO_QUORUM);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 school2"), STATUS_OK);
}

static void
only_a_member_that_may_stand_in_is_delegated_to(void **state)
{
	struct script *s = *state;

	propose(s, "specialists", "state_police1 municipal_police1 school1 ngo1", 3);
	assert_true(convene(s));
	assert_int_equal(
	    delegate(s, "municipal_police1", "state_police1"), STATUS_NO_SUBSTITUTE);
	assert_int_equal(delegate(s, "school1", "ngo1"), STATUS_NO_SUBSTITUTE);
	assert_int_equal(delegate(s, "school1", "school1"), STATUS_NO_SUBSTITUTE);
	assert_int_equal(delegate(s, "school1", "school2"), STATUS_NO_SUBSTITUTE);
	assert_int_equal(delegate(s, "school1", ""), STATUS_NO_SUBSTITUTE);
	assert_int_equal(delegate(s, "school2", "school1"), STATUS_NOT_A_MEMBER);
	propose(s, "no_such_group", "school1 school2", 2);
	assert_true(convene(s));
	assert_int_equal(delegate(s, "school1", "school2"), STATUS_NO_SUBSTITUTE);
}

/* ---- Matters ----------------------------------------------------------------------------- */

static void
nothing_is_put_on_the_agenda_of_a_sitting_that_is_over(void **state)
{
	struct script *s = *state;

	(void)circulated(s);
	assert_int_equal(put(s, 7, "quick_action", 0), STATUS_TOO_LATE);
	propose(s, "team", "school1", 1);
	assert_int_equal(put(s, 7, "quick_action", 0), STATUS_OK);
	assert_true(says(s, FRAME, "social_service1", TASK_EVENT_CALL_OFF));
	assert_int_equal(put(s, 8, "quick_action", 0), STATUS_TOO_LATE);
}

static void
an_agenda_has_an_end(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1", 1);
	for (unsigned i = 0; i < SITTING_MATTERS_MAX; i++)
		assert_int_equal(put(s, (uint8_t)(10 + i), "quick_action", 0), STATUS_OK);
	assert_int_equal(put(s, 9, "quick_action", 0), STATUS_TOO_LARGE);
	assert_int_equal(s->sitting.matter_count, SITTING_MATTERS_MAX);
}

static void
the_management_takes_what_specialists_could_not_solve_with_where_they_said_so(void **state)
{
	struct script *s = *state;

	propose(s, "management", "education_board1", 1);
	assert_int_equal(put(s, 7, SITTING_AFTER_OTHERS, 0), STATUS_SPECIALISTS_FIRST);
	assert_int_equal(put(s, 8, SITTING_AFTER_OTHERS, 3), STATUS_OK);
	assert_int_equal(put(s, 9, "quick_action", 0), STATUS_OK);
	propose(s, "specialists", "school1", 1);
	assert_int_equal(put(s, 7, "long_unsolved", 0), STATUS_OK);
}

static void
who_came_is_recorded_on_the_day_at_the_earliest(void **state)
{
	struct script *s = *state;
	const uint64_t noon_ms = s->now_ms;

	propose(s, "team", "school1", 2);
	assert_true(convene(s));
	/* Tomorrow's day begins in half a one, by the log's time. */
	s->acts[s->count - 1].day_ms = noon_ms + DAY / 2;
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school1"), STATUS_TOO_EARLY);
	assert_int_equal(meets(s, TASK_EVENT_INQUORATE, "school1"), STATUS_TOO_EARLY);
	s->now_ms = noon_ms + DAY / 2 - 1;
	assert_int_equal(meets(s, TASK_EVENT_INQUORATE, "school1"), STATUS_TOO_EARLY);
	s->now_ms++;
	assert_int_equal(meets(s, TASK_EVENT_INQUORATE, "school1"), STATUS_OK);
	/* Convened anew, it is that day which counts, be it earlier or later. */
	assert_true(convene(s));
	s->acts[s->count - 1].day_ms = noon_ms + 3 * DAY / 2;
	assert_int_equal(
	    meets(s, TASK_EVENT_HELD, "social_service1 school1"), STATUS_TOO_EARLY);
	assert_true(convene(s));
	s->acts[s->count - 1].day_ms = noon_ms - DAY / 2;
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1"), STATUS_NO_QUORUM);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 school1"), STATUS_OK);
	/* What was too early stays so, whatever came later. */
	assert_true(s->voids[2] && s->voids[3] && s->voids[4] && !s->voids[5]);
}

static void
nothing_is_decided_before_the_sitting_was_held(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1", 1);
	assert_true(convene(s));
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	(void)next(s, MATTER, "social_service1", TASK_EVENT_DECIDE);
	assert_int_equal(judged(s), STATUS_WRONG_STATE);
	(void)next(s, MATTER, "social_service1", TASK_EVENT_MINUTES);
	assert_int_equal(judged(s), STATUS_WRONG_STATE);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "school1"), STATUS_OK);
	/* Minutes are of decisions. */
	assert_false(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_DECIDE));
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
}

static void
the_chair_and_the_secretary_write_and_nobody_else(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1 ngo1", 1);
	s->acts[0].secretary = party("ngo1");
	assert_true(convene(s));
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 ngo1"), STATUS_OK);
	(void)next(s, MATTER, "school1", TASK_EVENT_DECIDE);
	assert_int_equal(judged(s), STATUS_NOT_PERMITTED);
	assert_true(says(s, MATTER, "ngo1", TASK_EVENT_DECIDE));
	(void)next(s, MATTER, "school1", TASK_EVENT_MINUTES);
	assert_int_equal(judged(s), STATUS_NOT_PERMITTED);
	assert_true(says(s, MATTER, "ngo1", TASK_EVENT_MINUTES));
	/* Who circulated them has signed by that, and who makes them final by that. */
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, s->count - 1), STATUS_OK);
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, s->count - 2), STATUS_OK);
}

/* ---- Minutes ----------------------------------------------------------------------------- */

#define OTHER (MATTER + 1)

/* What an act on the sitting signs: MINUTES of TASK, as they stand in the script. */
static struct minutes_entry
entry_of(const struct script *s, uint8_t task, size_t minutes)
{
	struct minutes_entry entry = {.root = s->acts[minutes].root};

	memset(entry.matter, task, sizeof(entry.matter));
	memcpy(entry.message, s->acts[minutes].message, sizeof(entry.message));
	return entry;
}

static enum status
signs_all(
    struct script *s, const char *author, const struct minutes_entry *entries, unsigned count)
{
	struct sitting_act *act = next(s, FRAME, author, TASK_EVENT_SIGN_ALL);

	act->signs = entries;
	act->sign_count = count;
	return judged(s);
}

static const struct sitting_voice *
voice_in(const struct script *s, uint8_t task, const char *code)
{
	uint8_t id[SUITE_ID_LEN];

	memset(id, task, sizeof(id));
	assert_non_null(sitting_matter_of(&s->sitting, id));
	return sitting_voice_of(sitting_matter_of(&s->sitting, id), code);
}

/* Two matters with minutes circulated: where these stand. */
static void
circulated_two(struct script *s, size_t minutes[static 2])
{
	propose(s, "team", "school1 orphans_court1 ngo1", 3);
	assert_true(convene(s));
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	assert_int_equal(put(s, OTHER, "quick_action", 0), STATUS_OK);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 school1 ngo1"), STATUS_OK);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t task = (uint8_t)(MATTER + i);

		assert_true(says(s, task, "social_service1", TASK_EVENT_DECIDE));
		assert_true(says(s, task, "social_service1", TASK_EVENT_MINUTES));
		minutes[i] = s->count - 1;
	}
}

static void
one_act_signs_the_minutes_of_several_matters(void **state)
{
	struct script *s = *state;
	struct minutes_entry all[2];
	size_t minutes[2];
	uint64_t at;

	circulated_two(s, minutes);
	all[0] = entry_of(s, MATTER, minutes[0]);
	all[1] = entry_of(s, OTHER, minutes[1]);
	assert_int_equal(signs_all(s, "school1", all, 2), STATUS_OK);
	at = s->acts[s->count - 1].step.index;
	for (uint8_t task = MATTER; task <= OTHER; task++) {
		assert_true(voice_in(s, task, "school1")->of_all);
		assert_false(voice_in(s, task, "school1")->dissent);
		assert_int_equal(voice_in(s, task, "school1")->index, at);
		assert_memory_equal(voice_in(s, task, "school1")->message,
		    s->acts[s->count - 1].message, SUITE_ID_LEN);
	}
	assert_int_equal(s->sitting.state, TASK_HELD);
	/* With the others' every one has spoken, and the minutes may be final. */
	assert_int_equal(signs_all(s, "ngo1", all, 2), STATUS_OK);
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, minutes[0]), STATUS_WRONG_STATE);
	assert_int_equal(signs_all(s, "orphans_court1", all, 2), STATUS_OK);
	assert_int_equal(about(s, "social_service1", TASK_EVENT_FINAL, minutes[0]), STATUS_OK);
	/* Of what is final nothing is said any more; the other counts. */
	assert_int_equal(signs_all(s, "school1", all, 2), STATUS_OK);
	assert_int_equal(voice_in(s, MATTER, "school1")->index, at);
	assert_true(voice_in(s, OTHER, "school1")->index > at);
	assert_int_equal(signs_all(s, "school1", all, 1), STATUS_OTHER_MINUTES);
}

static void
each_of_what_is_signed_together_counts_alone(void **state)
{
	struct script *s = *state;
	struct minutes_entry all[3];
	size_t minutes[2];

	circulated_two(s, minutes);
	all[0] = entry_of(s, MATTER, minutes[0]);
	all[1] = entry_of(s, OTHER, minutes[1]);
	/* Of no matter of this sitting; the frame is none. */
	all[2] = entry_of(s, 9, minutes[1]);
	assert_int_equal(signs_all(s, "school1", &all[2], 1), STATUS_OTHER_MINUTES);
	all[2] = entry_of(s, FRAME, minutes[1]);
	assert_int_equal(signs_all(s, "school1", &all[2], 1), STATUS_OTHER_MINUTES);
	/* Of other minutes, and of other bytes. */
	all[2] = entry_of(s, OTHER, minutes[0]);
	assert_int_equal(signs_all(s, "school1", &all[2], 1), STATUS_OTHER_MINUTES);
	all[1].root.byte[0] ^= 1;
	assert_int_equal(signs_all(s, "school1", &all[1], 1), STATUS_OTHER_MINUTES);
	assert_int_equal(signs_all(s, "school1", NULL, 0), STATUS_OTHER_MINUTES);
	assert_int_equal(signs_all(s, "school1", all, 3), STATUS_OK);
	assert_non_null(voice_in(s, MATTER, "school1"));
	assert_null(voice_in(s, OTHER, "school1"));
	/* By a member alone. */
	assert_int_equal(signs_all(s, "school2", all, 1), STATUS_NOT_A_MEMBER);
	/* Circulated anew they are others, and a dissent from the former stands until it is signed. */
	assert_int_equal(about(s, "ngo1", TASK_EVENT_DISSENT, minutes[0]), STATUS_OK);
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	assert_int_equal(signs_all(s, "ngo1", all, 1), STATUS_OTHER_MINUTES);
	assert_int_equal(matter(s)->voice_count, 1);
	all[0] = entry_of(s, MATTER, s->count - 2);
	assert_int_equal(signs_all(s, "ngo1", all, 1), STATUS_OK);
	assert_int_equal(matter(s)->voice_count, 1);
	assert_false(voice_in(s, MATTER, "ngo1")->dissent);
	/* And a dissent from the same takes a signature's place, as the other way round. */
	assert_int_equal(about(s, "ngo1", TASK_EVENT_DISSENT, s->count - 3), STATUS_OK);
	assert_true(voice_in(s, MATTER, "ngo1")->dissent);
	assert_int_equal(signs_all(s, "ngo1", all, 1), STATUS_OK);
	assert_false(voice_in(s, MATTER, "ngo1")->dissent);
}

static void
only_the_last_circulated_minutes_are_signed_over_their_very_bytes(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s), again;

	assert_int_equal(
	    about(s, "school1", TASK_EVENT_SIGN, minutes - 1), STATUS_OTHER_MINUTES);
	(void)next(s, MATTER, "school1", TASK_EVENT_SIGN);
	memcpy(s->acts[s->count - 1].about, s->acts[minutes].message, SUITE_ID_LEN);
	assert_int_equal(judged(s), STATUS_OTHER_MINUTES);
	s->acts[s->count - 1].about_root = s->acts[minutes].root;
	s->acts[s->count - 1].about_root.byte[31] ^= 1;
	assert_int_equal(judged(s), STATUS_OTHER_MINUTES);
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(matter(s)->voice_count, 1);

	assert_int_equal(about(s, "ngo1", TASK_EVENT_CORRECT, minutes), STATUS_OK);
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	again = s->count - 1;
	assert_int_equal(matter(s)->voice_count, 0);
	assert_int_equal(matter(s)->circulated, 2);
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OTHER_MINUTES);
	assert_int_equal(about(s, "ngo1", TASK_EVENT_CORRECT, minutes), STATUS_OTHER_MINUTES);
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_OTHER_MINUTES);
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, again), STATUS_OK);
}

static void
a_dissent_outlives_a_new_circulation_until_its_author_speaks_again(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s), again;
	const struct sitting_voice *voice;

	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(about(s, "orphans_court1", TASK_EVENT_DISSENT, minutes), STATUS_OK);
	assert_int_equal(about(s, "ngo1", TASK_EVENT_DISSENT, minutes), STATUS_OK);
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	again = s->count - 1;
	/* The signature was over other bytes; of these nobody has said anything. */
	assert_int_equal(matter(s)->voice_count, 2);
	assert_null(sitting_voice_of(matter(s), "orphans_court1"));
	voice = &matter(s)->voices[0];
	assert_string_equal(voice->member.code, "orphans_court1");
	assert_int_equal(voice->circulated, 1);
	assert_memory_equal(&voice->root, &s->acts[minutes].root, sizeof(voice->root));
	/* So they may say it still, and are waited for. */
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, again), STATUS_OK);
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, again), STATUS_WRONG_STATE);
	assert_int_equal(about(s, "ngo1", TASK_EVENT_SIGN, again), STATUS_OK);
	assert_false(sitting_voice_of(matter(s), "ngo1")->dissent);
	assert_int_equal(about(s, "orphans_court1", TASK_EVENT_DISSENT, again), STATUS_OK);
	assert_int_equal(sitting_voice_of(matter(s), "orphans_court1")->circulated, 2);
	assert_int_equal(matter(s)->voice_count, 3);
	assert_int_equal(about(s, "social_service1", TASK_EVENT_FINAL, again), STATUS_OK);
}

static void
who_circulates_minutes_has_signed_these_whatever_it_said_of_earlier_ones(void **state)
{
	struct script *s = *state;
	size_t minutes;

	propose(s, "team", "school1 ngo1", 1);
	s->acts[0].secretary = party("ngo1");
	assert_true(convene(s));
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	assert_int_equal(meets(s, TASK_EVENT_HELD, "social_service1 ngo1"), STATUS_OK);
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_DECIDE));
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	minutes = s->count - 1;
	assert_int_equal(about(s, "ngo1", TASK_EVENT_DISSENT, minutes), STATUS_OK);
	assert_true(says(s, MATTER, "ngo1", TASK_EVENT_MINUTES));
	assert_int_equal(matter(s)->voice_count, 0);
}

static void
a_stranger_signs_nothing_and_who_left_neither(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s);

	assert_int_equal(
	    about(s, "state_police1", TASK_EVENT_SIGN, minutes), STATUS_NOT_A_MEMBER);
	next(s, FRAME, "social_service1", TASK_EVENT_REMOVE)->step.party = party("ngo1");
	fold(s);
	assert_int_equal(about(s, "ngo1", TASK_EVENT_SIGN, minutes), STATUS_NOT_A_MEMBER);
	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(about(s, "orphans_court1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	/* It is not waited for either. */
	assert_int_equal(about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_OK);
}

static void
corrections_come_within_the_period_by_the_logs_time(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s);
	uint64_t end = matter(s)->corrections_ms;

	assert_true(end > s->now_ms + 9 * DAY);
	s->now_ms = end;
	assert_int_equal(about(s, "school1", TASK_EVENT_CORRECT, minutes), STATUS_OK);
	s->now_ms = end + 1;
	assert_int_equal(about(s, "school1", TASK_EVENT_CORRECT, minutes), STATUS_TOO_LATE);
	/* Circulated anew, they may be corrected anew. */
	assert_true(says(s, MATTER, "social_service1", TASK_EVENT_MINUTES));
	assert_int_equal(about(s, "school1", TASK_EVENT_CORRECT, s->count - 1), STATUS_OK);
}

static void
silence_until_the_period_is_over_lets_minutes_be_final(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s);
	uint64_t end = matter(s)->corrections_ms;

	s->now_ms = end;
	assert_int_equal(
	    about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_WRONG_STATE);
	s->now_ms = end + 1;
	assert_int_equal(about(s, "social_service1", TASK_EVENT_FINAL, minutes), STATUS_OK);
	(void)next(s, MATTER, "school1", TASK_EVENT_SIGN);
	memcpy(s->acts[s->count - 1].about, s->acts[minutes].message, SUITE_ID_LEN);
	s->acts[s->count - 1].about_root = s->acts[minutes].root;
	assert_false(counts(s));
}

static void
the_last_word_of_an_institution_holds(void **state)
{
	struct script *s = *state;
	size_t minutes = circulated(s);

	assert_int_equal(about(s, "school1", TASK_EVENT_SIGN, minutes), STATUS_OK);
	assert_int_equal(about(s, "school1", TASK_EVENT_DISSENT, minutes), STATUS_OK);
	assert_int_equal(matter(s)->voice_count, 1);
	assert_true(matter(s)->voices[0].dissent);
}

/* ---- Nonsense ---------------------------------------------------------------------------- */

static void
acts_of_no_matter_and_no_sitting_are_void(void **state)
{
	struct script *s = *state;

	propose(s, "team", "school1", 1);
	assert_false(says(s, 9, "social_service1", TASK_EVENT_DROP));
	(void)next(s, 9, "school1", TASK_EVENT_SIGN);
	assert_int_equal(judged(s), STATUS_OTHER_MINUTES);
	/* A matter is put once. */
	assert_int_equal(put(s, MATTER, "quick_action", 0), STATUS_OK);
	(void)next(s, MATTER, "school1", TASK_EVENT_PUT);
	assert_false(counts(s));
	assert_int_equal(s->sitting.matter_count, 1);
}

/* The same numbers in every run: a failure can be looked at again. */
static unsigned
number_below(uint64_t *state, unsigned most)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(*state >> 33) % most;
}

static void
any_acts_in_any_order_leave_bounds_whole(void **state)
{
	static const enum task_event events[] = {TASK_EVENT_PROPOSE, TASK_EVENT_CONVENE,
	    TASK_EVENT_WILL_COME, TASK_EVENT_DELEGATE, TASK_EVENT_HELD, TASK_EVENT_INQUORATE,
	    TASK_EVENT_PUT, TASK_EVENT_DECIDE, TASK_EVENT_MINUTES, TASK_EVENT_CORRECT,
	    TASK_EVENT_SIGN, TASK_EVENT_SIGN_ALL, TASK_EVENT_DISSENT, TASK_EVENT_FINAL,
	    TASK_EVENT_ADD, TASK_EVENT_REMOVE, TASK_EVENT_HAND_OVER, TASK_EVENT_LEAVE};
	struct script *s = *state;
	uint64_t seed = 7;

	for (unsigned round = 0; round < 200; round++) {
		propose(s, "team", "school1 school2 school3", 1);
		while (s->count < ACTS_MAX) {
			struct sitting_act *act;
			char code[16];

			snprintf(code, sizeof(code), "school%u", number_below(&seed, 25));
			act = next(s, (uint8_t)(1 + number_below(&seed, 3)),
			    number_below(&seed, 2) == 0 ? "social_service1" : code,
			    events[number_below(&seed, sizeof(events) / sizeof(events[0]))]);
			snprintf(code, sizeof(code), "school%u", number_below(&seed, 25));
			act->step.party = party(code);
			act->step.party_count = 1;
			act->step.parties[0] = party(code);
			memcpy(act->about,
			    s->acts[number_below(&seed, (unsigned)s->count)].message,
			    SUITE_ID_LEN);
			memset(act->about_root.byte, act->about[0], SUITE_HASH_LEN);
		}
		fold(s);
		assert_true(s->sitting.seat_count <= CIRCLE_MEMBERS_MAX);
		for (unsigned i = 0; i < s->sitting.matter_count; i++)
			assert_true(s->sitting.matters[i].voice_count <= CIRCLE_MEMBERS_MAX);
	}
}

/* A random act of a sitting of four matters; what it signs, if it does, is put into SIGNS. */
static void
add_any(struct script *s, uint64_t *seed, struct minutes_entry *signs)
{
	static const enum task_event of_matter[] = {TASK_EVENT_DECIDE, TASK_EVENT_MINUTES,
	    TASK_EVENT_MINUTES, TASK_EVENT_CORRECT, TASK_EVENT_SIGN, TASK_EVENT_DISSENT,
	    TASK_EVENT_FINAL, TASK_EVENT_SIGN_ALL, TASK_EVENT_SIGN_ALL, TASK_EVENT_SIGN_ALL};
	static const char *const authors[] = {
	    "social_service1", "social_service1", "school1", "ngo1", "school2"};
	const enum task_event event =
	    of_matter[number_below(seed, sizeof(of_matter) / sizeof(of_matter[0]))];
	const bool all = event == TASK_EVENT_SIGN_ALL;
	struct sitting_act *act =
	    next(s, all ? FRAME : (uint8_t)(MATTER + number_below(seed, 4)),
		authors[number_below(seed, 5)], event);
	const struct sitting_act *other = &s->acts[s->count - 1];

	/* What is signed was nearly always circulated, though perhaps not last. */
	for (unsigned turn = 0; turn < 64 && other->step.event != TASK_EVENT_MINUTES; turn++)
		other = &s->acts[number_below(seed, (unsigned)s->count)];
	memcpy(act->about, other->message, SUITE_ID_LEN);
	act->about_root = other->root;
	act->signs = signs;
	for (uint8_t task = MATTER; all && task < MATTER + 4; task++)
		for (size_t i = s->count; i > 0 && number_below(seed, 4) > 0; i--)
			if (s->acts[i - 1].step.event == TASK_EVENT_MINUTES &&
			    s->acts[i - 1].step.task[0] == task) {
				signs[act->sign_count++] = entry_of(s, task, i - 1);
				break;
			}
}

/* The same where each is signed by an act of its own, at the same place. */
static void
sign_each(const struct script *s, struct script *out)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct sitting_act *act = &s->acts[i];

		if (act->step.event != TASK_EVENT_SIGN_ALL) {
			out->acts[out->count++] = *act;
			continue;
		}
		for (unsigned j = 0; j < act->sign_count; j++) {
			struct sitting_act *one = &out->acts[out->count++];

			*one = *act;
			one->step.event = TASK_EVENT_SIGN;
			memcpy(one->step.task, act->signs[j].matter, SUITE_ID_LEN);
			memcpy(one->about, act->signs[j].message, SUITE_ID_LEN);
			one->about_root = act->signs[j].root;
		}
	}
	fold(out);
}

static void
signed_together_it_is_as_signed_one_by_one(void **state)
{
	static struct minutes_entry signs[64][4];
	struct script *s = *state, *each = calloc(1, sizeof(*each));
	unsigned voices = 0;
	uint64_t seed = 11;

	assert_non_null(each);
	for (unsigned round = 0; round < 300; round++) {
		propose(s, "team", "school1 school2 ngo1", 1);
		(void)next(s, FRAME, "social_service1", TASK_EVENT_CONVENE);
		for (uint8_t task = MATTER; task < MATTER + 4; task++)
			(void)next(s, task, "social_service1", TASK_EVENT_PUT);
		read_parties(
		    &next(s, FRAME, "social_service1", TASK_EVENT_HELD)->step, "school1");
		for (uint8_t task = MATTER; task < MATTER + 4; task++) {
			(void)next(s, task, "social_service1", TASK_EVENT_DECIDE);
			(void)next(s, task, "social_service1", TASK_EVENT_MINUTES);
		}
		for (unsigned i = 0; i < 48; i++)
			add_any(s, &seed, signs[i]);
		fold(s);
		*each = (struct script){.now_ms = s->now_ms};
		sign_each(s, each);
		assert_int_equal(s->sitting.matter_count, 4);
		for (unsigned i = 0; i < 4; i++) {
			const struct sitting_matter *a = &s->sitting.matters[i],
						    *b = &each->sitting.matters[i];

			assert_int_equal(a->state, b->state);
			assert_memory_equal(a->minutes, b->minutes, SUITE_ID_LEN);
			assert_int_equal(a->voice_count, b->voice_count);
			voices += a->voice_count;
			for (unsigned v = 0; v < a->voice_count; v++) {
				assert_string_equal(
				    a->voices[v].member.code, b->voices[v].member.code);
				assert_int_equal(a->voices[v].index, b->voices[v].index);
				assert_int_equal(a->voices[v].dissent, b->voices[v].dissent);
				assert_memory_equal(
				    a->voices[v].message, b->voices[v].message, SUITE_ID_LEN);
			}
		}
	}
	assert_true(voices > 600);
	free(each);
}

static void
what_a_message_says_is_read_and_what_it_does_not_is_empty(void **state)
{
	static const uint8_t id[SUITE_ID_LEN] = {5}, root[SUITE_HASH_LEN] = {6};
	struct sitting_act act = {.quorum = 9};
	struct minutes_entry signs[MINUTES_MAX];
	struct content content;

	(void)state;
	assert_int_equal(content_start(MESSAGE_MATTER_SIGN, &content), STATUS_OK);
	assert_int_equal(content_set_id(&content, FIELD_MINUTES_OF, id), STATUS_OK);
	assert_int_equal(content_set_hash(&content, FIELD_MINUTES_ROOT, root), STATUS_OK);
	sitting_act_read(&content, &act, signs);
	assert_memory_equal(act.about, id, sizeof(id));
	assert_memory_equal(act.about_root.byte, root, sizeof(root));
	assert_int_equal(act.quorum, 0);
	assert_string_equal(act.group, "");
	content_free(&content);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_PROPOSE, &content), STATUS_OK);
	assert_int_equal(
	    content_set_text(&content, FIELD_GROUP, bytes_of_text("team")), STATUS_OK);
	assert_int_equal(content_set_uint(&content, FIELD_QUORUM, 3), STATUS_OK);
	sitting_act_read(&content, &act, signs);
	assert_string_equal(act.group, "team");
	assert_int_equal(act.quorum, 3);
	assert_int_equal(act.about[0], 0);
	assert_int_equal(act.about_root.byte[0], 0);
	assert_int_equal(act.day_ms, 0);
	content_free(&content);
	/* A day begins in Riga: two hours before it does in Greenwich, or three. */
	assert_int_equal(content_start(MESSAGE_CONFERENCE_CONVENE, &content), STATUS_OK);
	assert_int_equal(
	    content_set_text(&content, FIELD_STARTS, bytes_of_text("1970-01-02")), STATUS_OK);
	sitting_act_read(&content, &act, signs);
	assert_true(act.day_ms < DAY && act.day_ms >= DAY - DAY / 8);
	assert_int_equal(act.sign_count, 0);
	content_free(&content);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_SIGN, &content), STATUS_OK);
	assert_int_equal(minutes_set(&content,
			     (const struct minutes_entry[]){{.matter = {1}, .message = {2}},
				 {.matter = {3}, .root = {{4}}}},
			     2),
	    STATUS_OK);
	sitting_act_read(&content, &act, signs);
	assert_int_equal(act.sign_count, 2);
	assert_int_equal(act.signs[0].message[0], 2);
	assert_int_equal(act.signs[1].root.byte[0], 4);
	content_free(&content);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sitting_goes_from_its_proposal_to_final_minutes),
	    cmocka_unit_test(too_few_hold_no_sitting_and_it_is_convened_again),
	    cmocka_unit_test(a_proposal_that_asks_for_no_quorum_needs_a_member_all_the_same),
	    cmocka_unit_test(who_is_sat_for_counts_while_the_substitute_is_there),
	    cmocka_unit_test(a_delegation_ends_with_another_answer_or_another_day),
	    cmocka_unit_test(only_a_member_that_may_stand_in_is_delegated_to),
	    cmocka_unit_test(nothing_is_put_on_the_agenda_of_a_sitting_that_is_over),
	    cmocka_unit_test(an_agenda_has_an_end),
	    cmocka_unit_test(
		the_management_takes_what_specialists_could_not_solve_with_where_they_said_so),
	    cmocka_unit_test(who_came_is_recorded_on_the_day_at_the_earliest),
	    cmocka_unit_test(nothing_is_decided_before_the_sitting_was_held),
	    cmocka_unit_test(the_chair_and_the_secretary_write_and_nobody_else),
	    cmocka_unit_test(only_the_last_circulated_minutes_are_signed_over_their_very_bytes),
	    cmocka_unit_test(
		a_dissent_outlives_a_new_circulation_until_its_author_speaks_again),
	    cmocka_unit_test(
		who_circulates_minutes_has_signed_these_whatever_it_said_of_earlier_ones),
	    cmocka_unit_test(one_act_signs_the_minutes_of_several_matters),
	    cmocka_unit_test(each_of_what_is_signed_together_counts_alone),
	    cmocka_unit_test(signed_together_it_is_as_signed_one_by_one),
	    cmocka_unit_test(a_stranger_signs_nothing_and_who_left_neither),
	    cmocka_unit_test(corrections_come_within_the_period_by_the_logs_time),
	    cmocka_unit_test(silence_until_the_period_is_over_lets_minutes_be_final),
	    cmocka_unit_test(the_last_word_of_an_institution_holds),
	    cmocka_unit_test(acts_of_no_matter_and_no_sitting_are_void),
	    cmocka_unit_test(any_acts_in_any_order_leave_bounds_whole),
	    cmocka_unit_test(what_a_message_says_is_read_and_what_it_does_not_is_empty),
	};

	return cmocka_run_group_tests_name("sitting", tests, set_up, tear_down);
}
