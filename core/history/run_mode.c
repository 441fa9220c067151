/* Which transactions a run consists of, where scripts don't say.
 *
 * `each` is the runner itself (run.c).  `none` is the same for parts whose statements are told
 * to stand alone: they are split, so they keep a journal, and each statement is committed
 * together with its entry: nothing is ever in doubt.  `all` is one transaction around the rest;
 * its plan is made inside, where nobody else can change what it rests on. */
#include "core/history/run_impl.h"

#include "core/sql/lex.h"

#include <string.h>
#include <time.h>

enum sd_run_mode
sd_run_mode_find(const char *word)
{
	static const char *const words[] = {
		[SD_RUN_EACH] = "each", [SD_RUN_ALL] = "all", [SD_RUN_NONE] = "none"
	};

	for (size_t i = 0; word && i < SD_COUNT(words); i++)
		if (strcmp(word, words[i]) == 0)
			return (enum sd_run_mode)i;
	return SD_RUN_EACH;
}

/* ---- each statement by itself --------------------------------------------------------- */

/* What a query guards runs with it; behind a directive the script has its way. */
static void
separate(struct sd_part_script *part, bool on)
{
	bool said = part->foreign_keys_off;

	for (size_t i = 0; i < part->steps.n; i++) {
		struct sd_step *step = &part->steps.at[i];
		enum sd_step_kind before = i ? part->steps.at[i - 1].kind : SD_STEP_RUN;
		bool guarded = before == SD_STEP_ONLY_IF || before == SD_STEP_EXPECT_NONE;

		said |= step->scope != SD_SCOPE_SAME;
		step->alone = on && i && !said && !guarded;
	}
}

void
sd_run_set_mode(const struct sd_history *history, enum sd_run_mode mode)
{
	for (size_t i = 0; i < history->scripts.n; i++) {
		separate(&history->scripts.at[i]->up, mode == SD_RUN_NONE);
		separate(&history->scripts.at[i]->down, mode == SD_RUN_NONE);
	}
}

/* ---- all in one ------------------------------------------------------------------------- */

/* ALTER TYPE … ADD VALUE. */
static bool
adds_value(const struct sd_dialect *dialect, const char *sql)
{
	static const char *const words[] = { "alter", "type", "add", "value" };
	struct sd_lex lex;
	struct sd_tok tok;
	size_t found = 0;

	sd_lex_init(&lex, dialect->lex, sql, strlen(sql));
	while (found < SD_COUNT(words) && (tok = sd_lex_next_solid(&lex)).kind != SD_TOK_END) {
		if (sd_tok_is_word(sql, tok, words[found]))
			found++;
		else if (found != 2)
			return false; /* between TYPE and ADD stands its name */
	}
	return found == SD_COUNT(words);
}

/* Why step @i can't be in one transaction with what comes before and behind it, or NULL. */
static const char *
why_apart(const struct sd_part_script *part, size_t i, const struct sd_dialect *dialect)
{
	const struct sd_step *step = &part->steps.at[i];

	if (step->kind == SD_STEP_BATCH)
		return "a batch commits each of its rounds";
	if (step->scope == SD_SCOPE_NONE)
		return "behind `no-transaction` a statement runs in none";
	if (i && step->scope == SD_SCOPE_NEW)
		return "`transaction` commits what stands before it";
	if (adds_value(dialect, step->text))
		return "a value added to an enum can't be used until it is committed";
	return NULL;
}

enum sd_status
sd_run_check_mode(const struct sd_script *script, enum sd_direction direction,
	enum sd_run_mode mode, const struct sd_dialect *dialect, struct sd_diags *diags)
{
	const struct sd_part_script *part = direction == SD_UP ? &script->up : &script->down;
	struct sd_pos pos = { .file = script->path, .line = part->line };
	const char *why = NULL;

