/*
 * A row for each step that prints JSON. Whatever isn't as expected counts as nothing. A step of a later round says what came
 * of that round only: what it brought is added up in part.sums.
 */
#include "base/prelude.h"
#include "night/said.h"
#include "base/again.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/num.h"

/* of one step, so that a bad night can be read, too */
#define NOTES_MAX 5
#define TEXT_MAX ((size_t)300)

static const char *text_at(const cJSON *j, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(j, key));

	return s ? s : "";
}

static uint64_t number_at(const cJSON *j, const char *key)
{
	double d = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(j, key));

	return d > 0 && d < 9e15 ? (uint64_t)d : 0;
}

static bool is_false(const cJSON *j, const char *key)
{
	return cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(j, key));
}

static const cJSON *list_at(const cJSON *j, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(j, key);
}

/*
 * Targets' and compilers' words: one line, harmless, cut. Beyond the first few only their number is told, see told(). False:
 * an earlier round said the same.
 */
static bool note(struct night_part *p, enum night_color color, const char *who, const char *what)
{
	struct buf b = BUF_INIT;
	bool added;

	if (p->n_notes >= p->n_earlier + NOTES_MAX)
		return true;
	escape_term(&b, strv_sub(strv_of(who), 0, TEXT_MAX));
	if (*who && *what)
		buf_adds(&b, ": ");
	escape_term(&b, strv_sub(strv_of(what), 0, TEXT_MAX));
	added = night_note(p, color, "%s", buf_str(&b));
	buf_release(&b);
	return added;
}

/* So many there were, of which some were told. */
static void told(struct night_part *p, uint64_t n, const char *command)
{
	struct buf again = BUF_INIT;

	if (n <= NOTES_MAX)
		return;
	again_add(&again, "%s", command);
	night_note(p, NIGHT_YELLOW, "and %llu more: `%s`", (unsigned long long)(n - NOTES_MAX),
		buf_str(&again));
	buf_release(&again);
}

static void words(struct night_part *p, struct buf *b)
{
	free(p->words);
	p->words = buf_detach(b);
}

static void add_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	num_add_count(b, n);
	buf_addf(b, " %s", n == 1 ? one : many);
}

/* ", 3 unproven"; nothing where there are none. */
static void add_some(struct buf *b, uint64_t n, const char *what)
{
	if (!n)
		return;
	buf_adds(b, ", ");
	num_add_count(b, n);
	buf_addf(b, " %s", what);
}

static struct strv first_line(const char *text)
{
	struct strv rest = strv_of(text), line = { "", 0 };

	while (strv_line(&rest, &line))
		if (strv_trim(line).len)
			return strv_trim(line);
	return line;
}

static void said_build(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t n = 0, made = 0, failed = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		bool bad = is_false(one, "ok");

		n++;
		failed += bad;
		made += !bad && is_false(one, "fresh");
		if (bad) {
			char *who = xasprintf("%s, %s: doesn't build", text_at(one, "harness"),
				text_at(one, "variant"));
			char *what = strv_dup(first_line(text_at(one, "error")));

			note(p, NIGHT_YELLOW, who, what);
			free(who);
			free(what);
		}
	}
	told(p, failed, "build");
	add_count(&b, n, "build", "builds");
	add_some(&b, made, "made");
	add_some(&b, failed, "failed");
	words(p, &b);
}

static void said_replay(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t n = 0, back = 0, not_run = 0, other = 0, open = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		const char *result = text_at(one, "result");
		char *who = xasprintf("%s, bug %.8s", text_at(one, "harness"), text_at(one, "bug"));

		n++;
		open += strcmp(result, "still open") == 0;
		if (strcmp(result, "regressed") == 0) {
			back++;
			note(p, NIGHT_RED, who, "a test that has to pass fails");
		} else if (strcmp(result, "not run") == 0) {
			not_run++;
			note(p, NIGHT_YELLOW, who, text_at(one, "why"));
		} else if (strcmp(result, "other crash") == 0) {
			other++;
		}
		free(who);
	}
	told(p, back + not_run, "replay --tests --quiet");
	p->findings = back;
	add_count(&b, n, "test", "tests");
	add_some(&b, back, "regressed");
	add_some(&b, open, "still open");
	add_some(&b, other, "failing in another way");
	add_some(&b, not_run, "not run");
	words(p, &b);
}

