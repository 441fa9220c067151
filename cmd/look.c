#include "cmd/look.h"

#include "cmd/json_out.h"
#include "core/base/text.h"

enum sd_status
sd_look_open(struct sd_look *look, struct sd_session *session)
{
	*look = (struct sd_look){ .session = session };
	look->engine = sd_work_engine(session);
	if (!look->engine)
		return SD_ERR;
	look->history = sd_work_history(session, look->engine);
	return look->history ? SD_OK : SD_ERR;
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
	sd_state_current(&look->state, look->history, session->arena, &look->current);
	return SD_OK;
}

void
sd_look_try(struct sd_look *look)
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
	if (!status)
		return;
	sd_warn(heard, (struct sd_pos){ 0 },
		"what is applied to %s could not be read, so (current) is left out: %s",
		session->target.masked,
		unheard->list.n ? unheard->list.at[0].text : "no reason given");
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

static size_t
count_children(const struct sd_look *look, const struct sd_script *script)
{
	size_t n = 0;

	for (size_t i = 0; i < look->history->scripts.n; i++)
		if (sd_names_find(&look->history->scripts.at[i]->revises, script->revision) >=
			0)
			n++;
	return n;
}

static bool
is_head(const struct sd_look *look, const struct sd_script *script)
{
	return sd_names_find(&look->history->heads, script->revision) >= 0;
}

static bool
is_current(const struct sd_look *look, const struct sd_script *script)
{
	return sd_names_find(&look->current, script->revision) >= 0;
}

static const char *
parents(const struct sd_look *look, const struct sd_script *script)
{
	struct sd_buf text = SD_BUF(look->session->arena);

	for (size_t i = 0; i < script->revises.n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, script->revises.at[i]);
	}
	return text.n ? sd_buf_text(&text) : "<base>";
}

void
sd_look_name(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	add_colored(look, out, "33", script->revision);
	if (is_head(look, script))
		add_colored(look, out, "36", " (head)");
	if (is_current(look, script))
		add_colored(look, out, "32", " (current)");
	if (count_children(look, script) > 1)
		sd_buf_add(out, " (branchpoint)");
	if (script->revises.n > 1)
		sd_buf_add(out, " (mergepoint)");
}

void
sd_look_line(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	sd_buf_addf(out, "%s -> ", parents(look, script));
	sd_look_name(look, script, out);
	sd_buf_addf(out, ", %s\n", script->message ? script->message : "");
}

void
sd_look_block(const struct sd_look *look, const struct sd_script *script, struct sd_buf *out)
{
	sd_buf_add(out, "Rev: ");
	sd_look_name(look, script, out);
	sd_buf_addf(out, "\n%s: %s\nPath: %s\n", script->revises.n > 1 ? "Merges" : "Parent",
		parents(look, script), script->path);
	if (script->created)
		sd_buf_addf(out, "Created: %s\n", script->created);
	if (script->requires)
		sd_buf_addf(out, "Requires: %s\n", script->requires);
	if (script->schema)
		sd_buf_addf(out, "Schema: %s\n", script->schema);
	for (size_t i = 0; i < look->state.rows.n; i++) {
		const struct sd_applied *row = &look->state.rows.at[i];

		if (sd_text_equal(row->revision, script->revision) && row->applied_at)
			sd_buf_addf(out, "Applied: %s%s%s\n", row->applied_at,
				row->applied_by ? " by " : "",
				row->applied_by ? row->applied_by : "");
	}
	sd_buf_addf(out, "\n    %s\n", script->message ? script->message : "");
}

/* ---- JSON --------------------------------------------------------------------------- */

void
sd_look_json(const struct sd_look *look, const struct sd_script *script, struct sd_buf *json)
{
	sd_json_text(json, "revision", script->revision);
	sd_json_names(json, "parents", &script->revises);
	sd_json_text(json, "message", script->message);
	sd_json_text(json, "path", script->path);
	sd_json_text(json, "created", script->created);
	sd_json_text(json, "schema", script->schema);
	sd_json_bool(json, "head", is_head(look, script));
	if (!look->known) {
		sd_json_raw(json, "current", "null");
		sd_json_raw(json, "applied", "null");
		return;
	}
	sd_json_bool(json, "current", is_current(look, script));
	sd_json_bool(json, "applied", sd_names_find(&look->state.ids, script->revision) >= 0);
}
