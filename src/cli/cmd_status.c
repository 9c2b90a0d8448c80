/* thresh status: the last campaign, its engines, what is waiting. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/begin.h"
#include "campaign/jobs.h"
#include "cli/commands.h"
#include "cli/new_store.h"
#include "proc/proc.h"
#include "proc/stat.h"
#include "project/project.h"
#include "report/bug_json.h"
#include "report/table.h"
#include "store/origins.h"
#include <poll.h>
#include <stdio.h>

#define WHY_MAX ((size_t)400)

struct status_args {
	bool json, watch;
};

static const struct opt status_opts[] = {
	{ .name = "watch",
		.key = 'w',
		.kind = OPT_FLAG,
		.off = offsetof(struct status_args, watch),
		.help = "again every two seconds, until Ctrl-C" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct status_args, json),
		.help = "one JSON object; with --watch one a line" },
	{ .kind = OPT_END },
};

struct status {
	struct campaign_rec last;
	bool none;
	uint64_t jobs[4];
	uint64_t bugs[BUG_IGNORED + 1];
	/* what a campaign that is under way does now; "" when none is */
	struct buf phase;
	/* by which process; 0: none */
	uint64_t under_way;
	/* of the machine's processors that it takes; less than 0: not known */
	double cpu_share;
	struct table *table;
	cJSON *engines;
	uint64_t execs, wall_ms;
	/* of a store that machines share: those that show life */
	uint64_t workers;
	bool shared;
	uint64_t
		unfiled; /* findings that wait for triage, whether a job is left that does it or not */
	struct failed *failed;
	size_t n_failed, cap_failed;
	struct last_new *news;
	size_t n_news, cap_news;
};

/* When an engine last found an input that reaches more. */
struct last_new {
	char *harness, *engine;
	uint64_t when_ms;
};

/* Jobs that were given up, those that failed alike together. */
struct failed {
	char *harness, *what, *why;
	uint64_t times;
};

/* Over all its slices, starts and reloads included: what the campaign really got. */
static double mean_rate(const struct stat_rec *r)
{
	return r->wall_ms ? (double)r->execs * 1000 / (double)r->wall_ms : 0;
}

static int one_wall(void *arg, const struct stat_rec *r)
{
	((struct status *)arg)->wall_ms += r->wall_ms;
	return 0;
}

/* Of the time that all of them had; 0 to 1. */
static double share_of(const struct status *s, const struct stat_rec *r)
{
	return s->wall_ms ? (double)r->wall_ms / (double)s->wall_ms : 0;
}

static int one_new(void *arg, const char *harness, const char *engine, uint64_t when_ms)
{
	struct status *s = arg;

	GROW(s->news, s->n_news, s->cap_news);
	s->news[s->n_news++] = (struct last_new){ xstrdup(harness), xstrdup(engine), when_ms };
	return 0;
}

static uint64_t last_new_of(const struct status *s, const struct stat_rec *r)
{
	for (size_t i = 0; i < s->n_news; i++)
		if (strcmp(s->news[i].harness, r->harness) == 0 &&
			strcmp(s->news[i].engine, r->engine) == 0)
			return s->news[i].when_ms;
	return 0;
}

static int one_stat(void *arg, const struct stat_rec *r)
{
	struct status *s = arg;
	uint64_t last = last_new_of(s, r);
	char iso[CLOCK_ISO_LEN];
	cJSON *j;

	s->execs += r->execs;
	if (s->engines) {
		j = cJSON_CreateObject();
		cJSON_AddItemToObject(j, "harness", json_text(r->harness));
		cJSON_AddItemToObject(j, "engine", json_text(r->engine));
		cJSON_AddNumberToObject(j, "execs", (double)r->execs);
		cJSON_AddNumberToObject(j, "execs_per_s", mean_rate(r));
		cJSON_AddNumberToObject(j, "seconds", (double)r->wall_ms / 1000);
		cJSON_AddNumberToObject(j, "time_share", share_of(s, r));
		cJSON_AddNumberToObject(j, "corpus", (double)r->corpus);
		cJSON_AddNumberToObject(j, "edges", (double)r->edges);
		cJSON_AddNumberToObject(j, "crashes", (double)r->crashes);
		cJSON_AddNumberToObject(j, "restarts", (double)r->restarts);
		if (last)
			clock_iso(last, iso);
		cJSON_AddItemToObject(j, "last_new", json_text(last ? iso : NULL));
		cJSON_AddItemToArray(s->engines, j);
		return 0;
	}
	table_cell(s->table, TERM_BOLD, r->harness);
	table_cell(s->table, TERM_PLAIN, r->engine);
	table_number(s->table, TERM_PLAIN, num_add_count, r->execs);
	table_number(s->table, TERM_PLAIN, num_add_count, (uint64_t)(mean_rate(r) + 0.5));
	table_cellf(s->table, TERM_PLAIN, "%.0f %%", 100 * share_of(s, r));
	table_cellf(s->table, TERM_PLAIN, "%llu", (unsigned long long)r->corpus);
	table_cellf(s->table, TERM_PLAIN, "%llu", (unsigned long long)r->edges);
	table_cellf(s->table, TERM_PLAIN, "%llu", (unsigned long long)r->crashes);
	table_cellf(s->table, TERM_PLAIN, "%llu", (unsigned long long)r->restarts);
	return 0;
}

