/* A connection to a server, and why there is none.
 *
 * PQconnectdb() can't be ended by a signal: it waits again after each.  So the connection is
 * made step by step (PQconnectPoll), and connect_timeout, which only PQconnectdb() heeds, is
 * kept here.  A server address that takes too long is given up by shutting the socket down
 * under libpq: it then goes on to the next address by itself. */
#include "core/base/text.h"
#include "core/db/interrupt.h"
#include "core/db/pg.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define DEFAULT_TIMEOUT 10 /* seconds, for one address */
#define GRACE_MS 1000      /* for libpq to notice that its socket is shut */

enum outcome { CONNECTED, FAILED, TIMED_OUT, INTERRUPTED };

struct attempt {
	const struct sd_target *target;
	struct sd_arena *arena;
	struct sd_diags *diags;
	PGconn *conn;
	long timeout_ms; /* 0 = none */
};

/* ---- why there is none -------------------------------------------------------------- */

/* What libpq's message contains, what that means, and the way out: libpq has no error codes
 * for connections.  $db and $user are put in.  The first row that fits counts, so what a
 * server said comes before what is said of a host that was tried in vain. */
static const struct {
	const char *has, *and, *words, *hint;
} reasons[] = {
	{ "no password supplied", "", "the server asks for a password, and none was given",
		"put it into the URL, into the environment variable PGPASSWORD or into "
		"~/.pgpass" },
	{ "password authentication failed", "",
		"the password of user \"$user\" is wrong, or there is no such user",
		"it comes from the URL, the environment variable PGPASSWORD or ~/.pgpass" },
	{ "database \"", "does not exist", "there is no database \"$db\" on the server",
		"create it (createdb $db), or correct the URL" },
	{ "role \"", "does not exist", "there is no user \"$user\" on the server",
		"create it (createuser $user), or name another one in the URL" },
	{ "role \"", "is not permitted to log in", "user \"$user\" may not log in",
		"an administrator can allow it: ALTER ROLE \"$user\" LOGIN" },
	{ "permission denied for database", "",
		"user \"$user\" may not connect to database \"$db\"",
		"an administrator can allow it: GRANT CONNECT ON DATABASE \"$db\" TO "
		"\"$user\"" },
	{ "not currently accepting connections", "",
		"the database is closed to everybody (ALLOW_CONNECTIONS false)",
		"name another database in the URL" },
	{ "Peer authentication failed", "",
		"the server lets a user in only under the same name of the operating system",
		"run as that user, or give host=localhost and a password" },
	{ "Ident authentication failed", "",
		"the server lets a user in only under the same name of the operating system",
		"run as that user, or have pg_hba.conf ask for a password" },
	{ "pg_hba.conf", "", "the server's pg_hba.conf does not let this connection in",
		"add a line for this user, database and host to it and reload the server, or "
		"try another sslmode" },
	{ "too many clients", "", "the server has no connection left",
		"try again later, end idle sessions, or raise max_connections" },
	{ "connection slots are reserved", "", "the server has no connection left",
		"try again later, end idle sessions, or raise max_connections" },
	{ "too many connections", "",
		"the user or the database has all the connections that it may have",
		"try again later, or raise its CONNECTION LIMIT" },
	{ "the database system is", "", "the server is starting, stopping or recovering",
		"try again in a moment" },
	{ "received invalid response", "", "what answers there is no PostgreSQL server",
		"check host and port" },
	{ "expected authentication request", "", "what answers there is no PostgreSQL server",
		"check host and port" },
	{ "server does not support SSL", "", "the server has no SSL, which sslmode asks for",
		"switch SSL on in the server, or give another sslmode" },
	{ "certificate", "", "the certificates of server and client do not fit",
		"check sslrootcert, sslcert, sslkey and sslmode" },
	{ "private key", "", "the client's key is not usable",
		"check sslkey: the file must belong to you, and nobody else may read it" },
	{ "SSL", "", "no encrypted connection came about",
		"check sslmode and ssl_min_protocol_version" },
	{ "session is", "read-only", "no server is what target_session_attrs asks for",
		"check target_session_attrs and the list of hosts" },
	{ "server is", "standby mode", "no server is what target_session_attrs asks for",
		"check target_session_attrs and the list of hosts" },
	{ "unrecognized configuration parameter", "",
		"the options of the connection name a setting that the server has not",
		"check PGOPTIONS, and options in the URL" },
	{ "unsupported startup parameter", "", "a pooler in between refuses the connection's options",
		"name the server itself in the URL; the namespaces of tenants, PGOPTIONS, and "
		"options in the URL are such options" },
	{ "invalid ", " value", "a parameter of the connection has a value that it cannot have",
		"check the parameters in the URL, and the environment variables of libpq" },
	{ "definition of service", "", "the service is not defined",
		"check ~/.pg_service.conf, PGSERVICEFILE and the name of the service" },
	{ "could not translate host name", "", "there is no such host",
		"check the host in the URL, or PGHOST" },
	{ "Connection refused", "", "no server answers there",
		"is it running, and on that port? host and port come from the URL, or from "
		"PGHOST and PGPORT" },
	{ "on socket", "No such file or directory", "no server answers there",
		"is it running, and is its socket in that folder? host and port come from the "
		"URL, or from PGHOST and PGPORT" },
	{ "Permission denied", "", "this user may not use the server's socket",
		"check the permissions of the socket and its folder, or give host=localhost" },
	{ "Network is unreachable", "", "the network does not reach the host",
		"check the host in the URL, the network and the firewall" },
	{ "No route to host", "", "the network does not reach the host",
		"check the host in the URL, the network and the firewall" },
	{ "timed out", "", "the server does not answer in time",
		"check host, port and firewall, or give a longer connect_timeout" },
	{ "server closed the connection", "", "the server hung up",
		"is it a PostgreSQL server? its log says why" },
	{ "", "", "no connection came about", NULL },
};

