/* services/runtime/exchange/grounds_take.c: what a message that came rests on, as it is kept. */
#include "services/runtime/exchange/grounds_inside.h"

#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"

/* What a stop is to the record; one that its class does not have ends it all the same. */
enum consent_event
grounds_stop_event(enum basis basis, const char *reason)
{
	enum consent_event event = consent_stop_event(bytes_of_text(reason));
	enum consent_state in_force = basis == BASIS_CONSENT ? CONSENT_GIVEN : CONSENT_IN_FORCE;

	return event == CONSENT_EVENT_COUNT || consent_next(in_force, event) == CONSENT_NONE
	           ? CONSENT_EVENT_INVALIDATE
	           : event;
}

/* ---- The case it belongs to -------------------------------------------------------------- */

static enum status
case_of_stop(struct service *service, const struct ref_row *ref, uint64_t *case_n)
{
	struct task_row task;
	enum status rc = ref->stop_task_n == 0
	                     ? STATUS_NOT_FOUND
	                     : case_store_task(service->db, ref->stop_task_n, &task);

	if (rc == STATUS_OK)
		*case_n = task.case_n;
	return rc;
}

enum status
grounds_case_of(struct service *service, const struct ground_cited *cited, uint64_t *case_n)
{
	struct ground_row mirror;
	struct ref_row ref;
	enum status rc;

	if (!grounds_is_cited(cited->own))
		return STATUS_NOT_FOUND;
	rc = grounds_cited_mirror(service, cited, &mirror);
	if (rc == STATUS_NOT_FOUND &&
	    (rc = grounds_cited_ref(service, cited, &ref)) == STATUS_OK) {
		if (ref.ground_n == 0)
			return case_of_stop(service, &ref, case_n);
		rc = ground_store_get(service->db, ref.ground_n, &mirror);
	}
	if (rc == STATUS_OK)
		*case_n = mirror.case_n;
	return rc;
}

/* ---- Keeping ----------------------------------------------------------------------------- */

/* Fields of a message, and where they stand in a record. */
static const struct told {
	enum field field;
	const char *name;
	bool list;
} told[] = {
    {FIELD_GROUND, "ground", false},
    {FIELD_GROUND_UNTIL, "until", false},
    {FIELD_CAPACITY, "capacity", false},
    {FIELD_GRANTER, "granter", false},
    {FIELD_GRANTER_CODE, "granter_code", false},
    {FIELD_GRANTED_ON, "granted_on", false},
    {FIELD_PROVISION, "provision", false},
    {FIELD_NECESSITY, "necessity", false},
    {FIELD_FAMILY_TOLD, "family_told", false},
    {FIELD_GROUND_RECIPIENTS, "recipients", true},
};

static json_t *
string_of(struct bytes text)
{
	return json_stringn((const char *)text.data, text.len);
}

static json_t *
read_told(const struct content *content, const struct told *one)
{
	struct bytes text;
	json_t *list;

	if (!one->list)
		return content_text(content, one->field, &text) ? string_of(text) : NULL;
	if (!content_code_at(content, one->field, 0, &text))
		return NULL;
	list = json_array();
	for (unsigned i = 0; content_code_at(content, one->field, i, &text); i++)
		json_array_append_new(list, string_of(text));
	return list;
}

/* Categories that this program does not know cover nothing it could be shown. */
static int
set_categories(json_t *body, const struct content *content)
{
	json_t *list = json_array();
	enum category category;
	struct bytes name;

	for (unsigned i = 0; content_code_at(content, FIELD_GROUND_CATEGORIES, i, &name); i++)
		if (category_named(name, &category) && category != CATEGORY_ACT &&
		    category != CATEGORY_GROUND)
			json_array_append_new(list, string_of(name));
	if (json_array_size(list) > 0)
		return json_object_set_new(body, "categories", list);
	json_decref(list);
	json_object_del(body, "categories");
	return 0;
}

static int
add_purpose(json_t *body, const char *purpose)
{
	json_t *list = json_object_get(body, "purposes"), *one;
	size_t i;

	if (list == NULL) {
		list = json_array();
		if (json_object_set_new(body, "purposes", list) != 0)
			return -1;
	}
	json_array_foreach(list, i, one)
	{
		if (strcmp(json_string_value(one), purpose) == 0)
			return 0;
	}
	return purpose[0] == '\0' ? 0 : json_array_append_new(list, json_string(purpose));
}

