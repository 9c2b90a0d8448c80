/*
 * Each row of words has a name between two constants, as make, shells, configure, CMake and Meson say that they miss it.
 * What is said of what was asked for in passing ("checking for x... no") counts for nothing: most of that is optional.
 */
#include "base/prelude.h"
#include "survey/needs.h"
#include "survey/packages.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <ctype.h>
#include <strings.h>

#define NAME_MAX_LEN 60
#define NEEDS_MAX 8
#define APT_MS 20000
#define NAMES_MAX ((size_t)8 << 20)

/* Programs that make sources or build files. */
static const struct {
	const char *name, *package;
} generators[] = { { "bison", "bison" }, { "yacc", "bison" }, { "flex", "flex" }, { "lex", "flex" },
	{ "byacc", "byacc" }, { "nasm", "nasm" }, { "yasm", "yasm" }, { "gperf", "gperf" },
	{ "ragel", "ragel" }, { "re2c", "re2c" }, { "lemon", "lemon" }, { "peg", "peg" },
	{ "leg", "peg" }, { "swig", "swig" }, { "m4", "m4" }, { "xxd", "xxd" }, { "perl", "perl" },
	{ "python", "python3" }, { "python3", "python3" }, { "tclsh", "tcl" }, { "gawk", "gawk" },
	{ "cmake", "cmake" }, { "meson", "meson" }, { "ninja", "ninja-build" }, { "make", "make" },
	{ "autoreconf", "autoconf automake" }, { "autoconf", "autoconf" },
	{ "automake", "automake" }, { "aclocal", "automake" }, { "autoheader", "autoconf" },
	{ "libtool", "libtool" }, { "libtoolize", "libtool" }, { "autopoint", "autopoint" },
	{ "gettext", "gettext" }, { "msgfmt", "gettext" }, { "gtkdocize", "gtk-doc-tools" },
	{ "intltoolize", "intltool" }, { "intltool", "intltool" }, { "pkg-config", "pkg-config" },
	{ "glib-mkenums", "libglib2.0-dev-bin" }, { "glib-genmarshal", "libglib2.0-dev-bin" },
	{ "glib-compile-resources", "libglib2.0-dev-bin" },
	{ "gdbus-codegen", "libglib2.0-dev-bin" }, { "g-ir-scanner", "gobject-introspection" },
	{ "vapigen", "valac" }, { "protoc", "protobuf-compiler" }, { "rpcgen", "rpcsvc-proto" },
	{ "makeinfo", "texinfo" }, { "help2man", "help2man" }, { "xsltproc", "xsltproc" } };

/* Macros of configure.ac that only come with something else. */
static const struct {
	const char *macro, *name, *package;
} macros[] = { { "LT_INIT", "libtool", "libtool" }, { "LIBTOOL", "libtool", "libtool" },
	{ "LTDL_INIT", "libltdl", "libltdl-dev" },
	{ "PKG_CHECK_MODULES", "pkg-config", "pkg-config" },
	{ "PKG_PROG_PKG_CONFIG", "pkg-config", "pkg-config" },
	{ "PKG_INSTALLDIR", "pkg-config", "pkg-config" },
	{ "AM_GNU_GETTEXT", "gettext", "gettext autopoint" },
	{ "AM_ICONV", "gettext", "gettext autopoint" },
	{ "AC_LIB_", "gettext", "gettext autopoint" },
	{ "GTK_DOC_CHECK", "gtkdocize", "gtk-doc-tools" },
	{ "PROG_INTLTOOL", "intltool", "intltool" },
	{ "GOBJECT_INTROSPECTION", "g-ir-scanner", "libgirepository1.0-dev" },
	{ "AM_PATH_GLIB_2_0", "glib-2.0", "libglib2.0-dev" },
	{ "AX_", "autoconf-archive", "autoconf-archive" } };

