/* tests/unit/test_ground_hostile.c: grounds under peers, timing and erasures that mean no good. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/stops.h"

/* ---- Ways -------------------------------------------------------------------------------- */

static struct task_row
task_at(struct line *line, const char *task)
{
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row;
}

static struct ground_row
ground_of(struct line *line, uint64_t n)
{
	struct ground_row row;

	assert_int_equal(ground_store_get(line->service->db, n, &row), STATUS_OK);
	return row;
}

static struct ground_row
mirror_at(struct line *line, struct line *maker, uint64_t ground_n)
{
	struct ground_row own = ground_of(maker, ground_n), mirror;

	assert_int_equal(
	    ground_store_find(line->service->db, own.id, maker->config.code, &mirror),
	    STATUS_OK);
	return mirror;
}

static struct ref_row
reference_of(struct line *line, uint64_t ground_n)
{
	struct ref_row ref;

	assert_int_equal(
	    ground_store_ref_of(line->service->db, ground_n, REF_OURS, 0, &ref), STATUS_OK);
	return ref;
}

static void
happen(struct line *line, uint64_t ground_n, enum consent_event event)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct ground_row row = ground_of(line, ground_n);
	struct departure departure = {0};
	struct case_key key;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_apply(line->service, &departure, &key, &row, event, &cause), STATUS_OK);
	vault_forget(&key);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	departure_free(&departure);
	service_commit(line->service, "act");
}

static void
erase(struct line *line, uint64_t case_n)
{
	const struct erasure what = {.case_n = case_n, .reason = "mistake", .role = "head"};

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(erasure_run(line->service, &what), STATUS_OK);
	service_commit(line->service, "act");
	assert_int_equal(erasure_settle(line->service), STATUS_OK);
}

/* A referral on a record of its own, that ended as a mistake. */
static uint64_t
refer_and_end(char task[33])
{
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.school, task, "mistake",
			     json_pack("{s:s}", "error_reason", "wrong_child")),
	    STATUS_OK);
	settle();
	assert_state(&two.police, task, "entered_in_error");
	return task_at(&two.school, task).ground_n;
}

