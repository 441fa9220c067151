#include "cmd/work/sides.h"

#include "core/base/text.h"
#include "core/config/tenants.h"
#include "core/history/replaced.h"

#include <string.h>

static const struct sd_pos nowhere;

/* What was reported of @side from index @first on: what another one has said is not said again. */
static enum sd_status
settle(const struct sd_sides *sides, size_t first, enum sd_status status)
{
	if (sides->n > 1)
		sd_diags_drop_repeats(sides->at[0].session->diags, first);
	return status;
}

/* What was reported last is about @side alone. */
static enum sd_status
alone(const struct sd_side *side)
{
	sd_note(side->session->diags, nowhere, "this is about %s", side->engine->dialect->name);
	return SD_ERR;
}

/* @fn for each of @sides; where some fail and some don't it is said which. */
static enum sd_status
for_each(struct sd_sides *sides, enum sd_status (*fn)(struct sd_side *side, const void *ctx),
	const void *ctx)
{
	struct sd_diags *diags = sides->at[0].session->diags;
	struct sd_side *failed = NULL;
	size_t n = 0;

	for (size_t i = 0; i < sides->n; i++) {
		size_t first = diags->list.n;

		if (settle(sides, first, fn(&sides->at[i], ctx)) == SD_OK)
			continue;
		failed = &sides->at[i];
		if (n++ && diags->list.n > first)
			(void)alone(failed);
	}
	if (n == 1 && sides->n > 1)
		(void)alone(failed);
	return n ? SD_ERR : SD_OK;
}

/* ---- where the databases are ---------------------------------------------------------- */

/* @side works on @target, the database of @environment, whose schema files and options are still
 * those of the session: one history has one set of them. */
static void
use_environment(struct sd_side *side, const struct sd_environment *environment,
	const struct sd_target *target)
{
	struct sd_settings *settings = &side->session->settings;

	side->session->environment = environment->name;
	side->session->target = *target;
	side->session->has_target = true;
	settings->bookkeeping_namespace = environment->settings.bookkeeping_namespace;
	settings->bookkeeping_prefix = environment->settings.bookkeeping_prefix;
	side->from = target->origin;
	side->replayed = false;
}

static struct sd_side *
side_of(struct sd_sides *sides, const struct sd_dialect *dialect)
{
	for (size_t i = 0; i < sides->n; i++)
		if (sides->at[i].engine->dialect == dialect)
			return &sides->at[i];
	return NULL;
}

/* --also @name. */
static enum sd_status
use_named(struct sd_session *session, const char *name, struct sd_sides *sides)
{
	struct sd_url_sources sources = { 0 };
	const struct sd_environment *environment;
	struct sd_target target;
	struct sd_side *side;

	if (sd_config_choose(&session->config, name, session->arena, session->diags,
		    &sources.environment) ||
		sd_url_resolve(&session->config, &sources, session->arena, session->diags, &target,
		    &environment))
		return SD_ERR;
	side = side_of(sides, target.dialect);
	if (!side || side->is_target)
		return sd_error(session->diags, nowhere, "--also %s: it is of %s, %s", name,
			target.dialect->name,
			side ? "as the target is"
			     : "which \"dialects\" of the configuration does not list");
	if (side->named)
		return sd_error(session->diags, nowhere,
			"--also %s: %s of %s was named already", name, side->from,
			target.dialect->name);
	if (!sd_names_equal(&environment->settings.migrations, &session->settings.migrations))
		return sd_error(session->diags, environment->pos,
			"--also %s: it has other folders of migrations", name);
	use_environment(side, environment, &target);
	side->named = true;
	return SD_OK;
}

/* The only environment that @side could take, if there is one. */
static void
use_only(struct sd_session *session, struct sd_side *side)
{
	struct sd_environments all = { 0 };
	const struct sd_work_environment *only = NULL;

	sd_work_environments_of(session, side->engine, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct sd_work_environment *found = &all.at[i];

		if (!sd_names_equal(&found->environment->settings.migrations,
			    &session->settings.migrations) ||
			!sd_db_exists(&found->target))
			continue;
		if (only)
			return;
		only = found;
	}
	if (only)
		use_environment(side, only->environment, &only->target);
}

