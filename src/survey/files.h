/* The files of a source tree, and what their places say of them. */
#ifndef SURVEY_FILES_H
#define SURVEY_FILES_H

#include "base/err.h"
#include "base/strlist.h"

struct files {
	/* regular files below it, relative, shallow ones first; links aren't followed */
	struct strlist files;
	/* there are more than are looked at */
	bool cut;
};

/* What version control, thresh itself and builds keep is left out. */
int files_list(const char *dir, struct files *out, struct err *err);
void files_release(struct files *t);

/* It lies in a folder of tests, examples, benchmarks or the like: no part of the library. */
bool files_aside(const char *rel);
/* By its own name a program that tries the library: "test.cxx", "parser_test.cc", "test_parser.c", "example2.c". */
bool files_trial(const char *rel);
bool files_header(const char *rel);
/* A framework for tests of one header, which projects keep a copy of: no part of the library. */
bool files_framework(const char *rel);

#endif
