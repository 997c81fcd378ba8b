/* services/runtime/exchange/arrivals.c: what the link brought, taken in by few transactions. */
#include "services/runtime/exchange/arrivals.h"
#include "services/runtime/exchange/climbs.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/custody_pass.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/exchange/release.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/key_store.h"

#define BATCH      INBOX_CREDIT
#define TEND_MS    (60ULL * 1000)
#define RETRY_MS   (5ULL * 1000)
#define WAL_BYTES  (64ULL * 1024 * 1024) /* moved into the database at once ... */
#define WAL_LITTLE (2ULL * 1024 * 1024)  /* ... and when there is time */

/* What one commit holds: answers to messages, entries of the mailbox, confirmed evidence. */
enum sort { SORT_RECEIPT, SORT_INBOX, SORT_EVIDENCE, SORT_COUNT };

static const char *const commit_kinds[SORT_COUNT] = {
    [SORT_RECEIPT] = "receipt",
    [SORT_INBOX] = "inbox",
    [SORT_EVIDENCE] = "evidence",
};

struct handler;

struct arrival {
	struct arrival *next;
	const struct handler *handler;
	struct frame frame; /* its body borrows from DATA */
	enum status (*store)(struct service *service, const struct arrival *news);
	uint64_t index; /* of a statement */
	size_t len;
	uint8_t data[];
};

/* ---- Queueing ---------------------------------------------------------------------------- */

static struct arrival *
copy(struct bytes body)
{
	struct arrival *made = calloc(1, sizeof(*made) + body.len);

	if (made == NULL) {
		/* What is lost here comes again in the next session. */
		oplog(OPLOG_ERROR, "memory ran out: a frame is left for later");
		return NULL;
	}
	made->len = body.len;
	if (body.len > 0)
		memcpy(made->data, body.data, body.len);
	return made;
}

static void
append(struct arrival **first, struct arrival ***last, struct arrival *made)
{
	if (*first == NULL)
		*last = first;
	**last = made;
	*last = &made->next;
}

static enum status
deliver(struct service *service, struct departure *departure, const struct frame *frame)
{
	return inbox_deliver(service, departure, frame);
}

static enum status
accepted(struct service *service, struct departure *departure, const struct frame *frame)
{
	(void)departure; /* nothing leaves for a receipt */
	return outbox_accepted(service, frame);
}

static enum status
refused(struct service *service, struct departure *departure, const struct frame *frame)
{
	(void)departure;
	return outbox_refused(service, frame);
}

static enum status
recorded(struct service *service, struct departure *departure, const struct frame *frame)
{
	(void)departure;
	return outbox_recorded(service, frame);
}

/* What is not listed is the link's own, or nothing that we asked for. */
static const struct handler {
	enum command command;
	enum sort sort;
	enum status (*handle)(
	    struct service *service, struct departure *departure, const struct frame *frame);
} handlers[] = {
    {COMMAND_ACCEPTED, SORT_RECEIPT, accepted},
    {COMMAND_REFUSED, SORT_RECEIPT, refused},
    {COMMAND_DELIVER, SORT_INBOX, deliver},
    {COMMAND_RECORDED, SORT_EVIDENCE, recorded},
};

static const struct handler *
handler_of(enum command command)
{
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
		if (handlers[i].command == command)
			return &handlers[i];
	return NULL;
}

void
arrivals_frame(struct service *service, const struct frame *frame)
{
	const struct handler *handler = handler_of(frame->command);
	struct arrival *made;

	if (frame->command == COMMAND_STATED && epochs_stated(service, frame))
		return;
	if (frame->command == COMMAND_REFUSED && epochs_refused(service, frame))
		return;
	/* Chunks are many and large: written at once, and stored by the next run. */
	if ((frame->command == COMMAND_CHUNK || frame->command == COMMAND_REFUSED) &&
	    fetch_answer(service, frame))
		return;
	if ((frame->command == COMMAND_CHUNK_HAVE || frame->command == COMMAND_REFUSED) &&
	    upload_answer(service, frame))
		return;
	if (handler == NULL) {
		oplog(OPLOG_DEBUG, "ignored: %s", command_name(frame->command));
		return;
	}
	if ((made = copy(frame->body)) == NULL)
		return;
	made->handler = handler;
	made->frame = *frame;
	made->frame.body = (struct bytes){made->data, made->len};
	append(&service->inbox.first, &service->inbox.last, made);
}

/* ---- News of the log --------------------------------------------------------------------- */

static struct bytes
body_of(const struct arrival *news)
{
	return (struct bytes){news->data, news->len};
}

static enum status
store_statement(struct service *service, const struct arrival *news)
{
	return key_store_add_statement(service->db, news->index, body_of(news));
}

static enum status
store_view(struct service *service, const struct arrival *news)
{
	return key_store_set_note(service->db, "view", body_of(news));
}

static enum status
store_proven(struct service *service, const struct arrival *news)
{
	struct checkpoint checkpoint;

	memcpy(&checkpoint, news->data, sizeof(checkpoint));
	return key_store_remove_unproven(service->db, &checkpoint);
}

