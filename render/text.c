/* A diff for people at a terminal, and as SQL. */
#include "render/report.h"

#include <string.h>

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define DIM "\033[2m"

struct writing {
	struct sd_buf *out;
	struct sd_arena *arena;
	bool color;
};

static const struct {
	const char *sign, *color;
} marks[SD_N_MARKS] = {
	[SD_MARK_CHANGED] = { "~", YELLOW },
	[SD_MARK_ADDED] = { "+", GREEN },
	[SD_MARK_DROPPED] = { "-", RED },
};

static void
put(const struct writing *w, const char *color, const char *text)
{
	bool colored = w->color && *color;

	sd_buf_addf(w->out, "%s%s%s", colored ? color : "", text, colored ? "\033[0m" : "");
}

static const char *
excerpt_text(const struct writing *w, const struct sd_excerpt *e)
{
	return sd_fmt(w->arena, "%s%s%s", e->before, e->middle, e->after);
}

/* "~ column email: type: integer → bigint (schemas/users.json:14)"; sides that are long stand
 * below, one above the other. */
#define LONG_SIDES 72

static bool
is_long(const struct sd_field_change *field)
{
	return strlen(field->from.before) + strlen(field->from.middle) +
		       strlen(field->from.after) + strlen(field->into.before) +
		       strlen(field->into.middle) + strlen(field->into.after) >
	       LONG_SIDES;
}

static void
write_long_fields(
	const struct writing *w, const struct sd_report_line *line, const char *indent)
{
	for (size_t i = 0; i < line->fields.n; i++) {
		const struct sd_field_change *field = &line->fields.at[i];

		if (!is_long(field))
			continue;
		sd_buf_addf(w->out, "%s    %s:\n%s      ", indent, field->label, indent);
		put(w, RED, sd_fmt(w->arena, "- %s", excerpt_text(w, &field->from)));
		sd_buf_addf(w->out, "\n%s      ", indent);
		put(w, GREEN, sd_fmt(w->arena, "+ %s", excerpt_text(w, &field->into)));
		sd_buf_addc(w->out, '\n');
	}
}

static void
write_short_fields(const struct writing *w, const struct sd_report_line *line, const char *sep)
{
	for (size_t i = 0; i < line->fields.n; i++) {
		const struct sd_field_change *field = &line->fields.at[i];

		if (is_long(field))
			continue;
		sd_buf_addf(w->out, "%s%s: %s → %s", sep, field->label,
			excerpt_text(w, &field->from), excerpt_text(w, &field->into));
		sep = "; ";
	}
}

static void
write_line(const struct writing *w, const struct sd_report_line *line, const char *indent,
	bool place)
{
	const char *sep = ": ";

	sd_buf_add(w->out, indent);
	put(w, marks[line->mark].color, marks[line->mark].sign);
	sd_buf_addc(w->out, ' ');
	put(w, *indent ? "" : BOLD, sd_report_title(line, w->arena));
	if (line->old_name) {
		sd_buf_addf(w->out, ": renamed from %s", line->old_name);
		sep = "; ";
	}
	if (*line->words)
		sd_buf_addf(w->out, "%s%s", sep, line->words);
	write_short_fields(w, line, sep);
	if (place && line->place) {
		sd_buf_addc(w->out, ' ');
		put(w, DIM, sd_fmt(w->arena, "(%s)", line->place));
	}
	sd_buf_addc(w->out, '\n');
	write_long_fields(w, line, indent);
	for (size_t i = 0; i < line->warnings.n; i++) {
		sd_buf_addf(w->out, "%s    ", indent);
		put(w, YELLOW, sd_fmt(w->arena, "! %s", line->warnings.at[i]));
		sd_buf_addc(w->out, '\n');
	}
}

static void
write_group(const struct writing *w, const struct sd_report_group *group)
{
	const struct sd_report_line *head = &group->head;
	bool itself = head->mark != SD_MARK_CHANGED || head->fields.n || head->old_name;

	write_line(w, head, "", itself);
	for (size_t i = 0; i < group->lines.n; i++)
		write_line(w, &group->lines.at[i], "    ", true);
}

static void
write_all(const struct writing *w, const char *color, const char *before,
	const struct sd_names *texts)
{
	for (size_t i = 0; i < texts->n; i++) {
		put(w, color, sd_fmt(w->arena, "%s%s", before, texts->at[i]));
		sd_buf_addc(w->out, '\n');
	}
}

static void
write_report(
	const struct sd_report *report, bool color, struct sd_arena *arena, struct sd_buf *out)
{
	const struct writing w = { .out = out, .arena = arena, .color = color };

	for (size_t i = 0; i < report->groups.n; i++)
		write_group(&w, report->groups.at[i]);
	write_all(&w, YELLOW, "! ", &report->warnings);
	write_all(&w, YELLOW, "! ", &report->limits);
	write_all(&w, "", "note: ", &report->notes);
	write_all(&w, RED, "no script can do this: ", &report->refusals);
}

void
sd_render_text(
	const struct sd_diff *diff, bool color, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_shown shown = { .diff = diff };

	write_report(sd_report_make(&shown, arena), color, arena, out);
}

void
sd_show_text(const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_report *report = sd_report_make(shown, arena);

	if (sd_diff_empty(shown->diff))
		return;
	write_report(report, shown->color, arena, out);
	sd_buf_addf(out, "\n%s\n", report->summary);
}

/* ---- SQL ---------------------------------------------------------------------------- */

void
sd_show_sql(const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_report *report = sd_report_make(shown, arena);
	const struct writing w = { .out = out, .arena = arena };

	write_all(&w, "", "-- note: ", &report->limits);
	write_all(&w, "", "-- note: ", &report->notes);
	if (shown->sql)
		sd_buf_add(out, shown->sql);
}
