/* What column definitions, table constraints and indexes have in common: ON CONFLICT, lists
 * of columns, REFERENCES. */
#include "introspect/sqlite_parse.h"

#include "core/base/text.h"

bool
sd_ddl_on_conflict(struct sd_ddl *p, const char **word)
{
	static const struct {
		enum sd_kw kw;
		const char *word;
	} words[] = {
		{ SD_KW_ABORT, NULL },
		{ SD_KW_ROLLBACK, "rollback" },
		{ SD_KW_FAIL, "fail" },
		{ SD_KW_IGNORE, "ignore" },
		{ SD_KW_REPLACE, "replace" },
	};

	if (!sd_ddl_is(p, SD_KW_ON))
		return true;
	p->at++;
	if (!sd_ddl_expect(p, SD_KW_CONFLICT, "CONFLICT"))
		return false;
	for (size_t i = 0; i < SD_COUNT(words); i++) {
		if (!sd_ddl_accept(p, words[i].kw))
			continue;
		*word = words[i].word;
		return true;
	}
	return sd_ddl_fail(p, "ABORT, ROLLBACK, FAIL, IGNORE or REPLACE");
}

bool
sd_ddl_desc(struct sd_ddl *p)
{
	if (sd_ddl_accept(p, SD_KW_DESC))
		return true;
	sd_ddl_accept(p, SD_KW_ASC);
	return false;
}

struct sd_column *
sd_ddl_column(const struct sd_ddl *p, const struct sd_list *columns, size_t i)
{
	struct sd_tok t = p->toks.at[i].t;
	const char *name = NULL;

	if (!sd_ddl_is_name(&p->toks.at[i]))
		return NULL;
	if (t.kind != SD_TOK_WORD)
		name = sd_ddl_value(p, p->scratch, i);
	for (size_t c = 0; c < columns->n; c++)
		if (name ? sd_text_iequal(columns->at[c]->name, name)
			 : sd_tok_is_word(p->text, t, columns->at[c]->name))
			return (struct sd_column *)columns->at[c];
	return NULL;
}

void *
sd_ddl_constraint(struct sd_ddl *p, enum sd_kind kind, const char *name)
{
	struct sd_object *object = sd_object_new(p->arena, kind, name, &p->table->rel.o);

	if (!name)
		object->flags |= SD_OBJ_NAMELESS;
	*sd_push(p->scratch, &p->objects) = object;
	return object;
}

bool
sd_ddl_take_pk(struct sd_ddl *p, struct sd_key *pk, bool is_inline)
{
	if (p->pk)
		return sd_ddl_fail(p, "no second primary key");
	p->pk = pk;
	p->pk_inline = is_inline;
	return true;
}

/* ---- lists of columns --------------------------------------------------------------- */

/* Token @i is one behind which an operand follows.  LIKE and its kin are names as well; in a
 * row of them every other one is. */
static bool
wants_operand(const struct sd_ddl *p, struct sd_range r, size_t i)
{
	size_t names = 0;

	for (;; i--, names++) {
		enum sd_kw kw = p->toks.at[i].kw;

		if (kw != SD_KW_LIKE && kw != SD_KW_MATCH)
			break;
		if (i == r.from)
			return names % 2;
	}
	switch (p->toks.at[i].kw) {
	case SD_KW_AND:
	case SD_KW_OR:
	case SD_KW_NOT:
	case SD_KW_IS:
	case SD_KW_IN:
	case SD_KW_BETWEEN:
	case SD_KW_COLLATE:
	case SD_KW_ESCAPE:
		return names % 2 == 0;
	case SD_KW_RP:
		return names % 2;
	default:
		return (p->toks.at[i].t.kind == SD_TOK_OP) != (names % 2);
	}
}

