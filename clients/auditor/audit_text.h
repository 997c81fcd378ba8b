/* clients/auditor/audit_text.h: entries as people, tables and other programs read them. */
#ifndef SAIKNE_AUDIT_TEXT_H
#define SAIKNE_AUDIT_TEXT_H

#include <jansson.h>

#include "clients/auditor/audit_store.h"

/* The parts of an entry that a table has columns for; "" where a kind has none. */
struct audit_row {
	char time[21];
	const char *kind;
	struct bytes from; /* sender; of refusals and sessions the party */
	struct buffer to;  /* recipients, with a blank between; to be freed */
	char what[160];    /* message type, evidence, refusal, statement */
	char id[2 * SUITE_ID_LEN + 1];
	char case_token[2 * SUITE_ID_LEN + 1];
};

/* FROM borrows from LEAF. */
void audit_text_row(const struct leaf *leaf, struct audit_row *out);
/* One line for a list, with a newline. An entry that cannot be read says so. */
void audit_text_line(const struct audit_entry *entry, struct buffer *out);
/* Everything, a line for each fact. */
void audit_text_full(const struct audit_entry *entry, struct buffer *out);
/* Of one of the kinds, in English: a message id for lang_text(). */
const char *audit_text_evidence(enum evidence_kind kind);
/* NULL when memory ran out. WHOLE adds the leaf's bytes in base64. */
json_t *audit_text_json(const struct audit_entry *entry, bool whole);

#endif
