/*
 * The target server's near end: runs inputs through one variant of one harness, fast. The far end is
 * src/runtime/serve.c, linked into the target. Any other executable stands in, one process per input.
 */
#ifndef TARGET_TARGET_H
#define TARGET_TARGET_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "proc/given.h"
#include "proc/sandbox.h"
#include "target/exits.h"
#include "target/fault.h"
#include "target/result.h"

/*
 * Every input finds an empty working directory and a $TMPDIR of its own, the only places that it may write to. A
 * foreign command's relative paths hold all the same: its directory shows what is in the caller's by links, which
 * can't be written through, and words that begin with "../" are made absolute. Where the executable has AFL++'s fork
 * server compiled in, it is used: a fork per input. Persistent mode is not, so that each input has a fresh process.
 */
struct target_spec {
	/* linked with the runtime; or any executable, with `argv` */
	const char *exe;
	/*
	 * foreign: NULL-terminated command, "@@" is the input's path (else standard input); NULL:
	 * exe is a served target
	 */
	const char *const *argv;
	/* extra "K=V" */
	const char *const *env;
	/* NULL, or, where it fails at start-up, what it printed: appended by target_open() */
	struct buf *said;
	/* for messages */
	const char *name;
	/* CPU time of one input; 0: 5 s. Wall-clock limit is 2 x this + 2 s */
	uint64_t timeout_ms;
	/* bytes; 0: 2 GiB */
	uint64_t memory;
	/* look for leaks (where the sanitizer can) */
	bool leaks;
	/* report coverage features (cov variant; of a foreign command, AFL++'s) */
	bool features;
	/* places in the executable instead: see target_result */
	bool places;
	bool no_aslr;
	/* let the sanitizer symbolise (slow); off: module+offset */
	bool symbolize;
	/* zygotes; 0: 1 */
	unsigned workers;
	/* tell how much memory each input takes */
	bool memory_use;
	/* target_open doesn't wait until it's ready: the first run does, and tells what is wrong */
	bool no_wait;
	/* a target that isn't ready by then hangs at start; 0: 20 s */
	uint64_t start_ms;
	/* more directories that it may write to; may be NULL */
	const char *const *writable;
	enum sandbox_policy sandbox;
	/* foreign: what an exit status says */
	struct target_exits exits;
	/* shown in each input's working directory; not for foreign commands, which see the caller's */
	struct given given;
	/* The folder that reports name files below; NULL: not known. Odd characters of it are percent-encoded in their text. */
	const char *root;
	/* below it are the working directories; NULL: $TMPDIR or /tmp */
	const char *scratch;
};

struct target;

/*
 * Starts the zygotes. Fails clearly for a target that isn't there, isn't linked with the runtime, crashes, hangs
 * or exits at start-up (the error holds what it printed, shortened).
 */
struct target *target_open(const struct target_spec *spec, struct err *err);
/* Ends every process of it, removes its scratch directories. NULL is fine. */
void target_close(struct target *t);
/* Removes what killed processes left of theirs in the folder for temporary files; one that lives keeps its own. */
void target_sweep(void);

/* Next input to run: fill *in (data must stay valid until its done call), return false when there are no more. */
typedef bool (*target_next_fn)(void *arg, struct target_input *in);
/* One result, as soon as it is known. Non-zero: stop; what is under way is discarded without further calls. */
typedef int (*target_done_fn)(
	void *arg, const struct target_input *in, const struct target_result *r);

struct target_opts {
	/* deliver results in the order of the inputs (needs workers' results held back) */
	bool in_order;
	/* deliver batch outcomes as they are, without the run alone that decides */
	bool no_confirm;
	/* no_confirm for timeouts alone: the caller looks at them again */
	bool hangs_decide;
	/* inputs per batch; 0: chosen */
	unsigned batch;
	/* what target_know was told of ends its input before the report, see target_result */
	bool early;
	/* how many inputs there will be, for sharing them out; 0: nobody knows */
	size_t expect;
	/* "replaying": who waits is shown how far it is; NULL: nothing */
	const char *what;
};

/*
 * Runs every input that next gives over all workers. Failures found in a batch are re-run alone in a fresh child, which
 * decides (unless no_confirm). 0 also when inputs crash; -1 when the target can't be run at all any more.
 * An interrupt (proc_interrupted() == 2) ends it with -1.
 */
int target_run(struct target *t, const struct target_opts *opts, target_next_fn next,
	target_done_fn done, void *arg, struct err *err);
/*
 * One input, alone. *text (may be NULL) is appended what it printed; r->text then points into it. -1 also where it couldn't
 * be run (TARGET_ERROR): who asks for one wants to know of it, and that is no answer.
 */
int target_run_one(struct target *t, const struct target_input *in, struct target_result *r,
	struct buf *text, struct err *err);
/* True once a failure needed its predecessors: from then on inputs run one per child. */
bool target_is_stateful(const struct target *t);
/* One run at a time: while it calls `done`, another run needs another target. */
bool target_is_running(const struct target *t);
/*
 * Another limit of CPU time (a foreign command's: wall-clock) from the next run on; 0: the default. Not during a run:
 * -1.
 */
int target_set_timeout(struct target *t, uint64_t timeout_ms);
uint64_t target_timeout(const struct target *t);
/* Starts n workers now, without waiting for them: the caller knows that there'll be work for each. */
int target_hurry(struct target *t, unsigned n, struct err *err);
/* Whether to look for leaks from the next batch on; only where target_spec.leaks asked for it. */
void target_set_leaks(struct target *t, bool look);
/*
 * So many bytes of stack beyond the usual limit, from the next run on. What overflows even so does it wherever the
 * system happens to put the stack's start, which differs by some kilobytes from process to process.
 */
void target_set_stack_more(struct target *t, uint32_t bytes);
/* What it runs: the executable, or NULL of a command. The target's. */
const char *target_exe(const struct target *t);
/* A command, not an executable with the runtime. */
bool target_is_foreign(const struct target *t);
/* Number of distinct counters (features are counter * 8 + log2 bucket); 0 without coverage. */
size_t target_n_counters(const struct target *t);
/* False when leaks were asked for and can't be looked for here; *why (may be NULL) says why not. */
bool target_finds_leaks(const struct target *t, const char **why);
/* Inputs that passed since the last call left files, processes behind; false where nobody looks, as with a command. */
void target_left_behind(struct target *t, bool *files, bool *processes);
/*
 * Inputs asked for something since the last call that the sandbox denied them, and that we could have had: in words, appended
 * to out, with what a target chose for a name escaped. False: they didn't, or nobody looks, as with a command.
 */
bool target_denied(struct target *t, struct buf *out);
/* What `memory` is of: the input's heap, or else the whole process. */
bool target_memory_is_heap(const struct target *t);
/* Such calls can be counted and made to fail. */
bool target_injects(const struct target *t, enum target_fault_kind k);
/* Inputs run, children forked, since open. */
void target_counts(const struct target *t, uint64_t *inputs, uint64_t *forks);

#endif
