/*
 * An open project. What costs time is opened at the first need: a command that only reads the store probes no
 * compiler and starts no symboliser.
 */
#include "base/prelude.h"
#include "project/project.h"
#include "project/startup.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "proc/secrets.h"
#include <unistd.h>

/* Each is some processes with a sanitizer's shadow memory. */
#define TARGETS_OPEN_MAX 8

struct target_slot {
	/* harness, variant, override, flags */
	char *key;
	struct target *target;
	/* the last use, by a counter: the oldest goes first */
	uint64_t used;
};

static uint64_t use_counter;

/* A relative path is the project file's, wherever the command runs. */
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

static int open_store(struct project *p, struct err *err)
{
	char *url = store_url(p->cfg);

	p->store = store_open(url, err);
	if (p->store)
		store_ending(p->store, proc_interrupted);
	free(url);
	return p->store ? 0 : -1;
}

static int load_helpers(struct project *p, struct err *err)
{
	char *learned = NULL;
	int rc = store_fact_get(p->store, PROJECT_HELPERS_FACT, &learned, err);

	for (size_t i = 0; i < p->cfg->helpers.n; i++)
		strlist_add(&p->helpers, p->cfg->helpers.v[i]);
	if (rc == 0)
		strlist_add_lines(&p->helpers, learned);
	free(learned);
	return rc < 0 ? -1 : 0;
}

struct project *project_open(const char *config_path, struct err *err)
{
	struct config *cfg = config_load(config_path, err);

	return cfg ? project_open_take(cfg, err) : NULL;
}

char *project_key_path(const struct project *p)
{
	return fs_join(p->state_dir, "key");
}

static void hide_key(const struct project *p)
{
	char *path = project_key_path(p);

	proc_hide(path);
	free(path);
}

struct project *project_open_take(struct config *cfg, struct err *err)
{
	struct project *p = xcalloc(1, sizeof(*p));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	p->cfg = cfg;
	p->jobs = p->cfg->jobs ? p->cfg->jobs : (unsigned)MAX(cpus, 1L);
	p->state_dir = xstrdup(p->cfg->state_dir);
	p->inputs_dir = fs_join(p->state_dir, "inputs");
	for (size_t i = 0; i < p->cfg->ignore.n; i++)
		strlist_add(&p->ignore, p->cfg->ignore.v[i]);
	p->sources = source_text_new(p->cfg);
	hide_key(p);
	if (fs_mkdirs(p->state_dir, err) < 0 || open_store(p, err) < 0 || load_helpers(p, err) < 0)
		goto fail;
	p->dispositions_path = fs_join(p->cfg->dir, DISPOSITIONS_FILE);
	if (dispositions_load(&p->verdicts, p->dispositions_path, err) < 0)
		goto fail;
	return p;
fail:
	project_close(p);
	return NULL;
}

struct project *project_bare(void)
{
	struct project *p = xcalloc(1, sizeof(*p));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	p->jobs = (unsigned)MAX(cpus, 1L);
	return p;
}

void project_close(struct project *p)
{
	if (!p)
		return;
	project_targets_close(p);
	symbol_close(p->symbols);
	store_close(p->store);
	dispositions_release(&p->verdicts);
	toolchain_release(&p->tools);
	strlist_release(&p->ignore);
	strlist_release(&p->helpers);
	source_text_free(p->sources);
	config_free(p->cfg);
	free(p->dispositions_path);
	free(p->state_dir);
	free(p->inputs_dir);
	free(p->slots);
	free(p);
}

int project_forked(struct project *p, struct err *err)
{
	/* left as they are, not closed: they're the parent's */
	p->store = NULL;
	p->symbols = NULL;
	p->slots = NULL;
	p->n_slots = 0;
	return open_store(p, err);
}

int project_need_tools(struct project *p, struct err *err)
{
	char *cache;
	int rc;

	if (p->cfg->made_in && !p->tools_probed) {
		toolchain_look(&p->tools);
		p->tools_probed = true;
	}
	if (p->tools_probed)
		return 0;
	cache = fs_join(p->state_dir, "cache");
	rc = toolchain_probe(&p->tools, cache, err);
	free(cache);
	p->tools_probed = rc == 0;
	return rc;
}

