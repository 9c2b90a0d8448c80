/* SPDX-License-Identifier: 0BSD */
/*
 * Replays inputs through a fuzz target, LLVMFuzzerTestOneInput, and prints TAP: no fuzzer, no library, nothing
 * of thresh needed. Compile this one file with the harness (C99 or C++, any sanitizer or none), give it files:
 *
 *     cc -g -fsanitize=address harness.c replay.c -o replay && ./replay tests/
 *
 * Every input runs in a child process of its own, so one that crashes hides no other. Of more than 64 those that have to
 * pass share processes, which takes a hundredth of the time; when one of these fails, the inputs to blame run again on
 * their own, and that decides. Copy it freely.
 *
 *   replay [OPTION...] FILE|DIR|-...     "-" is standard input; directories are searched for regular files; a
 *                     FILE.pack (thresh corpus pack) is all inputs in it
 *   --manifest FILE   tests with expectations, one a line, fields separated by one tab:
 *                         STATE  RUNS  INPUT  COMMENT
 *                     STATE: fixed    has to pass
 *                            open     a known bug: a failure is a TAP TODO, which doesn't fail the suite
 *                            flaky    open, but fails only now and then
 *                            ignored  not run (TAP SKIP); ignored:2030-01-31: until that day (UTC), then open
 *                     RUNS: how often it is run, 1 or more; one failure is a failure. INPUT: a path, relative
 *                     to the manifest's directory. COMMENT: the rest of the line, may be empty or missing.
 *                     Empty lines and lines that start with # say nothing, but "# timeout: S" gives the
 *                     timeout where the command line doesn't.
 *   --todo FILE       paths or file names, one a line, whose failures are TODO
 *   --jobs N          children at once (default: one per processor)
 *   --alone           each input in a process of its own, however many there are
 *   --timeout S       seconds (fractions allowed) after which an input counts as hanging; default 60, 0: never
 *   --shuffle SEED    run in another order; the output keeps it
 *   --junit FILE      also write JUnit XML
 *   --list            print the tests, run nothing
 *   --no-fork         run all in this process: for debuggers and profilers; no TAP
 * Exit status: 0 all passed, were TODO or skipped; 1 a test failed; 2 wrong usage or an unreadable manifest.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
/* libFuzzer's, which harnesses with an LLVMFuzzerCustomMutator call: see below. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
/* MemorySanitizer, when the harness is built with it and this file isn't. */
void __msan_unpoison_param(size_t n) __attribute__((weak));
void __msan_unpoison(const volatile void *p, size_t n) __attribute__((weak));
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));
/* Linked in when thresh itself runs the target; absent in a user's tree. */
int thresh_rt_serve(int fd, int argc, char **argv) __attribute__((weak));
/*
 * alloc.c, where it is linked in or lies beside this file as faults.c: makes an allocation fail. io.c, where it is linked
 * in: a call that reads or writes.
 */
void thresh_rt_alloc_begin(uint64_t fail, int after) __attribute__((weak));
uint64_t thresh_rt_alloc_end(void) __attribute__((weak));
void thresh_rt_io_begin(uint32_t fault, uint64_t fail, int after) __attribute__((weak));
void thresh_rt_io_end(uint32_t *out) __attribute__((weak));
#ifdef __cplusplus
}
#endif

/*
 * Weak, so that libFuzzer's own or the harness's goes first. Nobody here asks a harness for new inputs, but with a mutator
 * of its own it links only where this is, and may call it. One small change, never none, which depends on the bytes alone:
 * a replay is the same each time.
 */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t at, i;

	if (size > max_size)
		size = max_size;
	if (max_size == 0)
		return 0;
	for (i = 0; i < size; i++)
		h = (h ^ data[i]) * 0x100000001b3u;
	h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9u;
	at = size ? (size_t)(h >> 16) % size : 0;
	if (size < max_size && (size == 0 || (h >> 8) % 4 == 0)) {
		memmove(data + at + 1, data + at, size - at);
		data[at] = (uint8_t)(h >> 56);
		size++;
	} else if (size > 1 && (h >> 8) % 4 == 1) {
		memmove(data + at, data + at + 1, size - at - 1);
		size--;
	} else if ((h >> 8) % 4 == 2) {
		data[at] ^= (uint8_t)(1u << ((h >> 56) % 8));
	} else {
		data[at] ^= (uint8_t)(1 + (h >> 56) % 255);
	}
	if (__msan_unpoison)
		__msan_unpoison(data, size);
	return size;
}

#ifdef __has_include
#if __has_include("faults.c")
#include "faults.c"
#endif
#endif

#define THRESH_RT_HEAD 12288 /* of what a child printed on standard error: its start */
#define THRESH_RT_TAIL 12288 /* and its end */
#define THRESH_RT_MAX_JOBS 64
#define THRESH_RT_DEPTH 32  /* of directories */
#define THRESH_RT_FEW 64    /* tests: no more than these run each on its own */
#define THRESH_RT_CHUNK 256 /* tests that share a process, at most */

enum thresh_rt_state { THRESH_RT_FIXED, THRESH_RT_OPEN, THRESH_RT_FLAKY, THRESH_RT_IGNORED };

struct thresh_rt_test {
	char *path, *name, *comment;
	int packed; /* a part of the file, from here on */
	size_t at, len;
	enum thresh_rt_state state;
	long runs;
	int done, failed;
	long passed_runs;
	char why[160];
	double seconds;
	long kilobytes;
	char *text;
	size_t text_len;
};

/* Tests for one process, as places in the order; the n of one that is on its own is 1. */
struct thresh_rt_chunk {
	size_t from, n;
};

struct thresh_rt_slot {
	pid_t pid; /* 0: free */
	int fd;    /* its standard error; -1: at its end */
	struct thresh_rt_chunk chunk;
	double start;
	size_t seen; /* of what came back: since then the clock runs */
	int timed_out;
	size_t n_head, n_tail; /* n_tail counts all that came after the head */
	char head[THRESH_RT_HEAD], tail[THRESH_RT_TAIL];
};

static struct {
	struct thresh_rt_test *tests;
	size_t n, cap;
	size_t *order;
	struct thresh_rt_slot *slots;
	volatile size_t *
		returned; /* shared with the children: from how many of slot i's the target came back */
	volatile size_t
		*ended;  /* likewise: a sanitizer ended a process that slot i's target forked */
	double *seconds; /* and what tests in company took, by place in the order */
	struct thresh_rt_chunk *again; /* a stack: of chunks that failed, their parts */
	size_t n_again, cap_again, next, chunk_max;
	long jobs;
	double timeout, list_timeout; /* negative: not given */
	unsigned long long seed;
	int shuffle, list, no_fork, alone;
	const char *junit;
	int argc;
	char **argv;
	size_t printed, failures;
	char *input; /* standard input, for "-" */
	size_t input_len;
} thresh_rt_all;

