#include "core/config/pgurl.h"
#include "core/config/url.h"

#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* A URL and where it was found. */
struct source {
	const char *url, *dir, *origin;
	struct sd_pos pos;
};

static enum sd_status
unknown_environment(const struct sd_config *config, const char *name, struct sd_arena *arena,
	struct sd_diags *diags)
{
	struct sd_names names = { 0 };
	const char *near;

	for (size_t i = 0; i < config->environments.n; i++)
		*sd_push(arena, &names) = config->environments.at[i].name;
	*sd_push(arena, &names) = NULL;
	sd_error(diags, (struct sd_pos){ config->path, 0, 0 },
		"no environment is called \"%s\"", name);
	near = sd_text_nearest(name, names.at);
	if (near)
		sd_hint(diags, "did you mean \"%s\"?", near);
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
		sd_fmt(arena, "environment \"%s\"", env->name), env->url_pos };
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
			source = (struct source){ value, ".", variables[i], { 0 } };
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
	}
	if (sources->url) {
		*source = (struct source){ sources->url, ".", "--url", { 0 } };
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
	if (!source->url && *environment)
		*source = environment_source(config, *environment, arena);
	return source->url ? SD_OK : SD_NOTFOUND;
}

static enum sd_status
parse_source(const struct source *source, struct sd_arena *arena, struct sd_diags *diags,
	struct sd_target *target)
{
	const char *url;

	target->origin = source->origin;
	if (sd_expand(source->url, source->pos, arena, diags, &url))
		return SD_ERR;
	return sd_url_parse(url, source->dir, source->pos, arena, diags, target);
}

static bool
same_place(struct sd_arena *arena, const struct sd_target *a, const struct sd_target *b)
{
	if (a->dialect != b->dialect)
		return false;
	if (a->dialect == &sd_dialect_postgresql)
		return sd_pgurl_same(arena, a->identity, b->identity);
	return strcmp(a->identity, b->identity) == 0;
}

/* A database is protected whatever name led to it, so every protected environment is
 * resolved; one that can't be (its variable is not set here) can't be meant either, and
 * is none of this command's business: its reports go nowhere. */
static bool
is_protected(
	const struct sd_config *config, const struct sd_target *target, struct sd_arena *arena)
{
	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *env = &config->environments.at[i];
		struct source source = environment_source(config, env, arena);
		struct sd_diags unheard = { .arena = arena };
		struct sd_target other = { 0 };

		if (env->is_protected && env->url &&
			parse_source(&source, arena, &unheard, &other) == SD_OK &&
			same_place(arena, target, &other))
			return true;
	}
	return false;
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
	target->is_protected = is_protected(config, target, arena) ||
			       (*environment && (*environment)->is_protected);
	return SD_OK;
}
