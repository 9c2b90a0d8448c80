/*
 * Leases: a job belongs to whoever renews it. Owners have names by which others can tell that they died: a process id
 * comes again after a while, so the time at which the process started is part of the name.
 */
#include "base/prelude.h"
#include "project/lease.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/num.h"
#include "proc/proc.h"
#include "proc/stat.h"
#include <stdio.h>
#include <unistd.h>

#define HOST_MAX 57
#define PLACE_DIGITS 8

uint64_t lease_ms(void)
{
	const char *test = getenv("THRESH_TEST_LEASE_MS");
	uint64_t ms;

	return test && num_u64(strv_of(test), &ms) == 0 && ms ? ms : LEASE_MS;
}

bool job_alive(struct job_ctx *j)
{
	uint64_t now = clock_mono_ms();
	struct err err = ERR_INIT;
	int rc;

	if (proc_interrupted())
		return false;
	/* two more tries before the lease runs out */
	if (now < j->renewed_ms + lease_ms() / 3)
		return true;
	j->renewed_ms = now;
	rc = store_job_renew(
		j->project->store, j->job->id, j->owner, STORE_CLOCK, lease_ms(), &err);
	/* a store that can't be written has given it to nobody else either */
	if (rc < 0)
		log_warn(JOB_FMT ": %s", JOB_ARG(j->job), err.msg);
	else if (rc == 1)
		log_warn(JOB_FMT ": its lease ran out", JOB_ARG(j->job));
	return rc != 1;
}

/* Where processes are told by their numbers: containers and clones have such places of their own, and often the same name. */
static void place_name(char out[PLACE_DIGITS + 1])
{
	char ns[64] = "", hex[SHA1_HEX];
	struct buf machine = BUF_INIT;

	if (readlink("/proc/self/ns/pid", ns, sizeof(ns) - 1) < 0)
		ns[0] = '\0';
	/* without these it is the name alone */
	(void)fs_read("/etc/machine-id", 4096, &machine, NULL);
	buf_adds(&machine, ns);
	hash_sha1(buf_str(&machine), machine.len, hex);
	buf_release(&machine);
	snprintf(out, PLACE_DIGITS + 1, "%.*s", PLACE_DIGITS, hex);
}

static void host_name(char out[HOST_MAX])
{
	static char place[PLACE_DIGITS + 1];
	char name[HOST_MAX - PLACE_DIGITS - 1];

	if (!*place)
		place_name(place);
	if (gethostname(name, sizeof(name) - 1) < 0)
		snprintf(name, sizeof(name), "localhost");
	name[sizeof(name) - 1] = '\0';
	snprintf(out, HOST_MAX, "%s/%s", name, place);
}

/* When a process started, in the system's ticks; 0: there is none, or only what is left of one (a zombie). */
static uint64_t started(uint64_t pid)
{
	struct proc_stat st;

	if (proc_stat_read(pid, &st) < 0 || st.state == 'Z' || st.state == 'X')
		return 0;
	return st.started;
}

void lease_owner(char out[LEASE_OWNER_MAX])
{
	char host[HOST_MAX];

	host_name(host);
	snprintf(out, LEASE_OWNER_MAX, "%s:%ld:%llu", host, (long)getpid(),
		(unsigned long long)started((uint64_t)getpid()));
}

void lease_near(char out[LEASE_OWNER_MAX])
{
	char host[HOST_MAX];

	host_name(host);
	snprintf(out, LEASE_OWNER_MAX, "%s:", host);
}

bool lease_owner_alive(void *arg, const char *owner)
{
	struct strv o = strv_of(owner), ticks_text, pid_text;
	char host[HOST_MAX];
	uint64_t pid, ticks;
	size_t colon;

	(void)arg;
	colon = strv_rchr(o, ':');
	/* of another kind of owner: its lease runs out */
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
	/*
	 * of another machine nothing can be told, see above; here the same process has to be there
	 */
	return ticks && started(pid) == ticks;
}
