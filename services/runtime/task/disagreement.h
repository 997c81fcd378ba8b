/* services/runtime/task/disagreement.h: what two institutions disagree on, as one table; pure. */
#ifndef SAIKNE_DISAGREEMENT_H
#define SAIKNE_DISAGREEMENT_H

#include "services/runtime/task/descriptor.h"
#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK
 *     │ raise
 *     ▼            climb             climb        climb
 *  AT_SPECIALISTS ─────▶ AT_SUPERVISORS ─▶ AT_HEADS ─▶ AT_MANAGEMENT
 *     └──── settle ──────────┴────────────────┴─────────────┴──▶ SETTLED
 *
 *  from each level also EXPIRED, UNREADABLE (nobody could take it), STOPPED (its ground ended)
 *
 * About one task of the two (OTHER_TASK), which stays as it is. The other side answers, and
 * proposes by that; whoever raised it settles it. Either side may take it one level higher at
 * any time; when a level's period is over (deadlines.csv: settle) the service of whoever raised
 * it does so by itself. LEVEL of CLIMB is the level it leads to.
 *
 * Crossings. A climb counts only if its author had seen the last climb of the other side: two
 * that crossed lead one level higher, not two, and the one that comes first in the log decides.
 * No level is skipped, and there is no way back. A settlement ends it at whatever level it is.
 *
 * At the last level whoever raised it tells the chair of the management group, by CLIMBED, that
 * there is something to settle (exchange/climbs.h).
 */
extern const struct task_sort disagreement_sort;

/* The level that a climb from STATE leads to, of lists/escalation-levels.csv; NULL: none. */
const char *disagreement_above(enum task_state state);
/* Whether ROLE may answer, climb and settle in STATE: the level's people, and who leads them. */
bool disagreement_may(enum task_state state, enum role role);

#endif
