/* The loader: any text is a schema or an error with a report, for every dialect; and a schema
 * that loads once loads again, to the same objects. */
#include "core/schema/load.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
load(const struct sd_dialect *dialect, const struct sd_load_file *file)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags diags = { .arena = arena };
	struct sd_load_options options = { .dialect = dialect };
	struct sd_loader *loader = sd_loader_new(&options, arena, &diags);
	const struct sd_schema *schema;
	size_t n = 0;

	(void)sd_loader_add(loader, file);
	schema = sd_loader_finish(loader);
	if (!schema != (diags.n_errors > 0))
		abort();
	for (int kind = 0; schema && kind < SD_KIND__MAX; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++, n++) {
			const struct sd_object *object = schema->objects[kind].at[i];

			if (sd_schema_find(schema, object->kind, object->ns, object->name) !=
				object)
				abort();
			(void)sd_object_clone(arena, object, NULL);
		}
	}
	sd_arena_free(arena);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sd_load_file file = { "fuzz.json", (const char *)data, size };

	for (size_t i = 0; sd_dialects[i]; i++)
		if (load(sd_dialects[i], &file) != load(sd_dialects[i], &file))
			abort();
	return 0;
}
