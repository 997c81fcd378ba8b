/* services/runtime/exchange/service.h: the running service, as its own rooms and the desk know it. */
#ifndef SAIKNE_SERVICE_H
#define SAIKNE_SERVICE_H

#include <jansson.h>
#include <sys/types.h>

#include "protocol/host/database.h"
#include "protocol/host/network.h"
#include "protocol/proof/logview.h"
#include "protocol/proof/merkle.h"
#include "protocol/trust/directory.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/copies.h"
#include "services/runtime/exchange/epochs.h"
#include "services/runtime/exchange/fetch.h"
#include "services/runtime/exchange/inbox.h"
#include "services/runtime/exchange/outbox.h"
#include "services/runtime/exchange/upload.h"
#include "services/runtime/store/climb_store.h"
#include "services/runtime/store/vault.h"
#include "services/runtime/task/descriptor.h"

#define SERVICE_ROLES_MAX 256
#define SERVICE_KEYS_MAX  16
/* What documents may take here unless it is configured: one, and all of them. */
#define SERVICE_ATTACHMENT_BYTES  (200ULL << 20)
#define SERVICE_ATTACHMENTS_BYTES (20ULL << 30)

/* How frames leave and checkpoints are judged: the link, or a test in its place. */
struct transport {
	void *state;
	bool (*ready)(void *state);
	enum status (*send)(void *state, struct bytes frame);
	uint32_t (*request)(void *state);
	enum status (*note)(void *state, struct bytes note, struct checkpoint *out);
	int64_t (*offset)(void *state); /* the broker's clock minus ours, ms */
};

/* A line of [roles]: a unix user's name, or "uid:N". */
struct service_role {
	char who[64];
	enum role role;
};

/* Our signing keys, oldest first: after a rotation there are several. */
struct service_keys {
	unsigned count;
	struct signing_key *key[SERVICE_KEYS_MAX];
};

struct service_config {
	const struct descriptor *descriptor;
	char code[PARTY_MAX + 1];
	const char *database;
	struct network network;
	uint64_t (*clock)(void);              /* milliseconds since 1970 */
	char management_chair[PARTY_MAX + 1]; /* of the management group; "": not said */
	char contact[201];       /* where families find us: address, telephone; "": not said */
	uint64_t unread_seconds; /* until what is unread alarms, if immediate; 0: the list's */
	uint64_t attachment_bytes, attachments_bytes; /* of one document, of all; 0: default */
	unsigned role_count;
	struct service_role roles[SERVICE_ROLES_MAX];
};

/*
 * One process, one thread, one writer of one database. Invariants:
 * 1. What changes a task goes through case_file_refold(): load steps, fold, store.
 * 2. Nothing is sent, and nobody is answered, before the commit of what it rests on.
 * 3. NOW_MS is read once for each event (service_tick) and handed on from there.
 */
struct service {
	struct service_config config;
	struct database *db;
	struct vault *vault;
	struct directory *directory;
	struct logview view;
	const struct service_keys *keys;
	struct transport transport;
	struct batch_cache cache;
	struct merkle_trail trail; /* of the last entry that was proven */
	struct outbox outbox;
	struct inbox inbox;
	struct epochs epochs;
	struct attachment_files *files;
	struct buffer sealed; /* a sealed chunk, for the time of one call */
	struct copying copying;
	struct upload upload;
	struct fetch fetch;
	struct circles circles; /* the last that was folded */
	uint64_t now_ms;
	uint64_t deadlines_pause_ms; /* none is run before this time: the database failed */
	uint64_t grounds_pause_ms;   /* the same */
	uint64_t history_pause_ms;   /* the same */
	uint64_t log_ms;  /* the newest time of an entry of the log that we have seen proven */
	bool custody_due; /* a statement may be to be passed on (custody_pass.h) */
	bool climbs_due;  /* something may be to be told above (climbs.h) */
	struct climb_row climbs_at; /* how far that has come */
	bool chair_warned;          /* the log says that the chair named is none */
	bool forked; /* two checkpoints contradicted each other, now or ever: no link */
	bool connected;
	enum status lost_why; /* why the last session ended; STATUS_OK: it just went away */
	json_t *changes;      /* of this transaction; told after its commit */
	void (*changed)(void *state, const json_t *change);
	void *changed_state;
	void (*wake)(void *state); /* there may be something to send */
	void *wake_state;
};

