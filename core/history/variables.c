/* The tokenizer finds them: a colon alone, and right behind it a string or a quoted name whose
 * text is a word.  So none is found inside a string, a comment or a dollar quote; `::'x'` is a
 * cast, `a[1:'2']` a slice and `:batch` a batch's condition. */
#include "core/history/variables.h"

#include "core/base/text.h"
#include "core/sql/lex.h"

#include <string.h>

static const struct sd_pos nowhere;

static bool
starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
in_name(char c)
{
	return starts_name(c) || (c >= '0' && c <= '9');
}

static bool
is_name(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!in_name(text[i]))
			return false;
	return n && starts_name(*text);
}

static const struct sd_variable *
find(const struct sd_variables *variables, const char *name)
{
	for (size_t i = 0; i < variables->n; i++)
		if (strcmp(variables->at[i].name, name) == 0)
			return &variables->at[i];
	return NULL;
}

enum sd_status
sd_variables_read(const struct sd_names *texts, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_variables *variables)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < texts->n; i++) {
		const char *text = texts->at[i];
		size_t n = strcspn(text, "=");
		const char *name = sd_strndup(arena, text, n);

		if (!text[n] || !is_name(text, n))
			status = sd_error(diags, nowhere,
				"-V %s: expected NAME=VALUE, the name of letters, digits and _",
				text);
		else if (find(variables, name))
			status = sd_error(
				diags, nowhere, "-V %s: %s is given twice", text, name);
		else
			*sd_push(arena, variables) =
				(struct sd_variable){ .name = name, .value = text + n + 1 };
	}
	return status;
}

enum sd_status
sd_variables_tag(struct sd_variables *variables, const char *tag, struct sd_arena *arena,
	struct sd_diags *diags)
{
	static const char name[] = "tag";

	if (!tag)
		return SD_OK;
	if (!*tag)
		return sd_error(diags, nowhere, "--tag: expected a text that is not empty");
	if (find(variables, name))
		return sd_error(diags, nowhere,
			"--tag %s: -V %s=… gives that variable a value already", tag, name);
	*sd_push(arena, variables) =
		(struct sd_variable){ .name = name, .value = tag, .is_tag = true };
	return SD_OK;
}

/* ---- used somewhere ------------------------------------------------------------------- */

static bool
stands_in(const struct sd_scripts *scripts, const char *name)
{
	struct sd_arena *arena = sd_arena_new();
	const char *literal = sd_fmt(arena, ":'%s'", name);
	const char *quoted = sd_fmt(arena, ":\"%s\"", name);
	bool found = false;

	for (size_t i = 0; !found && i < scripts->n; i++)
		found = strstr(scripts->at[i]->text, literal) ||
			strstr(scripts->at[i]->text, quoted);
	sd_arena_free(arena);
	return found;
}

enum sd_status
sd_variables_check(const struct sd_variables *variables, const struct sd_history *history,
	const struct sd_scripts *others, struct sd_diags *diags)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < variables->n; i++) {
		const char *name = variables->at[i].name;

		if (variables->at[i].is_tag || stands_in(&history->scripts, name) ||
			stands_in(others, name))
			continue;
		status = sd_error(diags, nowhere, "-V %s: no script uses this variable", name);
		sd_hint(diags, "a script uses it as :'%s' (a literal) or :\"%s\" (a name)",
			name, name);
	}
	return status;
}

/* ---- put into statements -------------------------------------------------------------- */

/* A statement whose variables are being replaced. */
struct expansion {
	const struct sd_variables *variables;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	struct sd_diags *diags;
	const char *sql;
	struct sd_pos pos;
	struct sd_names used;
};

/* @tok stands behind a colon: the name of the variable that the two are, or NULL. */
static const char *
name_at(const struct expansion *e, struct sd_tok tok)
{
	const char *text = e->sql + tok.off;

	if ((tok.kind != SD_TOK_STRING && tok.kind != SD_TOK_NAME) ||
		(*text != '\'' && *text != '"') || !is_name(text + 1, tok.len - 2))
		return NULL;
	return sd_strndup(e->arena, text + 1, tok.len - 2);
}

/* @value as a name; in quotes where the text around it would join it to another one. */
static const char *
quoted_name(const struct expansion *e, const char *value, uint32_t colon, struct sd_tok tok)
{
	const char *name = sd_quote_name(e->dialect, e->arena, value);
	char before = colon ? e->sql[colon - 1] : ' ', behind = e->sql[tok.off + tok.len];

	if (*name == '"' || (!in_name(before) && !in_name(behind)))
		return name;
	return sd_fmt(e->arena, "\"%s\"", name);
}

