/* services/runtime/task/circle.c: the fold of who shares a history and who leads, and its digest; pure. */
#include "services/runtime/task/circle.h"

#include <string.h>

/* ---- Terms ------------------------------------------------------------------------------- */

static bool
same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool
holds(const struct circle_term *term, uint64_t index)
{
	return term->since <= index && (index < term->until || term->until == UINT64_MAX);
}

static uint64_t
end_at(uint64_t index)
{
	return index == UINT64_MAX ? CIRCLE_ENDING : index;
}

/* Whether TERM began by the step that ended BEFORE, and took its place, or goes on with it. */
static bool
follows(const struct circle_term *term, const struct circle_term *before)
{
	return end_at(term->since) == before->until &&
	       (same(term->followed.code, before->party.code) ||
		   same(term->party.code, before->party.code));
}

/* The membership of CODE that has not ended; NULL: it is no member. */
static struct circle_term *
running(struct circle *circle, const char *code)
{
	for (unsigned i = 0; i < circle->member_count; i++)
		if (circle->members[i].until == UINT64_MAX &&
		    same(circle->members[i].party.code, code))
			return &circle->members[i];
	return NULL;
}

static unsigned
members_now(const struct circle *circle)
{
	unsigned count = 0;

	for (unsigned i = 0; i < circle->member_count; i++)
		count += circle->members[i].until == UINT64_MAX;
	return count;
}

static void
begin(struct circle *circle, const struct circle_party *party, uint64_t index,
    const char *followed)
{
	struct circle_term *term = &circle->members[circle->member_count++];

	*term = (struct circle_term){.party = *party, .since = index, .until = UINT64_MAX};
	memcpy(term->followed.code, followed, strlen(followed));
}

static bool
lead(struct circle *circle, const struct circle_party *party, uint64_t index)
{
	if (circle->lead_count == CIRCLE_TERMS_MAX)
		return false;
	if (circle->lead_count > 0)
		circle->leads[circle->lead_count - 1].until = end_at(index);
	circle->leads[circle->lead_count++] =
	    (struct circle_term){.party = *party, .since = index, .until = UINT64_MAX};
	return true;
}

static bool
leads(const struct circle *circle, const struct circle_party *party)
{
	return circle->lead_count > 0 &&
	       same(circle->leads[circle->lead_count - 1].party.code, party->code);
}

/* ---- Steps: each is whether it follows, and does what it says if so ---------------------- */

/* Whether PARTIES has its Ith for the first time, and it is no member. */
static bool
is_new(struct circle *circle, const struct circle_step *step, unsigned i)
{
	const char *code = step->parties[i].code;

	for (unsigned j = 0; j < i; j++)
		if (same(step->parties[j].code, code))
			return false;
	return code[0] != '\0' && running(circle, code) == NULL;
}

static bool
add(struct circle *circle, const struct circle_step *step)
{
	unsigned count = step->party_count, added = 0;
	bool fresh[ENVELOPE_RECIPIENTS_MAX];

	if (count > ENVELOPE_RECIPIENTS_MAX)
		return false;
	for (unsigned i = 0; i < count; i++) {
		fresh[i] = is_new(circle, step, i);
		added += fresh[i];
	}
	if (added == 0 || circle->member_count + added > CIRCLE_TERMS_MAX ||
	    members_now(circle) + added > CIRCLE_MEMBERS_MAX)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (fresh[i])
			begin(circle, &step->parties[i], step->index, "");
	return true;
}

/* Once; who opens what nobody else is in has nobody to share with, and leads none the less. */
static bool
open_it(struct circle *circle, const struct circle_step *step)
{
	if (circle->lead_count > 0 || step->author.code[0] == '\0' ||
	    step->party_count > ENVELOPE_RECIPIENTS_MAX)
		return false;
	circle->sits = step->event == TASK_EVENT_PROPOSE;
	begin(circle, &step->author, step->index, "");
	(void)lead(circle, &step->author, step->index);
	(void)add(circle, step);
	circle->open = true;
	return true;
}

static bool
none_stands(struct circle *circle)
{
	memset(circle->transfer, 0, SUITE_ID_LEN);
	circle->offered = (struct circle_party){.code = ""};
	circle->offer_due_ms = circle->offer_made_ms = 0;
	circle->claimed = false;
	return true;
}

