/* clients/admin/admin_session.c: a party's session with the broker, for one command. */
#include "clients/admin/admin_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clients/admin/admin_files.h"
#include "clients/admin/admin_say.h"
#include "protocol/host/lang.h"

#define QUIET_MS 1000 /* after which whoever waits is told why */

bool
admin_session_start(const char *conf, const char *folder, struct admin_session *s)
{
	struct link_config config = {.network = &s->network, .software = ADMIN_SOFTWARE};
	static const struct link_events no_events;
	enum status rc;

	if (!admin_draft_network(conf, &s->network) ||
	    !admin_files_read_party(folder, s->party, sizeof(s->party)) ||
	    (s->transport = admin_files_box(folder, "transport.key")) == NULL)
		return false;
	if ((rc = directory_create(s->network.id, s->network.root, &s->directory)) !=
		STATUS_OK ||
	    (rc = logview_open(&s->network.log, (struct bytes){0}, &s->view)) != STATUS_OK) {
		admin_say_status(conf, rc, "");
		return false;
	}
	memcpy(config.party, s->party, sizeof(config.party));
	config.transport = s->transport;
	config.directory = s->directory;
	config.view = &s->view;
	if ((rc = link_open(&config, &no_events, &s->link)) != STATUS_OK)
		admin_say_status(_("connecting"), rc, "");
	return rc == STATUS_OK;
}

enum status
admin_session_wait(const struct admin_session *s)
{
	enum status rc = link_wait_ready(s->link, QUIET_MS);

	if (rc != STATUS_AGAIN)
		return rc;
	fprintf(stderr, _("saikne-admin: waiting for the broker at %s\n"), s->network.broker);
	return link_wait_ready(s->link, ADMIN_SESSION_WAIT_MS - QUIET_MS);
}

bool
admin_session_open(const char *conf, const char *folder, struct admin_session *s)
{
	enum status rc;

	if (!admin_session_start(conf, folder, s))
		return false;
	if ((rc = admin_session_wait(s)) == STATUS_OK)
		return true;
	if (rc == STATUS_AGAIN)
		admin_say_refusal(
		    _("the broker at %s does not answer\n"
		      "  what to do: check that saikne-broker runs and the address is right;\n"
		      "  a wrong broker_key in network.conf looks the same"),
		    s->network.broker);
	else
		admin_say_status(s->network.broker, rc, "");
	return false;
}

void
admin_session_close(struct admin_session *s)
{
	if (s->link != NULL)
		link_close(s->link);
	if (s->directory != NULL)
		logview_close(&s->view);
	directory_free(s->directory);
	suite_secret_free(s->transport);
	*s = (struct admin_session){0};
}

/* The refusal's own words, which a broker sends; "" without any. */
static void
detail_of(const struct frame *answer, char *out, size_t size)
{
	struct frame_refused refused;

	if (answer->command != COMMAND_REFUSED ||
	    frame_read_refused(answer->body, &refused) != STATUS_OK ||
	    !bytes_to_text(refused.detail, out, size))
		out[0] = '\0';
}

/* Many commands in one second spend a party's allowance, which is back in the next. */
static enum status
ask_patiently(
    struct admin_session *s, struct bytes frame, uint32_t request, struct frame *answer)
{
	const struct timespec pause = {.tv_nsec = 500L * 1000 * 1000};
	enum status rc = link_ask(s->link, frame, request, ADMIN_SESSION_WAIT_MS, answer);

	for (unsigned tries = 0; rc == STATUS_RATE_LIMITED && tries < 6; tries++) {
		nanosleep(&pause, NULL);
		rc = link_ask(s->link, frame, request, ADMIN_SESSION_WAIT_MS, answer);
	}
	return rc;
}

bool
admin_session_state(struct admin_session *s, const struct signed_statement *statement)
{
	struct frame_state state = {
	    .statement = statement->view, .signature_count = statement->signature_count};
	char detail[FRAME_DETAIL_MAX + 1] = "";
	struct frame answer = {0};
	struct buffer frame = {0};
	struct statement read;
	uint64_t index = 0;
	uint32_t request = link_request(s->link);
	enum status rc;

	memcpy(state.signatures, statement->signatures, sizeof(state.signatures));
	if ((rc = statement_parse(statement->view, &read)) != STATUS_OK) {
		admin_say_status(_("reading the statement"), rc, "");
		return false;
	}
	frame_state(&state, request, &frame);
	rc = frame.failed ? STATUS_NO_MEMORY
	                  : ask_patiently(s, bytes_of_buffer(&frame), request, &answer);
	buffer_free(&frame);
	if (rc == STATUS_OK && answer.command != COMMAND_STATED)
		rc = STATUS_MALFORMED;
	if (rc == STATUS_OK)
		rc = frame_read_numbers(answer.body, &index, 1);
	if (rc != STATUS_OK) {
		detail_of(&answer, detail, sizeof(detail));
		admin_say_status(statement_name(read.kind), rc, detail);
		return false;
	}
	printf("%" PRIu64 " %s%s%.*s\n", index, statement_name(read.kind),
	    read.party.len > 0 ? " " : "", (int)read.party.len,
	    read.party.len > 0 ? (const char *)read.party.data : "");
	return true;
}
