/* A seed has no place in the graph: what it has is a row that says with which checksum it ran
 * last. Whether it is due is decided again in its own transaction, where no other process can
 * run it meanwhile. */
#include "core/history/seed.h"

#include "core/base/text.h"
#include "core/history/run_impl.h"

#include <string.h>
#include <time.h>

static const struct sd_pos nowhere;

/* ---- what they wait for --------------------------------------------------------------- */

enum sd_status
sd_seeds_link(struct sd_seeds *seeds, const struct sd_history *history, struct sd_diags *diags)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < seeds->n; i++) {
		struct sd_seed *seed = &seeds->at[i];
		const struct sd_names *names = &seed->script->depends_on;

		for (size_t k = 0; k < names->n; k++) {
			struct sd_script *script = sd_history_known(history, names->at[k]);

			if (!script)
				script = sd_map_get(&history->by_label, names->at[k]);
			if (script) {
				*sd_push(history->arena, &seed->needs) = script;
				continue;
			}
			status = sd_fail(diags, SD_CLASS_HISTORY, seed->script->depends_pos,
				"depends on \"%s\", and no revision has that id or label",
				names->at[k]);
		}
	}
	return status;
}

enum sd_status
sd_seeds_refuse(const struct sd_history *history, const struct sd_names *applied,
	const struct sd_partial *partial, struct sd_diags *diags)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_scripts pending = { 0 };
	enum sd_status status = SD_OK;

	sd_history_upgrade(history, NULL, applied, arena, &pending);
	if (partial->revision)
		status = sd_fail(diags, SD_CLASS_REFUSED, nowhere,
			"revision %s is half %s, and seeds are written for the whole schema",
			partial->revision, partial->down ? "undone" : "applied");
	else if (pending.n)
		status = sd_fail(diags, SD_CLASS_REFUSED, nowhere,
			"%zu revision%s pending (the first is %s), and seeds are written for "
			"the "
			"whole schema",
			pending.n, pending.n > 1 ? "s are" : " is", pending.at[0]->revision);
	if (status)
		sd_hint(diags, "`schemadiff %s` comes first; --force runs seeds all the same",
			partial->revision ? sd_partial_command(partial, history, arena)
					  : "upgrade");
	sd_arena_free(arena);
	return status;
}

/* ---- what the database says of them ----------------------------------------------------- */

struct row {
	const char *checksum, *applied_at;
};

static enum sd_status
read_rows(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	struct sd_map *rows_by_name)
{
	struct sd_rows *rows;
	enum sd_status status;
	bool exists;

	if (sd_state_has_book(db, books, SD_BOOK_SEEDS, &exists))
		return SD_ERR;
	if (!exists)
		return SD_OK;
	rows = sd_db_query(db, nowhere,
		sd_fmt(arena, "SELECT name, checksum, applied_at FROM %s",
			sd_state_table(sd_db_dialect(db), books, SD_BOOK_SEEDS, arena)),
		NULL, 0);
	if (!rows)
		return SD_ERR;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		struct row *row = sd_new(arena, struct row);

		row->checksum = sd_strdup(arena, sd_rows_text(rows, 1));
		row->applied_at = sd_strdup(arena, sd_rows_text(rows, 2));
		*sd_map_at(rows_by_name, sd_strdup(arena, sd_rows_text(rows, 0)), arena) = row;
	}
	sd_rows_close(rows);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static bool
is_due(const struct sd_seed *seed, bool again)
{
	if (seed->waits_for)
		return false;
	if (again || seed->state == SD_SEED_NEW || seed->script->when == SD_SEED_ALWAYS)
		return true;
	return seed->state == SD_SEED_EDITED && seed->script->when == SD_SEED_CHANGED;
}

static void
judge(struct sd_seed *seed, const struct row *row, const struct sd_names *applied, bool again)
{
	seed->state = !row                                                   ? SD_SEED_NEW
		      : sd_text_equal(row->checksum, seed->script->checksum) ? SD_SEED_DONE
									     : SD_SEED_EDITED;
	seed->applied_at = row ? row->applied_at : NULL;
	seed->waits_for = NULL;
	for (size_t i = 0; !seed->waits_for && i < seed->needs.n; i++)
		if (sd_names_find(applied, seed->needs.at[i]->revision) < 0)
			seed->waits_for = seed->needs.at[i]->revision;
	seed->due = is_due(seed, again);
}

enum sd_status
sd_seeds_look(struct sd_seeds *seeds, const struct sd_history *history, struct sd_db *db,
	const struct sd_bookkeeping *books, bool again, struct sd_arena *arena)
{
	struct sd_names applied = { 0 };
	struct sd_map rows = { 0 };

	if (db && (sd_state_ids_as(db, books, history, arena, &applied) ||
			  read_rows(db, books, arena, &rows)))
		return SD_ERR;
	for (size_t i = 0; i < seeds->n; i++)
		judge(&seeds->at[i], sd_map_get(&rows, seeds->at[i].script->revision), &applied,
			again);
	return SD_OK;
}