int project_need_symbols(struct project *p, struct err *err)
{
	char *dir;

	if (p->symbols)
		return 0;
	dir = p->state_dir ? fs_join(p->state_dir, "symbols") : NULL;
	p->symbols = symbol_open(dir, err);
	free(dir);
	return p->symbols ? 0 : -1;
}

struct crash_rules project_rules(const struct project *p, const char *harness)
{
	return (struct crash_rules){
		.frames = p->cfg ? p->cfg->frames : 0,
		.ignore = &p->ignore,
		.helpers = &p->helpers,
		.harness = harness,
		.statement = p->sources ? source_text_statement : NULL,
		.statement_arg = p->sources,
	};
}

char *project_corpus_dir(const struct project *p, const char *harness)
{
	return xasprintf("%s/corpus/%s", p->state_dir, harness);
}

char *project_aside_name(const char *harness)
{
	return xasprintf(".%s" PROJECT_ASIDE, harness);
}

char *project_work_dir(const struct project *p, const char *harness, const char *what)
{
	return xasprintf("%s/work/%s/%s", p->state_dir, harness, what);
}

const struct config_harness *project_harness(
	const struct project *p, const char *name, struct err *err)
{
	const struct config_harness *h = config_harness(p->cfg, name);
	struct buf names = BUF_INIT;

	if (h)
		return h;
	for (size_t i = 0; i < p->cfg->n_harnesses; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", p->cfg->harnesses[i].name);
	err_usage(err, "%s: no such harness in %s; there %s: %s", name, p->cfg->path,
		p->cfg->n_harnesses == 1 ? "is" : "are", names.len ? names.s : "none");
	buf_release(&names);
	return NULL;
}

enum sandbox_policy project_sandbox(const struct project *p)
{
	enum sandbox_policy policy = SANDBOX_AUTO;

	if (p->cfg && sandbox_policy_parse(p->cfg->sandbox, &policy) < 0)
		BUG("%s: no policy", p->cfg->sandbox); /* config's words are these */
	return policy;
}

static void slot_close(struct target_slot *s)
{
	target_close(s->target);
	free(s->key);
}

void project_targets_close(struct project *p)
{
	for (size_t i = 0; i < p->n_slots; i++)
		slot_close(&p->slots[i]);
	p->n_slots = 0;
}

static bool is_at_work(const struct target_slot *s)
{
	return s->target && target_is_running(s->target);
}

/*
 * One that is in the middle of a run isn't given to a second: what a result leads to may need runs of the same build. NULL:
 * all that may be open are at work.
 */
static struct target_slot *slot_for(struct project *p, const char *key)
{
	struct target_slot *oldest = NULL;

	for (size_t i = 0; i < p->n_slots; i++) {
		if (is_at_work(&p->slots[i]))
			continue;
		if (strcmp(p->slots[i].key, key) == 0)
			return &p->slots[i];
		if (!oldest || p->slots[i].used < oldest->used)
			oldest = &p->slots[i];
	}
	if (!p->slots)
		p->slots = xcalloc(TARGETS_OPEN_MAX, sizeof(*p->slots));
	if (p->n_slots == TARGETS_OPEN_MAX) {
		if (!oldest)
			return NULL;
		slot_close(oldest);
		*oldest = p->slots[--p->n_slots];
	}
	p->slots[p->n_slots] = (struct target_slot){ .key = xstrdup(key) };
	return &p->slots[p->n_slots++];
}

/* profiles: NULL where none are wanted. */
static struct target *open_target(struct project *p, const struct config_harness *h, enum variant v,
	const struct config_build *over, unsigned workers, unsigned flags, const char *profiles,
	struct err *err)
{
	const char *writable[] = { profiles, NULL };
	struct strlist env = STRLIST_INIT;
	unsigned scale = flags & TARGET_TWICE ? 2 : 1;
	struct build_result built = { 0 };
	struct buf said = BUF_INIT;
	struct target *t = NULL;
	struct target_spec spec = {
		.name = h->name,
		.timeout_ms = scale * h->timeout_ms,
		.start_ms = p->start_most_ms ? MIN(h->start_ms, p->start_most_ms) : h->start_ms,
		.memory = scale * h->memory,
		.no_aslr = flags & TARGET_NO_ASLR,
		.leaks = h->leaks,
		.features = v == VARIANT_COV,
		.places = v == VARIANT_COV && (flags & TARGET_PLACES),
		.workers = workers,
		.writable = writable,
		.root = p->cfg->dir,
		.sandbox = project_sandbox(p),
		.given = { h->files.v, p->cfg->dir },
	};

	if (project_need_tools(p, err) < 0 ||
		build_variant(p->cfg, h, over, v, &p->tools, p->jobs, &built, err) < 0)
		goto out;
	for (size_t i = 0; i < h->env.n; i++)
		strlist_add(&env, h->env.v[i]);
	/* one file, which each process adds its own to: many inputs would leave many */
	if (profiles)
		strlist_addf(&env, "LLVM_PROFILE_FILE=%s/%%m.profraw", profiles);
	spec.env = (const char *const *)env.v;
	spec.exe = built.exe;
	spec.said = &said;
	t = target_open(&spec, err);
	if (!t && said.len) {
		struct crash_rules rules = project_rules(p, h->name);

		startup_explain(h->name, strv_n(said.s, said.len), &rules, project_resolve, p, err);
	}
out:
	buf_release(&said);
	strlist_release(&env);
	build_result_release(&built);
	return t;
}

struct target *project_target_open(struct project *p, const struct config_harness *h,
	enum variant v, const struct config_build *over, unsigned workers, unsigned flags,
	struct err *err)
{
	return open_target(p, h, v, over, workers, flags, NULL, err);
}

struct target *project_target_profiled(struct project *p, const struct config_harness *h,
	unsigned workers, const char *profiles, struct err *err)
{
	return open_target(p, h, VARIANT_LINES, NULL, workers, 0, profiles, err);
}

struct target *project_target(struct project *p, const struct config_harness *h, enum variant v,
	const char *override, unsigned workers, struct err *err)
{
	return project_target_with(p, h, v, override, workers, 0, err);
}

struct target *project_target_with(struct project *p, const struct config_harness *h,
	enum variant v, const char *override, unsigned workers, unsigned flags, struct err *err)
{
	const struct config_build *over = NULL;
	struct target_slot *slot;
	char *key;

	if (override) {
		over = config_build(p->cfg, override);
		if (!over) {
			err_usage(err, "%s: no such target in %s", override, p->cfg->path);
			return NULL;
		}
	}
	key = xasprintf("%s %s %s %u", h->name, variant_name(v), override ? override : "", flags);
	slot = slot_for(p, key);
	free(key);
	if (!slot) {
		err_set(err, "%s: all targets that may be open are at work", h->name);
		return NULL;
	}
	slot->used = ++use_counter;
	if (!slot->target)
		slot->target = project_target_open(p, h, v, over, workers, flags, err);
	return slot->target;
}

/* The symboliser says "" where the crash room says NULL. */
static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

bool project_names_refused(struct project *p)
{
	return p->symbols && symbol_refused(p->symbols);
}

size_t project_resolve(void *arg, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max)
{
	struct symbol_frame found[32];
	struct project *p = arg;
	struct buf path = BUF_INIT;
	size_t n;

	if (project_need_symbols(p, NULL) < 0)
		return 0;
	/* as the target wrote it into its report: see target_spec.root */
	if (unescape_path(&path, strv_of(module)) && fs_exists(path.s))
		module = path.s;
	n = symbol_lookup(
		p->symbols, module, build_id, offset, is_return, found, MIN(max, ARRAY_LEN(found)));
	buf_release(&path);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct crash_frame){ .function = or_null(found[i].function),
			.file = or_null(found[i].file),
			.line = found[i].line,
			.column = found[i].column,
			.inlined = found[i].inlined };
	return n;
}
