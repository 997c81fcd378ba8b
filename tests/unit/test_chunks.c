/* tests/unit/test_chunks.c: attachments at the broker: whole before a message, kept for whom it is. */
#include "tests/unit/broker_room.h"

#include <dirent.h>

#define CHUNKS 3

struct document {
	struct envelope_attachment cited;
	struct merkle_hash leaves[100];
	uint8_t *sealed;
};

static struct document
make_document(uint64_t plain)
{
	struct document d = {.cited = {.size = attachment_sealed_size(plain)}};
	struct merkle_hash root;

	d.sealed = malloc(d.cited.size);
	suite_random(d.sealed, d.cited.size);
	for (uint32_t i = 0; i < attachment_chunks(d.cited.size); i++)
		attachment_leaf((struct bytes){d.sealed + (size_t)i * ATTACHMENT_SEALED_CHUNK,
				    attachment_chunk_len(d.cited.size, i)},
		    &d.leaves[i]);
	merkle_root(d.leaves, attachment_chunks(d.cited.size), &root);
	memcpy(d.cited.root, root.byte, sizeof(d.cited.root));
	return d;
}

static unsigned
take_chunk(struct broker_room *room, const struct peer *peer, const struct document *d,
    uint32_t place, uint32_t chunk)
{
	struct frame_chunk frame = {.attachment = d->cited, .chunk = place};
	struct buffer out = {0};
	unsigned sent;

	merkle_path_of(d->leaves, attachment_chunks(d->cited.size), chunk, &frame.path);
	frame.sealed = (struct bytes){d->sealed + (size_t)chunk * ATTACHMENT_SEALED_CHUNK,
	    attachment_chunk_len(d->cited.size, chunk)};
	frame_chunk(&frame, ++room->request, &out);
	sent = room_take(room, peer, bytes_of_buffer(&out));
	buffer_free(&out);
	return sent;
}

static uint32_t
held(const struct broker_room *room)
{
	struct frame_chunk_have have;

	assert_int_equal(room->sent_count, 1);
	assert_int_equal(
	    frame_read_chunk_have(room_sent(room, 0, COMMAND_CHUNK_HAVE)->frame.body, &have),
	    STATUS_OK);
	return have.held;
}

static uint32_t
ask_held(struct broker_room *room, const struct peer *peer, const struct document *d)
{
	const struct frame_chunk_have have = {.attachment = d->cited};
	struct buffer out = {0};

	frame_chunk_have(&have, ++room->request, &out);
	room_take(room, peer, bytes_of_buffer(&out));
	buffer_free(&out);
	return held(room);
}

static void
bring(struct broker_room *room, const struct peer *peer, const struct document *d)
{
	for (uint32_t i = 0; i < attachment_chunks(d->cited.size); i++) {
		take_chunk(room, peer, d, i, i);
		assert_int_equal(held(room), i + 1);
	}
}

static void
seal_with(struct broker_room *room, struct letter *letter, const struct document *d,
    const char *const *to, uint32_t count)
{
	letter_start(room, letter, "school", to, count);
	letter->file = (struct attachment_file){
	    .cited = d->cited, .type = bytes_of_text("pdf"), .name = bytes_of_text("a.pdf")};
	letter_seal(letter, MESSAGE_REFERRAL_OFFER, SCHOOL_KEYS);
}

static unsigned
get_chunk(struct broker_room *room, const struct peer *peer, uint64_t index, uint64_t position,
    uint64_t chunk)
{
	const uint64_t numbers[3] = {index, position, chunk};
	struct buffer frame = {0};
	unsigned sent;

	frame_numbers(COMMAND_CHUNK_GET, ++room->request, numbers, 3, &frame);
	sent = room_take(room, peer, bytes_of_buffer(&frame));
	buffer_free(&frame);
	return sent;
}

