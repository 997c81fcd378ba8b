/* services/runtime/acts/acts_refer.c: what opens tasks: referrals, requests, notices; or a preview. */
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/policy.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/task/notice.h"

#define RECIPIENTS_MAX  32
#define FILE_NUMBER_MAX 200
#define DAY_MS          (24ULL * 3600 * 1000)

/* A request, read and checked. */
struct opening {
	enum message type; /* of the message that opens each task */
	const struct task_sort *sort;
	const json_t *request;
	const struct actor *actor;
	struct refusal *refusal;
	enum basis basis;
	bool has_reference;
	uint8_t reference[SUITE_ID_LEN];
	bool corrects; /* OLD is superseded by the one task made */
	struct task_row old;
	uint64_t life_ms;
	const char *file_number;
	unsigned count;
	const struct party *to[RECIPIENTS_MAX];
	struct task_row tasks[RECIPIENTS_MAX];
	uint8_t messages[RECIPIENTS_MAX][SUITE_ID_LEN];
	bool joins; /* an existing case: FILE */
	struct case_row file;
	struct acts_attach_place place; /* once the case is there */
};

/* ---- Reading the request ----------------------------------------------------------------- */

/* The request's own words; all others are fields of the offer. */
static bool
is_own_word(const char *name)
{
	static const char *const words[] = {"to", "basis", "reference", "expires_days",
	    "file_number", "content", "notice", "corrects", "case", "attachments"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static enum status
read_to(struct service *service, struct opening *r)
{
	const json_t *to = json_object_get(r->request, "to"), *one;
	const struct party *self = service_self(service);
	size_t i;

	if (json_array_size(to) == 0 || json_array_size(to) > RECIPIENTS_MAX)
		return request_refuse(r->refusal, STATUS_ARGUMENT, "to",
		    "to is an array of 1 to %d institutions' codes", RECIPIENTS_MAX);
	if (self == NULL)
		return request_refuse(r->refusal, STATUS_UNKNOWN_PARTY, "",
		    "this institution is not in the directory yet");
	json_array_foreach(to, i, one)
	{
		const char *code = json_string_value(one);
		const struct party *party = code == NULL ? NULL : service_peer(service, code);

		if (party == NULL || party->suspended_index != 0)
			return party == NULL
			           ? request_refuse(r->refusal, STATUS_UNKNOWN_PARTY, "to",
					 "number %zu of to: no such institution is in the"
					 " directory",
					 i + 1)
			           : request_refuse(r->refusal, STATUS_SUSPENDED, "to",
					 "number %zu of to: the institution is suspended",
					 i + 1);
		for (unsigned seen = 0; seen < r->count; seen++)
			if (r->to[seen] == party)
				return request_refuse(r->refusal, STATUS_BAD_RECIPIENTS, "to",
				    "%s is named twice", party->code);
		r->to[r->count++] = party;
	}
	return STATUS_OK;
}

static enum status
read_rest(struct opening *r)
{
	const json_t *days = json_object_get(r->request, "expires_days");
	const json_t *number = json_object_get(r->request, "file_number");

	r->life_ms = LETTER_LIFE_MS;
	if (days != NULL && !json_is_null(days)) {
		if (!json_is_integer(days) || json_integer_value(days) < 1 ||
		    json_integer_value(days) > 30)
			return request_refuse(r->refusal, STATUS_ARGUMENT, "expires_days",
			    "expires_days is a number from 1 to 30");
		r->life_ms = (uint64_t)json_integer_value(days) * DAY_MS;
	}
	if (number == NULL || json_is_null(number))
		return STATUS_OK;
	if (!json_is_string(number) || json_string_length(number) > FILE_NUMBER_MAX ||
	    !bytes_is_utf8(bytes_of_text(json_string_value(number))))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "file_number",
		    "file_number is a text of at most %d bytes", FILE_NUMBER_MAX);
	r->file_number = json_string_value(number);
	return STATUS_OK;
}

static enum status
fill_object(
    struct content *content, const json_t *object, bool personal, struct refusal *refusal)
{
	const char *name;
	json_t *value;
	enum status rc;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct field_info *field = field_named(bytes_of_text(name));

		if (!personal && is_own_word(name))
			continue;
		/* Personal data stands in "content", so that nobody takes it for the rest. */
		if (field != NULL && (field->category != CATEGORY_ACT) != personal)
			return personal ? request_refuse(refusal, STATUS_ARGUMENT, name,
					      "%s stands outside \"content\"", name)
			                : request_refuse(refusal, STATUS_ARGUMENT, name,
					      "%s stands in \"content\"", name);
		if ((rc = request_set(content, name, value, refusal)) != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

/* Notices have purposes of their own; a correction names what it corrects. */
static enum status
set_purpose(struct opening *r, struct content *out)
{
	const char *purpose = notice_purpose(r->type);
	struct bytes named;
	enum status rc = STATUS_OK;

	if (content_text(out, FIELD_PURPOSE, &named)) {
		if (!notice_purpose_fits(r->type, named))
			return request_refuse(r->refusal, STATUS_ARGUMENT, "purpose",
			    "this purpose is not one of what is sent");
	} else if (purpose != NULL) {
		rc = content_set_text(out, FIELD_PURPOSE, bytes_of_text(purpose));
	}
	if (rc == STATUS_OK && r->corrects)
		rc = content_set_id(out, FIELD_OTHER_TASK, r->old.id);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "making the message");
}

/* The offer with fresh salts, without its task. */
static enum status
make_offer(struct service *service, struct opening *r, struct content *out)
{
	const json_t *content = json_object_get(r->request, "content");
	enum status rc = content_start(r->type, out);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "making the message");
	if (content != NULL && !json_is_object(content))
		return request_refuse(
		    r->refusal, STATUS_ARGUMENT, "content", "content is an object");
	if ((rc = fill_object(out, r->request, false, r->refusal)) != STATUS_OK)
		return rc;
	if (content != NULL && (rc = fill_object(out, content, true, r->refusal)) != STATUS_OK)
		return rc;
	if ((rc = set_purpose(r, out)) != STATUS_OK ||
	    (rc = acts_attach_fill(
		 service, r->actor, r->request, &r->place, out, r->refusal)) != STATUS_OK)
		return rc;
	if ((rc = request_is_whole(out, r->refusal)) != STATUS_OK)
		return rc;
	return acts_own_rule(service, out, r->refusal);
}

static enum status
check_permitted(struct service *service, struct opening *r)
{
	struct sealing_epoch epoch;
	enum status rc;

	for (unsigned i = 0; i < r->count; i++) {
		rc = policy_permits(r->type, service_self(service), r->to[i], r->basis);
		if (rc != STATUS_OK)
			return request_refuse(
			    r->refusal, rc, "to", "%s: %s", r->to[i]->code, status_meaning(rc));
		rc = directory_sealing_now(
		    service->directory, r->to[i], service_time_ms(service), &epoch);
		if (rc != STATUS_OK)
			return request_refuse(r->refusal, rc, "to",
			    "%s has no sealing key in force: its service must have run lately",
			    r->to[i]->code);
	}
	return STATUS_OK;
}

/* ---- Goes and stays ---------------------------------------------------------------------- */

static int
add_stay(json_t *stays, const struct field_info *field, const struct party *to, bool later)
{
	struct buffer why = {0};
	int rc;

	if (later)
		buffer_append_format(
		    &why, "goes when %s opens the referral for review", to->code);
	else
		buffer_append_format(&why, "%s is not for %s",
		    list_label("categories", category_name(field->category), "en"),
		    kind_label(to->kind, "en"));
	buffer_append_byte(&why, '\0');
	rc = why.failed ? -1
	                : json_array_append_new(stays,
			      json_pack("{s:s, s:s, s:s}", "field", field->name, "why",
				  (const char *)why.data, "when", later ? "review" : "never"));
	buffer_free(&why);
	return rc;
}

static void
purpose_of(const struct content *offer, char out[static MESSAGE_CODE_MAX + 1])
{
	struct bytes purpose;

	if (!content_text(offer, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, out, MESSAGE_CODE_MAX + 1))
		out[0] = '\0';
}

/* What of the offer goes to TO now; what never does, and what only waits. */
static json_t *
describe(struct service *service, const struct party *to, const struct content *offer)
{
	char purpose[MESSAGE_CODE_MAX + 1];
	category_set now, ever;
	json_t *goes = json_array(), *stays = json_array();
	int failed = goes == NULL || stays == NULL;

	purpose_of(offer, purpose);
	now = dispatch_allows(service, to->code, purpose, offer);
	ever = profile_allows(purpose, to->kind);
	for (unsigned i = 0; !failed && i < offer->type->field_count; i++) {
		const struct field_info *field = offer->type->fields[i].field;
		category_set bit = CATEGORY_BIT(field->category);

		if (!offer->fields[i].present || field->kind == FIELD_KIND_ID ||
		    field->id == FIELD_APPLIED)
			continue;
		if ((now & bit) != 0)
			failed = json_array_append_new(goes, json_string(field->name));
		else
			failed = add_stay(stays, field, to, (ever & bit) != 0);
	}
	if (failed) {
		json_decref(goes);
		json_decref(stays);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "to", to->code, "kind", to->kind, "goes", goes,
	    "stays", stays);
}

static enum status
answer_preview(struct service *service, struct opening *r, json_t **answer)
{
	struct content offer = {0};
	json_t *tasks = json_array();
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < r->count; i++) {
		rc = make_offer(service, r, &offer);
		if (rc == STATUS_OK &&
		    json_array_append_new(tasks, describe(service, r->to[i], &offer)) != 0)
			rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the preview");
		content_free(&offer);
	}
	if (rc == STATUS_OK && (*answer = json_pack("{s:O}", "tasks", tasks)) == NULL)
		rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the preview");
	json_decref(tasks);
	return rc;
}

