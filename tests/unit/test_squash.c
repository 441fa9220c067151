/* What replaces what, and where revisions go: the parts of `squash` and `rebase` that know the
 * graph alone. */
#include "graph_helper.h"

#include "core/history/reparent.h"
#include "core/history/replaced.h"
#include "core/history/squash.h"

static const char *
text_of(struct sd_arena *arena, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(&text, "%s%s", i ? " " : "", names->at[i]);
	return sd_buf_text(&text);
}

static void
expect(int line, const char *got, const char *wanted)
{
	if (strcmp(got, wanted) != 0)
		fail_msg("line %d: got \"%s\", expected \"%s\"", line, got, wanted);
}

/* ---- what is applied -------------------------------------------------------------------- */

struct applied_row {
	int line;
	const char *spec;
	const char *applied, *partial; /* partial "": none */
	const char *ids;               /* as the history calls them */
	const char *half; /* "s: applied, missing" of sets that are there in part */
};

#define S "s=a,b,c d<s"
#define N "n=s,d/a,b,c,d e<n"

static const struct applied_row applied_rows[] = {
	{ __LINE__, "a b<a", "a", "", "a", "" },
	{ __LINE__, S, "", "", "", "" },
	{ __LINE__, S, "a b c", "", "s", "" },
	{ __LINE__, S, "c a b d", "", "d s", "" },
	{ __LINE__, S, "s d", "", "s d", "" },
	{ __LINE__, S, "a", "", "a", "s: a, missing b c" },
	{ __LINE__, S, "b c d", "", "b c d", "s: b c, missing a" },
	{ __LINE__, S, "a b c x", "", "x s", "" },
	/* what is half done is no member yet, or no more */
	{ __LINE__, S, "a b c", "c", "a b c", "s: a b, missing c" },
	{ __LINE__, S, "a b", "c", "a b", "s: a b, missing c" },
	/* ... nor is a revision that is being applied itself */
	{ __LINE__, S, "a b c", "s", "a b c", "" },
	/* alternatives: any will do; what lacks least is named */
	{ __LINE__, N, "s d", "", "n", "" },
	{ __LINE__, N, "a b c d", "", "n", "" },
	{ __LINE__, N, "a b c d e", "", "e n", "" },
	{ __LINE__, N, "a b c", "", "a b c", "n: a b c, missing d" },
	{ __LINE__, N, "s", "", "s", "n: s, missing d" },
	{ __LINE__, N, "d", "", "d", "n: d, missing s" },
	/* several at once */
	{ __LINE__, "s=a,b t<s=c,d", "a b c d", "", "s t", "" },
	{ __LINE__, "s=a,b t<s=c,d", "a b c", "", "c s", "t: c, missing d" },
};

static void
test_applied(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(applied_rows); i++) {
		const struct applied_row *row = &applied_rows[i];
		struct graph *g = graph_new(arena, row->spec);
		struct sd_names applied = graph_words(arena, row->applied, " ");
		struct sd_replaced replaced;
		struct sd_buf half = SD_BUF(arena);

		if (!g->history)
			fail_msg("line %d: %s", row->line, graph_said(g));
		sd_history_replaced(g->history, &applied, *row->partial ? row->partial : NULL,
			arena, &replaced);
		expect(row->line, text_of(arena, &replaced.ids), row->ids);
		for (size_t k = 0; k < replaced.half.n; k++)
			sd_buf_addf(&half, "%s%s: %s, missing %s", k ? "; " : "",
				replaced.half.at[k].script->revision,
				text_of(arena, &replaced.half.at[k].applied),
				text_of(arena, &replaced.half.at[k].missing));
		expect(row->line, sd_buf_text(&half), row->half);
		assert_int_equal(
			sd_replaced_check(&replaced, &g->diags) != SD_OK, replaced.half.n != 0);
	}
	sd_arena_free(arena);
}

/* ---- words and edges -------------------------------------------------------------------- */

