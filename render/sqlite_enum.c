/* Enums on SQLite are text columns with a check.  What PostgreSQL does with ALTER TYPE, a
 * rebuild does as it copies the rows: a value that was renamed gets its new name, and one that
 * no longer exists stops the script with a message of ours, since the engine's names but the
 * check. */
#include "render/sqlite.h"

#include <string.h>

/* @into has no such value, under no name. */
static bool
loses(const struct sd_check_values *values, const char *value)
{
	for (size_t i = 0; i < values->into->values.n; i++) {
		const char *was = sd_enum_earlier(values->from, values->into, i);

		if (was && strcmp(was, value) == 0)
			return false;
	}
	return true;
}

const char *
sd_sqlite_renamed_values(struct sd_sqlite_part *part, const struct sd_change *rebuild,
	const struct sd_object *column, const char *name)
{
	struct sd_buf out = SD_BUF(part->arena);
	struct sd_check_values values;

	for (size_t i = 0; i < rebuild->members->n; i++) {
		if (!sd_check_values(
			    part->plan->diff, rebuild->members->at[i], part->arena, &values) ||
			!sd_name_equal(part->dialect, values.column, column->name))
			continue;
		for (size_t k = 0; k < values.into->values.n; k++) {
			const char *value = values.into->values.at[k];
			const char *was = sd_enum_earlier(values.from, values.into, k);

			if (was && strcmp(was, value) != 0)
				sd_buf_addf(&out, " WHEN %s THEN %s",
					sd_quote_text(part->dialect, part->arena, was),
					sd_quote_text(part->dialect, part->arena, value));
		}
	}
	return out.n ? sd_fmt(part->arena, "CASE %s%s ELSE %s END", name, sd_buf_text(&out),
			       name)
		     : name;
}

void
sd_sqlite_guard_values(struct sd_sqlite_part *part, const struct sd_change *rebuild)
{
	struct sd_check_values values;

	for (size_t i = 0; i < rebuild->members->n; i++) {
		struct sd_buf gone = SD_BUF(part->arena);

		if (!sd_check_values(
			    part->plan->diff, rebuild->members->at[i], part->arena, &values))
			continue;
		for (size_t k = 0; k < values.from->values.n; k++) {
			const char *value = values.from->values.at[k];

			if (!loses(&values, value))
				continue;
			sd_buf_sep(&gone, ", ");
			sd_buf_add(&gone, sd_quote_text(part->dialect, part->arena, value));
		}
		if (gone.n)
			sd_sqlite_guard(part,
				sd_fmt(part->arena,
					"a row of %s has a value that %s loses in column %s",
					rebuild->from->name,
					sd_object_title(part->arena, &values.into->o),
					values.column),
				sd_fmt(part->arena, "SELECT * FROM %s WHERE %s IN (%s)",
					sd_sqlite_name(part->arena, rebuild->from->name),
					sd_sqlite_name(part->arena, values.column),
					sd_buf_text(&gone)));
	}
}
