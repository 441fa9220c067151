/* history, heads, show, current, stamp: looking at revisions, and recording them. */
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/look.h"
#include "core/base/text.h"

#include <stddef.h>
#include <string.h>

static const struct sd_pos nowhere;

static void
print(struct sd_session *session, const struct sd_buf *text)
{
	fputs(sd_buf_text(text), session->out);
}

static void
list_json(const struct sd_look *look, const char *key, const struct sd_scripts *scripts)
{
	struct sd_buf *json = sd_json_begin(look->session, look->session->command);

	sd_json_open(json, key, '[');
	for (size_t i = 0; i < scripts->n; i++) {
		sd_json_open(json, NULL, '{');
		sd_look_json(look, scripts->at[i], json);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}

static bool
is_relative(const char *id)
{
	return id && (*id == '+' || *id == '-');
}

static bool
is_about_current(const char *id)
{
	return id && sd_text_starts(id, "current");
}

/* Read what is applied: @id (may be NULL) may ask for it, or it is a mere addition. */
static enum sd_status
read_applied(struct sd_look *look, const char *id)
{
	if (!is_about_current(id)) {
		sd_look_try(look);
		return SD_OK;
	}
	if (look->session->has_target)
		return sd_look_read(look);
	sd_error(look->session->diags, nowhere, "\"%s\" asks for a database, and none is named",
		id);
	sd_hint(look->session->diags, "give --url sqlite:app.db, or an environment with -e");
	return SD_ERR;
}

/* ---- history ------------------------------------------------------------------------ */

struct history_opts {
	const char *range;
};

/* The two ends of "A:B". */
struct range {
	const char *from, *into; /* NULL: open */
};

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
	return SD_OK;
}

/* Resolve one end; a step alone counts from the other end, and one that leads too far means
 * that this side is open: *@open. */
static enum sd_status
resolve_end(const struct sd_look *look, const char *id, const struct sd_script *other,
	struct sd_script **script, bool *open)
{
	struct sd_arena *arena = look->session->arena;
	struct sd_diags unheard = { .arena = arena };

	*script = NULL;
	*open = !id;
	if (!id)
		return SD_OK;
	if (!is_relative(id))
		return sd_history_resolve(
			look->history, id, &look->state.ids, look->session->diags, script);
	id = sd_fmt(arena, "%s%s", other ? other->revision : "base", id);
	*open = sd_history_resolve(look->history, id, &look->state.ids, &unheard, script) !=
		SD_OK;
	return SD_OK;
}

/* The end that a step counts from comes first. */
static enum sd_status
resolve_range(const struct sd_look *look, const struct range *range, struct sd_script **from,
	struct sd_script **into, bool *all)
{
	const bool first = is_relative(range->into);
	const char *into_id = range->into;
	bool open;

	*from = *into = NULL;
	if (is_relative(range->from) && first)
		return sd_error(look->session->diags, nowhere,
			"-r: both ends of the range are steps; one must name a revision");
	if (is_relative(range->from) && !into_id)
		into_id = "head";
	if (first && resolve_end(look, range->from, NULL, from, &open))
		return SD_ERR;
	if (resolve_end(look, into_id, *from, into, all))
		return SD_ERR;
	return first ? SD_OK : resolve_end(look, range->from, *into, from, &open);
}

/* Revisions up to @into, from @from on: both belong to the range. */
static enum sd_status
select_range(const struct sd_look *look, const struct range *range, struct sd_scripts *found)
{
	struct sd_arena *arena = look->session->arena;
	struct sd_scripts upper = { 0 }, lower = { 0 };
	struct sd_names below = { 0 }, none = { 0 };
	struct sd_script *from, *into;
	bool all, seen = false;

	if (resolve_range(look, range, &from, &into, &all))
		return SD_ERR;
	if (into || all)
		sd_history_upgrade(look->history, into, &none, arena, &upper);
	if (from)
		sd_history_upgrade(look->history, from, &none, arena, &lower);
	for (size_t i = 0; i < lower.n; i++)
		if (lower.at[i] != from)
			*sd_push(arena, &below) = lower.at[i]->revision;
	for (size_t i = 0; i < upper.n; i++) {
		seen = seen || upper.at[i] == from;
		if (sd_names_find(&below, upper.at[i]->revision) < 0)
			*sd_push(arena, found) = upper.at[i];
	}
	if (!from || seen)
		return SD_OK;
	sd_error(look->session->diags, nowhere, "-r: %s does not come before %s",
		from->revision, into ? into->revision : "base");
	sd_hint(look->session->diags, "the older revision stands first");
	return SD_ERR;
}

