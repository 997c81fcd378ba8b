/* services/runtime/task/descriptor_roles.h: sets of roles that descriptors name. */
#ifndef SAIKNE_DESCRIPTOR_ROLES_H
#define SAIKNE_DESCRIPTOR_ROLES_H

#include "services/runtime/task/descriptor.h"

/* Those who decide on disagreement; those who lead a case; whoever works with children. */
#define ROLES_DECIDE (1U << ROLE_SUPERVISOR | 1U << ROLE_HEAD)
#define ROLES_LEAD   (1U << ROLE_CASE_MANAGER | 1U << ROLE_SUPERVISOR | 1U << ROLE_HEAD)
#define ROLES_STAFF  (1U << ROLE_SPECIALIST | ROLES_LEAD)

/* Acts that are the same everywhere: at each level its people (disagreement.h); the chair's. */
#define ACTS_OF_DISAGREEMENT                                                                   \
	{MESSAGE_DISAGREEMENT_RAISE, ROLES_STAFF}, {MESSAGE_DISAGREEMENT_ANSWER, ROLES_STAFF}, \
	    {MESSAGE_DISAGREEMENT_CLIMB, ROLES_STAFF},                                         \
	    {MESSAGE_DISAGREEMENT_SETTLE, ROLES_STAFF},                                        \
	{                                                                                      \
		MESSAGE_CLIMBED_TAKEN, ROLES_DECIDE                                            \
	}

#endif
