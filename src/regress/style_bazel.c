/* BUILD.bazel: cc_test targets whose harness and library are labels of the project's root package. */
#include "base/prelude.h"
#include "regress/internal.h"
#include "base/escape.h"
#include "base/mem.h"

static void add_quoted(struct buf *b, const char *before, const char *s)
{
	buf_addf(b, "\"%s", before);
	for (; *s; s++) {
		if (*s == '\\' || *s == '"')
			buf_addch(b, '\\');
		buf_addch(b, *s);
	}
	buf_addch(b, '"');
}

/* Bazel replaces $ by its Make variables in an option, and then takes it apart as a shell does. */
static void add_option(struct buf *b, const char *option)
{
	struct buf word = BUF_INIT, safe = BUF_INIT;

	escape_shell(&word, strv_of(option));
	for (const char *s = buf_str(&word); *s; s++)
		buf_adds(&safe, *s == '$' ? "$$" : (char[2]){ *s });
	add_quoted(b, "", buf_str(&safe));
	buf_release(&word);
	buf_release(&safe);
}

/* before: of the first list's options. */
static void add_options(struct buf *b, const char *name, const char *before,
	const char *const *first, const char *const *then)
{
	const char *comma = "";

	if ((!first || !first[0]) && !then[0])
		return;
	buf_addf(b, "    %s = [", name);
	for (size_t i = 0; first && first[i]; i++) {
		char *option = xasprintf("%s%s", before, first[i]);

		buf_adds(b, comma);
		add_option(b, option);
		comma = ", ";
		free(option);
	}
	for (size_t i = 0; then[i]; i++) {
		buf_adds(b, comma);
		add_option(b, then[i]);
		comma = ", ";
	}
	buf_adds(b, "],\n");
}

static void add_harness(
	struct buf *b, const struct regress_project *p, const struct regress_harness *h)
{
	buf_adds(b, "cc_test(\n    name = \"regress_");
	regress_identifier(b, h->name);
	buf_adds(b, "\",\n    srcs = [\"replay.c\"");
	if (h->source) {
		buf_adds(b, ", ");
		add_quoted(b, "//:", h->source);
	}
	for (size_t i = 0; h->sources[i]; i++) {
		buf_adds(b, ",\n        ");
		add_quoted(b, "//:", h->sources[i]);
	}
	buf_adds(b, "] + REGRESS_HEADERS,\n    deps = REGRESS_DEPS");
	buf_adds(b, p->faults_c ? " + [\":regress_faults\"],\n" : ",\n");
	/* `includes` may not lead out of the package; compilers run at the top */
	add_options(b, "copts", "-I", h->include, h->cflags);
	add_options(b, "linkopts", "", NULL, h->ldflags);
	buf_addf(b,
		"    data = glob([\"%s/**\"]),\n"
		"    args = [\"--manifest\", \"$(rootpath %s/tests.list)\"],\n)\n\n",
		h->name, h->name);
}

int regress_emit_bazel(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = regress_emit_files(w, p, err);

	regress_add_notice(&b,
		"#     bazel test //tests/regress:all\n"
		"# The root package has to let them be seen: exports_files() for the sources "
		"below, and a\n"
		"# filegroup of headers for REGRESS_HEADERS where they include any.\n");
	buf_adds(&b, "REGRESS_HEADERS = []\nREGRESS_DEPS = []\n\n");
	if (p->faults_c)
		buf_adds(&b, "cc_library(\n    name = \"regress_faults\",\n    textual_hdrs = "
			     "[\"faults.c\"],\n)\n\n");
	for (size_t i = 0; i < p->n_harnesses; i++)
		add_harness(&b, p, &p->harnesses[i]);
	if (rc == 0)
		rc = regress_put_buf(w, "BUILD.bazel", &b, err);
	buf_release(&b);
	return rc;
}
