/* clients/admin/admin_enrol.c: an institution asks to be admitted, and the root admits it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_draft.h"
#include "clients/admin/admin_files.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "protocol/host/lang.h"

/* ---- The institution's side ------------------------------------------------------------- */

static bool
may_ask(const char *kind)
{
	enum group group = kind_group(bytes_of_text(kind));

	if (group != GROUP_NONE && group != GROUP_REGISTRAR)
		return true;
	admin_say_refusal(
	    _("--kind %s is none of the kinds: see lists/institution-kinds.csv, or auditor"),
	    kind);
	return false;
}

static bool
own_keys(const char *folder, const char *code)
{
	return admin_files_folder(folder) && admin_files_write_party(folder, code) &&
	       admin_files_make_key(folder, "signing-1.key", "signing", true) &&
	       admin_files_make_key(folder, "transport.key", "transport", true) &&
	       admin_files_make_key(folder, "storage.key", "storage", true);
}

static void
tell_asked(const struct admin_line *line, struct bytes request, const struct network *network)
{
	char own[48], pinned[48];

	statement_fingerprint(request, own);
	statement_fingerprint(BYTES(network->root), pinned);
	printf(
	    _("request %s is made; its keys are in %s and stay there\n"
	      "fingerprint to read out to the network's authority, who must call or be called "
	      "on\n"
	      "a number known before:\n"
	      "  %s\n"
	      "fingerprint of the network, which the authority reads out to you:\n"
	      "  %s\n"),
	    admin_line_value(line, "out"), admin_line_value(line, "keys"), own, pinned);
}

enum admin_exit
admin_enrol_request(const struct admin_line *line)
{
	const char *folder = admin_line_value(line, "keys"),
		   *code = admin_line_value(line, "code");
	const char *municipality = admin_line_value(line, "municipality");
	struct statement statement = {.kind = STATEMENT_ADMIT,
	    .party = bytes_of_text(code),
	    .party_kind = bytes_of_text(admin_line_value(line, "kind")),
	    .name = bytes_of_text(admin_line_value(line, "name")),
	    .municipality = bytes_of_text(municipality == NULL ? "" : municipality)};
	struct signing_key *signing = NULL;
	struct box_key *transport = NULL;
	struct admin_draft draft = {0};
	struct buffer file = {0};
	struct network network;
	bool ok;

	if (!admin_draft_network(admin_line_value(line, "network"), &network) ||
	    !may_ask(admin_line_value(line, "kind")))
		return ADMIN_REFUSED;
	/* Made once without keys: a word of the wrong form must not leave keys behind. */
	ok = admin_draft_make(&draft, network.id, &statement) && own_keys(folder, code) &&
	     (signing = admin_files_signing(folder, "signing-1.key", "signing")) != NULL &&
	     (transport = admin_files_box(folder, "transport.key")) != NULL;
	if (ok) {
		memcpy(statement.key, signing->public, sizeof(statement.key));
		memcpy(statement.transport, transport->public, sizeof(statement.transport));
		ok = admin_draft_make(&draft, network.id, &statement);
	}
	if (ok) {
		admin_draft_sign(&draft, SIGNER_PARTY, signing);
		statement_file_add(&draft.made, &file);
		ok = admin_files_write(admin_line_value(line, "out"), &file);
	}
	if (ok)
		tell_asked(line, draft.made.view, &network);
	suite_secret_free(signing);
	suite_secret_free(transport);
	buffer_free(&file);
	admin_draft_free(&draft);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}

/* ---- The authority's side --------------------------------------------------------------- */

/* Whether FILE is one request to NETWORK that its own key has signed. */
static bool
read_request(const char *path, struct bytes file, const struct network *network,
    struct buffer *scratch, struct signed_statement *out, struct statement *request)
{
	struct buffer rest = {0};
	struct signed_statement more;
	size_t at = 0;
	enum status rc;

