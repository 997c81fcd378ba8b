/* services/runtime/exchange/grounds_due.c: what ends by itself: time runs out, a child comes of age. */
#include "services/runtime/exchange/grounds.h"

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/service.h"

#define RETRY_MS (5ULL * 1000)
#define AGAIN_MS (60ULL * 60 * 1000)

/*
 * It is looked at again later where nothing ended, which a refold sets. The event is recorded with
 * the record's new state, in one commit, so that it happens once whatever the clock does.
 */
static enum status
look(struct service *service, struct departure *departure, const struct case_key *key,
    struct ground_row *row)
{
	const struct ground_cause cause = {0};
	struct ground_terms terms;
	enum consent_event event = CONSENT_EVENT_EXPIRE;
	calendar_day end;
	json_t *body = NULL;
	enum status rc = grounds_read(service, key, row, &body, &terms);
	bool ends = rc == STATUS_OK && consent_authorises(row->state) &&
	            grounds_end(&terms, &end, &event) &&
	            end <= calendar_day_at(service_time_ms(service));

	json_decref(body);
	if (rc != STATUS_OK)
		return rc;
	return ends ? grounds_apply(service, departure, key, row, event, &cause)
	            : grounds_refold(service, departure, key, row);
}

static enum status
look_at(struct service *service, struct ground_row *row)
{
	struct departure departure = {0};
	struct case_key key;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = case_file_key(service, row->case_n, &key);
	if (rc == STATUS_ERASED) {
		row->check_ms = UINT64_MAX;
		return service_end(service, ground_store_set(service->db, row), "act");
	}
	if (rc == STATUS_OK) {
		rc = look(service, &departure, &key, row);
		vault_forget(&key);
	}
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	departure_free(&departure);
	return service_end(service, rc, "act");
}

/* After a failure of the database; a clock that went back does not prolong it. */
static bool
is_paused(const struct service *service)
{
	uint64_t until = service->grounds_pause_ms;

	return service->now_ms < until && until - service->now_ms <= RETRY_MS;
}

/* One that cannot be looked at does not hold up the others; who cites it asks its days anyway. */
static enum status
put_off(struct service *service, uint64_t n)
{
	struct ground_row row;
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = ground_store_get(service->db, n, &row);
	row.check_ms = service_time_ms(service) + AGAIN_MS;
	if (rc == STATUS_OK)
		rc = ground_store_set(service->db, &row);
	return service_end(service, rc, "act");
}

static bool
is_of_machine(enum status rc)
{
	return rc == STATUS_DATABASE || rc == STATUS_NO_SPACE || rc == STATUS_NO_MEMORY;
}

bool
grounds_due(struct service *service)
{
	struct ground_row row;
	bool any = false;
	enum status rc;

	if (is_paused(service))
		return false;
	while (
	    (rc = ground_store_due(service->db, service_time_ms(service), &row)) == STATUS_OK) {
		rc = look_at(service, &row);
		if (rc != STATUS_OK && !is_of_machine(rc)) {
			oplog(
			    OPLOG_WARNING, "a ground is looked at later: %s", status_name(rc));
			rc = put_off(service, row.n);
		}
		if (rc != STATUS_OK)
			break;
		any = true;
	}
	if (rc == STATUS_NOT_FOUND)
		return any;
	service->grounds_pause_ms = service->now_ms + RETRY_MS;
	oplog(OPLOG_WARNING, "grounds are looked at later: %s", status_name(rc));
	return false;
}

uint64_t
grounds_next_ms(struct service *service)
{
	uint64_t now_ms = service_time_ms(service), next;

	if (is_paused(service))
		return service->grounds_pause_ms;
	if (ground_store_next_check(service->db, &next) != STATUS_OK || next == UINT64_MAX)
		return UINT64_MAX;
	return service->now_ms + (next > now_ms ? next - now_ms : 0);
}
