/* Targets without processes, builds without compilers, and a project in a temporary folder around them. */
#include "base/prelude.h"
#include "fake.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#define ROOT "/fake" /* an "executable": /fake/BUILD/VARIANT/HARNESS */
#define TIMEOUT_MS 5000

const char fake_yaml[] = "version: 1\nproject: fake\nbuild:\n  sources: [src/*.c]\n"
			 "  sanitizers: [address+undefined, memory]\n"
			 "harnesses:\n  h:\n    source: fuzz.c\n    timeout: 1s\n    memory: 64M\n";

/* What --wrap puts in the place of the product's functions; their contracts are in src/target and src/build. */
int __wrap_build_variant(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v, const struct toolchain *t,
	unsigned jobs, struct build_result *out, struct err *err);
int __wrap_toolchain_probe(struct toolchain *t, const char *cache_dir, struct err *err);
struct target *__wrap_target_open(const struct target_spec *spec, struct err *err);
void __wrap_target_close(struct target *t);
int __wrap_target_run(struct target *t, const struct target_opts *opts, target_next_fn next,
	target_done_fn done, void *arg, struct err *err);
int __wrap_target_run_one(struct target *t, const struct target_input *in, struct target_result *r,
	struct buf *text, struct err *err);
bool __wrap_target_is_running(const struct target *t);
bool __wrap_target_is_stateful(const struct target *t);
int __wrap_target_set_timeout(struct target *t, uint64_t timeout_ms);
uint64_t __wrap_target_timeout(const struct target *t);
int __wrap_target_hurry(struct target *t, unsigned n, struct err *err);
void __wrap_target_set_leaks(struct target *t, bool look);
void __wrap_target_set_stack_more(struct target *t, uint32_t bytes);
const char *__wrap_target_exe(const struct target *t);
bool __wrap_target_is_foreign(const struct target *t);
size_t __wrap_target_n_counters(const struct target *t);
bool __wrap_target_finds_leaks(const struct target *t, const char **why);
bool __wrap_target_memory_is_heap(const struct target *t);
bool __wrap_target_injects(const struct target *t, enum target_fault_kind k);
void __wrap_target_counts(const struct target *t, uint64_t *inputs, uint64_t *forks);

struct target {
	char *build, *variant, *harness;
	uint64_t timeout_ms, memory, inputs;
	uint32_t stack_more;
	bool no_aslr, stateful;
	struct buf text;
};

static struct {
	struct fake_row *rows;
	unsigned *asked; /* by row: how often it answered */
	size_t n;
	const char *unbuilt;
	unsigned runs[VARIANT_N];
} fake;

/* --- the table --- */

void fake_rows(const struct fake_row *rows, size_t n)
{
	free(fake.asked);
	free(fake.rows);
	fake.asked = xcalloc(n + 1, sizeof(*fake.asked));
	fake.rows = xcalloc(n + 1, sizeof(*fake.rows));
	if (n)
		memcpy(fake.rows, rows, n * sizeof(*rows));
	fake.n = n;
}

void fake_unbuilt(const char *variants)
{
	fake.unbuilt = variants;
}

unsigned fake_runs(const char *variant)
{
	unsigned n = 0;

	for (int v = 0; v < VARIANT_N; v++)
		if (!variant || strcmp(variant, variant_name((enum variant)v)) == 0)
			n += fake.runs[v];
	return n;
}

static bool is_or_any(const char *wanted, const char *is)
{
	return !wanted || strcmp(wanted, is) == 0;
}

static bool input_fits(const char *wanted, struct strv input)
{
	if (!wanted)
		return true;
	return *wanted == '~' ? strv_contains(input, wanted + 1) : strv_eqs(input, wanted);
}