static void *thresh_rt_need(void *p)
{
	if (p == NULL) {
		fputs("Bail out! out of memory\n", stdout);
		exit(2);
	}
	return p;
}

static char *thresh_rt_copy(const char *s, size_t n)
{
	char *copy = (char *)thresh_rt_need(malloc(n + 1));

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

static double thresh_rt_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static struct thresh_rt_test *thresh_rt_add(const char *path, const char *name)
{
	struct thresh_rt_test *t;

	if (thresh_rt_all.n == thresh_rt_all.cap) {
		thresh_rt_all.cap = thresh_rt_all.cap ? thresh_rt_all.cap * 2 : 64;
		thresh_rt_all.tests = (struct thresh_rt_test *)thresh_rt_need(realloc(
			thresh_rt_all.tests, thresh_rt_all.cap * sizeof(*thresh_rt_all.tests)));
	}
	t = &thresh_rt_all.tests[thresh_rt_all.n++];
	memset(t, 0, sizeof(*t));
	t->path = thresh_rt_copy(path, strlen(path));
	t->name = thresh_rt_copy(name, strlen(name));
	t->comment = thresh_rt_copy("", 0);
	t->runs = 1;
	return t;
}

static int thresh_rt_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *thresh_rt_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);
	char *path;

	if (name[0] == '/' || n == 0)
		return thresh_rt_copy(name, strlen(name));
	path = (char *)thresh_rt_need(malloc(n + strlen(name) + 2));
	sprintf(path, "%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
	return path;
}

/* The whole of a file (regular, a pipe, standard input); NULL with errno. The caller frees. */
static char *thresh_rt_read(const char *path, size_t *len)
{
	int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
	size_t n = 0, cap = 65536;
	struct stat st;
	char *data;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0)
		cap = (size_t)st.st_size + 1; /* one more, to see its end without growing */
	data = (char *)thresh_rt_need(malloc(cap));
	for (;;) {
		if (n == cap)
			data = (char *)thresh_rt_need(realloc(data, cap *= 2));
		got = read(fd, data + n, cap - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	if (fd != 0)
		close(fd);
	if (got < 0) {
		free(data);
		return NULL;
	}
	*len = n;
	return data;
}

#define THRESH_RT_PACK "thresh pack 1\n"

static int thresh_rt_is_pack(const char *path)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".pack") == 0;
}

/* Each input: its length in digits, a line feed, its bytes, a line feed. -1: it can't be read, or not to its end. */
static int thresh_rt_add_pack(const char *path)
{
	size_t len = 0, at = sizeof(THRESH_RT_PACK) - 1, n, k;
	char *data = thresh_rt_read(path, &len), *name;
	unsigned long number = 0;
	int rc = 0;

	if (data == NULL || len < at || memcmp(data, THRESH_RT_PACK, at) != 0) {
		fprintf(stderr, "%s: %s\n", path, data == NULL ? strerror(errno) : "not a pack");
		free(data);
		return -1;
	}
	name = (char *)thresh_rt_need(malloc(strlen(path) + 32));
	while (rc == 0 && at < len) {
		struct thresh_rt_test *t;

		for (n = 0, k = at; k < len && data[k] >= '0' && data[k] <= '9' && n <= len; k++)
			n = n * 10 + (size_t)(data[k] - '0');
		if (k == at || k >= len || data[k] != '\n' || n >= len - k - 1 ||
			data[k + 1 + n] != '\n') {
			fprintf(stderr, "%s: damaged at byte %zu\n", path, at);
			rc = -1;
			break;
		}
		sprintf(name, "%s#%lu", path, ++number);
		t = thresh_rt_add(path, name);
		t->packed = 1;
		t->at = k + 1;
		t->len = n;
		at = k + n + 2;
	}
	free(name);
	free(data);
	return rc;
}

static int thresh_rt_add_file(const char *path)
{
	if (thresh_rt_is_pack(path))
		return thresh_rt_add_pack(path);
	thresh_rt_add(path, path);
	return 0;
}

