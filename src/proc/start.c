/* A start: what the child needs is made here, before the fork, and what goes wrong on its way to exec comes back here. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "proc/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RETRIES 10 /* of a start for which there was too little of something */
#define RETRY_NS 10000000L
#define TEMP_VAR "TMPDIR"

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Has the list one of entry's name, of n bytes? */
static bool names(const char *const *list, const char *entry, size_t n)
{
	for (const char *const *x = list; x && *x; x++)
		if (strcspn(*x, "=") == n && strncmp(*x, entry, n) == 0)
			return true;
	return false;
}

/* Compilers, interpreters and mktemp ask these in turn. */
static bool says_where_to_write(const char *entry, size_t name)
{
	static const char *const vars[] = { TEMP_VAR, "TMP", "TEMP", "TEMPDIR", NULL };

	return names(vars, entry, name);
}

/*
 * The environment, and in it the places of what is written there only in the child. Where temporary files go here isn't where
 * a confined one may write: without a folder of its own for them, which only the child knows, it is the first that it has.
 */
static void make_env(struct child_plan *c)
{
	const struct proc_spec *spec = c->spec;
	struct strlist env = STRLIST_INIT;
	bool moves =
		spec->confine == PROC_CONFINED && !names(spec->env, TEMP_VAR, strlen(TEMP_VAR));
	size_t n;

	for (char **e = environ; e && *e; e++) {
		size_t name = strcspn(*e, "=");

		if ((spec->confine && secrets_is_variable(*e)) ||
			(moves && says_where_to_write(*e, name)) || names(spec->env, *e, name))
			continue;
		strlist_add(&env, *e);
	}
	for (const char *const *x = spec->env; x && *x; x++)
		if (strchr(*x, '='))
			strlist_add(&env, *x);
	moves = moves && spec->writable && *spec->writable;
	if (moves)
		strlist_addf(&env, TEMP_VAR "=%s", *spec->writable);
	n = env.n;
	for (size_t i = 0; i < PROC_SHM_MAX && spec->shm[i].env; i++)
		strlist_addf(&env, "%s=-2147483648", spec->shm[i].env);
	if (spec->private_env)
		strlist_add(&env, spec->private_env);
	if (!env.v)
		env.v = xcalloc(1, sizeof(*env.v));
	c->env = env.v;
	c->temp_env = moves ? &env.v[n - 1] : NULL;
	for (size_t i = 0; i < PROC_SHM_MAX && spec->shm[i].env; i++)
		c->shm_env[i] = &env.v[n++];
	c->private_env = spec->private_env ? &env.v[n] : NULL;
}

struct fds {
	int v[16];
	size_t n;
};

static int keep_open(struct fds *f, int fd)
{
	if (fd >= 0)
		f->v[f->n++] = fd;
	return fd;
}

static int open_stream(enum proc_io io, int fd, int standard, struct fds *child, int *near_end)
{
	int pipefd[2];

	switch (io) {
	case PROC_NULL:
		return keep_open(child, open("/dev/null", O_RDWR | O_CLOEXEC));
	case PROC_INHERIT:
		return standard;
	case PROC_FD:
		return fd;
	case PROC_CAPTURE:
		break;
	}
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return -1;
	*near_end = standard == 0 ? pipefd[1] : pipefd[0];
	fcntl(*near_end, F_SETFL, O_NONBLOCK);
	return keep_open(child, standard == 0 ? pipefd[0] : pipefd[1]);
}

/* True: it didn't get as far as running its program. */
static bool start_failed(int fd, struct start_failure *f)
{
	ssize_t n;

	do
		n = read(fd, f, sizeof(*f));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*f);
}

/* A user namespace's process has no ids until its parent says which: see sandbox_map_ids. */
static void wait_for_ids(const struct child_plan *c)
{
	struct warden_msg m;
	ssize_t n;

	do
		n = recv(c->ctl, &m, sizeof(m), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(m) || m.type != WARDEN_GO)
		_exit(127);
}

