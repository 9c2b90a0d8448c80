/*
 * Many inputs into one folder, with one sync for thousands of them in place of two for each: written beside their names,
 * synced together, named together. A name stands for a whole file at any moment, also after a power cut.
 */
#ifndef CORPUS_BATCH_H
#define CORPUS_BATCH_H

#include "base/err.h"
#include "base/hash.h"

struct inputs_batch;

/* The folder is made where it is missing. NULL: an error. */
struct inputs_batch *inputs_batch_new(const char *dir, struct err *err);
/* As inputs_put, but it is there for sure, and for others, only after the batch's end. */
int inputs_batch_put(struct inputs_batch *b, const void *p, size_t n, char sha1[SHA1_HEX],
	bool *added, struct err *err);
/* Everything put is named and synced now; frees the batch in any case. */
int inputs_batch_end(struct inputs_batch *b, struct err *err);

#endif