static const struct graph_row word_rows[] = {
	ROW("+/replaced", OP_ONE, "b", "s"),
	ROW("+/replaced", OP_ONE, "s", "s"),
	ROW("+/replaced", OP_ONE, "b+1", "!the way parts at s into d, w, x"),
	GOAL("+/replaced", "c@heads", "", "w x"),
	ROW("+/replaced", OP_ROOTS, "", "s"),
	ROW("+/replaced", OP_HEADS, "", "w x"),
	ROW("+/replaced", OP_EDGES, "w", "d s"),
	ROW("+/replaced", OP_EDGES, "x", "s ~s"),
	UP("+/replaced", "x", "", "s x", "x"),
	RANGE("+/replaced", "a:d", "", "s d"),
};
static const struct graph_row prefix_rows[] = {
	ROW("+/replaced", OP_ONE, "aab", "s"),
	ROW("+/replaced", OP_ONE, "aa", "s"),
	ROW("+/replaced", OP_ONE, "ba", "!\"ba\" is ambiguous: bab, bac"),
	ROW("+/replaced", OP_ONE, "q", "!unknown revision \"q\""),
};
static const struct graph_row here_rows[] = {
	BAD("+/replaced",
		"!m/001.sql:3:14: error: replaces revision \"a\", whose script is still "
		"here\nm/000.sql:2:14: note: the script is here\n"),
};
static const struct graph_row twice_rows[] = {
	BAD("+/replaced", "!error: replaces revision \"b\", as another script does\n"
			  "m/000.sql:3:14: note: the other one is here\n"),
};
static const struct graph_row itself_rows[] = {
	BAD("+/replaced", "!replaces revision \"s\", whose script is still here"),
};
static const struct graph_row below_itself_rows[] = {
	BAD("+/replaced", "!revision \"s\" revises itself"),
};

static const struct graph_case cases[] = {
	GRAPH("s=a,b,c d<c w<d,b x<a,c~b", word_rows),
	GRAPH("s=aab,aac bab<s bac<s", prefix_rows),
	GRAPH("a s=a,b", here_rows),
	GRAPH("s=a,b t=b,c", twice_rows),
	GRAPH("s=s,a", itself_rows),
	GRAPH("s<a=a,b", below_itself_rows),
};

static void
test_words(void **state)
{
	(void)state;
	graph_cases(cases, SD_COUNT(cases));
}

/* ---- which pieces ----------------------------------------------------------------------- */

static const struct squash_row {
	int line;
	const char *spec, *first, *last; /* first "": base */
	const char
		*expect; /* parents; depends-on; labels; sets; followers; or ! and the report */
} squash_rows[] = {
	{ __LINE__, "a b<a c<b d<c", "b", "c", "a;;;b c;d" },
	{ __LINE__, "a b<a c<b d<c", "", "d", ";;;a b c d;" },
	{ __LINE__, "a b1<a b2<a c<b1,b2 d<c", "a", "c", ";;;a b1 b2 c;d" },
	{ __LINE__, "x a b<a~x[u] c[v]<b d<a~c", "b", "c", "a;x;u v;b c;d" },
	{ __LINE__, "a b<a c<b x y<x~a", "", "b", ";;;a b;c y" },
	{ __LINE__, "s=a,b c<s d<c", "s", "c", ";;;s c, a b c;d" },
	{ __LINE__, "s=a,b t<s=c,d/e", "", "t", ";;;s t, s c d, s e, a b t, a b c d, a b e;" },
	{ __LINE__, "r1 r2 m<r1,r2", "", "m", ";;;r1 r2 m;" },
	{ __LINE__, "a b<a x<b c<b", "a", "c",
		"!m/002.sql:3:13: error: revision x revises b, which lies in the middle of the "
		"range" },
	{ __LINE__, "a b<a x m<b,x n<m", "a", "n",
		"!m/003.sql:3:13: error: revision m revises x, which lies outside of the "
		"range" },
	{ __LINE__, "a z~a c<a~z d<c", "a", "d",
		"!m/001.sql:2:14: error: revision z begins a history of its own inside of the "
		"range" },
};

static const char *
squash_text(struct sd_arena *arena, const struct sd_squash *squash)
{
	struct sd_names parents = graph_names(arena, &squash->parents);
	struct sd_names followers = graph_names(arena, &squash->followers);
	struct sd_buf text = SD_BUF(arena);

	sd_buf_addf(&text, "%s;%s;%s;", text_of(arena, &parents),
		text_of(arena, &squash->depends_on), graph_sorted(arena, &squash->labels));
	for (size_t i = 0; i < squash->replaces.n; i++)
		sd_buf_addf(
			&text, "%s%s", i ? ", " : "", text_of(arena, &squash->replaces.at[i]));
	sd_buf_addf(&text, ";%s", graph_sorted(arena, &followers));
	return sd_buf_text(&text);
}

