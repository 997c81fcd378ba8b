/* services/runtime/acts/acts_steps.c: a task's history as the steps that people see. */
#include "services/runtime/acts/acts_steps.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/lang.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/request.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/outbox_store.h"

/* One step before it is JSON; a message gives up to three. */
struct step {
	uint64_t index; /* UINT64_MAX: none */
	unsigned order; /* among those of one index */
	uint64_t time_ms;
	const char *what, *by;
	const uint8_t *message;
	const char *detail;
	enum status status; /* told in words where DETAIL is empty */
	const char *remedy; /* where the status's own does not fit; or NULL */
	bool is_void;
	char role[EVIDENCE_ROLE_MAX + 1];
};

struct steps {
	struct service *service;
	const struct task_row *task;
	struct step *at;
	unsigned count;
};

static struct step *
add(struct steps *steps, uint64_t index, uint64_t time_ms, const char *what, const char *by,
    const uint8_t *message)
{
	struct step *step = &steps->at[steps->count];

	*step = (struct step){.index = index,
	    .order = steps->count,
	    .time_ms = time_ms,
	    .what = what,
	    .by = by,
	    .message = message,
	    .detail = ""};
	steps->count++;
	return step;
}

/* How far an own message has come. */
static enum status
add_own(struct steps *steps, const struct event_row *row)
{
	struct service *service = steps->service;
	struct outbox_row waiting;
	struct step *step;
	enum status rc;

	if (row->index != UINT64_MAX) {
		add(steps, row->index, row->time_ms, "sent", service->config.code,
		    row->message);
		return STATUS_OK;
	}
	if (row->dead)
		return STATUS_OK; /* its refusal is a row of its own */
	step =
	    add(steps, UINT64_MAX, row->time_ms, "queued", service->config.code, row->message);
	rc = outbox_store_of_event(service->db, row->n, &waiting);
	if (rc == STATUS_OK)
		step->status = waiting.refusal;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* What we signed about a message that came. */
static enum status
add_ours(struct steps *steps, const struct event_row *row, enum evidence_kind kind)
{
	struct service *service = steps->service;
	struct buffer bytes = {0}, proof = {0};
	struct evidence_row stored;
	struct evidence evidence;
	struct step *step;
	enum status rc = outbox_store_evidence(service->db, row->index, kind, &stored);

	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = outbox_store_evidence_bytes(service->db, stored.n, &bytes, &proof);
	if (rc == STATUS_OK)
		rc = evidence_parse(bytes_of_buffer(&bytes), &evidence);
	if (rc == STATUS_OK) {
		step = add(steps, stored.recorded == 0 ? UINT64_MAX : stored.recorded - 1,
		    evidence.time_ms, evidence_name(kind), service->config.code, row->message);
		if (!bytes_to_text(evidence.role, step->role, sizeof(step->role)))
			step->role[0] = '\0';
		step->status = stored.refusal;
	}
	buffer_free(&bytes);
	buffer_free(&proof);
	return rc;
}

static enum status
add_message(struct steps *steps, const struct event_row *row, bool is_void)
{
	const struct message_info *info = message_info(row->type);
	struct step *step = add(steps, row->index, row->time_ms, info == NULL ? "" : info->name,
	    acts_author(steps->service, steps->task, row), row->message);
	enum status rc;

	step->is_void = is_void || row->status == STATUS_NOT_PERMITTED;
	step->status = row->status;
	if (row->own)
		return add_own(steps, row);
	if ((rc = add_ours(steps, row, EVIDENCE_DELIVERED)) != STATUS_OK)
		return rc;
	return add_ours(steps, row, EVIDENCE_READ);
}

/* What to do about a message whose recipient has lost the key that it was sealed to. */
static const char *
remedy_of(enum message type)
{
	if (type == MESSAGE_REFERRAL_OFFER)
		return N_("the recipient has lost the key it was sealed to: refer again");
	if (type == MESSAGE_REFERRAL_RELEASE)
		return N_("it goes again by itself, once; after that release it yourself");
	return NULL;
}

static void
add_about(struct steps *steps, const struct event_row *row)
{
	bool by_peer = row->what == EVENT_DELIVERED || row->what == EVENT_READ ||
	               row->what == EVENT_UNREADABLE;
	bool ours = row->what == EVENT_WITHHELD || row->what == EVENT_TAKEN_BACK;
	const char *by = by_peer ? row->author[0] != '\0' ? row->author : steps->task->peer
	                 : ours  ? steps->service->config.code
	                         : "broker";
	struct step *step = add(steps, row->index, row->time_ms,
	    event_store_what_name(row->what), by, row->message);

	step->status = row->status;
	if (row->what == EVENT_UNREADABLE && row->status == STATUS_CANNOT_OPEN)
		step->remedy = remedy_of(row->type);
	memcpy(step->role, row->role, sizeof(step->role));
}

static int
in_log_order(const void *left, const void *right)
{
	const struct step *a = left, *b = right;

	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static json_t *
step_json(const struct step *step)
{
	struct buffer detail = {0};
	json_t *index =
	    step->index == UINT64_MAX ? json_null() : json_integer((json_int_t)step->index);
	const char *remedy = step->remedy != NULL ? step->remedy : status_remedy(step->status);
	json_t *one;

	if (step->role[0] != '\0')
		buffer_append_text(&detail, step->role);
	if (step->status != STATUS_OK)
		buffer_append_format(&detail, "%s: %s; %s", status_name(step->status),
		    status_meaning(step->status), remedy);
	buffer_append_byte(&detail, '\0');
	/* "role", "code" and "remedy" are what "detail" says, for other languages. */
	one = detail.failed
	          ? NULL
	          : json_pack("{s:o, s:o, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:b}", "index",
			index, "time", request_time(step->time_ms), "what", step->what, "by",
			step->by, "message", request_hex(step->message), "detail",
			(const char *)detail.data, "role", step->role, "code",
			step->status != STATUS_OK ? status_name(step->status) : "", "remedy",
			step->status != STATUS_OK ? remedy : "", "void", step->is_void);
	buffer_free(&detail);
	return one;
}

static enum status
to_json(const struct steps *steps, json_t **out)
{
	json_t *all = json_array();

	qsort(steps->at, steps->count, sizeof(steps->at[0]), in_log_order);
	for (unsigned i = 0; i < steps->count; i++)
		if (json_array_append_new(all, step_json(&steps->at[i])) != 0) {
			json_decref(all);
			return STATUS_NO_MEMORY;
		}
	*out = all;
	return STATUS_OK;
}

enum status
acts_steps_of(struct service *service, const struct task_row *task,
    const struct case_history *history, json_t **out)
{
	struct steps steps = {.service = service, .task = task};
	enum status rc = STATUS_OK;

	if ((steps.at = calloc(3 * history->count + 1, sizeof(*steps.at))) == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; rc == STATUS_OK && i < history->count; i++) {
		const struct event_row *row = &history->rows[i];

		if (row->what == EVENT_MESSAGE)
			rc = add_message(&steps, row, history->voids[i]);
		else
			add_about(&steps, row);
	}
	if (rc == STATUS_OK)
		rc = to_json(&steps, out);
	free(steps.at);
	return rc;
}
