/* The runner.
 *
 * What is to be done is decided anew in each transaction, from the applied set as it is read
 * there: what was planned before may have been done meanwhile by another process.  Only
 * whether enforcement of foreign keys is on has to be known before the transaction begins,
 * so the next script is guessed, and when the guess was wrong the transaction is given up
 * and begun again for the right one. */
#include "core/history/run_impl.h"

#include "core/base/text.h"

#include <string.h>
#include <time.h>

static const struct sd_pos nowhere;

static struct sd_diags *
diags_of(const struct sd_work *w)
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

long
sd_work_duration(const struct sd_work *w)
{
	struct timespec end;

	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	return (long)(end.tv_sec - w->start.tv_sec) * 1000 +
	       (end.tv_nsec - w->start.tv_nsec) / 1000000;
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

/* "tagged 'x', with a = '1'": what the log has of a run beside its end, or NULL. */
static const char *
remarks(const struct sd_run *run, struct sd_arena *arena, const struct sd_script *script)
{
	const char *variables = script ? script->variables : NULL;
	struct sd_buf text = SD_BUF(arena);

	if (run->tag)
		sd_buf_addf(&text, "tagged %s",
			sd_quote_text(run->history->dialect, arena, run->tag));
	if (variables)
		sd_buf_addf(&text, "%swith %s", text.n ? ", " : "", variables);
	return text.n ? sd_buf_text(&text) : NULL;
}

const char *
sd_run_ok(const struct sd_run *run, struct sd_arena *arena, const struct sd_script *script)
{
	const char *more = remarks(run, arena, script);

	return more ? sd_fmt(arena, "ok, %s", more) : "ok";
}

/* Nothing that can be known before stands in the way of @script. */
static enum sd_status
check_script(const struct sd_run *run, struct sd_script *script, enum sd_direction direction,
	const struct sd_dialect *dialect, int version, struct sd_diags *diags)
{
	if (sd_run_check(script, direction, dialect, version, run->force, diags) ||
		sd_run_check_mode(script, direction, run->mode, dialect, diags))
		return SD_ERR;
	return sd_variables_expand(&run->variables, script, part_of(script, direction), dialect,
		run->arena, diags, &script->variables);
}

enum sd_status
sd_run_check_all(const struct sd_run *run, const struct sd_scripts *scripts,
	enum sd_direction direction, const struct sd_dialect *dialect, int version,
	struct sd_diags *diags)
{
	const struct sd_scripts *hooks[] = { &run->before, &run->behind };
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < scripts->n; i++)
		if (check_script(run, scripts->at[i], direction, dialect, version, diags))
			status = SD_ERR;
	for (size_t k = 0; scripts->n && k < SD_COUNT(hooks); k++)
		for (size_t i = 0; i < hooks[k]->n; i++)
			if (sd_variables_expand(&run->variables, hooks[k]->at[i],
				    &hooks[k]->at[i]->up, dialect, run->arena, diags,
				    &hooks[k]->at[i]->variables))
				status = SD_ERR;
	return status;
}

/* Where the journal of @w->partial ends. */
static enum sd_status
read_journal(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	struct sd_diags *diags = diags_of(w);
	enum sd_status status =
		sd_journal_read(w->run->arena, w->partial.progress, part, &w->journal);

	if (w->resume_at > part->steps.n + 1)
		return sd_error(diags, nowhere, "--resume-at %u: the part has %zu statements",
			w->resume_at, (size_t)part->steps.n);
	if (w->resume_at) {
		w->journal = (struct sd_journal){ .done = w->resume_at - 1 };
		return SD_OK;
	}
	if (status == SD_ERR)
		return sd_fail(diags, SD_CLASS_HISTORY, nowhere,
			"the progress of revision %s is not understood: \"%s\"",
			script->revision, w->partial.progress ? w->partial.progress : "");
	if (status == SD_OK)
		return SD_OK;
	sd_fail(diags, SD_CLASS_HISTORY, part_pos(script, w->direction),
		"revision %s was edited after %zu of its statements had run%s", script->revision,
		w->journal.done + w->journal.started,
		script->variables ? ", or had other variables" : "");
	sd_hint(diags,
		"bring the script%s back as %s, or say with --resume-at N which statement is "
		"the next",
		script->variables ? " and its variables" : "",
		script->variables ? "they were" : "it was");
	return SD_ERR;
}

/* Nothing stands in the way of @scripts themselves. */
static enum sd_status
check_scripts(const struct sd_work *w, const struct sd_scripts *scripts)
{
	struct sd_db *db = w->run->db;

	return sd_run_check_all(w->run, scripts, w->direction, sd_db_dialect(db),
		sd_db_version(db), diags_of(w));
}

