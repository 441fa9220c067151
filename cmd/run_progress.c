#include "cmd/run_progress.h"

#include "cmd/ask.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "cmd/work/adopt.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/config/options.h"
#include "core/history/stored.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_STATEMENT 100
#define WAIT_TOLD_EVERY 5      /* seconds */
#define PROGRESS_TOLD_EVERY 10 /* seconds, where lines stay */
#define SHOWN_PROGRESS 76      /* bytes of a line that is written over */

static const struct sd_pos nowhere;

const char *const sd_transaction_words[] = { "each", "all", "none", NULL };

const char *const sd_runner_verbs[] = { [SD_UP] = "upgrade", [SD_DOWN] = "downgrade" };

/* ---- words -------------------------------------------------------------------------- */

static const char *
joined(struct sd_arena *arena, const struct sd_names *names, const char *none)
{
	return names->n ? sd_text_list(arena, names, 0) : none;
}

const char *
sd_runner_title(
	struct sd_arena *arena, const struct sd_script *script, enum sd_direction direction)
{
	const char *parents = joined(arena, &script->revises, "base");
	bool up = direction == SD_UP;

	return sd_fmt(arena, "%s %s -> %s: %s", sd_runner_verbs[direction],
		up ? parents : script->revision, up ? script->revision : parents,
		script->message);
}

const char *
sd_runner_statement(const struct sd_session *session, const char *text)
{
	const char *line = sd_text_squeeze(session->arena, text);
	size_t n = strlen(line);

	if (session->globals.verbose || n <= SHOWN_STATEMENT)
		return line;
	n = sd_text_valid_utf8(line, SHOWN_STATEMENT);
	return sd_fmt(session->arena, "%.*s…", (int)n, line);
}

/* "3f9a1c27be40 (head)" */
static const char *
place(const struct sd_runner *r)
{
	struct sd_arena *arena = r->session->arena;
	struct sd_names current = { 0 };
	bool at_head;

	sd_state_current(&r->state, r->history, arena, &current);
	at_head = current.n == r->history->heads.n;
	for (size_t i = 0; i < current.n; i++)
		at_head &= sd_names_find(&r->history->heads, current.at[i]) >= 0;
	if (!current.n)
		return "base (nothing is applied)";
	return sd_fmt(arena, "%s%s", joined(arena, &current, ""), at_head ? " (head)" : "");
}

/* ---- events ------------------------------------------------------------------------- */

/* Time for another line?  On a terminal one line is written over and over; elsewhere they
 * stay, and one now and then does. */
static bool
is_due(struct sd_runner *r)
{
	const long every = r->session->err_is_tty ? 1 : PROGRESS_TOLD_EVERY;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (r->session->globals.quiet || now.tv_sec - r->shown.tv_sec < every)
		return false;
	r->shown = now;
	return true;
}

static void
show_progress(struct sd_runner *r, const char *text)
{
	FILE *err = r->session->err;
	size_t len = strlen(text);

	if (!r->session->err_is_tty) {
		sd_say(r->session, "  %s", text);
		return;
	}
	len = len < SHOWN_PROGRESS ? len : SHOWN_PROGRESS;
	fprintf(err, "\r  %.*s\033[K", (int)sd_text_valid_utf8(text, len), text);
	fflush(err);
	r->line_is_open = true;
}

void
sd_runner_end_progress(struct sd_runner *r)
{
	if (r->line_is_open)
		fputs("\r\033[K", r->session->err);
	r->line_is_open = false;
}

static void
on_statement(void *ctx, const struct sd_script *script, const struct sd_step *step, size_t i,
	size_t n)
{
	struct sd_runner *r = ctx;

	sd_runner_end_progress(r);
	if (r->session->globals.verbose)
		sd_say(r->session, "  [%zu/%zu] %s:%u: %s", i + 1, n, script->path,
			(unsigned)step->line, sd_runner_statement(r->session, step->text));
}

static void
on_done(void *ctx, const struct sd_script *script, enum sd_direction direction,
	long duration_ms)
{
	struct sd_runner *r = ctx;

	sd_runner_end_progress(r);
	sd_say(r->session, "%s (%ld ms)", sd_runner_title(r->session->arena, script, direction),
		duration_ms);
}

