/* The difference between the database and the schema files as a new revision.
 *
 * What may be a rename or a loss is asked where somebody can answer, and each answer becomes
 * what the flag --rename or --drop would have said; then everything is compared again, since
 * the renamed tables may hold renamed columns. */
#include "cmd/autogenerate.h"

#include "cmd/ask.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/rewrite.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *message, *rev_id;
	struct sd_names renames, drops, allow;
	bool no_renames, baseline, dry_run;
};

#define OPT(letter, name, type, member, value, help)                                           \
	{                                                                                      \
		letter, name, type, offsetof(struct options, member), value, help, NULL        \
	}

static const struct sd_opt opts[] = {
	OPT('m', "message", SD_OPT_TEXT, message, "MSG", "what the revision is for"),
	OPT(0, "rename", SD_OPT_LIST, renames, "A=B",
		"a table or column was renamed: users=people, users.name=full_name"),
	OPT(0, "drop", SD_OPT_LIST, drops, "A",
		"a table or column is dropped on purpose, not renamed"),
	OPT(0, "no-renames", SD_OPT_FLAG, no_renames, NULL,
		"nothing was renamed: drop and add all that differs in name"),
	OPT(0, "allow", SD_OPT_LIST, allow, "HAZARD",
		"write a step that would be refused; all for every kind"),
	OPT(0, "baseline", SD_OPT_FLAG, baseline, NULL,
		"the first revision: what the database has; recorded there as applied"),
	OPT(0, "rev-id", SD_OPT_TEXT, rev_id, "ID", "id of the revision (default: random)"),
	OPT(0, "dry-run", SD_OPT_FLAG, dry_run, NULL, "print the script, write nothing"),
};

/** Rounds of questions: each answers something. */
#define MAX_ROUNDS 100

static const struct sd_pos nowhere;

struct generation {
	struct sd_session *session;
	const char *command; /* that asked for it */
	struct sd_baseline *asked; /* for what, if it was not autogenerate; else NULL */
	const struct options *opts;
	const struct sd_engine *engine;
	struct sd_history *history;
	struct sd_script *head;
	struct sd_bookkeeping books;
	struct sd_db *db; /* NULL: the database is not there yet */
	struct sd_state state;
	unsigned allow;
	struct sd_diff_options compare;
	const char *fingerprint; /* of what is wanted */
	struct sd_diff *diff;
};

/* ---- may it begin? ------------------------------------------------------------------ */

static enum sd_status
parse_allow(struct generation *g)
{
	struct sd_session *session = g->session;

	for (size_t i = 0; i < g->opts->allow.n; i++) {
		const char *word = g->opts->allow.at[i];
		struct sd_buf known = SD_BUF(session->arena);
		unsigned hazard = sd_hazard_parse(word);

		g->allow |= hazard;
		if (hazard)
			continue;
		for (unsigned bit = 1; bit && bit <= SD_HAZARD_CONVERTS; bit <<= 1)
			if (sd_hazard_word((enum sd_hazard)bit))
				sd_buf_addf(
					&known, "%s, ", sd_hazard_word((enum sd_hazard)bit));
		sd_error(session->diags, nowhere, "--allow %s: there is no such hazard", word);
		sd_hint(session->diags, "hazards: %sall", sd_buf_text(&known));
		return SD_ERR;
	}
	return SD_OK;
}

static enum sd_status
check_flags(struct generation *g)
{
	const struct options *o = g->opts;
	const struct sd_compare_flags flags = { o->renames, o->drops, o->no_renames };

	if (!o->message || !*sd_text_trim(g->session->arena, o->message)) {
		sd_error(g->session->diags, nowhere, "a revision wants a message");
		sd_hint(g->session->diags, "schemadiff autogenerate -m \"add users.email\"");
		return SD_ERR;
	}
	if (o->no_renames && (o->renames.n || o->drops.n))
		return sd_error(g->session->diags, nowhere,
			"--no-renames does not go with --rename and --drop");
	if (o->baseline && (o->renames.n || o->drops.n))
		return sd_error(g->session->diags, nowhere,
			"--baseline takes all that is there: --rename and --drop have no "
			"meaning");
	if (parse_allow(g))
		return SD_ERR;
	return sd_work_diff_options(g->session, &flags, &g->compare);
}

