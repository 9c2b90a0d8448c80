/*
 * Trust goes one way: signature, manifest, SHA-256 of a pack; only then a pack is opened. Names in it are checked by the
 * archive's reader. A manifest is text, lines of words, and unknown ones are an error: whoever signs more than this
 * program knows means something by it.
 */
#include "base/prelude.h"
#include "depot/build.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/embed.h"
#include "corpus/archive.h"
#include "depot/packing.h"
#include "proc/interrupt.h"
#include "store/retention.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "thresh build 1"
#define EXE_MODE 0700
#define PACK_MAX ((uint64_t)1 << 30)

static int read_seed(const struct project *p, char seed[SIGN_KEY_HEX], struct err *err)
{
	char *path = project_key_path(p);
	struct buf b = BUF_INIT;
	struct stat st;
	int rc = 0;

	if (!fs_exists(path)) {
		rc = sign_new(seed, err);
		buf_addf(&b, "%s\n", rc == 0 ? seed : "");
		if (rc == 0)
			rc = fs_write(path, b.s, b.len, 0600, err);
	} else if (stat(path, &st) == 0 && (st.st_mode & 077)) {
		rc = err_usage(err,
			"%s: others may read it; chmod 600 it, or remove it for a new one", path);
	} else {
		rc = fs_read(path, 4096, &b, err);
		if (rc == 0 && b.len >= SIGN_KEY_HEX - 1)
			snprintf(seed, SIGN_KEY_HEX, "%.*s", SIGN_KEY_HEX - 1, b.s);
		if (rc == 0 && (b.len < SIGN_KEY_HEX - 1 || !sign_is_key(seed)))
			rc = err_usage(err, "%s: not a key; remove it for a new one", path);
	}
	buf_release(&b);
	free(path);
	return rc;
}

int depot_key(const struct project *p, char key[SIGN_KEY_HEX], struct err *err)
{
	char seed[SIGN_KEY_HEX];

	if (read_seed(p, seed, err) < 0)
		return -1;
	return sign_public(seed, key, err);
}

#define FACT "build"

static char *fact_name(int64_t campaign)
{
	return xasprintf(FACT "/%lld", (long long)campaign);
}

/* Executables have the far end of what a worker talks to them by: the two are to be of one program. */
static void own_runtime(char hex[SHA256_HEX])
{
	struct hasher *h = hasher_new();

	runtime_add_to(h);
	hasher_end(h, hex);
}

/* --- giving --- */

static int put_pack(struct project *p, const char *path, struct depot_pack *pack, struct err *err)
{
	struct strlist name = STRLIST_INIT, lacking = STRLIST_INIT;
	struct buf b = BUF_INIT;
	int rc = fs_read(path, PACK_MAX, &b, err);

	if (rc == 0) {
		hash_sha1(buf_str(&b), b.len, pack->sha1);
		hash_sha256(buf_str(&b), b.len, pack->sha256);
		strlist_add(&name, pack->sha1);
		rc = store_blobs_lacking(p->store, &name, &lacking, err);
	}
	if (rc == 0 && lacking.n)
		rc = store_blob_put(p->store, pack->sha1, buf_str(&b), b.len, true, err);
	strlist_release(&name);
	strlist_release(&lacking);
	buf_release(&b);
	return rc;
}

static int add_pack(struct project *p, const struct config_harness *h, const char *tmp,
	struct buf *manifest, struct err *err)
{
	struct depot_pack pack = { 0 };
	char *path = fs_join(tmp, "pack.tar.zst");
	int rc = h ? packing_harness(p, h, path, err) : packing_shared(p, path, err);

	/* 1: there is nothing of it */
	if (rc == 0)
		rc = put_pack(p, path, &pack, err);
	if (rc == 0)
		buf_addf(manifest, "pack %s %s %s\n", h ? h->name : "-", pack.sha1, pack.sha256);
	free(path);
	return rc < 0 ? -1 : 0;
}

static int publish(struct project *p, int64_t campaign, const struct buf *manifest, struct err *err)
{
	char seed[SIGN_KEY_HEX], key[SIGN_KEY_HEX], signature[SIGN_HEX], *name, *old = NULL;
	struct buf text = BUF_INIT;
	int rc = -1;

	if (read_seed(p, seed, err) < 0 || sign_public(seed, key, err) < 0 ||
		sign_make(seed, manifest->s, manifest->len, signature, err) < 0)
		return -1;
	buf_addf(&text, "%s %s\n%s", key, signature, manifest->s);
	name = fact_name(campaign);
	rc = store_fact_get(p->store, name, &old, err);
	if (rc >= 0 && !(old && strcmp(old, text.s) == 0))
		rc = store_fact_set(p->store, name, text.s, err);
	free(old);
	free(name);
	buf_release(&text);
	return rc < 0 ? -1 : 0;
}