/*
 * BODY gets what CITED tells. Of two messages the one with the higher index says what the record
 * covers, whichever came first ("index"); what one left out, a preview, the other may add.
 */
static enum status
merge(json_t *body, const struct ground_cited *cited)
{
	const struct content *content = cited->content;
	uint64_t known = (uint64_t)json_integer_value(json_object_get(body, "index"));
	bool newer = cited->index >= known;
	int failed = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		json_t *value = read_told(content, &told[i]);

		if (value == NULL) {
			/* No end is said by leaving it out. */
			if (newer && told[i].field == FIELD_GROUND_UNTIL)
				json_object_del(body, told[i].name);
			continue;
		}
		if (newer || (json_object_get(body, told[i].name) == NULL &&
				 told[i].field != FIELD_GROUND_UNTIL))
			failed |= json_object_set_new(body, told[i].name, value);
		else
			json_decref(value);
	}
	if (newer)
		failed |= set_categories(body, content);
	if (newer)
		failed |=
		    json_object_set_new(body, "index", json_integer((json_int_t)cited->index));
	/* A renewal says no code: only a consent is renewed. */
	if (json_object_get(body, "ground") == NULL)
		failed |= json_object_set_new(body, "ground", json_string("consent"));
	failed |= add_purpose(body, cited->purpose);
	return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
open_mirror(struct service *service, struct departure *departure, const struct case_key *key,
    uint64_t case_n, const struct ground_cited *cited, struct ground_row *out)
{
	const struct ground_cause cause = {.index = cited->index};
	struct ground_row row = {.case_n = case_n, .basis = cited->own->basis};
	json_t *body = json_object();
	enum status rc = STATUS_BAD_CONTENT;

	if (content_id(cited->content, FIELD_RECORD, row.id) &&
	    bytes_to_text(bytes_of_text(cited->peer), row.origin, sizeof(row.origin)))
		rc = merge(body, cited);
	if (rc == STATUS_OK)
		rc = grounds_open(service, departure, key, &row, body,
		    grounds_authorising(row.basis, CONSENT_NONE), &cause);
	json_decref(body);
	if (rc == STATUS_OK)
		*out = row;
	return rc;
}

/* But for which message said it last. KNOWN is changed. */
static bool
says_the_same(json_t *known, const json_t *body)
{
	return json_object_set(known, "index", json_object_get(body, "index")) == 0 &&
	       json_equal(known, body);
}

/* Whether BODY gives more time than what was KNOWN. */
static bool
gives_more_time(const json_t *known, const json_t *body)
{
	const char *before = json_string_value(json_object_get(known, "until"));
	const char *until = json_string_value(json_object_get(body, "until"));

	return before != NULL && (until == NULL || strcmp(until, before) > 0);
}

