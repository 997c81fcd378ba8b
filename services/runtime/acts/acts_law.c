/* services/runtime/acts/acts_law.c: decisions to share by law, or not to share, recorded by people. */
#include "services/runtime/acts/acts_law.h"

#include <string.h>

#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/acts/acts_ground.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/task/calendar.h"

#define TEXT_MAX 2000

/* One request as it is carried out. */
struct deciding {
	struct service *service;
	const struct actor *actor;
	const json_t *request;
	struct refusal *refusal;
	struct case_row file;
	struct ground_row row;
	bool shares;
	json_t *body, *notes;
};

/* ---- The request ------------------------------------------------------------------------- */

static enum status
read_decision(struct deciding *d)
{
	const json_t *named = json_object_get(d->request, "decision");
	const char *decision = json_is_string(named) ? json_string_value(named) : "";

	d->shares = named == NULL || strcmp(decision, "share") == 0;
	return d->shares || strcmp(decision, "not_share") == 0
	           ? STATUS_OK
	           : request_refuse(d->refusal, STATUS_ARGUMENT, "decision",
			 "decision is share or not_share");
}

static enum status
check_scope(const struct deciding *d)
{
	static const char *const names[] = {"recipients", "categories", "purposes"};

	/* What is not shared is not shared for any purpose, unless some are named. */
	for (size_t i = 0; i < (d->shares ? 3 : 2); i++)
		if (json_array_size(json_object_get(d->body, names[i])) == 0)
			return request_refuse(
			    d->refusal, STATUS_ARGUMENT, names[i], "%s is missing", names[i]);
	return STATUS_OK;
}

static enum status
check_until(const struct deciding *d)
{
	const char *until = json_string_value(json_object_get(d->body, "until"));
	calendar_day day;

	if (until == NULL || (calendar_date(bytes_of_text(until), &day) &&
				 day >= calendar_day_at(d->service->now_ms)))
		return STATUS_OK;
	return request_refuse(
	    d->refusal, STATUS_ARGUMENT, "until", "until is the last day, and not over");
}

/* Before anything is sealed: what the institution has not confirmed, it does not rest on. */
static enum status
check_confirmed(const struct deciding *d)
{
	const char *code = json_string_value(json_object_get(d->body, "ground"));

	if (provisions_goes_unconfirmed(code) || provisions_is_confirmed(d->service, code))
		return STATUS_OK;
	return request_refuse(d->refusal, STATUS_UNCONFIRMED, "ground",
	    "this institution has not confirmed the provision; an administrator does, by: "
	    "saikne provisions confirm");
}

/* Why it is not shared stands where a decision to share says its necessity. */
static enum status
read_not_sharing(struct deciding *d)
{
	const char *text;
	enum status rc = acts_casebook_text(d->request, "text", TEXT_MAX, &text, d->refusal);

	if (rc != STATUS_OK)
		return rc;
	if (text[0] == '\0')
		return request_refuse(
		    d->refusal, STATUS_ARGUMENT, "text", "%s is missing", "text");
	return json_object_set_new(d->body, "text", json_string(text)) == 0
	           ? STATUS_OK
	           : acts_fail(d->refusal, STATUS_NO_MEMORY, "reading the request");
}

static enum status
read_request(struct deciding *d)
{
	static const char *const law[] = {"decision", "ground", "provision", "necessity",
	    "decided_by", "family_told", "family_text", NULL};
	static const char *const not_shared[] = {
	    "decision", "ground", "decided_by", "family_told", "family_text", "text", NULL};
	enum status rc;

	if ((rc = request_is_object(d->request, d->refusal)) != STATUS_OK ||
	    (rc = read_decision(d)) != STATUS_OK ||
	    (rc = acts_ground_law(d->service, d->actor, d->request, d->shares, &d->body,
		 d->refusal)) != STATUS_OK ||
	    (rc = acts_consent_take(d->service, d->request, d->shares ? law : not_shared,
		 ACTS_CONSENT_SCOPE, d->body, d->refusal)) != STATUS_OK ||
	    (rc = check_scope(d)) != STATUS_OK || (rc = check_until(d)) != STATUS_OK)
		return rc;
	return d->shares ? check_confirmed(d) : read_not_sharing(d);
}

/* ---- In the open transaction ------------------------------------------------------------- */

static enum status
store(struct deciding *d)
{
	const struct ground_cause cause = {
	    .person = d->actor->person, .role = service_role_name(d->actor->role)};
	struct departure departure = {0};
	struct case_key key;
	enum status rc = case_file_key(d->service, d->file.n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_ERASED : rc;
	d->row = (struct ground_row){.case_n = d->file.n, .basis = BASIS_LAW};
	if (d->shares)
		rc = acts_law_notes(d->service, d->file.n, BASIS_LAW, d->body, &d->notes);
	else if ((d->notes = json_array()) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = acts_consent_room(d->service, d->file.n);
	if (rc == STATUS_OK)
		rc = grounds_open(d->service, &departure, &key, &d->row, d->body,
		    d->shares ? CONSENT_EVENT_DECIDE : CONSENT_EVENT_NOT_SHARE, &cause);
	if (rc == STATUS_OK)
		rc = knowing_take(d->service, d->actor, d->file.n);
	if (rc == STATUS_OK)
		rc = access_record(d->service, d->actor, d->file.n, 0,
		    d->shares ? "basis_decide" : "basis_not_share");
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static enum status
finish(struct deciding *d, json_t **answer)
{
	json_t *said = NULL;
	enum status rc = service_begin(d->service);

	if (rc != STATUS_OK)
		return acts_fail(d->refusal, rc, "storing the decision");
	rc = store(d);
	if (rc == STATUS_OK)
		said = json_pack("{s:o, s:o, s:s, s:O}", "record", request_hex(d->row.id),
		    "case", request_hex(d->file.id), "state", consent_state_name(d->row.state),
		    "notes", d->notes);
	return acts_end(d->service, rc, said, answer, "storing the decision", d->refusal);
}

enum status
acts_law_decide(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct deciding d = {
	    .service = service, .actor = actor, .request = request, .refusal = refusal};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &d.file, refusal)) !=
		STATUS_OK)
		return rc;
	if (!acts_consent_role_may(service, actor->role, CONSENT_EVENT_END))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role does not record such decisions here");
	rc = read_request(&d);
	if (rc == STATUS_OK)
		rc = finish(&d, answer);
	json_decref(d.body);
	json_decref(d.notes);
	return rc;
}
