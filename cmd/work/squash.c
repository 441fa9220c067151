/* One revision for several: its header from the graph, its parts joined or made anew, the files
 * that change with it; and proof, where a scratch database costs nothing, that it does the
 * same. */
#include "cmd/work/squash.h"

#include "cmd/work/adopt.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/history/replaced.h"

#include <string.h>

#define MOST_DIALECTS 8

static const struct sd_pos nowhere;

/* The range as the scripts say for one engine. */
struct version {
	const struct sd_dialect *dialect;
	const struct sd_engine *engine; /* NULL: the project does not write for it */
	struct sd_scripts scripts;
	const char *up, *down; /* joined; down NULL: some have none */
	/* made anew: */
	struct sd_session *session; /* works for this engine */
	struct sd_db *db;
	struct sd_diff_options options;
	struct sd_diff *diff;
};

struct squashing {
	struct sd_session *session;
	const struct sd_engine *engine;
	const struct sd_squash_options *options;
	struct sd_squashed *out;
	struct sd_history *history;
	struct version versions[MOST_DIALECTS]; /* that all of the range is written for */
	size_t n_versions, n_dialects;
	bool named; /* some part is for one engine alone */
	struct sd_new_revision revision;
	struct sd_script_text parts;
};

/* ---- which engines ---------------------------------------------------------------------- */

/* Some of the range is written for @dialect on purpose, and the new revision won't be. */
static void
warn_lost(struct squashing *s, const struct sd_dialect *dialect, const struct sd_scripts *has,
	const struct sd_script *lacks)
{
	struct sd_arena *arena = s->session->arena;
	struct sd_scripts said = { 0 };

	for (size_t i = 0; i < has->n; i++)
		if (has->at[i]->up.dialect || has->at[i]->dialects.n)
			*sd_push(arena, &said) = has->at[i];
	if (said.n)
		*sd_push(arena, &s->out->warnings) = sd_fmt(arena,
			"%s %s written for %s, too, and %s is not: the new revision has no part "
			"for it",
			sd_scripts_text(arena, &said, SD_TEXT_MOST), said.n == 1 ? "is" : "are",
			dialect->name, lacks->revision);
}

/* The range parsed for @dialect; false when some of it is not written for that. */
static bool
parse_for(struct squashing *s, const struct sd_dialect *dialect, struct version *version)
{
	struct sd_arena *arena = s->session->arena;
	struct sd_diags unheard = { .arena = arena };
	const struct sd_scripts *range = &s->out->squash.range;
	const struct sd_script *lacks = NULL;

	*version = (struct version){ .dialect = dialect };
	for (size_t i = 0; i < range->n; i++) {
		struct sd_script *script = range->at[i];

		script = sd_script_parse(script->path, script->text, strlen(script->text),
			dialect, arena, &unheard);
		if (script && script->up.present &&
			sd_script_is_for(script, &script->up, dialect))
			*sd_push(arena, &version->scripts) = script;
		else if (!lacks)
			lacks = range->at[i];
	}
	if (lacks)
		warn_lost(s, dialect, &version->scripts, lacks);
	return !lacks;
}

/* @dialect, if all of the range is written for it; @engine NULL: none of the project's. */
static void
add_version(struct squashing *s, const struct sd_dialect *dialect, const struct sd_engine *engine)
{
	struct version *v = &s->versions[s->n_versions];

	if (s->n_versions == MOST_DIALECTS || !parse_for(s, dialect, v))
		return;
	v->engine = engine;
	s->n_versions++;
	for (size_t i = 0; i < v->scripts.n; i++)
		s->named |= v->scripts.at[i]->up.dialect || v->scripts.at[i]->down.dialect;
}

/* The project's dialects come first, in its order. */
static enum sd_status
find_versions(struct squashing *s)
{
	const struct sd_script *first = s->out->squash.range.at[0];
	struct sd_engine_list engines;

	if (sd_work_engines(s->session, &engines))
		return SD_ERR;
	for (size_t i = 0; i < engines.n; i++)
		add_version(s, engines.at[i]->dialect, engines.at[i]);
	for (; sd_dialects[s->n_dialects]; s->n_dialects++) {
		bool seen = false;

		for (size_t i = 0; i < engines.n; i++)
			seen |= engines.at[i]->dialect == sd_dialects[s->n_dialects];
		if (!seen)
			add_version(s, sd_dialects[s->n_dialects], NULL);
	}
	if (s->n_versions)
		return SD_OK;
	sd_fail(s->session->diags, SD_CLASS_REFUSED, first->revision_pos,
		"the range is not written for one engine: no database could run all of it");
	return SD_ERR;
}

