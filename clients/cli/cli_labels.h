/* clients/cli/cli_labels.h: codes, fields, states and times in a person's words. */
#ifndef SAIKNE_CLI_LABELS_H
#define SAIKNE_CLI_LABELS_H

#include "clients/cli/cli.h"

/* The texts returned live until the program ends; an unknown code stands for itself. */
const char *cli_labels_code(const struct cli *cli, const char *list, const char *code);
/* The label without what stands in parentheses behind it, for a table. */
void cli_labels_brief(
    const struct cli *cli, const char *list, const char *code, char out[static 80]);
const char *cli_labels_field(const struct cli *cli, const char *name);
const char *cli_labels_category(const struct cli *cli, const char *name);
/* Of a task, by its name or English label; asks the desk the first time. */
const char *cli_labels_state(struct cli *cli, const char *name);
/* Whether something can still follow on a task in STATE. */
bool cli_labels_is_open(struct cli *cli, const char *state);
/* Of a line of the timeline: a message type or what the broker or recipient said of one. */
const char *cli_labels_what(const struct cli *cli, const char *what);

/* A value of field NAME: codes as labels, an array joined by ", ". Appends to OUT. */
void cli_labels_value(
    const struct cli *cli, const char *name, const json_t *value, struct buffer *out);
/* Who holds a task's or a case's file (its "assigned_to"): "anna, liga"; "nobody". To OUT. */
void cli_labels_holders(const struct cli *cli, const json_t *item, struct buffer *out);
/* "erased 2026-09-01 10:22: the time of keeping is over" of a task or case that is. To OUT. */
void cli_labels_erased(const struct cli *cli, const json_t *item, struct buffer *out);
/* RFC 3339 in UTC or milliseconds since 1970, as local time:
 * "2026-09-01 10:22", in Latvian "01.09.2026 10:22"; "" for null. */
void cli_labels_time(const json_t *value, char out[static 40]);
/* The part of an id that people see: its last 8 digits (the first ones are its time). */
const char *cli_labels_short(const char *id);
/* The words before an ACTION on a task of SORT as people type it: "saikne action ", "saikne ". */
const char *cli_labels_command(const char *sort, const char *action);

#endif
