/* One loop over argv.  It knows no command: which options there are, and what type their
 * values have, is in the tables. */
#include "cmd/args.h"

#include "core/base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const struct sd_pos nowhere;

struct parser {
	int argc, at;
	char **argv;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_parsed *parsed;
};

/* An option, and the struct that its value goes to. */
struct found {
	const struct sd_opt *opt;
	void *into;
};

const struct sd_cmd *
sd_cmd_find(const char *name)
{
	for (size_t i = 0; sd_cmds[i]; i++)
		if (strcmp(sd_cmds[i]->name, name) == 0)
			return sd_cmds[i];
	return NULL;
}

const char *
sd_usage(const struct sd_cmd *cmd, struct sd_arena *arena)
{
	if (!cmd)
		return "usage: schemadiff COMMAND [options] [arguments]";
	return sd_fmt(arena, "usage: schemadiff %s%s%s%s", cmd->name,
		cmd->n_opts ? " [options]" : "", cmd->args ? " " : "",
		cmd->args ? cmd->args : "");
}

static bool
is_named(const struct sd_opt *opt, char letter, const char *name, size_t len)
{
	if (letter)
		return opt->letter == letter;
	return strlen(opt->name) == len && memcmp(opt->name, name, len) == 0;
}

static const struct sd_opt *
find_in(const struct sd_opt *opts, size_t n, char letter, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (is_named(&opts[i], letter, name, len))
			return &opts[i];
	return NULL;
}

static bool
find(const struct parser *p, char letter, const char *name, size_t len, struct found *found)
{
	const struct sd_cmd *cmd = p->parsed->cmd;

	found->into = p->parsed->opts;
	found->opt = cmd ? find_in(cmd->opts, cmd->n_opts, letter, name, len) : NULL;
	if (found->opt)
		return true;
	found->into = &p->parsed->globals;
	found->opt = find_in(sd_global_opts, sd_n_global_opts, letter, name, len);
	return found->opt != NULL;
}

/* The command that has the option, when it was given in front of its name. */
static const struct sd_cmd *
owner(char letter, const char *name, size_t len)
{
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden &&
			find_in(sd_cmds[i]->opts, sd_cmds[i]->n_opts, letter, name, len))
			return sd_cmds[i];
	return NULL;
}

static const char *
nearest_option(const struct parser *p, const char *name)
{
	const struct sd_cmd *cmd = p->parsed->cmd;
	struct sd_names names = { 0 };

	for (size_t i = 0; cmd && i < cmd->n_opts; i++)
		*sd_push(p->arena, &names) = cmd->opts[i].name;
	for (size_t i = 0; i < sd_n_global_opts; i++)
		*sd_push(p->arena, &names) = sd_global_opts[i].name;
	*sd_push(p->arena, &names) = NULL;
	return sd_text_nearest(name, names.at);
}

static enum sd_status
unknown_option(const struct parser *p, char letter, const char *name, size_t len)
{
	const struct sd_cmd *cmd = p->parsed->cmd;
	const struct sd_cmd *other = cmd ? NULL : owner(letter, name, len);
	const char *shown = letter ? sd_fmt(p->arena, "-%c", letter)
				   : sd_fmt(p->arena, "--%s", sd_strndup(p->arena, name, len));
	const char *near = letter ? NULL : nearest_option(p, shown + 2);

	if (other) {
		sd_error(p->diags, nowhere, "option %s belongs behind the command", shown);
		sd_hint(p->diags, "`schemadiff %s %s …`", other->name, shown);
		return SD_ERR;
	}
	sd_error(p->diags, nowhere, "unknown option %s%s%s", shown, cmd ? " of " : "",
		cmd ? cmd->name : "");
	if (near)
		sd_hint(p->diags, "did you mean --%s?", near);
	else
		sd_hint(p->diags, "`schemadiff help%s%s` lists the options", cmd ? " " : "",
			cmd ? cmd->name : "");
	return SD_ERR;
}

static enum sd_status
bad_word(const struct parser *p, const struct sd_opt *opt, const char *value)
{
	const char *near = sd_text_nearest(value, opt->words);
	struct sd_buf words = SD_BUF(p->arena);

	for (size_t i = 0; opt->words[i]; i++) {
		sd_buf_sep(&words, ", ");
		sd_buf_add(&words, opt->words[i]);
	}
	sd_error(p->diags, nowhere, "--%s: expected one of %s, found \"%s\"", opt->name,
		sd_buf_text(&words), value);
	if (near)
		sd_hint(p->diags, "did you mean %s?", near);
	return SD_ERR;
}

