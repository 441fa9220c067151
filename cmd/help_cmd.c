/* help, completion, man: the commands that tell of the program itself. */
#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "core/base/text.h"

static const struct sd_pos nowhere;

static int
run_help(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct sd_cmd *cmd = args->n ? sd_cmd_find(args->at[0]) : NULL;
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_names names = { 0 };
	const char *near;

	(void)opts;
	if (!args->n || cmd) {
		sd_help_write(cmd, &text);
		sd_json_or_print(session, "text", &text);
		return SD_EXIT_OK;
	}
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			*sd_push(session->arena, &names) = sd_cmds[i]->name;
	*sd_push(session->arena, &names) = NULL;
	near = sd_text_nearest(args->at[0], names.at);
	sd_error(session->diags, nowhere, "there is no command \"%s\" to help with",
		args->at[0]);
	if (near)
		sd_hint(session->diags, "did you mean `schemadiff help %s`?", near);
	else
		sd_hint(session->diags, "`schemadiff help` lists the commands");
	return SD_EXIT_INPUT;
}

static int
run_completion(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_buf text = SD_BUF(session->arena);

	(void)opts;
	if (sd_completion_write(args->at[0], &text)) {
		sd_json_or_print(session, "text", &text);
		return SD_EXIT_OK;
	}
	sd_error(session->diags, nowhere, "there is no completion for \"%s\"", args->at[0]);
	sd_hint(session->diags, "there is one for bash, zsh and fish");
	return SD_EXIT_INPUT;
}

static int
run_man(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_buf text = SD_BUF(session->arena);

	(void)opts;
	(void)args;
	sd_man_write(&text);
	sd_json_or_print(session, "text", &text);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.max_args = 1,
	.summary = "tell what the program or a command does",
	.run = run_help,
};

const struct sd_cmd sd_cmd_completion = {
	.name = "completion",
	.args = "SHELL",
	.min_args = 1,
	.max_args = 1,
	.summary = "print the completion script of bash, zsh or fish",
	.details = "Where the scripts go:\n\n"
		   "  bash  schemadiff completion bash "
		   "> ~/.local/share/bash-completion/completions/schemadiff\n"
		   "  zsh   schemadiff completion zsh > a folder of $fpath/_schemadiff\n"
		   "  fish  schemadiff completion fish "
		   "> ~/.config/fish/completions/schemadiff.fish",
	.run = run_completion,
};

const struct sd_cmd sd_cmd_man = {
	.name = "man",
	.summary = "print the man page (troff)",
	.run = run_man,
	.hidden = true,
};
