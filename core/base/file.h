/** Files read and written whole. */
#ifndef SD_BASE_FILE_H
#define SD_BASE_FILE_H

#include "core/base/diag.h"

/** Largest file that is read: 16 MiB. */
#define SD_FILE_MAX ((size_t)16 * 1024 * 1024)

/** Read the file at @path into @arena, NUL-terminated; its length goes to @len (may be
 *  NULL).  Missing, unreadable, a folder or larger than SD_FILE_MAX: reported, SD_ERR. */
enum sd_status sd_file_read(const char *path, struct sd_arena *arena, struct sd_diags *diags,
	char **text, size_t *len);

/** Write @text to @path atomically: a temporary file beside it, fsync, rename, fsync of the
 *  folder.  With @exclusive an existing file is left alone and reported. */
enum sd_status sd_file_write(
	const char *path, const char *text, size_t len, bool exclusive, struct sd_diags *diags);

/** Let everybody run the file at @path who may read it. */
enum sd_status sd_file_make_program(const char *path, struct sd_diags *diags);

/** The file at @path can be run. */
bool sd_file_is_program(const char *path);

/** Give the file @from (a link: itself) the name @to, which nothing has. */
enum sd_status sd_file_move(const char *from, const char *to, struct sd_diags *diags);

/** Remove the file at @path. */
enum sd_status sd_file_remove(const char *path, struct sd_diags *diags);

/** Create the folder @path and the missing ones above it. */
enum sd_status sd_dir_make(const char *path, struct sd_diags *diags);

bool sd_file_exists(const char *path);
bool sd_is_dir(const char *path);

/** @a and @b are names of one file that is there. */
bool sd_same_file(const char *a, const char *b);

/** Paths of the entries of folder @dir whose name ends in @suffix, sorted by bytes; hidden
 *  ones left out; with @recursive those of the folders below too. */
enum sd_status sd_dir_list(const char *dir, const char *suffix, bool recursive,
	struct sd_arena *arena, struct sd_diags *diags, struct sd_names *paths);

/** @dir/@name, or @name itself when it is absolute or @dir is NULL, "" or ".". */
const char *sd_path_join(struct sd_arena *arena, const char *dir, const char *name);

/** The folder part of @path; "." when it has none. */
const char *sd_path_dir(struct sd_arena *arena, const char *path);

/** The part of @path behind its last slash. */
const char *sd_path_base(const char *path);

#endif
