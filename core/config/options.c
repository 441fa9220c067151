#include "core/config/options.h"

#include "core/base/text.h"
#include "core/schema/names.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const transaction_words[] = { "each", "all", "none", NULL };

#define AT(member) offsetof(struct sd_settings, member)
#define ENV(member) offsetof(struct sd_environment, member)

static const char schemas_for[] = "schemas_for";

// clang-format off
const struct sd_option sd_config_options[] = {
	{ "schemas", NULL, SD_SETTING_PATHS, AT(schemas), NULL, "[\"schemas\"]",
	  "Schema files, and folders whose *.json files are read." },
	{ "migrations", NULL, SD_SETTING_PATHS, AT(migrations), NULL, "[\"migrations\"]",
	  "Folders of migration scripts; new ones go into the first." },
	{ "recursive", NULL, SD_SETTING_BOOL, AT(recursive), NULL, "false",
	  "Look for migration scripts in the folders below, too." },
	{ "namespaces", NULL, SD_SETTING_NAMES, AT(namespaces), NULL, NULL,
	  "Patterns of the namespaces that are managed beside the connection's default one." },
	{ "manage", NULL, SD_SETTING_KINDS, AT(manage), NULL, NULL,
	  "Kinds of objects that are managed whole although no file has their key; * is all." },
	{ "include", NULL, SD_SETTING_NAMES, AT(include), NULL, NULL,
	  "Patterns [namespace.]table[/kind/name]: only what matches is compared." },
	{ "exclude", NULL, SD_SETTING_NAMES, AT(exclude), NULL, NULL,
	  "Patterns [namespace.]table[/kind/name]: what matches is left alone." },
	{ "dialects", NULL, SD_SETTING_DIALECTS, AT(dialects), NULL, NULL,
	  "Engines that scripts are written for; with several each new script has a part for each." },
	{ "sqlite", schemas_for, SD_SETTING_PATHS, AT(schemas_sqlite), NULL, NULL,
	  "Schema files and folders that are read for SQLite, beside `schemas`." },
	{ "postgresql", schemas_for, SD_SETTING_PATHS, AT(schemas_postgresql), NULL, NULL,
	  "Schema files and folders that are read for PostgreSQL, beside `schemas`." },
	{ "ix", "naming", SD_SETTING_TEMPLATE, AT(naming_ix), NULL, NULL, "Names of indexes." },
	{ "uq", "naming", SD_SETTING_TEMPLATE, AT(naming_uq), NULL, NULL,
	  "Names of unique constraints." },
	{ "fk", "naming", SD_SETTING_TEMPLATE, AT(naming_fk), NULL, NULL,
	  "Names of foreign keys." },
	{ "pk", "naming", SD_SETTING_TEMPLATE, AT(naming_pk), NULL, NULL,
	  "Names of primary keys." },
	{ "ck", "naming", SD_SETTING_TEMPLATE, AT(naming_ck), NULL, NULL,
	  "Names of checks; %(constraint_name)s is the file's key, or the column." },
	{ "sqlite", "target", SD_SETTING_VERSION, AT(target_sqlite), NULL, NULL,
	  "Oldest SQLite that scripts must run on; 3.35 unless given." },
	{ "postgresql", "target", SD_SETTING_VERSION, AT(target_postgresql), NULL, NULL,
	  "Oldest PostgreSQL that scripts must run on; the server's unless given." },
	{ "online", NULL, SD_SETTING_NOT, AT(online_off), NULL, "true",
	  "Prefer steps that don't lock out the application." },
	{ "transaction", NULL, SD_SETTING_WORD, AT(transaction), transaction_words, "\"each\"",
	  "One transaction for each revision, one for all of a run, or one for each statement." },
	{ "lock_timeout", NULL, SD_SETTING_DURATION, AT(lock_timeout), NULL, NULL,
	  "How long a statement may wait for a lock before it is tried again." },
	{ "statement_timeout", NULL, SD_SETTING_DURATION, AT(statement_timeout), NULL, NULL,
	  "How long a statement may run." },
	{ "wait", NULL, SD_SETTING_SECONDS, AT(wait), NULL, "60",
	  "How long to wait for another run to finish." },
	{ "namespace", "bookkeeping", SD_SETTING_TEXT, AT(bookkeeping_namespace), NULL, NULL,
	  "Namespace of the bookkeeping tables." },
	{ "prefix", "bookkeeping", SD_SETTING_TEXT, AT(bookkeeping_prefix), NULL, "\"schemadiff_\"",
	  "What the names of the bookkeeping tables begin with." },
	{ "file_template", NULL, SD_SETTING_TEXT, AT(file_template), NULL,
	  "\"%(year)d%(month).2d%(day).2d_%(rev)s_%(slug)s.sql\"",
	  "File name of a new script." },
	{ "timezone", NULL, SD_SETTING_TEXT, AT(timezone), NULL, "\"UTC\"",
	  "Time zone of the dates in file names." },
	{ "truncate_slug_length", NULL, SD_SETTING_COUNT, AT(truncate_slug_length), NULL, "40",
	  "Longest slug of a file name." },
	{ "script_template", NULL, SD_SETTING_TEXT, AT(script_template), NULL, NULL,
	  "File that new scripts are made from." },
	{ "pre_upgrade", "hooks", SD_SETTING_NAMES, AT(pre_upgrade), NULL, NULL,
	  "SQL files that run before the first revision of an upgrade." },
	{ "post_upgrade", "hooks", SD_SETTING_NAMES, AT(post_upgrade), NULL, NULL,
	  "SQL files that run behind the last revision of an upgrade." },
	{ "pre_downgrade", "hooks", SD_SETTING_NAMES, AT(pre_downgrade), NULL, NULL,
	  "SQL files that run before the first revision of a downgrade." },
	{ "post_downgrade", "hooks", SD_SETTING_NAMES, AT(post_downgrade), NULL, NULL,
	  "SQL files that run behind the last revision of a downgrade." },
	{ "post_write", "hooks", SD_SETTING_COMMANDS, AT(post_write), NULL, NULL,
	  "Programs that are run on a script that was written, each [\"PROGRAM\", \"ARGUMENT\", …]; {file} is its path." },
	{ "seeds", NULL, SD_SETTING_NAMES, AT(seeds), NULL, "[\"seeds\"]",
	  "Seeds, or folders of them, that fill a database with rows." },
	{ "compare", NULL, SD_SETTING_OBJECT, SD_SETTING_UNUSED, NULL, NULL,
	  "What is compared, kind by kind." },
	{ 0 },
};

