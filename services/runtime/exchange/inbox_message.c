/* services/runtime/exchange/inbox_message.c: a message that came: applied, answered for. */
#include "services/runtime/exchange/inbox_inside.h"

#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/custody_fate.h"
#include "services/runtime/exchange/custody_forwarded.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/fetch.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/release.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/store/citing_store.h"
#include "services/runtime/store/outbox_store.h"

/* What a peer may be told in UNREADABLE; anything else is our own trouble. */
static bool
is_verdict(enum status rc)
{
	return rc >= STATUS_MALFORMED && rc < STATUS_BAD_CONFIG && rc != STATUS_NO_SPACE;
}

/* ---- Applying ---------------------------------------------------------------------------- */

/* A disagreement belongs to the case of what it is about, if that is shared with its sender. */
static enum status
case_of_about(struct service *service, const struct incoming *in, uint64_t *case_n)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row about;
	bool shared;
	enum status rc;

	if (in->content.type->id != MESSAGE_DISAGREEMENT_RAISE ||
	    !content_id(&in->content, FIELD_OTHER_TASK, id))
		return STATUS_NOT_FOUND;
	if ((rc = case_store_find_task(service->db, id, &about)) != STATUS_OK)
		return rc;
	shared = strcmp(about.peer, in->peer) == 0;
	if (about.circle_n != 0)
		rc = circle_store_has_member(service->db, about.circle_n, in->peer, &shared);
	if (rc == STATUS_OK && shared)
		*case_n = about.case_n;
	return rc == STATUS_OK && !shared ? STATUS_NOT_FOUND : rc;
}

/*
 * What is cited anew under a ground that we know of belongs to its case, what another told us of
 * already to that one's, and a custody statement to its child's, unless that was erased; all else
 * that is new opens one.
 */
enum status
inbox_case(
    struct service *service, const struct incoming *in, uint64_t *case_n, struct case_key *key)
{
	const struct ground_cited cited = inbox_cited(in);
	struct case_row file;
	enum status rc = case_of_about(service, in, case_n);

	if (rc == STATUS_NOT_FOUND)
		rc = climbs_told_case(service, &in->content, case_n);
	if (rc == STATUS_NOT_FOUND)
		rc = grounds_case_of(service, &cited, case_n);
	if (rc == STATUS_NOT_FOUND && in->statement.content != NULL)
		rc = custody_home(service, &in->statement, case_n);
	if (rc == STATUS_OK)
		rc = case_file_key(service, *case_n, key);
	if (rc != STATUS_NOT_FOUND && rc != STATUS_ERASED)
		return rc;
	rc = case_file_create(service, NULL, &file, key);
	if (rc == STATUS_OK)
		*case_n = file.n;
	return rc;
}

/* What is about a history belongs to the case of what it passes on, or of the history. */
static enum status
find_case(struct service *service, struct departure *departure, struct incoming *in,
    uint64_t *case_n, struct case_key *key)
{
	enum status rc;

	if (!history_is(in))
		return inbox_case(service, in, case_n, key);
	if ((rc = history_take(service, departure, in, case_n)) != STATUS_OK)
		return rc;
	return case_file_key(service, *case_n, key);
}

static enum status
add_task(struct service *service, struct departure *departure, struct incoming *in,
    struct case_key *key)
{
	struct task_row *task = &in->task;
	const struct task_row known = *task;
	uint64_t case_n;
	enum status rc;

	in->writing = true;
	if ((rc = find_case(service, departure, in, &case_n, key)) != STATUS_OK)
		return rc;
	*task = (struct task_row){.case_n = case_n,
	    .sort = task_sort_of(in->content.type->id),
	    .side = TASK_RECIPIENT,
	    .basis = in->own->basis,
	    .time_ms = service->now_ms};
	memcpy(task->id, in->task_id, sizeof(task->id));
	memcpy(task->purpose, known.purpose, sizeof(task->purpose));
	memcpy(task->peer, in->peer, sizeof(task->peer));
	memcpy(task->token, in->leaf->header.case_token, sizeof(task->token));
	memcpy(task->reference, in->own->reference, sizeof(task->reference));
	if ((rc = case_store_next_task(service->db, &task->n)) == STATUS_OK)
		rc = case_store_add_task(service->db, task);
	if (rc != STATUS_OK)
		vault_forget(key);
	return rc;
}

