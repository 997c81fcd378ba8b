/* protocol/host/network.c: network.conf: what a party pins before it trusts anything. */
#include "protocol/host/network.h"

#include "protocol/host/config.h"
#include "protocol/host/oplog.h"
#include "protocol/wire/envelope.h"

/* A note key's name, its id and the base64 of 33 bytes. */
#define LOG_TEXT_MAX (NOTE_NAME_MAX + 10 + 44)

enum status
network_read(const char *path, struct network *out)
{
	struct network read = {0};
	char log[LOG_TEXT_MAX + 1] = "";
	const struct config_key keys[] = {
	    {.section = "network",
		.name = "id",
		.kind = CONFIG_TEXT,
		.required = true,
		.out = read.id,
		.size = sizeof(read.id)},
	    {.section = "network",
		.name = "root",
		.kind = CONFIG_KEY,
		.required = true,
		.out = read.root},
	    {.section = "network",
		.name = "broker",
		.kind = CONFIG_TEXT,
		.required = true,
		.out = read.broker,
		.size = sizeof(read.broker)},
	    {.section = "network",
		.name = "broker_key",
		.kind = CONFIG_KEY,
		.required = true,
		.out = read.broker_key},
	    {.section = "network",
		.name = "log",
		.kind = CONFIG_TEXT,
		.required = true,
		.out = log,
		.size = sizeof(log)},
	};
	enum status rc;

	rc = config_read(path, keys, sizeof(keys) / sizeof(keys[0]));
	if (rc != STATUS_OK)
		return rc;
	if (!envelope_is_code(bytes_of_text(read.id))) {
		oplog(
		    OPLOG_ERROR, "%s: [network] id: expected a code of a-z, 0-9 and '-'", path);
		return STATUS_BAD_CONFIG;
	}
	if (note_key_parse(bytes_of_text(log), &read.log) != STATUS_OK) {
		oplog(
		    OPLOG_ERROR, "%s: [network] log: expected a key \"name+id+base64\"", path);
		return STATUS_BAD_CONFIG;
	}
	*out = read;
	return STATUS_OK;
}

void
network_format(const struct network *network, struct buffer *out)
{
	char root[2 * SUITE_SIGN_PUBLIC + 1], broker_key[2 * SUITE_BOX_PUBLIC + 1];

	bytes_to_hex(BYTES(network->root), root);
	bytes_to_hex(BYTES(network->broker_key), broker_key);
	buffer_append_format(out,
	    "; What everyone of this network pins. The same for all; not secret, but it must "
	    "come\n"
	    "; from the network's authority: whoever changes it decides whom you trust.\n"
	    "[network]\n"
	    "id = %s\n"
	    "root = %s\n"
	    "broker = %s\n"
	    "broker_key = %s\n"
	    "log = ",
	    network->id, root, network->broker, broker_key);
	note_key_format(&network->log, out);
	buffer_append_byte(out, '\n');
}
