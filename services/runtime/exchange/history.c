/* services/runtime/exchange/history.c: what members say of a circle's history, held against ours. */
#include "services/runtime/exchange/history.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/chain_store.h"

/* ---- Our own ----------------------------------------------------------------------------- */

/*
 * What was computed stays until an entry before it comes (store_schema.c), so an act costs its own
 * entry and no more. Looks, which write nothing, go the same way.
 */
static enum status
reach(struct service *service, uint64_t circle_n, uint64_t upto, struct history_at *at)
{
	const bool keep = database_in_transaction(service->db);
	const struct circles *circles;
	enum status rc = history_store_at(service->db, circle_n, upto, at);

	if (rc == STATUS_NOT_FOUND) {
		*at = (struct history_at){0};
		rc = STATUS_OK;
	}
	if (rc == STATUS_OK)
		rc = circles_fold(service, circle_n, &circles);
	if (rc != STATUS_OK)
		return rc;
	for (size_t i = circles_after(circles, at->index);
	     rc == STATUS_OK && i < circles->count && circles->acts[i].step.index <= upto;
	     i++) {
		const struct circle_act *act = &circles->acts[i];

		if (!circles_counts(circles, i))
			continue;
		circle_digest_add(at->digest, act->step.index, &act->root);
		at->index = act->step.index;
		at->count++;
		if (keep)
			rc = history_store_add_at(service->db, circle_n, at);
	}
	return rc;
}

enum status
history_state(struct service *service, uint64_t circle_n, uint64_t upto, uint64_t *count,
    uint8_t digest[static SUITE_HASH_LEN])
{
	struct history_at at;
	enum status rc = reach(service, circle_n, upto, &at);

	if (rc != STATUS_OK)
		return rc;
	*count = at.count;
	memcpy(digest, at.digest, SUITE_HASH_LEN);
	return STATUS_OK;
}

/* ---- Theirs ------------------------------------------------------------------------------ */

/* Whether a person settled that so many more than AT nobody will have from it. */
static bool
is_aside(const struct history_claim *claim, const struct history_at *at)
{
	return claim->aside > 0 && claim->count - at->count == claim->aside - 1;
}

/*
 * Who has fewer entries lacks some, and asks for them itself, or has no receipt yet for its own;
 * who has as many, and others, or more, has what we lack.
 */
static enum status
judge(struct service *service, uint64_t circle_n, struct history_claim *claim)
{
	struct history_at at;
	enum status rc = reach(service, circle_n, claim->upto, &at);

	if (rc != STATUS_OK)
		return rc;
	if (at.count == claim->count &&
	    memcmp(at.digest, claim->digest, sizeof(at.digest)) == 0) {
		claim->agreed = claim->upto;
		claim->lacking = false;
		claim->aside = 0;
	} else {
		claim->lacking = claim->count >= at.count && !is_aside(claim, &at);
	}
	return STATUS_OK;
}

/* Whose word counts: a member's, or anybody's until we know who they are. */
static bool
counts(const struct service *service, const struct circles *circles, const char *party)
{
	return strcmp(party, service->config.code) != 0 &&
	       (!history_has_opening(circles) ||
		   circle_is_member(&circles->circle, party, UINT64_MAX));
}

/* Whether it is ours to ask for what lacks. */
static bool
are_in(const struct service *service, const struct circles *circles)
{
	return !history_has_opening(circles) ||
	       circle_is_member(&circles->circle, service->config.code, UINT64_MAX);
}

/* PARTY has nothing any more that we lack: in no circle, or it is none of our business. */
static enum status
settle_problem(struct service *service, const char *party)
{
	bool lacking;
	enum status rc = history_store_lacking(service->db, party, &lacking);

	return rc != STATUS_OK || lacking
	           ? rc
	           : chain_store_resolved(service->db, "history_gap", party);
}

static enum status
judge_anew(struct service *service, const struct circles *circles, struct history_claim *claim)
{
	const struct history_claim was = *claim;
	enum status rc;

	if (!counts(service, circles, claim->party)) {
		rc = history_store_drop_claim(service->db, circles->n, claim->party);
		return rc == STATUS_OK ? settle_problem(service, claim->party) : rc;
	}
	if ((rc = judge(service, circles->n, claim)) != STATUS_OK)
		return rc;
	/* What we lack where we are no member nobody will tell us. */
	claim->lacking = claim->lacking && are_in(service, circles);
	if (claim->agreed == was.agreed && claim->lacking == was.lacking)
		return STATUS_OK;
	rc = history_store_set_claim(service->db, circles->n, claim);
	return rc == STATUS_OK && !claim->lacking ? settle_problem(service, claim->party) : rc;
}

/* What all of them say together decides whether, and when, we ask. */
static void
conclude(
    const struct service *service, bool lacking, uint64_t agreed, struct history_circle *circle)
{
	circle->agreed = agreed;
	if (lacking) {
		if (!circle->gap || circle->ask_ms == 0)
			circle->ask_ms = service->now_ms + HISTORY_ASK_MS;
	} else {
		circle->ask_ms = circle->asks = 0;
	}
	circle->gap = lacking;
}

