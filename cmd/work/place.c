/* Where a new revision stands in the history: what it revises, and what it depends on. */
#include "cmd/work/work.h"

static const struct sd_pos nowhere;

enum sd_status
sd_work_resolve_each(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_scripts *scripts)
{
	struct sd_goal goal;

	for (size_t i = 0; i < words->n; i++) {
		if (sd_history_goal(history, words->at[i], NULL, session->diags, &goal))
			return SD_ERR;
		for (size_t k = 0; k < goal.scripts.n; k++)
			*sd_push(session->arena, scripts) = goal.scripts.at[k];
	}
	return SD_OK;
}

enum sd_status
sd_work_check_parents(struct sd_session *session, const struct sd_history *history,
	const struct sd_scripts *parents, bool splice)
{
	struct sd_names names = { 0 }, tips = { 0 };

	for (size_t i = 0; i < parents->n; i++) {
		const char *id = parents->at[i]->revision;

		if (sd_names_find(&names, id) >= 0)
			return sd_error(
				session->diags, nowhere, "revision %s is named twice", id);
		*sd_push(session->arena, &names) = id;
		if (splice || !parents->at[i]->links.children.n)
			continue;
		sd_fail(session->diags, SD_CLASS_REFUSED, nowhere,
			"revision %s is no head: %s revises it", id,
			parents->at[i]->links.children.at[0]->revision);
		sd_hint(session->diags, "--splice lets a new branch begin there");
		return SD_ERR;
	}
	sd_history_tips(history, &names, session->arena, &tips);
	if (tips.n == names.n)
		return SD_OK;
	sd_error(session->diags, nowhere, "one of these revisions needs another: %s is enough",
		tips.at[0]);
	return SD_ERR;
}

enum sd_status
sd_work_dependencies(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_names *names)
{
	for (size_t i = 0; i < words->n; i++) {
		struct sd_script *script;

		if (sd_history_resolve(history, words->at[i], NULL, session->diags, &script))
			return SD_ERR;
		if (!script)
			return sd_error(session->diags, nowhere,
				"--depends-on %s: it is no revision", words->at[i]);
		*sd_push(session->arena, names) = sd_map_get(&history->by_label, words->at[i])
							  ? words->at[i]
							  : script->revision;
	}
	return SD_OK;
}
