/* services/runtime/exchange/history_plan.c: who lacks which act of ours, and asking for what we lack. */
#include <string.h>

#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/exchange/inbox_inside.h"
#include "services/runtime/exchange/service.h"

/* ---- Who lacks what ---------------------------------------------------------------------- */

bool
history_is_mute(const struct service *service, const char *author)
{
	const struct party *party = directory_party(service->directory, bytes_of_text(author));

	return party != NULL && party->suspended_index != 0;
}

bool
history_is_of(const struct service *service, const char *code, const char *to,
    const struct circle *circle, const struct circle_act *act)
{
	const char *lead = circle_lead(circle, HISTORY_PLACED);

	return strcmp(act->step.author.code, code) == 0 ||
	       (lead != NULL && (strcmp(lead, code) == 0 || strcmp(lead, to) == 0) &&
		   (!circle_is_member(circle, act->step.author.code, UINT64_MAX) ||
		       history_is_mute(service, act->step.author.code)));
}

enum status
history_put_down(struct service *service, uint64_t event_n, const char *party, enum status why,
    uint64_t at_ms)
{
	struct history_pass row;
	enum status rc = history_store_pass(service->db, event_n, party, &row);

	/* What was put down before it had its place in the log goes now. */
	if (rc == STATUS_OK && row.how == PASSED_DUE && row.time_ms > at_ms) {
		row.time_ms = at_ms;
		return history_store_set_pass(service->db, &row);
	}
	/*
	 * It left, and is a member again: it had nothing, or the acts alone, which may go with
	 * their content now. Or who wrote it did.
	 */
	if (rc == STATUS_OK && (row.how == PASSED_ACTS ||
				   (row.how == PASSED_NEVER && row.status != STATUS_ERASED)))
		rc = STATUS_NOT_FOUND;
	if (rc != STATUS_NOT_FOUND)
		return rc;
	row = (struct history_pass){
	    .event_n = event_n, .how = PASSED_DUE, .status = why, .time_ms = at_ms};
	if (!bytes_to_text(bytes_of_text(party), row.party, sizeof(row.party)))
		return STATUS_ARGUMENT;
	return history_store_set_pass(service->db, &row);
}

/* Whether the header of the entry at INDEX, in LEAF, names PARTY. */
static bool
names(const struct leaf *leaf, const char *party)
{
	for (uint32_t i = 0; i < leaf->header.recipient_count; i++)
		if (bytes_is_text(leaf->header.recipients[i].party, party))
			return true;
	return false;
}

/* What who left wrote goes behind its leaving: until that is known it is a member's own to pass on. */
static uint64_t
when_due(const struct service *service, const struct circle_act *act)
{
	const bool leaves =
	    act->step.event == TASK_EVENT_LEAVE || act->step.event == TASK_EVENT_HAND_OVER;
	const bool at_once =
	    act->own || leaves || history_is_mute(service, act->step.author.code);

	return service->now_ms + (at_once ? 0 : 1);
}

/* Of those in PARTIES whoever ACT, of ours, did not go to. */
static enum status
plan_act(struct service *service, const struct circle_act *act,
    const struct circle_party *parties, unsigned count)
{
	struct buffer bytes = {0};
	struct leaf leaf;
	enum status rc = event_store_leaf(service->db, act->step.index, &bytes);

	/* It is being taken in: whoever joins by it is its recipient. */
	if (rc == STATUS_NOT_FOUND && !act->own)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = leaf_parse(bytes_of_buffer(&bytes), &leaf) == STATUS_OK &&
		             leaf.kind == LEAF_ACCEPTED
		         ? STATUS_OK
		         : STATUS_DATABASE;
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		struct history_pass pass;

		if (strcmp(parties[i].code, act->step.author.code) == 0)
			continue;
		/* Whom it went to has it, unless it had to be passed on to that one after all. */
		if (names(&leaf, parties[i].code))
			rc = history_store_pass(
			    service->db, act->event_n, parties[i].code, &pass);
		if (rc == STATUS_OK)
			rc = history_put_down(service, act->event_n, parties[i].code, STATUS_OK,
			    when_due(service, act));
		if (rc == STATUS_NOT_FOUND)
			rc = STATUS_OK;
	}
	buffer_free(&bytes);
	return rc;
}

