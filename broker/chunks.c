/* broker/chunks.c: attachments come in and go out, chunk by chunk, beside the mail. */
#include "broker/chunks.h"

#include <stdio.h>

#include "broker/intake.h"

#define SLOW_MS    20
#define EXPIRY_MAX 64

void
chunks_free(struct chunks *chunks)
{
	buffer_free(&chunks->sealed);
	buffer_free(&chunks->frame);
}

/* ---- In ---------------------------------------------------------------------------------- */

static void
answer_held(struct intake *in, const struct peer *peer, const struct frame *frame,
    const struct envelope_attachment *cited, uint32_t held)
{
	struct answer *answer =
	    answers_add(&in->answers, peer, COMMAND_CHUNK_HAVE, frame->request);

	answer->attachment = *cited;
	answer->number[0] = held;
}

static enum status
check_quota(struct intake *in, struct bytes owner, const struct envelope_attachment *cited)
{
	struct store *store = journal_store(in->journal);
	uint64_t count, size;
	enum status rc;

	if (attachment_plain_size(cited->size) > in->attachment_bytes)
		return STATUS_ATTACHMENT_TOO_LARGE;
	if ((rc = store->do_->attachment_sum(store, owner, &count, &size)) != STATUS_OK)
		return rc;
	return count >= CHUNKS_OWNED_MAX || size + cited->size > in->attachments_bytes
	           ? STATUS_ATTACHMENTS_FULL
	           : STATUS_OK;
}

/* The first chunk brings the attachment; nothing of it is kept before its place is proven. */
static enum status
enter(struct intake *in, struct bytes owner, const struct frame_chunk *chunk,
    struct store_attachment *out, struct refusal *why)
{
	struct store *store;
	enum status rc;

	if (chunk->chunk != 0) {
		why->detail = "nothing of this attachment is held: begin with its first chunk";
		return STATUS_BAD_CHUNK;
	}
	if ((rc = check_quota(in, owner, &chunk->attachment)) != STATUS_OK ||
	    (rc = attachment_check_chunk(
		 &chunk->attachment, chunk->chunk, &chunk->path, chunk->sealed)) != STATUS_OK)
		return rc;
	store = journal_writing(in->journal);
	journal_chunks(in->journal);
	journal_must(store->do_->attachment_put(store, owner, &chunk->attachment,
			 journal_time(in->journal) + CHUNKS_DAY_MS),
	    "store an attachment");
	rc = store->do_->attachment_get(store, owner, chunk->attachment.root, out);
	journal_must(rc, "find an attachment");
	return STATUS_OK;
}

static enum status
write_chunk(
    struct intake *in, const struct frame_chunk *chunk, struct store_attachment *attachment)
{
	struct store *store = journal_writing(in->journal);
	enum status rc;

	journal_chunks(in->journal);
	rc = store->do_->attachment_chunk(store, attachment, &chunk->path, chunk->sealed,
	    journal_time(in->journal) + CHUNKS_DAY_MS);
	if (rc != STATUS_NO_SPACE)
		journal_must(rc, "store a chunk");
	return rc;
}

enum status
chunks_take(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	struct bytes owner = bytes_of_text(peer->party->code);
	struct store *store = journal_store(in->journal);
	struct store_attachment attachment;
	struct frame_chunk chunk;
	enum status rc;

	if ((rc = frame_read_chunk(frame->body, &chunk)) != STATUS_OK ||
	    (rc = journal_accepts(in->journal)) != STATUS_OK)
		return rc;
	rc = store->do_->attachment_get(store, owner, chunk.attachment.root, &attachment);
	if (rc == STATUS_NOT_FOUND) {
		rc = enter(in, owner, &chunk, &attachment, why);
	} else if (rc == STATUS_OK) {
		if (attachment.cited.size != chunk.attachment.size)
			return STATUS_BAD_CHUNK;
		if (chunk.chunk < attachment.written) {
			answer_held(in, peer, frame, &attachment.cited, attachment.written);
			return STATUS_OK;
		}
		if (chunk.chunk > attachment.written) {
			why->detail = "this is not the next chunk";
			return STATUS_BAD_CHUNK;
		}
		rc = attachment_check_chunk(
		    &chunk.attachment, chunk.chunk, &chunk.path, chunk.sealed);
	}
	if (rc == STATUS_OK)
		rc = write_chunk(in, &chunk, &attachment);
	if (rc == STATUS_OK)
		answer_held(in, peer, frame, &attachment.cited, attachment.written);
	return rc;
}

