/* broker/intake.c: one frame in; at most one entry of the log, its mail, and an answer to come. */
#include "broker/intake.h"

#include <string.h>

#include "broker/attest.h"
#include "broker/enquiry.h"
#include "broker/state.h"
#include "broker/submit.h"
#include "protocol/host/oplog.h"

/* What a greeting is reckoned as, beside pages of the log: it may bring an entry. */
#define HELLO_COST (256U * 1024)

void
intake_free(struct intake *intake)
{
	answers_free(&intake->answers);
	chunks_free(&intake->chunks);
	buffer_free(&intake->leaf);
	buffer_free(&intake->part);
}

bool
intake_reads_slowly(const struct intake *intake, const struct peer *peer)
{
	return intake->unread != NULL &&
	       intake->unread(intake->state, peer) > INTAKE_UNREAD_MAX;
}

enum status
intake_leaf(struct intake *intake, uint64_t index, struct leaf *out)
{
	struct bytes view;
	enum status rc;

	if (index >= journal_size(intake->journal))
		return STATUS_NO_SUCH_ENTRY;
	if ((rc = journal_leaf(intake->journal, index, &view)) != STATUS_OK)
		return rc;
	buffer_reset(&intake->leaf);
	buffer_append(&intake->leaf, view);
	if (intake->leaf.failed)
		return STATUS_NO_MEMORY;
	return leaf_parse(bytes_of_buffer(&intake->leaf), out) == STATUS_OK ? STATUS_OK
	                                                                    : STATUS_DATABASE;
}

/* ---- Small commands ---------------------------------------------------------------------- */

static enum status
take_hello(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	struct leaf access = {.kind = LEAF_ACCESS, .party = bytes_of_text(peer->party->code)};
	struct frame_hello hello;
	struct session *session;
	struct peer old;
	enum status rc;

	if ((rc = frame_read_hello(frame->body, &hello)) != STATUS_OK)
		return rc;
	if (!bytes_is_text(hello.network, journal_network(in->journal)))
		return STATUS_WRONG_NETWORK;
	if (!bytes_is_text(hello.party, peer->party->code))
		return STATUS_WRONG_SENDER;
	if (hello.log_size > journal_size(in->journal)) {
		why->detail = "you know more of the log than this broker has: it was restored "
			      "from an old backup, or is not the one you know";
		return STATUS_NO_SUCH_ENTRY;
	}
	if (enquiry_is_logged(peer->party) && (rc = journal_accepts(in->journal)) != STATUS_OK)
		return rc;
	if (!allowance_spend(
		in->allowances, peer->party, journal_boot(in->journal), HELLO_COST))
		return STATUS_RATE_LIMITED;
	if ((rc = session_open(in->sessions, peer, &session, &old)) != STATUS_OK)
		return rc;
	if (old.routing_len > 0 && in->replaced != NULL)
		in->replaced(in->state, &old);
	access.software = hello.software;
	if (enquiry_is_logged(peer->party))
		journal_append(in->journal, &access);
	answers_add(&in->answers, peer, COMMAND_WELCOME, frame->request)->number[0] =
	    hello.log_size;
	return STATUS_OK;
}

static enum status
take_credit(struct intake *in, struct session *session, const struct frame *frame)
{
	struct store *store = journal_store(in->journal);
	struct bytes party = bytes_of_text(session->peer.party->code);
	uint64_t count;
	enum status rc;

	if ((rc = frame_read_numbers(frame->body, &count, 1)) != STATUS_OK)
		return rc;
	if (count > FRAME_CREDIT_MAX - session->credit)
		session->credit = FRAME_CREDIT_MAX;
	else
		session->credit += (uint32_t)count;
	rc = store->do_->handed_get(store, party, &session->handed);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	session_wake(in->sessions, party);
	return STATUS_OK;
}

/* Only evidence leaves a mailbox so: a message leaves it by its final evidence. */
static enum status
take_taken(struct intake *in, struct session *session, const struct frame *frame)
{
	struct store *store = journal_store(in->journal);
	struct bytes party = bytes_of_text(session->peer.party->code);
	struct store_mail mail;
	uint64_t index;
	enum status rc;

	if ((rc = frame_read_numbers(frame->body, &index, 1)) != STATUS_OK)
		return rc;
	rc = store->do_->mail_get(store, party, index, &mail);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	if (mail.has_part)
		return STATUS_NOT_YOURS;
	store = journal_writing(in->journal);
	journal_must(store->do_->mail_remove(store, party, index), "remove mail");
	return STATUS_OK;
}

