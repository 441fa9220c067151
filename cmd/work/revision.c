/* A new revision's file: its name, its id, its text. */
#include "cmd/work/work.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The time of creation: SOURCE_DATE_EPOCH pins it. */
static time_t
now(void)
{
	const char *pinned = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long seconds = pinned ? strtoll(pinned, &end, 10) : 0;

	return pinned && *pinned && !*end ? (time_t)seconds : time(NULL);
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static const char *
last_underscore(const char *text, size_t len)
{
	while (len && text[len - 1] != '_')
		len--;
	return len ? text + len - 1 : NULL;
}

/* Words of the message joined by underscores, cut at the last one that fits. */
static const char *
slug(struct sd_arena *arena, const char *message, size_t longest)
{
	const char *small = sd_text_lower(arena, message);
	struct sd_buf out = SD_BUF(arena);

	for (const char *p = small; *p; p++) {
		if (in_word(*p))
			sd_buf_addc(&out, *p);
		else if (out.n && out.at[out.n - 1] != '_')
			sd_buf_addc(&out, '_');
	}
	while (out.n && out.at[out.n - 1] == '_')
		sd_buf_cut(&out, out.n - 1);
	if (out.n > longest) {
		const char *cut = last_underscore(out.at, longest + 1);

		sd_buf_cut(&out, cut && cut > out.at ? (size_t)(cut - out.at)
						     : sd_text_valid_utf8(out.at, longest));
	}
	return out.n ? sd_buf_text(&out) : "revision";
}

struct token {
	const char *name, *value;
};

/* `%(name)s`, `%(name)d`, `%(name).2d`: the token at @p to @out; its end, or NULL. */
static const char *
expand_token(const char *p, const struct token *tokens, size_t n, struct sd_buf *out)
{
	const char *close = strchr(p, ')'), *end;
	size_t len;

	if (!close)
		return NULL;
	len = (size_t)(close - p);
	end = close + 1 + strspn(close + 1, ".0123456789");
	if (*end != 's' && *end != 'd')
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (strlen(tokens[i].name) != len || memcmp(tokens[i].name, p, len) != 0)
			continue;
		if (close[1] == '.' && strlen(tokens[i].value) < 2)
			sd_buf_addc(out, '0');
		sd_buf_add(out, tokens[i].value);
		return end + 1;
	}
	return NULL;
}

/* @at in the configured time zone, which only the names of files follow. */
static enum sd_status
local_time(struct sd_session *session, time_t at, struct tm *tm)
{
	const char *zone = session->settings.timezone;

	if (!zone || strcmp(zone, "UTC") == 0) {
		gmtime_r(&at, tm);
		return SD_OK;
	}
	if (strstr(zone, "..") ||
		!sd_file_exists(sd_path_join(session->arena, "/usr/share/zoneinfo", zone)))
		return sd_error(session->diags, (struct sd_pos){ .file = session->config.path },
			"\"timezone\": this system knows no zone %s", zone);
	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&at, tm);
	return SD_OK;
}

static const char *
file_name(struct sd_session *session, const char *revision, const char *message, time_t at,
	const struct tm *tm)
{
	const char *template = session->settings.file_template;
	struct sd_arena *arena = session->arena;
	struct sd_buf out = SD_BUF(arena);
	const struct token tokens[] = {
		{ "rev", revision },
		{ "slug", slug(arena, message, session->settings.truncate_slug_length) },
		{ "year", sd_fmt(arena, "%04d", tm->tm_year + 1900) },
		{ "month", sd_fmt(arena, "%d", tm->tm_mon + 1) },
		{ "day", sd_fmt(arena, "%d", tm->tm_mday) },
		{ "hour", sd_fmt(arena, "%d", tm->tm_hour) },
		{ "minute", sd_fmt(arena, "%d", tm->tm_min) },
		{ "second", sd_fmt(arena, "%d", tm->tm_sec) },
		{ "epoch", sd_fmt(arena, "%" PRIdMAX, (intmax_t)at) },
	};

	if (!template)
		template = "%(year)d%(month).2d%(day).2d_%(rev)s_%(slug)s.sql";
	while (*template) {
		const char *behind =
			template[0] == '%' && template[1] == '('
				? expand_token(template + 2, tokens, SD_COUNT(tokens), &out)
				: NULL;

		if (!behind && template[0] == '%' && template[1] == '(') {
			sd_error(session->diags,
				(struct sd_pos){ .file = session->config.path },
				"\"file_template\" has a token that is not known: %s",
				template);
			sd_hint(session->diags,
				"tokens: rev slug epoch year month day hour minute second");
			return NULL;
		}
		if (!behind)
			sd_buf_addc(&out, *template);
		template = behind ? behind : template + 1;
	}
	if (out.n < 4 || strcmp(out.at + out.n - 4, ".sql") != 0)
		sd_buf_add(&out, ".sql");
	return sd_buf_text(&out);
}