/* What stands for the variable @name, whose colon is at @colon; NULL after a report. */
static const char *
value_of(struct expansion *e, const char *name, uint32_t colon, struct sd_tok tok)
{
	const struct sd_variable *variable = find(e->variables, name);
	bool literal = tok.kind == SD_TOK_STRING;
	struct sd_pos pos = e->pos;

	pos.line += tok.line - 1;
	if (!variable) {
		sd_error(e->diags, pos, "the variable %s has no value", name);
		sd_hint(e->diags, "give it one with -V %s=VALUE", name);
		return NULL;
	}
	if (!literal && !*variable->value) {
		sd_error(e->diags, pos, "the variable %s is empty, and a name can't be", name);
		return NULL;
	}
	if (!variable->is_tag && sd_names_find(&e->used, name) < 0)
		*sd_push(e->arena, &e->used) = name;
	return literal ? sd_quote_text(e->dialect, e->arena, variable->value)
		       : quoted_name(e, variable->value, colon, tok);
}

static bool
is_lone_colon(const char *sql, struct sd_tok tok)
{
	return sd_tok_is_op(sql, tok, ":") && (!tok.off || sql[tok.off - 1] != ':');
}

/* e->sql with its variables replaced, or NULL when it has none; *@failed: reported. */
static const char *
expand(struct expansion *e, bool *failed)
{
	struct sd_buf out = SD_BUF(e->arena);
	uint32_t from = 0;
	struct sd_lex lex;
	struct sd_tok tok, before = { 0 };

	if (!strchr(e->sql, ':'))
		return NULL; /* nearly all statements of nearly all histories */
	sd_lex_init(&lex, e->dialect->lex, e->sql, strlen(e->sql));
	for (; (tok = sd_lex_next(&lex)).kind != SD_TOK_END; before = tok) {
		const char *name = NULL, *value;

		if (is_lone_colon(e->sql, before))
			name = name_at(e, tok);
		if (!name)
			continue;
		value = value_of(e, name, before.off, tok);
		*failed |= !value;
		sd_buf_addn(&out, e->sql + from, before.off - from);
		sd_buf_add(&out, value ? value : "");
		from = tok.off + tok.len;
	}
	if (!from)
		return NULL;
	sd_buf_add(&out, e->sql + from);
	return sd_buf_text(&out);
}

static const char *
in_words(const struct expansion *e)
{
	struct sd_buf out = SD_BUF(e->arena);

	for (size_t i = 0; i < e->used.n; i++) {
		sd_buf_sep(&out, ", ");
		sd_buf_addf(&out, "%s = %s", e->used.at[i],
			sd_quote_text(e->dialect, e->arena,
				find(e->variables, e->used.at[i])->value));
	}
	return e->used.n ? sd_buf_text(&out) : NULL;
}

enum sd_status
sd_variables_expand(const struct sd_variables *variables, const struct sd_script *script,
	const struct sd_part_script *part, const struct sd_dialect *dialect,
	struct sd_arena *arena, struct sd_diags *diags, const char **used)
{
	struct expansion e = { .variables = variables,
		.dialect = dialect,
		.arena = arena,
		.diags = diags,
		.pos = { .file = script->path } };
	bool failed = false;

	for (size_t i = 0; i < part->steps.n; i++) {
		struct sd_step *step = &part->steps.at[i];
		const char *text;

		e.sql = step->text;
		e.pos.line = step->line;
		text = expand(&e, &failed);
		if (text && !failed)
			step->text = text;
	}
	if (e.used.n)
		*used = in_words(&e);
	return failed ? SD_ERR : SD_OK;
}

const struct sd_script *
sd_variables_first(const struct sd_history *history)
{
	static const struct sd_variables none;
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags unheard = { .arena = arena };
	const struct sd_script *found = NULL;
	const char *used;

	for (size_t i = 0; !found && i < history->scripts.n; i++)
		if (sd_variables_expand(&none, history->scripts.at[i],
			    &history->scripts.at[i]->up, history->dialect, arena, &unheard,
			    &used))
			found = history->scripts.at[i];
	sd_arena_free(arena);
	return found;
}
