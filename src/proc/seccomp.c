/*
 * System calls that a confined process has no use of, refused by a filter: those that lead around the rest of the
 * confinement, those that it can't see into, and, where a namespace is lacking, what that would have kept inside.
 *
 * A refused call fails as on a system that doesn't have it or doesn't permit it; the program goes on. Rows are looked at in
 * order, the first one that matches decides, and what no row names is allowed.
 */
#include "base/prelude.h"
#include "proc/internal.h"
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* Calls of old that not every machine has. */
#define ABSENT (-1)
#ifndef SYS_chmod
#define SYS_chmod ABSENT
#define SYS_chown ABSENT
#define SYS_lchown ABSENT
#define SYS_utime ABSENT
#define SYS_utimes ABSENT
#define SYS_futimesat ABSENT
#endif

/* When a row holds. */
enum when {
	ALWAYS,
	NO_VIEW,    /* files aren't protected by a read-only tree */
	NO_MODES,   /* nor is it to change what building has to */
	NO_PIDS,    /* processes of others are in sight */
	NO_SIGNALS, /* and may be signalled: Landlock doesn't see to it, either */
	NO_TRACE,   /* and may be looked into */
	NO_NET,
	ANY_NET,
};

enum match {
	ANY,
	ARG_IS, /* its low half, which is all that an int is */
	ARG_ISNT,
	ARG_KIND,   /* its low four bits: a socket's type, flags apart */
	ARG_HAS,    /* one of the bits */
	ARG_PARENT, /* the process that started it, or its group */
};

struct rule {
	int nr, nr32; /* as this machine counts them, and as its 32-bit programs do; ABSENT */
	enum when when;
	enum match match;
	unsigned arg;
	uint32_t value;
	int error; /* 0: allowed */
};

#define NAMESPACES                                                                                 \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | \
		CLONE_NEWCGROUP | 0x80u /* CLONE_NEWTIME */)