/* The first thing in a process of its own, which sees what its level gives. */
NORETURN static void child_main(struct child_plan *c)
{
	static char own_temp[] = TEMP_VAR "=/tmp";
	const char *what;
	bool own_tmp = c->level && c->level->view && c->view.own_tmp;

	if (own_tmp && c->temp_env)
		*c->temp_env = own_temp;
	/* who has no folders of its own is not to take the machine's for them: it empties them */
	if (c->private_env && !own_tmp)
		*c->private_env = NULL; /* the last one */
	if (!c->level)
		child_become(c);
	if (c->level->flags & CLONE_NEWUSER)
		wait_for_ids(c);
	if (view_make(&c->view, c->level, &what) < 0)
		child_fail(c, true, what);
	if ((c->level->flags & CLONE_NEWNET) && view_loopback() < 0)
		child_fail(c, true, "a loopback device");
	if (c->level->flags & CLONE_NEWPID)
		warden_main(c);
	child_become(c);
}

/* In namespaces, as the level says; by number, as no C library has it so. */
static pid_t fork_into(const struct child_plan *plan)
{
	unsigned flags = plan->level ? plan->level->flags : 0;

	if (!flags)
		return fork();
	/* who has no warden attaches to segments of ours */
	if (plan->spec->shm[0].env && !(flags & CLONE_NEWPID))
		flags &= ~(unsigned)CLONE_NEWIPC;
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
}

/* Tell a child in a user namespace that it has its ids. */
static int let_go(pid_t pid, int ctl)
{
	struct warden_msg m = { .type = WARDEN_GO };

	if (sandbox_map_ids(pid) < 0)
		return -1;
	return send(ctl, &m, sizeof(m), MSG_NOSIGNAL) == (ssize_t)sizeof(m) ? 0 : -1;
}

/* What a warden is to copy into its segments is handed over in a file that nobody can cut short. */
static int share_input(struct proc *p, struct child_plan *plan)
{
	size_t size = 0;

	for (size_t i = 0; i < PROC_SHM_MAX && plan->spec->shm[i].env; i++)
		size = MAX(size, plan->spec->shm[i].size);
	plan->input_fd = memfd_create("thresh-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (plan->input_fd < 0 || ftruncate(plan->input_fd, (off_t)size) < 0 ||
		fcntl(plan->input_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -1;
	p->input = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, plan->input_fd, 0);
	if (p->input == MAP_FAILED) {
		p->input = NULL;
		return -1;
	}
	p->shm_size = plan->input_size = size;
	return 0;
}

/* Segments of ours, or of a warden's, who makes them himself. */
static int make_shm(struct proc *p, struct child_plan *plan)
{
	if (!plan->spec->shm[0].env)
		return 0;
	if (plan->level && (plan->level->flags & CLONE_NEWPID))
		return p->input ? 0 : share_input(p, plan);
	if (p->shm[0])
		return 0;
	if (shm_make(plan) < 0)
		return -1;
	memcpy(p->shm, plan->shm, sizeof(p->shm));
	return 0;
}

/*
 * One try. 0, or -1 and why: no failure of the program itself where f->confinement is set.
 */
static int try_start(struct proc *p, struct child_plan *plan, struct start_failure *f)
{
	unsigned flags = plan->level ? plan->level->flags : 0;
	int report[2] = { -1, -1 }, ctl[2] = { -1, -1 }, rc = -1;
	bool mapped = true;

	*f = (struct start_failure){ .confinement = true };
	if (make_shm(p, plan) < 0) {
		f->error = errno;
		snprintf(f->what, sizeof(f->what), "shared memory for it");
		return -1;
	}
	if (pipe2(report, O_CLOEXEC) < 0 ||
		(flags && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ctl) < 0)) {
		f->error = errno;
		goto out;
	}
	plan->report = report[1];
	plan->ctl = ctl[1];
	p->pid = fork_into(plan);
	if (p->pid == 0) {
		close_fd(ctl[0]); /* else it would never see its end */
		child_main(plan);
	}
	f->error = errno;
	close(report[1]);
	report[1] = -1;
	if (p->pid < 0)
		goto out;
	if ((flags & CLONE_NEWUSER) && let_go(p->pid, ctl[0]) < 0) {
		f->error = errno;
		snprintf(f->what, sizeof(f->what), "its ids");
		mapped = false;
	}
	if (!mapped || start_failed(report[0], f)) {
		kill(p->pid, SIGKILL);
		end_reap(p->pid);
		goto out;
	}
	if (flags & CLONE_NEWPID) {
		p->ctl = ctl[0];
		ctl[0] = -1;
	}
	rc = 0;
out:
	if (rc < 0)
		p->pid = 0;
	for (int i = 0; i < 2; i++) {
		if (report[i] >= 0)
			close(report[i]);
		if (ctl[i] >= 0)
			close(ctl[i]);
	}
	return rc;
}

