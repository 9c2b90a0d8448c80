/* The engines on small harnesses: what they find, share, leave behind, and say when they can't run. */
#include "base/prelude.h"
#include "base/dir.h"
#include "engine/afl_places.h"
#include "engine/handed.h"
#include "engine/slice.h"
#include "engine/unstored.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "build/build.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct toolchain tools;
static char *top; /* one project for all: the runtime is compiled once */

#define HEAD                                                                                   \
	"#include <stdint.h>\n#include <stddef.h>\n#include <stdlib.h>\n#include <string.h>\n" \
	"#include <stdio.h>\n#include <unistd.h>\n#include <signal.h>\n"                       \
	"int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);\n"
#define BODY(code) \
	HEAD "int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)\n{\n" code "\nreturn 0;\n}\n"

/* Step by step, so that each byte is coverage of its own. */
#define SHALLOW                                                     \
	"static volatile int y; if (n > 2 && d[0] == 'H') { y++;\n" \
	" if (d[1] == 'I') { y++; if (d[2] > '@') { y++; if (d[2] > 'z') abort(); } } }\n"

static const struct {
	const char *name, *code;
} harnesses[] = {
	{ "shallow",
		BODY("volatile int x = 0; if (n && d[0] > 'a') x++; if (n > 9) x++;\n" SHALLOW) },
	/* fails on nearly all there is, and has something behind that */
	{ "everywhere", BODY("volatile uint8_t *p = malloc(n); volatile int z = 0; if (n > 1 && "
			     "p[n]) z++;\nfree((void *)p);\n"
			     "if (n > 2 && d[0] == 'H') { z++; if (d[1] == 'I') z++; }") },
	/* a signal for half of all inputs, an abort for some, and something behind them */
	{ "signals", BODY("static volatile int w; volatile int *null = 0; if (n > 1 && d[1] & 1) w "
			  "= *null;\n"
			  "if (n > 4 && d[4] == 'a') abort(); if (n > 2 && d[0] == 'H') { w++;\n"
			  "if (d[2] == 'I') { w++; if (n > 3 && d[3] == '!') { w++; raise(SIGFPE); "
			  "} } }") },
	/* what is written there, half of all inputs write where the process could not go on behind it */
	{ "spoils", BODY("volatile char a[16]; volatile size_t i;\n"
			 "for (i = 16; n > 1 && d[1] & 1 && i < 2000; i++) a[i] = 'A';\n"
			 "if (n > 2 && d[0] == 'H') { a[1] = 1; if (d[2] == 'I') a[2] = 1; }") },
	/* half of all inputs fail, one in eight leaves what it allocated, and all share a table that stays */
	{ "leaves", BODY("static void *table; volatile int *null = 0; void *volatile p;\n"
			 "if (!table) table = malloc(100); if (n > 1 && d[1] & 1) null[0] = 1;\n"
			 "p = malloc(10); if (n > 0 && d[0] % 8 == 3 && p) { p = NULL; return 0; "
			 "}\n"
			 "free(p);") },
	/* a byte for each process that runs inputs, half of which end it */
	{ "ends",
		BODY("static int begun; static volatile int w; volatile int *null = 0;\n"
		     "if (!begun++) { FILE *f = fopen(\"starts\", \"a\"); if (f) { fputc('.', f); "
		     "fclose(f); } }\n"
		     "if (n > 0 && d[0] & 1) w = *null;\n"
		     "if (n > 2 && d[1] == 'H') { w++; if (d[2] == 'I') w++; }") },
	/* no end, for one input in thirty-two */
	{ "endless", BODY("static volatile unsigned v; if (n > 1 && d[1] % 32 == 1) for (;;) v++;\n"
			  "if (n > 2 && d[0] == 'H') { v++; if (d[2] == 'I') v++; }") },
	{ "grows", BODY("static volatile unsigned w; if (n > 3 && d[0] == 'a') { w++; if (d[1] == "
			"'b') {\n"
			"w++; if (d[2] == 'c') { w++; if (d[3] == 'd') w++; } } }") },
	{ "empty", BODY("if (n == 0) abort(); (void)d;") },
	/* only sanitizers see it */
	{ "guarded", BODY("\n#if __has_feature(address_sanitizer)\n"
			  "if (n > 1 && d[0] == 'H') abort();\n#endif\n(void)d; (void)n;") },
	{ "early", HEAD "__attribute__((constructor)) static void boom(void)\n"
			"{ fputs(\"no licence found\\n\", stderr); _exit(3); }\n"
			"int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; return "
			"n > 9; }\n" },
	/* with code that is linked in front of libFuzzer's, and nearly always in the midst of an input */
	{ "startup", HEAD
		"__attribute__((constructor, section(\".text.startup\"))) static void ready(void)\n"
		"{ static volatile int r; if (getenv(\"HOME\")) r++; }\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; usleep(300000); "
		"return n > 9; }\n" },
	/* found by being there, never by running more: most of a slice is left to the other tests */
	{ "magic", BODY("usleep(100);\nif (n == 32 && !memcmp(d, "
			"\"0123456789abcdefFEDCBA9876543210\", 32)) "
			"abort();") },
	{ "litter", BODY("static int done; (void)d; (void)n;\n"
			 "if (!done++) { pid_t p = fork(); if (p == 0) { setsid(); for (;;) "
			 "pause(); }\n"
			 "  FILE *f = fopen(\"left-behind\", \"w\"); if (f) { fprintf(f, \"%d\", "
			 "(int)p); "
			 "fclose(f); }\n"
			 "  f = fopen(getenv(\"THRESH_TEST_OUTSIDE\"), \"w\"); if (f) fclose(f); "
			 "}\n") },
	{ "flood",
		BODY("for (int i = 0; i < 50; i++) fputs(\"#9\\tNEW cov: 77777777777777777777777 "
		     "corp: x\\n\", stderr);\n" SHALLOW) },
};

