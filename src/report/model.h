/*
 * What there is to say in the morning, from the store to structs: each format of `thresh report` shows this and nothing else.
 * Judged here, once: what is new, what came back, what was fixed, what got worse, and what to do next.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include "base/buf.h"
#include "store/guard.h"
#include "store/looks.h"
#include "store/records.h"

/* Campaigns that a bug's little chart goes back. */
#define MODEL_SPARK 14

enum model_level { MODEL_GOOD, MODEL_WARN, MODEL_BAD };
const char *model_level_name(enum model_level l);

/* A line for people. */
struct model_line {
	enum model_level level;
	/* of what: "canary", a harness's name, a bug's id; never NULL, may be hostile */
	char *about;
	char *text;
	/* what to type next, whole; NULL: nothing */
	char *command;
};

struct model_lines {
	struct model_line *v;
	size_t n, cap;
};

/* command: without "thresh", as again.h says. */
void model_lines_add(struct model_lines *l, enum model_level level, const char *about,
	const char *command, const char *fmt, ...) PRINTF_LIKE(5, 6);
void model_lines_copy(struct model_lines *l, const struct model_line *from);

enum model_news { MODEL_OLD, MODEL_NEW, MODEL_REGRESSED, MODEL_FIXED };
/* "new", "regressed", "fixed"; "" of an old one */
const char *model_news_name(enum model_news n);

struct model_bug {
	struct bug_rec rec;
	/* since the last campaign, or night, began */
	enum model_news news;
	/* 0: never */
	uint64_t fixed_ms, regressed_ms;
	/* findings in each of the last campaigns, the oldest first */
	uint32_t seen[MODEL_SPARK];
};

/* A harness in one campaign. */
struct model_point {
	int64_t campaign;
	uint64_t when_ms;
	/* of its corpus; features 0: not measured */
	uint64_t inputs, bytes, features, functions, lines, rejected;
	uint64_t execs, crashes;
	double execs_per_s;
	/* bugs that were first seen then */
	uint64_t new_bugs;
};

struct model_harness {
	char *name;
	/* the oldest first */
	struct model_point *points;
	size_t n_points, cap_points;
	/* of its last campaign */
	struct stat_rec *engines;
	size_t n_engines, cap_engines;
	struct loss_rec *losses;
	size_t n_losses, cap_losses;
	/* as it was last looked at */
	struct look_rec look;
	struct verdict_rec *verdicts;
	size_t n_verdicts, cap_verdicts;
	uint64_t open_bugs;
};

struct model_campaign {
	struct campaign_rec rec;
	uint64_t execs, new_bugs;
};

struct model {
	char *project;
	/* when this was made; what counts as new since */
	uint64_t now_ms, since_ms;
	/* is the chain from an engine to a test alive, and did it do what it should */
	struct model_lines alive;
	struct model_lines worse, todo;
	struct model_campaign *campaigns;
	size_t n_campaigns, cap_campaigns;
	struct model_harness *harnesses;
	size_t n_harnesses;
	/* the worst first: what is open before what isn't */
	struct model_bug *bugs;
	size_t n_bugs, cap_bugs;
	/* by state, and by what is new */
	uint64_t states[BUG_IGNORED + 1], news[MODEL_FIXED + 1];
	uint64_t unfiled;
};

void model_release(struct model *m);
void model_lines_release(struct model_lines *l);

/* The worst of its lines: what the whole is. */
enum model_level model_level(const struct model *m);
/* NULL: it has none of that name. */
struct model_harness *model_harness_of(const struct model *m, const char *name);
bool model_bug_is_open(const struct bug_rec *b);
/* "open, new": what is new of it only where its state doesn't say it. */
void model_add_state(struct buf *out, const struct model_bug *b);
/* "parse < parse_value": the place, or its title where no frame is known; appended, not escaped. */
void model_add_place(struct buf *b, const struct bug_rec *rec);

#endif
