/* The dictionary's words alone, doubled, nested and split by each other; and in seeds: deleted, doubled, swapped. */
#include "base/prelude.h"
#include "cases/internal.h"
#include "cases/spread.h"

#define PAIRS 64 /* tokens that are combined with each other */
#define SEEDS 24
#define SPOTS 8 /* occurrences of a token that are changed, a seed */

static void alone(struct cases_sink *o, const struct cases_input *in)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < in->n_tokens; i++) {
		struct strv t = in->tokens[i];

		cases_put(o, t.s, t.len, "%zu/alone", i);
		/* by eight: what overflows is the buffer, not at a certain count */
		for (size_t times = 2; times <= 4096 && times * t.len <= in->max_len; times *= 8) {
			buf_reset(&b);
			for (size_t k = 0; k < times; k++)
				buf_addv(&b, t);
			cases_put_buf(o, &b, "%zu/times-%zu", i, times);
		}
		for (size_t cut = 1; cut < t.len; cut++) {
			cases_put(o, t.s, cut, "%zu/prefix-%zu", i, cut);
			cases_put(o, t.s + cut, t.len - cut, "%zu/suffix-%zu", i, t.len - cut);
		}
	}
	buf_release(&b);
}

static void pairs(struct cases_sink *o, const struct cases_input *in, size_t i)
{
	size_t n = MIN(in->n_tokens, (size_t)PAIRS);
	struct strv a = in->tokens[i], c;
	struct buf b = BUF_INIT;

	for (size_t j = 0; j < n; j++) {
		c = in->tokens[j];
		buf_reset(&b);
		buf_addv(&b, a);
		buf_addv(&b, c);
		cases_put_buf(o, &b, "%zu/then-%zu", i, j);
		buf_reset(&b);
		buf_addv(&b, a);
		buf_addv(&b, c);
		buf_addv(&b, a);
		cases_put_buf(o, &b, "%zu/around-%zu", i, j);
		if (a.len < 2)
			continue;
		buf_reset(&b);
		buf_addv(&b, strv_sub(a, 0, a.len / 2));
		buf_addv(&b, c);
		buf_addv(&b, strv_from(a, a.len / 2));
		cases_put_buf(o, &b, "%zu/split-by-%zu", i, j);
	}
	buf_release(&b);
}

static size_t find(struct strv in, struct strv what, size_t from)
{
	const char *p = from < in.len ? memmem(in.s + from, in.len - from, what.s, what.len) : NULL;

	return p ? (size_t)(p - in.s) : SIZE_MAX;
}

/* Three pieces and whatever lies between them. */
static void change(struct cases_sink *o, const struct cases_input *in, const struct cases_seed *s,
	size_t token, size_t at)
{
	struct strv t = in->tokens[token], head = strv_sub(s->data, 0, at),
		    tail = strv_from(s->data, at + t.len);
	struct strv other = in->tokens[(token + 1) % in->n_tokens];
	struct buf b = BUF_INIT;

	buf_addv(&b, head);
	buf_addv(&b, tail);
	cases_put_buf(o, &b, "%zu/in-%s/deleted-at-%zu", token, s->name, at);
	buf_reset(&b);
	buf_addv(&b, head);
	buf_addv(&b, t);
	buf_addv(&b, t);
	buf_addv(&b, tail);
	cases_put_buf(o, &b, "%zu/in-%s/doubled-at-%zu", token, s->name, at);
	buf_reset(&b);
	buf_addv(&b, head);
	buf_addv(&b, other);
	buf_addv(&b, tail);
	cases_put_buf(o, &b, "%zu/in-%s/swapped-at-%zu", token, s->name, at);
	buf_release(&b);
}

static void in_seed(struct cases_sink *o, const struct cases_input *in, const struct cases_seed *s)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < in->n_tokens; i++) {
		struct strv t = in->tokens[i];
		size_t at = find(s->data, t, 0);

		for (size_t n = 0; n < SPOTS && at != SIZE_MAX; n++) {
			change(o, in, s, i, at);
			at = find(s->data, t, at + t.len);
		}
		/* and where it was not: at both ends and in the middle */
		for (size_t k = 0; k <= 2; k++) {
			buf_reset(&b);
			buf_addv(&b, strv_sub(s->data, 0, s->data.len * k / 2));
			buf_addv(&b, t);
			buf_addv(&b, strv_from(s->data, s->data.len * k / 2));
			cases_put_buf(
				o, &b, "%zu/in-%s/put-at-%zu", i, s->name, s->data.len * k / 2);
		}
	}
	buf_release(&b);
}

bool cases_tokens(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	size_t n_pairs = MIN(in->n_tokens, (size_t)PAIRS);
	size_t n_seeds = MIN(in->n_seeds, (size_t)SEEDS);

	if (!in->n_tokens)
		return false;
	if (step == 0)
		alone(o, in);
	else if (step <= n_pairs)
		pairs(o, in, step - 1);
	else if (step <= n_pairs + n_seeds)
		in_seed(o, in, &in->seeds[cases_spread(step - 1 - n_pairs, n_seeds, in->n_seeds)]);
	else
		return false;
	return true;
}
