/* Opening, closing, and the small questions; the work is in run.c and foreign.c. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "runtime/thresh_rt_protocol.h"
#include "target/internal.h"
#include <errno.h>
#include <unistd.h>

#define TIMEOUT_MS 5000
#define MEMORY ((uint64_t)2 << 30)
#define BATCH_START 128

static const char *const *own_list(struct strlist *own, const char *const *v)
{
	for (; v && *v; v++)
		strlist_add(own, *v);
	return (const char *const *)own->v;
}

/* Whoever names no folder of sources: that of the program, which reports name. */
static void open_paths(struct target *t, const struct target_spec *spec)
{
	const char *exe = spec->exe ? spec->exe : spec->argv ? spec->argv[0] : NULL;
	char *abs = exe && strchr(exe, '/') ? fs_abspath(exe) : NULL;
	char *dir = abs ? fs_dirname(abs) : NULL;

	report_paths_open(t, abs, spec->root ? spec->root : dir);
	free(dir);
	free(abs);
}

/* The caller's strings needn't live as long as the target. */
static void own_spec(struct target *t, const struct target_spec *spec)
{
	struct target_spec *s = &t->spec;

	*s = *spec;
	s->exe = spec->exe ? fs_abspath(spec->exe) : NULL;
	s->root = NULL;
	open_paths(t, spec);
	s->argv = spec->argv ? own_list(&t->argv, spec->argv) : NULL;
	s->env = own_list(&t->env, spec->env);
	s->writable = own_list(&t->strings, spec->writable);
	s->given.files = own_list(&t->files, spec->given.files);
	s->given.origin = spec->given.origin ? xstrdup(spec->given.origin) : NULL;
	s->name = xstrdup(spec->name  ? spec->name
			  : spec->exe ? spec->exe
			  : s->argv   ? s->argv[0]
				      : "target");
	if (!s->timeout_ms)
		s->timeout_ms = TIMEOUT_MS;
	if (!s->memory)
		s->memory = MEMORY;
	if (!s->workers)
		s->workers = 1;
}

static int start_servers(struct target *t, struct err *err)
{
	const char *why;

	if (!t->spec.exe)
		return err_usage(err, "%s: no such file", t->spec.name);
	/* this machine's doing, and nobody else's */
	if (fs_is_noexec(t->spec.exe))
		return err_set(err, "%s: %s", t->spec.exe, fs_not_exe(t->spec.exe));
	if (!fs_is_exe(t->spec.exe))
		return err_usage(err, "%s: %s", t->spec.exe, fs_not_exe(t->spec.exe));
	t->n_servers = MIN(t->spec.workers, 256u);
	t->servers = xcalloc(t->n_servers, sizeof(*t->servers));
	for (unsigned i = 0; i < t->n_servers; i++) {
		t->servers[i].sock = t->servers[i].err_fd = -1;
		t->servers[i].limit = BATCH_START;
	}
	/* the others when there is work for them, while this one is at it */
	if (server_start(t, &t->servers[0], 0, err) < 0)
		return -1;
	if (t->spec.no_wait)
		return 0;
	if (server_wait_ready(t, &t->servers[0], err) < 0)
		return -1;
	if (t->spec.leaks && !target_finds_leaks(t, &why))
		log_debug("%s: no leaks will be found: %s", t->spec.name, why);
	return 0;
}

struct target *target_open(const struct target_spec *spec, struct err *err)
{
	struct target *t = xcalloc(1, sizeof(*t));
	int rc;

	t->scratch_lock = -1;
	own_spec(t, spec);
	t->scratch = scratch_make(spec->scratch, &t->scratch_lock, err);
	if (!t->scratch)
		rc = -1;
	else
		rc = t->spec.argv ? foreign_open(t, err) : start_servers(t, err);
	if (rc < 0) {
		target_close(t);
		return NULL;
	}
	t->spec.said = NULL; /* the caller's, for now */
	return t;
}

void target_close(struct target *t)
{
	struct err err = ERR_INIT;

	if (!t)
		return;
	for (unsigned i = 0; i < t->n_servers; i++) {
		server_stop(&t->servers[i]);
		if (t->servers[i].scratch && fs_remove_tree(t->servers[i].scratch, &err) < 0)
			log_debug("%s", err.msg);
		free(t->servers[i].scratch);
	}
	free(t->servers);
	foreign_close(t);
	scratch_remove_take(t->scratch, t->scratch_lock);
	report_paths_close(t);
	free((char *)t->spec.exe);
	free((char *)t->spec.name);
	strlist_release(&t->argv);
	strlist_release(&t->env);
	strlist_release(&t->strings);
	strlist_release(&t->files);
	free((char *)t->spec.given.origin);
	buf_release(&t->text);
	free(t->features);
	free(t->known);
	free(t->pcs);
	free(t);
}

void target_sweep(void)
{
	scratch_sweep();
}

