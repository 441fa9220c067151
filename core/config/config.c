#include "core/config/config.h"

#include "core/base/text.h"
#include "core/config/options.h"
#include "core/config/tenants.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "schemadiff.json"

/* What one load passes around. */
struct load {
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_config *config;
};

static bool
is_free(const char *key)
{
	return sd_text_starts(key, "x-");
}

/* The keys that @object may have, for "did you mean". */
static const char *const *
known_keys(struct sd_arena *arena, const struct sd_option *extra, const char *const *more)
{
	struct sd_names keys = { 0 };

	for (size_t i = 0; sd_config_options[i].key; i++)
		if (!sd_config_options[i].group)
			*sd_push(arena, &keys) = sd_config_options[i].key;
	for (size_t i = 0; sd_config_groups[i].key; i++)
		*sd_push(arena, &keys) = sd_config_groups[i].key;
	for (size_t i = 0; extra && extra[i].key; i++)
		*sd_push(arena, &keys) = extra[i].key;
	for (size_t i = 0; more && more[i]; i++)
		*sd_push(arena, &keys) = more[i];
	*sd_push(arena, &keys) = NULL;
	return keys.at;
}

static const struct sd_option *
find_option(const struct sd_option *options, const char *group, const char *key)
{
	for (size_t i = 0; options[i].key; i++)
		if (strcmp(options[i].key, key) == 0 && sd_text_equal(options[i].group, group))
			return &options[i];
	return NULL;
}

static const struct sd_option_group *
find_group(const char *key)
{
	for (size_t i = 0; sd_config_groups[i].key; i++)
		if (strcmp(sd_config_groups[i].key, key) == 0)
			return &sd_config_groups[i];
	return NULL;
}

static const char *const *
group_keys(struct sd_arena *arena, const char *group)
{
	struct sd_names keys = { 0 };

	for (size_t i = 0; sd_config_options[i].key; i++)
		if (sd_text_equal(sd_config_options[i].group, group))
			*sd_push(arena, &keys) = sd_config_options[i].key;
	*sd_push(arena, &keys) = NULL;
	return keys.at;
}

static enum sd_status
read_group(const struct load *load, const struct sd_option_group *group,
	const struct sd_json *json, struct sd_settings *into)
{
	const struct sd_option *option;
	enum sd_status status = SD_OK;

	if (json->type != SD_JSON_OBJECT)
		return sd_json_expected(load->diags, json, "an object");
	if (group->pos_offset != SD_SETTING_UNUSED)
		*(struct sd_pos *)(void *)((char *)into + group->pos_offset) = json->pos;
	for (const struct sd_json *m = json->first; m; m = m->next) {
		option = find_option(sd_config_options, group->key, m->key);
		if (!option && !is_free(m->key))
			status = sd_json_unknown_key(
				load->diags, m, group_keys(load->arena, group->key));
		else if (option && sd_option_read(option, m, into, load->arena, load->diags))
			status = SD_ERR;
	}
	return status;
}

/* Read @member when it is an option or a group of options; SD_NOTFOUND when it is neither. */
static enum sd_status
read_setting(
	const struct load *load, const struct sd_json *member, struct sd_settings *settings)
{
	const struct sd_option *option = find_option(sd_config_options, NULL, member->key);
	const struct sd_option_group *group = find_group(member->key);

	if (option)
		return sd_option_read(option, member, settings, load->arena, load->diags);
	if (group)
		return read_group(load, group, member, settings);
	return is_free(member->key) ? SD_OK : SD_NOTFOUND;
}

/* In one database with one place for their records the second tenant would pass for upgraded
 * as soon as the first is. */
