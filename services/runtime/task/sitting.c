/* services/runtime/task/sitting.c: the fold of a sitting: which of its acts count, and for what; pure. */
#include "services/runtime/task/sitting.h"

#include <stddef.h>
#include <string.h>

#include "services/runtime/task/calendar.h"

static bool
is(const struct circle_party *party, const char *code)
{
	return strcmp(party->code, code) == 0;
}

static bool
is_one_of(const struct circle_party *parties, unsigned count, const char *code)
{
	for (unsigned i = 0; i < count; i++)
		if (is(&parties[i], code))
			return true;
	return false;
}

/* ---- Reading ----------------------------------------------------------------------------- */

static void
read_code(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	out[0] = '\0';
	if (!content_text(content, field, &text) || text.len >= size)
		return;
	memcpy(out, text.data, text.len);
	out[text.len] = '\0';
}

static void
read_hash(const struct content *content, enum field field, struct merkle_hash *out)
{
	if (!content_hash(content, field, out->byte))
		memset(out, 0, sizeof(*out));
}

void
sitting_act_read(const struct content *content, struct sitting_act *out,
    struct minutes_entry signs[static MINUTES_MAX])
{
	struct bytes result, starts;
	calendar_day day;
	uint64_t quorum;

	read_code(content, FIELD_GROUP, out->group, sizeof(out->group));
	read_code(content, FIELD_CONVENING, out->convening, sizeof(out->convening));
	out->escalates = content_text(content, FIELD_RESULT, &result) &&
	                 bytes_is_text(result, SITTING_ESCALATES);
	read_code(content, FIELD_SECRETARY, out->secretary.code, sizeof(out->secretary.code));
	out->quorum = content_uint(content, FIELD_QUORUM, &quorum) ? (unsigned)quorum : 0;
	out->day_ms =
	    content_text(content, FIELD_STARTS, &starts) && calendar_date(starts, &day)
		? calendar_start_ms(day)
		: 0;
	memset(out->about, 0, sizeof(out->about));
	if (!content_id(content, FIELD_EARLIER, out->about) &&
	    !content_id(content, FIELD_MINUTES_OF, out->about))
		memset(out->about, 0, sizeof(out->about));
	read_hash(content, FIELD_MINUTES_ROOT, &out->about_root);
	out->signs = signs;
	out->sign_count = minutes_of(content, signs);
}

/* ---- What stands ------------------------------------------------------------------------- */

const struct sitting_matter *
sitting_matter_of(const struct sitting *sitting, const uint8_t task[static SUITE_ID_LEN])
{
	for (unsigned i = 0; i < sitting->matter_count; i++)
		if (memcmp(sitting->matters[i].task, task, SUITE_ID_LEN) == 0)
			return &sitting->matters[i];
	return NULL;
}

/* What CODE said last, of whichever minutes. */
static struct sitting_voice *
find_voice(const struct sitting_matter *matter, const char *code)
{
	for (unsigned i = 0; i < matter->voice_count; i++)
		if (is(&matter->voices[i].member, code))
			return (struct sitting_voice *)(uintptr_t)&matter->voices[i];
	return NULL;
}

const struct sitting_voice *
sitting_voice_of(const struct sitting_matter *matter, const char *code)
{
	const struct sitting_voice *voice = find_voice(matter, code);

	return voice != NULL && voice->circulated == matter->circulated ? voice : NULL;
}

static const struct sitting_seat *
seat_of(const struct sitting *sitting, const char *code)
{
	for (unsigned i = 0; i < sitting->seat_count; i++)
		if (is(&sitting->seats[i].member, code))
			return &sitting->seats[i];
	return NULL;
}

/* Whether somebody who is there sits for CODE. */
static bool
is_represented(const struct sitting *sitting, const struct circle *circle, uint64_t index,
    const char *code, const struct circle_party *present, unsigned count)
{
	const struct sitting_seat *seat = seat_of(sitting, code);

	return seat != NULL && seat->answer == TASK_EVENT_DELEGATE &&
	       is_one_of(present, count, seat->sub.code) &&
	       circle_is_member(circle, seat->sub.code, index);
}

unsigned
sitting_counted(const struct sitting *sitting, const struct circle *circle, uint64_t index,
    const struct circle_party *present, unsigned count)
{
	struct circle_party members[CIRCLE_MEMBERS_MAX];
	unsigned total = circle_others(circle, "", index, members), counted = 0;

	for (unsigned i = 0; i < total; i++)
		if (is_one_of(present, count, members[i].code) ||
		    is_represented(sitting, circle, index, members[i].code, present, count))
			counted++;
	return counted;
}