/* A slice whose length is no part of the test: it ends once it has shown what is asked, and on a busy machine goes on. */
#define PATIENCE_MS 120000

struct seen {
	unsigned found, offered, ticks;
	/* What a slice has to show before it ends early; all of it. 0 and NULL: nothing. */
	struct {
		unsigned found, offered;
		uint64_t execs;     /* more than that */
		uint64_t per_start; /* more than that, for each start of the engine */
		const char *names;  /* a corpus: at least as many files as n_names */
		size_t n_names;
		bool litter, leaves;
	} until;
	bool leaves; /* one was found that only leaves something */
	bool stop_on_found;
	bool refuse; /* the store can't be written */
	char kind[16], first[64];
	size_t first_len;
	const char *starts_file; /* bytes of it, at the last tick */
	off_t starts;
	const char *drop_into; /* a corpus: the magic input is put there at the first tick */
	pid_t litter;
	const char *litter_file, *litter_exe;
	unsigned litter_ran;
};

static enum engine_ack on_found(void *arg, const struct engine_find *f)
{
	struct seen *s = arg;
	struct buf b = BUF_INIT;

	s->offered++;
	if (s->refuse)
		return ENGINE_UNSTORED;
	assert_int_equal(fs_read(f->path, 1 << 20, &b, NULL), 0);
	if (!s->found++) {
		snprintf(s->kind, sizeof(s->kind), "%s", f->kind);
		s->first_len = MIN(b.len, sizeof(s->first));
		memcpy(s->first, buf_str(&b), s->first_len);
	}
	s->leaves |= b.len && b.s[0] % 8 == 3 && (b.len < 2 || !(b.s[1] & 1));
	buf_release(&b);
	return s->stop_on_found ? ENGINE_ENOUGH : ENGINE_STORED;
}

static const char magic[] = "0123456789abcdefFEDCBA9876543210";

