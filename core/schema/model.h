/** The model of a schema: one set of structs for what the files want (core/schema/load.h) and
 *  what a database has (introspect/).
 *
 *  Every object begins with struct sd_object.  A kind of object is described once, by the
 *  rows of sd_kinds: JSON loading, comparison, `inspect`, the words for a change, the
 *  published JSON Schema and the tests' random generator are loops over its fields. */
#ifndef SD_SCHEMA_MODEL_H
#define SD_SCHEMA_MODEL_H

#include "core/base/diag.h"
#include "core/base/map.h"
#include "core/base/vec.h"
#include "core/sql/dialect.h"

#include <stdbool.h>

/** Kinds of objects.  Parts of a relation come first, then what stands by itself; within
 *  both the order is the one in which things are created. */
enum sd_kind {
	SD_COLUMN,
	SD_PRIMARY_KEY,
	SD_UNIQUE,
	SD_CHECK,
	SD_EXCLUSION,
	SD_FOREIGN_KEY,
	SD_INDEX,
	SD_TRIGGER,
	SD_N_PARTS,
	SD_ENUM = SD_N_PARTS,
	SD_SEQUENCE,
	SD_TABLE,
	SD_VIEW,
	SD_KIND__MAX,
};

struct sd_object;
struct sd_stored;

struct sd_list {
	struct sd_object **at;
	uint32_t n, cap;
};

enum sd_object_flag {
	/** The file gave no name (array entry, shorthand) or the database has none (SQLite);
	 *  `name` is then NULL in the database's model, the convention's in the files'. */
	SD_OBJ_NAMELESS = 1 << 0,
	/** The name equals what the naming convention gives. */
	SD_OBJ_CONVENTIONAL = 1 << 1,
	/** `"managed": false`, excluded by a pattern, of a kind that is not managed, or of
	 *  another tool: carried along, never compared, never changed. */
	SD_OBJ_UNMANAGED = 1 << 2,
	/** Came from an enum's expansion: a CHECK that the files did not spell out. */
	SD_OBJ_IMPLIED = 1 << 3,
	/** A rename changed tokens of its text (diff/rename.c): `stored` is out of date. */
	SD_OBJ_RENAMED = 1 << 4,
	/** Differs from its twin (diff/compare.c, on the *into* side). */
	SD_OBJ_CHANGED = 1 << 5,
	/** A view or trigger of the database that does not compile there (cmd/work/probe.c). */
	SD_OBJ_BROKEN = 1 << 6,
	/** A constraint of a new table that is added behind it: what it refers to is not there
	 *  before, or it is NOT VALID, which CREATE TABLE can't say (diff/plan.c). */
	SD_OBJ_LATE = 1 << 7,
};

/** What every object begins with. */
struct sd_object {
	enum sd_kind kind;
	unsigned flags;           /* enum sd_object_flag */
	const char *ns;           /* namespace; NULL = the connection's default one */
	const char *name;         /* NULL only for unnamed constraints of a database */
	struct sd_object *parent; /* the table or view of a part, else NULL */
	struct sd_pos pos;        /* where a file defines it */
	struct sd_names renamed_from;
	/** The engine's own text of the object, whole, or NULL (files).  On SQLite the
	 *  statement as sqlite_schema has it; parts inside CREATE TABLE have none. */
	const char *stored;
	/** Why the model does not describe all of it, or NULL: such an object is never
	 *  rewritten from the model. */
	const char *opaque;
	/** Its counterpart in the other model of a comparison (diff/compare.h sets it). */
	struct sd_object *twin;
	/** What this is a renamed copy of (diff/rename.c), or NULL. */
	struct sd_object *origin;
};

/** A relation: what has parts.  @parts[SD_COLUMN] … @parts[SD_TRIGGER]. */
struct sd_relation {
	struct sd_object o;
	struct sd_list parts[SD_N_PARTS];
};

