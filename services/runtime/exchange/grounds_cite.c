/* services/runtime/exchange/grounds_cite.c: whether a record lets something go, and how it is cited. */
#include "services/runtime/exchange/grounds_inside.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/task/calendar.h"

#define CODES_MAX 32

/* ---- Scope ------------------------------------------------------------------------------- */

static const char *
text_of(const struct ground_terms *terms, const char *name)
{
	const char *text = json_string_value(json_object_get(terms->body, name));

	return text != NULL ? text : "";
}

/*
 * A kind and a group of kinds stand for all institutions of it; what is neither is the code of
 * one. So nobody is meant by a code that is a kind's name, too.
 */
static bool
means(const char *named, const struct party *peer)
{
	bool is_group = false, in_group = false;

	for (unsigned group = GROUP_SCHOOL; group < GROUP_COUNT; group++) {
		bool same = strcmp(group_name((enum group)group), named) == 0;

		is_group = is_group || same;
		in_group = in_group || (same && peer->group == (enum group)group);
	}
	if (is_group || list_has("institution-kinds", bytes_of_text(named)))
		return in_group || strcmp(peer->kind, named) == 0;
	return strcmp(peer->code, named) == 0;
}

static bool
names_recipient(const struct ground_terms *terms, const struct party *peer)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(terms->body, "recipients"), i, one)
	{
		if (json_is_string(one) && means(json_string_value(one), peer))
			return true;
	}
	return false;
}

static bool
names_purpose(const struct ground_terms *terms, const char *purpose)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(terms->body, "purposes"), i, one)
	{
		if (json_is_string(one) && strcmp(json_string_value(one), purpose) == 0)
			return true;
	}
	return false;
}

/* ---- Permission -------------------------------------------------------------------------- */

/* What a state that does not authorise is told as. */
static enum status
refusal_of(enum basis basis, enum consent_state state)
{
	if (state == CONSENT_EXPIRED || state == CONSENT_ENDED)
		return STATUS_GROUND_EXPIRED;
	if (state == CONSENT_REVOKED)
		return STATUS_NO_CUSTODY;
	return basis == BASIS_CONSENT ? STATUS_NO_CONSENT : STATUS_NO_BASIS;
}

/* YYYY-MM-DD are in their order as texts. A record may be in force again behind its own end. */
static enum status
check_days(const struct ground_terms *terms, const char *today)
{
	enum consent_event event;
	calendar_day end, day;

	if (grounds_end(terms, &end, &event) && calendar_date(bytes_of_text(today), &day) &&
	    end <= day)
		return STATUS_GROUND_EXPIRED;
	return strcmp(terms->granted_on, today) > 0 ? STATUS_NO_CONSENT : STATUS_OK;
}

static enum status
check_law(struct service *service, const struct ground_terms *terms)
{
	if (text_of(terms, "provision")[0] == '\0' || text_of(terms, "necessity")[0] == '\0')
		return STATUS_NO_NECESSITY;
	if (provisions_goes_unconfirmed(terms->code) ||
	    provisions_is_confirmed(service, terms->code))
		return STATUS_OK;
	return STATUS_UNCONFIRMED;
}

static enum status
check_consent(const struct ground_terms *terms)
{
	return terms->granted_on[0] != '\0' && text_of(terms, "granter")[0] != '\0' &&
	               text_of(terms, "capacity")[0] != '\0'
	           ? STATUS_OK
	           : STATUS_NO_CONSENT;
}

enum status
grounds_holds(struct service *service, enum basis basis, enum consent_state state,
    const struct ground_terms *terms, const char *purpose)
{
	char today[11];
	enum status rc;

	if (!consent_authorises(state))
		return refusal_of(basis, state);
	/* The day that the message will bear, by which its recipient judges it. */
	grounds_day(service_time_ms(service), today);
	if ((rc = check_days(terms, today)) != STATUS_OK)
		return rc;
	rc = basis == BASIS_LAW ? check_law(service, terms) : check_consent(terms);
	if (rc != STATUS_OK)
		return rc;
	/* It goes unconfirmed for what an orphan's court states, and for nothing else. */
	return strcmp(terms->code, CUSTODY_PURPOSE) == 0 &&
	               strcmp(purpose, CUSTODY_PURPOSE) != 0
	           ? STATUS_OUTSIDE_GROUND
	           : STATUS_OK;
}

enum status
grounds_allow(struct service *service, enum basis basis, enum consent_state state,
    const struct ground_terms *terms, const struct party *peer, const char *purpose,
    category_set *allowed)
{
	enum status rc = grounds_holds(service, basis, state, terms, purpose);

	if (rc != STATUS_OK)
		return rc;
	if (terms->categories == 0 || !names_recipient(terms, peer) ||
	    !names_purpose(terms, purpose))
		return STATUS_OUTSIDE_GROUND;
	*allowed =
	    terms->categories | CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_GROUND);
	return STATUS_OK;
}

/*
 * Of a record that came by several ways a stop counts as soon as one of them brought it, and what
 * we stopped ourselves does not go on because somebody told us of it.
 */