static void put_input(const char *dir, const char *text)
{
	char hex[SHA1_HEX], *path;

	hash_sha1(text, strlen(text), hex);
	path = fs_join(dir, hex);
	assert_int_equal(fs_mkdirs(dir, NULL), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

/* Processes that run this program. */
static unsigned running(const char *exe)
{
	struct strlist names = STRLIST_INIT;
	unsigned n = 0;

	assert_int_equal(fs_list("/proc", &names, NULL), 0);
	for (size_t i = 0; i < names.n; i++) {
		char *link = xasprintf("/proc/%s/exe", names.v[i]), to[4096];
		ssize_t len = readlink(link, to, sizeof(to) - 1);

		to[len < 0 ? 0 : len] = '\0';
		n += strcmp(to, exe) == 0;
		free(link);
	}
	strlist_release(&names);
	return n;
}

static size_t n_files(const char *dir)
{
	struct strlist names = STRLIST_INIT;
	size_t n;

	fs_list(dir, &names, NULL);
	n = names.n;
	strlist_release(&names);
	return n;
}

static bool has_shown(const struct seen *s, const struct engine_stats *st)
{
	const struct seen nothing = { .found = 0 };

	return memcmp(&s->until, &nothing.until, sizeof(s->until)) != 0 &&
	       s->found >= s->until.found && s->offered >= s->until.offered &&
	       (!s->until.execs || st->execs > s->until.execs) &&
	       (!s->until.per_start || st->execs > s->until.per_start * (st->restarts + 1)) &&
	       (!s->until.names || n_files(s->until.names) >= s->until.n_names) &&
	       (!s->until.leaves || s->leaves) &&
	       (!s->until.litter || (s->litter && s->litter_ran));
}

static int on_tick(void *arg, const struct engine_stats *st)
{
	struct seen *s = arg;
	struct buf b = BUF_INIT;
	struct stat file;
	uint64_t pid;

	s->ticks++;
	if (s->drop_into && s->ticks == 1)
		put_input(s->drop_into, magic);
	if (s->litter_file && !s->litter && fs_read(s->litter_file, 100, &b, NULL) == 0 &&
		num_u64(strv_n(buf_str(&b), b.len), &pid) == 0)
		s->litter = (pid_t)pid;
	if (s->litter_exe)
		s->litter_ran = running(s->litter_exe);
	if (s->starts_file && stat(s->starts_file, &file) == 0)
		s->starts = file.st_size;
	buf_release(&b);
	return has_shown(s, st);
}

/* --- one harness, one engine --- */

struct setup {
	struct engine_job job;
	struct seen seen;
	struct engine_stats stats;
	struct err err;
	const struct engine_ops *ops;
	char *dir, *corpus, *work, *exe, *cmplog; /* cmplog: the engine's other build */
};

static char *build(const char *name, enum variant v)
{
	struct config_build b = { .name = "" };
	struct config_harness h = { .name = name, .build = &b };
	struct config c = { .dir = top,
		.project = "t",
		.builds = &b,
		.n_builds = 1,
		.harnesses = &h,
		.n_harnesses = 1 };
	char *src = xasprintf("%s/%s.c", top, name), *state = fs_join(top, ".thresh");
	struct build_result r;
	struct err err = ERR_INIT;
	char *exe;

	for (size_t i = 0; i < ARRAY_LEN(harnesses); i++)
		if (strcmp(harnesses[i].name, name) == 0 && !fs_exists(src))
			fs_write(src, harnesses[i].code, strlen(harnesses[i].code), 0600, NULL);
	h.source = src;
	c.state_dir = state;
	if (build_variant(&c, &h, NULL, v, &tools, 2, &r, &err) < 0)
		print_error("%s\n", err.msg);
	exe = r.exe ? xstrdup(r.exe) : NULL;
	build_result_release(&r);
	free(src);
	free(state);
	return exe;
}

/* False when the engine can't be had here: the test is then skipped. */
static bool setup(struct setup *s, const char *engine, const char *harness, uint64_t slice_ms)
{
	bool afl = strcmp(engine, "aflpp") == 0;

	*s = (struct setup){ .ops = engine_by_name(engine) };
	assert_non_null(s->ops);
	if (toolchain_lacks(&tools, afl ? VARIANT_AFL : VARIANT_LIBFUZZER) ||
		(afl && !tools.afl_fuzz))
		return false;
	s->exe = build(harness, afl ? VARIANT_AFL : VARIANT_LIBFUZZER);
	assert_non_null(s->exe);
	s->dir = fs_tmpdir("thresh-test", NULL);
	s->corpus = fs_join(s->dir, "corpus");
	s->work = fs_join(s->dir, "work");
	s->job = (struct engine_job){ .harness = harness,
		.exe = s->exe,
		.corpus_dir = s->corpus,
		.work_dir = s->work,
		.slice_ms = slice_ms,
		.max_len = 256,
		.timeout_ms = 2000,
		.memory = 1ULL << 30,
		.seed = 7 };
	put_input(s->corpus, "hello");
	return true;
}

static int go(struct setup *s)
{
	int rc = s->ops->run(&s->job, on_found, on_tick, &s->seen, &s->stats, &s->err);

	if (rc != 0)
		print_message("# %s\n", s->err.msg);
	return rc;
}

static void teardown(struct setup *s)
{
	if (s->dir)
		fs_remove_tree(s->dir, NULL);
	free(s->dir);
	free(s->corpus);
	free(s->work);
	free(s->exe);
	free(s->cmplog);
}

static void no_children_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void names_are_contents(const char *dir, size_t at_least)
{
	struct strlist names = STRLIST_INIT;

	assert_int_equal(fs_list(dir, &names, NULL), 0);
	assert_true(names.n >= at_least);
	for (size_t i = 0; i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]), hex[SHA1_HEX];
		struct buf b = BUF_INIT;

		assert_int_equal(fs_read(path, 1 << 20, &b, NULL), 0);
		hash_sha1(buf_str(&b), b.len, hex);
		buf_release(&b);
		assert_string_equal(hex, names.v[i]);
		free(path);
	}
	strlist_release(&names);
}

