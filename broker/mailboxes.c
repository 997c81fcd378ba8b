/* broker/mailboxes.c: the parties a store knows, by code and by number, with their counts. */
#include "broker/mailboxes.h"

#include <stdlib.h>

static struct bytes
code_of(const void *state, uint32_t number)
{
	const struct mailboxes *boxes = state;

	return bytes_of_text(boxes->at[number - 1]->code);
}

void
mailboxes_init(struct mailboxes *boxes)
{
	*boxes = (struct mailboxes){0};
	lookup_init(&boxes->by_code, code_of, boxes);
}

void
mailboxes_free(struct mailboxes *boxes)
{
	for (uint32_t i = 0; i < boxes->count; i++)
		free(boxes->at[i]);
	free(boxes->at);
	lookup_free(&boxes->by_code);
	mailboxes_init(boxes);
}

struct mailbox *
mailboxes_find(const struct mailboxes *boxes, struct bytes code)
{
	uint32_t number = lookup_find(&boxes->by_code, code);

	return number == 0 ? NULL : boxes->at[number - 1];
}

struct mailbox *
mailboxes_at(const struct mailboxes *boxes, uint64_t number)
{
	return number == 0 || number > boxes->count ? NULL : boxes->at[number - 1];
}

static enum status
grow(struct mailboxes *boxes)
{
	uint32_t cap = boxes->cap == 0 ? 64 : 2 * boxes->cap;
	struct mailbox **at;

	if (cap > UINT32_MAX / 2)
		return STATUS_TOO_LARGE;
	if ((at = realloc(boxes->at, cap * sizeof(struct mailbox *))) == NULL)
		return STATUS_NO_MEMORY;
	boxes->at = at;
	boxes->cap = cap;
	return STATUS_OK;
}

enum status
mailboxes_add(struct mailboxes *boxes, struct bytes code, struct mailbox **out)
{
	struct mailbox *box;
	enum status rc;

	if (boxes->count == boxes->cap && (rc = grow(boxes)) != STATUS_OK)
		return rc;
	if ((rc = lookup_reserve(&boxes->by_code, 1)) != STATUS_OK)
		return rc;
	if ((box = calloc(1, sizeof(*box))) == NULL)
		return STATUS_NO_MEMORY;
	if (!bytes_to_text(code, box->code, sizeof(box->code))) {
		free(box);
		return STATUS_ARGUMENT;
	}
	boxes->at[boxes->count++] = box;
	box->number = boxes->count;
	lookup_add(&boxes->by_code, box->number);
	*out = box;
	return STATUS_OK;
}
