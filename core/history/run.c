/* The runner.
 *
 * What is to be done is decided anew in each transaction, from the applied set as it is read
 * there: what was planned before may have been done meanwhile by another process.  Only
 * whether enforcement of foreign keys is on has to be known before the transaction begins,
 * so the next script is guessed, and when the guess was wrong the transaction is given up
 * and begun again for the right one. */
#include "core/history/run.h"

#include "core/base/text.h"

#include <string.h>
#include <time.h>

#define SHOWN_COLUMNS 5
#define SHOWN_BYTES 40
#define SHOWN_STATEMENT 200

static const struct sd_pos nowhere;

/* One run of upgrade or downgrade. */
struct work {
	const struct sd_run *run;
	enum sd_direction direction;
	const struct sd_script *target;
	struct sd_run_result *result;
	struct sd_wait wait;
	struct sd_arena *scratch; /* for one revision */
};

static struct sd_diags *
diags_of(const struct work *w)
{
	return sd_db_diags(w->run->db);
}

static const struct sd_part_script *
part_of(const struct sd_script *script, enum sd_direction direction)
{
	return direction == SD_UP ? &script->up : &script->down;
}

static struct sd_pos
part_pos(const struct sd_script *script, enum sd_direction direction)
{
	return (struct sd_pos){ .file = script->path,
		.line = part_of(script, direction)->line };
}

static long
ms_since(const struct timespec *start)
{
	struct timespec end;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	return (long)(end.tv_sec - start->tv_sec) * 1000 +
	       (end.tv_nsec - start->tv_nsec) / 1000000;
}

/* ---- may it run? -------------------------------------------------------------------- */

static enum sd_status
check_version(const struct sd_script *script, const struct sd_dialect *dialect, int version,
	struct sd_diags *diags)
{
	int wanted = sd_script_requires(script, dialect);

	if (!version || wanted <= version)
		return SD_OK;
	return sd_fail(diags, SD_CLASS_HISTORY, script->revision_pos,
		"revision %s requires %s %s, and this is %s", script->revision, dialect->name,
		sd_dialect_version_text(dialect, diags->arena, wanted),
		sd_dialect_version_text(dialect, diags->arena, version));
}

enum sd_status
sd_run_check(const struct sd_script *script, enum sd_direction direction,
	const struct sd_dialect *dialect, int version, bool force, struct sd_diags *diags)
{
	const struct sd_part_script *part = part_of(script, direction);

	if (!part->present)
		return sd_fail(diags, direction == SD_UP ? SD_CLASS_HISTORY : SD_CLASS_REFUSED,
			script->revision_pos, "revision %s has no %s part for %s",
			script->revision, direction == SD_UP ? "up" : "down", dialect->name);
	if (!sd_script_is_for(script, part, dialect))
		return sd_fail(diags, SD_CLASS_HISTORY, part_pos(script, direction),
			"revision %s was not written for %s: its header names other dialects",
			script->revision, dialect->name);
	if (check_version(script, dialect, version, diags))
		return SD_ERR;
	if (direction == SD_UP || force || !part->irreversible)
		return SD_OK;
	sd_fail(diags, SD_CLASS_REFUSED, part_pos(script, SD_DOWN),
		"revision %s cannot be undone: %s", script->revision, part->irreversible);
	sd_hint(diags, "--force runs what there is of its down part all the same");
	return SD_ERR;
}

static enum sd_status
check_script(const struct work *w, const struct sd_script *script)
{
	return sd_run_check(script, w->direction, sd_db_dialect(w->run->db),
		sd_db_version(w->run->db), w->run->force, diags_of(w));
}

