/** All that a database has, and its end: what `fresh` begins with. */
#ifndef SD_HISTORY_CLEAR_H
#define SD_HISTORY_CLEAR_H

#include "core/history/run.h"

/** Rows are counted up to this many in each table. */
#define SD_CLEAR_ROWS_MAX 10000

/** Something that goes. */
struct sd_clear_item {
	const char *kind; /* "table", "view", "function": the engine's word */
	const char *name; /* as SQL has it, with its namespace where there are several */
	const char
		*drop; /* the statement; what was dropped before with another is passed over */
	const char *count; /* a query for its rows, of which SD_CLEAR_ROWS_MAX + 1 are counted;
			      or NULL */
	long rows;         /* -1 = not known */
};

/** What is to be dropped. */
struct sd_clearing {
	/** Its name, of a tenant's namespace "database/tenant": what a person types to agree.
	 */
	const char *database;
	struct {
		struct sd_clear_item *at;
		size_t n, cap;
	} items;              /* in the order in which they are dropped */
	struct sd_names kept; /* in words: what lies there and belongs to another role */
	struct sd_names
		blockers; /* in words: what lies elsewhere and needs something of @items */
	/** Statements that wait for all who use what goes, and keep others from it: behind them
	 *  nobody comes to need something of it unseen. */
	struct sd_names locks;
};

/** Find what @db has: SQLite: all that is in the file; PostgreSQL: what lies in the default
 *  namespace and in those that match @namespaces (of a tenant: in its own), of whatever kind,
 * except the namespaces themselves, extensions with what is theirs, and what the role may not
 * drop; and the books wherever they are. */
enum sd_status sd_clear_look(struct sd_db *db, const struct sd_target *target,
	const struct sd_bookkeeping *books, const struct sd_names *namespaces,
	struct sd_arena *arena, struct sd_clearing *clearing);

/** Count the rows of all tables; what can't be counted stays -1, and nothing is reported. */
void sd_clear_count(struct sd_db *db, struct sd_clearing *clearing, struct sd_arena *arena);

/** "3 tables with 42 rows, 1 view" */
const char *sd_clear_summary(const struct sd_clearing *clearing, struct sd_arena *arena);

/** Nothing stands in the way of dropping @clearing; what does is reported, class
 *  SD_CLASS_REFUSED: what lies elsewhere is never dropped along. */
enum sd_status sd_clear_check(const struct sd_clearing *clearing, struct sd_diags *diags);

/** Drop all of @agreed under the lock of upgrades, in one transaction, which leaves empty books
 *  and a line `fresh` in the log.  What the database has by then and @agreed has not, or what
 *  lies elsewhere and needs something of it by then, is reported, and nothing is dropped. */
enum sd_status sd_run_clear(const struct sd_run *run, const struct sd_target *target,
	const struct sd_names *namespaces, const struct sd_clearing *agreed);

/** An engine: a row of the table in clear.c. */
struct sd_clearer {
	const struct sd_dialect *dialect;
	enum sd_status (*look)(struct sd_db *db, const struct sd_target *target,
		const struct sd_bookkeeping *books, const struct sd_names *namespaces,
		struct sd_arena *arena, struct sd_clearing *clearing);
};

extern const struct sd_clearer sd_clearer_sqlite, sd_clearer_postgres;

#endif