enum status
chunks_have(struct intake *in, const struct peer *peer, const struct frame *frame)
{
	struct store *store = journal_store(in->journal);
	struct store_attachment attachment = {0};
	struct frame_chunk_have have;
	enum status rc;

	if ((rc = frame_read_chunk_have(frame->body, &have)) != STATUS_OK)
		return rc;
	rc = store->do_->attachment_get(
	    store, bytes_of_text(peer->party->code), have.attachment.root, &attachment);
	if (rc == STATUS_OK && attachment.cited.size != have.attachment.size)
		return STATUS_BAD_CHUNK;
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	answer_held(in, peer, frame, &have.attachment, attachment.written);
	return STATUS_OK;
}

/* ---- With a message ---------------------------------------------------------------------- */

enum status
chunks_check(struct intake *in, const struct envelope_header *header, struct refusal *why)
{
	struct store *store = journal_store(in->journal);
	struct store_attachment one;
	uint32_t count;
	enum status rc;

	for (uint32_t i = 0; i < header->attachment_count; i++) {
		const struct envelope_attachment *cited = &header->attachments[i];

		one = (struct store_attachment){0};
		rc = store->do_->attachment_get(store, header->sender, cited->root, &one);
		if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
			return rc;
		count = attachment_chunks(cited->size);
		if (rc == STATUS_OK && one.cited.size == cited->size && one.held == count)
			continue;
		snprintf(why->text, sizeof(why->text),
		    "attachment %u: %u of %u chunks are held", i, one.written, count);
		return STATUS_CHUNKS_MISSING;
	}
	return STATUS_OK;
}

void
chunks_claim(struct intake *in, const struct envelope_header *header, uint64_t index)
{
	struct store *store = journal_writing(in->journal);
	struct store_attachment one;

	for (uint32_t i = 0; i < header->attachment_count; i++) {
		journal_must(store->do_->attachment_get(
				 store, header->sender, header->attachments[i].root, &one),
		    "find an attachment");
		journal_must(store->do_->attachment_claim(
				 store, index, i, &one, header->recipient_count),
		    "claim an attachment");
	}
}

void
chunks_expire(struct intake *in)
{
	struct store *store = journal_store(in->journal);
	bool any = true;

	if (journal_accepts(in->journal) == STATUS_CLOCK_STOPPED)
		return;
	for (unsigned i = 0; any && i < EXPIRY_MAX; i++) {
		/* Read first: a second without any must not cost a commit. */
		journal_must(
		    store->do_->attachment_is_due(store, journal_time(in->journal), &any),
		    "look for old attachments");
		if (!any)
			return;
		store = journal_writing(in->journal);
		journal_chunks(in->journal);
		journal_must(
		    store->do_->attachment_expire(store, journal_time(in->journal), &any),
		    "remove an attachment");
	}
}

/* ---- Out --------------------------------------------------------------------------------- */