int depot_publish(struct project *p, int64_t campaign,
	const struct config_harness *const *harnesses, size_t n, struct err *err)
{
	struct buf manifest = BUF_INIT;
	char *tmp = fs_tmpdir("thresh-pack", err), runtime[SHA256_HEX];
	int rc = tmp ? 0 : -1;

	own_runtime(runtime);
	buf_addf(&manifest, FORMAT "\nruntime %s\nproject %s\ndir %s\nconfig %s\n", runtime,
		p->cfg->project, p->cfg->dir, fs_basename(p->cfg->path));
	if (rc == 0 && strchr(p->cfg->dir, '\n'))
		rc = err_usage(
			err, "a project whose folder's name has a line feed can't be shared");
	if (rc == 0)
		rc = add_pack(p, NULL, tmp, &manifest, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add_pack(p, harnesses[i], tmp, &manifest, err);
	if (rc == 0)
		rc = publish(p, campaign, &manifest, err);
	if (tmp)
		fs_remove_tree(tmp, NULL);
	free(tmp);
	buf_release(&manifest);
	return rc;
}

/* --- taking --- */

void depot_build_release(struct depot_build *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->packs[i].name);
	free(b->packs);
	free(b->project);
	free(b->dir);
	free(b->config);
	*b = (struct depot_build){ 0 };
}

static bool is_file_name(struct strv v)
{
	return v.len && strv_chr(v, '/') == SIZE_MAX && !strv_eqs(v, "..") && !strv_eqs(v, ".");
}

static int read_pack(struct depot_build *b, struct strv rest)
{
	struct strv name, sha1, sha256 = rest;
	struct depot_pack *pack;

	if (!strv_split(&sha256, ' ', &name) || !strv_split(&sha256, ' ', &sha1) ||
		sha1.len != SHA1_HEX - 1 || sha256.len != SHA256_HEX - 1 || !is_file_name(name))
		return -1;
	b->packs = xrealloc(b->packs, (b->n + 1) * sizeof(*b->packs));
	pack = &b->packs[b->n++];
	*pack = (struct depot_pack){ .name = strv_eqs(name, "-") ? xstrdup("") : strv_dup(name) };
	memcpy(pack->sha1, sha1.s, sha1.len);
	memcpy(pack->sha256, sha256.s, sha256.len);
	return 0;
}

/* 1: it is of a program with another runtime. */
static int read_manifest(struct depot_build *b, struct strv text)
{
	struct strv line, rest;
	char runtime[SHA256_HEX];
	bool same = false;

	own_runtime(runtime);
	if (!strv_line(&text, &line) || !strv_eqs(line, FORMAT))
		return -1;
	while (strv_line(&text, &line)) {
		rest = line;
		if (strv_skip(&rest, "runtime "))
			same = strv_eqs(rest, runtime);
		else if (strv_skip(&rest, "project ") && !b->project)
			b->project = strv_dup(rest);
		else if (strv_skip(&rest, "dir ") && !b->dir)
			b->dir = strv_dup(rest);
		else if (strv_skip(&rest, "config ") && !b->config && is_file_name(rest))
			b->config = strv_dup(rest);
		else if (!strv_skip(&rest, "pack ") || read_pack(b, rest) < 0)
			return -1;
	}
	if (!b->project || !b->dir || !b->config)
		return -1;
	return same ? 0 : 1;
}

/* "KEY SIGNATURE", and behind it what is signed. */
static int check_signed(struct strv *text, const struct depot_trust *trust, struct err *err)
{
	struct strv first, key_text;
	char *key, *signature;
	bool good;
	int rc = 0;

	if (!strv_line(text, &first) || !strv_split(&first, ' ', &key_text))
		return err_usage(err, "the store's build isn't one that this thresh can read");
	key = strv_dup(key_text);
	signature = strv_dup(first);
	good = sign_is_by(key, text->s, text->len, signature);
	if (trust->store)
		rc = 0;
	else if (!good)
		rc = err_usage(err,
			"the store's build isn't what its key signed: damaged, or changed by "
			"somebody else; nothing of it is run");
	else if (!strlist_has(&trust->keys, key))
		rc = err_usage(err,
			"the store's build is signed by the key %s, which isn't one of those to be "
			"trusted; `thresh run` says its own: pass that by --key, or --trust-store "
			"to run whatever is in the store",
			sign_is_key(key) ? key : "(none)");
	free(key);
	free(signature);
	return rc;
}

int depot_build_get(struct store *s, int64_t campaign, const struct depot_trust *trust,
	struct depot_build *out, struct err *err)
{
	char *name = fact_name(campaign), *text = NULL;
	struct strv rest;
	int rc = store_fact_get(s, name, &text, err), read;

