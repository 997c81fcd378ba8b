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
		category_set shown = 0;

		for (unsigned i = 0; i < content.type->field_count; i++)
			if (content.fields[i].shown)
				shown |= CATEGORY_BIT(content.type->fields[i].field->category);
		/* Whole categories shown re-encode; where only some fields are, it is longer. */
		forwarded_encode(&forwarded.proven, &content, shown, &again);
		if (again.failed || again.len < size)
			abort();
	}
	buffer_free(&again);
	content_free(&content);
	return 0;
}
