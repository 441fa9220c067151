#include "core/config/config.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/config/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct env {
	struct sd_arena *arena;
	struct sd_diags diags;
	char *dir;
	char back[4096];
};

/* Each test works in a folder of its own, two levels deep. */
static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct env *env = sd_new(arena, struct env);

	env->arena = arena;
	env->diags.arena = arena;
	*state = env;
	if (!getcwd(env->back, sizeof env->back))
		return -1;
	env->dir = sd_fmt(arena, "%s/test-config-XXXXXX", env->back);
	return !mkdtemp(env->dir) || chdir(env->dir) || sd_dir_make("a/b", &env->diags);
}

static int
teardown(void **state)
{
	struct env *env = *state;
	int failed = chdir(env->dir);

	unlink("schemadiff.json");
	unlink("a/schemadiff.json");
	rmdir("a/b");
	rmdir("a");
	failed |= chdir(env->back);
	rmdir(env->dir);
	sd_arena_free(env->arena);
	return failed;
}

static enum sd_status
load(struct env *env, const char *text, struct sd_config *config)
{
	assert_int_equal(
		sd_file_write("schemadiff.json", text, strlen(text), false, &env->diags),
		SD_OK);
	return sd_config_load(NULL, NULL, env->arena, &env->diags, config);
}

static const char *
reports(struct env *env)
{
	struct sd_buf out = SD_BUF(env->arena);

	sd_diags_format(&env->diags, 0, false, &out);
	return sd_buf_text(&out);
}

static void
test_defaults(void **state)
{
	struct env *env = *state;
	struct sd_config config;
	const struct sd_settings *s = &config.settings;

	assert_int_equal(sd_config_load(NULL, NULL, env->arena, &env->diags, &config), SD_OK);
	assert_null(config.path);
	assert_string_equal(config.dir, ".");
	assert_int_equal(s->schemas.n, 1);
	assert_string_equal(s->schemas.at[0], "schemas");
	assert_string_equal(s->migrations.at[0], "migrations");
	assert_int_equal(s->wait, 60);
	assert_int_equal(s->truncate_slug_length, 40);
	assert_string_equal(s->bookkeeping_prefix, "schemadiff_");
	assert_string_equal(s->timezone, "UTC");
	assert_string_equal(
		s->file_template, "%(year)d%(month).2d%(day).2d_%(rev)s_%(slug)s.sql");
	assert_false(s->recursive || s->online_off);
	assert_string_equal(s->transaction, "each");
	assert_null(s->naming_ix);
	assert_null(s->target_sqlite);
}

static void
test_values(void **state)
{
	struct env *env = *state;
	struct sd_config config;
	const struct sd_settings *s = &config.settings;
	struct sd_names none = { 0 };

	assert_int_equal(
		load(env,
			"{ \"$schema\": \"x\", \"x-mine\": [1],\n"
			"\"schemas\": \"db\", \"migrations\": [\"m1\", \"m2\"], \"schemas_for\": { \"sqlite\": [\"l1\", \"l2\"] },\n"
			"\"naming\": { \"ix\": \"ix_%(column_0_label)s\", \"x-y\": 1 },\n"
			"\"target\": { \"sqlite\": \"3.37\" }, \"online\": false,\n"
			"\"transaction\": \"all\", \"lock_timeout\": 3, \"wait\": \"2min\",\n"
			"\"statement_timeout\": \"500ms\", \"manage\": [\"views\", \"*\"],\n"
			"\"bookkeeping\": { \"prefix\": \"p_\" }, \"hooks\": { \"x-a\": 1, \"pre_upgrade\": \"a.sql\", \"post_write\": [[\"fmt\", \"-i\"], [\"b\"]] },\n"
			"\"seeds\": [\"s\"], \"compare\": {}, \"dialects\": \"sqlite\",\n"
			"\"script_template\": \"t\", \"namespaces\": [], \"exclude\": \"t*\" }",
			&config),
		SD_OK);
	assert_string_equal(config.path, "schemadiff.json");
	assert_string_equal(s->schemas.at[0], "db");
	assert_int_equal(s->migrations.n, 2);
	assert_string_equal(s->naming_ix, "ix_%(column_0_label)s");
	assert_int_equal(s->naming_pos.line, 3);
	assert_string_equal(s->target_sqlite, "3.37");
	assert_int_equal(s->target_pos.line, 4);
	assert_true(s->online_off);
	assert_string_equal(s->transaction, "all");
	assert_string_equal(s->lock_timeout, "3s");
	assert_string_equal(s->statement_timeout, "500ms");
	assert_int_equal(s->wait, 120);
	assert_int_equal(s->manage.n, 2);
	assert_string_equal(s->bookkeeping_prefix, "p_");
	assert_string_equal(s->pre_upgrade.at[0], "a.sql");
	assert_int_equal(s->post_write.n, 2);
	assert_string_equal(s->post_write.at[0].at[1], "-i");
	assert_string_equal(s->script_template, "t");
	assert_string_equal(s->exclude.at[0], "t*");
	assert_string_equal(sd_settings_schemas(s, "sqlite")->at[1], "l2");
	assert_int_equal(sd_settings_schemas(s, "postgresql")->n, 0);
	assert_null(sd_settings_schemas(s, "mysql"));
	sd_settings_set_schemas(&config.settings, none);
	assert_int_equal(s->schemas.n + sd_settings_schemas(s, "sqlite")->n, 0);
	assert_int_equal(load(env, "{ \"wait\": \"1001ms\" }", &config), SD_OK);
	assert_int_equal(s->wait, 2);
	assert_int_equal(env->diags.list.n, 0);
}

