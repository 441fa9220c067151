/* The findings of `check` in the formats of those who show them at the lines that they are
 * about:
 *
 * - GitHub's workflow commands, https://docs.github.com/actions/reference/workflow-commands
 * - GitLab's Code Quality report, https://docs.gitlab.com/ci/testing/code_quality
 * - SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * Paths count from the top of the repository, which is where all three look for them, and
 * columns are code points; those of our own reports are bytes. */
#include "cmd/check_report.h"

#include "core/base/emit.h"
#include "core/base/hash.h"
#include "core/base/map.h"
#include "core/base/text.h"
#include "core/history/state.h"

#include <string.h>

/* ---- what all share -------------------------------------------------------------------- */

struct writing {
	struct sd_session *session;
	struct sd_arena *arena;
	const struct sd_check_report *report;
	struct sd_git *git;
	struct sd_map same; /* finding -> how many like it there were */
	/* the file that was looked into last, and where its lines begin */
	const char *file, *text;
	SD_VEC(size_t) lines;
	size_t len;
};

static struct writing
writing(struct sd_session *session, const struct sd_check_report *report)
{
	const char *why;

	return (struct writing){ .session = session,
		.arena = session->arena,
		.report = report,
		.git = report->findings.n ? sd_work_git(session, &why) : NULL };
}

/* The path of @pos from the top of the repository on, as bytes; NULL when it has none. */
static const char *
path_of(struct writing *w, struct sd_pos pos)
{
	const char *inside =
		pos.file && w->git ? sd_git_path(w->git, w->arena, pos.file) : NULL;

	if (!inside)
		inside = pos.file;
	return inside && sd_text_starts(inside, "./") ? inside + 2 : inside;
}

/* Read @file; lines are what JSON and SQL say they are: what a line feed ends. */
static void
look_into(struct writing *w, const char *file)
{
	struct sd_diags unheard = { .arena = w->arena };
	char *text;

	w->file = file;
	w->lines.n = w->len = 0;
	if (sd_tree_read(w->session->tree, file, w->arena, &unheard, &text, &w->len))
		return;
	w->text = text;
	*sd_push(w->arena, &w->lines) = 0;
	for (size_t i = 0; i < w->len; i++)
		if (text[i] == '\n')
			*sd_push(w->arena, &w->lines) = i + 1;
}

/* The column of @pos in code points; 0: there is none. */
static unsigned
column(struct writing *w, struct sd_pos pos)
{
	unsigned col = 1;
	size_t begin;

	if (!pos.file || !pos.line || !pos.col)
		return 0;
	if (!sd_text_equal(w->file, pos.file))
		look_into(w, pos.file);
	if (pos.line > w->lines.n || (begin = w->lines.at[pos.line - 1]) + pos.col > w->len + 1)
		return 0;
	for (size_t i = begin; i < begin + pos.col - 1; i++)
		col += ((unsigned char)w->text[i] & 0xc0) != 0x80;
	return col;
}

static const char *
number(struct writing *w, unsigned n)
{
	return sd_fmt(w->arena, "%u", n);
}

/* What was found, and what to do. */
static const char *
message(struct writing *w, const struct sd_finding *finding)
{
	const char *text = finding->hint
				   ? sd_fmt(w->arena, "%s; %s", finding->text, finding->hint)
				   : finding->text;

	return sd_text_utf8(w->arena, text);
}

static const char *
level(const struct sd_finding *finding)
{
	return finding->is_warning ? "warning" : "error";
}

/* A number that stays when lines are moved: of the rule, the file and the text, and the how
 * many-th it is of those that are alike.  To be asked once for each finding, in their order. */
static const char *
identity(struct writing *w, const struct sd_finding *finding)
{
	const char *key = sd_fmt(w->arena, "%s\n%s\n%s", finding->rule,
		finding->pos.file ? path_of(w, finding->pos) : "", finding->text);
	void **slot = sd_map_at(&w->same, key, w->arena);
	unsigned *same = *slot ? *slot : (*slot = sd_new(w->arena, unsigned));

	key = sd_fmt(w->arena, "%s\n%u", key, (*same)++);
	return sd_hash_sha256(w->arena, key, strlen(key));
}

/* ---- GitHub ---------------------------------------------------------------------------- */

/* The runner takes a line for a command; these bytes would end it, or the property that they
 * are in. */
static void
add_escaped(struct sd_buf *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			sd_buf_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
		else
			sd_buf_addc(out, *text);
	}
}

#define IN_DATA "%\r\n"
#define IN_PROPERTY IN_DATA ":,"

static void
add_property(struct sd_buf *out, const char *name, const char *text)
{
	sd_buf_addf(out, "%s=", name);
	add_escaped(out, text, IN_PROPERTY);
	sd_buf_addc(out, ',');
}

