/* The frame of the command line: parsing, help, completions, the man page, the JSON document,
 * and the commands that only look.  All through sd_main(), as main() calls it. */
#define _XOPEN_SOURCE 700 /* nftw() */

#include "cmd/args.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_WORDS 16

static struct sd_arena *arena;

/* What one run printed. */
struct ran {
	int code;
	char *out, *err;
};

/* Split @line at spaces; "_" in a word stands for a space. */
static int
split(const char *line, char **words)
{
	int n = 0;

	words[n++] = sd_strdup(arena, "schemadiff");
	while (*line) {
		size_t len = strcspn(line, " ");

		if (len) {
			assert_true(n < MAX_WORDS - 1);
			words[n] = sd_strndup(arena, line, len);
			for (char *p = words[n]; *p; p++)
				*p = *p == '_' ? ' ' : *p;
			n++;
		}
		line += len + (line[len] != '\0');
	}
	words[n] = NULL;
	return n;
}

static char *
slurp(FILE *file)
{
	struct sd_buf text = SD_BUF(arena);
	char chunk[4096];
	size_t n;

	rewind(file);
	while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
		sd_buf_addn(&text, chunk, n);
	fclose(file);
	return sd_strdup(arena, sd_buf_text(&text));
}

static struct ran
run(const char *line)
{
	char *words[MAX_WORDS];
	FILE *out = tmpfile(), *err = tmpfile();
	struct ran ran;
	int n = split(line, words);

	ran.code = sd_main(n, words, out, err);
	ran.out = slurp(out);
	ran.err = slurp(err);
	return ran;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
enter(void **state)
{
	char *dir = strdup("/tmp/sd-cmd-XXXXXX");

	unsetenv("DATABASE_URL");
	unsetenv("SCHEMADIFF_URL");
	arena = sd_arena_new();
	*state = dir;
	return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int
leave(void **state)
{
	(void)!chdir("/");
	nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	sd_arena_free(arena);
	return 0;
}

static void
put(const char *path, const char *text)
{
	struct sd_diags diags = { .arena = arena };

	assert_int_equal(sd_dir_make(sd_path_dir(arena, path), &diags), SD_OK);
	assert_int_equal(sd_file_write(path, text, strlen(text), false, &diags), SD_OK);
}

/* Report where a row of a table failed. */
#define CHECK(row, condition)                                                                  \
	do {                                                                                   \
		if (!(condition))                                                              \
			fail_msg("row of line %d: %s", (row)->line, #condition);               \
	} while (0)

struct row {
	int line;
	const char *words;
	int code;
	const char *out,
		*err; /* what the streams contain; "" = empty; "=…" = the whole of it */
};

/* @text is what a row says of a stream. */
static bool
is_as_said(const char *text, const char *said)
{
	if (!said)
		return true;
	if (*said == '=')
		return strcmp(text, said + 1) == 0;
	return *said ? strstr(text, said) != NULL : !*text;
}

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		struct ran ran = run(row->words);

		if (ran.code != row->code || !is_as_said(ran.out, row->out) ||
			!is_as_said(ran.err, row->err))
			fail_msg("row of line %d: `schemadiff %s`: exit %d, expected %d\n"
				 "-- stdout\n%s\n-- stderr\n%s\n-- expected\n%s\n%s",
				row->line, row->words, ran.code, row->code, ran.out, ran.err,
				row->out ? row->out : "", row->err ? row->err : "");
	}
}

/* ---- the command line ---------------------------------------------------------------- */

static void
test_usage(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "", 2, "", "expected a command" },
		{ __LINE__, "", 2, "", "begin a project:\n  init" },
		{ __LINE__, "upgade", 2, "", "did you mean `schemadiff upgrade`?" },
		{ __LINE__, "frobnicate", 2, "",
			"unknown command \"frobnicate\"\nhint: "
			"`schemadiff help` lists" },
		{ __LINE__, "heads --josn", 2, "",
			"unknown option --josn of heads\nhint: did "
			"you mean --json?" },
		{ __LINE__, "revision --mesage x", 2, "", "did you mean --message?" },
		{ __LINE__, "heads -Z", 2, "", "unknown option -Z of heads" },
		{ __LINE__, "--message x revision", 2, "",
			"option --message belongs behind the command" },
		{ __LINE__, "-m x revision", 2, "", "option -m belongs behind the command" },
		{ __LINE__, "heads now", 2, "", "heads takes no arguments, found \"now\"" },
		{ __LINE__, "heads now", 2, "", "usage: schemadiff heads [options]\n" },
		{ __LINE__, "show", 2, "", "show needs REV\nusage: schemadiff show REV\n" },
		{ __LINE__, "show a b", 2, "", "show takes at most 1 argument, found \"b\"" },
		{ __LINE__, "revision -m", 2, "", "option -m needs a value: -m MSG" },
		{ __LINE__, "revision --message", 2, "", "--message needs a value" },
		{ __LINE__, "stamp --purge=yes head", 2, "",
			"option --purge takes no value, found \"yes\"" },
		{ __LINE__, "--color sometimes heads", 2, "",
			"--color: expected one of auto, always, never, found \"sometimes\"" },
		{ __LINE__, "--color=alway heads", 2, "", "did you mean always?" },
		{ __LINE__, "--dialect sqllite heads", 2, "", "dialects: sqlite, postgresql" },
		{ __LINE__, "-c nowhere.json heads", 2, "", "nowhere.json" },
		{ __LINE__, "-e prod heads", 2, "", "no environment is called \"prod\"" },
		{ __LINE__, "current", 2, "", "no database is named\nhint: give --url" },
		{ __LINE__, "--url nonsense:x current", 2, "", "error:" },
	};

	(void)state;
	check_rows(rows, SD_COUNT(rows));
}