bool
sitting_all_said(const struct sitting_matter *matter, const struct circle *circle,
    uint64_t index, const char *chair)
{
	struct circle_party members[CIRCLE_MEMBERS_MAX];
	unsigned total = circle_others(circle, chair, index, members);

	for (unsigned i = 0; i < total; i++)
		if (!is(&matter->minuted_by, members[i].code) &&
		    sitting_voice_of(matter, members[i].code) == NULL)
			return false;
	return true;
}

/* ---- Rules ------------------------------------------------------------------------------- */

/* An act before it counts, and what it meets. */
struct trial {
	const struct sitting *sitting;
	const struct sitting_matter *matter; /* that its task is; NULL: none yet */
	const struct circle *circle;
	const struct sitting_kinds *kinds;
	const struct sitting_act *act;
};

static bool
is_lead(const struct trial *t)
{
	const char *lead = circle_lead(t->circle, t->act->step.index);

	return lead != NULL && is(&t->act->step.author, lead);
}

static enum status
judge_delegate(const struct trial *t)
{
	const char *author = t->act->step.author.code, *sub = t->act->step.party.code;
	struct sitting_group group;

	if (strcmp(author, sub) == 0 || !circle_is_member(t->circle, sub, t->act->step.index) ||
	    !sitting_group_named(bytes_of_text(t->sitting->group), &group) ||
	    !sitting_may_stand_in(&group, t->kinds->kind(t->kinds->of, sub),
		t->kinds->kind(t->kinds->of, author)))
		return STATUS_NO_SUBSTITUTE;
	return STATUS_OK;
}

/* Nobody knows before its day who came. */
static enum status
judge_day(const struct trial *t)
{
	return t->act->step.time_ms >= t->sitting->day_ms ? STATUS_OK : STATUS_TOO_EARLY;
}

static enum status
judge_held(const struct trial *t)
{
	const struct circle_step *step = &t->act->step;
	unsigned counted = sitting_counted(
	    t->sitting, t->circle, step->index, step->parties, step->party_count);

	if (judge_day(t) != STATUS_OK)
		return STATUS_TOO_EARLY;
	return counted > 0 && counted >= t->sitting->quorum ? STATUS_OK : STATUS_NO_QUORUM;
}

/* What the group before this one could not solve comes with the matter at which it said so. */
static bool
lacks_earlier(const struct trial *t)
{
	static const uint8_t none[SUITE_ID_LEN];
	struct sitting_group group;

	return strcmp(t->act->convening, SITTING_AFTER_OTHERS) == 0 &&
	       sitting_group_named(bytes_of_text(t->sitting->group), &group) &&
	       group.after[0] != '\0' && memcmp(t->act->about, none, sizeof(none)) == 0;
}

static enum status
judge_put(const struct trial *t)
{
	if (t->sitting->state == TASK_HELD || t->sitting->state == TASK_CALLED_OFF)
		return STATUS_TOO_LATE;
	if (t->sitting->matter_count == SITTING_MATTERS_MAX)
		return STATUS_TOO_LARGE;
	return lacks_earlier(t) ? STATUS_SPECIALISTS_FIRST : STATUS_OK;
}

/* Decisions and minutes are the chair's or the secretary's to issue. */
static enum status
judge_written(const struct trial *t)
{
	if (t->sitting->state != TASK_HELD)
		return STATUS_WRONG_STATE;
	return is_lead(t) || is(&t->sitting->secretary, t->act->step.author.code)
	           ? STATUS_OK
	           : STATUS_NOT_PERMITTED;
}

static bool
is_of_last(const struct trial *t)
{
	return t->matter != NULL && t->matter->circulated > 0 &&
	       memcmp(t->act->about, t->matter->minutes, SUITE_ID_LEN) == 0;
}

static enum status
judge_correct(const struct trial *t)
{
	if (!is_of_last(t))
		return STATUS_OTHER_MINUTES;
	return t->act->step.time_ms <= t->matter->corrections_ms ? STATUS_OK : STATUS_TOO_LATE;
}

/* The root says which bytes: an id alone would leave that to whoever circulated them. */
static bool
is_last(const struct sitting_matter *matter, const uint8_t message[static SUITE_ID_LEN],
    const struct merkle_hash *root)
{
	return matter != NULL && matter->circulated > 0 &&
	       memcmp(message, matter->minutes, SUITE_ID_LEN) == 0 &&
	       memcmp(root->byte, matter->root.byte, SUITE_HASH_LEN) == 0;
}

