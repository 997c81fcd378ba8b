/* clients/auditor/audit_store_inside.h: what the files of audit_store.c share. */
#ifndef SAIKNE_AUDIT_STORE_INSIDE_H
#define SAIKNE_AUDIT_STORE_INSIDE_H

#include "clients/auditor/audit_store.h"
#include "protocol/host/database.h"

struct audit_store {
	struct database *db;
	uint64_t count;
};

#endif
