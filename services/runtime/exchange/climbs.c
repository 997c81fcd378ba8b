/* services/runtime/exchange/climbs.c: what came to a level above is told there by itself, once. */
#include "services/runtime/exchange/climbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/climbed.h"
#include "services/runtime/task/disagreement.h"
#include "services/runtime/task/ladder.h"

#define AT_ONCE 64 /* in one turn */
#define SETTLE  "settle"

/* ---- What is to be done ------------------------------------------------------------------ */

static bool
is_disagreement(const struct task_row *task)
{
	return task->sort == &disagreement_sort;
}

/*
 * Where we stand among those who wait for what the lead of a circle owes to all, in the order in
 * which they joined. Who is suspended could tell nobody, and is passed by.
 */
static enum status
find_place(struct service *service, const struct task_row *task, unsigned *out)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned count, place = 0;
	enum status rc = circles_fold(service, task->circle_n, &circles);

	if (rc != STATUS_OK)
		return rc;
	*out = CIRCLE_MEMBERS_MAX;
	count = circle_others(&circles->circle, task->peer, circles_last(circles), others);
	for (unsigned i = 0; i < count; i++) {
		const struct party *party =
		    directory_party(service->directory, bytes_of_text(others[i].code));

		if (strcmp(others[i].code, service->config.code) == 0)
			*out = place;
		place += party == NULL || party->suspended_index == 0;
	}
	return STATUS_OK;
}

/*
 * When it is ours to tell of ROW, as it is now; 0: it is not. Of several that wait one tells, and
 * later the next, for it may be down. Who looks on is silent.
 */
static enum status
find_turn(struct service *service, const struct task_row *task, const struct deadline_row *row,
    uint64_t *at_ms)
{
	unsigned place = 0;
	enum status rc = STATUS_OK;

	*at_ms = 0;
	if (row->ours || (task->side != TASK_SENDER && task->side != TASK_RECIPIENT))
		return STATUS_OK;
	if (task->side == TASK_RECIPIENT && task->sort->share == TASK_OF_ALL)
		rc = find_place(service, task, &place);
	if (rc == STATUS_OK)
		*at_ms = ladder_tells_ms(
		    task->sort->name, place, deadline_store_instant(row, DEADLINE_MANAGEMENT));
	return rc;
}

static enum status
put_down(
    struct service *service, const struct task_row *task, const char *what, uint64_t due_ms)
{
	struct climb_row row = {.task_n = task->n, .due_ms = due_ms};

	snprintf(row.what, sizeof(row.what), "%s", what);
	service->climbs_due = true;
	return climb_store_add(service->db, &row);
}

enum status
climbs_reached(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	const bool level_over = is_disagreement(task) && strcmp(row->what, SETTLE) == 0 &&
	                        row->stage == DEADLINE_OVERDUE && row->ours &&
	                        disagreement_above(task->state) != NULL;
	const bool waits = row->stage == DEADLINE_MANAGEMENT && !row->ours &&
	                   (task->side == TASK_SENDER || task->side == TASK_RECIPIENT);

	return level_over || waits ? put_down(service, task, row->what, row->due_ms)
	                           : STATUS_OK;
}

static enum status
end_it(struct service *service, const struct task_row *task, const char *what, uint64_t due_ms)
{
	struct climb_row row = {.task_n = task->n, .due_ms = due_ms};
	bool was;
	enum status rc;

	snprintf(row.what, sizeof(row.what), "%s", what);
	rc = climb_store_end(service->db, &row, &was);
	service->climbs_due = service->climbs_due || was;
	return rc;
}

enum status
climbs_over(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	return row->stage == DEADLINE_MANAGEMENT && !is_disagreement(task)
	           ? end_it(service, task, row->what, row->due_ms)
	           : STATUS_OK;
}

/* What is told: to us; by us, it may be over, or is to be told to another. */
static enum status
follow_told(struct service *service, const struct task_row *task)
{
	bool again = false;
	enum status rc = STATUS_OK;

	if (task->side != TASK_SENDER)
		return climbs_told_follow(service, task);
	if (task->state == TASK_UNREADABLE)
		rc = climb_store_refused(service->db, task->n, task->peer, &again);
	/* What is over may wait for the receipt of what told of it. */
	service->climbs_due = service->climbs_due || again || task->state == TASK_TOLD;
	return rc;
}

enum status
climbs_follow(struct service *service, const struct task_row *task)
{
	if (task->sort == &climbed_sort)
		return follow_told(service, task);
	if (!is_disagreement(task) || task->side != TASK_SENDER)
		return STATUS_OK;
	return task->state == TASK_AT_MANAGEMENT ? put_down(service, task, SETTLE, 0)
	                                         : end_it(service, task, SETTLE, 0);
}

