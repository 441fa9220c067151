/* What -e chooses, and where a tenant's database is. */
#include "core/config/tenants.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/config/pgurl.h"
#include "core/config/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_NAME "test-tenants.json"

struct env {
	struct sd_arena *arena;
	struct sd_diags diags;
	struct sd_config config;
};

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct env *env = sd_new(arena, struct env);

	env->arena = env->diags.arena = arena;
	*state = env;
	return unsetenv("PGOPTIONS");
}

static int
teardown(void **state)
{
	struct env *env = *state;

	(void)unlink(FILE_NAME);
	sd_arena_free(env->arena);
	return 0;
}

static void
load(struct env *env, const char *environments)
{
	const char *text = sd_fmt(env->arena, "{ \"environments\": { %s } }", environments);

	assert_int_equal(
		sd_file_write(FILE_NAME, text, strlen(text), false, &env->diags), SD_OK);
	assert_int_equal(
		sd_config_load(NULL, FILE_NAME, env->arena, &env->diags, &env->config), SD_OK);
}

/* ---- patterns ----------------------------------------------------------------------- */

static const struct {
	int line;
	const char *piece, *name;
	bool is_pattern, matches, may; /* @may: for what is behind @name */
} patterns[] = {
	{ __LINE__, "dev", "dev", false, true, true },
	{ __LINE__, "dev", "de", false, false, true },
	{ __LINE__, "dev", "devel", false, false, false },
	{ __LINE__, "all", "dev", true, true, true },
	{ __LINE__, "all", "prod/", true, true, true },
	{ __LINE__, "al", "all", false, false, false },
	{ __LINE__, "*", "", true, true, true },
	{ __LINE__, "prod-*", "prod-eu", true, true, true },
	{ __LINE__, "prod-*", "prod", true, false, true },
	{ __LINE__, "prod-*", "test", true, false, false },
	{ __LINE__, "p*d", "prod/", true, false, true },
	{ __LINE__, "prod/*", "prod/a/b", true, true, true },
	{ __LINE__, "prod/*", "stage/", true, false, false },
	{ __LINE__, "*/acme", "prod/acme", true, true, true },
	{ __LINE__, "*a*a*b", "aaab", true, true, true },
	{ __LINE__, "*a*a*b", "aaaba", true, false, true },
	{ __LINE__, "t?", "t1", true, true, true },
	{ __LINE__, "t?", "t", true, false, true },
	{ __LINE__, "t?", "t12", true, false, false },
	{ __LINE__, "t\\?", "t?", false, true, true },
	{ __LINE__, "t\\?", "t1", false, false, false },
	{ __LINE__, "t\\*", "tx", false, false, false },
	{ __LINE__, "*\\*", "a*", true, true, true },
	{ __LINE__, "*\\*", "ab", true, false, true },
	{ __LINE__, "a\\,b", "a,b", false, true, true },
	{ __LINE__, "a\\\\b", "a\\b", false, true, true },
	{ __LINE__, "a\\\\*", "a\\b", true, true, true },
	{ __LINE__, "a\\", "a\\", false, true, true },
};

