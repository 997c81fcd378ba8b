/* services/runtime/exchange/sittings_signed.h: in which matters what one act signs changes who owes a signature. */
#ifndef SAIKNE_SITTINGS_SIGNED_H
#define SAIKNE_SITTINGS_SIGNED_H

#include "services/runtime/store/case_store.h"
#include "services/runtime/task/sitting.h"

struct service;

/* The code of deadlines.csv and owed.csv. */
#define SITTINGS_SIGNED_OWED "sign"

/*
 * An act on a sitting signs minutes of many matters, and nearly everywhere none of these has to be
 * folded anew: a signature moves no state, each member counts its own deadline alone, and who leads
 * all of them together. So only those are whose deadline, as it is kept, is not the one that
 * follows from what was said. That is asked of the rows, not of the act: whether it came, came
 * late, was refused, or follows another, the same is found.
 */
struct sittings_signed {
	uint8_t task[SUITE_ID_LEN];
	bool turned; /* the matter is to be folded anew */
};

/* The matters of the sitting FRAME whose minutes can be signed. */
MUST_CHECK enum status sittings_signed(struct service *service, const struct task_row *frame,
    struct sittings_signed out[static SITTING_MATTERS_MAX], unsigned *count);

#endif
