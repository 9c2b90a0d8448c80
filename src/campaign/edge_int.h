/* What the files of the edge suite's runner share. */
#ifndef CAMPAIGN_EDGE_INT_H
#define CAMPAIGN_EDGE_INT_H

#include "campaign/edge.h"
#include "campaign/triage.h"

/* Failing cases of one signature: the shortest of them, and how many. */
struct edge_group {
	char *signature, *summary, *name;
	enum variant variant;
	struct buf input; /* with its fault */
	uint64_t cases;
	bool fault;
	struct triage
		timeout; /* of one that ran out of time, which isn't run once more; report NULL: another */
};

/* One that took longer than a pass waits. */
struct edge_slow {
	char *signature, *name;
	enum variant variant;
	uint64_t serial;
	struct target_fault fault;
	struct buf input;
};

struct edge_running {
	struct campaign *c;
	const struct config_harness *h;
	const struct edge_opts *opts;
	struct edge_result *out;
	struct edge_source src;
	uint64_t deadline_ms; /* of making bugs small; 0: none */
	unsigned builds_left; /* that share what is left of the time */
	bool quick;           /* a pass is under way, under its shorter limit */
	struct edge_slow *slow;
	size_t n_slow, cap_slow, slow_done;
	struct edge_group *groups;
	size_t n_groups, cap_groups;
	/* serials of cases that failed, open addressing; 0 is free, so serial + 1 */
	uint64_t *bad;
	size_t n_bad, cap_bad;
};

/* edge_file.c: the groups become findings and bugs, small, with regression tests. */
int edge_file(struct edge_running *r, struct err *err);
/* edge_corpus.c: cases that reach new code enter the corpus. */
int edge_corpus(struct edge_running *r, struct err *err);
/* edge_fault.c */
int edge_faults(struct edge_running *r, enum variant v, struct target *t, struct err *err);

/* edge_slow.c. The pass's limit for one case; returns the one to be set again behind it. */
uint64_t edge_slow_quick(const struct edge_running *r, struct target *t);
/* This case took longer. */
void edge_slow_keep(struct edge_running *r, enum variant v, const struct target_input *in,
	const struct edge_case *c, const struct triage *t);
/* After the passes: which of them go beyond the harness's own limit? */
int edge_slow_run(struct edge_running *r, struct err *err);
void edge_slow_release(struct edge_running *r);

/* Judge one result, count it, tell of it. in->tag is a struct edge_case. */
void edge_result_take(struct edge_running *r, enum variant v, const struct target_input *in,
	const struct target_result *res, const struct edge_case *c);
bool edge_is_bad(const struct edge_running *r, uint64_t serial);
/* A case on its way: what is stopped in the middle is freed from here. */
struct edge_flight {
	struct edge_flight *prev, *next;
	struct edge_case *c;
};

/* The time of a pass, and its progress. */
struct edge_pass {
	struct edge_flight flying; /* the list's head */
	struct edge_running *r;
	const char *what;
	uint64_t started_ms, told_ms, runs;
	uint64_t limit_ms; /* 0: none */
	uint64_t extra_ms; /* more of it while nothing failed, which would take time */
	bool *cut;
};
/* limit_ms: its share of the time; 0: none. */
void edge_pass_begin(struct edge_pass *p, struct edge_running *r, const char *what,
	uint64_t limit_ms, bool *cut);
/* Of what the passes of this kind have, this build's part; spent_ms: by those before it. */
uint64_t edge_share(const struct edge_running *r, uint64_t spent_ms);
/* False when it is over: no further case. */
bool edge_pass_goes_on(struct edge_pass *p);
/* Long over: what is under way, hanging perhaps, isn't waited for. */
bool edge_pass_is_late(struct edge_pass *p);
/* Send a case, which is the pass's from now on; and take it back, when its result came. */
void edge_pass_send(struct edge_pass *p, struct edge_case *c, struct target_input *in);
struct edge_case *edge_pass_back(const struct target_input *in);
void edge_pass_end(struct edge_pass *p);

#endif
