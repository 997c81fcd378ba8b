/* clients/cli/cli_text.c: walks UTF-8 text character by character for safe display. */
#include "clients/cli/cli_text.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define REPLACEMENT 0xFFFD

/* One character as it will be shown. */
struct letter {
	uint32_t code;
	unsigned size;  /* bytes in the text */
	unsigned width; /* columns on the screen */
};

/* Characters that format invisibly: direction marks, embeddings, isolates, separators. */
static bool
steers(uint32_t code)
{
	return code == 0x061C || code == 0x200E || code == 0x200F ||
	       (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
	       code == 0xFEFF;
}

/* How many bytes the character at P should have by its first byte; 0: none can begin so. */
static unsigned
length_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

static struct letter
letter_at(const char *text)
{
	const struct letter bad = {REPLACEMENT, 1, 1};
	const uint8_t *p = (const uint8_t *)text;
	unsigned size = length_of(p[0]);
	struct letter letter = {p[0], size, 1};
	int width;

	if (size == 0)
		return bad;
	for (unsigned i = 1; i < size; i++) {
		if ((p[i] & 0xC0) != 0x80) /* stops at the final NUL too */
			return bad;
	}
	/* bytes_is_utf8() refuses control characters as well; tell them apart by size alone. */
	if (!bytes_is_utf8((struct bytes){p, size}) || p[0] == '\n' || p[0] == '\t')
		return (struct letter){REPLACEMENT, size, 1};
	if (size > 1) {
		letter.code = p[0] & (0x7Fu >> size);
		for (unsigned i = 1; i < size; i++)
			letter.code = letter.code << 6 | (p[i] & 0x3F);
	}
	width = wcwidth((wchar_t)letter.code);
	if (width < 0 || steers(letter.code))
		return (struct letter){REPLACEMENT, size, 1};
	letter.width = (unsigned)width;
	return letter;
}

static void
put_letter(const char *text, const struct letter *letter, struct buffer *out)
{
	if (letter->code == REPLACEMENT)
		buffer_append_text(out, "\xEF\xBF\xBD");
	else
		buffer_append(out, (struct bytes){(const uint8_t *)text, letter->size});
}

void
cli_text_clean(const char *text, bool lines, struct buffer *out)
{
	while (*text != '\0') {
		struct letter letter = letter_at(text);

		if (lines && (*text == '\n' || *text == '\t'))
			buffer_append_byte(out, (uint8_t)*text);
		else
			put_letter(text, &letter, out);
		text += letter.size;
	}
}

unsigned
cli_text_width(const char *text)
{
	unsigned width = 0;

	while (*text != '\0') {
		struct letter letter = letter_at(text);

		width += letter.width;
		text += letter.size;
	}
	return width;
}

unsigned
cli_text_cut(const char *text, unsigned width, struct buffer *out)
{
	unsigned used = 0;
	bool whole = cli_text_width(text) <= width;

	if (width == 0)
		return 0;
	while (*text != '\0') {
		struct letter letter = letter_at(text);

		if (!whole && used + letter.width > width - 1) {
			buffer_append_text(out, "…");
			return used + 1;
		}
		put_letter(text, &letter, out);
		used += letter.width;
		text += letter.size;
	}
	return used;
}

static void
break_line(unsigned indent, struct buffer *out)
{
	buffer_append_byte(out, '\n');
	for (unsigned i = 0; i < indent; i++)
		buffer_append_byte(out, ' ');
}

/* Appends one word, broken where it is longer than a whole line; returns the columns used. */
static unsigned
put_word(const char *word, size_t len, unsigned used, unsigned width, unsigned indent,
    struct buffer *out)
{
	const char *end = word + len;

	while (word < end) {
		struct letter letter = letter_at(word);

		if (used + letter.width > width && used > 0) {
			break_line(indent, out);
			used = 0;
		}
		put_letter(word, &letter, out);
		used += letter.width;
		word += letter.size;
	}
	return used;
}

static unsigned
word_width(const char *word, size_t len)
{
	unsigned width = 0;

	for (const char *end = word + len; word < end;) {
		struct letter letter = letter_at(word);

		width += letter.width;
		word += letter.size;
	}
	return width;
}

void
cli_text_wrap(const char *text, unsigned width, unsigned indent, struct buffer *out)
{
	unsigned used = 0;

	if (width == 0)
		width = 1;
	while (*text != '\0') {
		size_t len = strcspn(text, " \t\n");

		if (len > 0) {
			if (used > 0 && used + 1 + word_width(text, len) > width) {
				break_line(indent, out);
				used = 0;
			} else if (used > 0) {
				buffer_append_byte(out, ' ');
				used++;
			}
			used = put_word(text, len, used, width, indent, out);
			text += len;
		} else if (*text++ == '\n') {
			break_line(indent, out);
			used = 0;
		}
	}
}
