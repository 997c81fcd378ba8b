/* services/runtime/exchange/epochs.c: our own sealing epochs: made, published, used, destroyed on time. */
#include "services/runtime/exchange/epochs.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/key_store.h"

#define PAUSE_MS (60ULL * 1000)

static struct vault_place
place_of(uint64_t epoch)
{
	return (struct vault_place){"epochs", epoch, "secret"};
}

/* ---- Private halves ---------------------------------------------------------------------- */

const struct box_key *
epochs_key(const struct service *service, uint64_t epoch)
{
	for (unsigned i = 0; epoch != 0 && i < EPOCHS_OPEN_MAX; i++)
		if (service->epochs.open[i].epoch == epoch)
			return service->epochs.open[i].key;
	return NULL;
}

static void
forget(struct service *service, uint64_t epoch)
{
	for (unsigned i = 0; i < EPOCHS_OPEN_MAX; i++) {
		if (service->epochs.open[i].epoch != epoch)
			continue;
		suite_secret_free(service->epochs.open[i].key);
		service->epochs.open[i].key = NULL;
		service->epochs.open[i].epoch = 0;
	}
}

/* Takes KEY. */
static enum status
remember(struct service *service, uint64_t epoch, struct box_key *key)
{
	for (unsigned i = 0; i < EPOCHS_OPEN_MAX; i++) {
		if (service->epochs.open[i].epoch != 0)
			continue;
		service->epochs.open[i].epoch = epoch;
		service->epochs.open[i].key = key;
		return STATUS_OK;
	}
	suite_secret_free(key);
	return STATUS_TOO_LARGE;
}

static enum status
open_one(struct service *service, const struct epoch_row *row)
{
	const struct vault_place place = place_of(row->epoch);
	struct buffer sealed = {0}, plain = {0};
	struct box_key *key = suite_secret_new(sizeof(*key));
	enum status rc = STATUS_NO_MEMORY;

	if (key == NULL)
		return rc;
	rc = key_store_epoch_secret(service->db, row->epoch, &sealed);
	if (rc == STATUS_OK)
		rc = vault_open_own(service->vault, &place, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK && plain.len != SUITE_BOX_SECRET)
		rc = STATUS_DATABASE;
	if (rc == STATUS_OK) {
		suite_box_from_secret(plain.data, key);
		rc = remember(service, row->epoch, key);
	} else {
		suite_secret_free(key);
	}
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc;
}

