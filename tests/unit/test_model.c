#include "core/base/text.h"
#include "core/schema/names.h"

#include "core/schema/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct sd_arena *arena;
static struct sd_schema *schema;

static int
setup(void **state)
{
	(void)state;
	arena = sd_arena_new();
	schema = sd_schema_new(arena, &sd_dialect_sqlite, 3035000);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sd_arena_free(arena);
	return 0;
}

static struct sd_object *
add(enum sd_kind kind, const char *name, struct sd_object *parent)
{
	struct sd_object *object = sd_object_new(arena, kind, name, parent);

	sd_schema_add(schema, object);
	return object;
}

static struct sd_column *
add_column(struct sd_object *table, const char *name, const char *type)
{
	struct sd_column *column = (struct sd_column *)add(SD_COLUMN, name, table);

	column->type = type;
	return column;
}

static struct sd_key *
add_key(enum sd_kind kind, struct sd_object *table, const char *name, const char *column)
{
	struct sd_key *key = (struct sd_key *)add(kind, name, table);

	sd_push(arena, &key->columns)->name = column;
	return key;
}

static const struct sd_field *
find(enum sd_kind kind, const char *key)
{
	const struct sd_field *field = sd_field_find(kind, key);

	assert_non_null(field);
	return field;
}

/* Every row of the table of kinds is whole, and its keys are told apart. */
static void
test_kinds(void **state)
{
	(void)state;
	for (int kind = 0; kind < SD_KIND__MAX; kind++) {
		const struct sd_kind_desc *desc = &sd_kinds[kind];

		assert_true(desc->word && desc->plural && desc->section && desc->doc);
		assert_true(desc->size >= sizeof(struct sd_object) && desc->n_fields);
		for (size_t i = 0; i < desc->n_fields; i++) {
			const struct sd_field *field = &desc->fields[i];
			bool rare = field->flags & SD_FIELD_RARE;
			bool worded = field->type == SD_F_WORD || field->type == SD_F_WORDS;

			assert_true(field->key && field->label && field->doc);
			assert_true(rare || field->offset >= sizeof(struct sd_object));
			assert_true(field->offset < (rare ? sizeof(struct sd_column_rare)
							  : desc->size));
			assert_true(field->dialects & SD_ON_ALL);
			assert_true(!worded || field->words);
			if (!field->group)
				assert_ptr_equal(
					sd_field_find((enum sd_kind)kind, field->key), field);
			assert_true(strcmp(field->key, "renamed_from") != 0);
		}
	}
	assert_null(sd_field_find(SD_TABLE, "nothing"));
}

