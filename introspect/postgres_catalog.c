/* Oids, cells, names, and the small catalogs that only lend their names. */
#include "introspect/postgres.h"

#include "core/base/text.h"
#include "core/sql/canon.h"

#include <stdlib.h>
#include <string.h>

/* ---- oids: open addressing, as rows come by the ten thousand ------------------------- */

static struct sd_oid_slot *
oid_slot(const struct sd_oid_map *map, uint32_t oid)
{
	size_t i = (oid * UINT32_C(2654435761)) & (map->cap - 1);

	while (map->at[i].oid && map->at[i].oid != oid)
		i = (i + 1) & (map->cap - 1);
	return &map->at[i];
}

static void
oid_grow(struct sd_oid_map *map, struct sd_arena *arena)
{
	struct sd_oid_map larger = { .cap = map->cap ? map->cap * 2 : 64, .n = map->n };

	larger.at = sd_new_array(arena, larger.cap, struct sd_oid_slot);
	for (size_t i = 0; i < map->cap; i++)
		if (map->at[i].oid)
			*oid_slot(&larger, map->at[i].oid) = map->at[i];
	*map = larger;
}

void
sd_oid_put(struct sd_oid_map *map, uint32_t oid, void *value, struct sd_arena *arena)
{
	struct sd_oid_slot *slot;

	if (!oid)
		return;
	if (2 * (map->n + 1) > map->cap)
		oid_grow(map, arena);
	slot = oid_slot(map, oid);
	map->n += !slot->oid;
	*slot = (struct sd_oid_slot){ oid, value };
}

void *
sd_oid_get(const struct sd_oid_map *map, uint32_t oid)
{
	return oid && map->cap ? oid_slot(map, oid)->value : NULL;
}

/* ---- cells -------------------------------------------------------------------------- */

const char *
sd_pgi_cell(struct sd_rows *rows, size_t i)
{
	const char *text = sd_rows_text(rows, i);

	return text ? text : "";
}

uint32_t
sd_pgi_oid(struct sd_rows *rows, size_t i)
{
	uint32_t oid = 0;

	for (const char *at = sd_pgi_cell(rows, i); *at >= '0' && *at <= '9'; at++)
		oid = oid * 10 + (uint32_t)(*at - '0');
	return oid;
}

long
sd_pgi_number(struct sd_rows *rows, size_t i)
{
	return strtol(sd_pgi_cell(rows, i), NULL, 10);
}

bool
sd_pgi_true(struct sd_rows *rows, size_t i)
{
	return sd_pgi_cell(rows, i)[0] == 't';
}

struct sd_pgi_vector
sd_pgi_numbers(struct sd_rows *rows, size_t i)
{
	const char *at = sd_pgi_cell(rows, i);
	struct sd_pgi_vector vector = { 0 };

	at += strspn(at, "{");
	while (*at && *at != '}' && vector.n < SD_PGI_KEYS) {
		char *end;

		vector.at[vector.n++] = strtol(at, &end, 10);
		if (end == at)
			break;
		at = end + strspn(end, ", ");
	}
	return vector;
}

/* One element of an array's text at @at to @out; behind it.  An element is quoted where it
 * has a character that means something, and \ stands before " and \ then. */
static const char *
take_element(const char *at, struct sd_buf *out)
{
	bool quoted = *at == '"';

	for (at += quoted; *at && (quoted ? *at != '"' : *at != ',' && *at != '}'); at++) {
		if (*at == '\\' && at[1])
			at++;
		sd_buf_addc(out, *at);
	}
	return at + (quoted && *at == '"');
}

void
sd_pgi_texts(struct sd_pgi *r, struct sd_rows *rows, size_t i, struct sd_names *names)
{
	const char *at = sd_pgi_cell(rows, i);
	struct sd_buf element = SD_BUF(r->scratch);

	if (*at != '{' || at[1] == '}')
		return;
	do {
		sd_buf_cut(&element, 0);
		at = take_element(at + 1, &element);
		*sd_push(r->arena, names) = sd_pgi_text(r, sd_buf_text(&element));
	} while (*at == ',');
}

const char *
sd_pgi_text(struct sd_pgi *r, const char *text)
{
	const char **slot, *copy;

	if (!text)
		return NULL;
	copy = sd_map_get(&r->texts, text);
	if (copy)
		return copy;
	copy = sd_strdup(r->arena, text);
	slot = (const char **)sd_map_at(&r->texts, copy, r->scratch);
	return *slot = copy;
}

const char *
sd_pgi_expression(struct sd_pgi *r, const char *text)
{
	if (text && *text == '(')
		text = sd_sql_unwrap(r->schema->dialect, r->scratch, text);
	return sd_pgi_text(r, text);
}

