/** Random schemas for PostgreSQL: what each field of sd_kinds can hold there, and rows.
 *
 *  Objects refer to each other by number, so that a rename is one new name; random_pg_fit.c
 *  throws out what no longer fits after a change. */
#ifndef SD_TESTS_RANDOM_PG_H
#define SD_TESTS_RANDOM_PG_H

#include "core/schema/model.h"
#include "tests/property/random.h"

#define PG_COLUMNS 12
#define PG_PARTS 10
#define PG_TABLES 5
#define PG_ENUMS 3
#define PG_VALUES 8
#define PG_SEQUENCES 3
#define PG_NAME 80

enum pg_flag {
	PG_EQ = 1 << 0,       /* has a btree operator class */
	PG_HASH = 1 << 1,     /* has one of hash */
	PG_DISTINCT = 1 << 2, /* values of different rows differ */
	PG_COLLATES = 1 << 3,
	PG_LONG = 1 << 4, /* values may be stored out of line */
	PG_GIST = 1 << 5,
	PG_GIN = 1 << 6,
	PG_BRIN = 1 << 7,
	PG_SPGIST = 1 << 8,
	PG_RANGE = 1 << 9, /* && excludes */
	PG_SERIAL = 1 << 10,
	PG_WHOLE = 1 << 11, /* smallint, integer, bigint */
	/** A foreign key of it can't be added to a table that exists: the server's own query that
	 *  checks the rows fails ("cannot determine element type of anyarray"). */
	PG_REFERS_NOT = 1 << 12,
};

/** Types whose values convert into each other. */
enum pg_family { PG_NUMBER, PG_TEXT, PG_DATE, PG_TIME, PG_JSON, PG_BITS, PG_ALONE };

struct pg_type {
	const char *name;
	enum pg_family family;
	unsigned flags;
	const char *value;                         /* of row # */
	const char *literal, *expression, *filler; /* defaults, backfill */
	const char *conditions[3];                 /* that every row's value ($) satisfies */
	const char *derived, *derived_type;        /* what a generated column makes of $ */
	const char *key;                           /* expression of an index */
};

extern const struct pg_type pg_types[];
extern const unsigned pg_n_types;

/** The row of pg_types that stands for a column of an enum, or of an array of it. */
#define PG_ENUM 0u
#define PG_ENUM_ARRAY 1u
#define PG_SMALLINT 2u
#define PG_TEXT_TYPE 13u
/** serial, bigserial, smallserial stand here. */
#define PG_SERIAL_TYPE 5u

struct pg_options {
	int start, increment, min, max, cache; /* 0 = not said */
	bool cycle;
};

struct pg_column {
	unsigned id, type, of; /* @of: an enum */
	char name[PG_NAME], old[PG_NAME];
	unsigned to_table, to; /* its values, and its type, are those of that column; or 0 */
	bool not_null, backfill, check, unique, index, using;
	unsigned deflt, sequence; /* 0 none, 1 literal, 2 expression, 3 nextval(@sequence) */
	unsigned identity;        /* 0 no, 1 always, 2 by default */
	struct pg_options options;
	unsigned source; /* generated from that column; or 0 */
	bool virtual;
	unsigned form; /* which condition, which expression */
	unsigned collation, storage, compression, statistics, comment;
	unsigned null_name; /* of its NOT NULL constraint: PostgreSQL 18 */
};

/** Keys, checks, exclusions, foreign keys, indexes. */
struct pg_part {
	enum sd_kind kind;
	unsigned id;
	char name[PG_NAME]; /* "" = the convention's */
	unsigned columns[3], n;
	unsigned include; /* a column, or 0 */
	unsigned form;    /* which condition */
	bool nulls_not_distinct, unique, not_valid, not_enforced, no_inherit, expression;
	bool opclass, desc, collate, where, set_columns, said;
	unsigned deferrable, nulls, method, with, comment;
	unsigned to_table, to; /* the key that a foreign key refers to */
	unsigned on_delete, on_update, match;
};

