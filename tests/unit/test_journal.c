/* tests/unit/test_journal.c: nothing is shown before it is kept; what cannot be kept ends it all. */
#include "tests/unit/broker_room.h"

#include <sys/wait.h>

#include "broker/genesis.h"

static uint64_t
append_access(struct broker_room *room)
{
	struct leaf leaf = {.kind = LEAF_ACCESS, .party = bytes_of_text("auditor")};

	return journal_append(room->journal, &leaf);
}

static struct checkpoint
newest(struct broker_room *room)
{
	struct checkpoint checkpoint;
	struct note_key log;

	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	assert_int_equal(
	    checkpoint_open(journal_checkpoint(room->journal), &log, &checkpoint), STATUS_OK);
	return checkpoint;
}

static void
an_uncommitted_entry_is_in_no_checkpoint(void **state)
{
	struct broker_room *room = *state;
	uint64_t size = journal_size(room->journal);

	append_access(room);
	assert_int_equal(journal_size(room->journal), size);
	assert_int_equal(newest(room).size, size);
	journal_commit(room->journal);
	assert_int_equal(journal_size(room->journal), size + 1);
	assert_int_equal(newest(room).size, size + 1);
}

static void
every_entry_of_a_batch_has_the_checkpoint_of_its_commit_for_ever(void **state)
{
	struct broker_room *room = *state;
	uint64_t first = append_access(room), size;
	struct buffer note = {0};
	struct bytes again;

	append_access(room);
	journal_commit(room->journal);
	buffer_append(&note, journal_checkpoint(room->journal));
	append_access(room);
	journal_commit(room->journal);
	assert_int_equal(journal_checkpoint_of(room->journal, first, &size, &again), STATUS_OK);
	assert_int_equal(size, first + 2);
	assert_true(bytes_equal(bytes_of_buffer(&note), again));
	buffer_free(&note);
}

static void
a_commit_without_an_entry_makes_no_checkpoint(void **state)
{
	struct broker_room *room = *state;
	struct store *store = journal_writing(room->journal);
	struct checkpoint before = newest(room);

	assert_int_equal(store->do_->handed_put(store, bytes_of_text("police"), 5), STATUS_OK);
	journal_commit(room->journal);
	assert_int_equal(newest(room).size, before.size);
}

static void
a_batch_is_full_at_its_count_or_its_weight(void **state)
{
	struct broker_room *room = *state;

	assert_false(journal_is_full(room->journal));
	append_access(room);
	journal_weigh(room->journal, JOURNAL_BATCH_BYTES);
	assert_true(journal_is_full(room->journal));
	journal_commit(room->journal);
	assert_false(journal_is_full(room->journal));
	for (unsigned i = 0; i < JOURNAL_BATCH_MAX; i++)
		append_access(room);
	assert_true(journal_is_full(room->journal));
	journal_commit(room->journal);
}

static void
a_leaf_is_read_back_from_the_batch_and_from_the_store(void **state)
{
	struct broker_room *room = *state;
	uint64_t index = append_access(room);
	struct bytes view;
	struct leaf leaf;

	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(journal_leaf(room->journal, index, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		assert_int_equal(leaf.kind, LEAF_ACCESS);
		journal_commit(room->journal);
		append_access(room);
	}
	assert_int_equal(journal_leaf(room->journal, journal_next(room->journal), &view),
	    STATUS_NO_SUCH_ENTRY);
}

static void
leaf_time_never_decreases(void **state)
{
	struct broker_room *room = *state;
	uint64_t time = journal_time(room->journal);

	append_access(room);
	journal_turn(room->journal, room->w.now_ms - 60000, room->boot_ms);
	assert_int_equal(journal_time(room->journal), time);
	append_access(room);
	journal_commit(room->journal);
	assert_int_equal(room_last_leaf(room).time_ms, time);
}

static void
a_jump_of_over_an_hour_against_the_boot_clock_stops_it(void **state)
{
	static const struct {
		int64_t now, boot;
		bool stops, forward;
	} rows[] = {
	    {3600000, 0, false, false},
	    {3600001, 0, true, true},
	    {-3600000, 0, false, false},
	    {-3600001, 0, true, false},
	    {10 * 3600000, 10 * 3600000, false, false},
	    {0, 3600001, true, false},
	};
	struct leafclock clock;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t now = 1000 * DAY_MS, boot = DAY_MS;

		leafclock_start(&clock, now, now, boot);
		leafclock_turn(
		    &clock, now + (uint64_t)rows[i].now, boot + (uint64_t)rows[i].boot);
		assert_int_equal(clock.stopped, rows[i].stops);
		assert_int_equal(clock.stopped && clock.forward, rows[i].forward);
	}
}

