/* What became of a statement that ran outside a transaction and whose end nobody saw.
 *
 * A statement is recognised by its tokens, against the patterns of a table; each has a query
 * that tells its effect from the catalog.  What no pattern knows stays in doubt: running it
 * twice could do harm, and passing over it too. */
#include "core/db/pg.h"

#include "core/base/text.h"
#include "core/db/interrupt.h"
#include "core/sql/lex.h"

#include <string.h>
#include <time.h>

/* A qualified name that stands in a statement. */
struct found_name {
	const char *path; /* as written, for to_regclass() and to_regtype() */
	const char *name; /* its last part as the catalog spells it */
	bool qualified;
};

/* What a pattern captured. */
struct found {
	SD_VEC(struct found_name) names;
	const char *text; /* value of a string */
};

struct settling {
	struct sd_db *db;
	struct sd_pos pos;
	struct sd_arena *arena;
	struct found found;
};

/* ---- recognising ---------------------------------------------------------------------- */

struct tokens {
	const char *sql;
	SD_VEC(struct sd_tok) list; /* ends with SD_TOK_END */
	size_t at;
	struct sd_arena *arena;
};

static void
tokens_init(struct tokens *tokens, struct sd_arena *arena, const char *sql)
{
	struct sd_lex lex;
	struct sd_tok tok;

	*tokens = (struct tokens){ .sql = sql, .arena = arena };
	sd_lex_init(&lex, sd_dialect_postgresql.lex, sql, strlen(sql));
	do {
		tok = sd_lex_next_solid(&lex);
		if (!sd_tok_is_op(sql, tok, ";"))
			*sd_push(arena, &tokens->list) = tok;
	} while (tok.kind != SD_TOK_END);
}

static struct sd_tok
peek(const struct tokens *tokens)
{
	return tokens->list.at[tokens->at];
}

static bool
take_op(struct tokens *tokens, const char *op)
{
	if (!sd_tok_is_op(tokens->sql, peek(tokens), op))
		return false;
	tokens->at++;
	return true;
}

static bool
take_word(struct tokens *tokens, const char *word)
{
	if (!sd_tok_is_word(tokens->sql, peek(tokens), word))
		return false;
	tokens->at++;
	return true;
}

/* One part of a name: its spelling to @path, its value to *@name. */
static bool
take_part(struct tokens *tokens, struct sd_buf *path, const char **name)
{
	struct sd_tok tok = peek(tokens);
	const char *value;

	if (!sd_tok_is_name(tok))
		return false;
	value = sd_tok_value(tokens->arena, tokens->sql, tok);
	if (tok.kind == SD_TOK_WORD) {
		if (sd_is_keyword(&sd_dialect_postgresql, value))
			return false;
		value = sd_text_lower(tokens->arena, value);
	}
	sd_buf_add(path, sd_tok_text(tokens->arena, tokens->sql, tok));
	*name = value;
	tokens->at++;
	return true;
}

static bool
take_name(struct tokens *tokens, struct found *found)
{
	struct sd_buf path = SD_BUF(tokens->arena);
	struct found_name name = { 0 };

	if (!take_part(tokens, &path, &name.name))
		return false;
	if (take_op(tokens, ".")) {
		name.qualified = true;
		sd_buf_add(&path, ".");
		if (!take_part(tokens, &path, &name.name))
			return false;
	}
	name.path = sd_buf_text(&path);
	*sd_push(tokens->arena, &found->names) = name;
	return true;
}

static bool
take_names(struct tokens *tokens, struct found *found)
{
	do {
		if (!take_name(tokens, found))
			return false;
	} while (take_op(tokens, ","));
	return true;
}

/* A plain string: E'…' and $$…$$ have rules of their own, and nobody needs them here. */
static bool
take_string(struct tokens *tokens, struct found *found)
{
	struct sd_tok tok = peek(tokens);

	if (tok.kind != SD_TOK_STRING || tokens->sql[tok.off] != '\'')
		return false;
	found->text = sd_tok_value(tokens->arena, tokens->sql, tok);
	tokens->at++;
	return true;
}

/* One step of a pattern:  word  ?word (may be absent)  @ (a name)  @, (names)  ' (a string)
 * * (anything). */
static bool
take_step(struct tokens *tokens, struct found *found, const char *step)
{
	if (step[0] == '?')
		return take_word(tokens, step + 1) || true;
	if (sd_text_equal(step, "@"))
		return take_name(tokens, found);
	if (sd_text_equal(step, "@,"))
		return take_names(tokens, found);
	if (step[0] == '\'')
		return take_string(tokens, found);
	if (step[0] == '*') {
		tokens->at = tokens->list.n - 1;
		return true;
	}
	if (strchr("()", step[0]))
		return take_op(tokens, step);
	return take_word(tokens, step);
}

