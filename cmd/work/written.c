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

/* A piece of a script as it would be without a template. */
struct token {
	const char *name, *value;
	bool required, seen;
};

enum { HEADER, UP, DOWN, MESSAGE, REV, CREATED, DIALECT, N_TOKENS };

/* The tokens as a section for one engine means them. */
struct tokens {
	const char *dialect;
	struct token at[N_TOKENS];
};

struct filling {
	struct sd_session *session;
	const char *template;
	struct sd_pos pos; /* of its first byte */
	SD_VEC(struct tokens) parts;
	struct sd_buf out;
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

/* @body as a script has it: one line end behind it. */
static const char *
trimmed(struct sd_arena *arena, const char *body)
{
	size_t n = body ? strlen(body) : 0;

	while (n && strchr(" \t\r\n", body[n - 1]))
		n--;
	return n ? sd_fmt(arena, "%.*s\n", (int)n, body) : "";
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
unknown_token(const struct filling *f, size_t at, const char *name)
{
	struct sd_pos pos = f->pos;

	pos.line = pos.col = 1;
	for (size_t i = 0; i < at; i++) {
		pos.line += f->template[i] == '\n';
		pos.col = f->template[i] == '\n' ? 1 : pos.col + 1;
	}
	sd_error(f->session->diags, pos, "unknown token \"%%(%s)s\"", name);
	sd_hint(f->session->diags, "tokens: message rev header created dialect up down; a %% is "
				   "written %%%%");
	return SD_ERR;
}

/* Replace the tokens from @at to @end. */
static enum sd_status
expand(struct filling *f, size_t at, size_t end, struct tokens *tokens)
{
	const char *template = f->template;

	while (at < end) {
		size_t len = strcspn(template + at, "%"), name_len;
		struct token *token;
		const char *name;

		len = len < end - at ? len : end - at;
		sd_buf_addn(&f->out, template + at, len);
		at += len;
		if (at == end)
			break;
		if (template[at + 1] != '(') {
			sd_buf_addc(&f->out, '%');
			at += template[at + 1] == '%' ? 2 : 1;
			continue;
		}
		name_len = strcspn(template + at + 2, ")\n");
		name = sd_strndup(f->session->arena, template + at + 2, name_len);
		token = find_token(tokens->at, N_TOKENS, name);
		if (!token || strncmp(template + at + 2 + name_len, ")s", 2) != 0)
			return unknown_token(f, at, name);
		token->seen = true;
		sd_buf_add(&f->out, token->value);
		at += name_len + 4;
	}
	return SD_OK;
}

/* The line @line begins a part: which one, "up" or "down", and for which dialect, in *@word. */
static bool
is_heading(struct sd_arena *arena, const char *line, const char **word, const char **dialect)
{
	static const char *const words[] = { "up", "down" };
	const char *text = sd_strndup(arena, line, strcspn(line, "\r\n"));

	if (!sd_text_starts(text, "--"))
		return false;
	text = sd_text_squeeze(arena, text + 2);
	if (!sd_text_starts(text, "schemadiff:"))
		return false;
	text += strlen("schemadiff:");
	for (size_t i = 0; i < SD_COUNT(words); i++) {
		size_t n = strlen(words[i]);

		if (!sd_text_starts(text, words[i]) || (text[n] && text[n] != ' '))
			continue;
		*word = words[i];
		*dialect = text[n] ? text + n + 1 : NULL;
		return true;
	}
	return false;
}

/* The section whose heading ends at @at, for each engine that it is for. */
static enum sd_status
expand_section(struct filling *f, size_t at, size_t end, const char *word, const char *dialect)
{
	for (size_t i = 0; i < f->parts.n; i++) {
		struct tokens *tokens = &f->parts.at[i];

		if (dialect && strcmp(dialect, tokens->dialect) != 0)
			continue;
		sd_buf_addf(&f->out, "-- schemadiff:%s %s\n", word, tokens->dialect);
		if (expand(f, at, end, tokens))
			return SD_ERR;
	}
	return SD_OK;
}

/* The template's sections, repeated for each engine where there are several. */
static enum sd_status
fill(struct filling *f)
{
	size_t total = strlen(f->template), from = 0, at = 0;
	const char *word = NULL, *dialect = NULL, *next_word = NULL, *next_dialect = NULL;

	if (f->parts.n == 1)
		return expand(f, 0, total, &f->parts.at[0]);
	while (at <= total) {
		size_t end = at + strcspn(f->template + at, "\n");
		bool over = at == total || is_heading(f->session->arena, f->template + at,
						   &next_word, &next_dialect);

		if (over && (word ? expand_section(f, from, at, word, dialect)
				  : expand(f, from, at, &f->parts.at[0])))
			return SD_ERR;
		if (over) /* in front of the parts it means all of them */
			f->parts.at[0].at[DIALECT].value = f->parts.at[0].dialect;
		if (at == total)
			break;
		end += f->template[end] == '\n';
		if (over) {
			word = next_word;
			dialect = next_dialect;
			from = end;
		}
		at = end;
	}
	return SD_OK;
}

static enum sd_status
check_seen(const struct filling *f)
{
	for (size_t i = 0; i < f->parts.n; i++)
		for (size_t k = 0; k < N_TOKENS; k++) {
			const struct token *token = &f->parts.at[i].at[k];

			if (!token->required || token->seen || (k == HEADER && i))
				continue;
			return sd_error(f->session->diags, f->pos,
				"the template has no %%(%s)s%s%s, and a script needs it",
				token->name, f->parts.n > 1 && k != HEADER ? " for " : "",
				f->parts.n > 1 && k != HEADER ? f->parts.at[i].dialect : "");
		}
	return SD_OK;
}

/* What the tokens stand for in @text, the script of @revision, in its parts for @part (NULL: in the
 * only ones). */
static void
take_apart(struct filling *f, const struct sd_new_revision *revision, const char *id,
	const char *text, const struct sd_engine *engine, const struct sd_new_part *part)
{
	struct sd_arena *arena = f->session->arena;
	bool first = !f->parts.n;
	const char *up = part ? trimmed(arena, part->up)
			      : between(arena, text, "\n-- schemadiff:up\n",
					"\n-- schemadiff:down\n");
	const char *down = part ? trimmed(arena, part->down)
				: between(arena, text, "\n-- schemadiff:down\n", NULL);
	struct tokens tokens = {
		.dialect = engine->dialect->name,
		.at = {
			[HEADER] = { "header",
				between(arena, text, "\n--\n", "\n\n-- schemadiff:up"), true,
				false },
			[UP] = { "up", up, true, false },
			[DOWN] = { "down", down, true, false },
			[MESSAGE] = { "message",
				sd_text_squeeze(
					arena, revision->message ? revision->message : ""),
				false, false },
			[REV] = { "rev", id, false, false },
			[CREATED] = { "created", between(arena, text, "\n-- created: ", "\n"),
				false, false },
			[DIALECT] = { "dialect", engine->dialect->name, false, false },
		},
	};

	if (first) /* in front of the parts it means all of them */
		tokens.at[DIALECT].value = between(arena, text, "\n-- dialect: ", "\n");
	*sd_push(arena, &f->parts) = tokens;
}

/* Every engine of @revision (else @engine) can read the script @text. */
static enum sd_status
parse_all(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *path, const char *text, size_t len)
{
	for (size_t i = 0; i < revision->by_dialect.n || !i; i++) {
		if (i < revision->by_dialect.n)
			engine = revision->by_dialect.at[i].engine;
		if (!sd_script_parse(path, text, len, engine->dialect, session->arena,
			    session->diags))
			return SD_ERR;
	}
	return SD_OK;
}

enum sd_status
sd_work_template(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *id, struct sd_buf *text)
{
	struct sd_arena *arena = session->arena;
	struct filling f = { .session = session, .out = SD_BUF(arena) };
	const char *plain = sd_buf_text(text);
	char *template;

	if (!session->settings.script_template)
		return SD_OK;
	f.pos.file =
		sd_path_join(arena, session->config.dir, session->settings.script_template);
	if (sd_file_read(f.pos.file, arena, session->diags, &template, NULL))
		return SD_ERR;
	f.template = template;
	for (size_t i = 0; revision->by_dialect.n > 1 && i < revision->by_dialect.n; i++)
		take_apart(&f, revision, id, plain, revision->by_dialect.at[i].engine,
			&revision->by_dialect.at[i]);
	if (!f.parts.n)
		take_apart(&f, revision, id, plain, engine, NULL);
	if (fill(&f) || check_seen(&f))
		return SD_ERR;
	/* the template's own text may be wrong where the tokens are right */
	if (parse_all(session, engine, revision, f.pos.file, f.out.at, f.out.n)) {
		sd_note(session->diags, f.pos,
			"this is about the script made from the template");
		return SD_ERR;
	}
	text->n = 0;
	sd_buf_addn(text, f.out.at, f.out.n);
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
sd_work_written(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *path)
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
	if (parse_all(session, engine, revision, path, text, len) == SD_OK)
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
