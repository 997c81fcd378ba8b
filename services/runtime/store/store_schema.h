/* services/runtime/store/store_schema.h: the tables of a service's database. */
#ifndef SAIKNE_STORE_SCHEMA_H
#define SAIKNE_STORE_SCHEMA_H

#include "protocol/host/database.h"

/* Opens PATH for writing and brings it to the present schema. */
MUST_CHECK enum status store_schema_open(const char *path, struct database **out);

#endif