static void
many_small_jumps_are_one_large_one(void **state)
{
	uint64_t now = 1000 * DAY_MS;
	struct leafclock clock;

	(void)state;
	leafclock_start(&clock, 0, now, 0);
	leafclock_turn(&clock, now + 40 * 60000, 0);
	assert_false(clock.stopped);
	leafclock_turn(&clock, now + 80 * 60000, 0);
	assert_true(clock.stopped);
}

static void
a_week_without_an_entry_or_a_clock_behind_the_log_stops_the_start(void **state)
{
	static const struct {
		int64_t moved;
		bool stops;
	} rows[] = {{7 * (int64_t)DAY_MS, false}, {7 * (int64_t)DAY_MS + 1, true},
	    {-3600000, false}, {-3600001, true}};
	uint64_t last = 1000 * DAY_MS;
	struct leafclock clock;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		leafclock_start(&clock, last, last + (uint64_t)rows[i].moved, 0);
		assert_int_equal(clock.stopped, rows[i].stops);
	}
	leafclock_start(&clock, 0, last, 0);
	assert_false(clock.stopped);
}

/* ---- What cannot be kept ----------------------------------------------------------------- */

static enum status
failing_commit(struct store *store, const char *kind)
{
	(void)store;
	(void)kind;
	return STATUS_IO;
}

static void
say_to_pipe(void *state, const struct peer *to, struct bytes frame)
{
	(void)to;
	if (write(*(int *)state, frame.data, frame.len) < 0)
		_exit(9);
}

