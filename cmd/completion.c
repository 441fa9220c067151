/* Completion scripts.  They are written out whole from the tables, so that pressing Tab never
 * runs the program. */
#include "cmd/cmd.h"

#include <string.h>

/* ---- what all shells ask for ------------------------------------------------------- */

static void
add_words(struct sd_buf *out, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		sd_buf_addf(out, "%s%s", i ? " " : "", words[i]);
}

static void
add_commands(struct sd_buf *out)
{
	bool first = true;

	for (size_t i = 0; sd_cmds[i]; i++) {
		if (sd_cmds[i]->hidden)
			continue;
		sd_buf_addf(out, "%s%s", first ? "" : " ", sd_cmds[i]->name);
		first = false;
	}
}

static enum sd_completes
completes(const struct sd_opt *opt, const char *const **words)
{
	*words = opt->words;
	return opt->words ? SD_COMPLETES_WORDS : sd_placeholder_completes(opt->value, words);
}

/* @text between single quotes of a shell. */
static void
add_quoted(struct sd_buf *out, const char *text, const char *quote)
{
	for (; *text; text++) {
		if (*text == '\'')
			sd_buf_add(out, quote);
		else
			sd_buf_addc(out, *text);
	}
}

/* ---- bash -------------------------------------------------------------------------- */

static void
bash_reply(struct sd_buf *out, enum sd_completes what, const char *const *words)
{
	switch (what) {
	case SD_COMPLETES_NOTHING:
		sd_buf_add(out, "COMPREPLY=()");
		return;
	case SD_COMPLETES_FILES:
		sd_buf_add(out, "COMPREPLY=($(compgen -f -- \"$cur\"))");
		return;
	case SD_COMPLETES_DIRS:
		sd_buf_add(out, "COMPREPLY=($(compgen -d -- \"$cur\"))");
		return;
	case SD_COMPLETES_WORDS:
	case SD_COMPLETES_COMMANDS:
		sd_buf_add(out, "COMPREPLY=($(compgen -W '");
		if (what == SD_COMPLETES_WORDS)
			add_words(out, words);
		else
			add_commands(out);
		sd_buf_add(out, "' -- \"$cur\"))");
		return;
	}
}

/* A case arm for each option that takes a value; @cmd "*" for the global ones. */
static void
bash_values(struct sd_buf *out, const char *cmd, const struct sd_opt *opts, size_t n)
{
	const char *const *words;

	for (size_t i = 0; i < n; i++) {
		if (opts[i].type == SD_OPT_FLAG)
			continue;
		sd_buf_addf(out, "\t%s:--%s", cmd, opts[i].name);
		if (opts[i].letter)
			sd_buf_addf(out, " | %s:-%c", cmd, opts[i].letter);
		sd_buf_add(out, ")\n\t\t");
		enum sd_completes what = completes(&opts[i], &words);
		bash_reply(out, what, words);
		sd_buf_add(out, "\n\t\treturn\n\t\t;;\n");
	}
}

static void
bash_options(struct sd_buf *out, const struct sd_opt *opts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (opts[i].letter)
			sd_buf_addf(out, " -%c", opts[i].letter);
		sd_buf_addf(out, " --%s", opts[i].name);
	}
}

static void
bash_command(struct sd_buf *out, const struct sd_cmd *cmd)
{
	const char *const *words;
	enum sd_completes what = sd_placeholder_completes(cmd->args, &words);

	sd_buf_addf(out, "\t%s)\n\t\toptions='", cmd->name);
	bash_options(out, cmd->opts, cmd->n_opts);
	sd_buf_add(out, "'\n\t\t");
	bash_reply(out, what, words);
	sd_buf_add(out, "\n\t\t;;\n");
}

static void
bash_skipped(struct sd_buf *out)
{
	bool first = true;

	for (size_t i = 0; i < sd_n_global_opts; i++) {
		if (sd_global_opts[i].type == SD_OPT_FLAG)
			continue;
		sd_buf_addf(out, "%s--%s", first ? "" : " | ", sd_global_opts[i].name);
		if (sd_global_opts[i].letter)
			sd_buf_addf(out, " | -%c", sd_global_opts[i].letter);
		first = false;
	}
}

