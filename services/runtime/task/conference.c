/* services/runtime/task/conference.c: a sitting of a cooperation group as one table; pure. */
#include "services/runtime/task/conference.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, PROPOSE, S, PROPOSED),
    MOVE(NONE, NOT_PERMITTED, S | R | O, VOID),

    MOVE(PENDING, PROPOSE, S, PROPOSED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(PROPOSED, CONVENE, S, CONVENED),
    MOVE(PROPOSED, CALL_OFF, S, CALLED_OFF),

    MOVE(CONVENED, CONVENE, S, CONVENED),
    MOVE(CONVENED, WILL_COME, R, CONVENED),
    MOVE(CONVENED, WILL_NOT_COME, R, CONVENED),
    MOVE(CONVENED, DELEGATE, R, CONVENED),
    MOVE(CONVENED, HELD, S, HELD),
    MOVE(CONVENED, INQUORATE, S, INQUORATE),
    MOVE(CONVENED, CALL_OFF, S, CALLED_OFF),

    MOVE(HELD, SIGN_ALL, S | R, HELD),

    MOVE(INQUORATE, CONVENE, S, CONVENED),
    MOVE(INQUORATE, CALL_OFF, S, CALLED_OFF),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(CONFERENCE_PROPOSE, PROPOSE), .opens = true, .bare = true},
    {ACT(CONFERENCE_CONVENE, CONVENE), .bare = true},
    {ACT(CONFERENCE_ACCEPT, WILL_COME), .bare = true},
    {ACT(CONFERENCE_DECLINE, WILL_NOT_COME), .bare = true},
    {ACT(CONFERENCE_DELEGATE, DELEGATE), .bare = true},
    {ACT(CONFERENCE_HELD, HELD), .bare = true},
    {ACT(CONFERENCE_INQUORATE, INQUORATE), .bare = true},
    {ACT(CONFERENCE_CANCEL, CALL_OFF), .bare = true},
    {ACT(CONFERENCE_SIGN, SIGN_ALL), .bare = true},
};

const struct task_sort conference_sort = {
    .name = "conference",
    .label_lv = "sēde",
    .label_en = "sitting",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_PROPOSE,
    .share = TASK_OF_ALL,
};
