/* What the kernel says of a process, and how much of the machine's processors a tree of them takes. */
#ifndef PROC_STAT_H
#define PROC_STAT_H

#include "base/prelude.h"
#include <sys/types.h>

struct proc_stat {
	/* 'R', 'S', 'Z' ... */
	char state;
	/* in the system's ticks: by itself and by the children that it waited for; and when it started */
	uint64_t cpu, started;
};
/* -1: there is no such process, or it isn't to be seen. */
int proc_stat_read(uint64_t pid, struct proc_stat *out);
/* It is seen, and only what is left of it until somebody waits for it (a zombie), which not every init does. */
bool proc_stat_ended(uint64_t pid);
/* Those that its first thread forked, appended: engines, and our own programs, have children by no other. */
void proc_children(pid_t pid, pid_t **v, size_t *n, size_t *cap);

struct proc_usage {
	uint64_t root;
	uint64_t ticks, at_ms;
	/* of all processors since the look before, at first since the root began; 0 to 1; less than 0: not known */
	double share;
};
/* Of a process and all below it. */
void proc_usage_begin(struct proc_usage *u, uint64_t root);
/* Some time later. */
void proc_usage_look(struct proc_usage *u);

#endif
