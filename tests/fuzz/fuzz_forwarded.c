/* tests/fuzz/fuzz_forwarded.c: what parses as passed on re-encodes to the same bytes. */
#include <stdlib.h>

#include "protocol/wire/forwarded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes view = {data, size};
	struct buffer again = {0};
	struct forwarded forwarded;
	struct content content;
	struct leaf leaf;

	if (forwarded_parse(view, &forwarded) != STATUS_OK ||
	    leaf_parse(forwarded.proven.leaf, &leaf) != STATUS_OK)
		return 0;
	if (forwarded_content(&forwarded, &leaf, &content) == STATUS_OK) {
		forwarded_encode(
		    &forwarded.proven, &content, CATEGORY_ALL, CATEGORY_ALL, &again);
		if (again.failed || !bytes_equal(view, bytes_of_buffer(&again)))
			abort();
	}
	buffer_free(&again);
	content_free(&content);
	return 0;
}
