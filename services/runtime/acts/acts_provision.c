/* services/runtime/acts/acts_provision.c: provisions of law, as an administrator confirms them. */
#include "services/runtime/acts/acts_provision.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/task/calendar.h"

#define ADVICE_MAX 200

/* Consent is no provision, and needs no advice. */
static bool
is_provision(const char *code)
{
	return strcmp(code, "consent") != 0 && list_has("legal-bases", bytes_of_text(code));
}

static enum status
check(struct service *service, const json_t *request, struct refusal *refusal)
{
	static const char *const words[] = {"advice", "date", NULL};
	const json_t *advice = json_object_get(request, "advice");
	const char *date = json_string_value(json_object_get(request, "date"));
	calendar_day day;
	char today[11];
	enum status rc = request_only(request, words, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (!json_is_string(advice) || json_string_length(advice) == 0 ||
	    json_string_length(advice) > ADVICE_MAX ||
	    !bytes_is_utf8(bytes_of_text(json_string_value(advice))))
		return request_refuse(refusal, STATUS_ARGUMENT, "advice",
		    "advice names who advised, in at most %d bytes", ADVICE_MAX);
	grounds_day(service->now_ms, today);
	if (date == NULL || !calendar_date(bytes_of_text(date), &day) ||
	    strcmp(date, today) > 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "date",
		    "date is the day of the advice, today at the latest");
	return STATUS_OK;
}

enum status
acts_provision_confirm(struct service *service, const struct actor *actor, const char *code,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	const char *advice = json_string_value(json_object_get(request, "advice"));
	const char *date = json_string_value(json_object_get(request, "date"));
	json_t *said = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_ADMINISTRATOR)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role may not confirm a provision; ask your administrator");
	if (!is_provision(code))
		return request_refuse(refusal, STATUS_NOT_FOUND, "provision",
		    "there is no such provision; see the list legal-bases");
	if ((rc = check(service, request, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the provision");
	rc = provisions_confirm(service, code, actor->person, advice, date);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, 0, 0, "confirm_provision");
	if (rc == STATUS_OK)
		said = json_pack("{s:s, s:s, s:s, s:o}", "provision", code, "advice", advice,
		    "date", date, "confirmed", request_time(service->now_ms));
	return acts_end(service, rc, said, answer, "storing the provision", refusal);
}
