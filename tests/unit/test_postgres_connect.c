#include "core/db/interrupt.h"
#include "tests/unit/postgres_helper.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- connections that come to nothing ------------------------------------------------- */

/* What a pretended server answers to the startup message. */
enum answer { REFUSES, ASKS_PASSWORD, IS_OLD, HANGS_UP, IS_SOMETHING_ELSE, SAYS_NOTHING };

static void
put(int fd, const void *bytes, size_t n)
{
	(void)!send(fd, bytes, n, MSG_NOSIGNAL);
}

/* A message of the protocol: type, length, body. */
static void
put_message(int fd, char type, const void *body, size_t n)
{
	unsigned char head[5] = { (unsigned char)type, 0, 0, (unsigned char)((n + 4) >> 8),
		(unsigned char)(n + 4) };

	put(fd, head, sizeof head);
	put(fd, body, n);
}

static void
answer_as(int fd, enum answer answer, const char *message)
{
	static const char version[] = "server_version\0"
				      "11.5";
	char body[512];
	int n;

	switch (answer) {
	case REFUSES:
		n = snprintf(body, sizeof body, "SFATAL%cVFATAL%cC28000%cM%s%c%c", 0, 0, 0,
			message, 0, 0);
		put_message(fd, 'E', body, (size_t)n);
		break;
	case ASKS_PASSWORD:
		put_message(fd, 'R', "\0\0\0\3", 4);
		break;
	case IS_OLD:
		put_message(fd, 'R', "\0\0\0\0", 4);
		put_message(fd, 'S', version, sizeof version);
		put_message(fd, 'Z', "I", 1);
		break;
	case HANGS_UP:
		break;
	case IS_SOMETHING_ELSE:
		put(fd, "HTTP/1.1 400 Bad Request\r\n", 26);
		break;
	case SAYS_NOTHING:
		sleep_ms(60000);
		break;
	}
}

/* A process that listens where libpq looks for the server of port 5432 in @f->dir. */
static void
pretend(struct fixture *f, enum answer answer, const char *message)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	char startup[1024];

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", f->dir);
	(void)unlink(address.sun_path);
	assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listening, 5), 0);
	f->server = fork();
	if (f->server == 0) {
		for (;;) {
			fd = accept(listening, NULL, NULL);
			(void)!read(fd, startup, sizeof startup);
			answer_as(fd, answer, message);
			(void)shutdown(fd, SHUT_WR);
			while (read(fd, startup, sizeof startup) > 0)
				;
			(void)close(fd);
		}
	}
	(void)close(listening);
}

static void
dismiss(struct fixture *f)
{
	(void)kill(f->server, SIGKILL);
	(void)waitpid(f->server, NULL, 0);
	f->server = 0;
}

