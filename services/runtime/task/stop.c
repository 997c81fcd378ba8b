/* services/runtime/task/stop.c: the stop of a ground as one table; pure. */
#include "services/runtime/task/stop.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
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
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(GROUND_STOP, STOP), .opens = true, .grounded = S},
    {ACT(GROUND_STOP_ANSWER, ANSWER), .bare = true},
};

const struct task_sort stop_sort = {
    .name = "stop",
    .label_lv = "pamata izbeigšana",
    .label_en = "stop of a ground",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_STOP,
};
