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

#include <string.h>
#include <time.h>
#include <unistd.h>

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
		if (sd_work_interrupted(w) || run_step(w, script, i, &skip))
			return SD_ERR;
	}
	return SD_OK;
}

/* ---- another try ---------------------------------------------------------------------- */

#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 5000

/* Diagnostics of one try: kept apart, since a try that is followed by another was no failure.
 */
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
	struct timespec now;

	while (attempt-- > 1 && ms < LONGEST_PAUSE_MS)
		ms *= 2;
	ms = ms < LONGEST_PAUSE_MS ? ms : LONGEST_PAUSE_MS;
	/* Two who wait for each other must not meet again; two that were started together would
	 * draw the same numbers from rand(). */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ms * 3 / 4 + (unsigned)(now.tv_nsec / 1000 + getpid()) % (ms / 2);
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
		const char *blocker;

		db->diags = &tried;
		status = fn(w, script, ctx);
		db->diags = diags;
		if (status && sd_db_failure(db) == SD_DB_LOCKED && has_time(w, &start) &&
			!sd_interrupted()) {
			blocker = sd_db_blocker(db);
			sd_db_rollback(db);
			if (w->run->events.retry)
				w->run->events.retry(
					w->run->events.ctx, script, attempt, ms, blocker);
			pause_for(ms);
			continue;
		}
		adopt(diags, &tried);
		return status;
	}
}

/* ---- books ------------------------------------------------------------------------------ */

enum sd_status
sd_work_commit(struct sd_work *w)
{
	enum sd_status status;

	status = sd_db_commit(w->run->db, &w->wait);
	w->lost |= status && sd_db_failure(w->run->db) == SD_DB_LOST;
	return status;
}

enum sd_status
sd_work_give_back(struct sd_work *w)
{
	enum sd_db_failure failure = sd_db_failure(w->run->db);

	sd_db_rollback(w->run->db);
	w->run->db->failure = failure;
	w->journal = w->stored;
	return SD_ERR;
}

/* Begin a transaction of a split part.  SD_NOTFOUND, and @w->moved set, when the journal is not
 * any more where this process has left it: where only transactions keep others out (SQLite),
 * two may run one part, each taking the next stretch. */
static enum sd_status
begin_stretch(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(w, script);
	struct sd_db *db = w->run->db;
	struct sd_arena *arena;
	enum sd_status status;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, part->foreign_keys_off))
		return SD_ERR;
	arena = sd_arena_new();
	status = sd_state_expect(
		db, w->run->books, script->revision, sd_journal_text(arena, &w->stored, part));
	sd_arena_free(arena);
	w->moved = status == SD_NOTFOUND;
	if (status)
		(void)sd_work_give_back(w);
	return status;
}

/* Record, in the open transaction, that @w->journal is how far the part has come; behind the
 * last step, that it is done.  Commit. */
static enum sd_status
end_stretch(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(w, script);
	struct sd_arena *arena;
	enum sd_status status;

	/* Whatever the script has set must not touch the bookkeeping. */
	if (sd_db_reset(w->run->db))
		return SD_ERR;
	if (w->journal.done == part->steps.n && !w->journal.started) {
		status = sd_work_finish(w, script);
	} else {
		arena = sd_arena_new();
		status = sd_state_progress(w->run->db, w->run->books, script->revision,
			w->direction == SD_DOWN, sd_journal_text(arena, &w->journal, part));
		sd_arena_free(arena);
	}
	if (status || sd_work_commit(w))
		return SD_ERR;
	w->stored = w->journal;
	return SD_OK;
}

/* Record @w->journal in a transaction of its own. */
static enum sd_status
try_note(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_journal *journal = ctx;
	enum sd_status status = begin_stretch(w, script);

	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	w->journal = *journal;
	return end_stretch(w, script) ? sd_work_give_back(w) : SD_OK;
}

static enum sd_status
note(struct sd_work *w, const struct sd_script *script, size_t done, bool started)
{
	struct sd_journal journal = { .done = done, .started = started };

	return sd_work_try(w, script, try_note, &journal);
}

/* ---- stretches -------------------------------------------------------------------------- */