/* KEYS must outlive the service; its `transport` is set by the caller. */
MUST_CHECK enum status service_open(const struct service_config *config,
    const struct service_keys *keys, const uint8_t storage[static SUITE_KEY_LEN],
    struct service **out);
void service_close(struct service *service);

/* An event begins: reads the clock. */
void service_tick(struct service *service);
/* An entry that is proven to be in the log bears TIME_MS. */
void service_note_log_time(struct service *service, uint64_t time_ms);
/*
 * The time to seal and to publish by: ours; the broker's where the two differ by more than
 * SERVICE_CLOCK_MS while we are connected; and never before the newest entry of the log that
 * we have seen. So a clock that jumps neither seals to an epoch that has ended nor far ahead.
 */
#define SERVICE_CLOCK_MS (5LL * 60 * 1000)
uint64_t service_time_ms(const struct service *service);
/* Our own entry; NULL until we are admitted and the directory tells us. */
const struct party *service_self(const struct service *service);
const struct party *service_peer(const struct service *service, const char *code);
/*
 * STATUS_STALE_DIRECTORY when nothing new may be sealed: no head, or one of 7 days ago;
 * STATUS_FORKED_LOG: the directory may be the false log's.
 */
MUST_CHECK enum status service_may_seal(const struct service *service);

/*
 * What we sign with: the newest of our keys that the directory has, and its epoch there.
 * STATUS_UNKNOWN_KEY when it has none of them, STATUS_UNKNOWN_PARTY, STATUS_SUSPENDED.
 */
MUST_CHECK enum status service_signing(
    const struct service *service, uint32_t *epoch, const struct signing_key **key);

MUST_CHECK enum status service_begin(struct service *service);
/*
 * Commits, then tells the listener what changed and wakes the sender. A commit that fails ends
 * the process: its outcome is unknown, so nobody may be answered; the database tells later.
 */
void service_commit(struct service *service, const char *kind);
void service_rollback(struct service *service);
/* Commits what went well, and rolls back what did not: RC as it came. */
MUST_CHECK enum status service_end(struct service *service, enum status rc, const char *kind);
/* Notes a change that people see; told after the commit. */
void service_note_change(struct service *service, const uint8_t task[static SUITE_ID_LEN],
    const char *what, const char *state);
/* The same of a record of a ground, in its case. */
void service_note_record(struct service *service, const uint8_t case_id[static SUITE_ID_LEN],
    const uint8_t record[static SUITE_ID_LEN], const char *what);
/* The same of a case that somebody opened by breaking the glass; N is the number of it. */
void service_note_glass(struct service *service, const uint8_t case_id[static SUITE_ID_LEN],
    uint64_t n, const char *what);
/* The same of who holds a case: for whoever knows it now. */
void service_note_case(
    struct service *service, const uint8_t case_id[static SUITE_ID_LEN], const char *what);

/*
 * The role of a unix user and how the own records name it: its name, or "uid:N" when it has
 * none. ROLE_NONE when the configuration does not list it.
 */
enum role service_role_of(const struct service *service, uid_t uid, char user[64]);
/* The same name for whom line I of [roles] gives a role. */
void service_role_user(const struct service *service, unsigned i, char user[64]);
/* "case_manager"; ROLE_COUNT when NAME is none. */
const char *service_role_name(enum role role);
enum role service_role_named(const char *name);
/* Whether a role may see content at all: auditors and administrators never do. */
bool service_role_reads(enum role role);

#endif
