/* tests/unit/test_grounds.c: nothing goes without a ground; the rules of grounds.h. */
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/task/calendar.h"
#include "tests/unit/service_room.h"

/* ---- Helpers ----------------------------------------------------------------------------- */

static enum status
try_refer(json_t *request, bool preview, json_t **answer, char field[48])
{
	struct refusal refusal = {0};
	enum status rc =
	    acts_refer(two.school.service, &anna, request, preview, answer, &refusal);

	snprintf(field, 48, "%s", refusal.field);
	if (rc != STATUS_OK)
		assert_true(refusal.detail[0] != '\0');
	json_decref(request);
	return rc;
}

static json_t *
consented(const char *urgency)
{
	json_t *request = request_for(urgency);

	consent_for(request);
	return request;
}

/* The one record of the case of the I-th ground, with its key. */
static void
ground_at(struct line *line, uint64_t n, struct ground_row *row, struct case_key *key)
{
	assert_int_equal(ground_store_get(line->service->db, n, row), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row->case_n, key), STATUS_OK);
}

static enum status
happen(struct line *line, uint64_t n, enum consent_event event)
{
	const struct ground_cause cause = {.person = anna.person, .role = "case_manager"};
	struct departure departure = {0};
	struct ground_row row;
	struct case_key key;
	enum status rc;

	ground_at(line, n, &row, &key);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	rc = grounds_apply(line->service, &departure, &key, &row, event, &cause);
	if (rc == STATUS_OK)
		rc = departure_sign(line->service, &departure);
	if (rc == STATUS_OK)
		service_commit(line->service, "act");
	else
		service_rollback(line->service);
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static void
task_of(const char *id, struct task_row *out)
{
	uint8_t bytes[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(id), bytes, sizeof(bytes)));
	assert_int_equal(case_store_find_task(two.school.service->db, bytes, out), STATUS_OK);
}

static unsigned
rows_of_grounds(struct line *line)
{
	struct ground_row row;
	uint64_t n = 0;

	while (ground_store_get(line->service->db, n + 1, &row) == STATUS_OK)
		n++;
	return (unsigned)n;
}

/* ---- Words ------------------------------------------------------------------------------- */

/* REQUEST without NAME, or with VALUE in its place. */
static json_t *
with(json_t *request, const char *name, json_t *value)
{
	if (value == NULL)
		json_object_del(request, name);
	else
		assert_int_equal(json_object_set_new(request, name, value), 0);
	return request;
}

static json_t *
with_consent(const char *name, json_t *value)
{
	json_t *request = consented("urgent");

	(void)with(json_object_get(request, "consent"), name, value);
	return request;
}

static void
a_ground_that_is_missing_or_wrong_is_named_before_anything_is_stored(void **state)
{
	const struct {
		json_t *request;
		enum status status;
		const char *field;
	} wrong[] = {
	    {with(request_for("urgent"), "basis", NULL), STATUS_NO_BASIS, "basis"},
	    {with(request_for("urgent"), "ground", NULL), STATUS_NO_BASIS, "ground"},
	    {with(request_for("urgent"), "ground", json_string("consent")), STATUS_NO_BASIS,
		"ground"},
	    {with(request_for("urgent"), "ground", json_string("none_such")), STATUS_ARGUMENT,
		"ground"},
	    {with(request_for("urgent"), "necessity", NULL), STATUS_NO_NECESSITY, "necessity"},
	    {with(request_for("urgent"), "ground_until", json_string("1972-09-26")),
		STATUS_GROUND_EXPIRED, "ground"},
	    {with(request_for("urgent"), "ground_until", json_string("soon")), STATUS_ARGUMENT,
		"ground_until"},
	    {with(request_for("urgent"), "categories", json_pack("[s]", "act")),
		STATUS_ARGUMENT, "categories"},
	    {with(request_for("urgent"), "family_told", json_string("perhaps")),
		STATUS_ARGUMENT, "family_told"},
	    {with(request_for("urgent"), "consent", json_object()), STATUS_NO_BASIS, "consent"},
	    {with(request_for("urgent"), "record", json_string("x")), STATUS_ARGUMENT,
		"necessity"},
	    {with(consented("urgent"), "consent", NULL), STATUS_NO_CONSENT, "consent"},
	    {with(consented("urgent"), "necessity", json_string("x")), STATUS_ARGUMENT,
		"necessity"},
	    {with_consent("granter", NULL), STATUS_ARGUMENT, "granter"},
	    {with_consent("capacity", json_string("aunt")), STATUS_ARGUMENT, "capacity"},
	    {with_consent("granted_on", json_string("1972-09-28")), STATUS_ARGUMENT,
		"granted_on"},
	    {with_consent("until", json_string("1972-09-19")), STATUS_ARGUMENT, "until"},
	    {with_consent("until", json_string("1972-09-21")), STATUS_ARGUMENT, "until"},
	    {with_consent("recipients", json_pack("[s]", "orphans_court")),
		STATUS_OUTSIDE_GROUND, "consent"},
	    {with_consent("purposes", json_pack("[s]", "opinion")), STATUS_OUTSIDE_GROUND,
		"consent"},
	    {with_consent("categories", json_pack("[]")), STATUS_ARGUMENT, "categories"},
	    {with_consent("none_such", json_true()), STATUS_ARGUMENT, "none_such"},
	    {with_consent("child", json_pack("{s:s}", "aunt", "x")), STATUS_ARGUMENT, "aunt"},
	    {with_consent("child", NULL), STATUS_NO_CONSENT, "child"},
	    {with_consent("childs_view_why", NULL), STATUS_NO_CONSENT, "childs_view"},
	    {with_consent("capacity", json_string("child")), STATUS_NO_CONSENT, "capacity"},
	};
	char field[48];
	json_t *answer;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *again = json_deep_copy(wrong[i].request);

		assert_int_equal(
		    try_refer(wrong[i].request, true, &answer, field), wrong[i].status);
		assert_string_equal(field, wrong[i].field);
		assert_int_equal(try_refer(again, false, &answer, field), wrong[i].status);
		assert_null(answer);
	}
	assert_int_equal(rows_of_grounds(&two.school), 0);
	settle();
	assert_int_equal(logged(LEAF_ACCEPTED, 0), 0);
}

