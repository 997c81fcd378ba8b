/* services/runtime/exchange/outbox_answer.c: what the broker answers to what went out. */
#include "services/runtime/exchange/outbox.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/custody_fate.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/outbox_store.h"
#include "services/runtime/store/history_store.h"

#define ATTEMPTS_MAX 8 /* of sealing anew: what fails so often will not succeed by itself */
#define BACKOFF_MS   1000
#define BACKOFF_MAX  8 /* doublings: about 4 minutes */

/* What a refusal asks of us. */
enum answer { ANSWER_FINAL, ANSWER_LATER, ANSWER_ANEW, ANSWER_CHUNKS };

static enum answer
answer_to(enum status code)
{
	static const struct {
		enum status code;
		enum answer answer;
	} answers[] = {
	    {STATUS_MAILBOX_FULL, ANSWER_LATER},
	    {STATUS_RATE_LIMITED, ANSWER_LATER},
	    {STATUS_NO_SPACE, ANSWER_LATER},
	    {STATUS_ATTACHMENTS_FULL, ANSWER_LATER},
	    {STATUS_CHUNKS_MISSING, ANSWER_CHUNKS},
	    {STATUS_CLOCK_STOPPED, ANSWER_LATER},
	    {STATUS_HELLO_FIRST, ANSWER_LATER},
	    {STATUS_UNKNOWN_EPOCH, ANSWER_ANEW},
	    {STATUS_KEY_REVOKED, ANSWER_ANEW},
	    {STATUS_BAD_EXPIRY, ANSWER_ANEW},
	    {STATUS_CLOCK_SKEW, ANSWER_ANEW},
	    {STATUS_ID_CONFLICT, ANSWER_ANEW},
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].code == code)
			return answers[i].answer;
	return ANSWER_FINAL;
}

/* Takes REQUEST out of WINDOW; its row, 0 for none of this session. */
static uint64_t
take_request(struct window *window, uint32_t request)
{
	uint64_t row;

	for (unsigned i = 0; i < window->count; i++) {
		if (window->at[i].request != request)
			continue;
		row = window->at[i].row;
		window->at[i] = window->at[--window->count];
		return row;
	}
	return 0;
}

/* With jitter, so that many institutions do not come back at once. */
static uint64_t
backoff_ms(uint64_t attempts)
{
	uint64_t span = (uint64_t)BACKOFF_MS
	                << (attempts > BACKOFF_MAX ? BACKOFF_MAX : attempts);
	uint16_t dice;

	suite_random(&dice, sizeof(dice));
	return span / 2 + span * dice / 2 / UINT16_MAX;
}

/* ---- Receipts ---------------------------------------------------------------------------- */

/* The receipt is for exactly what we sent: the digest covers header and every part. */
static enum status
check_receipt(struct service *service, const struct frame_accepted *accepted,
    const struct outbox_row *row, struct leaf *leaf)
{
	struct event_row other;
	enum status rc = proven_check(service, &accepted->proven, leaf);

	if (rc != STATUS_OK)
		return rc;
	if (leaf->kind != LEAF_ACCEPTED ||
	    !suite_equal(leaf->digest, row->digest, sizeof(row->digest)))
		return STATUS_BAD_PROOF;
	/* One index has one entry. */
	rc = event_store_at(service->db, accepted->proven.index, &other);
	return rc == STATUS_OK ? STATUS_FORKED_LOG : rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
note_bad_receipt(struct service *service, uint64_t index, enum status why)
{
	struct problem problem = {
	    .what = "bad_receipt", .status = why, .index = index, .time_ms = service->now_ms};

	oplog(OPLOG_ERROR, "a receipt for entry %llu does not hold: %s",
	    (unsigned long long)index, status_name(why));
	return chain_store_problem(service->db, &problem);
}

/* One link in the chain to each of its recipients. */
static enum status
link_all(struct service *service, const struct outbox_row *row, uint64_t index)
{
	struct outbox_to to[ENVELOPE_RECIPIENTS_MAX];
	struct chain_link link = {.direction = CHAIN_SENT, .index = index};
	unsigned count;
	enum status rc = outbox_store_to(service->db, row, to, &count);

	memcpy(link.id, row->id, sizeof(link.id));
	memcpy(link.digest, row->digest, sizeof(link.digest));
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		link.peer = to[i].party;
		rc = chain_store_add(service->db, &link);
	}
	return rc;
}