/* Libraries whose packages aren't called as they are. */
static const struct {
	const char *name, *package;
} libraries[] = { { "zlib", "zlib1g-dev" }, { "z", "zlib1g-dev" }, { "bzip2", "libbz2-dev" },
	{ "openssl", "libssl-dev" }, { "libssl", "libssl-dev" }, { "libcrypto", "libssl-dev" },
	{ "crypto", "libssl-dev" }, { "boost", "libboost-all-dev" }, { "jpeg", "libjpeg-dev" },
	{ "libjpeg", "libjpeg-dev" }, { "png", "libpng-dev" }, { "libpng", "libpng-dev" },
	{ "tiff", "libtiff-dev" }, { "libcurl", "libcurl4-openssl-dev" },
	{ "curl", "libcurl4-openssl-dev" }, { "icu-uc", "libicu-dev" },
	{ "icu-i18n", "libicu-dev" }, { "icu", "libicu-dev" }, { "libxml-2.0", "libxml2-dev" },
	{ "libxml2", "libxml2-dev" }, { "glib-2.0", "libglib2.0-dev" },
	{ "gio-2.0", "libglib2.0-dev" }, { "gobject-2.0", "libglib2.0-dev" },
	{ "gmodule-2.0", "libglib2.0-dev" }, { "gthread-2.0", "libglib2.0-dev" },
	{ "lzma", "liblzma-dev" }, { "liblzma", "liblzma-dev" }, { "zstd", "libzstd-dev" },
	{ "expat", "libexpat1-dev" }, { "fuse", "libfuse-dev" }, { "fuse3", "libfuse3-dev" },
	{ "gl", "libgl-dev" }, { "opengl", "libgl-dev" }, { "x11", "libx11-dev" },
	{ "alsa", "libasound2-dev" }, { "ecm", "extra-cmake-modules" }, { "gtest", "libgtest-dev" },
	{ "check", "check" }, { "lua", "liblua5.4-dev" }, { "readline", "libreadline-dev" },
	{ "libusb-1.0", "libusb-1.0-0-dev" }, { "lcms2", "liblcms2-dev" },
	{ "popt", "libpopt-dev" }, { "ncurses", "libncurses-dev" }, { "curses", "libncurses-dev" },
	{ "udev", "libudev-dev" }, { "libudev", "libudev-dev" },
	{ "nlohmann_json", "nlohmann-json3-dev" } };

/* Of headers by their beginnings: of others nobody knows whether the project itself should have them. */
static const struct {
	const char *start, *name;
} headers[] = { { "zlib.h", "zlib" }, { "boost/", "boost" }, { "openssl/", "openssl" },
	{ "glib.h", "glib-2.0" }, { "curl/", "libcurl" }, { "expat.h", "expat" },
	{ "png.h", "libpng" }, { "jpeglib.h", "jpeg" }, { "tiffio.h", "tiff" },
	{ "lzma.h", "lzma" }, { "bzlib.h", "bzip2" }, { "zstd.h", "zstd" },
	{ "libxml/", "libxml-2.0" }, { "unicode/", "icu" }, { "X11/", "x11" },
	{ "readline/", "readline" }, { "ncurses.h", "ncurses" }, { "fuse.h", "fuse" },
	{ "nlohmann/", "nlohmann_json" } };

static const char *table_package(const char *name, bool *generator)
{
	*generator = false;
	for (size_t i = 0; i < ARRAY_LEN(generators); i++)
		if (strcasecmp(name, generators[i].name) == 0) {
			*generator = true;
			return generators[i].package;
		}
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
		if (strcasecmp(name, libraries[i].name) == 0)
			return libraries[i].package;
	return "";
}

static void add_known(struct needs *n, const char *name, const char *package, bool generator)
{
	if (strlist_has(&n->names, name) || n->names.n >= NEEDS_MAX)
		return;
	/* two names of one thing */
	if (*package && strlist_has(&n->packages, package))
		return;
	strlist_add(&n->names, name);
	strlist_add(&n->packages, package);
	n->generator = n->generator || generator;
}

