/* tests/unit/test_desk.c: the desk's HTTP over a real unix socket, with acts that only note. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "protocol/host/clock.h"
#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_circle.h"
#include "services/runtime/acts/acts_provision.h"
#include "services/runtime/acts/acts_sitting.h"
#include "services/runtime/acts/acts.h"
#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_history.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/desk/desk.h"
#include "services/runtime/acts/acts_people.h"
#include "services/runtime/desk/desk_door.h"
#include "services/runtime/people/sign_in.h"

#define REPLY_MAX (1024 * 1024)

/* ---- The service behind the desk: it notes what was asked and answers as told. ---- */

struct fake {
	enum role role;
	enum status rc;
	char asked[512];
	char user[64];
	uint64_t person; /* 0: as ever */
	bool ended;      /* the session */
	void (*changed)(void *state, const json_t *change);
	void *state;
};

/* The desk hands the service on without looking inside, so another thing may stand there. */
static struct fake *
fake_of(const struct service *service)
{
	return (struct fake *)(uintptr_t)service;
}

static struct service *
service_of(struct fake *fake)
{
	return (struct service *)(void *)fake;
}

enum status
people_of_unix(struct service *service, uid_t uid, struct actor *out)
{
	assert_int_equal(uid, geteuid());
	*out = (struct actor){.person = fake_of(service)->person + 1,
	    .user = "anna",
	    .role = fake_of(service)->role};
	return STATUS_OK;
}

static enum status
note(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal, const char *format, ...)
{
	struct fake *fake = fake_of(service);
	va_list args;

	va_start(args, format);
	vsnprintf(fake->asked, sizeof(fake->asked), format, args);
	va_end(args);
	snprintf(fake->user, sizeof(fake->user), "%s", actor->user);
	if (fake->rc != STATUS_OK) {
		*refusal = (struct refusal){.status = fake->rc, .field = "urgency"};
		snprintf(refusal->detail, sizeof(refusal->detail), "told to refuse");
		return fake->rc;
	}
	if (answer != NULL)
		*answer = json_pack("{ss}", "asked", fake->asked);
	return STATUS_OK;
}

static const char *
or_none(const char *text)
{
	return text != NULL ? text : "none";
}

enum status
acts_refer(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "refer %s%s",
	    or_none(json_string_value(json_object_get(request, "urgency"))),
	    preview ? " preview" : "");
}

enum status
acts_request(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "request%s", preview ? " preview" : "");
}

enum status
acts_coordinate(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	(void)service;
	(void)actor;
	(void)request;
	(void)preview;
	(void)refusal;
	*answer = json_object();
	return STATUS_OK;
}

enum status
acts_circles(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, json_t **answer, struct refusal *refusal)
{
	(void)service;
	(void)actor;
	(void)query;
	(void)refusal;
	*answer = json_object();
	return STATUS_OK;
}

enum status
acts_circle(struct service *service, const struct actor *actor, const char *id, json_t **answer,
    struct refusal *refusal)
{
	(void)service;
	(void)actor;
	(void)id;
	(void)refusal;
	*answer = json_object();
	return STATUS_OK;
}

enum status
acts_disagree(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "disagree%s", preview ? " preview" : "");
}

enum status
acts_notice(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "notice %s%s",
	    or_none(json_string_value(json_object_get(request, "notice"))),
	    preview ? " preview" : "");
}

bool
acts_has_step(const char *verb)
{
	return strcmp(verb, "accept") == 0 || strcmp(verb, "close") == 0;
}

enum status
acts_answer(struct service *service, const struct actor *actor, const char *task,
    const char *verb, const json_t *request, json_t **answer, struct refusal *refusal)
{
	assert_true(json_is_object(request));
	return note(service, actor, answer, refusal, "%s %s", verb, task);
}

enum status
acts_tasks(struct service *service, const struct actor *actor, const struct acts_query *query,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "tasks %s %s %s %s %s %s %s %u %s",
	    or_none(query->box), or_none(query->state), or_none(query->peer),
	    or_none(query->urgency), or_none(query->unread), or_none(query->since),
	    or_none(query->until), query->limit, or_none(query->after));
}

enum status
acts_task(struct service *service, const struct actor *actor, const char *task, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "task %s", task);
}

enum status
acts_cases(struct service *service, const struct actor *actor, const struct acts_query *query,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "cases %s %s %u %s", or_none(query->since),
	    or_none(query->until), query->limit, or_none(query->after));
}

enum status
acts_case(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "case %s", case_id);
}

enum status
acts_search(struct service *service, const struct actor *actor, const json_t *request,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "search %zu %u %s",
	    json_object_size(request), limit, or_none(after));
}

enum status
acts_disclosure(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "disclosure %s", case_id);
}

enum status
acts_withhold(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	assert_true(json_is_object(request));
	return note(service, actor, answer, refusal, "withhold %s", case_id);
}

enum status
acts_withheld(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "withheld %s", case_id);
}

json_t *
acts_forms(void)
{
	return json_array();
}

enum status
acts_alarms(struct service *service, const struct actor *actor, const char *open,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "alarms %s %u %s", or_none(open), limit,
	    or_none(after));
}

enum status
acts_work(struct service *service, const struct actor *actor, unsigned limit, const char *after,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "work %u %s", limit, or_none(after));
}

enum status
acts_history_aside(struct service *service, const struct actor *actor, const char *circle,
    const json_t *request, struct refusal *refusal)
{
	const char *party = json_string_value(json_object_get(request, "party"));
	json_t *nothing = NULL;
	enum status rc =
	    note(service, actor, &nothing, refusal, "set aside %s %s", circle, or_none(party));

	json_decref(nothing);
	return rc;
}

enum status
acts_history(struct service *service, const struct actor *actor, const char *circle,
    const char *with, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "history %s %s %u %s", circle,
	    or_none(with), limit, or_none(after));
}

enum status
acts_alarm_seen(struct service *service, const struct actor *actor, const char *alarm_id,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "seen %s", alarm_id);
}

enum status
acts_case_new(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	assert_true(json_is_object(request));
	return note(service, actor, answer, refusal, "case_new");
}

#define CASE_ACT(name)                                                                         \
	enum status acts_case_##name(struct service *service, const struct actor *actor,       \
	    const char *case_id, const json_t *request, json_t **answer,                       \
	    struct refusal *refusal)                                                           \
	{                                                                                      \
		assert_true(json_is_object(request));                                          \
		return note(service, actor, answer, refusal, #name " %s", case_id);            \
	}

CASE_ACT(note)
CASE_ACT(label)
CASE_ACT(household)

#define INNER_ACT(name, whose)                                                                 \
	enum status acts_##name(struct service *service, const struct actor *actor,            \
	    const char *whose, const json_t *request, json_t **answer,                         \
	    struct refusal *refusal)                                                           \
	{                                                                                      \
		assert_true(json_is_object(request));                                          \
		return note(service, actor, answer, refusal, #name " %s", whose);              \
	}
#define INNER_LOOK(name)                                                                       \
	enum status acts_##name(struct service *service, const struct actor *actor,            \
	    json_t **answer, struct refusal *refusal)                                          \
	{                                                                                      \
		return note(service, actor, answer, refusal, #name);                           \
	}
#define GROUND_LOOK(name, which)                                                               \
	enum status acts_##name(struct service *service, const struct actor *actor,            \
	    const char *which, json_t **answer, struct refusal *refusal)                       \
	{                                                                                      \
		return note(service, actor, answer, refusal, #name " %s", which);              \
	}
#define INNER_POST(name)                                                                       \
	enum status acts_##name(struct service *service, const struct actor *actor,            \
	    const json_t *request, json_t **answer, struct refusal *refusal)                   \
	{                                                                                      \
		assert_true(json_is_object(request));                                          \
		return note(service, actor, answer, refusal, #name);                           \
	}

GROUND_LOOK(grounds, case_id)
GROUND_LOOK(grounds_one, record)
GROUND_LOOK(consent_receipt, record)

enum status
acts_consent_ending(struct service *service, const struct actor *actor, const char *days,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "consent_ending %s %u %s", or_none(days),
	    limit, or_none(after));
}