struct sd_table {
	struct sd_relation rel;
	const char *comment;
	bool strict, without_rowid; /* SQLite */
	bool unlogged;              /* PostgreSQL, and all that follows */
	const char *fillfactor, *tablespace;
	struct sd_names with;         /* other storage parameters: "name=value" */
	bool toastless; /* of a database: no values are long, "toast.…" parameters are not kept */
	const char *access_method;    /* NULL = the server's default */
	const char *replica_identity; /* NULL = default; "full", "nothing", "index NAME" */
	const char *cluster;          /* what CLUSTER orders it by: NULL = none; "index NAME" */
	/** A function or collation that it uses and the engine has not got (cmd/work/probe.c):
	 *  its application registers it.  NULL = none. */
	const char *alien;
	/** Spans of the stored CREATE TABLE (core/schema/stored.h); NULL from files. */
	const struct sd_stored *ddl;
};

struct sd_view {
	struct sd_relation rel;
	struct sd_names columns; /* explicit column names, may be empty */
	const char *definition;  /* the SELECT */
	const char *comment;
};

/** Options of a sequence, each NULL where it is what the engine takes anyway. */
struct sd_sequence_options {
	const char *start, *increment, *min, *max, *cache;
	bool cycle;
};

/** What few columns have; fields with SD_FIELD_RARE lie in it.  PostgreSQL. */
struct sd_column_rare {
	struct sd_sequence_options identity;
	const char *storage, *compression, *statistics;
	/** The sequence of an identity or serial column, in its table's namespace; NULL from
	 *  files: table_column_seq. */
	const char *sequence;
	/** PostgreSQL 18: the name of the NOT NULL constraint; NULL: sd_not_null_name(). */
	const char *not_null_name;
	/** PostgreSQL 18: the NOT NULL constraint is NOT VALID (a state: files can't say it). */
	bool not_null_unchecked;
};

struct sd_column {
	struct sd_object o;
	const char *type; /* as written; "" = none (SQLite) */
	bool not_null;
	bool null_said; /* "nullable": true was written */
	bool stored_generated;
	bool autoincrement;      /* SQLite */
	bool rowid_alias;        /* SQLite, derived: INTEGER PRIMARY KEY */
	bool numbers;            /* PostgreSQL, derived: identity or serial, never NULL */
	const char *identity;    /* NULL, "always", "by default" */
	const char *deflt;       /* expression, outer parentheses dropped, or NULL */
	const char *generated;   /* expression, or NULL */
	const char *collation;   /* NULL = the default */
	const char *on_conflict; /* SQLite, of NOT NULL: NULL = abort */
	const char *comment;
	const char *backfill, *convert; /* "backfill", "using": inputs of the planner */
	struct sd_column_rare *rare;    /* NULL = none of it; sd_column_rare() makes it */
};

/** A column or expression of a key or index. */
struct sd_part {
	const char *name;       /* column, or NULL */
	const char *expression; /* expression without outer parentheses, or NULL */
	const char *collation;  /* NULL = the column's */
	const char *opclass;    /* PostgreSQL */
	bool desc;
	const char *nulls;      /* "first", "last" where not the order's default */
	const char *op;         /* of an exclusion: its operator */
};

struct sd_parts {
	struct sd_part *at;
	uint32_t n, cap;
};

/** The index behind a key or exclusion, as far as it has a say of its own: PostgreSQL. */
struct sd_own_index {
	struct sd_names with; /* storage parameters, "name=value" */
	const char *tablespace;
	const char *comment;
};

/** Primary key or unique constraint. */
struct sd_key {
	struct sd_object o;
	struct sd_parts columns;
	struct sd_names include; /* PostgreSQL */
	bool nulls_not_distinct; /* PostgreSQL 15 */
	const char *deferrable;  /* NULL, "immediate", "deferred" */
	const char *on_conflict; /* SQLite; NULL = abort */
	struct sd_own_index index;
	const char *comment;
};

struct sd_enum;

struct sd_check {
	struct sd_object o;
	const char *expression;     /* without outer parentheses */
	bool no_inherit, not_valid; /* PostgreSQL */
	bool not_enforced;          /* PostgreSQL 18 */
	const char *comment;
	struct sd_column *column; /* SQLite: stands in this column's definition */
	const struct sd_enum *type; /* an enum that the engine has not got (SD_OBJ_IMPLIED) */
};

/** Exclusion constraint: PostgreSQL. */
struct sd_exclusion {
	struct sd_object o;
	struct sd_parts elements; /* each with its @op */
	const char *method;       /* NULL = btree */
	const char *where;        /* predicate without outer parentheses, or NULL */
	const char *deferrable;   /* NULL, "immediate", "deferred" */
	struct sd_own_index index;
	const char *comment;
};