/* ---- Sending ----------------------------------------------------------------------------- */

static enum status
add_task(struct service *service, struct opening *r, unsigned i, const struct content *offer)
{
	struct task_row *task = &r->tasks[i];
	enum status rc;

	*task = (struct task_row){.case_n = r->file.n,
	    .sort = r->sort,
	    .side = TASK_SENDER,
	    .basis = r->basis,
	    .time_ms = service->now_ms};
	suite_new_id(service->now_ms, task->id);
	suite_random(task->token, sizeof(task->token));
	/* One reference in two messages would join them for whoever reads headers. */
	if (r->has_reference)
		memcpy(task->reference, r->reference, sizeof(task->reference));
	else
		suite_random(task->reference, sizeof(task->reference));
	memcpy(task->peer, r->to[i]->code, sizeof(task->peer));
	purpose_of(offer, task->purpose);
	if ((rc = case_store_next_task(service->db, &task->n)) != STATUS_OK)
		return rc;
	return case_store_add_task(service->db, task);
}

/* In the institution's own access log. */
static const char *
doing(enum message type)
{
	return type == MESSAGE_REFERRAL_OFFER        ? "refer"
	       : type == MESSAGE_INFORMATION_REQUEST ? "request"
	                                             : "notice";
}

static enum status
send_one(struct service *service, struct opening *r, unsigned i, const struct case_key *key,
    struct departure *departure, json_t *tasks)
{
	struct content offer = {0};
	json_t *said = NULL;
	enum status rc = make_offer(service, r, &offer);