/* A URL in a wrong place may hold a password. */
static void
test_secrets(void **state)
{
	static const struct {
		const char *line;
		int code;
	} rows[] = {
		{ "postgresql://u:s3cret@h/d", 2 },
		{ "heads postgresql://u:s3cret@h/d", 2 },
		{ "show a postgresql://u:s3cret@h/d", 2 },
		{ "--url postgresql://u:s3cret@127.0.0.1:1/d current", 4 },
		{ "--url postgresql://u:s3cret@127.0.0.1:1/d --json current", 4 },
		{ "--json --url postgresql://u:s3cret@h:x/d current", 2 },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		struct ran ran = run(rows[i].line);

		assert_int_equal(ran.code, rows[i].code);
		assert_null(strstr(ran.out, "s3cret"));
		assert_null(strstr(ran.err, "s3cret"));
	}
}

struct parse_row {
	int line;
	const char *words, *cmd, *message, *rev_id, *args;
	bool quiet, verbose, json, autogenerate;
};

/* As in cmd/revision.c. */
struct revision_opts {
	const char *message, *rev_id;
	bool autogenerate;
};

static void
test_parse(void **state)
{
	static const struct parse_row rows[] = {
		{ __LINE__, "revision -m a_b", "revision", "a b", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "revision -mab", "revision", "ab", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "revision --message=a=b", "revision", "a=b", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "revision --message= --rev-id x", "revision", "", "x", "", 0, 0, 0,
			0 },
		{ __LINE__, "revision -m --json", "revision", "--json", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "revision -m -1", "revision", "-1", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "-q revision -v -mx --json", "revision", "x", NULL, "", 1, 1, 1,
			0 },
		{ __LINE__, "revision -qvmx", "revision", "x", NULL, "", 1, 1, 0, 0 },
		{ __LINE__, "revision -m x -m y", "revision", "y", NULL, "", 0, 0, 0, 0 },
		{ __LINE__, "revision --autogenerate -m x", "revision", "x", NULL, "", 0, 0, 0,
			1 },
		{ __LINE__, "show -1", "show", NULL, NULL, "-1 ", 0, 0, 0, 0 },
		{ __LINE__, "show +2", "show", NULL, NULL, "+2 ", 0, 0, 0, 0 },
		{ __LINE__, "-v show -12 -q", "show", NULL, NULL, "-12 ", 1, 1, 0, 0 },
		{ __LINE__, "show -- -q", "show", NULL, NULL, "-q ", 0, 0, 0, 0 },
		{ __LINE__, "-- show -q", "show", NULL, NULL, "-q ", 0, 0, 0, 0 },
		{ __LINE__, "show -q -- -q --json", NULL, NULL, NULL, NULL, 0, 0, 0, 0 },
		{ __LINE__, "show -", "show", NULL, NULL, "- ", 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(rows); i++) {
		const struct parse_row *row = &rows[i];
		const struct revision_opts *opts;
		struct sd_diags diags = { .arena = arena };
		struct sd_parsed parsed;
		struct sd_buf args = SD_BUF(arena);
		char *words[MAX_WORDS];
		int n = split(row->words, words);
		enum sd_status status = sd_args_parse(n, words, arena, &diags, &parsed);

		CHECK(row, (status == SD_OK) == (row->args != NULL));
		if (status)
			continue;
		CHECK(row, strcmp(parsed.cmd->name, row->cmd) == 0);
		for (size_t k = 0; k < parsed.args.n; k++)
			sd_buf_addf(&args, "%s ", parsed.args.at[k]);
		CHECK(row, strcmp(sd_buf_text(&args), row->args) == 0);
		CHECK(row, parsed.globals.quiet == row->quiet);
		CHECK(row, parsed.globals.verbose == row->verbose);
		CHECK(row, parsed.globals.json == row->json);
		if (!row->message)
			continue;
		opts = parsed.opts;
		CHECK(row, strcmp(opts->message, row->message) == 0);
		CHECK(row, !opts->rev_id == !row->rev_id);
		CHECK(row, opts->autogenerate == row->autogenerate);
	}
}

/* ---- help, man page, completions ------------------------------------------------------ */

/* Every command that is listed stands below a heading, and every heading above one. */
static void
test_groups(void **state)
{
	struct sd_buf program = SD_BUF(arena), man = SD_BUF(arena);
	const char *at;
	size_t g = 0;

	(void)state;
	sd_help_write(NULL, &program);
	sd_man_write(&man);
	at = sd_buf_text(&program);
	for (size_t i = 0; sd_cmds[i]; i++) {
		const char *title = sd_cmd_begins(sd_cmds[i]);

		if (!title) {
			assert_true(g > 0);
			continue;
		}
		assert_string_equal(title, sd_cmd_groups[g++].title);
		assert_false(sd_cmds[i]->hidden);
		at = strstr(at, sd_fmt(arena, "\n\n%s:\n  %s ", title, sd_cmds[i]->name));
		assert_non_null(at);
		assert_non_null(strstr(sd_buf_text(&man), title + 1));
	}
	assert_null(sd_cmd_groups[g].title);
}

/* Whatever a table has, every text that comes from it tells. */
static void
test_texts_are_whole(void **state)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };
	struct sd_buf program = SD_BUF(arena), man = SD_BUF(arena);

	(void)state;
	sd_help_write(NULL, &program);
	sd_man_write(&man);
	for (size_t i = 0; sd_cmds[i]; i++) {
		const struct sd_cmd *cmd = sd_cmds[i];
		struct sd_buf help = SD_BUF(arena);

		sd_help_write(cmd, &help);
		assert_int_equal(strstr(sd_buf_text(&program),
					 sd_fmt(arena, "\n  %s ", cmd->name)) == NULL,
			cmd->hidden);
		assert_int_equal(
			strstr(sd_buf_text(&man), sd_fmt(arena, ".SS \"%s", cmd->name)) == NULL,
			cmd->hidden);
		for (size_t k = 0; k < cmd->n_opts; k++)
			assert_non_null(strstr(
				sd_buf_text(&help), sd_fmt(arena, "--%s", cmd->opts[k].name)));
	}
	for (size_t s = 0; s < SD_COUNT(shells); s++) {
		struct sd_buf text = SD_BUF(arena);

		assert_true(sd_completion_write(shells[s], &text));
		for (size_t i = 0; sd_cmds[i]; i++)
			if (!sd_cmds[i]->hidden)
				assert_non_null(strstr(sd_buf_text(&text), sd_cmds[i]->name));
	}
}

