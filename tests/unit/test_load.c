#include "tests/unit/load_helper.h"

static struct sd_schema *
load(const char *text)
{
	return load2(&sd_dialect_sqlite, text, NULL);
}

/* ---- a schema in words -------------------------------------------------------------- */

static void
dump_object(struct sd_buf *out, const struct sd_object *object)
{
	const struct sd_kind_desc *desc = &sd_kinds[object->kind];
	const struct sd_object *blank = sd_object_new(arena, object->kind, NULL, NULL);
	static const char letters[] = "NCUI";

	sd_buf_addf(out, "%s %s", desc->word, object->name);
	if (object->flags)
		sd_buf_addc(out, ' ');
	for (unsigned bit = 0; bit < 4; bit++)
		if (object->flags & (1u << bit))
			sd_buf_addc(out, letters[bit]);
	for (size_t i = 0; i < object->renamed_from.n; i++)
		sd_buf_addf(out, " was %s", object->renamed_from.at[i]);
	for (size_t i = 0; i < desc->n_fields; i++) {
		const struct sd_field *field = &desc->fields[i];
		const char *text = sd_field_text(arena, field, object);

		if (strcmp(text, sd_field_text(arena, field, blank)) != 0)
			sd_buf_addf(out, " %s=%s", field->key, text);
	}
	if (object->kind == SD_COLUMN && ((const struct sd_column *)object)->rowid_alias)
		sd_buf_add(out, " rowid");
	sd_buf_addc(out, '\n');
}

static void
dump_list(struct sd_buf *out, const struct sd_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		dump_object(out, list->at[i]);
}

static const char *
dump(const struct sd_schema *schema)
{
	struct sd_buf out = SD_BUF(arena);

	for (int kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			struct sd_object *object = schema->objects[kind].at[i];

			dump_object(&out, object);
			for (int part = 0; object->kind != SD_ENUM && part < SD_N_PARTS; part++)
				dump_list(&out, sd_parts_of(object, (enum sd_kind)part));
		}
	}
	return sd_buf_text(&out);
}

