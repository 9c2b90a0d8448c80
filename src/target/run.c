/*
 * The near end's loop: fills segments, watches the clock, reads results, and sees to it that every input gets
 * exactly one. Batches start small and grow until they take a while; when many inputs fail, each gets a child
 * of its own at once, as a failure in company costs two.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "target/own_names.h"
#include "target/machine.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/thresh_rt_protocol.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* of inputs that each get a child */
#define BATCH_EACH 256
/* a child ends after this much; its results are read as they come */
#define BATCH_MS 400
/* faster than this: the next one is larger */
#define BATCH_GROW_MS 100
/* a batch is split for an idle server only after this much, and only if so many inputs of it are left */
#define STEAL_MS 30
#define STEAL_MIN 16
/* results are looked for, and the clock, at least this often */
#define TICK_MS 20
/* from asking for a stack to killing */
#define KILL_AFTER_MS 500
/* a zygote that doesn't see its dead child is dead itself */
#define GIVE_UP_MS 10000
/* more of the inputs failing than that: a child for each */
#define EACH_ABOVE 0.3
/* of one input that comes to no result */
#define MAX_TRIES 6
/* of a server, without a result between them */
#define MAX_DEATHS 8
/* by SIGKILL, alone: then it does so itself */
#define KILLS_DECIDE 3
#define OOM_WAIT_MS 200

/*
 * One server's part of all that isn't done, so that all end at the same time: of what waits and what the busy ones
 * still have. A part of what waits alone would be smaller each time, down to one input, and each batch costs a fork.
 */
static uint32_t fair_share(const struct target *t, uint64_t waiting)
{
	uint64_t left = waiting;
	unsigned running = 0;

	for (unsigned i = 0; i < t->n_servers; i++) {
		const struct server *s = &t->servers[i];

		running += server_up(s);
		if (s->busy)
			left += s->n - server_done(s);
	}
	left = left / MAX(running, 1u) + 1;
	return (uint32_t)MIN(left, (uint64_t)THRESH_RT_MAX_BATCH);
}

static int start_batch(struct target *t, struct server *s, struct err *err)
{
	bool each = t->stateful || t->crash_rate > EACH_ABOVE;
	uint32_t limit = t->opts->batch ? MIN(t->opts->batch, THRESH_RT_MAX_BATCH)
			 : each         ? MIN(s->limit, BATCH_EACH)
					: s->limit;
	int n;
	struct thresh_rt_task *task;

	/* what is left is for all of them */
	if (t->dry)
		limit = MIN(limit, fair_share(t, t->n_retry));
	else if (t->opts->expect > t->next_seq)
		limit = MIN(limit, fair_share(t, t->opts->expect - t->next_seq + t->n_retry));
	n = fill_task(t, s, limit, err);
	task = s->task;
	if (n <= 0)
		return n;
	task->n = s->n;
	task->flags = (each ? THRESH_RT_EACH : 0u) |
		      (t->opts->no_confirm ? 0u : THRESH_RT_CONFIRM) |
		      (t->opts->hangs_decide ? THRESH_RT_HANGS : 0u) |
		      (t->spec.leaks && !t->no_leaks ? THRESH_RT_LEAKS : 0u) |
		      (t->spec.features && s->counters ? THRESH_RT_FEATURES : 0u) |
		      (t->spec.places ? THRESH_RT_PLACES : 0u) |
		      (t->spec.memory_use ? THRESH_RT_HEAP : 0u) |
		      (t->opts->early ? THRESH_RT_EARLY : 0u);
	task->budget_ms = BATCH_MS;
	task->timeout_ms = t->spec.timeout_ms;
	task->memory = t->spec.memory;
	task->stop = 0;
	task->stack_more = t->stack_more;
	known_fill(t, s);
	s->seg->done = s->seg->current = 0;
	s->seen = 0;
	s->seen_child = s->child = 0;
	s->child_from = s->child_to = 0;
	s->stage = 0;
	s->killed = UINT32_MAX;
	s->started_ms = s->since_ms = clock_mono_ms();
	s->starved_ms = UINT64_MAX;
	s->ended = false;
	s->busy = true;
	/* a dead zygote shows at the next receive */
	server_send_run(s);
	return n;
}

