/* A finding -> runs alone -> report -> signature -> bug. */
#include "base/prelude.h"
#include "triage/triage.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include "triage/fault_policy.h"
#include "triage/filing.h"
#include "triage/put_off.h"
#include "triage/same_bug.h"
#include "triage/uninstrumented.h"
#include <stdio.h>

#define CONFIRM_RUNS 3
#define TRIAGE_PRIORITY 50
/* behind what is swept, too: see run_slow */
#define SLOW_PRIORITY 25
/* of the limit */
#define PEEK_PART 8
/* of a finding that took the whole limit on a build like triage's, alone */
#define PEEK_MIN_MS 100
#define PUT_OFF 2

/* What the report of a run takes over from that of another. */
static void swap_reports(struct triage *a, struct triage *b)
{
	struct triage was = *a;

	a->report = b->report;
	a->sig = b->sig;
	a->text = b->text;
	a->places = b->places;
	b->report = was.report;
	b->sig = was.sig;
	b->text = was.text;
	b->places = was.places;
}

/*
 * An overflow whose report has no stack: the limit fell where the unwinder had no room, or no way. With a little more of a
 * stack it falls elsewhere in the same recursion.
 */
static int tell_overflow(struct project *p, const char *harness, struct target *target,
	const struct target_input *in, struct target_result *r, struct triage *t, struct err *err)
{
	static const uint32_t more[] = { 24u << 10, 72u << 10, 200u << 10 };
	bool told = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && !told && i < ARRAY_LEN(more); i++) {
		struct triage again = { .input = t->input, .len = t->len, .kept = t->kept };
		struct target_result other;

		target_set_stack_more(target, more[i]);
		rc = target_run_one(target, in, &other, &again.text, err);
		if (rc == 0)
			triage_judge(p, harness, &other, &again);
		told = again.report && !same_bug_cannot_tell(again.report) &&
		       !strcmp(again.report->family, t->report->family);
		if (told) {
			swap_reports(t, &again);
			*r = other;
		}
		triage_release(&again);
	}
	target_set_stack_more(target, 0);
	return rc;
}

int triage_run(struct project *p, const char *harness, struct target *target,
	const struct target_input *in, struct target_result *r, struct triage *t, struct err *err)
{
	if (target_run_one(target, in, r, &t->text, err) < 0)
		return -1;
	triage_judge(p, harness, r, t);
	if (!t->report || strcmp(t->report->family, "stack-overflow") != 0 ||
		!same_bug_cannot_tell(t->report))
		return 0;
	return tell_overflow(p, harness, target, in, r, t, err);
}

/* A report whose places have no names, because nobody could look them up now, is nobody's. */
static int check_names(struct project *p, const struct triage *t, struct err *err)
{
	if (!t->report || !project_names_refused(p))
		return 0;
	return err_refused(err, "this machine refuses to run the program that names places");
}

/* Run again; counts into t->k and t->n how often the same signature came. */
static int confirm(struct project *p, struct target *target, const char *harness, const void *data,
	size_t len, struct triage *t, struct err *err)
{
	struct target_input in = { .data = data, .len = len, .alone = true };
	struct triage again = { .input = data, .len = len };
	struct target_result r;
	int rc = triage_run(p, harness, target, &in, &r, &again, err);

	if (rc == 0)
		rc = check_names(p, &again, err);
	if (rc == 0) {
		t->n++;
		if (again.report && strcmp(again.sig.site->id, t->sig.site->id) == 0)
			t->k++;
	}
	triage_release(&again);
	return rc;
}

bool triage_is_repeat(
	struct project *p, const char *harness, uint64_t since_ms, const struct triage *t)
{
	struct site_rec s = { 0 };
	struct bug_rec b = { 0 };
	bool repeat = store_site_get(p->store, t->sig.site->id, &s, NULL) == 0 && !s.gone &&
		      s.k == s.n && (t->peeked || s.minimized || s.size <= t->len) &&
		      triage_variant(s.variant) == t->variant && s.last_ms >= since_ms &&
		      (!harness || strcmp(s.harness, harness) == 0) &&
		      store_bug_get(p->store, s.bug, &b, NULL) == 0 && b.state != BUG_FIXED;

