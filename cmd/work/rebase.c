/* What only this branch has, and where it goes.
 *
 * Own is what upstream does not know; without an upstream branch, what the revision to come
 * behind does not need.  What hangs together moves together: a fork.  Only headers change, so
 * everything is known before anything is written. */
#include "cmd/work/rebase.h"

#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

struct planner {
	struct sd_session *session;
	const struct sd_rebase_options *options;
	struct sd_rebase *out;
	struct sd_diags unheard; /* of looking for upstream */
	bool has_git;
	const char *why; /* git can't be asked */
};

/* ---- upstream ------------------------------------------------------------------------- */

/* A branch that was asked for must be there; one that is only guessed may be missing. */
static enum sd_status
find_upstream(struct planner *p)
{
	struct sd_session quiet = *p->session;
	const char *wanted = p->options->upstream;

	p->has_git = sd_work_git(p->session, &p->why) != NULL;
	quiet.git = p->session->git;
	p->unheard = (struct sd_diags){ .arena = p->session->arena };
	if (!wanted)
		quiet.diags = &p->unheard;
	return sd_work_upstream(&quiet, p->out->engine, wanted, &p->out->upstream);
}

static enum sd_status
no_upstream(const struct planner *p)
{
	struct sd_diags *diags = p->session->diags;
	const char *name = p->out->upstream.name;

	if (name)
		sd_error(diags, nowhere, "the scripts of %s can't be read", name);
	else if (!p->has_git)
		sd_error(diags, nowhere,
			"%s, so nobody knows which revisions are this branch's own",
			p->why ? sd_fmt(diags->arena, "git can't be asked (%s)", p->why)
			       : "the project lies in no git repository");
	else
		sd_error(diags, nowhere,
			"there is no upstream branch, so nobody knows which revisions are this "
			"branch's own");
	for (size_t i = 0; name && i < p->unheard.list.n; i++)
		sd_note(diags, p->unheard.list.at[i].pos, "%s", p->unheard.list.at[i].text);
	sd_hint(diags,
		"`schemadiff rebase ONTO` says which revision the others shall come behind%s",
		p->has_git ? "; --upstream names the branch" : "");
	return SD_ERR;
}

/* Upstream has @script, or what it stands for. */
static bool
is_published(const struct planner *p, const struct sd_script *script)
{
	const struct sd_history *tip = p->out->upstream.tip;

	return tip && (sd_history_known(tip, script->revision) ||
			      sd_history_has_replaced(tip, script));
}

/* The heads of upstream, as they are here. */
static enum sd_status
upstream_heads(struct planner *p, struct sd_scripts *heads)
{
	const struct sd_history *tip = p->out->upstream.tip;

	for (size_t i = 0; i < tip->heads.n; i++) {
		struct sd_script *here = sd_history_known(p->out->history, tip->heads.at[i]);

		if (!here) {
			sd_fail(p->session->diags, SD_CLASS_REFUSED,
				sd_history_find(tip, tip->heads.at[i])->revision_pos,
				"%s has revision %s, and its script is not here yet",
				p->out->upstream.name, tip->heads.at[i]);
			sd_hint(p->session->diags,
				"`git rebase %s` or `git merge %s` brings it; then `schemadiff "
				"rebase` puts the histories behind each other",
				p->out->upstream.name, p->out->upstream.name);
			return SD_ERR;
		}
		if (!sd_scripts_have(heads, here))
			*sd_push(p->session->arena, heads) = here;
	}
	return SD_OK;
}

/* ---- which forks ---------------------------------------------------------------------- */

static enum sd_status
refuse_published(const struct planner *p, const struct sd_script *script)
{
	sd_fail(p->session->diags, SD_CLASS_REFUSED, script->revision_pos,
		"revision %s is on %s already: databases may have it on what it revises",
		script->revision, p->out->upstream.name);
	sd_hint(p->session->diags, "it is the revisions that only this branch has that may "
				   "move: `schemadiff rebase` "
				   "finds them");
	return SD_ERR;
}