/* The same under the record GROUND_N. */
static void
refer_under(uint64_t ground_n, char task[33])
{
	struct ground_row row = ground_of(&two.school, ground_n);
	json_t *request = request_for("urgent"), *answer;
	struct refusal refusal = {0};
	struct case_row file;
	char id[33];
	enum status rc;

	assert_int_equal(case_store_get(two.school.service->db, row.case_n, &file), STATUS_OK);
	json_object_del(request, "ground");
	json_object_del(request, "necessity");
	json_object_del(request, "file_number");
	bytes_to_hex(BYTES(row.id), id);
	json_object_set_new(request, "record", json_string(id));
	bytes_to_hex(BYTES(file.id), id);
	json_object_set_new(request, "case", json_string(id));
	rc = acts_refer(two.school.service, &anna, request, false, &answer, &refusal);
	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	snprintf(
	    task, 33, "%s", text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
}

static struct ground_cited
cite(const struct envelope_recipient *own, const struct content *content, uint64_t index)
{
	return (struct ground_cited){.peer = "school",
	    .own = own,
	    .index = index,
	    .time_ms = now(),
	    .purpose = "safety",
	    .content = content};
}

/* The ground, as a concern under RECORD tells it. */
static void
fill_concern(uint64_t record, struct content *content)
{
	struct ground_row row = ground_of(&two.school, record);
	struct case_key key;

	assert_int_equal(content_start(MESSAGE_NOTICE_CONCERN, content), STATUS_OK);
	assert_int_equal(case_file_key(two.school.service, row.case_n, &key), STATUS_OK);
	assert_int_equal(grounds_fill(two.school.service, &key, &row, content), STATUS_OK);
	vault_forget(&key);
}

/* ---- What was erased --------------------------------------------------------------------- */

static void
a_stop_reaches_who_erased_the_case(void **state)
{
	struct ref_row ours, theirs;
	struct task_row stop;
	char task[33], id[33];
	uint64_t record;

	(void)state;
	record = refer_and_end(task);
	erase(&two.police, task_at(&two.police, task).case_n);
	happen(&two.school, record, CONSENT_EVENT_END);
	settle();
	ours = reference_of(&two.school, record);
	assert_int_equal(
	    case_store_task(two.school.service->db, ours.stop_task_n, &stop), STATUS_OK);
	bytes_to_hex(BYTES(stop.id), id);
	assert_state(&two.school, id, "received");
	assert_int_equal(problems(&two.police, "stuck"), 0);
	assert_int_equal(ground_store_ref(two.police.service->db, REF_THEIRS, "school",
			     ours.reference, &theirs),
	    STATUS_OK);
	assert_int_equal(theirs.stop_index, ours.stop_index);
	/* It can be answered, so it lies in a case that is there. */
	assert_int_equal(answer_with(&two.police, id, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "stopped")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, id, "answered");
}

static void
what_is_told_anew_under_the_record_of_an_erased_case_opens_another(void **state)
{
	struct ground_row mirror;
	struct ground_terms terms;
	struct case_key key;
	json_t *body, *answer;
	struct refusal refusal = {0};
	char first[33], second[33], id[33];
	uint64_t record, erased;

	(void)state;
	record = refer_and_end(first);
	erased = task_at(&two.police, first).case_n;
	erase(&two.police, erased);
	refer_under(record, second);
	settle();
	assert_int_equal(problems(&two.police, "stuck"), 0);
	assert_true(task_at(&two.police, second).case_n != erased);
	mirror = mirror_at(&two.police, &two.school, record);
	assert_int_equal(mirror.case_n, task_at(&two.police, second).case_n);
	assert_int_equal(mirror.state, CONSENT_IN_FORCE);
	assert_int_equal(case_file_key(two.police.service, mirror.case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_read(two.police.service, &key, &mirror, &body, &terms), STATUS_OK);
	assert_string_equal(text(body, "necessity"), "Bērns ir briesmās");
	json_decref(body);
	vault_forget(&key);
	/* Its events say no more than that they were. */
	bytes_to_hex(BYTES(mirror.id), id);
	assert_int_equal(
	    acts_grounds_one(two.police.service, &anna, id, &answer, &refusal), STATUS_OK);
	json_decref(answer);
	happen(&two.school, record, CONSENT_EVENT_END);
	settle();
	assert_state(&two.police, second, "stopped");
}

/* ---- What cannot be read ----------------------------------------------------------------- */

/* Without the key that it was sealed to, nobody can answer it; what it stops the header says. */
static void
a_stop_that_cannot_be_read_is_obeyed(void **state)
{
	struct epochs kept;
	struct ref_row ours, theirs;
	char task[33];
	uint64_t record;

	(void)state;
	refer("urgent", task);
	settle();
	record = task_at(&two.school, task).ground_n;
	kept = two.police.service->epochs;
	memset(two.police.service->epochs.open, 0, sizeof(kept.open));
	happen(&two.school, record, CONSENT_EVENT_END);
	settle();
	two.police.service->epochs = kept;
	ours = reference_of(&two.school, record);
	assert_int_equal(ground_store_ref(two.police.service->db, REF_THEIRS, "school",
			     ours.reference, &theirs),
	    STATUS_OK);
	assert_int_equal(theirs.stop_index, ours.stop_index);
	assert_state(&two.police, task, "stopped");
	assert_int_equal(
	    mirror_at(&two.police, &two.school, record).state, CONSENT_INVALIDATED);
	assert_int_equal(problems(&two.police, "unreadable"), 1);
}

/* ---- Without end ------------------------------------------------------------------------- */

/* Of what a peer has told of one record, more is refused; that it ends is heard all the same. */
static void
a_record_that_changed_without_end_can_still_be_stopped(void **state)
{
	struct ground_event_row event = {.what = CONSENT_EVENT_RENEW};
	struct ground_cited cited;
	struct envelope_recipient own = {.basis = BASIS_LAW};
	struct ground_row mirror;
	struct content content;
	char task[33];
	uint64_t record;

	(void)state;
	refer("urgent", task);
	settle();
	record = task_at(&two.school, task).ground_n;
	mirror = mirror_at(&two.police, &two.school, record);
	event.ground_n = mirror.n;
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	for (event.index = 100; event.index < 100 + 2048; event.index++) {
		assert_int_equal(
		    ground_store_next_event(two.police.service->db, &event.n), STATUS_OK);
		assert_int_equal(ground_store_add_event(
				     two.police.service->db, &event, bytes_of_text("sealed")),
		    STATUS_OK);
	}
	service_commit(two.police.service, "act");
	fill_concern(record, &content);
	memcpy(own.reference, reference_of(&two.school, record).reference, SUITE_ID_LEN);
	cited = cite(&own, &content, 5000);
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_TOO_LARGE);
	content_free(&content);
	happen(&two.school, record, CONSENT_EVENT_END);
	settle();
	assert_state(&two.police, task, "stopped");
	assert_int_equal(problems(&two.police, "stuck"), 0);
}

/* ---- What has no ground any more --------------------------------------------------------- */

/* A consent until the 28th, of a case of its own; nobody was shown anything. */
static uint64_t
consent_until_tomorrow(void)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct line *line = &two.school;
	struct departure departure = {0};
	struct ground_row row = {.basis = BASIS_CONSENT};
	struct case_row file;
	struct case_key key;
	json_t *body = json_pack("{s:s, s:[s], s:[s], s:[s], s:s, s:s, s:s, s:s}", "ground",
	    "consent", "recipients", "police", "categories", "identity", "purposes", "safety",
	    "granter", "Izdomāta Māte", "capacity", "parent", "granted_on", "1972-09-20",
	    "until", "1972-09-28");

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	row.case_n = file.n;
	assert_int_equal(grounds_open(line->service, &departure, &key, &row, body,
			     CONSENT_EVENT_GIVE, &cause),
	    STATUS_OK);
	departure_free(&departure);
	service_commit(line->service, "act");
	json_decref(body);
	vault_forget(&key);
	return row.n;
}

