/*
 * Each way is a function that runs confined, and as a rule one that runs here afterwards and looks at the bait: what a
 * system call returned says less than what became of the file, the process or the socket. A row each.
 */
#include "base/prelude.h"
#include "proc/ways.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "proc/secrets.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define CONTENT "bait"
#define OLD 1000000000 /* the bait's time of change */
#define LEFT_MS 500    /* processes left behind are gone by then */
#define DYING_MS 50
#define DAEMON_S 5 /* unless nobody ends them */

struct bait {
	char *dir, *file, *stray, *secret, *path_socket, *dgram_socket, *shm_name, *tmp_name,
		*device;
	int stream, dgram, abstract, tcp, udp, open_fd, pipe[2];
	uint16_t tcp_port, udp_port;
	char abstract_name[64];
	int segment;
	char *segment_at;
	pid_t victim;
};

struct way {
	const char *what;
	/* inside: true when it went through, as far as can be told from there */
	bool (*go)(const struct bait *b);
	/* here, afterwards: did it? NULL: what go said counts */
	bool (*went)(const struct bait *b);
	bool root_only;
};

/* --- files --- */

static bool go_write(const struct bait *b)
{
	int fd = open(b->file, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, "x", 1) == 1;
}

static bool go_truncate(const struct bait *b)
{
	return truncate(b->file, 0) == 0;
}

static bool went_content(const struct bait *b)
{
	struct buf text = BUF_INIT;
	bool other = fs_read(b->file, 100, &text, NULL) < 0 || strcmp(buf_str(&text), CONTENT) != 0;

	buf_release(&text);
	return other;
}

static bool go_make(const struct bait *b)
{
	return close(open(b->stray, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0;
}

static bool go_link(const struct bait *b)
{
	return link(b->file, b->stray) == 0 || rename(b->file, b->stray) == 0;
}

static bool went_stray(const struct bait *b)
{
	return fs_exists(b->stray);
}

static bool go_remove(const struct bait *b)
{
	return unlink(b->file) == 0;
}

static bool go_chmod(const struct bait *b)
{
	int fd = open(b->file, O_RDONLY | O_CLOEXEC);

	return chmod(b->file, 0666) == 0 || fchmod(fd, 0666) == 0 ||
	       syscall(452 /* fchmodat2 */, AT_FDCWD, b->file, 0666, 0) == 0;
}

static bool went_mode(const struct bait *b)
{
	struct stat st;

	return stat(b->file, &st) < 0 || (st.st_mode & 0777) != 0600;
}

static bool go_chown(const struct bait *b)
{
	return chown(b->file, 12345, 12345) == 0;
}

static bool went_owner(const struct bait *b)
{
	struct stat st;

	return stat(b->file, &st) < 0 || st.st_uid != geteuid();
}

static bool go_times(const struct bait *b)
{
	return utimensat(AT_FDCWD, b->file, NULL, 0) == 0;
}

static bool went_time(const struct bait *b)
{
	struct stat st;

	return stat(b->file, &st) < 0 || st.st_mtime != OLD;
}

static bool go_attributes(const struct bait *b)
{
	int fd = open(b->file, O_RDONLY | O_CLOEXEC), flags = 0x40 /* no dump */;

	return setxattr(b->file, "user.bait", "x", 1, 0) == 0 ||
	       ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
}

static bool went_attributes(const struct bait *b)
{
	int fd = open(b->file, O_RDONLY | O_CLOEXEC), flags = 0;
	bool set = getxattr(b->file, "user.bait", NULL, 0) >= 0 ||
		   (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & 0x40));

	close(fd);
	return set;
}

static bool go_tmp(const struct bait *b)
{
	return close(open(b->tmp_name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0;
}

static bool went_tmp(const struct bait *b)
{
	return fs_exists(b->tmp_name);
}

static bool go_open_fd(const struct bait *b)
{
	return write(b->open_fd, "x", 1) == 1;
}

static bool go_secret(const struct bait *b)
{
	char byte;
	int fd = open(b->secret, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

/* --- processes --- */

/* Not all there are, whatever happens: who tries is one of them. */
static bool go_signal(const struct bait *b)
{
	return kill(b->victim, SIGTERM) == 0;
}

static void pause_ms(unsigned ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static bool victim_is_dead(const struct bait *b)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)b->victim, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == b->victim;
}

static bool went_victim(const struct bait *b)
{
	pause_ms(DYING_MS);
	return victim_is_dead(b);
}

/* Who started it, if that isn't the first process of a namespace, which nobody in there can harm. */
static bool go_parent(const struct bait *b)
{
	(void)b;
	return getppid() > 1 && kill(getppid(), 0) == 0;
}

static bool go_look_into(const struct bait *b)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)CONTENT, 1 };

	return process_vm_readv(b->victim, &here, 1, &there, 1, 0) == 1 ||
	       ptrace(PTRACE_SEIZE, b->victim, NULL, NULL) == 0;
}

static bool go_limit(const struct bait *b)
{
	struct rlimit rl = { 77, 77 };

	return prlimit(b->victim, RLIMIT_NOFILE, &rl, NULL) == 0;
}

static bool went_limit(const struct bait *b)
{
	struct rlimit rl = { 0, 0 };

	return prlimit(b->victim, RLIMIT_NOFILE, NULL, &rl) == 0 && rl.rlim_cur == 77;
}

/* A session of its own, and nobody's child: as services go about it. It holds the pipe. */
static bool go_daemon(const struct bait *b)
{
	(void)b;
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return false;
		if (pid > 0) {
			pause_ms(DYING_MS); /* it has left our session by then */
			return true;
		}
		setsid();
	}
	sleep(DAEMON_S);
	_exit(0);
}