/* CASE … END from the first token to the last. */
static bool
is_case(const struct sd_ddl *p, struct sd_range r)
{
	size_t depth = 0;

	for (size_t i = r.from; i < r.to; i++) {
		depth += p->toks.at[i].kw == SD_KW_CASE;
		if (p->toks.at[i].kw == SD_KW_END_WORD && depth)
			depth--;
		if (!depth)
			return i > r.from && i + 1 == r.to;
	}
	return false;
}

/* One thing: a token, something in parentheses, a call, or CASE … END.  COLLATE binds tighter
 * than any operator, so only behind one thing does it speak of the whole. */
static bool
is_primary(const struct sd_ddl *p, struct sd_range r)
{
	const struct sd_ddl_tok *first = &p->toks.at[r.from];
	struct sd_range inner = r;

	if (r.to - r.from == 1 || is_case(p, r))
		return true;
	inner.from += sd_ddl_is_name(first);
	return p->toks.at[inner.from].kw == SD_KW_LP &&
	       sd_ddl_unwrap(p, inner).from > inner.from;
}

/* Take COLLATE off the end of @r, and the parentheses around; of several the last counts.
 * How many there were goes to @n. */
static struct sd_range
peel_collate(struct sd_ddl *p, struct sd_range r, struct sd_part *part, size_t *n)
{
	struct sd_range rest = sd_ddl_unwrap(p, r), head;

	*n = 0;

	for (;;) {
		head = rest;
		while (head.to > head.from + 2 && p->toks.at[head.to - 2].kw == SD_KW_COLLATE)
			head.to -= 2;
		if (head.to == rest.to || !is_primary(p, head))
			return rest;
		if (!part->collation)
			part->collation = sd_ddl_value(p, p->arena, rest.to - 1);
		*n += (rest.to - head.to) / 2;
		rest = sd_ddl_unwrap(p, head);
	}
}

static bool
parse_part(struct sd_ddl *p, const struct sd_list *columns, bool key, struct sd_part *part)
{
	struct sd_range r = { .from = p->at };
	struct sd_column *column = NULL;
	size_t n_collate;

	if (!sd_ddl_skip(p, SD_KW_COMMA))
		return false;
	r.to = p->at;
	if (key && r.to - r.from > 1 && p->toks.at[r.to - 1].kw == SD_KW_AUTOINCREMENT)
		p->at = --r.to;
	if (r.to - r.from > 1 && !wants_operand(p, r, r.to - 2)) {
		enum sd_kw last = p->toks.at[r.to - 1].kw;

		part->desc = last == SD_KW_DESC;
		r.to -= last == SD_KW_DESC || last == SD_KW_ASC;
	}
	r = peel_collate(p, r, part, &n_collate);
	if (r.to - r.from == 1)
		column = sd_ddl_column(p, columns, r.from);
	if (column && p->toks.at[r.from].t.kind == SD_TOK_STRING && n_collate > 1) {
		/* Here alone SQLite takes the string for a string. */
		p->at = r.from;
		return sd_ddl_fail(p, "no string");
	}
	if (column) {
		part->name = column->o.name;
		return true;
	}
	if (key || r.from >= r.to) {
		p->at = r.from;
		return sd_ddl_fail(p, "a column of the table");
	}
	part->expression = sd_ddl_text(p, r);
	return true;
}

/* Parts are collected in the scratch arena, so that the model's list is no larger than it
 * must be. */
bool
sd_ddl_parts(struct sd_ddl *p, const struct sd_list *columns, bool key, struct sd_parts *parts)
{
	p->parts.n = 0;
	do {
		struct sd_part part = { 0 };

		if (!parse_part(p, columns, key, &part))
			return false;
		*sd_push(p->scratch, &p->parts) = part;
	} while (sd_ddl_accept(p, SD_KW_COMMA));
	sd_reserve(p->arena, parts, p->parts.n);
	for (size_t i = 0; i < p->parts.n; i++)
		*sd_push(p->arena, parts) = p->parts.at[i];
	return true;
}

/* ---- REFERENCES --------------------------------------------------------------------- */

