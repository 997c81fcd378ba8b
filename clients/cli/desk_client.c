/* clients/cli/desk_client.c: requests by libcurl; tells a person what an answer means. */
#include "clients/cli/desk_client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/un.h>
#include <time.h>

#include "clients/cli/cli_session.h"
#include "clients/cli/cli_words.h"
#include "protocol/host/lang.h"

#define ANSWER_MAX     (32 * 1024 * 1024)
#define EVENT_LINE_MAX (64 * 1024)
#define TIMEOUT_S      60L
#define SILENCE_S      45 /* the desk sends something every 15 s */

/* Collects an answer up to ANSWER_MAX. */
static size_t
collect(char *data, size_t size, size_t count, void *state)
{
	struct buffer *out = state;
	size_t len = size * count;

	if (out->len + len > ANSWER_MAX)
		return 0;
	buffer_append(out, (struct bytes){(const uint8_t *)data, len});
	return out->failed ? 0 : len;
}

/* "127.0.0.1:8080" or "[::1]:8080", which no socket's path looks like. */
static bool
is_tcp(const char *desk)
{
	return strncmp(desk, "127.0.0.1:", 10) == 0 || strncmp(desk, "[::1]:", 6) == 0;
}

static bool
bear(CURL *curl, const char *session)
{
	return curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, session) == CURLE_OK;
}

static CURL *
start(const struct cli *cli, const char *target)
{
	struct sockaddr_un address;
	bool tcp = is_tcp(cli->desk_path), ok;
	CURL *curl = NULL;
	char url[1024];

	/* curl says only "bad function argument" of a longer one. */
	if (strlen(cli->desk_path) >= sizeof(address.sun_path) ||
	    (size_t)snprintf(url, sizeof(url), "http://%s%s", tcp ? cli->desk_path : "desk",
		target) >= sizeof(url) ||
	    (curl = curl_easy_init()) == NULL)
		return NULL;
	ok = (tcp || curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, cli->desk_path) ==
			 CURLE_OK) &&
	     (cli->session[0] == '\0' || bear(curl, cli->session)) &&
	     curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	     curl_easy_setopt(curl, CURLOPT_TIMEOUT,
		 cli->timeout_s > 0 ? cli->timeout_s : TIMEOUT_S) == CURLE_OK;
	if (!ok) {
		curl_easy_cleanup(curl);
		return NULL;
	}
	return curl;
}

static const char *
reason_of(CURLcode code)
{
	if (code == CURLE_COULDNT_CONNECT)
		return _("cannot connect");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return _("no answer in time");
	return curl_easy_strerror(code);
}

static enum cli_exit
unreachable(const struct cli *cli, CURLcode code)
{
	enum cli_exit rc;

	rc = cli_fail(
	    CLI_UNREACHABLE, _("no desk answers at %s (%s)"), cli->desk_path, reason_of(code));
	fputs(_("Is the service running, and may you read its socket? Name another one by\n"
		"--desk PATH or in the environment as SAIKNE_DESK.\n"),
	    stderr);
	return rc;
}

/* "urn:saikne:not_found" has words here; what a newer service brings has its own. */
static void
words_of(const json_t *problem, const char **title, const char **remedy)
{
	static const char urn[] = "urn:saikne:";
	const char *type = cli_string(problem, "type");
	size_t head = sizeof(urn) - 1;

	if (strncmp(type, urn, head) == 0 && cli_words_status(type + head, title, remedy))
		return;
	*title = cli_string(problem, "title");
	*remedy = cli_string(problem, "remedy");
}

static void
print_member(const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	fprintf(stderr, "\n%-*s ", lang_pad(label, 11), label);
	cli_terminal_put(stderr, text);
}

/* Prints a problem (RFC 9457) as: what, which field, what to do. */
static enum cli_exit
refused(struct cli *cli, long code, const struct buffer *body)
{
	json_t *problem = json_loadb((const char *)body->data, body->len, 0, NULL);
	const char *title, *remedy, *detail;
	struct buffer text = {0};

	snprintf(
	    cli->refused_field, sizeof(cli->refused_field), "%s", cli_string(problem, "field"));
	if (cli->session[0] != '\0' &&
	    strcmp(cli_string(problem, "type"), "urn:saikne:not_signed_in") == 0)
		cli_session_forget(cli);
	words_of(problem, &title, &remedy);
	cli_words_detail(cli, problem, &text);
	buffer_append_byte(&text, '\0');
	detail = text.failed ? "" : (const char *)text.data;
	if (detail[0] == '\0' && title[0] == '\0') {
		(void)cli_fail(CLI_REFUSED, _("the desk answered with HTTP code %ld"), code);
		goto done;
	}
	fputs("saikne: ", stderr);
	cli_terminal_put(stderr, title[0] != '\0' ? title : detail);
	if (title[0] != '\0' && detail[0] != '\0' && strcmp(title, detail) != 0) {
		fputs(": ", stderr);
		cli_terminal_put(stderr, detail);
	}
	print_member(_("Field:"), cli_string(problem, "field"));
	print_member(_("What to do:"), remedy);
	fputc('\n', stderr);
done:
	if (cli->json && json_is_object(problem))
		cli_print_json(cli, problem);
	buffer_free(&text);
	json_decref(problem);
	return CLI_REFUSED;
}

