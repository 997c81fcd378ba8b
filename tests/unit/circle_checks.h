/* tests/unit/circle_checks.h: what must hold at the end of a play, at each institution and between them. */
#ifndef SAIKNE_CIRCLE_CHECKS_H
#define SAIKNE_CIRCLE_CHECKS_H

#include "tests/unit/circle_truth.h"

#include "protocol/trust/profile.h"
#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/store/history_store.h"
#include "services/runtime/task/ladder.h"

/* ---- What must hold ---------------------------------------------------------------------- */

static inline void
check_leads(struct line *line, const struct circle *circle)
{
	for (size_t i = 0; i < truth.count; i++) {
		uint64_t index = truth.acts[i].step.index;
		const char *is = circle_lead(circle, index),
			   *should = circle_lead(&truth.circle, index);

		must(
		    (is == NULL) == (should == NULL) && (is == NULL || strcmp(is, should) == 0),
		    "at %llu %s leads for %s, and %s for all", (unsigned long long)index,
		    is != NULL ? is : "nobody", line->config.code,
		    should != NULL ? should : "nobody");
	}
}

static inline void
check_members(struct line *line, const struct circle_row *row)
{
	const char *lead = circle_lead(&truth.circle, UINT64_MAX);
	bool has;

	must(lead != NULL && strcmp(row->lead, lead) == 0, "%s leads at %s, not %s", row->lead,
	    line->config.code, lead != NULL ? lead : "nobody");
	must(row->open == truth.circle.open, "%s has it otherwise open", line->config.code);

	for (unsigned i = 0; i < ROOMS; i++) {
		assert_int_equal(circle_store_has_member(
				     line->service->db, row->n, rooms[i]->config.code, &has),
		    STATUS_OK);
		must(has == is_member(rooms[i]), "%s is a member or not at %s",
		    rooms[i]->config.code, line->config.code);
	}
}

static inline void
check_digest(struct line *line, const struct circles *circles)
{
	uint8_t is[SUITE_HASH_LEN], should[SUITE_HASH_LEN];
	struct circles all = {.circle = truth.circle, .acts = truth.acts, .count = truth.count};
	uint64_t count, right;

	assert_int_equal(circles_digest(circles, UINT64_MAX, &count, is), STATUS_OK);
	assert_int_equal(circles_digest(&all, UINT64_MAX, &right, should), STATUS_OK);
	must(count == right && memcmp(is, should, sizeof(is)) == 0, "%s has another digest",
	    line->config.code);
	assert_int_equal(
	    history_state(line->service, circles->n, CIRCLE_ENDING, &count, is), STATUS_OK);
	must(count == right && memcmp(is, should, sizeof(is)) == 0,
	    "%s keeps another digest than it has", line->config.code);
}

/* ---- Deadlines and alarms ---------------------------------------------------------------- */

#define BLURRED_MS                                                                             \
	(5 * 60 * 1000ULL) /* by what clocks may differ with nobody to correct them */

/* Whether ROW comes to some stage just now. */
static inline bool
is_blurred(const struct deadline_row *row)
{
	for (unsigned stage = DEADLINE_REMINDED; stage < DEADLINE_STAGE_COUNT; stage++) {
		uint64_t at = deadline_store_instant(row, (enum deadline_stage)stage);

		if (at + BLURRED_MS > now() && at < now() + BLURRED_MS)
			return true;
	}
	return false;
}

static inline unsigned
deadlines_at(struct line *line, const struct task_row *task,
    struct deadline_row rows[static DEADLINE_MAX])
{
	unsigned count;

	assert_int_equal(
	    deadline_store_of(line->service->db, task->n, rows, &count), STATUS_OK);
	return count;
}

/* What one sees run the other sees run, to the same instants, and as far. */
static inline void
check_same_deadlines(struct line *line, const struct task_row *task, struct line *other,
    const struct task_row *its)
{
	struct deadline_row ours[DEADLINE_MAX], theirs[DEADLINE_MAX];
	unsigned count = deadlines_at(line, task, ours);

	must(deadlines_at(other, its, theirs) == count,
	    "of a %s another number of deadlines runs at %s than at %s", task->sort->name,
	    line->config.code, other->config.code);
	for (unsigned i = 0; i < count; i++) {
		const struct deadline_row *a = &ours[i], *b = &theirs[i];

		play_count(STEP_DUE);
		must(strcmp(a->what, b->what) == 0 && a->began_ms == b->began_ms &&
			 a->due_ms == b->due_ms && a->reminder_ms == b->reminder_ms &&
			 memcmp(a->climbs_ms, b->climbs_ms, sizeof(a->climbs_ms)) == 0,
		    "%s of a %s ends otherwise at %s than at %s", a->what, task->sort->name,
		    line->config.code, other->config.code);
		must(is_blurred(a) || a->stage == b->stage, "%s of a %s is %s at %s, %s at %s",
		    a->what, task->sort->name, deadline_stage_name(a->stage), line->config.code,
		    deadline_stage_name(b->stage), other->config.code);
	}
}