static void
test_pieces(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(squash_rows); i++) {
		const struct squash_row *row = &squash_rows[i];
		struct graph *g = graph_new(arena, row->spec);
		struct sd_script *first, *last;
		struct sd_scripts from = { 0 }, into = { 0 }, range = { 0 };
		struct sd_squash squash;
		enum sd_status status;
		const char *said;

		if (!g->history)
			fail_msg("line %d: %s", row->line, graph_said(g));
		first = sd_history_find(g->history, row->first);
		last = sd_history_find(g->history, row->last);
		if (first)
			*sd_push(arena, &from) = first;
		*sd_push(arena, &into) = last;
		sd_history_range(g->history, &from, &into, arena, &range);
		status = sd_history_squash(
			g->history, &range, first, last, arena, &g->diags, &squash);
		said = graph_said(g);
		if (row->expect[0] != '!') {
			assert_int_equal(status, SD_OK);
			expect(row->line, squash_text(arena, &squash), row->expect);
		} else if (status == SD_OK || !strstr(said, row->expect + 1))
			fail_msg("line %d: %s", row->line, said);
	}
	sd_arena_free(arena);
}

/* ---- statements ------------------------------------------------------------------------- */

static const struct {
	int line;
	const struct sd_dialect *dialect;
	const char *sql, *expect; /* schema, described, drops */
} statement_rows[] = {
	{ __LINE__, &sd_dialect_sqlite, "CREATE TABLE t (id int)", "sd" },
	{ __LINE__, &sd_dialect_sqlite, "/* x */ create Unique index i ON t (a)", "sd" },
	{ __LINE__, &sd_dialect_sqlite, "CREATE VIEW v AS SELECT 1", "sd" },
	{ __LINE__, &sd_dialect_postgresql, "CREATE OR REPLACE VIEW v AS SELECT 1", "s" },
	{ __LINE__, &sd_dialect_sqlite, "CREATE VIRTUAL TABLE t USING fts5(a)", "s" },
	{ __LINE__, &sd_dialect_sqlite, "DROP TABLE IF EXISTS main.\"T x\"", "sdT x" },
	{ __LINE__, &sd_dialect_sqlite, "INSERT INTO t VALUES (0)", "" },
	{ __LINE__, &sd_dialect_sqlite, "UPDATE t SET a = a WHERE 0", "sd" },
	{ __LINE__, &sd_dialect_sqlite, "UPDATE t SET a = 0", "" },
	{ __LINE__, &sd_dialect_sqlite, "INSERT INTO schemadiff_new_t SELECT 1 FROM t", "sd" },
	{ __LINE__, &sd_dialect_sqlite, "INSERT INTO t SELECT 'schemadiff_new_t'", "" },
	{ __LINE__, &sd_dialect_sqlite, "PRAGMA user_version = 1", "" },
	{ __LINE__, &sd_dialect_sqlite, "SELECT 1", "sd" },
	{ __LINE__, &sd_dialect_postgresql, "SELECT f()", "" },
	{ __LINE__, &sd_dialect_postgresql, "SET search_path = x", "" },
	{ __LINE__, &sd_dialect_postgresql, "CREATE TYPE m AS ENUM ('a')", "sd" },
	{ __LINE__, &sd_dialect_postgresql, "CREATE TYPE m AS (a int)", "s" },
	{ __LINE__, &sd_dialect_postgresql, "CREATE FUNCTION f() RETURNS int AS 'x'", "s" },
	{ __LINE__, &sd_dialect_postgresql, "ALTER TYPE public.m ADD VALUE 'b'", "d" },
	{ __LINE__, &sd_dialect_postgresql, "ALTER TYPE m RENAME VALUE 'b' TO 'c'", "sd" },
	{ __LINE__, &sd_dialect_postgresql, "ALTER TABLE ONLY a.t ADD COLUMN owner text",
		"sd" },
	{ __LINE__, &sd_dialect_postgresql, "ALTER TABLE IF EXISTS t OWNER TO ada", "s" },
	{ __LINE__, &sd_dialect_postgresql, "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "s" },
	{ __LINE__, &sd_dialect_postgresql, "COMMENT ON TABLE t IS 'x'", "sd" },
	{ __LINE__, &sd_dialect_postgresql, "GRANT SELECT ON t TO ada", "" },
};

static void
test_statements(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(statement_rows); i++) {
		struct sd_statement_kind kind = sd_statement_kind(
			statement_rows[i].dialect, arena, statement_rows[i].sql);

		expect(statement_rows[i].line,
			sd_fmt(arena, "%s%s%s", kind.schema ? "s" : "",
				kind.described ? "d" : "", kind.dropped ? kind.dropped : ""),
			statement_rows[i].expect);
	}
	sd_arena_free(arena);
}

/* ---- new parents ------------------------------------------------------------------------ */

