/* stamp: recording revisions without running them. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "core/base/text.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct stamp_opts {
	bool purge, sql;
	const char *tag;
};

/* @id is a part of what a revision replaces, which the runner knows what to do with. */
static bool
is_half(const struct sd_look *look, const char *id)
{
	for (size_t i = 0; i < look->replaced.half.n; i++)
		if (sd_names_find(&look->replaced.half.at[i].applied, id) >= 0)
			return true;
	return false;
}

/* What stands in the way of stamping. */
static enum sd_status
check_stamp(const struct sd_look *look, bool purge)
{
	struct sd_session *session = look->session;
	struct sd_names strangers = sd_look_strangers(look);
	enum sd_status status = SD_OK;

	if (look->missing) {
		sd_fail(session->diags, SD_CLASS_DATABASE, nowhere,
			"the database %s does not exist yet", session->target.masked);
		sd_hint(session->diags, "`schemadiff upgrade` creates it");
		return SD_ERR;
	}
	for (size_t i = 0; !purge && i < strangers.n; i++)
		if (!is_half(look, strangers.at[i]))
			status = sd_fail(session->diags, SD_CLASS_HISTORY, nowhere,
				"revision %s is applied, and has no script here", strangers.at[i]);
	if (status == SD_OK)
		return SD_OK;
	sd_hint(session->diags,
		"get the branch that has the script, or forget such revisions with --purge");
	return SD_ERR;
}

/* Of two targets neither may need the other: the lower one says nothing, or is a mistake. */
static enum sd_status
check_overlap(const struct sd_look *look, const struct sd_goal *goal)
{
	struct sd_names names = { 0 }, tips = { 0 };

	for (size_t i = 0; i < goal->scripts.n; i++)
		*sd_push(look->session->arena, &names) = goal->scripts.at[i]->revision;
	sd_history_tips(look->history, &names, look->session->arena, &tips);
	for (size_t i = 0; i < names.n; i++) {
		if (sd_names_find(&tips, names.at[i]) >= 0)
			continue;
		sd_fail(look->session->diags, SD_CLASS_REFUSED, nowhere,
			"revision %s is below another of these targets", names.at[i]);
		sd_hint(look->session->diags,
			"name the last revision of each branch; what it needs comes with it");
		return SD_ERR;
	}
	return SD_OK;
}

static bool
is_named(const struct sd_goal *goal, const struct sd_script *script)
{
	for (size_t i = 0; i < goal->scripts.n; i++)
		if (goal->scripts.at[i] == script)
			return true;
	return false;
}

/* @word names a revision in the middle of what @script replaces: the whole of it can't be recorded for
 * that. */
static bool
is_inner(const struct sd_look *look, const char *word, const struct sd_script *script)
{
	const char *at = strchr(word, '@'), *id = at ? at + 1 : word;
	bool named = false;

	if (sd_text_starts(script->revision, id) || sd_map_get(&look->history->by_label, id))
		return false;
	for (size_t i = 0; i < script->replaces.n; i++) {
		const struct sd_names *set = &script->replaces.at[i];

		for (size_t k = 0; k < set->n; k++) {
			bool found = sd_text_starts(set->at[k], id);

			if (found && k == set->n - 1)
				return false;
			named |= found;
		}
	}
	return named;
}

static enum sd_status
check_whole(const struct sd_look *look, const char *word, const struct sd_goal *goal)
{
	struct sd_diags *diags = look->session->diags;
	const struct sd_script *script = goal->scripts.n == 1 ? goal->scripts.at[0] : NULL;

	if (!script || !is_inner(look, word, script))
		return SD_OK;
	sd_fail(diags, SD_CLASS_REFUSED, script->replaces_pos,
		"%s is in the middle of what revision %s replaces, and the whole of that would be "
		"recorded",
		word, script->revision);
	sd_hint(diags,
		"stamp it with the scripts from before the squash, and run the rest of them; or, "
		"where all has run, say `schemadiff stamp %s`",
		script->revision);
	return SD_ERR;
}

