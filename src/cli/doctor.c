/*
 * The checks of thresh doctor: tools, then what the system allows, then the project. Each says what it is for and the
 * one command that mends it. Changes nothing.
 */
#include "base/prelude.h"
#include "cli/doctor.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "config/config.h"
#include "proc/proc.h"
#include "proc/ways.h"
#include "store/store.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB ((uint64_t)1 << 20)

/* Strings are literals or live in c->arena. */
static void add(struct checks *c, struct check row)
{
	row.value = row.value ? row.value : "";
	row.need = row.need ? row.need : "";
	row.mend = row.mend ? row.mend : "";
	GROW(c->v, c->n, c->cap);
	c->v[c->n++] = row;
}

static void look_at_tools(struct checks *c, const struct toolchain *t)
{
	struct toolchain_item items[TOOLCHAIN_ITEMS];
	size_t n = toolchain_items(t, items);

	for (size_t i = 0; i < n; i++) {
		const struct toolchain_item *it = &items[i];
		const char *version = it->version ? it->version : "";
		const char *path = it->path ? it->path : "";

		add(c, (struct check){ "tools", it->name,
			       it->found      ? CHECK_OK
			       : it->required ? CHECK_MISSING
					      : CHECK_WARN,
			       it->found ? arena_printf(&c->arena, "%s%s%s", version,
						   *version && *path ? "  " : "", path)
			       : *path   ? arena_printf(&c->arena, "%s: doesn't work", path)
					 : "not found",
			       it->needed_for, it->found ? "" : it->mend });
	}
}