/* A wrong row of a table shows itself here, not to a user. */
static void
test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; sd_cmds[i]; i++) {
		const struct sd_cmd *cmd = sd_cmds[i];

		assert_ptr_equal(sd_cmd_find(cmd->name), cmd);
		assert_non_null(cmd->run);
		assert_true(cmd->summary && cmd->summary[strlen(cmd->summary) - 1] != '.');
		assert_true(cmd->min_args <= cmd->max_args);
		assert_true(!cmd->max_args == !cmd->args);
		for (size_t k = 0; k < cmd->n_opts; k++) {
			const struct sd_opt *opt = &cmd->opts[k];

			assert_true(opt->offset < cmd->opts_size);
			assert_true(opt->help && *opt->help);
			assert_true((opt->type == SD_OPT_FLAG) == (opt->value == NULL));
			assert_true((opt->type == SD_OPT_WORD) == (opt->words != NULL));
			for (size_t g = 0; g < sd_n_global_opts; g++) {
				assert_string_not_equal(opt->name, sd_global_opts[g].name);
				assert_true(!opt->letter ||
					    opt->letter != sd_global_opts[g].letter);
			}
		}
	}
}

static void
test_help(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "help", 0, "begin a project:", "" },
		{ __LINE__, "--help", 0, "begin a project:", "" },
		{ __LINE__, "-h", 0, "exit codes:\n  0  done", "" },
		{ __LINE__, "help show", 0, "usage: schemadiff show REV\n", "" },
		{ __LINE__, "show --help", 0, "usage: schemadiff show REV\n", "" },
		{ __LINE__, "show -h", 0, "usage: schemadiff show REV\n", "" },
		{ __LINE__, "-h show", 0, "usage: schemadiff show REV\n", "" },
		{ __LINE__, "help shwo", 2, "", "did you mean `schemadiff help show`?" },
		{ __LINE__, "--version", 0, "schemadiff ", "" },
		{ __LINE__, "--version", 0, "(sqlite 3.", "" },
		{ __LINE__, "--json help", 0, "\"text\":\"schemadiff", "" },
		{ __LINE__, "completion bash", 0, "complete -o filenames -F _schemadiff", "" },
		{ __LINE__, "completion zsh", 0, "#compdef schemadiff", "" },
		{ __LINE__, "completion fish", 0, "complete -c schemadiff", "" },
		{ __LINE__, "completion tcsh", 2, "", "there is one for bash, zsh and fish" },
		{ __LINE__, "man", 0, ".TH SCHEMADIFF 1", "" },
	};

	(void)state;
	check_rows(rows, SD_COUNT(rows));
}