/* Sends and collects; METHOD is "GET", "DELETE", or "POST", which alone has a BODY. */
static enum cli_exit
perform(struct cli *cli, const char *method, const char *target, const char *body,
    struct buffer *out)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *curl = start(cli, target);
	enum cli_exit rc = CLI_DONE;
	CURLcode code = CURLE_FAILED_INIT;
	long http = 0;

	if (curl != NULL && headers != NULL &&
	    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK &&
	    (body == NULL ||
		(curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
		    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK)))
		code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		rc = cli->quiet ? CLI_UNREACHABLE : unreachable(cli, code);
	else if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http) != CURLE_OK ||
		 (http != 200 && http != 201))
		rc = cli->quiet ? CLI_REFUSED : refused(cli, http, out);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return rc;
}

static enum cli_exit
perform_json(
    struct cli *cli, const char *method, const char *target, const char *body, json_t **out)
{
	struct buffer answer = {0};
	enum cli_exit rc = perform(cli, method, target, body, &answer);

	if (rc == CLI_DONE) {
		json_t *json = json_loadb(
		    (const char *)answer.data, answer.len, JSON_REJECT_DUPLICATES, NULL);

		if (json_is_object(json))
			*out = json;
		else
			rc = cli_fail(CLI_REFUSED,
			    _("the desk's answer is not understood; is "
			      "%s the socket of a Saikne service of this version?"),
			    cli->desk_path);
		if (rc != CLI_DONE)
			json_decref(json);
	}
	buffer_free(&answer);
	return rc;
}

enum cli_exit
desk_client_get(struct cli *cli, const char *target, json_t **out)
{
	return perform_json(cli, "GET", target, NULL, out);
}

enum cli_exit
desk_client_post(struct cli *cli, const char *target, const json_t *body, json_t **out)
{
	char *text = json_dumps(body, JSON_COMPACT);
	enum cli_exit rc;

	if (text == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	rc = perform_json(cli, "POST", target, text, out);
	explicit_bzero(text, strlen(text)); /* a child's data */
	free(text);
	return rc;
}

enum cli_exit
desk_client_delete(struct cli *cli, const char *target, json_t **out)
{
	return perform_json(cli, "DELETE", target, NULL, out);
}

enum cli_exit
desk_client_put(struct cli *cli, const char *target, struct bytes body, json_t **out)
{
	struct curl_slist *headers =
	    curl_slist_append(NULL, "Content-Type: application/octet-stream");
	struct buffer answer = {0};
	CURL *curl = start(cli, target);
	CURLcode code = CURLE_FAILED_INIT;
	enum cli_exit rc = CLI_DONE;
	long http = 0;

	if (curl != NULL && headers != NULL &&
	    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len) ==
		CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)body.data) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT") == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK)
		code = curl_easy_perform(curl);
	if (code != CURLE_OK)
		rc = unreachable(cli, code);
	else if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http) != CURLE_OK ||
		 http != 200)
		rc = refused(cli, http, &answer);
	else if ((*out = json_loadb((const char *)answer.data, answer.len, 0, NULL)) == NULL)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	buffer_free(&answer);
	return rc;
}

/* A refusal is short and goes to BODY; a document goes to its file. */
struct download {
	CURL *curl;
	int fd;
	struct buffer body;
	uint64_t done;
	void (*told)(void *state, uint64_t done);
	void *state;
};

static size_t
on_piece(char *data, size_t size, size_t count, void *state)
{
	struct download *download = state;
	size_t len = size * count, at = 0;
	long http = 0;

	if (curl_easy_getinfo(download->curl, CURLINFO_RESPONSE_CODE, &http) != CURLE_OK)
		return 0;
	if (http != 200) {
		buffer_append(&download->body, (struct bytes){(const uint8_t *)data, len});
		return download->body.failed || download->body.len > ANSWER_MAX ? 0 : len;
	}
	while (at < len) {
		ssize_t done = write(download->fd, data + at, len - at);

		if (done < 0)
			return 0;
		at += (size_t)done;
	}
	download->done += len;
	download->told(download->state, download->done);
	return len;
}

