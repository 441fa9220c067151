/* A migrations folder and an SQLite database beside it, for the tests of the runner. */
#ifndef SD_TESTS_RUN_HELPER_H
#define SD_TESTS_RUN_HELPER_H

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/history/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
	struct sd_arena *arena;
	struct sd_diags diags;
	char dir[64];
	struct sd_names dirs;
	struct sd_target target;
	struct sd_bookkeeping books;
	struct sd_db *db;
	struct sd_run run;
	struct sd_run_result result;
	struct sd_buf events;
};

static const struct sd_pos nowhere;

static int
setup(void **state)
{
	struct sd_arena *arena = sd_arena_new();
	struct fixture *f = sd_new(arena, struct fixture);

	f->arena = f->diags.arena = arena;
	strncpy(f->dir, "/tmp/schemadiff-test-XXXXXX", sizeof f->dir - 1);
	if (!mkdtemp(f->dir))
		return -1;
	*sd_push(arena, &f->dirs) = sd_fmt(arena, "%s/m", f->dir);
	if (sd_dir_make(f->dirs.at[0], &f->diags))
		return -1;
	f->target.dialect = &sd_dialect_sqlite;
	f->target.file = sd_fmt(arena, "%s/app.db", f->dir);
	f->target.masked = "sqlite:app.db";
	f->events = SD_BUF(arena);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	sd_db_close(f->db);
	(void)!system(sd_fmt(f->arena, "rm -rf '%s'", f->dir));
	sd_arena_free(f->arena);
	return 0;
}

/* Reports so far, the folder's name left out. */
static const char *
said(struct fixture *f)
{
	struct sd_buf out = SD_BUF(f->arena);

	for (size_t i = 0; i < f->diags.list.n; i++) {
		struct sd_diag *d = &f->diags.list.at[i];

		if (d->pos.file)
			d->pos.file = sd_path_base(d->pos.file);
	}
	sd_diags_format(&f->diags, 0, false, &out);
	f->diags.list.n = 0;
	f->diags.n_errors = 0;
	return sd_buf_text(&out);
}

/* A script of revision @id, whose up part begins on line 6. */
static void
put(struct fixture *f, const char *id, const char *revises, const char *up, const char *down)
{
	const char *path = sd_fmt(f->arena, "%s/%s.sql", f->dirs.at[0], id);
	const char *text = sd_fmt(f->arena,
		"-- it's %s\n-- revision: %s\n--%s%s\n\n-- schemadiff:up\n%s\n%s%s%s", id, id,
		revises ? " revises: " : "", revises ? revises : "", up,
		down ? "-- schemadiff:down\n" : "", down ? down : "", down ? "\n" : "");

	assert_int_equal(sd_file_write(path, text, strlen(text), false, &f->diags), SD_OK);
}

static void
load(struct fixture *f)
{
	struct sd_history *history =
		sd_history_load(NULL, &f->dirs, false, &sd_dialect_sqlite, f->arena, &f->diags);

	if (!history)
		print_error("%s", said(f));
	assert_non_null(history);
	if (!f->db)
		f->db = sd_db_open(&f->target, SD_DB_WRITE, &f->diags);
	assert_non_null(f->db);
	f->run.db = f->db;
	f->run.books = &f->books;
	f->run.history = history;
	f->run.arena = f->arena;
}

static const char *
joined(struct fixture *f, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(f->arena);

	for (size_t i = 0; i < names->n; i++)
		sd_buf_addf(&text, "%s%s", i ? " " : "", names->at[i]);
	return sd_buf_text(&text);
}

static struct sd_script *
script(struct fixture *f, const char *id)
{
	struct sd_script *found = id ? sd_history_find(f->run.history, id) : NULL;

	assert_true(!id || found);
	return found;
}

static enum sd_status
upgrade(struct fixture *f, const char *target)
{
	return sd_run_upgrade(&f->run, script(f, target), &f->result);
}

static enum sd_status
downgrade(struct fixture *f, const char *target)
{
	return sd_run_downgrade(&f->run, script(f, target), &f->result);
}

/* All rows of @sql, columns separated by | and rows by newlines, as the file has them. */
static const char *
ask(struct fixture *f, const char *sql)
{
	struct sd_db *db = sd_db_open(&f->target, SD_DB_READ, &f->diags);
	struct sd_buf out = SD_BUF(f->arena);
	struct sd_rows *rows;

	assert_non_null(db);
	rows = sd_db_query(db, nowhere, sql, NULL, 0);
	if (!rows)
		print_error("%s", said(f));
	assert_non_null(rows);
	while (sd_rows_next(rows) == SD_OK) {
		sd_buf_sep(&out, "\n");
		for (size_t i = 0; i < sd_rows_count(rows); i++)
			sd_buf_addf(&out, "%s%s", i ? "|" : "",
				sd_rows_text(rows, i) ? sd_rows_text(rows, i) : "NULL");
	}
	sd_rows_close(rows);
	sd_db_close(db);
	return sd_buf_text(&out);
}

static const char applied[] = "SELECT revision FROM schemadiff_revisions ORDER BY revision";
static const char tables[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT "
			     "LIKE 'schemadiff%' ORDER BY 1";

static void
expect_clean(struct fixture *f, enum sd_status status)
{
	if (status)
		print_error("%s", said(f));
	assert_int_equal(status, SD_OK);
	assert_int_equal(f->diags.list.n, 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
