/* broker/attest.c: evidence about messages: what recipients sign, and what the broker says itself. */
#include "broker/attest.h"

#include <string.h>

#include "broker/submit.h"

/* The message that evidence names, as the log has it, and which of its recipients speaks. */
static enum status
find_message(struct intake *in, const struct evidence *evidence, struct leaf *leaf,
    uint32_t *position, struct refusal *why)
{
	enum status rc = intake_leaf(in, evidence->index, leaf);

	if (rc != STATUS_OK)
		return rc;
	if (leaf->kind != LEAF_ACCEPTED ||
	    !bytes_equal(leaf->header.sender, evidence->sender) ||
	    memcmp(leaf->header.id, evidence->id, sizeof(evidence->id)) != 0 ||
	    memcmp(leaf->digest, evidence->digest, sizeof(evidence->digest)) != 0) {
		why->detail = "that entry is not this message";
		return STATUS_NO_SUCH_ENTRY;
	}
	for (uint32_t i = 0; i < leaf->header.recipient_count; i++)
		if (bytes_equal(leaf->header.recipients[i].party, evidence->recipient)) {
			*position = i;
			return STATUS_OK;
		}
	return STATUS_NOT_YOURS;
}

static void
recorded(struct intake *in, const struct peer *peer, const struct frame *frame,
    const struct evidence *evidence, uint64_t index)
{
	struct answer *answer =
	    answers_add(&in->answers, peer, COMMAND_RECORDED, frame->request);

	answer->number[0] = evidence->index;
	answer->number[1] = evidence->kind;
	answer->number[2] = index;
}

/* Whether the leaf at INDEX says the same: only when, and under which key, may differ. */
static enum status
compare(struct intake *in, const struct evidence *evidence, uint64_t index, struct refusal *why)
{
	struct leaf leaf;
	struct bytes view;
	enum status rc;

	if ((rc = journal_leaf(in->journal, index, &view)) != STATUS_OK)
		return rc;
	if (leaf_parse(view, &leaf) != STATUS_OK)
		return STATUS_DATABASE;
	if (leaf.evidence.reason == evidence->reason &&
	    bytes_equal(leaf.evidence.role, evidence->role) &&
	    leaf.evidence.has_token == evidence->has_token &&
	    memcmp(leaf.evidence.staff_token, evidence->staff_token,
		sizeof(evidence->staff_token)) == 0)
		return STATUS_OK;
	why->detail = "other evidence of this kind for this message is logged, and stands";
	return STATUS_ID_CONFLICT;
}

/*
 * STATUS_NOT_FOUND when it is new; its index when the log has the same already. Otherwise what
 * is logged stands, whatever the recipient says later: STATUS_ID_CONFLICT where it said it
 * itself, STATUS_EXPIRED where the broker did.
 */
static enum status
find_known(struct intake *in, const struct evidence *evidence, uint32_t position,
    uint64_t *index, struct refusal *why)
{
	struct store *store = journal_store(in->journal);
	enum evidence_kind kind;
	uint64_t final;
	enum status rc;

	rc = store->do_->evidence_get(store, evidence->index, position, evidence->kind, index);
	if (rc == STATUS_OK)
		return compare(in, evidence, *index, why);
	if (rc != STATUS_NOT_FOUND || !evidence_is_final(evidence->kind))
		return rc;
	rc = store->do_->evidence_final(store, evidence->index, position, &kind, &final);
	if (rc != STATUS_OK)
		return rc;
	if (kind == EVIDENCE_EXPIRED || kind == EVIDENCE_UNDELIVERABLE) {
		why->detail = "the broker ended this message before, as its log tells";
		return STATUS_EXPIRED;
	}
	why->detail = "other final evidence for this message is logged, and stands";
	return STATUS_ID_CONFLICT;
}

static enum status
check_signer(struct intake *in, const struct peer *peer, const struct frame_attest *attest,
    const struct evidence *evidence, struct refusal *why)
{
	uint64_t now = journal_time(in->journal);
	uint8_t key[SUITE_SIGN_PUBLIC];
	enum status rc;

	rc = directory_signing_key(journal_directory(in->journal), peer->party,
	    evidence->signing_epoch, journal_next(in->journal), key);
	if (rc == STATUS_OK)
		rc = batch_verify(why->digest, &attest->proof, key, &in->cache);
	if (rc == STATUS_OK && evidence->time_ms > now &&
	    evidence->time_ms - now > SUBMIT_AHEAD_MS)
		rc = STATUS_CLOCK_SKEW;
	return rc;
}

