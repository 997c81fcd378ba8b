/* broker/submit.c: SUBMIT: whether a sealed message enters the log, and its way to mailboxes. */
#include "broker/submit.h"

#include <string.h>

#include "broker/references.h"
#include "protocol/trust/policy.h"

static enum status
accepted(struct intake *in, const struct peer *peer, const struct frame *frame,
    const struct envelope *envelope, uint64_t index)
{
	struct answer *answer =
	    answers_add(&in->answers, peer, COMMAND_ACCEPTED, frame->request);

	answer->number[0] = index;
	memcpy(answer->id, envelope->header.id, sizeof(answer->id));
	return STATUS_OK;
}

/* STATUS_NOT_FOUND when it is new; its index when it is known; STATUS_ID_CONFLICT. */
static enum status
find_known(struct intake *in, const struct envelope *envelope, uint64_t *index)
{
	struct store *store = journal_store(in->journal);
	struct store_message known;
	enum status rc = store->do_->message_get(
	    store, envelope->header.sender, envelope->header.id, &known);

	if (rc != STATUS_OK)
		return rc;
	if (memcmp(known.digest, envelope->digest, sizeof(known.digest)) != 0)
		return STATUS_ID_CONFLICT;
	*index = known.index;
	return STATUS_OK;
}

static enum status
check_times(const struct envelope_header *header, uint64_t now)
{
	if (header->created_ms > now && header->created_ms - now > SUBMIT_AHEAD_MS)
		return STATUS_CLOCK_SKEW;
	return header->expires_ms <= now ? STATUS_EXPIRED : STATUS_OK;
}

static enum status
check_mailbox(struct intake *in, struct bytes party, uint64_t more)
{
	struct store *store = journal_store(in->journal);
	uint64_t entries, size;
	enum status rc = store->do_->mail_count(store, party, &entries, &size);

	if (rc == STATUS_OK &&
	    (entries >= in->mailbox_entries || size + more > in->mailbox_bytes))
		rc = STATUS_MAILBOX_FULL;
	return rc;
}

static enum status
check_mailboxes(struct intake *in, const struct envelope *envelope, struct refusal *why)
{
	const struct envelope_header *header = &envelope->header;
	enum status rc;

	/* Its evidence will come back: whoever does not take it sends no more. */
	if ((rc = check_mailbox(in, header->sender, 0)) != STATUS_OK) {
		why->detail = "the sender's own: it must first take the evidence in it";
		return rc;
	}
	for (uint32_t i = 0; i < header->recipient_count; i++) {
		rc = check_mailbox(
		    in, header->recipients[i].party, envelope->parts[i].payload.len);
		if (rc != STATUS_OK) {
			why->recipient = (int)i;
			return rc;
		}
	}
	return STATUS_OK;
}

/* Everything that decides over a new message; nothing is written yet. */
static enum status
check(struct intake *in, const struct envelope *envelope, struct refusal *why, uint32_t *new)
{
	const struct envelope_header *header = &envelope->header;
	uint8_t key[SUITE_SIGN_PUBLIC];
	enum status rc;

	if ((rc = journal_accepts(in->journal)) != STATUS_OK)
		return rc;
	if ((rc = policy_check(journal_directory(in->journal), header,
		 journal_next(in->journal), key, &why->recipient)) != STATUS_OK)
		return rc;
	if ((rc = batch_verify(envelope->digest, &envelope->proof, key, &in->cache)) !=
		STATUS_OK ||
	    (rc = check_times(header, journal_time(in->journal))) != STATUS_OK ||
	    (rc = references_check(in, header, why, new)) != STATUS_OK)
		return rc;
	if ((rc = check_mailboxes(in, envelope, why)) != STATUS_OK)
		return rc;
	return chunks_check(in, header, why);
}

static void
post_parts(struct intake *in, const struct envelope *envelope, uint64_t index)
{
	const struct envelope_header *header = &envelope->header;
	struct store *store = journal_writing(in->journal);
	struct store_mail mail = {
	    .index = index, .has_part = true, .expires_ms = header->expires_ms};

	for (uint32_t i = 0; i < envelope->part_count; i++) {
		buffer_reset(&in->part);
		envelope_part_encode(&envelope->parts[i], &in->part);
		journal_must(in->part.failed ? STATUS_NO_MEMORY : STATUS_OK, "encode a part");
		mail.part_number = i;
		mail.part = bytes_of_buffer(&in->part);
		journal_must(store->do_->mail_put(store, header->recipients[i].party, &mail),
		    "store mail");
		session_wake(in->sessions, header->recipients[i].party);
	}
}

static uint64_t
enter(struct intake *in, const struct envelope *envelope, uint32_t new)
{
	struct leaf leaf = {.kind = LEAF_ACCEPTED,
	    .body = envelope->header_bytes,
	    .part_count = envelope->part_count,
	    .proof = envelope->proof};
	struct store *store = journal_writing(in->journal);
	struct store_message message;

	memcpy(leaf.part_hashes, envelope->part_hashes, sizeof(leaf.part_hashes));
	message.index = journal_append(in->journal, &leaf);
	memcpy(message.digest, envelope->digest, sizeof(message.digest));
	journal_must(store->do_->message_put(
			 store, envelope->header.sender, envelope->header.id, &message),
	    "store a message's id");
	references_enter(in, &envelope->header, message.index, new);
	post_parts(in, envelope, message.index);
	chunks_claim(in, &envelope->header, message.index);
	in->accepted++;
	return message.index;
}

enum status
submit_take(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	struct envelope envelope;
	uint64_t index;
	uint32_t new;
	enum status rc;

	if ((rc = envelope_parse(frame->body, &envelope)) != STATUS_OK)
		return rc;
	memcpy(why->id, envelope.header.id, sizeof(why->id));
	memcpy(why->digest, envelope.digest, sizeof(why->digest));
	why->has_id = why->has_digest = true;
	if (!bytes_is_text(envelope.header.sender, peer->party->code))
		return STATUS_WRONG_SENDER;
	/* Before anything that time changes: a receipt once given is given again for ever. */
	rc = find_known(in, &envelope, &index);
	if (rc == STATUS_OK)
		return accepted(in, peer, frame, &envelope, index);
	if (rc != STATUS_NOT_FOUND || (rc = check(in, &envelope, why, &new)) != STATUS_OK)
		return rc;
	return accepted(in, peer, frame, &envelope, enter(in, &envelope, new));
}
