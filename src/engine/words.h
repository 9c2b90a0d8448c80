/*
 * What libFuzzer prints when an input fails: the report, the name of the file that it means to write, and, of a small
 * input, the bytes. The file may never come to be: a target that leaks descriptors or fills the disk takes them from
 * libFuzzer, too. Pure; the text is a target's, and may say anything.
 */
#ifndef ENGINE_WORDS_H
#define ENGINE_WORDS_H

#include "base/buf.h"

struct words {
	struct buf report; /* the last one */
	struct buf prior;  /* what was said right before one, as by terminate() */
	bool open;         /* lines are still its */
	char name[64];     /* "crash-<sha1>" as it was to be written; "": nothing was */
	struct buf input;  /* bytes that have this SHA-1; empty where there were none */
};
#define WORDS_INIT                                                       \
	{                                                                \
		.report = BUF_INIT, .prior = BUF_INIT, .input = BUF_INIT \
	}

/* The number behind a word like "cov: " in a line of its progress. */
bool words_number(struct strv line, const char *word, uint64_t *out);
void words_line(struct words *w, struct strv line);
void words_reset(struct words *w);
void words_release(struct words *w);

#endif
