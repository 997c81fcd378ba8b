/* tests/unit/test_sittings_signed.c: what one signature under the minutes of several matters changes at each member. */
#include "tests/unit/circle_talk.h"
#include "tests/unit/folded_anew.h"

#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/outbox.h"
#include "services/runtime/acts/acts.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_sitting.h"
#include "services/runtime/exchange/sittings_signed.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/access_store.h"
#include "services/runtime/store/deadline_store.h"

#define MATTERS           3
#define SIGNED_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

/* A sitting of the school with all others: its matters, and their minutes. */
struct held {
	struct shared frame;
	uint8_t matters[MATTERS][SUITE_ID_LEN], puts[MATTERS][SUITE_ID_LEN],
	    minutes[MATTERS][SUITE_ID_LEN];
};

static struct content
started(enum message type)
{
	struct content content;

	assert_int_equal(content_start(type, &content), STATUS_OK);
	fill_act(&content);
	return content;
}

/* The school's act on the frame. */
static void
on_frame(struct held *h, struct content content)
{
	struct task_row task = task_of(&two.school, h->frame.circle);

	assert_int_equal(act_on(&two.school, &task, &content, NULL), STATUS_OK);
	rooms_settle();
}

static void
propose(struct held *h)
{
	static const char *const with[] = {"police", "court", "social"};
	struct content content = started(MESSAGE_CONFERENCE_PROPOSE);
	struct task_row task;

	record_consent(&two.school, &h->frame);
	task = new_task(&h->frame, MESSAGE_CONFERENCE_PROPOSE, 0);
	memcpy(h->frame.circle, task.id, SUITE_ID_LEN);
	set_codes(&content, FIELD_PARTIES, with, 3);
	set_text(&content, FIELD_GROUP, "team");
	assert_int_equal(content_set_uint(&content, FIELD_QUORUM, 3), STATUS_OK);
	assert_int_equal(act_on(&two.school, &task, &content, NULL), STATUS_OK);
	rooms_settle();
	content = started(MESSAGE_CONFERENCE_CONVENE);
	set_text(&content, FIELD_STARTS, "1972-09-27");
	set_text(&content, FIELD_TIME, "10:00");
	set_text(&content, FIELD_PLACE, "Rātslaukums 1");
	on_frame(h, content);
}

static void
put(struct held *h, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_PUT);
	struct shared child;
	struct task_row task;

	record_consent(&two.school, &child);
	task = new_task(
	    &child, MESSAGE_MATTER_PUT, task_of(&two.school, h->frame.circle).circle_n);
	memcpy(h->matters[i], task.id, SUITE_ID_LEN);
	set_text(&content, FIELD_CONVENING, "beyond_one");
	set_text(&content, FIELD_CHILD_NAME, CHILD);
	set_text(&content, FIELD_QUESTION, "Kā palīdzēt?");
	assert_int_equal(act_on(&two.school, &task, &content, h->puts[i]), STATUS_OK);
	rooms_settle();
}

static void
decide(struct held *h, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_DECIDE);
	struct task_row task = task_of(&two.school, h->matters[i]);

	set_text(&content, FIELD_RESULT, "actions_agreed");
	set_text(&content, FIELD_DECISION, "Vienojās");
	assert_int_equal(act_on(&two.school, &task, &content, NULL), STATUS_OK);
	rooms_settle();
}

static void
circulate(struct held *h, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_MINUTES);
	struct task_row task = task_of(&two.school, h->matters[i]);

	set_parties(&content, 15);
	set_text(&content, FIELD_RESULT, "actions_agreed");
	set_text(&content, FIELD_STARTS, "1972-09-27");
	set_text(&content, FIELD_CHILD_NAME, CHILD);
	set_text(&content, FIELD_DECISION, "Vienojās");
	assert_int_equal(act_on(&two.school, &task, &content, h->minutes[i]), STATUS_OK);
	rooms_settle();
}

