/* services/runtime/exchange/dispatch_inside.h: what acts between two and acts of a circle have in common. */
#ifndef SAIKNE_DISPATCH_INSIDE_H
#define SAIKNE_DISPATCH_INSIDE_H

#include "services/runtime/exchange/dispatch.h"

/* As its recipient will: of what it is shown of CONTENT, on this day. */
MUST_CHECK enum status dispatch_covers(struct service *service, const char *purpose,
    const struct content *content, const struct addressee *to);
/*
 * The message of the outbox's row ROW_N; LETTER gets how long it was to live, for who gave a
 * referral one day did not mean thirty. ENVELOPE borrows from FRAME.
 */
MUST_CHECK enum status dispatch_keep(struct service *service, uint64_t row_n,
    struct envelope *envelope, struct buffer *frame, struct letter *letter);

/* dispatch_act() of what a circle shares. */
MUST_CHECK enum status dispatch_shared(struct service *service, struct departure *departure,
    const struct task_row *task, const struct case_key *key, struct content *content,
    uint64_t life_ms, uint8_t id[static SUITE_ID_LEN]);
/* EVENT, which OLD was to carry, is sealed anew with CONTENT: to those it still goes to. */
MUST_CHECK enum status dispatch_shared_again(struct service *service,
    struct departure *departure, const struct task_row *task, const struct case_key *key,
    struct event_row *event, struct content *content, const struct outbox_row *old);

#endif
