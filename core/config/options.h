/** The table of options.  Loading, the published JSON Schema and the test of the
 *  documentation are loops over it: a new option is a new row. */
#ifndef SD_CONFIG_OPTIONS_H
#define SD_CONFIG_OPTIONS_H

#include "core/base/json.h"
#include "core/config/config.h"

enum sd_option_type {
	SD_SETTING_TEXT,     /* const char *: a string that is not empty */
	SD_SETTING_NAMES,    /* struct sd_names: a string or a list of strings */
	SD_SETTING_PATHS,    /* the same, one at least */
	SD_SETTING_DIALECTS, /* the same, each the name of a dialect */
	SD_SETTING_KINDS,    /* the same, each a section of optional objects, or "*" */
	SD_SETTING_BOOL,     /* bool */
	SD_SETTING_NOT,      /* bool that holds the opposite of what the file says */
	SD_SETTING_WORD,     /* const char *: one of @words */
	SD_SETTING_COUNT,    /* unsigned, from 1 */
	SD_SETTING_SECONDS,  /* unsigned: a duration, in whole seconds */
	SD_SETTING_DURATION, /* const char *: a duration as written, "3s" */
	SD_SETTING_VERSION,  /* const char *: a version of the dialect that the key names */
	SD_SETTING_TEMPLATE, /* const char *: a template of a naming convention */
	SD_SETTING_OBJECT,   /* an object, free inside */
	SD_SETTING_TENANTS,  /* struct sd_tenants: names and globs, or {"query", "url"} */
	SD_SETTING_COMMANDS, /* struct sd_commands: a list of programs with their arguments */
};

/** @offset of an option that has no member: its type is checked, its value unused. */
#define SD_SETTING_UNUSED ((size_t)-1)

struct sd_option {
	const char *key;
	const char *group; /* the key stands in this sub-object, or NULL */
	enum sd_option_type type;
	size_t offset;            /* in struct sd_settings, or struct sd_environment */
	const char *const *words; /* of SD_SETTING_WORD, NULL at the end */
	const char *deflt;        /* JSON text, or NULL */
	const char *doc;          /* one sentence */
};

/** A key whose value is an object of options. */
struct sd_option_group {
	const char *key;
	size_t pos_offset; /* of the struct sd_pos that keeps its place, or SD_SETTING_UNUSED */
	const char *doc;
};

/** Options of struct sd_settings: in the file and in each environment; then those of struct
 *  sd_environment; then the groups.  Each ends with { 0 }. */
extern const struct sd_option sd_config_options[];
extern const struct sd_option sd_environment_options[];
extern const struct sd_option_group sd_config_groups[];

/** Check the JSON value of @option and store it in @into, the struct that its offset is of. */
enum sd_status sd_option_read(const struct sd_option *option, const struct sd_json *json,
	void *into, struct sd_arena *arena, struct sd_diags *diags);

/** The words that an SD_SETTING_KINDS, _DIALECTS or _WORD takes, NULL at the end. */
const char *const *sd_option_words(const struct sd_option *option, struct sd_arena *arena);

/** The milliseconds of a duration "3s", "500ms", "2min", "1h", "3" (seconds); false when it is
 *  malformed. */
bool sd_duration_parse(const char *text, unsigned long long *ms);

#endif
