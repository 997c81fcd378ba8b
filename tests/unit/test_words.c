/* tests/unit/test_words.c: however a name, a number or a code is written, it is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/words.h"

/* The words of TEXT with blanks between, "+" before a joined one. */
static const char *
words_in(const char *text)
{
	static char line[8192];
	static struct words words;
	size_t at = 0;

	assert_int_equal(words_of_name(bytes_of_text(text), &words), STATUS_OK);
	for (unsigned i = 0; i < words.count; i++) {
		if (i > 0)
			line[at++] = ' ';
		if (words.word[i].joined)
			line[at++] = '+';
		memcpy(line + at, words.word[i].byte, words.word[i].len);
		at += words.word[i].len;
	}
	line[at] = '\0';
	return line;
}

static const char *
one_of(enum status (*words_of)(struct bytes, struct word *), const char *text)
{
	static char line[WORD_MAX + 1];
	struct word word;

	assert_int_equal(words_of(bytes_of_text(text), &word), STATUS_OK);
	memcpy(line, word.byte, word.len);
	line[word.len] = '\0';
	return line;
}

static void
latvian_letters_lose_their_diacritics_and_their_case(void **state)
{
	(void)state;
	assert_string_equal(words_in("Ā Č Ē Ģ Ī Ķ Ļ Ņ Š Ū Ž Ō Ŗ"), "a c e g i k l n s u z o r");
	assert_string_equal(words_in("ĀČĒĢĪĶĻŅŠŪŽ āčēģīķļņšūž"), "acegiklnsuz");
	assert_string_equal(words_in("Jānis Bērziņš"), "janis berzins");
	assert_string_equal(words_in("JĀNIS BĒRZIŅŠ"), "janis berzins");
	assert_string_equal(words_in("Janis Berzins"), "janis berzins");
}

static void
other_latin_letters_fold_to_those_they_come_from(void **state)
{
	(void)state;
	assert_string_equal(words_in("Żółć Łukasz Đorđe"), "zolc lukasz dorde");
	assert_string_equal(words_in("Žygimantė Šarūnas Ąžuolas"), "zygimante sarunas azuolas");
	assert_string_equal(words_in("Jürgen Groß GROẞ Ærø Þór"), "jurgen gross aero thor");
	assert_string_equal(words_in("Ștefan Şerban Țurcanu"), "stefan serban turcanu");
}

static void
it_makes_no_difference_how_a_letter_was_composed(void **state)
{
	(void)state;
	assert_string_equal(words_in("Be\xCC\x84rzin\xCC\xA7s\xCC\x8C"), "berzins");
	assert_string_equal(words_in("\xD0\x98\xCC\x86ога"), "иога");
	assert_string_equal(words_in("Йога"), "иога");
}

static void
cyrillic_letters_become_small_and_io_is_as_ie(void **state)
{
	(void)state;
	assert_string_equal(words_in("Алёна ИВАНОВА"), "алена иванова");
	assert_string_equal(words_in("алена Иванова"), "алена иванова");
	assert_string_equal(words_in("Сергій Ґонта Ўладзімір"), "сергіи ґонта уладзімір");
	assert_string_equal(words_in("Їжак ЪЫЬЭЮЯ"), "іжак ъыьэюя");
}

static void
letters_of_other_scripts_stay_as_they_are(void **state)
{
	(void)state;
	assert_string_equal(words_in("გიორგი 李明 محمد"), "გიორგი 李明 محمد");
	assert_string_equal(words_in("\xF0\x90\x90\xB7"), "\xF0\x90\x90\xB7");
}

static void
what_is_no_letter_or_digit_only_separates(void **state)
{
	(void)state;
	assert_string_equal(words_in("  Anna,Marija\t(Liepa)\n2. "), "anna marija liepa 2");
	assert_string_equal(words_in("Anna«Liepa»—Zane\xC2\xA0Ozola"), "anna liepa zane ozola");
	assert_string_equal(words_in("Anna×Liepa÷Zane"), "anna liepa zane");
	assert_string_equal(words_in(""), "");
	assert_string_equal(words_in(" -,' - "), "");
}

