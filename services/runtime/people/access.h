/* services/runtime/people/access.h: the record of every look: no look without it. */
#ifndef SAIKNE_ACCESS_H
#define SAIKNE_ACCESS_H

#include "services/runtime/exchange/service.h"
#include "services/runtime/people/actor.h"

/*
 * In the open transaction that reads, or does, what is recorded: when this fails, so does that.
 * WHAT is a literal of at most 31 bytes ("read", "sign_in"), never a word that was searched
 * for. CASE_N and TASK_N are 0 where it is about none.
 */
MUST_CHECK enum status access_record(struct service *service, const struct actor *actor,
    uint64_t case_n, uint64_t task_n, const char *what);
/* The same of an act on person ABOUT: added, disabled, signed in. */
MUST_CHECK enum status access_record_about(
    struct service *service, const struct actor *actor, uint64_t about, const char *what);

#endif
