/* services/runtime/acts/acts_search.c: cases by what someone knows of a child, within need-to-know. */
#include "services/runtime/acts/acts_filter.h"

#include <string.h>

#include "services/runtime/exchange/search.h"

/*
 * However many cases have a word, at least so many are judged, the rest of them at random: how
 * long it takes does not tell that there is one case that this person may not know. And at most
 * so many at once: the service does nothing else meanwhile.
 */
#define JUDGED_LEAST 16
#define JUDGED_MOST  20000

/* What may be looked for, by its name in the request. */
static const struct {
	const char *name;
	enum vault_word_kind kind;
} kinds[] = {
    {"file_number", VAULT_FILE_NUMBER},
    {"label", VAULT_LABEL},
    {"personal_code", VAULT_CODE},
    {"name", VAULT_NAME},
};

/* ---- Reading the request ----------------------------------------------------------------- */

static enum status
refuse_text(struct refusal *refusal, enum status rc, const char *name)
{
	if (rc == STATUS_ARGUMENT)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, name, "%s has nothing to look for", name);
	if (rc == STATUS_TOO_LARGE)
		return request_refuse(refusal, STATUS_ARGUMENT, name,
		    "%s is longer than what is looked for", name);
	if (rc == STATUS_MALFORMED && strcmp(name, "personal_code") == 0)
		return request_refuse(refusal, STATUS_ARGUMENT, name,
		    "a personal code has eleven digits: six, a hyphen, five");
	return acts_fail(refusal, rc, "reading what is looked for");
}

static enum status
read_request(
    struct service *service, const json_t *request, struct search *out, struct refusal *refusal)
{
	const char *name;
	json_t *value;
	enum status rc;

	if (json_object_size(request) != 1)
		return request_refuse(refusal, STATUS_ARGUMENT, "",
		    "look for one of file_number, label, personal_code and name");
	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (strcmp(kinds[i].name, name) != 0)
				continue;
			if (!json_is_string(value))
				return request_refuse(refusal, STATUS_ARGUMENT, kinds[i].name,
				    "%s is a text", kinds[i].name);
			rc = search_make(service, kinds[i].kind, json_string_value(value), out);
			return rc == STATUS_OK ? rc : refuse_text(refusal, rc, kinds[i].name);
		}
	}
	return request_refuse(refusal, STATUS_ARGUMENT, "",
	    "look for one of file_number, label, personal_code and name");
}

/* ---- Looking ----------------------------------------------------------------------------- */

/* One search on its way. */
struct looking {
	struct service *service;
	const struct actor *actor;
	struct search search;
	uint64_t before; /* what is below is still to be looked at */
	unsigned judged;
};

/* The next case that has every word and that this person may know; STATUS_AGAIN: enough. */
static enum status
next_known(struct looking *l, uint64_t *case_n)
{
	enum status rc;

	while ((rc = search_next(l->service, &l->search, l->before, case_n)) == STATUS_OK) {
		if (l->judged++ == JUDGED_MOST)
			return STATUS_AGAIN;
		l->before = *case_n;
		rc = acts_knows(l->service, l->actor, ACTS_TO_OPEN, *case_n);
		if (rc != STATUS_NOT_FOUND)
			return rc;
	}
	return rc;
}

static enum status
judge_others(struct looking *l)
{
	uint64_t count, at, found;
	enum status rc = case_store_next_case(l->service->db, &count);

	for (; rc == STATUS_OK && l->judged < JUDGED_LEAST; l->judged++) {
		suite_random(&at, sizeof(at));
		at = 1 + at % count;
		rc = search_next(l->service, &l->search, at, &found);
		if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
			rc = acts_knows(l->service, l->actor, ACTS_TO_OPEN, at);
		if (rc == STATUS_NOT_FOUND)
			rc = STATUS_OK;
	}
	return rc;
}

static enum status
collect(struct looking *l, struct acts_page *page)
{
	struct case_row file;
	uint64_t case_n;
	json_t *item;
	enum status rc;

	page->last = l->before;
	while ((rc = next_known(l, &case_n)) == STATUS_OK) {
		if (json_array_size(page->items) == page->limit) {
			page->more = true;
			return STATUS_OK;
		}
		if ((rc = case_store_get(l->service->db, case_n, &file)) != STATUS_OK ||
		    (rc = acts_case_item(l->service, l->actor, &file, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
		page->last = case_n;
	}
	if (rc == STATUS_AGAIN) {
		page->more = page->partial = true;
		page->last = l->before;
	}
	return rc == STATUS_OK || rc == STATUS_NOT_FOUND || rc == STATUS_AGAIN ? STATUS_OK : rc;
}

static enum status
look(struct looking *l, unsigned limit, json_t **answer)
{
	struct acts_page page = {.items = json_array(), .limit = limit};
	enum status rc = collect(l, &page);

	if (rc == STATUS_OK)
		rc = judge_others(l);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 's', answer);
	json_decref(page.items);
	return rc;
}

enum status
acts_search(struct service *service, const struct actor *actor, const json_t *request,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	struct looking l = {.service = service, .actor = actor};
	json_t *found = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = read_request(service, request, &l.search, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_filter_cursor(after, 's', &l.before, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = look(&l, limit, &found);
	/* That there was a search; never what was looked for. */
	if (rc == STATUS_OK)
		rc = access_record(service, actor, 0, 0, "search");
	if (service_end(service, rc, "search") != STATUS_OK)
		return acts_fail(refusal, rc, "searching");
	*answer = found;
	return STATUS_OK;
}