enum status
chunks_get(struct intake *in, struct session *session, const struct frame *frame)
{
	struct store *store = journal_store(in->journal);
	struct bytes party = bytes_of_text(session->peer.party->code);
	struct store_attachment attachment;
	struct store_mail mail;
	uint64_t numbers[3];
	enum status rc;

	if ((rc = frame_read_numbers(frame->body, numbers, 3)) != STATUS_OK)
		return rc;
	/* Whoever has no such message waiting learns nothing, not even whether there is one. */
	rc = store->do_->mail_get(store, party, numbers[0], &mail);
	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && !mail.has_part))
		return STATUS_NOT_YOURS;
	if (rc != STATUS_OK)
		return rc;
	if (numbers[1] >= ENVELOPE_ATTACHMENTS_MAX || numbers[2] >= ATTACHMENT_CHUNKS_MAX)
		return STATUS_BAD_CHUNK;
	rc = store->do_->attachment_of(store, numbers[0], (uint32_t)numbers[1], &attachment);
	if (rc == STATUS_NOT_FOUND ||
	    (rc == STATUS_OK && numbers[2] >= attachment_chunks(attachment.cited.size)))
		return STATUS_BAD_CHUNK;
	if (rc != STATUS_OK)
		return rc;
	if (session->get_count == SESSION_GETS_MAX)
		return STATUS_RATE_LIMITED;
	session->gets[(session->get_first + session->get_count++) % SESSION_GETS_MAX] =
	    (struct session_get){.index = numbers[0],
		.position = (uint32_t)numbers[1],
		.chunk = (uint32_t)numbers[2],
		.request = frame->request};
	return STATUS_OK;
}

static void
build(struct intake *in, const struct session_get *get)
{
	struct store *store = journal_store(in->journal);
	struct chunks *chunks = &in->chunks;
	struct frame_chunk chunk = {.chunk = get->chunk};
	struct frame_refused refused = {.code = STATUS_CHUNKS_MISSING};
	struct store_attachment attachment;
	enum status rc;

	buffer_reset(&chunks->sealed);
	rc = store->do_->attachment_of(store, get->index, get->position, &attachment);
	if (rc == STATUS_OK)
		rc = store->do_->chunk_read(
		    store, &attachment, get->chunk, &chunk.path, &chunks->sealed);
	if (rc == STATUS_OK) {
		chunk.attachment = attachment.cited;
		chunk.sealed = bytes_of_buffer(&chunks->sealed);
		frame_chunk(&chunk, get->request, &chunks->frame);
	} else {
		/* Its last evidence came meanwhile, or the file is gone. */
		frame_refused(&refused, get->request, &chunks->frame);
	}
}

/* One for this session; whether there was one. */
static bool
send_one(struct intake *in, struct session *session, const struct outlet *outlet)
{
	const struct session_get get = session->gets[session->get_first];
	struct peer to = session->peer;

	if (session->get_count == 0)
		return false;
	if (intake_reads_slowly(in, &session->peer)) {
		in->chunks.slow = true;
		return false;
	}
	session->get_first = (session->get_first + 1) % SESSION_GETS_MAX;
	session->get_count--;
	build(in, &get);
	journal_must(
	    in->chunks.frame.failed ? STATUS_NO_MEMORY : STATUS_OK, "build a chunk's frame");
	/* It may end the session. */
	outlet->send(outlet->state, &to, bytes_of_buffer(&in->chunks.frame));
	return true;
}

void
chunks_send(struct intake *in, const struct outlet *outlet)
{
	struct chunks *chunks = &in->chunks;
	unsigned sent = 0;
	bool any = true;

	chunks->slow = chunks->behind = false;
	while (any && sent < CHUNKS_TURN_MAX) {
		any = false;
		for (uint32_t i = 0; i < session_count(in->sessions) && sent < CHUNKS_TURN_MAX;
		     i++) {
			uint32_t at = (chunks->turn + i) % session_count(in->sessions);

			if (!send_one(in, session_at(in->sessions, at), outlet))
				continue;
			any = true;
			sent++;
		}
	}
	chunks->turn++;
	chunks->behind = sent == CHUNKS_TURN_MAX;
}

int
chunks_wait_ms(const struct intake *in, int wait_ms)
{
	int wait = in->chunks.behind ? 0 : in->chunks.slow ? SLOW_MS : wait_ms;

	return wait < wait_ms ? wait : wait_ms;
}
