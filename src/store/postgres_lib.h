/*
 * libpq, loaded when a store of PostgreSQL is opened: linked, it and the twenty libraries it needs would double the time
 * that each start of the program takes, and those who have SQLite need none of it.
 */
#ifndef STORE_POSTGRES_LIB_H
#define STORE_POSTGRES_LIB_H

#include "base/err.h"
#include <libpq-fe.h>

#define LIBPQ_CALLS(CALL)        \
	CALL(clear)              \
	CALL(cmdStatus)          \
	CALL(connectdbParams)    \
	CALL(conninfoFree)       \
	CALL(conninfoParse)      \
	CALL(consumeInput)       \
	CALL(db)                 \
	CALL(errorMessage)       \
	CALL(finish)             \
	CALL(flush)              \
	CALL(freemem)            \
	CALL(ftype)              \
	CALL(getisnull)          \
	CALL(getlength)          \
	CALL(getResult)          \
	CALL(getvalue)           \
	CALL(host)               \
	CALL(isBusy)             \
	CALL(nfields)            \
	CALL(ntuples)            \
	CALL(pingParams)         \
	CALL(putCopyData)        \
	CALL(putCopyEnd)         \
	CALL(resultErrorField)   \
	CALL(resultStatus)       \
	CALL(sendPrepare)        \
	CALL(sendQuery)          \
	CALL(sendQueryPrepared)  \
	CALL(setnonblocking)     \
	CALL(setNoticeProcessor) \
	CALL(socket)             \
	CALL(status)             \
	CALL(transactionStatus)

/* Each as libpq's own, without the PQ. */
struct libpq {
#define CALL(name) __typeof__(PQ##name) *name;
	LIBPQ_CALLS(CALL)
#undef CALL
};

/* Stays for the life of the process. NULL: not on this machine, or too old. */
const struct libpq *postgres_lib(struct err *err);

#endif
