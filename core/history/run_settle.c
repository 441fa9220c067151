/* Revisions that replace applied ones take their place before anything else is done. */
#include "core/history/run_impl.h"

/* What an applied revision replaces that has no script here is not run again, though there are
 * scripts of it: they are from before the squash. */
static enum sd_status
check_older(const struct sd_work *w, const struct sd_names *ids)
{
	const struct sd_run *run = w->run;
	struct sd_diags *diags = sd_db_diags(run->db);

	for (size_t i = 0; w->direction == SD_UP && i < ids->n; i++) {
		struct sd_names replaced = { 0 };

		if (sd_history_find(run->history, ids->at[i]))
			continue;
		if (sd_state_replaces(run->db, run->books, run->arena, ids->at[i], &replaced))
			return SD_ERR;
		for (size_t k = 0; k < replaced.n; k++) {
			const struct sd_script *script =
				sd_history_find(run->history, replaced.at[k]);

			if (!script || sd_names_find(ids, replaced.at[k]) >= 0)
				continue;
			sd_fail(diags, SD_CLASS_HISTORY, script->revision_pos,
				"revision %s is a part of %s, which the database has and no script "
				"here",
				script->revision, ids->at[i]);
			sd_hint(diags,
				"get the branch with the squash, by merging it or by a rebase on it: "
				"what follows the old revisions will follow %s",
				ids->at[i]);
			return SD_ERR;
		}
	}
	return SD_OK;
}

enum sd_status
sd_work_replaced(const struct sd_work *w, struct sd_replaced *replaced)
{
	const struct sd_run *run = w->run;
	struct sd_names ids = { 0 };
	struct sd_partial partial = { 0 };

	*replaced = (struct sd_replaced){ 0 };
	if (sd_state_ids(run->db, run->books, run->arena, &ids) || check_older(w, &ids) ||
		(run->history->by_replaced.n &&
			sd_state_partial(run->db, run->books, run->arena, &partial)))
		return SD_ERR;
	sd_history_replaced(run->history, &ids, partial.revision, run->arena, replaced);
	return sd_replaced_check(replaced, sd_db_diags(run->db));
}

enum sd_status
sd_work_settle(struct sd_work *w)
{
	const struct sd_run *run = w->run;
	struct sd_replaced *replaced = &w->result->replaced;

	if (sd_work_replaced(w, replaced))
		return SD_ERR;
	if (!replaced->whole.n)
		return SD_OK;
	if (sd_db_begin(run->db, &w->wait, false))
		return SD_ERR;
	/* decided anew: another process may have done it meanwhile */
	if (sd_state_settle(run->db, run->books, run->history, run->arena, replaced) == SD_OK &&
		sd_db_commit(run->db, &w->wait) == SD_OK)
		return SD_OK;
	*replaced = (struct sd_replaced){ 0 };
	sd_db_rollback(run->db);
	return SD_ERR;
}
