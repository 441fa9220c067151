/* The project elsewhere: as git keeps it, and as its migrations make it. */
#include "cmd/work/check.h"
#include "core/config/tenants.h"

#include <stdlib.h>

static const struct sd_pos nowhere;

/* ---- git ---------------------------------------------------------------------------------- */

/* A look that costs nothing, before libgit2 is loaded: some folder above has a .git.  Git's own
 * variables say that there is one. */
static bool
may_have_git(struct sd_arena *arena, const char *dir)
{
	const char *path = dir;

	if (getenv("GIT_DIR"))
		return true;
	for (int i = 0; i < 64; i++) {
		if (sd_file_exists(sd_path_join(arena, path, ".git")) ||
			sd_file_exists(sd_path_join(arena, path, "HEAD")))
			return true;
		path = sd_fmt(arena, "%s/..", path);
	}
	return false;
}

struct sd_git *
sd_work_git(struct sd_session *session, const char **why)
{
	const char *dir = session->config.dir ? session->config.dir : ".";
	struct sd_arena *scratch;
	bool worth_it;

	*why = NULL;
	if (session->git)
		return session->git;
	scratch = sd_arena_new();
	worth_it = may_have_git(scratch, dir);
	sd_arena_free(scratch);
	if (worth_it)
		session->git = sd_git_open(dir, session->arena, why);
	return session->git;
}

struct sd_session *
sd_work_at(struct sd_session *session, const struct sd_tree *tree)
{
	struct sd_session *there = sd_new(session->arena, struct sd_session);
	const char *path = session->config.path;

	*there = *session;
	there->tree = tree;
	if (!path || sd_tree_entry(tree, path) != SD_ENTRY_FILE)
		return there;
	there->globals.config = path;
	return sd_session_open(there, SD_NEEDS_CONFIG) == SD_OK ? there : NULL;
}

/* ---- scratch databases -------------------------------------------------------------------- */

static enum sd_status
parse_scratch_url(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_environment *environment, struct sd_target *near)
{
	struct sd_pos pos = environment->url_pos;
	const char *url;
	bool used;

	if (sd_tenant_expand(environment->scratch_url, environment->tenant, pos, session->arena,
		    session->diags, &url, &used) ||
		sd_url_parse(url, session->config.dir, pos, session->arena, session->diags,
			near))
		return SD_ERR;
	if (near->dialect == engine->dialect)
		return SD_OK;
	return sd_error(session->diags, pos,
		"\"scratch_url\" of environment \"%s\" is of another engine: expected %s",
		environment->name, engine->dialect->name);
}

/* The same of an environment that nobody has named: of what engine it is, is found out, and one that
 * can't be used here (its variable is not set) is passed over. */
static bool
other_url(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_environment *environment, struct sd_target *near)
{
	struct sd_diags unheard = { .arena = session->arena };
	const char *url;
	bool found;

	found = environment->scratch_url &&
		sd_expand(environment->scratch_url, nowhere, session->arena, &unheard, &url) ==
			SD_OK &&
		sd_url_parse(url, session->config.dir, nowhere, session->arena, &unheard, near) ==
			SD_OK &&
		near->dialect == engine->dialect;
	for (size_t i = 0; i < unheard.secrets.n; i++)
		*sd_push(session->arena, &session->diags->secrets) = unheard.secrets.at[i];
	return found;
}

/* The place that some environment has for scratch databases of @engine. */
static bool
scratch_elsewhere(struct sd_session *session, const struct sd_engine *engine,
	struct sd_target *near)
{
	const struct sd_config *config = &session->config;

	for (size_t i = 0; i < config->environments.n; i++)
		if (other_url(session, engine, &config->environments.at[i], near))
			return true;
	*near = (struct sd_target){ 0 };
	return false;
}

/* @automatic: on the server of an environment of @engine, which is not the target's. */
static enum sd_status
scratch_on_server(struct sd_session *session, const struct sd_engine *engine, bool automatic,
	struct sd_target *near, const char **why)
{
	const char *name = engine->dialect->name;
	struct sd_environments found = { 0 };

	sd_work_environments_of(session, engine, &found);
	if (automatic && found.n) {
		*near = found.at[0].target;
		return SD_OK;
	}
	*why = sd_fmt(session->arena,
		"give an environment a \"scratch_url\" of %s, or --scratch auto to have a "
		"temporary database made on the server of an environment of %s%s",
		name, name, found.n ? "" : " (there is none that can be used here)");
	return SD_NOTFOUND;
}

enum sd_status
sd_work_scratch(struct sd_session *session, const struct sd_engine *engine, bool automatic,
	struct sd_target *near, const char **why)
{
	const char *name = session->environment;
	const struct sd_environment *environment =
		name ? sd_config_environment(&session->config, name) : NULL;
	bool several = session->settings.dialects.n > 1;

	*near = (struct sd_target){ 0 };
	if (engine->dialect->traits & SD_TRAIT_EMBEDDED)
		return SD_OK;
	if (environment && environment->scratch_url && (session->has_target || !several))
		return parse_scratch_url(session, engine, environment, near);
	if (several && scratch_elsewhere(session, engine, near))
		return SD_OK;
	if (several && !session->has_target)
		return scratch_on_server(session, engine, automatic, near, why);
	*why = "give the environment a \"scratch_url\", or --scratch auto to have a temporary "
	       "database made on the target's server";
	if (!automatic || !session->has_target)
		return SD_NOTFOUND;
	*why = "a protected server is no place for scratch databases: give the environment a "
	       "\"scratch_url\"";
	if (session->target.is_protected)
		return SD_NOTFOUND;
	*near = session->target;
	return SD_OK;
}

static void
close_db(void *db)
{
	sd_db_close(db);
}

struct sd_schema *
sd_work_replay(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const struct sd_goal *goal,
	const struct sd_target *near, struct sd_db **db)
{
	struct sd_bookkeeping books = { .prefix = session->settings.bookkeeping_prefix };
	struct sd_run run = {
		.books = &books, .history = history, .arena = session->arena, .goal = goal
	};
	struct sd_run_result result;
	size_t first = session->diags->n_errors;
	const struct sd_script *open = sd_variables_first(history);

	if (open) {
		sd_fail(session->diags, SD_CLASS_REFUSED, open->revision_pos,
			"revision %s has variables, and a replay has no values for them",
			open->revision);
		return NULL;
	}
	*db = sd_db_scratch(engine->dialect, near, session->diags);
	if (!*db)
		return NULL;
	sd_arena_defer(session->arena, close_db, *db);
	books.namespace = sd_strdup(session->arena, sd_db_namespace(*db));
	run.db = *db;
	if (history->scripts.n && sd_run_upgrade(&run, NULL, &result)) {
		if (session->diags->n_errors > first)
			sd_note(session->diags, nowhere,
				"the migrations were run in an empty scratch database");
		return NULL;
	}
	return sd_work_introspect(session, *db, NULL);
}
