/* The description of a project, once it is read. */
#include "base/prelude.h"
#include "config/config.h"

void config_free(struct config *c)
{
	if (!c)
		return;
	arena_release(&c->arena);
	free(c);
}

const struct config_harness *config_harness(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_harnesses; i++)
		if (strcmp(c->harnesses[i].name, name) == 0)
			return &c->harnesses[i];
	return NULL;
}

const struct config_build *config_build(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_builds; i++)
		if (strcmp(c->builds[i].name, name) == 0)
			return &c->builds[i];
	return NULL;
}
