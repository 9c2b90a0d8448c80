/*
 * Inputs that failed, where findings, bugs and sites have them by name: in the folder of this machine and, where the store is
 * shared, in the store, so that everybody who has the one has the other.
 */
#ifndef DEPOT_INPUTS_H
#define DEPOT_INPUTS_H

#include "project/project.h"
#include "base/hash.h"

/* Unless it is there; on the disk when the call returns. Before the row that names it. */
int depot_put_input(
	struct project *p, const void *data, size_t n, char sha1[SHA1_HEX], struct err *err);
/* Appended to out; the content is checked against its name. What comes from the store is in the folder from then on. */
int depot_get_input(struct project *p, const char *sha1, struct buf *out, struct err *err);
/* Where it is on this machine, after a try to have it there; the caller frees. */
char *depot_input_path(struct project *p, const char *sha1);

#endif