static enum status
take_bye(struct intake *in, struct session *session, const struct frame *frame)
{
	enum status rc = frame_read_numbers(frame->body, NULL, 0);

	if (rc == STATUS_OK)
		session_close(in->sessions, session);
	return rc;
}

/* ---- Every frame ------------------------------------------------------------------------- */

/* What a session is not needed for is HELLO alone. */
static enum status
dispatch(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why)
{
	struct session *session = session_find(in->sessions, peer);

	/* Its connection has ended: nobody hears a refusal, and what mattered is sent again. */
	if (session == NULL && peer->fd < 0)
		return STATUS_OK;
	if (frame->command == COMMAND_HELLO)
		return take_hello(in, peer, frame, why);
	if (session == NULL)
		return STATUS_HELLO_FIRST;
	session->peer.fd = peer->fd;
	session->peer.serial = peer->serial;
	switch (frame->command) {
	case COMMAND_SUBMIT:
		return submit_take(in, peer, frame, why);
	case COMMAND_ATTEST:
		return attest_take(in, peer, frame, why);
	case COMMAND_STATE:
		return state_take(in, peer, frame, why);
	case COMMAND_CREDIT:
		return take_credit(in, session, frame);
	case COMMAND_TAKEN:
		return take_taken(in, session, frame);
	case COMMAND_DIRECTORY:
	case COMMAND_ENTRIES:
	case COMMAND_PROOF:
	case COMMAND_CONSISTENCY:
	case COMMAND_CHECKPOINT:
	case COMMAND_PING:
		return enquiry_take(in, peer, frame);
	case COMMAND_CHUNK:
		return chunks_take(in, peer, frame, why);
	case COMMAND_CHUNK_HAVE:
		return chunks_have(in, peer, frame);
	case COMMAND_CHUNK_GET:
		return chunks_get(in, session, frame);
	case COMMAND_BYE:
		return take_bye(in, session, frame);
	case COMMAND_HELLO:
	case COMMAND_WELCOME:
	case COMMAND_ACCEPTED:
	case COMMAND_REFUSED:
	case COMMAND_DELIVER:
	case COMMAND_RECORDED:
	case COMMAND_STATED:
	case COMMAND_DIRECTORY_PAGE:
	case COMMAND_ENTRIES_PAGE:
	case COMMAND_PROOF_PAGE:
	case COMMAND_CONSISTENCY_PAGE:
	case COMMAND_CHECKPOINT_PAGE:
	case COMMAND_NEWS:
	case COMMAND_PONG:
		break;
	}
	return STATUS_UNKNOWN_COMMAND;
}

/*
 * A peer's fault has a number on the wire. A store that cannot be read ends the process. What is
 * left is ours and nothing was written: the frame is refused, the peer is told to wait.
 */
static enum status
for_wire(enum status rc, struct refusal *why)
{
	enum status code;

	if (status_from_wire((uint64_t)rc, &code))
		return code;
	journal_must(rc == STATUS_DATABASE || rc == STATUS_IO ? rc : STATUS_OK, "read");
	oplog(OPLOG_ERROR, "a frame could not be taken: %s", status_meaning(rc));
	why->detail = rc == STATUS_NO_MEMORY ? "memory ran out" : "the broker failed";
	return STATUS_RATE_LIMITED;
}

static void
refuse(struct intake *in, const struct peer *peer, uint32_t request, enum status rc,
    struct bytes view, struct refusal *why)
{
	enum status code = for_wire(rc, why);
	struct answer *answer = answers_add(&in->answers, peer, COMMAND_REFUSED, request);

	in->refused++;
	answer->code = code;
	answer->detail = why->detail;
	memcpy(answer->text, why->text, sizeof(answer->text));
	answer->has_id = why->has_id;
	memcpy(answer->id, why->id, sizeof(answer->id));
	answer->has_recipient = why->recipient >= 0;
	answer->recipient = why->recipient >= 0 ? (uint32_t)why->recipient : 0;
	if (!why->has_digest)
		suite_hash("saikne-v1-refused", &view, 1, why->digest);
	refusals_note(in->refusals, in->journal, peer->party, code, why->digest);
}

void
intake_take(struct intake *in, const struct peer *peer, struct bytes view)
{
	struct refusal why = {.recipient = -1};
	struct frame frame = {0};
	enum status rc;

	journal_weigh(in->journal, view.len);
	if ((rc = frame_parse(view, &frame)) == STATUS_OK)
		rc = dispatch(in, peer, &frame, &why);
	else if (view.len >= FRAME_PREFIX_LEN)
		frame.request = bytes_get_u32(view.data + 4);
	if (rc != STATUS_OK)
		refuse(in, peer, frame.request, rc, view, &why);
}
