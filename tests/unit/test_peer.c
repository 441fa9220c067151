/* The table of other tools: each row is whole, and what the program knows of it elsewhere agrees. */
#include "core/base/text.h"
#include "core/history/peer.h"
#include "core/history/script.h"
#include "introspect/introspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
assert_foreign(const char *table)
{
	if (!sd_is_foreign_bookkeeping(table))
		fail_msg("%s is not in introspect/foreign.c", table);
}

/* A query and the advice for what it finds come together. */
static void
assert_both(const char *name, const char *query, const char *advice)
{
	if (!query != !advice)
		fail_msg("%s: a query without advice, or advice that nothing asks for", name);
}

static void
rows_are_whole(void **state)
{
	struct sd_arena *arena = sd_arena_new();

	(void)state;
	for (size_t i = 0; i < sd_n_peers; i++) {
		const struct sd_peer *peer = &sd_peers[i];
		const char *name = sd_peer_name(peer);

		assert_non_null(name);
		assert_ptr_equal(sd_peer_find(name), peer);
		assert_null(strchr(name, ' ')); /* a header's first word */
		assert_string_equal(peer->table, sd_text_lower(arena, peer->table));
		assert_string_equal(peer->columns, sd_text_lower(arena, peer->columns));
		assert_string_equal(peer->columns, sd_text_squeeze(arena, peer->columns));
		assert_non_null(peer->title);
		assert_non_null(peer->noun);
		assert_non_null(strstr(peer->applied, "{t}"));
		assert_non_null(peer->up);
		if (peer->position_only)
			assert_non_null(peer->down);
		assert_both(name, peer->failed, peer->mend);
		assert_both(name, peer->busy, peer->unlock);
		if (peer->busy)
			assert_non_null(peer->beside);
		assert_foreign(peer->table);
		if (peer->beside)
			assert_foreign(sd_text_replace(arena, peer->beside, "*", peer->table));
	}
	assert_string_equal(sd_peer_words[sd_n_peers], "none");
	assert_null(sd_peer_words[sd_n_peers + 1]);
	assert_null(sd_peer_find("none"));
	sd_arena_free(arena);
}

/* Of the rows of one table each must be told from those before it. */
static void
tables_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sd_n_peers; i++)
		for (size_t k = 0; k < i; k++) {
			if (strcmp(sd_peers[i].table, sd_peers[k].table) != 0)
				continue;
			assert_true(sd_peers[i].exact && sd_peers[k].exact);
			if (strcmp(sd_peers[i].columns, sd_peers[k].columns) == 0)
				assert_true(sd_peers[k].needs_beside);
		}
}

static void
own_keys_of_a_header(void **state)
{
	static const char text[] = "-- m\n-- revision: a\n-- x-adopted: flyway 1\n"
				   "-- x-other: y\n-- x-adopted:  flyway  2 \n\n-- schemadiff:up\n";
	struct sd_arena *arena = sd_arena_new();
	struct sd_diags diags = { .arena = arena };
	const struct sd_script *script = sd_script_parse_header(
		"a.sql", text, strlen(text), &sd_dialect_sqlite, arena, &diags);
	struct sd_names values;

	(void)state;
	assert_non_null(script);
	values = sd_extras_of(&script->extras, "x-adopted", arena);
	assert_int_equal(values.n, 2);
	assert_string_equal(values.at[0], "flyway 1");
	assert_string_equal(values.at[1], "flyway  2");
	assert_int_equal(sd_extras_of(&script->extras, "x-none", arena).n, 0);
	sd_arena_free(arena);
}

static void
words(void **state)
{
	const char *versions[] = { "1.1", "1.2" };
	struct sd_arena *arena = sd_arena_new();
	struct sd_peer_books books = { .peer = sd_peer_find("flyway"), .table = "t" };

	(void)state;
	assert_true(sd_peer_is_empty(&books));
	assert_string_equal(sd_peer_place(&books, arena), "nothing is applied");
	books.applied = (struct sd_names){ .at = versions, .n = 1 };
	assert_string_equal(sd_peer_place(&books, arena), "1 migration applied: 1.1");
	books.applied.n = 2;
	assert_string_equal(
		sd_peer_place(&books, arena), "2 migrations applied, the last is 1.2");
	books.peer = sd_peer_find("alembic");
	assert_string_equal(sd_peer_place(&books, arena), "at 1.1, 1.2");
	assert_string_equal(sd_peer_table(&books, arena), "t");
	books.namespace = "app";
	assert_string_equal(sd_peer_table(&books, arena), "app.t");
	sd_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(tables_are_told_apart),
		cmocka_unit_test(own_keys_of_a_header),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
