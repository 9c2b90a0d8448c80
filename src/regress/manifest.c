/*
 * A regression test's manifest: one table of keys writes it and reads it, so that the two can't differ. People edit
 * it: what isn't understood is left alone, what can't be is an error.
 */
#include "base/prelude.h"
#include "regress/manifest.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/num.h"
#include <time.h>

#define RUNS_MAX 100
/* bytes of a value that we write */
#define VALUE_MAX 600

enum kind { TEXT, COUNT, TIME, STATE, K_OF_N };

struct field {
	const char *key;
	enum kind kind;
	size_t off;
	/* line above it; NULL: none */
	const char *comment;
};

#define F(name, key, kind)                                       \
	{                                                        \
		key, kind, offsetof(struct manifest, name), NULL \
	}

static const struct field fields[] = {
	F(version, "thresh-test", COUNT),
	F(bug, "bug", TEXT),
	F(harness, "harness", TEXT),
	F(site, "site", TEXT),
	F(place, "place", TEXT),
	{ "state", STATE, offsetof(struct manifest, state),
		"open: known, a failure is a TODO; fixed: must pass; flaky: open, fails now and "
		"then; "
		"ignored: not run" },
	F(until_ms, "until", TIME),
	F(why, "why", TEXT),
	F(kind, "kind", TEXT),
	F(summary, "summary", TEXT),
	F(frames, "frames", TEXT),
	F(sig_text, "signature", TEXT),
	F(signature, "signature-id", TEXT),
	F(found_ms, "found", TIME),
	F(found_by, "found-by", TEXT),
	F(note, "note", TEXT),
	{ "reproducible", K_OF_N, offsetof(struct manifest, k), NULL },
	F(runs, "runs", COUNT),
	F(size, "size", COUNT),
	F(sha1, "sha1", TEXT),
	{ "fails", TEXT, offsetof(struct manifest, fails),
		"builds it was replayed on when it was written" },
	F(fails_otherwise, "fails-otherwise", TEXT),
	F(passes, "passes", TEXT),
	F(not_built, "not-built", TEXT),
	F(debug, "debug", TEXT),
};

#undef F

static const void *member(const struct manifest *m, const struct field *f)
{
	return (const char *)m + f->off;
}

static void add_value(struct buf *out, const struct manifest *m, const struct field *f)
{
	const char *text = f->kind == TEXT ? *(const char *const *)member(m, f) : NULL;
	uint64_t number = f->kind == COUNT || f->kind == TIME ? *(const uint64_t *)member(m, f) : 0;
	char iso[CLOCK_ISO_LEN];

	switch (f->kind) {
	case TEXT:
		escape_term(out, strv_sub(strv_of(text), 0, VALUE_MAX));
		break;
	case COUNT:
		buf_addf(out, "%llu", (unsigned long long)number);
		break;
	case TIME:
		clock_iso(number, iso);
		buf_adds(out, iso);
		break;
	case STATE:
		buf_adds(out, bug_state_name(m->state));
		break;
	case K_OF_N:
		buf_addf(out, "%llu of %llu", (unsigned long long)m->k, (unsigned long long)m->n);
		break;
	}
}

static bool is_said(const struct manifest *m, const struct field *f)
{
	switch (f->kind) {
	case TEXT:
		return *(const char *const *)member(m, f) != NULL;
	case TIME:
		return *(const uint64_t *)member(m, f) != 0;
	case K_OF_N:
		return m->n != 0;
	case COUNT:
	case STATE:
		break;
	}
	return true;
}

void manifest_format(struct buf *out, const struct manifest *m)
{
	buf_adds(out, "# A regression test: `input`, beside this file, goes through the harness.\n"
		      "# Written by thresh, which keeps what is changed here by hand.\n");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (!is_said(m, &fields[i]))
			continue;
		if (fields[i].comment)
			buf_addf(out, "# %s\n", fields[i].comment);
		buf_addf(out, "%s: ", fields[i].key);
		add_value(out, m, &fields[i]);
		buf_addch(out, '\n');
	}
}

