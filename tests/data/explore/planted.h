/*
 * Bugs that were planted, for tools/bench-explore: each is a function of its own, bug_NAME, and leaves a file NAME in the
 * folder $BENCH_BUGS when a build meets it that can see it fail.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEES_MEMORY 1
#endif
#endif
#ifndef SEES_MEMORY
#define SEES_MEMORY 0
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void mark(const char *name)
{
	const char *dir = getenv("BENCH_BUGS");
	char path[512];
	int fd;

	if (!dir)
		return;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT, 0666);
	if (fd >= 0)
		close(fd);
}

#define PLANT(name, sees, fault)                                       \
	static __attribute__((noinline, unused)) void bug_##name(void) \
	{                                                              \
		if (sees)                                              \
			mark(#name);                                   \
		fault;                                                 \
	}
#define PLANT_ABORT(name) PLANT(name, 1, abort())
#define PLANT_NULL(name) PLANT(name, 1, *(volatile int *)8 = 1)
#define PLANT_WRITE(name) PLANT(name, SEES_MEMORY, char *volatile p = malloc(8); p[8] = 1; free(p))
#define PLANT_READ(name)                                                                        \
	PLANT(name, SEES_MEMORY, char *volatile p = malloc(8); volatile char c = p[9]; (void)c; \
		free(p))
#define PLANT_FREED(name) PLANT(name, SEES_MEMORY, char *volatile p = malloc(8); free(p); p[0] = 1)