static unsigned
count_files(const struct broker_room *room, bool remove_them)
{
	char folder[300], path[600];
	struct dirent *entry;
	unsigned count = 0;
	DIR *all;

	snprintf(folder, sizeof(folder), "%s-attachments", room->path);
	if ((all = opendir(folder)) == NULL)
		return 0;
	while ((entry = readdir(all)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (remove_them)
			unlink(path);
	}
	closedir(all);
	if (remove_them)
		rmdir(folder);
	return count;
}

static int
tear_down(void **state)
{
	count_files(*state, true);
	return room_tear_down(state);
}

static const char *const both[] = {"police", "court"};

static void
a_message_waits_for_its_chunks_and_is_told_which(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct document d = make_document((CHUNKS - 1) * ATTACHMENT_CHUNK + 5);
	struct frame_refused refused;
	struct letter letter;

	seal_with(room, &letter, &d, both, 1);
	letter_submit(room, &school, &letter);
	refused = room_refused(room, STATUS_CHUNKS_MISSING);
	assert_true(bytes_is_text(refused.detail, "attachment 0: 0 of 3 chunks are held"));
	take_chunk(room, &school, &d, 0, 0);
	take_chunk(room, &school, &d, 1, 1);
	letter_submit(room, &school, &letter);
	refused = room_refused(room, STATUS_CHUNKS_MISSING);
	assert_true(bytes_is_text(refused.detail, "attachment 0: 2 of 3 chunks are held"));
	take_chunk(room, &school, &d, 2, 2);
	letter_submit(room, &school, &letter);
	assert_int_not_equal(letter.index, 0);
	letter_free(&letter);
	free(d.sealed);
}

static void
a_chunk_that_is_not_the_next_or_not_of_the_root_is_refused(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct document d = make_document((CHUNKS - 1) * ATTACHMENT_CHUNK + 5);

	take_chunk(room, &school, &d, 1, 1);
	room_refused(room, STATUS_BAD_CHUNK); /* it begins with the first */
	take_chunk(room, &school, &d, 0, 1);
	room_refused(room, STATUS_BAD_CHUNK); /* swapped */
	assert_int_equal(ask_held(room, &school, &d), 0);
	assert_int_equal(count_files(room, false), 0);
	take_chunk(room, &school, &d, 0, 0);
	take_chunk(room, &school, &d, 2, 2);
	room_refused(room, STATUS_BAD_CHUNK); /* one left out */
	take_chunk(room, &school, &d, 0, 0);
	assert_int_equal(held(room), 1); /* said again: nothing happens */
	d.sealed[ATTACHMENT_SEALED_CHUNK] ^= 1;
	take_chunk(room, &school, &d, 1, 1);
	room_refused(room, STATUS_BAD_CHUNK); /* changed */
	d.sealed[ATTACHMENT_SEALED_CHUNK] ^= 1;
	take_chunk(room, &school, &d, 1, 1);
	assert_int_equal(held(room), 2);
	free(d.sealed);
}

static void
nobody_learns_what_another_party_holds(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1),
		    police = room_connect(room, "police", 2);
	struct document d = make_document(1000);
	struct letter letter;

	bring(room, &school, &d);
	assert_int_equal(ask_held(room, &police, &d), 0);
	/* Its own copy is another one, which the first one's end does not touch. */
	bring(room, &police, &d);
	assert_int_equal(count_files(room, false), 2);
	seal_with(room, &letter, &d, &both[1], 1);
	letter_submit(room, &school, &letter);
	get_chunk(room, &police, letter.index, 0, 0);
	room_refused(room, STATUS_NOT_YOURS);
	get_chunk(room, &police, letter.index + 1000, 0, 0);
	room_refused(room, STATUS_NOT_YOURS);
	get_chunk(room, &school, letter.index, 0, 0);
	room_refused(room, STATUS_NOT_YOURS);
	letter_free(&letter);
	free(d.sealed);
}

static void
recipients_get_chunks_until_their_final_evidence(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1),
		    police = room_connect(room, "police", 2),
		    court = room_connect(room, "court", 3);
	struct document d = make_document((CHUNKS - 1) * ATTACHMENT_CHUNK + 5);
	struct frame_chunk chunk;
	struct evidence evidence;
	struct letter letter;

	bring(room, &school, &d);
	seal_with(room, &letter, &d, both, 2);
	letter_submit(room, &school, &letter);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		assert_int_equal(get_chunk(room, &police, letter.index, 0, i), 1);
		assert_int_equal(
		    frame_read_chunk(room_sent(room, 0, COMMAND_CHUNK)->frame.body, &chunk),
		    STATUS_OK);
		assert_int_equal(
		    attachment_check_chunk(&d.cited, i, &chunk.path, chunk.sealed), STATUS_OK);
	}
	get_chunk(room, &police, letter.index, 1, 0);
	room_refused(room, STATUS_BAD_CHUNK);
	get_chunk(room, &police, letter.index, 0, CHUNKS);
	room_refused(room, STATUS_BAD_CHUNK);
	evidence = letter_evidence(room, &letter, "police", EVIDENCE_DELIVERED);
	room_attest(room, &police, &evidence, POLICE_KEYS);
	get_chunk(room, &police, letter.index, 0, 0);
	room_refused(room, STATUS_NOT_YOURS);
	get_chunk(room, &court, letter.index, 0, 0);
	room_sent(room, 0, COMMAND_CHUNK);
	assert_int_equal(count_files(room, false), 1);
	evidence = letter_evidence(room, &letter, "court", EVIDENCE_UNREADABLE);
	room_attest(room, &court, &evidence, COURT_KEYS);
	assert_int_equal(count_files(room, false), 0);
	assert_int_equal(ask_held(room, &school, &d), 0);
	letter_free(&letter);
	free(d.sealed);
}

