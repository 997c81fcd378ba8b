/* services/runtime/task/task_moves.h: how the tables of the sorts write their lines. */
#ifndef SAIKNE_TASK_MOVES_H
#define SAIKNE_TASK_MOVES_H

#include "services/runtime/task/task.h"

#define S TASK_SENDER
#define R TASK_RECIPIENT
#define O TASK_ONLOOKER

#define MOVE(from, event, by, to)                                                              \
	{                                                                                      \
		TASK_##from, TASK_EVENT_##event, by, TASK_##to, TASK_ALWAYS, 0                 \
	}
#define MOVE_WITH_CONTENT(from, event, by, to)                                                 \
	{                                                                                      \
		TASK_##from, TASK_EVENT_##event, by, TASK_##to, TASK_WITH_CONTENT, 0           \
	}
#define MOVE_UNLESS(over, from, event, by, to)                                                 \
	{                                                                                      \
		TASK_##from, TASK_EVENT_##event, by, TASK_##to, TASK_UNLESS_CROSSED,           \
		    TASK_EVENT_##over                                                          \
	}
#define MOVE_IF(over, from, event, by, to)                                                     \
	{                                                                                      \
		TASK_##from, TASK_EVENT_##event, by, TASK_##to, TASK_IF_CROSSED,               \
		    TASK_EVENT_##over                                                          \
	}

/* A message type of the sort, and the event that it is. */
#define ACT(message, what) .type = MESSAGE_##message, .event = TASK_EVENT_##what

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