/* Whom ROW of TASK reaches where it has come to: as alarms.c has it. */
static inline bool
is_alarming(const struct task_row *task, const struct deadline_row *row)
{
	struct deadline_rule rule;

	if (task->side == TASK_ONLOOKER || row->stage == DEADLINE_RUNNING)
		return false;
	assert_true(
	    deadline_rule_in(row->what, task->sort->name, task_state_name(task->state), &rule));
	if (row->stage > DEADLINE_OVERDUE)
		return true;
	if (row->stage == DEADLINE_OVERDUE)
		return (row->ours ? rule.overdue_to : rule.mirror_to)[0] != '\0';
	return row->ours ? rule.reminder_to[0] != '\0'
	                 : row->reminder_ms == row->began_ms && rule.mirror_to[0] != '\0';
}

/* LINE's people are alarmed of just what has come to a stage that is theirs to know. */
static inline void
check_alarms(struct line *line, const struct task_row *task)
{
	struct deadline_row rows[DEADLINE_MAX];
	struct alarm_row alarms[DEADLINE_MAX];
	unsigned count = deadlines_at(line, task, rows), open, should = 0;

	assert_int_equal(
	    alarm_store_open_of(line->service->db, task->n, DEADLINE_MAX, alarms, &open),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++) {
		const bool alarming = is_alarming(task, &rows[i]);
		bool is = false;

		must(rows[i].stage == rows[i].sure, "%s is not sure how late %s of a %s is",
		    line->config.code, rows[i].what, task->sort->name);
		for (unsigned j = 0; j < open; j++)
			is = is || (strcmp(alarms[j].what, rows[i].what) == 0 &&
				       alarms[j].due_ms == rows[i].due_ms &&
				       alarms[j].ours == rows[i].ours);
		should += alarming;
		if (alarming)
			play_count(STEP_ALARMED);
		must(is || !alarming, "%s is not alarmed that %s of a %s is at %s",
		    line->config.code, rows[i].what, task->sort->name,
		    deadline_stage_name(rows[i].stage));
	}
	must(open <= should, "%s is alarmed of a %s that it has nothing to fear of",
	    line->config.code, task->sort->name);
}

/* ---- Tasks ------------------------------------------------------------------------------- */

/* What opened TASK for all. */
static inline struct circle_task
opened(const struct task_row *task)
{
	struct circle_task in = {.share = task->sort->share, .party = ""};

	for (size_t i = truth.count; i > 0; i--)
		if (memcmp(truth.acts[i - 1].step.task, task->id, sizeof(task->id)) == 0 &&
		    task_opens(truth.acts[i - 1].type) && !truth.voids[i - 1]) {
			in.party = circle_addressee(&truth.steps[i - 1]);
			in.index = truth.acts[i - 1].step.index;
		}
	return in;
}

/* Whose it is, and whom LINE has to do with in it. */
static inline void
check_side(struct line *line, const struct task_row *task)
{
	const struct circle_task in = opened(task);
	const char *lead = circle_lead(&truth.circle, UINT64_MAX);
	const char *owner = circle_successor(&truth.circle, in.party, in.index, UINT64_MAX);
	unsigned side = circle_side(&truth.circle, &in, line->config.code, UINT64_MAX);

	must((unsigned)task->side == (side == 0 ? TASK_ONLOOKER : side),
	    "%s is on side %u of a %s, not %u", line->config.code, (unsigned)task->side,
	    task->sort->name, side);
	if (strcmp(lead, line->config.code) != 0)
		must(strcmp(task->peer, lead) == 0, "%s has to do with %s in a %s, not %s",
		    line->config.code, task->peer, task->sort->name, lead);
	else if (in.party[0] != '\0' && (side & TASK_RECIPIENT) == 0)
		must(strcmp(task->peer, owner) == 0, "%s waits for %s in a %s, not for %s",
		    line->config.code, task->peer, task->sort->name, owner);
}

