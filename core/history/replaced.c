/* What a database has run, where scripts were squashed since.  The applied set is taken as it
 * is recorded; sets that it holds whole become the revision that replaces them before anything
 * else is asked of it, so that nobody else has to know. */
#include "core/history/replaced.h"

#include "core/base/text.h"

#include <string.h>

struct sd_script *
sd_history_known(const struct sd_history *history, const char *revision)
{
	struct sd_script *script = sd_history_find(history, revision);

	return script ? script : sd_map_get(&history->by_replaced, revision);
}

void
sd_script_replaced(
	const struct sd_script *script, struct sd_arena *arena, struct sd_names *names)
{
	struct sd_map seen = { 0 };

	for (size_t i = 0; i < script->replaces.n; i++)
		for (size_t k = 0; k < script->replaces.at[i].n; k++) {
			void **slot = sd_map_at(&seen, script->replaces.at[i].at[k], arena);

			if (!*slot)
				*sd_push(arena, names) = script->replaces.at[i].at[k];
			*slot = &seen;
		}
}

bool
sd_history_has_replaced(const struct sd_history *history, const struct sd_script *script)
{
	for (size_t i = 0; i < script->replaces.n; i++) {
		const struct sd_names *set = &script->replaces.at[i];
		size_t n = 0;

		while (n < set->n && sd_history_known(history, set->at[n]))
			n++;
		if (n == set->n)
			return true;
	}
	return false;
}

/* ---- which sets are there ------------------------------------------------------------- */

/* The applied revisions that count for sets: by id. */
static void
map_applied(const struct sd_history *history, const struct sd_names *applied,
	const char *partial, struct sd_arena *arena, struct sd_map *map)
{
	for (size_t i = 0; i < applied->n; i++)
		if (!sd_text_equal(applied->at[i], partial) &&
			!sd_history_find(history, applied->at[i]))
			*sd_map_at(map, applied->at[i], arena) = map;
}

/* What of the sets of @script is there, and what is missing of the one that lacks least. */
static struct sd_stand_in
look_at(struct sd_script *script, const struct sd_names *applied, const struct sd_map *map,
	struct sd_arena *arena)
{
	struct sd_stand_in found = { .script = script };
	struct sd_names all = { 0 };
	bool any = false;

	sd_script_replaced(script, arena, &all);
	for (size_t i = 0; i < applied->n; i++)
		if (sd_map_get(map, applied->at[i]) && sd_names_find(&all, applied->at[i]) >= 0)
			*sd_push(arena, &found.applied) = applied->at[i];
	for (size_t i = 0; found.applied.n && i < script->replaces.n; i++) {
		const struct sd_names *set = &script->replaces.at[i];
		struct sd_names missing = { 0 };

		for (size_t k = 0; k < set->n; k++)
			if (!sd_map_get(map, set->at[k]))
				*sd_push(arena, &missing) = set->at[k];
		if (missing.n < set->n && (!any || missing.n < found.missing.n))
			found.missing = missing;
		any |= missing.n < set->n;
	}
	return found;
}

void
sd_history_replaced(const struct sd_history *history, const struct sd_names *applied,
	const char *partial, struct sd_arena *arena, struct sd_replaced *replaced)
{
	struct sd_map map = { 0 }, gone = { 0 };

	*replaced = (struct sd_replaced){ .ids = *applied };
	if (!history->by_replaced.n || !applied->n)
		return;
	map_applied(history, applied, partial, arena, &map);
	for (size_t i = 0; i < history->scripts.n; i++) {
		struct sd_script *script = history->scripts.at[i];
		struct sd_stand_in found;

		if (!script->replaces.n || sd_names_find(applied, script->revision) >= 0 ||
			sd_text_equal(script->revision, partial))
			continue;
		found = look_at(script, applied, &map, arena);
		if (found.applied.n && found.missing.n)
			*sd_push(arena, &replaced->half) = found;
		else if (found.applied.n)
			*sd_push(arena, &replaced->whole) = found;
	}
	if (!replaced->whole.n)
		return;
	replaced->ids = (struct sd_names){ 0 };
	for (size_t i = 0; i < replaced->whole.n; i++)
		for (size_t k = 0; k < replaced->whole.at[i].applied.n; k++)
			*sd_map_at(&gone, replaced->whole.at[i].applied.at[k], arena) = &gone;
	for (size_t i = 0; i < applied->n; i++)
		if (!sd_map_get(&gone, applied->at[i]))
			*sd_push(arena, &replaced->ids) = applied->at[i];
	for (size_t i = 0; i < replaced->whole.n; i++)
		*sd_push(arena, &replaced->ids) = replaced->whole.at[i].script->revision;
}

