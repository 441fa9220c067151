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
