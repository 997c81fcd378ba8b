/* protocol/trust/ground.h: what a message says it rests on, and whether that covers it; pure. */
#ifndef SAIKNE_GROUND_H
#define SAIKNE_GROUND_H

#include "protocol/wire/content.h"
#include "protocol/wire/envelope.h"

/*
 * The ground as the fields of a message tell it (SPEC.md, section 8.2). CATEGORIES never has ACT
 * and GROUND, which go with any content. Texts are copies.
 */
struct ground {
	enum basis basis; /* CONSENT or LAW */
	uint8_t record[SUITE_ID_LEN];
	char code[MESSAGE_CODE_MAX + 1];    /* of lists/legal-bases.csv */
	char purpose[MESSAGE_CODE_MAX + 1]; /* of the task */
	category_set categories;
	char until[11];      /* YYYY-MM-DD, its last day; "": no end */
	char granted_on[11]; /* consent */
	char capacity[MESSAGE_CODE_MAX + 1];
	bool has_granter, has_provision, has_necessity;
};

/* STATUS_BAD_CONTENT: its fields do not make a ground of class BASIS. */
MUST_CHECK enum status ground_read(
    const struct content *content, enum basis basis, const char *purpose, struct ground *out);

/*
 * Whether GROUND covers what CONTENT shows on DAY (Riga's date of the leaf, YYYY-MM-DD), as the
 * sender asks of itself last and the recipient first. Only a preview (acts alone) may leave out
 * what stands in category GROUND. STATUS_OUTSIDE_GROUND: a field is shown of a category that it
 * does not name; STATUS_NO_NECESSITY: law without provision or necessity; STATUS_NO_CONSENT:
 * consent without who gave it, in what capacity and when, or given after DAY;
 * STATUS_GROUND_EXPIRED.
 */
MUST_CHECK enum status ground_covers(
    const struct ground *ground, const struct content *content, const char *day);

#endif
