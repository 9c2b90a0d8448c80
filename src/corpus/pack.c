/* All of it in memory: a pack is small by what it is for. */
#include "base/prelude.h"
#include "corpus/pack.h"
#include "base/num.h"

#define MAGIC "thresh pack 1\n"

bool pack_is_name(const char *path)
{
	return strv_ends(strv_of(path), PACK_SUFFIX);
}

uint64_t pack_cost(uint64_t len)
{
	uint64_t cost = len + 3; /* a digit, two ends of line */

	for (; len >= 10; len /= 10)
		cost++;
	return cost;
}

uint64_t pack_head(void)
{
	return sizeof(MAGIC) - 1;
}

void pack_begin(struct buf *pack)
{
	buf_reset(pack);
	buf_adds(pack, MAGIC);
}

void pack_add(struct buf *pack, struct strv input)
{
	buf_addf(pack, "%zu\n", input.len);
	buf_addv(pack, input);
	buf_addch(pack, '\n');
}

int pack_next(const char *path, struct strv text, size_t *at, struct strv *input, struct err *err)
{
	struct strv rest = text, digits;
	uint64_t n;

	if (!*at && !strv_starts(text, MAGIC))
		return err_set(
			err, "%s: not a pack: it doesn't begin with \"thresh pack 1\"", path);
	if (!*at)
		*at = sizeof(MAGIC) - 1;
	rest = strv_from(text, *at);
	if (!rest.len)
		return 0;
	if (!strv_split(&rest, '\n', &digits) || num_u64(digits, &n) < 0 || n >= rest.len ||
		rest.s[n] != '\n')
		return err_set(
			err, "%s: damaged at byte %zu: what comes before it was read", path, *at);
	*input = strv_sub(rest, 0, (size_t)n);
	*at = (size_t)(rest.s - text.s) + (size_t)n + 1;
	return 1;
}
