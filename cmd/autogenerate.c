/* The difference between the database and the schema files as a new revision.
 *
 * What may be a rename or a loss is asked where somebody can answer, and each answer becomes
 * what the flag --rename or --drop would have said; then everything is compared again, since
 * the renamed tables may hold renamed columns. */
#include "cmd/autogenerate.h"

#include "cmd/ask.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/place.h"
#include "cmd/work/rewrite.h"
#include "cmd/work/sides.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *message, *rev_id, *scratch;
	struct sd_names renames, drops, allow, also;
	bool no_renames, baseline, dry_run, replay;
	struct sd_place place;
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
	OPT(0, "also", SD_OPT_LIST, also, "ENV",
		"environment of another dialect, where the project has several"),
	OPT(0, "replay", SD_OPT_FLAG, replay, NULL,
		"replay the scripts for the other dialects, whatever environments there are"),
	{ 0, "scratch", SD_OPT_WORD, offsetof(struct options, scratch), "auto",
		"do that in a temporary database on the server of an environment",
		sd_scratch_words },
	SD_PLACE_OPTIONS(options),
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
	struct sd_side_options places;
	struct sd_sides sides; /* a dialect each */
	struct sd_side *target;
	struct sd_script *head; /* what the new revision revises, if that is one */
	unsigned allow;
	struct sd_diff_options compare; /* what was answered */
	struct sd_new_revision revision;
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
	if (o->baseline && (o->place.heads.n || o->place.splice || o->place.depends_on.n))
		return sd_error(g->session->diags, nowhere,
			"--baseline begins a history: --head, --splice and --depends-on have no "
			"meaning");
	if (parse_allow(g))
		return SD_ERR;
	return sd_work_diff_options(g->session, &flags, &g->compare);
}

/* Where the new revision stands in the history. */
static enum sd_status
find_place(struct generation *g)
{
	const struct sd_place *place = &g->opts->place;
	const struct sd_history *history = g->target->history;
	struct sd_session *session = g->session;
	struct sd_scripts *parents = &g->places.parents;

	g->revision = (struct sd_new_revision){
		.message = g->opts->message,
		.rev_id = g->opts->rev_id,
		.labels = place->labels,
		.folder = place->folder,
	};
	g->places.chosen = place->heads.n != 0;
	if (!place->heads.n && sd_history_head(history, session->diags, &g->head))
		return SD_ERR;
	if (sd_work_resolve_each(session, history, &place->heads, parents) ||
		sd_work_check_parents(session, history, parents, place->splice) ||
		sd_work_resolve_each(
			session, history, &place->depends_on, &g->places.needs) ||
		sd_work_dependencies(
			session, history, &place->depends_on, &g->revision.depends_on))
		return SD_ERR;
	if (!place->heads.n)
		return SD_OK;
	g->revision.parents = parents;
	if (parents->n == 1 && !parents->at[0]->links.children.n)
		g->head = parents->at[0];
	return SD_OK;
}

static enum sd_status
begin(struct generation *g)
{
	const struct options *o = g->opts;

	g->places = (struct sd_side_options){
		.also = o->also,
		.replay = o->replay,
		.scratch_auto = o->scratch != NULL,
		.baseline = o->baseline,
	};
	if (check_flags(g) || sd_sides_find(g->session, &g->places, &g->sides))
		return SD_ERR;
	g->target = g->sides.target;
	if (find_place(g) ||
		sd_work_check_rev_id(g->session, g->target->history, o->rev_id) ||
		sd_sides_open(&g->sides, &g->places))
		return SD_ERR;
	return o->baseline && !o->dry_run ? sd_db_takes_changes(g->target->db) : SD_OK;
}

