/* broker/settings.c: broker.conf: where the broker's things are, and its limits. */
#include "broker/settings.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/config.h"
#include "protocol/host/oplog.h"

#define TEXT(key, where, needed)                                                               \
	{                                                                                      \
		.section = "broker", .name = (key), .kind = CONFIG_TEXT, .required = (needed), \
		.out = (where), .size = sizeof(where)                                          \
	}
#define LIMIT(key, where, least, most)                                                         \
	{                                                                                      \
		.section = "limits", .name = (key), .kind = CONFIG_UINT, .out = &(where),      \
		.min = (least), .max = (most)                                                  \
	}

static const struct settings defaults = {
    .listen = "tcp://127.0.0.1:5750",
    .connections = 4096,
    .handshakes = 256,
    .mailbox_entries = 20000,
    .mailbox_mib = 256,
    .attachment_mib = 200,
    .attachments_mib = 4096,
    .reserve_mib = 256,
    .redeliver_seconds = 30,
};

bool
settings_join(const char *folder, const char *name, char *out, size_t size)
{
	int len = snprintf(out, size, "%s/%s", folder, name);

	return len >= 0 && (size_t)len < size;
}

/* In place. */
static bool
resolve(const char *config_file, char *path, size_t size)
{
	char resolved[1024];

	if (path[0] == '\0')
		return true;
	if (!config_path(config_file, path, resolved, sizeof(resolved)) ||
	    strlen(resolved) >= size)
		return false;
	memcpy(path, resolved, strlen(resolved) + 1);
	return true;
}

enum status
settings_read(const char *path, struct settings *out)
{
	struct settings read = defaults;
	char network[1024] = "";
	const struct config_key keys[] = {
	    TEXT("network", network, true),
	    TEXT("listen", read.listen, false),
	    TEXT("keys", read.keys, true),
	    TEXT("data", read.data, true),
	    TEXT("genesis", read.genesis, false),
	    LIMIT("connections", read.connections, 1, 30000),
	    LIMIT("handshakes", read.handshakes, 1, 30000),
	    LIMIT("mailbox_entries", read.mailbox_entries, 1, 100000000),
	    LIMIT("mailbox_mib", read.mailbox_mib, 1, 1048576),
	    LIMIT("attachment_mib", read.attachment_mib, 1, 1024),
	    LIMIT("attachments_mib", read.attachments_mib, 1, 1048576),
	    LIMIT("reserve_mib", read.reserve_mib, 1, 1048576),
	    LIMIT("redeliver_seconds", read.redeliver_seconds, 1, 86400),
	};
	enum status rc;

	rc = config_read(path, keys, sizeof(keys) / sizeof(keys[0]));
	if (rc != STATUS_OK)
		return rc;
	if (!resolve(path, network, sizeof(network)) ||
	    !resolve(path, read.keys, sizeof(read.keys)) ||
	    !resolve(path, read.data, sizeof(read.data)) ||
	    !resolve(path, read.genesis, sizeof(read.genesis))) {
		oplog(OPLOG_ERROR, "%s: a path is too long", path);
		return STATUS_BAD_CONFIG;
	}
	if ((rc = network_read(network, &read.network)) == STATUS_OK)
		*out = read;
	return rc;
}
