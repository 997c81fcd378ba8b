/* services/runtime/exchange/inbox.c: entries of our mailbox: proven, and evidence about what we sent. */
#include "services/runtime/exchange/inbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/release.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/outbox_store.h"

enum status
inbox_problem(struct service *service, const char *what, struct bytes peer, enum status why,
    uint64_t index)
{
	struct problem problem = {.status = why, .index = index, .time_ms = service->now_ms};

	snprintf(problem.what, sizeof(problem.what), "%s", what);
	if (!bytes_to_text(peer, problem.peer, sizeof(problem.peer)))
		problem.peer[0] = '\0';
	oplog(OPLOG_WARNING, "entry %" PRIu64 ": %s: %s", index, what, status_name(why));
	return chain_store_problem(service->db, &problem);
}

/* ---- Evidence about what we sent --------------------------------------------------------- */

static enum event_what
what_of(enum evidence_kind kind)
{
	switch (kind) {
	case EVIDENCE_DELIVERED:
		return EVENT_DELIVERED;
	case EVIDENCE_UNREADABLE:
		return EVENT_UNREADABLE;
	case EVIDENCE_READ:
		return EVENT_READ;
	case EVIDENCE_EXPIRED:
		return EVENT_EXPIRED;
	case EVIDENCE_UNDELIVERABLE:
		return EVENT_UNDELIVERABLE;
	}
	return EVENT_WHAT_COUNT;
}

/* What somebody says of a message of ours. */
struct word {
	uint64_t index;
	const struct leaf *leaf;
	char from[PARTY_MAX + 1];  /* who says it */
	enum event_what what;      /* and what */
	struct event_row row;      /* the message */
	struct outbox_row waiting; /* its row, until each recipient's last word; N 0: none */
	struct task_row task;
	bool known, told; /* FROM, or another recipient, has said that */
};

/*
 * The digest of its message, if that went to FROM: while it waits from the outbox, then from the
 * chain. STATUS_BAD_CONTENT: it did not.
 */
static enum status
digest_of(struct service *service, const struct word *word, uint8_t out[static SUITE_HASH_LEN])
{
	bool is_recipient;
	enum status rc;

	if (word->waiting.n == 0) {
		rc = chain_store_digest(
		    service->db, CHAIN_SENT, word->from, word->row.index, out);
		return rc == STATUS_NOT_FOUND ? STATUS_BAD_CONTENT : rc;
	}
	rc = outbox_store_goes_to(service->db, &word->waiting, word->from, &is_recipient);
	if (rc != STATUS_OK)
		return rc;
	memcpy(out, word->waiting.digest, SUITE_HASH_LEN);
	return is_recipient ? STATUS_OK : STATUS_BAD_CONTENT;
}

/* Whether it is about exactly our message, and signed by whom it was for. */
static enum status
check_evidence(struct service *service, const struct word *word)
{
	const struct leaf *leaf = word->leaf;
	const struct evidence *evidence = &leaf->evidence;
	const struct party *signer = directory_party(service->directory, evidence->recipient);
	uint8_t digest[SUITE_HASH_LEN], key[SUITE_SIGN_PUBLIC];
	enum status rc = digest_of(service, word, digest);

	if (rc != STATUS_OK)
		return rc;
	if (memcmp(digest, evidence->digest, sizeof(digest)) != 0 ||
	    (word->row.index != UINT64_MAX && evidence->index != word->row.index))
		return STATUS_BAD_CONTENT;
	if (leaf->kind == LEAF_BROKER_EVIDENCE)
		return STATUS_OK; /* the log's own word: its inclusion is proven */
	if (signer == NULL)
		return STATUS_UNKNOWN_PARTY;
	rc = directory_signing_key(
	    service->directory, signer, evidence->signing_epoch, word->index, key);
	if (rc != STATUS_OK)
		return rc;
	return batch_verify(leaf->digest, &leaf->proof, key, &service->cache);
}

