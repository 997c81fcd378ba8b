/* clients/cli/cli_consent.h: records of consents and other grounds, as they are shown. */
#ifndef SAIKNE_CLI_CONSENT_H
#define SAIKNE_CLI_CONSENT_H

#include "clients/cli/cli.h"

/* The words of `saikne consent WHAT`; NULL past the end. */
const char *cli_consent_what_at(unsigned i);

/* The records of a case, as a table. */
enum cli_exit cli_consent_show_list(struct cli *cli, const json_t *answer);
/* One of them with its history. */
enum cli_exit cli_consent_show_one(struct cli *cli, const json_t *record);
enum cli_exit cli_consent_show_due(struct cli *cli, const char *days);
/* What families are told, whole, in the language in force. */
enum cli_exit cli_consent_show_notices(struct cli *cli);

/* The label of a record's or an answer's state. */
const char *cli_consent_state(const struct cli *cli, const json_t *item);
/* A receipt for the family, appended to OUT as pages of text or as one HTML file. */
void cli_consent_receipt_write(
    const struct cli *cli, const json_t *receipt, bool html, struct buffer *out);

#endif
