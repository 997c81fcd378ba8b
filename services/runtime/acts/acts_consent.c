/* services/runtime/acts/acts_consent.c: what happens to a family's consent, recorded by people. */
#include "services/runtime/acts/acts_consent.h"

#include <string.h>

#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/case_store.h"

#define TEXT_MAX    2000
#define RECORDS_MAX 200 /* of one case */

/*
 * What people record. LEADS: it is for those who lead, since it sets aside what somebody said;
 * a withdrawal or an objection is taken down by whoever hears it.
 */
static const struct act {
	enum consent_event event;
	enum acts_consent_words words;
	bool opens, leads, explains; /* may begin a record; is for who leads; has a text */
	const char *recorded;
} acts[] = {
    {CONSENT_EVENT_REQUEST, ACTS_CONSENT_ALL, true, false, false, "consent_request"},
    {CONSENT_EVENT_GIVE, ACTS_CONSENT_ALL, true, false, false, "consent_give"},
    {CONSENT_EVENT_REFUSE, ACTS_CONSENT_ALL, true, false, false, "consent_refuse"},
    {CONSENT_EVENT_DEFER, ACTS_CONSENT_ALL, true, false, false, "consent_defer"},
    {CONSENT_EVENT_RENEW, ACTS_CONSENT_RENEWAL, false, false, false, "consent_renew"},
    {CONSENT_EVENT_OBJECT, ACTS_CONSENT_NONE, false, false, true, "consent_object"},
    {CONSENT_EVENT_RESOLVE, ACTS_CONSENT_NONE, false, true, true, "consent_resolve"},
    {CONSENT_EVENT_WITHDRAW, ACTS_CONSENT_NONE, false, false, false, "consent_withdraw"},
    {CONSENT_EVENT_INVALIDATE, ACTS_CONSENT_NONE, false, true, true, "consent_invalidate"},
    {CONSENT_EVENT_END, ACTS_CONSENT_NONE, false, false, true, "basis_end"},
};

/* One request as it is carried out. */
struct recording {
	struct service *service;
	const struct actor *actor;
	const json_t *request;
	struct refusal *refusal;
	const struct act *act;
	struct case_row file;
	struct ground_row row; /* n 0: a new one */
	const char *text;
	char day[11];
	calendar_day on;
	const char *lacks;
	bool told; /* the refusal says what failed */
};

static const struct act *
act_of(enum consent_event event)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (acts[i].event == event)
			return &acts[i];
	return NULL;
}

bool
acts_consent_fits(enum basis basis, enum consent_event event)
{
	if (act_of(event) == NULL)
		return false;
	return basis == BASIS_CONSENT
	           ? event != CONSENT_EVENT_END
	           : event == CONSENT_EVENT_END || event == CONSENT_EVENT_INVALIDATE;
}

bool
acts_consent_role_may(const struct service *service, enum role role, enum consent_event event)
{
	const struct descriptor *descriptor = service->config.descriptor;
	const struct act *act = act_of(event);

	if (act == NULL || !service_role_reads(role))
		return false;
	return ((act->leads ? descriptor->consents.judge : descriptor->consents.record) >>
		       role &
		   1) != 0;
}

/* ---- The request ------------------------------------------------------------------------- */

static enum status
read_event(struct recording *r)
{
	const json_t *named = json_object_get(r->request, "event");
	enum consent_event event = CONSENT_EVENT_COUNT;

	if (json_is_string(named))
		event = consent_event_named(bytes_of_text(json_string_value(named)));
	r->act = act_of(event);
	if (r->act == NULL || (r->row.n == 0 && !r->act->opens))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "event",
		    r->row.n == 0 ? "event is request, give, refuse or defer"
				  : "event is request, give, refuse, defer, renew, object, "
				    "resolve, withdraw or invalidate; of a legal basis end or "
				    "invalidate");
	if (acts_consent_role_may(r->service, r->actor->role, event))
		return STATUS_OK;
	return r->act->leads
	           ? request_refuse(r->refusal, STATUS_NOT_ALLOWED, "event",
			 "case managers, supervisors and heads resolve an objection and "
			 "declare a consent invalid; ask one of them")
	           : request_refuse(r->refusal, STATUS_NOT_ALLOWED, "event",
			 "your role does not record consents here");
}