/* The sealed bytes are kept until here: until each recipient has said its last word. */
static enum status
end_outbox(struct service *service, struct word *word)
{
	struct outbox_row *waiting = &word->waiting;
	bool left = false;
	enum status rc;

	if (waiting->n == 0)
		return STATUS_OK;
	rc = outbox_store_set_final(service->db, waiting->n, word->from, &left);
	if (rc != STATUS_OK || left)
		return rc;
	if (waiting->state == OUTBOX_ACCEPTED)
		return outbox_store_remove(service->db, waiting->n);
	waiting->final = true; /* its receipt is still to come */
	return outbox_store_set(service->db, waiting);
}

/*
 * The others have it: to who could not take it, it is passed on; what is unreadable there after a
 * while, for what came before may be on its way.
 */
static enum status
pass_on(struct service *service, const struct word *word)
{
	const struct evidence *evidence = &word->leaf->evidence;

	if (evidence->kind == EVIDENCE_UNREADABLE)
		return circles_missed(
		    service, &word->row, word->from, evidence->reason, HISTORY_AGAIN_MS);
	if (evidence->kind == EVIDENCE_EXPIRED || evidence->kind == EVIDENCE_UNDELIVERABLE)
		return circles_missed(service, &word->row, word->from, STATUS_EXPIRED, 0);
	return STATUS_OK;
}

static enum status
add_note(struct service *service, const struct word *word)
{
	const struct evidence *evidence = &word->leaf->evidence;
	struct event_row note = {.task_n = word->task.n,
	    .what = word->what,
	    .type = word->row.type,
	    .own = true,
	    .index = word->index,
	    .time_ms = word->leaf->time_ms,
	    .status = evidence->reason};

	memcpy(note.message, word->row.message, sizeof(note.message));
	if (!bytes_to_text(evidence->role, note.role, sizeof(note.role)))
		note.role[0] = '\0';
	if (word->row.circle_n > 0)
		memcpy(note.author, word->from, sizeof(note.author));
	return case_file_add_note(service, &note);
}

static enum status
keep_evidence(struct service *service, struct departure *departure, struct word *word)
{
	const enum evidence_kind kind = word->leaf->evidence.kind;
	struct task_row *task = &word->task;
	enum status rc;

	if ((rc = add_note(service, word)) != STATUS_OK)
		return rc;
	if (evidence_is_final(kind) && (rc = end_outbox(service, word)) != STATUS_OK)
		return rc;
	if (word->row.circle_n > 0 && (rc = pass_on(service, word)) != STATUS_OK)
		return rc;
	if (event_store_is_failure(word->what))
		task->unread = true;
	if (task->sort->opening == TASK_EVENT_PASS && evidence_is_final(kind) &&
	    kind != EVIDENCE_DELIVERED &&
	    (rc = history_returned(service, task->n)) != STATUS_OK)
		return rc;
	if (task->sort->opening == TASK_EVENT_ASK &&
	    word->leaf->evidence.reason == STATUS_NOT_A_MEMBER &&
	    (rc = history_denied(service, task)) != STATUS_OK)
		return rc;
	/* That one more of a circle has it is shown, and moves nothing. */
	if (word->told && word->row.circle_n > 0 && word->what == EVENT_DELIVERED) {
		service_note_change(service, task->id, event_store_what_name(word->what),
		    task_state_name(task->state));
		return STATUS_OK;
	}
	rc = case_file_refold(service, task, event_store_what_name(word->what));
	return rc == STATUS_OK ? release_run(service, departure, task) : rc;
}

/* What is known of its message. */
static enum status
look_up(struct service *service, struct word *word)
{
	enum status rc = outbox_store_of_event(service->db, word->row.n, &word->waiting);

	if (rc == STATUS_NOT_FOUND) {
		word->waiting.n = 0;
		rc = STATUS_OK;
	}
	return rc == STATUS_OK ? case_store_task(service->db, word->row.task_n, &word->task)
	                       : rc;
}