enum cli_exit
desk_client_download(struct cli *cli, const char *target, int fd,
    void (*told)(void *state, uint64_t done), void *state)
{
	struct download download = {
	    .curl = start(cli, target), .fd = fd, .told = told, .state = state};
	CURLcode code = CURLE_FAILED_INIT;
	enum cli_exit rc = CLI_DONE;
	long http = 0;

	if (download.curl != NULL &&
	    curl_easy_setopt(download.curl, CURLOPT_WRITEFUNCTION, on_piece) == CURLE_OK &&
	    curl_easy_setopt(download.curl, CURLOPT_WRITEDATA, &download) == CURLE_OK)
		code = curl_easy_perform(download.curl);
	if (code != CURLE_OK)
		rc = unreachable(cli, code);
	else if (curl_easy_getinfo(download.curl, CURLINFO_RESPONSE_CODE, &http) != CURLE_OK ||
		 http != 200)
		rc = refused(cli, http, &download.body);
	curl_easy_cleanup(download.curl);
	buffer_free(&download.body);
	return rc;
}

enum cli_exit
desk_client_text(struct cli *cli, const char *target, struct buffer *out)
{
	return perform(cli, "GET", target, NULL, out);
}

bool
desk_client_is_name(const char *text)
{
	return text[0] != '\0' && strlen(text) <= 64 &&
	       strspn(
		   text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
	           strlen(text);
}

char *
desk_client_escape(const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, 0);
	char *copy = escaped != NULL ? strdup(escaped) : NULL;

	curl_free(escaped);
	return copy;
}

/* One whole line of the stream; only data lines say anything here. */
static void
take_line(const struct buffer *line, const struct desk_listener *events)
{
	static const char data[] = "data: ";
	size_t head = sizeof(data) - 1;
	json_t *change;

	if (line->len <= head || memcmp(line->data, data, head) != 0)
		return;
	change = json_loadb(
	    (const char *)line->data + head, line->len - head, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(change))
		events->event(events->state, change);
	json_decref(change);
}

void
desk_client_feed(struct buffer *line, struct bytes data, const struct desk_listener *events)
{
	for (size_t i = 0; i < data.len; i++) {
		if (data.data[i] == '\n') {
			take_line(line, events);
			buffer_reset(line);
		} else if (line->len < EVENT_LINE_MAX) {
			buffer_append_byte(line, data.data[i]);
		}
	}
}

struct stream {
	CURL *curl;
	const struct desk_listener *events;
	struct buffer line;
	struct buffer refusal; /* the body of an answer other than 200 */
	bool *connected;       /* the caller's */
	time_t heard;          /* when something last came, monotonic */
};

static time_t
monotonic(void)
{
	struct timespec now;

	return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? now.tv_sec : 0;
}

static size_t
on_stream(char *data, size_t size, size_t count, void *state)
{
	struct stream *stream = state;
	struct bytes bytes = {(const uint8_t *)data, size * count};
	long http = 0;

	stream->heard = monotonic();
	if (curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &http) != CURLE_OK)
		return 0;
	if (http != 200)
		return collect(data, size, count, &stream->refusal);
	*stream->connected = true;
	desk_client_feed(&stream->line, bytes, stream->events);
	return bytes.len;
}

static int
on_progress(void *state, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	const struct stream *stream = state;

	/* curl's own low-speed limit cannot tell a few bytes in a while from none. */
	(void)total;
	(void)now;
	(void)up_total;
	(void)up;
	return stream->events->stopped(stream->events->state) ||
	       monotonic() - stream->heard > SILENCE_S;
}

enum cli_exit
desk_client_events(struct cli *cli, const struct desk_listener *events, bool *connected)
{
	struct stream stream = {
	    .curl = start(cli, "/v1/events"), .events = events, .connected = connected};
	enum cli_exit rc = CLI_DONE;
	CURLcode code = CURLE_FAILED_INIT;
	long http = 0;

	*connected = false;
	stream.heard = monotonic();
	if (stream.curl != NULL &&
	    curl_easy_setopt(stream.curl, CURLOPT_WRITEFUNCTION, on_stream) == CURLE_OK &&
	    curl_easy_setopt(stream.curl, CURLOPT_WRITEDATA, &stream) == CURLE_OK &&
	    curl_easy_setopt(stream.curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
	    curl_easy_setopt(stream.curl, CURLOPT_XFERINFODATA, &stream) == CURLE_OK &&
	    curl_easy_setopt(stream.curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	    curl_easy_setopt(stream.curl, CURLOPT_TIMEOUT, 0L) == CURLE_OK)
		code = curl_easy_perform(stream.curl);
	if (stream.curl != NULL)
		(void)curl_easy_getinfo(stream.curl, CURLINFO_RESPONSE_CODE, &http);
	if (http != 0 && http != 200)
		rc = refused(cli, http, &stream.refusal);
	else if (!*connected && !events->stopped(events->state))
		rc = unreachable(cli, code);
	buffer_free(&stream.line);
	buffer_free(&stream.refusal);
	curl_easy_cleanup(stream.curl);
	return rc;
}
