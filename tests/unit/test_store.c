/* tests/unit/test_store.c: what every store of the broker does, asked through store.h alone. */
#include "broker/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT(text) bytes_of_text(text)

struct room {
	char folder[64], path[96];
	struct store *store;
};

static void
reopen(struct room *room)
{
	if (room->store != NULL)
		room->store->do_->close(room->store);
	room->store = NULL;
	assert_int_equal(store_sqlite_open(room->path, &room->store), STATUS_OK);
}

static int
setup(void **state)
{
	struct room *room = calloc(1, sizeof(*room));

	snprintf(room->folder, sizeof(room->folder), "/tmp/saikne-store-XXXXXX");
	assert_non_null(mkdtemp(room->folder));
	snprintf(room->path, sizeof(room->path), "%s/broker.db", room->folder);
	reopen(room);
	*state = room;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	struct room *room = *state;
	char path[128];

	room->store->do_->close(room->store);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", room->path, ends[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(room->folder), 0);
	free(room);
	return 0;
}

static struct store *
begin(void **state)
{
	struct store *store = ((struct room *)*state)->store;

	assert_int_equal(store->do_->begin(store), STATUS_OK);
	return store;
}

static void
commit(struct store *store)
{
	assert_int_equal(store->do_->commit(store, "journal"), STATUS_OK);
}

/* A part of LEN bytes at INDEX, or evidence when LEN is 0. */
static void
put_mail(
    struct store *store, const char *party, uint64_t index, size_t len, uint64_t expires_ms)
{
	static const uint8_t part[256] = {7};
	struct store_mail mail = {.index = index,
	    .has_part = len > 0,
	    .part_number = 3,
	    .part = {part, len},
	    .expires_ms = expires_ms};

	assert_int_equal(store->do_->mail_put(store, TEXT(party), &mail), STATUS_OK);
}

static void
assert_mail_after(struct store *store, const char *party, uint64_t from, uint64_t index)
{
	struct store_mail mail;

	assert_int_equal(store->do_->mail_after(store, TEXT(party), from, &mail), STATUS_OK);
	assert_int_equal(mail.index, index);
}

static void
assert_count(struct store *store, const char *party, uint64_t entries, uint64_t bytes_)
{
	uint64_t found, size;

	assert_int_equal(store->do_->mail_count(store, TEXT(party), &found, &size), STATUS_OK);
	assert_int_equal(found, entries);
	assert_int_equal(size, bytes_);
}

static void
a_new_store_is_empty(void **state)
{
	struct store *store = ((struct room *)*state)->store;
	uint8_t id[SUITE_ID_LEN] = {1};
	struct store_message message;
	struct store_mail mail;
	struct buffer out = {0};
	uint64_t n = 1;

	assert_int_equal(store->do_->log_size(store, &n), STATUS_OK);
	assert_int_equal(n, 0);
	assert_int_equal(store->do_->leaf_get(store, 0, &out), STATUS_NOT_FOUND);
	assert_int_equal(
	    store->do_->message_get(store, TEXT("school"), id, &message), STATUS_NOT_FOUND);
	assert_int_equal(
	    store->do_->mail_after(store, TEXT("school"), 0, &mail), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->checkpoint_over(store, 0, &n, &out), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->statement_get(store, 0, &n), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->handed_get(store, TEXT("school"), &n), STATUS_NOT_FOUND);
	assert_count(store, "school", 0, 0);
	buffer_free(&out);
}

static void
what_was_committed_is_there_after_reopening(void **state)
{
	struct store *store = begin(state);
	struct store_message message = {.index = 0, .digest = {9}}, found = {0};
	uint8_t id[SUITE_ID_LEN] = {1};
	struct buffer out = {0};
	uint64_t n = 0;

	assert_int_equal(store->do_->leaf_put(store, 0, TEXT("leaf")), STATUS_OK);
	assert_int_equal(
	    store->do_->message_put(store, TEXT("school"), id, &message), STATUS_OK);
	put_mail(store, "police", 0, 10, 5000);
	assert_int_equal(store->do_->handed_put(store, TEXT("police"), 4), STATUS_OK);
	assert_int_equal(store->do_->statement_put(store, 0, 17), STATUS_OK);
	commit(store);
	reopen(*state);
	store = ((struct room *)*state)->store;
	assert_int_equal(store->do_->log_size(store, &n), STATUS_OK);
	assert_int_equal(n, 1);
	assert_int_equal(store->do_->leaf_get(store, 0, &out), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&out), "leaf"));
	assert_int_equal(store->do_->message_get(store, TEXT("school"), id, &found), STATUS_OK);
	assert_memory_equal(found.digest, message.digest, sizeof(found.digest));
	assert_int_equal(store->do_->handed_get(store, TEXT("police"), &n), STATUS_OK);
	assert_int_equal(n, 4);
	assert_int_equal(store->do_->statement_get(store, 0, &n), STATUS_OK);
	assert_int_equal(n, 17);
	assert_count(store, "police", 1, 10);
	buffer_free(&out);
}

