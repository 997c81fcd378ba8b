/* services/runtime/exchange/grounds.c: records of what sharing rests on: opened, changed, folded, read. */
#include "services/runtime/exchange/grounds.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/consent_rules.h"

#define EVENTS_MAX 4096 /* of one record */

/* ---- Days -------------------------------------------------------------------------------- */

void
grounds_day(uint64_t ms, char out[static 11])
{
	consent_rules_write(calendar_day_at(ms), out);
}

bool
grounds_end(const struct ground_terms *terms, calendar_day *day, enum consent_event *event)
{
	const char *born = json_string_value(
	    json_object_get(json_object_get(terms->body, "child"), "birth_date"));
	const char *capacity = json_string_value(json_object_get(terms->body, "capacity"));
	calendar_day until = 0, birth = 0;
	bool ends = calendar_date(bytes_of_text(terms->until), &until);
	bool grows = born != NULL && capacity != NULL && strcmp(capacity, "child") != 0 &&
	             calendar_date(bytes_of_text(born), &birth);

	if (grows)
		birth = consent_rules_birthday(birth, consent_rules()->adult_from);
	grows = grows && (!ends || birth <= until);
	*day = grows ? birth : until + 1;
	*event = grows ? CONSENT_EVENT_COME_OF_AGE : CONSENT_EVENT_EXPIRE;
	return ends || grows;
}

/*
 * When the record is to be looked at: this stands in the clear, and must not tell a birthday.
 * So it is the first of the month, and from then on every day.
 */
static uint64_t
next_check(const struct service *service, const struct ground_row *row,
    const struct ground_terms *terms)
{
	calendar_day today = calendar_day_at(service_time_ms(service)), end, remind;
	enum consent_event event;
	uint64_t due_ms;

	if (!consent_authorises(row->state) || !grounds_end(terms, &end, &event))
		return UINT64_MAX;
	if (grounds_remind_when(row, terms, &remind, &due_ms))
		end = remind;
	end = calendar_month_start(end);
	return calendar_start_ms(end > today ? end : today + 1);
}

/* ---- Bodies ------------------------------------------------------------------------------ */

static enum status
seal_json(const struct case_key *key, const struct vault_place *place, const json_t *value,
    struct buffer *out)
{
	char *text = json_dumps(value, JSON_COMPACT);
	enum status rc;

	if (text == NULL)
		return STATUS_NO_MEMORY;
	rc = vault_seal(key, place, bytes_of_text(text), out);
	suite_wipe(text, strlen(text));
	free(text);
	return rc;
}

static struct vault_place
place_of_body(uint64_t n)
{
	return (struct vault_place){"grounds", n, "body"};
}

static struct vault_place
place_of_event(uint64_t n)
{
	return (struct vault_place){"ground_events", n, "body"};
}

/* A date of BODY; "" where there is none; false where it is no date. */
static bool
read_date(const json_t *body, const char *name, char out[static 11])
{
	const json_t *value = json_object_get(body, name);
	calendar_day day;

	out[0] = '\0';
	if (value == NULL || json_is_null(value))
		return true;
	return json_is_string(value) &&
	       calendar_date(bytes_of_text(json_string_value(value)), &day) &&
	       bytes_to_text(bytes_of_text(json_string_value(value)), out, 11);
}

/* ACT and GROUND go with any content, and are not a record's to name. None: it shares nothing. */
static bool
read_categories(const json_t *named, category_set *out)
{
	const json_t *one;
	size_t i;

	*out = 0;
	if (named != NULL && json_array_size(named) == 0)
		return false;
	json_array_foreach(named, i, one)
	{
		enum category category;

		if (!json_is_string(one) ||
		    !category_named(bytes_of_text(json_string_value(one)), &category) ||
		    category == CATEGORY_ACT || category == CATEGORY_GROUND)
			return false;
		*out |= CATEGORY_BIT(category);
	}
	return true;
}

bool
grounds_terms(const json_t *body, enum basis basis, struct ground_terms *terms)
{
	const char *code = json_string_value(json_object_get(body, "ground"));
	struct ground_terms found = {.body = body};

	if (code == NULL || !bytes_to_text(bytes_of_text(code), found.code, sizeof(found.code)))
		return false;
	if ((strcmp(code, "consent") == 0) != (basis == BASIS_CONSENT))
		return false;
	if (!read_categories(json_object_get(body, "categories"), &found.categories) ||
	    !read_date(body, "until", found.until) ||
	    !read_date(body, "granted_on", found.granted_on))
		return false;
	*terms = found;
	return true;
}

static enum status
open_json(const struct case_key *key, const struct vault_place *place, struct bytes sealed,
    json_t **out)
{
	struct buffer plain = {0};
	enum status rc = vault_open(key, place, sealed, &plain);

	if (rc == STATUS_OK &&
	    (*out = json_loadb((const char *)plain.data, plain.len, 0, NULL)) == NULL)
		rc = STATUS_DATABASE;
	buffer_free(&plain);
	return rc;
}

