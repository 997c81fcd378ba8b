/* clients/cli/cli_due.c: what is owed and by when, and how far a task has come, in words. */
#include "clients/cli/cli_due.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/cli_labels.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define WEEK   7 /* days ahead that are counted, not dated */

/* ---- When -------------------------------------------------------------------------------- */

static bool
read_time(const json_t *value, time_t *out)
{
	const char *text = json_string_value(value);
	struct tm utc = {0};
	const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);

	if (end == NULL || *end != '\0')
		return false;
	*out = timegm(&utc);
	return true;
}

/* The number of a day by the clock on the wall here. */
static long
local_day(time_t when)
{
	struct tm local;

	if (localtime_r(&when, &local) == NULL)
		return 0;
	local.tm_hour = local.tm_min = local.tm_sec = 0;
	return (long)(timegm(&local) / DAY);
}

static void
say_overdue(time_t late, long days, char out[static CLI_DUE_WORDS])
{
	unsigned long n;

	if (days >= 1) {
		n = (unsigned long)days;
		snprintf(
		    out, CLI_DUE_WORDS, ngettext("overdue %lu day", "overdue %lu days", n), n);
	} else if (late >= HOUR) {
		n = (unsigned long)(late / HOUR);
		snprintf(out, CLI_DUE_WORDS,
		    ngettext("overdue %lu hour", "overdue %lu hours", n), n);
	} else {
		n = (unsigned long)(late / MINUTE);
		snprintf(out, CLI_DUE_WORDS,
		    ngettext("overdue %lu minute", "overdue %lu minutes", n), n);
	}
}

static void
say_ahead(time_t due, time_t now, long days, char out[static CLI_DUE_WORDS])
{
	const char *date = strcmp(lang_code(), "lv") == 0 ? "%d.%m.%Y" : "%Y-%m-%d";
	unsigned long n = days > 0 ? (unsigned long)days : 0;
	char hour[16] = "";
	struct tm local;

	if (localtime_r(&due, &local) == NULL)
		return;
	if (due - now < HOUR) {
		n = (unsigned long)((due - now + MINUTE - 1) / MINUTE);
		snprintf(out, CLI_DUE_WORDS, ngettext("in %lu minute", "in %lu minutes", n), n);
	} else if (days == 0 && strftime(hour, sizeof(hour), "%H:%M", &local) > 0) {
		snprintf(out, CLI_DUE_WORDS, _("today %s"), hour);
	} else if (days == 1) {
		snprintf(out, CLI_DUE_WORDS, "%s", _("tomorrow"));
	} else if (days <= WEEK) {
		snprintf(out, CLI_DUE_WORDS, ngettext("in %lu day", "in %lu days", n), n);
	} else if (strftime(out, CLI_DUE_WORDS, date, &local) == 0) {
		out[0] = '\0';
	}
}

void
cli_due_words(const json_t *due, time_t now, char out[static CLI_DUE_WORDS])
{
	time_t when;

	out[0] = '\0';
	if (!read_time(due, &when))
		return;
	if (when <= now)
		say_overdue(now - when, local_day(now) - local_day(when), out);
	else
		say_ahead(when, now, local_day(when) - local_day(now), out);
}

void
cli_due_item(const json_t *item, time_t now, char out[static CLI_DUE_WORDS])
{
	char whose[CLI_DUE_WORDS];

	cli_due_words(json_object_get(item, "due"), now, out);
	if (out[0] != '\0' && strcmp(cli_string(item, "clock"), "theirs") == 0 &&
	    snprintf(whose, sizeof(whose), _("%s (theirs)"), out) < (int)sizeof(whose))
		memcpy(out, whose, sizeof(whose));
	if (out[0] != '\0' && json_is_true(json_object_get(item, "own_clock")) &&
	    snprintf(whose, sizeof(whose), "~ %s", out) < (int)sizeof(whose))
		memcpy(out, whose, sizeof(whose));
}

enum cli_due_when
cli_due_when(const json_t *item, time_t now)
{
	time_t when;
	long days;

	if (!read_time(json_object_get(item, "due"), &when))
		return CLI_DUE_NEVER;
	days = local_day(when) - local_day(now);
	if (when <= now)
		return CLI_DUE_OVER;
	return days <= 0 ? CLI_DUE_TODAY : days <= WEEK ? CLI_DUE_WEEK : CLI_DUE_LATER;
}

bool
cli_due_is_ours(const json_t *item)
{
	return json_is_true(json_object_get(item, "overdue")) &&
	       strcmp(cli_string(item, "clock"), "ours") == 0;
}

const char *
cli_due_owed(const struct cli *cli, const char *what)
{
	const struct list *list = list_named("deadlines");
	const char *column = strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en";

	for (unsigned row = 0; list != NULL && row < list_rows(list); row++)
		if (strcmp(list_text(list, row, "what"), what) == 0)
			return list_text(list, row, column);
	return what;
}

/* ---- How far ----------------------------------------------------------------------------- */

/* "Sent", "received by the institution's service" and "read by a role" are different things. */
static const char *
say_reach(const char *reach, bool incoming)
{
	static const struct {
		const char *reach;
		bool incoming;
		const char *words;
	} all[] = {
	    {"queued", false, N_("waiting to be sent")},
	    {"sent", false, N_("sent; not received yet")},
	    {"received", false, N_("received by their service")},
	    {"read", false, N_("read by a person there")},
	    {"received", true, N_("received; nobody has opened it")},
	    {"read", true, N_("opened")},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].incoming == incoming && strcmp(all[i].reach, reach) == 0)
			return _(all[i].words);
	return NULL;
}

void
cli_due_state(struct cli *cli, const json_t *item, char out[static CLI_DUE_WORDS])
{
	const char *state = cli_string(item, "state"), *reach = cli_string(item, "reach");
	const char *words = say_reach(reach, strcmp(cli_string(item, "box"), "in") == 0);
	const char *label = cli_labels_state(cli, state);

	if (words != NULL && strcmp(state, "offered") == 0)
		snprintf(out, CLI_DUE_WORDS, "%s", words);
	else if (words != NULL && strcmp(reach, "queued") == 0 && strcmp(state, "pending") != 0)
		snprintf(out, CLI_DUE_WORDS, "%s; %s", label, words);
	else
		snprintf(out, CLI_DUE_WORDS, "%s", label);
}

void
cli_due_danger(const json_t *item)
{
	if (strcmp(cli_string(item, "urgency"), "immediate") == 0)
		fputs(_("A child may be in danger now: call 110 (police) or 112 first.\n"),
		    stderr);
}

bool
cli_due_own_clock(const json_t *items)
{
	const json_t *one;
	size_t i;

	json_array_foreach(items, i, one)
	{
		if (json_is_true(json_object_get(one, "own_clock")))
			return true;
	}
	return false;
}

const char *
cli_due_own_words(void)
{
	return _(
	    "~ by this service's own clock alone: the broker cannot be asked, and what comes"
	    " too early is taken back");
}
