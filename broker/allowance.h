/* broker/allowance.h: how much each party may still ask for, refilled by time. */
#ifndef SAIKNE_ALLOWANCE_H
#define SAIKNE_ALLOWANCE_H

#include "protocol/trust/directory.h"

/* Bytes of the log, or what other work is reckoned as. */
#define ALLOWANCE_A_SECOND (8U * 1024 * 1024)
#define ALLOWANCE_SAVED    (8U * 1024 * 1024)

/* Of parties, not of sessions: whoever says HELLO again or comes back has gained nothing. */
struct allowances;

MUST_CHECK enum status allowance_table(struct allowances **out);
void allowance_table_free(struct allowances *allowances);
/* Takes COST, or says that PARTY has not so much left. NOW_MS is of the boot clock. */
MUST_CHECK bool allowance_spend(
    struct allowances *allowances, const struct party *party, uint64_t now_ms, uint64_t cost);

#endif
