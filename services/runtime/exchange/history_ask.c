/* services/runtime/exchange/history_ask.c: asking the members for what we lack, and answering them. */
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/exchange/inbox_inside.h"
#include "services/runtime/exchange/service.h"

#define ASKS_HOURLY 30 /* then once a day: what a day of asking did not bring may be nobody's */

/* ---- Asking ------------------------------------------------------------------------------ */

/*
 * Up to where all is well: with each of those who have more we agreed up to somewhere, and what we
 * lack lies behind. An entry that came since may lie before it, so in the end we ask for all.
 */
static enum status
find_since(struct service *service, const struct history_circle *circle, uint64_t *out)
{
	struct history_claim claim = {.party = ""};
	uint64_t since = UINT64_MAX;
	enum status rc;

	while ((rc = history_store_claim_after(
		    service->db, circle->circle_n, claim.party, &claim)) == STATUS_OK)
		if (claim.lacking && claim.agreed < since)
			since = claim.agreed;
	*out = since == UINT64_MAX || circle->asks >= 2 ? 0 : since;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Of the entries behind SINCE that are BY's to pass on to PARTY the first COUNT, and their digest. */
struct part {
	const char *by, *party;
	uint64_t since, count;
	uint8_t digest[SUITE_HASH_LEN];
};

static bool
is_in(const struct service *service, const struct circles *circles, const struct part *part,
    size_t i)
{
	const struct circle_act *act = &circles->acts[i];

	return act->step.index > part->since && circles_counts(circles, i) &&
	       strcmp(act->step.author.code, part->party) != 0 &&
	       history_is_of(service, part->by, part->party, &circles->circle, act);
}

/* What there is of it here. */
static void
measure(const struct service *service, const struct circles *circles, struct part *part)
{
	part->count = 0;
	memset(part->digest, 0, sizeof(part->digest));
	for (size_t i = 0; i < circles->count; i++)
		if (is_in(service, circles, part, i)) {
			circle_digest_add(
			    part->digest, circles->acts[i].step.index, &circles->acts[i].root);
			part->count++;
		}
}

/* Up to which index it is the same here; SINCE: not even the first, or it has others. */
static uint64_t
match(const struct service *service, const struct circles *circles, const struct part *said)
{
	uint8_t digest[SUITE_HASH_LEN] = {0};
	uint64_t count = 0, last = said->since;

	for (size_t i = 0; count < said->count && i < circles->count; i++)
		if (is_in(service, circles, said, i)) {
			last = circles->acts[i].step.index;
			circle_digest_add(digest, last, &circles->acts[i].root);
			count++;
		}
	return count == said->count && memcmp(digest, said->digest, sizeof(digest)) == 0
	           ? last
	           : said->since;
}

static enum status
ask_content(struct service *service, const struct history_circle *circle, const char *party,
    uint64_t since, struct content *content)
{
	struct part part = {.by = party, .party = service->config.code, .since = since};
	const struct circles *circles;
	enum status rc = circles_fold(service, circle->circle_n, &circles);

	if (rc != STATUS_OK)
		return rc;
	measure(service, circles, &part);
	if ((rc = content_start(MESSAGE_HISTORY_ASK, content)) == STATUS_OK)
		rc = content_set_uint(content, FIELD_SINCE, since);
	if (rc == STATUS_OK)
		rc = content_set_uint(content, FIELD_HISTORY_COUNT, part.count);
	return rc == STATUS_OK ? content_set_hash(content, FIELD_HISTORY, part.digest) : rc;
}

static enum status
ask(struct service *service, struct departure *departure, const struct history_circle *circle,
    const char *party, uint64_t since)
{
	struct task_row task = {.sort = task_sort_of(MESSAGE_HISTORY_ASK)};
	struct content content = {0};
	struct task_row frame;
	enum status rc = departure_reaches(service, party);

	if (rc != STATUS_OK)
		return rc;
	rc = case_store_find_task(service->db, circle->id, &frame);
	if (rc == STATUS_OK)
		rc = ask_content(service, circle, party, since, &content);
	if (rc == STATUS_OK &&
	    !bytes_to_text(bytes_of_text(party), task.peer, sizeof(task.peer)))
		rc = STATUS_ARGUMENT;
	task.case_n = frame.case_n;
	if (rc == STATUS_OK)
		rc = history_send(service, departure, circle, &task, &content);
	content_free(&content);
	return rc;
}

/* Whether that PARTY cannot be reached is about it alone. */
static bool
is_theirs(enum status rc)
{
	return rc == STATUS_UNKNOWN_PARTY || rc == STATUS_SUSPENDED ||
	       rc == STATUS_UNKNOWN_EPOCH;
}

enum status
history_ask(struct service *service, struct departure *departure, struct history_circle *circle)
{
	struct history_claim claim = {.party = ""};
	uint64_t since, pause = HISTORY_ASK_MS;
	enum status rc = find_since(service, circle, &since);

	if (rc != STATUS_OK)
		return rc;
	while ((rc = history_store_claim_after(
		    service->db, circle->circle_n, claim.party, &claim)) == STATUS_OK) {
		if (claim.lacking &&
		    (rc = inbox_problem(service, "history_gap", bytes_of_text(claim.party),
			 STATUS_AGAIN, claim.upto)) != STATUS_OK)
			return rc;
		rc = ask(service, departure, circle, claim.party, since);
		if (rc != STATUS_OK && !is_theirs(rc))
			return rc;
	}
	if (rc != STATUS_NOT_FOUND)
		return rc;
	circle->asks++;
	for (uint64_t i = 0; i < circle->asks && pause < HISTORY_ASK_MAX_MS; i++)
		pause *= 2;
	if (pause > HISTORY_ASK_MAX_MS)
		pause = HISTORY_ASK_MAX_MS;
	circle->ask_ms =
	    service->now_ms + (circle->asks > ASKS_HOURLY ? HISTORY_SELDOM_MS : pause);
	return history_store_set_circle(service->db, circle);
}

/* ---- Being asked ------------------------------------------------------------------------- */

enum status
history_find(struct service *service, const struct incoming *in, struct history_circle *circle,
    uint64_t *case_n)
{
	struct task_row frame;
	enum status rc =
	    history_store_circle_of(service->db, in->leaf->header.case_token, circle);

	if (rc == STATUS_OK)
		rc = case_store_find_task(service->db, circle->id, &frame);
	if (rc == STATUS_OK)
		*case_n = frame.case_n;
	return rc == STATUS_NOT_FOUND ? STATUS_NOT_A_MEMBER : rc;
}

/* Who is no member has no right to what came since. */
enum status
history_judge_ask(struct service *service, struct incoming *in)
{
	const struct circles *circles;
	struct history_circle circle;
	struct case_key key;
	uint64_t case_n;
	enum status rc = history_find(service, in, &circle, &case_n);

	if (rc == STATUS_OK)
		rc = circles_fold(service, circle.circle_n, &circles);
	if (rc != STATUS_OK)
		return rc;
	if (history_has_opening(circles) &&
	    !circle_is_member(&circles->circle, in->peer, UINT64_MAX))
		return STATUS_NOT_A_MEMBER;
	/* Without the salts of what was erased nothing can be passed on. */
	rc = case_file_key(service, case_n, &key);
	vault_forget(&key);
	return rc;
}

uint64_t
history_pause(const struct history_pass *pass)
{
	uint64_t pause = HISTORY_AGAIN_MS;

	for (uint64_t i = 1; i < pass->times && pause < HISTORY_SELDOM_MS; i++)
		pause *= 2;
	return pause;
}

enum status
history_returned(struct service *service, uint64_t task_n)
{
	struct history_pass pass;
	enum status rc = history_store_pass_by(service->db, task_n, &pass);

	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK; /* it went again since */
	if (rc != STATUS_OK || (pass.how != PASSED_CONTENT && pass.how != PASSED_ACTS))
		return rc;
	pass.how = PASSED_DUE;
	pass.time_ms = service->now_ms + history_pause(&pass);
	return history_store_set_pass(service->db, &pass);
}

enum status
history_denied(struct service *service, const struct task_row *task)
{
	const struct circles *circles;
	struct history_circle circle;
	struct history_claim claim;
	enum status rc = history_store_circle_of(service->db, task->token, &circle);

	if (rc == STATUS_OK)
		rc = history_store_claim(service->db, circle.circle_n, task->peer, &claim);
	if (rc == STATUS_OK)
		rc = circles_fold(service, circle.circle_n, &circles);
	if (rc != STATUS_OK || history_has_opening(circles))
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	claim = (struct history_claim){.planned = claim.planned};
	memcpy(claim.party, task->peer, sizeof(claim.party));
	/* Found to be otherwise, it takes the problem that people see with it. */
	claim.lacking = true;
	rc = history_store_set_claim(service->db, circle.circle_n, &claim);
	return rc == STATUS_OK ? history_follow(service, circle.circle_n) : rc;
}

/*
 * What went less than a pause ago, or is on its way: with documents that may take long, and who waits
 * for them asks meanwhile.
 */
static enum status
is_enough(struct service *service, const struct history_pass *pass, bool *out)
{
	*out = service->now_ms < pass->time_ms + history_pause(pass) &&
	       service->now_ms >= pass->time_ms;
	return *out || pass->task_n == 0
	           ? STATUS_OK
	           : outbox_store_has_task(service->db, pass->task_n, out);
}

static enum status
answer(struct service *service, uint64_t event_n, const char *party)
{
	struct history_pass pass;
	bool enough = false;
	enum status rc = history_store_pass(service->db, event_n, party, &pass);

	if (rc == STATUS_NOT_FOUND)
		return history_put_down(service, event_n, party, STATUS_OK, service->now_ms);
	if (rc != STATUS_OK || (pass.how == PASSED_NEVER && pass.status == STATUS_ERASED))
		return rc;
	if (pass.how != PASSED_DUE && pass.how != PASSED_NEVER &&
	    ((rc = is_enough(service, &pass, &enough)) != STATUS_OK || enough))
		return rc;
	pass.how = PASSED_DUE;
	pass.time_ms = service->now_ms;
	return history_store_set_pass(service->db, &pass);
}

/* What the asker says that it has of ours is none of what it lacks. */
static enum status
read_ask(const struct service *service, const struct incoming *in,
    const struct circles *circles, uint64_t *since)
{
	struct part said = {.by = service->config.code, .party = in->peer};

	if (!content_uint(&in->content, FIELD_SINCE, &said.since) ||
	    !content_uint(&in->content, FIELD_HISTORY_COUNT, &said.count) ||
	    !content_hash(&in->content, FIELD_HISTORY, said.digest))
		return STATUS_BAD_CONTENT;
	*since = match(service, circles, &said);
	return STATUS_OK;
}

enum status
history_take_ask(struct service *service, struct incoming *in, uint64_t *case_n)
{
	const struct circles *circles;
	struct history_circle circle;
	uint64_t since;
	enum status rc = history_find(service, in, &circle, case_n);

	if (rc == STATUS_OK)
		rc = circles_fold(service, circle.circle_n, &circles);
	if (rc == STATUS_OK)
		rc = read_ask(service, in, circles, &since);
	for (size_t i = 0; rc == STATUS_OK && i < circles->count; i++) {
		const struct circle_act *act = &circles->acts[i];

		if (act->step.index > since && act->step.index != UINT64_MAX &&
		    (act->own || circles_counts(circles, i)) &&
		    strcmp(act->step.author.code, in->peer) != 0 &&
		    history_is_of(
			service, service->config.code, in->peer, &circles->circle, act))
			rc = answer(service, act->event_n, in->peer);
	}
	return rc;
}
