#include "cmd/view.h"

#include "cmd/json_out.h"
#include "core/base/text.h"

enum sd_status
sd_view_open(struct sd_view *view, struct sd_session *session)
{
	*view = (struct sd_view){ .session = session };
	view->engine = sd_work_engine(session);
	if (!view->engine)
		return SD_ERR;
	view->history = sd_work_history(session, view->engine);
	return view->history ? SD_OK : SD_ERR;
}

enum sd_status
sd_view_read(struct sd_view *view)
{
	struct sd_session *session = view->session;
	struct sd_bookkeeping books = sd_work_books(session);
	struct sd_db *db;

	if (!session->has_target)
		return SD_OK;
	if (!sd_db_exists(&session->target)) {
		view->known = view->missing = true;
		return SD_OK;
	}
	db = sd_work_open(session, SD_DB_READ);
	if (!db || sd_state_read(db, &books, session->arena, &view->state))
		return SD_ERR;
	view->known = true;
	sd_state_current(&view->state, view->history, session->arena, &view->current);
	return SD_OK;
}

void
sd_view_try(struct sd_view *view)
{
	struct sd_session *session = view->session;
	struct sd_diags *heard = session->diags, unheard = *heard;
	enum sd_status status;

	unheard.list.at = NULL;
	unheard.list.n = unheard.list.cap = unheard.n_errors = 0;
	session->diags = &unheard;
	status = sd_view_read(view);
	session->diags = heard;
	if (!status)
		return;
	sd_warn(heard, (struct sd_pos){ 0 },
		"what is applied to %s could not be read, so (current) is left out: %s",
		session->target.masked,
		unheard.list.n ? unheard.list.at[0].text : "no reason given");
}

struct sd_names
sd_view_strangers(const struct sd_view *view)
{
	struct sd_names strangers = { 0 };

	for (size_t i = 0; i < view->state.ids.n; i++)
		if (!sd_history_find(view->history, view->state.ids.at[i]))
			*sd_push(view->session->arena, &strangers) = view->state.ids.at[i];
	return strangers;
}

/* ---- text --------------------------------------------------------------------------- */

static void
add_colored(const struct sd_view *view, struct sd_buf *out, const char *color, const char *text)
{
	if (view->session->color_out)
		sd_buf_addf(out, "\033[%sm%s\033[0m", color, text);
	else
		sd_buf_add(out, text);
}

static size_t
count_children(const struct sd_view *view, const struct sd_script *script)
{
	size_t n = 0;

	for (size_t i = 0; i < view->history->scripts.n; i++)
		if (sd_names_find(
			    &view->history->scripts.at[i]->revises, script->revision) >= 0)
			n++;
	return n;
}

static bool
is_head(const struct sd_view *view, const struct sd_script *script)
{
	return sd_names_find(&view->history->heads, script->revision) >= 0;
}

static bool
is_current(const struct sd_view *view, const struct sd_script *script)
{
	return sd_names_find(&view->current, script->revision) >= 0;
}

static const char *
parents(const struct sd_view *view, const struct sd_script *script)
{
	struct sd_buf text = SD_BUF(view->session->arena);

	for (size_t i = 0; i < script->revises.n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, script->revises.at[i]);
	}
	return text.n ? sd_buf_text(&text) : "<base>";
}

void
sd_view_name(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out)
{
	add_colored(view, out, "33", script->revision);
	if (is_head(view, script))
		add_colored(view, out, "36", " (head)");
	if (is_current(view, script))
		add_colored(view, out, "32", " (current)");
	if (count_children(view, script) > 1)
		sd_buf_add(out, " (branchpoint)");
	if (script->revises.n > 1)
		sd_buf_add(out, " (mergepoint)");
}

void
sd_view_line(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out)
{
	sd_buf_addf(out, "%s -> ", parents(view, script));
	sd_view_name(view, script, out);
	sd_buf_addf(out, ", %s\n", script->message ? script->message : "");
}

void
sd_view_block(const struct sd_view *view, const struct sd_script *script, struct sd_buf *out)
{
	sd_buf_add(out, "Rev: ");
	sd_view_name(view, script, out);
	sd_buf_addf(out, "\n%s: %s\nPath: %s\n", script->revises.n > 1 ? "Merges" : "Parent",
		parents(view, script), script->path);
	if (script->created)
		sd_buf_addf(out, "Created: %s\n", script->created);
	if (script->requires)
		sd_buf_addf(out, "Requires: %s\n", script->requires);
	if (script->schema)
		sd_buf_addf(out, "Schema: %s\n", script->schema);
	for (size_t i = 0; i < view->state.rows.n; i++) {
		const struct sd_applied *row = &view->state.rows.at[i];

		if (sd_text_equal(row->revision, script->revision) && row->applied_at)
			sd_buf_addf(out, "Applied: %s%s%s\n", row->applied_at,
				row->applied_by ? " by " : "",
				row->applied_by ? row->applied_by : "");
	}
	sd_buf_addf(out, "\n    %s\n", script->message ? script->message : "");
}

/* ---- JSON --------------------------------------------------------------------------- */

void
sd_view_json(const struct sd_view *view, const struct sd_script *script, struct sd_buf *json)
{
	sd_json_text(json, "revision", script->revision);
	sd_json_names(json, "parents", &script->revises);
	sd_json_text(json, "message", script->message);
	sd_json_text(json, "path", script->path);
	sd_json_text(json, "created", script->created);
	sd_json_text(json, "schema", script->schema);
	sd_json_bool(json, "head", is_head(view, script));
	if (!view->known) {
		sd_json_raw(json, "current", "null");
		sd_json_raw(json, "applied", "null");
		return;
	}
	sd_json_bool(json, "current", is_current(view, script));
	sd_json_bool(json, "applied", sd_names_find(&view->state.ids, script->revision) >= 0);
}