static enum status
keep_receipt(struct service *service, const struct frame_accepted *accepted,
    const struct leaf *leaf, struct outbox_row *row)
{
	struct event_row event;
	struct task_row task;
	enum status rc;

	if ((rc = event_store_add_proof(service->db, &accepted->proven)) != STATUS_OK)
		return rc;
	if ((rc = link_all(service, row, accepted->proven.index)) != STATUS_OK)
		return rc;
	rc = event_store_set_index(
	    service->db, row->event_n, accepted->proven.index, leaf->time_ms);
	if (rc != STATUS_OK)
		return rc;
	row->state = OUTBOX_ACCEPTED;
	row->refusal = STATUS_OK;
	rc = row->final ? outbox_store_remove(service->db, row->n)
	                : outbox_store_set(service->db, row);
	if (rc != STATUS_OK)
		return rc;
	if ((rc = event_store_get(service->db, row->event_n, &event)) != STATUS_OK)
		return rc;
	circles_logged(service, &event);
	if ((rc = case_store_task(service->db, event.task_n, &task)) != STATUS_OK)
		return rc;
	if (event.type == MESSAGE_GROUND_STOP)
		rc = stops_logged(service, &task, accepted->proven.index);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &task, "sent");
	if (rc == STATUS_OK && event.circle_n > 0)
		rc = history_follow(service, event.circle_n);
	return rc == STATUS_OK ? custody_fate_sent(service, &event, &task) : rc;
}

enum status
outbox_accepted(struct service *service, const struct frame *frame)
{
	struct frame_accepted accepted;
	struct outbox_row row;
	struct leaf leaf;
	enum status rc;

	if (frame_read_accepted(frame->body, &accepted) != STATUS_OK) {
		oplog(OPLOG_WARNING, "the broker sent a receipt that is none");
		return STATUS_OK;
	}
	rc = outbox_store_find(service->db, accepted.id, &row);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	if (row.state != OUTBOX_WAITING) {
		(void)take_request(&service->outbox.messages, frame->request);
		return STATUS_OK;
	}
	/* One that does not hold stays under way, so it is not sent in a circle. */
	rc = check_receipt(service, &accepted, &row, &leaf);
	if (proven_is_trouble(rc))
		return rc;
	if (rc != STATUS_OK)
		return note_bad_receipt(service, accepted.proven.index, rc);
	(void)take_request(&service->outbox.messages, frame->request);
	return keep_receipt(service, &accepted, &leaf, &row);
}

/* ---- Refusals ---------------------------------------------------------------------------- */

enum status
outbox_end(struct service *service, const struct outbox_row *row, enum event_what what,
    enum status code)
{
	struct event_row event, note;
	struct task_row task;
	enum status rc;

	if ((rc = event_store_get(service->db, row->event_n, &event)) != STATUS_OK)
		return rc;
	note = (struct event_row){.task_n = event.task_n,
	    .what = what,
	    .type = event.type,
	    .own = true,
	    .index = UINT64_MAX,
	    .time_ms = service->now_ms,
	    .status = code};
	memcpy(note.message, event.message, sizeof(note.message));
	if ((rc = event_store_set_dead(service->db, event.n)) != STATUS_OK)
		return rc;
	circles_forget(service);
	if ((rc = case_file_add_note(service, &note)) != STATUS_OK)
		return rc;
	if ((rc = outbox_store_remove(service->db, row->n)) != STATUS_OK)
		return rc;
	if ((rc = case_store_task(service->db, event.task_n, &task)) != STATUS_OK)
		return rc;
	if (event.type == MESSAGE_GROUND_STOP)
		rc = stops_refused(service, &task, code);
	if (task.sort->opening == TASK_EVENT_PASS)
		rc = history_returned(service, task.n);
	if (rc != STATUS_OK)
		return rc;
	task.unread = true;
	return case_file_refold(service, &task, event_store_what_name(what));
}

/* Whether somebody but PARTY is still to get ROW by itself. */
static enum status
has_others(
    struct service *service, const struct outbox_row *row, const char *party, bool *others)
{
	struct outbox_to to[ENVELOPE_RECIPIENTS_MAX];
	struct history_pass passed;
	unsigned count;
	enum status rc = outbox_store_to(service->db, row, to, &count);

	*others = false;
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		if (strcmp(to[i].party, party) == 0)
			continue;
		rc = history_store_pass(service->db, row->event_n, to[i].party, &passed);
		*others |= rc == STATUS_NOT_FOUND;
		if (rc == STATUS_NOT_FOUND)
			rc = STATUS_OK;
	}
	return rc;
}

enum status
outbox_drop(struct service *service, struct outbox_row *row, const char *party,
    enum event_what what, enum status code)
{
	struct event_row event;
	bool others;
	enum status rc = has_others(service, row, party, &others);

	if (rc != STATUS_OK || !others)
		return rc == STATUS_OK ? outbox_end(service, row, what, code) : rc;
	if ((rc = event_store_get(service->db, row->event_n, &event)) != STATUS_OK)
		return rc;
	if ((rc = circles_missed(service, &event, party, code, 0)) != STATUS_OK)
		return rc;
	row->state = OUTBOX_RESEAL;
	row->refusal = code;
	row->retry_ms = 0;
	row->length = 0; /* what changed is whom it goes to: at once */
	service->outbox.anew = true;
	return outbox_store_set(service->db, row);
}