/* The same of one. */
static enum sd_status
may_run(const struct sd_work *w, struct sd_script *script)
{
	struct sd_scripts one = { .at = &script, .n = 1 };

	return check_scripts(w, &one);
}

enum sd_status
sd_work_may_run(struct sd_work *w, const struct sd_scripts *scripts)
{
	if (check_scripts(w, scripts))
		return SD_ERR;
	if (!scripts->n || !sd_text_equal(w->partial.revision, scripts->at[0]->revision))
		return SD_OK;
	return read_journal(w, scripts->at[0]);
}

/* ---- one revision ------------------------------------------------------------------- */

/* What is left to do, from the applied set as it is now. */
static enum sd_status
plan(const struct sd_work *w, struct sd_arena *arena, struct sd_scripts *scripts)
{
	struct sd_names applied;

	*scripts = (struct sd_scripts){ 0 };
	/* a dry run has not recorded what is replaced */
	if (sd_state_ids_as(w->run->db, w->run->books, w->run->history, arena, &applied))
		return SD_ERR;
	if (w->run->goal)
		return w->direction == SD_DOWN
			       ? sd_history_down(w->run->history, w->run->goal, &applied, arena,
					 diags_of(w), scripts)
			       : sd_history_up(w->run->history, w->run->goal, &applied, arena,
					 diags_of(w), scripts);
	if (w->direction == SD_DOWN)
		return sd_history_downgrade(
			w->run->history, w->target, &applied, arena, diags_of(w), scripts);
	sd_history_upgrade(w->run->history, w->target, &applied, arena, scripts);
	return SD_OK;
}

enum sd_status
sd_work_finish(struct sd_work *w, const struct sd_script *script)
{
	long ms = sd_work_duration(w);

	/* Whatever the script has set must not touch the bookkeeping. */
	if (sd_db_reset(w->run->db))
		return SD_ERR;
	if (w->direction == SD_UP)
		return sd_state_add(w->run->db, w->run->books, script, "upgrade",
			sd_run_ok(w->run, w->run->arena, script), ms);
	return sd_state_remove(w->run->db, w->run->books, script->revision, "downgrade",
		sd_run_ok(w->run, w->run->arena, script), ms);
}

/* Write the failure into the log, in a transaction of its own; that this may fail as well
 * is nobody's concern. */
static void
log_failure(const struct sd_work *w, const struct sd_script *script, const char *why,
	long duration_ms)
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
				w->other		    ? w->other
				: w->direction == SD_UP ? "upgrade" : "downgrade",
				script->revision, why, duration_ms) == SD_OK)
			(void)sd_db_commit(w->run->db, &at_once);
		sd_db_rollback(w->run->db);
	}
	w->run->db->diags = diags;
}

/* Say where a failed run has left the database. */
static void
note_current(const struct sd_work *w, const struct sd_script *script)
{
	struct sd_diags *diags = w->run->db->diags;
	struct sd_diags unheard = { .arena = w->scratch };
	struct sd_names applied = { 0 }, current = { 0 };
	struct sd_buf text = SD_BUF(w->scratch);
	const char *what = w->whole ? "this run"
				    : sd_fmt(w->scratch, "%s%s",
					      w->other                  ? ""
					      : w->direction == SD_DOWN ? "undoing revision "
									: "revision ",
					      script->revision);
	enum sd_status status;

	w->run->db->diags = &unheard;
	status = sd_state_ids(w->run->db, w->run->books, w->scratch, &applied);
	w->run->db->diags = diags;
	if (status) {
		sd_note(diags, nowhere, "nothing of %s was kept", what);
		return;
	}
	sd_history_current(w->run->history, &applied, w->scratch, &current);
	for (size_t i = 0; i < current.n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, current.at[i]);
	}
	sd_note(diags, nowhere, "nothing of %s was kept; the database is at %s", what,
		current.n ? sd_buf_text(&text) : "base (nothing is applied)");
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

/* What a failed split part has left behind, in words; a part of which nothing was done is given
 * up, so that the database is as it was. */
