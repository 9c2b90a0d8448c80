/* Where a survey works: a folder of its own, which another one takes away where this one was killed. */
#ifndef SURVEY_FOLDER_H
#define SURVEY_FOLDER_H

#include "base/err.h"

/*
 * What surveys that were killed have left is removed first. tmp: the new folder's real path, the caller's to free and to
 * remove; lock: to be closed once it is removed. On failure both may be set, too.
 */
int folder_make(char **tmp, int *lock, struct err *err);

#endif