/* Take the forks that --branch names alone. */
static enum sd_status
choose_branches(struct planner *p, const struct sd_forks *all, struct sd_forks *chosen)
{
	const struct sd_names *words = &p->options->branches;
	struct sd_session *session = p->session;

	for (size_t i = 0; i < words->n; i++) {
		struct sd_script *script;
		size_t k = 0, n = 0;

		if (sd_history_resolve(
			    p->out->history, words->at[i], NULL, session->diags, &script))
			return SD_ERR;
		while (script && k < all->n && !sd_scripts_have(&all->at[k], script))
			k++;
		if (script && k == all->n && is_published(p, script))
			return refuse_published(p, script);
		if (!script || k == all->n)
			return sd_error(session->diags, nowhere,
				"--branch %s: that is no revision that could move",
				words->at[i]);
		while (n < chosen->n && chosen->at[n].at != all->at[k].at)
			n++;
		if (n == chosen->n)
			*sd_push(session->arena, chosen) = all->at[k];
	}
	return SD_OK;
}

static void
find_moves(const struct planner *p, const struct sd_scripts *own, const struct sd_scripts *onto,
	bool roots, struct sd_moves *moves)
{
	sd_history_reparent(p->out->history, own, onto, roots, p->session->arena, moves);
}

/* The heads among @heads that need one of the points where @fork leaves: SD_NOTFOUND and
 * *@point when two need the same. */
static enum sd_status
heads_of_fork(const struct planner *p, const struct sd_scripts *fork,
	const struct sd_scripts *heads, struct sd_scripts *onto, bool *has_root,
	const struct sd_script **point)
{
	struct sd_arena *arena = p->session->arena;
	struct sd_scripts points = { 0 };

	sd_history_fork_points(p->out->history, fork, arena, &points, has_root);
	for (size_t i = 0; i < points.n; i++) {
		struct sd_scripts from = { &points.at[i], 1, 1 };
		size_t n = 0;

		*point = points.at[i];
		/* what follows a head is where it belongs, whoever else needs that */
		for (size_t k = 0; !sd_scripts_have(heads, *point) && k < heads->n; k++) {
			struct sd_scripts into = { &heads->at[k], 1, 1 }, range = { 0 };

			sd_history_range(p->out->history, &from, &into, arena, &range);
			n += range.n != 0;
			if (range.n && !sd_scripts_have(onto, heads->at[k]))
				*sd_push(arena, onto) = heads->at[k];
		}
		if (n > 1)
			return SD_NOTFOUND;
		if (sd_scripts_have(heads, *point) && !sd_scripts_have(onto, points.at[i]))
			*sd_push(arena, onto) = points.at[i];
	}
	return SD_OK;
}

/* Without ONTO: each fork comes behind the head of the line that it left. */
static enum sd_status
behind_upstream(struct planner *p, const struct sd_forks *forks)
{
	struct sd_session *session = p->session;
	struct sd_scripts heads = { 0 };

	if (upstream_heads(p, &heads))
		return SD_ERR;
	for (size_t i = 0; i < forks->n; i++) {
		const struct sd_script *point = NULL;
		struct sd_scripts onto = { 0 };
		bool has_root;

		if (heads_of_fork(p, &forks->at[i], &heads, &onto, &has_root, &point)) {
			sd_fail(session->diags, SD_CLASS_REFUSED,
				forks->at[i].at[0]->revises_pos,
				"%s has several heads behind %s, which revision %s was written "
				"for: %s",
				p->out->upstream.name, point->revision,
				forks->at[i].at[0]->revision,
				sd_scripts_text(session->arena, &onto, SD_TEXT_MOST));
			sd_hint(session->diags, "`schemadiff rebase %s` chooses one",
				onto.at[0]->revision);
			return SD_ERR;
		}
		/* a history of its own stays one where there are several to come behind */
		if (has_root && heads.n == 1 && !sd_scripts_have(&onto, heads.at[0]))
			*sd_push(session->arena, &onto) = heads.at[0];
		find_moves(p, &forks->at[i], &onto, heads.n == 1, &p->out->moves);
		for (size_t k = 0; k < onto.n; k++)
			if (!sd_scripts_have(&p->out->onto, onto.at[k]))
				*sd_push(session->arena, &p->out->onto) = onto.at[k];
	}
	return SD_OK;
}

