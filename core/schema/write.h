/** Model → schema files, and the published JSON Schema: the loops over sd_kinds that write. */
#ifndef SD_SCHEMA_WRITE_H
#define SD_SCHEMA_WRITE_H

#include "core/schema/names.h"

/** Write @schema as a schema file: one column a line, stable order, defaults left out.
 *  Unmanaged objects are left out.  @only: this relation alone, or NULL for all.  @ref: value
 *  of "$schema", or NULL. */
void sd_schema_write(const struct sd_schema *schema, const struct sd_naming *naming,
	const struct sd_object *only, const char *ref, struct sd_buf *out);

/** Write the JSON Schema (2020-12) of schema files; schemas/schema.schema.json is this. */
void sd_schema_write_meta(struct sd_buf *out);

/** The fingerprint of @schema, "v1:" and 64 hex digits (docs/fingerprint.md). */
const char *sd_schema_fingerprint(const struct sd_schema *schema, struct sd_arena *arena);

/** The text that it is a hash over, for tests and for those who wonder what changed. */
const char *sd_schema_fingerprint_text(const struct sd_schema *schema, struct sd_arena *arena);

#endif
