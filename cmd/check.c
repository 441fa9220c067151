#include "cmd/commands.h"
#include "cmd/json_out.h"
#include "cmd/work/work.h"

struct options {
	char unused;
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

/* Gate that compares the database: the differences are listed under it. */
#define GATE_LIVE 5

static void
print_diff(struct sd_session *session, const struct sd_diff *diff)
{
	struct sd_buf text = SD_BUF(session->arena);

	sd_render_text(diff, session->color_out, session->arena, &text);
	for (const char *line = sd_buf_text(&text); *line;) {
		const char *end = line;

		while (*end && *end != '\n')
			end++;
		fprintf(session->out, "        %.*s\n", (int)(end - line), line);
		line = *end ? end + 1 : end;
	}
}

static void
print_gate(struct sd_session *session, const struct sd_gate *gate)
{
	bool color = session->color_out;

	fprintf(session->out, "%s%-4s%s  %u  %s%s%s\n", color ? colours[gate->result] : "",
		words[gate->result], color ? "\033[0m" : "", gate->number, gate->name,
		gate->text ? ": " : "", gate->text ? gate->text : "");
}

/* `renamed_from` that no longer does anything. */
static void
print_inert(struct sd_session *session, const struct sd_diff *diff)
{
	for (size_t i = 0; i < diff->inert.n; i++)
		fprintf(session->out,
			"note: \"renamed_from\" of %s does nothing any more, and may go\n",
			diff->inert.at[i]);
}

static void
print_report(struct sd_session *session, const struct sd_check_report *report)
{
	for (size_t i = 0; i < report->gates.n; i++) {
		const struct sd_gate *gate = &report->gates.at[i];

		print_gate(session, gate);
		if (report->diff && gate->number == GATE_LIVE)
			print_diff(session, report->diff);
	}
	if (!session->has_target)
		fputs("skip  4, 5  what concerns the database: none is named "
		      "(--url, -e, DATABASE_URL)\n",
			session->out);
	if (report->diff && session->globals.verbose)
		print_inert(session, report->diff);
}

static void
json_report(struct sd_session *session, const struct sd_check_report *report)
{
	static const char *const results[] = { "passed", "failed", "skipped" };
	struct sd_buf *json = sd_json_begin(session, "check");

	sd_json_open(json, "gates", '[');
	for (size_t i = 0; i < report->gates.n; i++) {
		const struct sd_gate *gate = &report->gates.at[i];

		sd_json_open(json, NULL, '{');
		sd_json_number(json, "gate", (long)gate->number);
		sd_json_text(json, "name", gate->name);
		sd_json_text(json, "result", results[gate->result]);
		sd_json_text(json, "text", gate->text);
		sd_json_close(json, '}');
	}
	sd_json_close(json, ']');
	if (!report->diff)
		return;
	sd_buf_addc(json, ',');
	sd_render_json(report->diff, session->arena, json);
	sd_json_open(json, "inert", '[');
	for (size_t i = 0; i < report->diff->inert.n; i++)
		sd_json_text(json, NULL, report->diff->inert.at[i]);
	sd_json_close(json, ']');
}

static int
run(struct sd_session *session, const void *opts, const struct sd_names *args)
{
	struct sd_check_report report;
	bool differs;

	(void)opts;
	(void)args;
	sd_work_check(session, &report);
	differs = report.differs;
	for (size_t i = 0; i < report.gates.n; i++)
		differs |= report.gates.at[i].result == SD_GATE_FAILED;
	if (session->globals.json)
		json_report(session, &report);
	else
		print_report(session, &report);
	return sd_session_exit(session, differs ? SD_EXIT_DIFFERS : SD_EXIT_OK);
}

const struct sd_cmd sd_cmd_check = {
	.name = "check",
	.summary = "check that files, history and database agree",
	.details =
		"Runs every gate that it can and reports all of them: the schema files load; "
		"the "
		"history is whole; nothing is pending in the database, and no applied script "
		"was "
		"edited since; the database equals the schema files.\n\n"
		"Nothing is written. The exit code is 0 when all is well and 1 when something "
		"differs, so that it can guard a merge. With -v it also names each "
		"\"renamed_from\" that has done its work and may go.",
	.needs = SD_NEEDS_CONFIG | SD_NEEDS_TARGET_IF,
	.opts_size = sizeof(struct options),
	.run = run,
};
