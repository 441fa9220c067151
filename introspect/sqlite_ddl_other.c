/* CREATE INDEX, VIEW and TRIGGER. */
#include "introspect/sqlite_parse.h"

/* The rest of the statement, without a semicolon at its end. */
static bool
parse_rest(struct sd_ddl *p, const char *what, struct sd_range *r)
{
	r->from = p->at;
	if (!sd_ddl_skip(p, SD_KW_END))
		return false;
	r->to = p->at;
	if (r->from == r->to)
		return sd_ddl_fail(p, what);
	return sd_ddl_finish(p);
}

/* Begin with @sql of @object, which keeps it. */
static bool
begin(struct sd_ddl *p, struct sd_object *object, const char *sql)
{
	object->stored = sql;
	return sd_ddl_begin(p, sql);
}

/* ---- index -------------------------------------------------------------------------- */

static bool
parse_where(struct sd_ddl *p, struct sd_index *index)
{
	struct sd_range r;

	if (!sd_ddl_accept(p, SD_KW_WHERE))
		return sd_ddl_finish(p);
	if (!parse_rest(p, "a condition", &r))
		return false;
	r = sd_ddl_unwrap(p, r);
	if (r.from >= r.to)
		return sd_ddl_fail(p, "a condition");
	index->where = sd_ddl_text(p, r);
	return true;
}

static bool
parse_index(struct sd_ddl *p, const struct sd_table *table, struct sd_index *index)
{
	if (!sd_ddl_create(p, SD_KW_INDEX, "INDEX") ||
		!sd_ddl_qualified(p, "the name of the index", NULL) ||
		!sd_ddl_expect(p, SD_KW_ON, "ON") ||
		!sd_ddl_qualified(p, "the name of the table", NULL) ||
		!sd_ddl_expect(p, SD_KW_LP, "an opening parenthesis"))
		return false;
	index->unique = p->toks.at[1].kw == SD_KW_UNIQUE;
	return sd_ddl_parts(p, &table->rel.parts[SD_COLUMN], false, &index->columns) &&
	       sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis") && parse_where(p, index);
}

struct sd_index *
sd_ddl_index(struct sd_ddl *p, struct sd_table *table, const char *name, const char *sql)
{
	struct sd_object *o = sd_object_new(p->arena, SD_INDEX, name, &table->rel.o);
	struct sd_index *index = (struct sd_index *)o;

	if (!begin(p, o, sql) || !parse_index(p, table, index)) {
		index->unique = false;
		index->columns = (struct sd_parts){ 0 };
		o->opaque = p->why;
	} else if (table->rel.o.opaque && !table->ddl) {
		/* Which of its words are columns nobody can tell. */
		o->opaque = "its table is not understood";
	}
	sd_schema_add(p->schema, o);
	return index;
}

/* ---- view --------------------------------------------------------------------------- */

static bool
parse_view(struct sd_ddl *p, struct sd_view *view)
{
	struct sd_range r;

	if (!sd_ddl_create(p, SD_KW_VIEW, "VIEW") ||
		!sd_ddl_qualified(p, "the name of the view", NULL))
		return false;
	if (sd_ddl_accept(p, SD_KW_LP)) {
		do {
			const char *name = sd_ddl_name(p, "the name of a column");

			if (!name)
				return false;
			*sd_push(p->arena, &view->columns) = name;
		} while (sd_ddl_accept(p, SD_KW_COMMA));
		if (!sd_ddl_expect(p, SD_KW_RP, "a closing parenthesis"))
			return false;
	}
	if (!sd_ddl_expect(p, SD_KW_AS, "AS") || !parse_rest(p, "a SELECT", &r))
		return false;
	view->definition = sd_ddl_text(p, r);
	return true;
}

struct sd_view *
sd_ddl_view(struct sd_ddl *p, const char *name, const char *sql)
{
	struct sd_object *o = sd_object_new(p->arena, SD_VIEW, name, NULL);
	struct sd_view *view = (struct sd_view *)o;

	if (!begin(p, o, sql) || !parse_view(p, view)) {
		view->columns = (struct sd_names){ 0 };
		o->opaque = p->why;
	}
	return view;
}

/* ---- trigger ------------------------------------------------------------------------ */

static bool
parse_timing(struct sd_ddl *p, const char **timing)
{
	*timing = "before";
	if (sd_ddl_accept(p, SD_KW_BEFORE))
		return true;
	if (sd_ddl_accept(p, SD_KW_AFTER)) {
		*timing = "after";
	} else if (sd_ddl_accept(p, SD_KW_INSTEAD)) {
		*timing = "instead of";
		return sd_ddl_expect(p, SD_KW_OF, "OF");
	}
	return true;
}

