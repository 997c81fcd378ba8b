/* tests/fuzz/fuzz_frame.c: every reader of a command's body, behind the real prefix. */
#include <stdlib.h>

#include "protocol/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads the body as what the command says; the large pages live outside the stack. */
static void
read_body(const struct frame *frame)
{
	static struct frame_directory_page directory;
	static struct frame_entries_page entries;
	static union {
		struct frame_hello hello;
		struct frame_welcome welcome;
		struct frame_accepted accepted;
		struct frame_refused refused;
		struct frame_deliver deliver;
		struct frame_attest attest;
		struct frame_recorded recorded;
		struct frame_state state;
		struct frame_proof_page proof;
		struct frame_consistency_page consistency;
		struct frame_news news;
		struct envelope envelope;
		struct bytes note;
		uint64_t numbers[2];
	} out;
	enum status rc;

	switch ((unsigned)frame->command) {
	case COMMAND_HELLO:
		rc = frame_read_hello(frame->body, &out.hello);
		break;
	case COMMAND_WELCOME:
		rc = frame_read_welcome(frame->body, &out.welcome);
		break;
	case COMMAND_SUBMIT:
		rc = envelope_parse(frame->body, &out.envelope);
		break;
	case COMMAND_ACCEPTED:
		rc = frame_read_accepted(frame->body, &out.accepted);
		break;
	case COMMAND_REFUSED:
		rc = frame_read_refused(frame->body, &out.refused);
		break;
	case COMMAND_DELIVER:
		rc = frame_read_deliver(frame->body, &out.deliver);
		break;
	case COMMAND_ATTEST:
		rc = frame_read_attest(frame->body, &out.attest);
		break;
	case COMMAND_RECORDED:
		rc = frame_read_recorded(frame->body, &out.recorded);
		break;
	case COMMAND_STATE:
		rc = frame_read_state(frame->body, &out.state);
		break;
	case COMMAND_DIRECTORY_PAGE:
		rc = frame_read_directory_page(frame->body, &directory);
		break;
	case COMMAND_ENTRIES_PAGE:
		rc = frame_read_entries_page(frame->body, &entries);
		break;
	case COMMAND_PROOF_PAGE:
		rc = frame_read_proof_page(frame->body, &out.proof);
		break;
	case COMMAND_CONSISTENCY_PAGE:
		rc = frame_read_consistency_page(frame->body, &out.consistency);
		break;
	case COMMAND_NEWS:
		rc = frame_read_news(frame->body, &out.news);
		break;
	case COMMAND_CHECKPOINT_PAGE:
		rc = frame_read_checkpoint(frame->body, &out.note);
		break;
	default:
		rc = frame_read_numbers(frame->body, out.numbers, 2);
		break;
	}
	if (rc != STATUS_OK && (rc < STATUS_MALFORMED || rc > STATUS_OUTSIDE_PROFILE) &&
	    rc != STATUS_NO_MEMORY)
		abort(); /* a reader of a peer's bytes answers with what a peer may be told */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;

	if (frame_parse((struct bytes){data, size}, &frame) == STATUS_OK)
		read_body(&frame);
	return 0;
}