/* Environments inherit from the file, also what stands behind them in it. */
static void
test_environments(void **state)
{
	struct env *env = *state;
	struct sd_config config;
	const struct sd_environment *e;

	assert_int_equal(
		load(env,
			"{ \"default_environment\": \"dev\",\n"
			"  \"environments\": {\n"
			"    \"dev\": { \"url\": \"sqlite:a.db\", \"wait\": 5 },\n"
			"    \"prod\": { \"url\": \"${X}\", \"protected\": true,\n"
			"      \"scratch_url\": \"sqlite::memory:\",\n"
			"      \"naming\": { \"uq\": \"u_%(table_name)s\" } } },\n"
			"  \"schemas\": \"db\", \"naming\": { \"ix\": \"i_%(table_name)s\" } }",
			&config),
		SD_OK);
	assert_string_equal(config.default_environment, "dev");
	assert_int_equal(config.environments.n, 2);
	e = sd_config_environment(&config, "dev");
	assert_string_equal(e->url, "sqlite:a.db");
	assert_int_equal(e->url_pos.line, 3);
	assert_int_equal(e->settings.wait, 5);
	assert_string_equal(e->settings.schemas.at[0], "db");
	e = sd_config_environment(&config, "prod");
	assert_true(e->is_protected);
	assert_string_equal(e->scratch_url, "sqlite::memory:");
	assert_string_equal(e->settings.naming_uq, "u_%(table_name)s");
	assert_string_equal(e->settings.naming_ix, "i_%(table_name)s");
	assert_int_equal(e->settings.wait, 60);
	assert_null(config.settings.naming_uq);
	assert_null(sd_config_environment(&config, "test"));
}

static void
test_errors(void **state)
{
	static const struct {
		int line;
		const char *text, *says;
	} rows[] = {
		{ __LINE__, "[]", "schemadiff.json:1:1: error: " },
		{ __LINE__, "{ \"schemas\": 1 }", "schemadiff.json:1:14: error: " },
		{ __LINE__, "{ \"schemas\": 1 }", "a string or a list of strings" },
		{ __LINE__, "{ \"schemas\": [1] }", "1:15: error: " },
		{ __LINE__, "{ \"schemas\": \"\" }", "1:14: error: " },
		{ __LINE__, "{\n \"shemas\": [] }", "schemadiff.json:2:2: error: " },
		{ __LINE__, "{ \"shemas\": [] }", "\"schemas\"" },
		{ __LINE__, "{ \"enviroments\": {} }", "\"environments\"" },
		{ __LINE__, "{ \"url\": \"x\" }", "1:3: error: " },
		{ __LINE__, "{ \"recursive\": \"yes\" }", "true or false" },
		{ __LINE__, "{ \"wait\": \"soon\" }", "\"wait\" is a duration" },
		{ __LINE__, "{ \"wait\": -1 }", "\"wait\" is a duration" },
		{ __LINE__, "{ \"lock_timeout\": \"3 s\" }", "\"lock_timeout\" is a duration" },
		{ __LINE__, "{ \"lock_timeout\": \"9999999999s\" }", "is a duration" },
		{ __LINE__, "{ \"transaction\": \"both\" }", "is not one of: each, all, none" },
		{ __LINE__, "{ \"truncate_slug_length\": 0 }", "a whole number from 1" },
		{ __LINE__, "{ \"truncate_slug_length\": 1.5 }", "a whole number from 1" },
		{ __LINE__, "{ \"target\": { \"sqlite\": \"new\" } }",
			"1:25: error: \"new\" is not a version of sqlite" },
		{ __LINE__, "{ \"target\": { \"sqlite\": 3.35 } }", "a version in quotes" },
		{ __LINE__, "{ \"target\": { \"sqlite\": \"3.1\" } }",
			"sqlite 3.1 is older than" },
		{ __LINE__, "{ \"target\": { \"mysql\": \"8\" } }", "\"mysql\"" },
		{ __LINE__, "{ \"target\": \"3.35\" }", "an object" },
		{ __LINE__, "{ \"naming\": { \"ix\": \"%(colum_0_name)s\" } }",
			"1:21: error: " },
		{ __LINE__, "{ \"naming\": { \"idx\": \"a\" } }", "1:15: error: " },
		{ __LINE__, "{ \"manage\": \"veiws\" }", "did you mean \"views\"?" },
		{ __LINE__, "{ \"dialects\": [\"mysql\"] }", "sqlite, postgresql" },
		{ __LINE__, "{ \"schemas_for\": [\"a\"] }", "an object" },
		{ __LINE__, "{ \"schemas_for\": { \"mysql\": \"a\" } }", "1:20: error: " },
		{ __LINE__, "{ \"schemas_for\": { \"sqlite\": [] } }", "1:30: error: " },
		{ __LINE__, "{ \"hooks\": [] }", "an object" },
		{ __LINE__, "{ \"hooks\": { \"post_write\": [\"fmt -i\"] } }",
			"a command as a list" },
		{ __LINE__, "{ \"hooks\": { \"post_writ\": [] } }", "did you mean" },
		{ __LINE__, "{ \"$schema\": 1 }", "1:14: error: " },
		{ __LINE__, "{ \"environments\": [] }", "1:19: error: " },
		{ __LINE__, "{ \"environments\": { \"\": {} } }", "needs a name" },
		{ __LINE__, "{ \"environments\": { \"a\": { \"ulr\": \"x\" } } }", "\"url\"" },
		{ __LINE__, "{ \"environments\": { \"a\": { \"environments\": {} } } }",
			"1:28: error: " },
		{ __LINE__, "{ \"default_environment\": \"dev\" }",
			"1:26: error: no environment is called \"dev\"" },
		{ __LINE__,
			"{ \"environments\": { \"dev\": {} }, \"default_environment\": \"dve\" "
			"}",
			"did you mean \"dev\"?" },
	};
	struct env *env = *state;
	struct sd_config config;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		print_message("row %d\n", rows[i].line);
		env->diags = (struct sd_diags){ .arena = env->arena };
		assert_int_equal(load(env, rows[i].text, &config), SD_ERR);
		if (!strstr(reports(env), rows[i].says))
			print_message("%s", reports(env));
		assert_non_null(strstr(reports(env), rows[i].says));
	}
}