static bool is_name(struct strv v)
{
	if (!v.len || v.len > NAME_MAX_LEN || !isalnum((unsigned char)v.s[0]))
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (!isalnum((unsigned char)v.s[i]) && !strchr("+-._/", v.s[i]))
			return false;
	return true;
}

/* Names as CMake and configure write them: BISON, "Bison". */
static void add_name(struct needs *n, struct strv v)
{
	char *name;
	const char *package;
	bool generator;

	v = strv_trim(v);
	if (!is_name(v))
		return;
	name = strv_dup(v);
	package = table_package(name, &generator);
	if (*package)
		for (char *p = name; *p; p++)
			*p = (char)tolower((unsigned char)*p);
	add_known(n, name, package, generator);
	free(name);
}

void needs_drop(struct needs *n, size_t i)
{
	free(n->names.v[i]);
	free(n->packages.v[i]);
	n->names.n--;
	n->packages.n--;
	memmove(&n->names.v[i], &n->names.v[i + 1], (n->names.n - i) * sizeof(*n->names.v));
	memmove(&n->packages.v[i], &n->packages.v[i + 1],
		(n->packages.n - i) * sizeof(*n->packages.v));
	n->names.v[n->names.n] = n->packages.v[n->packages.n] = NULL;
}

void needs_add(struct needs *n, const char *tool)
{
	add_name(n, strv_of(tool));
}

/* --- words --- */

static bool on_path(const char *tool)
{
	char *path = fs_which(tool);

	free(path);
	return path != NULL;
}

/* The last word of a text: a shell's name and a line's number stand before it. */
static struct strv last_word(struct strv v)
{
	for (size_t i = v.len; i-- > 0;)
		if (strv_is_space(v.s[i]) || v.s[i] == ':')
			return strv_from(v, i + 1);
	return v;
}

static struct strv unquoted(struct strv v)
{
	static const char quotes[] = "'\"`[],";

	while (v.len && strchr(quotes, v.s[0]))
		v = strv_from(v, 1);
	while (v.len && strchr(quotes, v.s[v.len - 1]))
		v.len--;
	return v;
}

/* The name between two constants; all: each of a list of quoted ones. */
static void read_between(
	struct needs *n, struct strv line, const char *before, const char *after, bool list)
{
	size_t at = strv_find(line, before), end;
	struct strv v, one;

	if (at == SIZE_MAX)
		return;
	v = strv_from(line, at + strlen(before));
	end = *after ? strv_find(v, after) : v.len;
	if (end == SIZE_MAX)
		return;
	v = strv_sub(v, 0, end);
	if (!list) {
		add_name(n, unquoted(v));
		return;
	}
	/* other names of the same: the first */
	if (strv_split(&v, ' ', &one))
		add_name(n, unquoted(one));
}

static void read_quoted(struct needs *n, struct strv line)
{
	static const struct {
		const char *before, *after;
		bool list;
	} rows[] = { { "WARNING: '", "' is missing on your system", false },
		{ "WARNING: `", "' is missing on your system", false },
		{ "ERROR: Program '", "' not found", true },
		{ "ERROR: Program(s) [", "] not found", true },
		{ "ERROR: Program \"", "\" not found", false },
		{ "ERROR: Dependency \"", "\" not found", false },
		{ "ERROR: Dependency lookup for ", " with method", false },
		{ "shared or static library '", "' not found", false },
		{ "No package '", "' found", false }, { "Package '", "', required by '", false },
		{ "Package '", "' not found", false },
		{ "Package ", " was not found in the pkg-config search path", false },
		{ "package configuration file provided by \"", "\"", false },
		{ "No CMAKE_ASM_", "_COMPILER could be found", false },
		{ "Could not find REQUIRED package ", "", false },
		{ "using the following names: ", "", true }, { "Can't exec \"", "\"", false },
		{ "command -v ", ": command not found", false } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		read_between(n, line, rows[i].before, rows[i].after, rows[i].list);
}

static bool is_generator(struct strv name)
{
	for (size_t i = 0; i < ARRAY_LEN(generators); i++)
		if (strv_eqs(name, generators[i].name))
			return true;
	return false;
}

/* "/bin/sh: 1: bison: not found", "bash: line 1: flex: command not found", "make[2]: gperf: No such file or directory" */
static void read_shell(struct needs *n, struct strv line)
{
	static const char *const ends[] = { ": not found", ": command not found",
		": No such file or directory" };
	bool shell = strv_contains(line, "sh: ") || strv_contains(line, "line ") ||
		     strv_starts(line, "make");

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct strv word;

		if (!shell || !strv_ends(line, ends[i]))
			continue;
		word = last_word(strv_sub(line, 0, line.len - strlen(ends[i])));
		/* a path of the project's, not a program; make says the same of folders */
		if (strv_chr(word, '/') == SIZE_MAX && strv_chr(word, '.') == SIZE_MAX &&
			(i < 2 || is_generator(word)))
			add_name(n, word);
		return;
	}
}

