/*
 * The folders that a server's inputs may write to: its working directory and, where the near end says so, /tmp and its
 * like, which nobody else has. Each child finds them as the target's initialisation left them. Looks at what changed, so
 * that a target that writes nothing pays nearly nothing.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEPTH 50
#define KEPT (32u << 10)
#define LINK_MOST 1024u
#define FRESH_NS 50000000 /* file systems' clocks tick in steps of some milliseconds */

static const char *const thresh_rt_paths[] = { ".", THRESH_RT_OWN_DIRS };
#define N_FOLDERS (sizeof(thresh_rt_paths) / sizeof(*thresh_rt_paths))

struct thresh_rt_entry { /* as the kernel writes it */
	uint64_t ino, off;
	uint16_t len;
	uint8_t type;
	char name[];
};

static struct {
	unsigned n; /* of the folders: none, the first, or all of them */
	struct timespec changed[N_FOLDERS];
	int fresh
		[N_FOLDERS]; /* that was so short before it was read that another change may bear the same time */
	int untouchable[N_FOLDERS]; /* more was in it at the start than can be remembered */
	/* what was in them: a folder's number, a name, where it leads if it is a link, each time */
	char kept[KEPT];
	size_t n_kept;
	uint64_t packets; /* over the loopback device */
} folders;

/* Where a kept link leads, "" for anything else that is kept; NULL: it isn't. */
static const char *thresh_rt_kept(size_t folder, const char *name)
{
	size_t at = 0;

	while (at < folders.n_kept) {
		const char *entry = folders.kept + at + 1, *link = entry + strlen(entry) + 1;

		if ((size_t)folders.kept[at] == folder && strcmp(entry, name) == 0)
			return link;
		at = (size_t)(link + strlen(link) + 1 - folders.kept);
	}
	return NULL;
}

static void thresh_rt_keep(size_t folder, int fd, const char *name)
{
	size_t n = strlen(name) + 1, at = folders.n_kept;
	ssize_t link;

	if (at + 1 + n + LINK_MOST > KEPT) {
		folders.untouchable[folder] = 1;
		return;
	}
	folders.kept[at++] = (char)folder;
	memcpy(folders.kept + at, name, n);
	at += n;
	link = readlinkat(fd, name, folders.kept + at, LINK_MOST - 1);
	at += link > 0 ? (size_t)link : 0;
	folders.kept[at++] = '\0';
	folders.n_kept = at;
}

/* Is it still the link that was there? */
static int thresh_rt_same_link(int fd, const char *name, const char *link)
{
	char now[LINK_MOST];
	ssize_t n = readlinkat(fd, name, now, sizeof(now));

	return n == (ssize_t)strlen(link) && memcmp(now, link, (size_t)n) == 0;
}

static int thresh_rt_is_kept(size_t folder, int fd, const char *name)
{
	const char *link = folder < N_FOLDERS ? thresh_rt_kept(folder, name) : NULL;

	return link != NULL && (*link == '\0' || thresh_rt_same_link(fd, name, link));
}

/*
 * Removes what is in the directory, mounts apart, and what is kept; 1: there was something. The descriptor is consumed. Not by readdir(), which
 * allocates: blocks that this process freed long ago would be given out again, in its children too, where pointers to the
 * old ones, as libc keeps them here and there, make leaks look reachable.
 */
static int thresh_rt_empty(int fd, size_t folder, int depth)
{
	_Alignas(8) char room[4096];
	struct thresh_rt_entry *e;
	int sub, met = 0;
	long n, at;

	while (fd >= 0 && (n = syscall(SYS_getdents64, fd, room, sizeof(room))) > 0) {
		for (at = 0; at < n; at += e->len) {
			e = (struct thresh_rt_entry *)(void *)(room + at);
			if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0 ||
				thresh_rt_is_kept(folder, fd, e->name))
				continue;
			if (unlinkat(fd, e->name, 0) == 0 ||
				unlinkat(fd, e->name, AT_REMOVEDIR) == 0) {
				met = 1;
				continue;
			}
			if (errno == EBUSY || depth == 0)
				continue;
			met = 1;
			sub = openat(fd, e->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			thresh_rt_empty(sub, N_FOLDERS, depth - 1);
			unlinkat(fd, e->name, AT_REMOVEDIR);
		}
	}
	if (fd >= 0)
		close(fd);
	return met;
}