static enum sd_status
not_at_head(struct generation *g, const char *why, const char *way_out)
{
	sd_fail(g->session->diags, SD_CLASS_HISTORY, nowhere, "%s", why);
	sd_hint(g->session->diags, "%s", way_out);
	return SD_ERR;
}

/* A revision is the way from the head to the files, so the database must be at the head. */
static enum sd_status
check_at_head(struct generation *g)
{
	struct sd_session *session = g->session;
	struct sd_scripts pending = { 0 };

	if (g->state.partial.revision)
		return not_at_head(g,
			sd_fmt(session->arena, "revision %s is half %s",
				g->state.partial.revision,
				g->state.partial.down ? "undone" : "applied"),
			g->state.partial.down ? "finish it with `schemadiff downgrade`"
					      : "finish it with `schemadiff upgrade`");
	for (size_t i = 0; i < g->state.ids.n; i++)
		if (!sd_history_find(g->history, g->state.ids.at[i]))
			return not_at_head(g,
				sd_fmt(session->arena,
					"revision %s is applied, and no script here has it",
					g->state.ids.at[i]),
				"get the branch that has its file");
	sd_history_upgrade(g->history, NULL, &g->state.ids, session->arena, &pending);
	if (!pending.n)
		return SD_OK;
	return not_at_head(g,
		sd_fmt(session->arena, "the database %s: %zu revision%s pending, up to %s",
			g->db ? "is not at head" : "does not exist yet", pending.n,
			pending.n == 1 ? " is" : "s are", g->head->revision),
		"run `schemadiff upgrade` first");
}

/* A baseline is the root of a history and describes a database that knows no other. */
static enum sd_status
check_baseline(struct generation *g)
{
	if (!g->db)
		return not_at_head(g,
			sd_fmt(g->session->arena,
				"the database %s does not exist, so there is nothing to begin "
				"with",
				g->session->target.masked),
			"without --baseline the first revision creates what the files want");
	if (g->head)
		return not_at_head(g,
			sd_fmt(g->session->arena,
				"a baseline begins a history, and this one has revisions up to "
				"%s",
				g->head->revision),
			"without --baseline the revision is the difference to the schema "
			"files");
	if (g->state.ids.n)
		return not_at_head(g,
			sd_fmt(g->session->arena,
				"a baseline begins a history, and the database is at %s",
				g->state.ids.at[g->state.ids.n - 1]),
			"get the scripts of its revisions");
	return g->opts->dry_run ? SD_OK : sd_db_takes_changes(g->db);
}

static enum sd_status
begin(struct generation *g)
{
	struct sd_session *session = g->session;
	struct sd_replaced replaced;

	g->engine = sd_work_engine(session);
	if (!g->engine || check_flags(g))
		return SD_ERR;
	g->history = sd_work_history(session, g->engine);
	if (!g->history || sd_history_head(g->history, session->diags, &g->head) ||
		sd_work_check_rev_id(session, g->history, g->opts->rev_id))
		return SD_ERR;
	if (sd_db_exists(&session->target)) {
		g->db = sd_work_open(session, SD_DB_READ);
		g->books = sd_work_books(session);
		if (!g->db || sd_state_read(g->db, &g->books, session->arena, &g->state))
			return SD_ERR;
		sd_state_replace(&g->state, g->history, session->arena, &replaced);
		if (sd_replaced_check(&replaced, session->diags))
			return SD_ERR;
	}
	return g->opts->baseline ? check_baseline(g) : check_at_head(g);
}

/* ---- comparing ---------------------------------------------------------------------- */

static struct sd_schema *
empty_schema(struct generation *g)
{
	struct sd_schema *schema = sd_schema_new(g->session->arena, g->engine->dialect,
		sd_work_target_version(g->session, g->engine));

	sd_schema_finish(schema);
	return schema;
}

