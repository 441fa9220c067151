/* Which environments there are is a matter of the configuration, of a folder's files, or of a
 * database: tenants come and go without anybody editing a file. */
#include "cmd/work/environments.h"

#include "core/base/text.h"
#include "core/config/tenants.h"

#include <glob.h>
#include <string.h>

static const struct sd_pos nowhere;

/* Stands for the tenant in a path, while it is not known. */
#define HOLE "\002"

/* ---- tenants of one environment -------------------------------------------------------- */

static void
close_db(void *db)
{
	sd_db_close(db);
}

/* The names that @sql gives in the database @target, to @names. */
static enum sd_status
ask(struct sd_session *session, const struct sd_environment *env,
	const struct sd_target *target, const char *sql, struct sd_names *names)
{
	struct sd_arena *scratch = sd_arena_new();
	struct sd_db *db = sd_db_open(target, SD_DB_READ, session->diags);
	struct sd_rows *rows;
	enum sd_status status = SD_ERR;
	const char *name;

	if (!db)
		goto out;
	sd_arena_defer(scratch, close_db, db);
	rows = sd_db_query(db, env->tenants.pos, sql, NULL, 0);
	if (!rows)
		goto out;
	while ((status = sd_rows_next(rows)) == SD_OK) {
		name = sd_rows_count(rows) ? sd_rows_text(rows, 0) : NULL;
		if (!name || !*name) {
			status = sd_error(session->diags, env->tenants.pos,
				"the query of the tenants of \"%s\" gives a row without a name",
				env->name);
			break;
		}
		*sd_push(session->arena, names) = sd_strdup(session->arena, name);
	}
	sd_rows_close(rows);
out:
	sd_arena_free(scratch);
	return status == SD_NOTFOUND ? SD_OK : SD_ERR;
}

static enum sd_status
ask_query(struct sd_session *session, const struct sd_environment *env, struct sd_names *names)
{
	struct sd_environment where = *env;
	struct sd_target target;

	where.url = env->tenants.url ? env->tenants.url : env->url;
	where.url_pos = env->tenants.url ? env->tenants.pos : env->url_pos;
	if (!where.url)
		return sd_error(
			session->diags, env->pos, "environment \"%s\" has no url", env->name);
	if (sd_url_target(&session->config, &where, session->arena, session->diags, &target))
		return SD_ERR;
	return ask(session, env, &target, env->tenants.query, names);
}

/* The path of a file where the HOLEs of @form are filled by @name. */
static const char *
filled(struct sd_arena *arena, const char *form, const char *name)
{
	return sd_text_replace(arena, form, HOLE, name);
}

/* What fills the HOLEs of @form so that it is @path, or NULL. */
static const char *
filling(struct sd_arena *arena, const char *form, const char *path)
{
	size_t from = strcspn(form, HOLE);
	const char *name;

	for (size_t n = 1; path[from + n - 1] && path[from + n - 1] != '/'; n++) {
		name = sd_strndup(arena, path + from, n);
		if (strcmp(filled(arena, form, name), path) == 0)
			return name;
	}
	return NULL;
}

/* SQLite's own files beside a database. */
static bool
is_beside(const char *path)
{
	static const char *const ends[] = { "-wal", "-shm", "-journal" };
	size_t n = strlen(path), len;

	for (size_t i = 0; i < SD_COUNT(ends); i++) {
		len = strlen(ends[i]);
		if (n > len && strcmp(path + n - len, ends[i]) == 0)
			return true;
	}
	return false;
}

static const char *
glob_quoted(struct sd_arena *arena, const char *path)
{
	struct sd_buf out = SD_BUF(arena);

	for (const char *c = path; *c; c++) {
		if (strchr("*?[]\\", *c))
			sd_buf_addc(&out, '\\');
		sd_buf_addc(&out, *c);
	}
	return sd_buf_text(&out);
}

static void
list_files(struct sd_session *session, const char *form, struct sd_names *names)
{
	const char *pattern = filled(session->arena, glob_quoted(session->arena, form), "*");
	const char *name;
	glob_t found;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			name = filling(session->arena, form, found.gl_pathv[i]);
			if (name && !is_beside(found.gl_pathv[i]) &&
				!sd_is_dir(found.gl_pathv[i]))
				*sd_push(session->arena, names) = name;
		}
		globfree(&found);
	}
	sd_names_sort(names, 0);
}