/* ROW's deadline came to its level: whether it is ours to go on with it now. */
static enum status
judge_stage(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	const bool level_over = is_disagreement(task);
	const enum deadline_stage stage = level_over ? DEADLINE_OVERDUE : DEADLINE_MANAGEMENT;
	uint64_t at_ms = 1;
	enum status rc = STATUS_OK;

	if (row->stage < stage)
		return STATUS_NOT_FOUND;
	if (!level_over)
		rc = find_turn(service, task, row, &at_ms);
	if (rc != STATUS_OK)
		return rc;
	return row->sure >= stage && at_ms != 0 && at_ms <= service_time_ms(service)
	           ? STATUS_OK
	           : STATUS_NOT_READY;
}

/*
 * STATUS_OK, STATUS_NOT_FOUND once it moved on, STATUS_NOT_READY where it is not sure yet, or the
 * turn of another.
 */
static enum status
find_standing(struct service *service, const struct climb_row *row, struct task_row *task)
{
	struct deadline_row deadlines[DEADLINE_MAX];
	unsigned count;
	enum status rc = case_store_task(service->db, row->task_n, task);

	if (rc == STATUS_OK)
		rc = circles_place(service, task);
	if (rc == STATUS_OK && row->due_ms == 0)
		return task->state == TASK_AT_MANAGEMENT ? STATUS_OK : STATUS_NOT_FOUND;
	if (rc == STATUS_OK)
		rc = deadline_store_of(service->db, row->task_n, deadlines, &count);
	if (rc != STATUS_OK)
		return rc;
	for (unsigned i = 0; i < count; i++)
		if (strcmp(deadlines[i].what, row->what) == 0 &&
		    deadlines[i].due_ms == row->due_ms)
			return judge_stage(service, task, &deadlines[i]);
	return STATUS_NOT_FOUND;
}

/* ---- Telling the chair ------------------------------------------------------------------- */

static const struct party *
find_chair(const struct service *service)
{
	const char *code = service->config.management_chair;
	const struct party *chair = code[0] == '\0' ? NULL : service_peer(service, code);

	return chair == NULL || chair->suspended_index != 0 ||
	               !climbs_told_may_chair(chair->kind)
	           ? NULL
	           : chair;
}

/* What the chair may know of TASK: its opening message's own words, where these are acts. */
static enum status
take_from_opening(struct service *service, const struct task_row *task,
    const struct case_key *key, struct content *content)
{
	static const enum field taken[] = {FIELD_URGENCY, FIELD_MUNICIPALITY};
	struct content opening = {0};
	struct event_row row;
	struct bytes text;
	enum status rc = case_file_opening(service, task, &row);

	if (rc == STATUS_OK)
		rc = case_file_content(service, key, &row, &opening);
	for (size_t i = 0; rc == STATUS_OK && i < sizeof(taken) / sizeof(taken[0]); i++)
		if (message_has_field(opening.type, taken[i]) &&
		    content_text(&opening, taken[i], &text))
			rc = content_set_text(content, taken[i], text);
	content_free(&opening);
	return rc == STATUS_ERASED || rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
set_if_missing(struct content *content, enum field field, const char *text)
{
	struct bytes there;

	return content_text(content, field, &there)
	           ? STATUS_OK
	           : content_set_text(content, field, bytes_of_text(text));
}

static enum status
set_due(struct content *content, uint64_t due_ms)
{
	unsigned month, day;
	char date[DEADLINE_DATE];
	int year;

	calendar_civil(calendar_day_at(due_ms), &year, &month, &day);
	snprintf(date, sizeof(date), "%04u-%02u-%02u", (unsigned)year % 10000, month % 100,
	    day % 100);
	return content_set_text(content, FIELD_DUE, bytes_of_text(date));
}

/* Where nothing was said of the place: the one of who owes it, or ours. */
static const char *
place_of(const struct service *service, const struct task_row *task)
{
	const struct party *peer = service_peer(service, task->peer),
			   *self = service_self(service);

	if (peer != NULL && peer->municipality[0] != '\0')
		return peer->municipality;
	return self != NULL && self->municipality[0] != '\0' ? self->municipality : "-";
}

static enum status
write_climbed(struct service *service, const struct climb_row *row, const struct task_row *task,
    const struct case_key *key, struct content *content)
{
	const uint64_t due_ms = row->due_ms != 0 ? row->due_ms : service_time_ms(service);
	char ower[PARTY_MAX + 1];
	enum status rc = content_start(MESSAGE_CLIMBED, content);

	if (rc == STATUS_OK)
		rc = deadlines_ower(service, task, row->what, ower);
	if (rc == STATUS_OK)
		rc = take_from_opening(service, task, key, content);
	if (rc == STATUS_OK)
		rc = set_if_missing(content, FIELD_URGENCY, "normal");
	if (rc == STATUS_OK)
		rc = set_if_missing(content, FIELD_MUNICIPALITY, place_of(service, task));
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_PURPOSE,
		    bytes_of_text(task->purpose[0] != '\0' ? task->purpose : "other"));
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_LEVEL,
		    bytes_of_text(deadline_stage_name(DEADLINE_MANAGEMENT)));
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_OWED, bytes_of_text(row->what));
	if (rc == STATUS_OK)
		rc = content_set_text(content, FIELD_PARTY, bytes_of_text(ower));
	if (rc == STATUS_OK)
		rc = set_due(content, due_ms);
	return rc == STATUS_OK ? content_set_id(content, FIELD_OTHER_TASK, task->id) : rc;
}

