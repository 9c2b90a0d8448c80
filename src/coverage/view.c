/* Code that one harness reaches is reached. */
#include "base/prelude.h"
#include "coverage/view.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "coverage/lcov.h"
#include "crash/name.h"

void coverage_view_init(
	struct coverage_view *w, const struct config *cfg, const struct coverage *v, size_t n)
{
	const struct config_harness **harnesses = xcalloc(n + 1, sizeof(*harnesses));
	bool *wanted;

	*w = (struct coverage_view){ .cfg = cfg, .v = v, .n = n };
	for (size_t i = 0; i < n; i++) {
		coverage_model_add(&w->all, &v[i].model);
		harnesses[i] = v[i].h;
	}
	coverage_model_settle(&w->all);
	coverage_owners_init(&w->owners, &w->all, cfg, harnesses, n);
	wanted = xcalloc(w->all.n + 1, sizeof(*wanted));
	w->shown = COVERAGE_HARNESS;
	for (size_t i = 0; i < w->all.n; i++)
		if (w->owners.of[i] == COVERAGE_OWN)
			w->shown = COVERAGE_OWN;
	for (size_t i = 0; i < w->all.n; i++)
		wanted[i] = w->owners.of[i] == w->shown;
	w->texts = coverage_texts_new();
	coverage_calls_init(&w->calls, &w->all, w->texts);
	coverage_blockers_find(&w->all, wanted, w->texts, &w->calls, &w->blockers);
	free(harnesses);
	free(wanted);
}

void coverage_view_release(struct coverage_view *w)
{
	coverage_blockers_release(&w->blockers);
	coverage_calls_release(&w->calls);
	coverage_texts_free(w->texts);
	coverage_owners_release(&w->owners);
	coverage_model_release(&w->all);
}

void coverage_view_counts(const struct coverage_view *w, const struct coverage *one,
	struct coverage_counts out[COVERAGE_OWNERS])
{
	memset(out, 0, COVERAGE_OWNERS * sizeof(*out));
	for (size_t i = 0; i < w->all.n; i++) {
		const struct coverage_file *f = &w->all.files[i];

		if (one)
			f = coverage_model_find(&one->model, f->path);
		if (f)
			coverage_count(f, &out[w->owners.of[i]]);
	}
}

char *coverage_view_name(const char *linker)
{
	struct buf b = BUF_INIT;

	if (strncmp(linker, "_Z", 2) != 0)
		return xstrdup(linker);
	crash_normalize_name(&b, strv_of(linker));
	return buf_detach(&b);
}

const char *coverage_view_path(const struct coverage_view *w, const char *path)
{
	return fs_below(w->cfg->dir, path);
}

void coverage_view_lcov(const struct coverage_view *w, struct buf *out)
{
	for (size_t i = 0; i < w->all.n; i++)
		if (w->owners.of[i] != COVERAGE_OTHER && !coverage_lcov_add(out, &w->all.files[i]))
			log_warn("%s: lcov's format has no way to say this path",
				w->all.files[i].path);
}
