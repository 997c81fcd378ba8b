/* services/runtime/desk/desk_answer.h: what the desk answers: JSON, text, problem+json (RFC 9457). */
#ifndef SAIKNE_DESK_ANSWER_H
#define SAIKNE_DESK_ANSWER_H

#include <event2/http.h>

#include "services/runtime/acts/acts.h"

/* The HTTP status code of a status: one table for the whole desk. */
int desk_answer_code(enum status status);

/* 200 with ANSWER, which is released. NULL stands for memory that ran out. */
void desk_answer_json(struct evhttp_request *request, json_t *answer);
/* The same with another CODE of success. */
void desk_answer_json_as(struct evhttp_request *request, int code, json_t *answer);
/* 200 with TEXT as it is. */
void desk_answer_text(struct evhttp_request *request, const char *type, struct bytes text);
/* 200 with TEXT as a file of this name; NAME holds no quotes. */
void desk_answer_file(struct evhttp_request *request, struct bytes text, const char *name);
/*
 * { "type": "urn:saikne:<status>", "title", "status", "detail", "remedy", "field",
 * "template", "values" }: the last two are DETAIL for a client that speaks another language.
 * CODE 0: by the table.
 */
void desk_answer_problem(
    struct evhttp_request *request, int code, const struct refusal *refusal);

/* The same as a text of its own, to be freed; NULL when memory ran out. */
char *desk_answer_problem_text(int code, const struct refusal *refusal);

/* A refusal in one expression; DETAIL is shortened to fit. */
struct refusal desk_answer_refusal(enum status status, const char *field, const char *detail);

#endif
