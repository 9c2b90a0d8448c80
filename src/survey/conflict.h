/*
 * Two libraries of one tree whose headers are called alike: what is fuzzed is compiled with one list of folders, and would find the
 * one's for the other.
 */
#ifndef SURVEY_CONFLICT_H
#define SURVEY_CONFLICT_H

#include "survey/internal.h"

/*
 * Of chosen units those that can't be compiled with others are left: of two groups the one that reads less, by its functions' names.
 * How many; note: a sentence about them.
 */
size_t conflict_leave(struct compiled *us, const struct places *p, struct buf *note);

#endif
