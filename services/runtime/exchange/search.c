/* services/runtime/exchange/search.c: which words lead to which case, kept with what is shown. */
#include "services/runtime/exchange/search.h"

#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/store/search_store.h"
#include "services/runtime/task/words.h"

/* The words of TEXT, of which those of a name may be several. */
static enum status
words_of(enum vault_word_kind kind, struct bytes text, struct words *out)
{
	enum status rc = STATUS_MALFORMED;

	out->count = 0;
	out->more = false;
	switch (kind) {
	case VAULT_NAME:
		return words_of_name(text, out);
	case VAULT_FILE_NUMBER:
	case VAULT_LABEL:
		rc = words_of_label(text, &out->word[0]);
		break;
	case VAULT_CODE:
		rc = words_of_code(text, &out->word[0]);
		break;
	}
	if (rc == STATUS_OK && out->word[0].len > 0)
		out->count = 1;
	return rc;
}

static void
hash_word(const struct service *service, enum vault_word_kind kind, const struct word *word,
    uint8_t out[static VAULT_WORD_LEN])
{
	vault_word(service->vault, kind, (struct bytes){word->byte, word->len}, out);
}

/* ---- Keeping ----------------------------------------------------------------------------- */

static enum status
put(struct service *service, uint64_t case_n, uint64_t source, enum vault_word_kind kind,
    struct bytes text)
{
	uint8_t hash[VAULT_WORD_LEN];
	struct words words;
	enum status rc = words_of(kind, text, &words);

	if (rc == STATUS_MALFORMED || rc == STATUS_TOO_LARGE)
		words.count = 0;
	else if (rc != STATUS_OK)
		return rc;
	rc = STATUS_OK;
	for (unsigned i = 0; rc == STATUS_OK && i < words.count; i++) {
		hash_word(service, kind, &words.word[i], hash);
		rc = search_store_put(service->db, hash, case_n, kind, source);
	}
	suite_wipe(&words, sizeof(words));
	return rc;
}

enum status
search_index_case(struct service *service, uint64_t case_n, enum vault_word_kind kind,
    const char *const *texts, size_t count)
{
	enum status rc = search_store_remove(service->db, case_n, kind, 0);

	for (size_t i = 0; rc == STATUS_OK && i < count; i++)
		rc = put(service, case_n, 0, kind, bytes_of_text(texts[i]));
	return rc;
}

enum status
search_index_content(
    struct service *service, uint64_t case_n, uint64_t source, const struct content *content)
{
	struct bytes text;
	enum status rc = STATUS_OK;

	if (content_text(content, FIELD_CHILD_NAME, &text))
		rc = put(service, case_n, source, VAULT_NAME, text);
	if (rc == STATUS_OK && content_text(content, FIELD_PERSONAL_CODE, &text))
		rc = put(service, case_n, source, VAULT_CODE, text);
	return rc;
}

static enum status
remove_content(struct service *service, uint64_t case_n, uint64_t source)
{
	enum status rc = search_store_remove(service->db, case_n, VAULT_NAME, source);

	return rc == STATUS_OK ? search_store_remove(service->db, case_n, VAULT_CODE, source)
	                       : rc;
}

enum status
search_index_anew(
    struct service *service, const struct event_row *row, const struct content *content)
{
	struct task_row task;
	enum status rc;

	if (!row->indexed)
		return STATUS_OK;
	rc = case_store_task(service->db, row->task_n, &task);
	if (rc == STATUS_OK)
		rc = remove_content(service, task.case_n, row->n);
	return rc == STATUS_OK ? search_index_content(service, task.case_n, row->n, content)
	                       : rc;
}

enum status
search_forget(struct service *service, uint64_t case_n)
{
	return search_store_forget(service->db, case_n);
}

/* ---- Following what is shown ------------------------------------------------------------- */

static bool
may_name_a_child(const struct event_row *row)
{
	const struct message_info *type = message_info(row->type);

	return row->what == EVENT_MESSAGE && type != NULL &&
	       (type->categories & CATEGORY_BIT(CATEGORY_IDENTITY)) != 0;
}

static enum status
take_in(struct service *service, uint64_t case_n, const struct event_row *row)
{
	struct content content;
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = case_file_content(service, &key, row, &content);
	if (rc == STATUS_OK)
		rc = search_index_content(service, case_n, row->n, &content);
	content_free(&content);
	vault_forget(&key);
	if (rc == STATUS_ERASED)
		return STATUS_OK;
	return rc == STATUS_OK ? search_store_set_indexed(service->db, row->n, true) : rc;
}

static enum status
take_out(struct service *service, uint64_t case_n, const struct event_row *row)
{
	enum status rc = remove_content(service, case_n, row->n);

	return rc == STATUS_OK ? search_store_set_indexed(service->db, row->n, false) : rc;
}

enum status
search_index_history(
    struct service *service, uint64_t case_n, const struct case_history *history)
{
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < history->count; i++) {
		const struct event_row *row = &history->rows[i];
		bool shown = row->own || !history->voids[i];

		if (!may_name_a_child(row) || shown == row->indexed)
			continue;
		rc = shown ? take_in(service, case_n, row) : take_out(service, case_n, row);
	}
	return rc;
}

/* ---- Looking up -------------------------------------------------------------------------- */

enum status
search_make(
    struct service *service, enum vault_word_kind kind, const char *text, struct search *out)
{
	struct words words;
	enum status rc = words_of(kind, bytes_of_text(text), &words);

	out->count = 0;
	if (rc != STATUS_OK)
		return rc;
	if (words.more)
		rc = STATUS_TOO_LARGE;
	if (kind == VAULT_CODE && words.count > 0 && !words_is_code(&words.word[0]))
		rc = STATUS_MALFORMED;
	for (unsigned i = 0; rc == STATUS_OK && i < words.count; i++) {
		/* Its parts are looked for: whoever wrote it apart is found, too. */
		if (words.word[i].joined)
			continue;
		if (out->count == SEARCH_WORDS_MAX)
			rc = STATUS_TOO_LARGE;
		else
			hash_word(service, kind, &words.word[i], out->hash[out->count++]);
	}
	suite_wipe(&words, sizeof(words));
	if (rc == STATUS_OK && out->count == 0)
		rc = STATUS_ARGUMENT;
	return rc;
}

/* Each word in turn gives its next case, until all have given the same one. */
enum status
search_next(
    struct service *service, const struct search *search, uint64_t before, uint64_t *case_n)
{
	uint64_t found = 0, next;
	unsigned agreed = 0;
	enum status rc;

	for (unsigned i = 0; agreed < search->count; i = (i + 1) % search->count) {
		rc = search_store_before(service->db, search->hash[i], before, &next);
		if (rc != STATUS_OK)
			return rc;
		agreed = next == found ? agreed + 1 : 1;
		found = next;
		before = next + 1;
	}
	*case_n = found;
	return STATUS_OK;
}
