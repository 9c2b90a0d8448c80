/*
 * The folder of regression tests: scanned, and merged into.
 *
 * What people changed there is theirs. `.written` keeps the hash of each file as it was last written; a file that has
 * another one was edited, and one that is recorded and gone was deleted on purpose. It is committed with the tests,
 * so that this holds in every checkout.
 */
#include "base/prelude.h"
#include "regress/tree.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include <errno.h>
#include <sys/stat.h>

#define RECORDS ".written"
#define MANIFEST_MAX ((uint64_t)1 << 20)
#define RECORDS_MAX ((uint64_t)64 << 20)

static int add_entry(struct regress_tree *t, const char *root, const char *harness, const char *bug,
	struct err *err)
{
	struct regress_entry e = { .m = MANIFEST_INIT };
	struct buf text = BUF_INIT;
	char *path;
	int rc = 0;

	e.dir = xasprintf("%s/%s/%s", root, harness, bug);
	e.input = fs_join(e.dir, "input");
	e.harness = xstrdup(harness);
	e.bug = xstrdup(bug);
	e.m.runs = 1;
	path = fs_join(e.dir, "manifest");
	if (fs_is_file(path)) {
		rc = fs_read(path, MANIFEST_MAX, &text, err);
		if (rc == 0)
			rc = manifest_parse(&e.m, strv_n(buf_str(&text), text.len), path, err);
	}
	GROW(t->v, t->n, t->cap);
	t->v[t->n++] = e;
	buf_release(&text);
	free(path);
	return rc;
}

static int scan_harness(
	const char *root, const char *harness, struct regress_tree *out, struct err *err)
{
	struct strlist bugs = STRLIST_INIT;
	char *dir = fs_join(root, harness);
	int rc = fs_is_dir(dir) ? fs_list(dir, &bugs, err) : 0;

	for (size_t i = 0; rc == 0 && i < bugs.n; i++) {
		char *input = xasprintf("%s/%s/input", dir, bugs.v[i]);
		char *manifest = xasprintf("%s/%s/manifest", dir, bugs.v[i]);

		/* one whose input got lost is a test that must not go unmissed */
		if (fs_is_file(input) || fs_is_file(manifest))
			rc = add_entry(out, root, harness, bugs.v[i], err);
		free(input);
		free(manifest);
	}
	strlist_release(&bugs);
	free(dir);
	return rc;
}

int regress_scan(const char *root, const struct strlist *harnesses, struct regress_tree *out,
	struct err *err)
{
	struct strlist all = STRLIST_INIT;
	int rc = 0;

	*out = (struct regress_tree){ .v = NULL };
	if (!fs_is_dir(root))
		return 0;
	for (size_t i = 0; harnesses && i < harnesses->n; i++)
		strlist_add_once(&all, harnesses->v[i]);
	if (!harnesses || !harnesses->n)
		rc = fs_list(root, &all, err);
	for (size_t i = 0; rc == 0 && i < all.n; i++)
		rc = scan_harness(root, all.v[i], out, err);
	if (rc < 0)
		regress_tree_release(out);
	strlist_release(&all);
	return rc;
}

void regress_tree_release(struct regress_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct regress_entry *e = &t->v[i];

		free(e->harness);
		free(e->bug);
		free(e->dir);
		free(e->input);
		manifest_release(&e->m);
	}
	free(t->v);
	*t = (struct regress_tree){ .v = NULL };
}

const char *regress_entry_bug(const struct regress_entry *e)
{
	return e->m.bug && *e->m.bug ? e->m.bug : e->bug;
}

char *regress_entry_name(const struct regress_entry *e)
{
	const char *dash = strchr(e->bug, '-');

	return dash ? xasprintf("%.8s%s", e->bug, dash) : xasprintf("%.8s", e->bug);
}

static struct regress_record *find(const struct regress_writer *w, const char *path)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->v[i].path, path) == 0)
			return &w->v[i];
	return NULL;
}

static void record_take(struct regress_writer *w, char *path, const char *hash)
{
	struct regress_record *r = find(w, path);

	/* unchanged records leave the file unwritten, and its date alone */
	if (r && strcmp(r->hash, hash) == 0) {
		free(path);
		return;
	}
	w->changed = true;
	if (r) {
		free(path);
		free(r->hash);
		r->hash = xstrdup(hash);
		return;
	}
	GROW(w->v, w->n, w->cap);
	w->v[w->n++] = (struct regress_record){ path, xstrdup(hash) };
}

/* "HASH  PATH"; lines that aren't so (a merge's leftovers) are dropped: their files count as edited at worst. */
static void read_records(struct regress_writer *w, struct strv text)
{
	struct strv line;

	while (strv_line(&text, &line)) {
		char hash[SHA256_HEX];

		if (line.len < SHA256_HEX + 2 || line.s[0] == '#' || line.s[SHA256_HEX - 1] != ' ')
			continue;
		memcpy(hash, line.s, SHA256_HEX - 1);
		hash[SHA256_HEX - 1] = '\0';
		record_take(w, strv_dup(strv_from(line, SHA256_HEX + 1)), hash);
	}
	w->changed = false;
}

