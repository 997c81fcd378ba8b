/* services/runtime/task/matter.c: one case on the agenda of a sitting as one table; pure. */
#include "services/runtime/task/matter.h"

#include "services/runtime/task/task_moves.h"

/*
 * What is not listed does not follow: it is shown, and changes nothing. Of decisions and minutes by
 * another member than the chair those of the secretary alone count (sitting.h).
 */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, QUEUED, R, PENDING),
    MOVE(NONE, PUT, S, ON_AGENDA),
    MOVE(NONE, PUT, R, ON_AGENDA),
    MOVE(NONE, NOT_PERMITTED, S | R | O, VOID),

    MOVE(PENDING, PUT, S, ON_AGENDA),
    MOVE(PENDING, PUT, R, ON_AGENDA),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(ON_AGENDA, REPORT, S | R, ON_AGENDA),
    MOVE(ON_AGENDA, ENTERED_IN_ERROR, S | R, ON_AGENDA),
    MOVE(ON_AGENDA, DROP, S, DROPPED),
    MOVE(ON_AGENDA, DECIDE, S, DECIDED),
    MOVE(ON_AGENDA, DECIDE, R, DECIDED),

    MOVE(DECIDED, REPORT, S | R, DECIDED),
    MOVE(DECIDED, ENTERED_IN_ERROR, S | R, DECIDED),
    MOVE(DECIDED, MINUTES, S, MINUTED),
    MOVE(DECIDED, MINUTES, R, MINUTED),

    MOVE(MINUTED, ENTERED_IN_ERROR, S | R, MINUTED),
    MOVE(MINUTED, MINUTES, S | R, MINUTED),
    MOVE(MINUTED, SIGN, S | R, MINUTED),
    MOVE(MINUTED, DISSENT, S | R, MINUTED),
    MOVE(MINUTED, CORRECT, S, CORRECTED),
    MOVE(MINUTED, CORRECT, R, CORRECTED),
    MOVE(MINUTED, FINAL, S, FINAL),

    MOVE(CORRECTED, ENTERED_IN_ERROR, S | R, CORRECTED),
    MOVE(CORRECTED, CORRECT, S | R, CORRECTED),
    MOVE(CORRECTED, SIGN, S | R, CORRECTED),
    MOVE(CORRECTED, DISSENT, S | R, CORRECTED),
    MOVE(CORRECTED, MINUTES, S, MINUTED),
    MOVE(CORRECTED, MINUTES, R, MINUTED),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(MATTER_PUT, PUT), .opens = true, .grounded = S | R, .own_ground = true},
    {ACT(MATTER_REPORT, REPORT), .grounded = S | R, .own_ground = true},
    {ACT(MATTER_DROP, DROP), .bare = true},
    {ACT(MATTER_DECIDE, DECIDE), .grounded = S | R, .own_ground = true},
    {ACT(MATTER_MINUTES, MINUTES), .grounded = S | R, .own_ground = true},
    {ACT(MATTER_CORRECT, CORRECT), .grounded = S | R, .own_ground = true},
    {ACT(MATTER_SIGN, SIGN), .bare = true},
    {ACT(MATTER_DISSENT, DISSENT), .grounded = S | R, .own_ground = true},
    {ACT(MATTER_FINAL, FINAL), .bare = true},
    {ACT(MATTER_MISTAKE, ENTERED_IN_ERROR), .bare = true},
};

const struct task_sort matter_sort = {
    .name = "matter",
    .label_lv = "jautājums",
    .label_en = "matter",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_PUT,
    .share = TASK_OF_ALL,
};
