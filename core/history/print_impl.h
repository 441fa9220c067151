/** What print.c (a run as plain SQL) and the shells of the engines share. */
#ifndef SD_HISTORY_PRINT_IMPL_H
#define SD_HISTORY_PRINT_IMPL_H

#include "core/history/history_impl.h"
#include "core/history/run.h"

struct sd_shell;

/** A run being printed. */
struct sd_printer {
	const struct sd_run *run;
	const struct sd_history *history;
	const struct sd_bookkeeping *books;
	const struct sd_shell *shell;
	const char *home; /* see struct sd_run */
	enum sd_direction direction;
	enum sd_run_mode mode;
	struct sd_diags *diags;
	struct sd_arena *arena; /* of the revision */
	struct sd_buf *out;
	const char *tables[SD_BOOK__CORE]; /* the bookkeeping tables, as statements name them */
	/** What is applied when the next revision begins: how many, which, and those that no
	 *  other one descends from. */
	size_t n_applied;
	sd_marks is_applied;
	struct sd_names current;
	struct sd_names applied; /* at the beginning of all */
	bool create;             /* the tables may be missing */
	bool first;              /* no revision is written yet */
};

/** The shell of an engine, and what its language can say: a row of the table in print.c. */
struct sd_shell {
	const struct sd_dialect *dialect;
	bool loops;       /* its language has loops: any batch can be written */
	const char *head; /* it stops at the first error from here on */
	/** Settings as every revision starts with; the same with foreign keys off. */
	const char *settings, *settings_no_fk;
	const char *inner_settings; /* the same within a transaction, before bookkeeping */
	const char *begin;          /* a transaction that writes */
	const char *now, *who;      /* expressions: the time and user that are recorded */

	/** Be the only run until unlock(), or stop; NULL = a transaction sees to it. */
	void (*lock)(struct sd_printer *p);
	void (*unlock)(struct sd_printer *p);

	/** Stop unless the database is as @script (NULL: nothing that runs) expects: with @message when @query, which
	 *  reads the bookkeeping tables, returns a row. */
	void (*check_state)(struct sd_printer *p, const struct sd_script *script,
		const char *message, const char *query);

	void (*statement)(struct sd_printer *p, const char *sql);

	/** Stop with @message when @query returns a row. */
	void (*guard)(struct sd_printer *p, const char *message, const char *query);

	/** Step @i is a condition: write it and what it guards; returns the last step written.
	 */
	size_t (*condition)(struct sd_printer *p, const struct sd_script *script,
		const struct sd_part_script *part, size_t i);

	/** All rounds of a batch, outside a transaction. */
	void (*batch)(struct sd_printer *p, const struct sd_step *step);
};

extern const struct sd_shell sd_shell_sqlite, sd_shell_postgres;

/** Write step @i, and what it guards; returns the last step written. */
size_t sd_print_step(struct sd_printer *p, const struct sd_script *script,
	const struct sd_part_script *part, size_t i);

/** @text as a string literal. */
const char *sd_print_quoted(const struct sd_printer *p, const char *text);

#endif
