/* A part of a script, run: its statements, and the transactions that they stand in.
 *
 * What is worth another try is a transaction: when another session held what it needed, it is
 * rolled back and run again.  A part of several transactions keeps a journal beside them; a
 * statement outside any is announced there before it runs, so that whoever comes next knows
 * that its end was not seen, and asks the engine. */
#include "core/history/run_impl.h"

#include "core/base/text.h"
#include "core/db/interrupt.h"
#include "core/history/batch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHOWN_COLUMNS 5
#define SHOWN_BYTES 40
#define SHOWN_STATEMENT 200

static struct sd_diags *
diags_of(const struct sd_work *w)
{
	return sd_db_diags(w->run->db);
}

static const struct sd_part_script *
part_of(const struct sd_work *w, const struct sd_script *script)
{
	return w->direction == SD_UP ? &script->up : &script->down;
}

/* ---- statements --------------------------------------------------------------------- */

/* The beginning of @text, on one line. */
static const char *
shortened(struct sd_arena *arena, const char *text, size_t most)
{
	const char *line = sd_text_squeeze(arena, text);
	size_t n = strlen(line);

	if (n <= most)
		return line;
	n = sd_text_valid_utf8(line, most);
	return sd_fmt(arena, "%.*s…", (int)n, line);
}

/* Say which row a guard has found. */
static void
note_row(const struct sd_work *w, struct sd_pos pos, struct sd_rows *rows)
{
	struct sd_arena *arena = diags_of(w)->arena;
	struct sd_buf text = SD_BUF(arena);
	size_t n = sd_rows_count(rows);

	for (size_t i = 0; i < n && i < SHOWN_COLUMNS; i++) {
		const char *value = sd_rows_text(rows, i);

		sd_buf_sep(&text, ", ");
		sd_buf_addf(&text, "%s = %s", sd_rows_label(rows, i),
			value ? shortened(arena, value, SHOWN_BYTES) : "NULL");
	}
	sd_note(diags_of(w), pos, "the first such row: %s%s", sd_buf_text(&text),
		n > SHOWN_COLUMNS ? ", …" : "");
}

/* Run a guard or a condition; *@has_row says whether it returned a row. */
static enum sd_status
run_query(const struct sd_work *w, struct sd_pos pos, const struct sd_step *step, bool *has_row)
{
	struct sd_rows *rows = sd_db_query(w->run->db, pos, step->text, NULL, 0);
	enum sd_status status;

	if (!rows)
		return SD_ERR;
	status = sd_rows_next(rows);
	*has_row = status == SD_OK;
	if (*has_row && step->kind == SD_STEP_EXPECT_NONE) {
		sd_fail(diags_of(w), SD_CLASS_DATABASE, pos, "%s", step->message);
		note_row(w, pos, rows);
	}
	sd_rows_close(rows);
	return status == SD_ERR ? SD_ERR : SD_OK;
}

/* Run step @i; *@skip is set when the step behind it is to be passed over. */
static enum sd_status
run_step(const struct sd_work *w, const struct sd_script *script, size_t i, bool *skip)
{
	const struct sd_part_script *part = part_of(w, script);
	const struct sd_run_events *events = &w->run->events;
	const struct sd_step *step = &part->steps.at[i];
	struct sd_pos pos = { .file = script->path, .line = step->line };
	enum sd_status status;
	bool has_row = false;

	if (events->statement)
		events->statement(events->ctx, script, step, i, part->steps.n);
	*skip = false;
	if (step->kind == SD_STEP_RUN) {
		status = sd_db_exec(w->run->db, pos, step->text);
	} else {
		status = run_query(w, pos, step, &has_row);
		if (status == SD_OK && step->kind == SD_STEP_EXPECT_NONE && has_row)
			return SD_ERR;
		*skip = step->kind == SD_STEP_ONLY_IF && !has_row;
	}
	if (status)
		sd_note(diags_of(w), pos, "in: %s",
			shortened(diags_of(w)->arena, step->text, SHOWN_STATEMENT));
	return status;
}

/* Run the steps of @stretch. */
static enum sd_status
run_steps(const struct sd_work *w, const struct sd_script *script, struct sd_stretch stretch)
{
	const struct sd_part_script *part = part_of(w, script);
	bool skip = false;

	for (size_t i = stretch.first; i < stretch.end; i++) {
		/* A condition that is passed over passes over what it guards, too. */
		if (skip) {
			skip = part->steps.at[i].kind == SD_STEP_ONLY_IF;
			continue;
		}
		if (run_step(w, script, i, &skip))
			return SD_ERR;
	}
	return SD_OK;
}

/* ---- another try ---------------------------------------------------------------------- */

#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 5000

/* Diagnostics of one try: kept apart, since a try that is followed by another was no failure. */
static void
adopt(struct sd_diags *diags, const struct sd_diags *tried)
{
	for (size_t i = 0; i < tried->list.n; i++)
		*sd_push(diags->arena, &diags->list) = tried->list.at[i];
	diags->n_errors += tried->n_errors;
}

