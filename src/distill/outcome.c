/* A sealed file: numbers and names, one a line. */
#include "base/prelude.h"
#include "distill/outcome.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/inputs.h"
#include "distill/sealed.h"
#include <inttypes.h>

#define MAGIC "thresh distilled 1"
#define FILE_MAX ((uint64_t)1 << 30)

void outcome_release(struct outcome *o)
{
	strlist_release(&o->kept);
	free(o->must);
	*o = (struct outcome)OUTCOME_INIT;
}

char *outcome_key(const char *build, const struct distill_opts *opts, const struct strlist *names)
{
	struct hasher *h = hasher_new();
	char hex[SHA256_HEX];
	char *how = xasprintf("%d %d %" PRIu64 " %" PRIu64 " %d %zu", (int)opts->cost,
		opts->edges_only, opts->max_bytes, opts->max_files, opts->packed,
		opts->prefer ? opts->prefer->n : 0);

	hasher_adds(h, build);
	hasher_adds(h, how);
	for (size_t i = 0; opts->prefer && i < opts->prefer->n; i++)
		hasher_adds(h, opts->prefer->v[i]);
	for (size_t i = 0; i < names->n; i++)
		hasher_adds(h, names->v[i]);
	hasher_end(h, hex);
	free(how);
	return xstrdup(hex);
}

/* The numbers, in the order of the file; the counts of what follows come last. */
#define NUMBERS(o)                                                                             \
	{                                                                                      \
		&(o)->result.measured.rejected, &(o)->result.inputs, &(o)->result.bytes,       \
			&(o)->result.kept, &(o)->result.kept_bytes, &(o)->result.features,     \
			&(o)->result.cost, &(o)->result.bound, &(o)->result.unstable_features, \
			&(o)->result.unstable_inputs                                           \
	}

int outcome_save(const char *path, const char *key, const struct outcome *o, struct err *err)
{
	const uint64_t *numbers[] = NUMBERS(o);
	struct buf body = BUF_INIT;
	int rc;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		buf_addf(&body, "%" PRIu64 "\n", *numbers[i]);
	buf_addf(&body, "%zu\n%zu\n", o->kept.n, o->n_must);
	for (size_t i = 0; i < o->kept.n; i++)
		buf_adds2(&body, o->kept.v[i], "\n");
	for (size_t i = 0; i < o->n_must; i++)
		buf_addf(&body, "%" PRIu32 "\n", o->must[i]);
	rc = sealed_save(path, MAGIC, key, &body, err);
	buf_release(&body);
	return rc;
}

static bool take_number(struct strv *rest, uint64_t max, uint64_t *n)
{
	struct strv line;

	return strv_line(rest, &line) && num_u64(line, n) == 0 && *n <= max;
}

/* The sum was right: only another version of ours could have written what this refuses. */
static bool parse(struct strv rest, struct outcome *o)
{
	uint64_t *numbers[] = NUMBERS(o), n_kept, n_must, feature;
	struct strv line;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!take_number(&rest, UINT64_MAX, numbers[i]))
			return false;
	if (!take_number(&rest, rest.len, &n_kept) || !take_number(&rest, rest.len, &n_must))
		return false;
	while (o->kept.n < n_kept && strv_line(&rest, &line)) {
		strlist_add_take(&o->kept, strv_dup(line));
		if (!inputs_is_name(o->kept.v[o->kept.n - 1]))
			return false;
	}
	o->must = xcalloc((size_t)n_must + 1, sizeof(*o->must));
	while (o->n_must < n_must && take_number(&rest, UINT32_MAX, &feature))
		o->must[o->n_must++] = (uint32_t)feature;
	return o->kept.n == n_kept && o->n_must == n_must && !rest.len;
}

bool outcome_load(const char *path, const char *key, struct outcome *o)
{
	struct buf b = BUF_INIT;
	struct strv body;
	bool ok = sealed_load(path, MAGIC, key, FILE_MAX, &b, &body) && parse(body, o);

	if (!ok)
		outcome_release(o);
	buf_release(&b);
	return ok;
}
