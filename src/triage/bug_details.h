/* Everything known of one bug, gathered for people: `thresh show`, an issue body, a capsule. */
#ifndef TRIAGE_BUG_DETAILS_H
#define TRIAGE_BUG_DETAILS_H

#include "project/project.h"

struct bug_details {
	/* With what the site below shows in place of what the leading one does. */
	struct bug_rec bug;
	/* The site that input, report and test are of; "" in a store without sites. */
	char site[17];
	/* All of the bug's, the leading one first. */
	struct site_rec *sites;
	size_t n_sites;
	struct crash_report *report; /* finished and symbolised; NULL when no report was kept */
	struct buf text;             /* the raw report */
	/* The statements that its places stood at (triage/places.h). */
	struct buf places;
	struct buf input;
	char *input_path; /* of the best reproducer */
	/* Why the input isn't there; else NULL. */
	char *input_lost;
	char *test_dir; /* its regression test's folder; NULL when there is none */
	char *origin;   /* of the first finding; NULL when there is none */
	char *note;
	bool stateful;
	unsigned char *
		essential; /* per byte of input: 1 matters, 0 may be anything, 2 unknown; NULL: not known */
	char *matrix; /* what each variant makes of it, in words; NULL: not looked at */
};

/* Bugs whose reports are alike, the most alike first, at most max: they are linked, never merged. */
struct bug_details_related {
	char bug[17];
	double similarity;
};
size_t bug_details_related(struct project *p, const struct bug_details *l,
	struct bug_details_related *out, size_t max, struct err *err);

/* The folder of a bug's regression test, the caller's to free; NULL: it has none. */
char *bug_details_test(const struct project *p, const struct bug_rec *b);
/*
 * By id, alias or prefix, its leading site; or that of a site's whole id. An unknown bug is a usage error. An input that is
 * lost is told by input_lost, and nothing more: the rest is worth as much without it.
 */
int bug_details_load(struct project *p, const char *id, struct bug_details *out, struct err *err);
void bug_details_release(struct bug_details *l);

#endif