/* Regular files below, sorted; -1 when it can't be read. */
static int thresh_rt_add_dir(const char *dir, int depth)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char **names = NULL;
	size_t n = 0, i;
	struct stat st;
	int rc = 0;

	if (d == NULL) {
		fprintf(stderr, "%s: %s\n", dir, strerror(errno));
		return -1;
	}
	while ((errno = 0, e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		names = (char **)thresh_rt_need(realloc(names, (n + 1) * sizeof(*names)));
		names[n++] = thresh_rt_join(dir, e->d_name);
	}
	if (errno != 0) { /* a part of them isn't all there is */
		fprintf(stderr, "%s: %s\n", dir, strerror(errno));
		rc = -1;
	}
	closedir(d);
	if (n > 0)
		qsort(names, n, sizeof(*names), thresh_rt_by_name);
	for (i = 0; i < n; i++) {
		if (lstat(names[i], &st) == 0 && S_ISDIR(st.st_mode) && depth > 0)
			rc |= thresh_rt_add_dir(names[i], depth - 1);
		else if (stat(names[i], &st) == 0 && S_ISREG(st.st_mode))
			rc |= thresh_rt_add_file(names[i]);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int thresh_rt_add_path(const char *path)
{
	struct stat st;

	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return thresh_rt_add_dir(path, THRESH_RT_DEPTH);
	return thresh_rt_add_file(path);
}

static char *thresh_rt_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? thresh_rt_copy("", 0)
			     : thresh_rt_copy(path, (size_t)(slash - path) + 1);
}

/* Cuts the next line off *text, NUL-terminated in place. */
static char *thresh_rt_line(char **text, char *end)
{
	char *line = *text, *lf;

	if (line >= end)
		return NULL;
	lf = (char *)memchr(line, '\n', (size_t)(end - line));
	*text = lf == NULL ? end : lf + 1;
	if (lf == NULL)
		lf = end;
	*lf = '\0';
	if (lf > line && lf[-1] == '\r')
		lf[-1] = '\0';
	return line;
}

static char *thresh_rt_lines(const char *path, char **end)
{
	size_t n;
	char *text = thresh_rt_read(path, &n);

	if (text == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	text = (char *)thresh_rt_need(realloc(text, n + 1));
	text[n] = '\0';
	*end = text + n;
	return text;
}

static int thresh_rt_number(const char *s, double max, double *out)
{
	char *end;

	errno = 0;
	*out = strtod(s, &end);
	return errno == 0 && end != s && *end == '\0' && *out >= 0 && *out <= max ? 0 : -1;
}

static void thresh_rt_manifest_comment(const char *line)
{
	static const char word[] = "# timeout: ";
	double seconds;

	if (strncmp(line, word, sizeof(word) - 1) == 0 &&
		thresh_rt_number(line + sizeof(word) - 1, 1e6, &seconds) == 0)
		thresh_rt_all.list_timeout = seconds;
}

/* "ignored:2030-01-31" is "ignored" before that day and "open" from it on; anything else stays what it is. */
static const char *thresh_rt_state_today(char *state)
{
	static const char shape[] = "ignored:dddd-dd-dd";
	char today[32];
	time_t now = time(NULL);
	struct tm *tm = gmtime(&now);
	size_t i;

	for (i = 0; shape[i] != '\0'; i++)
		if (i >= 8 && shape[i] == 'd' ? state[i] < '0' || state[i] > '9'
					      : state[i] != shape[i])
			return state;
	if (state[i] != '\0' || tm == NULL || strftime(today, sizeof(today), "%Y-%m-%d", tm) == 0)
		return state;
	return strcmp(today, state + 8) < 0 ? "ignored" : "open";
}

static int thresh_rt_manifest_line(const char *file, unsigned number, const char *dir, char *line)
{
	static const char *const states[] = { "fixed", "open", "flaky", "ignored" };
	char *field[4], *p = line, *end;
	const char *state;
	struct thresh_rt_test *t;
	size_t n = 0, s;

	while (n < 4) {
		field[n++] = p;
		p = n < 4 ? strchr(p, '\t') : NULL;
		if (p == NULL)
			break;
		*p++ = '\0';
	}
	state = thresh_rt_state_today(field[0]);
	for (s = 0; s < 4 && strcmp(state, states[s]) != 0; s++)
		;
	if (n < 3 || s == 4 || field[2][0] == '\0') {
		fprintf(stderr,
			"%s:%u: not STATE<tab>RUNS<tab>INPUT<tab>COMMENT, STATE one of fixed, "
			"open, flaky, ignored\n",
			file, number);
		return -1;
	}
	p = thresh_rt_join(dir, field[2]);
	t = thresh_rt_add(p, field[2]);
	free(p);
	t->state = (enum thresh_rt_state)s;
	errno = 0;
	t->runs = strtol(field[1], &end, 10);
	if (errno != 0 || end == field[1] || *end != '\0' || t->runs < 1 || t->runs > 1000000) {
		fprintf(stderr, "%s:%u: runs: not a number from 1 to 1000000\n", file, number);
		return -1;
	}
	if (n == 4) {
		free(t->comment);
		t->comment = thresh_rt_copy(field[3], strlen(field[3]));
	}
	return 0;
}

static int thresh_rt_manifest(const char *file)
{
	char *end, *text = thresh_rt_lines(file, &end), *p = text, *line, *dir;
	unsigned number = 0;
	int rc = 0;

	if (text == NULL)
		return -1;
	dir = thresh_rt_dirname(file);
	while ((line = thresh_rt_line(&p, end)) != NULL) {
		number++;
		if (line[0] == '#')
			thresh_rt_manifest_comment(line);
		else if (line[0] != '\0')
			rc |= thresh_rt_manifest_line(file, number, dir, line);
	}
	free(dir);
	free(text);
	return rc;
}

/* After all tests are known. */
static int thresh_rt_todo(const char *file)
{
	char *end, *text = thresh_rt_lines(file, &end), *p = text, *line;
	const char *base;
	size_t i;

	if (text == NULL)
		return -1;
	while ((line = thresh_rt_line(&p, end)) != NULL) {
		for (i = 0; line[0] != '\0' && line[0] != '#' && i < thresh_rt_all.n; i++) {
			base = strrchr(thresh_rt_all.tests[i].path, '/');
			base = base == NULL ? thresh_rt_all.tests[i].path : base + 1;
			if (strcmp(line, thresh_rt_all.tests[i].path) == 0 ||
				strcmp(line, base) == 0)
				thresh_rt_all.tests[i].state = THRESH_RT_OPEN;
		}
	}
	free(text);
	return 0;
}

/* ---- output ---- */

static void thresh_rt_put_name(FILE *f, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '#' || *s == '\\')
			putc('\\', f);
		putc((unsigned char)*s < ' ' || *s == 127 ? '?' : *s, f);
	}
}

/* As TAP diagnostics: every line behind "# ", control bytes masked. */
static void thresh_rt_put_text(const char *s, size_t n)
{
	size_t i;
	int start = 1;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (start)
			fputs("# ", stdout);
		start = c == '\n';
		putchar(c == '\n' || c == '\t' || (c >= ' ' && c != 127) ? c : '?');
	}
	if (!start)
		putchar('\n');
}

static void thresh_rt_print(size_t number, const struct thresh_rt_test *t)
{
	const char *state = t->state == THRESH_RT_OPEN ? "open" : "flaky";

	printf("%sok %lu - ", t->failed ? "not " : "", (unsigned long)number);
	thresh_rt_put_name(stdout, t->name);
	if (t->state == THRESH_RT_IGNORED) {
		fputs(" # SKIP ignored", stdout);
	} else if (t->state != THRESH_RT_FIXED) {
		printf(" # TODO %s", state);
	} else if (t->failed) {
		printf(" # %s", t->why);
	}
	if (t->comment[0] != '\0' && t->state != THRESH_RT_FIXED) {
		fputs(": ", stdout);
		thresh_rt_put_name(stdout, t->comment);
	}
	putchar('\n');
	if (t->failed) {
		printf("# %s after %.3f s", t->why, t->seconds);
		if (t->runs > 1)
			printf(", in run %ld of %ld", t->passed_runs + 1, t->runs);
		putchar('\n');
		if (t->state == THRESH_RT_FIXED && t->comment[0] != '\0')
			thresh_rt_put_text(t->comment, strlen(t->comment));
		thresh_rt_put_text(t->text, t->text_len);
	} else if (t->state == THRESH_RT_OPEN) {
		puts("# seems fixed");
	}
	if (t->failed && t->state == THRESH_RT_FIXED)
		thresh_rt_all.failures++;
	fflush(stdout);
}

static void thresh_rt_put_xml(FILE *f, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '<' || c == '>' || c == '&' || c == '"')
			fprintf(f, "&#%d;", c);
		else
			putc(c == '\n' || c == '\t' || (c >= ' ' && c < 127) ? c : '?', f);
	}
}

