/* tests/unit/test_case_store.c: a service's tables: tasks, their history, chains, what waits. */
#include "tests/unit/scratch.h"

#include "services/runtime/store/case_store.h"
#include "services/runtime/task/referral.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/store/outbox_store.h"
#include "services/runtime/store/store_schema.h"
#include "services/runtime/exchange/timeline.h"

static struct database *db;

static int
set_up(void **state)
{
	if (suite_start() != STATUS_OK || scratch_set_up(state) != 0)
		return -1;
	if (store_schema_open(scratch_path(*state, "service.db"), &db) != STATUS_OK)
		return -1;
	return database_begin(db) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	if (database_in_transaction(db))
		database_rollback(db);
	database_close(db);
	return scratch_tear_down(state);
}

static void
add_case(uint64_t n)
{
	struct case_row row = {.n = n, .time_ms = 1000 + n};

	row.id[0] = (uint8_t)n;
	assert_int_equal(
	    case_store_add(db, &row, bytes_of_text("wrapped"), (struct bytes){0}), STATUS_OK);
}

static struct task_row
add_task(uint64_t n, uint64_t case_n, enum task_side side, enum task_state at)
{
	struct task_row row = {.n = n,
	    .case_n = case_n,
	    .sort = &referral_sort,
	    .side = side,
	    .purpose = "safety",
	    .peer = "police",
	    .basis = BASIS_LAW,
	    .time_ms = 2000 + n,
	    .state = at};

	row.id[0] = (uint8_t)n;
	row.token[3] = 9;
	row.reference[5] = 8;
	assert_int_equal(case_store_add_task(db, &row), STATUS_OK);
	return row;
}

/* Field by field: what lies between them is not told. */
static void
assert_same_task(const struct task_row *a, const struct task_row *b)
{
	assert_true(a->n == b->n && a->case_n == b->case_n && a->side == b->side);
	assert_memory_equal(a->id, b->id, sizeof(a->id));
	assert_string_equal(a->peer, b->peer);
	assert_ptr_equal(a->sort, b->sort);
	assert_string_equal(a->purpose, b->purpose);
	assert_memory_equal(a->token, b->token, sizeof(a->token));
	assert_memory_equal(a->reference, b->reference, sizeof(a->reference));
	assert_true(a->basis == b->basis && a->time_ms == b->time_ms && a->state == b->state);
	assert_true(a->last_index == b->last_index && a->content_due == b->content_due);
	assert_true(a->content_seen == b->content_seen && a->unread == b->unread);
}

/* ---- Cases and tasks --------------------------------------------------------------------- */

static void
a_task_comes_back_as_it_was_stored(void **state)
{
	struct task_row row, found;

	(void)state;
	add_case(1);
	row = add_task(1, 1, TASK_SENDER, TASK_PENDING);
	assert_int_equal(case_store_find_task(db, row.id, &found), STATUS_OK);
	assert_same_task(&found, &row);
	row.state = TASK_UNDER_REVIEW;
	row.last_index = 77;
	row.content_due = row.unread = true;
	assert_int_equal(case_store_set_task(db, &row), STATUS_OK);
	assert_int_equal(case_store_task(db, 1, &found), STATUS_OK);
	assert_same_task(&found, &row);
	row.id[0] = 99;
	assert_int_equal(case_store_find_task(db, row.id, &found), STATUS_NOT_FOUND);
}

static unsigned
count_tasks(struct task_filter filter)
{
	struct task_row row;
	uint64_t last = UINT64_MAX;
	unsigned count = 0;

	while (case_store_next_of(db, &filter, &row) == STATUS_OK) {
		assert_true(row.n < last);
		last = filter.before = row.n;
		count++;
	}
	return count;
}