static void
a_record_that_cannot_be_read_holds_up_no_other(void **state)
{
	uint64_t erased = consent_until_tomorrow(), full = consent_until_tomorrow(),
		 sound = consent_until_tomorrow();
	struct ground_event_row event = {.ground_n = full, .what = CONSENT_EVENT_RENEW};
	struct ground_row row;

	(void)state;
	erase(&two.school, ground_of(&two.school, erased).case_n);
	row = ground_of(&two.school, erased);
	row.check_ms = 1;
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(ground_store_set(two.school.service->db, &row), STATUS_OK);
	for (unsigned i = 0; i < 4096; i++) {
		assert_int_equal(
		    ground_store_next_event(two.school.service->db, &event.n), STATUS_OK);
		assert_int_equal(ground_store_add_event(
				     two.school.service->db, &event, bytes_of_text("sealed")),
		    STATUS_OK);
	}
	service_commit(two.school.service, "act");
	pass(2 * DAY_MS);
	assert_string_equal(consent_state_name(ground_of(&two.school, sound).state), "expired");
	assert_int_equal(ground_of(&two.school, erased).check_ms, UINT64_MAX);
}

/* Nobody looked at it yet: an objection was resolved behind its end. */
static void
what_a_parent_gave_lets_nothing_go_of_who_is_of_age(void **state)
{
	struct service *service = two.school.service;
	const struct party *police = service_peer(service, "police");
	struct ground_terms terms;
	category_set allowed;

	(void)state;
	service_tick(service);
	service_note_log_time(service, calendar_start_ms(calendar_day_of(2000, 9, 27)));
	for (unsigned later = 0; later < 2; later++) {
		char born[11];
		json_t *body;

		grounds_day(service_time_ms(service) + later * DAY_MS, born);
		/* 18 years before. */
		born[0] = '1', born[1] = '9', born[2] = '8', born[3] = '2';
		body = json_pack("{s:s, s:[s], s:[s], s:[s], s:s, s:s, s:s, s:{s:s}}", "ground",
		    "consent", "recipients", "police", "categories", "identity", "purposes",
		    "safety", "granter", "Izdomāta Māte", "capacity", "parent", "granted_on",
		    "1972-09-20", "child", "birth_date", born);
		assert_true(grounds_terms(body, BASIS_CONSENT, &terms));
		assert_int_equal(grounds_allow(service, BASIS_CONSENT, CONSENT_GIVEN, &terms,
				     police, "safety", &allowed),
		    later ? STATUS_OK : STATUS_GROUND_EXPIRED);
		json_decref(body);
	}
}