/* Index of the row; fake.n: none. */
static size_t row_for(const struct target *t, struct strv input)
{
	size_t i = 0;

	while (i < fake.n && !(is_or_any(fake.rows[i].harness, t->harness) &&
				     is_or_any(fake.rows[i].variant, t->variant) &&
				     is_or_any(fake.rows[i].build, t->build) &&
				     fake.rows[i].stack <= t->stack_more &&
				     input_fits(fake.rows[i].input, input)))
		i++;
	return i;
}

static bool fails_now(const struct target *t, const struct fake_row *row, unsigned nth, bool alone)
{
	if (row->runs && row->runs[nth % strlen(row->runs)] != 'F')
		return false;
	if ((row->ms && row->ms <= t->timeout_ms) || (row->bytes && row->bytes <= t->memory))
		return false;
	return !(row->aslr && t->no_aslr) && !(row->behind && alone);
}

static void say(struct target *t, const struct fake_row *row, struct target_result *r)
{
	buf_reset(&t->text);
	if (row->text)
		buf_adds(&t->text, row->text);
	else if (row->ms)
		buf_addf(&t->text,
			"==7== ERROR: thresh: timeout after %llu ms of CPU time\n"
			"    #0 0x1 in spin /fake/src/lib.c:90:2\n",
			(unsigned long long)t->timeout_ms);
	else if (row->bytes)
		buf_addf(&t->text,
			"==7== ERROR: thresh: out of memory (used %llu bytes, limit %llu)\n"
			"    #0 0x1 in grow /fake/src/lib.c:91:2\n",
			(unsigned long long)row->bytes, (unsigned long long)t->memory);
	r->text = strv_n(buf_str(&t->text), t->text.len);
}

static void answer(struct target *t, const struct target_input *in, bool alone, bool confirm,
	struct target_result *r)
{
	struct strv input = strv_n(in->data, in->len);
	size_t i = row_for(t, input);
	const struct fake_row *row = i < fake.n ? &fake.rows[i] : NULL;
	enum variant v = VARIANT_N;

	*r = (struct target_result){ .outcome = TARGET_OK, .exit_code = 0, .alone = alone };
	t->inputs++;
	if (variant_parse(t->variant, &v) == 0)
		fake.runs[v]++;
	if (!row)
		return;
	r->features = row->features;
	r->n_features = row->n_features;
	if (!fails_now(t, row, fake.asked[i]++, alone))
		return;
	say(t, row, r);
	r->outcome = row->ms ? TARGET_TIMEOUT : row->bytes ? TARGET_OOM : row->outcome;
	r->exit_code = r->outcome == TARGET_EXIT ? row->exit_code : -1;
	r->sig = r->outcome == TARGET_CRASH ? SIGABRT : 0;
	if (row->behind && confirm) { /* it was run again, alone, and that decided */
		r->stateful = t->stateful = true;
		r->batch_outcome = r->outcome;
		r->outcome = TARGET_OK;
		r->alone = true;
	}
}

/* --- in the place of src/target --- */

struct target *__wrap_target_open(const struct target_spec *spec, struct err *err)
{
	struct strv path = strv_of(spec->exe), part;
	struct target *t;

	if (spec->argv || !strv_skip(&path, ROOT "/")) {
		err_set(err, "%s: no fake", spec->exe ? spec->exe : spec->argv[0]);
		return NULL;
	}
	t = xcalloc(1, sizeof(*t));
	strv_split(&path, '/', &part);
	t->build = strv_dup(part);
	strv_split(&path, '/', &part);
	t->variant = strv_dup(part);
	t->harness = strv_dup(path);
	t->timeout_ms = spec->timeout_ms ? spec->timeout_ms : TIMEOUT_MS;
	t->memory = spec->memory;
	t->no_aslr = spec->no_aslr;
	return t;
}

void __wrap_target_close(struct target *t)
{
	if (!t)
		return;
	free(t->build);
	free(t->variant);
	free(t->harness);
	buf_release(&t->text);
	free(t);
}

