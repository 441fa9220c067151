/** Database URLs: parsed here and nowhere else, so that no library prints a password. */
#ifndef SD_CONFIG_URL_H
#define SD_CONFIG_URL_H

#include "core/config/config.h"
#include "core/db/target.h"

/** Where the URL of a command comes from. */
struct sd_url_sources {
	const char *url;         /* --url, or NULL */
	const char *environment; /* -e, or NULL */
};

/** Find the target: --url, then -e NAME, then SCHEMADIFF_URL, then DATABASE_URL, then the
 *  default environment.  ${VAR} and ${VAR:-default} are expanded, its secrets given to
 *  sd_diags_hide().  *@environment (may be NULL on the way out: none) is the one whose
 *  settings apply.  SD_NOTFOUND: nothing names a database (not reported). */
enum sd_status sd_url_resolve(const struct sd_config *config,
	const struct sd_url_sources *sources, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_target *target, const struct sd_environment **environment);

/** The target of @env, which has a url, and nothing else about it: whether it is protected is
 *  not asked. */
enum sd_status sd_url_target(const struct sd_config *config, const struct sd_environment *env,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_target *target);

/** Parse @url: sqlite:path, sqlite:///path (SQLAlchemy's: three slashes relative, four
 *  absolute), sqlite::memory:, postgresql://…, postgres://…, a libpq key=value string; driver
 *  suffixes (+psycopg2) are ignored.  A relative SQLite path is taken from @dir.  Errors at
 *  @pos never quote the password. */
enum sd_status sd_url_parse(const char *url, const char *dir, struct sd_pos pos,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_target *target);

/** Expand ${VAR} and ${VAR:-default} in @text; an unset one is reported at @pos. */
enum sd_status sd_expand(const char *text, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, const char **expanded);

/** @target is protected, or it is once the names of its hosts and of those that are protected are
 *  looked up, which takes time: for what can't be undone. */
bool sd_url_is_protected(const struct sd_config *config, const struct sd_target *target,
	struct sd_arena *arena);

#endif
