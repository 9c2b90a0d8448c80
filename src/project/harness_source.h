/*
 * A harness as text: its source and the headers that are private to it, those that lie beside it or below, away from
 * the library's sources. A change of either is a change of the harness.
 */
#ifndef PROJECT_HARNESS_SOURCE_H
#define PROJECT_HARNESS_SOURCE_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/strlist.h"
#include "config/config.h"

struct harness_source {
	struct buf source;
	/* "PATH SIZE", a line feed and the content, of each; PATH from the source's directory */
	struct buf headers;
	/* of the headers */
	struct strlist names;
	/* of both; of a source without headers its own */
	char hex[SHA256_HEX];
};
#define HARNESS_SOURCE_INIT                                                    \
	{                                                                      \
		.source = BUF_INIT, .headers = BUF_INIT, .names = STRLIST_INIT \
	}

/* As it is today; -1: the source can't be read. b is what it's built with, NULL where that isn't known. */
int harness_source_read(
	const char *source, const struct config_build *b, struct harness_source *out);
/* Below dir, headers where the source includes them from. The source's path there, the caller frees; NULL: failed. */
char *harness_source_write(const char *dir, const char *name, const char *source,
	const char *headers, struct err *err);
void harness_source_release(struct harness_source *f);
#endif
