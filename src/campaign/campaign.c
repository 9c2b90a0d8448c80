/* An open project: configuration, store, tools, symboliser, targets. */
#include "base/prelude.h"
#include "campaign/campaign.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <unistd.h>

#define TARGETS_OPEN_MAX 8

struct target_slot {
	char *key; /* harness, variant, override */
	struct target *target;
	uint64_t used; /* the last use, by a counter: the oldest goes first */
};

static uint64_t use_counter;

static char *store_url(const struct config *cfg)
{
	struct strv url = strv_of(cfg->store);
	char *path, *full;

	if (!strv_skip(&url, "sqlite:"))
		return xstrdup(cfg->store);
	path = strv_dup(url);
	full = fs_join(cfg->dir, path);
	free(path);
	path = xasprintf("sqlite:%s", full);
	free(full);
	return path;
}

static int open_store(struct campaign *c, struct err *err)
{
	char *url = store_url(c->cfg);

	c->store = store_open(url, err);
	free(url);
	return c->store ? 0 : -1;
}

struct campaign *campaign_open(const char *config_path, struct err *err)
{
	struct campaign *c = xcalloc(1, sizeof(*c));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	c->cfg = config_load(config_path, err);
	if (!c->cfg)
		goto fail;
	c->jobs = c->cfg->jobs ? c->cfg->jobs : (unsigned)MAX(cpus, 1L);
	c->state_dir = xstrdup(c->cfg->state_dir);
	c->inputs_dir = fs_join(c->state_dir, "inputs");
	for (size_t i = 0; i < c->cfg->ignore.n; i++)
		strlist_add(&c->ignore, c->cfg->ignore.v[i]);
	if (fs_mkdirs(c->state_dir, err) < 0 || open_store(c, err) < 0)
		goto fail;
	c->verdicts_path = fs_join(c->cfg->dir, VERDICTS_FILE);
	if (verdicts_load(&c->verdicts, c->verdicts_path, err) < 0)
		goto fail;
	return c;
fail:
	campaign_close(c);
	return NULL;
}

struct campaign *campaign_bare(void)
{
	struct campaign *c = xcalloc(1, sizeof(*c));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	c->jobs = (unsigned)MAX(cpus, 1L);
	return c;
}

void campaign_close(struct campaign *c)
{
	if (!c)
		return;
	campaign_targets_close(c);
	symbol_close(c->symbols);
	store_close(c->store);
	verdicts_release(&c->verdicts);
	toolchain_release(&c->tools);
	strlist_release(&c->ignore);
	config_free(c->cfg);
	free(c->verdicts_path);
	free(c->state_dir);
	free(c->inputs_dir);
	free(c->slots);
	free(c);
}

int campaign_forked(struct campaign *c, struct err *err)
{
	/* left as they are, not closed: they're the parent's */
	c->store = NULL;
	c->symbols = NULL;
	c->slots = NULL;
	c->n_slots = 0;
	return open_store(c, err);
}

int campaign_need_tools(struct campaign *c, struct err *err)
{
	char *cache;
	int rc;

	if (c->tools_probed)
		return 0;
	cache = fs_join(c->state_dir, "cache");
	rc = toolchain_probe(&c->tools, cache, err);
	free(cache);
	c->tools_probed = rc == 0;
	return rc;
}

int campaign_need_symbols(struct campaign *c, struct err *err)
{
	char *dir;

	if (c->symbols)
		return 0;
	dir = c->state_dir ? fs_join(c->state_dir, "symbols") : NULL;
	c->symbols = symbol_open(dir, err);
	free(dir);
	return c->symbols ? 0 : -1;
}

struct crash_rules campaign_rules(const struct campaign *c, const char *harness)
{
	return (struct crash_rules){
		.frames = c->cfg ? c->cfg->frames : 0, .ignore = &c->ignore, .harness = harness
	};
}

char *campaign_corpus_dir(const struct campaign *c, const char *harness)
{
	return xasprintf("%s/corpus/%s", c->state_dir, harness);
}

char *campaign_work_dir(const struct campaign *c, const char *harness, const char *what)
{
	return xasprintf("%s/work/%s/%s", c->state_dir, harness, what);
}

