/* What thresh doctor looked at. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "build/build.h"

enum check_state {
	CHECK_OK,
	/* worth knowing, nothing to mend */
	CHECK_NOTE,
	/* works, but not well, or not everything does */
	CHECK_WARN,
	/* something needed isn't there: exit status 1 */
	CHECK_MISSING,
};

struct check {
	const char *group, *name;
	enum check_state state;
	/* what was found; may be "" */
	const char *value;
	/* what it is for, or what goes wrong; may be "" */
	const char *need;
	/* the command; may be "" */
	const char *mend;
};

struct checks {
	/* holds the strings */
	struct arena arena;
	struct check *v;
	size_t n, cap;
};

#define CHECKS_INIT                    \
	{                              \
		ARENA_INIT, NULL, 0, 0 \
	}

/* tools: NULL where they couldn't be probed. config NULL: found from here upwards. */
void doctor_look(struct checks *c, const struct toolchain *tools, const char *config);
void checks_release(struct checks *c);

#endif
