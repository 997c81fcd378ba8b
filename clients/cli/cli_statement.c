/* clients/cli/cli_statement.c: says in plain words what the desk's statement lists. */
#include "clients/cli/cli_statement.h"

#include <string.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_paper.h"
#include "clients/cli/cli_sheet.h"
#include "clients/cli/cli_text.h"
#include "clients/cli/cli_words.h"
#include "protocol/host/lang.h"

#define SENTENCE_MAX 1024

/* "Sociālais dienests (Social service)"; the code where the directory has no name. */
static void
put_party(const struct cli *cli, const json_t *party, char out[static 320])
{
	const char *name = cli_string(party, "name");
	const char *kind = cli_labels_code(cli, "institution-kinds", cli_string(party, "kind"));

	if (name[0] == '\0' &&
	    strcmp(cli_string(party, "code"), cli_string(party, "kind")) == 0) {
		/* Not one institution, but all of its kind. */
		snprintf(out, 320, "%s", kind);
		return;
	}
	snprintf(out, 320, "%s", name[0] != '\0' ? name : cli_string(party, "code"));
	/* A name that says the kind by itself is not followed by it. */
	if (kind[0] != '\0' && strcmp(kind, out) != 0)
		snprintf(out + strlen(out), 320 - strlen(out), " (%s)", kind);
}

/* The category's name before its fields: "Identity: child's name, date of birth; Contact: ..." */
static void
put_fields(const struct cli *cli, const json_t *fields, struct buffer *out)
{
	const char *last = "";
	const json_t *one;
	size_t i;

	json_array_foreach(fields, i, one)
	{
		const char *category = cli_string(one, "category");

		if (strcmp(category, last) == 0)
			buffer_append_text(out, ", ");
		else
			buffer_append_format(out, "%s%s: ", i > 0 ? "; " : "",
			    strcmp(category, "act") == 0 ? _("About the request")
							 : cli_labels_category(cli, category));
		buffer_append_text(out, cli_labels_field(cli, cli_string(one, "name")));
		last = category;
	}
	if (json_array_size(fields) == 0)
		buffer_append_text(out, _("no data about the child, only that this was done"));
	buffer_append_byte(out, '\0');
}

static void
pair_fields(const struct cli_sheet *sheet, const struct cli *cli, const char *label,
    const json_t *entry)
{
	struct buffer text = {0};

	put_fields(cli, json_object_get(entry, "fields"), &text);
	if (!text.failed)
		cli_sheet_pair(sheet, label, (const char *)text.data);
	sheet->out->failed = sheet->out->failed || text.failed;
	buffer_free(&text);
}

/* Whether it still holds, and if not, since when and why. */
static const char *
standing_of(const char *state)
{
	static const struct {
		const char *state, *text;
	} standings[] = {
	    {"given", N_("It is in force.")},
	    {"renewed", N_("It was renewed and is in force.")},
	    {"in_force", N_("It is in force.")},
	    {"objected", N_("Somebody objected to it; until that is resolved nothing is shared "
			    "on it.")},
	    {"withdrawn", N_("It was withdrawn, and nothing is shared on it any more.")},
	    {"revoked", N_("An authority revoked it, and nothing is shared on it any more.")},
	    {"expired", N_("Its time is over, and nothing is shared on it any more.")},
	    {"invalidated",
		N_("It was found not to be valid, and nothing is shared on it any more.")},
	    {"ended", N_("It ended, and nothing is shared on it any more.")},
	};

	for (size_t i = 0; i < sizeof(standings) / sizeof(standings[0]); i++)
		if (strcmp(standings[i].state, state) == 0)
			return lang_text(standings[i].text);
	return "";
}

static void
pair_text(const struct cli_sheet *sheet, const char *label, const char *text)
{
	if (text[0] != '\0')
		cli_sheet_pair(sheet, label, text);
}

/* What was consented to, or decided: by whom, when, why; and how that stands now. */
static void
pair_rests(const struct cli_sheet *sheet, const struct cli *cli, const json_t *entry)
{
	const json_t *rests = json_object_get(entry, "rests");
	const char *granter = cli_string(rests, "granter"),
		   *capacity = cli_string(rests, "capacity"),
		   *ended = cli_string(rests, "ended"),
		   *standing = standing_of(cli_string(rests, "state"));
	char text[SENTENCE_MAX];

	if (granter[0] != '\0') {
		snprintf(text, sizeof(text), _("given on %s by %s (%s)"),
		    cli_string(rests, "granted_on"), granter,
		    cli_labels_code(cli, "capacities", capacity));
		cli_sheet_pair(sheet, _("Consent"), text);
	}
	pair_text(sheet, _("Why it was necessary"), cli_string(rests, "necessity"));
	pair_text(sheet, _("The family"),
	    cli_labels_code(cli, "family-told", cli_string(rests, "family_told")));
	if (standing[0] == '\0')
		return;
	snprintf(text, sizeof(text), "%s%s%s", standing, ended[0] != '\0' ? " " : "", ended);
	cli_sheet_pair(sheet, _("The ground now"), text);
}

