/* protocol/host/clock.h: the time, given to everything else as a number. */
#ifndef SAIKNE_CLOCK_H
#define SAIKNE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/base/bytes.h"

/* Milliseconds since 1970 UTC. */
uint64_t clock_now_ms(void);
/* Milliseconds since boot, suspend included; never goes back: for intervals and jumps. */
uint64_t clock_boot_ms(void);
/* "2026-11-22T08:00:00Z" into 21 bytes. */
void clock_format(uint64_t ms, char out[static 21]);
/* The same form and no other, from 1970 on; false when TEXT has another, or is no such day. */
MUST_CHECK bool clock_parse(const char *text, uint64_t *ms);

#endif
