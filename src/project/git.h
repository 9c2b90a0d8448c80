/* git's words about the tree that a project lies in. */
#ifndef PROJECT_GIT_H
#define PROJECT_GIT_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Run git in dir; what it prints, trimmed, is appended to *out (may be NULL). argv without "git" and NULL-terminated; env:
 * "K=V" entries over ours, NULL-terminated, or NULL. What it refuses is ERR_USAGE, with its own words.
 */
int git_run(const char *dir, const char *const *argv, const char *const *env, struct buf *out,
	struct err *err);

#endif
