/* A distillation within a budget, into a folder, and from there into the pack. */
#include "base/prelude.h"
#include "distill/packing.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "corpus/pack.h"
#include "distill/lock.h"
#include <unistd.h>

/* Of the pack as it is: names, ascending, after all of it was brought into the corpus. */
static int take_over(const char *path, const char *corpus, uint64_t max_len, struct strlist *names,
	struct err *err)
{
	struct import_stats stats = { 0 };
	struct buf b = BUF_INIT;
	struct strv input;
	char sha1[SHA1_HEX];
	size_t at = 0;
	int lock = -1, more = 1, rc = fs_mkdirs(corpus, err);

	if (rc == 0)
		rc = distill_lock(corpus, &lock, err);
	if (rc == 0)
		rc = inputs_import(corpus, path, max_len, &stats, err);
	if (rc == 0)
		rc = fs_read(path, FS_NO_LIMIT, &b, err);
	while (rc == 0 &&
		(more = pack_next(path, strv_n(buf_str(&b), b.len), &at, &input, err)) > 0) {
		hash_sha1(input.s, input.len, sha1);
		strlist_add(names, sha1);
	}
	strlist_sort(names);
	if (lock >= 0)
		close(lock);
	buf_release(&b);
	return rc == 0 ? more : rc;
}

static int write_pack(const char *path, const char *dir, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct buf pack = BUF_INIT, input = BUF_INIT;
	char *parent = fs_dirname(path);
	int rc = fs_list(dir, &names, err);

	strlist_sort(&names);
	pack_begin(&pack);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		rc = inputs_read(dir, names.v[i], FS_NO_LIMIT, &input, err);
		pack_add(&pack, strv_n(buf_str(&input), input.len));
	}
	if (rc == 0)
		rc = fs_mkdirs(parent, err);
	if (rc == 0)
		rc = fs_write(path, pack.s, pack.len, 0644, err);
	strlist_release(&names);
	buf_release(&pack);
	buf_release(&input);
	free(parent);
	return rc;
}

int packing(struct project *p, const struct config_harness *h, const char *path, uint64_t max_bytes,
	struct distill_result *out, struct err *err)
{
	struct strlist before = STRLIST_INIT;
	char *corpus = project_corpus_dir(p, h->name), *tmp = NULL, *set = NULL;
	struct distill_opts opts = { .cost = DISTILL_BYTES,
		.max_bytes = max_bytes - pack_head(),
		.packed = true,
		.prefer = &before };
	int rc = -1;

	if (max_bytes < pack_head() + pack_cost(0)) {
		err_usage(err, "a pack of %llu bytes holds nothing", (unsigned long long)max_bytes);
		goto out;
	}
	if (fs_exists(path) && take_over(path, corpus, h->max_len, &before, err) < 0)
		goto out;
	tmp = fs_tmpdir("thresh-pack", err);
	if (!tmp)
		goto out;
	opts.out = set = fs_join(tmp, "set");
	rc = distill(p, h, &opts, out, err);
	if (rc == 0)
		rc = write_pack(path, set, err);
out:
	if (tmp)
		fs_remove_tree(tmp, NULL);
	strlist_release(&before);
	free(corpus);
	free(tmp);
	free(set);
	return rc;
}
