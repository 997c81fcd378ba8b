/* services/runtime/task/pass.c: an entry of a shared history passed on, or asked for, as tables; pure. */
#include "services/runtime/task/pass.h"

#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
#define MOVES(OPENING)                                                                         \
	{                                                                                      \
		MOVE(NONE, QUEUED, S, PENDING), MOVE(NONE, OPENING, S, INFORMED),              \
		    MOVE(PENDING, OPENING, S, INFORMED),                                       \
		    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),                              \
		    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),                        \
		    MOVE(INFORMED, OFFER_EXPIRED, S | R, EXPIRED),                             \
		    MOVE(INFORMED, OFFER_UNREADABLE, S | R, UNREADABLE),                       \
	}

static const struct task_move passes[] = MOVES(PASS);
static const struct task_move asks[] = MOVES(ASK);

static const struct task_message pass_messages[] = {
    {ACT(HISTORY_PASS, PASS), .opens = true, .grounded = S},
    {ACT(HISTORY_PASS_ACTS, PASS), .opens = true, .bare = true},
};
static const struct task_message ask_messages[] = {
    {ACT(HISTORY_ASK, ASK), .opens = true, .bare = true},
};

const struct task_sort pass_sort = {
    .name = "pass",
    .label_lv = "nodots vēstures ieraksts",
    .label_en = "entry of a shared history passed on",
    .moves = passes,
    .move_count = COUNT_OF(passes),
    .messages = pass_messages,
    .message_count = COUNT_OF(pass_messages),
    .opening = TASK_EVENT_PASS,
    .quiet = true,
};

const struct task_sort pass_ask_sort = {
    .name = "ask",
    .label_lv = "lūgums nodot vēstures ierakstus",
    .label_en = "request for entries of a shared history",
    .moves = asks,
    .move_count = COUNT_OF(asks),
    .messages = ask_messages,
    .message_count = COUNT_OF(ask_messages),
    .opening = TASK_EVENT_ASK,
    .quiet = true,
};