/* The ground is kept before the task is folded: a stop of it may have come first. */
static enum status
keep_ground(struct service *service, struct departure *departure, const struct incoming *in,
    const struct case_key *key)
{
	const struct ground_cited cited = inbox_cited(in);

	if (in->not_permitted)
		return STATUS_OK;
	if (in->content.type->id == MESSAGE_GROUND_STOP)
		return stops_take(
		    service, departure, key, &in->task, &in->content, cited.index);
	return grounds_take(service, departure, key, in->task.case_n, &cited);
}

/* A statement is kept and applied; anything else may name a child of whom one is known. */
static enum status
follow_custody(struct service *service, struct departure *departure, const struct incoming *in,
    uint64_t event_n)
{
	enum status rc;

	if (in->statement.content != NULL)
		return custody_take(service, departure, &in->task, event_n, &in->statement);
	rc = custody_fate_folded(service, departure, &in->task);
	return rc == STATUS_OK
	           ? custody_follow(service, departure, in->task.case_n, &in->content)
	           : rc;
}

/* The task that it belongs to is there from here on. */
static enum status
open_task(struct service *service, struct departure *departure, struct incoming *in,
    struct case_key *key)
{
	if (task_sort_of(in->content.type->id)->share != TASK_OF_TWO)
		return inbox_circle_open(service, in, key);
	return in->is_new ? add_task(service, departure, in, key)
	                  : case_file_key(service, in->task.case_n, key);
}

enum status
inbox_claim(struct service *service, const struct incoming *in, uint64_t case_n,
    const struct case_key *key)
{
	const struct fetch_brought brought = {.index = in->deliver->proven.index,
	    .came_with = (in->via != NULL ? in->via : in->deliver)->proven.index,
	    .header = &in->leaf->header};

	/* What a pass brings is what it passes on has. */
	return history_is(in) ? STATUS_OK : fetch_claim(service, &brought, case_n, key);
}

enum status
inbox_apply(struct service *service, struct departure *departure, struct incoming *in)
{
	struct event_row row = {.index = in->deliver->proven.index,
	    .time_ms = in->leaf->time_ms > INT64_MAX ? INT64_MAX : in->leaf->time_ms};
	struct case_key key;
	enum status rc = open_task(service, departure, in, &key);

	if (rc != STATUS_OK)
		return rc;
	in->writing = true;
	row.task_n = in->task.n;
	row.circle_n = in->task.circle_n;
	if (row.circle_n > 0)
		memcpy(row.author, in->peer, sizeof(row.author));
	memcpy(row.message, in->leaf->header.id, sizeof(row.message));
	if (!content_uint(&in->content, FIELD_APPLIED, &row.applied))
		row.applied = 0;
	if (in->not_permitted)
		row.status = STATUS_NOT_PERMITTED;
	row.with_content = in->is_new && dispatch_carries_content(&in->content, CATEGORY_ALL);
	rc = case_file_add_message(
	    service, &key, &row, &in->content, &in->leaf->header.content_root);
	if (rc == STATUS_OK && in->own->basis != BASIS_NONE)
		rc = citing_store_add(service->db, row.n, NULL, in->own->reference);
	if (rc == STATUS_OK)
		rc = inbox_claim(service, in, in->task.case_n, &key);
	if (rc == STATUS_OK)
		rc = keep_ground(service, departure, in, &key);
	if (rc == STATUS_OK && row.circle_n > 0 && in->is_new)
		rc = inbox_circle_opened(service, in);
	if (rc == STATUS_OK)
		rc = history_taken(service, in);
	vault_forget(&key);
	if (rc != STATUS_OK)
		return rc;
	in->task.unread = !history_is(in);
	rc = case_file_refold(service, &in->task, in->content.type->name);
	if (rc == STATUS_OK && row.circle_n > 0)
		rc = history_came(service, row.circle_n, in->peer, &in->content);
	if (rc == STATUS_OK)
		rc = follow_custody(service, departure, in, row.n);
	return rc == STATUS_OK ? release_run(service, departure, &in->task) : rc;
}

