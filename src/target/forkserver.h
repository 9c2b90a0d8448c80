/*
 * The near end of the fork server that AFL and AFL++ compile into their targets: a fork per input in place of a
 * process. What talks here is a foreign program: nothing that it says is believed.
 */
#ifndef TARGET_FORKSERVER_H
#define TARGET_FORKSERVER_H

#include "base/buf.h"
#include "base/err.h"
#include "proc/proc.h"

struct forkserver;

/* Does the executable look like one of theirs? */
bool forkserver_likely(const char *exe);
/*
 * Starts it. The spec's argv, env, cwd, confinement and limits count; standard input is its own.
 * NULL when no fork server answers within start_ms (a missing one ends, usually, at once).
 */
struct forkserver *forkserver_open(
	const struct proc_spec *spec, const char *exe, uint64_t start_ms, struct err *err);
/*
 * The next run: the input goes to shared memory where the target wants it there, and to standard input, else empty,
 * when on_stdin says so. Limited to so many seconds of CPU time. -1: the server is gone.
 */
int forkserver_begin(
	struct forkserver *a, const void *in, size_t len, bool on_stdin, uint64_t cpu_s);
/* Polls readable when forkserver_poll has something to see. */
int forkserver_fd(const struct forkserver *a);
/* 1: ended, *status as of waitpid; 0: not yet; -1: the server is gone. */
int forkserver_poll(struct forkserver *a, int *status);
/* Ends the run, not the server: the status follows. */
void forkserver_kill(struct forkserver *a);
/* What the run printed on standard error, bounded; appended. */
void forkserver_text(struct forkserver *a, struct buf *out);
/*
 * What was reached since it was asked last: an edge's number and the bucket of its count, as the coverage build has them.
 * *features grows to what is needed. How many, ascending; -1: the server doesn't answer.
 */
long forkserver_features(struct forkserver *a, uint32_t **features, size_t *cap);
/*
 * Runs have left processes behind that can't be ended alone. Without a process namespace of its own it looks at most a few
 * times a second, unless it has to know surely. With one, all that was left behind is gone, files in /tmp included.
 */
bool forkserver_strays(struct forkserver *a, bool surely);
/* Ends it and all processes of its session. NULL is fine. */
void forkserver_close(struct forkserver *a);

#endif