/* A task of its own, in the case of the one that climbed. */
static enum status
send_climbed(struct service *service, struct departure *departure, const struct task_row *task,
    const struct party *chair, const struct case_key *key, struct content *content,
    uint64_t *task_n)
{
	struct task_row made = {.case_n = task->case_n,
	    .sort = task_sort_of(MESSAGE_CLIMBED),
	    .side = TASK_SENDER,
	    .time_ms = service->now_ms};
	uint8_t id[SUITE_ID_LEN];
	struct bytes purpose;
	enum status rc;

	suite_new_id(service->now_ms, made.id);
	suite_random(made.token, sizeof(made.token));
	memcpy(made.peer, chair->code, sizeof(made.peer));
	if (!content_text(content, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, made.purpose, sizeof(made.purpose)))
		return STATUS_BAD_CONTENT;
	if ((rc = case_store_next_task(service->db, &made.n)) != STATUS_OK)
		return rc;
	if ((rc = case_store_add_task(service->db, &made)) != STATUS_OK)
		return rc;
	rc = dispatch_act(service, departure, &made, key, content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &made, "queued");
	*task_n = made.n;
	return rc;
}

static enum status
tell_chair(struct service *service, struct departure *departure, struct climb_row *row,
    const struct task_row *task, const struct case_key *key)
{
	const struct party *chair = find_chair(service);
	struct content content = {0};
	enum status rc;

	if (chair == NULL || strcmp(chair->code, row->refused) == 0)
		return STATUS_NOT_READY;
	/* The chair itself waits: its own head has the alarm. */
	if (strcmp(chair->code, service->config.code) == 0) {
		row->done_n = task->n;
		return STATUS_OK;
	}
	rc = write_climbed(service, row, task, key, &content);
	if (rc == STATUS_OK)
		rc = send_climbed(service, departure, task, chair, key, &content, &row->done_n);
	content_free(&content);
	return rc;
}

/* That what ROW told is over: where the chair has it, and to whom it went. */
static enum status
tell_over(struct service *service, struct departure *departure, struct climb_row *row)
{
	struct content content = {0};
	struct task_stand stand = {0};
	struct task_row told;
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];
	enum status rc = case_store_task(service->db, row->done_n, &told);

	if (rc != STATUS_OK)
		return rc;
	row->over = CLIMB_OVER_TOLD;
	if (told.sort == &climbed_sort && told.state == TASK_PENDING)
		return STATUS_NOT_READY;
	stand.state = told.state;
	if (told.sort != &climbed_sort ||
	    !task_may(told.sort, &stand, TASK_EVENT_SETTLE, TASK_SENDER))
		return STATUS_OK;
	if ((rc = case_file_key(service, told.case_n, &key)) != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = content_start(MESSAGE_CLIMBED_OVER, &content);
	if (rc == STATUS_OK)
		rc =
		    dispatch_act(service, departure, &told, &key, &content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &told, content.type->name);
	content_free(&content);
	vault_forget(&key);
	return rc;
}

/* ---- A level whose time is over ---------------------------------------------------------- */

static enum status
take_higher(struct service *service, struct departure *departure, struct climb_row *row,
    struct task_row *task, const struct case_key *key)
{
	const char *above = disagreement_above(task->state);
	struct content content = {0};
	uint8_t id[SUITE_ID_LEN];
	enum status rc = above == NULL ? STATUS_WRONG_STATE
	                               : content_start(MESSAGE_DISAGREEMENT_CLIMB, &content);

	if (rc == STATUS_OK)
		rc = content_set_text(&content, FIELD_LEVEL, bytes_of_text(above));
	if (rc == STATUS_OK)
		rc = dispatch_act(service, departure, task, key, &content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, task, content.type->name);
	content_free(&content);
	row->done_n = task->n;
	return rc;
}

/* ---- Doing it ---------------------------------------------------------------------------- */

static enum status
answer(struct service *service, struct departure *departure, struct climb_row *row)
{
	struct task_row task;
	enum status rc = case_store_task(service->db, row->task_n, &task);

	if (rc == STATUS_OK)
		rc = climbs_told_answer(service, departure, &task);
	if (rc == STATUS_NOT_FOUND || rc == STATUS_ERASED)
		return climb_store_remove(service->db, row);
	row->done_n = row->task_n;
	return rc == STATUS_OK ? climb_store_set_done(service->db, row) : rc;
}