INNER_ACT(assign, case_id)
INNER_ACT(consent_new, case_id)
INNER_ACT(consent_event, record)
INNER_ACT(erase, case_id)
INNER_ACT(give_back, case_id)
INNER_ACT(hand_over, from)
INNER_LOOK(holdings)
INNER_LOOK(duty)
INNER_POST(duty_set)
INNER_POST(break_glass)

enum status
acts_duty_end(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "duty_end %s", n);
}

enum status
acts_glass(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "glass %u %s", limit, or_none(after));
}

enum status
acts_glass_seen(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "glass_seen %s", n);
}

enum status
acts_erasures(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "erasures %u %s", limit, or_none(after));
}

enum status
acts_retention(struct service *service, const struct actor *actor, const char *days,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "retention %s %u %s", or_none(days), limit,
	    or_none(after));
}

enum status
acts_access(struct service *service, const struct actor *actor,
    const struct acts_access_query *query, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "access %s %s %u %s",
	    or_none(query->case_id), or_none(query->person), query->limit,
	    or_none(query->after));
}

/* A change of a task that begins with "secret" is for nobody. */
bool
acts_may_hear(struct service *service, const struct actor *actor, const json_t *change)
{
	const char *task = json_string_value(json_object_get(change, "task"));

	(void)service;
	(void)actor;
	return task == NULL || strncmp(task, "secret", 6) != 0;
}

enum status
acts_receipt(struct service *service, const struct actor *actor, const char *message,
    struct buffer *out, struct refusal *refusal)
{
	buffer_append_text(out, "the proof\n");
	return note(service, actor, NULL, refusal, "receipt %s", message);
}

enum status
acts_sitting_propose(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "propose");
}

enum status
acts_sitting_put(struct service *service, const struct actor *actor, const char *frame,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "put %s", frame);
}

enum status
acts_sitting_show(struct service *service, const struct actor *actor, const char *frame,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "sitting %s", frame);
}

enum status
acts_sitting_calendar(struct service *service, const struct actor *actor, const char *frame,
    const char *language, struct buffer *out, struct refusal *refusal)
{
	(void)language;
	buffer_append_text(out, "BEGIN:VCALENDAR\r\n");
	return note(service, actor, NULL, refusal, "calendar %s", frame);
}

enum status
acts_sitting_minutes(struct service *service, const struct actor *actor, const char *matter,
    const char *without, json_t **answer, struct refusal *refusal)
{
	(void)without;
	return note(service, actor, answer, refusal, "minutes %s", matter);
}

enum status
acts_attach_begin(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "attach");
}

enum status
acts_attach_part(struct service *service, const struct actor *actor, const char *id,
    uint64_t offset, struct document_part part, json_t **answer, struct refusal *refusal)
{
	uint8_t piece[1000], hash[SUITE_HASH_LEN];
	struct buffer whole = {0};
	struct bytes came;
	char hex[2 * SUITE_HASH_LEN + 1];

	for (size_t left = part.len; left > 0;) {
		size_t len = left < sizeof(piece) ? left : sizeof(piece);

		assert_true(part.take(part.state, piece, len));
		buffer_append(&whole, (struct bytes){piece, len});
		left -= len;
	}
	assert_false(part.take(part.state, piece, 1));
	came = bytes_of_buffer(&whole);
	suite_hash("test", &came, 1, hash);
	bytes_to_hex(BYTES(hash), hex);
	buffer_free(&whole);
	return note(service, actor, answer, refusal, "part %s at %u of %zu: %s", id,
	    (unsigned)offset, part.len, hex);
}

enum status
acts_attach_state(struct service *service, const struct actor *actor, const char *id,
    json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "state %s", id);
}

/* A document of three pieces. */
enum status
acts_attach_open(struct service *service, const struct actor *actor, const char *id,
    struct document_reader *out, struct buffer *name, struct refusal *refusal)
{
	out->row.size = 9;
	out->row.type = FILETYPE_PDF;
	buffer_append_text(name, "a \"b\".pdf");
	return note(service, actor, NULL, refusal, "open %s", id);
}

enum status
acts_attach_read(struct service *service, struct document_reader *reader, struct buffer *out)
{
	(void)service;
	if (reader->chunk++ < 3)
		buffer_append_text(out, "abc");
	return STATUS_OK;
}

enum status
acts_status(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "status");
}

enum status
acts_directory(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "directory");
}

enum status
acts_provisions(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "");
}

enum status
acts_law_decide(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, case_id);
}

enum status
acts_provision_confirm(struct service *service, const struct actor *actor, const char *code,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, code);
}

bool
service_role_reads(enum role role)
{
	return role == ROLE_SPECIALIST;
}

void
acts_listen(
    struct service *service, void (*changed)(void *state, const json_t *change), void *state)
{
	fake_of(service)->changed = changed;
	fake_of(service)->state = state;
}

/* ---- People: one session, "ses_good"; a sign-in is judged when the loop comes round. ---- */

const char *
service_role_name(enum role role)
{
	return role == ROLE_SPECIALIST ? "specialist" : "none";
}

enum status
credential_of(struct service *service, const char *text, struct credential *out)
{
	if (strcmp(text, "ses_good") != 0 || fake_of(service)->ended)
		return STATUS_NOT_SIGNED_IN;
	*out = (struct credential){
	    .actor = {.person = 7, .user = "janis", .role = ROLE_SPECIALIST}};
	return STATUS_OK;
}

bool
credential_holds(const struct service *service, const uint8_t hash[static SUITE_HASH_LEN])
{
	(void)hash;
	return !fake_of(service)->ended;
}

static struct {
	int fd;
	unsigned waiting, forgotten;
	enum status begins, ends;
	struct sign_in_waiter waiter;
} doorman;

enum status
sign_in_open(struct service *service, const struct suite_cost *cost, struct sign_in **out)
{
	(void)service;
	(void)cost;
	memset(&doorman, 0, sizeof(doorman));
	doorman.fd = eventfd(0, EFD_NONBLOCK);
	*out = (struct sign_in *)(void *)&doorman;
	return doorman.fd >= 0 ? STATUS_OK : STATUS_IO;
}

void
sign_in_close(struct sign_in *sign_in)
{
	if (sign_in != NULL)
		close(doorman.fd);
}

