/* Exit statuses: a list of them, and what each means. */
#include "base/prelude.h"
#include "target/exits.h"
#include "base/num.h"
#include <signal.h>
#include <sys/wait.h>

#define NOT_EXECUTABLE 126
#define NOT_FOUND 127
#define OF_SIGNAL 128

static int parse_part(struct target_exits *e, struct strv part)
{
	size_t dash = strv_chr(part, '-');
	struct strv first = strv_sub(part, 0, MIN(dash, part.len));
	uint64_t from, to;

	if (strv_eqs(part, "any")) {
		for (size_t i = 1; i < ARRAY_LEN(e->fails); i++)
			e->fails[i] |= i != NOT_EXECUTABLE && i != NOT_FOUND;
		return 0;
	}
	if (num_u64(first, &from) < 0)
		return -1;
	to = from;
	if (dash < part.len && num_u64(strv_from(part, dash + 1), &to) < 0)
		return -1;
	if (from < 1 || to > 255 || from > to)
		return -1;
	for (; from <= to; from++)
		e->fails[from] = true;
	return 0;
}

int exits_parse(struct target_exits *e, const char *list, struct err *err)
{
	struct strv rest = strv_of(list ? list : "");
	size_t comma = 0;

	while (list && comma != SIZE_MAX) {
		comma = strv_chr(rest, ',');
		if (parse_part(e, strv_trim(strv_sub(rest, 0, comma))) < 0)
			return err_usage(err,
				"\"%s\" is no list of exit statuses: numbers from 1 to 255, as "
				"3,64-70, or any",
				list);
		if (comma != SIZE_MAX)
			rest = strv_from(rest, comma + 1);
	}
	return 0;
}

/* What ends a process without its doing; the others are a shell's own statuses as often. */
static bool is_crash_signal(int sig)
{
	return sig == SIGSEGV || sig == SIGABRT || sig == SIGBUS || sig == SIGILL ||
	       sig == SIGFPE || sig == SIGTRAP || sig == SIGSYS;
}

void exits_judge(const struct target_exits *e, struct target_result *r)
{
	int status = r->exit_code;

	if (!e->report || status <= 0 || r->outcome == TARGET_OK)
		return;
	if (e->report(r->text)) {
		r->outcome = r->outcome == TARGET_EXIT ? TARGET_CRASH : r->outcome;
	} else if (is_crash_signal(status - OF_SIGNAL)) {
		r->outcome = TARGET_CRASH;
		r->sig = status - OF_SIGNAL;
	} else {
		r->outcome = e->fails[status & 255] ? TARGET_EXIT : TARGET_REJECTED;
	}
}

bool exits_is_set_up(const struct target_exits *e, int status)
{
	return WIFEXITED(status) && !e->fails[WEXITSTATUS(status)] &&
	       (WEXITSTATUS(status) == NOT_EXECUTABLE || WEXITSTATUS(status) == NOT_FOUND);
}
