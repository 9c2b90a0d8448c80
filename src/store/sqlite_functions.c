/* A function each, as a server has them by its migrations. */
#include "base/prelude.h"
#include "store/sqlite_functions.h"
#include "base/clock.h"

static void now(sqlite3_context *ctx, int n, sqlite3_value **args)
{
	(void)n;
	(void)args;
	sqlite3_result_int64(ctx, (sqlite3_int64)clock_wall_ms());
}

int sqlite_functions(sqlite3 *db)
{
	return sqlite3_create_function(db, "thresh_now", 0, SQLITE_UTF8, NULL, now, NULL, NULL);
}
