/* tests/unit/test_search.c: cases are found by what is shown of a child, and by nothing else. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/search.h"
#include "services/runtime/store/search_store.h"

/* How many cases of LINE have every word of TEXT. */
static unsigned
found(struct line *line, enum vault_word_kind kind, const char *text)
{
	struct search search;
	uint64_t at = 0;
	unsigned count = 0;

	assert_int_equal(search_make(line->service, kind, text, &search), STATUS_OK);
	while (search_next(line->service, &search, at, &at) == STATUS_OK)
		count++;
	return count;
}

static void
in_transaction(enum status rc)
{
	assert_int_equal(rc, STATUS_OK);
	service_commit(two.school.service, "act");
}

static void
refer_child(const char *name, const char *code, char task[33])
{
	json_t *request = request_for("normal"), *answer;
	json_t *content = json_object_get(request, "content");
	struct refusal refusal = {0};

	json_object_set_new(content, "child_name", json_string(name));
	json_object_set_new(content, "personal_code", json_string(code));
	assert_int_equal(
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	snprintf(
	    task, 33, "%s", text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
}

/* ---- What leads to a case ---------------------------------------------------------------- */

static void
an_own_referral_is_found_by_number_name_and_code_however_written(void **state)
{
	char task[33];

	(void)state;
	refer_child("Ilze Anna-Marija Bērziņa", "010203-12345", task);
	assert_int_equal(found(&two.school, VAULT_FILE_NUMBER, " 2026/17"), 1);
	assert_int_equal(found(&two.school, VAULT_NAME, "BERZINA ilze"), 1);
	assert_int_equal(found(&two.school, VAULT_NAME, "Annamarija"), 1);
	assert_int_equal(found(&two.school, VAULT_NAME, "marija, anna"), 1);
	assert_int_equal(found(&two.school, VAULT_CODE, "01020312345"), 1);
	assert_int_equal(found(&two.school, VAULT_NAME, "Ilze Ozola"), 0);
	assert_int_equal(found(&two.school, VAULT_NAME, "Berz"), 0);
	assert_int_equal(found(&two.school, VAULT_FILE_NUMBER, "2026/18"), 0);
	/* A word of one kind is none of another. */
	assert_int_equal(found(&two.school, VAULT_LABEL, "2026/17"), 0);
	assert_int_equal(found(&two.school, VAULT_NAME, "01020312345"), 0);
}

static void
every_word_is_wanted_and_the_newest_case_comes_first(void **state)
{
	static const char *const names[] = {
	    "Anna Bērziņa", "Anna Ozola", "Zane Bērziņa", "Anna Bērziņa", "Zane Ozola"};
	struct search search;
	uint64_t at = 0;
	char task[33];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refer_child(names[i], "320000-00001", task);
	assert_int_equal(found(&two.school, VAULT_NAME, "Anna"), 3);
	assert_int_equal(found(&two.school, VAULT_CODE, "32000000001"), 5);
	assert_int_equal(
	    search_make(two.school.service, VAULT_NAME, "berzina anna", &search), STATUS_OK);
	assert_int_equal(search_next(two.school.service, &search, 0, &at), STATUS_OK);
	assert_int_equal(at, 4);
	assert_int_equal(search_next(two.school.service, &search, at, &at), STATUS_OK);
	assert_int_equal(at, 1);
	assert_int_equal(search_next(two.school.service, &search, at, &at), STATUS_NOT_FOUND);
}

static void
a_recipient_finds_by_what_was_released_and_not_before(void **state)
{
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	settle();
	assert_int_equal(found(&two.police, VAULT_NAME, "Liepa"), 0);
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(found(&two.police, VAULT_NAME, "Liepa"), 1);
	assert_int_equal(found(&two.police, VAULT_CODE, "010203-12345"), 1);
	/* The file number is its author's own. */
	assert_int_equal(found(&two.police, VAULT_FILE_NUMBER, "2026/17"), 0);
}

/* What the log's order made void is shown to nobody, so nobody finds it. */
static void
what_came_to_be_void_is_found_no_more_and_again_when_it_holds(void **state)
{
	struct service *police = NULL;
	struct case_history history;
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	police = two.police.service;
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(police->db, id, &row), STATUS_OK);
	for (unsigned turn = 0; turn < 2; turn++) {
		bool gone = turn == 0;

		assert_int_equal(case_file_history(police, &row, &history), STATUS_OK);
		for (size_t i = 0; i < history.count; i++)
			history.voids[i] = gone;
		assert_int_equal(service_begin(police), STATUS_OK);
		assert_int_equal(search_index_history(police, row.case_n, &history), STATUS_OK);
		service_commit(police, "act");
		case_file_history_free(&history);
		assert_int_equal(found(&two.police, VAULT_NAME, "Liepa"), gone ? 0 : 1);
		assert_int_equal(found(&two.police, VAULT_CODE, "01020312345"), gone ? 0 : 1);
	}
}

/* What FROM shows of ALLOWED alone, as who may not have the rest has it. */
static struct content
shown_of(const struct content *from, category_set allowed)
{
	struct buffer shown = {0};
	struct merkle_hash root;
	struct content out;

	content_root(from, &root);
	content_show(from, allowed, &shown);
	assert_int_equal(
	    content_read(bytes_of_buffer(&shown), from->type->id, &root, &out), STATUS_OK);
	buffer_free(&shown);
	return out;
}

/* An entry of a shared history may come with its acts, and be filled in when a ground is there. */
static void
who_is_named_only_later_is_found_from_then_on(void **state)
{
	struct service *school = two.school.service;
	struct content whole, acts;
	struct task_row row;
	struct event_row event;
	uint8_t id[SUITE_ID_LEN];
	struct case_key key;
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(school->db, id, &row), STATUS_OK);
	assert_int_equal(case_file_opening(school, &row, &event), STATUS_OK);
	assert_int_equal(case_file_key(school, row.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(school, &key, &event, &whole), STATUS_OK);
	acts = shown_of(&whole, CATEGORY_BIT(CATEGORY_ACT));
	for (unsigned turn = 0; turn < 2; turn++) {
		assert_int_equal(service_begin(school), STATUS_OK);
		in_transaction(
		    case_file_set_message(school, &key, &event, turn == 0 ? &acts : &whole));
		assert_int_equal(found(&two.school, VAULT_NAME, "Liepa"), turn);
		assert_int_equal(found(&two.school, VAULT_CODE, "01020312345"), turn);
	}
	content_free(&whole);
	content_free(&acts);
	vault_forget(&key);
}

static void
what_a_case_itself_has_is_replaced_and_the_rest_stays(void **state)
{
	static const char *const first[] = {"ģimene", "skola"}, *const second[] = {"Steidzami"};
	struct service *school = two.school.service;
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	assert_int_equal(service_begin(school), STATUS_OK);
	in_transaction(search_index_case(school, 1, VAULT_LABEL, first, 2));
	assert_int_equal(found(&two.school, VAULT_LABEL, "Skola"), 1);
	assert_int_equal(service_begin(school), STATUS_OK);
	in_transaction(search_index_case(school, 1, VAULT_LABEL, second, 1));
	assert_int_equal(found(&two.school, VAULT_LABEL, "skola"), 0);
	assert_int_equal(found(&two.school, VAULT_LABEL, "steidzami"), 1);
	assert_int_equal(service_begin(school), STATUS_OK);
	in_transaction(search_index_case(school, 1, VAULT_NAME, NULL, 0));
	assert_int_equal(found(&two.school, VAULT_NAME, "Liepa"), 1);
}

static void
with_a_case_its_words_go(void **state)
{
	struct service *school = two.school.service;
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	refer_child("Zane Ozola", "010203-12346", task);
	assert_int_equal(service_begin(school), STATUS_OK);
	in_transaction(search_forget(school, 1));
	assert_int_equal(found(&two.school, VAULT_NAME, "Liepa"), 0);
	assert_int_equal(found(&two.school, VAULT_CODE, "010203-12345"), 0);
	assert_int_equal(found(&two.school, VAULT_FILE_NUMBER, "2026/17"), 1);
	assert_int_equal(found(&two.school, VAULT_NAME, "Zane"), 1);
}

static void
what_is_undone_leaves_no_words(void **state)
{
	static const char *const label[] = {"skola"};
	struct service *school = two.school.service;
	char task[33];

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	assert_int_equal(service_begin(school), STATUS_OK);
	assert_int_equal(search_index_case(school, 1, VAULT_LABEL, label, 1), STATUS_OK);
	service_rollback(school);
	assert_int_equal(found(&two.school, VAULT_LABEL, "skola"), 0);
}

static void
what_cannot_be_looked_for_is_refused(void **state)
{
	struct service *school = two.school.service;
	struct search search;

	(void)state;
	assert_int_equal(search_make(school, VAULT_NAME, " - ", &search), STATUS_ARGUMENT);
	assert_int_equal(search_make(school, VAULT_LABEL, "", &search), STATUS_ARGUMENT);
	assert_int_equal(search_make(school, VAULT_CODE, "1234", &search), STATUS_MALFORMED);
	assert_int_equal(search_make(school, VAULT_NAME, "a\xFF", &search), STATUS_MALFORMED);
	assert_int_equal(search_make(school, VAULT_NAME, "a b c d e f g h i j k l m", &search),
	    STATUS_TOO_LARGE);
}

/* Who has the database has no words; nor the means to try one. */
static void
no_word_stands_in_the_database(void **state)
{
	static const char *const secrets[] = {
	    "liepa", "Liepa", "01020312345", "010203-12345", "2026/17"};
	char task[33], bytes[1 << 16], path[256];
	static const char *const ends[] = {"", "-wal"};

	(void)state;
	refer_child("Zane Liepa", "010203-12345", task);
	for (size_t end = 0; end < 2; end++) {
		FILE *file;
		size_t len, kept = 0;

		snprintf(path, sizeof(path), "%s%s", two.school.path, ends[end]);
		assert_non_null(file = fopen(path, "rb"));
		while ((len = fread(bytes + kept, 1, sizeof(bytes) - kept, file)) > 0) {
			len += kept;
			for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
				assert_null(memmem(bytes, len, secrets[i], strlen(secrets[i])));
			kept = len < 32 ? len : 32;
			memmove(bytes, bytes + len - kept, kept);
		}
		fclose(file);
	}
}

/* ---- At the desk ------------------------------------------------------------------------- */

static json_t *
search_for(const struct actor *actor, const char *what, const char *for_it, unsigned limit,
    const char *after)
{
	json_t *request = json_pack("{s:s}", what, for_it), *answer = NULL;
	struct refusal refusal = {0};
	enum status rc =
	    acts_search(two.school.service, actor, request, limit, after, &answer, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	json_decref(request);
	return answer;
}

static void
a_search_gives_cases_with_their_tasks_page_by_page(void **state)
{
	json_t *first, *second;
	const json_t *item;
	char task[33];

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		refer_child("Anna Bērziņa", "010203-12345", task);
	first = search_for(&anna, "name", "berzina", 3, NULL);
	assert_int_equal(json_array_size(json_object_get(first, "items")), 3);
	item = json_array_get(json_object_get(first, "items"), 0);
	assert_string_equal(text(item, "file_number"), "2026/17");
	assert_string_equal(
	    text(json_array_get(json_object_get(item, "tasks"), 0), "task"), task);
	second = search_for(&anna, "name", "berzina", 3, text(first, "next"));
	assert_int_equal(json_array_size(json_object_get(second, "items")), 2);
	assert_true(json_is_null(json_object_get(second, "next")));
	json_decref(first);
	json_decref(second);
	first = search_for(&anna, "personal_code", "010203-12346", 3, NULL);
	assert_int_equal(json_array_size(json_object_get(first, "items")), 0);
	json_decref(first);
}

static void
refused(const struct actor *actor, json_t *request, enum status wanted)
{
	struct refusal refusal = {0};
	json_t *answer;

	assert_int_equal(
	    acts_search(two.school.service, actor, request, 10, NULL, &answer, &refusal),
	    wanted);
	assert_null(answer);
	assert_true(refusal.detail[0] != '\0');
	json_decref(request);
}

static void
one_thing_is_looked_for_by_whoever_sees_cases(void **state)
{
	(void)state;
	refused(&auditor, json_pack("{s:s}", "name", "Anna"), STATUS_NOT_ALLOWED);
	refused(&admin, json_pack("{s:s}", "name", "Anna"), STATUS_NOT_ALLOWED);
	refused(&anna, json_object(), STATUS_ARGUMENT);
	refused(&anna, json_array(), STATUS_ARGUMENT);
	refused(&anna, json_pack("{s:s, s:s}", "name", "A", "label", "b"), STATUS_ARGUMENT);
	refused(&anna, json_pack("{s:s}", "address", "Rīga"), STATUS_ARGUMENT);
	refused(&anna, json_pack("{s:i}", "name", 7), STATUS_ARGUMENT);
	refused(&anna, json_pack("{s:s}", "name", ", "), STATUS_ARGUMENT);
	refused(&anna, json_pack("{s:s}", "personal_code", "0102"), STATUS_ARGUMENT);
	refused(
	    &anna, json_pack("{s:s}", "name", "a b c d e f g h i j k l m n"), STATUS_ARGUMENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(an_own_referral_is_found_by_number_name_and_code_however_written),
	    SERVICE_TEST(every_word_is_wanted_and_the_newest_case_comes_first),
	    SERVICE_TEST(a_recipient_finds_by_what_was_released_and_not_before),
	    SERVICE_TEST(what_came_to_be_void_is_found_no_more_and_again_when_it_holds),
	    SERVICE_TEST(who_is_named_only_later_is_found_from_then_on),
	    SERVICE_TEST(what_a_case_itself_has_is_replaced_and_the_rest_stays),
	    SERVICE_TEST(with_a_case_its_words_go),
	    SERVICE_TEST(what_is_undone_leaves_no_words),
	    SERVICE_TEST(what_cannot_be_looked_for_is_refused),
	    SERVICE_TEST(no_word_stands_in_the_database),
	    SERVICE_TEST(a_search_gives_cases_with_their_tasks_page_by_page),
	    SERVICE_TEST(one_thing_is_looked_for_by_whoever_sees_cases),
	};

	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