static bool
end(struct circle *circle, const struct circle_party *party, uint64_t index)
{
	struct circle_term *term = running(circle, party->code);

	if (term == NULL || leads(circle, party))
		return false;
	term->until = end_at(index);
	if (circle->claimed && same(circle->offered.code, party->code))
		none_stands(circle);
	return true;
}

static bool
hand_over(struct circle *circle, const struct circle_step *step)
{
	struct circle_term *had = running(circle, step->party.code);

	if (step->party.code[0] == '\0' || same(step->party.code, step->author.code) ||
	    circle->member_count == CIRCLE_TERMS_MAX ||
	    !end(circle, &step->author, step->index))
		return false;
	/* It was a member: its own place goes on in the term that has both. */
	if (had != NULL)
		had->until = end_at(step->index);
	begin(circle, &step->party, step->index, step->author.code);
	return true;
}

static bool
put_transfer(struct circle *circle, const struct circle_step *step,
    const struct circle_party *to, bool claimed)
{
	memcpy(circle->transfer, step->task, SUITE_ID_LEN);
	circle->offered = *to;
	circle->offer_due_ms = step->due_ms;
	circle->offer_made_ms = step->time_ms;
	circle->claimed = claimed;
	return true;
}

static bool
offer_lead(struct circle *circle, const struct circle_step *step)
{
	if (circle_stands(circle, step->time_ms) || leads(circle, &step->party) ||
	    running(circle, step->party.code) == NULL)
		return false;
	return put_transfer(circle, step, &step->party, false);
}

static bool
claim_lead(struct circle *circle, const struct circle_step *step)
{
	if (circle->sits || leads(circle, &step->author) ||
	    circle_keeps(circle, step->time_ms) ||
	    !circle_claim_due(step->due_ms, step->time_ms))
		return false;
	return put_transfer(circle, step, &step->author, true);
}

/* Whether STEP is about the offer, or claim, that was made last and is not answered. */
static bool
of_transfer(const struct circle *circle, const struct circle_step *step)
{
	return circle->offered.code[0] != '\0' &&
	       memcmp(circle->transfer, step->task, SUITE_ID_LEN) == 0;
}

static bool
is_offered(const struct circle *circle, const struct circle_step *step)
{
	return of_transfer(circle, step) && same(circle->offered.code, step->author.code);
}

static bool
take_lead(struct circle *circle, const struct circle_step *step)
{
	if (!is_offered(circle, step) || !circle_stands(circle, step->time_ms) ||
	    (circle->claimed && step->time_ms <= circle->offer_due_ms))
		return false;
	return lead(circle, &step->author, step->index) && none_stands(circle);
}

static bool
reject_lead(struct circle *circle, const struct circle_step *step)
{
	return is_offered(circle, step) && none_stands(circle);
}

/* It takes its offer back; or objects to a claim, while it is asked. */
static bool
revoke_lead(struct circle *circle, const struct circle_step *step)
{
	return of_transfer(circle, step) &&
	       (!circle->claimed || step->time_ms <= circle->offer_due_ms) &&
	       none_stands(circle);
}

static bool
assign(struct circle *circle, const struct circle_step *step)
{
	return running(circle, circle_successor(
				   circle, step->party.code, step->index, step->index)) != NULL;
}

/* Who is there to close it has answered a claim. */
static bool
close_it(struct circle *circle)
{
	circle->open = false;
	return !circle->claimed || none_stands(circle);
}

/* What only who leads may do. */
static bool
take_of_lead(struct circle *circle, const struct circle_step *step)
{
	if (!leads(circle, &step->author))
		return false;
	if (step->event == TASK_EVENT_ADD)
		return add(circle, step);
	if (step->event == TASK_EVENT_REMOVE)
		return end(circle, &step->party, step->index);
	if (step->event == TASK_EVENT_OFFER_LEAD)
		return offer_lead(circle, step);
	if (step->event == TASK_EVENT_REVOKE_LEAD)
		return revoke_lead(circle, step);
	if (step->event == TASK_EVENT_ASSIGN)
		return assign(circle, step);
	return close_it(circle);
}

static bool
is_of_lead(enum task_event event)
{
	return event == TASK_EVENT_ADD || event == TASK_EVENT_REMOVE ||
	       event == TASK_EVENT_OFFER_LEAD || event == TASK_EVENT_REVOKE_LEAD ||
	       event == TASK_EVENT_ASSIGN || event == TASK_EVENT_CLOSE;
}

