/* clients/cli/cli_consent_receipt.c: the receipt that a family takes home, in plain words. */
#include "clients/cli/cli_consent.h"

#include <string.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_paper.h"
#include "clients/cli/cli_sheet.h"
#include "clients/cli/cli_text.h"
#include "protocol/lists/lists.h"

/* A { "code", "label_lv", "label_en" } in the language in force. */
static const char *
label(const struct cli *cli, const json_t *coded)
{
	return cli_string(coded, strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en");
}

static const json_t *
find_party(const json_t *receipt, const char *role)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(receipt, "party_identification"), i, one)
	{
		if (strcmp(cli_string(one, "party_role"), role) == 0)
			return one;
	}
	return NULL;
}

/* "Name (kind), place" */
static void
put_party(const struct cli *cli, const json_t *party, char out[static 320])
{
	const char *kind = label(cli, json_object_get(party, "party_type"));
	const char *name = cli_string(party, "party_name");
	const char *place = cli_string(party, "party_address");
	const char *role = cli_string(party, "party_role");

	/* A kind of institution is called in the reader's language. */
	if (strcmp(role, "recipient") == 0 && place[0] == '\0' && kind[0] != '\0')
		name = kind;
	snprintf(out, 320, "%s", name);
	if (kind[0] != '\0' && strcmp(kind, name) != 0)
		snprintf(out + strlen(out), 320 - strlen(out), " (%s)", kind);
	if (place[0] != '\0')
		snprintf(out + strlen(out), 320 - strlen(out), ", %s", place);
}

static void
pair_party(
    const struct cli_sheet *sheet, const struct cli *cli, const char *name, const json_t *party)
{
	char text[320];

	put_party(cli, party, text);
	cli_sheet_pair(sheet, name, text);
}

static void
write_recipients(const struct cli_sheet *sheet, const struct cli *cli, const json_t *receipt)
{
	const json_t *one;
	unsigned number = 0;
	char text[320], words[340];
	size_t i;

	cli_sheet_heading(sheet, _("Who may get the information"));
	json_array_foreach(json_object_get(receipt, "party_identification"), i, one)
	{
		if (strcmp(cli_string(one, "party_role"), "recipient") != 0)
			continue;
		put_party(cli, one, text);
		snprintf(words, sizeof(words), "%u. %s", ++number, text);
		cli_sheet_words(sheet, words);
	}
}

static void
write_purposes(const struct cli_sheet *sheet, const struct cli *cli, const json_t *receipt)
{
	const json_t *purposes =
	    json_object_get(json_object_get(receipt, "pii_processing"), "purposes");
	const json_t *purpose, *kind;
	size_t i, j;

	cli_sheet_heading(sheet, _("What for, and which information"));
	json_array_foreach(purposes, i, purpose)
	{
		struct buffer kinds = {0};

		json_array_foreach(json_object_get(purpose, "pii_information"), j, kind)
		    buffer_append_format(&kinds, "%s%s", j > 0 ? ", " : "",
			label(cli, json_object_get(kind, "pii_type")));
		buffer_append_byte(&kinds, '\0');
		cli_sheet_begin(sheet, label(cli, json_object_get(purpose, "purpose")));
		if (!kinds.failed)
			cli_sheet_pair(sheet, _("Which data"), (const char *)kinds.data);
		cli_sheet_pair(sheet, _("Legal ground"), cli_string(purpose, "legal_source"));
		cli_sheet_end(sheet);
		sheet->out->failed = sheet->out->failed || kinds.failed;
		buffer_free(&kinds);
	}
}

static void
write_consent(const struct cli_sheet *sheet, const struct cli *cli, const json_t *receipt)
{
	const json_t *consent = json_object_get(receipt, "consent");
	const json_t *granter = find_party(receipt, "granter");
	const char *child_consent = cli_string(consent, "child_consent");
	const char *until = cli_string(consent, "until");

	cli_sheet_heading(sheet, _("The consent"));
	cli_sheet_begin(
	    sheet, cli_string(consent,
		       strcmp(cli->language, "lv") == 0 ? "state_label_lv" : "state_label_en"));
	cli_sheet_pair(
	    sheet, _("Child"), cli_string(find_party(receipt, "pii_principal"), "party_name"));
	if (granter != NULL)
		pair_party(sheet, cli, _("Consented"), granter);
	cli_sheet_pair(sheet, _("On"), cli_string(consent, "granted_on"));
	cli_sheet_pair(
	    sheet, _("Until"), until[0] != '\0' ? until : _("it is withdrawn or lapses"));
	cli_sheet_pair(sheet, _("Child's view"), cli_string(consent, "childs_view"));
	if (child_consent[0] != '\0')
		cli_sheet_pair(sheet, _("Child's consent"),
		    cli_labels_code(cli, "child-consents", child_consent));
	cli_sheet_end(sheet);
}

