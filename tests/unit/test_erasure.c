/* tests/unit/test_erasure.c: what is erased opens nowhere any more; what stays still proves itself. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/store/custody_store.h"
#include "services/runtime/store/ground_store.h"

static uint64_t
case_of(struct line *line, const char *task)
{
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row.case_n;
}

static uint64_t
number_of(struct line *line, const char *task)
{
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row.n;
}

/* A referral that both read and that ended. */
static void
refer_and_end(char task[33])
{
	refer("urgent", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	assert_int_equal(answer_with(&two.school, task, "mistake",
			     json_pack("{s:s}", "error_reason", "wrong_child")),
	    STATUS_OK);
	settle();
	assert_state(&two.police, task, "entered_in_error");
}

static enum status
erase(struct line *line, uint64_t case_n, uint64_t task_n)
{
	const struct erasure what = {
	    .case_n = case_n, .task_n = task_n, .reason = "mistake", .role = "head"};
	enum status rc;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	rc = erasure_run(line->service, &what);
	if (service_end(line->service, rc, "act") == STATUS_OK)
		assert_int_equal(erasure_settle(line->service), STATUS_OK);
	return rc;
}

static bool
file_holds(const char *path, struct bytes needle)
{
	static char bytes[8 * 1024 * 1024];
	FILE *file = fopen(path, "rb");
	size_t len;

	if (file == NULL)
		return false;
	len = fread(bytes, 1, sizeof(bytes), file);
	assert_true(feof(file));
	fclose(file);
	return memmem(bytes, len, needle.data, needle.len) != NULL;
}

static bool
disk_holds(const struct line *line, const struct buffer *needle)
{
	char wal[256];

	snprintf(wal, sizeof(wal), "%s-wal", line->path);
	return file_holds(line->path, bytes_of_buffer(needle)) ||
	       file_holds(wal, bytes_of_buffer(needle));
}

static size_t
found(struct line *line, const char *name)
{
	json_t *request = json_pack("{s:s}", "name", name), *answer = NULL;
	struct refusal refusal = {0};
	size_t count;

	assert_int_equal(
	    acts_search(line->service, &anna, request, 10, NULL, &answer, &refusal), STATUS_OK);
	count = json_array_size(json_object_get(answer, "items"));
	json_decref(request);
	json_decref(answer);
	return count;
}

/* ---- A whole case ------------------------------------------------------------------------ */

static void
with_its_key_a_case_is_gone_from_the_database_and_its_write_ahead_log(void **state)
{
	struct buffer key = {0};
	struct case_key none;
	char task[33];
	uint64_t n;

	(void)state;
	refer_and_end(task);
	n = case_of(&two.police, task);
	assert_int_equal(case_store_key(two.police.service->db, n, &key), STATUS_OK);
	assert_true(key.len > 0 && disk_holds(&two.police, &key));
	assert_int_equal(found(&two.police, "Izdomāts"), 1);

	assert_int_equal(erase(&two.police, n, 0), STATUS_OK);
	assert_false(disk_holds(&two.police, &key));
	assert_int_equal(case_file_key(two.police.service, n, &none), STATUS_ERASED);
	assert_int_equal(found(&two.police, "Izdomāts"), 0);
	buffer_free(&key);
}

static void
statements_of_custody_and_checks_of_grounds_go_with_the_case(void **state)
{
	struct database *db = two.police.service->db;
	struct custody_row statement = {.origin = "court", .via = "court", .index = 9}, none;
	struct ground_row ground = {
	    .id = {7}, .basis = BASIS_LAW, .state = CONSENT_IN_FORCE, .check_ms = 5};
	char task[33];
	uint64_t n, next;

	(void)state;
	refer_and_end(task);
	n = statement.case_n = ground.case_n = case_of(&two.police, task);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(custody_store_next(db, &statement.n), STATUS_OK);
	assert_int_equal(custody_store_add(db, &statement, bytes_of_text("sealed")), STATUS_OK);
	assert_int_equal(ground_store_next(db, &ground.n), STATUS_OK);
	assert_int_equal(ground_store_add(db, &ground, bytes_of_text("sealed")), STATUS_OK);
	service_commit(two.police.service, "act");

	assert_int_equal(erase(&two.police, n, 0), STATUS_OK);
	assert_int_equal(custody_store_of_case(db, n, 0, &none), STATUS_NOT_FOUND);
	assert_int_equal(ground_store_next_check(db, &next), STATUS_OK);
	assert_true(next == UINT64_MAX);
}

static void
what_happened_with_an_erased_case_is_still_shown_and_proven(void **state)
{
	struct refusal refusal = {0};
	struct buffer proof = {0};
	struct erasure_row row;
	json_t *shown;
	char task[33];
	uint64_t n;

	(void)state;
	refer_and_end(task);
	n = case_of(&two.school, task);
	assert_int_equal(erase(&two.school, n, 0), STATUS_OK);
	shown = show_to(&two.school, &anna, task);
	assert_true(json_is_true(json_object_get(shown, "erased")));
	assert_int_equal(json_array_size(json_object_get(shown, "fields")), 0);
	assert_true(json_array_size(json_object_get(shown, "timeline")) > 1);
	assert_int_equal(
	    acts_receipt(two.school.service, &anna,
		text(json_array_get(json_object_get(shown, "timeline"), 0), "message"), &proof,
		&refusal),
	    STATUS_OK);
	json_decref(shown);
	buffer_free(&proof);
	assert_int_equal(erasure_store_before(two.school.service->db, 0, n, &row), STATUS_OK);
	assert_string_equal(row.reason, "mistake");
	assert_true(row.settled);
	assert_int_equal(erase(&two.school, n, 0), STATUS_ERASED);
}

static void
a_case_with_an_open_task_is_not_erased(void **state)
{
	char task[33];
	struct case_key key;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(erase(&two.police, case_of(&two.police, task), 0), STATUS_WRONG_STATE);
	assert_int_equal(
	    case_file_key(two.police.service, case_of(&two.police, task), &key), STATUS_OK);
	vault_forget(&key);
	json_decref(show_to(&two.police, &anna, task));
}

/* ---- One task of a case ------------------------------------------------------------------ */

static void
of_one_erased_task_nothing_opens_and_the_rest_of_the_case_reads_on(void **state)
{
	json_t *request = request_for("urgent"), *answer, *shown;
	struct refusal refusal = {0};
	struct buffer key = {0};
	struct case_row file;
	char first[33], second[33], id[33];
	uint64_t n;

	(void)state;
	refer_and_end(first);
	n = case_of(&two.school, first);
	assert_int_equal(case_store_get(two.school.service->db, n, &file), STATUS_OK);
	bytes_to_hex(BYTES(file.id), id);
	json_object_del(request, "file_number");
	json_object_set_new(request, "case", json_string(id));
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	snprintf(second, sizeof(second), "%s",
	    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
	settle();
	assert_int_equal(case_store_key(two.school.service->db, n, &key), STATUS_OK);

	assert_int_equal(erase(&two.school, n, number_of(&two.school, first)), STATUS_OK);
	assert_false(disk_holds(&two.school, &key));
	shown = show_to(&two.school, &anna, first);
	assert_true(json_is_true(json_object_get(shown, "erased")));
	assert_false(shows(shown, "fields", "child_name"));
	json_decref(shown);
	shown = show_to(&two.school, &anna, second);
	assert_false(json_is_true(json_object_get(shown, "erased")));
	assert_true(shows(shown, "fields", "child_name"));
	json_decref(shown);
	assert_int_equal(found(&two.school, "Izdomāts"), 1);
	buffer_free(&key);
}

/* ---- The list of places ------------------------------------------------------------------ */

/* What no case key seals: random names, hashes, public bytes, what the institution's key seals. */
static const char *const others[] = {"events.cited", "cited_before.reference",
    "custody.message", "custody.copy", "custody_told.copy", "cases.id", "cases.key", "tasks.id",
    "tasks.token", "tasks.reference", "events.message", "events.root", "effects.cause",
    "proofs.leaf", "proofs.path", "proofs.note", "outbox.id", "outbox.digest", "outbox.frame",
    "evidence.evidence", "evidence.proof", "links.id", "links.digest", "links.chain",
    "links.claim_id", "links.claim_chain", "statements.leaf", "notes.note", "epochs.public",
    "epochs.secret", "epochs.statement", "epochs.signature", "staff.person", "staff.token",
    "unproven.root", "unproven.note", "people.name_hash", "people.name", "people.password",
    "people.code", "credentials.hash", "words.hash", "withheld.message", "attachments.id",
    "attachments.root", "attachments.leaves", "arriving.token", "arriving.deliver",
    "grounds.id", "refs.reference", "erased_files.id", "provisions.advice", "circles.terms",
    "circles.id", "circles.token", "circle_acts.about", "sitting_acts.about",
    "sitting_acts.about_root", "sitting_acts.signs", "circle_digests.digest",
    "circle_claims.digest", "climbs_told.about"};

static bool
is_other(const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return false;
}

static bool
is_place(const char *name)
{
	const struct erasure_place *place;
	char known[80];

	for (unsigned i = 0; (place = erasure_store_place(i)) != NULL; i++) {
		snprintf(known, sizeof(known), "%s.%s", place->table, place->column);
		if (strcmp(known, name) == 0)
			return true;
	}
	return false;
}

static void
every_column_of_bytes_is_a_place_or_named_as_none(void **state)
{
	struct query *query;
	bool row;
	unsigned places = 0;

	(void)state;
	assert_int_equal(database_query(two.school.service->db,
			     "SELECT m.name || '.' || p.name FROM sqlite_master m,"
			     " pragma_table_info(m.name) p"
			     " WHERE m.type = 'table' AND p.type = 'BLOB'",
			     &query),
	    STATUS_OK);
	while (query_step(query, &row) == STATUS_OK && row) {
		char name[80];

		assert_true(bytes_to_text(query_bytes(query, 0), name, sizeof(name)));
		if (is_place(name) == is_other(name))
			fail_msg("%s: say in erasure_store.c, or here, what it is", name);
		places += is_place(name);
	}
	while (erasure_store_place(places) != NULL)
		fail_msg("a place is no column of the schema");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(with_its_key_a_case_is_gone_from_the_database_and_its_write_ahead_log),
	    SERVICE_TEST(statements_of_custody_and_checks_of_grounds_go_with_the_case),
	    SERVICE_TEST(what_happened_with_an_erased_case_is_still_shown_and_proven),
	    SERVICE_TEST(a_case_with_an_open_task_is_not_erased),
	    SERVICE_TEST(of_one_erased_task_nothing_opens_and_the_rest_of_the_case_reads_on),
	    SERVICE_TEST(every_column_of_bytes_is_a_place_or_named_as_none),
	};

	return cmocka_run_group_tests_name("erasure", tests, NULL, NULL);
}
