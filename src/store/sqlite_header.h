/* Whose database a file is, and of which version: told before SQLite is let at it. */
#ifndef STORE_SQLITE_HEADER_H
#define STORE_SQLITE_HEADER_H

#include "base/err.h"
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* That this program's tables have; of a migration more each. */
int64_t sqlite_newest_version(void);
/* Another program's, or a newer thresh's: an error that says so. app, version: as the database has them; 0: none. */
int sqlite_check_ids(const char *path, uint32_t app, int64_t version, struct err *err);
/*
 * Look at the header before SQLite does, which would make a log beside a file that isn't ours. Through SQLite's own
 * descriptor: closing another one of the same file would drop this process's locks.
 */
int sqlite_check_header(sqlite3 *db, const char *path, bool making, struct err *err);

#endif