static void
a_hyphenated_name_is_there_whole_and_in_parts(void **state)
{
	(void)state;
	assert_string_equal(words_in("Anna-Marija"), "anna marija +annamarija");
	assert_string_equal(words_in("Anna‐Marija Kalniņa"), "anna marija +annamarija kalnina");
	assert_string_equal(words_in("O’Braiens"), "o braiens +obraiens");
	assert_string_equal(words_in("-Anna- Liepa"), "anna liepa");
	assert_string_equal(words_in("A-B-C"), "a b c +abc");
}

static void
each_word_is_there_once_and_a_part_of_its_own_is_not_joined(void **state)
{
	(void)state;
	assert_string_equal(words_in("Anna anna ĀNNA"), "anna");
	assert_string_equal(words_in("Anna-Marija Annamarija"), "anna marija annamarija");
	assert_string_equal(words_in("Annamarija Anna-Marija"), "annamarija anna marija");
}

static void
what_has_no_width_is_not_there(void **state)
{
	(void)state;
	assert_string_equal(words_in("Ber\xC2\xADzi\xE2\x80\x8Bns"), "berzins");
	assert_string_equal(words_in("\xEF\xBB\xBF\x41nna"), "anna");
}

static void
what_is_not_utf8_is_refused(void **state)
{
	static const char *const wrong[] = {"\xC3", "a\x80", "\xC0\xAF", "\xED\xA0\x80",
	    "\xF4\x90\x80\x80", "\xE2\x82", "a\x01"};
	struct words words = {.count = 7};
	struct word word = {.len = 7};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct bytes view = bytes_of_text(wrong[i]);

		assert_int_equal(words_of_name(view, &words), STATUS_MALFORMED);
		assert_int_equal(words_of_label(view, &word), STATUS_MALFORMED);
		assert_int_equal(words_of_code(view, &word), STATUS_MALFORMED);
	}
	assert_int_equal(words.count, 7);
	assert_int_equal(word.len, 7);
}

static void
count_and_length_are_bounded(void **state)
{
	static struct words words;
	struct buffer text = {0};
	struct word word;

	(void)state;
	for (unsigned i = 0; i < WORDS_MAX + 5; i++)
		buffer_append_format(&text, "n%u ", i);
	assert_int_equal(words_of_name(bytes_of_buffer(&text), &words), STATUS_OK);
	assert_int_equal(words.count, WORDS_MAX);
	assert_true(words.more);
	buffer_reset(&text);
	for (unsigned i = 0; i < WORD_MAX; i++)
		buffer_append_byte(&text, 'a');
	assert_int_equal(words_of_name(bytes_of_buffer(&text), &words), STATUS_OK);
	assert_false(words.more);
	assert_int_equal(words_of_label(bytes_of_buffer(&text), &word), STATUS_OK);
	assert_int_equal(word.len, WORD_MAX);
	buffer_append_byte(&text, 'a');
	assert_int_equal(words_of_name(bytes_of_buffer(&text), &words), STATUS_TOO_LARGE);
	assert_int_equal(words_of_label(bytes_of_buffer(&text), &word), STATUS_TOO_LARGE);
	assert_int_equal(words_of_code(bytes_of_buffer(&text), &word), STATUS_TOO_LARGE);
	buffer_free(&text);
}

