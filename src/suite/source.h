/* What a harness's cases are made from. */
#ifndef SUITE_SOURCE_H
#define SUITE_SOURCE_H

#include "cases/cases.h"
#include "corpus/dictionary.h"
#include "project/project.h"

/* Without the target: the names and cases there are. The caller ends it with suite_source_release. */
struct suite_source {
	struct cases_input in;
	struct cases_seed *seeds;
	struct strv *tokens;
	/* of the seeds */
	struct buf *bytes;
	struct strlist names;
	struct dictionary words;
};
int suite_source_load(struct project *p, const struct config_harness *h, size_t max_len,
	struct suite_source *out, struct err *err);
/* The words of one more dictionary, behind those that are there; nothing where it can't be read. */
void suite_source_words(struct suite_source *s, const char *path);
void suite_source_release(struct suite_source *s);

#endif
