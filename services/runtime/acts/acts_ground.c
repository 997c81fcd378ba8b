/* services/runtime/acts/acts_ground.c: what a request rests on, in a person's words: a record, law, consent. */
#include "services/runtime/acts/acts_ground.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/profile.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/provisions.h"

#define NECESSITY_MAX 4000
#define TEXT_MAX      300

const char *const acts_ground_words[] = {"basis", "record", "ground", "provision", "necessity",
    "family_told", "family_text", "decided_by", "categories", "ground_until", "consent", NULL};

bool
acts_ground_is_word(const char *name)
{
	for (unsigned i = 0; acts_ground_words[i] != NULL; i++)
		if (strcmp(acts_ground_words[i], name) == 0)
			return true;
	return false;
}

/* NULL where it is absent, null or empty. */
static const json_t *
word_of(const json_t *request, const char *name)
{
	const json_t *value = json_object_get(request, name);

	if (json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0))
		return NULL;
	return value;
}

/* A word of the ground besides basis, ground and MINE; NULL: REQUEST has no other. */
static const char *
other_word(const json_t *request, const char *mine)
{
	for (unsigned i = 0; acts_ground_words[i] != NULL; i++) {
		const char *word = acts_ground_words[i];

		if (strcmp(word, "basis") != 0 && strcmp(word, "ground") != 0 &&
		    strcmp(word, mine) != 0 && word_of(request, word) != NULL)
			return word;
	}
	return NULL;
}

/* A text of at most LIMIT bytes; *OUT is NULL where there is none. */
static enum status
read_text(const json_t *request, const char *name, size_t limit, const char **out,
    struct refusal *refusal)
{
	const json_t *value = word_of(request, name);

	*out = NULL;
	if (value == NULL)
		return STATUS_OK;
	if (!json_is_string(value) || json_string_length(value) > limit ||
	    !bytes_is_utf8((struct bytes){
		(const uint8_t *)json_string_value(value), json_string_length(value)}))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, name, "%s is too long or not of its form", name);
	*out = json_string_value(value);
	return STATUS_OK;
}

/* The same of a code of LIST. */
static enum status
read_code(const json_t *request, const char *name, const char *list, const char **out,
    struct refusal *refusal)
{
	enum status rc = read_text(request, name, MESSAGE_CODE_MAX, out, refusal);

	if (rc != STATUS_OK || *out == NULL || list_has(list, bytes_of_text(*out)))
		return rc;
	return request_refuse_code(refusal, name, list);
}

/* ---- A record ---------------------------------------------------------------------------- */

static enum status
no_such_record(struct refusal *refusal)
{
	return request_refuse(
	    refusal, STATUS_NOT_FOUND, "record", "there is no such record in this case");
}

/* That of the case with this id: ours, or one that was told to us. */
static enum status
find_record(struct service *service, uint64_t case_n, const uint8_t *id, struct ground_row *out)
{
	struct ground_row row = {0};
	enum status rc;

	while ((rc = ground_store_of_case(service->db, case_n, row.n, &row)) == STATUS_OK)
		if (memcmp(row.id, id, sizeof(row.id)) == 0) {
			*out = row;
			return STATUS_OK;
		}
	return rc;
}

static enum status
read_record(struct service *service, const json_t *request, const json_t *named,
    const struct acts_ground_use *use, struct acts_ground *out, struct refusal *refusal)
{
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];
	const char *other;
	enum status rc;

	if ((other = other_word(request, "record")) != NULL)
		return request_refuse(refusal, STATUS_ARGUMENT, other,
		    "the record says this already: name the record alone");
	if (!json_is_string(named) || !request_id(json_string_value(named), id))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "record", "record is 32 hexadecimal digits");
	if (use->case_n == 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "case",
		    "a record belongs to a case: name the case that it is of");
	rc = find_record(service, use->case_n, id, &out->row);
	if (rc == STATUS_NOT_FOUND)
		return no_such_record(refusal);
	if (rc == STATUS_OK && (rc = case_file_key(service, use->case_n, &key)) == STATUS_OK) {
		rc = grounds_read(service, &key, &out->row, &out->body, &out->terms);
		vault_forget(&key);
	}
	out->state = out->row.state;
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the record");
}

