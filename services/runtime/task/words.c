/* services/runtime/task/words.c: from what people write to the words it is looked up by; pure. */
#include "services/runtime/task/words.h"

#include <string.h>

/*
 * U+00C0 to U+017F, a letter each: what remains without case and diacritics. The digits stand
 * for two letters (see PAIRS), a blank for what is no letter.
 */
#define LATIN_FIRST 0xC0
static const char latin[] = "aaaaaa1ceeeeiiii"
			    "dnooooo ouuuuy23"
			    "aaaaaa1ceeeeiiii"
			    "dnooooo ouuuuy2y"
			    "aaaaaaccccccccdd"
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "ii44jjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oo55rrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";
static const char *const pairs[] = {"", "ae", "th", "ss", "ij", "oe"};

/* Cyrillic letters that are another one with a mark, small ones. */
static const struct {
	uint32_t from, to;
} cyrillic[] = {
    {0x0439, 0x0438},                                     /* short i */
    {0x0450, 0x0435}, {0x0451, 0x0435},                   /* io */
    {0x0453, 0x0433}, {0x0457, 0x0456},                   /* yi */
    {0x045C, 0x043A}, {0x045D, 0x0438}, {0x045E, 0x0443}, /* short u */
};

/* ---- Letters ----------------------------------------------------------------------------- */

/* The character at *AT of well-formed UTF-8, past which *AT moves. */
static uint32_t
next_character(struct bytes text, size_t *at)
{
	uint8_t first = text.data[(*at)++];
	unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
	uint32_t c = more == 0 ? first : first & (0x3FU >> more);

	for (; more > 0; more--)
		c = c << 6 | (text.data[(*at)++] & 0x3FU);
	return c;
}

static uint32_t
fold_cyrillic(uint32_t c)
{
	if (c >= 0x0400 && c <= 0x040F)
		c += 0x50;
	else if (c >= 0x0410 && c <= 0x042F)
		c += 0x20;
	else if ((c >= 0x0460 && c <= 0x0481) || (c >= 0x048A && c <= 0x04BF) ||
		 (c >= 0x04D0 && c <= 0x052F))
		c |= 1; /* these go in pairs, the capital first */
	for (size_t i = 0; i < sizeof(cyrillic) / sizeof(cyrillic[0]); i++)
		if (cyrillic[i].from == c)
			return cyrillic[i].to;
	return c;
}

static bool
is_mark(uint32_t c)
{
	/* Combining diacritics, the soft hyphen and what has no width. */
	return (c >= 0x0300 && c <= 0x036F) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
	       c == 0x2060 || c == 0xFEFF;
}

/* Known not to be letters or digits; of other scripts only what is punctuation everywhere. */
static bool
is_separator(uint32_t c)
{
	return (c >= 0x80 && c < LATIN_FIRST) || c == 0xD7 || c == 0xF7 ||
	       (c >= 0x02B9 && c <= 0x02FF) || (c >= 0x2000 && c <= 0x2BFF) ||
	       (c >= 0x2E00 && c <= 0x2E7F) || (c >= 0x3000 && c <= 0x3003) ||
	       (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFFF0 && c <= 0xFFFF);
}

/* What binds the parts of one name. */
static bool
is_joint(uint32_t c)
{
	return c == '-' || c == '\'' || c == '`' || c == 0xB4 || c == 0x02B9 || c == 0x02BC ||
	       (c >= 0x2010 && c <= 0x2013) || c == 0x2018 || c == 0x2019 || c == 0x2212;
}

