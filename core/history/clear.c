/* A database that is made empty instead of dropped and made anew: other processes have it open,
 * and a role may own what lies in it and not it.  What is there is read from the catalog, not
 * from the model, which knows less. */
#include "core/history/clear.h"

#include "core/base/text.h"
#include "core/history/run_impl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct sd_pos nowhere;

static const struct sd_clearer *const clearers[] = { &sd_clearer_sqlite, &sd_clearer_postgres };

enum sd_status
sd_clear_look(struct sd_db *db, const struct sd_target *target,
	const struct sd_bookkeeping *books, const struct sd_names *namespaces,
	struct sd_arena *arena, struct sd_clearing *clearing)
{
	*clearing = (struct sd_clearing){ 0 };
	for (size_t i = 0; i < SD_COUNT(clearers); i++)
		if (clearers[i]->dialect == sd_db_dialect(db))
			return clearers[i]->look(
				db, target, books, namespaces, arena, clearing);
	sd_bug("nothing clears %s", sd_db_dialect(db)->name);
}

void
sd_clear_count(struct sd_db *db, struct sd_clearing *clearing, struct sd_arena *arena)
{
	struct sd_diags *diags = db->diags, unheard = { .arena = arena };

	db->diags = &unheard;
	for (size_t i = 0; i < clearing->items.n; i++) {
		struct sd_clear_item *item = &clearing->items.at[i];
		const char *value;

		item->rows = -1;
		if (item->count &&
			sd_db_value(db, nowhere, item->count, NULL, 0, arena, &value) ==
				SD_OK &&
			value)
			item->rows = strtol(value, NULL, 10);
	}
	db->diags = diags;
}

/* "1 index", "2 indexes", "3 policies" */
static const char *
counted(struct sd_arena *arena, size_t n, const char *word)
{
	size_t len = strlen(word);

	if (n == 1)
		return sd_fmt(arena, "1 %s", word);
	if (word[len - 1] == 's' || word[len - 1] == 'x')
		return sd_fmt(arena, "%zu %ses", n, word);
	if (word[len - 1] == 'y')
		return sd_fmt(arena, "%zu %.*sies", n, (int)len - 1, word);
	return sd_fmt(arena, "%zu %ss", n, word);
}

/* Append what there is of @kind: "3 tables with 42 rows". */
static void
summarise(const struct sd_clearing *clearing, const char *kind, struct sd_buf *text)
{
	size_t n = 0, rows = 0;
	bool more = false, known = false;

	for (size_t i = 0; i < clearing->items.n; i++) {
		const struct sd_clear_item *item = &clearing->items.at[i];
		bool capped = item->rows > SD_CLEAR_ROWS_MAX;

		if (strcmp(item->kind, kind) != 0)
			continue;
		n++;
		known |= item->rows >= 0;
		more |= capped;
		rows += item->rows < 0 ? 0 : (size_t)(capped ? SD_CLEAR_ROWS_MAX : item->rows);
	}
	sd_buf_sep(text, ", ");
	sd_buf_add(text, counted(text->arena, n, kind));
	if (known)
		sd_buf_addf(text, " with %s%s", more ? "more than " : "",
			counted(text->arena, rows, "row"));
}

const char *
sd_clear_summary(const struct sd_clearing *clearing, struct sd_arena *arena)
{
	struct sd_buf text = SD_BUF(arena);
	struct sd_names kinds = { 0 };

	/* what has rows comes first */
	for (int counts = 1; counts >= 0; counts--) {
		size_t first = kinds.n;

		for (size_t i = 0; i < clearing->items.n; i++)
			if (!clearing->items.at[i].count == !counts &&
				sd_names_find(&kinds, clearing->items.at[i].kind) < 0)
				*sd_push(arena, &kinds) = clearing->items.at[i].kind;
		sd_names_sort(&kinds, first);
	}
	for (size_t k = 0; k < kinds.n; k++)
		summarise(clearing, kinds.at[k], &text);
	return text.n ? sd_buf_text(&text) : "nothing";
}

