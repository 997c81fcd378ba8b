/* services/runtime/task/invitation.c: the calendar entry of a sitting, as RFC 5545 has it; pure. */
#include "services/runtime/task/invitation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES 75 /* RFC 5545, 3.1: without the line's end */

/* The rules of Directive 2000/84/EC, as calendar.h has them. */
static const char *const zone[] = {
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Riga",
    "BEGIN:STANDARD",
    "DTSTART:19961027T040000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0200",
    "TZNAME:EET",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:19970330T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0300",
    "TZNAME:EEST",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
};

/* ---- Lines ------------------------------------------------------------------------------- */

/* As many bytes of LINE from AT as fit, never a part of a character. */
static size_t
fitting(struct bytes line, size_t at, size_t room)
{
	size_t len = line.len - at;

	if (len <= room)
		return len;
	for (len = room; len > 1 && (line.data[at + len] & 0xc0) == 0x80; len--)
		;
	return len;
}

/* One content line, folded: what goes on begins with a space, which counts. */
static void
put_folded(struct buffer *out, struct bytes line)
{
	size_t at = 0, len;

	do {
		if (at > 0)
			buffer_append_byte(out, ' ');
		len = fitting(line, at, at > 0 ? LINE_MAX_BYTES - 1 : LINE_MAX_BYTES);
		buffer_append(out, (struct bytes){line.data + at, len});
		buffer_append_text(out, "\r\n");
		at += len;
	} while (at < line.len);
}

static void
put_line(struct buffer *out, const char *line)
{
	put_folded(out, bytes_of_text(line));
}

/* A TEXT value (RFC 5545, 3.3.11); what no line may hold is left out. */
static void
put_text(struct buffer *out, const char *name, struct bytes value)
{
	struct buffer line = {0};

	buffer_append_text(&line, name);
	buffer_append_byte(&line, ':');
	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = value.data[i];

		if (c == '\n')
			buffer_append_text(&line, "\\n");
		else if (c == '\\' || c == ';' || c == ',')
			buffer_append_byte(&line, '\\');
		if (c >= 0x20 && c != 0x7f)
			buffer_append_byte(&line, c);
	}
	if (line.failed)
		out->failed = true;
	else
		put_folded(out, bytes_of_buffer(&line));
	buffer_free(&line);
}

/* ---- The entry --------------------------------------------------------------------------- */

void
invitation_code(const uint8_t sitting[static SUITE_ID_LEN], char out[static INVITATION_CODE])
{
	for (size_t i = 0; i < 3; i++)
		snprintf(out + 2 * i, 3, "%02X", (unsigned)sitting[SUITE_ID_LEN - 3 + i]);
}

static bool
is_two(const uint8_t *digits, unsigned most)
{
	return digits[0] >= '0' && digits[0] <= '9' && digits[1] >= '0' && digits[1] <= '9' &&
	       (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0') <= most;
}

bool
invitation_is_time(struct bytes at)
{
	return at.len == INVITATION_TIME && at.data[2] == ':' && is_two(at.data, 23) &&
	       is_two(at.data + 3, 59);
}

/* "20261005T073000Z" of an instant. */
static void
write_instant(uint64_t ms, char out[static 20])
{
	const uint64_t of_day = ms / 1000 % (24ULL * 3600);
	unsigned month, day;
	int year;

	calendar_civil((calendar_day)(ms / (24ULL * 3600 * 1000)), &year, &month, &day);
	snprintf(out, 20, "%04d%02u%02uT%02u%02u%02uZ", year % 10000, month % 100, day % 100,
	    (unsigned)(of_day / 3600), (unsigned)(of_day / 60 % 60), (unsigned)(of_day % 60));
}

static void
put_times(const struct invitation *invitation, struct buffer *out)
{
	const uint8_t *day = invitation->day.data, *at = invitation->at.data;
	char line[80], stamp[20];

	write_instant(
	    invitation->time_ms <= CALENDAR_MS_MAX ? invitation->time_ms : CALENDAR_MS_MAX,
	    stamp);
	snprintf(line, sizeof(line), "DTSTAMP:%s", stamp);
	put_line(out, line);
	snprintf(line, sizeof(line), "DTSTART;TZID=Europe/Riga:%.4s%.2s%.2sT%.2s%.2s00",
	    (const char *)day, (const char *)day + 5, (const char *)day + 8, (const char *)at,
	    (const char *)at + 3);
	put_line(out, line);
	put_line(out, "DURATION:" INVITATION_LASTS);
}

static void
put_event(const struct invitation *invitation, struct buffer *out)
{
	const bool latvian = strcmp(invitation->language, "lv") == 0;
	char line[160], code[INVITATION_CODE], id[2 * SUITE_ID_LEN + 1];

	bytes_to_hex(BYTES(invitation->sitting), id);
	invitation_code(invitation->sitting, code);
	put_line(out, "BEGIN:VEVENT");
	snprintf(line, sizeof(line), "UID:%s@saikne", id);
	put_line(out, line);
	put_times(invitation, out);
	snprintf(line, sizeof(line), "SEQUENCE:%u", invitation->sequence);
	put_line(out, line);
	put_line(out, invitation->called_off ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
	snprintf(line, sizeof(line), "ORGANIZER:urn:saikne:institution:%s", invitation->chair);
	put_line(out, line);
	snprintf(line, sizeof(line), "%s %s", latvian ? "Sēde" : "Sitting", code);
	put_text(out, "SUMMARY", bytes_of_text(line));
	if (invitation->place.len > 0)
		put_text(out, "LOCATION", invitation->place);
	put_line(out, "CLASS:PRIVATE");
	put_line(out, "END:VEVENT");
}

enum status
invitation_write(const struct invitation *invitation, struct buffer *out)
{
	calendar_day day;

	if (!calendar_date(invitation->day, &day) || !invitation_is_time(invitation->at))
		return STATUS_ARGUMENT;
	put_line(out, "BEGIN:VCALENDAR");
	put_line(out, "VERSION:2.0");
	put_line(out, "PRODID:-//Saikne//Sittings//LV");
	put_line(out, invitation->called_off ? "METHOD:CANCEL" : "METHOD:PUBLISH");
	for (size_t i = 0; i < sizeof(zone) / sizeof(zone[0]); i++)
		put_line(out, zone[i]);
	put_event(invitation, out);
	put_line(out, "END:VCALENDAR");
	return out->failed ? STATUS_NO_MEMORY : STATUS_OK;
}
