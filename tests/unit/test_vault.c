/* tests/unit/test_vault.c: what is sealed at rest opens in its own place under its own key alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/store/vault.h"

static const uint8_t storage[SUITE_KEY_LEN] = {1, 2, 3};
static const struct vault_place place = {"events", 7, "body"};

struct room {
	struct vault *vault;
	struct case_key key;
	struct buffer wrapped, sealed, opened;
};

static int
set_up(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	*state = room;
	if (room == NULL || suite_start() != STATUS_OK ||
	    vault_create(storage, &room->vault) != STATUS_OK ||
	    vault_new_key(room->vault, 5, &room->key, &room->wrapped) != STATUS_OK)
		return -1;
	return vault_seal(&room->key, &place, bytes_of_text("Izdomāts"), &room->sealed) ==
	               STATUS_OK
	           ? 0
	           : -1;
}

static int
tear_down(void **state)
{
	struct room *room = *state;

	vault_free(room->vault);
	buffer_free(&room->wrapped);
	buffer_free(&room->sealed);
	buffer_free(&room->opened);
	free(room);
	return 0;
}

static void
what_is_sealed_opens_in_its_place_under_the_unwrapped_key(void **state)
{
	struct room *room = *state;
	struct case_key key;

	assert_int_equal(
	    vault_key(room->vault, 5, bytes_of_buffer(&room->wrapped), &key), STATUS_OK);
	assert_memory_equal(&key, &room->key, sizeof(key));
	assert_int_equal(
	    vault_open(&key, &place, bytes_of_buffer(&room->sealed), &room->opened), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&room->opened), "Izdomāts"));
}

static void
nothing_opens_in_another_table_row_or_column(void **state)
{
	static const struct vault_place others[] = {{"access", 7, "body"},
	    {"events", 8, "body"}, {"events", 7, "person"},
	    /* The bytes of a name cannot move into the next part. */
	    {"event", 7, "body"}, {"events", 7, "bod"}, {"", 7, "body"}};
	struct room *room = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(vault_open(&room->key, &others[i],
				     bytes_of_buffer(&room->sealed), &room->opened),
		    STATUS_CANNOT_OPEN);
}

static void
a_case_key_opens_neither_for_another_case_nor_under_another_storage_key(void **state)
{
	static const uint8_t other_storage[SUITE_KEY_LEN] = {1, 2, 4};
	struct room *room = *state;
	struct vault *other;
	struct case_key key;

	assert_int_equal(vault_key(room->vault, 6, bytes_of_buffer(&room->wrapped), &key),
	    STATUS_CANNOT_OPEN);
	assert_int_equal(vault_create(other_storage, &other), STATUS_OK);
	assert_int_equal(
	    vault_key(other, 5, bytes_of_buffer(&room->wrapped), &key), STATUS_CANNOT_OPEN);
	vault_free(other);
}

/* Destroying the wrapped key erases: no other key of this institution opens the field. */
static void
without_its_case_key_a_field_stays_closed(void **state)
{
	struct room *room = *state;
	struct buffer wrapped = {0};
	struct case_key other;

	assert_int_equal(vault_new_key(room->vault, 5, &other, &wrapped), STATUS_OK);
	assert_int_equal(
	    vault_open(&other, &place, bytes_of_buffer(&room->sealed), &room->opened),
	    STATUS_CANNOT_OPEN);
	assert_int_equal(
	    vault_open_own(room->vault, &place, bytes_of_buffer(&room->sealed), &room->opened),
	    STATUS_CANNOT_OPEN);
	buffer_free(&wrapped);
}

static void
a_changed_byte_anywhere_is_refused(void **state)
{
	struct room *room = *state;

	for (size_t i = 0; i < room->sealed.len; i++) {
		room->sealed.data[i] ^= 1;
		assert_int_equal(vault_open(&room->key, &place, bytes_of_buffer(&room->sealed),
				     &room->opened),
		    STATUS_CANNOT_OPEN);
		room->sealed.data[i] ^= 1;
	}
	for (size_t len = 0; len < room->sealed.len; len++)
		assert_int_equal(vault_open(&room->key, &place,
				     (struct bytes){room->sealed.data, len}, &room->opened),
		    STATUS_CANNOT_OPEN);
}