/* ---- JSON ----------------------------------------------------------------------------- */

static void
test_json(void **state)
{
	static const char *const lines[] = {
		"--json",
		"--json heads",
		"heads --json",
		"history --json",
		"current --json",
		"status --json --url sqlite:missing.db",
		"current --json --url sqlite:missing.db",
		"init --json sub",
		"help --json nowhere",
		"--version --json",
		"heads --help --json",
		"heads --json --bogus",
		"heads --bogus --json",
		"completion bash --json",
		"show x --json",
	};

	(void)state;
	for (size_t i = 0; i < SD_COUNT(lines); i++) {
		struct ran ran = run(lines[i]);
		struct sd_diags diags = { .arena = arena };
		struct sd_json *json =
			sd_json_parse(lines[i], ran.out, strlen(ran.out), arena, &diags);
		const struct sd_json *exit, *errors;

		if (!json)
			fail_msg("%s: not JSON: %s", lines[i], ran.out);
		exit = sd_json_get(json, "exit");
		errors = sd_json_get(json, "errors");
		assert_string_equal(sd_json_get(json, "version")->text, "1");
		assert_non_null(sd_json_get(json, "command"));
		assert_int_equal(strtol(exit->text, NULL, 10), ran.code);
		assert_int_equal(errors->type, SD_JSON_ARRAY);
		assert_true(ran.code == 0 || errors->n > 0);
	}
}

static void
test_json_writer(void **state)
{
	struct sd_diags diags = { .arena = arena };
	struct sd_session session = { .arena = arena, .diags = &diags };
	struct sd_buf *json = sd_json_begin(&session, "x"), out = SD_BUF(arena);

	(void)state;
	sd_json_open(json, "a", '[');
	sd_json_open(json, NULL, '{');
	sd_json_text(json, "t", "q\"[");
	sd_json_bool(json, "b", true);
	sd_json_close(json, '}');
	sd_json_text(json, NULL, "[");
	sd_json_number(json, NULL, -3);
	sd_json_open(json, NULL, '[');
	sd_json_close(json, ']');
	sd_json_close(json, ']');
	sd_json_text(json, "n", NULL);
	sd_error(&diags, (struct sd_pos){ "f.json", 3, 4 }, "bad");
	sd_json_finish(&session, 2, &out);
	assert_string_equal(sd_buf_text(&out),
		"{\"version\":1,\"command\":\"x\",\"exit\":2,"
		"\"a\":[{\"t\":\"q\\\"[\",\"b\":true},\"[\",-3,[]],\"n\":null,"
		"\"errors\":[{\"severity\":\"error\",\"file\":\"f.json\",\"line\":3,"
		"\"column\":4,\"message\":\"bad\"}]}\n");
}