struct sd_foreign_key {
	struct sd_object o;
	struct sd_names columns;
	const char *table_ns, *table;
	struct sd_names ref_columns;       /* empty: the primary key of @table */
	const char *on_delete, *on_update; /* NULL = no action; "cascade", "set null", … */
	const char *match;                 /* NULL = simple; "full", "partial" */
	const char *deferrable;            /* NULL, "immediate", "deferred" */
	struct sd_names set_columns;       /* PostgreSQL 15 */
	bool not_valid;                    /* PostgreSQL */
	bool not_enforced;                 /* PostgreSQL 18 */
	const char *comment;
};

struct sd_index {
	struct sd_object o;
	struct sd_parts columns;
	bool unique;
	const char *where;             /* predicate without outer parentheses, or NULL */
	const char *method;            /* NULL = btree */
	struct sd_names include;       /* PostgreSQL */
	bool nulls_not_distinct;       /* PostgreSQL 15 */
	struct sd_names with;          /* PostgreSQL: storage parameters, "name=value" */
	const char *tablespace;        /* PostgreSQL */
	/** PostgreSQL: what a CREATE INDEX CONCURRENTLY that failed left behind (a state: files
	 *  can't say it). */
	bool invalid;
	const char *comment;
};

struct sd_trigger {
	struct sd_object o;
	const char *timing;     /* "before", "after", "instead of" */
	struct sd_names events; /* "insert", "update", "delete"; SQLite: one */
	struct sd_names of;     /* columns of UPDATE OF */
	const char *for_each;   /* NULL = row */
	const char *when;       /* condition without outer parentheses, or NULL */
	const char *body;       /* SQLite: what stands between BEGIN and END */
	const char *comment;
};

struct sd_enum {
	struct sd_object o;
	struct sd_names values;
	struct sd_names values_from; /* of each value its earlier one, or NULL; may be empty */
	const char *comment;
};

/** A sequence that stands by itself: one that belongs to an identity or serial column is part
 *  of that. */
struct sd_sequence {
	struct sd_object o;
	const char *type; /* NULL = bigint */
	struct sd_sequence_options options;
	const char *owned_by; /* "table.column", or NULL */
	const char *comment;
};

/** Something of the database that the model does not describe and that hangs on what it does:
 *  a view, function, policy, grant, rule, publication, … */
struct sd_dependent {
	const char *title; /* "view billing.totals", "policy own_rows" */
	/** The table, enum or sequence that it hangs on, and of a table the column; NULL: the
	 *  table as a whole, which stands beside each row of a column. */
	struct sd_object *on;
	const char *column;
	bool blocks_type; /* the column's type can't change while it is there */
	bool goes_along;  /* the engine drops it silently with what it hangs on */
	bool refers;      /* a foreign key to the column: it needs a key over it */
};

/** A whole schema.  @objects holds what stands by itself, by kind (SD_TABLE, …), each list
 *  sorted by namespace and name. */
struct sd_schema {
	struct sd_arena *arena;
	const struct sd_dialect *dialect;
	int version; /* of the engine or `target`, as sd_dialect.since */
	struct sd_list objects[SD_KIND__MAX];
	/** Kinds that are managed whole: a file has their key, or `manage` lists them.
	 *  Tables and their constraints and indexes always are. */
	bool manages[SD_KIND__MAX];
	struct sd_map by_name; /* sd_object_key() → the object */
	/** What hangs on the objects without being modelled; introspection fills it. */
	SD_VEC(struct sd_dependent) dependents;
};

/* ---- the table of kinds ------------------------------------------------------------- */

/** How a field's value lies in memory, is read, written and compared; in brackets what a
 *  file may say.  Where it "may differ per dialect", an object { dialect: value } does too. */
