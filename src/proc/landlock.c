/* Landlock: rights that a process gives up for itself and all that come from it, as far as the kernel's version goes. */
#include "base/prelude.h"
#include "proc/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By number: kernels know more of it than the headers that we are compiled with. The same on all machines. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define CREATE_VERSION 1u
#define RULE_BENEATH 1

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,     /* from version 2 on */
	FS_TRUNCATE = 1 << 14,  /* 3 */
	FS_IOCTL_DEV = 1 << 15, /* 5 */
};
#define NET_TCP ((1u << 0) | (1u << 1))    /* 4: bind, connect */
#define SCOPE_AWAY ((1u << 0) | (1u << 1)) /* 6: abstract sockets, signals */

/* Reading and executing stay free. */
#define WRITES                                                                            \
	(FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_CHAR | FS_MAKE_DIR |    \
		FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK | FS_MAKE_SYM | \
		FS_REFER | FS_TRUNCATE | FS_IOCTL_DEV)
#define OF_FILES (FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset { /* struct landlock_ruleset_attr; as much of it as the version knows */
	uint64_t fs, net, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int landlock_version(void)
{
	long v = syscall(CREATE_RULESET, NULL, 0, CREATE_VERSION);

	return v < 0 ? 0 : (int)v;
}

static uint64_t known_to(int version)
{
	return WRITES & ~(uint64_t)((version < 2 ? FS_REFER : 0) | (version < 3 ? FS_TRUNCATE : 0) |
				    (version < 5 ? FS_IOCTL_DEV : 0));
}

/* What isn't there needs no rule. */
static int allow(int ruleset, const char *path, uint64_t rights)
{
	struct beneath rule = { rights, open(path, O_PATH | O_CLOEXEC) };
	struct stat st;
	long rc;

	if (rule.fd < 0)
		return errno == ENOENT || errno == ENXIO ? 0 : -1;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILES;
	rc = syscall(ADD_RULE, ruleset, RULE_BENEATH, &rule, 0);
	close(rule.fd);
	return rc < 0 ? -1 : 0;
}

static int allow_all(
	int ruleset, const struct view *v, const struct sandbox_level *l, uint64_t writes)
{
	const char *dir;

	for (size_t i = 0; view_devices[i]; i++)
		if (allow(ruleset, view_devices[i], writes & OF_FILES) < 0)
			return -1;
	/* one without a process namespace may write of itself, but not what comes from it */
	if (allow(ruleset, l->procfs ? "/proc" : "/proc/self", FS_WRITE_FILE) < 0)
		return -1;
	for (size_t i = 0; l->view && v->own_tmp && (dir = view_own(i)); i++)
		if (allow(ruleset, dir, writes) < 0)
			return -1;
	for (size_t i = 0; i < v->n; i++)
		if (v->pins[i].writable && allow(ruleset, v->pins[i].path, writes) < 0)
			return -1;
	return 0;
}

int landlock_restrict(
	const struct view *v, const struct sandbox_level *l, int version, const char **what)
{
	struct ruleset rules = { known_to(version), l->flags & CLONE_NEWNET ? 0 : NET_TCP,
		SCOPE_AWAY };
	size_t size = version < 4   ? offsetof(struct ruleset, net)
		      : version < 6 ? offsetof(struct ruleset, scoped)
				    : sizeof(rules);
	int fd = (int)syscall(CREATE_RULESET, &rules, size, 0), rc = -1;

	*what = "Landlock's rules";
	if (fd >= 0 && allow_all(fd, v, l, rules.fs) == 0) {
		*what = "Landlock";
		rc = (int)syscall(RESTRICT_SELF, fd, 0);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}