static void
test_find(void **state)
{
	struct sd_object *b = add(SD_TABLE, "B", NULL), *a = add(SD_TABLE, "a", NULL);
	struct sd_object *v = add(SD_VIEW, "v", NULL), *other = add(SD_TABLE, "a", NULL);
	char name[600];

	(void)state;
	other->ns = "x";
	sd_schema_finish(schema);
	assert_ptr_equal(schema->objects[SD_TABLE].at[0], b);
	assert_ptr_equal(schema->objects[SD_TABLE].at[1], a);
	assert_ptr_equal(schema->objects[SD_TABLE].at[2], other);
	assert_ptr_equal(sd_schema_find(schema, SD_TABLE, NULL, "b"), b);
	assert_ptr_equal(sd_schema_find(schema, SD_TABLE, NULL, "A"), a);
	assert_ptr_equal(sd_schema_find(schema, SD_TABLE, "X", "A"), other);
	assert_ptr_equal(sd_schema_find(schema, SD_VIEW, NULL, "V"), v);
	assert_null(sd_schema_find(schema, SD_VIEW, NULL, "a"));
	assert_null(sd_schema_table(schema, NULL, "v"));
	memset(name, 'N', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_null(sd_schema_table(schema, NULL, name));
	schema->dialect = &sd_dialect_postgresql;
	sd_schema_finish(schema);
	assert_null(sd_schema_table(schema, NULL, "b"));
	assert_ptr_equal(sd_schema_table(schema, NULL, "B"), b);
}

/* Columns keep their order; other parts are sorted, unnamed ones last and as they came. */
static void
test_order(void **state)
{
	struct sd_object *t = add(SD_TABLE, "t", NULL);
	struct sd_object *late = add(SD_CHECK, NULL, t), *later = add(SD_CHECK, NULL, t);
	struct sd_object *z = add(SD_CHECK, "z", t), *y = add(SD_CHECK, "y", t);
	const struct sd_list *list = sd_parts_of(t, SD_CHECK);

	(void)state;
	add_column(t, "b", "int");
	add_column(t, "a", "int");
	sd_schema_finish(schema);
	assert_string_equal(sd_parts_of(t, SD_COLUMN)->at[0]->name, "b");
	assert_ptr_equal(list->at[0], y);
	assert_ptr_equal(list->at[1], z);
	assert_ptr_equal(list->at[2], late);
	assert_ptr_equal(list->at[3], later);
	assert_ptr_equal(sd_part_find(schema->dialect, t, SD_CHECK, "Z"), z);
	assert_null(sd_part_find(schema->dialect, t, SD_INDEX, "z"));
	assert_non_null(sd_column_find(schema->dialect, t, "B"));
}

/* A clone shares nothing that can be changed. */
static void
test_clone(void **state)
{
	struct sd_object *t = add(SD_TABLE, "t", NULL);
	struct sd_column *a = add_column(t, "a", "int");
	struct sd_key *key = add_key(SD_UNIQUE, t, "u", "a");
	struct sd_check *check = (struct sd_check *)add(SD_CHECK, NULL, t);
	struct sd_table *copy;
	struct sd_key *copied;

	(void)state;
	check->column = a;
	*sd_push(arena, &a->o.renamed_from) = "old";
	copy = (struct sd_table *)sd_object_clone(arena, t, NULL);
	assert_int_equal(copy->rel.parts[SD_COLUMN].n, 1);
	assert_ptr_equal(copy->rel.parts[SD_COLUMN].at[0]->parent, copy);
	assert_ptr_equal(((struct sd_check *)copy->rel.parts[SD_CHECK].at[0])->column,
		copy->rel.parts[SD_COLUMN].at[0]);
	copied = (struct sd_key *)copy->rel.parts[SD_UNIQUE].at[0];
	copied->columns.at[0].name = "z";
	*sd_push(arena, &copy->rel.parts[SD_UNIQUE]) = NULL;
	copy->rel.parts[SD_COLUMN].at[0]->renamed_from.at[0] = "new";
	assert_string_equal(key->columns.at[0].name, "a");
	assert_string_equal(a->o.renamed_from.at[0], "old");
	assert_int_equal(sd_parts_of(t, SD_UNIQUE)->n, 1);
}

static void
test_titles(void **state)
{
	struct sd_object *t = add(SD_TABLE, "users", NULL);
	const struct {
		int line;
		const struct sd_object *object;
		const char *title, *path;
	} rows[] = {
		{ __LINE__, t, "table users", "users" },
		{ __LINE__, add(SD_COLUMN, "email", t), "column users.email", "users.email" },
		{ __LINE__, add(SD_INDEX, "ix_a", t), "index ix_a", "users.ix_a" },
		{ __LINE__, add(SD_CHECK, NULL, t), "unnamed check of users",
			"users (unnamed check)" },
		{ __LINE__, add(SD_CHECK, "c", t), "check c of users", "users.c" },
		{ __LINE__, add(SD_PRIMARY_KEY, NULL, t), "primary key of users",
			"users (unnamed primary key)" },
		{ __LINE__, add(SD_VIEW, "v", NULL), "view v", "v" },
	};
	struct sd_object *far = add(SD_TABLE, "invoice", NULL);

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const char *title = sd_object_title(arena, rows[i].object);
		const char *path = sd_object_path(arena, rows[i].object);

		if (strcmp(title, rows[i].title) != 0 || strcmp(path, rows[i].path) != 0)
			fail_msg("line %d: %s, %s", rows[i].line, title, path);
	}
	far->ns = "billing";
	assert_string_equal(sd_object_path(arena, far), "billing.invoice");
}

