/* The journal of a part as text, what an edit of the script makes of it, and how a part is cut
 * into stretches. */
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/history/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	sd_arena_free(((struct fixture *)*state)->arena);
	return 0;
}

static const struct sd_part_script *
part_of(struct fixture *f, const char *up)
{
	const char *text = sd_fmt(f->arena, "-- m\n-- revision: r\n-- schemadiff:up\n%s\n", up);
	struct sd_script *script = sd_script_parse(
		"m.sql", text, strlen(text), &sd_dialect_postgresql, f->arena, &f->diags);
	struct sd_buf out = SD_BUF(f->arena);

	sd_diags_format(&f->diags, 0, false, &out);
	if (!script)
		print_error("%s", sd_buf_text(&out));
	assert_non_null(script);
	return &script->up;
}

static void
expect_text(int line, const char *is, const char *wanted)
{
	if (!sd_text_equal(is, wanted))
		print_error("line %d\n", line);
	assert_string_equal(is, wanted);
}

static void
expect_int(int line, long is, long wanted)
{
	if (is != wanted)
		print_error("line %d\n", line);
	assert_int_equal(is, wanted);
}

/* ---- stretches -------------------------------------------------------------------------- */

struct cut {
	int line;
	const char *up;
	const char *stretches; /* T transaction, O outside, B batch, with its steps */
};

#define NEW "-- schemadiff:transaction\n"
#define NONE "-- schemadiff:no-transaction\n"
#define BATCH "-- schemadiff:batch t (id) 10\n"
#define ALONE "-- schemadiff:batch\n"
#define IF "-- schemadiff:only-if\nSELECT 1;\n"
#define GUARD "-- schemadiff:expect-none no\nSELECT 2;\n"
#define ROUND "UPDATE t SET a = 1 WHERE :batch;\n"

static const struct cut cuts[] = {
	{ __LINE__, "A;", "T0" },
	{ __LINE__, "A; B; C;", "T0-2" },
	{ __LINE__, NEW "A; B;", "T0-1" },
	{ __LINE__, "A;\n" NEW "B; C;", "T0 T1-2" },
	{ __LINE__, "A;\n" NEW "B;\n" NEW "C;", "T0 T1 T2" },
	{ __LINE__, NONE "A;", "O0" },
	{ __LINE__, NONE "A; B; C;", "O0 O1 O2" },
	{ __LINE__, "A; B;\n" NONE "C; D;\n" NEW "E;", "T0-1 O2 O3 T4" },
	{ __LINE__, BATCH ROUND, "B0" },
	{ __LINE__, "A; B;\n" BATCH ROUND "C; D;", "T0-1 B2 T3-4" },
	{ __LINE__, BATCH ROUND BATCH ROUND "A;", "B0 B1 T2" },
	{ __LINE__, "A;\n" ALONE "UPDATE t SET a = 1;\n" NEW "B;", "T0 B1 T2" },
	/* a condition and what it guards stay together */
	{ __LINE__, IF "A; B;", "T0-2" },
	{ __LINE__, NONE IF "A; B;", "O0-1 O2" },
	{ __LINE__, NONE IF IF "A;\n" NEW "B;", "O0-2 T3" },
	{ __LINE__, NONE IF GUARD "A;", "O0-1 O2" },
	{ __LINE__, NONE GUARD "A;", "O0 O1" },
	{ __LINE__, "A;\n" GUARD "B;\n" NEW GUARD "C;", "T0-2 T3-4" },
};

static const char *
stretches(struct fixture *f, const struct sd_part_script *part)
{
	static const char letters[] = { [SD_STRETCH_TRANSACTION] = 'T',
		[SD_STRETCH_OUTSIDE] = 'O',
		[SD_STRETCH_BATCH] = 'B' };
	struct sd_buf out = SD_BUF(f->arena);
	struct sd_stretch s;

	for (size_t i = 0; i < part->steps.n; i = s.end) {
		s = sd_stretch_at(part, i);
		assert_int_equal(s.first, i);
		assert_in_range(s.end, i + 1, part->steps.n);
		sd_buf_sep(&out, " ");
		sd_buf_addf(&out, "%c%zu", letters[s.kind], s.first);
		if (s.end > s.first + 1)
			sd_buf_addf(&out, "-%zu", s.end - 1);
	}
	return sd_buf_text(&out);
}

static void
cut_into_stretches(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < SD_COUNT(cuts); i++)
		expect_text(
			cuts[i].line, stretches(f, part_of(f, cuts[i].up)), cuts[i].stretches);
}

/* ---- text and back ---------------------------------------------------------------------- */

/* Five steps in five stretches. */
static const char whole[] =
	"CREATE TABLE a ();\n" NONE "REINDEX TABLE a;\n" IF "VACUUM a;\n" BATCH ROUND;

struct entry {
	int line;
	struct sd_journal journal;
	const char *text;
};

/* The hashes stand here because they stand in databases: a program that gives others can't go
 * on with what an older one has begun. */
static const struct entry entries[] = {
	{ __LINE__, { 0 }, "1 0 done e3b0c44298fc1c14" },
	{ __LINE__, { .done = 1 }, "1 1 done 87e51a2950aab8a3" },
	{ __LINE__, { .done = 1, .started = true }, "1 1 started cbfa2c8e10fba39b" },
	{ __LINE__, { .done = 2 }, "1 2 done cbfa2c8e10fba39b" },
	/* a condition is begun with what it guards */
	{ __LINE__, { .done = 2, .started = true }, "1 2 started 36b40e678adb1454" },
	{ __LINE__, { .done = 5 }, "1 5 done 91102d86e0fd06f8" },
	{ __LINE__, { .done = 4 }, "1 4 done 36b40e678adb1454" },
	{ __LINE__, { .done = 4, .cursor = "41" }, "1 4 done 36b40e678adb1454 41" },
	{ __LINE__, { .done = 4, .cursor = "'it''s', '2  3', NULL" },
		"1 4 done 36b40e678adb1454 'it''s', '2  3', NULL" },
	{ __LINE__, { .done = 4, .cursor = "'ä\n'" }, "1 4 done 36b40e678adb1454 'ä\n'" },
};

