/* tests/fuzz/fuzz_request.c: any JSON for any field of any type: set, shown, and read as it was. */
#include <stdlib.h>

#include "protocol/wire/content.h"
#include "services/runtime/acts/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
set_all(struct content *content, const json_t *request)
{
	struct refusal refusal;
	const json_t *value;
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		enum status rc = request_set(content, name, value, &refusal);

		/* A refusal names itself, and a person is told what to mend. */
		if (rc != STATUS_OK && (refusal.status != rc || refusal.detail[0] == '\0'))
			abort();
	}
}

/* What a desk let through, the message's reader lets through: it is checked once, alike. */
static void
check_message(const struct content *content)
{
	struct content again = {0};
	struct merkle_hash root;
	struct buffer shown = {0};

	content_root(content, &root);
	content_show(content, CATEGORY_ALL, &shown);
	if (!shown.failed && content_check(content) == STATUS_OK &&
	    content_read(bytes_of_buffer(&shown), content->type->id, &root, &again) !=
		STATUS_OK)
		abort();
	content_free(&again);
	buffer_free(&shown);
}

static void
check_values(const struct content *content)
{
	for (unsigned i = 0; i < content->type->field_count; i++) {
		json_t *value = request_value(content, i);

		if (content->fields[i].present && value == NULL)
			abort();
		json_decref(value);
	}
}

/* The first byte chooses the type. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct message_info *type;
	struct content content = {0};
	struct refusal refusal;
	json_t *request;

	if (size == 0 || (type = message_info(data[0])) == NULL)
		return 0;
	request = json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(request) && content_start(type->id, &content) == STATUS_OK) {
		set_all(&content, request);
		if (request_is_whole(&content, &refusal) != STATUS_OK &&
		    refusal.field[0] == '\0')
			abort();
		check_message(&content);
		check_values(&content);
	}
	content_free(&content);
	json_decref(request);
	return 0;
}
