/* services/runtime/runtime_config.c: what stands in a service's configuration, and what it means. */
#include "services/runtime/runtime_config.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/config.h"
#include "protocol/host/oplog.h"

#define EXIT_USAGE          2
#define ATTACHMENT_MIB_MAX  1000
#define ATTACHMENTS_MIB_MAX (1ULL << 24)
#define UNREAD_SECONDS_MAX  1800 /* our default; an institution may only be quicker */

/* To an INI reader "uid:1000 = head" is the name "uid" with the value "1000 = head". */
static bool
split_number(const char *value, char who[static 64], char role[static 32])
{
	char number[16];

	if (sscanf(value, "%15[0-9] = %31[a-z_]", number, role) != 2)
		return false;
	snprintf(who, 64, "uid:%s", number);
	return true;
}

static bool
add_role(void *state, const char *name, const char *value)
{
	struct service_config *config = state;
	struct service_role *line = &config->roles[config->role_count];
	char role[32] = "";
	int len;

	if (config->role_count == SERVICE_ROLES_MAX)
		return false;
	if (strcmp(name, "uid") == 0) {
		if (!split_number(value, line->who, role))
			return false;
	} else {
		len = snprintf(line->who, sizeof(line->who), "%s", name);
		if (len <= 0 || (size_t)len >= sizeof(line->who) ||
		    snprintf(role, sizeof(role), "%s", value) >= (int)sizeof(role))
			return false;
	}
	line->role = service_role_named(role);
	if (line->role == ROLE_NONE || line->role == ROLE_COUNT)
		return false;
	config->role_count++;
	return true;
}

static bool
resolve(const char *config_file, char path[static PATH_MAX])
{
	char whole[PATH_MAX];

	if (!config_path(config_file, path, whole, sizeof(whole)))
		return false;
	memcpy(path, whole, sizeof(whole));
	return true;
}

/* One place of the desk: an address of loopback, or the path of the unix socket. */
static bool
add_desk(struct runtime_config *out, const char *text)
{
	struct desk_address *address = &out->addresses[out->address_count];
	enum status rc = STATUS_BAD_CONFIG;

	if (out->address_count < DESK_ADDRESSES_MAX)
		rc = desk_door_read(text, address);
	if (rc == STATUS_OK)
		out->address_count++;
	if (rc != STATUS_NOT_FOUND)
		return rc == STATUS_OK;
	return out->desk_path[0] == '\0' &&
	       bytes_to_text(bytes_of_text(text), out->desk_path, sizeof(out->desk_path));
}

/* "desk, 127.0.0.1:8080": places between commas. */
static enum status
read_desk(struct runtime_config *out, const char *config_file)
{
	static const char between[] = ",";
	char places[PATH_MAX], *rest = places, *one;

	memcpy(places, out->desk_places, sizeof(places));
	while ((one = strsep(&rest, between)) != NULL) {
		one += strspn(one, " \t");
		for (size_t len = strlen(one); len > 0 && strchr(" \t", one[len - 1]);)
			one[--len] = '\0';
		if (*one != '\0' && add_desk(out, one))
			continue;
		oplog(OPLOG_ERROR,
		    "%s: [service] desk: \"%s\" is not taken: one path of a unix socket and "
		    "addresses of this machine alone (127.0.0.1:PORT, [::1]:PORT), joined by "
		    "commas; other machines come through a proxy that speaks TLS",
		    config_file, one);
		return STATUS_BAD_CONFIG;
	}
	return STATUS_OK;
}

