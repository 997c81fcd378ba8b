/* services/runtime/task/case.c: a case over several institutions as one table; pure. */
#include "services/runtime/task/case.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, OPEN, S, OPEN),
    MOVE(NONE, NOT_PERMITTED, S | R | O, VOID),

    MOVE(PENDING, OPEN, S, OPEN),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(OPEN, ADD, S, OPEN),
    MOVE(OPEN, REMOVE, S, OPEN),
    MOVE(OPEN, LEAVE, R, OPEN),
    MOVE(OPEN, HAND_OVER, R, OPEN),
    MOVE(OPEN, REPORT, S | R, OPEN),
    MOVE(OPEN, ENTERED_IN_ERROR, S | R, OPEN),
    MOVE(OPEN, LINK, S, OPEN),
    MOVE(OPEN, CLOSE, S, CLOSED),

    MOVE(CLOSED, REOPEN, S, OPEN),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(CASE_OPEN, OPEN), .opens = true, .grounded = S | R, .own_ground = true},
    {ACT(CASE_ADD, ADD), .bare = true},
    {ACT(CASE_REMOVE, REMOVE), .bare = true},
    {ACT(CASE_LEAVE, LEAVE), .bare = true},
    {ACT(CASE_HAND_OVER, HAND_OVER), .bare = true},
    {ACT(CASE_REPORT, REPORT), .grounded = S | R, .own_ground = true},
    {ACT(CASE_CLOSE, CLOSE), .bare = true},
    {ACT(CASE_REOPEN, REOPEN), .bare = true},
    {ACT(CASE_LINK, LINK), .bare = true},
    {ACT(CASE_MISTAKE, ENTERED_IN_ERROR), .bare = true},
};

const struct task_sort case_sort = {
    .name = "case",
    .label_lv = "kopīgs gadījums",
    .label_en = "case over institutions",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_OPEN,
    .share = TASK_OF_ALL,
};
