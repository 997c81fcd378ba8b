/* tests/lint/api_roles.c: prints, as JSON, which roles a kind of institution lets do which operation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/runtime.h"

/*
 * It is linked with the page of one kind, in the runtime's place: so it is the descriptor of the
 * program itself that answers, by the functions that its desk asks.
 *
 * { "program": "saikne-school", "operations": [{ "method": "post", "path": "/v1/referrals",
 *   "roles": ["specialist", ...] }] }
 *
 * Where an operation does several acts (the steps of one name on several sorts of task, notices,
 * what is recorded of a consent), whoever may do one of them is among its roles.
 */

static void
must(bool condition)
{
	if (!condition) {
		fprintf(stderr, "api_roles: memory ran out\n");
		exit(1);
	}
}

/* ---- Who may ----------------------------------------------------------------------------- */

typedef bool may_fn(const struct service *service, enum role role, const char *what);

static bool
may_step(const struct service *service, enum role role, const char *name)
{
	const struct acts_verb *verb;

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (strcmp(verb->name, name) == 0 && acts_role_may(service, role, verb->type))
			return true;
	return false;
}

static bool
may_send(const struct service *service, enum role role, const char *name)
{
	const struct message_info *info = message_named(bytes_of_text(name));

	must(info != NULL);
	return acts_role_may(service, role, info->id);
}

static bool
may_notify(const struct service *service, enum role role, const char *name)
{
	const struct acts_notice *notice;

	(void)name;
	for (unsigned i = 0; (notice = acts_notice_at(i)) != NULL; i++)
		if (acts_role_may(service, role, notice->type))
			return true;
	return false;
}

/* NAME: of one event, or "": of any. */
static bool
may_record(const struct service *service, enum role role, const char *name)
{
	for (unsigned event = 0; event < CONSENT_EVENT_COUNT; event++)
		if ((name[0] == '\0' ||
			strcmp(consent_event_name((enum consent_event)event), name) == 0) &&
		    acts_consent_role_may(service, role, (enum consent_event)event))
			return true;
	return false;
}

static bool
may_erase(const struct service *service, enum role role, const char *name)
{
	(void)name;
	return (service->config.descriptor->erases >> role & 1) != 0;
}

static const struct {
	const char *path;
	may_fn *may;
	const char *what;
} operations[] = {
    {"/v1/referrals", may_send, "referral_offer"},
    {"/v1/requests", may_send, "information_request"},
    {"/v1/notices", may_notify, ""},
    {"/v1/disagreements", may_send, "disagreement_raise"},
    {"/v1/circles", may_send, "case_open"},
    {"/v1/circles/{}/set-aside", may_send, "case_close"},
    {"/v1/conferences", may_send, "conference_propose"},
    {"/v1/conferences/{}/matters", may_send, "matter_put"},
    {"/v1/cases/{}/consents", may_record, "give"},
    {"/v1/grounds/{}/events", may_record, ""},
    {"/v1/cases/{}/grounds", may_record, "end"},
    {"/v1/cases/{}/erasure", may_erase, ""},
};

/* ---- The table --------------------------------------------------------------------------- */

static void
add(json_t *all, const struct service *service, const char *path, may_fn *may, const char *what)
{
	json_t *roles = json_array();

	for (unsigned role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
		if (may(service, (enum role)role, what))
			must(json_array_append_new(
				 roles, json_string(service_role_name((enum role)role))) == 0);
	must(json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "method", "post", "path",
					    path, "roles", roles)) == 0);
}

static bool
is_first(unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (strcmp(acts_verb_at(i)->name, acts_verb_at(at)->name) == 0)
			return false;
	return true;
}

int
runtime_main(int argc, char **argv, const struct descriptor *descriptor)
{
	const struct service service = {.config = {.descriptor = descriptor}};
	json_t *all = json_array(), *whole;
	const struct acts_verb *verb;
	char path[80];

	(void)argc;
	(void)argv;
	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		add(all, &service, operations[i].path, operations[i].may, operations[i].what);
	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++) {
		if (!is_first(i))
			continue;
		snprintf(path, sizeof(path), "/v1/tasks/{}/%s", verb->name);
		add(all, &service, path, may_step, verb->name);
	}
	whole = json_pack("{s:s, s:o}", "program", descriptor->program, "operations", all);
	must(whole != NULL && json_dumpf(whole, stdout, JSON_COMPACT) == 0);
	json_decref(whole);
	return 0;
}
