/*
 * Many harnesses take options from the first bytes of an input, and the format behind them: all cases would begin in the wrong
 * place. Documents that are broken by a byte too many or too few at their front tell: they reach most behind as many bytes as
 * the options have. Which of those options do something is tried then, too; cases are made behind each of them in turn.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rng.h"

/* of one length */
#define TRIED_MAX 320
#define DOCS_MAX 8
#define ALWAYS 5
/* of the suite's time; and where that has no end */
#define TIME_PART 8
#define UNLIMITED_MS 5000
/* what a head of the right length reaches more than none, at least, in percent */
#define GAIN 30

static const struct {
	const char *format;
	/* documents, or a pattern of cases */
	const char *docs[3], *cases;
} documents[] = {
	{ "json",
		{ "{\"a\":[1,-2.5e3,true,false,null,\"x\\u00e9\\n\\ud83d\\ude00\"],\"b\":{\"c\":{}}"
		  "}",
			"[[],{\"\":0},\"s\",[1,[2,[3]]]]" },
		NULL },
	{ "yaml",
		{ "{a: b, ? c : [d, \"e\\x41\", 'f'], &g h: *g, !!str i: !<t> k}\n",
			"[\"a\", {b: c}, [d, *x, &y z], !t u]\n" },
		NULL },
	{ "xml",
		{ "<?xml version=\"1.0\"?><a b=\"c\" d='e'><!-- f "
		  "--><g/>&lt;&#65;<![CDATA[h]]></a>",
			"<a><b><c d=\"&amp;\">e</c></b></a>" },
		NULL },
	{ "binary", { NULL }, "dns/*/whole" },
};

struct trying {
	struct buf docs[DOCS_MAX];
	size_t n_docs;
	/* those of one length: HEAD_LEN_MAX bytes apart */
	char heads[TRIED_MAX][HEAD_LEN_MAX];
	size_t n_heads, len;
	/* what is under way: a document behind a head */
	struct buf input;
	size_t next;
	/* of each head, over all documents */
	size_t reached[TRIED_MAX];
	/* of each document, by the best head */
	size_t best[DOCS_MAX];
	/* a bit a feature: what the heads chosen so far reach; NULL while none is chosen */
	unsigned char *seen;
	size_t n_features;
	/* heads that reach something new, by their order */
	bool news[TRIED_MAX];
	/* clock_mono_ms() when this isn't worth more; or an input took all of its time, as more of them would */
	uint64_t until_ms;
	bool late;
};

static void add_docs(struct trying *t, const struct suite_running *r)
{
	struct cases_stream *s;
	struct edge_case *c;

	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		if (strcmp(documents[i].format, r->h->format) != 0)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(documents[i].docs) && documents[i].docs[k]; k++)
			buf_adds(&t->docs[t->n_docs++], documents[i].docs[k]);
		if (!documents[i].cases)
			continue;
		s = cases_stream_new(&r->src.in, documents[i].cases);
		while (t->n_docs < DOCS_MAX && (c = cases_stream_next(s)) != NULL) {
			buf_add(&t->docs[t->n_docs++], c->data, c->len);
			free(c);
		}
		cases_stream_free(s);
	}
}

static void add_head(struct trying *t, const char *bytes)
{
	if (t->n_heads == TRIED_MAX)
		return;
	for (size_t i = 0; i < t->n_heads; i++)
		if (memcmp(t->heads[i], bytes, t->len) == 0)
			return;
	memcpy(t->heads[t->n_heads++], bytes, HEAD_LEN_MAX);
}

/* The same in each place: first ALWAYS ways of saying no and yes. */
static void add_uniform(struct trying *t)
{
	static const char values[] = "\0\1\xff"
				     "01\2\3\x7f\x80 ";
	char head[HEAD_LEN_MAX];

	for (size_t i = 0; i + 1 < sizeof(values); i++) {
		memset(head, values[i], sizeof(head));
		add_head(t, head);
	}
}

/* Each value in each place, and switches at random. */
static void add_varied(struct trying *t)
{
	static const char sets[][2] = { { 0, 1 }, { '0', '1' } };
	struct rng rng;
	char head[HEAD_LEN_MAX];

	rng_seed(&rng, t->len);
	for (unsigned n = 0; n < 64; n++) {
		for (size_t i = 0; i < sizeof(head); i++)
			head[i] = sets[n & 1][rng_below(&rng, 2)];
		add_head(t, head);
	}
	for (size_t at = 0; at < t->len; at++)
		for (unsigned v = 2; v < (t->len == 1 ? 256u : 20u); v++) {
			memset(head, 0, sizeof(head));
			head[at] = (char)v;
			add_head(t, head);
		}
	while (t->n_heads < TRIED_MAX && t->len > 1) {
		for (size_t i = 0; i < sizeof(head); i++)
			head[i] = (char)rng_below(&rng, 256);
		add_head(t, head);
	}
}

