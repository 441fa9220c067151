/* PostgreSQL: statements and transactions.
 *
 * Statements go through the extended protocol alone: it takes exactly one, so that what
 * slips past the splitting of a script is an error of the server's, and nothing runs twice.
 * Rows are held whole, which is what the catalog queries want. */
#include "core/db/postgres.h"

#include "core/base/text.h"
#include "core/db/crash.h"
#include "core/db/interrupt.h"
#include "core/db/pg.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define OLDEST 120000 /* server version; what is older lacks catalogs that are read */

struct sd_pg_rows {
	struct sd_rows base;
	PGresult *result;
	int row; /* -1 = before the first */
	struct sd_pg_rows *next_free;
};

static const struct sd_pos nowhere;

/* ---- statements --------------------------------------------------------------------- */

/* What the server warns of is passed on while a statement of a script runs. */
static void
on_notice(void *ctx, const char *message)
{
	struct sd_pg *db = ctx;
	const char *text = strstr(message, ":  "); /* behind the severity's word */
	size_t n;

	if (!db->pos.file)
		return;
	text = text ? text + 3 : message;
	n = strcspn(text, "\n");
	sd_warn(db->base.diags, db->pos, "%.*s", (int)n, text);
}

/* COPY wants a conversation that nobody here has: end it. */
static enum sd_status
end_copy(struct sd_pg *db, ExecStatusType status, struct sd_pos pos)
{
	PGresult *result;
	char *data;

	if (status == PGRES_COPY_IN)
		(void)PQputCopyEnd(db->conn, "COPY FROM STDIN is not possible here");
	while (status == PGRES_COPY_OUT && PQgetCopyData(db->conn, &data, 0) > 0)
		PQfreemem(data);
	while ((result = PQgetResult(db->conn)) != NULL)
		PQclear(result);
	db->base.failure = SD_DB_FAILED;
	return sd_pg_fail_at(
		db, pos, "COPY from STDIN and to STDOUT is not possible in a script");
}

/* @result is a success; otherwise it is reported and cleared. */
static bool
succeeded(struct sd_pg *db, PGresult *result, struct sd_pos pos, const char *sql)
{
	ExecStatusType status = PQresultStatus(result);

	switch (status) {
	case PGRES_EMPTY_QUERY:
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
		return true;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
		(void)end_copy(db, status, pos);
		break;
	default:
		(void)sd_pg_fail(db, result, pos, sql);
	}
	PQclear(result);
	return false;
}

/* Run one statement; NULL after a report. */
static PGresult *
run(struct sd_pg *db, struct sd_pos pos, const char *sql, const char *const *params, size_t n)
{
	PGresult *result;

	sd_pg_batch_end(&db->base);
	db->base.failure = SD_DB_FINE;
	if (sd_pg_check_interrupt(db, pos))
		return NULL;
	db->pos = pos;
	sd_crash_point(sql);
	if (PQsendQueryParams(db->conn, sql, (int)n, NULL, params, NULL, NULL, 0)) {
		sd_crash_point(sql);
		result = sd_pg_wait(db);
	} else {
		result = NULL;
	}
	db->pos = nowhere;
	if (!result) {
		(void)sd_pg_fail(db, NULL, pos, sql);
		return NULL;
	}
	return succeeded(db, result, pos, sql) ? result : NULL;
}

