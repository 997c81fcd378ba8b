/* services/runtime/task/descriptor.h: what makes a program a school, a social service, ... */
#ifndef SAIKNE_DESCRIPTOR_H
#define SAIKNE_DESCRIPTOR_H

#include "protocol/trust/kind.h"
#include "protocol/wire/content.h"

enum role {
	ROLE_NONE,
	ROLE_SPECIALIST,
	ROLE_CASE_MANAGER,
	ROLE_SUPERVISOR,
	ROLE_HEAD,
	ROLE_AUDITOR,
	ROLE_ADMINISTRATOR,
	ROLE_COUNT
};

/*
 * A service is this table and its pure rules; the runtime does everything else. A folder of
 * services/ holds one descriptor, on a page.
 */
struct descriptor {
	const char *program; /* "saikne-school" */
	enum group group;    /* the kinds it may be configured as are those of this group */
	const char *what_en, *what_lv; /* one sentence for --help and the desk */
	/* Which roles may do an act of a type: 1 << enum role; 0: this kind never does. */
	struct {
		enum message type;
		uint32_t roles;
	} acts[96];
	/* Who takes down what families say of consent, and who sets such a thing aside. */
	struct {
		uint32_t record, judge;
	} consents;
	uint32_t erases; /* which roles make content unreadable for good: 1 << enum role */
	/* Outcome codes this kind reports; a NULL ends them. */
	const char *outcomes[16];
	/*
	 * Its own rule for an act that it is about to send, after all common ones; may be NULL.
	 * KIND is the institution's own, of those of the group. DETAIL gets a sentence for the
	 * person when it refuses.
	 */
	enum status (*before_send)(const struct descriptor *descriptor, const char *kind,
	    const struct content *content, const char **detail);
};

#endif