/* Both models are read anew for each comparison, which marks what it finds in them. */
static enum sd_status
read_models(struct generation *g, struct sd_schema **from, struct sd_schema **into)
{
	struct sd_session *session = g->session;

	if (g->opts->baseline) {
		*from = empty_schema(g);
		*into = sd_work_introspect(session, g->db, NULL);
		if (!*into)
			return SD_ERR;
		sd_schema_manage_present(*into);
		return SD_OK;
	}
	*into = sd_work_load(session, g->engine);
	if (!*into)
		return SD_ERR;
	*from = g->db ? sd_work_introspect(session, g->db, *into) : empty_schema(g);
	return *from ? SD_OK : SD_ERR;
}

static enum sd_status
compare(struct generation *g)
{
	struct sd_schema *from, *into;

	g->compare.answers = NULL;
	if (read_models(g, &from, &into))
		return SD_ERR;
	/* of the files as they are: comparing completes them by what they leave open */
	g->fingerprint = sd_schema_fingerprint(into, g->session->arena);
	g->diff = sd_work_compare(g->session, g->db, from, into, &g->compare);
	return g->diff->wrong.n ? SD_ERR : SD_OK;
}

/* ---- questions ---------------------------------------------------------------------- */

/* What @object was read as, before renames were done to it. */
static const struct sd_object *
original(const struct sd_object *object)
{
	while (object->origin)
		object = object->origin;
	return object;
}

static void
answer_rename(struct generation *g, const struct sd_ambiguous *pair)
{
	const struct sd_object *from = original(pair->from);
	const struct sd_object *table = from->parent ? from->parent : from;
	struct sd_rename *rename = sd_push(g->session->arena, &g->compare.renames);

	rename->kind = from->kind;
	rename->ns = table->ns;
	rename->table = table->name;
	rename->column = from->parent ? from->name : NULL;
	rename->to = pair->into->name;
}

static enum sd_answer
ask_pair(struct generation *g, const struct sd_ambiguous *pair)
{
	struct sd_arena *arena = g->session->arena;
	const char *from = sd_object_path(arena, pair->from);
	const char *into = sd_object_path(arena, pair->into);

	if (pair->into->kind == SD_TABLE)
		return sd_ask(g->session, "Was the table %s renamed to %s?", from, into);
	return sd_ask(g->session, "Was %s renamed to %s (%s)?", from, into,
		((const struct sd_column *)pair->into)->type);
}

/* One question a pair, until one is a rename; an object that was renamed to nothing new was
 * dropped. */
static enum sd_answer
ask_object(struct generation *g, size_t first, struct sd_map *taken)
{
	const struct sd_object *from = g->diff->ambiguous.at[first].from;
	struct sd_arena *arena = g->session->arena;

	for (size_t i = first; i < g->diff->ambiguous.n; i++) {
		const struct sd_ambiguous *pair = &g->diff->ambiguous.at[i];
		const char *into = sd_object_path(arena, pair->into);
		enum sd_answer answer;

		if (pair->from != from || sd_map_get(taken, into))
			continue;
		answer = ask_pair(g, pair);
		if (answer == SD_ANSWER_NONE)
			return answer;
		if (answer == SD_ANSWER_NO)
			continue;
		answer_rename(g, pair);
		*sd_map_at(taken, into, arena) = taken;
		return answer;
	}
	*sd_push(arena, &g->compare.drops) = sd_object_path(arena, from);
	return SD_ANSWER_NO;
}

static bool
asked_before(const struct sd_diff *diff, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (diff->ambiguous.at[k].from == diff->ambiguous.at[i].from)
			return true;
	return false;
}

/* Ask about all that is ambiguous; false when nobody answered. */
static bool
ask_all(struct generation *g)
{
	struct sd_map taken = { 0 };

	for (size_t i = 0; i < g->diff->ambiguous.n; i++)
		if (!asked_before(g->diff, i) && ask_object(g, i, &taken) == SD_ANSWER_NONE)
			return false;
	return true;
}

