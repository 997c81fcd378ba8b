/* clients/cli/cli_labels.c: looks words up in the lists, the fields and the desk's states. */
#include "clients/cli/cli_labels.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"
#include "protocol/wire/message.h"

#define SHORT_LEN 8

const char *
cli_labels_code(const struct cli *cli, const char *list, const char *code)
{
	return list_label(list, code, cli->language);
}

void
cli_labels_brief(const struct cli *cli, const char *list, const char *code, char out[static 80])
{
	char *cut;

	snprintf(out, 80, "%s", cli_labels_code(cli, list, code));
	if ((cut = strstr(out, " (")) != NULL)
		*cut = '\0';
}

static const char *
either(const struct cli *cli, const char *lv, const char *en)
{
	return strcmp(cli->language, "lv") == 0 ? lv : en;
}

const char *
cli_labels_field(const struct cli *cli, const char *name)
{
	const struct field_info *info = field_named(bytes_of_text(name));

	return info != NULL ? either(cli, info->label_lv, info->label_en) : name;
}

const char *
cli_labels_category(const struct cli *cli, const char *name)
{
	return list_label("categories", name, cli->language);
}

static const json_t *
find_state(struct cli *cli, const char *name)
{
	const json_t *state;
	size_t i;

	/* Without the words the codes are shown; the command itself says if the desk is gone. */
	if (cli->states == NULL) {
		json_t *states = NULL;

		cli->states = json_object(); /* asked once, also when that is refused */
		if (desk_client_get(cli, "/v1/states", &states) == CLI_DONE) {
			json_decref(cli->states);
			cli->states = states;
		}
	}
	json_array_foreach(json_object_get(cli->states, "states"), i, state)
	{
		if (strcmp(cli_string(state, "name"), name) == 0 ||
		    strcmp(cli_string(state, "label_en"), name) == 0)
			return state;
	}
	return NULL;
}

const char *
cli_labels_state(struct cli *cli, const char *name)
{
	const json_t *state = find_state(cli, name);

	if (state == NULL)
		return name;
	return either(cli, cli_string(state, "label_lv"), cli_string(state, "label_en"));
}

bool
cli_labels_is_open(struct cli *cli, const char *name)
{
	const json_t *state = find_state(cli, name);

	return state == NULL || json_is_true(json_object_get(state, "open"));
}

const char *
cli_labels_what(const struct cli *cli, const char *what)
{
	/* What is said about a message, in the order it happens. */
	static const struct {
		const char *what, *words;
	} words[] = {
	    {"queued", N_("written; waiting to be sent")},
	    {"sent", N_("sent; recorded in the broker's log")},
	    {"delivered", N_("delivered to the recipient's service")},
	    {"read", N_("read by a person of the recipient")},
	    {"unreadable", N_("the recipient's service could not open it")},
	    {"expired", N_("its time was over before it was taken")},
	    {"undeliverable", N_("could not be delivered")},
	    {"withheld", N_("the content was not released")},
	    {"refused", N_("refused by the broker; nothing was delivered")},
	    {"taken_back", N_("taken back before it left: its ground was stopped")},
	    {"alarm_reminder", N_("REMINDER: its time is nearly over; see: saikne alarms")},
	    {"alarm_overdue", N_("OVERDUE; see: saikne alarms")},
	    {"alarm_climbed", N_("STILL OVERDUE, AND ABOVE; see: saikne alarms")},
	    {"alarm_seen", N_("somebody saw its alarm")},
	    {"assigned", N_("given to somebody; see: saikne todo")},
	    {"given_back", N_("given back to the mailbox")},
	    {"glass_seen", N_("somebody saw an emergency opening")},
	    {"break_glass", N_("SOMEBODY BROKE THE GLASS; see: saikne broken-glass")},
	};
	const struct message_info *info = message_named(bytes_of_text(what));

	if (info != NULL)
		return either(cli, info->label_lv, info->label_en);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].what, what) == 0)
			return _(words[i].words);
	}
	return what;
}

static void
append_one(const struct cli *cli, const char *list, const json_t *value, struct buffer *out)
{
	const char *text = json_string_value(value);

	if (text != NULL)
		buffer_append_text(
		    out, list[0] != '\0' ? cli_labels_code(cli, list, text) : text);
	else if (json_is_integer(value))
		buffer_append_format(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		buffer_append_text(out, json_is_true(value) ? _("yes") : _("no"));
}

void
cli_labels_value(
    const struct cli *cli, const char *name, const json_t *value, struct buffer *out)
{
	const struct field_info *info = field_named(bytes_of_text(name));
	const char *list = info != NULL ? info->list : "";
	const json_t *one;
	size_t i;

	if (!json_is_array(value)) {
		append_one(cli, list, value, out);
		return;
	}
	json_array_foreach(value, i, one)
	{
		if (i > 0)
			buffer_append_text(out, ", ");
		append_one(cli, list, one, out);
	}
}

void
cli_labels_holders(const struct cli *cli, const json_t *item, struct buffer *out)
{
	const json_t *holders = json_object_get(item, "assigned_to");

	if (json_array_size(holders) == 0)
		buffer_append_text(out, _("nobody"));
	else
		cli_labels_value(cli, "", holders, out);
}

void
cli_labels_erased(const struct cli *cli, const json_t *item, struct buffer *out)
{
	const json_t *erasure = json_object_get(item, "erasure");
	char time[40];

	buffer_append_text(out, _("erased"));
	if (erasure == NULL)
		return;
	cli_labels_time(json_object_get(erasure, "time"), time);
	buffer_append_text(out, " ");
	buffer_append_text(out, time);
	buffer_append_text(out, ": ");
	buffer_append_text(
	    out, cli_labels_code(cli, "erasure-reasons", cli_string(erasure, "reason")));
}

/* "2026-09-01T07:22:05Z" as seconds; false for any other text. */
static bool
parse_utc(const char *text, time_t *out)
{
	struct tm utc = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);

	if (end == NULL || *end != '\0')
		return false;
	*out = timegm(&utc);
	return true;
}

void
cli_labels_time(const json_t *value, char out[static 40])
{
	const char *text = json_string_value(value);
	const char *form = strcmp(lang_code(), "lv") == 0 ? "%d.%m.%Y %H:%M" : "%Y-%m-%d %H:%M";
	time_t seconds = (time_t)(json_integer_value(value) / 1000);
	struct tm local;

	out[0] = '\0';
	if (text != NULL && !parse_utc(text, &seconds))
		snprintf(out, 40, "%s", text);
	else if ((text != NULL || json_is_integer(value)) &&
		 localtime_r(&seconds, &local) != NULL && strftime(out, 40, form, &local) == 0)
		out[0] = '\0';
}

const char *
cli_labels_short(const char *id)
{
	size_t len = strlen(id);

	return len > SHORT_LEN ? id + len - SHORT_LEN : id;
}

const char *
cli_labels_command(const char *sort, const char *action)
{
	static const struct {
		const char *sort, *action, *words;
	} commands[] = {
	    {"case", "assign", "saikne action "},
	    {"matter", "assign", "saikne action "},
	    {"conference", "put", "saikne matter "},
	    {"case", NULL, "saikne coordinate "},
	    {"transfer", NULL, "saikne coordinate "},
	    {"action", NULL, "saikne action "},
	    {"conference", NULL, "saikne conference "},
	    {"matter", NULL, "saikne matter "},
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].sort, sort) == 0 &&
		    (commands[i].action == NULL || strcmp(commands[i].action, action) == 0))
			return commands[i].words;
	return "saikne ";
}