static void
lists_are_newest_first_and_hold_what_the_filter_says(void **state)
{
	const struct task_filter all = {.sides = 3, .state = TASK_STATE_COUNT};
	struct task_filter filter = all;

	(void)state;
	add_case(1);
	add_case(2);
	add_task(1, 1, TASK_SENDER, TASK_PENDING);
	add_task(2, 1, TASK_SENDER, TASK_OFFERED);
	add_task(3, 2, TASK_RECIPIENT, TASK_OFFERED);
	assert_int_equal(count_tasks(all), 3);
	filter.sides = TASK_RECIPIENT;
	assert_int_equal(count_tasks(filter), 1);
	filter.sides = TASK_SENDER;
	assert_int_equal(count_tasks(filter), 2);
	filter.state = TASK_OFFERED;
	assert_int_equal(count_tasks(filter), 1);
	filter.sides = 3;
	assert_int_equal(count_tasks(filter), 2);
	filter = all;
	filter.case_n = 1;
	assert_int_equal(count_tasks(filter), 2);
	filter = all;
	strcpy(filter.peer, "nobody");
	assert_int_equal(count_tasks(filter), 0);
	filter = all;
	filter.unread = true;
	assert_int_equal(count_tasks(filter), 0);
	filter = all;
	filter.before = 2;
	assert_int_equal(count_tasks(filter), 1);
}

/* What who leads a circle asks of itself. */
static void
a_task_on_both_sides_is_in_the_list_of_each(void **state)
{
	struct task_filter filter = {.sides = TASK_SENDER, .state = TASK_STATE_COUNT};

	(void)state;
	add_case(1);
	add_task(1, 1, TASK_SENDER, TASK_ASSIGNED);
	add_task(2, 1, (enum task_side)(TASK_SENDER | TASK_RECIPIENT), TASK_ASSIGNED);
	add_task(3, 1, TASK_RECIPIENT, TASK_ASSIGNED);
	add_task(4, 1, (enum task_side)(TASK_SENDER | TASK_RECIPIENT), TASK_VERIFIED);
	for (unsigned side = TASK_SENDER; side <= TASK_RECIPIENT; side++) {
		filter.sides = side;
		filter.state = TASK_STATE_COUNT;
		assert_int_equal(count_tasks(filter), 3);
		filter.state = TASK_ASSIGNED;
		assert_int_equal(count_tasks(filter), 2);
		filter.state = TASK_VERIFIED;
		assert_int_equal(count_tasks(filter), 1);
	}
}

static void
an_effect_has_one_place_for_each_cause(void **state)
{
	const uint8_t cause[SUITE_ID_LEN] = {1}, other[SUITE_ID_LEN] = {2};

	(void)state;
	add_case(1);
	add_task(1, 1, TASK_SENDER, TASK_UNDER_REVIEW);
	assert_int_equal(case_store_effect(db, 1, cause), STATUS_NOT_FOUND);
	assert_int_equal(case_store_effect_put(db, 1, cause, STATUS_OK, 5), STATUS_OK);
	assert_int_equal(case_store_effect(db, 1, cause), STATUS_OK);
	assert_int_equal(case_store_effect(db, 1, other), STATUS_NOT_FOUND);
	assert_int_not_equal(case_store_effect_put(db, 1, cause, STATUS_OK, 6), STATUS_OK);
}

static void
a_person_keeps_one_token_in_a_case_and_has_another_in_the_next(void **state)
{
	const uint8_t person[SUITE_HASH_LEN] = {1};
	uint8_t first[SUITE_ID_LEN], again[SUITE_ID_LEN], elsewhere[SUITE_ID_LEN];

	(void)state;
	add_case(1);
	add_case(2);
	assert_int_equal(case_store_staff_token(db, 1, person, first), STATUS_OK);
	assert_int_equal(case_store_staff_token(db, 1, person, again), STATUS_OK);
	assert_int_equal(case_store_staff_token(db, 2, person, elsewhere), STATUS_OK);
	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first, elsewhere, sizeof(first));
}

/* ---- Histories --------------------------------------------------------------------------- */