static const struct {
	int line;
	const char *text, *dump;
} good[] = {
	{ __LINE__, "{}", "" },
	{ __LINE__, "~{ `$schema`: `x`, `x-note`: [1], `tables`: {} }", "" },
	{ __LINE__, "~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `text` } } } } }",
		"table t\ncolumn a type=text\n" },
	/* Shorthands of a column. */
	{ __LINE__,
		"~{ `tables`: { `p`: { `columns`: { `id`: { `type`: `integer`, `primary_key`: "
		"true },"
		" `t`: { `type`: `int`, `nullable`: false, `unique`: true, `index`: `my_ix`,"
		" `check`: `(t > 0)`, `references`: { `table`: `p`, `on_delete`: `cascade` } } "
		"} } } }",
		"table p\n"
		"column id type=integer rowid\n"
		"column t type=int nullable=not null\n"
		"primary key pk_p NC columns=id\n"
		"unique constraint uq_p_t NC columns=t\n"
		"check ck_p_t NC expression=t > 0\n"
		"foreign key fk_p_t_p NC columns=t table=p ref_columns=id on_delete=cascade\n"
		"index my_ix columns=t\n" },
	/* Sections as objects and as arrays. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` }, `b`: { `type`: "
		"`int` } },"
		" `primary_key`: [`a`, `b`],"
		" `unique`: [[`a`, `b`], { `name`: `u2`, `columns`: `b`, `on_conflict`: "
		"`ignore` }],"
		" `checks`: { `ck_t_a`: `a > 0`, `other`: { `expression`: `b > 0` } },"
		" `indexes`: { `ix_t_a`: `a`, `i2`: { `columns`: [{ `name`: `b`, `order`: "
		"`desc`,"
		" `collation`: `nocase` }, { `expression`: `(lower(a))` }], `unique`: true,"
		" `where`: `(a) > (1)` } } } } }",
		"table t\n"
		"column a type=int nullable=not null\n"
		"column b type=int nullable=not null\n"
		"primary key pk_t NC columns=a, b\n"
		"unique constraint u2 columns=b on_conflict=ignore\n"
		"unique constraint uq_t_a_b NC columns=a, b\n"
		"check ck_t_a C expression=a > 0\n"
		"check other expression=b > 0\n"
		"index i2 columns=b collate nocase desc, lower(a) unique=yes where=(a) > (1)\n"
		"index ix_t_a C columns=a\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` } },"
		" `checks`: [`a > 0`], `indexes`: [[{ `expression`: `a + 1` }], `a`],"
		" `unique`: [`a`] } } }",
		"table t\n"
		"column a type=int\n"
		"unique constraint uq_t_a NC columns=a\n"
		"check ck_t_a_0 NC expression=a > 0\n"
		"index ix_t_a NC columns=a\n"
		"index ix_t_a_1 NC columns=a + 1\n" },
	/* Constraints that the convention gives one name are numbered. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int`, `unique`: true } },"
		" `unique`: [`a`], `checks`: [`a > 0`, `a < 0`, `a = 0`,"
		" { `name`: `ck_t_a_0_2`, `expression`: `a` }],"
		" `foreign_keys`: [{ `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`] },"
		" { `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`] }] } } }",
		"table t\n"
		"column a type=int\n"
		"unique constraint uq_t_a NC columns=a\n"
		"unique constraint uq_t_a_2 N columns=a\n"
		"check ck_t_a_0 NC expression=a > 0\n"
		"check ck_t_a_0_2 expression=a\n"
		"check ck_t_a_0_3 N expression=a < 0\n"
		"check ck_t_a_0_4 N expression=a = 0\n"
		"foreign key fk_t_a_t NC columns=a table=t ref_columns=a\n"
		"foreign key fk_t_a_t_2 N columns=a table=t ref_columns=a\n" },
	/* Defaults, per-dialect values, generated columns, groups. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `sqlite`: { `strict`: false }, `postgresql`: { "
		"`unlogged`: true,"
		" `fillfactor`: 70 }, `columns`: { `a`: { `type`: { `postgresql`: `jsonb`,"
		" `sqlite`: `text` }, `default`: 0 }, `b`: { `type`: `int`, `default`: true },"
		" `c`: { `type`: `int`, `default`: null }, `d`: { `type`: `int`,"
		" `default`: { `postgresql`: `now()` } }, `e`: { `type`: `int`,"
		" `generated`: { `as`: `((a) + (b))`, `stored`: true } },"
		" `f`: { `type`: `text`, `collation`: `BINARY`, `default`: `NULL`, `backfill`: "
		"1,"
		" `sqlite`: { `on_conflict`: `replace` } } } } } }",
		"table t unlogged=yes fillfactor=70\n"
		"column a type=text default=0\n"
		"column b type=int default=true\n"
		"column c type=int\n"
		"column d type=int\n"
		"column e type=int as=(a) + (b) stored=yes\n"
		"column f type=text backfill=1 on_conflict=replace\n" },
	/* Enums are text with a check on SQLite. */
	{ __LINE__,
		"~{ `enums`: { `Role`: [`a`, `it's`], `unused`: { `values`: [{ `value`: `x` }] "
		"} },"
		" `tables`: { `t`: { `columns`: {"
		" `r`: { `type`: `role` }, `order`: { `type`: `Role`, `check`: `1` } } } } }",
		"table t\n"
		"column r type=text\n"
		"column order type=text\n"
		"check ck_t_order NC expression=1\n"
		"check ck_t_order_2 NI expression=\"order\" IN ('a', 'it''s')\n"
		"check ck_t_r NCI expression=r IN ('a', 'it''s')\n" },
	/* Identity and rowid. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `bigint`, `identity`: "
		"`always`,"
		" `sqlite`: { `autoincrement`: true } } }, `primary_key`: `id` } } }",
		"table t\ncolumn id type=INTEGER autoincrement=yes rowid\nprimary key pk_t NC "
		"columns=id\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `integer` } },"
		" `primary_key`: [{ `name`: `id`, `order`: `desc` }] } } }",
		"table t\ncolumn id type=integer nullable=not null\nprimary key pk_t NC "
		"columns=id "
		"desc\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `sqlite`: { `without_rowid`: true }, `columns`: {"
		" `id`: { `type`: `integer`, `primary_key`: true } } } } }",
		"table t without_rowid=yes\ncolumn id type=integer nullable=not null\n"
		"primary key pk_t NC columns=id\n" },
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `id`: { `type`: `text`, `nullable`: true },"
		" `b`: { `type`: `` } }, `primary_key`: { `columns`: [`id`, `b`], `name`: `k` "
		"} } } }",
		"table t\ncolumn id type=text\ncolumn b nullable=not null\nprimary key k "
		"columns=id, b\n" },
	/* Collations that the column has anyway say nothing. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `text`, `collation`: "
		"`NOCASE` },"
		" `b`: { `type`: `text` } }, `indexes`: { `i`: [{ `name`: `a`, `collation`: "
		"`nocase` },"
		" { `name`: `a`, `collation`: `binary` }, { `name`: `b`, `collation`: `binary`,"
		" `nulls`: `last` }] } } } }",
		"table t\ncolumn a type=text collation=NOCASE\ncolumn b type=text\n"
		"index i columns=a, a collate binary, b\n" },
	/* Views and triggers. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` } }, `triggers`: { "
		"`g`: {"
		" `timing`: `after`, `events`: `update`, `of`: `a`, `when`: `(new.a > 1)`,"
		" `body`: ` DELETE FROM t; SELECT 1 ; -- end ` } } } },"
		" `views`: { `v`: `SELECT a FROM t;`, `w`: { `definition`: { `sqlite`: `SELECT "
		"1` },"
		" `columns`: [`x`], `renamed_from`: [`o`, `p`], `triggers`: { `h`: { `timing`:"
		" `instead of`, `events`: [`insert`], `body`: `SELECT 1` } } },"
		" `u`: { `sqlite`: `SELECT 2`, `postgresql`: `SELECT 3` } } }",
		"table t\ncolumn a type=int\n"
		"trigger g timing=after events=update of=a when=new.a > 1 body=DELETE FROM t; "
		"SELECT 1;\n"
		"view u definition=SELECT 2\n"
		"view v definition=SELECT a FROM t\n"
		"view w was o was p columns=x definition=SELECT 1\n"
		"trigger h timing=instead of events=insert body=SELECT 1;\n" },
	/* Not managed: columns may be left out, and nothing is checked. */
	{ __LINE__,
		"~{ `tables`: { `e`: { `managed`: false }, `t`: { `columns`: { `a`: { `type`: "
		"`int`,"
		" `references`: `e` } } } } }",
		"table e U\ntable t\ncolumn a type=int\nforeign key fk_t_a_e NC columns=a "
		"table=e\n" },
	/* renamed_from of something that is there is inert. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `renamed_from`: `s`, `columns`: { `a`: { `type`: `int`,"
		" `renamed_from`: `b` }, `b`: { `type`: `int`, `renamed_from`: [`c`, `d`] } } "
		"} } }",
		"table t was s\ncolumn a was b type=int\ncolumn b was c was d type=int\n" },
	/* Fields of other engines are kept. */
	{ __LINE__,
		"~{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int` }, `b`: { `type`: "
		"`int` } },"
		" `unique`: { `u`: { `columns`: [`a`], `include`: [`b`], `nulls_distinct`: "
		"false,"
		" `deferrable`: `deferred`, `comment`: `c`, `x-y`: 1 } },"
		" `foreign_keys`: [{ `columns`: [`a`], `table`: `t`, `ref_columns`: [`a`],"
		" `deferrable`: false, `on_update`: `set null`, `on_delete`: `no action`,"
		" `validated`: false }] } } }",
		"table t\ncolumn a type=int\ncolumn b type=int\n"
		"unique constraint u columns=a include=b nulls_distinct=no deferrable=deferred "
		"comment=c\n"
		"foreign key fk_t_a_t NC columns=a table=t ref_columns=a on_update=set null "
		"validated=no\n" },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < SD_COUNT(good); i++) {
		const struct sd_schema *schema = load(good[i].text);

		if (!schema)
			fail_msg("line %d: %s", good[i].line, reports());
		if (strcmp(dump(schema), good[i].dump) != 0)
			fail_msg("line %d:\n%s---\n%s", good[i].line, good[i].dump,
				dump(schema));
	}
}

