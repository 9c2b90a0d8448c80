/* Somebody else's program, made by AFL++'s compiler: one process per input, or, with LOOP, as its persistent mode wants it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *input = "";

static void show(const char *path)
{
	char line[64] = "missing\n";
	FILE *f = fopen(path, "r");

	if (f != NULL && fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	if (f != NULL)
		fclose(f);
	fprintf(stderr, "%s: %s", path, line);
}

/* What it was given, another thing for whoever writes the next one there. */
static void replace_input(char how)
{
	char *real = realpath("here.txt", NULL);
	int rc = remove(input);

	if (how == 'f')
		rc = mkfifo(input, 0600);
	else if (how == 'd')
		rc = mkdir(input, 0700);
	else if (how == 'l')
		rc = symlink(real, input);
	if (rc != 0)
		perror(input);
	free(real);
}

static void one(const unsigned char *p, size_t n)
{
	static unsigned rounds;
	char *heap;
	FILE *f;

	rounds++;
	switch (n > 0 ? p[0] : 0) {
	case 'A':
		abort();
	case 'h':
		heap = malloc(n);
		heap[n + (p[0] == 'h')] = 1;
		fprintf(stderr, "%p\n", (void *)heap);
		break;
	case 'x':
		exit(3);
	case 'w':
		for (;;)
			sleep(1000);
	case 's':
		for (;;)
			;
	case 'p':
		fprintf(stderr, "parent %d round %u\n", (int)getppid(), rounds);
		break;
	case 'k':
		kill(getppid(), SIGKILL);
		sleep(1);
		break;
	case 'g':
		if (fork() == 0)
			sleep(1000);
		break;
	case 'i':
		replace_input(n > 1 ? p[1] : 0);
		break;
	case 'l':
		fprintf(stderr, "length %zu\n", n);
		break;
	case 'r':
		show("here.txt");
		show("sub/there.txt");
		show("left");
		f = fopen("left", "w");
		if (f != NULL)
			fputs("behind\n", f);
		if (f != NULL)
			fclose(f);
		f = fopen("here.txt", "r+");
		fprintf(stderr, "%s", f == NULL ? "protected\n" : "open\n");
		break;
	}
}

#ifdef LOOP
__AFL_FUZZ_INIT();
#endif
/* afl_new.c, where it is linked in */
__attribute__((weak)) const unsigned char *afl_shared(size_t *n);

int main(int argc, char **argv)
{
	static unsigned char data[1 << 20];
	FILE *f = argc > 1 && argv[1][0] != '-' ? fopen(argv[1], "rb") : stdin;

	if (f == NULL)
		return 2;
	input = argc > 1 ? argv[1] : "";
#ifdef LOOP
	__AFL_INIT();
	{
		unsigned char *shared = __AFL_FUZZ_TESTCASE_BUF;

		while (__AFL_LOOP(1000)) {
			size_t n = (size_t)__AFL_FUZZ_TESTCASE_LEN;

			one(shared, n);
		}
	}
#else
	size_t n;
	const unsigned char *shared = afl_shared ? afl_shared(&n) : NULL;

	if (shared != NULL)
		one(shared, n);
	else
		one(data, fread(data, 1, sizeof(data), f));
#endif
	return 0;
}