enum sd_field_type {
	SD_F_TEXT,   /* const char *: plain text, compared exactly [string] */
	SD_F_SQL,    /* const char *: an expression or body; may differ per dialect [string;
		      * with SD_FIELD_LITERAL also number, boolean, null] */
	SD_F_TYPE,   /* const char *: a type; may differ per dialect [string] */
	SD_F_NAME,   /* const char *: an identifier (names fold where the dialect's do) [string
		      * that is not empty] */
	SD_F_WORD,   /* const char *: one of @words; @words[0] is the default, held as NULL
		      * when the field has SD_FIELD_DEFAULT_NULL [the word; with
		      * SD_FIELD_NO_FALSE also false] */
	SD_F_BOOL,   /* bool; @words, if any, are its texts for false and true [boolean] */
	SD_F_NOT,    /* bool that holds the opposite of what the file says ("nullable"); @words
		      * are the texts of what it holds [boolean] */
	SD_F_NAMES,  /* struct sd_names: identifiers [name, or list of at least one] */
	SD_F_WORDS,  /* struct sd_names, each one of @words [word, or list of at least one] */
	SD_F_PARTS,  /* struct sd_parts [column name, or list of at least one: name or { name or
		      * expression, order: asc, desc; nulls: first, last; collation, opclass }]
		      */
	SD_F_VALUES, /* struct sd_names: plain texts (enum values) [list of at least one: string
		      * or { value }] */
	SD_F_NUMBER, /* const char *: a number, kept as its text [number] */
	SD_F_OPTIONS, /* struct sd_names: "name=value", in any order [object of strings, numbers
		       * and booleans] */
};

enum sd_field_flag {
	SD_FIELD_INPUT = 1 << 0,  /* steers the planner; never compared nor inspected */
	SD_FIELD_TUNING = 1 << 1, /* absent = not compared */
	SD_FIELD_REQUIRED = 1 << 2,
	SD_FIELD_SHORT = 1 << 3,        /* the entry may be this field's value alone */
	SD_FIELD_DEFAULT_NULL = 1 << 4, /* SD_F_WORD: words[0] is held as NULL */
	SD_FIELD_NO_FALSE = 1 << 5,     /* SD_F_WORD: JSON false means NULL ("deferrable") */
	SD_FIELD_SCRIPT = 1 << 6,       /* SD_F_SQL: statements, each with its semicolon */
	SD_FIELD_QUERY = 1 << 7,        /* SD_F_SQL: a query, its parentheses stay */
	SD_FIELD_LITERAL = 1 << 8,      /* SD_F_SQL: a JSON number or boolean is allowed too */
	SD_FIELD_RARE = 1 << 9,         /* of a column: @offset is in struct sd_column_rare */
	SD_FIELD_STATE = 1 << 10,       /* of a database only: compared, never in a file */
	SD_FIELD_OPERATORS = 1 << 11,   /* SD_F_PARTS: each part has an operator, "with" */
	SD_FIELD_GROUP_SHORT = 1 << 12, /* its group may be this field's value alone */
};

struct sd_field {
	const char *key;   /* in JSON */
	const char *group; /* the key stands in this sub-object ("sqlite"), or NULL */
	const char *label; /* for people: "not null", "on delete" */
	enum sd_field_type type;
	size_t offset;     /* in the kind's struct */
	unsigned flags;    /* enum sd_field_flag */
	unsigned dialects; /* where it means something; elsewhere it is not compared */
	/** Of SD_F_WORD and SD_F_WORDS; texts of a bool; of other tuning its default alone. */
	const char *const *words;
	const char *doc; /* one sentence, for editors */
};

enum sd_kind_flag {
	SD_KIND_ARRAY = 1 << 0,    /* its section may be an array: entries without a name */
	SD_KIND_SINGLE = 1 << 1,   /* one per parent; its section is the entry (primary_key) */
	SD_KIND_OPTIONAL = 1 << 2, /* managed only when said (views, triggers, …) */
	SD_KIND_CONSTRAINT = 1 << 3,
};

struct sd_kind_desc {
	const char *word, *plural; /* "foreign key", "foreign keys" */
	const char *section;       /* JSON key that holds its entries: "foreign_keys" */
	const char *convention;    /* token of the naming convention ("fk"), or NULL */
	size_t size;               /* of its struct */
	unsigned flags;            /* enum sd_kind_flag */
	unsigned dialects;         /* that have it */
	const struct sd_field *fields;
	size_t n_fields;
	const char *doc;
};

extern const struct sd_kind_desc sd_kinds[SD_KIND__MAX];

/* ---- functions ---------------------------------------------------------------------- */

/** A new, empty schema in @arena. */
struct sd_schema *sd_schema_new(
	struct sd_arena *arena, const struct sd_dialect *dialect, int version);