/* The text that the family was told, as it is kept in the list. */
static void
write_notice(const struct cli_sheet *sheet, const json_t *receipt)
{
	const json_t *notice =
	    json_object_get(json_object_get(receipt, "pii_processing"), "privacy_notice");
	const struct list *list = list_named("consent-notices");

	for (unsigned row = 0; row < list_rows(list); row++) {
		if (strcmp(list_text(list, row, "notice"), cli_string(notice, "code")) != 0 ||
		    strcmp(list_text(list, row, "version"), cli_string(notice, "version")) !=
			0 ||
		    strcmp(list_text(list, row, "language"), cli_string(notice, "language")) !=
			0)
			continue;
		cli_sheet_heading(sheet, _("What you were told"));
		cli_sheet_words(sheet, list_text(list, row, "text"));
	}
}

static void
write_withdrawal(const struct cli_sheet *sheet, const struct cli *cli, const json_t *receipt)
{
	const json_t *self = find_party(receipt, "pii_controller");
	const json_t *first = json_array_get(
	    json_object_get(json_object_get(receipt, "pii_processing"), "purposes"), 0);
	const char *contact =
	    cli_string(json_object_get(first, "withdrawal_method"), "contact");
	char text[320];

	put_party(cli, self, text);
	cli_sheet_heading(sheet, _("How to withdraw"));
	cli_sheet_words(sheet,
	    _("You may withdraw this consent at any time, in person, in writing or by "
	      "telephone, without a reason and without charge, at the institution that took "
	      "it:"));
	cli_sheet_words(sheet, text);
	if (contact[0] != '\0')
		cli_sheet_words(sheet, contact);
	cli_sheet_words(sheet,
	    _("Say the number of this receipt if you have it at hand. Every institution that "
	      "was given something is told at once, and answers what it does with it; we show "
	      "you their answers. What was shared before the withdrawal was lawful. At 18 the "
	      "pupil alone decides, and this consent lapses."));
	cli_sheet_heading(sheet, _("Your rights"));
	cli_sheet_words(sheet,
	    _("You may ask to see what was given to whom, and to have mistakes put right. The "
	      "information is kept in Latvia, for as long as the law on each institution's "
	      "files says. You may complain to the Data State Inspectorate (Datu valsts "
	      "inspekcija)."));
}

static void
write_all(const struct cli_sheet *sheet, const struct cli *cli, const json_t *receipt)
{
	const json_t *meta = json_object_get(receipt, "receipt");
	char time[40], party[320];

	put_party(cli, find_party(receipt, "pii_controller"), party);
	cli_labels_time(json_object_get(meta, "issued"), time);
	cli_sheet_title(sheet, _("Receipt for a consent to share information about a child"));
	cli_sheet_begin(sheet, party);
	cli_sheet_pair(sheet, _("Receipt no."), cli_string(meta, "receipt_id"));
	cli_sheet_pair(sheet, _("Issued"), time);
	cli_sheet_pair(sheet, _("Interpreter"),
	    cli_string(json_object_get(receipt, "pii_processing"), "interpreter"));
	cli_sheet_end(sheet);
	write_consent(sheet, cli, receipt);
	write_recipients(sheet, cli, receipt);
	write_purposes(sheet, cli, receipt);
	write_withdrawal(sheet, cli, receipt);
	write_notice(sheet, receipt);
}

static void
put_head(const struct cli *cli, const json_t *receipt, struct buffer *out)
{
	char party[320], time[40], head[512];

	put_party(cli, find_party(receipt, "pii_controller"), party);
	cli_labels_time(json_object_get(json_object_get(receipt, "receipt"), "issued"), time);
	snprintf(head, sizeof(head), "%s   %s", time, party);
	(void)cli_text_cut(head, CLI_PAPER_WIDTH, out);
	buffer_append_byte(out, '\0');
}

static void
write_html(const struct cli *cli, const json_t *receipt, struct buffer *out)
{
	const struct cli_sheet sheet = {.html = true, .out = out};

	cli_paper_begin_html(
	    cli->language, _("Receipt for a consent to share information about a child"), out);
	write_all(&sheet, cli, receipt);
	cli_paper_end_html(out);
}

void
cli_consent_receipt_write(
    const struct cli *cli, const json_t *receipt, bool html, struct buffer *out)
{
	struct buffer text = {0}, head = {0};
	const struct cli_sheet sheet = {.width = CLI_PAPER_WIDTH, .out = &text};

	if (html) {
		write_html(cli, receipt, out);
		return;
	}
	write_all(&sheet, cli, receipt);
	buffer_append_byte(&text, '\0');
	put_head(cli, receipt, &head);
	if (!text.failed && !head.failed)
		cli_paper_write(
		    (const char *)text.data, (const char *)head.data, _("page %u of %u"), out);
	out->failed = out->failed || text.failed || head.failed;
	buffer_free(&text);
	buffer_free(&head);
}
