/* What the common SQL calls and SQLite doesn't bring. */
#ifndef STORE_SQLITE_FUNCTIONS_H
#define STORE_SQLITE_FUNCTIONS_H

#include <sqlite3.h>

/* SQLite's code. */
int sqlite_functions(sqlite3 *db);

#endif
