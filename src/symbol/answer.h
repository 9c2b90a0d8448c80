/* The text in which symbolisers answer -> frames. Pure; private to symbol/. */
#ifndef SYMBOL_ANSWER_H
#define SYMBOL_ANSWER_H

#include "base/strv.h"
#include "symbol/cache.h"

enum answer_state { ANSWER_WHOLE, ANSWER_PART, ANSWER_BAD };

struct answer {
	struct symbol_frame frames[SYMBOL_FRAMES_MAX];
	/* 0: nothing is known there */
	size_t n;
	struct arena names;
};

/*
 * "FUNCTION\nFILE:LINE:COLUMN\n", once a frame, then an empty line; cut off *text when whole. broken: files may have line
 * breaks in their names.
 */
enum answer_state answer_llvm(struct strv *text, bool broken, struct answer *a);
/* "0xOFFSET\n", then "FUNCTION\nFILE:LINE\n" once a frame, as far as the line "0xNEXT". */
enum answer_state answer_addr2line(
	struct strv *text, uint64_t offset, uint64_t next, struct answer *a);
/* The answer to TOOL_SENTINEL, whole: nothing known there, and nothing behind it. */
#define ANSWER_SENTINEL UINT64_MAX
enum answer_state answer_sentinel(struct strv *text);

#endif