static void
note_partial(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	const struct sd_wait at_once = { 0 };
	struct sd_diags *diags = w->run->db->diags;
	struct sd_diags unheard = { .arena = w->scratch };
	struct sd_db *db = w->run->db;
	bool given_up = false;

	db->diags = &unheard;
	if (!w->stored.done && !w->stored.started && !w->stored.cursor &&
		sd_db_reset(db) == SD_OK && sd_db_begin(db, &at_once, false) == SD_OK) {
		given_up = sd_state_expect(db, w->run->books, script->revision,
				   sd_journal_text(w->scratch, &w->stored, part)) == SD_OK &&
			   sd_state_give_up(db, w->run->books, script->revision,
				   w->direction == SD_DOWN) == SD_OK &&
			   sd_db_commit(db, &at_once) == SD_OK;
		sd_db_rollback(db);
	}
	db->diags = diags;
	if (given_up)
		note_current(w, script);
	else
		sd_note(diags, nowhere,
			"%zu of %zu statements of revision %s are done%s; `schemadiff %s` goes "
			"on from there",
			w->stored.done, (size_t)part->steps.n, script->revision,
			w->stored.started  ? ", and the next is in doubt"
			: w->stored.cursor ? ", and a part of the next"
					   : "",
			w->direction == SD_UP ? "upgrade" : "downgrade");
}

enum sd_status
sd_work_fail(struct sd_work *w, const struct sd_script *script, size_t first)
{
	const char *more = remarks(w->run, w->scratch, script);

	sd_db_rollback(w->run->db);
	if (!w->announced)
		return SD_ERR;
	script = w->hook ? w->hook : script;
	*(w->hook ? &w->result->failed_hook : &w->result->failed) =
		w->hook ? script->path : script->revision;
	if (w->lost && w->hook)
		sd_note(diags_of(w), nowhere,
			"the connection broke while this was being recorded: the log tells whether "
			"%s has run",
			script->path);
	else if (w->lost)
		sd_note(diags_of(w), nowhere,
			"the connection broke while this was being recorded: `schemadiff "
			"status` tells whether revision %s is %s",
			script->revision, w->direction == SD_UP ? "applied" : "undone");
	else if (w->split)
		note_partial(w, script);
	else
		note_current(w, script);
	log_failure(w, script,
		sd_fmt(w->scratch, "failed: %s%s%s%s", first_error(diags_of(w), first),
			more ? " (" : "", more ? more : "", more ? ")" : ""),
		sd_work_duration(w));
	return SD_ERR;
}

void
sd_work_announce(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_run_events *events = &w->run->events;

	if (!w->announced && events->revision)
		events->revision(events->ctx, script, w->direction);
	w->announced = true;
}

void
sd_work_done(struct sd_work *w, const struct sd_script *script, long duration_ms)
{
	const struct sd_run_events *events = &w->run->events;

	*sd_push(w->run->arena, &w->result->done) = script->revision;
	if (events->done)
		events->done(events->ctx, script, w->direction, duration_ms);
}

/* ---- one transaction ---------------------------------------------------------------- */

struct whole {
	struct sd_script *next; /* what is to be done by the state read in there */
	bool other;                   /* it is not the guess, and nothing was done */
};

/* Begin, and see that @script is what is to be done next; SD_NOTFOUND (and rolled back) when it
 * is not. */
static enum sd_status
begin_revision(struct sd_work *w, const struct sd_script *script, struct whole *whole)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	struct sd_db *db = w->run->db;
	struct sd_scripts scripts;
	size_t next;

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, part->foreign_keys_off))
		return SD_ERR;
	if (plan(w, w->scratch, &scripts)) {
		sd_db_rollback(db);
		return SD_ERR;
	}
	whole->other = !scripts.n || scripts.at[0] != script;
	next = whole->other ? 0 : 1;
	whole->next = scripts.n > next ? scripts.at[next] : NULL;
	if (whole->other) {
		sd_db_rollback(db);
		return SD_NOTFOUND;
	}
	sd_work_announce(w, script);
	return SD_OK;
}

static enum sd_status
try_whole(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct sd_db *db = w->run->db;
	enum sd_status status = begin_revision(w, script, ctx);

	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	if (sd_state_create(db, w->run->books) || sd_work_whole(w, script) ||
		sd_work_finish(w, script) || sd_work_commit(w))
		return sd_work_give_back(w);
	return SD_OK;
}

/* ---- several ------------------------------------------------------------------------ */

/* The first entry of the journal: nothing is done yet. */
static enum sd_status
try_begin_split(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	struct whole *whole = ctx;
	struct sd_db *db = w->run->db;
	struct sd_partial partial;
	enum sd_status status = begin_revision(w, script, whole);

	if (status)
		return status == SD_NOTFOUND ? SD_OK : SD_ERR;
	if (sd_state_create(db, w->run->books) ||
		sd_state_partial(db, w->run->books, w->scratch, &partial))
		return sd_work_give_back(w);
	if (partial.revision) {
		/* another process has begun it meanwhile */
		sd_db_rollback(db);
		whole->other = true;
		return SD_OK;
	}
	w->split = true;
	if (sd_state_begin(db, w->run->books, script, w->direction == SD_DOWN,
		    sd_journal_text(w->scratch, &w->journal, part)) ||
		sd_work_commit(w))
		return sd_work_give_back(w);
	return SD_OK;
}