/* What is short now may be there in a moment. */
static bool is_passing(int error)
{
	return error == EAGAIN || error == ENOMEM || error == ENOSPC || error == EMFILE ||
	       error == ENFILE;
}

static int start_somehow(struct proc *p, struct child_plan *plan, struct err *err)
{
	const struct proc_spec *spec = plan->spec;
	struct start_failure f;

	for (int tries = 0;;) {
		struct timespec wait = { 0, (long)(tries + 1) * RETRY_NS };

		plan->level = spec->confine ? sandbox_level() : NULL;
		if (try_start(p, plan, &f) == 0) {
			if (spec->confine)
				sandbox_worked(!spec->inside);
			return 0;
		}
		if (!f.confinement)
			break;
		if (spec->confine && sandbox_failed(f.error))
			continue;
		if (!is_passing(f.error) || ++tries > RETRIES)
			break;
		nanosleep(&wait, NULL);
	}
	errno = f.error;
	if (f.confinement)
		return err_errno(err, "%s: can't be %s%s%s", plan->path,
			spec->confine ? "confined" : "started", *f.what ? ": " : "", f.what);
	return err_errno(err, "%s: can't run it%s%s", plan->path, spec->cwd ? " in " : "",
		spec->cwd ? spec->cwd : "");
}

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

int start_trial(struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct child_plan plan = {
		.spec = &spec, .path = "a trial", .here = "/", .ctl = -1, .input_fd = -1
	};
	struct proc p = { .ctl = -1 };
	int null, rc;

	if (sandbox_have()->tried)
		return 0;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		return err_errno(err, "/dev/null");
	spec.inside = nothing;
	spec.confine = PROC_CONFINED;
	plan.view.own_tmp = true;
	plan.in = plan.out = plan.err = null;
	rc = start_somehow(&p, &plan, err);
	if (rc == 0) {
		kill(p.pid, SIGKILL);
		end_reap(p.pid);
	}
	close_fd(p.ctl);
	close(null);
	return rc;
}

/* All of the confinement, or nothing is run. */
static int must_be_whole(const char *path, struct err *err)
{
	struct buf lacks = BUF_INIT;
	int rc = 0;

	if (start_trial(err) < 0)
		return -1;
	sandbox_lacks(&lacks);
	if (lacks.len)
		rc = err_usage(err,
			"%s: the sandbox is required, and not whole here: %s; `thresh doctor` says "
			"more",
			path, lacks.s);
	buf_release(&lacks);
	return rc;
}

static int start_streams(struct proc *p, struct child_plan *plan, struct err *err)
{
	const struct proc_spec *spec = plan->spec;
	struct fds child = { .n = 0 };
	int rc = -1;

	plan->in = open_stream(spec->in, spec->in_fd, 0, &child, &p->in_fd);
	plan->out = open_stream(spec->out, spec->out_fd, 1, &child, &p->out.fd);
	plan->err = open_stream(spec->err, spec->err_fd, 2, &child, &p->err.fd);
	if (plan->in < 0 || plan->out < 0 || plan->err < 0) {
		err_errno(err, "%s: can't set up its descriptors", plan->path);
		goto out;
	}
	if (start_somehow(p, plan, err) < 0)
		goto out;
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	rc = 0;
out:
	for (size_t i = 0; i < child.n; i++)
		close(child.v[i]);
	if (plan->input_fd >= 0)
		close(plan->input_fd);
	return rc;
}

int start_process(struct proc *p, struct child_plan *plan, struct err *err)
{
	const struct proc_spec *spec = plan->spec;

	if (!plan->path)
		return err_set(err,
			strchr(spec->argv[0], '/') ? "%s: no such program"
						   : "%s: no such program on PATH",
			spec->argv[0]);
	if (spec->confine_wholly && spec->confine && must_be_whole(plan->path, err) < 0)
		return -1;
	make_env(plan);
	if (spec->confine && view_plan(&plan->view, spec, plan->path, plan->here, err) < 0)
		return -1;
	if (spec->in == PROC_CAPTURE) {
		p->input_text = xmemdup(spec->input ? spec->input : "", spec->input_len);
		p->input_len = spec->input_len;
	}
	return start_streams(p, plan, err);
}
