/* services/runtime/acts/acts_refer_share.c: what a request opens with several institutions at once. */
#include "services/runtime/acts/acts_refer_inside.h"

#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/dispatch.h"

enum status
acts_refer_cover(struct service *service, struct opening *r)
{
	struct refusal first = {.status = STATUS_OK};
	unsigned covered = 0;

	for (unsigned i = 0; i < r->count; i++) {
		enum status rc = acts_refer_offer_check(service, r, i, &r->covered[i]);

		if (rc == STATUS_OK) {
			covered++;
			continue;
		}
		if (!dispatch_lacks_ground(rc))
			return rc;
		/* It learns the act alone, and from whom to ask more. */
		r->covered[i] = CATEGORY_BIT(CATEGORY_ACT);
		if (first.status == STATUS_OK)
			first = *r->refusal;
	}
	if (covered > 0)
		return STATUS_OK;
	*r->refusal = first;
	return first.status;
}

json_t *
acts_refer_share_goes(
    struct service *service, const struct opening *r, const struct content *offer)
{
	json_t *members = json_array();

	for (unsigned i = 0; i < r->count; i++)
		if (json_array_append_new(members,
			acts_refer_offer_goes(service, r->to[i], r->covered[i], offer)) != 0) {
			json_decref(members);
			return NULL;
		}
	return members;
}

static enum status
add_task(struct service *service, struct opening *r, const struct content *offer)
{
	struct task_row *task = &r->tasks[0];
	enum status rc;

	*task = (struct task_row){.case_n = r->file.n,
	    .sort = r->sort,
	    .side = TASK_SENDER,
	    .basis = r->ground.row.basis,
	    .ground_n = r->ground.row.n,
	    .time_ms = service->now_ms};
	circles_name_frame(task);
	memcpy(task->peer, r->to[0]->code, sizeof(task->peer));
	acts_refer_offer_purpose(offer, task->purpose);
	if ((rc = case_store_next_task(service->db, &task->n)) != STATUS_OK)
		return rc;
	return case_store_add_task(service->db, task);
}

static enum status
send(struct service *service, struct opening *r, struct content *offer)
{
	struct departure departure = {0};
	struct case_key key;
	enum status rc = acts_refer_open_case(service, r, &key);

	if (rc != STATUS_OK)
		return rc;
	r->place = (struct acts_attach_place){r->file.n, &key};
	rc = acts_ground_open(service, r->actor, &departure, &key, r->file.n, &r->ground);
	if (rc == STATUS_OK && (rc = acts_refer_offer(service, r, offer)) != STATUS_OK)
		goto out; /* it has said why */
	if (rc == STATUS_OK)
		rc = acts_attach_claim(service, offer, &r->place);
	if (rc == STATUS_OK)
		rc = add_task(service, r, offer);
	if (rc == STATUS_OK)
		rc = dispatch_act(
		    service, &departure, &r->tasks[0], &key, offer, r->life_ms, r->messages[0]);
	if (rc == STATUS_OK)
		rc = acts_record(service, r->actor, &r->tasks[0], "coordinate");
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &r->tasks[0], "queued");
	if (rc != STATUS_OK)
		acts_fail(r->refusal, rc, "the case was not opened");
out:
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

enum status
acts_refer_share(struct service *service, struct opening *r, json_t **answer)
{
	struct content offer = {0};
	json_t *said = NULL;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(r->refusal, rc, "storing the case");
	rc = send(service, r, &offer);
	if (rc == STATUS_OK) {
		said = json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:O}", "case",
		    request_hex(r->file.id), "record", request_hex(r->ground.row.id), "circle",
		    request_hex(r->tasks[0].id), "message", request_hex(r->messages[0]),
		    "state", task_state_name(r->tasks[0].state), "members",
		    acts_refer_share_goes(service, r, &offer), "connected", service->connected,
		    "notes", r->notes);
		if (said == NULL)
			rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the answer");
	}
	content_free(&offer);
	if (service_end(service, rc, "act") != STATUS_OK) {
		json_decref(said);
		return rc;
	}
	*answer = said;
	return STATUS_OK;
}
