/*
 * How children can be parted from us here: a table from the best way to none. The first start of each process of ours goes
 * down until one works, and that one holds: what fails later on is the machine's refusal of that moment, and an error.
 */
#include "base/prelude.h"
#include "base/log.h"
#include "base/num.h"
#include "base/strv.h"
#include "proc/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#define ALL (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS)

static const struct sandbox_level levels[] = {
	{ CLONE_NEWUSER | ALL, true, true, false },
	/* user namespaces are switched off, but root needs none */
	{ ALL, true, true, true },
	/* in a container, whose /proc has holes, no new one can be made: then there is no use in a process namespace */
	{ CLONE_NEWUSER | (ALL & ~CLONE_NEWPID), true, false, false },
	{ ALL & ~CLONE_NEWPID, true, false, true },
	/* before Linux 5.12: the tree can't be made read-only in one go */
	{ CLONE_NEWUSER | ALL, false, true, false },
	{ ALL, false, true, true },
	{ CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS, false, false, false },
	{ 0, false, false, false },
};

static struct {
	size_t level;
	bool worked, warned;
	struct sandbox_have have;
} state;

int sandbox_policy_parse(const char *word, enum sandbox_policy *out)
{
	static const char *const words[] = {
		[SANDBOX_AUTO] = "auto", [SANDBOX_REQUIRED] = "required", [SANDBOX_OFF] = "off"
	};

	*out = SANDBOX_AUTO;
	for (size_t i = 0; word && i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum sandbox_policy)i;
			return 0;
		}
	return word ? -1 : 0;
}

static void look_at_kernel(void)
{
	static bool looked;

	if (looked)
		return;
	looked = true;
	state.have.landlock = landlock_version();
	state.have.seccomp = seccomp_there();
}

const struct sandbox_level *sandbox_level(void)
{
	look_at_kernel();
	while (levels[state.level].root_only && geteuid() != 0)
		state.level++;
	return &levels[state.level];
}

/* Once in a process, and in what is forked from it. */
static void warn_of_lacks(void)
{
	struct buf lacks = BUF_INIT;

	if (state.warned)
		return;
	state.warned = true;
	sandbox_lacks(&lacks);
	if (lacks.len)
		log_warn("targets are not wholly confined here: %s; `thresh doctor` says more",
			lacks.s);
	buf_release(&lacks);
}

void sandbox_worked(bool program)
{
	const struct sandbox_level *l = sandbox_level();

	state.worked = state.have.tried = true;
	state.have.view = l->view;
	state.have.processes = l->procfs;
	state.have.ipc = (l->flags & CLONE_NEWIPC) != 0;
	state.have.network = (l->flags & CLONE_NEWNET) != 0;
	if (program)
		warn_of_lacks();
}

bool sandbox_failed(int error)
{
	/* what there is too little of at the moment isn't forbidden; where there may be none, it's ENOSPC */
	if (state.worked || error == EAGAIN || error == ENOMEM || error == EMFILE ||
		error == ENFILE || state.level + 1 == ARRAY_LEN(levels))
		return false;
	state.level++;
	return true;
}

const struct sandbox_have *sandbox_have(void)
{
	look_at_kernel();
	return &state.have;
}

static void add_lack(struct buf *out, const char *text)
{
	buf_addf(out, "%s%s", out->len ? ", " : "", text);
}

void sandbox_lacks(struct buf *out)
{
	const struct sandbox_have *h = sandbox_have();
	struct buf b = BUF_INIT;

	if (!h->view && h->landlock < 3)
		add_lack(&b, h->landlock ? "they may truncate any file of yours"
					 : "they may change any file of yours");
	if (!h->view)
		add_lack(
			&b, "they have no /tmp of their own, and may read your passwords and keys");
	if (!h->processes)
		add_lack(&b, h->landlock < 6
				     ? "they may signal your processes, and leave some behind"
				     : "they may leave processes behind");
	if (!h->network)
		add_lack(&b, "they have no network, not even a loopback of their own");
	if (!h->ipc)
		add_lack(&b, "they may use your System V memory");
	if (!h->seccomp)
		add_lack(&b, "they may talk to what listens on Unix sockets");
	else if (h->view && !h->landlock)
		add_lack(&b, "this kernel has no Landlock");
	buf_add(out, buf_str(&b), b.len);
	buf_release(&b);
}

/* --- ids --- */

static int write_text(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return -1;
	ok = write(fd, text, n) == (ssize_t)n;
	close(fd);
	return ok ? 0 : -1;
}

/* All ids that there are here, as they are: "0 100000 65536" here is "0 0 65536" there. Only root may. */
static int map_all(const char *from, const char *to)
{
	struct buf map = BUF_INIT;
	char text[4096];
	int fd = open(from, O_RDONLY | O_CLOEXEC), rc = -1;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	struct strv rest = strv_n(text, n < 0 ? 0 : (size_t)n), line;

	if (fd >= 0)
		close(fd);
	while (strv_line(&rest, &line)) {
		uint64_t first, count;
		struct strv word, words = strv_trim(line);
		unsigned k = 0;
		struct strv field[3];

		while (k < 3 && words.len && strv_split(&words, ' ', &word))
			if (strv_trim(word).len)
				field[k++] = strv_trim(word);
		if (k == 3 && num_u64(field[0], &first) == 0 && num_u64(field[2], &count) == 0)
			buf_addf(&map, "%llu %llu %llu\n", (unsigned long long)first,
				(unsigned long long)first, (unsigned long long)count);
	}
	if (map.len)
		rc = write_text(to, map.s, map.len);
	buf_release(&map);
	return rc;
}

int sandbox_map_ids(pid_t pid)
{
	static const char *const ours[] = { "/proc/self/uid_map", "/proc/self/gid_map" };
	const unsigned own[] = { (unsigned)geteuid(), (unsigned)getegid() };
	char path[2][64], deny[64];

	snprintf(path[0], sizeof(path[0]), "/proc/%d/uid_map", (int)pid);
	snprintf(path[1], sizeof(path[1]), "/proc/%d/gid_map", (int)pid);
	snprintf(deny, sizeof(deny), "/proc/%d/setgroups", (int)pid);
	for (int i = 0; i < 2; i++) {
		char one[64];
		int n;

		if (own[0] == 0 && map_all(ours[i], path[i]) == 0)
			continue;
		n = snprintf(one, sizeof(one), "%u %u 1\n", own[i], own[i]);
		if (i == 1)
			write_text(deny, "deny", 4); /* old kernels have no such file */
		if (write_text(path[i], one, (size_t)n) < 0)
			return -1;
	}
	return 0;
}
