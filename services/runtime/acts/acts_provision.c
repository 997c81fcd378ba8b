/* services/runtime/acts/acts_provision.c: provisions of law, as an administrator confirms them. */
#include "services/runtime/acts/acts_provision.h"

#include <stdio.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_people_inside.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/task/calendar.h"

#define ADVICE_MAX 200

/* ---- What there is ----------------------------------------------------------------------- */

/* Consent is no provision, and needs no advice. */
static bool
is_provision(const char *code)
{
	return strcmp(code, "consent") != 0 && list_has("legal-bases", bytes_of_text(code));
}

static enum status
add_confirmation(struct service *service, const char *code, json_t *item)
{
	struct provision_row row;
	struct buffer advice = {0};
	enum status rc = provisions_read(service, code, &row, &advice);
	int failed;

	if (rc == STATUS_OK) {
		failed = json_object_set_new(item, "confirmed", request_time(row.confirmed_ms));
		failed |= json_object_set_new(item, "by", acts_person(service, row.person));
		failed |= json_object_set_new(
		    item, "advice", json_stringn((const char *)advice.data, advice.len));
		failed |= json_object_set_new(item, "advised_on", json_string(row.advice_day));
		rc = failed != 0 ? STATUS_NO_MEMORY : STATUS_OK;
	} else if (rc == STATUS_NOT_FOUND) {
		rc = STATUS_OK;
	}
	buffer_free(&advice);
	return rc;
}

static enum status
make_item(struct service *service, const struct list *bases, unsigned row, json_t **out)
{
	const char *code = list_text(bases, row, "code");
	json_t *item = json_pack("{s:s, s:s, s:s, s:s, s:n, s:s, s:s, s:n, s:b}", "provision",
	    code, "source", list_text(bases, row, "source"), "label_lv",
	    list_text(bases, row, "label_lv"), "label_en", list_text(bases, row, "label_en"),
	    "confirmed", "by", "", "advice", "", "advised_on", "unconfirmed_works",
	    provisions_goes_unconfirmed(code));
	enum status rc =
	    item == NULL ? STATUS_NO_MEMORY : add_confirmation(service, code, item);

	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

enum status
acts_provisions(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	const struct list *bases = list_named("legal-bases");
	json_t *items = json_array(), *item;
	enum status rc = STATUS_OK;

	*answer = NULL;
	service_tick(service);
	(void)actor; /* whoever works here may know what the institution rests on */
	for (unsigned row = 0; rc == STATUS_OK && row < list_rows(bases); row++) {
		if (!is_provision(list_text(bases, row, "code")))
			continue;
		rc = make_item(service, bases, row, &item);
		if (rc == STATUS_OK && json_array_append_new(items, item) != 0)
			rc = STATUS_NO_MEMORY;
	}
	if (rc == STATUS_OK && (*answer = json_pack("{s:O}", "items", items)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the provisions");
}

/* ---- Confirming -------------------------------------------------------------------------- */

static enum status
check_advice(struct service *service, const json_t *request, struct refusal *refusal)
{
	const json_t *advice = json_object_get(request, "advice");
	const char *day = json_string_value(json_object_get(request, "advised_on"));
	calendar_day on;

	if (!json_is_string(advice) || json_string_length(advice) == 0 ||
	    json_string_length(advice) > ADVICE_MAX ||
	    !bytes_is_utf8(bytes_of_text(json_string_value(advice))))
		return request_refuse(refusal, STATUS_ARGUMENT, "advice",
		    "advice names who advised, in at most %d bytes", ADVICE_MAX);
	if (day == NULL || !calendar_date(bytes_of_text(day), &on) ||
	    on > calendar_day_at(service->now_ms))
		return request_refuse(refusal, STATUS_ARGUMENT, "advised_on",
		    "advised_on is the day of the advice, today at the latest");
	return STATUS_OK;
}

static enum status
check(struct service *service, const char *code, const json_t *request, bool *undo,
    struct refusal *refusal)
{
	static const char *const words[] = {"advice", "advised_on", NULL}, *const ends[] = {
									       "undo", NULL};
	const json_t *said = json_object_get(request, "undo");
	enum status rc;

	*undo = said != NULL;
	if ((rc = request_only(request, *undo ? ends : words, refusal)) != STATUS_OK)
		return rc;
	if (!*undo)
		return check_advice(service, request, refusal);
	if (!json_is_true(said))
		return request_refuse(refusal, STATUS_ARGUMENT, "undo", "undo is true");
	if (!provisions_is_confirmed(service, code))
		return request_refuse(refusal, STATUS_WRONG_STATE, "provision",
		    "this provision is not confirmed");
	return STATUS_OK;
}

/* In the open transaction; the log of looks says which provision it was. */
static enum status
change(struct service *service, const struct actor *actor, const char *code,
    const json_t *request, bool undo)
{
	char what[32];
	enum status rc = undo ? provisions_undo(service, code)
	                      : provisions_confirm(service, code, actor->person,
				    json_string_value(json_object_get(request, "advice")),
				    json_string_value(json_object_get(request, "advised_on")));

	if (rc != STATUS_OK)
		return rc;
	snprintf(what, sizeof(what), "%s:%.20s", undo ? "unconfirm" : "confirm", code);
	return access_record(service, actor, 0, 0, what);
}

enum status
acts_provision_confirm(struct service *service, const struct actor *actor, const char *code,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	const struct list *bases = list_named("legal-bases");
	json_t *said = NULL;
	unsigned row;
	bool undo;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_people_may_change(actor, refusal)) != STATUS_OK)
		return rc;
	if (!is_provision(code) || !list_find(bases, bytes_of_text(code), &row))
		return request_refuse(refusal, STATUS_NOT_FOUND, "provision",
		    "there is no such provision; see the list legal-bases");
	if ((rc = check(service, code, request, &undo, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the provision");
	rc = change(service, actor, code, request, undo);
	if (rc == STATUS_OK)
		rc = make_item(service, bases, row, &said);
	return acts_end(service, rc, said, answer, "storing the provision", refusal);
}
