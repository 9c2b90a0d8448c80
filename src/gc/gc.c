/* A table of what can go, each kind with its own way to tell; folders that targets wrote to are read as such. */
#include "base/prelude.h"
#include "gc/gc.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/toolchain.h"
#include "corpus/inputs.h"
#include "depot/build.h"
#include "distill/cold.h"
#include "store/origins.h"
#include "store/retention.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* An input is written before the row that names it. */
#define FRESH_MS ((uint64_t)24 * 3600 * 1000)
#define YEAR_MS ((uint64_t)365 * 24 * 3600 * 1000)

struct sweep {
	struct project *p;
	const struct gc_opts *opts;
	struct gc_row *row;
	struct err *err;
	/* rows left the database: it is made smaller at the end */
	bool store_changed;
};

static uint64_t mtime_ms(const struct stat *st)
{
	return st->st_mtim.tv_sec < 0 ? 0
				      : (uint64_t)st->st_mtim.tv_sec * 1000 +
						(uint64_t)st->st_mtim.tv_nsec / 1000000;
}

static uint64_t size_of(int dir, const char *name, const struct stat *st)
{
	struct dir_sum sum = { 0, 0 };
	int fd;

	if (!S_ISDIR(st->st_mode))
		return (uint64_t)st->st_size;
	fd = dir_below(dir, name);
	if (fd >= 0) {
		dir_sum(fd, &sum);
		close(fd);
	}
	return sum.bytes;
}

/* No sum is ever less than what goes into it: so long an age is for ever. */
static uint64_t later(uint64_t ms, uint64_t by)
{
	return by > UINT64_MAX - ms ? UINT64_MAX : ms + by;
}

/* One entry that nothing needs, if it has been so for `age_ms`. */
static int let_go(struct sweep *s, int dir, const char *where, const char *name, uint64_t age_ms)
{
	struct stat st;
	uint64_t due, bytes;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	due = later(mtime_ms(&st), age_ms);
	/* a time in the future is somebody's mistake, and no reason to keep it for ever */
	if (due > s->opts->now_ms && mtime_ms(&st) <= later(s->opts->now_ms, age_ms)) {
		s->row->later++;
		if (!s->row->due_ms || due < s->row->due_ms)
			s->row->due_ms = due;
		return 0;
	}
	bytes = size_of(dir, name, &st);
	if (s->opts->remove && dir_remove(dir, name) < 0)
		return err_errno(s->err, "%s/%s: can't remove", where, name);
	s->row->n++;
	s->row->bytes += bytes;
	return 0;
}

/* Each entry of a folder that is_needed() doesn't know. A folder that isn't there has none. */
static int sweep_folder(struct sweep *s, const char *path, uint64_t age_ms,
	bool (*is_needed)(void *arg, const char *name), void *arg)
{
	struct strlist names = STRLIST_INIT;
	struct stat st;
	int dir, rc = 0;

	if (!fs_is_dir(path))
		return 0;
	/* somebody put the bytes elsewhere, and others may use them from there */
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
		log_warn("%s: a link, so what it leads to is left as it is", path);
		return 0;
	}
	dir = dir_open(path, s->err);
	if (dir < 0)
		return -1;
	if (dir_list(dir, &names, s->err) < 0)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < names.n; i++)
		if (!is_needed || !is_needed(arg, names.v[i]))
			rc = let_go(s, dir, path, names.v[i], age_ms);
	strlist_release(&names);
	close(dir);
	return rc;
}

/* --- the store --- */

static int of_store(struct sweep *s, int rc, const struct store_surplus *x)
{
	s->row->n = x->n;
	s->row->bytes = x->bytes;
	s->store_changed |= rc == 0 && x->n && s->opts->remove;
	return rc;
}

static int findings(struct sweep *s)
{
	struct store_surplus x;
	int rc = store_trim_findings(s->p->store, s->opts->keep, !s->opts->remove, &x, s->err);

	return of_store(s, rc, &x);
}

static int jobs(struct sweep *s)
{
	struct store_surplus x;
	int rc = store_prune_jobs(s->p->store, s->opts->campaigns, !s->opts->remove, &x, s->err);

	return of_store(s, rc, &x);
}

/* --- inputs --- */

static int add_name(void *arg, const char *sha1)
{
	strlist_add(arg, sha1);
	return 0;
}

static bool in_use(void *arg, const char *name)
{
	return strlist_has_sorted(arg, name);
}