static bool went_daemon(const struct bait *b)
{
	struct pollfd p = { b->pipe[0], POLLIN, 0 };

	return poll(&p, 1, LEFT_MS) <= 0; /* else it is at its end: nobody has the other one */
}

/* --- sockets and memory --- */

static bool reach(int type, const char *path, size_t n)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, type | SOCK_CLOEXEC, 0), pair[2];

	memcpy(to.sun_path, path, MIN(n, sizeof(to.sun_path)));
	if (s < 0 && type == SOCK_DGRAM &&
		socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == 0)
		s = pair[0];
	if (s < 0 || (type == SOCK_STREAM &&
			     connect(s, (struct sockaddr *)&to,
				     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0))
		return false;
	return type == SOCK_STREAM ||
	       sendto(s, "x", 1, 0, (struct sockaddr *)&to,
		       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 1;
}

static bool go_stream(const struct bait *b)
{
	return reach(SOCK_STREAM, b->path_socket, strlen(b->path_socket) + 1);
}

static bool go_dgram(const struct bait *b)
{
	return reach(SOCK_DGRAM, b->dgram_socket, strlen(b->dgram_socket) + 1);
}

static bool go_abstract(const struct bait *b)
{
	return reach(SOCK_STREAM, b->abstract_name, strlen(b->abstract_name + 1) + 1);
}

static bool accepted(int listener)
{
	int s = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (s >= 0)
		close(s);
	return s >= 0;
}

static bool received(int socket)
{
	char byte;

	return recv(socket, &byte, 1, MSG_DONTWAIT) == 1;
}

static bool went_stream(const struct bait *b)
{
	return accepted(b->stream);
}

static bool went_dgram(const struct bait *b)
{
	return received(b->dgram);
}

static bool went_abstract(const struct bait *b)
{
	return accepted(b->abstract);
}

static bool send_to_port(int type, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int s = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	return s >= 0 && connect(s, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	       send(s, "x", 1, MSG_NOSIGNAL) == 1 && type == SOCK_STREAM;
}

static bool go_tcp(const struct bait *b)
{
	return send_to_port(SOCK_STREAM, b->tcp_port);
}

static bool went_tcp(const struct bait *b)
{
	return accepted(b->tcp);
}

static bool go_udp(const struct bait *b)
{
	return send_to_port(SOCK_DGRAM, b->udp_port);
}

static bool went_udp(const struct bait *b)
{
	return received(b->udp);
}

static bool go_segment(const struct bait *b)
{
	char *at = shmat(b->segment, NULL, 0);

	if (at == (void *)-1)
		return false;
	at[0] = 'x';
	return true;
}

static bool went_segment(const struct bait *b)
{
	return b->segment_at[0] != CONTENT[0];
}

static bool go_shm(const struct bait *b)
{
	int fd = shm_open(b->shm_name, O_RDWR, 0);

	return fd >= 0 && write(fd, "x", 1) == 1;
}

static bool went_shm(const struct bait *b)
{
	int fd = shm_open(b->shm_name, O_RDWR, 0);
	char byte = 0;
	bool other = fd < 0 || read(fd, &byte, 1) != 1 || byte != CONTENT[0];

	if (fd >= 0)
		close(fd);
	return other;
}

/* --- the machine --- */

static bool go_device(const struct bait *b)
{
	return b->device && open(b->device, O_WRONLY | O_CLOEXEC) >= 0;
}

static bool go_settings(const struct bait *b)
{
	(void)b;
	return open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC) >= 0 ||
	       open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC) >= 0 ||
	       open("/sys/kernel/mm/transparent_hugepage/enabled", O_WRONLY | O_CLOEXEC) >= 0;
}

