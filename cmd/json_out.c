#include "cmd/json_out.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/history/history.h"

struct sd_buf *
sd_json_begin(struct sd_session *session, const char *command)
{
	session->command = command;
	session->json.arena = session->arena;
	return &session->json;
}

/* An empty buffer stands behind the head, so it wants a comma too. */
static void
begin(struct sd_buf *json, const char *key)
{
	char last = json->n ? json->at[json->n - 1] : '}';

	if (last != '{' && last != '[')
		sd_buf_addc(json, ',');
	if (key) {
		sd_json_quote(json, key);
		sd_buf_addc(json, ':');
	}
}

void
sd_json_open(struct sd_buf *json, const char *key, char bracket)
{
	begin(json, key);
	sd_buf_addc(json, bracket);
}

void
sd_json_close(struct sd_buf *json, char bracket)
{
	sd_buf_addc(json, bracket);
}

void
sd_json_text(struct sd_buf *json, const char *key, const char *text)
{
	begin(json, key);
	if (text)
		sd_json_quote(json, sd_text_utf8(json->arena, text));
	else
		sd_buf_add(json, "null");
}

void
sd_json_bool(struct sd_buf *json, const char *key, bool value)
{
	sd_json_raw(json, key, value ? "true" : "false");
}

void
sd_json_number(struct sd_buf *json, const char *key, long value)
{
	begin(json, key);
	sd_buf_addf(json, "%ld", value);
}

void
sd_json_names(struct sd_buf *json, const char *key, const struct sd_names *names)
{
	sd_json_open(json, key, '[');
	for (size_t i = 0; i < names->n; i++)
		sd_json_text(json, NULL, names->at[i]);
	sd_json_close(json, ']');
}

void
sd_json_raw(struct sd_buf *json, const char *key, const char *raw)
{
	begin(json, key);
	sd_buf_add(json, raw);
}

static void
count(struct sd_buf *json, const char *key, uint32_t number)
{
	if (number)
		sd_json_number(json, key, (long)number);
	else
		sd_json_raw(json, key, "null");
}

void
sd_json_pos(struct sd_buf *json, struct sd_pos pos)
{
	sd_json_text(json, "file", pos.file);
	count(json, "line", pos.line);
	count(json, "column", pos.col);
}

void
sd_json_revisions(struct sd_buf *json, const char *key, const struct sd_scripts *scripts)
{
	sd_json_open(json, key, '[');
	for (size_t i = 0; i < scripts->n; i++)
		sd_json_text(json, NULL, scripts->at[i]->revision);
	sd_json_close(json, ']');
}

void
sd_json_or_print(struct sd_session *session, const char *key, struct sd_buf *text)
{
	if (session->globals.json)
		sd_json_text(sd_json_begin(session, session->command), key, sd_buf_text(text));
	else
		fputs(sd_buf_text(text), session->out);
}

static void
add_diag(struct sd_buf *out, const struct sd_diag *diag)
{
	static const char *const words[] = {
		[SD_SEV_ERROR] = "error",
		[SD_SEV_WARNING] = "warning",
		[SD_SEV_NOTE] = "note",
		[SD_SEV_HINT] = "hint",
	};

	sd_json_open(out, NULL, '{');
	sd_json_text(out, "severity", words[diag->severity]);
	sd_json_pos(out, diag->pos);
	sd_json_text(out, "message", diag->text);
	sd_json_close(out, '}');
}

void
sd_json_finish(struct sd_session *session, int exit, struct sd_buf *out)
{
	sd_buf_add(out, "{\"version\":1");
	sd_json_text(out, "command", session->command);
	sd_json_number(out, "exit", exit);
	if (session->json.n)
		sd_buf_addn(out, session->json.at, session->json.n);
	sd_json_open(out, "errors", '[');
	for (size_t i = 0; i < session->diags->list.n; i++)
		add_diag(out, &session->diags->list.at[i]);
	sd_json_close(out, ']');
	sd_buf_add(out, "}\n");
}