	if (rc != STATUS_OK)
		goto out;
	rc = acts_attach_claim(service, &offer, &r->place);
	if (rc == STATUS_OK && (rc = add_task(service, r, i, &offer)) == STATUS_OK)
		rc = dispatch_act(
		    service, departure, &r->tasks[i], key, &offer, r->life_ms, r->messages[i]);
	if (rc == STATUS_OK)
		rc = acts_record(service, r->actor, &r->tasks[i], doing(r->type));
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &r->tasks[i], "queued");
	if (rc == STATUS_OK && (said = describe(service, r->to[i], &offer)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK &&
	    (json_object_set_new(said, "task", request_hex(r->tasks[i].id)) != 0 ||
		json_object_set_new(said, "message", request_hex(r->messages[i])) != 0 ||
		json_object_set_new(
		    said, "state", json_string(task_state_name(r->tasks[i].state))) != 0 ||
		json_array_append(tasks, said) != 0))
		rc = STATUS_NO_MEMORY;
	if (rc != STATUS_OK)
		request_refuse(r->refusal, rc, "to", "%s: %s; %s", r->to[i]->code,
		    status_meaning(rc), status_remedy(rc));
out:
	json_decref(said);
	content_free(&offer);
	return rc;
}

/* The old notice is told which one took its place, in the same transaction. */
static enum status
supersede(struct service *service, struct opening *r, const struct case_key *key,
    struct departure *departure)
{
	struct content content = {0};
	uint8_t id[SUITE_ID_LEN];
	enum status rc = content_start(MESSAGE_NOTICE_SUPERSEDE, &content);

