/* Whether two expressions mean the same to PostgreSQL.
 *
 * EXPLAIN (VERBOSE) shows the expressions of a query as the planner understood them; two that
 * show the same are the same, however they were spelled.  Nothing is run and nothing locked.
 * Four things would spoil that:
 *
 * - The planner of a query on a table evaluates the constant parts of the table's index
 *   expressions and policies, and knows its NOT NULLs.  So no query here reads a table: a
 *   function that returns rows of the table's type (jsonb_populate_recordset, never called)
 *   stands in its place.  It asks for no right on the table either.
 * - The planner calls immutable functions whose arguments are constants.  Where one that a
 *   user made could be reached from the text, and where the words below have no trace in the
 *   output, two temporary views in a transaction that is rolled back tell instead: making a
 *   view analyses its query and plans nothing.
 * - A COLLATE leaves no trace on a column: both texts must name the same collations, or the
 *   views tell.
 * - A literal of an array or row type is read at once, and reading calls the checks of the
 *   domains in it.  Where such a check calls a user's function, those literals are not sent.
 *
 * https://www.postgresql.org/docs/current/sql-explain.html,
 * https://www.postgresql.org/docs/current/xfunc-volatility.html */
#include "core/db/pg.h"

#include "core/base/json.h"
#include "core/base/map.h"
#include "core/base/text.h"
#include "core/db/interrupt.h"
#include "core/sql/canon.h"

#include <string.h>

#define LONGEST_NAME 63 /* longer ones are cut by the server: not what they look like */

enum route {
	BY_NONE, /* different */
	BY_PLAN, /* EXPLAIN */
	BY_VIEW,
};

/* What planning could run, from the catalog. */
struct risks {
	struct sd_map names;     /* of functions and operators */
	bool operators;          /* that words like IN call */
	bool casts;              /* there are some */
	bool checks;             /* of domains that call a function */
	struct sd_map relations; /* as written → the quoted, qualified name of its row type */
};

struct question {
	const struct sd_expressions *pair;
	enum route route;
};

struct asking {
	struct sd_pg *pg;
	struct sd_arena *arena;
	struct risks risks;
	struct question *questions;
	size_t n;
};

static bool
among(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sd_text_equal(word, words[i]))
			return true;
	return false;
}

/* ---- the wire -------------------------------------------------------------------------- */

/* Send @n statements that fail together. */
static bool
send_segment(struct sd_pg *pg, const char *const *sql, size_t n, const char *param)
{
	for (size_t i = 0; i < n; i++)
		if (!PQsendQueryParams(pg->conn, sql[i], param ? 1 : 0, NULL,
			    param ? &param : NULL, NULL, NULL, 0))
			return false;
	return PQpipelineSync(pg->conn) == 1;
}

/* The result of the last of @n statements, or NULL when one of them failed.  Exactly what was
 * sent is taken, so a lost connection ends it too. */
static PGresult *
take_segment(struct sd_pg *pg, size_t n)
{
	PGresult *last = NULL, *result;
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		while ((result = PQgetResult(pg->conn)) != NULL) {
			ExecStatusType status = PQresultStatus(result);

			good = good &&
			       (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
			PQclear(last);
			last = result;
			if (status == PGRES_PIPELINE_SYNC) /* out of step: never, but no hang */
				break;
		}
	}
	PQclear(PQgetResult(pg->conn)); /* of the Sync */
	if (good)
		return last;
	PQclear(last);
	return NULL;
}

static PGresult *
converse(struct sd_pg *pg, const char *const *sql, size_t n, const char *param)
{
	PGresult *result = NULL;

	if (!PQenterPipelineMode(pg->conn))
		return NULL;
	if (send_segment(pg, sql, n, param))
		result = take_segment(pg, n);
	(void)PQexitPipelineMode(pg->conn);
	return result;
}

/* ---- where the columns come from -------------------------------------------------------- */

/* One of the relations that a source lists: `ONLY name [AS alias]`. */
struct origin {
	const char *relation; /* as to_regclass() reads it */
	const char *alias;    /* as written */
};
struct origins {
	SD_VEC(struct origin) list;
};

/* A name, or two joined by a dot, as written; NULL when @tok does not begin one.  @tok
 * becomes the token behind it. */