/* What all of @args stand for. */
static enum sd_status
resolve_all(const struct sd_look *look, const struct sd_names *args, struct sd_goal *goal)
{
	struct sd_session *session = look->session;
	struct sd_goal one;

	*goal = (struct sd_goal){ 0 };
	for (size_t i = 0; i < args->n; i++) {
		if (sd_history_goal(
			    look->history, args->at[i], &look->state.ids, session->diags, &one) ||
			check_whole(look, args->at[i], &one))
			return SD_ERR;
		if (args->n > 1 && !one.scripts.n)
			return sd_error(session->diags, nowhere,
				"\"%s\" means that nothing is applied: it stands alone",
				args->at[i]);
		goal->branch = one.branch;
		if (one.branch)
			*sd_push(session->arena, &goal->branches) =
				sd_history_find(look->history, one.branch->revision);
		for (size_t k = 0; k < one.scripts.n; k++)
			if (!is_named(goal, one.scripts.at[k]))
				*sd_push(session->arena, &goal->scripts) = one.scripts.at[k];
	}
	/* what one word stands for is no contradiction */
	return args->n > 1 ? check_overlap(look, goal) : SD_OK;
}

static const char *
goal_text(const struct sd_look *look, const struct sd_goal *goal)
{
	return goal->scripts.n ? sd_scripts_text(look->session->arena, &goal->scripts, 0) : "base";
}

static void
stamp_json(struct sd_look *look, const struct sd_goal *goal, const struct sd_run_result *result)
{
	struct sd_session *session = look->session;
	struct sd_buf *json = sd_json_begin(session, session->command);

	sd_json_text(json, "target", session->target.masked);
	sd_json_text(json, "revision", goal->scripts.n ? goal->scripts.at[0]->revision : NULL);
	sd_json_revisions(json, "revisions", &goal->scripts);
	sd_json_names(json, "changed", &result->done);
}

static int
stamp(struct sd_look *look, const struct sd_goal *goal, const char *tag)
{
	struct sd_session *session = look->session;
	struct sd_bookkeeping books = sd_work_books(session);
	struct sd_run run = {
		.books = &books,
		.history = look->history,
		.wait = session->settings.wait,
		.arena = session->arena,
		.goal = goal,
		.tag = tag,
	};
	struct sd_run_result result = { 0 };

	sd_say_target(session);
	run.db = sd_work_open(session, SD_DB_WRITE);
	books = sd_work_books(session);
	if (!run.db || sd_run_stamp(&run, NULL, &result))
		return SD_EXIT_DATABASE;
	sd_look_say_replaced(session, &result.replaced);
	if (session->globals.json)
		stamp_json(look, goal, &result);
	sd_brief(session, "stamped as %s", goal_text(look, goal));
	sd_say(session, "stamped as %s; nothing was run%s", goal_text(look, goal),
		result.done.n ? "" : ", and nothing had to be recorded");
	return SD_EXIT_OK;
}

/* ---- --sql -------------------------------------------------------------------------- */

/* The one start that @args name, each as "START:TARGET" or without it; the targets to *@targets. */
static enum sd_status
split_ranges(struct sd_session *session, const struct sd_names *args, const char **start,
	struct sd_names *targets)
{
	*start = NULL;
	for (size_t i = 0; i < args->n; i++) {
		const char *arg = args->at[i], *colon = strchr(arg, ':');
		const char *own = colon ? sd_strndup(session->arena, arg, (size_t)(colon - arg))
					: NULL;

		*sd_push(session->arena, targets) = colon ? colon + 1 : arg;
		if (!own)
			continue;
		if (!*own || !colon[1])
			return sd_error(session->diags, nowhere,
				"\"%s\": expected a range FROM:TO, or TO alone", arg);
		if (*start && strcmp(*start, own) != 0)
			return sd_error(session->diags, nowhere,
				"a database is stamped from one place: \"%s\" and \"%s\" are two",
				*start, own);
		*start = own;
	}
	return SD_OK;
}

/* The heads that @start stands for, in a database of which nothing else is known. */
static enum sd_status
resolve_start(struct sd_look *look, const char *start, struct sd_names *heads)
{
	const struct sd_scripts anywhere = { 0 };
	const struct sd_names none = { 0 };
	struct sd_session *session = look->session;
	struct sd_scripts all = { 0 };
	struct sd_goal goal;

	if (sd_history_goal(look->history, start, &none, session->diags, &goal))
		return SD_ERR;
	for (size_t i = 0; i < goal.scripts.n; i++)
		*sd_push(session->arena, heads) = goal.scripts.at[i]->revision;
	/* what targets like +1 count from */
	sd_history_range(look->history, &anywhere, &goal.scripts, session->arena, &all);
	for (size_t i = 0; i < all.n; i++)
		*sd_push(session->arena, &look->state.ids) = all.at[i]->revision;
	return SD_OK;
}

