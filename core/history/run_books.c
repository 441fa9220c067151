/* Runs that run nothing: what is recorded changes, the database does not. */
#include "core/history/run_impl.h"

#include <string.h>

/* A change of the books, in the open transaction; the revisions changed go to @done. */
typedef enum sd_status books_fn(const struct sd_run *run, void *ctx, struct sd_names *done);

/* @fn in a transaction, while no other process runs anything. */
static enum sd_status
change_books(const struct sd_run *run, books_fn *fn, void *ctx, struct sd_run_result *result)
{
	struct sd_wait wait = {
		.seconds = run->wait, .waiting = run->events.waiting, .ctx = run->events.ctx
	};
	enum sd_status status = SD_OK;

	*result = (struct sd_run_result){ 0 };
	sd_db_patience(run->db, &wait);
	if (sd_db_reset(run->db) || sd_db_lock(run->db,
					    sd_state_table(sd_db_dialect(run->db), run->books,
						    SD_BOOK_REVISIONS, run->arena),
					    &wait))
		return SD_ERR;
	if (sd_db_begin(run->db, &wait, false) || fn(run, ctx, &result->done) ||
		sd_db_commit(run->db, &wait))
		status = SD_ERR;
	if (status) {
		sd_db_rollback(run->db);
		result->done = (struct sd_names){ 0 };
	}
	sd_db_unlock(run->db);
	return status;
}

/* ---- stamp -------------------------------------------------------------------------- */

/* Is @revision applied once @applied are, and the database was stamped with @goal? */
static bool
keeps(const struct sd_run *run, const struct sd_goal *goal, const struct sd_names *applied,
	const char *revision)
{
	struct sd_scripts wanted = { 0 };

	sd_history_stamp(run->history, goal, applied, run->arena, &wanted);
	for (size_t i = 0; i < wanted.n; i++)
		if (strcmp(wanted.at[i]->revision, revision) == 0)
			return true;
	return false;
}

/* What is half done is forgotten where @goal says what it is now: not on another branch. */
static enum sd_status
forget_partial(const struct sd_run *run, const struct sd_goal *goal)
{
	struct sd_names applied = { 0 }, none = { 0 };
	struct sd_partial partial;

	if (sd_state_partial(run->db, run->books, run->arena, &partial) ||
		sd_state_ids(run->db, run->books, run->arena, &applied))
		return SD_ERR;
	if (!partial.revision)
		return SD_OK;
	*sd_push(run->arena, &applied) = partial.revision;
	if (keeps(run, goal, &applied, partial.revision) &&
		!keeps(run, goal, &none, partial.revision)) {
		sd_fail(sd_db_diags(run->db), SD_CLASS_HISTORY, (struct sd_pos){ 0 },
			"revision %s, of another branch, is half %s", partial.revision,
			partial.down ? "undone" : "applied");
		sd_hint(sd_db_diags(run->db),
			"`schemadiff %s` goes on with it; or name it, or what comes before it, "
			"among the targets",
			sd_partial_command(&partial, run->history, run->arena));
		return SD_ERR;
	}
	return sd_state_give_up(run->db, run->books, partial.revision, partial.down);
}

/* Make the applied set that of @target, in the open transaction. */
static enum sd_status
stamp_books(const struct sd_run *run, void *ctx, struct sd_names *done)
{
	struct sd_script *target = ctx;
	struct sd_goal own = { 0 };
	struct sd_names applied = { 0 };
	struct sd_scripts wanted = { 0 };
	struct sd_map keep = { 0 }, have = { 0 };
	const struct sd_goal *goal = run->goal ? run->goal : &own;
	const char *ok = sd_run_ok(run, run->arena, NULL);

	if (target)
		*sd_push(run->arena, &own.scripts) = target;
	if (sd_state_create(run->db, run->books) || forget_partial(run, goal) ||
		sd_state_ids(run->db, run->books, run->arena, &applied))
		return SD_ERR;
	sd_history_stamp(run->history, goal, &applied, run->arena, &wanted);
	for (size_t i = 0; i < wanted.n; i++)
		*sd_map_at(&keep, wanted.at[i]->revision, run->arena) = &keep;
	for (size_t i = 0; i < applied.n; i++) {
		*sd_map_at(&have, applied.at[i], run->arena) = &have;
		if (sd_map_get(&keep, applied.at[i]))
			continue;
		if (sd_state_remove(run->db, run->books, applied.at[i], "stamp", ok, 0))
			return SD_ERR;
		*sd_push(run->arena, done) = applied.at[i];
	}
	for (size_t i = 0; i < wanted.n; i++) {
		if (sd_map_get(&have, wanted.at[i]->revision))
			continue;
		if (sd_state_add(run->db, run->books, wanted.at[i], "stamp", ok, 0))
			return SD_ERR;
		*sd_push(run->arena, done) = wanted.at[i]->revision;
	}
	return SD_OK;
}

enum sd_status
sd_run_stamp(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result)
{
	struct sd_script *ctx = target ? sd_history_find(run->history, target->revision) : NULL;

	return change_books(run, stamp_books, ctx, result);
}

/* ---- repair ------------------------------------------------------------------------- */

struct repair {
	const struct sd_scripts *scripts;
	const struct sd_state *state;
};

static enum sd_status
repair_books(const struct sd_run *run, void *ctx, struct sd_names *done)
{
	const struct repair *repair = ctx;

	for (size_t i = 0; i < repair->scripts->n; i++) {
		const struct sd_script *script = repair->scripts->at[i];
		const struct sd_applied *row = sd_state_row(repair->state, script->revision);
		enum sd_status status = sd_state_repair(
			run->db, run->books, script, row ? row->checksum : NULL);

		if (status == SD_NOTFOUND)
			return sd_fail(sd_db_diags(run->db), SD_CLASS_HISTORY,
				(struct sd_pos){ 0 },
				"the record of revision %s was changed by another process "
				"meanwhile",
				script->revision);
		if (status)
			return SD_ERR;
		*sd_push(run->arena, done) = script->revision;
	}
	return SD_OK;
}

enum sd_status
sd_run_repair(const struct sd_run *run, const struct sd_scripts *scripts,
	const struct sd_state *state, struct sd_run_result *result)
{
	struct repair repair = { scripts, state };

	return change_books(run, repair_books, &repair, result);
}
