/* The parts of several revisions as one.
 *
 * Each revision ran in a transaction of its own, with settings of its own.  Where all
 * statements only create, alter and drop, one transaction comes to the same; otherwise
 * `transaction` stands between the revisions.  A part with `foreign-keys off` is one
 * transaction: it can be joined with others only if nothing in those deletes or changes rows,
 * which enforcement would follow. */
#include "core/history/squash.h"

#include "core/base/text.h"
#include "core/history/script_impl.h"
#include "core/sql/lex.h"

#include <string.h>

/* ---- statements ----------------------------------------------------------------------- */

#define BOTH (SD_ON_SQLITE | SD_ON_POSTGRESQL)

/* First words of statements that can share a transaction with others; and on which engines the
 * model knows what they do. */
static const struct {
	const char *first, *second; /* second NULL: whatever else */
	unsigned schema, described;
} known[] = {
	{ "create", "table", BOTH, BOTH }, { "create", "index", BOTH, BOTH },
	{ "create", "view", BOTH, SD_ON_SQLITE }, { "create", "trigger", BOTH, SD_ON_SQLITE },
	{ "create", "type", BOTH, SD_ON_POSTGRESQL },
	{ "create", "sequence", BOTH, SD_ON_POSTGRESQL }, { "create", NULL, BOTH, 0 },
	{ "drop", "table", BOTH, BOTH }, { "drop", "index", BOTH, BOTH },
	{ "drop", "view", BOTH, SD_ON_SQLITE }, { "drop", "trigger", BOTH, SD_ON_SQLITE },
	{ "drop", "type", BOTH, SD_ON_POSTGRESQL },
	{ "drop", "sequence", BOTH, SD_ON_POSTGRESQL }, { "drop", NULL, BOTH, 0 },
	{ "alter", "table", BOTH, BOTH }, { "alter", "index", BOTH, BOTH },
	{ "alter", "type", BOTH, SD_ON_POSTGRESQL },
	{ "alter", "sequence", BOTH, SD_ON_POSTGRESQL }, { "alter", NULL, BOTH, 0 },
	{ "comment", "on", BOTH, BOTH }, { "lock", "table", 0, BOTH },
	{ "pragma", "legacy_alter_table", 0, BOTH },
	{ "select", NULL, SD_ON_SQLITE, SD_ON_SQLITE }, /* no function there does anything */
};

/* Words between CREATE and the kind of what is created. */
static const char *const fillers[] = { "or", "replace", "unique", "unlogged", "temp",
	"temporary", "concurrently", NULL };

/* What may follow the name in ALTER TABLE and lies outside of the model. */
static const char *const unmodelled[] = { "enable", "disable", "force", "no", "owner",
	"replica", "attach", "detach", "inherit", "cluster", "of", "not", NULL };

static bool
is_one_of(const char *sql, struct sd_tok tok, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (sd_tok_is_word(sql, tok, words[i]))
			return true;
	return false;
}

/* A name of ours: those of a rebuild's tables, and of the engine's own that it keeps up. */
static bool
is_inner_name(struct sd_arena *arena, const char *sql, struct sd_tok tok)
{
	static const char *const names[] = { "sqlite_stat1", "sqlite_sequence" };
	const char *name = sd_tok_is_name(tok) ? sd_tok_value(arena, sql, tok) : "";

	for (size_t i = 0; i < SD_COUNT(names); i++)
		if (sd_text_iequal(name, names[i]))
			return true;
	return sd_text_starts(name, "schemadiff_");
}

/* The statement moves rows of a rebuild; or it asks whether something compiles, and does
 * nothing. */
