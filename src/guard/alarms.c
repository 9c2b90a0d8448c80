/* Limits are wide: an alarm that comes for nothing is one that nobody reads the next time. */
#include "base/prelude.h"
#include "guard/alarms.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"

/* Of so many inputs, all but one in so many rejected. */
#define REJECTS_MIN 20
#define REJECTS_PART 20
/* Over so many campaigns nothing new, and at least as many inputs more, by half. */
#define GROWS_CAMPAIGNS 3
#define GROWS_MIN 200

static void add(struct guard_result *out, enum guard_alarm_kind kind, char *text)
{
	out->alarms[out->n_alarms++] = (struct guard_alarm){ .kind = kind, .text = text };
}

static void judge_rejects(struct guard_result *out)
{
	const struct guard_rec *r = &out->now;

	if (r->inputs >= REJECTS_MIN && r->rejected > r->inputs - r->inputs / REJECTS_PART)
		add(out, GUARD_REJECTS,
			xasprintf("its harness rejects %llu of %llu inputs at once (it returns "
				  "-1); return 0 where the code under test ran, and give it seeds "
				  "that it takes",
				(unsigned long long)r->rejected, (unsigned long long)r->inputs));
}

struct past {
	const struct guard_rec *now;
	size_t n;
	uint64_t inputs;
	bool gained;
};

static int one_past(void *arg, const struct guard_rec *r)
{
	struct past *past = arg;

	/* other counters can't be compared */
	if (r->campaign == past->now->campaign)
		return 0;
	if (strcmp(r->build, past->now->build) != 0)
		return 1;
	past->gained = past->gained || r->features < past->now->features;
	past->inputs = r->inputs;
	return ++past->n == GROWS_CAMPAIGNS;
}

static int judge_growth(struct project *p, struct guard_result *out, struct err *err)
{
	struct past past = { .now = &out->now };
	uint64_t n = out->now.inputs;

	if (store_guards(p->store, out->now.harness, one_past, &past, err) < 0)
		return -1;
	if (past.n == GROWS_CAMPAIGNS && !past.gained && n >= past.inputs + GROWS_MIN &&
		n >= past.inputs + past.inputs / 2)
		add(out, GUARD_GROWS,
			xasprintf("its corpus grew from %llu to %llu inputs over %d campaigns, and "
				  "reaches nothing more; `thresh distill %s` makes it small",
				(unsigned long long)past.inputs, (unsigned long long)n,
				GROWS_CAMPAIGNS, out->now.harness));
	return 0;
}

/* --- seeds --- */

#define SEED_MAX ((uint64_t)16 << 20)
#define SEEDS_MAX 20000
#define SEEDS_NAMED 3
/* so many seeds that add nothing, or so many bytes of them, cost time; a few small ones nobody need hear of */
#define IDLE_MANY 20
#define IDLE_BYTES ((uint64_t)64 << 10)

struct seed {
	const char *path;
	size_t row;
	uint64_t size;
};

static int by_size(const void *a, const void *b)
{
	const struct seed *x = a, *y = b;

	return x->size != y->size ? (x->size > y->size) - (x->size < y->size)
				  : strcmp(x->path, y->path);
}

/* The input's row; SIZE_MAX: it wasn't measured. */
static size_t row_of(const struct feature_table *t, const char *sha1)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(t->rows[mid].sha1, sha1);

		if (c == 0)
			return mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

/* Those that were measured, the smallest first. */
static size_t find_seeds(
	const struct strlist *paths, const struct feature_table *t, struct seed *seeds)
{
	size_t n = 0;

	for (size_t i = 0; i < paths->n && n < SEEDS_MAX; i++) {
		struct buf b = BUF_INIT;
		char sha1[SHA1_HEX];

		if (fs_read(paths->v[i], SEED_MAX, &b, NULL) == 0) {
			hash_sha1(buf_str(&b), b.len, sha1);
			seeds[n] = (struct seed){ paths->v[i], row_of(t, sha1), b.len };
			n += seeds[n].row != SIZE_MAX;
		}
		buf_release(&b);
	}
	if (n)
		qsort(seeds, n, sizeof(*seeds), by_size);
	return n;
}

/* True: row i has a feature that isn't in seen, where all of its now are. */
static bool adds(const struct feature_table *t, size_t i, unsigned char *seen)
{
	bool news = false;

	for (size_t k = t->start[i]; k < t->start[i + 1]; k++) {
		uint32_t f = t->features[k];

		news |= !(seen[f / 8] & 1u << f % 8);
		seen[f / 8] |= (unsigned char)(1u << f % 8);
	}
	return news;
}

static void judge_seeds(
	const struct seed *seeds, size_t n, const struct feature_table *t, struct guard_result *out)
{
	uint32_t last = 0;
	unsigned char *seen;
	struct buf names = BUF_INIT;
	uint64_t bytes = 0;
	size_t idle = 0;

	for (size_t i = 0; i < t->n_features; i++)
		last = MAX(last, t->features[i]);
	seen = xcalloc((size_t)last / 8 + 1, 1);
	for (size_t i = 0; i < n; i++) {
		if (adds(t, seeds[i].row, seen))
			continue;
		bytes += seeds[i].size;
		if (idle++ < SEEDS_NAMED) {
			buf_adds(&names, idle > 1 ? ", " : "");
			escape_term(&names, strv_of(fs_basename(seeds[i].path)));
		}
	}
	if (idle >= IDLE_MANY || bytes >= IDLE_BYTES)
		add(out, GUARD_SEEDS,
			xasprintf("%zu of %zu seeds reach nothing that smaller ones don't (%s%s); "
				  "they can be deleted",
				idle, n, buf_str(&names), idle > SEEDS_NAMED ? ", ..." : ""));
	buf_release(&names);
	free(seen);
}

void guard_seeds(
	const struct config_harness *h, const struct feature_table *t, struct guard_result *out)
{
	struct strlist paths = STRLIST_INIT;
	struct seed *seeds;

	for (size_t i = 0; i < h->seeds.n; i++)
		fs_walk(h->seeds.v[i], &paths, NULL);
	seeds = xcalloc(paths.n + 1, sizeof(*seeds));
	judge_seeds(seeds, find_seeds(&paths, t, seeds), t, out);
	free(seeds);
	strlist_release(&paths);
}

/* Which were told is a fact of the store: a digit each. One that ended may be told again. */
static int mark_fresh(struct project *p, struct guard_result *out, struct err *err)
{
	char *key = xasprintf("guard/%s", out->now.harness), *told = NULL;
	char now[GUARD_ALARMS + 1] = "";
	int rc = store_fact_get(p->store, key, &told, err);

	for (size_t i = 0; rc >= 0 && i < out->n_alarms; i++) {
		char c = (char)('0' + out->alarms[i].kind);

		now[i] = c;
		out->alarms[i].fresh = !told || !strchr(told, c);
	}
	/* a look that belongs to no campaign tells nobody */
	if (rc >= 0 && out->now.campaign && strcmp(told ? told : "", now) != 0)
		rc = store_fact_set(p->store, key, *now ? now : NULL, err);
	free(told);
	free(key);
	return rc < 0 ? -1 : 0;
}

int guard_alarms(struct project *p, struct guard_result *out, struct err *err)
{
	judge_rejects(out);
	if (judge_growth(p, out, err) < 0)
		return -1;
	return mark_fresh(p, out, err);
}
