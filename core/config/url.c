#include "core/config/url.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/config/pgurl.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct parse {
	const char *dir;
	struct sd_pos pos;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_target *target;
};

/* ---- SQLite ------------------------------------------------------------------------- */

/* The real path of @file, or, where it does not exist yet, of the nearest folder that does. */
static const char *
real_path(struct sd_arena *arena, const char *file)
{
	const char *dir = file, *rest = NULL;
	char real[PATH_MAX];

	while (!realpath(dir, real)) {
		rest = rest ? sd_path_join(arena, sd_path_base(dir), rest) : sd_path_base(dir);
		if (strcmp(dir, ".") == 0 || strcmp(dir, "/") == 0)
			return file;
		dir = sd_path_dir(arena, dir);
	}
	return rest ? sd_path_join(arena, real, rest) : sd_strdup(arena, real);
}

static enum sd_status
sqlite_file(const struct parse *p, const char *path)
{
	if (!*path || strcmp(path, ":memory:") == 0) {
		p->target->file = ":memory:";
		p->target->masked = "sqlite::memory:";
		p->target->identity = ":memory:";
		return SD_OK;
	}
	if (sd_text_starts(path, "file:") || strchr(path, '?')) {
		sd_error(p->diags, p->pos,
			"the URL of an SQLite database has parameters, which are not "
			"understood");
		sd_hint(p->diags, "give the file alone: sqlite:PATH");
		return SD_ERR;
	}
	p->target->file = sd_path_join(p->arena, p->dir, path);
	p->target->masked = sd_fmt(p->arena, "sqlite:%s", p->target->file);
	p->target->identity = real_path(p->arena, p->target->file);
	return SD_OK;
}

/* sqlite:path, or SQLAlchemy's: // and an empty host, then / and the path. */
static enum sd_status
parse_sqlite(const struct parse *p, const char *rest)
{
	if (!*rest) {
		sd_error(p->diags, p->pos, "the URL names no file");
		sd_hint(p->diags, "write sqlite:PATH, or sqlite::memory:");
		return SD_ERR;
	}
	if (!sd_text_starts(rest, "//"))
		return sqlite_file(p, rest);
	if (rest[2] && rest[2] != '/') {
		sd_error(p->diags, p->pos, "the URL of an SQLite database has no host");
		sd_hint(p->diags, "write sqlite:PATH, or sqlite:/// and a relative path, or "
				  "sqlite://// and an "
				  "absolute one");
		return SD_ERR;
	}
	return sqlite_file(p, rest[2] ? rest + 3 : "");
}

/* ---- all engines -------------------------------------------------------------------- */

static enum sd_status
parse_postgresql(const struct parse *p, const char *rest)
{
	if (!sd_text_starts(rest, "//")) {
		sd_error(p->diags, p->pos,
			"the URL of a PostgreSQL database begins with "
			"postgresql://");
		return SD_ERR;
	}
	return sd_pgurl_parse(rest + 2, "postgresql://", p->pos, p->arena, p->diags, p->target);
}

static const struct {
	const char *scheme;
	const struct sd_dialect *dialect;
	enum sd_status (*parse)(const struct parse *p, const char *rest);
} schemes[] = {
	{ "sqlite", &sd_dialect_sqlite, parse_sqlite },
	{ "sqlite3", &sd_dialect_sqlite, parse_sqlite },
	{ "postgresql", &sd_dialect_postgresql, parse_postgresql },
	{ "postgres", &sd_dialect_postgresql, parse_postgresql },
};

static enum sd_status
unknown_scheme(const struct parse *p, const char *scheme)
{
	struct sd_buf list = SD_BUF(p->arena);

	for (size_t i = 0; sd_dialects[i]; i++) {
		sd_buf_sep(&list, ", ");
		sd_buf_add(&list, sd_dialects[i]->name);
	}
	sd_error(p->diags, p->pos, "\"%s\" is no engine that this program knows", scheme);
	sd_hint(p->diags, "it knows: %s", sd_buf_text(&list));
	return SD_ERR;
}

/* Length of the scheme that @url begins with, its colon not counted; 0 = it has none. */
static size_t
scheme_length(const char *url)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*url))
		return 0;
	while (isalnum((unsigned char)url[n]) || (url[n] && strchr("+-._", url[n])))
		n++;
	return url[n] == ':' ? n : 0;
}

static bool
looks_like_conninfo(const char *url)
{
	size_t n = strspn(url, "abcdefghijklmnopqrstuvwxyz_");

	return n && url[n + strspn(url + n, " \t")] == '=';
}

/* Whatever stands where a password may stand is hidden before anything is said about the
 * URL: a malformed one is the likeliest to have its password in the wrong place.  Not in the
 * path of an SQLite file: messages that name it must stay readable. */
static void
hide_suspect(const struct parse *p, const char *url)
{
	const char *begin = strstr(url, "://"), *colon, *at;

	if (sd_text_starts(url, "sqlite"))
		return;
	begin = begin ? begin + 3 : url;
	colon = strchr(begin, ':');
	at = strrchr(begin, '@');
	if (colon && at && at > colon + 1)
		sd_diags_hide(
			p->diags, sd_strndup(p->arena, colon + 1, (size_t)(at - colon - 1)));
}

enum sd_status
sd_url_parse(const char *url, const char *dir, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, struct sd_target *target)
{
	struct parse p = { dir, pos, arena, diags, target };
	const char *text = sd_text_trim(arena, url);
	size_t n = scheme_length(text);
	const char *scheme = sd_text_lower(arena, sd_strndup(arena, text, n));

	*target = (struct sd_target){ .origin = target->origin };
	hide_suspect(&p, text);
	if (!*text)
		return sd_error(diags, pos, "the database URL is empty");
	if (looks_like_conninfo(text)) {
		target->dialect = &sd_dialect_postgresql;
		return sd_pgconninfo_parse(text, pos, arena, diags, target);
	}
	if (!n) {
		sd_error(diags, pos, "a database URL begins with its engine");
		sd_hint(diags, "write sqlite:PATH or postgresql://USER@HOST/DATABASE");
		return SD_ERR;
	}
	scheme = sd_strndup(arena, scheme, strcspn(scheme, "+"));
	for (size_t i = 0; i < SD_COUNT(schemes); i++)
		if (strcmp(schemes[i].scheme, scheme) == 0) {
			target->dialect = schemes[i].dialect;
			return schemes[i].parse(&p, text + n + 1);
		}
	return unknown_scheme(&p, scheme);
}
