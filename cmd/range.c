/* A:B, in the words for revisions. */
#include "cmd/range.h"

#include <string.h>

static const struct sd_pos nowhere;

static bool
is_relative(const char *id)
{
	return id && (*id == '+' || *id == '-');
}

enum sd_status
sd_range_parse(struct sd_session *session, const char *text, struct sd_range *range)
{
	const char *colon = strchr(text, ':');

	if (!colon || strchr(colon + 1, ':') || strcmp(text, ":") == 0) {
		sd_error(session->diags, nowhere,
			"%sexpected a range like A:B, A: or :B, found \"%s\"", range->option,
			text);
		return SD_ERR;
	}
	range->from =
		colon > text ? sd_strndup(session->arena, text, (size_t)(colon - text)) : NULL;
	range->into = colon[1] ? colon + 1 : NULL;
	if (!is_relative(range->from) || !is_relative(range->into))
		return SD_OK;
	return sd_error(session->diags, nowhere,
		"%sboth ends of the range are steps; one must name a revision", range->option);
}

/* Resolve one end; a step alone counts from the @other end, and one that leads too far means
 * that this side is open: *@all. */
static enum sd_status
resolve_end(const struct sd_look *look, const char *option, const char *id,
	const struct sd_goal *other, struct sd_goal *goal, bool *all)
{
	struct sd_arena *arena = look->session->arena;
	struct sd_diags unheard = { .arena = arena };

	*all = !id;
	if (!id)
		return SD_OK;
	if (!is_relative(id))
		return sd_history_goal(
			look->history, id, &look->state.ids, look->session->diags, goal);
	if (other->scripts.n > 1)
		return sd_error(look->session->diags, nowhere,
			"%s\"%s\" is ambiguous: the other end stands for %zu revisions", option,
			id, other->scripts.n);
	id = sd_fmt(
		arena, "%s%s", other->scripts.n ? other->scripts.at[0]->revision : "base", id);
	*all = sd_history_goal(look->history, id, &look->state.ids, &unheard, goal) != SD_OK;
	if (*all)
		*goal = (struct sd_goal){ 0 };
	return SD_OK;
}

/* The end that a step counts from comes first. */
static enum sd_status
resolve_range(const struct sd_look *look, struct sd_range *range)
{
	const char *into = range->into;

	if (is_relative(into))
		return resolve_end(look, range->option, range->from, NULL, &range->lower,
			       &range->from_all) ||
				       resolve_end(look, range->option, into, &range->lower,
					       &range->upper, &range->into_all)
			       ? SD_ERR
			       : SD_OK;
	if (is_relative(range->from) && !into)
		into = "head";
	if (resolve_end(look, range->option, into, NULL, &range->upper, &range->into_all))
		return SD_ERR;
	return resolve_end(look, range->option, range->from, &range->upper, &range->lower,
		&range->from_all);
}

static const char *
end_name(const struct sd_goal *goal)
{
	return goal->scripts.n ? goal->scripts.at[0]->revision : "base";
}

enum sd_status
sd_range_read(struct sd_look *look, const struct sd_range *range)
{
	if (range->from && !is_relative(range->from) && sd_look_read_for(look, range->from))
		return SD_ERR;
	if (look->known)
		return SD_OK;
	return sd_look_read_for(look, is_relative(range->into) ? NULL : range->into);
}

enum sd_status
sd_range_select(const struct sd_look *look, struct sd_range *range, struct sd_scripts *found)
{
	if (resolve_range(look, range))
		return SD_ERR;
	if (range->into_all)
		range->upper.scripts = look->history->scripts;
	sd_history_range(look->history, &range->lower.scripts, &range->upper.scripts,
		look->session->arena, found);
	if (found->n || !range->lower.scripts.n)
		return SD_OK;
	sd_error(look->session->diags, nowhere, "%s%s does not come before %s", range->option,
		end_name(&range->lower), end_name(&range->upper));
	sd_hint(look->session->diags, "the older revision stands first");
	return SD_ERR;
}