static void thresh_rt_put_attr(FILE *f, const char *name, const char *value)
{
	fprintf(f, " %s=\"", name);
	thresh_rt_put_xml(f, value, strlen(value));
	putc('"', f);
}

static void thresh_rt_junit_test(FILE *f, const char *suite, const struct thresh_rt_test *t)
{
	fputs("  <testcase", f);
	thresh_rt_put_attr(f, "classname", suite);
	thresh_rt_put_attr(f, "name", t->name);
	fprintf(f, " time=\"%.3f\">\n", t->seconds);
	if (t->state == THRESH_RT_IGNORED || (t->failed && t->state != THRESH_RT_FIXED)) {
		fputs("    <skipped", f);
		thresh_rt_put_attr(f, "message", t->comment[0] ? t->comment : "known bug");
		fputs("/>\n", f);
	} else if (t->failed) {
		fputs("    <failure", f);
		thresh_rt_put_attr(f, "message", t->why);
		fputs(">", f);
		thresh_rt_put_xml(f, t->text, t->text_len);
		fputs("</failure>\n", f);
	}
	if (t->kilobytes > 0)
		fprintf(f, "    <system-out>peak memory: %ld KiB</system-out>\n", t->kilobytes);
	fputs("  </testcase>\n", f);
}

static int thresh_rt_junit(const char *path)
{
	const char *suite = strrchr(thresh_rt_all.argv[0], '/');
	FILE *f = fopen(path, "w");
	size_t i, skipped = 0;

	if (f == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	suite = suite == NULL ? thresh_rt_all.argv[0] : suite + 1;
	for (i = 0; i < thresh_rt_all.n; i++)
		skipped += thresh_rt_all.tests[i].state == THRESH_RT_IGNORED ||
			   (thresh_rt_all.tests[i].failed &&
				   thresh_rt_all.tests[i].state != THRESH_RT_FIXED);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite", f);
	thresh_rt_put_attr(f, "name", suite);
	fprintf(f, " tests=\"%lu\" failures=\"%lu\" errors=\"0\" skipped=\"%lu\">\n",
		(unsigned long)thresh_rt_all.n, (unsigned long)thresh_rt_all.failures,
		(unsigned long)skipped);
	for (i = 0; i < thresh_rt_all.n; i++)
		thresh_rt_junit_test(f, suite, &thresh_rt_all.tests[i]);
	fputs("</testsuite>\n", f);
	if (ferror(f) | fclose(f)) {
		fprintf(stderr, "%s: cannot write\n", path);
		return -1;
	}
	return 0;
}

/* ---- running ---- */

struct thresh_rt_fault {
	uint32_t kind; /* 0: an allocation */
	uint64_t at;   /* which one fails; 0: none */
	int after;     /* and all later ones */
};

/*
 * An input that needs a failing allocation says so in a first line of its own: a NUL, "thresh-fault ", which one fails,
 * "+" when all later ones do, too. In front of the number the name of what fails, when that's no allocation. Its
 * length, 0 when there is none.
 */
static size_t thresh_rt_fault(const char *data, size_t len, struct thresh_rt_fault *f)
{
	static const char mark[] = "\0thresh-fault ";
	static const char *const names[] = { "alloc ", "read-one ", "read-half ", "read-eintr ",
		"read-eio ", "stream-eio ", "write-half ", "write-eintr ", "write-enospc " };
	size_t i = sizeof(mark) - 1, k, n;

	memset(f, 0, sizeof(*f));
	if (len < i || memcmp(data, mark, i) != 0)
		return 0;
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		n = strlen(names[k]);
		if (len - i < n || memcmp(data + i, names[k], n) != 0)
			continue;
		f->kind = (uint32_t)k;
		i += n;
		break;
	}
	for (; i < len && data[i] >= '0' && data[i] <= '9' && f->at < UINT64_MAX / 10 - 1; i++)
		f->at = f->at * 10 + (uint64_t)(data[i] - '0');
	if (i < len && data[i] == '+') {
		f->after = 1;
		i++;
	}
	return i < len && data[i] == '\n' && f->at != 0 ? i + 1 : 0;
}

/* Whether it can be had here. */
static int thresh_rt_can_fail(const struct thresh_rt_fault *f)
{
	if (f->kind != 0)
		return thresh_rt_io_begin && thresh_rt_io_end;
#ifdef THRESH_RT_FAULTS_C /* faults.c is in here: comparing what is defined with NULL makes compilers frown */
	return 1;
#else
	return thresh_rt_alloc_begin && thresh_rt_alloc_end;
#endif
}

static void thresh_rt_faults_begin(const struct thresh_rt_fault *f)
{
	if (f->at == 0 || !thresh_rt_can_fail(f))
		return;
	if (f->kind == 0)
		thresh_rt_alloc_begin(f->at, f->after);
	else
		thresh_rt_io_begin(f->kind, f->at, f->after);
}

static void thresh_rt_faults_end(const struct thresh_rt_fault *f)
{
	uint32_t counts[8];

	if (f->at == 0 || !thresh_rt_can_fail(f))
		return;
	if (f->kind == 0)
		thresh_rt_alloc_end();
	else
		thresh_rt_io_end(counts);
}

