/* tests/fuzz/fuzz_note.c: verifier keys, signed notes and checkpoints from arbitrary bytes. */
#include <stdlib.h>

#include "protocol/proof/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The seeds are signed with it. */
static const uint8_t seed[32] = "not a secret: the fuzzers' key";

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* A verifier key that parses is written as it was read. */
static void
try_key(struct bytes input)
{
	struct buffer again = {0};
	struct note_key key;

	if (note_key_parse(input, &key) == STATUS_OK) {
		note_key_format(&key, &again);
		must(bytes_equal(bytes_of_buffer(&again), input));
	}
	buffer_free(&again);
}

/* A checkpoint that opens is signed again as the same text, but for extension lines. */
static void
try_checkpoint(struct bytes note, const struct note_key *key, const struct signing_key *secret)
{
	struct checkpoint checkpoint;
	struct buffer again = {0};
	struct bytes text, text_again;

	if (checkpoint_open(note, key, &checkpoint) == STATUS_OK) {
		must(checkpoint_sign(&checkpoint, key, secret, &again) == STATUS_OK);
		must(note_open(note, key, &text) == STATUS_OK);
		must(note_open(bytes_of_buffer(&again), key, &text_again) == STATUS_OK);
		must(text_again.len <= text.len);
		text.len = text_again.len;
		must(bytes_equal(text, text_again));
	}
	buffer_free(&again);
}

/* A note that opens is signed again as its own beginning, or has other lines before ours. */
static void
try_note(struct bytes note, const struct note_key *key, const struct signing_key *secret)
{
	struct buffer again = {0};
	struct bytes text, text_again;

	if (note_open(note, key, &text) == STATUS_OK) {
		must(text.data == note.data && text.len < note.len);
		must(note_sign(text, key, secret, &again) == STATUS_OK);
		must(again.len <= note.len);
		must(note_open(bytes_of_buffer(&again), key, &text_again) == STATUS_OK);
		must(bytes_equal(text, text_again));
		must(again.len < note.len || bytes_equal(bytes_of_buffer(&again), note));
	}
	buffer_free(&again);
	try_checkpoint(note, key, secret);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = {data, size}, text;
	struct buffer note = {0};
	struct signing_key secret;
	struct note_key key;

	must(suite_start() == STATUS_OK);
	suite_sign_from_seed(seed, &secret);
	must(note_key_make("fuzz.example/log", secret.public, &key) == STATUS_OK);
	try_key(input);
	try_note(input, &key, &secret);

	/* A signature cannot be guessed: the input is signed as a text, ... */
	if (note_sign(input, &key, &secret, &note) == STATUS_OK) {
		must(note_open(bytes_of_buffer(&note), &key, &text) == STATUS_OK);
		must(bytes_equal(text, input));
		try_checkpoint(bytes_of_buffer(&note), &key, &secret);
	}
	/* ... and stands as further signature lines of a note that is signed. */
	buffer_reset(&note);
	must(note_sign(bytes_of_text("a\n"), &key, &secret, &note) == STATUS_OK);
	buffer_append(&note, input);
	try_note(bytes_of_buffer(&note), &key, &secret);
	buffer_free(&note);
	return 0;
}
