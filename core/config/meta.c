/* The JSON Schema of schemadiff.json: the table of options, said in another language. */
#include "core/base/emit.h"
#include "core/config/options.h"

#include <string.h>

#define DURATION "^[0-9]{1,9}(ms|s|min|h)?$"

/* A name, a list of them, or a query. */
#define NAME "{ \"type\": \"string\", \"minLength\": 1 }"
#define TENANTS                                                                                \
	"[" NAME ", { \"type\": \"array\", \"items\": " NAME " }, { \"type\": \"object\", "    \
	"\"required\": [\"query\"], \"properties\": { \"query\": " NAME ", \"url\": " NAME     \
	" }, "                                                                                 \
	"\"patternProperties\": { \"^x-\": true }, \"additionalProperties\": false }]"

struct meta {
	struct sd_emit out;
	struct sd_arena *arena;
};

static void
emit_text_type(struct meta *m, const char *key)
{
	sd_emit_open(&m->out, key, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "type", "string");
	sd_emit_raw(&m->out, "minLength", "1");
	sd_emit_close(&m->out);
}

static void
emit_word_type(struct meta *m, const char *key, const char *const *words)
{
	sd_emit_open(&m->out, key, '{', SD_EMIT_LINE);
	sd_emit_open(&m->out, "enum", '[', SD_EMIT_LINE);
	for (size_t i = 0; words[i]; i++)
		sd_emit_text(&m->out, NULL, words[i]);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

/* One item, or a list of them. */
static void
emit_list_type(struct meta *m, const struct sd_option *option)
{
	const char *const *words =
		option->type == SD_SETTING_NAMES || option->type == SD_SETTING_PATHS
			? NULL
			: sd_option_words(option, m->arena);

	sd_emit_open(&m->out, "anyOf", '[', SD_EMIT_SPREAD);
	if (words)
		emit_word_type(m, NULL, words);
	else
		emit_text_type(m, NULL);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "type", "array");
	if (option->type == SD_SETTING_PATHS)
		sd_emit_raw(&m->out, "minItems", "1");
	if (words)
		emit_word_type(m, "items", words);
	else
		emit_text_type(m, "items");
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

static void
emit_duration_type(struct meta *m)
{
	sd_emit_open(&m->out, "anyOf", '[', SD_EMIT_SPREAD);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "type", "string");
	sd_emit_text(&m->out, "pattern", DURATION);
	sd_emit_close(&m->out);
	sd_emit_open(&m->out, NULL, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "type", "integer");
	sd_emit_raw(&m->out, "minimum", "0");
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

/* The keywords that say what values @option takes. */
static void
emit_type(struct meta *m, const struct sd_option *option)
{
	switch (option->type) {
	case SD_SETTING_TEXT:
	case SD_SETTING_TEMPLATE:
		sd_emit_text(&m->out, "type", "string");
		sd_emit_raw(&m->out, "minLength", "1");
		break;
	case SD_SETTING_VERSION:
		sd_emit_text(&m->out, "type", "string");
		sd_emit_text(&m->out, "pattern", "^[0-9]+(\\.[0-9]+){0,2}$");
		break;
	case SD_SETTING_NAMES:
	case SD_SETTING_PATHS:
	case SD_SETTING_DIALECTS:
	case SD_SETTING_KINDS:
		emit_list_type(m, option);
		break;
	case SD_SETTING_BOOL:
	case SD_SETTING_NOT:
		sd_emit_text(&m->out, "type", "boolean");
		break;
	case SD_SETTING_WORD:
		sd_emit_open(&m->out, "enum", '[', SD_EMIT_LINE);
		for (size_t i = 0; option->words[i]; i++)
			sd_emit_text(&m->out, NULL, option->words[i]);
		sd_emit_close(&m->out);
		break;
	case SD_SETTING_COUNT:
		sd_emit_text(&m->out, "type", "integer");
		sd_emit_raw(&m->out, "minimum", "1");
		break;
	case SD_SETTING_SECONDS:
	case SD_SETTING_DURATION:
		emit_duration_type(m);
		break;
	case SD_SETTING_OBJECT:
		sd_emit_text(&m->out, "type", "object");
		break;
	case SD_SETTING_TENANTS:
		sd_emit_raw(&m->out, "anyOf", TENANTS);
		break;
	case SD_SETTING_COMMANDS:
		sd_emit_text(&m->out, "type", "array");
		sd_emit_raw(&m->out, "items",
			"{ \"type\": \"array\", \"minItems\": 1, "
			"\"items\": { \"type\": \"string\", \"minLength\": 1 } }");
		break;
	}
}

static void
emit_option(struct meta *m, const struct sd_option *option)
{
	sd_emit_open(&m->out, option->key, '{', SD_EMIT_SPREAD);
	sd_emit_text(&m->out, "description", option->doc);
	emit_type(m, option);
	if (option->deflt)
		sd_emit_raw(&m->out, "default", option->deflt);
	sd_emit_close(&m->out);
}

/* What every object has: only the keys that are listed, and x-…. */
static void
emit_closed(struct meta *m)
{
	sd_emit_open(&m->out, "patternProperties", '{', SD_EMIT_LINE);
	sd_emit_raw(&m->out, "^x-", "true");
	sd_emit_close(&m->out);
	sd_emit_bool(&m->out, "additionalProperties", false);
}

static void
emit_group(struct meta *m, const struct sd_option_group *group)
{
	const struct sd_option *option = sd_config_options;

	sd_emit_open(&m->out, group->key, '{', SD_EMIT_SPREAD);
	sd_emit_text(&m->out, "description", group->doc);
	sd_emit_text(&m->out, "type", "object");
	sd_emit_open(&m->out, "properties", '{', SD_EMIT_SPREAD);
	for (; option->key; option++)
		if (option->group && strcmp(option->group, group->key) == 0)
			emit_option(m, option);
	sd_emit_close(&m->out);
	emit_closed(m);
	sd_emit_close(&m->out);
}

/* The options that the file and its environments have in common: each is written once, in
 * $defs, and referred to from both. */
static void
emit_settings(struct meta *m)
{
	sd_emit_open(&m->out, "$defs", '{', SD_EMIT_SPREAD);
	for (const struct sd_option *o = sd_config_options; o->key; o++)
		if (!o->group)
			emit_option(m, o);
	for (const struct sd_option_group *g = sd_config_groups; g->key; g++)
		emit_group(m, g);
	sd_emit_close(&m->out);
}

static void
emit_reference(struct meta *m, const char *key)
{
	sd_emit_open(&m->out, key, '{', SD_EMIT_LINE);
	sd_emit_text(&m->out, "$ref", sd_fmt(m->arena, "#/$defs/%s", key));
	sd_emit_close(&m->out);
}

static void
emit_references(struct meta *m)
{
	for (const struct sd_option *o = sd_config_options; o->key; o++)
		if (!o->group)
			emit_reference(m, o->key);
	for (const struct sd_option_group *g = sd_config_groups; g->key; g++)
		emit_reference(m, g->key);
}

static void
emit_environments(struct meta *m)
{
	sd_emit_open(&m->out, "environments", '{', SD_EMIT_SPREAD);
	sd_emit_text(&m->out, "description",
		"Databases by name; each may override every option of the file.");
	sd_emit_text(&m->out, "type", "object");
	sd_emit_raw(&m->out, "propertyNames", "{ \"minLength\": 1 }");
	sd_emit_raw(&m->out, "properties", "{ \"all\": false }"); /* SD_ENV_ALL */
	sd_emit_open(&m->out, "additionalProperties", '{', SD_EMIT_SPREAD);
	sd_emit_text(&m->out, "type", "object");
	sd_emit_open(&m->out, "properties", '{', SD_EMIT_SPREAD);
	for (const struct sd_option *o = sd_environment_options; o->key; o++)
		emit_option(m, o);
	emit_references(m);
	sd_emit_close(&m->out);
	emit_closed(m);
	sd_emit_close(&m->out);
	sd_emit_close(&m->out);
}

void
sd_config_write_meta(struct sd_buf *out)
{
	struct meta m = { SD_EMIT(out), sd_arena_new() };

	sd_emit_open(&m.out, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(&m.out, "$schema", "https://json-schema.org/draft/2020-12/schema");
	sd_emit_text(&m.out, "title", "schemadiff configuration");
	sd_emit_text(&m.out, "description", "schemadiff.json; every key is optional.");
	sd_emit_text(&m.out, "type", "object");
	sd_emit_open(&m.out, "properties", '{', SD_EMIT_SPREAD);
	sd_emit_raw(&m.out, "$schema", "{ \"type\": \"string\" }");
	emit_references(&m);
	emit_environments(&m);
	sd_emit_raw(&m.out, "default_environment",
		"{ \"description\": \"The environment of commands that name none.\", "
		"\"type\": \"string\" }");
	sd_emit_close(&m.out);
	emit_closed(&m);
	emit_settings(&m);
	sd_emit_end(&m.out);
	sd_arena_free(m.arena);
}
