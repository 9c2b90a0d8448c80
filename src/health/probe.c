/*
 * Four passes over one set of inputs on the cov build: alone, alone again, behind one another, and that backwards. What
 * differs between the first two is unstable, what only differs between the last two is state: what is merely set up once
 * differs between alone and behind, and harms nobody. A single worker, so that there is one order.
 */
#include "base/prelude.h"
#include "health/probe.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"
#include "corpus/elf_words.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "corpus/wordlist.h"
#include "proc/interrupt.h"
#include "target/target.h"

#define SEEDS_MAX 256
#define TIME_MS 20000
#define SEED_BYTES ((uint64_t)1 << 20)
#define NOISE_MAX 1000
#define DEAD_MS 5000
/* of the code's own words, each in some ways */
#define WORDS_MAX 48

struct input {
	char *name;
	struct buf data;
	bool is_seed;
	/* as the first pass saw it */
	bool passed;
	enum target_outcome outcome;
	uint64_t features; /* hash */
	bool differs;      /* in the second pass */
	/* behind others */
	bool has_behind, fails_behind;
	uint64_t behind;
};

struct probing {
	struct project *p;
	const struct config_harness *h;
	const struct health_opts *opts;
	struct health_facts *facts;
	struct target *target;
	struct input *v;
	size_t n, cap;
	/* counters of the empty input, sorted */
	uint32_t *empty;
	size_t n_empty;
	/* of each counter: did an input that passed reach it? */
	bool *reached;
	uint64_t until_ms;
	/* of the passes behind one another */
	size_t next;
	bool backwards;
	uint64_t run_us, runs;
};

static void add_input(struct probing *g, const char *name, const void *data, size_t n, bool is_seed)
{
	struct input *in;

	GROW(g->v, g->n, g->cap);
	in = &g->v[g->n++];
	*in = (struct input){ .name = xstrdup(name), .is_seed = is_seed };
	buf_add(&in->data, data, n);
	g->facts->seeds += is_seed;
}

/* What a harness that looks at its input at all should tell from nothing. */
static void add_probes(struct probing *g)
{
	static const struct {
		const char *name;
		size_t n;
		const char *data;
	} probes[] = {
		{ "(a zero)", 1, "\0" },
		{ "(eight zeros)", 8, "\0\0\0\0\0\0\0\0" },
		{ "(all ones)", 16,
			"\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377" },
		{ "(text)", 12, "hello, world" },
		{ "(digits)", 24, "1234567890\n1234567890\n12\n" },
		{ "(brackets)", 18, "{\"a\": [1, {}], ()}" },
		{ "(markup)", 16, "<a b=\"c\">d</a>\r\n" },
	};
	static const size_t lengths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20,
		24, 32, 64, 128, NOISE_MAX };
	unsigned char noise[NOISE_MAX];
	struct rng rng;

	for (size_t i = 0; i < ARRAY_LEN(probes); i++)
		if (probes[i].n <= g->h->max_len)
			add_input(g, probes[i].name, probes[i].data, probes[i].n, false);
	rng_seed(&rng, 1);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)rng_next(&rng);
	/* of each length, as many a harness wants one exactly */
	for (size_t i = 0; i < ARRAY_LEN(lengths) && lengths[i] <= g->h->max_len; i++) {
		char *name = xasprintf("(noise of %zu bytes)", lengths[i]);

		add_input(g, name, noise, lengths[i], false);
		free(name);
	}
}

static void one_word(void *words, struct strv bytes)
{
	wordlist_add(words, bytes, NULL, word_worth(bytes));
}

static void one_object(void *words, struct strv data, struct strv source)
{
	(void)source;
	words_of_object(data, one_word, words);
}