static int inputs(struct sweep *s)
{
	struct strlist used = STRLIST_INIT;
	int rc = store_inputs(s->p->store, s->opts->keep, add_name, &used, s->err);

	strlist_sort(&used);
	if (rc == 0)
		rc = sweep_folder(s, s->p->inputs_dir, FRESH_MS, in_use, &used);
	strlist_release(&used);
	return rc;
}

struct shared {
	struct sweep *s;
	struct strlist packs, names;
};

static int one_shared(void *arg, const char *sha1, uint64_t bytes)
{
	struct shared *all = arg;

	if (strlist_has_sorted(&all->packs, sha1))
		return 0;
	strlist_add(&all->names, sha1);
	all->s->row->n++;
	all->s->row->bytes += bytes;
	return 0;
}

/* What the database of a shared store holds in place of folders. */
static int shared(struct sweep *s)
{
	const struct gc_opts *o = s->opts;
	struct shared all = { s, STRLIST_INIT, STRLIST_INIT };
	int rc = 0;

	if (!store_is_shared(s->p->store))
		return 0;
	rc = depot_builds_keep(s->p, o->campaigns, !o->remove, &all.packs, s->err);
	strlist_sort(&all.packs);
	if (rc == 0)
		rc = store_blobs_unneeded(
			s->p->store, o->keep, o->older_ms, one_shared, &all, s->err);
	if (rc == 0 && o->remove)
		rc = store_blobs_remove(s->p->store, &all.names, o->older_ms, s->err);
	s->store_changed |= rc == 0 && all.names.n && o->remove;
	strlist_release(&all.packs);
	strlist_release(&all.names);
	return rc;
}

/* A process was killed between writing and naming. What engines read besides is none of ours. */
static bool is_whole(void *arg, const char *name)
{
	const char *end = strchr(name, '.');
	char sha1[SHA1_HEX];

	(void)arg;
	if (!end || end - name != SHA1_HEX - 1 || strncmp(end, ".tmp-", 5) != 0)
		return true;
	memcpy(sha1, name, SHA1_HEX - 1);
	sha1[SHA1_HEX - 1] = '\0';
	return !inputs_is_name(sha1);
}

static int half_written(struct sweep *s)
{
	char *all = fs_join(s->p->state_dir, "corpus");
	struct strlist names = STRLIST_INIT;
	int rc = fs_is_dir(all) ? fs_list(all, &names, s->err) : 0;

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = fs_join(all, names.v[i]);

		rc = sweep_folder(s, path, FRESH_MS, is_whole, NULL);
		free(path);
	}
	strlist_release(&names);
	free(all);
	return rc;
}

/* --- what belongs to harnesses and targets that thresh.yaml has no more --- */

struct ending {
	const struct config *c;
	const char *const *of; /* what follows a harness's name; ends with NULL */
};

static bool is_a_harness(void *arg, const char *name)
{
	const struct ending *e = arg;
	size_t n = strlen(name);

	/* locks, and what all builds of a folder share */
	if (name[0] == '.')
		return true;
	for (size_t i = 0; i < e->c->n_harnesses; i++) {
		const char *h = e->c->harnesses[i].name;
		size_t len = strlen(h);

		for (const char *const *x = e->of; n >= len && strncmp(name, h, len) == 0 && *x;
			x++)
			if (strcmp(name + len, *x) == 0)
				return true;
	}
	return false;
}

static int caches(struct sweep *s)
{
	static const char *const plain[] = { "", NULL }, *const dict[] = { ".dict", NULL },
				 *const features[] = { "", ".distilled", ".growth", NULL },
				 *const coverage[] = { ".json", ".profdata", NULL };
	static const struct {
		const char *dir;
		const char *const *endings;
	} of[] = { { "work", plain }, { "change", plain }, { "guard", plain }, { "words", dict },
		{ "features", features }, { "coverage", coverage } };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(of); i++) {
		char *path = fs_join(s->p->state_dir, of[i].dir);
		struct ending e = { s->p->cfg, of[i].endings };

		rc = sweep_folder(s, path, s->opts->older_ms, is_a_harness, &e);
		free(path);
	}
	return rc;
}