/* What nobody answers is refused by sd_work_generate(), with the flags that answer it. */
static enum sd_status
compare_and_ask(struct generation *g)
{
	if (compare(g))
		return SD_ERR;
	for (int i = 0; i < MAX_ROUNDS && g->diff->ambiguous.n; i++) {
		if (!sd_can_ask(g->session) || !ask_all(g))
			return SD_OK;
		if (compare(g))
			return SD_ERR;
	}
	return SD_OK;
}

/* ---- nothing to write --------------------------------------------------------------- */

/* The files say the same in other words than when the head was written: its fingerprint is
 * brought up to date, so that `check` needs no database to see it. */
static enum sd_status
refresh_head(struct generation *g, const char *fingerprint)
{
	struct sd_session *session = g->session;
	const struct sd_script *head = g->head;
	const struct sd_header_edit edit = { "schema", head->schema_pos.line, fingerprint };
	struct sd_rewrites rewrites = { 0 };

	if (g->opts->dry_run) {
		sd_say(session,
			"the fingerprint in %s is out of date; without --dry-run it "
			"would be replaced",
			head->path);
		return SD_OK;
	}
	if (sd_work_edit_script(session, head, &edit, 1, &rewrites) ||
		sd_work_rewrite(session, &rewrites))
		return SD_ERR;
	sd_say(session, "the fingerprint in %s was out of date: replaced", head->path);
	return SD_OK;
}

static int
nothing_to_write(struct generation *g)
{
	struct sd_session *session = g->session;
	bool stale = g->head && g->head->schema && !g->opts->baseline &&
		     strcmp(g->head->schema, g->fingerprint) != 0;

	sd_say(session, g->opts->baseline
				? "the database is empty: there is nothing to begin with"
				: "no differences: no revision was written");
	if (session->globals.json)
		sd_json_text(sd_json_begin(session, g->command), "path", NULL);
	if (stale && !g->diff->unsupported.n && refresh_head(g, g->fingerprint))
		return sd_session_exit(session, SD_EXIT_INPUT);
	return sd_session_exit(session, SD_EXIT_OK);
}

/* ---- writing ------------------------------------------------------------------------ */

/* The baseline is what the database has: record that. */
static enum sd_status
stamp(struct generation *g)
{
	struct sd_session *session = g->session;
	struct sd_run_result result;
	struct sd_run run = {
		.books = &g->books,
		.wait = session->settings.wait,
		.arena = session->arena,
	};
	struct sd_script *head;

	if (session->target.is_protected)
		sd_say_target(session);
	run.history = sd_work_history(session, g->engine);
	if (!run.history || sd_history_head(run.history, session->diags, &head))
		return SD_ERR;
	run.db = sd_work_open(session, SD_DB_WRITE);
	g->books = sd_work_books(session);
	if (run.db && sd_run_stamp(&run, head, &result) == SD_OK)
		return SD_OK;
	sd_hint(session->diags,
		"the script is written; `schemadiff stamp %s` records it in the database",
		head->revision);
	return SD_ERR;
}

static void
show_result(struct generation *g, const struct sd_generated *generated, const char *path,
	const char *id, const char *script)
{
	struct sd_session *session = g->session;
	struct sd_buf *json;

	if (!session->globals.json) {
		fprintf(session->out, script ? "%s" : "%s\n", script ? script : path);
		return;
	}
	json = sd_json_begin(session, g->command);
	sd_json_text(json, "path", path);
	sd_json_text(json, "revision", id);
	sd_json_text(json, "script", script);
	sd_json_names(json, "warnings", &generated->warnings);
	sd_buf_addc(json, ',');
	sd_render_json(g->diff, session->arena, json);
}

static void
warn_all(struct generation *g, const struct sd_generated *generated)
{
	struct sd_session *session = g->session;

	for (size_t i = 0; i < generated->warnings.n; i++)
		sd_warn(session->diags, nowhere, "%s", generated->warnings.at[i]);
	for (size_t i = 0; i < g->diff->unsupported.n; i++)
		sd_warn(session->diags, nowhere, "%s %s",
			sd_object_title(session->arena, g->diff->unsupported.at[i].object),
			g->diff->unsupported.at[i].text);
}

