/* services/runtime/exchange/alarms.h: what people must be told of aloud, whom, and until when. */
#ifndef SAIKNE_ALARMS_H
#define SAIKNE_ALARMS_H

#include "services/runtime/store/alarm_store.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/task/descriptor.h"

struct service;

/*
 * An alarm reaches words of deadlines.csv: author (who sent it) and holder (who has the case) are
 * whoever knows the case; duty is whoever sees the mailbox now (MAILBOX). Supervisors and heads
 * see every alarm; the words say whose turn it is: supervisor, head.
 */
bool alarms_reach(const struct alarm_row *alarm, enum role role, bool mailbox);

/* ROW has come to its stage: told to the listener after the commit. */
MUST_CHECK enum status alarms_raise(
    struct service *service, const struct task_row *task, const struct deadline_row *row);
/*
 * A record of ours ends at DUE_MS: whoever holds its case is reminded, once for each such instant;
 * what was raised for another is over. DUE_MS 0: it is over, or its end is far.
 */
#define ALARMS_ENDING "ground_ends"
MUST_CHECK enum status alarms_remind(
    struct service *service, const struct ground_row *row, uint64_t due_ms);
/* Whatever was raised of WHAT is over. */
MUST_CHECK enum status alarms_settle(
    struct service *service, const struct task_row *task, const char *what);
/*
 * ROW runs on as it did, but who owes it or waits for it may be another now: who is told of its
 * stage then is told, once, and who only looks on is alarmed no more.
 */
MUST_CHECK enum status alarms_follow(
    struct service *service, const struct task_row *task, const struct deadline_row *row);
/* ROW was told too early, and stands at its stage again: as it was, and nobody is told. */
MUST_CHECK enum status alarms_take_back(
    struct service *service, const struct task_row *task, const struct deadline_row *row);

#endif