/* Those that can't be had here are left out, and say why. */
static void thresh_rt_skip_faults(void)
{
	static const char *const why[] = { "needs a failing allocation, and faults.c isn't there",
		"needs a failing read or write, and io.c isn't linked in" };
	struct thresh_rt_fault f;
	char start[64];
	const char *words;
	size_t i;
	int fd;
	ssize_t got;

	for (i = 0; i < thresh_rt_all.n; i++) {
		struct thresh_rt_test *t = &thresh_rt_all.tests[i];

		fd = strcmp(t->path, "-") == 0 ? -1
					       : open(t->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			continue;
		got = pread(fd, start, t->packed && t->len < sizeof(start) ? t->len : sizeof(start),
			(off_t)t->at);
		close(fd);
		if (got <= 0 || thresh_rt_fault(start, (size_t)got, &f) == 0 ||
			thresh_rt_can_fail(&f))
			continue;
		t->state = THRESH_RT_IGNORED;
		free(t->comment);
		words = why[f.kind != 0];
		t->comment = thresh_rt_copy(words, strlen(words));
	}
}

/* One input, in a block of exactly its size; an empty one points behind a block, so that any read is seen. */
/* One input of a pack; NULL with errno. */
static char *thresh_rt_part(const struct thresh_rt_test *t)
{
	int fd = open(t->path, O_RDONLY | O_CLOEXEC);
	char *data = (char *)thresh_rt_need(malloc(t->len + 1));
	size_t n = 0;
	ssize_t got = 1;

	while (fd >= 0 && n < t->len && got > 0) {
		got = pread(fd, data + n, t->len - n, (off_t)(t->at + n));
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
		else if (got == 0)
			errno = ENODATA;
	}
	if (fd >= 0)
		close(fd);
	if (fd < 0 || n < t->len) {
		free(data);
		return NULL;
	}
	return data;
}

static void thresh_rt_run_input(const struct thresh_rt_test *t)
{
	const char *path = t->path;
	size_t len = t->packed ? t->len : thresh_rt_all.input_len;
	char *data = t->packed                ? thresh_rt_part(t)
		     : strcmp(path, "-") == 0 ? thresh_rt_all.input
					      : thresh_rt_read(path, &len);
	uint8_t *block;
	struct thresh_rt_fault fault;
	size_t skip;

	if (data == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	skip = thresh_rt_fault(data, len, &fault);
	len -= skip;
	block = (uint8_t *)thresh_rt_need(malloc(len != 0 ? len : 8));
	memcpy(block, data + skip, len);
	if (data != thresh_rt_all.input)
		free(data);
	if (__msan_unpoison)
		__msan_unpoison(block, len);
	if (__msan_unpoison_param)
		__msan_unpoison_param(2);
	thresh_rt_faults_begin(&fault);
	LLVMFuzzerTestOneInput(len != 0 ? block : block + 8, len);
	thresh_rt_faults_end(&fault);
	free(block);
}

static void thresh_rt_initialize(void)
{
	if (!LLVMFuzzerInitialize ||
		LLVMFuzzerInitialize(&thresh_rt_all.argc, &thresh_rt_all.argv) == 0)
		return;
	fputs("LLVMFuzzerInitialize failed: it didn't return 0\n", stderr);
	fflush(NULL);
	_exit(2); /* without an input there's nothing to be said about it */
}

/* What the target left on the stack is no pointer that holds a leaked block, but looks like one. */
static __attribute__((noinline, no_sanitize_address)) void thresh_rt_wipe_stack(void)
{
	volatile char dead[65536];
	size_t i;

	for (i = 0; i < sizeof(dead); i++)
		dead[i] = 0;
}

/* Zeroed memory that the children write to. */
static void *thresh_rt_share(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return thresh_rt_need(p == MAP_FAILED ? NULL : p);
}

static struct {
	pid_t pid;
	size_t slot;
} thresh_rt_child_of;

static void thresh_rt_on_sanitizer(void)
{
	if (getpid() != thresh_rt_child_of.pid)
		thresh_rt_all.ended[thresh_rt_child_of.slot] = 1;
}

/* From here on this process runs inputs, in the place of slot i. */
static void thresh_rt_watch_forked(size_t i)
{
	thresh_rt_child_of.pid = getpid();
	thresh_rt_child_of.slot = i;
	if (thresh_rt_all.ended == NULL)
		thresh_rt_all.ended = (volatile size_t *)thresh_rt_share(
			THRESH_RT_MAX_JOBS * sizeof(*thresh_rt_all.ended));
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(thresh_rt_on_sanitizer);
}

static void thresh_rt_in_child(
	size_t slot, const struct thresh_rt_chunk *chunk, int err_fd, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);
	struct rlimit core;
	double then, now;
	size_t i;

	setpgid(0, 0);
#ifdef __linux__
	/* who waits for it may be killed; an input that never ends must not go on behind its back */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(1);
	dup2(err_fd, 2);
	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1); /* what a target prints must not look like TAP */
	}
	close(err_fd);
	if (null > 2)
		close(null);
	for (i = 0; i < (size_t)thresh_rt_all.jobs; i++)
		if (thresh_rt_all.slots[i].pid != 0 && thresh_rt_all.slots[i].fd >= 0)
			close(thresh_rt_all.slots[i].fd);
	memset(&core, 0, sizeof(core));
	setrlimit(RLIMIT_CORE, &core);
	thresh_rt_watch_forked(slot);
	thresh_rt_initialize();
	then = thresh_rt_seconds();
	for (i = 0; i < chunk->n; i++) {
		thresh_rt_run_input(&thresh_rt_all.tests[thresh_rt_all.order[chunk->from + i]]);
		if (thresh_rt_all.ended[slot])
			_exit(1); /* the target went on; its child's report stands */
		now = thresh_rt_seconds();
		thresh_rt_all.seconds[chunk->from + i] = now - then;
		then = now;
		thresh_rt_all.returned[slot] = i + 1;
	}
	thresh_rt_wipe_stack();
	exit(0); /* not _exit: leaks are looked for, and coverage is written, at exit */
}

static int thresh_rt_start(size_t i, const struct thresh_rt_chunk *chunk)
{
	struct thresh_rt_slot *s = &thresh_rt_all.slots[i];
	pid_t parent = getpid();
	int fds[2];

	if (pipe(fds) < 0)
		return -1;
	fflush(NULL);
	thresh_rt_all.returned[i] = thresh_rt_all.ended[i] = 0;
	s->pid = fork();
	if (s->pid < 0) {
		s->pid = 0;
		close(fds[0]);
		close(fds[1]);
		return -1;
	}
	if (s->pid == 0) {
		close(fds[0]);
		thresh_rt_in_child(i, chunk, fds[1], parent);
	}
	setpgid(s->pid, s->pid);
	close(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	s->fd = fds[0];
	s->chunk = *chunk;
	s->start = thresh_rt_seconds();
	s->seen = 0;
	s->timed_out = 0;
	s->n_head = s->n_tail = 0;
	return 0;
}

static void thresh_rt_take(struct thresh_rt_slot *s)
{
	char chunk[8192];
	ssize_t got, i;

	while (s->fd >= 0) {
		got = read(s->fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (got <= 0) {
			close(s->fd);
			s->fd = -1;
			return;
		}
		for (i = 0; i < got; i++) {
			if (s->n_head < sizeof(s->head))
				s->head[s->n_head++] = chunk[i];
			else
				s->tail[s->n_tail++ % sizeof(s->tail)] = chunk[i];
		}
	}
}

static void thresh_rt_keep_text(struct thresh_rt_slot *s, struct thresh_rt_test *t)
{
	size_t kept = s->n_tail < sizeof(s->tail) ? s->n_tail : sizeof(s->tail);
	size_t lost = s->n_tail - kept, first = lost > 0 ? s->n_tail % sizeof(s->tail) : 0;
	char *p;

	free(t->text);
	p = t->text = (char *)thresh_rt_need(malloc(s->n_head + kept + 64));
	memcpy(p, s->head, s->n_head);
	p += s->n_head;
	if (lost > 0)
		p += sprintf(p, "\n[%lu bytes left out]\n", (unsigned long)lost);
	memcpy(p, s->tail + first, kept - first);
	memcpy(p + (kept - first), s->tail, first);
	p += kept;
	*p = '\0';
	t->text_len = (size_t)(p - t->text);
}

static const char *thresh_rt_signal_name(int sig)
{
	static const struct {
		int sig;
		const char *name;
	} names[] = { { SIGSEGV, "SIGSEGV" }, { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },
		{ SIGFPE, "SIGFPE" }, { SIGILL, "SIGILL" }, { SIGTRAP, "SIGTRAP" },
		{ SIGKILL, "SIGKILL" }, { SIGTERM, "SIGTERM" }, { SIGPIPE, "SIGPIPE" },
		{ SIGSYS, "SIGSYS" } };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].sig == sig)
			return names[i].name;
	return NULL;
}

