/* Finds libpq and the calls that are used of it. */
#include "base/prelude.h"
#include "store/postgres_lib.h"
#include <dlfcn.h>

#define LIBRARY "libpq.so.5"

static const char *const names[] = {
#define CALL(name) "PQ" #name,
	LIBPQ_CALLS(CALL)
#undef CALL
};

const struct libpq *postgres_lib(struct err *err)
{
	static struct libpq lib;
	static bool loaded;
	/* a pointer to a function isn't one to data, but dlsym gives only those */
	void *calls[ARRAY_LEN(names)];
	void *so;

	_Static_assert(sizeof(calls) == sizeof(lib), "one pointer for each name");
	if (loaded)
		return &lib;
	so = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!so) {
		err_set(err,
			"a store of PostgreSQL needs the library %s: install the package libpq5 "
			"(%s)",
			LIBRARY, dlerror());
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		calls[i] = dlsym(so, names[i]);
		if (!calls[i]) {
			err_set(err, "%s: has no %s, it is too old; install a newer package libpq5",
				LIBRARY, names[i]);
			dlclose(so);
			return NULL;
		}
	}
	memcpy(&lib, calls, sizeof(lib));
	loaded = true;
	return &lib;
}
