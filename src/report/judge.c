/*
 * A line for each thing that somebody has to know or to do, and no other: who reads a report each morning reads no second page
 * of it. What is worth a look only, like a corpus that grew, is in the figures.
 */
#include "base/prelude.h"
#include "report/judge.h"
#include "base/mem.h"
#include "base/num.h"

/* bugs among what is to be done: the rest of the first screen is for what follows */
#define BUGS_MAX 6
/* slower than this part of what was usual */
#define SLOW 0.5
#define USUAL 7
/* of a hundred inputs, how many more are rejected */
#define REJECTS_MORE 20
#define DAY_MS ((uint64_t)86400000)

static enum model_news news_of(const struct model *m, const struct model_bug *b)
{
	if (!m->since_ms)
		return MODEL_OLD;
	if (b->rec.state == BUG_REGRESSED)
		return !b->regressed_ms || b->regressed_ms >= m->since_ms ? MODEL_REGRESSED
									  : MODEL_OLD;
	if (b->rec.state == BUG_FIXED)
		return b->fixed_ms >= m->since_ms ? MODEL_FIXED : MODEL_OLD;
	return b->rec.state != BUG_IGNORED && b->rec.first_ms >= m->since_ms ? MODEL_NEW
									     : MODEL_OLD;
}

/* The campaign under which a bug was first seen counts it, and its harness's figures of then. */
static void count_first(struct model *m, const struct bug_rec *b)
{
	struct model_harness *h = model_harness_of(m, b->harness);
	size_t i = m->n_campaigns;

	if (h)
		h->open_bugs += model_bug_is_open(b);
	while (i && m->campaigns[i - 1].rec.started_ms > b->first_ms)
		i--;
	/* none: filed by hand, before the first one */
	if (!i)
		return;
	m->campaigns[i - 1].new_bugs++;
	for (size_t p = h ? h->n_points : 0; p; p--)
		if (h->points[p - 1].campaign == m->campaigns[i - 1].rec.id)
			h->points[p - 1].new_bugs++;
}

static void count_bugs(struct model *m)
{
	for (size_t i = 0; i < m->n_bugs; i++) {
		struct model_bug *b = &m->bugs[i];

		b->news = news_of(m, b);
		m->news[b->news]++;
		m->states[b->rec.state]++;
		count_first(m, &b->rec);
	}
}

static void judge_campaigns(struct model *m)
{
	const struct campaign_rec *last;
	struct buf ago = BUF_INIT;

	if (!m->n_campaigns) {
		model_lines_add(
			&m->alive, MODEL_BAD, "campaigns", "night --time 8h", "none has run yet");
		return;
	}
	last = &m->campaigns[m->n_campaigns - 1].rec;
	num_add_duration(&ago, m->now_ms - MIN(last->started_ms, m->now_ms));
	if (!m->campaigns[m->n_campaigns - 1].execs)
		model_lines_add(
			&m->alive, MODEL_BAD, "campaigns", "status", "the last one ran nothing");
	else if (m->now_ms > last->started_ms + last->budget_ms + 2 * DAY_MS)
		model_lines_add(&m->alive, MODEL_WARN, "campaigns", "night --time 8h",
			"the last one began %s ago", buf_str(&ago));
	else
		model_lines_add(&m->alive, MODEL_GOOD, "campaigns", NULL,
			"the last one began %s ago%s", buf_str(&ago),
			last->ended_ms ? "" : ", and isn't over");
	if (m->unfiled)
		model_lines_add(&m->alive, MODEL_WARN, "findings", "run --time 1m",
			"%llu not triaged yet", (unsigned long long)m->unfiled);
	buf_release(&ago);
}

/* What is sick gets no time. What is only worth mending is told in one line, with the command that tells all of it. */
static void judge_health(struct model *m, const struct model_harness *h, size_t *healthy)
{
	const struct look_rec *look = &h->look;
	struct buf check = BUF_INIT, rules = BUF_INIT;

	if (!look->when_ms)
		return;
	if (!look->n)
		++*healthy;
	buf_addf(&check, "check %s", h->name);
	for (size_t i = 0; i < look->n; i++)
		buf_adds2(&rules, i ? ", " : "", look->v[i].rule);
	if (look_rec_level(look) == LOOK_SICK)
		model_lines_add(&m->alive, MODEL_BAD, h->name, buf_str(&check),
			"sick, and gets no time: %s; %s", look->v[0].cause, look->v[0].mend);
	else if (look->n)
		model_lines_add(&m->alive, MODEL_WARN, h->name, buf_str(&check),
			"its health has %zu warning%s: %s", look->n, look->n == 1 ? "" : "s",
			buf_str(&rules));
	buf_release(&check);
	buf_release(&rules);
}

static void judge_looks(struct model *m)
{
	size_t healthy = 0;

	for (size_t i = 0; i < m->n_harnesses; i++)
		judge_health(m, &m->harnesses[i], &healthy);
	if (healthy)
		model_lines_add(&m->alive, MODEL_GOOD, "health", NULL,
			"%zu of %zu harness%s healthy", healthy, m->n_harnesses,
			m->n_harnesses == 1 ? " is" : "es are");
}