static void
add_command(struct writing *w, const struct sd_finding *finding, struct sd_buf *out)
{
	unsigned col = column(w, finding->pos);

	sd_buf_addf(out, "::%s ", level(finding));
	if (finding->pos.file)
		add_property(out, "file", sd_text_utf8(w->arena, path_of(w, finding->pos)));
	if (finding->pos.line)
		add_property(out, "line", number(w, finding->pos.line));
	if (col)
		add_property(out, "col", number(w, col));
	sd_buf_add(out, "title=");
	add_escaped(out, sd_fmt(w->arena, "schemadiff: %s", finding->rule), IN_PROPERTY);
	sd_buf_add(out, "::");
	add_escaped(out, message(w, finding), IN_DATA);
	sd_buf_addc(out, '\n');
}

/* GitHub shows ten errors and ten warnings of a step: those that fail the check come first, in
 * the order of the gates, in which what comes first explains the most. */
void
sd_check_write_github(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	struct writing w = writing(session, report);

	for (int warnings = 0; warnings < 2; warnings++)
		for (size_t i = 0; i < report->findings.n; i++)
			if (report->findings.at[i].is_warning == (warnings == 1))
				add_command(&w, &report->findings.at[i], out);
}

/* The runner takes a line for a command that begins with "::", white space aside, or has "##["
 * anywhere, and a line ends with either of \r and \n.  The names in a message may hold all
 * that. (The runner's own ::stop-commands:: would do for one of the two streams only, which it
 * reads at the same time; and its token would have to be another one each time.) */
void
sd_check_guard_github(const char *text, struct sd_buf *out)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins && sd_text_starts(text, "::"))
			sd_buf_add(out, "| ");
		sd_buf_addc(out, *text);
		if (sd_text_starts(text, "#["))
			sd_buf_addc(out, ' ');
		if (*text == '\n' || *text == '\r')
			begins = true;
		else if (*text > ' ' && *text < 0x7f)
			begins = false;
	}
}

/* ---- GitLab ---------------------------------------------------------------------------- */

/* A finding of no place stands at the configuration, or else where the schema files lie: GitLab
 * needs a place. */
static const char *
some_path(struct writing *w, const struct sd_finding *finding)
{
	const struct sd_names *schemas = &w->session->settings.schemas;
	struct sd_pos pos = finding->pos;

	if (!pos.file)
		pos.file = w->session->config.path;
	if (!pos.file && schemas->n)
		pos.file = schemas->at[0];
	return pos.file ? sd_text_utf8(w->arena, path_of(w, pos)) : "schemadiff.json";
}

void
sd_check_write_gitlab(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	struct writing w = writing(session, report);
	struct sd_emit e = SD_EMIT(out);

	sd_emit_open(&e, NULL, '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < report->findings.n; i++) {
		const struct sd_finding *finding = &report->findings.at[i];
		unsigned line = finding->pos.line ? finding->pos.line : 1;

		sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(&e, "description", message(&w, finding));
		sd_emit_text(&e, "check_name", sd_fmt(w.arena, "schemadiff/%s", finding->rule));
		sd_emit_text(&e, "fingerprint", identity(&w, finding));
		sd_emit_text(&e, "severity", finding->is_warning ? "minor" : "major");
		sd_emit_open(&e, "location", '{', SD_EMIT_LINE);
		sd_emit_text(&e, "path", some_path(&w, finding));
		sd_emit_open(&e, "lines", '{', SD_EMIT_LINE);
		sd_emit_raw(&e, "begin", number(&w, line));
		sd_emit_close(&e);
		sd_emit_close(&e);
		sd_emit_close(&e);
	}
	sd_emit_close(&e);
	sd_emit_end(&e);
}

/* ---- SARIF ----------------------------------------------------------------------------- */

