#include "core/config/url.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* What a test needs: memory, reports, and no variable of the machine's. */
struct env {
	struct sd_arena *arena;
	struct sd_diags diags;
};

static const char *const variables[] = { "SCHEMADIFF_URL", "DATABASE_URL", "PGHOST",
	"PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE",
	"PGSERVICEFILE", "PGSYSCONFDIR", "SECRET_URL", "HOST_NAME", "EMPTY" };

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct env *env = sd_new(arena, struct env);

	for (size_t i = 0; i < SD_COUNT(variables); i++)
		unsetenv(variables[i]);
	env->arena = arena;
	env->diags.arena = arena;
	*state = env;
	return 0;
}

static int
teardown(void **state)
{
	struct env *env = *state;

	sd_arena_free(env->arena);
	return 0;
}

/* All reports so far as text. */
static const char *
reports(struct env *env)
{
	struct sd_buf out = SD_BUF(env->arena);

	sd_diags_format(&env->diags, 0, false, &out);
	return sd_buf_text(&out);
}

static const char *
keywords(struct env *env, const struct sd_target *target)
{
	struct sd_buf out = SD_BUF(env->arena);

	for (size_t i = 0; i < target->keys.n; i++) {
		sd_buf_sep(&out, "|");
		sd_buf_addf(&out, "%s=%s", target->keys.at[i], target->values.at[i]);
	}
	return sd_buf_text(&out);
}

