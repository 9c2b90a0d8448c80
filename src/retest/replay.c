/* Replaying: items of one harness after the other, its runs spread over the target's workers, results in order. */
#include "base/prelude.h"
#include "retest/replay.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "corpus/pack.h"
#include "proc/proc.h"
#include "retest/proof.h"
#include "triage/same_bug.h"
#include "triage/triage.h"

#define INPUT_MAX ((uint64_t)256 << 20)
#define AHEAD_MAX ((size_t)64 << 20)
#define TEXT_KEPT ((size_t)64 << 10)

static struct replay_item *add_item(struct replay_set *s, const char *harness)
{
	GROW(s->v, s->n, s->cap);
	s->v[s->n] = (struct replay_item){ .harness = xstrdup(harness), .runs = 1 };
	return &s->v[s->n++];
}

int replay_add_tests(
	struct replay_set *s, const char *root, const struct strlist *harnesses, struct err *err)
{
	uint64_t now = clock_wall_ms();

	if (regress_scan(root, harnesses, &s->tree, err) < 0)
		return -1;
	for (size_t i = 0; i < s->tree.n; i++) {
		const struct regress_entry *e = &s->tree.v[i];
		struct replay_item *it = add_item(s, e->harness);

		it->test = e;
		char *name = regress_entry_name(e);

		it->name = xasprintf("%s/%s", e->harness, name);
		free(name);
		it->path = xstrdup(e->input);
		it->state = manifest_state_at(&e->m, now);
		it->runs = (unsigned)e->m.runs;
	}
	return 0;
}

/* Each of its inputs, as FILE#1 and so on. */
static int add_pack(struct replay_set *s, const char *harness, const char *path, struct err *err)
{
	struct buf b = BUF_INIT;
	struct strv input;
	size_t at = 0, n = 0;
	int more = fs_read(path, INPUT_MAX, &b, err) < 0 ? -1 : 1;

	while (more > 0 &&
		(more = pack_next(path, strv_n(buf_str(&b), b.len), &at, &input, err)) > 0) {
		struct replay_item *it = add_item(s, harness);

		it->name = xasprintf("%s#%zu", path, ++n);
		it->path = xstrdup(path);
		it->is_packed = true;
		buf_addv(&it->packed, input);
	}
	buf_release(&b);
	return more;
}

int replay_add_path(struct replay_set *s, const char *harness, const char *path, struct err *err)
{
	struct strlist paths = STRLIST_INIT;
	int rc = 0;

	if (!fs_exists(path))
		return err_usage(err, "%s: no such file or folder", path);
	if (fs_is_dir(path))
		rc = fs_walk(path, &paths, err);
	else
		strlist_add(&paths, path);
	for (size_t i = 0; rc == 0 && i < paths.n; i++) {
		struct replay_item *it;

		if (pack_is_name(paths.v[i])) {
			rc = add_pack(s, harness, paths.v[i], err);
			continue;
		}
		it = add_item(s, harness);
		it->name = xstrdup(paths.v[i]);
		it->path = xstrdup(paths.v[i]);
	}
	strlist_release(&paths);
	return rc;
}

void replay_release(struct replay_set *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct replay_item *it = &s->v[i];

		free(it->harness);
		free(it->name);
		free(it->path);
		buf_release(&it->packed);
		free(it->why);
		triage_release(&it->t);
	}
	free(s->v);
	free(s->root);
	regress_tree_release(&s->tree);
	*s = (struct replay_set){ .v = NULL };
}

bool replay_is_failure(const struct replay_item *it)
{
	return it->verdict == REPLAY_FAILS || it->verdict == REPLAY_REGRESSED ||
	       it->verdict == REPLAY_NOT_RUN;
}