/* One transaction, its journal with it. */
static enum sd_status
try_transaction(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_stretch *stretch = ctx;
	enum sd_status status = begin_stretch(w, script);

	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	w->journal = (struct sd_journal){ .done = stretch->end };
	if (run_steps(w, script, *stretch) || end_stretch(w, script))
		return sd_work_give_back(w);
	return SD_OK;
}

static const struct sd_step *
last_step(const struct sd_work *w, const struct sd_script *script, struct sd_stretch stretch)
{
	return &part_of(w, script)->steps.at[stretch.end - 1];
}

/* A statement outside a transaction; @tried: one try of it has failed. */
struct outside {
	struct sd_stretch stretch;
	bool tried;
};

/* One statement, outside a transaction; a failure for the lack of a lock may have left half of
 * it behind, which goes before the next try. */
static enum sd_status
try_outside(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct outside *outside = ctx;
	const struct sd_step *step = last_step(w, script, outside->stretch);
	struct sd_pos pos = { .file = script->path, .line = step->line };
	struct sd_db *db = w->run->db;

	if (outside->tried) {
		switch (sd_db_settle(db, pos, step->text)) {
		case SD_DOUBT_DONE:
			return SD_OK;
		case SD_DOUBT_UNDONE:
			break;
		case SD_DOUBT_ERROR: /* clearing away may find a lock in its way, too */
			return SD_ERR;
		case SD_DOUBT_OPEN:
			db->failure = SD_DB_FAILED;
			return SD_ERR;
		}
	}
	outside->tried = true;
	return run_steps(w, script, outside->stretch);
}

/* The statement has failed before our eyes: it is not in doubt, once what it left behind has
 * gone.  What the engine says of its effect counts for nothing here: an index of that name
 * may be another one. */
static void
end_seen(struct sd_work *w, const struct sd_script *script, struct sd_stretch stretch)
{
	const struct sd_step *step = last_step(w, script, stretch);
	struct sd_pos pos = { .file = script->path, .line = step->line };
	struct sd_db *db = w->run->db;
	enum sd_db_failure failure = sd_db_failure(db);
	struct sd_diags *diags = db->diags;
	struct sd_diags unheard = { .arena = w->scratch };

	if (failure == SD_DB_LOST || (failure == SD_DB_INTERRUPTED && db->driver->settle))
		return;
	db->diags = &unheard;
	sd_db_rollback(db);
	if (sd_db_settle(db, pos, step->text) != SD_DOUBT_ERROR)
		(void)note(w, script, stretch.first, false);
	db->diags = diags;
	db->failure = failure;
}

static enum sd_status
run_outside(struct sd_work *w, const struct sd_script *script, struct sd_stretch stretch)
{
	/* a guard changes nothing: it may run twice */
	bool changes = last_step(w, script, stretch)->kind != SD_STEP_EXPECT_NONE;
	struct outside outside = { .stretch = stretch };

	if (changes && (note(w, script, stretch.first, true) || w->moved))
		return w->moved ? SD_OK : SD_ERR;
	if (sd_db_reset(w->run->db) || sd_work_try(w, script, try_outside, &outside)) {
		if (changes)
			end_seen(w, script, stretch);
		return SD_ERR;
	}
	return note(w, script, stretch.end, false);
}

/* ---- batches ---------------------------------------------------------------------------- */

struct rounds {
	size_t step;
	struct sd_arena *arena; /* of the round at hand, and of the cursor behind it */
	unsigned long long n, changed, limit;
	bool limited; /* @limit is known, or cannot be */
	struct sd_batch_progress progress;
	struct timespec start;
};

