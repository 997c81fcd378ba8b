/* services/runtime/exchange/departure.c: what leaves together under one signature: messages, evidence. */
#include "services/runtime/exchange/departure.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/trust/profile.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/outbox_store.h"

struct departing {
	bool is_letter;
	uint8_t digest[SUITE_HASH_LEN];
	struct buffer bytes; /* sealed message, or the evidence */
	/* A letter's */
	uint8_t id[SUITE_ID_LEN];
	struct outbox_to *to;
	unsigned to_count;
	uint64_t event_n;
	bool has_documents, is_stop;
	uint64_t outbox_n; /* 0: it waits behind all others */
	/* Evidence's */
	uint64_t message_index;
	enum evidence_kind kind;
};

/* STATUS_AGAIN: it is full; what is done one at a time fits. */
static enum status
add(struct departure *departure, struct departing **added)
{
	if (departure->count == BATCH_MAX)
		return STATUS_AGAIN;
	if (departure->count == departure->cap) {
		uint32_t cap = departure->cap == 0 ? 16 : 2 * departure->cap;
		struct departing *items = realloc(departure->items, cap * sizeof(*items));

		if (items == NULL)
			return STATUS_NO_MEMORY;
		departure->items = items;
		departure->cap = cap;
	}
	departure->items[departure->count] = (struct departing){0};
	*added = &departure->items[departure->count++];
	return STATUS_OK;
}

static enum status
find_epoch(struct service *service, const char *party, const struct party **peer,
    struct sealing_epoch *epoch)
{
	if ((*peer = service_peer(service, party)) == NULL)
		return STATUS_UNKNOWN_PARTY;
	if ((*peer)->suspended_index != 0)
		return STATUS_SUSPENDED;
	return directory_sealing_now(
	    service->directory, *peer, service_time_ms(service), epoch);
}

enum status
departure_reaches(struct service *service, const char *party)
{
	const struct party *peer;
	struct sealing_epoch epoch;

	return find_epoch(service, party, &peer, &epoch);
}

static enum status
address(struct service *service, const struct letter *letter, unsigned i,
    struct envelope_header *header, struct envelope_seal_to *to)
{
	const struct addressee *one = &letter->to[i];
	struct envelope_recipient *recipient = &header->recipients[i];
	const struct party *peer;
	struct sealing_epoch epoch;
	enum status rc = find_epoch(service, one->party, &peer, &epoch);

	if (rc != STATUS_OK)
		return rc;
	recipient->party = bytes_of_text(one->party);
	recipient->sealing_epoch = (uint32_t)epoch.epoch;
	recipient->basis = one->basis;
	memcpy(recipient->reference, one->reference, sizeof(recipient->reference));
	if (one->basis == BASIS_REPLY) {
		recipient->reply_sender = recipient->party;
		memcpy(recipient->reply_id, one->reply_id, sizeof(recipient->reply_id));
	}
	if (header->expires_ms > epoch.not_after_ms)
		header->expires_ms = epoch.not_after_ms;
	memcpy(to->key, epoch.key, sizeof(to->key));
	to->allowed = one->allowed & profile_allows(letter->task->purpose, peer->kind);
	return chain_store_head(service->db, CHAIN_SENT, one->party, &to->chain);
}

static enum status
address_all(struct service *service, const struct letter *letter,
    struct envelope_header *header, struct envelope_seal_to *to)
{
	enum status rc = STATUS_OK;

	if (letter->count == 0 || letter->count > ENVELOPE_RECIPIENTS_MAX)
		return STATUS_BAD_RECIPIENTS;
	header->recipient_count = letter->count;
	header->expires_ms = header->created_ms + letter->life_ms;
	for (unsigned i = 0; rc == STATUS_OK && i < letter->count; i++)
		rc = address(service, letter, i, header, &to[i]);
	return rc;
}

/* Whose evidence is to come. */
static enum status
keep_recipients(struct departing *item, const struct letter *letter)
{
	if ((item->to = calloc(letter->count, sizeof(*item->to))) == NULL)
		return STATUS_NO_MEMORY;
	item->to_count = letter->count;
	for (unsigned i = 0; i < letter->count; i++)
		memcpy(item->to[i].party, letter->to[i].party, sizeof(item->to[i].party));
	return STATUS_OK;
}

static void
free_item(struct departing *item)
{
	buffer_free(&item->bytes);
	free(item->to);
}

/* An id begins with the time that its message was made at. */
static uint64_t
time_of(const uint8_t id[static SUITE_ID_LEN])
{
	uint64_t ms = 0;

	for (unsigned i = 0; i < 6; i++)
		ms = ms << 8 | id[i];
	return ms;
}

