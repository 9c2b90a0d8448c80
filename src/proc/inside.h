/* What is asked of a child that runs: where it has a process namespace of its own, only from the inside can it be done. */
#ifndef PROC_INSIDE_H
#define PROC_INSIDE_H

#include "base/prelude.h"
#include <sys/types.h>

struct proc;

/* To the whole group; SIGKILL: to all that came from it, where that can be told. */
void proc_signal(struct proc *p, int sig);
/* To the program alone. */
void proc_signal_program(struct proc *p, int sig);
/* A process that the program, or one that came from it, knows by this id; negative: its group. */
void proc_signal_inside(struct proc *p, pid_t pid, int sig);
void proc_limit_inside(struct proc *p, pid_t pid, uint64_t cpu_s);
/* It has a process namespace: ids that it tells are of that, and nothing in it outlives it. */
bool proc_has_inside(const struct proc *p);
/*
 * Ends all processes but the program itself and empties the folders of its own; how many processes there were. -1: it
 * can't be told, as there is no process namespace, or it doesn't answer.
 */
int proc_tidy(struct proc *p);
/* Into one of spec.shm: head, then data. -1: it doesn't answer. */
int proc_shm_put(struct proc *p, size_t which, const void *head, size_t head_len, const void *data,
	size_t len);

/*
 * Of the first n bytes of one of spec.shm those that aren't zero, as place << 8 | value, at most max of them; they are
 * zero after that. How many; -1: it doesn't answer.
 */
long proc_shm_take(struct proc *p, size_t which, size_t n, uint32_t *out, size_t max);

#endif