static enum sd_status
run_round(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	const struct sd_step *step = &part_of(w, script)->steps.at[r->step];
	struct sd_pos pos = { .file = script->path, .line = step->line };
	struct sd_db *db = w->run->db;
	struct sd_round round;
	bool last;

	if (sd_batch_round(db, pos, step, w->stored.cursor, r->arena, &round))
		return SD_ERR;
	if (sd_db_exec(db, pos, round.sql)) {
		sd_note(diags_of(w), pos, "in: %s",
			shortened(diags_of(w)->arena, round.sql, SHOWN_STATEMENT));
		return SD_ERR;
	}
	r->changed = sd_db_changes(db);
	last = step->batch.table ? !round.cursor : !r->changed;
	w->journal.done = r->step + last;
	w->journal.cursor = round.cursor;
	/* where nothing else tells that rounds were done */
	if (!step->batch.table && !last)
		w->journal.cursor = sd_fmt(r->arena, "%llu", r->progress.rows + r->changed);
	return end_stretch(w, script);
}

/* A round in its transaction; the cursor is recorded with it. */
static enum sd_status
try_round(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	enum sd_status status = begin_stretch(w, script);

	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	return run_round(w, script, ctx) ? sd_work_give_back(w) : SD_OK;
}

/* The next round, in an arena of its own: a batch may take a million. */
static enum sd_status
next_round(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	struct sd_arena *before = r->arena;
	enum sd_status status;

	r->arena = sd_arena_new();
	r->changed = 0;
	status = sd_work_try(w, script, try_round, r);
	/* a round that was not recorded has left the cursor where it was */
	if (w->stored.cursor)
		w->stored.cursor = sd_strdup(r->arena, w->stored.cursor);
	w->journal = w->stored;
	r->progress.rows += status ? 0 : r->changed;
	sd_arena_free(before);
	return status;
}

#define ROUNDS_BEFORE_COUNTING 100

/* A statement that limits itself and never comes to an end changes the same rows again and
 * again.  Counting them is a scan of the table, which comes late. */
static enum sd_status
check_rounds(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	const struct sd_step *step = &part_of(w, script)->steps.at[r->step];
	struct sd_pos pos = { .file = script->path, .line = step->line };

	if (step->batch.table || ++r->n < ROUNDS_BEFORE_COUNTING + r->progress.total)
		return SD_OK;
	if (!r->limited) {
		r->limited = true;
		r->limit = sd_batch_rows(w->run->db, step);
		r->limit += r->limit ? ROUNDS_BEFORE_COUNTING : 0;
	}
	if (!r->limit || r->n <= r->limit)
		return SD_OK;
	sd_fail(diags_of(w), SD_CLASS_DATABASE, pos,
		"this batch has taken more rounds than its table has rows: it changes the same "
		"rows again and again");
	sd_hint(diags_of(w), "its WHERE must leave out the rows that are done");
	return SD_ERR;
}

/* A walk goes through the rows of its rounds, whether they change or not. */
static void
note_progress(const struct sd_work *w, struct rounds *r, const struct sd_step *step)
{
	struct sd_batch_progress *progress = &r->progress;
	const struct sd_batch *batch = &step->batch;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	progress->seconds = (double)(now.tv_sec - r->start.tv_sec) +
			    (double)(now.tv_nsec - r->start.tv_nsec) / 1e9;
	progress->over = w->journal.done != r->step;
	if (!batch->table)
		progress->done = progress->rows;
	else
		progress->done += batch->size ? batch->size : SD_BATCH_ROWS;
}