static bool
on_waiting(void *ctx, unsigned seconds)
{
	struct sd_runner *r = ctx;

	sd_runner_end_progress(r);
	if (seconds < r->told)
		return true;
	r->told = seconds + WAIT_TOLD_EVERY;
	sd_say(r->session, "another process is writing to %s: waiting (%u of %u s)",
		r->session->target.masked, seconds, r->wait);
	return true;
}

/* "1200 of 4000 (30 %, about 70 s left)" when the first @done of @total have taken @seconds;
 * @most says what is meant by @total. */
static const char *
share(struct sd_arena *arena, unsigned long long done, const char *most,
	unsigned long long total, double seconds)
{
	const char *left = "";

	if (done && seconds >= 1)
		left = sd_fmt(arena, ", %s%.0f s left", *most ? most : "about ",
			(double)(total - done) / (double)done * seconds);
	return sd_fmt(arena, "%llu of %s%llu (%.0f %%%s)", done, most, total,
		100.0 * (double)done / (double)total, left);
}

/* An estimate that turns out too low is forgotten. */
static void
on_batch(void *ctx, const struct sd_script *script, const struct sd_step *step,
	const struct sd_batch_progress *progress)
{
	struct sd_runner *r = ctx;
	struct sd_arena *arena = r->session->arena;
	double seconds = progress->seconds;
	unsigned long long done = progress->done;
	const char *rows, *rate, *most = progress->at_most ? "at most " : "about ";

	if (progress->over || !is_due(r))
		return;
	if (progress->total > done)
		rows = share(arena, done, most, progress->total, seconds);
	else
		rows = sd_fmt(arena, "%llu", done);
	rate = seconds >= 1 ? sd_fmt(arena, ", %.0f a second", (double)done / seconds) : "";
	show_progress(r, sd_fmt(arena, "%s:%u: rows: %s%s", sd_path_base(script->path),
				 (unsigned)step->line, rows, rate));
}

static void
on_progress(void *ctx, const struct sd_db_progress *progress)
{
	struct sd_runner *r = ctx;
	struct sd_arena *arena = r->session->arena;
	struct timespec now;
	const char *text;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (!sd_text_equal(r->phase, progress->phase)) {
		r->phase = sd_strdup(arena, progress->phase);
		r->phase_start = now;
	}
	if (!is_due(r))
		return;
	if (!progress->total || progress->done > progress->total) {
		show_progress(r, r->phase);
		return;
	}
	text = share(arena, progress->done, "", progress->total,
		(double)(now.tv_sec - r->phase_start.tv_sec));
	show_progress(r, sd_fmt(arena, "%s: %s", r->phase, text));
}

static void
on_retry(void *ctx, const struct sd_script *script, unsigned attempt, unsigned milliseconds,
	const char *blocker)
{
	struct sd_runner *r = ctx;

	sd_runner_end_progress(r);
	sd_say(r->session,
		"%s: another session holds a lock that this needs%s%s; try %u follows in %u ms",
		script->revision, blocker ? ": " : "", blocker ? blocker : "", attempt + 1,
		milliseconds);
}

/* ---- what is to be done ------------------------------------------------------------- */

enum sd_status
sd_wait_parse(struct sd_session *session, const char *text, unsigned *seconds)
{
	unsigned long number;
	char *end;

	*seconds = session->settings.wait;
	if (!text)
		return SD_OK;
	number = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || number > INT_MAX)
		return sd_error(session->diags, nowhere,
			"--wait %s: expected a number of seconds", text);
	*seconds = (unsigned)number;
	return SD_OK;
}