static void read_macro(struct needs *n, struct strv line)
{
	if (!strv_contains(line, "undefined macro") && !strv_contains(line, "is undefined") &&
		!strv_contains(line, "syntax error near unexpected token"))
		return;
	for (size_t i = 0; i < ARRAY_LEN(macros); i++)
		if (strv_contains(line, macros[i].macro)) {
			add_known(n, macros[i].name, macros[i].package, true);
			return;
		}
}

void needs_add_macro(struct needs *n, const char *macro)
{
	/* a file that the package has, where its tool is called otherwise, or there is none */
	static const struct {
		const char *name, *file;
	} files[] = { { "libtool", "/usr/share/aclocal/libtool.m4" },
		{ "libltdl", "/usr/share/aclocal/ltdl.m4" },
		{ "gettext", "/usr/share/aclocal/gettext.m4" },
		{ "intltool", "/usr/share/aclocal/intltool.m4" } };
	struct strv v = strv_of(macro);

	for (size_t i = 0; i < ARRAY_LEN(macros); i++) {
		char *own;
		bool has;

		if (!strv_contains(v, macros[i].macro))
			continue;
		has = on_path(macros[i].name);
		for (size_t k = 0; k < ARRAY_LEN(files); k++)
			has |= strcmp(files[k].name, macros[i].name) == 0 &&
			       fs_is_file(files[k].file);
		own = xasprintf("/usr/share/aclocal/%s.m4", macro);
		for (char *c = own; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		has |= fs_is_file(own);
		free(own);
		if (!has)
			add_known(n, macros[i].name, macros[i].package, true);
		return;
	}
}

/* Is there this word, in any case? */
static bool has_word(struct strv line, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= line.len; i++)
		if (strncasecmp(line.s + i, word, n) == 0 &&
			(i == 0 || !isalnum((unsigned char)line.s[i - 1])) &&
			(i + n == line.len || (!isalnum((unsigned char)line.s[i + n]) &&
						      !strchr("-_.", line.s[i + n]))))
			return true;
	return false;
}

/* "Unable to find libmpg123.": what may be a library by its name. */
static void read_libraries(struct needs *n, struct strv line)
{
	struct strv word;

	while (strv_split(&line, ' ', &word)) {
		word = unquoted(word);
		while (word.len && strchr(".,;:()", word.s[word.len - 1]))
			word.len--;
		if (strv_starts(word, "lib") && is_name(word) && n->headers.n < NEEDS_MAX)
			strlist_add_once_take(&n->headers, strv_dup(word));
	}
}

/* In words of its own: what the tables have of them. */
static void read_free(struct needs *n, struct strv line)
{
	bool generator;

	if (!strv_contains(line, "configure: error:"))
		return;
	read_libraries(n, line);
	for (size_t i = 0; i < ARRAY_LEN(generators); i++)
		if (has_word(line, generators[i].name) && strcmp(generators[i].name, "make") != 0 &&
			strcmp(generators[i].name, "pkg-config") != 0)
			add_name(n, strv_of(generators[i].name));
	for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
		if (strlen(libraries[i].name) > 2 && has_word(line, libraries[i].name) &&
			strcmp(libraries[i].name, "check") != 0)
			add_known(n, libraries[i].name,
				table_package(libraries[i].name, &generator), false);
}

