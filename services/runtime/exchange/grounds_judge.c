/* services/runtime/exchange/grounds_judge.c: whether what a message rests on lets it be. */
#include "services/runtime/exchange/grounds_inside.h"

#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"

bool
grounds_is_cited(const struct envelope_recipient *own)
{
	return own->basis == BASIS_CONSENT || own->basis == BASIS_LAW;
}

bool
grounds_has_field(const struct content *content, enum field field)
{
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->type->fields[i].field->id == field)
			return true;
	return false;
}

enum status
grounds_cited_ref(
    struct service *service, const struct ground_cited *cited, struct ref_row *out)
{
	return ground_store_ref(
	    service->db, REF_THEIRS, cited->peer, cited->own->reference, out);
}

enum status
grounds_cited_mirror(
    struct service *service, const struct ground_cited *cited, struct ground_row *out)
{
	uint8_t record[SUITE_ID_LEN];

	if (!content_id(cited->content, FIELD_RECORD, record))
		return STATUS_NOT_FOUND;
	return ground_store_find(service->db, record, cited->peer, out);
}

/* ---- Judging ----------------------------------------------------------------------------- */

/* Class, record and reference belong together, and for ever. */
static enum status
check_reference(struct service *service, const struct ground_cited *cited)
{
	uint8_t record[SUITE_ID_LEN];
	struct ground_row mirror;
	struct ref_row ref;
	enum status rc = grounds_cited_mirror(service, cited, &mirror);

	if (rc == STATUS_OK && mirror.basis != cited->own->basis)
		return STATUS_FOREIGN_REFERENCE;
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	rc = grounds_cited_ref(service, cited, &ref);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (ref.basis != cited->own->basis)
		return STATUS_FOREIGN_REFERENCE;
	if (ref.stop_index != UINT64_MAX && cited->index > ref.stop_index)
		return STATUS_STOPPED;
	if (ref.ground_n == 0 || !content_id(cited->content, FIELD_RECORD, record))
		return STATUS_OK;
	if ((rc = ground_store_get(service->db, ref.ground_n, &mirror)) != STATUS_OK)
		return rc;
	return memcmp(mirror.id, record, sizeof(record)) == 0 ? STATUS_OK
	                                                      : STATUS_FOREIGN_REFERENCE;
}

enum consent_event
grounds_authorising(enum basis basis, enum consent_state state)
{
	static const enum consent_event consent[] = {
	    CONSENT_EVENT_GIVE, CONSENT_EVENT_RENEW, CONSENT_EVENT_RESOLVE};

	if (basis == BASIS_LAW)
		return consent_next(state, CONSENT_EVENT_DECIDE) == CONSENT_IN_FORCE
		           ? CONSENT_EVENT_DECIDE
		           : CONSENT_EVENT_COUNT;
	for (size_t i = 0; i < sizeof(consent) / sizeof(consent[0]); i++)
		if (consent_authorises(consent_next(state, consent[i])))
			return consent[i];
	return CONSENT_EVENT_COUNT;
}

/* A record that ended for good is not cited again, under whatever reference. */
static enum status
check_record(struct service *service, const struct ground_cited *cited)
{
	struct ground_row mirror;
	enum consent_state state;
	enum status rc = grounds_cited_mirror(service, cited, &mirror);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if ((rc = grounds_state_before(service, &mirror, cited->index, &state)) != STATUS_OK)
		return rc;
	if (consent_authorises(state) ||
	    grounds_authorising(mirror.basis, state) != CONSENT_EVENT_COUNT)
		return STATUS_OK;
	if (state == CONSENT_REVOKED)
		return STATUS_NO_CUSTODY;
	return mirror.basis == BASIS_CONSENT ? STATUS_NO_CONSENT : STATUS_GROUND_EXPIRED;
}

/* Of consent: that we are among those whom it may go to. */
static enum status
check_recipient(struct service *service, const struct ground_cited *cited)
{
	const struct party *self = service_self(service);
	struct bytes named;
	bool any = false;

	if (self == NULL)
		return STATUS_UNKNOWN_PARTY;
	for (unsigned i = 0;
	     content_code_at(cited->content, FIELD_GROUND_RECIPIENTS, i, &named); i++) {
		if (bytes_is_text(named, self->kind) || bytes_is_text(named, self->code) ||
		    bytes_is_text(named, group_name(self->group)))
			return STATUS_OK;
		any = true;
	}
	return any ? STATUS_OUTSIDE_GROUND : STATUS_OK;
}

/* What tells of no ground itself stays within what was told under its reference before. */
static enum status
check_known(struct service *service, const struct ground_cited *cited, const char *day)
{
	struct ground known = {.basis = cited->own->basis};
	struct ground_terms terms;
	struct ground_row mirror;
	struct ref_row ref;
	struct case_key key;
	json_t *body = NULL;
	enum status rc = grounds_cited_ref(service, cited, &ref);

	if (rc == STATUS_NOT_FOUND)
		return STATUS_NO_BASIS;
	if (rc != STATUS_OK || ref.ground_n == 0)
		return rc;
	rc = ground_store_get(service->db, ref.ground_n, &mirror);
	if (rc == STATUS_OK)
		rc = case_file_key(service, mirror.case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	rc = grounds_read(service, &key, &mirror, &body, &terms);
	vault_forget(&key);
	if (rc != STATUS_OK)
		return rc;
	known.categories = terms.categories;
	memcpy(known.until, terms.until, sizeof(known.until));
	json_decref(body);
	/* Who and why was told with what opened the task. */
	known.has_granter = known.has_provision = known.has_necessity = true;
	memcpy(known.granted_on, day, sizeof(known.granted_on));
	known.capacity[0] = '-';
	return ground_covers(&known, cited->content, day);
}

static enum status
check_content(struct service *service, const struct ground_cited *cited)
{
	struct ground ground;
	char day[11];
	enum status rc;

	grounds_day(cited->time_ms, day);
	if (cited->content->type->categories == CATEGORY_BIT(CATEGORY_ACT))
		return STATUS_OK;
	if (!grounds_has_field(cited->content, FIELD_GROUND))
		return check_known(service, cited, day);
	rc = ground_read(cited->content, cited->own->basis, cited->purpose, &ground);
	if (rc == STATUS_OK)
		rc = check_recipient(service, cited);
	return rc == STATUS_OK ? ground_covers(&ground, cited->content, day) : rc;
}

enum status
grounds_judge(struct service *service, const struct ground_cited *cited)
{
	enum status rc;

	if (!grounds_is_cited(cited->own))
		return STATUS_OK;
	if ((rc = check_reference(service, cited)) != STATUS_OK)
		return rc;
	/* A stop is obeyed whatever it stops; it shows nothing. */
	if (cited->content->type->id == MESSAGE_GROUND_STOP)
		return STATUS_OK;
	if ((rc = check_record(service, cited)) != STATUS_OK)
		return rc;
	return cited->content->type->id == MESSAGE_GROUND_RENEW ? STATUS_OK
	                                                        : check_content(service, cited);
}