static const struct {
	int line;
	const char *spec, *own, *onto, *expect; /* "c<b d<b,x" */
} move_rows[] = {
	{ __LINE__, "a b<a c<a d<c", "c d", "b", "c<b" },
	{ __LINE__, "a b<a c<b", "c", "b", "" },
	{ __LINE__, "a b<a c", "c", "b", "c<b" },
	{ __LINE__, "a b<a b2<b c<a m<c,b", "c m", "b2", "c<b2 m<c" },
	{ __LINE__, "a b<a b2<b m<a,b", "m", "b2", "m<b2" },
	{ __LINE__, "a b<a c<a d<a m<c,d", "c d m", "b", "c<b d<b" },
	{ __LINE__, "a b<a x c<a m<c,x", "c m", "b", "c<b" },
	{ __LINE__, "a b<a c<a~b", "c", "b", "c<b" },
	{ __LINE__, "a x b<a~x c<x", "c", "b", "c<b" },
	{ __LINE__, "a b1<a x y1<x m<a,x", "m", "b1 y1", "m<b1,y1" },
};

static void
test_moves(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(move_rows); i++) {
		struct graph *g = graph_new(arena, move_rows[i].spec);
		struct sd_names own_names = graph_words(arena, move_rows[i].own, " ");
		struct sd_names onto_names = graph_words(arena, move_rows[i].onto, " ");
		struct sd_scripts own = { 0 }, onto = { 0 };
		struct sd_buf text = SD_BUF(arena);
		struct sd_moves moves = { 0 };

		for (size_t k = 0; k < own_names.n; k++)
			*sd_push(arena, &own) = sd_history_find(g->history, own_names.at[k]);
		for (size_t k = 0; k < onto_names.n; k++)
			*sd_push(arena, &onto) = sd_history_find(g->history, onto_names.at[k]);
		sd_history_reparent(g->history, &own, &onto, true, arena, &moves);
		for (size_t k = 0; k < moves.n; k++) {
			sd_buf_addf(&text, "%s%s<", k ? " " : "", moves.at[k].script->revision);
			for (size_t m = 0; m < moves.at[k].parents.n; m++)
				sd_buf_addf(&text, "%s%s", m ? "," : "",
					moves.at[k].parents.at[m]->revision);
		}
		expect(move_rows[i].line, sd_buf_text(&text), move_rows[i].expect);
	}
	sd_arena_free(arena);
}

/* ---- headers ---------------------------------------------------------------------------- */

static const struct {
	int line;
	const char *before, *key, *value, *after;
} edit_rows[] = {
	{ __LINE__, "-- m\n-- revision: b\n-- revises: a\n-- schemadiff:up\n", "revises", "c",
		"-- m\n-- revision: b\n-- revises: c\n-- schemadiff:up\n" },
	{ __LINE__,
		"-- m\r\n-- revision: b\r\n--revises:   a, q \t\r\n\r\n-- schemadiff:up\r\n",
		"revises", "c",
		"-- m\r\n-- revision: b\r\n--revises:   c \t\r\n\r\n-- schemadiff:up\r\n" },
	{ __LINE__, "-- m\n-- revises:\n-- revision: b\n", "revises", "c",
		"-- m\n-- revises: c\n-- revision: b\n" },
	{ __LINE__, "-- m\r\n-- revision: b\r\n-- x-a: 1\r\n", "revises", "c",
		"-- m\r\n-- revision: b\r\n-- revises: c\r\n-- x-a: 1\r\n" },
	{ __LINE__, "\xef\xbb\xbf-- m\n-- revision: b\n-- revises: a\n-- schemadiff:up\n",
		"revises", "", "\xef\xbb\xbf-- m\n-- revision: b\n-- schemadiff:up\n" },
	{ __LINE__, "-- m\n-- revision: b", "revises", "c",
		"-- m\n-- revision: b\n-- revises: c" },
	{ __LINE__, "-- m\n-- revision: b\n-- schemadiff:up\n", "revises", "",
		"-- m\n-- revision: b\n-- schemadiff:up\n" },
};

static void
test_edits(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags diags = { .arena = arena };

	(void)state;
	for (size_t i = 0; i < SD_COUNT(edit_rows); i++) {
		const char *before = edit_rows[i].before;
		struct sd_script *script = sd_script_parse_header(
			"m.sql", before, strlen(before), &sd_dialect_sqlite, arena, &diags);
		struct sd_header_edit edit = { edit_rows[i].key, 0, edit_rows[i].value };
		struct sd_buf out = SD_BUF(arena);

		assert_non_null(script);
		edit.line = script->revises_pos.line;
		sd_script_edit(script, before, strlen(before), &edit, 1, &out);
		expect(edit_rows[i].line, sd_buf_text(&out), edit_rows[i].after);
	}
	sd_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applied),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