	bug_rec_release(&b);
	site_rec_release(&s);
	return repeat;
}

/* brief: as for a finding, of which one more of the same is looked at once. */
static int run_alone(struct project *p, const struct config_harness *h, enum variant v,
	const void *data, size_t len, unsigned runs, bool brief, struct triage *t, struct err *err)
{
	struct target *target = project_target(p, h, v, NULL, 1, err);
	struct target_input in = { .data = data, .len = len, .alone = true };
	struct target_fault fault = { .at = 0 };
	struct target_result r;

	if (!target)
		return -1;
	target_fault_line(data, len, &fault);
	t->variant = v;
	t->input = data;
	t->len = len;
	/* an input that passes gets as many tries: a flaky bug is a bug */
	for (unsigned i = 0; i < MAX(runs, 1u); i++) {
		buf_reset(&t->text);
		if (triage_run(p, h->name, target, &in, &r, t, err) < 0)
			return -1;
		t->n++;
		if (check_names(p, t, err) < 0)
			return -1;
		if (t->report) {
			t->excused = fault_policy_excuses(&fault, &r, t->report);
			t->k++;
			break;
		}
	}
	if (t->report && brief && triage_is_repeat(p, NULL, 0, t))
		return 0;
	/* each run of a timeout costs the whole limit: look_closer takes one more, under twice of it */
	while (t->report && t->outcome != TARGET_TIMEOUT && t->n < runs)
		if (confirm(p, target, h->name, data, len, t, err) < 0)
			return -1;
	return 0;
}

int triage_input(struct project *p, const struct config_harness *h, enum variant v,
	const void *data, size_t len, unsigned runs, struct triage *t, struct err *err)
{
	return run_alone(p, h, v, data, len, runs, false, t, err);
}

static bool is_known(struct project *p, const struct triage *t)
{
	struct site_rec s;
	bool known = store_site_get(p->store, t->sig.site->id, &s, NULL) == 0;

	site_rec_release(&s);
	return known;
}

/* Near the limit, inputs flap: what ends within twice the time is slow, not a hang. Memory doesn't depend on the weather. */
static int confirm_limit(struct project *p, const struct config_harness *h, const struct buf *input,
	struct triage *t, struct err *err)
{
	struct target_input in = { .data = buf_str(input), .len = input->len, .alone = true };
	struct target *target = project_target_with(p, h, t->variant, NULL, 1, TARGET_TWICE, err);
	struct buf text = BUF_INIT;
	struct target_result r;
	int rc;

	if (is_known(p, t))
		return 0;
	rc = target ? target_run_one(target, &in, &r, &text, err) : -1;
	if (rc == 0 && !triage_failed(r.outcome)) {
		log_debug("%s: an input that ends within twice the limit: no finding", h->name);
		crash_report_free(t->report);
		t->report = NULL;
		t->k = 0;
	}
	buf_release(&text);
	return rc;
}

/* Once more with fixed addresses: what depends on the layout shows itself as k < n. */
static int confirm_layout(struct project *p, const struct config_harness *h,
	const struct buf *input, struct triage *t, struct err *err)
{
	struct target *target = project_target_with(p, h, t->variant, NULL, 1, TARGET_NO_ASLR, err);

	return target ? confirm(p, target, h->name, buf_str(input), input->len, t, err) : -1;
}

/* The first finding of a bug is looked at longer than those that only repeat it. */
static int look_closer(struct project *p, const struct config_harness *h, const struct buf *input,
	struct triage *t, struct err *err)
{
	if (!t->report)
		return 0;
	if (t->outcome == TARGET_TIMEOUT)
		return t->took_twice || t->peeked ? 0 : confirm_limit(p, h, input, t, err);
	return is_known(p, t) ? 0 : confirm_layout(p, h, input, t, err);
}

/* Another build with a sanitizer, which the finding was seen on and the asan build's run can't answer for. */
static bool has_own_build(
	const struct config_harness *h, const struct finding_rec *f, enum variant *v)
{
	if (!f->variant || variant_parse(f->variant, v) < 0)
		return false;
	return (*v == VARIANT_MSAN && build_wants(h->build, *v)) || *v == VARIANT_GCC_ASAN;
}