static enum sd_status
ambiguous(const struct planner *p, const struct sd_forks *forks)
{
	struct sd_diags *diags = p->session->diags;
	const struct sd_scripts *last = &forks->at[forks->n - 1];

	sd_fail(diags, SD_CLASS_REFUSED, forks->at[0].at[0]->revision_pos,
		"which revisions shall move? %zu branches do not come behind %s", forks->n,
		p->out->onto.at[0]->revision);
	for (size_t i = 0; i < forks->n; i++)
		sd_note(diags, forks->at[i].at[0]->revision_pos, "one is %s",
			sd_scripts_text(diags->arena, &forks->at[i], SD_TEXT_MOST));
	sd_hint(diags, "--branch %s chooses one; it may be given several times",
		last->at[last->n - 1]->revision);
	return SD_ERR;
}

/* With ONTO: what does not need it, and would change. */
static enum sd_status
behind_onto(struct planner *p, const struct sd_forks *forks)
{
	struct sd_forks moving = { 0 };

	for (size_t i = 0; i < forks->n; i++) {
		size_t before = p->out->moves.n;

		find_moves(p, &forks->at[i], &p->out->onto, true, &p->out->moves);
		if (p->out->moves.n > before)
			*sd_push(p->session->arena, &moving) = forks->at[i];
	}
	if (moving.n > 1 && !p->out->upstream.tip && !p->options->branches.n)
		return ambiguous(p, &moving);
	return SD_OK;
}

/* ---- what is own ---------------------------------------------------------------------- */

/* The revisions that ONTO does not need: all of them, or without those of upstream. */
static void
beside_onto(const struct planner *p, bool published, struct sd_scripts *found)
{
	const struct sd_history *history = p->out->history;
	struct sd_scripts anywhere = { 0 }, below = { 0 };
	struct sd_map needed = { 0 };

	sd_history_range(history, &anywhere, &p->out->onto, p->session->arena, &below);
	for (size_t i = 0; i < below.n; i++)
		*sd_map_at(&needed, below.at[i]->revision, p->session->arena) = &needed;
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i];

		if (!sd_map_get(&needed, script->revision) &&
			(published || !is_published(p, script)))
			*sd_push(p->session->arena, found) = script;
	}
}

static enum sd_status
find_own(struct planner *p)
{
	const char *onto = p->options->onto;
	struct sd_script *script;

	if (!onto) {
		if (!p->out->upstream.tip)
			return no_upstream(p);
		for (size_t i = 0; i < p->out->history->scripts.n; i++)
			if (!is_published(p, p->out->history->scripts.at[i]))
				*sd_push(p->session->arena, &p->out->own) =
					p->out->history->scripts.at[i];
		return SD_OK;
	}
	if (sd_history_resolve(p->out->history, onto, NULL, p->session->diags, &script)) {
		if (p->has_git && sd_git_revision(p->session->git, onto, &p->why))
			sd_hint(p->session->diags,
				"git knows a %s: `schemadiff rebase --upstream %s` goes behind "
				"what "
				"that has",
				onto, onto);
		return SD_ERR;
	}
	if (!script)
		return sd_error(p->session->diags, nowhere,
			"\"%s\" is base, which nothing can come behind", onto);
	*sd_push(p->session->arena, &p->out->onto) = script;
	beside_onto(p, false, &p->out->own);
	return SD_OK;
}

