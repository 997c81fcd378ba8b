/* tests/unit/test_invitation.c: what a calendar is told of a sitting, and what never. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/invitation.h"

static const struct invitation sound = {
    .sitting = {0x01, 0x99, 0xf3, 0xc2, 0xa7, 0xe4, 0xb1, 0xc0, 0x9d, 0x52, 0xe6, 0x77, 0x18,
	0xab, 0xc1, 0x23},
    .sequence = 2,
    .time_ms = 1791158400000ULL, /* 2026-10-05T00:00:00Z */
    .chair = "riga-social",
    .language = "lv",
};

static char *
written(struct invitation invitation, const char *day, const char *at, const char *place)
{
	struct buffer out = {0};
	char *text;

	invitation.day = bytes_of_text(day);
	invitation.at = bytes_of_text(at);
	invitation.place = bytes_of_text(place);
	assert_int_equal(invitation_write(&invitation, &out), STATUS_OK);
	text = malloc(out.len + 1);
	assert_non_null(text);
	memcpy(text, out.data, out.len);
	text[out.len] = '\0';
	buffer_free(&out);
	return text;
}

static void
assert_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (at == NULL || (at != text && at[-1] != '\n') ||
	    memcmp(at + strlen(line), "\r\n", 2) != 0)
		fail_msg("no line \"%s\"", line);
}

static void
an_entry_says_when_and_where_and_of_what_its_code_alone(void **state)
{
	char *text = written(sound, "2026-10-06", "09:30", "Rīga, 2. kabinets");

	(void)state;
	assert_int_equal(strncmp(text, "BEGIN:VCALENDAR\r\n", 17), 0);
	assert_line(text, "METHOD:PUBLISH");
	assert_line(text, "UID:0199f3c2a7e4b1c09d52e67718abc123@saikne");
	assert_line(text, "DTSTAMP:20261005T000000Z");
	assert_line(text, "DTSTART;TZID=Europe/Riga:20261006T093000");
	assert_line(text, "SEQUENCE:2");
	assert_line(text, "STATUS:CONFIRMED");
	assert_line(text, "SUMMARY:Sēde ABC123");
	assert_line(text, "LOCATION:Rīga\\, 2. kabinets");
	assert_line(text, "ORGANIZER:urn:saikne:institution:riga-social");
	assert_line(text, "END:VCALENDAR");
	free(text);
}

static void
what_was_called_off_is_cancelled_under_the_same_uid(void **state)
{
	struct invitation invitation = sound;
	char *text;

	(void)state;
	invitation.called_off = true;
	invitation.language = "en";
	text = written(invitation, "2026-10-06", "09:30", "");
	assert_line(text, "METHOD:CANCEL");
	assert_line(text, "STATUS:CANCELLED");
	assert_line(text, "UID:0199f3c2a7e4b1c09d52e67718abc123@saikne");
	assert_line(text, "SUMMARY:Sitting ABC123");
	assert_null(strstr(text, "LOCATION"));
	free(text);
}

/* No line is longer than 75 bytes, none breaks a character, and unfolded all is there. */
static void
long_lines_are_folded_between_characters(void **state)
{
	char place[81], *text, *line;

	(void)state;
	for (size_t shift = 0; shift < 3; shift++) {
		memset(place, 'x', sizeof(place));
		for (size_t i = shift; i + 1 < sizeof(place) - 1; i += 2)
			memcpy(place + i, "ā", 2);
		place[78 + shift % 2] = '\0';
		text = written(sound, "2026-10-06", "09:30", place);
		for (line = text; *line != '\0'; line += strcspn(line, "\r") + 2) {
			size_t len = strcspn(line, "\r");

			assert_true(len <= 75);
			assert_int_equal(line[len + 1], '\n');
			assert_true(((uint8_t)line[0] & 0xc0) != 0x80);
			assert_true(line[0] != ' ' || ((uint8_t)line[1] & 0xc0) != 0x80);
		}
		assert_non_null(strstr(text, "\r\n "));
		free(text);
	}
}

static void
what_a_place_says_cannot_be_another_line(void **state)
{
	char *text = written(sound, "2026-10-06", "09:30", "a\r\nATTENDEE:b;c\\d\n\x01\x7f\te");

	(void)state;
	assert_line(text, "LOCATION:a\\nATTENDEE:b\\;c\\\\d\\ne");
	assert_null(strstr(text, "\nATTENDEE"));
	free(text);
}

static void
no_day_and_no_hour_make_no_entry(void **state)
{
	static const char *const hours[] = {
	    "", "9:30", "24:00", "23:60", "12.30", "12:3", "12:300", "-1:00", "ab:cd"};
	static const char *const days[] = {"", "2026-02-29", "2026-13-01", "06.10.2026"};
	struct invitation invitation = sound;
	struct buffer out = {0};

	(void)state;
	invitation.day = bytes_of_text("2026-10-06");
	for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
		invitation.at = bytes_of_text(hours[i]);
		assert_false(invitation_is_time(invitation.at));
		assert_int_equal(invitation_write(&invitation, &out), STATUS_ARGUMENT);
	}
	invitation.at = bytes_of_text("00:00");
	assert_true(invitation_is_time(invitation.at));
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		invitation.day = bytes_of_text(days[i]);
		assert_int_equal(invitation_write(&invitation, &out), STATUS_ARGUMENT);
	}
	assert_int_equal(out.len, 0);
	buffer_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_says_when_and_where_and_of_what_its_code_alone),
	    cmocka_unit_test(what_was_called_off_is_cancelled_under_the_same_uid),
	    cmocka_unit_test(long_lines_are_folded_between_characters),
	    cmocka_unit_test(what_a_place_says_cannot_be_another_line),
	    cmocka_unit_test(no_day_and_no_hour_make_no_entry),
	};

	return cmocka_run_group_tests_name("invitation", tests, NULL, NULL);
}
