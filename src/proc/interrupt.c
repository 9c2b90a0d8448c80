/*
 * Ctrl-C: once means finish and keep everything, twice means now. The handler only counts; a pipe wakes whoever
 * polls, since a signal that comes just before poll() wouldn't.
 */
#include "base/prelude.h"
#include "proc/interrupt.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

/* a signal is noticed after so long */
#define NAP_MS 20

static volatile sig_atomic_t interrupts, at_once;
static int wake_pipe[2] = { -1, -1 };

static void on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	if (interrupts < 2)
		interrupts = at_once ? 2 : interrupts + 1;
	/* a full pipe is readable already */
	if (wake_pipe[1] >= 0 && write(wake_pipe[1], "", 1) < 0)
		errno = saved;
	errno = saved;
}

void proc_catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal }, was;

	/* without it signals are still counted, only noticed later */
	if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		wake_pipe[0] = wake_pipe[1] = -1;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		/* under nohup a hangup stays without meaning; an ignored SIGINT is only a shell's "&" */
		if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &was) == 0 &&
			was.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &sa, NULL);
	}
	/* a reader that is gone is an error of write(), which each writer checks */
	signal(SIGPIPE, SIG_IGN);
}

int proc_interrupted(void)
{
	return (int)interrupts;
}

int proc_stop_after(uint64_t ms, struct err *err)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct itimerval when = { .it_value = { .tv_sec = (time_t)(ms / 1000),
					  .tv_usec = (suseconds_t)(ms % 1000 * 1000) } };

	sigemptyset(&sa.sa_mask);
	if (sigaction(SIGALRM, &sa, NULL) < 0 || setitimer(ITIMER_REAL, &when, NULL) < 0)
		return err_errno(err, "the time after which to end");
	return 0;
}

void proc_stop_at_once(void)
{
	at_once = 1;
}

void proc_nap(uint64_t ms)
{
	uint64_t until = clock_mono_ms() + ms;

	while (clock_mono_ms() < until && !proc_interrupted())
		usleep(NAP_MS * 1000);
}

int proc_wake_fd(void)
{
	return wake_pipe[0];
}
