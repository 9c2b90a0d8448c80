/*
 * Confinement of a forked child, by what the kernel offers to anybody: no new privileges, an empty network
 * namespace, Landlock for writing. Each part is best effort: a kernel without it leaves the others.
 * Only system calls: this runs between fork and exec.
 */
#include "base/prelude.h"
#include "proc/sandbox.h"
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All rights of the first Landlock version that change a file system; reading and executing stay free. */
#define WRITES                                                                  \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |        \
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |     \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |   \
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static int allow_below(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	long rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return -1;
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return rc < 0 ? -1 : 0;
}

static int write_only_below(const char *const *writable)
{
	static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/tty" };
	struct landlock_ruleset_attr attr = { .handled_access_fs = WRITES };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	int rc = 0;

	if (fd < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		allow_below(fd, devices[i], LANDLOCK_ACCESS_FS_WRITE_FILE); /* may be absent */
	allow_below(fd, "/proc/self", LANDLOCK_ACCESS_FS_WRITE_FILE);
	for (const char *const *w = writable; w && *w; w++)
		if (allow_below(fd, *w, WRITES) < 0)
			rc = -1;
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		rc = -1;
	close(fd);
	return rc;
}

static int write_string(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = -1;
	size_t n = strlen(text);

	if (fd < 0)
		return -1;
	if (write(fd, text, n) == (ssize_t)n)
		rc = 0;
	close(fd);
	return rc;
}

static int no_network(void)
{
	char map[64];
	unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();

	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return -1;
	/* the same ids inside, so that files stay readable */
	write_string("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	write_string("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	write_string("/proc/self/gid_map", map);
	return 0;
}

int proc_confine_self(unsigned confine, const char *const *writable)
{
	int rc = 0;

	if ((confine & PROC_NO_NETWORK) && no_network() < 0)
		rc = -1;
	if ((confine & (PROC_NO_NEW_PRIVS | PROC_WRITE_ONLY_BELOW)) &&
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		rc = -1;
	if ((confine & PROC_WRITE_ONLY_BELOW) && write_only_below(writable) < 0)
		rc = -1;
	return rc;
}
