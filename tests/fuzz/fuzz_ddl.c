/* The parser of stored DDL on any bytes: it never crashes, reads or loops beyond the text,
 * and its spans lie inside one another in the order of the text.
 *
 * The first byte says what the rest is taken for. */
#include "introspect/sqlite_ddl.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_span(struct sd_span span, size_t from, size_t to)
{
	require(span.off >= from && (size_t)span.off + span.len <= to);
}

static void
check_item(const struct sd_item *item, size_t from, size_t to)
{
	size_t at = item->span.off, end = at + item->span.len;

	check_span(item->span, from, to);
	require(item->span.len > 0);
	if (item->name.len) {
		check_span(item->name, at, end);
		at = item->name.off + item->name.len;
	}
	for (size_t i = 0; i < item->n_clauses; i++) {
		const struct sd_clause *clause = &item->clauses[i];

		check_span(clause->span, at, end);
		if (clause->label.len)
			check_span(clause->label, clause->span.off,
				clause->span.off + clause->span.len);
		at = clause->span.off + clause->span.len;
	}
}

static void
check_table(const struct sd_table *table, const char *sql)
{
	const struct sd_stored *ddl = table->ddl;
	size_t at;

	require(strcmp(table->rel.o.stored, sql) == 0);
	require(!ddl == !!table->rel.o.opaque);
	if (!ddl)
		return;
	check_span(ddl->name, 0, strlen(sql));
	check_span(ddl->body, ddl->name.off + ddl->name.len, strlen(sql));
	require(ddl->options.off + ddl->options.len == strlen(sql));
	at = ddl->body.off;
	for (size_t i = 0; i < ddl->n_items; i++) {
		check_item(&ddl->items[i], at, ddl->body.off + ddl->body.len);
		at = ddl->items[i].span.off + ddl->items[i].span.len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_schema *schema = sd_schema_new(arena, &sd_dialect_sqlite, 3040000);
	struct sd_table *t = sd_sqlite_parse_table(schema, "t", "CREATE TABLE t(a, b, c)");
	const char *sql = size ? sd_strndup(arena, (const char *)data + 1, size - 1) : "";

	switch (size ? data[0] % 4 : 0) {
	case 0:
		check_table(sd_sqlite_parse_table(schema, "t", sql), sql);
		break;
	case 1:
		require(sd_sqlite_parse_index(schema, t, "i", sql)->o.stored != NULL);
		break;
	case 2:
		require(sd_sqlite_parse_view(schema, "v", sql)->rel.o.stored != NULL);
		break;
	default:
		require(sd_sqlite_parse_trigger(schema, &t->rel.o, "r", sql)->o.stored != NULL);
	}
	sd_arena_free(arena);
	return 0;
}
