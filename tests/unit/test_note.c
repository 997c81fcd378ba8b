/* tests/unit/test_note.c: signed notes as C2SP's signed-note has them, and hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/proof/note.h"

#define DASH "\xe2\x80\x94 "

/* The example of c2sp.org/signed-note. */
#define EXAMPLE_KEY  "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define EXAMPLE_TEXT "This is an example message.\n"
#define EXAMPLE_LINE                                                                           \
	DASH "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXs"  \
	     "YjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
#define OTHER_LINE DASH "other.example/key AAAAAQ0=\n"

static struct signing_key alice, bob;
static struct note_key alice_key, bob_key, example_key;

static int
make_keys(void **state)
{
	static const uint8_t seed_a[32] = "not a secret: test key of alice";
	static const uint8_t seed_b[32] = "not a secret: test key of bob";

	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	suite_sign_from_seed(seed_a, &alice);
	suite_sign_from_seed(seed_b, &bob);
	if (note_key_make("log.example/alice", alice.public, &alice_key) != STATUS_OK ||
	    note_key_make("log.example/bob", bob.public, &bob_key) != STATUS_OK)
		return -1;
	return note_key_parse(bytes_of_text(EXAMPLE_KEY), &example_key) == STATUS_OK ? 0 : -1;
}

static enum status
open_text(const char *note, const struct note_key *key)
{
	struct bytes text = {NULL, 99};
	enum status rc = note_open(bytes_of_text(note), key, &text);

	assert_true(rc == STATUS_OK || text.len == 99);
	return rc;
}

/* A note of TEXT signed by alice. */
static void
signed_by_alice(const char *text, struct buffer *out)
{
	buffer_reset(out);
	assert_int_equal(note_sign(bytes_of_text(text), &alice_key, &alice, out), STATUS_OK);
}

static void
the_published_example_opens(void **state)
{
	const char *note = EXAMPLE_TEXT "\n" EXAMPLE_LINE;
	struct bytes text;

	(void)state;
	assert_int_equal(example_key.id, 0x530d903a);
	assert_int_equal(note_open(bytes_of_text(note), &example_key, &text), STATUS_OK);
	assert_true(bytes_is_text(text, EXAMPLE_TEXT));
}

static void
a_key_survives_its_text_form(void **state)
{
	struct buffer text = {0};
	struct note_key back;

	(void)state;
	note_key_format(&example_key, &text);
	assert_true(bytes_is_text(bytes_of_buffer(&text), EXAMPLE_KEY));
	buffer_reset(&text);
	note_key_format(&alice_key, &text);
	assert_int_equal(note_key_parse(bytes_of_buffer(&text), &back), STATUS_OK);
	assert_string_equal(back.name, alice_key.name);
	assert_memory_equal(back.public, alice_key.public, SUITE_SIGN_PUBLIC);
	assert_int_equal(back.id, alice_key.id);
	buffer_free(&text);
}

static void
any_key_text_but_the_exact_one_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "+",
	    "++",
	    "example.com/foo",
	    "example.com/foo+530d903a",
	    "example.com/foo+530d903a+",
	    "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530d903a0+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
	    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAAAA",
	    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
	    " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	};
	struct note_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
		    note_key_parse(bytes_of_text(wrong[i]), &key), STATUS_MALFORMED);
}

static void
a_name_holds_no_space_control_or_plus_and_is_not_too_long(void **state)
{
	static const char *const wrong[] = {"", " ", "a b", "a+b", "a\nb", "a\tb", "a\x7f",
	    "a\r", "a\xc2\xa0", "\xe1\x9a\x80", "a\xe2\x80\x80", "a\xe2\x80\x8a",
	    "a\xe2\x80\xa8", "a\xe2\x80\xa9", "a\xe2\x80\xaf", "a\xe2\x81\x9f", "a\xe3\x80\x80",
	    "a\xff", "a\xc2\x85"};
	char name[NOTE_NAME_MAX + 2];
	struct note_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(note_key_make(wrong[i], alice.public, &key), STATUS_ARGUMENT);
	memset(name, 'a', sizeof(name));
	name[NOTE_NAME_MAX + 1] = '\0';
	assert_int_equal(note_key_make(name, alice.public, &key), STATUS_ARGUMENT);
	name[NOTE_NAME_MAX] = '\0';
	assert_int_equal(note_key_make(name, alice.public, &key), STATUS_OK);
	assert_string_equal(key.name, name);
	assert_int_equal(note_key_make("Žurnāls.example/log-1", alice.public, &key), STATUS_OK);
}

