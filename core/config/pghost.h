/** Hosts by their addresses. */
#ifndef SD_CONFIG_PGHOST_H
#define SD_CONFIG_PGHOST_H

#include "core/base/vec.h"

#include <stdbool.h>

/** Two identities of PostgreSQL targets name the same database (* and ? of @b stand for anything),
 *  and a host of each has an address and a port in common.  Names are looked up: it may take as
 *  long as that does.  What has no address is nowhere. */
bool sd_pghost_same(struct sd_arena *scratch, const char *a, const char *b);

#endif
