/* tests/fuzz/fuzz_frame.c: every reader of a command's body, behind the real prefix. */
#include <stdlib.h>

#include "protocol/wire/attachment.h"
#include "protocol/wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The large pages stay off the stack. */
#define READER(name)                                                                           \
	static enum status read_##name(struct bytes body)                                      \
	{                                                                                      \
		static struct frame_##name out;                                                \
		return frame_read_##name(body, &out);                                          \
	}
READER(hello)
READER(welcome)
READER(accepted)
READER(refused)
READER(deliver)
READER(attest)
READER(recorded)
READER(state)
READER(directory_page)
READER(entries_page)
READER(proof_page)
READER(consistency_page)
READER(news)
READER(chunk_have)

static enum status
read_submit(struct bytes body)
{
	static struct envelope out;

	return envelope_parse(body, &out);
}

/* A chunk that can be read is then held against its root. */
static enum status
read_chunk(struct bytes body)
{
	static struct frame_chunk out;
	enum status rc = frame_read_chunk(body, &out);

	return rc == STATUS_OK
	           ? attachment_check_chunk(&out.attachment, out.chunk, &out.path, out.sealed)
	           : rc;
}

static enum status
read_checkpoint(struct bytes body)
{
	struct bytes note;

	return frame_read_checkpoint(body, &note);
}

static enum status
read_numbers(struct bytes body)
{
	uint64_t numbers[2];

	return frame_read_numbers(body, numbers, 2);
}

static enum status (*const readers[])(struct bytes body) = {
    [COMMAND_HELLO] = read_hello,
    [COMMAND_WELCOME] = read_welcome,
    [COMMAND_SUBMIT] = read_submit,
    [COMMAND_ACCEPTED] = read_accepted,
    [COMMAND_REFUSED] = read_refused,
    [COMMAND_DELIVER] = read_deliver,
    [COMMAND_ATTEST] = read_attest,
    [COMMAND_RECORDED] = read_recorded,
    [COMMAND_STATE] = read_state,
    [COMMAND_DIRECTORY_PAGE] = read_directory_page,
    [COMMAND_ENTRIES_PAGE] = read_entries_page,
    [COMMAND_PROOF_PAGE] = read_proof_page,
    [COMMAND_CONSISTENCY_PAGE] = read_consistency_page,
    [COMMAND_CHECKPOINT_PAGE] = read_checkpoint,
    [COMMAND_NEWS] = read_news,
    [COMMAND_CHUNK] = read_chunk,
    [COMMAND_CHUNK_HAVE] = read_chunk_have,
    [COMMAND_BYE] = NULL,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;
	enum status rc;

	if (frame_parse((struct bytes){data, size}, &frame) != STATUS_OK)
		return 0;
	rc = readers[frame.command] != NULL ? readers[frame.command](frame.body)
	                                    : read_numbers(frame.body);
	/* A reader of a peer's bytes answers with what a peer may be told. */
	if (rc != STATUS_OK && (rc < STATUS_MALFORMED || rc >= STATUS_BAD_CONFIG) &&
	    rc != STATUS_NO_MEMORY)
		abort();
	return 0;
}
