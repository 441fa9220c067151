/* heads, branches, show, current: looking at single revisions. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

static void
print(struct sd_session *session, const struct sd_buf *text)
{
	fputs(sd_buf_text(text), session->out);
}

/* A line of the name and the message, or with -v a block. */
static void
add_one(const struct sd_look *look, const struct sd_script *script, struct sd_buf *text)
{
	if (look->session->globals.verbose) {
		sd_buf_sep(text, "\n");
		sd_look_block(look, script, text);
		return;
	}
	sd_look_name(look, script, text);
	sd_buf_addf(text, ", %s\n", script->message);
}

/* ---- heads -------------------------------------------------------------------------- */

struct heads_opts {
	bool resolve_dependencies;
};

static int
run_heads(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct heads_opts *o = opts;
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_scripts heads = { 0 };
	struct sd_look look;

	(void)args;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	for (size_t i = 0; i < look.history->heads.n; i++) {
		struct sd_script *head =
			sd_history_find(look.history, look.history->heads.at[i]);

		if (!o->resolve_dependencies || !head->links.needed_by.n)
			*sd_push(session->arena, &heads) = head;
	}
	if (session->globals.json)
		sd_look_list_json(&look, "heads", &heads);
	for (size_t i = 0; i < heads.n && !session->globals.json; i++)
		add_one(&look, heads.at[i], &text);
	print(session, &text);
	sd_look_say_empty(&look);
	return SD_EXIT_OK;
}

static const struct sd_opt heads_options[] = {
	{ 0, "resolve-dependencies", SD_OPT_FLAG,
		offsetof(struct heads_opts, resolve_dependencies), NULL,
		"leave out heads on which other revisions depend", NULL },
};

const struct sd_cmd sd_cmd_heads = {
	.name = "heads",
	.summary = "list the revisions that no other revises",
	.details = "Several heads are several branches. One on which a revision of another "
		   "branch depends is an (effective head): \"heads\" as a target doesn't name "
		   "it, as it comes with the other. No database is needed.",
	.needs = SD_NEEDS_CONFIG,
	.opts = heads_options,
	.n_opts = SD_COUNT(heads_options),
	.opts_size = sizeof(struct heads_opts),
	.run = run_heads,
};

/* ---- branches ------------------------------------------------------------------------- */

static void
branch_text(const struct sd_look *look, const struct sd_script *script, struct sd_buf *text)
{
	add_one(look, script, text);
	for (size_t i = 0; i < script->links.children.n; i++) {
		const struct sd_script *child = script->links.children.at[i];

		sd_buf_add(text, "    -> ");
		sd_look_name(look, child, text);
		sd_buf_addf(text, ", %s\n", child->message);
	}
}

