/** Random CREATE TABLE and CREATE INDEX statements, as SQLite takes them: every quoting,
 *  comments anywhere, keywords as names, clauses in any order and repeated.  What no PRAGMA
 *  tells (names of constraints, CHECKs, DEFERRABLE) is written down as facts while it is
 *  generated.  The same seed gives the same statements. */
#ifndef SD_TESTS_DIFFERENTIAL_GENERATE_H
#define SD_TESTS_DIFFERENTIAL_GENERATE_H

#include "core/base/buf.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define MAX_COLUMNS 9

struct gen {
	struct sd_arena *arena;
	uint64_t state;
	struct sd_buf sql, facts;
	const char *table;
	const char *columns[MAX_COLUMNS];
	size_t n_columns;
	bool strict, pk, generated;
};

static uint64_t
gen_next(struct gen *g)
{
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return g->state;
}

static size_t
gen_below(struct gen *g, size_t n)
{
	return (size_t)((gen_next(g) >> 11) % n);
}

static bool
gen_chance(struct gen *g, size_t percent)
{
	return gen_below(g, 100) < percent;
}

#define gen_pick(g, array) ((array)[gen_below((g), SD_COUNT(array))])

/* ---- tokens ------------------------------------------------------------------------- */

static bool
gen_wordish(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static void
gen_gap(struct gen *g, char next)
{
	static const char *const gaps[] = { " ", " ", " ", " ", "  ", "\n", "\t", "\n\t",
		"\r\n", "\f", "/**/", "/* , ) ( ' \" */", " -- it's ) (\n", "--\n", "/*--*/ ",
		" /* a\n * b\n */ " };
	char last = g->sql.n ? g->sql.at[g->sql.n - 1] : ' ';
	bool must = (gen_wordish(last) && (gen_wordish(next) || strchr("'.", next))) ||
		    (last == '.' && gen_wordish(next)) ||
		    (last == next && strchr("'\"`-", next)) ||
		    (strchr("0123456789", last) && strchr("+-", next)) ||
		    (strchr("+-*/|<>=!", last) && strchr("+-*/|<>=!", next));

	if (last == ' ')
		return;
	if (must || gen_chance(g, 60))
		sd_buf_add(&g->sql, gen_pick(g, gaps));
}

/* One token as it is. */
static void
gen_tok(struct gen *g, const char *text)
{
	if (!*text)
		return;
	gen_gap(g, *text);
	sd_buf_add(&g->sql, text);
}

/* Keywords and marks, separated by single spaces in @words, in any case of letters. */
static void
gen_kw(struct gen *g, const char *words)
{
	size_t style = gen_below(g, 3);

	while (*words) {
		size_t len = strcspn(words, " ");
		char *word = sd_strndup(g->arena, words, len);

		for (size_t i = 0; i < len; i++) {
			int c = (unsigned char)word[i];
			bool upper = style == 0 || (style == 2 && gen_chance(g, 50));

			word[i] = (char)(upper ? toupper(c) : tolower(c));
		}
		gen_tok(g, word);
		words += len + (words[len] == ' ');
	}
}

static void
gen_quoted(struct gen *g, const char *name, char open, char close)
{
	struct sd_buf buf = SD_BUF(g->arena);

	sd_buf_addc(&buf, open);
	for (const char *c = name; *c; c++) {
		if (*c == close)
			sd_buf_addc(&buf, close);
		sd_buf_addc(&buf, *c);
	}
	sd_buf_addc(&buf, close);
	gen_tok(g, sd_buf_text(&buf));
}

/* Words that are keywords and nothing else. */
static bool
gen_is_reserved(const char *name)
{
	static const char *const words[] = { "order", "select", "table", "check", "primary",
		"constraint", "not", "default", "references", "as", "on", "group", "unique",
		"collate", "null", "where", "deferrable", "foreign" };

	for (size_t i = 0; i < SD_COUNT(words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static void
gen_name_as(struct gen *g, const char *name, bool string)
{
	bool bare = *name && !isdigit((unsigned char)*name) && *name != '$';

	for (const char *c = name; *c; c++)
		bare = bare && gen_wordish(*c);
	if (bare && !gen_is_reserved(name) && gen_chance(g, 50)) {
		gen_tok(g, name);
		return;
	}
	switch (gen_below(g, string ? 5 : 4)) {
	case 0:
		gen_quoted(g, name, '`', '`');
		break;
	case 1:
		if (!strchr(name, ']')) {
			gen_gap(g, '[');
			sd_buf_addf(&g->sql, "[%s]", name);
			break;
		}
		gen_quoted(g, name, '"', '"');
		break;
	case 4:
		gen_quoted(g, name, '\'', '\'');
		break;
	default:
		gen_quoted(g, name, '"', '"');
	}
}

/* A name where the grammar takes any quoting (nm). */
static void
gen_name(struct gen *g, const char *name)
{
	gen_name_as(g, name, true);
}

static const char *
gen_new_name(struct gen *g)
{
	static const char *const names[] = { "a", "b", "c", "id", "Name", "user_id", "order",
		"select", "key", "desc", "asc", "a b", "it's", "say \"x\"", "na\xc3\xafve",
		"x$y", "_", "without", "strict", "match", "cross", "replace", "first", "end",
		"begin", "if", "-- no", "/*no*/", "a)b", "1st", "x]y", "b`q", "conflict",
		"temp", "generated", "always", "current_date", "no", "action", "check",
		"primary", "constraint", "rowid", "like", "row", "stored", "virtual", "Z9",
		"indexed", "true", "null", "with", "of", "initially", "unique", "deferrable" };

	return gen_pick(g, names);
}

/* ---- expressions -------------------------------------------------------------------- */

static const char *
gen_column(struct gen *g)
{
	return g->columns[gen_below(g, g->n_columns)];
}

static void
gen_operand(struct gen *g)
{
	static const char *const literals[] = { "1", "0.5", "1e3", "'x'", "'it''s'", "x'00'",
		"NULL", "'('", "')'", "','", "'--'" };

	if (gen_chance(g, 60))
		gen_name_as(g, gen_column(g), false);
	else
		gen_tok(g, gen_pick(g, literals));
}

static void
gen_expr(struct gen *g, int depth)
{
	static const char *const ops[] = { "+", "-", "*", "||", "=", "==", "<>", "<=", "and",
		"OR", "IS", "is not", "like", "GLOB", "<<", "!=", ">" };

	switch (depth <= 0 ? 0 : gen_below(g, 7)) {
	case 0:
		gen_operand(g);
		break;
	case 1:
		gen_tok(g, "(");
		gen_expr(g, depth - 1);
		gen_tok(g, ")");
		break;
	case 2:
		gen_kw(g, "lower (");
		gen_expr(g, depth - 1);
		gen_tok(g, ")");
		break;
	case 3:
		gen_kw(g, "case when");
		gen_expr(g, depth - 1);
		gen_kw(g, "then");
		gen_operand(g);
		gen_kw(g, "else");
		gen_operand(g);
		gen_kw(g, "end");
		break;
	case 4:
		gen_operand(g);
		gen_kw(g, "in (");
		gen_operand(g);
		gen_tok(g, ",");
		gen_operand(g);
		gen_tok(g, ")");
		break;
	case 5:
		gen_operand(g);
		gen_kw(g, "collate nocase");
		break;
	default:
		gen_expr(g, depth - 1);
		gen_kw(g, gen_pick(g, ops));
		gen_expr(g, depth - 1);
	}
}

/* An expression in parentheses; what stands between them goes to the facts. */
static void
gen_parens(struct gen *g, const char *fact, const char *name)
{
	size_t from;

	gen_tok(g, "(");
	from = g->sql.n;
	gen_expr(g, 2);
	if (fact)
		sd_buf_addf(&g->facts, "%s %s\x02%s\x01", fact, name ? name : "-",
			sd_strdup(g->arena, g->sql.at + from));
	gen_tok(g, ")");
}

/* ---- clauses ------------------------------------------------------------------------ */

static void
gen_conflict(struct gen *g)
{
	static const char *const words[] = { "abort", "rollback", "fail", "ignore", "replace" };

	if (!gen_chance(g, 15))
		return;
	gen_kw(g, "on conflict");
	gen_kw(g, gen_pick(g, words));
}

static const char *
gen_label(struct gen *g)
{
	const char *name = NULL;

	while (gen_chance(g, 30)) {
		name = gen_new_name(g);
		gen_kw(g, "constraint");
		gen_name(g, name);
	}
	return name;
}

static const char *
gen_collation(struct gen *g)
{
	static const char *const names[] = { "nocase", "BINARY", "rtrim", "NoCase" };

	return gen_pick(g, names);
}

static void
gen_refargs(struct gen *g)
{
	static const char *const args[] = { "on delete cascade", "on delete set null",
		"on delete no action", "on update restrict", "on update set default",
		"on insert cascade", "match full", "match simple", "match none",
		"on delete restrict", "on update cascade", "on update no action" };

	while (gen_chance(g, 50))
		gen_kw(g, gen_pick(g, args));
}

static void
gen_references(struct gen *g, const char *name, size_t n)
{
	static const char *const parents[] = { "p", "parent table", "order", "t" };
	static const char *const refs[] = { "id", "a b", "key", "x", "y" };
	static const struct {
		const char *words, *fact;
	} defer[] = { { "deferrable", "immediate" }, { "not deferrable", "-" },
		{ "deferrable initially deferred", "deferred" },
		{ "not deferrable initially deferred", "-" },
		{ "deferrable initially immediate", "immediate" } };
	const char *fact = "-";

	gen_kw(g, "references");
	gen_name(g, gen_pick(g, parents));
	if (gen_chance(g, 70)) {
		for (size_t i = 0; i < n; i++) {
			gen_tok(g, i ? "," : "(");
			gen_name(g, gen_pick(g, refs));
		}
		gen_tok(g, ")");
	}
	gen_refargs(g);
	if (gen_chance(g, 40)) {
		size_t i = gen_below(g, SD_COUNT(defer));

		gen_kw(g, defer[i].words);
		fact = defer[i].fact;
	}
	sd_buf_addf(&g->facts, "fk %s %s\x01", name ? name : "-", fact);
}

static void
gen_default(struct gen *g)
{
	static const char *const values[] = { "1", "-1", "+ 1", "- 0.5", "'a'", "'it''s'",
		"NULL", "null", "x'0a'", "CURRENT_TIMESTAMP", "current_date", "abc", "true",
		"FALSE", "\"dq\"", "[b r]", "`tick`", "( 1 + 2 )", "((1))", "(-1)", "('x')",
		"(null)", "(lower('A'))", "1e3", "''", "abort", "key", "'now' ",
		"(CURRENT_TIMESTAMP)", "+'x'", "(1)+0" };

	gen_kw(g, "default");
	gen_tok(g, gen_pick(g, values));
}

static void
gen_type(struct gen *g)
{
	static const char *const types[] = { "", "", "INTEGER", "integer", "INT", "TEXT",
		"varchar(10)", "VARCHAR ( 255 )", "decimal(10, 2)", "DECIMAL(10,-2)",
		"unsigned big int", "double precision", "BLOB", "real", "Any", "\"my type\"",
		"'str type'", "[x y]", "`bt`", "long key type", "foo match no action",
		"num(+3)", "national varying character (70)", "datetime", "\"INTEGER\"",
		"x 'y'", "\"primary key\"", "\"varchar\"(5)", "[nvarchar] (50)", "generated",
		"always", "end of row" };
	static const char *const strict[] = { "INT", "integer", "REAL", "text", "BLOB", "any" };
	const char *type = g->strict ? gen_pick(g, strict) : gen_pick(g, types);

	gen_tok(g, type);
}

static void
gen_primary_key(struct gen *g, const char *name)
{
	g->pk = true;
	sd_buf_addf(&g->facts, "pk %s\x01", name ? name : "-");
	gen_kw(g, "primary key");
	if (gen_chance(g, 30))
		gen_kw(g, gen_chance(g, 50) ? "asc" : "desc");
	gen_conflict(g);
	if (gen_chance(g, 20))
		gen_kw(g, "autoincrement");
}

static void
gen_generated(struct gen *g)
{
	g->generated = true;
	if (gen_chance(g, 50))
		gen_kw(g, "generated always");
	gen_kw(g, "as");
	gen_parens(g, NULL, NULL);
	if (gen_chance(g, 60))
		gen_kw(g, gen_chance(g, 50) ? "stored" : "virtual");
}

static void
gen_clause(struct gen *g, bool first)
{
	const char *name = gen_label(g);

	switch (gen_below(g, 12)) {
	case 0:
		if (first && !g->pk && gen_chance(g, 50)) {
			gen_primary_key(g, name);
			break;
		}
		/* fall through */
	case 1:
		sd_buf_addf(&g->facts, "unique %s\x01", name ? name : "-");
		gen_kw(g, "unique");
		gen_conflict(g);
		break;
	case 2:
	case 3:
		gen_kw(g, "check");
		gen_parens(g, "check", name);
		break;
	case 4:
		gen_references(g, name, 1);
		break;
	case 5:
	case 6:
		gen_default(g);
		break;
	case 7:
		gen_kw(g, "collate");
		gen_name(g, gen_collation(g));
		break;
	case 8:
		gen_kw(g, "null");
		gen_conflict(g);
		break;
	case 9:
		if (g->n_columns > 1 && gen_chance(g, 40)) {
			gen_generated(g);
			break;
		}
		/* fall through */
	default:
		gen_kw(g, "not null");
		gen_conflict(g);
	}
}

static void
gen_column_def(struct gen *g)
{
	gen_name(g, g->columns[g->n_columns - 1]);
	gen_type(g);
	for (bool first = true; gen_chance(g, 55); first = false)
		gen_clause(g, first);
	if (gen_chance(g, 4)) {
		gen_kw(g, "constraint");
		gen_name(g, "stray");
	}
}

/* ---- statements --------------------------------------------------------------------- */

/* Columns in parentheses, each at most once. */
static size_t
gen_columns(struct gen *g, bool plain)
{
	size_t first = gen_below(g, g->n_columns), n = 1 + gen_below(g, 3);

	if (n > g->n_columns)
		n = g->n_columns;
	for (size_t i = 0; i < n; i++) {
		const char *column = g->columns[(first + i) % g->n_columns];

		gen_tok(g, i ? "," : "(");
		if (!plain && gen_chance(g, 10)) {
			gen_tok(g, "(");
			gen_name_as(g, column, false);
			gen_tok(g, ")");
		} else {
			gen_name(g, column);
		}
		if (!plain && gen_chance(g, 20)) {
			gen_kw(g, "collate");
			gen_name(g, gen_collation(g));
		}
		if (!plain && gen_chance(g, 30))
			gen_kw(g, gen_chance(g, 50) ? "asc" : "desc");
	}
	gen_tok(g, ")");
	return n;
}

static void
gen_constraint(struct gen *g)
{
	const char *name = gen_label(g);

	switch (gen_below(g, 4)) {
	case 0:
		if (!g->pk) {
			g->pk = true;
			sd_buf_addf(&g->facts, "pk %s\x01", name ? name : "-");
			gen_kw(g, "primary key");
			gen_columns(g, false);
			gen_conflict(g);
			break;
		}
		/* fall through */
	case 1:
		sd_buf_addf(&g->facts, "unique %s\x01", name ? name : "-");
		gen_kw(g, "unique");
		gen_columns(g, false);
		gen_conflict(g);
		break;
	case 2:
		gen_kw(g, "check");
		gen_parens(g, "check", name);
		gen_conflict(g);
		break;
	default:
		gen_kw(g, "foreign key");
		gen_references(g, name, gen_columns(g, true));
	}
}

static bool
gen_taken(const struct gen *g, const char *name)
{
	for (size_t i = 0; i < g->n_columns; i++)
		if (strcasecmp(g->columns[i], name) == 0)
			return true;
	return false;
}

static const char *
gen_table(struct gen *g)
{
	static const char *const tables[] = { "t", "My Table", "order", "t\"q", "it's", "temp",
		"if", "na\xc3\xafve", "a.b", "key" };
	size_t n = 1 + gen_below(g, MAX_COLUMNS - 1);
	bool without;

	g->sql = SD_BUF(g->arena);
	g->facts = SD_BUF(g->arena);
	g->table = gen_pick(g, tables);
	g->n_columns = 0;
	g->pk = g->generated = false;
	g->strict = gen_chance(g, 15);
	gen_kw(g, "create table");
	if (gen_chance(g, 10))
		gen_kw(g, "main .");
	gen_name(g, g->table);
	gen_tok(g, "(");
	for (size_t i = 0; i < n; i++) {
		const char *name = gen_new_name(g);

		if (gen_taken(g, name))
			continue;
		if (i)
			gen_tok(g, ",");
		g->columns[g->n_columns++] = name;
		gen_column_def(g);
	}
	while (gen_chance(g, 40)) {
		static const char *const separators[] = { ",", ",", "," };

		gen_tok(g, gen_pick(g, separators));
		gen_constraint(g);
		while (gen_chance(g, 10))
			gen_constraint(g);
	}
	if (gen_chance(g, 3))
		gen_kw(g, ", constraint stray");
	gen_tok(g, ")");
	without = g->pk && gen_chance(g, 15);
	if (without)
		gen_kw(g, "without rowid");
	if (g->strict)
		gen_kw(g, without ? ", strict" : "strict");
	if (gen_chance(g, 5))
		sd_buf_add(&g->sql, gen_chance(g, 50) ? " -- end\n" : "/* open");
	return sd_buf_text(&g->sql);
}

/* A part of an index: a column, or an expression. */
static void
gen_part(struct gen *g)
{
	if (gen_chance(g, 60)) {
		gen_name(g, gen_column(g));
	} else if (gen_chance(g, 50)) {
		gen_tok(g, "(");
		gen_expr(g, 2);
		gen_tok(g, ")");
	} else {
		gen_expr(g, 2);
	}
	if (gen_chance(g, 20)) {
		gen_kw(g, "collate");
		gen_name(g, gen_collation(g));
	}
	if (gen_chance(g, 30))
		gen_kw(g, gen_chance(g, 50) ? "asc" : "desc");
}

static const char *
gen_index(struct gen *g, const char *name)
{
	g->sql = SD_BUF(g->arena);
	gen_kw(g, "create");
	if (gen_chance(g, 30))
		gen_kw(g, "unique");
	gen_kw(g, "index");
	if (gen_chance(g, 10))
		gen_kw(g, "if not exists");
	gen_name(g, name);
	gen_kw(g, "on");
	gen_name(g, g->table);
	gen_tok(g, "(");
	gen_part(g);
	while (gen_chance(g, 40)) {
		gen_tok(g, ",");
		gen_part(g);
	}
	gen_tok(g, ")");
	if (gen_chance(g, 30)) {
		gen_kw(g, "where");
		gen_expr(g, 2);
	}
	return sd_buf_text(&g->sql);
}

#endif