static void
test_patterns(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < SD_COUNT(patterns); i++) {
		const char *piece = patterns[i].piece, *name = patterns[i].name;

		if (sd_env_is_pattern(piece) == patterns[i].is_pattern &&
			sd_env_matches(piece, name) == patterns[i].matches &&
			sd_env_may_match(piece, name) == patterns[i].may)
			continue;
		print_error("row %d: %d %d %d\n", patterns[i].line, sd_env_is_pattern(piece),
			sd_env_matches(piece, name), sd_env_may_match(piece, name));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
test_pieces(void **state)
{
	static const char *const rows[][2] = {
		{ "a", "a" },
		{ "a,b", "a|b" },
		{ " a , b c,", "a|b c" },
		{ ",,", "" },
		{ "a\\,b,c\\\\,d", "a\\,b|c\\\\|d" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_names pieces = { 0 };
		struct sd_buf text = SD_BUF(env->arena);

		sd_env_pieces(rows[i][0], env->arena, &pieces);
		for (size_t k = 0; k < pieces.n; k++) {
			sd_buf_sep(&text, "|");
			sd_buf_add(&text, pieces.at[k]);
		}
		assert_string_equal(sd_buf_text(&text), rows[i][1]);
	}
}

/* Whatever a name has in it, quoted it is itself and nothing else. */
static void
test_quote(void **state)
{
	static const char *const names[] = { "a", "a*b", "?", ",", "\\", "\\*", "O'Neil \"x\"",
		"prod/a,b\\c*d?", "Söns" };
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(names); i++) {
		const char *quoted = sd_env_quote(env->arena, names[i]);
		struct sd_names pieces = { 0 };

		assert_false(sd_env_is_pattern(quoted));
		assert_string_equal(sd_env_unquote(env->arena, quoted), names[i]);
		sd_env_pieces(quoted, env->arena, &pieces);
		assert_int_equal(pieces.n, 1);
		for (size_t k = 0; k < SD_COUNT(names); k++)
			assert_int_equal(sd_env_matches(quoted, names[k]), i == k);
	}
}

/* ---- choosing ----------------------------------------------------------------------- */

static void
test_choose(void **state)
{
	static const struct {
		int line;
		const char *text, *name, *tenant; /* @name NULL: an error */
		bool found;
	} rows[] = {
		{ __LINE__, "dev", "dev", NULL, true },
		{ __LINE__, "dve", "dve", NULL, false },
		{ __LINE__, "a*", "a*", NULL, true },
		{ __LINE__, "a\\*", "a*", NULL, true },
		{ __LINE__, "x/y", "x/y", NULL, true },
		{ __LINE__, "prod", "prod", NULL, true },
		{ __LINE__, "prod/acme", "prod/acme", "acme", true },
		{ __LINE__, "prod/t_1", "prod/t_1", "t_1", true },
		{ __LINE__, "prod/t_\\*", "prod/t_*", "t_*", true },
		{ __LINE__, "prod/t_a/b", "prod/t_a/b", "t_a/b", true },
		{ __LINE__, "prod/other", NULL, NULL, false },
		{ __LINE__, "prod/", NULL, NULL, false },
		{ __LINE__, "dev/acme", NULL, NULL, false },
		{ __LINE__, "q/what ever", "q/what ever", "what ever", true },
		{ __LINE__, "q/", NULL, NULL, false },
		{ __LINE__, "x/y/z", "x/y/z", "y/z", true },
		{ __LINE__, "l/m/n", "l/m/n", "n", true },
		{ __LINE__, "l/o/n", "l/o/n", "o/n", true },
	};
	struct env *env = *state;

	load(env,
		"\"dev\": { \"url\": \"sqlite:d\" }, \"a*\": {}, \"x\": { \"tenants\": \"*\" },"
		"\"x/y\": {}, \"l/m\": { \"tenants\": \"*\" }, \"l\": { \"tenants\": \"*\" },"
		"\"prod\": { \"url\": \"host=h\", \"protected\": true, \"wait\": "
		"7,"
		"\"tenants\": [\"acme\", \"t_*\"] },"
		"\"q\": { \"url\": \"host=h\", \"tenants\": { \"query\": \"SELECT 1\" } }");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_config config = env->config;
		const struct sd_environment *found;
		const char *name = NULL;
		enum sd_status status =
			sd_config_choose(&config, rows[i].text, env->arena, &env->diags, &name);

		print_message("row %d\n", rows[i].line);
		assert_int_equal(status, rows[i].name ? SD_OK : SD_ERR);
		if (status)
			continue;
		assert_string_equal(name, rows[i].name);
		found = sd_config_environment(&config, name);
		assert_int_equal(found != NULL, rows[i].found);
		if (found)
			assert_true(sd_text_equal(found->tenant, rows[i].tenant));
		if (found && sd_text_starts(name, "prod/"))
			assert_true(found->is_protected && found->settings.wait == 7 &&
				    !found->tenants.given);
	}
}

