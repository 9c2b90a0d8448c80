/* What was last seen of each harness by itself: its health, and how inputs were taken. */
#ifndef STORE_LOOKS_H
#define STORE_LOOKS_H

#include "base/err.h"
#include "base/prelude.h"

struct store;

enum look_level { LOOK_HEALTHY, LOOK_WARNING, LOOK_SICK };
/* "healthy", "warning", "sick" */
const char *look_level_name(enum look_level l);

/* One thing that is wrong; strings are the record's. */
struct health_rec {
	enum look_level level;
	char *rule, *cause, *mend;
};

/* {0}: nobody looked. */
struct look_rec {
	uint64_t when_ms;
	/* the worst first; none: it is healthy */
	struct health_rec *v;
	size_t n, cap;
};
/* Strings are copied. */
void look_rec_add(struct look_rec *r, enum look_level level, const char *rule, const char *cause,
	const char *mend);
enum look_level look_rec_level(const struct look_rec *r);
void look_rec_release(struct look_rec *r);

/* In place of the look before. */
int store_look_set(struct store *s, const char *harness, const struct look_rec *r, struct err *err);
/* *out is {0} where nobody looked; the caller releases it in any case. */
int store_look_get(struct store *s, const char *harness, struct look_rec *out, struct err *err);

/* How one kind of inputs was last taken. */
struct verdict_rec {
	/* "edge cases", "faults", "sweep asan" */
	char *source;
	int64_t campaign; /* 0: by hand */
	uint64_t when_ms;
	/* gave_up: of those under a fault; not_run: the machine couldn't */
	uint64_t accepted, rejected, gave_up, failed, slow, not_run;
};
void verdict_rec_release(struct verdict_rec *r);

/* add: to what is there of the same campaign; else in place of it. */
int store_verdict_set(struct store *s, const char *harness, const struct verdict_rec *r, bool add,
	struct err *err);
/* By source. Non-zero from fn ends it. */
typedef int (*store_verdict_fn)(void *arg, const struct verdict_rec *r);
int store_verdicts(
	struct store *s, const char *harness, store_verdict_fn fn, void *arg, struct err *err);

#endif