static enum sd_status
check_scripts(const struct work *w, const struct sd_scripts *scripts)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < scripts->n; i++)
		if (check_script(w, scripts->at[i]))
			status = SD_ERR;
	return status;
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
note_row(const struct work *w, struct sd_pos pos, struct sd_rows *rows)
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
run_query(const struct work *w, struct sd_pos pos, const struct sd_step *step, bool *has_row)
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
run_step(const struct work *w, const struct sd_script *script, size_t i, bool *skip)
{
	const struct sd_part_script *part = part_of(script, w->direction);
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

static enum sd_status
run_part(const struct work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	bool skip = false;

	for (size_t i = 0; i < part->steps.n; i++) {
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

/* ---- one revision ------------------------------------------------------------------- */

/* What is left to do, from the applied set as it is now. */
static enum sd_status
plan(const struct work *w, struct sd_arena *arena, struct sd_scripts *scripts)
{
	struct sd_names applied;

	*scripts = (struct sd_scripts){ 0 };
	if (sd_state_ids(w->run->db, w->run->books, arena, &applied))
		return SD_ERR;
	if (w->direction == SD_DOWN)
		return sd_history_downgrade(
			w->run->history, w->target, &applied, arena, diags_of(w), scripts);
	sd_history_upgrade(w->run->history, w->target, &applied, arena, scripts);
	return SD_OK;
}

static enum sd_status
keep_books(const struct work *w, const struct sd_script *script, long duration_ms)
{
	/* Whatever the script has set must not touch the bookkeeping. */
	if (sd_db_reset(w->run->db))
		return SD_ERR;
	if (w->direction == SD_UP)
		return sd_state_add(w->run->db, w->run->books, script, "upgrade", duration_ms);
	return sd_state_remove(
		w->run->db, w->run->books, script->revision, "downgrade", duration_ms);
}

/* Write the failure into the log, in a transaction of its own; that this may fail as well
 * is nobody's concern. */
static void
log_failure(
	const struct work *w, const struct sd_script *script, const char *why, long duration_ms)
{
	const struct sd_wait at_once = { 0 };
	struct sd_diags *diags = w->run->db->diags;
	struct sd_diags unheard = { .arena = w->scratch };
	struct sd_state state;

	w->run->db->diags = &unheard;
	if (sd_db_reset(w->run->db) == SD_OK &&
		sd_db_begin(w->run->db, &at_once, false) == SD_OK) {
		if (sd_state_read(w->run->db, w->run->books, w->scratch, &state) == SD_OK &&
			state.exists &&
			sd_state_log(w->run->db, w->run->books,
				w->direction == SD_UP ? "upgrade" : "downgrade",
				script->revision, why, duration_ms) == SD_OK)
			(void)sd_db_commit(w->run->db, &at_once);
		sd_db_rollback(w->run->db);
	}
	w->run->db->diags = diags;
}

/* Say where a failed run has left the database. */
static void
note_current(const struct work *w, const struct sd_script *script)
{
	struct sd_diags *diags = w->run->db->diags;
	struct sd_diags unheard = { .arena = w->scratch };
	struct sd_names applied = { 0 }, current = { 0 };
	struct sd_buf text = SD_BUF(w->scratch);
	enum sd_status status;

	w->run->db->diags = &unheard;
	status = sd_state_ids(w->run->db, w->run->books, w->scratch, &applied);
	w->run->db->diags = diags;
	if (status) {
		sd_note(diags, nowhere, "nothing of revision %s was kept", script->revision);
		return;
	}
	sd_history_current(w->run->history, &applied, w->scratch, &current);
	for (size_t i = 0; i < current.n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, current.at[i]);
	}
	sd_note(diags, nowhere, "nothing of revision %s was kept; the database is at %s",
		script->revision, current.n ? sd_buf_text(&text) : "base (nothing is applied)");
}

/* The text of the first error from report @first on. */
static const char *
first_error(const struct sd_diags *diags, size_t first)
{
	for (size_t i = first; i < diags->list.n; i++)
		if (diags->list.at[i].severity == SD_SEV_ERROR)
			return diags->list.at[i].text;
	return "failed";
}

/* Run @script and record it, in the transaction that is open, and end that. */
static enum sd_status
run_script(const struct work *w, const struct sd_script *script)
{
	const struct sd_run_events *events = &w->run->events;
	struct sd_db *db = w->run->db;
	size_t first = diags_of(w)->list.n;
	struct timespec start;
	long ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	if (events->revision)
		events->revision(events->ctx, script, w->direction);
	if (sd_state_create(db, w->run->books) || run_part(w, script) ||
		keep_books(w, script, ms_since(&start)) || sd_db_commit(db, &w->wait)) {
		sd_db_rollback(db);
		w->result->failed = script->revision;
		note_current(w, script);
		log_failure(w, script,
			sd_fmt(w->scratch, "failed: %s", first_error(diags_of(w), first)),
			ms_since(&start));
		return SD_ERR;
	}
	ms = ms_since(&start);
	*sd_push(w->run->arena, &w->result->done) = script->revision;
	if (events->done)
		events->done(events->ctx, script, w->direction, ms);
	return SD_OK;
}

/* Do the next revision, which is expected to be *@guess; afterwards *@guess is what comes
 * behind it, NULL at the end. */
static enum sd_status
one_revision(struct work *w, const struct sd_script **guess)
{
	const struct sd_part_script *part = part_of(*guess, w->direction);
	struct sd_db *db = w->run->db;
	struct sd_scripts scripts;
	const struct sd_script *next;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, part->foreign_keys_off))
		return SD_ERR;
	if (plan(w, w->scratch, &scripts)) {
		sd_db_rollback(db);
		return SD_ERR;
	}
	next = scripts.n ? scripts.at[0] : NULL;
	if (next != *guess) {
		sd_db_rollback(db);
		*guess = next;
		return next ? check_script(w, next) : SD_OK;
	}
	*guess = scripts.n > 1 ? scripts.at[1] : NULL;
	return run_script(w, next);
}

