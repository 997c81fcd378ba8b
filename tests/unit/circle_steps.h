/* tests/unit/circle_steps.h: what the institutions of a play do: grounds, and acts that follow or do not. */
#ifndef SAIKNE_CIRCLE_STEPS_H
#define SAIKNE_CIRCLE_STEPS_H

#include "tests/unit/circle_play.h"

/* ---- Records ----------------------------------------------------------------------------- */

static inline json_t *
some_of(const char *const *names, unsigned count)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++)
		if (i == 0 || pick(3) > 0)
			assert_int_equal(json_array_append_new(list, json_string(names[i])), 0);
	return list;
}

/* A consent to tell some of them some of it. */
static inline json_t *
consent_of_today(void)
{
	static const char *const kinds[] = {
	    "school", "police", "orphans_court", "social_service"};
	static const char *const categories[] = {"identity", "education", "behaviour", "family",
	    "health", "offence", "custody", "proceedings"};
	char today[11];
	json_t *body;

	grounds_day(now() - DAY_MS, today);
	body = json_pack("{s:s, s:o, s:o, s:[s], s:s, s:s, s:s, s:{s:s, s:s}}", "ground",
	    "consent", "recipients", some_of(kinds, 4), "categories", some_of(categories, 8),
	    "purposes", "safety", "granter", MOTHER, "capacity", "parent", "granted_on", today,
	    "child", "name", CHILD, "birth_date", BORN);
	assert_non_null(body);
	return body;
}

/* A record of LINE's own in the case of TASK, or, more often, none. */
static inline uint64_t
pick_ground(struct line *line, const struct task_row *task)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct ground_row row = {.basis = BASIS_CONSENT, .case_n = task->case_n};
	struct departure departure = {0};
	struct case_key key;
	json_t *body;
	enum status rc;

	if (pick(4) > 0)
		return 0;
	body = consent_of_today();
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task->case_n, &key), STATUS_OK);
	rc = grounds_open(
	    line->service, &departure, &key, &row, body, CONSENT_EVENT_GIVE, &cause);
	rc = circle_end(line, &departure, rc);
	must(rc == STATUS_OK, "%s cannot record a consent: %s", line->config.code,
	    status_name(rc));
	json_decref(body);
	vault_forget(&key);
	return row.n;
}

/* Some record of LINE's own is withdrawn. */
static inline void
stop(struct line *line)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct departure departure = {0};
	struct ground_row row;
	struct case_key key;
	uint64_t n = 1 + pick(6);
	enum status rc = ground_store_get(line->service->db, n, &row);

	if (rc != STATUS_OK || row.origin[0] != '\0' ||
	    consent_next(row.state, CONSENT_EVENT_WITHDRAW) == CONSENT_NONE)
		return;
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	rc = grounds_apply(
	    line->service, &departure, &key, &row, CONSENT_EVENT_WITHDRAW, &cause);
	rc = circle_end(line, &departure, rc);
	must(rc == STATUS_OK, "a withdrawal: %s", status_name(rc));
	vault_forget(&key);
	play_count(STEP_WITHDRAWN);
}

#define TASKS_MAX 64

/* ---- Acts -------------------------------------------------------------------------------- */

static inline void
begin_case(struct line *line)
{
	struct content content = {0};
	json_t *body = consent_of_today();
	unsigned which = 1U + pick(15);
	enum status rc;

	which &= ~(1U << number_of(line));
	if (which == 0)
		which = 1U << (number_of(line) + 1) % ROOMS;
	assert_int_equal(content_start(MESSAGE_CASE_OPEN, &content), STATUS_OK);
	fill_act(&content);
	fill_data(&content);
	set_parties(&content, which);
	rc = circle_open(line, BASIS_CONSENT, body, &content, play.circles[play.began]);
	must(rc == STATUS_OK || dispatch_lacks_ground(rc) || rc == STATUS_SUSPENDED ||
		 rc == STATUS_UNKNOWN_EPOCH,
	    "%s cannot open a case: %s", line->config.code, status_name(rc));
	if (rc == STATUS_OK) {
		play.began++;
		play_count(STEP_BEGAN);
	}
	content_free(&content);
	json_decref(body);
}

/* The frames of LINE as often as all that lies in them; a transfer of the lead to it before all else. */
static inline bool
pick_task(struct line *line, struct task_row *out)
{
	struct task_row found[TASKS_MAX], row;
	unsigned count = 0, frames = 0;

	for (uint64_t n = 1; case_store_task(line->service->db, n, &row) == STATUS_OK; n++) {
		if (row.circle_n == 0 || count == TASKS_MAX)
			continue;
		if ((row.state == TASK_LEAD_OFFERED || row.state == TASK_LEAD_CLAIMED) &&
		    (row.side & (row.state == TASK_LEAD_OFFERED
					? TASK_RECIPIENT
					: (unsigned)TASK_SENDER | TASK_RECIPIENT)) != 0 &&
		    pick(4) == 0) {
			*out = row;
			return true;
		}
		frames += row.sort == &case_sort;
		found[count++] = row;
	}
	if (count == 0)
		return false;
	do {
		*out = found[pick(count)];
	} while (frames > 0 && pick(2) == 0 && out->sort != &case_sort);
	return true;
}

