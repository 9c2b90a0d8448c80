/*
 * Is it the same bug? The oracle over a target: outcomes to identities, identities compared; what failed in another way
 * is handed on once per signature. Or over any command's exit status (--check).
 */
#ifndef MINIMIZE_ORACLE_H
#define MINIMIZE_ORACLE_H

#include "minimize/minimize.h"
#include "minimize/reduce.h"

struct verdict; /* a raw report's identity, kept: reports of one place differ in addresses only */

struct bug_oracle {
	const struct minimize_spec *spec;
	struct target *target; /* the caller's, or check */
	struct target *check;  /* the custom command */
	uint64_t full_ms;      /* the target's time limit */
	uint64_t quick_ms; /* of batches: lower while a hang is shrunk, or the original is fast */
	uint64_t most_ms;  /* of batches at last, and ... */
	uint64_t
		alone_ms; /* ... of runs alone: over the limit by a margin while a hang is shrunk */
	uint32_t stack_more; /* of batches, while a stack that overflows is shrunk */
	uint64_t slowest_us; /* run of the original */
	struct verdict *verdicts;
	struct strlist others; /* signatures handed on */
	char *want;            /* identity */
	int severity;          /* what shows the bug is no less grave; 0: however grave */
	const char *family;    /* of what it shows */
	bool told;             /* its report says where */
	struct crash_signature signature;
	struct candidate original;   /* borrowed */
	enum target_outcome outcome; /* of the original */
	bool overflow;               /* of the stack, is what it shows */
	unsigned k, n;               /* of the original: how often it failed so */
	unsigned tries;   /* runs of a candidate before it is refused; 1: it fails each time */
	unsigned confirm; /* of as many further runs, so many must fail the same way */
	bool alone;
	bool quick;      /* a batch runs, under quick_ms: what seems to hang may be slow */
	struct buf hang; /* the first that seemed to in this batch */
	bool has_hang;
	unsigned leaks_met;  /* while something else is looked for */
	unsigned hangs_seen; /* so many were given the full limit */
	unsigned errors;     /* candidates in a row that couldn't be run */
	uint64_t runs;
	/* the batch that runs */
	const struct candidate *cand;
	size_t from, n_cand, given, hit;
};

/*
 * Learns what the input shows. ERR_USAGE: it doesn't fail, fails in another way each time, or fails whatever the input.
 * oracle_close also after a failure.
 */
int oracle_open(struct bug_oracle *o, const struct minimize_spec *spec, const void *input,
	size_t len, struct err *err);
void oracle_close(struct bug_oracle *o);
/* How the reducer sees it. */
struct oracle oracle_of(struct bug_oracle *o);
/* n runs, each alone in a fresh process, under the full limits: how many showed the bug, or -1. */
int oracle_count(struct bug_oracle *o, const void *input, size_t len, unsigned n, struct err *err);

#endif