	*out = (struct depot_build){ .n = 0 };
	free(name);
	if (rc != 0)
		return rc;
	rest = strv_of(text);
	rc = check_signed(&rest, trust, err);
	read = rc == 0 ? read_manifest(out, rest) : 0;
	if (read < 0)
		rc = err_usage(err, "the store's build isn't one that this thresh can read; is it "
				    "of a newer one?");
	else if (read > 0)
		rc = err_usage(err, "the store's build was made by another version of thresh than "
				    "this worker is: install the one that plans here, too");
	if (rc == 0)
		hash_sha256(rest.s, rest.len, out->id);
	else
		depot_build_release(out);
	free(text);
	return rc;
}

/* Not synced: there may be thousands, and all of them are at the end. */
static int unpack_file(const char *dir, const char *name, const struct buf *b, struct err *err)
{
	char *path = fs_join(dir, name), *parent = fs_dirname(path);
	const char *base = fs_basename(path);
	int fd = -1, rc = fs_mkdirs(parent, err);

	if (rc == 0)
		rc = fd = dir_open(parent, err);
	if (fd >= 0)
		rc = dir_write(fd, base, buf_str(b), b->len, err);
	if (rc == 0 && fchmodat(fd, base, EXE_MODE, 0) < 0)
		rc = err_errno(err, "%s", path);
	if (fd >= 0)
		close(fd);
	free(parent);
	free(path);
	return rc;
}

static int sync_all(const char *dir, struct err *err)
{
	int fd = dir_open(dir, err), rc = fd < 0 ? -1 : 0;

	if (fd >= 0 && syncfs(fd) < 0)
		rc = err_errno(err, "%s", dir);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int unpack(const char *path, const char *dir, struct err *err)
{
	struct archive_limits limits = ARCHIVE_LIMITS;
	struct archive_reader *r;
	struct buf b = BUF_INIT;
	const char *name;
	int rc;

	limits.file_bytes = (uint64_t)4 << 30;
	r = archive_reader_open(path, &limits, err);
	rc = r ? 1 : -1;
	while (rc == 1) {
		rc = archive_reader_next(r, &name, &b, err);
		if (rc == 1 && proc_interrupted())
			rc = err_set(err, "interrupted");
		if (rc == 1 && unpack_file(dir, name, &b, err) < 0)
			rc = -1;
	}
	if (rc == 0)
		rc = sync_all(dir, err);
	archive_reader_close(r);
	buf_release(&b);
	return rc;
}

static int check_pack(const struct depot_pack *pack, const struct buf *b, struct err *err)
{
	char hex[SHA256_HEX];

	hash_sha256(buf_str(b), b->len, hex);
	return strcmp(hex, pack->sha256) == 0
		       ? 0
		       : err_usage(err,
				 "the store's pack of '%s' isn't the one that was signed: "
				 "nothing of it is run",
				 *pack->name ? pack->name : "the project");
}

static int take_pack(
	struct store *s, const struct depot_pack *pack, const char *dir, struct err *err)
{
	char *tmp = fs_tmpdir("thresh-pack", err), *path = tmp ? fs_join(tmp, "pack") : NULL;
	struct buf b = BUF_INIT;
	int rc = tmp ? store_blob_get(s, pack->sha1, &b, err) : -1;

	if (rc == 1)
		rc = err_set(err, "the store's build has lost its pack of '%s'", pack->name);
	if (rc == 0 && check_pack(pack, &b, err) == 0 &&
		fs_write(path, buf_str(&b), b.len, 0600, err) == 0)
		rc = unpack(path, dir, err);
	else
		rc = -1;
	if (tmp)
		fs_remove_tree(tmp, NULL);
	buf_release(&b);
	free(path);
	free(tmp);
	return rc;
}

int depot_unpack(struct store *s, const struct depot_build *b, const char *pack, const char *dir,
	struct err *err)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->packs[i].name, pack) == 0)
			return take_pack(s, &b->packs[i], dir, err);
	return err_usage(err, "%s: not in the store's build", pack);
}

/* --- keeping --- */

/* Whoever signed it: what is kept for nothing does no harm. */
static int keep_packs(void *arg, const char *text)
{
	struct depot_build b = { .n = 0 };
	struct strv rest = strv_of(text), first;

	if (strv_line(&rest, &first) && read_manifest(&b, rest) == 0)
		for (size_t i = 0; i < b.n; i++)
			strlist_add(arg, b.packs[i].sha1);
	depot_build_release(&b);
	return 0;
}

int depot_builds_keep(
	struct project *p, uint64_t keep, bool dry, struct strlist *packs, struct err *err)
{
	if (!dry && store_facts_prune(p->store, FACT, keep, err) < 0)
		return -1;
	return store_facts_of(p->store, FACT, keep, keep_packs, packs, err);
}
