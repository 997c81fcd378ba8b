/* services/runtime/acts/acts_staff.c: people of the institution: found by name, named by number. */
#include "services/runtime/acts/acts_inside.h"

#include <string.h>

#include "services/runtime/acts/acts_people_inside.h"
#include "services/runtime/people/people.h"

#define HOLDERS_AT_ONCE 16

json_t *
acts_person(struct service *service, uint64_t person)
{
	char name[64] = "";

	if (person != 0 && people_name(service, person, name) != STATUS_OK)
		name[0] = '\0';
	return json_string(name);
}

enum status
acts_find_person(struct service *service, const json_t *name, const char *field,
    struct person_row *out, struct refusal *refusal)
{
	const char *wanted = json_string_value(name);
	struct person_row row;
	char known[64];
	bool found = false;
	uint64_t after = 0;
	enum status rc = STATUS_OK;

	/* An institution has tens of people; their names are sealed, so they are gone through. */
	while (wanted != NULL && wanted[0] != '\0' &&
	       (rc = people_store_after(service->db, after, &row)) == STATUS_OK) {
		if ((rc = people_name(service, row.n, known)) != STATUS_OK)
			break;
		after = row.n;
		/* Who came back under the same name counts, not who left. */
		if (strcmp(known, wanted) == 0 && (!found || row.active)) {
			*out = row;
			found = true;
		}
	}
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return acts_fail(refusal, rc, "looking for the person");
	if (found)
		return STATUS_OK;
	return request_refuse(refusal, STATUS_ARGUMENT, field,
	    "%s names nobody of this institution: give the name they sign in with; "
	    "see: saikne people",
	    field);
}

enum status
acts_find_numbered(struct service *service, const char *number, const char *field,
    struct person_row *out, struct refusal *refusal)
{
	uint64_t n = 0;
	enum status rc = STATUS_NOT_FOUND;

	if (acts_people_number(number, &n))
		rc = people_store_get(service->db, n, out);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, STATUS_ARGUMENT, field,
		    "%s is the number of somebody of this institution, as the list of people "
		    "gives it; see: saikne people --json",
		    field);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "looking for the person");
}

json_t *
acts_holders(struct service *service, uint64_t case_n)
{
	struct grant_filter filter = {.case_n = case_n};
	json_t *holders = json_array(), *authors = json_array(), *found;
	struct grant_row rows[HOLDERS_AT_ONCE];
	unsigned count;
	bool failed = holders == NULL || authors == NULL;

	do {
		if (knowing_store_standing_rows(
			service->db, &filter, HOLDERS_AT_ONCE, rows, &count) != STATUS_OK) {
			failed = true;
			break;
		}
		for (unsigned i = 0; i < count && !failed; i++) {
			filter.after = rows[i].n;
			failed = json_array_append_new(
				     rows[i].how == GRANT_AUTHOR ? authors : holders,
				     acts_person(service, rows[i].person)) != 0;
		}
	} while (!failed && count == HOLDERS_AT_ONCE);
	found = failed ? NULL : json_incref(json_array_size(holders) > 0 ? holders : authors);
	json_decref(holders);
	json_decref(authors);
	return found;
}