static enum sd_status
store_number(const struct parser *p, const struct sd_opt *opt, const char *value, unsigned *at)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || number > UINT_MAX)
		return sd_error(p->diags, nowhere,
			"--%s: expected a whole number, found \"%s\"", opt->name, value);
	*at = (unsigned)number;
	return SD_OK;
}

static enum sd_status
store(const struct parser *p, const struct found *found, const char *value)
{
	const struct sd_opt *opt = found->opt;
	void *at = (char *)found->into + opt->offset;

	switch (opt->type) {
	case SD_OPT_FLAG:
		*(bool *)at = true;
		return SD_OK;
	case SD_OPT_LIST:
		*sd_push(p->arena, (struct sd_names *)at) = value;
		return SD_OK;
	case SD_OPT_NUMBER:
		return store_number(p, opt, value, at);
	case SD_OPT_WORD:
		for (size_t i = 0; opt->words[i]; i++) {
			if (strcmp(opt->words[i], value) != 0)
				continue;
			*(const char **)at = value;
			return SD_OK;
		}
		return bad_word(p, opt, value);
	case SD_OPT_TEXT:
		break;
	}
	*(const char **)at = value;
	return SD_OK;
}

/* The value in the next word of the line. */
static enum sd_status
store_next(struct parser *p, const struct found *found, const char *shown)
{
	if (p->at == p->argc) {
		p->parsed->usage = true;
		return sd_error(p->diags, nowhere, "option %s needs a value: %s %s", shown,
			shown, found->opt->value ? found->opt->value : "VALUE");
	}
	return store(p, found, p->argv[p->at++]);
}

static enum sd_status
parse_long(struct parser *p, const char *name)
{
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	struct found found;

	if (!find(p, 0, name, len, &found))
		return unknown_option(p, 0, name, len);
	if (found.opt->type == SD_OPT_FLAG && value)
		return sd_error(p->diags, nowhere, "option --%s takes no value, found \"%s\"",
			found.opt->name, value);
	if (found.opt->type == SD_OPT_FLAG || value)
		return store(p, &found, value);
	return store_next(p, &found, sd_fmt(p->arena, "--%s", found.opt->name));
}

/* "-vq", "-m MSG", "-mMSG", "-vmMSG" */
static enum sd_status
parse_letters(struct parser *p, const char *letters)
{
	struct found found;

	for (; *letters; letters++) {
		if (!find(p, *letters, NULL, 0, &found))
			return unknown_option(p, *letters, NULL, 0);
		if (found.opt->type != SD_OPT_FLAG)
			return letters[1] ? store(p, &found, letters + 1)
					  : store_next(p, &found,
						    sd_fmt(p->arena, "-%c", *letters));
		if (store(p, &found, NULL))
			return SD_ERR;
	}
	return SD_OK;
}

/* A word of the command line for a message; a URL, which may hold a password, is not quoted. */
static const char *
shown_word(const struct parser *p, const char *word)
{
	return strstr(word, "://") ? "a URL" : sd_fmt(p->arena, "\"%s\"", word);
}

static enum sd_status
unknown_command(const struct parser *p, const char *name)
{
	struct sd_names names = { 0 };
	const char *near;

	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			*sd_push(p->arena, &names) = sd_cmds[i]->name;
	*sd_push(p->arena, &names) = NULL;
	near = sd_text_nearest(name, names.at);
	if (strstr(name, "://")) {
		sd_error(p->diags, nowhere, "expected a command, found a URL");
		sd_hint(p->diags, "a database is named with --url");
		return SD_ERR;
	}
	sd_error(p->diags, nowhere, "unknown command \"%s\"", name);
	if (near)
		sd_hint(p->diags, "did you mean `schemadiff %s`?", near);
	else
		sd_hint(p->diags, "`schemadiff help` lists the commands");
	return SD_ERR;
}

/* The first word that is no option is the command. */
static enum sd_status
parse_word(struct parser *p, const char *word)
{
	if (p->parsed->cmd) {
		*sd_push(p->arena, &p->parsed->args) = word;
		return SD_OK;
	}
	p->parsed->cmd = sd_cmd_find(word);
	if (!p->parsed->cmd)
		return unknown_command(p, word);
	if (p->parsed->cmd->opts_size)
		p->parsed->opts = sd_alloc(p->arena, p->parsed->cmd->opts_size);
	return SD_OK;
}

