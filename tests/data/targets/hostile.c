/*
 * Targets that mean harm, one behaviour each: tools/attack builds this with -DATTACK=NAME and looks afterwards what came of
 * it. $VICTIM is a folder outside the project with a file `precious` in it, $VICTIM_PID a process of the same user.
 * Each attack ends by returning, so that the next input comes, unless its ending is the attack.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char victim[512], precious[600];
static pid_t victim_pid;
static volatile int sink;
static int *volatile null;

static void crash(void)
{
	sink = *null;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		sink++;
	if (fd >= 0)
		close(fd);
}

static void each_descriptor(void (*f)(int))
{
	for (int fd = 0; fd < 1024; fd++)
		f(fd);
}

/* --- other people's files --- */

static void delete_file(void) { unlink(precious); }
static void delete_from_root(void) { if (system("exec 2>/dev/null; rm -rf \"$VICTIM\"")) sink++; }
static void truncate_file(void) { sink = truncate(precious, 0); }
static void overwrite_file(void) { put(precious, "mine"); }
static void rename_over(void) { put("mine", "mine"); sink = rename("mine", precious); }
static void rename_away(void) { sink = rename(precious, "mine"); }
static void link_to(void) { sink = link(precious, "mine"); put("mine", "mine"); }
static void change_mode(void) { sink = chmod(precious, 0777); }
static void change_owner(void) { sink = chown(precious, 1, 1); }
static void change_times(void) { struct timeval t[2] = { { 1, 0 }, { 1, 0 } }; sink = utimes(precious, t); }
static void change_attributes(void) { sink = setxattr(precious, "user.mine", "x", 1, 0); }
static void make_beside(void) { char path[700]; snprintf(path, sizeof(path), "%s/mine", victim); put(path, "mine"); mkdir(path, 0777); }
static void write_through_proc(void)
{
	char path[700];

	snprintf(path, sizeof(path), "/proc/self/root%s", precious);
	put(path, "mine");
}
static void write_database(void)
{
	char dir[600], *at;

	/* what a target may guess: the project is above its executable */
	if (readlink("/proc/self/exe", dir, sizeof(dir) - 1) > 0 && (at = strstr(dir, "/.thresh/"))) {
		strcpy(at, "/.thresh/thresh.db");
		put(dir, "mine");
		unlink(dir);
	}
}

/* --- what thresh itself reads --- */

static void link_names(void)
{
	static const char *const names[] = { "artifacts", "sharing", "corpus", "queue", "crashes", "out", "log", "began", "stats", "input", ".cur_input", "fuzzer_stats" };
	char up[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (symlink(victim, names[i]) < 0 && errno == EEXIST && rename(names[i], "was") == 0)
			sink = symlink(victim, names[i]);
		snprintf(up, sizeof(up), "../%s", names[i]);
		if (symlink(victim, up) < 0 && errno == EEXIST && rename(up, "was") == 0)
			sink = symlink(victim, up);
	}
}
static void fifo_names(void)
{
	static const char *const names[] = { "artifacts", "sharing", "input", "began", "crash-1", "../began", "../input" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unlink(names[i]);
		mkfifo(names[i], 0666);
	}
}
static void odd_names(void)
{
	put("\033]0;mine\007\033[2J", "x");
	put("a\nb", "x");
	put("-rf", "x");
	put("crash-\xff\xfe", "x");
	mkdir("deep", 0777);
	for (int i = 0; i < 200 && chdir("deep") == 0; i++)
		mkdir("deep", 0777);
}
static void unremovable(void)
{
	mkdir("locked", 0777);
	put("locked/file", "x");
	chmod("locked", 0);
}
static void no_folder(void)
{
	char here[1024];

	if (getcwd(here, sizeof(here)) && chdir("/") == 0)
		rmdir(here);
}
static void many_files(void)
{
	char name[64];

	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "f%d-%d", (int)getpid(), i);
		put(name, "");
	}
}
static void big_files(void)
{
	int fd = open("/tmp/big", O_RDWR | O_CREAT, 0600), fd2 = open("big", O_RDWR | O_CREAT, 0600);
	char block[65536] = { 0 };

	for (int i = 0; i < 4000; i++)
		if (write(fd, block, sizeof(block)) < 0 && write(fd2, block, sizeof(block)) < 0)
			break;
}
static void shadow_line(void)
{
#line 2 "/etc/shadow"
	crash();
#line 200 "hostile.c"
}