static void
what_was_rolled_back_never_was(void **state)
{
	struct store *store = begin(state);
	uint64_t n;

	put_mail(store, "police", 0, 10, 5000);
	commit(store);
	begin(state);
	assert_int_equal(store->do_->leaf_put(store, 0, TEXT("leaf")), STATUS_OK);
	put_mail(store, "police", 1, 10, 5000);
	put_mail(store, "court", 1, 10, 5000);
	store->do_->rollback(store);
	assert_int_equal(store->do_->log_size(store, &n), STATUS_OK);
	assert_int_equal(n, 0);
	assert_count(store, "police", 1, 10);
	assert_count(store, "court", 0, 0);
	begin(state);
	put_mail(store, "court", 1, 10, 5000);
	commit(store);
	assert_mail_after(store, "court", 0, 1);
}

static void
a_leaf_goes_nowhere_but_to_the_end(void **state)
{
	struct store *store = begin(state);

	assert_int_equal(store->do_->leaf_put(store, 0, TEXT("first")), STATUS_OK);
	assert_int_not_equal(store->do_->leaf_put(store, 0, TEXT("again")), STATUS_OK);
	assert_int_not_equal(store->do_->leaf_put(store, 2, TEXT("gap")), STATUS_OK);
	assert_int_equal(store->do_->leaf_put(store, 1, TEXT("second")), STATUS_OK);
	commit(store);
}

static void
a_tile_grows_and_never_shrinks(void **state)
{
	struct store *store = begin(state);
	struct buffer out = {0};

	assert_int_equal(store->do_->tile_put(store, 1, 7, TEXT("ab")), STATUS_OK);
	assert_int_equal(store->do_->tile_put(store, 1, 7, TEXT("abcd")), STATUS_OK);
	assert_int_equal(store->do_->tile_put(store, 1, 7, TEXT("a")), STATUS_OK);
	commit(store);
	assert_int_equal(store->do_->tile_get(store, 1, 7, &out), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&out), "abcd"));
	assert_int_equal(store->do_->tile_get(store, 0, 7, &out), STATUS_NOT_FOUND);
	buffer_free(&out);
}

static void
an_entry_has_the_checkpoint_of_its_own_commit(void **state)
{
	struct store *store = begin(state);
	struct buffer note = {0};
	uint64_t size;

	assert_int_equal(store->do_->checkpoint_put(store, 2, TEXT("two")), STATUS_OK);
	assert_int_equal(store->do_->checkpoint_put(store, 5, TEXT("five")), STATUS_OK);
	commit(store);
	assert_int_equal(store->do_->checkpoint_over(store, 2, &size, &note), STATUS_OK);
	assert_int_equal(size, 5);
	assert_true(bytes_is_text(bytes_of_buffer(&note), "five"));
	buffer_reset(&note);
	assert_int_equal(store->do_->checkpoint_over(store, 1, &size, &note), STATUS_OK);
	assert_int_equal(size, 2);
	assert_int_equal(store->do_->checkpoint_over(store, 5, &size, &note), STATUS_NOT_FOUND);
	buffer_free(&note);
}

static void
one_sender_and_id_is_put_once(void **state)
{
	struct store *store = begin(state);
	struct store_message message = {.index = 1};
	uint8_t id[SUITE_ID_LEN] = {1};

	assert_int_equal(
	    store->do_->message_put(store, TEXT("school"), id, &message), STATUS_OK);
	assert_int_equal(
	    store->do_->message_put(store, TEXT("police"), id, &message), STATUS_OK);
	assert_int_not_equal(
	    store->do_->message_put(store, TEXT("school"), id, &message), STATUS_OK);
	store->do_->rollback(store);
}

