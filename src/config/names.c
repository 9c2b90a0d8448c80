/* Names that are fit for file names, and the known word that is nearest to a mistyped one. */
#include "base/prelude.h"
#include "config/names.h"

#define WORD_MAX 32

bool config_name_ok(struct strv name)
{
	if (!name.len || name.len > CONFIG_NAME_MAX || name.s[0] == '.' || name.s[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.s[i], lower = (char)(c | 32);

		if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
			c != '.' && c != '-')
			return false;
	}
	return true;
}

/*
 * Optimal string alignment distance: insertions, deletions, substitutions, and swaps of two neighbours
 * (the commonest slip of the fingers), each 1.
 */
static size_t distance(struct strv a, struct strv b)
{
	/* only three rows of the table are ever looked at */
	size_t rows[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t d = above[j - 1] + (a.s[i - 1] != b.s[j - 1]);

			d = MIN(d, above[j] + 1);
			d = MIN(d, now[j - 1] + 1);
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1])
				d = MIN(d, two[j - 2] + 1);
			now[j] = d;
		}
	}
	return rows[a.len % 3][b.len];
}

const char *config_nearest(struct strv word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t best_d = SIZE_MAX;

	if (!word.len || word.len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct strv w = strv_of(words[i]);
		/*
		 * a third of the shorter word, and never all of it: of two letters anything is near
		 */
		size_t d, allowed = MAX(MIN(word.len, w.len) / 3, (size_t)1);

		if (w.len > WORD_MAX)
			continue;
		d = distance(word, w);
		if (d <= allowed && d < MIN(word.len, w.len) && d < best_d) {
			best = words[i];
			best_d = d;
		}
	}
	return best;
}