/* Nothing of this branch's own would move: is it because what would is upstream's? */
static enum sd_status
check_published(const struct planner *p)
{
	struct sd_scripts all = { 0 };
	struct sd_moves moves = { 0 };

	if (p->out->moves.n || !p->options->onto || !p->out->upstream.tip)
		return SD_OK;
	beside_onto(p, true, &all);
	find_moves(p, &all, &p->out->onto, true, &moves);
	return moves.n ? refuse_published(p, moves.at[0].script) : SD_OK;
}

static enum sd_status
find_forks(struct planner *p)
{
	struct sd_forks all = { 0 }, chosen = { 0 };
	struct sd_scripts own = { 0 };

	if (find_own(p))
		return SD_ERR;
	sd_history_forks(p->out->history, &p->out->own, p->session->arena, &all);
	if (p->options->branches.n) {
		if (choose_branches(p, &all, &chosen))
			return SD_ERR;
		for (size_t i = 0; i < chosen.n; i++)
			for (size_t k = 0; k < chosen.at[i].n; k++)
				*sd_push(p->session->arena, &own) = chosen.at[i].at[k];
		p->out->own = own;
		all = chosen;
	}
	if (p->options->onto ? behind_onto(p, &all) : behind_upstream(p, &all))
		return SD_ERR;
	return check_published(p);
}

/* ---- what is written ------------------------------------------------------------------ */

enum verdict { ADDS_UP, DIFFERS, FAILS, NOBODY_KNOWS };

/* Whether the scripts, run in a scratch database as @after has them, give what the schema files
 * say; what keeps them from running is in @unheard. */
static enum verdict
judge(struct sd_session *after, const struct sd_engine *engine, struct sd_diags *unheard)
{
	struct sd_session quiet = *sd_work_for(after, engine);
	struct sd_diff_options options;
	struct sd_history *history;
	struct sd_schema *replayed, *wanted;
	struct sd_target near;
	struct sd_db *db;
	const char *why;

	quiet.diags = unheard;
	history = sd_work_history(&quiet, engine);
	if (!history || sd_variables_first(history) ||
		sd_work_scratch(&quiet, engine, false, &near, &why))
		return NOBODY_KNOWS;
	replayed = sd_work_replay(&quiet, engine, history, NULL, &near, &db);
	wanted = replayed ? sd_work_load(&quiet, engine) : NULL;
	if (!wanted || sd_work_diff_options(&quiet, NULL, &options))
		return FAILS;
	return sd_diff_empty(sd_work_compare(&quiet, db, replayed, wanted, &options)) ? ADDS_UP
										      : DIFFERS;
}

/* The fingerprint of the files is right for the head; where nobody can tell, it is once
 * revisions were moved, as it is for a new one.  @about: "", or which engine is spoken of. */
static bool
adds_up(const struct planner *p, struct sd_session *after, const struct sd_engine *engine,
	const char *about)
{
	struct sd_diags *heard = p->session->diags;
	/* the connection keeps it */
	struct sd_diags *unheard = sd_new(p->session->arena, struct sd_diags);
	bool moved = p->out->moves.n != 0;
	enum verdict verdict;

	unheard->arena = p->session->arena;
	unheard->secrets = heard->secrets;
	verdict = judge(after, engine, unheard);
	if (verdict == FAILS && moved) {
		sd_warn(heard, nowhere, "%srun in their new order the scripts fail: %s", about,
			unheard->list.n ? unheard->list.at[0].text : "no reason given");
		for (size_t i = 0; i < unheard->list.n; i++)
			if (unheard->list.at[i].pos.file)
				sd_note(heard, unheard->list.at[i].pos, "%s",
					unheard->list.at[i].text);
	} else if (verdict == DIFFERS && moved) {
		sd_warn(heard, nowhere,
			"%sthe schema files say more, or less, than all scripts add up to",
			about);
		sd_hint(heard,
			"`schemadiff check` names the differences; `schemadiff autogenerate` "
			"writes what is missing");
	}
	return verdict == ADDS_UP || (verdict == NOBODY_KNOWS && moved);
}