static void
assert_reference(struct store *store, uint8_t number, const struct store_reference *as)
{
	const uint8_t reference[SUITE_ID_LEN] = {number};
	struct store_reference found;

	assert_int_equal(store->do_->reference_get(store, reference, &found), STATUS_OK);
	assert_true(bytes_equal(found.maker, as->maker));
	assert_true(bytes_equal(found.recipient, as->recipient));
	assert_int_equal(found.basis, as->basis);
	assert_int_equal(found.first, as->first);
	assert_int_equal(found.stop, as->stop);
}

/* Invariant 6. */
static void
a_reference_stays_its_makers_and_is_stopped_once(void **state)
{
	struct store *store = begin(state);
	struct store_reference one = {
	    TEXT("school"), TEXT("police"), BASIS_LAW, 4, STORE_NEVER};
	const struct store_reference two = {TEXT("police"), TEXT("court"), BASIS_CONSENT, 5, 5};
	const uint8_t first[SUITE_ID_LEN] = {1}, second[SUITE_ID_LEN] = {2};
	struct store_reference found;

	assert_int_equal(store->do_->reference_get(store, first, &found), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->reference_put(store, first, &one), STATUS_OK);
	assert_int_equal(store->do_->reference_put(store, second, &two), STATUS_OK);
	assert_reference(store, 1, &one);
	assert_reference(store, 2, &two);
	commit(store);
	store->do_->begin(store);
	assert_int_equal(store->do_->reference_stop(store, first, 0), STATUS_OK);
	store->do_->rollback(store);
	assert_reference(store, 1, &one);
	store->do_->begin(store);
	assert_int_equal(store->do_->reference_stop(store, first, 9), STATUS_OK);
	one.stop = 9;
	assert_reference(store, 1, &one);
	commit(store);
	reopen(*state);
	store = begin(state);
	assert_reference(store, 1, &one);
	assert_reference(store, 2, &two);
	assert_int_not_equal(store->do_->reference_stop(store, first, 10), STATUS_OK);
	store->do_->rollback(store);
	store->do_->begin(store);
	assert_int_not_equal(store->do_->reference_put(store, second, &one), STATUS_OK);
	store->do_->rollback(store);
	assert_reference(store, 1, &one);
}

static void
a_mailbox_is_read_in_log_order_and_holds_its_own(void **state)
{
	struct store *store = begin(state);
	struct store_mail mail;

	put_mail(store, "police", 5, 20, 9000);
	put_mail(store, "court", 6, 20, 9000);
	put_mail(store, "police", 9, 0, 0);
	commit(store);
	assert_mail_after(store, "police", 0, 5);
	assert_mail_after(store, "police", 6, 9);
	assert_mail_after(store, "court", 0, 6);
	assert_int_equal(
	    store->do_->mail_after(store, TEXT("court"), 7, &mail), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->mail_get(store, TEXT("police"), 5, &mail), STATUS_OK);
	assert_true(mail.has_part);
	assert_int_equal(mail.part_number, 3);
	assert_int_equal(mail.part.len, 20);
	assert_int_equal(mail.part.data[0], 7);
	assert_int_equal(mail.expires_ms, 9000);
	assert_int_equal(store->do_->mail_get(store, TEXT("police"), 9, &mail), STATUS_OK);
	assert_false(mail.has_part);
	assert_int_equal(
	    store->do_->mail_get(store, TEXT("police"), 6, &mail), STATUS_NOT_FOUND);
}

static void
what_is_removed_is_gone_and_no_longer_counted(void **state)
{
	struct store *store = begin(state);
	struct store_mail mail;

	put_mail(store, "police", 5, 20, 9000);
	put_mail(store, "police", 6, 30, 9000);
	assert_count(store, "police", 2, 50);
	assert_int_equal(store->do_->mail_remove(store, TEXT("police"), 5), STATUS_OK);
	assert_int_equal(store->do_->mail_remove(store, TEXT("police"), 5), STATUS_NOT_FOUND);
	assert_count(store, "police", 1, 30);
	assert_int_equal(
	    store->do_->mail_get(store, TEXT("police"), 5, &mail), STATUS_NOT_FOUND);
	commit(store);
	reopen(*state);
	assert_count(((struct room *)*state)->store, "police", 1, 30);
}

static void
the_handed_mark_only_rises(void **state)
{
	struct store *store = begin(state);
	uint64_t index;

	assert_int_equal(store->do_->handed_put(store, TEXT("police"), 8), STATUS_OK);
	assert_int_equal(store->do_->handed_put(store, TEXT("police"), 3), STATUS_OK);
	assert_int_equal(store->do_->handed_get(store, TEXT("police"), &index), STATUS_OK);
	assert_int_equal(index, 8);
	commit(store);
}

