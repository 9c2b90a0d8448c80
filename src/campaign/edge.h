/*
 * The edge-case suite of a harness: every case through its sanitizer builds, then, where asked for, every allocation,
 * read and write of its seeds' runs failing once and for good. What fails is filed like any finding, under the case's name; what
 * passes and reaches new code enters the corpus.
 */
#ifndef CAMPAIGN_EDGE_H
#define CAMPAIGN_EDGE_H

#include "campaign/campaign.h"
#include "edge/edge.h"

enum edge_verdict {
	EDGE_ACCEPTED,
	EDGE_REJECTED, /* the harness said so: thresh_reject(), or -1 */
	EDGE_GAVE_UP,  /* ended by its own decision when something failed: neither good nor a bug */
	EDGE_FAILED,
	EDGE_SLOW,    /* took longer than a pass waits for one; looked at again if it may hang */
	EDGE_NOT_RUN, /* couldn't be run here */
};
const char *edge_verdict_name(enum edge_verdict v);

/* One case's result; borrowed for the call. */
struct edge_one {
	const char *harness, *variant;
	const char *name; /* with its fault: "seed/x/itself fault:17+" */
	uint64_t serial;  /* of a case; 0 of a fault run */
	size_t len;
	enum edge_verdict verdict;
	enum target_outcome outcome;
	struct strv message;    /* why it was rejected, as the harness told; empty when it didn't */
	struct strv text;       /* of a failure: what was printed */
	const char *signature;  /* of a failure; else NULL */
	const char *summary;    /* of a failure; else NULL */
	uint64_t wall_us, runs; /* runs: of its harness and variant so far */
};

struct edge_opts {
	const enum variant
		*variants; /* n_variants 0: every sanitizer build that the harness wants */
	size_t n_variants;
	const char *target;  /* a name below `targets`, in place of the harness's own; NULL */
	const char *pattern; /* of cases; NULL: all */
	/* Of the whole: cases on all builds, and making small what they found; faults have as much again. 0: no limit */
	uint64_t time_ms;
	size_t max_len; /* 0: the harness's, but at least EDGE_LEN */
	unsigned jobs;
	bool faults, no_cases;
	bool no_file;     /* results only: nothing is stored */
	bool no_corpus;   /* nothing enters the corpus */
	bool no_minimize; /* bugs keep their cases as they are, without a regression test */
	bool queue; /* in a campaign: what fails is queued for triage as an engine's findings are, nothing more */
	bool in_order; /* done is called in the order of the cases */
	void (*done)(void *arg, const struct edge_one *one); /* may be NULL */
	/* Ten times a second at most; what: "cases, asan". May be NULL. */
	void (*progress)(
		void *arg, const char *harness, const char *what, uint64_t runs, uint64_t ms);
	void *arg;
};

/* Fits 10,000 levels of the deepest nesting; longer ones cost most of the time and find little more. */
#define EDGE_LEN ((size_t)24 << 10)

/* A bug that the suite met. */
struct edge_bug {
	char id[17]; /* "" when nothing was filed, or it didn't fail alone */
	char *signature, *summary, *name, *variant;
	uint64_t cases; /* that failed with it */
	size_t len;     /* of the case */
	bool is_new, regressed, fault;
	char *why; /* it has no id */
};

struct edge_result {
	uint64_t cases, fault_runs, ms, fault_ms;
	uint64_t verdicts[EDGE_NOT_RUN + 1];
	uint64_t same, too_long, corpus_added;
	uint64_t quick_ms; /* what a case may take in a pass; 0: the harness's whole limit */
	uint64_t stateful; /* failed behind others and passed alone; the first is filed */
	uint64_t slow_passed,
		slow_left;   /* slow ones that ended in the harness's limit; that weren't tried */
	bool cut, fault_cut; /* the time ended before the cases did */
	char *no_faults;     /* why nothing could be made to fail; NULL */
	struct strlist not_built; /* "msan: why" */
	struct edge_bug *bugs;
	size_t n_bugs, cap_bugs;
};

/* Without the target: the names and cases there are. The caller ends it with edge_source_free. */
struct edge_source {
	struct edge_input in;
	struct edge_seed *seeds;
	struct strv *tokens;
	struct buf *bytes; /* of the seeds */
	struct strlist names, words;
};
int edge_source_load(struct campaign *c, const struct config_harness *h, size_t max_len,
	struct edge_source *out, struct err *err);
void edge_source_release(struct edge_source *s);
/*
 * What the name of a fault's run stands for, "fault/SEED/KIND-N" or "...-and-after", as a reproducer: the seed, its
 * fault in front. False: no such seed, or no name.
 */
#define EDGE_FAULT_PREFIX "fault/"
bool edge_fault_input(const struct edge_source *src, const char *name, struct buf *out);

/* 0 also when cases fail: out says so. -1 when it could not be run. */
int edge_run(struct campaign *c, const struct config_harness *h, const struct edge_opts *opts,
	struct edge_result *out, struct err *err);
void edge_result_release(struct edge_result *r);

#endif
