/* Centipede's limits and failure lines, FuzzTest's verdict. */
#include "base/prelude.h"
#include "crash/internal.h"

static bool about_same(const struct crash_report *r, const char *kind)
{
	return r && !strcmp(r->kind, kind);
}

bool centipede_limit(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind limits[] = { { "Per-input timeout", "timeout" },
		{ "Per-batch timeout", "timeout" }, { "Timeout of ", "timeout" },
		{ "RSS limit", "out-of-memory" }, { "Stack limit", "stack-overflow" },
		{ NULL, NULL } };
	struct strv s = strv_from(line, at);
	const struct name_kind *k = name_kind_find(limits, s);
	struct crash_report *r;

	if (!k || !strv_contains(s, "exceeded") || about_same(p->cur, k->kind))
		return false;
	r = report_open(p, "centipede", k->kind, RANK_FATAL);
	r->priv->wants_stack = true; /* the abort that follows shows where */
	report_message(r, s);
	return true;
}

/* "Failure        : per-input-timeout-exceeded", in the summary after the batch */
bool centipede_failure(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind names[] = { { "per-input-timeout-exceeded", "timeout" },
		{ "per-batch-timeout-exceeded", "timeout" }, { "timeout-exceeded", "timeout" },
		{ "rss-limit-exceeded", "out-of-memory" },
		{ "stack-limit-exceeded", "stack-overflow" }, { "out-of-memory", "out-of-memory" },
		{ NULL, NULL } };
	struct strv s = strv_from(line, at + 17);
	const struct name_kind *k = name_kind_find(names, s);

	for (size_t i = 0; k && i < p->n; i++)
		if (p->reports[i]->priv->rank == RANK_FATAL)
			return true;
	if (k)
		report_message(report_open(p, "centipede", k->kind, RANK_FATAL), s);
	return k != NULL;
}

/* The property failed without anything crashing: an expectation in the test did. */
bool fuzztest_failure(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r;

	if (p->n)
		return false;
	r = report_open(p, "fuzztest", "assertion", RANK_NOTE);
	r->priv->wants_stack = true;
	report_message(r, strv_from(line, at));
	return true;
}