enum status
grounds_read(struct service *service, const struct case_key *key, const struct ground_row *row,
    json_t **body, struct ground_terms *terms)
{
	const struct vault_place place = place_of_body(row->n);
	struct buffer sealed = {0};
	json_t *read = NULL;
	enum status rc = ground_store_body(service->db, row->n, &sealed);

	if (rc == STATUS_OK)
		rc = open_json(key, &place, bytes_of_buffer(&sealed), &read);
	if (rc == STATUS_OK && terms != NULL && !grounds_terms(read, row->basis, terms))
		rc = STATUS_DATABASE;
	buffer_free(&sealed);
	if (rc == STATUS_OK)
		*body = read;
	else
		json_decref(read);
	return rc;
}

enum status
grounds_write(struct service *service, const struct case_key *key, const struct ground_row *row,
    const json_t *body)
{
	const struct vault_place place = place_of_body(row->n);
	struct ground_terms terms;
	struct buffer sealed = {0};
	enum status rc;

	if (!grounds_terms(body, row->basis, &terms))
		return STATUS_ARGUMENT;
	rc = seal_json(key, &place, body, &sealed);
	if (rc == STATUS_OK)
		rc = ground_store_set_body(service->db, row->n, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	return rc;
}

enum status
grounds_read_event(
    struct service *service, const struct case_key *key, uint64_t event_n, json_t **body)
{
	const struct vault_place place = place_of_event(event_n);
	struct buffer sealed = {0};
	enum status rc = ground_store_event_body(service->db, event_n, &sealed);

	if (rc == STATUS_OK && sealed.len == 0)
		rc = STATUS_ERASED;
	if (rc == STATUS_OK)
		rc = open_json(key, &place, bytes_of_buffer(&sealed), body);
	buffer_free(&sealed);
	return rc;
}

/* ---- The fold ---------------------------------------------------------------------------- */

static enum status
grow(struct consent_step **steps, size_t count, size_t most)
{
	struct consent_step *more;

	if (count == most)
		return STATUS_TOO_LARGE;
	if ((count & (count - 1)) != 0)
		return STATUS_OK;
	more = realloc(*steps, (count == 0 ? 1 : 2 * count) * sizeof(**steps));
	if (more == NULL)
		return STATUS_NO_MEMORY;
	*steps = more;
	return STATUS_OK;
}

/*
 * What was told stands in the log's order, whenever it came; an event of our own stays behind
 * what was known of when it was done, as if it had that index. Only what stands before BEFORE. The
 * caller frees STEPS in any case.
 */
static enum status
load_steps(struct service *service, uint64_t ground_n, uint64_t before,
    struct consent_step **steps, size_t *count)
{
	struct ground_event_row row = {0};
	uint64_t known = 0;
	enum status rc;

	*steps = NULL;
	*count = 0;
	while (
	    (rc = ground_store_event_after(service->db, ground_n, row.n, &row)) == STATUS_OK) {
		size_t at = *count;

		/* What was judged before INDEX leaves room for its end. */
		rc = grow(steps, at, before == UINT64_MAX ? EVENTS_MAX : EVENTS_MAX / 2);
		if (rc != STATUS_OK)
			return rc;
		known = row.index > known ? row.index : known;
		row.index = row.index != 0 ? row.index : known;
		if (row.index >= before)
			continue;
		for (; at > 0 && (*steps)[at - 1].index > row.index; at--)
			(*steps)[at] = (*steps)[at - 1];
		(*steps)[at] = (struct consent_step){.index = row.index, .event = row.what};
		++*count;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
fold(struct service *service, const struct case_key *key, const struct ground_row *row,
    const struct ground_terms *terms, enum consent_state *out)
{
	struct consent_custody *custody = NULL;
	struct consent_step *steps;
	size_t count, custody_count = 0;
	enum status rc = load_steps(service, row->n, UINT64_MAX, &steps, &count);

	if (rc == STATUS_OK && row->basis == BASIS_CONSENT)
		rc = custody_known_of_record(
		    service, key, row, terms->body, &custody, &custody_count, NULL);
	if (rc == STATUS_OK)
		*out = consent_fold(steps, count, terms->granted_on, custody, custody_count);
	free(steps);
	free(custody);
	return rc;
}

enum status
grounds_state_before(struct service *service, const struct ground_row *row, uint64_t index,
    enum consent_state *out)
{
	struct consent_step *steps;
	size_t count;
	enum status rc = load_steps(service, row->n, index, &steps, &count);

	if (rc == STATUS_OK)
		*out = consent_fold(steps, count, "", NULL, 0);
	free(steps);
	return rc;
}

/* Why a record that is in STATE is told to be over, where no event of ours says so. */
static const char *
reason_of(enum consent_state state)
{
	static const char *const reasons[CONSENT_STATE_COUNT] = {
	    [CONSENT_OBJECTED] = "objected",
	    [CONSENT_WITHDRAWN] = "withdrawn",
	    [CONSENT_REVOKED] = "revoked",
	    [CONSENT_EXPIRED] = "expired",
	    [CONSENT_INVALIDATED] = "invalidated",
	    [CONSENT_ENDED] = "ended",
	};

	return reasons[state] != NULL ? reasons[state] : "invalidated";
}

/* Why and when it stops, if it does; either may be NULL. */
struct stop {
	const char *reason, *day;
};

/* Rule 3: whoever was shown something under it hears that it is over in the same transaction. */
static enum status
follow(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *row, const struct stop *stop)
{
	const bool stopped = row->stopped, objected = row->state == CONSENT_OBJECTED;
	struct ground_terms terms;
	json_t *body = NULL;
	char today[11];
	enum status rc = grounds_read(service, key, row, &body, &terms);

	if (rc == STATUS_OK)
		rc = fold(service, key, row, &terms, &row->state);
	if (rc == STATUS_OK) {
		row->stopped = !consent_authorises(row->state);
		row->check_ms = next_check(service, row, &terms);
		rc = ground_store_set(service->db, row);
	}
	if (rc == STATUS_OK)
		rc = grounds_remind(service, row, &terms);
	json_decref(body);
	if (rc != STATUS_OK || !row->stopped ||
	    (stopped && (!objected || row->state == CONSENT_OBJECTED)))
		return rc;
	grounds_day(service->now_ms, today);
	return (stopped ? stops_push_anew : stops_push)(service, departure, key, row,
	    stop->reason != NULL && stop->reason[0] != '\0' ? stop->reason
							    : reason_of(row->state),
	    stop->day != NULL ? stop->day : today);
}

enum status
grounds_refold(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *row)
{
	return follow(service, departure, key, row, &(struct stop){0});
}

/* ---- What happens ------------------------------------------------------------------------ */

static enum status
add_event(struct service *service, const struct case_key *key, uint64_t ground_n,
    enum consent_event event, const struct ground_cause *cause)
{
	struct ground_event_row row = {.ground_n = ground_n,
	    .what = event,
	    .index = cause->index,
	    .time_ms = service->now_ms,
	    .person = cause->person};
	struct vault_place place;
	struct buffer sealed = {0};
	char today[11];
	json_t *body;
	enum status rc;

	if (!bytes_to_text(bytes_of_text(cause->role != NULL ? cause->role : ""), row.role,
		sizeof(row.role)))
		return STATUS_ARGUMENT;
	if ((rc = ground_store_next_event(service->db, &row.n)) != STATUS_OK)
		return rc;
	grounds_day(service->now_ms, today);
	body = json_pack("{s:s, s:s*}", "day", cause->day != NULL ? cause->day : today,
	    "reason", cause->reason);
	if (body == NULL)
		return STATUS_NO_MEMORY;
	place = place_of_event(row.n);
	rc = seal_json(key, &place, body, &sealed);
	if (rc == STATUS_OK)
		rc = ground_store_add_event(service->db, &row, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	json_decref(body);
	return rc;
}

static enum status
add_record(struct service *service, const struct case_key *key, struct ground_row *row,
    const json_t *body)
{
	struct vault_place place;
	struct buffer sealed = {0};
	enum status rc = ground_store_next(service->db, &row->n);

	if (rc != STATUS_OK)
		return rc;
	if (row->origin[0] == '\0')
		suite_random(row->id, sizeof(row->id));
	row->time_ms = service->now_ms;
	row->state = CONSENT_NONE;
	row->stopped = true;
	row->check_ms = UINT64_MAX;
	place = place_of_body(row->n);
	rc = seal_json(key, &place, body, &sealed);
	if (rc == STATUS_OK)
		rc = ground_store_add(service->db, row, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	return rc;
}

enum status
grounds_open(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *row, const json_t *body, enum consent_event event,
    const struct ground_cause *cause)
{
	struct ground_terms terms;
	enum status rc;

	if (!grounds_terms(body, row->basis, &terms))
		return STATUS_ARGUMENT;
	if ((rc = add_record(service, key, row, body)) != STATUS_OK)
		return rc;
	return grounds_apply(service, departure, key, row, event, cause);
}

enum status
grounds_apply(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *row, enum consent_event event, const struct ground_cause *cause)
{
	enum status rc;

	if (cause->index == 0 && consent_next(row->state, event) == CONSENT_NONE)
		return STATUS_WRONG_STATE;
	if ((rc = add_event(service, key, row->n, event, cause)) != STATUS_OK)
		return rc;
	rc = follow(service, departure, key, row,
	    &(struct stop){.reason = consent_stop_reason(event), .day = cause->day});
	if (rc != STATUS_OK || event != CONSENT_EVENT_RENEW || row->stopped)
		return rc;
	return stops_renew(service, departure, key, row);
}