static bool
matches(struct tokens *tokens, struct found *found, const char *pattern)
{
	*found = (struct found){ 0 };
	tokens->at = 0;
	while (*pattern) {
		size_t len = strcspn(pattern, " ");

		if (!take_step(tokens, found, sd_strndup(tokens->arena, pattern, len)))
			return false;
		pattern += len + (pattern[len] == ' ');
	}
	return peek(tokens).kind == SD_TOK_END;
}

/* ---- questions to the catalog --------------------------------------------------------- */

/* The rows of a query with @n parameters; the first column of each to @values (NULL = '').
 * SD_ERR after a report. */
static enum sd_status
ask(struct settling *s, const char *sql, const char *const *params, size_t n,
	struct sd_names *values)
{
	struct sd_rows *rows = sd_db_query(s->db, s->pos, sql, params, n);
	enum sd_status status;

	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		const char *text = sd_rows_text(rows, 0);

		*sd_push(s->arena, values) = sd_strdup(s->arena, text ? text : "");
	}
	sd_rows_close(rows);
	return status == SD_ERR ? SD_ERR : SD_OK;
}

/* The same where one value is expected: *@value is "" without a row. */
static enum sd_status
ask_one(struct settling *s, const char *sql, const char *const *params, size_t n,
	const char **value)
{
	struct sd_names values = { 0 };
	enum sd_status status = ask(s, sql, params, n, &values);

	*value = values.n ? values.at[0] : "";
	return status;
}

/* Drop the indexes, whose names are quoted. */
static enum sd_doubt
drop_indexes(struct settling *s, const struct sd_names *indexes)
{
	for (size_t i = 0; i < indexes->n; i++)
		if (sd_db_exec(s->db, s->pos,
			    sd_fmt(s->arena, "DROP INDEX CONCURRENTLY IF EXISTS %s",
				    indexes->at[i])) != SD_OK)
			return SD_DOUBT_ERROR;
	return SD_DOUBT_UNDONE;
}

/* ---- one function for each kind of statement ------------------------------------------ */

/* How the index $2 in the namespace of table $1 is, and its quoted name behind a colon.  One
 * that a server process still works on, whose client is gone, is "building". */
static const char index_state[] =
	"SELECT CASE WHEN i.indrelid IS DISTINCT FROM t.oid THEN 'other' "
	"WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'good' "
	"WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p "
	"WHERE p.index_relid = c.oid) THEN 'building' ELSE 'broken' END "
	"|| ':' || pg_catalog.format('%I.%I', n.nspname, c.relname) "
	"FROM pg_catalog.pg_class t "
	"JOIN pg_catalog.pg_class c ON c.relnamespace = t.relnamespace "
	"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	"LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid "
	"WHERE t.oid = pg_catalog.to_regclass($1) AND c.relname = $2::pg_catalog.name";

static enum sd_doubt
settle_create_index(struct settling *s)
{
	const struct found_name *index = &s->found.names.at[0], *table = &s->found.names.at[1];
	const char *params[] = { table->path, index->name }, *state;
	struct sd_names broken = { 0 };

	if (index->qualified)
		return SD_DOUBT_OPEN; /* no such statement */
	for (;;) {
		if (ask_one(s, index_state, params, SD_COUNT(params), &state) != SD_OK)
			return SD_DOUBT_ERROR;
		if (!sd_text_starts(state, "building:"))
			break;
		if (sd_interrupted())
			return SD_DOUBT_OPEN;
		(void)nanosleep(&(struct timespec){ .tv_nsec = 200000000 }, NULL);
	}
	if (!*state)
		return SD_DOUBT_UNDONE;
	if (sd_text_starts(state, "good:"))
		return SD_DOUBT_DONE;
	if (sd_text_starts(state, "other:"))
		return SD_DOUBT_OPEN; /* the name is taken by something else */
	*sd_push(s->arena, &broken) = strchr(state, ':') + 1;
	return drop_indexes(s, &broken);
}

static enum sd_doubt
settle_drop_index(struct settling *s)
{
	size_t there = 0, n = s->found.names.n;

	for (size_t i = 0; i < n; i++) {
		const char *params[] = { s->found.names.at[i].path }, *oid;

		if (ask_one(s, "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", params, 1,
			    &oid) != SD_OK)
			return SD_DOUBT_ERROR;
		there += *oid != '\0';
	}
	if (there == 0)
		return SD_DOUBT_DONE;
	return there == n ? SD_DOUBT_UNDONE : SD_DOUBT_OPEN;
}

