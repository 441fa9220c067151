/* A diff for people, and as JSON for programs. */
#include "core/base/text.h"
#include "core/base/json.h"
#include "render/render.h"

#include <string.h>

static const char *const op_words[] = {
	[SD_OP_RENAME] = "rename",
	[SD_OP_DROP] = "drop",
	[SD_OP_ADD] = "add",
	[SD_OP_ALTER] = "alter",
	[SD_OP_REBUILD] = "rebuild",
	[SD_OP_RECREATE] = "recreate",
};

static const struct sd_object *
subject(const struct sd_change *change)
{
	return change->into ? change->into : change->from;
}

/* A field's value; the rowid is told apart from other integers, whatever its type is called. */
static const char *
value_text(struct sd_arena *arena, const struct sd_field *field, const struct sd_object *object)
{
	const char *text = sd_field_text(arena, field, object);
	bool rowid = object->kind == SD_COLUMN && field->type == SD_F_TYPE &&
		     ((const struct sd_column *)object)->rowid_alias;

	return rowid ? sd_fmt(arena, "%s (the rowid)", text) : text;
}

/* "type: integer → bigint; default: (none) → 0", or "" when no field is named. */
static const char *
fields_text(struct sd_arena *arena, const struct sd_change *change)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];
	struct sd_buf out = SD_BUF(arena);

	if (change->fields & SD_FIELD_BIT_NAME)
		sd_buf_addf(&out, "name: %s → %s",
			change->from->name ? change->from->name : "(none)",
			change->into->name ? change->into->name : "(none)");
	for (size_t i = 0; i < desc->n_fields; i++) {
		if (!(change->fields & UINT64_C(1) << i))
			continue;
		sd_buf_sep(&out, "; ");
		sd_buf_addf(&out, "%s: %s → %s", desc->fields[i].label,
			value_text(arena, &desc->fields[i], change->from),
			value_text(arena, &desc->fields[i], change->into));
	}
	return sd_text_squeeze(arena, sd_buf_text(&out));
}

const char *
sd_change_text(struct sd_arena *arena, const struct sd_change *change)
{
	bool as_it_was = change->op == SD_OP_RENAME ||
			 (change->op == SD_OP_ALTER && (change->fields & SD_FIELD_BIT_NAME));
	const char *title = sd_object_title(arena, as_it_was ? change->from : subject(change));

	if (change->op == SD_OP_RENAME)
		return sd_fmt(arena, "rename %s to %s", title, change->into->name);
	if (change->op == SD_OP_ALTER)
		return sd_fmt(arena, "alter %s: %s", title, fields_text(arena, change));
	return sd_fmt(arena, "%s %s", op_words[change->op], title);
}

/* The relation under which a change is listed. */
static const struct sd_object *
heading(const struct sd_change *change)
{
	const struct sd_object *object = subject(change);

	return object->parent ? object->parent : object;
}

static const char *
mark(const struct sd_change *change, bool color)
{
	static const char *const marks[][2] = {
		[SD_OP_RENAME] = { "~", "\033[33m~\033[0m" },
		[SD_OP_DROP] = { "-", "\033[31m-\033[0m" },
		[SD_OP_ADD] = { "+", "\033[32m+\033[0m" },
		[SD_OP_ALTER] = { "~", "\033[33m~\033[0m" },
		[SD_OP_REBUILD] = { "~", "\033[33m~\033[0m" },
		[SD_OP_RECREATE] = { "~", "\033[33m~\033[0m" },
	};

	return marks[change->op][color];
}

/* " (schemas/users.json:14)" where a file says what is wanted. */
static const char *
place(struct sd_arena *arena, const struct sd_object *object)
{
	return object->pos.file
		       ? sd_fmt(arena, " (%s:%u)", object->pos.file, (unsigned)object->pos.line)
		       : "";
}

void
sd_render_text(
	const struct sd_diff *diff, bool color, struct sd_arena *arena, struct sd_buf *out)
{
	const char *last = NULL;

	for (size_t i = 0; i < diff->changes.n; i++) {
		const struct sd_change *change = diff->changes.at[i];
		const struct sd_object *relation = heading(change);
		const char *path = sd_object_path(arena, relation);

		if (!last || strcmp(last, path) != 0)
			sd_buf_addf(out, "%s%s%s\n", color ? "\033[1m" : "", path,
				color ? "\033[0m" : "");
		last = path;
		sd_buf_addf(out, "  %s %s%s\n", mark(change, color),
			sd_change_text(arena, change), place(arena, subject(change)));
	}
	for (size_t i = 0; i < diff->unsupported.n; i++)
		sd_buf_addf(out, "! %s %s\n",
			sd_object_title(arena, diff->unsupported.at[i].object),
			diff->unsupported.at[i].text);
	for (size_t i = 0; i < diff->ambiguous.n; i++)
		sd_buf_addf(out, "note: %s may have been renamed to %s\n",
			sd_object_title(arena, diff->ambiguous.at[i].from),
			diff->ambiguous.at[i].into->name);
}

/* ---- JSON ------------------------------------------------------------------------------- */

static void
member(struct sd_buf *out, const char *key, const char *value)
{
	sd_buf_addf(out, "\"%s\":", key);
	if (value)
		sd_json_quote(out, value);
	else
		sd_buf_add(out, "null");
}

static void
json_fields(const struct sd_change *change, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_kind_desc *desc = &sd_kinds[change->kind];
	const char *sep = "";

	sd_buf_add(out, ",\"fields\":[");
	if (change->fields & SD_FIELD_BIT_NAME) {
		sd_buf_add(out, "{\"field\":\"name\",");
		member(out, "from", change->from->name);
		sd_buf_addc(out, ',');
		member(out, "into", change->into->name);
		sd_buf_addc(out, '}');
		sep = ",";
	}
	for (size_t i = 0; i < desc->n_fields; i++) {
		if (!(change->fields & UINT64_C(1) << i))
			continue;
		sd_buf_addf(out, "%s{", sep);
		member(out, "field", desc->fields[i].key);
		sd_buf_addc(out, ',');
		member(out, "from", sd_field_text(arena, &desc->fields[i], change->from));
		sd_buf_addc(out, ',');
		member(out, "into", sd_field_text(arena, &desc->fields[i], change->into));
		sd_buf_addc(out, '}');
		sep = ",";
	}
	sd_buf_addc(out, ']');
}

static void
json_change(const struct sd_change *change, struct sd_arena *arena, struct sd_buf *out)
{
	const struct sd_object *object = subject(change);

	sd_buf_addc(out, '{');
	member(out, "op", op_words[change->op]);
	sd_buf_addc(out, ',');
	member(out, "kind", sd_kinds[change->kind].word);
	sd_buf_addc(out, ',');
	member(out, "relation", heading(change)->name);
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
		json_fields(change, arena, out);
	sd_buf_addc(out, ',');
	member(out, "text", sd_change_text(arena, change));
	sd_buf_addc(out, '}');
}

void
sd_render_json(const struct sd_diff *diff, struct sd_arena *arena, struct sd_buf *out)
{
	sd_buf_add(out, "\"changes\":[");
	for (size_t i = 0; i < diff->changes.n; i++) {
		if (i)
			sd_buf_addc(out, ',');
		json_change(diff->changes.at[i], arena, out);
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