static void
test_sqlite(void **state)
{
	static const struct {
		int line;
		const char *url, *dir, *file, *masked;
	} rows[] = {
		{ __LINE__, "sqlite:app.db", ".", "app.db", "sqlite:app.db" },
		{ __LINE__, "sqlite:app.db", "../up", "../up/app.db", "sqlite:../up/app.db" },
		{ __LINE__, "sqlite:/var/app.db", "up", "/var/app.db", "sqlite:/var/app.db" },
		{ __LINE__, "sqlite:///app.db", "up", "up/app.db", "sqlite:up/app.db" },
		{ __LINE__, "sqlite:////var/app.db", "up", "/var/app.db",
			"sqlite:/var/app.db" },
		{ __LINE__, "sqlite+pysqlite:///a b.db", ".", "a b.db", "sqlite:a b.db" },
		{ __LINE__, "SQLite:app.db", ".", "app.db", "sqlite:app.db" },
		{ __LINE__, "  sqlite:app.db\n", ".", "app.db", "sqlite:app.db" },
		{ __LINE__, "sqlite::memory:", "up", ":memory:", "sqlite::memory:" },
		{ __LINE__, "sqlite:///:memory:", "up", ":memory:", "sqlite::memory:" },
		{ __LINE__, "sqlite://", ".", ":memory:", "sqlite::memory:" },
		{ __LINE__, "sqlite:me:you@home.db", ".", "me:you@home.db",
			"sqlite:me:you@home.db" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_target t = { 0 };

		print_message("row %d\n", rows[i].line);
		assert_int_equal(sd_url_parse(rows[i].url, rows[i].dir, (struct sd_pos){ 0 },
					 env->arena, &env->diags, &t),
			SD_OK);
		assert_ptr_equal(t.dialect, &sd_dialect_sqlite);
		assert_string_equal(t.file, rows[i].file);
		assert_string_equal(t.masked, rows[i].masked);
	}
	assert_string_equal(
		sd_diags_redact(&env->diags, env->arena, "me:you@home"), "me:you@home");
}

static void
test_postgresql(void **state)
{
	static const struct {
		int line;
		const char *url, *keywords, *masked, *identity;
	} rows[] = {
		{ __LINE__, "postgresql://", "", "postgresql://", "localhost:5432/" },
		{ __LINE__, "postgres://h/d", "host=h|dbname=d", "postgresql://h/d",
			"h:5432/d" },
		{ __LINE__, "postgresql+psycopg2://me:hunter22@H:6543/d",
			"user=me|password=hunter22|host=H|port=6543|dbname=d",
			"postgresql://me:***@H:6543/d", "h:6543/d" },
		{ __LINE__, "postgresql://me:a%40b%2Fc%25d@h/d%20e",
			"user=me|password=a@b/c%d|host=h|dbname=d e",
			"postgresql://me:***@h/d%20e", "h:5432/d e" },
		{ __LINE__, "postgresql://me:@h/d", "user=me|host=h|dbname=d",
			"postgresql://me:@h/d", "h:5432/d" },
		{ __LINE__, "postgresql://me@/d?host=/var/run&password=s3cr3t&sslmode=require",
			"user=me|dbname=d|host=/var/run|password=s3cr3t|sslmode=require",
			"postgresql://me@/d?host=/var/run&password=***&sslmode=require",
			"localhost:5432/d" },
		{ __LINE__, "postgresql://%2Fvar%2Frun/d", "host=/var/run|dbname=d",
			"postgresql://%2Fvar%2Frun/d", "localhost:5432/d" },
		{ __LINE__, "postgresql://a:1,b,[::1]:3/d", "host=a,b,::1|port=1,,3|dbname=d",
			"postgresql://a:1,b,[::1]:3/d", "a:1,b:5432,localhost:3/d" },
		{ __LINE__, "postgresql://h?ssl=true", "host=h|sslmode=require",
			"postgresql://h?ssl=true", "h:5432/" },
		{ __LINE__, "host=127.0.0.1 user=me password='a b\\'c' dbname = d",
			"host=127.0.0.1|user=me|password=a b'c|dbname=d",
			"host=127.0.0.1 user=me password=*** dbname=d", "localhost:5432/d" },
		{ __LINE__, "user=me", "user=me", "user=me", "localhost:5432/me" },
		{ __LINE__, "hostaddr=10.0.0.5 dbname=d", "hostaddr=10.0.0.5|dbname=d",
			"hostaddr=10.0.0.5 dbname=d", "10.0.0.5:5432/d" },
		{ __LINE__, "host=h,i hostaddr=10.0.0.5,10.0.0.6 port=6,7 dbname=d",
			"host=h,i|hostaddr=10.0.0.5,10.0.0.6|port=6,7|dbname=d",
			"host=h,i hostaddr=10.0.0.5,10.0.0.6 port=6,7 dbname=d",
			"h:6,i:7,10.0.0.5:6,10.0.0.6:7/d" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_target t = { 0 };

		print_message("row %d\n", rows[i].line);
		assert_int_equal(sd_url_parse(rows[i].url, ".", (struct sd_pos){ 0 },
					 env->arena, &env->diags, &t),
			SD_OK);
		assert_ptr_equal(t.dialect, &sd_dialect_postgresql);
		assert_string_equal(keywords(env, &t), rows[i].keywords);
		assert_string_equal(t.masked, rows[i].masked);
		assert_string_equal(t.identity, rows[i].identity);
	}
}

static void
test_malformed(void **state)
{
	static const struct {
		int line;
		const char *url, *says;
	} rows[] = {
		{ __LINE__, "", "the database URL is empty" },
		{ __LINE__, "app.db", "begins with its engine" },
		{ __LINE__, "app.db", "write sqlite:PATH" },
		{ __LINE__, "mysql://me:hunter22@h/d", "\"mysql\" is no engine" },
		{ __LINE__, "mysql://me:hunter22@h/d", "it knows: sqlite, postgresql" },
		{ __LINE__, "me:hunter22@h/d", "\"me\" is no engine" },
		{ __LINE__, "sqlite:", "names no file" },
		{ __LINE__, "sqlite://app.db", "has no host" },
		{ __LINE__, "sqlite:app.db?mode=ro", "has parameters" },
		{ __LINE__, "sqlite:file:app.db", "has parameters" },
		{ __LINE__, "postgresql:d", "begins with postgresql://" },
		{ __LINE__, "postgresql://me:hunt/er22@h/d", "not a port number" },
		{ __LINE__, "postgresql://me:hunt@er22@h/d", "more than one @" },
		{ __LINE__, "postgresql://me:hunter22%4@h/d", "two hex digits" },
		{ __LINE__, "postgresql://me:hunter22%zz@h/d", "two hex digits" },
		{ __LINE__, "postgresql://me:hunter22%00@h/d", "two hex digits" },
		{ __LINE__, "postgresql://me:hunter22#@h/d", "a # has no meaning" },
		{ __LINE__, "postgresql://me:hunter22?@h/d", "not a port number" },
		{ __LINE__, "postgresql://h:x22/d", "not a port number" },
		{ __LINE__, "postgresql://[::1/d", "in brackets" },
		{ __LINE__, "postgresql://h/d/e", "a / or @" },
		{ __LINE__, "postgresql://h/d?password", "parameters are key=value" },
		{ __LINE__, "postgresql://h/d?password=hunter22%", "two hex digits" },
		{ __LINE__, "postgresql://h/d?passwd=hunter22", "that libpq has not" },
		{ __LINE__, "postgresql://h/d?passwrd=hunter22", "did you mean \"password\"?" },
		{ __LINE__, "host=h pasword=hunter22", "did you mean \"password\"?" },
		{ __LINE__, "password=a hunter22=b", "it is key=value" },
		{ __LINE__, "password='hunter22", "a quote that is not closed" },
		{ __LINE__, "password=hunter22 hunter22", "it is key=value" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_target t = { 0 };
		const char *said;

		print_message("row %d\n", rows[i].line);
		env->diags = (struct sd_diags){ .arena = env->arena };
		assert_int_equal(sd_url_parse(rows[i].url, ".", (struct sd_pos){ 0 },
					 env->arena, &env->diags, &t),
			SD_ERR);
		said = reports(env);
		assert_non_null(strstr(said, rows[i].says));
		assert_null(strstr(said, "hunt"));
		assert_null(strstr(said, "er22"));
		if (strstr(rows[i].url, "hunt/er22"))
			assert_string_equal(
				sd_diags_redact(&env->diags, env->arena, "later: hunt/er22"),
				"later: ***");
	}
}

/* What other modules report later is blanked too, in the URL's form and in the plain one. */
static void
test_hidden(void **state)
{
	static const struct {
		int line;
		const char *url, *text, *want;
	} rows[] = {
		{ __LINE__, "postgresql://me:a%40bcd@h/d", "x a%40bcd y a@bcd z",
			"x *** y *** z" },
		{ __LINE__, "postgresql://h/d?password=a%40bcd", "a@bcd", "***" },
		{ __LINE__, "postgresql://h/d?sslpassword=topsecret", "topsecret", "***" },
		{ __LINE__, "postgresql://h/d?passfile=topsecret", "topsecret", "topsecret" },
		{ __LINE__, "host=h password='top secret'", "top secret", "***" },
		{ __LINE__, "host=h password=top\\ secret", "top secret", "***" },
	};
	struct env *env = *state;

	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_target t = { 0 };

		print_message("row %d\n", rows[i].line);
		env->diags = (struct sd_diags){ .arena = env->arena };
		assert_int_equal(sd_url_parse(rows[i].url, ".", (struct sd_pos){ 0 },
					 env->arena, &env->diags, &t),
			SD_OK);
		assert_string_equal(
			sd_diags_redact(&env->diags, env->arena, rows[i].text), rows[i].want);
	}
}

static void
test_expand(void **state)
{
	static const struct {
		int line;
		const char *text, *want, *error;
	} rows[] = {
		{ __LINE__, "plain $HOME $", "plain $HOME $", NULL },
		{ __LINE__, "a${HOST_NAME}b", "adb.exampleb", NULL },
		{ __LINE__, "${EMPTY}", "", NULL },
		{ __LINE__, "${EMPTY:-x}", "x", NULL },
		{ __LINE__, "${HOST_NAME:-x}", "db.example", NULL },
		{ __LINE__, "${MISSING:-}", "", NULL },
		{ __LINE__, "${MISSING:-${HOST_NAME}!}", "db.example!", NULL },
		{ __LINE__, "${MISSING}", NULL, "variable MISSING is not set" },
		{ __LINE__, "${MISSING", NULL, "not closed" },
		{ __LINE__, "${}", NULL, "${NAME} or ${NAME:-default}" },
		{ __LINE__, "${1A}", NULL, "${NAME} or ${NAME:-default}" },
		{ __LINE__, "${A-b}", NULL, "${NAME} or ${NAME:-default}" },
		{ __LINE__, "${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-x}}}}}}}}}}",
			NULL, "nest too deeply" },
	};
	struct env *env = *state;
	const char *got;

	setenv("HOST_NAME", "db.example", 1);
	setenv("EMPTY", "", 1);
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		print_message("row %d\n", rows[i].line);
		env->diags = (struct sd_diags){ .arena = env->arena };
		got = NULL;
		assert_int_equal(sd_expand(rows[i].text, (struct sd_pos){ "f", 3, 4 },
					 env->arena, &env->diags, &got),
			rows[i].error ? SD_ERR : SD_OK);
		if (rows[i].error)
			assert_non_null(strstr(reports(env), rows[i].error));
		else
			assert_string_equal(got, rows[i].want);
	}
}

static const struct sd_environment *
add_environment(struct env *env, struct sd_config *config, const char *name, const char *url,
	bool is_protected)
{
	struct sd_environment *e = sd_push(env->arena, &config->environments);

	e->name = name;
	e->url = url;
	e->is_protected = is_protected;
	return e;
}

/* The order of precedence: each row takes the strongest source of the row before away. */
static void
test_precedence(void **state)
{
	static const struct {
		int line;
		const char *url, *environment, *variable, *other;
		const char *file, *origin, *settings;
	} rows[] = {
		{ __LINE__, "sqlite:u.db", "dev", "sqlite:v.db", "sqlite:w.db", "u.db", "--url",
			"dev" },
		{ __LINE__, "sqlite:u.db", NULL, "sqlite:v.db", "sqlite:w.db", "u.db", "--url",
			NULL },
		{ __LINE__, NULL, "dev", "sqlite:v.db", "sqlite:w.db", "conf/dev.db",
			"environment \"dev\"", "dev" },
		{ __LINE__, NULL, NULL, "sqlite:v.db", "sqlite:w.db", "v.db", "SCHEMADIFF_URL",
			NULL },
		{ __LINE__, NULL, NULL, "", "sqlite:w.db", "w.db", "DATABASE_URL", NULL },
		{ __LINE__, NULL, NULL, "", "", "conf/main.db", "environment \"main\"",
			"main" },
	};
	struct env *env = *state;
	struct sd_config config = { .dir = "conf", .default_environment = "main" };
	const struct sd_environment *chosen;
	struct sd_target t;

	add_environment(env, &config, "dev", "sqlite:dev.db", false);
	add_environment(env, &config, "main", "sqlite:main.db", false);
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_url_sources sources = { rows[i].url, rows[i].environment };

		print_message("row %d\n", rows[i].line);
		setenv("SCHEMADIFF_URL", rows[i].variable, 1);
		setenv("DATABASE_URL", rows[i].other, 1);
		assert_int_equal(
			sd_url_resolve(&config, &sources, env->arena, &env->diags, &t, &chosen),
			SD_OK);
		assert_string_equal(t.file, rows[i].file);
		assert_string_equal(t.origin, rows[i].origin);
		assert_true(sd_text_equal(chosen ? chosen->name : NULL, rows[i].settings));
	}
	config.default_environment = NULL;
	assert_int_equal(sd_url_resolve(&config, &(struct sd_url_sources){ 0 }, env->arena,
				 &env->diags, &t, &chosen),
		SD_NOTFOUND);
	assert_int_equal(env->diags.list.n, 0);
}

