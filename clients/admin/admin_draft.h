/* clients/admin/admin_draft.h: a statement being made, signed and put into a file. */
#ifndef SAIKNE_ADMIN_DRAFT_H
#define SAIKNE_ADMIN_DRAFT_H

#include "protocol/host/network.h"
#include "protocol/trust/statement.h"

/* Zero-initialise; admin_draft_free() in any case. */
struct admin_draft {
	struct buffer bytes;
	struct signed_statement made; /* its view is of BYTES */
};

void admin_draft_free(struct admin_draft *draft);
/* Encodes STATEMENT, for the network ID and of now. */
MUST_CHECK bool admin_draft_make(
    struct admin_draft *draft, const char *id, struct statement *statement);
void admin_draft_sign(
    struct admin_draft *draft, enum signer signer, const struct signing_key *key);
/* Signed by the root of folder ROOT into the new file PATH. */
MUST_CHECK bool admin_draft_by_root(const char *root, const struct network *network,
    struct statement *statement, const char *path);
/* Reads network.conf, saying so when it cannot be. */
MUST_CHECK bool admin_draft_network(const char *path, struct network *out);
/* The root's key in folder ROOT, if it is the one that NETWORK pins; NULL otherwise. */
struct signing_key *admin_draft_root(const char *root, const struct network *network);

#endif
