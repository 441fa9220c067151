#include "cmd/args.h"
#include "core/history/state.h"

#include <string.h>

/* Help is laid out for a terminal of 80 columns, whatever the real one has. */
enum { WIDTH = 80, COMMANDS = 18, OPTIONS = 26 };

const struct sd_exit_row sd_exit_rows[] = {
	{ SD_EXIT_OK, "done; nothing differs" },
	{ SD_EXIT_DIFFERS, "differences were found, or the database is not at head" },
	{ SD_EXIT_INPUT, "a mistake in the command line, the configuration or a schema file" },
	{ SD_EXIT_HISTORY, "the history is broken, or a script was edited after it ran" },
	{ SD_EXIT_DATABASE, "the database refused" },
	{ SD_EXIT_REFUSED, "refused to act: ambiguous, irreversible, or it would lose data" },
	{ 0 },
};

static void
pad(struct sd_buf *out, size_t n)
{
	while (n-- > 0)
		sd_buf_addc(out, ' ');
}

/* One paragraph of @len bytes, filled; the first line goes on at column @at. */
static void
fill(struct sd_buf *out, const char *text, size_t len, size_t indent, size_t at)
{
	const char *end = text + len;

	while (text < end) {
		size_t word = strcspn(text, " \n");
		bool first = at <= indent;

		if (word > (size_t)(end - text))
			word = (size_t)(end - text);
		if (!first && at + 1 + word > WIDTH) {
			sd_buf_addc(out, '\n');
			pad(out, indent);
			at = indent;
		} else if (!first && word) {
			sd_buf_addc(out, ' ');
			at++;
		}
		sd_buf_addn(out, text, word);
		at += word;
		text += word;
		text += strspn(text, " \n");
	}
	sd_buf_addc(out, '\n');
}

/* Paragraphs with an empty line between; lines that begin with a space stay as they are. */
static void
add_details(struct sd_buf *out, const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);

		sd_buf_addc(out, '\n');
		if (*text == ' ')
			sd_buf_addf(out, "%.*s\n", (int)len, text);
		else
			fill(out, text, len, 0, 0);
		text += len;
		text += strspn(text, "\n");
	}
}

/* "  name          what it does" */
static void
add_row(struct sd_buf *out, const char *left, const char *right, size_t column)
{
	size_t at = strlen(left) + 2;

	sd_buf_addf(out, "  %s", left);
	if (at + 2 > column) {
		sd_buf_addc(out, '\n');
		at = 0;
	}
	pad(out, column - at);
	fill(out, right, strlen(right), column, column);
}

static void
add_options(struct sd_buf *out, const struct sd_opt *opts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = opts[i].type == SD_OPT_FLAG ? NULL : opts[i].value;
		struct sd_buf left = SD_BUF(out->arena);

		if (opts[i].letter)
			sd_buf_addf(&left, "-%c, ", opts[i].letter);
		else
			sd_buf_add(&left, "    ");
		sd_buf_addf(
			&left, "--%s%s%s", opts[i].name, value ? " " : "", value ? value : "");
		add_row(out, sd_buf_text(&left), opts[i].help, OPTIONS);
	}
}

static void
write_command(const struct sd_cmd *cmd, struct sd_buf *out)
{
	sd_buf_addf(out, "%s\n\n%s\n", sd_usage(cmd, out->arena), cmd->summary);
	if (cmd->details)
		add_details(out, cmd->details);
	if (cmd->n_opts) {
		sd_buf_add(out, "\noptions:\n");
		add_options(out, cmd->opts, cmd->n_opts);
	}
	if (cmd->many)
		add_details(out, "Several environments at once: -e 'prod-*', -e dev,test, -e all; "
				 "each is run by a process of its own.");
	sd_buf_add(out, "\n`schemadiff help` lists the options that every command takes.\n");
}

static void
write_program(struct sd_buf *out)
{
	sd_buf_addf(out, "schemadiff %s: version control for a database's schema\n\n%s\n",
		SD_TOOL_VERSION, sd_usage(NULL, out->arena));
	for (size_t i = 0; sd_cmds[i]; i++) {
		const char *title = sd_cmd_begins(sd_cmds[i]);

		if (title)
			sd_buf_addf(out, "\n%s:\n", title);
		if (!sd_cmds[i]->hidden)
			add_row(out, sd_cmds[i]->name, sd_cmds[i]->summary, COMMANDS);
	}
	sd_buf_add(out, "\noptions, before the command or behind it:\n");
	add_options(out, sd_global_opts, sd_n_global_opts);
	sd_buf_add(out, "\nexit codes:\n");
	for (size_t i = 0; sd_exit_rows[i].meaning; i++)
		sd_buf_addf(
			out, "  %d  %s\n", (int)sd_exit_rows[i].code, sd_exit_rows[i].meaning);
	sd_buf_add(out, "\n`schemadiff help COMMAND` tells more; `schemadiff init` begins a "
			"project.\n");
}

void
sd_help_write(const struct sd_cmd *cmd, struct sd_buf *out)
{
	if (cmd)
		write_command(cmd, out);
	else
		write_program(out);
}

void
sd_help_print(const struct sd_cmd *cmd, FILE *out)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_buf text = SD_BUF(arena);

	sd_help_write(cmd, &text);
	fputs(sd_buf_text(&text), out);
	sd_arena_free(arena);
}
