/* services/runtime/exchange/asked.c: what an answer may carry, by what its request asked for. */
#include "services/runtime/exchange/asked.h"

#include "services/runtime/exchange/service.h"
#include "services/runtime/task/information.h"

enum status
asked_allows(struct service *service, const struct task_row *task, const struct case_key *key,
    enum message type, category_set *out)
{
	const struct task_message *message = task_message(task->sort, type);
	struct content request = {0};
	struct event_row row;
	enum status rc;

	if (message == NULL || !message->as_asked) {
		*out = CATEGORY_ALL;
		return STATUS_OK;
	}
	if ((rc = event_store_offer(service->db, task->n, &row)) == STATUS_OK)
		rc = case_file_content(service, key, &row, &request);
	if (rc == STATUS_OK)
		*out = information_asked(&request);
	content_free(&request);
	return rc;
}