/* ---- the commands that look ------------------------------------------------------------ */

static void
put_script(const char *id, const char *parent, const char *message)
{
	put(sd_fmt(arena, "migrations/%s.sql", id),
		sd_fmt(arena,
			"-- %s\n--\n-- revision: %s\n%s%s%s\n-- schemadiff:up\nCREATE TABLE "
			"t_%s (a);\n\n-- schemadiff:down\nDROP TABLE t_%s;\n",
			message, id, parent ? "-- revises: " : "", parent ? parent : "",
			parent ? "\n" : "", id, id));
}

static void
put_four(void)
{
	put_script("aaaa", NULL, "one");
	put_script("bbbb", "aaaa", "two");
	put_script("cccc", "bbbb", "three");
	put_script("dddd", "cccc", "four");
}

static void
test_history(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "history", 0,
			"=cccc -> dddd (head), four\nbbbb -> cccc, three\n"
			"aaaa -> bbbb, two\n<base> -> aaaa, one\n",
			"" },
		{ __LINE__, "history -r bbbb:cccc", 0,
			"=bbbb -> cccc, three\naaaa -> bbbb, two\n", "" },
		{ __LINE__, "history -r cccc:", 0,
			"=cccc -> dddd (head), four\nbbbb -> cccc, three\n", "" },
		{ __LINE__, "history -r:aaaa", 0, "=<base> -> aaaa, one\n", "" },
		{ __LINE__, "history -r-1:head", 0,
			"=cccc -> dddd (head), four\nbbbb -> cccc, three\n", "" },
		{ __LINE__, "history -r-1:", 0,
			"=cccc -> dddd (head), four\nbbbb -> cccc, three\n", "" },
		{ __LINE__, "history -r aaaa:+1", 0,
			"=aaaa -> bbbb, two\n<base> -> aaaa, one\n", "" },
		{ __LINE__, "history -r-99:bbbb", 0,
			"=aaaa -> bbbb, two\n<base> -> aaaa, one\n", "" },
		{ __LINE__, "history -r :base", 0, "", "" },
		{ __LINE__, "history -r cccc:bbbb", 2, "", "the older revision stands first" },
		{ __LINE__, "history -r bbbb", 2, "", "expected a range like A:B" },
		{ __LINE__, "history -r :", 2, "", "expected a range like A:B" },
		{ __LINE__, "history -r -1:+1", 2, "", "both ends of the range are steps" },
		{ __LINE__, "history -r nope:", 2, "", "unknown revision \"nope\"" },
		{ __LINE__, "history -r current:", 2, "", "asks for a database" },
		{ __LINE__, "-v history -r dddd:", 0,
			"Rev: dddd (head)\nParent: cccc\nPath: ", "" },
		{ __LINE__, "heads", 0, "dddd (head), four\n", "" },
		{ __LINE__, "show bb", 0,
			"Rev: bbbb\nParent: aaaa\nPath: migrations/bbbb.sql\n\n    two\n\n"
			"-- schemadiff:up\nCREATE TABLE t_bbbb (a);\n\n"
			"-- schemadiff:down\nDROP TABLE t_bbbb;\n",
			"" },
		{ __LINE__, "show head-1", 0, "Rev: cccc\n", "" },
		{ __LINE__, "show base", 2, "", "which has no script" },
		{ __LINE__, "show current", 2, "", "asks for a database" },
		{ __LINE__, "show -1", 2, "", "asks for a database" },
		{ __LINE__, "--color=always heads", 0, "\033[33mdddd\033[0m", "" },
	};

	(void)state;
	put_four();
	check_rows(rows, SD_COUNT(rows));
}

static void
test_broken_history(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "history", 3, "", "zzzz" },
		{ __LINE__, "heads", 3, "", "zzzz" },
		{ __LINE__, "current --url sqlite:x.db", 3, "", "zzzz" },
		{ __LINE__, "status --url sqlite:x.db", 3, "", "zzzz" },
	};

	(void)state;
	put_script("aaaa", "zzzz", "one");
	check_rows(rows, SD_COUNT(rows));
}

