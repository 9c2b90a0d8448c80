/*
 * What a night has done so far: kept in one small file, written whole after each step and every few seconds of one, so that
 * a night that dies is gone on with. It is also what is shown of it in the morning.
 */
#ifndef NIGHT_RECORD_H
#define NIGHT_RECORD_H

#include "base/err.h"
#include "base/strlist.h"
#include <cjson/cJSON.h>

/* In their order. */
enum night_step {
	NIGHT_BUILD,
	NIGHT_CANARY,
	NIGHT_REPLAY,
	NIGHT_VERIFY,
	NIGHT_EDGE,
	NIGHT_FUZZ,
	NIGHT_DISTILL,
	NIGHT_MINIMIZE,
	NIGHT_TESTS,
	NIGHT_COVER,
	NIGHT_GUARD,
	NIGHT_GC,
	NIGHT_REPORT,
	NIGHT_STEPS
};
const char *night_step_name(enum night_step s);

enum night_state {
	NIGHT_WAITS,
	NIGHT_DONE,
	/* begun, and ended before it was through */
	NIGHT_CUT,
	NIGHT_FAILED,
	/* not begun: no time, or not asked for */
	NIGHT_SKIPPED,
};
const char *night_state_name(enum night_state s);

enum night_color { NIGHT_GREEN, NIGHT_YELLOW, NIGHT_RED };
const char *night_color_name(enum night_color c);

/* What somebody has to know of. */
struct night_note {
	enum night_color color;
	char *text;
};

struct night_part {
	enum night_state state;
	/* the worst that it was in earlier rounds, which stays; NIGHT_WAITS: there was none */
	enum night_state earlier;
	/* over all rounds and tries; in the last one */
	uint64_t ms, last_ms;
	/* begun, and the night soon dead: of one that takes it down each time */
	unsigned tries;
	/* what came of it, and why it isn't whole; NULL */
	char *words, *why;
	struct night_note *notes;
	size_t n_notes, cap_notes;
	/* the first of them, of earlier rounds */
	size_t n_earlier;
	/* what a step counts over all rounds: night/said.c says what */
	uint64_t sums[2];
	/* bugs that are open, tests that have to pass and don't, losses: what makes the exit status 1 */
	uint64_t findings;
};

struct night_record {
	uint64_t started_ms, ended_ms; /* by the wall clock; 0: not ended */
	uint64_t budget_ms, spent_ms;
	unsigned resumed, rounds;
	/* space-separated */
	char *harnesses;
	/* the step under way; NIGHT_STEPS: none */
	enum night_step current;
	/* spent_ms when it began */
	uint64_t begun_ms;
	/* of the campaign that the fuzz step asks for */
	uint64_t explore_ms;
	/* ids of all bugs when it began: no clock says which are new, as a shared store's isn't this machine's, and either may step */
	struct strlist known;
	/* by all rounds' engines */
	uint64_t execs;
	struct night_part parts[NIGHT_STEPS];
};

/* The text is copied; one that is there already isn't added: false. */
bool night_note(struct night_part *p, enum night_color color, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Those that begin so are true no longer. */
void night_unnote(struct night_part *p, const char *begin);
/* It waits to be done once more. What it said stays: another round sees nothing of what the one before it had to say. */
void night_part_again(struct night_part *p);
/* Done in an earlier round; or skipped. */
void night_part_skip(struct night_part *p, const char *why);
/* How it ended: no better than in an earlier round. */
void night_part_end(struct night_part *p);
void night_record_release(struct night_record *r);

/* Of all of it: the worst of what its parts say. */
enum night_color night_record_color(const struct night_record *r);
uint64_t night_record_findings(const struct night_record *r);
/* The canary died, or couldn't be tried: what wasn't found says nothing. */
bool night_record_is_blind(const struct night_record *r);

#define NIGHT_KNOWN "known"
/* The caller deletes it. */
cJSON *night_record_json(const struct night_record *r);
/* False, and r empty: it isn't one. */
bool night_record_parse(const cJSON *j, struct night_record *r);
int night_record_save(const char *path, const struct night_record *r, struct err *err);
/* False: there is none that can be read. */
bool night_record_load(const char *path, struct night_record *r);

#endif
