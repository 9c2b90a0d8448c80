/*
 * Small files of ours that answer one question: a line that says what they are and of which version, one for the question, one
 * for the sum over all that follows. What isn't whole, or answers another question, is as if it weren't there.
 */
#ifndef DISTILL_SEALED_H
#define DISTILL_SEALED_H

#include "base/buf.h"
#include "base/err.h"

/* magic: the first line, without its end. */
int sealed_save(const char *path, const char *magic, const char *key, const struct buf *body,
	struct err *err);
/* text holds the file, of at most max bytes, *body points into it. False: there is no such answer. The caller releases text. */
bool sealed_load(const char *path, const char *magic, const char *key, uint64_t max,
	struct buf *text, struct strv *body);

#endif