static const char *
take_path(struct sd_arena *arena, struct sd_lex *lex, struct sd_tok *tok, const char **last)
{
	struct sd_buf path = SD_BUF(arena);

	for (;;) {
		if (!sd_tok_is_name(*tok))
			return NULL;
		*last = sd_tok_text(arena, lex->text, *tok);
		sd_buf_add(&path, *last);
		*tok = sd_lex_next_solid(lex);
		if (!sd_tok_is_op(lex->text, *tok, "."))
			return sd_buf_text(&path);
		sd_buf_addc(&path, '.');
		*tok = sd_lex_next_solid(lex);
	}
}

/* @source is nothing but a list of relations: they are appended to @origins. */
static bool
parse_source(struct sd_arena *arena, const char *source, struct origins *origins)
{
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, sd_dialect_postgresql.lex, source, strlen(source));
	for (;;) {
		struct origin origin = { 0 };

		tok = sd_lex_next_solid(&lex);
		if (sd_tok_is_word(source, tok, "only"))
			tok = sd_lex_next_solid(&lex);
		origin.relation = take_path(arena, &lex, &tok, &origin.alias);
		if (!origin.relation)
			return false;
		if (sd_tok_is_word(source, tok, "as"))
			tok = sd_lex_next_solid(&lex);
		if (sd_tok_is_name(tok)) {
			origin.alias = sd_tok_text(arena, source, tok);
			tok = sd_lex_next_solid(&lex);
		}
		*sd_push(arena, &origins->list) = origin;
		if (tok.kind == SD_TOK_END)
			return true;
		if (!sd_tok_is_op(source, tok, ","))
			return false;
	}
}

/* What the pair's columns come from, for a view; NULL = from nothing. */
static const char *
source_of(struct sd_arena *arena, const struct sd_expressions *pair)
{
	if (pair->source)
		return pair->source;
	if (!pair->relation)
		return NULL;
	return sd_fmt(
		arena, "ONLY %s", sd_quote_name(&sd_dialect_postgresql, arena, pair->relation));
}

/* The same without reading a table; NULL when a relation is not there. */
static const char *
stand_in(struct asking *asking, const char *source)
{
	struct origins origins = { 0 };
	struct sd_buf out = SD_BUF(asking->arena);

	if (!parse_source(asking->arena, source, &origins))
		return source;
	for (size_t i = 0; i < origins.list.n; i++) {
		const struct origin *origin = &origins.list.at[i];
		const char *type = sd_map_get(&asking->risks.relations, origin->relation);

		if (!type)
			return NULL;
		sd_buf_sep(&out, ", ");
		sd_buf_addf(&out, "pg_catalog.jsonb_populate_recordset(NULL::%s, '[]') AS %s",
			type, origin->alias);
	}
	return sd_buf_text(&out);
}

/* ---- what planning could run ------------------------------------------------------------ */

/* Functions in C that an extension brings are the server's own, in effect: they are not what
 * a user wrote, and citext alone would make every = suspect.  Functions in SQL are inlined,
 * so what they call counts as called, whatever their volatility. */
static const char risk_query[] =
	"WITH made AS (SELECT p.oid, p.proname, "
	"p.provolatile = 'i' OR l.lanname = 'sql' AS runs FROM "
	"pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang "
	"WHERE p.oid >= 16384 AND NOT (l.lanname = 'c' AND EXISTS (SELECT FROM "
	"pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass "
	"AND d.objid = p.oid AND d.deptype = 'e'))) "
	"SELECT 'name', proname::text, NULL FROM made WHERE runs "
	"UNION ALL SELECT 'operator', o.oprname::text, NULL FROM pg_catalog.pg_operator o "
	"JOIN made ON made.oid = o.oprcode WHERE runs "
	"UNION ALL SELECT 'cast', NULL, NULL FROM pg_catalog.pg_cast c "
	"JOIN made ON made.oid = c.castfunc WHERE runs "
	"UNION ALL SELECT 'check', NULL, NULL FROM pg_catalog.pg_constraint c "
	"JOIN pg_catalog.pg_depend d ON d.objid = c.oid "
	"AND d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass "
	"LEFT JOIN pg_catalog.pg_operator o ON o.oid = d.refobjid "
	"AND d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass "
	"JOIN made ON made.oid = o.oprcode OR made.oid = d.refobjid "
	"AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass WHERE c.contypid <> 0 "
	"UNION ALL SELECT 'relation', r, pg_catalog.format('%I.%I', n.nspname, t.typname) "
	"FROM pg_catalog.unnest($1::pg_catalog.text[]) r "
	"JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(r) "
	"JOIN pg_catalog.pg_type t ON t.oid = c.reltype "
	"JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";

