/*
 * The same inputs on both coverage builds. Known of a function are the lines at which its blocks begin: a line that changed
 * before the first of them is its, too, and one behind a function's end isn't. A brace in the first column ends a function;
 * where none is, the line is taken for both neighbours', so that more is looked at than has to be, and never less.
 */
#include "base/prelude.h"
#include "change/internal.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "coverage/coverage.h"
#include "coverage/text.h"
#include "guard/gather.h"
#include "guard/losses.h"
#include "retest/regress.h"

#define RANGES_MAX 1000
#define LOST_MAX 50

static bool runs_function(const struct coverage_file *f, const char *name)
{
	for (size_t i = 0; i < f->n_functions; i++)
		if (f->functions[i].count && strcmp(f->functions[i].name, name) == 0)
			return true;
	return false;
}

/* The build that counts lines knows better: what was inlined in another way has no block of its own any more. */
static bool is_reached(
	const struct changing *c, const struct coverage_model *lines, const struct reach_loss *l)
{
	char *path = fs_join(c->p->cfg->dir, l->file);
	const struct coverage_file *f = coverage_model_find(lines, path);
	bool all = f && l->n_lines;

	free(path);
	for (size_t i = 0; all && i < l->n_lines; i++)
		all = l->lines[i] < f->n_lines && f->lines[l->lines[i]] &&
		      f->lines[l->lines[i]] != COVERAGE_NO_CODE;
	return l->n_lines ? all : f && runs_function(f, l->function);
}

static void tell_lost(struct changing *c, struct change_one *one, const struct reach_losses *lost,
	const struct coverage_model *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < lost->n; i++) {
		const struct reach_loss *l = &lost->v[i];
		struct buf b = BUF_INIT;

		if (is_reached(c, lines, l) || n++ >= LOST_MAX)
			continue;
		escape_term(&b, strv_of(l->file));
		buf_addf(&b, ":%u ", l->line);
		escape_term(&b, strv_of(l->function));
		for (size_t k = 0; k < l->n_lines; k++)
			buf_addf(&b, "%s%u", k ? "," : ", lines ", l->lines[k]);
		strlist_add(&one->lost, buf_str(&b));
		buf_release(&b);
	}
	if (n > LOST_MAX)
		strlist_addf(&one->lost, "and %zu more", n - LOST_MAX);
}

/* Places are sorted by function, file and line: the first of a function is where it begins. Line 0 is the compiler's own. */
static bool begins_function(const struct reach *r, size_t i, const char *file)
{
	const struct reach_place *p = &r->v[i], *before = i ? p - 1 : NULL;

	return p->line && strcmp(p->file, file) == 0 &&
	       (!before || !before->line || strcmp(before->function, p->function) != 0 ||
		       strcmp(before->file, p->file) != 0);
}

/* The last one of this file that begins up to the line, or the first one behind it. NULL: none. */
static const struct reach_place *neighbour(
	const struct reach *r, const char *file, unsigned line, bool behind)
{
	const struct reach_place *best = NULL;

	for (size_t i = 0; i < r->n; i++) {
		unsigned l = r->v[i].line;

		if (begins_function(r, i, file) && (l > line) == behind &&
			(!best || (behind ? l < best->line : l > best->line)))
			best = &r->v[i];
	}
	return best;
}

/* A function ends at one of these lines: [from, to). */
static bool ends_within(struct coverage_texts *t, const char *path, unsigned from, unsigned to)
{
	for (unsigned l = from; l < to; l++)
		if (strv_starts(coverage_text_line(t, path, l), "}"))
			return true;
	return false;
}

static void add_function(
	struct change_one *one, const struct reach *r, const struct reach_place *at)
{
	if (strlist_has(&one->functions, at->function))
		return;
	strlist_add(&one->functions, at->function);
	for (size_t i = 0; i < r->n; i++)
		for (unsigned k = 0; k < r->v[i].n_witnesses; k++)
			if (strcmp(r->v[i].function, at->function) == 0 &&
				!strlist_has(&one->starts, r->v[i].witness[k]))
				strlist_add(&one->starts, r->v[i].witness[k]);
}

/* As the reach has it: from the project's folder, where it is below that. */
static const char *from_project(const struct changing *c, const char *path)
{
	size_t n = strlen(c->base.prefix);

	return strncmp(path, c->base.prefix, n) == 0 ? path + n : path;
}