static enum status
follow_mirror(struct service *service, struct departure *departure,
    const struct ground_cited *cited, struct ground_row *mirror, bool *more_time)
{
	const struct ground_cause cause = {.index = cited->index};
	enum consent_event event = CONSENT_EVENT_COUNT;
	enum consent_state before;
	struct case_key key;
	json_t *body = NULL, *known = NULL;
	enum status rc = case_file_key(service, mirror->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = grounds_read(service, &key, mirror, &body, NULL);
	if (rc == STATUS_OK && (known = json_deep_copy(body)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = merge(body, cited);
	if (rc == STATUS_OK)
		rc = grounds_write(service, &key, mirror, body);
	if (rc == STATUS_OK)
		rc = grounds_state_before(service, mirror, cited->index, &before);
	if (rc == STATUS_OK && !consent_authorises(before))
		event = grounds_authorising(mirror->basis, before);
	*more_time =
	    rc == STATUS_OK && event == CONSENT_EVENT_COUNT && gives_more_time(known, body);
	if (rc == STATUS_OK && event != CONSENT_EVENT_COUNT)
		rc = grounds_apply(service, departure, &key, mirror, event, &cause);
	else if (rc == STATUS_OK && !says_the_same(known, body))
		rc = grounds_refold(service, departure, &key, mirror);
	json_decref(known);
	json_decref(body);
	vault_forget(&key);
	return rc;
}

static enum status
renew_mirror(struct service *service, struct departure *departure,
    const struct ground_cited *cited, struct ground_row *mirror)
{
	const struct ground_cause cause = {.index = cited->index};
	struct case_key key;
	enum status rc = case_file_key(service, mirror->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = grounds_apply(service, departure, &key, mirror, CONSENT_EVENT_RENEW, &cause);
	vault_forget(&key);
	return rc;
}

/* The stop came first, and holds from its own place. */
static enum status
stop_known(struct service *service, struct departure *departure, const struct ref_row *ref,
    struct ground_row *mirror)
{
	const struct ground_cause cause = {.index = ref->stop_index};
	struct case_key key;
	enum status rc = case_file_key(service, mirror->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = grounds_apply(service, departure, &key, mirror,
	    grounds_stop_event(mirror->basis, ref->stop_reason), &cause);
	vault_forget(&key);
	return rc;
}

static enum status
keep_reference(struct service *service, struct departure *departure,
    const struct ground_cited *cited, struct ground_row *mirror)
{
	struct ref_row ref;
	enum status rc = grounds_cited_ref(service, cited, &ref);

	if (rc == STATUS_NOT_FOUND) {
		ref = (struct ref_row){.direction = REF_THEIRS,
		    .basis = cited->own->basis,
		    .ground_n = mirror->n,
		    .stop_index = UINT64_MAX};
		memcpy(ref.reference, cited->own->reference, sizeof(ref.reference));
		if (!bytes_to_text(bytes_of_text(cited->peer), ref.peer, sizeof(ref.peer)))
			return STATUS_ARGUMENT;
		return ground_store_add_ref(service->db, &ref);
	}
	if (rc != STATUS_OK || ref.ground_n != 0)
		return rc;
	ref.ground_n = mirror->n;
	if ((rc = ground_store_set_ref(service->db, &ref)) != STATUS_OK)
		return rc;
	return ref.stop_index == UINT64_MAX ? STATUS_OK
	                                    : stop_known(service, departure, &ref, mirror);
}

/*
 * The case of the mirror may have been erased since: what is told under its record anew is of
 * CASE_N, and the mirror with it. That it was told before stays; what its events said is gone.
 */
static enum status
bring_along(struct service *service, const struct case_key *key, uint64_t case_n,
    const struct ground_cited *cited, struct ground_row *mirror)
{
	struct case_key old;
	json_t *body;
	enum status rc = case_file_key(service, mirror->case_n, &old);

	if (rc != STATUS_ERASED) {
		if (rc == STATUS_OK)
			vault_forget(&old);
		return rc;
	}
	if ((body = json_object()) == NULL)
		return STATUS_NO_MEMORY;
	mirror->case_n = case_n;
	rc = merge(body, cited);
	if (rc == STATUS_OK)
		rc = ground_store_move(service->db, mirror);
	if (rc == STATUS_OK)
		rc = grounds_write(service, key, mirror, body);
	json_decref(body);
	return rc;
}

enum status
grounds_take(struct service *service, struct departure *departure, const struct case_key *key,
    uint64_t case_n, const struct ground_cited *cited)
{
	bool renewal = cited->content->type->id == MESSAGE_GROUND_RENEW, more_time = true;
	struct ground_row mirror;
	enum status rc;

	/* A stop makes no record of what it ends (stops.h). */
	if (!grounds_is_cited(cited->own) ||
	    (!renewal && !grounds_has_field(cited->content, FIELD_GROUND)))
		return STATUS_OK;
	rc = grounds_cited_mirror(service, cited, &mirror);
	if (rc == STATUS_NOT_FOUND)
		rc = open_mirror(service, departure, key, case_n, cited, &mirror);
	else if (rc == STATUS_OK &&
		 (rc = bring_along(service, key, case_n, cited, &mirror)) == STATUS_OK)
		rc = follow_mirror(service, departure, cited, &mirror, &more_time);
	/* Institutions that share with each other in a circle would tell it round for ever. */
	if (rc == STATUS_OK && renewal && more_time)
		rc = renew_mirror(service, departure, cited, &mirror);
	return rc == STATUS_OK ? keep_reference(service, departure, cited, &mirror) : rc;
}
