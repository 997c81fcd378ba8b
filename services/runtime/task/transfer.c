/* services/runtime/task/transfer.c: an offer of the lead, or a claim to it, as one table; pure. */
#include "services/runtime/task/transfer.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, OFFER_LEAD, S, LEAD_OFFERED),
    MOVE(NONE, QUEUED, R, PENDING),
    MOVE(NONE, CLAIM_LEAD, R, LEAD_CLAIMED),
    MOVE(NONE, NOT_PERMITTED, S | R | O, VOID),

    MOVE(PENDING, OFFER_LEAD, S, LEAD_OFFERED),
    MOVE(PENDING, CLAIM_LEAD, R, LEAD_CLAIMED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(LEAD_OFFERED, TAKE_LEAD, R, LEAD_TAKEN),
    MOVE(LEAD_OFFERED, REJECT_LEAD, R, LEAD_NOT_TAKEN),
    MOVE(LEAD_OFFERED, REVOKE_LEAD, S, REVOKED),
    MOVE(LEAD_OFFERED, LAPSE, S, LAPSED),

    MOVE(LEAD_CLAIMED, TAKE_LEAD, R, LEAD_TAKEN),
    MOVE(LEAD_CLAIMED, REJECT_LEAD, R, CLAIM_WITHDRAWN),
    MOVE(LEAD_CLAIMED, REVOKE_LEAD, S, CLAIM_REFUSED),
    MOVE(LEAD_CLAIMED, LAPSE, S, CLAIM_LAPSED),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(LEAD_OFFER, OFFER_LEAD), .opens = true, .bare = true},
    {ACT(LEAD_ACCEPT, TAKE_LEAD), .bare = true},
    {ACT(LEAD_REJECT, REJECT_LEAD), .bare = true},
    {ACT(LEAD_REVOKE, REVOKE_LEAD), .bare = true},
    {ACT(LEAD_CLAIM, CLAIM_LEAD), .opens = true, .bare = true},
};

const struct task_sort transfer_sort = {
    .name = "transfer",
    .label_lv = "vadības nodošana",
    .label_en = "transfer of the lead",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_OFFER_LEAD,
    .share = TASK_OF_ONE,
};
