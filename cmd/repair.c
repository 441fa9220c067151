/* A script that was edited after it had run: what changed, and the record of it. */
#include "cmd/ask.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "cmd/work/check.h"
#include "core/base/linediff.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct repair_opts {
	bool yes;
};

/* One script, and what is known of it as it ran. */
struct edited {
	const struct sd_script *script;
	const struct sd_applied *row;
	const struct sd_script *was; /* NULL: git does not know */
	const char *rev;             /* where git has that */
	const char *difference;
};

struct repair {
	struct sd_session *session;
	struct sd_look look;
	struct sd_scripts scripts; /* to be repaired */
	SD_VEC(struct edited) edited;
};

/* ---- which ---------------------------------------------------------------------------- */

static bool
is_among(const struct sd_scripts *scripts, const struct sd_script *script)
{
	for (size_t i = 0; i < scripts->n; i++)
		if (scripts->at[i] == script)
			return true;
	return false;
}

/* The revision that was asked for as @id. */
static enum sd_status
choose(struct repair *r, const struct sd_scripts *all, const char *id)
{
	struct sd_session *session = r->session;
	const struct sd_names *applied = &r->look.state.ids;
	struct sd_script *script;

	if (sd_history_resolve(r->look.history, id, applied, session->diags, &script))
		return SD_ERR;
	if (!script)
		return sd_error(session->diags, nowhere, "\"%s\" is no revision", id);
	if (sd_names_find(applied, script->revision) < 0)
		return sd_error(session->diags, nowhere,
			"revision %s is not applied: its script may be edited as you like",
			script->revision);
	if (!is_among(all, script))
		sd_say(session, "revision %s: the script is as it ran", script->revision);
	else if (!is_among(&r->scripts, script))
		*sd_push(session->arena, &r->scripts) = script;
	return SD_OK;
}

static enum sd_status
choose_all(struct repair *r, const struct sd_names *ids)
{
	struct sd_scripts all = { 0 };
	enum sd_status status = SD_OK;

	sd_state_edited(&r->look.state, r->look.history, r->session->arena, &all);
	if (!ids->n)
		r->scripts = all;
	for (size_t i = 0; i < ids->n; i++)
		if (choose(r, &all, ids->at[i]))
			status = SD_ERR;
	return status;
}

/* ---- what changed ----------------------------------------------------------------------- */

static void
find_difference(struct repair *r, struct sd_script *script)
{
	struct sd_arena *arena = r->session->arena;
	struct edited *e = sd_push(arena, &r->edited);
	struct sd_buf text = SD_BUF(arena);
	const char *down = script->down.present ? script->down.body : "";

	e->script = script;
	e->row = sd_state_row(&r->look.state, script->revision);
	e->was = sd_work_as_applied(r->session, r->look.engine, e->row, &e->rev);
	if (e->was)
		sd_linediff(arena, e->was->text, script->text, &text);
	else
		sd_linediff(arena, e->row->down_sql ? e->row->down_sql : "", down, &text);
	e->difference = sd_buf_text(&text);
}

static void
show(const struct repair *r, const struct edited *e)
{
	struct sd_session *session = r->session;

	sd_say(session, "%s: revision %s, %s", e->script->path, e->script->revision,
		e->script->message);
	sd_say(session, "  applied %s by %s with checksum %s; now it is %s", e->row->applied_at,
		e->row->applied_by, e->row->checksum, e->script->checksum);
	if (e->was)
		sd_say(session,
			"  from what ran, as git has it at %s, to what the file says:", e->rev);
	else if (*e->difference)
		sd_say(session, "  what ran is not in git's history; of the down part, which "
				"the database keeps:");
	else
		sd_say(session, "  what ran is not in git's history; the down part, which the "
				"database keeps, is the same, so the up part was edited");
	for (const char *line = e->difference; *line;) {
		size_t n = strcspn(line, "\n");

		sd_say(session, "  %.*s", (int)n, line);
		line += n;
		line += *line == '\n';
	}
}