/* ---- Law --------------------------------------------------------------------------------- */

/* The categories that the profile of any recipient lets it have. */
static json_t *
profiles_of(const struct acts_ground_use *use)
{
	json_t *names = json_array();
	category_set all = 0;

	for (unsigned i = 0; i < use->count; i++)
		all |= profile_allows(use->purpose, use->to[i]->kind);
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		if (i != CATEGORY_ACT && i != CATEGORY_GROUND && (all >> i & 1) != 0 &&
		    json_array_append_new(names, json_string(category_name(i))) != 0) {
			json_decref(names);
			return NULL;
		}
	return names;
}

static json_t *
codes_of(const struct acts_ground_use *use)
{
	json_t *codes = json_array();

	for (unsigned i = 0; i < use->count; i++)
		if (json_array_append_new(codes, json_string(use->to[i]->code)) != 0) {
			json_decref(codes);
			return NULL;
		}
	return codes;
}

static enum status
set_categories(const json_t *request, const struct acts_ground_use *use, json_t *body,
    struct refusal *refusal)
{
	const json_t *named = word_of(request, "categories");
	json_t *names = named == NULL ? profiles_of(use) : json_deep_copy(named);

	if (names == NULL || json_object_set_new(body, "categories", names) != 0)
		return acts_fail(refusal, STATUS_NO_MEMORY, "the ground");
	if (named != NULL &&
	    (json_array_size(named) == 0 || json_array_size(named) > CATEGORY_COUNT))
		return request_refuse(refusal, STATUS_ARGUMENT, "categories",
		    "%s is an array of codes of the list %s", "categories", "categories");
	return STATUS_OK;
}

/* What a decision by law says; the texts are checked already, NULL where there is none. */
struct law {
	const char *ground, *provision, *necessity, *family_told, *family_text, *decided_by;
};

static enum status
read_law(const json_t *request, struct law *law, struct refusal *refusal)
{
	enum status rc;

	if ((rc = read_code(request, "ground", "legal-bases", &law->ground, refusal)) !=
		STATUS_OK ||
	    (rc = read_text(request, "provision", TEXT_MAX, &law->provision, refusal)) !=
		STATUS_OK ||
	    (rc = read_text(request, "necessity", NECESSITY_MAX, &law->necessity, refusal)) !=
		STATUS_OK ||
	    (rc = read_code(request, "family_told", "family-told", &law->family_told,
		 refusal)) != STATUS_OK ||
	    (rc = read_text(request, "family_text", TEXT_MAX, &law->family_text, refusal)) !=
		STATUS_OK)
		return rc;
	return read_text(request, "decided_by", TEXT_MAX, &law->decided_by, refusal);
}

/* What nobody said, where it need not be said. */
static enum status
complete_law(struct law *law, bool shares, struct refusal *refusal)
{
	const struct list *bases = list_named("legal-bases");
	unsigned row;

	if (shares && law->ground == NULL)
		return request_refuse(
		    refusal, STATUS_NO_BASIS, "ground", "%s is missing", "ground");
	if (law->ground != NULL && strcmp(law->ground, "consent") == 0)
		return request_refuse(refusal, STATUS_NO_BASIS, "ground",
		    "the ground consent goes with the basis consent, any other with law");
	if (shares && law->necessity == NULL)
		return request_refuse(refusal, STATUS_NO_NECESSITY, "necessity",
		    "say in necessity why it is necessary to share this");
	if (law->ground == NULL)
		law->ground = "";
	else if (law->provision == NULL && list_find(bases, bytes_of_text(law->ground), &row))
		law->provision = list_text(bases, row, "source");
	/* That it was told already would be a claim that nobody made. */
	if (law->family_told == NULL)
		law->family_told = "later";
	return STATUS_OK;
}