/* Links that are gone, anew: the files that the target was given. */
static void thresh_rt_links_back(size_t folder)
{
	size_t at = 0;
	int fd = -1;

	while (at < folders.n_kept) {
		const char *entry = folders.kept + at + 1, *link = entry + strlen(entry) + 1;

		if ((size_t)folders.kept[at] == folder && *link != '\0') {
			if (fd < 0)
				fd = open(thresh_rt_paths[folder],
					O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			if (fd < 0)
				return;
			(void)!symlinkat(link, fd, entry); /* as a rule it is there */
		}
		at = (size_t)(link + strlen(link) + 1 - folders.kept);
	}
	if (fd >= 0)
		close(fd);
}

static int64_t thresh_rt_ns(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

/* Something was made or removed in there since it was last looked at: 1; perhaps: -1. */
static int thresh_rt_changed(size_t folder)
{
	struct timespec now;
	struct stat st;
	int changed;

	if (stat(thresh_rt_paths[folder], &st) < 0)
		return 0;
	changed = thresh_rt_ns(&st.st_ctim) != thresh_rt_ns(&folders.changed[folder]) ? 1
		  : folders.fresh[folder]                                             ? -1
										      : 0;
	clock_gettime(CLOCK_REALTIME, &now);
	folders.changed[folder] = st.st_ctim;
	folders.fresh[folder] = thresh_rt_ns(&now) - thresh_rt_ns(&st.st_ctim) < FRESH_NS;
	return changed;
}

/* Packets that the loopback device has carried. */
static uint64_t thresh_rt_packets(void)
{
	char text[2048];
	int fd = open("/proc/self/net/dev", O_RDONLY | O_CLOEXEC);
	long n = fd < 0 ? -1 : syscall(SYS_read, fd, text, sizeof(text) - 1);
	uint64_t v = 0;
	unsigned field = 0;
	const char *p;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	p = strstr(text, "lo:");
	if (p == NULL)
		return 0;
	for (p += 3; *p != '\0' && *p != '\n' && field < 2;) { /* bytes, packets */
		while (*p == ' ')
			p++;
		for (v = 0; *p >= '0' && *p <= '9'; p++)
			v = v * 10 + (uint64_t)(*p - '0');
		field++;
	}
	return v;
}

void thresh_rt_folders_init(int scratch, int own)
{
	size_t i;

	folders.n = scratch ? own ? N_FOLDERS : 1 : 0;
	for (i = 0; i < folders.n; i++) {
		int fd = open(thresh_rt_paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		_Alignas(8) char room[4096];
		struct thresh_rt_entry *e;
		long n, at;

		while (fd >= 0 && (n = syscall(SYS_getdents64, fd, room, sizeof(room))) > 0)
			for (at = 0; at < n; at += e->len) {
				e = (struct thresh_rt_entry *)(void *)(room + at);
				if (strcmp(e->name, ".") != 0 && strcmp(e->name, "..") != 0)
					thresh_rt_keep(i, fd, e->name);
			}
		if (fd >= 0)
			close(fd);
		thresh_rt_changed(i);
	}
	folders.packets = own ? thresh_rt_packets() : 0;
}

int thresh_rt_folders_clean(int *used)
{
	int changed, met = 0;
	size_t i;

	for (i = 0; i < folders.n; i++) {
		changed = thresh_rt_changed(i);
		if (changed == 0 || folders.untouchable[i])
			continue;
		*used |= i > 0 && changed > 0; /* the first one is no twin's */
		met |= thresh_rt_empty(
			open(thresh_rt_paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC), i, DEPTH);
		thresh_rt_links_back(i);
		thresh_rt_changed(i);
	}
	return met;
}

int thresh_rt_network_used(void)
{
	uint64_t now = folders.n > 1 ? thresh_rt_packets() : 0;
	int used = now != folders.packets;

	folders.packets = now;
	return used;
}