/* One run; 1: it takes longer than that, and nothing else is wrong with it. */
static int takes_longer(struct project *p, const struct config_harness *h, struct target *target,
	uint64_t ms, const struct buf *input, struct triage *t, struct err *err)
{
	struct target_input in = { .data = buf_str(input), .len = input->len, .alone = true };
	uint64_t limit = target_timeout(target);
	struct target_result r;
	int rc;

	triage_release(t);
	t->variant = VARIANT_ASAN;
	t->input = buf_str(input);
	t->len = input->len;
	target_set_timeout(target, ms);
	rc = triage_run(p, h->name, target, &in, &r, t, err);
	target_set_timeout(target, limit);
	if (rc == 0)
		rc = check_names(p, t, err);
	t->n = 1;
	t->k = t->report != NULL;
	return rc < 0 ? -1 : t->report && t->outcome == TARGET_TIMEOUT;
}

/*
 * What an engine gave up after a while is seldom the only one of its kind, and each would cost three times the limit. What a
 * part of the limit shows in a place where others are known never to end is one more of them, and so is one whose whole
 * limit somebody else waited for: where a campaign has seconds, each such run is a good part of them. Else a run under twice
 * the limit decides, as it does for all. 1: that was its judgement; PUT_OFF, where that run may wait.
 */
static int run_slow(struct project *p, const struct config_harness *h, const struct buf *input,
	bool alone, bool brief, char *place, struct triage *t, struct err *err)
{
	struct target *target = project_target(p, h, VARIANT_ASAN, NULL, 1, err);
	uint64_t limit;
	int rc;

	if (!target)
		return -1;
	limit = target_timeout(target);
	rc = takes_longer(p, h, target, MIN(limit, MAX(limit / PEEK_PART, (uint64_t)PEEK_MIN_MS)),
		input, t, err);
	t->peeked = rc == 1;
	if (rc != 1 || alone || triage_is_repeat(p, NULL, 0, t))
		return rc;
	if (brief)
		return PUT_OFF;
	snprintf(place, PUT_OFF_PLACE, "%s", t->sig.site->id);
	target = project_target_with(p, h, VARIANT_ASAN, NULL, 1, TARGET_TWICE, err);
	rc = target ? takes_longer(p, h, target, target_timeout(target), input, t, err) : -1;
	if (rc == 0 && !t->report)
		log_debug("%s: an input that ends within twice the limit: no finding", h->name);
	t->took_twice = rc == 1;
	return rc == 0 && !t->report ? 1 : rc;
}

/* Not what was judged before, or is to fail by a fault: of these more is asked than how long they take. */
static bool is_slow(const struct finding_rec *f, const struct buf *input)
{
	struct target_fault fault;

	return f->state == FINDING_NEW && f->kind &&
	       (!strcmp(f->kind, "timeout") || !strcmp(f->kind, "slow") ||
		       !strcmp(f->kind, TRIAGE_SLOW_ALONE)) &&
	       !target_fault_line(buf_str(input), input->len, &fault);
}

static int run_finding(struct project *p, const struct config_harness *h,
	const struct finding_rec *f, const struct buf *input, bool brief, char *place,
	struct triage *t, struct err *err)
{
	enum variant v;
	char *why = NULL;
	bool alone = f->kind && strcmp(f->kind, TRIAGE_SLOW_ALONE) == 0;
	int rc = is_slow(f, input) ? run_slow(p, h, input, alone, brief, place, t, err) : 0;

	if (rc != 0)
		return rc == 1 ? 0 : rc;
	triage_release(t);
	if (run_alone(p, h, VARIANT_ASAN, buf_str(input), input->len, CONFIRM_RUNS, true, t, err) <
		0)
		return -1;
	if (!t->report && has_own_build(h, f, &v)) {
		triage_release(t);
		if (run_alone(p, h, v, buf_str(input), input->len, CONFIRM_RUNS, true, t, err) < 0)
			return -1;
	}
	if (uninstrumented_blame(p, h, t, &why, err) < 0 ||
		(why && uninstrumented_note(p, f->id, why, err) < 0)) {
		free(why);
		return -1;
	}
	if (t->excused || why) {
		crash_report_free(t->report);
		t->report = NULL;
		t->k = 0;
	}
	free(why);
	return 0;
}

