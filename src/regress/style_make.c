/* Makefile and Makefile.am: one program per harness, one test per list. */
#include "base/prelude.h"
#include "regress/internal.h"
#include "base/escape.h"
#include "base/mem.h"
#include "regress/cxx.h"

/* Where a word stands: "#" begins a comment in a variable, and is the shell's in a recipe, which gets a "\" before it, too. */
enum place { IN_RECIPE, IN_VARIABLE };

/* A word that a shell sees: quoted for the shell, then for make. */
static void add_word(struct buf *b, enum place in, const char *before, const char *s)
{
	struct buf raw = BUF_INIT, quoted = BUF_INIT;

	buf_addf(&raw, "%s%s", before, s);
	escape_shell(&quoted, strv_n(raw.s, raw.len));
	for (size_t i = 0; i < quoted.len; i++) {
		if (quoted.s[i] == '$')
			buf_addch(b, '$');
		else if (quoted.s[i] == '#' && in == IN_VARIABLE)
			buf_addch(b, '\\');
		buf_addch(b, quoted.s[i]);
	}
	buf_release(&raw);
	buf_release(&quoted);
}

static void add_words(struct buf *b, enum place in, const char *const *v)
{
	for (size_t i = 0; v[i]; i++) {
		buf_addch(b, ' ');
		add_word(b, in, "", v[i]);
	}
}

static void add_up(struct buf *b, const char *up, const char *path)
{
	if (*path != '/')
		buf_addf(b, "%s/", up);
	escape_make(b, strv_of(path));
}

static void add_include(struct buf *b, const struct regress_project *p,
	const struct regress_harness *h, enum place in)
{
	const char *from = in == IN_VARIABLE ? "$(srcdir)/" : "";

	for (size_t i = 0; h->include[i]; i++) {
		buf_addf(b, " -I%s", *h->include[i] == '/' ? "" : from);
		if (*h->include[i] != '/')
			buf_addf(b, "%s/", p->up);
		add_word(b, in, "", h->include[i]);
	}
}

/* One object's rule. */
static void add_object(struct buf *b, const struct regress_project *p,
	const struct regress_harness *h, const char *source, const char *object)
{
	bool cxx = regress_is_cxx(source);
	char *up;

	buf_addf(b, "%s: ", object);
	add_up(b, p->up, source);
	buf_addf(b, "\n\t@mkdir -p $(@D)\n\t%s $(CPPFLAGS)", cxx ? "$(CXX)" : "$(CC)");
	add_include(b, p, h, IN_RECIPE);
	buf_addf(b, " %s", cxx ? "$(CXXFLAGS)" : "$(CFLAGS)");
	add_words(b, IN_RECIPE, cxx ? h->cxxflags : h->cflags);
	/* not $<, which a shell takes apart at blanks */
	buf_adds(b, " $(SAN) -c -o $@ ");
	up = *source == '/' ? xstrdup("") : xasprintf("%s/", p->up);
	add_word(b, IN_RECIPE, up, source);
	buf_addch(b, '\n');
	free(up);
}

static void add_library(struct buf *b, const struct regress_project *p, size_t no)
{
	const struct regress_harness *h = &p->harnesses[no];
	struct buf objects = BUF_INIT;

	for (size_t i = 0; h->sources[i]; i++) {
		struct buf o = BUF_INIT;

		buf_addf(&o, "$(B)/library_%zu/%zu_", no, i);
		regress_identifier(&o, h->sources[i]);
		buf_adds(&o, ".o");
		buf_addf(&objects, " %s", o.s);
		add_object(b, p, h, h->sources[i], o.s);
		buf_release(&o);
	}
	buf_addf(b, "LIBRARY_%zu =%s\n\n", no, buf_str(&objects));
	buf_release(&objects);
}

static void add_harness(struct buf *b, const struct regress_project *p, size_t no)
{
	const struct regress_harness *h = &p->harnesses[no];
	struct buf name = BUF_INIT, object = BUF_INIT;

	regress_identifier(&name, h->name);
	buf_addf(&object, "$(B)/%s.o", name.s);
	if (h->source)
		add_object(b, p, h, h->source, object.s);
	buf_addf(b, "$(B)/regress_%s: $(B)/replay.o%s%s", name.s, h->source ? " " : "",
		h->source ? object.s : "");
	if (regress_has_sources(h))
		buf_addf(b, " $(if $(REGRESS_LIBS),,$(LIBRARY_%zu))", regress_library_of(p, no));
	buf_addf(b, "\n\t%s $(SAN) $(LDFLAGS) -o $@ $^ $(REGRESS_LIBS)",
		regress_needs_cxx(h) ? "$(CXX)" : "$(CC)");
	add_words(b, IN_RECIPE, h->ldflags);
	buf_addf(b,
		"\ncheck: check-%s\n.PHONY: check-%s\ncheck-%s: $(B)/regress_%s\n"
		"\t$(B)/regress_%s --manifest %s/tests.list\n\n",
		name.s, name.s, name.s, name.s, name.s, h->name);
	buf_release(&name);
	buf_release(&object);
}