int target_run(struct target *t, const struct target_opts *opts, target_next_fn next,
	target_done_fn done, void *arg, struct err *err)
{
	static const struct target_opts none;
	int rc;

	/* it would take the first one's inputs and results from under it */
	if (target_is_running(t))
		return err_set(err, "%s: a run is under way on this target", t->spec.name);
	t->opts = opts ? opts : &none;
	t->next = next;
	t->done = done;
	t->arg = arg;
	t->dry = t->stopping = false;
	t->next_seq = t->deliver_seq = 0;
	progress_begin(&t->progress, t->opts->what, t->opts->expect);
	t->delivered = 0;
	rc = t->spec.argv ? foreign_run(t, err) : run_served(t, err);
	progress_end(&t->progress);
	order_release(t);
	t->opts = NULL;
	return rc;
}

struct one {
	const struct target_input *in;
	bool given, got;
	struct target_result *r;
	struct buf *text;
};

static bool one_next(void *arg, struct target_input *in)
{
	struct one *o = arg;

	if (o->given)
		return false;
	*in = *o->in;
	in->alone = true;
	o->given = true;
	return true;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct one *o = arg;

	(void)in;
	*o->r = *r;
	o->r->text = (struct strv){ "", 0 };
	o->got = true;
	if (o->text) {
		size_t at = o->text->len;

		buf_addv(o->text, r->text);
		o->r->text = strv_n(buf_str(o->text) + at, r->text.len);
	}
	return 0;
}

int target_run_one(struct target *t, const struct target_input *in, struct target_result *r,
	struct buf *text, struct err *err)
{
	struct one o = { .in = in, .r = r, .text = text };

	if (target_run(t, NULL, one_next, one_done, &o, err) < 0)
		return -1;
	if (!o.got)
		return err_set(err, "%s: no result", t->spec.name);
	if (r->outcome == TARGET_ERROR)
		return err_refused(err, "%s: the input couldn't be run: " STRV_FMT, t->spec.name,
			(int)MIN(r->text.len, (size_t)200), r->text.s ? r->text.s : "");
	return 0;
}

int target_hurry(struct target *t, unsigned n, struct err *err)
{
	return workers_hurry(t, n, err);
}

bool target_is_running(const struct target *t)
{
	return t->opts != NULL;
}

bool target_is_stateful(const struct target *t)
{
	return t->stateful;
}

int target_set_timeout(struct target *t, uint64_t timeout_ms)
{
	if (t->opts)
		return -1;
	t->spec.timeout_ms = timeout_ms ? timeout_ms : TIMEOUT_MS;
	return 0;
}

uint64_t target_timeout(const struct target *t)
{
	return t->spec.timeout_ms;
}

void target_set_leaks(struct target *t, bool look)
{
	t->no_leaks = !look;
}

void target_set_stack_more(struct target *t, uint32_t bytes)
{
	if (t->foreign && t->stack_more != bytes)
		foreign_renew(t);
	t->stack_more = bytes;
}

const char *target_exe(const struct target *t)
{
	return t->spec.argv ? NULL : t->spec.exe;
}

bool target_is_foreign(const struct target *t)
{
	return t->spec.argv != NULL;
}

size_t target_n_counters(const struct target *t)
{
	return t->n_servers ? (size_t)t->servers[0].counters : 0;
}

bool target_finds_leaks(const struct target *t, const char **why)
{
	uint64_t has = t->n_servers ? t->servers[0].has : 0;
	const char *text = NULL;

	if (has & THRESH_RT_LEAKS_BROKEN)
		text = "LeakSanitizer does not work here (a debugger? ptrace forbidden?) or finds "
		       "leaks "
		       "before the first input";
	else if (!(has & THRESH_RT_HAS_LEAKS))
		text = t->spec.leaks ? "the target has no LeakSanitizer" : "not asked for";
	if (why)
		*why = text;
	return text == NULL;
}

void target_left_behind(struct target *t, bool *files, bool *processes)
{
	*files = t->left & THRESH_RT_LEFT_FILES;
	*processes = t->left & THRESH_RT_LEFT_PROCESSES;
	t->left = 0;
}

/* The parent of what isn't there decides whether it may be. */
static bool could_have(const char *path, bool writes)
{
	char *dir;
	bool could;

	if (access(path, writes ? W_OK : R_OK) == 0)
		return true;
	if (errno != ENOENT || !writes)
		return false;
	dir = fs_dirname(path);
	could = access(dir, W_OK) == 0;
	free(dir);
	return could;
}

bool target_denied(struct target *t, struct buf *out)
{
	const char *what = t->denied ? t->denied_what : "", *path = *what ? what + 1 : what;
	bool writes = *what == 'w', told = *what == 'n' || *path;

	t->denied = 0;
	if (!told || (*what != 'n' && (*path != '/' || !could_have(path, writes))))
		return false;
	buf_adds(out, *what == 'n' ? "the network" : writes ? "writing to " : "reading ");
	escape_term(out, strv_of(*what == 'n' ? "" : path));
	return true;
}

bool target_memory_is_heap(const struct target *t)
{
	return !t->spec.argv;
}

bool target_injects(const struct target *t, enum target_fault_kind k)
{
	uint64_t needs = k == TARGET_FAULT_ALLOC ? THRESH_RT_HAS_ALLOC : THRESH_RT_HAS_IO;

	return t->n_servers && (t->servers[0].has & needs);
}

void target_counts(const struct target *t, uint64_t *inputs, uint64_t *forks)
{
	if (inputs)
		*inputs = t->inputs;
	if (forks)
		*forks = t->forks;
}
