/* What commands start from: the engine, the schema files, the database, the history. */
#include "cmd/work/work.h"
#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

static const struct sd_engine *
engine_of(struct sd_session *session, const struct sd_dialect *dialect, const char *said_by)
{
	const struct sd_engine *engine = dialect ? sd_engine_find(dialect) : NULL;

	if (!engine)
		sd_error(session->diags, nowhere,
			"%s asks for an engine that this build has not got", said_by);
	return engine;
}

/* The engine of the environment's URL, and if that does not tell of any other's. */
static const struct sd_dialect *
dialect_of_urls(struct sd_session *session)
{
	struct sd_diags unheard = { .arena = session->arena };
	const struct sd_config *config = &session->config;
	const struct sd_dialect *found = NULL;

	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *env = &config->environments.at[i];
		bool chosen = sd_text_equal(env->name, session->environment);
		struct sd_environment any = *env;
		struct sd_target target;

		any.tenant = env->tenants.given ? "*" : env->tenant;
		if (!env->url || (found && !chosen) ||
			sd_url_target(config, &any, session->arena, &unheard, &target))
			continue;
		found = target.dialect;
	}
	for (size_t i = 0; i < unheard.secrets.n; i++)
		*sd_push(session->arena, &session->diags->secrets) = unheard.secrets.at[i];
	return found;
}

/* The engine that the newest script was written for. */
static const struct sd_dialect *
dialect_of_scripts(struct sd_session *session)
{
	static const char key[] = "\n-- dialect:";
	struct sd_names dirs = sd_work_paths(session, &session->settings.migrations);
	struct sd_diags unheard = { .arena = session->arena };
	const struct sd_dialect *found = NULL;
	struct sd_arena *scratch = sd_arena_new();
	struct sd_names files = { 0 };
	char *text, *name;

	for (size_t i = 0; i < dirs.n; i++)
		if (sd_tree_entry(session->tree, dirs.at[i]) == SD_ENTRY_DIR)
			(void)sd_tree_list(session->tree, dirs.at[i], ".sql",
				session->settings.recursive, scratch, &unheard, &files);
	if (files.n && sd_tree_read(session->tree, files.at[files.n - 1], scratch, &unheard, &text,
			       NULL) == SD_OK &&
		(name = strstr(text, key)) != NULL) {
		name += sizeof key - 1 + strspn(name + sizeof key - 1, " ");
		found = sd_dialect_find(sd_strndup(scratch, name, strcspn(name, " ,\r\n")));
	}
	sd_arena_free(scratch);
	return found;
}

const struct sd_engine *
sd_work_engine(struct sd_session *session)
{
	const struct sd_dialect *dialect;

	const struct sd_names *dialects = &session->settings.dialects;

	if (session->engine)
		return session->engine;
	if (session->has_target)
		return engine_of(session, session->target.dialect, session->target.origin);
	if (session->globals.dialect)
		return engine_of(
			session, sd_dialect_find(session->globals.dialect), "--dialect");
	if (dialects->n == 1)
		return engine_of(session, sd_dialect_find(dialects->at[0]),
			"\"dialects\" of the configuration");
	dialect = dialect_of_urls(session);
	if (!dialect)
		dialect = dialect_of_scripts(session);
	if (dialect)
		return engine_of(session, dialect, "the project");
	return &sd_engines[0];
}

enum sd_status
sd_work_engines(struct sd_session *session, struct sd_engine_list *engines)
{
	const struct sd_names *dialects = &session->settings.dialects;
	const struct sd_engine *own = sd_work_engine(session);
	bool found = false;

	*engines = (struct sd_engine_list){ 0 };
	if (!own)
		return SD_ERR;
	for (uint32_t i = 0; dialects->n > 1 && i < dialects->n; i++) {
		const struct sd_engine *engine = engine_of(session,
			sd_dialect_find(dialects->at[i]), "\"dialects\" of the configuration");

		if (!engine)
			return SD_ERR;
		found |= engine == own;
		if (sd_names_find(dialects, dialects->at[i]) == (long)i)
			*sd_push(session->arena, engines) = engine;
	}
	if (!found)
		*sd_push(session->arena, engines) = own;
	return SD_OK;
}

