/* protocol/proof/lines.c: the lines that the C2SP text formats are made of. */
#include "protocol/proof/lines.h"

#include <inttypes.h>
#include <string.h>

#include "protocol/base/suite.h"

#define HASH_BASE64_LEN 44

bool
lines_take(struct bytes *rest, struct bytes *line)
{
	const uint8_t *end;

	if (rest->len == 0 || (end = memchr(rest->data, '\n', rest->len)) == NULL)
		return false;
	*line = (struct bytes){rest->data, (size_t)(end - rest->data)};
	*rest = (struct bytes){end + 1, rest->len - line->len - 1};
	return true;
}

bool
lines_number(struct bytes line, uint64_t *out)
{
	uint64_t number = 0;

	if (line.len == 0 || (line.len > 1 && line.data[0] == '0'))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		unsigned digit = (unsigned)line.data[i] - '0';

		if (digit > 9 || number > (UINT64_MAX - digit) / 10)
			return false;
		number = 10 * number + digit;
	}
	*out = number;
	return true;
}

enum status
lines_hash(struct bytes line, struct merkle_hash *out)
{
	struct buffer raw = {0};
	enum status rc;

	if (line.len != HASH_BASE64_LEN)
		return STATUS_MALFORMED;
	if ((rc = suite_from_base64(line, &raw)) == STATUS_OK) {
		if (raw.len == sizeof(out->byte))
			memcpy(out->byte, raw.data, sizeof(out->byte));
		else
			rc = STATUS_MALFORMED;
	}
	buffer_free(&raw);
	return rc;
}

void
lines_put_number(uint64_t number, struct buffer *out)
{
	buffer_append_format(out, "%" PRIu64 "\n", number);
}

void
lines_put_hash(const struct merkle_hash *hash, struct buffer *out)
{
	suite_base64(BYTES(hash->byte), out);
	buffer_append_byte(out, '\n');
}