/* An input that was not run, or whose outcome says nothing yet: once more, unless that goes on for ever. */
static void repeat(struct target *t, struct server *s, uint32_t i, bool alone, const char *why)
{
	struct item *it = &s->items[i];
	struct target_result r = { .outcome = TARGET_ERROR, .exit_code = -1 };

	if (alone)
		it->alone = true;
	if (++it->tries < MAX_TRIES) {
		order_retry(t, it);
		return;
	}
	buf_reset(&t->text);
	buf_addf(&t->text, "thresh: could not run this input: %s\n", why);
	r.text = strv_n(t->text.s, t->text.len);
	order_deliver(t, it, &r);
}

/*
 * Killed, and not by us. Where the system did it for want of memory, or it doesn't come again, that was the machine's;
 * what is killed each time, alone, does so itself. True: it is to be run again.
 */
static bool was_killed(struct target *t, struct server *s, uint32_t i, struct target_result *r)
{
	const struct item *it = &s->items[i];

	if (r->outcome != TARGET_ERROR || r->sig != SIGKILL)
		return false;
	if (machine_oom_kills() != t->oom_kills) {
		log_debug("%s: the system ran out of memory", t->spec.name);
		usleep(OOM_WAIT_MS * 1000);
		return true;
	}
	if (!it->alone || it->tries + 1 < KILLS_DECIDE)
		return true;
	r->outcome = r->batch_outcome = TARGET_CRASH;
	return false;
}

static void deliver_one(struct target *t, struct server *s, uint32_t i)
{
	struct target_result r;

	if (!result_from_record(t, s, i, server_record(s, i), &r)) {
		repeat(t, s, i, true, "no room for it, or another wrote over its result");
		return;
	}
	if (was_killed(t, s, i, &r)) {
		repeat(t, s, i, true, "it was killed from outside, perhaps for want of memory");
		return;
	}
	/* an average that fades over about sixteen results */
	t->crash_rate +=
		((r.outcome > TARGET_REJECTED || r.stateful ? 1.0 : 0.0) - t->crash_rate) / 16;
	s->deaths = 0;
	order_deliver(t, &s->items[i], &r);
}

/* Its child ended before its leaks were looked for, which the zygote told. */
static bool is_suspect(const struct server *s, uint32_t i)
{
	const struct item *it = &s->items[i];

	return it->suspect && !it->failed[0].seen;
}

/*
 * Those that are done, and before the first whose child is at work and hasn't looked for its leaks. To be asked before
 * messages are received, and those that it gives are to be delivered after: what failed among them, or is a suspect for
 * good, was told before any other child began, which could write into their records.
 */
static uint32_t ready(const struct server *s)
{
	uint32_t done = server_done(s), i = s->delivered;

	while (i < done && !(server_record(s, i)->flags & THRESH_RT_SUSPECT))
		i++;
	return i;
}

/* A suspect waits, with all behind it, for its leak check. */
static void deliver_ready(struct target *t, struct server *s, uint32_t done)
{
	while (s->delivered < done && !t->stopping) {
		if (is_suspect(s, s->delivered))
			return;
		deliver_one(t, s, s->delivered++);
	}
}

/* Of a server that is at its end. */
static void deliver_told(struct target *t, struct server *s)
{
	uint32_t done = ready(s);

	/* that it is gone, if it is, is known */
	(void)server_receive(s);
	deliver_ready(t, s, done);
}