/* All errors of a file are reported in one go. */
static void
test_all_errors(void **state)
{
	struct env *env = *state;
	struct sd_config config;

	assert_int_equal(
		load(env,
			"{ \"a\": 1, \"wait\": \"x\", \"environments\": { \"e\": { \"b\": 1,\n"
			"\"wait\": [] }, \"f\": 1 }, \"default_environment\": \"g\" }",
			&config),
		SD_ERR);
	assert_int_equal(env->diags.n_errors, 6);
}

static void
test_found_above(void **state)
{
	struct env *env = *state;
	struct sd_config config;

	assert_int_equal(load(env, "{ \"schemas\": \"top\" }", &config), SD_OK);
	assert_int_equal(chdir("a/b"), 0);
	assert_int_equal(sd_config_load(NULL, NULL, env->arena, &env->diags, &config), SD_OK);
	assert_string_equal(config.path, "../../schemadiff.json");
	assert_string_equal(config.dir, "../..");
	assert_string_equal(config.settings.schemas.at[0], "top");
	assert_int_equal(
		sd_file_write("../schemadiff.json", "{}", 2, false, &env->diags), SD_OK);
	assert_int_equal(sd_config_load(NULL, NULL, env->arena, &env->diags, &config), SD_OK);
	assert_string_equal(config.dir, "..");
	assert_int_equal(
		sd_config_load(NULL, "../../schemadiff.json", env->arena, &env->diags, &config),
		SD_OK);
	assert_string_equal(config.settings.schemas.at[0], "top");
	assert_int_equal(sd_config_load(NULL, "none.json", env->arena, &env->diags, &config), SD_ERR);
}

static void
test_durations(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		unsigned long long ms;
	} rows[] = {
		{ "3s", true, 3000 },
		{ "500ms", true, 500 },
		{ "2min", true, 120000 },
		{ "1h", true, 3600000 },
		{ "7", true, 7000 },
		{ "0", true, 0 },
		{ "", false, 0 },
		{ "s", false, 0 },
		{ "3 s", false, 0 },
		{ "-3s", false, 0 },
		{ "3d", false, 0 },
		{ "1.5s", false, 0 },
		{ "999999999999s", false, 0 },
		{ "9999999h", false, 0 },
	};
	unsigned long long ms;

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		assert_int_equal(sd_duration_parse(rows[i].text, &ms), rows[i].ok);
		if (rows[i].ok)
			assert_int_equal(ms, rows[i].ms);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),
		TEST(test_values),
		TEST(test_environments),
		TEST(test_errors),
		TEST(test_all_errors),
		TEST(test_found_above),
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
