/* PostgreSQL: guards and batches are DO blocks, conditions are psql's own \if.
 *
 * Queries and statements stand in those blocks as dollar-quoted strings that are EXECUTEd:
 * there PL/pgSQL neither takes their columns for its variables nor their words for its own. The
 * tag of each quote is one that does not occur in the text. */
#include "core/history/batch.h"
#include "core/history/print_impl.h"
#include "core/sql/lex.h"

#include <stdlib.h>
#include <string.h>

/* ---- words -------------------------------------------------------------------------- */

/* "$word$text$word$", or "$word2$…" where that stands in @text. */
static const char *
dollar(const struct sd_printer *p, const char *word, const char *text)
{
	const char *tag = sd_fmt(p->arena, "$%s$", word);

	for (unsigned i = 2; strstr(text, tag); i++)
		tag = sd_fmt(p->arena, "$%s%u$", word, i);
	return sd_fmt(p->arena, "%s%s%s", tag, text, tag);
}

static bool
begins_variable(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '\'' || c == '"' || (unsigned char)c >= 0x80;
}

/* @sql as psql takes it: a lone colon before a word (`days[1:n]`) would be one of its
 * variables. */
static const char *
escaped(const struct sd_printer *p, const char *sql)
{
	struct sd_buf out = SD_BUF(p->arena);
	struct sd_lex lex;
	uint32_t from = 0;

	sd_lex_init(&lex, p->shell->dialect->lex, sql, strlen(sql));
	for (;;) {
		struct sd_tok tok = sd_lex_next_solid(&lex);

		if (tok.kind == SD_TOK_END)
			break;
		if (sql[tok.off] != ':' || sql[tok.off + 1] == ':' ||
			(tok.off && sql[tok.off - 1] == ':') ||
			!begins_variable(sql[tok.off + 1]))
			continue;
		sd_buf_addn(&out, sql + from, tok.off - from);
		sd_buf_addc(&out, '\\');
		from = tok.off;
	}
	sd_buf_add(&out, sql + from);
	return sd_buf_text(&out);
}

/* A DO block of the lines @body. */
static void
block(struct sd_printer *p, const char *word, const char *body)
{
	sd_buf_addf(p->out, "DO %s;\n", dollar(p, word, sd_fmt(p->arena, "\n%s", body)));
}

/* ---- the lock ----------------------------------------------------------------------- */

/* The key of the program's own lock (core/db/postgres_lock.c). */
static const char *
lock_key(const struct sd_printer *p)
{
	const char *name = p->tables[SD_BOOK_REVISIONS];

	return sd_fmt(p->arena,
		"(SELECT hashtextextended(%s, 0) # d.oid::int8\n"
		"\t\t\tFROM pg_database d WHERE d.datname = current_database())",
		sd_print_quoted(p, sd_fmt(p->arena, "schemadiff:%s", name)));
}

static void
unlock(struct sd_printer *p)
{
	block(p, "lock",
		sd_fmt(p->arena,
			"BEGIN\n"
			"\tPERFORM pg_advisory_unlock(%s);\n"
			"END\n",
			lock_key(p)));
}

/* ---- what must hold ----------------------------------------------------------------- */

static void
guard(struct sd_printer *p, const char *message, const char *query)
{
	block(p, "guard",
		sd_fmt(p->arena,
			"DECLARE\n"
			"\tfirst record;\n"
			"BEGIN\n"
			"\tFOR first IN EXECUTE %s LOOP\n"
			"\t\tRAISE EXCEPTION USING MESSAGE = %s,\n"
			"\t\t\tDETAIL = 'The first such row: ' || to_json(first)::text;\n"
			"\tEND LOOP;\n"
			"END\n",
			dollar(p, "query", sd_fmt(p->arena, "\n%s\n", query)),
			sd_print_quoted(p, message)));
}

/* Names in the scripts have no namespace: they would mean another tenant's, or everybody's. */
static void
check_home(struct sd_printer *p)
{
	guard(p,
		sd_fmt(p->arena,
			"this is for the namespace %s: connect with PGOPTIONS=-csearch_path=%s",
			p->home, p->home),
		sd_fmt(p->arena, "SELECT current_schema() WHERE current_schema() IS DISTINCT FROM %s",
			sd_print_quoted(p, p->home)));
}

