/* The parser of stored DDL against SQLite itself, on statements that nobody wrote.
 *
 *     DIFFERENTIAL_COUNT=100000 DIFFERENTIAL_SEED=7 build/cc/tests/unit/test_differential
 *
 * A statement that SQLite refuses is no case.  One that the generator made must be
 * understood; one that was mutated afterwards must be understood or called opaque. */
#include "tests/differential/compare.h"
#include "tests/differential/generate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct tally {
	size_t tables, refused, indexes, altered, mutants, opaque;
};

static uint64_t
from_environment(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static sqlite3 *
open_memory(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	return db;
}

static bool
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* Every table of @db as the model has it; the first difference from the engine, or NULL. */
static const char *
compare_database(struct sd_arena *arena, sqlite3 *db, struct sd_table **model, bool may_opaque)
{
	struct compare c = { .arena = arena, .db = db };
	struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
	struct rows tables = cmp_query(&c,
		"SELECT name, sql FROM sqlite_master WHERE type = 'table'"
		" AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
		NULL);

	for (size_t i = 0; i < tables.n; i++) {
		const char *name = cmp_at(&tables, i, 0), *why;
		struct sd_table *table =
			sd_sqlite_parse_table(schema, name, cmp_at(&tables, i, 1));
		struct rows indexes = cmp_query(&c,
			"SELECT name, sql FROM sqlite_master WHERE type = 'index'"
			" AND sql NOT NULL AND tbl_name = ?1",
			name);

		*model = table;
		if (table->rel.o.opaque && may_opaque)
			continue;
		for (size_t k = 0; k < indexes.n; k++)
			sd_sqlite_parse_index(
				schema, table, cmp_at(&indexes, k, 0), cmp_at(&indexes, k, 1));
		why = compare_table(arena, db, table);
		if (why)
			return sd_fmt(arena, "%s\n%s", why, cmp_at(&tables, i, 1));
	}
	return NULL;
}

/* What no PRAGMA tells of the constraint @o. */
static void
add_fact(struct sd_arena *arena, const struct sd_object *o, struct sd_buf *out)
{
	const char *name = o->name ? o->name : "-";

	if (o->kind == SD_CHECK) {
		sd_buf_addf(out, "check %s: %s\n", name,
			cmp_tokens(arena, ((const struct sd_check *)o)->expression));
	} else if (o->kind == SD_FOREIGN_KEY) {
		const struct sd_foreign_key *fk = (const struct sd_foreign_key *)o;

		sd_buf_addf(out, "fk %s %s\n", name, fk->deferrable ? fk->deferrable : "-");
	} else {
		sd_buf_addf(out, "%s %s\n", o->kind == SD_UNIQUE ? "unique" : "pk", name);
	}
}

/* The facts of the generator against the model. */
static const char *
compare_facts(struct gen *g, const struct sd_table *table)
{
	struct sd_buf got = SD_BUF(g->arena), want = SD_BUF(g->arena);
	char *fact = sd_strdup(g->arena, sd_buf_text(&g->facts)), *end, *expr;

	for (size_t i = 0; i < table->ddl->n_items; i++) {
		const struct sd_item *item = &table->ddl->items[i];

		for (size_t k = 0; k < item->n_clauses; k++)
			if (item->clauses[k].object)
				add_fact(g->arena, item->clauses[k].object, &got);
	}
	for (; (end = strchr(fact, '\x01')); fact = end + 1) {
		*end = '\0';
		expr = strchr(fact, '\x02');
		if (expr)
			*expr++ = '\0';
		sd_buf_addf(&want, "%s%s%s\n", fact, expr ? ": " : "",
			expr ? cmp_tokens(g->arena, expr) : "");
	}
	if (strcmp(sd_buf_text(&got), sd_buf_text(&want)) == 0)
		return NULL;
	return sd_fmt(g->arena, "facts wanted:\n%sgot:\n%s%s", sd_buf_text(&want),
		sd_buf_text(&got), table->ddl->text);
}

/* ---- one case ----------------------------------------------------------------------- */

/* Change the table as its owner might; what SQLite refuses changes nothing. */
static size_t
alter(struct gen *g, sqlite3 *db)
{
	static const char *const verbs[] = { "add", "add column", "rename column",
		"drop column", "rename to" };
	size_t done = 0, n = gen_below(g, 4);

	for (size_t i = 0; i < n; i++) {
		const char *verb = gen_pick(g, verbs), *name = gen_new_name(g);

		g->sql = SD_BUF(g->arena);
		gen_kw(g, "alter table");
		gen_name(g, g->table);
		gen_kw(g, verb);
		if (strcmp(verb, "add") == 0 || strcmp(verb, "add column") == 0) {
			if (gen_taken(g, name) || g->n_columns == MAX_COLUMNS)
				continue;
			g->columns[g->n_columns++] = name;
			gen_column_def(g);
		} else if (strcmp(verb, "rename to") == 0) {
			gen_name(g, name);
		} else {
			gen_name(g, gen_column(g));
			if (strcmp(verb, "rename column") == 0) {
				gen_kw(g, "to");
				gen_name(g, name);
			}
		}
		if (!run(db, sd_buf_text(&g->sql)))
			continue;
		done++;
		if (strcmp(verb, "rename to") == 0)
			g->table = name;
	}
	return done;
}

/* @sql with a token left out, doubled or exchanged with the next. */
static const char *
mutate(struct gen *g, const char *sql)
{
	struct sd_buf out = SD_BUF(g->arena);
	SD_VEC(struct sd_tok) toks = { 0 };
	struct sd_lex lex;
	struct sd_tok t;
	size_t at, how;

	sd_lex_init(&lex, sd_dialect_sqlite.lex, sql, strlen(sql));
	while ((t = sd_lex_next_solid(&lex)).kind != SD_TOK_END)
		*sd_push(g->arena, &toks) = t;
	at = 4 + gen_below(g, toks.n > 5 ? toks.n - 5 : 1);
	how = gen_below(g, 3);
	for (size_t i = 0; i < toks.n; i++) {
		size_t from = how == 1 && i == at && i + 1 < toks.n ? i + 1
			      : how == 1 && i == at + 1             ? i - 1
								    : i;

		if (how == 0 && i == at)
			continue;
		for (int times = how == 2 && i == at ? 2 : 1; times; times--) {
			sd_buf_addn(&out, sql + toks.at[from].off, toks.at[from].len);
			sd_buf_addc(&out, ' ');
		}
	}
	return sd_buf_text(&out);
}

static const char *
mutant_case(struct gen *g, const char *sql, struct tally *tally)
{
	sqlite3 *db = open_memory();
	struct sd_table *table = NULL;
	const char *why = NULL;

	if (run(db, mutate(g, sql))) {
		why = compare_database(g->arena, db, &table, true);
		tally->mutants++;
		tally->opaque += table && table->rel.o.opaque;
		if (getenv("DIFFERENTIAL_VERBOSE") && table && table->rel.o.opaque)
			printf("opaque: %s: %s\n", table->rel.o.opaque, table->rel.o.stored);
	}
	sqlite3_close(db);
	return why;
}

static const char *
table_case(struct gen *g, sqlite3 *db, struct tally *tally)
{
	struct sd_table *table = NULL;
	const char *sql = gen_table(g), *why;

	if (!run(db, sql)) {
		tally->refused++;
		return NULL;
	}
	tally->tables++;
	for (int i = 0; i < 3; i++)
		tally->indexes += run(db, gen_index(g, i ? i == 1 ? "i x" : "order by" : "ix"));
	why = compare_database(g->arena, db, &table, false);
	if (!why)
		why = compare_facts(g, table);
	for (int i = 0; i < 4 && !why; i++)
		why = mutant_case(g, sql, tally);
	if (why)
		return why;
	tally->altered += alter(g, db);
	return compare_database(g->arena, db, &table, false);
}

static void
test_generated(void **state)
{
	uint64_t seed = from_environment("DIFFERENTIAL_SEED", 20261121);
	uint64_t count = from_environment("DIFFERENTIAL_COUNT", 3000);
	struct tally tally = { 0 };

	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct sd_arena *arena = sd_arena_new();
		struct gen g = { .arena = arena,
			.state = (seed + i) * UINT64_C(0x9E3779B97F4A7C15) | 1 };
		sqlite3 *db = open_memory();
		const char *why;

		for (int k = 0; k < 4; k++)
			gen_next(&g);
		why = table_case(&g, db, &tally);
		sqlite3_close(db);
		if (why)
			fail_msg("DIFFERENTIAL_SEED=%llu DIFFERENTIAL_COUNT=1: %s",
				(unsigned long long)(seed + i), why);
		sd_arena_free(arena);
	}
	printf("seed %llu: %zu tables (%zu statements refused), %zu indexes, %zu changes, "
	       "%zu mutants (%zu opaque)\n",
		(unsigned long long)seed, tally.tables, tally.refused, tally.indexes,
		tally.altered, tally.mutants, tally.opaque);
	assert_true(tally.tables > count / 4);
	assert_true(tally.indexes > count / 4);
	assert_true(tally.altered > count / 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