int
sign_in_fd(const struct sign_in *sign_in)
{
	(void)sign_in;
	return doorman.fd;
}

enum status
sign_in_begin(struct sign_in *sign_in, const struct sign_in_ask *ask,
    const struct sign_in_waiter *waiter, struct sign_in_refusal *refusal)
{
	(void)sign_in;
	assert_true(ask->source[0] != '\0');
	*refusal = (struct sign_in_refusal){.wait_ms = 29001, .fault = "too short"};
	if (doorman.begins != STATUS_OK)
		return doorman.begins;
	doorman.waiter = *waiter;
	doorman.waiting++;
	return STATUS_OK;
}

static void
judge(void)
{
	const uint64_t one = 1;

	assert_int_equal(write(doorman.fd, &one, sizeof(one)), sizeof(one));
}

void
sign_in_run(struct sign_in *sign_in)
{
	struct sign_in_answer answer = {.status = doorman.ends,
	    .actor = {.person = 7, .user = "janis", .role = ROLE_SPECIALIST},
	    .token = "ses_good",
	    .until_ms = 1000,
	    .failures = 2,
	    .failed_since_ms = 1000};
	uint64_t count;

	(void)sign_in;
	assert_true(read(doorman.fd, &count, sizeof(count)) > 0);
	if (doorman.waiting == 0)
		return;
	doorman.waiting--;
	doorman.waiter.done(doorman.waiter.state, &answer);
}

void
sign_in_forget(struct sign_in *sign_in, const void *state)
{
	(void)sign_in;
	assert_ptr_equal(state, doorman.waiter.state);
	doorman.forgotten++;
	doorman.waiting = 0;
}

enum status
acts_people_self(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal)
{
	return note(
	    service, actor, answer, refusal, "self %s", credential != NULL ? "shown" : "unix");
}

enum status
acts_people_sign_out(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal)
{
	(void)credential;
	return note(service, actor, answer, refusal, "sign out");
}

enum status
acts_people_list(struct service *service, const struct actor *actor, const char *after,
    unsigned limit, json_t **answer, struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "people %u %s", limit, or_none(after));
}

enum status
acts_people_add(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "add");
}

enum status
acts_people_change(struct service *service, const struct actor *actor, const char *person,
    const char *verb, const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "%s %s", verb, person);
}

enum status
acts_people_tokens(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	return note(service, actor, answer, refusal, "tokens");
}

enum status
acts_people_make_token(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "make token");
}

enum status
acts_people_revoke_token(struct service *service, const struct actor *actor, const char *token,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	(void)request;
	return note(service, actor, answer, refusal, "revoke %s", token);
}

/* ---- A desk in a folder of its own, and a client in the same loop. ---- */

struct fixture {
	struct fake fake;
	struct event_base *base;
	struct desk *desk;
	char folder[32];
	char path[64];
	char *reply;
	size_t reply_len;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	signal(SIGPIPE, SIG_IGN); /* as the process does */
	assert_int_equal(lists_start(), STATUS_OK);
	strcpy(f->folder, "/tmp/test-desk-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/desk", f->folder);
	f->fake.role = ROLE_SPECIALIST;
	f->reply = malloc(REPLY_MAX);
	f->base = event_base_new();
	assert_non_null(f->reply);
	assert_non_null(f->base);
	assert_int_equal(
	    desk_open(service_of(&f->fake), f->base, f->path, &f->desk), STATUS_OK);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	static const char *const locks[] = {"desk.lock", "stale.lock"};
	char path[64];

	desk_close(f->desk);
	event_base_free(f->base);
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->folder, locks[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(f->folder), 0);
	free(f->reply);
	free(f);
	return 0;
}

static int
join(const struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, f->path, strlen(f->path) + 1);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Turns the loop once and waits a little for FD. */
static void
turn(struct fixture *f, int fd, short events)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	event_base_loop(f->base, EVLOOP_NONBLOCK);
	poll(&poll_fd, 1, 5);
}

static void
say(struct fixture *f, int fd, const char *data, size_t len)
{
	for (int turns = 0; len > 0 && turns < 2000; turns++) {
		ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return; /* the desk has closed: its answer says why */
		if (sent > 0) {
			data += sent;
			len -= (size_t)sent;
		}
		if (len > 0)
			turn(f, fd, POLLOUT);
	}
}

static bool
is_complete(const struct fixture *f)
{
	const char *end = strstr(f->reply, "\r\n\r\n");
	const char *length = strstr(f->reply, "Content-Length: ");

	if (end == NULL || length == NULL)
		return false;
	return f->reply_len >= (size_t)(end + 4 - f->reply) + strtoul(length + 16, NULL, 10);
}

/* Reads until END, if given, stands in the reply, else a whole answer; true when closed. */
static bool
hear(struct fixture *f, int fd, const char *end)
{
	f->reply_len = 0;
	f->reply[0] = '\0';
	for (int turns = 0; turns < 1000; turns++) {
		ssize_t got =
		    recv(fd, f->reply + f->reply_len, REPLY_MAX - 1 - f->reply_len, 0);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			return true;
		if (got > 0) {
			f->reply_len += (size_t)got;
			f->reply[f->reply_len] = '\0';
		}
		if (end != NULL ? strstr(f->reply, end) != NULL : is_complete(f))
			return false;
		turn(f, fd, POLLIN);
	}
	fail_msg("no answer within the time");
	return false;
}

/* The HTTP code of the answer to HEAD (request line and headers) and BODY. */
static int
ask_raw(struct fixture *f, const char *request)
{
	int fd = join(f);

	say(f, fd, request, strlen(request));
	hear(f, fd, NULL);
	close(fd);
	assert_true(f->reply_len > 12);
	return (int)strtol(f->reply + 9, NULL, 10);
}

static int
get(struct fixture *f, const char *target)
{
	char request[1024];

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: desk\r\n\r\n", target);
	return ask_raw(f, request);
}

