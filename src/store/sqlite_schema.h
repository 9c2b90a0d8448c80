/* SQLite's migrations: sqlite_migrations[i] brings version i to i + 1; ends with NULL. */
#ifndef STORE_SQLITE_SCHEMA_H
#define STORE_SQLITE_SCHEMA_H

/* "thre": how a database says in its header whose it is (PRAGMA application_id). */
#define SQLITE_APPLICATION_ID 0x74687265

extern const char *const sqlite_migrations[];

#endif
