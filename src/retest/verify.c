/* thresh verify: the reproducer as often as its reproducibility demands, then all findings of what seems gone. */
#include "base/prelude.h"
#include "retest/verify.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/progress.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include "proc/proc.h"
#include "retest/harness_change.h"
#include "retest/proof.h"
#include "retest/regress.h"
#include "triage/bug_details.h"
#include "triage/filing.h"
#include "triage/same_bug.h"
#include "triage/triage.h"

#define TRIES_MIN 3

const char *verify_word(enum verify_verdict v)
{
	static const char *const words[] = { "same", "gone", "masked", "cannot tell" };

	return words[v];
}

struct verifying {
	struct project *project;
	const struct verify_opts *opts;
	struct verify_result *out;
	struct strlist ids;
};

/* Of the one bug at work. */
struct subject {
	struct verifying *v;
	struct bug_details l;
	const struct config_harness *h;
	struct target *target;
	struct target *former; /* the harness as it was; NULL: not asked */
	struct verify_one *one;
};

static int run_once(
	struct subject *s, const void *data, size_t len, struct triage *t, struct err *err)
{
	struct target_input in = { .data = data, .len = len, .alone = true };
	struct target_result r;

	if (proc_interrupted())
		return err_set(err, "interrupted");
	return triage_run(s->v->project, s->h->name, s->target, &in, &r, t, err);
}

/* Runs of the reproducer: with its own failure, and the first other one. */
struct tries {
	unsigned n, failed;
	/* it failed, but nothing says where */
	unsigned blind;
	struct triage other;
};
#define TRIES_INIT                   \
	{                            \
		.other = TRIAGE_INIT \
	}

/* Until it fails as it did or has passed often enough. */
static int try_reproducer(struct subject *s, struct tries *out, struct err *err)
{
	const struct bug_rec *b = &s->l.bug;
	unsigned tries = MAX(manifest_runs(b->k, b->n), (unsigned)TRIES_MIN);
	int rc = 0;

	while (rc == 0 && out->n < tries && !out->failed) {
		struct triage t = { .input = buf_str(&s->l.input), .len = s->l.input.len };

		rc = run_once(s, buf_str(&s->l.input), s->l.input.len, &t, err);
		out->n++;
		if (rc == 0 && t.report) {
			int same = same_bug(s->v->project, &t.sig, b->id, err);

			if (same < 0)
				rc = -1;
			out->failed += same == 1;
			if (same == 0 && same_bug_cannot_tell(t.report)) {
				out->blind++;
			} else if (same == 0 && !out->other.report) {
				out->other = t;
				t = (struct triage)TRIAGE_INIT;
			}
		}
		triage_release(&t);
	}
	return rc;
}

/* The other crash becomes a finding of its own bug. */
static int file_other(struct subject *s, const struct triage *other, struct err *err)
{
	struct project *p = s->v->project;
	char id[17];
	int rc;

	s->one->why = xstrdup(other->report->summary);
	if (!s->v->opts->target) {
		struct triage_filed filed = { .bug = "" };
		struct finding_rec f = { .campaign = p->id,
			.harness = (char *)(uintptr_t)s->h->name,
			.variant =
				(char *)(uintptr_t)variant_name(triage_variant(s->l.bug.variant)),
			.origin = (char *)(uintptr_t) "verify",
			.input = s->l.bug.input,
			.size = s->l.input.len,
			.found_ms = clock_wall_ms() };
		int64_t finding = 0;

		if (store_finding_add(p->store, &f, &finding, NULL, err) < 0 ||
			triage_finding(p, finding, &filed, err) < 0)
			return -1;
		if (filed.bug[0])
			s->one->other = xstrdup(filed.bug);
		return 0;
	}
	rc = triage_find_bug(p, &other->sig, id, err);
	if (rc == 0)
		s->one->other = xstrdup(id);
	return rc < 0 ? -1 : 0;
}

struct finding_ref {
	int64_t id;
	char *input;
};

struct refs {
	struct finding_ref *v;
	size_t n, cap;
	const char *but; /* the reproducer, which was run already */
	/* whose findings; "": all of the bug's */
	const char *site;
};

static int collect_ref(void *arg, const struct finding_rec *f)
{
	struct refs *r = arg;

	/* what gc let go has no input any more */
	if (f->trimmed || strcmp(f->input, r->but) == 0 ||
		(r->site[0] && f->site && strcmp(f->site, r->site) != 0))
		return 0;
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = (struct finding_ref){ f->id, xstrdup(f->input) };
	return 0;
}

/* Another finding shows the bug still: it's its site's reproducer from now on. */
static int adopt(
	struct subject *s, const struct triage *t, const char *input, size_t len, struct err *err)
{
	struct site_rec site = { 0 };
	int rc;

