/*
 * What left a harness's corpus since it fails on the build of now: a commit that breaks much would else empty in a minute what
 * took weeks to find. A folder beside the corpus, inputs by content, which no engine reads; it is a corpus itself, so that
 * machines that share a store share it, too, and none of its inputs is lost with the machine that found it failing.
 *
 * With another build each input of it is run once (job_sweep.c): what passes is back in the corpus, what doesn't waits for
 * the build after that one. `thresh gc` takes what nobody could make pass in a year.
 */
#ifndef CAMPAIGN_ASIDE_H
#define CAMPAIGN_ASIDE_H

#include "project/project.h"

struct aside {
	struct project *p;
	const char *harness;
	/* the name by which it is a corpus; its folder, and the harness's own */
	char *name, *dir, *corpus;
	/* that came in and went back since it was opened, in no order */
	struct strlist in, back;
};

/* p and harness stay the caller's. */
void aside_open(struct aside *a, struct project *p, const char *harness);
/* An input of the corpus, named by its SHA-1: on the disk when it leaves that one's folder. */
int aside_put(struct aside *a, const char *sha1, const void *data, size_t n, struct err *err);
/* What an engine fails on it takes out of the corpus itself: if the input is in there, it is put aside before it does. */
int aside_keep(struct aside *a, const void *data, size_t n, struct err *err);
/* And back. */
int aside_return(struct aside *a, const char *sha1, const void *data, size_t n, struct err *err);
/* Names of all there are, sorted, to an empty list; anew: also where it seems that other machines put nothing there since. */
int aside_list(struct aside *a, bool anew, struct strlist *names, struct err *err);
/* Tell a shared store of what came in and went back; until then another machine may bring it again. */
int aside_tell(struct aside *a, struct err *err);
void aside_close(struct aside *a);

#endif
