/* services/runtime/acts/acts_staff.c: people of the institution: found by name, named by number. */
#include "services/runtime/acts/acts_inside.h"

#include <string.h>

#include "services/runtime/people/people.h"

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
	    "%s is somebody of this institution, by the name they sign in with", field);
}

static enum status
add_holders(struct service *service, uint64_t case_n, bool authors, json_t *names)
{
	struct grant_filter filter = {.case_n = case_n};
	struct grant_row row;
	enum status rc;

	while ((rc = knowing_store_standing(service->db, &filter, &row)) == STATUS_OK) {
		filter.after = row.n;
		if ((row.how == GRANT_AUTHOR) == authors &&
		    json_array_append_new(names, acts_person(service, row.person)) != 0)
			return STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

json_t *
acts_holders(struct service *service, uint64_t case_n)
{
	json_t *names = json_array();

	if (names == NULL)
		return NULL;
	if (add_holders(service, case_n, false, names) == STATUS_OK &&
	    (json_array_size(names) > 0 ||
		add_holders(service, case_n, true, names) == STATUS_OK))
		return names;
	json_decref(names);
	return NULL;
}
