/* What the store keeps. Plain values; strings are owned by the record and freed with X_release. */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include "base/prelude.h"

enum job_state { JOB_QUEUED, JOB_LEASED, JOB_DONE, JOB_FAILED };
enum bug_state { BUG_OPEN, BUG_FIXED, BUG_REGRESSED, BUG_FLAKY, BUG_IGNORED };
enum finding_state { FINDING_NEW, FINDING_TRIAGED, FINDING_NO_CRASH };

const char *bug_state_name(enum bug_state s);
int bug_state_parse(const char *s, enum bug_state *out);

struct campaign_rec {
	int64_t id;
	uint64_t started_ms, budget_ms, ended_ms; /* ended_ms 0: still going, or killed */
	uint64_t spent_ms;                        /* cumulative over restarts */
	char *harnesses;                          /* space-separated names, "" for all */
};

struct job_rec {
	int64_t id, campaign;
	char *kind; /* "fuzz", "triage", "minimize", "regress", "sync" ... a row of campaign's table */
	char *harness;
	char *key;     /* unique within (campaign, kind): adding the same job again does nothing */
	char *payload; /* the kind's own; opaque to the store */
	int priority;  /* higher first, then by id */
	enum job_state state;
	char *owner; /* lease */
	uint64_t lease_until_ms;
	unsigned attempts;
	int64_t token; /* of this taking: each has a greater one, see store_fence */
	char *error;   /* why it failed last, or NULL */
};

struct finding_rec {
	int64_t id, campaign;
	char *harness, *variant; /* variant it was first seen under */
	char *origin;            /* "libfuzzer", "aflpp", "edge", "replay", "minimize", "import" */
	char *input;             /* SHA-1 of the bytes; the bytes are in the inputs folder */
	uint64_t size;
	uint64_t found_ms;
	enum finding_state state;
	char *note; /* edge: the case's name; else NULL */
	/* from triage: */
	char *bug; /* id, or NULL */
	char *signature, *sig_text;
	int rule;
	char *kind;
	/* The report, its bytes with their number: signatures are made anew from it. */
	char *text;
	size_t text_len;
	char *site;
	/* The statements that the report's places stood at, as triage/places.h writes them; or NULL. */
	char *places;
	unsigned k, n; /* failed k of n runs alone */
	bool stateful; /* needs its predecessors in the batch */
	bool trimmed;  /* its report and its input were let go: see retention.h */
};

struct bug_rec {
	char *id; /* 16 hex digits: the signature it was filed under; prefixes are accepted in calls */
	char *signature, *sig_text;
	int rule;
	char *harness;               /* of the best reproducer */
	char *kind, *family, *title; /* title: the report's summary */
	enum bug_state state;
	char *why;         /* of an ignore: the reason */
	uint64_t until_ms; /* of an ignore: its end; 0 none */
	int security;      /* enum crash_tri */
	int severity;      /* 0..4 */
	char *frames;      /* normalised names, '|' between */
	char *input;       /* SHA-1 of the best reproducer */
	char *variant;     /* the build that shows it by that; NULL: "asan" */
	uint64_t size;
	bool minimized;
	unsigned k, n; /* reproducibility of the best reproducer */
	uint64_t first_ms, last_ms;
	uint64_t findings; /* how many; counted by the store */
	uint64_t sites;    /* likewise */
	char *kinds;       /* observed kinds, ',' between */
};

/* One place and way of a failure, with the best input that shows it. */
struct site_rec {
	/* Half a SHA-256 of text. */
	char *id;
	char *bug;
	/* The first of its keys: its bug's name where nothing joins it to another. */
	char *home;
	char *text;
	int rule;
	char *harness, *kind, *family, *title, *frames;
	int security, severity;
	char *input;
	/* The build that shows it by that; NULL: "asan". */
	char *variant;
	uint64_t size;
	bool minimized;
	unsigned k, n;
	/* verify saw that it fails no more. */
	bool gone;
	uint64_t first_ms, last_ms;
};

/* What sites of one bug share: the rule's name and its key in words. */
struct site_key_rec {
	char key[17];
	const char *rule, *text;
};

struct stat_rec { /* one engine on one harness, cumulative over the campaign's slices and restarts */
	int64_t campaign;
	char *harness, *engine;
	uint64_t execs, wall_ms, corpus, edges, crashes, restarts;
	double execs_per_s; /* of the last slice */
};

struct event_rec {
	int64_t id, campaign;
	uint64_t when_ms;
	char *kind, *text;
};

void campaign_rec_release(struct campaign_rec *r);
void job_rec_release(struct job_rec *r);
void finding_rec_release(struct finding_rec *r);
void bug_rec_release(struct bug_rec *r);
void site_rec_release(struct site_rec *r);
void stat_rec_release(struct stat_rec *r);
void event_rec_release(struct event_rec *r);

#endif
