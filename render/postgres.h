/** What the files of PostgreSQL's renderer share.
 *
 *  A part is written statement by statement; before each one sd_pg_scope() is told what it
 *  locks and whether it may run inside a transaction, and writes the directives that follow
 *  from it: one strong lock on one existing table in each transaction, CONCURRENTLY and
 *  batches outside of any. */
#ifndef SD_RENDER_POSTGRES_H
#define SD_RENDER_POSTGRES_H

#include "core/sql/canon.h"
#include "render/render.h"

/** How a statement runs. */
enum sd_pg_scope {
	SD_PG_JOIN,    /* in the open transaction, where locks allow */
	SD_PG_FRESH,   /* first in a transaction */
	SD_PG_ALONE,   /* in a transaction that has nothing else */
	SD_PG_OUTSIDE, /* in none */
	SD_PG_BATCH,   /* in rounds, each in one of its own */
};

/** The lock that a statement takes on the table
 *  (https://www.postgresql.org/docs/current/explicit-locking.html). */
enum sd_pg_lock {
	SD_PG_NO_LOCK,
	SD_PG_SHARE_UPDATE_EXCLUSIVE,
	SD_PG_SHARE_ROW_EXCLUSIVE,
	SD_PG_SHARE,
	SD_PG_ACCESS_EXCLUSIVE,
};

/** What it does to the table while it holds the lock. */
enum sd_pg_effect { SD_PG_INSTANT, SD_PG_SCANS, SD_PG_REWRITES };

/** A statement for the end of a part, and what it does to @table (or NULL). */
struct sd_pg_late {
	const struct sd_object *table;
	const char *text;
	enum sd_pg_lock lock;
	enum sd_pg_effect effect;
};

struct sd_pg_part {
	const struct sd_plan *plan;
	struct sd_arena *arena;
	struct sd_buf *out;
	bool online;
	bool begun;                     /* a statement was written */
	bool outside;                   /* behind `no-transaction`, or a batch */
	bool full;                      /* the open transaction takes nothing more in */
	const struct sd_object *locked; /* the existing table that it has locked, or NULL */
	const char *said;               /* the last comment on a lock in it, or NULL */
	const char *called;             /* what a table is called before its rename, or NULL */
	SD_VEC(struct sd_pg_late) late; /* statements for the end, when all objects are there */
	const struct sd_object *rewritten; /* the table that the last statement rewrites … */
	size_t rewrite_end;                /* … which ends there in the text */
};

/* ---- postgres.c: writing ------------------------------------------------------------- */

/** Prepare for a statement on @table (NULL: none): directives, then a comment on the lock when
 *  the table exists already. */
void sd_pg_begin(struct sd_pg_part *part, enum sd_pg_scope scope, const struct sd_object *table,
	enum sd_pg_lock lock, enum sd_pg_effect effect);

/** The same for a foreign key, which locks the table @other that it refers to as well. */
void sd_pg_begin_both(struct sd_pg_part *part, enum sd_pg_scope scope,
	const struct sd_object *table, const struct sd_object *other, enum sd_pg_lock lock,
	enum sd_pg_effect effect);

/** The statement that was begun locks @other, too, if it exists; nothing more joins it. */
void sd_pg_also_locks(struct sd_pg_part *part, const struct sd_object *other,
	enum sd_pg_lock lock, enum sd_pg_effect effect);

/** A statement, without its semicolon. */
void sd_pg_stmt(struct sd_pg_part *part, const char *format, ...) SD_PRINTF(2, 3);

/** One in the open transaction that takes an ACCESS EXCLUSIVE lock on @table for an instant:
 *  `ALTER TABLE table …`. */
void sd_pg_alter(struct sd_pg_part *part, const struct sd_object *table, const char *format,
	...) SD_PRINTF(3, 4);

/** A statement for the end of the part that takes @lock on @table (or NULL) for an instant. */
void sd_pg_later(struct sd_pg_part *part, const struct sd_object *table, enum sd_pg_lock lock,
	const char *format, ...) SD_PRINTF(4, 5);

/** A comment on one line. */
void sd_pg_comment(struct sd_pg_part *part, const char *format, ...) SD_PRINTF(2, 3);

/** A query that must return no row; @message says what it means when it does. */
void sd_pg_guard(struct sd_pg_part *part, const char *message, const char *query);

/** Fill column @column of the existing @table with @value where it is NULL: in batches along
 *  the primary key when the part is online. */
void sd_pg_fill(struct sd_pg_part *part, const struct sd_object *table,
	const struct sd_column *column, const char *value);

/** @table is there before the script runs. */
bool sd_pg_exists(const struct sd_object *table);

/** The scripts may be written for what has @cap. */
bool sd_pg_can(const struct sd_pg_part *part, enum sd_cap cap);

/** Change @change alters the field called @key (in @group, or NULL). */
bool sd_pg_alters(const struct sd_change *change, const char *group, const char *key);

/** No other field than those of @keys (NULL at the end) is altered, nor the name. */
bool sd_pg_alters_only(const struct sd_change *change, const char *const *keys);

/* ---- postgres_ddl.c: definitions ------------------------------------------------------- */

const char *sd_pg_name(struct sd_arena *arena, const char *name);
const char *sd_pg_names(struct sd_arena *arena, const struct sd_names *names);

/** The name of a table, enum or sequence, or of an index in its table's namespace, with its
 *  namespace unless that is the connection's. */
const char *sd_pg_path(struct sd_arena *arena, const struct sd_object *object);

/** @name, a little longer, for what stands in while the real one is taken. */
const char *sd_pg_spare(struct sd_arena *arena, const char *name);

/** `name type …` with all its clauses; @not_null says whether NOT NULL is one, @deflt the
 *  default (NULL: none). */
