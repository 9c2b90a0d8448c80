/* thresh gc: what is old and unneeded; told first, removed when asked. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/begin.h"
#include "cli/commands.h"
#include "gc/gc.h"
#include "report/bug_json.h"
#include "report/table.h"
#include <stdio.h>

#define YEAR_9999_MS ((uint64_t)253370764800000)

struct gc_args {
	bool remove, json;
	uint64_t keep, campaigns, older_ms;
};

static const struct opt gc_opts_table[] = {
	{ .name = "remove",
		.kind = OPT_FLAG,
		.off = offsetof(struct gc_args, remove),
		.help = "remove it; without this it is only told" },
	{ .name = "keep",
		.kind = OPT_UINT,
		.off = offsetof(struct gc_args, keep),
		.min = 1,
		.max = 1000000,
		.def = "50",
		.arg = "N",
		.help = "findings of each place of a bug that keep report and input, the "
			"smallest" },
	{ .name = "campaigns",
		.kind = OPT_UINT,
		.off = offsetof(struct gc_args, campaigns),
		.min = 1,
		.max = 1000000,
		.def = "30",
		.arg = "N",
		.help = "how many of the last campaigns keep their jobs" },
	{ .name = "older",
		.kind = OPT_DURATION,
		.off = offsetof(struct gc_args, older_ms),
		.def = "30d",
		.help = "builds and what was measured have to be so old" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct gc_args, json),
		.help = "a JSON object in place of the table" },
	{ .kind = OPT_END },
};

static const struct table_col cols[] = { { "WHAT GOES", false, false }, { "COUNT", true, false },
	{ "SIZE", true, false }, { "", false, true } };

static void show(const struct gc_row *rows, const struct gc_args *a, const struct term *term)
{
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct buf size = BUF_INIT;
	uint64_t bytes = 0, n = 0;

	for (size_t i = 0; i < GC_ROWS; i++) {
		bytes += rows[i].bytes;
		n += rows[i].n;
		if (!rows[i].n && !rows[i].later)
			continue;
		table_cell(t, TERM_PLAIN, rows[i].name);
		table_number(t, TERM_PLAIN, num_add_count, rows[i].n);
		table_number(t, TERM_PLAIN, num_add_size, rows[i].bytes);
		table_cell(t, TERM_PLAIN, rows[i].what);
		if (rows[i].later) {
			char when[CLOCK_ISO_LEN], *text;

			clock_iso(rows[i].due_ms, when);
			/* a year that no date can be written of */
			text = rows[i].due_ms > YEAR_9999_MS
				       ? xasprintf("%llu more, in some thousand years",
						 (unsigned long long)rows[i].later)
				       : xasprintf("%llu more from %.10s on",
						 (unsigned long long)rows[i].later, when);
			table_below(t, 2, text);
			free(text);
		}
	}
	if (table_rows(t))
		table_print(t, term);
	num_add_size(&size, bytes);
	if (!n)
		term_printf(term, "nothing is old and unneeded\n");
	else
		term_printf(term, "%s: %s\n",
			a->remove ? "removed" : "can go, by `thresh gc --remove`", size.s);
	buf_release(&size);
	table_free(t);
}

static void show_json(const struct gc_row *rows, const struct gc_args *a)
{
	cJSON *all = cJSON_CreateObject(), *list;
	struct buf out = BUF_INIT;

	cJSON_AddBoolToObject(all, "removed", a->remove);
	list = cJSON_AddArrayToObject(all, "rows");
	for (size_t i = 0; i < GC_ROWS; i++) {
		cJSON *j = cJSON_CreateObject();

		cJSON_AddStringToObject(j, "name", rows[i].name);
		cJSON_AddStringToObject(j, "what", rows[i].what);
		cJSON_AddNumberToObject(j, "count", (double)rows[i].n);
		cJSON_AddNumberToObject(j, "bytes", (double)rows[i].bytes);
		cJSON_AddNumberToObject(j, "later", (double)rows[i].later);
		if (rows[i].due_ms)
			cJSON_AddNumberToObject(j, "due_ms", (double)rows[i].due_ms);
		else
			cJSON_AddNullToObject(j, "due_ms");
		cJSON_AddItemToArray(list, j);
	}
	json_print_take(&out, all, true);
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct gc_args *a = args;
	const struct gc_opts opts = { a->keep, a->campaigns, a->older_ms, clock_wall_ms(),
		a->remove };
	struct gc_row rows[GC_ROWS];
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int lock = -1, rc;

	if (!p)
		return cli_fail(&err);
	/* a campaign would be at work on what goes */
	if (a->remove)
		lock = begin_lock(p, &err);
	rc = a->remove && lock < 0 ? -1 : gc_sweep(p, &opts, rows, &err);
	if (rc == 0 && a->json)
		show_json(rows, a);
	else if (rc == 0)
		show(rows, a, &ctx->term);
	if (lock >= 0)
		begin_unlock(lock);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_gc = {
	.name = "gc",
	.args = "",
	.help = "what is old and unneeded, told first",
	.more = "Bugs, their reproducers, regression tests, seeds and the corpora of harnesses "
		"stay, "
		"whatever their age. Of each place of a bug the smallest findings stay whole; of "
		"the "
		"others it stays known that they were met. An input that left a corpus because it "
		"fails stays for a year, in case a later build passes it. A night ends with "
		"it.\n\n"
		"--json: removed, rows[] with name, what, count, bytes, later and due_ms.\n\n"
		"Exit status: 0, 2 usage, 3 a campaign is under way, or something can't be "
		"removed.",
	.examples = "thresh gc\nthresh gc --remove --older 90d",
	.opts = gc_opts_table,
	.args_size = sizeof(struct gc_args),
	.run = run,
};
