/* services/runtime/exchange/retention.c: until when a case is kept. */
#include "services/runtime/exchange/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "protocol/lists/lists.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/casebook_store.h"
#include "services/runtime/store/ground_store.h"

/* What a case holds. */
struct held {
	category_set categories;
	bool words; /* notes in words */
};

/* ---- The list ---------------------------------------------------------------------------- */

static unsigned
years_in_row(unsigned row)
{
	return (unsigned)strtoul(list_text(list_named("retention"), row, "years"), NULL, 10);
}

static unsigned
years_of(const char *code)
{
	unsigned row;

	return list_find(list_named("retention"), bytes_of_text(code), &row) ? years_in_row(row)
	                                                                     : 0;
}

static unsigned
longest(const struct held *held)
{
	/* Whatever a case holds, that there was one is kept as what acts are. */
	unsigned most = years_of(category_name(CATEGORY_ACT)), years;

	for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
		if ((held->categories & CATEGORY_BIT(i)) == 0)
			continue;
		years = years_of(category_name((enum category)i));
		most = years > most ? years : most;
	}
	years = held->words ? years_of("note") : 0;
	return years > most ? years : most;
}

static unsigned
shortest(void)
{
	const struct list *list = list_named("retention");
	unsigned least = years_in_row(0);

	for (unsigned row = 1; row < list_rows(list); row++)
		if (years_in_row(row) < least)
			least = years_in_row(row);
	return least;
}

/* The same day YEARS later; of 29 February the day after the 28th. */
static calendar_day
day_after_years(uint64_t ms, unsigned years)
{
	unsigned month, day;
	int year;

	calendar_civil(calendar_day_at(ms), &year, &month, &day);
	if (month == 2 && day == 29)
		return calendar_day_of(year + (int)years, 3, 1);
	return calendar_day_of(year + (int)years, month, day);
}

void
retention_day(calendar_day day, char out[static 11])
{
	unsigned month, of_month;
	int year;

	calendar_civil(day, &year, &month, &of_month);
	snprintf(
	    out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, month % 100, of_month % 100);
}

/* ---- What a case holds ------------------------------------------------------------------- */

static enum status
add_messages(struct service *service, const struct case_key *key, uint64_t task_n,
    struct held *held, unsigned *messages)
{
	struct event_row *rows;
	size_t count = 0;
	enum status rc = event_store_load(service->db, task_n, &rows, &count);

	if (rc != STATUS_OK)
		return rc;
	for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
		struct content content;

		if (rows[i].what != EVENT_MESSAGE)
			continue;
		rc = case_file_content(service, key, &rows[i], &content);
		for (unsigned f = 0; rc == STATUS_OK && f < content.type->field_count; f++)
			if (content.fields[f].present)
				held->categories |=
				    CATEGORY_BIT(content.type->fields[f].field->category);
		content_free(&content);
		*messages += 1;
		rc = rc == STATUS_ERASED ? STATUS_OK : rc;
	}
	free(rows);
	return rc;
}

static enum status
add_tasks(struct service *service, uint64_t case_n, const struct case_key *key,
    struct held *held, unsigned *messages)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT, .case_n = case_n};
	struct task_row task;
	enum status rc;

	while ((rc = case_store_next_of(service->db, &filter, &task)) == STATUS_OK) {
		filter.before = task.n;
		if ((rc = add_messages(service, key, task.n, held, messages)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Notes are JSON, as acts_casebook.c writes them: { "text", "fields": by name }. */
static enum status
add_note(const struct case_key *key, uint64_t n, struct bytes sealed, struct held *held)
{
	const struct vault_place place = {"case_notes", n, "body"};
	struct buffer plain = {0};
	json_t *body = NULL, *value;
	const char *name;
	enum status rc = vault_open(key, &place, sealed, &plain);

	if (rc == STATUS_OK && (body = json_loadb((const char *)plain.data, plain.len,
				    JSON_REJECT_DUPLICATES, NULL)) == NULL)
		rc = STATUS_DATABASE;
	held->words |= json_string_length(json_object_get(body, "text")) > 0;
	json_object_foreach(json_object_get(body, "fields"), name, value)
	{
		const struct field_info *field = field_named(bytes_of_text(name));

		if (field != NULL && !json_is_null(value))
			held->categories |= CATEGORY_BIT(field->category);
	}
	json_decref(body);
	suite_wipe(plain.data, plain.len);
	buffer_free(&plain);
	return rc;
}

static enum status
add_notes(
    struct service *service, uint64_t case_n, const struct case_key *key, struct held *held)
{
	struct buffer sealed = {0};
	struct note_row row = {.n = 0};
	enum status rc;

	while ((rc = casebook_store_note_after(service->db, case_n, row.n, &row, &sealed)) ==
	       STATUS_OK) {
		rc = add_note(key, row.n, bytes_of_buffer(&sealed), held);
		if (rc != STATUS_OK)
			break;
		buffer_reset(&sealed);
	}
	buffer_free(&sealed);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
look_through(struct service *service, uint64_t case_n, struct held *held, unsigned *messages)
{
	struct ground_row ground;
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = add_tasks(service, case_n, &key, held, messages);
	if (rc == STATUS_OK)
		rc = add_notes(service, case_n, &key, held);
	vault_forget(&key);
	if (rc == STATUS_OK)
		rc = retention_store_documents(service->db, case_n, &held->categories);
	if (rc != STATUS_OK)
		return rc;
	rc = ground_store_of_case(service->db, case_n, 0, &ground);
	if (rc == STATUS_OK)
		held->categories |= CATEGORY_BIT(CATEGORY_GROUND);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- The answer -------------------------------------------------------------------------- */

static enum status
has_open_task(struct service *service, uint64_t case_n, bool *out)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT, .case_n = case_n};
	struct task_row task;
	enum status rc;

	*out = false;
	while (!*out && (rc = case_store_next_of(service->db, &filter, &task)) == STATUS_OK) {
		filter.before = task.n;
		*out = task_is_open(task.sort, task.state);
	}
	return *out || rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
retention_of(
    struct service *service, uint64_t case_n, struct retention *out, unsigned *messages)
{
	struct held held = {0};
	unsigned opened = 0;
	bool open;
	enum status rc = has_open_task(service, case_n, &open);

	*out = (struct retention){.years = 0};
	if (rc == STATUS_OK)
		rc = retention_store_end(service->db, case_n, &out->end_ms);
	if (rc == STATUS_OK && !open)
		rc = retention_store_is_signed_for(service->db, case_n, &out->signed_for);
	if (rc == STATUS_OK && !open && !out->signed_for)
		rc = look_through(service, case_n, &held, &opened);
	if (messages != NULL)
		*messages += opened;
	if (rc != STATUS_OK || open || out->signed_for)
		return rc;
	out->years = longest(&held);
	out->until = day_after_years(out->end_ms, out->years);
	return STATUS_OK;
}

enum status
retention_may_end(struct service *service, uint64_t case_n, calendar_day day, bool *out)
{
	uint64_t end_ms;
	bool open = true, needed = false;
	enum status rc = retention_store_end(service->db, case_n, &end_ms);

	*out = rc == STATUS_OK && day_after_years(end_ms, shortest()) <= day;
	if (rc == STATUS_OK && *out)
		rc = has_open_task(service, case_n, &open);
	if (rc == STATUS_OK && *out)
		rc = retention_store_is_signed_for(service->db, case_n, &needed);
	*out = *out && !open && !needed;
	return rc;
}