/* What the values mean beyond their form. */
static enum status
take_config(struct runtime_config *out, const char *path)
{
	enum status rc;

	if ((rc = read_desk(out, path)) != STATUS_OK)
		return rc;
	if (!envelope_is_code(bytes_of_text(out->service.code))) {
		oplog(OPLOG_ERROR, "%s: [service] code is not an institution's code", path);
		return STATUS_BAD_CONFIG;
	}
	if (out->service.management_chair[0] != '\0' &&
	    !envelope_is_code(bytes_of_text(out->service.management_chair))) {
		oplog(OPLOG_ERROR,
		    "%s: [service] management_chair is not an institution's code", path);
		return STATUS_BAD_CONFIG;
	}
	if (!bytes_is_utf8(bytes_of_text(out->service.contact))) {
		oplog(OPLOG_ERROR, "%s: [families] contact is not text in UTF-8", path);
		return STATUS_BAD_CONFIG;
	}
	if (!resolve(path, out->keys) || !resolve(path, out->network) ||
	    !resolve(path, out->database) ||
	    (out->desk_path[0] != '\0' && !resolve(path, out->desk_path))) {
		oplog(OPLOG_ERROR, "%s: a path is too long", path);
		return STATUS_BAD_CONFIG;
	}
	out->service.attachment_bytes <<= 20;
	out->service.attachments_bytes <<= 20;
	out->service.database = out->database;
	out->service.clock = clock_now_ms;
	return network_read(out->network, &out->service.network);
}

/* A text of [SECTION], into an array. */
#define TEXT(of, key, must, to)                                                                \
	{                                                                                      \
		.section = of, .name = key, .kind = CONFIG_TEXT, .required = must, .out = to,  \
		.size = sizeof(to)                                                             \
	}

enum status
runtime_config_read(const char *path, struct runtime_config *out)
{
	const struct config_key keys[] = {
	    TEXT("service", "code", true, out->service.code),
	    TEXT("service", "keys", true, out->keys),
	    TEXT("service", "network", true, out->network),
	    TEXT("service", "database", true, out->database),
	    TEXT("service", "desk", true, out->desk_places),
	    TEXT("service", "desk_group", false, out->desk_group),
	    TEXT("service", "management_chair", false, out->service.management_chair),
	    TEXT("families", "contact", false, out->service.contact),
	    {.section = "deadlines",
		.name = "unread_seconds",
		.kind = CONFIG_UINT,
		.out = &out->service.unread_seconds,
		.min = 1,
		.max = UNREAD_SECONDS_MAX},
	    {.section = "attachments",
		.name = "largest_mib",
		.kind = CONFIG_UINT,
		.out = &out->service.attachment_bytes,
		.min = 1,
		.max = ATTACHMENT_MIB_MAX},
	    {.section = "attachments",
		.name = "all_mib",
		.kind = CONFIG_UINT,
		.out = &out->service.attachments_bytes,
		.min = 1,
		.max = ATTACHMENTS_MIB_MAX},
	    {.section = "roles", .name = "*", .each = add_role, .state = &out->service},
	};
	enum status rc = config_read(path, keys, sizeof(keys) / sizeof(keys[0]));

	return rc == STATUS_OK ? take_config(out, path) : rc;
}

int
runtime_config_usage(const struct descriptor *descriptor, FILE *to)
{
	fprintf(to,
	    "Usage: %s CONFIG\n\n%s\n\n"
	    "CONFIG is an INI file:\n"
	    "  [service]\n"
	    "  code = the institution's code in the directory\n"
	    "  keys = folder with signing-1.key, transport.key and storage.key\n"
	    "  network = network.conf, as the network's authority gave it\n"
	    "  database = path of this service's database\n"
	    "  desk = path of the unix socket that people's programs connect to; besides or\n"
	    "         instead, after commas, 127.0.0.1:PORT and [::1]:PORT, where people sign "
	    "in\n"
	    "  desk_group = a unix group that may connect, besides this user (optional)\n"
	    "  management_chair = code of the institution that chairs the management group:\n"
	    "                     it is told what stays overdue (optional)\n"
	    "  [families]\n"
	    "  contact = address and telephone that receipts give to families (optional)\n"
	    "  [deadlines]\n"
	    "  unread_seconds = 1 to 1800 (1800): an immediate referral that nobody has read\n"
	    "                   by then alarms, here (optional)\n"
	    "  [attachments]\n"
	    "  largest_mib = 1 to 1000 (200): the largest document, sent or taken\n"
	    "  all_mib = (20480): what all documents may take together\n"
	    "  [roles]\n"
	    "  a unix user, or uid:N = specialist | case_manager | supervisor | head |\n"
	    "                          auditor | administrator\n",
	    descriptor->program, descriptor->what_en);
	return to == stdout ? EXIT_SUCCESS : EXIT_USAGE;
}
