/* The findings of `check` in the formats of those who show them at the lines that they are about:
 *
 * - GitHub's workflow commands, https://docs.github.com/actions/reference/workflow-commands
 * - GitLab's Code Quality report, https://docs.gitlab.com/ci/testing/code_quality
 * - SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * Paths count from the top of the repository, which is where all three look for them.  Columns are
 * left out: ours count bytes, and theirs don't. */
#include "cmd/check_report.h"

#include "core/base/emit.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/history/state.h"

#include <stdio.h>
#include <string.h>

/* ---- what all share ----------------------------------------------------------------------- */

/* The path of @pos from the top of the repository on; NULL when it has none. */
static const char *
path_of(struct sd_session *session, struct sd_pos pos)
{
	const char *why, *inside = NULL;
	struct sd_git *git = pos.file ? sd_work_git(session, &why) : NULL;

	if (git)
		inside = sd_git_path(git, session->arena, pos.file);
	if (!inside)
		inside = pos.file;
	return inside && sd_text_starts(inside, "./") ? inside + 2 : inside;
}

/* What was found, and what to do. */
static const char *
message(struct sd_session *session, const struct sd_finding *finding)
{
	return finding->hint ? sd_fmt(session->arena, "%s; %s", finding->text, finding->hint)
			     : finding->text;
}

static const char *
level(const struct sd_finding *finding)
{
	return finding->is_warning ? "warning" : "error";
}

/* A number that stays when lines are moved: of the rule, the file and the text, and the how
 * many-th it is of those that are alike. */
static const char *
identity(struct sd_session *session, const struct sd_check_report *report, size_t i)
{
	const struct sd_finding *finding = &report->findings.at[i];
	const char *key;
	unsigned same = 0;

	for (size_t k = 0; k < i; k++) {
		const struct sd_finding *other = &report->findings.at[k];

		same += sd_text_equal(other->rule, finding->rule) &&
			sd_text_equal(other->pos.file, finding->pos.file) &&
			sd_text_equal(other->text, finding->text);
	}
	key = sd_fmt(session->arena, "%s\n%s\n%s\n%u", finding->rule,
		finding->pos.file ? path_of(session, finding->pos) : "", finding->text, same);
	return sd_hash_sha256(session->arena, key, strlen(key));
}

/* ---- GitHub ------------------------------------------------------------------------------- */

/* The runner takes a line for a command; these bytes would end it, or the property that they are
 * in. */
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
add_command(struct sd_session *session, const struct sd_finding *finding, struct sd_buf *out)
{
	sd_buf_addf(out, "::%s ", level(finding));
	if (finding->pos.file) {
		sd_buf_add(out, "file=");
		add_escaped(out, path_of(session, finding->pos), IN_PROPERTY);
		sd_buf_addc(out, ',');
	}
	if (finding->pos.line)
		sd_buf_addf(out, "line=%u,", (unsigned)finding->pos.line);
	sd_buf_add(out, "title=");
	add_escaped(out, sd_fmt(session->arena, "schemadiff: %s", finding->rule), IN_PROPERTY);
	sd_buf_add(out, "::");
	add_escaped(out, message(session, finding), IN_DATA);
	sd_buf_addc(out, '\n');
}

/* GitHub shows ten errors and ten warnings of a step: those that fail the check come first. */
void
sd_check_write_github(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out)
{
	for (int warnings = 0; warnings < 2; warnings++)
		for (size_t i = 0; i < report->findings.n; i++)
			if (report->findings.at[i].is_warning == (warnings == 1))
				add_command(session, &report->findings.at[i], out);
}

/* ---- GitLab ------------------------------------------------------------------------------- */

/* A finding of no place stands at the configuration, which GitLab needs a place for. */
static const char *
some_path(struct sd_session *session, const struct sd_finding *finding)
{
	const struct sd_names *schemas = &session->settings.schemas;
	struct sd_pos pos = finding->pos;

	if (!pos.file)
		pos.file = session->config.path;
	if (!pos.file && schemas->n)
		pos.file = schemas->at[0];
	return pos.file ? path_of(session, pos) : "schemadiff.json";
}