const struct sd_option sd_environment_options[] = {
	{ "url", NULL, SD_SETTING_TEXT, ENV(url), NULL, NULL,
	  "URL of the database; ${VARIABLE} and ${VARIABLE:-default} are expanded." },
	{ "scratch_url", NULL, SD_SETTING_TEXT, ENV(scratch_url), NULL, NULL,
	  "URL of a PostgreSQL server on which a database is made for each replay of the migrations." },
	{ "protected", NULL, SD_SETTING_BOOL, ENV(is_protected), NULL, "false",
	  "Ask before anything of this database is destroyed, whatever name leads to it." },
	{ "tenants", NULL, SD_SETTING_TENANTS, ENV(tenants), NULL, NULL,
	  "Makes the environment one of each tenant, NAME/TENANT: names, globs, or a query of a name per row." },
	{ 0 },
};

const struct sd_option_group sd_config_groups[] = {
	{ schemas_for, SD_SETTING_UNUSED, "Schema files of what one engine alone has." },
	{ "naming", AT(naming_pos), "Naming convention: names of what has none in the files." },
	{ "target", AT(target_pos), "Oldest versions of the engines that scripts run on." },
	{ "bookkeeping", SD_SETTING_UNUSED, "Where the applied revisions are recorded." },
	{ "hooks", SD_SETTING_UNUSED, "What runs before and behind the revisions, and on new scripts." },
	{ 0 },
};
// clang-format on