static enum status
read_day(struct recording *r)
{
	const json_t *day = json_object_get(r->request, "day");
	calendar_day today = calendar_day_at(r->service->now_ms);

	r->on = today;
	if (day != NULL && !json_is_null(day) &&
	    (!json_is_string(day) ||
		!calendar_date(bytes_of_text(json_string_value(day)), &r->on)))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "day",
		    "%s is a date, such as 2026-11-22", "day");
	if (r->on > today)
		return request_refuse(r->refusal, STATUS_ARGUMENT, "day",
		    "day is when it happened, today at the latest");
	consent_rules_write(r->on, r->day);
	return STATUS_OK;
}

static enum status
read_text(struct recording *r)
{
	enum status rc = acts_casebook_text(r->request, "text", TEXT_MAX, &r->text, r->refusal);

	if (rc == STATUS_OK && !bytes_is_utf8(bytes_of_text(r->text)))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "text",
		    "%s is too long or not of its form", "text");
	if (rc == STATUS_OK && r->text[0] == '\0' && r->act->explains)
		return request_refuse(
		    r->refusal, STATUS_ARGUMENT, "text", "%s is missing", "text");
	return rc;
}

/* What every event has, in the order in which a person is told of faults. */
static enum status
read_head(struct recording *r)
{
	enum status rc;

	if ((rc = request_is_object(r->request, r->refusal)) != STATUS_OK ||
	    (rc = read_event(r)) != STATUS_OK || (rc = read_day(r)) != STATUS_OK)
		return rc;
	return read_text(r);
}

static enum status
check_follows(struct recording *r)
{
	if (consent_next(r->row.state, r->act->event) != CONSENT_NONE)
		return STATUS_OK;
	if (r->row.state == CONSENT_WITHDRAWN || r->row.state == CONSENT_REVOKED ||
	    r->row.state == CONSENT_INVALIDATED)
		return request_refuse(r->refusal, STATUS_WRONG_STATE, "event",
		    "this consent is over (%s); who consents anew, does so in a new record",
		    consent_state_name(r->row.state));
	return request_refuse(r->refusal, STATUS_WRONG_STATE, "event",
	    "this does not follow on a consent that is %s; what does stands in its \"may\"",
	    consent_state_name(r->row.state));
}

/* ---- In the open transaction ------------------------------------------------------------- */

/* A consent counts from the day on which all of it was there, unless somebody says otherwise. */
static enum status
set_granted(const struct recording *r, json_t *body)
{
	const json_t *said = json_object_get(r->request, "granted_on");

	if (r->act->event != CONSENT_EVENT_GIVE || json_string_length(said) > 0)
		return STATUS_OK;
	return json_object_set_new(body, "granted_on", json_string(r->day)) == 0
	           ? STATUS_OK
	           : STATUS_NO_MEMORY;
}

/* What the record says with this event; refused here when it does not say enough. */
static enum status
make_body(
    struct recording *r, const struct case_key *key, json_t *body, enum consent_event *event)
{
	static const char *const others[] = {"event", "day", "text", NULL};
	enum status rc =
	    acts_consent_take(r->service, r->request, others, r->act->words, body, r->refusal);

	r->told = rc != STATUS_OK;
	if (rc != STATUS_OK || r->act->words == ACTS_CONSENT_NONE)
		return rc;
	rc = set_granted(r, body);
	if (rc == STATUS_OK)
		rc = acts_consent_complete(r->service, r->file.n, key, body);
	if (rc != STATUS_OK)
		return rc;
	if (r->act->event == CONSENT_EVENT_RENEW &&
	    json_string_length(json_object_get(r->request, "until")) == 0)
		rc = request_refuse(
		    r->refusal, STATUS_ARGUMENT, "until", "%s is missing", "until");
	if (rc == STATUS_OK)
		rc = acts_consent_judge(body, r->on, event, &r->lacks, r->refusal);
	r->told = rc != STATUS_OK;
	return rc;
}

