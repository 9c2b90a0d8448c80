/* Each step has its time from what is left then; what steps leave is explored in another round. */
#include "base/prelude.h"
#include "night/night.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "night/canary.h"
#include "night/child.h"
#include "night/said.h"
#include "night/steps.h"
#include "night/summary.h"
#include "proc/lock.h"
#include "proc/proc.h"
#include <fcntl.h>
#include <unistd.h>

#define SAVE_EVERY_MS 5000
/* a step that took the night down so often, each time so soon, isn't begun again; whoever else ends nights lets them run */
#define TRIES_MAX 3
#define TRY_MS 20000
/* not worth another round */
#define ROUND_MIN_MS 20000
#define ROUND_PART 50
#define ROUNDS_MAX 20
#define LOG_TAIL ((size_t)64 << 10)
#define WHY_MAX ((size_t)300)
#define JOBS_LEFT "jobs that are left: "

struct night {
	struct project *p;
	const struct night_opts *opts;
	struct night_record *r;
	char *state, *logs;
	struct budget_row budget[NIGHT_STEPS];
	struct steps_asked asked;
	uint64_t start_ms, before_ms, saved_ms;
	/* the step that the night which this one goes on with died in; NIGHT_STEPS: none */
	enum night_step died_in;
};

static char *state_path(const struct project *p)
{
	return fs_join(p->state_dir, "night.json");
}

int night_last(const struct project *p, struct night_record *r)
{
	char *path = state_path(p);
	bool there = night_record_load(path, r);

	free(path);
	return there ? 0 : 1;
}

/* --- time, and what is kept --- */

static uint64_t left(const struct night *n)
{
	uint64_t spent = n->before_ms + (clock_mono_ms() - n->start_ms);

	return n->r->budget_ms - MIN(spent, n->r->budget_ms);
}

static int save(struct night *n, struct err *err)
{
	n->saved_ms = clock_mono_ms();
	n->r->spent_ms = n->before_ms + (n->saved_ms - n->start_ms);
	return night_record_save(n->state, n->r, err);
}

static void tick(void *arg)
{
	struct night *n = arg;
	struct err err = ERR_INIT;

	/* a disk that is full now may have room at the step's end, where it counts */
	if (clock_mono_ms() >= n->saved_ms + SAVE_EVERY_MS && save(n, &err) < 0)
		log_debug("%s", err.msg);
	n->r->spent_ms = n->before_ms + (clock_mono_ms() - n->start_ms);
	if (n->opts->progress)
		n->opts->progress(n->opts->arg, n->r);
}

/* --- one step --- */

static void add_short(struct buf *b, struct strv text)
{
	escape_term(b, strv_sub(strv_trim(text), 0, WHY_MAX));
}

static void failed(struct night *n, enum night_step s, enum night_color color, const char *why)
{
	struct night_part *p = &n->r->parts[s];
	struct buf b = BUF_INIT;

	p->state = NIGHT_FAILED;
	add_short(&b, strv_of(why));
	free(p->why);
	p->why = buf_detach(&b);
	night_note(p, color, "%s failed: %s", night_step_name(s), p->why);
}

static void cut(struct night *n, enum night_step s)
{
	struct night_part *p = &n->r->parts[s];
	struct buf b = BUF_INIT;

	p->state = NIGHT_CUT;
	buf_adds(&b, "its time was up after ");
	num_add_duration(&b, p->last_ms);
	night_note(p, NIGHT_YELLOW, "%s was cut: %s", night_step_name(s), buf_str(&b));
	/* why it failed in an earlier round is worse */
	if (p->earlier != NIGHT_FAILED) {
		free(p->why);
		p->why = xstrdup(buf_str(&b));
	}
	buf_release(&b);
}

static void skip(struct night *n, enum night_step s)
{
	night_part_skip(&n->r->parts[s], "no time was left for it");
}

static char *log_path(const struct night *n, enum night_step s)
{
	char *name = xasprintf("%s.log", night_step_name(s)), *path = fs_join(n->logs, name);

	free(name);
	return path;
}

/* The last line that it logged. */
static char *last_words(const struct night *n, enum night_step s)
{
	char *path = log_path(n, s);
	struct strv rest, line, last = { "", 0 };
	struct buf b = BUF_INIT;
	char *words;

	if (fs_read(path, FS_NO_LIMIT, &b, NULL) == 0) {
		rest = strv_n(buf_str(&b), b.len);
		rest = strv_from(rest, rest.len - MIN(rest.len, LOG_TAIL));
		while (strv_line(&rest, &line))
			if (strv_trim(line).len)
				last = strv_trim(line);
	}
	words = strv_dup(last);
	buf_release(&b);
	free(path);
	return words;
}