/* "sqlite, postgresql"; "": any. */
static const char *
dialects_text(const struct squashing *s)
{
	struct sd_buf text = SD_BUF(s->session->arena);
	bool any = s->n_versions == s->n_dialects;

	for (size_t i = 0; i < s->n_versions; i++) {
		for (size_t k = 0; k < s->versions[i].scripts.n; k++)
			any &= !s->versions[i].scripts.at[k]->dialects.n;
		sd_buf_addf(&text, "%s%s", i ? ", " : "", s->versions[i].dialect->name);
	}
	return any ? "" : sd_buf_text(&text);
}

/* The newest version that one of the range asks for, of each engine. */
static const char *
requires_text(const struct squashing *s)
{
	struct sd_arena *arena = s->session->arena;
	struct sd_buf text = SD_BUF(arena);

	for (size_t i = 0; i < s->n_versions; i++) {
		const struct version *v = &s->versions[i];
		int most = 0;

		for (size_t k = 0; k < v->scripts.n; k++) {
			int wanted = sd_script_requires(v->scripts.at[k], v->dialect);

			most = wanted > most ? wanted : most;
		}
		if (most)
			sd_buf_addf(&text, "%s%s %s", text.n ? ", " : "", v->dialect->name,
				sd_dialect_version_text(v->dialect, arena, most));
	}
	return sd_buf_text(&text);
}

/* The fingerprints of the last, of the dialects that are left. */
static const char *
schema_text(const struct squashing *s)
{
	const struct sd_script_schemas *all = &s->out->squash.last->schemas;
	struct sd_script_schemas kept = { 0 };

	for (size_t i = 0; i < all->n; i++) {
		bool left = !all->at[i].dialect;

		for (size_t k = 0; k < s->n_versions; k++)
			left |= sd_text_equal(all->at[i].dialect, s->versions[k].dialect->name);
		if (left)
			*sd_push(s->session->arena, &kept) = all->at[i];
	}
	return sd_script_schemas_text(&kept, s->session->arena);
}

/* ---- joined ----------------------------------------------------------------------------- */

static void
warn_no_down(struct squashing *s, const struct version *v, const struct sd_script *script)
{
	struct sd_arena *arena = s->session->arena;

	*sd_push(arena, &s->out->warnings) = sd_fmt(arena,
		"revision %s has no down part%s%s, so the new one has none either",
		script->revision, s->named ? " for " : "", s->named ? v->dialect->name : "");
}

/* In this project one transaction has all of a run, and these parts can run so. */
static bool
runs_whole(const struct squashing *s, const struct version *v, enum sd_direction direction)
{
	struct sd_diags unheard = { .arena = s->session->arena };

	if (sd_run_mode_find(s->session->settings.transaction) != SD_RUN_ALL)
		return false;
	for (size_t i = 0; i < v->scripts.n; i++)
		if (sd_run_check_mode(v->scripts.at[i], direction, SD_RUN_ALL, v->dialect,
			    &unheard))
			return false;
	return true;
}

static enum sd_status
join_version(struct squashing *s, struct version *v)
{
	struct sd_buf up = SD_BUF(s->session->arena), down = SD_BUF(s->session->arena);

	if (sd_squash_join(s->history, &v->scripts, false, runs_whole(s, v, SD_UP), v->dialect,
		    s->session->arena, s->session->diags, &up))
		return SD_ERR;
	v->up = sd_buf_text(&up);
	for (size_t i = 0; i < v->scripts.n; i++)
		if (!v->scripts.at[i]->down.present ||
			!sd_script_is_for(
				v->scripts.at[i], &v->scripts.at[i]->down, v->dialect)) {
			warn_no_down(s, v, v->scripts.at[i]);
			return SD_OK;
		}
	if (sd_squash_join(s->history, &v->scripts, true, runs_whole(s, v, SD_DOWN), v->dialect,
		    s->session->arena, s->session->diags, &down))
		return SD_ERR;
	v->down = sd_buf_text(&down);
	return SD_OK;
}

static void
add_part(struct squashing *s, const char *heading, const struct version *v, const char *body)
{
	struct sd_part_text *part = sd_push(s->session->arena, &s->parts.parts);

	part->heading = s->named ? sd_fmt(s->session->arena, "%s %s", heading, v->dialect->name)
				 : heading;
	part->body = body;
}

