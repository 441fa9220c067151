/* Files that change together: planned whole, looked at as a tree laid over the disk, then
 * written one by one.  What was there is kept in memory until all are. */
#include "cmd/work/rewrite.h"

#include "core/base/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const struct sd_pos nowhere;

enum sd_status
sd_work_edit_script(struct sd_session *session, const struct sd_script *script,
	const struct sd_header_edit *edits, size_t n, struct sd_rewrites *rewrites)
{
	struct sd_buf out = SD_BUF(session->arena);
	struct sd_rewrite *r;
	size_t len;
	char *text;

	if (sd_file_read(script->path, session->arena, session->diags, &text, &len))
		return SD_ERR;
	sd_script_edit(script, text, len, edits, n, &out);
	r = sd_push(session->arena, rewrites);
	*r = (struct sd_rewrite){ script->path, text, len, sd_buf_text(&out), out.n };
	return SD_OK;
}

struct sd_session *
sd_work_after(struct sd_session *session, const struct sd_rewrites *rewrites)
{
	struct sd_overlay *overlay = sd_overlay_new(session->tree, session->arena);
	struct sd_session *after = sd_new(session->arena, struct sd_session);

	for (size_t i = 0; i < rewrites->n; i++)
		sd_overlay_put(overlay, sd_path_dir(session->arena, rewrites->at[i].path),
			rewrites->at[i].path, rewrites->at[i].text);
	*after = *session;
	after->tree = sd_overlay_tree(overlay);
	return after;
}

/* The file itself, where @path is a link to it. */
static const char *
real_path(const char *path, struct sd_arena *arena)
{
	char real[PATH_MAX];

	return realpath(path, real) ? sd_strdup(arena, real) : path;
}

static enum sd_status
write_one(const struct sd_rewrite *r, struct sd_diags *diags)
{
	if (r->was && r->text)
		return sd_file_write(
			real_path(r->path, diags->arena), r->text, r->len, false, diags);
	if (!r->was && sd_dir_make(sd_path_dir(diags->arena, r->path), diags))
		return SD_ERR;
	return r->text ? sd_file_write(r->path, r->text, r->len, true, diags)
		       : sd_file_remove(r->path, diags);
}

static void
restore(struct sd_session *session, const struct sd_rewrites *rewrites, size_t n)
{
	enum sd_status status = SD_OK;

	while (n-- > 0) {
		const struct sd_rewrite *r = &rewrites->at[n];

		if (r->was ? sd_file_write(real_path(r->path, session->arena), r->was,
				     r->was_len, false, session->diags)
			   : sd_file_remove(r->path, session->diags))
			status = SD_ERR;
	}
	if (status == SD_OK)
		sd_note(session->diags, nowhere,
			"what was written before that is as it was again");
}

enum sd_status
sd_work_rewrite(struct sd_session *session, const struct sd_rewrites *rewrites)
{
	for (size_t i = 0; i < rewrites->n; i++)
		if (write_one(&rewrites->at[i], session->diags)) {
			restore(session, rewrites, i);
			return SD_ERR;
		}
	return SD_OK;
}
