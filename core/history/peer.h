/** Other migration tools, as they have left their books in a database: which of them are there,
 *  what they say is applied, and whether they have come to an end (docs/adopt.md).
 *
 *  A tool is a row of the table in peer.c.  Nothing here writes. */
#ifndef SD_HISTORY_PEER_H
#define SD_HISTORY_PEER_H

#include "core/db/db.h"

/** What is known of one tool. */
struct sd_peer {
	const char *title; /* for people: "Flyway" */
	const char *noun;  /* what it calls a step: "migration" */
	const char *table; /* its table, in small letters; case does not count */
	/** Columns that the table has, in small letters, separated by spaces; @exact: and no
	 *  others, where several tools use the same name. */
	const char *columns;
	bool exact;
	/** A table beside that makes the difference, or that says who is at work; "*" is the
	 *  name of the table itself. */
	const char *beside;
	bool needs_beside;
	/** It records where the database is, not the set of what has been applied. */
	bool position_only;
	/* Queries of one column; {t} is the table, {b} the one beside.  All but the first may
	 * be NULL: there is no such state. */
	const char *applied; /* in order */
	const char *failed;  /* what has not come to its end */
	const char *busy;    /* a row: it is at work, or was stopped */
	/* What to do there; {v} is the version that is wanted. */
	const char *mend, *unlock, *up, *down;
};

/** All tools; those of the same table stand in the order in which they are recognised. */
extern const struct sd_peer sd_peers[];
extern const size_t sd_n_peers;

/** Their names in the same order, then "none", then NULL: the words that --from takes, and that
 *  `x-adopted` begins with. */
extern const char *const sd_peer_words[];

const char *sd_peer_name(const struct sd_peer *peer);

/** The tool called @name, or NULL. */
const struct sd_peer *sd_peer_find(const char *name);

/** What a tool has left in a database. */
struct sd_peer_books {
	const struct sd_peer *peer;
	const char *namespace; /* NULL where there is but one */
	const char *table;     /* as the database spells it */
	const char *beside;    /* the one beside it, or NULL */
	bool unreadable;       /* nothing is known: this role may not read it, or not all rows */
	struct sd_names applied, failed, busy;
};

/** What was found. */
struct sd_peers {
	SD_VEC(struct sd_peer_books) books;
	/** Tables that bear the name of a tool's and are made otherwise. */
	SD_VEC(struct sd_peer_books) strangers;
};

/** Where to look. */
struct sd_peer_options {
	const struct sd_peer *only; /* this tool alone; NULL: all */
	/** Its table is called so instead ("versions", "app.versions"); NULL: as usual. */
	const char *table;
};

/** Look through @db, in all namespaces that may be used.  SD_ERR after a report. */
enum sd_status sd_peers_read(struct sd_db *db, const struct sd_peer_options *options,
	struct sd_arena *arena, struct sd_peers *peers);

/** Nothing is recorded in @books: the tool was set up, and no more. */
bool sd_peer_is_empty(const struct sd_peer_books *books);

/** The table of @books for people: "alembic_version", "app.alembic_version". */
const char *sd_peer_table(const struct sd_peer_books *books, struct sd_arena *arena);

/** Where @books say the database is: "at 3f9a", "12 migrations applied, the last is 1.12". */
const char *sd_peer_place(const struct sd_peer_books *books, struct sd_arena *arena);

/** The newest version in @versions, those of @peer: the last one; all, of a tool that records
 *  positions. */
const char *sd_peer_newest(
	const struct sd_peer *peer, const struct sd_names *versions, struct sd_arena *arena);

#endif
