/* The first byte says how to misbehave; what the far end must survive, one case each. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../src/runtime/thresh_rt_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile int sink;
static int seen;
static void *cache[100000];
static size_t cached;
static char *volatile lost;

static void spin(double seconds)
{
	clock_t start = clock();

	while ((double)(clock() - start) / CLOCKS_PER_SEC < seconds)
		sink++;
}

static __attribute__((noinline)) int recurse(volatile int n)
{
	volatile char frame[256];

	frame[0] = (char)n;
	if (sink == -1) /* never */
		return 0;
	return recurse(n + 1) + frame[0];
}

static void leave_a_process(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			sleep(100);
		sleep(100);
		_exit(0);
	}
}

static void flood(int fd, size_t bytes)
{
	static char chunk[65536];

	memset(chunk, 'x', sizeof(chunk));
	for (size_t i = 99; i < sizeof(chunk); i += 100)
		chunk[i] = '\n';
	for (size_t n = 0; n < bytes; n += sizeof(chunk))
		if (write(fd, chunk, sizeof(chunk)) < 0 && errno != EFBIG)
			return;
}

/* Frames that are over still hold where it is: atoi's, in what the sanitizer puts in its place. */
static __attribute__((noinline)) void lose_in_a_frame(void)
{
	char *p = malloc(34);

	memcpy(p, "12", 3);
	sink += atoi(p);
}

static void memory(char how)
{
	switch (how) {
	case 'L':
		lose_in_a_frame();
		break;
	case 'l':
		lost = malloc(33);
		lost = NULL;
		break;
	case 'c':
		if (cached < sizeof(cache) / sizeof(cache[0]))
			cache[cached++] = malloc(10);
		break;
	case 'm':
		for (;;) {
			lost = malloc(1 << 20);
			if (lost == NULL)
				abort();
			memset(lost, 1, 1 << 20);
		}
	case 'M':
		lost = malloc((size_t)3 << 30);
		free(lost);
		break;
	case 'a': { /* five allocations; the third is not checked */
		char *volatile p[5];

		for (int i = 0; i < 5; i++) {
			p[i] = malloc(8);
			if (p[i] == NULL && i != 2)
				p[i] = NULL;
			else
				p[i][0] = 1;
		}
		for (int i = 0; i < 5; i++)
			free(p[i]);
		break;
	}
	}
}

static void processes(char how)
{
	switch (how) {
	case 'f':
		leave_a_process();
		break;
	case 'F':
		fork(); /* and both return */
		break;
	case 'x':
		exit(3);
	case 'X':
		_exit(4);
	case 'z':
		_exit(0);
	case 'k':
		raise(SIGKILL);
		break;
	case 'K':
		kill(getppid(), SIGKILL);
		sleep(1);
		break;
	case 't':
		spin(1000);
		break;
	case 'h':
		spin(0.35);
		break;
	case 'w':
		for (;;)
			sleep(1000);
	case 'W':
		signal(SIGPROF, SIG_IGN);
		for (;;)
			sleep(1000);
	}
}

/* Where the server's memory of that name is. */
static void *find_segment(const char *name, size_t *size)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[512], *end = line;
	unsigned long at = 0;

	while (at == 0 && f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strstr(line, name) != NULL)
			at = strtoul(line, &end, 16);
	if (f != NULL)
		fclose(f);
	if (at == 0)
		abort();
	*size = strtoul(end + 1, NULL, 16) - at;
	return (void *)at;
}

/* What others came to, in the server's memory: as if all had passed, or failed. */
static struct thresh_rt_seg *rewrite_records(enum thresh_rt_verdict verdict, int status)
{
	size_t size;
	struct thresh_rt_seg *seg = find_segment("thresh-segment", &size);
	struct thresh_rt_rec *recs =
		(struct thresh_rt_rec *)(void *)((char *)seg + THRESH_RT_RECS_OFF);

	for (uint32_t i = 0; i < 64; i++) {
		recs[i].verdict = verdict;
		recs[i].status = status;
		recs[i].flags = 0;
		recs[i].err_from = recs[i].err_to = 0;
	}
	return seg;
}

/* As if all were done already, for a while. */
static void claim_all(void)
{
	rewrite_records(THRESH_RT_OK, 0)->done = 64;
	usleep(300000);
}

/* What is asked of others: no time, no room, and other bytes. */
static void rewrite_task(void)
{
	size_t size;
	struct thresh_rt_task *task = find_segment("thresh-task", &size);

	if (mprotect(task, size, PROT_READ | PROT_WRITE) < 0)
		return;
	task->timeout_ms = 1;
	task->memory = 1;
	memset((char *)task + task->data_off, 'A', 4096);
}

static void files(char how)
{
	int fd;

	switch (how) {
	case 'o':
		puts("ok 1 - not a result");
		fflush(stdout);
		break;
	case 'e':
		fprintf(stderr, "hello\n");
		break;
	case '2':
		close(2);
		break;
	case 'C':
		for (fd = 0; fd < 100; fd++)
			close(fd);
		break;
	case '!':
		flood(2, 100u << 20);
		break;
	case '#':
		rewrite_records(THRESH_RT_OK, 0);
		break;
	case '&':
		rewrite_records(THRESH_RT_CRASHED, SIGSEGV);
		break;
	case '%':
		claim_all();
		break;
	case '=':
		rewrite_task();
		break;
	case '?':
		flood(2, 100u << 20);
		abort();
	case 'd':
		if (chdir("/") < 0)
			abort();
		break;
	case 'D':
		fd = open("left-behind", O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0)
			abort();
		close(fd);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0]) {
	case 'r':
		return -1;
	case 'O': {
		volatile const uint8_t *p = data;

		sink = p[size];
		break;
	}
	case 'S':
		raise(SIGSEGV);
		break;
	case 'A':
		abort();
	case 'R':
		sink = recurse(0);
		break;
	case '1': /* fails when something ran before */
		if (seen)
			abort();
		break;
	case 'g': /* as if somebody had killed it, once */
		if (seen)
			kill(getpid(), SIGKILL);
		break;
	case 'v':
		((uint8_t *)(uintptr_t)data)[0] = 'V';
		break;
	default:
		memory((char)data[0]);
		processes((char)data[0]);
		files((char)data[0]);
	}
	seen = 1;
	return 0;
}
