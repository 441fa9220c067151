/** libpq, loaded when the first connection to a PostgreSQL server is made: its 25 libraries
 *  take 2 to 3 ms to load, which commands on SQLite and commands without a database need not
 *  pay.  The functions below are called by their own names. */
#ifndef SD_DB_LIBPQ_H
#define SD_DB_LIBPQ_H

#include <libpq-fe.h>
#include <stdbool.h>

/** The functions that are used: return type, name, parameters. */
#define SD_LIBPQ_FUNCTIONS(X)                                                                  \
	X(PGconn *, PQconnectdbParams, (const char *const *, const char *const *, int))        \
	X(PGconn *, PQconnectStartParams, (const char *const *, const char *const *, int))     \
	X(PostgresPollingStatusType, PQconnectPoll, (PGconn *))                                \
	X(ConnStatusType, PQstatus, (const PGconn *))                                          \
	X(char *, PQerrorMessage, (const PGconn *))                                            \
	X(int, PQconnectionNeedsPassword, (const PGconn *))                                    \
	X(int, PQserverVersion, (const PGconn *))                                              \
	X(const char *, PQparameterStatus, (const PGconn *, const char *))                     \
	X(char *, PQdb, (const PGconn *))                                                      \
	X(char *, PQuser, (const PGconn *))                                                    \
	X(int, PQbackendPID, (const PGconn *))                                                 \
	X(int, PQsocket, (const PGconn *))                                                     \
	X(void, PQfinish, (PGconn *))                                                          \
	X(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *, PQnoticeProcessor, void *))      \
	X(PGcancel *, PQgetCancel, (PGconn *))                                                 \
	X(void, PQfreeCancel, (PGcancel *))                                                    \
	X(int, PQcancel, (PGcancel *, char *, int))                                            \
	X(PGTransactionStatusType, PQtransactionStatus, (const PGconn *))                      \
	X(PGresult *, PQexec, (PGconn *, const char *))                                        \
	X(int, PQsendQuery, (PGconn *, const char *))                                          \
	X(int, PQsendQueryParams,                                                              \
		(PGconn *, const char *, int, const Oid *, const char *const *, const int *,   \
			const int *, int))                                                     \
	X(int, PQenterPipelineMode, (PGconn *))                                                \
	X(int, PQexitPipelineMode, (PGconn *))                                                 \
	X(int, PQpipelineSync, (PGconn *))                                                     \
	X(int, PQflush, (PGconn *))                                                            \
	X(int, PQsetnonblocking, (PGconn *, int))                                              \
	X(int, PQconsumeInput, (PGconn *))                                                     \
	X(int, PQisBusy, (PGconn *))                                                           \
	X(PGresult *, PQgetResult, (PGconn *))                                                 \
	X(ExecStatusType, PQresultStatus, (const PGresult *))                                  \
	X(char *, PQresultErrorMessage, (const PGresult *))                                    \
	X(char *, PQresultErrorField, (const PGresult *, int))                                 \
	X(int, PQntuples, (const PGresult *))                                                  \
	X(int, PQnfields, (const PGresult *))                                                  \
	X(char *, PQfname, (const PGresult *, int))                                            \
	X(char *, PQgetvalue, (const PGresult *, int, int))                                    \
	X(int, PQgetisnull, (const PGresult *, int, int))                                      \
	X(int, PQgetlength, (const PGresult *, int, int))                                      \
	X(char *, PQcmdTuples, (PGresult *))                                                   \
	X(void, PQclear, (PGresult *))                                                         \
	X(int, PQlibVersion, (void))

#define SD_LIBPQ_MEMBER(result, name, params) result(*name) params;
struct sd_libpq {
	SD_LIBPQ_FUNCTIONS(SD_LIBPQ_MEMBER)
};
#undef SD_LIBPQ_MEMBER

/** The loaded library. */
extern struct sd_libpq sd_libpq;

/** Load it, once; false with the reason in *@why when it is not there or too old (pipeline
 *  mode came with 14). */
bool sd_libpq_load(const char **why);

#endif