	if (mode != SD_RUN_ALL)
		return SD_OK;
	if (part->foreign_keys_off)
		why = "`foreign-keys off` must be set before a transaction begins";
	for (size_t i = 0; !why && i < part->steps.n; i++) {
		why = why_apart(part, i, dialect);
		pos.line = part->steps.at[i].line;
	}
	if (!why)
		return SD_OK;
	sd_fail(diags, SD_CLASS_REFUSED, pos,
		"revision %s can't share a transaction with the rest of the run: %s",
		script->revision, why);
	sd_hint(diags, "`--transaction each` gives each revision a transaction of its own, in "
		       "spite of \"transaction\": \"all\"");
	return SD_ERR;
}

static enum sd_status
check_partial(const struct sd_work *w)
{
	const struct sd_partial *partial = &w->partial;
	struct sd_diags *diags = sd_db_diags(w->run->db);

	if (!partial->revision)
		return SD_OK;
	sd_fail(diags, SD_CLASS_REFUSED, (struct sd_pos){ 0 },
		"revision %s is half %s, and a run in one transaction can't finish it",
		partial->revision, partial->down ? "undone" : "applied");
	sd_hint(diags, "`schemadiff %s --transaction each` goes on with it",
		sd_partial_command(partial, w->run->history, w->run->arena));
	return SD_ERR;
}

enum sd_status
sd_work_may_run_whole(struct sd_work *w, const struct sd_scripts *scripts)
{
	return check_partial(w) || sd_work_may_run(w, scripts) ? SD_ERR : SD_OK;
}

static enum sd_status
look(struct sd_work *w, struct sd_scripts *scripts)
{
	return sd_work_look(w, scripts) || sd_work_may_run_whole(w, scripts) ? SD_ERR : SD_OK;
}

/* A run in one transaction. */
struct in_one {
	struct sd_scripts scripts;  /* as the state read in there says */
	const struct sd_script *at; /* the one that is run */
	SD_VEC(long) ms;
};

static enum sd_status
run_scripts(struct sd_work *w, struct in_one *one)
{
	struct sd_db *db = w->run->db;

	if (sd_work_hooks(w, false))
		return SD_ERR;
	for (size_t i = 0; i < one->scripts.n; i++) {
		one->at = one->scripts.at[i];
		w->announced = false;
		(void)clock_gettime(CLOCK_MONOTONIC, &w->start);
		sd_work_announce(w, one->at);
		/* what the revision before has set is gone, as in a transaction of its own */
		if (sd_work_interrupted(w) || sd_db_reset(db) || sd_work_whole(w, one->at) ||
			sd_work_finish(w, one->at))
			return SD_ERR;
		*sd_push(w->scratch, &one->ms) = sd_work_duration(w);
	}
	return sd_work_hooks(w, true);
}

static enum sd_status
try_in_one(struct sd_work *w, const struct sd_script *script, void *ctx)
{
	struct in_one *one = ctx;
	struct sd_db *db = w->run->db;

	(void)script;
	*one = (struct in_one){ 0 };
	w->hook = NULL;
	w->other = NULL;
	w->announced = false;
	if (sd_db_reset(db) || sd_db_begin(db, &w->wait, false))
		return SD_ERR;
	if (look(w, &one->scripts))
		return sd_work_give_back(w);
	if (!one->scripts.n) {
		/* another process has done it meanwhile */
		sd_db_rollback(db);
		return SD_OK;
	}
	if (sd_state_create(db, w->run->books) || run_scripts(w, one) || sd_work_commit(w))
		return sd_work_give_back(w);
	return SD_OK;
}

enum sd_status
sd_work_run_whole(struct sd_work *w)
{
	struct sd_scripts scripts;
	struct in_one one = { 0 };
	size_t first = sd_db_diags(w->run->db)->list.n;
	enum sd_status status;

	if (look(w, &scripts))
		return SD_ERR;
	if (!scripts.n)
		return SD_OK;
	w->whole = true;
	w->scratch = sd_arena_new();
	status = sd_work_try(w, scripts.at[0], try_in_one, &one);
	if (status)
		status = sd_work_fail(w, one.at ? one.at : scripts.at[0], first);
	for (size_t i = 0; status == SD_OK && i < one.scripts.n; i++)
		sd_work_done(w, one.scripts.at[i], one.ms.at[i]);
	sd_arena_free(w->scratch);
	return status;
}