enum status
acts_ground_law(struct service *service, const struct actor *actor, const json_t *request,
    bool shares, json_t **body, struct refusal *refusal)
{
	struct law law = {0};
	json_t *who;
	enum status rc = read_law(request, &law, refusal);

	if (rc == STATUS_OK)
		rc = complete_law(&law, shares, refusal);
	if (rc != STATUS_OK)
		return rc;
	who = law.decided_by != NULL ? json_string(law.decided_by)
	                             : acts_person(service, actor->person);
	*body = json_pack("{s:s, s:s*, s:s*, s:o, s:s, s:s*}", "ground", law.ground,
	    "provision", law.provision, "necessity", law.necessity, "decided_by", who,
	    "family_told", law.family_told, "family_text", law.family_text);
	if (*body == NULL)
		return acts_fail(refusal, STATUS_NO_MEMORY, "the ground");
	if (shares && provisions_goes_unconfirmed(law.ground) &&
	    !provisions_is_confirmed(service, law.ground) &&
	    json_object_set_new(*body, "unconfirmed", json_true()) != 0)
		return acts_fail(refusal, STATUS_NO_MEMORY, "the ground");
	return STATUS_OK;
}

static enum status
make_law(struct service *service, const struct actor *actor, const json_t *request,
    const struct acts_ground_use *use, struct acts_ground *out, struct refusal *refusal)
{
	const char *until = NULL;
	enum status rc;

	if (word_of(request, "consent") != NULL)
		return request_refuse(
		    refusal, STATUS_NO_BASIS, "consent", "consent goes with the basis consent");
	if ((rc = read_text(request, "ground_until", 10, &until, refusal)) != STATUS_OK ||
	    (rc = acts_ground_law(service, actor, request, true, &out->body, refusal)) !=
		STATUS_OK)
		return rc;
	if (json_object_set_new(out->body, "purposes", json_pack("[s]", use->purpose)) != 0 ||
	    json_object_set_new(out->body, "recipients", codes_of(use)) != 0 ||
	    (until != NULL && json_object_set_new(out->body, "until", json_string(until)) != 0))
		return acts_fail(refusal, STATUS_NO_MEMORY, "the ground");
	if ((rc = set_categories(request, use, out->body, refusal)) != STATUS_OK)
		return rc;
	out->row.basis = BASIS_LAW;
	out->state = CONSENT_IN_FORCE;
	return grounds_terms(out->body, BASIS_LAW, &out->terms)
	           ? STATUS_OK
	           : request_refuse(refusal, STATUS_ARGUMENT,
			 until != NULL ? "ground_until" : "categories",
			 "categories are codes of personal data, ground_until is a date");
}

/* ---- Consent ----------------------------------------------------------------------------- */

static enum status
make_consent(struct service *service, const json_t *request, const struct acts_ground_use *use,
    struct acts_ground *out, struct refusal *refusal)
{
	const json_t *given = word_of(request, "consent");
	const char *ground = json_string_value(json_object_get(request, "ground")), *other;
	enum status rc;

	if (ground != NULL && strcmp(ground, "consent") != 0)
		return request_refuse(refusal, STATUS_NO_BASIS, "ground",
		    "the ground consent goes with the basis consent, any other with law");
	if ((other = other_word(request, "consent")) != NULL)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, other, "%s goes with the basis law", other);
	if (given == NULL)
		return request_refuse(refusal, STATUS_NO_CONSENT, "consent",
		    "name the record of the consent, or say in consent who gave it, when and "
		    "for what");
	rc = acts_ground_consent(service, request, use, &out->body, refusal);
	if (rc != STATUS_OK)
		return rc;
	out->row.basis = BASIS_CONSENT;
	out->state = CONSENT_GIVEN;
	return grounds_terms(out->body, BASIS_CONSENT, &out->terms)
	           ? STATUS_OK
	           : acts_fail(refusal, STATUS_INTERNAL, "reading the consent");
}

/* ---- The whole --------------------------------------------------------------------------- */