/*
 * Acts of ours from behind AFTER up to UPTO, for all of PARTIES; where LEFT also those of who is no
 * member any more, or suspended.
 */
static enum status
plan_acts(struct service *service, uint64_t circle_n, uint64_t after, uint64_t upto, bool left,
    const struct circle_party *parties, unsigned count)
{
	const struct circles *circles;
	enum status rc = circles_fold(service, circle_n, &circles);

	if (rc != STATUS_OK || count == 0)
		return rc;
	for (size_t i = left ? 0 : circles_after(circles, after);
	     rc == STATUS_OK && i < circles->count; i++) {
		const struct circle_act *act = &circles->acts[i];

		if (act->own ? act->step.index > after && act->step.index <= upto
			     : left && circles_counts(circles, i) &&
				   history_is_of(service, service->config.code, "",
				       &circles->circle, act))
			rc = plan_act(service, act, parties, count);
	}
	return rc;
}

/* A checksum of who was a member when: what it is for stays in this database. */
static uint64_t
terms_of(const struct circle *circle)
{
	uint64_t sum = 14695981039346656037ULL;

	for (unsigned i = 0; i < circle->member_count; i++) {
		const struct circle_term *term = &circle->members[i];

		sum = (sum ^ term->since ^ term->until << 1) * 1099511628211ULL;
		for (const char *c = term->party.code; *c != '\0'; c++)
			sum = (sum ^ (uint8_t)*c) * 1099511628211ULL;
	}
	return sum & INT64_MAX;
}

/* Who left lacks what was written since, once it is a member again. */
static enum status
forget_left(struct service *service, uint64_t circle_n, const struct circles *circles)
{
	struct history_claim claim = {.party = ""};
	enum status rc;

	while ((rc = history_store_claim_after(service->db, circle_n, claim.party, &claim)) ==
	       STATUS_OK) {
		if (!claim.planned ||
		    circle_is_member(&circles->circle, claim.party, HISTORY_PLACED))
			continue;
		claim.planned = false;
		if ((rc = history_store_set_claim(service->db, circle_n, &claim)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Those of OTHERS that no claim is of yet get one, which says nothing; how many they are. */
static enum status
find_new(struct service *service, uint64_t circle_n, const struct circle_party *others,
    unsigned count, struct circle_party *out, unsigned *found)
{
	struct history_claim claim;
	enum status rc = STATUS_OK;

	*found = 0;
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		rc = history_store_claim(service->db, circle_n, others[i].code, &claim);
		if (rc == STATUS_OK && claim.planned)
			continue;
		if (rc == STATUS_NOT_FOUND) {
			claim = (struct history_claim){.planned = false};
			memcpy(claim.party, others[i].code, sizeof(claim.party));
			rc = STATUS_OK;
		}
		claim.planned = true;
		out[(*found)++] = others[i];
		if (rc == STATUS_OK)
			rc = history_store_set_claim(service->db, circle_n, &claim);
	}
	return rc;
}

enum status
history_plan(struct service *service, struct history_circle *circle)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX], fresh[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned count, found = 0;
	uint64_t last = circle->planned, terms;
	enum status rc = circles_fold(service, circle->circle_n, &circles);

	if (rc != STATUS_OK)
		return rc;
	for (size_t i = circles_after(circles, last); i < circles->count; i++)
		if (circles->acts[i].own && circles->acts[i].step.index != UINT64_MAX)
			last = circles->acts[i].step.index;
	terms = terms_of(&circles->circle);
	if (last == circle->planned && terms == circle->terms)
		return STATUS_OK;
	count = circle_others(&circles->circle, service->config.code, HISTORY_PLACED, others);
	if (terms != circle->terms)
		rc = forget_left(service, circle->circle_n, circles);
	if (rc == STATUS_OK && terms != circle->terms)
		rc = find_new(service, circle->circle_n, others, count, fresh, &found);
	if (rc == STATUS_OK)
		rc = plan_acts(
		    service, circle->circle_n, 0, circle->planned, true, fresh, found);
	if (rc == STATUS_OK)
		rc = plan_acts(
		    service, circle->circle_n, circle->planned, last, false, others, count);
	circle->planned = last;
	circle->terms = terms;
	return rc;
}
