/* services/runtime/people/actor.h: who asks: a person, or a system that bears a token. */
#ifndef SAIKNE_ACTOR_H
#define SAIKNE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "services/runtime/task/descriptor.h"

struct actor {
	uint64_t person; /* the row in table people; 0 only where ROLE is ROLE_NONE */
	char user[64];   /* how the own records name them; it goes nowhere else */
	enum role role;
	bool system; /* a token of another program, not somebody at a desk */
};

#endif