/* A new bug that shows without the fault of its input, too, is filed so, as the better reproducer that it is. */
static int file_without_fault(struct project *p, const struct config_harness *h,
	const struct finding_rec *f, const struct buf *input, const struct triage *t,
	struct err *err)
{
	struct triage plain = TRIAGE_INIT;
	struct triage_filed filed;
	struct finding_rec again = { 0 };
	struct target_fault fault;
	size_t skip = target_fault_line(buf_str(input), input->len, &fault);
	const char *data = buf_str(input) + skip;
	int64_t id;
	int rc = 0;

	if (!skip || !t->report)
		return 0;
	rc = triage_input(p, h, t->variant, data, input->len - skip, CONFIRM_RUNS, &plain, err);
	if (rc == 0 && plain.report && strcmp(plain.sig.site->id, t->sig.site->id) == 0) {
		rc = triage_keep(p, h->name, variant_name(t->variant), f->origin, f->note, data,
			input->len - skip, &id, NULL, err);
		if (rc == 0 && store_finding_get(p->store, id, &again, err) == 0)
			rc = triage_file(p, &again, &plain, &filed, err);
	}
	finding_rec_release(&again);
	triage_release(&plain);
	return rc;
}

/* second: another one of its place ended after all. Were all settled by the first, one that doesn't would be lost. */
static int file_finding(struct project *p, int64_t id, bool brief, bool second,
	struct triage_filed *out, struct err *err)
{
	int64_t next = 0;
	struct finding_rec f = { 0 };
	struct triage t = TRIAGE_INIT;
	const struct config_harness *h;
	struct buf input = BUF_INIT;
	char place[PUT_OFF_PLACE] = "";
	int rc = store_finding_get(p->store, id, &f, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_set(err, "finding %lld: not in the store", (long long)id);
	rc = -1;
	h = project_harness(p, f.harness, err);
	if (!h || depot_get_input(p, f.input, &input, err) < 0)
		goto out;
	rc = run_finding(p, h, &f, &input, brief, place, &t, err);
	if (rc == PUT_OFF)
		rc = put_off_note(p, &f, t.sig.site->id, out, err) < 0 ? -1 : PUT_OFF;
	else if (rc == 0)
		rc = look_closer(p, h, &input, &t, err);
	if (rc != 0)
		goto out;
	rc = triage_file(p, &f, &t, out, err);
	if (rc == 0 && *place && !*out->bug && !second)
		next = put_off_longest(p, &f, place);
	if (rc == 0 && *place && !next && (!t.report || t.outcome == TARGET_TIMEOUT))
		rc = put_off_settle(p, &f, place, out, err);
	if (rc == 0 && out->new_bug)
		rc = file_without_fault(p, h, &f, &input, &t, err);
	if (rc == 0 && !t.report)
		log_debug("%s: finding %s of %s doesn't fail alone", f.harness, f.input, f.origin);
out:
	finding_rec_release(&f);
	triage_release(&t);
	buf_release(&input);
	return rc == 0 && next ? file_finding(p, next, false, true, out, err) : rc;
}

int triage_finding(struct project *p, int64_t id, struct triage_filed *out, struct err *err)
{
	return file_finding(p, id, false, false, out, err);
}

int triage_finding_soon(struct project *p, int64_t id, struct triage_filed *out, struct err *err)
{
	int rc = file_finding(p, id, true, false, out, err);

	return rc == PUT_OFF ? 1 : rc;
}

/* f: whose it is, what saw it, and what it said. */
static int keep(struct project *p, struct finding_rec f, const void *data, size_t len, int64_t *id,
	bool *added, struct err *err)
{
	char sha1[SHA1_HEX];

	/* the bytes first: a finding in the store always has its input */
	if (depot_put_input(p, data, len, sha1, err) < 0)
		return -1;
	f.campaign = p->id;
	f.input = sha1;
	f.size = len;
	f.found_ms = clock_wall_ms();
	return store_finding_add(p->store, &f, id, added, err);
}

int triage_keep(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, int64_t *id, bool *added, struct err *err)
{
	struct finding_rec f = { .harness = (char *)(uintptr_t)harness,
		.variant = (char *)(uintptr_t)variant,
		.origin = (char *)(uintptr_t)origin,
		.note = (char *)(uintptr_t)note };

	return keep(p, f, data, len, id, added, err);
}

/*
 * A known finding met again in a campaign that triaged it: evidence where it is still unfiled, or its bug or site is held to
 * be gone.
 */
static int met_again(struct project *p, int64_t id, const char *job_key, struct err *err)
{
	struct finding_rec f = { 0 };
	struct bug_rec b = { 0 };
	struct site_rec s = { 0 };
	int rc = store_finding_get(p->store, id, &f, err);
	bool news = rc == 0 && f.state == FINDING_NEW;

	if (rc == 0 && f.bug && store_bug_get(p->store, f.bug, &b, err) == 0)
		news |= b.state == BUG_FIXED;
	if (rc == 0 && f.site && store_site_get(p->store, f.site, &s, err) == 0)
		news |= s.gone;
	if (rc == 0 && news)
		rc = store_job_again(p->store, p->id, "triage", job_key, NULL, err);
	finding_rec_release(&f);
	bug_rec_release(&b);
	site_rec_release(&s);
	return rc < 0 ? -1 : 0;
}

int triage_add_seen(struct project *p, const struct finding_rec *seen, bool slow, const void *data,
	size_t len, bool *added, struct err *err)
{
	struct job_rec job = { .campaign = p->id,
		.kind = (char *)(uintptr_t) "triage",
		.harness = seen->harness,
		.priority = slow ? SLOW_PRIORITY : TRIAGE_PRIORITY };
	int64_t id = 0;
	bool queued = false;
	int rc;

	if (keep(p, *seen, data, len, &id, added, err) < 0)
		return -1;
	if (!p->id)
		return 0; /* no campaign, no queue: it waits as FINDING_NEW */
	job.key = job.payload = xasprintf("%lld", (long long)id);
	/* also when the finding is known: today's build may show another thing, and a kill may have come between the two */
	rc = store_job_add(p->store, &job, &queued, err);
	if (rc == 0 && !queued)
		rc = met_again(p, id, job.key, err);
	free(job.key);
	return rc;
}

static int add(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, bool slow, const void *data, size_t len, bool *added, struct err *err)
{
	struct finding_rec f = { .harness = (char *)(uintptr_t)harness,
		.variant = (char *)(uintptr_t)variant,
		.origin = (char *)(uintptr_t)origin,
		.note = (char *)(uintptr_t)note,
		.kind = slow ? (char *)(uintptr_t)TRIAGE_SLOW_ALONE : NULL };

	return triage_add_seen(p, &f, slow, data, len, added, err);
}

int triage_add(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, bool *added, struct err *err)
{
	return add(p, harness, variant, origin, note, false, data, len, added, err);
}

int triage_add_slow(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, bool *added, struct err *err)
{
	return add(p, harness, variant, origin, note, true, data, len, added, err);
}

int triage_add_stateful(struct project *p, const char *harness, const char *variant,
	const char *origin, const void *data, size_t len, const struct target_result *r,
	struct triage_filed *filed, struct err *err)
{
	struct triage t = TRIAGE_INIT;
	struct triage_filed own;
	struct finding_rec f = { 0 };
	int64_t id;
	int rc = triage_keep(p, harness, variant, origin, NULL, data, len, &id, NULL, err);

	t.input = data;
	t.len = len;
	triage_judge(p, harness, r, &t);
	t.n = 1; /* alone, and it passed: k is 0 */
	buf_addv(&t.text, r->text);
	if (rc == 0)
		rc = check_names(p, &t, err);
	if (rc == 0)
		rc = store_finding_get(p->store, id, &f, err);
	if (rc == 0)
		rc = triage_file(p, &f, &t, filed ? filed : &own, err);
	finding_rec_release(&f);
	triage_release(&t);
	return rc == 0 ? 0 : -1;
}
