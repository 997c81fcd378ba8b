/* broker/refusals.h: every refusal of a known party is logged; above a rate, counted in one entry. */
#ifndef SAIKNE_REFUSALS_H
#define SAIKNE_REFUSALS_H

#include "broker/journal.h"

#define REFUSALS_A_WINDOW  10
#define REFUSALS_WINDOW_MS 60000

struct refusals;

MUST_CHECK enum status refusals_create(struct refusals **out);
void refusals_free(struct refusals *refusals);

/* DIGEST is of what was refused. Nothing is logged while the clock is in doubt or disk is spent. */
void refusals_note(struct refusals *refusals, struct journal *journal,
    const struct party *party, enum status code, const uint8_t digest[static SUITE_HASH_LEN]);
/* Logs the counts of windows that are over; of all windows with ALL, before the end. */
void refusals_turn(struct refusals *refusals, struct journal *journal, bool all);

#endif