/* An evidence leaf is in the log at INDEX: what follows for the store and the mailboxes. */
static void
enter(struct intake *in, const struct evidence *evidence, uint32_t position, uint64_t index)
{
	struct store *store = journal_writing(in->journal);
	const struct store_mail notice = {.index = index};
	enum status rc;

	journal_must(
	    store->do_->evidence_put(store, evidence->index, position, evidence->kind, index),
	    "store evidence");
	if (evidence_is_final(evidence->kind)) {
		rc = store->do_->mail_remove(store, evidence->recipient, evidence->index);
		journal_must(rc == STATUS_NOT_FOUND ? STATUS_OK : rc, "remove mail");
		journal_must(store->do_->attachment_release(store, evidence->index),
		    "release attachments");
	}
	journal_must(
	    store->do_->mail_put(store, evidence->sender, &notice), "store an evidence");
	session_wake(in->sessions, evidence->sender);
}

enum status
attest_take(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	struct frame_attest attest;
	struct evidence evidence;
	struct leaf message, leaf = {.kind = LEAF_EVIDENCE};
	uint32_t position;
	uint64_t index;
	enum status rc;

	if ((rc = frame_read_attest(frame->body, &attest)) != STATUS_OK ||
	    (rc = evidence_parse(attest.evidence, &evidence)) != STATUS_OK)
		return rc;
	memcpy(why->id, evidence.id, sizeof(why->id));
	evidence_digest(attest.evidence, why->digest);
	why->has_id = why->has_digest = true;
	if (!bytes_is_text(evidence.network, journal_network(in->journal)))
		return STATUS_WRONG_NETWORK;
	if (!bytes_is_text(evidence.recipient, peer->party->code) ||
	    evidence.kind == EVIDENCE_EXPIRED || evidence.kind == EVIDENCE_UNDELIVERABLE)
		return STATUS_NOT_YOURS;
	if ((rc = find_message(in, &evidence, &message, &position, why)) != STATUS_OK)
		return rc;
	rc = find_known(in, &evidence, position, &index, why);
	if (rc == STATUS_OK)
		recorded(in, peer, frame, &evidence, index);
	if (rc != STATUS_NOT_FOUND)
		return rc;
	if ((rc = journal_accepts(in->journal)) != STATUS_OK ||
	    (rc = check_signer(in, peer, &attest, &evidence, why)) != STATUS_OK)
		return rc;
	leaf.body = attest.evidence;
	leaf.proof = attest.proof;
	index = journal_append(in->journal, &leaf);
	enter(in, &evidence, position, index);
	recorded(in, peer, frame, &evidence, index);
	in->recorded++;
	return STATUS_OK;
}

enum status
attest_end(struct intake *in, struct bytes party, const struct store_mail *mail,
    enum evidence_kind kind)
{
	struct evidence evidence = {.kind = kind,
	    .network = bytes_of_text(journal_network(in->journal)),
	    .index = mail->index,
	    .recipient = party,
	    .time_ms = journal_time(in->journal),
	    .reason = kind == EVIDENCE_UNDELIVERABLE ? STATUS_EXPIRED : STATUS_OK};
	struct leaf message, leaf = {.kind = LEAF_BROKER_EVIDENCE};
	struct store_mail notice = {0};
	struct store *store;
	enum status rc;

	if ((rc = intake_leaf(in, mail->index, &message)) != STATUS_OK)
		return rc;
	evidence.sender = message.header.sender;
	memcpy(evidence.id, message.header.id, sizeof(evidence.id));
	memcpy(evidence.digest, message.digest, sizeof(evidence.digest));
	buffer_reset(&in->part);
	evidence_encode(&evidence, &in->part);
	if (in->part.failed)
		return STATUS_NO_MEMORY;
	leaf.body = bytes_of_buffer(&in->part);
	notice.index = journal_append(in->journal, &leaf);
	enter(in, &evidence, mail->part_number, notice.index);
	/* The recipient as well, so that it can tell a gap from a loss. */
	store = journal_writing(in->journal);
	journal_must(store->do_->mail_put(store, party, &notice), "store an evidence");
	session_wake(in->sessions, party);
	return STATUS_OK;
}