static const struct {
	enum answer answer;
	const char *message, *error, *hint;
} failures[] = {
	{ REFUSES, "database \"shop\" does not exist",
		"there is no database \"shop\" on the server",
		"create it (createdb shop), or correct the URL" },
	{ REFUSES, "unsupported startup parameter: options",
		"a pooler in between refuses the connection's options",
		"name the server itself in the URL; the namespaces of tenants, PGOPTIONS, and "
		"options in the URL are such options" },
	{ REFUSES, "role \"ann\" does not exist", "there is no user \"ann\" on the server",
		"create it (createuser ann), or name another one in the URL" },
	{ REFUSES, "password authentication failed for user \"ann\"",
		"the password of user \"ann\" is wrong, or there is no such user",
		"it comes from the URL, the environment variable PGPASSWORD or "
		"~/.pgpass" },
	{ REFUSES, "Peer authentication failed for user \"ann\"",
		"the server lets a user in only under the same name of the operating "
		"system",
		"run as that user, or give host=localhost and a password" },
	{ REFUSES, "no pg_hba.conf entry for host \"[local]\", user \"ann\"",
		"the server's pg_hba.conf does not let this connection in",
		"add a line for this user, database and host to it and reload the "
		"server, or try another sslmode" },
	{ REFUSES, "sorry, too many clients already", "the server has no connection left",
		"try again later, end idle sessions, or raise max_connections" },
	{ REFUSES, "the database system is starting up",
		"the server is starting, stopping or recovering", "try again in a moment" },
	{ REFUSES, "role \"ann\" is not permitted to log in", "user \"ann\" may not log in",
		"an administrator can allow it: ALTER ROLE \"ann\" LOGIN" },
	{ REFUSES, "permission denied for database \"shop\"",
		"user \"ann\" may not connect to database \"shop\"",
		"an administrator can allow it: GRANT CONNECT ON DATABASE \"shop\" TO "
		"\"ann\"" },
	{ REFUSES, "unheard of", "no connection came about", NULL },
	{ ASKS_PASSWORD, NULL, "the server asks for a password, and none was given",
		"put it into the URL, into the environment variable PGPASSWORD or into "
		"~/.pgpass" },
	{ HANGS_UP, NULL, "the server hung up", "is it a PostgreSQL server? its log says why" },
	{ IS_SOMETHING_ELSE, NULL, "what answers there is no PostgreSQL server",
		"check host and port" },
};

static void
every_failed_connection_has_its_words(void **state)
{
	struct fixture *f = *state;
	const char *text, *start, *hint;

	aim(f, sd_fmt(f->arena, "host=%s port=5432 user=ann dbname=shop passfile=%s/none",
		       f->dir, f->dir));
	for (size_t i = 0; i < SD_COUNT(failures); i++) {
		pretend(f, failures[i].answer, failures[i].message);
		assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
		dismiss(f);
		assert_int_equal(sd_diags_exit(&f->diags), SD_CLASS_DATABASE);
		text = said(f);
		start = sd_fmt(f->arena, "error: database postgresql://db: %s (connection to",
			failures[i].error);
		hint = failures[i].hint ? sd_fmt(f->arena, ")\nhint: %s\n", failures[i].hint)
					: ")\n";
		if (!sd_text_starts(text, start) || !strstr(text, hint) ||
			(failures[i].message && !strstr(text, failures[i].message)))
			fail_msg("%s", text);
	}
}

static void
nobody_listens(void **state)
{
	struct fixture *f = *state;

	aim(f, sd_fmt(f->arena, "host=%s port=5432 user=ann dbname=shop", f->dir));
	f->target.origin = "--url";
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	expect_said(f,
		"error: database postgresql://db: no server answers there (connection "
		"to server on socket \"DIR/.s.PGSQL.5432\" failed: No such file or "
		"directory)\n"
		"hint: is it running, and is its socket in that folder? host and port "
		"come from the URL, or from PGHOST and PGPORT (the URL is from --url)\n");
	f->target.origin = NULL;
	aim(f, "host=127.0.0.1 port=1 user=ann dbname=shop");
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	expect_said(f, "error: database postgresql://db: no server answers there (connection "
		       "to server at \"127.0.0.1\", port 1 failed: Connection refused)\n"
		       "hint: is it running, and on that port? host and port come from the "
		       "URL, or from PGHOST and PGPORT\n");
	aim(f, "host=nowhere.invalid user=ann dbname=shop");
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_non_null(strstr(said(f), "there is no such host (could not translate host name "
					"\"nowhere.invalid\" to address: "));
	aim(f, "service=nosuchservice");
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_non_null(strstr(said(f), "the service is not defined (definition of service "
					"\"nosuchservice\" not found)\n"));
}

static void
old_servers_are_refused(void **state)
{
	struct fixture *f = *state;

	aim(f, sd_fmt(f->arena, "host=%s port=5432 user=ann dbname=shop", f->dir));
	pretend(f, IS_OLD, NULL);
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	expect_said(f, "error: database postgresql://db: PostgreSQL 11.5 is not supported: "
		       "schemadiff works with 12 to 18\n");
}

