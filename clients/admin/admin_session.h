/* clients/admin/admin_session.h: a party's session with the broker, for one command. */
#ifndef SAIKNE_ADMIN_SESSION_H
#define SAIKNE_ADMIN_SESSION_H

#include "clients/admin/admin_draft.h"
#include "protocol/host/link.h"

#define ADMIN_SESSION_WAIT_MS 15000

struct admin_session {
	struct network network;
	char party[PARTY_MAX + 1];
	struct box_key *transport;
	struct directory *directory; /* as verified by the link */
	struct logview view;
	struct link *link;
};

/*
 * Connects with the keys of FOLDER and waits for the whole directory; says what failed.
 * Zero-initialise; close in any case.
 */
MUST_CHECK bool admin_session_open(
    const char *conf, const char *folder, struct admin_session *session);
/* The same, without waiting: what does not come is for the caller to tell. */
MUST_CHECK bool admin_session_start(
    const char *conf, const char *folder, struct admin_session *session);
/*
 * Waits for the whole directory, at most ADMIN_SESSION_WAIT_MS, and says so once it takes
 * longer than a moment. As link_wait_ready().
 */
MUST_CHECK enum status admin_session_wait(const struct admin_session *session);
void admin_session_close(struct admin_session *session);

/* Hands STATEMENT to the broker and prints the log's index; says what was refused. */
MUST_CHECK bool admin_session_state(
    struct admin_session *session, const struct signed_statement *statement);

#endif
