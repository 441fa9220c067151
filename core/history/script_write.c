#include "core/history/script.h"

#include "core/base/text.h"

#include <string.h>

static void
add_key(struct sd_buf *out, const char *key, const char *value)
{
	if (value && *value)
		sd_buf_addf(out, "-- %s: %s\n", key, sd_text_squeeze(out->arena, value));
}

static void
add_names(struct sd_buf *out, const char *key, const struct sd_names *names)
{
	add_key(out, key, sd_text_list(out->arena, names, 0));
}

static void
add_part(struct sd_buf *out, const char *name, const char *body)
{
	size_t n = body ? strlen(body) : 0;

	while (n && strchr(" \t\r\n", body[n - 1]))
		n--;
	sd_buf_addf(out, "\n-- schemadiff:%s\n", name);
	if (!n)
		return;
	sd_buf_addn(out, body, n);
	sd_buf_addc(out, '\n');
}

void
sd_script_write(const struct sd_script_text *script, struct sd_buf *out)
{
	sd_buf_addf(out, "-- %s\n--\n",
		sd_text_squeeze(out->arena, script->message ? script->message : ""));
	add_key(out, "revision", script->revision);
	add_names(out, "revises", &script->revises);
	add_names(out, "depends-on", &script->depends_on);
	add_names(out, "label", &script->labels);
	for (size_t i = 0; i < script->replaces.n; i++)
		add_names(out, "replaces", &script->replaces.at[i]);
	add_key(out, "created", script->created);
	add_key(out, "dialect", script->dialect);
	add_key(out, "requires", script->requires);
	add_key(out, "schema", script->schema);
	for (size_t i = 0; i < script->extras.n; i++)
		add_key(out, script->extras.at[i].key, script->extras.at[i].value);
	for (size_t i = 0; i < script->parts.n; i++)
		add_part(out, script->parts.at[i].heading, script->parts.at[i].body);
	if (script->parts.n)
		return;
	add_part(out, "up", script->up);
	add_part(out, "down", script->down);
}

void
sd_script_schemas_set(struct sd_script_schemas *schemas, const char *dialect,
	const char *fingerprint, bool alone, struct sd_arena *arena)
{
	struct sd_script_schema *entry = NULL;

	if (alone)
		schemas->n = 0;
	for (size_t i = 0; i < schemas->n; i++)
		if (sd_text_equal(schemas->at[i].dialect, dialect))
			entry = &schemas->at[i];
	if (!entry)
		entry = sd_push(arena, schemas);
	*entry = (struct sd_script_schema){ alone ? NULL : dialect, fingerprint };
}

const char *
sd_script_schemas_text(const struct sd_script_schemas *schemas, struct sd_arena *arena)
{
	struct sd_buf out = SD_BUF(arena);

	for (size_t i = 0; i < schemas->n; i++) {
		const struct sd_script_schema *schema = &schemas->at[i];

		sd_buf_sep(&out, ", ");
		sd_buf_addf(&out, "%s%s%s", schema->dialect ? schema->dialect : "",
			schema->dialect ? " " : "", schema->fingerprint);
	}
	return sd_buf_text(&out);
}

/* A fingerprint that names no dialect goes once each that it could be of has its own. */
static void
drop_unnamed(const struct sd_names *dialects, struct sd_script_schemas *schemas)
{
	size_t n = 0, kept = 0;

	for (uint32_t i = 0; i < dialects->n; i++)
		for (size_t k = 0; k < schemas->n; k++)
			n += sd_text_equal(schemas->at[k].dialect, dialects->at[i]);
	if (n < dialects->n)
		return;
	for (size_t k = 0; k < schemas->n; k++)
		if (schemas->at[k].dialect)
			schemas->at[kept++] = schemas->at[k];
	schemas->n = kept;
}

const char *
sd_script_schemas_renewed(const struct sd_script *script, const struct sd_script_schemas *fresh,
	bool several, struct sd_arena *arena)
{
	const struct sd_names *named = &script->dialects;
	struct sd_script_schemas schemas = { 0 };
	bool stale = false;

	for (size_t i = 0; i < script->schemas.n; i++)
		*sd_push(arena, &schemas) = script->schemas.at[i];
	for (size_t i = 0; i < fresh->n; i++) {
		const struct sd_script_schema *schema = &fresh->at[i];
		bool alone = !several && (!named->n || (named->n == 1 &&
							sd_names_find(named, schema->dialect) == 0));

		stale |= !sd_text_equal(
			sd_script_schema_of(script, schema->dialect), schema->fingerprint);
		sd_script_schemas_set(
			&schemas, schema->dialect, schema->fingerprint, alone, arena);
	}
	if (several)
		drop_unnamed(named, &schemas);
	return stale ? sd_script_schemas_text(&schemas, arena) : NULL;
}

/* ---- changing the header of a file ------------------------------------------------------ */

/* The edit of the value on @line, or NULL. */
static const struct sd_header_edit *
edit_at(const struct sd_header_edit *edits, size_t n, uint32_t line)
{
	for (size_t i = 0; i < n; i++)
		if (edits[i].line == line)
			return &edits[i];
	return NULL;
}

/* The line @text of @len bytes, its end not among them, with another value behind its colon. */
static void
add_edited(struct sd_buf *out, const char *text, size_t len, const char *value)
{
	const char *colon = memchr(text, ':', len), *end = text + len, *from;
	bool spaced;

	from = colon + 1;
	while (from < end && (*from == ' ' || *from == '\t'))
		from++;
	spaced = from > colon + 1 && from < end && *from != '\r';
	if (!spaced)
		from = colon + 1;
	while (end > from && strchr(" \t\r", end[-1]))
		end--;
	sd_buf_addn(out, text, (size_t)(from - text));
	sd_buf_addf(out, "%s%s", spaced ? "" : " ", value);
	/* white space behind a value stays, that of an empty one was before it */
	sd_buf_addn(out, end, (size_t)(text + len - end));
}

void
sd_script_edit(const struct sd_script *script, const char *text, size_t len,
	const struct sd_header_edit *edits, size_t n, struct sd_buf *out)
{
	uint32_t number = 1;

	for (size_t off = 0; off < len; number++) {
		const char *at = text + off, *end = memchr(at, '\n', len - off);
		size_t line = end ? (size_t)(end - at) : len - off;
		const struct sd_header_edit *edit = edit_at(edits, n, number);
		const char *eol = line && at[line - 1] == '\r' ? "\r\n" : "\n";

		if (!edit)
			sd_buf_addn(out, at, line);
		else if (edit->value && *edit->value)
			add_edited(out, at, line, edit->value);
		off += line + (end != NULL);
		if (end && (!edit || (edit->value && *edit->value)))
			sd_buf_addc(out, '\n');
		if (number != script->revision_pos.line)
			continue;
		for (size_t i = 0; i < n; i++)
			if (!edits[i].line && edits[i].value && *edits[i].value)
				sd_buf_addf(out, "%s-- %s: %s%s", end ? "" : eol, edits[i].key,
					edits[i].value, end ? eol : "");
	}
}