/* Parts that no engine has of its own are the same for all. */
static enum sd_status
join_parts(struct squashing *s)
{
	size_t n = s->named ? s->n_versions : 1;

	for (size_t i = 0; i < n; i++)
		if (join_version(s, &s->versions[i]))
			return SD_ERR;
	for (size_t i = 0; i < n; i++)
		add_part(s, "up", &s->versions[i], s->versions[i].up);
	for (size_t i = 0; i < n; i++)
		if (s->versions[i].down)
			add_part(s, "down", &s->versions[i], s->versions[i].down);
	s->revision.up = s->versions[0].up;
	s->revision.down = s->versions[0].down;
	if (s->named || !s->revision.down)
		s->revision.parts = &s->parts;
	return SD_OK;
}

/* ---- made anew -------------------------------------------------------------------------- */

/* What comes before the range, and with it: what its last revision needs; in @history. */
static void
ends(const struct squashing *s, const struct sd_history *history, struct sd_goal *before,
	struct sd_goal *after)
{
	const struct sd_squash *q = &s->out->squash;
	struct sd_arena *arena = s->session->arena;

	for (size_t i = 0; i < q->parents.n; i++)
		*sd_push(arena, &before->scripts) =
			sd_history_find(history, q->parents.at[i]->revision);
	for (size_t i = 0; i < q->depends_on.n; i++)
		*sd_push(arena, &before->scripts) =
			sd_history_find(history, q->depends_on.at[i]);
	*sd_push(arena, &after->scripts) = sd_history_find(history, q->last->revision);
}

/* The parts of all of the range's engines can be made anew, and nothing is lost by that. */
static enum sd_status
check_net(const struct squashing *s)
{
	struct sd_diags *diags = s->session->diags;
	enum sd_status status = SD_OK;
	bool found = false;

	for (size_t i = 0; i < s->n_versions; i++) {
		const struct version *v = &s->versions[i];

		found |= v->engine == s->engine;
		if (!v->engine && *dialects_text(s))
			return sd_fail(diags, SD_CLASS_REFUSED, nowhere,
				"--net makes parts for %s anew, and the range is written for %s",
				s->engine->dialect->name, dialects_text(s));
	}
	if (!found)
		return sd_fail(diags, SD_CLASS_REFUSED, nowhere,
			"--net makes parts for %s anew, and the range is written for %s",
			s->engine->dialect->name, dialects_text(s));
	for (size_t i = 0; !s->options->loses_statements && i < s->n_versions; i++)
		if (s->versions[i].engine &&
			sd_squash_check_net(
				&s->versions[i].scripts, s->versions[i].dialect, diags))
			status = SD_ERR;
	return status;
}

/* Run the scripts of @v up to the range, and with it, and compare. */
static enum sd_status
compare_ends(struct squashing *s, struct version *v)
{
	struct sd_session *session = sd_new(s->session->arena, struct sd_session);
	const struct sd_history *history = s->history;
	struct sd_goal before = { 0 }, after = { 0 };
	struct sd_schema *from, *into;
	struct sd_target near;
	const char *why;
	enum sd_status status;

	*session = *sd_work_for(s->session, v->engine);
	v->session = session;
	status = sd_work_scratch(session, v->engine, s->options->scratch_auto, &near, &why);
	if (status == SD_NOTFOUND) {
		sd_error(session->diags, nowhere,
			"--net runs the scripts in scratch databases to see what they add up "
			"to, and there is none%s%s",
			s->n_versions > 1 ? " of " : "",
			s->n_versions > 1 ? v->dialect->name : "");
		sd_hint(session->diags, "%s", why);
	}
	if (v->engine != s->engine)
		history = sd_work_history(session, v->engine);
	if (status || !history || sd_work_diff_options(session, &s->options->compare, &v->options))
		return SD_ERR;
	ends(s, history, &before, &after);
	from = sd_work_replay(session, v->engine, history, &before, &near, &v->db);
	into = from ? sd_work_replay(session, v->engine, history, &after, &near, &v->db) : NULL;
	if (!into)
		return SD_ERR;
	session->server_version = sd_db_version(v->db);
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++)
		into->manages[kind] = true;
	v->diff = sd_work_compare(session, v->db, from, into, &v->options);
	return SD_OK;
}