static void
print_history(const struct sd_look *look, const struct sd_scripts *scripts)
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
	print(look->session, &text);
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
	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	if (read_applied(&look, is_about_current(range.from) ? range.from : range.into))
		return SD_EXIT_DATABASE;
	if (select_range(&look, &range, &found))
		return SD_EXIT_INPUT;
	for (size_t i = found.n; i-- > 0;)
		*sd_push(session->arena, &newest) = found.at[i];
	if (session->globals.json)
		list_json(&look, "revisions", &newest);
	else
		print_history(&look, &newest);
	if (!look.history->scripts.n)
		sd_say(session, "there are no revisions yet; `schemadiff autogenerate -m "
				"MESSAGE` writes the first");
	return SD_EXIT_OK;
}

static const struct sd_opt history_options[] = {
	{ 'r', "rev-range", SD_OPT_TEXT, offsetof(struct history_opts, range), "A:B",
		"only these, both ends included; A: and :B are open, -3:current counts", NULL },
};

const struct sd_cmd sd_cmd_history = {
	.name = "history",
	.summary = "list the revisions, newest first",
	.details = "A line each: `parent -> revision (head) (current), message`; with -v a "
		   "block each. Only (current) needs a database.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_TRY,
	.opts = history_options,
	.n_opts = SD_COUNT(history_options),
	.opts_size = sizeof(struct history_opts),
	.run = run_history,
};

/* ---- heads -------------------------------------------------------------------------- */