static enum sd_status
compare(struct generation *g)
{
	return sd_sides_compare(&g->sides, &g->compare, g->opts->baseline);
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
ask_object(struct generation *g, const struct sd_diff *diff, size_t first, struct sd_map *taken)
{
	const struct sd_object *from = diff->ambiguous.at[first].from;
	struct sd_arena *arena = g->session->arena;

	for (size_t i = first; i < diff->ambiguous.n; i++) {
		const struct sd_ambiguous *pair = &diff->ambiguous.at[i];
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
ask_all(struct generation *g, const struct sd_diff *diff)
{
	struct sd_map taken = { 0 };

	for (size_t i = 0; i < diff->ambiguous.n; i++)
		if (!asked_before(diff, i) && ask_object(g, diff, i, &taken) == SD_ANSWER_NONE)
			return false;
	return true;
}

/* The first comparison in which something is ambiguous, or NULL. */
static const struct sd_diff *
ambiguous(const struct generation *g)
{
	for (size_t i = 0; i < g->sides.n; i++)
		if (g->sides.at[i].diff->ambiguous.n)
			return g->sides.at[i].diff;
	return NULL;
}

/* What was answered for one dialect holds for all.  What nobody answers is refused by
 * sd_work_generate(), with the flags that answer it. */
static enum sd_status
compare_and_ask(struct generation *g)
{
	const struct sd_diff *diff;

	if (compare(g))
		return SD_ERR;
	for (int i = 0; i < MAX_ROUNDS && (diff = ambiguous(g)) != NULL; i++) {
		if (!sd_can_ask(g->session) || !ask_all(g, diff))
			return SD_OK;
		if (compare(g))
			return SD_ERR;
	}
	return SD_OK;
}

/* ---- nothing to write --------------------------------------------------------------- */

/* The fingerprints of the head with those brought up to date whose dialects differ in nothing; NULL
 * when they are. */
static const char *
fresh_fingerprints(struct generation *g)
{
	struct sd_arena *arena = g->session->arena;
	struct sd_script_schemas fresh = { 0 };

	for (size_t i = 0; i < g->sides.n; i++) {
		const struct sd_side *side = &g->sides.at[i];
		const char *dialect = side->engine->dialect->name;
		const char *now = sd_script_schema_of(g->head, dialect);

		if (!sd_text_equal(now, side->fingerprint) && side->diff->unsupported.n)
			continue;
		*sd_push(arena, &fresh) = (struct sd_script_schema){ dialect, side->fingerprint };
	}
	return sd_script_schemas_renewed(g->head, &fresh, g->sides.n > 1, arena);
}

/* The files say the same in other words than when the head was written: its fingerprint is
 * brought up to date, so that `check` needs no database to see it. */
static enum sd_status
refresh_head(struct generation *g)
{
	struct sd_session *session = g->session;
	const struct sd_script *head = g->head;
	struct sd_rewrites rewrites = { 0 };
	struct sd_header_edit edit = { "schema", 0, NULL };

	if (!head || !head->schema_pos.line || g->opts->baseline)
		return SD_OK;
	edit.line = head->schema_pos.line;
	edit.value = fresh_fingerprints(g);
	if (!edit.value)
		return SD_OK;
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

	sd_say(session, "%s",
		!g->opts->baseline ? "no differences: no revision was written"
		: g->target->left_out.n
			? "the database has nothing that a baseline can create: no revision "
			  "was "
			  "written"
			: "the database is empty: there is nothing to begin with");
	if (session->globals.json)
		sd_json_text(sd_json_begin(session, g->command), "path", NULL);
	if (refresh_head(g))
		return sd_session_exit(session, SD_EXIT_INPUT);
	return sd_session_exit(session, SD_EXIT_OK);
}

/* ---- writing ------------------------------------------------------------------------ */

/* The baseline is what the database of @side has: record that. */
static enum sd_status
stamp(struct generation *g, struct sd_side *side, const char *id)
{
	struct sd_session *session = side->session;
	struct sd_run_result result;
	struct sd_run run = {
		.books = &side->books,
		.wait = session->settings.wait,
		.arena = session->arena,
	};

	if (session->target.is_protected || !side->is_target)
		sd_say(g->session, "target: %s (%s%s)", session->target.masked,
			session->target.origin,
			session->target.is_protected ? ", protected" : "");
	run.history = sd_work_history(session, side->engine);
	if (!run.history)
		return SD_ERR;
	run.db = sd_work_open(session, SD_DB_WRITE);
	side->books = sd_work_books(session);
	if (run.db && sd_run_stamp(&run, sd_history_find(run.history, id), &result) == SD_OK)
		return SD_OK;
	sd_hint(session->diags,
		"the script is written; `schemadiff stamp %s%s%s` records it in the database", id,
		side->is_target ? "" : " -e ", side->is_target ? "" : session->environment);
	return SD_ERR;
}

/* Databases that were named are recorded to have the baseline; another one is only looked at. */
static enum sd_status
stamp_all(struct generation *g, const char *id)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < g->sides.n; i++) {
		struct sd_side *side = &g->sides.at[i];

		if (!side->db || side->from_files)
			continue;
		if (side->is_target || side->named)
			status = stamp(g, side, id) ? SD_ERR : status;
		else
			sd_say(g->session,
				"%s has what the %s part creates: `schemadiff %s -e %s` "
				"records that there",
				side->from, side->engine->dialect->name,
				g->asked ? g->command
					 : sd_fmt(side->session->arena, "stamp %s", id),
				side->session->environment);
	}
	return status;
}

/* @text, of @side, says so where there are several. */
static const char *
of_side(const struct generation *g, const struct sd_side *side, const char *text)
{
	return g->sides.n > 1
		       ? sd_fmt(g->session->arena, "%s: %s", side->engine->dialect->name, text)
		       : text;
}

/* What is not in the parts of @side, and what they destroy. */
static struct sd_names
side_warnings(const struct generation *g, const struct sd_side *side)
{
	struct sd_names all = { 0 };

	for (size_t i = 0; i < side->left_out.n; i++)
		*sd_push(g->session->arena, &all) = side->left_out.at[i];
	for (size_t i = 0; i < side->generated.warnings.n; i++)
		*sd_push(g->session->arena, &all) = side->generated.warnings.at[i];
	return all;
}

static void
json_sides(const struct generation *g, struct sd_buf *json)
{
	sd_json_open(json, "dialects", '[');
	for (size_t i = 0; i < g->sides.n; i++) {
		const struct sd_side *side = &g->sides.at[i];
		const struct sd_names warnings = side_warnings(g, side);

		sd_json_open(json, NULL, '{');
		sd_json_text(json, "dialect", side->engine->dialect->name);
		sd_json_text(json, "from", side->from);
		sd_json_names(json, "warnings", &warnings);
		sd_buf_addc(json, ',');
		sd_render_json(side->diff, g->session->arena, json);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static void
show_result(struct generation *g, const char *path, const char *id, const char *script)
{
	struct sd_session *session = g->session;
	struct sd_names warnings = { 0 };
	struct sd_buf *json;

	for (size_t i = 0; g->sides.n > 1 && i < g->sides.n; i++) {
		const struct sd_side *side = &g->sides.at[i];

		sd_say(session, "%s: %s %s%s", side->engine->dialect->name,
			g->opts->baseline ? "from" : "compared with", side->from,
			side->diff->changes.n
				? ""
				: "; nothing differs, so its parts are empty");
	}
	if (!session->globals.json) {
		fprintf(session->out, script ? "%s" : "%s\n", script ? script : path);
		return;
	}
	for (size_t i = 0; i < g->sides.n; i++) {
		const struct sd_names all = side_warnings(g, &g->sides.at[i]);

		for (size_t k = 0; k < all.n; k++)
			*sd_push(session->arena, &warnings) =
				of_side(g, &g->sides.at[i], all.at[k]);
	}
	json = sd_json_begin(session, g->command);
	sd_json_text(json, "path", path);
	sd_json_text(json, "revision", id);
	sd_json_text(json, "script", script);
	sd_json_names(json, "warnings", &warnings);
	sd_buf_addc(json, ',');
	sd_render_json(g->target->diff, session->arena, json);
	if (g->sides.n > 1)
		json_sides(g, json);
}

static void
warn_all(struct generation *g)
{
	struct sd_arena *arena = g->session->arena;

	for (size_t i = 0; i < g->sides.n; i++) {
		const struct sd_side *side = &g->sides.at[i];
		const struct sd_names warnings = side_warnings(g, side);

		for (size_t k = 0; k < warnings.n; k++)
			sd_warn(g->session->diags, nowhere, "%s",
				of_side(g, side, warnings.at[k]));
		for (size_t k = 0; k < side->diff->unsupported.n; k++)
			sd_warn(g->session->diags, nowhere, "%s %s",
				of_side(g, side,
					sd_object_title(
						arena, side->diff->unsupported.at[k].object)),
				side->diff->unsupported.at[k].text);
	}
}

static void
add_parts(struct generation *g)
{
	for (size_t i = 0; i < g->sides.n; i++) {
		struct sd_side *side = &g->sides.at[i];

		*sd_push(g->session->arena, &g->revision.by_dialect) = (struct sd_new_part){
			.engine = side->engine,
			.version = sd_work_target_version(side->session, side->engine),
			.up = side->generated.up,
			.down = side->generated.down,
			.schema = g->opts->baseline ? sd_side_baseline_fingerprint(side)
						    : side->fingerprint,
		};
	}
}

static int
write_script(struct generation *g)
{
	struct sd_session *session = g->session;
	struct sd_buf text = SD_BUF(session->arena);
	const char *path = NULL, *id = NULL, *script = NULL;
	enum sd_status status;

	if (sd_sides_generate(&g->sides, g->allow))
		return sd_session_exit(session, SD_EXIT_REFUSED);
	if (g->asked)
		g->revision.extras = g->asked->extras;
	add_parts(g);
	warn_all(g);
	if (g->opts->dry_run) {
		status = sd_work_script_text(session, g->target->engine, g->target->history,
			&g->revision, &id, &text);
		script = sd_buf_text(&text);
	} else {
		status = sd_work_write_revision(session, g->target->engine, g->target->history,
			&g->revision, &path, &id);
	}
	if (status)
		return sd_session_exit(session, SD_EXIT_INPUT);
	if (g->asked)
		g->asked->revision = id;
	show_result(g, path, id, script);
	if (g->opts->baseline && !g->opts->dry_run && stamp_all(g, id))
		return sd_session_exit(session, SD_EXIT_DATABASE);
	return sd_session_exit(session, SD_EXIT_OK);
}

static bool
differs(const struct generation *g)
{
	for (size_t i = 0; i < g->sides.n; i++)
		if (g->sides.at[i].diff->changes.n)
			return true;
	return false;
}

/* Nothing is in the way any more. */
static enum sd_status
before_files(struct generation *g)
{
	const struct sd_baseline *asked = g->asked;

	for (size_t i = 0; asked && asked->check && i < g->sides.n; i++) {
		struct sd_side *side = &g->sides.at[i];

		if (!side->is_target && asked->check(asked->ctx, side))
			return SD_ERR;
	}
	return asked && asked->before ? asked->before(asked->ctx) : SD_OK;
}

static int
generate(struct generation *g)
{
	if (begin(g) || before_files(g) || compare_and_ask(g))
		return sd_session_exit(g->session, SD_EXIT_INPUT);
	if (differs(g))
		return write_script(g);
	warn_all(g);
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
		.also = baseline->also,
		.replay = baseline->replay,
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
		"Where \"dialects\" of the configuration lists several, the script gets a part "
		"for each. The dialect of the database is compared with that; another one with "
		"the environment of --also, or the only unprotected environment of that "
		"dialect, or else what the scripts add up to in a scratch database.\n\n"
		"--baseline begins the history of a database that exists: the first revision "
		"creates what it has, and is recorded there as applied.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
};
