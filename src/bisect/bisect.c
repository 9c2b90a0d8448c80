/*
 * The search. Along first parents history is a line, on which one side is without the bug and the other has it; what
 * can't be tested is stepped around. A merge that turns out to be the one is searched in turn, along what it merged.
 *
 * As many commits as there are workers are tested at once: n of them cut the line into n + 1 parts, which takes fewer
 * rounds than halving, though more builds. What came of a commit is a fact in the store: a search that was ended goes
 * on.
 */
#include "base/prelude.h"
#include "bisect/bisect.h"
#include "base/log.h"
#include "base/mem.h"
#include "bisect/internal.h"
#include "proc/proc.h"
#include "project/git.h"
#include "triage/bug_details.h"

const char *bisect_word(enum bisect_outcome o)
{
	static const char *const words[] = { "bad", "good", "no harness yet", "doesn't build",
		"fails in another way" };

	return words[o];
}

struct commit {
	char *rev, *subject;
	bool known;
	enum bisect_outcome outcome;
	char *why;
};

/* Old to new: v[0] is the far end, tested, and v[n - 1] the near one. */
struct line {
	struct commit *v;
	size_t n, cap;
};

struct bisecting {
	struct project *project;
	const struct bisect_opts *opts;
	struct bisect_result *out;
	struct bug_details l;
	/* opened when the first commit has to be built */
	struct bisect_pool *pool;
	/* in question at the start */
	size_t commits;
	/* looking for the commit that took the bug out */
	bool fix;
};

static void line_release(struct line *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].rev);
		free(l->v[i].subject);
		free(l->v[i].why);
	}
	free(l->v);
	*l = (struct line){ .v = NULL };
}

static void line_add(struct line *l, struct strv rev, struct strv subject)
{
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct commit){ .rev = strv_dup(rev), .subject = strv_dup(subject) };
}

/* from and what follows it up to `to`, along first parents. */
static int line_read(
	struct bisecting *b, const char *from, const char *to, struct line *out, struct err *err)
{
	char *range = xasprintf("%s..%s", from, to);
	const char *one[] = { "log", "-1", "--format=%H %s", from, "--", NULL };
	const char *all[] = { "log", "--first-parent", "--reverse", "--format=%H %s", range, "--",
		NULL };
	struct buf text = BUF_INIT;
	struct strv rest, row;
	int rc = git_run(b->project->cfg->dir, one, NULL, &text, err);

	if (rc == 0) {
		buf_addch(&text, '\n');
		rc = git_run(b->project->cfg->dir, all, NULL, &text, err);
	}
	rest = strv_n(buf_str(&text), text.len);
	while (rc == 0 && strv_line(&rest, &row)) {
		size_t blank = strv_chr(row, ' ');

		if (row.len)
			line_add(out, strv_sub(row, 0, blank),
				blank == SIZE_MAX ? STRV("") : strv_from(row, blank + 1));
	}
	buf_release(&text);
	free(range);
	return rc;
}

/* Of the bug's input, too: a smaller one that was found since may answer otherwise. */
static char *fact_key(const struct bisecting *b, const char *rev)
{
	return xasprintf("bisect/%s/%.8s/%s%s", b->l.bug.id, b->l.bug.input, rev,
		b->opts->todays_harness ? "/today" : "");
}

/* 1: remembered from an earlier search. */
static int recall(struct bisecting *b, struct commit *k, struct err *err)
{
	char *key = fact_key(b, k->rev), *was = NULL;
	int rc = store_fact_get(b->project->store, key, &was, err);

	for (int o = BISECT_BAD; rc == 0 && !k->known && o <= BISECT_OTHER; o++) {
		k->known = strcmp(was, bisect_word((enum bisect_outcome)o)) == 0;
		k->outcome = (enum bisect_outcome)o;
	}
	free(was);
	free(key);
	return rc < 0 ? -1 : k->known;
}

static int remember(struct bisecting *b, const struct commit *k, struct err *err)
{
	char *key = fact_key(b, k->rev);
	int rc = store_fact_set(b->project->store, key, bisect_word(k->outcome), err);

	free(key);
	return rc;
}

static void report(struct bisecting *b, const struct commit *k, bool remembered, size_t left)
{
	struct bisect_step step = { .rev = k->rev,
		.subject = k->subject,
		.left = left,
		.outcome = k->outcome,
		.remembered = remembered,
		.why = k->why };

	b->out->tested += !remembered;
	b->out->remembered += remembered;
	b->out->unbuilt += k->outcome == BISECT_UNBUILT;
	if (b->opts->step)
		b->opts->step(b->opts->arg, &step);
}