enum status
departure_letter(struct service *service, struct departure *departure,
    const struct letter *letter, uint8_t id[static SUITE_ID_LEN], uint32_t *item)
{
	struct envelope_header header = {
	    .network = bytes_of_text(directory_network(service->directory)),
	    .sender = bytes_of_text(service->config.code),
	    .created_ms =
		letter->place != NULL ? time_of(letter->place->id) : service_time_ms(service),
	};
	struct envelope_seal_to to[ENVELOPE_RECIPIENTS_MAX] = {0};
	const struct signing_key *key;
	struct departing *added;
	enum status rc;

	if ((rc = service_may_seal(service)) != STATUS_OK)
		return rc;
	if ((rc = service_signing(service, &header.signing_epoch, &key)) != STATUS_OK)
		return rc;
	if ((rc = address_all(service, letter, &header, to)) != STATUS_OK)
		return rc;
	if (letter->place != NULL)
		memcpy(header.id, letter->place->id, sizeof(header.id));
	else
		suite_new_id(header.created_ms, header.id);
	memcpy(header.case_token, letter->task->token, sizeof(header.case_token));
	if ((rc = add(departure, &added)) != STATUS_OK)
		return rc;
	added->is_letter = true;
	memcpy(added->id, header.id, sizeof(added->id));
	if ((rc = keep_recipients(added, letter)) == STATUS_OK)
		rc = envelope_seal(&header, letter->content, to, &added->bytes, added->digest);
	suite_wipe(to, sizeof(to));
	if (rc != STATUS_OK) {
		free_item(added);
		departure->count--;
		return rc;
	}
	added->has_documents = header.attachment_count > 0;
	added->is_stop = header.type == MESSAGE_GROUND_STOP;
	added->outbox_n = letter->place != NULL ? letter->place->n : letter->turn;
	memcpy(id, header.id, SUITE_ID_LEN);
	*item = departure->count - 1;
	return STATUS_OK;
}

void
departure_of_event(struct departure *departure, uint32_t item, uint64_t event_n)
{
	departure->items[item].event_n = event_n;
}

enum status
departure_evidence(
    struct service *service, struct departure *departure, const struct evidence *evidence)
{
	struct evidence whole = *evidence;
	const struct signing_key *key;
	struct departing *added;
	enum status rc;

	whole.network = bytes_of_text(directory_network(service->directory));
	whole.recipient = bytes_of_text(service->config.code);
	whole.time_ms = service_time_ms(service);
	if ((rc = service_signing(service, &whole.signing_epoch, &key)) != STATUS_OK)
		return rc;
	if ((rc = add(departure, &added)) != STATUS_OK)
		return rc;
	added->message_index = whole.index;
	added->kind = whole.kind;
	evidence_encode(&whole, &added->bytes);
	if (added->bytes.failed)
		return STATUS_NO_MEMORY;
	evidence_digest(bytes_of_buffer(&added->bytes), added->digest);
	return STATUS_OK;
}

static enum status
store_letter(
    struct service *service, const struct departing *item, const struct batch_proof *proof)
{
	struct outbox_row row = {.n = item->outbox_n,
	    .event_n = item->event_n,
	    .state = OUTBOX_WAITING,
	    .first = item->is_stop,
	    .unsent = !service->transport.ready(service->transport.state)};
	struct buffer frame = {0};
	enum status rc = STATUS_OK;

	memcpy(row.id, item->id, sizeof(row.id));
	memcpy(row.peer, item->to[0].party, sizeof(row.peer));
	memcpy(row.digest, item->digest, sizeof(row.digest));
	envelope_frame(bytes_of_buffer(&item->bytes), proof, &frame);
	if (frame.failed)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK && item->has_documents)
		rc = copies_claim(service, bytes_of_buffer(&frame), item->event_n, &row.state);
	if (rc == STATUS_OK)
		rc = outbox_store_add(service->db, &row, bytes_of_buffer(&frame));
	if (rc == STATUS_OK && item->to_count > 1)
		rc = outbox_store_address(service->db, row.id, item->to, item->to_count);
	buffer_free(&frame);
	return rc;
}

static enum status
store_evidence(
    struct service *service, const struct departing *item, const struct batch_proof *proof)
{
	struct buffer encoded = {0};
	enum status rc = STATUS_NO_MEMORY;

	batch_encode(proof, &encoded);
	if (!encoded.failed)
		rc = outbox_store_add_evidence(service->db, item->message_index, item->kind,
		    bytes_of_buffer(&item->bytes), bytes_of_buffer(&encoded));
	buffer_free(&encoded);
	return rc;
}

bool
departure_answers(const struct departure *departure, uint64_t message_index)
{
	for (uint32_t i = 0; i < departure->count; i++)
		if (!departure->items[i].is_letter &&
		    departure->items[i].message_index == message_index)
			return true;
	return false;
}

enum status
departure_sign(struct service *service, struct departure *departure)
{
	const struct signing_key *key;
	struct digest *digests;
	struct batch_proof *proofs;
	uint32_t epoch;
	enum status rc;

	if (departure->count == 0)
		return STATUS_OK;
	if ((rc = service_signing(service, &epoch, &key)) != STATUS_OK)
		return rc;
	digests = calloc(departure->count, sizeof(*digests));
	proofs = calloc(departure->count, sizeof(*proofs));
	if (digests == NULL || proofs == NULL) {
		rc = STATUS_NO_MEMORY;
		goto out;
	}
	for (uint32_t i = 0; i < departure->count; i++)
		memcpy(digests[i].byte, departure->items[i].digest, sizeof(digests[i].byte));
	batch_sign(digests, departure->count, key, proofs);
	for (uint32_t i = 0; rc == STATUS_OK && i < departure->count; i++) {
		const struct departing *item = &departure->items[i];

		rc = item->is_letter ? store_letter(service, item, &proofs[i])
		                     : store_evidence(service, item, &proofs[i]);
	}
out:
	free(digests);
	free(proofs);
	return rc;
}

void
departure_free(struct departure *departure)
{
	for (uint32_t i = 0; i < departure->count; i++)
		free_item(&departure->items[i]);
	free(departure->items);
	*departure = (struct departure){0};
}
