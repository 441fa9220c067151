/* A diff as JSON, for programs: values as they are. */
#include "render/report.h"

#include "core/base/json.h"
#include "core/base/text.h"

static void
member(struct sd_buf *out, const char *key, const char *value)
{
	sd_buf_addf(out, "\"%s\":", key);
	if (value)
		sd_json_quote(out, sd_text_utf8(out->arena, value));
	else
		sd_buf_add(out, "null");
}

/* ,"key":["…"] */
static void
names(struct sd_buf *out, const char *key, const struct sd_names *texts)
{
	sd_buf_addf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < texts->n; i++) {
		if (i)
			sd_buf_addc(out, ',');
		sd_json_quote(out, sd_text_utf8(out->arena, texts->at[i]));
	}
	sd_buf_addc(out, ']');
}

static void
field(struct sd_buf *out, const char *key, const char *from, const char *into)
{
	if (out->at[out->n - 1] == '}')
		sd_buf_addc(out, ',');
	sd_buf_addc(out, '{');
	member(out, "field", key);
	sd_buf_addc(out, ',');
	member(out, "from", from);
	sd_buf_addc(out, ',');
	member(out, "into", into);
	sd_buf_addc(out, '}');
}

static void
fields(const struct sd_change *change, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];

	sd_buf_add(out, ",\"fields\":[");
	if (change->fields & SD_FIELD_BIT_NAME)
		field(out, "name", change->from->name, change->into->name);
	for (size_t i = 0; i < desc->n_fields; i++)
		if (change->fields & UINT64_C(1) << i)
			field(out, desc->fields[i].key,
				sd_field_text(arena, &desc->fields[i], change->from),
				sd_field_text(arena, &desc->fields[i], change->into));
	sd_buf_addc(out, ']');
}

static void
warnings(const struct sd_plan *plan, const struct sd_change *change, struct sd_arena *arena,
	struct sd_buf *out)
{
	struct sd_names texts = { 0 }, allow = { 0 };

	sd_change_warnings(plan, change, arena, &texts);
	for (unsigned bit = 1; bit && bit <= change->hazards; bit <<= 1)
		if ((change->hazards & bit) && sd_hazard_word((enum sd_hazard)bit))
			*sd_push(arena, &allow) = sd_hazard_word((enum sd_hazard)bit);
	names(out, "warnings", &texts);
	names(out, "allow", &allow);
}

static void
write_change(const struct sd_change *change, const struct sd_plan *plan, struct sd_arena *arena,
	struct sd_buf *out)
{
	const struct sd_object *object = sd_change_subject(change);

	sd_buf_addc(out, '{');
	member(out, "op", sd_op_word(change->op));
	sd_buf_addc(out, ',');
	member(out, "kind", sd_kinds[change->kind].word);
	sd_buf_addc(out, ',');
	member(out, "relation", (object->parent ? object->parent : object)->name);
	sd_buf_addc(out, ',');
	member(out, "name", object->name);
	if (change->op == SD_OP_RENAME) {
		sd_buf_addc(out, ',');
		member(out, "from", change->from->name);
	}
	if (object->pos.file) {
		sd_buf_addc(out, ',');
		member(out, "file", object->pos.file);
		sd_buf_addf(out, ",\"line\":%u", (unsigned)object->pos.line);
	}
	if (change->op == SD_OP_ALTER)
		fields(change, arena, out);
	sd_buf_addc(out, ',');
	member(out, "text", sd_change_text(arena, change));
	if (plan)
		warnings(plan, change, arena, out);
	sd_buf_addc(out, '}');
}

/* What both documents have; with @plan each change has its warnings. */
static void
write_diff(const struct sd_diff *diff, const struct sd_plan *plan, struct sd_arena *arena,
	struct sd_buf *out)
{
	sd_buf_add(out, "\"changes\":[");
	for (size_t i = 0; i < diff->changes.n; i++) {
		if (i)
			sd_buf_addc(out, ',');
		write_change(diff->changes.at[i], plan, arena, out);
	}
	sd_buf_add(out, "],\"unsupported\":[");
	for (size_t i = 0; i < diff->unsupported.n; i++) {
		sd_buf_addf(out, "%s{", i ? "," : "");
		member(out, "object", sd_object_title(arena, diff->unsupported.at[i].object));
		sd_buf_addc(out, ',');
		member(out, "text", diff->unsupported.at[i].text);
		sd_buf_addc(out, '}');
	}
	sd_buf_add(out, "],\"ambiguous\":[");
	for (size_t i = 0; i < diff->ambiguous.n; i++) {
		sd_buf_addf(out, "%s{", i ? "," : "");
		member(out, "from", sd_object_path(arena, diff->ambiguous.at[i].from));
		sd_buf_addc(out, ',');
		member(out, "into", sd_object_path(arena, diff->ambiguous.at[i].into));
		sd_buf_addc(out, '}');
	}
	sd_buf_addc(out, ']');
}

void
sd_render_json(const struct sd_diff *diff, struct sd_arena *arena, struct sd_buf *out)
{
	write_diff(diff, NULL, arena, out);
}

static void
undecided(const struct sd_shown *shown, struct sd_buf *out)
{
	const struct sd_diff *diff = shown->diff;

	sd_buf_add(out, ",\"undecided\":[");
	for (size_t i = 0; shown->undecided && i < diff->undecided.n; i++) {
		sd_buf_addf(out, "%s{", i ? "," : "");
		member(out, "relation", diff->undecided.at[i].table);
		sd_buf_addc(out, ',');
		member(out, "from", diff->undecided.at[i].a);
		sd_buf_addc(out, ',');
		member(out, "into", diff->undecided.at[i].b);
		sd_buf_addc(out, '}');
	}
	sd_buf_addc(out, ']');
}

void
sd_show_json(const struct sd_shown *shown, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_report *report = sd_report_make(shown, arena);

	write_diff(shown->diff, shown->plan, arena, out);
	undecided(shown, out);
	sd_buf_addc(out, ',');
	member(out, "from", shown->from);
	sd_buf_addc(out, ',');
	member(out, "into", shown->into);
	sd_buf_addc(out, ',');
	member(out, "summary", report->summary);
	names(out, "refusals", &shown->refusals);
}
