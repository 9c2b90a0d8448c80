/* What goes into the packs of a build: files below the project's folder, by their names there. */
#ifndef DEPOT_PACKING_H
#define DEPOT_PACKING_H

#include "project/project.h"

/* The project file, what people decided, sources, dictionaries and files that harnesses read, as an archive at path. */
int packing_shared(struct project *p, const char *path, struct err *err);
/* A harness's executables in all variants that there are. 1: there is none. */
int packing_harness(
	struct project *p, const struct config_harness *h, const char *path, struct err *err);

#endif
