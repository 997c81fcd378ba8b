/* services/runtime/task/words.h: from what people write to the words it is looked up by; pure. */
#ifndef SAIKNE_WORDS_H
#define SAIKNE_WORDS_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

/*
 * Whoever looks something up spells it a little differently. So letters become small and lose
 * their diacritics, and what is neither letter nor digit only separates. The table of letters
 * is the Latin one up to U+017F, the Romanian letters with a comma, and Cyrillic; combining
 * marks are dropped, so that it makes no difference how a letter was composed. Letters of other
 * scripts stay as they are.
 */
#define WORD_MAX  200 /* bytes of a word */
#define WORDS_MAX 48  /* words of one text */

struct word {
	size_t len;
	uint8_t byte[WORD_MAX];
	bool joined; /* "annamarija" of "Anna-Marija": the whole, whose parts stand beside it */
};

struct words {
	unsigned count;
	bool more; /* there were more than WORDS_MAX */
	struct word word[WORDS_MAX];
};

/*
 * Each word of a name once; one of several parts (a hyphen, an apostrophe) also as a whole. To
 * find a name its parts are looked for: who wrote it without the hyphen is found, too.
 * STATUS_MALFORMED: not UTF-8, STATUS_TOO_LARGE: a word of more than WORD_MAX bytes.
 */
MUST_CHECK enum status words_of_name(struct bytes text, struct words *out);
/* A file number or a label is one word: its marks count, its spaces as one each. */
MUST_CHECK enum status words_of_label(struct bytes text, struct word *out);
/* A personal code is its letters and digits alone: 010203-12345 and 01020312345 are one. */
MUST_CHECK enum status words_of_code(struct bytes text, struct word *out);
/*
 * Whether a code of words_of_code() may be meant: eleven digits that begin with a day and a
 * month or, since 2017, with 32 to 39; with a letter in it, another country's.
 */
bool words_is_code(const struct word *code);

#endif
