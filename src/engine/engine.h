/*
 * An engine explores: it runs as processes of its own, beside us, for a slice of time. A third engine is one more
 * table of callbacks in one more file.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/err.h"
#include "base/strlist.h"
#include "base/strv.h"
#include "proc/given.h"
#include "proc/sandbox.h"

struct engine_stats {
	uint64_t execs, corpus, edges, restarts;
	uint64_t crashes;  /* failing inputs, once each */
	uint64_t unstored; /* of them: not acknowledged yet, and kept */
	uint64_t lost; /* ends of the engine that left no input to blame; restarts all the same */
	char lost_why
		[256]; /* how the last of them was; without one: why a whole slice ran nothing, or "" */
	double execs_per_s;
	bool handed; /* all of job->handed were run */
};

struct engine_job {
	/* If not NULL: called for inputs that it brought into the corpus, by an engine that knows of each. parent may be NULL. */
	void (*brought)(void *arg, const char *sha1, const char *name, const char *parent);
	void *brought_arg;
	const char *harness;
	/* the engine's own variant */
	const char *exe;
	/* libFuzzer: its build without sanitizers; may be NULL */
	const char *plain_exe;
	/* AFL++; may be NULL */
	const char *cmplog_exe;
	/* shared by all engines; files named by SHA-1; never emptied by an engine */
	const char *corpus_dir;
	/* sorted: the slice begins with these of corpus_dir, and with what comes during it; NULL: with all */
	const struct strlist *begin_with;
	/* private to this engine and harness; kept between slices */
	const char *work_dir;
	/* NULL-terminated directories, read only; already imported into corpus_dir */
	const char *const *seeds;
	/* libFuzzer: a file of inputs to be run once before all else (engine/handed.h), or NULL; it is there or not */
	const char *handed;
	/* The same, for a part of the time of slices with sanitizers. */
	const char *prefixes;
	/* or NULL */
	const char *dictionary;
	/* "K=V", or NULL; sanitizers' options are the engine's own */
	const char *const *env;
	/* shown in the engine's working directory */
	struct given given;
	enum sandbox_policy sandbox;
	uint64_t slice_ms, max_len, timeout_ms, memory;
	/* how long the target may take to start; 0: 20 s */
	uint64_t start_ms;
	/* it has inputs that never end: what takes a good part of the limit is given up */
	bool endless;
	/* of its random numbers; 0: its own choice */
	uint64_t seed;
};

/* What became of a failing input that was handed over. */
enum engine_ack {
	ENGINE_STORED,   /* it is where it can't be lost: the engine may forget it */
	ENGINE_UNSTORED, /* not now: it is kept, and handed over again */
	ENGINE_ENOUGH,   /* stored, and the slice ends */
};

/* A failing input; borrowed for the call. */
/* Failed in a process that had survived other failures: only what comes again alone is one. */
#define ENGINE_SURVIVED "survived"
/* Cut short at a part of the limit, as others are known that never end: only what takes all of it alone is a timeout. */
#define ENGINE_SLOW "slow"

struct engine_find {
	const char *path;
	/* "crash", "timeout", "oom", "leak" as the engine names it, ENGINE_SURVIVED or ENGINE_SLOW */
	const char *kind;
	struct strv report; /* what was printed of it; empty where the engine prints nothing */
};

/*
 * Called for each failing input of the slice, until it is stored: whether others knew it before isn't the engine's to
 * judge.
 */
typedef enum engine_ack (*engine_found_fn)(void *arg, const struct engine_find *f);
/* Called about once a second; non-zero ends the slice early (an interrupt, a lost lease). */
typedef int (*engine_tick_fn)(void *arg, const struct engine_stats *s);

struct engine_ops {
	/* "libfuzzer", "aflpp" */
	const char *name;
	/* NULL when it can run here; else why not, in words (a static string or owned by the job). */
	const char *(*missing)(const struct engine_job *job);
	/*
	 * Run one slice: start, watch, restart after a crash for the time left, bring new inputs
	 * from and to corpus_dir within seconds, report findings and statistics, end every process
	 * of it. -1: it couldn't run.
	 */
	int (*run)(const struct engine_job *job, engine_found_fn found, engine_tick_fn tick,
		void *arg, struct engine_stats *stats, struct err *err);
};

/* ends with NULL */
extern const struct engine_ops *const engines[];
const struct engine_ops *engine_by_name(const char *name);

#endif
