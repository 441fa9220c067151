/** What `upgrade` and `downgrade` share: the way from a target to a run, and what people see
 *  of it. */
#ifndef SD_CMD_RUN_PROGRESS_H
#define SD_CMD_RUN_PROGRESS_H

#include "cmd/work/work.h"

#include <time.h>

/** Options of both. */
struct sd_run_opts {
	bool sql, dry_run, force;
	bool from_database; /* what has no script here is undone by what the database kept */
	const char *wait;      /* NULL = the configuration's */
	const char *resume_at; /* a number, or NULL */
	struct sd_names variables; /* NAME=VALUE */
	const char *tag; /* for the log, and the variable `tag`; or NULL */
	const char *transaction; /* a word of sd_transaction_words, or NULL */
	const struct sd_scripts *others; /* what may use variables beside the revisions, or NULL */
};

/** A run being prepared. */
struct sd_runner {
	struct sd_session *session;
	const struct sd_run_opts *opts;
	enum sd_direction direction;
	const struct sd_engine *engine;
	struct sd_history *history;
	struct sd_bookkeeping books;
	struct sd_db *db; /* NULL: the database is not there yet */
	struct sd_state state; /* as the history calls it: see @replaced */
	struct sd_replaced replaced;
	unsigned wait; /* seconds */
	unsigned told; /* seconds of waiting that were told of */
	unsigned resume_at;
	struct sd_variables variables;
	struct sd_scripts before, behind, hooks; /* SQL of the configuration; hooks: both */
	struct timespec shown; /* when progress was shown last */
	bool line_is_open;     /* it stands on a terminal's line that is not ended */
	const char *phase;     /* of the index that is being built */
	struct timespec phase_start;
};

/** What --transaction takes, NULL at the end. */
extern const char *const sd_transaction_words[];

/** Run the command: @target is the revision to go to, or with --sql the range. Both commands
 *  have filled in what they take for an argument that is missing. */
int sd_runner_run(struct sd_session *session, const struct sd_run_opts *opts,
	enum sd_direction direction, const char *target);

/** --dry-run: say what the run to @goal would do, and what would stop it. */
int sd_runner_foresee(struct sd_runner *runner, const struct sd_goal *goal);

/* What cmd/run_progress.c and cmd/run_foresee.c share. */

extern const char *const sd_runner_verbs[]; /* by direction */

/** "upgrade 1975ea83b712 -> 3f9a1c27be40: add email" */
const char *sd_runner_title(struct sd_arena *arena, const struct sd_script *script,
	enum sd_direction direction);

/** @text on one line, whole with -v. */
const char *sd_runner_statement(const struct sd_session *session, const char *text);

/** Nothing to do, and where the database is. */
void sd_runner_say_nothing(const struct sd_runner *runner);

/** What it does before it looks at the database: the history, hooks and variables are read. */
enum sd_status sd_runner_prepare(struct sd_runner *r);

/** What a run and a printer are told alike; how a run waits; what it tells of itself. */
struct sd_run sd_runner_settings(const struct sd_runner *r);
struct sd_limits sd_runner_limits(const struct sd_session *session);
struct sd_run_events sd_runner_events(struct sd_runner *r);

/** What follows is not progress. */
void sd_runner_end_progress(struct sd_runner *r);

/** The statements of the part of @script that runs: for --dry-run, printed and as JSON. */
void sd_runner_list_steps(struct sd_runner *r, const struct sd_script *script);
void sd_runner_json_steps(struct sd_buf *json, const struct sd_part_script *part);

/** The seconds of a --wait, or the configuration's when it is NULL; malformed: reported. */
enum sd_status sd_wait_parse(struct sd_session *session, const char *text, unsigned *seconds);

#endif
