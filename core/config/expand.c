#include "core/config/tenants.h"
#include "core/config/url.h"

#include "core/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Defaults nest: ${A:-${B:-c}}. */
#define DEPTH_MAX 8

/* Stands for the tenant until it is known what form of URL it is part of. */
#define TENANT "\001"

struct expand {
	struct sd_pos pos;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_buf out;
	bool has_tenant;
};

/* Length of the name at @p; 0 = none. */
static size_t
name_length(const char *p)
{
	size_t n = 0;

	if (isdigit((unsigned char)*p))
		return 0;
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n;
}

/* The brace that closes the one before @p, or NULL. */
static const char *
closing(const char *p)
{
	size_t depth = 1;

	for (; *p; p++) {
		if (p[0] == '$' && p[1] == '{')
			depth++;
		if (*p == '}' && !--depth)
			return p;
	}
	return NULL;
}

static enum sd_status add_expanded(struct expand *x, const char *text, size_t depth);

/* Append the value of the reference whose inside is @from … @end. */
static enum sd_status
add_variable(struct expand *x, const char *from, const char *end, size_t depth)
{
	size_t n = name_length(from);
	const char *rest = from + n;
	const char *name = sd_strndup(x->arena, from, n);
	bool is_tenant = x->has_tenant && strcmp(name, "tenant") == 0;
	const char *value = is_tenant ? TENANT : getenv(name);
	bool has_default = rest + 2 <= end && rest[0] == ':' && rest[1] == '-';

	if (!n || (rest != end && !has_default))
		return sd_error(x->diags, x->pos,
			"a reference to a variable is ${NAME} or ${NAME:-default}");
	if (has_default && (!value || !*value))
		return add_expanded(
			x, sd_strndup(x->arena, rest + 2, (size_t)(end - rest - 2)), depth + 1);
	if (!value) {
		sd_error(x->diags, x->pos, "the environment variable %s is not set", name);
		sd_hint(x->diags, "set it, or give it a default: ${%s:-…}", name);
		return SD_ERR;
	}
	sd_buf_add(&x->out, value);
	return SD_OK;
}

static enum sd_status
add_expanded(struct expand *x, const char *text, size_t depth)
{
	const char *end;

	if (depth > DEPTH_MAX)
		return sd_error(x->diags, x->pos, "references to variables nest too deeply");
	for (const char *p = text; *p; p++) {
		if (p[0] != '$' || p[1] != '{') {
			sd_buf_addc(&x->out, *p);
			continue;
		}
		end = closing(p + 2);
		if (!end)
			return sd_error(x->diags, x->pos, "a ${ is not closed by a }");
		if (add_variable(x, p + 2, end, depth))
			return SD_ERR;
		p = end;
	}
	return SD_OK;
}

enum sd_status
sd_expand(const char *text, struct sd_pos pos, struct sd_arena *arena, struct sd_diags *diags,
	const char **expanded)
{
	struct expand x = { pos, arena, diags, SD_BUF(arena), false };

	if (add_expanded(&x, text, 0))
		return SD_ERR;
	*expanded = sd_buf_text(&x.out);
	return SD_OK;
}

/* ---- tenants ------------------------------------------------------------------------ */

/* A tenant in the path of a file: what leads out of its folder is no name. */
static enum sd_status
in_path(const struct expand *x, const char *tenant)
{
	if (!strchr(tenant, '/') && strcmp(tenant, ".") != 0 && strcmp(tenant, "..") != 0)
		return SD_OK;
	sd_error(x->diags, x->pos, "tenant \"%s\" can't be part of the path of a file", tenant);
	sd_hint(x->diags, "such a name has no /, and is not . or ..");
	return SD_ERR;
}

/* @tenant with an escape for each byte that may mean something: %XX in URLs, a backslash in
 * libpq's key=value form. */
static const char *
escaped(struct sd_arena *arena, const char *tenant, bool percent)
{
	struct sd_buf out = SD_BUF(arena);

	for (const char *c = tenant; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte >= 0x80 || (byte < 0x80 && (isalnum(byte) || strchr("-._~", byte))))
			sd_buf_addc(&out, *c);
		else
			sd_buf_addf(&out, percent ? "%%%02X" : "\\%c", byte);
	}
	return sd_buf_text(&out);
}

enum sd_status
sd_tenant_expand(const char *url, const char *tenant, struct sd_pos pos, struct sd_arena *arena,
	struct sd_diags *diags, const char **expanded, bool *used)
{
	struct expand x = { pos, arena, diags, SD_BUF(arena), tenant != NULL };
	const char *text;
	bool is_file;

	*used = false;
	if (add_expanded(&x, url, 0))
		return SD_ERR;
	*expanded = text = sd_buf_text(&x.out);
	if (!tenant || !strstr(text, TENANT))
		return SD_OK;
	*used = true;
	is_file = sd_text_starts(sd_text_lower(arena, sd_text_trim(arena, text)), "sqlite");
	if (is_file && in_path(&x, tenant))
		return SD_ERR;
	if (!is_file)
		tenant = escaped(arena, tenant, strstr(text, "://") != NULL);
	*expanded = sd_text_replace(arena, text, TENANT, tenant);
	return SD_OK;
}

bool
sd_tenant_in_url(const char *url)
{
	return strstr(url, "${tenant}") || strstr(url, "${tenant:-");
}
