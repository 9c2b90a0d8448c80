/*
 * Reports are grouped as they come: by their sites, and sites by the keys that join them (crash/site.h). Of each site only
 * the first report's text is kept, so that a hundred thousand logs of ten bugs take no more than their names.
 */
#include "base/prelude.h"
#include "cli/triage_bugs.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/strlist.h"
#include "report/bug_json.h"
#include "report/frame_text.h"
#include <uthash.h>

#define FRAMES_MAX 8
#define NAMES_MAX 3

struct site {
	char id[17];
	size_t index;
	/* the bug that it is of: another site's index, or its own; follow it */
	size_t of;
	int severity;
	uint64_t reports;
	char *title, *why, *bug, *signature;
	struct buf stacks;
	struct strlist names;
	UT_hash_handle hh;
};

/* The first site that gives, and the first that seeks, what a key says. */
struct key {
	char id[17];
	size_t gives, seeks;
	UT_hash_handle hh;
};

struct triage_bugs {
	const struct term *term;
	bool stacks;
	struct site *by_id;
	struct site **v;
	size_t n, cap;
	struct key *keys;
	size_t reports;
};

struct triage_bugs *triage_bugs_new(const struct term *term, bool stacks)
{
	struct triage_bugs *t = xcalloc(1, sizeof(*t));

	t->term = term;
	t->stacks = stacks;
	return t;
}

void triage_bugs_free(struct triage_bugs *t)
{
	struct key *k, *next;

	if (!t)
		return;
	HASH_CLEAR(hh, t->by_id);
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i]->title);
		free(t->v[i]->why);
		free(t->v[i]->bug);
		free(t->v[i]->signature);
		buf_release(&t->v[i]->stacks);
		strlist_release(&t->v[i]->names);
		free(t->v[i]);
	}
	HASH_ITER(hh, t->keys, k, next)
	{
		HASH_DEL(t->keys, k);
		free(k);
	}
	free(t->v);
	free(t);
}

/* --- which are one --- */

static size_t lead(const struct triage_bugs *t, size_t i)
{
	while (t->v[i]->of != i)
		i = t->v[i]->of;
	return i;
}

/* The earlier one leads. */
static void join(struct triage_bugs *t, size_t a, size_t b)
{
	a = lead(t, a);
	b = lead(t, b);
	t->v[MAX(a, b)]->of = MIN(a, b);
}

/* A site that seeks what others give is one with all of these; those that only give it aren't one for that. */
static void join_by_key(struct triage_bugs *t, size_t site, const struct crash_key *key)
{
	bool gives = key->part != CRASH_KEY_SEEKS, seeks = key->part != CRASH_KEY_GIVES;
	struct key *k = NULL;

	HASH_FIND_STR(t->keys, key->id, k);
	if (!k) {
		k = xcalloc(1, sizeof(*k));
		memcpy(k->id, key->id, sizeof(k->id));
		k->gives = k->seeks = SIZE_MAX;
		HASH_ADD_STR(t->keys, id, k);
	}
	if (seeks && k->gives != SIZE_MAX)
		join(t, site, k->gives);
	if (gives && k->seeks != SIZE_MAX)
		join(t, site, k->seeks);
	if (gives && k->gives == SIZE_MAX)
		k->gives = site;
	if (seeks && k->seeks == SIZE_MAX)
		k->seeks = site;
}

/* --- one report's text --- */

static void add_frames(struct triage_bugs *t, struct buf *b, const struct crash_stack *st, bool all)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < st->n; i++) {
		struct crash_frame f = st->frames[i];

		if (!all && (f.ignored || (!f.function && !f.module)))
			continue;
		if (!all && shown == FRAMES_MAX) {
			more++;
			continue;
		}
		/* without what C++ says of its types */
		if (!all && f.name)
			f.function = f.name;
		frame_text(b, &f, all ? i : shown++, NULL, 2, t->term);
	}
	if (more)
		buf_addf(b, "  ... and %zu more\n", more);
}

static void add_stacks(struct triage_bugs *t, struct buf *b, const struct crash_report *r)
{
	const struct crash_stack *fault = crash_fault_stack(r);

	if (fault)
		add_frames(t, b, fault, t->stacks);
	for (size_t i = 0; t->stacks && i < r->n_stacks; i++) {
		const struct crash_stack *st = &r->stacks[i];

		if (st == fault || frame_text_says_nothing(r, i))
			continue;
		buf_adds(b, "  ");
		term_add_cut(b, strv_of(st->title && *st->title ? st->title : "another stack"),
			t->term->columns - 2);
		buf_addch(b, '\n');
		add_frames(t, b, st, true);
	}
}