static void add_word(struct probing *g, struct strv word)
{
	static const char *const ways[][2] = { { "", "" }, { "", "\n" }, { "<", "/>" },
		{ "{\"", "\":[]}" }, { "[", "]\n" }, { "", "=1\n" } };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		buf_reset(&b);
		buf_adds(&b, ways[i][0]);
		buf_addv(&b, word);
		buf_adds(&b, ways[i][1]);
		if (b.len <= g->h->max_len)
			add_input(g, "(a word of the code)", b.s, b.len, false);
	}
	buf_release(&b);
}

/* A parser that begins with one word is as good as dead to whatever doesn't: <plist>, BEGIN:VCARD, [Desktop Entry]. */
static void add_words(struct probing *g)
{
	char *exe = build_path(g->p->cfg, g->h, NULL, VARIANT_ASAN);
	struct dictionary best = DICTIONARY_INIT;
	struct wordlist words = WORDLIST_INIT;

	/* where there is no such build, it has none */
	if (fs_exists(exe) && elf_words(exe, one_object, &words, NULL) == 0)
		wordlist_best(&words, WORDS_MAX, &best);
	for (size_t i = 0; i < best.n; i++)
		add_word(g, best.v[i].bytes);
	dictionary_release(&best);
	wordlist_release(&words);
	free(exe);
}

static int add_folder(struct probing *g, const char *dir, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	size_t max = g->opts->max_seeds ? g->opts->max_seeds : SEEDS_MAX, n;
	int rc = fs_list(dir, &names, err);

	n = MIN(names.n, max);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const char *name = names.v[i * names.n / n];
		struct buf b = BUF_INIT;

		/* one that went away, or is none of ours: others are at work there */
		if (inputs_is_name(name) && inputs_read(dir, name, SEED_BYTES, &b, NULL) == 0 &&
			b.len)
			add_input(g, name, b.s, b.len, true);
		buf_release(&b);
	}
	strlist_release(&names);
	return rc;
}

static int add_seeds(struct probing *g, struct err *err)
{
	struct import_stats stats = { 0 };
	char *dir;
	int rc = 0;

	if (g->opts->inputs)
		return add_folder(g, g->opts->inputs, err);
	dir = fs_tmpdir("thresh-health", err);
	if (!dir)
		return -1;
	for (size_t i = 0; rc == 0 && i < g->h->seeds.n; i++)
		rc = inputs_import(dir, g->h->seeds.v[i], g->h->max_len, &stats, err);
	if (rc == 0)
		rc = add_folder(g, dir, err);
	fs_remove_tree(dir, NULL);
	free(dir);
	return rc;
}

static bool is_late(const struct probing *g)
{
	return proc_interrupted() || clock_mono_ms() >= g->until_ms;
}

/* Of the first look: that a harness is dead is told by all inputs or by none, so that one is given more time. */
static bool is_too_late(const struct probing *g, bool again)
{
	bool seems_dead = !again && !g->facts->beyond_empty && !g->facts->failed;

	return proc_interrupted() || clock_mono_ms() >= g->until_ms + (seems_dead ? DEAD_MS : 0);
}

static uint64_t hash_of(const struct target_result *r)
{
	return hash_fnv(HASH_FNV_INIT, r->features, r->n_features * sizeof(*r->features));
}

static bool passes(const struct target_result *r)
{
	return r->outcome == TARGET_OK || r->outcome == TARGET_REJECTED;
}

static void keep_empty(struct probing *g, const struct target_result *r)
{
	g->empty = xcalloc(r->n_features + 1, sizeof(*g->empty));
	for (size_t i = 0; i < r->n_features; i++)
		if (!g->n_empty || g->empty[g->n_empty - 1] != r->features[i] >> 3)
			g->empty[g->n_empty++] = r->features[i] >> 3;
}

/* Does it reach what the empty input doesn't? Both are sorted. */
static bool note_beyond(struct probing *g, const struct target_result *r)
{
	bool beyond = false;
	size_t k = 0;

	for (size_t i = 0; i < r->n_features; i++) {
		uint32_t counter = r->features[i] >> 3;

		while (k < g->n_empty && g->empty[k] < counter)
			k++;
		if (k < g->n_empty && g->empty[k] == counter)
			continue;
		beyond = true;
		if (counter < g->facts->counters && !g->reached[counter] && passes(r)) {
			g->reached[counter] = true;
			g->facts->reached++;
		}
	}
	return beyond;
}

