/* services/runtime/exchange/inbox_message.c: a message that came: judged, applied, answered for. */
#include "services/runtime/exchange/inbox.h"

#include <string.h>

#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/asked.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/custody_fate.h"
#include "services/runtime/exchange/custody_forwarded.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/fetch.h"
#include "services/runtime/exchange/release.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/citing_store.h"
#include "services/runtime/store/outbox_store.h"
#include "services/runtime/task/notice.h"

/* A message on its way through the checks. */
struct incoming {
	const struct frame_deliver *deliver;
	const struct leaf *leaf;
	const struct envelope_recipient *own; /* our place in its header */
	uint32_t position;
	char peer[PARTY_MAX + 1];
	bool from_sender; /* who may send it signed it */
	bool opened;
	bool writing; /* from here on only the database can be in the way */
	struct content content;
	struct custody_statement statement; /* where it is one, or passes one on */
	struct envelope_chain claim;
	bool not_permitted; /* it bears a mark that is not its sender's to set */
	bool is_new;        /* it opens a task; else TASK is the one it belongs to */
	uint8_t task_id[SUITE_ID_LEN];
	struct task_row task;
};

/* What a peer may be told in UNREADABLE; anything else is our own trouble. */
static bool
is_verdict(enum status rc)
{
	return rc >= STATUS_MALFORMED && rc < STATUS_BAD_CONFIG && rc != STATUS_NO_SPACE;
}

/* ---- Judging ----------------------------------------------------------------------------- */

static bool
find_position(const struct service *service, struct incoming *in)
{
	const struct envelope_header *header = &in->leaf->header;

	for (uint32_t i = 0; i < header->recipient_count; i++) {
		if (!bytes_is_text(header->recipients[i].party, service->config.code))
			continue;
		in->position = i;
		in->own = &header->recipients[i];
		return true;
	}
	return false;
}

static struct ground_cited
cited_by(const struct incoming *in)
{
	return (struct ground_cited){.peer = in->peer,
	    .own = in->own,
	    .index = in->deliver->proven.index,
	    .time_ms = in->leaf->time_ms > INT64_MAX ? INT64_MAX : in->leaf->time_ms,
	    .purpose = in->task.purpose,
	    .content = &in->content};
}

/* The same table and directory as the sender and the broker asked: default deny, thrice. */
static enum status
check_sender(struct service *service, const struct incoming *in)
{
	uint8_t key[SUITE_SIGN_PUBLIC];
	int recipient;
	enum status rc = policy_check(
	    service->directory, &in->leaf->header, in->deliver->proven.index, key, &recipient);

	if (rc != STATUS_OK)
		return rc;
	return batch_verify(in->leaf->digest, &in->leaf->proof, key, &service->cache);
}

static enum status
open_part(struct service *service, struct incoming *in)
{
	const struct frame_deliver *deliver = in->deliver;
	const struct leaf *leaf = in->leaf;
	const struct box_key *key = epochs_key(service, in->own->sealing_epoch);
	uint8_t hash[SUITE_HASH_LEN];
	enum status rc;

	if (!deliver->has_part || deliver->part_number != in->position ||
	    in->position >= leaf->part_count)
		return STATUS_MALFORMED;
	envelope_part_hash(&deliver->part, hash);
	if (memcmp(hash, leaf->part_hashes[in->position].byte, sizeof(hash)) != 0)
		return STATUS_BAD_PROOF;
	if (key == NULL)
		return STATUS_CANNOT_OPEN;
	rc = envelope_open(&leaf->header, leaf->header_hash, in->position, &deliver->part, key,
	    &in->content, &in->claim);
	in->opened = rc == STATUS_OK;
	return rc;
}

