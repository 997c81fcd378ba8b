/* clients/cli/cli_sitting_minutes.c: minutes on paper, with how each signature was checked. */
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_paper.h"
#include "clients/cli/cli_sheet.h"
#include "clients/cli/cli_sitting.h"

#include <inttypes.h>
#include <string.h>

#include "clients/cli/cli_text.h"

/* One paper being written. */
struct paper {
	const struct cli_sheet *sheet;
	struct cli *cli;
	const json_t *minutes;
};

static void
pair_time(const struct paper *p, const char *label, const json_t *time)
{
	char text[40];

	cli_labels_time(time, text);
	cli_sheet_pair(p->sheet, label, text);
}

/* ---- What they say ----------------------------------------------------------------------- */

static void
write_fields(const struct paper *p, const json_t *fields)
{
	const json_t *one;
	size_t i;

	json_array_foreach(fields, i, one)
	{
		struct buffer value = {0};
		const char *name = cli_string(one, "name");

		cli_labels_value(p->cli, name, json_object_get(one, "value"), &value);
		buffer_append_byte(&value, '\0');
		if (!value.failed)
			cli_sheet_pair(
			    p->sheet, cli_labels_field(p->cli, name), (const char *)value.data);
		p->sheet->out->failed = p->sheet->out->failed || value.failed;
		buffer_free(&value);
	}
}

static void
write_categories(const struct paper *p, const char *label, const json_t *names)
{
	struct buffer text = {0};
	const json_t *one;
	size_t i;

	if (json_array_size(names) == 0)
		return;
	json_array_foreach(names, i, one)
	{
		if (i > 0)
			buffer_append_text(&text, ", ");
		buffer_append_text(&text, cli_labels_category(p->cli, json_string_value(one)));
	}
	buffer_append_byte(&text, '\0');
	if (!text.failed)
		cli_sheet_pair(p->sheet, label, (const char *)text.data);
	p->sheet->out->failed = p->sheet->out->failed || text.failed;
	buffer_free(&text);
}

static void
write_head(const struct paper *p)
{
	const json_t *minutes = json_object_get(p->minutes, "minutes");
	char name[80];

	snprintf(name, sizeof(name), "%s %s", _("Sitting"), cli_string(p->minutes, "code"));
	cli_sheet_begin(p->sheet, name);
	cli_sheet_pair(p->sheet, _("Group"),
	    cli_labels_code(p->cli, "cooperation-groups", cli_string(p->minutes, "group")));
	cli_sheet_pair(
	    p->sheet, _("State"), cli_labels_state(p->cli, cli_string(p->minutes, "state")));
	cli_sheet_pair(p->sheet, _("Chair"), cli_string(p->minutes, "chair"));
	cli_sheet_pair(p->sheet, _("Printed by"), cli_string(p->minutes, "institution"));
	pair_time(p, _("Printed on"), json_object_get(p->minutes, "issued"));
	pair_time(p, _("Corrections until"), json_object_get(minutes, "corrections_until"));
	cli_sheet_end(p->sheet);
}

static void
write_attendance(const struct paper *p)
{
	const json_t *one;
	size_t i;

	cli_sheet_heading(p->sheet, _("Who was there"));
	json_array_foreach(json_object_get(p->minutes, "attendance"), i, one)
	{
		const char *sub = cli_string(one, "sub");

		cli_sheet_begin(p->sheet, cli_string(one, "name"));
		cli_sheet_pair(p->sheet, _("Present"),
		    json_is_true(json_object_get(one, "present")) ? _("yes") : _("no"));
		if (sub[0] != '\0')
			cli_sheet_pair(p->sheet, _("Represented by"), sub);
		cli_sheet_end(p->sheet);
	}
}

/* What others circulated may say another thing than the sitting itself. */
static void
write_differs(const struct paper *p, const json_t *differs)
{
	const json_t *one;
	size_t i;

	json_array_foreach(differs, i, one)
	{
		cli_sheet_pair(p->sheet, _("Not as recorded"),
		    strcmp(json_string_value(one), "parties") == 0
			? _("these minutes name somebody who was not there: see \"Who was "
			    "there\"")
			: _("these minutes name another day than the one on which the sitting"
			    " was held"));
	}
}

static void
write_minutes(const struct paper *p)
{
	const json_t *minutes = json_object_get(p->minutes, "minutes");

	cli_sheet_heading(p->sheet, _("Minutes"));
	cli_sheet_begin(p->sheet, "");
	write_fields(p, json_object_get(minutes, "fields"));
	write_differs(p, json_object_get(minutes, "differs"));
	write_categories(p, _("Left out"), json_object_get(minutes, "left_out"));
	write_categories(p, _("Not shown to us"), json_object_get(minutes, "not_had"));
	cli_sheet_end(p->sheet);
}

/* ---- Who signed -------------------------------------------------------------------------- */

static const char *
what_label(const char *what)
{
	if (strcmp(what, "matter_sign") == 0 || strcmp(what, "conference_sign") == 0)
		return _("signed");
	return strcmp(what, "matter_dissent") == 0 ? _("dissents") : _("declared final");
}