static void
write_bash(struct sd_buf *out)
{
	sd_buf_add(out, "# bash completion of schemadiff; written by `schemadiff completion "
			"bash`\n\n_schemadiff()\n{\n\tlocal cur prev cmd options i\n\n"
			"\tcur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} "
			"cmd='' options=''\n\tCOMPREPLY=()\n"
			"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			"\t\tcase ${COMP_WORDS[i]} in\n\t\t");
	bash_skipped(out);
	sd_buf_add(out, ") i=$((i + 1)) ;;\n\t\t-*) ;;\n"
			"\t\t*)\n\t\t\tcmd=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\t\t;;\n"
			"\t\tesac\n\tdone\n\tcase $cmd:$prev in\n");
	bash_values(out, "*", sd_global_opts, sd_n_global_opts);
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			bash_values(
				out, sd_cmds[i]->name, sd_cmds[i]->opts, sd_cmds[i]->n_opts);
	sd_buf_add(out, "\tesac\n\tcase $cmd in\n\t'') ");
	bash_reply(out, SD_COMPLETES_COMMANDS, NULL);
	sd_buf_add(out, " ;;\n");
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			bash_command(out, sd_cmds[i]);
	sd_buf_add(out, "\tesac\n\tif [[ $cur == -* ]]; then\n"
			"\t\tCOMPREPLY=($(compgen -W \"$options");
	bash_options(out, sd_global_opts, sd_n_global_opts);
	sd_buf_add(out, "\" -- \"$cur\"))\n\tfi\n}\n\n"
			"complete -o filenames -F _schemadiff schemadiff\n");
}

/* ---- zsh --------------------------------------------------------------------------- */

/* What stands behind the colons of an _arguments spec. */
static void
zsh_action(struct sd_buf *out, const char *placeholder, enum sd_completes what,
	const char *const *words)
{
	sd_buf_add(out, ":");
	for (const char *p = placeholder ? placeholder : "argument"; *p; p++)
		if (*p != ':' && *p != '[' && *p != ']')
			sd_buf_addc(out, *p);
	sd_buf_add(out, ":");
	if (what == SD_COMPLETES_FILES)
		sd_buf_add(out, "_files");
	if (what == SD_COMPLETES_DIRS)
		sd_buf_add(out, "_files -/");
	if (what == SD_COMPLETES_WORDS || what == SD_COMPLETES_COMMANDS) {
		sd_buf_add(out, "(");
		if (what == SD_COMPLETES_WORDS)
			add_words(out, words);
		else
			add_commands(out);
		sd_buf_add(out, ")");
	}
}

/* The help of an option, for between [ and ] in single quotes. */
static void
zsh_help(struct sd_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			sd_buf_add(out, "'\\''");
		else if (strchr("[]:\\", *text))
			sd_buf_addf(out, "\\%c", *text);
		else
			sd_buf_addc(out, *text);
	}
}

static void
zsh_option(struct sd_buf *out, const struct sd_opt *opt)
{
	const char *const *words;
	enum sd_completes what = completes(opt, &words);
	bool value = opt->type != SD_OPT_FLAG;

	if (opt->letter && opt->type == SD_OPT_LIST)
		sd_buf_addf(out, "'*'{-%c,--%s=}'[", opt->letter, opt->name);
	else if (opt->letter)
		sd_buf_addf(out, "'(-%c --%s)'{-%c,--%s%s}'[", opt->letter, opt->name,
			opt->letter, opt->name, value ? "=" : "");
	else
		sd_buf_addf(out, "'%s--%s%s[", opt->type == SD_OPT_LIST ? "*" : "", opt->name,
			value ? "=" : "");
	zsh_help(out, opt->help);
	sd_buf_add(out, "]");
	if (value)
		zsh_action(out, opt->value, what, words);
	sd_buf_add(out, "'");
}

static void
zsh_command(struct sd_buf *out, const struct sd_cmd *cmd)
{
	const char *const *words;
	enum sd_completes what = sd_placeholder_completes(cmd->args, &words);

	sd_buf_addf(out, "\t\t%s)\n\t\t\t_arguments -s $globals", cmd->name);
	for (size_t i = 0; i < cmd->n_opts; i++) {
		sd_buf_add(out, " \\\n\t\t\t\t");
		zsh_option(out, &cmd->opts[i]);
	}
	if (cmd->args) {
		sd_buf_add(out, " \\\n\t\t\t\t'*:");
		zsh_action(out, cmd->args, what, words);
		sd_buf_add(out, "'");
	}
	sd_buf_add(out, "\n\t\t\t;;\n");
}

