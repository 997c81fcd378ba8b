/* services/runtime/task/invitation.h: the calendar entry of a sitting (RFC 5545), without a name; pure. */
#ifndef SAIKNE_INVITATION_H
#define SAIKNE_INVITATION_H

#include "protocol/base/suite.h"
#include "services/runtime/task/calendar.h"

/*
 * A calendar is read by more people than a case is. So the entry says when and where, and of the
 * sitting its short code alone: the last digits of its id, which say nothing to who does not
 * have it. The same sitting is the same entry however often it is convened: UID is its id, and
 * SEQUENCE grows.
 */
#define INVITATION_CODE  7      /* of the short code, with its NUL */
#define INVITATION_TIME  5      /* "10:30" */
#define INVITATION_LASTS "PT1H" /* our default: a sitting is convened without an end */

struct invitation {
	uint8_t sitting[SUITE_ID_LEN];
	bool called_off;
	unsigned sequence;
	uint64_t time_ms;     /* of the act that it is about, by the log */
	struct bytes day, at; /* "2026-10-05", "10:30": in Riga */
	struct bytes place;   /* may be absent */
	const char *chair;    /* the institution's code */
	const char *language; /* of the summary: "lv", or English */
};

void invitation_code(
    const uint8_t sitting[static SUITE_ID_LEN], char out[static INVITATION_CODE]);
/* Whether AT is a time of day: "00:00" to "23:59". */
bool invitation_is_time(struct bytes at);
/* Appends it: STATUS_ARGUMENT where day or hour is none. */
MUST_CHECK enum status invitation_write(
    const struct invitation *invitation, struct buffer *out);

#endif
