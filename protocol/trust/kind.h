/* protocol/trust/kind.h: kinds of parties (lists/institution-kinds.csv, plus auditor and registrar). */
#ifndef SAIKNE_KIND_H
#define SAIKNE_KIND_H

#include "protocol/base/bytes.h"

/* Which service program a kind runs; what policy and profiles are written for. */
enum group {
	GROUP_NONE,
	GROUP_SCHOOL,
	GROUP_SOCIAL_SERVICE,
	GROUP_ORPHANS_COURT,
	GROUP_POLICE,
	GROUP_PARTNER,
	GROUP_AUDITOR,
	GROUP_REGISTRAR,
	GROUP_COUNT
};

#define KIND_MAX 40 /* bytes of a kind's code */

/* The group of a kind's code ("municipal_police"); GROUP_NONE when unknown. */
enum group kind_group(struct bytes code);
const char *group_name(enum group group); /* "social_service" */
/* "Municipal police"; LANGUAGE "lv" or "en". */
const char *kind_label(const char *code, const char *language);

#endif
