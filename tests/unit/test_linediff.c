#include "core/base/linediff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct row {
	int line;
	const char *from, *into, *expected;
};

static const struct row rows[] = {
	{ __LINE__, "", "", "" },
	{ __LINE__, "a\nb\n", "a\nb", "" },
	{ __LINE__, "", "a\n", "@@ 1\n+a\n" },
	{ __LINE__, "a\n", "", "@@ 1\n-a\n" },
	{ __LINE__, "a\nb\nc\n", "a\nB\nc\n", "@@ 1\n a\n-b\n+B\n c\n" },
	{ __LINE__, "a\nb\nc\n", "b\nc\nd\n", "@@ 1\n-a\n b\n c\n+d\n" },
	{ __LINE__, "a\na\nb\n", "a\nb\nb\n", "@@ 1\n a\n-a\n+b\n b\n" },
	{ __LINE__, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
		"@@ 2\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n" },
	{ __LINE__, "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n",
		"@@ 1\n-a\n 1\n 2\n 3\n@@ 5\n 5\n 6\n 7\n-b\n" },
};

static void
texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_buf out = SD_BUF(arena);

		sd_linediff(arena, rows[i].from, rows[i].into, &out);
		if (strcmp(sd_buf_text(&out), rows[i].expected) != 0)
			fail_msg("line %d: %s", rows[i].line, sd_buf_text(&out));
		sd_arena_free(arena);
	}
}

/* Random texts: taking the lines of one sign gives each text back, when all context is shown.
 */
static void
both_sides(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 2000; round++) {
		struct sd_arena *arena = sd_arena_new();
		struct sd_buf text[2] = { SD_BUF(arena), SD_BUF(arena) };
		struct sd_buf back[2] = { SD_BUF(arena), SD_BUF(arena) };
		struct sd_buf out = SD_BUF(arena);

		for (int t = 0; t < 2; t++)
			for (int n = rand() % 7; n > 0; n--)
				sd_buf_addf(&text[t], "%c\n", 'a' + rand() % 3);
		sd_linediff(arena, sd_buf_text(&text[0]), sd_buf_text(&text[1]), &out);
		for (const char *p = sd_buf_text(&out); *p; p = strchr(p, '\n') + 1) {
			if (*p == '@')
				continue;
			if (*p != '+')
				sd_buf_addf(&back[0], "%c\n", p[1]);
			if (*p != '-')
				sd_buf_addf(&back[1], "%c\n", p[1]);
		}
		for (int t = 0; out.n && t < 2; t++)
			/* a line far from any difference is left out */
			if (back[t].n == text[t].n)
				assert_string_equal(
					sd_buf_text(&back[t]), sd_buf_text(&text[t]));
		assert_int_equal(
			out.n == 0, strcmp(sd_buf_text(&text[0]), sd_buf_text(&text[1])) == 0);
		sd_arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(both_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
