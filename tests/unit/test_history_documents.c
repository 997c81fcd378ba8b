/* tests/unit/test_history_documents.c: an entry that is passed on brings the documents that may be had of it. */
#include "tests/unit/circle_room.h"

#include <dirent.h>
#include <unistd.h>

#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/documents.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/history_inside.h"
#include "services/runtime/store/citing_store.h"
#include "services/runtime/store/history_store.h"

/* Two chunks and a little. */
#define LONG (2 * ATTACHMENT_CHUNK + 777)

static const char *const police_alone[] = {"police"};

/* ---- Documents --------------------------------------------------------------------------- */

struct text {
	char letter;
	size_t at;
};

static bool
take_text(void *state, uint8_t *out, size_t len)
{
	struct text *text = state;

	for (size_t i = 0; i < len; i++, text->at++)
		out[i] = text->at % 61 == 60 ? '\n' : (uint8_t)text->letter;
	return true;
}

/* A document of LINE's for CASE_N, of SIZE times LETTER. */
static struct attachment_row
write_document(
    struct line *line, uint64_t case_n, enum category category, char letter, size_t size)
{
	struct service *service = line->service;
	struct attachment_row row = {
	    .category = (uint64_t)category, .size = size, .time_ms = service->now_ms};
	struct document_secret secret;
	struct document_look look = {0};
	struct text text = {letter, 0};
	struct case_key key;

	suite_random(secret.key, sizeof(secret.key));
	suite_stream_start(secret.key, secret.header, &look.stream);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(
	    documents_add(service, &row, NULL, &secret, bytes_of_text("atzinums.txt"), &look),
	    STATUS_OK);
	service_commit(service, "test");
	assert_int_equal(documents_append(service, &row, NULL, 0,
			     (struct document_part){size, &text, take_text}),
	    STATUS_OK);
	assert_true(row.whole);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(case_file_key(service, case_n, &key), STATUS_OK);
	assert_int_equal(documents_claim(service, &row, case_n, &key), STATUS_OK);
	service_commit(service, "test");
	vault_forget(&key);
	return row;
}

static void
cite(struct line *line, struct content *content, const struct attachment_row *row)
{
	struct attachment_file file = {
	    .type = bytes_of_text("text"), .name = bytes_of_text("atzinums.txt")};
	struct document_secret secret;
	struct buffer value = {0};
	struct case_key key;
	enum field field;

	assert_int_equal(case_file_key(line->service, row->case_n, &key), STATUS_OK);
	assert_int_equal(documents_secret(line->service, row, &key, &secret), STATUS_OK);
	memcpy(file.cited.root, row->root, sizeof(row->root));
	file.cited.size = attachment_sealed_size(row->size);
	memcpy(file.key, secret.key, sizeof(file.key));
	memcpy(file.header, secret.header, sizeof(file.header));
	pack_array(&value, 1);
	attachment_file_encode(&file, &value);
	assert_true(attachment_field_of((enum category)row->category, &field));
	assert_int_equal(content_set_value(content, field, bytes_of_buffer(&value)), STATUS_OK);
	buffer_free(&value);
	vault_forget(&key);
}

/* A report by LINE on CIRCLE with the COUNT documents of ROWS. */
static enum status
report_with(struct line *line, const uint8_t circle[SUITE_ID_LEN],
    const struct attachment_row *rows, size_t count, uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct content content;

	assert_int_equal(content_start(MESSAGE_CASE_REPORT, &content), STATUS_OK);
	set_text(&content, FIELD_FAMILY, "Secret of the family");
	set_text(&content, FIELD_BEHAVIOUR, "Secret of behaviour");
	set_text(&content, FIELD_EXPLANATION, "Pielikumā.");
	for (size_t i = 0; i < count; i++)
		cite(line, &content, &rows[i]);
	return act_on(line, &task, &content, id);
}

static struct attachment_row
document_of(
    struct line *line, const uint8_t circle[SUITE_ID_LEN], enum category category, size_t size)
{
	return write_document(line, task_of(line, circle).case_n, category, 'a', size);
}

static void
load_message(struct line *line, const uint8_t task[SUITE_ID_LEN],
    const uint8_t id[SUITE_ID_LEN], struct content *out)
{
	struct task_row row = task_of(line, task);
	struct event_row event;
	struct case_key key;

	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &event, out), STATUS_OK);
	vault_forget(&key);
}