static void finds_and_goes_on(const char *engine)
{
	struct setup s;

	if (!setup(&s, engine, "shallow", PATIENCE_MS))
		skip();
	s.seen.until.found = 1;
	s.seen.until.names = s.corpus;
	s.seen.until.n_names = 3;
	put_input(s.corpus, "HI?");
	if (strcmp(engine, "aflpp") == 0 && !toolchain_lacks(&tools, VARIANT_AFL_CMPLOG))
		s.job.cmplog_exe = s.cmplog = build("shallow", VARIANT_AFL_CMPLOG);
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	/* or, where its target has gone on at that place before it was looked at: */
	if (strcmp(s.seen.kind, ENGINE_SURVIVED) != 0)
		assert_string_equal(s.seen.kind, "crash");
	assert_memory_equal(s.seen.first, "HI", 2);
	/* each was run; how many more there were is luck */
	assert_true(s.stats.execs >= 3);
	assert_true(s.stats.edges > 0);
	assert_int_equal(s.stats.crashes, s.seen.found);
	names_are_contents(s.corpus, 3);
	no_children_left();
	teardown(&s);
}

static void libfuzzer_finds(void **state)
{
	(void)state;
	finds_and_goes_on("libfuzzer");
}

/* Slices take turns on the build without sanitizers: what that one passes over the next one finds. */
static void libfuzzer_takes_turns(void **state)
{
	struct setup s;
	char *turn;

	(void)state;
	if (!setup(&s, "libfuzzer", "guarded", PATIENCE_MS))
		skip();
	turn = fs_join(s.work, "turn");
	assert_int_equal(fs_mkdirs(s.work, NULL), 0);
	assert_int_equal(fs_write(turn, "1", 1, 0600, NULL), 0);
	s.job.plain_exe = s.cmplog = build("guarded", VARIANT_LIBFUZZER_PLAIN);
	assert_non_null(s.cmplog);
	put_input(s.corpus, "HI?");
	s.seen.until.execs = 1000;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.found, 0);
	assert_int_equal(fs_write(turn, "0", 1, 0600, NULL), 0);
	s.seen.until.execs = 0;
	s.seen.until.found = 1;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_memory_equal(s.seen.first, "H", 1);
	free(turn);
	teardown(&s);
}

static void aflpp_finds(void **state)
{
	(void)state;
	finds_and_goes_on("aflpp");
}

static void reported_once(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "magic", 3000))
		skip();
	put_input(s.corpus, magic);
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.found, 1);
	assert_memory_equal(s.seen.first, magic, 32);
	names_are_contents(s.corpus, 1); /* and the crashing one is no longer in the way */
	/* in another slice it is told again: what is known is for the store to say, which may be another one by now */
	put_input(s.corpus, magic);
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.found, 2);
	assert_int_equal(s.stats.crashes, 1);
	/* each was run; how many more there were is luck */
	assert_true(s.stats.execs >= 3);
	teardown(&s);
}

/* What can't be stored is offered again within the slice, then in the next one, and by nothing lost on the way. */
static void kept_until_stored(const char *engine)
{
	struct setup s;

	if (!setup(&s, engine, "magic", PATIENCE_MS))
		return;
	s.seen.until.offered = 2;
	put_input(s.corpus, magic);
	s.seen.refuse = true;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.offered >= 2);
	assert_int_equal(s.seen.found, 0);
	assert_int_equal(s.stats.crashes, 0);
	assert_int_equal(s.stats.unstored, 1);
	assert_int_equal(engine_unstored(s.work), 1);
	/* the corpus no longer has it: only what was kept can bring it */
	s.seen.refuse = false;
	s.job.slice_ms = 500;
	assert_int_equal(fs_remove_tree(s.corpus, NULL), 0);
	put_input(s.corpus, "hello");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.found, 1);
	assert_memory_equal(s.seen.first, magic, 32);
	assert_string_equal(s.seen.kind, "crash");
	assert_int_equal(s.stats.unstored, 0);
	assert_int_equal(engine_unstored(s.work), 0);
	teardown(&s);
}

static void nothing_unstored_is_lost(void **state)
{
	(void)state;
	kept_until_stored("libfuzzer");
	kept_until_stored("aflpp");
}