bool
circle_take(struct circle *circle, const struct circle_step *step)
{
	if (step->event == TASK_EVENT_OPEN || step->event == TASK_EVENT_PROPOSE)
		return open_it(circle, step);
	if (step->event == TASK_EVENT_REOPEN) {
		if (circle->open || !leads(circle, &step->author))
			return false;
		circle->open = true;
		return true;
	}
	if (!circle->open || running(circle, step->author.code) == NULL)
		return false;
	if (is_of_lead(step->event))
		return take_of_lead(circle, step);
	if (step->event == TASK_EVENT_LEAVE)
		return end(circle, &step->author, step->index);
	if (step->event == TASK_EVENT_HAND_OVER)
		return hand_over(circle, step);
	if (step->event == TASK_EVENT_CLAIM_LEAD)
		return claim_lead(circle, step);
	if (step->event == TASK_EVENT_TAKE_LEAD)
		return take_lead(circle, step);
	if (step->event == TASK_EVENT_REJECT_LEAD)
		return reject_lead(circle, step);
	return true;
}

void
circle_fold(const struct circle_step *steps, size_t count, struct circle *out, bool *voids)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < count; i++) {
		bool taken = circle_take(out, &steps[i]);

		if (voids != NULL)
			voids[i] = !taken;
	}
}

/* ---- Offers and claims of the lead ------------------------------------------------------- */

bool
circle_stands(const struct circle *circle, uint64_t time_ms)
{
	if (circle->offered.code[0] == '\0')
		return false;
	if (circle->claimed)
		return time_ms <= circle_take_until(circle);
	return circle->offer_due_ms == 0 || time_ms <= circle->offer_due_ms;
}

/*
 * An offer to who is no member any more nobody can answer; and one that nobody answers for long
 * may be of one who is gone to another who is.
 */
bool
circle_keeps(const struct circle *circle, uint64_t time_ms)
{
	if (!circle_stands(circle, time_ms))
		return false;
	return circle->claimed ||
	       (circle_is_member(circle, circle->offered.code, UINT64_MAX) &&
		   (time_ms < circle->offer_made_ms ||
		       time_ms - circle->offer_made_ms <= CIRCLE_CLAIM_MAX_MS));
}

bool
circle_claim_due(uint64_t due_ms, uint64_t time_ms)
{
	return due_ms > time_ms && due_ms - time_ms >= CIRCLE_CLAIM_MS &&
	       due_ms - time_ms <= CIRCLE_CLAIM_MAX_MS;
}

uint64_t
circle_take_until(const struct circle *circle)
{
	return circle->offer_due_ms + CIRCLE_TAKE_MS;
}

const char *
circle_addressee(const struct circle_step *opening)
{
	return opening->event == TASK_EVENT_CLAIM_LEAD ? opening->author.code
	                                               : opening->party.code;
}

/* ---- Who, at a place in the log ---------------------------------------------------------- */

bool
circle_is_member(const struct circle *circle, const char *code, uint64_t index)
{
	for (unsigned i = 0; i < circle->member_count; i++)
		if (holds(&circle->members[i], index) &&
		    same(circle->members[i].party.code, code))
			return true;
	return false;
}

bool
circle_has_left(const struct circle *circle, const char *code)
{
	bool was = false;

	for (unsigned i = 0; i < circle->member_count; i++)
		if (same(circle->members[i].party.code, code)) {
			if (circle->members[i].until >= CIRCLE_ENDING)
				return false;
			was = true;
		}
	return was;
}

const char *
circle_lead(const struct circle *circle, uint64_t index)
{
	for (unsigned i = circle->lead_count; i > 0; i--)
		if (circle->leads[i - 1].since <= index)
			return circle->leads[i - 1].party.code;
	return NULL;
}

/* Terms stand in the order of the steps that began them, so one walk meets every hand-over. */
const char *
circle_successor(const struct circle *circle, const char *code, uint64_t from, uint64_t index)
{
	const struct circle_term *place = NULL;

	for (unsigned i = 0; i < circle->member_count; i++) {
		const struct circle_term *term = &circle->members[i];

		if ((term->since <= from && same(term->party.code, code)) ||
		    (place != NULL && term->since <= index && follows(term, place)))
			place = term;
	}
	return place != NULL ? place->party.code : code;
}