/* An answer is held to what was asked. */
static enum status
find_asked(struct service *service, const struct incoming *in, category_set *out)
{
	const enum message type = in->content.type->id;
	struct case_key key;
	enum status rc;

	*out = CATEGORY_ALL;
	if (in->is_new || !task_message(in->task.sort, type)->as_asked)
		return STATUS_OK;
	rc = case_file_key(service, in->task.case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	rc = asked_allows(service, &in->task, &key, type, out);
	vault_forget(&key);
	return rc;
}

/* Nothing is shown of a category that may not come here: absence says something, too. */
static enum status
check_profile(struct service *service, const struct incoming *in)
{
	const struct party *self = service_self(service);
	category_set allowed, asked;
	enum status rc;

	if (self == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((rc = find_asked(service, in, &asked)) != STATUS_OK)
		return rc;
	allowed = asked & profile_allows(in->task.purpose, self->kind);
	if (dispatch_is_preview(&in->content))
		allowed = CATEGORY_BIT(CATEGORY_ACT);
	for (unsigned i = 0; i < in->content.type->field_count; i++)
		if (in->content.fields[i].shown &&
		    (allowed & CATEGORY_BIT(in->content.type->fields[i].field->category)) == 0)
			return STATUS_OUTSIDE_PROFILE;
	return STATUS_OK;
}

/* It decides the profiles of the whole task; one that we do not know is none. */
static enum status
take_purpose(struct incoming *in)
{
	struct bytes purpose = {0};

	if (!content_text(&in->content, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, in->task.purpose, sizeof(in->task.purpose)))
		in->task.purpose[0] = '\0';
	return notice_purpose_fits(in->content.type->id, purpose) ? STATUS_OK
	                                                          : STATUS_BAD_CONTENT;
}

/* What opens a task is new; anything else belongs to one that we share with its sender. */
static enum status
find_task(struct service *service, struct incoming *in)
{
	uint64_t rows;
	enum status rc;

	if (!content_id(&in->content, FIELD_TASK, in->task_id))
		return STATUS_BAD_CONTENT;
	rc = case_store_find_task(service->db, in->task_id, &in->task);
	in->is_new = task_opens(in->content.type->id);
	if (in->is_new)
		return rc == STATUS_NOT_FOUND ? take_purpose(in)
		       : rc == STATUS_OK      ? STATUS_BAD_CONTENT
		                              : rc;
	if (rc == STATUS_NOT_FOUND)
		return STATUS_UNKNOWN_REPLY;
	if (rc != STATUS_OK)
		return rc;
	if (strcmp(in->task.peer, in->peer) != 0)
		return STATUS_UNKNOWN_REPLY;
	if (task_message(in->task.sort, in->content.type->id) == NULL)
		return STATUS_BAD_CONTENT;
	if (memcmp(in->task.token, in->leaf->header.case_token, SUITE_ID_LEN) != 0)
		return STATUS_BAD_CONTENT;
	if ((rc = event_store_count(service->db, in->task.n, &rows)) != STATUS_OK)
		return rc;
	/* Room is left for evidence and for our own acts. */
	return rows < EVENT_TASK_MAX / 2 ? STATUS_OK : STATUS_TOO_LARGE;
}

/*
 * What its author says to have applied decides crossings: it is 0, or the place of a message of
 * ours in this task that stands before its own. A message of ours whose receipt is awaited may
 * be it: the peer can have it sooner than we have the receipt, and what nothing else of ours
 * stands at cannot be called a lie then.
 */
static enum status
check_applied(struct service *service, const struct incoming *in)
{
	struct event_row row;
	uint64_t applied;
	bool awaited;
	enum status rc;

	if (!content_uint(&in->content, FIELD_APPLIED, &applied) || applied == 0)
		return STATUS_OK;
	if (in->is_new || applied >= in->deliver->proven.index)
		return STATUS_BAD_CONTENT;
	rc = event_store_at(service->db, applied, &row);
	if (rc == STATUS_OK)
		return row.own && row.what == EVENT_MESSAGE && row.task_n == in->task.n
		           ? STATUS_OK
		           : STATUS_BAD_CONTENT;
	if (rc != STATUS_NOT_FOUND)
		return rc;
	rc = event_store_awaits(service->db, in->task.n, &awaited);
	return rc != STATUS_OK || awaited ? rc : STATUS_BAD_CONTENT;
}

/*
 * What rests on a ground of its own is judged by it. An answer rests on that of its task, and what
 * follows a stop in the log is stopped with it; a stop of ours that has no place there yet will
 * have one behind whatever came before it.
 */
static enum status
check_ground(struct service *service, const struct incoming *in)
{
	const struct ground_cited cited = cited_by(in);
	uint64_t stop = UINT64_MAX;
	enum status rc = grounds_judge(service, &cited);

	if (rc != STATUS_OK || in->is_new || in->own->basis == BASIS_NONE)
		return rc;
	if ((rc = stops_index(service, &in->task, &stop)) != STATUS_OK)
		return rc;
	return stop != 0 && stop < in->deliver->proven.index ? STATUS_STOPPED : STATUS_OK;
}

/*
 * A handling mark that its sender may not set: the notice is kept, so that people see that there
 * was one, but has no effect; its sender is told that it was not permitted.
 */
static void
check_mark(const struct service *service, struct incoming *in)
{
	const struct party *sender = service_peer(service, in->peer);

	if (!in->is_new || sender == NULL || notice_mark_permitted(&in->content, sender->kind))
		return;
	in->not_permitted = true;
}

/* One of the peer's own, or one that it passes on, and proves. */
static enum status
find_statement(struct service *service, struct incoming *in)
{
	struct custody_statement *statement = &in->statement;

	custody_free(statement);
	if (in->content.type->id == MESSAGE_NOTICE_FORWARDED)
		return custody_forwarded_open(
		    service, &in->content, in->peer, in->deliver->proven.index, statement);
	if (in->content.type->id != MESSAGE_NOTICE_CUSTODY)
		return STATUS_OK;
	statement->content = &in->content;
	statement->index = in->deliver->proven.index;
	memcpy(statement->origin, in->peer, sizeof(statement->origin));
	memcpy(statement->via, in->peer, sizeof(statement->via));
	memcpy(statement->message, in->leaf->header.id, sizeof(statement->message));
	return STATUS_OK;
}

/* BEHIND: what the task is, the messages that it waits for will tell. */
static enum status
judge(struct service *service, struct incoming *in, bool behind)
{
	enum status rc;

	if ((rc = check_sender(service, in)) != STATUS_OK)
		return rc;
	in->from_sender = true;
	if ((rc = open_part(service, in)) != STATUS_OK)
		return rc;
	if ((rc = content_check(&in->content)) != STATUS_OK || behind)
		return rc;
	if ((rc = find_task(service, in)) != STATUS_OK)
		return rc;
	if ((rc = check_applied(service, in)) != STATUS_OK)
		return rc;
	if ((rc = check_profile(service, in)) != STATUS_OK)
		return rc;
	if ((rc = check_ground(service, in)) != STATUS_OK)
		return rc;
	if ((rc = find_statement(service, in)) != STATUS_OK)
		return rc;
	if (in->own->basis == BASIS_CONSENT && (rc = custody_known_judge(service, &in->content,
						    in->deliver->proven.index)) != STATUS_OK)
		return rc;
	check_mark(service, in);
	return STATUS_OK;
}

/* ---- Applying ---------------------------------------------------------------------------- */

/*
 * What is cited anew under a ground that we know of belongs to its case, and a custody statement
 * to its child's, unless that was erased; all else that is new opens one.
 */
static enum status
find_case(
    struct service *service, const struct incoming *in, uint64_t *case_n, struct case_key *key)
{
	const struct ground_cited cited = cited_by(in);
	struct case_row file;
	enum status rc = grounds_case_of(service, &cited, case_n);

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

static enum status
add_task(struct service *service, struct incoming *in, struct case_key *key)
{
	struct task_row *task = &in->task;
	const struct task_row known = *task;
	uint64_t case_n;
	enum status rc;

	in->writing = true;
	if ((rc = find_case(service, in, &case_n, key)) != STATUS_OK)
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
	const struct ground_cited cited = cited_by(in);

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

static enum status
apply(struct service *service, struct departure *departure, struct incoming *in)
{
	struct event_row row = {.index = in->deliver->proven.index,
	    .time_ms = in->leaf->time_ms > INT64_MAX ? INT64_MAX : in->leaf->time_ms};
	struct case_key key;
	enum status rc = in->is_new ? add_task(service, in, &key)
	                            : case_file_key(service, in->task.case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	in->writing = true;
	row.task_n = in->task.n;
	memcpy(row.message, in->leaf->header.id, sizeof(row.message));
	if (!content_uint(&in->content, FIELD_APPLIED, &row.applied))
		row.applied = 0;
	if (in->not_permitted)
		row.status = STATUS_NOT_PERMITTED;
	row.with_content = in->is_new && dispatch_carries_content(&in->content, CATEGORY_ALL);
	rc = case_file_add_message(service, &key, &row, &in->content);
	if (rc == STATUS_OK && in->own->basis != BASIS_NONE)
		rc = citing_store_add(service->db, row.n, in->own->reference);
	if (rc == STATUS_OK)
		rc = fetch_claim(service, row.index, in->leaf->header.attachment_count,
		    in->task.case_n, &key);
	if (rc == STATUS_OK)
		rc = keep_ground(service, departure, in, &key);
	vault_forget(&key);
	if (rc != STATUS_OK)
		return rc;
	in->task.unread = true;
	rc = case_file_refold(service, &in->task, in->content.type->name);
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
	enum status verdict = given == STATUS_OK ? judge(service, in, false) : given, rc;

	if (verdict == STATUS_OK)
		verdict = apply(service, departure, in);
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
	enum status rc = judge(service, in, behind);

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
	if (find_position(service, in) &&
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
	struct leaf leaf;
	enum status rc;

	/* It was proven when it came. */
	if (frame_read_deliver(body, &deliver) != STATUS_OK ||
	    leaf_parse(deliver.proven.leaf, &leaf) != STATUS_OK)
		return STATUS_DATABASE;
	in.leaf = &leaf;
	if (address(service, &in) != STATUS_OK)
		return STATUS_DATABASE;
	rc = settle(service, departure, &in, verdict);
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
	custody_free(&in.statement);
	content_free(&in.content);
	return rc;
}