/* Written by the target: a name is cut, and ends. */
static void note_denied(struct target *t, const struct thresh_rt_seg *seg)
{
	uint32_t n = seg->denied;

	if (n && !t->denied)
		snprintf(t->denied_what, sizeof(t->denied_what), "%.*s",
			(int)sizeof(seg->denied_what), seg->denied_what);
	t->denied += MIN(n, UINT32_MAX - t->denied);
}

static void end_batch(struct target *t, struct server *s)
{
	uint32_t settled = s->settled, n = s->n;
	uint64_t ms = clock_mono_ms() - s->started_ms;

	s->busy = false;
	t->forks += s->forks;
	t->left |= s->seg->left;
	note_denied(t, s->seg);
	deliver_ready(t, s, server_done(s));
	/* backwards, as repeated inputs are taken from the end */
	for (uint32_t i = s->n; i-- > MAX(settled, s->delivered);) {
		s->items[i].tries -= s->items[i].tries > 0 && settled > 0;
		repeat(t, s, i, false, "its batch never came to it");
	}
	for (uint32_t i = s->delivered; i < settled && !t->stopping; i++) {
		if (is_suspect(s, i))
			repeat(t, s, i, true,
				"allocations stay, but no leak is found when it runs alone");
		else
			deliver_one(t, s, i);
	}
	s->ended = false;
	s->delivered = s->n = 0;
	if (ms < BATCH_GROW_MS && settled == n)
		s->limit = MIN(s->limit * 4, THRESH_RT_MAX_BATCH);
	else if (ms > BATCH_MS + BATCH_GROW_MS)
		s->limit = MAX(s->limit / 2, 16u);
}

/* A twin that ended with the first server: what it ran is to blame for nothing, and runs elsewhere. */
static void drop_twin(struct target *t, struct server *s)
{
	if (s->busy) {
		deliver_told(t, s);
		for (uint32_t i = s->n; i-- > s->delivered;)
			order_retry(t, &s->items[i]);
	}
	server_stop(s);
}

static bool is_gone(const struct server *s)
{
	struct pollfd p = { .fd = s->sock, .events = POLLIN };

	return s->sock < 0 || (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)));
}

/* It died again and again, whatever it was given. */
static int err_died(const struct target *t, const struct server *s, struct err *err)
{
	struct buf own = BUF_INIT;

	own_names_say(&own, t->spec.exe);
	if (own.len && !(s->refused && err_is_refusal(s->refused))) {
		err_usage(err, "%s: the target server doesn't work%s", t->spec.name, own.s);
	} else if (s->refused) {
		errno = s->refused;
		err_errno(err, "%s: this machine refuses to run it", t->spec.name);
	} else {
		err_set(err, "%s: the target server died %u times in a row", t->spec.name,
			s->deaths);
	}
	buf_release(&own);
	return -1;
}

/* Inputs that use a file in /tmp, say, would be in each other's way: from now on each server stands on its own. */
static void part_twins(struct target *t)
{
	for (unsigned i = 1; i < t->n_servers; i++) {
		struct server *s = &t->servers[i];

		if (!s->twin)
			continue;
		log_debug("%s: uses files in /tmp, or the network: server %u is started apart",
			t->spec.name, i);
		for (uint32_t k = s->busy ? s->n : 0; k-- > s->delivered;)
			order_retry(t, &s->items[k]); /* whatever came of it */
		server_stop(s);
	}
	t->no_twins = true;
}