	if (rc == STATUS_OK)
		rc = content_set_id(&content, FIELD_OTHER_TASK, r->tasks[0].id);
	if (rc == STATUS_OK)
		rc = dispatch_act(
		    service, departure, &r->old, key, &content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &r->old, content.type->name);
	content_free(&content);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "the step was not taken");
}

/* A correction belongs to the case of what it corrects; all else opens one, or joins one. */
static enum status
open_case(struct service *service, struct opening *r, struct case_key *key)
{
	enum status rc;

	if (!r->corrects && !r->joins)
		return case_file_create(service, r->file_number, &r->file, key);
	if (r->joins)
		return case_file_key(service, r->file.n, key);
	rc = case_store_get(service->db, r->old.case_n, &r->file);
	return rc == STATUS_OK ? case_file_key(service, r->file.n, key) : rc;
}

static enum status
send_all(struct service *service, struct opening *r, json_t *tasks)
{
	struct departure departure = {0};
	struct case_key key;
	enum status rc = open_case(service, r, &key);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "storing the case");
	/* Whoever corrects knows the case already. */
	if (r->joins)
		rc = knowing_take(service, r->actor, r->file.n);
	else if (!r->corrects)
		rc = knowing_give(
		    service, r->actor, r->file.n, r->actor->person, GRANT_AUTHOR, NULL, NULL);
	if (rc != STATUS_OK)
		acts_fail(r->refusal, rc, "storing the case");
	r->place = (struct acts_attach_place){r->file.n, &key};
	for (unsigned i = 0; rc == STATUS_OK && i < r->count; i++)
		rc = send_one(service, r, i, &key, &departure, tasks);
	if (rc == STATUS_OK && r->corrects)
		rc = supersede(service, r, &key, &departure);
	if (rc == STATUS_OK && (rc = departure_sign(service, &departure)) != STATUS_OK)
		acts_fail(r->refusal, rc, "signing");
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static enum status
open_now(struct service *service, struct opening *r, json_t **answer)
{
	json_t *tasks = json_array(), *whole = NULL;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK) {
		json_decref(tasks);
		return acts_fail(r->refusal, rc, "storing the case");
	}
	rc = send_all(service, r, tasks);
	if (rc == STATUS_OK) {
		whole = json_pack("{s:o, s:O, s:b}", "case", request_hex(r->file.id), "tasks",
		    tasks, "connected", service->connected);
		if (whole == NULL)
			rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the answer");
	}
	json_decref(tasks);
	if (rc != STATUS_OK) {
		service_rollback(service);
		return rc;
	}
	service_commit(service, "act");
	*answer = whole;
	return STATUS_OK;
}

/* The notice that this one corrects: ours, to the one institution named, and not over. */
static enum status
read_corrects(struct service *service, struct opening *r)
{
	const json_t *corrects = json_object_get(r->request, "corrects");
	struct task_stand stand;
	enum status rc;

	if (corrects == NULL || json_is_null(corrects))
		return STATUS_OK;
	if (r->sort != &notice_sort || !json_is_string(corrects))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "corrects",
		    "corrects is the task of a notice that you sent");
	rc = acts_find_task(
	    service, r->actor, ACTS_TO_ACT, json_string_value(corrects), &r->old, r->refusal);
	if (rc != STATUS_OK)
		return rc;
	if (!acts_role_may(service, r->actor->role, MESSAGE_NOTICE_SUPERSEDE))
		return request_refuse(r->refusal, STATUS_NOT_ALLOWED, "corrects",
		    "your role may not correct a notice; ask a colleague who may");
	stand = (struct task_stand){.state = r->old.state};
	if (r->old.sort != &notice_sort || r->count != 1 ||
	    strcmp(r->old.peer, r->to[0]->code) != 0 ||
	    !task_may(&notice_sort, &stand, TASK_EVENT_SUPERSEDE, r->old.side))
		return request_refuse(r->refusal, STATUS_WRONG_STATE, "corrects",
		    "what is corrected is a notice of yours to the same institution, in force");
	r->corrects = true;
	return STATUS_OK;
}

