/* services/school/school.c: what makes a service a school's: it finds the risk first, and refers. */
#include "protocol/host/lang.h"
#include "services/runtime/runtime.h"
#include "services/runtime/task/descriptor_roles.h"

/*
 * A school sees absence and failing first, and much lives wholly inside it. So an ordinary
 * referral says what the school has tried already; where there is no time for that (urgent,
 * immediate), it goes without.
 */
static enum status
before_send(const struct descriptor *descriptor, const char *kind,
    const struct content *content, const char **detail)
{
	struct bytes urgency, steps;

	(void)descriptor;
	(void)kind;
	if (content->type->id != MESSAGE_REFERRAL_OFFER ||
	    !content_text(content, FIELD_URGENCY, &urgency) ||
	    !bytes_is_text(urgency, "normal"))
		return STATUS_OK;
	if (content_text(content, FIELD_STEPS_TAKEN, &steps))
		return STATUS_OK;
	*detail = N_("a school's ordinary referral says what it has done so far: steps_taken");
	return STATUS_ARGUMENT;
}

/*
 * Social pedagogues and psychologists (specialists) write referrals and answer what comes to
 * the school: a pupil's offence, a family in trouble. Whoever leads the support team takes on,
 * declines and closes.
 */
static const struct descriptor school = {
    .program = "saikne-school",
    .group = GROUP_SCHOOL,
    .what_en = "A school's service: refers pupils at risk and takes what others send to it.",
    .what_lv = "Izglītības iestādes serviss: nosūta riska grupas izglītojamos un saņem citu "
	       "iestāžu ziņas.",
    .acts =
	{
	    {MESSAGE_REFERRAL_OFFER, ROLES_STAFF},
	    {MESSAGE_REFERRAL_REVIEW_OPENED, ROLES_STAFF},
	    {MESSAGE_REFERRAL_ACCEPT, ROLES_LEAD},
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
	    {MESSAGE_REFERRAL_CANCEL_CONFIRM, ROLES_LEAD},
	    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_INFORMATION_REQUEST, ROLES_STAFF},
	    {MESSAGE_INFORMATION_START, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ANSWER, ROLES_STAFF},
	    {MESSAGE_INFORMATION_REFUSE, ROLES_LEAD},
	    {MESSAGE_INFORMATION_WITHDRAW, ROLES_STAFF},
	    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, ROLES_LEAD},
	    {MESSAGE_NOTICE_CONCERN, ROLES_STAFF},
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
	return runtime_main(argc, argv, &school);
}