static int build_and_run(
	struct bisecting *b, struct commit **k, size_t n, size_t left, struct err *err)
{
	struct bisect_job jobs[BISECT_TREES_MAX] = { { 0 } };
	char *what;
	int rc;

	if (n > BISECT_TREES_MAX)
		BUG("%zu commits at once", n);

	for (size_t i = 0; i < n; i++) {
		if (!k[i])
			BUG("no commit");
		jobs[i].rev = k[i]->rev;
	}
	what = xasprintf("building and running %zu commit%s, of %zu in question", n,
		n == 1 ? "" : "s", MAX(left, n));
	rc = bisect_pool_run(b->pool, jobs, n, what, err);
	free(what);
	for (size_t i = 0; i < n; i++) {
		if (!jobs[i].done)
			continue;
		k[i]->outcome = jobs[i].outcome;
		k[i]->why = jobs[i].why;
		k[i]->known = true;
		if (remember(b, k[i], rc == 0 ? err : NULL) < 0)
			rc = -1;
		report(b, k[i], false, left);
	}
	return rc;
}

/* At most as many as may be tested at once: those that nobody remembers, all together. */
static int test_some(struct bisecting *b, struct commit **k, size_t n, size_t left, struct err *err)
{
	struct commit *fresh[BISECT_TREES_MAX] = { NULL };
	size_t n_fresh = 0;

	for (size_t i = 0; i < n; i++) {
		int had = recall(b, k[i], err);

		if (had < 0)
			return -1;
		if (had)
			report(b, k[i], true, left);
		else
			fresh[n_fresh++] = k[i];
	}
	if (n_fresh && !b->pool)
		b->pool = bisect_pool_open(b->project, &b->l, b->opts->todays_harness, b->commits);
	for (size_t i = 0, some; i < n_fresh; i += some) {
		some = MIN(n_fresh - i, (size_t)bisect_pool_size(b->pool));
		if (build_and_run(b, fresh + i, some, left, err) < 0)
			return -1;
	}
	return 0;
}

static int test(struct bisecting *b, struct commit *k, size_t left, struct err *err)
{
	return test_some(b, &k, 1, left, err);
}

/* As many as are tested at once. */
static size_t at_once(const struct bisecting *b)
{
	return MAX(1u, MIN(b->project->jobs, (unsigned)BISECT_TREES_MAX));
}

/* On which side of the change a commit lies: 0 the old one, 1 the new one, -1 can't be said. */
static int side_of(const struct bisecting *b, const struct commit *k)
{
	switch (k->outcome) {
	case BISECT_BAD:
		return b->fix ? 0 : 1;
	case BISECT_GOOD:
		return b->fix ? 1 : 0;
	case BISECT_NO_HARNESS:
		return b->fix ? -1 : 0;
	case BISECT_UNBUILT:
	case BISECT_OTHER:
		break;
	}
	return -1;
}

/* The one nearest to `at` in (lo, hi) that isn't known or picked yet; SIZE_MAX: none. */
static size_t pick(const struct line *l, size_t lo, size_t hi, size_t at, const bool *picked)
{
	for (size_t d = 0; d < hi - lo; d++) {
		size_t up = at + d, down = at - d;

		if (up < hi && up > lo && !l->v[up].known && !picked[up])
			return up;
		if (at >= lo + d && down > lo && down < hi && !l->v[down].known && !picked[down])
			return down;
	}
	return SIZE_MAX;
}

/* n places that cut (lo, hi) into equal parts, ascending; how many there are. */
static size_t pick_some(const struct line *l, size_t lo, size_t hi, size_t n, size_t *out)
{
	bool *picked = xcalloc(l->n, sizeof(*picked));
	size_t found = 0;

	for (size_t j = 1; j <= n; j++) {
		size_t i = pick(l, lo, hi, lo + (hi - lo) * j / (n + 1), picked);

		if (i != SIZE_MAX)
			picked[i] = true;
	}
	for (size_t i = lo; i < hi; i++)
		if (picked[i])
			out[found++] = i;
	free(picked);
	return found;
}

/* Narrow (lo, hi) down: lo on the old side, hi on the new one, and between them only what can't be told. */
static int narrow(struct bisecting *b, struct line *l, size_t *lo, size_t *hi, struct err *err)
{
	size_t at[BISECT_TREES_MAX], n;

	*lo = 0;
	*hi = l->n - 1;
	while ((n = pick_some(l, *lo, *hi, at_once(b), at)) > 0) {
		struct commit *k[BISECT_TREES_MAX];
		int side = 0;

		for (size_t i = 0; i < n; i++)
			k[i] = &l->v[at[i]];
		if (test_some(b, k, n, *hi - *lo, err) < 0)
			return -1;
		/* ascending: what lies behind the first of the new side says nothing more */
		for (size_t i = 0; i < n && side != 1; i++) {
			side = side_of(b, k[i]);
			if (side == 0)
				*lo = at[i];
			else if (side == 1)
				*hi = at[i];
		}
	}
	return 0;
}

