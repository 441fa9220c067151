/** Where one side of a comparison comes from: a database, schema files, what git keeps, what the
 *  migrations add up to, or nothing. */
#ifndef SD_CMD_WORK_SOURCE_H
#define SD_CMD_WORK_SOURCE_H

#include "cmd/work/check.h"

enum sd_source_kind {
	SD_FROM_TARGET,     /* the session's database */
	SD_FROM_URL,        /* a database */
	SD_FROM_SETTINGS,   /* the schema files of the configuration */
	SD_FROM_PATH,       /* a schema file or folder */
	SD_FROM_GIT,        /* the schema files as a revision, or the index, has them */
	SD_FROM_MIGRATIONS, /* a replay of the scripts */
	SD_FROM_NOTHING,
};

struct sd_source {
	enum sd_source_kind kind;
	const char *text;        /* as given, or NULL */
	const char *rev;         /* of git, or of the last script to replay; NULL = head */
	bool is_merge_base;      /* of @rev and HEAD: where this branch left that one */
	struct sd_target target; /* of a database; of a replay: near which one is made */
	struct sd_db *db;        /* open while the session lasts, or NULL */
	struct sd_schema *schema;
};

/** The two sides of a comparison as `--from` and `--to` name them; NULL: the session's database,
 *  the schema files.  `git:A..B` and `git:A...B` name both at once.  SD_ERR after a report. */
enum sd_status sd_sources_parse(struct sd_session *session, const char *from, const char *to,
	struct sd_source *a, struct sd_source *b);

/** The model has been read from a database. */
bool sd_source_is_database(const struct sd_source *source);

/** The model comes from schema files, which leave open what they don't speak of. */
bool sd_source_is_files(const struct sd_source *source);

/** What people call it: "the schema files", "main", "the migrations", …; never an address. */
const char *sd_source_name(const struct sd_source *source);

/** Read the model of @source.  @files (may be NULL): the other side, which may name tables that
 *  are otherwise left alone.  SD_ERR after a report. */
enum sd_status sd_source_read(struct sd_session *session, const struct sd_engine *engine,
	struct sd_source *source, bool scratch_auto, const struct sd_schema *files);

#endif
