/* clients/auditor/audit_progress.c: how far long work has come, on standard error. */
#include "clients/auditor/audit_progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "protocol/host/clock.h"
#include "protocol/host/lang.h"

static const char *work = "";
static uint64_t next_ms;

void
audit_progress_start(const char *doing)
{
	work = doing;
	next_ms = clock_boot_ms() + 1000;
}

void
audit_progress(uint64_t done, uint64_t total)
{
	const uint64_t now = clock_boot_ms();

	if (now < next_ms)
		return;
	next_ms = now + 1000;
	fprintf(stderr, _("%s: %" PRIu64 " of %" PRIu64 " entries\n"), work, done, total);
}
