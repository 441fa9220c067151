/* Waiting for the server without being deaf: a signal's cancel must get its answer or be given
 * up, and whoever watches an index build, or waits for a lock, wants to hear of it.  Both are
 * asked over a second connection, since the first is the one that is busy; it is polled beside
 * the first, so that nothing that happens to it can hold up the statement itself. */
#include "core/db/pg.h"

#include "core/db/interrupt.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/* Milliseconds. */
#define TICK 1000
#define FAREWELL 500  /* for the watcher's answer, when the statement has ended */
#define PATIENCE 5000 /* for the answer to a cancelled statement */

struct waiting {
	struct sd_pg *pg;
	long long next_ask; /* when the progress is asked for again */
	long long give_up;  /* 0 = never */
	bool asked;         /* the watcher owes an answer */
	PGresult *progress; /* its last one */
};

static long long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
sd_pg_watch(struct sd_db *db, sd_db_progress_fn *fn, void *ctx)
{
	struct sd_pg *pg = sd_pg_of(db);

	pg->watch = fn;
	pg->watch_ctx = ctx;
}

/* ---- the second connection ------------------------------------------------------------ */

/* Whatever goes wrong there: nobody watches any more, and nobody minds. */
static void
stop_watching(struct waiting *w)
{
	w->pg->watch = NULL;
	if (w->pg->watcher)
		PQfinish(w->pg->watcher);
	w->pg->watcher = NULL;
	w->asked = false;
}

static void
ask_progress(struct waiting *w)
{
	struct sd_pg *pg = w->pg;
	struct sd_arena *scratch = sd_arena_new();
	const char *blocker = sd_pg_blocker_query(scratch, PQbackendPID(pg->conn));
	const char *sql = sd_fmt(scratch,
		"SELECT phase, "
		"CASE WHEN phase LIKE 'waiting %%' THEN lockers_done "
		"WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END, "
		"CASE WHEN phase LIKE 'waiting %%' THEN lockers_total "
		"WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END "
		"FROM pg_catalog.pg_stat_progress_create_index WHERE pid = %d; %s",
		PQbackendPID(pg->conn), blocker);

	PQclear(w->progress);
	w->progress = NULL;
	if (!pg->watcher)
		pg->watcher = sd_pg_connect(pg->target, pg->arena, NULL);
	if (pg->watcher && PQsendQuery(pg->watcher, sql))
		w->asked = true;
	else
		stop_watching(w);
	sd_arena_free(scratch);
}

/* @progress, and who is waited for meanwhile. */
static void
tell(struct sd_pg *pg, const PGresult *progress, const PGresult *blocker)
{
	bool builds = PQntuples(progress) == 1 && !PQgetisnull(progress, 0, 0);
	bool waits = sd_pg_blocker_hear(pg, blocker);
	struct sd_db_progress told = { 0 };
	struct sd_arena *scratch = sd_arena_new();

	if (builds) {
		told.phase = PQgetvalue(progress, 0, 0);
		told.done = strtoull(PQgetvalue(progress, 0, 1), NULL, 10);
		told.total = strtoull(PQgetvalue(progress, 0, 2), NULL, 10);
	}
	if (waits)
		told.phase = sd_fmt(scratch, "%s%s%s%s", builds ? told.phase : "waiting for ",
			builds ? " (" : "", sd_pg_blocker_words(pg), builds ? ")" : "");
	if (told.phase)
		pg->watch(pg->watch_ctx, &told);
	sd_arena_free(scratch);
}

/* Take what the watcher has: the two answers to what ask_progress() asks. */
static void
hear_progress(struct waiting *w)
{
	PGconn *watcher = w->pg->watcher;
	PGresult *result;
	bool good = PQconsumeInput(watcher) == 1;

	while (good && !PQisBusy(watcher)) {
		result = PQgetResult(watcher);
		if (!result) {
			w->asked = false;
			return;
		}
		good = PQresultStatus(result) == PGRES_TUPLES_OK;
		if (good && w->progress)
			tell(w->pg, w->progress, result);
		PQclear(w->progress);
		w->progress = result;
	}
	if (!good)
		stop_watching(w);
}

