/*
 * The far end of the fork server as AFL++ has it from 4.20 on, written after its documents: compilers before that greet
 * in another way, and no distribution has both. Runs before main; each child of it goes on there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL 198
#define STATUS 199
#define HELLO 0x41464c01u
#define OPTIONS (0x1u | 0x2u | 0x800u) /* map size, shared input, dictionary */

static const unsigned char *shared;

static void say(uint32_t word)
{
	if (write(STATUS, &word, sizeof(word)) != sizeof(word))
		_exit(1);
}

static uint32_t hear(void)
{
	uint32_t word;

	if (read(CONTROL, &word, sizeof(word)) != sizeof(word))
		_exit(1);
	return word;
}

__attribute__((constructor)) static void serve(void)
{
	static const char dictionary[] = "\3abc\4defg";
	const char *map = getenv("__AFL_SHM_ID"), *input = getenv("__AFL_SHM_FUZZ_ID");

	if (map == NULL || input == NULL)
		return;
	say(HELLO);
	if (hear() != ~HELLO)
		_exit(2);
	say(OPTIONS);
	say(65536);
	say(sizeof(dictionary) - 1);
	if (write(STATUS, dictionary, sizeof(dictionary) - 1) != sizeof(dictionary) - 1)
		_exit(1);
	say(HELLO);
	shared = shmat(atoi(input), NULL, SHM_RDONLY);
	for (;;) {
		int status;
		pid_t child;

		hear();
		child = fork();
		if (child == 0) {
			close(CONTROL);
			close(STATUS);
			return;
		}
		say((uint32_t)child);
		waitpid(child, &status, 0);
		say((uint32_t)status);
	}
}

/* NULL: it runs by itself, and reads a file. */
const unsigned char *afl_shared(size_t *n)
{
	if (shared == NULL)
		return NULL;
	*n = *(const uint32_t *)(const void *)shared;
	return shared + sizeof(uint32_t);
}
