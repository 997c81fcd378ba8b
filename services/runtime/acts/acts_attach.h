/* services/runtime/acts/acts_attach.h: documents: brought to the desk, cited by acts, opened. */
#ifndef SAIKNE_ACTS_ATTACH_H
#define SAIKNE_ACTS_ATTACH_H

#include "services/runtime/acts/acts.h"
#include "services/runtime/exchange/documents.h"

#define ACTS_ATTACH_PART_MAX (2 * 1024 * 1024) /* bytes of one part */

/*
 * POST /v1/attachments { "name", "category", "size" }, with a "case" or a "task" of one that it
 * is for: it is sealed under that case's key then, and only who knows the case comes to it, from
 * the beginning. Then its bytes in parts:
 * PUT /v1/attachments/{id}?offset=N, each of which answers how far the document has come: whole
 * chunks of 256 KiB are taken, what is left over is to be given again. Answer of all, and of
 * GET /v1/attachments/{id}/state:
 * { "attachment", "offset", "size", "whole", "type", "part_max" }
 * What no act cites within a day is removed.
 */
enum status acts_attach_begin(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
enum status acts_attach_part(struct service *service, const struct actor *actor, const char *id,
    uint64_t offset, struct document_part part, json_t **answer, struct refusal *refusal);
enum status acts_attach_state(struct service *service, const struct actor *actor,
    const char *id, json_t **answer, struct refusal *refusal);
/* GET /v1/attachments/{id}: recorded, then read piece by piece. NAME as its sender gave it. */
enum status acts_attach_open(struct service *service, const struct actor *actor, const char *id,
    struct document_reader *out, struct buffer *name, struct refusal *refusal);

/* Appends the next piece; nothing at the end. STATUS_BAD_ATTACHMENT. */
MUST_CHECK enum status acts_attach_read(
    struct service *service, struct document_reader *reader, struct buffer *out);

/* The case that an act is of; 0 and NULL while it has none. */
struct acts_attach_place {
	uint64_t case_n;
	const struct case_key *key;
};
/* REQUEST's "attachments": [id, ...] into the fields of their categories. */
MUST_CHECK enum status acts_attach_fill(struct service *service, const struct actor *actor,
    const json_t *request, const struct acts_attach_place *place, struct content *out,
    struct refusal *refusal);
/* The documents that CONTENT cites come into the case, in the open transaction. */
MUST_CHECK enum status acts_attach_claim(struct service *service, const struct content *content,
    const struct acts_attach_place *place);
/* Appends { "attachment", "name", "type", "size", "category", "by", "from" } for each of FIELD. */
MUST_CHECK enum status acts_attach_list(struct service *service, uint64_t case_n,
    const struct content *content, unsigned field, const uint8_t message[static SUITE_ID_LEN],
    const char *author, json_t *out);

#endif