/* A struct member at a byte offset: the one cast of this file. */
#define MEMBER(into, option, type) ((type *)(void *)((char *)(into) + (option)->offset))

bool
sd_duration_parse(const char *text, unsigned long long *ms)
{
	static const struct {
		const char *unit;
		unsigned long long ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "", 1000 }, { "min", 60000 },
		{ "h", 3600000 } };
	unsigned long long n = 0;
	const char *p = text;

	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		n = n * 10 + (unsigned long long)(*p - '0');
		if (n > INT_MAX)
			return false;
	}
	for (size_t i = 0; i < SD_COUNT(units); i++)
		if (strcmp(p, units[i].unit) == 0) {
			*ms = n * units[i].ms;
			return *ms <= INT_MAX;
		}
	return false;
}

const char *const *
sd_option_words(const struct sd_option *option, struct sd_arena *arena)
{
	struct sd_names words = { 0 };

	if (option->type == SD_SETTING_WORD)
		return option->words;
	if (option->type == SD_SETTING_DIALECTS) {
		for (size_t i = 0; sd_dialects[i]; i++)
			*sd_push(arena, &words) = sd_dialects[i]->name;
	} else {
		*sd_push(arena, &words) = "*";
		for (size_t i = 0; i < SD_KIND__MAX; i++)
			if (sd_kinds[i].flags & SD_KIND_OPTIONAL)
				*sd_push(arena, &words) = sd_kinds[i].section;
	}
	*sd_push(arena, &words) = NULL;
	return words.at;
}

static enum sd_status
check_word(const struct sd_option *option, const struct sd_json *json, struct sd_arena *arena,
	struct sd_diags *diags)
{
	const char *const *words = sd_option_words(option, arena), *near;
	struct sd_buf list = SD_BUF(arena);

	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], json->text) == 0)
			return SD_OK;
		sd_buf_sep(&list, ", ");
		sd_buf_add(&list, words[i]);
	}
	sd_error(diags, json->pos, "\"%s\" is not one of: %s", json->text, sd_buf_text(&list));
	near = sd_text_nearest(json->text, words);
	if (near)
		sd_hint(diags, "did you mean \"%s\"?", near);
	return SD_ERR;
}

static enum sd_status
read_text(const struct sd_json *json, struct sd_arena *arena, struct sd_diags *diags,
	const char **text)
{
	if (json->type != SD_JSON_STRING || !json->text[0])
		return sd_json_expected(diags, json, "a string that is not empty");
	*text = sd_strdup(arena, json->text);
	return SD_OK;
}

/* The list replaces what was there: an environment overrides the file's, it doesn't add. */
static enum sd_status
read_names(const struct sd_option *option, const struct sd_json *json, struct sd_names *into,
	struct sd_arena *arena, struct sd_diags *diags)
{
	const struct sd_json *item = json->type == SD_JSON_ARRAY ? json->first : json;
	struct sd_names names = { 0 };
	enum sd_status status = SD_OK;
	const char *name = NULL;

	if (json->type != SD_JSON_ARRAY && json->type != SD_JSON_STRING)
		return sd_json_expected(diags, json, "a string or a list of strings");
	if (option->type == SD_SETTING_PATHS && !item)
		return sd_error(
			diags, json->pos, "\"%s\" names at least one path", option->key);
	for (; item; item = json->type == SD_JSON_ARRAY ? item->next : NULL) {
		if (read_text(item, arena, diags, &name))
			status = SD_ERR;
		else if ((option->type == SD_SETTING_DIALECTS ||
				 option->type == SD_SETTING_KINDS) &&
			 check_word(option, item, arena, diags))
			status = SD_ERR;
		else
			*sd_push(arena, &names) = name;
	}
	*into = names;
	return status;
}

static enum sd_status
read_count(const struct sd_option *option, const struct sd_json *json, unsigned *into,
	struct sd_diags *diags)
{
	unsigned long n = 0;
	char *end = NULL;

	if (json->type == SD_JSON_NUMBER)
		n = strtoul(json->text, &end, 10);
	if (!end || *end || json->text[0] == '-' || n < 1 || n > INT_MAX)
		return sd_error(
			diags, json->pos, "\"%s\" is a whole number from 1", option->key);
	*into = (unsigned)n;
	return SD_OK;
}