static void said_verify(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t n = 0, gone = 0, same = 0, masked = 0, unknown = 0, back = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		const char *verdict = text_at(one, "verdict");

		n++;
		gone += strcmp(verdict, "gone") == 0;
		same += strcmp(verdict, "same") == 0;
		masked += strcmp(verdict, "masked") == 0;
		unknown += strcmp(verdict, "cannot tell") == 0;
		if (strcmp(text_at(one, "state"), "regressed") == 0 &&
			strcmp(text_at(one, "before"), "regressed") != 0) {
			char *who = xasprintf(
				"%s, bug %.8s", text_at(one, "harness"), text_at(one, "bug"));

			back++;
			note(p, NIGHT_RED, who, "was fixed, and is back");
			free(who);
		}
	}
	told(p, back, "bugs");
	p->findings = back;
	add_count(&b, n, "bug", "bugs");
	add_some(&b, same, "still there");
	add_some(&b, gone, "gone");
	add_some(&b, masked, "masked");
	add_some(&b, unknown, "can't be told");
	add_some(&b, back, "back");
	words(p, &b);
}

static void said_edge(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t cases = 0, failed = 0, harnesses = 0, part = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		harnesses++;
		cases += number_at(one, "cases");
		failed += number_at(one, "failed");
		part += is_false(one, "complete");
	}
	add_count(&b, cases, "case", "cases");
	add_some(&b, failed, "failed");
	if (part) {
		add_some(&b, part, "not whole");
		night_note(p, NIGHT_YELLOW,
			"edge cases of %llu of %llu harnesses were not all run: more --time",
			(unsigned long long)part, (unsigned long long)harnesses);
	}
	words(p, &b);
}

/* As it is told; another round, which may be short, only takes it back: one that had its time in any round had it. */
#define NO_TIME "there was no time for it"

static void had_time(struct night_part *p, const char *harness, const cJSON *pairs)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, pairs)
	{
		size_t before = p->n_notes;
		char *text = xasprintf("%s, %s: " NO_TIME, harness, text_at(one, "engine"));

		/* by any engine, as within one campaign */
		if (strcmp(text_at(one, "harness"), harness) == 0)
			night_unnote(p, text);
		p->sums[1] -= MIN(p->sums[1], before - p->n_notes);
		free(text);
	}
}

/* What isn't of one harness is still under way: the minimise step goes on with it, and tells. sums: new bugs, not done. */
static void said_fuzz(struct night_record *r, struct night_part *p, const cJSON *j)
{
	struct buf b = BUF_INIT;
	uint64_t lacks = 0;
	const cJSON *one;

	cJSON_ArrayForEach(one, list_at(j, "not_done"))
	{
		const char *harness = text_at(one, "harness"), *what = text_at(one, "what");
		bool no_time = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(one, "no_time"));
		char *who;

		if (!*harness || (no_time && p->earlier != NIGHT_WAITS))
			continue;
		lacks++;
		who = xasprintf("%s, %s", harness, what);
		p->sums[1] += note(p, NIGHT_YELLOW, who, no_time ? NO_TIME : text_at(one, "why"));
		free(who);
	}
	cJSON_ArrayForEach(one, list_at(j, "tested"))
	{
		if (number_at(one, "execs"))
			had_time(p, text_at(one, "harness"), list_at(j, "tested"));
	}
	cJSON_ArrayForEach(one, list_at(j, "alarms"))
	{
		lacks++;
		p->sums[1] +=
			note(p, NIGHT_YELLOW, "", cJSON_IsString(one) ? one->valuestring : "");
	}
	told(p, lacks, "status");
	r->execs += number_at(j, "execs");
	p->sums[0] += number_at(j, "new_bugs");
	add_count(&b, r->execs, "run", "runs");
	buf_adds(&b, ", ");
	add_count(&b, number_at(j, "open_bugs"), "bug", "bugs");
	add_some(&b, p->sums[0], "new");
	add_some(&b, p->sums[1], "not done");
	words(p, &b);
}

static void said_distill(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t inputs = 0, kept = 0, failed = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		inputs += number_at(one, "inputs");
		kept += number_at(one, "kept");
		failed += number_at(one, "failed");
	}
	add_count(&b, inputs, "input", "inputs");
	buf_adds(&b, " to ");
	num_add_count(&b, kept);
	add_some(&b, failed, "failed");
	words(p, &b);
}

/* sums: new ones. */
static void said_tests(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t n = 0, unproven = 0;
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, list_at(j, "tests"))
	{
		const char *status = text_at(one, "status");
		char *who = xasprintf("bug %.8s has no test", text_at(one, "bug"));

		n++;
		p->sums[0] += strcmp(status, "new") == 0;
		/* an earlier round may have said so of it */
		night_unnote(p, who);
		if (strcmp(status, "unproven") == 0) {
			unproven++;
			note(p, NIGHT_YELLOW, who, text_at(one, "why"));
		}
		free(who);
	}
	told(p, unproven, "regress");
	add_count(&b, n, "test", "tests");
	add_some(&b, p->sums[0], "new");
	add_some(&b, unproven, "not proven");
	words(p, &b);
}

