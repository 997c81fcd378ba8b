/* services/runtime/acts/acts_refer.c: what opens tasks: referrals, requests, notices; or a preview. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_circle.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/acts/acts_refer_inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/trust/policy.h"
#include "services/runtime/task/circle.h"
#include "services/runtime/task/notice.h"

#define DAY_MS (24ULL * 3600 * 1000)

/* ---- Reading the request ----------------------------------------------------------------- */

static enum status
read_to(struct service *service, struct opening *r)
{
	const bool shared = r->sort->share != TASK_OF_TWO;
	const char *word = shared ? "with" : "to";
	const int most = shared ? ENVELOPE_RECIPIENTS_MAX : ACTS_REFER_MAX;
	const json_t *to = json_object_get(r->request, word), *one;
	const struct party *self = service_self(service);
	size_t i;

	if (shared && json_array_size(to) > (size_t)most)
		return request_refuse(r->refusal, STATUS_TOO_LARGE, word,
		    "a case has at most %d institutions", CIRCLE_MEMBERS_MAX);
	if ((json_array_size(to) == 0 &&
		!json_is_true(json_object_get(r->request, "participants"))) ||
	    json_array_size(to) > (size_t)most)
		return request_refuse(r->refusal, STATUS_ARGUMENT, word,
		    "%s is an array of 1 to %d institutions' codes", word, most);
	if (self == NULL)
		return request_refuse(r->refusal, STATUS_UNKNOWN_PARTY, "",
		    "this institution is not in the directory yet");
	json_array_foreach(to, i, one)
	{
		const char *code = json_string_value(one);
		const struct party *party = code == NULL ? NULL : service_peer(service, code);

		if (party == NULL || party->suspended_index != 0)
			return party == NULL
			           ? request_refuse(r->refusal, STATUS_UNKNOWN_PARTY, word,
					 "number %zu of %s: no such institution is in the"
					 " directory",
					 i + 1, word)
			           : request_refuse(r->refusal, STATUS_SUSPENDED, word,
					 "number %zu of %s: the institution is suspended",
					 i + 1, word);
		if (shared && party == self)
			return request_refuse(r->refusal, STATUS_BAD_RECIPIENTS, word,
			    "this institution leads the case: name the others");
		for (unsigned seen = 0; seen < r->count; seen++)
			if (r->to[seen] == party)
				return request_refuse(r->refusal, STATUS_BAD_RECIPIENTS, word,
				    "%s is named twice", party->code);
		r->to[r->count++] = party;
	}
	return acts_refer_custody_participants(service, r);
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
	if (!json_is_string(number) || json_string_length(number) > ACTS_FILE_NUMBER_MAX ||
	    !bytes_is_utf8(bytes_of_text(json_string_value(number))))
		return request_refuse(r->refusal, STATUS_ARGUMENT, "file_number",
		    "file_number is a text of at most %d bytes", ACTS_FILE_NUMBER_MAX);
	r->file_number = json_string_value(number);
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

/* In the words of the request; of its own case, where it has one already. */
static enum status
read_ground(struct service *service, struct opening *r)
{
	const char *purpose = json_string_value(json_object_get(r->request, "purpose"));
	struct acts_ground_use use = {.case_n = r->joins      ? r->file.n
	                                        : r->corrects ? r->old.case_n
	                                                      : 0,
	    .purpose = purpose,
	    .to = r->to,
	    .count = r->count};

	enum status rc;

	if (purpose == NULL)
		use.purpose = notice_purpose(r->type) != NULL ? notice_purpose(r->type) : "";
	rc = acts_ground_read(service, r->actor, r->request, &use, &r->ground, r->refusal);
	if (rc != STATUS_OK)
		return rc;
	rc =
	    acts_law_notes(service, use.case_n, r->ground.row.basis, r->ground.body, &r->notes);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "reading the records");
}

static enum status
check_permitted(struct service *service, struct opening *r)
{
	struct sealing_epoch epoch;
	enum status rc;

	for (unsigned i = 0; i < r->count; i++) {
		rc = policy_permits(
		    r->type, service_self(service), r->to[i], r->ground.row.basis);
		if (rc != STATUS_OK)
			return request_refuse(
			    r->refusal, rc, "to", "this concerns %s", r->to[i]->code);
		rc = directory_sealing_now(
		    service->directory, r->to[i], service_time_ms(service), &epoch);
		if (rc != STATUS_OK)
			return request_refuse(r->refusal, rc, "to",
			    "%s has no sealing key in force: its service must have run lately",
			    r->to[i]->code);
	}
	return STATUS_OK;
}

/* ---- Opening the tasks ------------------------------------------------------------------- */