static void
a_provision_counts_once_confirmed_but_danger_does_not_wait(void **state)
{
	json_t *request = request_for("urgent"), *answer, *body;
	struct ground_row row;
	struct case_key key;
	char field[48];

	(void)state;
	assert_int_equal(
	    try_refer(with(json_deep_copy(request), "ground", json_string("vital_interest")),
		false, &answer, field),
	    STATUS_OK);
	json_decref(answer);
	ground_at(&two.school, 1, &row, &key);
	assert_int_equal(grounds_read(two.school.service, &key, &row, &body, NULL), STATUS_OK);
	assert_true(json_is_true(json_object_get(body, "unconfirmed")));
	assert_string_equal(text(body, "provision"), "GDPR 6(1)(d) and 9(2)(c)");
	assert_string_equal(text(body, "decided_by"), "anna");
	assert_string_equal(text(body, "family_told"), "later");
	json_decref(body);
	vault_forget(&key);

	/* Of all that the list has, cooperation_group was not confirmed here. */
	assert_int_equal(
	    try_refer(with(request, "ground", json_string("legal_duty")), true, &answer, field),
	    STATUS_OK);
	json_decref(answer);
	assert_int_equal(
	    try_refer(with(request_for("urgent"), "ground", json_string("cooperation_group")),
		false, &answer, field),
	    STATUS_UNCONFIRMED);
	assert_string_equal(field, "ground");
}

/* ---- Citing ------------------------------------------------------------------------------ */

static void
what_the_ground_does_not_name_stays_and_is_not_sealed(void **state)
{
	json_t *answer, *stay, *shown;
	char field[48], task[33];
	bool told = false;
	size_t i;

	(void)state;
	assert_int_equal(
	    try_refer(with_consent("categories", json_pack("[s, s]", "identity", "attendance")),
		false, &answer, field),
	    STATUS_OK);
	json_array_foreach(
	    json_object_get(json_array_get(json_object_get(answer, "tasks"), 0), "stays"), i,
	    stay)
	{
		told =
		    told || strcmp(text(stay, "why"), "the ground does not name Offences") == 0;
	}
	assert_true(told);
	snprintf(task, sizeof(task), "%s",
	    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(answer);
	settle();
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "child_name"));
	assert_true(shows(shown, "fields", "granter"));
	assert_false(shows(shown, "fields", "offence"));
	assert_false(shows(shown, "fields", "steps_taken"));
	json_decref(shown);
}

static void
a_record_is_cited_by_one_reference_for_each_recipient_while_it_lives(void **state)
{
	json_t *answer, *request = consented("urgent");
	struct task_row first, second;
	char field[48], id[33];
	uint8_t reference[SUITE_ID_LEN];
	struct ground_row row;

	(void)state;
	assert_int_equal(try_refer(json_deep_copy(request), false, &answer, field), STATUS_OK);
	task_of(text(json_array_get(json_object_get(answer, "tasks"), 0), "task"), &first);
	snprintf(id, sizeof(id), "%s", text(answer, "record"));
	json_object_del(request, "consent");
	json_object_del(request, "basis");
	json_object_del(request, "file_number");
	(void)with(request, "record", json_string(id));
	assert_int_equal(try_refer(json_deep_copy(request), false, &(json_t *){NULL}, field),
	    STATUS_ARGUMENT);
	assert_string_equal(field, "case");
	(void)with(request, "case", json_string(text(answer, "case")));
	json_decref(answer);
	assert_int_equal(try_refer(request, false, &answer, field), STATUS_OK);
	task_of(text(json_array_get(json_object_get(answer, "tasks"), 0), "task"), &second);
	assert_string_equal(text(answer, "record"), id);
	json_decref(answer);
	assert_memory_equal(first.reference, second.reference, SUITE_ID_LEN);
	assert_int_equal(first.ground_n, second.ground_n);
	assert_int_equal(rows_of_grounds(&two.school), 1);

	assert_int_equal(ground_store_get(two.school.service->db, 1, &row), STATUS_OK);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    grounds_reference(two.school.service, &row, "court", reference), STATUS_OK);
	assert_memory_not_equal(first.reference, reference, SUITE_ID_LEN);
	service_rollback(two.school.service);
}

