/* services/runtime/exchange/outbox.c: what was committed goes out, until the broker says it is logged. */
#include "services/runtime/exchange/outbox.h"

#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/store/outbox_store.h"

/* ---- What is under way ------------------------------------------------------------------- */

static struct outstanding *
find_row(struct window *window, uint64_t row)
{
	for (unsigned i = 0; i < window->count; i++)
		if (window->at[i].row == row)
			return &window->at[i];
	return NULL;
}

void
outbox_reset(struct service *service)
{
	uint64_t next;

	service->outbox.messages.count = 0;
	service->outbox.evidence.count = 0;
	service->outbox.told_leaving = false;
	service->outbox.before =
	    event_store_next(service->db, &next) == STATUS_OK ? next - 1 : UINT64_MAX;
}

/* Hands over FRAME for ROW; false when the link takes nothing more now. */
static bool
hand_over(struct service *service, struct window *window, uint64_t row, uint32_t request,
    const struct buffer *frame)
{
	struct transport *transport = &service->transport;

	if (frame->failed ||
	    transport->send(transport->state, bytes_of_buffer(frame)) != STATUS_OK)
		return false;
	window->at[window->count++] = (struct outstanding){request, row};
	return true;
}

/* ---- Sending ----------------------------------------------------------------------------- */

static bool
send_message(struct service *service, const struct outbox_row *row)
{
	uint32_t request = service->transport.request(service->transport.state);
	struct buffer body = {0}, frame = {0};
	bool sent = false;

	if (outbox_store_frame(service->db, row->n, &body) == STATUS_OK) {
		frame_submit(bytes_of_buffer(&body), request, &frame);
		sent = hand_over(service, &service->outbox.messages, row->n, request, &frame);
	}
	buffer_free(&body);
	buffer_free(&frame);
	return sent;
}

/* FIRST: what goes before all else. */
static bool
pump_rows(struct service *service, bool first)
{
	struct window *window = &service->outbox.messages;
	struct outbox_row row;
	uint64_t after = 0;
	bool any = false;

	while (window->count < OUTBOX_WINDOW &&
	       (first ? outbox_store_first_after(service->db, service->now_ms, after, &row)
		      : outbox_store_after(service->db, OUTBOX_WAITING, service->now_ms, after,
			    &row)) == STATUS_OK) {
		after = row.n;
		if (find_row(window, row.n) != NULL)
			continue;
		if (!send_message(service, &row))
			break;
		any = true;
	}
	return any;
}

/*
 * Stops first: what a broken link may have lost goes out again, and where it was lost the broker
 * knows by then that its ground is stopped. What it had logged it gives the receipt for.
 */
static bool
pump_messages(struct service *service)
{
	bool any = pump_rows(service, true);

	return pump_rows(service, false) || any;
}

/*
 * Before the first of a session leaves: what was written without a link may be gone from now on.
 * False when that cannot be stored: then nothing leaves.
 */
static bool
tell_leaving(struct service *service)
{
	enum status rc;

	if (service->outbox.told_leaving)
		return true;
	if ((rc = service_begin(service)) == STATUS_OK)
		rc = service_end(service, outbox_store_left(service->db), "link");
	service->outbox.told_leaving = rc == STATUS_OK;
	return rc == STATUS_OK;
}

static bool
send_evidence(struct service *service, const struct evidence_row *row)
{
	uint32_t request = service->transport.request(service->transport.state);
	struct buffer evidence = {0}, proof = {0}, frame = {0};
	struct frame_attest attest;
	struct pack_doc doc;
	struct pack_in in;
	bool sent = false;

	if (outbox_store_evidence_bytes(service->db, row->n, &evidence, &proof) != STATUS_OK)
		goto out;
	attest.evidence = bytes_of_buffer(&evidence);
	if (pack_open_value(bytes_of_buffer(&proof), &doc) == STATUS_OK) {
		in = pack_root(&doc);
		batch_decode(&in, &attest.proof);
	}
	if (pack_close(&doc) != STATUS_OK)
		goto out;
	frame_attest(&attest, request, &frame);
	sent = hand_over(service, &service->outbox.evidence, row->n, request, &frame);
out:
	buffer_free(&evidence);
	buffer_free(&proof);
	buffer_free(&frame);
	return sent;
}