static void goes_past(const char *what)
{
	struct setup s;

	if (!setup(&s, "libfuzzer", what, PATIENCE_MS))
		skip();
	s.seen.until.found = 1;
	s.seen.until.per_start = 2000;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_string_equal(s.seen.kind, "crash");
	if (s.stats.execs <= 2000 * (s.stats.restarts + 1))
		fail_msg("%llu runs in %llu starts", (unsigned long long)s.stats.execs,
			(unsigned long long)s.stats.restarts + 1);
	no_children_left();
	teardown(&s);
}

/* What nearly all inputs meet is reported, and doesn't hide what lies behind. */
static void libfuzzer_goes_past(void **state)
{
	(void)state;
	goes_past("everywhere");
	goes_past("spoils");
}

/* What leaks is told of, too, in a process that survives failures. */
static void libfuzzer_sees_leaks(void **state)
{
	struct setup s;
	struct buf b = BUF_INIT;
	char *file;

	(void)state;
	if (!setup(&s, "libfuzzer", "leaves", PATIENCE_MS))
		skip();
	handed_add(&b, "a", 1);
	handed_add(&b, "\x0b", 1);
	file = fs_join(s.dir, "handed");
	assert_int_equal(fs_write(file, b.s, b.len, 0600, NULL), 0);
	s.job.handed = file;
	s.seen.until.leaves = true;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.leaves);
	buf_release(&b);
	free(file);
	teardown(&s);
}

/* Failures at a place that is known cost no process. */
static void aflpp_survives(void **state)
{
	struct setup s;
	char *file;
	int dir;

	(void)state;
	/* its time alone: what it ran is told once a minute, and at the end */
	if (!setup(&s, "aflpp", "ends", 10000))
		skip();
	file = xasprintf("%s/scratch/starts", s.work);
	s.seen.starts_file = file;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	if (!s.seen.starts || (uint64_t)s.seen.starts > s.stats.execs / 20)
		fail_msg("%llu runs in %lld processes", (unsigned long long)s.stats.execs,
			(long long)s.seen.starts);
	no_children_left();
	free(file);
	/* what fails from now on may fail of that, and what failed before can't */
	assert_string_equal(s.seen.kind, "crash");
	file = fs_join(s.work, "places");
	dir = dir_open(file, NULL);
	assert_true(dir >= 0);
	assert_int_equal(dir_write(dir, "first", s.seen.first, s.seen.first_len, NULL), 0);
	assert_int_equal(dir_write(dir, "other", "another", 7, NULL), 0);
	assert_false(afl_places_doubt(dir, "ends", dir, "first"));
	assert_true(afl_places_doubt(dir, "ends", dir, "other"));
	assert_true(afl_places_doubt(dir, "ends", dir, "gone"));
	assert_false(afl_places_doubt(dir, "none", dir, "other"));
	close(dir);
	free(file);
	teardown(&s);
}

/* What was made beforehand is run before all else, the failing among it, too, and once. */
static void libfuzzer_hands_out(void **state)
{
	struct setup s;
	struct buf b = BUF_INIT;
	char *file;

	(void)state;
	if (!setup(&s, "libfuzzer", "magic", PATIENCE_MS))
		skip();
	for (unsigned i = 0; i < 40; i++)
		handed_add(&b, i == 20 ? magic : "0123456789", i == 20 ? 32 : 1 + i % 10);
	file = fs_join(s.dir, "handed");
	assert_int_equal(fs_write(file, b.s, b.len, 0600, NULL), 0);
	s.job.handed = file;
	s.seen.stop_on_found = true;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_memory_equal(s.seen.first, magic, 32);
	assert_true(s.stats.handed);
	assert_false(fs_exists(file));
	buf_release(&b);
	free(file);
	teardown(&s);
}

static char *put_handed(const struct setup *s, const char *name, unsigned n)
{
	char *file = fs_join(s->dir, name);
	struct buf b = BUF_INIT;

	for (unsigned i = 0; i < n; i++)
		handed_add(&b, "0123456789", 1 + i % 10);
	assert_int_equal(fs_write(file, b.s, b.len, 0600, NULL), 0);
	buf_release(&b);
	return file;
}

static uint64_t left_of(const struct setup *s, const char *name)
{
	char *path = fs_join(s->work, name);
	struct buf b = BUF_INIT;
	uint64_t next = 0, left;

	fs_read(path, FS_NO_LIMIT, &b, NULL);
	if (b.len > sizeof(next))
		memcpy(&next, b.s, sizeof(next));
	left = b.len - next;
	buf_release(&b);
	free(path);
	return left;
}

