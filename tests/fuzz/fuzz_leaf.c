/* tests/fuzz/fuzz_leaf.c: a leaf that parses re-encodes to the same bytes. */
#include <stdlib.h>

#include "protocol/wire/leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes view = {data, size};
	struct buffer again = {0};
	struct leaf leaf;

	if (leaf_parse(view, &leaf) == STATUS_OK) {
		leaf_encode(&leaf, &again);
		if (!bytes_equal(view, bytes_of_buffer(&again)))
			abort();
	}
	buffer_free(&again);
	return 0;
}