static bool refused(long rc)
{
	return rc < 0 && (errno == EPERM || errno == ENOSYS || errno == EACCES);
}

static bool go_namespace(const struct bait *b)
{
	(void)b;
	return !refused(unshare(CLONE_NEWUSER)) || !refused(unshare(CLONE_NEWNS));
}

static bool go_terminal(const struct bait *b)
{
	char c = 'x';

	(void)b;
	return !refused(ioctl(STDIN_FILENO, TIOCSTI, &c));
}

static bool go_kernel(const struct bait *b)
{
	static const long calls[] = { SYS_keyctl, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
		425 /* io_uring_setup */ };

	(void)b;
	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (!refused(syscall(calls[i], 0, NULL, 0, 0, 0)))
			return true;
	return false;
}

static const struct way ways[] = {
	{ "write to a file of yours", go_write, went_content, false },
	{ "truncate a file of yours", go_truncate, went_content, false },
	{ "remove a file of yours", go_remove, went_content, false },
	{ "make a file in a folder of yours", go_make, went_stray, false },
	{ "rename or link a file of yours", go_link, went_stray, false },
	{ "change the mode of a file of yours", go_chmod, went_mode, false },
	{ "change the owner of a file", go_chown, went_owner, true },
	{ "change the times of a file of yours", go_times, went_time, false },
	{ "change the attributes of a file of yours", go_attributes, went_attributes, false },
	{ "write to the system's /tmp", go_tmp, went_tmp, false },
	{ "write to a file that thresh has open", go_open_fd, went_content, false },
	{ "read your passwords and keys", go_secret, NULL, false },
	{ "kill a process of yours", go_signal, went_victim, false },
	{ "signal thresh", go_parent, NULL, false },
	{ "look into your processes", go_look_into, NULL, false },
	{ "limit your processes", go_limit, went_limit, false },
	{ "leave a process behind", go_daemon, went_daemon, false },
	{ "connect to a Unix socket by its path", go_stream, went_stream, false },
	{ "send a datagram to a Unix socket by its path", go_dgram, went_dgram, false },
	{ "connect to an abstract Unix socket", go_abstract, went_abstract, false },
	{ "connect to a TCP port of this machine", go_tcp, went_tcp, false },
	{ "send to a UDP port of this machine", go_udp, went_udp, false },
	{ "write to System V memory of yours", go_segment, went_segment, false },
	{ "write to POSIX shared memory of yours", go_shm, went_shm, false },
	{ "type at your terminal", go_terminal, NULL, false },
	{ "make namespaces of its own", go_namespace, NULL, false },
	{ "reach io_uring, BPF, perf, keyrings or userfaultfd", go_kernel, NULL, false },
	{ "write to a disk", go_device, NULL, true },
	{ "change the machine's settings", go_settings, NULL, true },
};

