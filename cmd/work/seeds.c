#include "cmd/work/seeds.h"

#include "core/base/text.h"

#include <string.h>

static const struct sd_pos nowhere;

/* ---- files --------------------------------------------------------------------------------
 */

/* How the configuration could have written @path too: "./seeds//a.sql" is "seeds/a.sql".  The
 * record is kept under this name. */
static const char *
plain_path(struct sd_arena *arena, const char *path)
{
	struct sd_buf out = SD_BUF(arena);

	if (*path == '/')
		sd_buf_addc(&out, '/');
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n && !(n == 1 && *path == '.')) {
			if (out.n && out.at[out.n - 1] != '/')
				sd_buf_addc(&out, '/');
			sd_buf_addn(&out, path, n);
		}
		path += n;
		path += *path == '/';
	}
	return sd_buf_text(&out);
}

struct reading {
	struct sd_session *session;
	const struct sd_engine *engine;
	struct sd_map seen; /* by their names: an entry of the list may hold another one's */
	struct sd_seeds *seeds;
};

static enum sd_status
add_file(struct reading *r, const char *name, const char *path)
{
	struct sd_session *session = r->session;
	struct sd_arena *arena = session->arena;
	void **seen = sd_map_at(&r->seen, name, arena);
	struct sd_script *script;
	char *text;
	size_t len;

	if (*seen)
		return SD_OK;
	*seen = r;
	if (sd_tree_read(session->tree, path, arena, session->diags, &text, &len))
		return SD_ERR;
	script = sd_script_parse_seed(
		name, path, text, len, r->engine->dialect, arena, session->diags);
	if (!script)
		return SD_ERR;
	*sd_push(arena, r->seeds) = (struct sd_seed){ .script = script };
	return SD_OK;
}

static enum sd_status
add_folder(struct reading *r, const char *name, const char *path)
{
	struct sd_session *session = r->session;
	struct sd_names files = { 0 };
	enum sd_status status = sd_tree_list(
		session->tree, path, ".sql", false, session->arena, session->diags, &files);

	for (size_t i = 0; i < files.n; i++)
		if (add_file(r,
			    plain_path(session->arena, sd_fmt(session->arena, "%s/%s", name,
							       sd_path_base(files.at[i]))),
			    files.at[i]))
			status = SD_ERR;
	return status;
}

/* The folder that is looked for although nobody has named it may be missing. */
static enum sd_status
missing(struct sd_session *session, const struct sd_names *entries, const char *path)
{
	struct sd_pos pos = { .file = path };

	if (entries->n == 1 && strcmp(entries->at[0], "seeds") == 0)
		return SD_OK;
	sd_error(session->diags, pos, "there is no such seed or folder of seeds");
	sd_hint(session->diags, "\"seeds\" in %s names it", session->config.path);
	return SD_ERR;
}

enum sd_status
sd_work_seeds(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, struct sd_seeds *seeds)
{
	const struct sd_names *entries = &session->settings.seeds;
	struct reading reading = { .session = session, .engine = engine, .seeds = seeds };
	enum sd_status status = SD_OK, one = SD_OK;

	*seeds = (struct sd_seeds){ 0 };
	for (size_t i = 0; i < entries->n; i++) {
		const char *name = plain_path(session->arena, entries->at[i]);
		const char *path = sd_path_join(session->arena, session->config.dir, name);

		switch (sd_tree_entry(session->tree, path)) {
		case SD_ENTRY_NONE:
			one = missing(session, entries, path);
			break;
		case SD_ENTRY_FILE:
			one = add_file(&reading, name, path);
			break;
		case SD_ENTRY_DIR:
			one = add_folder(&reading, name, path);
			break;
		}
		if (one)
			status = SD_ERR;
	}
	if (status)
		return SD_ERR;
	return sd_seeds_link(seeds, history, session->diags);
}

struct sd_scripts
sd_work_seed_scripts(struct sd_session *session, const struct sd_seeds *seeds)
{
	struct sd_scripts scripts = { 0 };

	for (size_t i = 0; i < seeds->n; i++)
		*sd_push(session->arena, &scripts) = seeds->at[i].script;
	return scripts;
}

/* ---- names --------------------------------------------------------------------------------
 */

static bool
is_called(const struct sd_script *script, const char *name)
{
	const char *base = sd_path_base(script->revision);
	size_t n = strlen(name);

	if (strcmp(base, name) == 0)
		return true;
	return strncmp(base, name, n) == 0 && strcmp(base + n, ".sql") == 0;
}

static enum sd_status
unknown(struct sd_session *session, const char *name, const struct sd_seeds *seeds)
{
	struct sd_names words = { 0 };
	const char *near;

	for (size_t i = 0; i < seeds->n; i++) {
		*sd_push(session->arena, &words) = seeds->at[i].script->revision;
		*sd_push(session->arena, &words) = sd_path_base(seeds->at[i].script->revision);
	}
	*sd_push(session->arena, &words) = NULL;
	near = sd_text_nearest(name, words.at);
	sd_error(session->diags, nowhere, "there is no seed \"%s\"", name);
	if (near)
		sd_hint(session->diags, "did you mean \"%s\"?", near);
	else
		sd_hint(session->diags, "`schemadiff seed --list` lists them");
	return SD_ERR;
}

/* The index of the seed called @name. */
static enum sd_status
find(struct sd_session *session, const char *name, const struct sd_seeds *seeds, size_t *index)
{
	struct sd_buf candidates = SD_BUF(session->arena);
	const char *path = plain_path(session->arena, name);
	size_t n = 0;

	for (size_t i = 0; i < seeds->n; i++)
		if (strcmp(seeds->at[i].script->revision, path) == 0) {
			*index = i;
			return SD_OK;
		}
	for (size_t i = 0; i < seeds->n; i++) {
		if (!is_called(seeds->at[i].script, name))
			continue;
		*index = i;
		n++;
		sd_buf_sep(&candidates, ", ");
		sd_buf_add(&candidates, seeds->at[i].script->revision);
	}
	if (n == 1)
		return SD_OK;
	if (!n)
		return unknown(session, name, seeds);
	return sd_error(session->diags, nowhere, "\"%s\" is ambiguous: %s", name,
		sd_buf_text(&candidates));
}

enum sd_status
sd_work_choose_seeds(
	struct sd_session *session, const struct sd_names *names, struct sd_seeds *seeds)
{
	struct sd_seeds chosen = { 0 };
	enum sd_status status = SD_OK;
	bool *wanted = sd_alloc(session->arena, seeds->n + 1);

	memset(wanted, 0, seeds->n + 1);
	for (size_t i = 0; i < names->n; i++) {
		size_t index = 0;

		if (find(session, names->at[i], seeds, &index))
			status = SD_ERR;
		else
			wanted[index] = true;
	}
	for (size_t i = 0; i < seeds->n; i++)
		if (wanted[i])
			*sd_push(session->arena, &chosen) = seeds->at[i];
	if (names->n)
		*seeds = chosen;
	return status;
}
