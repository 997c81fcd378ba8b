/* services/runtime/acts/acts_alarms.c: the alarms that reach a person, and that somebody saw one. */
#include "services/runtime/acts/acts_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/people/access.h"
#include "services/runtime/people/knowing.h"

#define ALARM_DIGITS  18
#define KNOWN_AT_ONCE 128

/* What an alarm is of: a task, or a record of a ground. */
struct about {
	struct task_row task;
	struct ground_row ground;
};

/* Whoever leads knows of every alarm; others of those on cases that they may know. */
static enum status
may_see(struct service *service, const struct actor *actor, const struct alarm_row *alarm,
    struct about *about)
{
	bool mailbox = false, shown = true;
	enum status rc = alarm->ground_n != 0
	                     ? ground_store_get(service->db, alarm->ground_n, &about->ground)
	                     : case_store_task(service->db, alarm->task_n, &about->task);

	if (rc == STATUS_OK)
		rc = knowing_sees_mailbox(service, actor, &mailbox);
	if (rc != STATUS_OK)
		return rc;
	if (!alarms_reach(alarm, actor->role, mailbox))
		return STATUS_NOT_FOUND;
	if (alarm->ground_n == 0 &&
	    (rc = climbs_told_is_shown(service, &about->task, &shown)) != STATUS_OK)
		return rc;
	if (!shown)
		return STATUS_NOT_FOUND;
	if (knowing_leads(actor->role))
		return STATUS_OK;
	return acts_knows(service, actor, ACTS_TO_OPEN, alarm->case_n);
}

static json_t *
words(const char *text)
{
	json_t *all = json_array();

	while (*text != '\0') {
		size_t len = strcspn(text, ";");

		if (json_array_append_new(all, json_stringn(text, len)) != 0) {
			json_decref(all);
			return NULL;
		}
		text += len + (text[len] == ';');
	}
	return all;
}

static json_t *
time_or_null(uint64_t ms)
{
	return ms == 0 ? json_null() : request_time(ms);
}

static json_t *
about_json(const struct alarm_row *alarm, const struct about *about)
{
	const struct task_row *task = &about->task;

	if (alarm->ground_n != 0)
		return json_pack("{s:n, s:o, s:n, s:n, s:s}", "task", "record",
		    request_hex(about->ground.id), "box", "peer", "state",
		    consent_state_name(about->ground.state));
	return json_pack("{s:o, s:n, s:s, s:s, s:s}", "task", request_hex(task->id), "record",
	    "box", task->side == TASK_SENDER ? "out" : "in", "peer", task->peer, "state",
	    task_state_name(task->state));
}

/* How long it was overdue when it was settled, or is by now. */
static json_t *
late_minutes(struct service *service, const struct alarm_row *alarm)
{
	uint64_t until = alarm->settled_ms != 0 ? alarm->settled_ms : service_time_ms(service);

	return json_integer(
	    until > alarm->due_ms ? (json_int_t)((until - alarm->due_ms) / 60000) : 0);
}