/* A warning alone doesn't fail a load. */
static void
test_warning(void **state)
{
#define B                                                                                      \
	"`a`: { `type`: `int`, `references`: { `table`: `t`, `column`: `b` } }, "              \
	"`b`: { `type`: `int` }"
	(void)state;
	assert_non_null(load(T(B)));
	assert_string_equal(reports(), "a.json:2:44: warning: foreign key fk_t_a_t of t refers "
				       "to t (b), which is neither "
				       "a primary key nor unique\n");
	assert_non_null(
		load(T2(B, "`indexes`: { `i`: { `columns`: [`b`], `unique`: true } }")));
	assert_string_equal(reports(), "");
	assert_non_null(load(T2(B, "`indexes`: { `i`: { `columns`: [`b`], `unique`: true, "
				   "`where`: `a` } }")));
	assert_int_equal(diags.list.n, 1);
#undef B
}

/* The default word is held as nothing at all. */
static void
test_default_word(void **state)
{
	const struct sd_schema *schema =
		load(T("`a`: { `type`: `int`, `unique`: true, `references`: { `table`: `t`, "
		       "`column`: `a`, `on_delete`: `no action` } }"));
	const struct sd_object *key;

	(void)state;
	assert_non_null(schema);
	key = sd_parts_of(schema->objects[SD_TABLE].at[0], SD_FOREIGN_KEY)->at[0];
	assert_null(((const struct sd_foreign_key *)key)->on_delete);
}