static void
pair_ground(const struct cli_sheet *sheet, const struct cli *cli, const json_t *entry)
{
	const json_t *rests = json_object_get(entry, "rests");
	const char *basis = cli_string(entry, "basis"), *code = cli_string(entry, "ground");
	const char *provision = cli_string(rests, "provision");
	char ground[SENTENCE_MAX], text[SENTENCE_MAX];

	if (strcmp(basis, "none") == 0) {
		cli_sheet_pair(sheet, _("Legal ground"),
		    _("none is needed: only what was done, without its content"));
		return;
	}
	if (provision[0] == '\0')
		provision = cli_string(entry, "provision");
	snprintf(ground, sizeof(ground), "%s%s%s%s",
	    code[0] != '\0' ? cli_labels_code(cli, "legal-bases", code) : _("not stated"),
	    provision[0] != '\0' ? " (" : "", provision, provision[0] != '\0' ? ")" : "");
	if (strcmp(basis, "reply") == 0)
		snprintf(
		    text, sizeof(text), _("an answer to a message on this ground: %s"), ground);
	else
		snprintf(text, sizeof(text), "%s", ground);
	cli_sheet_pair(sheet, _("Legal ground"), text);
	if (strcmp(basis, "reply") == 0)
		return;
	pair_rests(sheet, cli, entry);
	cli_sheet_pair(sheet, strcmp(basis, "consent") == 0 ? _("Consent no.") : _("Reference"),
	    json_is_string(json_object_get(rests, "record")) ? cli_string(rests, "record")
							     : cli_string(entry, "reference"));
}

/* The meaning of a status, in a sentence of its own language. */
static const char *
why_of(const json_t *entry)
{
	const char *meaning, *remedy;

	return cli_words_status(cli_string(entry, "why"), &meaning, &remedy) ? meaning : "";
}

static void
pair_fate(const struct cli_sheet *sheet, const json_t *entry)
{
	const char *state = cli_string(entry, "state"), *why = why_of(entry);
	char delivered[40], opened[40], text[SENTENCE_MAX] = "";

	cli_labels_time(json_object_get(entry, "delivered"), delivered);
	cli_labels_time(json_object_get(entry, "read"), opened);
	if (strcmp(state, "not_sent") == 0)
		snprintf(text, sizeof(text), "%s", _("It was not sent; they did not get it."));
	else if (strcmp(state, "not_delivered") == 0)
		snprintf(
		    text, sizeof(text), "%s", _("It did not reach them; they did not get it."));
	else if (strcmp(state, "waiting") == 0)
		snprintf(text, sizeof(text), "%s", _("It has not been sent yet."));
	else if (strcmp(state, "under_way") == 0)
		snprintf(text, sizeof(text), "%s",
		    _("It was sent; that it reached them is not confirmed yet."));
	else if (strcmp(state, "delivered") == 0)
		snprintf(text, sizeof(text),
		    _("It reached their system on %s; that a person opened it is not "
		      "confirmed yet."),
		    delivered);
	else if (delivered[0] != '\0')
		snprintf(text, sizeof(text),
		    _("It reached their system on %s, and a person there opened it on %s."),
		    delivered, opened);
	else
		snprintf(text, sizeof(text), _("A person there opened it on %s."), opened);
	if (why[0] != '\0')
		snprintf(text + strlen(text), sizeof(text) - strlen(text), _(" Why: %s."), why);
	cli_sheet_pair(sheet, _("What became of it"), text);
}

static void
begin_entry(
    const struct cli_sheet *sheet, const struct cli *cli, size_t number, const json_t *entry)
{
	char name[SENTENCE_MAX], party[320], time[40];

	cli_labels_time(json_object_get(entry, "time"), time);
	put_party(cli, json_object_get(entry, "with"), party);
	snprintf(name, sizeof(name), "%zu. %s  %s", number, time, party);
	cli_sheet_begin(sheet, name);
}

/* What several institutions share, and who joined later has passed on. */
static void
pair_passed(const struct cli_sheet *sheet, const struct cli *cli, const json_t *entry)
{
	const json_t *passed = json_object_get(entry, "passed");
	char text[SENTENCE_MAX], party[320], time[40];

	if (passed == NULL)
		return;
	cli_labels_time(json_object_get(passed, "time"), time);
	put_party(cli, json_object_get(passed, "by"), party);
	snprintf(text, sizeof(text), "%s, %s, %s",
	    cli_labels_what(cli, cli_string(passed, "type")), party, time);
	cli_sheet_pair(sheet, _("What was passed on"), text);
}

