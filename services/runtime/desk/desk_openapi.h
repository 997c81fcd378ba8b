/* services/runtime/desk/desk_openapi.h: the description of the desk's API (OpenAPI 3.1). */
#ifndef SAIKNE_DESK_OPENAPI_H
#define SAIKNE_DESK_OPENAPI_H

#include "protocol/base/bytes.h"

/* openapi.json as it stands beside this; lives as long as the process. */
struct bytes desk_openapi(void);

#endif
