/* protocol/trust/profile.h: which data categories a recipient may have, for which purpose. */
#ifndef SAIKNE_PROFILE_H
#define SAIKNE_PROFILE_H

#include "protocol/trust/kind.h"
#include "protocol/wire/message.h"

/*
 * ACT always, and GROUND beside anything else; besides, what the row of lists/profiles.csv names that fits PURPOSE (a code of
 * the task; "" or one that no row names: the default) and KIND most narrowly. A row is for one
 * kind or for its whole group; purpose counts before kind. Nothing else is ever sealed to it.
 */
category_set profile_allows(const char *purpose, const char *kind);

#endif
