#include "base/prelude.h"
#include "cli/new_store.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/log.h"
#include "corpus/inputs.h"

#define NAMED_MAX 3
#define DATABASE "thresh.db" /* what the names of what was one begin with */

static int one_finding(void *arg, const struct finding_rec *f)
{
	(void)f;
	*(bool *)arg = true;
	return 1;
}

static int one_campaign(void *arg, const struct campaign_rec *r)
{
	(void)r;
	*(bool *)arg = true;
	return 1;
}

/* What can't be read isn't known to be empty. */
static bool knows_something(struct project *p)
{
	bool some = false;

	return store_campaigns(p->store, one_campaign, &some, NULL) < 0 || some ||
	       store_findings(p->store, NULL, -1, one_finding, &some, NULL) < 0 || some;
}

static size_t count_inputs(const struct project *p)
{
	struct strlist names = STRLIST_INIT;
	size_t n = inputs_list(p->inputs_dir, &names, NULL) == 0 ? names.n : 0;

	strlist_release(&names);
	return n;
}

static bool has_work(const struct project *p)
{
	char *dir = fs_join(p->state_dir, "work");
	struct strlist names = STRLIST_INIT;
	bool some = fs_is_dir(dir) && fs_list(dir, &names, NULL) == 0 && names.n;

	strlist_release(&names);
	free(dir);
	return some;
}

/* The store's own file, or one that SQLite has beside it. */
static bool is_own(const struct project *p, const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	struct strv of = strv_of(p->cfg->store);
	char *name, *own;
	bool is = false;

	if (!strv_skip(&of, "sqlite:"))
		return false;
	name = strv_dup(of);
	own = fs_join(p->cfg->dir, name);
	for (size_t i = 0; i < ARRAY_LEN(ends) && !is; i++)
		is = strncmp(path, own, strlen(own)) == 0 &&
		     strcmp(path + strlen(own), ends[i]) == 0;
	free(own);
	free(name);
	return is;
}

/* Files beside it that a database may have been moved to, or that another `store:` used. */
static void add_others(const struct project *p, struct buf *out)
{
	struct strlist names = STRLIST_INIT;
	size_t n = 0;

	if (fs_list(p->state_dir, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n && n < NAMED_MAX; i++) {
		char *path = fs_join(p->state_dir, names.v[i]);

		if (strncmp(names.v[i], DATABASE, strlen(DATABASE)) == 0 && !is_own(p, path) &&
			fs_is_file(path)) {
			buf_adds(out, n++ ? ", " : "; perhaps it is ");
			escape_term(out, strv_of(path));
		}
		free(path);
	}
	strlist_release(&names);
}

void new_store_tell(struct project *p)
{
	size_t inputs;
	struct buf others = BUF_INIT;
	char *shown;

	if (knows_something(p))
		return;
	inputs = count_inputs(p);
	if (!inputs && !has_work(p))
		return;
	shown = store_shown(p->cfg->store);
	add_others(p, &others);
	log_warn("the store %s is new: it knows no campaign, though there were some in %s, which "
		 "holds %zu "
		 "failing input%s; put the old database back%s, or `thresh run` looks at the "
		 "inputs again",
		shown, p->state_dir, inputs, inputs == 1 ? "" : "s", buf_str(&others));
	free(shown);
	buf_release(&others);
}