static void
hold(struct held *h)
{
	struct content content;

	propose(h);
	for (unsigned i = 0; i < MATTERS; i++)
		put(h, i);
	content = started(MESSAGE_CONFERENCE_HELD);
	set_parties(&content, 15);
	on_frame(h, content);
	for (unsigned i = 0; i < MATTERS; i++) {
		decide(h, i);
		circulate(h, i);
	}
}

/* LINE signs what of WHICH has minutes at the school, bit by bit; ID gets the message's. */
static void
sign(struct held *h, struct line *line, unsigned which, uint8_t id[SUITE_ID_LEN])
{
	struct content content = started(MESSAGE_CONFERENCE_SIGN);
	const struct circles *circles = circle_at(&two.school, h->frame.circle);
	struct task_row task = task_of(line, h->frame.circle);
	struct minutes_entry entries[MATTERS];
	unsigned count = 0;

	for (unsigned i = 0; i < MATTERS; i++) {
		const struct sitting_matter *matter =
		    sitting_matter_of(circles->sitting, h->matters[i]);

		if ((which & 1U << i) == 0)
			continue;
		memcpy(entries[count].matter, matter->task, SUITE_ID_LEN);
		memcpy(entries[count].message, matter->minutes, SUITE_ID_LEN);
		entries[count++].root = matter->root;
	}
	minutes_sort(entries, count);
	assert_int_equal(minutes_set(&content, entries, count), STATUS_OK);
	assert_int_equal(act_on(line, &task, &content, id), STATUS_OK);
}

/* In which matters LINE has a deadline for signatures, bit by bit. */
static unsigned
owed(struct line *line, const struct held *h)
{
	unsigned found = 0;

	for (unsigned i = 0; i < MATTERS; i++) {
		bool runs;

		assert_int_equal(deadline_store_runs(line->service->db, h->matters[i],
				     SITTINGS_SIGNED_OWED, &runs),
		    STATUS_OK);
		found |= (unsigned)runs << i;
	}
	return found;
}

static void
assert_all_as_folded_anew(const struct held *h)
{
	for (unsigned i = 0; i < ROOMS; i++)
		assert_as_folded_anew(rooms[i], h->frame.circle);
	assert_one_history(rooms, ROOMS, h->frame.circle);
}

/* ---- Who owes ------------------------------------------------------------------------------ */

static void
one_act_settles_what_its_author_owes_and_who_leads_waits_for_the_last(void **state)
{
	struct held h;

	(void)state;
	hold(&h);
	for (unsigned i = 0; i < ROOMS; i++)
		assert_int_equal(owed(rooms[i], &h), 7);
	sign(&h, &two.police, 5, NULL);
	/* At once, before its receipt. */
	assert_int_equal(owed(&two.police, &h), 2);
	rooms_settle();
	assert_int_equal(owed(&two.police, &h), 2);
	assert_int_equal(owed(&two.school, &h), 7);
	assert_int_equal(owed(&two.third, &h), 7);
	assert_all_as_folded_anew(&h);
	sign(&h, &two.third, 7, NULL);
	sign(&h, &two.fourth, 7, NULL);
	rooms_settle();
	assert_int_equal(owed(&two.third, &h) | owed(&two.fourth, &h), 0);
	assert_int_equal(owed(&two.school, &h), 2);
	assert_all_as_folded_anew(&h);
	sign(&h, &two.police, 2, NULL);
	rooms_settle();
	assert_int_equal(owed(&two.school, &h) | owed(&two.police, &h), 0);
	assert_all_as_folded_anew(&h);
}

static void
minutes_circulated_anew_are_owed_anew(void **state)
{
	struct held h;

	(void)state;
	hold(&h);
	for (unsigned i = 1; i < ROOMS; i++)
		sign(&h, rooms[i], 7, NULL);
	rooms_settle();
	assert_int_equal(owed(&two.school, &h), 0);
	circulate(&h, 1);
	for (unsigned i = 0; i < ROOMS; i++)
		assert_int_equal(owed(rooms[i], &h), 2);
	assert_all_as_folded_anew(&h);
	/* What was circulated together with a signature of the former is none of its minutes. */
	line_disconnect(&two.police);
	sign(&h, &two.police, 7, NULL);
	assert_int_equal(owed(&two.police, &h), 0);
	circulate(&h, 0);
	rooms_settle();
	assert_int_equal(owed(&two.police, &h), owed(&two.third, &h) & 1U);
	assert_all_as_folded_anew(&h);
}