const struct config_harness *campaign_harness(
	const struct campaign *c, const char *name, struct err *err)
{
	const struct config_harness *h = config_harness(c->cfg, name);
	struct buf names = BUF_INIT;

	if (h)
		return h;
	for (size_t i = 0; i < c->cfg->n_harnesses; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", c->cfg->harnesses[i].name);
	err_usage(err, "%s: no such harness in %s; there %s: %s", name, c->cfg->path,
		c->cfg->n_harnesses == 1 ? "is" : "are", names.len ? names.s : "none");
	buf_release(&names);
	return NULL;
}

static void slot_close(struct target_slot *s)
{
	target_close(s->target);
	free(s->key);
}

void campaign_targets_close(struct campaign *c)
{
	for (size_t i = 0; i < c->n_slots; i++)
		slot_close(&c->slots[i]);
	c->n_slots = 0;
}

static struct target_slot *slot_for(struct campaign *c, const char *key)
{
	size_t oldest = 0;

	for (size_t i = 0; i < c->n_slots; i++) {
		if (strcmp(c->slots[i].key, key) == 0)
			return &c->slots[i];
		if (c->slots[i].used < c->slots[oldest].used)
			oldest = i;
	}
	if (!c->slots)
		c->slots = xcalloc(TARGETS_OPEN_MAX, sizeof(*c->slots));
	if (c->n_slots == TARGETS_OPEN_MAX) {
		slot_close(&c->slots[oldest]);
		c->slots[oldest] = c->slots[--c->n_slots];
	}
	c->slots[c->n_slots] = (struct target_slot){ .key = xstrdup(key) };
	return &c->slots[c->n_slots++];
}

struct target *campaign_target_open(struct campaign *c, const struct config_harness *h,
	enum variant v, const struct config_build *over, unsigned workers, unsigned flags,
	struct err *err)
{
	unsigned scale = flags & TARGET_TWICE ? 2 : 1;
	struct build_result built = { 0 };
	struct target *t = NULL;
	struct target_spec spec = {
		.name = h->name,
		.timeout_ms = scale * h->timeout_ms,
		.memory = scale * h->memory,
		.no_aslr = flags & TARGET_NO_ASLR,
		.leaks = h->leaks,
		.features = v == VARIANT_COV,
		.places = v == VARIANT_COV && (flags & TARGET_PLACES),
		.env = h->env.v,
		.workers = workers,
	};

	if (campaign_need_tools(c, err) < 0 ||
		build_variant(c->cfg, h, over, v, &c->tools, c->jobs, &built, err) < 0)
		goto out;
	spec.exe = built.exe;
	t = target_open(&spec, err);
out:
	build_result_release(&built);
	return t;
}

struct target *campaign_target(struct campaign *c, const struct config_harness *h, enum variant v,
	const char *override, unsigned workers, struct err *err)
{
	return campaign_target_with(c, h, v, override, workers, 0, err);
}

struct target *campaign_target_with(struct campaign *c, const struct config_harness *h,
	enum variant v, const char *override, unsigned workers, unsigned flags, struct err *err)
{
	const struct config_build *over = NULL;
	struct target_slot *slot;
	char *key;

	if (override) {
		over = config_build(c->cfg, override);
		if (!over) {
			err_usage(err, "%s: no such target in %s", override, c->cfg->path);
			return NULL;
		}
	}
	key = xasprintf("%s %s %s %u", h->name, variant_name(v), override ? override : "", flags);
	slot = slot_for(c, key);
	free(key);
	slot->used = ++use_counter;
	if (!slot->target)
		slot->target = campaign_target_open(c, h, v, over, workers, flags, err);
	return slot->target;
}

/* The symboliser says "" where the crash room says NULL. */
static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

size_t campaign_resolve(void *arg, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max)
{
	struct symbol_frame found[32];
	struct campaign *c = arg;
	size_t n;

	if (campaign_need_symbols(c, NULL) < 0)
		return 0;
	n = symbol_lookup(
		c->symbols, module, build_id, offset, is_return, found, MIN(max, ARRAY_LEN(found)));
	for (size_t i = 0; i < n; i++)
		out[i] = (struct crash_frame){ .function = or_null(found[i].function),
			.file = or_null(found[i].file),
			.line = found[i].line,
			.column = found[i].column,
			.inlined = found[i].inlined };
	return n;
}
