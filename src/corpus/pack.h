/*
 * Many inputs in one file, for git: a project commits one, and not ten thousand. Plain and in the order of their SHA-1s, so
 * that one input more changes a line or two of a diff, and simple enough for replay.c to read without a library:
 *
 *     thresh pack 1\n, then for each input its length in decimal digits, \n, its bytes, \n
 */
#ifndef CORPUS_PACK_H
#define CORPUS_PACK_H

#include "base/buf.h"
#include "base/err.h"

#define PACK_SUFFIX ".pack"

bool pack_is_name(const char *path);
/* What an input of so many bytes takes in the file; and what the file takes without any. */
uint64_t pack_cost(uint64_t len);
uint64_t pack_head(void);
/* Making one: inputs in the order of their SHA-1s. */
void pack_begin(struct buf *pack);
void pack_add(struct buf *pack, struct strv input);

/* Reading: text is the whole file. *at is 0 at first; 1: *input is the next one, a part of text; 0: no more; -1: damaged. */
int pack_next(const char *path, struct strv text, size_t *at, struct strv *input, struct err *err);

#endif