static int one_bug(void *arg, const struct bug_rec *b)
{
	((struct status *)arg)->bugs[b->state]++;
	return 0;
}

static int one_job(void *arg, const struct job_rec *j)
{
	struct status *s = arg;
	struct fuzz_payload p;
	const char *why = j->error ? j->error : "it failed", *what = j->kind;

	if (j->state != JOB_FAILED)
		return 0;
	if (strcmp(j->kind, "fuzz") == 0 && fuzz_payload_parse(j->payload, &p) == 0)
		what = p.engine;
	for (size_t i = 0; i < s->n_failed; i++) {
		struct failed *f = &s->failed[i];

		if (strcmp(f->harness, j->harness) == 0 && strcmp(f->what, what) == 0 &&
			strcmp(f->why, why) == 0) {
			f->times++;
			return 0;
		}
	}
	GROW(s->failed, s->n_failed, s->cap_failed);
	s->failed[s->n_failed++] =
		(struct failed){ xstrdup(j->harness), xstrdup(what), xstrdup(why), 1 };
	return 0;
}

static int one_unfiled(void *arg, const struct finding_rec *f)
{
	(void)f;
	((struct status *)arg)->unfiled++;
	return 0;
}

static int gather_jobs(struct project *p, struct status *s, struct err *err)
{
	static const char *const kinds[] = { "fuzz", "edge", "sweep", "triage", "minimize",
		"regress" };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (store_jobs(p->store, s->last.id, kinds[i], 0, one_job, s, err) < 0)
			return -1;
	return store_job_counts(p->store, s->last.id, NULL, s->jobs, err);
}

/* Of a store that machines share: who plans, and how many work. */
static int gather_workers(struct project *p, struct status *s, struct err *err)
{
	char *planner = NULL;
	int rc;

	s->shared = store_is_shared(p->store);
	if (!s->shared)
		return 0;
	rc = store_workers(p->store, &s->workers, err);
	if (rc == 0 && s->workers && !s->none && !s->last.ended_ms && !s->phase.len) {
		rc = store_planner(p->store, &planner, err);
		if (rc == 0)
			buf_adds2(&s->phase, "planned by ", planner);
	}
	free(planner);
	return rc < 0 ? -1 : 0;
}

static int gather(struct project *p, struct status *s, struct err *err)
{
	int rc = store_campaign_last(p->store, &s->last, err);

	if (rc < 0)
		return -1;
	s->none = rc == 1;
	s->under_way = begin_under_way(p, &s->phase);
	if (gather_workers(p, s, err) < 0)
		return -1;
	if (!s->none && (store_origins_last(p->store, s->last.id, one_new, s, err) < 0 ||
				store_stats(p->store, s->last.id, one_wall, s, err) < 0 ||
				store_stats(p->store, s->last.id, one_stat, s, err) < 0 ||
				gather_jobs(p, s, err) < 0))
		return -1;
	if (store_findings(p->store, NULL, FINDING_NEW, one_unfiled, s, err) < 0)
		return -1;
	return store_bugs(p->store, one_bug, s, err);
}

