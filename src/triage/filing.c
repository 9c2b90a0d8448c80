/*
 * A site that is known says which bug it is. A new one goes to the bugs that it has a key in common with: none, and it is a
 * bug of its own, named by its first key; several, and it shows that they are one. People's word goes before the rules':
 * what they merged is asked for first, what they split is never joined.
 */
#include "base/prelude.h"
#include "triage/filing.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "triage/helpers.h"
#include <stdio.h>

#define TEXT_WHOLE ((size_t)256 << 10)
#define TEXT_HEAD ((size_t)32 << 10)

enum variant triage_variant(const char *name)
{
	enum variant v = VARIANT_ASAN;

	if (name && variant_parse(name, &v) < 0)
		v = VARIANT_ASAN; /* a store that knows more builds than we do */
	return v;
}

/* Without CRASH_KEY_GIVES those to look for, without CRASH_KEY_SEEKS those to store. */
static size_t keys_but(
	const struct crash_signature *sig, enum crash_key_part but, struct site_key_rec *out)
{
	size_t n = 0;

	for (size_t i = 0; i < sig->site->n_keys; i++) {
		const struct crash_key *k = &sig->site->keys[i];

		if (k->part == but)
			continue;
		memcpy(out[n].key, k->id, sizeof(out[n].key));
		out[n].rule = k->rule;
		out[n++].text = k->text;
	}
	return n;
}

static int add_named(struct project *p, const char *id, struct strlist *bugs, struct err *err)
{
	struct bug_rec b = { 0 };
	int rc = store_bug_get(p->store, id, &b, err);

	if (rc == 0 && !strlist_has(bugs, b.id))
		strlist_add(bugs, b.id);
	bug_rec_release(&b);
	return rc < 0 ? -1 : 0;
}

/* A site that somebody split off is a bug of its own, as is all of a first key that was. */
static bool own_name(const struct project *p, const struct crash_signature *sig, const char **id)
{
	*id = NULL;
	if (dispositions_is_split(&p->verdicts, sig->site->id))
		*id = sig->site->id;
	else if (dispositions_is_split(&p->verdicts, sig->id))
		*id = sig->id;
	return *id != NULL;
}

/* The bugs that this site belongs to, the one that keeps its name first. */
static int candidates(
	struct project *p, const struct crash_signature *sig, struct strlist *bugs, struct err *err)
{
	struct site_key_rec keys[CRASH_KEYS_MAX];
	struct strlist found = STRLIST_INIT;
	char merged[DISPOSITION_ID_LEN + 1];
	struct site_rec site = { 0 };
	const char *own;
	int rc;

	if (own_name(p, sig, &own))
		return add_named(p, own, bugs, err);
	dispositions_resolve(&p->verdicts, sig->id, merged);
	if (strcmp(merged, sig->id) != 0 && add_named(p, merged, bugs, err) < 0)
		return -1;
	rc = store_site_get(p->store, sig->site->id, &site, err);
	if (rc == 0 && !strlist_has(bugs, site.bug))
		strlist_add(bugs, site.bug);
	site_rec_release(&site);
	if (rc < 0)
		return -1;
	rc = store_bugs_by_keys(p->store, keys, keys_but(sig, CRASH_KEY_GIVES, keys), &found, err);
	for (size_t i = 0; rc == 0 && i < found.n; i++)
		if (!dispositions_is_split(&p->verdicts, found.v[i]) &&
			!strlist_has(bugs, found.v[i]))
			strlist_add(bugs, found.v[i]);
	strlist_release(&found);
	/* what has no key in common may have the name: of a v1 store, or one whose sites moved away */
	if (rc == 0 && !bugs->n)
		rc = add_named(p, merged, bugs, err);
	return rc;
}

int triage_find_bug(
	struct project *p, const struct crash_signature *sig, char bug[17], struct err *err)
{
	struct strlist bugs = STRLIST_INIT;
	int rc = candidates(p, sig, &bugs, err);

	if (rc == 0 && bugs.n)
		snprintf(bug, 17, "%s", bugs.v[0]);
	else if (rc == 0)
		rc = 1;
	strlist_release(&bugs);
	return rc;
}

static char *join_frames(const struct crash_report *r)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->n_frames; i++)
		buf_addf(&b, "%s%s", i ? "|" : "", r->frames[i]);
	return buf_detach(&b);
}

/* What was decided about a bug holds also in a store that hasn't met it. */
static void take_decision(struct project *p, struct bug_rec *b, uint64_t now)
{
	const struct disposition *v = dispositions_ignored(&p->verdicts, b->id, now);

	if (!v)
		return;
	b->state = BUG_IGNORED;
	b->until_ms = v->until_ms;
	b->why = xstrdup(v->why);
}

