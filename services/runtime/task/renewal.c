/* services/runtime/task/renewal.c: the renewal of a ground as one table; pure. */
#include "services/runtime/task/renewal.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, RENEW, S, INFORMED),

    MOVE(PENDING, RENEW, S, INFORMED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(INFORMED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(INFORMED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(GROUND_RENEW, RENEW), .opens = true, .grounded = S},
};

const struct task_sort renewal_sort = {
    .name = "renewal",
    .label_lv = "pamata pagarinājums",
    .label_en = "renewal of a ground",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_RENEW,
};
