/* Everything known of one bug. */
#include "base/prelude.h"
#include "triage/bug_details.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include <stdio.h>

struct best_text {
	struct bug_details *l;
	uint64_t size;
	bool exact; /* the text is of the best reproducer itself */
};

/* The report of the best reproducer, else of the smallest finding that has one. */
static int consider(void *arg, const struct finding_rec *f)
{
	struct best_text *best = arg;
	struct bug_details *l = best->l;
	bool exact = strcmp(f->input, l->bug.input) == 0;

	/* another site's report says nothing of this one */
	if (l->site[0] && f->site && strcmp(f->site, l->site) != 0)
		return 0;
	if (!l->origin) {
		l->origin = xstrdup(f->origin);
		l->note = f->note ? xstrdup(f->note) : NULL;
	}
	if (!f->text || best->exact || (l->text.len && !exact && f->size >= best->size))
		return 0;
	buf_reset(&l->text);
	buf_add(&l->text, f->text, f->text_len);
	buf_reset(&l->places);
	buf_adds(&l->places, f->places ? f->places : "");
	l->stateful = f->stateful;
	best->size = f->size;
	best->exact = exact;
	return 0;
}

/* What is kept by the input's and the bug's names. */
static int get_facts(struct project *p, struct bug_details *l, struct err *err)
{
	char *key = xasprintf("essential/%s", l->bug.input), *digits = NULL;
	int rc = store_fact_get(p->store, key, &digits, err);

	free(key);
	if (rc < 0)
		return -1;
	if (rc == 0 && strlen(digits) == l->input.len) {
		l->essential = xmalloc(l->input.len);
		for (size_t i = 0; i < l->input.len; i++)
			l->essential[i] = (unsigned char)(digits[i] - '0');
	}
	free(digits);
	key = xasprintf("matrix/%s", l->site[0] ? l->site : l->bug.id);
	rc = store_fact_get(p->store, key, &l->matrix, err);
	free(key);
	return rc < 0 ? -1 : 0;
}

static void show_site(struct bug_details *l, const struct site_rec *s)
{
	const struct {
		char **to;
		const char *from;
	} rows[] = { { &l->bug.harness, s->harness }, { &l->bug.kind, s->kind },
		{ &l->bug.family, s->family }, { &l->bug.title, s->title },
		{ &l->bug.frames, s->frames }, { &l->bug.input, s->input },
		{ &l->bug.variant, s->variant }, { &l->bug.signature, s->home } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		free(*rows[i].to);
		*rows[i].to = rows[i].from ? xstrdup(rows[i].from) : NULL;
	}
	l->bug.security = s->security;
	l->bug.severity = s->severity;
	l->bug.size = s->size;
	l->bug.minimized = s->minimized;
	l->bug.k = s->k;
	l->bug.n = s->n;
	snprintf(l->site, sizeof(l->site), "%s", s->id);
}

struct listing {
	struct store *store;
	struct bug_details *l;
	size_t cap;
};

static int add_site(void *arg, const struct site_rec *s)
{
	struct listing *x = arg;

	GROW(x->l->sites, x->l->n_sites, x->cap);
	/* a copy of its own: s is borrowed */
	if (store_site_get(x->store, s->id, &x->l->sites[x->l->n_sites], NULL) == 0)
		x->l->n_sites++;
	return 0;
}

/* The bug of that id, or the one that a site of that id belongs to. */
static int find(struct project *p, const char *id, struct bug_details *out, struct err *err)
{
	struct listing x = { .store = p->store, .l = out };
	struct site_rec site = { 0 };
	/* the site first: where people split it off, a bug has its id, too */
	int rc = store_site_get(p->store, id, &site, err);

	if (rc >= 0)
		rc = store_bug_get(p->store, site.id ? site.bug : id, &out->bug, err);
	if (rc == 1)
		rc = err_usage(err, "%s: no such bug; `thresh bugs --all` lists them", id);
	if (rc == 0)
		rc = store_sites(p->store, out->bug.id, add_site, &x, err);
	for (size_t i = 0; rc == 0 && i < out->n_sites; i++)
		if (site.id ? strcmp(out->sites[i].id, site.id) == 0 : i == 0) {
			show_site(out, &out->sites[i]);
			break;
		}
	site_rec_release(&site);
	return rc;
}

