/* The man page: what help tells, as troff. */
#include "cmd/args.h"
#include "core/history/state.h"

#include <string.h>

/* Text for troff: its own characters escaped, `code` in bold. */
static void
add(struct sd_buf *out, const char *text, size_t len)
{
	bool bold = false, line_start = true;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (line_start && (c == '.' || c == '\''))
			sd_buf_add(out, "\\&");
		line_start = c == '\n';
		if (c == '`') {
			bold = !bold;
			sd_buf_add(out, bold ? "\\fB" : "\\fR");
		} else if (c == '\\') {
			sd_buf_add(out, "\\e");
		} else if (c == '-') {
			sd_buf_add(out, "\\-");
		} else {
			sd_buf_addc(out, c);
		}
	}
}

static void
add_text(struct sd_buf *out, const char *text)
{
	add(out, text, strlen(text));
}

static void
add_details(struct sd_buf *out, const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		bool verbatim = *text == ' ';

		sd_buf_add(out, verbatim ? ".PP\n.nf\n" : ".PP\n");
		add(out, text, len);
		sd_buf_add(out, verbatim ? "\n.fi\n" : "\n");
		text += len;
		text += strspn(text, "\n");
	}
}

static void
add_options(struct sd_buf *out, const struct sd_opt *opts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sd_buf_add(out, ".TP\n");
		if (opts[i].letter)
			sd_buf_addf(out, "\\fB\\-%c\\fR, ", opts[i].letter);
		sd_buf_add(out, "\\fB\\-\\-");
		add_text(out, opts[i].name);
		sd_buf_add(out, "\\fR");
		if (opts[i].type != SD_OPT_FLAG && opts[i].value) {
			sd_buf_add(out, " \\fI");
			add_text(out, opts[i].value);
			sd_buf_add(out, "\\fR");
		}
		sd_buf_addc(out, '\n');
		add_text(out, opts[i].help);
		sd_buf_addc(out, '\n');
	}
}

/* A summary begins small in a list, and with a capital where it stands alone. */
static const char *
sentence(struct sd_arena *arena, const char *text)
{
	char *copy = sd_strdup(arena, text);

	if (*copy >= 'a' && *copy <= 'z')
		*copy = (char)(*copy - 'a' + 'A');
	return copy;
}

static void
add_command(struct sd_buf *out, const struct sd_cmd *cmd)
{
	sd_buf_addf(out, ".SS \"%s", cmd->name);
	if (cmd->n_opts)
		sd_buf_add(out, " [options]");
	if (cmd->args) {
		sd_buf_addc(out, ' ');
		add_text(out, cmd->args);
	}
	sd_buf_add(out, "\"\n");
	add_text(out, sentence(out->arena, cmd->summary));
	sd_buf_add(out, ".\n");
	if (cmd->details)
		add_details(out, cmd->details);
	add_options(out, cmd->opts, cmd->n_opts);
}

/* The headings of the help, and the names of the commands below each. */
static void
add_overview(struct sd_buf *out)
{
	for (size_t i = 0; sd_cmds[i]; i++) {
		const char *title = sd_cmd_begins(sd_cmds[i]);

		if (sd_cmds[i]->hidden)
			continue;
		if (title)
			sd_buf_addf(out, "%s.TP\n%s\n\\fB", i ? "\\fR\n" : "",
				sentence(out->arena, title));
		else
			sd_buf_add(out, ", ");
		add_text(out, sd_cmds[i]->name);
	}
	sd_buf_add(out, "\\fR\n");
}

static const char description[] =
	"`schemadiff` keeps the schema of a database under version control. The schema that is "
	"wanted is described in JSON files; `schemadiff autogenerate` compares them with the "
	"database and writes a migration script with an up and a down part, to be reviewed; "
	"`schemadiff upgrade` and `schemadiff downgrade` run the scripts; `schemadiff check` "
	"fails when anything has drifted."
	"\n\n"
	"Results are written to the standard output, everything else to the standard error. "
	"Revisions are named by their id, by the beginning of it that no other has, by `head`, "
	"`base` or `current`, by these with a step behind (`head-2`), or by a step alone "
	"(`-1`, "
	"`+2`).";

static const struct {
	const char *name, *text;
} files[] = {
	{ "schemadiff.json", "the configuration, here or in a folder above" },
	{ "schemas/", "the schema files, unless the configuration names others" },
	{ "migrations/", "the scripts, unless the configuration names another folder" },
	{ ".schemadiff/", "the JSON Schemas of both files, for editors" },
}, variables[] = {
	{ "SCHEMADIFF_URL, DATABASE_URL",
		"the database, when neither --url nor -e names one; the first that is set counts" },
	{ "NO_COLOR", "no colours unless --color=always" },
	{ "SOURCE_DATE_EPOCH", "the time that is written into new scripts" },
};

void
sd_man_write(struct sd_buf *out)
{
	sd_buf_addf(out, ".TH SCHEMADIFF 1 \"\" \"schemadiff %s\" \"User Commands\"\n",
		SD_TOOL_VERSION);
	sd_buf_add(out, ".nh\n.ad l\n.SH NAME\nschemadiff \\- version control for a database's "
			"schema\n");
	sd_buf_add(out, ".SH SYNOPSIS\n.B schemadiff\n\\fICOMMAND\\fR [\\fIoptions\\fR] "
			"[\\fIarguments\\fR]\n.SH DESCRIPTION\n");
	add_details(out, description);
	sd_buf_add(out, ".SH COMMANDS\n");
	add_overview(out);
	for (size_t i = 0; sd_cmds[i]; i++)
		if (!sd_cmds[i]->hidden)
			add_command(out, sd_cmds[i]);
	sd_buf_add(out, ".SH OPTIONS\nThese stand before the command or behind it.\n");
	add_options(out, sd_global_opts, sd_n_global_opts);
	sd_buf_add(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; sd_exit_rows[i].meaning; i++) {
		sd_buf_addf(out, ".TP\n%d\n", (int)sd_exit_rows[i].code);
		add_text(out, sd_exit_rows[i].meaning);
		sd_buf_addc(out, '\n');
	}
	sd_buf_add(out, ".SH FILES\n");
	for (size_t i = 0; i < SD_COUNT(files); i++) {
		sd_buf_addf(out, ".TP\n\\&%s\n", files[i].name);
		add_text(out, files[i].text);
		sd_buf_addc(out, '\n');
	}
	sd_buf_add(out, ".SH ENVIRONMENT\n");
	for (size_t i = 0; i < SD_COUNT(variables); i++) {
		sd_buf_addf(out, ".TP\n%s\n", variables[i].name);
		add_text(out, variables[i].text);
		sd_buf_addc(out, '\n');
	}
}
