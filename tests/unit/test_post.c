/* tests/unit/test_post.c: what is handed out, when, and what becomes of what is not. */
#include "tests/unit/broker_room.h"

static unsigned
give_credit(struct broker_room *room, const struct peer *peer, uint64_t count)
{
	return room_numbers(room, peer, COMMAND_CREDIT, count, 0, 1);
}

static struct frame_deliver
delivered(const struct broker_room *room, unsigned i, const struct peer *to)
{
	const struct sent *sent = room_sent(room, i, COMMAND_DELIVER);
	struct frame_deliver deliver;

	assert_int_equal(sent->to.fd, to->fd);
	assert_int_equal(frame_read_deliver(sent->frame.body, &deliver), STATUS_OK);
	return deliver;
}

static struct leaf
delivered_leaf(const struct broker_room *room, unsigned i, const struct peer *to)
{
	struct leaf leaf;

	assert_int_equal(leaf_parse(delivered(room, i, to).proven.leaf, &leaf), STATUS_OK);
	return leaf;
}

/* A school, and offers to the police from it. */
struct scene {
	struct peer school;
	struct letter letters[8];
};

static void
offer(struct broker_room *room, struct scene *scene, unsigned count)
{
	scene->school = room_connect(room, "school", 1);
	for (unsigned i = 0; i < count; i++)
		letter_offer(room, &scene->school, &scene->letters[i], "police");
}

static void
leave(struct scene *scene, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		letter_free(&scene->letters[i]);
}

static void
nothing_is_delivered_without_credit_and_no_more_than_it(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 3);
	officer = room_connect(room, "police", 2);
	assert_int_equal(room_turn(room), 0);
	assert_int_equal(give_credit(room, &officer, 2), 2);
	assert_int_equal(delivered(room, 0, &officer).proven.index, scene.letters[0].index);
	assert_int_equal(delivered(room, 1, &officer).proven.index, scene.letters[1].index);
	assert_int_equal(give_credit(room, &officer, 5), 1);
	assert_int_equal(delivered(room, 0, &officer).proven.index, scene.letters[2].index);
	leave(&scene, 3);
}

static uint64_t
unread_by_police(void *state, const struct peer *peer)
{
	(void)state;
	return bytes_is_text(bytes_of_text("police"), peer->party->code) ? 5U * 1024 * 1024 : 0;
}

static void
whoever_reads_slowly_is_waited_for(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 2);
	officer = room_connect(room, "police", 2);
	room->intake.unread = unread_by_police;
	assert_int_equal(give_credit(room, &officer, 2), 0);
	assert_in_range(post_wait_ms(room->post, 1000), 1, 999);
	room->intake.unread = NULL;
	assert_int_equal(room_turn(room), 2);
	assert_int_equal(delivered(room, 0, &officer).proven.index, scene.letters[0].index);
	assert_int_equal(post_wait_ms(room->post, 1000), 1000);
	leave(&scene, 2);
}

static void
a_delivery_carries_its_leaf_its_part_and_a_proof(void **state)
{
	struct broker_room *room = *state;
	struct frame_deliver deliver;
	struct checkpoint checkpoint;
	struct envelope envelope;
	struct merkle_hash hash;
	struct note_key log;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 1);
	officer = room_connect(room, "police", 2);
	give_credit(room, &officer, 1);
	deliver = delivered(room, 0, &officer);
	assert_int_equal(
	    envelope_parse(bytes_of_buffer(&scene.letters[0].body), &envelope), STATUS_OK);
	assert_true(deliver.has_part);
	assert_int_equal(deliver.part_number, 0);
	assert_true(bytes_equal(deliver.part.payload, envelope.parts[0].payload));
	assert_true(bytes_equal(deliver.part.stanza, envelope.parts[0].stanza));
	assert_int_equal(note_key_make("test-log", room->log_key.public, &log), STATUS_OK);
	assert_int_equal(
	    checkpoint_open(deliver.proven.checkpoint, &log, &checkpoint), STATUS_OK);
	merkle_leaf(deliver.proven.leaf, &hash);
	assert_int_equal(merkle_check_inclusion(&hash, deliver.proven.index, checkpoint.size,
			     &deliver.proven.path, &checkpoint.root),
	    STATUS_OK);
	leave(&scene, 1);
}

