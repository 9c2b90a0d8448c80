#include <stdlib.h>
#include <stdio.h>
int thresh_rt_serve(int fd, int argc, char **argv) __attribute__((weak));
int main(int argc, char **argv)
{
	const char *fd = getenv("THRESH_RT_FD");
	if (fd && thresh_rt_serve)
		return thresh_rt_serve(atoi(fd), argc, argv);
	puts("plain");
	return 0;
}
