/** Naming conventions: the names of constraints and indexes that a file leaves unnamed.
 *  Tokens are SQLAlchemy's; see docs/schema-files.md. */
#ifndef SD_SCHEMA_NAMES_H
#define SD_SCHEMA_NAMES_H

#include "core/schema/model.h"

/** Templates by the conventions' keys; NULL = the default one. */
struct sd_naming {
	const char *ix, *uq, *fk, *pk, *ck;
};

/** The default templates. */
extern const struct sd_naming sd_naming_default;

/** Check that @template uses only known tokens; an unknown one is reported at @pos. */
enum sd_status sd_naming_check(const char *template, struct sd_pos pos, struct sd_diags *diags);

/** The name that the convention gives to @object (a part with a convention; @key is the
 *  file's key of a check, or the column it stands in), cut to the dialect's limit with a
 *  suffix of four hex digits of its hash. */
const char *sd_naming_apply(const struct sd_naming *naming, const struct sd_dialect *dialect,
	struct sd_arena *arena, const struct sd_object *object, const char *key);

/** @name cut to the dialect's limit as sd_naming_apply() cuts. */
const char *sd_naming_cut(
	const struct sd_dialect *dialect, struct sd_arena *arena, const char *name);

#endif
