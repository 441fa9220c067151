/* What the branch has that this one will be merged into: its scripts may have run anywhere, so
 * they are not edited any more; and revisions that both branches add end in two heads. */
#include "cmd/work/check.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct sd_pos nowhere;

/* How CI services call the branch that a change is to be merged into; it is fetched from a
 * remote. */
static const char *const ci_variables[] = {
	"GITHUB_BASE_REF",                     /* GitHub, Gitea, Forgejo */
	"CI_MERGE_REQUEST_TARGET_BRANCH_NAME", /* GitLab */
	"BITBUCKET_PR_DESTINATION_BRANCH",
};

/* The same; why it can't be read is in @unheard. */
static struct sd_history *
history_at(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_tree *tree, struct sd_diags *unheard)
{
	struct sd_session quiet = *session, *there;

	*unheard = (struct sd_diags){ .arena = session->arena };
	if (!tree)
		return NULL;
	quiet.diags = unheard;
	there = sd_work_at(&quiet, tree);
	return there ? sd_work_history(there, engine) : NULL;
}

struct sd_history *
sd_work_history_at(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_tree *tree)
{
	struct sd_diags unheard;

	return history_at(session, engine, tree, &unheard);
}

/* What should not go unnoticed: nothing, or less, is compared. */
static void
warn(struct sd_session *session, struct sd_pos pos, const char *text)
{
	sd_warn(session->diags, pos, "edits of published scripts may go unnoticed: %s", text);
	sd_hint(session->diags, "--upstream names another branch, --upstream \"\" none");
}

/* The scripts of @tree, which is upstream; a warning when they can't be read. */
static struct sd_history *
read_upstream(
	struct sd_session *session, const struct sd_engine *engine, const struct sd_tree *tree)
{
	struct sd_diags unheard;
	struct sd_history *history = history_at(session, engine, tree, &unheard);

	for (size_t i = 0; !history && i < unheard.list.n; i++) {
		if (unheard.list.at[i].severity != SD_SEV_ERROR)
			continue;
		warn(session, unheard.list.at[i].pos, unheard.list.at[i].text);
		break;
	}
	return history;
}

static const char *
name_by_ci(struct sd_session *session, const char **variable)
{
	*variable = NULL;
	for (size_t i = 0; i < SD_COUNT(ci_variables); i++) {
		const char *name = getenv(ci_variables[i]);

		if (!name || !*name)
			continue;
		*variable = ci_variables[i];
		return sd_fmt(session->arena, "origin/%s", name);
	}
	return NULL;
}

/* The branch @wanted can't be had. */
static enum sd_status
no_such_branch(struct sd_session *session, const char *wanted, const char *why)
{
	sd_error(session->diags, nowhere, "--upstream %s: %s", wanted,
		why ? why : "git knows no such revision");
	if (!why)
		sd_hint(session->diags, "fetch it first, in CI with its history: a shallow "
					"clone has one commit alone");
	return SD_ERR;
}

static enum sd_status
no_repository(struct sd_session *session, const char *wanted, const char *why)
{
	if (wanted)
		return no_such_branch(session, wanted,
			why ? why : "the project lies in no git repository");
	if (why)
		warn(session, nowhere, sd_fmt(session->arena, "git can't be asked: %s", why));
	return SD_OK;
}

enum sd_status
sd_work_upstream(struct sd_session *session, const struct sd_engine *engine, const char *wanted,
	struct sd_upstream *upstream)
{
	const char *why, *name = wanted, *variable = NULL;
	const struct sd_tree *tip, *base;
	struct sd_git *git;

	*upstream = (struct sd_upstream){ 0 };
	if (wanted && !*wanted)
		return SD_OK;
	git = sd_work_git(session, &why);
	if (!git)
		return no_repository(session, wanted, why);
	if (!name)
		name = name_by_ci(session, &variable);
	if (!name)
		name = sd_git_upstream(git, session->arena);
	if (!name)
		return SD_OK;
	tip = sd_git_revision(git, name, &why);
	if (!tip && wanted)
		return no_such_branch(session, wanted, why);
	if (!tip && variable)
		warn(session, nowhere,
			sd_fmt(session->arena, "git knows no %s here, which %s names", name,
				variable));
	if (!tip)
		return SD_OK;
	upstream->name = name;
	upstream->tip = read_upstream(session, engine, tip);
	base = sd_git_merge_base(git, name, &why);
	upstream->base = read_upstream(session, engine, base);
	if (upstream->tip && !base)
		warn(session, nowhere,
			sd_fmt(session->arena,
				"where this branch left %s is not known (a shallow clone?), so a "
				"script that was taken away is not missed",
				name));
	return SD_OK;
}

/* ---- edits -------------------------------------------------------------------------------- */

/* The line of @text, which begins at @line, in which it becomes another statement than the one whose
 * canonical form is @other: the first one up to which it is no beginning of it. */