static int
post(struct fixture *f, const char *target, const char *body)
{
	char request[4096];

	snprintf(request, sizeof(request),
	    "POST %s HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    target, strlen(body), body);
	return ask_raw(f, request);
}

static json_t *
reply_json(const struct fixture *f)
{
	const char *body = strstr(f->reply, "\r\n\r\n");
	json_t *json;

	assert_non_null(body);
	json = json_loads(body + 4, 0, NULL);
	assert_non_null(json);
	return json;
}

static void
assert_reply_text(const struct fixture *f, const char *name, const char *expected)
{
	json_t *json = reply_json(f);
	const char *text = json_string_value(json_object_get(json, name));

	assert_non_null(text);
	assert_string_equal(text, expected);
	json_decref(json);
}

/* ---- Routes ---- */

static void
every_address_reaches_its_act(void **state)
{
	static const struct {
		const char *target, *asked;
	} gets[] = {
	    {"/v1/status", "status"},
	    {"/v1/directory", "directory"},
	    {"/v1/tasks", "tasks none none none none none none none 100 none"},
	    {"/v1/tasks?box=in&state=offered&peer=a&urgency=u&unread=1&since=s&until=t&"
	     "limit=7&after=x1",
		"tasks in offered a u 1 s t 7 x1"},
	    {"/v1/tasks/0af1", "task 0af1"},
	    {"/v1/cases?limit=500&since=s", "cases s none 500 none"},
	    {"/v1/cases/0af1", "case 0af1"},
	    {"/v1/alarms?open=1&limit=9", "alarms 1 9 none"},
	    {"/v1/work?limit=9&after=w00", "work 9 w00"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(gets) / sizeof(gets[0]); i++) {
		assert_int_equal(get(f, gets[i].target), 200);
		assert_reply_text(f, "asked", gets[i].asked);
	}
	assert_string_equal(f->fake.user, "anna");
	assert_int_equal(post(f, "/v1/referrals", "{\"urgency\":\"normal\"}"), 200);
	assert_reply_text(f, "asked", "refer normal");
	assert_int_equal(post(f, "/v1/referrals?preview=1", "{\"urgency\":\"normal\"}"), 200);
	assert_reply_text(f, "asked", "refer normal preview");
	assert_int_equal(post(f, "/v1/search?limit=7", "{\"name\":\"Anna\"}"), 200);
	assert_string_equal(f->fake.asked, "search 1 7 none");
	assert_int_equal(post(f, "/v1/tasks/0af1/accept", "{}"), 200);
	assert_reply_text(f, "asked", "accept 0af1");
	assert_int_equal(post(f, "/v1/alarms/17/seen", "{}"), 200);
	assert_reply_text(f, "asked", "seen 17");
	assert_int_equal(post(f, "/v1/alarms/17/seen", "{\"by\":\"me\"}"), 400);
}

static void
a_document_is_streamed_under_its_own_name_and_type(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/v1/attachments/0af1"), 200);
	assert_string_equal(f->fake.asked, "open 0af1");
	assert_non_null(strstr(f->reply, "Content-Type: application/pdf"));
	assert_non_null(strstr(f->reply, "Content-Length: 9"));
	assert_non_null(strstr(f->reply, "X-Content-Type-Options: nosniff"));
	assert_non_null(strstr(f->reply, "attachment; filename*=UTF-8''a%20%22b%22.pdf"));
	assert_non_null(strstr(f->reply, "\r\n\r\nabcabcabc"));
}

/* It is read in gulps, some of which end inside of a piece that is taken. */
static void
a_large_part_comes_as_it_was_sent(void **state)
{
	static const char head[] = "PUT /v1/attachments/0af1?offset=0 HTTP/1.1\r\nHost: d\r\n"
				   "Content-Length: 2097152\r\n\r\n";
	struct fixture *f = *state;
	size_t len = sizeof(head) - 1 + 2097152;
	char *request = malloc(len), hex[2 * SUITE_HASH_LEN + 1], asked[120];
	uint8_t hash[SUITE_HASH_LEN];
	struct bytes part = {NULL, 2097152};
	int fd = join(f);

	assert_non_null(request);
	memcpy(request, head, sizeof(head) - 1);
	suite_random(request + sizeof(head) - 1, part.len);
	part.data = (const uint8_t *)request + sizeof(head) - 1;
	suite_hash("test", &part, 1, hash);
	bytes_to_hex(BYTES(hash), hex);
	say(f, fd, request, len);
	hear(f, fd, NULL);
	close(fd);
	free(request);
	snprintf(asked, sizeof(asked), "part 0af1 at 0 of 2097152: %s", hex);
	assert_string_equal(f->fake.asked, asked);
}

static void
a_receipt_is_a_text_file(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/v1/messages/0af1/receipt"), 200);
	assert_non_null(strstr(f->reply, "Content-Type: text/plain; charset=utf-8"));
	assert_non_null(strstr(f->reply, "attachment; filename=\"0af1.tlog-proof\""));
	assert_non_null(strstr(f->reply, "\r\n\r\nthe proof\n"));
}

static void
lists_and_fields_come_from_the_protocol(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/v1/lists"), 200);
	assert_non_null(strstr(f->reply, "\"urgencies\""));
	assert_int_equal(get(f, "/v1/lists/urgencies"), 200);
	assert_non_null(strstr(f->reply, "\"code\":\"immediate\""));
	assert_int_equal(get(f, "/v1/lists/nothing"), 404);
	assert_int_equal(get(f, "/v1/fields"), 200);
	assert_non_null(strstr(f->reply, "\"name\":\"child_name\",\"category\":\"identity\""));
	assert_int_equal(get(f, "/v1/states"), 200);
	assert_non_null(strstr(f->reply, "\"label_en\":\"accepted\",\"open\":true"));
	assert_non_null(strstr(f->reply, "\"label_en\":\"closed\",\"open\":false"));
}

static void
the_description_is_given_whole(void **state)
{
	struct fixture *f = *state;
	json_t *json;

	assert_int_equal(get(f, "/v1/openapi.json"), 200);
	assert_non_null(strstr(f->reply, "Content-Type: application/json\r\n"));
	json = reply_json(f);
	assert_string_equal(json_string_value(json_object_get(json, "openapi")), "3.1.0");
	json_decref(json);
}

static void
an_unknown_address_is_not_found(void **state)
{
	static const char *const targets[] = {"/", "/v1", "/v2/status", "/v1/status/", "/v1//",
	    "/v1/tasks/a/b/c/d/e", "/v1/tasks/%2e%2e", "/v1/tasks/../status", "/v1/.",
	    "/v1/./status", "/v1/openapi.jso", "/v1/openapi.json/", "/v1/tasks/0af1/dance"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		assert_int_equal(get(f, targets[i]), 404);
	assert_reply_text(f, "type", "urn:saikne:not_found");
	assert_string_equal(f->fake.asked, "");
}

static void
a_wrong_method_is_told_the_right_one(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(post(f, "/v1/status", "{}"), 405);
	assert_non_null(strstr(f->reply, "Allow: GET"));
	assert_int_equal(get(f, "/v1/referrals"), 405);
	assert_non_null(strstr(f->reply, "Allow: POST"));
	/* A word that is no step on a task is none of the methods of its address. */
	assert_int_equal(post(f, "/v1/tasks/0af1/calendar", "{}"), 405);
	assert_non_null(strstr(f->reply, "Allow: GET\r\n"));
	assert_int_equal(get(f, "/v1/tasks/0af1/accept"), 405);
	assert_non_null(strstr(f->reply, "Allow: POST\r\n"));
	assert_int_equal(post(f, "/v1/tasks/0af1/dance", "{}"), 404);
	assert_int_equal(
	    ask_raw(f, "DELETE /v1/tasks HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n"),
	    405);
}

/* ---- People ---- */

static int
get_as(struct fixture *f, const char *target, const char *authorization)
{
	char request[1024];

	snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: desk\r\nAuthorization: %s\r\n\r\n", target,
	    authorization);
	return ask_raw(f, request);
}

static void
a_session_wins_over_the_unix_user_and_a_bad_one_is_not_overlooked(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get_as(f, "/v1/status", "Bearer ses_good"), 200);
	assert_string_equal(f->fake.user, "janis");
	assert_int_equal(get_as(f, "/v1/session", "bearer  ses_good"), 200);
	assert_reply_text(f, "asked", "self shown");
	assert_int_equal(get(f, "/v1/session"), 200);
	assert_reply_text(f, "asked", "self unix");
	f->fake.asked[0] = '\0';
	assert_int_equal(get_as(f, "/v1/status", "Bearer ses_bad"), 401);
	assert_int_equal(get_as(f, "/v1/status", "Basic ses_good"), 401);
	assert_int_equal(get_as(f, "/v1/status", "ses_good"), 401);
	assert_int_equal(
	    get_as(f, "/v1/status", "Bearer ses_good\r\nAuthorization: Bearer ses_good"), 400);
	assert_string_equal(f->fake.asked, "");
}

static void
acts_on_people_reach_their_act(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(get(f, "/v1/people?after=200"), 200);
	assert_reply_text(f, "asked", "people 100 200");
	assert_int_equal(post(f, "/v1/people", "{}"), 201);
	assert_int_equal(post(f, "/v1/people/7/disable", "{}"), 200);
	assert_reply_text(f, "asked", "disable 7");
	assert_int_equal(get(f, "/v1/tokens"), 200);
	assert_int_equal(post(f, "/v1/tokens", "{}"), 201);
	assert_int_equal(post(f, "/v1/tokens/3/revoke", "{}"), 200);
	assert_reply_text(f, "asked", "revoke 3");
	assert_int_equal(ask_raw(f, "DELETE /v1/session HTTP/1.1\r\nHost: d\r\n\r\n"), 200);
	assert_reply_text(f, "asked", "sign out");
	assert_int_equal(ask_raw(f, "PUT /v1/session HTTP/1.1\r\nHost: d\r\n\r\n"), 405);
	assert_non_null(strstr(f->reply, "Allow: GET, POST, DELETE"));
}

#define SIGN_IN                                                                                \
	"POST /v1/session HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"        \
	"Content-Length: 32\r\n\r\n{\"login\":\"janis\",\"password\":\"x\"}"

/* The desk goes on while a hash is computed. */
static void
a_sign_in_is_answered_when_it_has_been_judged(void **state)
{
	struct fixture *f = *state;
	int fd = join(f);

	f->fake.role = ROLE_NONE; /* open to who has no role */
	say(f, fd, SIGN_IN, sizeof(SIGN_IN) - 1);
	for (int turns = 0; turns < 1000 && doorman.waiting == 0; turns++)
		turn(f, fd, POLLIN);
	assert_int_equal(doorman.waiting, 1);
	f->fake.role = ROLE_SPECIALIST;
	assert_int_equal(get(f, "/v1/status"), 200);
	judge();
	hear(f, fd, NULL);
	assert_memory_equal(f->reply, "HTTP/1.1 201", 12);
	assert_reply_text(f, "token", "ses_good");
	assert_reply_text(f, "failed_since", "1970-01-01T00:00:01Z");
	/* The same connection serves on. */
	doorman.ends = STATUS_BAD_SIGN_IN;
	say(f, fd, SIGN_IN, sizeof(SIGN_IN) - 1);
	for (int turns = 0; turns < 1000 && doorman.waiting == 0; turns++)
		turn(f, fd, POLLIN);
	judge();
	hear(f, fd, NULL);
	assert_memory_equal(f->reply, "HTTP/1.1 401", 12);
	assert_reply_text(f, "type", "urn:saikne:bad_sign_in");
	close(fd);
	assert_int_equal(doorman.forgotten, 0);
}

static void
who_leaves_before_the_judgement_harms_nobody(void **state)
{
	struct fixture *f = *state;
	int fd = join(f);

	say(f, fd, SIGN_IN, sizeof(SIGN_IN) - 1);
	for (int turns = 0; turns < 1000 && doorman.waiting == 0; turns++)
		turn(f, fd, POLLIN);
	close(fd);
	judge();
	assert_int_equal(get(f, "/v1/status"), 200);
	assert_int_equal(doorman.waiting, 0);
	/* ... and whoever still waits when the desk closes is forgotten. */
	fd = join(f);
	say(f, fd, SIGN_IN, sizeof(SIGN_IN) - 1);
	for (int turns = 0; turns < 1000 && doorman.waiting == 0; turns++)
		turn(f, fd, POLLIN);
	desk_close(f->desk);
	close(fd);
	assert_int_equal(doorman.forgotten, 1);
	assert_int_equal(
	    desk_open(service_of(&f->fake), f->base, f->path, &f->desk), STATUS_OK);
}

static void
a_sign_in_that_cannot_begin_says_why(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(post(f, "/v1/session", "{\"login\":\"janis\"}"), 400);
	assert_reply_text(f, "field", "password");
	assert_int_equal(
	    post(f, "/v1/session", "{\"login\":\"j\",\"password\":\"x\",\"y\":1}"), 400);
	doorman.begins = STATUS_RATE_LIMITED;
	assert_int_equal(
	    post(f, "/v1/session", "{\"login\":\"janis\",\"password\":\"x\"}"), 429);
	assert_reply_text(f, "detail", "too many sign-ins from here; wait 30 seconds");
	doorman.begins = STATUS_ARGUMENT;
	assert_int_equal(
	    post(f, "/v1/enrol", "{\"login\":\"janis\",\"code\":\"c\",\"password\":\"x\"}"),
	    400);
	assert_reply_text(f, "detail", "too short");
	assert_reply_text(f, "field", "password");
	doorman.begins = STATUS_WRONG_STATE;
	assert_int_equal(
	    post(f, "/v1/password", "{\"password\":\"x\",\"new_password\":\"y\"}"), 409);
}

/* ---- Loopback TCP ---- */

static void
only_addresses_of_loopback_are_taken(void **state)
{
	static const char *const bad[] = {"0.0.0.0:80", "10.0.0.1:80", "[::]:80",
	    "localhost:80", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:8o",
	    "[::1]", "127.0.0.2:80"};
	struct desk_address address;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(desk_door_read(bad[i], &address), STATUS_BAD_CONFIG);
	assert_int_equal(desk_door_read("/run/saikne/desk", &address), STATUS_NOT_FOUND);
	assert_int_equal(desk_door_read("desk", &address), STATUS_NOT_FOUND);
	assert_int_equal(desk_door_read("./a:1", &address), STATUS_NOT_FOUND);
	assert_int_equal(desk_door_read("127.0.0.1:8080", &address), STATUS_OK);
	assert_true(!address.v6 && address.port == 8080);
	assert_int_equal(desk_door_read("[::1]:443", &address), STATUS_OK);
	assert_true(address.v6 && address.port == 443);
}

/* A page of elsewhere whose name was made to lead here (DNS rebinding) shows by its name. */
static void
a_request_for_another_name_or_from_another_page_is_not_meant(void **state)
{
	static const struct desk_address here = {.port = 8080};

	(void)state;
	assert_true(desk_door_is_meant(&here, "127.0.0.1:8080", NULL));
	assert_true(desk_door_is_meant(&here, "LocalHost:8080", NULL));
	assert_true(desk_door_is_meant(&here, "localhost:8080", "http://localhost:8080"));
	assert_false(desk_door_is_meant(&here, "localhost", NULL));
	assert_false(desk_door_is_meant(&here, "localhost:8081", NULL));
	assert_false(desk_door_is_meant(&here, "evil.example:8080", NULL));
	assert_false(desk_door_is_meant(&here, "127.0.0.1.evil.example:8080", NULL));
	assert_false(desk_door_is_meant(&here, "", NULL));
	assert_false(desk_door_is_meant(&here, "localhost:8080", "null"));
	assert_false(desk_door_is_meant(&here, "localhost:8080", "http://evil.example"));
	assert_false(desk_door_is_meant(&here, "localhost:8080", "https://localhost:8080"));
	assert_false(
	    desk_door_is_meant(&here, "localhost:8080", "http://localhost:8080.evil.example"));
}

/* ---- Refusals ---- */

static void
someone_without_a_role_is_refused(void **state)
{
	struct fixture *f = *state;

	f->fake.role = ROLE_NONE;
	assert_int_equal(get(f, "/v1/status"), 401);
	assert_non_null(strstr(f->reply, "Content-Type: application/problem+json"));
	assert_non_null(strstr(f->reply, "WWW-Authenticate: Bearer"));
	assert_reply_text(f, "type", "urn:saikne:not_signed_in");
	assert_reply_text(f, "remedy", status_remedy(STATUS_NOT_SIGNED_IN));
	assert_string_equal(f->fake.asked, "");
}

static void
a_refusal_says_why_and_what_to_do(void **state)
{
	struct fixture *f = *state;

	f->fake.rc = STATUS_WRONG_STATE;
	assert_int_equal(post(f, "/v1/tasks/0af1/close", "{}"), 409);
	assert_reply_text(f, "title", status_meaning(STATUS_WRONG_STATE));
	assert_reply_text(f, "detail", "told to refuse");
	assert_reply_text(f, "remedy", status_remedy(STATUS_WRONG_STATE));
	assert_reply_text(f, "field", "urgency");
	f->fake.rc = STATUS_OUTSIDE_PROFILE;
	assert_int_equal(post(f, "/v1/referrals", "{}"), 422);
	f->fake.rc = STATUS_DATABASE;
	assert_int_equal(get(f, "/v1/messages/0af1/receipt"), 500);
}

static void
a_body_that_is_not_one_strict_json_object_is_refused(void **state)
{
	static const char *const bodies[] = {"", "{", "[]", "{} {}", "{\"a\":1,\"a\":2}",
	    "{\"Secretname\":}", "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(post(f, "/v1/referrals", bodies[i]), 400);
		assert_null(strstr(f->reply, "Secretname"));
	}
	assert_string_equal(f->fake.asked, "");
}

static void
a_body_of_another_type_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ask_raw(f, "POST /v1/referrals HTTP/1.1\r\nHost: d\r\n"
				    "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
	    415);
	assert_int_equal(ask_raw(f, "POST /v1/referrals HTTP/1.1\r\nHost: d\r\n"
				    "Content-Length: 2\r\n\r\n{}"),
	    415);
	assert_int_equal(
	    ask_raw(f,
		"POST /v1/referrals HTTP/1.1\r\nHost: d\r\n"
		"Content-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}"),
	    200);
}

