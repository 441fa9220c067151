/* Column definitions.  SQLite takes the clauses of a column in any order and any number of
 * times; where a clause is repeated the last one counts. */
#include "introspect/sqlite_parse.h"

#include "core/base/text.h"

#include <stdint.h>
#include <string.h>

/* What a clause is parsed into. */
struct site {
	struct sd_column *column;
	const char *name;         /* of the constraint, or NULL */
	struct sd_object *object; /* the constraint that the clause makes */
};

typedef bool parse_fn(struct sd_ddl *p, struct site *site);

/* ---- types -------------------------------------------------------------------------- */

static bool
signed_number(struct sd_ddl *p)
{
	if (!sd_ddl_accept(p, SD_KW_PLUS))
		sd_ddl_accept(p, SD_KW_MINUS);
	if (sd_ddl_peek(p, 0)->t.kind != SD_TOK_NUMBER)
		return sd_ddl_fail(p, "a number");
	p->at++;
	return true;
}

/* The words of @r joined by one space each, what is in parentheses as people write it.  Types
 * repeat: each is kept once. */
static const char *
type_text(struct sd_ddl *p, struct sd_range r)
{
	const char *known;

	sd_buf_cut(&p->buf, 0);
	for (size_t i = r.from; i < r.to; i++) {
		const struct sd_ddl_tok *tok = &p->toks.at[i], *before = tok - 1;

		if (i > r.from && tok->kw != SD_KW_LP && tok->kw != SD_KW_RP &&
			tok->kw != SD_KW_COMMA && before->kw != SD_KW_LP &&
			before->kw != SD_KW_PLUS && before->kw != SD_KW_MINUS)
			sd_buf_addc(&p->buf, ' ');
		sd_buf_addn(&p->buf, p->text + tok->t.off, tok->t.len);
	}
	known = sd_map_get(&p->types, sd_buf_text(&p->buf));
	if (!known) {
		known = sd_strndup(p->arena, sd_buf_text(&p->buf), p->buf.n);
		*sd_map_at(&p->types, known, p->scratch) = (void *)(uintptr_t)known;
	}
	return known;
}

/* @type can be written without quotes and is read as the same type again. */
static bool
is_plain_type(const char *type, unsigned flags)
{
	struct sd_lex lex;
	struct sd_tok t;
	bool args = false;

	sd_lex_init(&lex, flags, type, strlen(type));
	while ((t = sd_lex_next(&lex)).kind != SD_TOK_END) {
		if (t.kind == SD_TOK_SPACE)
			continue;
		args |= sd_tok_is_op(type, t, "(");
		if (args ? t.kind != SD_TOK_OP && t.kind != SD_TOK_NUMBER
			 : t.kind != SD_TOK_WORD ||
					sd_ddl_classify(type + t.off, t.len).class !=
						SD_WORD_ID)
			return false;
	}
	return !args || type[strlen(type) - 1] == ')';
}

/* A quoted type, `[nvarchar](50)`: SQLite undoes the quotes, and more or less mangles what
 * follows.  Here it is the type that its writer meant, unless that needs the quotes; words
 * behind a quoted one are beyond guessing. */
static const char *
quoted_type(struct sd_ddl *p, struct sd_range r)
{
	const char *args = "", *type;

	if (r.to > r.from + 1) {
		args = type_text(p, (struct sd_range){ r.from + 1, r.to });
		if (p->toks.at[r.from + 1].kw != SD_KW_LP) {
			sd_ddl_fail(p, "one quoted name as the type before this");
			return NULL;
		}
	}
	type = sd_fmt(p->arena, "%s%s", sd_ddl_value(p, p->scratch, r.from), args);
	if (is_plain_type(type, p->schema->dialect->lex))
		return type;
	return type_text(p, r);
}

/* GENERATED ALWAYS are words that a type may have, but not at its end. */
static void
leave_generated(struct sd_ddl *p, size_t from)
{
	if (p->at >= from + 2 && p->toks.at[p->at - 1].kw == SD_KW_ALWAYS &&
		p->toks.at[p->at - 2].kw == SD_KW_GENERATED)
		p->at -= 2;
}