static bool
is_inner(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql)
{
	struct sd_tok before = { 0 }, last = { 0 };
	struct sd_lex lex;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	for (struct sd_tok tok; (tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END;) {
		if (is_inner_name(arena, sql, tok))
			return true;
		before = last;
		last = tok;
	}
	return last.kind == SD_TOK_NUMBER && strcmp(sd_tok_text(arena, sql, last), "0") == 0 &&
	       (sd_tok_is_word(sql, before, "where") || sd_tok_is_word(sql, before, "limit"));
}

/* The name behind IF [NOT] EXISTS and ONLY, its namespace left out; *@behind: the token after.
 */
static const char *
read_name(struct sd_lex *lex, struct sd_arena *arena, struct sd_tok *behind)
{
	static const char *const skipped[] = { "if", "not", "exists", "only", NULL };
	struct sd_tok tok = sd_lex_next_solid(lex);
	const char *name;

	while (is_one_of(lex->text, tok, skipped))
		tok = sd_lex_next_solid(lex);
	name = sd_tok_value(arena, lex->text, tok);
	*behind = sd_lex_next_solid(lex);
	if (!sd_tok_is_op(lex->text, *behind, "."))
		return name;
	name = sd_tok_value(arena, lex->text, sd_lex_next_solid(lex));
	*behind = sd_lex_next_solid(lex);
	return name;
}

/* What the words behind the first two say. */
static void
refine(struct sd_statement_kind *kind, struct sd_lex *lex, struct sd_arena *arena, size_t row)
{
	const char *first = known[row].first, *second = known[row].second;
	struct sd_tok behind;
	const char *name;

	if (!second || (strcmp(second, "table") != 0 && strcmp(second, "type") != 0))
		return;
	name = read_name(lex, arena, &behind);
	if (strcmp(first, "drop") == 0 && strcmp(second, "table") == 0) {
		kind->dropped = name;
	} else if (strcmp(first, "create") == 0 && strcmp(second, "table") == 0) {
		kind->made = name;
	} else if (strcmp(first, "create") == 0 && strcmp(second, "type") == 0) {
		kind->described = sd_tok_is_word(lex->text, behind, "as") &&
				  sd_tok_is_word(lex->text, sd_lex_next_solid(lex), "enum");
	} else if (strcmp(first, "alter") == 0) {
		/* ALTER TYPE … ADD VALUE: nobody may use it before it is committed */
		kind->schema = strcmp(second, "table") == 0 ||
			       !sd_tok_is_word(lex->text, behind, "add");
		kind->described = !is_one_of(lex->text, behind, unmodelled);
		if (sd_tok_is_word(lex->text, behind, "rename") &&
			sd_tok_is_word(lex->text, sd_lex_next_solid(lex), "to"))
			kind->made = read_name(lex, arena, &behind);
	}
}

struct sd_statement_kind
sd_statement_kind(const struct sd_dialect *dialect, struct sd_arena *arena, const char *sql)
{
	struct sd_statement_kind kind = { 0 };
	struct sd_tok first, second;
	struct sd_lex lex;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	first = sd_lex_next_solid(&lex);
	do
		second = sd_lex_next_solid(&lex);
	while (is_one_of(sql, second, fillers));
	for (size_t i = 0; i < SD_COUNT(known); i++) {
		if (!sd_tok_is_word(sql, first, known[i].first) ||
			(known[i].second && !sd_tok_is_word(sql, second, known[i].second)))
			continue;
		kind.schema = known[i].schema & dialect->bit;
		kind.described = known[i].described & dialect->bit;
		refine(&kind, &lex, arena, i);
		break;
	}
	if (is_inner(dialect, arena, sql))
		kind.schema = kind.described = true;
	return kind;
}

/* ---- whether and how they can be joined ----------------------------------------------- */

/* The first statement that keeps a part from sharing a transaction. */
struct obstacle {
	const struct sd_script *script;
	uint32_t line;
	const char *what;
};

struct join {
	const struct sd_history *history;
	const struct sd_scripts *scripts;
	bool down;
	bool whole; /* the project runs all in one transaction, whatever the statements do */
	const struct sd_dialect *dialect;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_map children;      /* struct sd_names: tables that refer to one, by its key */
	struct sd_map gone;          /* tables that were dropped so far */
	const struct sd_script *off; /* the first with foreign keys off, or NULL */
	struct obstacle apart, drops; /* script NULL: none */
};

static const struct sd_part_script *
part_of(const struct join *j, const struct sd_script *script)
{
	return j->down ? &script->down : &script->up;
}

/* Names of tables are the same in any case; a rebuild's table takes the other one's. */
static const char *
table_key(struct sd_arena *arena, const char *name)
{
	static const char rebuilt[] = "schemadiff_new_";
	const char *key = sd_text_lower(arena, name);

	return sd_text_starts(key, rebuilt) ? key + sizeof rebuilt - 1 : key;
}

/* Note which tables the tables of the script @text refer to. */
static void
find_references(struct join *j, const char *text)
{
	const char *current = NULL;
	struct sd_tok tok, behind;
	struct sd_lex lex;

	sd_lex_init(&lex, j->dialect->lex, text, strlen(text));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		struct sd_names **children;

		if (sd_tok_is_word(text, tok, "table"))
			current = table_key(j->arena, read_name(&lex, j->arena, &behind));
		if (!current || !sd_tok_is_word(text, tok, "references"))
			continue;
		children = (struct sd_names **)sd_map_at(&j->children,
			table_key(j->arena, read_name(&lex, j->arena, &behind)), j->arena);
		if (!*children)
			*children = sd_new(j->arena, struct sd_names);
		if (sd_names_find(*children, current) < 0)
			*sd_push(j->arena, *children) = current;
	}
}

