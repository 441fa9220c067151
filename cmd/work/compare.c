/* Compare; have the engine say what tokens and catalogs can't; compare again, knowing it. */
#include "cmd/work/work.h"

#include <string.h>

enum sd_status
sd_work_diff_options(struct sd_session *session, const struct sd_compare_flags *flags,
	struct sd_diff_options *options)
{
	enum sd_status status = SD_OK;

	*options = (struct sd_diff_options){
		.include = session->settings.include,
		.exclude = session->settings.exclude,
	};
	if (!flags)
		return SD_OK;
	options->drops = flags->drops;
	options->no_renames = flags->no_renames;
	for (size_t i = 0; i < flags->renames.n; i++) {
		struct sd_rename rename;

		if (sd_rename_parse(session->arena, flags->renames.at[i], &rename)) {
			*sd_push(session->arena, &options->renames) = rename;
			continue;
		}
		status = sd_error(session->diags, (struct sd_pos){ 0 },
			"--rename %s: expected OLD_TABLE=NEW_TABLE or "
			"TABLE.OLD_COLUMN=NEW_COLUMN",
			flags->renames.at[i]);
	}
	return status;
}

/* What makes a difference only because the engine could not be asked. */
static void
warn_untold(struct sd_session *session, struct sd_db *db, const struct sd_diff *diff,
	const struct sd_map *untold)
{
	const char *hint, *why = sd_db_untold(db, &hint);
	bool any = false;

	for (size_t i = 0; why && i < diff->undecided.n; i++) {
		const struct sd_undecided *pair = &diff->undecided.at[i];

		if (!sd_map_get(untold, sd_answer_key(session->arena, pair)))
			continue;
		any = true;
		sd_warn(session->diags, (struct sd_pos){ 0 },
			"whether \"%s\" and \"%s\"%s%s are the same can't be told here, so "
			"they "
			"count as different: %s",
			pair->a, pair->b, pair->table ? " of " : "",
			pair->table ? pair->table : "", why);
	}
	if (any)
		sd_hint(session->diags, "%s", hint);
}

static void
ask_engine(struct sd_arena *arena, struct sd_db *db, const struct sd_diff *diff,
	struct sd_map *answers, struct sd_map *untold)
{
	size_t n = diff->undecided.n;
	struct sd_expressions *pairs = sd_new_array(arena, n + 1, struct sd_expressions);
	enum sd_sameness *same = sd_new_array(arena, n + 1, enum sd_sameness);
	const struct sd_renderer *renderer = sd_engine_find(sd_db_dialect(db))->renderer;

	for (size_t i = 0; i < n; i++) {
		const struct sd_undecided *pair = &diff->undecided.at[i];

		pairs[i] = (struct sd_expressions){
			.relation = pair->table,
			.source = pair->relation && renderer->source
					  ? renderer->source(pair->relation, arena)
					  : NULL,
			.type = pair->type,
			.a = pair->a,
			.b = pair->b,
		};
	}
	sd_db_same_expressions(db, pairs, n, same);
	for (size_t i = 0; i < n; i++)
		if (same[i] != SD_DIFFERENT)
			*sd_map_at(same[i] == SD_SAME ? answers : untold,
				sd_answer_key(arena, &diff->undecided.at[i]), arena) = &same[i];
}

struct sd_diff *
sd_work_reverse(struct sd_session *session, struct sd_db *db, const struct sd_diff *diff,
	const struct sd_diff_options *options)
{
	struct sd_diff *back = sd_diff_reverse(diff, options, session->arena);
	struct sd_map untold = { 0 };

	/* with renames turned round the same pairs are spelled in other words */
	if (!db || !back->undecided.n || !diff->renames.n || !options->answers)
		return back;
	ask_engine(session->arena, db, back, options->answers, &untold);
	return sd_diff_reverse(diff, options, session->arena);
}

struct sd_diff *
sd_work_compare(struct sd_session *session, struct sd_db *db, struct sd_schema *from,
	struct sd_schema *into, struct sd_diff_options *options)
{
	struct sd_map *answers = sd_new(session->arena, struct sd_map), untold = { 0 };
	struct sd_diff *diff = sd_diff(from, into, options, session->arena);

	if (!db || !diff->changes.n)
		return diff;
	ask_engine(session->arena, db, diff, answers, &untold);
	sd_work_probe(session, db, diff);
	options->answers = answers;
	diff = sd_diff(from, into, options, session->arena);
	warn_untold(session, db, diff, &untold);
	return diff;
}

enum sd_status
sd_work_check_flags(struct sd_session *session, const struct sd_diffs *diffs)
{
	const struct sd_names *wrong = &diffs->at[0]->wrong;
	enum sd_status status = SD_OK;

	for (uint32_t i = 0; i < wrong->n; i++) {
		bool fits = false;

		for (size_t k = 1; k < diffs->n; k++)
			fits |= sd_names_find(&diffs->at[k]->wrong, wrong->at[i]) < 0;
		if (!fits)
			status = sd_error(session->diags, (struct sd_pos){ 0 }, "%s", wrong->at[i]);
	}
	return status;
}
