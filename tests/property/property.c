/* The law of the house on random schemas with rows: create *from* → upgrade → the second diff
 * is empty → downgrade → equal to *from* again → upgrade again; rows that survive are what they
 * were; the same input gives the same bytes.  Where an engine has an oracle, its own catalog
 * says the same as that of a database made of *into* directly.
 *
 *     property [-v] [-e ENGINE] [FIRST_SEED [COUNT]]
 *     property [-v] [-e ENGINE] [-o] -f FOLDER
 *
 * A seed that fails is printed with its files kept, and runs alone with `property SEED 1`.
 * -f takes these files from a folder; -o: not online. */
#include "tests/property/property.h"
#include "core/base/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
broken(struct world *w, const char *format, ...)
{
	static char text[1 << 16];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!w->why) {
		struct sd_buf out = SD_BUF(w->arena);

		sd_diags_format(&w->diags, 0, false, &out);
		w->why = sd_fmt(w->arena, "%s\n%s", text, sd_buf_text(&out));
	}
	return false;
}

const char *
world_path(struct world *w, const char *name)
{
	return sd_fmt(w->arena, "%s/%s", w->dir, name);
}

static bool
begin(struct world *w, const struct subject *subject)
{
	*w = (struct world){ .arena = sd_arena_new(), .subject = subject };
	w->diags.arena = w->arena;
	snprintf(w->dir, sizeof w->dir, "%s/schemadiff-property-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(w->dir))
		abort();
	w->session.arena = w->arena;
	w->session.diags = &w->diags;
	w->session.config.dir = w->dir;
	*sd_push(w->arena, &w->session.settings.schemas) = "schema.json";
	*sd_push(w->arena, &w->session.settings.migrations) = "migrations";
	w->session.settings.truncate_slug_length = 40;
	w->session.has_target = true;
	w->engine = sd_engine_find(subject->dialect);
	return subject->begin(w);
}

static void
end(struct world *w, bool keep)
{
	const char *command = sd_fmt(w->arena, "rm -rf '%s'", w->dir);

	w->subject->end(w);
	if (!keep && system(command))
		fprintf(stderr, "cannot remove %s\n", w->dir);
	sd_arena_free(w->arena);
}

static bool
keep_file(struct world *w, const char *name, const char *text)
{
	return sd_file_write(world_path(w, name), text, strlen(text), false, &w->diags) ==
	       SD_OK;
}

/* ---- steps ----------------------------------------------------------------------------- */

static struct sd_db *
connect(struct world *w)
{
	struct sd_db *db = sd_db_open(&w->session.target, SD_DB_WRITE, &w->diags);

	if (!db)
		return NULL;
	w->session.server_version = sd_db_version(db);
	w->session.namespace = sd_strdup(w->arena, sd_db_namespace(db));
	return db;
}

static struct sd_schema *
load(struct world *w, const char *schema)
{
	if (!keep_file(w, "schema.json", schema))
		return NULL;
	return sd_work_load(&w->session, w->engine);
}

/* How the database differs from the files of @wanted. */
static struct sd_diff *
difference(
	struct world *w, struct sd_db *db, const char *wanted, struct sd_diff_options *options)
{
	struct sd_schema *into = load(w, wanted), *from = NULL;

	if (into)
		from = sd_db_exists(&w->session.target)
			       ? sd_work_introspect(&w->session, db, into)
			       : sd_schema_new(w->arena, w->subject->dialect, 0);
	return from ? sd_work_compare(&w->session, db, from, into, options) : NULL;
}

static bool
is_clean(struct world *w, const char *wanted, const char *when)
{
	struct sd_buf out = SD_BUF(w->arena);
	struct sd_diff_options options = { 0 };
	struct sd_db *db = connect(w);
	struct sd_diff *diff = db ? difference(w, db, wanted, &options) : NULL;

	if (db)
		sd_db_close(db);
	if (!diff)
		return broken(w, "%s: does not load", when);
	if (sd_diff_empty(diff))
		return true;
	sd_render_text(diff, false, w->arena, &out);
	return broken(w, "%s the diff is not empty:\n%s", when, sd_buf_text(&out));
}

static bool
generate(struct world *w, const char *wanted, struct sd_generated *generated)
{
	struct sd_diff_options options = { 0 };
	struct sd_db *db = connect(w);
	struct sd_diff *diff = db ? difference(w, db, wanted, &options) : NULL;
	bool good = false;

	if (diff) {
		diff->ambiguous.n = 0; /* what vanishes is meant to */
		good = sd_work_generate(&w->session, w->engine, db, diff, &options, ~0u,
			       generated) == SD_OK;
	}
	if (db)
		sd_db_close(db);
	return good || broken(w, "is not generated");
}

static bool
write_revision(struct world *w, const char *wanted, const char *id)
{
	struct sd_generated first, again;
	struct sd_new_revision revision = { .message = id, .rev_id = id };
	struct sd_history *history = sd_work_history(&w->session, w->engine);
	const char *path, *written;

	if (!history || !generate(w, wanted, &first) || !generate(w, wanted, &again))
		return false;
	w->up = first.up;
	w->down = first.down;
	if (strcmp(first.up, again.up) != 0 || strcmp(first.down, again.down) != 0)
		return broken(w, "the second time it was another script:\n%s\n----\n%s",
			first.up, again.up);
	revision.up = first.up;
	revision.down = first.down;
	return sd_work_write_revision(
		       &w->session, w->engine, history, &revision, &path, &written) == SD_OK ||
	       broken(w, "is not written");
}

static bool
migrate(struct world *w, const char *target, bool up)
{
	struct sd_db *db = connect(w);
	struct sd_bookkeeping books = sd_work_books(&w->session);
	struct sd_history *history = sd_work_history(&w->session, w->engine);
	struct sd_run run = { .db = db,
		.books = &books,
		.history = history,
		.wait = 1,
		.force = true,
		.arena = w->arena };
	struct sd_run_result result = { 0 };
	enum sd_status status = SD_ERR;

	if (db && history)
		status = up ? sd_run_upgrade(&run, sd_history_find(history, target), &result)
			    : sd_run_downgrade(&run, sd_history_find(history, target), &result);
	if (db)
		sd_db_close(db);
	return status == SD_OK;
}

/* The same where rows may stand in the way: then nothing, or nothing but whole transactions,
 * has happened, and without the rows it goes through. */
static bool
migrate_or_refuse(struct world *w, const char *target, bool up, const char *as_it_was)
{
	size_t seen = w->diags.list.n;
	struct sd_buf out = SD_BUF(w->arena);

	if (migrate(w, target, up))
		return true;
	sd_diags_format(&w->diags, seen, false, &out);
	w->refusal = sd_fmt(w->arena, "%s: %s", up ? "up" : "down", sd_buf_text(&out));
	if ((!w->subject->empty || w->session.settings.online_off) &&
		!is_clean(w, as_it_was, "after it was refused"))
		return false;
	if (!w->subject->empty)
		return true;
	return w->subject->empty(w) &&
	       (migrate(w, target, up) ||
		       broken(w, "%s fails without rows, too", up ? "up" : "down"));
}

/* ---- the law --------------------------------------------------------------------------- */

/* The first line in which two texts differ. */
static const char *
first_difference(struct world *w, const char *a, const char *b)
{
	size_t line = 0, i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	return sd_fmt(w->arena, "- %.*s\n+ %.*s", (int)strcspn(a + line, "\n"), a + line,
		(int)strcspn(b + line, "\n"), b + line);
}

static bool
same(struct world *w, const char *what, const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	       broken(w, "%s:\n%s\n%s\n---- and\n%s", what, first_difference(w, a, b), a, b);
}

static const char *
results(struct world *w, const struct sd_names *queries)
{
	struct sd_buf out = SD_BUF(w->arena);

	for (size_t i = 0; i < queries->n; i++)
		sd_buf_addf(&out, "%zu:\n%s", i, w->subject->rows_of(w, queries->at[i]));
	return sd_buf_text(&out);
}

/* The catalog after the upgrade says what it says of a database made of *into* directly. */
static bool
oracle(struct world *w)
{
	const char **folder = &w->session.settings.migrations.at[0], *grown, *made;

	if (!w->subject->elsewhere)
		return true;
	grown = w->subject->catalog(w, true);
	*folder = "elsewhere";
	if (!w->subject->elsewhere(w, true) || !write_revision(w, w->pair.into, "c3") ||
		!migrate(w, "c3", true))
		return broken(w, "a database can't be made of *into*");
	made = w->subject->catalog(w, true);
	*folder = "migrations";
	return w->subject->elsewhere(w, false) &&
	       same(w, "the catalog after the upgrade is not that of *into* itself", grown,
		       made);
}

static bool
way_back(struct world *w, const char *catalog, const char *before)
{
	bool whole = !w->refusal;

	if (!migrate_or_refuse(w, "a1", false, w->pair.into))
		return false;
	if (w->refusal && !w->subject->empty)
		return true;
	if (!is_clean(w, w->pair.from, "after the downgrade") ||
		!same(w, "the catalog is not what it was", catalog,
			w->subject->catalog(w, false)))
		return false;
	if (whole && !w->refusal && w->subject->empty &&
		!same(w, "after the way back rows changed", before,
			results(w, &w->pair.before)))
		return false;
	return !w->subject->empty ||
	       ((migrate(w, "b2", true) || w->subject->empty(w)) &&
		       (migrate(w, "b2", true) || broken(w, "fails the second time")) &&
		       is_clean(w, w->pair.into, "after the second upgrade"));
}

static bool
law(struct world *w)
{
	const char *catalog, *before, *up, *down;
	bool good;

	if (!write_revision(w, w->pair.from, "a1") || !migrate(w, "a1", true))
		return broken(w, "the first revision does not run");
	if (!w->subject->execute(w, w->pair.rows) ||
		!is_clean(w, w->pair.from, "after creation"))
		return false;
	before = results(w, &w->pair.before);
	catalog = w->subject->catalog(w, false);
	w->up = w->down = NULL;
	if (!write_revision(w, w->pair.into, "b2") ||
		!migrate_or_refuse(w, "b2", true, w->pair.from))
		return false;
	if (w->refusal && !w->subject->empty)
		return same(w, "the catalog is not what it was", catalog,
			w->subject->catalog(w, false));
	if (!is_clean(w, w->pair.into, "after the upgrade") ||
		(!w->refusal && !same(w, "rows changed", before, results(w, &w->pair.after))))
		return false;
	up = w->up;
	down = w->down;
	good = oracle(w);
	w->up = up;
	w->down = down;
	return good && way_back(w, catalog, before);
}

/* ---- runs ------------------------------------------------------------------------------ */

struct tally {
	unsigned passed, refused, failed;
	bool verbose;
};

static const char *
read_whole(struct world *w, const char *dir, const char *name)
{
	char *text = NULL;

	return sd_file_read(sd_fmt(w->arena, "%s/%s", dir, name), w->arena, &w->diags, &text,
		       NULL) == SD_OK
		       ? text
		       : "";
}

/* Queries, a line each, as a text, and back. */
static const char *
lines_of(struct world *w, const struct sd_names *queries)
{
	struct sd_buf out = SD_BUF(w->arena);

	for (size_t i = 0; i < queries->n; i++)
		sd_buf_addf(&out, "%s\n", queries->at[i]);
	return sd_buf_text(&out);
}

static void
read_lines(struct world *w, const char *text, struct sd_names *queries)
{
	for (size_t len; *text; text += len + 1) {
		len = strcspn(text, "\n");
		*sd_push(w->arena, queries) = sd_strndup(w->arena, text, len);
		if (!text[len])
			break;
	}
}

static const char *
said(const char *text)
{
	return text ? text : "";
}

static void
run(struct world *w, const char *what, struct tally *tally)
{
	bool good;

	good = !w->why && keep_file(w, "from.json", w->pair.from) &&
	       keep_file(w, "into.json", w->pair.into) &&
	       keep_file(w, "rows.sql", w->pair.rows) &&
	       keep_file(w, "before.sql", lines_of(w, &w->pair.before)) &&
	       keep_file(w, "after.sql", lines_of(w, &w->pair.after)) && law(w) && !w->why;
	tally->passed += good && !w->refusal;
	tally->refused += good && w->refusal;
	tally->failed += !good;
	if (w->refusal && tally->verbose)
		printf("%s refused: %s\n", what, w->refusal);
	if (tally->verbose && w->up)
		printf("-- up\n%s-- down\n%s", w->up, w->down);
	if (!good)
		printf("%s failed%s, files in %s:\n%s\n-- from.json\n%s-- into.json\n%s-- "
		       "up\n%s"
		       "-- down\n%s\n",
			what, w->session.settings.online_off ? " (not online)" : "", w->dir,
			w->why ? w->why : "?", said(w->pair.from), said(w->pair.into),
			said(w->up), said(w->down));
	fflush(stdout);
	end(w, !good || getenv("SD_KEEP"));
}

static void
run_seed(const struct subject *subject, uint64_t seed, struct tally *tally)
{
	struct rng rng = { seed };
	struct world w;
	char what[32];

	snprintf(what, sizeof what, "seed %llu", (unsigned long long)seed);
	if (begin(&w, subject)) {
		w.session.settings.online_off = seed % 2;
		subject->make(&w, &rng);
	}
	run(&w, what, tally);
}

static void
run_folder(const struct subject *subject, const char *dir, bool offline, struct tally *tally)
{
	struct world w;

	if (begin(&w, subject)) {
		w.session.settings.online_off = offline;
		w.pair.from = read_whole(&w, dir, "from.json");
		w.pair.into = read_whole(&w, dir, "into.json");
		w.pair.rows = read_whole(&w, dir, "rows.sql");
		read_lines(&w, read_whole(&w, dir, "before.sql"), &w.pair.before);
		read_lines(&w, read_whole(&w, dir, "after.sql"), &w.pair.after);
	}
	run(&w, dir, tally);
}

int
main(int argc, char **argv)
{
	const struct subject *subject = &subject_sqlite;
	const char *dir = NULL;
	struct tally tally = { .verbose = getenv("SD_VERBOSE") };
	bool offline = false;
	uint64_t first, count;

	for (int c; (c = getopt(argc, argv, "ve:of:")) != -1;) {
		if (c == 'v')
			tally.verbose = true;
		else if (c == 'o')
			offline = true;
		else if (c == 'f')
			dir = optarg;
		else if (c == 'e' && strcmp(optarg, "postgresql") == 0)
			subject = &subject_postgresql;
		else if (c == '?')
			return 2;
	}
	first = argc > optind ? strtoull(argv[optind], NULL, 10) : 1;
	count = argc > optind + 1 ? strtoull(argv[optind + 1], NULL, 10) : 300;
	if (dir)
		run_folder(subject, dir, offline, &tally);
	for (uint64_t seed = first; !dir && seed < first + count; seed++)
		run_seed(subject, seed, &tally);
	printf("%u pairs: %u passed, %u refused, %u failed\n",
		tally.passed + tally.refused + tally.failed, tally.passed, tally.refused,
		tally.failed);
	return tally.failed != 0;
}