const char *sd_pg_column(struct sd_arena *arena, const struct sd_column *column, bool not_null,
	const char *deflt);

/** NOT NULL is a clause of @column: it is more than what its identity or serial implies. */
bool sd_pg_says_not_null(struct sd_arena *arena, const struct sd_column *column);

/** ` (INCREMENT BY 5 …)`, or "". */
const char *sd_pg_sequence_options(
	struct sd_arena *arena, const struct sd_sequence_options *options);

/** `CONSTRAINT name …` of a primary key, unique, check, exclusion or foreign key, called
 *  @name; NOT VALID is left to the caller. */
const char *sd_pg_constraint(
	struct sd_arena *arena, const struct sd_object *object, const char *name);

/** ` DEFERRABLE INITIALLY …`, or "". */
const char *sd_pg_deferrable(struct sd_arena *arena, const char *deferrable);

/** CREATE INDEX of @index under @name. */
const char *sd_pg_index(struct sd_arena *arena, const struct sd_index *index, const char *name,
	bool concurrently);

/** CREATE UNIQUE INDEX CONCURRENTLY @name, for @key to be made from. */
const char *sd_pg_key_index(
	struct sd_arena *arena, const struct sd_key *key, const char *name);

/** ` WITH (…)` of @options and a fillfactor (NULL: none), or "". */
const char *sd_pg_with(
	struct sd_arena *arena, const struct sd_names *options, const char *fillfactor);

/** CREATE TABLE with its constraints; foreign keys with SD_OBJ_LATE are left out. */
const char *sd_pg_table(struct sd_arena *arena, const struct sd_table *table);

/** The statements behind CREATE of @object, and of the columns and constraints of a table: its
 *  comments, and what CREATE TABLE can't say. */
void sd_pg_trimmings(struct sd_pg_part *part, struct sd_object *object);

/** ALTER @word @object SET and RESET of storage parameters. */
void sd_pg_set_options(struct sd_pg_part *part, const char *word,
	const struct sd_object *object, const struct sd_names *from,
	const struct sd_names *into);

/** The direction of the numbers changes, and with it the bounds that nobody has set. */
bool sd_pg_turns(const struct sd_sequence_options *from, const struct sd_sequence_options *into);

/** No number lies within the bounds of both: a sequence can't go on. */
bool sd_pg_leaps(const struct sd_sequence_options *from, const struct sd_sequence_options *into);

/** The first number that a sequence with @options gives. */
const char *sd_pg_start(const struct sd_sequence_options *options);

/** Bring @sequence (an expression of type regclass) within the bounds that it is going to have,
 *  where it may be outside of them. */
void sd_pg_into_bounds(struct sd_pg_part *part, const char *sequence,
	const struct sd_sequence_options *from, const struct sd_sequence_options *into);

/** REPLICA IDENTITY of @table, and what CLUSTER orders it by, at the end of the part: they may
 *  name an index. */
void sd_pg_replica_identity(struct sd_pg_part *part, const struct sd_table *table);
void sd_pg_cluster(struct sd_pg_part *part, const struct sd_table *table);

/** COMMENT ON @object; ON the INDEX of constraint @object. */
void sd_pg_comment_on(struct sd_pg_part *part, const struct sd_object *object);
void sd_pg_comment_on_index(struct sd_pg_part *part, const struct sd_object *object);

/* ---- postgres_type.c: types ------------------------------------------------------------ */

/** What a change of type does. */
struct sd_pg_conversion {
	bool rewrites;      /* the table, or at least its indexes */
	bool scans;         /* it does not rewrite, and yet rows are looked at */
	bool needs_using;   /* there is no assignment cast, or an explicit one is no worse */
	bool via_text;      /* only text leads from the one to the other */
	bool wraps;         /* into an array of what it was */
	bool impossible;    /* nothing leads there */
	bool rounds;        /* values may lose digits or spaces in silence: guard */
	bool other_name;    /* more than the modifiers change */
	bool other_family;  /* defaults, checks, indexes may not follow by themselves */
};

/** From type @from to @into, as columns have them. */
struct sd_pg_conversion sd_pg_conversion(
	struct sd_arena *arena, const char *from, const char *into);

/** The integer type of serial type @type ("bigserial" → "bigint"), or NULL. */
const char *sd_pg_serial(struct sd_arena *arena, const char *type);

/** @type is built in, or one of the schema's enums: no domain, whose checks rewrite a table. */
bool sd_pg_is_known(const struct sd_plan *plan, const char *type);

/** The value that stands for "nothing" in @type ("0", "''", …), NULL when none is known. */
const char *sd_pg_zero(const struct sd_plan *plan, const char *type);

/** @expression is the same for all rows and needs no rewrite behind ADD COLUMN … DEFAULT: a
 *  literal, or built of functions that are not volatile. */
bool sd_pg_is_stable(const char *expression);

/** The same, and it mentions no column of @table. */
bool sd_pg_is_constant(
	struct sd_arena *arena, const struct sd_object *table, const char *expression);

/* ---- one function for each kind of step ------------------------------------------------ */

/** postgres_column.c */
void sd_pg_add_column(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_column(struct sd_pg_part *part, const struct sd_change *change);

/** postgres_part.c: constraints and indexes */
void sd_pg_add_constraint(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_constraint(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_drop_constraint(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_add_index(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_index(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_drop_index(struct sd_pg_part *part, const struct sd_change *change);

/** postgres_other.c: enums, sequences, tables */
void sd_pg_add_enum(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_enum(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_add_sequence(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_sequence(struct sd_pg_part *part, const struct sd_change *change);
void sd_pg_alter_table(struct sd_pg_part *part, const struct sd_change *change);

#endif
