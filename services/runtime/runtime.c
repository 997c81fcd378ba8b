/* services/runtime/runtime.c: a service's process: acquire, spin, release. */
#include "services/runtime/runtime.h"

#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/event.h>

#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/link.h"
#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"
#include "services/runtime/desk/desk.h"
#include "services/runtime/exchange/arrivals.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/people/accounts.h"
#include "services/runtime/runtime_config.h"

#define SOFTWARE_MAX   64
#define VERSION        "0.1"
#define SIGNING_EPOCHS 1000 /* looked for */
#define TURNS_MAX      64   /* of one event: others get their turn, too, */
#define TURNS_MS       20   /* and soon, however much a document brings */
#define TIMER_LEAST_MS 10

struct runtime {
	struct runtime_config config;
	char software[SOFTWARE_MAX];
	struct service_keys signing;
	struct box_key *transport;
	uint8_t *storage;
	struct service *service;
	struct link *link;
	struct event_base *base;
	struct event *readable, *timer, *wake, *term, *intr;
	struct desk *desk;
};

/* ---- Acquire ----------------------------------------------------------------------------- */

static bool
key_path(const struct runtime *rt, const char *name, char out[static PATH_MAX])
{
	int len = snprintf(out, PATH_MAX, "%s/%s", rt->config.keys, name);

	return len > 0 && len < PATH_MAX;
}

static enum status
load_storage(struct runtime *rt)
{
	char path[PATH_MAX];

	if (!key_path(rt, "storage.key", path))
		return STATUS_BAD_CONFIG;
	if ((rt->storage = suite_secret_new(SUITE_KEY_LEN)) == NULL)
		return STATUS_NO_MEMORY;
	return keyfile_load(path, "storage", rt->storage);
}

/* signing-1.key, signing-2.key, ...: each rotation adds one; old ones may have been removed. */
static enum status
load_signing(struct runtime *rt)
{
	char name[32], path[PATH_MAX];
	enum status rc;

	for (unsigned n = 1; n <= SIGNING_EPOCHS && rt->signing.count < SERVICE_KEYS_MAX; n++) {
		snprintf(name, sizeof(name), "signing-%u.key", n);
		if (!key_path(rt, name, path))
			return STATUS_BAD_CONFIG;
		if (access(path, F_OK) != 0)
			continue;
		rc = keyfile_load_signing(path, "signing", &rt->signing.key[rt->signing.count]);
		if (rc != STATUS_OK)
			return rc;
		rt->signing.count++;
	}
	if (rt->signing.count > 0)
		return STATUS_OK;
	oplog(OPLOG_ERROR, "%s: no signing-1.key: make the keys with saikne-admin request",
	    rt->config.keys);
	return STATUS_NO_KEY;
}

static enum status
load_keys(struct runtime *rt)
{
	char path[PATH_MAX];
	enum status rc;

	if ((rc = load_signing(rt)) != STATUS_OK)
		return rc;
	if (!key_path(rt, "transport.key", path))
		return STATUS_BAD_CONFIG;
	if ((rc = keyfile_load_box(path, "transport", &rt->transport)) != STATUS_OK)
		return rc;
	return load_storage(rt);
}

/* The link as the service's transport. */
static bool
transport_ready(void *state)
{
	return link_is_ready(((struct runtime *)state)->link);
}

static enum status
transport_send(void *state, struct bytes frame)
{
	return link_send(((struct runtime *)state)->link, frame);
}

static uint32_t
transport_request(void *state)
{
	return link_request(((struct runtime *)state)->link);
}

static enum status
transport_note(void *state, struct bytes note, struct checkpoint *out)
{
	return link_note(((struct runtime *)state)->link, note, out);
}

static int64_t
transport_offset(void *state)
{
	return link_clock_offset(((struct runtime *)state)->link);
}

static void
on_ready(void *state)
{
	arrivals_ready(((struct runtime *)state)->service);
}

