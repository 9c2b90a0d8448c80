/* Beginning and going on. */
#include "base/prelude.h"
#include "campaign/begin.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/stat.h"
#include "project/lease.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

static char *names_of(const struct run_opts *o)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < o->n_harnesses; i++)
		buf_addf(&b, "%s%s", i ? " " : "", o->harnesses[i]->name);
	return buf_detach(&b);
}

static void tell_resumed(const struct campaign_rec *last)
{
	struct buf b = BUF_INIT;

	num_add_duration(&b, last->spent_ms);
	buf_adds(&b, " of ");
	num_add_duration(&b, last->budget_ms);
	log_info("going on with campaign %lld, which had %s; --fresh begins anew",
		(long long)last->id, b.s);
	buf_release(&b);
}

/* One campaign at a time: two would share work folders. The lock ends with this process, however it ends. */
int begin_lock(const struct project *p, struct err *err)
{
	char *path = fs_join(p->state_dir, "run.lock"), pid[24] = "";
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ssize_t n;

	if (fd < 0) {
		err_errno(err, "%s", path);
	} else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK) {
			err_errno(err, "%s: can't lock", path);
		} else {
			n = pread(fd, pid, sizeof(pid) - 1, 0);
			pid[n > 0 ? strspn(pid, "0123456789") : 0] = '\0';
			err_set(err, "%s: another campaign of this project is under way%s%s", path,
				*pid ? ", in process " : "", pid);
		}
		close(fd);
		fd = -1;
	} else {
		begin_phase(fd, "starting");
	}
	free(path);
	return fd;
}

void begin_phase(int lock, const char *phase)
{
	char text[64];

	snprintf(text, sizeof(text), "%ld\n%s\n", (long)getpid(), phase);
	/* for people only: a full disk is no reason to stop here */
	if (ftruncate(lock, 0) < 0 || pwrite(lock, text, strlen(text), 0) < 0)
		log_debug("run.lock: %s", strerror(errno));
}

void begin_unlock(int lock)
{
	if (ftruncate(lock, 0) < 0)
		log_debug("run.lock: %s", strerror(errno));
	close(lock);
}

static bool is_gone(uint64_t pid)
{
	return kill((pid_t)pid, 0) < 0 ? errno != EPERM : proc_stat_ended(pid);
}

/* The lock itself isn't tried: a campaign that begins just then would find it taken. */
uint64_t begin_under_way(const struct project *p, struct buf *phase)
{
	char *path = fs_join(p->state_dir, "run.lock");
	struct buf text = BUF_INIT;
	struct strv rest, pid, word = STRV("");
	uint64_t n = 0;

	if (fs_read(path, 4096, &text, NULL) == 0) {
		rest = strv_n(buf_str(&text), text.len);
		if (!strv_line(&rest, &pid) || num_u64(pid, &n) < 0 || n >= INT32_MAX ||
			(n && is_gone(n)))
			n = 0;
		if (n && strv_line(&rest, &word))
			buf_addv(phase, word);
	}
	buf_release(&text);
	free(path);
	return n;
}

/* The campaign that was killed, when it is about the same harnesses, else a new one. */
int begin_campaign(
	struct project *p, const struct run_opts *opts, struct begun *out, struct err *err)
{
	struct campaign_rec last = { 0 };
	char *names = names_of(opts);
	int rc = store_campaign_last(p->store, &last, err);

	/* we hold the lock: whoever of this machine had a job under way and is gone won't end it; nor did its job end all */
	if (rc < 0 || store_jobs_release_dead(p->store, lease_owner_alive, NULL, false, err) < 0) {
		rc = -1;
		goto out;
	}
	*out = (struct begun){ .budget_ms = opts->time_ms };
	if (rc == 0 && !opts->fresh && !last.ended_ms && strcmp(last.harnesses, names) == 0 &&
		last.spent_ms < last.budget_ms &&
		(opts->any_time || last.budget_ms == opts->time_ms)) {
		out->resumed = true;
		out->campaign = last.id;
		out->budget_ms = last.budget_ms;
		out->spent_ms = last.spent_ms;
		tell_resumed(&last);
	} else {
		rc = store_campaign_begin(
			p->store, clock_wall_ms(), out->budget_ms, names, &out->campaign, err);
		if (rc == 0)
			rc = store_jobs_adopt(p->store, out->campaign, "fuzz", err);
	}
	p->id = out->campaign;
out:
	campaign_rec_release(&last);
	free(names);
	return rc;
}

/* Also of two new stores: what one night didn't meet the next may. */
uint64_t begin_seed(int64_t campaign)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = clock_wall_ms();
	log_debug("campaign %lld: engines' seeds follow from %llu", (long long)campaign,
		(unsigned long long)seed);
	return seed;
}
