/* The worker loop: take a job, do it, say how it went. */
#include "base/prelude.h"
#include "campaign/jobs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define IDLE_MS 100

const struct job_kind job_kinds[] = {
	{ "fuzz", WORKER_EXPLORE, 2, job_fuzz },
	{ "edge", WORKER_EXPLORE, 2, job_edge },
	{ "triage", WORKER_REFINE, 3, job_triage },
	{ "sweep", WORKER_REFINE, 3, job_sweep },
	{ "minimize", WORKER_REFINE, 3, job_minimize },
	{ "regress", WORKER_REFINE, 3, job_regress },
	{ NULL, WORKER_ANY, 0, NULL },
};

int worker_role_parse(const char *name, enum worker_role *out)
{
	static const char *const names[] = { "any", "explore", "refine" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum worker_role)i;
			return 0;
		}
	}
	return -1;
}

bool job_alive(struct job_ctx *j)
{
	uint64_t now = clock_wall_ms();
	struct err err = ERR_INIT;

	if (proc_interrupted())
		return false;
	if (now < j->renewed_ms + LEASE_MS / 3)
		return true;
	j->renewed_ms = now;
	if (store_job_renew(j->c->store, j->job->id, j->owner, now + LEASE_MS, &err) == 0)
		return true;
	log_warn("%s of %s: %s", j->job->kind, j->job->harness, err.msg);
	return false;
}

static void host_name(char out[48])
{
	if (gethostname(out, 47) < 0)
		snprintf(out, 48, "localhost");
	out[47] = '\0';
}

/* When a process started, in the system's ticks; 0: there is none, or only what is left of one (a zombie). */
static uint64_t started(uint64_t pid)
{
	char path[64];
	struct buf b = BUF_INIT;
	struct strv stat, field = { NULL, 0 };
	uint64_t ticks = 0;
	size_t name_end;

	snprintf(path, sizeof(path), "/proc/%llu/stat", (unsigned long long)pid);
	if (fs_read(path, 4096, &b, NULL) < 0)
		goto out;
	stat = strv_n(b.s, b.len);
	name_end = strv_rchr(stat, ')'); /* a name may hold anything */
	if (name_end == SIZE_MAX)
		goto out;
	stat = strv_trim(strv_from(stat, name_end + 1));
	if (strv_starts(stat, "Z") || strv_starts(stat, "X"))
		goto out;
	for (int i = 0; i < 20; i++) /* field 22 of all; the state is the third */
		if (!strv_split(&stat, ' ', &field))
			goto out;
	if (num_u64(field, &ticks) < 0)
		ticks = 0;
out:
	buf_release(&b);
	return ticks;
}

void worker_owner(char out[WORKER_OWNER_MAX])
{
	char host[48];

	host_name(host);
	snprintf(out, WORKER_OWNER_MAX, "%s:%ld:%llu", host, (long)getpid(),
		(unsigned long long)started((uint64_t)getpid()));
}

bool worker_owner_alive(void *arg, const char *owner)
{
	struct strv o = strv_of(owner), ticks_text, pid_text;
	char host[48];
	uint64_t pid, ticks;
	size_t colon;

	(void)arg;
	colon = strv_rchr(o, ':');
	if (colon == SIZE_MAX)
		return true;
	ticks_text = strv_from(o, colon + 1);
	o = strv_sub(o, 0, colon);
	colon = strv_rchr(o, ':');
	if (colon == SIZE_MAX)
		return true;
	pid_text = strv_from(o, colon + 1);
	host_name(host);
	if (!strv_eqs(strv_sub(o, 0, colon), host) || num_u64(pid_text, &pid) < 0 ||
		num_u64(ticks_text, &ticks) < 0)
		return true;
	return ticks && started(pid) == ticks;
}

static const struct job_kind *kind_by_name(const char *name)
{
	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* How a job ended, told to the store. 1: its lease was lost meanwhile, and somebody else has it. */
static int settle(struct campaign *c, const struct job_kind *kind, const struct job_rec *job,
	const char *owner, int rc, const struct err *why, struct err *err)
{
	/* interrupted: not its fault, it stays to be done; what an engine found so far is in the store already */
	if (proc_interrupted() && (rc < 0 || kind->role == WORKER_REFINE))
		return store_job_release(c->store, job->id, owner, err);
	if (rc == 0)
		return store_job_done(c->store, job->id, owner, err);
	log_warn("%s of %s: %s", job->kind, job->harness, why->msg);
	/* what is wrong with the input or the project will be so the next time */
	return store_job_fail(c->store, job->id, owner, why->msg,
		why->kind == ERR_USAGE ? 1 : kind->max_attempts, err);
}

static int do_job(struct campaign *c, const struct job_rec *job, const char *owner, struct err *err)
{
	const struct job_kind *kind = kind_by_name(job->kind);
	struct job_ctx ctx = { .c = c, .job = job, .owner = owner, .renewed_ms = clock_wall_ms() };
	struct err why = ERR_INIT;
	int rc;

	if (!kind) {
		rc = store_job_fail(
			c->store, job->id, owner, "a kind this thresh doesn't know", 1, err);
	} else if (job->attempts > kind->max_attempts) {
		log_error("%s of %s: took its worker down each time; given up", job->kind,
			job->harness);
		rc = store_job_fail(c->store, job->id, owner, "took its worker down each time",
			kind->max_attempts, err);
	} else {
		log_debug("%s %s %s", job->kind, job->harness, job->payload);
		rc = kind->run(&ctx, &why);
		rc = settle(c, kind, job, owner, rc, &why, err);
	}
	return rc < 0 ? -1 : 0;
}

static size_t kinds_of(enum worker_role role, const char **out)
{
	size_t n = 0;

	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (role == WORKER_ANY || k->role == role)
			out[n++] = k->name;
	out[n] = NULL;
	return n;
}

int worker_run(struct campaign *c, const struct worker_opts *opts, struct err *err)
{
	const char *kinds[ARRAY_LEN(job_kinds)];
	char owner[WORKER_OWNER_MAX];
	int rc = 0;

	worker_owner(owner);
	kinds_of(opts->role, kinds);
	c->id = opts->campaign;
	while (rc == 0 && !proc_interrupted()) {
		struct job_rec job = { 0 };
		int got = store_job_take(
			c->store, c->id, kinds, owner, clock_wall_ms(), LEASE_MS, &job, err);

		if (got < 0)
			return -1;
		if (got == 0)
			rc = do_job(c, &job, owner, err);
		else if (opts->until_idle)
			break;
		else
			usleep(IDLE_MS * 1000);
		job_rec_release(&job);
	}
	return rc;
}
