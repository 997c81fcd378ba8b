/* tests/fuzz/fuzz_words.c: a word that was made of something is made of itself, too. */
#include <stdlib.h>

#include "services/runtime/task/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bytes
view_of(const struct word *word)
{
	return (struct bytes){word->byte, word->len};
}

static void
check_name(struct bytes text)
{
	static struct words words, again;
	enum status rc = words_of_name(text, &words);

	if (rc != STATUS_OK)
		return;
	if (words.count > WORDS_MAX)
		abort();
	for (unsigned i = 0; i < words.count; i++) {
		struct bytes word = view_of(&words.word[i]);

		if (word.len == 0 || word.len > WORD_MAX || !bytes_is_utf8(word))
			abort();
		if (words_of_name(word, &again) != STATUS_OK || again.count != 1 ||
		    !bytes_equal(word, view_of(&again.word[0])))
			abort();
	}
}

static void
check_one(enum status (*words_of)(struct bytes, struct word *), struct bytes text)
{
	struct word word, again;

	if (words_of(text, &word) != STATUS_OK)
		return;
	if (word.len > WORD_MAX || words_of(view_of(&word), &again) != STATUS_OK ||
	    !bytes_equal(view_of(&word), view_of(&again)))
		abort();
	(void)words_is_code(&word);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size};

	check_name(text);
	check_one(words_of_label, text);
	check_one(words_of_code, text);
	return 0;
}