/* The merged branch's tip and its fork point, when the commit is a merge of two. 1: it isn't. */
static int merged(struct bisecting *b, const char *rev, char **base, char **tip, struct err *err)
{
	const char *parents[] = { "rev-parse", NULL, NULL };
	char *spec = xasprintf("%s^@", rev);
	struct buf text = BUF_INIT;
	struct strv rest, first, second, third;
	int rc;

	parents[1] = spec;
	rc = git_run(b->project->cfg->dir, parents, NULL, &text, err);
	rest = strv_n(buf_str(&text), text.len);
	if (rc == 0 && strv_line(&rest, &first) && strv_line(&rest, &second) && second.len &&
		!strv_line(&rest, &third)) {
		char *a = strv_dup(first);
		const char *find[] = { "merge-base", NULL, NULL, NULL };
		struct buf found = BUF_INIT;

		*tip = strv_dup(second);
		find[1] = a;
		find[2] = *tip;
		rc = git_run(b->project->cfg->dir, find, NULL, &found, err);
		*base = buf_detach(&found);
		free(a);
	} else if (rc == 0) {
		rc = 1;
	}
	buf_release(&text);
	free(spec);
	return rc;
}

static int describe(struct bisecting *b, struct err *err)
{
	const char *show[] = { "log", "-1", "--format=%cs %an: %s", b->out->commit, "--", NULL };
	struct buf text = BUF_INIT;
	int rc = git_run(b->project->cfg->dir, show, NULL, &text, err);

	b->out->about = buf_detach(&text);
	return rc;
}

static void conclude(struct bisecting *b, const struct line *l, size_t lo, size_t hi)
{
	struct bisect_result *out = b->out;

	free(out->commit);
	strlist_release(&out->among);
	out->commit = xstrdup(l->v[hi].rev);
	if (hi - lo > 1) {
		out->verdict = BISECT_ONE_OF;
		for (size_t i = lo + 1; i <= hi; i++)
			strlist_addf(&out->among, "%.12s %s%s%s%s", l->v[i].rev, l->v[i].subject,
				i < hi ? " (" : "", i < hi ? bisect_word(l->v[i].outcome) : "",
				i < hi ? ")" : "");
	} else if (l->v[lo].outcome == BISECT_NO_HARNESS) {
		out->verdict = BISECT_HARNESS;
	} else {
		out->verdict = b->fix ? BISECT_FIRST_GOOD : BISECT_FIRST_BAD;
	}
}

static int search(struct bisecting *b, struct line *l, struct err *err);

/* A branch whose tip can't be told: the change may be in it as well as in what the line left over. */
static void suspect_branch(
	struct bisecting *b, const struct line *l, size_t hi, const struct line *branch)
{
	struct bisect_result *out = b->out;

	if (out->verdict != BISECT_ONE_OF)
		strlist_addf(&out->among, "%.12s %s", l->v[hi].rev, l->v[hi].subject);
	out->verdict = BISECT_ONE_OF;
	for (size_t i = 1; i < branch->n; i++) {
		const struct commit *k = &branch->v[i];

		strlist_addf(&out->among, "%.12s %s%s%s%s", k->rev, k->subject,
			k->known ? " (" : "", k->known ? bisect_word(k->outcome) : "",
			k->known ? ")" : "");
	}
}

/*
 * What a merge brought: a branch that by itself is on the new side has the change in it, whatever the line it was
 * merged into holds; one that is on the old side hasn't, so the merge made it.
 */
static int search_branch(
	struct bisecting *b, const struct line *l, size_t hi, struct line *branch, struct err *err)
{
	struct commit *tip = &branch->v[branch->n - 1];

	if (test(b, tip, branch->n, err) < 0)
		return -1;
	if (side_of(b, tip) < 0)
		suspect_branch(b, l, hi, branch);
	if (side_of(b, tip) != 1)
		return 0;
	if (test(b, &branch->v[0], branch->n, err) < 0)
		return -1;
	return side_of(b, &branch->v[0]) == 0 ? search(b, branch, err) : 0;
}