/* The header that a compiler didn't find; empty: none. A survey's own notes have clang's words without its "error:". */
static struct strv lacking_header(struct strv line)
{
	size_t at = strv_find(line, "error: "), end = strv_find(line, "' file not found");

	if (at != SIZE_MAX && (end != SIZE_MAX || strv_contains(line, "No such file")))
		return unquoted(strv_from(line, at + strlen("error: ")));
	if (end == SIZE_MAX)
		return strv_n("", 0);
	for (at = end; at && line.s[at - 1] != '\'';)
		at--;
	return strv_sub(line, at, end - at);
}

static void add_header_name(struct needs *n, struct strv v)
{
	if (!v.len)
		return;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		if (strv_starts(v, headers[i].start)) {
			add_name(n, strv_of(headers[i].name));
			n->header = true;
			return;
		}
	v = strv_sub(v, 0, MIN(strv_chr(v, '\''), v.len));
	if (is_name(v) && n->headers.n < NEEDS_MAX)
		strlist_add_once_take(&n->headers, strv_dup(v));
}

void needs_add_header(struct needs *n, const char *header)
{
	add_header_name(n, strv_of(header));
}

/* "PNG_INCLUDE_DIR", alone on its line, below what says that such are set to NOTFOUND. */
static void read_variable(struct needs *n, struct strv line)
{
	static const char *const ends[] = { "_INCLUDE_DIR", "_INCLUDE_DIRS", "_LIBRARY",
		"_LIBRARIES" };

	line = strv_sub(line, 0, MIN(strv_find(line, " ("), line.len));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(line, ends[i]))
			add_name(n, strv_sub(line, 0, line.len - strlen(ends[i])));
}

/* What find_package wanted: only behind an error, as it also speaks of what is optional. */
static bool read_cmake(struct needs *n, struct strv line, bool error)
{
	if (strv_starts(line, "CMake Error"))
		error = true;
	else if (strv_starts(line, "Call Stack"))
		error = false;
	if (error)
		read_between(n, line, "Could NOT find ", " (", false);
	return error;
}

/* `Unknown CMake command "BISON_TARGET".`: of a module that was looked for in vain, and not asked for in earnest. */
static void read_command(struct needs *n, struct strv line)
{
	char *name;
	bool generator;

	if (!strv_skip(&line, "Unknown CMake command \""))
		return;
	name = strv_dup(strv_sub(line, 0, strv_find(line, "_")));
	if (*table_package(name, &generator) && generator)
		add_name(n, strv_of(name));
	free(name);
}

void needs_read(struct needs *n, struct strv said)
{
	struct strv line;
	bool error = false, variables = false;

	while (strv_line(&said, &line)) {
		line = strv_trim(line);
		variables = variables || strv_contains(line, "set to NOTFOUND");
		if (variables)
			read_variable(n, line);
		read_quoted(n, line);
		read_shell(n, line);
		read_macro(n, line);
		read_free(n, line);
		add_header_name(n, lacking_header(line));
		read_command(n, line);
		error = read_cmake(n, line, error);
	}
}

/* --- sources --- */

static bool is_generated(const struct files *t, const char *rel, size_t stem)
{
	static const char *const ends[] = { ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".tab.c",
		".tab.cc", ".tab.cpp", ".yy.c", ".yy.cc" };
	const char *name = strrchr(rel, '/');
	size_t dir = name ? (size_t)(name + 1 - rel) : 0;

	for (size_t i = 0; i < t->files.n; i++) {
		const char *other = t->files.v[i];

		if (strncmp(other, rel, dir) != 0 || strchr(other + dir, '/'))
			continue;
		if (strcmp(other + dir, "y.tab.c") == 0 || strcmp(other + dir, "lex.yy.c") == 0)
			return true;
		for (size_t k = 0; k < ARRAY_LEN(ends); k++)
			if (strncmp(other, rel, stem) == 0 && strcmp(other + stem, ends[k]) == 0)
				return true;
	}
	return false;
}