enum sd_status
sd_clear_check(const struct sd_clearing *clearing, struct sd_diags *diags)
{
	for (size_t i = 0; i < clearing->blockers.n; i++)
		sd_fail(diags, SD_CLASS_REFUSED, nowhere,
			"%s would be lost, and lies elsewhere", clearing->blockers.at[i]);
	if (!clearing->blockers.n)
		return SD_OK;
	sd_hint(diags,
		"drop it first, or let \"namespaces\" of the configuration list where it "
		"lies; nothing outside of what is managed is dropped along");
	return SD_ERR;
}

/* ---- dropping --------------------------------------------------------------------------- */

struct clear {
	const struct sd_target *target;
	const struct sd_names *namespaces;
	const struct sd_clearing *agreed;
};

/* What was agreed to is all that there is. */
static enum sd_status
check_agreed(struct sd_work *w, const struct sd_clearing *agreed, const struct sd_clearing *now)
{
	struct sd_map known = { 0 };

	for (size_t i = 0; i < agreed->items.n; i++)
		*sd_map_at(&known, agreed->items.at[i].drop, w->scratch) = &known;
	for (size_t i = 0; i < now->items.n; i++) {
		const struct sd_clear_item *item = &now->items.at[i];

		if (sd_map_get(&known, item->drop))
			continue;
		sd_fail(sd_db_diags(w->run->db), SD_CLASS_REFUSED, nowhere,
			"%s %s has come meanwhile, and nobody has agreed to lose it",
			item->kind, item->name);
		sd_hint(sd_db_diags(w->run->db),
			"run it again: it lists what the database has by now");
		return SD_ERR;
	}
	return sd_clear_check(now, sd_db_diags(w->run->db));
}

static enum sd_status
lock_all(struct sd_work *w, const struct sd_clearing *agreed)
{
	for (size_t i = 0; i < agreed->locks.n; i++)
		if (sd_work_interrupted(w) ||
			sd_db_exec(w->run->db, nowhere, agreed->locks.at[i]))
			return SD_ERR;
	return SD_OK;
}

static enum sd_status
drop_all(struct sd_work *w, const struct sd_clearing *now)
{
	struct sd_db *db = w->run->db;

	for (size_t i = 0; i < now->items.n; i++) {
		const struct sd_clear_item *item = &now->items.at[i];

		if (sd_work_interrupted(w))
			return SD_ERR;
		if (sd_db_exec(db, nowhere, item->drop)) {
			sd_note(sd_db_diags(db), nowhere, "in: %s", item->drop);
			return SD_ERR;
		}
	}
	return SD_OK;
}

static enum sd_status
try_clear(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	const struct clear *clear = ctx;
	const struct sd_bookkeeping *books = w->run->books;
	struct sd_db *db = w->run->db;
	struct sd_clearing now;
	const char *result = sd_fmt(
		w->scratch, "ok, dropped %s", sd_clear_summary(clear->agreed, w->scratch));

	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, true))
		return SD_ERR;
	if (lock_all(w, clear->agreed) ||
		sd_clear_look(db, clear->target, books, clear->namespaces, w->scratch, &now) ||
		check_agreed(w, clear->agreed, &now) || drop_all(w, &now) ||
		sd_state_create(db, books) ||
		sd_state_log(
			db, books, w->other, script->revision, result, sd_work_duration(w)) ||
		sd_work_commit(w))
		return sd_work_give_back(w);
	return SD_OK;
}

enum sd_status
sd_run_clear(const struct sd_run *run, const struct sd_target *target,
	const struct sd_names *namespaces, const struct sd_clearing *agreed)
{
	static const struct sd_script nothing = { .revision = "base" };
	struct sd_run_result result;
	struct sd_work w = { .run = run, .result = &result, .other = "fresh" };
	struct clear clear = { target, namespaces, agreed };
	enum sd_status status = sd_work_begin(&w);

	if (status)
		return SD_ERR;
	w.scratch = sd_arena_new();
	(void)clock_gettime(CLOCK_MONOTONIC, &w.start);
	status = sd_work_try(&w, &nothing, try_clear, &clear);
	if (status)
		sd_note(sd_db_diags(run->db), nowhere,
			w.lost ? "the connection broke at the commit: `schemadiff status` "
				 "tells "
				 "whether everything is gone"
			       : "nothing was dropped");
	sd_arena_free(w.scratch);
	sd_work_end(&w);
	return status;
}