/* Adds what the report's first line says, so that the result line tells more than a status. */
static void thresh_rt_add_headline(struct thresh_rt_test *t)
{
	static const char *const starts[] = {
		"ERROR: ", "WARNING: ", "runtime error: ", "Assertion "
	};
	static const char *const ends[] = { " on ", " (", "\n" };
	const char *text = t->text, *at = NULL, *end, *p;
	size_t i, n = strlen(t->why), len, own = 0;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]) && at == NULL; i++) {
		at = strstr(text, starts[i]);
		if (at != NULL && i < 2)
			at += strlen(starts[i]);
		own = i < 2 ? 0
			    : 2; /* addresses follow a sanitizer's, the words of the others all count */
	}
	if (at == NULL)
		return;
	end = at + strlen(at);
	for (i = own; i < sizeof(ends) / sizeof(ends[0]); i++)
		if ((p = strstr(at, ends[i])) != NULL && p < end)
			end = p;
	len = (size_t)(end - at);
	if (len > sizeof(t->why) - n - 3)
		len = sizeof(t->why) - n - 3;
	memcpy(t->why + n, ": ", 2);
	for (i = 0; i < len; i++)
		t->why[n + 2 + i] =
			(unsigned char)at[i] < ' ' || at[i] == '#' || at[i] == 127 ? '?' : at[i];
	t->why[n + 2 + len] = '\0';
}

/* Decides one run. */
static int thresh_rt_judge(
	const struct thresh_rt_slot *s, struct thresh_rt_test *t, int status, int returned)
{
	const char *name;

	if (s->timed_out) {
		snprintf(t->why, sizeof(t->why), "no end within %g s", thresh_rt_all.timeout);
	} else if (WIFSIGNALED(status)) {
		name = thresh_rt_signal_name(WTERMSIG(status));
		if (name != NULL)
			snprintf(t->why, sizeof(t->why), "%s", name);
		else
			snprintf(t->why, sizeof(t->why), "signal %d", WTERMSIG(status));
	} else if (!returned) {
		snprintf(t->why, sizeof(t->why), "exit status %d", WEXITSTATUS(status));
	} else if (WEXITSTATUS(status) != 0) {
		snprintf(t->why, sizeof(t->why), "exit status %d at the end", WEXITSTATUS(status));
	} else {
		return 0;
	}
	return 1;
}

static struct thresh_rt_test *thresh_rt_at(size_t place)
{
	return &thresh_rt_all.tests[thresh_rt_all.order[place]];
}

static void thresh_rt_put_off(size_t from, size_t n)
{
	struct thresh_rt_chunk *c;

	if (n == 0)
		return;
	if (thresh_rt_all.n_again == thresh_rt_all.cap_again) {
		thresh_rt_all.cap_again =
			thresh_rt_all.cap_again ? thresh_rt_all.cap_again * 2 : 16;
		thresh_rt_all.again =
			(struct thresh_rt_chunk *)thresh_rt_need(realloc(thresh_rt_all.again,
				thresh_rt_all.cap_again * sizeof(*thresh_rt_all.again)));
	}
	c = &thresh_rt_all.again[thresh_rt_all.n_again++];
	c->from = from;
	c->n = n;
}

/* One that ran on its own: this decides, or it runs once more. */
static void thresh_rt_finish_one(struct thresh_rt_slot *s, int status, const struct rusage *usage)
{
	struct thresh_rt_test *t = thresh_rt_at(s->chunk.from);
	int returned = thresh_rt_all.returned[s - thresh_rt_all.slots] != 0;

	t->seconds += thresh_rt_seconds() - s->start;
	if (usage->ru_maxrss > t->kilobytes)
		t->kilobytes = usage->ru_maxrss;
	if (thresh_rt_judge(s, t, status, returned)) {
		t->failed = 1;
		thresh_rt_keep_text(s, t);
		thresh_rt_add_headline(t);
	} else {
		t->passed_runs++;
	}
	t->done = t->failed || t->passed_runs >= t->runs;
	if (!t->done)
		thresh_rt_put_off(s->chunk.from, 1);
}

/*
 * Several that ran together. Those before the one that ended the process have yet to be looked at for leaks, and run
 * again; when the process failed only at its end, a half each, until what is to blame is on its own.
 */
static void thresh_rt_finish_many(struct thresh_rt_slot *s, int status)
{
	size_t from = s->chunk.from, n = s->chunk.n, i;
	size_t returned = thresh_rt_all.returned[s - thresh_rt_all.slots];

	if (returned >= n && !s->timed_out && status == 0) {
		for (i = 0; i < n; i++) {
			thresh_rt_at(from + i)->seconds = thresh_rt_all.seconds[from + i];
			thresh_rt_at(from + i)->done = 1;
		}
	} else if (returned >= n) {
		thresh_rt_put_off(from + n / 2, n - n / 2);
		thresh_rt_put_off(from, n / 2);
	} else {
		thresh_rt_put_off(from + returned + 1, n - returned - 1);
		thresh_rt_put_off(from + returned, 1);
		thresh_rt_put_off(from, returned);
	}
}

static void thresh_rt_finish(struct thresh_rt_slot *s, int status, const struct rusage *usage)
{
	kill(-s->pid, SIGKILL); /* whom it left behind */
	thresh_rt_take(s);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->pid = 0;
	if (s->chunk.n == 1)
		thresh_rt_finish_one(s, status, usage);
	else
		thresh_rt_finish_many(s, status);
}

static void thresh_rt_wait(void)
{
	struct pollfd p[THRESH_RT_MAX_JOBS];
	nfds_t n = 0;
	int ms = 50; /* a child whose standard error somebody else holds open */
	long i;

	for (i = 0; i < thresh_rt_all.jobs; i++) {
		if (thresh_rt_all.slots[i].pid == 0)
			continue;
		if (thresh_rt_all.slots[i].fd < 0) {
			ms = 1; /* about to end, as a rule */
			continue;
		}
		p[n].fd = thresh_rt_all.slots[i].fd;
		p[n].events = POLLIN;
		p[n].revents = 0;
		n++;
	}
	poll(p, n, ms);
}