void needs_sources(struct needs *n, const struct files *t)
{
	static const struct {
		const char *end, *tool, *other;
	} rows[] = { { ".y", "bison", "yacc" }, { ".yy", "bison", NULL }, { ".ypp", "bison", NULL },
		{ ".l", "flex", "lex" }, { ".ll", "flex", NULL }, { ".lex", "flex", "lex" },
		{ ".gperf", "gperf", NULL }, { ".rl", "ragel", NULL } };

	for (size_t i = 0; i < t->files.n; i++)
		for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
			const char *rel = t->files.v[i];

			if (!strv_ends(strv_of(rel), rows[k].end) || files_aside(rel) ||
				is_generated(t, rel, strlen(rel) - strlen(rows[k].end)) ||
				on_path(rows[k].tool) || (rows[k].other && on_path(rows[k].other)))
				continue;
			add_name(n, strv_of(rows[k].tool));
		}
}

/* --- packages --- */

static void add_header(struct needs *n, const char *header, struct strv packages)
{
	char *package = packages_with_header(header, packages);

	if (package) {
		char *name = strv_dup(strv_sub(strv_of(package), 3, strlen(package) - 7));

		add_known(n, name, package, false);
		n->header = true;
		free(name);
	}
	if (!package)
		strlist_add_once(&n->strange, header);
	free(package);
}

void needs_forget(struct needs *n, const struct files *t)
{
	struct strlist left = STRLIST_INIT;

	for (size_t i = 0; i < n->headers.n; i++) {
		const char *name = fs_basename(n->headers.v[i]);
		bool own = false;

		for (size_t k = 0; k < t->files.n && !own; k++)
			own = strcmp(fs_basename(t->files.v[k]), name) == 0;
		if (!own)
			strlist_add(&left, n->headers.v[i]);
	}
	strlist_release(&n->headers);
	n->headers = left;
}

void needs_match(struct needs *n, struct strv packages)
{
	for (size_t i = 0; i < n->headers.n; i++)
		add_header(n, n->headers.v[i], packages);
	strlist_release(&n->headers);
	for (size_t i = 0; i < n->names.n; i++)
		if (!*n->packages.v[i]) {
			char *package = packages_of(n->names.v[i], packages);

			free(n->packages.v[i]);
			n->packages.v[i] = package;
		}
}

void needs_look_up(struct needs *n)
{
	const char *argv[] = { "apt-cache", "pkgnames", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };

	if (!(n->headers.n || strlist_has(&n->packages, "")) || !on_path("apt-cache"))
		return;
	spec.argv = argv;
	spec.out = PROC_CAPTURE;
	spec.capture_max = NAMES_MAX;
	spec.wall_ms = APT_MS;
	if (proc_run(&spec, &r, NULL) == 0 && r.status == 0)
		needs_match(n, strv_n(buf_str(&r.out), r.out.len));
	proc_result_release(&r);
}

/* Two names of one thing have one package. */
static bool is_before(const struct strlist *l, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(l->v[k], l->v[i]) == 0)
			return true;
	return false;
}

void needs_tell(const struct needs *n, struct buf *out)
{
	size_t known = 0;

	for (size_t i = 0; i < n->names.n; i++) {
		buf_adds(out, i == 0 ? "needs " : i + 1 < n->names.n ? ", " : " and ");
		buf_adds(out, n->names.v[i]);
	}
	for (size_t i = 0; i < n->packages.n; i++)
		if (*n->packages.v[i] && !is_before(&n->packages, i)) {
			buf_adds(out, known++ ? " " : ": `apt-get install ");
			buf_adds(out, n->packages.v[i]);
		}
	if (known)
		buf_addch(out, '`');
}

void needs_release(struct needs *n)
{
	strlist_release(&n->names);
	strlist_release(&n->packages);
	strlist_release(&n->headers);
	strlist_release(&n->strange);
	n->generator = n->header = false;
}
