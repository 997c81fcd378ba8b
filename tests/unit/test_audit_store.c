/* tests/unit/test_audit_store.c: the auditor's copy keeps entries, finds them and proves them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clients/auditor/audit_store.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"
#include "tests/unit/small_log.h"

/* Entries of the log below, after NETWORK and two statements for each of three parties. */
enum { OFFER = 7, DELIVERED, OTHER_OFFER, ACCESS, ENTRIES };

static struct small_log *whole;
static struct small_message offer, other_offer;
static struct audit_store *store;
static char folder[64], path[96];
static uint64_t found[64];
static unsigned found_count;

static void
fill(void)
{
	struct leaf access = {.kind = LEAF_ACCESS,
	    .party = bytes_of_text("skola"),
	    .software = bytes_of_text("test 1")};
	struct small_party school, social, police;
	struct audit_entry entry = {0};
	struct tree_tiles tiles = audit_store_tiles(store);
	struct tree *tree;

	small_log_admit(whole, &school, 1, "skola", "school");
	small_log_admit(whole, &social, 2, "dienests", "social_service");
	small_log_admit(whole, &police, 3, "policija", "municipal_police");
	small_log_message(whole, &school, &social, &offer);
	small_log_evidence(whole, &offer, EVIDENCE_DELIVERED, &social);
	small_log_message(whole, &police, &social, &other_offer);
	small_log_leaf(whole, &access);
	assert_int_equal(whole->count, ENTRIES);
	assert_int_equal(tree_open(&tiles, 0, &tree), STATUS_OK);
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	for (; entry.index < whole->count; entry.index++) {
		entry.leaf = bytes_of_buffer(&whole->leaves[entry.index]);
		merkle_leaf(entry.leaf, &entry.hash);
		assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
		assert_int_equal(tree_append(tree, &entry.hash), STATUS_OK);
	}
	assert_int_equal(tree_flush(tree), STATUS_OK);
	assert_int_equal(audit_store_commit(store), STATUS_OK);
	tree_close(tree);
}

static int
before(void **state)
{
	(void)state;
	whole = small_log_start();
	strcpy(folder, "/tmp/test_audit_store.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/log.db", folder);
	if (audit_store_open(path, true, &store) != STATUS_OK)
		return -1;
	fill();
	return 0;
}

static int
after(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char file[128];

	(void)state;
	audit_store_close(store);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
	rmdir(folder);
	small_log_free(whole);
	return 0;
}

static enum status
note(void *state, const struct audit_entry *entry)
{
	(void)state;
	found[found_count++] = entry->index;
	return STATUS_OK;
}

static void
search(struct audit_filter filter)
{
	const struct audit_walk walk = {.entry = note};

	found_count = 0;
	assert_int_equal(audit_store_search(store, &filter, &walk), STATUS_OK);
}

static void
assert_found(unsigned count, ...)
{
	va_list args;

	assert_int_equal(found_count, count);
	va_start(args, count);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(found[i], va_arg(args, int));
	va_end(args);
}

static void
entries_are_found_by_whom_they_concern(void **state)
{
	(void)state;
	search((struct audit_filter){.party = bytes_of_text("skola")});
	assert_found(5, 1, 2, OFFER, DELIVERED, ACCESS);
	search(
	    (struct audit_filter){.party = bytes_of_text("policija"), .kind = LEAF_ACCEPTED});
	assert_found(1, OTHER_OFFER);
	search((struct audit_filter){.party = bytes_of_text("neviens")});
	assert_found(0);
}

static void
entries_are_found_by_message_and_case(void **state)
{
	static const uint8_t no_case[SUITE_ID_LEN];

	(void)state;
	search((struct audit_filter){.id = BYTES(offer.id)});
	assert_found(2, OFFER, DELIVERED);
	search(
	    (struct audit_filter){.id = BYTES(offer.id), .party = bytes_of_text("policija")});
	assert_found(0);
	/* Evidence stands under the case of its message. */
	search((struct audit_filter){.case_token = BYTES(no_case)});
	assert_found(3, OFFER, DELIVERED, OTHER_OFFER);
	search((struct audit_filter){
	    .case_token = BYTES(no_case), .party = bytes_of_text("policija")});
	assert_found(1, OTHER_OFFER);
}