/* The next of HISTORY, from *AT on, that all members have. */
static inline const struct event_row *
next_told(const struct case_history *history, size_t *at)
{
	for (; *at < history->count; (*at)++) {
		const struct event_row *row = &history->rows[*at];
		struct circle_step step = {.index = row->index};

		if (row->what != EVENT_MESSAGE)
			continue;
		memcpy(step.author.code, row->author, sizeof(step.author.code));
		if (counts(&truth.circle, &step))
			return &history->rows[(*at)++];
	}
	return NULL;
}

/* Both have the same acts of it, and the same of them are void. */
static inline void
check_alike(struct line *line, const struct task_row *task, struct line *other,
    const struct task_row *its)
{
	struct case_history ours, theirs;
	const struct event_row *a, *b;
	size_t i = 0, j = 0;

	assert_int_equal(case_file_history(line->service, task, &ours), STATUS_OK);
	assert_int_equal(case_file_history(other->service, its, &theirs), STATUS_OK);
	do {
		a = next_told(&ours, &i);
		b = next_told(&theirs, &j);
		must((a == NULL) == (b == NULL) &&
			 (a == NULL || (a->index == b->index && a->type == b->type &&
					   ours.voids[i - 1] == theirs.voids[j - 1])),
		    "%s and %s have other acts of a %s", line->config.code, other->config.code,
		    task->sort->name);
	} while (a != NULL);
	must(ours.task.void_steps == theirs.task.void_steps || ours.count != theirs.count,
	    "%s and %s count what is void otherwise", line->config.code, other->config.code);
	case_file_history_free(&ours);
	case_file_history_free(&theirs);
}

/* Whether the history has anything of TASK: what was refused stands with its author alone. */
static inline bool
is_in_history(const struct task_row *task)
{
	for (size_t i = 0; i < truth.count; i++)
		if (memcmp(truth.acts[i].step.task, task->id, sizeof(task->id)) == 0 &&
		    counts(&truth.circle, &truth.acts[i].step))
			return true;
	return false;
}

/* Task N of LINE is to its members what it is to LINE. */
static inline void
check_task(struct line *line, const struct task_row *task)
{
	struct task_row other;

	play.states[task->state] = true;
	check_side(line, task);
	check_alarms(line, task);
	for (unsigned i = 0; i < ROOMS; i++) {
		if (!is_in(rooms[i]) || rooms[i] == line || !is_in_history(task))
			continue;
		must(case_store_find_task(rooms[i]->service->db, task->id, &other) == STATUS_OK,
		    "%s lacks a %s of %s", rooms[i]->config.code, task->sort->name,
		    line->config.code);
		must(other.state == task->state, "a %s is %s at %s, %s at %s", task->sort->name,
		    task_state_name(task->state), line->config.code,
		    task_state_name(other.state), rooms[i]->config.code);
		check_alike(line, task, rooms[i], &other);
		check_same_deadlines(line, task, rooms[i], &other);
	}
}

static inline void
check_member(struct line *line, const uint8_t *id)
{
	const struct circles *circles;
	struct history_circle history;
	struct circle_row row;
	struct task_row task = {.n = 0};

	assert_true(row_at(line, id, &row));
	assert_folds_alike(line, row.n);
	assert_int_equal(circles_fold(line->service, row.n, &circles), STATUS_OK);
	check_leads(line, &circles->circle);
	check_digest(line, circles);
	check_members(line, &row);
	assert_int_equal(history_store_circle(line->service->db, row.n, &history), STATUS_OK);
	must(history.ask_ms == 0, "%s asks for what it has", line->config.code);
	while (circle_store_task(line->service->db, row.n, task.n, &task) == STATUS_OK)
		check_task(line, &task);
}

/* ---- What each may have ------------------------------------------------------------------ */

/* The record ID at its maker, and what it lets LINE have under it; false: nobody has it. */
static inline bool
find_record(
    const struct line *line, const uint8_t *id, struct ground_row *out, category_set *allowed)
{
	const struct party *self = service_self(line->service);
	const char *group = group_name(kind_group(bytes_of_text(self->kind)));
	struct ground_terms terms;
	struct case_key key;
	json_t *body, *one;
	size_t i;

	for (unsigned r = 0; r < ROOMS; r++) {
		struct service *service = rooms[r]->service;

		if (ground_store_find(service->db, id, "", out) != STATUS_OK)
			continue;
		assert_int_equal(case_file_key(service, out->case_n, &key), STATUS_OK);
		assert_int_equal(grounds_read(service, &key, out, &body, &terms), STATUS_OK);
		*allowed = 0;
		json_array_foreach(json_object_get(body, "recipients"), i,
		    one) if (strcmp(json_string_value(one), group) == 0) *allowed =
		    terms.categories;
		json_decref(body);
		vault_forget(&key);
		return true;
	}
	return false;
}

