#include "cmd/check_report.h"
#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/findings.h"

#include <stddef.h>
#include <string.h>

struct options {
	const char *format, *output, *scratch, *upstream;
};

static const struct sd_opt opts[] = {
	{ 0, "format", SD_OPT_WORD, offsetof(struct options, format), "FORMAT",
		"text (default), json, github, gitlab or sarif", sd_check_format_words },
	{ 'o', "output", SD_OPT_TEXT, offsetof(struct options, output), "FILE",
		"write that to FILE, and the text to stdout", NULL },
	{ 0, "scratch", SD_OPT_WORD, offsetof(struct options, scratch), "auto",
		"replay migrations in a temporary database on the target's server",
		sd_scratch_words },
	{ 0, "upstream", SD_OPT_TEXT, offsetof(struct options, upstream), "REF",
		"branch whose scripts may not be edited (default: what git and CI say)", NULL },
};

static const char *const words[] = {
	[SD_GATE_PASSED] = "ok",
	[SD_GATE_FAILED] = "FAIL",
	[SD_GATE_SKIPPED] = "skip",
};

static const char *const colours[] = {
	[SD_GATE_PASSED] = "\033[32m",
	[SD_GATE_FAILED] = "\033[31m",
	[SD_GATE_SKIPPED] = "\033[33m",
};

const char sd_check_no_database[] = "what concerns the database: none is named (--url, -e, "
				    "DATABASE_URL)";

static void
write_diff(struct sd_session *session, const struct sd_diff *diff, struct sd_buf *out)
{
	struct sd_buf text = SD_BUF(session->arena);

	sd_render_text(diff, session->color_out, session->arena, &text);
	for (const char *line = sd_buf_text(&text); *line;) {
		size_t len = strcspn(line, "\n");

		sd_buf_add(out, "        ");
		sd_buf_addn(out, line, len);
		sd_buf_addc(out, '\n');
		line += len + (line[len] == '\n');
	}
}

static void
write_gate(const struct sd_session *session, const struct sd_gate *gate, struct sd_buf *out)
{
	bool color = session->color_out;

	sd_buf_addf(out, "%s%-4s%s  %u  %s%s%s%s%s\n", color ? colours[gate->result] : "",
		words[gate->result], color ? "\033[0m" : "", gate->number, gate->name,
		gate->dialect ? ", " : "", gate->dialect ? gate->dialect : "",
		gate->text ? ": " : "", gate->text ? gate->text : "");
}

/* `renamed_from` that no longer does anything. */
static void
write_inert(const struct sd_diff *diff, struct sd_buf *out)
{
	for (size_t i = 0; i < diff->inert.n; i++)
		sd_buf_addf(out,
			"note: \"renamed_from\" of %s does nothing any more, and may go\n",
			diff->inert.at[i]);
}

void
sd_check_write_text(
	struct sd_session *session, const struct sd_check_report *report, struct sd_buf *out)
{
	const struct sd_diff *last = NULL;

	for (size_t i = 0; i < report->gates.n; i++) {
		const struct sd_gate *gate = &report->gates.at[i];

		write_gate(session, gate, out);
		if (gate->diff)
			write_diff(session, last = gate->diff, out);
	}
	if (report->gates.n && !session->has_target && !report->hook)
		sd_buf_addf(out, "skip  4, 5  %s\n", sd_check_no_database);
	if (last && session->globals.verbose)
		write_inert(last, out);
}

static void
json_gate(struct sd_session *session, struct sd_buf *json, const struct sd_gate *gate)
{
	static const char *const results[] = { "passed", "failed", "skipped" };

	sd_json_open(json, NULL, '{');
	sd_json_number(json, "gate", (long)gate->number);
	sd_json_text(json, "name", gate->name);
	sd_json_text(json, "dialect", gate->dialect);
	sd_json_text(json, "result", results[gate->result]);
	sd_json_text(json, "text", gate->text);
	if (gate->diff) {
		sd_buf_addc(json, ',');
		sd_render_json(gate->diff, session->arena, json);
	}
	sd_json_close(json, '}');
}

static void
json_finding(struct sd_buf *json, const struct sd_finding *finding)
{
	sd_json_open(json, NULL, '{');
	sd_json_number(json, "gate", (long)finding->gate);
	sd_json_text(json, "dialect", finding->dialect);
	sd_json_text(json, "rule", finding->rule);
	sd_json_text(json, "level", finding->is_warning ? "warning" : "error");
	sd_json_text(json, "text", finding->text);
	sd_json_text(json, "hint", finding->hint);
	sd_json_pos(json, finding->pos);
	sd_json_close(json, '}');
}

