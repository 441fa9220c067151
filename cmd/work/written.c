/* What the configuration does to new scripts: the text that they are made from, and the
 * programs that run on their files. */
#include "cmd/work/work.h"
#include "core/base/file.h"
#include "core/base/process.h"
#include "core/base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- script_template ------------------------------------------------------------------ */

/* A script as it would be without a template, taken apart. */
struct token {
	const char *name, *value;
	bool required, seen;
};

/* The text of @script from behind @from to before @to; "" where that is not there. */
static const char *
between(struct sd_arena *arena, const char *script, const char *from, const char *to)
{
	const char *begin = strstr(script, from), *end;

	if (!begin)
		return "";
	begin += strlen(from);
	end = to ? strstr(begin, to) : NULL;
	return sd_strndup(arena, begin, end ? (size_t)(end - begin) : strlen(begin));
}

static struct token *
find_token(struct token *tokens, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tokens[i].name, name) == 0)
			return &tokens[i];
	return NULL;
}

static enum sd_status
unknown_token(struct sd_session *session, const char *template, size_t at, const char *name,
	struct sd_pos pos)
{
	pos.line = pos.col = 1;
	for (size_t i = 0; i < at; i++) {
		pos.line += template[i] == '\n';
		pos.col = template[i] == '\n' ? 1 : pos.col + 1;
	}
	sd_error(session->diags, pos, "unknown token \"%%(%s)s\"", name);
	sd_hint(session->diags, "tokens: message rev header created dialect up down; a %% is "
				"written %%%%");
	return SD_ERR;
}

/* Replace the tokens of @template. */
static enum sd_status
expand(struct sd_session *session, const char *template, struct sd_pos pos,
	struct token *tokens, size_t n, struct sd_buf *out)
{
	for (size_t at = 0; template[at];) {
		size_t len = strcspn(template + at, "%"), name_len;
		struct token *token;
		const char *name;

		sd_buf_addn(out, template + at, len);
		at += len;
		if (!template[at])
			break;
		if (template[at + 1] != '(') {
			sd_buf_addc(out, '%');
			at += template[at + 1] == '%' ? 2 : 1;
			continue;
		}
		name_len = strcspn(template + at + 2, ")\n");
		name = sd_strndup(session->arena, template + at + 2, name_len);
		token = find_token(tokens, n, name);
		if (!token || strncmp(template + at + 2 + name_len, ")s", 2) != 0)
			return unknown_token(session, template, at, name, pos);
		token->seen = true;
		sd_buf_add(out, token->value);
		at += name_len + 4;
	}
	return SD_OK;
}

enum sd_status
sd_work_template(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *id, struct sd_buf *text)
{
	struct sd_arena *arena = session->arena;
	const char *plain = sd_buf_text(text);
	struct token tokens[] = {
		{ "message", sd_text_squeeze(arena, revision->message ? revision->message : ""),
			false, false },
		{ "rev", id, false, false },
		{ "header", between(arena, plain, "\n--\n", "\n\n-- schemadiff:up\n"), true,
			false },
		{ "created", between(arena, plain, "\n-- created: ", "\n"), false, false },
		{ "dialect", engine->dialect->name, false, false },
		{ "up", between(arena, plain, "\n-- schemadiff:up\n", "\n-- schemadiff:down\n"),
			true, false },
		{ "down", between(arena, plain, "\n-- schemadiff:down\n", NULL), true, false },
	};
	struct sd_pos pos = { 0 };
	struct sd_buf out = SD_BUF(arena);
	char *template;

	if (!session->settings.script_template)
		return SD_OK;
	pos.file = sd_path_join(arena, session->config.dir, session->settings.script_template);
	if (sd_file_read(pos.file, arena, session->diags, &template, NULL) ||
		expand(session, template, pos, tokens, SD_COUNT(tokens), &out))
		return SD_ERR;
	for (size_t i = 0; i < SD_COUNT(tokens); i++)
		if (tokens[i].required && !tokens[i].seen)
			return sd_error(session->diags, pos,
				"the template has no %%(%s)s, and a script needs it",
				tokens[i].name);
	/* the template's own text may be wrong where the tokens are right */
	if (!sd_script_parse(pos.file, out.at, out.n, engine->dialect, arena, session->diags)) {
		sd_note(session->diags, pos, "this is about the script made from the template");
		return SD_ERR;
	}
	text->n = 0;
	sd_buf_addn(text, out.at, out.n);
	return SD_OK;
}

/* ---- hooks.post_write ----------------------------------------------------------------- */

static const char file_token[] = "{file}";

/* @command for the script @path: behind its words where none of them is {file}. */
static struct sd_names
command_line(struct sd_arena *arena, const struct sd_names *command, const char *path)
{
	struct sd_names argv = { 0 };
	bool placed = false;

	for (size_t i = 0; i < command->n; i++) {
		placed |= strstr(command->at[i], file_token) != NULL;
		*sd_push(arena, &argv) =
			sd_text_replace(arena, command->at[i], file_token, path);
	}
	if (!placed)
		*sd_push(arena, &argv) = path;
	return argv;
}

static enum sd_status
run_command(struct sd_session *session, const struct sd_names *command, const char *path)
{
	struct sd_arena *arena = session->arena;
	const struct sd_pos pos = { .file = path };
	char real[PATH_MAX];
	struct sd_names argv = command_line(
		arena, command, sd_strdup(arena, realpath(path, real) ? real : path));
	struct sd_buf words = SD_BUF(arena);
	int code = 0;

	for (size_t i = 0; i < command->n; i++) {
		sd_buf_sep(&words, " ");
		sd_buf_add(&words, command->at[i]);
	}
	if (sd_process_run(&argv, session->config.dir, session->diags, &code)) {
		sd_note(session->diags, pos,
			"hooks.post_write; the script was written, and "
			"is as the program before left it");
		return SD_ERR;
	}
	if (!code)
		return SD_OK;
	sd_error(session->diags, pos, "hooks.post_write: `%s` has ended with exit code %d",
		sd_buf_text(&words), code);
	sd_hint(session->diags, "the script was written, and is there as that program left it");
	return SD_ERR;
}

enum sd_status
sd_work_written(struct sd_session *session, const struct sd_engine *engine, const char *path)
{
	const struct sd_commands *commands = &session->settings.post_write;
	char *text;
	size_t len;

	if (!commands->n)
		return SD_OK;
	for (size_t i = 0; i < commands->n; i++)
		if (run_command(session, &commands->at[i], path))
			return SD_ERR;
	if (sd_file_read(path, session->arena, session->diags, &text, &len))
		return SD_ERR;
	if (sd_script_parse(path, text, len, engine->dialect, session->arena, session->diags))
		return SD_OK;
	sd_note(session->diags, (struct sd_pos){ .file = path },
		"this is how hooks.post_write has left the script");
	return SD_ERR;
}

/* ---- hooks in SQL --------------------------------------------------------------------- */

enum sd_status
sd_work_sql_hooks(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_names *files, struct sd_scripts *scripts)
{
	struct sd_arena *arena = session->arena;
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < files->n; i++) {
		const char *path = sd_path_join(arena, session->config.dir, files->at[i]);
		struct sd_script *script = NULL;
		char *text;
		size_t len;

		if (sd_file_read(path, arena, session->diags, &text, &len) == SD_OK)
			script = sd_script_parse_plain(
				path, text, len, engine->dialect, arena, session->diags);
		if (script)
			*sd_push(arena, scripts) = script;
		else
			status = SD_ERR;
	}
	return status;
}
