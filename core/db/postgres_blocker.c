/* Who holds the lock that a statement waits for.  That is known only while it waits: behind
 * the timeout nothing tells any more what it waited for.  So it is asked meanwhile, over the
 * watcher's connection (postgres_watch.c), and kept for the report. */
#include "core/base/text.h"
#include "core/db/pg.h"

#include <string.h>

#define SHOWN_QUERY 100

static const struct sd_pos nowhere;

struct sd_pg_blocker {
	bool known;
	const struct kind *kind;
	char words[512], pid[16], patience[32];
};

/* Who blocks, who blocks those, and so on; of them the one that waits for nobody itself, and of
 * several the oldest.  A prepared transaction has process 0.  What the role may not see is
 * NULL, or a query in angle brackets. */
#define BLOCKERS                                                                               \
	"WITH RECURSIVE b(pid) AS (SELECT unnest(pg_catalog.pg_blocking_pids(%d)) "            \
	"UNION SELECT unnest(pg_catalog.pg_blocking_pids(pid)) FROM b) "                       \
	"SELECT b.pid, a.usename, nullif(a.application_name, ''), a.state, "                   \
	"floor(extract(epoch FROM clock_timestamp() - a.xact_start))::int8, a.backend_type, "  \
	"left(CASE WHEN b.pid = 0 THEN (SELECT string_agg(gid, ', ' ORDER BY prepared) "       \
	"FROM pg_catalog.pg_prepared_xacts WHERE database = current_database()) "              \
	"WHEN a.state IS NOT NULL THEN a.query END, 200), "                                    \
	"current_setting('deadlock_timeout'), count(*) OVER () - 1 "                           \
	"FROM b LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid "                  \
	"WHERE b.pid <> %d "                                                                   \
	"ORDER BY cardinality(pg_catalog.pg_blocking_pids(b.pid)), a.xact_start, b.pid LIMIT " \
	"1"

enum column { PID, USER, APPLICATION, STATE, SECONDS, BACKEND, QUERY, PATIENCE, OTHERS };

/* What it is, and the way out.  $pid and $patience are put in; the first row that fits counts.
 */
static const struct kind {
	enum column column;
	const char *begins, *query; /* what the column begins with, and the query has in it */
	const char *hint;
} kinds[] = {
	{ PID, "0", "",
		"COMMIT PREPARED or ROLLBACK PREPARED ends a transaction of "
		"pg_prepared_xacts" },
	{ BACKEND, "autovacuum", "to prevent wraparound",
		"an autovacuum that prevents wraparound does not give way: run again when it "
		"has "
		"finished, or wait longer with --wait SECONDS" },
	{ BACKEND, "autovacuum", "",
		"an autovacuum gives way to a statement that has waited for deadlock_timeout "
		"($patience), and one in a transaction waits for half of lock_timeout: set "
		"lock_timeout to more than twice that" },
	{ STATE, "idle in transaction", "",
		"it does nothing and keeps its locks: commit there, or end it with SELECT "
		"pg_terminate_backend($pid)" },
	{ STATE, "", "",
		"run again when it has finished, wait longer with --wait SECONDS, or end it "
		"with "
		"SELECT pg_cancel_backend($pid)" },
	/* nothing of it may be seen */
	{ PID, "", "",
		"a role with pg_read_all_stats sees what it does; SELECT "
		"pg_terminate_backend($pid) ends it" },
};

const char *
sd_pg_blocker_query(struct sd_arena *arena, int pid)
{
	return sd_fmt(arena, BLOCKERS, pid, pid);
}

/* NULL for SQL's NULL, and where there is no row. */
static const char *
value(const PGresult *answer, enum column column)
{
	if (!PQntuples(answer) || PQgetisnull(answer, 0, (int)column))
		return NULL;
	return PQgetvalue(answer, 0, (int)column);
}

static const struct kind *
kind_of(const PGresult *answer)
{
	const char *query = value(answer, QUERY);
	const struct kind *kind = kinds;

	for (;; kind++) {
		const char *text = value(answer, kind->column);

		if (text && sd_text_starts(text, kind->begins) &&
			strstr(query ? query : "", kind->query))
			return kind;
	}
}

/* "process 4711, user ada, application psql, idle in transaction, open for 312 s: SELECT 1" */
static const char *
describe(struct sd_arena *arena, const PGresult *answer)
{
	static const struct {
		enum column column;
		const char *words;
	} parts[] = {
		{ USER, ", user %s" },
		{ APPLICATION, ", application %s" },
		{ BACKEND, ", %s" },
		{ STATE, ", %s" },
		{ SECONDS, ", its transaction open for %s s" },
		{ QUERY, ": %s" },
	};
	struct sd_buf out = SD_BUF(arena);
	const char *pid = value(answer, PID), *text;

	sd_buf_add(&out, strcmp(pid, "0") == 0 ? "a prepared transaction"
					       : sd_fmt(arena, "process %s", pid));
	for (size_t i = 0; i < SD_COUNT(parts); i++) {
		text = value(answer, parts[i].column);
		if (!text || strcmp(text, "client backend") == 0)
			continue;
		text = sd_text_squeeze(arena, text);
		text = sd_strndup(arena, text, sd_text_valid_utf8(text, strnlen(text, SHOWN_QUERY)));
		sd_buf_add(&out, sd_text_replace(arena, parts[i].words, "%s", text));
	}
	text = value(answer, OTHERS);
	if (text && strcmp(text, "0") != 0)
		sd_buf_addf(&out, " (and %s more)", text);
	return sd_buf_text(&out);
}

bool
sd_pg_blocker_hear(struct sd_pg *db, const PGresult *answer)
{
	struct sd_pg_blocker *blocker = db->blocker;
	struct sd_arena *scratch;
	const char *words, *patience, *pid = value(answer, PID);

	/* asked when the statement had just been given up, perhaps: what was heard counts */
	if (!pid)
		return false;
	if (!blocker)
		blocker = db->blocker = sd_new(db->arena, struct sd_pg_blocker);
	scratch = sd_arena_new();
	words = describe(scratch, answer);
	patience = value(answer, PATIENCE);
	(void)snprintf(blocker->words, sizeof blocker->words, "%.*s",
		(int)sd_text_valid_utf8(
			words, strnlen(words, sizeof blocker->words - 1)), words);
	(void)snprintf(blocker->pid, sizeof blocker->pid, "%s", pid);
	(void)snprintf(
		blocker->patience, sizeof blocker->patience, "%s", patience ? patience : "1s");
	blocker->kind = kind_of(answer);
	blocker->known = true;
	sd_arena_free(scratch);
	return true;
}

void
sd_pg_blocker_forget(struct sd_pg *db)
{
	if (db->blocker)
		db->blocker->known = false;
	db->base.blocker = NULL;
}

const char *
sd_pg_blocker_words(const struct sd_pg *db)
{
	return db->blocker && db->blocker->known ? db->blocker->words : NULL;
}

void
sd_pg_blocker_note(struct sd_pg *db)
{
	const struct sd_pg_blocker *blocker = db->blocker;
	struct sd_diags *diags = db->base.diags;
	const char *hint;

	db->base.blocker = sd_pg_blocker_words(db);
	if (!db->base.blocker)
		return;
	hint = sd_text_replace(diags->arena, blocker->kind->hint, "$pid", blocker->pid);
	hint = sd_text_replace(diags->arena, hint, "$patience", blocker->patience);
	sd_note(diags, nowhere, "in the way: %s", blocker->words);
	sd_hint(diags, "%s", hint);
}
