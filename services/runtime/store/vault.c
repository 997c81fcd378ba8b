/* services/runtime/store/vault.c: sealing at rest: storage key → a key for each case → sealed fields. */
#include "services/runtime/store/vault.h"

#include <string.h>

#define PERSON_TAG   "saikne-v1-person"
#define OWN_NAME_TAG "saikne-v1-own-name"
#define WORDS_TAG    "saikne-v1-words"

struct vault {
	struct case_key storage;
	struct case_key words; /* made of it, for look-ups alone */
};

static const char key_table[] = "cases", key_column[] = "key";

enum status
vault_create(const uint8_t storage[static SUITE_KEY_LEN], struct vault **out)
{
	struct vault *vault = suite_secret_new(sizeof(*vault));
	uint8_t whole[64];

	if (vault == NULL)
		return STATUS_NO_MEMORY;
	memcpy(vault->storage.byte, storage, sizeof(vault->storage.byte));
	suite_hash_keyed(storage, WORDS_TAG, NULL, 0, whole);
	memcpy(vault->words.byte, whole, sizeof(vault->words.byte));
	suite_wipe(whole, sizeof(whole));
	*out = vault;
	return STATUS_OK;
}

void
vault_free(struct vault *vault)
{
	suite_secret_free(vault);
}

/* Names end in their NUL, so no two places have the same bytes. */
static void
place_bytes(const struct vault_place *place, struct buffer *out)
{
	uint8_t row[8];

	bytes_put_u64(row, place->row);
	buffer_append_text(out, place->table);
	buffer_append_byte(out, 0);
	buffer_append(out, BYTES(row));
	buffer_append_text(out, place->column);
	buffer_append_byte(out, 0);
}

enum status
vault_seal(const struct case_key *key, const struct vault_place *place, struct bytes plain,
    struct buffer *out)
{
	struct buffer aad = {0};

	if (plain.data == NULL)
		return STATUS_OK;
	place_bytes(place, &aad);
	if (!aad.failed)
		suite_encrypt(key->byte, plain, bytes_of_buffer(&aad), out);
	else
		out->failed = true;
	buffer_free(&aad);
	return out->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
vault_open(const struct case_key *key, const struct vault_place *place, struct bytes sealed,
    struct buffer *out)
{
	struct buffer aad = {0};
	enum status rc = STATUS_NO_MEMORY;

	place_bytes(place, &aad);
	if (!aad.failed)
		rc = suite_decrypt(key->byte, sealed, bytes_of_buffer(&aad), out);
	buffer_free(&aad);
	return rc;
}

enum status
vault_seal_own(const struct vault *vault, const struct vault_place *place, struct bytes plain,
    struct buffer *out)
{
	return vault_seal(&vault->storage, place, plain, out);
}

enum status
vault_open_own(const struct vault *vault, const struct vault_place *place, struct bytes sealed,
    struct buffer *out)
{
	return vault_open(&vault->storage, place, sealed, out);
}

enum status
vault_new_key(
    const struct vault *vault, uint64_t case_n, struct case_key *key, struct buffer *wrapped)
{
	const struct vault_place place = {key_table, case_n, key_column};
	enum status rc;

	suite_random(key->byte, sizeof(key->byte));
	rc = vault_seal_own(vault, &place, BYTES(key->byte), wrapped);
	if (rc != STATUS_OK)
		vault_forget(key);
	return rc;
}

enum status
vault_key(
    const struct vault *vault, uint64_t case_n, struct bytes wrapped, struct case_key *key)
{
	const struct vault_place place = {key_table, case_n, key_column};
	struct buffer plain = {0};
	enum status rc = vault_open_own(vault, &place, wrapped, &plain);

	if (rc == STATUS_OK && plain.len != sizeof(key->byte))
		rc = STATUS_CANNOT_OPEN;
	if (rc == STATUS_OK)
		memcpy(key->byte, plain.data, sizeof(key->byte));
	buffer_free(&plain);
	return rc;
}

void
vault_forget(struct case_key *key)
{
	suite_wipe(key, sizeof(*key));
}

static void
name_hash(const uint8_t key[static SUITE_KEY_LEN], const char *tag, const struct bytes *parts,
    size_t count, uint8_t out[static SUITE_HASH_LEN])
{
	uint8_t whole[64];

	suite_hash_keyed(key, tag, parts, count, whole);
	memcpy(out, whole, SUITE_HASH_LEN);
	suite_wipe(whole, sizeof(whole));
}

void
vault_own_name(const struct vault *vault, const char *what, struct bytes name,
    uint8_t out[static SUITE_HASH_LEN])
{
	/* With the NUL of WHAT no two pairs have the same bytes. */
	const struct bytes parts[] = {{(const uint8_t *)what, strlen(what) + 1}, name};

	name_hash(vault->storage.byte, OWN_NAME_TAG, parts, 2, out);
}

void
vault_person(const struct case_key *key, const char *user, uint8_t out[static SUITE_HASH_LEN])
{
	struct bytes part = bytes_of_text(user);

	name_hash(key->byte, PERSON_TAG, &part, 1, out);
}

void
vault_word(const struct vault *vault, enum vault_word_kind kind, struct bytes word,
    uint8_t out[static VAULT_WORD_LEN])
{
	static const char *const tags[] = {
	    [VAULT_FILE_NUMBER] = "saikne-v1-word-file-number",
	    [VAULT_LABEL] = "saikne-v1-word-label",
	    [VAULT_CODE] = "saikne-v1-word-code",
	    [VAULT_NAME] = "saikne-v1-word-name",
	};
	uint8_t whole[64];

	suite_hash_keyed(vault->words.byte, tags[kind], &word, 1, whole);
	memcpy(out, whole, VAULT_WORD_LEN);
	suite_wipe(whole, sizeof(whole));
}
