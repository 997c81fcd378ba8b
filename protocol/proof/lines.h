/* protocol/proof/lines.h: the lines that the C2SP text formats are made of. */
#ifndef SAIKNE_LINES_H
#define SAIKNE_LINES_H

#include "protocol/proof/merkle.h"

/* Moves the first line of REST, without its newline, to LINE; false when none ends. */
MUST_CHECK bool lines_take(struct bytes *rest, struct bytes *line);
/* A decimal number below 2^64 without sign or leading zeroes. */
MUST_CHECK bool lines_number(struct bytes line, uint64_t *out);
/* A hash in strict base64. STATUS_MALFORMED, STATUS_NO_MEMORY. */
MUST_CHECK enum status lines_hash(struct bytes line, struct merkle_hash *out);
/* Appends such a line with its newline. */
void lines_put_number(uint64_t number, struct buffer *out);
void lines_put_hash(const struct merkle_hash *hash, struct buffer *out);

#endif
