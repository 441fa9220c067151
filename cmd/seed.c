/* seed: rows that a database begins with. */
#include "cmd/seed.h"

#include "cmd/commands.h"
#include "cmd/json_out.h"

#include <limits.h>
#include <stddef.h>

static const struct sd_pos nowhere;

static const char *const state_words[] = {
	[SD_SEED_NEW] = "new",
	[SD_SEED_EDITED] = "changed",
	[SD_SEED_DONE] = "done",
};

static const char *const when_words[] = {
	[SD_SEED_CHANGED] = "changed",
	[SD_SEED_ONCE] = "once",
	[SD_SEED_ALWAYS] = "always",
};

/* ---- what there is ---------------------------------------------------------------------- */

enum sd_status
sd_seeding_load(
	struct sd_seeding *s, struct sd_session *session, const struct sd_seed_opts *opts)
{
	struct sd_runner *r = &s->runner;

	*s = (struct sd_seeding){ .session = session, .opts = opts };
	*r = (struct sd_runner){ .session = session, .opts = &opts->run, .direction = SD_UP };
	if (sd_wait_parse(session, opts->run.wait, &r->wait) ||
		sd_variables_read(
			&opts->run.variables, session->arena, session->diags, &r->variables) ||
		sd_variables_tag(&r->variables, opts->run.tag, session->arena, session->diags))
		return SD_ERR;
	r->books = sd_work_books(session);
	r->engine = sd_work_engine(session);
	r->history = r->engine ? sd_work_history(session, r->engine) : NULL;
	return r->history ? sd_work_seeds(session, r->engine, r->history, &s->seeds) : SD_ERR;
}

/* What the database says; one that is not there has run nothing. */
static enum sd_status
look(struct sd_seeding *s)
{
	struct sd_runner *r = &s->runner;
	struct sd_session *session = s->session;

	if (sd_db_exists(&session->target)) {
		r->db = sd_work_open(session, SD_DB_READ);
		r->books = sd_work_books(session);
		if (!r->db || sd_state_read(r->db, &r->books, session->arena, &r->state))
			return SD_ERR;
		sd_state_replace(&r->state, r->history, session->arena, &r->replaced);
	}
	return sd_seeds_look(
		&s->seeds, r->history, r->db, &r->books, s->opts->again, session->arena);
}

static void
json_seed(struct sd_buf *json, const struct sd_seed *seed, bool steps)
{
	sd_json_open(json, NULL, '{');
	sd_json_text(json, "name", seed->script->revision);
	sd_json_text(json, "path", seed->script->path);
	sd_json_text(json, "when", when_words[seed->script->when]);
	sd_json_text(json, "state", state_words[seed->state]);
	sd_json_bool(json, "due", seed->due);
	sd_json_text(json, "applied_at", seed->applied_at);
	sd_json_names(json, "depends_on", &seed->script->depends_on);
	sd_json_text(json, "waits_for", seed->waits_for);
	if (steps)
		sd_runner_json_steps(json, &seed->script->up);
	sd_json_close(json, '}');
}

static void
json_seeds(struct sd_seeding *s, bool dry_run)
{
	struct sd_buf *json = sd_json_begin(s->session, s->session->command);

	if (dry_run)
		sd_json_bool(json, "dry_run", true);
	sd_json_open(json, "seeds", '[');
	for (size_t i = 0; i < s->seeds.n; i++)
		json_seed(json, &s->seeds.at[i], dry_run && s->seeds.at[i].due);
	sd_json_close(json, ']');
}

/* "(once, waits for 3f9a)", or nothing. */
static const char *
remarks(struct sd_arena *arena, const struct sd_seed *seed)
{
	struct sd_buf text = SD_BUF(arena);

	if (seed->script->when != SD_SEED_CHANGED)
		sd_buf_add(&text, when_words[seed->script->when]);
	if (seed->waits_for) {
		sd_buf_sep(&text, ", ");
		sd_buf_addf(&text, "waits for %s", seed->waits_for);
	}
	return text.n ? sd_fmt(arena, " (%s)", sd_buf_text(&text)) : "";
}

