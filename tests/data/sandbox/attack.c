/*
 * Does harm, or uses what a target may need, as its input says: 'h' and 'u'; 'f' writes where it may not. -DALONE: a program
 * of its own, which stops whoever started it, too ('s'). places.h says where.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "places.h"
#define KEPT PROJECT "/kept"

static void harm(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd;

	strcpy(at.sun_path, SOCKET);
	connect(s, (struct sockaddr *)&at, sizeof(at));
	close(s);
	truncate(KEPT, 0);
	chmod(KEPT, 0666);
	utimensat(AT_FDCWD, KEPT, NULL, 0);
	unlink(KEPT);
	fd = open(KEPT, O_WRONLY | O_APPEND);
	if (fd >= 0 && write(fd, "x", 1) == 1)
		close(fd);
	close(open(STRAY, O_WRONLY | O_CREAT, 0600));
	/* what thresh keeps beside an engine's folders */
	rename("../artifacts", "../gone");
	symlink(PROJECT "/precious", "../artifacts");
	symlink(KEPT, "../sharing");
	symlink(KEPT, "../found");
	mkfifo("../began", 0600);
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			execl("/bin/sleep", MARK, "300", (char *)NULL);
			_exit(1);
		}
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

static void need(int ok)
{
	if (!ok)
		abort();
}

static void use(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(at);
	char name[] = "/tmp/target-XXXXXX";
	int fd = mkstemp(name), s = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), a, b;
	FILE *f = tmpfile();

	need(fd >= 0 && write(fd, "x", 1) == 1 && unlink(name) == 0 && f != NULL);
	close(fd);
	fclose(f);
	fd = shm_open("/target", O_RDWR | O_CREAT | O_EXCL, 0600);
	need(fd >= 0 && ftruncate(fd, 4096) == 0 && shm_unlink("/target") == 0);
	close(fd);
	need(openpty(&a, &b, NULL, NULL, NULL) == 0);
	close(a);
	close(b);
	need(bind(s, (struct sockaddr *)&at, n) == 0 && listen(s, 1) == 0 && getsockname(s, (struct sockaddr *)&at, &n) == 0 &&
		connect(c, (struct sockaddr *)&at, n) == 0);
	close(s);
	close(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n)
{
	static int done;

	if (n && d[0] == 'h' && !done++)
		harm();
	if (n && d[0] == 'u')
		use();
	if (n && d[0] == 'f')
		close(open(PROJECT "/free", O_WRONLY | O_CREAT, 0600));
	return 0;
}

#ifdef ALONE
int main(int argc, char **argv)
{
	unsigned char d[10] = { 0 };
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : stdin;
	size_t n = f ? fread(d, 1, sizeof(d), f) : 0;

	if (d[0] == 's') { /* whoever started it */
		kill(getppid(), SIGSTOP);
		return 0;
	}
	return LLVMFuzzerTestOneInput(d, n);
}
#endif
