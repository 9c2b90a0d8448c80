/* Between fork and exec: descriptors, limits, confinement. Takes no memory, as the way here may have been a raw clone. */
#include "base/prelude.h"
#include "proc/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FIRST 3u /* above the standard ones */
#define ETXTBSY_TRIES 20
#define CLOSED_ONE_BY_ONE 65536u

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

void child_fail(const struct child_plan *c, bool confinement, const char *what)
{
	struct start_failure f = { .error = errno, .confinement = confinement };

	snprintf(f.what, sizeof(f.what), "%s", what);
	if (write(c->report, &f, sizeof(f)) < 0)
		_exit(127);
	_exit(127);
}

/* --- descriptors --- */

static void close_range_of(unsigned from, unsigned to)
{
	if (from > to || syscall(SYS_close_range, from, to, 0u) == 0)
		return;
	for (unsigned fd = from; fd <= MIN(to, CLOSED_ONE_BY_ONE); fd++)
		close((int)fd);
}

void child_close_others(const int *keep, size_t n)
{
	unsigned from = FIRST;

	for (;;) {
		unsigned next = UINT32_MAX;

		for (size_t i = 0; i < n; i++)
			if (keep[i] >= (int)from && (unsigned)keep[i] < next)
				next = (unsigned)keep[i];
		if (next == UINT32_MAX)
			break;
		if (next > from)
			close_range_of(from, next - 1);
		from = next + 1;
	}
	close_range_of(from, UINT32_MAX);
}

static int dup_to(int fd, int want)
{
	if (fd == want)
		return fcntl(fd, F_SETFD, 0);
	return dup2(fd, want) < 0 ? -1 : 0;
}

/* Above every number that is about to be given to another one. */
static int lift(int *fd, int above)
{
	if (*fd < 0 || *fd > above)
		return 0;
	*fd = fcntl(*fd, F_DUPFD_CLOEXEC, above + 1);
	return *fd < 0 ? -1 : 0;
}

static int set_descriptors(struct child_plan *c)
{
	const struct proc_spec *s = c->spec;
	int keep = s->keep_fd, keep2 = s->keep_fd2;
	int above = MAX(MAX(keep >= 0 ? s->keep_as : 0, keep2 >= 0 ? s->keep_as2 : 0), 9);
	int *const all[] = { &c->report, &keep, &keep2, &c->in, &c->out, &c->err };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (lift(all[i], above) < 0)
			return -1;
	if (dup_to(c->in, 0) < 0 || dup_to(c->out, 1) < 0 || dup_to(c->err, 2) < 0)
		return -1;
	if ((keep >= 0 && dup_to(keep, s->keep_as) < 0) ||
		(keep2 >= 0 && dup_to(keep2, s->keep_as2) < 0))
		return -1;
	if (s->confine) {
		const int kept[] = { c->report, keep >= 0 ? s->keep_as : -1,
			keep2 >= 0 ? s->keep_as2 : -1 };

		child_close_others(kept, ARRAY_LEN(kept));
	}
	return 0;
}

/* --- limits and signals --- */

static void set_limit(int which, uint64_t value)
{
	struct rlimit rl = { .rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)value };

	if (value)
		setrlimit((__rlimit_resource_t)which, &rl);
}

static void raise_stack(uint64_t more)
{
	struct rlimit rl;

	if (!more || getrlimit(RLIMIT_STACK, &rl) < 0 || rl.rlim_cur == RLIM_INFINITY)
		return;
	rl.rlim_cur += more;
	setrlimit(RLIMIT_STACK, &rl);
}

static void set_limits(const struct proc_spec *s)
{
	struct rlimit no_core = { 0, 0 };

	set_limit(RLIMIT_CPU, s->limits.cpu_s);
	set_limit(RLIMIT_AS, s->limits.as_bytes);
	set_limit(RLIMIT_FSIZE, s->limits.file_bytes);
	raise_stack(s->limits.stack_more);
	if (!s->limits.core)
		setrlimit(RLIMIT_CORE, &no_core);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* --- rights --- */

/*
 * Of root's, those that programs expect and that reach no further than the view: over files, which are read-only but for
 * its own, and over ids. Anybody else has none, whatever the namespace gave.
 */
static uint64_t kept_rights(const struct child_plan *c)
{
	static const int kept[] = { CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL,
		CAP_SETGID, CAP_SETUID, CAP_NET_BIND_SERVICE };
	uint64_t set = 0;

	if (geteuid() != 0)
		return 0;
	if (!c->level->view || !(c->level->flags & CLONE_NEWPID))
		return (uint64_t)1 << CAP_DAC_OVERRIDE;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		set |= (uint64_t)1 << kept[i];
	return set;
}

static int drop_rights(const struct child_plan *c)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	uint64_t keep = kept_rights(c), have;

	if (syscall(SYS_capget, &head, data) < 0)
		return -1;
	have = data[0].permitted | (uint64_t)data[1].permitted << 32;
	for (int cap = 0; cap < 64; cap++)
		if (!(keep >> cap & 1) && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 &&
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && (have >> CAP_SETPCAP & 1))
			return -1;
	keep &= have;
	for (int i = 0; i < 2; i++) {
		data[i].effective = data[i].permitted = (uint32_t)(keep >> (32 * i));
		data[i].inheritable = 0;
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* old kernels have none */
	return (int)syscall(SYS_capset, &head, data);
}

static void confine(const struct child_plan *c)
{
	const struct sandbox_have *have = sandbox_have();
	const char *what;

	if (drop_rights(c) < 0)
		child_fail(c, true, "giving up rights");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		child_fail(c, true, "no new privileges");
	if (have->landlock && landlock_restrict(&c->view, c->level, have->landlock, &what) < 0)
		child_fail(c, true, what);
	if (have->seccomp && seccomp_restrict(c, have->landlock) < 0)
		child_fail(c, true, "seccomp");
}

NORETURN static void execute(const struct child_plan *c)
{
	/* a freshly linked program may still be open for writing */
	for (int tries = 0; tries < ETXTBSY_TRIES; tries++) {
		struct timespec wait = { 0, 20000000 };

		execve(c->path, (char *const *)(uintptr_t)c->spec->argv, c->env);
		if (errno != ETXTBSY)
			break;
		nanosleep(&wait, NULL);
	}
	child_fail(c, false, "");
}

void child_become(struct child_plan *c)
{
	const struct proc_spec *s = c->spec;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (set_descriptors(c) < 0)
		child_fail(c, true, "its descriptors");
	/* by name, as the tree may be another one than that which we stand in */
	if (chdir(s->cwd ? s->cwd : c->here) < 0 && (s->cwd || s->confine))
		child_fail(c, false, "");
	reset_signals();
	set_limits(s);
	if (s->no_aslr)
		personality(ADDR_NO_RANDOMIZE);
	if (s->confine)
		confine(c);
	if (s->inside) {
		close(c->report);
		_exit(s->inside(s->inside_arg));
	}
	execute(c);
}
