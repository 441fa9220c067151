#include "core/schema/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_object *table;

static int
setup(void **state)
{
	(void)state;
	arena = sd_arena_new();
	table = sd_object_new(arena, SD_TABLE, "users", NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	return 0;
}

static void
add_column(struct sd_parts *parts, const char *name, const char *expression)
{
	struct sd_part *part = sd_push(arena, parts);

	part->name = name;
	part->expression = expression;
}

/* A part of each kind: columns a and b; the foreign key refers to other (x, y). */
static struct sd_object *
part(enum sd_kind kind)
{
	struct sd_object *object = sd_object_new(arena, kind, NULL, table);
	struct sd_foreign_key *fk = (struct sd_foreign_key *)object;

	switch (kind) {
	case SD_PRIMARY_KEY:
	case SD_UNIQUE:
		add_column(&((struct sd_key *)object)->columns, "a", NULL);
		add_column(&((struct sd_key *)object)->columns, "b", NULL);
		break;
	case SD_INDEX:
		add_column(&((struct sd_index *)object)->columns, "a", NULL);
		add_column(&((struct sd_index *)object)->columns, NULL, "Lower( b ) || 'x'");
		break;
	case SD_FOREIGN_KEY:
		*sd_push(arena, &fk->columns) = "a";
		*sd_push(arena, &fk->columns) = "b";
		fk->table = "other";
		*sd_push(arena, &fk->ref_columns) = "x";
		*sd_push(arena, &fk->ref_columns) = "y";
		break;
	default:
		((struct sd_check *)object)->expression = "a > 0 AND b <> 'c'";
	}
	return object;
}

static struct sd_naming
naming_of(const char *template)
{
	return (struct sd_naming){ template, template, template, template, template };
}

static void
test_apply(void **state)
{
	static const struct {
		int line;
		enum sd_kind kind;
		const char *template, *key, *name;
	} rows[] = {
		{ __LINE__, SD_PRIMARY_KEY, NULL, NULL, "pk_users" },
		{ __LINE__, SD_UNIQUE, NULL, NULL, "uq_users_a_b" },
		{ __LINE__, SD_FOREIGN_KEY, NULL, NULL, "fk_users_a_b_other" },
		{ __LINE__, SD_INDEX, NULL, NULL, "ix_users_a_lower_b_x" },
		{ __LINE__, SD_CHECK, NULL, "key", "ck_users_key" },
		{ __LINE__, SD_CHECK, NULL, NULL, "ck_users_a_0_and_b_c" },
		{ __LINE__, SD_UNIQUE, "%(column_0_name)s", NULL, "a" },
		{ __LINE__, SD_UNIQUE, "%(column_1_name)s", NULL, "b" },
		{ __LINE__, SD_UNIQUE, "x%(column_2_name)s", NULL, "x" },
		{ __LINE__, SD_UNIQUE, "%(column_0_label)s", NULL, "users_a" },
		{ __LINE__, SD_UNIQUE, "%(column_0_key)s", NULL, "a" },
		{ __LINE__, SD_UNIQUE, "%(column_0N_name)s", NULL, "ab" },
		{ __LINE__, SD_UNIQUE, "%(column_0_N_label)s", NULL, "users_a_users_b" },
		{ __LINE__, SD_FOREIGN_KEY, "%(referred_column_0_name)s", NULL, "x" },
		{ __LINE__, SD_FOREIGN_KEY, "%(referred_column_0_N_name)s", NULL, "x_y" },
		{ __LINE__, SD_UNIQUE, "100%%_%(table_name)s", NULL, "100%_users" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_naming naming = naming_of(rows[i].template);
		const char *name = sd_naming_apply(
			&naming, &sd_dialect_sqlite, arena, part(rows[i].kind), rows[i].key);

		if (strcmp(name, rows[i].name) != 0)
			fail_msg("line %d: %s", rows[i].line, name);
	}
}

/* @n letters, then @end. */
static const char *
cut(size_t n, const char *end)
{
	char *text = sd_alloc(arena, n + strlen(end) + 1);
	struct sd_naming naming = naming_of(text);

	memset(text, 'x', n);
	memcpy(text + n, end, strlen(end));
	return sd_naming_apply(&naming, &sd_dialect_postgresql, arena, part(SD_UNIQUE), NULL);
}

/* Long names are cut to the engine's limit, inside no character, and stay apart. */
static void
test_cut(void **state)
{
	struct sd_naming naming = naming_of(sd_fmt(arena, "%0500d", 1));

	(void)state;
	assert_int_equal(strlen(cut(63, "")), 63);
	assert_null(strchr(cut(63, ""), '_'));
	assert_int_equal(strlen(cut(64, "")), 63);
	assert_int_equal(cut(64, "")[58], '_');
	assert_int_equal(strlen(cut(63, "abc")), 63);
	assert_string_not_equal(cut(63, "abc"), cut(63, "abd"));
	assert_string_equal(cut(63, "abc"), cut(63, "abc"));
	assert_int_equal(strlen(cut(57, "\xc3\xa9yyyyyy")), 62);
	assert_int_equal(cut(57, "\xc3\xa9yyyyyy")[57], '_');
	assert_int_equal(strlen(sd_naming_apply(
				 &naming, &sd_dialect_sqlite, arena, part(SD_UNIQUE), NULL)),
		500);
}

static void
test_check(void **state)
{
	static const struct {
		int line;
		const char *template, *report;
	} rows[] = {
		{ __LINE__, "ix_%(table_name)s_%(column_0_N_label)s_100%%", "" },
		{ __LINE__, "plain", "" },
		{ __LINE__, "%(tabel_name)s",
			"error: unknown token \"tabel_name\" in a naming convention\n"
			"hint: did you mean %(table_name)s?\n" },
		{ __LINE__, "%(column_name)s",
			"error: unknown token \"column_name\" in a naming convention\n"
			"hint: did you mean %(column_0_name)s?\n" },
		{ __LINE__, "a%s",
			"error: unknown token \"%s\" in a naming convention\n"
			"hint: tokens are written %(table_name)s, %(column_0_name)s, …; a "
			"percent "
			"sign %%\n" },
		{ __LINE__, "%(table_name",
			"error: unknown token \"%(table_name\" in a naming convention\n"
			"hint: did you mean %(table_name)s?\n" },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_diags diags = { .arena = arena };
		struct sd_buf out = SD_BUF(arena);
		enum sd_status status =
			sd_naming_check(rows[i].template, (struct sd_pos){ 0 }, &diags);

		sd_diags_format(&diags, 0, false, &out);
		if (strcmp(sd_buf_text(&out), rows[i].report) != 0)
			fail_msg("line %d: %s", rows[i].line, sd_buf_text(&out));
		assert_int_equal(status, *rows[i].report ? SD_ERR : SD_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_apply, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_check, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