/* ---- where it is -------------------------------------------------------------------- */

static const char *
value_of(const struct sd_target *target, const char *key)
{
	long at = sd_names_find(&target->keys, key);

	return at < 0 ? NULL : target->values.at[at];
}

static void
test_targets(void **state)
{
	static const struct {
		int line;
		const char *url, *tenant;
		const char *file, *dbname, *namespace; /* none: an error */
	} rows[] = {
		{ __LINE__, "sqlite:d/${tenant}.db", "acme", "d/acme.db", NULL, NULL },
		{ __LINE__, "sqlite:${tenant}/${tenant}.db", "a b*", "a b*/a b*.db", NULL,
			NULL },
		{ __LINE__, "sqlite:d/${tenant:-x}.db", "acme", "d/acme.db", NULL, NULL },
		{ __LINE__, "sqlite:d/${tenant}.db", "a/b", NULL, NULL, NULL },
		{ __LINE__, "sqlite:d/${tenant}/x.db", "..", NULL, NULL, NULL },
		{ __LINE__, "sqlite:d/x.db", "a", NULL, NULL, NULL },
		{ __LINE__, "${KIND}:///d/${tenant}.db", "a", "d/a.db", NULL, NULL },
		{ __LINE__, "${KIND}:///d/${tenant}.db", "a/b", NULL, NULL, NULL },
		{ __LINE__, "postgresql://h/db_${tenant}", "a/b@c%d e?#", NULL,
			"db_a/b@c%d e?#", NULL },
		{ __LINE__, "postgresql://h/${tenant}", "Söns", NULL, "Söns", NULL },
		{ __LINE__, "host=h dbname=db_${tenant}", "a b'c\\d", NULL, "db_a b'c\\d",
			NULL },
		{ __LINE__, "host=h dbname='db ${tenant}'", "a b'c\\d", NULL, "db a b'c\\d",
			NULL },
		{ __LINE__, "postgresql://h/db", "a", NULL, "db", "a" },
		{ __LINE__, "host=h dbname=db", "A \"b\"", NULL, "db", "A \"b\"" },
		{ __LINE__, "postgresql://h/db_${tenant}", "${KIND}", NULL, "db_${KIND}",
			NULL },
	};
	struct env *env = *state;

	assert_int_equal(setenv("KIND", "sqlite", 1), 0);
	load(env, "\"x\": {}");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct sd_environment one = {
			.name = "x/y", .url = rows[i].url, .tenant = rows[i].tenant
		};
		bool good = rows[i].file || rows[i].dbname;
		struct sd_target target;

		print_message("row %d\n", rows[i].line);
		assert_int_equal(
			sd_url_target(&env->config, &one, env->arena, &env->diags, &target),
			good ? SD_OK : SD_ERR);
		if (!good)
			continue;
		assert_true(sd_text_equal(target.file, rows[i].file));
		assert_true(sd_text_equal(value_of(&target, "dbname"), rows[i].dbname));
		assert_true(sd_text_equal(target.namespace, rows[i].namespace));
	}
}