/* Which link of the proof does not hold; all of them do where it holds. */
static void
put_checked(const json_t *proof, bool holds, struct buffer *out)
{
	static const struct {
		const char *name, *label;
	} links[] = {
	    {"logged", N_("the entry in the log is not here")},
	    {"checkpoint", N_("the log's signature")},
	    {"inclusion", N_("its place in the log")},
	    {"signature", N_("the institution's signature")},
	    {"root", N_("what is shown is not what was signed")},
	};

	buffer_append_text(out,
	    holds ? _("it holds: the entry stands in the log, the institution signed it, and "
		      "what is shown is what it signed")
		  : _("it DOES NOT HOLD:"));
	for (size_t i = 0; !holds && i < sizeof(links) / sizeof(links[0]); i++)
		if (!json_is_true(json_object_get(proof, links[i].name)))
			buffer_append_format(out, " %s;", _(links[i].label));
	buffer_append_byte(out, '\0');
}

static void
write_proof(const struct paper *p, const json_t *proof, bool holds)
{
	const json_t *index = json_object_get(proof, "index");
	struct buffer checked = {0};
	char text[32] = "";

	put_checked(proof, holds, &checked);
	if (!checked.failed)
		cli_sheet_pair(p->sheet, _("Checked"), (const char *)checked.data);
	p->sheet->out->failed = p->sheet->out->failed || checked.failed;
	buffer_free(&checked);
	if (json_is_integer(index))
		snprintf(text, sizeof(text), "%" PRIu64, (uint64_t)json_integer_value(index));
	cli_sheet_pair(p->sheet, _("Log index"), text);
	pair_time(p, _("Time of the log"), json_object_get(proof, "time"));
}

static void
write_signature(const struct paper *p, const json_t *one)
{
	char name[320];

	snprintf(name, sizeof(name), "%.240s: %s", cli_string(one, "name"),
	    what_label(cli_string(one, "what")));
	cli_sheet_begin(p->sheet, name);
	write_fields(p, json_object_get(one, "fields"));
	cli_sheet_pair(p->sheet, _("Over these minutes"),
	    json_is_true(json_object_get(one, "over")) ? _("yes") : _("no"));
	write_proof(
	    p, json_object_get(one, "proof"), json_is_true(json_object_get(one, "holds")));
	cli_sheet_end(p->sheet);
}

/* Of who has signed these minutes since, or dissented anew, nothing stands here. */
static void
write_earlier(const struct paper *p)
{
	const json_t *earlier = json_object_get(p->minutes, "earlier_dissents"), *one;
	size_t i;

	if (json_array_size(earlier) == 0)
		return;
	cli_sheet_heading(p->sheet, _("Dissent from earlier minutes"));
	cli_sheet_words(p->sheet,
	    _("Said of minutes that were circulated before these. Its author has not signed "
	      "these, so it stands."));
	json_array_foreach(earlier, i, one) write_signature(p, one);
}

static void
write_signatures(const struct paper *p)
{
	const json_t *minutes = json_object_get(p->minutes, "minutes"), *one;
	size_t i;

	cli_sheet_heading(p->sheet, _("Signatures"));
	cli_sheet_words(p->sheet,
	    _("Each signature is over the root of all contents of the minutes, so it can be "
	      "checked although some of them are left out here. They were checked when this "
	      "was printed. They are evidence between institutions and no qualified "
	      "electronic signatures."));
	cli_sheet_pair(p->sheet, _("Content root"), cli_string(minutes, "root"));
	cli_sheet_begin(p->sheet, cli_string(minutes, "by"));
	cli_sheet_pair(p->sheet, _("Circulated"), cli_string(minutes, "message"));
	write_proof(p, json_object_get(minutes, "proof"),
	    json_is_true(json_object_get(minutes, "holds")));
	cli_sheet_end(p->sheet);
	json_array_foreach(json_object_get(p->minutes, "signatures"), i, one)
	    write_signature(p, one);
	json_array_foreach(json_object_get(p->minutes, "waiting"), i, one)
	    cli_sheet_pair(p->sheet, _("Not signed yet"), json_string_value(one));
	if (json_is_object(json_object_get(p->minutes, "final")))
		write_signature(p, json_object_get(p->minutes, "final"));
}

static void
write_all(const struct paper *p)
{
	cli_sheet_title(p->sheet, _("Minutes of a sitting"));
	write_head(p);
	write_attendance(p);
	write_minutes(p);
	write_signatures(p);
	write_earlier(p);
}

void
cli_sitting_minutes_write(struct cli *cli, const json_t *minutes, bool html, struct buffer *out)
{
	struct buffer text = {0}, head = {0};
	const struct cli_sheet sheet = {
	    .html = html, .width = CLI_PAPER_WIDTH, .out = html ? out : &text};
	const struct paper paper = {&sheet, cli, minutes};

	if (html) {
		cli_paper_begin_html(cli->language, _("Minutes of a sitting"), out);
		write_all(&paper);
		cli_paper_end_html(out);
		return;
	}
	write_all(&paper);
	buffer_append_byte(&text, '\0');
	buffer_append_text(&head, _("Sitting"));
	buffer_append_byte(&head, ' ');
	buffer_append_text(&head, cli_string(minutes, "code"));
	buffer_append_byte(&head, '\0');
	if (!text.failed && !head.failed)
		cli_paper_write(
		    (const char *)text.data, (const char *)head.data, _("page %u of %u"), out);
	out->failed = out->failed || text.failed || head.failed;
	buffer_free(&text);
	buffer_free(&head);
}
