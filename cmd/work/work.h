/** The use cases that commands share.  They return results and print nothing; failures are
 *  in session->diags. */
#ifndef SD_CMD_WORK_WORK_H
#define SD_CMD_WORK_WORK_H

#include "cmd/cmd.h"
#include "core/history/run.h"
#include "core/schema/load.h"
#include "core/schema/write.h"
#include "diff/diff.h"

/** The dialect to work for: the target's, else --dialect, else the only one configured, else that
 *  of an environment's URL, else that of the newest script, else SQLite.  NULL after a report. */
const struct sd_engine *sd_work_engine(struct sd_session *session);

/** Engines, in an order. */
struct sd_engine_list {
	const struct sd_engine **at;
	size_t n, cap;
};

/** The engines that scripts are written for: those of "dialects" where it lists several, in its order;
 *  else that of sd_work_engine() alone.  That one is always among them.  SD_ERR after a report. */
enum sd_status sd_work_engines(struct sd_session *session, struct sd_engine_list *engines);

/** @session for work on @engine: itself where that is its own, else a copy without a database. */
struct sd_session *sd_work_for(struct sd_session *session, const struct sd_engine *engine);

/** An environment of the configuration, and the database that it names. */
struct sd_work_environment {
	const struct sd_environment *environment;
	struct sd_target target;
};

struct sd_environments {
	struct sd_work_environment *at;
	size_t n, cap;
};

/** The environments of @engine that can be used here (their variables are set) and are not protected,
 *  in the order of the configuration. */
void sd_work_environments_of(struct sd_session *session, const struct sd_engine *engine,
	struct sd_environments *found);

/** Version that scripts may be written for: `target`, else the dialect's default (SQLite) or
 *  the server's. */
int sd_work_target_version(struct sd_session *session, const struct sd_engine *engine);

/** The naming convention of the settings. */
struct sd_naming sd_work_naming(const struct sd_session *session);

/** Folders of the settings, relative to the configuration file's. */
struct sd_names sd_work_paths(struct sd_session *session, const struct sd_names *paths);

/** Load the schema files. NULL after a report. */
struct sd_schema *sd_work_load(struct sd_session *session, const struct sd_engine *engine);

/** The fingerprint of the schema files as @engine reads them; NULL, and nothing is reported, when they
 *  do not load: a script by hand must not wait for them. */
const char *sd_work_fingerprint(struct sd_session *session, const struct sd_engine *engine);

/** Warn that they do not load, and of its @consequence for a script. */
void sd_work_warn_no_fingerprint(struct sd_session *session, const char *consequence);

/** Connect to the target. NULL after a report. */
struct sd_db *sd_work_open(struct sd_session *session, enum sd_db_mode mode);

/** Introspect @db; @desired (may be NULL) says which tables of other tools the files name. */
struct sd_schema *sd_work_introspect(
	struct sd_session *session, struct sd_db *db, const struct sd_schema *desired);

/** Load the history. NULL after a report. */
struct sd_history *sd_work_history(struct sd_session *session, const struct sd_engine *engine);

/** The headers of its scripts alone, for commands that ask for the graph. */
struct sd_history *sd_work_headers(struct sd_session *session, const struct sd_engine *engine);

/** The bookkeeping's names. */
struct sd_bookkeeping sd_work_books(const struct sd_session *session);

/** Flags of a comparison. */
struct sd_compare_flags {
	struct sd_names renames, drops;
	bool no_renames;
};

/** Options of a comparison from the settings and flags. SD_ERR after a report. */
enum sd_status sd_work_diff_options(struct sd_session *session,
	const struct sd_compare_flags *flags, struct sd_diff_options *options);

/** Compare, have @db (may be NULL) decide what tokens can't, compare again.  What is wrong with
 *  @options' renames and drops is in the result, and not reported. */
struct sd_diff *sd_work_compare(struct sd_session *session, struct sd_db *db,
	struct sd_schema *from, struct sd_schema *into, struct sd_diff_options *options);

/** Comparisons with the same flags, an engine each. */
struct sd_diffs {
	struct sd_diff **at;
	size_t n, cap;
};

/** Report the renames and drops that fit on none of these. */
enum sd_status sd_work_check_flags(struct sd_session *session, const struct sd_diffs *diffs);

/** The way back of @diff, compared by @db (may be NULL) in the same way. */
struct sd_diff *sd_work_reverse(struct sd_session *session, struct sd_db *db,
	const struct sd_diff *diff, const struct sd_diff_options *options);

