/* CREATE TABLE.  The columns come first, then the table's constraints, between which commas
 * may be missing; every item and clause leaves a span, so that a rebuild can edit the text
 * instead of writing it anew. */
#include "introspect/sqlite_parse.h"

#include "core/base/text.h"

#include <string.h>

/* ---- table constraints -------------------------------------------------------------- */

typedef bool parse_fn(struct sd_ddl *p, const char *name, struct sd_object **object);

static bool
parse_key(struct sd_ddl *p, struct sd_key *key)
{
	if (!sd_ddl_expect(p, SD_KW_LP, "the columns of the key"))
		return false;
	if (!sd_ddl_parts(p, &p->columns, true, &key->columns))
		return false;
	if (key->o.kind == SD_PRIMARY_KEY && sd_ddl_accept(p, SD_KW_AUTOINCREMENT)) {
		struct sd_object *column = NULL;

		for (size_t i = 0; i < p->columns.n && !column; i++)
			if (p->columns.at[i]->name == key->columns.at[0].name)
				column = p->columns.at[i];
		((struct sd_column *)column)->autoincrement = true;
	}
	if (!sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis"))
		return false;
	return sd_ddl_on_conflict(p, &key->on_conflict);
}

static bool
parse_primary_key(struct sd_ddl *p, const char *name, struct sd_object **object)
{
	struct sd_key *key = sd_ddl_constraint(p, SD_PRIMARY_KEY, name);

	*object = &key->o;
	return sd_ddl_expect(p, SD_KW_KEY, "KEY") && parse_key(p, key) &&
	       sd_ddl_take_pk(p, key, false);
}

static bool
parse_unique(struct sd_ddl *p, const char *name, struct sd_object **object)
{
	struct sd_key *key = sd_ddl_constraint(p, SD_UNIQUE, name);

	*object = &key->o;
	return parse_key(p, key);
}

/* ON CONFLICT is read here by SQLite, and means nothing. */
static bool
parse_check(struct sd_ddl *p, const char *name, struct sd_object **object)
{
	struct sd_check *check = sd_ddl_constraint(p, SD_CHECK, name);
	const char *ignored;

	*object = &check->o;
	return sd_ddl_parens(p, &check->expression) && sd_ddl_on_conflict(p, &ignored);
}

static bool
parse_foreign_key(struct sd_ddl *p, const char *name, struct sd_object **object)
{
	struct sd_foreign_key *fk = sd_ddl_constraint(p, SD_FOREIGN_KEY, name);

	*object = &fk->o;
	if (!sd_ddl_expect(p, SD_KW_KEY, "KEY") ||
		!sd_ddl_expect(p, SD_KW_LP, "the columns of the foreign key"))
		return false;
	do {
		struct sd_column *column = sd_ddl_column(p, &p->columns, p->at);

		if (!column)
			return sd_ddl_fail(p, "a column of the table");
		*sd_push(p->arena, &fk->columns) = column->o.name;
		p->at++;
	} while (sd_ddl_accept(p, SD_KW_COMMA));
	return sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis") && sd_ddl_references(p, fk);
}

static const struct rule {
	enum sd_kw kw;
	enum sd_clause_kind kind;
	parse_fn *parse;
} rules[] = {
	{ SD_KW_PRIMARY, SD_CLAUSE_PRIMARY_KEY, parse_primary_key },
	{ SD_KW_UNIQUE, SD_CLAUSE_UNIQUE, parse_unique },
	{ SD_KW_CHECK, SD_CLAUSE_CHECK, parse_check },
	{ SD_KW_FOREIGN, SD_CLAUSE_FOREIGN_KEY, parse_foreign_key },
};

static const struct rule *
find_rule(const struct sd_ddl *p)
{
	for (size_t i = 0; i < SD_COUNT(rules); i++)
		if (sd_ddl_is(p, rules[i].kw))
			return &rules[i];
	return NULL;
}

static bool
parse_constraint(struct sd_ddl *p)
{
	struct sd_clause clause = { .kind = SD_CLAUSE_STRAY };
	struct sd_range r = { .from = p->at };
	struct sd_item item = { .n_clauses = 1 };
	const struct rule *rule;
	const char *name = NULL;

	if (sd_ddl_accept(p, SD_KW_CONSTRAINT)) {
		name = sd_ddl_name(p, "the name of a constraint");
		if (!name)
			return false;
		r.to = p->at;
		clause.label = sd_ddl_span(p, r);
	}
	rule = find_rule(p);
	if (!rule && !name)
		return sd_ddl_fail(p, "a constraint of the table");
	if (rule) {
		p->at++;
		clause.kind = rule->kind;
		if (!rule->parse(p, name, &clause.object))
			return false;
	}
	r.to = p->at;
	clause.span = item.span = sd_ddl_span(p, r);
	item.object = clause.object;
	*sd_push(p->scratch, &p->clauses) = clause;
	*sd_push(p->scratch, &p->items) = item;
	return true;
}

/* ---- the statement ------------------------------------------------------------------ */

static bool
parse_body(struct sd_ddl *p)
{
	do {
		if (p->columns.n && (find_rule(p) || sd_ddl_is(p, SD_KW_CONSTRAINT)))
			break;
		if (!sd_ddl_column_def(p))
			return false;
	} while (sd_ddl_accept(p, SD_KW_COMMA));
	if (sd_ddl_is(p, SD_KW_RP))
		return true;
	do {
		if (!parse_constraint(p))
			return false;
	} while (sd_ddl_accept(p, SD_KW_COMMA) || !sd_ddl_is(p, SD_KW_RP));
	return true;
}

static bool
parse_options(struct sd_ddl *p)
{
	if (sd_ddl_is(p, SD_KW_END) || sd_ddl_is(p, SD_KW_SEMI))
		return true;
	do {
		if (sd_ddl_accept(p, SD_KW_WITHOUT)) {
			if (!sd_ddl_names(p, p->at, "rowid"))
				return sd_ddl_fail(p, "ROWID");
			p->table->without_rowid = true;
		} else if (sd_ddl_names(p, p->at, "strict")) {
			p->table->strict = true;
		} else {
			return sd_ddl_fail(p, "WITHOUT ROWID or STRICT");
		}
		p->at++;
	} while (sd_ddl_accept(p, SD_KW_COMMA));
	return true;
}

static bool
parse_table(struct sd_ddl *p, struct sd_stored *ddl)
{
	struct sd_tok open, shut;

	if (!sd_ddl_create(p, SD_KW_TABLE, "TABLE") ||
		!sd_ddl_qualified(p, "the name of the table", &ddl->name))
		return false;
	open = sd_ddl_peek(p, 0)->t;
	if (!sd_ddl_expect(p, SD_KW_LP, "an opening parenthesis") || !parse_body(p))
		return false;
	shut = sd_ddl_peek(p, 0)->t;
	if (!sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis") || !parse_options(p) ||
		!sd_ddl_finish(p))
		return false;
	ddl->text = p->text;
	ddl->body = (struct sd_span){ open.off + 1, shut.off - open.off - 1 };
	ddl->options = (struct sd_span){ shut.off + 1, (uint32_t)p->len - shut.off - 1 };
	return true;
}

/* ---- into the model ----------------------------------------------------------------- */

static bool
is_integer(const char *type)
{
	return sd_text_iequal(type, "integer");
}

/* What the text means for keys, beyond its words: in PRIMARY KEY (x DESC) of a rowid table
 * an INTEGER x is the rowid all the same and DESC means nothing, while the DESC of x INTEGER
 * PRIMARY KEY DESC makes it an ordinary column
 * (https://www.sqlite.org/lang_createtable.html#rowid); a COLLATE means nothing for it in
 * either kind of table.  Key columns may be NULL unless the text says otherwise. */
static void
settle_key(struct sd_ddl *p)
{
	struct sd_parts *parts = &p->pk->columns;

	for (size_t i = 0; i < p->columns.n; i++) {
		struct sd_column *column = (struct sd_column *)p->columns.at[i];

		for (size_t k = 0; k < parts->n; k++) {
			if (parts->at[k].name != column->o.name)
				continue;
			column->null_said = !column->not_null && !p->table->strict &&
					    !p->table->without_rowid;
			if (parts->n > 1 || p->pk_inline || !is_integer(column->type))
				continue;
			parts->at[k].collation = NULL;
			parts->at[k].desc &= p->table->without_rowid;
		}
	}
}

static void
add_objects(struct sd_ddl *p)
{
	size_t n[SD_N_PARTS] = { 0 };

	for (size_t i = 0; i < p->objects.n; i++)
		n[p->objects.at[i]->kind]++;
	for (size_t k = 0; k < SD_N_PARTS; k++)
		sd_reserve(p->arena, &p->table->rel.parts[k], n[k]);
	for (size_t i = 0; i < p->objects.n; i++)
		sd_schema_add(p->schema, p->objects.at[i]);
}

static void
add_items(struct sd_ddl *p, struct sd_stored *ddl)
{
	struct sd_clause *clauses = sd_new_array(p->arena, p->clauses.n, struct sd_clause);

	if (p->clauses.n)
		memcpy(clauses, p->clauses.at, p->clauses.n * sizeof *clauses);
	ddl->n_items = p->items.n;
	ddl->items = sd_new_array(p->arena, p->items.n, struct sd_item);
	memcpy(ddl->items, p->items.at, p->items.n * sizeof *ddl->items);
	for (size_t i = 0; i < ddl->n_items; i++) {
		ddl->items[i].clauses = clauses;
		clauses += ddl->items[i].n_clauses;
	}
}

struct sd_table *
sd_ddl_table(struct sd_ddl *p, const char *name, const char *sql)
{
	struct sd_object *o = sd_object_new(p->arena, SD_TABLE, name, NULL);
	struct sd_stored *ddl = sd_new(p->arena, struct sd_stored);

	o->stored = sql;
	p->table = (struct sd_table *)o;
	p->pk = NULL;
	p->objects.n = p->columns.n = 0;
	p->items.n = p->clauses.n = 0;
	if (sd_ddl_begin(p, sql) && parse_table(p, ddl)) {
		if (p->pk)
			settle_key(p);
		add_objects(p);
		add_items(p, ddl);
		p->table->ddl = ddl;
	} else {
		p->table->strict = p->table->without_rowid = false;
	}
	o->opaque = p->why;
	return p->table;
}
