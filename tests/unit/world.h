/* tests/unit/world.h: a small network to say statements in: keys from numbers, a clock by hand. */
#ifndef SAIKNE_TEST_WORLD_H
#define SAIKNE_TEST_WORLD_H

#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/directory.h"

#define DAY_MS  (24ULL * 3600 * 1000)
#define NETWORK "test-net"

/* A signature to come: who, with which key. */
struct by {
	enum signer signer;
	const struct signing_key *key;
};

struct world {
	struct directory *directory;
	struct signing_key root, registrar;
	uint64_t now_ms;
	uint64_t index; /* of the next entry of the log */
	const char *detail;
	struct buffer said; /* the last statement's bytes */
	struct signed_statement last;
};

static inline struct signing_key
world_signing(uint32_t number)
{
	uint8_t seed[32] = {0};
	struct signing_key key;

	bytes_put_u32(seed, number);
	suite_sign_from_seed(seed, &key);
	return key;
}

/* 32 bytes that stand for the public half of a box key. */
static inline void
world_box(uint32_t number, uint8_t out[static 32])
{
	uint8_t seed[4];
	struct bytes part = BYTES(seed);

	bytes_put_u32(seed, number);
	suite_hash("test-box", &part, 1, out);
}

/* Encodes and signs into world->last. */
static inline void
world_make(struct world *w, const struct statement *s, const struct by *by, uint32_t count)
{
	struct statement said = *s;

	if (said.network.data == NULL)
		said.network = bytes_of_text(NETWORK);
	if (said.time_ms == 0)
		said.time_ms = w->now_ms;
	buffer_reset(&w->said);
	statement_encode(&said, &w->said);
	w->last = (struct signed_statement){bytes_of_buffer(&w->said), count, {{0}}};
	for (uint32_t i = 0; i < count; i++)
		statement_sign(w->last.view, by[i].signer, by[i].key, &w->last.signatures[i]);
}

/* Applies world->last as the next entry. */
static inline enum status
world_apply(struct world *w)
{
	enum status checked = directory_check(w->directory, &w->last, w->now_ms, &w->detail);
	enum status rc =
	    directory_apply(w->directory, w->index, &w->last, w->now_ms, &w->detail);

	/* What checks well applies well, and the other way round. */
	if (checked != rc)
		return STATUS_INTERNAL;
	if (rc == STATUS_OK)
		w->index++;
	return rc;
}

static inline enum status
world_say(struct world *w, const struct statement *s, const struct by *by, uint32_t count)
{
	world_make(w, s, by, count);
	return world_apply(w);
}

static inline enum status
world_say1(struct world *w, const struct statement *s, enum signer signer,
    const struct signing_key *key)
{
	return world_say(w, s, &(struct by){signer, key}, 1);
}

static inline struct statement
world_network_statement(const struct world *w)
{
	struct statement s = {.kind = STATEMENT_NETWORK, .log_name = bytes_of_text("test-log")};

	memcpy(s.key, w->root.public, 32);
	memcpy(s.log_key, world_signing(3).public, 32);
	world_box(4, s.transport);
	return s;
}

static inline struct statement
world_registrar_statement(
    const struct world *w, const struct signing_key *key, uint32_t transport)
{
	struct statement s = {.kind = STATEMENT_REGISTRAR,
	    .not_before_ms = w->now_ms,
	    .not_after_ms = w->now_ms + REGISTRAR_LIFE_MS};

	memcpy(s.key, key->public, 32);
	world_box(transport, s.transport);
	return s;
}

/* A party's keys are numbered from KEYS: its signing key, then its transport key. */
static inline struct statement
world_admit_statement(const char *code, const char *kind, uint32_t keys)
{
	struct statement s = {.kind = STATEMENT_ADMIT,
	    .party = bytes_of_text(code),
	    .party_kind = bytes_of_text(kind),
	    .name = bytes_of_text("Name"),
	    .municipality = bytes_of_text("Ventspils")};

	memcpy(s.key, world_signing(keys).public, 32);
	world_box(keys + 1, s.transport);
	return s;
}

static inline enum status
world_admit(struct world *w, const char *code, const char *kind, uint32_t keys)
{
	struct statement s = world_admit_statement(code, kind, keys);
	struct signing_key own = world_signing(keys);

	return world_say(
	    w, &s, (struct by[]){{SIGNER_ROOT, &w->root}, {SIGNER_PARTY, &own}}, 2);
}

static inline struct statement
world_sealing_statement(const char *code, uint64_t epoch, uint32_t key, uint64_t from_ms)
{
	struct statement s = {.kind = STATEMENT_SEALING_EPOCH,
	    .party = bytes_of_text(code),
	    .epoch = epoch,
	    .not_before_ms = from_ms,
	    .not_after_ms = from_ms + SEALING_LIFE_MS,
	    .signing_epoch = 1};

	world_box(key, s.key);
	return s;
}

/* Founds the network and certifies its registrar. */
static inline enum status
world_open(struct world *w)
{
	struct statement s;
	enum status rc;

	*w = (struct world){.now_ms = 1000 * DAY_MS};
	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return STATUS_INTERNAL;
	w->root = world_signing(1);
	w->registrar = world_signing(2);
	if ((rc = directory_create(NETWORK, w->root.public, &w->directory)) != STATUS_OK)
		return rc;
	s = world_network_statement(w);
	if ((rc = world_say1(w, &s, SIGNER_ROOT, &w->root)) != STATUS_OK)
		return rc;
	s = world_registrar_statement(w, &w->registrar, 5);
	return world_say1(w, &s, SIGNER_ROOT, &w->root);
}

static inline void
world_close(struct world *w)
{
	directory_free(w->directory);
	buffer_free(&w->said);
}

#endif
