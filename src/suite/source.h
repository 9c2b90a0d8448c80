/* What a harness's cases are made from. */
#ifndef SUITE_SOURCE_H
#define SUITE_SOURCE_H

#include "base/arena.h"
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
	struct strv *heads;
	struct arena head_bytes;
};
int suite_source_load(struct project *p, const struct config_harness *h, size_t max_len,
	struct suite_source *out, struct err *err);
/* The words of one more dictionary, behind those that are there; nothing where it can't be read. */
void suite_source_words(struct suite_source *s, const char *path);
/* of the longest */
#define HEAD_LEN_MAX 8
/*
 * What inputs have before the format: those that suite_source_load had from the store go, one comes to them, all are kept there for the
 * next one to load.
 */
void suite_source_headless(struct suite_source *s);
void suite_source_head(struct suite_source *s, struct strv head);
int suite_source_keep_heads(const struct suite_source *s, struct project *p,
	const struct config_harness *h, struct err *err);
void suite_source_release(struct suite_source *s);

#endif
