/* An engine's process, and its words. */
#ifndef ENGINE_PROCESS_H
#define ENGINE_PROCESS_H

#include "engine/slice.h"

typedef void (*line_fn)(void *arg, struct strv line);

struct engine_proc {
	struct proc *p;
	/* what it prints, both streams */
	int fd;
	bool roomy; /* it need not be read at once */
	char line[4096];
	size_t len;
	/* the rest of an overlong line is dropped */
	bool cut;
	/* the last lines that said something, for errors */
	struct strlist last;
	line_fn fn;
	void *arg;
};

/* Confined, in the scratch directory, at most its own time. -1: it can't be started. */
int engine_start(struct engine_proc *e, struct slice *s, const struct strlist *argv,
	const struct strlist *env, line_fn fn, void *arg, struct err *err);
/* Read, wait up to ms. True when it has ended. */
bool engine_step(struct engine_proc *e, int ms);
/* Ask it to end, and make it after grace_ms. Its exit status (as of waitpid). */
int engine_stop(struct engine_proc *e, struct slice *s, int sig, int grace_ms);
/* Is its build one that survives failing inputs (src/runtime/survive.c)? */
bool engine_survives(const char *exe);
/* It ended for want of what the machine has too little of: memory, processes, room. */
bool engine_was_refused(struct strv words);
/* Its last words, escaped, on one line; appended. */
void engine_words(const struct engine_proc *e, struct buf *out);
/* It ended by itself, and nothing is left that says with which input; report: what it printed of a failure, or "". */
void engine_count_lost(
	struct engine_stats *st, const struct engine_proc *e, int status, struct strv report);
void engine_release(struct engine_proc *e);

#endif