static void
put(struct buffer *out, uint32_t c)
{
	if (c < 0x80) {
		buffer_append_byte(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		buffer_append_byte(out, (uint8_t)(0xC0 | c >> 6));
	} else if (c < 0x10000) {
		buffer_append_byte(out, (uint8_t)(0xE0 | c >> 12));
		buffer_append_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
	} else {
		buffer_append_byte(out, (uint8_t)(0xF0 | c >> 18));
		buffer_append_byte(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		buffer_append_byte(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
	}
	buffer_append_byte(out, (uint8_t)(0x80 | (c & 0x3F)));
}

/* Appends C as it is looked up; false when it is neither letter nor digit. */
static bool
put_letter(struct buffer *out, uint32_t c)
{
	char base;

	if (c < 0x80) {
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			return false;
		buffer_append_byte(out, (uint8_t)c);
		return true;
	}
	if (is_separator(c))
		return false;
	if (c >= LATIN_FIRST && c < LATIN_FIRST + sizeof(latin) - 1) {
		base = latin[c - LATIN_FIRST];
		if (base >= '1' && base <= '5')
			buffer_append_text(out, pairs[base - '0']);
		else
			buffer_append_byte(out, (uint8_t)base);
	} else if (c >= 0x0218 && c <= 0x021B) {
		buffer_append_byte(out, c < 0x021A ? 's' : 't');
	} else if (c == 0x1E9E) {
		buffer_append_text(out, "ss");
	} else {
		put(out, fold_cyrillic(c));
	}
	return true;
}

/* ---- Names ------------------------------------------------------------------------------- */

static enum status
keep_word(struct words *words, const struct buffer *from, size_t start, bool joined)
{
	struct bytes view;
	struct word *word;

	if (from->failed)
		return STATUS_NO_MEMORY;
	view = (struct bytes){from->data + start, from->len - start};
	if (view.len > WORD_MAX)
		return STATUS_TOO_LARGE;
	for (unsigned i = 0; i < words->count; i++) {
		word = &words->word[i];
		if (!bytes_equal(view, (struct bytes){word->byte, word->len}))
			continue;
		/* It also stands there by itself. */
		word->joined = word->joined && joined;
		return STATUS_OK;
	}
	if (words->count == WORDS_MAX) {
		words->more = true;
		return STATUS_OK;
	}
	word = &words->word[words->count++];
	word->len = view.len;
	word->joined = joined;
	memcpy(word->byte, view.data, view.len);
	return STATUS_OK;
}

/* One name on its way: its parts lie in LETTERS one after the other. */
struct name {
	struct buffer letters;
	size_t part; /* where the present one begins */
	unsigned parts;
};

static enum status
end_part(struct name *name, struct words *words)
{
	enum status rc = STATUS_OK;

	if (name->letters.len > name->part) {
		rc = keep_word(words, &name->letters, name->part, false);
		name->part = name->letters.len;
		name->parts++;
	}
	return rc;
}

static enum status
end_name(struct name *name, struct words *words)
{
	enum status rc = end_part(name, words);

	if (rc == STATUS_OK && name->parts > 1)
		rc = keep_word(words, &name->letters, 0, true);
	buffer_reset(&name->letters);
	name->part = 0;
	name->parts = 0;
	return rc;
}

enum status
words_of_name(struct bytes text, struct words *out)
{
	struct name name = {0};
	enum status rc = STATUS_OK;

	if (!bytes_is_utf8(text))
		return STATUS_MALFORMED;
	out->count = 0;
	out->more = false;
	for (size_t at = 0; rc == STATUS_OK && at < text.len;) {
		uint32_t c = next_character(text, &at);

		if (is_mark(c))
			continue;
		if (is_joint(c))
			rc = end_part(&name, out);
		else if (!put_letter(&name.letters, c))
			rc = end_name(&name, out);
		if (name.letters.failed)
			rc = STATUS_NO_MEMORY;
	}
	if (rc == STATUS_OK)
		rc = end_name(&name, out);
	buffer_free(&name.letters);
	return rc;
}

/* ---- One word ---------------------------------------------------------------------------- */

static enum status
keep_whole(struct buffer *from, struct word *out)
{
	enum status rc = STATUS_OK;

	if (from->failed)
		rc = STATUS_NO_MEMORY;
	else if (from->len > WORD_MAX)
		rc = STATUS_TOO_LARGE;
	if (rc == STATUS_OK) {
		out->len = from->len;
		out->joined = false;
		if (from->len > 0)
			memcpy(out->byte, from->data, from->len);
	}
	buffer_free(from);
	return rc;
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == 0xA0 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000;
}

enum status
words_of_label(struct bytes text, struct word *out)
{
	struct buffer whole = {0};
	bool space = false;

	if (!bytes_is_utf8(text))
		return STATUS_MALFORMED;
	for (size_t at = 0; at < text.len;) {
		uint32_t c = next_character(text, &at);

		if (is_mark(c))
			continue;
		if (is_space(c)) {
			space = true;
			continue;
		}
		if (space && whole.len > 0)
			buffer_append_byte(&whole, ' ');
		space = false;
		if (!put_letter(&whole, c))
			put(&whole, c >= 0x2010 && c <= 0x2013 ? '-' : c);
	}
	return keep_whole(&whole, out);
}

enum status
words_of_code(struct bytes text, struct word *out)
{
	struct buffer whole = {0};

	if (!bytes_is_utf8(text))
		return STATUS_MALFORMED;
	for (size_t at = 0; at < text.len;) {
		uint32_t c = next_character(text, &at);

		if (!is_mark(c))
			(void)put_letter(&whole, c);
	}
	return keep_whole(&whole, out);
}

static unsigned
number_at(const struct word *code, size_t at)
{
	return (unsigned)(code->byte[at] - '0') * 10 + (unsigned)(code->byte[at + 1] - '0');
}

bool
words_is_code(const struct word *code)
{
	unsigned day, month;

	for (size_t i = 0; i < code->len; i++)
		if (code->byte[i] < '0' || code->byte[i] > '9')
			return true;
	if (code->len != 11)
		return false;
	day = number_at(code, 0);
	month = number_at(code, 2);
	return (day >= 32 && day <= 39) || (day >= 1 && day <= 31 && month >= 1 && month <= 12);
}
