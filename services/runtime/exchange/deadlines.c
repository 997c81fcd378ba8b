/* services/runtime/exchange/deadlines.c: the deadlines of every task: set by its fold, run by the clock. */
#include "services/runtime/exchange/deadlines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/climbs.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/work.h"
#include "services/runtime/store/outbox_store.h"
#include "services/runtime/task/matter.h"

#define BATCH    64 /* stages in one commit */
#define RETRY_MS (5ULL * 1000)

/* ---- How far the last word has come ------------------------------------------------------ */

static bool
is_said(const struct case_history *history, const struct event_row *about, enum event_what what)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->rows[i].what == what && history->rows[i].own &&
		    memcmp(history->rows[i].message, about->message, SUITE_ID_LEN) == 0)
			return true;
	return false;
}

/* Of our last message that has effect; where we have said nothing, of what came. */
static enum reach
reach_of(const struct task_row *task, const struct case_history *history)
{
	for (size_t i = history->count; i > 0; i--) {
		const struct event_row *row = &history->rows[i - 1];

		if (row->what != EVENT_MESSAGE || !row->own || row->dead ||
		    history->voids[i - 1])
			continue;
		return is_said(history, row, EVENT_READ)        ? REACH_READ
		       : is_said(history, row, EVENT_DELIVERED) ? REACH_RECEIVED
		       : row->index != UINT64_MAX               ? REACH_SENT
		                                                : REACH_QUEUED;
	}
	if (task->side == TASK_SENDER)
		return REACH_QUEUED;
	return task->unread ? REACH_RECEIVED : REACH_READ;
}

/* ---- What the history says --------------------------------------------------------------- */

/* A task's history as deadline.h reads it. */
struct account {
	struct event_row *rows;  /* only what had effect, in the log's order */
	enum task_state *states; /* after each of them */
	struct deadline_entry *entries;
	size_t count;
	char urgency[MESSAGE_CODE_MAX + 1];
	const char *self; /* our code */
	/* Of what a circle shares: who owes what each owes for itself, as we count it. */
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const char *owers[CIRCLE_MEMBERS_MAX];
	unsigned ower_count;
};

/* Whether the row can have moved the task: messages with effect, evidence about the offer. */
static bool
moves(const struct case_history *history, size_t i)
{
	const struct event_row *row = &history->rows[i];

	if (row->what == EVENT_MESSAGE)
		return !history->voids[i];
	/* One recipient's word moves nothing that a circle shares. */
	return row->author[0] == '\0' && row->type == history->rows[0].type;
}

/* Whose message ROW is; NULL of evidence. */
static const char *
author_of(
    const struct account *account, const struct task_row *task, const struct event_row *row)
{
	if (row->what != EVENT_MESSAGE)
		return NULL;
	return row->own ? account->self : row->author[0] != '\0' ? row->author : task->peer;
}

/* The state after each row, and what it was. */
static void
trace_states(struct account *account, const struct task_row *task, uint64_t stop)
{
	timeline_trace(
	    account->rows, account->count, task->sort, task->side, stop, account->states);
	for (size_t i = 0; i < account->count; i++) {
		account->entries[i].state = task_state_name(account->states[i]);
		account->entries[i].time_ms = account->rows[i].time_ms;
		account->entries[i].author = author_of(account, task, &account->rows[i]);
		account->entries[i].type = account->rows[i].what == EVENT_MESSAGE
		                               ? message_info(account->rows[i].type)->name
		                               : "";
	}
}

static void
take_text(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	if (!message_has_field(content->type, field) || !content_text(content, field, &text) ||
	    !bytes_to_text(text, out, size))
		out[0] = '\0';
}

/* Whether a deadline of what ROW belongs to may come from its content. DATED: some end on dates. */
static bool
tells_when(const struct event_row *row, bool dated)
{
	const struct message_info *type = message_info(row->type);

	return row->what == EVENT_MESSAGE &&
	       (message_has_field(type, FIELD_URGENCY) ||
		   (dated && (message_has_field(type, FIELD_DUE) ||
				 message_has_field(type, FIELD_UNTIL) ||
				 message_has_field(type, FIELD_STARTS))));
}