static struct event_row
event(uint64_t index, enum message type, bool own, uint8_t message)
{
	struct event_row row = {
	    .task_n = 1, .what = EVENT_MESSAGE, .type = type, .own = own, .index = index};

	row.message[0] = message;
	return row;
}

static struct event_row
about(const struct event_row *message, enum event_what what, uint64_t index)
{
	struct event_row row = *message;

	row.what = what;
	row.index = index;
	return row;
}

static void
add_event(struct event_row row)
{
	const struct merkle_hash root = {{4}};
	bool message = row.what == EVENT_MESSAGE;

	assert_int_equal(event_store_next(db, &row.n), STATUS_OK);
	assert_int_equal(event_store_add(db, &row, message ? &root : NULL,
			     message ? bytes_of_text("sealed") : (struct bytes){0}),
	    STATUS_OK);
}

static struct task_stand
stand(enum task_side side)
{
	struct event_row *rows;
	struct task_stand task;
	size_t count;

	assert_int_equal(event_store_load(db, 1, &rows, &count), STATUS_OK);
	timeline_fold(rows, count, &referral_sort, side, TIMELINE_UNSTOPPED, &task, NULL);
	free(rows);
	return task;
}

static void
one_task(void)
{
	add_case(1);
	add_task(1, 1, TASK_SENDER, TASK_NONE);
}

static void
a_late_arrival_takes_its_place_in_the_logs_order(void **state)
{
	(void)state;
	one_task();
	add_event(event(20, MESSAGE_REFERRAL_ACCEPT, false, 3));
	add_event(event(30, MESSAGE_REFERRAL_OUTCOME, false, 4));
	assert_int_equal(stand(TASK_SENDER).state, TASK_NONE);
	add_event(event(15, MESSAGE_REFERRAL_REVIEW_OPENED, false, 2));
	add_event(event(10, MESSAGE_REFERRAL_OFFER, true, 1));
	assert_int_equal(stand(TASK_SENDER).state, TASK_OUTCOME_REPORTED);
	assert_int_equal(stand(TASK_SENDER).last_index, 30);
}

static void
an_own_offer_waits_until_its_receipt_gives_it_a_place(void **state)
{
	struct event_row row;

	(void)state;
	one_task();
	add_event(event(UINT64_MAX, MESSAGE_REFERRAL_OFFER, true, 1));
	assert_int_equal(stand(TASK_SENDER).state, TASK_PENDING);
	assert_int_equal(
	    event_store_message(db, (uint8_t[SUITE_ID_LEN]){1}, true, &row), STATUS_OK);
	assert_true(row.index == UINT64_MAX);
	assert_int_equal(event_store_set_index(db, row.n, 10, 50), STATUS_OK);
	assert_int_equal(stand(TASK_SENDER).state, TASK_OFFERED);
	assert_int_equal(event_store_at(db, 10, &row), STATUS_OK);
	assert_int_equal(row.time_ms, 50);
}

/* Whoever wants an institution's act not to be found takes its id for one of its own. */
static void
an_act_of_a_circle_is_found_by_its_author_whoever_used_its_id_first(void **state)
{
	struct event_row first = event(20, MESSAGE_MATTER_SIGN, false, 3),
			 meant = event(10, MESSAGE_MATTER_MINUTES, false, 3), row;

	(void)state;
	one_task();
	first.circle_n = meant.circle_n = 1;
	snprintf(first.author, sizeof(first.author), "liar");
	snprintf(meant.author, sizeof(meant.author), "chair");
	add_event(first);
	add_event(meant);
	assert_int_equal(event_store_act(db, meant.message, "chair", &row), STATUS_OK);
	assert_int_equal(row.index, 10);
	assert_int_equal(event_store_act(db, meant.message, "liar", &row), STATUS_OK);
	assert_int_equal(row.index, 20);
	assert_int_equal(event_store_act(db, meant.message, "nobody", &row), STATUS_NOT_FOUND);
}

