/* A program of somebody else's: reads a file or standard input, and fails on some bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : stdin;
	int c;

	if (f == NULL) {
		perror(argv[1]);
		return 2;
	}
	c = getc(f);
	if (c == 'A')
		abort();
	if (c == 'x')
		return 3;
	if (c == 'w')
		for (;;)
			sleep(1000);
	if (c == 'e')
		fprintf(stderr, "hello\n");
	return 0;
}
