/* services/runtime/people/knowing.c: which cases a person inside the institution may know. */
#include "services/runtime/people/knowing.h"

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/store/alarm_store.h"

bool
knowing_leads(enum role role)
{
	return role == ROLE_SUPERVISOR || role == ROLE_HEAD;
}

static bool
sees_mailbox(enum role role, const struct knowing_facts *facts)
{
	return role == ROLE_CASE_MANAGER || knowing_leads(role) ||
	       (service_role_reads(role) && facts->on_duty);
}

enum status
knowing_of(
    struct service *service, const struct actor *actor, uint64_t case_n, struct knowing *out)
{
	struct knowing found = {.open = false};
	bool alarmed = false;
	enum status rc = knowing_store_facts(
	    service->db, case_n, actor->person, service->now_ms, &found.facts);

	if (rc != STATUS_OK)
		return rc;
	/* Asked by the role alone: whether the case is there makes no difference. */
	if (knowing_leads(actor->role))
		rc = alarm_store_of_case(
		    service->db, case_n, service_time_ms(service), &alarmed);
	if (rc != STATUS_OK)
		return rc;
	found.mailbox = sees_mailbox(actor->role, &found.facts);
	if (case_n != 0 && service_role_reads(actor->role)) {
		found.act = found.facts.known || found.facts.glass ||
		            (!found.facts.held && found.mailbox);
		found.open = found.act || alarmed;
	}
	*out = found;
	return STATUS_OK;
}

enum status
knowing_may_open(struct service *service, const struct actor *actor, uint64_t case_n)
{
	struct knowing knowing;
	enum status rc = knowing_of(service, actor, case_n, &knowing);

	if (rc != STATUS_OK)
		return rc;
	return knowing.open ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status
knowing_sees_mailbox(struct service *service, const struct actor *actor, bool *out)
{
	struct knowing knowing;
	enum status rc = knowing_of(service, actor, 0, &knowing);

	if (rc == STATUS_OK)
		*out = knowing.mailbox;
	return rc;
}

/* ---- Giving and ending ------------------------------------------------------------------- */

static struct vault_place
place_of_reason(uint64_t n)
{
	return (struct vault_place){"grants", n, "reason"};
}

static enum status
seal_reason(
    struct service *service, const struct grant_row *row, const char *text, struct buffer *out)
{
	const struct vault_place place = place_of_reason(row->n);
	struct case_key key;
	enum status rc;

	if (text == NULL || text[0] == '\0')
		return STATUS_OK;
	if ((rc = case_file_key(service, row->case_n, &key)) != STATUS_OK)
		return rc;
	rc = vault_seal(&key, &place, bytes_of_text(text), out);
	vault_forget(&key);
	return rc;
}

/* A standing grant of PERSON on the case, of sort HOW. */
static enum status
find_standing(struct service *service, uint64_t case_n, uint64_t person, enum grant_how how,
    struct grant_row *out)
{
	struct grant_filter filter = {.case_n = case_n, .person = person};
	enum status rc;

	while ((rc = knowing_store_standing(service->db, &filter, out)) == STATUS_OK) {
		if (out->how == how)
			return STATUS_OK;
		filter.after = out->n;
	}
	return rc;
}

enum status
knowing_give(struct service *service, const struct actor *by, uint64_t case_n, uint64_t person,
    enum grant_how how, const char *reason, uint64_t *n)
{
	struct grant_row row = {.case_n = case_n,
	    .person = person,
	    .how = how,
	    .since_ms = service->now_ms,
	    .by = by->person};
	struct buffer sealed = {0};
	struct grant_row standing;
	enum status rc = STATUS_NOT_FOUND;

	if (how == GRANT_BREAK_GLASS)
		row.until_ms = service->now_ms + KNOWING_GLASS_MS;
	else
		rc = find_standing(service, case_n, person, how, &standing);
	if (rc == STATUS_OK && n != NULL)
		*n = standing.n;
	if (rc != STATUS_NOT_FOUND)
		return rc;
	if ((rc = knowing_store_next(service->db, &row.n)) == STATUS_OK)
		rc = seal_reason(service, &row, reason, &sealed);
	if (rc == STATUS_OK)
		rc = knowing_store_give(service->db, &row, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	if (rc == STATUS_OK && n != NULL)
		*n = row.n;
	return rc;
}

enum status
knowing_take(struct service *service, const struct actor *actor, uint64_t case_n)
{
	struct knowing_facts facts;
	enum status rc =
	    knowing_store_facts(service->db, case_n, actor->person, service->now_ms, &facts);

	/* Who only broke the glass helps for three hours; the case is not theirs to keep. */
	if (rc != STATUS_OK || facts.held || facts.glass)
		return rc;
	return knowing_give(service, actor, case_n, actor->person, GRANT_ASSIGNED, NULL, NULL);
}

enum status
knowing_end(struct service *service, const struct actor *by, uint64_t case_n, uint64_t person)
{
	struct grant_filter filter = {.case_n = case_n, .person = person};
	struct grant_row row;
	bool any = false;
	enum status rc;

	while ((rc = knowing_store_standing(service->db, &filter, &row)) == STATUS_OK) {
		rc = knowing_store_end(service->db, &row, service->now_ms, by->person);
		if (rc != STATUS_OK)
			return rc;
		filter.after = row.n;
		any = true;
	}
	return rc == STATUS_NOT_FOUND && any ? STATUS_OK : rc;
}

enum status
knowing_reason(struct service *service, const struct grant_row *grant, char *out, size_t size)
{
	const struct vault_place place = place_of_reason(grant->n);
	struct buffer sealed = {0}, plain = {0};
	struct case_key key;
	enum status rc = case_file_key(service, grant->case_n, &key);

	out[0] = '\0';
	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = knowing_store_reason(service->db, grant->n, &sealed);
	if (rc == STATUS_OK && sealed.len > 0)
		rc = vault_open(&key, &place, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK && !bytes_to_text(bytes_of_buffer(&plain), out, size))
		rc = STATUS_DATABASE;
	buffer_free(&sealed);
	buffer_free(&plain);
	vault_forget(&key);
	return rc;
}
