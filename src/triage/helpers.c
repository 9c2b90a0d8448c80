/*
 * One fact a function: the pairs of caller and maker it was met with, a line each. A function that was learned has none
 * any more; its name, as a pattern, is a line of one fact of all.
 */
#include "base/prelude.h"
#include "triage/helpers.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include <stdio.h>

#define LEARNED_FACT "helpers learned"
/* By then it is one, or never will be: few makers, however many callers. */
#define PAIRS_MAX 64

/* Lines of tabs and ends of lines: what has some of these in its name is nobody's helper. */
static bool is_plain(const char *name)
{
	for (const char *s = name; *s; s++)
		if ((unsigned char)*s < ' ')
			return false;
	return *name != '\0';
}

static size_t n_distinct(const struct strlist *pairs, bool makers)
{
	struct strlist seen = STRLIST_INIT;
	size_t n;

	for (size_t i = 0; i < pairs->n; i++) {
		char *name = xstrndup(pairs->v[i], strcspn(pairs->v[i], "\t"));
		const char *which = makers ? pairs->v[i] + strlen(name) + 1 : name;

		strlist_add_once(&seen, which);
		free(name);
	}
	n = seen.n;
	strlist_release(&seen);
	return n;
}

static int read_lines(struct store *s, const char *key, struct strlist *out, struct err *err)
{
	char *text = NULL;
	int rc = store_fact_get(s, key, &text, err);

	if (rc == 0)
		strlist_add_lines(out, text);
	free(text);
	return rc < 0 ? -1 : 0;
}

static int write_lines(
	struct store *s, const char *key, const struct strlist *lines, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	for (size_t i = 0; i < lines->n; i++)
		buf_addf(&b, "%s\n", lines->v[i]);
	rc = store_fact_set(s, key, buf_str(&b), err);
	buf_release(&b);
	return rc;
}

/* "operator*" and "operator[]" are names, not patterns. */
static char *as_pattern(const char *function)
{
	struct buf b = BUF_INIT;

	escape_glob(&b, strv_of(function));
	return buf_detach(&b);
}

static int learn(struct project *p, const char *function, struct err *err)
{
	struct strlist learned = STRLIST_INIT;
	char *pattern = as_pattern(function);
	struct buf text = BUF_INIT;
	int rc = read_lines(p->store, LEARNED_FACT, &learned, err);

	if (rc == 0 && !strlist_has(&learned, pattern)) {
		strlist_add(&learned, pattern);
		buf_addf(&text,
			"%s fails under %d callers, with what %d functions made: from the next run "
			"on such a failure is its caller's (\"!%s\" in triage.helpers says no)",
			function, HELPERS_CALLERS, HELPERS_MAKERS, pattern);
		log_info("%s", text.s);
		rc = write_lines(p->store, LEARNED_FACT, &learned, err);
		if (rc == 0)
			rc = store_event_add(
				p->store, p->id, clock_wall_ms(), "helper", text.s, err);
	}
	buf_release(&text);
	strlist_release(&learned);
	free(pattern);
	return rc;
}

int helpers_note(
	struct project *p, const struct crash_site *site, const char *family, struct err *err)
{
	struct crash_rules rules = project_rules(p, NULL);
	struct strlist pairs = STRLIST_INIT;
	char *key, *pair;
	int rc;

	if (!site->at.function || site->at.harness || !site->caller || !site->maker ||
		!is_plain(site->at.function) || !is_plain(site->caller) || !is_plain(site->maker) ||
		place_is_helper(site->at.function, family, &rules))
		return 0;
	key = xasprintf("helper? %s", site->at.function);
	pair = xasprintf("%s\t%s", site->caller, site->maker);
	rc = read_lines(p->store, key, &pairs, err);
	if (rc == 0 && pairs.n < PAIRS_MAX && !strlist_has(&pairs, pair)) {
		strlist_add(&pairs, pair);
		rc = write_lines(p->store, key, &pairs, err);
		if (rc == 0 && n_distinct(&pairs, false) >= HELPERS_CALLERS &&
			n_distinct(&pairs, true) >= HELPERS_MAKERS)
			rc = learn(p, site->at.function, err);
	}
	strlist_release(&pairs);
	free(pair);
	free(key);
	return rc;
}

int helpers_enforce(struct project *p, struct err *err)
{
	struct strlist learned = STRLIST_INIT;
	int rc = read_lines(p->store, LEARNED_FACT, &learned, err);

	if (rc == 0 && learned.n)
		rc = write_lines(p->store, PROJECT_HELPERS_FACT, &learned, err);
	for (size_t i = 0; rc == 0 && i < learned.n; i++)
		strlist_add_once(&p->helpers, learned.v[i]);
	strlist_release(&learned);
	return rc;
}