/* Read once before anything is stored: most refusals are of this kind. */
static enum status
read_and_open(struct service *service, struct opening *r, bool preview, json_t **answer)
{
	struct content offer = {0};
	enum status rc = make_offer(service, r, &offer);

	content_free(&offer);
	if (rc != STATUS_OK)
		return rc;
	if ((rc = service_may_seal(service)) != STATUS_OK)
		return request_refuse(r->refusal, rc, "", "nothing was stored or sent");
	return preview ? answer_preview(service, r, answer) : open_now(service, r, answer);
}

/* The documents of a case that is there already may be cited again. */
static enum status
read_and_open_in_case(struct service *service, struct opening *r, bool preview, json_t **answer)
{
	struct case_key key;
	enum status rc = case_file_key(service, r->file.n, &key);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "opening the case");
	r->place = (struct acts_attach_place){r->file.n, &key};
	rc = read_and_open(service, r, preview, answer);
	vault_forget(&key);
	return rc;
}

static enum status
open_tasks(struct service *service, struct opening *r, bool preview, json_t **answer)
{
	enum status rc;

	if (!acts_role_may(service, r->actor->role, r->type))
		return r->type == MESSAGE_REFERRAL_OFFER
		           ? request_refuse(r->refusal, STATUS_NOT_ALLOWED, "",
				 "your role may not refer; ask a colleague who may")
		           : request_refuse(r->refusal, STATUS_NOT_ALLOWED, "",
				 "your institution or your role does not send this");
	if (!json_is_object(r->request))
		return request_refuse(
		    r->refusal, STATUS_ARGUMENT, "", "the request is an object");
	if ((rc = read_to(service, r)) != STATUS_OK ||
	    (rc = acts_read_basis(r->request, &r->basis, &r->has_reference, r->reference,
		 r->refusal)) != STATUS_OK ||
	    (rc = read_rest(r)) != STATUS_OK || (rc = read_corrects(service, r)) != STATUS_OK ||
	    (rc = check_permitted(service, r)) != STATUS_OK)
		return rc;
	return r->joins ? read_and_open_in_case(service, r, preview, answer)
	                : read_and_open(service, r, preview, answer);
}

static enum status
open_of(struct service *service, const struct actor *actor, enum message type,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal)
{
	struct opening *r = calloc(1, sizeof(*r));
	json_t *merged = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (r == NULL)
		return acts_fail(refusal, STATUS_NO_MEMORY, "the referral");
	r->type = type;
	r->sort = task_sort_of(type);
	r->request = request;
	if (json_object_get(request, "case") != NULL) {
		rc = acts_casebook_offer(
		    service, actor, type, request, &r->file, &merged, refusal);
		if (rc != STATUS_OK) {
			free(r);
			return rc;
		}
		r->request = merged;
		r->joins = true;
	}
	r->actor = actor;
	r->refusal = refusal;
	rc = open_tasks(service, r, preview, answer);
	json_decref(merged);
	free(r);
	return rc;
}

enum status
acts_refer(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return open_of(
	    service, actor, MESSAGE_REFERRAL_OFFER, request, preview, answer, refusal);
}

enum status
acts_request(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return open_of(
	    service, actor, MESSAGE_INFORMATION_REQUEST, request, preview, answer, refusal);
}

const struct acts_notice *
acts_notice_at(unsigned i)
{
	static const struct acts_notice notices[] = {
	    {"incident", MESSAGE_NOTICE_INCIDENT},
	    {"custody", MESSAGE_NOTICE_CUSTODY},
	    {"status", MESSAGE_NOTICE_STATUS},
	    {"concern", MESSAGE_NOTICE_CONCERN},
	};

	return i < sizeof(notices) / sizeof(notices[0]) ? &notices[i] : NULL;
}

enum status
acts_notice(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	const char *name = json_string_value(json_object_get(request, "notice"));
	const struct acts_notice *notice;

	*answer = NULL;
	for (unsigned i = 0; name != NULL && (notice = acts_notice_at(i)) != NULL; i++)
		if (strcmp(notice->name, name) == 0)
			return open_of(
			    service, actor, notice->type, request, preview, answer, refusal);
	return request_refuse(refusal, STATUS_ARGUMENT, "notice",
	    "notice is incident, custody, status or concern");
}
