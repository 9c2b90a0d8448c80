/*
 * Confinement: what a child may reach, by what the kernel gives to anybody. It sees the tree as it is, and may write only
 * below the folders that it was given; /tmp, /dev/shm, /run, pseudo-terminals, System V memory and the network are its own,
 * and it sees no processes but those that came from it, all of which end with it.
 *
 * Passwords and keys where programs keep them (~/.ssh, ~/.pgpass, ...) are empty for it, and variables whose names say that
 * they hold some (..._TOKEN, ...PASSWORD...) aren't handed on.
 *
 *   namespaces   user, mount, process, IPC and network: a view of their own of all that
 *   Landlock     writing, truncating, device controls; signals and abstract sockets that leave
 *   seccomp      what neither of them covers: Unix sockets by path, ways around the filter itself, and, where there are no
 *                namespaces, owners, modes and times of files
 *
 * What is lacking is found out by the first start of each process of ours. Something that is there and then fails is an
 * error, never ignored.
 */
#ifndef PROC_SANDBOX_H
#define PROC_SANDBOX_H

#include "base/buf.h"

enum proc_confine {
	PROC_FREE = 0,
	PROC_CONFINED, /* as above */
	PROC_READER,   /* the same, but it sees the real /tmp and its like, and may write nowhere */
};

/* What a project says of it. */
enum sandbox_policy {
	SANDBOX_AUTO,     /* what there is; what is lacking is warned of */
	SANDBOX_REQUIRED, /* all of it, or nothing is started */
	SANDBOX_OFF,
};
/* "auto", "required", "off"; NULL: auto. -1: another word. */
int sandbox_policy_parse(const char *word, enum sandbox_policy *out);

/* What this machine gives, as far as it was tried: one start of anything confined finds out. */
struct sandbox_have {
	bool tried;
	bool view;      /* a read-only tree, and folders of its own */
	bool processes; /* a process namespace: all of them end together */
	bool ipc, network;
	int landlock; /* its version; 0: none */
	bool seccomp;
};
const struct sandbox_have *sandbox_have(void);
/* In words, what is lacking, and what a target may do for it; appended. Nothing when nothing is. */
void sandbox_lacks(struct buf *out);

#endif
