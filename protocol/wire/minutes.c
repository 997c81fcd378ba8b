/* protocol/wire/minutes.c: which minutes of which matters are signed by one act. */
#include "protocol/wire/minutes.h"

#include <stdlib.h>
#include <string.h>

static int
by_matter(const void *a, const void *b)
{
	return memcmp(((const struct minutes_entry *)a)->matter,
	    ((const struct minutes_entry *)b)->matter, SUITE_ID_LEN);
}

void
minutes_sort(struct minutes_entry *entries, unsigned count)
{
	qsort(entries, count, sizeof(*entries), by_matter);
}

void
minutes_encode(const struct minutes_entry *entries, unsigned count, struct buffer *out)
{
	pack_array(out, count);
	for (unsigned i = 0; i < count; i++) {
		pack_array(out, 3);
		pack_bin(out, BYTES(entries[i].matter));
		pack_bin(out, BYTES(entries[i].message));
		pack_bin(out, BYTES(entries[i].root.byte));
	}
}

unsigned
minutes_decode(struct pack_in *in, uint64_t limit, struct minutes_entry *out)
{
	struct pack_in all = pack_in_array(in, 1, UINT32_MAX);
	struct minutes_entry one, before;
	unsigned count = 0;

	if (all.count > limit)
		pack_fail(in, STATUS_TOO_LARGE);
	for (; count < limit && pack_in_more(&all); count++) {
		struct pack_in entry = pack_in_array(&all, 3, 3);

		one = (struct minutes_entry){.matter = {0}};
		pack_in_copy(&entry, one.matter, sizeof(one.matter));
		pack_in_copy(&entry, one.message, sizeof(one.message));
		pack_in_copy(&entry, one.root.byte, sizeof(one.root.byte));
		pack_end(&entry);
		if (count > 0 && by_matter(&before, &one) >= 0)
			pack_fail(in, STATUS_ARGUMENT);
		before = one;
		if (out != NULL)
			out[count] = one;
	}
	return count;
}

unsigned
minutes_read(struct bytes value, struct minutes_entry out[static MINUTES_MAX])
{
	struct pack_doc doc;
	struct pack_in in;
	unsigned count = 0;

	if (pack_open_value(value, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		count = minutes_decode(&in, MINUTES_MAX, out);
	}
	return pack_close(&doc) == STATUS_OK ? count : 0;
}

enum status
minutes_set(struct content *content, const struct minutes_entry *entries, unsigned count)
{
	struct buffer value = {0};
	enum status rc = STATUS_NO_MEMORY;

	minutes_encode(entries, count, &value);
	if (!value.failed)
		rc = content_set_value(content, FIELD_MINUTES_SIGNED, bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

unsigned
minutes_of(const struct content *content, struct minutes_entry out[static MINUTES_MAX])
{
	struct bytes value;

	return content_value(content, FIELD_MINUTES_SIGNED, &value) ? minutes_read(value, out)
	                                                            : 0;
}