int regress_writer_open(struct regress_writer *w, const char *root, struct err *err)
{
	struct buf text = BUF_INIT;
	char *path = fs_join(root, RECORDS);
	int rc = 0;

	*w = (struct regress_writer){ .root = xstrdup(root) };
	if (fs_exists(path))
		rc = fs_read(path, RECORDS_MAX, &text, err);
	read_records(w, strv_n(buf_str(&text), text.len));
	buf_release(&text);
	free(path);
	return rc;
}

/* The hash of the file as it is; false when there is none. */
static bool hash_file(const struct regress_writer *w, const char *path, char hash[SHA256_HEX])
{
	struct buf b = BUF_INIT;
	char *full = fs_join(w->root, path);
	bool ok = fs_is_file(full) && fs_read(full, FS_NO_LIMIT, &b, NULL) == 0;

	if (ok)
		hash_sha256(buf_str(&b), b.len, hash);
	free(full);
	buf_release(&b);
	return ok;
}

bool regress_edited(const struct regress_writer *w, const char *path)
{
	const struct regress_record *r = find(w, path);
	char now[SHA256_HEX];

	return hash_file(w, path, now) && (!r || strcmp(r->hash, now) != 0);
}

bool regress_deleted(const struct regress_writer *w, const char *path)
{
	char *full = fs_join(w->root, path);
	bool gone = find(w, path) && !fs_exists(full);

	free(full);
	return gone;
}

/* A project's source is readable to all whom its umask lets read, unlike what fs_mkdirs makes. */
static int make_dirs(const char *path, struct err *err)
{
	char *dir = fs_dirname(path);
	int rc = 0;

	if (!fs_is_dir(dir) && strcmp(dir, path) != 0)
		rc = make_dirs(dir, err);
	if (rc == 0 && mkdir(path, 0777) == 0)
		/* else a loss of power takes what is put there, and the records say that people did */
		rc = fs_sync_dir(path, err);
	else if (rc == 0 && errno != EEXIST)
		rc = err_errno(err, "%s", path);
	free(dir);
	return rc;
}

static int write_below(
	const struct regress_writer *w, const char *path, const void *p, size_t n, struct err *err)
{
	char *full = fs_join(w->root, path), *dir = fs_dirname(full);
	int rc = make_dirs(dir, err);

	if (rc == 0)
		rc = fs_write(full, p, n, 0644, err);
	free(full);
	free(dir);
	return rc;
}

int regress_put(struct regress_writer *w, const char *path, const void *p, size_t n, bool force,
	enum regress_put *what, struct err *err)
{
	enum regress_put did = REGRESS_WRITTEN;
	char now[SHA256_HEX], want[SHA256_HEX];

	hash_sha256(p, n, want);
	if (hash_file(w, path, now)) {
		const struct regress_record *r = find(w, path);

		if (strcmp(now, want) == 0)
			/* somebody wrote what we would have: ours from now on */
			did = REGRESS_SAME;
		else if (!force && (!r || strcmp(r->hash, now) != 0))
			did = REGRESS_KEPT;
	}
	if (did == REGRESS_WRITTEN && write_below(w, path, p, n, err) < 0)
		return -1;
	if (did == REGRESS_KEPT)
		strlist_add(&w->kept, path);
	else
		record_take(w, xstrdup(path), want);
	w->counts[did]++;
	if (what)
		*what = did;
	return 0;
}

int regress_remove(struct regress_writer *w, const char *harness, const char *bug, struct err *err)
{
	char *prefix = xasprintf("%s/%s/", harness, bug), *dir = fs_join(w->root, prefix);
	size_t keep = 0;
	int rc;

	dir[strlen(dir) - 1] = '\0';
	rc = fs_remove_tree(dir, err);
	for (size_t i = 0; i < w->n; i++) {
		if (rc == 0 && strv_starts(strv_of(w->v[i].path), prefix)) {
			free(w->v[i].path);
			free(w->v[i].hash);
			w->changed = true;
		} else {
			w->v[keep++] = w->v[i];
		}
	}
	w->n = keep;
	free(prefix);
	free(dir);
	return rc;
}

/* Kept among the records, under a path that no file has. */
void regress_note(struct regress_writer *w, const char *path, const char *word)
{
	char hash[SHA256_HEX];

	hash_sha256(word, strlen(word), hash);
	record_take(w, xasprintf("%s#state", path), hash);
}

bool regress_noted(const struct regress_writer *w, const char *path, const char *word)
{
	char hash[SHA256_HEX], *key = xasprintf("%s#state", path);
	const struct regress_record *r = find(w, key);

	hash_sha256(word, strlen(word), hash);
	free(key);
	return r && strcmp(r->hash, hash) == 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(
		((const struct regress_record *)a)->path, ((const struct regress_record *)b)->path);
}

int regress_writer_close(struct regress_writer *w, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = 0;

	if (w->changed) {
		/* in order, so that a merge of two branches conflicts only where they do */
		qsort(w->v, w->n, sizeof(*w->v), by_path);
		buf_adds(&b, "# What thresh wrote here, by SHA-256: a file that differs was edited "
			     "by hand "
			     "and is kept.\n");
		for (size_t i = 0; i < w->n; i++)
			buf_addf(&b, "%s  %s\n", w->v[i].hash, w->v[i].path);
		rc = write_below(w, RECORDS, buf_str(&b), b.len, err);
	}
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].path);
		free(w->v[i].hash);
	}
	free(w->v);
	free(w->root);
	strlist_release(&w->kept);
	buf_release(&b);
	*w = (struct regress_writer){ .root = NULL };
	return rc;
}