/* What LINE was shown of the act at INDEX, which AUTHOR wrote, is all that it may have, or acts. */
static inline void
check_shown(struct line *line, const struct circle_act *act)
{
	struct event_row row;
	struct task_row task;
	struct ground_row record;
	struct case_key key;
	struct content content = {0};
	category_set allowed = 0, shown = 0, all = 0;
	uint8_t id[SUITE_ID_LEN];

	if (message_info(act->type)->categories == CATEGORY_BIT(CATEGORY_ACT) ||
	    strcmp(act->step.author.code, line->config.code) == 0)
		return;
	assert_int_equal(event_store_at(line->service->db, act->step.index, &row), STATUS_OK);
	assert_int_equal(case_store_task(line->service->db, row.task_n, &task), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &row, &content), STATUS_OK);
	assert_true(content_id(&content, FIELD_RECORD, id));
	must(find_record(line, id, &record, &allowed), "nobody has the record of an act");
	if (allowed != 0)
		allowed |= CATEGORY_BIT(CATEGORY_GROUND);
	allowed |= CATEGORY_BIT(CATEGORY_ACT);
	allowed &= profile_allows("safety", service_self(line->service)->kind);
	for (unsigned i = 0; i < content.type->field_count; i++) {
		category_set one = CATEGORY_BIT(content.type->fields[i].field->category);

		/* Documents are not passed on. */
		if (content.type->fields[i].field->kind == FIELD_KIND_FILES)
			continue;
		all |= one;
		if (content_shows(&content, i))
			shown |= one;
	}
	/* What was passed on rests on what passed it on. */
	allowed &= ~CATEGORY_BIT(CATEGORY_GROUND) | shown;
	must((shown & ~allowed) == 0, "%s was shown what it may not have of a %s of %s",
	    line->config.code, content.type->name, act->step.author.code);
	if (shown == CATEGORY_BIT(CATEGORY_ACT))
		play_count(STEP_BARE);
	else
		play_count(STEP_WHOLE);
	must(shown == CATEGORY_BIT(CATEGORY_ACT) || shown == (allowed & all),
	    "%s was shown but a part of a %s of %s", line->config.code, content.type->name,
	    act->step.author.code);
	/* What nobody ever withdrew goes to whom it names, from who is there to pass it on. */
	must(shown == (allowed & all) || record.state != CONSENT_GIVEN || !is_in(line) ||
		 !is_in(line_of(act->step.author.code)),
	    "%s has but the acts of a %s of %s at %llu", line->config.code, content.type->name,
	    act->step.author.code, (unsigned long long)act->step.index);
	vault_forget(&key);
	content_free(&content);
}

/* Whether AUTHOR of ACT, which LINE has, knew by what it says there all that went before LEFT. */
static inline bool
knew(struct line *line, const struct circle_act *act, uint64_t left)
{
	struct content content = {0};
	struct event_row row;
	struct task_row task;
	struct case_key key;
	uint64_t said, before = 0;

	assert_int_equal(event_store_get(line->service->db, act->event_n, &row), STATUS_OK);
	assert_int_equal(case_store_task(line->service->db, row.task_n, &task), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &row, &content), STATUS_OK);
	assert_true(content_uint(&content, FIELD_HISTORY_COUNT, &said));
	for (size_t i = 0; i < truth.count && truth.steps[i].index <= act->applied; i++)
		before += counts(&truth.circle, &truth.steps[i]);
	vault_forget(&key);
	content_free(&content);
	return act->applied >= left && said == before;
}

/* Whether ACT, void or not, was to bring LINE in. */
static inline bool
brings_in(const struct circle_act *act, const struct line *line)
{
	bool named = act->type == MESSAGE_CASE_HAND_OVER &&
	             strcmp(act->step.party.code, line->config.code) == 0;

	for (unsigned i = 0; act->type == MESSAGE_CASE_ADD && i < act->step.party_count; i++)
		named = named || strcmp(act->step.parties[i].code, line->config.code) == 0;
	return named;
}

/* Whether it was said, in vain, that LINE comes in: who heard that may have held it for a member. */
static inline bool
was_called(const struct line *line)
{
	for (size_t i = 0; i < truth.count; i++)
		if (brings_in(&truth.acts[i], line))
			return true;
	return false;
}