static void
expiry_known_before_the_receipt_counts_once_the_receipt_is_there(void **state)
{
	struct event_row offer = event(UINT64_MAX, MESSAGE_REFERRAL_OFFER, true, 1), row;

	(void)state;
	one_task();
	add_event(offer);
	add_event(about(&offer, EVENT_EXPIRED, 12));
	assert_int_equal(stand(TASK_SENDER).state, TASK_PENDING);
	assert_int_equal(event_store_message(db, offer.message, true, &row), STATUS_OK);
	assert_int_equal(event_store_set_index(db, row.n, 10, 50), STATUS_OK);
	assert_int_equal(stand(TASK_SENDER).state, TASK_EXPIRED);
}

static void
a_step_that_the_other_side_never_applied_has_no_effect(void **state)
{
	struct event_row accept = event(14, MESSAGE_REFERRAL_ACCEPT, true, 3);
	bool voids[8];
	struct event_row *rows;
	struct task_stand task;
	size_t count;

	(void)state;
	one_task();
	add_event(event(10, MESSAGE_REFERRAL_OFFER, false, 1));
	add_event(event(12, MESSAGE_REFERRAL_REVIEW_OPENED, true, 2));
	add_event(accept);
	assert_int_equal(stand(TASK_RECIPIENT).state, TASK_ACCEPTED);
	add_event(about(&accept, EVENT_EXPIRED, 40));
	assert_int_equal(stand(TASK_RECIPIENT).state, TASK_UNDER_REVIEW);
	assert_int_equal(event_store_load(db, 1, &rows, &count), STATUS_OK);
	timeline_fold(
	    rows, count, &referral_sort, TASK_RECIPIENT, TIMELINE_UNSTOPPED, &task, voids);
	assert_true(voids[2]);
	assert_null(timeline_last(rows, voids, count, MESSAGE_REFERRAL_ACCEPT, true));
	assert_non_null(timeline_last(rows, voids, count, MESSAGE_REFERRAL_OFFER, false));
	free(rows);
}

static void
a_refused_step_is_dead_and_a_refused_offer_ends_the_task(void **state)
{
	struct event_row offer = event(UINT64_MAX, MESSAGE_REFERRAL_OFFER, true, 1), row;

	(void)state;
	one_task();
	add_event(offer);
	add_event(about(&offer, EVENT_REFUSED, UINT64_MAX));
	assert_int_equal(event_store_message(db, offer.message, true, &row), STATUS_OK);
	assert_int_equal(event_store_set_dead(db, row.n), STATUS_OK);
	assert_int_equal(stand(TASK_SENDER).state, TASK_REFUSED);
}

static void
a_history_has_an_end(void **state)
{
	struct event_row *rows;
	size_t count;

	(void)state;
	one_task();
	for (unsigned i = 0; i < EVENT_TASK_MAX; i++)
		add_event(event(i, MESSAGE_REFERRAL_ACCEPT, false, (uint8_t)i));
	assert_int_equal(event_store_load(db, 1, &rows, &count), STATUS_OK);
	assert_int_equal(count, EVENT_TASK_MAX);
	free(rows);
	add_event(event(EVENT_TASK_MAX, MESSAGE_REFERRAL_ACCEPT, false, 1));
	assert_int_equal(event_store_load(db, 1, &rows, &count), STATUS_TOO_LARGE);
}

/* ---- Chains ------------------------------------------------------------------------------ */

static struct chain_link
link_at(uint64_t index)
{
	struct chain_link link = {
	    .direction = CHAIN_RECEIVED, .peer = "school", .index = index};

	link.id[0] = (uint8_t)index;
	link.digest[1] = (uint8_t)index;
	return link;
}

