/*
 * Says where it runs, and counts its starts in the file that STARTS names; -DINIT: it has something to initialise.
 * Input: 'n' nothing, 'K' kills its server, 'w' leaves a file in its directory and may find none there before, 't' uses
 * one in /tmp, always of the same name, 'T' leaves it there, and may find none before.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static __attribute__((constructor)) void started(void)
{
	const char *path = getenv("STARTS");
	int fd = path ? open(path, O_WRONLY | O_APPEND) : -1;

	if (fd >= 0 && write(fd, "s", 1) == 1)
		close(fd);
}

#ifdef INIT
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char cwd[4096];
	const char *tmp = getenv("TMPDIR");
	int fd;

	if (size && data[0] == 'K') {
		kill(getppid(), SIGKILL);
		sleep(1);
	}
	if (size && data[0] == 'w') {
		fd = open("here", O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			abort();
		close(fd);
		unlink("here");
	}
	if (size && (data[0] | 32) == 't') {
		fd = open("/tmp/always-the-same", O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			abort();
		close(fd);
		usleep(500);
		if (data[0] == 't')
			unlink("/tmp/always-the-same");
	}
	if (!getcwd(cwd, sizeof(cwd)) || !tmp || strcmp(cwd, tmp) != 0)
		abort();
	fprintf(stderr, "server %d in %s\n", (int)getppid(), cwd);
	usleep(1000);
	return 0;
}