/* Lines that were taken out leave their place. */
static void add_at(struct change_one *one, const struct reach *now, struct coverage_texts *t,
	const char *file, const char *path, unsigned line)
{
	const struct reach_place *before = neighbour(now, file, line, false);
	const struct reach_place *behind = neighbour(now, file, line, true);

	if (before && !ends_within(t, path, before->line, line))
		add_function(one, now, before);
	if (behind && !ends_within(t, path, line, behind->line))
		add_function(one, now, behind);
}

static void find_functions(struct changing *c, struct change_one *one, const struct reach *now)
{
	struct coverage_texts *texts = coverage_texts_new();

	for (size_t i = 0; i < c->base.diff.n; i++) {
		const struct diff_file *f = &c->base.diff.v[i];
		const char *file = from_project(c, f->path);
		char *path = fs_join(c->base.top, f->path);

		for (size_t k = 0; k < f->n; k++) {
			const struct diff_range *r = &f->v[k];

			for (size_t m = 0; m < now->n; m++)
				if (begins_function(now, m, file) && diff_has(f, now->v[m].line))
					add_function(one, now, &now->v[m]);
			add_at(one, now, texts, file, path, r->line);
			if (r->n > 1 && r->n < COVERAGE_LINES_MAX)
				add_at(one, now, texts, file, path, r->line + r->n - 1);
		}
		free(path);
	}
	coverage_texts_free(texts);
}

static int compare(struct changing *c, struct change_one *one, const struct coverage_model *lines,
	struct err *err)
{
	const struct config_harness *h = change_base_of(c, one);
	struct strlist names = STRLIST_INIT;
	const struct losses_of of = { c->p, one->h, one->inputs_dir, &names, 0 };
	struct reach base = { NULL }, now = { NULL };
	struct reach_losses lost = { NULL };
	int rc = inputs_list(one->inputs_dir, &names, err);

	if (rc == 0 && names.n)
		rc = gather(c->base.p, h, one->inputs_dir, &names, GATHER_TWICE, 0, &base, err);
	if (rc == 0 && names.n)
		rc = gather(c->p, one->h, one->inputs_dir, &names, GATHER_TWICE, 0, &now, err);
	if (rc == 0 && names.n)
		rc = losses_find(&of, &base, &now, &lost, err);
	if (rc == 0) {
		tell_lost(c, one, &lost, lines);
		find_functions(c, one, &now);
	}
	reach_losses_release(&lost);
	reach_release(&base);
	reach_release(&now);
	strlist_release(&names);
	return rc;
}

int change_reached(struct changing *c, struct change_one *one, struct err *err)
{
	char *tests = regress_root(c->p, NULL);
	struct coverage_opts how = { .tests = tests, .inputs = one->inputs_dir };
	struct coverage cov = { .h = NULL };
	struct err why = ERR_INIT;
	int rc;

	if (coverage_measure(c->p, one->h, &how, &cov, &why) == 0)
		coverage_model_add(&c->lines, &cov.model);
	else
		strlist_addf(&one->lacks, "lines of the change: %s", why.msg);
	rc = compare(c, one, &cov.model, err);
	coverage_release(&cov);
	free(tests);
	return rc;
}

static void add_range(struct change_result *out, const char *path, unsigned from, unsigned to)
{
	struct buf b = BUF_INIT;

	escape_term(&b, strv_of(path));
	buf_addf(&b, from == to ? ":%u" : ":%u-%u", from, to);
	if (out->uncovered.n < RANGES_MAX)
		strlist_add(&out->uncovered, buf_str(&b));
	buf_release(&b);
}

static void uncovered_of(
	struct changing *c, const struct diff_file *d, const struct coverage_file *f)
{
	unsigned from = 0, to = 0;

	for (unsigned l = 1; l < f->n_lines; l++) {
		if (!diff_has(d, l) || f->lines[l] == COVERAGE_NO_CODE) {
			if (!diff_has(d, l) && from) {
				add_range(c->out, d->path, from, to);
				from = 0;
			}
			continue;
		}
		c->out->code_lines++;
		if (!f->lines[l]) {
			c->out->uncovered_lines++;
			from = from ? from : l;
			to = l;
		} else if (from) {
			add_range(c->out, d->path, from, to);
			from = 0;
		}
	}
	if (from)
		add_range(c->out, d->path, from, to);
}

void change_uncovered(struct changing *c)
{
	coverage_model_settle(&c->lines);
	for (size_t i = 0; i < c->base.diff.n; i++) {
		const struct diff_file *d = &c->base.diff.v[i];
		char *path = fs_join(c->base.top, d->path);
		const struct coverage_file *f = coverage_model_find(&c->lines, path);

		if (f)
			uncovered_of(c, d, f);
		free(path);
	}
}