	if ((rc = statement_file_next(file, &at, scratch, out)) == STATUS_OK)
		rc = statement_parse(out->view, request);
	if (rc != STATUS_OK) {
		admin_say_status(path, rc, _("it is not a request"));
		return false;
	}
	rc = statement_file_next(file, &at, &rest, &more);
	buffer_free(&rest);
	if (rc != STATUS_NOT_FOUND || request->kind != STATEMENT_ADMIT ||
	    out->signature_count != 1 || out->signatures[0].signer != SIGNER_PARTY) {
		admin_say_refusal(
		    _("%s is not one request as saikne-admin request makes it"), path);
		return false;
	}
	if (!bytes_is_text(request->network, network->id)) {
		admin_say_status(path, STATUS_WRONG_NETWORK, "");
		return false;
	}
	if ((rc = statement_verify(out->view, request->key, &out->signatures[0])) !=
	    STATUS_OK) {
		admin_say_status(path, rc, _("the request is not signed by the key it brings"));
		return false;
	}
	if (kind_group(request->party_kind) == GROUP_NONE ||
	    kind_group(request->party_kind) == GROUP_REGISTRAR) {
		admin_say_refusal(_("%s asks for a kind that is none of the list's"), path);
		return false;
	}
	return true;
}

/* Whether two texts have the same digits; spaces do not count. */
static bool
same_digits(const char *a, const char *b)
{
	for (;;) {
		while (isspace((unsigned char)*a))
			a++;
		while (isspace((unsigned char)*b))
			b++;
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

/*
 * The last group is not shown: it has to be heard from the institution. So nobody approves by
 * copying what the screen says.
 */
static bool
hear_fingerprint(const char *fingerprint)
{
	char typed[64];

	if (!isatty(STDIN_FILENO)) {
		admin_say_refusal(
		    _("nobody is at a terminal; give --fingerprint as you heard it"));
		return false;
	}
	printf(
	    _("fingerprint: %.42s.....\n"
	      "Call the institution on a number known before and let it read the fingerprint "
	      "out.\n"
	      "Its last five digits: "),
	    fingerprint);
	fflush(stdout);
	if (fgets(typed, sizeof(typed), stdin) == NULL)
		return false;
	return same_digits(typed, fingerprint + 42);
}

static void
show_request(const struct statement *r)
{
	printf(_("code:         %.*s\n"
		 "kind:         %.*s\n"
		 "name:         %.*s\n"
		 "municipality: %.*s\n"),
	    (int)r->party.len, (const char *)r->party.data, (int)r->party_kind.len,
	    (const char *)r->party_kind.data, (int)r->name.len, (const char *)r->name.data,
	    (int)r->municipality.len, (const char *)r->municipality.data);
	fflush(stdout);
}

static bool
add_root(const struct admin_line *line, const struct network *network,
    struct signed_statement *request)
{
	struct signing_key *root = admin_draft_root(admin_line_value(line, "root"), network);
	struct buffer file = {0};
	bool ok;

	if (root == NULL)
		return false;
	request->signatures[1] = request->signatures[0];
	statement_sign(request->view, SIGNER_ROOT, root, &request->signatures[0]);
	request->signature_count = 2;
	suite_secret_free(root);
	statement_file_add(request, &file);
	ok = admin_files_write(admin_line_value(line, "out"), &file);
	buffer_free(&file);
	return ok;
}

enum admin_exit
admin_enrol_approve(const struct admin_line *line)
{
	const char *path = admin_line_value(line, "request"),
		   *given = admin_line_value(line, "fingerprint");
	struct buffer file = {0}, scratch = {0};
	struct signed_statement request;
	struct statement read;
	struct network network;
	char fingerprint[48];
	bool ok;

	ok = admin_draft_network(admin_line_value(line, "network"), &network) &&
	     admin_files_read(path, STATEMENT_FILE_MAX, &file) &&
	     read_request(path, bytes_of_buffer(&file), &network, &scratch, &request, &read);
	if (ok) {
		show_request(&read);
		statement_fingerprint(request.view, fingerprint);
		ok = given != NULL ? same_digits(given, fingerprint)
		                   : hear_fingerprint(fingerprint);
		if (!ok)
			admin_say_refusal(
			    _("the fingerprint is not confirmed: do not admit what "
			      "may be another's "
			      "request; have it sent again and compare by voice"));
	}
	ok = ok && add_root(line, &network, &request);
	if (ok)
		printf(
		    _("admitted in %s\nnext: saikne-admin publish --as REGISTRAR --network %s "
		      "%s\n"),
		    admin_line_value(line, "out"), admin_line_value(line, "network"),
		    admin_line_value(line, "out"));
	buffer_free(&file);
	buffer_free(&scratch);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}