/* Its site, which is put next, fills in what a bug shows. */
static int new_bug(struct project *p, const char *id, const struct site_rec *site,
	const struct triage *t, uint64_t now, struct err *err)
{
	struct bug_rec b = { .id = xstrdup(id),
		.signature = site->home,
		.sig_text = t->sig.text,
		.rule = t->sig.rule,
		.harness = site->harness,
		.kind = site->kind,
		.family = site->family,
		.title = site->title,
		.frames = site->frames,
		.input = site->input,
		.variant = site->variant,
		.size = site->size,
		.k = site->k,
		.n = site->n,
		.security = site->security,
		.severity = site->severity,
		.state = t->k < t->n ? BUG_FLAKY : BUG_OPEN,
		.first_ms = site->first_ms,
		.last_ms = site->last_ms };
	int rc;

	take_decision(p, &b, now);
	rc = store_bug_put(p->store, &b, NULL, err);
	free(b.id);
	free(b.why);
	return rc;
}

static int join_bugs(struct project *p, const struct strlist *bugs, struct err *err)
{
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < bugs->n; i++) {
		char text[96];

		if (dispositions_is_split(&p->verdicts, bugs->v[i]) ||
			dispositions_is_split(&p->verdicts, bugs->v[0]))
			continue;
		snprintf(text, sizeof(text), "%s is %s: a site was met that is both", bugs->v[i],
			bugs->v[0]);
		log_info("bug %.8s is %.8s, too: a site was met that is both", bugs->v[i],
			bugs->v[0]);
		rc = store_bug_alias(p->store, bugs->v[i], bugs->v[0], err);
		if (rc == 0)
			rc = store_event_add(p->store, p->id, clock_wall_ms(), "joined", text, err);
	}
	return rc;
}

static bool is_better(const struct site_rec *s, const struct site_rec *f)
{
	enum variant was = triage_variant(s->variant), is = triage_variant(f->variant);
	bool steady = f->k == f->n, was_steady = s->k == s->n;

	/* the usual build is worth more than one that few have */
	if (is != was && (is == VARIANT_ASAN || was == VARIANT_ASAN))
		return is == VARIANT_ASAN;
	if (steady != was_steady)
		return steady;
	/* a graver way of the same place, or one of which more is known */
	if (f->severity != s->severity)
		return f->severity > s->severity;
	return !s->minimized && f->size < s->size;
}

/* The site as this finding shows it. Strings are borrowed but frames, which the caller frees. */
static struct site_rec site_of(const struct finding_rec *f, const struct triage *t, uint64_t seen)
{
	return (struct site_rec){ .id = t->sig.site->id,
		.home = (char *)(uintptr_t)t->sig.id,
		.text = (char *)(uintptr_t)t->sig.site->text,
		.rule = t->sig.rule,
		.harness = f->harness,
		.kind = (char *)(uintptr_t)t->report->kind,
		.family = (char *)(uintptr_t)t->report->family,
		.title = (char *)(uintptr_t)t->report->summary,
		.frames = join_frames(t->report),
		.security = t->report->security,
		.severity = t->report->severity,
		.input = f->input,
		.variant = (char *)(uintptr_t)variant_name(t->variant),
		.size = f->size,
		.minimized = f->size == 0, /* nothing is smaller than nothing */
		.k = t->k,
		.n = t->n,
		.first_ms = seen,
		.last_ms = seen };
}

static int reopen(struct project *p, const char *bug, struct triage_filed *out, struct err *err)
{
	struct bug_rec b = { 0 };
	int rc = store_bug_get(p->store, bug, &b, err);

	if (rc == 0 && b.state == BUG_FIXED) {
		out->regressed = true;
		rc = store_bug_set_state(p->store, b.id, BUG_REGRESSED, NULL, 0, err);
	}
	bug_rec_release(&b);
	return rc < 0 ? -1 : 0;
}

static int put_site(struct project *p, struct site_rec *site, const struct triage *t,
	struct triage_filed *out, struct err *err)
{
	struct site_key_rec keys[CRASH_KEYS_MAX];
	struct site_rec old = { 0 };
	int rc = store_site_get(p->store, site->id, &old, err);

