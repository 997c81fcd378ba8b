/* services/runtime/people/people.h: who asks at the desk: unix users and accounts, one row each. */
#ifndef SAIKNE_PEOPLE_H
#define SAIKNE_PEOPLE_H

#include <sys/types.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/people/actor.h"
#include "services/runtime/store/people_store.h"

/*
 * The unix user at the other end of a socket. [roles] of the configuration decides: who is not
 * listed there gets ROLE_NONE and no row; anybody else a row on first use, which is committed
 * before this returns. No transaction may be open.
 */
MUST_CHECK enum status people_of_unix(struct service *service, uid_t uid, struct actor *out);
/* The same for a unix user's name; ROLE is what the configuration gives, never ROLE_NONE. */
MUST_CHECK enum status people_enter(
    struct service *service, const char *user, enum role role, struct actor *out);

/* What stands before a name in the look-up: no kind of person is taken for another. */
const char *people_kind_name(enum person_kind kind);
/* STATUS_NOT_FOUND. */
MUST_CHECK enum status people_find(const struct service *service, enum person_kind kind,
    const char *name, struct person_row *out);
/* Adds ROW, whose number it gives, in the open transaction. */
MUST_CHECK enum status people_add(
    struct service *service, const char *name, struct person_row *row);
/* How the records name person N; STATUS_NOT_FOUND. */
MUST_CHECK enum status people_name(
    const struct service *service, uint64_t n, char out[static 64]);

#endif
