/* tests/unit/test_proven.c: a broker that shows a service another log is caught, restarts or not. */
#include "tests/unit/service_room.h"

#include "protocol/proof/tree.h"
#include "protocol/wire/evidence.h"

/* ---- Another log ------------------------------------------------------------------------- */

static enum status
no_tile(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	(void)state, (void)level, (void)n, (void)out;
	return STATUS_NOT_FOUND;
}

static enum status
keep_no_tile(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	(void)state, (void)level, (void)n, (void)hashes;
	return STATUS_OK;
}

static struct buffer forged_note;

/* The same entry at the same index, in a log whose other entries are invented. */
static void
move_to_another_log(struct frame_deliver *deliver)
{
	static const struct tree_tiles tiles = {.read = no_tile, .write = keep_no_tile};
	const struct broker_room *room = two.room;
	struct checkpoint checkpoint = {.size = deliver->proven.index + 3};
	struct note_key key;
	struct tree *tree;

	assert_int_equal(tree_open(&tiles, 0, &tree), STATUS_OK);
	for (uint64_t i = 0; i < checkpoint.size; i++) {
		struct merkle_hash hash = {{(uint8_t)i, 77}};

		if (i == deliver->proven.index)
			merkle_leaf(deliver->proven.leaf, &hash);
		assert_int_equal(tree_append(tree, &hash), STATUS_OK);
	}
	assert_int_equal(tree_root(tree, checkpoint.size, &checkpoint.root), STATUS_OK);
	assert_int_equal(
	    tree_inclusion(tree, deliver->proven.index, checkpoint.size, &deliver->proven.path),
	    STATUS_OK);
	tree_close(tree);
	assert_int_equal(note_key_make("test-log", room->log_key.public, &key), STATUS_OK);
	buffer_reset(&forged_note);
	assert_int_equal(
	    checkpoint_sign(&checkpoint, &key, &room->log_key, &forged_note), STATUS_OK);
	deliver->proven.checkpoint = bytes_of_buffer(&forged_note);
}

/* The police takes the school's offer as an entry of the other log. */
static void
show_the_other_log(char task[33])
{
	struct frame_deliver deliver;
	struct buffer again = {0};
	struct frame frame;

	refer("urgent", task);
	arrivals_run(two.school.service);
	room_take(two.room, &two.school.peer, bytes_of_buffer(&two.school.queue[0]));
	two.school.count = 0;
	for (unsigned i = 0; i < two.room->sent_count; i++) {
		if (two.room->sent[i].frame.command != COMMAND_DELIVER)
			continue;
		assert_int_equal(
		    frame_read_deliver(two.room->sent[i].frame.body, &deliver), STATUS_OK);
		move_to_another_log(&deliver);
		frame_deliver(&deliver, &again);
		assert_int_equal(frame_parse(bytes_of_buffer(&again), &frame), STATUS_OK);
		arrivals_frame(two.police.service, &frame);
	}
	two.room->sent_count = 0;
	service_tick(two.police.service);
	arrivals_run(two.police.service);
	two.police.count = 0;
	buffer_free(&again);
	assert_state(&two.police, task, "offered");
}

static uint64_t
unproven(struct line *line)
{
	uint64_t count, oldest;

	assert_int_equal(key_store_unproven(line->service->db, &count, &oldest), STATUS_OK);
	return count;
}

/* ---- Tests ------------------------------------------------------------------------------- */

static int
set_up_proven(void **state)
{
	char task[33];

	if (set_up(state) != 0)
		return -1;
	/* Both know a piece of the one log. */
	refer("normal", task);
	settle();
	line_prove(&two.school);
	line_prove(&two.police);
	return 0;
}

static int
tear_down_proven(void **state)
{
	buffer_free(&forged_note);
	return tear_down(state);
}

static void
what_is_proven_is_not_kept(void **state)
{
	char task[33];

	(void)state;
	refer("normal", task);
	settle();
	assert_true(unproven(&two.school) > 0);
	assert_true(unproven(&two.police) > 0);
	line_prove(&two.school);
	line_prove(&two.police);
	assert_int_equal(unproven(&two.school), 0);
	assert_int_equal(unproven(&two.police), 0);
	assert_false(two.police.service->forked);
}

