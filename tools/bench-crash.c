/*
 * Reports per second, and time per byte of the worst lines each grammar allows:
 * `bench-crash LOG...` parses, judges and signs every log over and over for two seconds; `bench-crash --worst` feeds
 * 10 MB of lines made to be slow, one line each, and 100 MB of noise before a report.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "base/fs.h"
#include "crash/crash.h"
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sign_once(struct strv text)
{
	struct crash_report *r = crash_parse(text);
	struct crash_signature s;

	crash_finish(r, NULL);
	crash_sign(r, NULL, &s);
	crash_signature_release(&s);
	crash_report_free(r);
}

static int bench_logs(int n, char **paths)
{
	struct buf *texts = xcalloc((size_t)n, sizeof(*texts));
	size_t bytes = 0, reports = 0;
	struct err err = ERR_INIT;
	double start, took;

	for (int i = 0; i < n; i++) {
		if (fs_read(paths[i], 64 << 20, &texts[i], &err) < 0) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		bytes += texts[i].len;
	}
	start = cpu_seconds();
	do {
		for (int i = 0; i < n; i++)
			sign_once(strv_n(texts[i].s, texts[i].len));
		reports += (size_t)n;
		took = cpu_seconds() - start;
	} while (took < 2);
	printf("%.0f reports/s/core over %d logs of %zu bytes on average (%.0f MB/s)\n",
		(double)reports / took, n, bytes / (size_t)n,
		(double)reports / n * (double)bytes / took / 1e6);
	for (int i = 0; i < n; i++)
		buf_release(&texts[i]);
	free(texts);
	return 0;
}

static void feed_repeated(const char *name, const char *head, const char *unit, size_t total)
{
	struct crash_parser *p = crash_parser_new();
	struct crash_report **all;
	struct rusage use;
	size_t len = strlen(unit), n, at, fed = 0;
	struct buf chunk = BUF_INIT;
	double start;

	while (chunk.len + len < 65536)
		buf_adds(&chunk, unit);
	start = cpu_seconds();
	crash_parser_feed(p, head, strlen(head));
	for (; fed < total; fed += chunk.len)
		crash_parser_feed(p, chunk.s, chunk.len);
	crash_parser_feed(p, "\n==1==ERROR: AddressSanitizer: SEGV on unknown address 0x1\n", 58);
	all = crash_parser_end(p, &n, &at);
	for (size_t i = 0; i < n; i++)
		crash_finish(all[i], NULL);
	getrusage(RUSAGE_SELF, &use);
	printf("%-34s %6.2f s for %zu MB, peak %ld MB\n", name, cpu_seconds() - start, total >> 20,
		use.ru_maxrss >> 10);
	crash_reports_free(all, n);
	buf_release(&chunk);
}

static int bench_worst(void)
{
	static const struct {
		const char *name, *head, *unit;
	} lines[] = {
		{ "one line of brackets", "#0 0x1 in ", "(" },
		{ "one line of angle brackets", "#0 0x1 in ", "<a" },
		{ "one line of triggers", "", "ERROR: WARNING: runtime error: panicked at " },
		{ "one line of hashes", "", " #0 0x1 in " },
		{ "frames with one huge name", "", "#0 0x1 in f<g<h<i<j<k(((((((((((((( /a:1:1\n" },
		{ "one stack without end", "==1==ERROR: AddressSanitizer: SEGV on x\n",
			"#1 0x10 in f /a/b/c.c:1:1\n" },
		{ "UBSan errors without end", "", "a.c:1:1: runtime error: load of x\n" },
		{ "headlines without end", "",
			"==1==ERROR: AddressSanitizer: heap-use-after-free\n" },
		{ "stacks without end", "==1==ERROR: AddressSanitizer: SEGV on x\n",
			"freed by thread T0 here:\n#0 0x1 in f\n" },
		{ "escape sequences", "", "\033[1m#0 0x1\033[0m" },
		{ "glibc frames", "", "./a(f+0x1)[0x1" },
		{ "assertions with ' vs. '", "", "Check failed: a ( (( vs. " },
		{ "gdb arguments", "#0  f (", "a=\"\\\", b=(" },
		{ "offsets without end", "#0 0x1 in ", "(a+0x1" },
		{ "roots without end", "#0 0x1 in ", " /a:/" },
		{ "anonymous namespaces", "#0 0x1 in ", "(anonymous namespace)::" },
		{ "Windows' debugger", "(1.2): x - code c0000005 (x)\n",
			"00000000`0012f8a0 00007ff6`1234abcd 12345678 m!f+0x12 [c:\\a @ 1]\n" },
		{ "Windows' debugger, one line", "(1.2): x - code c0000005 (x)\n", "12345678 " },
		{ "kernel frames", "BUG: KASAN: use-after-free in f\nCall Trace:\n",
			"[ 1.2] [<ff>] f+0x1/0x2 a.c:1 [inline]\n" },
		{ "kernel brackets", "BUG: KASAN: use-after-free in f\nCall Trace:\n", "[a] " },
		{ "honggfuzz", "SIGNAL: SIGSEGV (11)\n",
			" <0x1> [func:f file:a line:1 module:m]\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		feed_repeated(lines[i].name, lines[i].head, lines[i].unit, 10 << 20);
	feed_repeated("noise, then a report", "", "some line of a chatty program: 0x12 (ok) #3\n",
		100 << 20);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: bench-crash LOG... | --worst\n");
		return 2;
	}
	return strcmp(argv[1], "--worst") ? bench_logs(argc - 1, argv + 1) : bench_worst();
}