/* "-1" names the revision before the current one. */
static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

static enum sd_status
check_count(const struct parser *p)
{
	const struct sd_cmd *cmd = p->parsed->cmd;
	const struct sd_names *args = &p->parsed->args;

	if (!cmd || (args->n >= cmd->min_args && args->n <= cmd->max_args))
		return SD_OK;
	p->parsed->usage = true;
	if (args->n < cmd->min_args)
		return sd_error(p->diags, nowhere, "%s needs %s", cmd->name, cmd->args);
	if (!cmd->max_args)
		return sd_error(p->diags, nowhere, "%s takes no arguments, found %s", cmd->name,
			shown_word(p, args->at[0]));
	return sd_error(p->diags, nowhere, "%s takes at most %u argument%s, found %s too",
		cmd->name, cmd->max_args, cmd->max_args == 1 ? "" : "s",
		shown_word(p, args->at[cmd->max_args]));
}

/* -e may be given again and again. */
static void
join_environments(const struct parser *p)
{
	struct sd_globals *globals = &p->parsed->globals;
	struct sd_buf all = SD_BUF(p->arena);

	for (size_t i = 0; i < globals->envs.n; i++) {
		sd_buf_sep(&all, ",");
		sd_buf_add(&all, globals->envs.at[i]);
	}
	globals->env = globals->envs.n ? sd_buf_text(&all) : NULL;
}

enum sd_status
sd_args_parse(int argc, char **argv, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_parsed *parsed)
{
	struct parser p = {
		.argc = argc,
		.at = 1,
		.argv = argv,
		.arena = arena,
		.diags = diags,
		.parsed = parsed,
	};
	bool ended = false;

	*parsed = (struct sd_parsed){ .program = argv[0] };
	while (p.at < argc && !parsed->globals.help && !parsed->globals.version) {
		const char *word = argv[p.at++];
		enum sd_status status;

		if (ended || !is_option(word))
			status = parse_word(&p, word);
		else if (strcmp(word, "--") == 0)
			ended = true, status = SD_OK;
		else if (word[1] == '-')
			status = parse_long(&p, word + 2);
		else
			status = parse_letters(&p, word + 1);
		if (status)
			return status;
	}
	join_environments(&p);
	/* `--help upgrade` is `help upgrade` */
	if (parsed->globals.help && !parsed->cmd && p.at < argc && !is_option(argv[p.at]))
		return parse_word(&p, argv[p.at]);
	if (parsed->globals.help || parsed->globals.version)
		return SD_OK;
	return check_count(&p);
}

/* ---- and back ------------------------------------------------------------------------ */

static void
write_options(const struct sd_opt *opts, size_t n, const void *from, struct sd_arena *arena,
	struct sd_names *words)
{
	for (size_t i = 0; i < n; i++) {
		const void *at = (const char *)from + opts[i].offset;
		const struct sd_names *list = at;
		const char *text;

		switch (opts[i].type) {
		case SD_OPT_FLAG:
			if (*(const bool *)at)
				*sd_push(arena, words) = sd_fmt(arena, "--%s", opts[i].name);
			break;
		case SD_OPT_NUMBER:
			if (*(const unsigned *)at)
				*sd_push(arena, words) = sd_fmt(
					arena, "--%s=%u", opts[i].name, *(const unsigned *)at);
			break;
		case SD_OPT_LIST:
			for (size_t k = 0; k < list->n; k++)
				*sd_push(arena, words) =
					sd_fmt(arena, "--%s=%s", opts[i].name, list->at[k]);
			break;
		case SD_OPT_TEXT:
		case SD_OPT_WORD:
			text = *(const char *const *)at;
			if (text)
				*sd_push(arena, words) =
					sd_fmt(arena, "--%s=%s", opts[i].name, text);
			break;
		}
	}
}

void
sd_args_write(const struct sd_parsed *parsed, struct sd_arena *arena, struct sd_names *words)
{
	const struct sd_cmd *cmd = parsed->cmd;

	write_options(sd_global_opts, sd_n_global_opts, &parsed->globals, arena, words);
	*sd_push(arena, words) = cmd->name;
	if (parsed->opts)
		write_options(cmd->opts, cmd->n_opts, parsed->opts, arena, words);
	*sd_push(arena, words) = "--";
	for (size_t i = 0; i < parsed->args.n; i++)
		*sd_push(arena, words) = parsed->args.at[i];
}
