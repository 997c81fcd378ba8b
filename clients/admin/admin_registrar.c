/* clients/admin/admin_registrar.c: publishes statements, issues heads, suspends, revokes, lifts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_files.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "clients/admin/admin_session.h"
#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

static bool
publish_file(struct admin_session *session, const char *path)
{
	struct buffer file = {0}, scratch = {0};
	struct signed_statement statement;
	enum status rc = STATUS_OK;
	size_t at = 0;
	bool ok = admin_files_read(path, STATEMENT_FILE_MAX, &file);

	while (ok) {
		rc = statement_file_next(bytes_of_buffer(&file), &at, &scratch, &statement);
		if (rc == STATUS_NOT_FOUND)
			break;
		if (rc != STATUS_OK)
			admin_say_status(path, rc, _("it is not a file of statements"));
		ok = rc == STATUS_OK && admin_session_state(session, &statement);
	}
	buffer_free(&file);
	buffer_free(&scratch);
	return ok;
}

enum admin_exit
admin_registrar_publish(const struct admin_line *line)
{
	struct admin_session session = {0};
	bool ok = admin_session_open(
	    admin_line_value(line, "network"), admin_line_value(line, "as"), &session);

	for (unsigned i = 0; ok && i < line->operand_count; i++)
		ok = publish_file(&session, line->operands[i]);
	admin_session_close(&session);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}

/* Signs STATEMENT as registrar and hands it over; closes the session. */
static enum admin_exit
state_as_registrar(
    const struct admin_line *line, struct admin_session *session, struct statement *statement)
{
	struct signing_key *key =
	    admin_files_signing(admin_line_value(line, "as"), "signing.key", "registrar");
	struct admin_draft draft = {0};
	bool ok = key != NULL && admin_draft_make(&draft, session->network.id, statement);

	if (ok) {
		admin_draft_sign(&draft, SIGNER_REGISTRAR, key);
		ok = admin_session_state(session, &draft.made);
	}
	admin_draft_free(&draft);
	suite_secret_free(key);
	admin_session_close(session);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}

/* The session for LINE, closed again when it does not open. */
static bool
open_session(const struct admin_line *line, struct admin_session *session)
{
	if (admin_session_open(
		admin_line_value(line, "network"), admin_line_value(line, "as"), session))
		return true;
	admin_session_close(session);
	return false;
}

enum admin_exit
admin_registrar_head(const struct admin_line *line)
{
	struct statement statement = {.kind = STATEMENT_HEAD};
	struct admin_session session = {0};

	if (!open_session(line, &session))
		return ADMIN_REFUSED;
	statement.length = directory_length(session.directory);
	directory_chain(session.directory, statement.chain);
	return state_as_registrar(line, &session, &statement);
}

enum admin_exit
admin_registrar_suspend(const struct admin_line *line)
{
	struct statement statement = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text(line->operands[0]),
	    .reason = bytes_of_text(admin_line_value(line, "reason"))};
	struct admin_session session = {0};

	if (!open_session(line, &session))
		return ADMIN_REFUSED;
	return state_as_registrar(line, &session, &statement);
}

static bool
read_purpose(const char *text, enum key_purpose *out)
{
	if (strcmp(text, "signing") == 0)
		*out = KEY_SIGNING;
	else if (strcmp(text, "sealing") == 0)
		*out = KEY_SEALING;
	else if (strcmp(text, "transport") == 0)
		*out = KEY_TRANSPORT;
	else {
		admin_say_refusal(_("%s: expected signing, sealing or transport"), text);
		return false;
	}
	return true;
}

static bool
read_epoch(const char *text, uint64_t *out)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number < 1 ||
	    number > UINT32_MAX) {
		admin_say_refusal(_("%s: expected the number of an epoch, from 1"), text);
		return false;
	}
	*out = number;
	return true;
}

/* "2026-11-22T08:00:00Z", as the log and the lists show times. */
static bool
read_time(const char *text, uint64_t *out)
{
	struct tm parts = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	time_t seconds = end == NULL || *end != '\0' ? -1 : timegm(&parts);

	if (seconds < 0) {
		admin_say_refusal(_("--since: expected a time such as 2026-11-22T08:00:00Z"));
		return false;
	}
	*out = (uint64_t)seconds * 1000;
	return true;
}

enum admin_exit
admin_registrar_revoke(const struct admin_line *line)
{
	const char *since = admin_line_value(line, "since");
	struct statement statement = {.kind = STATEMENT_REVOKE,
	    .party = bytes_of_text(line->operands[0]),
	    .since_ms = clock_now_ms(),
	    .reason = bytes_of_text(admin_line_value(line, "reason"))};
	struct admin_session session = {0};

	if (!read_purpose(line->operands[1], &statement.purpose) ||
	    !read_epoch(line->operands[2], &statement.epoch) ||
	    (since != NULL && !read_time(since, &statement.since_ms)) ||
	    !open_session(line, &session))
		return ADMIN_REFUSED;
	return state_as_registrar(line, &session, &statement);
}

enum admin_exit
admin_registrar_lift(const struct admin_line *line)
{
	struct statement statement = {
	    .kind = STATEMENT_LIFT, .party = bytes_of_text(line->operands[0])};
	const char *out = admin_line_value(line, "out");
	struct network network;

	if (!admin_draft_network(admin_line_value(line, "network"), &network) ||
	    !admin_draft_by_root(admin_line_value(line, "root"), &network, &statement, out))
		return ADMIN_REFUSED;
	printf(_("lifted in %s\nnext: saikne-admin publish --as REGISTRAR --network %s %s\n"),
	    out, admin_line_value(line, "network"), out);
	return ADMIN_DONE;
}
