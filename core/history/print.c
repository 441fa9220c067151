/* A run as plain SQL, for an engine's own shell.
 *
 * A shell goes on after an error unless it is told not to, has no conditions, and knows
 * nothing of the state that a script expects.  So the text begins by telling it to stop, and
 * everything that must hold is a row inserted into a temporary table whose CHECK refuses any
 * row: the name of the constraint is the message that the shell prints. */
#include "core/history/run.h"

#include "core/base/text.h"

#include <string.h>

struct printer {
	const struct sd_history *history;
	const struct sd_bookkeeping *books;
	enum sd_direction direction;
	struct sd_diags *diags;
	struct sd_arena *arena;
	struct sd_buf *out;
	struct sd_names applied; /* as they will be when the next revision begins */
	bool create;             /* the tables may be missing */
};

/* The words of an engine's shell. */
struct shell {
	const struct sd_dialect *dialect;
	const char *stop;                      /* at the first error */
	const char *begin_plain, *begin_no_fk; /* a revision */
	const char *now;                       /* the time, as the runner writes it */
};

static const struct shell shells[] = {
	{
		.dialect = &sd_dialect_sqlite,
		.stop = ".bail on\n",
		.begin_plain = "PRAGMA foreign_keys = ON;\n"
			       "PRAGMA legacy_alter_table = OFF;\n"
			       "BEGIN IMMEDIATE;\n",
		.begin_no_fk = "PRAGMA foreign_keys = OFF;\n"
			       "PRAGMA legacy_alter_table = OFF;\n"
			       "BEGIN IMMEDIATE;\n",
		.now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
	},
};

static const struct shell *
shell_of(const struct sd_dialect *dialect)
{
	for (size_t i = 0; i < SD_COUNT(shells); i++)
		if (shells[i].dialect == dialect)
			return &shells[i];
	return NULL;
}

static const char *
quoted(struct printer *p, const char *text)
{
	return sd_quote_text(p->history->dialect, p->arena, text);
}

static const char *
table(struct printer *p, enum sd_book book)
{
	return sd_state_table(p->history->dialect, p->books, book, p->arena);
}

/* ---- guards ------------------------------------------------------------------------- */

/* Stop with @message when @query returns a row. */
static void
guard(struct printer *p, const char *message, const char *query)
{
	sd_buf_addf(p->out,
		"CREATE TEMP TABLE schemadiff_guard (x, CONSTRAINT \"%s\" CHECK (x IS NULL));\n"
		"INSERT INTO temp.schemadiff_guard SELECT 1 FROM (\n%s\n) LIMIT 1;\n"
		"DROP TABLE temp.schemadiff_guard;\n",
		sd_text_replace(p->arena, message, "\"", "\"\""), query);
}

/* The ids in @names as literals for IN, which may not be empty everywhere. */
static const char *
literals(struct printer *p, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(p->arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, quoted(p, names->at[i]));
	}
	return names->n ? sd_buf_text(&text) : "NULL";
}

/* Stop unless the database is where it has to be.  A set of revisions that has these heads
 * and this size is, in one history, this set. */
static void
guard_revision(struct printer *p)
{
	struct sd_names current = { 0 };
	struct sd_buf query = SD_BUF(p->arena), message = SD_BUF(p->arena);
	const char *revisions = table(p, SD_BOOK_REVISIONS);

	sd_history_current(p->history, &p->applied, p->arena, &current);
	sd_buf_add(&message, "the database is not at revision ");
	for (size_t i = 0; i < current.n; i++)
		sd_buf_addf(&message, "%s%s", i ? ", " : "", current.at[i]);
	if (!current.n)
		sd_buf_add(&message, "base");
	sd_buf_addf(&query,
		"\tSELECT 1 WHERE (SELECT count(*) FROM %s) <> %u\n"
		"\tOR (SELECT count(*) FROM %s WHERE revision IN (%s)) <> %u\n"
		"\tOR NOT EXISTS (SELECT 1 FROM %s WHERE key = 'format' AND value = '%d')",
		revisions, p->applied.n, revisions, literals(p, &current), current.n,
		table(p, SD_BOOK_META), SD_STATE_FORMAT);
	guard(p, sd_buf_text(&message), sd_buf_text(&query));
}

/* ---- a revision --------------------------------------------------------------------- */

static void
comment_out(struct printer *p, const char *text)
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

/* Write the condition at step @i and what it guards as comments; returns the index of the
 * last step written. */
static size_t
print_condition(struct printer *p, const struct sd_script *script,
	const struct sd_part_script *part, size_t i)
{
	struct sd_pos pos = { .file = script->path, .line = part->steps.at[i].line };

	sd_warn(p->diags, pos,
		"plain SQL has no conditions: what `only-if` guards is left to whoever runs "
		"it");
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

static void
print_steps(
	struct printer *p, const struct sd_script *script, const struct sd_part_script *part)
{
	for (size_t i = 0; i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];

		if (step->kind == SD_STEP_ONLY_IF)
			i = print_condition(p, script, part, i);
		else if (step->kind == SD_STEP_EXPECT_NONE)
			guard(p, step->message, step->text);
		else
			sd_buf_addf(p->out, "%s;\n", step->text);
	}
}

static void
print_log(struct printer *p, const struct sd_script *script, const char *action)
{
	sd_buf_addf(p->out,
		"INSERT INTO %s (at, action, revision, result, who, duration_ms, "
		"tool_version)\n"
		"\tVALUES (%s, %s, %s, 'ok', 'sql', 0, %s);\n",
		table(p, SD_BOOK_LOG), shell_of(p->history->dialect)->now, quoted(p, action),
		quoted(p, script->revision), quoted(p, SD_TOOL_VERSION));
}