enum sd_status
sd_sides_find(struct sd_session *session, const struct sd_side_options *options,
	struct sd_sides *sides)
{
	struct sd_engine_list engines;

	*sides = (struct sd_sides){ 0 };
	if (sd_work_engines(session, &engines))
		return SD_ERR;
	for (size_t i = 0; i < engines.n; i++)
		*sd_push(session->arena, sides) = (struct sd_side){
			.session = sd_work_for(session, engines.at[i]),
			.engine = engines.at[i],
			.is_target = engines.at[i] == sd_work_engine(session),
			.replayed = engines.at[i] != sd_work_engine(session),
			.from = engines.at[i] == sd_work_engine(session)
					? session->target.origin
					: "the migrations",
		};
	for (size_t i = 0; i < options->also.n; i++)
		if (use_named(session, options->also.at[i], sides))
			return SD_ERR;
	for (size_t i = 0; i < sides->n; i++) {
		struct sd_side *side = &sides->at[i];
		size_t first = session->diags->list.n;

		if (side->is_target)
			sides->target = side;
		else if (!side->named && !options->replay)
			use_only(session, side);
		side->history = sd_work_history(side->session, side->engine);
		(void)settle(sides, first, SD_OK);
		if (!side->history)
			return i ? alone(side) : SD_ERR;
	}
	return SD_OK;
}

/* ---- may it begin? ------------------------------------------------------------------ */

static enum sd_status
not_there(struct sd_side *side, const char *why, const char *way_out)
{
	struct sd_session *session = side->session;

	sd_fail(session->diags, SD_CLASS_HISTORY, nowhere, "%s", why);
	sd_hint(session->diags, "%s", way_out);
	return SD_ERR;
}

/* How `schemadiff VERB` is called for the database of @side. */
static const char *
command(const struct sd_side *side, const char *verb)
{
	return sd_fmt(side->session->arena, "schemadiff %s%s%s", verb,
		side->is_target ? "" : " -e ",
		side->is_target ? "" : side->session->environment);
}

/* What must have run in @side before the new revision can, and has not. */
static enum sd_status
find_pending(struct sd_side *side, const struct sd_side_options *options,
	struct sd_scripts *pending)
{
	struct sd_arena *arena = side->session->arena;
	const struct sd_scripts *lists[] = { &options->parents, &options->needs };
	struct sd_goal goal = { 0 };