	if (rc < 0)
		return -1;
	out->new_site = rc == 1;
	out->better = out->new_site || (!t->peeked && is_better(&old, site));
	rc = store_site_put(
		p->store, site, keys, keys_but(&t->sig, CRASH_KEY_SEEKS, keys), NULL, err);
	if (rc == 0 && out->better && !out->new_site)
		rc = store_site_reproducer(p->store, site->id, NULL, site, err);
	site_rec_release(&old);
	return rc;
}

static int file_site(struct project *p, const struct finding_rec *f, const struct triage *t,
	struct triage_filed *out, struct err *err)
{
	uint64_t now = clock_wall_ms(), seen = t->kept_ms ? t->kept_ms : now;
	struct site_rec site = site_of(f, t, seen);
	struct strlist bugs = STRLIST_INIT;
	char name[DISPOSITION_ID_LEN + 1];
	const char *own;
	int rc = candidates(p, &t->sig, &bugs, err);

	if (rc == 0 && !bugs.n) {
		dispositions_resolve(&p->verdicts, t->sig.id, name);
		strlist_add(&bugs, own_name(p, &t->sig, &own) ? own : name);
		rc = new_bug(p, bugs.v[0], &site, t, now, err);
		out->new_bug = rc == 0;
	} else if (rc == 0) {
		rc = join_bugs(p, &bugs, err);
	}
	site.bug = rc == 0 ? bugs.v[0] : NULL;
	if (rc == 0)
		rc = put_site(p, &site, t, out, err);
	if (rc == 0)
		rc = store_bug_seen(p->store, site.bug, t->report->kind, seen, err);
	/* merged into it by people, its own name goes on meaning it */
	if (rc == 0 && strcmp(t->sig.id, bugs.v[0]) != 0 && !own_name(p, &t->sig, &own))
		rc = store_bug_alias(p->store, t->sig.id, bugs.v[0], err);
	if (rc == 0 && !t->kept_ms)
		rc = reopen(p, bugs.v[0], out, err);
	if (rc == 0) {
		snprintf(out->bug, sizeof(out->bug), "%s", bugs.v[0]);
		snprintf(out->site, sizeof(out->site), "%s", site.id);
	}
	free(site.frames);
	strlist_release(&bugs);
	return rc < 0 ? -1 : 0;
}

static void set_string(char **field, const char *value)
{
	char *old = *field;

	*field = value ? xstrdup(value) : NULL;
	free(old);
}

/*
 * Reports are kept whole where that is reasonable, else their beginning and end: what a target prints before it fails can be
 * any amount, and the report that counts comes last.
 */
static void keep_text(struct finding_rec *f, const struct buf *text)
{
	struct buf b = BUF_INIT;
	size_t tail = TEXT_WHOLE - TEXT_HEAD;

	if (text->len <= TEXT_WHOLE) {
		buf_add(&b, buf_str(text), text->len);
	} else {
		buf_add(&b, text->s, TEXT_HEAD);
		buf_addf(&b, "\n[%zu bytes left out]\n", text->len - TEXT_WHOLE);
		buf_add(&b, text->s + text->len - tail, tail);
	}
	free(f->text);
	f->text_len = b.len;
	f->text = buf_detach(&b);
}

static int file_failing(struct project *p, struct finding_rec *f, const struct triage *t,
	struct triage_filed *out, struct err *err)
{
	if (file_site(p, f, t, out, err) < 0)
		return -1;
	f->state = FINDING_TRIAGED;
	set_string(&f->bug, out->bug);
	set_string(&f->site, out->site);
	set_string(&f->signature, t->sig.id);
	set_string(&f->sig_text, t->sig.text);
	set_string(&f->kind, t->report->kind);
	set_string(&f->places, buf_str(&t->places));
	f->rule = t->sig.rule;
	keep_text(f, &t->text);
	if (helpers_note(p, t->sig.site, t->report->family, err) < 0)
		return -1;
	return store_finding_update(p->store, f, err);
}

int triage_file(struct project *p, struct finding_rec *f, const struct triage *t,
	struct triage_filed *out, struct err *err)
{
	*out = (struct triage_filed){ .bug = "" };
	f->k = t->k;
	f->n = t->n;
	f->stateful = t->stateful;
	if (!t->report) {
		/* one that was filed before stays so: whether its bug is gone is for verify to say */
		if (f->state == FINDING_TRIAGED)
			return 0;
		f->state = FINDING_NO_CRASH;
		return store_finding_update(p->store, f, err);
	}
	/* read, decide and write, with no other worker in between */
	if (store_begin(p->store, err) < 0)
		return -1;
	if (file_failing(p, f, t, out, err) < 0) {
		store_rollback(p->store);
		return -1;
	}
	return store_commit(p->store, err);
}
