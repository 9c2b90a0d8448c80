/* Files that are locked by one process at a time. The kernel's locks: they go with their holder, however it ends. */
#ifndef PROC_LOCK_H
#define PROC_LOCK_H

#include "base/err.h"

struct lock_wait {
	/* what a holder does, for whoever waits: "builds", "/a/folder" */
	const char *does, *what;
	/* told after so long, once; UINT64_MAX: never */
	uint64_t say_ms;
	/* the holder's number is in the file, for people */
	bool numbered;
	/* between two looks: false gives up; NULL: until an interrupt */
	bool (*go_on)(void *arg);
	void *arg;
};

/* Made where it's absent; held until the descriptor is closed. -1: told to stop, or it can't be. */
int lock_wait(const char *path, const struct lock_wait *how, struct err *err);
/* The same without waiting: -1: somebody else has it (*held, and no error), or it can't be. */
int lock_try(const char *path, bool *held, struct err *err);

#endif
