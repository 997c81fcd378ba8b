/* broker/answers.c: what is to be said to peers once the batch is kept. */
#include "broker/answers.h"

#include <stdlib.h>

#include "broker/enquiry.h"

struct answer *
answers_add(
    struct answers *answers, const struct peer *to, enum command command, uint32_t request)
{
	struct answer *answer, *grown;
	size_t cap = answers->cap == 0 ? 64 : 2 * answers->cap;

	if (answers->count == answers->cap) {
		grown = realloc(answers->at, cap * sizeof(struct answer));
		/* An effect whose answer cannot be kept: better undone than unanswered. */
		if (grown == NULL)
			journal_die(STATUS_NO_MEMORY, "keep an answer");
		answers->at = grown;
		answers->cap = cap;
	}
	answer = &answers->at[answers->count++];
	*answer = (struct answer){.to = *to, .command = command, .request = request};
	return answer;
}

bool
answers_are_full(const struct answers *answers)
{
	return answers->count >= ANSWERS_MAX;
}

void
answers_free(struct answers *answers)
{
	free(answers->at);
	buffer_free(&answers->frame);
	*answers = (struct answers){0};
}

/* The receipt: the same bytes whenever it is asked for again. */
static enum status
build_accepted(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	struct frame_accepted accepted;
	uint64_t size;
	enum status rc;

	for (unsigned i = 0; i < SUITE_ID_LEN; i++)
		accepted.id[i] = answer->id[i];
	accepted.proven.index = answer->number[0];
	if ((rc = journal_leaf(journal, answer->number[0], &accepted.proven.leaf)) !=
		STATUS_OK ||
	    (rc = journal_checkpoint_of(journal, answer->number[0], &size,
		 &accepted.proven.checkpoint)) != STATUS_OK ||
	    (rc = journal_path(journal, answer->number[0], size, &accepted.proven.path)) !=
		STATUS_OK)
		return rc;
	frame_accepted(&accepted, answer->request, out);
	return STATUS_OK;
}

static void
build_refused(const struct answer *answer, struct buffer *out)
{
	struct frame_refused refused = {.code = answer->code,
	    .has_id = answer->has_id,
	    .has_recipient = answer->has_recipient,
	    .recipient = answer->recipient,
	    .detail = bytes_of_text(answer->detail != NULL ? answer->detail : answer->text)};

	for (unsigned i = 0; i < SUITE_ID_LEN; i++)
		refused.id[i] = answer->id[i];
	frame_refused(&refused, answer->request, out);
}

static enum status
build(struct journal *journal, const struct answer *answer, struct buffer *out)
{
	const struct frame_recorded recorded = {
	    answer->number[0], (enum evidence_kind)answer->number[1], answer->number[2]};
	const struct frame_chunk_have have = {answer->attachment, (uint32_t)answer->number[0]};
	enum status rc = STATUS_OK;

	if (answer->command == COMMAND_ACCEPTED)
		rc = build_accepted(journal, answer, out);
	else if (answer->command == COMMAND_REFUSED)
		build_refused(answer, out);
	else if (answer->command == COMMAND_RECORDED)
		frame_recorded(&recorded, answer->request, out);
	else if (answer->command == COMMAND_CHUNK_HAVE)
		frame_chunk_have(&have, answer->request, out);
	else if (answer->command == COMMAND_STATED)
		frame_numbers(COMMAND_STATED, answer->request, answer->number, 1, out);
	else
		rc = enquiry_build(journal, answer, out);
	return rc == STATUS_OK && out->failed ? STATUS_NO_MEMORY : rc;
}

void
answers_send(struct answers *answers, struct journal *journal, const struct outlet *outlet)
{
	for (size_t i = 0; i < answers->count; i++) {
		const struct answer *answer = &answers->at[i];

		/* The log is kept but cannot be read: nothing right can be said any more. */
		journal_must(build(journal, answer, &answers->frame), "build an answer");
		outlet->send(outlet->state, &answer->to, bytes_of_buffer(&answers->frame));
	}
	answers->count = 0;
}