static void
write_message(const struct cli_sheet *sheet, const struct cli *cli, size_t number,
    const json_t *entry, bool given)
{
	const char *purpose = cli_string(entry, "purpose");

	begin_entry(sheet, cli, number, entry);
	cli_sheet_pair(sheet, _("Message"), cli_labels_what(cli, cli_string(entry, "type")));
	pair_passed(sheet, cli, entry);
	pair_fields(sheet, cli, given ? _("What they got") : _("What we got"), entry);
	if (purpose[0] != '\0')
		cli_sheet_pair(sheet, _("Purpose"), cli_labels_code(cli, "purposes", purpose));
	pair_ground(sheet, cli, entry);
	if (given)
		pair_fate(sheet, entry);
	cli_sheet_end(sheet);
}

/* Of a decision: kinds of data alone. */
static void
pair_categories(const struct cli_sheet *sheet, const struct cli *cli, const json_t *entry)
{
	struct buffer text = {0};
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(entry, "categories"), i, one)
	{
		if (i > 0)
			buffer_append_text(&text, ", ");
		buffer_append_text(&text, cli_labels_category(cli, json_string_value(one)));
	}
	buffer_append_byte(&text, '\0');
	if (!text.failed)
		cli_sheet_pair(sheet, _("Not given"), (const char *)text.data);
	sheet->out->failed = sheet->out->failed || text.failed;
	buffer_free(&text);
}

static void
write_kept(
    const struct cli_sheet *sheet, const struct cli *cli, size_t number, const json_t *entry)
{
	const char *why = cli_string(entry, "why");

	begin_entry(sheet, cli, number, entry);
	if (json_array_size(json_object_get(entry, "fields")) > 0)
		pair_fields(sheet, cli, _("Not given"), entry);
	else if (strcmp(why, "decided") == 0)
		pair_categories(sheet, cli, entry);
	else
		cli_sheet_pair(sheet, _("Not given"), _("the content of our referral"));
	if (strcmp(why, "profile") == 0)
		cli_sheet_pair(sheet, _("Why"),
		    _("An institution of this kind does not need this for its work."));
	else if (strcmp(why, "ground") == 0)
		cli_sheet_pair(
		    sheet, _("Why"), _("What permits the sharing does not cover this."));
	else if (strcmp(why, "not_opened") == 0)
		cli_sheet_pair(sheet, _("Why"),
		    _("They did not take the referral up, so they were not given its "
		      "content."));
	else if (strcmp(why, "decided") == 0)
		cli_sheet_pair(sheet, _("Why we so decided"), cli_string(entry, "text"));
	else
		cli_sheet_pair(sheet, _("Why"), why_of(entry));
	cli_sheet_end(sheet);
}

/* Whom it was told, and what is done with the data since. */
static void
write_stop(
    const struct cli_sheet *sheet, const struct cli *cli, size_t number, const json_t *entry)
{
	const char *answer = cli_string(entry, "answer"), *state = cli_string(entry, "state");
	const bool ours = strcmp(state, "received") != 0;
	char text[SENTENCE_MAX], time[40];

	begin_entry(sheet, cli, number, entry);
	cli_sheet_pair(sheet, _("Why it ended"),
	    cli_labels_code(cli, "stop-reasons", cli_string(entry, "reason")));
	cli_sheet_pair(sheet,
	    strcmp(cli_string(entry, "basis"), "consent") == 0 ? _("Consent no.")
							       : _("Reference"),
	    cli_string(entry, "record"));
	if (ours)
		pair_fate(sheet, entry);
	if (answer[0] != '\0') {
		cli_labels_time(json_object_get(entry, "answered"), time);
		snprintf(text, sizeof(text), "%s (%s)",
		    cli_labels_code(cli, "stop-answers", answer), time);
	} else {
		snprintf(text, sizeof(text), "%s", _("not answered yet"));
	}
	cli_sheet_pair(sheet, ours ? _("Their answer") : _("Our answer"), text);
	cli_sheet_end(sheet);
}

static void
write_erasure(
    const struct cli_sheet *sheet, const struct cli *cli, size_t number, const json_t *entry)
{
	begin_entry(sheet, cli, number, entry);
	cli_sheet_pair(sheet, _("Why"),
	    cli_labels_code(cli, "erasure-reasons", cli_string(entry, "reason")));
	cli_sheet_end(sheet);
}

