#include "core/config/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Defaults nest: ${A:-${B:-c}}. */
#define DEPTH_MAX 8

struct expand {
	struct sd_pos pos;
	struct sd_arena *arena;
	struct sd_diags *diags;
	struct sd_buf out;
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
	const char *value = getenv(name);
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
	struct expand x = { pos, arena, diags, SD_BUF(arena) };

	if (add_expanded(&x, text, 0))
		return SD_ERR;
	*expanded = sd_buf_text(&x.out);
	return SD_OK;
}
