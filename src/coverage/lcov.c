/* TN, SF, FN, FNDA, BRDA, DA: as geninfo(1) describes them. */
#include "base/prelude.h"
#include "coverage/lcov.h"

static void add_count(struct buf *b, uint64_t n)
{
	buf_addf(b, "%llu", (unsigned long long)n);
}

static void add_functions(struct buf *b, const struct coverage_file *f)
{
	for (size_t i = 0; i < f->n_functions; i++)
		buf_addf(b, "FN:%u,%s\n", f->functions[i].at.line, f->functions[i].name);
	for (size_t i = 0; i < f->n_functions; i++) {
		buf_adds(b, "FNDA:");
		add_count(b, f->functions[i].count);
		buf_addf(b, ",%s\n", f->functions[i].name);
	}
}

/* A branch that was never come to has "-": that isn't the same as one that was and never went there. */
static void add_branches(struct buf *b, const struct coverage_file *f)
{
	unsigned line = 0, block = 0;

	for (size_t i = 0; i < f->n_branches; i++) {
		const struct coverage_branch *br = &f->branches[i];
		const uint64_t sides[] = { br->taken, br->not_taken };

		block = br->at.line == line ? block + 1 : 0;
		line = br->at.line;
		for (unsigned k = 0; k < ARRAY_LEN(sides); k++) {
			buf_addf(b, "BRDA:%u,%u,%u,", line, block, k);
			if (br->taken || br->not_taken)
				add_count(b, sides[k]);
			else
				buf_addch(b, '-');
			buf_addch(b, '\n');
		}
	}
}

bool coverage_lcov_add(struct buf *b, const struct coverage_file *f)
{
	struct coverage_counts c = { .lines = { 0 } };

	if (strpbrk(f->path, "\n\r"))
		return false;
	coverage_count(f, &c);
	buf_addf(b, "TN:\nSF:%s\n", f->path);
	add_functions(b, f);
	buf_addf(b, "FNF:%zu\nFNH:%zu\n", c.functions.n, c.functions.covered);
	add_branches(b, f);
	buf_addf(b, "BRF:%zu\nBRH:%zu\n", c.branches.n, c.branches.covered);
	for (size_t l = 1; l < f->n_lines; l++)
		if (f->lines[l] != COVERAGE_NO_CODE) {
			buf_addf(b, "DA:%zu,", l);
			add_count(b, f->lines[l]);
			buf_addch(b, '\n');
		}
	buf_addf(b, "LF:%zu\nLH:%zu\nend_of_record\n", c.lines.n, c.lines.covered);
	return true;
}
