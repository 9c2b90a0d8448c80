/* Places come as offsets into the executable; each gets its names once, however many inputs enter it. */
#include "base/prelude.h"
#include "guard/gather.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/cover_problem.h"
#include "corpus/inputs.h"
#include "proc/proc.h"

#define INPUT_MAX ((uint64_t)256 << 20)
#define SOURCE_MAX ((uint64_t)16 << 20)
#define FRAMES_MAX 16
#define OFTEN 12

struct place {
	uint32_t offset;
	size_t witness[REACH_WITNESSES]; /* places in names */
	unsigned n;
};

struct gathering {
	const char *dir;
	const struct strlist *names;
	enum gather_how how;
	size_t next, rounds;
	uint64_t until_ms;
	bool late;
	struct buf *inputs;
	bool *gone;
	struct cover_numbers *numbers;
	struct place *places;
	uint32_t n;
	size_t cap;
	/* the first run's, until the second's is there */
	uint32_t *first;
	size_t n_first;
};

/* In the midst of an input's runs, too: of what isn't whole nothing is judged. */
static bool is_late(struct gathering *g)
{
	if (g->until_ms && clock_mono_ms() >= g->until_ms)
		g->late = true;
	return g->late;
}

static bool next_input(void *arg, struct target_input *in)
{
	struct gathering *g = arg;

	while (g->next < g->names->n * g->rounds && !proc_interrupted() && !is_late(g)) {
		size_t tag = g->next++, i = tag / g->rounds;

		if (tag % g->rounds == 0)
			g->gone[i] = inputs_read(g->dir, g->names->v[i], INPUT_MAX, &g->inputs[i],
					     NULL) < 0;
		if (g->gone[i])
			continue;
		*in = (struct target_input){ .data = buf_str(&g->inputs[i]),
			.len = g->inputs[i].len,
			.tag = tag,
			.alone = g->how == GATHER_OFTEN };
		return true;
	}
	return false;
}

static struct place *place_at(struct gathering *g, uint32_t offset)
{
	uint32_t before = g->n, i = cover_number(g->numbers, offset, &g->n);

	if (g->n > before) {
		if (i >= g->cap) {
			g->cap = MAX(g->cap * 2, (size_t)1024);
			g->places = xrealloc(g->places, g->cap * sizeof(*g->places));
		}
		g->places[i] = (struct place){ .offset = offset };
	}
	return &g->places[i];
}

/* Offsets alone, ascending. */
static uint32_t *offsets_of(const struct target_result *r, size_t *n)
{
	uint32_t *v = xmalloc((r->n_features / 2 + 1) * sizeof(*v));

	*n = r->n_features / 2;
	for (size_t i = 0; i < *n; i++)
		v[i] = r->features[2 * i];
	cover_sort(v, *n);
	return v;
}

static void take_both(struct gathering *g, size_t input, const uint32_t *v, size_t n)
{
	for (size_t i = 0, k = 0; i < n; i++) {
		struct place *p = place_at(g, v[i]);

		while (k < g->n_first && g->first[k] < v[i])
			k++;
		if (k < g->n_first && g->first[k] == v[i] && p->n < REACH_WITNESSES)
			p->witness[p->n++] = input;
	}
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct gathering *g = arg;
	size_t i = in->tag / g->rounds, round = in->tag % g->rounds, n;
	uint32_t *v = offsets_of(r, &n);

	if (g->how == GATHER_TWICE && round == 1)
		take_both(g, i, v, n);
	for (size_t k = 0; k < n; k++)
		place_at(g, v[k]);
	if (round == g->rounds - 1)
		buf_release(&g->inputs[i]);
	free(g->first);
	g->first = v;
	g->n_first = n;
	return in->tag + 1 < g->names->n * g->rounds && is_late(g);
}

static int run_all(
	struct project *p, const struct config_harness *h, struct gathering *g, struct err *err)
{
	struct target_opts how = {
		.in_order = true, .expect = g->names->n * g->rounds, .what = "guarding"
	};
	struct target *t =
		project_target_with(p, h, VARIANT_COV, NULL, p->jobs, TARGET_PLACES, err);
	int rc;

	if (!t)
		return -1;
	g->inputs = xcalloc(g->names->n + 1, sizeof(*g->inputs));
	g->gone = xcalloc(g->names->n + 1, sizeof(*g->gone));
	rc = target_run(t, &how, next_input, one_done, g, err);
	if (rc == 0 && proc_interrupted())
		rc = err_set(err, "interrupted");
	for (size_t i = 0; i < g->names->n; i++)
		buf_release(&g->inputs[i]);
	free(g->inputs);
	free(g->gone);
	return rc;
}

/* As the project sees it, wherever the checkout lies. */
static const char *relative(const struct project *p, const char *path)
{
	return fs_below(p->cfg->dir, path);
}

static void add_names(struct project *p, const struct config_harness *h, const struct gathering *g,
	struct reach *out)
{
	char *exe = build_path(p->cfg, h, NULL, VARIANT_COV);
	struct symbol_request *req = xcalloc((size_t)g->n + 1, sizeof(*req));

	for (uint32_t i = 0; i < g->n; i++)
		req[i] = (struct symbol_request){ .module = exe, .offset = g->places[i].offset };
	symbol_prefetch(p->symbols, req, g->n);
	for (uint32_t i = 0; i < g->n; i++) {
		const struct place *at = &g->places[i];
		struct symbol_frame f[FRAMES_MAX];

		if (!symbol_lookup(p->symbols, exe, NULL, at->offset, false, f, ARRAY_LEN(f)))
			continue;
		if (!at->n)
			reach_add(out, f[0].function, relative(p, f[0].file), f[0].line, NULL);
		for (unsigned k = 0; k < at->n; k++)
			reach_add(out, f[0].function, relative(p, f[0].file), f[0].line,
				g->names->v[at->witness[k]]);
	}
	free(req);
	free(exe);
}

static bool has_file(const struct reach *r, const char *path)
{
	for (size_t i = 0; i < r->n_files; i++)
		if (!strcmp(r->files[i].path, path))
			return true;
	return false;
}

static void add_files(const struct project *p, struct reach *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct reach_file *f;
		struct buf b = BUF_INIT;
		char *path;

		if (has_file(r, r->v[i].file))
			continue;
		path = fs_join(p->cfg->dir, r->v[i].file);
		GROW(r->files, r->n_files, r->cap_files);
		f = &r->files[r->n_files++];
		*f = (struct reach_file){ .path = xstrdup(r->v[i].file) };
		if (fs_read(path, SOURCE_MAX, &b, NULL) == 0)
			hash_sha1(buf_str(&b), b.len, f->hash);
		buf_release(&b);
		free(path);
	}
}

int gather(struct project *p, const struct config_harness *h, const char *dir,
	const struct strlist *names, enum gather_how how, uint64_t until_ms, struct reach *out,
	struct err *err)
{
	struct gathering g = { .dir = dir,
		.names = names,
		.how = how,
		.until_ms = until_ms,
		.rounds = how == GATHER_OFTEN ? OFTEN : 2,
		.numbers = cover_numbers_new() };
	int rc = project_need_symbols(p, err);

	if (rc == 0)
		rc = run_all(p, h, &g, err);
	if (rc == 0) {
		add_names(p, h, &g, out);
		if (project_names_refused(p))
			rc = err_refused(
				err, "%s: the code that was reached has no names now", h->name);
		reach_settle(out);
		add_files(p, out);
	}
	cover_numbers_free(g.numbers);
	free(g.places);
	free(g.first);
	return rc == 0 && g.late ? 1 : rc;
}
