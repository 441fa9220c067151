/* A diff as GitHub's Markdown, for a comment on a pull request.
 *
 * Names and values of a schema are other people's text: they stand in code, where GitHub
 * neither formats nor mentions anybody.  Prose that holds names is escaped, and an @ or # in it
 * does not stand next to what follows.  The document ends before the limit, and then says what
 * is missing; the SQL is there whole, or not at all. */
#include "render/report.h"

#include <string.h>

struct writing {
	struct sd_buf *out;
	struct sd_arena *arena;
	size_t limit; /* bytes that may be there so far */
};

/* Kept free for what stands below the tables. */
#define RESERVE 600

/* ---- escaping ----------------------------------------------------------------------- */

static size_t
longest_run(const char *text, char c)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void
add_many(struct sd_buf *out, char c, size_t n)
{
	while (n--)
		sd_buf_addc(out, c);
}

/* @text as code, fenced by more backticks than it has in a row.  The @cell of a table ends at a
 * bar even in code, unless there is a backslash before it. */
static const char *
code(const struct writing *w, const char *text, bool cell)
{
	size_t fence = longest_run(text, '`') + 1;
	bool pad = fence > 1 || *text == ' ' || !*text;
	struct sd_buf out = SD_BUF(w->arena);

	add_many(&out, '`', fence);
	sd_buf_add(&out, pad ? " " : "");
	for (; *text; text++) {
		if (cell && *text == '|')
			sd_buf_addc(&out, '\\');
		sd_buf_addc(&out, *text);
	}
	sd_buf_add(&out, pad ? " " : "");
	add_many(&out, '`', fence);
	return sd_buf_text(&out);
}

/* @text as prose. */
static const char *
prose(const struct writing *w, const char *text)
{
	struct sd_buf out = SD_BUF(w->arena);

	for (; *text; text++) {
		/* a colon that something follows may begin an address or a picture */
		if (strchr("\\`*_{}[]<>|~$&", *text) ||
			(*text == ':' && text[1] && text[1] != ' '))
			sd_buf_addc(&out, '\\');
		sd_buf_addc(&out, *text);
		if (*text == '@' || *text == '#')
			sd_buf_add(&out, "&#8203;");
	}
	return sd_buf_text(&out);
}

/* ---- what fits ---------------------------------------------------------------------- */

/* Append @text if there is room for it. */
static bool
fits(const struct writing *w, const char *text)
{
	if (w->out->n + strlen(text) > w->limit)
		return false;
	sd_buf_add(w->out, text);
	return true;
}

/* "> - …" or "- …", a line each, as many as there is room for. */
static void
write_list(const struct writing *w, const char *before, const struct sd_names *texts)
{
	for (size_t i = 0; i < texts->n; i++) {
		if (fits(w, sd_fmt(w->arena, "%s- %s\n", before, prose(w, texts->at[i]))))
			continue;
		sd_buf_addf(w->out, "%s- … and %zu more\n", before, texts->n - i);
		return;
	}
}

/* ---- above the tables --------------------------------------------------------------- */

static void
gather_warnings(const struct sd_report *report, struct sd_arena *arena, struct sd_names *all)
{
	for (size_t i = 0; i < report->groups.n; i++) {
		const struct sd_report_group *group = report->groups.at[i];

		for (size_t k = 0; k < group->head.warnings.n; k++)
			*sd_push(arena, all) = group->head.warnings.at[k];
		for (size_t k = 0; k < group->lines.n; k++)
			for (size_t j = 0; j < group->lines.at[k].warnings.n; j++)
				*sd_push(arena, all) = group->lines.at[k].warnings.at[j];
	}
	for (size_t i = 0; i < report->warnings.n; i++)
		*sd_push(arena, all) = report->warnings.at[i];
}

static void
write_head(struct writing *w, const struct sd_report *report)
{
	struct sd_names warnings = { 0 };

	sd_buf_add(w->out, "### Schema changes\n\n");
	sd_buf_addf(w->out, "**%s**", report->summary);
	if (report->from && report->into)
		sd_buf_addf(w->out, ", from %s to %s", prose(w, report->from),
			prose(w, report->into));
	sd_buf_add(w->out, "\n");
	gather_warnings(report, w->arena, &warnings);
	w->limit = SD_MARKDOWN_MAX / 4;
	if (warnings.n) {
		sd_buf_add(w->out, "\n> [!WARNING]\n");
		write_list(w, "> ", &warnings);
	}
	w->limit = SD_MARKDOWN_MAX / 3;
	if (report->limits.n) {
		sd_buf_add(w->out, "\n> [!IMPORTANT]\n> Seen, and left alone:\n>\n");
		write_list(w, "> ", &report->limits);
	}
	if (report->notes.n) {
		sd_buf_add(w->out, "\n> [!NOTE]\n");
		write_list(w, "> ", &report->notes);
	}
}

