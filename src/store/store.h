/*
 * The campaign's memory: jobs, findings, bugs, statistics, events. No SQL above this line; a database is one
 * more backend (backend.h). Every write is one transaction; a kill at any instant loses nothing written.
 * Strings passed in are borrowed; records handed out are released by the caller; those handed to a callback are
 * borrowed for the call. Callbacks may use the store. A store isn't used across a fork: the child opens its own.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"
#include "store/blobs.h"
#include "store/bugs.h"
#include "store/events.h"
#include "store/findings.h"
#include "store/jobs.h"
#include "store/looks.h"
#include "store/sites.h"
#include "store/stats.h"
#include "store/workers.h"

struct store;

/*
 * "sqlite:PATH" or "postgres://..."; made, with its directory, when absent; migrated when older. A database of a newer thresh or a
 * corrupt one is an error that names the file and the mend, and the file is left as it is.
 */
struct store *store_open(const char *url, struct err *err);
void store_close(struct store *s); /* NULL is fine */
/*
 * Once told() is not 0 this process is to end: a server that can't be reached, or says nothing, is waited for no longer than
 * some seconds, and then fails each call at once.
 */
void store_ending(struct store *s, int (*told)(void));
/* Other machines may have it open, too. */
bool store_is_shared(const struct store *s);
/* A URL as people may see it: without a password, without parameters. The caller frees. */
char *store_shown(const char *url);

/*
 * Group writes: all calls until the matching commit are one transaction, kept or undone together, with one sync to the
 * disk at the end; also the way to read, decide and write without another process in between. Groups may nest; only
 * the outermost ends it. When the store fails within a group, commit fails and nothing of it is kept. Others wait
 * meanwhile: never run a target inside. rollback drops the whole group; fine without one.
 */
int store_begin(struct store *s, struct err *err);
int store_commit(struct store *s, struct err *err);
void store_rollback(struct store *s);

/*
 * For who looks again and again: a number that is another one once anything was written since it was asked for, by
 * whomever. Where the database can't tell that cheaply it is another one each time.
 */
int store_mark(struct store *s, uint64_t *out, struct err *err);

#endif
