/* The formats of `check`: for people, for programs, and for what shows findings at the lines they
 * are about. */
#include "cmd/check_report.h"

#include "cmd/json_out.h"
#include "core/base/hash.h"
#include "core/base/text.h"

#include <string.h>

typedef void write_fn(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out);

enum format { TEXT, JSON, GITHUB, GITLAB, SARIF };

const char *const sd_check_format_words[] = {
	[TEXT] = "text",
	[JSON] = "json",
	[GITHUB] = "github",
	[GITLAB] = "gitlab",
	[SARIF] = "sarif",
	NULL,
};

/* The document of --json as a file. */
static void
write_json(struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	sd_check_add_json(session, report);
	sd_json_finish(session, sd_check_exit(session, report), out);
	session->json.n = 0;
}

static const struct {
	write_fn *write; /* NULL: the text */
	bool log;        /* it belongs into the log of a run, and so does the text */
} formats[] = {
	[TEXT] = { NULL, false },
	[JSON] = { write_json, false },
	[GITHUB] = { sd_check_write_github, true },
	[GITLAB] = { sd_check_write_gitlab, false },
	[SARIF] = { sd_check_write_sarif, false },
};

static enum format
find(struct sd_session *session, const char *word)
{
	size_t i = session->globals.json ? JSON : TEXT;

	for (size_t k = 0; word && k < SD_COUNT(formats); k++)
		if (strcmp(sd_check_format_words[k], word) == 0)
			i = k;
	return (enum format)i;
}

/* In a log that is read for commands a name could look like one: no line of the text is taken for
 * one until the token, which nobody can know beforehand, comes again. */
static void
print_in_log(struct sd_session *session, const struct sd_check_report *report)
{
	const char *token = sd_random_hex(session->arena, 32);

	fprintf(session->out, "::stop-commands::%s\n", token);
	sd_check_print_text(session, report);
	fprintf(session->out, "::%s::\n", token);
}

enum sd_status
sd_check_print(struct sd_session *session, const char *word, const char *path,
	const struct sd_check_report *report)
{
	enum format format = find(session, word);
	struct sd_buf out = SD_BUF(session->arena);

	if (path && formats[format].write) {
		formats[format].write(session, report, &out);
		if (!session->globals.json)
			sd_check_print_text(session, report);
		return sd_file_write(path, sd_buf_text(&out), out.n, false, session->diags);
	}
	if (session->globals.json || format == JSON) {
		session->globals.json = true;
		sd_check_add_json(session, report);
		return SD_OK;
	}
	if (!formats[format].write) {
		sd_check_print_text(session, report);
		return SD_OK;
	}
	formats[format].write(session, report, &out);
	fputs(sd_buf_text(&out), session->out);
	if (formats[format].log)
		print_in_log(session, report);
	return SD_OK;
}