static enum status
check_ways(struct service *service, const struct ground_row *row)
{
	bool stopped = false;
	enum status rc = row->origin[0] == '\0'
	                     ? STATUS_OK
	                     : ground_store_stopped_elsewhere(service->db, row, &stopped);

	if (rc != STATUS_OK || !stopped)
		return rc;
	return row->basis == BASIS_CONSENT ? STATUS_NO_CONSENT : STATUS_NO_BASIS;
}

enum status
grounds_permit(struct service *service, const struct case_key *key,
    const struct ground_row *row, const struct party *peer, const char *purpose,
    category_set *allowed)
{
	struct ground_terms terms;
	json_t *body = NULL;
	enum status rc = check_ways(service, row);

	if (rc == STATUS_OK)
		rc = grounds_read(service, key, row, &body, &terms);
	if (rc == STATUS_OK)
		rc = grounds_allow(
		    service, row->basis, row->state, &terms, peer, purpose, allowed);
	json_decref(body);
	return rc;
}

/* ---- Citing ------------------------------------------------------------------------------ */

enum status
grounds_reference(struct service *service, const struct ground_row *row, const char *peer,
    uint8_t reference[static SUITE_ID_LEN])
{
	struct ref_row ref;
	enum status rc = ground_store_live_ref(service->db, row->n, peer, &ref);

	if (rc == STATUS_NOT_FOUND) {
		ref = (struct ref_row){.direction = REF_OURS,
		    .basis = row->basis,
		    .ground_n = row->n,
		    .stop_index = UINT64_MAX};
		if (!bytes_to_text(bytes_of_text(peer), ref.peer, sizeof(ref.peer)))
			return STATUS_ARGUMENT;
		suite_new_id(service->now_ms, ref.reference);
		rc = ground_store_add_ref(service->db, &ref);
	}
	if (rc == STATUS_OK)
		memcpy(reference, ref.reference, SUITE_ID_LEN);
	return rc;
}

bool
grounds_sets(const struct field_info *field)
{
	if (field->kind == FIELD_KIND_PROVEN)
		return false; /* what is passed on, under whatever ground */
	return field->category == CATEGORY_GROUND || field->id == FIELD_GROUND ||
	       field->id == FIELD_RECORD || field->id == FIELD_GROUND_CATEGORIES ||
	       field->id == FIELD_GROUND_UNTIL;
}

static enum status
set_text(struct content *content, enum field field, const char *text)
{
	return text[0] == '\0' || !grounds_has_field(content, field)
	           ? STATUS_OK
	           : content_set_text(content, field, bytes_of_text(text));
}

static enum status
set_codes(struct content *content, enum field field, const json_t *named)
{
	struct bytes codes[CODES_MAX];
	const json_t *one;
	size_t i, count = 0;

	if (!grounds_has_field(content, field))
		return STATUS_OK;
	json_array_foreach(named, i, one)
	{
		if (count < CODES_MAX && json_is_string(one))
			codes[count++] = bytes_of_text(json_string_value(one));
	}
	return count == 0 ? STATUS_OK : content_set_codes(content, field, codes, count);
}

/* What stands in the record under NAME, in class BASIS or in both (0). */
static const struct told {
	enum field field;
	enum basis basis;
	const char *name;
} texts[] = {
    {FIELD_CAPACITY, BASIS_CONSENT, "capacity"},
    {FIELD_GRANTER, BASIS_CONSENT, "granter"},
    {FIELD_GRANTER_CODE, BASIS_CONSENT, "granter_code"},
    {FIELD_GRANTED_ON, BASIS_CONSENT, "granted_on"},
    {FIELD_PROVISION, BASIS_LAW, "provision"},
    {FIELD_NECESSITY, BASIS_LAW, "necessity"},
    {FIELD_FAMILY_TOLD, BASIS_LAW, "family_told"},
};

enum status
grounds_tell(
    const struct ground_row *row, const struct ground_terms *terms, struct content *content)
{
	enum status rc = set_text(content, FIELD_GROUND, terms->code);

	if (rc == STATUS_OK && grounds_has_field(content, FIELD_RECORD))
		rc = content_set_id(content, FIELD_RECORD, row->id);
	if (rc == STATUS_OK)
		rc = set_codes(content, FIELD_GROUND_CATEGORIES,
		    json_object_get(terms->body, "categories"));
	if (rc == STATUS_OK)
		rc = set_text(content, FIELD_GROUND_UNTIL, terms->until);
	/* A decision by law is for those whom it is told to; a consent says whom else it lets. */
	if (rc == STATUS_OK && row->basis == BASIS_CONSENT)
		rc = set_codes(content, FIELD_GROUND_RECIPIENTS,
		    json_object_get(terms->body, "recipients"));
	for (size_t i = 0; rc == STATUS_OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].basis == row->basis)
			rc = set_text(content, texts[i].field, text_of(terms, texts[i].name));
	return rc;
}

enum status
grounds_fill(struct service *service, const struct case_key *key, const struct ground_row *row,
    struct content *content)
{
	struct ground_terms terms;
	json_t *body = NULL;
	enum status rc = grounds_read(service, key, row, &body, &terms);

	if (rc == STATUS_OK)
		rc = grounds_tell(row, &terms, content);
	json_decref(body);
	return rc;
}
