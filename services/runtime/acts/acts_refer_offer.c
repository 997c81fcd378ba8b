/* services/runtime/acts/acts_refer_offer.c: the message that a request makes; what of it goes to whom. */
#include "services/runtime/acts/acts_refer_inside.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/profile.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/task/notice.h"

/* A case over institutions says to all who its members are. */
static enum status
set_members(struct opening *r, struct content *out)
{
	struct bytes codes[ENVELOPE_RECIPIENTS_MAX];
	enum status rc;

	if (r->sort->share == TASK_OF_TWO)
		return STATUS_OK;
	for (unsigned i = 0; i < r->count; i++)
		codes[i] = bytes_of_text(r->to[i]->code);
	rc = content_set_codes(out, FIELD_PARTIES, codes, r->count);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "making the message");
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
	if (rc == STATUS_OK && r->about != NULL)
		rc = content_set_id(out, FIELD_OTHER_TASK, r->about->id);
	return rc == STATUS_OK ? rc : acts_fail(r->refusal, rc, "making the message");
}

enum status
acts_refer_offer(struct service *service, struct opening *r, struct content *out)
{
	/* The request's own words; all others are fields of the offer. */
	static const char *const words[] = {"to", "with", "expires_days", "file_number",
	    "content", "notice", "corrects", "case", "attachments", "basis", "record", "ground",
	    "provision", "necessity", "family_told", "family_text", "decided_by", "categories",
	    "ground_until", "consent", "participants", "all_holders", NULL};
	enum status rc = content_start(r->type, out);

	if (rc != STATUS_OK)
		return acts_fail(r->refusal, rc, "making the message");
	if ((rc = request_fill(out, r->request, words, NULL, r->refusal)) != STATUS_OK ||
	    (rc = set_purpose(r, out)) != STATUS_OK ||
	    (rc = set_members(r, out)) != STATUS_OK ||
	    (rc = acts_attach_fill(
		 service, r->actor, r->request, &r->place, out, r->refusal)) != STATUS_OK ||
	    (rc = request_is_whole(out, r->refusal)) != STATUS_OK ||
	    (rc = acts_refer_custody_check(r, out)) != STATUS_OK)
		return rc;
	if ((rc = grounds_tell(&r->ground.row, &r->ground.terms, out)) != STATUS_OK)
		return acts_fail(r->refusal, rc, "making the message");
	rc = acts_check_days(service, out, r->refusal);
	return rc == STATUS_OK ? acts_own_rule(service, out, r->refusal) : rc;
}

/* ---- Goes and stays ---------------------------------------------------------------------- */

void
acts_refer_offer_purpose(const struct content *offer, char out[static MESSAGE_CODE_MAX + 1])
{
	struct bytes purpose;

	if (!content_text(offer, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, out, MESSAGE_CODE_MAX + 1))
		out[0] = '\0';
}

enum status
acts_refer_offer_check(
    struct service *service, const struct opening *r, unsigned i, category_set *covered)
{
	const char *purpose = json_string_value(json_object_get(r->request, "purpose"));

	return acts_ground_check(service, &r->ground, r->to[i],
	    purpose != NULL ? purpose : notice_purpose(r->type), covered, r->refusal);
}

/* WHEN it goes: on "review"; with a "ground" that names it; "never", by its recipient's profile. */
static int
add_stay(
    json_t *stays, const struct field_info *field, const struct party *to, const char *when)
{
	struct buffer why = {0};
	int rc;

	if (strcmp(when, "review") == 0)
		buffer_append_format(
		    &why, "goes when %s opens the referral for review", to->code);
	else if (strcmp(when, "ground") == 0)
		buffer_append_format(&why, "the ground does not name %s",
		    list_label("categories", category_name(field->category), "en"));
	else
		buffer_append_format(&why, "%s is not for %s",
		    list_label("categories", category_name(field->category), "en"),
		    kind_label(to->kind, "en"));
	buffer_append_byte(&why, '\0');
	rc = why.failed ? -1
	                : json_array_append_new(
			      stays, json_pack("{s:s, s:s, s:s}", "field", field->name, "why",
					 (const char *)why.data, "when", when));
	buffer_free(&why);
	return rc;
}

json_t *
acts_refer_offer_goes(struct service *service, const struct party *to, category_set covered,
    const struct content *offer)
{
	char purpose[MESSAGE_CODE_MAX + 1];

	acts_refer_offer_purpose(offer, purpose);
	return acts_refer_goes(service, to, purpose, covered, offer);
}

json_t *
acts_refer_goes(struct service *service, const struct party *to, const char *purpose,
    category_set covered, const struct content *offer)
{
	category_set now, ever;
	json_t *goes = json_array(), *stays = json_array();
	int failed = goes == NULL || stays == NULL;

	now = dispatch_allows(service, to->code, purpose, offer);
	ever = profile_allows(purpose, to->kind);
	for (unsigned i = 0; !failed && i < offer->type->field_count; i++) {
		const struct field_info *field = offer->type->fields[i].field;
		category_set bit = CATEGORY_BIT(field->category);

		if (!offer->fields[i].present || field->kind == FIELD_KIND_ID ||
		    field->kind == FIELD_KIND_HASH || field->id == FIELD_APPLIED ||
		    field->id == FIELD_HISTORY_COUNT)
			continue;
		if ((now & covered & bit) != 0)
			failed = json_array_append_new(goes, json_string(field->name));
		else
			failed = add_stay(stays, field, to,
			    (ever & bit) == 0      ? "never"
			    : (covered & bit) == 0 ? "ground"
						   : "review");
	}
	if (failed) {
		json_decref(goes);
		json_decref(stays);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "to", to->code, "kind", to->kind, "goes", goes,
	    "stays", stays);
}