/* Prefixes wait for a slice with sanitizers and for what presses; what is left of them comes before others. */
static void libfuzzer_hands_out_prefixes(void **state)
{
	struct setup s;
	char *edges, *file;

	(void)state;
	if (!setup(&s, "libfuzzer", "magic", PATIENCE_MS))
		skip();
	s.job.slice_ms = 1500;
	edges = put_handed(&s, "edges", 40);
	file = put_handed(&s, "prefixes", 3000000); /* there is no time for all of them */
	s.job.handed = edges;
	s.job.prefixes = file;
	assert_int_equal(go(&s), 0);
	assert_true(s.stats.handed && !fs_exists(edges));
	assert_true(fs_exists(file)); /* another time */
	/* without sanitizers */
	s.job.plain_exe = s.exe;
	assert_int_equal(go(&s), 0);
	assert_true(fs_exists(file) && !s.stats.handed);
	assert_int_equal(go(&s), 0);
	assert_false(s.stats.handed || fs_exists(file));
	assert_true(left_of(&s, "handed/prefixes") > 0);
	free(file);
	/* those that come meanwhile stay where they are */
	file = put_handed(&s, "prefixes", 1);
	assert_int_equal(go(&s), 0); /* plain */
	assert_int_equal(go(&s), 0);
	assert_true(fs_exists(file));
	free(file);
	free(edges);
	teardown(&s);
}

/* Neither does one that is a signal: the process goes on behind it, and each place is told. */
static void libfuzzer_survives_signals(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "signals", PATIENCE_MS))
		skip();
	s.seen.until.found = 3;
	s.seen.until.per_start = 2000;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 3);
	if (s.stats.execs <= 2000 * (s.stats.restarts + 1))
		fail_msg("%llu runs in %llu starts", (unsigned long long)s.stats.execs,
			(unsigned long long)s.stats.restarts + 1);
	no_children_left();
	teardown(&s);
}

/* That it is told to end is no end of the target's, wherever its code lies. */
static void libfuzzer_ends_when_told(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "startup", PATIENCE_MS))
		skip();
	s.seen.until.execs = 1;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.offered, 0);
	no_children_left();
	teardown(&s);
}

/* An input that never ends costs the limit, and the process, once; those behind it a little. */
static void libfuzzer_cuts_short(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "endless", PATIENCE_MS))
		skip();
	s.job.timeout_ms = 1000;
	s.seen.until.found = 2;
	s.seen.until.per_start = 500;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 2);
	assert_string_equal(s.seen.kind, "timeout");
	if (s.stats.execs <= 500 * (s.stats.restarts + 1))
		fail_msg("%llu runs in %llu starts", (unsigned long long)s.stats.execs,
			(unsigned long long)s.stats.restarts + 1);
	no_children_left();
	teardown(&s);
}

/* Where such inputs are known, what it gives up at a part of the limit is no timeout. */
static void aflpp_cuts_short(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "aflpp", "endless", PATIENCE_MS))
		skip();
	s.job.timeout_ms = 1000;
	s.job.endless = true;
	s.seen.stop_on_found = true;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_string_equal(s.seen.kind, ENGINE_SLOW);
	no_children_left();
	teardown(&s);
}

static void aflpp_imports(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "aflpp", "magic", PATIENCE_MS))
		skip();
	s.seen.drop_into = s.corpus;
	s.seen.stop_on_found = true;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_memory_equal(s.seen.first, magic, 32);
	no_children_left();
	teardown(&s);
}

/* Another engine reduces the corpus while afl-fuzz starts: whatever it has listed is still there to be read. */
static void take_away(const struct setup *s)
{
	struct strlist names = STRLIST_INIT;
	char *began = fs_join(s->work, "out/default/queue");

	fs_list(s->corpus, &names, NULL);
	for (int i = 0; i < 5000 && !fs_exists(began); i++)
		usleep(1000);
	for (size_t i = 0; i < names.n; i++) {
		char *path = fs_join(s->corpus, names.v[names.n - 1 - i]);

		unlink(path);
		free(path);
		usleep(100);
	}
	free(began);
	strlist_release(&names);
}

