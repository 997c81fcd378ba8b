/* broker/settings.h: broker.conf: where the broker's things are, and its limits. */
#ifndef SAIKNE_SETTINGS_H
#define SAIKNE_SETTINGS_H

#include "protocol/host/network.h"

struct settings {
	struct network network;
	char listen[256];
	/* Paths, resolved against broker.conf's folder. */
	char keys[1024], data[1024], genesis[1024];
	/* [limits] */
	uint64_t connections, handshakes;
	uint64_t mailbox_entries, mailbox_mib;
	uint64_t attachment_mib, attachments_mib;
	uint64_t reserve_mib;
	uint64_t redeliver_seconds;
};

/* STATUS_BAD_CONFIG, logged. */
MUST_CHECK enum status settings_read(const char *path, struct settings *out);
/* FOLDER "/" NAME; false when it does not fit. */
MUST_CHECK bool settings_join(const char *folder, const char *name, char *out, size_t size);

#endif