/* Write down that the part goes on at w->journal, where --resume-at has set it; or, when that
 * is behind its last statement, that it is done. */
static enum sd_status
try_resume_at(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	struct sd_db *db = w->run->db;
	enum sd_status status;

	(void)ctx;
	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	status = w->journal.done == part->steps.n
			 ? sd_work_finish(w, script)
			 : sd_state_progress(db, w->run->books, script->revision,
				   w->direction == SD_DOWN,
				   sd_journal_text(w->scratch, &w->journal, part));
	return status || sd_work_commit(w) ? sd_work_give_back(w) : SD_OK;
}

/* An older program may have begun it, in tables that lack what this one writes. */
static enum sd_status
try_tables(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct sd_db *db = w->run->db;

	(void)script;
	(void)ctx;
	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	return sd_state_create(db, w->run->books) || sd_work_commit(w) ? sd_work_give_back(w)
								       : SD_OK;
}

static enum sd_status
resume(struct sd_work *w, const struct sd_script *script)
{
	const struct sd_part_script *part = part_of(script, w->direction);
	/* what an edit has taken away may leave nothing to do but the record */
	bool at_end;

	if (read_journal(w, script))
		return SD_ERR;
	w->stored = w->journal;
	if (sd_work_try(w, script, try_tables, NULL))
		return SD_ERR;
	w->split = true;
	sd_work_announce(w, script);
	at_end = w->journal.done == part->steps.n && !w->journal.started;
	if ((at_end || w->resume_at) && sd_work_try(w, script, try_resume_at, NULL))
		return SD_ERR;
	w->resume_at = 0;
	return sd_work_stretches(w, script);
}

static enum sd_status
run_split(struct sd_work *w, const struct sd_script *script, struct whole *whole)
{
	w->journal = w->stored = (struct sd_journal){ 0 };
	if (sd_text_equal(w->partial.revision, script->revision))
		return resume(w, script);
	if (sd_work_try(w, script, try_begin_split, whole))
		return SD_ERR;
	return whole->other ? SD_OK : sd_work_stretches(w, script);
}

/* ---- all ---------------------------------------------------------------------------- */

/* A revision that was begun and not finished comes first, and in its own direction. */
static enum sd_status
put_partial_first(struct sd_work *w, struct sd_scripts *scripts)
{
	const struct sd_partial *partial = &w->partial;

	if (!partial->revision)
		return w->resume_at ? sd_error(diags_of(w), nowhere,
					      "--resume-at: no revision is half done")
				    : SD_OK;
	for (size_t i = 0; partial->down == (w->direction == SD_DOWN) && i < scripts->n; i++) {
		struct sd_script *script = scripts->at[i];

		if (strcmp(script->revision, partial->revision) != 0)
			continue;
		memmove(scripts->at + 1, scripts->at, i * sizeof *scripts->at);
		scripts->at[0] = script;
		return SD_OK;
	}
	sd_fail(diags_of(w), SD_CLASS_HISTORY, nowhere,
		"revision %s is half %s, and must be finished first", partial->revision,
		partial->down ? "undone" : "applied");
	if (sd_history_find(w->run->history, partial->revision))
		sd_hint(diags_of(w),
			"`schemadiff %s` goes on with it; after mending the database by hand, "
			"`schemadiff stamp` says where it is",
			sd_partial_command(partial, w->run->history, w->run->arena));
	else
		sd_hint(diags_of(w),
			"no script here has it: get the branch that has, or mend the database "
			"by hand and say with `schemadiff stamp` where it is");
	return SD_ERR;
}

enum sd_status
sd_work_look(struct sd_work *w, struct sd_scripts *scripts)
{
	struct sd_arena *arena = w->run->arena;

	if (plan(w, arena, scripts) ||
		sd_state_partial(w->run->db, w->run->books, arena, &w->partial))
		return SD_ERR;
	return put_partial_first(w, scripts);
}

/* Do the next revision, which is expected to be *@guess; afterwards *@guess is what comes
 * behind it, NULL at the end.  SD_NOTFOUND: look again what is to be done. */
