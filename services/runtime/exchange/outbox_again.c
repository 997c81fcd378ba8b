/* services/runtime/exchange/outbox_again.c: what was refused for a key or a clock goes out anew. */
#include "services/runtime/exchange/outbox.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/outbox_store.h"

/* ---- Signing anew ------------------------------------------------------------------------ */

static bool
can_be_signed_anew(enum status refusal)
{
	return refusal == STATUS_KEY_REVOKED || refusal == STATUS_UNKNOWN_KEY ||
	       refusal == STATUS_CLOCK_SKEW;
}

/*
 * The bytes and proof of OLD under the newest of our keys, or at the right time where a wrong
 * clock made it; *NEWER: that differs from what it bears.
 */
static enum status
sign(struct service *service, const struct evidence *old, enum status refusal,
    struct buffer *evidence, struct buffer *proof, bool *newer)
{
	struct evidence whole = *old;
	const struct signing_key *key;
	struct batch_proof signed_by;
	struct digest digest;
	enum status rc = service_signing(service, &whole.signing_epoch, &key);

	if (refusal == STATUS_CLOCK_SKEW)
		whole.time_ms = service_time_ms(service);
	*newer = rc == STATUS_OK &&
	         (whole.signing_epoch != old->signing_epoch || whole.time_ms < old->time_ms);
	if (!*newer)
		return STATUS_OK; /* it waits for a key */
	evidence_encode(&whole, evidence);
	evidence_digest(bytes_of_buffer(evidence), digest.byte);
	batch_sign(&digest, 1, key, &signed_by);
	batch_encode(&signed_by, proof);
	return evidence->failed || proof->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
store_signed(struct service *service, uint64_t n, struct bytes evidence, struct bytes proof)
{
	struct evidence_row other;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = outbox_store_replace_evidence(service->db, n, evidence, proof);
	if (rc == STATUS_OK)
		rc = outbox_store_dead_evidence_after(service->db, 0, &other);
	if (rc == STATUS_NOT_FOUND)
		rc = chain_store_resolved(service->db, "evidence_refused", "");
	return service_end(service, rc, "evidence");
}

static enum status
sign_one_again(struct service *service, const struct evidence_row *row)
{
	struct buffer old = {0}, proof = {0}, made = {0}, made_proof = {0};
	struct evidence evidence;
	bool newer = false;
	enum status rc = outbox_store_evidence_bytes(service->db, row->n, &old, &proof);

	if (rc == STATUS_OK)
		rc = evidence_parse(bytes_of_buffer(&old), &evidence);
	if (rc == STATUS_OK)
		rc = sign(service, &evidence, row->refusal, &made, &made_proof, &newer);
	if (rc == STATUS_OK && newer)
		rc = store_signed(
		    service, row->n, bytes_of_buffer(&made), bytes_of_buffer(&made_proof));
	buffer_free(&old);
	buffer_free(&proof);
	buffer_free(&made);
	buffer_free(&made_proof);
	return rc;
}

enum status
outbox_sign_again(struct service *service)
{
	struct evidence_row row = {0};
	enum status rc;

	while ((rc = outbox_store_dead_evidence_after(service->db, row.n, &row)) == STATUS_OK)
		if (can_be_signed_anew(row.refusal) &&
		    (rc = sign_one_again(service, &row)) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Sealing anew ------------------------------------------------------------------------ */

static bool
has_other_epoch(struct service *service, const struct envelope_recipient *to)
{
	const struct party *peer = directory_party(service->directory, to->party);
	struct sealing_epoch epoch;

	return peer != NULL &&
	       directory_sealing_now(
		   service->directory, peer, service_time_ms(service), &epoch) == STATUS_OK &&
	       epoch.epoch != to->sealing_epoch;
}

/* Whether the directory offers something else now than what was refused. */
static bool
is_worth_again(struct service *service, const struct outbox_row *row)
{
	struct buffer frame = {0};
	struct envelope envelope;
	bool worth = directory_length(service->directory) > row->length ||
	             row->refusal == STATUS_ID_CONFLICT || row->refusal == STATUS_CLOCK_SKEW;

	if (!worth && outbox_store_frame(service->db, row->n, &frame) == STATUS_OK &&
	    envelope_parse(bytes_of_buffer(&frame), &envelope) == STATUS_OK)
		for (uint32_t i = 0; i < envelope.header.recipient_count; i++)
			worth |= has_other_epoch(service, &envelope.header.recipients[i]);
	buffer_free(&frame);
	return worth;
}

/* What it rests on is over: no directory changes that. */
static enum status
give_up(struct service *service, const struct outbox_row *row, enum status why)
{
	enum status rc = service_begin(service);

	return rc == STATUS_OK
	           ? service_end(service, outbox_end(service, row, EVENT_REFUSED, why), "act")
	           : rc;
}

static enum status
seal_one_again(struct service *service, const struct outbox_row *row)
{
	struct departure departure = {0};
	struct outbox_row made;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = dispatch_again(service, &departure, row);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = outbox_store_of_event(service->db, row->event_n, &made);
	if (rc == STATUS_OK) {
		/* Refusals of one act count together, or it would go round for ever. */
		made.attempts = row->attempts;
		rc = outbox_store_set(service->db, &made);
	}
	departure_free(&departure);
	rc = service_end(service, rc, "act");
	return dispatch_lacks_ground(rc) ? give_up(service, row, rc) : rc;
}

/*
 * Whoever is left of those it was for cannot be reached: so it waits for the directory, and what
 * was said after it does not wait for it, for among that may be who comes in their place.
 */
static enum status
let_others_by(struct service *service, struct outbox_row *row)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	row->refusal = STATUS_BAD_RECIPIENTS;
	row->length = directory_length(service->directory);
	return service_end(service, outbox_store_set(service->db, row), "act");
}

enum status
outbox_seal_again(struct service *service)
{
	struct outbox_row row;
	uint64_t after = 0;
	enum status rc;

	for (;;) {
		rc = outbox_store_after(
		    service->db, OUTBOX_RESEAL, service->now_ms, after, &row);
		if (rc != STATUS_OK)
			return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
		after = row.n;
		if (!is_worth_again(service, &row))
			continue;
		rc = seal_one_again(service, &row);
		if (rc == STATUS_SUSPENDED || rc == STATUS_UNKNOWN_PARTY)
			rc = let_others_by(service, &row);
		if (rc == STATUS_DATABASE || rc == STATUS_NO_SPACE)
			return rc;
		if (rc != STATUS_OK)
			oplog(OPLOG_WARNING, "a refused message waits to be sealed anew: %s",
			    status_name(rc));
	}
}