unsigned
circle_side(const struct circle *circle, const struct circle_task *task, const char *code,
    uint64_t index)
{
	const char *first = circle_lead(circle, index);
	unsigned sides = 0;

	if (task->share == TASK_OF_TWO || !circle_is_member(circle, code, index))
		return 0;
	if (first != NULL && same(first, code))
		sides |= TASK_SENDER;
	if (task->share == TASK_OF_ONE &&
	    same(circle_successor(circle, task->party, task->index, index), code))
		sides |= TASK_RECIPIENT;
	if (sides != 0)
		return sides;
	return task->share == TASK_OF_ALL ? TASK_RECIPIENT : TASK_ONLOOKER;
}

unsigned
circle_author_side(const struct circle *circle, const struct circle_task *task,
    const char *author, uint64_t index)
{
	unsigned sides = circle_side(circle, task, author, index);

	/* Who leads neither leaves nor hands over. */
	for (unsigned i = 0; sides == 0 && i < circle->member_count; i++)
		if (circle->members[i].until == end_at(index) &&
		    same(circle->members[i].party.code, author))
			sides = task->share == TASK_OF_ALL ? TASK_RECIPIENT : TASK_ONLOOKER;
	return task->share == TASK_OF_TWO ? 0 : sides;
}

unsigned
circle_others(const struct circle *circle, const char *self, uint64_t index,
    struct circle_party out[static CIRCLE_MEMBERS_MAX])
{
	unsigned count = 0;

	for (unsigned i = 0; i < circle->member_count && count < CIRCLE_MEMBERS_MAX; i++)
		if (holds(&circle->members[i], index) &&
		    !same(circle->members[i].party.code, self))
			out[count++] = circle->members[i].party;
	return count;
}

/* ---- Names ------------------------------------------------------------------------------- */

#define OF_CIRCLE 0x80 /* of the first byte */

void
circle_id(const uint8_t token[static SUITE_ID_LEN], uint8_t out[static SUITE_ID_LEN])
{
	const struct bytes part = {token, SUITE_ID_LEN};
	uint8_t hash[SUITE_HASH_LEN];

	suite_hash("saikne-v1-circle", &part, 1, hash);
	memcpy(out, hash, SUITE_ID_LEN);
	out[0] |= OF_CIRCLE;
}

void
circle_task_id(const uint8_t token[static SUITE_ID_LEN],
    const uint8_t chance[static CIRCLE_CHANCE_LEN], uint8_t out[static SUITE_ID_LEN])
{
	const struct bytes parts[] = {{token, SUITE_ID_LEN}, {out, CIRCLE_CHANCE_LEN}};
	uint8_t hash[SUITE_HASH_LEN];

	memmove(out, chance, CIRCLE_CHANCE_LEN);
	out[0] |= OF_CIRCLE;
	suite_hash("saikne-v1-circle-task", parts, 2, hash);
	memcpy(out + CIRCLE_CHANCE_LEN, hash, SUITE_ID_LEN - CIRCLE_CHANCE_LEN);
}

bool
circle_has_id(const uint8_t token[static SUITE_ID_LEN], bool is_frame,
    const uint8_t id[static SUITE_ID_LEN])
{
	uint8_t named[SUITE_ID_LEN];

	if (is_frame)
		circle_id(token, named);
	else
		circle_task_id(token, id, named);
	return memcmp(named, id, sizeof(named)) == 0;
}

bool
circle_is_id(const uint8_t id[static SUITE_ID_LEN])
{
	return (id[0] & OF_CIRCLE) != 0;
}

/* ---- The history's digest ---------------------------------------------------------------- */

void
circle_digest_add(
    uint8_t digest[static SUITE_HASH_LEN], uint64_t index, const struct merkle_hash *root)
{
	uint8_t place[8], next[SUITE_HASH_LEN];
	const struct bytes parts[] = {
	    {digest, SUITE_HASH_LEN}, {place, sizeof(place)}, {root->byte, SUITE_HASH_LEN}};

	bytes_put_u64(place, index);
	suite_hash("saikne-v1-history", parts, 3, next);
	memcpy(digest, next, SUITE_HASH_LEN);
}

void
circle_digest(const struct circle_entry *entries, size_t count, uint64_t upto,
    uint8_t digest[static SUITE_HASH_LEN], uint64_t *covered)
{
	memset(digest, 0, SUITE_HASH_LEN);
	*covered = 0;
	for (size_t i = 0; i < count && entries[i].index <= upto; i++) {
		circle_digest_add(digest, entries[i].index, &entries[i].root);
		(*covered)++;
	}
}
