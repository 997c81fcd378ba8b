/* services/runtime/task/stop.c: stops and renewals of grounds, each as one table; pure. */
#include "services/runtime/task/stop.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move stop_moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, STOP, S, TOLD),

    MOVE(PENDING, STOP, S, TOLD),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),

    MOVE(TOLD, OFFER_DELIVERED, S | R, RECEIVED),
    MOVE(TOLD, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(TOLD, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(TOLD, ANSWER, R, ANSWERED),

    MOVE(RECEIVED, ANSWER, R, ANSWERED),

    MOVE(ANSWERED, ANSWER, R, ANSWERED),
};

static const struct task_move renewal_moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, RENEW, S, INFORMED),

    MOVE(PENDING, RENEW, S, INFORMED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),

    MOVE(INFORMED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(INFORMED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message stop_messages[] = {
    {ACT(GROUND_STOP, STOP), .opens = true, .grounded = S},
    {ACT(GROUND_STOP_ANSWER, ANSWER), .bare = true},
};

static const struct task_message renewal_messages[] = {
    {ACT(GROUND_RENEW, RENEW), .opens = true, .grounded = S},
};

const struct task_sort stop_sort = {
    .name = "stop",
    .label_lv = "pamata izbeigšana",
    .label_en = "stop of a ground",
    .moves = stop_moves,
    .move_count = COUNT_OF(stop_moves),
    .messages = stop_messages,
    .message_count = COUNT_OF(stop_messages),
    .opening = TASK_EVENT_STOP,
};

const struct task_sort renewal_sort = {
    .name = "renewal",
    .label_lv = "pamata pagarinājums",
    .label_en = "renewal of a ground",
    .moves = renewal_moves,
    .move_count = COUNT_OF(renewal_moves),
    .messages = renewal_messages,
    .message_count = COUNT_OF(renewal_messages),
    .opening = TASK_EVENT_RENEW,
};