	s->one->verdict = VERIFY_SAME;
	s->one->why = xstrdup("its reproducer passes, another finding of it fails still");
	if (s->v->opts->target)
		return 0;
	rc = store_site_get(s->v->project->store, t->sig.site->id, &site, err);
	if (rc == 0) {
		free(site.input);
		site.input = xstrdup(input);
		site.size = len;
		site.minimized = false;
		site.k = site.n = 1;
		rc = store_site_reproducer(s->v->project->store, site.id, NULL, &site, err);
	}
	site_rec_release(&site);
	return rc < 0 ? -1 : 0;
}

static int one_finding(struct subject *s, const struct finding_ref *f, struct err *err)
{
	struct project *p = s->v->project;
	struct triage t = TRIAGE_INIT;
	struct triage_filed filed;
	struct buf input = BUF_INIT;
	struct err why = ERR_INIT;
	int rc = 0, same = 0;

	if (depot_get_input(p, f->input, &input, &why) < 0) {
		log_warn("a finding of bug %.8s can't be replayed: %s", s->l.bug.id, why.msg);
		goto out;
	}
	t.input = buf_str(&input);
	t.len = input.len;
	rc = run_once(s, buf_str(&input), input.len, &t, err);
	if (rc < 0 || !t.report)
		goto out;
	same = same_bug(p, &t.sig, s->l.bug.id, err);
	if (same < 0)
		rc = -1;
	else if (same)
		rc = adopt(s, &t, f->input, input.len, err);
	else if (s->v->opts->target || triage_finding(p, f->id, &filed, err) == 0)
		s->one->split++;
	else
		rc = -1;
out:
	triage_release(&t);
	buf_release(&input);
	return rc;
}

/* What else was counted to this bug: still it, or a bug of its own, or gone with it. */
static int replay_findings(struct subject *s, struct err *err)
{
	struct refs refs = { .but = s->l.bug.input, .site = s->l.site };
	int rc = store_findings(
		s->v->project->store, s->l.bug.id, FINDING_TRIAGED, collect_ref, &refs, err);

	for (size_t i = 0; rc == 0 && i < refs.n && s->one->verdict == VERIFY_GONE; i++) {
		s->one->findings++;
		rc = one_finding(s, &refs.v[i], err);
	}
	for (size_t i = 0; i < refs.n; i++)
		free(refs.v[i].input);
	free(refs.v);
	return rc;
}

static void cannot_tell(struct subject *s, char *why_take)
{
	s->one->verdict = VERIFY_CANNOT_TELL;
	free(s->one->why);
	s->one->why = why_take;
}

/* The trails decide: where the harness as it was can't be had, or where it is the harness that failed. */
static void weigh_trail(struct subject *s)
{
	char *why = NULL;

	if (harness_change_check(s->v->project, s->h, s->v->opts->target, &s->l, &why) !=
		HARNESS_CHANGE_YES)
		cannot_tell(s, xasprintf("the harness changed, and %s", why));
	free(why);
}

/* The input passes on today's harness: on the former one, which was opened in the target's place, too? */
static int weigh_former(struct subject *s, struct err *err)
{
	struct tries t = TRIES_INIT;
	char *why = NULL;
	int rc = try_reproducer(s, &t, err);

	if (rc == 0 && t.failed) {
		if (harness_change_check(s->v->project, s->h, s->v->opts->target, &s->l, &why) ==
			HARNESS_CHANGE_NO)
			cannot_tell(
				s, xasprintf("the harness changed: %s, and on the harness as it "
					     "was it fails still",
					   why));
		else
			cannot_tell(s, xstrdup("the harness changed, and on the harness as it was "
					       "it fails still"));
	} else if (rc == 0 && t.other.report) {
		cannot_tell(s, xasprintf("the harness changed, and on the harness as it was it "
					 "fails in another way: %s",
				       t.other.report->summary));
	}
	free(why);
	triage_release(&t.other);
	return rc;
}

/* Passing is no fix when the input doesn't get there any more. */
static int weigh_harness(struct subject *s, struct err *err)
{
	int changed = harness_change_seen(s->v->project, s->h, &s->l, err);
	struct err why = ERR_INIT;

	if (changed <= 0)
		return changed;
	if (s->v->opts->trust_harness) /* and from now on */
		return s->v->opts->target
			       ? 0
			       : harness_change_remember(s->v->project, s->h, &s->l, err);
	if (!harness_change_in_harness(s->v->project, s->h, &s->l))
		s->former = harness_change_former_target(
			s->v->project, s->h, s->v->opts->target, &s->l, &why);
	if (!s->former) {
		weigh_trail(s);
		return 0;
	}
	/* the bug's other findings were made for that harness, too */
	s->target = s->former;
	return weigh_former(s, err);
}