enum sd_status
sd_state_ids_as(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_history *history, struct sd_arena *arena, struct sd_names *ids)
{
	struct sd_partial partial = { 0 };
	struct sd_replaced replaced;

	if (sd_state_ids(db, books, arena, ids) ||
		(history->by_replaced.n && sd_state_partial(db, books, arena, &partial)))
		return SD_ERR;
	sd_history_replaced(history, ids, partial.revision, arena, &replaced);
	*ids = replaced.ids;
	return SD_OK;
}

/* ---- reports -------------------------------------------------------------------------- */

enum sd_status
sd_replaced_check(const struct sd_replaced *replaced, struct sd_diags *diags)
{
	for (size_t i = 0; i < replaced->half.n; i++) {
		const struct sd_stand_in *half = &replaced->half.at[i];

		sd_fail(diags, SD_CLASS_HISTORY, half->script->replaces_pos,
			"the database is in the middle of what revision %s replaces: it has "
			"%s, "
			"and not %s",
			half->script->revision,
			sd_text_list(diags->arena, &half->applied, SD_TEXT_MOST),
			sd_text_list(diags->arena, &half->missing, SD_TEXT_MOST));
		sd_hint(diags,
			"check out the commit before the squash, run `schemadiff upgrade` with "
			"its scripts, and come back; or, where that was done by hand, say "
			"`schemadiff stamp %s`",
			half->script->revision);
	}
	return replaced->half.n ? SD_ERR : SD_OK;
}

/* ---- the state ------------------------------------------------------------------------ */

/* The row that @whole will have: as late as the last of those that it replaces. */
static struct sd_applied
row_of(const struct sd_state *state, const struct sd_stand_in *whole, struct sd_arena *arena)
{
	const struct sd_script *script = whole->script;
	struct sd_applied row = { 0 };

	for (size_t i = 0; i < state->rows.n; i++)
		if (sd_names_find(&whole->applied, state->rows.at[i].revision) >= 0)
			row = state->rows.at[i];
	row.revision = script->revision;
	row.parents = sd_text_list(arena, &script->revises, 0);
	row.description = script->message;
	row.checksum = script->checksum;
	row.down_sql = script->down.present ? script->down.body : NULL;
	return row;
}

void
sd_state_replace(struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_replaced *replaced)
{
	struct sd_state after = *state;
	struct sd_map kept = { 0 };

	sd_history_replaced(history, &state->ids, state->partial.revision, arena, replaced);
	if (!replaced->whole.n)
		return;
	memset(&after.rows, 0, sizeof after.rows);
	for (size_t i = 0; i < replaced->ids.n; i++)
		*sd_map_at(&kept, replaced->ids.at[i], arena) = &kept;
	for (size_t i = 0; i < state->rows.n; i++)
		if (sd_map_get(&kept, state->rows.at[i].revision))
			*sd_push(arena, &after.rows) = state->rows.at[i];
	for (size_t i = 0; i < replaced->whole.n; i++)
		*sd_push(arena, &after.rows) = row_of(state, &replaced->whole.at[i], arena);
	after.ids = replaced->ids;
	*state = after;
}

enum sd_status
sd_state_check_replaced(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_diags *diags)
{
	struct sd_replaced replaced;

	sd_history_replaced(history, &state->ids, state->partial.revision, arena, &replaced);
	return sd_replaced_check(&replaced, diags);
}

static enum sd_status
settle_one(struct sd_db *db, const struct sd_bookkeeping *books, struct sd_arena *arena,
	const struct sd_stand_in *whole)
{
	const struct sd_script *script = whole->script;
	const char *by = sd_fmt(arena, "ok, replaced by %s", script->revision);

	for (size_t i = 0; i < whole->applied.n; i++)
		if (sd_state_remove(db, books, whole->applied.at[i], "squash", by, 0))
			return SD_ERR;
	return sd_state_add(db, books, script, "squash",
		sd_fmt(arena, "ok, replaces %s",
			sd_text_list(arena, &whole->applied, SD_TEXT_MOST)),
		0);
}

enum sd_status
sd_state_settle(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_history *history, struct sd_arena *arena, struct sd_replaced *replaced)
{
	struct sd_names ids = { 0 };
	struct sd_partial partial;

	*replaced = (struct sd_replaced){ 0 };
	if (!history->by_replaced.n)
		return SD_OK;
	if (sd_state_ids(db, books, arena, &ids) ||
		sd_state_partial(db, books, arena, &partial))
		return SD_ERR;
	sd_history_replaced(history, &ids, partial.revision, arena, replaced);
	/* an older program's tables may lack what is written now */
	if (replaced->whole.n && sd_state_create(db, books))
		return SD_ERR;
	for (size_t i = 0; i < replaced->whole.n; i++)
		if (settle_one(db, books, arena, &replaced->whole.at[i]))
			return SD_ERR;
	return SD_OK;
}
