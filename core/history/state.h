/** What a database says of itself: the applied revisions (docs/bookkeeping.md). */
#ifndef SD_HISTORY_STATE_H
#define SD_HISTORY_STATE_H

#include "core/db/db.h"
#include "core/history/history.h"

/** A row of schemadiff_revisions. */
struct sd_applied {
	const char *revision, *parents, *description, *checksum;
	const char *applied_at, *applied_by, *duration_ms, *tool_version;
	const char *state; /* "applied" */
	const char *down_sql;
	/** The ids of what it depends on, with commas between; NULL: of nothing, or an older
	 *  program has written the row. */
	const char *depends_on;
	/** sd_state_replaces(), where somebody has asked for that. */
	struct sd_names replaces;
};

/** A revision whose part is more than one transaction and has not come to its end. */
struct sd_partial {
	const char *revision; /* NULL = there is none */
	bool down;            /* it is being undone; else it is being applied */
	const char *progress; /* core/history/journal.h */
};

struct sd_state {
	bool exists;                    /* the bookkeeping tables are there */
	SD_VEC(struct sd_applied) rows; /* by applied_at, revision */
	struct sd_names ids;
	struct sd_partial partial;
};

/** Names of the bookkeeping tables, "schemadiff_revisions" and "schemadiff_log" with another
 *  prefix if the configuration says so. */
struct sd_bookkeeping {
	const char *prefix;    /* NULL = "schemadiff_" */
	const char *namespace; /* NULL = the engine's own choice ("main" on SQLite) */
};

/** The tables.  Those from SD_BOOK__CORE on are made when they are first needed. */
enum sd_book {
	SD_BOOK_REVISIONS,
	SD_BOOK_LOG,
	SD_BOOK_META,
	SD_BOOK__CORE,
	SD_BOOK_SEEDS = SD_BOOK__CORE,
	SD_BOOK__MAX
};

/** Version that the bookkeeping records. */
#ifdef SD_VERSION
#define SD_TOOL_VERSION SD_VERSION
#else
#define SD_TOOL_VERSION "unknown"
#endif

/** Format that this program writes. */
#define SD_STATE_FORMAT 1

/** The qualified and quoted name of @book. */
const char *sd_state_table(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	enum sd_book book, struct sd_arena *arena);

/** The statements, one an element, that create what is missing of the core tables. */
void sd_state_ddl(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	struct sd_arena *arena, struct sd_names *statements);

/** What @script depends on as sd_applied.depends_on has it: ids, also where it says a label. */
const char *sd_state_needs(const struct sd_script *script, struct sd_arena *arena);

/** The same of one @book. */
void sd_state_book_ddl(const struct sd_dialect *dialect, const struct sd_bookkeeping *books,
	enum sd_book book, struct sd_arena *arena, struct sd_names *statements);

/** *@exists: the table of @book is there. */
enum sd_status sd_state_has_book(struct sd_db *db, const struct sd_bookkeeping *books,
	enum sd_book book, bool *exists);

/** Create the table of @book where it is missing (inside the caller's transaction). */
enum sd_status sd_state_create_book(
	struct sd_db *db, const struct sd_bookkeeping *books, enum sd_book book);

/** The time as the tables have it: UTC, to the millisecond; as text it sorts as time does. */
const char *sd_state_now(struct sd_arena *arena);

/** The command that goes on with @partial, whatever else is applied: "upgrade 3f9a",
 *  "downgrade 3f9a-1". */
const char *sd_partial_command(const struct sd_partial *partial,
	const struct sd_history *history, struct sd_arena *arena);

/** Read the state without writing anything.  A format number newer than this program's is
 *  reported, class SD_CLASS_HISTORY. */
enum sd_status sd_state_read(struct sd_db *db, const struct sd_bookkeeping *books,
	struct sd_arena *arena, struct sd_state *state);

/** The applied revisions alone, for a look inside each transaction of a long run. */
enum sd_status sd_state_ids(struct sd_db *db, const struct sd_bookkeeping *books,
	struct sd_arena *arena, struct sd_names *ids);

/** The revision that was begun and not finished. */
enum sd_status sd_state_partial(struct sd_db *db, const struct sd_bookkeeping *books,
	struct sd_arena *arena, struct sd_partial *partial);

/** Record that @script's part is being run: up, a row that does not count as applied; down, a
 *  mark on its row, which counts until the end. */
enum sd_status sd_state_begin(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, bool down, const char *progress);

/** How far @revision has come. */
enum sd_status sd_state_progress(struct sd_db *db, const struct sd_bookkeeping *books,
	const char *revision, bool down, const char *progress);

/** The progress of @revision is still @progress; SD_NOTFOUND when another process has gone on.
 */
enum sd_status sd_state_expect(struct sd_db *db, const struct sd_bookkeeping *books,
	const char *revision, const char *progress);

/** Nothing of what sd_state_begin() began was done: as if it had not been. */
enum sd_status sd_state_give_up(
	struct sd_db *db, const struct sd_bookkeeping *books, const char *revision, bool down);

/** The scripts of applied revisions whose parts have changed since they were applied. */
void sd_state_edited(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_scripts *edited);

/** The revisions that no other applied one descends from.  Unlike sd_history_current() it
 *  knows the parents of applied revisions that have no script here. */
void sd_state_current(const struct sd_state *state, const struct sd_history *history,
	struct sd_arena *arena, struct sd_names *current);

/** What the applied @revision, whatever scripts are here, was said to replace when it was
 *  recorded. */
enum sd_status sd_state_replaces(struct sd_db *db, const struct sd_bookkeeping *books,
	struct sd_arena *arena, const char *revision, struct sd_names *names);

/** Create the bookkeeping tables where they are missing, and the column that those of an older
 *  program lack (inside the caller's transaction). */
enum sd_status sd_state_create(struct sd_db *db, const struct sd_bookkeeping *books);

/** Record @script as applied, and the log's line.  @action: "upgrade", "stamp", …; @result:
 *  "ok", or that and more. */
enum sd_status sd_state_add(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, const char *action, const char *result,
	long duration_ms);

/** Remove @revision from the applied set, and write the log's line. */
enum sd_status sd_state_remove(struct sd_db *db, const struct sd_bookkeeping *books,
	const char *revision, const char *action, const char *result, long duration_ms);

/** Take what @script says now for what has run: its checksum and down part into the row, and a
 *  line of the log.  SD_NOTFOUND when the row's checksum is not @checksum any more. */
enum sd_status sd_state_repair(struct sd_db *db, const struct sd_bookkeeping *books,
	const struct sd_script *script, const char *checksum);

/** The row of @revision, or NULL. */
const struct sd_applied *sd_state_row(const struct sd_state *state, const char *revision);

/** Write a line of the log: @result is "ok", or what went wrong. */
enum sd_status sd_state_log(struct sd_db *db, const struct sd_bookkeeping *books,
	const char *action, const char *revision, const char *result, long duration_ms);

#endif