static void
a_signed_text_opens_to_itself_with_its_empty_lines(void **state)
{
	static const char *const texts[] = {"\n", "a\n", "a\n\nb\n", "a\n\n", "\n\n\n",
	    "a\n\n" DASH "not.a.signature AAAA\n", "ēna – \xf0\x9f\x8c\xb2\n"};
	struct buffer note = {0};
	struct bytes text;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		signed_by_alice(texts[i], &note);
		assert_int_equal(
		    note_open(bytes_of_buffer(&note), &alice_key, &text), STATUS_OK);
		assert_true(bytes_is_text(text, texts[i]));
	}
	buffer_free(&note);
}

static void
signing_refuses_what_could_not_be_opened(void **state)
{
	static const char *const texts[] = {"", "a", "a\nb", "a\t\n", "a\r\n", "\xff\n"};
	struct buffer note = {0}, big = {0};

	(void)state;
	buffer_append_text(&note, "kept");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(note_sign(bytes_of_text(texts[i]), &alice_key, &alice, &note),
		    STATUS_ARGUMENT);
	assert_int_equal(
	    note_sign(bytes_of_text("a\n"), &alice_key, &bob, &note), STATUS_ARGUMENT);
	for (size_t i = 0; i < NOTE_MAX - 100; i++)
		buffer_append_byte(&big, 'x');
	buffer_append_byte(&big, '\n');
	assert_int_equal(
	    note_sign(bytes_of_buffer(&big), &alice_key, &alice, &note), STATUS_TOO_LARGE);
	assert_true(bytes_is_text(bytes_of_buffer(&note), "kept"));
	buffer_free(&note);
	buffer_free(&big);
}

static void
a_note_of_another_key_is_unknown_even_with_the_same_name_or_id(void **state)
{
	struct note_key same_name, same_id;
	struct buffer note = {0};
	struct bytes text;

	(void)state;
	signed_by_alice("a\n", &note);
	assert_int_equal(note_key_make("log.example/alice", bob.public, &same_name), STATUS_OK);
	same_id = bob_key;
	same_id.id = alice_key.id;
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &bob_key, &text), STATUS_UNKNOWN_KEY);
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &same_name, &text), STATUS_UNKNOWN_KEY);
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &same_id, &text), STATUS_UNKNOWN_KEY);
	buffer_free(&note);
}

static void
a_known_key_whose_signature_fails_refuses_the_note(void **state)
{
	struct note_key impostor = bob_key;
	struct buffer note = {0};
	struct bytes text;

	(void)state;
	/* Name and id are alice's, the key is not. */
	signed_by_alice("a\n", &note);
	memcpy(impostor.name, alice_key.name, sizeof(impostor.name));
	impostor.id = alice_key.id;
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &impostor, &text), STATUS_BAD_SIGNATURE);
	/* One good signature does not outweigh a bad one, in either order. */
	assert_int_equal(
	    open_text(EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "example.com/foo Uw2QOkn8srU=\n",
		&example_key),
	    STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    open_text(EXAMPLE_TEXT "\n" DASH "example.com/foo Uw2QOkn8srU=\n" EXAMPLE_LINE,
		&example_key),
	    STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    open_text("That is an example message.\n\n" EXAMPLE_LINE, &example_key),
	    STATUS_BAD_SIGNATURE);
	buffer_free(&note);
}

static void
a_note_with_any_bit_flipped_is_refused(void **state)
{
	struct buffer note = {0};
	struct bytes text;

	(void)state;
	signed_by_alice("log.example/alice\n\n7\n", &note);
	for (size_t bit = 0; bit < 8 * note.len; bit++) {
		note.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(
		    note_open(bytes_of_buffer(&note), &alice_key, &text), STATUS_OK);
		note.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < note.len; len++)
		assert_int_not_equal(
		    note_open((struct bytes){note.data, len}, &alice_key, &text), STATUS_OK);
	assert_int_equal(note_open(bytes_of_buffer(&note), &alice_key, &text), STATUS_OK);
	buffer_free(&note);
}

