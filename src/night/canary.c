/*
 * The harness is inside the program, as the runtime is. Everything but the builds is made anew each time: a bug that an
 * earlier night found says nothing of this one.
 */
#include "base/prelude.h"
#include "night/canary.h"
#include "base/fs.h"
#include "base/incbin.h"
#include "base/mem.h"
#include "night/child.h"
#include "proc/interrupt.h"
#include "regress/tree.h"
#include "store/bugs.h"
#include "store/findings.h"
#include <cjson/cJSON.h>

#ifndef HARNESSES_DIR
#define HARNESSES_DIR "harnesses"
#endif
EMBED_TEXT(canary_c, INCBIN(HARNESSES_DIR "/canary.c"));

#define PART 400 /* of the campaign, to explore in */
#define EXPLORE_MIN_MS 6000
#define EXPLORE_MAX_MS 60000
#define FINISH_MS 30000
/* for its builds, which are kept */
#define BUILD_MS 120000

static bool asks_for(const struct project *p, const char *sanitizer)
{
	for (size_t i = 0; i < p->cfg->n_harnesses; i++)
		for (size_t k = 0; k < p->cfg->harnesses[i].sanitizers.n; k++)
			if (strstr(p->cfg->harnesses[i].sanitizers.v[k], sanitizer))
				return true;
	return false;
}

static bool engines_asked(const struct project *p)
{
	return p->cfg->n_harnesses && p->cfg->harnesses[0].engines_asked;
}

/* The planted bugs that this project's builds can show. */
static unsigned wanted(const struct project *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < CHAIN_PLANTS; i++)
		n += !chain_plants[i].sanitizer || asks_for(p, chain_plants[i].sanitizer);
	return n;
}

/* A file that is the same stays as it is: builds depend on it. */
static int put(const char *dir, const char *name, const void *p, size_t n, struct err *err)
{
	char *path = fs_join(dir, name);
	int rc = fs_write_changed(path, p, n, 0600, err);

	free(path);
	return rc;
}

static int put_config(const struct project *p, const char *dir, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_addf(&b,
		"# thresh's own: see `thresh run --help`. Written anew each time.\n"
		"version: 1\nproject: canary\nbuild:\n  sanitizers: [address+undefined%s]\n"
		"harnesses:\n  canary:\n    source: canary.c\n    seeds: [seeds]\n"
		"    max_len: 64\n    timeout: 200ms\n",
		asks_for(p, "memory") ? ", memory" : "");
	/* defaults that this machine hasn't got are nobody's fault, here as there */
	for (size_t i = 0; engines_asked(p) && i < p->cfg->engines.n; i++)
		buf_addf(&b, "%s%s", i ? ", " : "campaign:\n  engines: [", p->cfg->engines.v[i]);
	buf_addf(&b, "%ssandbox: %s\n", engines_asked(p) ? "]\n" : "", p->cfg->sandbox);
	rc = put(dir, "thresh.yaml", b.s, b.len, err);
	buf_release(&b);
	return rc;
}

/* All that an earlier one found goes; its builds stay. */
static int clear(const char *dir, struct err *err)
{
	static const char *const old[] = { "tests", ".thresh/thresh.db", ".thresh/thresh.db-wal",
		".thresh/thresh.db-shm", ".thresh/corpus", ".thresh/inputs", ".thresh/work",
		".thresh/swept", ".thresh/cold", ".thresh/features" };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(old); i++) {
		char *path = fs_join(dir, old[i]);

		rc = fs_remove_tree(path, err);
		free(path);
	}
	return rc;
}

static int lay_out(const struct project *p, const char *dir, struct err *err)
{
	static const char *const seeds[] = { "c", "l", "h", "u" };
	char *to = fs_join(dir, "seeds");
	int rc = fs_mkdirs(to, err);

	if (rc == 0)
		rc = clear(dir, err);
	if (rc == 0)
		rc = put(dir, "canary.c", canary_c, canary_c_len, err);
	if (rc == 0)
		rc = put_config(p, dir, err);
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(seeds); i++)
		rc = put(to, seeds[i], seeds[i], 1, err);
	free(to);
	return rc;
}

/* --- what became of it --- */

static int count_finding(void *arg, const struct finding_rec *f)
{
	struct chain_facts *facts = arg;

	facts->unfiled += f->state == FINDING_NEW;
	return 0;
}

struct looking {
	struct chain_facts *facts;
	const struct regress_tree *tests;
};

static bool has_test(const struct regress_tree *t, const char *bug)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(regress_entry_bug(&t->v[i]), bug) == 0 && fs_is_file(t->v[i].input))
			return true;
	return false;
}

static int one_bug(void *arg, const struct bug_rec *b)
{
	struct looking *l = arg;

	for (size_t i = 0; i < CHAIN_PLANTS; i++) {
		struct chain_seen *s = &l->facts->seen[i];

		if (!b->frames || !strstr(b->frames, chain_plants[i].function))
			continue;
		s->filed = true;
		s->small = s->small || (b->minimized && b->size <= chain_plants[i].size);
		s->tested = s->tested || has_test(l->tests, b->id);
	}
	return 0;
}

