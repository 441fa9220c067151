#include "render/report.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

const char *const sd_mark_words[SD_N_MARKS] = {
	[SD_MARK_CHANGED] = "changed",
	[SD_MARK_ADDED] = "added",
	[SD_MARK_DROPPED] = "dropped",
};

struct reporting {
	const struct sd_shown *shown;
	struct sd_report *report;
	struct sd_arena *arena;
	struct sd_map groups; /* sd_object_title() → the group */
	struct sd_map warned; /* a warning that a line has → itself */
};

const char *
sd_report_title(const struct sd_report_line *line, struct sd_arena *arena)
{
	const struct sd_object *object = line->object;
	bool unnamed = !object->name && object->kind != SD_PRIMARY_KEY;

	if (!line->name)
		return sd_fmt(arena, "%s%s", unnamed ? "unnamed " : "", line->kind);
	return sd_fmt(arena, "%s %s", line->kind, line->name);
}

/* ---- groups and lines --------------------------------------------------------------- */

static struct sd_report_line
new_line(const struct reporting *r, const struct sd_object *object)
{
	struct sd_report_line line = { .object = object, .words = "" };

	line.kind = sd_kinds[object->kind].word;
	if (!object->parent)
		line.name = sd_plain(r->arena, sd_object_path(r->arena, object));
	else if (object->name)
		line.name = sd_plain(r->arena, object->name);
	if (object->pos.file)
		line.place = sd_fmt(r->arena, "%s:%u", sd_plain(r->arena, object->pos.file),
			(unsigned)object->pos.line);
	return line;
}

/* The group that changes of @object stand in. */
static struct sd_report_group *
group_of(struct reporting *r, const struct sd_object *object)
{
	const struct sd_object *head = object->parent ? object->parent : object;
	void **slot = sd_map_at(&r->groups, sd_object_title(r->arena, head), r->arena);
	struct sd_report_group *group = *slot;

	if (group)
		return group;
	group = sd_new(r->arena, struct sd_report_group);
	group->head = new_line(r, head);
	*slot = group;
	*sd_push(r->arena, &r->report->groups) = group;
	return group;
}

/* The line of @object; what is renamed and altered besides has one for both. */
static struct sd_report_line *
line_of(struct reporting *r, const struct sd_object *object)
{
	struct sd_report_group *group = group_of(r, object);
	struct sd_report_line *line;

	if (!object->parent)
		return &group->head;
	for (size_t i = 0; r->shown->diff->renames.n && i < group->lines.n; i++)
		if (group->lines.at[i].object == object)
			return &group->lines.at[i];
	line = sd_push(r->arena, &group->lines);
	*line = new_line(r, object);
	return line;
}

static void
add_fields(struct reporting *r, const struct sd_change *change, struct sd_report_line *line)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];

	if (change->fields & SD_FIELD_BIT_NAME) {
		const char *from = change->from->name ? change->from->name : "(none)";
		const char *into = change->into->name ? change->into->name : "(none)";

		*sd_push(r->arena, &line->fields) = (struct sd_field_change){
			.label = "name",
			.from = { "", sd_plain(r->arena, from), "" },
			.into = { "", sd_plain(r->arena, into), "" },
		};
	}
	for (size_t i = 0; i < desc->n_fields; i++)
		if (change->fields & UINT64_C(1) << i)
			*sd_push(r->arena, &line->fields) = sd_field_change(
				r->arena, &desc->fields[i], change->from, change->into);
}

/* A relation that is new: all that it has. */
static void
add_parts(struct reporting *r, const struct sd_object *relation)
{
	const struct sd_dialect *dialect = r->shown->diff->into->dialect;
	struct sd_report_group *group = group_of(r, relation);

	for (enum sd_kind kind = 0; kind < SD_N_PARTS; kind++) {
		const struct sd_list *parts =
			&((const struct sd_relation *)relation)->parts[kind];

		for (size_t i = 0; i < parts->n; i++) {
			struct sd_report_line *line = sd_push(r->arena, &group->lines);

			*line = new_line(r, parts->at[i]);
			line->mark = SD_MARK_ADDED;
			line->words = sd_object_words(r->arena, dialect, parts->at[i]);
			line->place = NULL;
		}
	}
}