static void
silent_servers_are_given_up(void **state)
{
	struct fixture *f = *state;
	long since = now_ms();

	aim(f, sd_fmt(f->arena, "host=%s port=5432 user=ann dbname=shop connect_timeout=2",
		       f->dir));
	pretend(f, SAYS_NOTHING, NULL);
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_in_range(now_ms() - since, 1900, 3500);
	expect_said(f, "error: database postgresql://db: the server does not answer within 2 "
		       "seconds\n"
		       "hint: check host, port and firewall, or give a longer "
		       "connect_timeout\n");
}

/* A port of this host whose queue is full: who connects to it hears nothing. */
static unsigned
deaf_port(int *sockets, size_t n)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(sockets[0], (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(sockets[0], 0), 0);
	assert_int_equal(getsockname(sockets[0], (struct sockaddr *)&address, &size), 0);
	for (size_t i = 1; i < n; i++) {
		sockets[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(sockets[i], (struct sockaddr *)&address, sizeof address);
	}
	return ntohs(address.sin_port);
}

static void
the_next_host_is_tried_in_time(void **state)
{
	struct fixture *f = *state;
	long since = now_ms();
	int sockets[4];
	unsigned port = deaf_port(sockets, SD_COUNT(sockets));

	pretend(f, REFUSES, "the database system is starting up");
	aim(f, sd_fmt(f->arena,
		       "host=127.0.0.1,%s port=%u,5432 user=ann dbname=shop connect_timeout=2",
		       f->dir, port));
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_in_range(now_ms() - since, 1900, 3500);
	assert_non_null(strstr(said(f), ": the server is starting, stopping or recovering ("));

	since = now_ms();
	aim(f, sd_fmt(f->arena, "host=127.0.0.1 port=%u user=ann dbname=shop connect_timeout=2",
		       port));
	assert_null(sd_db_open(&f->target, SD_DB_READ, &f->diags));
	assert_in_range(now_ms() - since, 1900, 3500);
	expect_said(f, "error: database postgresql://db: the server does not answer within 2 "
		       "seconds\n"
		       "hint: check host, port and firewall, or give a longer "
		       "connect_timeout\n");
	for (size_t i = 0; i < SD_COUNT(sockets); i++)
		(void)close(sockets[i]);
}

/* ---- Ctrl-C ------------------------------------------------------------------------- */

/* Run @body in a process of its own, which is sent SIGINT after 300 ms; 0 = it was content,
 * a negative number = the signal that killed it. */
static int
interrupt(struct fixture *f, int (*body)(struct fixture *f))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		(void)signal(SIGINT, SIG_DFL); /* what runs in the background ignores it */
		sd_interrupt_catch();
		_exit(body(f));
	}
	sleep_ms(300);
	(void)kill(child, SIGINT);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int
connects(struct fixture *f)
{
	long since = now_ms();

	if (sd_db_open(&f->target, SD_DB_READ, &f->diags))
		return 1;
	if (now_ms() - since > 1000)
		return 2;
	return strcmp(said(f), "error: database postgresql://db: interrupted\n") ? 3 : 0;
}

static void
interrupt_ends_connecting(void **state)
{
	struct fixture *f = *state;

	aim(f, sd_fmt(f->arena, "host=%s port=5432 user=ann dbname=shop", f->dir));
	pretend(f, SAYS_NOTHING, NULL);
	assert_int_equal(interrupt(f, connects), 0);
}

static int
dawdles(struct fixture *f)
{
	(void)f;
	while (!sd_interrupted())
		sleep_ms(10);
	if (sd_interrupted() != SIGINT)
		return 1;
	(void)raise(SIGINT);
	return 2;
}

static void
second_interrupt_kills(void **state)
{
	assert_int_equal(interrupt(*state, dawdles), -SIGINT);
}