static void
on_lost(void *state, enum status why)
{
	arrivals_lost(((struct runtime *)state)->service, why);
}

static void
on_frame(void *state, const struct frame *frame)
{
	arrivals_frame(((struct runtime *)state)->service, frame);
}

static void
on_statement(void *state, uint64_t index, struct bytes leaf)
{
	arrivals_statement(((struct runtime *)state)->service, index, leaf);
}

static void
on_checkpoint(void *state, struct bytes note)
{
	arrivals_view(((struct runtime *)state)->service, note);
}

static void
on_proven(void *state, const struct checkpoint *checkpoint)
{
	arrivals_proven(((struct runtime *)state)->service, checkpoint);
}

static void
on_forked(void *state, struct bytes known, struct bytes other)
{
	arrivals_forked(((struct runtime *)state)->service, known, other);
}

static enum status
open_link(struct runtime *rt)
{
	struct link_config config = {.network = &rt->config.service.network,
	    .transport = rt->transport,
	    .software = rt->software,
	    .directory = rt->service->directory,
	    .view = &rt->service->view};
	const struct link_events events = {.state = rt,
	    .ready = on_ready,
	    .lost = on_lost,
	    .frame = on_frame,
	    .statement = on_statement,
	    .checkpoint = on_checkpoint,
	    .proven = on_proven,
	    .forked = on_forked};
	enum status rc;

	snprintf(rt->software, sizeof(rt->software), "%s " VERSION,
	    rt->config.service.descriptor->program);
	memcpy(config.party, rt->config.service.code, sizeof(config.party));
	rt->service->transport = (struct transport){.state = rt,
	    .ready = transport_ready,
	    .send = transport_send,
	    .request = transport_request,
	    .note = transport_note,
	    .offset = transport_offset};
	if ((rc = link_open(&config, &events, &rt->link)) != STATUS_OK)
		return rc;
	/* Before anything else: what was applied before the restart is still to be proven. */
	return proven_resume(rt->service);
}

/* ---- Spin -------------------------------------------------------------------------------- */

static void
set_timer(struct runtime *rt)
{
	uint64_t next = arrivals_next_ms(rt->service), now = rt->service->now_ms;
	uint64_t wait = next > now + TIMER_LEAST_MS ? next - now : TIMER_LEAST_MS;
	const struct timeval in = {(time_t)(wait / 1000), (suseconds_t)(wait % 1000 * 1000)};

	evtimer_add(rt->timer, &in);
}

/* All that the link has and all that is due, until nothing more happens. */
static void
turn(struct runtime *rt)
{
	uint64_t until = clock_boot_ms() + TURNS_MS;
	bool again = true;

	for (unsigned i = 0; again && i < TURNS_MAX && clock_boot_ms() < until; i++) {
		service_tick(rt->service);
		/* Who has seen two logs speaks to neither. */
		if (!rt->service->forked)
			link_run(rt->link);
		again = arrivals_run(rt->service);
	}
	/* The link runs no more after that: nobody would handle what it brings until the timer. */
	if (again)
		event_active(rt->wake, EV_TIMEOUT, 0);
	set_timer(rt);
}

static void
on_event(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	turn(state);
}

/* Called inside an act: the turn comes after its answer. */
static void
on_wake(void *state)
{
	struct runtime *rt = state;

	event_active(rt->wake, EV_TIMEOUT, 0);
}

static void
on_signal(evutil_socket_t signal_number, short what, void *state)
{
	struct runtime *rt = state;

	(void)signal_number;
	(void)what;
	event_base_loopbreak(rt->base);
}