static struct site *site_of(
	struct triage_bugs *t, const struct crash_report *r, const struct crash_signature *sig)
{
	const char *id = sig->site ? sig->site->id : sig->id;
	struct site *s = NULL;

	HASH_FIND_STR(t->by_id, id, s);
	if (s)
		return s;
	s = xcalloc(1, sizeof(*s));
	memcpy(s->id, id, sizeof(s->id));
	s->index = s->of = t->n;
	s->severity = r->severity;
	s->title = xstrdup(r->summary);
	s->why = xasprintf("severity %s; security: %s%s%s", severity_name(r->severity),
		security_name(r->security), r->why ? "; " : "", r->why ? r->why : "");
	s->signature = xstrdup(sig->id);
	add_stacks(t, &s->stacks, r);
	HASH_ADD_STR(t->by_id, id, s);
	GROW(t->v, t->n, t->cap);
	t->v[t->n++] = s;
	for (size_t i = 0; sig->site && i < sig->site->n_keys; i++)
		join_by_key(t, s->index, &sig->site->keys[i]);
	return s;
}

void triage_bugs_add(struct triage_bugs *t, const char *path, const struct crash_report *r,
	const struct crash_signature *sig, const char *bug)
{
	struct site *s = site_of(t, r, sig);

	t->reports++;
	s->reports++;
	if (s->names.n < NAMES_MAX)
		strlist_add(&s->names, path);
	if (bug && *bug && !s->bug)
		s->bug = xstrdup(bug);
}

size_t triage_bugs_count(const struct triage_bugs *t, size_t *reports)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->v[i]->of == i;
	*reports = t->reports;
	return n;
}

/* --- all of it --- */

/* What people see of one: its worst site, and what all of them count. */
struct shown {
	const struct site *worst;
	size_t first;
	uint64_t reports, sites;
	struct strlist names;
	const char *bug;
};

static int worst_first(const void *a, const void *b)
{
	const struct shown *x = a, *y = b;

	if (x->worst->severity != y->worst->severity)
		return x->worst->severity > y->worst->severity ? -1 : 1;
	if (x->reports != y->reports)
		return x->reports > y->reports ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static void show_names(const struct shown *s, const struct term *term, struct buf *out)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < s->names.n; i++)
		buf_adds2(&line, i ? ", " : "", s->names.v[i]);
	if (s->reports > s->names.n)
		buf_addf(&line, " and %llu more", (unsigned long long)(s->reports - s->names.n));
	term_add_wrapped(out, buf_str(&line), 2, term->wrap);
	buf_release(&line);
}

static void show_one(const struct triage_bugs *t, const struct shown *s, struct buf *out)
{
	struct buf line = BUF_INIT;

	buf_adds(out, term_on(t->term, TERM_BOLD));
	term_add_cut(out, strv_of(s->worst->title), t->term->columns);
	buf_addf(out, "%s\n", term_off(t->term));
	term_add_wrapped(out, s->worst->why, 2, t->term->wrap);
	buf_addf(&line, "signature %s, ", s->worst->signature);
	num_add_counted(&line, s->reports, "report");
	if (s->sites > 1)
		buf_addf(&line, " at %llu places", (unsigned long long)s->sites);
	if (s->bug)
		buf_addf(&line, ", filed as bug %.8s", s->bug);
	term_add_wrapped(out, buf_str(&line), 2, t->term->wrap);
	buf_add(out, buf_str(&s->worst->stacks), s->worst->stacks.len);
	show_names(s, t->term, out);
	buf_addch(out, '\n');
	buf_release(&line);
}

void triage_bugs_show(struct triage_bugs *t, struct buf *out)
{
	struct shown *v = xcalloc(t->n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct site *s = t->v[i];
		struct shown *x = &v[lead(t, i)];

		if (!x->worst || s->severity > x->worst->severity)
			x->worst = s;
		x->first = lead(t, i);
		x->reports += s->reports;
		x->sites++;
		x->bug = x->bug ? x->bug : s->bug;
		for (size_t k = 0; k < s->names.n && x->names.n < NAMES_MAX; k++)
			strlist_add(&x->names, s->names.v[k]);
	}
	for (size_t i = 0; i < t->n; i++)
		if (v[i].worst)
			v[n++] = v[i];
	if (n)
		qsort(v, n, sizeof(*v), worst_first);
	for (size_t i = 0; i < n; i++) {
		show_one(t, &v[i], out);
		strlist_release(&v[i].names);
	}
	free(v);
}
