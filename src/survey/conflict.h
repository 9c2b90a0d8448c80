/*
 * Two libraries of one tree whose headers are called alike: what is fuzzed is compiled with one list of folders, and would find the
 * one's for the other.
 */
#ifndef SURVEY_CONFLICT_H
#define SURVEY_CONFLICT_H

#include "survey/internal.h"

/*
 * Where a chosen unit doesn't compile with the folders of all, as it finds another's header, one of the two groups is left: the one
 * of which fewer functions' names promise that they read. How many; note: a sentence about them.
 */
size_t conflict_leave(struct compiled *us, const struct places *p, struct buf *note);

#endif