static void
test_options(void **state)
{
	static const struct {
		int line;
		const char *options, *variable, *namespace, *result;
	} rows[] = {
		{ __LINE__, NULL, NULL, "acme", "-c search_path=\"acme\"" },
		{ __LINE__, "", "-c a=b", "acme", "-c search_path=\"acme\"" },
		{ __LINE__, NULL, "-c a=b", "acme", "-c a=b -c search_path=\"acme\"" },
		{ __LINE__, "-c x=y", "-c a=b", "acme", "-c x=y -c search_path=\"acme\"" },
		{ __LINE__, "-c search_path=public", NULL, "acme",
			"-c search_path=\"acme\",public" },
		{ __LINE__, "  -csearch_path=p,q   -c work_mem=1MB ", NULL, "a",
			"-c work_mem=1MB -c search_path=\"a\",p,q" },
		{ __LINE__, "--search-path=\"x\\ y\" -d 3", NULL, "a",
			"-d 3 -c search_path=\"a\",\"x\\ y\"" },
		{ __LINE__, "-c search_path= -c b=c\\ d", NULL, "a",
			"-c b=c\\ d -c search_path=\"a\"" },
		{ __LINE__, "-c", NULL, "a", "-c search_path=\"a\"" },
		{ __LINE__, "-csearch_pathology=1", NULL, "a",
			"-csearch_pathology=1 -c search_path=\"a\"" },
		{ __LINE__, NULL, NULL, "O'N \"e\" \\l",
			"-c search_path=\"O'N\\ \"\"e\"\"\\ \\\\l\"" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_target target = { .dialect = &sd_dialect_postgresql };

		if (rows[i].options) {
			*sd_push(env->arena, &target.keys) = "options";
			*sd_push(env->arena, &target.values) = rows[i].options;
		}
		if (rows[i].variable)
			assert_int_equal(setenv("PGOPTIONS", rows[i].variable, 1), 0);
		print_message("row %d\n", rows[i].line);
		sd_pgurl_enter(&target, rows[i].namespace, env->arena);
		assert_string_equal(value_of(&target, "options"), rows[i].result);
		assert_string_equal(target.namespace, rows[i].namespace);
		assert_int_equal(unsetenv("PGOPTIONS"), 0);
	}
}

/* ---- protected ---------------------------------------------------------------------- */

static void
test_protected(void **state)
{
	static const struct {
		int line;
		const char *url;
		bool is_protected;
	} rows[] = {
		{ __LINE__, "sqlite:no/acme/app.db", true },
		{ __LINE__, "sqlite:no/beta/app.db", false },
		{ __LINE__, "sqlite:no/t_9/app.db", true },
		{ __LINE__, "sqlite:no/acme/other.db", false },
		{ __LINE__, "postgresql://me@db.example.com/app_x", true },
		{ __LINE__, "postgresql://db.example.com:5433/app_x", false },
		{ __LINE__, "postgresql://db.example.com/other", false },
		{ __LINE__, "postgresql://one.example.com/shared", true },
		{ __LINE__, "postgresql://two.example.org/shared", false },
		{ __LINE__, "host=h dbname=spaces", true },
	};
	struct env *env = *state;

	load(env, "\"f\": { \"protected\": true, \"url\": \"sqlite:no/${tenant}/app.db\","
		  " \"tenants\": [\"acme\", \"t_*\"] },"
		  "\"d\": { \"protected\": true, \"url\": "
		  "\"postgresql://db.example.com/app_${tenant}\","
		  " \"tenants\": { \"query\": \"SELECT 1\", \"url\": \"host=c\" } },"
		  "\"h\": { \"protected\": true, \"url\": "
		  "\"postgresql://${tenant}.example.com/shared\","
		  " \"tenants\": [\"*\"] },"
		  "\"n\": { \"protected\": true, \"url\": \"postgresql://h/spaces\","
		  " \"tenants\": [\"a\"] }");
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct sd_url_sources sources = { rows[i].url, NULL };
		const struct sd_environment *environment;
		struct sd_target target;

		print_message("row %d\n", rows[i].line);
		assert_int_equal(sd_url_resolve(&env->config, &sources, env->arena, &env->diags,
					 &target, &environment),
			SD_OK);
		assert_int_equal(target.is_protected, rows[i].is_protected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_patterns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quote, setup, teardown),
		cmocka_unit_test_setup_teardown(test_choose, setup, teardown),
		cmocka_unit_test_setup_teardown(test_targets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_options, setup, teardown),
		cmocka_unit_test_setup_teardown(test_protected, setup, teardown),
	};

	return cmocka_run_group_tests_name("tenants", tests, NULL, NULL);
}
