/* services/runtime/exchange/service.c: what a running service holds, its transactions and its people. */
#include "services/runtime/exchange/service.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"
#include "services/runtime/exchange/arrivals.h"
#include "services/runtime/store/key_store.h"
#include "services/runtime/store/store_schema.h"

/* ---- Opening ----------------------------------------------------------------------------- */

static enum status
fold_leaf(struct service *service, uint64_t index, struct bytes view)
{
	struct signed_statement statement;
	struct leaf leaf;
	const char *detail = "";
	enum status rc = leaf_parse(view, &leaf);

	if (rc == STATUS_OK && leaf.kind != LEAF_STATEMENT)
		rc = STATUS_DATABASE;
	if (rc != STATUS_OK)
		return rc;
	service_note_log_time(service, leaf.time_ms);
	statement.view = leaf.body;
	statement.signature_count = leaf.signature_count;
	memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
	rc = directory_apply(service->directory, index, &statement, leaf.time_ms, &detail);
	if (rc != STATUS_OK)
		oplog(OPLOG_ERROR,
		    "the stored statement of entry %" PRIu64 " does not follow: %s", index,
		    detail);
	return rc;
}

static enum status
load_directory(struct service *service)
{
	struct buffer leaf = {0};
	uint64_t from = 0, index;
	enum status rc = directory_create(
	    service->config.network.id, service->config.network.root, &service->directory);

	while (rc == STATUS_OK) {
		buffer_reset(&leaf);
		rc = key_store_statement(service->db, from, &index, &leaf);
		if (rc == STATUS_OK) {
			rc = fold_leaf(service, index, bytes_of_buffer(&leaf));
			from = index + 1;
		}
	}
	buffer_free(&leaf);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
load_view(struct service *service)
{
	struct buffer note = {0};
	enum status rc = key_store_note(service->db, "view", &note);

	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK)
		rc = logview_open(
		    &service->config.network.log, bytes_of_buffer(&note), &service->view);
	buffer_free(&note);
	return rc;
}

/* A fork is never forgotten: the two notes are in the database for the auditors. */
static enum status
load_fork(struct service *service)
{
	struct buffer note = {0};
	enum status rc = key_store_note(service->db, "fork_other", &note);

	buffer_free(&note);
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	service->forked = true;
	service->lost_why = STATUS_FORKED_LOG;
	oplog(OPLOG_ERROR,
	    "THE LOG IS FORKED, as this service found earlier: it does not connect."
	    " Its status has both checkpoints; tell every auditor.");
	return STATUS_OK;
}

/* A slip in a name would leave a colleague without a role, and nobody would know why. */
static void
warn_of_roles(const struct service_config *config)
{
	struct passwd entry, *found;
	char room[4096];

	for (unsigned i = 0; i < config->role_count; i++) {
		found = NULL;
		if (strncmp(config->roles[i].who, "uid:", 4) != 0 &&
		    getpwnam_r(config->roles[i].who, &entry, room, sizeof(room), &found) == 0 &&
		    found == NULL)
			oplog(OPLOG_WARNING,
			    "name number %u under [roles] is no unix user here: nobody has that"
			    " role",
			    i + 1);
	}
}

enum status
service_open(const struct service_config *config, const struct service_keys *keys,
    const uint8_t storage[static SUITE_KEY_LEN], struct service **out)
{
	struct service *service = calloc(1, sizeof(*service));
	enum status rc;

	if (service == NULL)
		return STATUS_NO_MEMORY;
	service->config = *config;
	if (config->attachment_bytes == 0)
		service->config.attachment_bytes = SERVICE_ATTACHMENT_BYTES;
	if (config->attachments_bytes == 0)
		service->config.attachments_bytes = SERVICE_ATTACHMENTS_BYTES;
	service->keys = keys;
	service_tick(service);
	if ((service->changes = json_array()) == NULL) {
		rc = STATUS_NO_MEMORY;
		goto fail;
	}
	if ((rc = vault_create(storage, &service->vault)) != STATUS_OK)
		goto fail;
	if ((rc = store_schema_open(config->database, &service->db)) != STATUS_OK)
		goto fail;
	if ((rc = load_directory(service)) != STATUS_OK)
		goto fail;
	if ((rc = load_view(service)) != STATUS_OK || (rc = load_fork(service)) != STATUS_OK)
		goto fail;
	if ((rc = epochs_open(service)) != STATUS_OK ||
	    (rc = documents_open(service)) != STATUS_OK)
		goto fail;
	warn_of_roles(config);
	*out = service;
	return STATUS_OK;
fail:
	service_close(service);
	return rc;
}