/* How a command ended, and what it said. */
static void judge(struct night *n, enum night_step s, const struct child_result *c)
{
	cJSON *j =
		steps_prints_json(s) ? cJSON_ParseWithLength(buf_str(&c->out), c->out.len) : NULL;
	bool whole = steps_prints_json(s) ? j != NULL : c->status == 0;

	if (j)
		night_said(n->r, s, j);
	if (c->timed_out) {
		cut(n, s);
	} else if (whole) {
		n->r->parts[s].state = NIGHT_DONE;
	} else {
		char *last = last_words(n, s);
		char *why = xasprintf("%s%s%s", buf_str(&c->how), *last ? ": " : "", last);

		failed(n, s, NIGHT_YELLOW, why);
		free(why);
		free(last);
	}
	cJSON_Delete(j);
}

static int open_log(const struct night *n, enum night_step s, struct err *err)
{
	bool more = n->r->resumed || n->r->rounds > 1;
	char *path = log_path(n, s);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (more ? O_APPEND : O_TRUNC), 0600);

	if (fd < 0)
		err_errno(err, "%s", path);
	free(path);
	return fd;
}

/* 0: it ended, somehow; 1: interrupted. */
static int command(struct night *n, enum night_step s, uint64_t limit)
{
	struct strlist args = STRLIST_INIT;
	struct child_opts how = { .args = &args, .wall_ms = limit, .tick = tick, .arg = n };
	struct child_result c = { .status = 0 };
	struct err err = ERR_INIT;
	int rc = 0;

	strlist_add(&args, "--config");
	strlist_add(&args, n->p->cfg->path);
	if (n->opts->more)
		strlist_add_all(&args, n->opts->more);
	steps_args(&n->asked, s, limit, n->r, &args);
	how.log_fd = open_log(n, s, &err);
	/* the fuzz step's part has to be known before its campaign is */
	if (how.log_fd < 0 || save(n, &err) < 0 || child_run(&how, &c, &err) < 0)
		failed(n, s, NIGHT_YELLOW, err.msg);
	else if (proc_interrupted())
		rc = 1;
	n->r->parts[s].last_ms = c.ms;
	if (n->r->parts[s].state == NIGHT_WAITS && !rc)
		judge(n, s, &c);
	if (how.log_fd >= 0)
		close(how.log_fd);
	child_result_release(&c);
	strlist_release(&args);
	return rc;
}

static int canary(struct night *n, uint64_t limit)
{
	struct canary_opts how = {
		.campaign_ms = n->r->budget_ms, .limit_ms = limit, .tick = tick, .arg = n
	};
	struct night_part *p = &n->r->parts[NIGHT_CANARY];
	struct canary_result c = { .link = CHAIN_ALIVE };
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	int rc = canary_run(n->p, &how, &c, &err);

	p->last_ms = c.ms;
	if (proc_interrupted()) {
		canary_result_release(&c);
		return 1;
	}
	p->state = NIGHT_DONE;
	if (rc < 0) {
		failed(n, NIGHT_CANARY, NIGHT_RED, err.msg);
	} else if (c.cut) {
		cut(n, NIGHT_CANARY);
	} else if (c.link == CHAIN_ALIVE) {
		p->words = xstrdup("alive: planted bugs became tests");
	} else {
		add_short(&b, strv_n(buf_str(&c.why), c.why.len));
		p->words = xasprintf("dead at %s", chain_link_name(c.link));
		night_note(p, NIGHT_RED,
			"the canary is dead at %s: %s; what wasn't found says nothing",
			chain_link_name(c.link), buf_str(&b));
	}
	buf_release(&b);
	canary_result_release(&c);
	return 0;
}

/* What the last step left in the queue; a worker for nothing isn't started. */
static int minimize(struct night *n, uint64_t limit)
{
	struct night_part *p = &n->r->parts[NIGHT_MINIMIZE];
	uint64_t before = 0, after = 0;
	struct err err = ERR_INIT;
	int rc = summary_jobs(n->p, &before, &err), stopped = 0;

	if (rc == 0 && before)
		stopped = command(n, NIGHT_MINIMIZE, limit);
	if (rc == 0 && !stopped)
		rc = summary_jobs(n->p, &after, &err);
	if (rc < 0)
		failed(n, NIGHT_MINIMIZE, NIGHT_YELLOW, err.msg);
	if (rc < 0 || stopped)
		return stopped;
	if (!before)
		p->state = NIGHT_DONE;
	free(p->words);
	p->words = before ? xasprintf("%llu of %llu jobs done",
				    (unsigned long long)(before - MIN(before, after)),
				    (unsigned long long)before)
			  : xstrdup("nothing was left to do");
	/* what an earlier round left was this one's */
	night_unnote(p, JOBS_LEFT);
	if (after)
		night_note(p, NIGHT_YELLOW, JOBS_LEFT "%llu; the next night goes on with them",
			(unsigned long long)after);
	return 0;
}