static void
test_resolve_errors(void **state)
{
	static const struct {
		int line;
		const char *url, *environment, *says;
	} rows[] = {
		{ __LINE__, NULL, "prd", "no environment is called \"prd\"" },
		{ __LINE__, NULL, "prd", "did you mean \"prod\"?" },
		{ __LINE__, "sqlite:x.db", "prd", "no environment is called \"prd\"" },
		{ __LINE__, NULL, "bare", "environment \"bare\" has no url" },
		{ __LINE__, NULL, "prod", "variable SECRET_URL is not set" },
		{ __LINE__, NULL, "prod", "the URL is that of environment \"prod\"" },
		{ __LINE__, "x.db", NULL, "the URL is that of --url" },
	};
	struct env *env = *state;
	struct sd_config config = { .dir = ".", .path = "schemadiff.json" };
	const struct sd_environment *chosen;
	struct sd_target t;

	setenv("DATABASE_URL", "sqlite:must-not-be-taken.db", 1);
	add_environment(env, &config, "prod", "${SECRET_URL}", true);
	add_environment(env, &config, "bare", NULL, false);
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct sd_url_sources sources = { rows[i].url, rows[i].environment };

		print_message("row %d\n", rows[i].line);
		env->diags = (struct sd_diags){ .arena = env->arena };
		assert_int_equal(
			sd_url_resolve(&config, &sources, env->arena, &env->diags, &t, &chosen),
			SD_ERR);
		assert_non_null(strstr(reports(env), rows[i].says));
	}
}

