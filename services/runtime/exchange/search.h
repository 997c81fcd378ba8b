/* services/runtime/exchange/search.h: which words lead to which case, kept with what is shown. */
#ifndef SAIKNE_SEARCH_H
#define SAIKNE_SEARCH_H

#include "services/runtime/exchange/case_file.h"

/*
 * The database has no readable index: what may be looked for is kept as keyed hashes of its
 * words (words.h, vault_word), written in the transaction that stores what they are of, and
 * they go with the case's key. A text that is no text or too long is not looked up by; it is
 * no reason to refuse what it came with.
 */

/* What the case itself has of KIND is TEXTS now: its file number, its labels, a child's name. */
MUST_CHECK enum status search_index_case(struct service *service, uint64_t case_n,
    enum vault_word_kind kind, const char *const *texts, size_t count);
/* The name and the personal code in CONTENT, which SOURCE (an event's number) brought. */
MUST_CHECK enum status search_index_content(
    struct service *service, uint64_t case_n, uint64_t source, const struct content *content);
/* CONTENT is what is shown of ROW, looked up by, from now on: another part of it than before. */
MUST_CHECK enum status search_index_anew(
    struct service *service, const struct event_row *row, const struct content *content);
/* After a fold: what is shown now and was not is looked up by, and the other way round. */
MUST_CHECK enum status search_index_history(
    struct service *service, uint64_t case_n, const struct case_history *history);
/* With the case's key. */
MUST_CHECK enum status search_forget(struct service *service, uint64_t case_n);

#define SEARCH_WORDS_MAX 12

struct search {
	unsigned count;
	uint8_t hash[SEARCH_WORDS_MAX][VAULT_WORD_LEN];
};

/*
 * STATUS_ARGUMENT: TEXT has nothing to look for; STATUS_TOO_LARGE: too many words, or too
 * long; STATUS_MALFORMED: not UTF-8, or no personal code.
 */
MUST_CHECK enum status search_make(
    struct service *service, enum vault_word_kind kind, const char *text, struct search *out);
/* The newest case below BEFORE (0: of all) that has every word; STATUS_NOT_FOUND. */
MUST_CHECK enum status search_next(
    struct service *service, const struct search *search, uint64_t before, uint64_t *case_n);

#endif
