/* clients/cli/cli_words.c: names and templates of the desk's answers, looked up and filled in. */
#include "clients/cli/cli_words.h"

#include <string.h>

#include "clients/cli/cli_labels.h"
#include "protocol/base/status.h"
#include "protocol/host/lang.h"
#include "protocol/wire/message.h"

struct word {
	const char *name, *words;
};

static const struct word roles[] = {
    {"none", N_("no role")},
    {"specialist", N_("specialist")},
    {"case_manager", N_("case manager")},
    {"supervisor", N_("supervisor")},
    {"head", N_("head of the institution")},
    {"auditor", N_("auditor")},
    {"administrator", N_("administrator")},
};

/* Of /v1/status, /v1/directory, /v1/lists, /v1/fields, and of work inside the institution. */
static const struct word members[] = {
    {"program", N_("program")},
    {"code", N_("code")},
    {"user", N_("user")},
    {"role", N_("your role")},
    {"time", N_("time")},
    {"connected", N_("connected to the broker")},
    {"why", N_("why not")},
    {"clock_offset_ms", N_("clock offset, ms")},
    {"log_size", N_("entries in the log")},
    {"admitted", N_("admitted")},
    {"suspended", N_("suspended")},
    {"name", N_("name")},
    {"kind", N_("kind")},
    {"municipality", N_("municipality")},
    {"sealing_epoch", N_("sealing epoch")},
    {"epoch", N_("epoch")},
    {"until", N_("until")},
    {"directory", N_("directory")},
    {"statements", N_("statements")},
    {"head", N_("head of")},
    {"head_is_old", N_("head is old")},
    {"may_seal", N_("may seal")},
    {"messages_waiting", N_("messages waiting")},
    {"problems", N_("problems")},
    {"forked", N_("log forked")},
    {"evidence_waiting", N_("evidence waiting")},
    {"may_refer", N_("may refer")},
    {"sealable", N_("sealable")},
    {"active", N_("active")},
    {"category", N_("category")},
    {"list", N_("list")},
    {"limit", N_("limit")},
    {"rows", N_("rows")},
    {"columns", N_("columns")},
    {"label_lv", N_("in Latvian")},
    {"label_en", N_("in English")},
    {"n", N_("no.")},
    {"who", N_("who")},
    {"what", N_("what")},
    {"about", N_("about whom")},
    {"case", N_("case")},
    {"task", N_("task")},
    {"person", N_("person")},
    {"cases", N_("cases")},
    {"disabled", N_("disabled")},
    {"duty", N_("duty")},
    {"from", N_("from")},
    {"now", N_("now")},
    {"assigned_to", N_("held by")},
    {"since", N_("since")},
    {"reason", N_("reason")},
    {"seen", N_("seen")},
    {"seen_by", N_("seen by")},
    {"by", N_("by")},
    {"last", N_("last step")},
    {"years", N_("years")},
    {"over", N_("time is over")},
    {"settled", N_("gone from the disk")},
    {"late", N_("late")},
    {"backups_until", N_("in backups until")},
    {"epochs_until", N_("sealing keys until")},
};

/* Of the record of looks. */
static const struct word looks[] = {
    {"read", N_("looked at it")},
    {"audit", N_("looked at it for the audit")},
    {"export", N_("took a receipt")},
    {"document", N_("opened a document")},
    {"attach", N_("brought a document")},
    {"search", N_("searched")},
    {"access_log", N_("read the record of looks")},
    {"disclosure", N_("issued the statement for the family")},
    {"withhold", N_("decided what the family is not told")},
    {"withheld", N_("read what the family is not told")},
    {"alarm_seen", N_("saw an alarm")},
    {"case_new", N_("began the case")},
    {"note", N_("wrote a note")},
    {"label", N_("set file number or labels")},
    {"household", N_("linked it with a household")},
    {"household_leave", N_("took it out of a household")},
    {"assign", N_("assigned it")},
    {"give_back", N_("gave it back")},
    {"hand_over", N_("handed it over")},
    {"duty", N_("put somebody on duty")},
    {"duty_end", N_("ended a duty")},
    {"break_glass", N_("broke the glass")},
    {"break_glass_none", N_("broke the glass; no case was found")},
    {"erasure", N_("erased it")},
    {"erasures", N_("read what was erased")},
    {"retention", N_("read which cases may be erased")},
    {"glass_list", N_("read who broke the glass")},
    {"glass_seen", N_("saw that the glass was broken")},
    {"refer", N_("referred")},
    {"request", N_("asked for information")},
    {"notice", N_("sent a notice")},
    {"review", N_("opened it for review")},
    {"ask", N_("asked back")},
    {"inform", N_("answered what was asked back")},
    {"redirect", N_("passed it on")},
    {"accept", N_("accepted")},
    {"decline", N_("declined")},
    {"follow-up", N_("said what follows")},
    {"start", N_("began the work")},
    {"hold", N_("paused")},
    {"resume", N_("went on")},
    {"outcome", N_("told the outcome")},
    {"close", N_("closed")},
    {"release", N_("released the content")},
    {"cancel", N_("cancelled")},
    {"confirm-cancel", N_("confirmed the cancelling")},
    {"mistake", N_("said that it was a mistake")},
    {"answer", N_("answered")},
    {"refuse", N_("refused to answer")},
    {"withdraw", N_("withdrew")},
    {"acknowledge", N_("acknowledged")},
    {"answer-stop", N_("answered what becomes of the data")},
    {"disagree", N_("raised a disagreement")},
    {"reply", N_("answered a disagreement")},
    {"climb", N_("took a disagreement higher")},
    {"settle", N_("settled a disagreement")},
    {"take-up", N_("took up what was overdue")},
    {"signed_in", N_("signed in")},
    {"signed_out", N_("signed out")},
    {"sign_in_locked", N_("signing in was locked after failures")},
    {"password_set", N_("chose a password")},
    {"password_reset", N_("reset a password")},
    {"person_added", N_("added a person")},
    {"person_disabled", N_("disabled a person")},
    {"person_enabled", N_("enabled a person")},
    {"role_changed", N_("changed a role")},
    {"token_made", N_("made a token")},
    {"token_revoked", N_("revoked a token")},
};

