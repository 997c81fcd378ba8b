/* services/runtime/task/notice.c: notices as one table, and the marks that they may bear; pure. */
#include "services/runtime/task/notice.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/task_moves.h"

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct task_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, NOTICE, S, TOLD),
    MOVE(NONE, NOT_PERMITTED, S, VOID),

    MOVE(PENDING, NOTICE, S, TOLD),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),
    MOVE(PENDING, OFFER_TAKEN_BACK, S | R, TAKEN_BACK),

    MOVE(TOLD, OFFER_DELIVERED, S | R, RECEIVED),
    MOVE(TOLD, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(TOLD, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(TOLD, ACKNOWLEDGE, R, ACKNOWLEDGED),
    MOVE(TOLD, SUPERSEDE, S, SUPERSEDED),
    MOVE(TOLD, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(RECEIVED, ACKNOWLEDGE, R, ACKNOWLEDGED),
    MOVE(RECEIVED, SUPERSEDE, S, SUPERSEDED),
    MOVE(RECEIVED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(ACKNOWLEDGED, SUPERSEDE, S, SUPERSEDED),
    MOVE(ACKNOWLEDGED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(ACKNOWLEDGED, ENTERED_IN_ERROR, R, RECEIVED),

    MOVE_IF(SUPERSEDE, SUPERSEDED, ACKNOWLEDGE, R, SUPERSEDED),
    MOVE(SUPERSEDED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(SUPERSEDED, OFFER_UNREADABLE, S | R, UNREADABLE),
    MOVE(SUPERSEDED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE_IF(ENTERED_IN_ERROR, ENTERED_IN_ERROR, ACKNOWLEDGE, R, ENTERED_IN_ERROR),
    /* What was not permitted is kept by its recipient, which then knows of the mistake, too. */
    MOVE(ENTERED_IN_ERROR, OFFER_UNREADABLE, S | R, UNREADABLE),

    /* At the index at which the ground was stopped. */
    MOVE(TOLD, GROUND_STOPPED, S, STOPPED),
    MOVE(RECEIVED, GROUND_STOPPED, S, STOPPED),
    MOVE(STOPPED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(STOPPED, OFFER_UNREADABLE, S | R, UNREADABLE),
};
/* clang-format on */

static const struct task_message messages[] = {
    {ACT(NOTICE_INCIDENT, NOTICE), .opens = true, .grounded = S},
    {ACT(NOTICE_CUSTODY, NOTICE), .opens = true, .grounded = S},
    {ACT(NOTICE_FORWARDED, NOTICE), .opens = true, .grounded = S},
    {ACT(NOTICE_STATUS, NOTICE), .opens = true, .grounded = S},
    {ACT(NOTICE_CONCERN, NOTICE), .opens = true, .grounded = S},
    {ACT(NOTICE_ACKNOWLEDGE, ACKNOWLEDGE)},
    {ACT(NOTICE_SUPERSEDE, SUPERSEDE), .grounded = S},
    {ACT(NOTICE_ENTERED_IN_ERROR, ENTERED_IN_ERROR), .grounded = S},
};

const struct task_sort notice_sort = {
    .name = "notice",
    .label_lv = "paziņojums",
    .label_en = "notice",
    .moves = moves,
    .move_count = COUNT_OF(moves),
    .messages = messages,
    .message_count = COUNT_OF(messages),
    .opening = TASK_EVENT_NOTICE,
};

/* Whether KIND is one of KINDS, parted by ';'. */
static bool
is_among(const char *kind, const char *kinds)
{
	size_t length = strlen(kind);

	for (;;) {
		size_t len = strcspn(kinds, ";");

		if (len == length && memcmp(kinds, kind, len) == 0)
			return true;
		if (kinds[len] == '\0')
			return false;
		kinds += len + 1;
	}
}

bool
notice_mark_permitted(const struct content *content, const char *sender)
{
	const struct list *marks = list_named("handling");
	struct bytes code;
	unsigned row;

	if (!content_text(content, FIELD_HANDLING, &code))
		return true;
	/* A mark that this program does not know is nobody's: default deny. */
	return marks != NULL && list_find(marks, code, &row) && sender[0] != '\0' &&
	       is_among(sender, list_text(marks, row, "kinds"));
}

/* SHARED: other messages may have it, too. */
static const struct {
	enum message type;
	const char *purpose;
	bool shared;
} purposes[] = {
    {MESSAGE_NOTICE_INCIDENT, "incident", false},
    {MESSAGE_NOTICE_CUSTODY, "custody_statement", false},
    {MESSAGE_NOTICE_FORWARDED, "custody_statement", false},
    {MESSAGE_NOTICE_STATUS, "status_attestation", false},
    {MESSAGE_NOTICE_CONCERN, "safety", true},
};

const char *
notice_purpose(enum message type)
{
	for (size_t i = 0; i < COUNT_OF(purposes); i++)
		if (purposes[i].type == type)
			return purposes[i].purpose;
	return NULL;
}

bool
notice_purpose_fits(enum message type, struct bytes purpose)
{
	const category_set harmless = CATEGORY_BIT(CATEGORY_ACT) |
	                              CATEGORY_BIT(CATEGORY_GROUND) |
	                              CATEGORY_BIT(CATEGORY_PROCEEDINGS);
	const struct message_info *info = message_info(type);
	const char *own = notice_purpose(type);

	if (own != NULL)
		return bytes_is_text(purpose, own);
	/* What is said about another task, and has none of its data, is for what that is for. */
	if (info != NULL && message_has_field(info, FIELD_OTHER_TASK) &&
	    (info->categories & ~harmless) == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(purposes); i++)
		if (!purposes[i].shared && bytes_is_text(purpose, purposes[i].purpose))
			return false;
	return true;
}
