/* The programs that know names: one child that stays, questions written ahead of its answers. Private to symbol/. */
#ifndef SYMBOL_TOOL_H
#define SYMBOL_TOOL_H

#include "symbol/cache.h"

/* questions written before the first answer is awaited */
#define TOOL_BATCH 256

struct tool;

enum tool_result {
	TOOL_OK,
	/* the question behind the answered ones got no answer; the child was replaced */
	TOOL_CULPRIT,
	/* more or other answers than questions: none of them count; the child was replaced */
	TOOL_CONFUSED,
	/* no program (left) that answers */
	TOOL_NONE,
	/* this machine refuses to run one now */
	TOOL_REFUSED,
};

typedef void tool_answer(void *arg, uint64_t offset, const struct symbol_frame *frames, size_t n);

struct tool *tool_new(void);
void tool_free(struct tool *t);
/*
 * What is at these offsets of module? Calls answer for the first *answered of them, in order. n is at most
 * TOOL_BATCH.
 */
enum tool_result tool_ask(struct tool *t, const char *module, const uint64_t *offsets, size_t n,
	tool_answer *answer, void *arg, size_t *answered);
/* The file behind a module changed: children that may have it open are ended. */
void tool_forget(struct tool *t);
/* Whether answers have no columns: addr2line's. */
bool tool_coarse(const struct tool *t);
bool tool_exists(const struct tool *t);
unsigned tool_started(const struct tool *t);
void tool_set_timeout(struct tool *t, uint64_t ms);

#endif
