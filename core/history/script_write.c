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
	struct sd_buf text = SD_BUF(out->arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, names->at[i]);
	}
	add_key(out, key, sd_buf_text(&text));
}

static void
add_part(struct sd_buf *out, const char *name, const char *dialect, const char *body)
{
	size_t n = body ? strlen(body) : 0;

	while (n && strchr(" \t\r\n", body[n - 1]))
		n--;
	sd_buf_addf(out, "\n-- schemadiff:%s%s%s\n", name, dialect ? " " : "",
		dialect ? dialect : "");
	if (!n)
		return;
	sd_buf_addn(out, body, n);
	sd_buf_addc(out, '\n');
}

/* What the header says of each dialect. */
static void
add_dialects(const struct sd_script_text *script, struct sd_buf *out)
{
	struct sd_names dialects = { 0 }, requires = { 0 };
	struct sd_script_schemas schemas = { 0 };

	for (size_t i = 0; i < script->parts.n; i++) {
		const struct sd_script_part_text *part = &script->parts.at[i];

		if (part->dialect)
			*sd_push(out->arena, &dialects) = part->dialect;
		if (part->requires)
			*sd_push(out->arena, &requires) = part->requires;
		if (part->schema)
			sd_script_schemas_set(&schemas, part->dialect, part->schema,
				script->parts.n == 1, out->arena);
	}
	add_names(out, "dialect", &dialects);
	add_names(out, "requires", &requires);
	add_key(out, "schema", sd_script_schemas_text(&schemas, out->arena));
}

void
sd_script_write(const struct sd_script_text *script, struct sd_buf *out)
{
	bool several = script->parts.n > 1;

	sd_buf_addf(out, "-- %s\n--\n",
		sd_text_squeeze(out->arena, script->message ? script->message : ""));
	add_key(out, "revision", script->revision);
	add_names(out, "revises", &script->revises);
	add_names(out, "depends-on", &script->depends_on);
	add_names(out, "label", &script->labels);
	add_key(out, "created", script->created);
	add_dialects(script, out);
	for (size_t i = 0; i < script->parts.n; i++)
		add_part(out, "up", several ? script->parts.at[i].dialect : NULL,
			script->parts.at[i].up);
	for (size_t i = 0; i < script->parts.n; i++)
		add_part(out, "down", several ? script->parts.at[i].dialect : NULL,
			script->parts.at[i].down);
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
