/* What a harness's coverage is of: its corpus, and the inputs of its regression tests. */
#ifndef COVERAGE_INPUTS_H
#define COVERAGE_INPUTS_H

#include "base/hash.h"
#include "project/project.h"

struct coverage_input {
	char *path;
	/* SHA-1 of the content, as it was when it was listed */
	char id[SHA1_HEX];
	/* of a run: */
	bool failed;
};

struct coverage_inputs {
	/* by id, each once */
	struct coverage_input *v;
	size_t n, cap;
	/* couldn't be read, or are no regular files */
	size_t skipped;
};

#define COVERAGE_INPUT_MAX ((uint64_t)256 << 20)

/*
 * inputs: a folder in place of the corpus, or NULL. tests: the folder of regression tests, which needn't be there. No corpus
 * and no tests: *out is empty. What makes a call fail isn't among them.
 */
int coverage_inputs_list(const struct project *p, const struct config_harness *h,
	const char *inputs, const char *tests, struct coverage_inputs *out, struct err *err);
void coverage_inputs_release(struct coverage_inputs *in);

#endif