/* It failed, but not at once, though it always had: the next one who asks has to try more often. */
static int note_flaky(struct subject *s, const struct tries *t, struct err *err)
{
	const struct bug_rec *b = &s->l.bug;

	if (s->v->opts->target || t->n == 1 || b->k < b->n)
		return 0;
	if (proof_note_flaky(s->v->project, &s->l, t->failed, t->n, err) < 0)
		return -1;
	if (s->one->before == BUG_OPEN)
		s->one->before = BUG_FLAKY;
	return 0;
}

/* It fails: what harness it needs for that is known again, where that was forgotten or is another by now. */
static int keep_up(struct subject *s, struct err *err)
{
	int stale =
		s->v->opts->target ? 0 : harness_change_is_stale(s->v->project, s->h, &s->l, err);

	return stale > 0 ? harness_change_remember(s->v->project, s->h, &s->l, err) : stale;
}

static int judge(struct subject *s, struct err *err)
{
	struct tries t = TRIES_INIT;
	int rc = try_reproducer(s, &t, err);

	s->one->tries = t.n;
	s->one->failed = t.failed;
	if (rc == 0 && t.failed) {
		s->one->verdict = VERIFY_SAME;
		rc = note_flaky(s, &t, err) < 0 ? -1 : keep_up(s, err);
	} else if (rc == 0 && t.blind) {
		cannot_tell(s, xstrdup("it fails, but the report has no stack to tell by"));
	} else if (rc == 0 && t.other.report) {
		s->one->verdict = VERIFY_MASKED;
		rc = file_other(s, &t.other, err);
	} else if (rc == 0) {
		s->one->verdict = VERIFY_GONE;
		rc = weigh_harness(s, err);
		if (rc == 0 && s->one->verdict == VERIFY_GONE)
			rc = replay_findings(s, err);
	}
	triage_release(&t.other);
	return rc;
}

static enum bug_state next_state(enum bug_state s, enum verify_verdict v)
{
	if (v == VERIFY_GONE)
		return BUG_FIXED;
	if (v == VERIFY_SAME && s == BUG_FIXED)
		return BUG_REGRESSED;
	return s;
}

/* What the store has now, since filing other bugs may have changed it; in one go with the event. */
static int settle(struct subject *s, struct err *err)
{
	struct store *st = s->v->project->store;
	int rc;

	s->one->after = next_state(s->one->before, s->one->verdict);
	if (s->v->opts->target) {
		s->one->after = s->one->before;
		return 0;
	}
	if (s->one->after == s->one->before)
		return 0;
	if (store_begin(st, err) < 0)
		return -1;
	rc = store_bug_set_state(st, s->one->bug, s->one->after, NULL, 0, err);
	if (rc == 0)
		rc = store_event_add(st, s->v->project->id, clock_wall_ms(),
			s->one->after == BUG_FIXED ? "fixed" : "regressed", s->one->bug, err);
	if (rc != 0) {
		store_rollback(st);
		return -1;
	}
	return store_commit(st, err);
}

/* One site: its reproducer, and where that passes what else was counted to it. */
static void one_site(struct subject *s)
{
	struct verifying *v = s->v;
	struct err why = ERR_INIT;

	s->one->verdict = VERIFY_CANNOT_TELL;
	s->h = config_harness(v->project->cfg, s->l.bug.harness);
	s->target = s->h && !s->l.input_lost
			    ? project_target(v->project, s->h, triage_variant(s->l.bug.variant),
				      v->opts->target, 1, &why)
			    : NULL;
	if (!s->h)
		cannot_tell(s, xstrdup("its harness isn't in the project file any more"));
	else if (s->l.input_lost)
		cannot_tell(s, xasprintf("its reproducer is lost: %s", s->l.input_lost));
	else if (!s->target)
		cannot_tell(s, xstrdup(why.msg));
	else if (judge(s, &why) < 0)
		/* the run failed, not the bug: that says nothing about it */
		cannot_tell(s, xstrdup(why.msg));
	target_close(s->former);
	s->former = NULL;
}

/* Which of two sites' verdicts is the bug's: gone is only what is gone everywhere. */
static bool outweighs(enum verify_verdict a, enum verify_verdict b)
{
	static const int weights[] = {
		[VERIFY_SAME] = 3, [VERIFY_CANNOT_TELL] = 2, [VERIFY_MASKED] = 1, [VERIFY_GONE] = 0
	};

	return weights[a] > weights[b];
}

/* What one site gave becomes a part of what is said of the bug. */
static void take_site(struct verify_one *bug, struct verify_one *site, bool first)
{
	bug->sites++;
	bug->sites_gone += site->verdict == VERIFY_GONE;
	bug->findings += site->findings;
	bug->split += site->split;
	if (site->before == BUG_FLAKY)
		bug->before = BUG_FLAKY;
	if (first || outweighs(site->verdict, bug->verdict)) {
		free(bug->why);
		free(bug->other);
		bug->verdict = site->verdict;
		bug->failed = site->failed;
		bug->tries = site->tries;
		bug->why = site->why;
		bug->other = site->other;
		site->why = site->other = NULL;
	}
	free(site->why);
	free(site->other);
}

