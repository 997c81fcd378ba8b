/* services/runtime/task/disagreement.c: what two institutions disagree on, as one table; pure. */
#include "services/runtime/task/disagreement.h"

#include "services/runtime/task/descriptor_roles.h"
#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, RAISE, S, AT_SPECIALISTS),

    MOVE(PENDING, RAISE, S, AT_SPECIALISTS),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(AT_SPECIALISTS, ANSWER, R, AT_SPECIALISTS),
    MOVE_UNLESS(CLIMB, AT_SPECIALISTS, CLIMB, S, AT_SUPERVISORS),
    MOVE_UNLESS(CLIMB, AT_SPECIALISTS, CLIMB, R, AT_SUPERVISORS),
    MOVE(AT_SPECIALISTS, SETTLE, S, SETTLED),
    MOVE(AT_SPECIALISTS, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(AT_SPECIALISTS, OFFER_UNREADABLE, S | R, UNREADABLE),

    MOVE(AT_SUPERVISORS, ANSWER, R, AT_SUPERVISORS),
    MOVE_UNLESS(CLIMB, AT_SUPERVISORS, CLIMB, S, AT_HEADS),
    MOVE_UNLESS(CLIMB, AT_SUPERVISORS, CLIMB, R, AT_HEADS),
    MOVE(AT_SUPERVISORS, SETTLE, S, SETTLED),
    MOVE(AT_SUPERVISORS, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(AT_SUPERVISORS, OFFER_UNREADABLE, S | R, UNREADABLE),

    MOVE(AT_HEADS, ANSWER, R, AT_HEADS),
    MOVE_UNLESS(CLIMB, AT_HEADS, CLIMB, S, AT_MANAGEMENT),
    MOVE_UNLESS(CLIMB, AT_HEADS, CLIMB, R, AT_MANAGEMENT),
    MOVE(AT_HEADS, SETTLE, S, SETTLED),
    MOVE(AT_HEADS, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(AT_HEADS, OFFER_UNREADABLE, S | R, UNREADABLE),

    MOVE(AT_MANAGEMENT, ANSWER, R, AT_MANAGEMENT),
    MOVE(AT_MANAGEMENT, SETTLE, S, SETTLED),
    MOVE(AT_MANAGEMENT, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(AT_MANAGEMENT, OFFER_UNREADABLE, S | R, UNREADABLE),

    MOVE(SETTLED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(SETTLED, OFFER_UNREADABLE, S | R, UNREADABLE),

    /* At the index at which the ground was stopped. */
    MOVE(AT_SPECIALISTS, GROUND_STOPPED, S, STOPPED),
    MOVE(AT_SUPERVISORS, GROUND_STOPPED, S, STOPPED),
    MOVE(AT_HEADS, GROUND_STOPPED, S, STOPPED),
    MOVE(AT_MANAGEMENT, GROUND_STOPPED, S, STOPPED),
    MOVE(STOPPED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(STOPPED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(DISAGREEMENT_RAISE, RAISE), .opens = true, .grounded = S},
    {ACT(DISAGREEMENT_ANSWER, ANSWER)},
    {ACT(DISAGREEMENT_CLIMB, CLIMB), .bare = true},
    {ACT(DISAGREEMENT_SETTLE, SETTLE), .grounded = S},
};

const struct task_sort disagreement_sort = {
    .name = "disagreement",
    .label_lv = "domstarpība",
    .label_en = "disagreement",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_RAISE,
};

/* Whose each level is, and where it climbs to. */
static const struct {
	enum task_state state;
	const char *above;
	uint32_t roles;
} levels[] = {
    {TASK_AT_SPECIALISTS, "supervisor", ROLES_STAFF},
    {TASK_AT_SUPERVISORS, "heads", ROLES_DECIDE},
    {TASK_AT_HEADS, "management", 1U << ROLE_HEAD},
    {TASK_AT_MANAGEMENT, NULL, 1U << ROLE_HEAD},
};

const char *
disagreement_above(enum task_state state)
{
	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (levels[i].state == state)
			return levels[i].above;
	return NULL;
}

bool
disagreement_may(enum task_state state, enum role role)
{
	for (size_t i = 0; i < COUNT_OF(levels); i++)
		if (levels[i].state == state)
			return (levels[i].roles >> role & 1) != 0;
	return false;
}