static int
print_sql(struct sd_look *look, const struct stamp_opts *opts, const struct sd_names *args)
{
	struct sd_session *session = look->session;
	struct sd_bookkeeping books = sd_work_books(session);
	struct sd_buf sql = SD_BUF(session->arena);
	struct sd_names heads = { 0 }, targets = { 0 };
	struct sd_goal goal;
	struct sd_run run = { .books = &books,
		.history = look->history,
		.arena = session->arena,
		.home = session->target.namespace,
		.goal = &goal,
		.tag = opts->tag };
	const char *start;

	if (opts->purge) {
		sd_error(session->diags, nowhere,
			"--purge forgets what it finds, and --sql connects to no database");
		return SD_EXIT_INPUT;
	}
	if (split_ranges(session, args, &start, &targets) ||
		resolve_start(look, start ? start : "base", &heads) ||
		resolve_all(look, &targets, &goal))
		return SD_EXIT_INPUT;
	if (sd_run_print_stamp(&run, &heads, session->diags, &sql))
		return SD_EXIT_HISTORY;
	sd_json_or_print(session, "sql", &sql);
	return SD_EXIT_OK;
}

static enum sd_status
check_args(struct sd_session *session, const struct stamp_opts *opts,
	const struct sd_names *args)
{
	struct sd_variables unused = { 0 };

	if (sd_variables_tag(&unused, opts->tag, session->arena, session->diags))
		return SD_ERR;
	for (size_t i = 0; !opts->sql && i < args->n; i++)
		if (strchr(args->at[i], ':'))
			return sd_error(session->diags, nowhere,
				"\"%s\" is a range, which only --sql takes", args->at[i]);
	/* what could not be resolved was passed over in silence for the sake of --sql */
	if (opts->sql || session->has_target)
		return SD_OK;
	return sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET);
}

static int
run_stamp(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct stamp_opts *o = opts;
	struct sd_goal goal;
	struct sd_look look;

	if (check_args(session, o, args))
		return SD_EXIT_INPUT;
	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	if (o->sql)
		return print_sql(&look, o, args);
	if (sd_look_read(&look))
		return SD_EXIT_DATABASE;
	if (resolve_all(&look, args, &goal))
		return SD_EXIT_INPUT;
	goal.alone = o->purge;
	if (check_stamp(&look, o->purge))
		return SD_EXIT_HISTORY;
	return stamp(&look, &goal, o->tag);
}

static const struct sd_opt stamp_options[] = {
	{ 0, "purge", SD_OPT_FLAG, offsetof(struct stamp_opts, purge), NULL,
		"forget all that is applied first, also what has no script here", NULL },
	{ 0, "sql", SD_OPT_FLAG, offsetof(struct stamp_opts, sql), NULL,
		"print the SQL instead of running it; TARGET may be a range A:B", NULL },
	{ 0, "tag", SD_OPT_TEXT, offsetof(struct stamp_opts, tag), "TAG", "a text for the log",
		NULL },
};

const struct sd_cmd sd_cmd_stamp = {
	.name = "stamp",
	.args = "TARGET...",
	.min_args = 1,
	.max_args = UINT_MAX,
	.summary = "record that the database is at a revision, running nothing",
	.details = "The targets and all that they need are recorded as applied, and nothing "
		   "else of their lines; other branches stay as they are. `base` means that "
		   "nothing is applied, `LABEL@base` nothing of that branch. Targets of which "
		   "one needs another are refused.\n\n"
		   "With --sql nothing is connected to: statements for the engine's shell go "
		   "to stdout, which stop on a database that is not at A (base unless given).",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = stamp_options,
	.n_opts = SD_COUNT(stamp_options),
	.opts_size = sizeof(struct stamp_opts),
	.run = run_stamp,
	.many = true,
};