/* For 32-bit programs: i386's numbers, beside ours of x86-64. From 400 on, all machines count alike. */
static const struct rule rules[] = {
	/* around the confinement */
	{ SYS_unshare, 310, ALWAYS, ARG_HAS, 0, NAMESPACES, EPERM },
	{ SYS_clone, 120, ALWAYS, ARG_HAS, 0, NAMESPACES & ~0x80u, EPERM },
	{ 435 /* clone3: its flags can't be seen; libraries go on with clone */, 435, ALWAYS, ANY,
		0, 0, ENOSYS },
	{ SYS_setns, 346, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_mount, 21, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_umount2, 52, ALWAYS, ANY, 0, 0, EPERM },
	{ ABSENT, 22 /* umount */, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_pivot_root, 217, ALWAYS, ANY, 0, 0, EPERM },
	{ 428 /* open_tree */, 428, ALWAYS, ANY, 0, 0, EPERM },
	{ 429 /* move_mount */, 429, ALWAYS, ANY, 0, 0, EPERM },
	{ 430 /* fsopen */, 430, ALWAYS, ANY, 0, 0, EPERM },
	{ 431 /* fsconfig */, 431, ALWAYS, ANY, 0, 0, EPERM },
	{ 432 /* fsmount */, 432, ALWAYS, ANY, 0, 0, EPERM },
	{ 433 /* fspick */, 433, ALWAYS, ANY, 0, 0, EPERM },
	{ 442 /* mount_setattr */, 442, ALWAYS, ANY, 0, 0, EPERM },
	{ 467 /* open_tree_attr */, 467, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_open_by_handle_at, 342, ALWAYS, ANY, 0, 0, EPERM },
	{ 425 /* io_uring_setup: its work isn't seen by filters */, 425, ALWAYS, ANY, 0, 0,
		ENOSYS },
	/* what isn't parted by namespaces, or is a large way into the kernel */
	{ SYS_keyctl, 288, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_add_key, 286, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_request_key, 287, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_bpf, 357, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_perf_event_open, 336, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_userfaultfd, 374, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_init_module, 128, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_finit_module, 350, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_delete_module, 129, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_kexec_load, 283, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_reboot, 88, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_swapon, 87, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_swapoff, 115, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_acct, 51, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_quotactl, 131, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_settimeofday, 79, ALWAYS, ANY, 0, 0, EPERM },
	{ SYS_clock_settime, 264, ALWAYS, ANY, 0, 0, EPERM },
	{ ABSENT, 404 /* clock_settime64 */, ALWAYS, ANY, 0, 0, EPERM },
	/* what is typed at the user's terminal */
	{ SYS_ioctl, 54, ALWAYS, ARG_IS, 1, 0x5412 /* TIOCSTI */, EPERM },
	{ SYS_ioctl, 54, ALWAYS, ARG_IS, 1, 0x541c /* TIOCLINUX */, EPERM },
	/*
	 * Sockets. Those that have a path reach whoever listens there, on a read-only tree as well; the path can't be seen from
	 * here. Pairs are harmless, but for those of datagrams, which can be sent elsewhere, too.
	 */
	{ SYS_socket, 359, NO_NET, ANY, 0, 0, EACCES },
	{ SYS_socket, 359, ANY_NET, ARG_IS, 0, AF_INET, 0 },
	{ SYS_socket, 359, ANY_NET, ARG_IS, 0, AF_INET6, 0 },
	{ SYS_socket, 359, ANY_NET, ARG_IS, 0, AF_NETLINK, 0 },
	{ SYS_socket, 359, ALWAYS, ANY, 0, 0, EACCES },
	{ SYS_socketpair, 360, ALWAYS, ARG_KIND, 1, SOCK_STREAM, 0 },
	{ SYS_socketpair, 360, ALWAYS, ARG_KIND, 1, SOCK_SEQPACKET, 0 },
	{ SYS_socketpair, 360, ALWAYS, ANY, 0, 0, EACCES },
	{ ABSENT, 102 /* socketcall: libraries go on with socket */, ALWAYS, ARG_IS, 0, 1, ENOSYS },
	{ ABSENT, 102, ALWAYS, ARG_IS, 0, 8 /* socketpair */, ENOSYS },
	/* owners, modes, times and attributes of files, which Landlock leaves alone */
	{ SYS_chmod, 15, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_fchmod, 94, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_fchmodat, 306, NO_MODES, ANY, 0, 0, EPERM },
	{ 452 /* fchmodat2 */, 452, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_chown, 182, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_lchown, 16, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_fchown, 95, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_fchownat, 298, NO_VIEW, ANY, 0, 0, EPERM },
	{ ABSENT, 212 /* chown32 */, NO_VIEW, ANY, 0, 0, EPERM },
	{ ABSENT, 198 /* lchown32 */, NO_VIEW, ANY, 0, 0, EPERM },
	{ ABSENT, 207 /* fchown32 */, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_utime, 30, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_utimes, 271, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_futimesat, 299, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_utimensat, 320, NO_MODES, ANY, 0, 0, EPERM },
	{ ABSENT, 412 /* utimensat_time64 */, NO_MODES, ANY, 0, 0, EPERM },
	{ SYS_setxattr, 226, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_lsetxattr, 227, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_fsetxattr, 228, NO_VIEW, ANY, 0, 0, EPERM },
	{ 463 /* setxattrat */, 463, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_removexattr, 235, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_lremovexattr, 236, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_fremovexattr, 237, NO_VIEW, ANY, 0, 0, EPERM },
	{ 466 /* removexattrat */, 466, NO_VIEW, ANY, 0, 0, EPERM },
	{ 469 /* file_setattr */, 469, NO_VIEW, ANY, 0, 0, EPERM },
	{ SYS_ioctl, 54, NO_VIEW, ARG_IS, 1, 0x40086602 /* FS_IOC_SETFLAGS */, EPERM },
	{ SYS_ioctl, 54, NO_VIEW, ARG_IS, 1, 0x40046602 /* of 32 bits */, EPERM },
	{ SYS_ioctl, 54, NO_VIEW, ARG_IS, 1, 0x401c5820 /* FS_IOC_FSSETXATTR */, EPERM },
	/* processes of others */
	{ SYS_prlimit64, 340, NO_PIDS, ARG_IS, 0, 0, 0 },
	{ SYS_prlimit64, 340, NO_PIDS, ARG_HAS, 2, UINT32_MAX, EPERM },
	{ SYS_setpriority, 97, NO_PIDS, ARG_ISNT, 1, 0, EPERM },
	{ SYS_ioprio_set, 289, NO_PIDS, ARG_ISNT, 1, 0, EPERM },
	{ SYS_kill, 37, NO_SIGNALS, ARG_IS, 0, UINT32_MAX /* all there are */, EPERM },
	{ SYS_kill, 37, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ SYS_tkill, 238, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ SYS_tgkill, 270, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ SYS_rt_sigqueueinfo, 178, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ SYS_rt_tgsigqueueinfo, 335, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ 434 /* pidfd_open */, 434, NO_SIGNALS, ARG_PARENT, 0, 0, EPERM },
	{ SYS_ptrace, 26, NO_TRACE, ANY, 0, 0, EPERM },
	{ SYS_process_vm_writev, 348, NO_TRACE, ANY, 0, 0, EPERM },
	{ SYS_process_vm_readv, 347, NO_TRACE, ANY, 0, 0, EPERM },
	{ 438 /* pidfd_getfd */, 438, NO_TRACE, ANY, 0, 0, EPERM },
};

