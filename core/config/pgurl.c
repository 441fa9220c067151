/* PostgreSQL's URLs and key=value strings are taken apart here, and the driver is given the
 * pieces: libpq's own message about a malformed string quotes it whole, password included.
 * So no message of this file quotes anything but a keyword.
 *
 * Grammar: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING */
#include "core/config/pgurl.h"

#include "core/base/text.h"
#include "core/config/pgservice.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parse {
	struct sd_pos pos;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_target *target;
	struct sd_buf masked; /* the text so far, secrets as *** */
};

/* Keywords whose values are secrets. */
static const char *const secrets[] = { "password", "sslpassword", "oauth_client_secret",
	"scram_client_key", "scram_server_key", NULL };

/* The others: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS */
static const char *const keywords[] = { "application_name", "channel_binding",
	"client_encoding", "connect_timeout", "dbname", "fallback_application_name",
	"gssdelegation", "gssencmode", "gsslib", "host", "hostaddr", "keepalives",
	"keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname",
	"load_balance_hosts", "max_protocol_version", "min_protocol_version", "oauth_client_id",
	"oauth_issuer", "oauth_scope", "options", "passfile", "port", "replication",
	"require_auth", "requirepeer", "service", "servicefile", "sslcert", "sslcertmode",
	"sslcompression", "sslcrl", "sslcrldir", "sslkey", "sslkeylogfile",
	"ssl_max_protocol_version", "ssl_min_protocol_version", "sslmode", "sslnegotiation",
	"sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout", "tty", "user",
	NULL };

/* What stands for a missing keyword, as libpq has it. */
static const struct {
	const char *key, *variable, *fallback;
} defaults[] = {
	{ "host", "PGHOST", "" },
	{ "hostaddr", "PGHOSTADDR", "" },
	{ "port", "PGPORT", "5432" },
	{ "user", "PGUSER", "" },
	{ "dbname", "PGDATABASE", NULL },
};

