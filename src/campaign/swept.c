/* What was swept, in a file that says whose results it is about. */
#include "base/prelude.h"
#include "campaign/swept.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdio.h>
#include <sys/random.h>

#define STORE_FACT \
	"store" /* a name of the store's own, which tells it from one that came after it */

/* The caller frees. NULL on failure. */
static char *store_name(struct project *p, struct err *err)
{
	unsigned char raw[8];
	char name[2 * sizeof(raw) + 1], *value = NULL;
	int rc = store_fact_get(p->store, STORE_FACT, &value, err);

	if (rc != 1)
		return rc < 0 ? NULL : value;
	if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw)) {
		err_errno(err, "a name for the store");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(raw); i++)
		snprintf(name + 2 * i, 3, "%02x", raw[i]);
	return store_fact_set(p->store, STORE_FACT, name, err) < 0 ? NULL : xstrdup(name);
}

/* SHA-256 of the executable, made anew when its sources changed. */
static int build_name(struct project *p, const struct config_harness *h, enum variant v,
	char hex[SHA256_HEX], struct err *err)
{
	struct build_result r = { 0 };
	struct buf b = BUF_INIT;
	int rc = project_need_tools(p, err);

	if (rc == 0)
		rc = build_variant(p->cfg, h, NULL, v, &p->tools, p->jobs, &r, err);
	if (rc < 0 && err)
		err->kind = ERR_USAGE; /* what doesn't build won't the next time */
	if (rc == 0)
		rc = fs_read(r.exe, FS_NO_LIMIT, &b, err);
	if (rc == 0)
		hash_sha256(buf_str(&b), b.len, hex);
	buf_release(&b);
	build_result_release(&r);
	return rc;
}

/* What else an input's outcome hangs on. */
static void env_name(const struct config_harness *h, char hex[SHA256_HEX])
{
	struct hasher *sum = hasher_new();

	for (size_t i = 0; i < h->env.n; i++)
		hasher_adds(sum, h->env.v[i]);
	hasher_end(sum, hex);
}

/* "NAME", or, of one that failed, "NAME CAMPAIGN": another campaign runs it again. */
static void read_names(struct swept *s, int64_t campaign)
{
	struct buf b = BUF_INIT;
	struct strv text, line, name;
	int64_t failed_in;

	if (fs_read(s->path, FS_NO_LIMIT, &b, NULL) == 0) {
		text = strv_n(b.s, b.len);
		if (strv_line(&text, &line) && strv_eqs(line, s->of)) {
			s->anew = false;
			while (strv_line(&text, &line)) {
				if (!strv_contains(line, " ") && line.len)
					strlist_add_take(&s->names, strv_dup(line));
				else if (strv_split(&line, ' ', &name) &&
					 num_i64(line, &failed_in) == 0 && failed_in == campaign)
					strlist_add_take(&s->failed, strv_dup(name));
			}
		}
	}
	strlist_sort(&s->names);
	strlist_sort(&s->failed);
	buf_release(&b);
}

int swept_load(struct swept *s, struct project *p, const struct config_harness *h, enum variant v,
	const char *name, struct err *err)
{
	char *dir = project_work_dir(p, h->name, "sweep"), *store = NULL;
	char build[SHA256_HEX], env[SHA256_HEX];
	int rc = -1;

	*s = (struct swept){ .path = fs_join(dir, name), .anew = true };
	if (fs_mkdirs(dir, err) < 0 || build_name(p, h, v, build, err) < 0)
		goto out;
	store = store_name(p, err);
	if (!store)
		goto out;
	env_name(h, env);
	s->of = xasprintf("# %s %s %s", store, build, env);
	s->campaign = p->id;
	read_names(s, p->id);
	rc = 0;
out:
	free(store);
	free(dir);
	return rc;
}

bool swept_has(const struct swept *s, const char *name)
{
	return strlist_has_sorted(&s->names, name) || strlist_has_sorted(&s->failed, name);
}

static void add_lines(struct buf *b, const struct strlist *names)
{
	for (size_t i = 0; i < names->n; i++)
		buf_addf(b, "%s\n", names->v[i]);
}

static void add_failed(struct buf *b, const struct swept *s, const struct strlist *names)
{
	for (size_t i = 0; i < names->n; i++)
		buf_addf(b, "%s %lld\n", names->v[i], (long long)s->campaign);
}

int swept_save(const struct swept *s, const struct strlist *passed, const struct strlist *failed,
	struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_addf(&b, "%s\n", s->of);
	add_lines(&b, &s->names);
	add_lines(&b, passed);
	add_failed(&b, s, &s->failed);
	add_failed(&b, s, failed);
	rc = fs_write(s->path, buf_str(&b), b.len, 0600, err);
	buf_release(&b);
	return rc;
}

void swept_release(struct swept *s)
{
	free(s->path);
	free(s->of);
	strlist_release(&s->names);
	strlist_release(&s->failed);
	*s = (struct swept){ 0 };
}
