/* protocol/host/clock.c: the time, given to everything else as a number. */
#include "protocol/host/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59Z: the last second that fits the format's four digits. */
#define LAST_SECOND UINT64_C(253402300799)

static uint64_t
read_ms(clockid_t id)
{
	struct timespec now;

	/* Fails for an unknown clock alone, and Linux has both. */
	if (clock_gettime(id, &now) != 0)
		abort();
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t
clock_now_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

uint64_t
clock_boot_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

void
clock_format(uint64_t ms, char out[static 21])
{
	uint64_t seconds = ms / 1000 < LAST_SECOND ? ms / 1000 : LAST_SECOND;
	time_t when = (time_t)seconds;
	struct tm parts;

	if (gmtime_r(&when, &parts) == NULL ||
	    strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) != 20)
		abort();
}

bool
clock_parse(const char *text, uint64_t *ms)
{
	struct tm parts = {0};
	char again[21];
	time_t when;

	/* timegm() takes a 31st of June for a day; said again, it would be another. */
	if (strlen(text) != 20 || strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) == NULL ||
	    (when = timegm(&parts)) < 0)
		return false;
	clock_format((uint64_t)when * 1000, again);
	if (strcmp(text, again) != 0)
		return false;
	*ms = (uint64_t)when * 1000;
	return true;
}