/* All that the globs of @env are matched against: files, or namespaces. */
static enum sd_status
list_all(struct sd_session *session, const struct sd_environment *env, struct sd_names *names)
{
	struct sd_environment form = *env;
	const struct sd_engine *engine;
	struct sd_target target;

	form.tenant = sd_tenant_in_url(env->url) ? HOLE : NULL;
	if (sd_url_target(&session->config, &form, session->arena, session->diags, &target))
		return SD_ERR;
	engine = sd_engine_find(target.dialect);
	if (form.tenant && target.file) {
		list_files(session, target.file, names);
		return SD_OK;
	}
	if (!form.tenant && engine && engine->namespaces)
		return ask(session, env, &target, engine->namespaces, names);
	sd_error(session->diags, env->tenants.pos,
		"a glob of tenants is matched against the files of sqlite:…${tenant}…, or "
		"against the namespaces of one PostgreSQL database");
	sd_hint(session->diags,
		"list the names, or give a query: { \"query\": …, \"url\": … }");
	return SD_ERR;
}

static enum sd_status
expand_globs(
	struct sd_session *session, const struct sd_environment *env, struct sd_names *names)
{
	const struct sd_names *entries = &env->tenants.names;
	struct sd_names all = { 0 };
	bool listed = false;

	for (size_t i = 0; i < entries->n; i++) {
		const char *entry = entries->at[i];

		if (!sd_tenant_is_glob(entry)) {
			*sd_push(session->arena, names) = entry;
			continue;
		}
		if (!listed && list_all(session, env, &all))
			return SD_ERR;
		listed = true;
		for (size_t k = 0; k < all.n; k++)
			if (sd_text_glob(entry, all.at[k]))
				*sd_push(session->arena, names) = all.at[k];
	}
	return SD_OK;
}

static enum sd_status
list_tenants(
	struct sd_session *session, const struct sd_environment *env, struct sd_names *names)
{
	if (env->tenants.query)
		return ask_query(session, env, names);
	if (!env->url)
		return sd_error(
			session->diags, env->pos, "environment \"%s\" has no url", env->name);
	return expand_globs(session, env, names);
}

/* ---- what a pattern chooses ------------------------------------------------------------ */

struct choosing {
	struct sd_session *session;
	struct sd_choices *choices;
	struct sd_map seen;
	struct sd_names offered; /* names that the pieces were matched against */
	size_t n_seen;           /* that the piece at hand has chosen, again or not */
};

static void
choose(struct choosing *c, const char *name, int failed)
{
	void **seen = sd_map_at(&c->seen, name, c->session->arena);

	c->n_seen++;
	if (*seen)
		return;
	*seen = c;
	*sd_push(c->session->arena, c->choices) = (struct sd_choice){ name, failed };
}

static void
choose_tenants(struct choosing *c, const struct sd_environment *env, const char *piece)
{
	struct sd_session *session = c->session;
	size_t first = session->diags->list.n;
	struct sd_names names = { 0 };
	const char *name;

	if (list_tenants(session, env, &names)) {
		choose(c, sd_tenant_name(session->arena, env, "*"),
			first < session->diags->list.n
				? (int)session->diags->list.at[first].class
				: SD_EXIT_DATABASE);
		return;
	}
	if (!names.n)
		sd_warn(session->diags, env->tenants.pos,
			"environment \"%s\" has no tenants now", env->name);
	for (size_t i = 0; i < names.n; i++) {
		name = sd_tenant_name(session->arena, env, names.at[i]);
		*sd_push(session->arena, &c->offered) = name;
		if (sd_env_matches(piece, name))
			choose(c, name, 0);
	}
}

#define SHOWN_NAMES 20

/* "dev, prod/acme, prod/beta, stage/…": what there is to choose from, tenants as far as they
 * were asked for. */
