#include "cmd/look.h"

#include "cmd/json_out.h"
#include "core/base/text.h"

#include <string.h>

#define MOST_SHOWN 5 /* of what a revision replaces */

static enum sd_status
look_open(struct sd_look *look, struct sd_session *session,
	struct sd_history *(*load)(struct sd_session *, const struct sd_engine *))
{
	*look = (struct sd_look){ .session = session };
	look->engine = sd_work_engine(session);
	if (!look->engine)
		return SD_ERR;
	look->history = load(session, look->engine);
	return look->history ? SD_OK : SD_ERR;
}

enum sd_status
sd_look_open(struct sd_look *look, struct sd_session *session)
{
	return look_open(look, session, sd_work_history);
}

enum sd_status
sd_look_open_graph(struct sd_look *look, struct sd_session *session)
{
	return look_open(look, session, sd_work_headers);
}

enum sd_status
sd_look_read(struct sd_look *look)
{
	struct sd_session *session = look->session;
	struct sd_bookkeeping books;
	struct sd_db *db;

	if (!session->has_target)
		return SD_OK;
	if (!sd_db_exists(&session->target)) {
		look->known = look->missing = true;
		return SD_OK;
	}
	db = sd_work_open(session, SD_DB_READ);
	books = sd_work_books(session);
	look->db = db;
	if (!db || sd_state_read(db, &books, session->arena, &look->state))
		return SD_ERR;
	look->known = true;
	sd_state_replace(&look->state, look->history, session->arena, &look->replaced);
	sd_state_current(&look->state, look->history, session->arena, &look->current);
	for (size_t i = 0; i < look->state.rows.n; i++)
		*sd_map_at(&look->rows, look->state.rows.at[i].revision, session->arena) =
			&look->state.rows.at[i];
	return SD_OK;
}

enum sd_status
sd_look_quietly(struct sd_look *look, const char **why)
{
	struct sd_session *session = look->session;
	struct sd_diags *heard = session->diags;
	struct sd_diags *unheard = sd_new(session->arena, struct sd_diags);
	enum sd_status status;

	unheard->arena = session->arena; /* the connection keeps it */
	unheard->secrets = heard->secrets;
	session->diags = unheard;
	status = sd_look_read(look);
	session->diags = heard;
	if (why)
		*why = unheard->list.n ? unheard->list.at[0].text : "no reason given";
	return status;
}

void
sd_look_try(struct sd_look *look)
{
	const char *why;

	if (sd_look_quietly(look, &why))
		sd_warn(look->session->diags, (struct sd_pos){ 0 },
			"what is applied to %s could not be read, so (current) is left out: %s",
			look->session->target.masked, why);
}

void
sd_look_warn_half(const struct sd_look *look)
{
	struct sd_session *session = look->session;
	struct sd_diags found = { .arena = session->arena };

	(void)sd_replaced_check(&look->replaced, &found);
	for (size_t i = 0; i < found.list.n; i++)
		if (found.list.at[i].severity == SD_SEV_ERROR)
			sd_warn(session->diags, found.list.at[i].pos, "%s",
				found.list.at[i].text);
		else
			sd_hint(session->diags, "%s", found.list.at[i].text);
}

/* Whether what @id stands for depends on what is applied. */
static bool
asks_for_current(const char *id)
{
	const char *name = id ? strrchr(id, '@') : NULL;

	name = name ? name + 1 : id;
	return name && (*name == '+' || *name == '-' || sd_text_starts(name, "current"));
}

enum sd_status
sd_look_read_for(struct sd_look *look, const char *id)
{
	if (!asks_for_current(id)) {
		sd_look_try(look);
		return SD_OK;
	}
	if (look->session->has_target)
		return sd_look_read(look);
	sd_error(look->session->diags, (struct sd_pos){ 0 },
		"\"%s\" asks for a database, and none is named", id);
	sd_hint(look->session->diags, "give --url sqlite:app.db, or an environment with -e");
	return SD_ERR;
}

struct sd_names
sd_look_strangers(const struct sd_look *look)
{
	struct sd_names strangers = { 0 };

	for (size_t i = 0; i < look->state.ids.n; i++)
		if (!sd_history_find(look->history, look->state.ids.at[i]))
			*sd_push(look->session->arena, &strangers) = look->state.ids.at[i];
	return strangers;
}

/* ---- text --------------------------------------------------------------------------- */

static void
add_colored(const struct sd_look *look, struct sd_buf *out, const char *color, const char *text)
{
	if (look->session->color_out)
		sd_buf_addf(out, "\033[%sm%s\033[0m", color, text);
	else
		sd_buf_add(out, text);
}

static bool
is_current(const struct sd_look *look, const struct sd_script *script)
{
	return sd_names_find(&look->current, script->revision) >= 0;
}

static const char *
parents(const struct sd_look *look, const struct sd_script *script)
{
	return script->revises.n ? sd_text_list(look->session->arena, &script->revises, 0) : "<base>";
}

