/* The JSON reader: no input may crash it, and what its scan accepts cJSON must accept too
 * (otherwise the reader says so in a report of its own, which is a defect here). */
#include "core/base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(const struct sd_json *json, struct sd_buf *out)
{
	if (json->text)
		sd_json_quote(out, json->text);
	for (const struct sd_json *m = json->first; m; m = m->next)
		walk(m, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char defect[] = "the JSON parser could not";
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags diags = { .arena = arena };
	struct sd_buf out = SD_BUF(arena);
	const struct sd_json *json =
		sd_json_parse("fuzz.json", (const char *)data, size, arena, &diags);

	if (json)
		walk(json, &out);
	else if (!diags.n_errors)
		abort();
	if (json && diags.n_errors)
		abort();
	/* at the beginning: other reports quote the input, which the fuzzer makes say the same */
	for (size_t i = 0; i < diags.list.n; i++)
		if (strncmp(diags.list.at[i].text, defect, sizeof defect - 1) == 0)
			abort();
	sd_arena_free(arena);
	return 0;
}