/* The trick: show another log, and let the service restart before the proof is asked for. */
static void
another_log_shown_before_a_restart_is_found_after_it(void **state)
{
	char task[33];

	(void)state;
	show_the_other_log(task);
	assert_int_equal(unproven(&two.police), 1);
	/* The true log grows past the size that was shown. */
	for (unsigned i = 0; i < 4; i++)
		issue_head();
	line_restart(&two.police);
	assert_false(two.police.service->forked);
	line_prove(&two.police);
	assert_true(two.police.service->forked);
	assert_int_equal(problems(&two.police, "fork"), 1);
	assert_int_equal(unproven(&two.police), 1);
}

static void
a_fork_is_remembered_for_good_with_both_checkpoints(void **state)
{
	struct buffer known = {0}, other = {0};
	struct refusal refusal;
	char task[33];
	json_t *status;

	(void)state;
	show_the_other_log(task);
	for (unsigned i = 0; i < 4; i++)
		issue_head();
	line_prove(&two.police);
	assert_true(two.police.service->forked);
	line_kill(&two.police);
	line_start(&two.police);
	assert_true(two.police.service->forked);
	assert_int_equal(two.police.service->lost_why, STATUS_FORKED_LOG);
	assert_int_equal(service_may_seal(two.police.service), STATUS_FORKED_LOG);
	assert_int_equal(
	    key_store_note(two.police.service->db, "fork_known", &known), STATUS_OK);
	assert_int_equal(
	    key_store_note(two.police.service->db, "fork_other", &other), STATUS_OK);
	assert_true(bytes_equal(bytes_of_buffer(&other), bytes_of_buffer(&forged_note)));
	assert_int_equal(
	    acts_status(two.police.service, &auditor, &status, &refusal), STATUS_OK);
	assert_true(json_is_true(json_object_get(status, "forked")));
	assert_non_null(strstr(text(json_object_get(status, "fork"), "other"), "test-log"));
	json_decref(status);
	buffer_free(&known);
	buffer_free(&other);
}

static void
a_checkpoint_that_stays_unproven_is_a_problem(void **state)
{
	struct refusal refusal;
	char task[33];
	json_t *status;

	(void)state;
	refer("normal", task);
	settle();
	two.room->w.now_ms += PROVEN_WITHIN_MS + 1;
	assert_int_equal(
	    acts_status(two.police.service, &auditor, &status, &refusal), STATUS_OK);
	assert_string_equal(
	    text(json_array_get(json_object_get(status, "problems"), 0), "what"), "unproven");
	json_decref(status);
	line_prove(&two.police);
	assert_int_equal(
	    acts_status(two.police.service, &auditor, &status, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(status, "problems")), 0);
	json_decref(status);
}

static void
as_many_as_there_are_the_table_is_bounded(void **state)
{
	struct checkpoint checkpoint = {0};
	struct service *service = two.police.service;

	(void)state;
	assert_int_equal(service_begin(service), STATUS_OK);
	for (unsigned i = 1; i < KEY_STORE_UNPROVEN_MAX + 50; i++) {
		checkpoint.size = 100000 + i;
		assert_int_equal(
		    key_store_add_unproven(service->db, &checkpoint, bytes_of_text("note"), 1),
		    STATUS_OK);
	}
	assert_int_equal(unproven(&two.police), KEY_STORE_UNPROVEN_MAX);
	service_rollback(service);
}

#define PROVEN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_proven, tear_down_proven)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PROVEN_TEST(what_is_proven_is_not_kept),
	    PROVEN_TEST(another_log_shown_before_a_restart_is_found_after_it),
	    PROVEN_TEST(a_fork_is_remembered_for_good_with_both_checkpoints),
	    PROVEN_TEST(a_checkpoint_that_stays_unproven_is_a_problem),
	    PROVEN_TEST(as_many_as_there_are_the_table_is_bounded),
	};

	return cmocka_run_group_tests_name("proven", tests, NULL, NULL);
}
