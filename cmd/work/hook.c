/* A hook is a small shell script: what was there before, then a line for each project of the
 * repository. */
#include "cmd/work/hook.h"

#include "core/base/hash.h"
#include "core/base/text.h"

#include <string.h>
#include <unistd.h>

/* git merge makes its commit without the first of them */
static const char *const names[] = { "pre-commit", "pre-merge-commit" };

static const char mark[] = "# Written by `schemadiff hook install`; `schemadiff hook uninstall` "
			   "takes it out again.\n";

/* Before the checksum of all that follows: what somebody adds by hand is not overwritten. */
static const char seal[] = "# content: ";

/* The way to this program, for those whose PATH has no schemadiff. */
static const char *
own_path(struct sd_arena *arena)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	return n > 0 ? sd_strndup(arena, path, (size_t)n) : "schemadiff";
}

/* @text as one word of the shell. */
static const char *
shell_word(struct sd_arena *arena, const char *text)
{
	return sd_fmt(arena, "'%s'", sd_text_replace(arena, text, "'", "'\\''"));
}

/* The line that checks the project whose configuration is @config. */
static const char *
line_for(struct sd_arena *arena, const char *config)
{
	if (strcmp(config, "schemadiff.json") == 0)
		return "check hook run || exit\n";
	return sd_fmt(arena, "check -c %s hook run || exit\n", shell_word(arena, config));
}

static const char *
sealed(struct sd_arena *arena, const char *body)
{
	return sd_fmt(arena, "%s%s\n%s", seal, sd_hash_blob(arena, body, strlen(body)), body);
}

/* Our hook @text is as it was written. */
static bool
is_sealed(struct sd_arena *arena, const char *text)
{
	const char *at = strstr(text, seal), *body = at ? strchr(at, '\n') : NULL;

	return body && strcmp(at, sealed(arena, body + 1)) == 0;
}

/* The hook called @name that runs @lines. */
static const char *
script(struct sd_arena *arena, const char *name, const char *lines)
{
	const char *body = sd_fmt(arena,
		"before=\"$(dirname \"$0\")/%s.before-schemadiff\"\n"
		"if [ -x \"$before\" ]; then \"$before\" \"$@\" || exit; fi\n"
		"program=%s\n"
		"if command -v schemadiff >/dev/null 2>&1; then program=schemadiff; fi\n"
		"check() {\n"
		"\t\"$program\" \"$@\" && return\n"
		"\tcode=$?\n"
		"\t[ $code -ne 126 ] && [ $code -ne 127 ] ||\n"
		"\t\techo 'schemadiff is not installed here, so nothing was checked and nothing '"
		"\\\n"
		"\t\t\t'committed (`git commit --no-verify` commits all the same)' >&2\n"
		"\treturn $code\n"
		"}\n"
		"%s",
		name, shell_word(arena, own_path(arena)), lines);

	return sd_fmt(arena,
		"#!/bin/sh\n"
		"# schemadiff: are the staged schema files and migrations fit to be committed?\n"
		"%s%s",
		mark, sealed(arena, body));
}

/* The lines of our hook @text that check projects, but for @without (may be NULL). */
static const char *
lines_of(struct sd_arena *arena, const char *text, const char *without)
{
	struct sd_buf out = SD_BUF(arena);
	size_t skip = without ? strlen(without) : 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		len += text[len] == '\n';
		if (sd_text_starts(text, "check ") &&
			!(skip && strncmp(text, without, skip) == 0))
			sd_buf_addn(&out, text, len);
		text += len;
	}
	return sd_buf_text(&out);
}

/* A hook of git, ours or not. */
struct hook {
	const char *name, *path;
	const char *kept; /* where the hook is that was there before */
	const char *text; /* NULL = there is none */
	bool ours;
};

/* The hook @name of @folder as it is now. */
static enum sd_status
look(struct sd_session *session, const char *folder, const char *name, struct hook *hook)
{
	char *found;

	*hook = (struct hook){ .name = name, .path = sd_path_join(session->arena, folder, name) };
	hook->kept = sd_fmt(session->arena, "%s.before-schemadiff", hook->path);
	if (!sd_file_exists(hook->path))
		return SD_OK;
	if (sd_file_read(hook->path, session->arena, session->diags, &found, NULL))
		return SD_ERR;
	hook->text = found;
	hook->ours = strstr(found, mark) != NULL;
	if (!hook->ours || is_sealed(session->arena, found))
		return SD_OK;
	sd_error(session->diags, (struct sd_pos){ .file = hook->path },
		"was changed since schemadiff wrote it");
	sd_hint(session->diags,
		"move what was added to %s, which runs first; then remove this file and run "
		"`schemadiff hook install`",
		hook->kept);
	return SD_ERR;
}

