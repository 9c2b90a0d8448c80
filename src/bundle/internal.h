/* What the files that make capsules share. */
#ifndef BUNDLE_INTERNAL_H
#define BUNDLE_INTERNAL_H

#include "base/strlist.h"
#include "bundle/bundle.h"
#include "triage/bug_details.h"
#include "proc/proc.h"

struct bundle {
	struct project *project;
	struct bug_details l;
	const struct config_harness *h;
	/* dir: below tmp, named as the capsule */
	char *tmp, *dir;
	/* absolute: the library's */
	struct strlist sources;
	/* files of it, by their paths in the project */
	struct strlist added;
	bool msan;
};

/* tool.c. A tool with what it printed in *r, which the caller releases. cwd, env: may be NULL. */
int bundle_run(const char *const *argv, const char *cwd, const char *const *env,
	struct proc_result *r, struct err *err);

/* The same where it may write below dir alone, as the project's policy is. */
int bundle_run_confined(const char *const *argv, const char *dir, const char *const *env,
	enum sandbox_policy policy, struct proc_result *r, struct err *err);

/* script.c: where the project's own script builds. The tree that it is given, below src/. */
int bundle_add_tree(struct bundle *k, struct err *err);
/* The commands that run it there and leave "$out/replay"; appended. */
void bundle_add_build(struct buf *b, struct bundle *k);

#endif