const char *replay_word(const struct replay_item *it)
{
	bool must_pass = it->test && (it->state == BUG_FIXED || it->state == BUG_REGRESSED);

	switch (it->verdict) {
	case REPLAY_PASSES:
		return must_pass ? "fixed" : "passes";
	case REPLAY_FAILS:
		return "fails";
	case REPLAY_OPEN:
		return "still open";
	case REPLAY_OTHER:
		return "other crash";
	case REPLAY_REGRESSED:
		return "regressed";
	case REPLAY_SKIPPED:
		return "ignored";
	case REPLAY_NOT_RUN:
		return "not run";
	}
	BUG("replay verdict %d", (int)it->verdict);
}

/* One harness's share of the work. */
struct session {
	struct project *project;
	struct target *target;
	const struct replay_opts *opts;
	struct replay_item *v; /* of the set, of one harness */
	size_t n;
	size_t *order, n_order, next; /* indices into v, one per run */
	struct buf *inputs;           /* by index: held until the last run came */
	size_t reported;              /* how many of v were given to opts->done */
	struct err err;
	bool failed;
};

static void report_ready(struct session *s)
{
	while (s->reported < s->n && !s->v[s->reported].left) {
		if (s->opts->done)
			s->opts->done(s->opts->arg, &s->v[s->reported]);
		s->reported++;
	}
}

static int load(struct session *s, size_t i)
{
	struct replay_item *it = &s->v[i];
	struct err err = ERR_INIT;

	if (s->inputs[i].s)
		return 0;
	buf_reserve(&s->inputs[i], 1);
	if (it->is_packed) {
		buf_add(&s->inputs[i], it->packed.s, it->packed.len);
		return 0;
	}
	if (fs_read(it->path, INPUT_MAX, &s->inputs[i], &err) == 0)
		return 0;
	it->verdict = REPLAY_NOT_RUN;
	it->why = xstrdup(err.msg);
	it->left = 0;
	return -1;
}

/* While the target starts there is time to read what it will be given first. */
static void load_ahead(struct session *s)
{
	size_t room = AHEAD_MAX;

	for (size_t k = 0; k < s->n_order && !proc_interrupted(); k++) {
		size_t i = s->order[k];

		if (!s->v[i].left || load(s, i) < 0)
			continue;
		if (s->inputs[i].len >= room)
			break;
		room -= s->inputs[i].len;
	}
	report_ready(s);
}

static bool next_run(void *arg, struct target_input *in)
{
	struct session *s = arg;

	while (s->next < s->n_order && !proc_interrupted()) {
		size_t i = s->order[s->next++];
		struct replay_item *it = &s->v[i];

		if (!it->left)
			continue;
		if (load(s, i) < 0) {
			report_ready(s);
			continue;
		}
		*in = (struct target_input){ .data = buf_str(&s->inputs[i]),
			.len = s->inputs[i].len,
			.tag = i,
			.alone = it->runs > 1 };
		return true;
	}
	return false;
}

/* "v1 memory a|b|c": its second word. */
static struct strv family_of(const char *sig_text)
{
	struct strv rest = strv_of(sig_text), word = { NULL, 0 };

	if (!strv_split(&rest, ' ', &word) || !strv_split(&rest, ' ', &word))
		return (struct strv){ NULL, 0 };
	return word;
}

/*
 * Does it fail with its own bug? By signature; else, since compilers inline differently, by family and top frame. A
 * build without frames can't tell, and that it fails at all is then what it shows.
 */
static bool is_same_bug(struct project *p, const struct replay_item *it)
{
	const struct manifest *m = &it->test->m;
	const struct crash_report *r = it->t.report;
	struct strv rest = strv_of(m->frames), top;
	size_t end;

	if (!r->n_key || !m->signature)
		return true;
	if (strcmp(m->signature, it->t.sig.id) == 0 ||
		same_bug(p, &it->t.sig, regress_entry_bug(it->test), NULL) == 1)
		return true;
	end = strv_find(rest, " < ");
	top = end == SIZE_MAX ? rest : strv_sub(rest, 0, end);
	return strv_eqs(top, r->key[0]) && strv_eqs(family_of(m->sig_text), r->family);
}