/* Targets are folders; within them each variant has one for executables and one, with a dot, for what they're made of. */
static bool is_a_target(void *arg, const char *name)
{
	const struct config *c = arg;

	if (strcmp(name, "_") == 0 || name[0] == '.')
		return true;
	for (size_t i = 0; i < c->n_builds; i++)
		if (c->builds[i].name && strcmp(c->builds[i].name, name) == 0)
			return true;
	return false;
}

/* A script's folders hold what the script likes, and are made anew with it. */
static int executables(struct sweep *s, const char *all, const struct config_build *b)
{
	static const char *const plain[] = { "", NULL };
	char *target = fs_join(all, b->name && *b->name ? b->name : "_");
	struct strlist variants = STRLIST_INIT;
	struct ending e = { s->p->cfg, plain };
	int rc = !b->script && fs_is_dir(target) ? fs_list(target, &variants, s->err) : 0;

	for (size_t i = 0; rc == 0 && i < variants.n; i++) {
		char *dir = fs_join(target, variants.v[i]);

		if (variants.v[i][0] != '.')
			rc = sweep_folder(s, dir, s->opts->older_ms, is_a_harness, &e);
		free(dir);
	}
	strlist_release(&variants);
	free(target);
	return rc;
}

static int builds(struct sweep *s)
{
	char *all = fs_join(s->p->state_dir, "build"), *former = fs_join(s->p->state_dir, "former");
	int rc = sweep_folder(s, all, s->opts->older_ms, is_a_target, (void *)(uintptr_t)s->p->cfg);

	for (size_t i = 0; rc == 0 && i < s->p->cfg->n_builds; i++)
		rc = executables(s, all, &s->p->cfg->builds[i]);
	if (rc == 0)
		rc = sweep_folder(s, former, s->opts->older_ms, NULL, NULL);
	free(all);
	free(former);
	return rc;
}

/* --- what other projects share: each version of thresh and of the compilers has its own --- */

static bool is_not_of_compilers(void *arg, const char *name)
{
	(void)arg;
	return !strv_starts(strv_of(name), "runtime-") && !strv_starts(strv_of(name), "toolchain-");
}

static int runtimes(struct sweep *s)
{
	char *cache = toolchain_users_cache();
	int rc = cache ? sweep_folder(s, cache, s->opts->older_ms, is_not_of_compilers, NULL) : 0;

	free(cache);
	return rc;
}

/* Nothing was dropped from the corpus since, and nobody wanted it back. */
static int cold(struct sweep *s)
{
	char *path = fs_join(s->p->state_dir, "cold");
	int rc = sweep_folder(s, path, MAX(s->opts->older_ms, YEAR_MS), NULL, NULL);

	free(path);
	return rc;
}

/* Of a shared store it would come again. */
static int aside(struct sweep *s)
{
	char *all = fs_join(s->p->state_dir, "corpus");
	struct strlist names = STRLIST_INIT;
	bool any = fs_is_dir(all) && !store_is_shared(s->p->store);
	int rc = any ? fs_list(all, &names, s->err) : 0;

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = fs_join(all, names.v[i]);

		if (names.v[i][0] == '.' && strv_ends(strv_of(names.v[i]), PROJECT_ASIDE))
			rc = sweep_folder(s, path, MAX(s->opts->older_ms, YEAR_MS), NULL, NULL);
		free(path);
	}
	strlist_release(&names);
	free(all);
	return rc;
}

/* --- where inputs came from --- */

struct origin {
	char *harness;
	struct strlist names;
	uint64_t bytes; /* of all its rows that are old: about the same each */
};

struct origins {
	struct origin *v;
	size_t n, cap;
};

static int one_origin(void *arg, const char *harness, const char *sha1, uint64_t bytes)
{
	struct origins *all = arg;

	if (!all->n || strcmp(all->v[all->n - 1].harness, harness) != 0) {
		GROW(all->v, all->n, all->cap);
		all->v[all->n++] =
			(struct origin){ .harness = xstrdup(harness), .names = STRLIST_INIT };
	}
	strlist_add(&all->v[all->n - 1].names, sha1);
	all->v[all->n - 1].bytes += bytes;
	return 0;
}

static int add_shared(
	void *arg, const char *sha1, int64_t change, bool gone, const char *p, size_t n)
{
	(void)change;
	(void)gone;
	(void)p;
	(void)n;
	strlist_add(arg, sha1);
	return 0;
}

