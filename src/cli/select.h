/* The harnesses that a command line names; none named: all. */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include "project/project.h"

struct select_harnesses {
	const struct config_harness **v;
	size_t n;
};

/* An unknown name is a usage error that lists the known ones. */
int select_harnesses(const struct project *p, const struct strlist *names,
	struct select_harnesses *out, struct err *err);
/* The same, and the folders of their corpora have what the store's have. */
int select_with_corpora(struct project *p, const struct strlist *names,
	struct select_harnesses *out, struct err *err);
void select_release(struct select_harnesses *s);

#endif