void
service_close(struct service *service)
{
	if (service == NULL)
		return;
	arrivals_drop(service);
	circles_forget(service);
	copies_reset(service);
	upload_reset(service);
	fetch_reset(service);
	documents_close(service);
	epochs_close(service);
	logview_close(&service->view);
	directory_free(service->directory);
	if (service->db != NULL)
		database_close(service->db);
	vault_free(service->vault);
	json_decref(service->changes);
	free(service);
}

void
service_tick(struct service *service)
{
	service->now_ms = service->config.clock();
}

/* ---- Time -------------------------------------------------------------------------------- */

void
service_note_log_time(struct service *service, uint64_t time_ms)
{
	/* A time that no database holds is none. */
	if (time_ms > service->log_ms && time_ms <= INT64_MAX)
		service->log_ms = time_ms;
}

uint64_t
service_time_ms(const struct service *service)
{
	const struct transport *transport = &service->transport;
	int64_t offset = service->connected ? transport->offset(transport->state) : 0;
	uint64_t now = service->now_ms;

	/* Wraps as it should where the offset is negative. */
	if (offset > SERVICE_CLOCK_MS || offset < -SERVICE_CLOCK_MS)
		now += (uint64_t)offset;
	return now > service->log_ms ? now : service->log_ms;
}

/* ---- The directory ----------------------------------------------------------------------- */

const struct party *
service_peer(const struct service *service, const char *code)
{
	return directory_party(service->directory, bytes_of_text(code));
}

const struct party *
service_self(const struct service *service)
{
	return service_peer(service, service->config.code);
}

enum status
service_may_seal(const struct service *service)
{
	uint64_t head = directory_head_ms(service->directory), now = service_time_ms(service);

	if (service->forked)
		return STATUS_FORKED_LOG;
	if (head == 0 || (now > head && now - head > DIRECTORY_HEAD_STOP_MS))
		return STATUS_STALE_DIRECTORY;
	return STATUS_OK;
}

static const struct signing_key *
own_key(const struct service *service, const uint8_t public[static SUITE_SIGN_PUBLIC])
{
	for (unsigned i = 0; i < service->keys->count; i++)
		if (memcmp(service->keys->key[i]->public, public, SUITE_SIGN_PUBLIC) == 0)
			return service->keys->key[i];
	return NULL;
}

enum status
service_signing(const struct service *service, uint32_t *epoch, const struct signing_key **key)
{
	const struct party *self = service_self(service);
	uint64_t e = self == NULL ? 0 : directory_signing_epoch(service->directory, self);
	uint8_t public[SUITE_SIGN_PUBLIC];
	enum status rc;

	/* The key before the newest is good for a while, too. */
	for (; e > 0 && e <= UINT32_MAX; e--) {
		rc = directory_signing_key(service->directory, self, e, UINT64_MAX - 1, public);
		if (rc == STATUS_SUSPENDED)
			return rc;
		if (rc != STATUS_OK || (*key = own_key(service, public)) == NULL)
			continue;
		*epoch = (uint32_t)e;
		return STATUS_OK;
	}
	return self == NULL ? STATUS_UNKNOWN_PARTY : STATUS_UNKNOWN_KEY;
}

/* ---- Transactions ------------------------------------------------------------------------ */

enum status
service_begin(struct service *service)
{
	json_array_clear(service->changes);
	return database_begin(service->db);
}

void
service_commit(struct service *service, const char *kind)
{
	enum status rc = database_commit(service->db, kind);
	json_t *told, *change;
	size_t i;

	if (rc != STATUS_OK) {
		oplog(OPLOG_ERROR,
		    "a commit failed (%s): ending, the database tells what holds",
		    status_name(rc));
		_Exit(EXIT_FAILURE);
	}
	/* The listener may start a transaction of its own. */
	told = service->changes;
	service->changes = json_array();
	if (service->changes == NULL) {
		oplog(OPLOG_ERROR, "memory ran out");
		_Exit(EXIT_FAILURE);
	}
	if (service->changed != NULL)
		json_array_foreach(told, i, change)
		    service->changed(service->changed_state, change);
	json_decref(told);
	if (service->wake != NULL)
		service->wake(service->wake_state);
}

void
service_rollback(struct service *service)
{
	database_rollback(service->db);
	circles_forget(service);
	json_array_clear(service->changes);
}

enum status
service_end(struct service *service, enum status rc, const char *kind)
{
	if (rc == STATUS_OK)
		service_commit(service, kind);
	else
		service_rollback(service);
	return rc;
}

