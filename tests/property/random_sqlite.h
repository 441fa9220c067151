/** Random schemas and rows for SQLite. */
#ifndef SD_TESTS_RANDOM_SQLITE_H
#define SD_TESTS_RANDOM_SQLITE_H

#include "core/base/buf.h"
#include "tests/property/random.h"

#define MAX_COLUMNS 12
#define MAX_TABLES 6

struct gen_column {
	char name[24], old_name[24]; /* old_name: renamed_from */
	int type;                    /* index into gen_types */
	bool not_null, unique, indexed, backfill, nocase;
	int deflt;     /* 0 none, 1 literal, 2 expression */
	int check;     /* 0 none, 1 named, 2 nameless */
	int generated; /* 0 no, 1 virtual, 2 stored */
};

struct gen_table {
	char name[24], old_name[24];
	struct gen_column columns[MAX_COLUMNS]; /* [0] is the key */
	int n;
	int key; /* 0 rowid alias, 1 autoincrement, 2 text key, 3 none,
		  * 4 composite, without rowid */
	bool strict, descending, partial, expression, trigger, far_trigger;
	int parent, on_delete; /* index of the table that it refers to, or -1 */
	bool deferred;
};

struct gen_schema {
	struct gen_table tables[MAX_TABLES];
	int n;
	int views; /* bits: a view over table i */
	bool view_on_view;
	unsigned names; /* how many names were given out */
};

/** A random schema. */
void gen_schema(struct rng *rng, struct gen_schema *schema);

/** Change it in a few random ways. */
void gen_mutate(struct rng *rng, struct gen_schema *schema);

/** Its schema file. */
void gen_write(const struct gen_schema *schema, struct sd_buf *out);

/** INSERT statements that satisfy it. */
void gen_rows(struct rng *rng, const struct gen_schema *schema, struct sd_buf *out);

#endif
