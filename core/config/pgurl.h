/** PostgreSQL's connection strings, both forms, as libpq reads them. */
#ifndef SD_CONFIG_PGURL_H
#define SD_CONFIG_PGURL_H

#include "core/config/url.h"

/** Parse what stands behind "postgresql://" (@prefix: all that stands before it). */
enum sd_status sd_pgurl_parse(const char *rest, const char *prefix, struct sd_pos pos,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_target *target);

/** Parse a string of key=value settings. */
enum sd_status sd_pgconninfo_parse(const char *text, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_target *target);

/** Make @namespace the default one of @target's connections: first in the search_path, which the
 *  options of the connection set, before what they say of it already. */
void sd_pgurl_enter(
	struct sd_target *target, const char *namespace, struct sd_arena *arena);

/** Two identities of PostgreSQL targets share a host and port, and name the same database; * and
 *  ? of @b stand for anything. */
bool sd_pgurl_same(struct sd_arena *scratch, const char *a, const char *b);

#endif
