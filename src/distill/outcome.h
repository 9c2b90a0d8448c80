/*
 * What a distillation came to, kept, so that asking again of the same inputs, build and options costs no more than listing
 * them. Safe to delete; what can't be read any more is as if it had never been.
 */
#ifndef DISTILL_OUTCOME_H
#define DISTILL_OUTCOME_H

#include "distill/distill.h"

struct outcome {
	/* SHA-1s, ascending */
	struct strlist kept;
	/* features that these had in both their runs: a replay has to show them */
	uint32_t *must;
	size_t n_must;
	/* what it says of all inputs and of those chosen */
	struct distill_result result;
};

#define OUTCOME_INIT                 \
	{                            \
		.kept = STRLIST_INIT \
	}
void outcome_release(struct outcome *o);

/* Names the question: of the build, the options that decide, and all the inputs. The caller frees it. */
char *outcome_key(const char *build, const struct distill_opts *opts, const struct strlist *names);
/* True when the file has the answer to that question. */
bool outcome_load(const char *path, const char *key, struct outcome *o);
int outcome_save(const char *path, const char *key, const struct outcome *o, struct err *err);

#endif
