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

static void
ask_engine(struct sd_arena *arena, struct sd_db *db, const struct sd_diff *diff,
	struct sd_map *answers)
{
	static const char yes[] = "same";
	size_t n = diff->undecided.n;
	struct sd_expressions *pairs = sd_new_array(arena, n + 1, struct sd_expressions);
	bool *same = sd_new_array(arena, n + 1, bool);
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
		if (same[i])
			*sd_map_at(answers, sd_answer_key(arena, &diff->undecided.at[i]),
				arena) = (void *)yes;
}

struct sd_diff *
sd_work_reverse(struct sd_session *session, struct sd_db *db, const struct sd_diff *diff,
	const struct sd_diff_options *options)
{
	struct sd_diff *back = sd_diff_reverse(diff, options, session->arena);

	/* with renames turned round the same pairs are spelled in other words */
	if (!db || !back->undecided.n || !diff->renames.n || !options->answers)
		return back;
	ask_engine(session->arena, db, back, options->answers);
	return sd_diff_reverse(diff, options, session->arena);
}

struct sd_diff *
sd_work_compare(struct sd_session *session, struct sd_db *db, struct sd_schema *from,
	struct sd_schema *into, struct sd_diff_options *options)
{
	struct sd_map *answers = sd_new(session->arena, struct sd_map);
	struct sd_diff *diff = sd_diff(from, into, options, session->arena);

	for (size_t i = 0; i < diff->wrong.n; i++)
		sd_error(session->diags, (struct sd_pos){ 0 }, "%s", diff->wrong.at[i]);
	if (!db || !diff->changes.n)
		return diff;
	ask_engine(session->arena, db, diff, answers);
	sd_work_probe(session, db, diff);
	options->answers = answers;
	return sd_diff(from, into, options, session->arena);
}