static void
write_json(const struct repair *r, const struct sd_run_result *result)
{
	struct sd_buf *json;

	if (!r->session->globals.json)
		return;
	json = sd_json_begin(r->session, r->session->command);
	sd_json_text(json, "target", r->session->target.masked);
	sd_json_names(json, "repaired", &result->done);
	sd_json_open(json, "edited", '[');
	for (size_t i = 0; i < r->edited.n; i++) {
		const struct edited *e = &r->edited.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "revision", e->script->revision);
		sd_json_text(json, "path", e->script->path);
		sd_json_text(json, "applied_at", e->row->applied_at);
		sd_json_text(json, "checksum", e->row->checksum);
		sd_json_text(json, "checksum_now", e->script->checksum);
		sd_json_text(json, "git", e->was ? e->rev : NULL);
		sd_json_text(json, "difference", e->difference);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

/* ---- the record ------------------------------------------------------------------------- */

static enum sd_status
agreed(struct repair *r, bool yes)
{
	struct sd_session *session = r->session;

	if (yes || sd_ask(session, "take %s for what ran?",
			   r->scripts.n > 1 ? "these scripts" : "this script") == SD_ANSWER_YES)
		return SD_OK;
	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere, "nothing was recorded");
	if (!sd_can_ask(session))
		sd_hint(session->diags,
			"--yes takes what the scripts say now for what has run; databases "
			"that ran the old text stay different");
	return SD_ERR;
}

static int
record(struct repair *r)
{
	struct sd_session *session = r->session;
	struct sd_bookkeeping books;
	struct sd_run run = { .history = r->look.history,
		.wait = session->settings.wait,
		.arena = session->arena };
	struct sd_run_result result = { 0 };

	sd_say_target(session);
	run.db = sd_work_open(session, SD_DB_WRITE);
	books = sd_work_books(session);
	run.books = &books;
	if (!run.db || sd_run_repair(&run, &r->scripts, &r->look.state, &result))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	write_json(r, &result);
	sd_brief(session, "%zu record%s of scripts as they are now", (size_t)result.done.n,
		result.done.n == 1 ? "" : "s");
	for (size_t i = 0; i < result.done.n; i++)
		sd_say(session, "revision %s: the record is of the script as it is now",
			result.done.at[i]);
	return sd_session_exit(session, SD_EXIT_OK);
}

static int
run_repair(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct repair_opts *o = opts;
	struct repair r = { .session = session };
	struct sd_run_result none = { 0 };

	if (sd_look_open(&r.look, session))
		return sd_session_exit(session, SD_EXIT_HISTORY);
	if (sd_look_read(&r.look) || choose_all(&r, args))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	for (size_t i = 0; i < r.scripts.n; i++)
		find_difference(&r, r.scripts.at[i]);
	for (size_t i = 0; i < r.edited.n; i++)
		show(&r, &r.edited.at[i]);
	if (!r.scripts.n) {
		sd_brief(session, "nothing to repair");
		sd_say(session, "nothing to repair: the applied scripts are as they ran");
		write_json(&r, &none);
		return sd_session_exit(session, SD_EXIT_OK);
	}
	if (agreed(&r, o->yes)) {
		write_json(&r, &none);
		return sd_session_exit(session, SD_EXIT_REFUSED);
	}
	return record(&r);
}

static const struct sd_opt options[] = {
	{ 'y', "yes", SD_OPT_FLAG, offsetof(struct repair_opts, yes), NULL, "don't ask: for CI",
		NULL },
};

const struct sd_cmd sd_cmd_repair = {
	.name = "repair",
	.args = "[REV...]",
	.max_args = 64,
	.summary = "take scripts that were edited after they ran for what has run",
	.details =
		"The record of an applied revision has its script's checksum. When the script "
		"was edited since, `check` fails and `upgrade` warns. Put it back, if you can. "
		"Where the edit is right (a typo in a down part, a statement that does the "
		"same), repair shows what changed, against the version in git's history that "
		"ran, and takes the script as it is for what has run: its checksum and its "
		"down part are recorded, and the log gets a line. Without REV that is every "
		"edited script. It asks on a terminal; elsewhere it wants --yes.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct repair_opts),
	.run = run_repair,
	.many = true,
};