static void
say_none(struct sd_seeding *s)
{
	sd_say(s->session,
		"there are no seeds: \"seeds\" of the configuration names files and folders of "
		"them, or put them into the folder seeds");
}

static int
list(struct sd_seeding *s)
{
	struct sd_session *session = s->session;

	size_t due = 0;

	for (size_t i = 0; i < s->seeds.n; i++)
		due += s->seeds.at[i].due;
	sd_brief(session, "%zu of %zu seeds due", due, s->seeds.n);
	if (session->globals.json) {
		json_seeds(s, false);
		return SD_EXIT_OK;
	}
	for (size_t i = 0; i < s->seeds.n; i++) {
		const struct sd_seed *seed = &s->seeds.at[i];

		fprintf(session->out, "%-7s  %s%s%s%s\n", state_words[seed->state],
			seed->script->revision, remarks(session->arena, seed),
			seed->applied_at ? ", " : "", seed->applied_at ? seed->applied_at : "");
	}
	if (!s->seeds.n)
		say_none(s);
	return SD_EXIT_OK;
}

/* ---- running ------------------------------------------------------------------------------
 */

static void
on_done(void *ctx, const struct sd_script *script, enum sd_direction direction,
	long duration_ms)
{
	struct sd_runner *r = ctx;

	(void)direction;
	sd_runner_end_progress(r);
	sd_say(r->session, "seed %s (%ld ms)", script->revision, duration_ms);
}

static void
say_result(struct sd_seeding *s, const struct sd_run_result *result)
{
	size_t waiting = 0;

	sd_brief(s->session, "%zu seed%s run", (size_t)result->done.n,
		result->done.n == 1 ? "" : "s");
	for (size_t i = 0; i < s->seeds.n; i++) {
		const struct sd_seed *seed = &s->seeds.at[i];

		if (!seed->waits_for)
			continue;
		waiting++;
		sd_say(s->session, "seed %s waits for revision %s", seed->script->revision,
			seed->waits_for);
	}
	if (!s->seeds.n)
		say_none(s);
	else if (!result->done.n && waiting < s->seeds.n)
		sd_say(s->session, "nothing to seed: %s has run",
			s->seeds.n == 1 ? "it" : "all that there is");
}

int
sd_seeding_run(struct sd_seeding *s)
{
	struct sd_session *session = s->session;
	struct sd_runner *r = &s->runner;
	struct sd_run_result result = { 0 };
	struct sd_run run = sd_runner_settings(r);
	enum sd_status status = SD_OK;

	if (s->seeds.n) {
		r->db = sd_work_open(session, SD_DB_WRITE);
		r->books = sd_work_books(session);
		if (!r->db)
			return sd_session_exit(session, SD_EXIT_DATABASE);
		run.db = r->db;
		run.wait = r->wait;
		run.limits = sd_runner_limits(session);
		run.events = sd_runner_events(r);
		run.events.done = on_done;
		status = sd_run_seeds(&run, &s->seeds, s->opts->again, s->opts->force, &result);
		sd_runner_end_progress(r);
	}
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		json_seeds(s, false);
		sd_json_names(json, "seeded", &result.done);
		sd_json_text(json, "failed_seed", result.failed);
	}
	if (status == SD_OK)
		say_result(s, &result);
	return sd_session_exit(session, status ? SD_EXIT_DATABASE : SD_EXIT_OK);
}

