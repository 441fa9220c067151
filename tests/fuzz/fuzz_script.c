/* The script parser on any bytes, for every dialect: no crash, and a script that parses is
 * described by lines and texts that lie in it. */
#include "core/history/script.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_part(const struct sd_part_script *part, const char *text)
{
	if (part->present && !strstr(text, part->body))
		abort();
	for (size_t i = 0; i < part->steps.n; i++)
		if (!part->steps.at[i].line || !strstr(part->body, part->steps.at[i].text))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (size_t i = 0; sd_dialects[i]; i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_diags diags = { .arena = arena };
		const struct sd_script *script = sd_script_parse(
			"fuzz.sql", (const char *)data, len, sd_dialects[i], arena, &diags);

		if (!script && !diags.n_errors)
			abort();
		if (script) {
			check_part(&script->up, script->text);
			check_part(&script->down, script->text);
		}
		sd_arena_free(arena);
	}
	return 0;
}
