/* What the libraries of an executable have to do with a report. */
#include "base/prelude.h"
#include "triage/uninstrumented.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "target/libraries.h"
#include <stdio.h>

#define SEEDS_MAX 64
#define SEED_MAX ((uint64_t)1 << 20)
#define NAMED_MAX 4

/* MSan knows what these do, or has their functions in its own place. */
static const char *const known[] = { "libc.so", "libm.so", "ld-linux", "ld-musl", "libgcc_s.so",
	"libpthread.so", "libdl.so", "librt.so", "libresolv.so", "libutil.so", "linux-vdso.so" };

static bool is_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strncmp(name, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static bool is_instrumented(const char *path)
{
	static const char mark[] = "__msan_";
	struct buf b = BUF_INIT;
	bool found = fs_read(path, (uint64_t)1 << 30, &b, NULL) < 0 ||
		     memmem(buf_str(&b), b.len, mark, sizeof(mark) - 1) != NULL;

	buf_release(&b);
	return found;
}

static void list_uninstrumented(const char *exe, struct strlist *libs)
{
	struct strlist all = STRLIST_INIT;

	libraries_list(exe, &all);
	for (size_t i = 0; i < all.n; i++)
		if (!is_known(fs_basename(all.v[i])) && !is_instrumented(all.v[i]))
			strlist_add(libs, all.v[i]);
	strlist_release(&all);
}

/* The first of a stack that isn't MSan's. NULL: the target's own code came first. */
static const char *library_of(const struct crash_stack *s, const struct strlist *libs)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct crash_frame *f = &s->frames[i];

		if (f->module && strlist_has(libs, f->module))
			return f->module;
		if (!f->ignored)
			break;
	}
	return NULL;
}

/* --- seeds --- */

struct seeds {
	struct project *p;
	const struct config_harness *h;
	const char *site;
	struct strlist paths;
	size_t next;
	struct buf data[SEEDS_MAX];
	bool fails;
};

static bool next_seed(void *arg, struct target_input *in)
{
	struct seeds *s = arg;

	while (s->next < MIN(s->paths.n, (size_t)SEEDS_MAX)) {
		struct buf *b = &s->data[s->next++];

		if (fs_read(s->paths.v[s->next - 1], SEED_MAX, b, NULL) < 0)
			continue;
		*in = (struct target_input){ .data = buf_str(b), .len = b->len };
		return true;
	}
	return false;
}

static int seed_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct seeds *s = arg;
	struct triage t = { .input = in->data, .len = in->len };

	triage_judge(s->p, s->h->name, r, &t);
	s->fails |= t.report && strcmp(t.sig.site->id, s->site) == 0;
	triage_release(&t);
	return s->fails;
}

static int seed_fails(struct project *p, const struct config_harness *h, const char *site,
	struct target *target, bool *fails, struct err *err)
{
	struct seeds s = { .p = p, .h = h, .site = site };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < h->seeds.n; i++)
		if (fs_exists(h->seeds.v[i]))
			rc = fs_walk(h->seeds.v[i], &s.paths, err);
	if (rc == 0)
		rc = target_run(target, NULL, next_seed, seed_done, &s, err);
	*fails = s.fails;
	for (size_t i = 0; i < ARRAY_LEN(s.data); i++)
		buf_release(&s.data[i]);
	strlist_release(&s.paths);
	return rc;
}

/* --- the question --- */

static char *in_words(const struct strlist *libs, const char *first)
{
	struct buf b = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < libs->n && (!first || n == 0); i++, n++) {
		if (n == NAMED_MAX) {
			buf_adds(&b, ", ...");
			break;
		}
		buf_addf(&b, "%s%s", n ? ", " : "", fs_basename(first ? first : libs->v[i]));
	}
	buf_addf(&b,
		" %s built without -fsanitize=memory, so that MSan takes what %s for "
		"uninitialised; give the harness one that is, or take memory out of its "
		"sanitizers",
		n == 1 ? "is" : "are", n == 1 ? "it writes" : "they write");
	return buf_detach(&b);
}

int uninstrumented_blame(struct project *p, const struct config_harness *h, const struct triage *t,
	char **why, struct err *err)
{
	struct target *target;
	struct strlist libs = STRLIST_INIT;
	const char *first = NULL;
	bool fails = false;
	int rc = 0;

	*why = NULL;
	if (!t->report || t->variant != VARIANT_MSAN || strcmp(t->report->sanitizer, "msan") != 0)
		return 0;
	target = project_target(p, h, t->variant, NULL, 1, err);
	if (!target)
		return -1;
	list_uninstrumented(target_exe(target), &libs);
	for (size_t i = 0; i < t->report->n_stacks && !first; i++)
		first = library_of(&t->report->stacks[i], &libs);
	if (libs.n && !first)
		rc = seed_fails(p, h, t->sig.site->id, target, &fails, err);
	if (rc == 0 && (first || fails)) {
		*why = in_words(&libs, first);
		log_debug("%s: no finding: %s", h->name, *why);
	}
	strlist_release(&libs);
	return rc;
}

static char *fact_of(int64_t finding)
{
	return xasprintf("uninstrumented/%lld", (long long)finding);
}

int uninstrumented_note(struct project *p, int64_t finding, const char *why, struct err *err)
{
	char *key = fact_of(finding);
	int rc = store_fact_set(p->store, key, why, err);

	free(key);
	return rc;
}

char *uninstrumented_why(struct project *p, int64_t finding)
{
	char *key = fact_of(finding), *why = NULL;

	if (store_fact_get(p->store, key, &why, NULL) != 0)
		why = NULL;
	free(key);
	return why;
}
