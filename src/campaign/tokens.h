/* A harness's dictionary for the engines: what is declared, and what its code, its corpus and libFuzzer say of its input. */
#ifndef CAMPAIGN_TOKENS_H
#define CAMPAIGN_TOKENS_H

#include "project/project.h"

struct tokens {
	/* for people: a comment for each place that tokens came from. NULL: there is no token */
	char *path;
	/* in it; declared: of the project's own or the format's */
	size_t n, declared;
	/* what is wrong with the declared one, in words; NULL: nothing. The tokens that are right are in. */
	char *problem;
};

/*
 * Write it anew, from what is built and known by now: milliseconds. What can't be had is left out. -1: it can't be
 * written.
 */
int tokens_gather(
	struct project *p, const struct config_harness *h, struct tokens *out, struct err *err);
/* For an engine's slice: its path, made anew where it is old. The caller frees; NULL: there is none. */
char *tokens_of_slice(struct project *p, const struct config_harness *h);
void tokens_release(struct tokens *t);
/* Where it is, or would be; the caller frees. */
char *tokens_path(const struct project *p, const char *harness);

#endif
