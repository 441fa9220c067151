/* A hook is a small shell script: what was there before, then a line for each project of the
 * repository. */
#include "cmd/work/hook.h"

#include "core/base/text.h"

#include <string.h>
#include <unistd.h>

/* git merge makes its commit without the first of them */
static const char *const names[] = { "pre-commit", "pre-merge-commit" };

static const char mark[] = "# Written by `schemadiff hook install`; `schemadiff hook uninstall` "
			   "takes it out again.\n";

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

static const char *
line_for(struct sd_arena *arena, const char *config)
{
	return config ? sd_fmt(arena, "check -c %s hook run || exit\n", shell_word(arena, config))
		      : "check hook run || exit\n";
}

/* The hook called @name that runs @lines. */
static const char *
script(struct sd_arena *arena, const char *name, const char *lines)
{
	return sd_fmt(arena,
		"#!/bin/sh\n"
		"# schemadiff: are the staged schema files and migrations fit to be committed?\n"
		"%s"
		"before=\"$(dirname \"$0\")/%s.before-schemadiff\"\n"
		"if [ -x \"$before\" ]; then \"$before\" \"$@\" || exit; fi\n"
		"program=%s\n"
		"if command -v schemadiff >/dev/null 2>&1; then program=schemadiff; fi\n"
		"check() {\n"
		"\t\"$program\" \"$@\" && return\n"
		"\tcode=$?\n"
		"\t[ $code -ne 126 ] && [ $code -ne 127 ] ||\n"
		"\t\techo 'schemadiff is not installed: nothing was checked' >&2\n"
		"\treturn $code\n"
		"}\n"
		"%s",
		mark, name, shell_word(arena, own_path(arena)), lines);
}

/* The lines of our hook @text that check projects. */
static const char *
lines_of(struct sd_arena *arena, const char *text)
{
	struct sd_buf out = SD_BUF(arena);

	while (*text) {
		size_t len = strcspn(text, "\n");

		len += text[len] == '\n';
		if (sd_text_starts(text, "check ") || sd_text_starts(text, "check -c"))
			sd_buf_addn(&out, text, len);
		text += len;
	}
	return sd_buf_text(&out);
}

static enum sd_status
put(struct sd_session *session, const char *path, const char *text)
{
	if (sd_file_write(path, text, strlen(text), false, session->diags))
		return SD_ERR;
	return sd_file_make_program(path, session->diags);
}

/* What lies at @path now: *@text, NULL when nothing; whether it is ours. */
static enum sd_status
look(struct sd_session *session, const char *path, const char **text, bool *ours)
{
	char *found;

	*text = NULL;
	*ours = false;
	if (!sd_file_exists(path))
		return SD_OK;
	if (sd_file_read(path, session->arena, session->diags, &found, NULL))
		return SD_ERR;
	*text = found;
	*ours = strstr(found, mark) != NULL;
	return SD_OK;
}

static enum sd_status
install(struct sd_session *session, const char *folder, const char *name, const char *config,
	struct sd_hook_done *done)
{
	struct sd_arena *arena = session->arena;
	const char *text, *lines = "", *own = line_for(arena, config), *path, *kept, *wanted;
	bool ours;

	path = sd_path_join(arena, folder, name);
	kept = sd_fmt(arena, "%s.before-schemadiff", path);
	*done = (struct sd_hook_done){ .path = path };
	if (look(session, path, &text, &ours))
		return SD_ERR;
	if (text && !ours && sd_file_move(path, kept, session->diags)) {
		sd_hint(session->diags,
			"both are hooks of others: make one of them, under the first name");
		return SD_ERR;
	}
	if (ours)
		lines = lines_of(arena, text);
	if (!strstr(lines, own))
		lines = sd_fmt(arena, "%s%s", lines, own);
	done->chained = sd_file_exists(kept) ? kept : NULL;
	wanted = script(arena, name, lines);
	done->was_there = text && strcmp(text, wanted) == 0;
	return done->was_there ? SD_OK : put(session, path, wanted);
}

enum sd_status
sd_work_hook_install(struct sd_session *session, struct sd_git *git, const char *config,
	struct sd_hooks_done *done)
{
	const char *folder = sd_git_hooks(git, session->arena);

	if (sd_dir_make(folder, session->diags))
		return SD_ERR;
	for (size_t i = 0; i < SD_COUNT(names); i++)
		if (install(session, folder, names[i], config,
			    sd_push(session->arena, done)))
			return SD_ERR;
	return SD_OK;
}

enum sd_status
sd_work_hook_uninstall(
	struct sd_session *session, struct sd_git *git, struct sd_hooks_done *done)
{
	const char *folder = sd_git_hooks(git, session->arena);

	for (size_t i = 0; i < SD_COUNT(names); i++) {
		const char *path = sd_path_join(session->arena, folder, names[i]), *text;
		const char *kept = sd_fmt(session->arena, "%s.before-schemadiff", path);
		bool ours;

		if (look(session, path, &text, &ours))
			return SD_ERR;
		if (!ours)
			continue;
		if (sd_file_remove(path, session->diags))
			return SD_ERR;
		if (sd_file_exists(kept) && sd_file_move(kept, path, session->diags))
			return SD_ERR;
		*sd_push(session->arena, done) = (struct sd_hook_done){
			.path = path, .chained = sd_file_exists(path) ? path : NULL
		};
	}
	return SD_OK;
}

bool
sd_work_hook_concerned(
	struct sd_session *session, const struct sd_tree *staged, const struct sd_tree *head)
{
	struct sd_names paths = sd_work_paths(session, &session->settings.schemas);
	struct sd_names folders = sd_work_paths(session, &session->settings.migrations);

	for (size_t i = 0; i < folders.n; i++)
		*sd_push(session->arena, &paths) = folders.at[i];
	if (session->config.path)
		*sd_push(session->arena, &paths) = session->config.path;
	for (size_t i = 0; i < paths.n; i++)
		if (!head || !sd_git_same(staged, head, paths.at[i]))
			return true;
	return false;
}