static enum status
look_at_claims(struct service *service, struct history_circle *circle)
{
	const struct circles *circles;
	struct history_claim claim = {.party = ""};
	uint64_t agreed = UINT64_MAX;
	bool lacking = false;
	enum status rc;

	/* Judging writes what the fold in memory does not rest on, so it may be kept. */
	while ((rc = history_store_claim_after(
		    service->db, circle->circle_n, claim.party, &claim)) == STATUS_OK) {
		if ((rc = circles_fold(service, circle->circle_n, &circles)) != STATUS_OK ||
		    (rc = judge_anew(service, circles, &claim)) != STATUS_OK)
			return rc;
		if (!counts(service, circles, claim.party))
			continue;
		lacking = lacking || claim.lacking;
		agreed = claim.agreed < agreed ? claim.agreed : agreed;
	}
	if (rc != STATUS_NOT_FOUND)
		return rc;
	conclude(service, lacking, agreed == UINT64_MAX ? 0 : agreed, circle);
	return STATUS_OK;
}

/*
 * What agreed goes on to agree while no entry came in between: so where nothing lacks an act costs
 * a look at one row.
 */
static enum status
must_look(struct service *service, const struct history_circle *circle, bool *out)
{
	struct history_at at;
	enum status rc;

	*out = circle->gap || circle->looked == 0;
	if (*out)
		return STATUS_OK;
	rc = history_store_at(service->db, circle->circle_n, circle->looked, &at);
	*out = rc != STATUS_OK || at.index != circle->looked;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
look(struct service *service, struct history_circle *circle)
{
	struct history_at at;
	enum status rc = look_at_claims(service, circle);

	if (rc == STATUS_OK)
		rc = reach(service, circle->circle_n, UINT64_MAX, &at);
	if (rc == STATUS_OK)
		circle->looked = at.index;
	return rc;
}

enum status
history_compare(struct service *service, uint64_t circle_n, const char *author,
    uint64_t applied, uint64_t count, const uint8_t digest[static SUITE_HASH_LEN])
{
	struct history_claim claim;
	struct history_circle circle;
	enum status rc = history_store_claim(service->db, circle_n, author, &claim);

	if (rc == STATUS_NOT_FOUND)
		claim = (struct history_claim){.party = ""};
	else if (rc != STATUS_OK)
		return rc;
	/* One that was passed on late says what its author had long ago. */
	if (rc == STATUS_OK && applied < claim.upto)
		return STATUS_OK;
	if (!bytes_to_text(bytes_of_text(author), claim.party, sizeof(claim.party)))
		return STATUS_ARGUMENT;
	claim.upto = applied;
	claim.count = count;
	memcpy(claim.digest, digest, sizeof(claim.digest));
	if ((rc = judge(service, circle_n, &claim)) == STATUS_OK)
		rc = history_store_set_claim(service->db, circle_n, &claim);
	if (rc == STATUS_OK)
		rc = history_store_circle(service->db, circle_n, &circle);
	if (rc != STATUS_OK || (!claim.lacking && !circle.gap))
		return rc;
	rc = look(service, &circle);
	return rc == STATUS_OK ? history_store_set_circle(service->db, &circle) : rc;
}

static bool
is_as_it_was(const struct history_circle *was, const struct history_circle *is)
{
	return was->agreed == is->agreed && was->gap == is->gap && was->ask_ms == is->ask_ms &&
	       was->asks == is->asks && was->planned == is->planned &&
	       was->terms == is->terms && was->looked == is->looked;
}

enum status
history_follow(struct service *service, uint64_t circle_n)
{
	struct history_circle circle, was;
	bool needed;
	enum status rc = history_store_circle(service->db, circle_n, &circle);

	if (rc != STATUS_OK)
		return rc;
	was = circle;
	rc = history_plan(service, &circle);
	if (rc == STATUS_OK)
		rc = must_look(service, &circle, &needed);
	if (rc == STATUS_OK && needed)
		rc = look(service, &circle);
	return rc == STATUS_OK && !is_as_it_was(&was, &circle)
	           ? history_store_set_circle(service->db, &circle)
	           : rc;
}

enum status
history_came(struct service *service, uint64_t circle_n, const char *author,
    const struct content *content)
{
	uint8_t digest[SUITE_HASH_LEN];
	uint64_t applied, count;
	enum status rc = STATUS_OK;

	if (content_uint(content, FIELD_APPLIED, &applied) &&
	    content_uint(content, FIELD_HISTORY_COUNT, &count) &&
	    content_hash(content, FIELD_HISTORY, digest))
		rc = history_compare(service, circle_n, author, applied, count, digest);
	return rc == STATUS_OK ? history_follow(service, circle_n) : rc;
}

enum status
history_set_aside(struct service *service, uint64_t circle_n, const char *party)
{
	struct history_claim claim;
	struct history_circle circle;
	struct history_at at;
	enum status rc = history_store_claim(service->db, circle_n, party, &claim);

	if (rc == STATUS_OK)
		rc = history_store_circle(service->db, circle_n, &circle);
	if (rc != STATUS_OK)
		return rc;
	if (!claim.lacking)
		return STATUS_WRONG_STATE;
	if (circle.asks < HISTORY_ASIDE_ASKS)
		return STATUS_AGAIN;
	if ((rc = reach(service, circle_n, claim.upto, &at)) != STATUS_OK)
		return rc;
	claim.aside = claim.count - at.count + 1;
	claim.lacking = false;
	if ((rc = history_store_set_claim(service->db, circle_n, &claim)) != STATUS_OK ||
	    (rc = settle_problem(service, party)) != STATUS_OK)
		return rc;
	rc = look(service, &circle);
	return rc == STATUS_OK ? history_store_set_circle(service->db, &circle) : rc;
}

/* ---- The clock --------------------------------------------------------------------------- */

/* Nobody can be reached by us now, whoever it is. */
static bool
is_ours(enum status rc)
{
	return rc == STATUS_STALE_DIRECTORY || rc == STATUS_FORKED_LOG ||
	       rc == STATUS_UNKNOWN_KEY || rc == STATUS_DATABASE || rc == STATUS_NO_SPACE ||
	       rc == STATUS_NO_MEMORY || rc == STATUS_INTERNAL;
}

static enum status
ask_one(struct service *service, struct history_circle *circle)
{
	struct departure departure = {0};
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = history_ask(service, &departure, circle);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	return service_end(service, rc, "act");
}

static enum status
pass_one(struct service *service, struct history_pass *pass)
{
	struct departure departure = {0};
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = history_pass_on(service, &departure, pass);
	if (rc == STATUS_OK)
		rc = history_store_set_pass(service->db, pass);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	return service_end(service, rc, "act");
}

/* Who cannot be reached is tried again later. */
static enum status
put_off(struct service *service, const struct history_pass *pass, enum status why)
{
	struct history_pass row = *pass;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	row.how = PASSED_DUE;
	row.status = why;
	row.time_ms = service->now_ms + HISTORY_ASK_MAX_MS;
	rc = history_store_set_pass(service->db, &row);
	return service_end(service, rc, "act");
}

enum status
history_reach(struct service *service)
{
	struct history_pass pass = {.party = ""};
	enum status rc;

	while ((rc = history_store_unreached(
		    service->db, service->now_ms, pass.party, &pass)) == STATUS_OK) {
		if (departure_reaches(service, pass.party) != STATUS_OK)
			continue;
		if ((rc = service_begin(service)) != STATUS_OK)
			return rc;
		rc = history_store_hasten(service->db, service->now_ms, pass.party);
		if ((rc = service_end(service, rc, "act")) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* A time far ahead was given by a clock that has been set back since. */
static bool
is_due(const struct service *service, uint64_t at_ms)
{
	return at_ms <= service->now_ms || at_ms > service->now_ms + 2 * HISTORY_SELDOM_MS;
}

static bool
run_asks(struct service *service)
{
	struct history_circle circle;
	bool sent = false;

	while (history_store_asking(service->db, &circle) == STATUS_OK &&
	       is_due(service, circle.ask_ms)) {
		enum status rc = ask_one(service, &circle);

		if (rc != STATUS_OK) {
			oplog(OPLOG_WARNING, "what lacks is not asked for now: %s",
			    status_name(rc));
			service->history_pause_ms = service->now_ms + HISTORY_AGAIN_MS;
			break;
		}
		sent = true;
	}
	return sent;
}

static bool
run_passes(struct service *service)
{
	struct history_pass pass, was;
	bool sent = false;
	enum status rc = STATUS_OK;

	for (unsigned i = 0; i < HISTORY_TURN; i++) {
		if (history_store_due(service->db, &pass) != STATUS_OK ||
		    !is_due(service, pass.time_ms))
			return sent;
		was = pass;
		rc = pass_one(service, &pass);
		sent = true;
		if (rc == STATUS_OK)
			continue;
		if (rc != STATUS_AGAIN)
			oplog(OPLOG_WARNING, "an entry of a history is not passed on now: %s",
			    status_name(rc));
		if (is_ours(rc) || put_off(service, &was, rc) != STATUS_OK) {
			service->history_pause_ms = service->now_ms + HISTORY_AGAIN_MS;
			return false;
		}
	}
	return sent;
}

bool
history_run(struct service *service)
{
	bool asked;

	if (service->now_ms < service->history_pause_ms ||
	    service_may_seal(service) != STATUS_OK)
		return false;
	asked = run_asks(service);
	return run_passes(service) || asked;
}

uint64_t
history_next_ms(struct service *service)
{
	struct history_circle circle;
	struct history_pass pass;
	uint64_t next = 0;

	if (service_may_seal(service) != STATUS_OK)
		return 0;
	if (history_store_asking(service->db, &circle) == STATUS_OK)
		next = circle.ask_ms;
	if (history_store_due(service->db, &pass) == STATUS_OK &&
	    (next == 0 || pass.time_ms < next))
		next = pass.time_ms;
	return next != 0 && next < service->history_pause_ms ? service->history_pause_ms : next;
}