/* Dates and the urgency stand in the messages themselves. */
static enum status
read_dates(struct service *service, const struct task_row *task, struct account *account,
    const struct case_key *key)
{
	const bool dated = deadline_is_dated(task->sort->name);

	for (size_t i = 0; i < account->count; i++) {
		const struct event_row *row = &account->rows[i];
		struct deadline_entry *entry = &account->entries[i];
		struct content content = {0};
		enum status rc;

		if (!tells_when(row, dated))
			continue;
		rc = case_file_content(service, key, row, &content);
		if (rc == STATUS_OK) {
			take_text(&content, FIELD_DUE, entry->due, sizeof(entry->due));
			take_text(&content, FIELD_UNTIL, entry->until, sizeof(entry->until));
			take_text(&content, FIELD_STARTS, entry->starts, sizeof(entry->starts));
			if (account->urgency[0] == '\0')
				take_text(&content, FIELD_URGENCY, account->urgency,
				    sizeof(account->urgency));
		}
		content_free(&content);
		if (rc != STATUS_OK && rc != STATUS_ERASED)
			return rc;
	}
	return STATUS_OK;
}

#define MORE_ENTRIES (1 + CIRCLE_MEMBERS_MAX)

/* An act on its sitting stands among a matter's own entries, in the log's order. */
static void
add_of_sitting(struct account *account, uint64_t index, const struct deadline_entry *entry)
{
	struct deadline_entry *entries = account->entries;
	struct event_row *rows = account->rows;
	size_t at = account->count;

	while (at > 0 && rows[at - 1].index > index)
		at--;
	if (at == 0)
		return; /* it was put when the sitting was over */
	memmove(&entries[at + 1], &entries[at], (account->count - at) * sizeof(*entries));
	memmove(&rows[at + 1], &rows[at], (account->count - at) * sizeof(*rows));
	rows[at] = (struct event_row){.index = index};
	entries[at] = *entry;
	entries[at].state = entries[at - 1].state;
	account->count++;
}

static void
add_held(struct account *account, const struct circle_act *held)
{
	add_of_sitting(account, held->step.index,
	    &(struct deadline_entry){
		.type = message_info(held->type)->name, .time_ms = held->step.time_ms});
}

/* Who signed these minutes with those of other matters. */
static void
add_signed(struct account *account, const struct sitting_matter *matter)
{
	for (unsigned i = 0; matter != NULL && i < account->ower_count; i++) {
		const struct sitting_voice *voice = sitting_voice_of(matter, account->owers[i]);

		if (voice != NULL && voice->of_all)
			add_of_sitting(account, voice->index,
			    &(struct deadline_entry){
				.type = message_info(MESSAGE_CONFERENCE_SIGN)->name,
				.author = account->owers[i],
				.time_ms = voice->time_ms});
	}
}

/* What the circle says: who owes, when its sitting was held, and what was signed there. */
static enum status
read_circle(struct service *service, const struct task_row *task, struct account *account)
{
	const struct circles *circles;
	enum status rc;

	if (task->sort->share != TASK_OF_ALL || task->circle_n == 0 || account->count == 0)
		return STATUS_OK;
	if ((rc = circles_fold(service, task->circle_n, &circles)) != STATUS_OK)
		return rc;
	if ((task->side & TASK_RECIPIENT) != 0) {
		account->owers[account->ower_count++] = account->self;
	} else if (task->side != TASK_ONLOOKER) {
		account->ower_count =
		    circle_others(&circles->circle, account->self, UINT64_MAX, account->others);
		for (unsigned i = 0; i < account->ower_count; i++)
			account->owers[i] = account->others[i].code;
	}
	for (size_t i = 0; task->sort == &matter_sort && i < circles->count; i++)
		if (circles->acts[i].type == MESSAGE_CONFERENCE_HELD && !circles->voids[i]) {
			add_held(account, &circles->acts[i]);
			break;
		}
	if (task->sort == &matter_sort && circles->sitting != NULL)
		add_signed(account, sitting_matter_of(circles->sitting, task->id));
	return STATUS_OK;
}

