/* tests/fuzz/fuzz_statement.c: hostile statements and files of them: refused, or one form only. */
#include <stdlib.h>

#include "protocol/trust/directory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What reads as a statement is written again as the same bytes. */
static void
read_one(struct bytes view)
{
	struct buffer again = {0};
	struct statement read;

	if (statement_parse(view, &read) == STATUS_OK) {
		statement_encode(&read, &again);
		if (!bytes_equal(view, bytes_of_buffer(&again)))
			abort();
	}
	buffer_free(&again);
}

/* Nothing without the root's signature founds a directory. */
static void
judge_one(const struct signed_statement *statement)
{
	static const uint8_t root[SUITE_SIGN_PUBLIC] = {1};
	struct directory *directory;
	const char *detail;

	if (directory_create("test-net", root, &directory) != STATUS_OK)
		return;
	if (directory_apply(directory, 0, statement, UINT64_MAX, &detail) == STATUS_OK)
		abort();
	directory_free(directory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes view = {data, size};
	struct signed_statement statement;
	struct buffer scratch = {0};
	size_t at = 0;

	read_one(view);
	while (statement_file_next(view, &at, &scratch, &statement) == STATUS_OK) {
		read_one(statement.view);
		judge_one(&statement);
	}
	buffer_free(&scratch);
	return 0;
}
