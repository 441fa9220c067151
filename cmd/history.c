/* history: the list of revisions, all or a range, plain or drawn. */
#include "cmd/commands.h"
#include "cmd/draw.h"
#include "cmd/range.h"

#include <stddef.h>
#include <string.h>

struct history_opts {
	const char *range;
	bool graph, indicate_current;
};

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

static int
run_history(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct history_opts *o = opts;
	struct sd_range range = { .option = "-r: " };
	struct sd_scripts found = { 0 }, newest = { 0 };
	struct sd_look look;

	(void)args;
	if (o->range && sd_range_parse(session, o->range, &range))
		return SD_EXIT_INPUT;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	if (o->indicate_current ? sd_look_read_for(&look, "current") : sd_range_read(&look, &range))
		return SD_EXIT_DATABASE;
	sd_look_warn_half(&look);
	if (sd_range_select(&look, &range, &found))
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