static bool
parse_action(struct sd_ddl *p, const char **action)
{
	if (sd_ddl_accept(p, SD_KW_CASCADE)) {
		*action = "cascade";
	} else if (sd_ddl_accept(p, SD_KW_RESTRICT)) {
		*action = "restrict";
	} else if (sd_ddl_accept(p, SD_KW_SET)) {
		*action = sd_ddl_is(p, SD_KW_NULL) ? "set null" : "set default";
		return sd_ddl_accept(p, SD_KW_NULL) ||
		       sd_ddl_expect(p, SD_KW_DEFAULT, "NULL or DEFAULT");
	} else if (sd_ddl_accept(p, SD_KW_NO)) {
		*action = NULL;
		return sd_ddl_expect(p, SD_KW_ACTION, "ACTION");
	} else {
		return sd_ddl_fail(p, "what the foreign key does");
	}
	return true;
}

/* SQLite reads MATCH and heeds none of it; other words than these say as little. */
static bool
parse_match(struct sd_ddl *p, const char **match)
{
	if (!sd_ddl_is_name(sd_ddl_peek(p, 0)))
		return sd_ddl_fail(p, "a word behind MATCH");
	*match = sd_ddl_names(p, p->at, "full")      ? "full"
		 : sd_ddl_names(p, p->at, "partial") ? "partial"
						     : NULL;
	p->at++;
	return true;
}

/* ON INSERT is read by SQLite, and means nothing. */
static bool
parse_on(struct sd_ddl *p, struct sd_foreign_key *fk)
{
	const char *ignored;

	if (sd_ddl_accept(p, SD_KW_DELETE))
		return parse_action(p, &fk->on_delete);
	if (sd_ddl_accept(p, SD_KW_UPDATE))
		return parse_action(p, &fk->on_update);
	if (sd_ddl_accept(p, SD_KW_INSERT))
		return parse_action(p, &ignored);
	return sd_ddl_fail(p, "DELETE or UPDATE");
}

static bool
parse_deferrable(struct sd_ddl *p, const char **deferrable)
{
	bool not = sd_ddl_accept(p, SD_KW_NOT), deferred = false;

	p->at++; /* DEFERRABLE */
	if (sd_ddl_accept(p, SD_KW_INITIALLY)) {
		deferred = sd_ddl_accept(p, SD_KW_DEFERRED);
		if (!deferred && !sd_ddl_expect(p, SD_KW_IMMEDIATE, "DEFERRED or IMMEDIATE"))
			return false;
	}
	*deferrable = not ? NULL : deferred ? "deferred" : "immediate";
	return true;
}

static bool
parse_refargs(struct sd_ddl *p, struct sd_foreign_key *fk)
{
	for (;;) {
		bool ok;

		if (sd_ddl_accept(p, SD_KW_MATCH))
			ok = parse_match(p, &fk->match);
		else if (sd_ddl_accept(p, SD_KW_ON))
			ok = parse_on(p, fk);
		else
			break;
		if (!ok)
			return false;
	}
	while (sd_ddl_is(p, SD_KW_DEFERRABLE) ||
		(sd_ddl_is(p, SD_KW_NOT) && sd_ddl_peek(p, 1)->kw == SD_KW_DEFERRABLE))
		if (!parse_deferrable(p, &fk->deferrable))
			return false;
	return true;
}

bool
sd_ddl_references(struct sd_ddl *p, struct sd_foreign_key *fk)
{
	if (!sd_ddl_expect(p, SD_KW_REFERENCES, "REFERENCES"))
		return false;
	fk->table = sd_ddl_name(p, "the name of the table referred to");
	if (!fk->table)
		return false;
	if (sd_ddl_accept(p, SD_KW_LP)) {
		do {
			const char *name = sd_ddl_name(p, "the name of a column");

			if (!name)
				return false;
			*sd_push(p->arena, &fk->ref_columns) = name;
		} while (sd_ddl_accept(p, SD_KW_COMMA));
		if (!sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis"))
			return false;
	}
	return parse_refargs(p, fk);
}
