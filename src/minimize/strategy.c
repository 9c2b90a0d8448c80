/* The table of strategies: what a round tries, in this order. */
#include "base/prelude.h"
#include "minimize/strategy.h"

/* So short that all its substrings can be asked about at once: the other ways of deleting have nothing to add. */
#define SMALL 64

static bool suits_text(const struct reducer *r)
{
	size_t n = MIN(r->len, (size_t)65536), odd = 0;

	for (size_t i = 0; i < n; i++)
		odd += r->data[i] < 0x20 && r->data[i] != '\n' && r->data[i] != '\t' &&
		       r->data[i] != '\r';
	return odd * 16 <= n;
}

/* In text, any mark could be a length: that is only worth it where it costs nothing. */
static bool suits_lengths(const struct reducer *r)
{
	return r->len <= 48 || (!strcmp(r->format, "raw") && memchr(r->data, 0, r->len)) ||
	       !suits_text(r);
}

static bool suits_records(const struct reducer *r)
{
	return !strcmp(r->format, "binary") || !suits_text(r);
}

static bool has_tokens(const struct reducer *r)
{
	return r->n_tokens > 0;
}

const struct strategy strategies[] = {
	{ .name = "substrings",
		.run = strategy_substrings,
		.max_len = SMALL,
		.idea = "every substring of a short input deleted, the longest first" },
	{ .name = "ends",
		.min_len = SMALL + 1,
		.run = strategy_ends,
		.idea = "the shortest prefix, then the shortest suffix: exponential, then 16-ary "
			"search "
			"(Bentley and Yao's unbounded search, 1976)" },
	{ .name = "top",
		.min_len = SMALL + 1,
		.run = strategy_top,
		.max_len = 4u << 20,
		.idea = "siblings near the top of the tree: most of what is wide goes with them" },
	{ .name = "alike",
		.min_len = SMALL + 1,
		.run = strategy_repeats,
		.max_len = 1u << 20,
		.idea = "all occurrences of a byte, a token or a line that are many deleted at "
			"once, "
			"or all but the first or the last (the global passes of C-Reduce, Regehr "
			"et al. "
			"2012)" },
	{ .name = "records",
		.min_len = 16,
		.run = strategy_records,
		.suits = suits_records,
		.max_len = 128u << 10,
		.idea = "records of a sequence, told by the lengths that lead from one to the "
			"next, "
			"by probabilistic delta debugging" },
	{ .name = "siblings",
		.min_len = SMALL + 1,
		.run = strategy_siblings,
		.max_len = 4u << 20,
		.idea = "runs of siblings deleted, top of the tree first (hierarchical delta "
			"debugging, Misherghi and Su 2006)" },
	{ .name = "hoist",
		.run = strategy_hoist,
		.max_len = 4u << 20,
		.idea = "the whole, and each subtree, replaced by one of its descendants, smallest "
			"first "
			"(Perses, Sun et al. 2018; C-Reduce, Regehr et al. 2012)" },
	{ .name = "lines",
		.min_len = SMALL + 1,
		.run = strategy_lines,
		.suits = suits_text,
		.idea = "lines deleted by probabilistic delta debugging (Wang et al. 2021)" },
	{ .name = "blocks",
		.min_len = SMALL + 1,
		.run = strategy_blocks,
		.max_len = 1u << 20,
		.idea = "up to 256 equal blocks by probabilistic delta debugging (Wang et al. "
			"2021)" },
	{ .name = "numbered",
		.run = strategy_numbered,
		.max_len = 65536,
		.idea = "lines, words or bytes deleted together with as many of the decimal number "
			"before them" },
	{ .name = "chunks",
		.min_len = SMALL + 1,
		.run = strategy_chunks,
		.idea = "halving chunks deleted from the end to the start (ddmin's complements, "
			"Zeller "
			"and Hildebrandt 2002)" },
	{ .name = "tokens",
		.min_len = SMALL + 1,
		.run = strategy_tokens,
		.max_len = 1u << 20,
		.idea = "words, numbers, strings and marks deleted by probabilistic delta "
			"debugging" },
	{ .name = "empty",
		.run = strategy_empty,
		.max_len = 1u << 20,
		.idea = "a container by an empty one, any value by a shortest one" },
	{ .name = "unwrap",
		.run = strategy_unwrap,
		.max_len = 1u << 20,
		.idea = "a pair of brackets or quotes deleted, what it holds kept; equally many "
			"from both ends" },
	{ .name = "lengths",
		.run = strategy_lengths,
		.suits = suits_lengths,
		.max_len = 4096,
		.idea = "bytes deleted together with the length field that counts them" },
	{ .name = "counts",
		.run = strategy_counts,
		.suits = suits_lengths,
		.max_len = 4096,
		.idea = "a record deleted together with one of the number that counts the "
			"records" },
	{ .name = "faults",
		.run = strategy_faults,
		.suits = suits_faults,
		.max_len = 1024,
		.idea = "chunks deleted together with a lower number of the call that fails" },
	{ .name = "numbers",
		.run = strategy_numbers,
		.max_len = 1u << 20,
		.idea = "numbers to 0, to fewer digits, to the least value (Hypothesis, MacIver "
			"2020)" },
	{ .name = "strings",
		.run = strategy_strings,
		.max_len = 1u << 20,
		.idea = "quoted strings to the shortest prefix" },
	{ .name = "dictionary",
		.run = strategy_dictionary,
		.suits = has_tokens,
		.max_len = 65536,
		.idea = "a dictionary's token deleted, or replaced by a shorter one" },
	{ .name = "copies",
		.run = strategy_copies,
		.max_len = 16384,
		.idea = "a byte string that stands in several places shortened or made simpler in "
			"all "
			"at once (renaming in C-Reduce, Regehr et al. 2012)" },
	{ .name = "single",
		.min_len = SMALL + 1,
		.run = strategy_single,
		.idea = "every single byte deleted: what makes the result 1-minimal" },
	{ .name = "normal-blocks",
		.run = strategy_canonical_blocks,
		.max_len = 4u << 20,
		.idea = "blocks overwritten by a canonical byte, halving (afl-tmin, Zalewski)" },
	{ .name = "normal-bytes",
		.run = strategy_canonical_bytes,
		.idea = "every single byte made more canonical: what makes the result 1-normal" },
	{ .name = "pairs",
		.run = strategy_pairs,
		.max_len = 128,
		.last = true,
		.idea = "every two bytes deleted: 2-minimal" },
	{ .name = "contract",
		.run = strategy_contract,
		.max_len = 48,
		.last = true,
		.idea = "every substring replaced by one byte" },
	{ .name = "exchange",
		.run = strategy_exchange,
		.max_len = 16,
		.last = true,
		.idea = "every byte deleted together with every other one replaced" },
	{ .name = "random",
		.run = strategy_random,
		.max_len = 4096,
		.last = true,
		.idea = "shorter random mutants (libFuzzer's -minimize_crash, seeded and "
			"bounded)" },
};
const size_t n_strategies = ARRAY_LEN(strategies);
