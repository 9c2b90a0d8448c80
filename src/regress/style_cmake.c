/* CMakeLists.txt: for add_subdirectory(), or as a project of its own. */
#include "base/prelude.h"
#include "regress/internal.h"

/* One quoted argument. */
static void add_quoted(struct buf *b, const char *before, const char *s)
{
	buf_addch(b, '"');
	buf_adds(b, before);
	for (; *s; s++) {
		if (strchr("\\\"$;", *s))
			buf_addch(b, '\\');
		buf_addch(b, *s);
	}
	buf_addch(b, '"');
}

static void add_path(struct buf *b, const char *path)
{
	add_quoted(b, *path == '/' ? "" : "${REGRESS_TOP}/", path);
}

/* Inside a generator expression, what would end it or an argument of it has a name. */
static void add_options(
	struct buf *b, const char *target, const char *language, const char *const *flags)
{
	for (size_t i = 0; flags[i]; i++) {
		buf_addf(b, "target_compile_options(%s PRIVATE \"$<$<COMPILE_LANGUAGE:%s>:", target,
			language);
		for (const char *s = flags[i]; *s; s++) {
			if (*s == '>' || *s == ',')
				buf_adds(b, *s == '>' ? "$<ANGLE-R>" : "$<COMMA>");
			else if (*s == ';')
				buf_adds(b, "$<SEMICOLON>");
			else
				buf_addf(b, "%s%c", strchr("\\\"$", *s) ? "\\" : "", *s);
		}
		buf_adds(b, ">\")\n");
	}
}

static void add_flags(struct buf *b, const char *target, const struct regress_harness *h)
{
	for (size_t i = 0; h->include[i]; i++) {
		buf_addf(b, "target_include_directories(%s PRIVATE ", target);
		add_path(b, h->include[i]);
		buf_adds(b, ")\n");
	}
	buf_addf(b, "target_compile_options(%s PRIVATE -g)\n", target);
	add_options(b, target, "C", h->cflags);
	add_options(b, target, "CXX", h->cxxflags);
}

static void add_library(struct buf *b, const struct regress_harness *h, size_t no)
{
	struct buf name = BUF_INIT;

	/* once for all harnesses with the same sources and flags */
	buf_addf(&name, "regress_library_%zu", no);
	buf_addf(b, "if(NOT REGRESS_LIBRARIES)\nadd_library(%s STATIC EXCLUDE_FROM_ALL", name.s);
	for (size_t i = 0; h->sources[i]; i++) {
		buf_adds(b, "\n\t");
		add_path(b, h->sources[i]);
	}
	buf_adds(b, ")\n");
	add_flags(b, name.s, h);
	buf_adds(b, "endif()\n\n");
	buf_release(&name);
}

static void add_harness(struct buf *b, const struct regress_project *p, size_t no)
{
	const struct regress_harness *h = &p->harnesses[no];
	struct buf name = BUF_INIT;

	buf_adds(&name, "regress_");
	regress_identifier(&name, h->name);
	buf_addf(b, "add_executable(%s replay.c ", name.s);
	if (h->source)
		add_path(b, h->source);
	else
		buf_adds(b, "${REGRESS_HARNESSES}");
	buf_adds(b, ")\n");
	add_flags(b, name.s, h);
	if (regress_has_sources(h))
		buf_addf(b,
			"if(NOT REGRESS_LIBRARIES)\n"
			"\ttarget_link_libraries(%s PRIVATE regress_library_%zu)\nendif()\n",
			name.s, regress_library_of(p, no));
	buf_addf(b, "target_link_libraries(%s PRIVATE ${REGRESS_LIBRARIES}", name.s);
	for (size_t i = 0; h->ldflags[i]; i++) {
		buf_addch(b, ' ');
		add_quoted(b, "", h->ldflags[i]);
	}
	buf_addf(b,
		")\n"
		"add_test(NAME regress.%s COMMAND %s --manifest "
		"\"${CMAKE_CURRENT_SOURCE_DIR}/%s/tests.list\")\n\n",
		h->name, name.s, h->name);
	buf_release(&name);
}

int regress_emit_cmake(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	if (regress_emit_files(w, p, err) < 0)
		return -1;
	regress_add_notice(&b,
		"#     enable_testing()\n#     add_subdirectory(tests/regress)\n"
		"# REGRESS_LIBRARIES, where set, is linked in place of the sources named here: "
		"targets of this project.\n");
	buf_addf(&b,
		"cmake_minimum_required(VERSION 3.10)\n"
		"if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)\n"
		"\tproject(regress LANGUAGES "
		"C)\n\tenable_testing()\nendif()\nenable_language(C)\n%s"
		"get_filename_component(REGRESS_TOP \"${CMAKE_CURRENT_SOURCE_DIR}/%s\" "
		"ABSOLUTE)\n\n",
		regress_project_needs_cxx(p) ? "enable_language(CXX)\n" : "", p->up);
	for (size_t i = 0; i < p->n_harnesses; i++)
		if (regress_has_sources(&p->harnesses[i]) && regress_library_of(p, i) == i)
			add_library(&b, &p->harnesses[i], i);
	for (size_t i = 0; i < p->n_harnesses; i++)
		add_harness(&b, p, i);
	rc = regress_put_buf(w, "CMakeLists.txt", &b, err);
	buf_release(&b);
	return rc;
}