static enum status
store_fork_known(struct service *service, const struct arrival *news)
{
	return key_store_set_note(service->db, "fork_known", body_of(news));
}

static enum status
store_fork_other(struct service *service, const struct arrival *news)
{
	const struct problem problem = {
	    .what = "fork", .status = STATUS_FORKED_LOG, .time_ms = service->now_ms};
	enum status rc = key_store_set_note(service->db, "fork_other", body_of(news));

	return rc == STATUS_OK ? chain_store_problem(service->db, &problem) : rc;
}

static void
add_news(struct service *service, struct bytes body,
    enum status (*store)(struct service *service, const struct arrival *news), uint64_t index)
{
	struct arrival *made = copy(body);

	if (made == NULL)
		return;
	made->store = store;
	made->index = index;
	append(&service->inbox.news, &service->inbox.news_last, made);
}

void
arrivals_statement(struct service *service, uint64_t index, struct bytes leaf)
{
	struct leaf parsed;

	add_news(service, leaf, store_statement, index);
	if (leaf_parse(leaf, &parsed) == STATUS_OK)
		service_note_log_time(service, parsed.time_ms);
	service->inbox.directory_grew = true;
	circles_forget(service); /* kinds count in a sitting */
}

void
arrivals_view(struct service *service, struct bytes note)
{
	add_news(service, note, store_view, 0);
}

void
arrivals_proven(struct service *service, const struct checkpoint *checkpoint)
{
	const struct bytes body = {(const uint8_t *)checkpoint, sizeof(*checkpoint)};

	add_news(service, body, store_proven, 0);
}

void
arrivals_forked(struct service *service, struct bytes known, struct bytes other)
{
	service->forked = true;
	add_news(service, known, store_fork_known, 0);
	add_news(service, other, store_fork_other, 0);
}

static void
drop(struct arrival **first)
{
	struct arrival *next;

	for (struct arrival *a = *first; a != NULL; a = next) {
		next = a->next;
		free(a);
	}
	*first = NULL;
}

void
arrivals_drop(struct service *service)
{
	drop(&service->inbox.first);
	drop(&service->inbox.news);
}

/* Nothing is under way, and what the old session brought unanswered comes again. */
static void
reset(struct service *service)
{
	drop(&service->inbox.first);
	outbox_reset(service);
	upload_reset(service);
	fetch_reset(service);
	epochs_reset(service);
}

void
arrivals_ready(struct service *service)
{
	reset(service); /* the link has told the operator */
	service->connected = true;
	service->inbox.became_ready = true;
	service->inbox.quiet_since_ms = service->now_ms;
}

void
arrivals_lost(struct service *service, enum status why)
{
	if (service->connected || why != service->lost_why)
		oplog(OPLOG_WARNING, "no connection to the broker: %s; %s",
		    why == STATUS_OK ? "it went away" : status_meaning(why),
		    why == STATUS_OK ? "it is tried again" : status_remedy(why));
	reset(service);
	service->connected = false;
	service->lost_why = why;
	service->inbox.became_ready = false;
	service->inbox.quiet_since_ms = 0;
}

/* ---- Handling ---------------------------------------------------------------------------- */

/* Statements and checkpoints first: what follows was judged against them. */
static enum status
store_news(struct service *service)
{
	struct arrival *a;
	enum status rc;

	if (service->inbox.news == NULL)
		return STATUS_OK;
	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	for (a = service->inbox.news; rc == STATUS_OK && a != NULL; a = a->next)
		rc = a->store(service, a);
	if (service_end(service, rc, "link") != STATUS_OK)
		return rc;
	drop(&service->inbox.news);
	return STATUS_OK;
}

static void
send_numbers(struct service *service, enum command command, uint64_t number)
{
	struct transport *transport = &service->transport;
	struct buffer frame = {0};

	frame_numbers(command, transport->request(transport->state), &number, 1, &frame);
	/* What cannot leave now is asked for again by the next session. */
	if (frame.failed ||
	    transport->send(transport->state, bytes_of_buffer(&frame)) != STATUS_OK)
		oplog(OPLOG_DEBUG, "%s could not leave now", command_name(command));
	buffer_free(&frame);
}

static void
confirm(struct service *service, enum sort sort, unsigned handled)
{
	for (unsigned i = 0; i < service->inbox.taken_count; i++)
		send_numbers(service, COMMAND_TAKEN, service->inbox.taken[i]);
	if (sort == SORT_INBOX && service->connected && !service->inbox.became_ready)
		send_numbers(service, COMMAND_CREDIT, handled);
}

/* This passes: a full disk, a key that is still to come. */
static bool
is_passing(enum status rc)
{
	return rc == STATUS_DATABASE || rc == STATUS_NO_SPACE || rc == STATUS_NO_MEMORY ||
	       rc == STATUS_UNKNOWN_KEY || rc == STATUS_UNKNOWN_PARTY || rc == STATUS_SUSPENDED;
}

static void
drop_first(struct service *service, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct arrival *a = service->inbox.first;

		service->inbox.first = a->next;
		free(a);
	}
}

