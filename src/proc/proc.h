/*
 * Child processes: a description, a start, one poll loop, a result. No shell anywhere.
 * A process has ended only when it was reaped *and* its captured output has drained (a grandchild
 * may hold the pipe: after the exit there is a short drain deadline).
 */
#ifndef PROC_PROC_H
#define PROC_PROC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"
#include "proc/inside.h"
#include "proc/interrupt.h"
#include "proc/sandbox.h"
#include <sys/resource.h>
#include <sys/types.h>

enum proc_io {
	PROC_NULL,    /* /dev/null */
	PROC_INHERIT, /* ours */
	PROC_CAPTURE, /* into a buffer, at most capture_max bytes: the first half and the last are kept */
	PROC_FD, /* a descriptor given by the caller */
};

struct proc_limits {
	uint64_t cpu_s;      /* RLIMIT_CPU; 0: none */
	uint64_t as_bytes;   /* RLIMIT_AS; 0: none (sanitizers need terabytes of address space) */
	uint64_t file_bytes; /* RLIMIT_FSIZE; 0: none */
	uint64_t stack_more; /* above the RLIMIT_STACK that we have */
	bool core;           /* allow core files; off by default */
};

/* A System V segment that the program is told of by its id, in an environment variable. */
#define PROC_SHM_MAX 2
struct proc_shm {
	const char *env; /* NULL: none */
	size_t size;
};

struct proc_spec {
	const char *const
		*argv;   /* NULL-terminated; argv[0] looked up on PATH unless it has a slash */
	const char *exe; /* what is run in argv[0]'s place; NULL: that */
	const char *const
		*env;    /* "K=V" entries over ours, "K" alone removes K; NULL: ours as it is */
	const char *cwd; /* NULL: ours */
	enum proc_io in, out, err;
	int in_fd, out_fd, err_fd; /* for PROC_FD; out_fd == err_fd is fine */
	const void *input;         /* with in == PROC_CAPTURE: fed to standard input */
	size_t input_len;
	int keep_fd; /* >= 0: also inherited, as descriptor keep_as */
	int keep_as;
	int keep_fd2; /* another one */
	int keep_as2;
	size_t capture_max; /* 0: 1 MiB */
	struct proc_limits limits;
	enum proc_confine confine;
	bool confine_wholly; /* an error where anything of that is lacking */
	/*
	 * It builds: linkers and copiers set files' modes and times, which, where the user's files aren't out of its reach, are
	 * else nothing that a confined one may change.
	 */
	bool builds;
	/* NULL-terminated directories. Temporary files go to a /tmp of its own, or to the first of these, unless env says TMPDIR. */
	const char *const *writable;
	/* NULL-terminated paths that a confined one needs to see, beside those that its command line and environment name */
	const char *const *visible;
	/* "NAME=value" set only where folders like /tmp are its own; NULL: none */
	const char *private_env;
	struct proc_shm shm[PROC_SHM_MAX];
	bool no_aslr; /* personality(ADDR_NO_RANDOMIZE) */
	/* run in the child in place of a program, confined and all; its result is the exit status */
	int (*inside)(void *arg);
	void *inside_arg;
	uint64_t
		wall_ms; /* proc_run(): SIGTERM then, 500 ms later, SIGKILL to the whole group; 0: none */
};

#define PROC_SPEC_INIT                        \
	{                                     \
		.keep_fd = -1, .keep_fd2 = -1 \
	}

struct proc;

struct proc_result {
	int status; /* as of waitpid */
	bool timed_out;
	struct rusage usage;
	struct buf out, err; /* captured; release with proc_result_release */
	/* bytes that the middle of out lacks: who reads it as data, not as words, has to look */
	uint64_t out_dropped;
};

/*
 * Start, in a session of its own; NULL when the program can't be executed or confined (the error says which). The caller
 * ends it with proc_free.
 */
struct proc *proc_start(const struct proc_spec *spec, struct err *err);
pid_t proc_pid(const struct proc
		*p); /* of what has to end for all of it to end: not always the program itself */
/* A descriptor that polls readable when proc_step has something to do. */
int proc_fd(const struct proc *p);
/* Move on, waiting up to timeout_ms (-1: until done). True when it has ended. */
bool proc_step(struct proc *p, int timeout_ms);
/* After the end: the result; buffers move to the caller. */
void proc_result_take(struct proc *p, struct proc_result *out);
/* Ends what is left of it, reaps, frees. NULL is fine. */
void proc_free(struct proc *p);
void proc_result_release(struct proc_result *r);

/* Start, wait, result. -1 only when it couldn't be started; look at out->status for the rest. */
int proc_run(const struct proc_spec *spec, struct proc_result *out, struct err *err);
/* Find out what this machine gives for confinement, where nothing was started yet. -1: nothing can be started here at all. */
int proc_try_sandbox(struct err *err);
/* "exit status 3", "killed by SIGSEGV (signal 11)", "no end within 5 s". Appended. */
void proc_describe(struct buf *b, const struct proc_result *r);

#endif