static enum replay_verdict judge(struct project *p, const struct replay_item *it)
{
	if (!it->failed)
		return REPLAY_PASSES;
	if (!it->test)
		return REPLAY_FAILS;
	if (it->state == BUG_FIXED || it->state == BUG_REGRESSED)
		return REPLAY_REGRESSED;
	return is_same_bug(p, it) ? REPLAY_OPEN : REPLAY_OTHER;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct session *s = arg;
	struct replay_item *it = &s->v[in->tag];

	it->cpu_us += r->cpu_us;
	it->wall_us += r->wall_us;
	it->memory = MAX(it->memory, r->memory);
	it->has_memory |= r->has_memory;
	it->memory_is_heap = target_memory_is_heap(s->target);
	it->last = *r;
	it->last.text = (struct strv){ NULL, 0 };
	it->last.features = NULL;
	it->last.n_features = 0;
	if (r->outcome == TARGET_ERROR) {
		it->verdict = REPLAY_NOT_RUN;
		free(it->why);
		it->why = xasprintf(STRV_FMT, (int)MIN(r->text.len, (size_t)300), r->text.s);
		it->left = 0;
	} else {
		it->left--;
		if (r->outcome != TARGET_OK && r->outcome != TARGET_REJECTED && !it->failed++) {
			buf_addv(&it->t.text, strv_sub(r->text, 0, TEXT_KEPT));
			triage_judge(s->project, it->harness, r, &it->t);
		}
	}
	if (!it->left) {
		buf_release(&s->inputs[in->tag]);
		if (it->verdict != REPLAY_NOT_RUN)
			it->verdict = judge(s->project, it);
		report_ready(s);
	}
	return 0;
}

/* Every run of every item; shuffled when asked for. */
static void make_order(struct session *s)
{
	size_t n = 0;
	struct rng rng;

	for (size_t i = 0; i < s->n; i++)
		n += s->v[i].left;
	s->order = xcalloc(n + 1, sizeof(*s->order));
	for (size_t i = 0; i < s->n; i++)
		for (unsigned k = 0; k < s->v[i].left; k++)
			s->order[s->n_order++] = i;
	if (!s->opts->shuffle)
		return;
	rng_seed(&rng, s->opts->seed);
	for (size_t i = s->n_order; i > 1; i--) {
		size_t k = (size_t)rng_below(&rng, i), swap = s->order[i - 1];

		s->order[i - 1] = s->order[k];
		s->order[k] = swap;
	}
}

/* The runtime looks for this name in its environment: an executable that holds it is a served target. */
static bool has_runtime(const char *exe)
{
	return fs_holds(exe, "THRESH_RT_FD");
}

static struct target *open_given(const struct project *p, const struct config_harness *h,
	const struct replay_opts *o, const char *exe, struct err *err)
{
	const char *argv[] = { exe, "@@", NULL };
	struct target_spec spec = { .exe = exe,
		.name = h ? h->name : NULL,
		.timeout_ms = o->timeout_ms ? o->timeout_ms
			      : h           ? h->timeout_ms
					    : 0,
		.memory = h ? h->memory : 0,
		.leaks = h && h->leaks,
		.env = h ? h->env.v : NULL,
		.root = p->cfg ? p->cfg->dir : NULL,
		.sandbox = project_sandbox(p),
		.given = { h ? h->files.v : NULL, p->cfg ? p->cfg->dir : NULL },
		.no_wait = true,
		.memory_use = true,
		.workers = o->jobs };

	if (o->argv && o->argv->n) {
		spec.exe = NULL;
		spec.argv = (const char *const *)o->argv->v;
		spec.exits = o->exits;
	} else if (o->exe && !has_runtime(exe)) {
		spec.exe = NULL;
		spec.argv = argv;
	}
	return target_open(&spec, err);
}