/* What LINE opens of FIELD's document of the message ID: how many bytes of 'a'; 0: none. */
static size_t
opened(struct line *line, const uint8_t circle[SUITE_ID_LEN], const uint8_t id[SUITE_ID_LEN],
    enum field field)
{
	struct task_row task = task_of(line, circle);
	struct document_reader reader;
	struct attachment_file file;
	struct attachment_row row;
	struct content content;
	struct buffer plain = {0};
	struct case_key key;
	size_t before, size;

	load_message(line, circle, id, &content);
	if (!attachment_file_at(&content, field, 0, &file)) {
		content_free(&content);
		return 0;
	}
	assert_int_equal(
	    attachment_store_in_case(line->service->db, task.case_n, file.cited.root, &row),
	    STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(documents_read_start(line->service, &row, &key, &reader), STATUS_OK);
	do {
		before = plain.len;
		assert_int_equal(documents_read(line->service, &reader, &plain), STATUS_OK);
	} while (plain.len > before);
	for (size_t i = 0; i < plain.len; i++)
		assert_int_equal(plain.data[i], i % 61 == 60 ? '\n' : 'a');
	size = plain.len;
	buffer_free(&plain);
	content_free(&content);
	vault_forget(&key);
	return size;
}

/* Rows of documents at LINE, and what waits for some. */
static uint64_t
counted(struct line *line, const char *sql)
{
	struct query *query;
	uint64_t count;

	assert_int_equal(database_query(line->service->db, sql, &query), STATUS_OK);
	assert_int_equal(query_number(query, &count), STATUS_OK);
	return count;
}

static uint64_t
documents_at(struct line *line)
{
	return counted(line, "SELECT count(*) FROM attachments");
}

static void
assert_nothing_waits(struct line *line)
{
	assert_int_equal(counted(line, "SELECT count(*) FROM arriving"), 0);
	assert_int_equal(counted(line, "SELECT count(*) FROM outbox"), 0);
	assert_int_equal(counted(line, "SELECT count(*) FROM attachments WHERE case_n = 0"), 0);
}

/* The school's case with the police. */
static void
open_with_police(struct shared *shared)
{
	record_consent(&two.school, shared);
	assert_int_equal(open_case_with(shared, police_alone, 1), STATUS_OK);
	rooms_settle();
}

static void
bring_in(const struct shared *shared, const char *party)
{
	assert_int_equal(
	    plain(&two.school, shared->circle, MESSAGE_CASE_ADD, party), STATUS_OK);
	rooms_settle();
}

/* ---- Who joins later --------------------------------------------------------------------- */

static void
who_joins_later_opens_the_documents_that_its_ground_covers(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    opened(&two.police, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_nothing_waits(&two.school); /* all said that they have it: the broker has not */
	bring_in(&shared, "social");
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_int_equal(documents_at(&two.fourth), 1);
	assert_nothing_waits(&two.school);
	assert_nothing_waits(&two.fourth);
	assert_int_equal(problems(&two.fourth, "unreadable"), 0);
	assert_one_history(rooms, 2, shared.circle);
	assert_one_history((struct line *const[]){&two.school, &two.fourth}, 2, shared.circle);
}

static void
what_its_ground_does_not_cover_it_has_no_document_of(void **state)
{
	struct attachment_row rows[2];
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	rows[0] = document_of(&two.school, shared.circle, CATEGORY_BEHAVIOUR, 100);
	rows[1] = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, 200);
	/* The court may not have what is of behaviour, so it gets none of it by itself. */
	assert_int_equal(report_with(&two.school, shared.circle, rows, 2, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(opened(&two.police, shared.circle, told, FIELD_FILES_BEHAVIOUR), 100);
	assert_int_equal(opened(&two.third, shared.circle, told, FIELD_FILES_PROCEEDINGS), 200);
	assert_int_equal(opened(&two.third, shared.circle, told, FIELD_FILES_BEHAVIOUR), 0);
	assert_false(was_shown(&two.third, shared.circle, told, FIELD_BEHAVIOUR));
	assert_int_equal(documents_at(&two.third), 1);
	assert_nothing_waits(&two.third);
	assert_one_history(rooms, 3, shared.circle);
}

static void
a_document_that_was_cited_twice_comes_twice(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[2][SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(
		    report_with(&two.school, shared.circle, &row, 1, told[i]), STATUS_OK);
		rooms_settle();
	}
	pass(LETTER_LIFE_MS / 30); /* what is tended once in a while is */
	bring_in(&shared, "social");
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(
		    opened(&two.fourth, shared.circle, told[i], FIELD_FILES_PROCEEDINGS), LONG);
	assert_int_equal(documents_at(&two.fourth), 2);
	assert_nothing_waits(&two.school);
}

static void
it_comes_while_another_still_waits_for_the_same(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	line_disconnect(&two.police);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	settle();
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	/* With the last word of who was passed it, it stays for who waits. */
	rooms_settle();
	assert_int_equal(
	    opened(&two.police, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_nothing_waits(&two.school);
	assert_nothing_waits(&two.police);
}

static void
an_end_of_its_author_in_the_middle_loses_nothing(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	for (unsigned i = 0; i < 40; i++) {
		if (i % 8 == 7)
			rooms_kill(&two.school);
		if (i % 8 == 3)
			rooms_kill(&two.fourth);
		for (unsigned j = 0; j < ROOMS; j++)
			line_work(rooms[j]);
		rooms_carry();
	}
	rooms_settle();
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_nothing_waits(&two.school);
	assert_nothing_waits(&two.fourth);
	assert_int_equal(documents_at(&two.fourth), 1);
}

/* ---- Where they cannot go ---------------------------------------------------------------- */

/* All chunks that the broker holds are gone from its disk. */
static void
lose_chunks(void)
{
	char folder[300], path[600];
	struct dirent *entry;
	DIR *all;

	snprintf(folder, sizeof(folder), "%s-attachments", two.room->path);
	assert_non_null(all = opendir(folder));
	while ((entry = readdir(all)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(all);
}

static void
one_that_the_broker_lost_keeps_no_other_waiting(void **state)
{
	struct attachment_row lost, kept;
	struct shared shared;
	struct event_row event;
	uint8_t told[2][SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	line_disconnect(&two.third);
	lost = document_of(&two.police, shared.circle, CATEGORY_PROCEEDINGS, 100);
	assert_int_equal(report_with(&two.police, shared.circle, &lost, 1, told[0]), STATUS_OK);
	settle();
	lose_chunks();
	kept = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, 200);
	assert_int_equal(report_with(&two.school, shared.circle, &kept, 1, told[1]), STATUS_OK);
	settle();
	for (unsigned i = 0; i < 6; i++) {
		rooms_settle();
		rooms_wait(6000);
	}
	assert_int_equal(event_store_message(two.third.service->db, told[0], false, &event),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    opened(&two.third, shared.circle, told[1], FIELD_FILES_PROCEEDINGS), 200);
}

static void
without_one_of_its_documents_a_category_goes_without_any(void **state)
{
	struct attachment_row rows[2];
	struct query *query;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	rows[0] = document_of(&two.school, shared.circle, CATEGORY_FAMILY, 100);
	rows[1] = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, 200);
	assert_int_equal(report_with(&two.school, shared.circle, rows, 2, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(database_query(two.school.service->db,
			     "DELETE FROM attachments WHERE n = ?", &query),
	    STATUS_OK);
	query_bind_uint(query, 1, rows[0].n);
	assert_int_equal(query_run(query), STATUS_OK);
	service_commit(two.school.service, "test");
	bring_in(&shared, "social");
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_int_equal(opened(&two.fourth, shared.circle, told, FIELD_FILES_FAMILY), 0);
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), 200);
	assert_nothing_waits(&two.fourth);
}

static struct history_pass
pass_to(struct line *line, const uint8_t id[SUITE_ID_LEN], const char *party)
{
	struct history_pass row;
	struct event_row event;

	assert_int_equal(event_store_message(line->service->db, id, true, &event), STATUS_OK);
	assert_int_equal(
	    history_store_pass(line->service->db, event.n, party, &row), STATUS_OK);
	return row;
}

/* ID of LINE's goes to PARTY anew, as though it was asked for. */
static void
pass_again(struct line *line, const uint8_t id[SUITE_ID_LEN], const char *party)
{
	struct history_pass row = pass_to(line, id, party);

	row.how = PASSED_DUE;
	row.time_ms = line->service->now_ms;
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(history_store_set_pass(line->service->db, &row), STATUS_OK);
	service_commit(line->service, "act");
	rooms_settle();
}

static void
who_has_no_room_for_documents_gets_the_rest_and_them_when_it_has(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	two.fourth.service->config.attachment_bytes = LONG - 1;
	bring_in(&shared, "social");
	assert_int_equal(why_unreadable(&two.fourth), STATUS_ATTACHMENT_TOO_LARGE);
	pass(2 * HISTORY_AGAIN_MS);
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_EXPLANATION));
	assert_int_equal(opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), 0);
	assert_int_equal(pass_to(&two.school, told, "social").times, 2);
	pass(HISTORY_SELDOM_MS);
	assert_int_equal(pass_to(&two.school, told, "social").times, 2);
	assert_one_history((struct line *const[]){&two.school, &two.fourth}, 2, shared.circle);
	/* What is known without becomes whole. */
	two.fourth.service->config.attachment_bytes = LONG;
	pass_again(&two.school, told, "social");
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_int_equal(documents_at(&two.fourth), 1);
	assert_nothing_waits(&two.fourth);
	assert_one_history((struct line *const[]){&two.school, &two.fourth}, 2, shared.circle);
}

/* ---- While they come ---------------------------------------------------------------------- */

/* Until LINE holds a message whose documents are to come. */
static void
work_until_held(struct line *line)
{
	for (unsigned i = 0; counted(line, "SELECT count(*) FROM arriving") == 0; i++) {
		assert_true(i < 100);
		for (unsigned j = 0; j < ROOMS; j++)
			line_work(rooms[j]);
		rooms_carry();
	}
}

static void
ask_for_all(struct line *line, const uint8_t circle[SUITE_ID_LEN])
{
	struct departure departure = {0};
	struct history_circle row;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(
	    history_store_circle(line->service->db, task_of(line, circle).circle_n, &row),
	    STATUS_OK);
	assert_int_equal(history_ask(line->service, &departure, &row), STATUS_OK);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	service_commit(line->service, "act");
	departure_free(&departure);
}

static void
who_waits_for_a_document_and_asks_is_not_sent_it_again(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	work_until_held(&two.fourth);
	rooms_wait(HISTORY_ASK_MAX_MS);
	ask_for_all(&two.fourth, shared.circle);
	rooms_settle();
	assert_int_equal(pass_to(&two.school, told, "social").times, 1);
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_nothing_waits(&two.school);
	assert_nothing_waits(&two.fourth);
}

/* LINE passes on to PEER the acts of what another wrote as ID. */
static void
pass_acts(struct line *line, const struct shared *shared, const char *peer,
    const uint8_t id[SUITE_ID_LEN])
{
	struct task_row frame = task_of(line, shared->circle);
	struct task_row task = {
	    .case_n = frame.case_n, .sort = task_sort_of(MESSAGE_HISTORY_PASS_ACTS)};
	struct buffer leaf = {0}, note = {0}, shown = {0};
	struct departure departure = {0};
	struct history_circle circle;
	struct content content, out;
	struct frame_proven proven;
	struct event_row event;

	service_tick(line->service);
	load_message(line, shared->circle, id, &content);
	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(
	    history_store_circle(line->service->db, frame.circle_n, &circle), STATUS_OK);
	assert_int_equal(
	    event_store_proven(line->service->db, event.index, &leaf, &proven.path, &note),
	    STATUS_OK);
	proven.index = event.index;
	proven.leaf = bytes_of_buffer(&leaf);
	proven.checkpoint = bytes_of_buffer(&note);
	forwarded_encode(&proven, &content, CATEGORY_BIT(CATEGORY_ACT), 0, &shown);
	assert_int_equal(content_start(MESSAGE_HISTORY_PASS_ACTS, &out), STATUS_OK);
	assert_int_equal(
	    forwarded_set(&out, FIELD_PASSED_ACTS, bytes_of_buffer(&shown)), STATUS_OK);
	snprintf(task.peer, sizeof(task.peer), "%s", peer);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(
	    history_send(line->service, &departure, &circle, &task, &out), STATUS_OK);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	service_commit(line->service, "act");
	departure_free(&departure);
	content_free(&content);
	content_free(&out);
	buffer_free(&leaf);
	buffer_free(&note);
	buffer_free(&shown);
}

/* The entry itself waits for its documents, and somebody else brings its acts sooner. */
static void
what_is_passed_on_while_it_waits_for_its_own_documents_loses_none(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	row = document_of(&two.police, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	line_disconnect(&two.third);
	assert_int_equal(report_with(&two.police, shared.circle, &row, 1, told), STATUS_OK);
	settle();
	assert_int_equal(
	    opened(&two.school, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	rooms_connect(&two.third);
	work_until_held(&two.third);
	line_disconnect(&two.third);
	suspend("police");
	pass_acts(&two.school, &shared, "court", told);
	settle();
	rooms_connect(&two.third);
	settle();
	assert_nothing_waits(&two.third);
	assert_false(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	lift("police");
	rooms_settle();
	pass(2 * HISTORY_AGAIN_MS);
	assert_int_equal(
	    opened(&two.third, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_int_equal(documents_at(&two.third), 1);
	assert_nothing_waits(&two.third);
	assert_one_history(three, 3, shared.circle);
}

/* ---- What is known already --------------------------------------------------------------- */

static void
what_is_there_already_does_not_come_again(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	pass_again(&two.school, told, "social");
	assert_int_equal(pass_to(&two.school, told, "social").times, 2);
	assert_int_equal(documents_at(&two.fourth), 1);
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	assert_nothing_waits(&two.fourth);
	assert_int_equal(problems(&two.fourth, "unreadable"), 0);
}

/* The message's document is no more than what came by itself: it goes with its case. */
static void
what_was_passed_on_is_erased_with_its_case(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(documents_at(&two.fourth), 1);
	erase_case(&two.fourth, task_of(&two.fourth, shared.circle).case_n);
	assert_int_equal(documents_at(&two.fourth), 0);
	assert_int_equal(counted(&two.fourth, "SELECT count(*) FROM erased_files"), 0);
	pass_again(&two.school, told, "social");
	assert_int_equal(documents_at(&two.fourth), 0);
	assert_int_equal(counted(&two.fourth, "SELECT count(*) FROM arriving"), 0);
}

/* The last stop but SKIP that LINE was told. */
static void
find_stop(struct line *line, unsigned skip, char stop[33])
{
	struct task_filter filter = {.sides = TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row task;

	do {
		assert_int_equal(
		    case_store_next_of(line->service->db, &filter, &task), STATUS_OK);
		filter.before = task.n;
	} while (strcmp(task.sort->name, "stop") != 0 || skip-- > 0);
	for (unsigned i = 0; i < SUITE_ID_LEN; i++)
		snprintf(stop + 2 * i, 3, "%02x", task.id[i]);
}

static void
a_stop_of_its_ground_reaches_what_was_passed_on_under_it(void **state)
{
	struct attachment_row row;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];
	char stop[33];

	(void)state;
	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	assert_int_equal(documents_at(&two.fourth), 1);
	withdraw(&shared);
	rooms_settle();
	find_stop(&two.fourth, 0, stop);
	assert_int_equal(answer_with(&two.fourth, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
	rooms_settle();
	assert_int_equal(documents_at(&two.fourth), 0);
	assert_int_equal(erasure_settle(two.fourth.service), STATUS_OK);
	assert_int_equal(counted(&two.fourth, "SELECT count(*) FROM erased_files"), 0);
	assert_one_history((struct line *const[]){&two.school, &two.fourth}, 2, shared.circle);
	/* Nor does it come again. */
	pass_again(&two.school, told, "social");
	assert_int_equal(documents_at(&two.fourth), 0);
}

/* LINE has the message ID of the school's under another reference, of GROUND_N, too. */
static void
cite_again(struct line *line, const uint8_t id[SUITE_ID_LEN], uint64_t ground_n)
{
	struct ref_row ref = {.direction = REF_THEIRS,
	    .peer = "school",
	    .basis = BASIS_CONSENT,
	    .ground_n = ground_n,
	    .stop_index = UINT64_MAX};
	struct event_row event;

	suite_random(ref.reference, sizeof(ref.reference));
	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(ground_store_add_ref(line->service->db, &ref), STATUS_OK);
	assert_int_equal(
	    citing_store_add(line->service->db, event.n, NULL, ref.reference), STATUS_OK);
	service_commit(line->service, "act");
}

/* A report with a document, at who joined later; cited again there, and its record withdrawn. */
static size_t
left_of_stopped(bool covered)
{
	struct attachment_row row;
	struct shared shared, own;
	uint8_t told[SUITE_ID_LEN];
	char stop[33];

	open_with_police(&shared);
	row = document_of(&two.school, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.school, shared.circle, &row, 1, told), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	record_consent(&two.fourth, &own);
	cite_again(&two.fourth, told, covered ? own.ground.n : 0);
	withdraw(&shared);
	rooms_settle();
	find_stop(&two.fourth, 0, stop);
	assert_int_equal(answer_with(&two.fourth, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
	rooms_settle();
	return documents_at(&two.fourth);
}

static void
a_second_reference_hides_nothing_from_a_stop_of_the_first(void **state)
{
	(void)state;
	assert_int_equal(left_of_stopped(false), 0);
}

static void
what_another_record_covers_wholly_stays_when_the_first_is_stopped(void **state)
{
	(void)state;
	assert_int_equal(left_of_stopped(true), 1);
}

/* LINE has forgotten what came to it under the school's reference of SHARED. */
static void
forget_reference(struct line *line, const struct shared *shared)
{
	struct query *query;
	struct ref_row ref;

	assert_int_equal(ground_store_live_ref(
			     two.school.service->db, shared->ground.n, line->config.code, &ref),
	    STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(database_query(line->service->db,
			     "DELETE FROM cited_before WHERE reference = ?", &query),
	    STATUS_OK);
	query_bind_bytes(query, 1, BYTES(ref.reference));
	assert_int_equal(query_run(query), STATUS_OK);
	service_commit(line->service, "act");
}

static void
nobody_passes_one_entry_on_under_ever_more_references(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_with_police(&shared);
	assert_int_equal(report(&two.school, shared.circle, told), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	for (unsigned i = 0; i < CITING_MAX; i++)
		cite_again(&two.fourth, told, 0);
	forget_reference(&two.fourth, &shared);
	pass_again(&two.school, told, "social");
	assert_int_equal(why_unreadable(&two.fourth), STATUS_TOO_LARGE);
}

static void
what_who_left_wrote_comes_with_its_documents_from_who_leads(void **state)
{
	struct attachment_row rows[2];
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];
	char stop[33];

	(void)state;
	open_it(&shared);
	rows[0] = document_of(&two.police, shared.circle, CATEGORY_PROCEEDINGS, LONG);
	assert_int_equal(report_with(&two.police, shared.circle, rows, 1, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	rooms_settle();
	bring_in(&shared, "social");
	pass(1000); /* its leaving went before */
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_BEHAVIOUR));
	assert_int_equal(
	    opened(&two.fourth, shared.circle, told, FIELD_FILES_PROCEEDINGS), LONG);
	/* Who leads has never had what is of the family, so nobody has it from there. */
	assert_false(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_int_equal(problems(&two.fourth, "unreadable"), 0);
	assert_nothing_waits(&two.school);
	/* The school's record ends, with it the police's mirror, and the school's of that. */
	withdraw(&shared);
	rooms_settle();
	for (unsigned i = 0; i < 2; i++) {
		find_stop(&two.fourth, i, stop);
		assert_int_equal(answer_with(&two.fourth, stop, "answer-stop",
				     json_pack("{s:s}", "stop_answer", "deleted")),
		    STATUS_OK);
	}
	rooms_settle();
	assert_int_equal(documents_at(&two.fourth), 0);
	assert_one_history(
	    (struct line *const[]){&two.school, &two.third, &two.fourth}, 3, shared.circle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(who_joins_later_opens_the_documents_that_its_ground_covers),
	    CIRCLE_TEST(what_its_ground_does_not_cover_it_has_no_document_of),
	    CIRCLE_TEST(a_document_that_was_cited_twice_comes_twice),
	    CIRCLE_TEST(it_comes_while_another_still_waits_for_the_same),
	    CIRCLE_TEST(an_end_of_its_author_in_the_middle_loses_nothing),
	    CIRCLE_TEST(one_that_the_broker_lost_keeps_no_other_waiting),
	    CIRCLE_TEST(without_one_of_its_documents_a_category_goes_without_any),
	    CIRCLE_TEST(who_has_no_room_for_documents_gets_the_rest_and_them_when_it_has),
	    CIRCLE_TEST(who_waits_for_a_document_and_asks_is_not_sent_it_again),
	    CIRCLE_TEST(what_is_passed_on_while_it_waits_for_its_own_documents_loses_none),
	    CIRCLE_TEST(what_is_there_already_does_not_come_again),
	    CIRCLE_TEST(what_was_passed_on_is_erased_with_its_case),
	    CIRCLE_TEST(a_stop_of_its_ground_reaches_what_was_passed_on_under_it),
	    CIRCLE_TEST(a_second_reference_hides_nothing_from_a_stop_of_the_first),
	    CIRCLE_TEST(what_another_record_covers_wholly_stays_when_the_first_is_stopped),
	    CIRCLE_TEST(nobody_passes_one_entry_on_under_ever_more_references),
	    CIRCLE_TEST(what_who_left_wrote_comes_with_its_documents_from_who_leads),
	};

	return cmocka_run_group_tests_name("history_documents", tests, NULL, NULL);
}
