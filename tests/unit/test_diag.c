/* What is reported: repeats are taken back with all that belongs to them. */
#include "core/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* Report what @letters say: E and e are errors, W a warning, N a note, H a hint, | where the repeats
 * may begin (its index is returned); the digit behind a letter is its text. */
static size_t
report(struct sd_diags *diags, const char *letters)
{
	size_t first = 0;

	for (const char *p = letters; *p; p++) {
		const struct sd_pos pos = { *p == 'e' ? "f" : NULL, *p == 'e', 0 };
		char digit = p[1];

		if (*p == '|') {
			first = diags->list.n;
			continue;
		}
		if (*p == 'E' || *p == 'e')
			(void)sd_error(diags, pos, "%c", digit);
		else if (*p == 'W')
			sd_warn(diags, pos, "%c", digit);
		else if (*p == 'N')
			sd_note(diags, pos, "%c", digit);
		else
			sd_hint(diags, "%c", digit);
		p++;
	}
	return first;
}

static const struct {
	int line;
	const char *said, *left;
} rows[] = {
	{ __LINE__, "|", "" },
	{ __LINE__, "E1|", "E1" },
	{ __LINE__, "E1|E1", "E1" },
	{ __LINE__, "E1|E2", "E1E2" },
	{ __LINE__, "E1|W1", "E1W1" },
	{ __LINE__, "E1|e1", "E1e1" },
	{ __LINE__, "|E1E1", "E1" },
	{ __LINE__, "E1N2H3|E1N2H3", "E1N2H3" },
	{ __LINE__, "E1N2H3|E1N2H4", "E1N2H3E1N2H4" },
	{ __LINE__, "E1|E1N2", "E1E1N2" },
	{ __LINE__, "E1N2|E1", "E1N2" },
	{ __LINE__, "E1W2|E1W3W2", "E1W2W3" },
	{ __LINE__, "W1H1E2|E2W1H1E3H1", "W1H1E2E3H1" },
};

static void
repeats(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_diags diags = { .arena = arena }, wanted = { .arena = arena };
		struct sd_buf a = SD_BUF(arena), b = SD_BUF(arena);
		size_t first = report(&diags, rows[i].said);

		(void)report(&wanted, rows[i].left);
		sd_diags_drop_repeats(&diags, first);
		sd_diags_format(&diags, 0, false, &a);
		sd_diags_format(&wanted, 0, false, &b);
		if (strcmp(sd_buf_text(&a), sd_buf_text(&b)) != 0 ||
			diags.n_errors != wanted.n_errors)
			fail_msg("line %d: %s", rows[i].line, sd_buf_text(&a));
		sd_arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(repeats) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
