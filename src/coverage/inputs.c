/* A corpus names its inputs by their content; all others are read to be named. */
#include "base/prelude.h"
#include "coverage/inputs.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "regress/tree.h"
#include "target/fault.h"
#include <sys/stat.h>
#include <unistd.h>

void coverage_inputs_release(struct coverage_inputs *in)
{
	for (size_t i = 0; i < in->n; i++)
		free(in->v[i].path);
	free(in->v);
	*in = (struct coverage_inputs){ NULL };
}

static void add(struct coverage_inputs *in, char *path_take, const char *id)
{
	GROW(in->v, in->n, in->cap);
	in->v[in->n] = (struct coverage_input){ .path = path_take };
	memcpy(in->v[in->n++].id, id, SHA1_HEX);
}

/* By what it holds, unless it asks for a fault. */
static void add_read(struct coverage_inputs *in, const char *path)
{
	struct target_fault fault;
	struct buf b = BUF_INIT;
	char id[SHA1_HEX];

	if (dir_read_path(path, COVERAGE_INPUT_MAX, &b, NULL) < 0) {
		in->skipped++;
	} else if (!target_fault_line(buf_str(&b), b.len, &fault)) {
		hash_sha1(buf_str(&b), b.len, id);
		add(in, xstrdup(path), id);
	}
	buf_release(&b);
}

/* Else it would be missed at each measurement, and none of them be remembered. */
static bool can_be_read(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size <= COVERAGE_INPUT_MAX && access(path, R_OK) == 0;
}

static int add_corpus(const struct project *p, const struct config_harness *h, const char *inputs,
	struct coverage_inputs *in, struct err *err)
{
	char *dir = inputs ? xstrdup(inputs) : project_corpus_dir(p, h->name);
	struct strlist names = STRLIST_INIT;
	int rc = fs_is_dir(dir) ? fs_list(dir, &names, err) : 0;

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]);

		if (inputs_is_name(names.v[i]) && can_be_read(path)) {
			add(in, path, names.v[i]);
			continue;
		}
		if (inputs_is_name(names.v[i]))
			in->skipped++;
		else if (fs_is_file(path))
			add_read(in, path);
		free(path);
	}
	strlist_release(&names);
	free(dir);
	return rc;
}

static int add_tests(const struct config_harness *h, const char *root, struct coverage_inputs *in,
	struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct regress_tree tree = { NULL };
	int rc;

	strlist_add(&names, h->name);
	rc = regress_scan(root, &names, &tree, err);
	for (size_t i = 0; rc == 0 && i < tree.n; i++)
		if (tree.v[i].input && fs_exists(tree.v[i].input))
			add_read(in, tree.v[i].input);
	regress_tree_release(&tree);
	strlist_release(&names);
	return rc;
}

static int by_id(const void *a, const void *b)
{
	const struct coverage_input *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	return c ? c : strcmp(x->path, y->path);
}

int coverage_inputs_list(const struct project *p, const struct config_harness *h,
	const char *inputs, const char *tests, struct coverage_inputs *out, struct err *err)
{
	size_t n = 0;

	*out = (struct coverage_inputs){ NULL };
	if (add_corpus(p, h, inputs, out, err) < 0 ||
		(tests && add_tests(h, tests, out, err) < 0)) {
		coverage_inputs_release(out);
		return -1;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_id);
	for (size_t i = 0; i < out->n; i++)
		if (n && !strcmp(out->v[n - 1].id, out->v[i].id))
			free(out->v[i].path);
		else
			out->v[n++] = out->v[i];
	out->n = n;
	return 0;
}