static bool
in_transaction(struct sd_pg *db)
{
	PGTransactionStatusType status = PQtransactionStatus(db->conn);

	return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

#define SHORTEST_WAIT_MS 10

/* lock_timeout counts for each lock: who wants the first of two waits as long as the statement
 * waits for both.  So a transaction shares it out: a statement of a script waits at most half
 * of what is left, since it may need two. */
static enum sd_status
share_lock_timeout(struct sd_pg *db, const char *sql)
{
	unsigned long long ms = db->limits.lock_ms, gone;
	char text[64];
	struct timespec now;
	PGresult *result;
	bool ok;

	db->own_timeout |= strstr(sql, "lock_timeout") != NULL;
	if (!ms || db->own_timeout)
		return SD_OK;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	gone = (unsigned long long)((now.tv_sec - db->began.tv_sec) * 1000 +
				    (now.tv_nsec - db->began.tv_nsec) / 1000000);
	ms = gone < ms ? (ms - gone) / 2 : 0;
	ms = ms > SHORTEST_WAIT_MS ? ms : SHORTEST_WAIT_MS;
	(void)snprintf(text, sizeof text, "SET LOCAL lock_timeout = %llu", ms);
	db->lock_ms = (long long)ms;
	result = PQexec(db->conn, text);
	ok = PQresultStatus(result) == PGRES_COMMAND_OK;
	if (!ok)
		(void)sd_pg_fail(db, result, nowhere, NULL);
	PQclear(result);
	return ok ? SD_OK : SD_ERR;
}

static enum sd_status
pg_exec(struct sd_db *base, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n)
{
	struct sd_pg *db = sd_pg_of(base);
	PGresult *result;

	db->lock_ms = db->own_timeout ? 0 : (long long)db->limits.lock_ms;
	if (pos.file && in_transaction(db) && share_lock_timeout(db, sql))
		return SD_ERR;
	result = run(db, pos, sql, params, n);
	if (!result)
		return SD_ERR;
	base->changes = strtoull(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return SD_OK;
}

/* A cursor over @result, which it owns from now on. */
static struct sd_rows *
rows_of(struct sd_pg *db, PGresult *result)
{
	struct sd_pg_rows *rows = db->free_rows;

	if (rows)
		db->free_rows = rows->next_free;
	else
		rows = sd_new(db->arena, struct sd_pg_rows);
	rows->base.db = &db->base;
	rows->result = result;
	rows->row = -1;
	return &rows->base;
}

static struct sd_rows *
pg_query(struct sd_db *base, struct sd_pos pos, const char *sql, const char *const *params,
	size_t n)
{
	struct sd_pg *db = sd_pg_of(base);
	PGresult *result = run(db, pos, sql, params, n);

	return result ? rows_of(db, result) : NULL;
}

static const struct sd_pg_rows *
rows_at(const struct sd_rows *rows)
{
	return (const struct sd_pg_rows *)(const void *)rows;
}

static enum sd_status
pg_next(struct sd_rows *base)
{
	struct sd_pg_rows *rows = (struct sd_pg_rows *)(void *)base;

	if (rows->row + 1 >= PQntuples(rows->result))
		return SD_NOTFOUND;
	rows->row++;
	return SD_OK;
}

static const char *
pg_text(struct sd_rows *base, size_t i)
{
	const struct sd_pg_rows *rows = rows_at(base);

	if (PQgetisnull(rows->result, rows->row, (int)i))
		return NULL;
	return PQgetvalue(rows->result, rows->row, (int)i);
}

static size_t
pg_count(const struct sd_rows *rows)
{
	return (size_t)PQnfields(rows_at(rows)->result);
}

static const char *
pg_label(const struct sd_rows *rows, size_t i)
{
	return PQfname(rows_at(rows)->result, (int)i);
}

static void
pg_close_rows(struct sd_rows *base)
{
	struct sd_pg_rows *rows = (struct sd_pg_rows *)(void *)base;
	struct sd_pg *db = sd_pg_of(base->db);

	PQclear(rows->result);
	rows->result = NULL;
	rows->next_free = db->free_rows;
	db->free_rows = rows;
}

/* ---- batches ------------------------------------------------------------------------ */

/* Send what libpq holds.  The server's answers are taken meanwhile: it stops to read when
 * nobody takes them, and both would wait for ever. */
static bool
flush(struct sd_pg *db)
{
	struct pollfd fd = { .fd = PQsocket(db->conn), .events = POLLIN | POLLOUT };
	int rc;

	while ((rc = PQflush(db->conn)) == 1) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return false;
		if ((fd.revents & POLLIN) && !PQconsumeInput(db->conn))
			return false;
	}
	return rc == 0;
}

enum sd_status
sd_pg_batch(struct sd_db *base, const char *const *sql, size_t n)
{
	struct sd_pg *db = sd_pg_of(base);
	bool ok;

	sd_pg_batch_end(base);
	base->failure = SD_DB_FINE;
	if (sd_pg_check_interrupt(db, nowhere))
		return SD_ERR;
	ok = PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn);
	db->in_batch = ok;
	db->batch_left = 0;
	for (size_t i = 0; ok && i < n; i++) {
		ok = PQsendQueryParams(db->conn, sql[i], 0, NULL, NULL, NULL, NULL, 0);
		db->batch_left += ok;
	}
	ok = PQpipelineSync(db->conn) && ok;
	if (ok && flush(db))
		return SD_OK;
	(void)sd_pg_fail(db, NULL, nowhere, NULL);
	sd_pg_batch_end(base);
	return SD_ERR;
}