static void
signatures_of_others_are_ignored_on_either_side(void **state)
{
	(void)state;
	assert_int_equal(
	    open_text(EXAMPLE_TEXT "\n" OTHER_LINE EXAMPLE_LINE OTHER_LINE, &example_key),
	    STATUS_OK);
	assert_int_equal(
	    open_text(EXAMPLE_TEXT "\n" OTHER_LINE, &example_key), STATUS_UNKNOWN_KEY);
}

static void
what_is_not_of_the_form_is_malformed(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "\n",
	    "\n\n",
	    "\n\n\n",
	    EXAMPLE_TEXT,
	    EXAMPLE_TEXT "\n",
	    EXAMPLE_TEXT EXAMPLE_LINE,
	    "\n" EXAMPLE_LINE,
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE "\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE "more\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE "more",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH,
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a \n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH " AAAAAQ0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a+b AAAAAQ0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a\xe2\x80\x83"
			 "b AAAAAQ0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a  AAAAAQ0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAAAQ0= \n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAAAQ0\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAAAQ1=\n", /* bits after the end */
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAA_Q0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAAAQ==\n", /* an id, no signature */
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AAAAAQ0=\r\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE DASH "a AA\xc4\x81"
			 "AQ0=\n", /* not digits either */
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE "- a AAAAAQ0=\n",
	    EXAMPLE_TEXT "\n" EXAMPLE_LINE " " DASH "a AAAAAQ0=\n",
	    "\t" EXAMPLE_TEXT "\n" EXAMPLE_LINE,
	    "\x01" EXAMPLE_TEXT "\n" EXAMPLE_LINE,
	    "\xc0\xaf" EXAMPLE_TEXT "\n" EXAMPLE_LINE,
	    EXAMPLE_TEXT "\r\n" EXAMPLE_LINE,
	};
	const uint8_t nul[] = "a\0b\n\n" EXAMPLE_LINE;
	struct bytes text;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(open_text(wrong[i], &example_key), STATUS_MALFORMED);
	assert_int_equal(note_open((struct bytes){nul, sizeof(nul) - 1}, &example_key, &text),
	    STATUS_MALFORMED);
	assert_int_equal(
	    note_open((struct bytes){NULL, 0}, &example_key, &text), STATUS_MALFORMED);
}

static void
the_number_of_signatures_and_the_size_are_bounded(void **state)
{
	struct buffer note = {0};
	struct bytes text;

	(void)state;
	signed_by_alice("a\n", &note);
	for (unsigned i = 1; i < NOTE_SIGNATURES_MAX; i++)
		buffer_append_text(&note, OTHER_LINE);
	assert_int_equal(note_open(bytes_of_buffer(&note), &alice_key, &text), STATUS_OK);
	buffer_append_text(&note, OTHER_LINE);
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &alice_key, &text), STATUS_TOO_LARGE);
	buffer_reset(&note);
	while (note.len < NOTE_MAX)
		buffer_append_text(&note, "x\n");
	buffer_append_text(&note, "\n" EXAMPLE_LINE);
	assert_int_equal(
	    note_open(bytes_of_buffer(&note), &example_key, &text), STATUS_TOO_LARGE);
	buffer_free(&note);
}

int
main(void)
{
	const struct CMUnitTest note[] = {
	    cmocka_unit_test(the_published_example_opens),
	    cmocka_unit_test(a_key_survives_its_text_form),
	    cmocka_unit_test(any_key_text_but_the_exact_one_is_refused),
	    cmocka_unit_test(a_name_holds_no_space_control_or_plus_and_is_not_too_long),
	    cmocka_unit_test(a_signed_text_opens_to_itself_with_its_empty_lines),
	    cmocka_unit_test(signing_refuses_what_could_not_be_opened),
	    cmocka_unit_test(a_note_of_another_key_is_unknown_even_with_the_same_name_or_id),
	    cmocka_unit_test(a_known_key_whose_signature_fails_refuses_the_note),
	    cmocka_unit_test(a_note_with_any_bit_flipped_is_refused),
	    cmocka_unit_test(signatures_of_others_are_ignored_on_either_side),
	    cmocka_unit_test(what_is_not_of_the_form_is_malformed),
	    cmocka_unit_test(the_number_of_signatures_and_the_size_are_bounded),
	};

	return cmocka_run_group_tests(note, make_keys, NULL);
}