static enum sd_status
put(struct sd_session *session, const struct hook *hook, const char *text)
{
	if (sd_file_write(hook->path, text, strlen(text), false, session->diags))
		return SD_ERR;
	return sd_file_make_program(hook->path, session->diags);
}

static enum sd_status
install(struct sd_session *session, const struct hook *hook, const char *own,
	struct sd_hook_done *done)
{
	struct sd_arena *arena = session->arena;
	const char *lines = hook->ours ? lines_of(arena, hook->text, NULL) : "", *wanted;

	if (hook->text && !hook->ours &&
		sd_file_move(hook->path, hook->kept, session->diags)) {
		sd_hint(session->diags,
			"neither this hook nor %s is schemadiff's: join the two under the "
			"first name, and install again",
			hook->path);
		return SD_ERR;
	}
	if (!strstr(lines, own))
		lines = sd_fmt(arena, "%s%s", lines, own);
	wanted = script(arena, hook->name, lines);
	*done = (struct sd_hook_done){ .path = hook->path, .was = SD_HOOK_INSTALLED };
	done->chained = sd_file_exists(hook->kept) ? hook->kept : NULL;
	done->runs = done->chained && sd_file_is_program(hook->kept);
	if (sd_text_equal(hook->text, wanted) && sd_file_is_program(hook->path)) {
		done->was = SD_HOOK_KEPT;
		return SD_OK;
	}
	return put(session, hook, wanted);
}

enum sd_status
sd_work_hook_install(struct sd_session *session, struct sd_git *git, const char *config,
	struct sd_hooks_done *done)
{
	const char *folder = sd_git_hooks(git, session->arena);
	const char *own = line_for(session->arena, config);
	struct hook hook;

	if (strchr(config, '\n'))
		return sd_error(session->diags, (struct sd_pos){ .file = config },
			"has a line break in its path, which the hook has no room for");
	if (sd_dir_make(folder, session->diags))
		return SD_ERR;
	for (size_t i = 0; i < SD_COUNT(names); i++)
		if (look(session, folder, names[i], &hook) ||
			install(session, &hook, own, sd_push(session->arena, done)))
			return SD_ERR;
	return SD_OK;
}

static enum sd_status
uninstall(struct sd_session *session, const struct hook *hook, const char *own,
	struct sd_hook_done *done)
{
	const char *lines = own ? lines_of(session->arena, hook->text, own) : "";

	*done = (struct sd_hook_done){ .path = hook->path, .was = SD_HOOK_REMOVED };
	if (*lines) {
		done->was = SD_HOOK_KEPT;
		return put(session, hook, script(session->arena, hook->name, lines));
	}
	if (sd_file_remove(hook->path, session->diags))
		return SD_ERR;
	if (!sd_file_exists(hook->kept))
		return SD_OK;
	done->was = SD_HOOK_RESTORED;
	return sd_file_move(hook->kept, hook->path, session->diags);
}

enum sd_status
sd_work_hook_uninstall(struct sd_session *session, struct sd_git *git, const char *config,
	struct sd_hooks_done *done)
{
	const char *folder = sd_git_hooks(git, session->arena);
	const char *own = config ? line_for(session->arena, config) : NULL;
	struct hook hook;

	for (size_t i = 0; i < SD_COUNT(names); i++) {
		if (look(session, folder, names[i], &hook))
			return SD_ERR;
		if (!hook.ours || (own && !strstr(lines_of(session->arena, hook.text, NULL), own)))
			continue;
		if (uninstall(session, &hook, own, sd_push(session->arena, done)))
			return SD_ERR;
	}
	return SD_OK;
}

static void
add_paths(struct sd_session *session, const struct sd_names *list, struct sd_names *paths)
{
	const struct sd_names joined = list ? sd_work_paths(session, list) : (struct sd_names){ 0 };

	for (uint32_t i = 0; i < joined.n; i++)
		*sd_push(session->arena, paths) = joined.at[i];
}

bool
sd_work_hook_concerned(
	struct sd_session *session, const struct sd_tree *staged, const struct sd_tree *head)
{
	const struct sd_settings *settings = &session->settings;
	struct sd_names paths = { 0 };

	add_paths(session, &settings->schemas, &paths);
	for (size_t i = 0; sd_dialects[i]; i++)
		add_paths(session, sd_settings_schemas(settings, sd_dialects[i]->name), &paths);
	add_paths(session, &settings->migrations, &paths);
	if (session->config.path)
		*sd_push(session->arena, &paths) = session->config.path;
	for (size_t i = 0; i < paths.n; i++)
		if (!head || !sd_git_same(staged, head, paths.at[i]))
			return true;
	return false;
}
