/* tests/fuzz/fuzz_tlogproof.c: offline proofs from arbitrary bytes. */
#include <stdlib.h>

#include "protocol/proof/tlogproof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The seeds are signed with it. */
static const uint8_t seed[32] = "not a secret: the fuzzers' key";

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes input = {data, size};
	struct tlogproof proof = {0};
	struct checkpoint found;
	struct buffer again = {0};
	struct signing_key secret;
	struct note_key key;

	must(suite_start() == STATUS_OK);
	suite_sign_from_seed(seed, &secret);
	must(note_key_make("fuzz.example/log", secret.public, &key) == STATUS_OK);
	if (tlogproof_parse(input, &proof) == STATUS_OK) {
		tlogproof_format(bytes_of_buffer(&proof.leaf), proof.index, &proof.path,
		    bytes_of_buffer(&proof.note), &again);
		must(bytes_equal(bytes_of_buffer(&again), input));
		if (tlogproof_check(&proof, &key, &found) == STATUS_OK)
			must(proof.index < found.size);
	}
	tlogproof_free(&proof);
	buffer_free(&again);
	return 0;
}
