/* services/social_service/social_service.c: what makes a service a social service's: it leads. */
#include "protocol/host/lang.h"
#include "services/runtime/runtime.h"
#include "services/runtime/task/descriptor_roles.h"

/*
 * A child's safety is not a matter of five working days: a social service that refers for it
 * says urgent or immediate, so that the recipient's duty roster sees it the same day.
 */
static enum status
before_send(const struct descriptor *descriptor, const char *kind,
    const struct content *content, const char **detail)
{
	struct bytes urgency, purpose;

	(void)descriptor;
	(void)kind;
	if (content->type->id != MESSAGE_REFERRAL_OFFER ||
	    !content_text(content, FIELD_PURPOSE, &purpose) ||
	    !bytes_is_text(purpose, "safety") ||
	    !content_text(content, FIELD_URGENCY, &urgency) ||
	    !bytes_is_text(urgency, "normal"))
		return STATUS_OK;
	*detail = N_("a referral for the child's safety is urgent or immediate");
	return STATUS_ARGUMENT;
}

/* Social workers (specialists) assess families and may take a case on by themselves. */
static const struct descriptor social_service = {
    .program = "saikne-social-service",
    .group = GROUP_SOCIAL_SERVICE,
    .what_en = "A social service's: assesses families, leads cases, gives and asks for help.",
    .what_lv = "Sociālā dienesta serviss: izvērtē ģimenes, vada gadījumus, sniedz un lūdz "
	       "palīdzību.",
    .acts =
	{
	    {MESSAGE_REFERRAL_OFFER, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REVIEW_OPENED, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ACCEPT, ROLES_STAFF},
	    {MESSAGE_REFERRAL_DECLINE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_OUTCOME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CLOSE, ROLES_LEAD},
	    {MESSAGE_REFERRAL_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_REFERRAL_INFORMATION, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REDIRECT, ROLES_LEAD},
	    {MESSAGE_REFERRAL_FOLLOW_UP, ROLES_LEAD},
	    {MESSAGE_REFERRAL_START, ROLES_STAFF},
	    {MESSAGE_REFERRAL_HOLD, ROLES_STAFF},
	    {MESSAGE_REFERRAL_RESUME, ROLES_STAFF},
	    {MESSAGE_REFERRAL_CANCEL, ROLES_LEAD},
	    {MESSAGE_REFERRAL_CANCEL_CONFIRM, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_INFORMATION_START, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ANSWER, ROLES_STAFF},
	    {MESSAGE_INFORMATION_REFUSE, ROLES_LEAD},
	    {MESSAGE_INFORMATION_WITHDRAW, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_NOTICE_STATUS, ROLES_STAFF},
	    {MESSAGE_NOTICE_ACKNOWLEDGE, ROLES_STAFF},
	    {MESSAGE_GROUND_STOP_ANSWER, ROLES_STAFF},
	    ACTS_OF_DISAGREEMENT,
	    {MESSAGE_NOTICE_SUPERSEDE, ROLES_STAFF},
	    {MESSAGE_NOTICE_ENTERED_IN_ERROR, ROLES_LEAD},
	    ACTS_OF_CASES,
	    ACTS_OF_SITTINGS,
	},
    /* Whoever hears a family takes it down; who leads decides on what is disputed. */
    .consents = {.record = ROLES_STAFF, .judge = ROLES_LEAD},
    .erases = ROLES_DECIDE,
    .outcomes = {"goal_reached", "partly_reached", "not_reached", "handed_over", "moved_away",
	"no_contact"},
    .before_send = before_send,
};

int
main(int argc, char **argv)
{
	return runtime_main(argc, argv, &social_service);
}