/* ---- namespaces --------------------------------------------------------------------- */

static bool
is_system(const char *name)
{
	return sd_text_starts(name, "pg_") || strcmp(name, "information_schema") == 0;
}

static bool
is_listed(const struct sd_names *globs, const char *name)
{
	for (size_t i = 0; globs && i < globs->n; i++)
		if (sd_text_glob(globs->at[i], name))
			return true;
	return false;
}

/* oid, name, is the default one, is on the search_path */
void
sd_pgi_take_namespace(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_namespace *ns = sd_new(r->scratch, struct sd_pgi_namespace);
	bool is_default = sd_pgi_true(rows, 2);

	ns->name = sd_pgi_text(r, sd_pgi_cell(rows, 1));
	ns->ns = is_default ? NULL : ns->name;
	ns->is_visible = sd_pgi_true(rows, 3);
	ns->is_managed = is_default ||
			 (!is_system(ns->name) && is_listed(r->options->namespaces, ns->name));
	r->has_default_ns |= is_default;
	sd_oid_put(&r->namespaces, sd_pgi_oid(rows, 0), ns, r->scratch);
}

/* One that was made after the snapshot of the others: nothing of it is ours. */
static const struct sd_pgi_namespace unknown = { .name = "?", .ns = "?" };

const struct sd_pgi_namespace *
sd_pgi_namespace(const struct sd_pgi *r, uint32_t oid)
{
	const struct sd_pgi_namespace *ns = sd_oid_get(&r->namespaces, oid);

	return ns ? ns : &unknown;
}

const char *
sd_pgi_qualified(
	struct sd_pgi *r, const struct sd_pgi_namespace *ns, const char *name, bool is_visible)
{
	const struct sd_dialect *dialect = r->schema->dialect;
	const char *quoted = sd_quote_name(dialect, r->scratch, name);

	if (is_visible)
		return sd_pgi_text(r, quoted);
	return sd_pgi_text(r, sd_fmt(r->scratch, "%s.%s",
				      sd_quote_name(dialect, r->scratch, ns->name), quoted));
}

static bool
is_wanted(const struct sd_pgi *r, const char *name)
{
	return r->options->wanted && sd_names_find(r->options->wanted, name) >= 0;
}

bool
sd_pgi_is_left_out(const struct sd_pgi *r, const char *name)
{
	const char *prefix = r->options->bookkeeping_prefix;

	if (prefix && *prefix && sd_text_starts(name, prefix))
		return true;
	return sd_is_foreign_bookkeeping(name) && !is_wanted(r, name);
}

/* ---- what only lends its name ------------------------------------------------------- */

/* catalog, oid, name, namespace */
void
sd_pgi_take_name(struct sd_pgi *r, struct sd_rows *rows)
{
	char catalog = sd_pgi_cell(rows, 0)[0];
	const char *name = sd_pgi_cell(rows, 2);
	const struct sd_pgi_namespace *ns = sd_pgi_namespace(r, sd_pgi_oid(rows, 3));
	struct sd_oid_map *map = catalog == 'm'   ? &r->methods
				 : catalog == 't' ? &r->tablespaces
						  : &r->collations;

	if (catalog == 'c' && !ns->is_visible)
		name = sd_fmt(r->scratch, "%s.%s", ns->name, name);
	sd_oid_put(
		map, sd_pgi_oid(rows, 1), (void *)(uintptr_t)sd_pgi_text(r, name), r->scratch);
}

/* oid, name, namespace, method, type, is the default one */
void
sd_pgi_take_opclass(struct sd_pgi *r, struct sd_rows *rows)
{
	struct sd_pgi_opclass *opclass = sd_new(r->scratch, struct sd_pgi_opclass);
	const struct sd_pgi_namespace *ns = sd_pgi_namespace(r, sd_pgi_oid(rows, 2));

	opclass->name = sd_pgi_qualified(r, ns, sd_pgi_cell(rows, 1), ns->is_visible);
	opclass->method = sd_pgi_oid(rows, 3);
	opclass->type = sd_pgi_oid(rows, 4);
	opclass->is_default = sd_pgi_true(rows, 5);
	sd_oid_put(&r->opclasses, sd_pgi_oid(rows, 0), opclass, r->scratch);
	*sd_push(r->scratch, &r->opclass_list) = opclass;
}

/* is of pg_class (else pg_type), oid */
void
sd_pgi_take_member(struct sd_pgi *r, struct sd_rows *rows)
{
	sd_oid_put(sd_pgi_true(rows, 0) ? &r->member_relations : &r->member_types,
		sd_pgi_oid(rows, 1), r, r->scratch);
}