static void
a_waiting_session_gets_new_mail_with_the_commit_that_accepts_it(void **state)
{
	struct broker_room *room = *state;
	struct peer officer = room_connect(room, "police", 2);
	struct letter letter;
	struct scene scene;
	uint64_t handed;

	offer(room, &scene, 0);
	give_credit(room, &officer, 10);
	letter_offer(room, &scene.school, &letter, "police");
	assert_int_equal(room->sent_count, 2);
	room_sent(room, 0, COMMAND_ACCEPTED);
	assert_int_equal(delivered(room, 1, &officer).proven.index, letter.index);
	assert_int_equal(
	    room->store->do_->handed_get(room->store, bytes_of_text("police"), &handed),
	    STATUS_OK);
	assert_int_equal(handed, letter.index);
	letter_free(&letter);
}

static void
credit_has_a_cap(void **state)
{
	struct broker_room *room = *state;
	struct peer officer = room_connect(room, "police", 2);

	give_credit(room, &officer, UINT64_MAX);
	give_credit(room, &officer, UINT64_MAX);
	assert_int_equal(
	    session_of(room->sessions, bytes_of_text("police"))->credit, FRAME_CREDIT_MAX);
}

static void
a_new_session_gets_again_what_is_unanswered(void **state)
{
	struct broker_room *room = *state;
	struct evidence evidence;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 2);
	officer = room_connect(room, "police", 2);
	give_credit(room, &officer, 10);
	evidence = letter_evidence(room, &scene.letters[0], "police", EVIDENCE_DELIVERED);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	officer = room_connect(room, "police", 3);
	assert_int_equal(give_credit(room, &officer, 10), 1);
	assert_int_equal(delivered(room, 0, &officer).proven.index, scene.letters[1].index);
	leave(&scene, 2);
}

static void
what_a_live_session_leaves_unanswered_comes_again(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 1);
	officer = room_connect(room, "police", 2);
	assert_int_equal(give_credit(room, &officer, 10), 1);
	assert_int_equal(room_wait(room, 1000), 0); /* the mark is set */
	assert_int_equal(room_wait(room, 29000), 0);
	assert_int_equal(room_wait(room, 1000), 1);
	assert_int_equal(delivered(room, 0, &officer).proven.index, scene.letters[0].index);
	leave(&scene, 1);
}

static void
evidence_comes_to_the_sender_until_it_is_taken(void **state)
{
	struct broker_room *room = *state;
	struct evidence evidence;
	struct frame_deliver deliver;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 1);
	officer = room_connect(room, "police", 2);
	give_credit(room, &scene.school, 10);
	evidence = letter_evidence(room, &scene.letters[0], "police", EVIDENCE_DELIVERED);
	assert_int_equal(room_attest(room, &officer, &evidence, POLICE_KEYS), 2);
	deliver = delivered(room, 1, &scene.school);
	assert_false(deliver.has_part);
	assert_int_equal(
	    delivered_leaf(room, 1, &scene.school).evidence.kind, EVIDENCE_DELIVERED);
	room_numbers(room, &scene.school, COMMAND_TAKEN, deliver.proven.index, 0, 1);
	scene.school = room_connect(room, "school", 4);
	assert_int_equal(give_credit(room, &scene.school, 10), 0);
	leave(&scene, 1);
}

static void
what_was_never_handed_out_expires_and_both_sides_learn_it(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;
	struct leaf leaf;

	offer(room, &scene, 1);
	give_credit(room, &scene.school, 10);
	for (uint64_t day = 0; day < 10; day++)
		assert_int_equal(room_wait(room, DAY_MS), 0);
	assert_int_equal(room_wait(room, 1), 1);
	leaf = delivered_leaf(room, 0, &scene.school);
	assert_int_equal(leaf.kind, LEAF_BROKER_EVIDENCE);
	assert_int_equal(leaf.evidence.kind, EVIDENCE_EXPIRED);
	assert_int_equal(leaf.evidence.index, scene.letters[0].index);
	assert_memory_equal(leaf.evidence.digest, scene.letters[0].digest.byte, SUITE_HASH_LEN);
	officer = room_connect(room, "police", 2);
	assert_int_equal(give_credit(room, &officer, 10), 1);
	assert_int_equal(delivered_leaf(room, 0, &officer).evidence.kind, EVIDENCE_EXPIRED);
	leave(&scene, 1);
}