/* "2026-11-22T16:03:00Z" or "2026-11-22". */
static int parse_time(struct strv v, uint64_t *ms)
{
	static const struct {
		size_t at, len;
		char before;
	} parts[] = { { 0, 4, 0 }, { 5, 2, '-' }, { 8, 2, '-' }, { 11, 2, 'T' }, { 14, 2, ':' },
		{ 17, 2, ':' } };
	uint64_t p[6] = { 0 };
	size_t n = v.len == 10 ? 3 : 6;
	struct tm tm = { 0 };
	time_t t;

	if (v.len != 10 && !(v.len == 20 && v.s[19] == 'Z'))
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((parts[i].before && v.s[parts[i].at - 1] != parts[i].before) ||
			num_u64(strv_sub(v, parts[i].at, parts[i].len), &p[i]) < 0)
			return -1;
	if (p[0] < 1970 || p[1] < 1 || p[1] > 12 || p[2] < 1 || p[2] > 31 || p[3] > 23 ||
		p[4] > 59 || p[5] > 60)
		return -1;
	tm.tm_year = (int)p[0] - 1900;
	tm.tm_mon = (int)p[1] - 1;
	tm.tm_mday = (int)p[2];
	tm.tm_hour = (int)p[3];
	tm.tm_min = (int)p[4];
	tm.tm_sec = (int)p[5];
	t = timegm(&tm);
	*ms = (uint64_t)t * 1000;
	return t < 0 ? -1 : 0;
}

static int parse_k_of_n(struct strv v, struct manifest *m)
{
	size_t of = strv_find(v, " of ");

	if (of == SIZE_MAX || num_u64(strv_sub(v, 0, of), &m->k) < 0 ||
		num_u64(strv_from(v, of + 4), &m->n) < 0)
		return -1;
	return m->k <= m->n && m->n <= 1000000 ? 0 : -1;
}

static int parse_value(struct manifest *m, const struct field *f, struct strv v)
{
	char *at = (char *)m + f->off, *word;
	int rc;

	switch (f->kind) {
	case TEXT:
		*(const char **)(void *)at = arena_strv(&m->arena, v);
		return 0;
	case COUNT:
		return num_u64(v, (uint64_t *)(void *)at);
	case TIME:
		return parse_time(v, (uint64_t *)(void *)at);
	case STATE:
		word = strv_dup(v);
		rc = bug_state_parse(word, &m->state);
		free(word);
		return rc;
	case K_OF_N:
		return parse_k_of_n(v, m);
	}
	BUG("field kind %d", f->kind);
}

/* The key of a line and its value; NULL for lines that say nothing to us. */
static const struct field *split_line(struct strv line, struct strv *value)
{
	size_t colon = strv_chr(line, ':');
	struct strv key;

	line = strv_trim(line);
	if (!line.len || line.s[0] == '#' || colon == SIZE_MAX)
		return NULL;
	colon = strv_chr(line, ':');
	key = strv_trim(strv_sub(line, 0, colon));
	*value = strv_trim(strv_from(line, colon + 1));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strv_eqs(key, fields[i].key))
			return &fields[i];
	return NULL;
}

int manifest_parse(struct manifest *m, struct strv text, const char *name, struct err *err)
{
	struct strv line, value;
	unsigned no = 0;

	m->runs = 1;
	while (strv_line(&text, &line)) {
		const struct field *f = split_line(line, &value);

		no++;
		if (f && parse_value(m, f, value) < 0)
			return err_usage(err, "%s:%u: \"" STRV_FMT "\" can't be the %s of a test",
				name, no, (int)MIN(value.len, (size_t)60), value.s, f->key);
	}
	if (m->runs < 1 || m->runs > 10000)
		return err_usage(err, "%s: runs must be 1 to 10000", name);
	return 0;
}

void manifest_release(struct manifest *m)
{
	arena_release(&m->arena);
	*m = (struct manifest)MANIFEST_INIT;
}

void manifest_restate(struct buf *out, struct strv text, enum bug_state state)
{
	struct strv line, value;

	while (strv_line(&text, &line)) {
		const struct field *f = split_line(line, &value);

		if (f && f->kind == STATE)
			buf_addf(out, "%s: %s", f->key, bug_state_name(state));
		else
			buf_addv(out, line);
		buf_addch(out, '\n');
	}
}

unsigned manifest_runs(unsigned k, unsigned n)
{
	double left = 1;
	unsigned runs = 0;

	if (!n || k >= n)
		return 1;
	/*
	 * Until a bug that is there would pass all of them once in a thousand. How often it really fails isn't known, only
	 * that it did k of n times, which for a few runs may be luck: of all rates that there might be, each as likely as
	 * what was seen makes it (a uniform prior), so that one run after the other passes with this chance (Laplace).
	 */
	while (left > 0.001 && runs < RUNS_MAX) {
		left *= (double)(n - k + 1 + runs) / (double)(n + 2 + runs);
		runs++;
	}
	return runs;
}

enum bug_state manifest_state_at(const struct manifest *m, uint64_t now_ms)
{
	if (m->state == BUG_IGNORED && m->until_ms && m->until_ms <= now_ms)
		return m->k < m->n ? BUG_FLAKY : BUG_OPEN;
	return m->state;
}
