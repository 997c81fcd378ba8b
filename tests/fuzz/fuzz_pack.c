/* tests/fuzz/fuzz_pack.c: what the check admits decodes, and encodes again to the same bytes.
 */
#include <stdlib.h>

#include "protocol/wire/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Copies one array's elements through the reader and the writer. */
static void
copy(struct pack_in *in, struct buffer *out)
{
	struct pack_in probe;

	while (pack_in_more(in)) {
		if (pack_in_at_array(in)) {
			struct pack_in child = pack_in_array(in, 0, UINT32_MAX);

			pack_array(out, child.count);
			copy(&child, out);
			pack_end(&child);
			continue;
		}
		if (pack_in_nil(in)) {
			pack_nil(out);
			continue;
		}
		/* The kind is found by trying: each try is made on a document that can fail. */
		for (unsigned kind = 0; kind < 4; kind++) {
			struct pack_doc try = *in->doc;
			struct bytes view = {0};
			uint64_t number = 0;
			bool truth = false;

			probe = *in;
			probe.doc = &try;
			if (kind == 0)
				number = pack_in_uint(&probe, UINT64_MAX);
			else if (kind == 1)
				truth = pack_in_bool(&probe);
			else if (kind == 2)
				view = pack_in_text(&probe, 0, SIZE_MAX);
			else
				view = pack_in_bin(&probe, 0, SIZE_MAX);
			if (try.rc != STATUS_OK)
				continue;
			if (kind == 0)
				pack_uint(out, number);
			else if (kind == 1)
				pack_bool(out, truth);
			else if (kind == 2)
				pack_text(out, view);
			else
				pack_bin(out, view);
			in->next = probe.next;
			break;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes view = {data, size};
	struct buffer again = {0};
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open_value(view, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		copy(&in, &again);
		if (!bytes_equal(view, bytes_of_buffer(&again)))
			abort();
	} else if (doc.rc != STATUS_NO_MEMORY && pack_check(view) != doc.rc)
		abort();
	if (pack_close(&doc) == STATUS_OK && pack_check(view) != STATUS_OK)
		abort();
	buffer_free(&again);
	return 0;
}
