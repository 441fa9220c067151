/* fresh: a database that is made again from nothing.
 *
 * All that can be known to fail is looked at before anything is dropped: the history, the
 * seeds, values of variables, what hangs on what goes.  Only then the question. */
#include "cmd/ask.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/seed.h"
#include "core/base/text.h"
#include "core/history/clear.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

#define SHOWN_ITEMS 40

struct fresh_opts {
	const char *yes;
	bool dry_run, no_seed;
	struct sd_seed_opts seed; /* its run is that of the upgrade, too */
};

struct fresh {
	struct sd_session *session;
	const struct fresh_opts *opts;
	struct sd_run_opts run; /* of the upgrade */
	struct sd_scripts seed_scripts;
	struct sd_seeding seeding;
	struct sd_runner runner;
	struct sd_db *db; /* NULL: the database is not there */
	struct sd_clearing clearing;
};

/* ---- what there is ------------------------------------------------------------------------
 */

static enum sd_status
load(struct fresh *f)
{
	struct sd_session *session = f->session;
	const struct fresh_opts *o = f->opts;

	if (sd_seeding_load(&f->seeding, session, &o->seed))
		return SD_ERR;
	if (o->no_seed)
		f->seeding.seeds = (struct sd_seeds){ 0 };
	f->seed_scripts = sd_work_seed_scripts(session, &f->seeding.seeds);
	f->run = o->seed.run;
	f->run.others = &f->seed_scripts;
	f->runner =
		(struct sd_runner){ .session = session, .opts = &f->run, .direction = SD_UP };
	return sd_runner_prepare(&f->runner);
}

static enum sd_status
look(struct fresh *f)
{
	struct sd_session *session = f->session;
	const struct sd_limits limits = sd_runner_limits(session);

	f->clearing.database = session->target.file ? sd_path_base(session->target.file) : "";
	if (!sd_db_exists(&session->target))
		return SD_OK;
	f->db = sd_work_open(session, f->opts->dry_run ? SD_DB_READ : SD_DB_WRITE);
	f->runner.books = sd_work_books(session);
	if (!f->db)
		return SD_ERR;
	sd_db_limit(f->db, &limits);
	if (sd_db_reset(f->db) ||
		sd_clear_look(f->db, &session->target, &f->runner.books,
			&session->settings.namespaces, session->arena, &f->clearing))
		return SD_ERR;
	sd_clear_count(f->db, &f->clearing, session->arena);
	return SD_OK;
}

/* What comes behind the drop could run: what is known of that is reported. */
static enum sd_status
check_rest(struct fresh *f)
{
	struct sd_session *session = f->session;
	struct sd_runner *r = &f->runner;
	struct sd_run run = sd_runner_settings(r);
	enum sd_status status = sd_run_check_all(&run, &r->history->scripts, SD_UP,
		r->engine->dialect, f->db ? sd_db_version(f->db) : 0, session->diags);

	for (size_t i = 0; i < f->seed_scripts.n; i++) {
		struct sd_script *script = f->seed_scripts.at[i];

		if (sd_variables_expand(&r->variables, script, &script->up, r->engine->dialect,
			    session->arena, session->diags, &script->variables))
			status = SD_ERR;
	}
	return status;
}

/* ---- telling ------------------------------------------------------------------------------
 */

static const char *
item_text(struct sd_arena *arena, const struct sd_clear_item *item)
{
	if (item->rows < 0)
		return sd_fmt(arena, "drop %s %s", item->kind, item->name);
	if (item->rows > SD_CLEAR_ROWS_MAX)
		return sd_fmt(arena, "drop %s %s: more than %d rows", item->kind, item->name,
			SD_CLEAR_ROWS_MAX);
	return sd_fmt(arena, "drop %s %s: %ld row%s", item->kind, item->name, item->rows,
		item->rows == 1 ? "" : "s");
}

