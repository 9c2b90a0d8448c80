/* Shared by the files of this room only. */
#ifndef TARGET_INTERNAL_H
#define TARGET_INTERNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/strlist.h"
#include "proc/proc.h"
#include "target/target.h"

#include <sys/types.h>

struct thresh_rt_task;
struct thresh_rt_seg;
struct thresh_rt_rec;

#define TARGET_TEXT_HEAD ((size_t)512 << 10)
#define TARGET_TEXT_TAIL ((size_t)256 << 10)

/* How an input ended its process, as the zygote saw it: the one word about failures that counts. */
struct failed {
	bool seen;
	uint32_t verdict;
	int status;
	/* where its text is */
	uint64_t from, to;
};

/* An input on its way: waiting, in a segment, or held back for the order. */
struct item {
	struct target_input in;
	/* order in which it was asked for */
	uint64_t seq;
	bool alone;
	unsigned tries;
	/* of the batch at hand: for good, and in company */
	struct failed failed[2];
	bool first;   /* of its child, so far */
	bool suspect; /* its child ended before its leaks were looked for */
};

/* One zygote with its segment, and the batch it runs. */
struct server {
	struct proc *proc;
	/* forked by servers[0], and ends with it: there's no proc */
	bool twin;
	const struct server *first;
	int sock, err_fd;
	struct thresh_rt_task *task; /* which the target can only read */
	struct thresh_rt_seg *seg;
	size_t task_size, seg_size;
	uint64_t data_off, data_cap, feat_off, feat_cap, known_off;
	/* in its table */
	size_t n_known;
	char *scratch;
	/* as the zygote said; 0: none yet */
	pid_t child;
	/* for which inputs */
	uint32_t child_from, child_to;
	bool ready, busy, ended;
	bool shares; /* its inputs use what it shares with its twins */
	uint64_t has, counters;
	struct item *items;
	uint32_t n, delivered, settled;
	/* inputs in the next batch */
	uint32_t limit;
	uint64_t forks;
	uint64_t started_ms, ready_after_ms;
	/* the wall-clock watch */
	uint32_t seen;
	pid_t seen_child;
	uint64_t since_ms;
	uint64_t starved_ms; /* of the child by then; UINT64_MAX: not asked yet */
	unsigned stage;
	/* input whose child we killed; UINT32_MAX: none */
	uint32_t killed;
	/* of the zygote, in a row */
	uint32_t deaths;
	/* errno of what the machine refused it; 0: nothing */
	int refused;
};

struct target {
	struct target_spec spec;
	/* owned copies of what spec points to */
	struct strlist argv, env, strings, files;
	char *scratch;
	/* The program and the sources' folder where their names would break reports, and how these have them; NULL: they don't. */
	struct odd_path {
		char *odd, *tame;
	} odd_paths[2];
	int scratch_lock;
	struct server *servers;
	unsigned n_servers;
	/* NULL: a served target */
	struct foreign *foreign;
	bool stateful;
	/* it was tried */
	bool no_twins;
	/* enum thresh_rt_left, since target_left_behind */
	uint32_t left;
	/* what inputs were denied, since target_denied: see thresh_rt_seg */
	uint32_t denied;
	char denied_what[128];
	/* see target_set_leaks */
	bool no_leaks;
	/* see target_set_stack_more */
	uint32_t stack_more;
	/* of late: decides between batches and one child each */
	double crash_rate;
	uint64_t inputs, forks, inputs_before;
	uint64_t *known; /* keys, as target_know got them */
	size_t n_known, known_cap;
	struct buf text;
	uint64_t *pcs; /* of the result at hand */
	uint32_t *features;
	size_t features_cap;
	/* one target_run */
	const struct target_opts *opts;
	target_next_fn next;
	target_done_fn done;
	void *arg;
	bool dry, stopping;
	struct progress progress;
	uint64_t delivered;
	uint64_t next_seq, deliver_seq, run_ms, oom_kills;
	struct item *retry;
	size_t n_retry, retry_cap;
	/* from held_start on: by seq - deliver_seq */
	struct held *held;
	size_t held_start, n_held, held_cap;
};

/* The limit of wall-clock time for one input. */
static inline uint64_t target_wall_ms(const struct target_spec *spec)
{
	return spec->timeout_ms * 2 + 2000;
}

