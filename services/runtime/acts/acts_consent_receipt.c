/* services/runtime/acts/acts_consent_receipt.c: what a family takes home of its consent. */
#include <stdio.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_consent_inside.h"

/*
 * The structure is that of ISO/IEC TS 27560:2023: metadata of the receipt, then the record's
 * header, the processing of PII (notice, and for each purpose its lawful basis, kinds of data,
 * controllers, recipients, storage, retention, jurisdiction, how to withdraw), the parties, and
 * the events. Codes stand with their labels, so that it can be read without our lists.
 */
#define SCHEMA_VERSION "ISO/IEC TS 27560:2023"

struct receipt {
	struct service *service;
	const struct case_key *key;
	struct ground_row row;
	json_t *body;
};

static const char *
said(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static json_t *
coded(const char *list, const char *code)
{
	return json_pack("{s:s, s:s, s:s}", "code", code, "label_lv",
	    list_label(list, code, "lv"), "label_en", list_label(list, code, "en"));
}

/* ---- Parties ----------------------------------------------------------------------------- */

static json_t *
institution(const struct party *party, const char *role)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:s}", "party_id", party->code, "party_name",
	    party->name, "party_role", role, "party_type",
	    coded("institution-kinds", party->kind), "party_address", party->municipality);
}

/* A kind of institution stands for all that there are of it. */
static json_t *
recipient(const struct service *service, const char *code)
{
	const struct party *party = directory_party(service->directory, bytes_of_text(code));

	if (party != NULL && !list_has("institution-kinds", bytes_of_text(code)))
		return institution(party, "recipient");
	return json_pack("{s:s, s:s, s:s, s:o, s:s}", "party_id", code, "party_name",
	    list_label("institution-kinds", code, "lv"), "party_role", "recipient",
	    "party_type", coded("institution-kinds", code), "party_address", "");
}

static json_t *
person(const char *id, const char *name, const char *role, const char *capacity)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:s}", "party_id", id, "party_name", name,
	    "party_role", role, "party_type", coded("capacities", capacity), "party_address",
	    "");
}

static json_t *
parties(const struct receipt *r)
{
	const struct party *self = service_self(r->service);
	const char *capacity = said(r->body, "capacity");
	json_t *all = json_array();
	const json_t *code;
	size_t i;
	int failed = json_array_append_new(
	    all, person("pii_principal", said(json_object_get(r->body, "child"), "name"),
		     "pii_principal", "child"));

	if (strcmp(capacity, "child") != 0)
		failed |= json_array_append_new(
		    all, person("granter", said(r->body, "granter"), "granter", capacity));
	if (self != NULL)
		failed |= json_array_append_new(all, institution(self, "pii_controller"));
	json_array_foreach(json_object_get(r->body, "recipients"), i, code) failed |=
	    json_array_append_new(all, recipient(r->service, json_string_value(code)));
	if (failed == 0)
		return all;
	json_decref(all);
	return NULL;
}

/* ---- The processing ---------------------------------------------------------------------- */

/* GDPR, articles 9 and 10. */
static bool
is_special(const char *category)
{
	return strcmp(category, "health") == 0 || strcmp(category, "offence") == 0;
}