void
sd_check_add_json(struct sd_session *session, const struct sd_check_report *report)
{
	struct sd_buf *json = sd_json_begin(session, session->command);
	const struct sd_diff *last = NULL;

	sd_json_open(json, "gates", '[');
	for (size_t i = 0; i < report->gates.n; i++) {
		json_gate(session, json, &report->gates.at[i]);
		if (report->gates.at[i].diff)
			last = report->gates.at[i].diff;
	}
	sd_json_close(json, ']');
	sd_json_open(json, "findings", '[');
	for (size_t i = 0; i < report->findings.n; i++)
		json_finding(json, &report->findings.at[i]);
	sd_json_close(json, ']');
	sd_json_open(json, "inert", '[');
	for (size_t i = 0; last && i < last->inert.n; i++)
		sd_json_text(json, NULL, last->inert.at[i]);
	sd_json_close(json, ']');
}

int
sd_check_exit(const struct sd_session *session, const struct sd_check_report *report)
{
	bool differs = report->differs;

	for (size_t i = 0; i < report->gates.n; i++)
		differs |= report->gates.at[i].result == SD_GATE_FAILED;
	return sd_session_exit(session, differs ? SD_EXIT_DIFFERS : SD_EXIT_OK);
}

/* The gates that failed, without the way out; another format than text is the result itself. */
static void
brief(struct sd_session *session, const char *format, const struct sd_check_report *report)
{
	struct sd_buf failed = SD_BUF(session->arena);
	size_t passed = 0;

	for (size_t i = 0; i < report->gates.n; i++) {
		const struct sd_gate *gate = &report->gates.at[i];
		const char *text = gate->text ? gate->text : "";

		passed += gate->result == SD_GATE_PASSED;
		if (gate->result != SD_GATE_FAILED)
			continue;
		sd_buf_sep(&failed, "; ");
		sd_buf_addf(&failed, "%s%s%.*s", gate->name, *text ? ": " : "",
			(int)strcspn(text, ";"), text);
	}
	if (failed.n)
		sd_brief(session, "%s", sd_buf_text(&failed));
	else if (!format || strcmp(format, "text") == 0)
		sd_brief(session, "%zu of %zu gates passed%s", passed, report->gates.n,
			passed < report->gates.n ? ", the others were skipped" : "");
}

static int
run(struct sd_session *session, const void *options, const struct sd_names *args)
{
	const struct options *o = options;
	const struct sd_check_options check = {
		.upstream = o->upstream,
		.scratch_auto = o->scratch != NULL,
	};
	struct sd_check_report report = { 0 };

	(void)args;
	if (sd_check_format_verify(session, o->format, o->output))
		return SD_EXIT_INPUT;
	if (sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET_IF) == SD_OK)
		sd_work_check(session, &check, &report);
	if (!report.gates.n) /* and the reports say why: who reads a document alone sees it, too
			      */
		sd_findings_take(session, 0, session->diags->list.n, SD_GATE_FILES,
			"schema-files", &report);
	if (sd_check_print(session, o->format, o->output, &report))
		return SD_EXIT_INPUT;
	brief(session, o->format, &report);
	return sd_check_exit(session, &report);
}

const struct sd_cmd sd_cmd_check = {
	.name = "check",
	.summary = "check that files, migrations, history and database agree",
	.details =
		"Runs every gate that it can and reports all of them: (1) the schema files "
		"load; "
		"(2) the history is whole, and no script was edited that is on the upstream "
		"branch; (3) no migration is missing: the schema files are what the newest "
		"script was written from, or else the migrations, run in a scratch database, "
		"give the same; (4) nothing is pending in the database, and no applied script "
		"was edited since; (5) the database equals the schema files.\n\n"
		"The first three need no database. On PostgreSQL gate 3 can name what is "
		"missing only with a scratch database: \"scratch_url\" of the environment, or "
		"--scratch auto. --upstream \"\" compares with no branch.\n\n"
		"Nothing is written. The exit code is 0 when all is well and 1 when something "
		"differs, so that it can guard a merge; 3 when the history is broken. With -v "
		"it also names each \"renamed_from\" that has done its work and may go.",
	.opts = opts,
	.n_opts = SD_COUNT(opts),
	.opts_size = sizeof(struct options),
	.run = run,
	.many = true,
};
