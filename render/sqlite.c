/* SQLite's renderer: a plan's steps, one after the other. */
#include "render/sqlite.h"

#include "core/base/text.h"
#include "core/sql/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What must stand before the semicolon, so that no comment at the end of @text swallows it. */
static const char *
closing(const char *text)
{
	struct sd_tok tok, last = { 0 };
	struct sd_lex lex;

	sd_lex_init(&lex, sd_dialect_sqlite.lex, text, strlen(text));
	while ((tok = sd_lex_next(&lex)).kind != SD_TOK_END)
		if (tok.kind != SD_TOK_SPACE)
			last = tok;
	if (last.kind != SD_TOK_COMMENT)
		return "";
	if (text[last.off] == '-')
		return strchr(text + last.off, '\n') ? "" : "\n";
	return last.len >= 4 && strncmp(text + last.off + last.len - 2, "*/", 2) == 0 ? ""
										      : " */";
}

void
sd_sqlite_stmt(struct sd_sqlite_part *part, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = sd_vfmt(part->arena, format, args);
	va_end(args);
	sd_buf_add(part->out, text);
	sd_buf_addf(part->out, "%s;\n", closing(text));
}

void
sd_sqlite_comment(struct sd_sqlite_part *part, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = sd_vfmt(part->arena, format, args);
	va_end(args);
	for (char *p = text; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	sd_buf_addf(part->out, "-- %s\n", text);
}

void
sd_sqlite_guard(struct sd_sqlite_part *part, const char *message, const char *query)
{
	sd_sqlite_comment(part, "schemadiff:expect-none %s", message);
	sd_sqlite_stmt(part, "%s", query);
}

/* ---- steps ---------------------------------------------------------------------- */

static void
rename_step(struct sd_sqlite_part *part, const struct sd_change *change)
{
	const struct sd_object *from = change->from, *into = change->into;

	if (change->kind == SD_COLUMN)
		sd_sqlite_stmt(part, "ALTER TABLE %s RENAME COLUMN %s TO %s",
			sd_sqlite_name(part->arena, from->parent->name),
			sd_sqlite_name(part->arena, from->name),
			sd_sqlite_name(part->arena, into->name));
	else
		sd_sqlite_stmt(part, "ALTER TABLE %s RENAME TO %s",
			sd_sqlite_name(part->arena, from->name),
			sd_sqlite_name(part->arena, into->name));
}

static void
drop_step(struct sd_sqlite_part *part, const struct sd_change *change)
{
	static const char *const words[SD_KIND__MAX] = {
		[SD_INDEX] = "INDEX",
		[SD_TRIGGER] = "TRIGGER",
		[SD_VIEW] = "VIEW",
		[SD_TABLE] = "TABLE",
	};

	sd_sqlite_stmt(part, "DROP %s %s", words[change->kind],
		sd_sqlite_name(part->arena, change->from->name));
}

static void
add_step(struct sd_sqlite_part *part, const struct sd_change *change)
{
	if (change->kind == SD_TABLE)
		sd_sqlite_stmt(part, "%s",
			sd_sqlite_table(part->arena, (const struct sd_table *)change->into,
				change->into->name, &part->plan->diff->renames));
	else
		sd_sqlite_stmt(part, "%s", sd_sqlite_create(part->arena, change->into));
}

static bool
is_native(const struct sd_change *change)
{
	return change->kind < SD_INDEX;
}

static void
write_step(struct sd_sqlite_part *part, const struct sd_change *change)
{
	struct sd_names warnings = { 0 };
	size_t before = part->out->n;

	sd_change_warnings(part->plan, change, part->arena, &warnings);
	for (size_t i = 0; i < warnings.n; i++)
		sd_sqlite_comment(part, "warning: %s", warnings.at[i]);
	if (change->op == SD_OP_RENAME)
		rename_step(part, change);
	else if (change->op == SD_OP_REBUILD)
		sd_sqlite_rebuild(part, change);
	else if (is_native(change))
		sd_sqlite_native(part, change);
	else if (change->op == SD_OP_DROP)
		drop_step(part, change);
	else
		add_step(part, change);
	if (part->out->n > before)
		sd_buf_addc(part->out, '\n');
}

static bool
is_referenced(const struct sd_plan *plan, const struct sd_object *table)
{
	const struct sd_schema *schema = plan->diff->renamed;
	const struct sd_list *tables = &schema->objects[SD_TABLE];

	for (size_t i = 0; i < tables->n; i++) {
		const struct sd_list *keys = sd_parts_of(tables->at[i], SD_FOREIGN_KEY);

		for (size_t k = 0; tables->at[i] != table && k < keys->n; k++)
			if (sd_name_equal(schema->dialect,
				    ((const struct sd_foreign_key *)keys->at[k])->table,
				    table->name))
				return true;
	}
	return false;
}

/* Rows of other tables must not notice that a table is dropped, for good or for a while. */
static bool
needs_keys_off(const struct sd_plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct sd_change *change = plan->steps.at[i];

		if (change->op == SD_OP_REBUILD ||
			(change->op == SD_OP_DROP && change->kind == SD_TABLE &&
				is_referenced(plan, change->from)))
			return true;
	}
	return false;
}

static void
write_part(const struct sd_plan *plan, struct sd_arena *arena, struct sd_buf *out)
{
	struct sd_sqlite_part part = { plan, arena, out, plan->diff->into->dialect };
	bool keys_off = needs_keys_off(plan);
	size_t i = 0;

	if (plan->irreversible)
		sd_sqlite_comment(&part, "schemadiff:irreversible %s", plan->irreversible);
	if (keys_off)
		sd_buf_add(out, "-- schemadiff:foreign-keys off\n\n");
	for (; i < plan->steps.n && plan->steps.at[i]->op == SD_OP_RENAME; i++)
		write_step(&part, plan->steps.at[i]);
	if (keys_off)
		sd_sqlite_watch_keys(&part);
	sd_sqlite_save_statistics(&part);
	for (; i < plan->steps.n; i++)
		write_step(&part, plan->steps.at[i]);
	sd_sqlite_restore_statistics(&part);
	if (keys_off)
		sd_sqlite_check_keys(&part);
	sd_sqlite_check_dependents(&part);
}

const struct sd_renderer sd_renderer_sqlite = {
	.dialect = &sd_dialect_sqlite,
	.strategy = { .rebuilds = sd_sqlite_rebuilds },
	.part = write_part,
	.probe = sd_sqlite_probe,
};