static void aflpp_corpus_shrinks(void **state)
{
	struct setup s;
	pid_t pid;

	(void)state;
	/* it tells how much it ran once a minute and at its end: a slice that is long enough to read them all */
	if (!setup(&s, "aflpp", "magic", 10000))
		skip();
	for (int i = 0; i < 500; i++) {
		char *text = xasprintf("input %d", i);

		put_input(s.corpus, text);
		free(text);
	}
	pid = fork();
	if (pid == 0) {
		take_away(&s);
		_exit(0);
	}
	assert_int_equal(go(&s), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(s.stats.restarts, 0);
	assert_true(s.stats.execs > 500);
	teardown(&s);
}

/* 40 more inputs; every tenth of them is in *part, sorted. */
static void put_forty(const struct setup *s, struct strlist *part)
{
	char hex[SHA1_HEX];

	for (int i = 0; i < 40; i++) {
		char *text = xasprintf("input %d", i);

		put_input(s->corpus, text);
		hash_sha1(text, strlen(text), hex);
		if (i % 10 == 0)
			strlist_add(part, hex);
		free(text);
	}
	strlist_sort(part);
}

/* Begun with a part of the corpus, it has that, and not the rest by the way of imports. */
static void begins_with_a_part(const char *engine)
{
	struct strlist part = STRLIST_INIT, listed = STRLIST_INIT;
	struct buf b = BUF_INIT;
	struct setup s;
	char *list;

	if (!setup(&s, engine, "magic", PATIENCE_MS))
		skip();
	put_forty(&s, &part);
	s.job.begin_with = &part;
	s.seen.drop_into = s.corpus; /* what comes later is had nonetheless */
	s.seen.stop_on_found = true;
	list = fs_join(s.work, "listed");
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.found >= 1);
	assert_int_equal(fs_read(list, 1 << 20, &b, NULL), 0);
	strlist_add_lines(&listed, b.s);
	assert_int_equal(listed.n, 41);
	assert_true(s.stats.corpus > 0 && s.stats.corpus < 41);
	strlist_release(&part);
	strlist_release(&listed);
	buf_release(&b);
	free(list);
	teardown(&s);
}

static void aflpp_begins_with_a_part(void **state)
{
	(void)state;
	begins_with_a_part("aflpp");
}

static void libfuzzer_begins_with_a_part(void **state)
{
	(void)state;
	begins_with_a_part("libfuzzer");
}

static bool corpus_has(const struct setup *s, const char *text)
{
	char hex[SHA1_HEX], *path;
	bool has;

	hash_sha1(text, strlen(text), hex);
	path = fs_join(s->corpus, hex);
	has = access(path, F_OK) == 0;
	free(path);
	return has;
}

/*
 * A folder of its own is what the target writes to: its finds come to the shared corpus, those of a slice that was killed as
 * well; what it was given and the shared corpus has no more doesn't, nor what isn't what its name says, nor a link.
 */
static void libfuzzer_brings_from_its_own(void **state)
{
	static const char *const left[] = { "found before it was killed", "distilled since" };
	static const char forged[] = "0123456789abcdef0123456789abcdef01234567";
	struct strlist part = STRLIST_INIT;
	struct setup s;
	char hex[SHA1_HEX], *own, *list, *path;

	(void)state;
	if (!setup(&s, "libfuzzer", "grows", PATIENCE_MS))
		skip();
	put_forty(&s, &part);
	own = fs_join(s.work, "corpus");
	list = fs_join(s.work, "listed");
	assert_int_equal(fs_mkdirs(own, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		put_input(own, left[i]);
	hash_sha1(left[1], strlen(left[1]), hex);
	assert_int_equal(fs_write(list, hex, strlen(hex), 0600, NULL), 0);
	path = fs_join(own, forged);
	assert_int_equal(fs_write(path, "x", 1, 0600, NULL), 0);
	free(path);
	hash_sha1("a link", 6, hex);
	path = fs_join(own, hex);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	free(path);
	s.job.begin_with = &part;
	s.seen.until.names = s.corpus;
	s.seen.until.n_names = 43; /* the 41, what was left, and what it found */
	assert_int_equal(go(&s), 0);
	assert_true(corpus_has(&s, left[0]));
	assert_false(corpus_has(&s, left[1]) || corpus_has(&s, "a link"));
	names_are_contents(s.corpus, 43);
	assert_true(s.stats.corpus < 41);
	/* all of it is there: nothing to bring again */
	assert_int_equal(n_files(own), 0);
	s.job.begin_with = NULL; /* with all again: the folder isn't needed */
	s.seen.until.names = NULL;
	s.seen.until.execs = 1;
	assert_int_equal(go(&s), 0);
	assert_int_not_equal(access(own, F_OK), 0);
	strlist_release(&part);
	free(own);
	free(list);
	teardown(&s);
}

static void libfuzzer_imports(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "magic", PATIENCE_MS))
		skip();
	s.seen.drop_into = s.corpus;
	s.seen.stop_on_found = true;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.seen.found, 1);
	teardown(&s);
}

