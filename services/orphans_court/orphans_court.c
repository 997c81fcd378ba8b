/* services/orphans_court/orphans_court.c: what makes a service an orphan's court's: it decides. */
#include "protocol/host/lang.h"
#include "services/runtime/runtime.h"
#include "services/runtime/task/descriptor_roles.h"

static bool
has_digit(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= '0' && text.data[i] <= '9')
			return true;
	return false;
}

/*
 * Custody and placement rest on a decision with a number and a date, and others act on what is
 * reported of it: the explanation has to cite them. (The form of a citation differs from court
 * to court; that there is a number at all is what a program can check.)
 */
static enum status
before_send(const struct descriptor *descriptor, const char *kind,
    const struct content *content, const char **detail)
{
	struct bytes outcome, explanation;

	(void)descriptor;
	(void)kind;
	if (content->type->id != MESSAGE_REFERRAL_OUTCOME ||
	    !content_text(content, FIELD_OUTCOME, &outcome) ||
	    !(bytes_is_text(outcome, "custody_case") || bytes_is_text(outcome, "placement")))
		return STATUS_OK;
	if (content_text(content, FIELD_EXPLANATION, &explanation) && has_digit(explanation))
		return STATUS_OK;
	*detail = N_("an outcome of custody or placement cites the decision's number and date");
	return STATUS_ARGUMENT;
}

/* It decides as a college: only who leads answers for it; specialists prepare. */
static const struct descriptor orphans_court = {
    .program = "saikne-orphans-court",
    .group = GROUP_ORPHANS_COURT,
    .what_en = "An orphan's court's service: questions of custody, guardianship, placement.",
    .what_lv = "Bāriņtiesas serviss: aizgādības, aizbildnības un ievietošanas jautājumi.",
    .acts =
	{
	    {MESSAGE_REFERRAL_OFFER, ROLES_LEAD},
	    {MESSAGE_REFERRAL_REVIEW_OPENED, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ACCEPT, ROLES_LEAD},
	    {MESSAGE_REFERRAL_DECLINE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_OUTCOME, ROLES_LEAD},
	    {MESSAGE_REFERRAL_CLOSE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_REFERRAL_INFORMATION, ROLES_LEAD},
	    {MESSAGE_REFERRAL_REDIRECT, ROLES_LEAD},
	    {MESSAGE_REFERRAL_FOLLOW_UP, ROLES_LEAD},
	    {MESSAGE_REFERRAL_START, ROLES_LEAD},
	    {MESSAGE_REFERRAL_HOLD, ROLES_LEAD},
	    {MESSAGE_REFERRAL_RESUME, ROLES_LEAD},
	    {MESSAGE_REFERRAL_CANCEL, ROLES_LEAD},
	    {MESSAGE_REFERRAL_CANCEL_CONFIRM, ROLES_LEAD},
	    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REQUEST, ROLES_LEAD},
	    {MESSAGE_INFORMATION_START, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ANSWER, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REFUSE, ROLES_LEAD},
	    {MESSAGE_INFORMATION_WITHDRAW, ROLES_LEAD},
	    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_NOTICE_CUSTODY, ROLES_LEAD},
	    {MESSAGE_NOTICE_ACKNOWLEDGE, ROLES_STAFF},
	    {MESSAGE_GROUND_STOP_ANSWER, ROLES_STAFF},
	    ACTS_OF_DISAGREEMENT,
	    {MESSAGE_NOTICE_SUPERSEDE, ROLES_LEAD},
	    {MESSAGE_NOTICE_ENTERED_IN_ERROR, ROLES_LEAD},
	    ACTS_OF_CASES,
	    ACTS_OF_SITTINGS,
	},
    /* Whoever hears a family takes it down; who leads decides on what is disputed. */
    .consents = {.record = ROLES_STAFF, .judge = ROLES_LEAD},
    .erases = ROLES_DECIDE,
    .outcomes = {"goal_reached", "partly_reached", "not_reached", "handed_over", "moved_away",
	"no_contact", "custody_case", "placement"},
    .before_send = before_send,
};

int
main(int argc, char **argv)
{
	return runtime_main(argc, argv, &orphans_court);
}
