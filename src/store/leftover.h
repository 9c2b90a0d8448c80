/*
 * What a database left behind that was moved away. SQLite takes a log for the database's of the name that it has, so a new
 * database beside an old one's would begin with that one's pages.
 */
#ifndef STORE_LEFTOVER_H
#define STORE_LEFTOVER_H

#include "base/err.h"

/*
 * Hold the right to give `path` to a new database: who makes one asks again whether it is there, once it is held.
 * Descriptor for leftover_unlock, or -1.
 */
int leftover_lock(const char *path, struct err *err);
void leftover_unlock(int fd);
/*
 * Rename path-wal, path-journal and path-shm to path.left-N-wal, ...: commits may be in them, and with the old database as
 * path.left-N they are whole again, which a warning tells. With the lock held, and no database at `path`.
 */
int leftover_set_aside(const char *path, struct err *err);

#endif