static void
free_account(struct account *account)
{
	free(account->rows);
	free(account->states);
	free(account->entries);
}

static enum status
read_account(struct service *service, const struct task_row *task,
    const struct case_history *history, struct account *out)
{
	struct case_key key;
	enum status rc;

	*out = (struct account){.self = service->config.code};
	out->rows = calloc(history->count + MORE_ENTRIES, sizeof(*out->rows));
	out->states = calloc(history->count + 1, sizeof(*out->states));
	out->entries = calloc(history->count + MORE_ENTRIES, sizeof(*out->entries));
	if (out->rows == NULL || out->states == NULL || out->entries == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < history->count; i++)
		if (moves(history, i))
			out->rows[out->count++] = history->rows[i];
	trace_states(out, task, history->stop);
	rc = case_file_key(service, task->case_n, &key);
	if (rc == STATUS_ERASED) {
		out->count = 0; /* nothing is owed any more */
		return STATUS_OK;
	}
	if (rc != STATUS_OK)
		return rc;
	rc = read_dates(service, task, out, &key);
	vault_forget(&key);
	return rc == STATUS_OK ? read_circle(service, task, out) : rc;
}

/* ---- What runs --------------------------------------------------------------------------- */

/* Whether a person of the recipient has opened what opened the task. */
static enum status
is_read(struct service *service, const struct task_row *task,
    const struct case_history *history, bool *out)
{
	struct evidence_row known;
	enum status rc;

	*out = true;
	if (history->count == 0)
		return STATUS_OK;
	if (task->side == TASK_SENDER) {
		*out = is_said(history, &history->rows[0], EVENT_READ);
		return STATUS_OK;
	}
	/* What has no place in the log is our own, though we lead no more. */
	if (!task->unread || history->rows[0].index == UINT64_MAX)
		return STATUS_OK;
	rc = outbox_store_evidence(service->db, history->rows[0].index, EVIDENCE_READ, &known);
	*out = rc == STATUS_OK;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
derive_of(struct service *service, const struct task_row *task,
    const struct case_history *history, struct account *account,
    struct deadline out[static DEADLINE_MAX], unsigned *count)
{
	struct deadline_task known = {
	    .sort = task->sort->name, .unread_ms = service->config.unread_seconds * 1000};
	enum status rc = read_account(service, task, history, account);

	*count = 0;
	if (rc == STATUS_OK)
		rc = is_read(service, task, history, &known.read);
	if (rc != STATUS_OK)
		return rc;
	known.urgency = account->urgency;
	known.entries = account->entries;
	known.count = account->count;
	known.owers = account->owers;
	known.ower_count = account->ower_count;
	*count = deadline_derive(&known, out);
	return STATUS_OK;
}

static enum status
derive(struct service *service, const struct task_row *task, const struct case_history *history,
    struct deadline out[static DEADLINE_MAX], unsigned *count)
{
	struct account account;
	enum status rc = derive_of(service, task, history, &account, out, count);

	free_account(&account);
	return rc;
}

enum status
deadlines_ower(struct service *service, const struct task_row *task, const char *what,
    char out[static PARTY_MAX + 1])
{
	struct case_history history = {0};
	struct deadline runs[DEADLINE_MAX];
	struct account account = {0};
	unsigned count = 0;
	enum status rc = STATUS_OK;

	memcpy(out, task->peer, sizeof(task->peer));
	if (task->sort->share != TASK_OF_ALL || task->side != TASK_SENDER)
		return STATUS_OK;
	if ((rc = case_file_history(service, task, &history)) == STATUS_OK)
		rc = derive_of(service, task, &history, &account, runs, &count);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++)
		if (strcmp(runs[i].rule.what, what) == 0 && runs[i].rule.settled[0] != '\0' &&
		    runs[i].ower < account.ower_count)
			memcpy(out, account.others[runs[i].ower].code, PARTY_MAX + 1);
	free_account(&account);
	case_file_history_free(&history);
	return rc;
}

static const struct deadline_row *
find(const struct deadline_row *rows, unsigned count, const char *what)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rows[i].what, what) == 0)
			return &rows[i];
	return NULL;
}