static void
a_query_that_is_not_known_is_refused(void **state)
{
	static const char *const targets[] = {"/v1/status?x=1", "/v1/tasks?box=in&box=out",
	    "/v1/cases?box=in", "/v1/tasks?limit=0", "/v1/tasks?limit=501",
	    "/v1/tasks?limit=", "/v1/tasks?limit=7x", "/v1/tasks?box"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		assert_int_equal(get(f, targets[i]), 400);
	assert_int_equal(post(f, "/v1/referrals?preview=yes", "{}"), 400);
	assert_string_equal(f->fake.asked, "");
}

static void
a_request_of_doubtful_extent_is_refused_and_the_connection_closed(void **state)
{
	static const char *const requests[] = {
	    "GET /v1/status HTTP/1.1\r\n\r\n",
	    "GET /v1/status HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	    "POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
	    "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
	    "POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
	    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	    "GET /v1/status HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\n\r\n{}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		int fd = join(f);

		say(f, fd, requests[i], strlen(requests[i]));
		assert_true(hear(f, fd, "nothing says this"));
		assert_memory_equal(f->reply, "HTTP/1.1 400", 12);
		close(fd);
	}
	assert_string_equal(f->fake.asked, "");
}

/* evhttp answers these before it asks the desk, and would do it in HTML. */
static void
what_is_no_request_is_refused_by_a_problem(void **state)
{
	static const struct {
		const char *request;
		int code;
	} faults[] = {
	    {"\r\n\r\n", 400},
	    {"GET\r\n\r\n", 400},
	    {"\x16\x03\x01\r\n\r\n", 400},
	    {"GET /v1/status HTTP/9.9\r\n\r\n", 400},
	    {"GET /v1/status HTTP/1.1\r\nno colon\r\n\r\n", 400},
	    {"NONSENSE /v1/status HTTP/1.1\r\nHost: d\r\n\r\n", 501},
	    {"CONNECT d:1 HTTP/1.1\r\nHost: d\r\n\r\n", 501},
	    {"POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Length: x\r\n\r\n{}", 400},
	    {"POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Length: -2\r\n\r\n{}", 400},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_int_equal(ask_raw(f, faults[i].request), faults[i].code);
		assert_non_null(strstr(f->reply, "Content-Type: application/problem+json\r\n"));
		assert_reply_text(f, "type", "urn:saikne:malformed");
	}
	assert_string_equal(f->fake.asked, "");
}

static void
limits_on_header_and_body_answer(void **state)
{
	struct fixture *f = *state;
	size_t len = 300 * 1024;
	char *big = malloc(len + 1);
	int fd = join(f);
	int head;

	assert_non_null(big);
	memset(big, 'a', len);
	big[len] = '\0';
	head = snprintf(big, len,
	    "POST /v1/referrals HTTP/1.1\r\nHost: d\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
	    len);
	big[head] = 'a';
	say(f, fd, big, len);
	say(f, fd, big, (size_t)head); /* what the head took of it */
	hear(f, fd, NULL);
	assert_memory_equal(f->reply, "HTTP/1.1 413", 12);
	assert_reply_text(f, "type", "urn:saikne:too_large");
	close(fd);

	fd = join(f);
	memset(big, 'a', len);
	head = snprintf(big, len, "GET /v1/status HTTP/1.1\r\nHost: d\r\nX-Long: ");
	big[head] = 'a';
	say(f, fd, big, 20 * 1024);
	hear(f, fd, NULL);
	assert_memory_equal(f->reply, "HTTP/1.1 4", 10);
	close(fd);
	free(big);
	assert_string_equal(f->fake.asked, "");
}

static void
more_connections_than_the_limit_wait_for_room(void **state)
{
	static const char request[] = "GET /v1/status HTTP/1.1\r\nHost: d\r\n\r\n";
	struct fixture *f = *state;
	int fds[64], late;

	for (size_t i = 0; i < 64; i++) {
		fds[i] = join(f);
		turn(f, fds[i], 0);
	}
	late = join(f);
	say(f, late, request, strlen(request));
	for (int i = 0; i < 20; i++)
		turn(f, fds[0], 0);
	assert_true(recv(late, f->reply, 1, 0) < 0 && errno == EAGAIN);
	/* Those inside are served all the while. */
	say(f, fds[0], request, strlen(request));
	assert_false(hear(f, fds[0], NULL));
	close(fds[7]);
	assert_false(hear(f, late, NULL));
	assert_reply_text(f, "asked", "status");
	close(late);
	for (size_t i = 0; i < 64; i++) {
		if (i != 7)
			close(fds[i]);
	}
}

static int
listen_for_changes(struct fixture *f)
{
	static const char request[] = "GET /v1/events HTTP/1.1\r\nHost: d\r\n\r\n";
	int fd = join(f);

	say(f, fd, request, strlen(request));
	hear(f, fd, "\n");
	return fd;
}

static void
change(const struct fixture *f, const char *task)
{
	json_t *json = json_pack("{ss ss}", "task", task, "what", "delivered");

	assert_non_null(json);
	f->fake.changed(f->fake.state, json);
	json_decref(json);
}

/* ---- Load ---- */

static void
half_a_request_does_not_keep_its_place(void **state)
{
	static const char *const halves[] = {"", "G", "GET /v1/status HTTP/1.1\r\nHost: d\r\n",
	    "POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
	    "Content-Length: 5\r\n\r\n{",
	    "POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"};
	struct fixture *f = *state;
	uint64_t now_ms = clock_boot_ms();
	int fds[5], listener = listen_for_changes(f);

	for (size_t i = 0; i < 5; i++) {
		fds[i] = join(f);
		say(f, fds[i], halves[i], strlen(halves[i]));
		turn(f, fds[i], 0);
	}
	desk_sweep(f->desk, now_ms);
	/* One byte now and then is not enough. */
	say(f, fds[2], "X", 1);
	turn(f, fds[2], 0);
	desk_sweep(f->desk, now_ms + 40 * 1000);
	for (size_t i = 0; i < 5; i++) {
		assert_true(hear(f, fds[i], "nothing says this"));
		assert_int_equal(f->reply_len, 0);
		close(fds[i]);
	}
	/* Who listens does nothing else, and stays. */
	change(f, "0af1");
	assert_false(hear(f, listener, "0af1"));
	close(listener);
	assert_string_equal(f->fake.asked, "");
}

static void
who_asks_without_end_is_told_when_to_go_on(void **state)
{
	static const char request[] = "GET /v1/nothing HTTP/1.1\r\nHost: d\r\n\r\n";
	struct fixture *f = *state;
	int fd = join(f);
	bool told = false;

	for (unsigned i = 0; !told && i < 20000; i++) {
		say(f, fd, request, sizeof(request) - 1);
		assert_false(hear(f, fd, NULL));
		told = strncmp(f->reply, "HTTP/1.1 429", 12) == 0;
	}
	assert_true(told);
	assert_non_null(strstr(f->reply, "Retry-After: 1\r\n"));
	assert_reply_text(f, "type", "urn:saikne:rate_limited");
	close(fd);
}

static void
requests_sent_ahead_are_answered_one_after_the_other(void **state)
{
	static const char ahead[] =
	    "GET /v1/tasks/a1 HTTP/1.1\r\nHost: d\r\n\r\n"
	    "POST /v1/tasks/a2/accept HTTP/1.1\r\nHost: d\r\n"
	    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
	    "GET /v1/nothing HTTP/1.1\r\nHost: d\r\n\r\n"
	    "GET /v1/tasks/a3 HTTP/1.1\r\nHost: d\r\n\r\n";
	static const char *const answers[] = {"{\"asked\":\"task a1\"}",
	    "{\"asked\":\"accept a2\"}", "404", "{\"asked\":\"task a3\"}"};
	struct fixture *f = *state;
	const char *at = f->reply;
	int fd = join(f);

	say(f, fd, ahead, sizeof(ahead) - 1);
	assert_false(hear(f, fd, answers[3]));
	for (size_t i = 0; i < 4; i++) {
		at = strstr(at, answers[i]);
		assert_non_null(at);
	}
	close(fd);
}

static void
a_body_in_chunks_is_one_body_and_bounded(void **state)
{
	static const char head[] = "POST /v1/referrals HTTP/1.1\r\nHost: d\r\nContent-Type: "
				   "application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
	static const char *const bad[] = {"x\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n",
	    "ffffffffffffffff\r\n{}", "7fffffffffffffff\r\n{}"};
	struct fixture *f = *state;
	char request[1024], chunk[4096];
	int fd;

	snprintf(request, sizeof(request),
	    "%s10\r\n{\"urgency\":\"norm\r\n4\r\nal\"}\r\n0\r\n\r\n", head);
	assert_int_equal(ask_raw(f, request), 200);
	assert_reply_text(f, "asked", "refer normal");
	f->fake.asked[0] = '\0';
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(request, sizeof(request), "%s%s", head, bad[i]);
		assert_int_equal(ask_raw(f, request) / 100, 4);
		assert_non_null(strstr(f->reply, "application/problem+json"));
	}
	fd = join(f);
	say(f, fd, head, sizeof(head) - 1);
	memset(chunk, ' ', sizeof(chunk));
	for (int i = 0; i < 600; i++) {
		say(f, fd, "1000\r\n", 6);
		say(f, fd, chunk, sizeof(chunk));
		say(f, fd, "\r\n", 2);
	}
	hear(f, fd, NULL);
	assert_memory_equal(f->reply, "HTTP/1.1 413", 12);
	close(fd);
	assert_string_equal(f->fake.asked, "");
}