/* Whether it may share a process: what is expected to fail would only cost the others a second run. */
static int thresh_rt_is_sociable(const struct thresh_rt_test *t)
{
	return t->state == THRESH_RT_FIXED && t->runs == 1;
}

/* What to run next: false when there's nothing more. */
static int thresh_rt_next(struct thresh_rt_chunk *c)
{
	if (thresh_rt_all.n_again > 0) {
		*c = thresh_rt_all.again[--thresh_rt_all.n_again];
		return 1;
	}
	while (thresh_rt_all.next < thresh_rt_all.n &&
		thresh_rt_at(thresh_rt_all.next)->state == THRESH_RT_IGNORED)
		thresh_rt_at(thresh_rt_all.next++)->done = 1;
	c->from = thresh_rt_all.next;
	c->n = 0;
	while (c->from + c->n < thresh_rt_all.n && c->n < thresh_rt_all.chunk_max &&
		thresh_rt_is_sociable(thresh_rt_at(c->from + c->n)))
		c->n++;
	if (c->n == 0 && c->from < thresh_rt_all.n)
		c->n = 1;
	thresh_rt_all.next += c->n;
	return c->n > 0;
}

/* A target that doesn't come back; the clock is one test's. */
static void thresh_rt_look_at_clock(size_t i)
{
	struct thresh_rt_slot *s = &thresh_rt_all.slots[i];
	size_t returned = thresh_rt_all.returned[i];

	if (s->timed_out || thresh_rt_all.timeout <= 0)
		return;
	if (s->chunk.n > 1 && returned != s->seen) {
		s->seen = returned;
		s->start = thresh_rt_seconds();
	} else if (thresh_rt_seconds() - s->start > thresh_rt_all.timeout) {
		s->timed_out = 1;
		kill(-s->pid, SIGKILL);
		kill(s->pid, SIGKILL);
	}
}

/* Looks after one slot; starts what is next in it. */
static void thresh_rt_step(size_t i)
{
	struct thresh_rt_slot *s = &thresh_rt_all.slots[i];
	struct thresh_rt_chunk c;
	struct rusage usage;
	int status;

	if (s->pid != 0) {
		thresh_rt_take(s);
		if (wait4(s->pid, &status, WNOHANG, &usage) == s->pid)
			thresh_rt_finish(s, status, &usage);
		else
			thresh_rt_look_at_clock(i);
	}
	if (s->pid != 0 || !thresh_rt_next(&c) || thresh_rt_start(i, &c) == 0)
		return;
	if (c.n > 1) { /* perhaps fewer at a time can be had */
		thresh_rt_put_off(c.from + c.n / 2, c.n - c.n / 2);
		thresh_rt_put_off(c.from, c.n / 2);
		return;
	}
	snprintf(thresh_rt_at(c.from)->why, sizeof(thresh_rt_at(c.from)->why),
		"cannot start a process: %s", strerror(errno));
	thresh_rt_at(c.from)->failed = thresh_rt_at(c.from)->done = 1;
}

static void thresh_rt_run_all(void)
{
	size_t i;

	while (thresh_rt_all.printed < thresh_rt_all.n) {
		for (i = 0; i < (size_t)thresh_rt_all.jobs; i++)
			thresh_rt_step(i);
		while (thresh_rt_all.printed < thresh_rt_all.n &&
			thresh_rt_all.tests[thresh_rt_all.printed].done) {
			thresh_rt_print(thresh_rt_all.printed + 1,
				&thresh_rt_all.tests[thresh_rt_all.printed]);
			thresh_rt_all.printed++;
		}
		if (thresh_rt_all.printed < thresh_rt_all.n)
			thresh_rt_wait();
	}
}

static void thresh_rt_make_order(void)
{
	unsigned long long x = thresh_rt_all.seed * 2654435761u + 88172645463325252ull;
	size_t i, j, swap;

	thresh_rt_all.order = (size_t *)thresh_rt_need(
		malloc((thresh_rt_all.n + 1) * sizeof(*thresh_rt_all.order)));
	for (i = 0; i < thresh_rt_all.n; i++)
		thresh_rt_all.order[i] = i;
	for (i = thresh_rt_all.n; thresh_rt_all.shuffle && i > 1; i--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		j = (size_t)(x % i);
		swap = thresh_rt_all.order[i - 1];
		thresh_rt_all.order[i - 1] = thresh_rt_all.order[j];
		thresh_rt_all.order[j] = swap;
	}
}

/* ---- the command line ---- */

static int thresh_rt_usage(const char *what, const char *arg)
{
	fprintf(stderr,
		"%s: %s%s%s\n"
		"usage: %s [--manifest FILE] [--todo FILE] [--jobs N] [--timeout SECONDS]\n"
		"       [--shuffle SEED] [--junit FILE] [--list] [--alone] [--no-fork] "
		"[FILE|DIR|-]...\n",
		thresh_rt_all.argv[0], what, arg != NULL ? ": " : "", arg != NULL ? arg : "",
		thresh_rt_all.argv[0]);
	return 2;
}

/* An option with a value; -1 when the value is no good, -2 when there is no such option. */
static int thresh_rt_option(const char *name, const char *value, const char **todo)
{
	double number;

	if (strcmp(name, "--manifest") == 0)
		return thresh_rt_manifest(value) < 0 ? -3 : 0;
	if (strcmp(name, "--todo") == 0) {
		*todo = value;
		return 0;
	}
	if (strcmp(name, "--junit") == 0) {
		thresh_rt_all.junit = value;
		return 0;
	}
	if (strcmp(name, "--jobs") == 0) {
		if (thresh_rt_number(value, THRESH_RT_MAX_JOBS, &number) < 0 || number < 1)
			return -1;
		thresh_rt_all.jobs = (long)number;
		return 0;
	}
	if (strcmp(name, "--timeout") == 0)
		return thresh_rt_number(value, 1e6, &thresh_rt_all.timeout);
	if (strcmp(name, "--shuffle") == 0) {
		if (thresh_rt_number(value, 9007199254740992.0, &number) < 0)
			return -1;
		thresh_rt_all.seed = (unsigned long long)number;
		thresh_rt_all.shuffle = 1;
		return 0;
	}
	return -2;
}

