/** What run.c (which revisions, locks, books), run_part.c (statements and transactions) and
 * run_mode.c (a run in one transaction), run_settle.c (what was squashed) and run_hooks.c
 * share. */
#ifndef SD_HISTORY_RUN_IMPL_H
#define SD_HISTORY_RUN_IMPL_H

#include "core/history/journal.h"
#include "core/history/run.h"

#include <time.h>

/** One run of upgrade or downgrade. */
struct sd_work {
	const struct sd_run *run;
	enum sd_direction direction;
	const struct sd_script *target;
	struct sd_run_result *result;
	struct sd_wait wait;
	struct sd_arena *scratch;  /* for one revision */
	struct sd_journal journal; /* of the split part that is being run */
	struct sd_journal stored;  /* the same, as it stands in the database */
	struct timespec start;     /* of the revision */
	struct sd_partial partial; /* what an earlier run has left half done */
	unsigned resume_at;        /* sd_run.resume_at until it was obeyed */
	/** The hook that is run, or that has failed; or NULL. */
	const struct sd_script *hook;
	const char *other; /* what is run is no revision: "hook", "seed"; else NULL */
	bool whole;                /* all of the run is one transaction */
	bool split;                /* the part that is being run keeps a journal */
	bool announced;            /* the revision was begun */
	bool lost;                 /* nobody saw whether its commit took place */
	bool moved;                /* another process has gone on with it meanwhile */
	bool elsewhere;            /* ... and has come to its end */
};

/** Be the only run on the database of @w->run, with its limits; and no more. */
enum sd_status sd_work_begin(struct sd_work *w);
void sd_work_end(struct sd_work *w);

/** One try of something that a lock may stand in the way of. */
typedef enum sd_status sd_try_fn(struct sd_work *w, const struct sd_script *script, void *ctx);

/** @fn, tried again while another session holds what it needs, as long as sd_run.wait says; the
 *  diagnostics of the last try alone are kept. */
enum sd_status sd_work_try(
	struct sd_work *w, const struct sd_script *script, sd_try_fn *fn, void *ctx);

/** Commit, and remember when its end was not seen. */
enum sd_status sd_work_commit(struct sd_work *w);

/** Roll back; what became of the last statement is still known. */
enum sd_status sd_work_give_back(struct sd_work *w);

/** The steps of a part that is one transaction, in the one that is open. */
enum sd_status sd_work_whole(struct sd_work *w, const struct sd_script *script);

/** The steps of a split part from @w->journal on, each stretch with its own journal. */
enum sd_status sd_work_stretches(struct sd_work *w, const struct sd_script *script);

/** Report that nothing tells what became of the statement that @w->journal says was begun. */
enum sd_status sd_work_in_doubt(struct sd_work *w, const struct sd_script *script);

/** Record in the open transaction that @script is applied, or undone. */
enum sd_status sd_work_finish(struct sd_work *w, const struct sd_script *script);

/** What the log says of @script (NULL: of nothing that has variables), that has been run: "ok",
 *  the tag of @run, and with which variables. */
const char *sd_run_ok(
	const struct sd_run *run, struct sd_arena *arena, const struct sd_script *script);

/** @script, which is no revision, in a transaction of its own: what @fn makes of it. */
enum sd_status sd_work_alone(
	struct sd_work *w, struct sd_script *script, sd_try_fn *fn, void *ctx);

/** Run @run's scripts before, or behind, the revisions. */
enum sd_status sd_work_hooks(struct sd_work *w, bool behind);

/** Tell the steps of @history's scripts which of them @mode puts into one transaction. */
void sd_run_set_mode(const struct sd_history *history, enum sd_run_mode mode);

/** Find the revisions that replace applied ones.  SD_ERR, reported: there are some in part, or the
 *  database has a revision in the place of scripts that are here. */
enum sd_status sd_work_replaced(const struct sd_work *w, struct sd_replaced *replaced);

/** The same, and record them in a transaction of its own. */
enum sd_status sd_work_settle(struct sd_work *w);

/** What is to be done, from the state as it is now; what is half done comes first. */
enum sd_status sd_work_look(struct sd_work *w, struct sd_scripts *scripts);

/** Nothing that can be known before stands in the way of @scripts, or it is reported.  Of a
 *  revision that is half done, the first of them, @w->journal is where to go on. */
enum sd_status sd_work_may_run(struct sd_work *w, const struct sd_scripts *scripts);

/** @scripts may run in one transaction, or it is reported. */
enum sd_status sd_work_may_run_whole(struct sd_work *w, const struct sd_scripts *scripts);

/** @script begins, at this moment. */
void sd_work_announce(struct sd_work *w, const struct sd_script *script);

/** @script is done, and that is committed. */
void sd_work_done(struct sd_work *w, const struct sd_script *script, long duration_ms);

long sd_work_duration(const struct sd_work *w); /* ms since w->start */

/** @script, or the hook that was run, has failed: roll back, say where that leaves the database,
 *  write the log.  The first of its reports is number @first. */
enum sd_status sd_work_fail(struct sd_work *w, const struct sd_script *script, size_t first);

/** The whole run in one transaction. */
enum sd_status sd_work_run_whole(struct sd_work *w);

/** SD_ERR, reported, when the user has asked to stop. */
enum sd_status sd_work_interrupted(const struct sd_work *w);

#endif