/* The chain over the links at the indices up to LAST, counted here. */
static struct envelope_chain
chain_to(uint64_t last)
{
	struct envelope_chain chain = {0};

	for (uint64_t i = 1; i <= last; i++) {
		struct chain_link link = link_at(i);

		envelope_chain_add(&chain, link.id, link.digest);
	}
	return chain;
}

static void
a_link_that_comes_late_makes_the_chain_what_it_would_have_been(void **state)
{
	static const uint64_t order[] = {2, 5, 1, 4, 3};
	struct envelope_chain head, whole = chain_to(5);

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct chain_link link = link_at(order[i]);

		assert_int_equal(chain_store_add(db, &link), STATUS_OK);
		assert_int_equal(chain_store_add(db, &link), STATUS_OK);
	}
	assert_int_equal(chain_store_head(db, CHAIN_RECEIVED, "school", &head), STATUS_OK);
	assert_int_equal(head.count, 5);
	assert_memory_equal(&head, &whole, sizeof(head));
	assert_int_equal(chain_store_head(db, CHAIN_SENT, "school", &head), STATUS_OK);
	assert_int_equal(head.count, 0);
}

static void
a_claim_shows_a_gap_until_the_missing_link_is_there(void **state)
{
	struct chain_link last = link_at(4);
	bool fits, whole;

	(void)state;
	last.claim = chain_to(3);
	for (uint64_t i = 1; i <= 2; i++) {
		struct chain_link link = link_at(i);

		assert_int_equal(chain_store_add(db, &link), STATUS_OK);
	}
	assert_int_equal(chain_store_add(db, &last), STATUS_OK);
	assert_int_equal(chain_store_claim_fits(db, "school", 4, &fits), STATUS_OK);
	assert_false(fits);
	last = link_at(3);
	assert_int_equal(chain_store_add(db, &last), STATUS_OK);
	assert_int_equal(chain_store_claim_fits(db, "school", 4, &fits), STATUS_OK);
	assert_true(fits);
	assert_int_equal(chain_store_is_whole(db, "school", &whole), STATUS_OK);
	assert_true(whole);
}

static void
a_claim_of_another_digest_does_not_fit(void **state)
{
	struct chain_link first = link_at(1), second = link_at(2);
	bool fits;

	(void)state;
	assert_int_equal(chain_store_add(db, &first), STATUS_OK);
	second.claim = chain_to(1);
	second.claim.chain[0] ^= 1;
	assert_int_equal(chain_store_add(db, &second), STATUS_OK);
	assert_int_equal(chain_store_claim_fits(db, "school", 2, &fits), STATUS_OK);
	assert_false(fits);
}

static void
a_problem_is_kept_once_and_goes_when_resolved(void **state)
{
	const struct problem gap = {
	    .what = "gap", .peer = "school", .status = STATUS_AGAIN, .index = 4};
	struct problem found;

	(void)state;
	assert_int_equal(chain_store_problem(db, &gap), STATUS_OK);
	assert_int_equal(chain_store_problem(db, &gap), STATUS_OK);
	assert_int_equal(chain_store_problem_at(db, 0, &found), STATUS_OK);
	assert_string_equal(found.what, "gap");
	assert_int_equal(chain_store_problem_at(db, 1, &found), STATUS_NOT_FOUND);
	assert_int_equal(chain_store_resolved(db, "gap", "school"), STATUS_OK);
	assert_int_equal(chain_store_problem_at(db, 0, &found), STATUS_NOT_FOUND);
}

/* ---- What waits -------------------------------------------------------------------------- */