static void note_first(struct probing *g, struct input *in, const struct target_result *r)
{
	struct health_facts *f = g->facts;
	bool is_empty = in == g->v, beyond = !is_empty && note_beyond(g, r);

	in->outcome = r->outcome;
	in->passed = passes(r);
	in->features = hash_of(r);
	f->passed += in->passed;
	if (is_empty) {
		f->empty_hangs = r->outcome == TARGET_TIMEOUT;
		if (in->passed)
			keep_empty(g, r);
		return;
	}
	f->inputs++;
	f->failed += !in->passed;
	f->rejected += r->outcome == TARGET_REJECTED;
	f->beyond_empty += in->passed && beyond;
	if (r->outcome == TARGET_TIMEOUT)
		health_count_add(&f->hang, in->name);
	if (!in->is_seed)
		return;
	if (!in->passed)
		health_count_add(&f->seeds_failed, in->name);
	else if (r->outcome == TARGET_REJECTED)
		health_count_add(&f->seeds_rejected, in->name);
	else if (!beyond)
		health_count_add(&f->seeds_shallow, in->name);
}

/* One input, alone. */
struct lone {
	struct probing *g;
	struct input *in;
	bool again, given, unable;
};

static bool next_lone(void *arg, struct target_input *what)
{
	struct lone *l = arg;

	if (l->given)
		return false;
	l->given = true;
	*what = (struct target_input){
		.data = buf_str(&l->in->data), .len = l->in->data.len, .alone = true
	};
	return true;
}

static int one_lone(void *arg, const struct target_input *what, const struct target_result *r)
{
	struct lone *l = arg;

	(void)what;
	l->unable = r->outcome == TARGET_ERROR;
	if (l->unable)
		return 0;
	if (!l->again) {
		note_first(l->g, l->in, r);
		return 0;
	}
	l->in->differs = !passes(r) || hash_of(r) != l->in->features;
	if (l->in->differs)
		health_count_add(&l->g->facts->unstable, l->in->name);
	return 0;
}

/* The first time each is looked at, the second time only whether it is the same. */
static int run_alone(struct probing *g, size_t from, bool again, struct err *err)
{
	for (size_t i = from; i < g->n && !g->facts->empty_hangs; i++) {
		struct lone l = { .g = g, .in = &g->v[i], .again = again };
		bool files, processes;
		struct buf denied = BUF_INIT;

		if (is_too_late(g, again)) {
			g->facts->cut |= !again;
			break;
		}

		/* a second look at what hangs costs as much as the first, and says less */
		if (again && !l.in->passed)
			continue;
		if (target_run(g->target, NULL, next_lone, one_lone, &l, err) < 0)
			return -1;
		if (l.unable)
			return err_refused(err, "%s: an input could not be run here", g->h->name);
		target_left_behind(g->target, &files, &processes);
		if (target_denied(g->target, &denied) && !again)
			health_count_add(&g->facts->denied, buf_str(&denied));
		buf_release(&denied);
		if (files && !again)
			health_count_add(&g->facts->files, l.in->name);
		if (processes && !again)
			health_count_add(&g->facts->processes, l.in->name);
	}
	return 0;
}

/* The empty one first, in either direction: what is set up once and for all is set up by it. */
static bool next_input(void *arg, struct target_input *in)
{
	struct probing *g = arg;

	while (g->next < g->n && !is_late(g)) {
		size_t k = g->next++, i = k && g->backwards ? g->n - k : k;

		if (!g->v[i].passed)
			continue;
		*in = (struct target_input){
			.data = buf_str(&g->v[i].data), .len = g->v[i].data.len, .tag = i
		};
		return true;
	}
	return false;
}