/* What the database says, also of its differences with the scripts. */
static enum sd_status
read_state(struct sd_runner *r)
{
	struct sd_session *session = r->session;
	struct sd_scripts edited = { 0 };

	if (sd_state_read(r->db, &r->books, session->arena, &r->state))
		return SD_ERR;
	sd_state_replace(&r->state, r->history, session->arena, &r->replaced);
	sd_state_edited(&r->state, r->history, session->arena, &edited);
	for (size_t i = 0; i < edited.n; i++)
		sd_warn(session->diags, edited.at[i]->revision_pos,
			"this script was edited after revision %s had been applied",
			edited.at[i]->revision);
	for (size_t i = 0; r->direction == SD_UP && i < r->state.ids.n; i++)
		if (!sd_history_known(r->history, r->state.ids.at[i]))
			sd_warn(session->diags, nowhere,
				"revision %s is applied, and no script here has it",
				r->state.ids.at[i]);
	return SD_OK;
}

/* A database that is not there is at base; an upgrade creates it once there is something to
 * put into it. */
static enum sd_status
open_db(struct sd_runner *r)
{
	bool exists = sd_db_exists(&r->session->target);
	bool writes = !r->opts->dry_run;

	if (!exists && r->direction == SD_UP)
		return SD_OK;
	r->db = sd_work_open(r->session, exists && writes ? SD_DB_WRITE : SD_DB_READ);
	r->books = sd_work_books(r->session);
	return r->db ? read_state(r) : SD_ERR;
}

/* With --from-database: the history once more, with what the database has kept of revisions
 * that have no script here. */
static enum sd_status
add_stored(struct sd_runner *r)
{
	struct sd_session *session = r->session;
	const struct sd_tree *tree = session->tree;
	struct sd_names dirs;

	if (!r->opts->from_database)
		return SD_OK;
	for (size_t i = 0; i < r->state.rows.n; i++) {
		struct sd_applied *row = &r->state.rows.at[i];

		if (!sd_history_find(r->history, row->revision) &&
			sd_state_replaces(r->db, &r->books, session->arena, row->revision,
				&row->replaces))
			return SD_ERR;
	}
	dirs = sd_work_paths(session, &session->settings.migrations);
	session->tree = sd_stored_tree(
		tree, dirs.at[0], &r->state, r->history, session->arena);
	r->history = sd_work_history(session, r->engine);
	session->tree = tree;
	return r->history ? SD_OK : SD_ERR;
}

/* Show what the database has kept of @scripts before it is run; SD_ERR, reported, when the
 * person at the terminal says no. */
static enum sd_status
show_stored(struct sd_runner *r, const struct sd_scripts *scripts)
{
	struct sd_session *session = r->session;
	bool any = false;

	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_script *script = scripts->at[i];

		if (!sd_is_stored(script))
			continue;
		any = true;
		sd_say(session, "-- %s, %s: the down part that the database keeps",
			script->revision, script->message);
		sd_say(session, "%s",
			sd_text_trim(session->arena, script->down.body ? script->down.body : ""));
	}
	if (any && !r->opts->dry_run && sd_can_ask(session) &&
		sd_ask(session, "run this?") != SD_ANSWER_YES)
		return sd_fail(session->diags, SD_CLASS_REFUSED, nowhere, "nothing was run");
	return SD_OK;
}

static void
hint_stored(struct sd_runner *r)
{
	for (size_t i = 0; i < r->state.rows.n; i++)
		if (!r->opts->from_database && r->state.rows.at[i].down_sql &&
			!sd_history_find(r->history, r->state.rows.at[i].revision)) {
			sd_hint(r->session->diags,
				"`--from-database` undoes such a revision by the down part "
				"that the database keeps");
			return;
		}
}

/* A set may be applied in part; with --from-database there may be scripts for that. */
static enum sd_status
check_replaced(struct sd_runner *r)
{
	enum sd_status status = sd_state_check_replaced(
		&r->state, r->history, r->session->arena, r->session->diags);

	if (status && r->direction == SD_DOWN)
		hint_stored(r);
	return status;
}

static enum sd_status
plan(struct sd_runner *r, const char *name, struct sd_goal *goal, struct sd_scripts *scripts)
{
	struct sd_session *session = r->session;

	*scripts = (struct sd_scripts){ 0 };
	if (sd_history_goal(r->history, name, &r->state.ids, session->diags, goal) ||
		(r->direction == SD_DOWN ? sd_history_down : sd_history_up)(r->history, goal,
			&r->state.ids, session->arena, session->diags, scripts)) {
		if (r->direction == SD_DOWN)
			hint_stored(r);
		return SD_ERR;
	}
	return SD_OK;
}