static void empty_input(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "empty", 4000))
		skip();
	assert_int_equal(go(&s), 0);
	assert_true(s.stats.execs > 1000); /* of others */
	assert_int_equal(s.seen.found, 1);
	assert_int_equal(s.seen.first_len, 0);
	teardown(&s);
	if (setup(&s, "aflpp", "empty", 3000))
		assert_int_equal(go(&s), 0); /* never runs it */
	teardown(&s);
}

static void dies_at_start(const char *engine, const char *words)
{
	struct setup s;

	if (!setup(&s, engine, "early", 20000))
		return;
	assert_int_equal(go(&s), -1);
	if (!strstr(s.err.msg, words))
		print_error("%s\n", s.err.msg);
	assert_non_null(strstr(s.err.msg, words));
	no_children_left();
	teardown(&s);
}

static void start_failures(void **state)
{
	(void)state;
	dies_at_start("libfuzzer", "no licence found");
	dies_at_start("aflpp", "afl-fuzz doesn't start");
}

static void litters(const char *engine)
{
	struct setup s;
	char *outside, *left;

	if (!setup(&s, engine, "litter", PATIENCE_MS))
		return;
	outside = fs_join(s.dir, "outside");
	left = fs_join(s.work, "scratch/left-behind");
	setenv("THRESH_TEST_OUTSIDE", outside, 1);
	s.seen.litter_file = left;
	s.seen.until.litter = true;
	s.seen.litter_exe = s.exe;
	assert_int_equal(go(&s), 0);
	assert_true(s.seen.litter > 0);
	assert_true(s.seen.litter_ran > 0);
	assert_int_equal(
		running(s.exe), 0); /* gone with the slice; its pid may be one of a namespace */
	assert_false(fs_exists(left));
	no_children_left();
	unsetenv("THRESH_TEST_OUTSIDE");
	free(outside);
	free(left);
	teardown(&s);
}

static void nothing_stays_behind(void **state)
{
	(void)state;
	litters("libfuzzer");
	litters("aflpp");
}

static void hostile_words(void **state)
{
	struct setup s;

	(void)state;
	if (!setup(&s, "libfuzzer", "flood", PATIENCE_MS))
		skip();
	s.seen.until.execs = 10;
	assert_int_equal(go(&s), 0);
	assert_true(s.stats.edges < 100000);
	assert_true(s.stats.execs > 10);
	teardown(&s);
}

static void missing_says_why(void **state)
{
	struct engine_job job = { .harness = "x", .exe = "/no/such/exe" };

	(void)state;
	for (size_t i = 0; engines[i]; i++) {
		assert_non_null(engines[i]->missing(&job));
		assert_ptr_equal(engine_by_name(engines[i]->name), engines[i]);
	}
	assert_null(engine_by_name("no-such-engine"));
}

static int prepare(void **state)
{
	(void)state;
	/* somebody's own choice: afl-fuzz wouldn't start with it */
	setenv("ASAN_OPTIONS", "detect_leaks=1", 0);
	top = fs_tmpdir("thresh-test", NULL);
	return !top || toolchain_probe(&tools, top, NULL) < 0;
}

static int clean(void **state)
{
	(void)state;
	fs_remove_tree(top, NULL);
	free(top);
	toolchain_release(&tools);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing_says_why),
		cmocka_unit_test(libfuzzer_finds),
		cmocka_unit_test(libfuzzer_takes_turns),
		cmocka_unit_test(aflpp_finds),
		cmocka_unit_test(reported_once),
		cmocka_unit_test(nothing_unstored_is_lost),
		cmocka_unit_test(libfuzzer_imports),
		cmocka_unit_test(libfuzzer_goes_past),
		cmocka_unit_test(libfuzzer_survives_signals),
		cmocka_unit_test(libfuzzer_hands_out),
		cmocka_unit_test(libfuzzer_hands_out_prefixes),
		cmocka_unit_test(libfuzzer_sees_leaks),
		cmocka_unit_test(aflpp_survives),
		cmocka_unit_test(libfuzzer_ends_when_told),
		cmocka_unit_test(libfuzzer_cuts_short),
		cmocka_unit_test(aflpp_cuts_short),
		cmocka_unit_test(aflpp_imports),
		cmocka_unit_test(aflpp_begins_with_a_part),
		cmocka_unit_test(libfuzzer_begins_with_a_part),
		cmocka_unit_test(libfuzzer_brings_from_its_own),
		cmocka_unit_test(aflpp_corpus_shrinks),
		cmocka_unit_test(empty_input),
		cmocka_unit_test(start_failures),
		cmocka_unit_test(nothing_stays_behind),
		cmocka_unit_test(hostile_words),
	};

	return cmocka_run_group_tests_name("engine", tests, prepare, clean);
}
