/* llvm-profdata and llvm-cov. They read what targets wrote, so they are confined, and bounded. */
#ifndef COVERAGE_LLVM_H
#define COVERAGE_LLVM_H

#include "base/buf.h"
#include "base/strlist.h"
#include "build/toolchain.h"
#include "proc/sandbox.h"

struct coverage_llvm {
	const struct toolchain *tools;
	enum sandbox_policy sandbox;
	/* ours alone: they may write there */
	const char *work;
	/* that sources are below, to be shown */
	const char *root;
};

/* Both are there; else an error that names the package. */
int coverage_llvm_check(const struct toolchain *t, struct err *err);
/* And they are of clang's version; it is asked of them. */
int coverage_llvm_check_version(const struct toolchain *t, struct err *err);
/* Raw or merged profiles into one. -1 also where none of them can be read. */
int coverage_llvm_merge(const struct coverage_llvm *l, const struct strlist *profiles,
	const char *out, struct err *err);
/* `llvm-cov export` of programs and libraries, appended. */
int coverage_llvm_export(const struct coverage_llvm *l, const struct strlist *objects,
	const char *profile, struct buf *out, struct err *err);
/* Pages of all their sources into dir, which is there. *said: what it complained of, appended. */
int coverage_llvm_html(const struct coverage_llvm *l, const struct strlist *objects,
	const char *profile, const char *dir, struct buf *said, struct err *err);

#endif