/* ---- tables ------------------------------------------------------------------------- */

static void
add_excerpt(const struct writing *w, struct sd_buf *out, const struct sd_excerpt *e, bool cell)
{
	sd_buf_add(
		out, code(w, sd_fmt(w->arena, "%s%s%s", e->before, e->middle, e->after), cell));
}

/* What happens to @line. */
static const char *
details(const struct writing *w, const struct sd_report_line *line, bool cell)
{
	struct sd_buf out = SD_BUF(w->arena);

	if (line->old_name)
		sd_buf_addf(&out, "renamed from %s", code(w, line->old_name, cell));
	if (*line->words)
		sd_buf_add(&out, code(w, line->words, cell));
	for (size_t i = 0; i < line->fields.n; i++) {
		const struct sd_field_change *field = &line->fields.at[i];

		sd_buf_sep(&out, "<br>");
		sd_buf_addf(&out, "%s: ", field->label);
		add_excerpt(w, &out, &field->from, cell);
		sd_buf_add(&out, " → ");
		add_excerpt(w, &out, &field->into, cell);
	}
	for (size_t i = 0; i < line->warnings.n; i++) {
		sd_buf_sep(&out, "<br>");
		sd_buf_addf(&out, "⚠️ %s", prose(w, line->warnings.at[i]));
	}
	return sd_buf_text(&out);
}

static const char *
title(const struct writing *w, const struct sd_report_line *line, bool cell)
{
	return line->name ? sd_fmt(w->arena, "%s %s", line->kind, code(w, line->name, cell))
			  : sd_report_title(line, w->arena);
}

static const char *
row(const struct writing *w, const struct sd_report_line *line)
{
	return sd_fmt(w->arena,
		line->mark == SD_MARK_DROPPED ? "| **%s** | %s | %s |\n" : "| %s | %s | %s |\n",
		sd_mark_words[line->mark], title(w, line, true), details(w, line, true));
}

/* @group as far as there is room; the number of its changes that are missing. */
static size_t
write_group(const struct writing *w, const struct sd_report_group *group)
{
	const char *own = details(w, &group->head, false);
	const char *head =
		sd_fmt(w->arena, "\n#### %s: %s\n\n%s%s", title(w, &group->head, false),
			sd_mark_words[group->head.mark], own, *own ? "\n" : "");
	const char *first = group->lines.n ? row(w, &group->lines.at[0]) : "";

	if (group->lines.n)
		head = sd_fmt(w->arena, "%s%s| | what | how |\n|---|---|---|\n%s", head,
			*own ? "\n" : "", first);
	if (!fits(w, head))
		return group->lines.n ? group->lines.n : 1;
	for (size_t i = 1; i < group->lines.n; i++)
		if (!fits(w, row(w, &group->lines.at[i])))
			return group->lines.n - i;
	return 0;
}

/* ---- the whole ---------------------------------------------------------------------- */

static void
write_sql(struct writing *w, const struct sd_report *report, size_t missing)
{
	struct sd_buf block = SD_BUF(w->arena);
	size_t fence;

	w->limit = SD_MARKDOWN_MAX;
	if (report->refusals.n) {
		sd_buf_add(w->out, "\n> [!CAUTION]\n> No script can do this:\n>\n");
		w->limit -= RESERVE / 2;
		write_list(w, "> ", &report->refusals);
	}
	if (!report->sql)
		return;
	fence = longest_run(report->sql, '`') + 1;
	fence = fence < 3 ? 3 : fence;
	sd_buf_add(&block, "\n<details>\n<summary>SQL</summary>\n\n");
	add_many(&block, '`', fence);
	sd_buf_addf(&block, "sql\n%s\n", report->sql);
	add_many(&block, '`', fence);
	sd_buf_add(&block, "\n\n</details>\n");
	if (!missing && fits(w, sd_buf_text(&block)))
		return;
	sd_buf_add(w->out,
		"\nThe SQL is too long for a comment: `schemadiff diff --format sql` "
		"prints it.\n");
}

void
sd_show_markdown(const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_report *report = sd_report_make(shown, arena);
	struct writing w = { .out = out, .arena = arena };
	size_t missing = 0, groups = 0;

	write_head(&w, report);
	w.limit = SD_MARKDOWN_MAX - RESERVE;
	for (size_t i = 0; i < report->groups.n; i++) {
		size_t n = write_group(&w, report->groups.at[i]);

		missing += n;
		groups += n > 0;
		if (n)
			w.limit = 0; /* nothing small slips in behind what did not fit */
	}
	if (missing)
		sd_buf_addf(out,
			"\n… and **%zu more change%s** in %zu object%s: `schemadiff diff` "
			"shows "
			"all of them.\n",
			missing, missing == 1 ? "" : "s", groups, groups == 1 ? "" : "s");
	write_sql(&w, report, missing);
}