/* ---- Live changes ---- */

static void
a_listener_hears_each_change(void **state)
{
	struct fixture *f = *state;
	int one = listen_for_changes(f), two = listen_for_changes(f);

	assert_non_null(strstr(f->reply, "HTTP/1.1 200"));
	assert_non_null(strstr(f->reply, "Content-Type: text/event-stream"));
	change(f, "0af1");
	hear(f, one, "event: change\ndata: {\"task\":\"0af1\",\"what\":\"delivered\"}\n\n");
	hear(f, two, "0af1");
	close(one);
	/* One has gone; the other still hears. */
	turn(f, two, 0);
	change(f, "0af2");
	hear(f, two, "0af2");
	close(two);
	turn(f, -1, 0);
	change(f, "0af3");
}

static void
a_listener_whose_session_has_ended_is_cut_before_the_next_change(void **state)
{
	static const char request[] = "GET /v1/events HTTP/1.1\r\nHost: desk\r\n"
				      "Authorization: Bearer ses_good\r\n\r\n";
	struct fixture *f = *state;
	int fd = join(f);

	say(f, fd, request, sizeof(request) - 1);
	hear(f, fd, "listening");
	f->fake.ended = true;
	change(f, "0af1");
	assert_true(hear(f, fd, "event: change"));
	assert_null(strstr(f->reply, "0af1"));
	close(fd);
}