static const struct word hows[] = {
    {"author", N_("author")},
    {"assigned", N_("assigned")},
    {"handed_over", N_("handed over")},
    {"break_glass", N_("broke the glass")},
};

static const char *
find(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i].name, name) == 0)
			return lang_text(words[i].words);
	}
	return name;
}

bool
cli_words_status(const char *name, const char **meaning, const char **remedy)
{
	enum status status;

	for (unsigned i = 0; status_at(i, &status); i++) {
		if (strcmp(status_name(status), name) == 0) {
			*meaning = lang_text(status_meaning(status));
			*remedy = lang_text(status_remedy(status));
			return true;
		}
	}
	return false;
}

const char *
cli_words_role(const char *name)
{
	return find(roles, sizeof(roles) / sizeof(roles[0]), name);
}

const char *
cli_words_what(const char *name)
{
	return find(looks, sizeof(looks) / sizeof(looks[0]), name);
}

const char *
cli_words_how(const char *name)
{
	return find(hows, sizeof(hows) / sizeof(hows[0]), name);
}

const char *
cli_words_member(const char *name)
{
	return find(members, sizeof(members) / sizeof(members[0]), name);
}

const char *
cli_words_column(const char *name)
{
	return strcmp(name, "role") == 0 ? _("role") : cli_words_member(name);
}

/* ---- Templates --------------------------------------------------------------------------- */

/* A value that has words of its own: a field, a task's state, what a status means. */
static const char *
value_words(struct cli *cli, const char *value)
{
	enum status status;

	if (field_named(bytes_of_text(value)) != NULL)
		return cli_labels_field(cli, value);
	for (unsigned i = 0; status_at(i, &status); i++) {
		if (strcmp(status_meaning(status), value) == 0)
			return lang_text(value);
	}
	return strcmp(lang_code(), "en") == 0 ? value : cli_labels_state(cli, value);
}

/* The length of the directive at TEXT, which begins with '%'; 0: it is none of ours. */
static size_t
directive(const char *text, size_t *number)
{
	static const char *const forms[] = {"s", "d", "zu"};
	size_t at = 1;

	*number = 0;
	if (text[1] >= '1' && text[1] <= '9' && text[2] == '$') {
		*number = (size_t)(text[1] - '0');
		at = 3;
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strncmp(text + at, forms[i], strlen(forms[i])) == 0)
			return at + strlen(forms[i]);
	}
	return 0;
}

static void
fill(struct cli *cli, const char *template, const json_t *values, struct buffer *out)
{
	size_t next = 1, number, len;

	while (*template != '\0') {
		const char *value;

		if (*template != '%' || (len = directive(template, &number)) == 0) {
			buffer_append_byte(out, (uint8_t) * template);
			template += template[0] == '%' && template[1] == '%' ? 2 : 1;
			continue;
		}
		number = number == 0 ? next++ : number;
		value = json_string_value(json_array_get(values, number - 1));
		buffer_append_text(out, value != NULL ? value_words(cli, value) : "?");
		template += len;
	}
}

void
cli_words_detail(struct cli *cli, const json_t *problem, struct buffer *out)
{
	const char *template = cli_string(problem, "template");

	if (template[0] != '\0')
		fill(cli, lang_text(template), json_object_get(problem, "values"), out);
	else
		buffer_append_text(out, lang_text(cli_string(problem, "detail")));
}
