/* services/runtime/acts/acts_refer_send.c: a request's case, tasks and messages, in one transaction. */
#include "services/runtime/acts/acts_refer_inside.h"

#include <string.h>

#include "services/runtime/exchange/dispatch.h"

static enum status
add_task(struct service *service, struct opening *r, unsigned i, const struct content *offer)
{
	struct task_row *task = &r->tasks[i];
	enum status rc;

	*task = (struct task_row){.case_n = r->file.n,
	    .sort = r->sort,
	    .side = TASK_SENDER,
	    .time_ms = service->now_ms};
	suite_new_id(service->now_ms, task->id);
	suite_random(task->token, sizeof(task->token));
	memcpy(task->peer, r->to[i]->code, sizeof(task->peer));
	acts_refer_offer_purpose(offer, task->purpose);
	if ((rc = acts_ground_cite(service, &r->ground, task)) != STATUS_OK)
		return rc;
	if ((rc = case_store_next_task(service->db, &task->n)) != STATUS_OK)
		return rc;
	return case_store_add_task(service->db, task);
}

/* In the institution's own access log. */
static const char *
doing(enum message type)
{
	return type == MESSAGE_REFERRAL_OFFER        ? "refer"
	       : type == MESSAGE_INFORMATION_REQUEST ? "request"
	       : type == MESSAGE_DISAGREEMENT_RAISE  ? "disagree"
	                                             : "notice";
}

static enum status
send_one(struct service *service, struct opening *r, unsigned i, const struct case_key *key,
    struct departure *departure, json_t *tasks)
{
	struct content offer = {0};
	json_t *said = NULL;
	category_set covered;
	enum status rc = acts_refer_offer(service, r, &offer);

	if (rc != STATUS_OK)
		goto out;
	if ((rc = acts_refer_offer_check(service, r, i, &covered)) != STATUS_OK)
		goto out;
	rc = acts_attach_claim(service, &offer, &r->place);
	if (rc == STATUS_OK && (rc = add_task(service, r, i, &offer)) == STATUS_OK)
		rc = dispatch_act(
		    service, departure, &r->tasks[i], key, &offer, r->life_ms, r->messages[i]);
	if (rc == STATUS_OK)
		rc = acts_record(service, r->actor, &r->tasks[i], doing(r->type));
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &r->tasks[i], "queued");
	if (rc == STATUS_OK &&
	    (said = acts_refer_offer_goes(service, r->to[i], covered, &offer)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK &&
	    (json_object_set_new(said, "task", request_hex(r->tasks[i].id)) != 0 ||
		json_object_set_new(said, "message", request_hex(r->messages[i])) != 0 ||
		json_object_set_new(
		    said, "state", json_string(task_state_name(r->tasks[i].state))) != 0 ||
		json_array_append(tasks, said) != 0))
		rc = STATUS_NO_MEMORY;
	if (rc != STATUS_OK)
		request_refuse(r->refusal, rc, "to", "this concerns %s", r->to[i]->code);
out:
	json_decref(said);
	content_free(&offer);
	return rc;
}

/* The old notice is told which one took its place, in the same transaction. */
static enum status
supersede(struct service *service, struct opening *r, const struct case_key *key,
    struct departure *departure)
{
	struct content content = {0};
	uint8_t id[SUITE_ID_LEN];
	enum status rc = content_start(MESSAGE_NOTICE_SUPERSEDE, &content);

	if (rc == STATUS_OK)
		rc = content_set_id(&content, FIELD_OTHER_TASK, r->tasks[0].id);
	if (rc == STATUS_OK)
		rc = dispatch_act(
		    service, departure, &r->old, key, &content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &r->old, content.type->name);
	content_free(&content);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "the step was not taken");
}

/* A correction belongs to the case of what it corrects; all else opens one, or joins one. */
static enum status
open_case(struct service *service, struct opening *r, struct case_key *key)
{
	enum status rc;

	if (!r->corrects && !r->joins)
		return case_file_create(service, r->file_number, &r->file, key);
	if (r->joins)
		return case_file_key(service, r->file.n, key);
	rc = case_store_get(service->db, r->old.case_n, &r->file);
	return rc == STATUS_OK ? case_file_key(service, r->file.n, key) : rc;
}

enum status
acts_refer_open_case(struct service *service, struct opening *r, struct case_key *key)
{
	enum status rc = open_case(service, r, key);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "storing the case");
	/* Whoever corrects knows the case already. */
	if (r->joins)
		rc = knowing_take(service, r->actor, r->file.n);
	else if (!r->corrects)
		rc = knowing_give(
		    service, r->actor, r->file.n, r->actor->person, GRANT_AUTHOR, NULL, NULL);
	if (rc == STATUS_OK)
		return rc;
	vault_forget(key);
	return acts_fail(r->refusal, rc, "storing the case");
}

static enum status
send_all(struct service *service, struct opening *r, json_t *tasks)
{
	struct departure departure = {0};
	struct case_key key;
	enum status rc = acts_refer_open_case(service, r, &key);

	if (rc != STATUS_OK)
		return rc;
	if ((rc = acts_ground_open(
		 service, r->actor, &departure, &key, r->file.n, &r->ground)) != STATUS_OK)
		acts_fail(r->refusal, rc, "recording the ground");
	r->place = (struct acts_attach_place){r->file.n, &key};
	for (unsigned i = 0; rc == STATUS_OK && i < r->count; i++)
		rc = send_one(service, r, i, &key, &departure, tasks);
	if (rc == STATUS_OK && r->missed_count > 0 &&
	    (rc = acts_refer_custody_missed(service, r)) != STATUS_OK)
		acts_fail(r->refusal, rc, "noting whom it did not reach");
	if (rc == STATUS_OK && r->corrects)
		rc = supersede(service, r, &key, &departure);
	if (rc == STATUS_OK && (rc = departure_sign(service, &departure)) != STATUS_OK)
		acts_fail(r->refusal, rc, "signing");
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

enum status
acts_refer_send(struct service *service, struct opening *r, json_t **answer)
{
	json_t *tasks = json_array(), *whole = NULL;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK) {
		json_decref(tasks);
		return acts_fail(r->refusal, rc, "storing the case");
	}
	rc = send_all(service, r, tasks);
	if (rc == STATUS_OK) {
		whole = json_pack("{s:o, s:o, s:O, s:b, s:O}", "case", request_hex(r->file.id),
		    "record", request_hex(r->ground.row.id), "tasks", tasks, "connected",
		    service->connected, "notes", r->notes);
		if (whole == NULL)
			rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the answer");
	}
	json_decref(tasks);
	if (service_end(service, rc, "act") != STATUS_OK)
		return rc;
	*answer = whole;
	return STATUS_OK;
}