	if (!options->chosen) {
		sd_history_upgrade(side->history, NULL, &side->state.ids, arena, pending);
		return SD_OK;
	}
	for (size_t k = 0; k < SD_COUNT(lists); k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			*sd_push(arena, &goal.scripts) =
				sd_history_find(side->history, lists[k]->at[i]->revision);
	return goal.scripts.n ? sd_history_up(side->history, &goal, &side->state.ids, arena,
					side->session->diags, pending)
			      : SD_OK;
}

/* Nothing that comes behind the revisions that were named has run: it would be a part of the
 * difference that the new one does not have below it. */
static enum sd_status
check_not_beyond(struct sd_side *side, const struct sd_side_options *options)
{
	struct sd_session *session = side->session;
	struct sd_scripts beyond = { 0 }, behind = { 0 };
	struct sd_goal goal = { 0 };

	for (size_t i = 0; i < options->parents.n; i++)
		*sd_push(session->arena, &goal.scripts) =
			sd_history_find(side->history, options->parents.at[i]->revision);
	if (goal.scripts.n && sd_history_down(side->history, &goal, &side->state.ids,
				      session->arena, session->diags, &beyond))
		return SD_ERR;
	if (beyond.n)
		return not_there(side,
			sd_fmt(session->arena,
				"the database is beyond %s: revision %s is applied, too",
				goal.scripts.at[0]->revision, beyond.at[0]->revision),
			sd_fmt(session->arena, "run `%s %s` first",
				command(side, "downgrade"), goal.scripts.at[0]->revision));
	sd_history_upgrade(side->history, NULL, &side->state.ids, session->arena, &behind);
	if (behind.n)
		sd_warn(session->diags, nowhere,
			"revision %s%s not applied%s%s: what %s is part of the difference",
			behind.at[0]->revision, behind.n == 1 ? " is" : " and others are",
			side->is_target ? "" : " in ", side->is_target ? "" : side->from,
			behind.n == 1 ? "it does" : "they do");
	return SD_OK;
}

/* A revision is the way from where it stands in the history to the files, so the database must be
 * there. */
static enum sd_status
check_place(struct sd_side *side, const struct sd_side_options *options)
{
	struct sd_session *session = side->session;
	const struct sd_partial *partial = &side->state.partial;
	struct sd_scripts pending = { 0 };

	if (partial->revision)
		return not_there(side,
			sd_fmt(session->arena, "revision %s is half %s", partial->revision,
				partial->down ? "undone" : "applied"),
			sd_fmt(session->arena, "finish it with `%s`",
				command(side, partial->down ? "downgrade" : "upgrade")));
	for (size_t i = 0; i < side->state.ids.n; i++)
		if (!sd_history_find(side->history, side->state.ids.at[i]))
			return not_there(side,
				sd_fmt(session->arena,
					"revision %s is applied, and no script here has it",
					side->state.ids.at[i]),
				"get the branch that has its file");
	if (find_pending(side, options, &pending))
		return SD_ERR;
	if (!pending.n)
		return options->chosen ? check_not_beyond(side, options) : SD_OK;
	return not_there(side,
		sd_fmt(session->arena, "%s %s: %zu revision%s pending, up to %s",
			side->is_target ? "the database" : side->from,
			side->db ? "is not at head" : "does not exist yet", pending.n,
			pending.n == 1 ? " is" : "s are",
			pending.at[pending.n - 1]->revision),
		sd_fmt(session->arena, "run `%s` first", command(side, "upgrade")));
}

/* A baseline is the root of a history and describes a database that knows no other. */
static enum sd_status
check_baseline(struct sd_side *side)
{
	struct sd_session *session = side->session;

	if (!side->db && !side->is_target)
		return SD_OK;
	if (!side->db)
		return not_there(side,
			sd_fmt(session->arena,
				"the database %s does not exist, so there is nothing to begin "
				"with",
				session->target.masked),
			"without --baseline the first revision creates what the files want");
	if (side->history->scripts.n)
		return not_there(side,
			sd_fmt(session->arena,
				"a baseline begins a history, and this one has revisions up to "
				"%s",
				side->history->heads.at[side->history->heads.n - 1]),
			"without --baseline the revision is the difference to the schema "
			"files");
	if (side->state.ids.n)
		return not_there(side,
			sd_fmt(session->arena,
				"a baseline begins a history, and the database is at %s",
				side->state.ids.at[side->state.ids.n - 1]),
			"get the scripts of its revisions");
	return SD_OK;
}

/* ---- opening -------------------------------------------------------------------------- */

static enum sd_status
no_scratch(struct sd_side *side, const char *why)
{
	struct sd_session *session = side->session;
	const char *dialect = side->engine->dialect->name;
	struct sd_environments all = { 0 };
	struct sd_buf names = SD_BUF(session->arena);

	sd_error(session->diags, nowhere,
		"there is no %s database to compare with, and none to replay the migrations in",
		dialect);
	sd_work_environments_of(session, side->engine, &all);
	for (size_t i = 0; i < all.n; i++)
		sd_buf_addf(&names, "%s%s", i ? ", " : " (", all.at[i].environment->name);
	sd_hint(session->diags, "--also ENV names an environment of %s%s%s; else %s", dialect,
		sd_buf_text(&names), all.n ? ")" : "", why);
	return SD_ERR;
}

/* What has run in the target is run in a scratch database of another engine. */
static enum sd_status
replay(struct sd_side *side, const struct sd_side *target, const struct sd_side_options *options)
{
	struct sd_session *session = side->session;
	struct sd_names tips = { 0 };
	struct sd_goal goal = { 0 };
	struct sd_target near;
	const char *why;
	enum sd_status status;

	sd_history_tips(target->history, &target->state.ids, session->arena, &tips);
	for (size_t i = 0; i < tips.n; i++) {
		struct sd_script *script = sd_history_find(side->history, tips.at[i]);

		if (script)
			*sd_push(session->arena, &goal.scripts) = script;
	}
	if (!goal.scripts.n)
		return SD_OK;
	status = sd_work_scratch(session, side->engine, options->scratch_auto, &near, &why);
	if (status == SD_NOTFOUND)
		return no_scratch(side, why);
	if (status)
		return SD_ERR;
	if (!sd_work_replay(session, side->engine, side->history, &goal, &near, &side->db)) {
		sd_hint(session->diags,
			"--also ENV compares with the database of an environment of %s instead",
			side->engine->dialect->name);
		return alone(side);
	}
	session->server_version = sd_db_version(side->db);
	session->namespace = sd_strdup(session->arena, sd_db_namespace(side->db));
	return SD_OK;
}

static enum sd_status
open_database(struct sd_side *side)
{
	struct sd_session *session = side->session;
	struct sd_replaced replaced;

	if (!sd_db_exists(&session->target))
		return SD_OK;
	side->db = sd_work_open(session, SD_DB_READ);
	side->books = sd_work_books(session);
	if (!side->db || sd_state_read(side->db, &side->books, session->arena, &side->state))
		return SD_ERR;
	sd_state_replace(&side->state, side->history, session->arena, &replaced);
	return sd_replaced_check(&replaced, session->diags);
}

static enum sd_status
open_side(struct sd_side *side, const struct sd_side *target,
	const struct sd_side_options *options)
{
	enum sd_status status;

	if (side->replayed)
		return options->baseline ? SD_OK : replay(side, target, options);
	status = open_database(side);
	if (!status)
		status = options->baseline ? check_baseline(side) : check_place(side, options);
	if (status && !side->is_target && !side->named)
		sd_hint(side->session->diags, "--replay takes %s, instead of %s",
			options->baseline ? "the schema files"
					  : "what the scripts add up to in a scratch database",
			side->from);
	return status;
}

enum sd_status
sd_sides_open(struct sd_sides *sides, const struct sd_side_options *options)
{
	/* what the user has named is looked at first */
	if (open_side(sides->target, sides->target, options))
		return SD_ERR;
	for (size_t i = 0; i < sides->n; i++) {
		struct sd_side *side = &sides->at[i];
		size_t first = side->session->diags->list.n;

		if (!side->is_target &&
			settle(sides, first, open_side(side, sides->target, options)))
			return SD_ERR;
	}
	return SD_OK;
}

/* ---- comparing ------------------------------------------------------------------------ */

static struct sd_schema *
empty_schema(struct sd_side *side)
{
	struct sd_schema *schema = sd_schema_new(side->session->arena, side->engine->dialect,
		sd_work_target_version(side->session, side->engine));

	sd_schema_finish(schema);
	return schema;
}

static bool
has_objects(const struct sd_schema *schema)
{
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		if (schema->objects[kind].n)
			return true;
	return false;
}

int
sd_side_is_filled(struct sd_side *side)
{
	struct sd_schema *schema;

	if (!side->db)
		return 0;
	schema = sd_work_introspect(side->session, side->db, NULL);
	return schema ? has_objects(schema) : -1;
}

/* What is not understood is in no script, and whoever runs the baseline in an empty database
 * must know. */
static void
find_left_out(struct sd_side *side, struct sd_schema *schema)
{
	struct sd_arena *arena = side->session->arena;

	sd_diff_leave_alone(schema, &side->options, arena);
	side->left_out = (struct sd_names){ 0 };
	for (enum sd_kind kind = SD_N_PARTS; kind < SD_KIND__MAX; kind++)
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			const struct sd_object *object = schema->objects[kind].at[i];

			if (object->opaque && !(object->flags & SD_OBJ_UNMANAGED))
				*sd_push(arena, &side->left_out) = sd_fmt(arena,
					"%s is not fully understood (%s): the baseline does "
					"not "
					"create it",
					sd_object_title(arena, object), object->opaque);
		}
}

