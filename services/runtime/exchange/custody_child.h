/* services/runtime/exchange/custody_child.h: which cases of ours are about a child that a message names. */
#ifndef SAIKNE_CUSTODY_CHILD_H
#define SAIKNE_CUSTODY_CHILD_H

#include "protocol/wire/content.h"
#include "services/runtime/store/vault.h"
#include "services/runtime/task/custody_fact.h"

struct service;

#define CUSTODY_CASES_MAX 32  /* of one child */
#define CUSTODY_LOOK_MAX  256 /* cases of its name that are looked into */

/* Whom CONTENT names; false where nothing tells one child from another: a code, or a day of birth. */
MUST_CHECK bool custody_child_of(const struct content *content, struct custody_child *out);
/*
 * The cases of CHILD, newest first: by its personal code; and those of its name, which are looked
 * into for its day of birth, and that it has no other code.
 */
struct custody_cases {
	uint64_t n[CUSTODY_CASES_MAX];
	unsigned count;
};
MUST_CHECK enum status custody_child_cases(
    struct service *service, const struct custody_child *child, struct custody_cases *out);

#endif