/** Ask @db what a plan for @diff must know of it: views and triggers that are broken already
 *  (SD_OBJ_BROKEN), tables that need what the application registers (sd_table.alien). */
void sd_work_probe(struct sd_session *session, struct sd_db *db, const struct sd_diff *diff);

/** A generated revision. */
struct sd_generated {
	const char *up, *down;    /* bodies of the parts */
	struct sd_names warnings; /* destructive steps, up first */
};

/** Plan and render both ways of @diff; @db as in sd_work_reverse(). SD_ERR after a report (class REFUSED when ambiguous or
 *  when a hazard was not allowed). */
enum sd_status sd_work_generate(struct sd_session *session, const struct sd_engine *engine,
	struct sd_db *db, const struct sd_diff *diff, const struct sd_diff_options *options, unsigned allow,
	struct sd_generated *generated);

/** Both parts of a script that has nothing to do on @engine, where it has on others: without them it
 *  could not run there. */
struct sd_generated sd_work_nothing(struct sd_session *session, const struct sd_engine *engine);

/** What a new script does on one engine. */
struct sd_new_part {
	const struct sd_engine *engine;
	int version; /* that it needs; 0: what the configuration says */
	const char *up, *down, *schema;
};

/** What a new revision is called, and where it stands. */
struct sd_new_revision {
	struct sd_extras extras; /* of its header */
	const char *message, *rev_id; /* rev_id NULL: random */
	const char *up, *down, *schema;
	SD_VEC(struct sd_new_part) by_dialect; /* instead of these three, where they differ */
	const struct sd_scripts *parents; /* NULL: the single head; none: a new root */
	struct sd_names depends_on, labels;
	/** Of a revision that stands for others: these, whose labels it takes over; and what is
	 *  known of the parts that it has from them.  NULL: as for a new one; "": nothing. */
	struct sd_name_sets replaces;
	const char *dialect, *requires;
	const struct sd_script_text *parts; /* instead of @up and @down */
	/** Folder of migrations as the configuration names it; NULL: that of the first parent,
	 *  or the only one. */
	const char *folder;
};

/** The revisions that @words stand for; base is none.  SD_ERR after a report. */
enum sd_status sd_work_resolve_each(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_scripts *scripts);

/** A new revision can revise @parents: each is named once, and is a head unless @splice says that a
 *  new branch is meant; then it needs none of the others.  A head that another one depends on is a
 *  head all the same.  SD_ERR after a report. */
enum sd_status sd_work_check_parents(struct sd_session *session, const struct sd_history *history,
	const struct sd_scripts *parents, bool splice);

/** What a header says for the dependencies @words: the full id, or the label that was given.  SD_ERR
 *  after a report. */
enum sd_status sd_work_dependencies(struct sd_session *session, const struct sd_history *history,
	const struct sd_names *words, struct sd_names *names);

/** Make @text, the script of @revision, of the configuration's script_template, if it has one. */
enum sd_status sd_work_template(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *id, struct sd_buf *text);

/** Run hooks.post_write on the script @path of @revision, which was just written for @engine (or for
 *  those that it speaks of).  SD_ERR, reported, when one fails or leaves no script; the file stays
 *  as it is. */
enum sd_status sd_work_written(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_new_revision *revision, const char *path);

/** Read the SQL files @files of the configuration's hooks. */
enum sd_status sd_work_sql_hooks(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_names *files, struct sd_scripts *scripts);

/** The text of the script of a new revision to @text; its id to *@id. */
enum sd_status sd_work_script_text(struct sd_session *session, const struct sd_engine *engine,
	const struct sd_history *history, const struct sd_new_revision *revision,
	const char **id, struct sd_buf *text);

/** The path of the script of the new revision @id. */
enum sd_status sd_work_revision_path(struct sd_session *session,
	const struct sd_history *history, const struct sd_new_revision *revision,
	const char *id, const char **path);

/** Write the script of a new revision; its path to *@path, its id to *@id. */
enum sd_status sd_work_write_revision(struct sd_session *session,
	const struct sd_engine *engine, const struct sd_history *history,
	const struct sd_new_revision *revision, const char **path, const char **id);

/** @id (NULL: none), given with --rev-id, can be that of a new revision.  SD_ERR after a report. */
enum sd_status sd_work_check_rev_id(
	struct sd_session *session, const struct sd_history *history, const char *id);

#endif