/* Ids that were made in one millisecond are in no order. */
static void
what_waits_goes_as_it_was_written_and_not_before_its_time(void **state)
{
	static const uint8_t ids[] = {3, 1, 2};
	struct outbox_row row;
	uint64_t next;

	(void)state;
	one_task();
	add_event(event(UINT64_MAX, MESSAGE_REFERRAL_OFFER, true, 1));
	for (size_t i = 0; i < 3; i++) {
		row = (struct outbox_row){.event_n = 1, .peer = "police"};
		row.id[0] = ids[i];
		row.retry_ms = ids[i] == 1 ? 500 : 0;
		assert_int_equal(outbox_store_add(db, &row, bytes_of_text("frame")), STATUS_OK);
	}
	assert_int_equal(outbox_store_after(db, OUTBOX_WAITING, 499, 0, &row), STATUS_OK);
	assert_int_equal(row.id[0], 3);
	assert_int_equal(outbox_store_after(db, OUTBOX_WAITING, 499, row.n, &row), STATUS_OK);
	assert_int_equal(row.id[0], 2);
	assert_int_equal(outbox_store_after(db, OUTBOX_WAITING, 500, 1, &row), STATUS_OK);
	assert_int_equal(row.id[0], 1);
	assert_int_equal(outbox_store_next_retry(db, 499, &next), STATUS_OK);
	assert_int_equal(next, 500);
	row.state = OUTBOX_ACCEPTED;
	assert_int_equal(outbox_store_set(db, &row), STATUS_OK);
	assert_int_equal(outbox_store_after(db, OUTBOX_WAITING, 500, 1, &row), STATUS_OK);
	assert_int_equal(row.id[0], 2);
}

static void
evidence_of_one_kind_is_signed_once_for_a_message(void **state)
{
	const struct bytes bytes = bytes_of_text("evidence");
	struct evidence_row row;
	uint64_t count;

	(void)state;
	assert_int_equal(
	    outbox_store_add_evidence(db, 7, EVIDENCE_DELIVERED, bytes, bytes), STATUS_OK);
	assert_int_equal(outbox_store_add_evidence(db, 7, EVIDENCE_DELIVERED, bytes, bytes),
	    STATUS_WRONG_STATE);
	assert_int_equal(
	    outbox_store_add_evidence(db, 7, EVIDENCE_READ, bytes, bytes), STATUS_OK);
	assert_int_equal(outbox_store_evidence_after(db, 0, &row), STATUS_OK);
	row.recorded = 9;
	assert_int_equal(outbox_store_set_evidence(db, &row), STATUS_OK);
	assert_int_equal(outbox_store_evidence_count(db, &count), STATUS_OK);
	assert_int_equal(count, 1);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_task_comes_back_as_it_was_stored),
	    STORE_TEST(lists_are_newest_first_and_hold_what_the_filter_says),
	    STORE_TEST(a_task_on_both_sides_is_in_the_list_of_each),
	    STORE_TEST(an_effect_has_one_place_for_each_cause),
	    STORE_TEST(a_person_keeps_one_token_in_a_case_and_has_another_in_the_next),
	    STORE_TEST(a_late_arrival_takes_its_place_in_the_logs_order),
	    STORE_TEST(an_own_offer_waits_until_its_receipt_gives_it_a_place),
	    STORE_TEST(an_act_of_a_circle_is_found_by_its_author_whoever_used_its_id_first),
	    STORE_TEST(expiry_known_before_the_receipt_counts_once_the_receipt_is_there),
	    STORE_TEST(a_step_that_the_other_side_never_applied_has_no_effect),
	    STORE_TEST(a_refused_step_is_dead_and_a_refused_offer_ends_the_task),
	    STORE_TEST(a_history_has_an_end),
	    STORE_TEST(a_link_that_comes_late_makes_the_chain_what_it_would_have_been),
	    STORE_TEST(a_claim_shows_a_gap_until_the_missing_link_is_there),
	    STORE_TEST(a_claim_of_another_digest_does_not_fit),
	    STORE_TEST(a_problem_is_kept_once_and_goes_when_resolved),
	    STORE_TEST(what_waits_goes_as_it_was_written_and_not_before_its_time),
	    STORE_TEST(evidence_of_one_kind_is_signed_once_for_a_message),
	};

	return cmocka_run_group_tests_name("case_store", tests, NULL, NULL);
}
