/* SQLite's shell has no conditions and no loops.  What must hold is a row inserted into a
 * temporary table whose CHECK refuses any row: the name of the constraint is the message that
 * the shell prints. */
#include "core/base/text.h"
#include "core/history/print_impl.h"

#include <string.h>

static void
guard(struct sd_printer *p, const char *message, const char *query)
{
	sd_buf_addf(p->out,
		"CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT \"%s\" CHECK (x IS NULL));\n"
		"INSERT INTO temp.schemadiff_guard SELECT 1 FROM (\n%s\n) LIMIT 1;\n"
		"DROP TABLE temp.schemadiff_guard;\n",
		sd_text_replace(p->arena, message, "\"", "\"\""), query);
}

static void
check_state(struct sd_printer *p, const struct sd_script *script, const char *message,
	const char *query)
{
	(void)script;
	guard(p, message, query);
}

static void
statement(struct sd_printer *p, const char *sql)
{
	sd_buf_addf(p->out, "%s;\n", sql);
}

static void
comment_out(struct sd_printer *p, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		sd_buf_add(p->out, "--     ");
		sd_buf_addn(p->out, text, n);
		sd_buf_addc(p->out, '\n');
		text += n;
		text += *text == '\n';
	}
}

/* Conditions and what they guard become comments. */
static size_t
condition(struct sd_printer *p, const struct sd_script *script,
	const struct sd_part_script *part, size_t i)
{
	struct sd_pos pos = { .file = script->path, .line = part->steps.at[i].line };

	sd_warn(p->diags, pos,
		"the sqlite3 shell has no conditions: the statement behind `only-if` is printed as a "
		"comment, to be run by hand");
	sd_buf_add(p->out, "-- note: only if this query returns a row …\n");
	while (i + 1 < part->steps.n && part->steps.at[i].kind == SD_STEP_ONLY_IF) {
		comment_out(p, sd_fmt(p->arena, "%s;", part->steps.at[i].text));
		sd_buf_add(p->out, part->steps.at[++i].kind == SD_STEP_ONLY_IF
					   ? "-- … and this one …\n"
					   : "-- … run this statement by hand:\n");
	}
	comment_out(p, sd_fmt(p->arena, "%s;", part->steps.at[i].text));
	return i;
}

/* One round that has all rows; a batch without a key is refused before. */
static void
batch(struct sd_printer *p, const struct sd_step *step)
{
	uint32_t at = 0;

	(void)sd_batch_place(p->shell->dialect, step->text, &at);
	sd_buf_add(p->out, p->shell->begin);
	sd_buf_addf(p->out, "%.*s(1 = 1)%s;\nCOMMIT;\n", (int)at, step->text,
		step->text + at + strlen(":batch"));
}

const struct sd_shell sd_shell_sqlite = {
	.dialect = &sd_dialect_sqlite,
	.head = ".bail on\n",
	.settings = "PRAGMA foreign_keys = ON;\nPRAGMA legacy_alter_table = OFF;\n",
	.settings_no_fk = "PRAGMA foreign_keys = OFF;\nPRAGMA legacy_alter_table = OFF;\n",
	.inner_settings = "",
	.begin = "BEGIN IMMEDIATE;\n",
	.now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
	.who = "'sql'",
	.check_state = check_state,
	.statement = statement,
	.guard = guard,
	.condition = condition,
	.batch = batch,
};
