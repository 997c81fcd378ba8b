/* services/runtime/task/climbed.c: what climbed to the management group as one table; pure. */
#include "services/runtime/task/climbed.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, NOTICE, S, TOLD),

    MOVE(PENDING, NOTICE, S, TOLD),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(TOLD, OFFER_DELIVERED, S | R, RECEIVED),
    MOVE(TOLD, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(TOLD, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(TOLD, ACKNOWLEDGE, R, IN_PROGRESS),
    MOVE(TOLD, SETTLE, S, SETTLED),

    MOVE(RECEIVED, ACKNOWLEDGE, R, IN_PROGRESS),
    MOVE(RECEIVED, SETTLE, S, SETTLED),

    MOVE(IN_PROGRESS, SETTLE, S, SETTLED),

    MOVE(SETTLED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(SETTLED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(CLIMBED, NOTICE), .opens = true, .bare = true},
    {ACT(CLIMBED_TAKEN, ACKNOWLEDGE), .bare = true},
    {ACT(CLIMBED_OVER, SETTLE), .bare = true},
};

const struct task_sort climbed_sort = {
    .name = "climbed",
    .label_lv = "nokavēts jautājums vadības grupai",
    .label_en = "overdue matter for the management group",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_NOTICE,
};
