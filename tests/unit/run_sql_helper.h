/* A run as plain SQL, and the shell that runs it. */
#ifndef SD_TESTS_RUN_SQL_HELPER_H
#define SD_TESTS_RUN_SQL_HELPER_H

#include "tests/unit/run_helper.h"

/* Write what running from @from to @target means into a file. */
static enum sd_status
print_sql(struct fixture *f, const char *from, const char *target, enum sd_direction direction)
{
	struct sd_names heads = { 0 }, done = { 0 };
	struct sd_scripts before = { 0 }, scripts = { 0 };
	struct sd_buf out = SD_BUF(f->arena);

	if (from) {
		*sd_push(f->arena, &heads) = from;
		sd_history_upgrade(f->run.history, script(f, from), &done, f->arena, &before);
		for (size_t i = 0; i < before.n; i++)
			*sd_push(f->arena, &done) = before.at[i]->revision;
	}
	if (direction == SD_UP)
		sd_history_upgrade(
			f->run.history, script(f, target), &done, f->arena, &scripts);
	else
		assert_int_equal(sd_history_downgrade(f->run.history, script(f, target), &done,
					 f->arena, &f->diags, &scripts),
			SD_OK);
	if (sd_run_print(&f->run, &scripts, direction, &heads, &f->diags, &out))
		return SD_ERR;
	return sd_file_write(sd_fmt(f->arena, "%s/run.sql", f->dir), sd_buf_text(&out), out.n,
		false, &f->diags);
}

/* Pipe that file into the shell; its exit, what it said goes to @err. */
static int
pipe_sql(struct fixture *f, const char **err)
{
	const char *out_path = sd_fmt(f->arena, "%s/out", f->dir);
	int status = system(sd_fmt(f->arena, "sqlite3 '%s' < '%s/run.sql' > '%s' 2>&1",
		f->target.file, f->dir, out_path));
	char *text;

	assert_int_equal(sd_file_read(out_path, f->arena, &f->diags, &text, NULL), SD_OK);
	*err = text;
	return WEXITSTATUS(status);
}

#endif