/* The first few of one sort, at most MOST, in one commit; *HANDLED is how many those were. */
static enum status
take_batch(struct service *service, enum sort sort, unsigned most, unsigned *handled)
{
	struct departure departure = {0};
	struct arrival *a = service->inbox.first;
	enum status rc;

	*handled = 0;
	service->inbox.taken_count = 0;
	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	for (; rc == STATUS_OK && a != NULL && *handled < most && a->handler->sort == sort;
	     a = a->next) {
		rc = a->handler->handle(service, &departure, &a->frame);
		++*handled;
	}
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	if (rc != STATUS_OK) {
		service_rollback(service);
		return rc;
	}
	drop_first(service, *handled);
	service_commit(service, commit_kinds[sort]);
	confirm(service, sort, *handled);
	return STATUS_OK;
}

/* The first one is left out, and said so. */
static enum status
leave_out(struct service *service, enum sort sort, enum status why)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = inbox_problem(service, "stuck", (struct bytes){0}, why, 0);
	if (rc != STATUS_OK) {
		service_rollback(service);
		return rc;
	}
	service->inbox.taken_count = 0;
	drop_first(service, 1);
	service_commit(service, commit_kinds[sort]);
	confirm(service, sort, 1);
	return STATUS_OK;
}

/* False when nothing can be stored now. */
static bool
take_some(struct service *service)
{
	enum sort sort = service->inbox.first->handler->sort;
	unsigned handled, most = BATCH;
	enum status rc = take_batch(service, sort, most, &handled);

	/* One at a time, up to the one at fault. */
	if (rc != STATUS_OK && !is_passing(rc))
		for (most = handled; most > 0; most--) {
			if ((rc = take_batch(service, sort, 1, &handled)) != STATUS_OK)
				break;
		}
	if (rc != STATUS_OK && !is_passing(rc))
		rc = leave_out(service, sort, rc);
	if (rc != STATUS_OK)
		oplog(OPLOG_ERROR, "what arrived cannot be stored now: %s", status_name(rc));
	return rc == STATUS_OK;
}

/* ---- What is due ------------------------------------------------------------------------- */

static void
tell(const char *what, enum status rc)
{
	if (rc != STATUS_OK)
		oplog(OPLOG_WARNING, "%s: %s", what, status_name(rc));
}

static void
tend(struct service *service)
{
	uint64_t wal = database_wal_bytes(service->db);

	service->inbox.tended_ms = service->now_ms;
	service->custody_due = true; /* whom we did not reach, and after a restart */
	service->climbs_due = true;
	climbs_warn(service);
	tell("proving checkpoints", proven_resume(service));
	tell("sealing anew", outbox_seal_again(service));
	tell("signing anew", outbox_sign_again(service));
	tell("releasing content", release_due(service));
	tell("sealing epochs", epochs_tend(service));
	tell("documents that nobody cites", documents_tend(service));
	tell("telling stops", stops_due(service));
	tell("passing on to who is back", history_reach(service));
	tell("what was erased", erasure_settle(service));
	if (wal > WAL_BYTES || (wal > WAL_LITTLE && service->inbox.first == NULL))
		tell("tidying the database", database_checkpoint(service->db, false));
}

static bool
is_tend_due(const struct service *service)
{
	return service->inbox.became_ready || service->inbox.directory_grew ||
	       service->outbox.anew || service->now_ms >= service->inbox.tended_ms + TEND_MS ||
	       service->now_ms < service->inbox.tended_ms;
}

bool
arrivals_run(struct service *service)
{
	bool came = service->inbox.first != NULL;

	if (store_news(service) != STATUS_OK)
		return false;
	while (service->inbox.first != NULL)
		if (!take_some(service))
			return false;
	if (is_tend_due(service)) {
		if (service->inbox.became_ready)
			send_numbers(service, COMMAND_CREDIT, INBOX_CREDIT);
		service->inbox.became_ready = service->inbox.directory_grew = false;
		service->outbox.anew = false;
		tend(service);
		came = true;
	}
	came = grounds_due(service) || came;
	came = deadlines_run(service) || came;
	came = climbs_run(service) || came;
	came = custody_pass_run(service) || came;
	came = history_run(service) || came;
	came = fetch_run(service) || came;
	came = copies_run(service) || came;
	came = upload_run(service) || came;
	return outbox_pump(service) || came;
}

uint64_t
arrivals_next_ms(struct service *service)
{
	uint64_t next = service->inbox.tended_ms + TEND_MS, retry = outbox_next_ms(service);
	uint64_t deadline = deadlines_next_ms(service), history = history_next_ms(service);

	if (fetch_next_ms(service) != 0 && fetch_next_ms(service) < next)
		next = fetch_next_ms(service);
	if (service->inbox.first != NULL || service->inbox.news != NULL)
		return service->now_ms + RETRY_MS;
	if (deadline != 0 && deadline < next)
		next = deadline;
	if (history != 0 && history < next)
		next = history;
	if (grounds_next_ms(service) < next)
		next = grounds_next_ms(service);
	return retry != 0 && retry < next ? retry : next;
}
