/* services/runtime/exchange/custody_known.c: what the statements that we keep say of a consent. */
#include "services/runtime/exchange/custody_known.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/custody_child.h"
#include "services/runtime/exchange/service.h"

/* ---- What a statement says --------------------------------------------------------------- */

static void
read_text(const json_t *body, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(body, name));

	if (text == NULL || !bytes_to_text(bytes_of_text(text), out, size))
		out[0] = '\0';
}

static void
read_id(const json_t *body, const char *name, uint8_t out[static SUITE_ID_LEN])
{
	const char *text = json_string_value(json_object_get(body, name));

	if (text == NULL || !bytes_from_hex(bytes_of_text(text), out, SUITE_ID_LEN))
		memset(out, 0, SUITE_ID_LEN);
}

static void
read_fact(const struct custody_row *row, const json_t *body, struct custody_fact *out)
{
	*out = (struct custody_fact){.index = row->index, .void_ = row->void_};
	memcpy(out->origin, row->origin, sizeof(out->origin));
	read_id(body, "task", out->task);
	read_id(body, "corrects", out->corrects);
	read_text(body, "event", out->event, sizeof(out->event));
	read_text(body, "person", out->person, sizeof(out->person));
	read_text(body, "code", out->code, sizeof(out->code));
	read_text(body, "from", out->from, sizeof(out->from));
}

static void
read_child(const json_t *body, struct custody_child *out)
{
	read_text(body, "child_name", out->name, sizeof(out->name));
	read_text(body, "personal_code", out->code, sizeof(out->code));
	read_text(body, "birth_date", out->birth, sizeof(out->birth));
}

enum status
custody_known_read(struct service *service, const struct case_key *key,
    const struct custody_row *row, json_t **out)
{
	const struct vault_place place = {"custody", row->n, "body"};
	struct buffer sealed = {0}, plain = {0};
	enum status rc = custody_store_body(service->db, row->n, &sealed);

	if (rc == STATUS_OK)
		rc = vault_open(key, &place, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK &&
	    (*out = json_loadb((const char *)plain.data, plain.len, 0, NULL)) == NULL)
		rc = STATUS_DATABASE;
	suite_wipe(plain.data, plain.len);
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc;
}

/* ---- What is known ----------------------------------------------------------------------- */

struct facts {
	struct custody_fact *at;
	size_t count;
};

static void
free_facts(struct facts *facts)
{
	if (facts->at != NULL)
		suite_wipe(facts->at, facts->count * sizeof(*facts->at));
	free(facts->at);
}

static enum status
add_fact(struct facts *facts, const struct custody_row *row, const json_t *body)
{
	struct custody_fact *more;

	if ((facts->count & (facts->count - 1)) == 0) {
		more = realloc(
		    facts->at, (facts->count == 0 ? 1 : 2 * facts->count) * sizeof(*facts->at));
		if (more == NULL)
			return STATUS_NO_MEMORY;
		facts->at = more;
	}
	read_fact(row, body, &facts->at[facts->count++]);
	return STATUS_OK;
}

static enum status
load_with(
    struct service *service, const struct case_key *key, uint64_t case_n, struct facts *facts)
{
	struct custody_row row = {0};
	json_t *body;
	enum status rc;

