/** What the files of the PostgreSQL introspector share: postgres.c (one message, its answers),
 *  postgres_queries.c (the queries), postgres_catalog.c (oids, arrays, names, small catalogs),
 *  postgres_type.c, postgres_table.c (relations, columns, defaults), postgres_sequence.c
 *  (sequences, enums), postgres_constraint.c, postgres_index.c, postgres_depend.c (comments and
 *  what is not modelled). */
#ifndef SD_INTROSPECT_POSTGRES_H
#define SD_INTROSPECT_POSTGRES_H

#include "core/schema/load.h"
#include "introspect/introspect.h"

/* ---- oids --------------------------------------------------------------------------- */

struct sd_oid_slot {
	uint32_t oid; /* 0 = free */
	void *value;
};

/** From oids of one catalog to pointers; zero-initialise to start empty. */
struct sd_oid_map {
	struct sd_oid_slot *at;
	size_t n, cap;
};

void sd_oid_put(struct sd_oid_map *map, uint32_t oid, void *value, struct sd_arena *arena);
void *sd_oid_get(const struct sd_oid_map *map, uint32_t oid);

/* ---- what the catalogs say ---------------------------------------------------------- */

#define SD_PGI_KEYS 32 /* INDEX_MAX_KEYS */

struct sd_pgi_namespace {
	const char *name;
	const char *ns;  /* as in struct sd_object: NULL for the default one */
	bool is_managed; /* its objects are read */
	bool is_visible; /* on the search_path, or pg_catalog */
};

struct sd_pgi_relation;

struct sd_pgi_type {
	uint32_t oid;
	char kind; /* typtype */
	char storage;
	uint32_t collation;
	const char *name;            /* as SQL spells it, qualified if need be */
	uint32_t of;                 /* the relation whose row type it is, or 0 */
	struct sd_object *object;    /* the enum of the model, or NULL */
	struct sd_pgi_type *element; /* of an array */
	/* Spellings with a modifier, the latest first. */
	struct sd_pgi_spelling *spellings;
};

struct sd_pgi_opclass {
	const char *name;
	uint32_t method, type;
	bool is_default;
};

struct sd_pgi_attr {
	const char *name;
	struct sd_column *column; /* of a table that is in the model */
	uint32_t type, collation;
};

/** Row of pg_sequence. */
struct sd_pgi_sequence {
	struct sd_pgi_relation *relation, *owner;
	uint32_t owner_column;
	uint32_t type;
	struct sd_sequence_options options; /* NULL where the engine's default */
	bool is_identity;
};

/** Row of pg_class. */
struct sd_pgi_relation {
	uint32_t oid;
	char kind; /* relkind */
	const struct sd_pgi_namespace *ns;
	const char *name;
	struct sd_object *object;  /* of the model: table, sequence, index; NULL = none */
	struct sd_pgi_attr *attrs; /* attrs[attnum - 1]; of tables */
	uint32_t n_attrs;
	uint32_t toast;          /* the table with its long values */
	const char **parameters; /* of an index's operator classes, or NULL */
	struct sd_names with;    /* storage parameters */
	const char *tablespace, *method;
	struct sd_pgi_sequence *sequence;
	struct sd_names grants; /* roles, the owner left out */
	bool left_out;          /* an extension's, another tool's, this program's own */
};

struct sd_pgi_vector {
	size_t n;
	long at[SD_PGI_KEYS];
};

struct sd_pgi {
	struct sd_db *db;
	const struct sd_introspect_options *options;
	struct sd_schema *schema;
	struct sd_arena *arena, *scratch;
	struct sd_map texts; /* every text of the model once */
	bool has_default_ns;
	struct sd_oid_map namespaces, methods, tablespaces, collations, types, arrays;
	struct sd_oid_map relations, constraints, constraint_indexes;
	struct sd_oid_map member_relations, member_types; /* of extensions */
	struct sd_oid_map opclasses;
	SD_VEC(struct sd_pgi_opclass *) opclass_list;
	SD_VEC(struct sd_pgi_relation *) relation_list;
	SD_VEC(struct sd_pgi_sequence *) sequence_list;
	struct sd_map dependents; /* those that are there already */
	SD_VEC(struct sd_dependent *) dependent_list;
};

/* ---- the queries -------------------------------------------------------------------- */

struct sd_pgi_query {
	const char *name;
	const char *sql;
	void (*row)(struct sd_pgi *r, struct sd_rows *rows); /* for each row, or NULL */
	void (*done)(struct sd_pgi *r);                      /* behind the last, or NULL */
};