/* In the open transaction. */
static enum status
act_on(struct service *service, struct departure *departure, struct climb_row *row)
{
	struct task_row task;
	struct case_key key;
	enum status rc;

	if (row->over == CLIMB_OVER) {
		rc = tell_over(service, departure, row);
		return rc == STATUS_OK ? climb_store_set_done(service->db, row) : rc;
	}
	if (row->due_ms == 0 && strcmp(row->what, CLIMBS_TOLD_ANSWER) == 0)
		return answer(service, departure, row);
	if ((rc = find_standing(service, row, &task)) == STATUS_OK)
		rc = case_file_key(service, task.case_n, &key);
	if (rc == STATUS_NOT_FOUND || rc == STATUS_ERASED)
		return climb_store_remove(service->db, row);
	if (rc != STATUS_OK)
		return rc;
	rc = is_disagreement(&task) && row->due_ms != 0
	         ? take_higher(service, departure, row, &task, &key)
	         : tell_chair(service, departure, row, &task, &key);
	vault_forget(&key);
	return rc == STATUS_OK ? climb_store_set_done(service->db, row) : rc;
}

static void
run_one(struct service *service, struct climb_row *row)
{
	struct departure departure = {0};
	enum status rc = service_begin(service);

	if (rc == STATUS_OK) {
		rc = act_on(service, &departure, row);
		if (rc == STATUS_OK)
			rc = departure_sign(service, &departure);
		rc = service_end(service, rc, "act");
	}
	departure_free(&departure);
	if (rc != STATUS_OK && rc != STATUS_NOT_READY)
		oplog(OPLOG_WARNING, "what climbed is told later: %s", status_name(rc));
}

bool
climbs_run(struct service *service)
{
	struct climb_row row;
	enum status rc = STATUS_OK;

	if (!service->climbs_due || !service->connected ||
	    service_may_seal(service) != STATUS_OK)
		return false;
	for (unsigned i = 0; rc == STATUS_OK && i < AT_ONCE; i++) {
		rc = climb_store_next(service->db, &service->climbs_at, &row);
		if (rc == STATUS_OK) {
			service->climbs_at = row;
			run_one(service, &row);
		}
	}
	if (rc == STATUS_OK)
		return true; /* the rest in the next turn */
	service->climbs_due = false;
	service->climbs_at = (struct climb_row){0};
	return false;
}

/* Whether ROW waits for nothing but a chair that takes it. */
static enum status
lacks_chair(struct service *service, const struct climb_row *row, const char *chair, bool *out)
{
	struct task_row task;
	enum status rc = STATUS_NOT_FOUND;

	*out = false;
	if (row->done_n == 0 && strcmp(row->what, CLIMBS_TOLD_ANSWER) != 0)
		rc = find_standing(service, row, &task);
	if (rc == STATUS_OK)
		*out = (!is_disagreement(&task) || row->due_ms == 0) &&
		       (chair == NULL || strcmp(chair, row->refused) == 0);
	return rc == STATUS_NOT_FOUND || rc == STATUS_NOT_READY ? STATUS_OK : rc;
}

/* Whom the configuration names, where the directory says that it may not be. */
static bool
names_wrong_chair(const struct service *service)
{
	const struct party *named = service_peer(service, service->config.management_chair);

	return named != NULL && !climbs_told_may_chair(named->kind);
}

void
climbs_warn(struct service *service)
{
	if (service->chair_warned || !names_wrong_chair(service))
		return;
	service->chair_warned = true;
	oplog(OPLOG_WARNING,
	    "[service] management_chair = %s: such an institution may not chair the management"
	    " group, and is told nothing; name the one that chairs it, and restart",
	    service->config.management_chair);
}

enum status
climbs_lack_chair(struct service *service, enum climbs_lack *out)
{
	const struct party *chair = find_chair(service);
	struct climb_row row = {0};
	bool lacks = false;
	enum status rc = STATUS_OK;

	*out = names_wrong_chair(service) ? CLIMBS_WRONG_CHAIR : CLIMBS_LACK_NOTHING;
	for (unsigned i = 0; rc == STATUS_OK && *out == CLIMBS_LACK_NOTHING && i < AT_ONCE;
	     i++) {
		rc = climb_store_next(service->db, &row, &row);
		if (rc == STATUS_OK)
			rc = lacks_chair(
			    service, &row, chair == NULL ? NULL : chair->code, &lacks);
		if (rc == STATUS_OK && lacks)
			*out = chair == NULL ? CLIMBS_NO_CHAIR : CLIMBS_WRONG_CHAIR;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