struct sd_rows *
sd_pg_batch_next(struct sd_db *base)
{
	struct sd_pg *db = sd_pg_of(base);
	PGresult *result = NULL, *next;

	base->failure = SD_DB_FINE;
	if (db->in_batch && db->batch_left) {
		db->batch_left--;
		while ((next = PQgetResult(db->conn)) != NULL) { /* NULL ends a statement's */
			PQclear(result);
			result = next;
		}
		if (!result)
			(void)sd_pg_fail(db, NULL, nowhere, NULL);
		else if (succeeded(db, result, nowhere, NULL))
			return rows_of(db, result);
	}
	sd_pg_batch_end(base);
	return NULL;
}

void
sd_pg_batch_end(struct sd_db *base)
{
	struct sd_pg *db = sd_pg_of(base);
	unsigned silence = 0; /* two NULLs one after the other: nothing more will come */
	bool synced = false;
	PGresult *result;

	if (!db->in_batch)
		return;
	db->in_batch = false;
	while (!synced && silence < 2 && PQstatus(db->conn) == CONNECTION_OK) {
		result = PQgetResult(db->conn);
		silence = result ? 0 : silence + 1;
		synced = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	(void)PQexitPipelineMode(db->conn);
	(void)PQsetnonblocking(db->conn, 0);
}

/* ---- transactions and settings ------------------------------------------------------ */

static enum sd_status
pg_begin(struct sd_db *base, const struct sd_wait *wait, bool foreign_keys_off)
{
	struct sd_pg *db = sd_pg_of(base);

	(void)wait; /* lock_timeout says how long each statement waits */
	(void)foreign_keys_off;
	sd_pg_batch_end(base);
	if (in_transaction(db))
		return sd_pg_fail_at(db, nowhere, "a transaction is open already");
	db->own_timeout = false;
	(void)clock_gettime(CLOCK_MONOTONIC, &db->began);
	return pg_exec(base, nowhere, "BEGIN", NULL, 0);
}

static void
pg_rollback(struct sd_db *base)
{
	struct sd_pg *db = sd_pg_of(base);

	sd_pg_batch_end(base);
	if (PQtransactionStatus(db->conn) != PQTRANS_IDLE &&
		PQstatus(db->conn) == CONNECTION_OK)
		PQclear(PQexec(db->conn, "ROLLBACK"));
}

static enum sd_status
pg_commit(struct sd_db *base, const struct sd_wait *wait)
{
	struct sd_pg *db = sd_pg_of(base);
	PGresult *result;
	bool committed;

	(void)wait;
	result = run(db, nowhere, "COMMIT", NULL, 0);
	if (!result)
		return SD_ERR;
	/* COMMIT of a transaction that has failed says ROLLBACK, and that is no error. */
	committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
	PQclear(result);
	if (committed)
		return SD_OK;
	base->failure = SD_DB_FAILED;
	return sd_pg_fail_at(db, nowhere,
		"nothing was committed: a statement of the transaction had failed");
}

/* All of it in one message of the simple protocol: one round trip. */
static enum sd_status
configure(struct sd_pg *db, const char *first)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_buf sql = SD_BUF(scratch);
	PGresult *result;
	bool ok;

	sd_buf_add(&sql, first);
	sd_buf_add(&sql, SD_PG_PINNED);
	if (db->limits.lock_ms)
		sd_buf_addf(&sql, "; SET lock_timeout = %llu", db->limits.lock_ms);
	if (db->limits.statement_ms)
		sd_buf_addf(&sql, "; SET statement_timeout = %llu", db->limits.statement_ms);
	if (db->mode == SD_DB_READ)
		sd_buf_add(&sql, "; SET default_transaction_read_only = on");
	if (!db->base.namespace)
		sd_buf_add(&sql, "; SELECT current_schema(), pg_is_in_recovery()");
	sd_pg_batch_end(&db->base);
	db->base.failure = SD_DB_FINE;
	result = PQexec(db->conn, sd_buf_text(&sql));
	ok = PQresultStatus(result) == PGRES_COMMAND_OK ||
	     PQresultStatus(result) == PGRES_TUPLES_OK;
	if (!ok)
		(void)sd_pg_fail(db, result, nowhere, NULL);
	if (ok && PQntuples(result)) {
		db->standby = *PQgetvalue(result, 0, 1) == 't';
		if (!PQgetisnull(result, 0, 0))
			db->base.namespace = sd_strdup(db->arena, PQgetvalue(result, 0, 0));
	}
	PQclear(result);
	sd_arena_free(scratch);
	return ok ? SD_OK : SD_ERR;
}