static void
the_same_text_is_never_sealed_to_the_same_bytes(void **state)
{
	struct room *room = *state;
	struct buffer again = {0};

	assert_int_equal(
	    vault_seal(&room->key, &place, bytes_of_text("Izdomāts"), &again), STATUS_OK);
	assert_false(bytes_equal(bytes_of_buffer(&again), bytes_of_buffer(&room->sealed)));
	buffer_free(&again);
}

static void
an_absent_value_stays_absent(void **state)
{
	struct room *room = *state;
	struct buffer out = {0};

	assert_int_equal(vault_seal(&room->key, &place, (struct bytes){0}, &out), STATUS_OK);
	assert_int_equal(out.len, 0);
	buffer_free(&out);
}

static void
an_empty_value_is_sealed_and_opens_as_empty(void **state)
{
	struct room *room = *state;
	struct buffer sealed = {0}, out = {0};

	assert_int_equal(vault_seal(&room->key, &place, bytes_of_text(""), &sealed), STATUS_OK);
	assert_true(sealed.len > 0);
	assert_int_equal(
	    vault_open(&room->key, &place, bytes_of_buffer(&sealed), &out), STATUS_OK);
	assert_int_equal(out.len, 0);
	/* Present, though empty. */
	assert_non_null(out.data);
	buffer_free(&sealed);
	buffer_free(&out);
}

static void
a_person_is_another_in_every_case(void **state)
{
	uint8_t anna[SUITE_HASH_LEN], again[SUITE_HASH_LEN], elsewhere[SUITE_HASH_LEN],
	    berta[SUITE_HASH_LEN];
	struct room *room = *state;
	struct buffer wrapped = {0};
	struct case_key other;

	assert_int_equal(vault_new_key(room->vault, 6, &other, &wrapped), STATUS_OK);
	vault_person(&room->key, "anna", anna);
	vault_person(&room->key, "anna", again);
	vault_person(&room->key, "berta", berta);
	vault_person(&other, "anna", elsewhere);
	assert_memory_equal(anna, again, sizeof(anna));
	assert_memory_not_equal(anna, berta, sizeof(anna));
	assert_memory_not_equal(anna, elsewhere, sizeof(anna));
	buffer_free(&wrapped);
}

static void
a_word_is_another_of_each_kind_and_under_each_storage_key(void **state)
{
	static const uint8_t other_storage[SUITE_KEY_LEN] = {1, 2, 4};
	static const enum vault_word_kind kinds[] = {
	    VAULT_FILE_NUMBER, VAULT_LABEL, VAULT_CODE, VAULT_NAME};
	uint8_t hashes[4][VAULT_WORD_LEN], again[VAULT_WORD_LEN];
	struct room *room = *state;
	struct vault *other;

	assert_int_equal(vault_create(other_storage, &other), STATUS_OK);
	for (size_t i = 0; i < 4; i++) {
		vault_word(room->vault, kinds[i], bytes_of_text("anna"), hashes[i]);
		vault_word(room->vault, kinds[i], bytes_of_text("anna"), again);
		assert_memory_equal(hashes[i], again, sizeof(again));
		vault_word(room->vault, kinds[i], bytes_of_text("ann"), again);
		assert_memory_not_equal(hashes[i], again, sizeof(again));
		vault_word(other, kinds[i], bytes_of_text("anna"), again);
		assert_memory_not_equal(hashes[i], again, sizeof(again));
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(hashes[i], hashes[j], sizeof(again));
	}
	vault_free(other);
}

#define VAULT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(what_is_sealed_opens_in_its_place_under_the_unwrapped_key),
	    VAULT_TEST(nothing_opens_in_another_table_row_or_column),
	    VAULT_TEST(a_case_key_opens_neither_for_another_case_nor_under_another_storage_key),
	    VAULT_TEST(without_its_case_key_a_field_stays_closed),
	    VAULT_TEST(a_changed_byte_anywhere_is_refused),
	    VAULT_TEST(the_same_text_is_never_sealed_to_the_same_bytes),
	    VAULT_TEST(an_absent_value_stays_absent),
	    VAULT_TEST(an_empty_value_is_sealed_and_opens_as_empty),
	    VAULT_TEST(a_person_is_another_in_every_case),
	    VAULT_TEST(a_word_is_another_of_each_kind_and_under_each_storage_key),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