/* What runs no more, and what ends at another time now. */
static enum status
end_old(struct service *service, const struct task_row *task, const struct deadline_row *had,
    unsigned had_count, const struct deadline *runs, unsigned count)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < had_count; i++) {
		bool stays = false;

		for (unsigned j = 0; j < count; j++)
			stays = stays || (strcmp(runs[j].rule.what, had[i].what) == 0 &&
					     runs[j].due_ms == had[i].due_ms);
		if (stays)
			continue;
		rc = alarms_settle(service, task, had[i].what);
		if (rc == STATUS_OK)
			rc = climbs_over(service, task, &had[i]);
		if (rc == STATUS_OK)
			rc = deadline_store_remove(service->db, task->n, had[i].what);
	}
	return rc;
}

/* ROW has come as far as OLD; not to what it comes to later, or never, where it began later. */
static void
stay(struct service *service, const struct deadline_row *old, struct deadline_row *row)
{
	const uint64_t now_ms = service_time_ms(service);

	row->stage = old->stage;
	while (row->began_ms != old->began_ms && row->stage != DEADLINE_RUNNING) {
		const uint64_t at = deadline_store_instant(row, row->stage);

		if (at != 0 && at <= now_ms)
			break;
		row->stage = (enum deadline_stage)(row->stage - 1);
	}
	row->sure = old->sure < row->stage ? old->sure : row->stage;
}

enum status
deadlines_follow(
    struct service *service, const struct task_row *task, const struct case_history *history)
{
	struct deadline runs[DEADLINE_MAX];
	struct deadline_row had[DEADLINE_MAX];
	unsigned count, had_count;
	enum status rc = reach_store_set(service->db, task->n, reach_of(task, history));

	if (rc == STATUS_OK)
		rc = derive(service, task, history, runs, &count);
	if (rc == STATUS_OK)
		rc = deadline_store_of(service->db, task->n, had, &had_count);
	if (rc == STATUS_OK)
		rc = end_old(service, task, had, had_count, runs, count);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		const struct deadline_row *old = find(had, had_count, runs[i].rule.what);
		struct deadline_row row = {.task_n = task->n,
		    .began_ms = runs[i].began_ms,
		    .due_ms = runs[i].due_ms,
		    .reminder_ms = runs[i].reminder_ms,
		    .ours = (task->side &
				(runs[i].rule.senders ? TASK_SENDER : TASK_RECIPIENT)) != 0};

		snprintf(row.what, sizeof(row.what), "%s", runs[i].rule.what);
		memcpy(row.climbs_ms, runs[i].climbs_ms, sizeof(row.climbs_ms));
		if (old != NULL && old->due_ms == row.due_ms)
			stay(service, old, &row);
		rc = deadline_store_put(service->db, &row, old);
		if (rc == STATUS_OK && old != NULL && row.stage < old->stage)
			rc = alarms_settle(service, task, row.what);
		if (rc == STATUS_OK && task->circle_n > 0 && row.stage != DEADLINE_RUNNING)
			rc = alarms_follow(service, task, &row);
	}
	return rc == STATUS_OK ? climbs_follow(service, task) : rc;
}

/* ---- The clock --------------------------------------------------------------------------- */

static bool
has_come(const struct deadline_row *row, enum deadline_stage stage, uint64_t now_ms)
{
	uint64_t instant = deadline_store_instant(row, stage);

	return instant != 0 && instant <= now_ms;
}

/* ROW's next stage at NOW_MS: of those that were missed together, the last. */
static enum status
advance(struct service *service, struct deadline_row *row, uint64_t now_ms)
{
	unsigned stage = DEADLINE_STAGE_COUNT - 1;
	struct task_row task;
	enum status rc;

	while (stage > DEADLINE_REMINDED && !has_come(row, (enum deadline_stage)stage, now_ms))
		stage--;
	row->stage = (enum deadline_stage)stage;
	if (service->connected)
		row->sure = row->stage;
	if ((rc = deadline_store_put(service->db, row, NULL)) != STATUS_OK)
		return rc;
	if ((rc = case_store_task(service->db, row->task_n, &task)) != STATUS_OK)
		return rc;
	if ((rc = alarms_raise(service, &task, row)) != STATUS_OK)
		return rc;
	if ((rc = climbs_reached(service, &task, row)) != STATUS_OK)
		return rc;
	return work_follow(service, &task);
}