/* ---- Chain and evidence ------------------------------------------------------------------ */

/* What its sender says it had sent before must be what we have. */
static enum status
follow_chain(struct service *service, const struct incoming *in)
{
	struct chain_link link = {
	    .direction = CHAIN_RECEIVED, .peer = in->peer, .index = in->deliver->proven.index};
	bool fits;
	enum status rc;

	memcpy(link.id, in->leaf->header.id, sizeof(link.id));
	memcpy(link.digest, in->leaf->digest, sizeof(link.digest));
	if (in->opened)
		link.claim = in->claim;
	if ((rc = chain_store_add(service->db, &link)) != STATUS_OK)
		return rc;
	rc = chain_store_claim_fits(service->db, in->peer, link.index, &fits);
	if (rc != STATUS_OK || fits)
		return rc;
	return inbox_problem(service, "gap", bytes_of_text(in->peer), STATUS_AGAIN, link.index);
}

static enum status
attest(struct service *service, struct departure *departure, const struct incoming *in,
    enum status verdict)
{
	struct evidence evidence = {
	    .kind = verdict == STATUS_OK ? EVIDENCE_DELIVERED : EVIDENCE_UNREADABLE,
	    .index = in->deliver->proven.index,
	    .sender = in->leaf->header.sender,
	    .reason = verdict};

	memcpy(evidence.id, in->leaf->header.id, sizeof(evidence.id));
	memcpy(evidence.digest, in->leaf->digest, sizeof(evidence.digest));
	return departure_evidence(service, departure, &evidence);
}

/* It came before: what was signed then is sent again, or a moment ago and is about to be. */
static enum status
answer_again(
    struct service *service, const struct departure *departure, uint64_t index, bool *known)
{
	static const enum evidence_kind finals[] = {EVIDENCE_DELIVERED, EVIDENCE_UNREADABLE};
	struct evidence_row row;
	enum status rc;

	if ((*known = departure_answers(departure, index)))
		return STATUS_OK;
	for (size_t i = 0; i < sizeof(finals) / sizeof(finals[0]); i++) {
		rc = outbox_store_evidence(service->db, index, finals[i], &row);
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc != STATUS_OK)
			return rc;
		*known = true;
		row.recorded = 0;
		row.refusal = STATUS_OK;
		return outbox_store_set_evidence(service->db, &row);
	}
	return STATUS_OK;
}

/* The proof is kept and the chain followed, whatever we say of it. */
static enum status
finish(struct service *service, struct departure *departure, const struct incoming *in,
    enum status verdict)
{
	enum status rc = event_store_add_proof(service->db, &in->deliver->proven);

	if (rc == STATUS_OK)
		rc = follow_chain(service, in);
	if (rc == STATUS_OK && verdict != STATUS_OK)
		rc = inbox_problem(service, "unreadable", bytes_of_text(in->peer), verdict,
		    in->deliver->proven.index);
	return rc == STATUS_OK ? attest(service, departure, in, verdict) : rc;
}

/* GIVEN: what is known already to be said of it. */
static enum status
settle(struct service *service, struct departure *departure, struct incoming *in,
    enum status given)
{
	enum status verdict = given == STATUS_OK ? inbox_judge(service, in, false) : given, rc;

	if (verdict == STATUS_OK)
		verdict = inbox_apply(service, departure, in);
	if (verdict == STATUS_OK && in->not_permitted)
		return finish(service, departure, in, STATUS_NOT_PERMITTED);
	if (verdict != STATUS_OK && (in->writing || !is_verdict(verdict)))
		return verdict;
	if (verdict != STATUS_OK && in->from_sender &&
	    in->leaf->header.type == MESSAGE_GROUND_STOP &&
	    (rc = stops_heard(service, departure, in->peer, in->own,
		 in->deliver->proven.index)) != STATUS_OK)
		return rc;
	return finish(service, departure, in, verdict);
}