static enum sd_status
run_rounds(struct sd_work *w, const struct sd_script *script, struct rounds *r)
{
	const struct sd_run_events *events = &w->run->events;
	const struct sd_step *step = &part_of(w, script)->steps.at[r->step];

	sd_batch_estimate(
		w->run->db, step, w->stored.cursor, &r->progress.total, &r->progress.at_most);
	while (w->journal.done == r->step) {
		if (next_round(w, script, r))
			return SD_ERR;
		if (w->moved)
			return SD_OK;
		note_progress(w, r, step);
		if (events->batch)
			events->batch(events->ctx, script, step, &r->progress);
		if (w->journal.done == r->step &&
			(check_rounds(w, script, r) || sd_work_interrupted(w)))
			return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
run_batch(struct sd_work *w, const struct sd_script *script, size_t i)
{
	const struct sd_run_events *events = &w->run->events;
	const struct sd_part_script *part = part_of(w, script);
	struct rounds r = { .step = i };
	enum sd_status status;

	if (events->statement)
		events->statement(events->ctx, script, &part->steps.at[i], i, part->steps.n);
	(void)clock_gettime(CLOCK_MONOTONIC, &r.start);
	status = run_rounds(w, script, &r);
	if (w->stored.cursor)
		w->stored.cursor = sd_strdup(w->scratch, w->stored.cursor);
	w->journal = w->stored;
	sd_arena_free(r.arena);
	return status;
}

enum sd_status
sd_work_interrupted(const struct sd_work *w)
{
	if (!sd_interrupted())
		return SD_OK;
	return sd_fail(diags_of(w), SD_CLASS_DATABASE, (struct sd_pos){ 0 }, "interrupted");
}

enum sd_status
sd_work_in_doubt(struct sd_work *w, const struct sd_script *script)
{
	struct sd_stretch stretch = sd_stretch_at(part_of(w, script), w->journal.done);
	const struct sd_step *step = last_step(w, script, stretch);
	struct sd_pos pos = { .file = script->path, .line = step->line };

	sd_fail(diags_of(w), SD_CLASS_DATABASE, pos,
		"statement %zu was begun outside a transaction, and nobody saw its end: %s",
		stretch.end, shortened(diags_of(w)->arena, step->text, SHOWN_STATEMENT));
	sd_hint(diags_of(w),
		"look at the database: `--resume-at %zu` runs the statement again, "
		"`--resume-at "
		"%zu` goes on behind it",
		stretch.first + 1, stretch.end + 1);
	return SD_ERR;
}

/* A statement whose end nobody saw: what the engine knows of it. */
static enum sd_status
settle(struct sd_work *w, const struct sd_script *script)
{
	struct sd_stretch stretch = sd_stretch_at(part_of(w, script), w->journal.done);
	const struct sd_step *step = last_step(w, script, stretch);
	struct sd_pos pos = { .file = script->path, .line = step->line };

	switch (sd_db_settle(w->run->db, pos, step->text)) {
	case SD_DOUBT_DONE:
		return note(w, script, stretch.end, false);
	case SD_DOUBT_UNDONE:
		return note(w, script, stretch.first, false);
	case SD_DOUBT_ERROR:
		return SD_ERR;
	case SD_DOUBT_OPEN:
		break;
	}
	return sd_work_in_doubt(w, script);
}

/* Another process has gone on: look how far it has come. */
static enum sd_status
catch_up(struct sd_work *w, const struct sd_script *script)
{
	struct sd_partial partial;
	struct sd_db *db = w->run->db;

	w->moved = false;
	if (sd_state_partial(db, w->run->books, w->scratch, &partial))
		return SD_ERR;
	w->elsewhere = !sd_text_equal(partial.revision, script->revision) ||
		       partial.down != (w->direction == SD_DOWN);
	if (w->elsewhere)
		return SD_OK;
	if (sd_journal_read(w->scratch, partial.progress, part_of(w, script), &w->journal))
		return sd_fail(diags_of(w), SD_CLASS_HISTORY,
			(struct sd_pos){ .file = script->path },
			"another process runs another text of revision %s", script->revision);
	w->stored = w->journal;
	return SD_OK;
}

static enum sd_status
run_stretch(struct sd_work *w, const struct sd_script *script)
{
	struct sd_stretch stretch = sd_stretch_at(part_of(w, script), w->journal.done);

	if (w->journal.started)
		return settle(w, script);
	if (stretch.kind == SD_STRETCH_TRANSACTION)
		return sd_work_try(w, script, try_transaction, &stretch);
	if (stretch.kind == SD_STRETCH_OUTSIDE)
		return run_outside(w, script, stretch);
	return run_batch(w, script, stretch.first);
}

enum sd_status
sd_work_stretches(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(w, script);

	while (!w->elsewhere && w->journal.done < part->steps.n)
		if (sd_work_interrupted(w) || run_stretch(w, script) ||
			(w->moved && catch_up(w, script)))
			return SD_ERR;
	return SD_OK;
}

enum sd_status
sd_work_whole(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_stretch all = { SD_STRETCH_TRANSACTION, 0,
		part_of(w, script)->steps.n };

	return run_steps(w, script, all);
}