/** All queries in the order in which they are sent and answered. */
extern const struct sd_pgi_query sd_pgi_queries[];
extern const size_t sd_pgi_n_queries;

/** The text of @query for @version; @ours: what stands for {ours}. */
const char *sd_pgi_expand(struct sd_arena *arena, const struct sd_pgi_query *query, int version,
	const char *ours);

void sd_pgi_take_namespace(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_name(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_opclass(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_member(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_type(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_relation(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_parent(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_add_toast_options(struct sd_pgi *r);
void sd_pgi_take_column(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_add_columns(struct sd_pgi *r);
void sd_pgi_take_sequence(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_add_sequences(struct sd_pgi *r);
void sd_pgi_take_enum(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_constraint(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_not_null(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_index(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_comment(struct sd_pgi *r, struct sd_rows *rows);
void sd_pgi_take_dependent(struct sd_pgi *r, struct sd_rows *rows);

/* ---- cells -------------------------------------------------------------------------- */

/** Column @i of the row; "" for NULL. */
const char *sd_pgi_cell(struct sd_rows *rows, size_t i);
uint32_t sd_pgi_oid(struct sd_rows *rows, size_t i);
long sd_pgi_number(struct sd_rows *rows, size_t i); /* 0 for NULL */
bool sd_pgi_true(struct sd_rows *rows, size_t i);

/** The numbers of an int2vector, oidvector or array. */
struct sd_pgi_vector sd_pgi_numbers(struct sd_rows *rows, size_t i);

/** The elements of a text[], interned. */
void sd_pgi_texts(struct sd_pgi *r, struct sd_rows *rows, size_t i, struct sd_names *names);

/** @text in the model's arena, once; NULL stays NULL. */
const char *sd_pgi_text(struct sd_pgi *r, const char *text);

/** An expression as the model holds it: interned, without outer parentheses. */
const char *sd_pgi_expression(struct sd_pgi *r, const char *text);

/* ---- names and types ---------------------------------------------------------------- */

/** @name (quoted), qualified unless what lies in @ns is visible. */
const char *sd_pgi_qualified(
	struct sd_pgi *r, const struct sd_pgi_namespace *ns, const char *name, bool is_visible);

const struct sd_pgi_namespace *sd_pgi_namespace(const struct sd_pgi *r, uint32_t oid);
struct sd_pgi_relation *sd_pgi_relation(const struct sd_pgi *r, uint32_t oid);

/** Column @number of @relation, or NULL. */
struct sd_pgi_attr *sd_pgi_attr(const struct sd_pgi_relation *relation, long number);

/** The type with oid @oid, an array's too, or NULL. */
struct sd_pgi_type *sd_pgi_type(const struct sd_pgi *r, uint32_t oid);

/** Its spelling with @modifier (-1 = none); @formatted: format_type()'s, for a modifier that
 *  only its own type can read, or NULL. */
const char *sd_pgi_spell(
	struct sd_pgi *r, struct sd_pgi_type *type, long modifier, const char *formatted);

/** The table, when @relation is one that the model has. */
struct sd_table *sd_pgi_table(const struct sd_pgi_relation *relation);

/** Parameters of the operator class of column @number of index @relation: cell @i. */
void sd_pgi_take_parameters(struct sd_pgi *r, struct sd_pgi_relation *relation, long number,
	struct sd_rows *rows, size_t i);

/** @name is not a user's: of this program, or another tool's. */
bool sd_pgi_is_left_out(const struct sd_pgi *r, const char *name);

/* ---- what hangs on the model -------------------------------------------------------- */

/** One dependent: once, whatever how often it is noted. */
struct sd_pgi_note {
	const char *title;
	struct sd_object *on;
	const char *column;
	bool blocks_type, goes_along, refers;
};
void sd_pgi_note(struct sd_pgi *r, const struct sd_pgi_note *note);

/** Grants to @roles on @on, or on its @column. */
void sd_pgi_note_grants(struct sd_pgi *r, const struct sd_names *roles, struct sd_object *on,
	const char *column);

/** "WORD NAME", the name qualified unless it is in the default namespace. */
const char *sd_pgi_title(struct sd_pgi *r, const char *word, const struct sd_pgi_namespace *ns,
	const char *name);

/** "WORD NAME of TABLE". */
const char *sd_pgi_title_of(struct sd_pgi *r, const char *word, const char *name,
	const struct sd_pgi_relation *relation);

/** Sort them. */
void sd_pgi_finish_dependents(struct sd_pgi *r);

#endif