/* The relations of all pairs, each once, as an array's literal. */
static const char *
relations_literal(struct asking *asking)
{
	struct sd_buf out = SD_BUF(asking->arena);
	struct sd_map seen = { 0 };

	sd_buf_add(&out, "{");
	for (size_t i = 0; i < asking->n; i++) {
		const char *source = source_of(asking->arena, asking->questions[i].pair);
		struct origins origins = { 0 };

		if (!source || !parse_source(asking->arena, source, &origins))
			continue;
		for (size_t j = 0; j < origins.list.n; j++) {
			const char *name = origins.list.at[j].relation;
			void **slot = sd_map_at(&seen, name, asking->arena);

			if (*slot)
				continue;
			*slot = asking;
			name = sd_text_replace(asking->arena, name, "\\", "\\\\");
			name = sd_text_replace(asking->arena, name, "\"", "\\\"");
			sd_buf_addf(&out, "%s\"%s\"", seen.n > 1 ? "," : "", name);
		}
	}
	sd_buf_add(&out, "}");
	return sd_buf_text(&out);
}

/* Operators that words call: those of calls_operator below. */
static const char *const called_by_words[] = { "=", "<>", "<", ">", "<=", ">=", "~", "!~", "~~",
	"!~~", "~~*", "!~~*" };

static void
note_risk(struct asking *asking, const char *kind, const char *name, const char *type)
{
	struct risks *risks = &asking->risks;

	risks->operators |= sd_text_equal(kind, "operator") &&
			    among(name, called_by_words, SD_COUNT(called_by_words));
	risks->casts |= sd_text_equal(kind, "cast");
	risks->checks |= sd_text_equal(kind, "check");
	name = sd_strdup(asking->arena, name);
	if (sd_text_equal(kind, "relation"))
		*sd_map_at(&risks->relations, name, asking->arena) =
			sd_strdup(asking->arena, type);
	else if (*name)
		*sd_map_at(&risks->names, name, asking->arena) = asking;
}

static bool
find_risks(struct asking *asking)
{
	const char *const sql[] = { risk_query };
	PGresult *result = converse(asking->pg, sql, 1, relations_literal(asking));

	if (!result)
		return false;
	for (int i = 0; i < PQntuples(result); i++)
		note_risk(asking, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
			PQgetvalue(result, i, 2));
	PQclear(result);
	return true;
}

/* ---- which way a pair goes -------------------------------------------------------------- */

/* Words whose sense a plan's output does not show, or that a function's row lacks. */
static const char *const plan_hides[] = { "select", "table", "values", "over", "tableoid",
	"ctid", "xmin", "xmax", "cmin", "cmax" };

/* Words that call an operator by no name of its own. */
static const char *const calls_operator[] = { "all", "any", "between", "case", "distinct",
	"greatest", "ilike", "in", "least", "like", "nullif", "similar", "some" };

static enum route
route_of_name(
	const struct risks *risks, struct sd_arena *arena, const char *sql, struct sd_tok tok)
{
	const char *name = sd_tok_value(arena, sql, tok);

	if (strlen(name) > LONGEST_NAME)
		return BY_VIEW;
	if (tok.kind == SD_TOK_NAME)
		return sd_map_get(&risks->names, name) ? BY_VIEW : BY_PLAN;
	name = sd_text_lower(arena, name);
	if (sd_map_get(&risks->names, name) || among(name, plan_hides, SD_COUNT(plan_hides)) ||
		(risks->operators && among(name, calls_operator, SD_COUNT(calls_operator))))
		return BY_VIEW;
	return BY_PLAN;
}

static enum route
route_of_operator(
	const struct risks *risks, struct sd_arena *arena, const char *sql, struct sd_tok tok)
{
	const char *name = sd_tok_text(arena, sql, tok);

	if (sd_text_equal(name, "!="))
		name = "<>";
	/* U&"…" is a name that hides its letters */
	if (name[0] == '&' && tok.off > 0 &&
		(sql[tok.off - 1] == 'U' || sql[tok.off - 1] == 'u'))
		return BY_VIEW;
	return sd_map_get(&risks->names, name) ? BY_VIEW : BY_PLAN;
}