/* --- processes --- */

static void kill_all(void) { kill(-1, SIGKILL); }
static void kill_parent(void) { kill(getppid(), SIGKILL); }
static void kill_group(void) { kill(0, SIGKILL); }
static void kill_victim(void) { kill(victim_pid, SIGKILL); }
static void stop_parent(void) { kill(getppid(), SIGSTOP); }
static void stop_self(void) { raise(SIGSTOP); }
static void trace_parent(void) { if (ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0) sleep(1); }
static void trace_me(void) { sink = (int)ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGTRAP); }
static void trace_victim(void) { if (ptrace(PTRACE_ATTACH, victim_pid, 0, 0) == 0) sleep(1); }
static void write_parent_memory(void)
{
	char path[64], junk[4096] = { 0 };
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)getppid());
	fd = open(path, O_RDWR);
	for (int i = 0; fd >= 0 && i < 64; i++)
		sink = (int)pwrite(fd, junk, sizeof(junk), 0x400000 + i * 4096);
}
static void stay_behind(void)
{
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			setsid();
			signal(SIGTERM, SIG_IGN);
			if (fork() == 0)
				for (;;)
					sleep(1000);
			_exit(0);
		}
}
static void fork_many(void)
{
	for (int i = 0; i < 300; i++)
		if (fork() == 0) {
			sleep(1000);
			_exit(0);
		}
}
static void child_crashes(void) { if (fork() == 0) crash(); wait(NULL); }
static void ignore_children(void) { signal(SIGCHLD, SIG_IGN); }
static void ignore_signals(void)
{
	for (int s = 1; s < 65; s++)
		signal(s, SIG_IGN);
	for (;;)
		sink++;
}
static void block_and_sleep(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (;;)
		sleep(1000);
}
static void *later(void *arg) { (void)arg; usleep(20000); crash(); return NULL; }
static void thread_crashes(void) { pthread_t t; pthread_create(&t, NULL, later, NULL); pthread_detach(t); }
static void hang_at_exit(void) { for (;;) sleep(1000); }
static void exit_hangs(void) { atexit(hang_at_exit); exit(0); }
static void exit_crashes(void) { atexit(crash); exit(0); }
static void crash_later(void) { atexit(crash); }
static void exit_zero(void) { exit(0); }
static void exit_77(void) { _exit(77); }
static void signal_self(void)
{
	static const int all[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2, SIGPOLL, SIGVTALRM, SIGXFSZ };
	static int next;

	raise(all[next++ % (int)(sizeof(all) / sizeof(*all))]);
}

/* --- descriptors and limits --- */

static void close_one(int fd) { if (fd > 2) close(fd); }
static void close_all(void) { each_descriptor(close_one); }
static void close_standard(void) { close(0); close(1); close(2); }
static void junk_one(int fd) { if (fd > 2) sink = (int)write(fd, "junkjunkjunkjunk", 16); }
static void junk_all(void) { each_descriptor(junk_one); }
static void drain_one(int fd) { char b[4096]; fcntl(fd, F_SETFL, O_NONBLOCK); sink = (int)read(fd, b, sizeof(b)); }
static void drain_all(void) { each_descriptor(drain_one); }
static void shrink_one(int fd) { sink = ftruncate(fd, 0); }
static void shrink_all(void) { each_descriptor(shrink_one); }
static void replace_one(int fd) { int n = open("/dev/null", O_RDWR); if (fd > 2) dup2(n, fd); close(n); }
static void replace_all(void) { each_descriptor(replace_one); }
static void no_limits(void)
{
	struct rlimit r = { 0, 0 };

	for (int i = 0; i < 16; i++)
		if (i != RLIMIT_STACK)
			setrlimit(i, &r);
}
static void own_seccomp(void)
{
	struct sock_filter f[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { sizeof(f) / sizeof(*f), f };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}
static void own_namespaces(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) {
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
		umount2("/tmp", MNT_DETACH);
		sink = mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL);
	}
	put(precious, "mine");
}
static void memory(void) { for (size_t i = 0; i < 64; i++) { char *p = malloc((size_t)1 << 30); if (p) memset(p, 1, (size_t)1 << 30); } }
static void shared_segments(void) { for (int i = 0; i < 50; i++) sink = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600); }
static void unmap_all(void) { munmap((void *)0x10000, (size_t)1 << 46); }

