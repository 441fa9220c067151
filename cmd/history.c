/* history: the list of revisions, all or a range, plain or drawn. */
#include "cmd/commands.h"
#include "cmd/draw.h"
#include "cmd/look.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

struct history_opts {
	const char *range;
	bool graph, indicate_current;
};

/* ---- ranges --------------------------------------------------------------------------- */

/* The two ends of "A:B". */
struct range {
	const char *from, *into; /* NULL: open */
	struct sd_goal lower, upper;
	bool from_all, into_all; /* the end is open, or a step leads further than there is */
};

static bool
is_relative(const char *id)
{
	return id && (*id == '+' || *id == '-');
}

static enum sd_status
parse_range(struct sd_session *session, const char *text, struct range *range)
{
	const char *colon = strchr(text, ':');

	if (!colon || strchr(colon + 1, ':') || strcmp(text, ":") == 0) {
		sd_error(session->diags, nowhere,
			"-r: expected a range like A:B, A: or :B, found \"%s\"", text);
		return SD_ERR;
	}
	range->from =
		colon > text ? sd_strndup(session->arena, text, (size_t)(colon - text)) : NULL;
	range->into = colon[1] ? colon + 1 : NULL;
	if (!is_relative(range->from) || !is_relative(range->into))
		return SD_OK;
	return sd_error(session->diags, nowhere,
		"-r: both ends of the range are steps; one must name a revision");
}

/* Resolve one end; a step alone counts from the @other end, and one that leads too far means
 * that this side is open: *@all. */
static enum sd_status
resolve_end(const struct sd_look *look, const char *id, const struct sd_goal *other,
	struct sd_goal *goal, bool *all)
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
			"-r: \"%s\" is ambiguous: the other end stands for %zu revisions", id,
			other->scripts.n);
	id = sd_fmt(
		arena, "%s%s", other->scripts.n ? other->scripts.at[0]->revision : "base", id);
	*all = sd_history_goal(look->history, id, &look->state.ids, &unheard, goal) != SD_OK;
	if (*all)
		*goal = (struct sd_goal){ 0 };
	return SD_OK;
}

/* The end that a step counts from comes first. */
static enum sd_status
resolve_range(const struct sd_look *look, struct range *range)
{
	const char *into = range->into;

	if (is_relative(into))
		return resolve_end(look, range->from, NULL, &range->lower, &range->from_all) ||
				       resolve_end(look, into, &range->lower, &range->upper,
					       &range->into_all)
			       ? SD_ERR
			       : SD_OK;
	if (is_relative(range->from) && !into)
		into = "head";
	if (resolve_end(look, into, NULL, &range->upper, &range->into_all))
		return SD_ERR;
	return resolve_end(look, range->from, &range->upper, &range->lower, &range->from_all);
}

static const char *
end_name(const struct sd_goal *goal)
{
	return goal->scripts.n ? goal->scripts.at[0]->revision : "base";
}

/* Revisions up to the upper end, from the lower one on: both belong to the range. */
static enum sd_status
select_range(const struct sd_look *look, struct range *range, struct sd_scripts *found)
{
	if (resolve_range(look, range))
		return SD_ERR;
	if (range->into_all)
		range->upper.scripts = look->history->scripts;
	sd_history_range(look->history, &range->lower.scripts, &range->upper.scripts,
		look->session->arena, found);
	if (found->n || !range->lower.scripts.n)
		return SD_OK;
	sd_error(look->session->diags, nowhere, "-r: %s does not come before %s",
		end_name(&range->lower), end_name(&range->upper));
	sd_hint(look->session->diags, "the older revision stands first");
	return SD_ERR;
}

/* ---- printing --------------------------------------------------------------------------- */

static void
print_list(const struct sd_look *look, const struct sd_scripts *scripts)
{
	struct sd_buf text = SD_BUF(look->session->arena);

	for (size_t i = 0; i < scripts->n; i++) {
		if (!look->session->globals.verbose) {
			sd_look_line(look, scripts->at[i], &text);
			continue;
		}
		sd_buf_sep(&text, "\n");
		sd_look_block(look, scripts->at[i], &text);
	}
	fputs(sd_buf_text(&text), look->session->out);
}

static void
print_graph(const struct sd_look *look, const struct sd_scripts *scripts)
{
	struct sd_arena *arena = look->session->arena;
	bool *shown = sd_new_array(arena, look->history->scripts.n + 1, bool);
	struct sd_drawing drawing = { .arena = arena, .shown = shown };
	struct sd_buf text = SD_BUF(arena), one = SD_BUF(arena);

	for (size_t i = 0; i < scripts->n; i++)
		shown[scripts->at[i]->links.index] = true;
	for (size_t i = 0; i < scripts->n; i++) {
		sd_buf_cut(&one, 0);
		if (look->session->globals.verbose) {
			sd_look_block(look, scripts->at[i], &one);
			sd_buf_addc(&one, '\n');
		} else {
			sd_look_name(look, scripts->at[i], &one);
			sd_buf_addf(&one, ", %s", scripts->at[i]->message);
		}
		sd_draw(&drawing, scripts->at[i], sd_buf_text(&one), &text);
	}
	fputs(sd_buf_text(&text), look->session->out);
}

/* ---- the command ------------------------------------------------------------------------ */

/* What is applied: asked for, needed by an end of the range, or a mere addition. */
static enum sd_status
read_applied(struct sd_look *look, const struct history_opts *o, const struct range *range)
{
	if (o->indicate_current)
		return sd_look_read_for(look, "current");
	if (range->from && !is_relative(range->from) && sd_look_read_for(look, range->from))
		return SD_ERR;
	if (look->known)
		return SD_OK;
	return sd_look_read_for(look, is_relative(range->into) ? NULL : range->into);
}

static int
run_history(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct history_opts *o = opts;
	struct range range = { 0 };
	struct sd_scripts found = { 0 }, newest = { 0 };
	struct sd_look look;

	(void)args;
	if (o->range && parse_range(session, o->range, &range))
		return SD_EXIT_INPUT;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	if (read_applied(&look, o, &range))
		return SD_EXIT_DATABASE;
	sd_look_warn_half(&look);
	if (select_range(&look, &range, &found))
		return SD_EXIT_INPUT;
	for (size_t i = found.n; i-- > 0;)
		*sd_push(session->arena, &newest) = found.at[i];
	if (session->globals.json)
		sd_look_list_json(&look, "revisions", &newest);
	else if (o->graph)
		print_graph(&look, &newest);
	else
		print_list(&look, &newest);
	sd_look_say_empty(&look);
	return SD_EXIT_OK;
}

static const struct sd_opt options[] = {
	{ 'r', "rev-range", SD_OPT_TEXT, offsetof(struct history_opts, range), "A:B",
		"only these, both ends included; A: and :B are open, -3:current counts", NULL },
	{ 'i', "indicate-current", SD_OPT_FLAG, offsetof(struct history_opts, indicate_current),
		NULL, "(current) must be told: a database that can't be read is an error",
		NULL },
	{ 0, "graph", SD_OPT_FLAG, offsetof(struct history_opts, graph), NULL,
		"draw the branches beside the revisions", NULL },
};

const struct sd_cmd sd_cmd_history = {
	.name = "history",
	.summary = "list the revisions, newest first",
	.details = "A line each: `parent -> revision (label) (head) (current), message`; with "
		   "-v a block each. Only (current) needs a database.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = options,
	.n_opts = SD_COUNT(options),
	.opts_size = sizeof(struct history_opts),
	.run = run_history,
};