void
sd_check_write_gitlab(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out)
{
	struct sd_emit e = SD_EMIT(out);

	sd_emit_open(&e, NULL, '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < report->findings.n; i++) {
		const struct sd_finding *finding = &report->findings.at[i];
		unsigned line = finding->pos.line ? finding->pos.line : 1;

		sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(&e, "description", message(session, finding));
		sd_emit_text(&e, "check_name",
			sd_fmt(session->arena, "schemadiff/%s", finding->rule));
		sd_emit_text(&e, "fingerprint", identity(session, report, i));
		sd_emit_text(&e, "severity", finding->is_warning ? "minor" : "major");
		sd_emit_open(&e, "location", '{', SD_EMIT_LINE);
		sd_emit_text(&e, "path", some_path(session, finding));
		sd_emit_open(&e, "lines", '{', SD_EMIT_LINE);
		sd_emit_raw(&e, "begin", sd_fmt(session->arena, "%u", line));
		sd_emit_close(&e);
		sd_emit_close(&e);
		sd_emit_close(&e);
	}
	sd_emit_close(&e);
	sd_emit_end(&e);
}

/* ---- SARIF -------------------------------------------------------------------------------- */

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
emit_tool(struct sd_emit *e)
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
		sd_emit_close(e);
	}
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

static void
emit_location(struct sd_session *session, struct sd_emit *e, struct sd_pos pos)
{
	sd_emit_open(e, "locations", '[', SD_EMIT_SPREAD);
	sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "physicalLocation", '{', SD_EMIT_SPREAD);
	sd_emit_open(e, "artifactLocation", '{', SD_EMIT_LINE);
	sd_emit_text(e, "uri", uri(session->arena, path_of(session, pos)));
	sd_emit_text(e, "uriBaseId", "%SRCROOT%");
	sd_emit_close(e);
	if (pos.line) {
		sd_emit_open(e, "region", '{', SD_EMIT_LINE);
		sd_emit_raw(e, "startLine", sd_fmt(session->arena, "%u", (unsigned)pos.line));
		sd_emit_close(e);
	}
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

static void
emit_results(
	struct sd_session *session, struct sd_emit *e, const struct sd_check_report *report)
{
	sd_emit_open(e, "results", '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < report->findings.n; i++) {
		const struct sd_finding *finding = &report->findings.at[i];

		sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(e, "ruleId", finding->rule);
		sd_emit_text(e, "level", level(finding));
		emit_text_object(e, "message", message(session, finding));
		if (finding->pos.file)
			emit_location(session, e, finding->pos);
		sd_emit_open(e, "partialFingerprints", '{', SD_EMIT_LINE);
		sd_emit_text(e, "schemadiff/v1", identity(session, report, i));
		sd_emit_close(e);
		sd_emit_close(e);
	}
	sd_emit_close(e);
}

/* The run itself: gates that could not be tried are notes about it. */
static void
emit_invocation(
	struct sd_session *session, struct sd_emit *e, const struct sd_check_report *report)
{
	sd_emit_open(e, "invocations", '[', SD_EMIT_SPREAD);
	sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_bool(e, "executionSuccessful", true);
	sd_emit_raw(e, "exitCode", sd_fmt(session->arena, "%d", sd_check_exit(session, report)));
	sd_emit_open(e, "toolExecutionNotifications", '[', SD_EMIT_SPREAD);
	for (size_t i = 0; i < report->gates.n; i++) {
		const struct sd_gate *gate = &report->gates.at[i];

		if (gate->result != SD_GATE_SKIPPED)
			continue;
		sd_emit_open(e, NULL, '{', SD_EMIT_SPREAD);
		sd_emit_text(e, "level", "note");
		emit_text_object(e, "message",
			sd_fmt(session->arena, "gate %u was skipped, %s: %s",
				(unsigned)gate->number, gate->name, gate->text));
		sd_emit_close(e);
	}
	sd_emit_close(e);
	sd_emit_close(e);
	sd_emit_close(e);
}

void
sd_check_write_sarif(struct sd_session *session, const struct sd_check_report *report,
	struct sd_buf *out)
{
	struct sd_emit e = SD_EMIT(out);

	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	sd_emit_text(&e, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	sd_emit_text(&e, "version", "2.1.0");
	sd_emit_open(&e, "runs", '[', SD_EMIT_SPREAD);
	sd_emit_open(&e, NULL, '{', SD_EMIT_SPREAD);
	emit_tool(&e);
	emit_invocation(session, &e, report);
	emit_results(session, &e, report);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_close(&e);
	sd_emit_end(&e);
}