static enum status
take_own(struct service *service, struct departure *departure, uint64_t index,
    const struct leaf *leaf)
{
	struct word word = {.index = index, .leaf = leaf, .what = what_of(leaf->evidence.kind)};
	const uint8_t *id = leaf->evidence.id;
	enum status rc = event_store_at(service->db, index, &word.row);

	if (rc != STATUS_NOT_FOUND)
		return rc; /* it came before */
	rc = event_store_message(service->db, id, true, &word.row);
	if (rc == STATUS_NOT_FOUND)
		return inbox_problem(service, "unknown_message", leaf->evidence.recipient,
		    STATUS_NO_SUCH_ENTRY, index);
	if (rc != STATUS_OK)
		return rc;
	if (!bytes_to_text(leaf->evidence.recipient, word.from, sizeof(word.from)))
		return STATUS_OK;
	/* One of a kind says it all: others would only fill the history. */
	rc = event_store_about(service->db, id, word.what,
	    word.row.circle_n > 0 ? word.from : "", &word.known, &word.told);
	if (rc != STATUS_OK || word.known)
		return rc;
	if ((rc = look_up(service, &word)) != STATUS_OK)
		return rc;
	rc = check_evidence(service, &word);
	if (rc == STATUS_DATABASE || rc == STATUS_INTERNAL || rc == STATUS_NO_MEMORY)
		return rc;
	if (rc != STATUS_OK)
		return inbox_problem(
		    service, "bad_evidence", leaf->evidence.recipient, rc, index);
	return keep_evidence(service, departure, &word);
}

/* ---- Evidence about what never came to us ------------------------------------------------ */

/* With the message that ran out before we took it, its sender's chain may be whole again. */
static enum status
take_missed(struct service *service, const struct leaf *leaf)
{
	char peer[PARTY_MAX + 1];
	struct chain_link link = {
	    .direction = CHAIN_RECEIVED, .peer = peer, .index = leaf->evidence.index};
	bool whole, lacked;
	enum status rc;

	if (!bytes_to_text(leaf->evidence.sender, peer, sizeof(peer)))
		return STATUS_OK;
	memcpy(link.id, leaf->evidence.id, sizeof(link.id));
	memcpy(link.digest, leaf->evidence.digest, sizeof(link.digest));
	if ((rc = chain_store_add(service->db, &link)) != STATUS_OK)
		return rc;
	/* The walk along the whole chain is only for where something lacked. */
	rc = chain_store_has_problem(service->db, "gap", peer, &lacked);
	if (rc != STATUS_OK || !lacked)
		return rc;
	if ((rc = chain_store_is_whole(service->db, peer, &whole)) != STATUS_OK || !whole)
		return rc;
	return chain_store_resolved(service->db, "gap", peer);
}

static enum status
take_evidence(struct service *service, struct departure *departure, uint64_t index,
    const struct leaf *leaf)
{
	enum status rc = STATUS_OK;

	if (bytes_is_text(leaf->evidence.sender, service->config.code))
		rc = take_own(service, departure, index, leaf);
	else if (bytes_is_text(leaf->evidence.recipient, service->config.code) &&
		 leaf->kind == LEAF_BROKER_EVIDENCE)
		rc = take_missed(service, leaf);
	if (rc == STATUS_OK && service->inbox.taken_count < INBOX_CREDIT)
		service->inbox.taken[service->inbox.taken_count++] = index;
	return rc;
}

/* ---- Any entry --------------------------------------------------------------------------- */

enum status
inbox_deliver(struct service *service, struct departure *departure, const struct frame *frame)
{
	const struct bytes nobody = {0};
	struct frame_deliver deliver;
	struct leaf leaf;
	enum status rc;

	service->inbox.quiet_since_ms = service->now_ms;
	if ((rc = frame_read_deliver(frame->body, &deliver)) != STATUS_OK)
		return inbox_problem(service, "bad_delivery", nobody, rc, 0);
	/* Nothing is applied without proof, and nothing can be answered either. */
	rc = proven_check(service, &deliver.proven, &leaf);
	if (proven_is_trouble(rc))
		return rc;
	if (rc != STATUS_OK)
		return inbox_problem(service, "bad_proof", nobody, rc, deliver.proven.index);
	switch (leaf.kind) {
	case LEAF_ACCEPTED:
		return inbox_message(service, departure, &deliver, &leaf, frame->body);
	case LEAF_EVIDENCE:
	case LEAF_BROKER_EVIDENCE:
		return take_evidence(service, departure, deliver.proven.index, &leaf);
	case LEAF_REFUSED:
	case LEAF_STATEMENT:
	case LEAF_ACCESS:
	case LEAF_CLOCK:
		break;
	}
	return inbox_problem(
	    service, "bad_delivery", nobody, STATUS_NOT_YOURS, deliver.proven.index);
}