static void
say_items(struct fresh *f)
{
	struct sd_session *session = f->session;
	const struct sd_clearing *c = &f->clearing;

	for (size_t i = 0; i < c->items.n; i++) {
		if (i == SHOWN_ITEMS && !session->globals.verbose) {
			sd_say(session, "and %zu more; -v lists them", c->items.n - i);
			break;
		}
		sd_say(session, "%s", item_text(session->arena, &c->items.at[i]));
	}
	for (size_t i = 0; i < c->kept.n; i++)
		sd_say(session, "%s stays: it belongs to another role", c->kept.at[i]);
}

static void
write_json(struct fresh *f, bool dropped)
{
	struct sd_session *session = f->session;
	struct sd_buf *json;

	if (!session->globals.json)
		return;
	json = sd_json_begin(session, session->command);
	sd_json_text(json, "target", session->target.masked);
	sd_json_text(json, "database", f->clearing.database);
	sd_json_open(json, "drops", '[');
	for (size_t i = 0; i < f->clearing.items.n; i++) {
		const struct sd_clear_item *item = &f->clearing.items.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "kind", item->kind);
		sd_json_text(json, "name", item->name);
		if (item->rows < 0)
			sd_json_raw(json, "rows", "null");
		else
			sd_json_number(json, "rows", item->rows);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
	sd_json_names(json, "kept", &f->clearing.kept);
	sd_json_bool(json, "dropped", dropped);
}

/* ---- may it? ------------------------------------------------------------------------------
 */

static enum sd_status
refuse_protected(struct fresh *f)
{
	struct sd_session *session = f->session;

	if (!sd_url_is_protected(&session->config, &session->target, session->arena))
		return SD_OK;
	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
		"%s is protected: nothing of it is ever dropped by this command",
		session->target.masked);
	sd_hint(session->diags,
		"\"protected\" in %s says so, of whatever leads to this database",
		session->config.path);
	return SD_ERR;
}

static enum sd_status
refuse(struct fresh *f, const char *why)
{
	struct sd_session *session = f->session;
	const char *name = f->clearing.database;

	sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
		"%s: nothing was dropped of \"%s\", which has %s", why, name,
		sd_clear_summary(&f->clearing, session->arena));
	if (f->opts->yes || !sd_can_ask(session))
		sd_hint(session->diags, "to drop all that: --yes=%s", name);
	return SD_ERR;
}

/* Somebody has said the name of what will be empty. */
static enum sd_status
agreed(struct fresh *f)
{
	struct sd_session *session = f->session;
	const char *name = f->clearing.database, *typed = f->opts->yes;
	bool asked = !typed && f->clearing.items.n && sd_can_ask(session);

	if (asked)
		typed = sd_ask_line(session,
			"%s: drop %s? Type the database's name, %s, to agree:",
			session->target.masked, sd_clear_summary(&f->clearing, session->arena),
			name);
	if (typed && strcmp(typed, name) == 0)
		return SD_OK;
	if (typed)
		return refuse(
			f, asked ? "another name was typed" : "--yes names another database");
	if (!f->clearing.items.n)
		return SD_OK; /* nothing is lost */
	return refuse(f, "nobody has agreed");
}

/* ---- the command --------------------------------------------------------------------------
 */

static enum sd_status
clear(struct fresh *f)
{
	struct sd_session *session = f->session;
	struct sd_run run = sd_runner_settings(&f->runner);

	if (!f->clearing.items.n)
		return SD_OK;
	run.db = f->db;
	run.wait = f->runner.wait;
	run.limits = sd_runner_limits(session);
	run.events = sd_runner_events(&f->runner);
	if (sd_run_clear(&run, &session->target, &session->settings.namespaces, &f->clearing))
		return SD_ERR;
	sd_say(session, "dropped %s", sd_clear_summary(&f->clearing, session->arena));
	return SD_OK;
}