/* ---- --sql -------------------------------------------------------------------------- */

struct sd_run
sd_runner_settings(const struct sd_runner *r)
{
	const struct sd_run_opts *opts = r->opts;

	return (struct sd_run){
		.books = &r->books,
		.history = r->history,
		.mode = sd_run_mode_find(opts->transaction ? opts->transaction
							   : r->session->settings.transaction),
		.variables = r->variables,
		.tag = opts->tag,
		.before = r->before,
		.behind = r->behind,
		.force = opts->force,
		.resume_at = r->resume_at,
		.home = r->session->target.namespace,
		.arena = r->session->arena,
	};
}

/* The revisions @name of a range, and all that is applied when the database is at them; what
 * is relative counts from @current. */
static enum sd_status
resolve_end(struct sd_runner *r, const char *name, const struct sd_names *current,
	struct sd_goal *goal, struct sd_names *applied)
{
	struct sd_arena *arena = r->session->arena;
	const struct sd_scripts anywhere = { 0 };
	struct sd_scripts all = { 0 };

	if (sd_history_goal(r->history, name, current, r->session->diags, goal))
		return SD_ERR;
	sd_history_range(r->history, &anywhere, &goal->scripts, arena, &all);
	for (size_t i = 0; i < all.n; i++)
		*sd_push(arena, applied) = all.at[i]->revision;
	return SD_OK;
}

static enum sd_status
split_range(struct sd_runner *r, const char *range, const char **from, const char **to)
{
	const char *colon = strchr(range, ':');

	*from = colon ? sd_strndup(r->session->arena, range, (size_t)(colon - range)) : "";
	*to = colon ? colon + 1 : range;
	if (r->direction == SD_UP) {
		*from = **from ? *from : "base";
		*to = **to ? *to : "head";
		return SD_OK;
	}
	if (**from && **to)
		return SD_OK;
	sd_error(r->session->diags, nowhere,
		"downgrade --sql: expected a range FROM:TO, not "
		"\"%s\"",
		range);
	sd_hint(r->session->diags,
		"nothing is connected to, so say where the database is: head:%s",
		**to ? *to : "base");
	return SD_ERR;
}

static enum sd_status
plan_range(struct sd_runner *r, const char *range, struct sd_names *heads,
	struct sd_scripts *scripts)
{
	struct sd_session *session = r->session;
	struct sd_names applied = { 0 }, reached = { 0 }, none = { 0 };
	struct sd_goal from, to;
	const char *first, *last;

	if (split_range(r, range, &first, &last) ||
		resolve_end(r, first, &none, &from, &applied))
		return SD_ERR;
	for (size_t i = 0; i < from.scripts.n; i++)
		*sd_push(session->arena, heads) = from.scripts.at[i]->revision;
	if (resolve_end(r, last, &applied, &to, &reached))
		return SD_ERR;
	for (size_t i = 0; r->direction == SD_UP && i < heads->n; i++)
		if (sd_names_find(&reached, heads->at[i]) < 0)
			return sd_error(session->diags, nowhere,
				"there is no way up from %s to %s", heads->at[i],
				to.scripts.n ? to.scripts.at[0]->revision : "base");
	return (r->direction == SD_DOWN ? sd_history_down : sd_history_up)(
		r->history, &to, &applied, session->arena, session->diags, scripts);
}

static int
print_sql(struct sd_runner *r, const char *range)
{
	struct sd_session *session = r->session;
	struct sd_buf sql = SD_BUF(session->arena);
	struct sd_names heads = { 0 };
	struct sd_scripts scripts = { 0 };
	struct sd_run run = sd_runner_settings(r);

	if (plan_range(r, range, &heads, &scripts))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (!scripts.n) {
		sd_say(session, "nothing to do: the range %s is empty", range);
		return sd_session_exit(session, SD_EXIT_OK);
	}
	if (sd_run_print(&run, &scripts, r->direction, &heads, session->diags, &sql))
		return sd_session_exit(session, SD_EXIT_HISTORY);
	sd_json_or_print(session, "sql", &sql);
	return sd_session_exit(session, SD_EXIT_OK);
}

