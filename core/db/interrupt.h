/** Ctrl-C.  Without a connection (SQLite: a run) it ends the program as ever.  With one the first cancels what the database is doing; the transaction is rolled back
 *  and the program ends as one that was interrupted.  The second one ends it at once. */
#ifndef SD_DB_INTERRUPT_H
#define SD_DB_INTERRUPT_H

#include <stdbool.h>

/** Cancels a running statement.  Called from a signal handler: only what is safe there. */
typedef void sd_cancel_fn(void *connection);

/** Catch SIGINT and SIGTERM from now on. */
void sd_interrupt_catch(void);

/** The signal that asked to stop, or 0. */
int sd_interrupted(void);

/** While @connection is open a signal calls @cancel with it; @cancel NULL = no more. */
void sd_interrupt_cancels(sd_cancel_fn *cancel, void *connection);

/** Call @forward with @ctx for every signal, the one that ends the program too; NULL = no more.
 *  While there is one, the first signal does not end the program: it finds out by
 *  sd_interrupted(). */
void sd_interrupt_forwards(sd_cancel_fn *forward, void *ctx);

#endif