/* One line of libpq's several, without what it guesses ("\n\tIs the server running …?") and
 * what it says again of a second attempt. */
static const char *
squeeze(struct sd_arena *arena, const char *message)
{
	struct sd_buf out = SD_BUF(arena);
	const char *line;
	size_t n;

	for (; *message; message += n + (message[n] == '\n')) {
		n = strcspn(message, "\n");
		line = sd_strndup(arena, message, n);
		if (!n || *message == '\t' || strstr(sd_buf_text(&out), line))
			continue;
		sd_buf_sep(&out, "; ");
		sd_buf_add(&out, line);
	}
	return sd_text_squeeze(arena, sd_buf_text(&out));
}

static const char *
fill_in(const struct attempt *a, const char *text)
{
	const char *db = PQdb(a->conn), *user = PQuser(a->conn);

	text = sd_text_replace(a->arena, text, "$db", db ? db : "");
	return sd_text_replace(a->arena, text, "$user", user ? user : "");
}

static void
fail_reason(const struct attempt *a)
{
	const char *reason = squeeze(a->arena, PQerrorMessage(a->conn)), *origin;
	size_t i = 0;

	while (!strstr(reason, reasons[i].has) || !strstr(reason, reasons[i].and))
		i++;
	sd_fail(a->diags, SD_CLASS_DATABASE, (struct sd_pos){ 0 }, "database %s: %s (%s)",
		a->target->masked, fill_in(a, reasons[i].words), reason);
	origin = a->target->origin;
	if (reasons[i].hint)
		sd_hint(a->diags, "%s%s%s%s", fill_in(a, reasons[i].hint),
			origin ? " (the URL is from " : "", origin ? origin : "",
			origin ? ")" : "");
}

static void
fail(const struct attempt *a, enum outcome outcome)
{
	static const struct sd_pos none;

	if (!a->diags)
		return;
	switch (outcome) {
	case INTERRUPTED:
		sd_fail(a->diags, SD_CLASS_DATABASE, none, "database %s: interrupted",
			a->target->masked);
		break;
	case TIMED_OUT:
		sd_fail(a->diags, SD_CLASS_DATABASE, none,
			"database %s: the server does not answer within %ld seconds",
			a->target->masked, a->timeout_ms / 1000);
		sd_hint(a->diags,
			"check host, port and firewall, or give a longer connect_timeout");
		break;
	default:
		fail_reason(a);
	}
}

/* ---- connecting --------------------------------------------------------------------- */

