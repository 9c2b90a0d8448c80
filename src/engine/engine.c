/* The engines there are. */
#include "base/prelude.h"
#include "engine/engine.h"
#include "engine/aflpp.h"
#include "engine/libfuzzer.h"

const struct engine_ops *const engines[] = { &engine_libfuzzer, &engine_aflpp, NULL };

const struct engine_ops *engine_by_name(const char *name)
{
	for (size_t i = 0; engines[i]; i++)
		if (strcmp(engines[i]->name, name) == 0)
			return engines[i];
	return NULL;
}
