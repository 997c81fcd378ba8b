/* services/runtime/desk/desk_files.h: documents in and out of the desk, a piece at a time. */
#ifndef SAIKNE_DESK_FILES_H
#define SAIKNE_DESK_FILES_H

#include "services/runtime/desk/desk_ask.h"

/* The handlers of /v1/attachments (desk_routes.h). */
enum status desk_files_begin(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
enum status desk_files_part(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
enum status desk_files_state(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
/* Streams: the next piece is opened when the one before it has left. */
enum status desk_files_get(struct desk_ask *ask, json_t **answer, struct refusal *refusal);

#endif
