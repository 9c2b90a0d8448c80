/*
 * A worker of another machine: it has this program and the store's URL, and no source, no compiler and no file system in
 * common with anybody. Builds and corpora come from the store into a folder of its own, and what it finds goes there.
 */
#ifndef CAMPAIGN_REMOTE_H
#define CAMPAIGN_REMOTE_H

#include "campaign/worker.h"
#include "depot/build.h"

struct remote_opts {
	const char *url;
	/* where its folder is made, one for each worker of this machine; NULL: the user's cache */
	const char *cache;
	/* what other harnesses' corpora may take there */
	uint64_t cache_bytes;
	struct depot_trust trust;
	/* campaign 0: the last one, and those that follow it */
	struct worker_opts work;
};

/* Until told to stop; with until_idle until there is nothing to do. -1: also where no build is to be trusted (ERR_USAGE). */
int remote_work(const struct remote_opts *o, struct err *err);

#endif
