/* services/runtime/task/action.c: an action assigned to one member as one table; pure. */
#include "services/runtime/task/action.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, ASSIGN, S, ASSIGNED),
    MOVE(NONE, NOT_PERMITTED, S | R | O, VOID),

    MOVE(PENDING, ASSIGN, S, ASSIGNED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(ASSIGNED, ACCEPT, R, ACCEPTED),
    MOVE(ASSIGNED, DECLINE, R, DECLINED),
    MOVE(ASSIGNED, WITHDRAW, S, CANCELLED),

    MOVE(ACCEPTED, START, R, IN_PROGRESS),
    MOVE(ACCEPTED, DONE, R, DONE),
    MOVE(ACCEPTED, FAIL, R, FAILED),
    MOVE(ACCEPTED, WITHDRAW, S, CANCELLED),

    MOVE(IN_PROGRESS, DONE, R, DONE),
    MOVE(IN_PROGRESS, FAIL, R, FAILED),
    MOVE(IN_PROGRESS, WITHDRAW, S, CANCELLED),

    MOVE(DONE, VERIFY, S, VERIFIED),
    MOVE(DONE, RETURN, S, IN_PROGRESS),

    MOVE(DECLINED, WITHDRAW, S, CANCELLED),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(ACTION_ASSIGN, ASSIGN), .opens = true, .grounded = S | R, .own_ground = true},
    {ACT(ACTION_ACCEPT, ACCEPT), .bare = true},
    {ACT(ACTION_DECLINE, DECLINE), .bare = true},
    {ACT(ACTION_START, START), .bare = true},
    {ACT(ACTION_DONE, DONE), .grounded = S | R, .own_ground = true},
    {ACT(ACTION_VERIFY, VERIFY), .bare = true},
    {ACT(ACTION_RETURN, RETURN), .bare = true},
    {ACT(ACTION_FAIL, FAIL), .bare = true},
    {ACT(ACTION_WITHDRAW, WITHDRAW), .bare = true},
};

const struct task_sort action_sort = {
    .name = "action",
    .label_lv = "rīcība",
    .label_en = "action",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_ASSIGN,
    .share = TASK_OF_ONE,
};