static void
what_expired_this_moment_is_not_handed_out_any_more(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 1);
	officer = room_connect(room, "police", 2);
	room->w.now_ms += LIFE_MS;
	room->boot_ms += LIFE_MS;
	journal_turn(room->journal, room->w.now_ms, room->boot_ms);
	assert_int_equal(give_credit(room, &officer, 10), 1);
	assert_int_equal(delivered_leaf(room, 0, &officer).evidence.kind, EVIDENCE_EXPIRED);
	leave(&scene, 1);
}

static void
once_handed_out_its_recipient_decides_until_a_week_after(void **state)
{
	struct broker_room *room = *state;
	struct evidence evidence;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 2);
	officer = room_connect(room, "police", 2);
	give_credit(room, &officer, 2);
	room_wait(room, LIFE_MS + DAY_MS);
	evidence = letter_evidence(room, &scene.letters[0], "police", EVIDENCE_DELIVERED);
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_sent(room, 0, COMMAND_RECORDED);
	room_wait(room, 5 * DAY_MS);
	assert_int_not_equal(room_last_leaf(room).kind, LEAF_BROKER_EVIDENCE);
	room_wait(room, DAY_MS + 1);
	assert_int_equal(room_last_leaf(room).evidence.kind, EVIDENCE_UNDELIVERABLE);
	assert_int_equal(room_last_leaf(room).evidence.index, scene.letters[1].index);
	evidence = letter_evidence(room, &scene.letters[1], "police", EVIDENCE_DELIVERED);
	evidence.time_ms = room->w.now_ms;
	room_attest(room, &officer, &evidence, POLICE_KEYS);
	room_sent(room, 0, COMMAND_REFUSED);
	leave(&scene, 2);
}

static void
what_was_handed_out_comes_again_to_a_new_session_after_its_expiry_too(void **state)
{
	struct broker_room *room = *state;
	struct peer officer;
	struct scene scene;

	offer(room, &scene, 1);
	officer = room_connect(room, "police", 2);
	assert_int_equal(give_credit(room, &officer, 1), 1);
	room_wait(room, LIFE_MS + DAY_MS);
	officer = room_connect(room, "police", 3);
	assert_int_equal(give_credit(room, &officer, 1), 1);
	assert_true(delivered(room, 0, &officer).has_part);
	leave(&scene, 1);
}

static void
nothing_expires_while_the_clock_is_in_doubt(void **state)
{
	struct broker_room *room = *state;
	struct scene scene;
	uint64_t size;

	offer(room, &scene, 1);
	size = journal_size(room->journal);
	room->boot_ms -= LIFE_MS + DAY_MS; /* only the wall clock moves */
	room_wait(room, LIFE_MS + DAY_MS);
	assert_int_equal(journal_size(room->journal), size);
	leave(&scene, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    BROKER_TEST(nothing_is_delivered_without_credit_and_no_more_than_it),
	    BROKER_TEST(whoever_reads_slowly_is_waited_for),
	    BROKER_TEST(a_delivery_carries_its_leaf_its_part_and_a_proof),
	    BROKER_TEST(a_waiting_session_gets_new_mail_with_the_commit_that_accepts_it),
	    BROKER_TEST(credit_has_a_cap),
	    BROKER_TEST(a_new_session_gets_again_what_is_unanswered),
	    BROKER_TEST(what_a_live_session_leaves_unanswered_comes_again),
	    BROKER_TEST(evidence_comes_to_the_sender_until_it_is_taken),
	    BROKER_TEST(what_was_never_handed_out_expires_and_both_sides_learn_it),
	    BROKER_TEST(what_expired_this_moment_is_not_handed_out_any_more),
	    BROKER_TEST(once_handed_out_its_recipient_decides_until_a_week_after),
	    BROKER_TEST(what_was_handed_out_comes_again_to_a_new_session_after_its_expiry_too),
	    BROKER_TEST(nothing_expires_while_the_clock_is_in_doubt),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("post", tests, NULL, NULL);
}