/* A baseline is what is there.  An engine on which nothing is there yet begins with the files.
 */
static enum sd_status
read_baseline(struct sd_side *side, struct sd_schema **from, struct sd_schema **into)
{
	*from = empty_schema(side);
	*into = side->db ? sd_work_introspect(side->session, side->db, NULL) : NULL;
	if (side->db && !*into)
		return SD_ERR;
	side->from_files = !side->is_target && (!*into || !has_objects(*into));
	if (side->from_files) {
		side->from = "the schema files";
		*into = sd_work_load(side->session, side->engine);
	} else {
		find_left_out(side, *into);
		sd_schema_manage_present(*into);
	}
	return *into ? SD_OK : SD_ERR;
}

/* Both models are read anew for each comparison, which marks what it finds in them. */
static enum sd_status
read_models(struct sd_side *side, bool baseline, struct sd_schema **from,
	struct sd_schema **into)
{
	if (baseline)
		return read_baseline(side, from, into);
	*into = sd_work_load(side->session, side->engine);
	if (!*into)
		return SD_ERR;
	*from = side->db ? sd_work_introspect(side->session, side->db, *into)
			 : empty_schema(side);
	return *from ? SD_OK : SD_ERR;
}

struct comparison {
	const struct sd_diff_options *options;
	bool baseline;
};