/* A literal of an array or a row has something in braces or parentheses; {} has nothing. */
static enum route
route_of_string(
	const struct risks *risks, struct sd_arena *arena, const char *sql, struct sd_tok tok)
{
	const char *text = sd_tok_value(arena, sql, tok);

	text += strspn(text, " \t\n\r\v\f");
	if (!risks->checks || sd_text_equal(text, "{}") || sd_text_equal(text, "[]"))
		return BY_PLAN;
	/* a literal with escapes may be anything */
	return sql[tok.off] == '\'' && *text && !strchr("{([", *text) ? BY_PLAN : BY_NONE;
}

static enum route
route_of_text(const struct risks *risks, struct sd_arena *arena, const char *sql)
{
	enum route route = risks->casts ? BY_VIEW : BY_PLAN, own;
	struct sd_lex lex;
	struct sd_tok tok;

	sd_lex_init(&lex, sd_dialect_postgresql.lex, sql, strlen(sql));
	while ((tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		own = BY_PLAN;
		if (sd_tok_is_name(tok))
			own = route_of_name(risks, arena, sql, tok);
		else if (tok.kind == SD_TOK_OP)
			own = route_of_operator(risks, arena, sql, tok);
		else if (tok.kind == SD_TOK_STRING)
			own = route_of_string(risks, arena, sql, tok);
		if (own == BY_NONE)
			return BY_NONE;
		if (own == BY_VIEW)
			route = BY_VIEW;
	}
	return route;
}

/* Names that follow COLLATE in @sql. */
static void
collations(struct sd_arena *arena, const char *sql, struct sd_names *names)
{
	struct sd_lex lex;
	struct sd_tok tok;
	const char *last;

	sd_lex_init(&lex, sd_dialect_postgresql.lex, sql, strlen(sql));
	tok = sd_lex_next_solid(&lex);
	while (tok.kind != SD_TOK_END) {
		bool collate = sd_tok_is_word(sql, tok, "collate");

		tok = sd_lex_next_solid(&lex);
		if (collate && take_path(arena, &lex, &tok, &last))
			*sd_push(arena, names) = last;
	}
}

static enum route
route_of(const struct asking *asking, const struct sd_expressions *pair)
{
	/* not the source: that is the caller's, who sees to it that nothing in it runs */
	const char *const texts[] = { pair->a, pair->b, pair->type };
	struct sd_names in_a = { 0 }, in_b = { 0 };
	enum route route = BY_PLAN, own;

	for (size_t i = 0; i < SD_COUNT(texts); i++) {
		if (!texts[i])
			continue;
		own = route_of_text(&asking->risks, asking->arena, texts[i]);
		if (own == BY_NONE)
			return BY_NONE;
		if (own == BY_VIEW)
			route = BY_VIEW;
	}
	collations(asking->arena, pair->a, &in_a);
	collations(asking->arena, pair->b, &in_b);
	return sd_names_equal(&in_a, &in_b) ? route : BY_VIEW;
}

/* ---- by EXPLAIN ------------------------------------------------------------------------- */

/* @text as one item of a select list.  A line of its own: it may end in a comment. */
static const char *
item(struct sd_arena *arena, const struct sd_expressions *pair, const char *text)
{
	return pair->type ? sd_fmt(arena, "(%s\n)::%s", text, pair->type)
			  : sd_fmt(arena, "(%s\n)", text);
}

static const char *
explain(struct asking *asking, const struct sd_expressions *pair)
{
	const char *source = source_of(asking->arena, pair);

	if (source && !(source = stand_in(asking, source)))
		return NULL;
	return sd_fmt(asking->arena,
		"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT %s, %s%s%s",
		item(asking->arena, pair, pair->a), item(asking->arena, pair, pair->b),
		source ? " FROM " : "", source ? source : "");
}

/* A plan with one of these does not show all of an expression in its output. */
static const char *const opaque_nodes[] = { "ProjectSet", "WindowAgg", "Aggregate", "Group",
	"Unique", "SetOp" };

static bool
shows_all(const struct sd_json *node)
{
	const struct sd_json *type = sd_json_get(node, "Node Type");
	const struct sd_json *below = sd_json_get(node, "Plans");

	if (!type || type->type != SD_JSON_STRING || sd_json_get(node, "Subplan Name") ||
		among(type->text, opaque_nodes, SD_COUNT(opaque_nodes)))
		return false;
	for (below = below ? below->first : NULL; below; below = below->next)
		if (below->type != SD_JSON_OBJECT || !shows_all(below))
			return false;
	return true;
}

/* The plan in @text gives two equal items. */
static bool
same_output(const char *text)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_diags silent = { .arena = scratch };
	const struct sd_json *json, *plan = NULL, *output = NULL;
	bool same = false;

	json = sd_json_parse("plan", text, strlen(text), scratch, &silent);
	if (json && json->type == SD_JSON_ARRAY && json->n == 1 &&
		json->first->type == SD_JSON_OBJECT)
		plan = sd_json_get(json->first, "Plan");
	if (plan && plan->type == SD_JSON_OBJECT && shows_all(plan))
		output = sd_json_get(plan, "Output");
	if (output && output->type == SD_JSON_ARRAY && output->n == 2)
		same = sd_text_equal(output->first->text, output->first->next->text);
	sd_arena_free(scratch);
	return same;
}