/* A database that can't be read is a warning where it only adds to the result. */
static void
test_unreadable_database(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "history --url sqlite:x.db", 0, "cccc -> dddd (head), four\n",
			"warning: what is applied to sqlite:x.db could not be read" },
		{ __LINE__, "show aaaa --url sqlite:x.db", 0, "Rev: aaaa\n", "warning: " },
		{ __LINE__, "history -r current: --url sqlite:x.db", 4, "", "error: " },
		{ __LINE__, "current --url sqlite:x.db", 4, "", "error: " },
		{ __LINE__, "stamp head --url sqlite:x.db", 4, "", "error: " },
	};

	(void)state;
	put_four();
	put("x.db", "this is text and no database at all, long enough to tell the two apart");
	check_rows(rows, SD_COUNT(rows));
}

/* What only looks creates nothing. */
static void
test_missing_database(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "current --url sqlite:x.db", 0, "", "does not exist yet" },
		{ __LINE__, "-q current --url sqlite:x.db", 0, "", "" },
		{ __LINE__, "current --check-heads --url sqlite:x.db", 1, "",
			"4 revisions are pending; run `schemadiff upgrade`" },
		{ __LINE__, "history --url sqlite:x.db", 0, "dddd (head), four\n", "" },
		{ __LINE__, "show head --url sqlite:x.db", 0, "Rev: dddd (head)\n", "" },
		{ __LINE__, "status --url sqlite:x.db", 0, "does not exist yet", NULL },
		{ __LINE__, "stamp head --url sqlite:x.db", 4, "",
			"does not exist yet\nhint: `schemadiff upgrade` creates it" },
	};

	(void)state;
	put_four();
	put("schemas/empty.json", "{}");
	check_rows(rows, SD_COUNT(rows));
	assert_false(sd_file_exists("x.db"));
}

static void
test_stamp(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "current", 0, "", "no revision is applied to sqlite:app.db" },
		{ __LINE__, "stamp bbbb", 0, "",
			"target: sqlite:app.db (environment \"dev\")" },
		{ __LINE__, "current", 0, "bbbb (current), two\n", "" },
		{ __LINE__, "-v current", 0,
			"Current revision(s) for sqlite:app.db:\nRev: bbbb", "" },
		{ __LINE__, "history", 0, "aaaa -> bbbb (current), two\n", "" },
		{ __LINE__, "history -r current:", 0, "bbbb -> cccc, three\naaaa -> bbbb", "" },
		{ __LINE__, "history -r -1:current", 0, "aaaa -> bbbb (current), two\n<base>",
			"" },
		{ __LINE__, "show current", 0, "Rev: bbbb (current)\n", "" },
		{ __LINE__, "show -1", 0, "Rev: aaaa\n", "" },
		{ __LINE__, "show +1", 0, "Rev: cccc\n", "" },
		{ __LINE__, "current --check-heads", 1, "bbbb", "2 revisions are pending" },
		{ __LINE__, "status", 0, "pending:     cccc, three\n             dddd, four\n",
			"" },
		{ __LINE__, "stamp +1", 0, "", "stamped as cccc; nothing was run" },
		{ __LINE__, "stamp head", 0, "", "stamped as dddd" },
		{ __LINE__, "current --check-heads", 0, "dddd (head) (current), four\n", "" },
		{ __LINE__, "stamp head", 0, "", "nothing had to be recorded" },
		{ __LINE__, "stamp base", 0, "", "stamped as base" },
		{ __LINE__, "stamp nope", 2, "", "unknown revision \"nope\"" },
	};

	(void)state;
	put_four();
	put("schemadiff.json",
		"{ \"environments\": { \"dev\": { \"url\": \"sqlite:app.db\" } },"
		" \"default_environment\": \"dev\" }");
	put("schemas/empty.json", "{}");
	put("app.db", "");
	check_rows(rows, SD_COUNT(rows));
}

/* A script that went away: named everywhere, forgotten only on demand. */
static void
test_stranger(void **state)
{
	static const struct row before[] = {
		{ __LINE__, "stamp head --url sqlite:app.db", 0, "", "stamped as dddd" },
	};
	static const struct row after[] = {
		{ __LINE__, "current --url sqlite:app.db", 0, "dddd (no script here)\n", "" },
		{ __LINE__, "status --url sqlite:app.db", 0, "unknown:     dddd\n", NULL },
		{ __LINE__, "stamp head --url sqlite:app.db", 3, "",
			"revision dddd is applied, and has no script here" },
		{ __LINE__, "stamp --purge head --url sqlite:app.db", 0, "",
			"stamped as cccc" },
		{ __LINE__, "current --url sqlite:app.db", 0, "cccc (head) (current)", "" },
	};

	(void)state;
	put_four();
	put("schemas/empty.json", "{}");
	put("app.db", "");
	check_rows(before, SD_COUNT(before));
	assert_int_equal(unlink("migrations/dddd.sql"), 0);
	check_rows(after, SD_COUNT(after));
}