/* The zygote is gone in the middle of a batch: the input that ran is to blame if it does so again, alone. */
static int revive(struct target *t, struct server *s, struct err *err)
{
	uint32_t current, n = s->n;
	struct target_result r = { .outcome = TARGET_CRASH, .sig = SIGKILL, .exit_code = -1 };
	struct item *items = s->items, culprit;
	bool guilty = false, ended_with_first = s->twin && is_gone(&t->servers[0]);

	/* servers die here: from now on each is to stand on its own */
	t->no_twins = true;
	for (unsigned i = 1; s == t->servers && i < t->n_servers; i++)
		if (t->servers[i].twin)
			drop_twin(t, &t->servers[i]);
	if (ended_with_first) {
		drop_twin(t, s);
		return 0;
	}
	if (s->busy)
		deliver_told(t, s);
	current = MIN(s->delivered, n ? n - 1 : 0);
	for (uint32_t i = n; i-- > s->delivered;) {
		if (i != current || s->refused) {
			order_retry(t, &items[i]); /* never run, or not by any fault of its own */
		} else if (items[i].alone && items[i].tries > 0) {
			guilty = true;
			culprit = items[i];
		} else {
			repeat(t, s, i, true, "the target server died");
		}
	}
	if (guilty) {
		buf_reset(&t->text);
		buf_adds(&t->text, "==0== ERROR: thresh: fuzz target killed its server process\n");
		r.text = strv_n(t->text.s, t->text.len);
		r.alone = true;
		r.batch_outcome = r.outcome;
		order_deliver(t, &culprit, &r);
	}
	if (++s->deaths > MAX_DEATHS) {
		return err_died(t, s, err);
	}
	log_debug("%s: the target server died, starting another", t->spec.name);
	server_stop(s);
	if (server_start(t, s, (unsigned)(s - t->servers), err) < 0)
		return -1;
	return server_wait_ready(t, s, err);
}

/* Since the wall-clock watch first looked at the input. */
static uint64_t starved_since(const struct server *s)
{
	uint64_t now = server_starved_ms(s);

	return now - MIN(now, s->starved_ms);
}

/* The wall clock. CPU time is the child's own business. */
static bool watch(struct target *t, struct server *s)
{
	uint32_t current = server_current(s);
	uint64_t now = clock_mono_ms(), age;

	/* who goes back doesn't get on */
	if (current > s->seen || s->child != s->seen_child) {
		s->seen = current;
		s->seen_child = s->child;
		s->since_ms = now;
		s->starved_ms = UINT64_MAX;
		s->stage = 0;
		return true;
	}
	age = now - s->since_ms;
	/* nothing runs, or we aren't told what: only the zygote can be waited for */
	if (s->child <= 1)
		return age < target_wall_ms(&t->spec) + GIVE_UP_MS;
	/* what it spends in line for a processor is the machine's doing: no hang is told from that */
	if (s->starved_ms == UINT64_MAX)
		s->starved_ms = server_starved_ms(s);
	if (age >= target_wall_ms(&t->spec))
		age -= MIN(age, starved_since(s));
	if (s->stage == 0 && age >= target_wall_ms(&t->spec)) {
		s->stage = 1;
		s->killed = current;
		/* the signal of the runtime's own timer: it prints its stack, if it can */
		server_signal(s, false, SIGPROF);
	} else if (s->stage == 1 && age >= target_wall_ms(&t->spec) + KILL_AFTER_MS) {
		s->stage = 2;
		server_signal(s, true, SIGKILL);
		server_signal(s, false, SIGKILL);
	}
	return age < target_wall_ms(&t->spec) + GIVE_UP_MS;
}

/* An idle server and nothing to give it: the longest batch gives back what it hasn't begun. */
static void steal(struct target *t)
{
	struct server *longest = NULL;
	uint32_t most = STEAL_MIN, left;
	bool idle = false;

	for (unsigned i = 0; i < t->n_servers; i++) {
		struct server *s = &t->servers[i];

		idle |= !s->busy && s->ready;
		if (!s->busy || s->task->stop || clock_mono_ms() - s->started_ms < STEAL_MS)
			continue;
		left = s->n - server_done(s);
		if (left > most) {
			most = left;
			longest = s;
		}
	}
	if (idle && longest && t->dry && t->n_retry == 0)
		__atomic_store_n(&longest->task->stop, 1, __ATOMIC_RELEASE);
}