static uint32_t
first_line(const struct sd_dialect *dialect, struct sd_arena *scratch, const char *text,
	const char *other, uint32_t line)
{
	uint32_t last = line;

	for (size_t end = 0; text[end]; end++) {
		const char *so_far;

		if (text[end] != '\n')
			continue;
		so_far = sd_sql_canonical(
			dialect, scratch, sd_fmt(scratch, "%.*s", (int)end, text));
		if (!sd_text_starts(other, so_far))
			return last;
		last++;
	}
	return last;
}

/* The line of @part in which it begins to differ from @other; 0 = all is the same. */
static uint32_t
first_change(const struct sd_dialect *dialect, struct sd_arena *scratch,
	const struct sd_part_script *part, const struct sd_part_script *other)
{
	uint32_t line = part->line;

	for (size_t i = 0; i < part->steps.n; i++) {
		const char *text = part->steps.at[i].text, *was;

		line = part->steps.at[i].line;
		if (i >= other->steps.n)
			return line;
		was = sd_sql_canonical(dialect, scratch, other->steps.at[i].text);
		if (strcmp(sd_sql_canonical(dialect, scratch, text), was) != 0)
			return first_line(dialect, scratch, text, was, line);
	}
	return part->steps.n < other->steps.n ? line : 0;
}

struct sd_pos
sd_work_edit_pos(const struct sd_script *script, const struct sd_script *was,
	const struct sd_dialect *dialect)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_pos pos = script->revision_pos;
	uint32_t line = first_change(dialect, scratch, &script->up, &was->up);

	if (!line)
		line = first_change(dialect, scratch, &script->down, &was->down);
	if (!line) /* a directive: the two parts have nothing else */
		line = script->up.line;
	if (line)
		pos = (struct sd_pos){ pos.file, line, 1 };
	sd_arena_free(scratch);
	return pos;
}

/* @revision as the branch has it that this one left, else as it is there now. */
static const struct sd_script *
published(const struct sd_upstream *upstream, const char *revision)
{
	const struct sd_script *script = NULL;

	if (upstream->base)
		script = sd_history_find(upstream->base, revision);
	if (!script && upstream->tip)
		script = sd_history_find(upstream->tip, revision);
	return script;
}

/* What did not run on @dialect may get a part for it at any time. */
static bool
could_run(const struct sd_script *script, const struct sd_dialect *dialect)
{
	return script->up.present && sd_script_is_for(script, &script->up, dialect);
}

static void
find_missing(struct sd_session *session, const struct sd_history *history,
	const struct sd_upstream *upstream)
{
	for (size_t i = 0; upstream->base && i < upstream->base->scripts.n; i++) {
		const struct sd_script *script = upstream->base->scripts.at[i];

		if (sd_history_find(history, script->revision))
			continue;
		sd_fail(session->diags, SD_CLASS_HISTORY, nowhere,
			"revision %s is on %s, and its script is missing here", script->revision,
			upstream->name);
		sd_hint(session->diags, "databases may have it already: bring %s back",
			script->path);
	}
}

void
sd_work_find_edits(struct sd_session *session, const struct sd_history *history,
	const struct sd_upstream *upstream)
{
	for (size_t i = 0; i < history->scripts.n; i++) {
		const struct sd_script *script = history->scripts.at[i];
		const struct sd_script *was = published(upstream, script->revision);

		if (!was || strcmp(was->checksum, script->checksum) == 0 ||
			!could_run(was, history->dialect))
			continue;
		sd_fail(session->diags, SD_CLASS_HISTORY,
			sd_work_edit_pos(script, was, history->dialect),
			"revision %s is on %s already, and this script differs from it there",
			script->revision, upstream->name);
		sd_hint(session->diags,
			"databases may have it already: put the change into a new revision");
	}
	find_missing(session, history, upstream);
}

/* ---- forks -------------------------------------------------------------------------------- */

/* A head of @history that @other does not know. */
static const struct sd_script *
new_head(const struct sd_history *history, const struct sd_history *other)
{
	for (size_t i = 0; i < history->heads.n; i++)
		if (!sd_history_find(other, history->heads.at[i]))
			return sd_history_find(history, history->heads.at[i]);
	return NULL;
}

void
sd_work_find_fork(struct sd_session *session, const struct sd_history *history,
	const struct sd_upstream *upstream, bool lenient)
{
	const struct sd_script *ours, *theirs;

	if (!upstream->tip)
		return;
	ours = new_head(history, upstream->tip);
	theirs = new_head(upstream->tip, history);
	if (!ours || !theirs)
		return;
	if (lenient)
		sd_warn(session->diags, ours->revision_pos,
			"%s has new revisions, too: merged with revision %s there will be two "
			"heads",
			upstream->name, ours->revision);
	else
		sd_fail(session->diags, SD_CLASS_HISTORY, ours->revision_pos,
			"%s has new revisions, too: merged with revision %s there will be two "
			"heads",
			upstream->name, ours->revision);
	sd_note(session->diags, theirs->revision_pos, "the other head is revision %s",
		theirs->revision);
	sd_hint(session->diags,
		"merge %s into this branch or rebase on it, and let the first new script here "
		"say `-- revises: %s`",
		upstream->name, theirs->revision);
}