/* A campaign that the night was killed in goes on; one that had explored all of its time doesn't begin again. */
static int fuzz(struct night *n, uint64_t limit)
{
	struct night_part *p = &n->r->parts[NIGHT_FUZZ];
	struct campaign_rec last = { 0 };
	struct err err = ERR_INIT;
	int rc = store_campaign_last(n->p->store, &last, &err);
	bool ours = rc == 0 && n->died_in == NIGHT_FUZZ && !last.ended_ms &&
		    last.budget_ms == n->r->explore_ms;
	bool explored = ours && last.spent_ms >= last.budget_ms;

	campaign_rec_release(&last);
	n->died_in = NIGHT_STEPS;
	if (rc < 0) {
		failed(n, NIGHT_FUZZ, NIGHT_YELLOW, err.msg);
		return 0;
	}
	n->asked.resumes = ours;
	if (!explored)
		return command(n, NIGHT_FUZZ, limit);
	p->state = NIGHT_DONE;
	free(p->words);
	p->words = xstrdup("explored; what was found then is left to the next steps");
	return 0;
}

static void note_skipped(struct night *n)
{
	struct buf b = BUF_INIT;

	for (int i = 0; i < NIGHT_STEPS; i++)
		if (n->r->parts[i].state == NIGHT_SKIPPED &&
			(i != NIGHT_CANARY || !n->opts->no_canary))
			buf_addf(
				&b, "%s%s", b.len ? ", " : "", night_step_name((enum night_step)i));
	if (b.len)
		night_note(&n->r->parts[NIGHT_REPORT], NIGHT_YELLOW, "no time was left for %s",
			buf_str(&b));
	buf_release(&b);
}

static int report(struct night *n)
{
	struct night_part *p = &n->r->parts[NIGHT_REPORT];
	struct err err = ERR_INIT;

	p->state = NIGHT_DONE;
	note_skipped(n);
	if (summary_bugs(n->p, n->r, &err) < 0)
		failed(n, NIGHT_REPORT, NIGHT_RED, err.msg);
	return 0;
}

static int do_step(struct night *n, enum night_step s, uint64_t limit)
{
	switch (s) {
	case NIGHT_CANARY:
		return canary(n, limit);
	case NIGHT_FUZZ:
		return fuzz(n, limit);
	case NIGHT_MINIMIZE:
		return minimize(n, limit);
	case NIGHT_REPORT:
		return report(n);
	default:
		return command(n, s, limit);
	}
}

static uint64_t limit_of(struct night *n, enum night_step s)
{
	for (int i = 0; i < NIGHT_STEPS; i++)
		n->budget[i].took_ms = n->r->parts[i].last_ms;
	/* what came of it has to be told, whatever the time */
	return s == NIGHT_REPORT
		       ? 1000
		       : budget_limit(n->budget, NIGHT_STEPS, s, n->r->budget_ms, left(n));
}

/* 0, 1: interrupted, -1: what was done can't be kept. */
static int step(struct night *n, enum night_step s, struct err *err)
{
	struct night_part *p = &n->r->parts[s];
	uint64_t limit = limit_of(n, s), begun = clock_mono_ms();
	int stopped = 0;

	if (s == NIGHT_CANARY && n->opts->no_canary) {
		night_part_skip(p, "not asked for");
	} else if (!limit) {
		skip(n, s);
	} else if (p->tries >= TRIES_MAX) {
		char *why = xasprintf("it took the night down %u times", p->tries);

		failed(n, s, s == NIGHT_CANARY ? NIGHT_RED : NIGHT_YELLOW, why);
		free(why);
	} else {
		n->r->current = s;
		n->r->begun_ms = n->r->spent_ms;
		p->tries++;
		if (save(n, err) < 0)
			return -1;
		log_debug("%s, for %llu ms", night_step_name(s), (unsigned long long)limit);
		stopped = do_step(n, s, limit);
		p->ms += clock_mono_ms() - begun;
	}
	if (stopped)
		night_part_again(p);
	else
		night_part_end(p);
	p->tries = 0;
	n->r->current = NIGHT_STEPS;
	return save(n, err) < 0 ? -1 : stopped;
}

/* --- all of them --- */

