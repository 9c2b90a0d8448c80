/* PostgreSQL's migrations: postgres_migrations[i] brings version i to i + 1; ends with NULL. */
#ifndef STORE_POSTGRES_SCHEMA_H
#define STORE_POSTGRES_SCHEMA_H

/* The table, of one row, that says whose a schema is and of which version. */
#define POSTGRES_MARK "thresh_store"

extern const char *const postgres_migrations[];

#endif