/* Why the namespace @wanted is not the default one, and the way out. */
static const struct {
	const char *kind, *words, *hint;
} lost[] = {
	{ "none", "there is no namespace %s",
		"CREATE SCHEMA %s; makes it: no command does that" },
	{ "closed", "this user may not use the namespace %s",
		"an administrator can allow it: GRANT USAGE ON SCHEMA %s TO …" },
	{ "ignored", "the connection has not taken %s for its default namespace",
		"a pooler in between may drop search_path: name the server itself in the URL; "
		"nothing was done to %s" },
};

/* Of a search_path whose first namespace is not there the next one would be written to. */
static enum sd_status
check_namespace(struct sd_pg *db)
{
	static const char why[] =
		"SELECT coalesce((SELECT CASE WHEN pg_catalog.has_schema_privilege(oid, "
		"'USAGE') THEN 'ignored' ELSE 'closed' END FROM pg_catalog.pg_namespace "
		"WHERE nspname OPERATOR(pg_catalog.=) $1), 'none')";
	const char *wanted = db->target->namespace, *kind, *name;
	size_t i = 0;

	if (!wanted || sd_text_equal(wanted, db->base.namespace))
		return SD_OK;
	if (sd_db_value(&db->base, nowhere, why, &wanted, 1, db->arena, &kind))
		return SD_ERR;
	while (strcmp(lost[i].kind, kind) != 0)
		i++;
	name = sd_quote_name(&sd_dialect_postgresql, db->arena, wanted);
	sd_pg_fail_at(db, nowhere, sd_text_replace(db->arena, lost[i].words, "%s", name));
	sd_hint(db->base.diags, "%s", sd_text_replace(db->arena, lost[i].hint, "%s", name));
	return SD_ERR;
}

/* RESET ALL leaves the role as a script has set it. */
static enum sd_status
pg_reset(struct sd_db *base)
{
	return configure(
		sd_pg_of(base), "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; ");
}

static void
pg_limit(struct sd_db *base, const struct sd_limits *limits)
{
	sd_pg_of(base)->limits = *limits;
}

/* Queries outside a transaction wait for no lock that anybody holds for long; lock_timeout
 * speaks for all statements. */
static void
pg_patience(struct sd_db *base, const struct sd_wait *wait)
{
	(void)base;
	(void)wait;
}

/* ---- opening ------------------------------------------------------------------------ */

/* Runs in a signal handler: PQcancel() is made for that. */
static void
cancel(void *connection)
{
	struct sd_pg *db = connection;
	char why[256];

	(void)PQcancel(db->cancel, why, (int)sizeof why);
}

static void
close_connection(void *ctx)
{
	struct sd_pg *db = ctx;

	sd_interrupt_cancels(NULL, db);
	if (db->watcher)
		PQfinish(db->watcher);
	if (db->cancel)
		PQfreeCancel(db->cancel);
	if (db->conn)
		PQfinish(db->conn);
}

