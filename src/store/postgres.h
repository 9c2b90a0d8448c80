/* PostgreSQL under the store. */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/backend.h"

/* Built without libpq, its open is an error that names the package. */
extern const struct store_backend store_postgres;

#endif