static int thresh_rt_is_valued(const char *name)
{
	static const char *const names[] = { "--manifest", "--todo", "--junit", "--jobs",
		"--timeout", "--shuffle" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return 1;
	return 0;
}

static int thresh_rt_parse(int argc, char **argv, const char **todo)
{
	int i, rc, plain = 0, bad = 0;
	char *equals;

	for (i = 1; i < argc; i++) {
		if (plain || argv[i][0] != '-' || argv[i][1] == '\0') {
			bad |= thresh_rt_add_path(argv[i]) < 0;
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			plain = 1;
		} else if (strcmp(argv[i], "--list") == 0) {
			thresh_rt_all.list = 1;
		} else if (strcmp(argv[i], "--alone") == 0) {
			thresh_rt_all.alone = 1;
		} else if (strcmp(argv[i], "--no-fork") == 0) {
			thresh_rt_all.no_fork = 1;
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			printf("usage: %s [OPTION...] [FILE|DIR|-]...\n"
			       "Replays inputs through a fuzz target, each in its own process; "
			       "prints TAP.\n"
			       "  --manifest FILE  tests: STATE<tab>RUNS<tab>INPUT<tab>COMMENT a "
			       "line\n"
			       "  --todo FILE      names of inputs whose failure is known\n"
			       "  --jobs N         processes at once\n"
			       "  --alone          each in a process of its own, however many\n"
			       "  --timeout S      seconds an input may take (60; 0: no limit)\n"
			       "  --shuffle SEED   run in another order\n"
			       "  --junit FILE     also write JUnit XML\n"
			       "  --list           print the tests, run nothing\n"
			       "  --no-fork        all in this process, for debuggers; no TAP\n",
				argv[0]);
			exit(0);
		} else {
			char *name = argv[i], *value;

			equals = strchr(name, '=');
			if (equals != NULL) {
				*equals = '\0';
				value = equals + 1;
			} else if (thresh_rt_is_valued(name) && i + 1 < argc) {
				value = argv[++i];
			} else {
				return thresh_rt_usage(thresh_rt_is_valued(name)
							       ? "this option needs a value"
							       : "no such option",
					name);
			}
			rc = thresh_rt_option(name, value, todo);
			if (rc == -3)
				return 2;
			if (rc < 0)
				return thresh_rt_usage(
					rc == -1 ? "not a value for it" : "no such option", name);
		}
	}
	return bad ? 2 : 0;
}

static int thresh_rt_list_all(void)
{
	size_t i;

	for (i = 0; i < thresh_rt_all.n; i++) {
		thresh_rt_put_name(stdout, thresh_rt_all.tests[i].name);
		putchar('\n');
	}
	return 0;
}

static int thresh_rt_run_here(void)
{
	size_t i;
	long run;

	thresh_rt_watch_forked(0);
	thresh_rt_initialize();
	for (i = 0; i < thresh_rt_all.n; i++)
		for (run = 0; run < thresh_rt_all.tests[i].runs; run++)
			if (thresh_rt_all.tests[i].state != THRESH_RT_IGNORED)
				thresh_rt_run_input(&thresh_rt_all.tests[i]);
	return thresh_rt_all.ended[0] != 0;
}

static int thresh_rt_replay(void)
{
	size_t i;

	if (thresh_rt_all.n == 0) {
		puts("1..0 # SKIP no inputs");
		return thresh_rt_all.junit != NULL && thresh_rt_junit(thresh_rt_all.junit) < 0 ? 2
											       : 0;
	}
	thresh_rt_make_order();
	thresh_rt_all.slots = (struct thresh_rt_slot *)thresh_rt_need(
		calloc((size_t)thresh_rt_all.jobs, sizeof(*thresh_rt_all.slots)));
	thresh_rt_all.returned = (volatile size_t *)thresh_rt_share(
		THRESH_RT_MAX_JOBS * sizeof(*thresh_rt_all.returned));
	thresh_rt_all.ended = (volatile size_t *)thresh_rt_share(
		THRESH_RT_MAX_JOBS * sizeof(*thresh_rt_all.ended));
	thresh_rt_all.seconds =
		(double *)thresh_rt_share(thresh_rt_all.n * sizeof(*thresh_rt_all.seconds));
	thresh_rt_all.chunk_max = 1;
	if (!thresh_rt_all.alone && thresh_rt_all.n > THRESH_RT_FEW)
		thresh_rt_all.chunk_max = thresh_rt_all.n / ((size_t)thresh_rt_all.jobs * 3) + 1;
	if (thresh_rt_all.chunk_max > THRESH_RT_CHUNK)
		thresh_rt_all.chunk_max = THRESH_RT_CHUNK;
	signal(SIGPIPE, SIG_DFL);
	printf("1..%lu\n", (unsigned long)thresh_rt_all.n);
	thresh_rt_run_all();
	if (thresh_rt_all.junit != NULL && thresh_rt_junit(thresh_rt_all.junit) < 0)
		return 2;
	for (i = 0; i < thresh_rt_all.n; i++)
		free(thresh_rt_all.tests[i].text);
	free(thresh_rt_all.again);
	return thresh_rt_all.failures > 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *fd = getenv("THRESH_RT_FD"), *todo = NULL;
	size_t i;
	int rc;

	if (fd != NULL && thresh_rt_serve)
		return thresh_rt_serve(atoi(fd), argc, argv);
	thresh_rt_all.argc = argc;
	thresh_rt_all.argv = argv;
	thresh_rt_all.timeout = thresh_rt_all.list_timeout = -1;
	thresh_rt_all.jobs = sysconf(_SC_NPROCESSORS_ONLN);
	if (thresh_rt_all.jobs < 1)
		thresh_rt_all.jobs = 1;
	if (thresh_rt_all.jobs > THRESH_RT_MAX_JOBS)
		thresh_rt_all.jobs = THRESH_RT_MAX_JOBS;
	if (argc < 2)
		return thresh_rt_usage("no input given", NULL);
	rc = thresh_rt_parse(argc, argv, &todo);
	if (rc != 0 || (todo != NULL && thresh_rt_todo(todo) < 0))
		return 2;
	for (i = 0; i < thresh_rt_all.n && thresh_rt_all.input == NULL; i++)
		if (strcmp(thresh_rt_all.tests[i].path, "-") == 0)
			thresh_rt_all.input = thresh_rt_read("-", &thresh_rt_all.input_len);
	if (thresh_rt_all.timeout < 0)
		thresh_rt_all.timeout =
			thresh_rt_all.list_timeout >= 0 ? thresh_rt_all.list_timeout : 60;
	thresh_rt_skip_faults();
	if (thresh_rt_all.list)
		return thresh_rt_list_all();
	if (thresh_rt_all.no_fork)
		return thresh_rt_run_here();
	return thresh_rt_replay();
}