/* The connection outlives whatever its target was made in. */
static const struct sd_target *
copy_target(struct sd_arena *arena, const struct sd_target *from)
{
	struct sd_target *to = sd_new(arena, struct sd_target);

	to->dialect = from->dialect;
	for (uint32_t i = 0; i < from->keys.n; i++) {
		*sd_push(arena, &to->keys) = sd_strdup(arena, from->keys.at[i]);
		*sd_push(arena, &to->values) = sd_strdup(arena, from->values.at[i]);
	}
	to->masked = sd_strdup(arena, from->masked ? from->masked : "");
	to->origin = sd_strdup(arena, from->origin);
	to->identity = sd_strdup(arena, from->identity);
	to->namespace = sd_strdup(arena, from->namespace);
	to->is_protected = from->is_protected;
	return to;
}

static enum sd_status
load_library(struct sd_pg *db)
{
	const char *why;

	if (sd_libpq_load(&why))
		return SD_OK;
	sd_fail(db->base.diags, SD_CLASS_DATABASE, nowhere,
		"libpq, the client library of PostgreSQL, cannot be used: %s", why);
	sd_hint(db->base.diags,
		"install version 14 or newer of it (Debian, Ubuntu: apt-get install libpq5)");
	return SD_ERR;
}

static enum sd_status
check_version(struct sd_pg *db)
{
	int version = PQserverVersion(db->conn);
	const char *text = PQparameterStatus(db->conn, "server_version");

	db->base.version = version;
	if (version >= OLDEST)
		return SD_OK;
	return sd_fail(db->base.diags, SD_CLASS_DATABASE, nowhere,
		"database %s: PostgreSQL %s is not supported: schemadiff works with 12 to 18",
		db->target->masked, text ? text : "of an unknown version");
}

static struct sd_db *
pg_open(const struct sd_target *target, enum sd_db_mode mode, struct sd_diags *diags)
{
	struct sd_arena *arena = sd_arena_new();
	struct sd_pg *db = sd_new(arena, struct sd_pg);

	db->arena = arena;
	db->base.driver = &sd_driver_postgres;
	db->base.diags = db->user = diags;
	db->mode = mode;
	db->target = copy_target(arena, target);
	if (load_library(db))
		goto failed;
	sd_arena_defer(arena, close_connection, db);
	db->conn = sd_pg_connect(db->target, arena, diags);
	if (!db->conn || check_version(db))
		goto failed;
	(void)PQsetNoticeProcessor(db->conn, on_notice, db);
	db->cancel = PQgetCancel(db->conn);
	if (db->cancel)
		sd_interrupt_cancels(cancel, db);
	if (configure(db, "") || check_namespace(db))
		goto failed;
	return &db->base;
failed:
	sd_arena_free(arena);
	return NULL;
}

static void
pg_close(struct sd_db *base)
{
	struct sd_pg *maker = sd_pg_of(base)->maker;
	const char *scratch = sd_pg_of(base)->scratch;

	sd_arena_free(sd_pg_of(base)->arena);
	if (maker)
		sd_pg_drop_scratch(maker, scratch);
}

static bool
pg_exists(const struct sd_target *target)
{
	(void)target;
	return true;
}

const struct sd_driver sd_driver_postgres = {
	.dialect = &sd_dialect_postgresql,
	.library = sd_libpq_version,
	.open = pg_open,
	.close = pg_close,
	.exists = pg_exists,
	.scratch = sd_pg_scratch,
	.exec = pg_exec,
	.query = pg_query,
	.next = pg_next,
	.text = pg_text,
	.count = pg_count,
	.label = pg_label,
	.close_rows = pg_close_rows,
	.begin = pg_begin,
	.commit = pg_commit,
	.rollback = pg_rollback,
	.reset = pg_reset,
	.patience = pg_patience,
	.same_expressions = sd_pg_same_expressions,
	.limit = pg_limit,
	.lock = sd_pg_lock,
	.unlock = sd_pg_unlock,
	.takes_changes = sd_pg_takes_changes,
	.watch = sd_pg_watch,
	.settle = sd_pg_settle,
};