struct sd_session *
sd_work_for(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_session *there;

	if (sd_work_engine(session) == engine)
		return session;
	there = sd_new(session->arena, struct sd_session);
	*there = *session;
	there->engine = engine;
	there->has_target = false;
	there->target = (struct sd_target){ 0 };
	there->server_version = 0;
	there->namespace = NULL;
	return there;
}

void
sd_work_environments_of(struct sd_session *session, const struct sd_engine *engine,
	struct sd_environments *found)
{
	struct sd_diags unheard = { .arena = session->arena };
	const struct sd_config *config = &session->config;

	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *environment = &config->environments.at[i];
		const struct sd_url_sources sources = { NULL, environment->name };
		struct sd_target target;

		if (environment->url && !environment->tenants.given && !environment->tenant &&
			sd_url_resolve(config, &sources, session->arena, &unheard, &target,
				&environment) == SD_OK &&
			target.dialect == engine->dialect && !target.is_protected)
			*sd_push(session->arena, found) =
				(struct sd_work_environment){ environment, target };
	}
	for (size_t i = 0; i < unheard.secrets.n; i++)
		*sd_push(session->arena, &session->diags->secrets) = unheard.secrets.at[i];
}

int
sd_work_target_version(struct sd_session *session, const struct sd_engine *engine)
{
	const char *text = sd_settings_target(&session->settings, engine->dialect->name);

	if (text)
		return sd_dialect_version(engine->dialect, text);
	/* a library is the program's own, a server is what scripts will meet */
	if (session->server_version && !(engine->dialect->traits & SD_TRAIT_EMBEDDED))
		return session->server_version / 10000 * 10000;
	return engine->dialect->default_version;
}

struct sd_naming
sd_work_naming(const struct sd_session *session)
{
	const struct sd_settings *s = &session->settings;

	return (struct sd_naming){ s->naming_ix, s->naming_uq, s->naming_fk, s->naming_pk,
		s->naming_ck };
}

struct sd_names
sd_work_paths(struct sd_session *session, const struct sd_names *paths)
{
	struct sd_names joined = { 0 };

	for (size_t i = 0; i < paths->n; i++)
		*sd_push(session->arena, &joined) =
			sd_path_join(session->arena, session->config.dir, paths->at[i]);
	return joined;
}

/* A folder that is named and not there is a mistake; the default one may be missing only
 * together with its configuration file. */
static enum sd_status
check_paths(struct sd_session *session, const struct sd_names *paths)
{
	enum sd_status status = SD_OK;

	for (size_t i = 0; i < paths->n; i++) {
		struct sd_pos pos = { .file = sd_tree_name(
					      session->tree, session->arena, paths->at[i]) };

		if (sd_tree_entry(session->tree, paths->at[i]) != SD_ENTRY_NONE)
			continue;
		status = sd_error(session->diags, pos,
			"there is no such schema file or folder");
		if (!session->config.path)
			sd_hint(session->diags,
				"run `schemadiff init` to begin a project here, or -c FILE to "
				"name its configuration");
		else
			sd_hint(session->diags, "\"schemas\" or \"schemas_for\" in %s names it",
				session->config.path);
	}
	return status;
}

/* Objects in a namespace that nothing lists would be created, and never seen again. */
static enum sd_status
check_namespaces(struct sd_session *session, const struct sd_schema *schema)
{
	const struct sd_names *listed = &session->settings.namespaces;
	struct sd_names told = { 0 };

	for (enum sd_kind kind = SD_N_PARTS; schema && kind < SD_KIND__MAX; kind++) {
		for (size_t i = 0; i < schema->objects[kind].n; i++) {
			const struct sd_object *object = schema->objects[kind].at[i];
			bool known = !object->ns || sd_names_find(&told, object->ns) >= 0;

			for (size_t k = 0; !known && k < listed->n; k++)
				known = sd_text_glob(listed->at[k], object->ns);
			if (known)
				continue;
			*sd_push(session->arena, &told) = object->ns;
			sd_error(session->diags, object->pos,
				"namespace %s is not managed: \"namespaces\" of the "
				"configuration does not list it",
				object->ns);
		}
	}
	return told.n ? SD_ERR : SD_OK;
}