/** A new object of @kind, zeroed but for kind, name and parent.  It is not yet in any list. */
struct sd_object *sd_object_new(
	struct sd_arena *arena, enum sd_kind kind, const char *name, struct sd_object *parent);

/** A shallow copy of @object with parent @parent; lists of parts are copied, and their
 *  members cloned too. */
struct sd_object *sd_object_clone(
	struct sd_arena *arena, const struct sd_object *object, struct sd_object *parent);

/** Append @object to its list: its parent's parts, or the schema's objects. */
void sd_schema_add(struct sd_schema *schema, struct sd_object *object);

/** Sort the lists of objects and rebuild by_name.  Columns keep their order; the other parts
 *  are sorted by name, unnamed ones last in the order of their definition. */
void sd_schema_finish(struct sd_schema *schema);

/** Rebuild by_name alone, without sorting. */
void sd_schema_index(struct sd_schema *schema);

/** Manage the kinds that @schema has objects of: what files that `inspect` wrote of it would
 *  say. */
void sd_schema_manage_present(struct sd_schema *schema);

/** The object of @kind called @name in @schema (names compared as the dialect does), or NULL.
 *  Only after sd_schema_finish(). */
struct sd_object *sd_schema_find(
	const struct sd_schema *schema, enum sd_kind kind, const char *ns, const char *name);
struct sd_table *sd_schema_table(
	const struct sd_schema *schema, const char *ns, const char *name);

/** The parts of @kind of a table or view. */
struct sd_list *sd_parts_of(struct sd_object *relation, enum sd_kind kind);

/** The part of @relation of @kind called @name, or NULL. */
struct sd_object *sd_part_find(const struct sd_dialect *dialect,
	const struct sd_object *relation, enum sd_kind kind, const char *name);
struct sd_column *sd_column_find(
	const struct sd_dialect *dialect, const struct sd_object *relation, const char *name);

/** Primary key of @table, or NULL. */
struct sd_key *sd_table_pk(const struct sd_table *table);

/** @column stands in the primary key of its table. */
bool sd_column_in_pk(const struct sd_dialect *dialect, const struct sd_column *column);

/** The column that @sequence belongs to, as @schema has it, or NULL: names may hold a dot. */
struct sd_column *sd_sequence_owner(
	const struct sd_schema *schema, const struct sd_sequence *sequence);

/** What the NOT NULL constraint of @column is called: as it says itself, or the name that
 *  PostgreSQL 18 gives, table_column_not_null, which a rename leaves as it was. */
const char *sd_not_null_name(struct sd_arena *arena, const struct sd_column *column);

/** Where the value of @field of @object lies.  To write a rare one, sd_column_rare() first. */
void *sd_field_place(const struct sd_object *object, const struct sd_field *field);
#define sd_field_at(object, field, type) ((type *)sd_field_place((object), (field)))
#define sd_field_get(object, field, type) (*(const type *)sd_field_place((object), (field)))

/** The rare part of @column, made when it is missing. */
struct sd_column_rare *sd_column_rare(struct sd_arena *arena, struct sd_column *column);

/** Both have the same value of @field, compared as @dialect does, by meaning where tokens
 *  tell it; false may still be equal (SD_F_SQL: ask the engine). */
bool sd_field_equal(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_field *field, const struct sd_object *a, const struct sd_object *b);

/** Both name the same operator class; spaces and quotes of its parameters don't count. */
bool sd_opclass_equal(const char *a, const char *b);

/** @object has no value for @field of its own: a file that could say it doesn't. */
bool sd_field_unset(const struct sd_field *field, const struct sd_object *object);

/** The value of @field in words ("varchar(50)", "not null", "(none)"). */
const char *sd_field_text(
	struct sd_arena *arena, const struct sd_field *field, const struct sd_object *object);

/** The field of @kind called @key, or NULL. */
const struct sd_field *sd_field_find(enum sd_kind kind, const char *key);

/** "column users.email", "index ix_a", "unnamed check of users" for messages. */
const char *sd_object_title(struct sd_arena *arena, const struct sd_object *object);

/** "users.email", "users", "billing.invoice": the address without the kind. */
const char *sd_object_path(struct sd_arena *arena, const struct sd_object *object);

#endif
