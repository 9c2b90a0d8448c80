/*
 * The edge-case suite of a harness: every case through its sanitizer builds, then, where asked for, every allocation,
 * read and write of its seeds' runs failing once and for good. What fails is filed like any finding, under the case's
 * name; what passes and reaches new code enters the corpus.
 */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include "project/project.h"
#include "suite/verdict.h"

/* One case's result; borrowed for the call. */
struct suite_one {
	const char *harness, *variant;
	/* with its fault: "seed/x/itself fault:17+" */
	const char *name;
	/* of a case; 0 of a fault run */
	uint64_t serial;
	size_t len;
	enum suite_verdict verdict;
	enum target_outcome outcome;
	/* why it was rejected, as the harness told; empty when it didn't */
	struct strv message;
	/* of a failure: what was printed */
	struct strv text;
	/* of a failure; else NULL */
	const char *signature;
	/* of a failure; else NULL */
	const char *summary;
	/* runs: of its harness and variant so far */
	uint64_t wall_us, runs;
};

struct suite_opts {
	/* n_variants 0: every sanitizer build that the harness wants */
	const enum variant *variants;
	size_t n_variants;
	/* a name below `targets`, in place of the harness's own; NULL */
	const char *target;
	/* of cases; NULL: all */
	const char *pattern;
	/* a dictionary beside the harness's, or NULL; no such file is fine */
	const char *words;
	/*
	 * Of the whole: cases on all builds, and making small what they found; faults have as much
	 * again. 0: no limit
	 */
	uint64_t time_ms;
	/* 0: the harness's, but at least SUITE_LEN */
	size_t max_len;
	unsigned jobs;
	bool faults, no_cases;
	/* results only: nothing is stored */
	bool no_file;
	/* nothing enters the corpus */
	bool no_corpus;
	/* bugs keep their cases as they are, without a regression test */
	bool no_minimize;
	/*
	 * in a campaign: what fails is queued for triage as an engine's findings are, nothing more
	 */
	bool queue;
	/*
	 * If not NULL: a pass in which most fail is cut short, and this is called for each case there is.
	 * False: no more of them.
	 */
	bool (*left)(void *arg, struct strv input);
	/* done is called in the order of the cases */
	bool in_order;
	/* may be NULL */
	void (*done)(void *arg, const struct suite_one *one);
	/* Ten times a second at most; what: "cases, asan". May be NULL. */
	void (*progress)(
		void *arg, const char *harness, const char *what, uint64_t runs, uint64_t ms);
	void *arg;
};

/* Fits 10,000 levels of the deepest nesting; longer ones cost most of the time and find little more. */
#define SUITE_LEN ((size_t)24 << 10)

/* A bug that the suite met. */
struct suite_bug {
	/* "" when nothing was filed, or it didn't fail alone */
	char id[17];
	char *signature, *summary, *name, *variant;
	/* that failed with it */
	uint64_t cases;
	/* of the case */
	size_t len;
	bool is_new, regressed, fault;
	/* it has no id */
	char *why;
};

struct suite_result {
	uint64_t cases, fault_runs, ms, fault_ms;
	uint64_t verdicts[SUITE_NOT_RUN + 1];
	uint64_t same, too_long, corpus_added;
	/* what a case may take in a pass; 0: the harness's whole limit */
	uint64_t quick_ms;
	/* failed behind others and passed alone; the first is filed */
	uint64_t stateful;
	/* slow ones that ended in the harness's limit; that weren't tried */
	uint64_t slow_passed, slow_left;
	/* the time ended before the cases did */
	bool cut, fault_cut;
	/* why nothing could be made to fail; NULL */
	char *no_faults;
	/* "msan: why" */
	struct strlist not_built;
	struct suite_bug *bugs;
	size_t n_bugs, cap_bugs;
};

/* 0 also when cases fail: out says so. -1 when it could not be run. */
int suite_run(struct project *p, const struct config_harness *h, const struct suite_opts *opts,
	struct suite_result *out, struct err *err);
void suite_result_release(struct suite_result *r);

#endif