static json_t *
pii_information(const struct receipt *r)
{
	json_t *all = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(r->body, "categories"), i, one)
	{
		const char *code = json_string_value(one);

		if (json_array_append_new(all,
			json_pack("{s:o, s:b, s:b}", "pii_type", coded("categories", code),
			    "pii_optional", 0, "special_pii_category", is_special(code))) !=
		    0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

/* Where and how: at the institution that took the consent, in any way, without charge. */
static json_t *
withdrawal(const struct receipt *r)
{
	const struct party *self = service_self(r->service);

	return json_pack("{s:s, s:s, s:s, s:s, s:[s, s, s], s:b, s:b}", "party_id",
	    r->service->config.code, "party_name", self != NULL ? self->name : "",
	    "party_address", self != NULL ? self->municipality : "", "contact",
	    r->service->config.contact, "how", "in_person", "in_writing", "by_telephone",
	    "free_of_charge", 1, "reason_needed", 0);
}

static json_t *
purpose(const struct receipt *r, const char *code)
{
	return json_pack("{s:o, s:s, s:s, s:o, s:[s], s:s, s:s, s:[s], s:s, s:[s], s:[s], s:O, "
			 "s:o, s:[s, s, s, s]}",
	    "purpose", coded("purposes", code), "lawful_basis", "consent", "legal_source",
	    list_text(list_named("legal-bases"), 0, "source"), "pii_information",
	    pii_information(r), "pii_controllers", r->service->config.code, "collection_method",
	    "from the family, the child and the institution's own work", "processing_method",
	    "sealed messages between the institutions named", "storage_locations", "LV",
	    "retention_period", "as the law on each institution's files sets",
	    "processing_locations", "LV", "jurisdictions", "LV", "recipient_third_parties",
	    json_object_get(r->body, "recipients"), "withdrawal_method", withdrawal(r),
	    "privacy_rights", "access", "rectification", "withdrawal", "complaint");
}

static json_t *
processing(const struct receipt *r)
{
	const json_t *notice = json_object_get(r->body, "notice"), *one;
	json_t *purposes = json_array();
	size_t i;
	int failed = 0;

	json_array_foreach(json_object_get(r->body, "purposes"), i, one) failed |=
	    json_array_append_new(purposes, purpose(r, json_string_value(one)));
	if (failed != 0) {
		json_decref(purposes);
		return NULL;
	}
	return json_pack("{s:{s:s, s:s, s:s}, s:s, s:s, s:o, s:s}", "privacy_notice", "code",
	    said(notice, "code"), "version", said(notice, "version"), "language",
	    said(notice, "language"), "language", said(notice, "language"), "interpreter",
	    said(r->body, "interpreter"), "purposes", purposes, "authority_party",
	    "Datu valsts inspekcija");
}

/* ---- Events ------------------------------------------------------------------------------ */

static enum status
add_event(const struct receipt *r, const struct ground_event_row *row,
    enum consent_state *state, json_t *events)
{
	enum consent_state after = consent_next(*state, row->what);
	const char *day, *until = said(r->body, "until");
	json_t *body = NULL, *one;
	enum status rc = grounds_read_event(r->service, r->key, row->n, &body);

	if (rc != STATUS_OK)
		return rc;
	*state = after != CONSENT_NONE ? after : *state;
	day = said(body, "day");
	one = json_pack("{s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:s}", "event_time",
	    request_time(row->time_ms), "event_date", day, "event_type",
	    consent_event_name(row->what), "event_state", consent_state_name(*state),
	    "event_state_label_lv", consent_state_label(*state, "lv"), "event_state_label_en",
	    consent_state_label(*state, "en"), "valid_until",
	    until[0] != '\0' ? json_string(until) : json_null(), "entity_id",
	    r->service->config.code);
	json_decref(body);
	return json_array_append_new(events, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
list_events(const struct receipt *r, json_t **out, uint64_t *last)
{
	enum consent_state state = CONSENT_NONE;
	struct ground_event_row row = {0};
	json_t *events = json_array();
	enum status rc;

	while ((rc = ground_store_event_after(r->service->db, r->row.n, row.n, &row)) ==
	       STATUS_OK) {
		*last = row.n;
		if ((rc = add_event(r, &row, &state, events)) != STATUS_OK)
			break;
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(events);
		return rc;
	}
	*out = events;
	return STATUS_OK;
}

/* ---- The receipt ------------------------------------------------------------------------- */

static enum status
write_receipt(const struct receipt *r, json_t **out)
{
	char record[2 * SUITE_ID_LEN + 1], number[80];
	const char *until = said(r->body, "until");
	json_t *events = NULL;
	uint64_t last = 0;
	enum status rc = list_events(r, &events, &last);

	if (rc != STATUS_OK)
		return rc;
	bytes_to_hex(BYTES(r->row.id), record);
	snprintf(number, sizeof(number), "%s-%llu", record, (unsigned long long)last);
	*out = json_pack("{s:{s:s, s:s, s:o}, s:{s:s, s:s, s:s}, s:o, s:o, s:o, "
			 "s:{s:s, s:s, s:s, s:o, s:O?, s:o?, s:s, s:o}}",
	    "receipt", "schema_version", SCHEMA_VERSION, "receipt_id", number, "issued",
	    request_time(r->service->now_ms), "record_header", "schema_version", SCHEMA_VERSION,
	    "record_id", record, "pii_principal_id", "pii_principal", "pii_processing",
	    processing(r), "party_identification", parties(r), "events", events, "consent",
	    "state", consent_state_name(r->row.state), "state_label_lv",
	    consent_state_label(r->row.state, "lv"), "state_label_en",
	    consent_state_label(r->row.state, "en"), "capacity",
	    coded("capacities", said(r->body, "capacity")), "granted_on",
	    json_object_get(r->body, "granted_on"), "until",
	    until[0] != '\0' ? json_string(until) : NULL, "childs_view",
	    said(r->body, "childs_view"), "child_consent",
	    json_string(said(r->body, "child_consent")));
	return *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* In the open transaction: what is handed out is recorded with it. */
static enum status
issue(struct receipt *r, const struct actor *actor, json_t **out)
{
	struct case_key key;
	enum status rc = case_file_key(r->service, r->row.case_n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_ERASED : rc;
	r->key = &key;
	rc = grounds_read(r->service, &key, &r->row, &r->body, NULL);
	if (rc == STATUS_OK)
		rc = access_record(r->service, actor, r->row.case_n, 0, "consent_receipt");
	if (rc == STATUS_OK)
		rc = write_receipt(r, out);
	json_decref(r->body);
	vault_forget(&key);
	return rc;
}

enum status
acts_consent_receipt(struct service *service, const struct actor *actor, const char *record,
    json_t **answer, struct refusal *refusal)
{
	struct receipt r = {.service = service};
	struct case_row file;
	json_t *shown = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_consent_find(
		 service, actor, ACTS_TO_OPEN, record, &r.row, &file, refusal)) != STATUS_OK)
		return rc;
	if (r.row.origin[0] != '\0' || r.row.basis != BASIS_CONSENT)
		return request_refuse(refusal, STATUS_WRONG_STATE, "record",
		    "a receipt is of a consent that this institution took; this record is "
		    "none");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = issue(&r, actor, &shown);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "writing the family's receipt");
	*answer = shown;
	return STATUS_OK;
}