static int one_behind(void *arg, const struct target_input *what, const struct target_result *r)
{
	struct probing *g = arg;
	struct input *in = &g->v[what->tag];
	bool passed = passes(r) && !r->stateful;

	if (r->stateful && !in->fails_behind)
		health_count_add(&g->facts->fails_behind, in->name);
	in->fails_behind |= r->stateful;
	if (g->backwards && what->tag && passed && in->has_behind && !in->differs &&
		hash_of(r) != in->behind)
		health_count_add(&g->facts->stateful, in->name);
	in->behind = hash_of(r);
	in->has_behind = passed;
	if (passed) {
		g->run_us += r->wall_us;
		g->runs++;
	}
	return 0;
}

static int run_behind(struct probing *g, bool backwards, struct err *err)
{
	struct target_opts how = { .in_order = true };

	g->next = 0;
	g->backwards = backwards;
	return target_run(g->target, &how, next_input, one_behind, g, err);
}

static int probe_cov(struct probing *g, struct err *err)
{
	g->target = project_target(g->p, g->h, VARIANT_COV, NULL, 1, err);
	if (!g->target)
		return -1;
	g->facts->counters = target_n_counters(g->target);
	g->reached = xcalloc(g->facts->counters + 1, sizeof(*g->reached));
	if (run_alone(g, 0, false, err) < 0)
		return -1;
	if (g->facts->empty_hangs)
		return 0;
	if (!g->facts->beyond_empty && !g->facts->failed) {
		size_t before = g->n;

		add_words(g);
		if (run_alone(g, before, false, err) < 0)
			return -1;
	}
	if (run_alone(g, 0, true, err) < 0 || run_behind(g, false, err) < 0 ||
		run_behind(g, true, err) < 0)
		return -1;
	g->facts->run_us = g->runs ? g->run_us / g->runs : 0;
	return 0;
}

static int probe_leaks(struct probing *g, struct err *err)
{
	g->target = project_target(g->p, g->h, VARIANT_ASAN, NULL, 1, err);
	if (!g->target)
		return -1;
	for (size_t i = 0; i < g->n && !is_late(g); i++) {
		struct input *in = &g->v[i];
		struct target_input what = {
			.data = buf_str(&in->data), .len = in->data.len, .alone = true
		};
		struct target_result r;

		if (!in->passed)
			continue;
		if (target_run_one(g->target, &what, &r, NULL, err) < 0)
			return -1;
		g->facts->leak_tried++;
		g->facts->sanitizer_failed += r.outcome != TARGET_LEAK && !passes(&r);
		if (r.outcome == TARGET_LEAK) {
			health_count_add(&g->facts->leaks, in->name);
			g->facts->empty_leaks |= i == 0;
		} else if (!passes(&r) && in->is_seed) {
			health_count_add(&g->facts->seeds_failed, in->name);
		}
	}
	return 0;
}

int health_probe(struct project *p, const struct config_harness *h, const struct health_opts *opts,
	struct health_facts *out, struct err *err)
{
	struct probing g = { .p = p, .h = h, .opts = opts, .facts = out };
	int rc;

	*out = (struct health_facts){ 0 };
	add_input(&g, "", "", 0, false);
	add_probes(&g);
	rc = add_seeds(&g, err);
	g.until_ms = clock_mono_ms() + (opts->time_ms ? opts->time_ms : TIME_MS);
	if (rc == 0)
		rc = probe_cov(&g, err);
	if (rc == 0 && opts->leaks && !out->empty_hangs)
		rc = probe_leaks(&g, err);
	if (rc == 0 && proc_interrupted())
		rc = err_set(err, "interrupted");
	for (size_t i = 0; i < g.n; i++) {
		free(g.v[i].name);
		buf_release(&g.v[i].data);
	}
	free(g.v);
	free(g.empty);
	free(g.reached);
	return rc;
}