/* --- a filter from the rows --- */

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#define ARCH_32 AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define THIS_ARCH AUDIT_ARCH_RISCV64
#else
#define THIS_ARCH 0 /* untried: there is no filter */
#endif

#define FILTER_MAX 1024
#define X32_BIT 0x40000000u

struct filter {
	struct sock_filter v[FILTER_MAX];
	unsigned n;
	pid_t parent, parent_group;
};

static void put(struct filter *f, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
	if (f->n == FILTER_MAX)
		BUG("a filter of more than %d steps", FILTER_MAX);
	f->v[f->n++] = (struct sock_filter){ (uint16_t)code, (uint8_t)yes, (uint8_t)no, k };
}

static void put_load(struct filter *f, size_t offset)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_result(struct filter *f, int error)
{
	put(f, BPF_RET | BPF_K,
		error ? SECCOMP_RET_ERRNO | (uint32_t)error : (uint32_t)SECCOMP_RET_ALLOW, 0, 0);
}

/* The low half of the argument; all machines here have it first. A row that doesn't match leads to the next one. */
static void put_rule(struct filter *f, const struct rule *r, int nr)
{
	size_t arg = offsetof(struct seccomp_data, args) + r->arg * sizeof(uint64_t);
	unsigned other;

	put_load(f, offsetof(struct seccomp_data, nr));
	other = f->n;
	put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)nr, 0, 0);
	if (r->match != ANY)
		put_load(f, arg);
	switch (r->match) {
	case ANY:
		break;
	case ARG_IS:
		put(f, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
		break;
	case ARG_ISNT:
		put(f, BPF_JMP | BPF_JEQ | BPF_K, r->value, 1, 0);
		break;
	case ARG_KIND:
		put(f, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
		put(f, BPF_JMP | BPF_JEQ | BPF_K, r->value, 0, 1);
		break;
	case ARG_HAS:
		put(f, BPF_JMP | BPF_JSET | BPF_K, r->value, 0, 1);
		break;
	case ARG_PARENT:
		put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)f->parent, 1, 0);
		put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)-f->parent_group, 0, 1);
		break;
	}
	put_result(f, r->error);
	f->v[other].jf = (uint8_t)(f->n - other - 1);
}

static bool holds(enum when when, const struct child_plan *c, int landlock)
{
	const struct sandbox_level *l = c->level;
	bool pids = (l->flags & CLONE_NEWPID) != 0, net = (l->flags & CLONE_NEWNET) != 0;

	switch (when) {
	case ALWAYS:
		return true;
	case NO_VIEW:
		return !l->view;
	case NO_MODES:
		return !l->view && !c->spec->builds;
	case NO_PIDS:
		return !pids;
	case NO_SIGNALS:
		return !pids && landlock < 6;
	case NO_TRACE:
		return !pids && landlock < 1;
	case NO_NET:
		return !net;
	case ANY_NET:
		return net;
	}
	return true;
}

static void put_rules(struct filter *f, const struct child_plan *c, int landlock, bool of_32)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		int nr = of_32 ? rules[i].nr32 : rules[i].nr;

		if (nr != ABSENT && holds(rules[i].when, c, landlock))
			put_rule(f, &rules[i], nr);
	}
	put_result(f, 0);
}

bool seccomp_there(void)
{
	const uint32_t action = SECCOMP_RET_ERRNO;

	return THIS_ARCH && syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int seccomp_restrict(const struct child_plan *c, int landlock)
{
	static struct filter f;
	struct sock_fprog program;
#ifdef ARCH_32
	unsigned jump;
#endif

	f.n = 0;
	f.parent = getppid();
	f.parent_group = getpgid(f.parent);
	put_load(&f, offsetof(struct seccomp_data, arch));
#ifdef ARCH_32
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0);
	jump = f.n;
	put(&f, BPF_JMP | BPF_JA, 0, 0, 0);
	put_load(&f, offsetof(struct seccomp_data, nr));
	put(&f, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	put_result(&f, ENOSYS);
	put_rules(&f, c, landlock, false);
	f.v[jump].k = f.n - jump - 1;
	put_load(&f, offsetof(struct seccomp_data, arch));
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, ARCH_32, 1, 0);
	put_result(&f, ENOSYS);
	put_rules(&f, c, landlock, true);
#else
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCH, 1, 0);
	put_result(&f, ENOSYS);
	put_rules(&f, c, landlock, false);
#endif
	program = (struct sock_fprog){ (unsigned short)f.n, f.v };
	/* without the flag, older kernels slow down all that the process does */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		       &program) == 0
		       ? 0
		       : -1;
}