/* LINE is no member: it knows that; and after it left, whoever knew wrote it nothing more. */
static inline void
check_gone(struct line *line, const struct circle_act *acts, size_t count)
{
	uint64_t left = 0;

	for (unsigned i = 0; i < truth.circle.member_count; i++)
		if (strcmp(truth.circle.members[i].party.code, line->config.code) == 0)
			left = truth.circle.members[i].until;
	for (size_t i = 0; i < count; i++) {
		if (acts[i].own || acts[i].step.index <= left || brings_in(&acts[i], line) ||
		    !is_member(line_of(acts[i].step.author.code)))
			continue;
		must(left == 0 || !knew(line, &acts[i], left),
		    "%s left at %llu, and has what %s wrote at %llu, knowing that",
		    line->config.code, (unsigned long long)left, acts[i].step.author.code,
		    (unsigned long long)acts[i].step.index);
		must(left != 0 || was_called(line) ||
			 message_info(acts[i].type)->categories == CATEGORY_BIT(CATEGORY_ACT),
		    "%s was never a member, and has a %s", line->config.code,
		    message_info(acts[i].type)->name);
	}
}

/* What befell the circle, for the count of steps. */
static inline void
count_circle(void)
{
	for (unsigned i = 1; i < truth.circle.lead_count; i++)
		play_count(STEP_LED);
	for (size_t i = 0; i < truth.count; i++)
		if (truth.voids[i])
			play_count(STEP_VOID);
	for (unsigned i = 0; i < truth.circle.member_count; i++) {
		if (truth.circle.members[i].since != truth.acts[0].step.index)
			play_count(STEP_JOINED);
		if (truth.circle.members[i].until != UINT64_MAX)
			play_count(STEP_LEFT);
	}
}

static inline void
check_circle(const uint8_t *id)
{
	find_truth(id);
	count_circle();
	for (unsigned i = 0; i < ROOMS; i++) {
		struct circle_act *acts;
		struct circle_row row;
		size_t count;

		if (!row_at(rooms[i], id, &row)) {
			must(!is_in(rooms[i]), "%s knows nothing", rooms[i]->config.code);
			continue;
		}
		assert_int_equal(
		    circle_store_acts(rooms[i]->service->db, row.n, &acts, &count), STATUS_OK);
		for (size_t j = 0; j < count; j++)
			check_shown(rooms[i], &acts[j]);
		if (is_in(rooms[i]))
			check_member(rooms[i], id);
		else if (!is_member(rooms[i]))
			check_gone(rooms[i], acts, count);
		free(acts);
	}
}

/* ---- At rest ----------------------------------------------------------------------------- */

/*
 * Whether LINE lacks something where it is no member: it was for so short that nobody told it more,
 * or somebody who led no more, and did not know that, was to bring it in.
 */
static inline bool
is_misled(struct line *line)
{
	struct history_circle history;
	struct circle_row row;
	bool misled = false;

	for (unsigned i = 0; i < play.began; i++) {
		find_truth(play.circles[i]);
		if (is_member(line) || !row_at(line, play.circles[i], &row))
			continue;
		assert_int_equal(
		    history_store_circle(line->service->db, row.n, &history), STATUS_OK);
		misled = misled || history.gap;
	}
	return misled;
}

/* What may be said to be wrong after a play: what was void, or came too late or too early. */
static inline void
check_problems(struct line *line)
{
	struct problem problem;

	for (unsigned i = 0;
	     chain_store_problem_at(line->service->db, i, &problem) == STATUS_OK; i++) {
		bool gap = strcmp(problem.what, "history_gap") == 0;

		must(gap ? is_misled(line)
			 : strcmp(problem.what, "unreadable") == 0 &&
			       (problem.status == STATUS_NOT_A_MEMBER ||
				   problem.status == STATUS_NOT_PERMITTED ||
				   problem.status == STATUS_OUTSIDE_PROFILE ||
				   problem.status == STATUS_STOPPED),
		    "%s has a problem: %s of %s, %s", line->config.code, problem.what,
		    problem.peer, status_name(problem.status));
	}
}

static inline void
check(void)
{
	for (unsigned i = 0; i < play.began; i++)
		check_circle(play.circles[i]);
	for (unsigned i = 0; i < ROOMS; i++)
		if (rooms[i] != play.out)
			check_problems(rooms[i]);
}

#endif