char *bug_details_test(const struct project *p, const struct bug_rec *b)
{
	char *dir = xasprintf("%s/" PROJECT_TESTS "/%s/%s", p->cfg->dir, b->harness, b->id);

	if (fs_is_dir(dir))
		return dir;
	free(dir);
	return NULL;
}

int bug_details_load(struct project *p, const char *id, struct bug_details *out, struct err *err)
{
	struct best_text best = { .l = out };
	struct err lost = ERR_INIT;
	struct crash_rules rules;

	*out = (struct bug_details){ .report = NULL };
	if (find(p, id, out, err) < 0 ||
		store_findings(p->store, out->bug.id, -1, consider, &best, err) < 0)
		goto fail;
	rules = project_rules(p, out->bug.harness);
	if (out->text.len) {
		out->report = crash_parse_ended(strv_n(out->text.s, out->text.len));
		crash_resolve(out->report, project_resolve, p);
		crash_finish(out->report, &rules);
	}
	/* of a damaged store: a place where nothing is */
	out->input_path = inputs_is_name(out->bug.input)
				  ? inputs_path(p->inputs_dir, out->bug.input)
				  : fs_join(p->inputs_dir, "unknown");
	out->test_dir = bug_details_test(p, &out->bug);
	if (depot_get_input(p, out->bug.input, &out->input, &lost) < 0) {
		buf_reset(&out->input);
		out->input_lost = xstrdup(lost.msg);
	}
	if (get_facts(p, out, err) < 0)
		goto fail;
	return 0;
fail:
	bug_details_release(out);
	return -1;
}

void bug_details_release(struct bug_details *l)
{
	bug_rec_release(&l->bug);
	for (size_t i = 0; i < l->n_sites; i++)
		site_rec_release(&l->sites[i]);
	free(l->sites);
	free(l->input_lost);
	crash_report_free(l->report);
	buf_release(&l->text);
	buf_release(&l->places);
	buf_release(&l->input);
	free(l->input_path);
	free(l->test_dir);
	free(l->origin);
	free(l->note);
	free(l->essential);
	free(l->matrix);
	*l = (struct bug_details){ .report = NULL };
}

struct relating {
	struct project *project;
	const struct bug_details *l;
	struct bug_details_related *out;
	size_t n, max;
	struct err *err;
	bool failed;
};

static void insert(struct relating *r, const char *bug, double similarity)
{
	size_t i = r->n;

	if (r->n == r->max && similarity <= r->out[r->n - 1].similarity)
		return;
	if (r->n < r->max)
		r->n++;
	else
		i--;
	for (; i > 0 && r->out[i - 1].similarity < similarity; i--)
		r->out[i] = r->out[i - 1];
	snprintf(r->out[i].bug, sizeof(r->out[i].bug), "%s", bug);
	r->out[i].similarity = similarity;
}

static int relate(void *arg, const struct bug_rec *b)
{
	struct relating *r = arg;
	struct bug_details other;
	double similarity;

	if (strcmp(b->id, r->l->bug.id) == 0)
		return 0;
	if (bug_details_load(r->project, b->id, &other, r->err) < 0) {
		r->failed = true;
		return 1;
	}
	similarity = other.report ? crash_similarity(r->l->report, other.report) : 0;
	bug_details_release(&other);
	if (similarity >= CRASH_RELATED)
		insert(r, b->id, similarity);
	return 0;
}

size_t bug_details_related(struct project *p, const struct bug_details *l,
	struct bug_details_related *out, size_t max, struct err *err)
{
	struct relating r = { .project = p, .l = l, .out = out, .max = max, .err = err };

	if (!l->report || !max)
		return 0;
	if (store_bugs(p->store, relate, &r, err) < 0 || r.failed)
		return 0;
	return r.n;
}
