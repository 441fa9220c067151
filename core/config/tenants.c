#include "core/config/tenants.h"

#include "core/base/text.h"

#include <string.h>

/* ---- patterns ------------------------------------------------------------------------ */

bool
sd_env_is_pattern(const char *text)
{
	if (strcmp(text, SD_ENV_ALL) == 0)
		return true;
	for (const char *c = text; *c; c++) {
		if (strchr("*?,", *c))
			return true;
		if (*c == '\\' && c[1])
			c++;
	}
	return false;
}

void
sd_env_pieces(const char *text, struct sd_arena *arena, struct sd_names *pieces)
{
	const char *from = text, *c = text, *piece;

	for (;; c++) {
		if (*c == '\\' && c[1]) {
			c++;
			continue;
		}
		if (*c && *c != ',')
			continue;
		piece = sd_text_trim(arena, sd_strndup(arena, from, (size_t)(c - from)));
		if (*piece)
			*sd_push(arena, pieces) = piece;
		if (!*c)
			return;
		from = c + 1;
	}
}

bool
sd_env_matches(const char *piece, const char *name)
{
	const char *star = NULL, *resume = NULL;
	size_t literal;

	if (strcmp(piece, SD_ENV_ALL) == 0)
		return true;
	while (*name) {
		literal = *piece == '\\' && piece[1];
		if (*piece == '*') {
			star = piece++;
			resume = name;
		} else if ((*piece == '?' && !literal) || (*piece && piece[literal] == *name)) {
			piece += 1 + literal;
			name++;
		} else if (star) {
			piece = star + 1;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (*piece == '*')
		piece++;
	return *piece == '\0';
}

bool
sd_env_may_match(const char *piece, const char *prefix)
{
	size_t literal;

	if (strcmp(piece, SD_ENV_ALL) == 0)
		return true;
	for (; *prefix; prefix++, piece += 1 + literal) {
		literal = *piece == '\\' && piece[1];
		if (*piece == '*')
			return true;
		if (!*piece || (*piece != '?' && piece[literal] != *prefix))
			return false;
	}
	return true;
}

const char *
sd_env_quote(struct sd_arena *arena, const char *name)
{
	struct sd_buf out = SD_BUF(arena);

	for (const char *c = name; *c; c++) {
		if (strchr("*?,\\", *c))
			sd_buf_addc(&out, '\\');
		sd_buf_addc(&out, *c);
	}
	return sd_buf_text(&out);
}

const char *
sd_env_unquote(struct sd_arena *arena, const char *piece)
{
	struct sd_buf out = SD_BUF(arena);

	for (const char *c = piece; *c; c++) {
		if (*c == '\\' && c[1])
			c++;
		sd_buf_addc(&out, *c);
	}
	return sd_buf_text(&out);
}

/* ---- tenants ------------------------------------------------------------------------- */

bool
sd_tenant_is_glob(const char *entry)
{
	return strpbrk(entry, "*?") != NULL;
}

const char *
sd_tenant_name(struct sd_arena *arena, const struct sd_environment *env, const char *tenant)
{
	return sd_fmt(arena, "%s/%s", env->name, tenant);
}

/* What only the database knows is found out when it is connected to. */
static enum sd_status
check_tenant(const struct sd_environment *env, const char *tenant, struct sd_arena *arena,
	struct sd_diags *diags)
{
	struct sd_names names = { 0 };
	const char *near;

	if (!*tenant)
		return sd_error(
			diags, env->pos, "\"%s/\" has no tenant behind the /", env->name);
	if (env->tenants.query)
		return SD_OK;
	for (size_t i = 0; i < env->tenants.names.n; i++) {
		if (sd_text_glob(env->tenants.names.at[i], tenant))
			return SD_OK;
		*sd_push(arena, &names) = env->tenants.names.at[i];
	}
	*sd_push(arena, &names) = NULL;
	near = sd_text_nearest(tenant, names.at);
	sd_error(diags, env->tenants.pos, "environment \"%s\" has no tenant \"%s\"", env->name,
		tenant);
	if (near)
		sd_hint(diags, "did you mean \"%s/%s\"?", env->name, near);
	return SD_ERR;
}

/* The environment whose name stands before a / of @name: one with tenants rather than one
 * without, and then the longest. */
static const struct sd_environment *
find_owner(const struct sd_config *config, const char *name)
{
	const struct sd_environment *found = NULL;
	size_t n, longest = 0;

	for (size_t i = 0; i < config->environments.n; i++) {
		const struct sd_environment *env = &config->environments.at[i];

		n = strlen(env->name);
		if (strncmp(env->name, name, n) != 0 || name[n] != '/' || env->tenant)
			continue;
		if (found && (env->tenants.given != found->tenants.given ? !env->tenants.given
									 : n < longest))
			continue;
		found = env;
		longest = n;
	}
	return found;
}

enum sd_status
sd_config_choose(struct sd_config *config, const char *text, struct sd_arena *arena,
	struct sd_diags *diags, const char **name)
{
	const struct sd_environment *owner;
	struct sd_environment one;

	*name = text;
	if (sd_config_environment(config, text))
		return SD_OK;
	*name = sd_env_unquote(arena, text);
	if (sd_config_environment(config, *name))
		return SD_OK;
	owner = find_owner(config, *name);
	if (!owner)
		return SD_OK;
	one = *owner;
	one.name = *name;
	one.tenant = *name + strlen(owner->name) + 1;
	one.tenants.given = false;
	if (!owner->tenants.given)
		return sd_error(diags, owner->pos,
			"environment \"%s\" has no tenants, so there is no \"%s\"", owner->name,
			*name);
	if (check_tenant(owner, one.tenant, arena, diags))
		return SD_ERR;
	*sd_push(arena, &config->environments) = one;
	return SD_OK;
}