enum status
epochs_open(struct service *service)
{
	struct epoch_row row;
	uint64_t from = 0;
	enum status rc;

	while ((rc = key_store_epoch_from(service->db, from, &row)) == STATUS_OK) {
		if ((rc = open_one(service, &row)) != STATUS_OK) {
			oplog(OPLOG_ERROR,
			    "the private half of sealing epoch %llu cannot be opened: %s; is"
			    " the storage key the one of this database?",
			    (unsigned long long)row.epoch, status_name(rc));
			return rc;
		}
		from = row.epoch + 1;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

void
epochs_close(struct service *service)
{
	for (unsigned i = 0; i < EPOCHS_OPEN_MAX; i++)
		if (service->epochs.open[i].epoch != 0)
			forget(service, service->epochs.open[i].epoch);
}

void
epochs_reset(struct service *service)
{
	service->epochs.request = 0;
}

/* ---- Making ------------------------------------------------------------------------------ */

/* Whether the directory has EPOCH of ours, as KEY (any key where NULL). */
static bool
is_published(
    const struct service *service, const struct party *self, uint64_t epoch, const uint8_t *key)
{
	struct sealing_epoch found;
	enum status rc =
	    directory_sealing_epoch(service->directory, self, epoch, UINT64_MAX - 1, &found);

	/* A revoked one keeps its number. */
	if (rc == STATUS_KEY_REVOKED)
		return true;
	return rc == STATUS_OK && (key == NULL || memcmp(found.key, key, 32) == 0);
}

static enum status
sign_statement(struct service *service, const struct epoch_row *row, struct buffer *out,
    struct leaf_signature *signature)
{
	struct statement statement = {.kind = STATEMENT_SEALING_EPOCH,
	    .network = bytes_of_text(directory_network(service->directory)),
	    .time_ms = service_time_ms(service),
	    .party = bytes_of_text(service->config.code),
	    .not_before_ms = row->not_before_ms,
	    .not_after_ms = row->not_after_ms,
	    .epoch = row->epoch};
	const struct signing_key *key;
	uint32_t signing_epoch;
	enum status rc;

	if ((rc = service_signing(service, &signing_epoch, &key)) != STATUS_OK)
		return rc;
	statement.signing_epoch = signing_epoch;
	memcpy(statement.key, row->public, sizeof(statement.key));
	statement_encode(&statement, out);
	if (out->failed)
		return STATUS_NO_MEMORY;
	statement_sign(bytes_of_buffer(out), SIGNER_PARTY, key, signature);
	return STATUS_OK;
}

static enum status
store(struct service *service, const struct epoch_row *row, const struct box_key *key)
{
	const struct vault_place place = place_of(row->epoch);
	struct buffer secret = {0}, statement = {0};
	struct leaf_signature signature;
	enum status rc = sign_statement(service, row, &statement, &signature);

	if (rc == STATUS_OK)
		rc = vault_seal_own(service->vault, &place, BYTES(key->secret), &secret);
	if (rc == STATUS_OK)
		rc = service_begin(service);
	if (rc != STATUS_OK)
		goto out;
	/* One of this number that the directory did not take is of no use to anybody. */
	rc = key_store_remove_epoch(service->db, row->epoch);
	if (rc == STATUS_OK)
		rc = key_store_add_epoch(service->db, row, bytes_of_buffer(&secret),
		    bytes_of_buffer(&statement), &signature);
	rc = service_end(service, rc, "epoch");
out:
	buffer_free(&secret);
	buffer_free(&statement);
	return rc;
}

static enum status
make(struct service *service, const struct party *self, uint64_t not_before_ms)
{
	struct epoch_row row = {.epoch = 1};
	struct box_key *key = suite_secret_new(sizeof(*key));
	enum status rc;

	if (key == NULL)
		return STATUS_NO_MEMORY;
	while (is_published(service, self, row.epoch, NULL))
		row.epoch++;
	suite_box_new(key);
	memcpy(row.public, key->public, sizeof(row.public));
	row.not_before_ms = not_before_ms;
	row.not_after_ms = not_before_ms + SEALING_LIFE_MS;
	if ((rc = store(service, &row, key)) != STATUS_OK) {
		suite_secret_free(key);
		return rc;
	}
	oplog(OPLOG_INFO, "made sealing epoch %llu", (unsigned long long)row.epoch);
	forget(service, row.epoch);
	return remember(service, row.epoch, key);
}

/* ---- Publishing -------------------------------------------------------------------------- */

static enum status
publish(struct service *service, uint64_t epoch)
{
	struct transport *transport = &service->transport;
	struct frame_state state = {.signature_count = 1};
	struct buffer statement = {0}, frame = {0};
	uint32_t request;
	enum status rc;

	if (service->epochs.request != 0)
		return STATUS_OK;
	rc = key_store_epoch_statement(service->db, epoch, &statement, &state.signatures[0]);
	if (rc == STATUS_OK) {
		request = transport->request(transport->state);
		state.statement = bytes_of_buffer(&statement);
		frame_state(&state, request, &frame);
		if (!frame.failed &&
		    transport->send(transport->state, bytes_of_buffer(&frame)) == STATUS_OK) {
			service->epochs.request = request;
			service->epochs.stating = epoch;
		}
	}
	buffer_free(&statement);
	buffer_free(&frame);
	return rc;
}

bool
epochs_stated(struct service *service, const struct frame *frame)
{
	/* The directory itself says when it stands: until then the statement is under way. */
	return service->epochs.request != 0 && frame->request == service->epochs.request;
}

bool
epochs_refused(struct service *service, const struct frame *frame)
{
	struct frame_refused refused;

	if (service->epochs.request == 0 || frame->request != service->epochs.request)
		return false;
	service->epochs.request = 0;
	service->epochs.pause_ms = service->now_ms + PAUSE_MS;
	if (frame_read_refused(frame->body, &refused) == STATUS_OK)
		oplog(OPLOG_WARNING, "sealing epoch %llu was refused: %s (%s)",
		    (unsigned long long)service->epochs.stating, status_name(refused.code),
		    status_remedy(refused.code));
	return true;
}

/* ---- Destroying -------------------------------------------------------------------------- */

static bool
may_destroy(const struct service *service, const struct epoch_row *row)
{
	int64_t offset = service->transport.offset(service->transport.state);

	return service->now_ms > row->not_after_ms + EPOCHS_GRACE_MS &&
	       service->log_ms > row->not_after_ms + EPOCHS_GRACE_MS &&
	       offset > -SERVICE_CLOCK_MS && offset < SERVICE_CLOCK_MS &&
	       service->inbox.quiet_since_ms != 0 &&
	       service->now_ms > service->inbox.quiet_since_ms + EPOCHS_QUIET_MS;
}

/* What was delivered and waits for its documents is opened once more. */
static bool
is_awaited(const struct service *service)
{
	struct arriving_row held;

	return attachment_store_held_after(service->db, 0, &held) != STATUS_NOT_FOUND;
}

static enum status
destroy(struct service *service, const struct epoch_row *row)
{
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = key_store_remove_epoch(service->db, row->epoch);
	if (service_end(service, rc, "epoch") != STATUS_OK)
		return rc;
	forget(service, row->epoch);
	oplog(OPLOG_INFO, "destroyed sealing epoch %llu", (unsigned long long)row->epoch);
	/* The old page images go from the write-ahead log, too. */
	return database_checkpoint(service->db, true);
}

static enum status
destroy_ended(struct service *service)
{
	struct epoch_row row;
	uint64_t from = 0;
	enum status rc;

	while ((rc = key_store_epoch_from(service->db, from, &row)) == STATUS_OK) {
		from = row.epoch + 1;
		if (may_destroy(service, &row) && !is_awaited(service) &&
		    (rc = destroy(service, &row)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* When the next one begins: now, but never before one that the directory has. */
static uint64_t
beginning(
    const struct service *service, const struct party *self, const struct epoch_row *newest)
{
	uint64_t now = service_time_ms(service);

	return newest->not_before_ms > now && is_published(service, self, newest->epoch, NULL)
	           ? newest->not_before_ms
	           : now;
}

/* ---- All of it --------------------------------------------------------------------------- */

/* Near its end, revoked, or refused when we stated it: the directory or our clock moved on. */
static bool
is_next_due(
    const struct service *service, const struct party *self, const struct epoch_row *newest)
{
	struct sealing_epoch found;

	if (service_time_ms(service) + SEALING_OVERLAP_MS >= newest->not_after_ms ||
	    directory_sealing_epoch(service->directory, self, newest->epoch, UINT64_MAX - 1,
		&found) == STATUS_KEY_REVOKED)
		return true;
	return service->epochs.pause_ms != 0 &&
	       !is_published(service, self, newest->epoch, newest->public);
}

enum status
epochs_tend(struct service *service)
{
	const struct party *self = service_self(service);
	struct epoch_row newest;
	enum status rc;

	if (self == NULL || self->suspended_index != 0 ||
	    !service->transport.ready(service->transport.state))
		return STATUS_OK;
	if ((rc = destroy_ended(service)) != STATUS_OK)
		return rc;
	if (service->epochs.request != 0 &&
	    is_published(service, self, service->epochs.stating, NULL))
		service->epochs.request = 0;
	if (service->now_ms < service->epochs.pause_ms || service->epochs.request != 0)
		return STATUS_OK;
	rc = key_store_newest_epoch(service->db, &newest);
	if (rc == STATUS_NOT_FOUND)
		rc = make(service, self, service_time_ms(service));
	else if (rc == STATUS_OK && is_next_due(service, self, &newest))
		rc = make(service, self, beginning(service, self, &newest));
	if (rc != STATUS_OK)
		return rc;
	service->epochs.pause_ms = 0;
	if ((rc = key_store_newest_epoch(service->db, &newest)) != STATUS_OK)
		return rc;
	if (is_published(service, self, newest.epoch, newest.public))
		return STATUS_OK;
	return publish(service, newest.epoch);
}
