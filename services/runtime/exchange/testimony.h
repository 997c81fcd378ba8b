/* services/runtime/exchange/testimony.h: what proves that an institution wrote a message, checked again now. */
#ifndef SAIKNE_TESTIMONY_H
#define SAIKNE_TESTIMONY_H

#include "protocol/wire/content.h"
#include "services/runtime/store/event_store.h"

struct service;

/*
 * Each link of the proof by itself, from what is stored and what is pinned, so that a paper can
 * say which hold: nothing is taken from the time at which the message came.
 */
struct testimony {
	bool logged;     /* its place and its proof are here; all else is false without */
	bool checkpoint; /* the log's key signed the tree head */
	bool inclusion;  /* the leaf stands in that tree at its index */
	bool signature;  /* the leaf bears the author's signature, by its key in force there */
	bool root;       /* the fields that we have are what the author signed */
	uint64_t index, time_ms; /* the log's */
	char key[2 * SUITE_SIGN_PUBLIC +
		 1];    /* the author's, as hexadecimal digits; "": unknown */
	uint64_t epoch; /* of it */
};

/* Whether all of it holds. */
bool testimony_holds(const struct testimony *testimony);

/*
 * Of the message ROW of AUTHOR, with the CONTENT that we have. FORWARDED, if not NULL, gets the
 * PROVEN form (forwarded.h) of what ALLOWED may see, which proves the same to anybody else. Only
 * the database's trouble is a failure.
 */
MUST_CHECK enum status testimony_of(struct service *service, const struct event_row *row,
    const char *author, const struct content *content, category_set allowed,
    struct testimony *out, struct buffer *forwarded);

#endif