/* Its own word on each site is kept, so that `thresh show` tells which are gone. */
static int note_site(struct subject *s, struct err *err)
{
	if (s->v->opts->target || !s->l.site[0] ||
		(s->one->verdict != VERIFY_GONE && s->one->verdict != VERIFY_SAME))
		return 0;
	return store_site_gone(
		       s->v->project->store, s->l.site, s->one->verdict == VERIFY_GONE, err) < 0
		       ? -1
		       : 0;
}

static int each_site(struct subject *s, struct verify_one *bug, struct err *err)
{
	struct strlist ids = STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; i < s->l.n_sites; i++)
		strlist_add(&ids, s->l.sites[i].id);
	if (!ids.n)
		strlist_add(&ids, s->l.bug.id);
	for (size_t i = 0; rc == 0 && i < ids.n && !proc_interrupted(); i++) {
		struct verify_one site = { .before = bug->before };

		bug_details_release(&s->l);
		rc = bug_details_load(s->v->project, ids.v[i], &s->l, err);
		/* a site that another one's findings moved meanwhile is looked at under its bug */
		if (rc == 0) {
			s->one = &site;
			one_site(s);
			rc = note_site(s, err);
			take_site(bug, &site, i == 0);
			s->one = bug;
		}
	}
	strlist_release(&ids);
	return rc;
}

static int one_bug(struct verifying *v, const char *id, struct err *err)
{
	struct subject s = { .v = v };
	struct verify_one bug = { .verdict = VERIFY_CANNOT_TELL };
	int rc;

	if (bug_details_load(v->project, id, &s.l, err) < 0)
		return -1;
	bug.bug = xstrdup(s.l.bug.id);
	bug.harness = xstrdup(s.l.bug.harness);
	bug.title = xstrdup(s.l.bug.title);
	bug.before = bug.after = s.l.bug.state;
	s.one = &bug;
	rc = each_site(&s, &bug, err);
	GROW(v->out->v, v->out->n, v->out->cap);
	v->out->v[v->out->n++] = bug;
	s.one = &v->out->v[v->out->n - 1];
	if (rc == 0)
		rc = proc_interrupted() ? err_set(err, "interrupted") : settle(&s, err);
	if (rc == 0 && v->opts->done)
		v->opts->done(v->opts->arg, s.one);
	bug_details_release(&s.l);
	return rc;
}

static int collect(void *arg, const struct bug_rec *b)
{
	struct verifying *v = arg;

	strlist_add(&v->ids, b->id);
	return 0;
}

/* Manifests follow the states that changed; where there's no test, none is made. */
static int restate_tests(struct verifying *v, struct err *err)
{
	struct regress_result r = { .v = NULL };
	struct strlist changed = STRLIST_INIT;
	struct regress_opts opts = { .bugs = &changed };
	char *root = regress_root(v->project, NULL);
	int rc = 0;

	for (size_t i = 0; i < v->out->n; i++) {
		const struct verify_one *o = &v->out->v[i];
		char *dir = xasprintf("%s/%s/%s", root, o->harness, o->bug);

		if (o->before != o->after && fs_is_dir(dir))
			strlist_add(&changed, o->bug);
		free(dir);
	}
	if (changed.n)
		rc = regress_run(v->project, &opts, &r, err);
	regress_result_release(&r);
	strlist_release(&changed);
	free(root);
	return rc;
}

int verify_run(struct project *p, const struct verify_opts *opts, struct verify_result *out,
	struct err *err)
{
	struct verifying v = { .project = p, .opts = opts, .out = out };
	struct progress progress;
	int rc = 0;

	*out = (struct verify_result){ .v = NULL };
	if (opts->target && !config_build(p->cfg, opts->target))
		return err_usage(err, "%s: no such target in %s", opts->target, p->cfg->path);
	if (opts->bugs && opts->bugs->n)
		strlist_add_all(&v.ids, opts->bugs);
	else
		rc = store_bugs(p->store, collect, &v, err);
	progress_begin(&progress, "verifying", v.ids.n);
	for (size_t i = 0; rc == 0 && i < v.ids.n; i++) {
		rc = one_bug(&v, v.ids.v[i], err);
		progress_at(&progress, i + 1);
	}
	progress_end(&progress);
	if (rc == 0 && !opts->target)
		rc = restate_tests(&v, err);
	strlist_release(&v.ids);
	return rc;
}

void verify_result_release(struct verify_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].bug);
		free(r->v[i].harness);
		free(r->v[i].title);
		free(r->v[i].why);
		free(r->v[i].other);
	}
	free(r->v);
	*r = (struct verify_result){ .v = NULL };
}