enum status
acts_consent_room(struct service *service, uint64_t case_n)
{
	struct ground_row other = {0};
	unsigned count = 0;
	enum status rc;

	while ((rc = ground_store_of_case(service->db, case_n, other.n, &other)) == STATUS_OK)
		if (++count >= RECORDS_MAX)
			return STATUS_TOO_LARGE;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
add_record(struct recording *r, struct departure *departure, const struct case_key *key,
    const json_t *body, enum consent_event event, const struct ground_cause *cause)
{
	enum status rc = acts_consent_room(r->service, r->file.n);

	if (rc != STATUS_OK)
		return rc;
	r->row = (struct ground_row){.case_n = r->file.n, .basis = BASIS_CONSENT};
	return grounds_open(r->service, departure, key, &r->row, body, event, cause);
}

static enum status
apply(
    struct recording *r, struct departure *departure, const struct case_key *key, json_t *body)
{
	const struct ground_cause cause = {.person = r->actor->person,
	    .role = service_role_name(r->actor->role),
	    .day = r->day,
	    .reason = r->text[0] != '\0' ? r->text : NULL};
	enum consent_event event = r->act->event;
	enum status rc = make_body(r, key, body, &event);

	if (rc != STATUS_OK)
		return rc;
	if (r->row.n == 0)
		rc = add_record(r, departure, key, body, event, &cause);
	else if ((rc = grounds_write(r->service, key, &r->row, body)) == STATUS_OK)
		rc = grounds_apply(r->service, departure, key, &r->row, event, &cause);
	if (rc == STATUS_OK && event == CONSENT_EVENT_RENEW && !r->row.stopped)
		rc = stops_renew(r->service, departure, key, &r->row);
	if (rc != STATUS_OK || r->row.state != CONSENT_REVOKED ||
	    (event != CONSENT_EVENT_GIVE && event != CONSENT_EVENT_RENEW))
		return rc;
	r->told = true;
	return request_refuse(r->refusal, STATUS_NO_CUSTODY, "granter",
	    "by a statement of the orphan's court who gives this consent had no custody of the "
	    "child on that day");
}

static enum status
carry_out(struct recording *r)
{
	struct departure departure = {0};
	struct case_key key;
	json_t *body = NULL;
	enum status rc = case_file_key(r->service, r->file.n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_ERASED : rc;
	if (r->row.n == 0)
		body = json_object();
	else
		rc = grounds_read(r->service, &key, &r->row, &body, NULL);
	if (rc == STATUS_OK)
		rc = apply(r, &departure, &key, body);
	if (rc == STATUS_OK)
		rc = knowing_take(r->service, r->actor, r->file.n);
	if (rc == STATUS_OK)
		rc = access_record(r->service, r->actor, r->file.n, 0, r->act->recorded);
	if (rc == STATUS_OK)
		rc = departure_sign(r->service, &departure);
	departure_free(&departure);
	vault_forget(&key);
	json_decref(body);
	return rc;
}

static enum status
finish(struct recording *r, json_t **answer)
{
	json_t *said = NULL;
	enum status rc = service_begin(r->service);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "storing the consent");
	r->lacks = "";
	rc = carry_out(r);
	if (rc == STATUS_OK)
		said = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s}", "record",
		    request_hex(r->row.id), "case", request_hex(r->file.id), "state",
		    consent_state_name(r->row.state), "label_lv",
		    consent_state_label(r->row.state, "lv"), "label_en",
		    consent_state_label(r->row.state, "en"), "lacks", r->lacks);
	if (rc == STATUS_OK || !r->told)
		return acts_end(
		    r->service, rc, said, answer, "storing the consent", r->refusal);
	return service_end(r->service, rc, "act");
}

/* ---- The acts ---------------------------------------------------------------------------- */

enum status
acts_consent_new(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct recording r = {
	    .service = service, .actor = actor, .request = request, .refusal = refusal};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &r.file, refusal)) !=
		STATUS_OK ||
	    (rc = read_head(&r)) != STATUS_OK)
		return rc;
	return finish(&r, answer);
}

enum status
acts_consent_find(struct service *service, const struct actor *actor, enum acts_need need,
    const char *record, struct ground_row *row, struct case_row *file, struct refusal *refusal)
{
	uint8_t id[SUITE_ID_LEN];
	struct ground_row found = {0};
	enum status rc = STATUS_NOT_FOUND;

	if (request_id(record, id))
		rc = ground_store_any(service->db, id, &found);
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = acts_knows(service, actor, need, found.case_n);
	if (rc == STATUS_OK)
		rc = case_store_get(service->db, found.case_n, file);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "record", "there is no such record here");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the record");
	*row = found;
	return STATUS_OK;
}

enum status
acts_consent_event(struct service *service, const struct actor *actor, const char *record,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct recording r = {
	    .service = service, .actor = actor, .request = request, .refusal = refusal};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_consent_find(
		 service, actor, ACTS_TO_ACT, record, &r.row, &r.file, refusal)) != STATUS_OK ||
	    (rc = read_head(&r)) != STATUS_OK)
		return rc;
	if (r.row.origin[0] != '\0')
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "record",
		    "this record is another institution's: only that one records what happens "
		    "to it");
	if (!acts_consent_fits(r.row.basis, r.act->event))
		return request_refuse(refusal, STATUS_WRONG_STATE, "event",
		    "a legal basis ends or is invalidated, whatever else happens is a "
		    "consent's");
	if ((rc = check_follows(&r)) != STATUS_OK)
		return rc;
	return finish(&r, answer);
}
