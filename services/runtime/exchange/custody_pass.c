/* services/runtime/exchange/custody_pass.c: a custody statement goes on to whom we gave the child's data. */
#include "services/runtime/exchange/custody_pass.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/trust/profile.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/custody_forwarded.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/exchange/service.h"

/* What the passing on rests on, in both languages: the family may read it. */
#define PROVISION                                                                              \
	"VDAR 6. panta 1. punkta c) apakšpunkts; Bāriņtiesu likums"                         \
	" / GDPR 6(1)(c); Law on Orphan's Courts"
#define NECESSITY                                                                                   \
	"Ikvienai iestādei, kurai nodoti bērna dati, jāzina, kam ir aizgādības tiesības, lai" \
	" nerīkotos ar tās personas piekrišanu, kurai to vairs nav. / Every institution that"    \
	" was given the child's data has to know who has custody, so that it does not act on"       \
	" the consent of a person who has none."

/* ---- Who has it, and who is to get it ---------------------------------------------------- */

static enum status
note_known(struct service *service, const struct custody_row *row, const char *peer)
{
	struct custody_told_row told = {
	    .custody_n = row->n, .how = CUSTODY_TOLD_KNOWS, .time_ms = service->now_ms};
	struct custody_told_row is;
	uint64_t after = 0;
	enum status rc;

	memcpy(told.copy, row->copy, sizeof(told.copy));
	if (!bytes_to_text(bytes_of_text(peer), told.peer, sizeof(told.peer)))
		return STATUS_ARGUMENT;
	if ((rc = custody_store_tell(service->db, &told)) != STATUS_OK)
		return rc;
	/* It was put down, and came from there in the meantime. */
	while ((rc = custody_store_told_of(service->db, row->copy, after, &is)) == STATUS_OK) {
		after = is.n;
		if (is.n != told.n ||
		    (is.how != CUSTODY_TOLD_DUE && is.how != CUSTODY_TOLD_UNREACHABLE))
			continue;
		is.how = CUSTODY_TOLD_KNOWS;
		is.status = STATUS_OK;
		if ((rc = custody_store_set_told(service->db, &is)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
custody_pass_known(
    struct service *service, const struct task_row *task, const struct custody_row *row)
{
	struct custody_told_row told = {.how = CUSTODY_TOLD_TOLD,
	    .task_n = task->n,
	    .custody_n = row->n,
	    .time_ms = service->now_ms};
	enum status rc;

	if (row->via[0] != '\0') {
		if ((rc = note_known(service, row, row->origin)) != STATUS_OK)
			return rc;
		return note_known(service, row, row->via);
	}
	memcpy(told.copy, row->copy, sizeof(told.copy));
	memcpy(told.peer, task->peer, sizeof(told.peer));
	return custody_store_tell(service->db, &told);
}

/*
 * Whether a message of ours in TASK showed its peer something of the child. Words of explanation
 * alone (a decline) do not: whoever was refused is no participant for having asked.
 */
static enum status
gave_content(struct service *service, const struct task_row *task, bool *out)
{
	const category_set bare = CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_GROUND) |
	                          CATEGORY_BIT(CATEGORY_PROCEEDINGS);
	struct event_row *rows;
	size_t count = 0;
	enum status rc = event_store_load(service->db, task->n, &rows, &count);

	*out = false;
	for (size_t i = 0; rc == STATUS_OK && !*out && i < count; i++) {
		const struct message_info *type = message_info(rows[i].type);

		if (rows[i].what != EVENT_MESSAGE || !rows[i].own || rows[i].dead ||
		    type == NULL)
			continue;
		*out = task_opens(type->id) ? rows[i].with_content
		                            : (type->categories & ~bare) != 0;
	}
	free(rows);
	return rc;
}

enum status
custody_pass_missed(
    struct service *service, const struct task_row *task, const char *peer, enum status why)
{
	struct custody_told_row told = {
	    .how = CUSTODY_TOLD_UNREACHABLE, .status = why, .time_ms = service->now_ms};
	struct event_row event;
	struct custody_row row;
	enum status rc = event_store_offer(service->db, task->n, &event);

	if (rc == STATUS_OK)
		rc = custody_store_of_event(service->db, event.n, 0, &row);
	if (rc != STATUS_OK)
		return rc;
	told.custody_n = row.n;
	memcpy(told.copy, row.copy, sizeof(told.copy));
	if (!bytes_to_text(bytes_of_text(peer), told.peer, sizeof(told.peer)))
		return STATUS_ARGUMENT;
	return custody_store_tell(service->db, &told);
}

static enum status
put_down(struct service *service, const struct custody_row *row, const char *peer)
{
	struct custody_told_row told = {
	    .custody_n = row->n, .how = CUSTODY_TOLD_DUE, .time_ms = service->now_ms};

	memcpy(told.copy, row->copy, sizeof(told.copy));
	memcpy(told.peer, peer, sizeof(told.peer));
	service->custody_due = true;
	return custody_store_tell(service->db, &told);
}

enum status
custody_pass_holder(struct service *service, const struct ground_row *ground)
{
	struct custody_row row = {0};
	enum status rc;

	while ((rc = custody_store_of_case(service->db, ground->case_n, row.n, &row)) ==
	       STATUS_OK) {
		if (row.via[0] == '\0' || strcmp(ground->origin, row.origin) == 0 ||
		    strcmp(ground->origin, row.via) == 0)
			continue;
		if ((rc = put_down(service, &row, ground->origin)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
custody_pass_plan(struct service *service, const struct custody_row *row)
{
	struct task_filter filter = {.sides = TASK_SENDER | TASK_RECIPIENT,
	    .state = TASK_STATE_COUNT,
	    .case_n = row->case_n};
	struct task_row task;
	bool gave;
	enum status rc;

	if (row->via[0] == '\0')
		return STATUS_OK;
	while ((rc = case_store_next_of(service->db, &filter, &task)) == STATUS_OK) {
		filter.before = task.n;
		if (strcmp(task.purpose, CUSTODY_PURPOSE) == 0 ||
		    strcmp(task.peer, row->origin) == 0 || strcmp(task.peer, row->via) == 0)
			continue;
		if ((rc = gave_content(service, &task, &gave)) != STATUS_OK)
			return rc;
		if (gave && (rc = put_down(service, row, task.peer)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Making the message ------------------------------------------------------------------ */

/* One passing on. */
struct passing {
	struct service *service;
	struct custody_told_row told;
	struct custody_row row;
	struct case_key key; /* of the case in which it is told */
	struct event_row event;
	struct buffer statement; /* forwarded_encode() */
	struct content source;   /* what the event says: the statement, or what holds it */
	struct content content;  /* what goes */
	struct task_row task;
	struct ground_row ground;
};

/* The statement as we have it, with what proves it, of which the peer may have what it may. */
static enum status
encode(struct passing *p, category_set allowed)
{
	struct buffer leaf = {0}, note = {0};
	struct frame_proven proven = {.index = p->event.index};
	struct custody_statement held = {0};
	enum status rc;

	if (p->source.type->id == MESSAGE_NOTICE_CUSTODY) {
		rc = event_store_proven(
		    p->service->db, p->event.index, &leaf, &proven.path, &note);
		proven.leaf = bytes_of_buffer(&leaf);
		proven.checkpoint = bytes_of_buffer(&note);
		held.content = &p->source;
	} else {
		rc = custody_forwarded_read(&p->source, &held, &proven);
	}
	if (rc == STATUS_OK)
		forwarded_encode(&proven, held.content, allowed, 0, &p->statement);
	custody_free(&held);
	buffer_free(&leaf);
	buffer_free(&note);
	return rc == STATUS_OK && p->statement.failed ? STATUS_NO_MEMORY : rc;
}

static enum status
copy_text(struct passing *p, enum field field)
{
	struct bytes text;

	return content_text(&p->source, field, &text)
	           ? content_set_text(&p->content, field, text)
	           : STATUS_OK;
}

static enum status
fill(struct passing *p)
{
	static const enum field copied[] = {
	    FIELD_URGENCY, FIELD_MUNICIPALITY, FIELD_AGE_BAND, FIELD_PURPOSE};
	enum status rc = content_start(MESSAGE_NOTICE_FORWARDED, &p->content);

	for (size_t i = 0; rc == STATUS_OK && i < sizeof(copied) / sizeof(copied[0]); i++)
		rc = copy_text(p, copied[i]);
	return rc == STATUS_OK
	           ? forwarded_set(&p->content, FIELD_STATEMENT, bytes_of_buffer(&p->statement))
	           : rc;
}

/* A decision of law of its own, for this one recipient and this one purpose. */
static enum status
open_ground(struct passing *p, struct departure *departure)
{
	const bool confirmed = provisions_is_confirmed(p->service, CUSTODY_PURPOSE);
	const struct ground_cause cause = {.role = ""};
	json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:[s], s:[s, s, s], s:[s]}",
	    "ground", CUSTODY_PURPOSE, "provision", PROVISION, "necessity", NECESSITY,
	    "decided_by", p->service->config.code, "family_told", "later", "recipients",
	    p->told.peer, "categories", "identity", "custody", "proceedings", "purposes",
	    CUSTODY_PURPOSE);
	enum status rc;

	if (body == NULL)
		return STATUS_NO_MEMORY;
	if (!confirmed && json_object_set_new(body, "unconfirmed", json_true()) != 0) {
		json_decref(body);
		return STATUS_NO_MEMORY;
	}
	p->ground = (struct ground_row){.case_n = p->row.case_n, .basis = BASIS_LAW};
	rc = grounds_open(
	    p->service, departure, &p->key, &p->ground, body, CONSENT_EVENT_DECIDE, &cause);
	json_decref(body);
	return rc;
}

static enum status
add_task(struct passing *p)
{
	struct task_row *task = &p->task;
	enum status rc;

	*task = (struct task_row){.case_n = p->row.case_n,
	    .sort = task_sort_of(MESSAGE_NOTICE_FORWARDED),
	    .side = TASK_SENDER,
	    .basis = BASIS_LAW,
	    .purpose = CUSTODY_PURPOSE,
	    .time_ms = p->service->now_ms};
	suite_new_id(p->service->now_ms, task->id);
	suite_random(task->token, sizeof(task->token));
	memcpy(task->peer, p->told.peer, sizeof(task->peer));
	task->ground_n = p->ground.n;
	rc = grounds_reference(p->service, &p->ground, task->peer, task->reference);
	if (rc == STATUS_OK)
		rc = case_store_next_task(p->service->db, &task->n);
	return rc == STATUS_OK ? case_store_add_task(p->service->db, task) : rc;
}

static enum status
load(struct passing *p)
{
	struct task_row of;
	struct case_key key;
	enum status rc = custody_store_get(p->service->db, p->told.custody_n, &p->row);

	if (rc == STATUS_OK)
		rc = event_store_get(p->service->db, p->row.event_n, &p->event);
	if (rc == STATUS_OK)
		rc = case_store_task(p->service->db, p->event.task_n, &of);
	/* It may stand in another case of the child. */
	if (rc == STATUS_OK)
		rc = case_file_key(p->service, of.case_n, &key);
	if (rc == STATUS_OK) {
		rc = case_file_content(p->service, &key, &p->event, &p->source);
		vault_forget(&key);
	}
	return rc == STATUS_OK ? case_file_key(p->service, p->row.case_n, &p->key) : rc;
}

static enum status
send(struct passing *p, struct departure *departure)
{
	const struct party *peer = service_peer(p->service, p->told.peer);
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	if (peer == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((rc = load(p)) != STATUS_OK)
		return rc;
	if (p->event.index == UINT64_MAX)
		return STATUS_AGAIN; /* ours, without its receipt: nothing proves it yet */
	/* What the statement itself rests on is the orphan's court's to tell. */
	rc = encode(
	    p, profile_allows(CUSTODY_PURPOSE, peer->kind) & ~CATEGORY_BIT(CATEGORY_GROUND));
	if (rc == STATUS_OK)
		rc = fill(p);
	if (rc == STATUS_OK)
		rc = open_ground(p, departure);
	if (rc == STATUS_OK)
		rc = add_task(p);
	if (rc == STATUS_OK)
		rc = dispatch_act(
		    p->service, departure, &p->task, &p->key, &p->content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(p->service, &p->task, "queued");
	return rc;
}

/* ---- One after the other ----------------------------------------------------------------- */

/* Nobody can be reached by us now, whoever it is. */
static bool
is_ours(enum status rc)
{
	return rc == STATUS_STALE_DIRECTORY || rc == STATUS_FORKED_LOG ||
	       rc == STATUS_UNKNOWN_KEY || rc == STATUS_DATABASE || rc == STATUS_NO_SPACE ||
	       rc == STATUS_NO_MEMORY || rc == STATUS_INTERNAL;
}

static enum status
pass_one(struct service *service, const struct custody_told_row *told)
{
	struct passing p = {.service = service, .told = *told};
	struct departure departure = {0};
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = send(&p, &departure);
	p.told.task_n = p.task.n;
	p.told.how = CUSTODY_TOLD_TOLD;
	p.told.status = STATUS_OK;
	p.told.time_ms = service->now_ms;
	if (rc == STATUS_OK)
		rc = custody_store_set_told(service->db, &p.told);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	content_free(&p.source);
	content_free(&p.content);
	buffer_free(&p.statement);
	vault_forget(&p.key);
	return service_end(service, rc, "act");
}

static enum status
note_unreachable(struct service *service, const struct custody_told_row *told, enum status why)
{
	struct custody_told_row row = *told;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	row.how = CUSTODY_TOLD_UNREACHABLE;
	row.status = why;
	row.time_ms = service->now_ms;
	rc = custody_store_set_told(service->db, &row);
	return service_end(service, rc, "act");
}

bool
custody_pass_run(struct service *service)
{
	const uint64_t by =
	    service->now_ms > CUSTODY_AGAIN_MS ? service->now_ms - CUSTODY_AGAIN_MS : 0;
	struct custody_told_row told = {0};
	bool sent = false;
	enum status rc;

	if (!service->custody_due || service_may_seal(service) != STATUS_OK)
		return false;
	while ((rc = custody_store_due(service->db, told.n, by, &told)) == STATUS_OK) {
		rc = pass_one(service, &told);
		sent = sent || rc == STATUS_OK;
		if (rc == STATUS_OK)
			continue;
		oplog(OPLOG_WARNING, "a custody statement is not passed on now: %s",
		    status_name(rc));
		if (is_ours(rc) || note_unreachable(service, &told, rc) != STATUS_OK)
			break;
	}
	service->custody_due = rc != STATUS_NOT_FOUND;
	return sent;
}
