/*
 * The tree as a confined child sees it. All of it is read-only but the folders that are given; /tmp and its like are
 * empty ones of its own, in which those of the real one's entries appear that the child was told of: its program, its
 * working directory, what is named on its command line and in its environment. So is /dev, with what every program may
 * use. What opens other doors is there and empty (secrets.c). Only system calls after the fork.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By number: kernels know them longer than C libraries do. The same on all machines. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define TREE_CLONE 1u
#define TREE_RECURSIVE 0x8000u /* AT_RECURSIVE */
#define MOVE_FROM_EMPTY 4u
#define ATTR_RDONLY 1u
#define ATTR_NOSUID 2u
#define ATTR_NODEV 4u

struct attributes { /* struct mount_attr */
	uint64_t set, clear, propagation, userns_fd;
};

/* Folders in whose place each child has its own. Those that aren't folders here are left as they are. */
static const struct {
	const char *path, *options;
} own[] = {
	{ "/tmp", "mode=1777,size=1g,nr_inodes=200k" },
	{ "/var/tmp", "mode=1777,size=1g,nr_inodes=200k" },
	{ "/dev/shm", "mode=1777,size=1g,nr_inodes=200k" },
	{ "/run", "mode=0755,size=64m,nr_inodes=20k" },
};

const char *const view_devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
	"/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts", NULL };
#define BORROWED 6 /* of them; the others are made */

/* Where distributions keep programs below /run. */
static const char *const run_keeps[] = { "/run/current-system", "/run/booted-system",
	"/run/opengl-driver", "/run/wrappers" };

/* What root could harm of the machine through /proc. */
static const char *const proc_guards[] = { "/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs",
	"/proc/acpi", "/proc/scsi", "/proc/tty", "/proc/driver", "/proc/asound",
	"/proc/sysrq-trigger", "/proc/mtrr", "/proc/slabinfo", "/proc/latency_stats" };

#define ENTRIES_MAX 1024 /* of a folder that is kept whole */
#define EMPTY_DEPTH 60
#define STAGE "/tmp" /* where the new /dev is made */

const char *view_own(size_t i)
{
	return i < ARRAY_LEN(own) ? own[i].path : NULL;
}

/* --- before the fork: what is to be seen --- */

/* Where a link leads; NULL: it isn't one. */
static char *link_of(const char *path)
{
	char to[4096];
	ssize_t n = readlink(path, to, sizeof(to));

	return n > 0 && n < (ssize_t)sizeof(to) ? xstrndup(to, (size_t)n) : NULL;
}

static void add_pin(struct view *v, char *path_take, bool writable)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->pins[i].path, path_take) == 0) {
			v->pins[i].writable |= writable;
			free(path_take);
			return;
		}
	GROW(v->pins, v->n, v->cap);
	v->pins[v->n++] = (struct pin){
		.path = path_take, .link = link_of(path_take), .fd = -1, .writable = writable
	};
}

/* The whole of such a folder: it is somebody's working directory. */
static void keep_entries(struct view *v, const char *dir)
{
	struct strlist names = STRLIST_INIT;

	if (fs_list(dir, &names, NULL) == 0 && names.n <= ENTRIES_MAX)
		for (size_t i = 0; i < names.n; i++)
			add_pin(v, fs_join(dir, names.v[i]), false);
	strlist_release(&names);
}

/* Ends a path in a word of a command line or a variable's value. */
static size_t name_length(const char *s)
{
	return strcspn(s, "/:;,= \t\n'\"|&<>()");
}

/* Each "/tmp/NAME" in the text. */
static void keep_named(struct view *v, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		size_t n = strlen(own[i].path);

		for (const char *at = text; (at = strstr(at, own[i].path)); at += n) {
			size_t name = at[n] == '/' ? name_length(at + n + 1) : 0;
			struct stat st;
			char *path;

			if (!name || (name <= 2 && strncmp(at + n + 1, "..", name) == 0))
				continue;
			path = xstrndup(at, n + 1 + name);
			if (lstat(path, &st) == 0)
				add_pin(v, path, false);
			else
				free(path);
		}
	}
}

static void keep_path(struct view *v, const char *path)
{
	char *real = realpath(path, NULL);

	keep_named(v, path);
	if (real)
		keep_named(v, real);
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strcmp(real ? real : path, own[i].path) == 0)
			keep_entries(v, own[i].path);
	free(real);
}

