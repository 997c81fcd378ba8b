/* tests/fuzz/fuzz_envelope.c: a SUBMIT body or a bare header is refused or is canonical. */
#include <stdlib.h>

#include "protocol/wire/envelope.h"
#include "protocol/wire/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
same_again(const struct envelope_header *header, struct bytes bytes)
{
	struct buffer again = {0};

	envelope_header_encode(header, &again);
	if (!again.failed && !bytes_equal(bytes, bytes_of_buffer(&again)))
		abort();
	buffer_free(&again);
}

/* What parses must be what these pieces frame to. */
static void
frame_again(const struct envelope *env, struct bytes body)
{
	struct buffer sealed = {0}, again = {0};

	pack_bin(&sealed, env->header_bytes);
	pack_array(&sealed, env->part_count);
	for (uint32_t i = 0; i < env->part_count; i++)
		envelope_part_encode(&env->parts[i], &sealed);
	envelope_frame(bytes_of_buffer(&sealed), &env->proof, &again);
	if (!again.failed && !sealed.failed && !bytes_equal(body, bytes_of_buffer(&again)))
		abort();
	buffer_free(&sealed);
	buffer_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct envelope env;
	static const uint8_t no_key[SUITE_SIGN_PUBLIC];
	struct bytes view = {data, size};
	struct envelope_header header;

	if (envelope_header_parse(view, &header) == STATUS_OK)
		same_again(&header, view);
	if (envelope_parse(view, &env) == STATUS_OK) {
		same_again(&env.header, env.header_bytes);
		frame_again(&env, view);
		/* The point of small order is no key: nothing verifies under it. */
		if (batch_verify(env.digest, &env.proof, no_key, NULL) == STATUS_OK)
			abort();
	}
	return 0;
}