/* Where the result has one head, and it is an own one, the head says what the files are, for each
 * engine that the project writes for. */
static enum sd_status
find_schema(struct planner *p, struct sd_session *after)
{
	struct sd_rebase *out = p->out;
	struct sd_arena *arena = p->session->arena;
	struct sd_script_schemas fresh = { 0 };
	struct sd_engine_list engines;
	const struct sd_script *head;
	bool loads = true;

	if (out->after->heads.n != 1)
		return SD_OK;
	head = sd_history_find(out->history, out->after->heads.at[0]);
	if (!head || !sd_scripts_have(&out->own, head))
		return SD_OK;
	if (sd_work_engines(p->session, &engines))
		return SD_ERR;
	for (size_t i = 0; i < engines.n; i++) {
		const char *dialect = engines.at[i]->dialect->name;
		const char *about = engines.n > 1 ? sd_fmt(arena, "%s: ", dialect) : "";
		const char *schema = sd_work_fingerprint(p->session, engines.at[i]);

		loads &= schema != NULL;
		if (schema && (sd_text_equal(schema, sd_script_schema_of(head, dialect)) ||
				      adds_up(p, after, engines.at[i], about)))
			*sd_push(arena, &fresh) = (struct sd_script_schema){ dialect, schema };
	}
	if (!loads)
		sd_work_warn_no_fingerprint(
			p->session, "the fingerprint of the head stays as it is");
	out->schema = sd_script_schemas_renewed(head, &fresh, engines.n > 1, arena);
	out->head = out->schema ? head : NULL;
	return SD_OK;
}

static const struct sd_move *
move_of(const struct sd_moves *moves, const struct sd_script *script)
{
	for (size_t i = 0; i < moves->n; i++)
		if (moves->at[i].script == script)
			return &moves->at[i];
	return NULL;
}

static enum sd_status
edit_scripts(struct planner *p)
{
	struct sd_rebase *out = p->out;

	out->rewrites = (struct sd_rewrites){ 0 };
	for (size_t i = 0; i < out->own.n; i++) {
		const struct sd_script *script = out->own.at[i];
		const struct sd_move *move = move_of(&out->moves, script);
		struct sd_header_edit edits[2];
		size_t n = 0;

		if (move)
			edits[n++] =
				(struct sd_header_edit){ "revises", script->revises_pos.line,
					sd_scripts_text(p->session->arena, &move->parents, 0) };
		if (script == out->head)
			edits[n++] = (struct sd_header_edit){ "schema", script->schema_pos.line,
				out->schema };
		if (n && sd_work_edit_script(p->session, script, edits, n, &out->rewrites))
			return SD_ERR;
	}
	return SD_OK;
}

enum sd_status
sd_work_rebase(struct sd_session *session, const struct sd_rebase_options *options,
	struct sd_rebase *rebase)
{
	struct planner p = { .session = session, .options = options, .out = rebase };
	struct sd_session *after = session;

	*rebase = (struct sd_rebase){ .engine = sd_work_engine(session) };
	rebase->history = rebase->engine ? sd_work_headers(session, rebase->engine) : NULL;
	if (!rebase->history || find_upstream(&p) || find_forks(&p))
		return SD_ERR;
	rebase->after = rebase->history;
	if (edit_scripts(&p))
		return SD_ERR;
	if (rebase->moves.n) {
		after = sd_work_after(session, &rebase->rewrites);
		rebase->after = sd_work_headers(after, rebase->engine);
	}
	if (!rebase->after) {
		sd_note(session->diags, nowhere,
			"this is how the history would be; nothing was written");
		return SD_ERR;
	}
	return find_schema(&p, after) || edit_scripts(&p) ? SD_ERR : SD_OK;
}
