/* services/runtime/desk/desk_page.c: turns evhttp's own pages into problems on their way out. */
#include "services/runtime/desk/desk_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#include "protocol/host/lang.h"
#include "services/runtime/desk/desk_answer.h"

#define HEAD_MAX 512 /* of evhttp's own answers, whose headers are few */

static const struct {
	int code;
	enum status status;
	const char *detail;
} reasons[] = {
    {400, STATUS_MALFORMED, N_("the request is not HTTP, or has more headers than are read")},
    {413, STATUS_TOO_LARGE, N_("the request is larger than any that the desk takes")},
    {417, STATUS_MALFORMED, N_("the desk expects nothing but 100-continue")},
    {501, STATUS_MALFORMED, N_("the desk does not know this method")},
    {503, STATUS_NO_MEMORY, ""},
};

static char *
problem_of(int code)
{
	struct refusal refusal = {.status = STATUS_INTERNAL};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].code == code)
			refusal = desk_answer_refusal(reasons[i].status, "", reasons[i].detail);
	}
	return desk_answer_problem_text(code, &refusal);
}

/* The code of a whole page of evhttp's that stands in OUT, or 0. */
static int
page_of(struct evbuffer *out)
{
	static const char last[] = "</HTML>\n";
	size_t len = evbuffer_get_length(out);
	struct evbuffer_ptr end, tail;
	char head[HEAD_MAX + 4], *empty;
	ev_ssize_t got = evbuffer_copyout(out, head, sizeof(head));

	/* No further: a document's bytes come through here, too. */
	if (got < 0 || (empty = memmem(head, (size_t)got, "\r\n\r\n", 4)) == NULL)
		return 0;
	*empty = '\0';
	if (strncmp(head, "HTTP/1.", 7) != 0 ||
	    strstr(head, "\r\nContent-Type: text/html") == NULL)
		return 0;
	/* evhttp adds it piece by piece, and sends nothing before the loop turns. */
	if (evbuffer_ptr_set(out, &end, (size_t)(empty - head), EVBUFFER_PTR_SET) != 0)
		return 0;
	tail = evbuffer_search(out, last, sizeof(last) - 1, &end);
	if (tail.pos < 0 || (size_t)tail.pos + sizeof(last) - 1 != len)
		return 0;
	return (int)strtol(head + strlen("HTTP/1.1 "), NULL, 10);
}

static void
on_output(struct evbuffer *out, const struct evbuffer_cb_info *info, void *arg)
{
	int code = info->n_added > 0 ? page_of(out) : 0;
	char *problem = code != 0 ? problem_of(code) : NULL;

	(void)arg;
	/* Without memory evhttp's page must do; its code is the same. */
	if (problem == NULL)
		return;
	(void)evbuffer_drain(out, evbuffer_get_length(out));
	(void)evbuffer_add_printf(out,
	    "HTTP/1.1 %d Refused\r\nContent-Type: application/problem+json\r\n"
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    code, strlen(problem), problem);
	free(problem);
}

bool
desk_page_watch(struct bufferevent *stream)
{
	return evbuffer_add_cb(bufferevent_get_output(stream), on_output, NULL) != NULL;
}