/* The schema files of all engines, and those of @engine alone. */
static struct sd_names
schema_paths(struct sd_session *session, const struct sd_engine *engine)
{
	const struct sd_settings *settings = &session->settings;
	const struct sd_names *own = sd_settings_schemas(settings, engine->dialect->name);
	struct sd_names paths = sd_work_paths(session, &settings->schemas), more = { 0 };

	if (own)
		more = sd_work_paths(session, own);
	for (uint32_t i = 0; i < more.n; i++)
		*sd_push(session->arena, &paths) = more.at[i];
	return paths;
}

struct sd_schema *
sd_work_load(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_names paths = schema_paths(session, engine);
	struct sd_naming *naming = sd_new(session->arena, struct sd_naming);
	const struct sd_load_options options = {
		.dialect = engine->dialect,
		.version = sd_work_target_version(session, engine),
		.naming = naming,
		.manage = &session->settings.manage,
		.tree = session->tree,
	};
	struct sd_schema *schema;

	*naming = sd_work_naming(session);
	if (check_paths(session, &paths))
		return NULL;
	schema = sd_load_paths(&options, &paths, session->arena, session->diags);
	return check_namespaces(session, schema) ? NULL : schema;
}

const char *
sd_work_fingerprint(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_session quiet = *sd_work_for(session, engine);
	struct sd_diags unheard = { .arena = session->arena };
	const struct sd_schema *schema;

	quiet.diags = &unheard;
	schema = sd_work_load(&quiet, engine);
	return schema ? sd_schema_fingerprint(schema, session->arena) : NULL;
}

void
sd_work_warn_no_fingerprint(struct sd_session *session, const char *consequence)
{
	sd_warn(session->diags, nowhere, "the schema files do not load, so %s", consequence);
	sd_hint(session->diags, "`schemadiff check` says what is wrong");
}

static void
close_db(void *db)
{
	sd_db_close(db);
}

struct sd_db *
sd_work_open(struct sd_session *session, enum sd_db_mode mode)
{
	struct sd_db *db = sd_db_open(&session->target, mode, session->diags);

	if (!db)
		return NULL;
	sd_arena_defer(session->arena, close_db, db);
	session->server_version = sd_db_version(db);
	session->namespace = sd_strdup(session->arena, sd_db_namespace(db));
	return db;
}

struct sd_bookkeeping
sd_work_books(const struct sd_session *session)
{
	return (struct sd_bookkeeping){
		.prefix = session->settings.bookkeeping_prefix,
		.namespace = session->settings.bookkeeping_namespace
				     ? session->settings.bookkeeping_namespace
				     : session->namespace ? session->namespace
							  : session->target.namespace,
	};
}

struct sd_schema *
sd_work_introspect(
	struct sd_session *session, struct sd_db *db, const struct sd_schema *desired)
{
	const struct sd_engine *engine = sd_engine_find(sd_db_dialect(db));
	struct sd_naming *naming = sd_new(session->arena, struct sd_naming);
	struct sd_names wanted = { 0 };
	const struct sd_introspect_options options = {
		.naming = naming,
		.bookkeeping_prefix = session->settings.bookkeeping_prefix
					      ? session->settings.bookkeeping_prefix
					      : "schemadiff_",
		.wanted = &wanted,
		.namespaces = &session->settings.namespaces,
	};

	*naming = sd_work_naming(session);
	for (size_t i = 0; desired && i < desired->objects[SD_TABLE].n; i++) {
		const char *name = desired->objects[SD_TABLE].at[i]->name;

		if (sd_is_foreign_bookkeeping(name))
			*sd_push(session->arena, &wanted) = name;
	}
	return engine->introspect(db, &options, session->arena);
}

struct sd_history *
sd_work_history(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_names dirs = sd_work_paths(session, &session->settings.migrations);

	return sd_history_load(session->tree, &dirs, session->settings.recursive, engine->dialect,
		session->arena, session->diags);
}

struct sd_history *
sd_work_headers(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_names dirs = sd_work_paths(session, &session->settings.migrations);

	return sd_history_load_headers(session->tree, &dirs, session->settings.recursive,
		engine->dialect, session->arena, session->diags);
}