static enum status
open_reactor(struct runtime *rt)
{
	if ((rt->base = event_base_new()) == NULL)
		return STATUS_NO_MEMORY;
	rt->readable =
	    event_new(rt->base, link_fd(rt->link), EV_READ | EV_PERSIST, on_event, rt);
	rt->timer = evtimer_new(rt->base, on_event, rt);
	rt->wake = event_new(rt->base, -1, 0, on_event, rt);
	rt->term = evsignal_new(rt->base, SIGTERM, on_signal, rt);
	rt->intr = evsignal_new(rt->base, SIGINT, on_signal, rt);
	if (rt->readable == NULL || rt->timer == NULL || rt->wake == NULL || rt->term == NULL ||
	    rt->intr == NULL || event_add(rt->readable, NULL) != 0 ||
	    event_add(rt->term, NULL) != 0 || event_add(rt->intr, NULL) != 0)
		return STATUS_NO_MEMORY;
	rt->service->wake = on_wake;
	rt->service->wake_state = rt;
	return STATUS_OK;
}

static enum status
open_desk(struct runtime *rt)
{
	const char *path = rt->config.desk_path[0] != '\0' ? rt->config.desk_path : NULL;
	enum status rc = desk_open(rt->service, rt->base, path, &rt->desk);

	for (unsigned i = 0; i < rt->config.address_count && rc == STATUS_OK; i++)
		rc = desk_listen(rt->desk, &rt->config.addresses[i]);
	if (rc == STATUS_OK && path != NULL && rt->config.desk_group[0] != '\0')
		rc = desk_share(rt->desk, rt->config.desk_group);
	return rc;
}

static enum status
acquire(struct runtime *rt)
{
	enum status rc;

	if ((rc = load_keys(rt)) != STATUS_OK)
		return rc;
	rc = service_open(&rt->config.service, &rt->signing, rt->storage, &rt->service);
	if (rc != STATUS_OK || (rc = accounts_check_roles(rt->service)) != STATUS_OK)
		return rc;
	if ((rc = open_link(rt)) != STATUS_OK)
		return rc;
	if ((rc = open_reactor(rt)) != STATUS_OK)
		return rc;
	return open_desk(rt);
}

/* ---- Release ----------------------------------------------------------------------------- */

static void
free_event(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

static void
let_go(struct runtime *rt)
{
	desk_close(rt->desk);
	if (rt->link != NULL)
		link_close(rt->link);
	free_event(rt->readable);
	free_event(rt->timer);
	free_event(rt->wake);
	free_event(rt->term);
	free_event(rt->intr);
	if (rt->base != NULL)
		event_base_free(rt->base);
	service_close(rt->service);
	for (unsigned i = 0; i < rt->signing.count; i++)
		suite_secret_free(rt->signing.key[i]);
	suite_secret_free(rt->transport);
	suite_secret_free(rt->storage);
	libevent_global_shutdown();
}

int
runtime_main(int argc, char **argv, const struct descriptor *descriptor)
{
	static struct runtime rt; /* large: the roles, the paths */
	enum status rc;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return runtime_config_usage(descriptor, stdout);
	if (argc != 2 || argv[1][0] == '-')
		return runtime_config_usage(descriptor, stderr);
	/* Chunks of documents come and go: the heap need not shrink and grow with each. */
	mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
	oplog_start(descriptor->program, OPLOG_INFO);
	signal(SIGPIPE, SIG_IGN);
	/* Keys and personal data stay out of core files. */
	if (setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) != 0)
		oplog(OPLOG_WARNING, "core files stay on");
	rt.config.service.descriptor = descriptor;
	if ((rc = suite_start()) != STATUS_OK || (rc = lists_start()) != STATUS_OK ||
	    (rc = runtime_config_read(argv[1], &rt.config)) != STATUS_OK ||
	    (rc = acquire(&rt)) != STATUS_OK) {
		oplog(
		    OPLOG_ERROR, "cannot start: %s; %s", status_meaning(rc), status_remedy(rc));
		let_go(&rt);
		return EXIT_FAILURE;
	}
	printf("ready\n");
	fflush(stdout);
	turn(&rt);
	event_base_dispatch(rt.base);
	let_go(&rt);
	return EXIT_SUCCESS;
}
