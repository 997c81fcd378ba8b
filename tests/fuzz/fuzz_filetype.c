/* tests/fuzz/fuzz_filetype.c: a file is of the same type in one piece and in many. */
#include <stdlib.h>

#include "protocol/wire/filetype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first piece of at least 64 bytes, as the contract says; each next one of 1 to STEP. */
static enum status
look_in_pieces(struct bytes file, size_t step, struct filetype_look *look)
{
	size_t at = 0, piece = 64 + step;
	enum status rc;

	do {
		if (piece > file.len - at)
			piece = file.len - at;
		rc = filetype_look(
		    look, (struct bytes){file.data + at, piece}, at + piece == file.len);
		at += piece;
		piece = 1 + at % (step + 1);
	} while (rc == STATUS_OK && at < file.len);
	return rc;
}

/* The first byte says how long the pieces are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filetype_look whole = {0}, pieces = {0};
	struct bytes file;
	enum status rc;

	if (size == 0)
		return 0;
	file = (struct bytes){data + 1, size - 1};
	rc = filetype_look(&whole, file, true);
	if (rc != look_in_pieces(file, data[0], &pieces))
		abort();
	if (rc == STATUS_OK && (whole.type >= FILETYPE_COUNT || whole.type != pieces.type))
		abort();
	return 0;
}
