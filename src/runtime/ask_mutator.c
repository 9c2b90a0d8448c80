/* Loaded by afl-fuzz with afl_import.c: asks the target's own mutator, in a process of the target's (own_mutator.c). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "thresh_rt_mutate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* until it has started, and for THRESH_RT_MUTATIONS of an input */
#define START_MS 60000
#define ANSWER_MS 10000
/* the target's, out of the way of what a program may have open */
#define ITS_FD 190
/* afl-fuzz's own for a target's fork server: none is to be found there */
#define FORKSRV_FD 198

/* In the child: no fork server, nothing to hear, nobody to talk to. */
static void become(const struct thresh_rt_asked *a, int fd, int memory)
{
	char text[16];
	int null = open("/dev/null", O_RDWR);

	snprintf(text, sizeof(text), "%d", ITS_FD);
	setenv(THRESH_RT_MUTATE, text, 1);
	unsetenv("__AFL_SHM_ID");
	unsetenv("__AFL_SHM_FUZZ_ID");
	unsetenv("__AFL_CMPLOG_SHM_ID");
	if (dup2(fd, ITS_FD) < 0 || dup2(memory, ITS_FD + 1) < 0 || null < 0)
		_exit(127);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	close(FORKSRV_FD);
	close(FORKSRV_FD + 1);
	if (a->memory_mb) {
		struct rlimit limit = { a->memory_mb << 20, a->memory_mb << 20 };

		setrlimit(RLIMIT_AS, &limit);
	}
	execl(a->exe, a->exe, (char *)NULL);
	_exit(127);
}

/* How its process ended, to whom reads afl-fuzz's words. */
static void tell_end(const struct thresh_rt_asked *a, int status, int hung)
{
	if (hung)
		fputs(THRESH_RT_MUTATOR_ENDED "didn't answer\n", stderr);
	else if (WIFSIGNALED(status))
		fprintf(stderr, THRESH_RT_MUTATOR_ENDED "ended by signal %d\n", WTERMSIG(status));
	else
		fprintf(stderr, THRESH_RT_MUTATOR_ENDED "ended with status %d\n",
			WEXITSTATUS(status));
	if (a->failed >= THRESH_RT_MUTATOR_TRIES)
		fputs(THRESH_RT_MUTATOR_LEFT "\n", stderr);
	fflush(stderr);
}

/* Its status. */
static int end(struct thresh_rt_asked *a)
{
	int status = 0;

	close(a->fd);
	kill(a->pid, SIGKILL);
	while (waitpid(a->pid, &status, 0) < 0 && errno == EINTR)
		;
	a->pid = 0;
	a->fd = -1;
	return status;
}

/* 0, or -1: it ended, or was ended. */
static int answer(struct thresh_rt_asked *a, int ms)
{
	struct pollfd p = { a->fd, POLLIN, 0 };
	int n = poll(&p, 1, ms), status = 0, silent = n == 0, stopped = n < 0 && errno == EINTR;
	char byte;

	if (n > 0 && read(a->fd, &byte, 1) == 1)
		return 0;
	/* it may be about to end by itself: with how it does */
	for (int i = 0; i < 100 && n > 0; i++) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)a->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
			info.si_pid)
			break;
		usleep(1000);
	}
	status = end(a);
	/* afl-fuzz is to end */
	if (stopped)
		return -1;
	a->failed++;
	tell_end(a, status, silent);
	return -1;
}

static int begin(struct thresh_rt_asked *a)
{
	int fds[2], memory;

	if (a->pid > 0)
		return 0;
	memory = memfd_create("thresh-mutations", MFD_CLOEXEC);
	if (memory < 0 || ftruncate(memory, sizeof(*a->shared)) < 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		if (memory >= 0)
			close(memory);
		return -1;
	}
	if (a->shared)
		munmap(a->shared, sizeof(*a->shared));
	a->shared = mmap(NULL, sizeof(*a->shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	a->pid = a->shared == MAP_FAILED ? -1 : fork();
	if (a->pid == 0)
		become(a, fds[1], memory);
	if (a->shared == MAP_FAILED)
		a->shared = NULL;
	close(fds[1]);
	close(memory);
	a->fd = fds[0];
	if (a->pid > 0)
		return answer(a, START_MS);
	close(a->fd);
	a->pid = 0;
	return -1;
}

int thresh_rt_ask_begin(struct thresh_rt_asked *a, const char *exe)
{
	a->exe = exe;
	a->fd = -1;
	a->next = THRESH_RT_MUTATIONS;
	if (!a->max || a->max > THRESH_RT_MUTATE_MAX)
		a->max = THRESH_RT_MUTATE_MAX;
	while (a->failed < THRESH_RT_MUTATOR_TRIES)
		if (begin(a) == 0) {
			a->has = a->shared->has;
			return a->has ? 0 : -1;
		}
	return -1;
}

void thresh_rt_ask_forget(struct thresh_rt_asked *a)
{
	a->next = THRESH_RT_MUTATIONS;
}

static int ask(struct thresh_rt_asked *a, const uint8_t *data, size_t size, const uint8_t *other,
	size_t other_size, uint32_t seed)
{
	/* what is in the shared memory may change at any time */
	size_t n = size < a->max ? size : a->max;
	size_t other_n = !other ? 0 : other_size < a->max ? other_size : a->max;
	struct thresh_rt_mutate *m;
	char byte = 1;

	if (a->failed >= THRESH_RT_MUTATOR_TRIES || begin(a) < 0)
		return -1;
	m = a->shared;
	m->max = a->max;
	m->seed = seed;
	m->size = (uint32_t)n;
	m->other_size = (uint32_t)other_n;
	memcpy(m->data, data, n);
	if (other_n)
		memcpy(m->other, other, other_n);
	if (send(a->fd, &byte, 1, MSG_NOSIGNAL) != 1 || answer(a, ANSWER_MS) < 0)
		return -1;
	a->failed = 0;
	a->next = 0;
	return 0;
}

size_t thresh_rt_ask(struct thresh_rt_asked *a, const uint8_t *data, size_t size,
	const uint8_t *other, size_t other_size, uint32_t seed, const uint8_t **out)
{
	if (a->next >= THRESH_RT_MUTATIONS && ask(a, data, size, other, other_size, seed) < 0)
		return 0;
	while (a->next < THRESH_RT_MUTATIONS) {
		unsigned k = a->next++;
		uint32_t n = __atomic_load_n(&a->shared->made_size[k], __ATOMIC_RELAXED);

		if (n && n <= a->max) {
			*out = a->shared->made[k];
			return n;
		}
	}
	return 0;
}

void thresh_rt_ask_end(struct thresh_rt_asked *a)
{
	if (a->pid > 0)
		end(a);
	if (a->shared)
		munmap(a->shared, sizeof(*a->shared));
	a->shared = NULL;
}