static enum sd_status
read_duration(const struct sd_option *option, const struct sd_json *json, void *into,
	struct sd_arena *arena, struct sd_diags *diags)
{
	unsigned long long ms;

	if ((json->type != SD_JSON_STRING && json->type != SD_JSON_NUMBER) ||
		!sd_duration_parse(json->text, &ms))
		return sd_error(diags, json->pos,
			"\"%s\" is a duration: \"500ms\", \"3s\", \"2min\", \"1h\" or a number "
			"of "
			"seconds",
			option->key);
	if (option->type == SD_SETTING_SECONDS)
		*MEMBER(into, option, unsigned) = (unsigned)((ms + 999) / 1000);
	else if (strspn(json->text, "0123456789") == strlen(json->text))
		*MEMBER(into, option, const char *) = sd_fmt(arena, "%ss", json->text);
	else
		*MEMBER(into, option, const char *) = sd_strdup(arena, json->text);
	return SD_OK;
}

static enum sd_status
read_version(const struct sd_option *option, const struct sd_json *json, const char **into,
	struct sd_arena *arena, struct sd_diags *diags)
{
	const struct sd_dialect *dialect = sd_dialect_find(option->key);
	int version;

	if (json->type != SD_JSON_STRING)
		return sd_json_expected(diags, json, "a version in quotes (\"3.35\", \"14\")");
	version = sd_dialect_version(dialect, json->text);
	if (version < 0)
		return sd_error(diags, json->pos, "\"%s\" is not a version of %s (like \"%s\")",
			json->text, option->key,
			sd_dialect_version_text(dialect, arena, dialect->default_version));
	if (version < dialect->oldest_version)
		return sd_error(diags, json->pos,
			"%s %s is older than %s, the oldest supported", option->key, json->text,
			sd_dialect_version_text(dialect, arena, dialect->oldest_version));
	*into = sd_strdup(arena, json->text);
	return SD_OK;
}

static enum sd_status
read_bool(const struct sd_option *option, const struct sd_json *json, bool *into,
	struct sd_diags *diags)
{
	if (json->type != SD_JSON_BOOL)
		return sd_json_expected(diags, json, "true or false");
	*into = json->boolean != (option->type == SD_SETTING_NOT);
	return SD_OK;
}

static enum sd_status
read_commands(const struct sd_option *option, const struct sd_json *json,
	struct sd_commands *into, struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_option words = { .key = option->key, .type = SD_SETTING_PATHS };
	struct sd_commands commands = { 0 };
	enum sd_status status = SD_OK;

	if (json->type != SD_JSON_ARRAY)
		return sd_json_expected(diags, json, "a list of commands");
	for (const struct sd_json *item = json->first; item; item = item->next) {
		if (item->type != SD_JSON_ARRAY || !item->first)
			status = sd_json_expected(diags, item,
				"a command as a list: [\"PROGRAM\", \"ARGUMENT\", …]");
		else if (read_names(&words, item, sd_push(arena, &commands), arena, diags))
			status = SD_ERR;
	}
	*into = commands;
	return status;
}

static enum sd_status
read_tenants_query(const struct sd_json *json, struct sd_tenants *into, struct sd_arena *arena,
	struct sd_diags *diags)
{
	static const char *const keys[] = { "query", "url", NULL };
	enum sd_status status = SD_OK, one;

	for (const struct sd_json *m = json->first; m; m = m->next) {
		if (strcmp(m->key, "query") == 0)
			one = read_text(m, arena, diags, &into->query);
		else if (strcmp(m->key, "url") == 0)
			one = read_text(m, arena, diags, &into->url);
		else if (sd_text_starts(m->key, "x-"))
			one = SD_OK;
		else
			one = sd_json_unknown_key(diags, m, keys);
		if (one)
			status = SD_ERR;
	}
	if (status == SD_OK && !into->query)
		return sd_error(diags, json->pos, "\"tenants\" needs a \"query\"");
	return status;
}

