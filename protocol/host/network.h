/* protocol/host/network.h: network.conf: what a party pins before it trusts anything. */
#ifndef SAIKNE_NETWORK_H
#define SAIKNE_NETWORK_H

#include "protocol/proof/note.h"

/*
 * network.conf, made by saikne-admin init and the same for everyone:
 *   [network] id, root (hex), broker (ZeroMQ endpoint), broker_key (hex), log (note_key text)
 * Root pins the directory; broker_key and log are checked against the NETWORK statement.
 */
struct network {
	char id[64];
	uint8_t root[SUITE_SIGN_PUBLIC];
	char broker[256];
	uint8_t broker_key[SUITE_BOX_PUBLIC];
	struct note_key log;
};

MUST_CHECK enum status network_read(const char *path, struct network *out);
void network_format(const struct network *network, struct buffer *out);

#endif