/* The parts of @v, as those of a new revision. */
static enum sd_status
make_part(struct squashing *s, struct version *v, bool several)
{
	struct sd_arena *arena = s->session->arena;
	size_t first = s->session->diags->list.n;
	struct sd_generated generated = sd_work_nothing(v->session, v->engine);
	enum sd_status status = SD_OK;

	if (v->diff->changes.n || v->diff->ambiguous.n || !several)
		status = sd_work_generate(v->session, v->engine, v->db, v->diff, &v->options,
			s->options->allow, &generated);
	/* what another engine's comparison has said is not said again */
	if (several)
		sd_diags_drop_repeats(s->session->diags, first);
	*sd_push(arena, &s->revision.by_dialect) = (struct sd_new_part){
		.engine = v->engine,
		.version = sd_work_target_version(v->session, v->engine),
		.up = generated.up,
		.down = generated.down,
		.schema = sd_script_schema_of(s->out->squash.last, v->dialect->name),
	};
	for (size_t i = 0; i < generated.warnings.n; i++)
		*sd_push(arena, &s->out->warnings) =
			several ? sd_fmt(arena, "%s: %s", v->dialect->name,
					  generated.warnings.at[i])
				: generated.warnings.at[i];
	return status;
}

static enum sd_status
make_parts(struct squashing *s)
{
	struct sd_diffs diffs = { 0 };
	enum sd_status status = SD_OK;

	if (check_net(s))
		return SD_ERR;
	for (size_t i = 0; i < s->n_versions; i++) {
		if (!s->versions[i].engine)
			continue;
		if (compare_ends(s, &s->versions[i]))
			return SD_ERR;
		*sd_push(s->session->arena, &diffs) = s->versions[i].diff;
	}
	if (sd_work_check_flags(s->session, &diffs))
		return SD_ERR;
	for (size_t i = 0; i < s->n_versions; i++)
		if (s->versions[i].engine && make_part(s, &s->versions[i], diffs.n > 1))
			status = SD_ERR;
	return status;
}

/* ---- files ------------------------------------------------------------------------------ */

/* The same text, whichever line ends git has given it. */
static bool
same_text(const char *a, const char *b)
{
	while (*a && *b) {
		a += *a == '\r' && a[1] == '\n';
		b += *b == '\r' && b[1] == '\n';
		if (*a != *b)
			return false;
		a++;
		b++;
	}
	return *a == *b;
}

/* What goes must be found again: HEAD has each script as it is. */
static enum sd_status
check_kept(struct squashing *s)
{
	struct sd_session *session = s->session;
	struct sd_diags unheard = { .arena = session->arena };
	const struct sd_scripts *range = &s->out->squash.range;
	enum sd_status status = SD_OK;
	const struct sd_tree *head;
	const char *why;
	struct sd_git *git = sd_work_git(session, &why);

	head = git ? sd_git_revision(git, "HEAD", &why) : NULL;
	for (size_t i = 0; !s->options->force && i < range->n; i++) {
		const char *path = range->at[i]->path;
		char *kept = NULL, *here;

		if (sd_file_read(path, session->arena, session->diags, &here, NULL))
			return SD_ERR;
		if (head && sd_tree_entry(head, path) == SD_ENTRY_FILE)
			(void)sd_tree_read(head, path, session->arena, &unheard, &kept, NULL);
		if (kept && same_text(kept, here))
			continue;
		status = sd_fail(session->diags, SD_CLASS_REFUSED,
			(struct sd_pos){ .file = path },
			kept   ? "has edits that no commit keeps, and would be removed"
			: head ? "is in no commit, and would be removed"
			       : "is kept by no git repository, and would be removed");
	}
	if (status)
		sd_hint(session->diags,
			"commit first: databases in the middle of the range need these "
			"scripts; --force removes them all the same");
	return status;
}

/* @names with the new revision for what it replaces, as an edit of the line of @key, if that
 * changes anything. */
static size_t
edit_names(struct squashing *s, const char *key, uint32_t line, const struct sd_names *names,
	struct sd_header_edit *edit)
{
	struct sd_names after = { 0 };

	sd_squash_names(s->history, &s->out->squash, names, s->out->revision, s->session->arena,
		&after);
	if (sd_names_equal(&after, names))
		return 0;
	*edit = (struct sd_header_edit){ key, line,
		sd_text_list(s->session->arena, &after, 0) };
	return 1;
}

