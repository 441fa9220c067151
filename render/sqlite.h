/** What the files of SQLite's renderer share. */
#ifndef SD_RENDER_SQLITE_H
#define SD_RENDER_SQLITE_H

#include "core/sql/canon.h"
#include "render/render.h"

/** A name, quoted where it must be. */
const char *sd_sqlite_name(struct sd_arena *arena, const char *name);

/** `a, b` of names. */
const char *sd_sqlite_names(struct sd_arena *arena, const struct sd_names *names);

/** A default as it stands behind DEFAULT: in parentheses unless it is a literal. */
const char *sd_sqlite_default(struct sd_arena *arena, const char *expression);

/** @expression is a constant that ADD COLUMN accepts on a table with rows
 *  (https://www.sqlite.org/lang_altertable.html: not CURRENT_*, no parentheses). */
bool sd_sqlite_is_literal(const char *expression);

/** Clauses of a column definition, each with a space before it. */
void sd_sqlite_not_null(struct sd_buf *out, const struct sd_column *column);
void sd_sqlite_generated(struct sd_buf *out, const struct sd_column *column);

/** ` [CONSTRAINT name] PRIMARY KEY …` as it stands in the definition of the rowid's @column. */
void sd_sqlite_inline_pk(
	struct sd_buf *out, const struct sd_key *key, const struct sd_column *column);

/** A column definition; with @inline_key its table's primary key stands in it. */
const char *sd_sqlite_column(struct sd_arena *arena, const struct sd_column *column,
	const struct sd_key *inline_key);

/** `[CONSTRAINT name] …` of a primary key, unique, check or foreign key. */
const char *sd_sqlite_constraint(struct sd_arena *arena, const struct sd_object *object);

/** The foreign key's clause from REFERENCES on. */
const char *sd_sqlite_references(struct sd_arena *arena, const struct sd_foreign_key *fk);

/** The primary key when it must stand in its column's definition (the rowid), or NULL. */
const struct sd_key *sd_sqlite_inline_key(const struct sd_table *table);

/** What stands behind the closing parenthesis: " STRICT, WITHOUT ROWID", or "". */
const char *sd_sqlite_options(struct sd_arena *arena, const struct sd_table *table);

/** CREATE TABLE of @table under @name: its stored text where that holds, the edited text of
 *  its twin, or text from the model.  @renames: those of the diff. */
const char *sd_sqlite_table(struct sd_arena *arena, const struct sd_table *table,
	const char *name, const struct sd_renames *renames);

/** The stored CREATE TABLE of @from under @name, edited clause by clause into @into. */
const char *sd_sqlite_edit(struct sd_arena *arena, const struct sd_table *from,
	const struct sd_table *into, const char *name, const struct sd_renames *renames);

/** @sql, a CREATE TABLE under another name, with `table.column` made `column`: the qualifier
 *  would not resolve while the copy bears another name. */
const char *sd_sqlite_unqualified(struct sd_arena *arena, const char *sql, const char *table);

/** The statement that creates an index, view or trigger. */
const char *sd_sqlite_create(struct sd_arena *arena, const struct sd_object *object);

/** A foreign key or check that is new together with @column and speaks of it alone: it stands
 *  in the column's definition, so that ADD and DROP COLUMN can carry it. */
bool sd_sqlite_goes_inline(struct sd_arena *arena, const struct sd_column *column,
	const struct sd_object *constraint);

/** The constraints of @table that go inline with @column, each with a space before it; what
 *  was written is appended to @written (may be NULL). */
void sd_sqlite_inline_constraints(
	const struct sd_column *column, struct sd_buf *out, struct sd_list *written);

/** The check @expression mentions no other column of @table than @column. */
bool sd_sqlite_speaks_of_one(struct sd_arena *arena, const struct sd_object *table,
	const struct sd_object *column, const char *expression);

/** sd_strategy.rebuilds of SQLite. */
bool sd_sqlite_rebuilds(const struct sd_diff *diff, int target, const struct sd_object *from,
	const struct sd_changes *members);

/** A part being written. */
struct sd_sqlite_part {
	const struct sd_plan *plan;
	struct sd_arena *arena;
	struct sd_buf *out;
	const struct sd_dialect *dialect;
};

/** A step that ALTER TABLE can do. */
void sd_sqlite_native(struct sd_sqlite_part *part, const struct sd_change *change);

/** The rebuild of a table. */
void sd_sqlite_rebuild(struct sd_sqlite_part *part, const struct sd_change *change);

/** Append a statement and its semicolon; a blank line is not added. */
void sd_sqlite_stmt(struct sd_sqlite_part *part, const char *format, ...) SD_PRINTF(2, 3);

/** Append `-- ` and a text on one line, whatever line ends a name in it may hold. */
void sd_sqlite_comment(struct sd_sqlite_part *part, const char *format, ...) SD_PRINTF(2, 3);

/** sqlite_enum.c: what the copy puts where @name, the quoted name of @column of the table before,
 *  holds values of an enum that were renamed; @name itself when none were. */
const char *sd_sqlite_renamed_values(struct sd_sqlite_part *part, const struct sd_change *rebuild,
	const struct sd_object *column, const char *name);
/** Guards against rows with values that their enum loses. */
void sd_sqlite_guard_values(struct sd_sqlite_part *part, const struct sd_change *rebuild);

/** Append the guard directive `expect-none` and its query. */
void sd_sqlite_guard(struct sd_sqlite_part *part, const char *message, const char *query);

/** A value of a type's own kind for rows that have none ("values are invented"). */
const char *sd_sqlite_zero(const struct sd_column *column);

/** Name for the copy while it is built. */
const char *sd_sqlite_copy_name(struct sd_arena *arena, const char *table);

/** What fills NULLs of @column: its backfill, its default, or an invented value; or NULL. */
const char *sd_sqlite_fill(
	const struct sd_plan *plan, struct sd_arena *arena, const struct sd_column *column);

/** Statistics of ANALYZE, which DROP TABLE throws away, are put aside in front of the rebuilds
 *  and put back behind them, where the database has any. */
void sd_sqlite_save_statistics(struct sd_sqlite_part *part);
void sd_sqlite_restore_statistics(struct sd_sqlite_part *part);

/** Foreign keys are watched over the whole part: the snapshot in front, the check behind. */
void sd_sqlite_watch_keys(struct sd_sqlite_part *part);
void sd_sqlite_check_keys(struct sd_sqlite_part *part);

/** sd_renderer.probe of SQLite. */
const char *sd_sqlite_probe(const struct sd_object *object, struct sd_arena *arena);

/** Views and triggers that speak of what was changed are compiled once, behind the steps. */
void sd_sqlite_check_dependents(struct sd_sqlite_part *part);

#endif