static long
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* connect_timeout as URL, environment or service file has it; libpq takes 1 for 2. */
static long
timeout_of(PGconn *conn)
{
	PQconninfoOption *options = PQconninfo(conn);
	long seconds = DEFAULT_TIMEOUT, value;
	char *end;

	for (PQconninfoOption *o = options; o && o->keyword; o++) {
		if (strcmp(o->keyword, "connect_timeout") != 0 || !o->val)
			continue;
		value = strtol(o->val, &end, 10);
		if (end != o->val)
			seconds = value;
	}
	PQconninfoFree(options);
	if (seconds <= 0)
		return 0;
	return (seconds < 2 ? 2 : seconds > 86400 ? 86400 : seconds) * 1000;
}

/* Wait until libpq can go on; false when @deadline (0 = none) has passed.  The wait is short:
 * a signal that comes just before poll() does not end it. */
static bool
wait_for(const struct attempt *a, PostgresPollingStatusType wanted, long deadline)
{
	struct pollfd fd = { .fd = PQsocket(a->conn) };
	long left;
	int n;

	fd.events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
	do {
		left = deadline ? deadline - now_ms() : 100;
		if (left <= 0)
			return false;
		n = poll(&fd, 1, left < 100 ? (int)left : 100);
	} while ((n == 0 || (n < 0 && errno == EINTR)) && !sd_interrupted());
	return true;
}

static enum outcome
connect_to(struct attempt *a)
{
	PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
	long deadline = a->timeout_ms ? now_ms() + a->timeout_ms : 0;
	bool shut = false;

	if (PQstatus(a->conn) == CONNECTION_BAD)
		return FAILED;
	while (wanted != PGRES_POLLING_OK) {
		if (sd_interrupted())
			return INTERRUPTED;
		if (!wait_for(a, wanted, deadline)) {
			if (shut || shutdown(PQsocket(a->conn), SHUT_RDWR) != 0)
				return TIMED_OUT;
			shut = true;
			deadline = now_ms() + GRACE_MS;
			continue;
		}
		if (sd_interrupted())
			return INTERRUPTED;
		wanted = PQconnectPoll(a->conn);
		if (wanted == PGRES_POLLING_FAILED)
			return shut ? TIMED_OUT : FAILED;
		if (shut) {
			shut = false;
			deadline = now_ms() + a->timeout_ms;
		}
	}
	return CONNECTED;
}

/* What the server says while no script runs is not for the user. */
static void
drop_notice(void *ctx, const char *message)
{
	(void)ctx;
	(void)message;
}

static PGconn *
start(const struct sd_target *target, struct sd_arena *arena)
{
	SD_VEC(const char *) keys = { 0 }, values = { 0 };

	for (uint32_t i = 0; i < target->keys.n; i++) {
		if (strcmp(target->keys.at[i], "client_encoding") == 0)
			continue;
		*sd_push(arena, &keys) = target->keys.at[i];
		*sd_push(arena, &values) = target->values.at[i];
	}
	*sd_push(arena, &keys) = "client_encoding";
	*sd_push(arena, &values) = "UTF8";
	if (sd_names_find(&target->keys, "fallback_application_name") < 0) {
		*sd_push(arena, &keys) = "fallback_application_name";
		*sd_push(arena, &values) = "schemadiff";
	}
	*sd_push(arena, &keys) = NULL;
	*sd_push(arena, &values) = NULL;
	return PQconnectStartParams(keys.at, values.at, 0);
}

/* There is nothing to cancel yet; that there is one to ask lets the wait end with a report. */
static void
cancel_nothing(void *connection)
{
	(void)connection;
}

PGconn *
sd_pg_connect(const struct sd_target *target, struct sd_arena *arena, struct sd_diags *diags)
{
	struct attempt a = { .target = target, .arena = arena, .diags = diags };
	enum outcome outcome;

	a.conn = start(target, arena);
	if (!a.conn)
		sd_bug("libpq is out of memory");
	(void)PQsetNoticeProcessor(a.conn, drop_notice, NULL);
	a.timeout_ms = timeout_of(a.conn);
	sd_interrupt_cancels(cancel_nothing, a.conn);
	outcome = connect_to(&a);
	sd_interrupt_cancels(NULL, a.conn);
	if (outcome == CONNECTED)
		return a.conn;
	fail(&a, outcome);
	PQfinish(a.conn);
	return NULL;
}
