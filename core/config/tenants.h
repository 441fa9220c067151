/** Environments by many: what -e chooses, and environments that stand for one of each tenant.
 */
#ifndef SD_CONFIG_TENANTS_H
#define SD_CONFIG_TENANTS_H

#include "core/config/config.h"
#include "core/db/target.h"

/** The word that chooses all environments; none can have it for a name. */
#define SD_ENV_ALL "all"

/** -e @text may choose several: it is `all`, or has a * ? or comma without a backslash before
 *  it.  (The name of an environment as it is written always chooses that alone.) */
bool sd_env_is_pattern(const char *text);

/** Split @text at its commas; spaces beside them are none of a name. */
void sd_env_pieces(const char *text, struct sd_arena *arena, struct sd_names *pieces);

/** @name matches @piece, in which * stands for any run, ? for any one byte, and a backslash
 *  before a character for that character; `all` for everything. */
bool sd_env_matches(const char *piece, const char *name);

/** Some name that begins with @prefix may match @piece. */
bool sd_env_may_match(const char *piece, const char *prefix);

/** @name as a piece that only it matches, and the way back. */
const char *sd_env_quote(struct sd_arena *arena, const char *name);
const char *sd_env_unquote(struct sd_arena *arena, const char *piece);

/** An entry of `tenants` has a * or ?. */
bool sd_tenant_is_glob(const char *entry);

/** "NAME/TENANT" */
const char *sd_tenant_name(
	struct sd_arena *arena, const struct sd_environment *env, const char *tenant);

/** What -e @text, which is no pattern, chooses: *@name.  Of an environment with tenants,
 *  NAME/TENANT is put into @config as an environment of its own.  A name that nothing has is
 *  found out by who looks it up.  SD_ERR after a report. */
enum sd_status sd_config_choose(struct sd_config *config, const char *text,
	struct sd_arena *arena, struct sd_diags *diags, const char **name);

/** Expand @url, which stands at @pos, for @tenant (NULL: none).  ${tenant} becomes its name,
 *  written as that form of URL wants it; *@used: it did. */
enum sd_status sd_tenant_expand(const char *url, const char *tenant, struct sd_pos pos,
	struct sd_arena *arena, struct sd_diags *diags, const char **expanded, bool *used);

/** @url mentions ${tenant}. */
bool sd_tenant_in_url(const char *url);

#endif