/* Send each statement once, however many questions it answers (the same default stands in many
 * tables).  @by: where the answer to each question will be, in @answers. */
static size_t
send_plans(struct asking *asking, bool *answers, bool **by)
{
	struct sd_map seen = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < asking->n; i++) {
		const char *sql = NULL;
		void **slot;

		if (asking->questions[i].route == BY_PLAN)
			sql = explain(asking, asking->questions[i].pair);
		if (!sql)
			continue;
		slot = sd_map_at(&seen, sql, asking->arena);
		if (!*slot) {
			if (!send_segment(asking->pg, &sql, 1, NULL))
				break;
			*slot = &answers[n++];
		}
		by[i] = *slot;
	}
	return n;
}

static void
ask_plans(struct asking *asking, enum sd_sameness *same)
{
	bool *answers = sd_new_array(asking->arena, asking->n + 1, bool);
	bool **by = sd_new_array(asking->arena, asking->n + 1, bool *);
	size_t n;

	if (!PQenterPipelineMode(asking->pg->conn))
		return;
	n = send_plans(asking, answers, by);
	for (size_t i = 0; i < n; i++) {
		PGresult *result = take_segment(asking->pg, 1);

		if (result && PQntuples(result) == 1)
			answers[i] = same_output(PQgetvalue(result, 0, 0));
		PQclear(result);
	}
	(void)PQexitPipelineMode(asking->pg->conn);
	for (size_t i = 0; i < asking->n; i++)
		same[i] = by[i] && *by[i] ? SD_SAME : SD_DIFFERENT;
}

/* ---- by views --------------------------------------------------------------------------- */

/* Definitions of two views of these queries, as the server spells them, in the transaction
 * that @first begins.  False on any failure. */
static bool
define_views(struct asking *asking, bool first, const char *query_a, const char *query_b,
	const char **a, const char **b)
{
	struct sd_arena *arena = asking->arena;
	const char *suffix = first ? "" : "_again";
	const char *const sql[] = {
		"BEGIN READ WRITE",
		"SET LOCAL client_min_messages = error",
		sd_fmt(arena, "CREATE TEMPORARY VIEW schemadiff_a%s AS %s", suffix, query_a),
		sd_fmt(arena, "CREATE TEMPORARY VIEW schemadiff_b%s AS %s", suffix, query_b),
		sd_fmt(arena,
			"SELECT pg_catalog.pg_get_viewdef('pg_temp.schemadiff_a%s'::regclass), "
			"pg_catalog.pg_get_viewdef('pg_temp.schemadiff_b%s'::regclass)",
			suffix, suffix),
	};
	size_t skip = first ? 0 : 2;
	PGresult *result = converse(asking->pg, sql + skip, SD_COUNT(sql) - skip, NULL);

	if (!result || PQntuples(result) != 1) {
		PQclear(result);
		return false;
	}
	*a = sd_strdup(arena, PQgetvalue(result, 0, 0));
	*b = sd_strdup(arena, PQgetvalue(result, 0, 1));
	PQclear(result);
	return true;
}