static bool
parse_event(struct sd_ddl *p, struct sd_trigger *trigger)
{
	const char **event = sd_push(p->arena, &trigger->events);

	if (sd_ddl_accept(p, SD_KW_INSERT)) {
		*event = "insert";
		return true;
	}
	if (sd_ddl_accept(p, SD_KW_DELETE)) {
		*event = "delete";
		return true;
	}
	*event = "update";
	if (!sd_ddl_expect(p, SD_KW_UPDATE, "INSERT, UPDATE or DELETE"))
		return false;
	if (!sd_ddl_accept(p, SD_KW_OF))
		return true;
	do {
		const char *name = sd_ddl_name(p, "the name of a column");

		if (!name)
			return false;
		*sd_push(p->arena, &trigger->of) = name;
	} while (sd_ddl_accept(p, SD_KW_COMMA));
	return true;
}

/* BEGIN is a name too, but only the one that opens the body is followed by the first word of
 * a statement. */
static bool
opens_body(const struct sd_ddl *p)
{
	if (!sd_ddl_is(p, SD_KW_BEGIN))
		return false;
	switch (sd_ddl_peek(p, 1)->kw) {
	case SD_KW_SELECT:
	case SD_KW_INSERT:
	case SD_KW_UPDATE:
	case SD_KW_DELETE:
	case SD_KW_REPLACE:
	case SD_KW_VALUES:
	case SD_KW_WITH:
		return true;
	default:
		return false;
	}
}

static bool
parse_when(struct sd_ddl *p, const char **when)
{
	struct sd_range r = { .from = p->at };

	while (!opens_body(p)) {
		if (!sd_ddl_skip(p, SD_KW_BEGIN))
			return false;
		if (sd_ddl_is(p, SD_KW_RP))
			return sd_ddl_fail(p, "BEGIN");
		if (!opens_body(p))
			p->at++;
	}
	r.to = p->at;
	r = sd_ddl_unwrap(p, r);
	if (r.from >= r.to)
		return sd_ddl_fail(p, "a condition");
	*when = sd_ddl_text(p, r);
	return true;
}

/* The body reaches to the last END of the text. */
static bool
parse_trigger_body(struct sd_ddl *p, struct sd_trigger *trigger)
{
	struct sd_range r;

	if (!sd_ddl_expect(p, SD_KW_BEGIN, "BEGIN"))
		return false;
	r.from = p->at;
	p->at = p->toks.n - 1;
	if (p->toks.at[p->at - 1].kw == SD_KW_SEMI)
		p->at--;
	r.to = p->at - 1;
	if (r.from >= r.to || p->toks.at[r.to].kw != SD_KW_END_WORD)
		return sd_ddl_fail(p, "END");
	trigger->body = sd_ddl_text(p, r);
	return sd_ddl_finish(p);
}

static bool
parse_trigger(struct sd_ddl *p, struct sd_trigger *trigger)
{
	if (!sd_ddl_create(p, SD_KW_TRIGGER, "TRIGGER") ||
		!sd_ddl_qualified(p, "the name of the trigger", NULL) ||
		!parse_timing(p, &trigger->timing) || !parse_event(p, trigger) ||
		!sd_ddl_expect(p, SD_KW_ON, "ON") ||
		!sd_ddl_qualified(p, "the name of the table", NULL))
		return false;
	if (sd_ddl_accept(p, SD_KW_FOR) &&
		(!sd_ddl_expect(p, SD_KW_EACH, "EACH") || !sd_ddl_expect(p, SD_KW_ROW, "ROW")))
		return false;
	if (sd_ddl_accept(p, SD_KW_WHEN) && !parse_when(p, &trigger->when))
		return false;
	return parse_trigger_body(p, trigger);
}

struct sd_trigger *
sd_ddl_trigger(struct sd_ddl *p, struct sd_object *relation, const char *name, const char *sql)
{
	struct sd_object *o = sd_object_new(p->arena, SD_TRIGGER, name, relation);
	struct sd_trigger *trigger = (struct sd_trigger *)o;

	if (!begin(p, o, sql) || !parse_trigger(p, trigger)) {
		trigger->timing = trigger->when = NULL;
		trigger->events = trigger->of = (struct sd_names){ 0 };
		o->opaque = p->why;
	}
	sd_schema_add(p->schema, o);
	return trigger;
}
