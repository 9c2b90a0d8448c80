/* What the files of the edge suite's runner share. */
#ifndef SUITE_INTERNAL_H
#define SUITE_INTERNAL_H

#include "suite/source.h"
#include "suite/suite.h"
#include "triage/triage.h"

/* Failing cases of one site: the shortest of them, and how many. */
struct suite_group {
	char *site, *signature, *summary, *name;
	enum variant variant;
	/* with its fault */
	struct buf input;
	uint64_t cases;
	bool fault;
	/* of one that ran out of time, which isn't run once more; report NULL: another */
	struct triage timeout;
};

/* One that took longer than a pass waits. */
struct suite_slow {
	char *site, *name;
	enum variant variant;
	uint64_t serial;
	struct target_fault fault;
	struct buf input;
};

struct suite_running {
	struct project *project;
	const struct config_harness *h;
	const struct suite_opts *opts;
	struct suite_result *out;
	struct suite_source src;
	/* of making bugs small; 0: none */
	uint64_t deadline_ms;
	/* that share what is left of the time */
	unsigned builds_left;
	/* a pass is under way, under its shorter limit */
	bool quick;
	struct suite_slow *slow;
	size_t n_slow, cap_slow, slow_done;
	struct suite_group *groups;
	size_t n_groups, cap_groups;
	/* serials of cases that failed, open addressing; 0 is free, so serial + 1 */
	uint64_t *bad;
	size_t n_bad, cap_bad;
	struct err lost; /* why what failed behind others couldn't be stored */
};

/* filing.c: the groups become findings and bugs, small, with regression tests. */
int suite_file(struct suite_running *r, struct err *err);
/* seed_corpus.c: cases that reach new code enter the corpus. */
int suite_corpus(struct suite_running *r, struct err *err);
/* head.c: what has to stand before the format, so that cases are made behind it. */
int suite_heads(struct suite_running *r, struct err *err);
/* faults.c */
int suite_faults(struct suite_running *r, enum variant v, struct target *t, struct err *err);

/* slow.c. The pass's limit for one case; returns the one to be set again behind it. */
uint64_t suite_slow_quick(const struct suite_running *r, struct target *t);
/* This case took longer. */
void suite_slow_keep(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct edge_case *c, const struct triage *t);
void suite_slow_release(struct suite_running *r);
/* rerun.c. After the passes: which of them go beyond the harness's own limit? */
int suite_rerun(struct suite_running *r, struct err *err);

/* verdict.c. Judge one result, count it, tell of it. in->tag is a struct edge_case. */
void suite_result_take(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct target_result *res, const struct edge_case *c);
bool suite_is_bad(const struct suite_running *r, uint64_t serial);

/* pass.c. A case on its way: what is stopped in the middle is freed from here. */
struct suite_flight {
	struct suite_flight *prev, *next;
	struct edge_case *c;
};

/* The time of a pass, and its progress. */
struct suite_pass {
	/* the list's head */
	struct suite_flight flying;
	struct suite_running *r;
	const char *what;
	uint64_t started_ms, told_ms, runs;
	/* 0: none */
	uint64_t limit_ms;
	/* more of it while nothing failed, which would take time */
	uint64_t extra_ms;
	bool *cut;
};
/* limit_ms: its share of the time; 0: none. */
void suite_pass_begin(struct suite_pass *p, struct suite_running *r, const char *what,
	uint64_t limit_ms, bool *cut);
/* Of what the passes of this kind have, this build's part; spent_ms: by those before it. */
uint64_t suite_share(const struct suite_running *r, uint64_t spent_ms);
/* Most cases fail, and what there is no time for goes elsewhere. */
bool suite_mostly_fails(const struct suite_running *r);
/* False when it is over: no further case. */
bool suite_pass_goes_on(struct suite_pass *p);
/* Long over: what is under way, hanging perhaps, isn't waited for. */
bool suite_pass_is_late(struct suite_pass *p);
/* Send a case, which is the pass's from now on; and take it back, when its result came. */
void suite_pass_send(struct suite_pass *p, struct edge_case *c, struct target_input *in);
struct edge_case *suite_pass_back(const struct target_input *in);
void suite_pass_end(struct suite_pass *p);

#endif