int __wrap_target_run(struct target *t, const struct target_opts *opts, target_next_fn next,
	target_done_fn done, void *arg, struct err *err)
{
	struct target_input in;
	struct target_result r;

	(void)err;
	memset(&in, 0, sizeof(in));
	while (next(arg, &in)) {
		answer(t, &in, in.alone, !opts || !opts->no_confirm, &r);
		if (done(arg, &in, &r))
			break;
		memset(&in, 0, sizeof(in));
	}
	return 0;
}

int __wrap_target_run_one(struct target *t, const struct target_input *in, struct target_result *r,
	struct buf *text, struct err *err)
{
	answer(t, in, true, false, r);
	if (text) {
		size_t at = text->len;

		buf_addv(text, r->text);
		r->text = strv_n(buf_str(text) + at, text->len - at);
	}
	return r->outcome == TARGET_ERROR
		       ? err_set(err, "couldn't be run: " STRV_FMT, STRV_ARG(r->text))
		       : 0;
}

bool __wrap_target_is_running(const struct target *t)
{
	(void)t;
	return false;
}

bool __wrap_target_is_stateful(const struct target *t)
{
	return t->stateful;
}

int __wrap_target_set_timeout(struct target *t, uint64_t timeout_ms)
{
	t->timeout_ms = timeout_ms ? timeout_ms : TIMEOUT_MS;
	return 0;
}

uint64_t __wrap_target_timeout(const struct target *t)
{
	return t->timeout_ms;
}

int __wrap_target_hurry(struct target *t, unsigned n, struct err *err)
{
	(void)t;
	(void)n;
	(void)err;
	return 0;
}

void __wrap_target_set_leaks(struct target *t, bool look)
{
	(void)t;
	(void)look;
}

void __wrap_target_set_stack_more(struct target *t, uint32_t bytes)
{
	t->stack_more = bytes;
}

const char *__wrap_target_exe(const struct target *t)
{
	(void)t;
	return NULL;
}

bool __wrap_target_is_foreign(const struct target *t)
{
	(void)t;
	return false;
}

size_t __wrap_target_n_counters(const struct target *t)
{
	(void)t;
	return 0;
}

bool __wrap_target_finds_leaks(const struct target *t, const char **why)
{
	(void)t;
	if (why)
		*why = NULL;
	return true;
}

bool __wrap_target_memory_is_heap(const struct target *t)
{
	(void)t;
	return true;
}

bool __wrap_target_injects(const struct target *t, enum target_fault_kind k)
{
	(void)t;
	(void)k;
	return true;
}

void __wrap_target_counts(const struct target *t, uint64_t *inputs, uint64_t *forks)
{
	if (inputs)
		*inputs = t->inputs;
	if (forks)
		*forks = 0;
}

/* --- in the place of src/build --- */

int __wrap_toolchain_probe(struct toolchain *t, const char *cache_dir, struct err *err)
{
	(void)cache_dir;
	(void)err;
	*t = (struct toolchain){ .clang = xstrdup("clang"),
		.gcc = xstrdup("gcc"),
		.has_asan = true,
		.has_ubsan = true,
		.has_msan = true,
		.has_libfuzzer = true,
		.gcc_asan = true };
	return 0;
}

int __wrap_build_variant(const struct config *c, const struct config_harness *h,
	const struct config_build *override, enum variant v, const struct toolchain *t,
	unsigned jobs, struct build_result *out, struct err *err)
{
	struct strv rest = strv_of(fake.unbuilt ? fake.unbuilt : ""), name;

	(void)c;
	(void)t;
	(void)jobs;
	*out = (struct build_result){ .fresh = true };
	while (strv_split(&rest, ' ', &name))
		if (strv_eqs(name, variant_name(v)))
			return err_set(
				err, "%s, variant %s: doesn't compile", h->name, variant_name(v));
	out->exe = xasprintf(ROOT "/%s/%s/%s",
		override && override != h->build ? override->name : "own", variant_name(v),
		h->name);
	return 0;
}

/* --- the project --- */

