/* services/runtime/acts/acts_circle_inside.h: what the files of acts_circle.c share. */
#ifndef SAIKNE_ACTS_CIRCLE_INSIDE_H
#define SAIKNE_ACTS_CIRCLE_INSIDE_H

#include "services/runtime/acts/acts_circle.h"
#include "services/runtime/acts/acts_ground.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_sitting_inside.h"
#include "services/runtime/exchange/circles.h"

/* A step in a circle, as it is about to be taken. */
struct circle_doing {
	struct service *service;
	const struct actor *actor;
	const struct acts_verb *verb;
	const json_t *request;
	struct refusal *refusal;
	struct task_row on;   /* what it is done on */
	struct task_row task; /* what it is a message of: the same, or what it opens */
	struct circle circle; /* as it is now */
	/* The others, as the directory has them, and what the ground lets each have. */
	const struct party *to[CIRCLE_MEMBERS_MAX];
	category_set covered[CIRCLE_MEMBERS_MAX];
	unsigned count;
	struct acts_ground ground; /* BODY NULL: it rests on none of its own choice */
	struct content content;
	struct acts_signing signing; /* of an act that signs several minutes */
};

/*
 * A step on ON, a task that a circle shares: VERB fits its sort, and ACTOR's role may do it. In the
 * request fields of the type by name, personal data in "content" or not, documents, the words of a
 * ground (without: that of the case); "other" of a link, "matter" of an action: a task's id; "message" of a
 * mistake: a report's, or how it begins.
 * Answer: { "task", "state", "message", "members": [{ "to", "kind", "goes", "stays" }] }; of
 * minutes signed together which, too (acts_sitting_inside.h).
 */
MUST_CHECK enum status acts_circle_step(struct service *service, const struct actor *actor,
    const struct task_row *on, const struct acts_verb *verb, const json_t *request,
    json_t **answer, struct refusal *refusal);

/* What nobody said that can only be one thing: until when who leads may object to a claim. */
MUST_CHECK enum status acts_circle_fill(struct circle_doing *doing);
/* Whether it may be said now and here: what others would find without effect is refused. */
MUST_CHECK enum status acts_circle_rules(struct circle_doing *doing);
/* The same before anything is read: it is open, and we are of it. */
MUST_CHECK enum status acts_circle_state(struct circle_doing *doing);

#endif