/* ---- What comes otherwise ------------------------------------------------------------------ */

static void
what_the_broker_refuses_is_owed_again(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct outbox_row row;
	struct held h;

	(void)state;
	hold(&h);
	line_disconnect(&two.police);
	sign(&h, &two.police, 7, id);
	assert_int_equal(owed(&two.police, &h), 0);
	assert_int_equal(outbox_store_find(two.police.service->db, id, &row), STATUS_OK);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    outbox_end(two.police.service, &row, EVENT_REFUSED, STATUS_SUSPENDED), STATUS_OK);
	service_commit(two.police.service, "refused");
	assert_int_equal(owed(&two.police, &h), 7);
	rooms_settle();
	assert_all_as_folded_anew(&h);
}

/* As though ID, of TASK, had never come to LINE. */
static void
lose(struct line *line, const uint8_t task[static SUITE_ID_LEN],
    const uint8_t id[static SUITE_ID_LEN])
{
	static const char *const lost[] = {"DELETE FROM circle_acts WHERE event_n = ?",
	    "DELETE FROM sitting_acts WHERE event_n = ?", "DELETE FROM events WHERE n = ?",
	    "DELETE FROM circle_digests WHERE ? > 0"};
	struct task_row row = task_of(line, task);
	struct event_row event;
	struct query *query;

	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		assert_int_equal(database_query(line->service->db, lost[i], &query), STATUS_OK);
		query_bind_uint(query, 1, event.n);
		assert_int_equal(query_run(query), STATUS_OK);
	}
	circles_forget(line->service);
	assert_int_equal(case_file_refold(line->service, &row, "lost"), STATUS_OK);
	service_commit(line->service, "lost");
}

static void
let_it_be_asked_for(void)
{
	for (unsigned i = 0; i < 3; i++) {
		rooms_settle();
		rooms_wait(2 * HISTORY_ASK_MAX_MS);
		rooms_head();
	}
	rooms_settle();
}

/* The opening of a matter, its minutes, or a signature come to two members when all else is there. */
static void
whatever_comes_late_it_comes_to_the_same(void **state)
{
	uint8_t by_court[SUITE_ID_LEN];
	struct held h;

	(void)state;
	hold(&h);
	sign(&h, &two.third, 7, by_court);
	rooms_settle();
	lose(&two.police, h.matters[0], h.puts[0]);
	lose(&two.police, h.matters[1], h.minutes[1]);
	lose(&two.school, h.frame.circle, by_court);
	/* What it cannot see it owes nothing of; of the rest its signature counts. */
	assert_int_equal(owed(&two.police, &h) & 4U, 4);
	sign(&h, &two.police, 7, NULL);
	sign(&h, &two.fourth, 7, NULL);
	assert_int_equal(owed(&two.police, &h), 0);
	rooms_settle();
	assert_int_equal(owed(&two.school, &h), 7);
	let_it_be_asked_for();
	for (unsigned i = 0; i < ROOMS; i++)
		assert_int_equal(owed(rooms[i], &h), 0);
	assert_all_as_folded_anew(&h);
}

/* The police says of matter I that it dissents. */
static void
dissent(struct held *h, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_DISSENT);
	const struct circles *circles = circle_at(&two.police, h->frame.circle);
	const struct sitting_matter *matter =
	    sitting_matter_of(circles->sitting, h->matters[i]);
	struct task_row task = task_of(&two.police, h->matters[i]);

	assert_int_equal(
	    content_set_id(&content, FIELD_MINUTES_OF, matter->minutes), STATUS_OK);
	assert_int_equal(
	    content_set_hash(&content, FIELD_MINUTES_ROOT, matter->root.byte), STATUS_OK);
	assert_int_equal(act_on(&two.police, &task, &content, NULL), STATUS_OK);
}

