/* services/runtime/exchange/sittings.h: a sitting as we know it: what counts of its circle's acts. */
#ifndef SAIKNE_SITTINGS_H
#define SAIKNE_SITTINGS_H

#include "protocol/wire/content.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/task/sitting.h"

struct service;

/* Whether an act of TYPE is of a sitting or of a matter on its agenda. */
bool sittings_has(enum message type);
/* What the fold will read of the act ROW: to be kept with its row. */
MUST_CHECK enum status sittings_keep(
    struct service *service, const struct event_row *row, const struct content *content);

/* Kinds as the directory has them. */
struct sitting_kinds sittings_kinds(const struct service *service);

/*
 * Whether AUTHOR may call the sitting that CONTENT, which came, proposes: who chairs, sits and writes,
 * and how many are needed, is its group's to say. STATUS_BAD_CONTENT: no such group is known;
 * STATUS_NOT_PERMITTED, STATUS_NO_QUORUM. What proposes none is STATUS_OK.
 */
MUST_CHECK enum status sittings_judge(
    const struct service *service, const char *author, const struct content *content);

/* ACT, and of CONTENT what a sitting needs; what it signs is put into SIGNS. */
void sittings_act(const struct circle_act *act, const struct content *content,
    struct sitting_act *out, struct minutes_entry signs[static MINUTES_MAX]);
/* The same of all of ACTS from what was kept: *OUT, one for each, is to be freed. */
MUST_CHECK enum status sittings_read(struct service *service, uint64_t circle_n,
    const struct circle_act *acts, size_t count, struct sitting_act **out);
/* What the acts sign goes with them; ACTS may be NULL. */
void sittings_free(struct sitting_act *acts, size_t count);

#endif