static void
write_zsh(struct sd_buf *out)
{
	sd_buf_add(out, "#compdef schemadiff\n# zsh completion of schemadiff; written by "
			"`schemadiff completion zsh`\n\n_schemadiff()\n{\n"
			"\tlocal curcontext=$curcontext state line\n"
			"\tlocal -a globals commands\n\n\tglobals=(");
	for (size_t i = 0; i < sd_n_global_opts; i++) {
		sd_buf_add(out, "\n\t\t");
		zsh_option(out, &sd_global_opts[i]);
	}
	sd_buf_add(out, "\n\t)\n\tcommands=(");
	for (size_t i = 0; sd_cmds[i]; i++) {
		if (sd_cmds[i]->hidden)
			continue;
		sd_buf_addf(out, "\n\t\t'%s:", sd_cmds[i]->name);
		add_quoted(out, sd_cmds[i]->summary, "'\\''");
		sd_buf_add(out, "'");
	}
	sd_buf_add(out, "\n\t)\n\t_arguments -C -s $globals '1:command:->command' "
			"'*::argument:->argument'\n\tcase $state in\n"
			"\tcommand) _describe command commands ;;\n"
			"\targument)\n\t\tcase $line[1] in\n");
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			zsh_command(out, sd_cmds[i]);
	sd_buf_add(out, "\t\tesac\n\t\t;;\n\tesac\n}\n\n"
			"if [ \"$funcstack[1]\" = _schemadiff ]; then\n\t_schemadiff \"$@\"\n"
			"else\n\tcompdef _schemadiff schemadiff\nfi\n");
}

/* ---- fish -------------------------------------------------------------------------- */

static void
fish_values(struct sd_buf *out, enum sd_completes what, const char *const *words)
{
	if (what == SD_COMPLETES_FILES)
		sd_buf_add(out, " -F");
	if (what == SD_COMPLETES_DIRS)
		sd_buf_add(out, " -a '(__fish_complete_directories)'");
	if (what == SD_COMPLETES_WORDS || what == SD_COMPLETES_COMMANDS) {
		sd_buf_add(out, " -a '");
		if (what == SD_COMPLETES_WORDS)
			add_words(out, words);
		else
			add_commands(out);
		sd_buf_add(out, "'");
	}
}

static void
fish_options(struct sd_buf *out, const char *cmd, const struct sd_opt *opts, size_t n)
{
	const char *const *words;

	for (size_t i = 0; i < n; i++) {
		enum sd_completes what = completes(&opts[i], &words);

		sd_buf_add(out, "complete -c schemadiff");
		if (cmd)
			sd_buf_addf(out, " -n '__fish_seen_subcommand_from %s'", cmd);
		if (opts[i].letter)
			sd_buf_addf(out, " -s %c", opts[i].letter);
		sd_buf_addf(out, " -l %s", opts[i].name);
		if (opts[i].type != SD_OPT_FLAG)
			sd_buf_add(out, " -r");
		fish_values(out, what, words);
		sd_buf_add(out, " -d '");
		add_quoted(out, opts[i].help, "\\'");
		sd_buf_add(out, "'\n");
	}
}

static void
fish_command(struct sd_buf *out, const struct sd_cmd *cmd)
{
	const char *const *words;
	enum sd_completes what = sd_placeholder_completes(cmd->args, &words);

	sd_buf_addf(
		out, "complete -c schemadiff -n __fish_use_subcommand -a %s -d '", cmd->name);
	add_quoted(out, cmd->summary, "\\'");
	sd_buf_add(out, "'\n");
	if (what != SD_COMPLETES_NOTHING) {
		sd_buf_addf(out, "complete -c schemadiff -n '__fish_seen_subcommand_from %s'",
			cmd->name);
		fish_values(out, what, words);
		sd_buf_add(out, "\n");
	}
	fish_options(out, cmd->name, cmd->opts, cmd->n_opts);
}

static void
write_fish(struct sd_buf *out)
{
	sd_buf_add(out, "# fish completion of schemadiff; written by `schemadiff completion "
			"fish`\n\ncomplete -c schemadiff -f\n");
	fish_options(out, NULL, sd_global_opts, sd_n_global_opts);
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			fish_command(out, sd_cmds[i]);
}

bool
sd_completion_write(const char *shell, struct sd_buf *out)
{
	static const struct {
		const char *shell;
		void (*write)(struct sd_buf *out);
	} writers[] = { { "bash", write_bash }, { "zsh", write_zsh }, { "fish", write_fish } };

	for (size_t i = 0; i < SD_COUNT(writers); i++) {
		if (strcmp(writers[i].shell, shell) != 0)
			continue;
		writers[i].write(out);
		return true;
	}
	return false;
}