static int
dry_run(struct sd_seeding *s)
{
	struct sd_session *session = s->session;
	struct sd_runner *r = &s->runner;

	if (!s->opts->force)
		(void)sd_seeds_refuse(
			r->history, &r->state.ids, &r->state.partial, session->diags);
	for (size_t i = 0; i < s->seeds.n; i++) {
		const struct sd_seed *seed = &s->seeds.at[i];

		if (!seed->due)
			continue;
		(void)sd_variables_expand(&r->variables, seed->script, &seed->script->up,
			r->engine->dialect, session->arena, session->diags,
			&seed->script->variables);
		if (session->globals.json)
			continue;
		fprintf(session->out, "seed %s\n", seed->script->revision);
		sd_runner_list_steps(r, seed->script);
	}
	if (session->globals.json)
		json_seeds(s, true);
	return sd_session_exit(session, SD_EXIT_OK);
}

static enum sd_status
check(struct sd_seeding *s, const struct sd_names *names)
{
	static const struct sd_history no_history;
	struct sd_session *session = s->session;
	struct sd_scripts scripts = sd_work_seed_scripts(session, &s->seeds);

	if (s->opts->again && !names->n)
		return sd_error(session->diags, nowhere,
			"--again: name the seeds that are to run although they have run");
	if (sd_variables_check(&s->runner.variables, &no_history, &scripts, session->diags))
		return SD_ERR;
	return sd_work_choose_seeds(session, names, &s->seeds);
}

static int
run_seed(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct sd_seed_opts *o = opts;
	struct sd_seeding s;

	if (sd_seeding_load(&s, session, o) || check(&s, args))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (o->list || o->dry_run) {
		if (look(&s))
			return sd_session_exit(session, SD_EXIT_DATABASE);
		return o->list ? list(&s) : dry_run(&s);
	}
	if (session->target.is_protected)
		sd_say_target(session);
	if (s.seeds.n && !o->force && !sd_db_exists(&session->target) &&
		sd_seeds_refuse(s.runner.history, &s.runner.state.ids, &s.runner.state.partial,
			session->diags))
		return sd_session_exit(session, SD_EXIT_REFUSED);
	return sd_seeding_run(&s);
}

static const struct sd_opt options[] = {
	{ 0, "list", SD_OPT_FLAG, offsetof(struct sd_seed_opts, list), NULL,
		"list the seeds and whether they have run: new, changed, done", NULL },
	{ 0, "dry-run", SD_OPT_FLAG, offsetof(struct sd_seed_opts, dry_run), NULL,
		"list the seeds and statements that would run", NULL },
	{ 0, "again", SD_OPT_FLAG, offsetof(struct sd_seed_opts, again), NULL,
		"run the seeds that are named although they have run", NULL },
	{ 0, "force", SD_OPT_FLAG, offsetof(struct sd_seed_opts, force), NULL,
		"run although revisions are pending", NULL },
	{ 0, "wait", SD_OPT_TEXT, offsetof(struct sd_seed_opts, run.wait), "SECONDS",
		"how long to wait while another process writes (default 60)", NULL },
	{ 'V', "variable", SD_OPT_LIST, offsetof(struct sd_seed_opts, run.variables),
		"NAME=VALUE",
		"value of a variable of the seeds, :'NAME' or :\"NAME\"; repeatable", NULL },
	{ 0, "tag", SD_OPT_TEXT, offsetof(struct sd_seed_opts, run.tag), "TAG",
		"a text for the log; seeds have it as the variable tag", NULL },
};

const struct sd_cmd sd_cmd_seed = {
	.name = "seed",
	.args = "[NAME...]",
	.max_args = UINT_MAX,
	.summary = "run the seeds that have not run on this database as they are now",
	.details =
		"Seeds are SQL files that fill tables: those that \"seeds\" of the "
		"configuration names (default: the folder seeds), in the order of the list, a "
		"folder's by name. Each runs in a transaction with its record, when it is new "
		"or was edited since it ran; `-- schemadiff:seed once` or `always` at its head "
		"says otherwise. While revisions are pending nothing runs. A failure stops the "
		"run, and what ran before it stays.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct sd_seed_opts),
	.run = run_seed,
	.many = true,
};