/* Invalid leftovers of a rebuild on the table that $1 is, or of the index that it is: the
 * server calls them as the index with _ccnew or _ccold behind, maybe cut and numbered. */
static const char leftovers[] =
	"SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) "
	"FROM pg_catalog.pg_class r "
	"LEFT JOIN pg_catalog.pg_index ri ON ri.indexrelid = r.oid "
	"JOIN pg_catalog.pg_index i ON i.indrelid = coalesce(ri.indrelid, r.oid) "
	"JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
	"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	"WHERE r.oid = pg_catalog.to_regclass($1) AND NOT i.indisvalid "
	"AND c.relname ~ '_cc(new|old)[0-9]*$' AND (ri.indexrelid IS NULL OR "
	"pg_catalog.starts_with(c.relname, pg_catalog.left(r.relname, 50))) "
	"AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p "
	"WHERE p.index_relid = c.oid) ORDER BY 1";

static enum sd_doubt
settle_reindex(struct settling *s)
{
	struct sd_names indexes = { 0 };

	if (ask(s, leftovers, &s->found.names.at[0].path, 1, &indexes) != SD_OK)
		return SD_DOUBT_ERROR;
	return drop_indexes(s, &indexes);
}

static enum sd_doubt
settle_by(struct settling *s, const char *sql, const char *const *params, size_t n)
{
	const char *value;

	if (ask_one(s, sql, params, n, &value) != SD_OK)
		return SD_DOUBT_ERROR;
	if (!*value)
		return SD_DOUBT_OPEN;
	return *value == 't' ? SD_DOUBT_DONE : SD_DOUBT_UNDONE;
}

static enum sd_doubt
settle_add_value(struct settling *s)
{
	const char *params[] = { s->found.names.at[0].path, s->found.text };

	return settle_by(s,
		"SELECT EXISTS (SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid "
		"AND e.enumlabel = $2::pg_catalog.name) FROM pg_catalog.pg_type t "
		"WHERE t.oid = pg_catalog.to_regtype($1)",
		params, SD_COUNT(params));
}

static enum sd_doubt
settle_validate(struct settling *s)
{
	const char *params[] = { s->found.names.at[0].path, s->found.names.at[1].name };

	if (s->found.names.at[1].qualified)
		return SD_DOUBT_OPEN;
	return settle_by(s,
		"SELECT convalidated FROM pg_catalog.pg_constraint "
		"WHERE conrelid = pg_catalog.to_regclass($1) "
		"AND conname = $2::pg_catalog.name",
		params, SD_COUNT(params));
}

static enum sd_doubt
settle_again(struct settling *s)
{
	(void)s;
	return SD_DOUBT_UNDONE;
}

static const struct {
	const char *pattern;
	enum sd_doubt (*settle)(struct settling *s);
} statements[] = {
	{ "create ?unique index concurrently if not exists @ on ?only @ *",
		settle_create_index },
	{ "create ?unique index concurrently @ on ?only @ *", settle_create_index },
	{ "drop index concurrently if exists @,", settle_drop_index },
	{ "drop index concurrently @,", settle_drop_index },
	{ "drop index concurrently @, restrict", settle_drop_index },
	{ "drop index concurrently if exists @, restrict", settle_drop_index },
	{ "reindex index concurrently @", settle_reindex },
	{ "reindex table concurrently @", settle_reindex },
	{ "reindex ( concurrently ) index @", settle_reindex },
	{ "reindex ( concurrently ) table @", settle_reindex },
	{ "reindex ( verbose ) index concurrently @", settle_reindex },
	{ "reindex ( verbose ) table concurrently @", settle_reindex },
	{ "reindex schema concurrently *", settle_again },
	{ "reindex database concurrently *", settle_again },
	{ "alter type @ add value if not exists ' *", settle_add_value },
	{ "alter type @ add value ' *", settle_add_value },
	{ "alter table if exists ?only @ validate constraint @", settle_validate },
	{ "alter table ?only @ validate constraint @", settle_validate },
	{ "vacuum *", settle_again },
	{ "analyze *", settle_again },
	{ "checkpoint", settle_again },
};

enum sd_doubt
sd_pg_settle(struct sd_db *db, struct sd_pos pos, const char *sql)
{
	struct settling s = { .db = db, .pos = pos, .arena = sd_arena_new() };
	enum sd_doubt doubt = SD_DOUBT_OPEN;
	struct tokens tokens;

	tokens_init(&tokens, s.arena, sql);
	for (size_t i = 0; i < SD_COUNT(statements); i++) {
		if (matches(&tokens, &s.found, statements[i].pattern)) {
			doubt = statements[i].settle(&s);
			break;
		}
	}
	sd_arena_free(s.arena);
	return doubt;
}
