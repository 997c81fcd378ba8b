/* services/runtime/exchange/custody_fate.h: what becomes of a custody statement after it was told. */
#ifndef SAIKNE_CUSTODY_FATE_H
#define SAIKNE_CUSTODY_FATE_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/departure.h"

struct service;

/*
 * TASK was folded. What was entered in error, or superseded, says nothing any more in any case
 * that keeps it; of ours the place in the log is known with the receipt. In the open transaction.
 */
MUST_CHECK enum status custody_fate_folded(
    struct service *service, struct departure *departure, const struct task_row *task);
/*
 * EVENT of TASK, ours, is in the log. Who said of a statement that the child is not known here
 * keeps nothing of it: its case is erased, if it holds nothing else. In the open transaction.
 */
MUST_CHECK enum status custody_fate_sent(
    struct service *service, const struct event_row *event, const struct task_row *task);

#endif
