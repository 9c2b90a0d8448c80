/*
 * Executables without the runtime: one process per input, with "@@" in the command replaced by the input's
 * path, or the input on standard input. Slower, same results. The wall-clock limit is the time limit here,
 * and CPU time is limited a second above it.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct slot {
	struct proc *proc;
	struct item item;
	uint64_t start_ms;
	bool killed;
	char *dir, *path;
};

/* Targets leave files behind: the next input finds an empty directory. */
static void clean_dir(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct strlist names = STRLIST_INIT;

	if (!d) {
		fs_mkdirs(dir, NULL);
		return;
	}
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			strlist_add(&names, e->d_name);
	closedir(d);
	for (size_t i = 0; i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]);
		struct err err = ERR_INIT;

		if (fs_remove_tree(path, &err) < 0)
			log_debug("%s", err.msg);
		free(path);
	}
	strlist_release(&names);
}

int foreign_check(struct target *t, struct err *err)
{
	const char *exe = t->spec.argv[0];
	char *found = strchr(exe, '/') ? xstrdup(exe) : fs_which(exe);
	int rc = 0;

	if (!found)
		rc = err_usage(err, "%s: not found on PATH", exe);
	else if (!fs_is_exe(found))
		rc = err_usage(err, "%s: %s", found,
			fs_exists(found) ? "not an executable file" : "no such file");
	free(found);
	return rc;
}

/* The command with the path in it; true when it was. */
static bool expand(struct target *t, const char *path, struct strlist *argv)
{
	bool used = false;

	for (const char *const *a = t->spec.argv; *a; a++) {
		const char *at = strstr(*a, "@@");

		if (!at) {
			strlist_add(argv, *a);
			continue;
		}
		strlist_addf(argv, "%.*s%s%s", (int)(at - *a), *a, path, at + 2);
		used = true;
	}
	return used;
}

static int slot_start(struct target *t, struct slot *s, struct err *err)
{
	struct proc_spec ps = PROC_SPEC_INIT;
	struct strlist argv = STRLIST_INIT, env = STRLIST_INIT, writable = STRLIST_INIT;
	int rc = -1;

	clean_dir(s->dir);
	strlist_add(&writable, s->dir);
	for (const char *const *w = t->spec.writable; w && *w; w++)
		strlist_add(&writable, *w);
	options_env(&t->spec, s->dir, &env);
	if (expand(t, s->path, &argv)) {
		if (fs_write(s->path, s->item.in.data, s->item.in.len, 0600, err) < 0)
			goto out;
	} else {
		ps.in = PROC_CAPTURE;
		ps.input = s->item.in.data;
		ps.input_len = s->item.in.len;
	}
	ps.argv = (const char *const *)argv.v;
	ps.env = (const char *const *)env.v;
	ps.cwd = s->dir;
	ps.err = PROC_CAPTURE;
	ps.capture_max = TARGET_TEXT_HEAD + TARGET_TEXT_TAIL;
	ps.limits.cpu_s = t->spec.timeout_ms / 1000 + 2;
	ps.limits.file_bytes = (uint64_t)256 << 20;
	ps.confine = t->spec.unconfined ? PROC_FREE : PROC_CONFINED;
	ps.writable = (const char *const *)writable.v;
	ps.no_aslr = t->spec.no_aslr;
	s->killed = false;
	s->start_ms = clock_mono_ms();
	s->proc = proc_start(&ps, err);
	rc = s->proc ? 0 : -1;
out:
	strlist_release(&argv);
	strlist_release(&env);
	strlist_release(&writable);
	return rc;
}

static void slot_finish(struct target *t, struct slot *s)
{
	struct proc_result pr = { 0 };
	struct target_result r = { .alone = true };
	uint64_t wall = clock_mono_ms() - s->start_ms;
	const char *say = NULL;

	proc_result_take(s->proc, &pr);
	proc_free(s->proc);
	s->proc = NULL;
	t->forks++;
	r.outcome = result_outcome_of_status(pr.status, strv_n(buf_str(&pr.err), pr.err.len));
	result_set_status(&r, pr.status);
	if (s->killed || r.sig == SIGXCPU) {
		r.outcome = TARGET_TIMEOUT;
		say = "timeout after";
	}
	if (say) {
		if (pr.err.len && pr.err.s[pr.err.len - 1] != '\n')
			buf_addch(&pr.err, '\n');
		buf_addf(&pr.err, "==0== ERROR: thresh: %s %llu ms of %s time\n", say,
			(unsigned long long)wall, s->killed ? "wall-clock" : "CPU");
	}
	r.batch_outcome = r.outcome;
	r.wall_us = wall * 1000;
	r.cpu_us = (uint64_t)(pr.usage.ru_utime.tv_sec + pr.usage.ru_stime.tv_sec) * 1000000 +
		   (uint64_t)(pr.usage.ru_utime.tv_usec + pr.usage.ru_stime.tv_usec);
	r.text = strv_n(buf_str(&pr.err), pr.err.len);
	order_deliver(t, &s->item, &r);
	proc_result_release(&pr);
}

/* Moves every process on; waits a little when none has news. */
static void step_all(struct target *t, struct slot *slots, unsigned n)
{
	struct pollfd p[64];
	nfds_t used = 0;

	for (unsigned i = 0; i < n && used < ARRAY_LEN(p); i++)
		if (slots[i].proc)
			p[used++] =
				(struct pollfd){ .fd = proc_fd(slots[i].proc), .events = POLLIN };
	if (n == 1 && slots[0].proc)
		proc_step(slots[0].proc, 20);
	else
		poll(p, used, 5);
	for (unsigned i = 0; i < n; i++) {
		struct slot *s = &slots[i];

		if (!s->proc)
			continue;
		if (proc_step(s->proc, 0)) {
			slot_finish(t, s);
		} else if (!s->killed && clock_mono_ms() - s->start_ms >= t->spec.timeout_ms) {
			s->killed = true;
			proc_signal(s->proc, SIGKILL);
		}
	}
}

int foreign_run(struct target *t, struct err *err)
{
	unsigned n = t->spec.workers ? MIN(t->spec.workers, 64u) : 1, busy = 0;
	struct slot *slots = xcalloc(n, sizeof(*slots));
	int rc = 0;

	for (unsigned i = 0; i < n && rc == 0; i++) {
		slots[i].dir = xasprintf("%s/process-%u", t->scratch, i);
		slots[i].path = xasprintf("%s/process-%u/input", t->scratch, i);
		rc = fs_mkdirs(slots[i].dir, err);
	}
	while (rc == 0 && !t->stopping) {
		busy = 0;
		for (unsigned i = 0; i < n && rc == 0; i++) {
			if (!slots[i].proc && order_next(t, &slots[i].item))
				rc = slot_start(t, &slots[i], err);
			busy += slots[i].proc != NULL;
		}
		if (rc < 0 || busy == 0)
			break;
		step_all(t, slots, n);
		if (proc_interrupted() == 2)
			rc = err_set(err, "%s: interrupted", t->spec.name);
	}
	for (unsigned i = 0; i < n; i++) {
		proc_free(slots[i].proc);
		free(slots[i].dir);
		free(slots[i].path);
	}
	free(slots);
	return rc;
}