static enum sd_status
one_revision(struct sd_work *w, struct sd_script **guess)
{
	struct sd_script *script = *guess;
	struct whole whole = { 0 };
	size_t first = diags_of(w)->list.n;
	bool split = sd_part_is_split(part_of(script, w->direction)) ||
		     sd_text_equal(w->partial.revision, script->revision);
	enum sd_status status;
	long ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &w->start);
	w->split = w->announced = w->elsewhere = false;
	status = split ? run_split(w, script, &whole)
		       : sd_work_try(w, script, try_whole, &whole);
	if (status)
		return sd_work_fail(w, script, first);
	ms = sd_work_duration(w);
	if (!whole.other && !w->elsewhere)
		sd_work_done(w, script, ms);
	if (split)
		return SD_NOTFOUND;
	*guess = whole.next;
	return whole.other && whole.next ? may_run(w, whole.next) : SD_OK;
}

static enum sd_status
run_locked(struct sd_work *w)
{
	struct sd_script *next;
	struct sd_scripts scripts;
	enum sd_status status = SD_OK;

	if (sd_work_look(w, &scripts) || sd_work_may_run(w, &scripts) ||
		(scripts.n && sd_work_hooks(w, false)))
		return SD_ERR;
	next = scripts.n ? scripts.at[0] : NULL;
	while (next && status == SD_OK) {
		w->scratch = sd_arena_new();
		status = sd_work_interrupted(w);
		if (status == SD_OK)
			status = one_revision(w, &next);
		sd_arena_free(w->scratch);
		if (status != SD_NOTFOUND)
			continue;
		status = sd_work_look(w, &scripts);
		next = status == SD_OK && scripts.n ? scripts.at[0] : NULL;
		if (next)
			status = may_run(w, next);
	}
	if (status == SD_OK && w->result->done.n)
		status = sd_work_hooks(w, true);
	return status;
}

enum sd_status
sd_work_begin(struct sd_work *w)
{
	struct sd_db *db = w->run->db;

	*w->result = (struct sd_run_result){ 0 };
	w->wait = (struct sd_wait){ .seconds = w->run->wait,
		.waiting = w->run->events.waiting,
		.ctx = w->run->events.ctx };
	sd_db_patience(db, &w->wait);
	sd_db_limit(db, &w->run->limits);
	sd_db_watch(db, w->run->events.progress, w->run->events.ctx);
	if (sd_db_reset(db) || sd_db_lock(db,
				       sd_state_table(sd_db_dialect(db), w->run->books,
					       SD_BOOK_REVISIONS, w->run->arena),
				       &w->wait))
		return SD_ERR;
	return SD_OK;
}

void
sd_work_end(struct sd_work *w)
{
	sd_db_unlock(w->run->db);
	sd_db_watch(w->run->db, NULL, NULL);
}

static enum sd_status
run_all(struct sd_work *w)
{
	enum sd_status status;

	if (sd_work_begin(w))
		return SD_ERR;
	w->resume_at = w->run->resume_at;
	sd_run_set_mode(w->run->history, w->run->mode);
	status = sd_work_settle(w);
	if (status == SD_OK)
		status = w->run->mode == SD_RUN_ALL ? sd_work_run_whole(w) : run_locked(w);
	sd_work_end(w);
	return status;
}

enum sd_status
sd_run_foresee(
	const struct sd_run *run, enum sd_direction direction, struct sd_forecast *forecast)
{
	struct sd_work w = { .run = run, .direction = direction, .resume_at = run->resume_at };
	enum sd_status status;

	*forecast = (struct sd_forecast){ 0 };
	sd_run_set_mode(run->history, run->mode);
	if (sd_work_replaced(&w, &forecast->replaced) ||
		sd_work_look(&w, &forecast->scripts))
		return SD_ERR;
	status = run->mode == SD_RUN_ALL ? sd_work_may_run_whole(&w, &forecast->scripts)
					 : sd_work_may_run(&w, &forecast->scripts);
	if (status)
		return SD_ERR;
	forecast->done = w.journal.done;
	forecast->in_doubt = w.journal.started;
	forecast->begun = w.journal.cursor != NULL;
	/* an engine that can tell may have to clear away what is left of it, which is a change */
	if (forecast->in_doubt && !run->db->driver->settle)
		return sd_work_in_doubt(&w, forecast->scripts.at[0]);
	return SD_OK;
}

enum sd_status
sd_run_upgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct sd_work w = {
		.run = run, .direction = SD_UP, .target = target, .result = result
	};

	return run_all(&w);
}

enum sd_status
sd_run_downgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct sd_work w = {
		.run = run, .direction = SD_DOWN, .target = target, .result = result
	};

	return run_all(&w);
}