static void
too_many_listeners_are_refused_until_one_leaves(void **state)
{
	struct fixture *f = *state;
	int fds[16];

	for (size_t i = 0; i < 16; i++) {
		f->fake.person = i / 4;
		fds[i] = listen_for_changes(f);
		assert_non_null(strstr(f->reply, "HTTP/1.1 200"));
	}
	f->fake.person = 4;
	assert_int_equal(get(f, "/v1/events"), 429);
	close(fds[3]);
	turn(f, fds[0], 0);
	turn(f, fds[0], 0);
	fds[3] = listen_for_changes(f);
	assert_non_null(strstr(f->reply, "HTTP/1.1 200"));
	for (size_t i = 0; i < 16; i++)
		close(fds[i]);
}

static void
one_person_does_not_take_every_listeners_place(void **state)
{
	struct fixture *f = *state;
	int fds[5];

	for (size_t i = 0; i < 4; i++) {
		fds[i] = listen_for_changes(f);
		assert_non_null(strstr(f->reply, "HTTP/1.1 200"));
	}
	assert_int_equal(get(f, "/v1/events"), 429);
	f->fake.person = 1;
	fds[4] = listen_for_changes(f);
	assert_non_null(strstr(f->reply, "HTTP/1.1 200"));
	for (size_t i = 0; i < 5; i++)
		close(fds[i]);
}

