/** libpq, loaded when the first connection to a PostgreSQL server is made: its 25 libraries
 *  take 2 to 3 ms to load, which commands on SQLite and commands without a database need not
 *  pay.  The functions below are called by their own names. */
#ifndef SD_DB_LIBPQ_H
#define SD_DB_LIBPQ_H

#include <libpq-fe.h>
#include <stdbool.h>

/** The functions that are used: return type, name, parameters. */
#define SD_LIBPQ_FUNCTIONS(X)                                                                  \
	X(PGconn *, PQconnectStartParams, (const char *const *, const char *const *, int))     \
	X(PostgresPollingStatusType, PQconnectPoll, (PGconn *))                                \
	X(ConnStatusType, PQstatus, (const PGconn *))                                          \
	X(char *, PQerrorMessage, (const PGconn *))                                            \
	X(PQconninfoOption *, PQconninfo, (PGconn *))                                          \
	X(void, PQconninfoFree, (PQconninfoOption *))                                          \
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
	X(char *, PQcmdStatus, (PGresult *))                                                   \
	X(char *, PQcmdTuples, (PGresult *))                                                   \
	X(int, PQputCopyEnd, (PGconn *, const char *))                                         \
	X(int, PQgetCopyData, (PGconn *, char **, int))                                        \
	X(void, PQfreemem, (void *))                                                           \
	X(void, PQclear, (PGresult *))                                                         \
	X(int, PQlibVersion, (void))

#define SD_LIBPQ_MEMBER(result, name, params) result(*name) params;
struct sd_libpq {
	SD_LIBPQ_FUNCTIONS(SD_LIBPQ_MEMBER)
};
#undef SD_LIBPQ_MEMBER

/** The loaded library. */
extern struct sd_libpq sd_libpq;

/** "libpq 15.18", or that it is not installed. */
const char *sd_libpq_version(void);

/** Load it, once; false with the reason in *@why when it is not there or too old (pipeline
 *  mode came with 14). */
bool sd_libpq_load(const char **why);

#define PQconnectStartParams sd_libpq.PQconnectStartParams
#define PQconnectPoll sd_libpq.PQconnectPoll
#define PQstatus sd_libpq.PQstatus
#define PQerrorMessage sd_libpq.PQerrorMessage
#define PQconninfo sd_libpq.PQconninfo
#define PQconninfoFree sd_libpq.PQconninfoFree
#define PQserverVersion sd_libpq.PQserverVersion
#define PQparameterStatus sd_libpq.PQparameterStatus
#define PQdb sd_libpq.PQdb
#define PQuser sd_libpq.PQuser
#define PQbackendPID sd_libpq.PQbackendPID
#define PQsocket sd_libpq.PQsocket
#define PQfinish sd_libpq.PQfinish
#define PQsetNoticeProcessor sd_libpq.PQsetNoticeProcessor
#define PQgetCancel sd_libpq.PQgetCancel
#define PQfreeCancel sd_libpq.PQfreeCancel
#define PQcancel sd_libpq.PQcancel
#define PQtransactionStatus sd_libpq.PQtransactionStatus
#define PQexec sd_libpq.PQexec
#define PQsendQuery sd_libpq.PQsendQuery
#define PQsendQueryParams sd_libpq.PQsendQueryParams
#define PQenterPipelineMode sd_libpq.PQenterPipelineMode
#define PQexitPipelineMode sd_libpq.PQexitPipelineMode
#define PQpipelineSync sd_libpq.PQpipelineSync
#define PQflush sd_libpq.PQflush
#define PQsetnonblocking sd_libpq.PQsetnonblocking
#define PQconsumeInput sd_libpq.PQconsumeInput
#define PQisBusy sd_libpq.PQisBusy
#define PQgetResult sd_libpq.PQgetResult
#define PQresultStatus sd_libpq.PQresultStatus
#define PQresultErrorMessage sd_libpq.PQresultErrorMessage
#define PQresultErrorField sd_libpq.PQresultErrorField
#define PQntuples sd_libpq.PQntuples
#define PQnfields sd_libpq.PQnfields
#define PQfname sd_libpq.PQfname
#define PQgetvalue sd_libpq.PQgetvalue
#define PQgetisnull sd_libpq.PQgetisnull
#define PQgetlength sd_libpq.PQgetlength
#define PQcmdStatus sd_libpq.PQcmdStatus
#define PQcmdTuples sd_libpq.PQcmdTuples
#define PQputCopyEnd sd_libpq.PQputCopyEnd
#define PQgetCopyData sd_libpq.PQgetCopyData
#define PQfreemem sd_libpq.PQfreemem
#define PQclear sd_libpq.PQclear
#define PQlibVersion sd_libpq.PQlibVersion

#endif