/* --- the bait --- */

static int listen_unix(int type, const char *path, size_t n)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, path, MIN(n, sizeof(at.sun_path)));
	if (s < 0 ||
		bind(s, (struct sockaddr *)&at,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0 ||
		(type == SOCK_STREAM && listen(s, 5) < 0))
		return -1;
	return s;
}

static int listen_port(int type, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(at);
	int s = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		(type == SOCK_STREAM && listen(s, 5) < 0) ||
		getsockname(s, (struct sockaddr *)&at, &n) < 0)
		return -1;
	*port = ntohs(at.sin_port);
	return s;
}

static int lay_memory(struct bait *b)
{
	int fd = shm_open(b->shm_name, O_RDWR | O_CREAT | O_EXCL, 0600);
	bool ok = fd >= 0 && write(fd, CONTENT, sizeof(CONTENT)) == (ssize_t)sizeof(CONTENT);

	if (fd >= 0)
		close(fd);
	b->segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	b->segment_at = b->segment < 0 ? (void *)-1 : shmat(b->segment, NULL, 0);
	if (b->segment >= 0)
		shmctl(b->segment, IPC_RMID, NULL);
	if (b->segment_at == (void *)-1) {
		b->segment_at = NULL;
		return -1;
	}
	memcpy(b->segment_at, CONTENT, sizeof(CONTENT));
	return ok ? 0 : -1;
}

/* A process that could be harmed. */
static int lay_victim(struct bait *b)
{
	b->victim = fork();
	if (b->victim == 0) {
		for (int sig = 1; sig < NSIG; sig++)
			signal(sig, SIG_DFL);
		for (;;)
			pause();
	}
	return b->victim < 0 ? -1 : 0;
}

static char *some_disk(void)
{
	struct strlist names = STRLIST_INIT;
	char *found = NULL;

	fs_list("/dev", &names, NULL);
	for (size_t i = 0; i < names.n && !found; i++) {
		char *path = fs_join("/dev", names.v[i]);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISBLK(st.st_mode))
			found = path;
		else
			free(path);
	}
	strlist_release(&names);
	return found;
}

/* Anew for each way: the one before may have eaten it. */
static int lay_file(const struct bait *b, struct err *err)
{
	const struct timespec old[2] = { { OLD, 0 }, { OLD, 0 } };

	if (fs_remove(b->file, err) < 0 || fs_remove(b->stray, err) < 0 ||
		fs_write(b->file, CONTENT, strlen(CONTENT), 0600, err) < 0)
		return -1;
	return utimensat(AT_FDCWD, b->file, old, 0) < 0 ? err_errno(err, "%s", b->file) : 0;
}