/* ---- the run ------------------------------------------------------------------------ */

static void
json_result(struct sd_runner *r, const struct sd_run_result *result)
{
	struct sd_buf *json;
	struct sd_names current = { 0 };

	if (!r->session->globals.json)
		return;
	json = sd_json_begin(r->session, r->session->command);
	sd_state_current(&r->state, r->history, r->session->arena, &current);
	sd_look_json_replaced(
		json, "replaced", result->replaced.whole.at, result->replaced.whole.n);
	sd_json_names(json, "done", &result->done);
	sd_json_text(json, "failed", result->failed);
	sd_json_text(json, "failed_hook", result->failed_hook);
	sd_json_names(json, "current", &current);
}

void
sd_runner_say_nothing(const struct sd_runner *r)
{
	sd_say(r->session, "nothing to do: the database is at %s", place(r));
	sd_brief(r->session, "at %s, nothing to do", place(r));
}

static int
nothing_to_do(struct sd_runner *r, const struct sd_run_result *result)
{
	sd_runner_say_nothing(r);
	json_result(r, result);
	return sd_session_exit(r->session, SD_EXIT_OK);
}

/* Where the run has left the database, for the result; a failure to read it is no concern
 * of a run that is over. */
static void
read_again(struct sd_runner *r)
{
	struct sd_diags *diags = r->db->diags, unheard = { .arena = r->session->arena };
	struct sd_state state;

	r->db->diags = &unheard;
	if (sd_state_read(r->db, &r->books, r->session->arena, &state) == SD_OK)
		r->state = state;
	r->db->diags = diags;
}

/* A statement that queues for a lock makes everybody behind it queue, too: better to give way
 * soon, and try again. */
#define DEFAULT_LOCK_TIMEOUT_MS 5000

static unsigned long long
timeout(const char *text, unsigned long long otherwise)
{
	unsigned long long ms;

	return text && sd_duration_parse(text, &ms) ? ms : otherwise;
}

struct sd_limits
sd_runner_limits(const struct sd_session *session)
{
	return (struct sd_limits){
		timeout(session->settings.lock_timeout, DEFAULT_LOCK_TIMEOUT_MS),
		timeout(session->settings.statement_timeout, 0)
	};
}

struct sd_run_events
sd_runner_events(struct sd_runner *r)
{
	return (struct sd_run_events){ .ctx = r,
		.statement = on_statement,
		.done = on_done,
		.waiting = on_waiting,
		.retry = on_retry,
		.batch = on_batch,
		.progress = on_progress };
}

static int
run_scripts(struct sd_runner *r, const struct sd_goal *goal)
{
	struct sd_session *session = r->session;
	struct sd_run_result result = { 0 };
	struct sd_run run = sd_runner_settings(r);
	enum sd_status status;

	run.wait = r->wait;
	run.resume_at = r->resume_at;
	run.goal = goal;
	run.limits = sd_runner_limits(session);
	run.events = sd_runner_events(r);
	if (session->target.is_protected)
		sd_say_target(session);
	if (!r->db)
		r->db = sd_work_open(session, SD_DB_WRITE);
	r->books = sd_work_books(session);
	if (!r->db)
		return sd_session_exit(session, SD_EXIT_DATABASE);
	run.db = r->db;
	status = r->direction == SD_UP ? sd_run_upgrade(&run, NULL, &result)
				       : sd_run_downgrade(&run, NULL, &result);
	sd_runner_end_progress(r);
	sd_look_say_replaced(session, &result.replaced);
	read_again(r);
	if (status == SD_OK && !result.done.n)
		return nothing_to_do(r, &result);
	json_result(r, &result);
	sd_brief(session, "at %s, %zu revision%s %s", place(r), (size_t)result.done.n,
		result.done.n == 1 ? "" : "s", r->direction == SD_UP ? "run" : "undone");
	return sd_session_exit(session, status ? SD_EXIT_DATABASE : SD_EXIT_OK);
}

