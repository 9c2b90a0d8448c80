/* The styles, in a table. */
#include "base/prelude.h"
#include "regress/style.h"
#include "regress/internal.h"

const struct regress_style regress_styles[] = {
	{ "files", "inputs, manifests and replay.c, to be built as the project likes",
		"./replay --manifest LIST", regress_emit_files },
	{ "c", "and one self-contained C file per bug, with the bytes in it", "cc TEST.c ...",
		regress_emit_c },
	{ "cmake", "and CMakeLists.txt, for add_subdirectory()", "ctest", regress_emit_cmake },
	{ "meson", "and meson.build, for subdir()", "meson test", regress_emit_meson },
	{ "automake", "and regress.am, for include in a Makefile.am", "make check",
		regress_emit_automake },
	{ "make", "and a Makefile of its own", "make check", regress_emit_make },
	{ "bazel", "and BUILD.bazel", "bazel test", regress_emit_bazel },
	{ NULL, NULL, NULL, NULL },
};

const struct regress_style *regress_style(const char *name)
{
	for (const struct regress_style *s = regress_styles; s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}