static void
what_lost_its_ground_is_not_sealed_anew_and_says_so(void **state)
{
	struct outbox_row waits;
	struct ground_row row;
	struct case_key key;
	json_t *body;
	char task[33];

	(void)state;
	line_disconnect(&two.school);
	refer("urgent", task);
	row = ground_of(&two.school, task_at(&two.school, task).ground_n);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(case_file_key(two.school.service, row.case_n, &key), STATUS_OK);
	assert_int_equal(grounds_read(two.school.service, &key, &row, &body, NULL), STATUS_OK);
	json_object_set_new(body, "recipients", json_pack("[s]", "court"));
	assert_int_equal(grounds_write(two.school.service, &key, &row, body), STATUS_OK);
	assert_int_equal(
	    outbox_store_for(two.school.service->db, "police", 0, &waits), STATUS_OK);
	waits.state = OUTBOX_RESEAL;
	waits.refusal = STATUS_ID_CONFLICT;
	assert_int_equal(outbox_store_set(two.school.service->db, &waits), STATUS_OK);
	service_commit(two.school.service, "act");
	json_decref(body);
	vault_forget(&key);
	assert_int_equal(outbox_seal_again(two.school.service), STATUS_OK);
	assert_state(&two.school, task, "refused");
}

static void
an_answer_says_nothing_of_a_child_once_its_ground_is_over(void **state)
{
	struct ground_row mirror;
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	mirror = mirror_at(&two.police, &two.school, task_at(&two.school, task).ground_n);
	mirror.state = CONSENT_EXPIRED;
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(ground_store_set(two.police.service->db, &mirror), STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(answer_with(&two.police, task, "review", json_object()), STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     json_pack("{s:s, s:s}", "decline_reason", "not_our_remit",
				 "explanation", "Known to us")),
	    STATUS_GROUND_EXPIRED);
}

/* One at a time they fit. */
static void
a_departure_that_is_full_is_no_lack_of_memory(void **state)
{
	struct departure departure = {.count = BATCH_MAX};
	const struct evidence evidence = {.kind = EVIDENCE_DELIVERED};

	(void)state;
	assert_int_equal(
	    departure_evidence(two.school.service, &departure, &evidence), STATUS_AGAIN);
}

/* ---- In any order ------------------------------------------------------------------------ */