static int wait_for_any(struct target *t)
{
	struct pollfd p[256];
	nfds_t n = 0;
	int busy = 0;

	for (unsigned i = 0; i < t->n_servers && n < ARRAY_LEN(p); i++) {
		if (!server_up(&t->servers[i]))
			continue;
		busy += t->servers[i].busy;
		if (t->servers[i].busy || !t->servers[i].ready)
			p[n++] = (struct pollfd){ .fd = t->servers[i].sock, .events = POLLIN };
	}
	if (busy > 0)
		poll(p, n, TICK_MS);
	return busy;
}

/* One that was started while others worked: has it said hello, has it failed, or is it overdue? */
static int greet(struct target *t, struct server *s, struct err *err)
{
	struct pollfd p = { .fd = s->sock, .events = POLLIN };

	if (poll(&p, 1, 0) == 0 && !server_overdue(t, s))
		return 0;
	if (!s->twin)
		return server_wait_ready(t, s, err);
	if (server_wait_ready(t, s, NULL) < 0) {
		log_debug("%s: the target server can't be forked", t->spec.name);
		t->no_twins = true;
		server_stop(s);
	}
	return 0;
}

static int serve(struct target *t, struct server *s, struct err *err)
{
	uint32_t done = ready(s);

	if (server_receive(s) < 0)
		return revive(t, s, err);
	if (s->ended) {
		bool shares = s->shares;

		end_batch(t, s);
		if (shares)
			part_twins(t);
		return 0;
	}
	deliver_ready(t, s, done);
	if (!watch(t, s))
		return revive(t, s, err);
	return 0;
}

/* The caller has enough: let the children end, without waiting for them longer than needed. */
static void abandon(struct target *t)
{
	for (unsigned i = 0; i < t->n_servers; i++) {
		struct server *s = &t->servers[i];

		if (!s->busy)
			continue;
		s->task->stop = 1;
		for (uint64_t start = clock_mono_ms();
			!s->ended && clock_mono_ms() - start < 2000;) {
			struct pollfd p = { .fd = s->sock, .events = POLLIN };

			if (clock_mono_ms() - start > 100)
				server_signal(s, true, SIGKILL);
			poll(&p, 1, 20);
			if (server_receive(s) < 0)
				break;
		}
		/* the next run starts it anew */
		if (!s->ended)
			server_stop(s);
		else
			t->forks += s->forks;
		s->busy = s->ended = false;
		s->n = s->delivered = 0;
	}
}

/* Work for whoever is idle; when all that are there have some, perhaps another one. */
static int employ(struct target *t, struct err *err)
{
	unsigned busy = 0;

	if (workers_fork(t, err) < 0)
		return -1;
	for (unsigned i = 0; i < t->n_servers; i++) {
		struct server *s = &t->servers[i];

		if (s->ready && !s->busy && start_batch(t, s, err) < 0)
			return -1;
		busy += s->busy;
	}
	return busy ? workers_add(t, err) : 0;
}

int run_served(struct target *t, struct err *err)
{
	int rc = 0;

	if (!t->servers[0].proc)
		rc = server_start(t, &t->servers[0], 0, err);
	if (rc == 0 && !t->servers[0].ready)
		rc = server_wait_ready(t, &t->servers[0], err);
	t->run_ms = clock_mono_ms();
	t->oom_kills = machine_oom_kills();
	t->inputs_before = t->inputs;
	while (rc == 0 && !t->stopping) {
		rc = employ(t, err);
		steal(t);
		if (rc == 0 && wait_for_any(t) == 0)
			break;
		for (unsigned i = 0; i < t->n_servers && rc == 0 && !t->stopping; i++) {
			if (t->servers[i].busy)
				rc = serve(t, &t->servers[i], err);
			else if (server_up(&t->servers[i]) && !t->servers[i].ready)
				rc = greet(t, &t->servers[i], err);
		}
		if (rc == 0 && proc_interrupted() == 2)
			rc = err_set(err, "%s: interrupted", t->spec.name);
	}
	abandon(t);
	return rc;
}