static enum sd_status
check_tenants(const struct load *load, const struct sd_environment *env)
{
	bool apart = env->url && sd_tenant_in_url(env->url);

	if (!apart && env->settings.bookkeeping_namespace) {
		sd_error(load->diags, env->tenants.pos,
			"the tenants of environment \"%s\" would share the records in \"%s\"",
			env->name, env->settings.bookkeeping_namespace);
		sd_hint(load->diags,
			"without \"namespace\" in \"bookkeeping\" each tenant's namespace has "
			"its own");
		return SD_ERR;
	}
	if (apart && env->tenants.query && !env->tenants.url) {
		sd_error(load->diags, env->tenants.pos,
			"the url of environment \"%s\" has a ${tenant}, so the query that "
			"names "
			"the tenants can't be asked there",
			env->name);
		sd_hint(load->diags, "say where: { \"query\": …, \"url\": … }");
		return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
read_environment(const struct load *load, const struct sd_json *json)
{
	struct sd_environment *env = sd_push(load->arena, &load->config->environments);
	const struct sd_option *option;
	enum sd_status status = SD_OK, one;

	env->name = sd_strdup(load->arena, json->key);
	env->pos = json->key_pos;
	env->settings = load->config->settings;
	if (!json->key[0])
		status = sd_error(load->diags, json->key_pos, "an environment needs a name");
	if (strcmp(json->key, SD_ENV_ALL) == 0)
		status = sd_error(load->diags, json->key_pos,
			"no environment can be called \"%s\": -e %s stands for all of them",
			SD_ENV_ALL, SD_ENV_ALL);
	if (json->type != SD_JSON_OBJECT)
		return sd_json_expected(load->diags, json, "an object");
	for (const struct sd_json *m = json->first; m; m = m->next) {
		option = find_option(sd_environment_options, NULL, m->key);
		if (option)
			one = sd_option_read(option, m, env, load->arena, load->diags);
		else
			one = read_setting(load, m, &env->settings);
		if (one == SD_NOTFOUND)
			one = sd_json_unknown_key(load->diags, m,
				known_keys(load->arena, sd_environment_options, NULL));
		if (one)
			status = SD_ERR;
		if (strcmp(m->key, "url") == 0)
			env->url_pos = m->pos;
	}
	return env->tenants.given && check_tenants(load, env) ? SD_ERR : status;
}

static enum sd_status
read_environments(const struct load *load, const struct sd_json *json)
{
	enum sd_status status = SD_OK;

	if (json->type != SD_JSON_OBJECT)
		return sd_json_expected(load->diags, json, "an object");
	for (const struct sd_json *m = json->first; m; m = m->next)
		if (read_environment(load, m))
			status = SD_ERR;
	return status;
}

static enum sd_status
read_default_environment(const struct load *load, const struct sd_json *json)
{
	struct sd_names names = { 0 };
	const char *near;

	if (json->type != SD_JSON_STRING)
		return sd_json_expected(load->diags, json, "the name of an environment");
	load->config->default_environment = sd_strdup(load->arena, json->text);
	if (sd_config_environment(load->config, json->text))
		return SD_OK;
	for (size_t i = 0; i < load->config->environments.n; i++)
		*sd_push(load->arena, &names) = load->config->environments.at[i].name;
	*sd_push(load->arena, &names) = NULL;
	sd_error(load->diags, json->pos, "no environment is called \"%s\"", json->text);
	near = sd_text_nearest(json->text, names.at);
	if (near)
		sd_hint(load->diags, "did you mean \"%s\"?", near);
	return SD_ERR;
}

/* Environments inherit the file's settings, wherever in it those stand: so they are read
 * after everything else, and what names one of them comes last. */
static enum sd_status
read_file(const struct load *load, const struct sd_json *json)
{
	static const char *const own[] = { "$schema", "environments", "default_environment",
		NULL };
	const struct sd_json *environments = sd_json_get(json, "environments");
	const struct sd_json *chosen = sd_json_get(json, "default_environment");
	enum sd_status status = SD_OK, one;

	for (const struct sd_json *m = json->first; m; m = m->next) {
		if (m == environments || m == chosen)
			continue;
		if (strcmp(m->key, "$schema") == 0)
			one = m->type == SD_JSON_STRING
				      ? SD_OK
				      : sd_json_expected(load->diags, m, "a string");
		else
			one = read_setting(load, m, &load->config->settings);
		if (one == SD_NOTFOUND)
			one = sd_json_unknown_key(
				load->diags, m, known_keys(load->arena, NULL, own));
		if (one)
			status = SD_ERR;
	}
	if (environments && read_environments(load, environments))
		status = SD_ERR;
	if (chosen && read_default_environment(load, chosen))
		status = SD_ERR;
	return status;
}

/* The defaults are JSON in the table, so that the published schema says what is true. */
static void
set_defaults(const struct load *load)
{
	const struct sd_option *option = sd_config_options;
	const struct sd_json *json;
	const char *text;

	for (; option->key; option++) {
		if (!option->deflt)
			continue;
		text = sd_fmt(load->arena, "[%s]", option->deflt);
		json = sd_json_parse(option->key, text, strlen(text), load->arena, load->diags);
		if (!json || sd_option_read(option, json->first, &load->config->settings,
				     load->arena, load->diags))
			sd_bug("bad default of option %s", option->key);
	}
}

/* The nearest schemadiff.json, as a path relative to the working directory, so that
 * messages stay short; NULL when there is none. */
static const char *
find_file(const struct sd_tree *tree, struct sd_arena *arena)
{
	const char *path = FILE_NAME;
	char cwd[4096];
	size_t levels = 0;

	if (!getcwd(cwd, sizeof cwd))
		return sd_tree_entry(tree, path) == SD_ENTRY_FILE ? path : NULL;
	for (const char *p = cwd; *p; p++)
		levels += *p == '/' && p[1];
	for (size_t i = 0; i <= levels; i++) {
		if (sd_tree_entry(tree, path) == SD_ENTRY_FILE)
			return path;
		path = sd_fmt(arena, "../%s", path);
	}
	return NULL;
}

enum sd_status
sd_config_load(const struct sd_tree *tree, const char *path, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_config *config)
{
	struct load load = { arena, diags, config };
	const struct sd_json *json;
	char *text;
	size_t len;

	*config = (struct sd_config){ .dir = "." };
	set_defaults(&load);
	config->path = path ? path : find_file(tree, arena);
	if (!config->path)
		return SD_OK;
	config->dir = sd_path_dir(arena, config->path);
	if (sd_tree_read(tree, config->path, arena, diags, &text, &len))
		return SD_ERR;
	json = sd_json_parse(sd_tree_name(tree, arena, config->path), text, len, arena, diags);
	if (!json)
		return SD_ERR;
	if (json->type != SD_JSON_OBJECT)
		return sd_json_expected(diags, json, "an object");
	return read_file(&load, json);
}

const struct sd_environment *
sd_config_environment(const struct sd_config *config, const char *name)
{
	for (size_t i = 0; i < config->environments.n; i++)
		if (strcmp(config->environments.at[i].name, name) == 0)
			return &config->environments.at[i];
	return NULL;
}
