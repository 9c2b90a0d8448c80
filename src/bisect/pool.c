/*
 * Several commits at once: a worktree each, built and run in a process of its own, which tells the outcome through a
 * pipe. One commit alone needs neither.
 */
#include "base/prelude.h"
#include "bisect/internal.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "bisect/bisect.h"
#include "proc/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS 200
#define FAILED '!'

struct bisect_pool {
	struct project *project;
	const struct bug_details *l;
	bool todays_harness;
	unsigned n;
	struct bisect_tree *trees[BISECT_TREES_MAX]; /* opened when first needed */
};

/* One commit under way in another process. */
struct running {
	pid_t pid;
	int fd;
	struct buf said;
};

struct bisect_pool *bisect_pool_open(
	struct project *project, const struct bug_details *l, bool todays_harness, size_t commits)
{
	struct bisect_pool *p = xcalloc(1, sizeof(*p));

	*p = (struct bisect_pool){ .project = project, .l = l, .todays_harness = todays_harness };
	p->n = MAX(1u, MIN(project->jobs, (unsigned)BISECT_TREES_MAX));
	if (p->n > commits)
		p->n = commits ? (unsigned)commits : 1;
	return p;
}

void bisect_pool_close(struct bisect_pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++)
		bisect_tree_close(p->trees[i]);
	free(p);
}

unsigned bisect_pool_size(const struct bisect_pool *p)
{
	return p->n;
}

static int need_tree(struct bisect_pool *p, size_t i, struct err *err)
{
	if (!p->trees[i])
		p->trees[i] = bisect_tree_open(p->project, p->l, p->todays_harness, (unsigned)i,
			MAX(1u, p->project->jobs / p->n), err);
	return p->trees[i] ? 0 : -1;
}

/* "0 why": the outcome as a digit; or what went wrong. */
NORETURN static void child_main(
	struct bisect_pool *p, size_t i, const struct bisect_job *job, int fd)
{
	struct err err = ERR_INIT;
	enum bisect_outcome outcome;
	struct buf b = BUF_INIT;
	char *why = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* several of them on one line */
	log_progress_off();
	if (project_forked(p->project, &err) == 0 &&
		bisect_tree_test(p->trees[i], job->rev, &outcome, &why, &err) == 0)
		buf_addf(&b, "%d %s", (int)outcome, why ? why : "");
	else
		buf_addf(&b, "%c %s", FAILED, err.msg);
	for (size_t at = 0; at < b.len;) {
		ssize_t n = write(fd, b.s + at, b.len - at);

		if (n < 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	symbol_close(p->project->symbols);
	project_targets_close(p->project);
	_exit(0);
}

static int begin(struct bisect_pool *p, size_t i, const struct bisect_job *job, struct running *r,
	struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "testing several commits at once");
	r->pid = fork();
	if (r->pid == 0)
		child_main(p, i, job, ends[1]);
	close(ends[1]);
	r->fd = ends[0];
	if (r->pid < 0) {
		close(ends[0]);
		r->fd = -1;
		return err_errno(err, "testing several commits at once");
	}
	return 0;
}

/* More of what it says; true at its end. */
static bool listen_to(struct running *r)
{
	ssize_t n;

	buf_reserve(&r->said, 4096);
	n = read(r->fd, r->said.s + r->said.len, 4095);
	if (n > 0) {
		r->said.len += (size_t)n;
		r->said.s[r->said.len] = '\0';
	}
	return n == 0 || (n < 0 && errno != EINTR);
}

static int conclude(struct running *r, struct bisect_job *job, struct err *err)
{
	const char *said = buf_str(&r->said);

	if (r->said.len < 2 || said[1] != ' ')
		return err_set(err, "%.12s: its test ended without a word", job->rev);
	if (said[0] == FAILED)
		return err_set(err, "%s", said + 2);
	job->outcome = (enum bisect_outcome)(said[0] - '0');
	job->why = said[2] ? xstrdup(said + 2) : NULL;
	return 0;
}

/* All of them to their ends, also when one failed: what another found out isn't lost. */
static int await(struct running *r, struct bisect_job *jobs, size_t n, struct progress *progress,
	struct err *err)
{
	size_t left = 0;
	bool told = false;
	int rc = 0;

	for (size_t i = 0; i < n; i++)
		left += r[i].fd >= 0;
	while (left) {
		struct pollfd p[BISECT_TREES_MAX];

		for (size_t i = 0; i < n; i++)
			p[i] = (struct pollfd){ .fd = r[i].fd, .events = POLLIN };
		if (proc_interrupted() && !told) {
			told = true;
			for (size_t i = 0; i < n; i++)
				if (r[i].fd >= 0)
					kill(r[i].pid, SIGINT);
		}
		progress_at(progress, n - left);
		if (poll(p, (nfds_t)n, LOOK_MS) <= 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			if (r[i].fd < 0 || !p[i].revents || !listen_to(&r[i]))
				continue;
			close(r[i].fd);
			r[i].fd = -1;
			while (waitpid(r[i].pid, NULL, 0) < 0 && errno == EINTR)
				;
			jobs[i].done = conclude(&r[i], &jobs[i], err) == 0;
			rc = jobs[i].done ? rc : -1;
			left--;
		}
	}
	return rc;
}

int bisect_pool_run(
	struct bisect_pool *p, struct bisect_job *jobs, size_t n, const char *what, struct err *err)
{
	struct running r[BISECT_TREES_MAX] = { { 0 } };
	struct progress progress;
	int rc = 0, waited;

	if (n > p->n)
		BUG("%zu commits for %u worktrees", n, p->n);
	for (size_t i = 0; i < n; i++)
		if (need_tree(p, i, err) < 0)
			return -1;
	if (n == 1) {
		log_progress("%s", what);
		rc = bisect_tree_test(p->trees[0], jobs->rev, &jobs->outcome, &jobs->why, err);
		jobs->done = rc == 0;
		log_progress_end();
		return rc;
	}
	for (size_t i = 0; i < n; i++)
		r[i].fd = -1;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = begin(p, i, &jobs[i], &r[i], err);
	progress_begin(&progress, what, n);
	waited = await(r, jobs, n, &progress, err);
	progress_end(&progress);
	for (size_t i = 0; i < n; i++)
		buf_release(&r[i].said);
	return rc < 0 || waited < 0 ? -1 : 0;
}
