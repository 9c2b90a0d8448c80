/* SQLite under the store. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/backend.h"

extern const struct store_backend store_sqlite;

#endif