void
sd_look_name(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	struct sd_arena *arena = look->session->arena;
	const struct sd_links *links = &script->links;

	add_colored(look, out, "33", script->revision);
	if (links->labels.n)
		add_colored(
			look, out, "35", sd_fmt(arena, " (%s)", sd_text_list(look->session->arena, &links->labels, 0)));
	if (!links->children.n)
		add_colored(
			look, out, "36", links->needed_by.n ? " (effective head)" : " (head)");
	if (is_current(look, script))
		add_colored(look, out, "32", " (current)");
	if (links->children.n > 1)
		sd_buf_add(out, " (branchpoint)");
	if (script->revises.n > 1)
		sd_buf_add(out, " (mergepoint)");
	if (script->replaces.n)
		sd_buf_addf(out, " (replaces %s)", sd_text_list(look->session->arena, &script->replaces.at[0], MOST_SHOWN));
}

void
sd_look_line(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	sd_buf_addf(out, "%s -> ", parents(look, script));
	sd_look_name(look, script, out);
	sd_buf_addf(out, ", %s\n", script->message ? script->message : "");
}

static void
add_field(struct sd_buf *out, const char *name, const char *value)
{
	if (value && *value)
		sd_buf_addf(out, "%s: %s\n", name, value);
}

void
sd_look_block(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	const struct sd_applied *row = sd_map_get(&look->rows, script->revision);
	struct sd_names children = { 0 };

	for (size_t i = 0; script->links.children.n > 1 && i < script->links.children.n; i++)
		*sd_push(look->session->arena, &children) =
			script->links.children.at[i]->revision;
	sd_buf_add(out, "Rev: ");
	sd_look_name(look, script, out);
	sd_buf_addc(out, '\n');
	add_field(out, script->revises.n > 1 ? "Merges" : "Parent", parents(look, script));
	add_field(out, "Also depends on", sd_text_list(look->session->arena, &script->depends_on, 0));
	add_field(out, "Branches into", sd_text_list(look->session->arena, &children, 0));
	add_field(out, "Labels", sd_text_list(look->session->arena, &script->links.labels, 0));
	for (size_t i = 0; i < script->replaces.n; i++)
		add_field(out, i ? "      or" : "Replaces",
			sd_text_list(look->session->arena, &script->replaces.at[i], 0));
	add_field(out, "Path", script->path);
	add_field(out, "Created", script->created);
	add_field(out, "Requires", script->requires);
	add_field(out, "Schema", script->schema);
	if (row && row->applied_at)
		sd_buf_addf(out, "Applied: %s%s%s\n", row->applied_at,
			row->applied_by ? " by " : "", row->applied_by ? row->applied_by : "");
	sd_buf_addf(out, "\n    %s\n", script->message ? script->message : "");
}

/* ---- JSON --------------------------------------------------------------------------- */

void
sd_look_json(const struct sd_look *look, const struct sd_script *script, struct sd_buf *json)
{
	sd_json_text(json, "revision", script->revision);
	sd_json_names(json, "parents", &script->revises);
	sd_json_names(json, "depends_on", &script->depends_on);
	sd_json_names(json, "labels", &script->links.labels);
	sd_json_open(json, "replaces", '[');
	for (size_t i = 0; i < script->replaces.n; i++)
		sd_json_names(json, NULL, &script->replaces.at[i]);
	sd_json_close(json, ']');
	sd_json_text(json, "message", script->message);
	sd_json_text(json, "path", script->path);
	sd_json_text(json, "created", script->created);
	sd_json_text(json, "schema", script->schema);
	sd_json_bool(json, "head", !script->links.children.n);
	if (!look->known) {
		sd_json_raw(json, "current", "null");
		sd_json_raw(json, "applied", "null");
		return;
	}
	sd_json_bool(json, "current", is_current(look, script));
	sd_json_bool(json, "applied", sd_map_get(&look->rows, script->revision) != NULL);
}

void
sd_look_list_json(const struct sd_look *look, const char *key, const struct sd_scripts *scripts)
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

void
sd_look_say_empty(const struct sd_look *look)
{
	if (!look->history->scripts.n)
		sd_say(look->session, "there are no revisions yet; `schemadiff autogenerate -m "
				      "MESSAGE` writes the first");
}

void
sd_look_say_replaced(struct sd_session *session, const struct sd_replaced *replaced)
{
	for (size_t i = 0; i < replaced->whole.n; i++)
		sd_say(session, "recorded revision %s for what it replaces: %s",
			replaced->whole.at[i].script->revision,
			sd_text_list(session->arena, &replaced->whole.at[i].applied, SD_TEXT_MOST));
}

void
sd_look_json_replaced(
	struct sd_buf *json, const char *key, const struct sd_stand_in *at, size_t n)
{
	sd_json_open(json, key, '[');
	for (size_t i = 0; i < n; i++) {
		sd_json_open(json, NULL, '{');
		sd_json_text(json, "revision", at[i].script->revision);
		sd_json_names(json, "applied", &at[i].applied);
		sd_json_names(json, "missing", &at[i].missing);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
}
