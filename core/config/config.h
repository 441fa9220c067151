/** schemadiff.json: found by walking up, every key optional (docs/configuration.md). */
#ifndef SD_CONFIG_CONFIG_H
#define SD_CONFIG_CONFIG_H

#include "core/base/tree.h"
#include "core/base/vec.h"

/** Programs to run, each a list of its name and its arguments. */
struct sd_commands {
	struct sd_names *at;
	size_t n, cap;
};

/** Options that an environment may override: all of them are in the table
 *  sd_config_options, which loading, the published JSON Schema and the docs come from. */
struct sd_settings {
	struct sd_names schemas;    /* default ["schemas"] */
	struct sd_names schemas_sqlite, schemas_postgresql; /* beside them */
	struct sd_names migrations; /* default ["migrations"] */
	bool recursive;
	struct sd_names namespaces, manage, include, exclude, dialects;
	const char *naming_ix, *naming_uq, *naming_fk, *naming_pk, *naming_ck;
	struct sd_pos naming_pos;
	const char *target_sqlite, *target_postgresql;
	struct sd_pos target_pos;
	bool online_off;
	const char *transaction; /* "each", "all" or "none" */
	const char *lock_timeout, *statement_timeout; /* as written: "3s" */
	unsigned wait;                                /* seconds; default 60 */
	const char *bookkeeping_namespace, *bookkeeping_prefix;
	const char
		*file_template; /* default %(year)d%(month).2d%(day).2d_%(rev)s_%(slug)s.sql */
	const char *timezone;   /* default UTC */
	unsigned truncate_slug_length; /* default 40 */
	const char *script_template;   /* a file, or NULL */
	struct sd_names pre_upgrade, post_upgrade, pre_downgrade, post_downgrade; /* SQL files */
	struct sd_commands post_write;
	struct sd_names seeds; /* files and folders; default ["seeds"] */
};

/** Whose databases or namespaces an environment stands for. */
struct sd_tenants {
	bool given;
	struct sd_names names;   /* and globs; in the order of the file */
	const char *query, *url; /* or a query of a name per row, and where (NULL: the env's) */
	struct sd_pos pos;
};

struct sd_environment {
	const char *name;
	struct sd_pos pos;
	const char *url; /* unexpanded, or NULL */
	struct sd_pos url_pos;
	const char *scratch_url;
	bool is_protected;
	struct sd_tenants tenants;
	const char *tenant; /* NAME/TENANT that -e chose: the TENANT (core/config/tenants.h) */
	struct sd_settings settings; /* the file's, overridden */
};

struct sd_config {
	const char *path; /* of the file; NULL = none found, all defaults */
	const char *dir;  /* paths are relative to it; "." without a file */
	struct sd_settings settings;
	SD_VEC(struct sd_environment) environments;
	const char *default_environment;
};

/** Load @path of @tree, or with NULL the schemadiff.json in the working directory or the nearest
 *  folder above it; none: the defaults.  SD_ERR after reports. */
enum sd_status sd_config_load(const struct sd_tree *tree, const char *path,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_config *config);

/** What `schemas_for` says for the dialect called @dialect; it may be empty. */
const struct sd_names *sd_settings_schemas(
	const struct sd_settings *settings, const char *dialect);

/** Make @schemas all the schema files there are, for every dialect. */
void sd_settings_set_schemas(struct sd_settings *settings, struct sd_names schemas);

/** The `target` of the dialect called @dialect ("sqlite"), or NULL. */
const char *sd_settings_target(const struct sd_settings *settings, const char *dialect);

/** The environment called @name, or NULL. */
const struct sd_environment *sd_config_environment(
	const struct sd_config *config, const char *name);

/** Write the JSON Schema of the configuration; schemas/config.schema.json is this. */
void sd_config_write_meta(struct sd_buf *out);

#endif