static enum sd_status
compare(struct sd_side *side, const void *ctx)
{
	const struct comparison *comparison = ctx;
	struct sd_schema *from, *into;

	side->options = *comparison->options;
	side->options.answers = NULL;
	if (read_models(side, comparison->baseline, &from, &into))
		return SD_ERR;
	/* of the files as they are: comparing completes them by what they leave open */
	side->fingerprint = sd_schema_fingerprint(into, side->session->arena);
	side->diff = sd_work_compare(side->session, side->db, from, into, &side->options);
	return SD_OK;
}

/* What a flag says must fit on one engine at least. */
static enum sd_status
check_flags(const struct sd_sides *sides)
{
	struct sd_diffs diffs = { 0 };

	for (size_t i = 0; i < sides->n; i++)
		*sd_push(sides->at[0].session->arena, &diffs) = sides->at[i].diff;
	return sd_work_check_flags(sides->at[0].session, &diffs);
}

enum sd_status
sd_sides_compare(struct sd_sides *sides, const struct sd_diff_options *options, bool baseline)
{
	const struct comparison comparison = { options, baseline };

	return for_each(sides, compare, &comparison) ? SD_ERR : check_flags(sides);
}

const char *
sd_side_baseline_fingerprint(struct sd_side *side)
{
	struct sd_diags unheard = { .arena = side->session->arena };
	struct sd_session quiet = *side->session;
	struct sd_diff_options options;
	struct sd_schema *wanted, *live;
	const char *fingerprint;

	if (side->from_files)
		return side->fingerprint;
	quiet.diags = &unheard;
	wanted = sd_work_load(&quiet, side->engine);
	live = wanted ? sd_work_introspect(&quiet, side->db, wanted) : NULL;
	if (!live || sd_work_diff_options(&quiet, NULL, &options))
		return side->fingerprint;
	fingerprint = sd_schema_fingerprint(wanted, side->session->arena);
	return sd_diff_empty(sd_work_compare(&quiet, side->db, live, wanted, &options))
		       ? fingerprint
		       : side->fingerprint;
}

/* ---- writing -------------------------------------------------------------------------- */

/* The up part says what it leaves out, for those who read or run it later. */
static void
note_left_out(struct sd_side *side)
{
	struct sd_buf up = SD_BUF(side->session->arena);

	if (!side->left_out.n)
		return;
	for (size_t i = 0; i < side->left_out.n; i++)
		sd_buf_addf(&up, "-- %s\n",
			sd_text_squeeze(side->session->arena, side->left_out.at[i]));
	sd_buf_addf(&up, "\n%s", side->generated.up);
	side->generated.up = sd_buf_text(&up);
}

static enum sd_status
generate(struct sd_side *side, const void *ctx)
{
	const unsigned *allow = ctx;

	if (!side->diff->changes.n)
		side->generated = sd_work_nothing(side->session, side->engine);
	else if (sd_work_generate(side->session, side->engine, side->db, side->diff,
			 &side->options, *allow, &side->generated))
		return SD_ERR;
	note_left_out(side);
	return SD_OK;
}

enum sd_status
sd_sides_generate(struct sd_sides *sides, unsigned allow)
{
	return for_each(sides, generate, &allow);
}