struct pg_table {
	unsigned id, rows;
	char name[PG_NAME], old[PG_NAME];
	struct pg_column columns[PG_COLUMNS];
	struct pg_part parts[PG_PARTS];
	unsigned n_columns, n_parts;
	bool unlogged;
	unsigned comment, fillfactor, with, heap, space,
		replica; /* @replica: 1 default, 2 full,
			  * 3 nothing, else 4 + an index's id */
	unsigned cluster; /* 1 none, else 1 + the id of what has an index */
};

struct pg_value {
	char name[PG_NAME], old[PG_NAME];
};

struct pg_enum {
	unsigned id, comment, n;
	char name[PG_NAME], old[PG_NAME];
	struct pg_value values[PG_VALUES];
};

struct pg_sequence {
	unsigned id, type, comment;
	char name[PG_NAME], old[PG_NAME];
	struct pg_options options;
	unsigned owner_table, owner; /* 0 = none */
};

struct pg_schema {
	int version; /* of the server */
	struct pg_table tables[PG_TABLES];
	struct pg_enum enums[PG_ENUMS];
	struct pg_sequence sequences[PG_SEQUENCES];
	unsigned n_tables, n_enums, n_sequences;
	unsigned ids; /* how many were given out */
};

/** A random schema, and random changes of one. */
void pg_schema(struct rng *rng, int version, struct pg_schema *schema);
void pg_mutate(struct rng *rng, struct pg_schema *schema);

/** A new name with @prefix. */
void pg_name(struct rng *rng, struct pg_schema *schema, const char *prefix, char *name);

void pg_random_options(struct rng *rng, struct pg_options *options);
void pg_random_column(struct rng *rng, struct pg_schema *schema, struct pg_column *column);
void pg_random_part(struct rng *rng, struct pg_schema *schema, struct pg_table *table);

/** Throw out of @schema what does not fit. */
void pg_fit(struct pg_schema *schema);

/** Drop a column, a part, a table, with what is nothing without it. */
void pg_drop_column(struct pg_schema *schema, struct pg_table *table, unsigned i);
void pg_drop_part(struct pg_table *table, unsigned i);
void pg_drop_table(struct pg_schema *schema, unsigned i);

struct pg_table *pg_table(struct pg_schema *schema, unsigned id);
struct pg_column *pg_column(struct pg_table *table, unsigned id);
struct pg_part *pg_part(struct pg_table *table, unsigned id);
struct pg_enum *pg_enum(struct pg_schema *schema, unsigned id);
struct pg_sequence *pg_sequence(struct pg_schema *schema, unsigned id);

/** The column that gives @column its type: itself, or the one that it refers to. */
struct pg_column *pg_typed(struct pg_schema *schema, struct pg_column *column);

/** The row of pg_types that @column is of, a serial one's that of its integer. */
const struct pg_type *pg_type_of(struct pg_schema *schema, struct pg_column *column);

/** Its type as SQL. */
const char *pg_type_text(
	struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena);

/** Of an SQL text of pg_types: @column's name for $, @row for #. */
const char *pg_text(struct sd_arena *arena, const char *text, const char *name, unsigned row);

/** Write the schema file. */
void pg_write(struct pg_schema *schema, struct sd_buf *out);

/** INSERT statements that satisfy it. */
void pg_rows(struct pg_schema *schema, struct sd_buf *out);

/** Queries of what must survive on the way from @from to @into. */
void pg_survivors(struct pg_schema *from, struct pg_schema *into, struct sd_arena *arena,
	struct sd_names *before, struct sd_names *after);

/** @column's default, or NULL; the expression that fills its rows. */
const char *pg_default(
	struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena);
const char *pg_filler(
	struct pg_schema *schema, struct pg_column *column, struct sd_arena *arena);

/** A condition that every row satisfies. */
const char *pg_condition(struct pg_schema *schema, struct pg_column *column, unsigned form,
	struct sd_arena *arena);

#endif
