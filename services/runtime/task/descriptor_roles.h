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

/*
 * Rows of a descriptor's acts: of a case over institutions every kind may be a member, and lead.
 * Who leads a case decides on what binds the institution; whoever works with children says what
 * is known, and does what was assigned.
 */
/* clang-format off */
#define ACTS_OF_CASES                                                                          \
	{MESSAGE_CASE_OPEN, ROLES_LEAD}, {MESSAGE_CASE_ADD, ROLES_LEAD},                       \
	{MESSAGE_CASE_REMOVE, ROLES_LEAD}, {MESSAGE_CASE_LEAVE, ROLES_LEAD},                   \
	{MESSAGE_CASE_HAND_OVER, ROLES_LEAD}, {MESSAGE_CASE_REPORT, ROLES_STAFF},              \
	{MESSAGE_CASE_CLOSE, ROLES_LEAD}, {MESSAGE_CASE_REOPEN, ROLES_LEAD},                   \
	{MESSAGE_CASE_LINK, ROLES_LEAD}, {MESSAGE_CASE_MISTAKE, ROLES_LEAD}, {MESSAGE_LEAD_OFFER, ROLES_LEAD},                     \
	{MESSAGE_LEAD_ACCEPT, ROLES_LEAD}, {MESSAGE_LEAD_REJECT, ROLES_LEAD},                  \
	{MESSAGE_LEAD_REVOKE, ROLES_LEAD}, {MESSAGE_LEAD_CLAIM, ROLES_LEAD},                   \
	{MESSAGE_ACTION_ASSIGN, ROLES_LEAD},                                                   \
	{MESSAGE_ACTION_ACCEPT, ROLES_STAFF}, {MESSAGE_ACTION_DECLINE, ROLES_LEAD},            \
	{MESSAGE_ACTION_START, ROLES_STAFF}, {MESSAGE_ACTION_DONE, ROLES_STAFF},               \
	{MESSAGE_ACTION_VERIFY, ROLES_LEAD}, {MESSAGE_ACTION_RETURN, ROLES_LEAD},              \
	{MESSAGE_ACTION_FAIL, ROLES_STAFF}, {MESSAGE_ACTION_WITHDRAW, ROLES_LEAD}

/* Of sittings: who leads calls them, decides and signs; whoever knows a case reports on it. */
#define ACTS_OF_SITTINGS                                                                       \
	{MESSAGE_CONFERENCE_PROPOSE, ROLES_LEAD}, {MESSAGE_CONFERENCE_CONVENE, ROLES_LEAD},    \
	{MESSAGE_CONFERENCE_ACCEPT, ROLES_STAFF}, {MESSAGE_CONFERENCE_DECLINE, ROLES_STAFF},   \
	{MESSAGE_CONFERENCE_DELEGATE, ROLES_LEAD}, {MESSAGE_CONFERENCE_HELD, ROLES_LEAD},      \
	{MESSAGE_CONFERENCE_INQUORATE, ROLES_LEAD}, {MESSAGE_CONFERENCE_CANCEL, ROLES_LEAD},   \
	{MESSAGE_CONFERENCE_SIGN, ROLES_LEAD},                                                 \
	{MESSAGE_MATTER_PUT, ROLES_STAFF}, {MESSAGE_MATTER_REPORT, ROLES_STAFF},               \
	{MESSAGE_MATTER_DROP, ROLES_LEAD}, {MESSAGE_MATTER_DECIDE, ROLES_LEAD},                \
	{MESSAGE_MATTER_MINUTES, ROLES_LEAD}, {MESSAGE_MATTER_CORRECT, ROLES_STAFF},           \
	{MESSAGE_MATTER_SIGN, ROLES_LEAD}, {MESSAGE_MATTER_DISSENT, ROLES_LEAD},               \
	{MESSAGE_MATTER_FINAL, ROLES_LEAD}, {MESSAGE_MATTER_MISTAKE, ROLES_LEAD}
/* clang-format on */

#endif