/* Codes and times alone: an alarm is loud, and may be read over a shoulder. */
static enum status
alarm_json(struct service *service, const struct alarm_row *alarm, const struct about *about,
    json_t **out)
{
	json_t *rest;
	struct case_row file;
	char id[ALARM_DIGITS + 3];
	bool own_clock = false;
	enum status rc = case_store_get(service->db, alarm->case_n, &file);

	if (rc == STATUS_OK && alarm->ground_n == 0 && alarm->settled_ms == 0)
		rc = deadlines_own_clock(service, alarm->task_n, alarm->what, alarm->due_ms,
		    alarm->stage, &own_clock);
	if (rc != STATUS_OK)
		return rc;
	snprintf(id, sizeof(id), "%" PRIu64, alarm->n);
	*out = about_json(alarm, about);
	rest = json_pack("{s:s, s:o, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "alarm", id, "case", request_hex(file.id), "what", alarm->what, "stage",
	    deadline_stage_name(alarm->stage), "clock", alarm->ours ? "ours" : "theirs",
	    "own_clock", own_clock, "due", request_time(alarm->due_ms), "late_minutes",
	    late_minutes(service, alarm), "time", request_time(alarm->time_ms), "to",
	    words(alarm->reaches), "settled", time_or_null(alarm->settled_ms), "seen",
	    time_or_null(alarm->seen_ms), "seen_by",
	    alarm->seen_ms == 0 ? json_null() : json_string(alarm->seen_role));
	if (*out == NULL || rest == NULL || json_object_update(*out, rest) != 0) {
		json_decref(*out);
		*out = NULL;
	}
	json_decref(rest);
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* Adds ALARM where this person may see it; what fits without room is for the next page. */
static enum status
take_alarm(struct service *service, const struct actor *actor, const struct alarm_row *alarm,
    struct acts_page *page)
{
	struct about about = {0};
	json_t *item;
	enum status rc = may_see(service, actor, alarm, &about);

	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	if (json_array_size(page->items) == page->limit) {
		page->more = true;
		return STATUS_OK;
	}
	if ((rc = alarm_json(service, alarm, &about, &item)) != STATUS_OK)
		return rc;
	page->last = alarm->n;
	return json_array_append_new(page->items, item) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Where a page reads: the next alarms that the store gave, of a person or of everybody. */
struct known_alarms {
	struct knowing_filter filter;
	bool open, all;
	uint64_t n[KNOWN_AT_ONCE];
	unsigned at, count;
};

/*
 * The newest below the filter's BEFORE. Who leads sees all; for others what they may know leads,
 * so that neither where a page ends nor how long it takes tells of what others have.
 */
static enum status
next_alarm(struct service *service, struct known_alarms *known, struct alarm_row *out)
{
	enum status rc = STATUS_OK;

	if (known->all)
		return alarm_store_before(service->db, known->open, known->filter.before, out);
	if (known->at == known->count) {
		known->at = 0;
		rc = alarm_store_known(service->db, &known->filter, known->open, KNOWN_AT_ONCE,
		    known->n, &known->count);
	}
	if (rc == STATUS_OK && known->at == known->count)
		return STATUS_NOT_FOUND;
	return rc == STATUS_OK ? alarm_store_get(service->db, known->n[known->at++], out) : rc;
}

static enum status
collect(struct service *service, const struct actor *actor, struct known_alarms *known,
    struct acts_page *page)
{
	struct alarm_row alarm;
	enum status rc;

	while ((rc = next_alarm(service, known, &alarm)) == STATUS_OK) {
		if (page->looked_at++ == ACTS_FILTER_ROWS_MAX) {
			if (json_array_size(page->items) < page->limit)
				page->last = known->filter.before;
			page->more = page->partial = true;
			return STATUS_OK;
		}
		rc = take_alarm(service, actor, &alarm, page);
		if (rc != STATUS_OK || page->more)
			return rc;
		known->filter.before = alarm.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* In one look: one state of the database. */
static enum status
list_alarms(struct service *service, const struct actor *actor, bool open, uint64_t before,
    struct acts_page *page)
{
	struct known_alarms known = {
	    .filter = {.person = actor->person, .now_ms = service->now_ms, .before = before},
	    .open = open,
	    .all = knowing_leads(actor->role)};
	enum status rc = database_look_begin(service->db);

	if (rc != STATUS_OK)
		return rc;
	rc = knowing_sees_mailbox(service, actor, &known.filter.mailbox);
	if (rc == STATUS_OK)
		rc = collect(service, actor, &known, page);
	database_look_end(service->db);
	return rc;
}

enum status
acts_alarms(struct service *service, const struct actor *actor, const char *open,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = limit};
	uint64_t before;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if (open != NULL && strcmp(open, "1") != 0)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "open", "open is 1, or is left out");
	if ((rc = acts_filter_cursor(after, 'a', &before, refusal)) != STATUS_OK)
		return rc;
	page.items = json_array();
	rc = list_alarms(service, actor, open != NULL, before, &page);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'a', answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the alarms");
}

/* ---- Seen -------------------------------------------------------------------------------- */

static bool
read_number(const char *text, uint64_t *out)
{
	size_t len = strlen(text);

	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || i == ALARM_DIGITS)
			return false;
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	}
	return *out != 0;
}

/* In the open transaction: who it was stands in the access log. */
static enum status
note_seen(struct service *service, const struct actor *actor, const struct alarm_row *alarm,
    const struct about *about)
{
	struct case_row file;
	enum status rc =
	    access_record(service, actor, alarm->case_n, alarm->task_n, "alarm_seen");

	if (rc == STATUS_OK)
		rc = alarm_store_seen(
		    service->db, alarm->n, service_role_name(actor->role), service->now_ms);
	if (rc == STATUS_OK)
		rc = case_store_get(service->db, alarm->case_n, &file);
	if (rc == STATUS_OK && alarm->ground_n != 0)
		service_note_record(service, file.id, about->ground.id, "alarm_seen");
	else if (rc == STATUS_OK)
		service_note_change(
		    service, about->task.id, "alarm_seen", task_state_name(about->task.state));
	return rc;
}

enum status
acts_alarm_seen(struct service *service, const struct actor *actor, const char *alarm_id,
    json_t **answer, struct refusal *refusal)
{
	struct alarm_row alarm;
	struct about about = {0};
	uint64_t n;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	rc = read_number(alarm_id, &n) ? alarm_store_get(service->db, n, &alarm)
	                               : STATUS_NOT_FOUND;
	if (rc == STATUS_OK)
		rc = may_see(service, actor, &alarm, &about);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "alarm", "there is no such alarm here");
	if (rc == STATUS_OK && (rc = service_begin(service)) == STATUS_OK) {
		rc = note_seen(service, actor, &alarm, &about);
		if (rc == STATUS_OK)
			rc = alarm_store_get(service->db, n, &alarm);
		if (rc == STATUS_OK)
			rc = alarm_json(service, &alarm, &about, answer);
		rc = service_end(service, rc, "alarm");
	}
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "noting that you saw it");
}