/* A part that most statements do not have: no heading where there is nothing. */
static void
write_rare(const struct cli_sheet *sheet, const struct cli *cli, const json_t *entries,
    const char *heading,
    void (*one)(const struct cli_sheet *sheet, const struct cli *cli, size_t number,
	const json_t *entry))
{
	const json_t *entry;
	size_t i;

	if (json_array_size(entries) > 0)
		cli_sheet_heading(sheet, heading);
	json_array_foreach(entries, i, entry) one(sheet, cli, i + 1, entry);
}

static void
write_part(const struct cli_sheet *sheet, const struct cli *cli, const json_t *statement,
    const char *part, const char *heading, const char *nothing)
{
	const json_t *entries = json_object_get(statement, part), *entry;
	size_t i;

	cli_sheet_heading(sheet, heading);
	if (json_array_size(entries) == 0)
		cli_sheet_words(sheet, nothing);
	json_array_foreach(entries, i, entry)
	{
		if (strcmp(part, "not_shared") == 0)
			write_kept(sheet, cli, i + 1, entry);
		else
			write_message(sheet, cli, i + 1, entry, strcmp(part, "given") == 0);
	}
}

static void
write_all(const struct cli_sheet *sheet, const struct cli *cli, const json_t *statement)
{
	char party[320], time[40];

	put_party(cli, json_object_get(statement, "institution"), party);
	cli_labels_time(json_object_get(statement, "issued"), time);
	cli_sheet_title(
	    sheet, _("Statement on data about a child shared between institutions"));
	cli_sheet_begin(sheet, party);
	cli_sheet_pair(sheet, _("Municipality"),
	    cli_string(json_object_get(statement, "institution"), "municipality"));
	cli_sheet_pair(sheet, _("Statement no."), cli_string(statement, "number"));
	cli_sheet_pair(sheet, _("Issued"), time);
	cli_sheet_pair(sheet, _("File no."), cli_string(statement, "file_number"));
	cli_sheet_end(sheet);
	cli_sheet_words(sheet,
	    _("This statement tells you to which institutions we gave data about the child, "
	      "from which ones we received such data, when, and what permits it. It names "
	      "kinds of data, such as \"address\", and not what is written there. You may ask "
	      "us to show you the data, and to correct what is wrong."));
	write_part(sheet, cli, statement, "given", _("What we gave to others"),
	    _("We gave nothing to others."));
	write_part(sheet, cli, statement, "received", _("What we received from others"),
	    _("We received nothing from others."));
	write_part(sheet, cli, statement, "not_shared", _("What we did not share"),
	    _("There was nothing that we decided not to share."));
	write_rare(sheet, cli, json_object_get(statement, "stops"),
	    _("Where a ground ended, and what follows"), write_stop);
	write_rare(sheet, cli, json_object_get(statement, "erasures"),
	    _("What we erased of what was shared"), write_erasure);
	cli_sheet_heading(sheet, _("Your rights"));
	cli_sheet_words(sheet,
	    _("If something here is not clear or not right, ask the institution named above. "
	      "You may also complain to the Data State Inspectorate (Datu valsts inspekcija). "
	      "The law lets an institution leave something out of any such statement, for "
	      "example to keep a child safe; it must write down why, and the Inspectorate can "
	      "check that."));
}

/* "Institution, date, No. X" on every page. */
static void
put_head(const struct cli *cli, const json_t *statement, struct buffer *out)
{
	char party[320], time[40], head[512];

	put_party(cli, json_object_get(statement, "institution"), party);
	cli_labels_time(json_object_get(statement, "issued"), time);
	snprintf(head, sizeof(head), _("No. %s   %s   %s"), cli_string(statement, "number"),
	    time, party);
	(void)cli_text_cut(head, CLI_PAPER_WIDTH, out);
	buffer_append_byte(out, '\0');
}

void
cli_statement_write_text(const struct cli *cli, const json_t *statement, struct buffer *out)
{
	struct buffer text = {0}, head = {0};
	const struct cli_sheet sheet = {.width = CLI_PAPER_WIDTH, .out = &text};

	write_all(&sheet, cli, statement);
	buffer_append_byte(&text, '\0');
	put_head(cli, statement, &head);
	if (!text.failed && !head.failed)
		cli_paper_write(
		    (const char *)text.data, (const char *)head.data, _("page %u of %u"), out);
	out->failed = out->failed || text.failed || head.failed;
	buffer_free(&text);
	buffer_free(&head);
}

void
cli_statement_write_html(const struct cli *cli, const json_t *statement, struct buffer *out)
{
	const struct cli_sheet sheet = {.html = true, .out = out};
	struct buffer head = {0};

	put_head(cli, statement, &head);
	if (!head.failed)
		cli_paper_begin_html(cli->language, (const char *)head.data, out);
	write_all(&sheet, cli, statement);
	cli_paper_end_html(out);
	out->failed = out->failed || head.failed;
	buffer_free(&head);
}