static enum sd_status
run_all(struct work *w)
{
	struct sd_arena *arena = w->run->arena;
	const struct sd_script *next;
	struct sd_scripts scripts;
	enum sd_status status = SD_OK;

	*w->result = (struct sd_run_result){ 0 };
	w->wait = (struct sd_wait){ .seconds = w->run->wait,
		.waiting = w->run->events.waiting,
		.ctx = w->run->events.ctx };
	sd_db_patience(w->run->db, &w->wait);
	if (plan(w, arena, &scripts) || check_scripts(w, &scripts))
		return SD_ERR;
	next = scripts.n ? scripts.at[0] : NULL;
	while (next && status == SD_OK) {
		w->scratch = sd_arena_new();
		status = one_revision(w, &next);
		sd_arena_free(w->scratch);
	}
	return status;
}

enum sd_status
sd_run_upgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct work w = { .run = run, .direction = SD_UP, .target = target, .result = result };

	return run_all(&w);
}

enum sd_status
sd_run_downgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct work w = {
		.run = run, .direction = SD_DOWN, .target = target, .result = result
	};

	return run_all(&w);
}

/* ---- stamp -------------------------------------------------------------------------- */

/* Make the applied set that of @target, in the open transaction. */
static enum sd_status
stamp_books(const struct sd_run *run, const struct sd_script *target, struct sd_names *done)
{
	struct sd_names applied = { 0 }, none = { 0 };
	struct sd_scripts wanted = { 0 };
	struct sd_map keep = { 0 }, have = { 0 };

	if (sd_state_create(run->db, run->books) ||
		sd_state_ids(run->db, run->books, run->arena, &applied))
		return SD_ERR;
	if (target)
		sd_history_upgrade(run->history, target, &none, run->arena, &wanted);
	for (size_t i = 0; i < wanted.n; i++)
		*sd_map_at(&keep, wanted.at[i]->revision, run->arena) = &keep;
	for (size_t i = 0; i < applied.n; i++) {
		*sd_map_at(&have, applied.at[i], run->arena) = &have;
		if (sd_map_get(&keep, applied.at[i]))
			continue;
		if (sd_state_remove(run->db, run->books, applied.at[i], "stamp", 0))
			return SD_ERR;
		*sd_push(run->arena, done) = applied.at[i];
	}
	for (size_t i = 0; i < wanted.n; i++) {
		if (sd_map_get(&have, wanted.at[i]->revision))
			continue;
		if (sd_state_add(run->db, run->books, wanted.at[i], "stamp", 0))
			return SD_ERR;
		*sd_push(run->arena, done) = wanted.at[i]->revision;
	}
	return SD_OK;
}

enum sd_status
sd_run_stamp(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct sd_wait wait = {
		.seconds = run->wait, .waiting = run->events.waiting, .ctx = run->events.ctx
	};

	*result = (struct sd_run_result){ 0 };
	sd_db_patience(run->db, &wait);
	if (sd_db_reset(run->db) || sd_db_begin(run->db, &wait, false))
		return SD_ERR;
	if (stamp_books(run, target, &result->done) == SD_OK &&
		sd_db_commit(run->db, &wait) == SD_OK)
		return SD_OK;
	sd_db_rollback(run->db);
	result->done = (struct sd_names){ 0 };
	return SD_ERR;
}
