/* services/runtime/acts/acts_law_notes.c: what people are told beside a legal basis. */
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/exchange/provisions.h"

static enum status
add(json_t *notes, const char *note, const char *ground, json_t *record, const char *day)
{
	json_t *one = json_pack("{s:s, s:s, s:o, s:s}", "note", note, "ground", ground,
	    "record", record, "day", day);

	return one != NULL && json_array_append_new(notes, one) == 0 ? STATUS_OK
	                                                             : STATUS_NO_MEMORY;
}

/* ---- Whether two records are about the same ----------------------------------------------- */

static enum group
group_named(const char *name)
{
	for (unsigned group = GROUP_SCHOOL; group < GROUP_COUNT; group++)
		if (strcmp(group_name((enum group)group), name) == 0)
			return (enum group)group;
	return GROUP_NONE;
}

/*
 * Of a recipient's two names either may be the wider one: an institution is of its kind, and a
 * kind of its group.
 */
static bool
is_within(const struct service *service, const char *narrow, const char *wide)
{
	const struct party *party = service_peer(service, narrow);
	const char *kind = party != NULL ? party->kind : narrow;
	enum group group = group_named(wide);

	return strcmp(narrow, wide) == 0 || strcmp(kind, wide) == 0 ||
	       (group != GROUP_NONE && kind_group(bytes_of_text(kind)) == group);
}

static bool
share_one(const struct service *service, const json_t *a, const json_t *b, bool recipients)
{
	const json_t *left, *right;
	size_t i, j;

	json_array_foreach(a, i, left)
	{
		json_array_foreach(b, j, right)
		{
			const char *one = json_string_value(left),
				   *other = json_string_value(right);

			if (one == NULL || other == NULL)
				continue;
			if (strcmp(one, other) == 0 ||
			    (recipients && (is_within(service, one, other) ||
					       is_within(service, other, one))))
				return true;
		}
	}
	return false;
}

static bool
is_alike(const struct service *service, const json_t *a, const json_t *b)
{
	return share_one(service, json_object_get(a, "recipients"),
		   json_object_get(b, "recipients"), true) &&
	       share_one(service, json_object_get(a, "purposes"),
		   json_object_get(b, "purposes"), false);
}

/* ---- Consents that were refused or withdrawn ----------------------------------------------- */

/* The legal day of the last event of ROW that led to its state. */
static enum status
last_day(struct service *service, const struct case_key *key, const struct ground_row *row,
    char out[static 11])
{
	const enum consent_event wanted =
	    row->state == CONSENT_REFUSED ? CONSENT_EVENT_REFUSE : CONSENT_EVENT_WITHDRAW;
	struct ground_event_row event = {0};
	json_t *body = NULL;
	enum status rc;

	out[0] = '\0';
	while ((rc = ground_store_event_after(service->db, row->n, event.n, &event)) ==
	       STATUS_OK) {
		const char *day;

		if (event.what != wanted)
			continue;
		if ((rc = grounds_read_event(service, key, event.n, &body)) != STATUS_OK)
			return rc;
		day = json_string_value(json_object_get(body, "day"));
		if (day == NULL || !bytes_to_text(bytes_of_text(day), out, 11))
			out[0] = '\0';
		json_decref(body);
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
add_consent(struct service *service, const struct case_key *key, const struct ground_row *row,
    const json_t *says, json_t *notes)
{
	char day[11];
	json_t *body = NULL;
	enum status rc = grounds_read(service, key, row, &body, NULL);

	if (rc == STATUS_OK && is_alike(service, says, body) &&
	    (rc = last_day(service, key, row, day)) == STATUS_OK)
		rc = add(notes, consent_state_name(row->state), "consent", request_hex(row->id),
		    day);
	json_decref(body);
	return rc;
}

static enum status
add_consents(struct service *service, uint64_t case_n, const json_t *says, json_t *notes)
{
	struct ground_row row = {0};
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	while ((rc = ground_store_of_case(service->db, case_n, row.n, &row)) == STATUS_OK) {
		if (row.basis != BASIS_CONSENT || row.origin[0] != '\0' ||
		    (row.state != CONSENT_REFUSED && row.state != CONSENT_WITHDRAWN))
			continue;
		if ((rc = add_consent(service, &key, &row, says, notes)) != STATUS_OK)
			break;
	}
	vault_forget(&key);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_law_notes(struct service *service, uint64_t case_n, enum basis basis, const json_t *says,
    json_t **out)
{
	const char *ground = json_string_value(json_object_get(says, "ground"));
	json_t *notes = json_array();
	enum status rc = notes == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	if (basis == BASIS_LAW && ground != NULL && provisions_goes_unconfirmed(ground)) {
		if (rc == STATUS_OK)
			rc = add(notes, "no_consent_needed", ground, json_null(), "");
		if (rc == STATUS_OK && json_is_true(json_object_get(says, "unconfirmed")))
			rc = add(notes, "unconfirmed", ground, json_null(), "");
	}
	if (rc == STATUS_OK && basis == BASIS_LAW && case_n != 0)
		rc = add_consents(service, case_n, says, notes);
	if (rc == STATUS_OK)
		*out = notes;
	else
		json_decref(notes);
	return rc;
}
