/* protocol/trust/profile.h: which data categories a kind of recipient may have (lists/profiles.csv). */
#ifndef SAIKNE_PROFILE_H
#define SAIKNE_PROFILE_H

#include "protocol/trust/kind.h"
#include "protocol/wire/message.h"

/* ACT always; what the profile of GROUP names besides. Nothing else is ever sealed to it. */
category_set profile_allows(enum group group);

#endif
