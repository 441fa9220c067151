/** Taking a database over that another tool has migrated so far (docs/adopt.md).
 *
 *  The first database gets a baseline, whose header says where the other tool was; each other
 *  one must be there, too, and have the baseline's schema, and is stamped. */
#ifndef SD_CMD_WORK_ADOPT_H
#define SD_CMD_WORK_ADOPT_H

#include "cmd/work/sides.h"
#include "core/history/peer.h"

/** The header's key; its values are "flyway 1.2", a line for each version, or "none". */
#define SD_ADOPTED "x-adopted"

enum sd_adopt_way {
	SD_ADOPT_DONE,  /* this program's own books are in the database */
	SD_ADOPT_BEGIN, /* there are no revisions yet: a baseline is wanted */
	SD_ADOPT_JOIN,  /* there is a baseline: the database is to be recorded as at it */
};

struct sd_adopt_options {
	const char *from;  /* a word of sd_peer_words, or NULL: what is found */
	const char *table; /* the tool's table, or NULL: the usual one */
	bool scratch_auto; /* a scratch database may be made on the target's server */
};

struct sd_adoption {
	struct sd_session *session;
	const struct sd_adopt_options *options;
	const struct sd_engine *engine;
	struct sd_history *history;
	struct sd_db *db;
	struct sd_state state;
	enum sd_adopt_way way;
	struct sd_peers found;
	const struct sd_peer_books
		*books; /* what is taken over; NULL: nothing of another tool */
	/* of SD_ADOPT_JOIN */
	struct sd_script *baseline;
	const struct sd_peer *peer; /* that its header names; NULL: none */
	struct sd_names versions;   /* that were applied where it was written */
	struct sd_names missing,
		extra; /* of these not applied here; here and not among these */
	/* what the schema was compared with; NULL: not yet */
	const char *against;
	struct sd_diff *diff; /* from the database to that */
};

/** Find out what there is to do and what the other tool says.  SD_ERR after a report: of class
 *  REFUSED when it is ambiguous which tool counts, and when that has not come to its end. */
enum sd_status sd_adopt_look(struct sd_session *session, const struct sd_adopt_options *options,
	struct sd_adoption *adoption);

/** SD_ADOPT_BEGIN: compare the database with the schema files. */
enum sd_status sd_adopt_compare_files(struct sd_adoption *adoption);

/** SD_ADOPT_BEGIN: @side, a database of another dialect, may have its part of the baseline
 * taken from it: the tool has applied there what it has in @adoption's database.  So may one
 * that knows nothing of the tool and has nothing in it.  Else SD_ERR, class REFUSED. */
enum sd_status sd_adopt_check_side(const struct sd_adoption *adoption, struct sd_side *side);

/** SD_ADOPT_JOIN: the other tool has applied here what it had where the baseline was written;
 * else SD_ERR, class REFUSED. */
enum sd_status sd_adopt_check_versions(struct sd_adoption *adoption);

/** SD_ADOPT_JOIN: compare the database with what the baseline leads to: the schema files if
 * they are what it was written from, else a replay.  Where neither can be: SD_ERR, class
 * REFUSED. */
enum sd_status sd_adopt_compare_baseline(struct sd_adoption *adoption);

/** SD_ADOPT_JOIN: record that the database is at the baseline; nothing runs. */
enum sd_status sd_adopt_record(struct sd_adoption *adoption);

/** The header of a baseline that is written from @adoption's database. */
struct sd_extras sd_adopt_header(const struct sd_adoption *adoption);

/** The books of other tools in @db, the session's own database, that speak of the project's
 *  namespaces and are not empty, or may not be read by this role.  Nothing is reported: where
 *  looking fails there are none. */
struct sd_peers sd_work_peers(struct sd_session *session, struct sd_db *db);

/** Before the first revision is run in @db, which has none of this program's books: SD_ERR,
 * class REFUSED, when another tool has migrated it so far, and the tables are there already. */
enum sd_status sd_adopt_check_free(struct sd_session *session, struct sd_db *db);

#endif
