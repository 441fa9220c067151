/* A run as plain SQL, for an engine's own shell.
 *
 * A shell goes on after an error unless it is told not to, and knows nothing of the state that
 * a script expects: the text tells it to stop, and begins each revision with a look at the
 * bookkeeping.  How that is said is the shell's matter (print_impl.h). */
#include "core/history/print_impl.h"

#include "core/base/text.h"
#include "core/history/journal.h"
#include "core/history/run_impl.h"

#include <string.h>

static const struct sd_shell *const shells[] = { &sd_shell_sqlite, &sd_shell_postgres };

static const struct sd_shell *
shell_of(const struct sd_dialect *dialect)
{
	for (size_t i = 0; i < SD_COUNT(shells); i++)
		if (shells[i]->dialect == dialect)
			return shells[i];
	return NULL;
}

const char *
sd_print_quoted(const struct sd_printer *p, const char *text)
{
	return sd_quote_text(p->shell->dialect, p->arena, text);
}

static const char *
table(const struct sd_printer *p, enum sd_book book)
{
	return p->tables[book];
}

/* ---- where the database is ---------------------------------------------------------- */

#define USUAL_QUERY 512 /* bytes */

/* The ids in @names as literals for IN, which may not be empty everywhere. */
static const char *
literals(struct sd_printer *p, const struct sd_names *names)
{
	struct sd_buf text = SD_BUF(p->arena);

	for (size_t i = 0; i < names->n; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, sd_print_quoted(p, names->at[i]));
	}
	return names->n ? sd_buf_text(&text) : "NULL";
}

/* Stop unless the database is where @script (NULL: what is printed) expects it.  A set of revisions that has these heads
 * and this size is, in one history, this set. */
static void
check_revision(struct sd_printer *p, const struct sd_script *script)
{
	const struct sd_names *current = &p->current;
	struct sd_buf query = SD_BUF(p->arena), message = SD_BUF(p->arena);
	const char *revisions = table(p, SD_BOOK_REVISIONS);

	/* formatted once: what has no room is formatted again */
	(void)sd_buf_room(&query, USUAL_QUERY);
	sd_buf_add(&message, "the database is not at revision ");
	for (size_t i = 0; i < current->n; i++)
		sd_buf_addf(&message, "%s%s", i ? ", " : "", current->at[i]);
	if (!current->n)
		sd_buf_add(&message, "base");
	sd_buf_addf(&query,
		"\tSELECT 1 WHERE (SELECT count(*) FROM %s) <> %zu\n"
		"\tOR (SELECT count(*) FROM %s WHERE revision IN (%s)) <> %zu\n"
		"\tOR EXISTS (SELECT 1 FROM %s WHERE state <> 'applied')\n"
		"\tOR NOT EXISTS (SELECT 1 FROM %s WHERE key = 'format' AND value = '%d')",
		revisions, p->n_applied, revisions, literals(p, current), (size_t)current->n, revisions,
		table(p, SD_BOOK_META), SD_STATE_FORMAT);
	p->shell->check_state(p, script, sd_buf_text(&message), sd_buf_text(&query));
}

/* ---- a revision --------------------------------------------------------------------- */

size_t
sd_print_step(struct sd_printer *p, const struct sd_script *script,
	const struct sd_part_script *part, size_t i)
{
	const struct sd_step *step = &part->steps.at[i];

	switch (step->kind) {
	case SD_STEP_RUN:
		p->shell->statement(p, step->text);
		break;
	case SD_STEP_EXPECT_NONE:
		p->shell->guard(p, step->message, step->text);
		break;
	case SD_STEP_ONLY_IF:
		return p->shell->condition(p, script, part, i);
	case SD_STEP_BATCH:
		p->shell->batch(p, step);
		break;
	}
	return i;
}

static void
print_log(struct sd_printer *p, const struct sd_script *script, const char *action)
{
	sd_buf_addf(p->out,
		"INSERT INTO %s (at, action, revision, result, who, duration_ms, "
		"tool_version)\n"
		"\tVALUES (%s, %s, %s, %s, %s, 0, %s);\n",
		table(p, SD_BOOK_LOG), p->shell->now, sd_print_quoted(p, action),
		sd_print_quoted(p, script->revision),
		sd_print_quoted(p, sd_run_ok(p->run, p->arena, script)), p->shell->who,
		sd_print_quoted(p, SD_TOOL_VERSION));
}

