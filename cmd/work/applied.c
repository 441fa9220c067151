/* A script as it was when it ran: the database has its checksum alone, git may have its text.
 */
#include "cmd/work/check.h"
#include "core/base/text.h"

#include "core/git/git.h"

#define MOST_COMMITS 200

bool
sd_work_scripts_differ(
	struct sd_session *session, const struct sd_tree *a, const struct sd_tree *b)
{
	struct sd_names dirs = sd_work_paths(session, &session->settings.migrations);

	for (size_t i = 0; i < dirs.n; i++)
		if (!sd_git_same(a, b, dirs.at[i]))
			return true;
	return false;
}

const struct sd_script *
sd_work_as_applied(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_applied *row, const char **rev)
{
	const char *why;
	struct sd_git *git = sd_work_git(session, &why);
	const struct sd_tree *before = NULL;

	for (unsigned i = 0; git && i < MOST_COMMITS; i++) {
		const char *name = i ? sd_fmt(session->arena, "HEAD~%u", i) : "HEAD";
		const struct sd_tree *tree = sd_git_revision(git, name, &why);
		const struct sd_history *history;
		const struct sd_script *script;

		if (!tree)
			return NULL;
		if (before && !sd_work_scripts_differ(session, before, tree))
			continue;
		before = tree;
		history = sd_work_history_at(session, engine, tree);
		script = history ? sd_history_find(history, row->revision) : NULL;
		*rev = name;
		if (script && sd_text_equal(script->checksum, row->checksum))
			return script;
	}
	return NULL;
}
