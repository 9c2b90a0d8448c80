/*
 * _exit, _Exit and quick_exit, of which no handler of exit() hears: said to be called, with the place, as exit is. They stand
 * before libc's, and before the sanitizers', which are weak. A target that defines one of them itself goes without this file.
 */
#include "thresh_rt.h"

__attribute__((noreturn)) void _exit(int status);
/* handlers of quick_exit say nothing of the place either */
__attribute__((noreturn, alias("_exit"))) void _Exit(int status);
__attribute__((noreturn, alias("_exit"))) void quick_exit(int status);

void _exit(int status)
{
	thresh_rt_exits(status);
	thresh_rt_quit(status);
}