static enum sd_status
edit_followers(struct squashing *s)
{
	const struct sd_scripts *followers = &s->out->squash.followers;

	for (size_t i = 0; i < followers->n; i++) {
		const struct sd_script *script = followers->at[i];
		struct sd_header_edit edits[2];
		size_t n = edit_names(
			s, "revises", script->revises_pos.line, &script->revises, edits);

		n += edit_names(s, "depends-on", script->depends_pos.line, &script->depends_on,
			edits + n);
		if (n && sd_work_edit_script(s->session, script, edits, n, &s->out->rewrites))
			return SD_ERR;
	}
	return SD_OK;
}

/* The new script first, the old ones last: a crash between leaves both, which is an error that
 * says what to do, and loses nothing. */
static enum sd_status
list_files(struct squashing *s, const struct sd_buf *text)
{
	struct sd_session *session = s->session;
	struct sd_rewrites *rewrites = &s->out->rewrites;
	const struct sd_scripts *range = &s->out->squash.range;

	*sd_push(session->arena, rewrites) =
		(struct sd_rewrite){ s->out->path, NULL, 0, s->out->text, text->n };
	if (edit_followers(s))
		return SD_ERR;
	for (size_t i = 0; i < range->n; i++) {
		char *was;
		size_t len;

		if (sd_file_read(
			    range->at[i]->path, session->arena, session->diags, &was, &len))
			return SD_ERR;
		*sd_push(session->arena, rewrites) =
			(struct sd_rewrite){ range->at[i]->path, was, len, NULL, 0 };
	}
	return SD_OK;
}

/* ---- proof ------------------------------------------------------------------------------ */

static struct sd_schema *
schema_at(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const char *revision, const struct sd_target *near,
	struct sd_db **db)
{
	struct sd_goal goal = { 0 };

	*sd_push(session->arena, &goal.scripts) = sd_history_find(history, revision);
	return sd_work_replay(session, engine, history, &goal, near, db);
}

static enum sd_status
not_the_same(const struct squashing *s, const struct version *v, const struct sd_diff *diff)
{
	struct sd_diags *diags = s->session->diags;

	sd_fail(diags, SD_CLASS_REFUSED, nowhere,
		"in an empty %s database the new revision gives another schema than those that "
		"it replaces",
		v->dialect->name);
	for (size_t i = 0; i < diff->changes.n; i++)
		sd_note(diags, nowhere, "%s", sd_change_text(diags->arena, diff->changes.at[i]));
	return SD_ERR;
}

/* Run in an empty database, the new revision, in @after, gives what those that it replaces give.
 * Where those don't run by themselves, or there is no place to try, nobody knows. */
static enum sd_status
check_same(struct squashing *s, const struct version *v, struct sd_session *session,
	const struct sd_history *after)
{
	struct sd_diags *heard = session->diags;
	/* the connection keeps it */
	struct sd_diags *unheard = sd_new(s->session->arena, struct sd_diags);
	struct sd_session quiet = *sd_work_for(s->session, v->engine);
	const struct sd_history *history;
	struct sd_diff_options options;
	struct sd_schema *before, *now;
	struct sd_target near;
	struct sd_db *db, *new_db;
	struct sd_diff *diff;
	const char *why;

	unheard->arena = s->session->arena;
	unheard->secrets = heard->secrets;
	quiet.diags = unheard;
	history = v->engine == s->engine ? s->history : sd_work_history(&quiet, v->engine);
	if (!history || sd_variables_first(history) ||
		sd_work_scratch(&quiet, v->engine, s->options->scratch_auto, &near, &why))
		return SD_OK;
	before = schema_at(&quiet, v->engine, history, s->out->squash.last->revision, &near, &db);
	if (!before || sd_work_diff_options(&quiet, NULL, &options))
		return SD_OK;
	now = schema_at(session, v->engine, after, s->out->revision, &near, &new_db);
	if (!now)
		return SD_ERR;
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++)
		now->manages[kind] = true;
	diff = sd_work_compare(&quiet, db, before, now, &options);
	return sd_diff_empty(diff) || s->options->loses_statements ? SD_OK
								   : not_the_same(s, v, diff);
}

/* The history is whole, and says the same, for each engine that all of the range is written for. */
static enum sd_status
check_result(struct squashing *s)
{
	struct sd_session *after = sd_work_after(s->session, &s->out->rewrites);
	enum sd_status status = sd_work_history(after, s->engine) ? SD_OK : SD_ERR;

	for (size_t i = 0; status == SD_OK && i < s->n_versions; i++) {
		const struct version *v = &s->versions[i];
		struct sd_session *there = v->engine ? sd_work_for(after, v->engine) : NULL;
		const struct sd_history *history =
			there ? sd_work_history(there, v->engine) : NULL;

		if (there && (!history || check_same(s, v, there, history)))
			status = SD_ERR;
	}
	if (status)
		sd_note(s->session->diags, nowhere,
			"this is about what the squash would give; nothing was written");
	return status;
}

