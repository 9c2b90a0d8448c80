/* Headers are in no list of sources: they are taken for those of the folder that they lie in. */
#include "base/prelude.h"
#include "coverage/owner.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "project/sources.h"

struct grounds {
	const char *root, *state;
	/* files, folders of files, folders with all below them */
	struct strlist sources, folders, trees, harnesses;
};

const char *coverage_owner_name(enum coverage_owner o)
{
	static const char *const names[COVERAGE_OWNERS] = { "own", "harness", "third-party" };

	return names[o];
}

static bool below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '/' || (n && dir[n - 1] == '/'));
}

static void add_build(struct grounds *g, const struct config_build *b)
{
	size_t from = g->sources.n;

	sources_list(b, &g->sources);
	/* a script may name folders, or nothing: then it's all that there is */
	for (size_t i = from; i < g->sources.n; i++) {
		char *dir = fs_dirname(g->sources.v[i]);

		if (fs_is_dir(g->sources.v[i]))
			strlist_add(&g->trees, g->sources.v[i]);
		else
			strlist_add_once(&g->folders, dir);
		free(dir);
	}
	if (b->script && from == g->sources.n)
		strlist_add(&g->trees, g->root);
	/* the project's folder is on many paths; that doesn't make all in it the project's */
	for (size_t i = 0; i < b->include.n; i++)
		if (strcmp(b->include.v[i], g->root) != 0)
			strlist_add(&g->trees, b->include.v[i]);
}

static enum coverage_owner owner_of(const struct grounds *g, const char *path)
{
	enum coverage_owner who = COVERAGE_OTHER;
	char *dir = fs_dirname(path);

	if (strlist_has(&g->harnesses, path))
		who = COVERAGE_HARNESS;
	else if (!below(path, g->root) || below(path, g->state))
		who = COVERAGE_OTHER;
	else if (strlist_has(&g->sources, path) || strlist_has(&g->folders, dir))
		who = COVERAGE_OWN;
	for (size_t i = 0; who == COVERAGE_OTHER && i < g->trees.n; i++)
		if (below(path, g->root) && !below(path, g->state) && below(path, g->trees.v[i]))
			who = COVERAGE_OWN;
	free(dir);
	return who;
}

void coverage_owners_init(struct coverage_owners *o, const struct coverage_model *m,
	const struct config *c, const struct config_harness *const *harnesses, size_t n)
{
	struct grounds g = { .root = c->dir, .state = c->state_dir };

	for (size_t i = 0; i < n; i++) {
		bool known = false;

		if (harnesses[i]->source)
			strlist_add(&g.harnesses, harnesses[i]->source);
		for (size_t k = 0; k < i; k++)
			known |= harnesses[k]->build == harnesses[i]->build;
		if (!known)
			add_build(&g, harnesses[i]->build);
	}
	o->of = xcalloc(m->n + 1, sizeof(*o->of));
	for (size_t i = 0; i < m->n; i++)
		o->of[i] = owner_of(&g, m->files[i].path);
	strlist_release(&g.sources);
	strlist_release(&g.folders);
	strlist_release(&g.trees);
	strlist_release(&g.harnesses);
}

void coverage_owners_release(struct coverage_owners *o)
{
	free(o->of);
	*o = (struct coverage_owners){ NULL };
}