/* In the folder of that corpus, or in that of another machine; also what was taken out, but may be wanted back. */
static int in_corpus(struct project *p, const char *name, struct strlist *kept, struct err *err)
{
	char *dir = project_corpus_dir(p, name);
	struct strlist here = STRLIST_INIT;
	int rc = fs_is_dir(dir) ? inputs_list(dir, &here, err) : 0;

	strlist_add_all(kept, &here);
	if (rc == 0 && store_is_shared(p->store))
		rc = store_corpus_since(p->store, name, 0, false, add_shared, kept, err);
	strlist_release(&here);
	free(dir);
	return rc;
}

/* What may be in the harness's corpus once more. */
static int may_be_back(
	struct project *p, const char *harness, struct strlist *kept, struct err *err)
{
	char *aside_name, *pack;
	int rc;

	/* a row in a store that others write to, too: no harness is called so */
	if (strchr(harness, '/'))
		return 0;
	aside_name = project_aside_name(harness);
	pack = cold_path(p, harness);
	rc = in_corpus(p, harness, kept, err);
	if (rc == 0)
		rc = in_corpus(p, aside_name, kept, err);
	if (rc == 0)
		rc = cold_names(pack, kept, err);
	strlist_sort(kept);
	free(aside_name);
	free(pack);
	return rc;
}

static int origins_of(struct sweep *s, const struct origin *o)
{
	struct strlist kept = STRLIST_INIT, go = STRLIST_INIT;
	struct err why = ERR_INIT;
	int rc = 0;

	if (may_be_back(s->p, o->harness, &kept, &why) < 0)
		log_warn("%s: where its inputs came from stays known: %s", o->harness, why.msg);
	else
		for (size_t i = 0; i < o->names.n; i++)
			if (!strlist_has_sorted(&kept, o->names.v[i]))
				strlist_add(&go, o->names.v[i]);
	if (s->opts->remove)
		rc = store_origins_remove(s->p->store, o->harness, &go, s->err);
	s->store_changed |= go.n && s->opts->remove;
	s->row->n += go.n;
	if (go.n)
		s->row->bytes += o->bytes / o->names.n * go.n;
	strlist_release(&kept);
	strlist_release(&go);
	return rc;
}

static int origins(struct sweep *s)
{
	const uint64_t age = MAX(s->opts->older_ms, FRESH_MS);
	struct origins all = { 0 };
	int rc = store_origins_old(
		s->p->store, s->opts->now_ms - MIN(age, s->opts->now_ms), one_origin, &all, s->err);

	for (size_t i = 0; i < all.n; i++) {
		if (rc == 0)
			rc = origins_of(s, &all.v[i]);
		free(all.v[i].harness);
		strlist_release(&all.v[i].names);
	}
	free(all.v);
	return rc;
}

static const struct {
	const char *name, *what;
	int (*sweep)(struct sweep *s);
} kinds[GC_ROWS] = {
	{ "findings", "reports of more findings than a bug's place needs", findings },
	{ "jobs", "jobs that ended, of old campaigns", jobs },
	{ "inputs", "inputs that no finding needs", inputs },
	{ "shared", "inputs and builds in a shared store that nothing needs", shared },
	{ "half-written", "files of processes that were killed", half_written },
	{ "caches", "what was measured of harnesses that are gone", caches },
	{ "builds", "builds of targets and harnesses that are gone", builds },
	{ "runtimes",
		"the runtime as other versions built it, what was found out of other compilers",
		runtimes },
	{ "cold", "packs of what distilling took out a year ago", cold },
	{ "aside", "inputs that left a corpus a year ago, and fail since", aside },
	/* behind both: it's of what they left */
	{ "origins", "where inputs came from that are in no corpus any more", origins },
};

int gc_sweep(
	struct project *p, const struct gc_opts *opts, struct gc_row rows[GC_ROWS], struct err *err)
{
	struct sweep s = { .p = p, .opts = opts, .err = err };
	struct err why = ERR_INIT;
	int rc = 0;

	for (size_t i = 0; i < GC_ROWS; i++)
		rows[i] = (struct gc_row){ .name = kinds[i].name, .what = kinds[i].what };
	for (size_t i = 0; rc == 0 && i < GC_ROWS; i++) {
		s.row = &rows[i];
		rc = kinds[i].sweep(&s);
	}
	/* no room to do it in, or somebody reads: the next time will do */
	if (s.store_changed && store_compact(p->store, &why) < 0)
		log_warn("the database isn't made smaller: %s", why.msg);
	return rc;
}
