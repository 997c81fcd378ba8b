/* services/runtime/acts/acts_assign.c: who holds a case: assigned, given back, handed over; duty. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_inside.h"

#include <string.h>

#include "protocol/host/clock.h"

#define WHY_MAX       2000
#define DUTY_MS_MAX   (31ULL * 24 * 3600 * 1000)
#define DUTY_ROWS_MAX 500

/* ---- Assigning --------------------------------------------------------------------------- */

/*
 * The assignments of all but PERSON end; who wrote the case still knows it. A specialist gives
 * away what is theirs, and takes nothing from others.
 */
static enum status
end_others(struct service *service, const struct actor *by, uint64_t case_n, uint64_t person)
{
	struct grant_filter filter = {.case_n = case_n};
	struct grant_row row;
	enum status rc;

	while ((rc = knowing_store_standing(service->db, &filter, &row)) == STATUS_OK) {
		filter.after = row.n;
		if (row.how == GRANT_AUTHOR || row.person == person ||
		    (by->role == ROLE_SPECIALIST && row.person != by->person))
			continue;
		rc = knowing_store_end(service->db, &row, service->now_ms, by->person);
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
assign(struct service *service, const struct actor *actor, uint64_t case_n, uint64_t person,
    bool beside, const char *why)
{
	enum status rc = beside ? STATUS_OK : end_others(service, actor, case_n, person);

	if (rc == STATUS_OK)
		rc = knowing_give(service, actor, case_n, person, GRANT_ASSIGNED, why, NULL);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, case_n, 0, "assign");
	return rc;
}

/* Broken glass is help for three hours: who has only that neither keeps a case nor moves it. */
static enum status
check_own(struct service *service, const struct actor *actor, uint64_t case_n,
    struct refusal *refusal)
{
	struct knowing knowing;
	enum status rc = knowing_of(service, actor, case_n, &knowing);

	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	if (knowing.facts.known || (!knowing.facts.held && knowing.mailbox))
		return STATUS_OK;
	return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
	    "you broke the glass to see this case: it is not yours to assign");
}

/* Those who lead give any case to anybody, unread; others what they know, or take it. */
static enum status
find_to_assign(struct service *service, const struct actor *actor, const char *case_id,
    struct case_row *out, struct refusal *refusal)
{
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	if (knowing_leads(actor->role) && request_id(case_id, id) &&
	    case_store_find(service->db, id, out) == STATUS_OK)
		return STATUS_OK;
	if ((rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, out, refusal)) !=
	    STATUS_OK)
		return rc;
	return check_own(service, actor, out->n, refusal);
}

static enum status
read_beside(const json_t *request, bool *out, struct refusal *refusal)
{
	const json_t *beside = json_object_get(request, "beside");

	*out = json_is_true(beside);
	if (beside == NULL || json_is_boolean(beside))
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_ARGUMENT, "beside", "%s is true or false", "beside");
}

static enum status
check_assignee(
    const struct actor *actor, const struct person_row *person, struct refusal *refusal)
{
	enum role role = service_role_named(person->role);

	if (!person->active || !service_role_reads(role))
		return request_refuse(refusal, STATUS_ARGUMENT, "person",
		    "that person works with no cases: disabled, or of another role");
	/* A specialist brings in whoever leads; who else should know is for them to say. */
	if (person->n != actor->person && actor->role == ROLE_SPECIALIST &&
	    role == ROLE_SPECIALIST)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "person",
		    "a specialist gives a case to a case manager, a supervisor or a head");
	return STATUS_OK;
}

/* Who leads may take a case over from others unread: then it is to be read why. */
static enum status
check_why(struct service *service, const struct actor *actor, uint64_t case_n, uint64_t person,
    const char *why, struct refusal *refusal)
{
	struct knowing knowing;
	enum status rc;

	if (person != actor->person || !knowing_leads(actor->role) ||
	    (why != NULL && why[0] != '\0'))
		return STATUS_OK;
	if ((rc = knowing_of(service, actor, case_n, &knowing)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	if (knowing.facts.known || !knowing.facts.held)
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_ARGUMENT, "why", "others hold this case: say why you take it over");
}

/* Who holds what is for people to decide. */
static enum status
check_person(const struct actor *actor, struct refusal *refusal)
{
	if (!actor->system)
		return acts_may_read(actor, refusal);
	return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
	    "a program gives no cases and sets no duty: people do");
}