static enum status
answer_preview(struct service *service, struct opening *r, json_t **answer)
{
	struct content offer = {0};
	json_t *tasks = json_array();
	category_set covered;
	enum status rc = STATUS_OK;

	for (unsigned i = 0; rc == STATUS_OK && i < r->count; i++) {
		rc = acts_refer_offer(service, r, &offer);
		if (rc == STATUS_OK)
			rc = acts_refer_offer_check(service, r, i, &covered);
		if (rc == STATUS_OK &&
		    json_array_append_new(
			tasks, acts_refer_offer_goes(service, r->to[i], covered, &offer)) != 0)
			rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the preview");
		content_free(&offer);
	}
	if (rc == STATUS_OK &&
	    (*answer = json_pack("{s:O, s:O}", "tasks", tasks, "notes", r->notes)) == NULL)
		rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the preview");
	json_decref(tasks);
	return rc;
}

static enum status
preview_shared(struct service *service, struct opening *r, json_t **answer)
{
	struct content offer = {0};
	json_t *members = NULL;
	enum status rc = acts_refer_offer(service, r, &offer);

	if (rc == STATUS_OK && ((members = acts_refer_share_goes(service, r, &offer)) == NULL ||
				   (*answer = json_pack("{s:O, s:O}", "members", members,
					"notes", r->notes)) == NULL))
		rc = acts_fail(r->refusal, STATUS_NO_MEMORY, "the preview");
	json_decref(members);
	content_free(&offer);
	return rc;
}

/* Read once before anything is stored: most refusals are of this kind. */
static enum status
read_and_open(struct service *service, struct opening *r, bool preview, json_t **answer)
{
	const bool shared = r->sort->share != TASK_OF_TWO;
	struct content offer = {0};
	enum status rc = acts_refer_offer(service, r, &offer);

	content_free(&offer);
	if (rc == STATUS_OK && shared)
		rc = acts_refer_cover(service, r);
	for (unsigned i = 0; rc == STATUS_OK && !shared && i < r->count; i++)
		rc = acts_refer_offer_check(service, r, i, NULL);
	if (rc != STATUS_OK)
		return rc;
	if ((rc = service_may_seal(service)) != STATUS_OK)
		return request_refuse(r->refusal, rc, "", "nothing was stored or sent");
	if (shared)
		return preview ? preview_shared(service, r, answer)
		               : acts_refer_share(service, r, answer);
	return preview ? answer_preview(service, r, answer)
	               : acts_refer_send(service, r, answer);
}

/* The documents of a case that is there already may be cited again. */
static enum status
read_and_open_in_case(struct service *service, struct opening *r, bool preview, json_t **answer)
{
	const uint64_t case_n = r->joins ? r->file.n : r->old.case_n;
	struct case_key key;
	enum status rc = case_file_key(service, case_n, &key);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "opening the case");
	r->place = (struct acts_attach_place){case_n, &key};
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
	if ((rc = request_is_object(r->request, r->refusal)) != STATUS_OK ||
	    (rc = read_to(service, r)) != STATUS_OK || (rc = read_rest(r)) != STATUS_OK ||
	    (rc = read_corrects(service, r)) != STATUS_OK ||
	    (rc = read_ground(service, r)) != STATUS_OK ||
	    (rc = check_permitted(service, r)) != STATUS_OK)
		return rc;
	return r->joins || r->corrects ? read_and_open_in_case(service, r, preview, answer)
	                               : read_and_open(service, r, preview, answer);
}

enum status
acts_refer_open(struct service *service, const struct actor *actor, enum message type,
    const json_t *request, const struct task_row *about, bool preview, json_t **answer,
    struct refusal *refusal)
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
	r->about = about;
	rc = open_tasks(service, r, preview, answer);
	acts_ground_free(&r->ground);
	json_decref(r->notes);
	json_decref(merged);
	free(r);
	return rc;
}

enum status
acts_refer(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return acts_refer_open(
	    service, actor, MESSAGE_REFERRAL_OFFER, request, NULL, preview, answer, refusal);
}

enum status
acts_request(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return acts_refer_open(service, actor, MESSAGE_INFORMATION_REQUEST, request, NULL,
	    preview, answer, refusal);
}

enum status
acts_coordinate(struct service *service, const struct actor *actor, const json_t *request,
    bool preview, json_t **answer, struct refusal *refusal)
{
	return acts_refer_open(
	    service, actor, MESSAGE_CASE_OPEN, request, NULL, preview, answer, refusal);
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
			return acts_refer_open(service, actor, notice->type, request, NULL,
			    preview, answer, refusal);
	return request_refuse(refusal, STATUS_ARGUMENT, "notice",
	    "notice is incident, custody, status or concern");
}