int view_plan(struct view *v, const struct proc_spec *spec, const char *exe, const char *here,
	struct err *err)
{
	v->own_tmp = spec->confine == PROC_CONFINED;
	if (v->own_tmp) {
		keep_path(v, exe);
		keep_path(v, here);
		if (spec->cwd)
			keep_path(v, spec->cwd);
		for (const char *const *s = spec->visible; s && *s; s++)
			keep_path(v, *s);
		for (const char *const *s = spec->argv; *s; s++)
			keep_named(v, *s);
		for (const char *const *s = spec->env; s && *s; s++)
			keep_named(v, *s);
		for (char **s = environ; s && *s; s++)
			keep_named(v, *s);
		for (size_t i = 0; i < ARRAY_LEN(run_keeps); i++)
			keep_named(v, run_keeps[i]);
	}
	secrets_plan(v, spec, exe, here);
	for (const char *const *w = spec->writable; w && *w; w++) {
		char *real = realpath(*w, NULL);

		if (!real)
			return err_errno(err, "%s", *w);
		keep_path(v, *w);
		add_pin(v, real, true);
	}
	return 0;
}

void view_release(struct view *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->pins[i].path);
		free(v->pins[i].link);
	}
	for (size_t i = 0; i < v->n_veils; i++)
		free(v->veils[i].path);
	free(v->veils);
	free(v->pins);
	*v = (struct view){ 0 };
}

/* --- after it --- */

static int clone_tree(const char *path)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, path,
		TREE_CLONE | TREE_RECURSIVE | (unsigned)O_CLOEXEC | AT_SYMLINK_NOFOLLOW);
}

static int put_tree(int fd, const char *path)
{
	return (int)syscall(SYS_move_mount, fd, "", AT_FDCWD, path, MOVE_FROM_EMPTY);
}

static int set_attributes(int fd, const char *path, unsigned at, uint64_t set)
{
	struct attributes a = { .set = set };

	return (int)syscall(SYS_mount_setattr, fd, path, at, &a, sizeof(a));
}

static int is_dir(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int touch(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	close(fd);
	return 0;
}

static int hold_pins(const struct view *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct pin *p = &v->pins[i];

		if (p->link)
			continue;
		p->fd = clone_tree(p->path);
		/* gone meanwhile: whoever needs it will say so */
		if (p->fd < 0 && errno == ENOENT && !p->writable)
			continue;
		if (p->fd < 0 || set_attributes(p->fd, "", (unsigned)AT_EMPTY_PATH | TREE_RECURSIVE,
					 p->writable ? ATTR_NOSUID | ATTR_NODEV
						     : ATTR_NOSUID | ATTR_RDONLY) < 0)
			return -1;
	}
	return 0;
}

/* Its place in a folder that is new and empty: something of its kind, to be mounted on. */
static int make_place(const struct pin *p)
{
	struct stat st;

	if (fstat(p->fd, &st) < 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		return touch(p->path);
	return mkdir(p->path, 0700) < 0 && errno != EEXIST ? -1 : 0;
}

/* First what is in folders that are new, then, over it, what may be written. */
static int put_pins(const struct view *v, bool writable, const char **what)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct pin *p = &v->pins[i];

		if (p->writable != writable)
			continue;
		if (p->link && symlink(p->link, p->path) < 0 && errno != EEXIST)
			return -1;
		if (p->fd < 0)
			continue;
		if ((!is_dir(p->path) && make_place(p) < 0) || put_tree(p->fd, p->path) < 0) {
			*what = p->path;
			if (errno != ENOENT || writable) /* else gone meanwhile, as above */
				return -1;
		}
		close(p->fd);
	}
	return 0;
}

/* Over all the rest: what a folder shows that was put there, too. One that isn't seen at all needs none. */
static int put_veils(const struct view *v, const char **what)
{
	struct stat st;
	int nothing;

	for (size_t i = 0; i < v->n_veils; i++) {
		const struct veil *e = &v->veils[i];

		if (lstat(e->path, &st) < 0 || S_ISDIR(st.st_mode) != e->dir)
			continue;
		*what = e->path;
		if (e->dir && mount("tmpfs", e->path, "tmpfs",
				      MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
				      "mode=0500,size=4k,nr_inodes=1") < 0)
			return -1;
		if (e->dir)
			continue;
		nothing = clone_tree("/dev/null");
		if (nothing < 0 || put_tree(nothing, e->path) < 0)
			return -1;
		close(nothing);
	}
	return 0;
}