static inline enum message
pick_type(const struct task_row *task)
{
	static const enum message of_case[] = {MESSAGE_CASE_ADD, MESSAGE_CASE_ADD,
	    MESSAGE_CASE_REMOVE, MESSAGE_CASE_LEAVE, MESSAGE_CASE_HAND_OVER,
	    MESSAGE_CASE_REPORT, MESSAGE_CASE_REPORT, MESSAGE_CASE_REPORT, MESSAGE_CASE_CLOSE,
	    MESSAGE_CASE_REOPEN, MESSAGE_CASE_REOPEN, MESSAGE_CASE_REOPEN, MESSAGE_CASE_LINK,
	    MESSAGE_LEAD_OFFER, MESSAGE_LEAD_OFFER, MESSAGE_LEAD_CLAIM, MESSAGE_ACTION_ASSIGN,
	    MESSAGE_ACTION_ASSIGN, MESSAGE_ACTION_ASSIGN};

	const struct task_message *message;

	if (task->sort == &case_sort)
		return of_case[pick(sizeof(of_case) / sizeof(of_case[0]))];
	do {
		message = &task->sort->messages[1 + pick(task->sort->message_count - 1)];
	} while (message->opens);
	return message->type;
}

static inline void
make_act(enum message type, struct content *content)
{
	char due[11];

	assert_int_equal(content_start(type, content), STATUS_OK);
	fill_act(content);
	fill_data(content);
	set_parties(content, 1U + pick(15));
	set_party(content, rooms[pick(ROOMS)]->config.code);
	grounds_day(now() + (pick(3) + (type == MESSAGE_LEAD_CLAIM ? 3 : 0)) * DAY_MS, due);
	say_text(content, FIELD_DUE, due);
	if (message_has_field(content->type, FIELD_OTHER_TASK) && type == MESSAGE_CASE_LINK)
		assert_int_equal(
		    content_set_id(content, FIELD_OTHER_TASK, play.circles[0]), STATUS_OK);
}

/* Whatever may hinder what else would follow. */
static inline bool
is_told(enum status rc)
{
	return dispatch_lacks_ground(rc) || rc == STATUS_NOT_A_MEMBER ||
	       rc == STATUS_BAD_RECIPIENTS || rc == STATUS_SUSPENDED ||
	       rc == STATUS_UNKNOWN_EPOCH;
}

/* LINE says CONTENT, which it may, on TASK; false: it may not, or is hindered. */
static inline bool
say_if(struct line *line, struct task_row *task, enum message type)
{
	struct content content = {0};
	enum status rc = STATUS_WRONG_STATE;

	service_tick(line->service);
	make_act(type, &content);
	if (circle_may(line, task, &content))
		rc = circle_say(line, task, &content, 0);
	must(rc == STATUS_OK || rc == STATUS_WRONG_STATE || is_told(rc), "%s cannot say %s: %s",
	    line->config.code, content.type->name, status_name(rc));
	content_free(&content);
	rooms_settle();
	return rc == STATUS_OK;
}

/* Whether LINE said something in a case of its: what follows, or, now and then, what does not. */
static inline bool
try_act(struct line *line)
{
	struct content content = {0};
	struct task_row on, task;
	enum message type;
	uint64_t ground_n = 0;
	bool may, goes;
	enum status rc;

	if (!pick_task(line, &on))
		return true;
	type = pick_type(&on);
	if ((type == MESSAGE_CASE_CLOSE || type == MESSAGE_CASE_LEAVE ||
		type == MESSAGE_CASE_REMOVE) &&
	    pick(3) > 0)
		return false;
	task = task_opens(type) ? circle_new_task(line, &on, type) : on;
	make_act(type, &content);
	may = circle_may(line, &task, &content);
	goes = may || pick(40) == 0;
	if (goes && content.type->categories != CATEGORY_BIT(CATEGORY_ACT))
		ground_n = pick_ground(line, &task);
	if (goes) {
		rc = circle_say(line, &task, &content, ground_n);
		must(rc == STATUS_OK || is_told(rc), "%s cannot say %s: %s", line->config.code,
		    content.type->name, status_name(rc));
		play_count(rc != STATUS_OK ? STEP_REFUSED : may ? STEP_SAID : STEP_UNLAWFUL);
		if (rc == STATUS_OK && line == play.out)
			play_count(STEP_SAID_OUT);
	}
	content_free(&content);
	return goes;
}

#endif