static int by_rate(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The middle one of the last nights before; 0: too few. */
static double usual_rate(const struct model_harness *h)
{
	double rates[USUAL];
	size_t n = 0;

	for (size_t i = h->n_points - 1; i && n < USUAL; i--)
		if (h->points[i - 1].execs_per_s > 0)
			rates[n++] = h->points[i - 1].execs_per_s;
	if (n < 3)
		return 0;
	qsort(rates, n, sizeof(*rates), by_rate);
	return rates[n / 2];
}

static unsigned percent(uint64_t part, uint64_t of)
{
	return of ? (unsigned)(part * 100 / of) : 0;
}

static void judge_harness(struct model *m, const struct model_harness *h)
{
	const struct model_point *now = h->n_points ? &h->points[h->n_points - 1] : NULL;
	const struct model_point *was = h->n_points > 1 ? &h->points[h->n_points - 2] : NULL;
	struct buf check = BUF_INIT, guard = BUF_INIT;
	double usual = now ? usual_rate(h) : 0;

	buf_addf(&check, "check %s", h->name);
	buf_addf(&guard, "guard %s", h->name);
	if (h->n_losses)
		model_lines_add(&m->worse, MODEL_WARN, h->name, buf_str(&guard),
			"its corpus reaches %zu function%s less than it did: %s%s", h->n_losses,
			h->n_losses == 1 ? "" : "s", h->losses[0].function,
			h->n_losses > 1 ? ", ..." : "");
	if (now && usual > 0 && now->execs_per_s > 0 && now->execs_per_s < usual * SLOW)
		model_lines_add(&m->worse, MODEL_WARN, h->name, buf_str(&check),
			"slower: %.0f runs a second, %.0f were usual", now->execs_per_s, usual);
	if (was && now->inputs && was->inputs &&
		percent(now->rejected, now->inputs) >=
			percent(was->rejected, was->inputs) + REJECTS_MORE)
		model_lines_add(&m->worse, MODEL_WARN, h->name, buf_str(&check),
			"rejects %u %% of its corpus, %u %% before",
			percent(now->rejected, now->inputs), percent(was->rejected, was->inputs));
	/* what is sick is told with why */
	if (m->n_campaigns && !now && look_rec_level(&h->look) != LOOK_SICK)
		model_lines_add(&m->worse, MODEL_WARN, h->name, buf_str(&check),
			"no engine has run it yet");
	buf_release(&check);
	buf_release(&guard);
}

static void add_bug_todo(struct model *m, const struct model_bug *b, enum model_level level)
{
	struct buf place = BUF_INIT, command = BUF_INIT, about = BUF_INIT;

	model_add_place(&place, &b->rec);
	buf_addf(&command, "show %.8s", b->rec.id);
	buf_addf(&about, "%.8s", b->rec.id);
	model_lines_add(&m->todo, level, buf_str(&about), buf_str(&command), "%s%s%s in %s",
		model_news_name(b->news), b->news == MODEL_OLD ? "" : ": ", b->rec.kind,
		buf_str(&place));
	buf_release(&place);
	buf_release(&command);
	buf_release(&about);
}

/* First what makes all else worthless, then bugs by how bad they are, then what got worse. */
static void judge_todo(struct model *m)
{
	static const enum model_news order[] = { MODEL_REGRESSED, MODEL_NEW, MODEL_OLD };
	uint64_t left = 0, told = 0;

	for (size_t i = 0; i < m->alive.n; i++) {
		const struct model_line *l = &m->alive.v[i];

		if (l->level != MODEL_GOOD && l->command)
			model_lines_copy(&m->todo, l);
	}
	for (size_t o = 0; o < ARRAY_LEN(order); o++)
		for (size_t i = 0; i < m->n_bugs; i++) {
			const struct model_bug *b = &m->bugs[i];

			if (!model_bug_is_open(&b->rec) || b->news != order[o])
				continue;
			if (told++ < BUGS_MAX)
				add_bug_todo(m, b,
					b->news != MODEL_OLD || b->rec.severity >= 3 ? MODEL_BAD
										     : MODEL_WARN);
			else
				left++;
		}
	if (left)
		model_lines_add(&m->todo, MODEL_WARN, "bugs", "bugs", "%llu more %s open",
			(unsigned long long)left, left == 1 ? "is" : "are");
	if (m->news[MODEL_FIXED])
		model_lines_add(&m->todo, MODEL_GOOD, "tests", "regress",
			"%llu bug%s fixed: keep the tests that show it",
			(unsigned long long)m->news[MODEL_FIXED],
			m->news[MODEL_FIXED] == 1 ? " is" : "s are");
	for (size_t i = 0; i < m->worse.n; i++) {
		const struct model_line *l = &m->worse.v[i];

		model_lines_copy(&m->todo, l);
	}
}

void model_judge(struct model *m)
{
	count_bugs(m);
	judge_campaigns(m);
	judge_looks(m);
	for (size_t i = 0; i < m->n_harnesses; i++)
		judge_harness(m, &m->harnesses[i]);
	judge_todo(m);
}