/* The statement has ended.  An answer that is on its way may name who was in its way; and one
 * that nobody takes would be in the way of the next question. */
static void
leave_watcher(struct waiting *w)
{
	const long long until = now_ms() + FAREWELL;
	struct pollfd fd = { .events = POLLIN };

	while (w->asked && now_ms() < until && !sd_interrupted()) {
		fd.fd = PQsocket(w->pg->watcher);
		if (poll(&fd, 1, (int)(until - now_ms())) > 0)
			hear_progress(w);
	}
	PQclear(w->progress);
	if (!w->asked)
		return;
	PQfinish(w->pg->watcher);
	w->pg->watcher = NULL;
}

/* ---- the first connection ------------------------------------------------------------- */

/* Nothing more is expected of the connection: let libpq see it as closed, or the next command
 * would wait for the end of this one. */
static void
abandon(struct sd_pg *pg)
{
	(void)shutdown(PQsocket(pg->conn), SHUT_RDWR);
	(void)PQconsumeInput(pg->conn);
}

/* Wait at most a tick for something to read.  False when the connection is lost. */
static bool
wait_tick(struct waiting *w)
{
	struct pollfd fds[2] = { { .fd = PQsocket(w->pg->conn), .events = POLLIN } };
	nfds_t n = 1;
	long long now = now_ms(), timeout = TICK;

	if (w->pg->watch && w->next_ask > now && w->next_ask - now < timeout)
		timeout = w->next_ask - now;
	if (w->asked)
		fds[n++] = (struct pollfd){ .fd = PQsocket(w->pg->watcher), .events = POLLIN };
	/* EINTR needs nothing: the handler has sent the cancel, its answer is what comes */
	if (poll(fds, n, (int)timeout) > 0) {
		if (fds[0].revents && !PQconsumeInput(w->pg->conn))
			return false;
		if (n > 1 && fds[1].revents)
			hear_progress(w);
	}
	return true;
}

/* Until a result is there.  False when the connection is lost or given up. */
static bool
await(struct waiting *w)
{
	while (PQisBusy(w->pg->conn)) {
		if (!wait_tick(w))
			return false;
		if (sd_interrupted() && !w->give_up)
			w->give_up = now_ms() + PATIENCE;
		if (w->give_up && now_ms() >= w->give_up && PQisBusy(w->pg->conn)) {
			abandon(w->pg);
			return false;
		}
		if (w->pg->watch && !w->asked && now_ms() >= w->next_ask) {
			w->next_ask = now_ms() + TICK;
			ask_progress(w);
		}
	}
	return true;
}

static bool
is_error(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
	       status == PGRES_NONFATAL_ERROR || status == PGRES_PIPELINE_ABORTED;
}

/* The connection is in the middle of a copy: it has no more results before that has ended. */
static bool
is_copy(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

/* The first error, or else the last result. */
static PGresult *
keep(PGresult *kept, PGresult *result)
{
	if (kept && is_error(kept)) {
		PQclear(result);
		return kept;
	}
	PQclear(kept);
	return result;
}

/* When to ask first: in time, before the statement gives a lock up. */
static long long
first_ask(const struct sd_pg *db)
{
	return db->lock_ms && db->lock_ms / 3 < TICK ? db->lock_ms / 3 : TICK;
}

PGresult *
sd_pg_wait(struct sd_pg *db)
{
	struct waiting w = { .pg = db, .next_ask = now_ms() + first_ask(db) };
	PGresult *kept = NULL, *result;
	bool alive;

	sd_pg_blocker_forget(db);
	while ((alive = await(&w)) && (result = PQgetResult(db->conn)) != NULL) {
		kept = keep(kept, result);
		if (is_copy(kept))
			break;
	}
	leave_watcher(&w);
	if (alive && PQstatus(db->conn) == CONNECTION_OK)
		return kept;
	PQclear(kept);
	return NULL;
}