enum status
acts_ground_read(struct service *service, const struct actor *actor, const json_t *request,
    const struct acts_ground_use *use, struct acts_ground *out, struct refusal *refusal)
{
	const json_t *record = word_of(request, "record"), *basis = word_of(request, "basis"),
		     *ground = word_of(request, "ground");
	bool consent =
		 json_is_string(basis) && strcmp(json_string_value(basis), "consent") == 0,
	     law = json_is_string(basis) && strcmp(json_string_value(basis), "law") == 0;
	enum status rc;

	*out = (struct acts_ground){0};
	if (!consent && !law && (record == NULL || basis != NULL))
		return request_refuse(
		    refusal, STATUS_NO_BASIS, "basis", "basis is consent or law");
	if (record == NULL)
		return consent ? make_consent(service, request, use, out, refusal)
		               : make_law(service, actor, request, use, out, refusal);
	rc = read_record(service, request, record, use, out, refusal);
	if (rc == STATUS_OK && basis != NULL &&
	    out->row.basis != (consent ? BASIS_CONSENT : BASIS_LAW))
		return request_refuse(
		    refusal, STATUS_NO_BASIS, "basis", "the record is of the other basis");
	if (rc == STATUS_OK && ground != NULL &&
	    (!json_is_string(ground) ||
		strcmp(json_string_value(ground), out->terms.code) != 0))
		return request_refuse(
		    refusal, STATUS_NO_BASIS, "ground", "the record is of another ground");
	return rc;
}

void
acts_ground_free(struct acts_ground *ground)
{
	json_decref(ground->body);
	*ground = (struct acts_ground){0};
}

/* Which word is at fault, where a ground does not let something go. */
static const char *
field_of(const struct acts_ground *ground, enum status rc)
{
	if (ground->row.n != 0)
		return rc == STATUS_OUTSIDE_GROUND ? "to" : "record";
	if (rc == STATUS_NO_NECESSITY)
		return "necessity";
	if (ground->row.basis == BASIS_CONSENT)
		return "consent";
	return rc == STATUS_OUTSIDE_GROUND ? "to" : "ground";
}

enum status
acts_ground_check(struct service *service, const struct acts_ground *ground,
    const struct party *to, const char *purpose, category_set *allowed, struct refusal *refusal)
{
	category_set found;
	enum status rc = grounds_allow(
	    service, ground->row.basis, ground->state, &ground->terms, to, purpose, &found);

	if (rc != STATUS_OK)
		return request_refuse(
		    refusal, rc, field_of(ground, rc), "this concerns %s", to->code);
	if (allowed != NULL)
		*allowed = found;
	return STATUS_OK;
}

enum status
acts_ground_open(struct service *service, const struct actor *actor,
    struct departure *departure, const struct case_key *key, uint64_t case_n,
    struct acts_ground *ground)
{
	const bool consent = ground->row.basis == BASIS_CONSENT;
	const struct ground_cause cause = {.person = actor->person,
	    .role = service_role_name(actor->role),
	    .day = consent ? ground->terms.granted_on : NULL};

	if (ground->row.n != 0)
		return STATUS_OK;
	ground->row.case_n = case_n;
	return grounds_open(service, departure, key, &ground->row, ground->body,
	    consent ? CONSENT_EVENT_GIVE : CONSENT_EVENT_DECIDE, &cause);
}

enum status
acts_ground_cite(
    struct service *service, const struct acts_ground *ground, struct task_row *task)
{
	task->ground_n = ground->row.n;
	task->basis = ground->row.basis;
	return grounds_reference(service, &ground->row, task->peer, task->reference);
}

enum status
acts_ground_of_task(struct service *service, const struct task_row *task, enum message type,
    category_set *allowed, struct refusal *refusal)
{
	const struct task_message *act = task_message(task->sort, type);
	const struct party *peer = service_peer(service, task->peer);
	struct acts_ground ground = {0};
	struct case_key key;
	enum status rc;

	*allowed = CATEGORY_ALL;
	if ((act->grounded & task->side) == 0 || act->own_ground ||
	    message_info(type)->categories == CATEGORY_BIT(CATEGORY_ACT))
		return STATUS_OK;
	if (peer == NULL)
		return acts_fail(refusal, STATUS_UNKNOWN_PARTY, "the step was not taken");
	if ((rc = case_file_key(service, task->case_n, &key)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	if ((rc = ground_store_get(service->db, task->ground_n, &ground.row)) == STATUS_OK)
		rc = grounds_read(service, &key, &ground.row, &ground.body, &ground.terms);
	vault_forget(&key);
	ground.state = ground.row.state;
	if (rc == STATUS_OK)
		rc = acts_ground_check(service, &ground, peer, task->purpose, allowed, refusal);
	else
		acts_fail(refusal, rc == STATUS_NOT_FOUND ? STATUS_NO_BASIS : rc,
		    "reading the record");
	acts_ground_free(&ground);
	return rc;
}