/* Some table that refers to @table may be there when it is dropped. */
static bool
has_children(struct join *j, const char *table)
{
	const struct sd_names *children = sd_map_get(&j->children, table);

	for (size_t i = 0; children && i < children->n; i++)
		if (strcmp(children->at[i], table) != 0 &&
			!sd_map_get(&j->gone, children->at[i]))
			return true;
	return false;
}

static void
note(struct obstacle *o, const struct sd_script *script, uint32_t line, const char *what)
{
	if (!o->script)
		*o = (struct obstacle){ script, line, what };
}

/* What stands in the way of one transaction for all, in @step, which runs with foreign keys
 * enforced. */
static void
look_at(struct join *j, const struct sd_script *script, const struct sd_step *step,
	const struct sd_statement_kind *kind)
{
	bool asks = step->kind == SD_STEP_EXPECT_NONE || step->kind == SD_STEP_ONLY_IF;

	if (j->whole)
		return;
	if (step->scope != SD_SCOPE_SAME || step->kind == SD_STEP_BATCH)
		note(&j->apart, script, step->line, "runs in a transaction of its own");
	else if (!asks && !kind->schema)
		note(&j->apart, script, step->line, "is no mere change of the schema");
	else if (kind->dropped && has_children(j, table_key(j->arena, kind->dropped)))
		note(&j->drops, script, step->line,
			"drops a table that others refer to, and enforcement looks after their "
			"rows");
}

static void
look(struct join *j, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(j, script);

	if (part->foreign_keys_off && !j->off)
		j->off = script;
	for (size_t i = 0; i < part->steps.n; i++) {
		struct sd_statement_kind kind =
			sd_statement_kind(j->dialect, j->arena, part->steps.at[i].text);

		if (!part->foreign_keys_off)
			look_at(j, script, &part->steps.at[i], &kind);
		if (kind.dropped)
			*sd_map_at(&j->gone, table_key(j->arena, kind.dropped), j->arena) = j;
		if (kind.made)
			*sd_map_at(&j->gone, table_key(j->arena, kind.made), j->arena) = NULL;
	}
}

/* Parts that must be one transaction, beside those that can't be. */
static enum sd_status
check(const struct join *j)
{
	const struct obstacle *o = j->apart.script ? &j->apart : &j->drops;

	if (!j->off || !o->script)
		return SD_OK;
	sd_fail(j->diags, SD_CLASS_REFUSED,
		(struct sd_pos){ .file = o->script->path, .line = o->line },
		"this statement %s, and the %s part of revision %s is one transaction with "
		"foreign "
		"keys off: they can't be one part",
		o->what, j->down ? "down" : "up", j->off->revision);
	sd_note(j->diags,
		(struct sd_pos){ .file = j->off->path, .line = part_of(j, j->off)->line },
		"foreign keys are off from here on");
	sd_hint(j->diags,
		"squash the revisions before and behind %s by themselves; or have the parts "
		"made anew with --net",
		o->script->revision);
	return SD_ERR;
}

