/* services/runtime/exchange/provisions.c: provisions of law, each unconfirmed until its institution says so. */
#include "services/runtime/exchange/provisions.h"

#include <string.h>

#include "services/runtime/exchange/service.h"

/* Of a provision, not of a row's number: the institution's own, so no case's key goes with it. */
static struct vault_place
place_of_advice(const struct provision_row *row)
{
	return (struct vault_place){"provisions", row->confirmed_ms, "advice"};
}

bool
provisions_is_confirmed(struct service *service, const char *code)
{
	struct provision_row row;

	return provision_store_get(service->db, code, &row) == STATUS_OK;
}

bool
provisions_goes_unconfirmed(const char *code)
{
	return strcmp(code, "duty_to_report") == 0 || strcmp(code, "vital_interest") == 0 ||
	       strcmp(code, "custody_statement") == 0;
}

enum status
provisions_confirm(struct service *service, const char *code, uint64_t person,
    const char *advice, const char *day)
{
	struct provision_row row = {.confirmed_ms = service->now_ms, .person = person};
	struct buffer sealed = {0};
	struct vault_place place;
	enum status rc;

	if (!bytes_to_text(bytes_of_text(code), row.code, sizeof(row.code)) ||
	    !bytes_to_text(bytes_of_text(day), row.advice_day, sizeof(row.advice_day)))
		return STATUS_ARGUMENT;
	place = place_of_advice(&row);
	rc = vault_seal_own(service->vault, &place, bytes_of_text(advice), &sealed);
	if (rc == STATUS_OK)
		rc = provision_store_put(service->db, &row, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	return rc;
}

enum status
provisions_undo(struct service *service, const char *code)
{
	struct provision_row row;
	enum status rc = provision_store_get(service->db, code, &row);

	return rc == STATUS_OK ? provision_store_remove(service->db, code) : rc;
}

enum status
provisions_read(
    struct service *service, const char *code, struct provision_row *out, struct buffer *advice)
{
	struct buffer sealed = {0};
	struct vault_place place;
	enum status rc = provision_store_get(service->db, code, out);

	if (rc == STATUS_OK)
		rc = provision_store_advice(service->db, code, &sealed);
	if (rc == STATUS_OK) {
		place = place_of_advice(out);
		rc = vault_open_own(service->vault, &place, bytes_of_buffer(&sealed), advice);
	}
	buffer_free(&sealed);
	return rc;
}