static bool
parse_type(struct sd_ddl *p, struct sd_column *column)
{
	struct sd_range r = { .from = p->at };
	struct sd_clause clause = { .kind = SD_CLAUSE_TYPE };

	column->type = "";
	while (sd_ddl_peek(p, 0)->class == SD_WORD_ID)
		p->at++;
	leave_generated(p, r.from);
	if (p->at == r.from)
		return true;
	if (sd_ddl_accept(p, SD_KW_LP)) {
		if (!signed_number(p))
			return false;
		if (sd_ddl_accept(p, SD_KW_COMMA) && !signed_number(p))
			return false;
		if (!sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis"))
			return false;
	}
	r.to = p->at;
	if (r.to > r.from + 1 && p->toks.at[r.to - 1].kw == SD_KW_ALWAYS) {
		/* SQLite drops the word from a long type, and keeps it in a short one. */
		p->at--;
		return sd_ddl_fail(p, "no ALWAYS without GENERATED");
	}
	column->type =
		p->toks.at[r.from].t.kind == SD_TOK_WORD ? type_text(p, r) : quoted_type(p, r);
	if (!column->type)
		return false;
	clause.span = sd_ddl_span(p, r);
	*sd_push(p->scratch, &p->clauses) = clause;
	return true;
}

/* ---- clauses ------------------------------------------------------------------------ */

static bool
parse_primary_key(struct sd_ddl *p, struct site *site)
{
	struct sd_key *key = sd_ddl_constraint(p, SD_PRIMARY_KEY, site->name);
	struct sd_part *part = sd_new(p->arena, struct sd_part);

	site->object = &key->o;
	p->at++;
	if (!sd_ddl_expect(p, SD_KW_KEY, "KEY"))
		return false;
	part->name = site->column->o.name;
	part->desc = sd_ddl_desc(p);
	key->columns = (struct sd_parts){ part, 1, 1 };
	if (!sd_ddl_on_conflict(p, &key->on_conflict))
		return false;
	if (sd_ddl_accept(p, SD_KW_AUTOINCREMENT))
		site->column->autoincrement = true;
	return sd_ddl_take_pk(p, key, true);
}

static bool
parse_not_null(struct sd_ddl *p, struct site *site)
{
	p->at++;
	if (sd_ddl_is(p, SD_KW_DEFERRABLE))
		return sd_ddl_fail(p, "REFERENCES before NOT DEFERRABLE");
	if (!sd_ddl_expect(p, SD_KW_NULL, "NULL"))
		return false;
	site->column->not_null = true;
	site->column->on_conflict = NULL;
	return sd_ddl_on_conflict(p, &site->column->on_conflict);
}

static bool
parse_null(struct sd_ddl *p, struct site *site)
{
	const char *ignored;

	(void)site;
	p->at++;
	return sd_ddl_on_conflict(p, &ignored);
}

static bool
parse_unique(struct sd_ddl *p, struct site *site)
{
	struct sd_key *key = sd_ddl_constraint(p, SD_UNIQUE, site->name);
	struct sd_part *part = sd_new(p->arena, struct sd_part);

	site->object = &key->o;
	p->at++;
	part->name = site->column->o.name;
	key->columns = (struct sd_parts){ part, 1, 1 };
	return sd_ddl_on_conflict(p, &key->on_conflict);
}

static bool
parse_check(struct sd_ddl *p, struct site *site)
{
	struct sd_check *check = sd_ddl_constraint(p, SD_CHECK, site->name);

	site->object = &check->o;
	check->column = site->column;
	p->at++;
	return sd_ddl_parens(p, &check->expression);
}

/* A word or quoted name as a default is a string, true and false excepted. */
static bool
default_name(struct sd_ddl *p, const char **deflt)
{
	const struct sd_ddl_tok *tok = sd_ddl_peek(p, 0);
	bool word = tok->t.kind == SD_TOK_WORD;
	char *value;

	if (!sd_ddl_is_name(tok))
		return sd_ddl_fail(p, "a value");
	value = sd_ddl_value(p, p->arena, p->at++);
	if (tok->kw == SD_KW_CURRENT || tok->t.kind == SD_TOK_STRING)
		*deflt = sd_ddl_text(p, (struct sd_range){ p->at - 1, p->at });
	else if (word && (sd_text_iequal(value, "true") || sd_text_iequal(value, "false")))
		*deflt = value;
	else
		*deflt = sd_quote_text(p->schema->dialect, p->arena, value);
	return true;
}

static bool
default_literal(struct sd_ddl *p, const char **deflt)
{
	struct sd_range r = { .from = p->at };
	enum sd_tok_kind kind;
	bool sign = sd_ddl_accept(p, SD_KW_PLUS) || sd_ddl_accept(p, SD_KW_MINUS);

	kind = sd_ddl_peek(p, 0)->t.kind;
	if (kind == SD_TOK_NUMBER || kind == SD_TOK_BLOB || kind == SD_TOK_STRING ||
		sd_ddl_is(p, SD_KW_NULL) || sd_ddl_is(p, SD_KW_CURRENT))
		p->at++;
	else if (sign)
		return sd_ddl_fail(p, "a number");
	else
		return default_name(p, deflt);
	r.to = p->at;
	*deflt = sd_ddl_text(p, r);
	return true;
}

static bool
parse_default(struct sd_ddl *p, struct site *site)
{
	const char **deflt = &site->column->deflt;

	p->at++;
	if (sd_ddl_is(p, SD_KW_LP)) {
		if (!sd_ddl_parens(p, deflt))
			return false;
	} else if (!default_literal(p, deflt)) {
		return false;
	}
	if (sd_text_iequal(*deflt, "null"))
		*deflt = NULL;
	return true;
}

static bool
parse_collate(struct sd_ddl *p, struct site *site)
{
	p->at++;
	if (sd_ddl_peek(p, 0)->class != SD_WORD_ID)
		return sd_ddl_fail(p, "the name of a collation");
	site->column->collation = sd_ddl_value(p, p->arena, p->at++);
	return true;
}

static bool
parse_references(struct sd_ddl *p, struct site *site)
{
	struct sd_foreign_key *fk = sd_ddl_constraint(p, SD_FOREIGN_KEY, site->name);

	site->object = &fk->o;
	*sd_push(p->arena, &fk->columns) = site->column->o.name;
	return sd_ddl_references(p, fk);
}

static bool
parse_generated(struct sd_ddl *p, struct site *site)
{
	if (sd_ddl_accept(p, SD_KW_GENERATED) && !sd_ddl_expect(p, SD_KW_ALWAYS, "ALWAYS"))
		return false;
	if (!sd_ddl_expect(p, SD_KW_AS, "AS"))
		return false;
	if (site->column->generated)
		return sd_ddl_fail(p, "no second expression");
	if (!sd_ddl_parens(p, &site->column->generated))
		return false;
	if (sd_ddl_peek(p, 0)->t.kind != SD_TOK_WORD ||
		sd_ddl_peek(p, 0)->class != SD_WORD_ID || sd_ddl_is(p, SD_KW_GENERATED))
		return true;
	site->column->stored_generated = sd_ddl_names(p, p->at, "stored");
	if (!site->column->stored_generated && !sd_ddl_names(p, p->at, "virtual"))
		return sd_ddl_fail(p, "STORED or VIRTUAL");
	p->at++;
	return true;
}

/* It speaks of the foreign key before it, of whatever column: no clause of ours. */
static bool
parse_deferrable(struct sd_ddl *p, struct site *site)
{
	(void)site;
	return sd_ddl_fail(p, "REFERENCES before DEFERRABLE");
}

static const struct rule {
	enum sd_kw kw; /* that the clause begins with */
	enum sd_clause_kind kind;
	parse_fn *parse;
} rules[] = {
	{ SD_KW_NOT, SD_CLAUSE_NOT_NULL, parse_not_null },
	{ SD_KW_DEFAULT, SD_CLAUSE_DEFAULT, parse_default },
	{ SD_KW_PRIMARY, SD_CLAUSE_PRIMARY_KEY, parse_primary_key },
	{ SD_KW_UNIQUE, SD_CLAUSE_UNIQUE, parse_unique },
	{ SD_KW_CHECK, SD_CLAUSE_CHECK, parse_check },
	{ SD_KW_REFERENCES, SD_CLAUSE_REFERENCES, parse_references },
	{ SD_KW_COLLATE, SD_CLAUSE_COLLATE, parse_collate },
	{ SD_KW_GENERATED, SD_CLAUSE_GENERATED, parse_generated },
	{ SD_KW_AS, SD_CLAUSE_GENERATED, parse_generated },
	{ SD_KW_NULL, SD_CLAUSE_NULL, parse_null },
	{ SD_KW_DEFERRABLE, SD_CLAUSE_REFERENCES, parse_deferrable },
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
parse_clause(struct sd_ddl *p, struct sd_column *column)
{
	struct sd_clause clause = { .kind = SD_CLAUSE_STRAY };
	struct sd_range r = { .from = p->at };
	struct site site = { .column = column };
	const struct rule *rule;

	if (sd_ddl_accept(p, SD_KW_CONSTRAINT)) {
		site.name = sd_ddl_name(p, "the name of a constraint");
		if (!site.name)
			return false;
		r.to = p->at;
		clause.label = sd_ddl_span(p, r);
	}
	rule = find_rule(p);
	if (!rule && !site.name)
		return sd_ddl_fail(p, "a clause of the column");
	if (rule) {
		clause.kind = rule->kind;
		if (!rule->parse(p, &site))
			return false;
	}
	r.to = p->at;
	clause.span = sd_ddl_span(p, r);
	clause.object = site.object;
	*sd_push(p->scratch, &p->clauses) = clause;
	return true;
}

bool
sd_ddl_column_def(struct sd_ddl *p)
{
	struct sd_range r = { .from = p->at };
	struct sd_item item = { 0 };
	size_t first = p->clauses.n;
	const char *name = sd_ddl_name(p, "the name of a column");
	struct sd_column *column;

	if (!name)
		return false;
	r.to = p->at;
	item.name = sd_ddl_span(p, r);
	item.object = sd_object_new(p->arena, SD_COLUMN, name, &p->table->rel.o);
	column = (struct sd_column *)item.object;
	*sd_push(p->scratch, &p->objects) = item.object;
	*sd_push(p->scratch, &p->columns) = item.object;
	if (!parse_type(p, column))
		return false;
	while (!sd_ddl_is(p, SD_KW_COMMA) && !sd_ddl_is(p, SD_KW_RP))
		if (!parse_clause(p, column))
			return false;
	r.to = p->at;
	item.span = sd_ddl_span(p, r);
	item.n_clauses = p->clauses.n - first;
	*sd_push(p->scratch, &p->items) = item;
	return true;
}