	while ((rc = custody_store_of_case(service->db, case_n, row.n, &row)) == STATUS_OK) {
		if ((rc = custody_known_read(service, key, &row, &body)) != STATUS_OK)
			return rc;
		rc = add_fact(facts, &row, body);
		json_decref(body);
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
load(struct service *service, uint64_t case_n, struct facts *facts)
{
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = load_with(service, &key, case_n, facts);
	vault_forget(&key);
	return rc;
}

/* Of all cases of CHILD but the one in which they are known already. */
static enum status
load_of_child(struct service *service, const struct custody_child *child, uint64_t but,
    struct facts *facts)
{
	struct custody_cases cases;
	enum status rc = custody_child_cases(service, child, &cases);

	for (unsigned i = 0; rc == STATUS_OK && i < cases.count; i++)
		if (cases.n[i] != but)
			rc = load(service, cases.n[i], facts);
	return rc;
}

enum status
custody_known_names_child(struct service *service, const struct case_key *key, uint64_t case_n,
    const struct custody_child *child, bool *out)
{
	struct custody_row row = {0};
	struct custody_child named;
	json_t *body;
	enum status rc;

	*out = false;
	while (!*out &&
	       (rc = custody_store_of_case(service->db, case_n, row.n, &row)) == STATUS_OK) {
		if ((rc = custody_known_read(service, key, &row, &body)) != STATUS_OK)
			return rc;
		read_child(body, &named);
		*out = custody_fact_same_child(child, &named);
		json_decref(body);
	}
	suite_wipe(&named, sizeof(named));
	return *out || rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- What that says of a consent --------------------------------------------------------- */

static const char *
word_of(const json_t *body, const char *name)
{
	const char *text = json_string_value(json_object_get(body, name));

	return text != NULL ? text : "";
}

enum status
custody_known_of_record(struct service *service, const struct case_key *key,
    const struct ground_row *row, const json_t *body, struct consent_custody **out,
    size_t *count, bool *doubt)
{
	const struct custody_giver giver = {
	    word_of(body, "granter"), word_of(body, "granter_code"), word_of(body, "capacity")};
	const json_t *of = json_object_get(body, "child");
	struct custody_child child = {0};
	struct facts facts = {0};
	bool any;
	enum status rc = custody_store_any(service->db, &any);

	*out = NULL;
	*count = 0;
	if (doubt != NULL)
		*doubt = false;
	if (rc != STATUS_OK || !any)
		return rc;
	rc = load_with(service, key, row->case_n, &facts);
	read_text(of, "name", child.name, sizeof(child.name));
	read_text(of, "personal_code", child.code, sizeof(child.code));
	read_text(of, "birth_date", child.birth, sizeof(child.birth));
	if (rc == STATUS_OK)
		rc = load_of_child(service, &child, row->case_n, &facts);
	if (rc == STATUS_OK && (*out = calloc(facts.count + 1, sizeof(**out))) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		*count =
		    custody_fact_select(facts.at, facts.count, &giver, UINT64_MAX, *out, doubt);
	free_facts(&facts);
	suite_wipe(&child, sizeof(child));
	return rc;
}

/* Who gave the consent that CONTENT tells of, and when; false: it rests on none, or does not say. */
struct told_giver {
	char name[121], code[17], capacity[MESSAGE_CODE_MAX + 1], on[11];
};

static void
take_text(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	if (!content_text(content, field, &text) || !bytes_to_text(text, out, size))
		out[0] = '\0';
}

static bool
read_giver(const struct content *content, struct told_giver *out)
{
	take_text(content, FIELD_GRANTER, out->name, sizeof(out->name));
	take_text(content, FIELD_GRANTER_CODE, out->code, sizeof(out->code));
	take_text(content, FIELD_CAPACITY, out->capacity, sizeof(out->capacity));
	take_text(content, FIELD_GRANTED_ON, out->on, sizeof(out->on));
	return out->name[0] != '\0' && out->on[0] != '\0';
}

static enum status
judge(struct service *service, const struct custody_child *child, const struct told_giver *told,
    uint64_t index)
{
	const struct custody_giver giver = {told->name, told->code, told->capacity};
	struct facts facts = {0};
	struct consent_custody *custody;
	size_t count;
	enum status rc = load_of_child(service, child, 0, &facts);

	if (rc == STATUS_OK && facts.count > 0) {
		if ((custody = calloc(facts.count, sizeof(*custody))) == NULL) {
			free_facts(&facts);
			return STATUS_NO_MEMORY;
		}
		count =
		    custody_fact_select(facts.at, facts.count, &giver, index, custody, NULL);
		if (!consent_has_custody(told->on, custody, count))
			rc = STATUS_NO_CUSTODY;
		free(custody);
	}
	free_facts(&facts);
	return rc;
}

enum status
custody_known_judge(struct service *service, const struct content *content, uint64_t index)
{
	struct custody_child child;
	struct told_giver giver;
	bool any = false;
	enum status rc = STATUS_OK;

	if (!read_giver(content, &giver) || !custody_child_of(content, &child))
		return STATUS_OK;
	rc = custody_store_any(service->db, &any);
	if (rc == STATUS_OK && any)
		rc = judge(service, &child, &giver, index);
	suite_wipe(&child, sizeof(child));
	suite_wipe(&giver, sizeof(giver));
	return rc;
}
