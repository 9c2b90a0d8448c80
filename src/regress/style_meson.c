/*
 * meson.build: for subdir() in a project's own. By exit status, not as TAP: to Meson an open bug that passes, on a
 * build that can't see it, would be a failure.
 */
#include "base/prelude.h"
#include "regress/internal.h"
#include "base/mem.h"

static void add_quoted(struct buf *b, const char *before, const char *s)
{
	buf_addf(b, "'%s", before);
	for (; *s; s++) {
		if (*s == '\\' || *s == '\'')
			buf_addch(b, '\\');
		buf_addch(b, *s);
	}
	buf_addch(b, '\'');
}

/* before: in front of paths that are relative to the project. */
static void add_list(struct buf *b, const char *name, const char *const *v, const char *before)
{
	if (!v[0])
		return;
	buf_addf(b, ",\n\t%s: [", name);
	for (size_t i = 0; v[i]; i++) {
		buf_adds(b, i ? ", " : "");
		add_quoted(b, *v[i] == '/' ? "" : before, v[i]);
	}
	buf_addch(b, ']');
}

static void add_flags(struct buf *b, const struct regress_harness *h, const char *up)
{
	if (h->include[0]) {
		buf_adds(b, ",\n\tinclude_directories: include_directories(");
		for (size_t i = 0; h->include[i]; i++) {
			buf_adds(b, i ? ", " : "");
			add_quoted(b, *h->include[i] == '/' ? "" : up, h->include[i]);
		}
		buf_addch(b, ')');
	}
	add_list(b, "c_args", h->cflags, "");
	add_list(b, "cpp_args", h->cxxflags, "");
}

static void add_library(struct buf *b, const struct regress_harness *h, size_t no, const char *up)
{
	buf_addf(b,
		"if regress_deps.length() == 0\nregress_library_%zu = [static_library("
		"'regress_library_%zu'",
		no, no);
	for (size_t i = 0; h->sources[i]; i++) {
		buf_adds(b, ",\n\t");
		add_quoted(b, *h->sources[i] == '/' ? "" : up, h->sources[i]);
	}
	add_flags(b, h, up);
	buf_addf(
		b, ",\n\tbuild_by_default: false)]\nelse\nregress_library_%zu = []\nendif\n\n", no);
}

static void add_harness(struct buf *b, const struct regress_project *p, size_t no, const char *up)
{
	const struct regress_harness *h = &p->harnesses[no];
	struct buf name = BUF_INIT;

	buf_adds(&name, "regress_");
	regress_identifier(&name, h->name);
	buf_addf(b, "%s = executable('%s', 'replay.c'", name.s, name.s);
	if (h->source) {
		buf_adds(b, ", ");
		add_quoted(b, *h->source == '/' ? "" : up, h->source);
	}
	add_flags(b, h, up);
	add_list(b, "link_args", h->ldflags, "");
	if (regress_has_sources(h))
		buf_addf(b, ",\n\tlink_with: regress_library_%zu", regress_library_of(p, no));
	buf_addf(b,
		",\n\tdependencies: regress_deps,\n\tbuild_by_default: false)\n"
		"test('regress.%s', %s, timeout: 600,\n"
		"\targs: ['--manifest', meson.current_source_dir() / '%s' / 'tests.list'])\n\n",
		h->name, name.s, h->name);
	buf_release(&name);
}

int regress_emit_meson(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	struct buf b = BUF_INIT;
	char *up = xasprintf("%s/", p->up);
	int rc = regress_emit_files(w, p, err);

	regress_add_notice(&b, "#     subdir('tests/regress')\n"
			       "# regress_deps, where set before that, is linked in place of the "
			       "sources named here:\n"
			       "#     regress_deps = [declare_dependency(link_with: mylib)]\n");
	buf_adds(&b, "if not is_variable('regress_deps')\n\tregress_deps = []\nendif\n");
	if (regress_project_needs_cxx(p))
		buf_adds(&b, "add_languages('cpp', native: false)\n");
	buf_addch(&b, '\n');
	for (size_t i = 0; i < p->n_harnesses; i++)
		if (regress_has_sources(&p->harnesses[i]) && regress_library_of(p, i) == i)
			add_library(&b, &p->harnesses[i], i, up);
	for (size_t i = 0; i < p->n_harnesses; i++)
		add_harness(&b, p, i, up);
	if (rc == 0)
		rc = regress_put_buf(w, "meson.build", &b, err);
	buf_release(&b);
	free(up);
	return rc;
}