static void
entries_are_found_by_kind_type_and_time(void **state)
{
	const uint64_t at = SMALL_LOG_EPOCH + OFFER * 1000;

	(void)state;
	search((struct audit_filter){.kind = LEAF_ACCESS});
	assert_found(1, ACCESS);
	search((struct audit_filter){.type = MESSAGE_REFERRAL_OFFER});
	assert_found(2, OFFER, OTHER_OFFER);
	search((struct audit_filter){.type = MESSAGE_REFERRAL_CLOSE});
	assert_found(0);
	search((struct audit_filter){.since_ms = at, .until_ms = at + 2000});
	assert_found(2, OFFER, DELIVERED);
	search((struct audit_filter){0});
	assert_int_equal(found_count, ENTRIES);
}

static void
entries_come_back_as_they_were(void **state)
{
	struct audit_entry entry;
	struct buffer leaf = {0};

	(void)state;
	assert_int_equal(audit_store_entry(store, OFFER, &leaf, &entry), STATUS_OK);
	assert_int_equal(entry.index, OFFER);
	assert_true(bytes_equal(entry.leaf, bytes_of_buffer(&whole->leaves[OFFER])));
	assert_int_equal(
	    audit_store_entry(store, ENTRIES, &leaf, &entry), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(
	    audit_store_entry(store, UINT64_MAX, &leaf, &entry), STATUS_NO_SUCH_ENTRY);
	buffer_free(&leaf);
}

static void
only_the_next_entry_is_taken(void **state)
{
	struct audit_entry entry = {.index = ENTRIES + 1, .leaf = bytes_of_text("x")};
	uint64_t count;

	(void)state;
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	assert_int_equal(audit_store_add(store, &entry), STATUS_ARGUMENT);
	entry.index = ENTRIES - 1;
	assert_int_equal(audit_store_add(store, &entry), STATUS_ARGUMENT);
	entry.index = ENTRIES;
	assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
	audit_store_rollback(store);
	assert_int_equal(audit_store_count(store, &count), STATUS_OK);
	assert_int_equal(count, ENTRIES);
	/* The rollback is known: the same entry is the next one again. */
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
	assert_int_equal(audit_store_commit(store), STATUS_OK);
}

static void
numbers_beyond_what_sqlite_holds_are_kept_all_the_same(void **state)
{
	struct leaf leaf = {.kind = LEAF_CLOCK, .count = UINT64_MAX};
	struct audit_entry entry = {.index = ENTRIES};
	struct buffer bytes = {0}, back = {0};

	(void)state;
	leaf.time_ms = UINT64_MAX;
	leaf_encode(&leaf, &bytes);
	entry.leaf = bytes_of_buffer(&bytes);
	assert_int_equal(audit_store_begin(store), STATUS_OK);
	assert_int_equal(audit_store_add(store, &entry), STATUS_OK);
	assert_int_equal(audit_store_commit(store), STATUS_OK);
	assert_int_equal(audit_store_entry(store, ENTRIES, &back, &entry), STATUS_OK);
	assert_true(bytes_equal(entry.leaf, bytes_of_buffer(&bytes)));
	buffer_free(&bytes);
	buffer_free(&back);
}

static void
the_stored_tiles_prove_every_entry(void **state)
{
	struct tree_tiles tiles = audit_store_tiles(store);
	struct merkle_hash root, leaf;
	struct merkle_path proof;
	struct tree *tree;

	(void)state;
	assert_int_equal(tree_open(&tiles, ENTRIES, &tree), STATUS_OK);
	assert_int_equal(tree_root(whole->tree, ENTRIES, &root), STATUS_OK);
	for (uint64_t i = 0; i < ENTRIES; i++) {
		merkle_leaf(bytes_of_buffer(&whole->leaves[i]), &leaf);
		assert_int_equal(tree_inclusion(tree, i, ENTRIES, &proof), STATUS_OK);
		assert_int_equal(
		    merkle_check_inclusion(&leaf, i, ENTRIES, &proof, &root), STATUS_OK);
	}
	tree_close(tree);
}

static void
checkpoints_are_found_from_either_side(void **state)
{
	struct audit_checkpoint out = {0};

	(void)state;
	assert_int_equal(audit_store_checkpoint_to(store, 100, &out), STATUS_NOT_FOUND);
	assert_int_equal(
	    audit_store_add_checkpoint(store, 5, bytes_of_text("five"), 50), STATUS_OK);
	assert_int_equal(
	    audit_store_add_checkpoint(store, 9, bytes_of_text("nine"), 90), STATUS_OK);
	/* What was kept first stays. */
	assert_int_equal(
	    audit_store_add_checkpoint(store, 5, bytes_of_text("other"), 51), STATUS_OK);
	assert_int_equal(audit_store_checkpoint_from(store, 1, &out), STATUS_OK);
	assert_int_equal(out.size, 5);
	assert_int_equal(out.kept_ms, 50);
	assert_true(bytes_is_text(bytes_of_buffer(&out.note), "five"));
	assert_int_equal(audit_store_checkpoint_to(store, 8, &out), STATUS_OK);
	assert_int_equal(out.size, 5);
	assert_int_equal(audit_store_checkpoint_to(store, UINT64_MAX, &out), STATUS_OK);
	assert_int_equal(out.size, 9);
	assert_int_equal(audit_store_checkpoint_from(store, 10, &out), STATUS_NOT_FOUND);
	buffer_free(&out.note);
}

static void
a_copy_belongs_to_one_network(void **state)
{
	struct network other = whole->network;

	(void)state;
	assert_int_equal(audit_store_pin(store, &whole->network), STATUS_OK);
	assert_int_equal(audit_store_pin(store, &whole->network), STATUS_OK);
	other.root[0] ^= 1;
	assert_int_equal(audit_store_pin(store, &other), STATUS_WRONG_NETWORK);
	other = whole->network;
	other.log.public[0] ^= 1;
	assert_int_equal(audit_store_pin(store, &other), STATUS_WRONG_NETWORK);
}

static void
a_missing_copy_is_not_made_by_reading_it(void **state)
{
	struct audit_store *none;
	char other[128];

	(void)state;
	snprintf(other, sizeof(other), "%s/none.db", folder);
	assert_int_equal(audit_store_open(other, false, &none), STATUS_NOT_FOUND);
	assert_int_not_equal(access(other, F_OK), 0);
}

static int
start(void **state)
{
	(void)state;
	oplog_start("test_audit_store", OPLOG_ERROR);
	return suite_start() == STATUS_OK && lists_start() == STATUS_OK ? 0 : -1;
}

#define WITH_COPY(name) cmocka_unit_test_setup_teardown(name, before, after)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_COPY(entries_are_found_by_whom_they_concern),
	    WITH_COPY(entries_are_found_by_message_and_case),
	    WITH_COPY(entries_are_found_by_kind_type_and_time),
	    WITH_COPY(entries_come_back_as_they_were),
	    WITH_COPY(only_the_next_entry_is_taken),
	    WITH_COPY(numbers_beyond_what_sqlite_holds_are_kept_all_the_same),
	    WITH_COPY(the_stored_tiles_prove_every_entry),
	    WITH_COPY(checkpoints_are_found_from_either_side),
	    WITH_COPY(a_copy_belongs_to_one_network),
	    WITH_COPY(a_missing_copy_is_not_made_by_reading_it),
	};

	return cmocka_run_group_tests_name("audit_store", tests, start, NULL);
}