/* A session that has ended lets go of its locks a moment later: so not only one try. */
static void
lock(struct sd_printer *p)
{
	if (p->home)
		check_home(p);
	block(p, "lock",
		sd_fmt(p->arena,
			"BEGIN\n"
			"\tFOR try IN 1..10 LOOP\n"
			"\t\tIF pg_try_advisory_lock(%s) THEN\n"
			"\t\t\tRETURN;\n"
			"\t\tEND IF;\n"
			"\t\tPERFORM pg_sleep(0.1);\n"
			"\tEND LOOP;\n"
			"\tRAISE EXCEPTION 'another run of schemadiff has the lock of this "
			"database';\n"
			"END\n",
			lock_key(p)));
}

static const char *
check_version(const struct sd_printer *p, const struct sd_script *script)
{
	int wanted = script ? sd_script_requires(script, p->shell->dialect) : 0;

	if (!wanted)
		return "";
	return sd_fmt(p->arena,
		"\tIF current_setting('server_version_num')::integer < %d THEN\n"
		"\t\tRAISE EXCEPTION USING MESSAGE = %s || current_setting('server_version');\n"
		"\tEND IF;\n",
		wanted,
		sd_print_quoted(p, sd_fmt(p->arena, "revision %s requires %s, and this is ",
					   script->revision, script->requires)));
}

static void
check_state(struct sd_printer *p, const struct sd_script *script, const char *message,
	const char *query)
{
	/* two statements: the inner one would not even parse without the tables */
	const char *revisions = p->tables[SD_BOOK_REVISIONS];

	block(p, "guard",
		sd_fmt(p->arena,
			"BEGIN\n"
			"%s"
			"\tIF to_regclass(%s) IS NOT NULL THEN\n"
			"\t\tIF NOT EXISTS (\n%s\n"
			"\t\t) THEN\n"
			"\t\t\tRETURN;\n"
			"\t\tEND IF;\n"
			"\tEND IF;\n"
			"\tRAISE EXCEPTION USING MESSAGE = %s;\n"
			"END\n",
			check_version(p, script), sd_print_quoted(p, revisions), query,
			sd_print_quoted(p, message)));
}

/* ---- statements --------------------------------------------------------------------- */

static void
statement(struct sd_printer *p, const char *sql)
{
	sd_buf_addf(p->out, "%s;\n", escaped(p, sql));
}

static size_t
condition(struct sd_printer *p, const struct sd_script *script,
	const struct sd_part_script *part, size_t i)
{
	sd_buf_addf(p->out,
		"SELECT EXISTS (\n%s\n) AS schemadiff_run \\gset\n"
		"\\if :schemadiff_run\n",
		escaped(p, part->steps.at[i].text));
	i = sd_print_step(p, script, part, i + 1);
	sd_buf_add(p->out, "\\endif\n");
	return i;
}

/* ---- batches ------------------------------------------------------------------------ */

static const char *
keys(const struct sd_printer *p, const struct sd_batch *batch, const char *before,
	const char *behind, const char *sep)
{
	struct sd_buf out = SD_BUF(p->arena);

	for (size_t i = 0; i < batch->key.n; i++) {
		sd_buf_sep(&out, sep);
		sd_buf_addf(&out, "%s%s%s", before, batch->key.at[i], behind);
	}
	return sd_buf_text(&out);
}

/* PL/pgSQL for a comparison of the key with the one that variable @name holds as literals, or
 * @none where it holds none. */
static const char *
comparison(const struct sd_printer *p, const struct sd_batch *batch, const char *op,
	const char *name, const char *before, const char *none)
{
	bool one = batch->key.n == 1;
	const char *text = sd_fmt(p->arena, "%s%s%s%s %s %s", before, one ? "" : "(",
		keys(p, batch, "", "", ", "), one ? "" : ")", op, one ? "" : "(");

	return sd_fmt(p->arena, "coalesce(%s || %s || %s, %s)", sd_print_quoted(p, text), name,
		one ? "''" : "')'", sd_print_quoted(p, none));
}