static enum sd_status
read_tenants(const struct sd_option *option, const struct sd_json *json,
	struct sd_tenants *into, struct sd_arena *arena, struct sd_diags *diags)
{
	*into = (struct sd_tenants){ .given = true, .pos = json->pos };
	if (json->type == SD_JSON_OBJECT)
		return read_tenants_query(json, into, arena, diags);
	if (json->type != SD_JSON_STRING && json->type != SD_JSON_ARRAY)
		return sd_json_expected(diags, json,
			"names of tenants, or { \"query\": \"SELECT …\" }");
	return read_names(option, json, &into->names, arena, diags);
}

/* What has a member: @into is the struct that holds it. */
static enum sd_status
read_member(const struct sd_option *option, const struct sd_json *json, void *into,
	struct sd_arena *arena, struct sd_diags *diags)
{
	const char **text = MEMBER(into, option, const char *);

	switch (option->type) {
	case SD_SETTING_TEXT:
		return read_text(json, arena, diags, text);
	case SD_SETTING_NAMES:
	case SD_SETTING_PATHS:
	case SD_SETTING_DIALECTS:
	case SD_SETTING_KINDS:
		return read_names(
			option, json, MEMBER(into, option, struct sd_names), arena, diags);
	case SD_SETTING_BOOL:
	case SD_SETTING_NOT:
		return read_bool(option, json, MEMBER(into, option, bool), diags);
	case SD_SETTING_WORD:
		if (read_text(json, arena, diags, text))
			return SD_ERR;
		return check_word(option, json, arena, diags);
	case SD_SETTING_COUNT:
		return read_count(option, json, MEMBER(into, option, unsigned), diags);
	case SD_SETTING_SECONDS:
	case SD_SETTING_DURATION:
		return read_duration(option, json, into, arena, diags);
	case SD_SETTING_VERSION:
		return read_version(option, json, text, arena, diags);
	case SD_SETTING_TEMPLATE:
		if (read_text(json, arena, diags, text))
			return SD_ERR;
		return sd_naming_check(*text, json->pos, diags);
	case SD_SETTING_COMMANDS:
		return read_commands(
			option, json, MEMBER(into, option, struct sd_commands), arena, diags);
	case SD_SETTING_TENANTS:
		return read_tenants(
			option, json, MEMBER(into, option, struct sd_tenants), arena, diags);
	case SD_SETTING_OBJECT:
		if (json->type != SD_JSON_OBJECT)
			return sd_json_expected(diags, json, "an object");
		return SD_OK;
	}
	return SD_OK;
}

enum sd_status
sd_option_read(const struct sd_option *option, const struct sd_json *json, void *into,
	struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_option plain = *option;
	struct sd_names unused = { 0 };

	if (option->offset != SD_SETTING_UNUSED)
		return read_member(option, json, into, arena, diags);
	plain.offset = 0;
	return read_member(&plain, json, &unused, arena, diags);
}

const struct sd_names *
sd_settings_schemas(const struct sd_settings *settings, const char *dialect)
{
	for (const struct sd_option *o = sd_config_options; o->key; o++)
		if (sd_text_equal(o->group, schemas_for) && strcmp(o->key, dialect) == 0)
			return (const struct sd_names *)(const void *)((const char *)settings +
				o->offset);
	return NULL;
}

void
sd_settings_set_schemas(struct sd_settings *settings, struct sd_names schemas)
{
	settings->schemas = schemas;
	for (const struct sd_option *o = sd_config_options; o->key; o++)
		if (sd_text_equal(o->group, schemas_for))
			*MEMBER(settings, o, struct sd_names) = (struct sd_names){ 0 };
}

const char *
sd_settings_target(const struct sd_settings *settings, const char *dialect)
{
	for (const struct sd_option *o = sd_config_options; o->key; o++)
		if (o->type == SD_SETTING_VERSION && strcmp(o->key, dialect) == 0)
			return *(const char *const *)(const void *)((const char *)settings +
				o->offset);
	return NULL;
}