static const char *
parents_of(struct sd_printer *p, const struct sd_script *script)
{
	struct sd_buf text = SD_BUF(p->arena);

	for (size_t i = 0; i < script->revises.n; i++) {
		sd_buf_sep(&text, ",");
		sd_buf_add(&text, script->revises.at[i]);
	}
	return sd_buf_text(&text);
}

static void
print_remove(struct sd_printer *p, const struct sd_script *script, const char *action)
{
	sd_buf_addf(p->out, "DELETE FROM %s WHERE revision = %s;\n",
		table(p, SD_BOOK_REVISIONS), sd_print_quoted(p, script->revision));
	print_log(p, script, action);
}

static void
print_add(struct sd_printer *p, const struct sd_script *script, const char *action)
{
	/* named where there is something to say: on SQLite nothing in plain SQL adds it to the
	 * table of an older program */
	const char *needs = sd_state_needs(script, p->arena);

	sd_buf_addf(p->out,
		"INSERT INTO %s (revision, parents, description, checksum, applied_at,\n"
		"\tapplied_by, duration_ms, tool_version, state, down_sql%s)\n"
		"\tVALUES (%s, %s, %s, %s, %s, %s, 0, %s, 'applied', %s%s%s);\n",
		table(p, SD_BOOK_REVISIONS), needs ? ", depends_on" : "", sd_print_quoted(p, script->revision),
		sd_print_quoted(p, parents_of(p, script)), sd_print_quoted(p, script->message),
		sd_print_quoted(p, script->checksum), p->shell->now, p->shell->who,
		sd_print_quoted(p, SD_TOOL_VERSION),
		script->down.present ? sd_print_quoted(p, script->down.body) : "NULL",
		needs ? ", " : "", needs ? sd_print_quoted(p, needs) : "");
	print_log(p, script, action);
}

/* Create what may be missing of the bookkeeping tables. */
static void
print_tables(struct sd_printer *p)
{
	struct sd_names ddl = { 0 };

	if (p->create)
		sd_state_ddl(p->shell->dialect, p->books, p->arena, &ddl);
	for (size_t i = 0; i < ddl.n; i++)
		sd_buf_addf(p->out, "%s;\n", ddl.at[i]);
	p->create = false;
}

/* Write the steps of @part, each stretch in its transaction.  One is open at first and, when
 * this returns true, at the end. */
static bool
print_stretches(
	struct sd_printer *p, const struct sd_script *script, const struct sd_part_script *part)
{
	bool open = true;

	for (size_t i = 0; i < part->steps.n;) {
		struct sd_stretch stretch = sd_stretch_at(part, i);
		bool inside = stretch.kind == SD_STRETCH_TRANSACTION;

		if (open && (i || !inside)) {
			sd_buf_add(p->out, "COMMIT;\n");
			open = false;
		}
		if (!open) {
			sd_buf_add(p->out, p->shell->settings);
			sd_buf_add(p->out, inside ? p->shell->begin : "");
			open = inside;
		}
		while (i < stretch.end)
			i = sd_print_step(p, script, part, i) + 1;
	}
	return open;
}

static void
print_script(struct sd_printer *p, const struct sd_script *script)
{
	const struct sd_shell *shell = p->shell;
	const struct sd_part_script *part = p->direction == SD_UP ? &script->up : &script->down;

	sd_buf_addf(p->out, "\n-- %s %s: %s\n", p->direction == SD_UP ? "upgrade" : "downgrade",
		script->revision, script->message);
	if (script->requires)
		sd_buf_addf(p->out, "-- requires: %s\n", script->requires);
	if (sd_part_is_split(part))
		sd_buf_add(p->out,
			"-- note: more than one transaction, and no journal: if it stops, what "
			"is "
			"committed stays, and the rest is left to whoever runs it\n");
	sd_buf_add(p->out, part->foreign_keys_off ? shell->settings_no_fk : shell->settings);
	if (p->mode != SD_RUN_ALL || p->first)
		sd_buf_add(p->out, shell->begin);
	p->first = false;
	print_tables(p);
	check_revision(p, script);
	if (print_stretches(p, script, part)) {
		sd_buf_add(p->out, shell->inner_settings);
	} else {
		sd_buf_add(p->out, shell->settings);
		sd_buf_add(p->out, shell->begin);
	}
	if (p->direction == SD_DOWN)
		print_remove(p, script, "downgrade");
	else
		print_add(p, script, "upgrade");
	if (p->mode != SD_RUN_ALL)
		sd_buf_add(p->out, "COMMIT;\n");
}

