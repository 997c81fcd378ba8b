/* broker/journal_inside.h: what journal.c and journal_accepts.c share, and nobody else sees. */
#ifndef SAIKNE_JOURNAL_INSIDE_H
#define SAIKNE_JOURNAL_INSIDE_H

#include "broker/journal.h"
#include "protocol/proof/tree.h"

/* More than a batch has, for what expires with it; what is beyond is read from the store. */
#define JOURNAL_KEPT_MAX 1024

struct journal {
	struct journal_config config;
	struct tree *tree;
	struct leafclock clock;
	uint64_t boot_ms;
	bool room_known;
	enum journal_room room;

	/* The open batch, if any; its leaves stay readable until the next one begins. */
	bool open, hands_out, doubts, chunks;
	size_t weight;
	uint64_t first;
	size_t kept;
	size_t ends[JOURNAL_KEPT_MAX];
	struct buffer leaves;

	/* As of the last commit. */
	uint64_t size, statements;
	struct buffer note;

	struct buffer encoded, read_leaf, read_note;
};

#endif
