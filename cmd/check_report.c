/* The formats of `check`: for people, for programs, and for what shows findings at the lines
 * they are about. */
#include "cmd/check_report.h"

#include "cmd/json_out.h"
#include "core/base/text.h"

static const struct sd_pos nowhere;

enum format { TEXT, JSON, GITHUB, GITLAB, SARIF };

const char *const sd_check_format_words[] = {
	[TEXT] = "text",
	[JSON] = "json",
	[GITHUB] = "github",
	[GITLAB] = "gitlab",
	[SARIF] = "sarif",
	NULL,
};

/* The document of --json as a file; @session is a copy for this. */
static void
write_json(struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	sd_check_add_json(session, report);
	sd_json_finish(session, sd_check_exit(session, report), out);
}

static const struct {
	void (*write)(struct sd_session *session, const struct sd_check_report *report,
		struct sd_buf *out);
	/** Not NULL: it goes into a log that is read for commands.  People read that too, so
	 *  the text follows; this makes text harmless there. */
	void (*guard)(const char *text, struct sd_buf *out);
} formats[] = {
	[TEXT] = { sd_check_write_text, NULL },
	[JSON] = { write_json, NULL },
	[GITHUB] = { sd_check_write_github, sd_check_guard_github },
	[GITLAB] = { sd_check_write_gitlab, NULL },
	[SARIF] = { sd_check_write_sarif, NULL },
};

static enum format
find(const struct sd_session *session, const char *word)
{
	size_t i = session->globals.json ? JSON : TEXT;

	for (size_t k = 0; word && k < SD_COUNT(formats); k++)
		if (sd_text_equal(sd_check_format_words[k], word))
			i = k;
	return (enum format)i;
}

enum sd_status
sd_check_format_verify(struct sd_session *session, const char *word, const char *path)
{
	if (!session->globals.json || path || find(session, word) == JSON)
		return SD_OK;
	sd_error(session->diags, nowhere, "--json and --format %s ask for two documents", word);
	sd_hint(session->diags, "give one of them, or -o FILE for what --format says");
	return SD_ERR;
}

/* The document as it is on its own: without colours unless people read it, and without touching
 * what the session collects for the end. */
static void
write_alone(const struct sd_session *session, enum format format, bool color,
	const struct sd_check_report *report, struct sd_buf *out)
{
	struct sd_session alone = *session;

	alone.color_out = color && session->color_out;
	alone.json = (struct sd_buf){ 0 };
	formats[format].write(&alone, report, out);
}

/* The text, and what was reported so far, into a log that @format keeps from reading commands
 * in them. */
static void
print_guarded(
	struct sd_session *session, enum format format, const struct sd_check_report *report)
{
	struct sd_buf text = SD_BUF(session->arena), reports = SD_BUF(session->arena);
	struct sd_buf out = SD_BUF(session->arena), err = SD_BUF(session->arena);

	write_alone(session, TEXT, false, report, &text);
	formats[format].guard(sd_buf_text(&text), &out);
	fputs(sd_buf_text(&out), session->out);
	fflush(session->out);
	sd_diags_format(session->diags, session->n_printed, false, &reports);
	session->n_printed = session->diags->list.n;
	formats[format].guard(sd_buf_text(&reports), &err);
	fputs(sd_buf_text(&err), session->err);
}

/* JSON is framed and printed at the very end, with all that is reported until then. */
static void
print(struct sd_session *session, enum format format, const struct sd_check_report *report)
{
	struct sd_buf out = SD_BUF(session->arena);

	if (format == JSON) {
		session->globals.json = true;
		sd_check_add_json(session, report);
		return;
	}
	write_alone(session, format, format == TEXT, report, &out);
	fputs(sd_buf_text(&out), session->out);
}

enum sd_status
sd_check_print(struct sd_session *session, const char *word, const char *path,
	const struct sd_check_report *report)
{
	enum format format = find(session, word);
	struct sd_buf document = SD_BUF(session->arena);
	enum sd_status status = SD_OK;

	if (path) {
		write_alone(session, format, false, report, &document);
		status = sd_file_write(
			path, sd_buf_text(&document), document.n, false, session->diags);
	}
	if (!path || session->globals.json)
		print(session, path ? JSON : format, report);
	else if (!formats[format].guard)
		print(session, TEXT, report);
	if (formats[format].guard && !session->globals.json)
		print_guarded(session, format, report);
	return status;
}