void fake_put(const struct fake *f, const char *name, const char *text)
{
	char *path = fs_join(f->dir, name), *dir = fs_dirname(path);

	assert_int_equal(fs_mkdirs(dir, NULL), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(dir);
	free(path);
}

static void open_project(struct fake *f)
{
	char *path = fs_join(f->dir, "thresh.yaml");
	struct err err = ERR_INIT;

	f->p = project_open(path, &err);
	if (!f->p)
		fail_msg("%s", err.msg);
	free(path);
}

void fake_open(struct fake *f, const char *yaml)
{
	fake_rows(NULL, 0);
	fake.unbuilt = NULL;
	memset(fake.runs, 0, sizeof(fake.runs));
	/* in memory, where there is such a place: a store syncs with each transaction */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	f->dir = fs_tmpdir("thresh-test", NULL);
	assert_non_null(f->dir);
	fake_put(f, "thresh.yaml", yaml ? yaml : fake_yaml);
	fake_put(f, "fuzz.c",
		"int LLVMFuzzerTestOneInput(const char *d, long n) { return f(d, n); }\n");
	fake_put(f, "src/lib.c", "int f(const char *d, long n) { return d[n]; }\n");
	open_project(f);
}

void fake_reopen(struct fake *f, const char *yaml)
{
	project_close(f->p);
	if (yaml)
		fake_put(f, "thresh.yaml", yaml);
	open_project(f);
}

void fake_close(struct fake *f)
{
	project_close(f->p);
	fs_remove_tree(f->dir, NULL);
	free(f->dir);
	free(fake.asked);
	free(fake.rows);
	fake.asked = NULL;
	fake.rows = NULL;
	fake.n = 0;
	*f = (struct fake){ .dir = NULL };
}

/* --- asking --- */

int64_t fake_keep(const struct fake *f, const char *input, const struct target_fault *fault,
	const char *variant)
{
	struct target_input in = { .data = input, .len = strlen(input) };
	struct buf bytes = BUF_INIT;
	struct err err = ERR_INIT;
	int64_t id;

	if (fault) {
		in.fault = *fault;
		target_fault_wrap(&bytes, &in);
	} else {
		buf_adds(&bytes, input);
	}
	if (triage_keep(f->p, "h", variant, "edge", NULL, buf_str(&bytes), bytes.len, &id, NULL,
		    &err) < 0)
		fail_msg("%s", err.msg);
	buf_release(&bytes);
	return id;
}

struct triage_filed fake_file(const struct fake *f, const char *input)
{
	struct triage_filed filed;
	struct err err = ERR_INIT;

	if (triage_finding(f->p, fake_keep(f, input, NULL, "libfuzzer"), &filed, &err) < 0)
		fail_msg("%s", err.msg);
	return filed;
}

struct bug_rec fake_bug(const struct fake *f, const char *id)
{
	struct bug_rec b = { 0 };

	assert_int_equal(store_bug_get(f->p->store, id, &b, NULL), 0);
	return b;
}

void fake_set_state(const struct fake *f, const char *id, enum bug_state state)
{
	struct bug_rec b = fake_bug(f, id);

	b.state = state;
	assert_int_equal(store_bug_put(f->p->store, &b, NULL, NULL), 0);
	bug_rec_release(&b);
}

static int count_bug(void *arg, const struct bug_rec *b)
{
	(void)b;
	++*(unsigned *)arg;
	return 0;
}

unsigned fake_n_bugs(const struct fake *f)
{
	unsigned n = 0;

	assert_int_equal(store_bugs(f->p->store, count_bug, &n, NULL), 0);
	return n;
}

void fake_assert_reproducer(const struct fake *f, const char *id, const char *input)
{
	char sha1[SHA1_HEX];
	struct bug_rec b = fake_bug(f, id);

	hash_sha1(input, strlen(input), sha1);
	assert_string_equal(b.input, sha1);
	bug_rec_release(&b);
}
