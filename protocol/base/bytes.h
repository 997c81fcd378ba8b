/* protocol/base/bytes.h: views of bytes, growing buffers, hexadecimal and big-endian numbers. */
#ifndef SAIKNE_BYTES_H
#define SAIKNE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/* A view: somebody else owns the bytes. An absent value is { NULL, 0 }. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

#define BYTES(array) ((struct bytes){(array), sizeof(array)})

/*
 * A growing buffer. Zero-initialise it; buffer_free() releases it.
 * FAILED is sticky: after memory ran out further writes do nothing, so a writer
 * checks once, at the end.
 */
struct buffer {
	uint8_t *data;
	size_t len;
	size_t cap;
	bool failed;
};

/* A view of a NUL-terminated text, without the NUL. */
struct bytes bytes_of_text(const char *text);
struct bytes bytes_of_buffer(const struct buffer *buffer);
bool bytes_equal(struct bytes a, struct bytes b);
/* Whether VIEW holds exactly TEXT. */
bool bytes_is_text(struct bytes view, const char *text);
/* The order of memcmp, a shorter prefix first. */
int bytes_compare(struct bytes a, struct bytes b);
/* Copies VIEW and a NUL into OUT; false (OUT untouched) when it does not fit or holds a NUL. */
MUST_CHECK bool bytes_to_text(struct bytes view, char *out, size_t out_size);

/*
 * Makes A to Z small in TEXT. Lists write their names once, in capitals; a constructor makes
 * them small before main(), so that no reader races.
 */
void bytes_lower(char *text);

void buffer_append(struct buffer *buffer, struct bytes view);
void buffer_append_byte(struct buffer *buffer, uint8_t byte);
void buffer_append_text(struct buffer *buffer, const char *text);
/* printf into the buffer (no NUL is kept). */
void buffer_append_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Appends LEN bytes, or none, to be filled by the caller; NULL only when memory ran out. */
uint8_t *buffer_extend(struct buffer *buffer, size_t len);
/* Keeps the memory, forgets the content and a failure. */
void buffer_reset(struct buffer *buffer);
/* Wipes and releases. */
void buffer_free(struct buffer *buffer);

/* Big-endian numbers at P. */
void bytes_put_u16(uint8_t p[static 2], uint16_t value);
void bytes_put_u32(uint8_t p[static 4], uint32_t value);
void bytes_put_u64(uint8_t p[static 8], uint64_t value);
uint32_t bytes_get_u32(const uint8_t p[static 4]);
uint64_t bytes_get_u64(const uint8_t p[static 8]);

/* Lower-case hexadecimal with a NUL; OUT holds 2 * len + 1. */
void bytes_to_hex(struct bytes view, char *out);
/* Exactly LEN bytes from 2 * LEN hexadecimal digits, nothing else; OUT untouched otherwise. */
MUST_CHECK bool bytes_from_hex(struct bytes text, uint8_t *out, size_t len);

/* Whether VIEW is well-formed UTF-8 (RFC 3629) without control characters but \n and \t. */
bool bytes_is_utf8(struct bytes view);

#endif