static const char *
parents_of(struct printer *p, const struct sd_script *script)
{
	struct sd_buf text = SD_BUF(p->arena);

	for (size_t i = 0; i < script->revises.n; i++) {
		sd_buf_sep(&text, ",");
		sd_buf_add(&text, script->revises.at[i]);
	}
	return sd_buf_text(&text);
}

static void
print_books(struct printer *p, const struct sd_script *script)
{
	if (p->direction == SD_DOWN) {
		sd_buf_addf(p->out, "DELETE FROM %s WHERE revision = %s;\n",
			table(p, SD_BOOK_REVISIONS), quoted(p, script->revision));
		print_log(p, script, "downgrade");
		return;
	}
	sd_buf_addf(p->out,
		"INSERT INTO %s (revision, parents, description, checksum, applied_at,\n"
		"\tapplied_by, duration_ms, tool_version, state, down_sql)\n"
		"\tVALUES (%s, %s, %s, %s, %s, 'sql', 0, %s, 'applied', %s);\n",
		table(p, SD_BOOK_REVISIONS), quoted(p, script->revision),
		quoted(p, parents_of(p, script)), quoted(p, script->message),
		quoted(p, script->checksum), shell_of(p->history->dialect)->now,
		quoted(p, SD_TOOL_VERSION),
		script->down.present ? quoted(p, script->down.body) : "NULL");
	print_log(p, script, "upgrade");
}

static void
print_script(struct printer *p, const struct sd_script *script)
{
	const struct shell *shell = shell_of(p->history->dialect);
	const struct sd_part_script *part = p->direction == SD_UP ? &script->up : &script->down;
	struct sd_names ddl = { 0 };

	sd_buf_addf(p->out, "\n-- %s %s: %s\n", p->direction == SD_UP ? "upgrade" : "downgrade",
		script->revision, script->message);
	if (script->requires)
		sd_buf_addf(p->out, "-- requires: %s\n", script->requires);
	sd_buf_add(p->out, part->foreign_keys_off ? shell->begin_no_fk : shell->begin_plain);
	if (p->create)
		sd_state_ddl(p->history->dialect, p->books, p->arena, &ddl);
	for (size_t i = 0; i < ddl.n; i++)
		sd_buf_addf(p->out, "%s;\n", ddl.at[i]);
	p->create = false;
	guard_revision(p);
	print_steps(p, script, part);
	print_books(p, script);
	sd_buf_add(p->out, "COMMIT;\n");
}

/* ---- the run ------------------------------------------------------------------------ */

/* Account for @script in the set of what is applied. */
static enum sd_status
move_on(struct printer *p, const struct sd_script *script)
{
	long at = sd_names_find(&p->applied, script->revision);

	if ((at >= 0) == (p->direction == SD_UP))
		return sd_fail(p->diags, SD_CLASS_HISTORY, script->revision_pos,
			"revision %s is %s at the revisions that this run begins from",
			script->revision, p->direction == SD_UP ? "applied" : "not applied");
	if (p->direction == SD_UP) {
		*sd_push(p->diags->arena, &p->applied) = script->revision;
		return SD_OK;
	}
	p->applied.at[at] = p->applied.at[--p->applied.n];
	return SD_OK;
}

/* The applied set that has the heads @from. */
static enum sd_status
begin_from(struct printer *p, const struct sd_names *from)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct sd_script *script = sd_history_find(p->history, from->at[i]);
		struct sd_scripts all = { 0 };

		if (!script)
			return sd_error(p->diags, (struct sd_pos){ 0 },
				"unknown revision \"%s\"", from->at[i]);
		sd_history_upgrade(p->history, script, &p->applied, p->diags->arena, &all);
		for (size_t k = 0; k < all.n; k++)
			*sd_push(p->diags->arena, &p->applied) = all.at[k]->revision;
	}
	return SD_OK;
}

static enum sd_status
check_all(struct printer *p, const struct sd_scripts *scripts)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < scripts->n; i++)
		if (sd_run_check(scripts->at[i], p->direction, p->history->dialect, 0, false,
			    p->diags))
			status = SD_ERR;
	return status;
}

enum sd_status
sd_run_print(const struct sd_history *history, const struct sd_bookkeeping *books,
	const struct sd_scripts *scripts, enum sd_direction direction,
	const struct sd_names *from, struct sd_diags *diags, struct sd_buf *out)
{
	const struct shell *shell = shell_of(history->dialect);
	struct printer p = { .history = history,
		.books = books,
		.direction = direction,
		.diags = diags,
		.out = out };
	enum sd_status status = SD_OK;

	if (!shell)
		return sd_error(diags, (struct sd_pos){ 0 },
			"scripts for %s cannot be printed by this version of schemadiff",
			history->dialect->name);
	if (begin_from(&p, from) || check_all(&p, scripts))
		return SD_ERR;
	p.create = p.applied.n == 0;
	sd_buf_addf(out, "-- written by schemadiff %s\n%s", SD_TOOL_VERSION, shell->stop);
	for (size_t i = 0; status == SD_OK && i < scripts->n; i++) {
		p.arena = sd_arena_new();
		print_script(&p, scripts->at[i]);
		status = move_on(&p, scripts->at[i]);
		sd_arena_free(p.arena);
	}
	return status;
}
