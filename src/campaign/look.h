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
};

/* By id, alias or prefix; an unknown bug is a usage error. */
int look_bug(struct campaign *c, const char *id, struct look *out, struct err *err);
void look_release(struct look *l);

#endif