static void print_json(struct status *s, bool watch)
{
	cJSON *j = cJSON_CreateObject(), *bugs = cJSON_AddObjectToObject(j, "bugs"), *failed;
	struct buf out = BUF_INIT;
	char iso[CLOCK_ISO_LEN];

	for (int i = 0; i <= BUG_IGNORED; i++)
		cJSON_AddNumberToObject(
			bugs, bug_state_name((enum bug_state)i), (double)s->bugs[i]);
	cJSON_AddNumberToObject(j, "unfiled_findings", (double)s->unfiled);
	cJSON_AddItemToObject(j, "engines", s->engines);
	failed = cJSON_AddArrayToObject(j, "failed");
	for (size_t i = 0; i < s->n_failed; i++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddItemToObject(o, "harness", json_text(s->failed[i].harness));
		cJSON_AddItemToObject(o, "what", json_text(s->failed[i].what));
		cJSON_AddItemToObject(o, "why", json_text(s->failed[i].why));
		cJSON_AddNumberToObject(o, "times", (double)s->failed[i].times);
		cJSON_AddItemToArray(failed, o);
	}
	if (!s->none) {
		clock_iso(s->last.started_ms, iso);
		cJSON_AddNumberToObject(j, "campaign", (double)s->last.id);
		cJSON_AddStringToObject(j, "started", iso);
		cJSON_AddBoolToObject(j, "ended", s->last.ended_ms != 0);
		cJSON_AddItemToObject(j, "under_way", json_text(s->phase.len ? s->phase.s : NULL));
		cJSON_AddItemToObject(j, "workers",
			s->shared ? cJSON_CreateNumber((double)s->workers) : cJSON_CreateNull());
		cJSON_AddNumberToObject(j, "budget_s", (double)s->last.budget_ms / 1000);
		cJSON_AddNumberToObject(j, "spent_s", (double)s->last.spent_ms / 1000);
		cJSON_AddItemToObject(j, "cpu_share",
			s->cpu_share < 0 ? cJSON_CreateNull() : cJSON_CreateNumber(s->cpu_share));
		cJSON_AddNumberToObject(j, "execs", (double)s->execs);
		cJSON_AddNumberToObject(
			j, "jobs_waiting", (double)(s->jobs[JOB_QUEUED] + s->jobs[JOB_LEASED]));
		cJSON_AddNumberToObject(j, "jobs_failed", (double)s->jobs[JOB_FAILED]);
	}
	json_print_take(&out, j, !watch);
	fputs(out.s, stdout);
	buf_release(&out);
}

static void add_fact(struct buf *b, const struct term *term, const char *label, const char *text)
{
	char head[16];

	snprintf(head, sizeof(head), "%-11s", label);
	term_add_headed(b, head, 11, text, term->wrap);
}

static void add_times(const struct status *s, struct buf *line)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(s->last.started_ms, iso);
	/* two words, which a narrow terminal can part */
	buf_addf(line, "%.10s %s, ", iso, iso + 11);
	num_add_duration(line, s->last.spent_ms);
	buf_adds(line, " of ");
	num_add_duration(line, s->last.budget_ms);
	if (!s->last.ended_ms && s->last.budget_ms > s->last.spent_ms) {
		buf_adds(line, ", ");
		num_add_duration(line, s->last.budget_ms - s->last.spent_ms);
		buf_adds(line, " left");
	}
}

/* Of all engines the one that found something last. */
static void add_last_new(const struct status *s, struct buf *line)
{
	const struct last_new *last = NULL;
	uint64_t now = clock_stamp_ms();

	for (size_t i = 0; i < s->n_news; i++)
		if (!last || s->news[i].when_ms > last->when_ms)
			last = &s->news[i];
	if (!last)
		return;
	num_add_duration(line, now - MIN(now, last->when_ms));
	buf_addf(line, " ago: %s, by %s", last->harness, last->engine);
}

static void add_campaign(struct buf *b, const struct status *s, const struct term *term)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%lld, ", (long long)s->last.id);
	if (s->phase.len)
		buf_adds2(&line, "under way: ", s->phase.s);
	else
		buf_adds(&line,
			s->last.ended_ms ? "ended" : "not ended: `thresh run` goes on with it");
	add_fact(b, term, "campaign", buf_str(&line));
	buf_reset(&line);
	add_times(s, &line);
	add_fact(b, term, "started", buf_str(&line));
	buf_reset(&line);
	for (int i = 0; i <= BUG_IGNORED; i++)
		buf_addf(&line, "%s%llu %s", i ? ", " : "", (unsigned long long)s->bugs[i],
			bug_state_name((enum bug_state)i));
	add_fact(b, term, "bugs", buf_str(&line));
	buf_reset(&line);
	num_add_count(&line, s->execs);
	add_fact(b, term, "runs", buf_str(&line));
	if (s->cpu_share >= 0) {
		buf_reset(&line);
		buf_addf(&line, "%.0f %% of this machine's processors", s->cpu_share * 100);
		add_fact(b, term, "cpu", line.s);
	}
	buf_reset(&line);
	add_last_new(s, &line);
	if (line.len)
		add_fact(b, term, "last new", buf_str(&line));
	buf_reset(&line);
	buf_addf(&line, "%llu waiting, %llu under way, %llu failed",
		(unsigned long long)s->jobs[JOB_QUEUED], (unsigned long long)s->jobs[JOB_LEASED],
		(unsigned long long)s->jobs[JOB_FAILED]);
	add_fact(b, term, "jobs", buf_str(&line));
	buf_reset(&line);
	buf_addf(&line, "%llu alive, on all machines", (unsigned long long)s->workers);
	if (s->shared)
		add_fact(b, term, "workers", buf_str(&line));
	buf_release(&line);
}