/* The first entry of a list in the campaign's own account that says so, as "what: why"; NULL: none. */
static char *first_why(const cJSON *j, const char *list, const char *what, bool incomplete)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(j, list))
	{
		const char *name =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, what));
		const char *why =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "why"));

		if (why && (!incomplete || cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(
						   one, "complete"))))
			return xasprintf("%s: %s", name ? name : "?", why);
	}
	return NULL;
}

static int look(const struct project *p, const char *config, const char *tests,
	struct chain_facts *facts, struct err *err)
{
	struct regress_tree tree = { NULL };
	struct looking l = { facts, &tree };
	struct project *own = project_open(config, err);
	int rc = own ? regress_scan(tests, NULL, &tree, err) : -1;

	if (rc == 0)
		rc = store_findings(own->store, NULL, -1, count_finding, facts, err);
	if (rc == 0)
		rc = store_bugs(own->store, one_bug, &l, err);
	for (size_t i = 0; i < CHAIN_PLANTS; i++)
		facts->seen[i].wanted =
			!chain_plants[i].sanitizer || asks_for(p, chain_plants[i].sanitizer);
	regress_tree_release(&tree);
	project_close(own);
	return rc;
}

/* The last line that it logged. */
static char *last_words(const struct child_result *r)
{
	struct strv rest = strv_n(buf_str(&r->log), r->log.len), line, last = { "", 0 };

	while (strv_line(&rest, &line))
		if (strv_trim(line).len)
			last = strv_trim(line);
	return xasprintf("its campaign ended with %s: " STRV_FMT, buf_str(&r->how), STRV_ARG(last));
}

static int judge(const struct project *p, const char *dir, const struct child_result *r,
	struct canary_result *out, struct err *err)
{
	char *config = fs_join(dir, "thresh.yaml"), *tests = fs_join(dir, PROJECT_TESTS);
	char *not_built = NULL, *engine = NULL;
	struct chain_facts facts = { .not_built = NULL };
	cJSON *j = cJSON_ParseWithLength(buf_str(&r->out), r->out.len);
	int rc = 0;

	if (!j) {
		not_built = last_words(r);
	} else {
		not_built = first_why(j, "left_out", "harness", false);
		engine = first_why(j, "tested", "engine", true);
		rc = look(p, config, tests, &facts, err);
	}
	facts.not_built = not_built;
	facts.engine = engine;
	if (rc == 0)
		out->link = chain_judge(&facts, &out->why);
	cJSON_Delete(j);
	free(not_built);
	free(engine);
	free(config);
	free(tests);
	return rc;
}

static uint64_t explore_ms(const struct canary_opts *opts)
{
	return MIN(
		MAX(opts->campaign_ms / PART, (uint64_t)EXPLORE_MIN_MS), (uint64_t)EXPLORE_MAX_MS);
}

int canary_run(const struct project *p, const struct canary_opts *opts, struct canary_result *out,
	struct err *err)
{
	char *dir = fs_join(p->state_dir, "canary");
	struct strlist args = STRLIST_INIT;
	struct child_opts how = { .args = &args,
		.quiet = true,
		.wall_ms = explore_ms(opts) + FINISH_MS + BUILD_MS,
		.tick = opts->tick,
		.arg = opts->arg };
	struct child_result r = { .status = 0 };
	int rc = lay_out(p, dir, err);

	if (opts->limit_ms)
		how.wall_ms = MIN(how.wall_ms, opts->limit_ms);
	*out = (struct canary_result){ .link = CHAIN_BUILD };
	strlist_add(&args, "run");
	strlist_add(&args, "-C");
	strlist_add(&args, dir);
	strlist_add(&args, "--json");
	strlist_add(&args, "--fresh");
	strlist_add(&args, "--no-edge");
	strlist_add(&args, "--jobs");
	strlist_addf(&args, "%u", p->jobs);
	strlist_add(&args, "--time");
	strlist_addf(&args, "%llums", (unsigned long long)explore_ms(opts));
	strlist_add(&args, "--finish");
	strlist_addf(&args, "%ums", FINISH_MS);
	/* one engine that found them all has nothing more to show; of several each has to run */
	if (p->cfg->engines.n == 1) {
		strlist_add(&args, "--enough");
		strlist_addf(&args, "%u", wanted(p));
	}
	if (rc == 0)
		rc = child_run(&how, &r, err);
	if (rc == 0 && proc_interrupted())
		rc = err_set(err, "interrupted");
	out->cut = rc == 0 && opts->limit_ms && r.timed_out;
	if (rc == 0 && !out->cut)
		rc = judge(p, dir, &r, out, err);
	out->ms = r.ms;
	child_result_release(&r);
	strlist_release(&args);
	free(dir);
	return rc;
}

void canary_result_release(struct canary_result *r)
{
	buf_release(&r->why);
}