/* The first line of a small file below /proc or /sys, "" when it can't be read. */
static const char *proc_line(struct checks *c, const char *path)
{
	char text[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return "";
	return arena_strv(&c->arena,
		strv_trim(strv_n(
			text, strcspn(text, "\n") < (size_t)n ? strcspn(text, "\n") : (size_t)n)));
}

static void look_at_core_pattern(struct checks *c)
{
	const char *v = proc_line(c, "/proc/sys/kernel/core_pattern");

	if (*v == '|')
		add(c, (struct check){ "system", "core_pattern", CHECK_WARN, v,
			       "crashes go through a program first: AFL++ takes slow ones for "
			       "timeouts",
			       "echo core | sudo tee /proc/sys/kernel/core_pattern" });
	else
		add(c, (struct check){ "system", "core_pattern", CHECK_OK, v, "", "" });
}

static void look_at_aslr(struct checks *c, const struct toolchain *t)
{
	const char *v = proc_line(c, "/proc/sys/vm/mmap_rnd_bits");
	uint64_t bits;

	if (num_u64(strv_of(v), &bits) < 0)
		return;
	/* the shadow memory of these compilers' sanitizers collides with mappings that spread wider */
	if (bits > 28 && t && t->clang_major && t->clang_major < 18)
		add(c, (struct check){ "system", "vm.mmap_rnd_bits", CHECK_WARN, v,
			       arena_printf(&c->arena,
				       "at random starts, sanitizers of clang %u crash before main",
				       t->clang_major),
			       "sudo sysctl vm.mmap_rnd_bits=28" });
	else
		add(c, (struct check){ "system", "vm.mmap_rnd_bits", CHECK_OK, v, "", "" });
}

static void look_at_ptrace(struct checks *c)
{
	const char *v = proc_line(c, "/proc/sys/kernel/yama/ptrace_scope");
	uint64_t scope = 0;

	if (*v && num_u64(strv_of(v), &scope) == 0 && scope >= 2 && (scope > 2 || geteuid() != 0))
		add(c, (struct check){ "system", "ptrace_scope", CHECK_WARN, v,
			       "LeakSanitizer and gdb need ptrace: leaks aren't found",
			       "sudo sysctl kernel.yama.ptrace_scope=1" });
	else
		add(c, (struct check){
			       "system", "ptrace_scope", CHECK_OK, *v ? v : "no limit", "", "" });
}

static void look_at_memory(struct checks *c)
{
	const char *over = proc_line(c, "/proc/sys/vm/overcommit_memory");
	struct rlimit rl;

	if (strcmp(over, "2") == 0)
		add(c, (struct check){ "system", "overcommit_memory", CHECK_MISSING, over,
			       "sanitizers reserve terabytes of address space, which this forbids",
			       "sudo sysctl vm.overcommit_memory=0" });
	if (getrlimit(RLIMIT_AS, &rl) == 0 && rl.rlim_cur != RLIM_INFINITY)
		add(c, (struct check){ "system", "address space", CHECK_MISSING, "limited",
			       "sanitizers reserve terabytes of address space, which this forbids",
			       "ulimit -v unlimited" });
}

static const char *size_text(struct checks *c, uint64_t bytes, const char *behind)
{
	struct buf b = BUF_INIT;
	const char *s;

	num_add_size(&b, bytes);
	buf_adds(&b, behind);
	s = arena_strdup(&c->arena, b.s);
	buf_release(&b);
	return s;
}

static void look_at_shm(struct checks *c)
{
	int id = shmget(IPC_PRIVATE, 1 << 16, IPC_CREAT | 0600);
	struct statvfs st;
	uint64_t left;

	if (id < 0)
		add(c, (struct check){ "system", "shared memory", CHECK_WARN, strerror(errno),
			       "AFL++ keeps its coverage map in System V shared memory",
			       "ipcs -m (ipcrm -M what is left over), or raise kernel.shmmni" });
	else
		shmctl(id, IPC_RMID, NULL);
	if (statvfs("/dev/shm", &st) < 0)
		return;
	left = (uint64_t)st.f_bavail * st.f_frsize;
	if (left < 64 * MIB)
		add(c, (struct check){ "system", "/dev/shm", CHECK_WARN,
			       size_text(c, left, " free"), "AFL++ works there",
			       "sudo mount -o remount,size=1G /dev/shm" });
	else
		add(c, (struct check){ "system", "/dev/shm", CHECK_OK, size_text(c, left, " free"),
			       "", "" });
}

struct ways {
	struct checks *checks;
	unsigned tried, open;
};

static void saw_way(void *arg, const char *what, enum way_state state)
{
	struct ways *w = arg;

	w->tried += state != WAY_UNTRIED;
	w->open += state == WAY_OPEN;
	if (state == WAY_OPEN)
		add(w->checks,
			(struct check){ "system", "way out", CHECK_WARN,
				arena_printf(&w->checks->arena, "a target can %s", what), "", "" });
}

/* What there is of the sandbox, and then, as that is only what it should do, each way out of it. */
static void look_at_confinement(struct checks *c)
{
	const struct sandbox_have *have = sandbox_have();
	struct ways w = { .checks = c };
	struct buf lacks = BUF_INIT;
	struct err err = ERR_INIT;

	if (proc_try_sandbox(&err) < 0 || ways_try(PROC_CONFINED, saw_way, &w, &err) < 0) {
		add(c, (struct check){ "system", "sandbox", CHECK_MISSING,
			       arena_strdup(&c->arena, err.msg), "nothing can be run confined",
			       "" });
		return;
	}
	sandbox_lacks(&lacks);
	add(c, (struct check){ "system", "sandbox", lacks.len ? CHECK_WARN : CHECK_OK,
		       arena_printf(&c->arena,
			       "%snamespaces, %s, %sseccomp: %u of %u ways out shut",
			       have->view && have->processes ? ""
			       : have->network               ? "some "
							     : "no ",
			       have->landlock
				       ? arena_printf(&c->arena, "Landlock %d", have->landlock)
				       : "no Landlock",
			       have->seccomp ? "" : "no ", w.tried - w.open, w.tried),
		       lacks.len ? arena_strdup(&c->arena, lacks.s) : "",
		       have->view ? ""
				  : "sudo sysctl user.max_user_namespaces=10000 "
				    "kernel.unprivileged_userns_clone=1 "
				    "kernel.apparmor_restrict_unprivileged_userns=0" });
	buf_release(&lacks);
}

/* Disk space where the state lives, or is going to: the nearest directory that exists. */
static void look_at_disk(struct checks *c, const char *dir)
{
	char *at = xstrdup(dir);
	struct statvfs st;
	uint64_t left;
	const char *value;

	while (!fs_is_dir(at) && strchr(at, '/') && strcmp(at, "/") != 0) {
		char *up = fs_dirname(at);

		free(at);
		at = up;
	}
	if (statvfs(at, &st) < 0) {
		add(c, (struct check){ "system", "disk", CHECK_WARN, strerror(errno),
			       arena_strdup(&c->arena, at), "" });
		free(at);
		return;
	}
	left = (uint64_t)st.f_bavail * st.f_frsize;
	value = size_text(c, left, arena_printf(&c->arena, " free in %s", at));
	add(c, (struct check){ "system", "disk",
		       left < 64 * MIB     ? CHECK_MISSING
		       : left < 1024 * MIB ? CHECK_WARN
					   : CHECK_OK,
		       value, "corpora, builds and reports of a night take a gigabyte or more",
		       left < 1024 * MIB ? "free some, or move the project" : "" });
	if (st.f_flag & ST_NOEXEC)
		add(c, (struct check){ "system", "noexec", CHECK_MISSING,
			       arena_strdup(&c->arena, at), "what is built there can't be run",
			       "move the project" });
	if (access(at, W_OK) < 0)
		add(c, (struct check){ "system", "writable", CHECK_MISSING,
			       arena_printf(&c->arena, "%s: %s", at, strerror(errno)),
			       "thresh keeps its state there", "" });
	free(at);
}

static void look_at_store(struct checks *c, const struct config *cfg)
{
	struct err err = ERR_INIT;
	struct strv url = strv_of(cfg->store);
	struct store *s;
	char *shown;

	/* opening makes what is absent, and a look changes nothing */
	if (strv_skip(&url, "sqlite:")) {
		char *path = strv_dup(url);
		bool there = fs_exists(path);

		free(path);
		if (!there) {
			add(c, (struct check){ "project", "store", CHECK_OK,
				       "none yet: made by the first run", "", "" });
			return;
		}
	}
	s = store_open(cfg->store, &err);
	shown = store_shown(cfg->store);
	if (s)
		add(c, (struct check){ "project", "store", CHECK_OK, arena_strdup(&c->arena, shown),
			       "", "" });
	else
		add(c, (struct check){ "project", "store", CHECK_MISSING,
			       arena_strdup(&c->arena, err.msg),
			       "jobs, findings and bugs live there", "" });
	free(shown);
	store_close(s);
}

/* Is there a project file here or above, up to the top of the work tree, that config_load would take? */
static bool has_project(void)
{
	char *dir = fs_abspath(".");
	bool found = false;

	for (;;) {
		char *path = fs_join(dir, "thresh.yaml"), *git = fs_join(dir, ".git"), *up;
		bool top = fs_exists(git) || strcmp(dir, "/") == 0;

		found = fs_exists(path);
		free(path);
		free(git);
		if (found || top)
			break;
		up = fs_dirname(dir);
		free(dir);
		dir = up;
	}
	free(dir);
	return found;
}

static void look_at_project(struct checks *c, const char *path)
{
	struct err err = ERR_INIT;
	struct config *cfg = config_load(path, &err);

	look_at_disk(c, cfg ? cfg->state_dir : ".");
	if (!cfg && !path && !has_project()) {
		add(c, (struct check){ "project", "thresh.yaml", CHECK_NOTE, "none here or above",
			       "", "thresh init" });
		return;
	}
	if (!cfg) {
		add(c, (struct check){ "project", "thresh.yaml", CHECK_MISSING,
			       arena_strdup(&c->arena, err.msg), "", "" });
		return;
	}
	add(c, (struct check){ "project", "thresh.yaml", CHECK_OK,
		       arena_printf(&c->arena, "%s, %zu harness%s", cfg->path, cfg->n_harnesses,
			       cfg->n_harnesses == 1 ? "" : "es"),
		       "", "" });
	look_at_store(c, cfg);
	config_free(cfg);
}

void doctor_look(struct checks *c, const struct toolchain *tools, const char *config)
{
	if (tools)
		look_at_tools(c, tools);
	look_at_core_pattern(c);
	look_at_aslr(c, tools);
	look_at_ptrace(c);
	look_at_memory(c);
	look_at_shm(c);
	look_at_confinement(c);
	look_at_project(c, config);
}

void checks_release(struct checks *c)
{
	free(c->v);
	arena_release(&c->arena);
}
