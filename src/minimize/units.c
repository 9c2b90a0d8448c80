/* Cuts the best into units for probabilistic delta debugging: lines, tokens, equal blocks. */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"

#define MAX_UNITS 2048 /* more are grouped: a choice costs n log n */

void ends_add(struct ends *e, size_t end)
{
	if (!end || (e->n && e->v[e->n - 1] >= end))
		return;
	GROW(e->v, e->n, e->cap);
	e->v[e->n++] = end;
}

/* Neighbours together until there are at most MAX_UNITS. */
static void ends_group(struct ends *e)
{
	size_t by = (e->n + MAX_UNITS - 1) / MAX_UNITS, n = 0;

	if (by <= 1)
		return;
	for (size_t i = by - 1; i < e->n; i += by)
		e->v[n++] = e->v[i];
	if (e->n % by)
		e->v[n++] = e->v[e->n - 1];
	e->n = n;
}

/* Grouped, then again finer, as long as that makes a difference. */
int run_units(struct reducer *r, void (*cut)(const struct reducer *r, struct ends *e))
{
	bool changed = false;
	int rc;

	do {
		struct ends e = { NULL, 0, 0 };
		bool grouped;

		cut(r, &e);
		grouped = e.n > MAX_UNITS;
		ends_group(&e);
		rc = probdd(r, e.v, e.n);
		free(e.v);
		changed |= rc > 0;
		if (!grouped)
			break;
	} while (rc > 0);
	return rc < 0 ? -1 : changed;
}

void cut_lines(const struct reducer *r, struct ends *e)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->data[i] == '\n')
			ends_add(e, i + 1);
	ends_add(e, r->len);
}

static int class_of(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		c == '_' || c >= 0x80)
		return 1;
	if (c == ' ' || c == '\t' || c == '\r')
		return 2;
	return 0; /* a mark: a token by itself */
}

/* End of the quoted string that opens at `at`, or at when it isn't closed on its line. */
static size_t quoted(const struct reducer *r, size_t at)
{
	unsigned char q = r->data[at];

	for (size_t i = at + 1; i < r->len && r->data[i] != '\n'; i++) {
		if (r->data[i] == '\\')
			i++;
		else if (r->data[i] == q)
			return i + 1;
	}
	return at;
}

void cut_tokens(const struct reducer *r, struct ends *e)
{
	size_t i = 0;

	while (i < r->len) {
		unsigned char c = r->data[i];
		size_t end = i + 1;

		if (c == '"' || c == '\'')
			end = MAX(end, quoted(r, i));
		else if (class_of(c))
			while (end < r->len && class_of(r->data[end]) == class_of(c))
				end++;
		ends_add(e, end);
		i = end;
	}
}

static void cut_blocks(const struct reducer *r, struct ends *e)
{
	size_t size = (r->len + 255) / 256;

	for (size_t at = size; size && at < r->len; at += size)
		ends_add(e, at);
	ends_add(e, r->len);
}

int strategy_lines(struct reducer *r)
{
	return run_units(r, cut_lines);
}

int strategy_tokens(struct reducer *r)
{
	return run_units(r, cut_tokens);
}

int strategy_blocks(struct reducer *r)
{
	return run_units(r, cut_blocks);
}