static int search(struct bisecting *b, struct line *l, struct err *err)
{
	size_t lo, hi;
	char *base = NULL, *tip = NULL;
	struct line branch = { .v = NULL };
	int rc;

	if (narrow(b, l, &lo, &hi, err) < 0)
		return -1;
	conclude(b, l, lo, hi);
	if (b->out->verdict == BISECT_HARNESS)
		return 0;
	rc = merged(b, l->v[hi].rev, &base, &tip, err);
	if (rc == 0)
		rc = line_read(b, base, tip, &branch, err);
	if (rc == 0 && branch.n > 1)
		rc = search_branch(b, l, hi, &branch, err);
	line_release(&branch);
	free(base);
	free(tip);
	return rc < 0 ? -1 : 0;
}

static int resolve(struct bisecting *b, const char *rev, char **out, struct err *err)
{
	char *spec = xasprintf("%s^{commit}", rev);
	/* a name that begins with a dash, or is a tag of something else, is no commit */
	const char *parse[] = { "rev-parse", "--verify", "--quiet", "--end-of-options", spec,
		NULL };
	struct buf text = BUF_INIT;
	int rc = git_run(b->project->cfg->dir, parse, NULL, &text, NULL);

	if (rc < 0)
		err_usage(err, "%s: no such commit here", rev);
	*out = buf_detach(&text);
	free(spec);
	return rc;
}

static bool is_ancestor(struct bisecting *b, const char *old, const char *new)
{
	const char *argv[] = { "merge-base", "--is-ancestor", old, new, NULL };

	return git_run(b->project->cfg->dir, argv, NULL, NULL, NULL) == 0;
}

/* Both ends have to be what they are said to be: a search from wrong ones finds something, and it's wrong. */
static int check_ends(struct bisecting *b, struct line *l, struct err *err)
{
	struct commit *old = &l->v[0], *new = &l->v[l->n - 1];
	struct commit *both[] = { new, old };
	const char *why;
	int rc;

	b->commits = l->n;
	rc = at_once(b) > 1                ? test_some(b, both, 2, l->n, err)
	     : test(b, new, l->n, err) < 0 ? -1
					   : test(b, old, l->n, err);
	if (rc < 0)
		return -1;
	if (side_of(b, new) != 1) {
		why = new->why ? new->why : "";
		return err_usage(err, "%.12s should be %s, but: %s%s%s", new->rev,
			b->fix ? "good" : "bad", bisect_word(new->outcome), *why ? ": " : "", why);
	}
	if (side_of(b, old) != 0) {
		why = old->why ? old->why : "";
		return err_usage(err, "%.12s should be %s, but: %s%s%s", old->rev,
			b->fix ? "bad" : "good", bisect_word(old->outcome), *why ? ": " : "", why);
	}
	return 0;
}

static int with_ends(struct bisecting *b, const char *good, const char *bad, struct err *err)
{
	struct line l = { .v = NULL };
	int rc = -1;

	if (strcmp(good, bad) == 0)
		return err_usage(err, "%.12s can't be both good and bad", good);
	/* which of the two is older says what is looked for */
	if (is_ancestor(b, good, bad))
		b->fix = false;
	else if (is_ancestor(b, bad, good))
		b->fix = true;
	else
		return err_usage(err,
			"neither of %.12s and %.12s comes from the other: name a common ancestor",
			good, bad);
	if (line_read(b, b->fix ? bad : good, b->fix ? good : bad, &l, err) < 0)
		goto out;
	if (l.n < 2) {
		err_usage(err, "no commits between %.12s and %.12s", good, bad);
		goto out;
	}
	rc = check_ends(b, &l, err);
	if (rc == 0)
		rc = search(b, &l, err);
	if (rc == 0)
		rc = describe(b, err);
out:
	line_release(&l);
	return rc;
}

int bisect_run(struct project *p, const struct bisect_opts *opts, struct bisect_result *out,
	struct err *err)
{
	struct bisecting b = { .project = p, .opts = opts, .out = out };
	char *good = NULL, *bad = NULL;
	int rc;

	*out = (struct bisect_result){ .commit = NULL };
	if (!opts->good && !opts->bad)
		return err_usage(
			err, "name a commit without the bug by --good, or one with it by --bad");
	if (bug_details_load(p, opts->bug, &b.l, err) < 0)
		return -1;
	rc = resolve(&b, opts->good ? opts->good : "HEAD", &good, err);
	if (rc == 0)
		rc = resolve(&b, opts->bad ? opts->bad : "HEAD", &bad, err);
	if (rc == 0)
		rc = with_ends(&b, good, bad, err);
	bisect_pool_close(b.pool);
	bug_details_release(&b.l);
	free(good);
	free(bad);
	return rc;
}

void bisect_result_release(struct bisect_result *r)
{
	free(r->commit);
	free(r->about);
	strlist_release(&r->among);
	*r = (struct bisect_result){ .commit = NULL };
}