static void
test_fields(void **state)
{
	struct sd_object *t = add(SD_TABLE, "t", NULL);
	struct sd_column *a = add_column(t, "a", "VARCHAR(50)"), *b = add_column(t, "b", "int");
	struct sd_key *u = add_key(SD_UNIQUE, t, NULL, "a"),
		      *w = add_key(SD_UNIQUE, t, NULL, "A");
	struct sd_trigger *g = (struct sd_trigger *)add(SD_TRIGGER, "g", t);
	struct sd_trigger *h = (struct sd_trigger *)add(SD_TRIGGER, "h", t);

	(void)state;
#define EQUAL(kind, key, x, y)                                                                 \
	sd_field_equal(schema->dialect, arena, find(kind, key), &(x)->o, &(y)->o)
#define TEXT(kind, key, x) sd_field_text(arena, find(kind, key), &(x)->o)
	assert_false(EQUAL(SD_COLUMN, "type", a, b));
	b->type = "varchar(50)";
	assert_true(EQUAL(SD_COLUMN, "type", a, b));
	a->deflt = "1";
	assert_false(EQUAL(SD_COLUMN, "default", a, b));
	b->deflt = "1";
	assert_true(EQUAL(SD_COLUMN, "default", a, b));
	a->not_null = true;
	assert_false(EQUAL(SD_COLUMN, "nullable", a, b));
	assert_true(EQUAL(SD_UNIQUE, "columns", u, w));
	w->columns.at[0].desc = true;
	assert_false(EQUAL(SD_UNIQUE, "columns", u, w));
	w->on_conflict = "abort";
	assert_true(EQUAL(SD_UNIQUE, "on_conflict", u, w));
	w->on_conflict = "ignore";
	assert_false(EQUAL(SD_UNIQUE, "on_conflict", u, w));
	*sd_push(arena, &g->events) = "insert";
	*sd_push(arena, &g->events) = "update";
	*sd_push(arena, &h->events) = "update";
	assert_false(EQUAL(SD_TRIGGER, "events", g, h));
	*sd_push(arena, &h->events) = "delete";
	assert_false(EQUAL(SD_TRIGGER, "events", g, h));
	h->events.at[1] = "insert";
	assert_true(EQUAL(SD_TRIGGER, "events", g, h));
	assert_string_equal(TEXT(SD_COLUMN, "nullable", a), "not null");
	assert_string_equal(TEXT(SD_COLUMN, "nullable", b), "null");
	assert_string_equal(TEXT(SD_COLUMN, "collation", a), "(none)");
	assert_string_equal(TEXT(SD_COLUMN, "stored", a), "no");
	assert_string_equal(TEXT(SD_UNIQUE, "nulls_distinct", u), "yes");
	assert_string_equal(TEXT(SD_UNIQUE, "on_conflict", u), "abort");
	assert_string_equal(TEXT(SD_UNIQUE, "columns", w), "A desc");
	assert_string_equal(TEXT(SD_TRIGGER, "events", g), "insert, update");
}

/* What an introspected model goes through. */
static void
test_normalise(void **state)
{
	struct sd_object *p = add(SD_TABLE, "Parent", NULL), *t = add(SD_TABLE, "child", NULL);
	struct sd_column *id = add_column(p, "id", "INTEGER"), *k = add_column(t, "k", "TEXT");
	struct sd_foreign_key *fk = (struct sd_foreign_key *)add(SD_FOREIGN_KEY, NULL, t);
	struct sd_foreign_key *lost = (struct sd_foreign_key *)add(SD_FOREIGN_KEY, NULL, t);
	struct sd_object *ck = add(SD_CHECK, "ck_child_k", t),
			 *c2 = add(SD_CHECK, "ck_child_z", t);

	(void)state;
	add_key(SD_PRIMARY_KEY, p, NULL, "ID");
	add_key(SD_PRIMARY_KEY, t, "pk_child", "k");
	((struct sd_check *)ck)->expression = ((struct sd_check *)c2)->expression = "k <> ''";
	id->not_null = true;
	k->deflt = "NULL";
	fk->table = "parent";
	lost->table = "nowhere";
	sd_schema_normalise(schema, NULL);
	sd_schema_finish(schema);
	assert_true(id->rowid_alias);
	assert_false(id->not_null);
	assert_false(k->not_null);
	assert_null(k->deflt);
	assert_int_equal(fk->ref_columns.n, 1);
	assert_string_equal(fk->ref_columns.at[0], "ID");
	assert_int_equal(lost->ref_columns.n, 0);
	assert_true(ck->flags & SD_OBJ_CONVENTIONAL);
	assert_false(c2->flags & SD_OBJ_CONVENTIONAL);
	assert_true(sd_table_pk((struct sd_table *)t)->o.flags & SD_OBJ_CONVENTIONAL);
	assert_false(sd_table_pk((struct sd_table *)p)->o.flags & SD_OBJ_CONVENTIONAL);
	assert_true(sd_column_in_pk(schema->dialect, k));
	((struct sd_table *)t)->without_rowid = true;
	sd_schema_normalise(schema, NULL);
	assert_true(k->not_null);
	assert_int_equal(fk->ref_columns.n, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_find, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_titles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(test_normalise, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