static int
runs_long(struct fixture *f)
{
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	const struct sd_pos pos = { "up.sql", 3, 1 };
	long since;

	if (sd_db_begin(db, &at_once, false) || sd_db_exec(db, nowhere, "CREATE TABLE gone ()"))
		return 1;
	since = now_ms();
	if (sd_db_exec(db, pos, "SELECT pg_sleep(20)") != SD_ERR)
		return 2;
	if (now_ms() - since > 1000)
		return 3;
	if (sd_db_failure(db) != SD_DB_INTERRUPTED)
		return 4;
	if (strcmp(said(f), "up.sql:3:1: error: interrupted\n") != 0)
		return 5;
	sd_db_rollback(db);
	if (sd_db_exec(db, nowhere, "SELECT 1") || sd_db_failure(db) != SD_DB_FINE)
		return 6; /* what cleans up works */
	if (sd_db_exec(db, nowhere, "SELECT FROM gone") == SD_OK)
		return 7;
	sd_db_close(db);
	return 0;
}

static int
comes_late(struct fixture *f)
{
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	struct sd_diags silent = { .arena = f->arena };
	const char *const batch[] = { "SELECT 1" };

	while (!sd_interrupted())
		sleep_ms(10);
	/* pressed between two statements: the next one does not begin, and none until the
	 * user has been told */
	db->diags = &silent;
	for (int i = 0; i < 2; i++)
		if (sd_db_exec(db, nowhere, "SELECT 1") != SD_ERR ||
			sd_db_failure(db) != SD_DB_INTERRUPTED)
			return 1;
	db->diags = &f->diags;
	if (sd_pg_batch(db, batch, 1) != SD_ERR || sd_db_failure(db) != SD_DB_INTERRUPTED)
		return 2;
	if (sd_db_exec(db, nowhere, "SELECT 1") != SD_OK)
		return 3;
	sd_db_close(db);
	return 0;
}

static void
interrupt_ends_statements(void **state)
{
	assert_int_equal(interrupt(*state, runs_long), 0);
	assert_int_equal(interrupt(*state, comes_late), 0);
}

static int
waits_for_lock(struct fixture *f)
{
	const struct sd_wait long_wait = { .seconds = 20 };
	struct sd_db *db = open_db(f, SD_DB_WRITE);
	long since = now_ms();

	if (sd_db_lock(db, "app", &long_wait) != SD_ERR)
		return 1;
	if (sd_db_failure(db) != SD_DB_INTERRUPTED || now_ms() - since > 1000)
		return 2;
	sd_db_close(db);
	return 0;
}

static void
interrupt_ends_the_wait_for_the_lock(void **state)
{
	struct fixture *f = *state;
	struct sd_db *db = open_db(f, SD_DB_WRITE);

	assert_int_equal(sd_db_lock(db, "app", &at_once), SD_OK);
	assert_int_equal(interrupt(f, waits_for_lock), 0);
	sd_db_close(db);
}

int
main(void)
{
	static const struct CMUnitTest pretended[] = {
		cmocka_unit_test_setup_teardown(
			every_failed_connection_has_its_words, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_listens, setup, teardown),
		cmocka_unit_test_setup_teardown(old_servers_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(silent_servers_are_given_up, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_next_host_is_tried_in_time, setup, teardown),
		cmocka_unit_test_setup_teardown(interrupt_ends_connecting, setup, teardown),
		cmocka_unit_test_setup_teardown(second_interrupt_kills, setup, teardown),
	};
	static const struct CMUnitTest live[] = {
		cmocka_unit_test_setup_teardown(interrupt_ends_statements, setup, teardown),
		cmocka_unit_test_setup_teardown(
			interrupt_ends_the_wait_for_the_lock, setup, teardown),
	};
	int failed = cmocka_run_group_tests_name("postgres_connect", pretended, NULL, NULL);

	if (!getenv("SD_TEST_PG"))
		return failed + skipped();
	return failed + cmocka_run_group_tests_name("postgres_connect", live, NULL, NULL);
}
