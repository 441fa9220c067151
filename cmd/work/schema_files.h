/** A model as schema files on the disk: what `inspect -o` writes. */
#ifndef SD_CMD_WORK_SCHEMA_FILES_H
#define SD_CMD_WORK_SCHEMA_FILES_H

#include "cmd/work/work.h"

struct sd_schema_file {
	const char *path, *text; /* path NULL: of nowhere */
	size_t len;
};

struct sd_schema_files {
	struct sd_schema_file *at;
	size_t n, cap;
};

/** Lay @schema out at @path: in a folder (one that exists, or a name that ends in a slash) a
 * file for each table, view and so on; else one file; NULL: one file of nowhere.  Without @dry
 * a folder that is missing is made.  SD_ERR after a report. */
enum sd_status sd_schema_files_make(struct sd_session *session, const struct sd_schema *schema,
	const char *path, bool dry, struct sd_schema_files *files);

/** Write @files; those written are added to @written.  Without @force none is written
 *  when any of them exists: SD_ERR, class SD_CLASS_REFUSED. */
enum sd_status sd_schema_files_write(struct sd_session *session,
	const struct sd_schema_files *files, bool force, struct sd_names *written);

/** The configuration's "schemas" name no file yet. */
bool sd_schema_files_none(struct sd_session *session);

/** Warn of what is not fully understood in @schema. */
void sd_warn_opaque(struct sd_session *session, const struct sd_schema *schema);

#endif
