/** What the files of the loader share: load.c (files, sections, entries), read.c (values of
 *  fields), expand.c (shorthands, enums, names), verify.c (checks across objects). */
#ifndef SD_SCHEMA_LOADER_H
#define SD_SCHEMA_LOADER_H

#include "core/base/json.h"
#include "core/schema/load.h"

/** Where an entry stands: what it may say there differs a little. */
enum sd_entry_place {
	SD_IN_SECTION = 1 << 0,   /* under its name */
	SD_IN_ARRAY = 1 << 1,     /* without a name */
	SD_IN_SINGLE = 1 << 2,    /* the section is the entry (primary_key) */
	SD_IN_SHORTHAND = 1 << 3, /* inside its column ("references") */
};

/** A part whose name the convention gives; @key as for sd_naming_apply(). */
struct sd_unnamed {
	struct sd_object *object;
	const char *key;
};

struct sd_loader {
	struct sd_load_options options;
	const struct sd_dialect *dialect;
	struct sd_arena *arena;   /* of the result */
	struct sd_arena *scratch; /* of the file that is being read */
	struct sd_arena *passing; /* of what all files share, until sd_loader_finish() */
	struct sd_diags *diags;
	struct sd_schema *schema;
	size_t errors_before;
	const char *file, *ns;  /* being read; ns NULL = the default namespace */
	struct sd_map defined;  /* relations and enums by namespace and name */
	struct sd_map interned; /* texts that are the same in many columns */
	struct sd_map types;    /* a type as written → it, checked */
	struct sd_map defaults; /* a default as written → its expression, checked */
	SD_VEC(struct sd_unnamed) unnamed;
};

/** The place of @pos for objects that outlive the file's text. */
struct sd_pos sd_loader_pos(const struct sd_loader *l, struct sd_pos pos);

/** @text in the arena of the result, kept once however often it is asked for. */
const char *sd_loader_text(struct sd_loader *l, const char *text);

/** Load the entry @json of @object: its short form, or its members. */
void sd_load_entry(struct sd_loader *l, struct sd_object *object, const struct sd_json *json,
	unsigned place);

/** Make an object of @kind in @parent that has no name yet, at @pos. */
struct sd_object *sd_load_unnamed(struct sd_loader *l, enum sd_kind kind,
	struct sd_object *parent, struct sd_pos pos, const char *key);

/** @name is not empty and not longer than the engine allows; else reported at @pos. */
bool sd_load_good_name(struct sd_loader *l, const char *name, struct sd_pos pos);

/* ---- read.c ------------------------------------------------------------------------- */

/** Read @json into @field of @object; what is wrong is reported. */
void sd_read_field(struct sd_loader *l, struct sd_object *object, const struct sd_field *field,
	const struct sd_json *json);

/** @json is an object whose keys are all names of dialects, for a field that may have one. */
bool sd_read_is_per_dialect(const struct sd_field *field, const struct sd_json *json);

/** A name: a string that is not empty; NULL after a report. */
const char *sd_read_name(struct sd_loader *l, const struct sd_json *json);

/** One name or a list of names. */
void sd_read_names(struct sd_loader *l, struct sd_names *names, const struct sd_json *json);

/* ---- expand.c ----------------------------------------------------------------------- */

/** The shorthands of a column: primary_key, unique, index, check, references. */
void sd_expand_primary_key(
	struct sd_loader *l, struct sd_object *column, const struct sd_json *json);
void sd_expand_unique(
	struct sd_loader *l, struct sd_object *column, const struct sd_json *json);
void sd_expand_index(struct sd_loader *l, struct sd_object *column, const struct sd_json *json);
void sd_expand_check(struct sd_loader *l, struct sd_object *column, const struct sd_json *json);
void sd_expand_references(
	struct sd_loader *l, struct sd_object *column, const struct sd_json *json);

/** Columns of an enum's type become text with a check, where the dialect has no enums. */
void sd_expand_enums(struct sd_loader *l);

/** Key columns are NOT NULL unless the file says otherwise and the engine allows it. */
void sd_expand_not_null(struct sd_loader *l);

/** Give each part without a name the convention's. */
void sd_expand_names(struct sd_loader *l);

/* ---- verify.c: columns and parts; verify_names.c; verify_refs.c: foreign keys;
 * verify_sequence.c ------------------------------------------------------------------------- */

/** Checks of what is as written, before anything is derived. */
void sd_verify_written(struct sd_loader *l);

/** Checks of the finished schema. */
void sd_verify_finished(struct sd_loader *l);

/** Foreign keys of @table. */
void sd_verify_foreign_keys(struct sd_loader *l, const struct sd_object *table);

/** Sequences belong to columns that are there, and their numbers fit their type; so do those of
 *  the identity columns of @table. */
void sd_verify_sequences(struct sd_loader *l);
void sd_verify_identities(struct sd_loader *l, const struct sd_object *table);

/** Names of the parts of @relation: no two alike, none that the engine keeps to itself. */
void sd_verify_part_names(struct sd_loader *l, const struct sd_object *relation);

/** Names of tables, views and enums. */
void sd_verify_names(struct sd_loader *l);

/** Swaps and cycles of renamed_from. */
void sd_verify_renames(struct sd_loader *l);

/** Report that @table has no column @name, which @object uses, with the nearest one. */
void sd_verify_no_column(struct sd_loader *l, const struct sd_object *object,
	const struct sd_object *table, const char *name);

/** After an error about @name: the nearest name in @list as a hint; false without one. */
bool sd_verify_nearest(struct sd_loader *l, const struct sd_list *list, const char *name);

/** Register @object among the relations (tables, views, indexes) or types; false after a
 *  report that its name is taken. */
bool sd_load_define(struct sd_loader *l, struct sd_object *object);

/* ---- normalise.c -------------------------------------------------------------------- */

/** Find out in which namespace the tables are that foreign keys of files refer to. */
void sd_loader_resolve(struct sd_schema *schema);

/** Let foreign keys without columns refer to the primary key of their table.  Needs
 *  sd_schema_index(). */
void sd_normalise_references(struct sd_schema *schema);

/** The column of a primary key that has one column, or NULL. */
struct sd_column *sd_normalise_sole_pk(
	const struct sd_schema *schema, const struct sd_table *table);

#endif