static enum status
judge_said(const struct trial *t)
{
	return is_last(t->matter, t->act->about, &t->act->about_root) ? STATUS_OK
	                                                              : STATUS_OTHER_MINUTES;
}

static enum status
judge_final(const struct trial *t)
{
	const struct circle_step *step = &t->act->step;
	enum status rc = judge_said(t);

	if (rc != STATUS_OK)
		return rc;
	return step->time_ms > t->matter->corrections_ms ||
	               sitting_all_said(t->matter, t->circle, step->index, step->author.code)
	           ? STATUS_OK
	           : STATUS_WRONG_STATE;
}

/* What is not its own to say of one matter takes nothing from what it says of another. */
static enum status
judge_sign_all(const struct trial *t)
{
	for (unsigned i = 0; i < t->act->sign_count; i++)
		if (sitting_signs(t->sitting, t->circle, t->act, i))
			return STATUS_OK;
	return STATUS_OTHER_MINUTES;
}

static const struct {
	enum task_event event;
	enum status (*judge)(const struct trial *trial);
} rules[] = {
    {TASK_EVENT_DELEGATE, judge_delegate},
    {TASK_EVENT_HELD, judge_held},
    {TASK_EVENT_INQUORATE, judge_day},
    {TASK_EVENT_SIGN_ALL, judge_sign_all},
    {TASK_EVENT_PUT, judge_put},
    {TASK_EVENT_DECIDE, judge_written},
    {TASK_EVENT_MINUTES, judge_written},
    {TASK_EVENT_CORRECT, judge_correct},
    {TASK_EVENT_SIGN, judge_said},
    {TASK_EVENT_DISSENT, judge_said},
    {TASK_EVENT_FINAL, judge_final},
};

enum status
sitting_judge(const struct sitting *sitting, const struct circle *circle,
    const struct sitting_kinds *kinds, const struct sitting_act *act)
{
	const struct trial trial = {.sitting = sitting,
	    .matter = sitting_matter_of(sitting, act->step.task),
	    .circle = circle,
	    .kinds = kinds,
	    .act = act};

	if (!circle_is_member(circle, act->step.author.code, act->step.index))
		return STATUS_NOT_A_MEMBER;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].event == act->step.event)
			return rules[i].judge(&trial);
	return STATUS_OK;
}

/* ---- What an act does -------------------------------------------------------------------- */

/* Whose place is free: nobody's yet, or that of who is no member any more. */
static struct sitting_seat *
make_seat(struct sitting *sitting, const struct circle *circle, uint64_t index,
    const struct circle_party *member)
{
	struct sitting_seat *seat =
	    (struct sitting_seat *)(uintptr_t)seat_of(sitting, member->code);

	if (seat != NULL)
		return seat;
	if (sitting->seat_count < CIRCLE_MEMBERS_MAX)
		seat = &sitting->seats[sitting->seat_count++];
	for (unsigned i = 0; seat == NULL && i < CIRCLE_MEMBERS_MAX; i++)
		if (!circle_is_member(circle, sitting->seats[i].member.code, index))
			seat = &sitting->seats[i];
	if (seat != NULL)
		*seat = (struct sitting_seat){.member = *member, .answer = TASK_EVENT_COUNT};
	return seat;
}

static void
take_answer(
    struct sitting *sitting, const struct circle *circle, const struct circle_step *step)
{
	struct sitting_seat *seat = make_seat(sitting, circle, step->index, &step->author);

	if (seat == NULL)
		return;
	seat->answer = step->event;
	memset(&seat->sub, 0, sizeof(seat->sub));
	if (step->event == TASK_EVENT_DELEGATE)
		seat->sub = step->party;
}

/* Whoever answered answered for another day. */
static void
convene(struct sitting *sitting, uint64_t day_ms)
{
	sitting->convened++;
	sitting->day_ms = day_ms;
	for (unsigned i = 0; i < sitting->seat_count; i++) {
		sitting->seats[i].answer = TASK_EVENT_COUNT;
		sitting->seats[i].present = false;
	}
}