int regress_emit_make(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	if (regress_emit_files(w, p, err) < 0)
		return -1;
	regress_add_notice(&b,
		"#     make -k -C tests/regress check SAN=-fsanitize=address\n"
		"# REGRESS_LIBS, where set, is linked in place of the sources named here.\n");
	buf_adds(&b, "B ?= build\nCFLAGS ?= -g -O1\nCXXFLAGS ?= -g -O1\nREGRESS_LIBS ?=\nSAN ?=\n\n"
		     ".PHONY: check clean\ncheck:\nclean:\n\trm -rf $(B)\n\n"
		     "$(B)/replay.o: replay.c $(wildcard faults.c)\n\t@mkdir -p $(@D)\n"
		     "\t$(CC) $(CFLAGS) $(SAN) -c -o $@ $<\n\n");
	for (size_t i = 0; i < p->n_harnesses; i++)
		if (regress_has_sources(&p->harnesses[i]) && regress_library_of(p, i) == i)
			add_library(&b, p, i);
	for (size_t i = 0; i < p->n_harnesses; i++)
		add_harness(&b, p, i);
	rc = regress_put_buf(w, "Makefile", &b, err);
	buf_release(&b);
	return rc;
}

static void am_source(struct buf *b, const struct regress_project *p, const char *path)
{
	/* relative to this directory; automake puts the source directory in front */
	buf_adds(b, " \\\n\t");
	add_up(b, p->up, path);
}

static void am_harness(struct buf *b, const struct regress_project *p, size_t no)
{
	const struct regress_harness *h = &p->harnesses[no];
	struct buf name = BUF_INIT;

	buf_adds(&name, "regress_");
	regress_identifier(&name, h->name);
	buf_addf(b, "check_PROGRAMS += %s\nTESTS += %s/tests.list\n%s_SOURCES = replay.c", name.s,
		h->name, name.s);
	if (h->source)
		am_source(b, p, h->source);
	for (size_t i = 0; h->sources[i]; i++)
		am_source(b, p, h->sources[i]);
	buf_addf(b, "\n%s_CPPFLAGS = $(AM_CPPFLAGS)", name.s);
	add_include(b, p, h, IN_VARIABLE);
	buf_addf(b, "\n%s_CFLAGS = $(AM_CFLAGS)", name.s);
	add_words(b, IN_VARIABLE, h->cflags);
	if (regress_needs_cxx(h)) {
		buf_addf(b, "\n%s_CXXFLAGS = $(AM_CXXFLAGS)", name.s);
		add_words(b, IN_VARIABLE, h->cxxflags);
	}
	buf_addf(b, "\n%s_LDADD = $(REGRESS_LIBS)", name.s);
	add_words(b, IN_VARIABLE, h->ldflags);
	buf_adds(b, "\n\n");
	buf_release(&name);
}

static const char run_list[] =
	"#!/bin/sh\n"
	"# " REGRESS_LICENSE "\n"
	"# Runs one harness's list of regression tests: .../HARNESS/tests.list by "
	"./regress_HARNESS.\n"
	"dir=$(dirname \"$1\")\n"
	"name=$(basename \"$dir\" | sed 's/[^A-Za-z0-9]/_/g; s/^[0-9]/_&/')\n"
	"exec ./regress_\"$name\" --manifest \"$1\"\n";

/* Its lists of sources are words of make's, and nothing quotes these in one. */
static int am_source_check(const char *path, struct err *err)
{
	size_t at = strcspn(path, " \t#$:\\");

	if (!path[at])
		return 0;
	return err_usage(err, "%s: automake can't build a source with a '%c' in its name", path,
		path[at] == '\t' ? ' ' : path[at]);
}

static int am_check(const struct regress_project *p, struct err *err)
{
	for (size_t i = 0; i < p->n_harnesses; i++) {
		const struct regress_harness *h = &p->harnesses[i];

		if (h->source && am_source_check(h->source, err) < 0)
			return -1;
		for (size_t k = 0; h->sources[k]; k++)
			if (am_source_check(h->sources[k], err) < 0)
				return -1;
	}
	return 0;
}

int regress_emit_automake(
	struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = am_check(p, err) < 0 ? -1 : regress_emit_files(w, p, err);

	if (rc < 0)
		return -1;

	regress_add_notice(&b,
		"#     SUBDIRS = ... tests/regress              in Makefile.am\n"
		"#     AC_CONFIG_FILES([tests/regress/Makefile]) in configure.ac\n"
		"# REGRESS_LIBS, where set, is linked besides what is compiled here. For a line "
		"per "
		"test in the log:\n#     LIST_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) "
		"$(top_srcdir)/build-aux/tap-driver.sh\n");
	buf_adds(&b, "AUTOMAKE_OPTIONS = subdir-objects\nTEST_EXTENSIONS = .list\n"
		     "LIST_LOG_COMPILER = $(SHELL) $(srcdir)/run-list.sh\n"
		     "check_PROGRAMS =\nTESTS =\nEXTRA_DIST = run-list.sh $(TESTS)");
	buf_adds(&b, p->faults_c ? " faults.c\n\n" : "\n\n");
	for (size_t i = 0; i < p->n_harnesses; i++)
		am_harness(&b, p, i);
	if (rc == 0)
		rc = regress_put_buf(w, "Makefile.am", &b, err);
	if (rc == 0)
		rc = regress_put(
			w, "run-list.sh", run_list, sizeof(run_list) - 1, false, NULL, err);
	buf_release(&b);
	return rc;
}