/* What the broker does not take the first time is sealed anew, and takes back nothing said since. */
static void
a_dissent_stays_behind_the_signature_that_it_followed_and_before_the_next(void **state)
{
	struct held h;

	(void)state;
	hold(&h);
	line_disconnect(&two.police);
	two.police.clock_ahead = (int64_t)(3 * HISTORY_ASK_MAX_MS);
	two.police.broker_agrees = true;
	dissent(&h, 1);
	sign(&h, &two.police, 7, NULL);
	two.police.clock_ahead = 0;
	dissent(&h, 0);
	let_it_be_asked_for();
	for (unsigned i = 0; i < ROOMS; i++) {
		const struct circles *circles = circle_at(rooms[i], h.frame.circle);

		for (unsigned m = 0; m < MATTERS; m++) {
			const struct sitting_voice *voice = sitting_voice_of(
			    sitting_matter_of(circles->sitting, h.matters[m]), "police");

			assert_non_null(voice);
			assert_int_equal(voice->dissent, m == 0);
		}
	}
	assert_all_as_folded_anew(&h);
}

/* ---- At the desk --------------------------------------------------------------------------- */

static const struct descriptor signing_kind = {.program = "saikne-police",
    .group = GROUP_POLICE,
    .acts = {{MESSAGE_CONFERENCE_SIGN, MANAGERS}}};

/* How often it was recorded at the police that something was signed in the case of TASK. */
static unsigned
recorded(const uint8_t task[static SUITE_ID_LEN])
{
	struct access_filter filter = {.case_n = task_of(&two.police, task).case_n};
	struct access_row row;
	unsigned count = 0;

	while (access_store_before(two.police.service->db, &filter, &row) == STATUS_OK) {
		filter.before = row.n;
		count += strcmp(row.what, "sign") == 0;
	}
	return count;
}

/* ACTOR signs at the police what NAMED (taken; NULL: nothing named) is. */
static enum status
sign_at_desk(const struct held *h, const struct actor *actor, json_t *named, json_t **answer)
{
	json_t *request = json_object();
	struct refusal refusal = {0};
	char frame[33];
	enum status rc;

	if (named != NULL)
		assert_int_equal(json_object_set_new(request, "matters", named), 0);
	bytes_to_hex(BYTES(h->frame.circle), frame);
	rc = acts_answer(two.police.service, actor, frame, "sign", request, answer, &refusal);
	json_decref(request);
	return rc;
}

static json_t *
matter_named(const struct held *h, unsigned i)
{
	char id[33];

	bytes_to_hex(BYTES(h->matters[i]), id);
	return json_pack("[{s:s}]", "matter", id);
}

static void
who_does_not_know_a_case_signs_nothing_of_it_and_each_signature_is_recorded(void **state)
{
	struct held h;
	json_t *answer;

	(void)state;
	hold(&h);
	two.police.service->config.descriptor = &signing_kind;
	/* One of them is another's; the rest lies in the mailbox. */
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    knowing_give(two.police.service, &anna, task_of(&two.police, h.matters[1]).case_n,
		zane.person, GRANT_ASSIGNED, NULL, NULL),
	    STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(sign_at_desk(&h, &zane, NULL, &answer), STATUS_NOT_ALLOWED);
	assert_int_equal(
	    sign_at_desk(&h, &anna, matter_named(&h, 1), &answer), STATUS_NOT_FOUND);
	assert_int_equal(owed(&two.police, &h), 7);
	assert_int_equal(sign_at_desk(&h, &anna, NULL, &answer), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(answer, "signed")), 2);
	assert_int_equal(json_array_size(json_object_get(answer, "left_out")), 0);
	assert_int_equal(json_integer_value(json_object_get(answer, "hidden")), 1);
	json_decref(answer);
	assert_int_equal(owed(&two.police, &h), 2);
	for (unsigned i = 0; i < MATTERS; i++)
		assert_int_equal(recorded(h.matters[i]), i != 1);
	assert_int_equal(recorded(h.frame.circle), 1);
	/* Nothing more waits for her. */
	assert_int_equal(sign_at_desk(&h, &anna, NULL, &answer), STATUS_WRONG_STATE);
	assert_int_equal(recorded(h.frame.circle), 1);
	rooms_settle();
	assert_all_as_folded_anew(&h);
}