static int
dry_run(struct fresh *f)
{
	struct sd_session *session = f->session;
	const struct sd_scripts *all = &f->runner.history->scripts;
	struct sd_names revisions = { 0 }, seeds = { 0 };
	struct sd_buf *json;

	(void)sd_clear_check(&f->clearing, session->diags);
	for (size_t i = 0; i < all->n; i++)
		*sd_push(session->arena, &revisions) = all->at[i]->revision;
	for (size_t i = 0; i < f->seed_scripts.n; i++)
		*sd_push(session->arena, &seeds) = f->seed_scripts.at[i]->revision;
	if (session->globals.json) {
		write_json(f, false);
		json = sd_json_begin(session, session->command);
		sd_json_bool(json, "dry_run", true);
		sd_json_open(json, "then", '{');
		sd_json_names(json, "revisions", &revisions);
		sd_json_names(json, "seeds", &seeds);
		sd_json_close(json, '}');
		return sd_session_exit(session, SD_EXIT_OK);
	}
	for (size_t i = 0; i < f->clearing.items.n; i++)
		fprintf(session->out, "%s\n",
			item_text(session->arena, &f->clearing.items.at[i]));
	for (size_t i = 0; i < f->clearing.kept.n; i++)
		fprintf(session->out, "%s stays: it belongs to another role\n",
			f->clearing.kept.at[i]);
	for (size_t i = 0; i < revisions.n; i++)
		fprintf(session->out, "upgrade %s: %s\n", revisions.at[i], all->at[i]->message);
	for (size_t i = 0; i < seeds.n; i++)
		fprintf(session->out, "seed %s\n", seeds.at[i]);
	return sd_session_exit(session, SD_EXIT_OK);
}

static int
run_fresh(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct fresh f = { .session = session, .opts = opts };
	int code;

	(void)args;
	if (refuse_protected(&f))
		return SD_EXIT_REFUSED;
	if (load(&f))
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (look(&f))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	if (check_rest(&f))
		return sd_session_exit(session, SD_EXIT_HISTORY);
	if (f.opts->dry_run)
		return dry_run(&f);
	sd_say_target(session);
	say_items(&f);
	if (sd_clear_check(&f.clearing, session->diags) || agreed(&f) || clear(&f)) {
		write_json(&f, false);
		return sd_session_exit(session, SD_EXIT_REFUSED);
	}
	write_json(&f, f.clearing.items.n > 0);
	code = sd_runner_run(session, &f.run, SD_UP, "heads");
	if (code || !f.seeding.seeds.n)
		return code;
	return sd_seeding_run(&f.seeding);
}

static const struct sd_opt options[] = {
	{ 0, "yes", SD_OPT_TEXT, offsetof(struct fresh_opts, yes), "NAME",
		"the database's name: drop all that it has without asking", NULL },
	{ 0, "dry-run", SD_OPT_FLAG, offsetof(struct fresh_opts, dry_run), NULL,
		"list what would be dropped, and what would run then", NULL },
	{ 0, "no-seed", SD_OPT_FLAG, offsetof(struct fresh_opts, no_seed), NULL, "run no seeds",
		NULL },
	{ 0, "wait", SD_OPT_TEXT, offsetof(struct fresh_opts, seed.run.wait), "SECONDS",
		"how long to wait while another process writes (default 60)", NULL },
	{ 'V', "variable", SD_OPT_LIST, offsetof(struct fresh_opts, seed.run.variables),
		"NAME=VALUE",
		"value of a variable of the scripts and seeds, :'NAME' or :\"NAME\"; "
		"repeatable",
		NULL },
	{ 0, "tag", SD_OPT_TEXT, offsetof(struct fresh_opts, seed.run.tag), "TAG",
		"a text for the log; scripts, hooks and seeds have it as the variable tag",
		NULL },
};

const struct sd_cmd sd_cmd_fresh = {
	.name = "fresh",
	.summary = "drop everything in the database, run all revisions, then the seeds",
	.details =
		"SQLite: all that is in the file. PostgreSQL: what lies in the default "
		"namespace "
		"and those that \"namespaces\" lists, of whatever kind; namespaces, extensions "
		"and "
		"what the role may not drop stay. It is listed before, with counts of rows, "
		"and "
		"dropped in one transaction. On a terminal the database's name must be typed; "
		"elsewhere --yes=NAME says it (exit 5 without). A protected database is always "
		"refused.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct fresh_opts),
	.run = run_fresh,
};