/* What is said once serves both engines. */
static void
test_postgresql(void **state)
{
	const struct sd_schema *schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `enums`: { `e`: [`a`] }, `tables`: { `t`: { `columns`: {"
		" `id`: { `type`: `bigint`, `identity`: `by default`, `primary_key`: true },"
		" `T`: { `type`: `e[]` } }, `indexes`: [[{ `name`: `T`, `order`: `desc`,"
		" `nulls`: `first` }]] } } }",
		NULL);

	(void)state;
	if (!schema)
		fail_msg("%s", reports());
	assert_string_equal(dump(schema),
		"enum e values=a\n"
		"table t\n"
		"column id type=bigint nullable=not null generated=by default\n"
		"column T type=s.e[]\n"
		"primary key pk_t NC columns=id\n"
		"index ix_t_T NC columns=T desc\n");
	assert_non_null(sd_schema_table(schema, "s", "t"));
	assert_null(sd_schema_table(schema, NULL, "t"));
	assert_null(sd_schema_table(schema, "s", "T"));
}

/* The namespace is the file's, not the next one's; names are cut by the engine at 63. */
static void
test_postgresql_names(void **state)
{
	const char *long_name =
		"a123456789012345678901234567890123456789012345678901234567890123";
	const struct sd_schema *schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `tables`: { `t`: { `columns`: { " A
		" }, `indexes`: { `i`: `a` } "
		"} } }",
		"~{ `tables`: { `t`: { `columns`: { " A " }, `indexes`: { `i`: `a` } } } }");

	(void)state;
	if (!schema)
		fail_msg("%s", reports());
	assert_non_null(sd_schema_table(schema, "s", "t"));
	assert_non_null(sd_schema_table(schema, NULL, "t"));
	schema = load2(&sd_dialect_postgresql,
		"~{ `schema`: `s`, `tables`: { `t`: { `columns`: { " A
		" }, `indexes`: [`a`] } } }",
		"~{ `tables`: { `t`: { `columns`: { " A " }, `indexes`: [`a`] } } }");
	assert_non_null(schema);
	assert_null(load2(&sd_dialect_postgresql,
		sd_fmt(arena, "~{ `tables`: { `%s`: { `columns`: { " A " } } } }", long_name),
		NULL));
	assert_string_equal(reports(),
		"a.json:1:15: error: this name has 64 bytes; postgresql cuts names at 63\n");
}

/* A folder, a file in it, and one that is missing. */
static void
test_paths(void **state)
{
	struct sd_load_options options = { .dialect = &sd_dialect_sqlite };
	const char *dir = mkdtemp(sd_fmt(arena, "%s/test_load.XXXXXX", P_tmpdir));
	const char *file = sd_fmt(arena, "%s/sub/a.json", dir);
	const char *text = "{ \"views\": { \"v\": \"SELECT 1\" } }";
	struct sd_names paths = { 0 };
	const struct sd_schema *schema;

	(void)state;
	diags = (struct sd_diags){ .arena = arena };
	assert_int_equal(sd_dir_make(sd_path_dir(arena, file), &diags), SD_OK);
	assert_int_equal(sd_file_write(file, text, strlen(text), false, &diags), SD_OK);
	*sd_push(arena, &paths) = dir;
	*sd_push(arena, &paths) = file;
	schema = sd_load_paths(&options, &paths, arena, &diags);
	if (!schema)
		fail_msg("%s", reports());
	assert_string_equal(dump(schema), "view v definition=SELECT 1\n");
	*sd_push(arena, &paths) = sd_fmt(arena, "%s/missing.json", dir);
	assert_null(sd_load_paths(&options, &paths, arena, &diags));
	assert_int_equal(diags.n_errors, 1);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(sd_path_dir(arena, file)), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void
test_manages(void **state)
{
	struct sd_names star = { 0 }, views = { 0 };
	const struct sd_names *lists[] = { NULL, &views, &star };
	static const bool expect[][2] = { { false, false }, { true, false }, { true, true } };

	(void)state;
	*sd_push(arena, &star) = "*";
	*sd_push(arena, &views) = "views";
	for (size_t i = 0; i < SD_COUNT(lists); i++) {
		struct sd_load_options options = { .dialect = &sd_dialect_sqlite,
			.manage = lists[i] };
		const struct sd_schema *schema;

		diags = (struct sd_diags){ .arena = arena };
		schema = sd_loader_finish(sd_loader_new(&options, arena, &diags));
		assert_int_equal(schema->manages[SD_VIEW], expect[i][0]);
		assert_int_equal(schema->manages[SD_TRIGGER], expect[i][1]);
		assert_true(schema->manages[SD_TABLE]);
	}
	assert_true(load("~{ `views`: {} }")->manages[SD_VIEW]);
	assert_false(load("~{ `views`: {} }")->manages[SD_TRIGGER]);
	assert_true(load(T2(A, "`triggers`: {}"))->manages[SD_TRIGGER]);
}

/* The text of a file is not needed once it was added. */
static void
test_text_is_copied(void **state)
{
	struct sd_load_options options = { .dialect = &sd_dialect_sqlite };
	const char *text = sd_text_replace(arena,
		"{ `tables`: { `t`: { `columns`: { `a`: { `type`: `int`, `default`: `1`,"
		" `comment`: `c`, `renamed_from`: `b`, `index`: `i`, `check`: `a` } } } } }",
		"`", "\"");
	struct sd_arena *own = sd_arena_new();
	size_t len = strlen(text);
	char *copy = sd_strndup(own, text, len);
	struct sd_load_file file = { sd_strdup(own, "x.json"), copy, len };
	struct sd_loader *loader;
	const struct sd_schema *schema;

	(void)state;
	diags = (struct sd_diags){ .arena = arena };
	loader = sd_loader_new(&options, arena, &diags);
	assert_int_equal(sd_loader_add(loader, &file), SD_OK);
	memset(copy, 'z', len);
	sd_arena_free(own);
	schema = sd_loader_finish(loader);
	assert_non_null(schema);
	assert_string_equal(dump(schema),
		"table t\ncolumn a was b type=int default=1 comment=c\ncheck ck_t_a NC "
		"expression=a\nindex i columns=a\n");
	assert_string_equal(schema->objects[SD_TABLE].at[0]->pos.file, "x.json");
}

/* Thousands of tables in one load: the time must not grow with their square. */
static void
test_many(void **state)
{
	struct sd_buf text = SD_BUF(arena);
	const struct sd_schema *schema;

	(void)state;
	for (int i = 0; i < 3000; i++)
		sd_buf_addf(&text,
			"%s\"t%d\": { \"columns\": { \"id\": { \"type\": \"integer\", "
			"\"primary_key\": true }, \"up\": { \"type\": \"integer\", \"index\": "
			"true, "
			"\"references\": \"t%d\" } } }",
			i ? ",\n" : "{ \"tables\": {", i, i / 2);
	sd_buf_add(&text, "} }");
	schema = load(sd_buf_text(&text));
	assert_non_null(schema);
	assert_int_equal(schema->objects[SD_TABLE].n, 3000);
	assert_int_equal(
		sd_parts_of(&sd_schema_table(schema, NULL, "T2999")->rel.o, SD_INDEX)->n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_warning, setup, teardown),
		cmocka_unit_test_setup_teardown(test_default_word, setup, teardown),
		cmocka_unit_test_setup_teardown(test_postgresql, setup, teardown),
		cmocka_unit_test_setup_teardown(test_postgresql_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_manages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_is_copied, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