/* ---- the commands that write files ------------------------------------------------------ */

static void
test_init(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "init", 0,
			"created schemadiff.json\ncreated schemas/example.json\n", "next:" },
		{ __LINE__, "init", 0, "kept    schemadiff.json (it was there)\n",
			"nothing was missing" },
		{ __LINE__, "status", 0, "head:        none", "" },
		{ __LINE__, "init sub/deep", 0, "created sub/deep/schemadiff.json\n",
			"cd sub/deep" },
		{ __LINE__, "-q init quiet", 0, "created quiet/schemadiff.json\n", "" },
		{ __LINE__, "init schemadiff.json", 2, "", "expected a folder" },
	};

	(void)state;
	check_rows(rows, SD_COUNT(rows));
	assert_true(sd_is_dir("migrations"));
	assert_true(sd_file_exists(".schemadiff/schema.schema.json"));
	assert_true(sd_file_exists(".schemadiff/config.schema.json"));
	assert_false(sd_file_exists("app.db"));
}

/* Schema files of the user's own get no example beside them. */
static void
test_init_keeps(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "init", 0, "kept    schemas/mine.json (it was there)\n", NULL },
	};

	(void)state;
	put("schemas/mine.json", "{}");
	check_rows(rows, SD_COUNT(rows));
	assert_false(sd_file_exists("schemas/example.json"));
}

static void
test_revision(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "revision", 2, "",
			"a revision needs a message\nhint: `schemadiff "
			"revision -m" },
		{ __LINE__, "revision -m _", 2, "", "a revision needs a message" },
		{ __LINE__, "revision -m add_rows --rev-id r1", 0, "_r1_add_rows.sql\n",
			"wrote revision r1" },
		{ __LINE__, "revision -m more --rev-id r1", 2, "", "--rev-id r1:" },
		{ __LINE__, "revision -m more --rev-id r2", 0, "_r2_more.sql\n", NULL },
		{ __LINE__, "history", 0, "r1 -> r2 (head), more\n<base> -> r1, add rows\n",
			"" },
		{ __LINE__, "show r1", 0, "Schema: v1:", NULL },
		{ __LINE__, "show r2", 0, "-- schemadiff:down\n-- write", NULL },
	};
	static const struct row broken[] = {
		{ __LINE__, "revision -m third --rev-id r3", 0, "_r3_third.sql\n",
			"warning: the schema files do not load" },
		{ __LINE__, "status", 2, "files:       they do not load\n", "error:" },
	};

	(void)state;
	assert_int_equal(run("init").code, 0);
	check_rows(rows, SD_COUNT(rows));
	put("schemas/example.json", "{ \"tables\": 1 }");
	check_rows(broken, SD_COUNT(broken));
	assert_null(strstr(run("show r3").out, "Schema:"));
}

/* A default target that does not resolve is no reason to keep the history back. */
static void
test_unset_variable(void **state)
{
	static const struct row rows[] = {
		{ __LINE__, "history", 0, "dddd (head), four\n", "" },
		{ __LINE__, "heads", 0, "dddd (head), four\n", "" },
		{ __LINE__, "-e prod heads", 0, "dddd (head), four\n", "" },
		{ __LINE__, "-e prod history", 2, "", "SD_TEST_UNSET" },
		{ __LINE__, "current", 2, "", "SD_TEST_UNSET" },
	};

	(void)state;
	put_four();
	put("schemadiff.json",
		"{ \"environments\": { \"prod\": { \"url\": \"${SD_TEST_UNSET}\" } },"
		" \"default_environment\": \"prod\" }");
	check_rows(rows, SD_COUNT(rows));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_usage),
		TEST(test_secrets),
		TEST(test_parse),
		TEST(test_groups),
		TEST(test_texts_are_whole),
		TEST(test_tables),
		TEST(test_help),
		TEST(test_json),
		TEST(test_json_writer),
		TEST(test_history),
		TEST(test_broken_history),
		TEST(test_unreadable_database),
		TEST(test_missing_database),
		TEST(test_stamp),
		TEST(test_stranger),
		TEST(test_init),
		TEST(test_init_keeps),
		TEST(test_revision),
		TEST(test_unset_variable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
