/* Shared by the files of this room only. */
#ifndef PROC_INTERNAL_H
#define PROC_INTERNAL_H

#include "proc/proc.h"

#include <sys/resource.h>
#include <sys/types.h>

/* One captured stream: the first half of max bytes, then a ring of the last half. */
struct capture {
	int fd; /* -1: at its end, or not captured */
	struct buf head, tail;
	size_t max;
	uint64_t dropped;
};

struct proc {
	pid_t pid; /* of the program, or of its warden */
	int pidfd;
	int ctl;     /* to the warden; -1: there is none */
	bool exited; /* the program did; whatever stands for pid isn't reaped yet */
	bool killed; /* it was sent SIGKILL: nothing more can be done */
	uint64_t exited_ms;
	int status;
	struct rusage usage;
	struct capture out, err;
	int in_fd; /* what is left of the input goes here; -1: all sent */
	char *input_text;
	size_t input_len, input_done;
	uint64_t deadline_ms, killed_ms; /* of proc_run's wall limit; 0: none */
	bool timed_out;
	/* segments of ours that it has attached to, or what its warden copies into them */
	void *shm[PROC_SHM_MAX];
	void *input;
	size_t shm_size;
};

/* Why a start failed, from between fork and exec. */
struct start_failure {
	int error;        /* errno */
	bool confinement; /* not the program's own fault */
	char what[120];   /* what was tried; "": to run it */
};

/* One way to part a child from us; the best one that works is taken. */
struct sandbox_level {
	unsigned flags; /* of clone */
	bool view;      /* the tree read-only, folders of its own */
	bool procfs;    /* a /proc of its own: only with a process namespace */
	bool root_only; /* needs rights that only root may have */
};

/* A place in the tree, held by a descriptor while others cover it. */
struct pin {
	char *path, *link; /* link: where it leads, when it is one */
	int fd;
	bool writable;
};

/* What is there, but empty for a child: it is none of its business. */
struct veil {
	char *path;
	bool dir;
};

/* What a child sees. Made before the fork, as it needs memory. */
struct view {
	bool own_tmp;     /* PROC_CONFINED */
	struct pin *pins; /* in the order in which they are put back */
	size_t n, cap;
	struct veil *veils;
	size_t n_veils, cap_veils;
};

struct child_plan {
	const struct proc_spec *spec;
	const struct sandbox_level *level; /* NULL: free */
	const char *path, *here;           /* the program; our working directory */
	char **env;
	char **private_env, **temp_env, **shm_env[PROC_SHM_MAX]; /* entries in it; NULL: none */
	void *shm[PROC_SHM_MAX];
	struct view view;
	int in, out, err; /* descriptors to become 0, 1, 2 */
	int report;       /* a struct start_failure goes there */
	int ctl;          /* its end of the warden's socket; -1: there is none */
	int input_fd;     /* what a warden copies into the segments; -1: nothing */
	size_t input_size;
};

/* capture.c */
/* Read what is there; closes at the end of file. */
void capture_read(struct capture *c);
void capture_take(struct capture *c, struct buf *out);

/* start.c: p has its defaults, the plan its spec, its program's path and our directory. What both hold is p's owner's. */
int start_process(struct proc *p, struct child_plan *plan, struct err *err);
/* Confined and gone: it finds out what this machine gives. */
int start_trial(struct err *err);

/* end.c: it has ended so; the time is now */
void end_set(struct proc *p, int status, const struct rusage *usage);
/* Has it, of itself? It isn't reaped yet: as long as it is there, its number and its group's are nobody else's. */
void end_look(struct proc *p);
void end_reap(pid_t pid);

/* child.c: the way to exec, and what happens there. */
NORETURN void child_fail(const struct child_plan *c, bool confinement, const char *what);
/* Sets up descriptors, limits and confinement, and becomes the program. */
NORETURN void child_become(struct child_plan *c);
/* All descriptors from 3 on but these (-1: none) are closed. */
void child_close_others(const int *keep, size_t n);

/* shm.c: the System V segments that the program is told of, in its IPC namespace. */
int shm_make(struct child_plan *c);
/* See proc_shm_take. */
size_t shm_take(void *at, size_t n, uint32_t *out, size_t max);

/* view.c */
int view_plan(struct view *v, const struct proc_spec *spec, const char *exe, const char *here,
	struct err *err);
void view_release(struct view *v);
/* In the child, in a mount namespace of its own: -1, errno, and what failed. */
int view_make(const struct view *v, const struct sandbox_level *l, const char **what);
/* The folders that each child has of its own, by number; NULL: no more. */
const char *view_own(size_t i);
/* What every program may use; NULL-terminated. */
extern const char *const view_devices[];
int view_loopback(void);
/* In there: the folders of its own are as empty as they were. */
void view_tidy(void);

/* secrets.c */
void secrets_plan(struct view *v, const struct proc_spec *spec, const char *exe, const char *here);
/* "NAME=value": one whose name says that it opens something */
bool secrets_is_variable(const char *entry);

/* landlock.c */
int landlock_version(void);
int landlock_restrict(
	const struct view *v, const struct sandbox_level *l, int version, const char **what);

/* seccomp.c */
bool seccomp_there(void);
int seccomp_restrict(const struct child_plan *c, int landlock);

/* sandbox.c */
/* The best level that is left. NULL: none at all. */
const struct sandbox_level *sandbox_level(void);
/* It worked, for a program rather than a trial: what is lacking is warned of; or didn't, for this reason: true when there is another one to try. */
void sandbox_worked(bool program);
bool sandbox_failed(int error);
/* In the parent: the ids of a child that was cloned into a user namespace, which are its own again. */
int sandbox_map_ids(pid_t pid);

/* warden.c: the first process of a process namespace. Its messages: */
enum warden_type {
	WARDEN_GO = 1, /* to it: the ids are there */
	WARDEN_SIGNAL, /* to it: a: pid inside, 0 for the program's group, 1 for the program, b: signal */
	WARDEN_LIMIT, /* to it: a: pid inside, b: seconds of CPU time */
	WARDEN_SHM, /* to it: a: which segment, b: bytes of the input file to copy into it; answered */
	WARDEN_TAKE, /* to it: a: which segment, b: bytes of it; answered, what shm_take found is in the input file */
	WARDEN_TIDY, /* to it: end all but the program itself, empty its folders; answered: b: how many there were */
	WARDEN_ENDED, /* from it: the program ended */
	WARDEN_DONE,  /* from it: the answer */
};
#define PROGRAM_INSIDE 1 /* the warden's own number, which is never meant */
struct warden_msg {
	uint32_t type;
	int32_t a;
	uint64_t b;
	struct rusage usage;
	int status;
};
NORETURN void warden_main(struct child_plan *c);

/* inside.c: our end of it. Takes what it said; 0 when it said nothing. */
enum warden_type inside_hear(struct proc *p, struct warden_msg *m);

#endif
