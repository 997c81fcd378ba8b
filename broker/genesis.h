/* broker/genesis.h: the directory at the start: the first statements ever, or the log's. */
#ifndef SAIKNE_GENESIS_H
#define SAIKNE_GENESIS_H

#include "broker/journal.h"
#include "protocol/host/network.h"

/*
 * An empty log gets the statements of the file at PATH, each checked against the pinned root;
 * otherwise the directory is folded from the log. Then log and broker keys must be those of the
 * NETWORK statement. What is wrong is logged. STATUS_BAD_CONFIG and other statuses.
 */
MUST_CHECK enum status genesis_run(struct journal *journal, const char *path,
    const uint8_t transport[static SUITE_BOX_PUBLIC], const struct note_key *log);

#endif