static int
run_heads(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_scripts heads = { 0 };
	struct sd_look look;

	(void)opts;
	(void)args;
	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	for (size_t i = 0; i < look.history->heads.n; i++)
		*sd_push(session->arena, &heads) =
			sd_history_find(look.history, look.history->heads.at[i]);
	if (session->globals.json)
		list_json(&look, "heads", &heads);
	for (size_t i = 0; i < heads.n && !session->globals.json; i++) {
		if (session->globals.verbose) {
			sd_buf_sep(&text, "\n");
			sd_look_block(&look, heads.at[i], &text);
			continue;
		}
		sd_look_name(&look, heads.at[i], &text);
		sd_buf_addf(&text, ", %s\n", heads.at[i]->message);
	}
	print(session, &text);
	if (!heads.n)
		sd_say(session, "there are no revisions yet; `schemadiff autogenerate -m "
				"MESSAGE` writes the first");
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_heads = {
	.name = "heads",
	.summary = "list the revisions that no other revises",
	.details = "A whole history has one head. No database is needed.",
	.needs = SD_NEEDS_CONFIG,
	.run = run_heads,
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

static void
show_json(const struct sd_look *look, const struct sd_script *script)
{
	struct sd_buf *json = sd_json_begin(look->session, look->session->command);

	sd_look_json(look, script, json);
	sd_json_text(json, "up", script->up.present ? script->up.body : NULL);
	sd_json_text(json, "down", script->down.present ? script->down.body : NULL);
}

static int
run_show(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_buf text = SD_BUF(session->arena);
	struct sd_script *script;
	const char *id = args->at[0];
	struct sd_look look;

	(void)opts;
	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	if (read_applied(&look, is_relative(id) ? "current" : id))
		return SD_EXIT_DATABASE;
	if (sd_history_resolve(look.history, id, &look.state.ids, session->diags, &script))
		return SD_EXIT_INPUT;
	if (!script) {
		sd_error(session->diags, nowhere, "\"%s\" is base here, which has no script",
			id);
		sd_hint(session->diags, "`schemadiff history` lists the revisions");
		return SD_EXIT_INPUT;
	}
	if (session->globals.json) {
		show_json(&look, script);
		return SD_EXIT_OK;
	}
	sd_look_block(&look, script, &text);
	add_part(&text, "up", &script->up);
	add_part(&text, "down", &script->down);
	print(session, &text);
	return SD_EXIT_OK;
}

const struct sd_cmd sd_cmd_show = {
	.name = "show",
	.args = "REV",
	.min_args = 1,
	.max_args = 1,
	.summary = "show one revision: its header and both parts",
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
	bool verbose = look->session->globals.verbose;

	if (verbose)
		sd_buf_addf(
			&text, "Current revision(s) for %s:\n", look->session->target.masked);
	for (size_t i = 0; i < look->current.n; i++) {
		const char *id = look->current.at[i];
		const struct sd_script *script = sd_history_find(look->history, id);

		if (!script) {
			sd_buf_addf(&text, "%s (no script here)\n", id);
		} else if (verbose) {
			sd_look_block(look, script, &text);
		} else {
			sd_look_name(look, script, &text);
			sd_buf_addf(&text, ", %s\n", script->message);
		}
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

static int
run_current(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct current_opts *o = opts;
	struct sd_scripts pending = { 0 };
	struct sd_look look;

	(void)args;
	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read(&look))
		return SD_EXIT_DATABASE;
	sd_history_upgrade(look.history, NULL, &look.state.ids, session->arena, &pending);
	if (session->globals.json)
		current_json(&look, pending.n == 0);
	else
		print_current(&look);
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
	.details = "The database is only read: no table is created, and no SQLite file.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = current_options,
	.n_opts = SD_COUNT(current_options),
	.opts_size = sizeof(struct current_opts),
	.run = run_current,
};

/* ---- stamp -------------------------------------------------------------------------- */

struct stamp_opts {
	bool purge;
};

/* What stands in the way of stamping. */
static enum sd_status
check_stamp(const struct sd_look *look, bool purge)
{
	struct sd_session *session = look->session;
	struct sd_names strangers = sd_look_strangers(look);

	if (look->missing) {
		sd_fail(session->diags, SD_CLASS_DATABASE, nowhere,
			"the database %s does not exist yet", session->target.masked);
		sd_hint(session->diags, "`schemadiff upgrade` creates it");
		return SD_ERR;
	}
	if (purge || !strangers.n)
		return SD_OK;
	for (size_t i = 0; i < strangers.n; i++)
		sd_fail(session->diags, SD_CLASS_HISTORY, nowhere,
			"revision %s is applied, and has no script here", strangers.at[i]);
	sd_hint(session->diags,
		"get the branch that has the script, or forget such revisions with --purge");
	return SD_ERR;
}

static int
stamp(struct sd_look *look, const struct sd_script *target)
{
	struct sd_session *session = look->session;
	struct sd_bookkeeping books = sd_work_books(session);
	struct sd_run run = {
		.books = &books,
		.history = look->history,
		.wait = session->settings.wait,
		.arena = session->arena,
	};
	struct sd_run_result result = { 0 };

	sd_say_target(session);
	run.db = sd_work_open(session, SD_DB_WRITE);
	books = sd_work_books(session);
	if (!run.db || sd_run_stamp(&run, target, &result))
		return SD_EXIT_DATABASE;
	if (session->globals.json) {
		struct sd_buf *json = sd_json_begin(session, session->command);

		sd_json_text(json, "target", session->target.masked);
		sd_json_text(json, "revision", target ? target->revision : NULL);
		sd_json_names(json, "changed", &result.done);
	}
	sd_say(session, "stamped as %s; nothing was run%s", target ? target->revision : "base",
		result.done.n ? "" : ", and nothing had to be recorded");
	return SD_EXIT_OK;
}

static int
run_stamp(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	const struct stamp_opts *o = opts;
	struct sd_script *target;
	struct sd_look look;

	if (sd_look_open(&look, session))
		return SD_EXIT_HISTORY;
	if (sd_look_read(&look))
		return SD_EXIT_DATABASE;
	if (sd_history_resolve(
		    look.history, args->at[0], &look.state.ids, session->diags, &target))
		return SD_EXIT_INPUT;
	if (check_stamp(&look, o->purge))
		return SD_EXIT_HISTORY;
	return stamp(&look, target);
}

static const struct sd_opt stamp_options[] = {
	{ 0, "purge", SD_OPT_FLAG, offsetof(struct stamp_opts, purge), NULL,
		"forget applied revisions that have no script here, too", NULL },
};

const struct sd_cmd sd_cmd_stamp = {
	.name = "stamp",
	.args = "TARGET",
	.min_args = 1,
	.max_args = 1,
	.summary = "record that the database is at a revision, running nothing",
	.details = "The revision and all that come before it are recorded as applied, and no "
		   "others. `base` means none.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET,
	.opts = stamp_options,
	.n_opts = SD_COUNT(stamp_options),
	.opts_size = sizeof(struct stamp_opts),
	.run = run_stamp,
};