static bool next_input(void *arg, struct target_input *in)
{
	struct trying *t = arg;
	size_t doc = t->next % t->n_docs, head = t->next / t->n_docs;

	if (head == t->n_heads)
		return false;
	buf_reset(&t->input);
	buf_add(&t->input, t->heads[head], t->len);
	buf_add(&t->input, t->docs[doc].s, t->docs[doc].len);
	*in = (struct target_input){ .data = t->input.s, .len = t->input.len, .tag = t->next++ };
	return true;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct trying *t = arg;
	size_t doc = in->tag % t->n_docs, head = in->tag / t->n_docs;

	t->late = t->late || res->outcome == TARGET_TIMEOUT || clock_mono_ms() >= t->until_ms;
	if (t->late || res->outcome != TARGET_OK)
		return t->late;
	t->reached[head] += res->n_features;
	t->best[doc] = MAX(t->best[doc], res->n_features);
	for (size_t i = 0; t->seen && i < res->n_features; i++) {
		uint32_t f = res->features[i];

		if (f >= t->n_features || t->seen[f / 8] & 1u << f % 8)
			continue;
		t->seen[f / 8] |= (unsigned char)(1u << f % 8);
		t->news[head] = true;
	}
	return 0;
}

/* How much the documents reach behind the heads that there are. */
static int try(struct trying *t, struct target *target, size_t *sum, struct err *err)
{
	struct target_opts how = { .in_order = true, .no_confirm = true };

	t->next = 0;
	memset(t->reached, 0, sizeof(t->reached));
	memset(t->best, 0, sizeof(t->best));
	if (target_run(target, &how, next_input, one_done, t, err) < 0)
		return -1;
	*sum = 0;
	for (size_t i = 0; i < t->n_docs; i++)
		*sum += t->best[i];
	return 0;
}

/* 0: none is best. */
static int find_len(struct trying *t, struct target *target, size_t *len, struct err *err)
{
	size_t without, sum, most;

	*len = t->len = 0;
	t->n_heads = 1;
	if (try(t, target, &without, err) < 0)
		return -1;
	most = without + without * GAIN / 100;
	for (t->len = 1; t->len <= HEAD_LEN_MAX && !t->late; t->len++) {
		t->n_heads = 0;
		add_uniform(t);
		if (try(t, target, &sum, err) < 0)
			return -1;
		/* a longer one that is as good holds some of the document */
		if (sum > most) {
			*len = t->len;
			most = sum;
		}
	}
	*len = t->late ? 0 : *len;
	return 0;
}

/*
 * Those that do what none before them does, and what most options are when they are off or on: what some do shows in other
 * documents alone.
 */
static int choose(
	struct trying *t, struct target *target, struct suite_source *src, struct err *err)
{
	size_t sum, most = 0;

	t->n_heads = 0;
	add_uniform(t);
	add_varied(t);
	t->n_features = target_n_counters(target) * 8;
	t->seen = xcalloc(t->n_features / 8 + 1, 1);
	if (try(t, target, &sum, err) < 0)
		return -1;
	for (size_t i = 0; i < t->n_heads; i++)
		most = MAX(most, t->reached[i]);
	for (size_t i = 0; i < t->n_heads; i++)
		if (t->news[i] || (i < ALWAYS && t->reached[i] > most / 2))
			suite_source_head(src, strv_n(t->heads[i], t->len));
	return 0;
}

int suite_heads(struct suite_running *r, struct err *err)
{
	struct trying *t = xcalloc(1, sizeof(*t));
	struct err why = ERR_INIT;
	struct target *target = NULL;
	uint64_t full;
	size_t len = 0;
	int rc = 0;

	add_docs(t, r);
	if (t->n_docs)
		target = project_target(
			r->project, r->h, VARIANT_COV, NULL, MAX(r->opts->jobs, 1u), &why);
	/* without it what was found out before holds */
	if (target) {
		suite_source_headless(&r->src);
		full = suite_slow_quick(r, target);
		t->until_ms = clock_mono_ms() +
			      (r->opts->time_ms ? r->opts->time_ms / TIME_PART : UNLIMITED_MS);
		rc = find_len(t, target, &len, err);
		t->len = len;
		if (rc == 0 && len)
			rc = choose(t, target, &r->src, err);
		target_set_timeout(target, full);
	}
	if (rc == 0 && target && !t->late && !r->opts->no_file)
		rc = suite_source_keep_heads(&r->src, r->project, r->h, err);
	if (len)
		log_debug("%s: takes %zu bytes before the %s; %zu of them do something", r->h->name,
			len, r->h->format, r->src.in.n_heads);
	for (size_t i = 0; i < DOCS_MAX; i++)
		buf_release(&t->docs[i]);
	buf_release(&t->input);
	free(t->seen);
	free(t);
	return rc;
}