/* A baseline is written from the database.  Where the schema files say the same in other words
 * their fingerprint is the one to be found again; NULL when they don't, or don't load. */
static const char *
fingerprint_of_files(struct generation *g)
{
	struct sd_diags unheard = { .arena = g->session->arena };
	struct sd_session quiet = *g->session;
	struct sd_diff_options options;
	struct sd_schema *wanted, *live;
	const char *fingerprint;

	quiet.diags = &unheard;
	wanted = sd_work_load(&quiet, g->engine);
	live = wanted ? sd_work_introspect(&quiet, g->db, wanted) : NULL;
	if (!live || sd_work_diff_options(&quiet, NULL, &options))
		return NULL;
	fingerprint = sd_schema_fingerprint(wanted, g->session->arena);
	return sd_diff_empty(sd_work_compare(&quiet, g->db, live, wanted, &options))
		       ? fingerprint
		       : NULL;
}

static int
write_script(struct generation *g)
{
	struct sd_session *session = g->session;
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_new_revision revision = { .message = g->opts->message,
		.rev_id = g->opts->rev_id };
	const char *path = NULL, *id = NULL, *script = NULL;
	struct sd_generated generated;
	enum sd_status status;

	if (sd_work_generate(session, g->engine, g->db, g->diff, &g->compare, g->allow, &generated))
		return sd_session_exit(session, SD_EXIT_REFUSED);
	if (g->asked)
		revision.extras = g->asked->extras;
	revision.up = generated.up;
	revision.down = generated.down;
	revision.schema = g->opts->baseline ? fingerprint_of_files(g) : NULL;
	if (!revision.schema)
		revision.schema = g->fingerprint;
	warn_all(g, &generated);
	if (g->opts->dry_run) {
		status = sd_work_script_text(
			session, g->engine, g->history, &revision, &id, &text);
		script = sd_buf_text(&text);
	} else {
		status = sd_work_write_revision(
			session, g->engine, g->history, &revision, &path, &id);
	}
	if (status)
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (g->asked)
		g->asked->revision = id;
	show_result(g, &generated, path, id, script);
	if (g->opts->baseline && !g->opts->dry_run && stamp(g))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	return sd_session_exit(session, SD_EXIT_OK);
}

/* Nothing is in the way any more. */
static enum sd_status
before_files(struct generation *g)
{
	return g->asked && g->asked->before ? g->asked->before(g->asked->ctx) : SD_OK;
}

static int
generate(struct generation *g)
{
	if (begin(g) || before_files(g) || compare_and_ask(g))
		return sd_session_exit(g->session, SD_EXIT_INPUT);
	if (g->diff->changes.n)
		return write_script(g);
	warn_all(g, &(struct sd_generated){ 0 });
	return nothing_to_write(g);
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	struct generation g = {
		.session = session, .command = "autogenerate", .opts = options
	};

	(void)args;
	return generate(&g);
}

int
sd_baseline_run(struct sd_session *session, struct sd_baseline *baseline)
{
	const struct options options = { .message = baseline->message,
		.rev_id = baseline->rev_id,
		.baseline = true,
		.dry_run = baseline->dry_run };
	struct generation g = { .session = session,
		.command = session->command,
		.asked = baseline,
		.opts = &options };

	return generate(&g);
}

const struct sd_cmd sd_cmd_autogenerate = {
	.name = "autogenerate",
	.summary = "write a revision: what differs between database and schema files",
	.details =
		"Compares the database with the schema files and writes a script with an up "
		"and "
		"a down part for what differs, to be reviewed before `schemadiff upgrade` runs "
		"it. The database must be at head. Steps that lose data are named on stderr "
		"and "
		"in the script. When nothing differs nothing is written.\n\n"
		"A column that is gone beside a new one of the same type, or a table beside a "
		"new one like it, may have been renamed: on a terminal you are asked, "
		"elsewhere "
		"the command exits with 5 and names the flags that answer.\n\n"
		"--baseline begins the history of a database that exists: the first revision "
		"creates what it has, and is recorded there as applied.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
};
