/** The runner: takes scripts through a database, one transaction a revision, its bookkeeping
 *  row in the same transaction. */
#ifndef SD_HISTORY_RUN_H
#define SD_HISTORY_RUN_H

#include "core/history/replaced.h"
#include "core/history/variables.h"

enum sd_direction { SD_UP, SD_DOWN };

/** How far a batch has come. */
struct sd_batch_progress {
	unsigned long long rows;        /* changed by this run */
	unsigned long long done, total; /* gone through, of an estimate; @total 0 = not known */
	bool at_most;                   /* there are no more than @total, maybe far fewer */
	bool over;                      /* this round was the last */
	double seconds;                 /* since this run began with it */
};

/** Which transactions a run has, where a script says nothing of its own. */
enum sd_run_mode {
	SD_RUN_EACH, /* one for each revision */
	SD_RUN_ALL,  /* one for the whole run; a part that can't have that is refused */
	SD_RUN_NONE, /* one for each statement, and a journal of how far a part has come */
};

/** The mode called @word, "each", "all" or "none"; NULL is SD_RUN_EACH. */
enum sd_run_mode sd_run_mode_find(const char *word);

/** What the runner tells its caller while it works; every member may be NULL. */
struct sd_run_events {
	void *ctx;
	void (*revision)(
		void *ctx, const struct sd_script *script, enum sd_direction direction);
	void (*statement)(void *ctx, const struct sd_script *script, const struct sd_step *step,
		size_t i, size_t n);
	void (*done)(void *ctx, const struct sd_script *script, enum sd_direction direction,
		long duration_ms);
	sd_wait_fn *waiting;
	/** Another session held what a transaction needed (@blocker: it in words, or NULL): it
	 *  is tried again after a pause. */
	void (*retry)(void *ctx, const struct sd_script *script, unsigned attempt,
		unsigned milliseconds, const char *blocker);
	/** A round of a batch is done. */
	void (*batch)(void *ctx, const struct sd_script *script, const struct sd_step *step,
		const struct sd_batch_progress *progress);
	/** How far a long index build has come, or who is waited for. */
	sd_db_progress_fn *progress;
};

struct sd_run {
	struct sd_db *db;
	const struct sd_bookkeeping *books;
	const struct sd_history *history;
	unsigned wait; /* seconds for the lock, and for tries of a transaction */
	bool force;    /* pass over `irreversible` */
	enum sd_run_mode mode;
	struct sd_variables variables;
	const char *tag; /* what the log says of each revision, or NULL */
	/** What runs before the first revision and behind the last one, when there is one: each
	 *  in a transaction of its own (SD_RUN_ALL: in that of the run). */
	struct sd_scripts before, behind;
	/** Go on with this statement (from 1) of the revision that is half done; 0 = where its
	 *  journal ends. */
	unsigned resume_at;
	struct sd_limits limits;
	struct sd_run_events events;
	struct sd_arena *arena;
	/** What is printed must run where this is the default namespace; NULL = anywhere. */
	const char *home;
	/** Where to, instead of the single target that the call names; NULL = that one. */
	const struct sd_goal *goal;
};

/** What one run did. */
struct sd_run_result {
	struct sd_names done; /* revisions, in order */
	const char *failed;   /* the revision that failed, or NULL */
	/** What was recorded first: revisions that replace applied ones. */
	struct sd_replaced replaced;
	const char *failed_hook; /* the path of the hook that failed, or NULL */
};

/** @script has a part for @direction that may run on @dialect, @version of it (0 = not known
 *  yet); @force passes over `irreversible`.  What stands in the way is reported. */
enum sd_status sd_run_check(const struct sd_script *script, enum sd_direction direction,
	const struct sd_dialect *dialect, int version, bool force, struct sd_diags *diags);

/** The part of @script for @direction can run in @mode; what stands in the way is reported. */
enum sd_status sd_run_check_mode(const struct sd_script *script, enum sd_direction direction,
	enum sd_run_mode mode, const struct sd_dialect *dialect, struct sd_diags *diags);

/** Everything that can be known before a run of @scripts: they may run, in @run's mode, and their
 *  variables have values, which are put into them. */
enum sd_status sd_run_check_all(const struct sd_run *run, const struct sd_scripts *scripts,
	enum sd_direction direction, const struct sd_dialect *dialect, int version,
	struct sd_diags *diags);

/** Upgrade to @target (NULL: every head).  The applied set is read again inside each
 *  transaction, so that of two upgrades at once one works and the other finds nothing to
 *  do.  A failure leaves the database at the last whole revision: the report names the
 *  script's line, then what is applied. */
enum sd_status sd_run_upgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result);

/** What a run would do. */
struct sd_forecast {
	struct sd_replaced replaced; /* what it would record first */
	struct sd_scripts scripts; /* in the order in which they would run */
	/** How far an earlier run has come with the first of them. */
	size_t done; /* its statements that are finished */
	bool in_doubt; /* the next one was begun outside a transaction, and nobody saw its end */
	bool begun;    /* the next one is a batch, and some of its rounds are done */
};

/** Find what @run would do from the state as it is now, and report what would stop it before
 *  anything of it ran, as the run itself does.  Nothing is changed and no lock is taken.
 *  SD_ERR: after a report; @forecast has what was found all the same. */
enum sd_status sd_run_foresee(
	const struct sd_run *run, enum sd_direction direction, struct sd_forecast *forecast);

/** Undo every applied revision that descends from @target or depends on one that does (NULL:
 *  base); other branches stay. */
enum sd_status sd_run_downgrade(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result);

/** Record that @target and all that it needs are applied, and nothing else of its line; other
 *  branches stay as they are (NULL: nothing at all is applied).  Nothing runs. */
enum sd_status sd_run_stamp(
	const struct sd_run *run, const struct sd_script *target, struct sd_run_result *result);

/** Take @scripts, edited since @state was read, for what has run. */
enum sd_status sd_run_repair(const struct sd_run *run, const struct sd_scripts *scripts,
	const struct sd_state *state, struct sd_run_result *result);

/** Write what running @scripts in @direction means as plain SQL, safe to pipe into the
 *  engine's shell: stop at the first error, a guard on the expected revision (@from: the
 *  applied set expected, as head ids), guards and bookkeeping as statements.  Of @run the
 *  history, the books, the mode and the variables are looked at. */
enum sd_status sd_run_print(const struct sd_run *run, const struct sd_scripts *scripts,
	enum sd_direction direction, const struct sd_names *from, struct sd_diags *diags,
	struct sd_buf *out);

/** Write what stamping with @run's goal means as plain SQL, in the same way: the bookkeeping of a
 *  database in which @from is applied with all that it needs. */
enum sd_status sd_run_print_stamp(const struct sd_run *run, const struct sd_names *from,
	struct sd_diags *diags, struct sd_buf *out);

#endif