/* A submission whose commit fails, in a process of its own. */
static void
end_by_failing(struct broker_room *room, int out)
{
	const struct outlet outlet = {&out, say_to_pipe};
	const char *const police[] = {"police"};
	struct peer school = room_connect(room, "school", 1);
	struct store_operations operations = *room->store->do_;
	struct buffer frame = {0};
	struct letter letter;

	operations.commit = failing_commit;
	room->store->do_ = &operations;
	letter_start(room, &letter, "school", police, 1);
	letter_seal(&letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
	frame_submit(bytes_of_buffer(&letter.body), 1, &frame);
	intake_take(&room->intake, &school, bytes_of_buffer(&frame));
	journal_commit(room->journal);
	answers_send(&room->intake.answers, room->journal, &outlet);
	_exit(0);
}

static void
a_commit_that_fails_ends_the_process_and_answers_nobody(void **state)
{
	struct broker_room *room = *state;
	int ends[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	if ((child = fork()) == 0) {
		close(ends[0]);
		end_by_failing(room, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* ---- The start --------------------------------------------------------------------------- */

static enum status
open_journal(struct broker_room *room, const struct signing_key *key, struct journal **out)
{
	struct journal_config config = {.store = room->store,
	    .directory = room->w.directory,
	    .network = NETWORK,
	    .log_key = key};

	assert_int_equal(note_key_make("test-log", key->public, &config.log), STATUS_OK);
	return journal_open(&config, room->w.now_ms, room->boot_ms, out);
}

static void
a_log_signed_by_another_key_is_not_continued(void **state)
{
	struct broker_room *room = *state;
	struct signing_key other = world_signing(77);
	struct journal *journal;

	assert_int_equal(open_journal(room, &other, &journal), STATUS_BAD_CONFIG);
}

static void
a_log_longer_than_its_newest_checkpoint_is_not_continued(void **state)
{
	struct broker_room *room = *state;
	struct journal *journal;

	assert_int_equal(room->store->do_->begin(room->store), STATUS_OK);
	assert_int_equal(room->store->do_->leaf_put(room->store, journal_size(room->journal),
			     bytes_of_text("smuggled")),
	    STATUS_OK);
	assert_int_equal(room->store->do_->commit(room->store, "journal"), STATUS_OK);
	assert_int_equal(open_journal(room, &room->log_key, &journal), STATUS_DATABASE);
}

static void
a_tree_that_its_checkpoint_does_not_lead_to_is_not_continued(void **state)
{
	struct broker_room *room = *state;
	struct checkpoint wrong = newest(room);
	struct store *store = room->store;
	struct buffer tile = {0}, note = {0};
	struct merkle_hash hash;
	struct journal *journal;
	struct note_key log;

	/* A leaf, a tile and a checkpoint put in by our own key: but of another tree. */
	merkle_leaf(bytes_of_text("smuggled"), &hash);
	assert_int_equal(store->do_->tile_get(store, 0, 0, &tile), STATUS_OK);
	buffer_append(&tile, BYTES(hash.byte));
	wrong.size++;
	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	assert_int_equal(checkpoint_sign(&wrong, &log, &room->log_key, &note), STATUS_OK);
	assert_int_equal(store->do_->begin(store), STATUS_OK);
	assert_int_equal(
	    store->do_->leaf_put(store, wrong.size - 1, bytes_of_text("smuggled")), STATUS_OK);
	assert_int_equal(store->do_->tile_put(store, 0, 0, bytes_of_buffer(&tile)), STATUS_OK);
	assert_int_equal(
	    store->do_->checkpoint_put(store, wrong.size, bytes_of_buffer(&note)), STATUS_OK);
	assert_int_equal(store->do_->commit(store, "journal"), STATUS_OK);
	assert_int_equal(open_journal(room, &room->log_key, &journal), STATUS_DATABASE);
	buffer_free(&tile);
	buffer_free(&note);
}

static void
a_start_folds_the_directory_that_the_log_holds(void **state)
{
	struct broker_room *room = *state;
	uint8_t chain[SUITE_HASH_LEN], folded[SUITE_HASH_LEN], transport[SUITE_BOX_PUBLIC];
	struct note_key log;

	directory_chain(room->w.directory, chain);
	world_box(4, transport);
	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	room_stop(room);
	room_start(room);
	assert_int_equal(genesis_run(room->journal, "", transport, &log), STATUS_OK);
	directory_chain(room->w.directory, folded);
	assert_memory_equal(chain, folded, sizeof(chain));
	assert_int_equal(
	    journal_statements(room->journal), directory_length(room->w.directory));
	transport[0] ^= 1;
	room_stop(room);
	room_start(room);
	assert_int_equal(genesis_run(room->journal, "", transport, &log), STATUS_BAD_CONFIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BROKER_TEST(an_uncommitted_entry_is_in_no_checkpoint),
	    BROKER_TEST(every_entry_of_a_batch_has_the_checkpoint_of_its_commit_for_ever),
	    BROKER_TEST(a_commit_without_an_entry_makes_no_checkpoint),
	    BROKER_TEST(a_batch_is_full_at_its_count_or_its_weight),
	    BROKER_TEST(a_leaf_is_read_back_from_the_batch_and_from_the_store),
	    BROKER_TEST(leaf_time_never_decreases),
	    cmocka_unit_test(a_jump_of_over_an_hour_against_the_boot_clock_stops_it),
	    cmocka_unit_test(many_small_jumps_are_one_large_one),
	    cmocka_unit_test(a_week_without_an_entry_or_a_clock_behind_the_log_stops_the_start),
	    BROKER_TEST(a_commit_that_fails_ends_the_process_and_answers_nobody),
	    BROKER_TEST(a_log_signed_by_another_key_is_not_continued),
	    BROKER_TEST(a_log_longer_than_its_newest_checkpoint_is_not_continued),
	    BROKER_TEST(a_tree_that_its_checkpoint_does_not_lead_to_is_not_continued),
	    BROKER_TEST(a_start_folds_the_directory_that_the_log_holds),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