/* A /dev of its own, made beside and then put over the old one. Nodes can't be made, so they are borrowed. */
static int make_dev(void)
{
	static const char *const links[][2] = { { "/proc/self/fd", STAGE "/fd" },
		{ "/proc/self/fd/0", STAGE "/stdin" }, { "/proc/self/fd/1", STAGE "/stdout" },
		{ "/proc/self/fd/2", STAGE "/stderr" }, { "pts/ptmx", STAGE "/ptmx" } };
	char path[64];
	int tree;

	if (mount("tmpfs", STAGE, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k") < 0)
		return -1;
	for (size_t i = 0; i < BORROWED; i++) {
		tree = clone_tree(view_devices[i]);
		if (tree < 0)
			continue; /* not here: nor was it before */
		snprintf(path, sizeof(path), STAGE "%s", view_devices[i] + strlen("/dev"));
		if (touch(path) < 0 || put_tree(tree, path) < 0)
			return -1;
		close(tree);
	}
	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		if (symlink(links[i][0], links[i][1]) < 0)
			return -1;
	if (mkdir(STAGE "/shm", 0700) < 0 || mkdir(STAGE "/pts", 0700) < 0 ||
		mount("devpts", STAGE "/pts", "devpts", MS_NOSUID | MS_NOEXEC,
			"newinstance,ptmxmode=0666,mode=0620") < 0)
		return -1;
	return mount(STAGE, "/dev", NULL, MS_MOVE, NULL);
}

static int make_own(void)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (is_dir(own[i].path) && mount("tmpfs", own[i].path, "tmpfs",
						   MS_NOSUID | MS_NODEV, own[i].options) < 0)
			return -1;
	return set_attributes(AT_FDCWD, "/dev", 0, ATTR_RDONLY);
}

static int guard_proc(void)
{
	for (size_t i = 0; i < ARRAY_LEN(proc_guards); i++) {
		int tree = clone_tree(proc_guards[i]);

		if (tree < 0)
			continue;
		if (set_attributes(tree, "", AT_EMPTY_PATH, ATTR_RDONLY) < 0 ||
			put_tree(tree, proc_guards[i]) < 0)
			return -1;
		close(tree);
	}
	return 0;
}

static int make_tree(const struct view *v, const char **what)
{
	*what = "holding its folders";
	if (hold_pins(v) < 0)
		return -1;
	*what = "making the tree read-only";
	if (set_attributes(AT_FDCWD, "/", TREE_RECURSIVE, ATTR_RDONLY | ATTR_NOSUID) < 0)
		return -1;
	if (v->own_tmp) {
		*what = "a /dev of its own";
		if (make_dev() < 0)
			return -1;
		*what = "a /tmp of its own";
		if (make_own() < 0)
			return -1;
		*what = "what is to be seen in its /tmp";
		if (put_pins(v, false, what) < 0)
			return -1;
	}
	*what = "its folders";
	return put_pins(v, true, what) < 0 ? -1 : put_veils(v, what);
}

int view_make(const struct view *v, const struct sandbox_level *l, const char **what)
{
	*what = "parting its mounts from ours";
	if (!(l->flags & CLONE_NEWNS))
		return 0;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	if (l->view && make_tree(v, what) < 0)
		return -1;
	if (!l->procfs)
		return 0;
	*what = "a /proc of its own";
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return -1;
	return geteuid() == 0 ? guard_proc() : 0;
}

/* Its network has nothing but the loopback device, which is down at first: its own servers are to be reached. */
int view_loopback(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc = -1;

	if (s < 0)
		return errno == EAFNOSUPPORT ? 0 : -1;
	if (ioctl(s, SIOCGIFFLAGS, &r) == 0) {
		r.ifr_flags = (short)(r.ifr_flags | IFF_UP);
		rc = ioctl(s, SIOCSIFFLAGS, &r);
	}
	close(s);
	return rc;
}

/* --- while it lives --- */

/* By file, not by path: what is in there may be anything. Mounts stay, and what is in them. The descriptor is consumed. */
static void empty(int fd, int depth)
{
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d && fd >= 0)
		close(fd);
	while (d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
			unlinkat(fd, e->d_name, 0) == 0 ||
			unlinkat(fd, e->d_name, AT_REMOVEDIR) == 0 || errno != ENOTEMPTY ||
			depth == 0)
			continue;
		empty(openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
			depth - 1);
		unlinkat(fd, e->d_name, AT_REMOVEDIR);
	}
	if (d)
		closedir(d);
}

void view_tidy(void)
{
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		empty(open(own[i].path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
			EMPTY_DEPTH);
}