enum status
acts_assign(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"person", "why", "beside", NULL};
	const json_t *name = json_object_get(request, "person");
	struct person_row person = {.n = actor->person, .active = true};
	struct case_row file;
	const char *why;
	bool beside;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = check_person(actor, refusal)) != STATUS_OK ||
	    (rc = find_to_assign(service, actor, case_id, &file, refusal)) != STATUS_OK ||
	    (rc = request_only(request, words, refusal)) != STATUS_OK ||
	    (rc = acts_casebook_text(request, "why", WHY_MAX, &why, refusal)) != STATUS_OK ||
	    (rc = read_beside(request, &beside, refusal)) != STATUS_OK)
		return rc;
	/* Nobody named: taking it for oneself. */
	if (name != NULL &&
	    ((rc = acts_find_person(service, name, "person", &person, refusal)) != STATUS_OK ||
		(rc = check_assignee(actor, &person, refusal)) != STATUS_OK))
		return rc;
	if ((rc = check_why(service, actor, file.n, person.n, why, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "assigning the case");
	rc = assign(service, actor, file.n, person.n, beside, why);
	service_note_case(service, file.id, "assigned");
	return acts_end(service, rc,
	    json_pack("{s:o, s:o}", "case", request_hex(file.id), "assigned_to",
		acts_holders(service, file.n)),
	    answer, "assigning the case", refusal);
}

enum status
acts_give_back(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {NULL};
	struct case_row file;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &file, refusal)) !=
		STATUS_OK ||
	    (rc = request_only(request, words, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "giving the case back");
	rc = knowing_end(service, actor, file.n, actor->person);
	if (rc == STATUS_NOT_FOUND) {
		service_rollback(service);
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "the case is not yours: there is nothing to give back");
	}
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file.n, 0, "give_back");
	service_note_case(service, file.id, "given_back");
	return acts_end(service, rc,
	    json_pack("{s:o, s:o}", "case", request_hex(file.id), "assigned_to",
		acts_holders(service, file.n)),
	    answer, "giving the case back", refusal);
}

/* ---- Handing over ------------------------------------------------------------------------ */

static enum status
note_given(struct service *service, uint64_t case_n)
{
	struct case_row file;
	enum status rc = case_store_get(service->db, case_n, &file);

	if (rc == STATUS_OK)
		service_note_case(service, file.id, "assigned");
	return rc;
}

/* All that FROM holds is TO's, in one transaction; *COUNT cases. */
static enum status
hand_over(struct service *service, const struct actor *actor, uint64_t from, uint64_t to,
    const char *why, unsigned *count)
{
	struct grant_filter filter = {.person = from};
	struct grant_row row;
	enum status rc;

	*count = 0;
	while ((rc = knowing_store_standing(service->db, &filter, &row)) == STATUS_OK) {
		rc = knowing_give(service, actor, row.case_n, to, GRANT_HANDED_OVER, why, NULL);
		if (rc == STATUS_OK)
			rc = knowing_end(service, actor, row.case_n, from);
		if (rc == STATUS_OK)
			rc = access_record(service, actor, row.case_n, 0, "hand_over");
		/* The first speaks for all: whoever hears of it reads their lists again. */
		if (rc == STATUS_OK && (*count)++ == 0)
			rc = note_given(service, row.case_n);
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_hand_over(struct service *service, const struct actor *actor, const char *from_number,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"to", "why", NULL};
	struct person_row from, to;
	const char *why;
	unsigned count;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "handing over all of somebody's cases is for supervisors and heads");
	if ((rc = check_person(actor, refusal)) != STATUS_OK ||
	    (rc = request_only(request, words, refusal)) != STATUS_OK ||
	    (rc = acts_casebook_text(request, "why", WHY_MAX, &why, refusal)) != STATUS_OK ||
	    (rc = acts_find_numbered(service, from_number, "person", &from, refusal)) !=
		STATUS_OK ||
	    (rc = acts_find_person(
		 service, json_object_get(request, "to"), "to", &to, refusal)) != STATUS_OK ||
	    (rc = check_assignee(actor, &to, refusal)) != STATUS_OK)
		return rc;
	if (from.n == to.n)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "to", "to names the same person");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "handing over");
	rc = hand_over(service, actor, from.n, to.n, why, &count);
	return acts_end(service, rc,
	    json_pack("{s:i}", "cases", rc == STATUS_OK ? (int)count : 0), answer,
	    "handing over", refusal);
}