static void
what_nobody_cites_goes_after_a_day_and_what_is_cited_stays(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct document idle = make_document(1000), cited = make_document(2000),
			begun = make_document(2 * ATTACHMENT_CHUNK);
	struct letter letter;

	bring(room, &school, &idle);
	bring(room, &school, &cited);
	take_chunk(room, &school, &begun, 0, 0);
	seal_with(room, &letter, &cited, both, 1);
	letter_submit(room, &school, &letter);
	for (unsigned hour = 0; hour < 23; hour++)
		room_wait(room, 3600 * 1000);
	assert_int_equal(count_files(room, false), 3);
	for (unsigned hour = 0; hour < 2; hour++)
		room_wait(room, 3600 * 1000);
	assert_int_equal(count_files(room, false), 1);
	assert_int_equal(ask_held(room, &school, &cited), 1);
	assert_int_equal(ask_held(room, &school, &begun), 0);
	letter_free(&letter);
	free(idle.sealed);
	free(cited.sealed);
	free(begun.sealed);
}

static void
a_party_has_bounded_room(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1),
		    police = room_connect(room, "police", 2);
	struct document large = make_document(5 * 1024 * 1024), half = make_document(3800000),
			other = make_document(3900000), little = make_document(1000000);

	take_chunk(room, &school, &large, 0, 0);
	room_refused(room, STATUS_ATTACHMENT_TOO_LARGE);
	/* What is begun counts as a whole. */
	take_chunk(room, &school, &half, 0, 0);
	take_chunk(room, &school, &other, 0, 0);
	take_chunk(room, &school, &little, 0, 0);
	room_refused(room, STATUS_ATTACHMENTS_FULL);
	take_chunk(room, &police, &little, 0, 0);
	assert_int_equal(held(room), 1);
	free(large.sealed);
	free(half.sealed);
	free(other.sealed);
	free(little.sealed);
}

static void
a_restart_goes_on_from_what_was_durable(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1);
	struct document whole = make_document(1000), begun = make_document(80 * 50000);
	char stray[400];
	FILE *file;

	bring(room, &school, &whole);
	take_chunk(room, &school, &begun, 0, 0);
	take_chunk(room, &school, &begun, 1, 1);
	/* A file that no row knows, as a crash between the two may leave. */
	snprintf(stray, sizeof(stray), "%s-attachments/99-%064d", room->path, 7);
	file = fopen(stray, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(count_files(room, false), 3);
	room_restart(room);
	assert_int_equal(count_files(room, false), 2);
	school = room_connect(room, "school", 1);
	assert_int_equal(ask_held(room, &school, &whole), 1);
	assert_int_equal(ask_held(room, &school, &begun), 0);
	bring(room, &school, &begun);
	assert_int_equal(ask_held(room, &school, &begun), attachment_chunks(begun.cited.size));
	free(whole.sealed);
	free(begun.sealed);
}

static void
a_session_has_so_many_chunks_under_way_and_mail_goes_first(void **state)
{
	struct broker_room *room = *state;
	struct peer school = room_connect(room, "school", 1),
		    police = room_connect(room, "police", 2);
	struct document d = make_document(1000);
	const struct session *session;
	struct buffer frame = {0};
	uint64_t numbers[3] = {0};
	struct letter letter;

	bring(room, &school, &d);
	seal_with(room, &letter, &d, both, 1);
	letter_submit(room, &school, &letter);
	numbers[0] = letter.index;
	for (unsigned i = 0; i < SESSION_GETS_MAX + 1; i++) {
		frame_numbers(COMMAND_CHUNK_GET, 100 + i, numbers, 3, &frame);
		intake_take(&room->intake, &police, bytes_of_buffer(&frame));
	}
	numbers[0] = 5;
	frame_numbers(COMMAND_CREDIT, 1, numbers, 1, &frame);
	intake_take(&room->intake, &police, bytes_of_buffer(&frame));
	room_turn(room);
	room_sent(room, 0, COMMAND_REFUSED);
	room_sent(room, 1, COMMAND_DELIVER);
	for (unsigned i = 0; i < CHUNKS_TURN_MAX; i++)
		assert_int_equal(room_sent(room, 2 + i, COMMAND_CHUNK)->frame.request, 100 + i);
	assert_int_equal(room->sent_count, 2 + CHUNKS_TURN_MAX);
	assert_int_equal(chunks_wait_ms(&room->intake, 1000), 0);
	session = session_find(room->sessions, &police);
	assert_int_equal(session->get_count, SESSION_GETS_MAX - CHUNKS_TURN_MAX);
	assert_int_equal(room_turn(room), CHUNKS_TURN_MAX);
	assert_int_equal(room_turn(room), 0);
	assert_int_equal(chunks_wait_ms(&room->intake, 1000), 1000);
	buffer_free(&frame);
	letter_free(&letter);
	free(d.sealed);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, room_set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_message_waits_for_its_chunks_and_is_told_which),
	    TEST(a_chunk_that_is_not_the_next_or_not_of_the_root_is_refused),
	    TEST(nobody_learns_what_another_party_holds),
	    TEST(recipients_get_chunks_until_their_final_evidence),
	    TEST(what_nobody_cites_goes_after_a_day_and_what_is_cited_stays),
	    TEST(a_party_has_bounded_room),
	    TEST(a_restart_goes_on_from_what_was_durable),
	    TEST(a_session_has_so_many_chunks_under_way_and_mail_goes_first),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("chunks", tests, NULL, NULL);
}
