/* services/runtime/acts/acts_message.c: one message by the digits of its id, and the proof that it is in the log. */
#include <string.h>

#include "services/runtime/acts/acts_inside.h"

#define DIGITS_LEAST  8 /* what is typed; ids begin with their time */
#define DIGITS_WHOLE  (2 * SUITE_ID_LEN)
#define LOOKED_AT_MAX 64 /* messages that begin alike */

/* The least and the greatest id that begin with TEXT; false when it is no such beginning. */
static bool
range_of(const char *text, uint8_t low[static SUITE_ID_LEN], uint8_t high[static SUITE_ID_LEN])
{
	char digits[DIGITS_WHOLE + 1];
	size_t len = strlen(text);

	if (len < DIGITS_LEAST || len > DIGITS_WHOLE)
		return false;
	memset(digits, '0', DIGITS_WHOLE);
	digits[DIGITS_WHOLE] = '\0';
	memcpy(digits, text, len);
	if (!request_id(digits, low))
		return false;
	memset(digits + len, 'f', DIGITS_WHOLE - len);
	return request_id(digits, high);
}

/* The id that follows; false past the last one. */
static bool
go_on(uint8_t id[static SUITE_ID_LEN])
{
	for (size_t i = SUITE_ID_LEN; i > 0; i--) {
		if (++id[i - 1] != 0)
			return true;
	}
	return false;
}

/* Looks through those that begin so; FOUND counts those that this person may know, up to 2. */
static enum status
look(struct service *service, const struct actor *actor, enum acts_need need,
    uint8_t low[static SUITE_ID_LEN], const uint8_t high[static SUITE_ID_LEN],
    struct event_row *out, struct task_row *task, unsigned *found)
{
	enum status rc = STATUS_OK;

	for (unsigned i = 0; i < LOOKED_AT_MAX && *found < 2; i++) {
		struct event_row row;
		struct task_row its = {0};

		rc = event_store_between(service->db, low, high, &row);
		if (rc == STATUS_OK)
			rc = case_store_task(service->db, row.task_n, &its);
		/* The same look-ups, whether there is one or not. */
		if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
			enum status may = acts_knows(service, actor, need, its.case_n);

			if (rc == STATUS_NOT_FOUND)
				return STATUS_OK;
			if (may == STATUS_OK) {
				++*found;
				*out = row;
				*task = its;
			} else if (may != STATUS_NOT_FOUND) {
				return may;
			}
		}
		if (rc != STATUS_OK)
			return rc;
		memcpy(low, row.message, SUITE_ID_LEN);
		if (!go_on(low) || memcmp(low, high, SUITE_ID_LEN) > 0)
			return STATUS_OK;
	}
	return rc;
}

enum status
acts_find_message(struct service *service, const struct actor *actor, enum acts_need need,
    const char *text, struct event_row *out, struct task_row *task, struct refusal *refusal)
{
	uint8_t low[SUITE_ID_LEN], high[SUITE_ID_LEN];
	unsigned found = 0;
	enum status rc = STATUS_OK;

	if (range_of(text, low, high))
		rc = look(service, actor, need, low, high, out, task, &found);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the message");
	if (found == 0)
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "message", "there is no such message here");
	if (found > 1)
		return request_refuse(refusal, STATUS_ARGUMENT, "message",
		    "several messages begin with these digits: give more of them");
	return STATUS_OK;
}

enum status
acts_receipt(struct service *service, const struct actor *actor, const char *message,
    struct buffer *out, struct refusal *refusal)
{
	struct task_row task = {0};
	struct event_row row = {0};
	enum status rc;

	service_tick(service);
	if (actor->role != ROLE_AUDITOR && (rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	rc = acts_find_message(service, actor, ACTS_TO_AUDIT, message, &row, &task, refusal);
	if (rc != STATUS_OK)
		return rc;
	if (row.index == UINT64_MAX)
		return row.dead ? request_refuse(refusal, STATUS_AGAIN, "message",
				      "the broker refused it: there is no receipt")
		                : request_refuse(refusal, STATUS_AGAIN, "message",
				      "its receipt has not come yet");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	if ((rc = event_store_proof(service->db, row.index, out)) == STATUS_OK)
		rc = acts_record(service, actor, &task, "export");
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading the receipt");
	return STATUS_OK;
}