/* Of a message to several: whom the refusal is about; "": about the message itself. */
static enum status
find_refused(struct service *service, const struct outbox_row *row,
    const struct frame_refused *refused, char party[static PARTY_MAX + 1])
{
	struct buffer frame = {0};
	struct envelope envelope;
	enum status rc = STATUS_OK;

	party[0] = '\0';
	if (!refused->has_recipient ||
	    (answer_to(refused->code) != ANSWER_FINAL && refused->code != STATUS_MAILBOX_FULL))
		return STATUS_OK;
	if ((rc = outbox_store_frame(service->db, row->n, &frame)) == STATUS_OK)
		rc = envelope_parse(bytes_of_buffer(&frame), &envelope);
	if (rc == STATUS_OK && envelope.header.recipient_count > 1 &&
	    refused->recipient < envelope.header.recipient_count &&
	    !bytes_to_text(
		envelope.header.recipients[refused->recipient].party, party, PARTY_MAX + 1))
		rc = STATUS_DATABASE;
	buffer_free(&frame);
	return rc;
}

enum status
outbox_refuse(struct service *service, struct outbox_row *row, enum status code)
{
	enum answer answer = answer_to(code);

	if (answer == ANSWER_ANEW && row->attempts >= ATTEMPTS_MAX)
		answer = ANSWER_FINAL;
	oplog(OPLOG_INFO, "the broker refused a message: %s%s", status_name(code),
	    answer == ANSWER_FINAL ? "" : "; it will go out later");
	if (answer == ANSWER_FINAL)
		return outbox_end(service, row, EVENT_REFUSED, code);
	row->refusal = code;
	row->attempts++;
	row->retry_ms = service->now_ms + backoff_ms(row->attempts);
	if (answer == ANSWER_CHUNKS)
		row->state = OUTBOX_UPLOADING;
	if (answer == ANSWER_ANEW) {
		row->state = OUTBOX_RESEAL;
		row->retry_ms = 0;
		row->length = directory_length(service->directory);
	}
	return outbox_store_set(service->db, row);
}

static enum status
refuse_evidence(struct service *service, uint64_t n, enum status code)
{
	struct evidence_row row = {.n = n, .refusal = code};
	struct problem problem = {
	    .what = "evidence_refused", .status = code, .time_ms = service->now_ms};
	enum status rc;

	if (answer_to(code) == ANSWER_LATER) {
		service->outbox.evidence_pause_ms =
		    service->now_ms + backoff_ms(++service->outbox.evidence_refusals);
		return STATUS_OK;
	}
	oplog(OPLOG_WARNING, "the broker refused evidence: %s", status_name(code));
	if ((rc = outbox_store_set_evidence(service->db, &row)) != STATUS_OK)
		return rc;
	return chain_store_problem(service->db, &problem);
}

enum status
outbox_refused(struct service *service, const struct frame *frame)
{
	struct frame_refused refused;
	char party[PARTY_MAX + 1];
	struct outbox_row row;
	uint64_t n;
	enum status rc;

	if (frame_read_refused(frame->body, &refused) != STATUS_OK) {
		oplog(OPLOG_WARNING, "the broker sent a refusal that is none");
		return STATUS_OK;
	}
	if ((n = take_request(&service->outbox.evidence, frame->request)) != 0)
		return refuse_evidence(service, n, refused.code);
	if ((n = take_request(&service->outbox.messages, frame->request)) == 0)
		return STATUS_OK;
	/* Without an id, too: what the broker cannot read would go out again at once, for ever. */
	rc = outbox_store_get(service->db, n, &row);
	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && row.state != OUTBOX_WAITING))
		return STATUS_OK;
	if (rc == STATUS_OK && refused.has_id &&
	    memcmp(refused.id, row.id, sizeof(row.id)) != 0)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = find_refused(service, &row, &refused, party);
	if (rc == STATUS_OK && party[0] != '\0')
		return outbox_drop(service, &row, party, EVENT_REFUSED, refused.code);
	return rc == STATUS_OK ? outbox_refuse(service, &row, refused.code) : rc;
}

/* ---- Evidence ---------------------------------------------------------------------------- */

enum status
outbox_recorded(struct service *service, const struct frame *frame)
{
	struct frame_recorded recorded;
	struct evidence_row row;
	enum status rc;

	(void)take_request(&service->outbox.evidence, frame->request);
	if (frame_read_recorded(frame->body, &recorded) != STATUS_OK) {
		oplog(OPLOG_WARNING, "the broker confirmed evidence in a wrong form");
		return STATUS_OK;
	}
	service->outbox.evidence_refusals = 0;
	rc = outbox_store_evidence(service->db, recorded.message_index, recorded.kind, &row);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	row.recorded = recorded.index + 1;
	row.refusal = STATUS_OK;
	return outbox_store_set_evidence(service->db, &row);
}