static const char *
rfc3339(struct sd_arena *arena, time_t at)
{
	struct tm tm;

	gmtime_r(&at, &tm);
	return sd_fmt(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* @id, given with --@option, can be a new id or a label. */
static enum sd_status
check_id(struct sd_session *session, const struct sd_history *history, const char *option,
	const char *id)
{
	const struct sd_script *taken = sd_history_find(history, id);

	if (!sd_script_is_id(id))
		return sd_error(session->diags, (struct sd_pos){ 0 },
			"--%s %s: expected letters, digits, _ and . alone, at most %d, and not "
			"head, heads, base or current",
			option, id, SD_SCRIPT_ID_MAX);
	if (!taken)
		taken = sd_map_get(&history->by_label, id);
	if (taken)
		return sd_error(session->diags, (struct sd_pos){ 0 },
			"--%s %s: %s has it already", option, id, taken->path);
	return SD_OK;
}

static const char *
new_id(struct sd_session *session, const struct sd_history *history)
{
	const char *id;

	do
		id = sd_random_hex(session->arena, 12);
	while (sd_history_find(history, id) || sd_map_get(&history->by_label, id));
	return id;
}

/* The revisions that a new one revises, and whether its names are free. */
static enum sd_status
find_parents(struct sd_session *session, const struct sd_history *history,
	const struct sd_new_revision *revision, struct sd_scripts *parents)
{
	struct sd_script *head = NULL;

	if (revision->rev_id && check_id(session, history, "rev-id", revision->rev_id))
		return SD_ERR;
	for (size_t i = 0; i < revision->labels.n; i++)
		if (check_id(session, history, "branch-label", revision->labels.at[i]))
			return SD_ERR;
	if (revision->parents) {
		*parents = *revision->parents;
		return SD_OK;
	}
	if (sd_history_head(history, session->diags, &head))
		return SD_ERR;
	if (head)
		*sd_push(session->arena, parents) = head;
	return SD_OK;
}

/* What the script says for each of several dialects. */
static void
add_dialects(struct sd_session *session, const struct sd_new_revision *revision,
	struct sd_script_text *script)
{
	static const char *const ways[] = { "up", "down" };
	struct sd_arena *arena = session->arena;
	struct sd_script_schemas schemas = { 0 };
	struct sd_buf dialects = SD_BUF(arena), requires = SD_BUF(arena);
	bool only = revision->by_dialect.n == 1;

	for (size_t i = 0; i < revision->by_dialect.n; i++) {
		const struct sd_new_part *part = &revision->by_dialect.at[i];
		const struct sd_dialect *dialect = part->engine->dialect;
		int version = part->version ? part->version
					    : sd_work_target_version(
						      sd_work_for(session, part->engine),
						      part->engine);

		sd_buf_addf(&dialects, "%s%s", i ? ", " : "", dialect->name);
		sd_buf_addf(&requires, "%s%s %s", i ? ", " : "", dialect->name,
			sd_dialect_version_text(dialect, arena, version));
		if (part->schema)
			sd_script_schemas_set(
				&schemas, dialect->name, part->schema, only, arena);
	}
	for (size_t i = 0; i < SD_COUNT(ways) * revision->by_dialect.n; i++) {
		const struct sd_new_part *part =
			&revision->by_dialect.at[i % revision->by_dialect.n];
		size_t way = i / revision->by_dialect.n;

		*sd_push(arena, &script->parts) = (struct sd_part_text){
			only ? ways[way]
			     : sd_fmt(arena, "%s %s", ways[way], part->engine->dialect->name),
			way ? part->down : part->up,
		};
	}
	script->dialect = sd_buf_text(&dialects);
	script->requires = sd_buf_text(&requires);
	script->schema = sd_script_schemas_text(&schemas, arena);
}

enum sd_status
sd_work_script_text(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const struct sd_new_revision *revision,
	const char **id, struct sd_buf *text)
{
	struct sd_script_text script = {
		.extras = revision->extras,
		.message = revision->message,
		.revision = revision->rev_id,
		.depends_on = revision->depends_on,
		.labels = revision->labels,
		.created = rfc3339(session->arena, now()),
		.dialect = engine->dialect->name,
		.schema = revision->schema,
		.up = revision->up,
		.down = revision->down,
	};
	struct sd_scripts parents = { 0 };

	if (find_parents(session, history, revision, &parents))
		return SD_ERR;
	if (!script.revision)
		script.revision = new_id(session, history);
	for (size_t i = 0; i < parents.n; i++)
		*sd_push(session->arena, &script.revises) = parents.at[i]->revision;
	script.requires = sd_fmt(session->arena, "%s %s", engine->dialect->name,
		sd_dialect_version_text(engine->dialect, session->arena,
			sd_work_target_version(session, engine)));
	if (revision->by_dialect.n)
		add_dialects(session, revision, &script);
	sd_script_write(&script, text);
	*id = script.revision;
	return sd_work_template(session, engine, revision, *id, text);
}

/* The folder that a new script goes to, or NULL after a report. */
static const char *
choose_folder(struct sd_session *session, const struct sd_history *history,
	const struct sd_new_revision *revision)
{
	const struct sd_names *named = &session->settings.migrations;
	struct sd_names dirs = sd_work_paths(session, named);
	struct sd_scripts parents = { 0 };
	struct sd_buf all = SD_BUF(session->arena);

	for (size_t i = 0; i < dirs.n; i++)
		if (revision->folder && (strcmp(revision->folder, named->at[i]) == 0 ||
						strcmp(revision->folder, dirs.at[i]) == 0))
			return dirs.at[i];
	if (!revision->folder && dirs.n == 1)
		return dirs.at[0];
	if (!revision->folder && find_parents(session, history, revision, &parents))
		return NULL;
	for (size_t i = 0; parents.n && i < dirs.n; i++)
		if (sd_text_starts(
			    parents.at[0]->path, sd_fmt(session->arena, "%s/", dirs.at[i])))
			return dirs.at[i];
	for (size_t i = 0; i < named->n; i++) {
		sd_buf_sep(&all, ", ");
		sd_buf_add(&all, named->at[i]);
	}
	if (revision->folder)
		sd_error(session->diags, (struct sd_pos){ 0 },
			"--version-path %s: it is none of the folders of migrations",
			revision->folder);
	else
		sd_error(session->diags, (struct sd_pos){ 0 },
			"there are several folders of migrations: choose one with "
			"--version-path");
	sd_hint(session->diags, "the folders: %s", sd_buf_text(&all));
	return NULL;
}

/* A template may name folders below the migrations' one, if those are read; nothing else. */
static enum sd_status
check_name(struct sd_session *session, const char *name)
{
	const struct sd_pos pos = { .file = session->config.path };

	if (name[0] == '/' || strcmp(name, "..") == 0 || sd_text_starts(name, "../") ||
		strstr(name, "/../"))
		return sd_error(session->diags, pos,
			"\"file_template\" leads out of the migrations folder: %s", name);
	if (strchr(name, '/') && !session->settings.recursive) {
		sd_error(session->diags, pos, "\"file_template\" names a folder: %s", name);
		sd_hint(session->diags, "\"recursive\": true has folders read");
		return SD_ERR;
	}
	return SD_OK;
}

enum sd_status
sd_work_write_revision(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const struct sd_new_revision *revision,
	const char **path, const char **id)
{
	const char *folder = choose_folder(session, history, revision), *name;
	struct sd_buf text = SD_BUF(session->arena);
	const time_t at = now();
	struct tm tm;

	if (!folder || sd_work_script_text(session, engine, history, revision, id, &text))
		return SD_ERR;
	if (local_time(session, at, &tm))
		return SD_ERR;
	name = file_name(session, *id, revision->message, at, &tm);
	if (!name || check_name(session, name))
		return SD_ERR;
	*path = sd_path_join(session->arena, folder, name);
	if (sd_dir_make(sd_path_dir(session->arena, *path), session->diags))
		return SD_ERR;
	if (sd_file_write(*path, text.at, text.n, true, session->diags))
		return SD_ERR;
	return sd_work_written(session, engine, revision, *path);
}

enum sd_status
sd_work_check_rev_id(
	struct sd_session *session, const struct sd_history *history, const char *id)
{
	return id ? check_id(session, history, "rev-id", id) : SD_OK;
}
