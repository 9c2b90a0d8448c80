/* Everything known of one bug, gathered for people: `thresh show`, an issue body, a capsule. */
#ifndef CAMPAIGN_LOOK_H
#define CAMPAIGN_LOOK_H

#include "campaign/campaign.h"

struct look {
	struct bug_rec bug;
	struct crash_report *report; /* finished and symbolised; NULL when no report was kept */
	struct buf text;             /* the raw report */
	struct buf input;
	char *input_path; /* of the best reproducer */
	char *test_dir;   /* its regression test's folder; NULL when there is none */
	char *origin;     /* of the first finding; NULL when there is none */
	char *note;
	bool stateful;
	unsigned char *
		essential; /* per byte of input: 1 matters, 0 may be anything, 2 unknown; NULL: not known */
	char *matrix; /* what each variant makes of it, in words; NULL: not looked at */
};

/* Bugs whose reports are alike, the most alike first, at most max: they are linked, never merged. */
struct look_related {
	char bug[17];
	double similarity;
};
size_t look_related(struct campaign *c, const struct look *l, struct look_related *out, size_t max,
	struct err *err);

/* By id, alias or prefix; an unknown bug is a usage error. */
int look_bug(struct campaign *c, const char *id, struct look *out, struct err *err);
void look_release(struct look *l);

#endif
