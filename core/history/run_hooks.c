/* What runs before the first revision of a run and behind the last one.  It is no revision:
 * nothing remembers that it ran but the log, and it runs each time that there is something to
 * do. */
#include "core/history/run_impl.h"

#include <time.h>

/* In the open transaction. */
static enum sd_status
run_hook(struct sd_work *w, const struct sd_script *script)
{
	struct sd_db *db = w->run->db;

	/* what was set before must not touch it, nor what it sets the books */
	if (sd_db_reset(db) || sd_state_create(db, w->run->books) || sd_work_whole(w, script) ||
		sd_db_reset(db))
		return SD_ERR;
	return sd_state_log(db, w->run->books, "hook", script->revision,
		sd_run_ok(w->run, w->scratch, script), sd_work_duration(w));
}

static enum sd_status
try_hook(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct sd_db *db = w->run->db;

	(void)ctx;
	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	return run_hook(w, script) || sd_work_commit(w) ? sd_work_give_back(w) : SD_OK;
}

enum sd_status
sd_work_alone(struct sd_work *w, struct sd_script *script, sd_try_fn *fn, void *ctx)
{
	size_t first = sd_db_diags(w->run->db)->list.n;
	enum sd_status status;

	w->scratch = sd_arena_new();
	w->split = false;
	w->announced = true;
	status = sd_work_try(w, script, fn, ctx);
	if (status)
		status = sd_work_fail(w, script, first);
	sd_arena_free(w->scratch);
	return status;
}

enum sd_status
sd_work_hooks(struct sd_work *w, bool behind)
{
	const struct sd_scripts *scripts = behind ? &w->run->behind : &w->run->before;
	enum sd_status status = SD_OK;

	w->other = "hook";
	for (size_t i = 0; status == SD_OK && i < scripts->n; i++) {
		w->hook = scripts->at[i];
		w->announced = true;
		(void)clock_gettime(CLOCK_MONOTONIC, &w->start);
		status = sd_work_interrupted(w);
		if (status == SD_OK)
			status = w->whole ? run_hook(w, scripts->at[i])
					  : sd_work_alone(w, scripts->at[i], try_hook, NULL);
	}
	if (status == SD_OK) {
		w->hook = NULL;
		w->other = NULL;
	}
	return status;
}