static void
a_listener_that_does_not_read_is_cut(void **state)
{
	struct fixture *f = *state;
	int slow = listen_for_changes(f);
	char task[1024];

	memset(task, 'a', sizeof(task));
	task[sizeof(task) - 1] = '\0';
	for (int i = 0; i < 4096; i++) {
		change(f, task);
		event_base_loop(f->base, EVLOOP_NONBLOCK);
	}
	assert_true(hear(f, slow, "nothing says this"));
	/* What waits for it was bounded, and its last word says that there was more. */
	assert_true(f->reply_len < 600 * 1024);
	assert_non_null(strstr(f->reply, "event: missed\n"));
	close(slow);
}

/* ---- The socket ---- */

static void
only_the_owner_may_connect_until_shared(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(desk_share(f->desk, "no-such-group-here"), STATUS_BAD_CONFIG);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
a_socket_in_use_is_left_alone(void **state)
{
	struct fixture *f = *state;
	struct fake other = {.role = ROLE_SPECIALIST};
	struct desk *desk = NULL;

	assert_int_equal(desk_open(service_of(&other), f->base, f->path, &desk), STATUS_IN_USE);
	assert_null(desk);
	assert_int_equal(get(f, "/v1/status"), 200);
}

static void
a_socket_of_a_dead_process_is_replaced_but_no_other_file(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct fake other = {.role = ROLE_SPECIALIST};
	struct desk *desk = NULL;
	FILE *file;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/stale", f->folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(
	    desk_open(service_of(&other), f->base, address.sun_path, &desk), STATUS_OK);
	desk_close(desk);
	assert_int_not_equal(access(address.sun_path, F_OK), 0);

	file = fopen(address.sun_path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(
	    desk_open(service_of(&other), f->base, address.sun_path, &desk), STATUS_IN_USE);
	assert_int_equal(unlink(address.sun_path), 0);
}

/* Two start at once over one dead socket: each would take the other's new one for stale. */
static void
of_two_that_start_at_once_one_gets_the_path(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct fake other = {.role = ROLE_SPECIALIST};
	struct desk *desk = NULL;
	char lock[160];
	int held, fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/stale", f->folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	snprintf(lock, sizeof(lock), "%s.lock", address.sun_path);
	held = open(lock, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(held, LOCK_EX), 0);
	assert_int_equal(
	    desk_open(service_of(&other), f->base, address.sun_path, &desk), STATUS_IN_USE);
	assert_int_equal(access(address.sun_path, F_OK), 0);
	close(held);
	assert_int_equal(
	    desk_open(service_of(&other), f->base, address.sun_path, &desk), STATUS_OK);
	desk_close(desk);
}

static void
changes_are_not_for_who_sees_no_cases(void **state)
{
	struct fixture *f = *state;

	f->fake.role = ROLE_ADMINISTRATOR;
	assert_int_equal(get(f, "/v1/events"), 403);
}

static void
a_path_too_long_for_a_socket_is_a_configuration_error(void **state)
{
	struct fixture *f = *state;
	struct desk *desk = NULL;
	char path[200];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(
	    desk_open(service_of(&f->fake), f->base, path, &desk), STATUS_BAD_CONFIG);
	assert_int_equal(
	    desk_open(service_of(&f->fake), f->base, "", &desk), STATUS_BAD_CONFIG);
}

#define DESK_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DESK_TEST(every_address_reaches_its_act),
	    DESK_TEST(a_document_is_streamed_under_its_own_name_and_type),
	    DESK_TEST(a_large_part_comes_as_it_was_sent),
	    DESK_TEST(a_receipt_is_a_text_file),
	    DESK_TEST(lists_and_fields_come_from_the_protocol),
	    DESK_TEST(the_description_is_given_whole),
	    DESK_TEST(an_unknown_address_is_not_found),
	    DESK_TEST(a_wrong_method_is_told_the_right_one),
	    DESK_TEST(someone_without_a_role_is_refused),
	    DESK_TEST(a_refusal_says_why_and_what_to_do),
	    DESK_TEST(a_body_that_is_not_one_strict_json_object_is_refused),
	    DESK_TEST(a_body_of_another_type_is_refused),
	    DESK_TEST(a_query_that_is_not_known_is_refused),
	    DESK_TEST(a_request_of_doubtful_extent_is_refused_and_the_connection_closed),
	    DESK_TEST(what_is_no_request_is_refused_by_a_problem),
	    DESK_TEST(limits_on_header_and_body_answer),
	    DESK_TEST(more_connections_than_the_limit_wait_for_room),
	    DESK_TEST(half_a_request_does_not_keep_its_place),
	    DESK_TEST(who_asks_without_end_is_told_when_to_go_on),
	    DESK_TEST(requests_sent_ahead_are_answered_one_after_the_other),
	    DESK_TEST(a_body_in_chunks_is_one_body_and_bounded),
	    DESK_TEST(a_listener_hears_each_change),
	    DESK_TEST(a_listener_whose_session_has_ended_is_cut_before_the_next_change),
	    DESK_TEST(too_many_listeners_are_refused_until_one_leaves),
	    DESK_TEST(one_person_does_not_take_every_listeners_place),
	    DESK_TEST(a_listener_that_does_not_read_is_cut),
	    DESK_TEST(only_the_owner_may_connect_until_shared),
	    DESK_TEST(a_socket_in_use_is_left_alone),
	    DESK_TEST(a_socket_of_a_dead_process_is_replaced_but_no_other_file),
	    DESK_TEST(of_two_that_start_at_once_one_gets_the_path),
	    DESK_TEST(changes_are_not_for_who_sees_no_cases),
	    DESK_TEST(a_session_wins_over_the_unix_user_and_a_bad_one_is_not_overlooked),
	    DESK_TEST(acts_on_people_reach_their_act),
	    DESK_TEST(a_sign_in_is_answered_when_it_has_been_judged),
	    DESK_TEST(who_leaves_before_the_judgement_harms_nobody),
	    DESK_TEST(a_sign_in_that_cannot_begin_says_why),
	    DESK_TEST(only_addresses_of_loopback_are_taken),
	    DESK_TEST(a_request_for_another_name_or_from_another_page_is_not_meant),
	    DESK_TEST(a_path_too_long_for_a_socket_is_a_configuration_error),
	};

	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
