/* services/runtime/exchange/provisions.h: provisions of law, each unconfirmed until its institution says so. */
#ifndef SAIKNE_PROVISIONS_H
#define SAIKNE_PROVISIONS_H

#include "services/runtime/store/provision_store.h"

struct service;

/*
 * A row of lists/legal-bases.csv is no more than our reading of the law. An institution rests
 * sharing on it only after its administrator has confirmed it, with the name and the day of the
 * advice that was taken; consent needs none.
 */
MUST_CHECK bool provisions_is_confirmed(struct service *service, const char *code);
/* What a child's safety cannot wait for: it works unconfirmed, with a warning that is recorded. */
MUST_CHECK bool provisions_goes_unconfirmed(const char *code);

/*
 * CODE is confirmed by PERSON on the advice named ADVICE of DAY (YYYY-MM-DD); what was
 * confirmed before gives way. In the open transaction.
 */
MUST_CHECK enum status provisions_confirm(struct service *service, const char *code,
    uint64_t person, const char *advice, const char *day);
/* CODE is confirmed no more; STATUS_NOT_FOUND when it was not. In the open transaction. */
MUST_CHECK enum status provisions_undo(struct service *service, const char *code);
/* The row of CODE, and the name of the advice appended to ADVICE; STATUS_NOT_FOUND. */
MUST_CHECK enum status provisions_read(struct service *service, const char *code,
    struct provision_row *out, struct buffer *advice);

#endif
