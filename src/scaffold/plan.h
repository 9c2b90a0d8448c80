/* What thresh init is about to write, decided before anything is. */
#ifndef SCAFFOLD_PLAN_H
#define SCAFFOLD_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

struct init_args {
	const char *function, *header, *name, *format, *dir;
	struct strlist sources;
	bool force;
};

struct init_plan {
	/* holds the strings */
	struct arena arena;
	const char *name, *format;
	/* of the harness, relative to the project's directory */
	const char *source;
	struct buf harness, yaml;
	/* the harness's own lines in yaml */
	struct buf block;
	/* there is a thresh.yaml, to which a harness is added */
	bool adds;
	unsigned todos;
};

#define INIT_PLAN_INIT                                                               \
	{                                                                            \
		ARENA_INIT, NULL, NULL, NULL, BUF_INIT, BUF_INIT, BUF_INIT, false, 0 \
	}

/* Reads the project's directory, writes nothing. The yaml has passed the configuration's own reader. */
int init_plan_make(struct init_plan *p, const struct init_args *args, struct err *err);
void init_plan_release(struct init_plan *p);

#endif