static void
every_character_folds_to_no_more_bytes_than_it_has(void **state)
{
	static struct words words;

	(void)state;
	for (uint32_t c = 0x80; c < 0x10000; c++) {
		uint8_t utf8[3] = {(uint8_t)(0xE0 | c >> 12), (uint8_t)(0x80 | (c >> 6 & 0x3F)),
		    (uint8_t)(0x80 | (c & 0x3F))};
		struct bytes view = {utf8, 3};

		if (c < 0x800) {
			utf8[0] = (uint8_t)(0xC0 | c >> 6);
			utf8[1] = utf8[2];
			view.len = 2;
		}
		if (!bytes_is_utf8(view))
			continue;
		assert_int_equal(words_of_name(view, &words), STATUS_OK);
		assert_true(words.count <= 1);
		assert_true(words.count == 0 || words.word[0].len <= view.len);
		assert_true(words.count == 0 || bytes_is_utf8((struct bytes){
						    words.word[0].byte, words.word[0].len}));
	}
}

static void
a_file_number_is_one_word_with_its_marks(void **state)
{
	(void)state;
	assert_string_equal(one_of(words_of_label, "2026/17"), "2026/17");
	assert_string_equal(one_of(words_of_label, "  BJ-2026 /\t 17 "), "bj-2026 / 17");
	assert_string_equal(one_of(words_of_label, "Ģimene–Ā"), "gimene-a");
	assert_string_not_equal(one_of(words_of_label, "2026/17"), "202617");
	assert_string_equal(one_of(words_of_label, "   "), "");
}

static void
a_personal_code_is_the_same_with_and_without_its_hyphen(void **state)
{
	(void)state;
	assert_string_equal(one_of(words_of_code, "010203-12345"), "01020312345");
	assert_string_equal(one_of(words_of_code, " 010203 12345 "), "01020312345");
	assert_string_equal(one_of(words_of_code, "010203–12345"), "01020312345");
	assert_string_equal(one_of(words_of_code, "32ABCD-e1"), "32abcde1");
}

static bool
is_code(const char *text)
{
	struct word word;

	assert_int_equal(words_of_code(bytes_of_text(text), &word), STATUS_OK);
	return words_is_code(&word);
}

static void
a_mistyped_code_is_known_for_one(void **state)
{
	(void)state;
	assert_true(is_code("010203-12345"));
	assert_true(is_code("311299-20000"));
	assert_true(is_code("320000-00001"));
	assert_true(is_code("329999-99999"));
	assert_true(is_code("PL 85010112345"));
	assert_false(is_code("010203-1234"));
	assert_false(is_code("010203-123456"));
	assert_false(is_code("000203-12345"));
	assert_false(is_code("011303-12345"));
	assert_false(is_code("010003-12345"));
	assert_false(is_code("420203-12345"));
	assert_false(is_code(""));
}

int
main(void)
{
	const struct CMUnitTest words[] = {
	    cmocka_unit_test(latvian_letters_lose_their_diacritics_and_their_case),
	    cmocka_unit_test(other_latin_letters_fold_to_those_they_come_from),
	    cmocka_unit_test(it_makes_no_difference_how_a_letter_was_composed),
	    cmocka_unit_test(cyrillic_letters_become_small_and_io_is_as_ie),
	    cmocka_unit_test(letters_of_other_scripts_stay_as_they_are),
	    cmocka_unit_test(what_is_no_letter_or_digit_only_separates),
	    cmocka_unit_test(a_hyphenated_name_is_there_whole_and_in_parts),
	    cmocka_unit_test(each_word_is_there_once_and_a_part_of_its_own_is_not_joined),
	    cmocka_unit_test(what_has_no_width_is_not_there),
	    cmocka_unit_test(what_is_not_utf8_is_refused),
	    cmocka_unit_test(count_and_length_are_bounded),
	    cmocka_unit_test(every_character_folds_to_no_more_bytes_than_it_has),
	    cmocka_unit_test(a_file_number_is_one_word_with_its_marks),
	    cmocka_unit_test(a_personal_code_is_the_same_with_and_without_its_hyphen),
	    cmocka_unit_test(a_mistyped_code_is_known_for_one),
	};

	return cmocka_run_group_tests_name("words", words, NULL, NULL);
}