static void
take_presence(
    struct sitting *sitting, const struct circle *circle, const struct circle_step *step)
{
	for (unsigned i = 0; i < sitting->seat_count; i++)
		sitting->seats[i].present = false;
	for (unsigned i = 0; i < step->party_count; i++) {
		struct sitting_seat *seat =
		    circle_is_member(circle, step->parties[i].code, step->index)
			? make_seat(sitting, circle, step->index, &step->parties[i])
			: NULL;

		if (seat != NULL)
			seat->present = true;
	}
	if (step->event == TASK_EVENT_HELD)
		sitting->held_ms = step->time_ms;
}

static void
apply_to_frame(
    struct sitting *sitting, const struct circle *circle, const struct sitting_act *act)
{
	const struct circle_step *step = &act->step;

	if (step->event == TASK_EVENT_PROPOSE) {
		memcpy(sitting->group, act->group, sizeof(sitting->group));
		sitting->quorum = act->quorum;
		sitting->secretary = act->secretary;
	} else if (step->event == TASK_EVENT_CONVENE) {
		convene(sitting, act->day_ms);
	} else if (step->event == TASK_EVENT_WILL_COME ||
		   step->event == TASK_EVENT_WILL_NOT_COME ||
		   step->event == TASK_EVENT_DELEGATE) {
		take_answer(sitting, circle, step);
	} else if (step->event == TASK_EVENT_HELD || step->event == TASK_EVENT_INQUORATE) {
		take_presence(sitting, circle, step);
	}
}

/* Earlier signatures were over other bytes; who dissented has not signed these. */
static void
keep_dissents(struct sitting_matter *matter, const struct circle_party *author)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < matter->voice_count; i++)
		if (matter->voices[i].dissent && !is(&matter->voices[i].member, author->code))
			matter->voices[kept++] = matter->voices[i];
	matter->voice_count = kept;
}

static void
circulate(struct sitting_matter *matter, const struct sitting_act *act)
{
	memcpy(matter->minutes, act->message, SUITE_ID_LEN);
	matter->root = act->root;
	matter->minuted_by = act->step.author;
	matter->index = act->step.index;
	matter->circulated_ms = act->step.time_ms;
	matter->corrections_ms = sitting_corrections_end(act->step.time_ms);
	matter->circulated++;
	keep_dissents(matter, &act->step.author);
}

static void
take_voice(
    struct sitting_matter *matter, const struct circle *circle, const struct sitting_act *act)
{
	const struct circle_step *step = &act->step;
	struct sitting_voice *voice = find_voice(matter, step->author.code);

	if (voice == NULL && matter->voice_count < CIRCLE_MEMBERS_MAX)
		voice = &matter->voices[matter->voice_count++];
	for (unsigned i = 0; voice == NULL && i < CIRCLE_MEMBERS_MAX; i++)
		if (!circle_is_member(circle, matter->voices[i].member.code, step->index))
			voice = &matter->voices[i];
	if (voice == NULL)
		return;
	*voice = (struct sitting_voice){.member = step->author,
	    .index = step->index,
	    .dissent = step->event == TASK_EVENT_DISSENT,
	    .time_ms = step->time_ms,
	    .of_all = step->event == TASK_EVENT_SIGN_ALL,
	    .circulated = matter->circulated,
	    .root = matter->root};
	memcpy(voice->message, act->message, SUITE_ID_LEN);
}

static void
apply_to_matter(
    struct sitting_matter *matter, const struct circle *circle, const struct sitting_act *act)
{
	enum task_event event = act->step.event;

	if (event == TASK_EVENT_MINUTES)
		circulate(matter, act);
	if (event == TASK_EVENT_MINUTES || event == TASK_EVENT_DECIDE)
		matter->escalates = act->escalates;
	if (event == TASK_EVENT_SIGN || event == TASK_EVENT_DISSENT)
		take_voice(matter, circle, act);
}

static void
sign_all(struct sitting *sitting, const struct circle *circle, const struct sitting_act *act)
{
	for (unsigned i = 0; i < act->sign_count; i++)
		if (sitting_signs(sitting, circle, act, i))
			take_voice((struct sitting_matter *)(uintptr_t)sitting_matter_of(
				       sitting, act->signs[i].matter),
			    circle, act);
}

/* ---- The fold ---------------------------------------------------------------------------- */

/* Where EVENT by the author of STEP leads from STATE by the table of SORT; TASK_NONE: nowhere. */
static enum task_state
next_of(const struct task_sort *sort, const struct circle *circle,
    const struct circle_step *step, enum task_event event, enum task_state state)
{
	const struct circle_task whose = {.share = TASK_OF_ALL, .party = ""};
	unsigned side = circle_author_side(circle, &whose, step->author.code, step->index);

	return task_next(sort, state, event, (enum task_side)side, TASK_FACT_CONTENT);
}