static void
branches_json(const struct sd_look *look, const struct sd_scripts *branchpoints)
{
	struct sd_buf *json = sd_json_begin(look->session, look->session->command);

	sd_json_open(json, "branches", '[');
	for (size_t i = 0; i < branchpoints->n; i++) {
		sd_json_open(json, NULL, '{');
		sd_look_json(look, branchpoints->at[i], json);
		sd_json_revisions(json, "children", &branchpoints->at[i]->links.children);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static int
run_branches(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_scripts branchpoints = { 0 };
	struct sd_look look;

	(void)opts;
	(void)args;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	for (size_t i = look.history->scripts.n; i-- > 0;)
		if (look.history->scripts.at[i]->links.children.n > 1)
			*sd_push(session->arena, &branchpoints) = look.history->scripts.at[i];
	if (session->globals.json)
		branches_json(&look, &branchpoints);
	for (size_t i = 0; i < branchpoints.n && !session->globals.json; i++)
		branch_text(&look, branchpoints.at[i], &text);
	print(session, &text);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_branches = {
	.name = "branches",
	.summary = "list where the history branches",
	.details = "Each revision that several others revise, newest first, with those. No "
		   "database is needed.",
	.needs = SD_NEEDS_CONFIG,
	.run = run_branches,
};

/* ---- show --------------------------------------------------------------------------- */

static void
add_part(struct sd_buf *out, const char *name, const struct sd_part_script *part)
{
	const char *body = part->body ? part->body + strspn(part->body, "\r\n") : "";
	size_t len = strlen(body);

	if (!part->present)
		return;
	while (len && strchr("\r\n \t", body[len - 1]))
		len--;
	sd_buf_addf(out, "\n-- schemadiff:%s%s%s\n", name, part->dialect ? " " : "",
		part->dialect ? part->dialect : "");
	if (len)
		sd_buf_addf(out, "%.*s\n", (int)len, body);
}

/* The whole script, of which the graph has read the header alone. */
static const struct sd_script *
whole(const struct sd_look *look, const struct sd_script *script)
{
	return sd_script_parse(script->path, script->text, strlen(script->text),
		look->engine->dialect, look->session->arena, look->session->diags);
}

static enum sd_status
show_text(const struct sd_look *look, const struct sd_scripts *scripts)
{
	struct sd_buf text = SD_BUF(look->session->arena);

	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_script *script = whole(look, scripts->at[i]);

		if (!script)
			return SD_ERR;
		sd_buf_sep(&text, "\n");
		sd_look_block(look, scripts->at[i], &text);
		add_part(&text, "up", &script->up);
		add_part(&text, "down", &script->down);
	}
	print(look->session, &text);
	return SD_OK;
}

/* One revision is the document itself; several are a list in it. */
static enum sd_status
show_json(const struct sd_look *look, const struct sd_scripts *scripts)
{
	struct sd_buf *json = sd_json_begin(look->session, look->session->command);
	bool list = scripts->n > 1;

	if (list)
		sd_json_open(json, "revisions", '[');
	for (size_t i = 0; i < scripts->n; i++) {
		const struct sd_script *script = whole(look, scripts->at[i]);

		if (list)
			sd_json_open(json, NULL, '{');
		sd_look_json(look, scripts->at[i], json);
		if (script) {
			sd_json_text(json, "up", script->up.present ? script->up.body : NULL);
			sd_json_text(
				json, "down", script->down.present ? script->down.body : NULL);
		}
		if (list)
			sd_json_close(json, '}');
	}
	if (list)
		sd_json_close(json, ']');
	return sd_diags_exit(look->session->diags) ? SD_ERR : SD_OK;
}

static int
run_show(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const char *id = args->at[0];
	struct sd_look look;
	struct sd_goal goal;
	enum sd_status status;

	(void)opts;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read_for(&look, id))
		return SD_EXIT_DATABASE;
	if (sd_history_goal(look.history, id, &look.state.ids, session->diags, &goal))
		return SD_EXIT_INPUT;
	if (!goal.scripts.n) {
		sd_error(session->diags, nowhere, "\"%s\" is base here, which has no script",
			id);
		sd_hint(session->diags, "`schemadiff history` lists the revisions");
		return SD_EXIT_INPUT;
	}
	status = session->globals.json ? show_json(&look, &goal.scripts)
				       : show_text(&look, &goal.scripts);
	return status ? SD_EXIT_HISTORY : SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_show = {
	.name = "show",
	.args = "REV",
	.min_args = 1,
	.max_args = 1,
	.summary = "show a revision: its header and both parts",
	.details = "All of them when REV stands for several: `heads`, or `current` in a "
		   "database at several.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.run = run_show,
};

/* ---- current ------------------------------------------------------------------------ */

struct current_opts {
	bool check_heads;
};

static void
print_current(const struct sd_look *look)
{
	struct sd_buf text = SD_BUF(look->session->arena);

	if (look->session->globals.verbose)
		fprintf(look->session->out, "Current revision(s) for %s:\n",
			look->session->target.masked);
	for (size_t i = 0; i < look->current.n; i++) {
		const char *id = look->current.at[i];
		const struct sd_script *script = sd_history_find(look->history, id);

		if (script)
			add_one(look, script, &text);
		else
			sd_buf_addf(&text, "%s (no script here)\n", id);
	}
	if (look->state.partial.revision)
		sd_buf_addf(&text, "%s (half %s)\n", look->state.partial.revision,
			look->state.partial.down ? "undone" : "applied");
	print(look->session, &text);
}

static void
current_json(const struct sd_look *look, bool at_head)
{
	struct sd_buf *json = sd_json_begin(look->session, look->session->command);

	sd_json_text(json, "target", look->session->target.masked);
	sd_json_bool(json, "exists", !look->missing);
	sd_json_names(json, "current", &look->current);
	sd_json_text(json, "partial", look->state.partial.revision);
	sd_json_names(json, "heads", &look->history->heads);
	sd_json_bool(json, "at_head", at_head);
}

/* "3f9a1c27be40 (head) (current), add email" of each, one behind the other. */
static void
brief_current(const struct sd_look *look, size_t n_pending)
{
	struct sd_session *session = look->session;
	struct sd_buf text = SD_BUF(session->arena);

	for (size_t i = 0; i < look->current.n; i++) {
		const struct sd_script *script =
			sd_history_find(look->history, look->current.at[i]);

		sd_buf_sep(&text, " and ");
		if (script)
			sd_look_name(look, script, &text);
		else
			sd_buf_addf(&text, "%s (no script here)", look->current.at[i]);
	}
	if (look->missing)
		sd_buf_add(&text, "does not exist yet");
	else if (!look->current.n)
		sd_buf_add(&text, "base");
	if (look->state.partial.revision)
		sd_buf_addf(&text, ", %s half %s", look->state.partial.revision,
			look->state.partial.down ? "undone" : "applied");
	if (n_pending)
		sd_buf_addf(&text, ", %zu pending", n_pending);
	sd_brief(session, "%s%s", look->missing ? "" : "at ", sd_buf_text(&text));
}

static int
run_current(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct current_opts *o = opts;
	struct sd_scripts pending = { 0 };
	struct sd_look look;

	(void)args;
	if (sd_look_open_graph(&look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read(&look))
		return SD_EXIT_DATABASE;
	sd_look_warn_half(&look);
	sd_history_upgrade(look.history, NULL, &look.state.ids, session->arena, &pending);
	if (session->globals.json)
		current_json(&look, pending.n == 0);
	else
		print_current(&look);
	brief_current(&look, pending.n);
	if (look.missing)
		sd_say(session,
			"the database %s does not exist yet; `schemadiff upgrade` "
			"creates it",
			session->target.masked);
	else if (!look.current.n)
		sd_say(session, "no revision is applied to %s", session->target.masked);
	if (!o->check_heads || !pending.n)
		return SD_EXIT_OK;
	sd_say(session,
		"the database is not at head: %zu revision%s pending; run `schemadiff upgrade`",
		pending.n, pending.n == 1 ? " is" : "s are");
	return SD_EXIT_DIFFERS;
}

static const struct sd_opt current_options[] = {
	{ 0, "check-heads", SD_OPT_FLAG, offsetof(struct current_opts, check_heads), NULL,
		"exit 1 unless every revision is applied", NULL },
};

const struct sd_cmd sd_cmd_current = {
	.name = "current",
	.summary = "show the revision that the database is at",
	.details = "The last applied revision of each branch, also one that another branch "
		   "depends on. The database is only read: no table is created, and no SQLite "
		   "file.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = current_options,
	.n_opts = SD_COUNT(current_options),
	.opts_size = sizeof(struct current_opts),
	.run = run_current,
	.many = true,
};