/* server.c: processes and messages */
int server_start(struct target *t, struct server *s, unsigned index, struct err *err);
/* The same by a fork of servers[0], which has to be idle: cheap. It's ready when it says hello, or fails. */
int server_twin(struct target *t, struct server *s, unsigned index, struct err *err);
bool server_up(const struct server *s);
/* How long the child has stood in line for a processor, in all; 0 where the kernel doesn't say. */
uint64_t server_starved_ms(const struct server *s);
int server_wait_ready(struct target *t, struct server *s, struct err *err);
/* It should have been ready by now. */
bool server_overdue(const struct target *t, const struct server *s);
void server_stop(struct server *s);
/* To the child that runs, or all of its group, if there is one. */
void server_signal(struct server *s, bool group, int sig);
/* Make room for inputs of n bytes together. */
int server_grow(struct server *s, uint64_t n, struct err *err);
int server_send_run(struct server *s);
/* What the far end says of an input. */
struct thresh_rt_rec *server_record(const struct server *s, uint32_t i);
/* Takes what messages there are; -1 when the zygote is gone. */
int server_receive(struct server *s);
/* Inputs that the segment says are done: those that were the child's to do, and it is at work, or was. */
uint32_t server_done(const struct server *s);
/* The input that runs, of those that the child was given. */
uint32_t server_current(const struct server *s);

/* report_paths.c */
/* The program, and the folder of the sources; each may be NULL. */
void report_paths_open(struct target *t, const char *exe, const char *root);
void report_paths_close(struct target *t);
void report_paths_tame(const struct target *t, struct buf *text);

/* result.c */
void result_read_text(int fd, uint64_t from, uint64_t to, struct buf *out);
/* False: it isn't known what came of it, as there was no room for it, or somebody wrote over the record. */
bool result_from_record(struct target *t, const struct server *s, uint32_t index,
	const struct thresh_rt_rec *rec, struct target_result *r);
enum target_outcome result_outcome_of_status(int status, struct strv text);
void result_set_status(struct target_result *r, int status);

/* fill.c: puts inputs into the task; how many, 0 when there are none, -1 when one can't be had */
int fill_task(struct target *t, struct server *s, uint32_t limit, struct err *err);

/* run.c */
int run_served(struct target *t, struct err *err);

/* workers.c: how many servers are worth their start. See target_hurry. */
int workers_hurry(struct target *t, unsigned n, struct err *err);
/* Fork the first one, when it is idle and that pays. */
int workers_fork(struct target *t, struct err *err);
/* All that are there have work: another one, where that pays. */
int workers_add(struct target *t, struct err *err);

/* known.c */
/* The server's table gets what it hasn't got yet. */
void known_fill(const struct target *t, struct server *s);

/* order.c */
/* Hands a result over, now or when its turn comes. Sets t->stopping when the caller has enough. */
void order_deliver(struct target *t, const struct item *it, const struct target_result *r);
void order_release(struct target *t);
/* The next input, of those to be repeated or of the caller's. */
bool order_next(struct target *t, struct item *it);
void order_retry(struct target *t, const struct item *it);

/* options.c: environment for the sanitizers, appended to env */
void options_env(const struct target_spec *spec, const char *scratch, struct strlist *env);

/*
 * scratch.c: a directory below base (NULL: $TMPDIR or /tmp), locked while we live: what killed runs left behind is
 * removed by the next one. _take: frees dir, closes lock.
 */
char *scratch_make(const char *base, int *lock, struct err *err);
void scratch_remove_take(char *dir, int lock);
/* What killed owners left in the folder for temporary files. */
void scratch_sweep(void);

/* foreign.c */
int foreign_open(struct target *t, struct err *err);
int foreign_run(struct target *t, struct err *err);
/* Fork servers start anew with the next input: something changed that they took from us. */
void foreign_renew(struct target *t);
void foreign_close(struct target *t);

/* workdir.c: a command's directory. What is in `origin` (NULL: nothing) is seen in it through links. */
struct workdir;
struct workdir *workdir_open(const char *dir, const char *origin, struct err *err);
/* Removes all but the links: the next input finds what the first one found. */
void workdir_clean(struct workdir *w);
void workdir_close(struct workdir *w);

#endif