/* ---- text ----------------------------------------------------------------------------- */

/* @body without its `foreign-keys off`, which stands before the first statement, and with a
 * semicolon at the end of the last one. */
static void
add_body(const struct join *j, const char *body, struct sd_buf *out)
{
	struct sd_script_parser p = { .arena = j->arena };
	struct sd_buf text = SD_BUF(j->arena);
	bool solid = false, closed = true;
	struct sd_lex lex;
	struct sd_tok tok;
	const char *trimmed;

	sd_lex_init(&lex, j->dialect->lex, body, strlen(body));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END) {
		const char *directive =
			tok.kind == SD_TOK_COMMENT && !solid
				? sd_script_directive(&p, body + tok.off, tok.len)
				: NULL;

		if (sd_text_equal(directive, "foreign-keys off"))
			continue;
		sd_buf_addn(&text, body + tok.off, tok.len);
		if (tok.kind == SD_TOK_SPACE || tok.kind == SD_TOK_COMMENT)
			continue;
		solid = true;
		closed = sd_tok_is_op(body, tok, ";");
	}
	trimmed = sd_text_trim(j->arena, sd_buf_text(&text));
	if (*trimmed)
		sd_buf_addf(out, "%s\n", trimmed);
	if (!closed)
		sd_buf_add(out, ";\n");
}

static void
add_part(const struct join *j, const struct sd_script *script, bool separate, bool *any,
	struct sd_buf *out)
{
	const struct sd_part_script *part = part_of(j, script);

	sd_buf_addf(out, "%s-- %s%s%s\n", out->n ? "\n" : "", script->revision,
		*script->message ? ", " : "", sd_text_squeeze(j->arena, script->message));
	if (separate && *any && part->steps.n && part->steps.at[0].scope == SD_SCOPE_SAME &&
		part->steps.at[0].kind != SD_STEP_BATCH)
		sd_buf_add(out, "-- schemadiff:transaction\n");
	*any |= part->steps.n != 0;
	add_body(j, part->body, out);
}

enum sd_status
sd_squash_join(const struct sd_history *history, const struct sd_scripts *scripts, bool down,
	bool whole, const struct sd_dialect *dialect, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_buf *out)
{
	struct join j = { .history = history,
		.scripts = scripts,
		.down = down,
		.whole = whole,
		.dialect = dialect,
		.arena = arena,
		.diags = diags };
	bool any = false;

	for (size_t i = 0; i < history->scripts.n; i++)
		find_references(&j, history->scripts.at[i]->text);
	for (size_t i = 0; i < scripts->n; i++)
		look(&j, scripts->at[down ? scripts->n - 1 - i : i]);
	if (check(&j))
		return SD_ERR;
	if (j.off)
		sd_buf_add(out, "-- schemadiff:foreign-keys off\n");
	for (size_t i = 0; i < scripts->n; i++)
		add_part(&j, scripts->at[down ? scripts->n - 1 - i : i], j.apart.script != NULL,
			&any, out);
	return SD_OK;
}

/* ---- made anew ------------------------------------------------------------------------ */

enum sd_status
sd_squash_check_net(const struct sd_scripts *scripts, const struct sd_dialect *dialect,
	struct sd_diags *diags)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_part_script *part = &scripts->at[i]->up;

		for (size_t k = 0; k < part->steps.n; k++) {
			const struct sd_step *step = &part->steps.at[k];

			if (step->kind == SD_STEP_EXPECT_NONE ||
				step->kind == SD_STEP_ONLY_IF ||
				sd_statement_kind(dialect, diags->arena, step->text).described)
				continue;
			status = sd_fail(diags, SD_CLASS_REFUSED,
				(struct sd_pos){
					.file = scripts->at[i]->path, .line = step->line },
				"this statement is no change of the schema that a comparison "
				"finds, and would be lost: %.60s",
				sd_text_squeeze(diags->arena, step->text));
		}
	}
	if (status)
		sd_hint(diags,
			"without --net the statements are kept; --allow loses-statements "
			"goes on without these");
	return status;
}