static bool
is_one_of(const char *const *words, const char *word)
{
	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static bool
is_secret(const char *key)
{
	return is_one_of(secrets, key);
}

/* A keyword that libpq lacks is reported without its name: in a string whose quotes are
 * wrong, what stands there may be a piece of the password. */
static enum sd_status
check_keyword(struct parse *p, const char *key)
{
	const char *near;

	if (is_one_of(keywords, key) || is_secret(key))
		return SD_OK;
	near = sd_text_nearest(key, keywords);
	if (!near)
		near = sd_text_nearest(key, secrets);
	sd_error(p->diags, p->pos, "the connection string has a parameter that libpq has not");
	if (near)
		sd_hint(p->diags, "did you mean \"%s\"?", near);
	return SD_ERR;
}

static const char *
value_of(const struct sd_target *target, const char *key)
{
	long at = sd_names_find(&target->keys, key);

	return at < 0 ? NULL : target->values.at[at];
}

/* A keyword given twice: the last one counts, as in libpq. */
static void
set(struct parse *p, const char *key, const char *value)
{
	long at = sd_names_find(&p->target->keys, key);

	if (at >= 0) {
		p->target->values.at[at] = value;
		return;
	}
	*sd_push(p->arena, &p->target->keys) = key;
	*sd_push(p->arena, &p->target->values) = value;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* @len bytes at @text without percent escapes; NULL after a report. */
static const char *
decode(struct parse *p, const char *text, size_t len)
{
	struct sd_buf out = SD_BUF(p->arena);

	for (size_t i = 0; i < len; i++) {
		int high = -1, low = -1;

		if (text[i] != '%') {
			sd_buf_addc(&out, text[i]);
			continue;
		}
		if (i + 2 < len) {
			high = hex_digit(text[i + 1]);
			low = hex_digit(text[i + 2]);
		}
		if (high < 0 || low < 0 || !(high | low)) {
			sd_error(p->diags, p->pos,
				"the database URL has a %% that is not followed by two hex "
				"digits "
				"(and not 00)");
			sd_hint(p->diags, "a %% itself is written %%25");
			return NULL;
		}
		sd_buf_addc(&out, (char)(high * 16 + low));
		i += 2;
	}
	return sd_buf_text(&out);
}

/* Append a piece of the text to what people see: a secret as ***. */
static void
show(struct parse *p, const char *text, size_t len, bool secret)
{
	if (!secret)
		sd_buf_addn(&p->masked, text, len);
	else if (len)
		sd_buf_add(&p->masked, "***");
}

/* Take the value of @key as written in a URL: hide it if it is a secret, then decode it. */
static enum sd_status
take(struct parse *p, const char *key, const char *text, size_t len)
{
	bool secret = is_secret(key);
	const char *value;

	if (secret)
		sd_diags_hide(p->diags, sd_strndup(p->arena, text, len));
	value = decode(p, text, len);
	if (!value)
		return SD_ERR;
	if (secret)
		sd_diags_hide(p->diags, value);
	show(p, text, len, secret);
	set(p, key, value);
	return SD_OK;
}

static enum sd_status
malformed(struct parse *p, const char *what)
{
	sd_error(p->diags, p->pos, "the database URL is malformed: %s", what);
	sd_hint(p->diags,
		"in a user name or password, write : / ? # @ %% as %%3A %%2F %%3F %%23 "
		"%%40 %%25");
	return SD_ERR;
}

static enum sd_status
parse_user(struct parse *p, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	size_t user = colon ? (size_t)(colon - text) : len;

	if (user && take(p, "user", text, user))
		return SD_ERR;
	if (colon) {
		sd_buf_addc(&p->masked, ':');
		if (len - user > 1 && take(p, "password", colon + 1, len - user - 1))
			return SD_ERR;
	}
	sd_buf_addc(&p->masked, '@');
	return SD_OK;
}

/* One host[:port] of the list, its parts appended to @hosts and @ports. */
static enum sd_status
parse_host(struct parse *p, const char *text, size_t len, struct sd_buf *hosts,
	struct sd_buf *ports)
{
	const char *end = text + len, *colon, *bracket, *host;
	const char *from = text, *until;

	if (len && *text == '[') {
		bracket = memchr(text, ']', len);
		if (!bracket || (bracket + 1 < end && bracket[1] != ':'))
			return malformed(p, "an IPv6 address stands in brackets, [::1]");
		from = text + 1;
		until = bracket;
		colon = bracket + 1 < end ? bracket + 1 : NULL;
	} else {
		colon = memchr(text, ':', len);
		until = colon ? colon : end;
	}
	host = decode(p, from, (size_t)(until - from));
	if (!host)
		return SD_ERR;
	for (const char *c = colon ? colon + 1 : end; c < end; c++)
		if (!isdigit((unsigned char)*c))
			return malformed(p, "what follows the host is not a port number");
	sd_buf_add(hosts, host);
	if (colon)
		sd_buf_addn(ports, colon + 1, (size_t)(end - colon - 1));
	return SD_OK;
}

static enum sd_status
parse_hosts(struct parse *p, const char *text, size_t len)
{
	struct sd_buf hosts = SD_BUF(p->arena), ports = SD_BUF(p->arena);
	const char *end = text + len, *comma;

	for (const char *from = text;; from = comma + 1) {
		comma = memchr(from, ',', (size_t)(end - from));
		if (parse_host(p, from, (size_t)((comma ? comma : end) - from), &hosts, &ports))
			return SD_ERR;
		if (!comma)
			break;
		sd_buf_addc(&hosts, ',');
		sd_buf_addc(&ports, ',');
	}
	sd_buf_addn(&p->masked, text, len);
	if (hosts.n > strspn(sd_buf_text(&hosts), ","))
		set(p, "host", sd_buf_text(&hosts));
	if (ports.n > strspn(sd_buf_text(&ports), ","))
		set(p, "port", sd_buf_text(&ports));
	return SD_OK;
}

/* ?key=value&key=value; ssl=true is JDBC's, which libpq understands in URLs alone. */
static enum sd_status
parse_params(struct parse *p, const char *text)
{
	size_t len, n;
	const char *key;

	while (*text) {
		len = strcspn(text, "&");
		n = strcspn(text, "=");
		if (n >= len || !n)
			return malformed(p, "parameters are key=value, joined by &");
		key = decode(p, text, n);
		if (!key)
			return SD_ERR;
		sd_buf_addn(&p->masked, text, n + 1);
		if (strcmp(key, "ssl") == 0 && len - n == 5 &&
			strncmp(text + n + 1, "true", 4) == 0) {
			set(p, "sslmode", "require");
			sd_buf_add(&p->masked, "true");
		} else if (check_keyword(p, key) || take(p, key, text + n + 1, len - n - 1)) {
			return SD_ERR;
		}
		text += len;
		if (*text) {
			sd_buf_addc(&p->masked, '&');
			text++;
		}
	}
	return SD_OK;
}

/* The settings of @target's service, if it has one. */
static void
read_service(const struct sd_target *target, struct sd_arena *arena, struct sd_target *service)
{
	const char *name = value_of(target, "service");

	name = name ? name : getenv("PGSERVICE");
	if (name)
		sd_pgservice_read(name, value_of(target, "servicefile"), arena, &service->keys,
			&service->values);
}

/* The value of @key, or what libpq takes for it. */
static const char *
effective(const struct sd_target *target, const struct sd_target *service, const char *key)
{
	const char *value = value_of(target, key), *variable;

	if (!value)
		value = value_of(service, key);
	if (value)
		return value;
	for (size_t i = 0; i < SD_COUNT(defaults); i++) {
		if (strcmp(defaults[i].key, key) != 0)
			continue;
		variable = getenv(defaults[i].variable);
		return variable && *variable ? variable : defaults[i].fallback;
	}
	return NULL;
}

/* Sockets and the loopback's names are one place: `protected` would rather match too much. */
static const char *
host_name(struct sd_arena *arena, const char *host)
{
	static const char *const local[] = { "", "localhost", "127.0.0.1", "::1" };

	for (size_t i = 0; i < SD_COUNT(local); i++)
		if (sd_text_iequal(host, local[i]))
			return "localhost";
	return *host == '/' || *host == '@' ? "localhost" : sd_text_lower(arena, host);
}

/* The @i-th element of the comma-separated @list, where one element stands for all. */
static const char *
element(struct sd_arena *arena, const char *list, size_t i)
{
	const char *from = list, *comma;

	for (size_t k = 0; k < i; k++) {
		comma = strchr(from, ',');
		if (!comma)
			return k ? "" : list;
		from = comma + 1;
	}
	return sd_strndup(arena, from, strcspn(from, ","));
}

static const char *
skip_space(const char *c)
{
	while (isspace((unsigned char)*c))
		c++;
	return c;
}

/* Append "host:port,host:port". */
static void
add_hosts(struct sd_arena *arena, const char *hosts, const char *ports, struct sd_buf *out)
{
	const char *port;
	size_t n = 1;

	for (const char *c = hosts; *c; c++)
		n += *c == ',';
	for (size_t i = 0; i < n; i++) {
		port = element(arena, ports, i);
		sd_buf_addf(out, "%s%s:%s", out->n ? "," : "",
			host_name(arena, element(arena, hosts, i)), *port ? port : "5432");
	}
}

/* "host:port,host:port/database".  Where there are addresses they are what is connected to, and
 * the names beside them what it is called. */
static void
identify(struct parse *p)
{
	struct sd_target service = { 0 };
	const char *host, *address, *port, *db;
	struct sd_buf out = SD_BUF(p->arena);

	read_service(p->target, p->arena, &service);
	host = effective(p->target, &service, "host");
	address = effective(p->target, &service, "hostaddr");
	port = effective(p->target, &service, "port");
	db = effective(p->target, &service, "dbname");
	if (*host || !*address)
		add_hosts(p->arena, host, port, &out);
	if (*address)
		add_hosts(p->arena, address, port, &out);
	sd_buf_addf(&out, "/%s", db && *db ? db : effective(p->target, &service, "user"));
	p->target->identity = sd_buf_text(&out);
	p->target->masked = sd_buf_text(&p->masked);
}

/* @host of the list @hosts, which ends at a /. */
static bool
is_among(struct sd_arena *scratch, const char *host, const char *hosts)
{
	size_t n;

	for (const char *p = hosts;; p += n + 1) {
		n = strcspn(p, ",/");
		if (sd_text_glob(sd_strndup(scratch, p, n), host))
			return true;
		if (p[n] != ',')
			return false;
	}
}

bool
sd_pgurl_same(struct sd_arena *scratch, const char *a, const char *b)
{
	const char *db_a = strchr(a, '/'), *db_b = strchr(b, '/');
	size_t n;

	if (!db_a || !db_b || !sd_text_glob(db_b, db_a))
		return false;
	for (const char *p = a; p < db_a; p += n + 1) {
		n = strcspn(p, ",/");
		if (is_among(scratch, sd_strndup(scratch, p, n), b))
			return true;
	}
	return false;
}

/* ---- the default namespace ------------------------------------------------------------ */

/* The next word of the server's options at *@at, as the server reads it: a backslash takes the
 * next character as it is.  *@len: how long it is as written; 0 at the end. */
static const char *
next_word(struct sd_arena *arena, const char **at, size_t *len)
{
	struct sd_buf word = SD_BUF(arena);
	const char *c = skip_space(*at);

	*at = c;
	for (; *c && !isspace((unsigned char)*c); c++) {
		if (*c == '\\' && c[1])
			c++;
		sd_buf_addc(&word, *c);
	}
	*len = (size_t)(c - *at);
	return sd_buf_text(&word);
}

/* What @word ("-cNAME=VALUE", "--NAME=VALUE", "NAME=VALUE" behind "-c") sets search_path to. */
static const char *
path_of(const char *word, bool behind_c)
{
	static const char name[] = "search_path=";

	if (!behind_c && (sd_text_starts(word, "-c") || sd_text_starts(word, "--")))
		word += 2;
	else if (!behind_c)
		return NULL;
	for (size_t i = 0; name[i]; i++)
		if (word[i] != name[i] && !(word[i] == '-' && name[i] == '_'))
			return NULL;
	return word + sizeof name - 1;
}

/* @options without search_path, which goes to *@path. */
static const char *
without_path(struct sd_arena *arena, const char *options, const char **path)
{
	struct sd_buf out = SD_BUF(arena);
	const char *word, *found;
	bool behind_c = false;
	size_t len;

	for (const char *at = options;; at += len) {
		word = next_word(arena, &at, &len);
		if (!len)
			return sd_buf_text(&out);
		if (!behind_c && strcmp(word, "-c") == 0) {
			behind_c = true;
			continue;
		}
		found = path_of(word, behind_c);
		if (found) {
			*path = found;
		} else {
			sd_buf_sep(&out, " ");
			sd_buf_add(&out, behind_c ? "-c " : "");
			sd_buf_addn(&out, at, len);
		}
		behind_c = false;
	}
}

void
sd_pgurl_enter(struct sd_target *target, const char *namespace, struct sd_arena *arena)
{
	struct parse p = { .arena = arena, .target = target };
	const char *given = value_of(target, "options"), *variable = getenv("PGOPTIONS");
	const char *rest, *behind = NULL, *path;
	struct sd_buf options = SD_BUF(arena);

	rest = without_path(arena, given ? given : variable ? variable : "", &behind);
	path = sd_fmt(arena, "\"%s\"%s%s", sd_text_replace(arena, namespace, "\"", "\"\""),
		behind && *behind ? "," : "", behind ? behind : "");
	sd_buf_addf(&options, "%s%s-c search_path=", rest, *rest ? " " : "");
	for (const char *c = path; *c; c++) {
		if (*c == '\\' || isspace((unsigned char)*c))
			sd_buf_addc(&options, '\\');
		sd_buf_addc(&options, *c);
	}
	set(&p, "options", sd_buf_text(&options));
	target->namespace = namespace;
}

enum sd_status
sd_pgurl_parse(const char *rest, const char *prefix, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_target *target)
{
	struct parse p = { pos, arena, diags, target, SD_BUF(arena) };
	size_t authority = strcspn(rest, "/?"), n;
	const char *at = memchr(rest, '@', authority), *path = rest + authority;

	sd_buf_add(&p.masked, prefix);
	if (strchr(rest, '#'))
		return malformed(&p, "a # has no meaning in it");
	if (at && memchr(at + 1, '@', authority - (size_t)(at - rest) - 1))
		return malformed(&p, "it has more than one @ before the database");
	if (at && parse_user(&p, rest, (size_t)(at - rest)))
		return SD_ERR;
	at = at ? at + 1 : rest;
	if (parse_hosts(&p, at, (size_t)(path - at)))
		return SD_ERR;
	if (*path == '/') {
		n = strcspn(path + 1, "?");
		if (memchr(path + 1, '/', n) || memchr(path + 1, '@', n))
			return malformed(&p, "the database's name has a / or @");
		sd_buf_addc(&p.masked, '/');
		if (n && take(&p, "dbname", path + 1, n))
			return SD_ERR;
		path += 1 + n;
	}
	if (*path == '?') {
		sd_buf_addc(&p.masked, '?');
		if (parse_params(&p, path + 1))
			return SD_ERR;
	}
	identify(&p);
	return SD_OK;
}

/* The value at *@at, unquoted, to @value; *@at moves behind it. */
static enum sd_status
conninfo_value(struct parse *p, const char **at, struct sd_buf *value)
{
	const char *c = *at;
	bool quoted = *c == '\'';

	for (c += quoted; *c && (quoted ? *c != '\'' : !isspace((unsigned char)*c)); c++) {
		if (*c == '\\' && c[1])
			c++;
		sd_buf_addc(value, *c);
	}
	if (quoted && *c != '\'')
		return sd_error(p->diags, p->pos,
			"the connection string has a quote that is not closed");
	*at = c + quoted;
	return SD_OK;
}

enum sd_status
sd_pgconninfo_parse(const char *text, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_target *target)
{
	struct parse p = { pos, arena, diags, target, SD_BUF(arena) };
	const char *c = skip_space(text), *from, *key;
	struct sd_buf value;
	size_t n;

	while (*c) {
		n = strspn(c, "abcdefghijklmnopqrstuvwxyz_");
		key = sd_strndup(arena, c, n);
		from = skip_space(c + n);
		if (!n || *from != '=')
			return sd_error(diags, pos,
				"the connection string is malformed: it is key=value, "
				"separated by "
				"spaces, a value with spaces in single quotes");
		if (check_keyword(&p, key))
			return SD_ERR;
		c = from = skip_space(from + 1);
		value = SD_BUF(arena);
		if (conninfo_value(&p, &c, &value))
			return SD_ERR;
		if (is_secret(key))
			sd_diags_hide(diags, sd_buf_text(&value));
		sd_buf_sep(&p.masked, " ");
		sd_buf_addf(&p.masked, "%s=", key);
		show(&p, from, (size_t)(c - from), is_secret(key));
		set(&p, key, sd_buf_text(&value));
		c = skip_space(c);
	}
	identify(&p);
	return SD_OK;
}
