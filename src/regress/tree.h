/*
 * The folder of regression tests: <root>/<harness>/<bug>[-<site>]/{input,manifest,report}. Read as it lies there, whoever wrote
 * it; written so that nothing changes when nothing changed, and what people edited or deleted stays so.
 */
#ifndef REGRESS_TREE_H
#define REGRESS_TREE_H

#include "base/strlist.h"
#include "regress/manifest.h"

struct regress_entry {
	/* names of the two folders: of the second, the bug, and of its further places the site */
	char *harness, *bug;
	/* paths */
	char *dir, *input;
	struct manifest m;
	/* the caller's to find out: its input begins with a line that asks for a fault */
	bool fault;
	/* bytes of that line */
	size_t fault_line;
	/* the allocation that fails; 0: what fails is something else */
	uint64_t alloc_at;
	/* and all later ones */
	bool alloc_and_all;
};

struct regress_tree {
	/* by harness, then bug */
	struct regress_entry *v;
	size_t n, cap;
};

/*
 * Every folder that holds an `input`; without a manifest it's an open bug of which nothing is known. One with a
 * manifest alone is a test whose input got lost, and counts, so that it's missed. harnesses NULL or empty: all. No
 * root, no tests. A manifest that can't be understood is an error.
 */
int regress_scan(const char *root, const struct strlist *harnesses, struct regress_tree *out,
	struct err *err);
void regress_tree_release(struct regress_tree *t);
/* The bug that a test is of: what its manifest says, else its folder's name. */
const char *regress_entry_bug(const struct regress_entry *e);
/* Its name for people, unlike any other's below the harness: "1a2b3c4d", "1a2b3c4d-9f8e7d6c". The caller frees. */
char *regress_entry_name(const struct regress_entry *e);

/* What was written, by path relative to the root: hashes in <root>/.written, by which edits are noticed. */
struct regress_record {
	char *path, *hash;
};

enum regress_put { REGRESS_SAME, REGRESS_WRITTEN, REGRESS_KEPT };

struct regress_writer {
	char *root;
	struct regress_record *v;
	size_t n, cap;
	/* the records */
	bool changed;
	unsigned counts[3];
	/* paths that were edited by hand, and so left as they are */
	struct strlist kept;
};

int regress_writer_open(struct regress_writer *w, const char *root, struct err *err);
/* Of a path relative to the root. An edited file is kept unless `force`. */
int regress_put(struct regress_writer *w, const char *path, const void *p, size_t n, bool force,
	enum regress_put *what, struct err *err);
/* We wrote it, and since then somebody changed it; or deleted it. */
bool regress_edited(const struct regress_writer *w, const char *path);
bool regress_deleted(const struct regress_writer *w, const char *path);
/* Remember a word about a path, and ask whether it's the word remembered. */
void regress_note(struct regress_writer *w, const char *path, const char *word);
bool regress_noted(const struct regress_writer *w, const char *path, const char *word);
/* One test's folder, all of it, and its records. */
int regress_remove(struct regress_writer *w, const char *harness, const char *bug, struct err *err);
/* Keeps the records; w is released in any case. */
int regress_writer_close(struct regress_writer *w, struct err *err);

#endif