static bool
protects(struct env *env, const struct sd_config *config, const char *url)
{
	const struct sd_environment *chosen;
	struct sd_target t;

	assert_int_equal(sd_url_resolve(config, &(struct sd_url_sources){ url, NULL },
				 env->arena, &env->diags, &t, &chosen),
		SD_OK);
	return t.is_protected;
}

/* Whatever name leads to a protected database, it is protected. */
static void
test_protected(void **state)
{
	struct env *env = *state;
	char dir[] = "test-url-XXXXXX";
	struct sd_config config = { .dir = mkdtemp(dir) };
	const char *link = sd_fmt(env->arena, "%s/link.db", dir);
	const char *hard = sd_fmt(env->arena, "%s/hard.db", dir);
	const char *real = sd_fmt(env->arena, "%s/prod.db", dir);

	assert_int_equal(sd_file_write(real, "", 0, false, &env->diags), SD_OK);
	assert_int_equal(symlink("prod.db", link), 0);
	assert_int_equal(linkat(AT_FDCWD, real, AT_FDCWD, hard, 0), 0);
	add_environment(env, &config, "unset", "${SECRET_URL}", true);
	add_environment(env, &config, "prod", "sqlite:prod.db", true);
	add_environment(env, &config, "new", "sqlite:missing.db", true);
	add_environment(env, &config, "dev", "sqlite:dev.db", false);
	add_environment(env, &config, "pg", "postgresql://me:pw11@A,b:6/d", true);

	assert_true(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", real)));
	assert_true(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", link)));
	assert_true(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", hard)));
	assert_true(protects(env, &config, sd_fmt(env->arena, "sqlite:%s/./prod.db", dir)));
	assert_true(protects(env, &config,
		sd_fmt(env->arena, "sqlite:%s/../%s/missing.db", dir, sd_path_base(dir))));
	assert_false(protects(env, &config, sd_fmt(env->arena, "sqlite:%s/dev.db", dir)));
	assert_true(protects(env, &config, "host=b port=6 dbname=d user=else"));
	assert_true(protects(env, &config, "postgres://x@a:5432/d"));
	assert_false(protects(env, &config, "postgres://x@a:6/d"));
	assert_false(protects(env, &config, "postgres://x@b:6/e"));
	assert_int_equal(env->diags.list.n, 0);
	config.environments.n = 0;
	add_environment(env, &config, "tenants", "sqlite:[a]/${tenant}.db", true);
	*sd_push(env->arena, &config.environments.at[0].tenants.names) = "*";
	config.environments.at[0].tenants.given = true;
	assert_false(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", hard)));
	assert_int_equal(mkdir(sd_fmt(env->arena, "%s/[a]", dir), 0700), 0);
	assert_int_equal(rename(link, sd_fmt(env->arena, "%s/[a]/t.db", dir)), 0);
	assert_false(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", hard)));
	assert_int_equal(rename(real, sd_fmt(env->arena, "%s/[a]/prod.db", dir)), 0);
	assert_true(protects(env, &config, sd_fmt(env->arena, "sqlite:%s", hard)));
	unlink(sd_fmt(env->arena, "%s/[a]/t.db", dir));
	unlink(sd_fmt(env->arena, "%s/[a]/prod.db", dir));
	rmdir(sd_fmt(env->arena, "%s/[a]", dir));
	unlink(link);
	unlink(hard);
	unlink(real);
	rmdir(dir);
}

/* Names that lead to one address are one host, where it matters. */
static void
test_addresses(void **state)
{
	static const struct {
		int line;
		const char *url;
		bool is_protected;
	} rows[] = {
		{ __LINE__, "postgresql://127.1/d", true },
		{ __LINE__, "postgresql://127.0.0.2/d", true },
		{ __LINE__, "postgresql://[::ffff:127.0.0.1]/d", true },
		{ __LINE__, "postgresql://127.1/e", false },
		{ __LINE__, "postgresql://127.1:5433/d", false },
		{ __LINE__, "postgresql://10.1/d", false },
		{ __LINE__, "postgresql://10.1:6/d", true },
		{ __LINE__, "host=10.0.0.2,10.0.1 port=6 dbname=d", true },
		{ __LINE__, "hostaddr=::ffff:10.0.0.1 port=6 dbname=d", true },
		{ __LINE__, "postgresql://10.0.0.3:6/d", false },
		{ __LINE__, "sqlite:d", false },
	};
	struct env *env = *state;
	struct sd_config config = { .dir = "." };
	struct sd_url_sources sources = { 0 };
	const struct sd_environment *chosen;
	struct sd_target t;

	add_environment(env, &config, "a", "host=/var/run dbname=d", true);
	add_environment(env, &config, "b", "host=10.0.0.1 port=6 dbname=d", true);
	add_environment(env, &config, "c", "host=10.0.0.3 port=6 dbname=d", false);
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		print_message("row %d\n", rows[i].line);
		sources.url = rows[i].url;
		assert_int_equal(
			sd_url_resolve(&config, &sources, env->arena, &env->diags, &t, &chosen),
			SD_OK);
		assert_int_equal(
			sd_url_is_protected(&config, &t, env->arena), rows[i].is_protected);
	}
}

/* A service is the database that its file says. */
static void
test_service(void **state)
{
	static const char text[] = "# [b]\n[a]\nhost=wrong\n\n  [b]  \r\nhost=H\n#port=7\nport=6\n"
				   "dbname=d\n[c]\ndbname=other\n";
	struct env *env = *state;
	char dir[] = "test-url-XXXXXX";
	struct sd_config config = { .dir = mkdtemp(dir) };
	const char *file = sd_fmt(env->arena, "%s/pg_service.conf", dir);

	assert_int_equal(
		sd_file_write(file, text, sizeof text - 1, false, &env->diags), SD_OK);
	add_environment(env, &config, "pg", "postgresql://h:6/d", true);
	add_environment(env, &config, "by service", "service=c host=x", true);

	for (int by_folder = 0; by_folder < 2; by_folder++) {
		setenv("PGSERVICEFILE", by_folder ? "nowhere" : file, 1);
		setenv("PGSYSCONFDIR", by_folder ? dir : "nowhere", 1);
		assert_true(protects(env, &config, "service=b"));
		assert_true(protects(env, &config, "postgresql:///?service=b"));
		assert_true(protects(env, &config, "service=a host=h port=6 dbname=d"));
		assert_true(protects(env, &config, "postgresql://x/other"));
		assert_false(protects(env, &config, "service=a"));
		assert_false(protects(env, &config, "service=b dbname=e"));
		assert_false(protects(env, &config, "service=none"));
		setenv("PGSERVICE", "b", 1);
		assert_true(protects(env, &config, "postgresql://"));
		assert_false(protects(env, &config, "postgresql://x"));
		unsetenv("PGSERVICE");
	}
	unsetenv("PGSERVICEFILE");
	unsetenv("PGSYSCONFDIR");
	unlink(file);
	rmdir(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sqlite),
		TEST(test_postgresql),
		TEST(test_malformed),
		TEST(test_hidden),
		TEST(test_expand),
		TEST(test_precedence),
		TEST(test_resolve_errors),
		TEST(test_protected),
		TEST(test_service),
		TEST(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
