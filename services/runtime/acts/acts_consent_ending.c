/* services/runtime/acts/acts_consent_ending.c: consents in force that end soon. */
#include <string.h>

#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/store/case_store.h"

#define DAYS_MAX 366

/*
 * The last day of a consent, and why it is the last; false: it has none. Who comes of age
 * decides alone from that day on.
 */
static bool
last_day(const json_t *body, calendar_day *day, const char **why)
{
	const char *until = json_string_value(json_object_get(body, "until"));
	const char *capacity = json_string_value(json_object_get(body, "capacity"));
	const char *born =
	    json_string_value(json_object_get(json_object_get(body, "child"), "birth_date"));
	calendar_day birth;
	bool ends = until != NULL && calendar_date(bytes_of_text(until), day);

	*why = "until";
	if (born == NULL || capacity == NULL || strcmp(capacity, "child") == 0 ||
	    !calendar_date(bytes_of_text(born), &birth))
		return ends;
	birth = consent_rules_birthday(birth, consent_rules()->adult_from) - 1;
	if (ends && *day <= birth)
		return true;
	*day = birth;
	*why = "came_of_age";
	return true;
}

/* *OUT stays NULL for what does not end by BY, or is not this person's to know. */
static enum status
ending_item(struct service *service, const struct actor *actor, const struct ground_row *row,
    calendar_day by, json_t **out)
{
	struct case_key key;
	struct case_row file;
	json_t *body = NULL;
	const char *why;
	char text[11];
	calendar_day day;
	enum status rc;

	*out = NULL;
	if (row->origin[0] != '\0' || row->basis != BASIS_CONSENT ||
	    !consent_authorises(row->state))
		return STATUS_OK;
	rc = acts_knows(service, actor, ACTS_TO_OPEN, row->case_n);
	if (rc == STATUS_OK)
		rc = case_store_get(service->db, row->case_n, &file);
	if (rc == STATUS_OK)
		rc = case_file_key(service, row->case_n, &key);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND || rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = grounds_read(service, &key, row, &body, NULL);
	vault_forget(&key);
	if (rc == STATUS_OK && last_day(body, &day, &why) && day <= by) {
		consent_rules_write(day, text);
		*out = json_pack("{s:o, s:o, s:s, s:s, s:s}", "record", request_hex(row->id),
		    "case", request_hex(file.id), "state", consent_state_name(row->state),
		    "ends", text, "why", why);
		rc = *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	json_decref(body);
	return rc;
}

static enum status
collect_ending(struct service *service, const struct actor *actor, calendar_day by,
    struct ground_row *at, struct acts_page *page)
{
	struct ground_row row;
	json_t *item;
	enum status rc;

	while ((rc = ground_store_ending(service->db, calendar_start_ms(by + 1), at, &row)) ==
	       STATUS_OK) {
		bool full = json_array_size(page->items) == page->limit;

		page->partial = !full && page->looked_at++ == ACTS_FILTER_ROWS_MAX;
		page->more = full || page->partial;
		if (page->more)
			return STATUS_OK;
		if ((rc = ending_item(service, actor, &row, by, &item)) != STATUS_OK)
			return rc;
		if (item != NULL && json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
		*at = row;
		page->last = row.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
read_days(const char *text, unsigned *out, struct refusal *refusal)
{
	unsigned days = 0;

	*out = consent_rules()->remind_days;
	if (text == NULL)
		return STATUS_OK;
	for (const char *c = text; *c >= '0' && *c <= '9' && days <= DAYS_MAX; c++) {
		days = days * 10 + (unsigned)(*c - '0');
		if (c[1] == '\0' && days >= 1 && days <= DAYS_MAX) {
			*out = days;
			return STATUS_OK;
		}
	}
	return request_refuse(
	    refusal, STATUS_ARGUMENT, "days", "days is a number from 1 to %d", DAYS_MAX);
}

/* In one look; the record that a page ended with says where the next begins. */
static enum status
list_ending(struct service *service, const struct actor *actor, calendar_day by,
    uint64_t cursor, struct acts_page *page)
{
	struct ground_row at = {0};
	enum status rc = database_look_begin(service->db);

	if (rc != STATUS_OK)
		return rc;
	page->last = cursor;
	if (cursor != 0 &&
	    (rc = ground_store_get(service->db, cursor, &at)) == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK)
		rc = collect_ending(service, actor, by, &at, page);
	database_look_end(service->db);
	return rc;
}

enum status
acts_consent_ending(struct service *service, const struct actor *actor, const char *days,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = limit};
	uint64_t cursor;
	unsigned within;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = read_days(days, &within, refusal)) != STATUS_OK ||
	    (rc = acts_filter_cursor(after, 'g', &cursor, refusal)) != STATUS_OK)
		return rc;
	page.items = json_array();
	rc = list_ending(service, actor,
	    calendar_day_at(service->now_ms) + (calendar_day)within, cursor, &page);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'g', answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the records");
}