static unsigned
pause_of(unsigned attempt)
{
	unsigned ms = FIRST_PAUSE_MS;

	while (attempt-- > 1 && ms < LONGEST_PAUSE_MS)
		ms *= 2;
	ms = ms < LONGEST_PAUSE_MS ? ms : LONGEST_PAUSE_MS;
	/* two who wait for each other must not meet again */
	return ms * 3 / 4 + (unsigned)rand() % (ms / 2);
}

static void
pause_for(unsigned ms)
{
	struct timespec left = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left) && !sd_interrupted())
		;
}

static bool
has_time(const struct sd_work *w, const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec < (long)w->run->wait;
}

enum sd_status
sd_work_try(struct sd_work *w, const struct sd_script *script, sd_try_fn *fn, void *ctx)
{
	struct sd_db *db = w->run->db;
	struct sd_diags *diags = db->diags;
	struct timespec start;
	enum sd_status status;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned attempt = 1;; attempt++) {
		struct sd_diags tried = { .arena = diags->arena, .secrets = diags->secrets };
		unsigned ms = pause_of(attempt);

		db->diags = &tried;
		status = fn(w, script, ctx);
		db->diags = diags;
		if (status && sd_db_failure(db) == SD_DB_LOCKED && has_time(w, &start) &&
			!sd_interrupted()) {
			sd_db_rollback(db);
			if (w->run->events.retry)
				w->run->events.retry(w->run->events.ctx, script, attempt, ms);
			pause_for(ms);
			continue;
		}
		adopt(diags, &tried);
		return status;
	}
}

/* ---- books ------------------------------------------------------------------------------ */

/* Record, in the open transaction, that @w->journal is how far the part has come; behind the
 * last step, that it is done. */
static enum sd_status
keep_journal(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(w, script);

	/* Whatever the script has set must not touch the bookkeeping. */
	if (sd_db_reset(w->run->db))
		return SD_ERR;
	if (w->journal.done == part->steps.n && !w->journal.started)
		return sd_work_finish(w, script);
	return sd_state_progress(w->run->db, w->run->books, script->revision,
		sd_journal_text(w->scratch, &w->journal, part));
}

/* The same in a transaction of its own. */
static enum sd_status
note(struct sd_work *w, const struct sd_script *script)
{
	struct sd_db *db = w->run->db;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	if (keep_journal(w, script) || sd_db_commit(db, &w->wait)) {
		sd_db_rollback(db);
		return SD_ERR;
	}
	return SD_OK;
}

/* ---- stretches -------------------------------------------------------------------------- */

/* One transaction, its journal with it. */
static enum sd_status
try_transaction(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_stretch *stretch = ctx;
	struct sd_journal before = w->journal;
	struct sd_db *db = w->run->db;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	w->journal.done = stretch->end;
	if (run_steps(w, script, *stretch) || keep_journal(w, script) ||
		sd_db_commit(db, &w->wait)) {
		enum sd_db_failure failure = sd_db_failure(db);

		sd_db_rollback(db);
		db->failure = failure;
		w->journal = before;
		return SD_ERR;
	}
	return SD_OK;
}

/* One statement, outside a transaction; a failure for the lack of a lock may have left half of
 * it behind, which goes before the next try. */
static enum sd_status
try_outside(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_stretch *stretch = ctx;
	const struct sd_step *step = &part_of(w, script)->steps.at[stretch->end - 1];
	struct sd_pos pos = { .file = script->path, .line = step->line };
	struct sd_db *db = w->run->db;

	if (run_steps(w, script, *stretch) == SD_OK)
		return SD_OK;
	if (sd_db_failure(db) == SD_DB_LOCKED) {
		if (sd_db_settle(db, pos, step->text) != SD_DOUBT_UNDONE)
			return SD_ERR;
		db->failure = SD_DB_LOCKED;
	}
	return SD_ERR;
}

static enum sd_status
run_outside(struct sd_work *w, const struct sd_script *script, struct sd_stretch stretch)
{
	w->journal.started = true;
	if (note(w, script) || sd_db_reset(w->run->db) ||
		sd_work_try(w, script, try_outside, &stretch))
		return SD_ERR;
	w->journal.started = false;
	w->journal.done = stretch.end;
	return note(w, script);
}

/* A round in its transaction; the cursor is recorded with it. */
struct rounds {
	size_t step;
	struct sd_round round;
	unsigned long long n, rows, limit;
	struct timespec start;
};

static enum sd_status
run_round(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	const struct sd_step *step = &part_of(w, script)->steps.at[r->step];
	struct sd_pos pos = { .file = script->path, .line = step->line };
	struct sd_db *db = w->run->db;
	bool last;

	if (sd_batch_round(db, pos, step, w->journal.cursor, w->scratch, &r->round) ||
		sd_db_exec(db, pos, r->round.sql)) {
		sd_note(diags_of(w), pos, "in: %s",
			shortened(diags_of(w)->arena, step->text, SHOWN_STATEMENT));
		return SD_ERR;
	}
	r->rows += sd_db_changes(db);
	last = step->batch.table ? !r->round.cursor : !sd_db_changes(db);
	w->journal.cursor = last ? NULL : r->round.cursor;
	w->journal.done += last;
	return keep_journal(w, script);
}