static enum sd_status
parse_resume_at(struct sd_runner *r)
{
	const char *text = r->opts->resume_at;
	unsigned long number;
	char *end;

	if (!text)
		return SD_OK;
	number = strtoul(text, &end, 10);
	if (!*text || *end || number == 0 || number > UINT_MAX)
		return sd_error(r->session->diags, nowhere,
			"--resume-at %s: expected the number of a statement, from 1", text);
	r->resume_at = (unsigned)number;
	return SD_OK;
}

static enum sd_status
load_hooks(struct sd_runner *r)
{
	const struct sd_settings *s = &r->session->settings;
	bool up = r->direction == SD_UP;
	struct sd_arena *arena = r->session->arena;

	if (sd_work_sql_hooks(r->session, r->engine, up ? &s->pre_upgrade : &s->pre_downgrade,
		    &r->before) ||
		sd_work_sql_hooks(r->session, r->engine,
			up ? &s->post_upgrade : &s->post_downgrade, &r->behind))
		return SD_ERR;
	for (size_t i = 0; i < r->before.n; i++)
		*sd_push(arena, &r->hooks) = r->before.at[i];
	for (size_t i = 0; i < r->behind.n; i++)
		*sd_push(arena, &r->hooks) = r->behind.at[i];
	for (size_t i = 0; r->opts->others && i < r->opts->others->n; i++)
		*sd_push(arena, &r->hooks) = r->opts->others->at[i];
	return SD_OK;
}

static enum sd_status
check_variables(struct sd_runner *r)
{
	return sd_variables_check(&r->variables, r->history, &r->hooks, r->session->diags);
}

static enum sd_status
opts_clash(const struct sd_runner *r)
{
	if (!r->opts->sql || !r->opts->from_database)
		return SD_OK;
	return sd_error(r->session->diags, nowhere,
		"--from-database asks the database, and --sql connects to none");
}

enum sd_status
sd_runner_prepare(struct sd_runner *r)
{
	struct sd_session *session = r->session;

	if (sd_wait_parse(session, r->opts->wait, &r->wait) || parse_resume_at(r) ||
		sd_variables_read(&r->opts->variables, session->arena, session->diags,
			&r->variables) ||
		sd_variables_tag(&r->variables, r->opts->tag, session->arena, session->diags))
		return SD_ERR;
	/* What could not be resolved was passed over in silence for the sake of --sql. */
	if (!r->opts->sql && !session->has_target &&
		sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET))
		return SD_ERR;
	r->books = sd_work_books(session);
	r->engine = sd_work_engine(session);
	if (!r->engine)
		return SD_ERR;
	r->history = sd_work_history(session, r->engine);
	if (!r->history)
		return SD_ERR;
	if (opts_clash(r))
		return SD_ERR;
	if (load_hooks(r))
		return SD_ERR;
	return r->opts->from_database ? SD_OK : check_variables(r);
}

int
sd_runner_run(struct sd_session *session, const struct sd_run_opts *opts,
	enum sd_direction direction, const char *name)
{
	struct sd_runner r = { .session = session, .opts = opts, .direction = direction };
	const struct sd_run_result none = { 0 };
	struct sd_goal goal;
	struct sd_scripts scripts;

	if (sd_runner_prepare(&r))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (opts->sql)
		return print_sql(&r, name);
	if (strchr(name, ':')) {
		sd_error(session->diags, nowhere, "\"%s\" is a range, which only --sql takes",
			name);
		return SD_EXIT_INPUT;
	}
	if (open_db(&r) || add_stored(&r) || check_replaced(&r) ||
		plan(&r, name, &goal, &scripts) ||
		(opts->from_database &&
			(check_variables(&r) ||
				show_stored(&r, &scripts))))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	if (scripts.n && r.db && !r.state.exists && sd_adopt_check_free(session, r.db))
		return sd_session_exit(session, SD_EXIT_REFUSED);
	/* the runner knows what to say when something is half done */
	if (!scripts.n && !r.state.partial.revision && !r.resume_at && !r.replaced.whole.n &&
		!opts->dry_run)
		return nothing_to_do(&r, &none);
	return opts->dry_run ? sd_runner_foresee(&r, &goal) : run_scripts(&r, &goal);
}