static int lay(struct bait *b, struct err *err)
{
	unsigned me = (unsigned)getpid();

	b->dir = fs_tmpdir("thresh-ways", err);
	if (!b->dir)
		return -1;
	b->file = fs_join(b->dir, "file");
	b->stray = fs_join(b->dir, "stray");
	b->secret = fs_join(b->dir, "secret");
	b->path_socket = fs_join(b->dir, "stream");
	b->dgram_socket = fs_join(b->dir, "dgram");
	b->shm_name = xasprintf("/thresh-ways-%u", me);
	b->tmp_name = xasprintf("/tmp/thresh-ways-stray-%u", me);
	b->device = some_disk();
	snprintf(b->abstract_name, sizeof(b->abstract_name), "%cthresh-ways-%u", '\0', me);
	b->stream = listen_unix(SOCK_STREAM, b->path_socket, strlen(b->path_socket) + 1);
	b->dgram = listen_unix(SOCK_DGRAM, b->dgram_socket, strlen(b->dgram_socket) + 1);
	b->abstract = listen_unix(SOCK_STREAM, b->abstract_name, strlen(b->abstract_name + 1) + 1);
	b->tcp = listen_port(SOCK_STREAM, &b->tcp_port);
	b->udp = listen_port(SOCK_DGRAM, &b->udp_port);
	if (b->stream < 0 || b->dgram < 0 || b->abstract < 0 || b->tcp < 0 || b->udp < 0 ||
		lay_memory(b) < 0 || lay_victim(b) < 0)
		return err_errno(err, "%s: what the sandbox is to be tried on", b->dir);
	if (fs_write(b->secret, CONTENT, strlen(CONTENT), 0600, err) < 0)
		return -1;
	proc_hide(b->secret);
	return lay_file(b, err);
}

static void clear(struct bait *b)
{
	const int fds[] = { b->stream, b->dgram, b->abstract, b->tcp, b->udp };
	char *const names[] = { b->dir, b->file, b->stray, b->secret, b->path_socket,
		b->dgram_socket, b->shm_name, b->tmp_name, b->device };

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] > 0)
			close(fds[i]);
	if (b->victim > 0) {
		kill(b->victim, SIGKILL);
		while (waitpid(b->victim, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (b->segment_at)
		shmdt(b->segment_at);
	if (b->shm_name)
		shm_unlink(b->shm_name);
	if (b->tmp_name)
		unlink(b->tmp_name);
	if (b->dir)
		fs_remove_tree(b->dir, NULL);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		free(names[i]);
}

/* --- the trial --- */

struct trial {
	const struct way *way;
	const struct bait *bait;
};

static int go(void *arg)
{
	const struct trial *t = arg;

	return t->way->go(t->bait) ? 0 : 1;
}

static int try_one(const struct way *w, struct bait *b, enum proc_confine confine,
	enum way_state *state, struct err *err)
{
	static const char *const argv[] = { "a way out", NULL };
	struct trial trial = { w, b };
	const char *visible[] = { b->dir, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	int rc;

	if (lay_file(b, err) < 0)
		return -1;
	b->open_fd = open(b->file, O_RDWR); /* left open on purpose */
	if (b->open_fd < 0 || pipe2(b->pipe, O_CLOEXEC) < 0)
		return err_errno(err, "%s", b->file);
	spec.argv = argv;
	spec.exe = argv[0];
	spec.inside = go;
	spec.inside_arg = &trial;
	spec.confine = confine;
	spec.visible = visible;
	spec.keep_fd = b->pipe[1];
	spec.keep_as = 3;
	spec.wall_ms = 10000;
	rc = proc_run(&spec, &r, err);
	close(b->pipe[1]);
	if (rc == 0) {
		bool went = w->went ? w->went(b) : r.status == 0;

		*state = went ? WAY_OPEN : WAY_SHUT;
		proc_result_release(&r);
	}
	close(b->pipe[0]);
	close(b->open_fd);
	return rc;
}

int ways_try(enum proc_confine confine, way_seen_fn seen, void *arg, struct err *err)
{
	struct bait b = { .stream = -1 };
	int rc = lay(&b, err);

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(ways); i++) {
		enum way_state state = WAY_UNTRIED;

		if (!ways[i].root_only || geteuid() == 0)
			rc = try_one(&ways[i], &b, confine, &state, err);
		if (rc == 0)
			seen(arg, ways[i].what, state);
		if (rc == 0 && victim_is_dead(&b)) {
			while (waitpid(b.victim, NULL, 0) < 0 && errno == EINTR)
				;
			rc = lay_victim(&b);
		}
	}
	clear(&b);
	return rc;
}