/* The broker's clock can be asked: what our own alone said is so, or not yet. */
static enum status
make_sure(struct service *service, struct deadline_row *row, uint64_t now_ms)
{
	bool right = has_come(row, row->stage, now_ms);
	struct task_row task;
	enum status rc;

	if (right)
		row->sure = row->stage;
	else
		row->stage = row->sure;
	rc = deadline_store_put(service->db, row, NULL);
	if (rc != STATUS_OK || right)
		return rc;
	rc = case_store_task(service->db, row->task_n, &task);
	if (rc == STATUS_OK)
		rc = alarms_take_back(service, &task, row);
	return rc == STATUS_OK ? work_follow(service, &task) : rc;
}

enum status
deadlines_own_clock(struct service *service, uint64_t task_n, const char *what, uint64_t due_ms,
    enum deadline_stage stage, bool *out)
{
	struct deadline_row rows[DEADLINE_MAX];
	const struct deadline_row *row;
	unsigned count;
	enum status rc = deadline_store_of(service->db, task_n, rows, &count);

	*out = false;
	if (rc != STATUS_OK || (row = find(rows, count, what)) == NULL)
		return rc;
	*out = row->due_ms == due_ms && row->sure < stage && row->stage >= stage &&
	       deadline_store_instant(row, stage) > service->log_ms;
	return STATUS_OK;
}

static enum status
next_step(struct service *service, uint64_t now_ms)
{
	struct deadline_row row;
	enum status rc = STATUS_NOT_FOUND;

	if (service->connected) {
		rc = deadline_store_unsure(service->db, &row);
		if (rc == STATUS_OK)
			return make_sure(service, &row, now_ms);
	}
	if (rc == STATUS_NOT_FOUND)
		rc = deadline_store_next(service->db, now_ms, &row);
	return rc == STATUS_OK ? advance(service, &row, now_ms) : rc;
}

static enum status
run_batch(struct service *service, uint64_t now_ms)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	for (unsigned i = 0; rc == STATUS_OK && i < BATCH; i++)
		rc = next_step(service, now_ms);
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (service_end(service, rc, "deadline") != STATUS_OK)
		return rc;
	return STATUS_OK;
}

/* After a failure of the database; a clock that went back does not prolong it. */
static bool
is_paused(const struct service *service)
{
	uint64_t until = service->deadlines_pause_ms;

	return service->now_ms < until && until - service->now_ms <= RETRY_MS;
}

/* STATUS_NOT_FOUND: nothing is to be done now. */
static enum status
is_due(struct service *service, uint64_t now_ms)
{
	struct deadline_row row;
	uint64_t next;
	enum status rc = deadline_store_next_ms(service->db, &next);

	if (rc != STATUS_OK || (next != 0 && next <= now_ms))
		return rc;
	return service->connected ? deadline_store_unsure(service->db, &row) : STATUS_NOT_FOUND;
}

bool
deadlines_run(struct service *service)
{
	uint64_t now_ms = service_time_ms(service);
	enum status rc;

	if (is_paused(service))
		return false;
	rc = is_due(service, now_ms);
	if (rc == STATUS_NOT_FOUND)
		return false;
	if (rc == STATUS_OK)
		rc = run_batch(service, now_ms);
	if (rc == STATUS_OK)
		return true;
	service->deadlines_pause_ms = service->now_ms + RETRY_MS;
	oplog(OPLOG_WARNING, "deadlines are run later: %s", status_name(rc));
	return false;
}

uint64_t
deadlines_next_ms(struct service *service)
{
	uint64_t now_ms = service_time_ms(service), next;

	if (is_paused(service))
		return service->deadlines_pause_ms;
	if (deadline_store_next_ms(service->db, &next) != STATUS_OK || next == 0)
		return 0;
	return service->now_ms + (next > now_ms ? next - now_ms : 0);
}
