#include "cmd/work/source.h"

#include "core/base/text.h"

#include <string.h>

#define STAGED "index" /* git:index is what is staged */

static const struct sd_pos nowhere;

/* ---- words -------------------------------------------------------------------------------- */

/* "scheme:…"; a drive letter is none. */
static bool
is_url(const char *text)
{
	size_t n = strspn(
		text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	/* or libpq's own form */
	return n > 1 && (text[n] == ':' || (text[n] == '=' && strchr(text, ' ')));
}

static enum sd_status
parse_url(struct sd_session *session, struct sd_source *source)
{
	const char *url;

	source->kind = SD_FROM_URL;
	if (sd_expand(source->text, nowhere, session->arena, session->diags, &url) ||
		sd_url_parse(
			url, ".", nowhere, session->arena, session->diags, &source->target))
		return SD_ERR;
	if (!source->target.origin)
		source->target.origin = "the command line";
	return SD_OK;
}

static enum sd_status
parse_target(struct sd_session *session, struct sd_source *source)
{
	source->kind = SD_FROM_TARGET;
	if (!session->has_target && sd_session_open(session, SD_NEEDS_CONFIG | SD_NEEDS_TARGET))
		return SD_ERR;
	source->target = session->target;
	return SD_OK;
}

static enum sd_status
parse_path(struct sd_session *session, struct sd_source *source)
{
	source->kind = SD_FROM_PATH;
	if (sd_file_exists(source->text))
		return SD_OK;
	if (is_url(source->text))
		return parse_url(session, source);
	sd_error(session->diags, (struct sd_pos){ .file = source->text },
		"there is no such schema file or folder");
	sd_hint(session->diags, "a SRC is a URL, a schema file or folder, git:REV, migrations, "
				"migrations@REV or empty");
	return SD_ERR;
}

static enum sd_status
parse(struct sd_session *session, const char *text, enum sd_source_kind otherwise,
	struct sd_source *source)
{
	*source = (struct sd_source){ .kind = otherwise, .text = text };
	if (!text)
		return otherwise == SD_FROM_TARGET ? parse_target(session, source) : SD_OK;
	if (strcmp(text, "empty") == 0) {
		source->kind = SD_FROM_NOTHING;
	} else if (strcmp(text, "migrations") == 0 || sd_text_starts(text, "migrations@")) {
		source->kind = SD_FROM_MIGRATIONS;
		source->rev = text[10] ? text + 11 : NULL;
	} else if (sd_text_starts(text, "git:")) {
		source->kind = SD_FROM_GIT;
		source->rev = text[4] ? text + 4 : "HEAD";
	} else {
		return parse_path(session, source);
	}
	return SD_OK;
}

/* git:A..B is both sides; either may be left out, and is HEAD.  git:A...B begins where B's
 * branch left A. */
static bool
split_range(struct sd_session *session, struct sd_source *a, struct sd_source *b)
{
	const char *dots = a->kind == SD_FROM_GIT ? strstr(a->rev, "..") : NULL;
	const char *left;

	if (!dots)
		return false;
	left = sd_strndup(session->arena, a->rev, (size_t)(dots - a->rev));
	*b = (struct sd_source){ .kind = SD_FROM_GIT, .text = a->text, .rev = dots + 2 };
	if (*b->rev == '.') {
		a->is_merge_base = true;
		b->rev++;
	}
	if (!*b->rev)
		b->rev = "HEAD";
	a->rev = *left ? left : "HEAD";
	return true;
}

enum sd_status
sd_sources_parse(struct sd_session *session, const char *from, const char *to,
	struct sd_source *a, struct sd_source *b)
{
	if (parse(session, from, SD_FROM_TARGET, a))
		return SD_ERR;
	if (!split_range(session, a, b))
		return parse(session, to, SD_FROM_SETTINGS, b);
	return !to ? SD_OK
		   : sd_error(session->diags, nowhere,
			     "--from %s names both sides: leave --to out", from);
}

bool
sd_source_is_database(const struct sd_source *source)
{
	return source->kind == SD_FROM_TARGET || source->kind == SD_FROM_URL ||
	       source->kind == SD_FROM_MIGRATIONS;
}

bool
sd_source_is_files(const struct sd_source *source)
{
	return source->kind == SD_FROM_PATH || source->kind == SD_FROM_SETTINGS ||
	       source->kind == SD_FROM_GIT;
}

const char *
sd_source_name(const struct sd_source *source)
{
	static const char *const names[] = {
		[SD_FROM_TARGET] = "the database",
		[SD_FROM_URL] = "the database",
		[SD_FROM_SETTINGS] = "the schema files",
		[SD_FROM_MIGRATIONS] = "the migrations",
		[SD_FROM_NOTHING] = "nothing",
	};

	if (source->kind == SD_FROM_GIT)
		return strcmp(source->rev, STAGED) == 0 ? "what is staged" : source->rev;
	return source->kind == SD_FROM_PATH ? source->text : names[source->kind];
}

/* ---- reading ------------------------------------------------------------------------------ */

static void
close_db(void *db)
{
	sd_db_close(db);
}

static struct sd_schema *
read_database(
	struct sd_session *session, struct sd_source *source, const struct sd_schema *files)
{
	source->db = sd_db_open(&source->target, SD_DB_READ, session->diags);
	if (!source->db)
		return NULL;
	sd_arena_defer(session->arena, close_db, source->db);
	return sd_work_introspect(session, source->db, files);
}

static struct sd_schema *
read_path(struct sd_session *session, const struct sd_engine *engine, const char *path)
{
	struct sd_session there = *session;
	struct sd_names paths = { 0 };

	*sd_push(session->arena, &paths) = path;
	sd_settings_set_schemas(&there.settings, paths);
	there.config.dir = ".";
	return sd_work_load(&there, engine);
}

/* The files of the revision; NULL after a report. */
static const struct sd_tree *
tree_of(struct sd_session *session, const struct sd_source *source)
{
	const struct sd_tree *tree;
	const char *why;
	struct sd_git *git = sd_work_git(session, &why);

	if (!git) {
		sd_error(session->diags, nowhere, "\"%s\": %s", source->text,
			why ? why : "the project lies in no git repository");
		return NULL;
	}
	if (source->is_merge_base)
		tree = sd_git_merge_base(git, source->rev, &why);
	else if (strcmp(source->rev, STAGED) == 0)
		tree = sd_git_index(git, &why);
	else
		tree = sd_git_revision(git, source->rev, &why);
	if (tree)
		return tree;
	sd_error(session->diags, nowhere, "\"%s\": %s", source->text,
		why                     ? why
		: source->is_merge_base ? "the two have no common ancestor here"
					: "git knows no such revision");
	sd_hint(session->diags, "git fetches what is missing; a shallow clone has one commit alone");
	return NULL;
}

static struct sd_schema *
read_git(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_source *source)
{
	const struct sd_tree *tree = tree_of(session, source);
	struct sd_session *there = tree ? sd_work_at(session, tree) : NULL;

	return there ? sd_work_load(there, engine) : NULL;
}

static struct sd_schema *
empty_schema(struct sd_session *session, const struct sd_engine *engine)
{
	struct sd_schema *schema = sd_schema_new(session->arena, engine->dialect,
		sd_work_target_version(session, engine));

	sd_schema_finish(schema);
	return schema;
}

static struct sd_schema *
read_migrations(struct sd_session *session, const struct sd_engine *engine,
	struct sd_source *source, bool scratch_auto)
{
	static const struct sd_names none;
	struct sd_history *history = sd_work_history(session, engine);
	struct sd_goal goal = { 0 };
	struct sd_script *target = NULL;
	const char *why;
	enum sd_status status;

	if (!history || (source->rev && sd_history_resolve(history, source->rev, &none,
						session->diags, &target)))
		return NULL;
	if (source->rev && !target) /* base */
		return empty_schema(session, engine);
	status = sd_work_scratch(session, engine, scratch_auto, &source->target, &why);
	if (status == SD_NOTFOUND) {
		sd_error(session->diags, nowhere,
			"\"%s\": the migrations are run in a scratch database to see what they "
			"add up to, and there is none",
			source->text);
		sd_hint(session->diags, "%s", why);
	}
	if (target)
		*sd_push(session->arena, &goal.scripts) = target;
	return status ? NULL
		      : sd_work_replay(session, engine, history, target ? &goal : NULL,
				&source->target, &source->db);
}

enum sd_status
sd_source_read(struct sd_session *session, const struct sd_engine *engine,
	struct sd_source *source, bool scratch_auto, const struct sd_schema *files)
{
	switch (source->kind) {
	case SD_FROM_TARGET:
	case SD_FROM_URL:
		source->schema = read_database(session, source, files);
		break;
	case SD_FROM_SETTINGS:
		source->schema = sd_work_load(session, engine);
		break;
	case SD_FROM_PATH:
		source->schema = read_path(session, engine, source->text);
		break;
	case SD_FROM_GIT:
		source->schema = read_git(session, engine, source);
		break;
	case SD_FROM_MIGRATIONS:
		source->schema = read_migrations(session, engine, source, scratch_auto);
		break;
	case SD_FROM_NOTHING:
		source->schema = empty_schema(session, engine);
		break;
	}
	return source->schema ? SD_OK : SD_ERR;
}