/* --- words --- */

static void forge_report(void)
{
	fputs("==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x1 bp 0x2 sp 0x3\nWRITE of size 8 at 0x602000000010 thread T0\n    #0 0x1 in login_check /src/login.c:1:1\n==1==ABORTING\n", stderr);
	crash();
}
void __sanitizer_set_report_path(const char *path) __attribute__((weak));
static void lose_report(void)
{
	if (__sanitizer_set_report_path)
		__sanitizer_set_report_path("/proc/mine");
	crash();
}
static void forge_and_return(void)
{
	fputs("==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x1 bp 0x2 sp 0x3\n    #0 0x1 in login_check /src/login.c:1:1\n==1==ABORTING\n", stderr);
}
static void escapes(void)
{
	for (int i = 0; i < 2; i++)
		fputs("\033]0;mine\007\033[2J\033[31m\x9b" "31m\r\b\b</script><script>alert(1)</script>]]>&lt;\n", i ? stderr : stdout);
	crash();
}
static void nuls(void) { for (int i = 0; i < 1000; i++) fputc(0, stderr); crash(); }
static void flood(void) { for (int i = 0; i < 3000000; i++) fputs("a warning that says the same again and again\n", stderr); }
static void flood_and_crash(void) { flood(); crash(); }
static void tap(void) { puts("ok 1\nBail out! mine\n1..0"); fflush(stdout); }
static void own_name(void) { prctl(PR_SET_NAME, "\033[2Jmine"); crash(); }

/* --- others --- */

static void unix_socket(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", victim);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		sink = (int)write(fd, "mine\n", 5);
	close(fd);
}
static void terminal(void)
{
	int fd = open("/dev/tty", O_RDWR);

	for (const char *s = "echo mine > mine\n"; *s; s++)
		sink = ioctl(fd < 0 ? 0 : fd, TIOCSTI, s);
}
static void kernel_doors(void)
{
	syscall(SYS_bpf, 0, NULL, 0);
	syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
	syscall(SYS_keyctl, 0, 0, 0, 0, 0);
	syscall(SYS_userfaultfd, 0);
	syscall(SYS_init_module, NULL, 0, "");
	syscall(SYS_reboot, 0, 0, 0, NULL);
	syscall(SYS_kexec_load, 0, 0, NULL, 0);
	sink = setuid(0) | setgid(0) | chroot(".");
	sink = sethostname("mine", 4);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *v = getenv("VICTIM"), *pid = getenv("VICTIM_PID");

	(void)argc, (void)argv;
	snprintf(victim, sizeof(victim), "%s", v ? v : "/nonexistent");
	snprintf(precious, sizeof(precious), "%s/precious", victim);
	victim_pid = pid ? atoi(pid) : 0x7ffffff0;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n && p[0] == 'A')
		ATTACK();
	return 0;
}

#ifdef FOREIGN
int main(int argc, char **argv)
{
	uint8_t b[4096];
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : stdin;
	size_t n = f ? fread(b, 1, sizeof(b), f) : 0;

	LLVMFuzzerInitialize(&argc, &argv);
	return LLVMFuzzerTestOneInput(b, n);
}
#endif