static void
a_record_of_another_case_is_none(void **state)
{
	json_t *answer, *request = request_for("urgent"), *other;
	char field[48], id[33];

	(void)state;
	assert_int_equal(try_refer(json_deep_copy(request), false, &answer, field), STATUS_OK);
	snprintf(id, sizeof(id), "%s", text(answer, "record"));
	json_decref(answer);
	assert_int_equal(try_refer(json_deep_copy(request), false, &other, field), STATUS_OK);
	for (const char *const *word =
		 (const char *const[]){"basis", "ground", "necessity", "file_number", NULL};
	     *word != NULL; word++)
		json_object_del(request, *word);
	(void)with(request, "record", json_string(id));
	(void)with(request, "case", json_string(text(other, "case")));
	json_decref(other);
	assert_int_equal(try_refer(request, false, &answer, field), STATUS_NOT_FOUND);
	assert_string_equal(field, "record");
}

/* ---- What happens to it ------------------------------------------------------------------ */

static void
the_ground_is_asked_again_when_the_content_is_released(void **state)
{
	json_t *answer;
	char field[48], task[33];

	(void)state;
	assert_int_equal(try_refer(consented("normal"), false, &answer, field), STATUS_OK);
	snprintf(task, sizeof(task), "%s",
	    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(answer);
	settle();
	line_disconnect(&two.school);
	assert_int_equal(answer_with(&two.police, task, "review", json_object()), STATUS_OK);
	settle();
	assert_int_equal(happen(&two.school, 1, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	line_connect(&two.school);
	settle();
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 0);
}

static void
after_a_withdrawal_nothing_more_is_shared_under_it(void **state)
{
	json_t *answer, *request;
	char field[48], id[33], file[33];

	(void)state;
	assert_int_equal(try_refer(consented("urgent"), false, &answer, field), STATUS_OK);
	snprintf(id, sizeof(id), "%s", text(answer, "record"));
	snprintf(file, sizeof(file), "%s", text(answer, "case"));
	json_decref(answer);
	settle();
	assert_int_equal(happen(&two.school, 1, CONSENT_EVENT_DECIDE), STATUS_WRONG_STATE);
	assert_int_equal(happen(&two.school, 1, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	request = request_for("urgent");
	for (const char *const *word =
		 (const char *const[]){"basis", "ground", "necessity", "file_number", NULL};
	     *word != NULL; word++)
		json_object_del(request, *word);
	(void)with(request, "record", json_string(id));
	(void)with(request, "case", json_string(file));
	assert_int_equal(try_refer(request, false, &answer, field), STATUS_NO_CONSENT);
	assert_string_equal(field, "record");
}

/* The time of the next look stands in the clear: it is the first of a month, then every day. */
static void
when_a_record_is_looked_at_again_tells_no_birthday(void **state)
{
	json_t *answer;
	struct ground_row row;
	char field[48], day[11];

	(void)state;
	assert_int_equal(try_refer(consented("urgent"), false, &answer, field), STATUS_OK);
	json_decref(answer);
	assert_int_equal(ground_store_get(two.school.service->db, 1, &row), STATUS_OK);
	grounds_day(row.check_ms, day);
	assert_string_equal(day, "1988-02-01");
	assert_int_equal(
	    try_refer(with_consent("until", json_string("1972-10-31")), false, &answer, field),
	    STATUS_OK);
	json_decref(answer);
	assert_int_equal(ground_store_get(two.school.service->db, 2, &row), STATUS_OK);
	grounds_day(row.check_ms, day);
	assert_string_equal(day, "1972-10-01");
	assert_int_equal(
	    try_refer(with_consent("until", json_string("1972-09-29")), false, &answer, field),
	    STATUS_OK);
	json_decref(answer);
	assert_int_equal(ground_store_get(two.school.service->db, 3, &row), STATUS_OK);
	grounds_day(row.check_ms, day);
	assert_string_equal(day, "1972-09-28");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_ground_that_is_missing_or_wrong_is_named_before_anything_is_stored),
	    SERVICE_TEST(a_provision_counts_once_confirmed_but_danger_does_not_wait),
	    SERVICE_TEST(what_the_ground_does_not_name_stays_and_is_not_sealed),
	    SERVICE_TEST(a_record_is_cited_by_one_reference_for_each_recipient_while_it_lives),
	    SERVICE_TEST(a_record_of_another_case_is_none),
	    SERVICE_TEST(the_ground_is_asked_again_when_the_content_is_released),
	    SERVICE_TEST(after_a_withdrawal_nothing_more_is_shared_under_it),
	    SERVICE_TEST(when_a_record_is_looked_at_again_tells_no_birthday),
	};

	return cmocka_run_group_tests_name("grounds", tests, NULL, NULL);
}