static void
what_is_due_first_comes_first_and_evidence_never(void **state)
{
	struct store *store = begin(state);
	char party[PARTY_MAX + 1];
	struct store_mail mail;
	bool handed;

	put_mail(store, "police", 5, 20, 9000);
	put_mail(store, "court", 6, 20, 7000);
	put_mail(store, "court", 7, 0, 0);
	assert_int_equal(store->do_->handed_put(store, TEXT("police"), 5), STATUS_OK);
	assert_int_equal(
	    store->do_->mail_due(store, 7000, party, &handed, &mail), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->mail_due(store, 9001, party, &handed, &mail), STATUS_OK);
	assert_string_equal(party, "court");
	assert_int_equal(mail.index, 6);
	assert_int_equal(mail.expires_ms, 7000);
	assert_false(handed);
	assert_int_equal(store->do_->mail_remove(store, TEXT("court"), 6), STATUS_OK);
	assert_int_equal(store->do_->mail_due(store, 9001, party, &handed, &mail), STATUS_OK);
	assert_string_equal(party, "police");
	assert_true(handed);
	assert_int_equal(store->do_->mail_defer(store, TEXT("police"), 5, 20000), STATUS_OK);
	assert_int_equal(
	    store->do_->mail_due(store, 9001, party, &handed, &mail), STATUS_NOT_FOUND);
	assert_int_equal(store->do_->mail_due(store, 20001, party, &handed, &mail), STATUS_OK);
	assert_int_equal(mail.expires_ms, 9000);
	commit(store);
}

static void
reading_is_not_final_evidence(void **state)
{
	struct store *store = begin(state);
	enum evidence_kind kind;
	uint64_t index;

	assert_int_equal(store->do_->evidence_put(store, 40, 2, EVIDENCE_READ, 50), STATUS_OK);
	assert_int_equal(
	    store->do_->evidence_final(store, 40, 2, &kind, &index), STATUS_NOT_FOUND);
	assert_int_equal(
	    store->do_->evidence_put(store, 40, 2, EVIDENCE_UNREADABLE, 51), STATUS_OK);
	assert_int_equal(store->do_->evidence_final(store, 40, 2, &kind, &index), STATUS_OK);
	assert_int_equal(kind, EVIDENCE_UNREADABLE);
	assert_int_equal(index, 51);
	assert_int_equal(
	    store->do_->evidence_final(store, 40, 3, &kind, &index), STATUS_NOT_FOUND);
	assert_int_equal(
	    store->do_->evidence_get(store, 40, 2, EVIDENCE_READ, &index), STATUS_OK);
	assert_int_equal(index, 50);
	commit(store);
}

static void
housekeeping_keeps_everything(void **state)
{
	struct store *store = begin(state);

	put_mail(store, "police", 5, 200, 9000);
	commit(store);
	assert_int_equal(store->do_->housekeep(store, false), STATUS_OK);
	assert_int_equal(store->do_->housekeep(store, true), STATUS_OK);
	assert_int_equal(store->do_->housekeep(store, true), STATUS_OK);
	assert_count(store, "police", 1, 200);
	assert_true(store->do_->has_space(store, 1));
	assert_false(store->do_->has_space(store, UINT64_MAX));
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_new_store_is_empty),
	    STORE_TEST(what_was_committed_is_there_after_reopening),
	    STORE_TEST(what_was_rolled_back_never_was),
	    STORE_TEST(a_leaf_goes_nowhere_but_to_the_end),
	    STORE_TEST(a_tile_grows_and_never_shrinks),
	    STORE_TEST(an_entry_has_the_checkpoint_of_its_own_commit),
	    STORE_TEST(one_sender_and_id_is_put_once),
	    STORE_TEST(a_reference_stays_its_makers_and_is_stopped_once),
	    STORE_TEST(a_mailbox_is_read_in_log_order_and_holds_its_own),
	    STORE_TEST(what_is_removed_is_gone_and_no_longer_counted),
	    STORE_TEST(the_handed_mark_only_rises),
	    STORE_TEST(what_is_due_first_comes_first_and_evidence_never),
	    STORE_TEST(reading_is_not_final_evidence),
	    STORE_TEST(housekeeping_keeps_everything),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