/* CHANGE is taken. */
static void
note(struct service *service, json_t *change)
{
	/* Without memory a screen is only told later; nothing is lost. */
	if (change == NULL || json_array_append_new(service->changes, change) != 0)
		oplog(OPLOG_WARNING, "memory ran out: a change is not announced");
}

void
service_note_change(struct service *service, const uint8_t task[static SUITE_ID_LEN],
    const char *what, const char *state)
{
	char id[2 * SUITE_ID_LEN + 1], time[21];

	bytes_to_hex((struct bytes){task, SUITE_ID_LEN}, id);
	clock_format(service->now_ms, time);
	note(service, json_pack("{s:s, s:s, s:s, s:s}", "task", id, "what", what, "state",
			  state, "time", time));
}

void
service_note_record(struct service *service, const uint8_t case_id[static SUITE_ID_LEN],
    const uint8_t record[static SUITE_ID_LEN], const char *what)
{
	char of_case[2 * SUITE_ID_LEN + 1], id[2 * SUITE_ID_LEN + 1], time[21];

	bytes_to_hex((struct bytes){case_id, SUITE_ID_LEN}, of_case);
	bytes_to_hex((struct bytes){record, SUITE_ID_LEN}, id);
	clock_format(service->now_ms, time);
	note(service, json_pack("{s:s, s:s, s:s, s:s}", "case", of_case, "record", id, "what",
			  what, "time", time));
}

void
service_note_case(
    struct service *service, const uint8_t case_id[static SUITE_ID_LEN], const char *what)
{
	char id[2 * SUITE_ID_LEN + 1], time[21];

	bytes_to_hex((struct bytes){case_id, SUITE_ID_LEN}, id);
	clock_format(service->now_ms, time);
	note(service, json_pack("{s:s, s:s, s:s}", "case", id, "what", what, "time", time));
}

void
service_note_glass(struct service *service, const uint8_t case_id[static SUITE_ID_LEN],
    uint64_t n, const char *what)
{
	char id[2 * SUITE_ID_LEN + 1], time[21];

	bytes_to_hex((struct bytes){case_id, SUITE_ID_LEN}, id);
	clock_format(service->now_ms, time);
	note(service, json_pack("{s:s, s:I, s:s, s:s}", "case", id, "glass", (json_int_t)n,
			  "what", what, "time", time));
}

/* ---- People ------------------------------------------------------------------------------ */

static const char *const roles[ROLE_COUNT] = {
    [ROLE_NONE] = "none",
    [ROLE_SPECIALIST] = "specialist",
    [ROLE_CASE_MANAGER] = "case_manager",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_HEAD] = "head",
    [ROLE_AUDITOR] = "auditor",
    [ROLE_ADMINISTRATOR] = "administrator",
};

const char *
service_role_name(enum role role)
{
	return role < ROLE_COUNT ? roles[role] : roles[ROLE_NONE];
}

enum role
service_role_named(const char *name)
{
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		if (strcmp(roles[i], name) == 0)
			return (enum role)i;
	return ROLE_COUNT;
}

bool
service_role_reads(enum role role)
{
	return role == ROLE_SPECIALIST || role == ROLE_CASE_MANAGER ||
	       role == ROLE_SUPERVISOR || role == ROLE_HEAD;
}

/* Its name, or "uid:N" when it has none. */
static void
name_user(uid_t uid, char user[64])
{
	struct passwd entry, *found = NULL;
	char room[4096];

	snprintf(user, 64, "uid:%lu", (unsigned long)uid);
	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) == 0 && found != NULL &&
	    strlen(entry.pw_name) < 64)
		memcpy(user, entry.pw_name, strlen(entry.pw_name) + 1);
}

void
service_role_user(const struct service *service, unsigned i, char user[64])
{
	const char *who = service->config.roles[i].who;
	char *end;
	unsigned long uid = strtoul(strncmp(who, "uid:", 4) == 0 ? who + 4 : "", &end, 10);

	snprintf(user, 64, "%s", who);
	if (strncmp(who, "uid:", 4) == 0 && who[4] != '\0' && *end == '\0')
		name_user((uid_t)uid, user);
}

enum role
service_role_of(const struct service *service, uid_t uid, char user[64])
{
	char number[64];

	snprintf(number, sizeof(number), "uid:%lu", (unsigned long)uid);
	name_user(uid, user);
	for (unsigned i = 0; i < service->config.role_count; i++) {
		const struct service_role *line = &service->config.roles[i];

		if (strcmp(line->who, number) == 0 || strcmp(line->who, user) == 0)
			return line->role;
	}
	return ROLE_NONE;
}