/* Whether ACT follows by the table of SORT, from *STATE, which it moves on. */
static bool
follows(const struct task_sort *sort, const struct circle *circle,
    const struct circle_step *step, enum task_state *state)
{
	enum task_state next = next_of(sort, circle, step, step->event, *state);

	if (next != TASK_NONE)
		*state = next;
	return next != TASK_NONE;
}

bool
sitting_signs(const struct sitting *sitting, const struct circle *circle,
    const struct sitting_act *act, unsigned i)
{
	const struct minutes_entry *entry = &act->signs[i];
	const struct sitting_matter *matter = sitting_matter_of(sitting, entry->matter);

	return is_last(matter, entry->message, &entry->root) &&
	       next_of(task_sort_of(MESSAGE_MATTER_PUT), circle, &act->step, TASK_EVENT_SIGN,
		   matter->state) != TASK_NONE;
}

static bool
apply_put(struct sitting *sitting, const struct circle *circle, const struct task_sort *sort,
    const struct circle_step *step)
{
	struct sitting_matter *matter = &sitting->matters[sitting->matter_count];

	*matter = (struct sitting_matter){.state = TASK_NONE};
	memcpy(matter->task, step->task, SUITE_ID_LEN);
	if (!follows(sort, circle, step, &matter->state))
		return false;
	sitting->matter_count++;
	return true;
}

/* Whether ACT counts: it does then what it says. */
static bool
apply(struct sitting *sitting, const struct circle *circle, const struct task_sort *frames,
    const struct task_sort *matters, const struct sitting_act *act)
{
	struct sitting_matter *matter;

	if (task_knows(frames, act->step.event) &&
	    memcmp(act->step.task, sitting->task, SUITE_ID_LEN) == 0) {
		if (!follows(frames, circle, &act->step, &sitting->state))
			return false;
		apply_to_frame(sitting, circle, act);
		if (act->step.event == TASK_EVENT_SIGN_ALL)
			sign_all(sitting, circle, act);
		return true;
	}
	if (!task_knows(matters, act->step.event))
		return true; /* an action's, or of the members */
	matter = (struct sitting_matter *)(uintptr_t)sitting_matter_of(sitting, act->step.task);
	if (matter == NULL)
		return act->step.event == TASK_EVENT_PUT &&
		       apply_put(sitting, circle, matters, &act->step);
	if (!follows(matters, circle, &act->step, &matter->state))
		return false;
	apply_to_matter(matter, circle, act);
	return true;
}

void
sitting_copy(struct sitting *out, const struct sitting *from)
{
	const size_t head = offsetof(struct sitting, matters);
	unsigned had = out->matter_count;

	memcpy(out, from, head);
	memcpy(out->matters, from->matters, from->matter_count * sizeof(out->matters[0]));
	out->matter_count = from->matter_count;
	for (; had > from->matter_count; had--)
		out->matters[had - 1] = (struct sitting_matter){.state = TASK_NONE};
}

void
sitting_seat(struct sitting *sitting, const struct circle *circle)
{
	struct circle_party members[CIRCLE_MEMBERS_MAX];
	unsigned count = circle_others(circle, "", UINT64_MAX, members);

	for (unsigned i = 0; i < count; i++)
		(void)make_seat(sitting, circle, UINT64_MAX, &members[i]);
}

bool
sitting_take(struct sitting *sitting, const struct circle *circle,
    const struct sitting_kinds *kinds, const struct sitting_act *act)
{
	if (act->step.event == TASK_EVENT_PROPOSE && sitting->state == TASK_NONE)
		memcpy(sitting->task, act->step.task, SUITE_ID_LEN);
	return sitting_judge(sitting, circle, kinds, act) == STATUS_OK &&
	       apply(sitting, circle, task_sort_of(MESSAGE_CONFERENCE_PROPOSE),
		   task_sort_of(MESSAGE_MATTER_PUT), act);
}

void
sitting_void(const struct sitting_act *acts, size_t count, const struct circle *circle,
    const struct sitting_kinds *kinds, struct sitting *out, bool *voids)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < count; i++)
		voids[i] = voids[i] || !sitting_take(out, circle, kinds, &acts[i]);
	sitting_seat(out, circle);
}
