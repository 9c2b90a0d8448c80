/*
 * _exit and _Exit, of which no handler of exit() hears: said to be called, with the place, as exit is. They stand before
 * libc's, and before the sanitizers', which are weak. A target that defines one of them itself goes without this file.
 */
#include "thresh_rt.h"

__attribute__((noreturn)) void _exit(int status);
__attribute__((noreturn)) void _Exit(int status);

void _exit(int status)
{
	thresh_rt_exits(status);
	thresh_rt_quit(status);
}

/* by which thresh knows that _exit is ours */
void thresh_rt_own_exit(int status) __attribute__((alias("_exit")));

void _Exit(int status)
{
	thresh_rt_exits(status);
	thresh_rt_quit(status);
}
