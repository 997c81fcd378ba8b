/* services/runtime/exchange/work.h: what waits for somebody here, as each step leaves it. */
#ifndef SAIKNE_WORK_H
#define SAIKNE_WORK_H

#include "services/runtime/store/case_store.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/store/work_store.h"

struct service;

/*
 * A thing is there once, for the first of these reasons that holds: something is owed by a time,
 * by us or, where an alarm names whom it reaches, by others; a message of ours reached nobody;
 * content that we owe could not be sent by itself; something came that nobody has opened. It asks
 * the deadlines, not the sort: what is owed is a code of the list `owed`.
 */
#define WORK_NOT_DELIVERED "not_delivered"
#define WORK_RELEASE       "release"
#define WORK_UNREAD        "unread"
#define WORK_ENDS          "ends"  /* a record of a ground, soon */
#define WORK_BROKEN_GLASS  "glass" /* to be seen by who leads; kept by the grants' triggers */

/* TASK, its deadlines or its alarms changed. */
MUST_CHECK enum status work_follow(struct service *service, const struct task_row *task);
/* The record of ROW ends soon, at DUE_MS; 0: it does not. */
MUST_CHECK enum status work_ends(
    struct service *service, const struct ground_row *row, uint64_t due_ms);

#endif