/* ---- one seed --------------------------------------------------------------------------- */

struct one {
	struct sd_seed *seed;
	bool again, force;
};

static enum sd_status
write_row(struct sd_work *w, const struct sd_script *script)
{
	struct sd_db *db = w->run->db;
	struct sd_arena *arena = w->scratch;
	const char *table =
		sd_state_table(sd_db_dialect(db), w->run->books, SD_BOOK_SEEDS, arena);
	const char *params[] = { script->revision, script->checksum, sd_state_now(arena),
		sd_db_whoami(db, arena), SD_TOOL_VERSION };
	long ms = sd_work_duration(w);

	if (sd_db_exec_params(db, nowhere,
		    sd_fmt(arena, "DELETE FROM %s WHERE name = $1", table), &script->revision,
		    1) ||
		sd_db_exec_params(db, nowhere,
			sd_fmt(arena,
				"INSERT INTO %s (name, checksum, applied_at, applied_by, "
				"tool_version, duration_ms) VALUES ($1, $2, $3, $4, $5, %ld)",
				table, ms),
			params, SD_COUNT(params)))
		return SD_ERR;
	return sd_state_log(db, w->run->books, w->other, script->revision,
		sd_run_ok(w->run, arena, script), ms);
}

/* Nothing stands in the way of seeds, as the database is now. */
static enum sd_status
may_seed(const struct sd_run *run, struct sd_arena *arena, bool force)
{
	struct sd_names applied;
	struct sd_partial partial;

	if (force)
		return SD_OK;
	if (sd_state_ids_as(run->db, run->books, run->history, arena, &applied) ||
		sd_state_partial(run->db, run->books, arena, &partial))
		return SD_ERR;
	return sd_seeds_refuse(run->history, &applied, &partial, sd_db_diags(run->db));
}

static enum sd_status
try_seed(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct one *one = ctx;
	struct sd_seed now = *one->seed;
	struct sd_seeds seeds = { .at = &now, .n = 1, .cap = 1 };
	struct sd_db *db = w->run->db;
	const struct sd_bookkeeping *books = w->run->books;

	w->elsewhere = false;
	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	if (may_seed(w->run, w->scratch, one->force) ||
		sd_seeds_look(&seeds, w->run->history, db, books, one->again, w->scratch))
		return sd_work_give_back(w);
	if (!now.due) {
		/* another process has run it meanwhile */
		sd_db_rollback(db);
		w->elsewhere = true;
		return SD_OK;
	}
	if (sd_state_create(db, books) || sd_state_create_book(db, books, SD_BOOK_SEEDS) ||
		sd_work_whole(w, script) || sd_db_reset(db) || write_row(w, script) ||
		sd_work_commit(w))
		return sd_work_give_back(w);
	return SD_OK;
}

static enum sd_status
run_seed(struct sd_work *w, struct one *one)
{
	struct sd_script *script = one->seed->script;

	(void)clock_gettime(CLOCK_MONOTONIC, &w->start);
	if (sd_work_interrupted(w))
		return SD_ERR;
	if (sd_work_alone(w, script, try_seed, one)) {
		w->result->failed = script->revision;
		return SD_ERR;
	}
	if (!w->elsewhere)
		sd_work_done(w, script, sd_work_duration(w));
	return SD_OK;
}

/* ---- all -------------------------------------------------------------------------------- */

/* What can be known before anything runs. */
static enum sd_status
prepare(const struct sd_run *run, struct sd_seeds *seeds, bool again, bool force)
{
	enum sd_status status = SD_OK;

	if (may_seed(run, run->arena, force) ||
		sd_seeds_look(seeds, run->history, run->db, run->books, again, run->arena))
		return SD_ERR;
	for (size_t i = 0; i < seeds->n; i++) {
		struct sd_script *script = seeds->at[i].script;

		if (seeds->at[i].due && sd_variables_expand(&run->variables, script,
						&script->up, sd_db_dialect(run->db), run->arena,
						sd_db_diags(run->db), &script->variables))
			status = SD_ERR;
	}
	return status;
}

enum sd_status
sd_run_seeds(const struct sd_run *run, struct sd_seeds *seeds, bool again, bool force,
	struct sd_run_result *result)
{
	struct sd_work w = {
		.run = run, .direction = SD_UP, .result = result, .other = "seed"
	};
	enum sd_status status = sd_work_begin(&w);

	if (status)
		return SD_ERR;
	status = prepare(run, seeds, again, force);
	for (size_t i = 0; status == SD_OK && i < seeds->n; i++) {
		struct one one = { &seeds->at[i], again, force };

		if (seeds->at[i].due)
			status = run_seed(&w, &one);
	}
	sd_work_end(&w);
	return status;
}