/* ---- Waiting for documents --------------------------------------------------------------- */

/* Judged now; applied, and answered for, when its documents are here. */
static enum status
hold(struct service *service, struct departure *departure, struct incoming *in,
    struct bytes body, bool behind)
{
	struct arriving_row row = {
	    .index = in->deliver->proven.index, .since_ms = service->now_ms};
	enum status rc = inbox_judge(service, in, behind);

	if (rc == STATUS_OK)
		rc = fetch_room(service, &in->content);
	if (rc != STATUS_OK)
		return is_verdict(rc) ? settle(service, departure, in, rc) : rc;
	memcpy(row.peer, in->peer, sizeof(row.peer));
	memcpy(row.token, in->leaf->header.case_token, sizeof(row.token));
	if ((rc = fetch_expect(service, row.index, &in->content)) != STATUS_OK)
		return rc;
	if ((rc = follow_chain(service, in)) != STATUS_OK)
		return rc;
	return attachment_store_hold(service->db, &row, body);
}

static enum status
take_new(struct service *service, struct departure *departure, struct incoming *in,
    struct bytes body)
{
	uint64_t index = in->deliver->proven.index;
	struct arriving_row held;
	bool behind;
	enum status rc = attachment_store_held(service->db, index, &held);

	if (rc != STATUS_NOT_FOUND)
		return rc; /* it waits already */
	rc = attachment_store_is_behind(
	    service->db, in->peer, in->leaf->header.case_token, index, &behind);
	if (rc != STATUS_OK)
		return rc;
	if (!behind && in->leaf->header.attachment_count == 0)
		return settle(service, departure, in, STATUS_OK);
	return hold(service, departure, in, body, behind);
}

static enum status
address(struct service *service, struct incoming *in)
{
	if (inbox_position(service, in) &&
	    bytes_to_text(in->leaf->header.sender, in->peer, sizeof(in->peer)))
		return STATUS_OK;
	return STATUS_NOT_YOURS;
}

enum status
inbox_held(struct service *service, struct departure *departure, struct bytes body,
    enum status verdict)
{
	struct frame_deliver deliver;
	struct incoming in = {.deliver = &deliver};
	struct event_row passed;
	struct leaf leaf;
	enum status rc;

	/* It was proven when it came. */
	if (frame_read_deliver(body, &deliver) != STATUS_OK ||
	    leaf_parse(deliver.proven.leaf, &leaf) != STATUS_OK)
		return STATUS_DATABASE;
	in.leaf = &leaf;
	if (address(service, &in) != STATUS_OK)
		return STATUS_DATABASE;
	rc = event_store_at(service->db, deliver.proven.index, &passed);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	/* Who leads passed on its acts meanwhile: told that, its author passes on the rest. */
	if (rc == STATUS_OK && verdict == STATUS_OK)
		verdict = STATUS_CHUNKS_MISSING;
	rc = settle(service, departure, &in, verdict);
	history_free(&in);
	custody_free(&in.statement);
	content_free(&in.content);
	return rc;
}

enum status
inbox_message(struct service *service, struct departure *departure,
    const struct frame_deliver *deliver, const struct leaf *leaf, struct bytes body)
{
	struct incoming in = {.deliver = deliver, .leaf = leaf};
	struct event_row other;
	bool known;
	enum status rc;

	if (address(service, &in) != STATUS_OK)
		return inbox_problem(service, "bad_delivery", (struct bytes){0},
		    STATUS_NOT_YOURS, deliver->proven.index);
	rc = answer_again(service, departure, deliver->proven.index, &known);
	if (rc == STATUS_OK && !known)
		rc = event_store_at(service->db, deliver->proven.index, &other);
	/* Evidence stands there, or a message of ours: one of the two logs is another. */
	if (rc == STATUS_OK && !known)
		return inbox_problem(service, "bad_proof", bytes_of_text(in.peer),
		    STATUS_FORKED_LOG, deliver->proven.index);
	if (rc == STATUS_NOT_FOUND)
		rc = take_new(service, departure, &in, body);
	history_free(&in);
	custody_free(&in.statement);
	content_free(&in.content);
	return rc;
}