/* A pause that a wrong clock set does not outlive it. */
static bool
is_paused(const struct service *service)
{
	uint64_t pause = service->outbox.evidence_pause_ms;

	return service->now_ms < pause && pause - service->now_ms <= OUTBOX_RETRY_MAX_MS;
}

static bool
pump_evidence(struct service *service)
{
	struct window *window = &service->outbox.evidence;
	struct evidence_row row;
	uint64_t after = 0;
	bool any = false;

	if (is_paused(service))
		return false;
	while (window->count < OUTBOX_WINDOW &&
	       outbox_store_evidence_after(service->db, after, &row) == STATUS_OK) {
		after = row.n;
		if (find_row(window, row.n) != NULL)
			continue;
		if (!send_evidence(service, &row))
			break;
		any = true;
	}
	return any;
}

bool
outbox_pump(struct service *service)
{
	bool any;

	if (!service->transport.ready(service->transport.state))
		return false;
	any = pump_evidence(service);
	return (tell_leaving(service) && pump_messages(service)) || any;
}

uint64_t
outbox_next_ms(struct service *service)
{
	uint64_t next = 0, pause = service->outbox.evidence_pause_ms;

	if (outbox_store_next_retry(service->db, service->now_ms, &next) != STATUS_OK)
		next = 0;
	if (is_paused(service) && (next == 0 || pause < next))
		next = pause;
	return next;
}

/* ---- Taking back ------------------------------------------------------------------------- */

/*
 * Whether ROW surely never left, or was surely refused: it waits for something else, for its next
 * attempt, or was written after the link had gone, or in this session and is not under way.
 */
static bool
is_here(struct service *service, const struct outbox_row *row)
{
	if (row->state != OUTBOX_WAITING || row->unsent)
		return true;
	if (find_row(&service->outbox.messages, row->n) != NULL)
		return false;
	if (row->retry_ms > service->now_ms &&
	    row->retry_ms - service->now_ms <= OUTBOX_RETRY_MAX_MS)
		return true;
	return service->transport.ready(service->transport.state) &&
	       row->event_n > service->outbox.before;
}

static enum status
cites(struct service *service, const struct outbox_row *row, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], bool *out)
{
	struct buffer frame = {0};
	struct envelope envelope;
	enum status rc = outbox_store_frame(service->db, row->n, &frame);

	*out = false;
	if (rc == STATUS_OK)
		rc = envelope_parse(bytes_of_buffer(&frame), &envelope);
	for (uint32_t i = 0; rc == STATUS_OK && i < envelope.header.recipient_count; i++) {
		const struct envelope_recipient *to = &envelope.header.recipients[i];

		*out |= (to->basis == BASIS_CONSENT || to->basis == BASIS_LAW) &&
		        bytes_is_text(to->party, peer) &&
		        memcmp(to->reference, reference, SUITE_ID_LEN) == 0;
	}
	buffer_free(&frame);
	return rc;
}

enum status
outbox_take_back(
    struct service *service, const char *peer, const uint8_t reference[static SUITE_ID_LEN])
{
	struct outbox_row row;
	uint64_t after = 0;
	bool found;
	enum status rc;

	while ((rc = outbox_store_for(service->db, peer, after, &row)) == STATUS_OK) {
		after = row.n;
		if (!is_here(service, &row))
			continue;
		rc = cites(service, &row, peer, reference, &found);
		/* What is under way for it ends: the next row may have its number. */
		if (rc == STATUS_OK && found && service->upload.outbox_n == row.n)
			upload_reset(service);
		if (rc == STATUS_OK && found && service->copying.outbox_n == row.n)
			copies_reset(service);
		if (rc == STATUS_OK && found)
			rc = outbox_drop(service, &row, peer, EVENT_TAKEN_BACK, STATUS_STOPPED);
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