/* ---- Erased ------------------------------------------------------------------------------- */

/* What the police prints of the I-th matter. */
static json_t *
printed(const struct held *h, unsigned i)
{
	struct refusal refusal = {0};
	json_t *answer = NULL;
	char matter[33];

	bytes_to_hex(BYTES(h->matters[i]), matter);
	assert_int_equal(
	    acts_sitting_minutes(two.police.service, &anna, matter, NULL, &answer, &refusal),
	    STATUS_OK);
	return answer;
}

/* Whether the only signature is of LINE, by ID, and whether it HOLDS. */
static void
assert_signed_by(
    const struct held *h, const char *party, const uint8_t id[static SUITE_ID_LEN], bool holds)
{
	char message[33];

	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, message);
	for (unsigned i = 0; i < MATTERS; i++) {
		json_t *answer = printed(h, i);
		const json_t *all = json_object_get(answer, "signatures"),
			     *one = json_array_get(all, 0),
			     *proof = json_object_get(one, "proof");

		assert_int_equal(json_array_size(all), 1);
		assert_string_equal(text(one, "party"), party);
		assert_string_equal(text(one, "what"), "conference_sign");
		assert_string_equal(text(one, "message"), message);
		assert_int_equal(json_is_true(json_object_get(one, "holds")), holds);
		assert_int_equal(json_is_true(json_object_get(one, "over")), holds);
		assert_int_equal(json_is_string(json_object_get(proof, "proven")), holds);
		assert_true(
		    json_is_true(json_object_get(json_object_get(answer, "minutes"), "holds")));
		json_decref(answer);
	}
}

static void
erase_frame(const struct held *h, const struct actor *actor)
{
	json_t *request = json_pack("{s:s}", "reason", "mistake"), *answer = NULL;
	struct refusal refusal = {0};
	struct case_row file;
	char id[33];

	assert_int_equal(case_store_get(two.police.service->db,
			     task_of(&two.police, h->frame.circle).case_n, &file),
	    STATUS_OK);
	bytes_to_hex(BYTES(file.id), id);
	assert_int_equal(
	    acts_erase(two.police.service, actor, id, request, &answer, &refusal), STATUS_OK);
	json_decref(request);
	json_decref(answer);
}

static void
without_the_sittings_file_it_is_told_who_signed_and_proven_no_more(void **state)
{
	uint8_t id[SUITE_ID_LEN];
	struct actor dace;
	struct held h;

	(void)state;
	hold(&h);
	sign(&h, &two.third, 7, id);
	rooms_settle();
	assert_signed_by(&h, "court", id, true);
	assert_int_equal(
	    people_enter(two.police.service, "dace", ROLE_SUPERVISOR, &dace), STATUS_OK);
	erase_frame(&h, &dace);
	assert_signed_by(&h, "court", id, false);
	/* From what is stored it comes to the same. */
	circles_forget(two.police.service);
	assert_signed_by(&h, "court", id, false);
	assert_int_equal(owed(&two.police, &h), 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SIGNED_TEST(one_act_settles_what_its_author_owes_and_who_leads_waits_for_the_last),
	    SIGNED_TEST(minutes_circulated_anew_are_owed_anew),
	    SIGNED_TEST(what_the_broker_refuses_is_owed_again),
	    SIGNED_TEST(whatever_comes_late_it_comes_to_the_same),
	    SIGNED_TEST(
		a_dissent_stays_behind_the_signature_that_it_followed_and_before_the_next),
	    SIGNED_TEST(
		who_does_not_know_a_case_signs_nothing_of_it_and_each_signature_is_recorded),
	    SIGNED_TEST(without_the_sittings_file_it_is_told_who_signed_and_proven_no_more),
	};

	return cmocka_run_group_tests_name("sittings_signed", tests, NULL, NULL);
}