/* ---- the whole -------------------------------------------------------------------------- */

/* The range once more, in the history that was read with its parts. */
static enum sd_status
find_piece(struct squashing *s, const struct sd_scripts *range, const char *first,
	const char *last)
{
	struct sd_scripts here = { 0 };

	for (size_t i = 0; i < range->n; i++)
		*sd_push(s->session->arena, &here) =
			sd_history_find(s->history, range->at[i]->revision);
	if (here.n < 2) {
		sd_error(s->session->diags, nowhere,
			here.n ? "the range has one revision alone: there is nothing to squash"
			       : "the range is empty: there is nothing to squash");
		sd_hint(s->session->diags,
			"both ends of A:B belong to it; `schemadiff history -r A:B` "
			"lists it");
		return SD_ERR;
	}
	return sd_history_squash(s->history, &here,
		first ? sd_history_find(s->history, first) : NULL,
		sd_history_find(s->history, last), s->session->arena, s->session->diags,
		&s->out->squash);
}

/* What a baseline of another tool's database began is no longer there by itself. */
static void
warn_adopted(struct squashing *s)
{
	const struct sd_scripts *range = &s->out->squash.range;
	struct sd_arena *arena = s->session->arena;

	for (size_t i = 0; i < range->n; i++)
		if (sd_extras_of(&range->at[i]->extras, SD_ADOPTED, arena).n)
			*sd_push(arena, &s->out->warnings) = sd_fmt(arena,
				"revision %s is where databases are taken over from another tool: "
				"`schemadiff adopt` can't take over any more behind this",
				range->at[i]->revision);
}

static void
describe(struct squashing *s)
{
	const struct sd_squash *q = &s->out->squash;

	warn_adopted(s);

	s->out->message = s->options->message
				  ? s->options->message
				  : sd_fmt(s->session->arena, "%s to %s in one",
					    q->range.at[0]->revision, q->last->revision);
	s->revision.message = s->out->message;
	s->revision.rev_id = s->options->rev_id;
	s->revision.schema = schema_text(s);
	s->revision.parents = &q->parents;
	s->revision.depends_on = q->depends_on;
	s->revision.labels = q->labels;
	s->revision.replaces = q->replaces;
	s->revision.dialect = dialects_text(s);
	s->revision.requires = requires_text(s);
}

/* It goes where the last of the range is. */
static const char *
folder_of(const struct squashing *s)
{
	const struct sd_names *named = &s->session->settings.migrations;
	struct sd_names dirs = sd_work_paths(s->session, named);

	for (size_t i = 0; i < dirs.n; i++) {
		size_t n = strlen(dirs.at[i]);

		while (n > 1 && dirs.at[i][n - 1] == '/')
			n--;
		if (strncmp(s->out->squash.last->path, dirs.at[i], n) == 0 &&
			s->out->squash.last->path[n] == '/')
			return named->at[i];
	}
	return NULL;
}

enum sd_status
sd_work_squash(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_squash_options *options, const struct sd_scripts *range,
	const char *first, const char *last, struct sd_squashed *squashed)
{
	struct squashing s = {
		.session = session, .engine = engine, .options = options, .out = squashed
	};
	struct sd_buf text = SD_BUF(session->arena);

	*squashed = (struct sd_squashed){ .engine = engine };
	s.history = sd_work_history(session, engine);
	if (!s.history || find_piece(&s, range, first, last) || check_kept(&s) ||
		find_versions(&s))
		return SD_ERR;
	describe(&s);
	if (options->net ? make_parts(&s) : join_parts(&s))
		return SD_ERR;
	s.revision.folder = folder_of(&s);
	if (sd_work_script_text(
		    session, engine, s.history, &s.revision, &squashed->revision, &text) ||
		sd_work_revision_path(
			session, s.history, &s.revision, squashed->revision, &squashed->path))
		return SD_ERR;
	squashed->text = sd_buf_text(&text);
	squashed->written = s.revision;
	squashed->written.parts = NULL; /* they end with this function */
	if (sd_file_exists(squashed->path))
		return sd_error(session->diags, (struct sd_pos){ .file = squashed->path },
			"the file exists already");
	return list_files(&s, &text) || check_result(&s) ? SD_ERR : SD_OK;
}