/* ---- warnings ----------------------------------------------------------------------- */

/* Warnings of @change to @line; what a revision asks agreement for says so. */
static void
add_warnings(struct reporting *r, const struct sd_change *change, struct sd_report_line *line)
{
	struct sd_names warnings = { 0 };
	struct sd_buf asks = SD_BUF(r->arena);

	if (!r->shown->plan)
		return;
	sd_change_warnings(r->shown->plan, change, r->arena, &warnings);
	for (unsigned bit = 1; bit && bit <= change->hazards; bit <<= 1)
		if ((change->hazards & bit) && sd_hazard_word((enum sd_hazard)bit))
			sd_buf_addf(&asks, "; a revision needs --allow %s",
				sd_hazard_word((enum sd_hazard)bit));
	for (size_t i = 0; i < warnings.n; i++) {
		void **slot = sd_map_at(&r->warned, warnings.at[i], r->arena);
		bool last = i + 1 == warnings.n;

		*slot = r;
		*sd_push(r->arena, &line->warnings) =
			sd_plain(r->arena, sd_fmt(r->arena, "%s%s", warnings.at[i],
						   last ? sd_buf_text(&asks) : ""));
	}
	r->report->n_warnings += warnings.n;
}

/* Steps that are no change of the diff (a view that makes way) may warn too. */
static void
add_other_warnings(struct reporting *r)
{
	const struct sd_plan *plan = r->shown->plan;

	for (size_t i = 0; plan && i < plan->warnings.n; i++) {
		void **slot = sd_map_at(&r->warned, plan->warnings.at[i], r->arena);

		if (*slot)
			continue;
		*slot = r;
		*sd_push(r->arena, &r->report->warnings) =
			sd_plain(r->arena, plan->warnings.at[i]);
		r->report->n_warnings++;
	}
}

/* ---- changes ------------------------------------------------------------------------ */

static void
add_change(struct reporting *r, const struct sd_change *change)
{
	static const enum sd_mark marks[] = {
		[SD_OP_RENAME] = SD_MARK_CHANGED,
		[SD_OP_DROP] = SD_MARK_DROPPED,
		[SD_OP_ADD] = SD_MARK_ADDED,
		[SD_OP_ALTER] = SD_MARK_CHANGED,
		[SD_OP_REBUILD] = SD_MARK_CHANGED,
		[SD_OP_RECREATE] = SD_MARK_CHANGED,
	};
	const struct sd_object *object = sd_change_subject(change);
	struct sd_report_line *line = line_of(r, object);

	line->mark = marks[change->op];
	if (change->op == SD_OP_RENAME)
		line->old_name = sd_plain(r->arena, change->from->name);
	else if (change->op == SD_OP_ALTER)
		add_fields(r, change, line);
	else if (change->op == SD_OP_ADD)
		line->words =
			sd_object_words(r->arena, r->shown->diff->into->dialect, change->into);
	add_warnings(r, change, line);
	if (change->op == SD_OP_ADD && (change->kind == SD_TABLE || change->kind == SD_VIEW))
		add_parts(r, object);
}

/* What stands by itself comes by kind and name; so do parts, and columns as they were found.
 * The insertion keeps the order of what is equal. */
