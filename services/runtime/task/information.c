/* services/runtime/task/information.c: the information request as one table; pure. */
#include "services/runtime/task/information.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, REQUEST, S, REQUESTED),

    MOVE(PENDING, REQUEST, S, REQUESTED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(REQUESTED, OFFER_DELIVERED, S | R, RECEIVED),
    MOVE(REQUESTED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(REQUESTED, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(REQUESTED, START, R, UNDER_WORK),
    MOVE(REQUESTED, ANSWER, R, ANSWERED),
    MOVE(REQUESTED, REFUSE, R, ANSWER_REFUSED),
    MOVE(REQUESTED, WITHDRAW, S, WITHDRAWN),
    MOVE(REQUESTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(RECEIVED, START, R, UNDER_WORK),
    MOVE(RECEIVED, ANSWER, R, ANSWERED),
    MOVE(RECEIVED, REFUSE, R, ANSWER_REFUSED),
    MOVE(RECEIVED, WITHDRAW, S, WITHDRAWN),
    MOVE(RECEIVED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(UNDER_WORK, ANSWER, R, ANSWERED),
    MOVE(UNDER_WORK, REFUSE, R, ANSWER_REFUSED),
    MOVE(UNDER_WORK, WITHDRAW, S, WITHDRAWN),
    MOVE(UNDER_WORK, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE_IF(ANSWER, ANSWERED, WITHDRAW, S, ANSWERED),
    MOVE(ANSWERED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(ANSWERED, ENTERED_IN_ERROR, R, UNDER_WORK),

    MOVE_IF(REFUSE, ANSWER_REFUSED, WITHDRAW, S, ANSWER_REFUSED),
    MOVE(ANSWER_REFUSED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(ANSWER_REFUSED, ENTERED_IN_ERROR, R, UNDER_WORK),

    MOVE_IF(WITHDRAW, WITHDRAWN, START, R, WITHDRAWN),
    MOVE_IF(WITHDRAW, WITHDRAWN, ANSWER, R, ANSWERED),
    MOVE_IF(WITHDRAW, WITHDRAWN, REFUSE, R, ANSWER_REFUSED),
    MOVE(WITHDRAWN, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(WITHDRAWN, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(WITHDRAWN, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    /* At the index at which the ground was stopped. */
    MOVE(REQUESTED, GROUND_STOPPED, S, STOPPED),
    MOVE(RECEIVED, GROUND_STOPPED, S, STOPPED),
    MOVE(UNDER_WORK, GROUND_STOPPED, S, STOPPED),
    MOVE(STOPPED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(STOPPED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(INFORMATION_REQUEST, REQUEST), .opens = true, .grounded = S},
    {ACT(INFORMATION_START, START)},
    {ACT(INFORMATION_ANSWER, ANSWER), .grounded = R, .own_ground = true, .as_asked = true},
    {ACT(INFORMATION_REFUSE, REFUSE)},
    {ACT(INFORMATION_WITHDRAW, WITHDRAW), .grounded = S},
    {ACT(INFORMATION_ENTERED_IN_ERROR, ENTERED_IN_ERROR), .grounded = S},
};

const struct task_sort information_sort = {
    .name = "information",
    .label_lv = "informācijas pieprasījums",
    .label_en = "information request",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_REQUEST,
};

category_set
information_asked(const struct content *request)
{
	category_set set = CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_PROCEEDINGS) |
	                   CATEGORY_BIT(CATEGORY_GROUND);
	struct bytes name;
	enum category category;

	for (unsigned i = 0; content_code_at(request, FIELD_ASKED, i, &name); i++)
		if (category_named(name, &category))
			set |= CATEGORY_BIT(category);
	return set;
}