/* What is no revision: before the first one or behind the last. */
static void
print_hooks(struct sd_printer *p, const struct sd_scripts *hooks)
{
	for (size_t i = 0; i < hooks->n; i++) {
		const struct sd_script *script = hooks->at[i];
		bool own = p->mode != SD_RUN_ALL;

		p->arena = sd_arena_new();
		sd_buf_addf(p->out, "\n-- hook %s\n%s", script->path, p->shell->settings);
		if (own || p->first)
			sd_buf_add(p->out, p->shell->begin);
		p->first &= own;
		print_tables(p);
		for (size_t k = 0; k < script->up.steps.n; k++)
			k = sd_print_step(p, script, &script->up, k);
		sd_buf_add(p->out, p->shell->inner_settings);
		print_log(p, script, "hook");
		if (own)
			sd_buf_add(p->out, "COMMIT;\n");
		sd_arena_free(p->arena);
	}
}

/* ---- the run ------------------------------------------------------------------------ */

static void
remove_name(struct sd_names *names, const char *name)
{
	long at = sd_names_find(names, name);

	if (at < 0)
		return;
	names->n--;
	for (size_t i = (size_t)at; i < names->n; i++)
		names->at[i] = names->at[i + 1];
}

/* Does an applied revision revise @script? */
static bool
is_revised(const struct sd_printer *p, const struct sd_script *script)
{
	for (size_t i = 0; i < script->links.children.n; i++)
		if (p->is_applied[script->links.children.at[i]->links.index])
			return true;
	return false;
}

/* Account for @script in the set of what is applied.  That set is whole, so what is current
 * changes at the ends of its edges alone. */
static enum sd_status
move_on(struct sd_printer *p, const struct sd_script *script)
{
	const struct sd_scripts *parents = &script->links.parents;
	bool up = p->direction == SD_UP;

	if (p->is_applied[script->links.index] == up)
		return sd_fail(p->diags, SD_CLASS_HISTORY, script->revision_pos,
			"revision %s is %s at the revisions that this run begins from",
			script->revision, up ? "applied" : "not applied");
	p->is_applied[script->links.index] = up;
	p->n_applied += up ? 1 : (size_t)-1;
	remove_name(&p->current, script->revision);
	for (size_t i = 0; i < parents->n; i++) {
		const struct sd_script *parent = parents->at[i];

		if (up)
			remove_name(&p->current, parent->revision);
		else if (!is_revised(p, parent))
			*sd_push(p->diags->arena, &p->current) = parent->revision;
	}
	if (up)
		*sd_push(p->diags->arena, &p->current) = script->revision;
	return SD_OK;
}

/* The applied set that has the heads @from. */
static enum sd_status
begin_from(struct sd_printer *p, const struct sd_names *from)
{
	struct sd_arena *arena = p->diags->arena;
	struct sd_names applied = { 0 };

	for (size_t i = 0; i < from->n; i++) {
		const struct sd_script *script = sd_history_find(p->history, from->at[i]);
		struct sd_scripts all = { 0 };

		if (!script)
			return sd_error(p->diags, (struct sd_pos){ 0 },
				"unknown revision \"%s\"", from->at[i]);
		sd_history_upgrade(p->history, script, &applied, arena, &all);
		for (size_t k = 0; k < all.n; k++)
			*sd_push(arena, &applied) = all.at[k]->revision;
	}
	p->n_applied = applied.n;
	p->applied = applied;
	p->is_applied = sd_marks_new(p->history, arena);
	sd_marks_names(p->history, &applied, p->is_applied);
	sd_history_current(p->history, &applied, arena, &p->current);
	return SD_OK;
}

/* Batches without a key need a loop. */
static enum sd_status
check_batches(const struct sd_printer *p, const struct sd_script *script)
{
	const struct sd_part_script *part = p->direction == SD_UP ? &script->up : &script->down;
	enum sd_status status = SD_OK;

	for (size_t i = 0; !p->shell->loops && i < part->steps.n; i++) {
		const struct sd_step *step = &part->steps.at[i];

		if (step->kind != SD_STEP_BATCH || step->batch.table)
			continue;
		status = sd_fail(p->diags, SD_CLASS_REFUSED,
			(struct sd_pos){ .file = script->path, .line = step->line },
			"plain SQL of %s has no loops, and this batch needs one",
			p->shell->dialect->name);
		sd_hint(p->diags, "give it a table and key to walk: `batch TABLE (KEY, …)`");
	}
	return status;
}

