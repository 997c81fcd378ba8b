/* services/runtime/runtime_config.h: what stands in a service's configuration, and what it means. */
#ifndef SAIKNE_RUNTIME_CONFIG_H
#define SAIKNE_RUNTIME_CONFIG_H

#include <limits.h>
#include <stdio.h>

#include "services/runtime/desk/desk_door.h"
#include "services/runtime/exchange/service.h"

#define DESK_ADDRESSES_MAX 2

struct runtime_config {
	struct service_config service;
	char keys[PATH_MAX], network[PATH_MAX], database[PATH_MAX], desk_places[PATH_MAX];
	char desk_path[PATH_MAX]; /* "" : no unix socket */
	struct desk_address addresses[DESK_ADDRESSES_MAX];
	unsigned address_count;
	char desk_group[64];
};

/* Into OUT, where all is zero but the descriptor. Says in the log what is wrong, and where. */
MUST_CHECK enum status runtime_config_read(const char *path, struct runtime_config *out);
/* Says what the file may hold; the exit status that belongs to it. */
int runtime_config_usage(const struct descriptor *descriptor, FILE *to);

#endif