/* The walk of core/history/batch.c: no comparison finds a row without a key. */
static void
walk(struct sd_printer *p, const struct sd_step *step, uint32_t at)
{
	const struct sd_batch *batch = &step->batch;
	unsigned size = batch->size ? batch->size : SD_BATCH_ROWS;
	const char *columns = keys(p, batch, "", "", ", ");
	const char *literals =
		keys(p, batch, "quote_literal(CAST(", " AS text))", " || ', ' || ");

	guard(p,
		sd_fmt(p->arena,
			"%s is NULL in some rows of %s, and a batch would pass them over",
			columns, batch->table),
		sd_fmt(p->arena, "SELECT %s FROM %s WHERE %s IS NULL LIMIT 1", columns,
			batch->table, keys(p, batch, "", "", " IS NULL OR ")));
	block(p, "batch",
		sd_fmt(p->arena,
			"DECLARE\n"
			"\tdone text; -- the key of the last row of the round before\n"
			"\tupto text; -- of this one; NULL in the last\n"
			"BEGIN\n"
			"\tLOOP\n"
			"\t\tEXECUTE %s\n"
			"\t\t\t|| %s\n"
			"\t\t\t|| %s INTO upto;\n"
			"\t\tEXECUTE %s\n"
			"\t\t\t|| %s\n"
			"\t\t\t|| %s\n"
			"\t\t\t|| %s;\n"
			"\t\tCOMMIT;\n"
			"\t\tEXIT WHEN upto IS NULL;\n"
			"\t\tdone := upto;\n"
			"\tEND LOOP;\n"
			"END\n",
			dollar(p, "query",
				sd_fmt(p->arena, "SELECT %s FROM %s", literals, batch->table)),
			comparison(p, batch, ">", "done", " WHERE ", ""),
			dollar(p, "query",
				sd_fmt(p->arena, " ORDER BY %s LIMIT 1 OFFSET %u", columns,
					size - 1)),
			dollar(p, "sql", sd_fmt(p->arena, "%.*s(", (int)at, step->text)),
			comparison(p, batch, ">", "done", "", "true"),
			comparison(p, batch, "<=", "upto", " AND ", ""),
			dollar(p, "sql",
				sd_fmt(p->arena, ")%s", step->text + at + strlen(":batch")))));
}

static void
repeat(struct sd_printer *p, const struct sd_step *step)
{
	block(p, "batch",
		sd_fmt(p->arena,
			"DECLARE\n"
			"\tchanged bigint;\n"
			"BEGIN\n"
			"\tLOOP\n"
			"\t\tEXECUTE %s;\n"
			"\t\tGET DIAGNOSTICS changed = ROW_COUNT;\n"
			"\t\tCOMMIT;\n"
			"\t\tEXIT WHEN changed = 0;\n"
			"\tEND LOOP;\n"
			"END\n",
			dollar(p, "sql", step->text)));
}

static void
batch(struct sd_printer *p, const struct sd_step *step)
{
	uint32_t at;

	if (step->batch.table && sd_batch_place(p->shell->dialect, step->text, &at))
		walk(p, step, at);
	else
		repeat(p, step);
}

/* ---- the shell ---------------------------------------------------------------------- */

/* SD_PG_PINNED of core/db/pg.h, which only that folder sees (a test compares); and what the
 * text itself is written in. */
#define SETTINGS                                                                               \
	"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET client_encoding = 'UTF8';\n"  \
	"SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; "   \
	"SET extra_float_digits = 1; SET client_min_messages = 'warning'; "                    \
	"SET check_function_bodies = on; SET standard_conforming_strings = on;\n"

const struct sd_shell sd_shell_postgres = {
	.dialect = &sd_dialect_postgresql,
	.loops = true,
	.head = "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n",
	.settings = SETTINGS,
	.settings_no_fk = SETTINGS,
	.inner_settings = SETTINGS,
	.begin = "BEGIN;\n",
	.now = "to_char(clock_timestamp() AT TIME ZONE 'UTC', "
	       "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
	.who = "current_user",
	.lock = lock,
	.unlock = unlock,
	.check_state = check_state,
	.statement = statement,
	.guard = guard,
	.condition = condition,
	.batch = batch,
};