static const char *
known_names(const struct choosing *c)
{
	const struct sd_config *config = &c->session->config;
	struct sd_arena *arena = c->session->arena;
	struct sd_buf text = SD_BUF(arena);
	struct sd_names names = { 0 };

	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *env = &config->environments.at[i];
		const char *begin = sd_tenant_name(arena, env, "");
		size_t n = names.n;

		if (env->tenant) /* put there by sd_config_choose() */
			continue;
		for (size_t k = 0; env->tenants.given && k < c->offered.n; k++)
			if (sd_text_starts(c->offered.at[k], begin))
				*sd_push(arena, &names) = c->offered.at[k];
		if (names.n == n)
			*sd_push(arena, &names) = env->tenants.given
							  ? sd_tenant_name(arena, env, "…")
							  : env->name;
	}
	for (size_t i = 0; i < names.n && i < SHOWN_NAMES; i++) {
		sd_buf_sep(&text, ", ");
		sd_buf_add(&text, names.at[i]);
	}
	if (names.n > SHOWN_NAMES)
		sd_buf_addf(&text, ", … (%zu in all)", (size_t)names.n);
	return sd_buf_text(&text);
}

static enum sd_status
chose_nothing(const struct choosing *c, const char *piece)
{
	struct sd_session *session = c->session;
	const struct sd_config *config = &session->config;
	const struct sd_environment *env = sd_config_environment(config, piece);

	sd_error(session->diags, (struct sd_pos){ config->path, 0, 0 },
		sd_env_is_pattern(piece) ? "-e: no environment matches \"%s\""
					 : "-e: no environment is called \"%s\"",
		piece);
	if (env)
		sd_hint(session->diags, "its tenants are \"%s\"",
			sd_tenant_name(session->arena, env, "*"));
	else if (config->environments.n)
		sd_hint(session->diags, "there are: %s", known_names(c));
	else
		sd_hint(session->diags, "there are none%s%s", config->path ? " in " : "",
			config->path ? config->path : ": no schemadiff.json is here or above");
	return SD_ERR;
}

static enum sd_status
choose_piece(struct choosing *c, const char *piece)
{
	struct sd_session *session = c->session;
	struct sd_config *config = &session->config;
	size_t n = config->environments.n;
	const char *name;

	c->n_seen = 0;
	if (!sd_env_is_pattern(piece)) {
		if (sd_config_choose(config, piece, session->arena, session->diags, &name))
			return SD_ERR;
		if (!sd_config_environment(config, name) ||
			sd_config_environment(config, name)->tenants.given)
			return chose_nothing(c, name);
		choose(c, name, 0);
		return SD_OK;
	}
	for (size_t i = 0; i < n; i++) {
		const struct sd_environment *env = &config->environments.at[i];

		/* one without a url is a set of options for --url */
		if (env->url && !env->tenants.given && !env->tenant &&
			sd_env_matches(piece, env->name))
			choose(c, env->name, 0);
		if (env->tenants.given &&
			sd_env_may_match(piece, sd_tenant_name(session->arena, env, "")))
			choose_tenants(c, env, piece);
	}
	return c->n_seen ? SD_OK : chose_nothing(c, piece);
}

enum sd_status
sd_work_environments(
	struct sd_session *session, const char *pattern, struct sd_choices *choices)
{
	struct choosing c = { .session = session, .choices = choices };
	struct sd_names pieces = { 0 };
	enum sd_status status = SD_OK;

	sd_env_pieces(pattern, session->arena, &pieces);
	for (size_t i = 0; i < pieces.n; i++)
		if (choose_piece(&c, pieces.at[i]))
			status = SD_ERR;
	if (!pieces.n)
		return sd_error(
			session->diags, nowhere, "-e \"%s\" names no environment", pattern);
	return status;
}

const char *
sd_work_place(struct sd_session *session, const char *name)
{
	struct sd_diags unheard = { .arena = session->arena };
	struct sd_config *config = &session->config;
	const struct sd_environment *env;
	struct sd_target target;

	if (sd_config_choose(config, sd_env_quote(session->arena, name), session->arena,
		    &unheard, &name))
		return NULL;
	env = sd_config_environment(config, name);
	if (!env || !env->url ||
		sd_url_target(config, env, session->arena, &unheard, &target) ||
		strcmp(target.identity, ":memory:") == 0)
		return NULL;
	for (size_t i = 0; i < unheard.secrets.n; i++)
		*sd_push(session->arena, &session->diags->secrets) = unheard.secrets.at[i];
	return sd_fmt(session->arena, "%s\n%s\n%s", target.dialect->name, target.identity,
		target.namespace ? target.namespace : "");
}