static enum sd_status
check_all(
	const struct sd_printer *p, const struct sd_run *run, const struct sd_scripts *scripts)
{
	enum sd_status status =
		sd_run_check_all(run, scripts, p->direction, p->shell->dialect, 0, p->diags);

	for (size_t i = 0; i < scripts->n; i++)
		if (check_batches(p, scripts->at[i]))
			status = SD_ERR;
	return status;
}

static void
print_lock(struct sd_printer *p, void (*write)(struct sd_printer *p))
{
	if (!write)
		return;
	sd_buf_addc(p->out, '\n');
	p->arena = sd_arena_new();
	sd_buf_add(p->out, p->shell->settings);
	write(p);
	sd_arena_free(p->arena);
}

/* A printer of @run that begins where @from are the heads; SD_ERR after a report. */
static enum sd_status
begin(struct sd_printer *p, const struct sd_run *run, const struct sd_names *from,
	struct sd_diags *diags, struct sd_buf *out)
{
	const struct sd_dialect *dialect = run->history->dialect;

	*p = (struct sd_printer){ .run = run,
		.history = run->history,
		.books = run->books,
		.shell = shell_of(dialect),
		.home = run->home,
		.mode = run->mode,
		.first = true,
		.diags = diags,
		.out = out };
	if (!p->shell)
		return sd_error(diags, (struct sd_pos){ 0 },
			"scripts for %s cannot be printed by this version of schemadiff",
			dialect->name);
	for (enum sd_book book = 0; book < SD_BOOK__CORE; book++)
		p->tables[book] = sd_state_table(dialect, p->books, book, diags->arena);
	if (begin_from(p, from))
		return SD_ERR;
	p->create = !p->n_applied;
	return SD_OK;
}

static void
print_head(struct sd_printer *p)
{
	sd_buf_addf(p->out, "-- written by schemadiff %s\n%s", SD_TOOL_VERSION, p->shell->head);
	print_lock(p, p->shell->lock);
}

static bool
is_among(const struct sd_scripts *scripts, const char *revision)
{
	for (size_t i = 0; i < scripts->n; i++)
		if (strcmp(scripts->at[i]->revision, revision) == 0)
			return true;
	return false;
}

enum sd_status
sd_run_print_stamp(const struct sd_run *run, const struct sd_names *from,
	struct sd_diags *diags, struct sd_buf *out)
{
	struct sd_scripts wanted = { 0 };
	struct sd_printer p;

	if (begin(&p, run, from, diags, out))
		return SD_ERR;
	sd_history_stamp(run->history, run->goal, &p.applied, run->arena, &wanted);
	print_head(&p);
	p.arena = sd_arena_new();
	sd_buf_addf(out, "\n-- stamp: nothing of the scripts runs\n%s%s", p.shell->settings,
		p.shell->begin);
	print_tables(&p);
	check_revision(&p, NULL);
	for (size_t i = 0; i < p.applied.n; i++)
		if (!is_among(&wanted, p.applied.at[i]))
			print_remove(
				&p, sd_history_find(run->history, p.applied.at[i]), "stamp");
	for (size_t i = 0; i < wanted.n; i++)
		if (sd_names_find(&p.applied, wanted.at[i]->revision) < 0)
			print_add(&p, wanted.at[i], "stamp");
	sd_buf_add(out, "COMMIT;\n");
	sd_arena_free(p.arena);
	print_lock(&p, p.shell->unlock);
	return SD_OK;
}

enum sd_status
sd_run_print(const struct sd_run *run, const struct sd_scripts *scripts,
	enum sd_direction direction, const struct sd_names *from, struct sd_diags *diags,
	struct sd_buf *out)
{
	struct sd_printer p;
	enum sd_status status = SD_OK;

	sd_run_set_mode(run->history, run->mode);
	if (begin(&p, run, from, diags, out))
		return SD_ERR;
	p.direction = direction;
	if (check_all(&p, run, scripts))
		return SD_ERR;
	print_head(&p);
	if (scripts->n)
		print_hooks(&p, &run->before);
	for (size_t i = 0; status == SD_OK && i < scripts->n; i++) {
		p.arena = sd_arena_new();
		print_script(&p, scripts->at[i]);
		status = move_on(&p, scripts->at[i]);
		sd_arena_free(p.arena);
	}
	if (scripts->n)
		print_hooks(&p, &run->behind);
	if (run->mode == SD_RUN_ALL && scripts->n)
		sd_buf_add(out, "\nCOMMIT;\n");
	print_lock(&p, p.shell->unlock);
	return status;
}
