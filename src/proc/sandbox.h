/* Confinement. */
#ifndef PROC_SANDBOX_H
#define PROC_SANDBOX_H

/* What a child may reach; each part is best effort: a kernel without it leaves the others. */
enum proc_confine {
	PROC_FREE = 0,
	PROC_NO_NEW_PRIVS = 1,
	PROC_NO_NETWORK = 2, /* an empty network namespace */
	PROC_WRITE_ONLY_BELOW =
		4, /* Landlock: may write only below spec.writable and /dev/null and the like */
};
#define PROC_CONFINED (PROC_NO_NEW_PRIVS | PROC_NO_NETWORK | PROC_WRITE_ONLY_BELOW)

/* Make this process, already forked, confined as said; used by proc_start and nothing else outside tests. */
int proc_confine_self(unsigned confine, const char *const *writable);

#endif
