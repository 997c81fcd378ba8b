/* protocol/base/bytes.c: views of bytes, growing buffers, hexadecimal and big-endian numbers. */
#include "protocol/base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

struct bytes
bytes_of_text(const char *text)
{
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

struct bytes
bytes_of_buffer(const struct buffer *buffer)
{
	return (struct bytes){buffer->data, buffer->len};
}

bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool
bytes_is_text(struct bytes view, const char *text)
{
	return bytes_equal(view, bytes_of_text(text));
}

int
bytes_compare(struct bytes a, struct bytes b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool
bytes_to_text(struct bytes view, char *out, size_t out_size)
{
	if (view.len >= out_size)
		return false;
	if (view.len > 0 && memchr(view.data, 0, view.len) != NULL)
		return false;
	if (view.len > 0)
		memcpy(out, view.data, view.len);
	out[view.len] = '\0';
	return true;
}

void
bytes_lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

uint8_t *
buffer_extend(struct buffer *buffer, size_t len)
{
	size_t need, cap;
	uint8_t *grown;

	if (buffer->failed || len > SIZE_MAX / 4 - buffer->len) {
		buffer->failed = true;
		return NULL;
	}
	need = buffer->len + len;
	/* Also for nothing: what is there, though empty, is not what is absent. */
	if (need > buffer->cap || buffer->data == NULL) {
		/* Doubled, so that many small pieces cost little; a large one gets its size. */
		cap = buffer->cap == 0 ? 256 : 2 * buffer->cap;
		if (cap < need)
			cap = need;
		/* Not realloc(): it would leave a copy of what may be a secret behind. */
		if ((grown = malloc(cap)) == NULL) {
			buffer->failed = true;
			return NULL;
		}
		if (buffer->data != NULL) {
			memcpy(grown, buffer->data, buffer->len);
			sodium_memzero(buffer->data, buffer->cap);
			free(buffer->data);
		}
		buffer->data = grown;
		buffer->cap = cap;
	}
	grown = buffer->data + buffer->len;
	buffer->len = need;
	return grown;
}

void
buffer_append(struct buffer *buffer, struct bytes view)
{
	uint8_t *at;

	if (view.len > 0 && (at = buffer_extend(buffer, view.len)) != NULL)
		memcpy(at, view.data, view.len);
}

void
buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
	buffer_append(buffer, (struct bytes){&byte, 1});
}

void
buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, bytes_of_text(text));
}

void
buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	uint8_t *at;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	/* vsnprintf() ends with a NUL, so extend by one more and take it back. */
	if (len < 0 || (at = buffer_extend(buffer, (size_t)len + 1)) == NULL) {
		buffer->failed = true;
		return;
	}
	va_start(args, format);
	len = vsnprintf((char *)at, (size_t)len + 1, format, args);
	va_end(args);
	if (len < 0)
		buffer->failed = true;
	buffer->len--;
}

void
buffer_reset(struct buffer *buffer)
{
	buffer->len = 0;
	buffer->failed = false;
}

void
buffer_free(struct buffer *buffer)
{
	if (buffer->data != NULL)
		sodium_memzero(buffer->data, buffer->cap);
	free(buffer->data);
	*buffer = (struct buffer){0};
}

void
bytes_put_u16(uint8_t p[static 2], uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

void
bytes_put_u32(uint8_t p[static 4], uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

void
bytes_put_u64(uint8_t p[static 8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(value >> (56 - 8 * i));
}

uint32_t
bytes_get_u32(const uint8_t p[static 4])
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | p[i];
	return value;
}

uint64_t
bytes_get_u64(const uint8_t p[static 8])
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | p[i];
	return value;
}

void
bytes_to_hex(struct bytes view, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < view.len; i++) {
		out[2 * i] = digits[view.data[i] >> 4];
		out[2 * i + 1] = digits[view.data[i] & 15];
	}
	out[2 * view.len] = '\0';
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
bytes_from_hex(struct bytes text, uint8_t *out, size_t len)
{
	if (text.len != 2 * len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (hex_digit(text.data[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)((unsigned)hex_digit(text.data[2 * i]) << 4 |
				   (unsigned)hex_digit(text.data[2 * i + 1]));
	return true;
}

/* The length of the UTF-8 sequence at P with LEFT bytes to go; 0 when ill-formed. */
static size_t
utf8_sequence(const uint8_t *p, size_t left)
{
	size_t len;
	uint32_t code, least;

	if (p[0] < 0x80)
		return p[0] >= 0x20 || p[0] == '\n' || p[0] == '\t' ? (size_t)(p[0] != 0x7f)
		                                                    : 0;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	least = len == 2 ? 0x80 : len == 3 ? 0x800 : 0x10000;
	if (left < len)
		return 0;
	code = p[0] & (0xffU >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fU);
	}
	if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	/* C1 control characters can drive a terminal just as C0 can. */
	return code < 0xa0 ? 0 : len;
}

bool
bytes_is_utf8(struct bytes view)
{
	size_t at = 0, step;

	while (at < view.len) {
		if ((step = utf8_sequence(view.data + at, view.len - at)) == 0)
			return false;
		at += step;
	}
	return true;
}
