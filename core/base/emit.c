#include "core/base/emit.h"

#include "core/base/diag.h"
#include "core/base/json.h"

/* Comma, line break and key: all that stands before a value. */
static void
begin(struct sd_emit *emit, const char *key)
{
	bool line = true;

	if (emit->depth) {
		line = emit->open[emit->depth - 1].line;
		if (emit->open[emit->depth - 1].started)
			sd_buf_add(emit->out, line ? ", " : ",");
		else if (line && emit->open[emit->depth - 1].close == '}')
			sd_buf_addc(emit->out, ' ');
		emit->open[emit->depth - 1].started = true;
	}
	if (!line) {
		sd_buf_addc(emit->out, '\n');
		for (size_t i = 0; i < emit->depth; i++)
			sd_buf_add(emit->out, "  ");
	}
	if (key) {
		sd_json_quote(emit->out, key);
		sd_buf_add(emit->out, ": ");
	}
}

void
sd_emit_open(struct sd_emit *emit, const char *key, char bracket, enum sd_emit_layout layout)
{
	bool line = layout == SD_EMIT_LINE;

	if (emit->depth == SD_EMIT_DEPTH)
		sd_bug("JSON nested too deeply");
	begin(emit, key);
	sd_buf_addc(emit->out, bracket);
	if (emit->depth && emit->open[emit->depth - 1].line)
		line = true;
	emit->open[emit->depth].close = bracket == '{' ? '}' : ']';
	emit->open[emit->depth].line = line;
	emit->open[emit->depth].started = false;
	emit->depth++;
}

void
sd_emit_close(struct sd_emit *emit)
{
	char close;

	if (!emit->depth)
		sd_bug("nothing to close");
	emit->depth--;
	close = emit->open[emit->depth].close;
	if (emit->open[emit->depth].started && !emit->open[emit->depth].line) {
		sd_buf_addc(emit->out, '\n');
		for (size_t i = 0; i < emit->depth; i++)
			sd_buf_add(emit->out, "  ");
	} else if (emit->open[emit->depth].started && close == '}') {
		sd_buf_addc(emit->out, ' ');
	}
	sd_buf_addc(emit->out, close);
}

void
sd_emit_text(struct sd_emit *emit, const char *key, const char *text)
{
	begin(emit, key);
	if (text)
		sd_json_quote(emit->out, text);
	else
		sd_buf_add(emit->out, "null");
}

void
sd_emit_raw(struct sd_emit *emit, const char *key, const char *raw)
{
	begin(emit, key);
	sd_buf_add(emit->out, raw);
}

void
sd_emit_bool(struct sd_emit *emit, const char *key, bool value)
{
	sd_emit_raw(emit, key, value ? "true" : "false");
}

void
sd_emit_end(struct sd_emit *emit)
{
	while (emit->depth)
		sd_emit_close(emit);
	sd_buf_addc(emit->out, '\n');
}
