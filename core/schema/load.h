/** Schema files: JSON → model. */
#ifndef SD_SCHEMA_LOAD_H
#define SD_SCHEMA_LOAD_H

#include "core/base/tree.h"
#include "core/schema/names.h"

struct sd_load_options {
	const struct sd_dialect *dialect;
	int version;                    /* target */
	const struct sd_naming *naming; /* NULL = the default one */
	const struct sd_names *manage;  /* `manage` of the configuration: kinds, or "*" */
	const struct sd_tree *tree;     /* that paths are read from */
};

/** One file's text; @name is what diagnostics call it. */
struct sd_load_file {
	const char *name, *text;
	size_t len;
};

struct sd_loader;

/** Begin a load into @arena; reports go to @diags. */
struct sd_loader *sd_loader_new(
	const struct sd_load_options *options, struct sd_arena *arena, struct sd_diags *diags);

/** Add one file.  Its text is not needed afterwards.  SD_ERR after a report; go on with the
 *  other files all the same, so that all errors are found. */
enum sd_status sd_loader_add(struct sd_loader *loader, const struct sd_load_file *file);

/** Merge, expand the shorthands, name what has no name, resolve references, check; the
 *  finished schema, or NULL when anything was reported (also by sd_loader_add()). */
struct sd_schema *sd_loader_finish(struct sd_loader *loader);

/** Load the files at @paths (folders: every *.json below them). */
struct sd_schema *sd_load_paths(const struct sd_load_options *options,
	const struct sd_names *paths, struct sd_arena *arena, struct sd_diags *diags);

/** Derive what follows from the rest, the same for both models: rowid aliases and identity
 *  (SQLite), NOT NULL of key columns, the columns that a foreign key without any refers
 *  to, which names are the convention's.  sd_loader_finish() and the introspectors call it
 *  before sd_schema_finish(). */
void sd_schema_normalise(struct sd_schema *schema, const struct sd_naming *naming);

#endif