/* Who holds how many cases; who left and still holds some stands out. */
enum status
acts_holdings(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	struct person_row person;
	json_t *items;
	uint64_t n = 0, count;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "who holds how many cases is for supervisors and heads");
	items = json_array();
	while ((rc = knowing_store_holder_after(service->db, n, &n)) == STATUS_OK) {
		if ((rc = people_store_get(service->db, n, &person)) != STATUS_OK ||
		    (rc = knowing_store_holds(service->db, n, &count)) != STATUS_OK)
			break;
		if (json_array_append_new(
			items, json_pack("{s:o, s:s, s:I, s:b}", "person",
				   acts_person(service, n), "role", person.role, "cases",
				   (json_int_t)count, "disabled", !person.active)) != 0) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc == STATUS_NOT_FOUND)
		rc = (*answer = json_pack("{s:O}", "items", items)) == NULL ? STATUS_NO_MEMORY
		                                                            : STATUS_OK;
	json_decref(items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading who holds cases");
}

/* ---- Duty -------------------------------------------------------------------------------- */

static enum status
read_when(const json_t *request, const char *name, uint64_t absent, uint64_t *out,
    struct refusal *refusal)
{
	const json_t *value = json_object_get(request, name);

	*out = absent;
	if (absent != 0 && (value == NULL || json_is_null(value)))
		return STATUS_OK;
	if (json_is_string(value) && clock_parse(json_string_value(value), out))
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_ARGUMENT, name, "%s is a time, such as 2026-11-22T08:00:00Z", name);
}

enum status
acts_duty_set(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"person", "from", "until", NULL};
	struct duty_row duty = {.by = actor->person};
	struct person_row person;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "the duty roster is for supervisors and heads to set");
	if ((rc = check_person(actor, refusal)) != STATUS_OK ||
	    (rc = request_only(request, words, refusal)) != STATUS_OK ||
	    (rc = acts_find_person(service, json_object_get(request, "person"), "person",
		 &person, refusal)) != STATUS_OK ||
	    (rc = check_assignee(actor, &person, refusal)) != STATUS_OK ||
	    (rc = read_when(request, "from", service->now_ms, &duty.from_ms, refusal)) !=
		STATUS_OK ||
	    (rc = read_when(request, "until", 0, &duty.until_ms, refusal)) != STATUS_OK)
		return rc;
	if (duty.until_ms <= duty.from_ms || duty.until_ms - duty.from_ms > DUTY_MS_MAX)
		return request_refuse(refusal, STATUS_ARGUMENT, "until",
		    "until is after from, by %d days at most", 31);
	duty.person = person.n;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the duty");
	if ((rc = knowing_store_duty_add(service->db, &duty)) == STATUS_OK)
		rc = access_record_about(service, actor, duty.person, "duty");
	return acts_end(service, rc, json_pack("{s:I}", "duty", (json_int_t)duty.n), answer,
	    "storing the duty", refusal);
}

/* The roster's row of this number that is not over. */
static enum status
find_duty(struct service *service, const char *n, struct duty_row *out)
{
	uint64_t number = 0;
	enum status rc;

	if (strspn(n, "0123456789") != strlen(n) || strlen(n) > 18)
		return STATUS_NOT_FOUND;
	for (const char *c = n; *c != '\0'; c++)
		number = number * 10 + (uint64_t)(*c - '0');
	if (number == 0)
		return STATUS_NOT_FOUND;
	rc = knowing_store_duty_after(service->db, number - 1, service->now_ms, out);
	return rc == STATUS_OK && out->n != number ? STATUS_NOT_FOUND : rc;
}

enum status
acts_duty_end(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal)
{
	struct duty_row duty;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "the duty roster is for supervisors and heads to set");
	if ((rc = find_duty(service, n, &duty)) == STATUS_NOT_FOUND)
		return request_refuse(
		    refusal, rc, "", "the duty roster has no such number, or it is over");
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the duty");
	if ((rc = knowing_store_duty_end(service->db, duty.n, service->now_ms)) == STATUS_OK)
		rc = access_record_about(service, actor, duty.person, "duty_end");
	return acts_end(service, rc, json_pack("{s:I}", "duty", (json_int_t)duty.n), answer,
	    "storing the duty", refusal);
}

/* The roster from now on: who is on duty, and who will be. */
enum status
acts_duty(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	struct duty_row duty = {.n = 0};
	json_t *items;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	items = json_array();
	while (json_array_size(items) < DUTY_ROWS_MAX &&
	       (rc = knowing_store_duty_after(service->db, duty.n, service->now_ms, &duty)) ==
		   STATUS_OK) {
		if (json_array_append_new(items,
			json_pack("{s:I, s:o, s:o, s:o, s:b}", "duty", (json_int_t)duty.n,
			    "person", acts_person(service, duty.person), "from",
			    request_time(duty.from_ms), "until", request_time(duty.until_ms),
			    "now", duty.from_ms <= service->now_ms)) != 0) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = (*answer = json_pack("{s:O}", "items", items)) == NULL ? STATUS_NO_MEMORY
		                                                            : STATUS_OK;
	json_decref(items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the duty roster");
}