static const char *
view_query(struct asking *asking, const struct sd_expressions *pair, const char *text)
{
	const char *source = source_of(asking->arena, pair);

	return sd_fmt(asking->arena, "SELECT %s AS x%s%s", item(asking->arena, pair, text),
		source ? " FROM " : "", source ? source : "");
}

static enum sd_sameness
ask_views(struct asking *asking, const struct sd_expressions *pair)
{
	const char *a, *b, *again_a, *again_b;
	bool same;

	if (!define_views(asking, true, view_query(asking, pair, pair->a),
		    view_query(asking, pair, pair->b), &a, &b))
		return SD_DIFFERENT;
	same = sd_text_equal(a, b);
	/* Not every spelling is final: that of `varchar IN (…)` changes once more. */
	if (!same && define_views(asking, false, a, b, &again_a, &again_b))
		same = sd_text_equal(again_a, again_b) || sd_text_equal(a, again_b) ||
		       sd_text_equal(b, again_a);
	return same ? SD_SAME : SD_DIFFERENT;
}

static void
end_transaction(struct sd_pg *pg)
{
	if (PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
		PQclear(PQexec(pg->conn, "ROLLBACK"));
}

/* ---- all together ----------------------------------------------------------------------- */

/* Both texts may be pasted into a statement. */
static bool
is_askable(const struct sd_expressions *pair)
{
	const char *const texts[] = { pair->a, pair->b, pair->type, pair->source };

	for (size_t i = 0; i < SD_COUNT(texts); i++)
		if (texts[i] && !sd_sql_is_balanced(&sd_dialect_postgresql, texts[i]))
			return false;
	return pair->a && pair->b;
}

/* Why no temporary view can be made here, and the way out; false when it can. */
static bool
is_without_views(struct sd_pg *pg)
{
	static const char sql[] =
		"SELECT pg_catalog.has_database_privilege(current_database(), 'TEMPORARY')";
	PGresult *result;
	bool may;

	if (pg->standby) {
		pg->base.untold = "the server is a standby, which makes no temporary view";
		pg->base.untold_hint = "compare with the primary server";
		return true;
	}
	result = PQexec(pg->conn, sql);
	may = PQntuples(result) == 1 && *PQgetvalue(result, 0, 0) == 't';
	PQclear(result);
	if (may)
		return false;
	pg->base.untold = "the role may not make a temporary view";
	pg->base.untold_hint =
		"an administrator can allow it: GRANT TEMPORARY ON DATABASE … TO …; or "
		"compare as another role";
	return true;
}

static void
ask_all(struct asking *asking, enum sd_sameness *same)
{
	size_t views = 0;
	bool without;

	for (size_t i = 0; i < asking->n; i++) {
		struct question *question = &asking->questions[i];

		question->route = route_of(asking, question->pair);
		views += question->route == BY_VIEW;
	}
	ask_plans(asking, same);
	without = views && is_without_views(asking->pg);
	for (size_t i = 0; i < asking->n && !sd_interrupted(); i++) {
		if (asking->questions[i].route != BY_VIEW)
			continue;
		same[i] = without ? SD_UNTOLD : ask_views(asking, asking->questions[i].pair);
		end_transaction(asking->pg);
	}
}

void
sd_pg_same_expressions(
	struct sd_db *db, const struct sd_expressions *pairs, size_t n, enum sd_sameness *same)
{
	struct asking asking = { .pg = sd_pg_of(db), .arena = sd_arena_new() };
	size_t *index = sd_new_array(asking.arena, n + 1, size_t);
	enum sd_sameness *answers = sd_new_array(asking.arena, n + 1, enum sd_sameness);

	sd_pg_batch_end(db);
	asking.questions = sd_new_array(asking.arena, n + 1, struct question);
	for (size_t i = 0; i < n; i++) {
		same[i] = SD_DIFFERENT;
		if (!is_askable(&pairs[i]))
			continue;
		index[asking.n] = i;
		asking.questions[asking.n++].pair = &pairs[i];
	}
	/* A failing question would end the transaction that it is asked in. */
	if (asking.n && PQtransactionStatus(asking.pg->conn) == PQTRANS_IDLE &&
		find_risks(&asking))
		ask_all(&asking, answers);
	for (size_t i = 0; i < asking.n; i++)
		same[index[i]] = answers[i];
	sd_arena_free(asking.arena);
}
