/*
 * A worker takes jobs from the store until told to stop. Explore workers run engines, refine workers do what
 * engines' findings need; a job that crashes takes down its worker, never the campaign.
 */
#ifndef CAMPAIGN_WORKER_H
#define CAMPAIGN_WORKER_H

#include "campaign/campaign.h"

enum worker_role { WORKER_ANY, WORKER_EXPLORE, WORKER_REFINE };
int worker_role_parse(const char *name, enum worker_role *out);

struct worker_opts {
	enum worker_role role;
	int64_t campaign; /* 0: the last one */
	bool until_idle;  /* end when there is no job left, instead of waiting for more */
};

#define WORKER_OWNER_MAX 96
/* This process as the owner of leases: "host:pid:start", start in the system's ticks, as pids come again. */
void worker_owner(char out[WORKER_OWNER_MAX]);
/* False when it is of this host and the process is gone; another machine's lease has to run out. For the store. */
bool worker_owner_alive(void *arg, const char *owner);

/* 0: told to stop, or idle. */
int worker_run(struct campaign *c, const struct worker_opts *opts, struct err *err);

/* The payload of a "fuzz" job, and back. */
struct fuzz_payload {
	char engine[32];
	uint64_t slice_ms, seed;
};
char *fuzz_payload_format(const struct fuzz_payload *p); /* the caller frees */
int fuzz_payload_parse(const char *text, struct fuzz_payload *out);

/* Queue the jobs that a bug needs next (minimise, then its regression test); nothing happens when they are there. */
int jobs_add_for_bug(struct campaign *c, const char *bug, const char *harness, struct err *err);
/* Queue the harness's edge cases, for so long: once in a campaign, before its engines. */
int jobs_add_edge(struct campaign *c, const char *harness, uint64_t ms, struct err *err);
/* Queue the replay of what is new in a harness's corpus under the sanitizers. */
int jobs_add_sweep(struct campaign *c, const char *harness, struct err *err);

#endif