static void add_failed(struct buf *b, const struct failed *f, const struct term *term)
{
	struct buf line = BUF_INIT;

	buf_adds2(&line, f->harness, *f->harness ? ", " : "");
	buf_adds(&line, f->what);
	if (f->times > 1)
		buf_addf(&line, ", %llu times", (unsigned long long)f->times);
	buf_adds(&line, ": ");
	/* a word, not a paragraph: line breaks in it are shown as what they are */
	escape_term(&line, strv_sub(strv_of(f->why), 0, WHY_MAX));
	add_fact(b, term, "failed", buf_str(&line));
	buf_release(&line);
}

static void add_text(struct buf *b, const struct status *s, const struct term *term)
{
	struct buf line = BUF_INIT;

	if (s->none) {
		term_add_wrapped(b,
			s->phase.len ? "the first campaign begins"
				     : "no campaign yet; start one with `thresh run`",
			0, term->wrap);
		return;
	}
	add_campaign(b, s, term);
	if (s->unfiled) {
		buf_addf(&line, "%llu not triaged yet", (unsigned long long)s->unfiled);
		add_fact(b, term, "findings", buf_str(&line));
		buf_release(&line);
	}
	for (size_t i = 0; i < s->n_failed; i++)
		add_failed(b, &s->failed[i], term);
	if (table_rows(s->table)) {
		buf_addch(b, '\n');
		table_render(s->table, term, b);
	}
}

static void print_text(const struct status *s, bool watch, struct term *term)
{
	struct buf b = BUF_INIT, lines = BUF_INIT, screen = BUF_INIT;

	if (watch)
		term_resized(term);
	add_text(&b, s, term);
	if (watch) {
		term_add_fitted(term, strv_n(b.s, b.len), &lines);
		term_add_screen(term, strv_n(lines.s, lines.len), &screen);
		fputs(screen.s, stdout);
	} else {
		term_print(term, &b);
	}
	buf_release(&lines);
	buf_release(&screen);
	buf_release(&b);
}

static const struct table_col cols[] = {
	{ .head = "HARNESS" },
	{ .head = "ENGINE" },
	{ .head = "RUNS", .right = true },
	{ .head = "RUNS/S", .right = true },
	{ .head = "TIME", .right = true },
	{ .head = "CORPUS", .right = true },
	{ .head = "EDGES", .right = true },
	{ .head = "CRASHES", .right = true },
	{ .head = "RESTARTS", .right = true },
};

/* Since the look before; at first since the campaign began. */
static double look_at_usage(struct proc_usage *u, uint64_t pid)
{
	if (!pid)
		return -1;
	if (u->root != pid)
		proc_usage_begin(u, pid);
	else
		proc_usage_look(u);
	return u->share;
}

static int once(struct project *p, const struct status_args *a, struct term *term,
	struct proc_usage *usage, struct err *err)
{
	struct status s = { .none = false };
	int rc;

	s.table = table_new(cols, ARRAY_LEN(cols));
	s.engines = a->json ? cJSON_CreateArray() : NULL;
	rc = gather(p, &s, err);
	s.cpu_share = look_at_usage(usage, s.under_way);
	if (rc == 0 && a->json)
		print_json(&s, a->watch);
	else if (rc == 0)
		print_text(&s, a->watch, term);
	else
		cJSON_Delete(s.engines);
	for (size_t i = 0; i < s.n_failed; i++) {
		free(s.failed[i].harness);
		free(s.failed[i].what);
		free(s.failed[i].why);
	}
	free(s.failed);
	for (size_t i = 0; i < s.n_news; i++) {
		free(s.news[i].harness);
		free(s.news[i].engine);
	}
	free(s.news);
	buf_release(&s.phase);
	table_free(s.table);
	campaign_rec_release(&s.last);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct status_args *a = args;
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	struct term term = ctx->term;
	struct proc_usage usage = { .root = 0 };
	int rc;

	if (!p)
		return cli_fail(&err);
	if (a->watch)
		proc_catch_signals();
	do {
		rc = once(p, a, &term, &usage, &err);
		if (rc < 0 || !a->watch)
			break;
		if (fflush(stdout) != 0)
			break;
		poll(NULL, 0, 2000);
	} while (!proc_interrupted());
	if (rc == 0)
		new_store_tell(p);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_status = {
	.name = "status",
	.args = "",
	.help = "the last campaign: engines, bugs, what is waiting",
	.opts = status_opts,
	.args_size = sizeof(struct status_args),
	.run = run,
};