static void
text_and_back(void **state)
{
	struct fixture *f = *state;
	const struct sd_part_script *part = part_of(f, whole);

	for (size_t i = 0; i < SD_COUNT(entries); i++) {
		const struct entry *e = &entries[i];
		const char *text = sd_journal_text(f->arena, &e->journal, part);
		struct sd_journal back;

		expect_text(e->line, text, e->text);
		expect_int(e->line, sd_journal_read(f->arena, text, part, &back), SD_OK);
		expect_int(e->line, (long)back.done, (long)e->journal.done);
		expect_int(e->line, back.started, e->journal.started);
		expect_int(e->line, sd_text_equal(back.cursor, e->journal.cursor), true);
	}
}

/* ---- what no program wrote -------------------------------------------------------------- */

static const struct {
	int line;
	const char *text;
	enum sd_status status;
} strange[] = {
	{ __LINE__, NULL, SD_ERR },
	{ __LINE__, "", SD_ERR },
	{ __LINE__, "1", SD_ERR },
	{ __LINE__, "1 ", SD_ERR },
	{ __LINE__, "1 0", SD_ERR },
	{ __LINE__, "1 0 done", SD_NOTFOUND },
	{ __LINE__, "2 0 done e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1 x done e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1 0x done e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1 -1 done e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1  done e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1 0 doing e3b0c44298fc1c14", SD_ERR },
	{ __LINE__, "1 0 done e3b0c44298fc1c15", SD_NOTFOUND },
	{ __LINE__, "1 0 started e3b0c44298fc1c14", SD_NOTFOUND },
	{ __LINE__, "1 1 done e3b0c44298fc1c14", SD_NOTFOUND },
	/* more than there is, and the hash of all */
	{ __LINE__, "1 6 done 91102d86e0fd06f8", SD_NOTFOUND },
	{ __LINE__, "1 5 started 91102d86e0fd06f8", SD_NOTFOUND },
	{ __LINE__, "1 18446744073709551615 started 91102d86e0fd06f8", SD_NOTFOUND },
	{ __LINE__, "1 99999999999999999999999 done e3b0c44298fc1c14", SD_NOTFOUND },
	{ __LINE__, "1 18446744073709551615 started e3b0c44298fc1c14", SD_NOTFOUND },
};

static void
strange_texts(void **state)
{
	struct fixture *f = *state;
	const struct sd_part_script *part = part_of(f, whole);
	struct sd_journal journal;

	for (size_t i = 0; i < SD_COUNT(strange); i++)
		expect_int(strange[i].line,
			sd_journal_read(f->arena, strange[i].text, part, &journal),
			strange[i].status);
}

/* ---- edits ------------------------------------------------------------------------------ */

static const struct {
	int line;
	struct sd_journal journal;
	const char *up; /* in the place of "A; B; -- no-transaction; C; D;" */
	enum sd_status status;
} edits[] = {
	{ __LINE__, { .done = 2 }, "A; B;\n" NONE "C; D;", SD_OK },
	{ __LINE__, { .done = 2 }, "A;\n\n-- a remark\nB;\n" NONE "C; D;", SD_OK },
	{ __LINE__, { .done = 2 }, "A; B;\n" NONE "X; Y; Z;", SD_OK },
	{ __LINE__, { .done = 2 }, "A; B;", SD_OK },
	{ __LINE__, { .done = 2 }, "A; B; C; D;", SD_OK },
	{ __LINE__, { .done = 2 }, "A; X;\n" NONE "C; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 2 }, "A;", SD_NOTFOUND },
	{ __LINE__, { .done = 2 }, "B; A;\n" NONE "C; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 2 }, "X; A; B;\n" NONE "C; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 2 }, "A;\n" NEW "B;\n" NONE "C; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 2 }, "A;\n" GUARD "B;\n" NONE "C; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 3 }, "A; B;\n" NONE "C; X;", SD_OK },
	{ __LINE__, { .done = 3 }, "A; B; C; D;", SD_NOTFOUND },
	/* of what was begun the end is asked for: it must be the same */
	{ __LINE__, { .done = 2, .started = true }, "A; B;\n" NONE "C; X;", SD_OK },
	{ __LINE__, { .done = 2, .started = true }, "A; B;\n" NONE "X; D;", SD_NOTFOUND },
	{ __LINE__, { .done = 2, .started = true }, "A; B;", SD_NOTFOUND },
	{ __LINE__, { .done = 2, .started = true }, "A; B; C; D;", SD_NOTFOUND },
};

static void
edited(void **state)
{
	struct fixture *f = *state;
	const struct sd_part_script *before = part_of(f, "A; B;\n" NONE "C; D;");
	struct sd_journal journal;

	for (size_t i = 0; i < SD_COUNT(edits); i++) {
		const char *text = sd_journal_text(f->arena, &edits[i].journal, before);

		expect_int(edits[i].line,
			sd_journal_read(f->arena, text, part_of(f, edits[i].up), &journal),
			edits[i].status);
	}
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(cut_into_stretches),
		T(text_and_back),
		T(strange_texts),
		T(edited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