/* @path as a relative reference of RFC 3986. */
static const char *
uri(struct sd_arena *arena, const char *path)
{
	struct sd_buf out = SD_BUF(arena);

	for (; *path; path++) {
		bool plain = (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
			     (*path >= '0' && *path <= '9') || strchr("-._~/", *path);

		if (plain)
			sd_buf_addc(&out, *path);
		else
			sd_buf_addf(&out, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return sd_buf_text(&out);
}

static void
emit_text_object(struct sd_emit *e, const char *key, const char *text)
{
	sd_emit_open(e, key, '{', SD_EMIT_LINE);
	sd_emit_text(e, "text", text);
	sd_emit_close(e);
}

static void
emit_tool(struct writing *w, struct sd_emit *e)
{
	sd_emit_open(e, "tool", '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "driver", '{', SD_EMIT_SPREAD);
	sd_emit_text(e, "name", "schemadiff");
	sd_emit_text(e, "version", SD_TOOL_VERSION);
	sd_emit_open(e, "rules", '[', SD_EMIT_SPREAD);
	for (const struct sd_rule *rule = sd_rules; rule->name; rule++) {
		sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(e, "id", rule->name);
		emit_text_object(e, "shortDescription", rule->text);
		emit_text_object(e, "fullDescription", rule->text);
		emit_text_object(e, "help",
			sd_fmt(w->arena, "%s `schemadiff help check` tells what is checked.",
				rule->text));
		sd_emit_open(e, "defaultConfiguration", '{', SD_EMIT_LINE);
		sd_emit_text(e, "level", "error");
		sd_emit_close(e);
		sd_emit_close(e);
	}
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

/* What paths are relative to: where that is on this machine nobody needs to know. */
static void
emit_bases(struct sd_emit *e)
{
	sd_emit_open(e, "originalUriBaseIds", '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "%SRCROOT%", '{', SD_EMIT_LINE);
	emit_text_object(e, "description", "The top of the repository.");
	sd_emit_close(e);
	sd_emit_close(e);
}

static void
emit_region(struct writing *w, struct sd_emit *e, struct sd_pos pos)
{
	unsigned col = column(w, pos);

	sd_emit_open(e, "region", '{', SD_EMIT_LINE);
	sd_emit_raw(e, "startLine", number(w, pos.line));
	if (col)
		sd_emit_raw(e, "startColumn", number(w, col));
	sd_emit_close(e);
}

static void
emit_location(struct writing *w, struct sd_emit *e, struct sd_pos pos)
{
	const char *path = path_of(w, pos);

	sd_emit_open(e, "locations", '[', SD_EMIT_SPREAD);
	sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "physicalLocation", '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "artifactLocation", '{', SD_EMIT_LINE);
	if (*path == '/') { /* outside of the repository */
		sd_emit_text(e, "uri", sd_fmt(w->arena, "file://%s", uri(w->arena, path)));
	} else {
		sd_emit_text(e, "uri", uri(w->arena, path));
		sd_emit_text(e, "uriBaseId", "%SRCROOT%");
	}
	sd_emit_close(e);
	if (pos.line)
		emit_region(w, e, pos);
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

/* The place of @rule in the list of them. */
static unsigned
rule_index(const char *rule)
{
	unsigned i = 0;

	while (!sd_text_equal(sd_rules[i].name, rule)) {
		if (!sd_rules[i].name)
			sd_bug("there is no rule \"%s\"", rule);
		i++;
	}
	return i;
}

static void
emit_results(struct writing *w, struct sd_emit *e)
{
	sd_emit_open(e, "results", '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < w->report->findings.n; i++) {
		const struct sd_finding *finding = &w->report->findings.at[i];

		sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(e, "ruleId", finding->rule);
		sd_emit_raw(e, "ruleIndex", number(w, rule_index(finding->rule)));
		sd_emit_text(e, "level", level(finding));
		emit_text_object(e, "message", message(w, finding));
		if (finding->pos.file)
			emit_location(w, e, finding->pos);
		sd_emit_open(e, "partialFingerprints", '{', SD_EMIT_LINE);
		sd_emit_text(e, "schemadiff/v1", identity(w, finding));
		sd_emit_close(e);
		sd_emit_close(e);
	}
	sd_emit_close(e);
}

static void
emit_note(struct sd_emit *e, const char *text)
{
	sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(e, "level", "note");
	emit_text_object(e, "message", text);
	sd_emit_close(e);
}

/* What was found is no failure of the run; that nothing could be tried, or that the database
 * could not be asked, is one. */
static bool
could_check(const struct writing *w)
{
	const struct sd_diags *diags = w->session->diags;

	for (size_t i = 0; i < diags->list.n; i++)
		if (diags->list.at[i].severity == SD_SEV_ERROR &&
			diags->list.at[i].class == SD_CLASS_DATABASE)
			return false;
	return w->report->gates.n != 0;
}

/* The run itself: gates that could not be tried are notes about it. */
static void
emit_invocation(struct writing *w, struct sd_emit *e)
{
	unsigned code = (unsigned)sd_check_exit(w->session, w->report);

	sd_emit_open(e, "invocations", '[', SD_EMIT_SPREAD);
	sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_bool(e, "executionSuccessful", could_check(w));
	sd_emit_raw(e, "exitCode", number(w, code));
	for (const struct sd_exit_row *row = sd_exit_rows; row->meaning; row++)
		if ((unsigned)row->code == code)
			sd_emit_text(e, "exitCodeDescription", row->meaning);
	sd_emit_open(e, "toolExecutionNotifications", '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < w->report->gates.n; i++) {
		const struct sd_gate *gate = &w->report->gates.at[i];

		if (gate->result == SD_GATE_SKIPPED)
			emit_note(e, sd_text_utf8(w->arena,
					     sd_fmt(w->arena, "gate %u was skipped, %s%s%s: %s",
						     (unsigned)gate->number, gate->name,
						     gate->dialect ? ", " : "",
						     gate->dialect ? gate->dialect : "",
						     gate->text)));
	}
	if (w->report->gates.n && !w->session->has_target)
		emit_note(e, sd_fmt(w->arena, "gates 4 and 5 were skipped, %s",
				     sd_check_no_database));
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

void
sd_check_write_sarif(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	struct writing w = writing(session, report);
	struct sd_emit e = SD_EMIT(out);

	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(&e, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	sd_emit_text(&e, "version", "2.1.0");
	sd_emit_open(&e, "runs", '[', SD_EMIT_SPREAD);
	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	emit_tool(&w, &e);
	emit_invocation(&w, &e);
	emit_bases(&e);
	sd_emit_text(&e, "columnKind", "unicodeCodePoints");
	emit_results(&w, &e);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_end(&e);
}
