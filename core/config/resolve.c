#include "core/config/pghost.h"
#include "core/config/pgurl.h"
#include "core/config/tenants.h"
#include "core/config/url.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* A URL and where it was found. */
struct source {
	const char *url, *dir, *origin;
	struct sd_pos pos;
	const char *tenant;
};

static enum sd_status
unknown_environment(const struct sd_config *config, const char *name, struct sd_arena *arena,
	struct sd_diags *diags)
{
	struct sd_names names = { 0 };
	const char *near, *known;

	for (size_t i = 0; i < config->environments.n; i++)
		*sd_push(arena, &names) = config->environments.at[i].name;
	known = names.n ? sd_text_list(arena, &names, SD_TEXT_MOST) : NULL;
	*sd_push(arena, &names) = NULL;
	sd_error(diags, (struct sd_pos){ config->path, 0, 0 },
		"no environment is called \"%s\"", name);
	near = sd_text_nearest(name, names.at);
	if (near)
		sd_hint(diags, "did you mean \"%s\"?", near);
	else if (known)
		sd_hint(diags, "there are: %s", known);
	else if (!config->path)
		sd_hint(diags, "there is no schemadiff.json here or above; `schemadiff init` "
			       "writes one");
	return SD_ERR;
}

static struct source
environment_source(const struct sd_config *config, const struct sd_environment *env,
	struct sd_arena *arena)
{
	return (struct source){ env->url, config->dir,
		sd_fmt(arena, "environment \"%s\"", env->name), env->url_pos, env->tenant };
}

/* An environment with tenants is no database before one of them is named. */
static enum sd_status
which_tenant(const struct sd_environment *env, struct sd_arena *arena, struct sd_diags *diags)
{
	const struct sd_names *names = &env->tenants.names;
	const char *one = "TENANT";

	for (size_t i = names->n; i-- > 0;)
		if (!sd_tenant_is_glob(names->at[i]))
			one = names->at[i];
	sd_error(diags, env->pos, "environment \"%s\" is one database for each of its tenants",
		env->name);
	sd_hint(diags, "choose one: -e '%s', or all of them: -e '%s'",
		sd_env_quote(arena, sd_tenant_name(arena, env, one)),
		sd_tenant_name(arena, env, "*"));
	return SD_ERR;
}

/* The first variable that is set and not empty. */
static struct source
variable_source(void)
{
	static const char *const variables[] = { "SCHEMADIFF_URL", "DATABASE_URL" };
	struct source source = { 0 };

	for (size_t i = 0; i < SD_COUNT(variables) && !source.url; i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			source = (struct source){ value, ".", variables[i], { 0 }, NULL };
	}
	return source;
}

static enum sd_status
find_source(const struct sd_config *config, const struct sd_url_sources *sources,
	struct sd_arena *arena, struct sd_diags *diags, struct source *source,
	const struct sd_environment **environment)
{
	if (sources->environment) {
		*environment = sd_config_environment(config, sources->environment);
		if (!*environment)
			return unknown_environment(config, sources->environment, arena, diags);
		if ((*environment)->tenants.given)
			return which_tenant(*environment, arena, diags);
	}
	if (sources->url) {
		*source = (struct source){ sources->url, ".", "--url", { 0 },
			*environment ? (*environment)->tenant : NULL };
		return SD_OK;
	}
	if (*environment && !(*environment)->url) {
		sd_error(diags, (*environment)->pos, "environment \"%s\" has no url",
			(*environment)->name);
		sd_hint(diags, "write \"url\": \"${DATABASE_URL}\", or give --url");
		return SD_ERR;
	}
	if (!*environment)
		*source = variable_source();
	if (!source->url && !*environment && config->default_environment)
		*environment = sd_config_environment(config, config->default_environment);
	if (!source->url && *environment && (*environment)->tenants.given)
		return which_tenant(*environment, arena, diags);
	if (!source->url && *environment)
		*source = environment_source(config, *environment, arena);
	return source->url ? SD_OK : SD_NOTFOUND;
}

/* A tenant that is no part of the URL is a namespace of that database. */
static enum sd_status
enter(const struct source *source, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_target *target)
{
	if (target->dialect->traits & SD_TRAIT_ONE_NAMESPACE) {
		sd_error(diags, source->pos,
			"the url has no ${tenant}, and a %s database has no namespaces: all "
			"tenants would be one database",
			target->dialect->name);
		sd_hint(diags, "write sqlite:data/${tenant}.db");
		return SD_ERR;
	}
	sd_pgurl_enter(target, source->tenant, arena);
	return SD_OK;
}