/* Time that nobody needed is explored in, and what that finds goes the same way. */
static bool another_round(struct night *n, uint64_t execs_before)
{
	uint64_t more = n->r->parts[NIGHT_FUZZ].state == NIGHT_DONE ? left(n) : 0, least;

	least = MAX((uint64_t)ROUND_MIN_MS, n->r->budget_ms / ROUND_PART);
	for (int i = NIGHT_FUZZ + 1; i < NIGHT_REPORT; i++)
		least += n->r->parts[i].last_ms;
	if (more < least || n->r->rounds >= ROUNDS_MAX || n->r->execs <= execs_before)
		return false;
	n->r->rounds++;
	for (int i = NIGHT_FUZZ; i < NIGHT_REPORT; i++)
		night_part_again(&n->r->parts[i]);
	return true;
}

static int all(struct night *n, struct err *err)
{
	uint64_t execs = 0;
	int rc = 0;

	for (int i = 0; rc == 0 && i < NIGHT_STEPS; i++) {
		if (i == NIGHT_FUZZ)
			execs = n->r->execs;
		if (i == NIGHT_REPORT && another_round(n, execs)) {
			i = NIGHT_FUZZ - 1;
			continue;
		}
		if (n->r->parts[i].state == NIGHT_WAITS)
			rc = step(n, (enum night_step)i, err);
	}
	if (rc == 0) {
		n->r->ended_ms = clock_wall_ms();
		rc = save(n, err);
	}
	return MIN(rc, 0);
}

static char *names_of(const struct night_opts *o)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < o->n_harnesses; i++)
		buf_addf(&b, "%s%s", i ? " " : "", o->harnesses[i]->name);
	return buf_detach(&b);
}

static void tell_resumed(const struct night_record *r)
{
	struct buf b = BUF_INIT;

	num_add_duration(&b, r->spent_ms);
	buf_adds(&b, " of ");
	num_add_duration(&b, r->budget_ms);
	log_info("going on with a night that ended at %s, after %s; --fresh begins anew",
		r->current < NIGHT_STEPS ? night_step_name(r->current) : "no step", b.s);
	buf_release(&b);
}

static int begin(struct night *n, struct err *err)
{
	const struct night_opts *o = n->opts;
	struct night_record *r = n->r;
	char *names = names_of(o);
	bool there = night_record_load(n->state, r);
	int rc = 0;

	if (!there && fs_exists(n->state))
		log_warn("%s: can't be read; a night that died isn't gone on with", n->state);
	if (there && !r->ended_ms && !o->fresh && strcmp(r->harnesses, names) == 0 &&
		(o->any_time || r->budget_ms == o->time_ms)) {
		r->resumed++;
		tell_resumed(r);
		n->died_in = r->current;
		if (r->current < NIGHT_STEPS && r->spent_ms >= r->begun_ms + TRY_MS)
			r->parts[r->current].tries = 0;
		free(names);
	} else {
		uint64_t took[NIGHT_STEPS] = { 0 };

		/* the last night says about how long things take */
		for (int i = 0; there && i < NIGHT_STEPS; i++)
			took[i] = r->parts[i].last_ms;
		night_record_release(r);
		for (int i = 0; i < NIGHT_STEPS; i++)
			r->parts[i].last_ms = took[i];
		r->budget_ms = o->time_ms;
		r->started_ms = clock_wall_ms();
		r->rounds = 1;
		r->harnesses = names;
		rc = summary_known(n->p, r, err);
	}
	n->before_ms = r->spent_ms;
	n->start_ms = clock_mono_ms();
	return rc;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

/* One at a time; the kernel's lock goes with its holder. */
static int lock(const struct project *p, struct err *err)
{
	const struct lock_wait how = { .say_ms = UINT64_MAX, .numbered = true, .go_on = never };
	char *path = fs_join(p->state_dir, "night.lock");
	int fd = lock_wait(path, &how, err);

	if (fd < 0)
		err_prefix(err, "another night of this project is under way");
	free(path);
	return fd;
}

int night_run(
	struct project *p, const struct night_opts *opts, struct night_record *r, struct err *err)
{
	struct night n = { .p = p, .opts = opts, .r = r, .died_in = NIGHT_STEPS };
	int fd = lock(p, err), rc = fd < 0 ? -1 : 0;

	*r = (struct night_record){ .current = NIGHT_STEPS };
	n.state = state_path(p);
	n.logs = fs_join(p->state_dir, "night");
	n.asked = (struct steps_asked){ .p = p,
		.harnesses = opts->harnesses,
		.n_harnesses = opts->n_harnesses,
		.named = opts->named };
	memcpy(n.budget, steps_budget, sizeof(n.budget));
	if (rc == 0)
		rc = fs_mkdirs(n.logs, err);
	if (rc == 0) {
		rc = begin(&n, err);
		if (rc == 0)
			rc = all(&n, err);
	}
	free(n.state);
	free(n.logs);
	if (fd >= 0)
		close(fd);
	return rc;
}