static int
compare_heads(const void *a, const void *b)
{
	const struct sd_report_line *x = &(*(struct sd_report_group *const *)a)->head;
	const struct sd_report_line *y = &(*(struct sd_report_group *const *)b)->head;

	if (x->object->kind != y->object->kind)
		return x->object->kind < y->object->kind ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void
sort_lines(const struct reporting *r, struct sd_report_group *group)
{
	struct sd_report_line *sorted =
		sd_new_array(r->arena, group->lines.n + 1, struct sd_report_line);
	size_t n = 0;

	for (enum sd_kind kind = 0; kind < SD_N_PARTS; kind++)
		for (size_t i = 0; i < group->lines.n; i++)
			if (group->lines.at[i].object->kind == kind)
				sorted[n++] = group->lines.at[i];
	group->lines.at = sorted;
}

/* ---- notes and the summary ---------------------------------------------------------- */

static void
add_notes(struct reporting *r)
{
	const struct sd_diff *diff = r->shown->diff;
	struct sd_report *report = r->report;
	struct sd_arena *arena = r->arena;

	for (size_t i = 0; i < diff->unsupported.n; i++)
		*sd_push(arena, &report->limits) = sd_plain(
			arena, sd_fmt(arena, "%s %s",
				       sd_object_title(arena, diff->unsupported.at[i].object),
				       diff->unsupported.at[i].text));
	for (size_t i = 0; i < diff->ambiguous.n; i++)
		*sd_push(arena, &report->notes) = sd_plain(
			arena, sd_fmt(arena, "%s may have been renamed to %s",
				       sd_object_title(arena, diff->ambiguous.at[i].from),
				       diff->ambiguous.at[i].into->name));
	for (size_t i = 0; r->shown->undecided && i < diff->undecided.n; i++) {
		const struct sd_undecided *pair = &diff->undecided.at[i];

		*sd_push(arena, &report->notes) = sd_plain(arena,
			sd_fmt(arena, "%s%s%s and %s may mean the same: no database was asked",
				pair->table ? pair->table : "", pair->table ? ": " : "",
				sd_sql_line(arena, pair->a), sd_sql_line(arena, pair->b)));
	}
	for (size_t i = 0; i < r->shown->refusals.n; i++)
		*sd_push(arena, &report->refusals) = sd_plain(arena, r->shown->refusals.at[i]);
}

static void
count(struct sd_buf *out, size_t n, const char *one, const char *many)
{
	if (!n)
		return;
	sd_buf_sep(out, "; ");
	sd_buf_addf(out, "%zu %s", n, n == 1 ? one : many);
}

/* "2 tables added, 1 changed; 1 enum dropped; 3 warnings" */
static const char *
summary(const struct reporting *r)
{
	static const enum sd_mark order[] = { SD_MARK_ADDED, SD_MARK_CHANGED, SD_MARK_DROPPED };
	size_t counts[SD_KIND__MAX][SD_N_MARKS] = { 0 };
	struct sd_buf out = SD_BUF(r->arena);
	const struct sd_report *report = r->report;

	for (size_t i = 0; i < report->groups.n; i++) {
		const struct sd_report_line *head = &report->groups.at[i]->head;

		counts[head->object->kind][head->mark]++;
	}
	for (enum sd_kind kind = 0; kind < SD_KIND__MAX; kind++) {
		const struct sd_kind_desc *desc = &sd_kinds[kind];
		bool named = false;

		for (size_t i = 0; i < SD_COUNT(order); i++) {
			size_t n = counts[kind][order[i]];

			if (!n)
				continue;
			sd_buf_sep(&out, named ? ", " : "; ");
			sd_buf_addf(&out, "%zu ", n);
			if (!named)
				sd_buf_addf(&out, "%s ", n == 1 ? desc->word : desc->plural);
			sd_buf_add(&out, sd_mark_words[order[i]]);
			named = true;
		}
	}
	count(&out, report->limits.n, "difference that is left alone",
		"differences that are left alone");
	if (!out.n)
		return "no differences";
	count(&out, report->n_warnings, "warning", "warnings");
	return sd_buf_text(&out);
}

struct sd_report *
sd_report_make(const struct sd_shown *shown, struct sd_arena *arena)
{
	struct sd_report *report = sd_new(arena, struct sd_report);
	struct reporting r = { .shown = shown, .report = report, .arena = arena };
	const struct sd_changes *changes = &shown->diff->changes;

	report->from = shown->from ? sd_plain(arena, shown->from) : NULL;
	report->into = shown->into ? sd_plain(arena, shown->into) : NULL;
	report->sql = shown->sql ? sd_text_trim(arena, shown->sql) : NULL;
	for (size_t i = 0; i < changes->n; i++)
		add_change(&r, changes->at[i]);
	add_other_warnings(&r);
	add_notes(&r);
	if (report->groups.n)
		qsort(report->groups.at, report->groups.n, sizeof *report->groups.at,
			compare_heads);
	for (size_t i = 0; i < report->groups.n; i++)
		sort_lines(&r, report->groups.at[i]);
	report->summary = summary(&r);
	return report;
}
