/*
 * How alike two reports are, from 0 to 1. Whole normalised names are compared, never their letters: in C
 * parse_string and parse_number are two functions however alike they look.
 *
 * The key frames (at most DEPTH) of both are aligned in order. A pair at positions i and j (top = 0) that holds
 * the same name earns w(max(i, j)) with w(k) = 1 / (k + 1): the top frame weighs 1, the second 1/2, the third
 * 1/3; a frame that moved weighs by its deeper place. The best alignment's sum A is set against the weight
 * of both stacks:
 *     similarity = 2 A / (W(n) + W(m)),  W(n) = w(0) + ... + w(n - 1)
 * and halved when the families differ. No frames at all: 1 for the same kind and message, else 0.
 * Vectors: ABC/ABC 1; ABC/ABX 0.818; ABC/XBC 0.455; ABC/BC 0.5 (BC slid by one); AB/ABCD 0.837; AAA/BBB 0.
 */
#include "base/prelude.h"
#include "crash/internal.h"

enum { DEPTH = 12 };

static double weight(size_t k)
{
	return 1.0 / (double)(k + 1);
}

static double total(size_t n)
{
	double w = 0;

	for (size_t k = 0; k < n; k++)
		w += weight(k);
	return w;
}

static double align(struct strv *a, size_t n, struct strv *b, size_t m)
{
	double best[DEPTH + 1][DEPTH + 1] = { { 0 } };

	for (size_t i = n; i--;)
		for (size_t j = m; j--;) {
			double v = MAX(best[i + 1][j], best[i][j + 1]);

			if (strv_eq(a[i], b[j]))
				v = MAX(v, weight(MAX(i, j)) + best[i + 1][j + 1]);
			best[i][j] = v;
		}
	return best[0][0];
}

static double likeness(struct strv *a, size_t n, struct strv *b, size_t m, bool one_family)
{
	double s = n && m ? 2 * align(a, n, b, m) / (total(n) + total(m)) : 0;

	return one_family ? s : s / 2;
}

double crash_similarity(const struct crash_report *a, const struct crash_report *b)
{
	size_t n = MIN(a->n_key, (size_t)DEPTH), m = MIN(b->n_key, (size_t)DEPTH);
	struct strv x[DEPTH], y[DEPTH];

	if (!n && !m)
		return !strcmp(a->kind, b->kind) && a->message && b->message &&
				       !strcmp(a->message, b->message)
			       ? 1
			       : 0;
	for (size_t i = 0; i < n; i++)
		x[i] = strv_of(a->key[i]);
	for (size_t i = 0; i < m; i++)
		y[i] = strv_of(b->key[i]);
	return likeness(x, n, y, m, !strcmp(a->family, b->family));
}

static size_t cut(const char *frames, struct strv out[DEPTH])
{
	struct strv rest = strv_of(frames), part;
	size_t n = 0;

	while (n < DEPTH && strv_split(&rest, '|', &part))
		if (part.len)
			out[n++] = part;
	return n;
}

double crash_similarity_kept(
	const char *family_a, const char *frames_a, const char *family_b, const char *frames_b)
{
	struct strv x[DEPTH], y[DEPTH];
	size_t n = cut(frames_a, x), m = cut(frames_b, y);

	return likeness(x, n, y, m, strcmp(family_a, family_b) == 0);
}