/* What a build gives, opened for this one use: with the workers and limits asked for. */
static struct target *open_built(struct project *p, const struct config_harness *h,
	const struct replay_opts *o, enum variant v, struct err *err)
{
	const struct config_build *over = o->target ? config_build(p->cfg, o->target) : NULL;
	struct build_result built = { 0 };
	struct target *t = NULL;

	if (project_need_tools(p, err) == 0 &&
		build_variant(p->cfg, h, over, v, &p->tools, p->jobs, &built, err) == 0)
		t = open_given(p, h, o, built.exe, err);
	build_result_release(&built);
	return t;
}

static void not_run(struct session *s, const char *why)
{
	for (size_t i = 0; i < s->n; i++) {
		struct replay_item *it = &s->v[i];

		if (!it->left)
			continue;
		it->left = 0;
		it->verdict = REPLAY_NOT_RUN;
		free(it->why);
		it->why = xstrdup(why);
	}
	report_ready(s);
}

static void one_harness(struct session *s)
{
	const char *name = s->v[0].harness;
	const struct config_harness *h = config_harness(s->project->cfg, name);
	bool given = s->opts->exe || (s->opts->argv && s->opts->argv->n);
	struct err why = ERR_INIT;
	struct target *t = NULL;

	for (size_t i = 0; i < s->n; i++) {
		bool skip = s->v[i].test && s->v[i].state == BUG_IGNORED;

		s->v[i].verdict = skip ? REPLAY_SKIPPED : REPLAY_PASSES;
		s->v[i].left = skip ? 0 : s->v[i].runs;
	}
	make_order(s);
	report_ready(s);
	if (s->n_order) {
		if (given)
			t = open_given(s->project, h, s->opts, s->opts->exe, &why);
		else if (h)
			t = open_built(s->project, h, s->opts, s->v[0].variant, &why);
		else
			err_usage(&why, "%s: no such harness in %s", name, s->project->cfg->path);
		s->inputs = xcalloc(s->n, sizeof(*s->inputs));
		s->target = t;
		if (t)
			load_ahead(s);
		if (t &&
			target_run(t,
				&(struct target_opts){ .expect = s->n_order, .what = "replaying" },
				next_run, one_done, s, &why) < 0 &&
			proc_interrupted())
			err_set(&why, "interrupted");
		not_run(s, why.msg[0] ? why.msg : "interrupted");
		for (size_t i = 0; i < s->n; i++)
			buf_release(&s->inputs[i]);
		free(s->inputs);
		target_close(t);
	}
	free(s->order);
}

/* A test of a bug that only MSan shows proves nothing on the asan build. */
static enum variant variant_of(
	struct project *p, const struct replay_opts *o, const struct replay_item *it)
{
	const struct config_harness *h = config_harness(p->cfg, it->harness);
	enum variant v;

	if (!o->own_variant || !it->test || !h)
		return o->variant;
	v = proof_variant(it->test->m.fails);
	if (v == o->variant || !build_wants(h->build, v) || project_need_tools(p, NULL) < 0 ||
		toolchain_lacks(&p->tools, v))
		return o->variant;
	return v;
}

/* Of one harness, and on one build. */
static bool go_together(const struct replay_item *a, const struct replay_item *b)
{
	return strcmp(a->harness, b->harness) == 0 && a->variant == b->variant;
}

int replay_run(
	struct project *p, struct replay_set *s, const struct replay_opts *opts, struct err *err)
{
	if (opts->target && !config_build(p->cfg, opts->target))
		return err_usage(err, "%s: no such target in %s", opts->target, p->cfg->path);
	if (opts->exe && !fs_is_exe(opts->exe))
		return err_usage(err, "%s: %s", opts->exe, fs_not_exe(opts->exe));
	for (size_t i = 0; i < s->n; i++)
		s->v[i].variant = variant_of(p, opts, &s->v[i]);
	for (size_t i = 0; i < s->n;) {
		struct session one = { .project = p, .opts = opts, .v = &s->v[i], .n = 1 };

		while (i + one.n < s->n && go_together(&one.v[one.n], &one.v[0]))
			one.n++;
		one_harness(&one);
		i += one.n;
	}
	return 0;
}
