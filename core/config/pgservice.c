/* libpq reads these files when it connects.  Which database a service stands for must be known
 * before: `protected` is a matter of the server and database that are reached, whatever they are
 * called. */
#include "core/config/pgservice.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

/* The folder of the system's file is compiled into libpq: the usual ones. */
static const char *const folders[] = { "/etc/postgresql-common", "/etc/sysconfig/pgsql", "/etc",
	"/usr/local/etc/postgresql", "/usr/local/etc", "/usr/local/pgsql/etc" };

/* The next line of *@text without the white space around it; NULL at the end. */
static const char *
next_line(struct sd_arena *arena, const char **text)
{
	size_t n = strcspn(*text, "\n");
	const char *line;

	if (!**text)
		return NULL;
	line = sd_text_trim(arena, sd_strndup(arena, *text, n));
	*text += n + ((*text)[n] == '\n');
	return line;
}

static bool
read_file(const char *path, const char *name, struct sd_arena *arena, struct sd_names *keys,
	struct sd_names *values)
{
	struct sd_diags unheard = { .arena = arena };
	const char *group = sd_fmt(arena, "[%s]", name), *line, *equals;
	bool inside = false;
	char *content;
	const char *text;

	if (!sd_file_exists(path) || sd_file_read(path, arena, &unheard, &content, NULL))
		return false;
	text = content;
	while ((line = next_line(arena, &text))) {
		if (*line == '[' && inside)
			break;
		inside |= strcmp(line, group) == 0;
		equals = strchr(line, '=');
		if (!inside || *line == '#' || !equals)
			continue;
		*sd_push(arena, keys) = sd_strndup(arena, line, (size_t)(equals - line));
		*sd_push(arena, values) = equals + 1;
	}
	return inside;
}

void
sd_pgservice_read(const char *name, const char *file, struct sd_arena *arena,
	struct sd_names *keys, struct sd_names *values)
{
	const char *home = getenv("HOME"), *system = getenv("PGSYSCONFDIR");

	if (!file || !*file)
		file = getenv("PGSERVICEFILE");
	if (!file && home)
		file = sd_path_join(arena, home, ".pg_service.conf");
	if (file && read_file(file, name, arena, keys, values))
		return;
	if (system) {
		(void)read_file(sd_path_join(arena, system, "pg_service.conf"), name, arena,
			keys, values);
		return;
	}
	for (size_t i = 0; i < SD_COUNT(folders); i++)
		if (read_file(sd_path_join(arena, folders[i], "pg_service.conf"), name, arena,
			    keys, values))
			return;
}
