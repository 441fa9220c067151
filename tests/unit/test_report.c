/* render/: what is safe to show, and what is shown of long values. */
#include "core/base/text.h"
#include "render/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
test_plain(void **state)
{
	static const struct {
		int line;
		const char *text, *expected;
	} rows[] = {
		{ __LINE__, "", "" },
		{ __LINE__, "größe → 表 🙂", "größe → 表 🙂" },
		{ __LINE__, "a\nb\tc\rd", "a\\nb\\tc\\u000dd" },
		{ __LINE__, "\033[31mred\177", "\\u001b[31mred\\u007f" },
		{ __LINE__,
			"\xc2\x9b"
			"31m",
			"\\u009b31m" },
		{ __LINE__, "user\u202etxt.exe", "user\\u202etxt.exe" },
		{ __LINE__, "a\u200bb\u2066c\ufeff\u00ad", "a\\u200bb\\u2066c\\ufeff\\u00ad" },
		{ __LINE__, "joined\u200dletters", "joined\u200dletters" },
		{ __LINE__, "bad \xff\xc3 bytes", "bad \ufffd\ufffd bytes" },
		{ __LINE__, "cut \xe2\x86", "cut \ufffd\ufffd" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *found = sd_plain(arena, rows[i].text);

		if (strcmp(found, rows[i].expected) != 0)
			fail_msg("line %d: %s", rows[i].line, found);
		/* what is plain stays as it is */
		assert_string_equal(sd_plain(arena, found), found);
	}
	sd_arena_free(arena);
}

static void
test_sql_line(void **state)
{
	static const struct {
		const char *sql, *expected;
	} rows[] = {
		{ "  SELECT\n\ta ,  b\n", "SELECT a , b" },
		{ "'two  spaces'  ||  'a\nb'", "'two  spaces' || 'a\\nb'" },
		{ "\"a  b\"   c", "\"a  b\" c" },
		{ "'it''s  '  ''", "'it''s  ' ''" },
		{ "'open  quote", "'open  quote" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++)
		assert_string_equal(sd_sql_line(arena, rows[i].sql), rows[i].expected);
	sd_arena_free(arena);
}

/* Both sides of the definition of a view, the pieces of each between bars. */
static const char *
sides(struct sd_arena *arena, const char *a, const char *b)
{
	struct sd_view from = { .rel.o.kind = SD_VIEW, .definition = a };
	struct sd_view into = { .rel.o.kind = SD_VIEW, .definition = b };
	const struct sd_field *field = sd_field_find(SD_VIEW, "definition");
	struct sd_field_change c = sd_field_change(arena, field, &from.rel.o, &into.rel.o);

	return sd_fmt(arena, "%s|%s|%s > %s|%s|%s", c.from.before, c.from.middle, c.from.after,
		c.into.before, c.into.middle, c.into.after);
}

#define TEN "0123456789"
#define LONG TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define UMLAUTS "ääääääääääääääääääääääääääääääääääääääääääääääääääää"

static void
test_excerpts(void **state)
{
	static const struct {
		int line;
		const char *from, *into, *expected;
	} rows[] = {
		{ __LINE__, "SELECT 1", "SELECT 2", "|SELECT 1| > |SELECT 2|" },
		{ __LINE__, LONG "a" LONG, LONG "b" LONG,
			"…678901234567890123456789|a|012345678901234567890123… > "
			"…678901234567890123456789|b|012345678901234567890123…" },
		{ __LINE__, LONG "a", "a", "|" LONG "|a > ||a" },
		/* ä is c3 a4, ö c3 b6: what they share is no character */
		{ __LINE__, UMLAUTS "ä", UMLAUTS "ö", "…ääääääääääää|ä| > …ääääääääääää|ö|" },
		/* ä is c3 a4, ĥ is c4 a5 and ¤ is c2 a4: nor is this */
		{ __LINE__, "ä" UMLAUTS, "¤" UMLAUTS, "|ä|ääääääääääää… > |¤|ääääääääääää…" },
		{ __LINE__, "aa", "a" LONG "a", "a||a > a|" LONG "|a" },
		/* white space alone: seen after all */
		{ __LINE__, "a  b", "a\nb", "|a  b| > |a\\nb|" },
	};
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *found = sides(arena, rows[i].from, rows[i].into);

		if (strcmp(found, rows[i].expected) != 0)
			fail_msg("line %d: %s", rows[i].line, found);
	}
	sd_arena_free(arena);
}

/* Wholly other texts of any length: an ellipsis at the end of each, and no broken character. */
static void
test_long_excerpts(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	const char *pads[] = { "", "x", "xx", "xxx" };

	(void)state;
	for (size_t i = 0; i < SD_COUNT(pads); i++) {
		const char *a = sd_fmt(arena, "(%s%s%s%s%s%s)", pads[i], UMLAUTS, UMLAUTS,
			UMLAUTS, UMLAUTS, UMLAUTS);
		const char *found = sides(arena, a, "[" LONG LONG LONG "]");

		assert_int_equal(sd_text_valid_utf8(found, strlen(found)), strlen(found));
		assert_non_null(strstr(found, "ä…| > |[0123"));
		assert_true(strlen(found) < 600);
	}
	sd_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_sql_line),
		cmocka_unit_test(test_excerpts),
		cmocka_unit_test(test_long_excerpts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
