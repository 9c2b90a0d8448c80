/*
 * The driver of tools/bench-serve: makes the inputs, and runs them through a target server, timing all from
 * before the server's start to the last result. One number on standard output: seconds.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/rng.h"
#include "target/target.h"
#include <stdio.h>

struct inputs {
	struct buf *v;
	size_t n, next, total;
	size_t bad;
	enum target_outcome want;
	uint64_t allocs, fault; /* faults: of the current input, and which one is next */
	bool faults;
};

static void die(const char *what)
{
	fprintf(stderr, "bench-serve: %s\n", what);
	exit(3);
}

static void add_value(struct buf *b, struct rng *r, unsigned depth)
{
	uint64_t kind = rng_below(r, depth > 4 ? 4 : 6), n = rng_below(r, 7);

	if (kind == 0) {
		buf_addf(b, "%llu", (unsigned long long)rng_below(r, 1000000));
	} else if (kind == 1) {
		buf_adds(b, rng_below(r, 2) ? "true" : "null");
	} else if (kind < 4) {
		buf_addch(b, '"');
		for (uint64_t i = 0; i < n * 3; i++)
			buf_addch(b, (int)('a' + rng_below(r, 26)));
		buf_addch(b, '"');
	} else {
		buf_addch(b, kind == 4 ? '[' : '{');
		for (uint64_t i = 0; i < n; i++) {
			if (i)
				buf_addch(b, ',');
			if (kind == 5)
				buf_addf(b, "\"key%u\":", (unsigned)i);
			add_value(b, r, depth + 1);
		}
		buf_addch(b, kind == 4 ? ']' : '}');
	}
}

/* DIR with n files of some hundred bytes of JSON each, all different, the same ones each time. */
static int generate(const char *dir, uint64_t n, const char *prefix)
{
	struct err err = ERR_INIT;
	struct rng r;

	rng_seed(&r, 20261122);
	if (fs_mkdirs(dir, &err) < 0)
		die(err.msg);
	for (uint64_t i = 0; i < n; i++) {
		struct buf b = BUF_INIT;
		char *path = xasprintf("%s/%05u.json", dir, (unsigned)i);
		FILE *f = fopen(path, "wb");

		buf_addf(&b, "%s[%u", prefix, (unsigned)i);
		for (int k = 0; k < 6; k++) {
			buf_addch(&b, ',');
			add_value(&b, &r, 1);
		}
		buf_addch(&b, ']');
		if (!f || fwrite(b.s, 1, b.len, f) != b.len || fclose(f) != 0)
			die(path);
		buf_release(&b);
		free(path);
	}
	return 0;
}

static void read_all(const char *dir, struct inputs *in)
{
	struct strlist paths = STRLIST_INIT;
	struct err err = ERR_INIT;

	if (fs_walk(dir, &paths, &err) < 0)
		die(err.msg);
	in->v = xcalloc(paths.n + 1, sizeof(*in->v));
	in->n = paths.n;
	for (size_t i = 0; i < paths.n; i++)
		if (fs_read(paths.v[i], FS_NO_LIMIT, &in->v[i], &err) < 0)
			die(err.msg);
	strlist_release(&paths);
}

static bool next_input(void *arg, struct target_input *out)
{
	struct inputs *in = arg;
	const struct buf *b = &in->v[in->next % in->n];

	if (in->next == in->total)
		return false;
	out->data = buf_str(b);
	out->len = b->len;
	if (in->faults) {
		out->fault.at = 1 + in->next / in->n;
		out->fault.after = in->next & 1;
	}
	in->next++;
	return true;
}

static int count_result(void *arg, const struct target_input *t, const struct target_result *r)
{
	struct inputs *in = arg;

	(void)t;
	in->bad += r->outcome != in->want;
	return 0;
}

int main(int argc, char **argv)
{
	struct target_spec spec = { .leaks = true };
	struct inputs in = { .want = TARGET_OK };
	struct err err = ERR_INIT;
	uint64_t start = clock_mono_ns(), n;
	struct target *t;

	if (argc == 5 && !strcmp(argv[1], "generate") && num_u64(strv_of(argv[3]), &n) == 0)
		return generate(argv[2], n, argv[4]);
	if (argc != 6 || num_u64(strv_of(argv[5]), &n) < 0)
		die("generate DIR N PREFIX | replay|crash|edge|fault EXE DIR WORKERS N");
	spec.exe = argv[2];
	spec.workers = (unsigned)atoi(argv[4]); /* NOLINT: our own script's */
	in.faults = !strcmp(argv[1], "fault");
	in.want = !strcmp(argv[1], "crash") ? TARGET_CRASH : TARGET_OK;
	read_all(argv[3], &in);
	in.total = n ? n : in.n;
	if (!strcmp(argv[1], "edge") || in.faults)
		start = clock_mono_ns(); /* there the inputs come from memory */
	t = target_open(&spec, &err);
	if (!t || target_run(t, NULL, next_input, count_result, &in, &err) < 0)
		die(err.msg);
	printf("%.6f\n", (double)(clock_mono_ns() - start) / 1e9);
	target_close(t);
	if (in.bad)
		fprintf(stderr, "bench-serve: %zu unexpected results\n", in.bad);
	return in.bad != 0;
}
