/* A dictionary's lines, mended where it is plain what they mean, kept as comments where it isn't. */
#ifndef CORPUS_DICT_REPAIR_H
#define CORPUS_DICT_REPAIR_H

#include "base/buf.h"

enum dict_repair {
	DICT_MENDED,
	/* it can't be a token: it is a comment now */
	DICT_COMMENTED,
	/* a comment behind the token, which has a line of its own now */
	DICT_MOVED,
	/* the token was there before: it is a comment now */
	DICT_DROPPED,
};

/* Called for each line that changes: as it was, and as it is now. */
typedef void (*dict_repair_fn)(
	void *arg, size_t line, enum dict_repair how, struct strv before, struct strv after);

/* Append the repaired text; nothing of the old one's words is lost. The number of lines that changed; fn may be NULL. */
size_t dict_repair(struct strv text, struct buf *out, dict_repair_fn fn, void *arg);

#endif
