/* The end of a child: seen first, reaped when nothing of it is named any more. */
#include "base/prelude.h"
#include "base/clock.h"
#include "proc/internal.h"
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void end_set(struct proc *p, int status, const struct rusage *usage)
{
	p->status = status;
	if (usage)
		p->usage = *usage;
	p->exited = true;
	p->exited_ms = clock_mono_ms();
}

static int status_of(const siginfo_t *i)
{
	switch (i->si_code) {
	case CLD_EXITED:
		return (i->si_status & 255) << 8;
	case CLD_DUMPED:
		return (i->si_status & 127) | 128;
	default:
		return i->si_status & 127;
	}
}

void end_look(struct proc *p)
{
	struct rusage usage;
	siginfo_t info = { .si_pid = 0 };

	if (!p->exited &&
		syscall(SYS_waitid, P_PID, p->pid, &info, WEXITED | WNOHANG | WNOWAIT, &usage) ==
			0 &&
		info.si_pid == p->pid)
		end_set(p, status_of(&info), &usage);
}

void end_reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}
