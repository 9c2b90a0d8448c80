/* Fields of /proc/PID/stat: proc(5). Children are asked of their parents, so that nobody else's processes are read. */
#include "base/prelude.h"
#include "proc/stat.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* a tree of more isn't a campaign's */
#define TREE_MAX 4096

int proc_stat_read(uint64_t pid, struct proc_stat *out)
{
	char path[64];
	struct buf b = BUF_INIT;
	struct strv stat, field;
	uint64_t n;
	size_t name_end;
	int rc = -1;

	*out = (struct proc_stat){ .state = 'X' };
	snprintf(path, sizeof(path), "/proc/%llu/stat", (unsigned long long)pid);
	if (fs_read(path, 4096, &b, NULL) < 0)
		goto out;
	stat = strv_n(b.s, b.len);
	/* the program's name stands in brackets, and may hold anything */
	name_end = strv_rchr(stat, ')');
	if (name_end == SIZE_MAX)
		goto out;
	stat = strv_trim(strv_from(stat, name_end + 1));
	if (!stat.len)
		goto out;
	out->state = stat.s[0];
	/* the state, with which this begins, is the third */
	for (int i = 3; i <= 22 && strv_split(&stat, ' ', &field); i++) {
		if (num_u64(field, &n) < 0)
			continue;
		if (i >= 14 && i <= 17)
			out->cpu += n;
		else if (i == 22)
			out->started = n;
	}
	rc = 0;
out:
	buf_release(&b);
	return rc;
}

bool proc_stat_ended(uint64_t pid)
{
	struct proc_stat st;

	return proc_stat_read(pid, &st) == 0 && (st.state == 'Z' || st.state == 'X');
}

void proc_children(pid_t pid, pid_t **v, size_t *n, size_t *cap)
{
	char path[64];
	struct buf b = BUF_INIT;
	struct strv rest, word;
	uint64_t id;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	if (fs_read(path, FS_NO_LIMIT, &b, NULL) == 0) {
		rest = strv_n(buf_str(&b), b.len);
		while (strv_split(&rest, ' ', &word))
			if (num_u64(strv_trim(word), &id) == 0) {
				GROW(*v, *n, *cap);
				(*v)[(*n)++] = (pid_t)id;
			}
	}
	buf_release(&b);
}

/* 0: the root is gone. */
static uint64_t tree_ticks(uint64_t root)
{
	pid_t *all = NULL;
	size_t n = 0, cap = 0;
	struct proc_stat st;
	uint64_t ticks = 0;

	GROW(all, n, cap);
	all[n++] = (pid_t)root;
	for (size_t i = 0; i < n && i < TREE_MAX; i++) {
		if (proc_stat_read((uint64_t)all[i], &st) < 0)
			continue;
		ticks += st.cpu;
		proc_children(all[i], &all, &n, &cap);
	}
	free(all);
	return ticks;
}

static double share_of(uint64_t ticks, double ms)
{
	long a_second = sysconf(_SC_CLK_TCK), processors = sysconf(_SC_NPROCESSORS_ONLN);
	double share;

	if (ms < 1 || a_second < 1 || processors < 1)
		return -1;
	share = (double)ticks * 1000 / (double)a_second / ms / (double)processors;
	return MIN(share, 1.0);
}

/* How long a process is there; 0: not known. */
static double age_ms(uint64_t pid)
{
	struct proc_stat st;
	struct timespec now;
	long a_second = sysconf(_SC_CLK_TCK);

	if (a_second < 1 || proc_stat_read(pid, &st) < 0 || clock_gettime(CLOCK_BOOTTIME, &now) < 0)
		return 0;
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6 -
	       (double)st.started * 1000 / (double)a_second;
}

void proc_usage_begin(struct proc_usage *u, uint64_t root)
{
	*u = (struct proc_usage){
		.root = root, .ticks = tree_ticks(root), .at_ms = clock_mono_ms(), .share = -1
	};
	if (u->ticks)
		u->share = share_of(u->ticks, age_ms(root));
}

void proc_usage_look(struct proc_usage *u)
{
	uint64_t now = clock_mono_ms(), ticks = tree_ticks(u->root), ms = now - u->at_ms;

	if (!ms)
		return;
	/* what was killed and not waited for takes its time with it */
	u->share = ticks ? share_of(ticks - MIN(u->ticks, ticks), (double)ms) : -1;
	u->ticks = ticks;
	u->at_ms = now;
}