/* sums: lines gained, lost. */
static void said_cover(struct night_record *r, struct night_part *p, const cJSON *j)
{
	const cJSON *totals = list_at(j, "totals"),
		    *lines = list_at(list_at(totals, "own"), "lines");
	static const char *const others[] = { "third-party", "harness" };
	uint64_t all = number_at(lines, "count"), covered;
	const cJSON *h, *one;
	struct buf b = BUF_INIT;

	(void)r;
	/* of what is fetched nothing is the project's own, and some projects are their harnesses */
	for (size_t i = 0; !all && i < ARRAY_LEN(others); i++) {
		lines = list_at(list_at(totals, others[i]), "lines");
		all = number_at(lines, "count");
	}
	covered = number_at(lines, "covered");
	cJSON_ArrayForEach(h, list_at(j, "harnesses"))
		cJSON_ArrayForEach(one, list_at(list_at(h, "changes"), "functions"))
	{
		p->sums[0] += (uint64_t)cJSON_GetArraySize(list_at(one, "gained"));
		p->sums[1] += (uint64_t)cJSON_GetArraySize(list_at(one, "lost"));
	}
	buf_addf(&b, "%.1f %% of ", all ? 100.0 * (double)covered / (double)all : 0.0);
	add_count(&b, all, "line", "lines");
	add_some(&b, p->sums[0], "gained");
	add_some(&b, p->sums[1], "lost");
	words(p, &b);
}

/* sums: alarms. */
static void said_guard(struct night_record *r, struct night_part *p, const cJSON *j)
{
	uint64_t harnesses = 0, lost = 0, alarms = 0, part = 0;
	struct buf b = BUF_INIT;
	const cJSON *one, *it;

	(void)r;
	cJSON_ArrayForEach(one, j)
	{
		const char *harness = text_at(one, "harness");

		harnesses++;
		part += is_false(one, "complete");
		cJSON_ArrayForEach(it, list_at(one, "lost"))
		{
			char *who = xasprintf("%s reaches no longer", harness);
			char *what = xasprintf("%s:%llu %s", text_at(it, "file"),
				(unsigned long long)number_at(it, "line"), text_at(it, "function"));

			lost++;
			note(p, NIGHT_YELLOW, who, what);
			free(who);
			free(what);
		}
		cJSON_ArrayForEach(it, list_at(one, "alarms"))
		{
			alarms++;
			p->sums[0] += note(p, NIGHT_YELLOW, harness,
				cJSON_IsString(it) ? it->valuestring : "");
		}
	}
	told(p, lost + alarms, "guard");
	if (part)
		night_note(p, NIGHT_YELLOW,
			"%llu of %llu corpora were not wholly looked at: losses can't be told",
			(unsigned long long)part, (unsigned long long)harnesses);
	/* of the same builds: a later round sees the same ones, or none of them any more */
	p->findings = MAX(p->findings, lost);
	num_add_count(&b, harnesses);
	buf_adds(&b, harnesses == 1 ? " corpus" : " corpora");
	if (p->findings)
		add_some(&b, p->findings, p->findings == 1 ? "loss" : "losses");
	else if (!part)
		buf_adds(&b, ", nothing lost");
	add_some(&b, p->sums[0], p->sums[0] == 1 ? "alarm" : "alarms");
	words(p, &b);
}

/* sums: things, bytes. */
static void said_gc(struct night_record *r, struct night_part *p, const cJSON *j)
{
	struct buf b = BUF_INIT;
	const cJSON *one;

	(void)r;
	cJSON_ArrayForEach(one, list_at(j, "rows"))
	{
		p->sums[0] += number_at(one, "count");
		p->sums[1] += number_at(one, "bytes");
	}
	if (p->sums[0]) {
		num_add_size(&b, p->sums[1]);
		buf_adds(&b, " of old state removed");
	} else {
		buf_adds(&b, "nothing was old");
	}
	words(p, &b);
}

void night_said(struct night_record *r, enum night_step s, const cJSON *j)
{
	static void (*const said[NIGHT_STEPS])(
		struct night_record *, struct night_part *, const cJSON *) = {
		[NIGHT_BUILD] = said_build,
		[NIGHT_REPLAY] = said_replay,
		[NIGHT_VERIFY] = said_verify,
		[NIGHT_EDGE] = said_edge,
		[NIGHT_FUZZ] = said_fuzz,
		[NIGHT_DISTILL] = said_distill,
		[NIGHT_TESTS] = said_tests,
		[NIGHT_COVER] = said_cover,
		[NIGHT_GUARD] = said_guard,
		[NIGHT_GC] = said_gc,
	};

	if (said[s])
		said[s](r, &r->parts[s], j);
}