static enum sd_status
parse_source(const struct source *source, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_target *target)
{
	const char *url;
	bool used;

	target->origin = source->origin;
	if (sd_tenant_expand(
		    source->url, source->tenant, source->pos, arena, diags, &url, &used) ||
		sd_url_parse(url, source->dir, source->pos, arena, diags, target))
		return SD_ERR;
	return source->tenant && !used ? enter(source, arena, diags, target) : SD_OK;
}

/* A path that @identity, which may hold * and ?, fits is another name of @file: a hard link. */
static bool
is_linked(struct sd_arena *arena, const char *identity, const char *file)
{
	bool same = sd_same_file(identity, file);
	struct sd_buf pattern = SD_BUF(arena);
	glob_t found;

	if (same || !strpbrk(identity, "*?"))
		return same;
	for (const char *c = identity; *c; c++) {
		if (strchr("[]\\", *c))
			sd_buf_addc(&pattern, '\\');
		sd_buf_addc(&pattern, *c);
	}
	if (glob(sd_buf_text(&pattern), GLOB_NOSORT, NULL, &found))
		return false;
	for (size_t i = 0; !same && i < found.gl_pathc; i++)
		same = sd_same_file(found.gl_pathv[i], file);
	globfree(&found);
	return same;
}

/* How the identities of servers are compared. */
typedef bool same_fn(struct sd_arena *scratch, const char *a, const char *b);

/* @place may hold * and ?. */
static bool
is_at(struct sd_arena *arena, const struct sd_target *target, const struct sd_target *place,
	same_fn *same)
{
	if (target->dialect != place->dialect)
		return false;
	if (target->dialect->traits & SD_TRAIT_EMBEDDED)
		return sd_text_glob(place->identity, target->identity) ||
		       is_linked(arena, place->identity, target->identity);
	return same(arena, target->identity, place->identity);
}

static bool
leads_to(const struct sd_config *config, const struct sd_environment *env, const char *tenant,
	const struct sd_target *target, same_fn *same, struct sd_arena *arena)
{
	struct source source = environment_source(config, env, arena);
	struct sd_diags unheard = { .arena = arena };
	struct sd_target place = { 0 };

	source.tenant = tenant;
	return parse_source(&source, arena, &unheard, &place) == SD_OK &&
	       is_at(arena, target, &place, same);
}

/* A database is protected whatever name led to it, so every protected environment is
 * resolved, for each of its tenants; one that can't be (its variable is not set here) can't be
 * meant either, and is none of this command's business: its reports go nowhere. */
static bool
is_protected(const struct sd_config *config, const struct sd_target *target, same_fn *same,
	struct sd_arena *arena)
{
	static const char *any[] = { "*" };
	static const struct sd_names anybody = { any, 1, 1 };

	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *env = &config->environments.at[i];
		const struct sd_names *names =
			env->tenants.query ? &anybody : &env->tenants.names;

		if (!env->is_protected || !env->url)
			continue;
		if (!env->tenants.given && leads_to(config, env, env->tenant, target, same, arena))
			return true;
		for (size_t k = 0; env->tenants.given && k < names->n; k++)
			if (leads_to(config, env, names->at[k], target, same, arena))
				return true;
	}
	return false;
}

enum sd_status
sd_url_target(const struct sd_config *config, const struct sd_environment *env,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_target *target)
{
	struct source source = environment_source(config, env, arena);

	*target = (struct sd_target){ 0 };
	return parse_source(&source, arena, diags, target);
}

enum sd_status
sd_url_resolve(const struct sd_config *config, const struct sd_url_sources *sources,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_target *target,
	const struct sd_environment **environment)
{
	struct source source = { 0 };
	enum sd_status status;

	*environment = NULL;
	*target = (struct sd_target){ 0 };
	status = find_source(config, sources, arena, diags, &source, environment);
	if (status)
		return status;
	if (parse_source(&source, arena, diags, target)) {
		sd_note(diags, (struct sd_pos){ 0 }, "the URL is that of %s", source.origin);
		return SD_ERR;
	}
	target->is_protected = is_protected(config, target, sd_pgurl_same, arena) ||
			       (*environment && (*environment)->is_protected);
	return SD_OK;
}

bool
sd_url_is_protected(
	const struct sd_config *config, const struct sd_target *target, struct sd_arena *arena)
{
	return target->is_protected || is_protected(config, target, sd_pghost_same, arena);
}
