#include "cmd/commands.h"

#include <stddef.h>
#include <string.h>

/* In the order in which a project meets them; sd_cmd_groups says where a heading stands. */
const struct sd_cmd *const sd_cmds[] = {
	&sd_cmd_init,
	&sd_cmd_adopt,
	&sd_cmd_inspect,

	&sd_cmd_diff,
	&sd_cmd_autogenerate,
	&sd_cmd_revision,
	&sd_cmd_edit,

	&sd_cmd_upgrade,
	&sd_cmd_downgrade,
	&sd_cmd_seed,
	&sd_cmd_fresh,
	&sd_cmd_stamp,
	&sd_cmd_ensure_version,
	&sd_cmd_repair,

	&sd_cmd_check,
	&sd_cmd_hook,

	&sd_cmd_status,
	&sd_cmd_current,
	&sd_cmd_history,
	&sd_cmd_heads,
	&sd_cmd_branches,
	&sd_cmd_show,

	&sd_cmd_merge,
	&sd_cmd_rebase,
	&sd_cmd_squash,

	&sd_cmd_help,
	&sd_cmd_completion,
	&sd_cmd_man,
	NULL,
};

const struct sd_cmd_group sd_cmd_groups[] = {
	{ "begin a project", &sd_cmd_init },
	{ "change the schema", &sd_cmd_diff },
	{ "run on a database", &sd_cmd_upgrade },
	{ "keep out what is wrong", &sd_cmd_check },
	{ "see where things stand", &sd_cmd_status },
	{ "order the history", &sd_cmd_merge },
	{ "learn the program", &sd_cmd_help },
	{ NULL, NULL },
};

const char *
sd_cmd_begins(const struct sd_cmd *cmd)
{
	for (size_t i = 0; sd_cmd_groups[i].title; i++)
		if (sd_cmd_groups[i].first == cmd)
			return sd_cmd_groups[i].title;
	return NULL;
}

#define OPT(letter, name, type, member, value, help, words)                                    \
	{                                                                                      \
		letter, name, type, offsetof(struct sd_globals, member), value, help, words    \
	}

static const char *const color_words[] = { "auto", "always", "never", NULL };

const struct sd_opt sd_global_opts[] = {
	OPT('c', "config", SD_OPT_TEXT, config, "FILE",
		"configuration; else schemadiff.json here or in a folder above", NULL),
	OPT('e', "env", SD_OPT_LIST, envs, "NAME",
		"environment of the configuration to work on; several: a glob, NAME,NAME or all",
		NULL),
	OPT(0, "jobs", SD_OPT_NUMBER, jobs, "N", "of several environments so many at once (4)",
		NULL),
	OPT(0, "fail-fast", SD_OPT_FLAG, fail_fast, NULL,
		"of several environments begin no other one after a failure", NULL),
	OPT(0, "url", SD_OPT_TEXT, url, "URL",
		"database to work on, before all environments and variables", NULL),
	OPT(0, "dialect", SD_OPT_TEXT, dialect, "NAME", "engine, where no database tells it",
		NULL),
	OPT('q', "quiet", SD_OPT_FLAG, quiet, NULL, "no progress, only results and errors",
		NULL),
	OPT('v', "verbose", SD_OPT_FLAG, verbose, NULL, "tell more", NULL),
	OPT(0, "json", SD_OPT_FLAG, json, NULL, "print one JSON document to stdout", NULL),
	OPT(0, "color", SD_OPT_WORD, color, "WHEN", "colours: auto, always or never",
		color_words),
	OPT(0, "version", SD_OPT_FLAG, version, NULL, "print the version", NULL),
	OPT('h', "help", SD_OPT_FLAG, help, NULL, "print help, of the command if one is given",
		NULL),
};

const size_t sd_n_global_opts = SD_COUNT(sd_global_opts);

const char *const sd_scratch_words[] = { "auto", NULL };

static const char *const shells[] = { "bash", "zsh", "fish", NULL };
static const char *const hook_verbs[] = { "install", "run", "uninstall", NULL };
static const char *const symbols[] = { "head", "heads", "base", "current", NULL };

/* Placeholders without their brackets. */
static const struct {
	const char *name;
	enum sd_completes completes;
	const char *const *words;
} placeholders[] = {
	{ "FILE", SD_COMPLETES_FILES, NULL },
	{ "FILE|DIR", SD_COMPLETES_FILES, NULL },
	{ "SRC", SD_COMPLETES_FILES, NULL },
	{ "DIR", SD_COMPLETES_DIRS, NULL },
	{ "COMMAND", SD_COMPLETES_COMMANDS, NULL },
	{ "SHELL", SD_COMPLETES_WORDS, shells },
	{ "install|run|uninstall", SD_COMPLETES_WORDS, hook_verbs },
	{ "TARGET", SD_COMPLETES_WORDS, symbols },
	{ "REV", SD_COMPLETES_WORDS, symbols },
	{ "ONTO", SD_COMPLETES_WORDS, symbols },
	{ "RANGE", SD_COMPLETES_WORDS, symbols },
	{ "A:B", SD_COMPLETES_WORDS, symbols },
};

enum sd_completes
sd_placeholder_completes(const char *placeholder, const char *const **words)
{
	size_t skip = placeholder && *placeholder == '[' ? 1 : 0;
	size_t len = placeholder ? strcspn(placeholder + skip, "].") : 0;

	*words = NULL;
	for (size_t i = 0; placeholder && i < SD_COUNT(placeholders); i++) {
		if (strlen(placeholders[i].name) != len ||
			memcmp(placeholders[i].name, placeholder + skip, len) != 0)
			continue;
		*words = placeholders[i].words;
		return placeholders[i].completes;
	}
	return SD_COMPLETES_NOTHING;
}