static enum sd_status
try_round(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct rounds *r = ctx, was = *r;
	struct sd_journal before = w->journal;
	struct sd_db *db = w->run->db;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	if (run_round(w, script, r) || sd_db_commit(db, &w->wait)) {
		enum sd_db_failure failure = sd_db_failure(db);

		sd_db_rollback(db);
		db->failure = failure;
		w->journal = before;
		*r = was;
		return SD_ERR;
	}
	return SD_OK;
}

#define ROUNDS_BEFORE_COUNTING 100

/* A statement that limits itself and never comes to an end changes the same rows again and
 * again. */
static enum sd_status
check_rounds(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	const struct sd_step *step = &part_of(w, script)->steps.at[r->step];

	if (step->batch.table || ++r->n < ROUNDS_BEFORE_COUNTING)
		return SD_OK;
	if (!r->limit)
		r->limit = sd_batch_rows(w->run->db, step) + ROUNDS_BEFORE_COUNTING;
	if (r->n <= r->limit)
		return SD_OK;
	sd_fail(diags_of(w), SD_CLASS_DATABASE,
		(struct sd_pos){ .file = script->path, .line = step->line },
		"this batch has taken more rounds than its table has rows: it changes the same "
		"rows again and again");
	sd_hint(diags_of(w), "its WHERE must leave out the rows that are done");
	return SD_ERR;
}

static enum sd_status
run_batch(struct sd_work *w, const struct sd_script *script, size_t i)
{
	const struct sd_run_events *events = &w->run->events;
	const struct sd_part_script *part = part_of(w, script);
	struct rounds r = { .step = i };
	struct timespec now;

	if (events->statement)
		events->statement(events->ctx, script, &part->steps.at[i], i, part->steps.n);
	(void)clock_gettime(CLOCK_MONOTONIC, &r.start);
	while (w->journal.done == i) {
		if (sd_work_try(w, script, try_round, &r) || check_rounds(w, script, &r) ||
			sd_work_interrupted(w))
			return SD_ERR;
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (events->batch)
			events->batch(events->ctx, script, &part->steps.at[i], r.rows,
				(unsigned)(now.tv_sec - r.start.tv_sec));
	}
	return SD_OK;
}

enum sd_status
sd_work_interrupted(const struct sd_work *w)
{
	if (!sd_interrupted())
		return SD_OK;
	return sd_fail(diags_of(w), SD_CLASS_DATABASE, (struct sd_pos){ 0 }, "interrupted");
}

/* A statement whose end nobody saw: what the engine knows of it. */
static enum sd_status
settle(struct sd_work *w, const struct sd_script *script)
{
	struct sd_stretch stretch = sd_stretch_at(part_of(w, script), w->journal.done);
	const struct sd_step *step = &part_of(w, script)->steps.at[stretch.end - 1];
	struct sd_pos pos = { .file = script->path, .line = step->line };

	switch (sd_db_settle(w->run->db, pos, step->text)) {
	case SD_DOUBT_DONE:
		w->journal.done = stretch.end;
		w->journal.started = false;
		return note(w, script);
	case SD_DOUBT_UNDONE:
		w->journal.started = false;
		return SD_OK;
	case SD_DOUBT_ERROR:
		return SD_ERR;
	case SD_DOUBT_OPEN:
		break;
	}
	sd_fail(diags_of(w), SD_CLASS_DATABASE, pos,
		"this statement was begun outside a transaction, and nobody saw its end: %s",
		shortened(w->scratch, step->text, SHOWN_STATEMENT));
	sd_hint(diags_of(w),
		"look at the database: `--resume-at %zu` runs the statement again, `--resume-at "
		"%zu` goes on behind it",
		stretch.end, stretch.end + 1);
	return SD_ERR;
}

enum sd_status
sd_work_stretches(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(w, script);

	if (w->journal.started && settle(w, script))
		return SD_ERR;
	while (w->journal.done < part->steps.n) {
		struct sd_stretch stretch = sd_stretch_at(part, w->journal.done);
		enum sd_status status;

		if (sd_work_interrupted(w))
			return SD_ERR;
		if (stretch.kind == SD_STRETCH_TRANSACTION)
			status = sd_work_try(w, script, try_transaction, &stretch);
		else if (stretch.kind == SD_STRETCH_OUTSIDE)
			status = run_outside(w, script, stretch);
		else
			status = run_batch(w, script, stretch.first);
		if (status)
			return SD_ERR;
	}
	return SD_OK;
}

enum sd_status
sd_work_whole(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_stretch all = { SD_STRETCH_TRANSACTION, 0, part_of(w, script)->steps.n };

	return run_steps(w, script, all);
}
