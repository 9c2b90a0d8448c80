/* Rows of fuzzer_stats and columns of plot_data: several names, as they changed between versions. */
#include "base/prelude.h"
#include "engine/afl_stats.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/strv.h"

#define STATS_MAX ((uint64_t)1 << 20)

static void stats_row(struct afl_stats *st, struct strv key, struct strv value)
{
	uint64_t n;

	if (num_u64(value, &n) < 0)
		return;
	if (strv_eqs(key, "execs_done") || strv_eqs(key, "total_execs"))
		st->execs = MAX(st->execs, n);
	else if (strv_eqs(key, "corpus_count") || strv_eqs(key, "paths_total"))
		st->corpus = n;
	else if (strv_eqs(key, "edges_found"))
		st->edges = MAX(st->edges, n);
}

static void fuzzer_stats(struct strv text, struct afl_stats *st)
{
	struct strv line, key;

	while (strv_line(&text, &line))
		if (strv_split(&line, ':', &key))
			stats_row(st, strv_trim(key), strv_trim(line));
}

/* Its first line names the columns. */
static void plot_data(struct strv text, struct afl_stats *st)
{
	const char *start = text.s;
	struct strv head, line, last = { NULL, 0 }, name, value;

	if (!strv_line(&text, &head))
		return;
	strv_skip(&head, "#");
	while (strv_line(&text, &line))
		if (line.len && text.s > start && text.s[-1] == '\n')
			last = line; /* whole lines only */
	while (strv_split(&head, ',', &name) && strv_split(&last, ',', &value))
		stats_row(st, strv_trim(name), strv_trim(value));
}

static void read_file(int out_dir, const char *instance, const char *name, uint64_t max,
	void (*parse)(struct strv, struct afl_stats *), struct afl_stats *st)
{
	char *path = fs_join(instance, name);
	struct buf b = BUF_INIT;

	if (dir_read(out_dir, path, max, &b, NULL) == 0)
		parse(strv_n(buf_str(&b), b.len), st);
	buf_release(&b);
	free(path);
}

void afl_stats_read(int out_dir, const char *instance, bool final, struct afl_stats *out)
{
	read_file(out_dir, instance, "plot_data", STATS_MAX * 16, plot_data, out);
	if (final)
		read_file(out_dir, instance, "fuzzer_stats", STATS_MAX, fuzzer_stats, out);
}
