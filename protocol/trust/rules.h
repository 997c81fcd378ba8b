/* protocol/trust/rules.h: whether a statement follows from the directory, and what it changes. */
#ifndef SAIKNE_RULES_H
#define SAIKNE_RULES_H

#include "protocol/proof/note.h"
#include "protocol/trust/roster.h"

#define RULES_REGISTRAR "registrar" /* the code and the kind of the one that is certified */

/* The directory's whole state. Only the rules change it; directory.c reads it. */
struct directory {
	char network[NETWORK_MAX + 1];
	uint8_t root[SUITE_SIGN_PUBLIC];
	struct roster roster;
	/* From the NETWORK statement. */
	bool founded;
	char log_name[NOTE_NAME_MAX + 1];
	uint8_t log_key[SUITE_SIGN_PUBLIC];
	uint8_t broker[SUITE_BOX_PUBLIC];
	/* From the last REGISTRAR statement. */
	uint64_t registrar_from_ms, registrar_to_ms, certified_ms;
	/* From the last HEAD. */
	uint64_t head_ms;
	/* Of all statements. */
	uint64_t length, last_index, last_ms;
	uint8_t chain[SUITE_HASH_LEN];
};

/* One statement under judgement. */
struct ruling {
	const struct directory *directory;
	uint64_t now_ms;
	struct statement statement;
	struct roster_member *member; /* whom it names; NULL: nobody known */
	const char *detail;
};

/* Changes nothing but OUT, which rules_apply() then takes. */
MUST_CHECK enum status rules_check(const struct directory *directory,
    const struct signed_statement *signed_statement, uint64_t now_ms, struct ruling *out);
/* Does what a ruling that passed says, whole or not at all (STATUS_NO_MEMORY). */
MUST_CHECK enum status rules_apply(
    struct directory *directory, const struct ruling *ruling, uint64_t log_index);

#endif