static void
take(const struct ground_cited *cited, uint64_t case_n)
{
	struct departure departure = {0};
	struct case_key key;

	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(case_file_key(two.police.service, case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_take(two.police.service, &departure, &key, case_n, cited), STATUS_OK);
	vault_forget(&key);
	departure_free(&departure);
	service_commit(two.police.service, "act");
}

static void
stopped_at(const uint8_t reference[static SUITE_ID_LEN], uint64_t index, const char *reason)
{
	struct ref_row ref = {
	    .direction = REF_THEIRS, .basis = BASIS_CONSENT, .stop_index = index};

	snprintf(ref.peer, sizeof(ref.peer), "school");
	snprintf(ref.stop_reason, sizeof(ref.stop_reason), "%s", reason);
	memcpy(ref.reference, reference, SUITE_ID_LEN);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(ground_store_add_ref(two.police.service->db, &ref), STATUS_OK);
	service_commit(two.police.service, "act");
}

/* The first message was held back by its documents, until the second was there. */
static void
what_arrives_late_leaves_a_mirror_as_in_the_logs_order(void **state)
{
	static const struct {
		const char *reason;
		enum consent_state state;
	} cases[] = {{"objected", CONSENT_GIVEN}, {"expired", CONSENT_RENEWED},
	    {"withdrawn", CONSENT_WITHDRAWN}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct envelope_recipient first = {.basis = BASIS_CONSENT},
					  second = {.basis = BASIS_CONSENT};
		json_t *request = request_for("urgent"), *answer;
		struct refusal refusal = {0};
		struct ground_cited cited;
		struct content content;
		struct case_row file;
		struct case_key key;
		char task[33];
		uint64_t record;

		consent_for(request);
		assert_int_equal(
		    acts_refer(two.school.service, &anna, request, false, &answer, &refusal),
		    STATUS_OK);
		snprintf(task, sizeof(task), "%s",
		    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
		json_decref(request);
		json_decref(answer);
		record = task_at(&two.school, task).ground_n;
		fill_concern(record, &content);
		suite_random(first.reference, sizeof(first.reference));
		suite_random(second.reference, sizeof(second.reference));
		assert_int_equal(service_begin(two.police.service), STATUS_OK);
		assert_int_equal(
		    case_file_create(two.police.service, NULL, &file, &key), STATUS_OK);
		service_commit(two.police.service, "act");
		vault_forget(&key);

		stopped_at(first.reference, 1010, cases[i].reason);
		cited = cite(&second, &content, 1012);
		take(&cited, file.n);
		cited = cite(&first, &content, 1005);
		take(&cited, file.n);
		assert_string_equal(
		    consent_state_name(mirror_at(&two.police, &two.school, record).state),
		    consent_state_name(cases[i].state));
		content_free(&content);
	}
}

/* ---- What is on its way ------------------------------------------------------------------ */

/* The line breaks when a message left; the broker had it by then, or not. */
static void
break_behind(bool arrived, char task[33])
{
	refer("urgent", task);
	service_tick(two.school.service);
	assert_true(arrivals_run(two.school.service));
	assert_int_equal(two.school.count, 1);
	if (arrived) {
		struct buffer frame = two.school.queue[0];

		two.school.queue[0] = (struct buffer){0};
		two.school.count = 0;
		room_take(two.room, &two.school.peer, bytes_of_buffer(&frame));
		buffer_free(&frame);
		room_turn(two.room);
		two.room->sent_count = 0;
	}
	line_disconnect(&two.school);
}

/* It waits for longer than a letter lives, and is told none the less. */
static void
a_stop_outlives_a_month_without_a_link(void **state)
{
	struct task_row stop;
	char task[33], id[33];
	uint64_t record;

	(void)state;
	refer("urgent", task);
	settle();
	record = task_at(&two.school, task).ground_n;
	line_disconnect(&two.school);
	happen(&two.school, record, CONSENT_EVENT_END);
	for (unsigned i = 0; i < 6; i++) {
		pass(6 * DAY_MS);
		issue_head();
	}
	line_connect(&two.school);
	settle();
	pass(2 * 60 * 1000);
	assert_int_equal(case_store_task(two.school.service->db,
			     reference_of(&two.school, record).stop_task_n, &stop),
	    STATUS_OK);
	bytes_to_hex(BYTES(stop.id), id);
	assert_state(&two.school, id, "received");
	assert_state(&two.police, task, "stopped");
}

static void
a_stop_leaves_before_what_may_never_have_arrived(void **state)
{
	char lost[33], arrived[33];

	(void)state;
	break_behind(false, lost);
	happen(&two.school, task_at(&two.school, lost).ground_n, CONSENT_EVENT_END);
	line_connect(&two.school);
	settle();
	assert_state(&two.school, lost, "refused");

	break_behind(true, arrived);
	happen(&two.school, task_at(&two.school, arrived).ground_n, CONSENT_EVENT_END);
	line_connect(&two.school);
	settle();
	assert_state(&two.school, arrived, "stopped");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_stop_reaches_who_erased_the_case),
	    SERVICE_TEST(what_is_told_anew_under_the_record_of_an_erased_case_opens_another),
	    SERVICE_TEST(a_stop_that_cannot_be_read_is_obeyed),
	    SERVICE_TEST(a_record_that_changed_without_end_can_still_be_stopped),
	    SERVICE_TEST(a_record_that_cannot_be_read_holds_up_no_other),
	    SERVICE_TEST(what_a_parent_gave_lets_nothing_go_of_who_is_of_age),
	    SERVICE_TEST(what_lost_its_ground_is_not_sealed_anew_and_says_so),
	    SERVICE_TEST(an_answer_says_nothing_of_a_child_once_its_ground_is_over),
	    SERVICE_TEST(a_departure_that_is_full_is_no_lack_of_memory),
	    SERVICE_TEST(what_arrives_late_leaves_a_mirror_as_in_the_logs_order),
	    SERVICE_TEST(a_stop_outlives_a_month_without_a_link),
	    SERVICE_TEST(a_stop_leaves_before_what_may_never_have_arrived),
	};

	return cmocka_run_group_tests_name("ground_hostile", tests, NULL, NULL);
}
