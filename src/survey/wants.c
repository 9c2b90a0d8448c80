/*
 * No build language is understood here: calls are found by their names, their arguments by brackets, and whatever stands within
 * a condition is left out, as nobody knows whether it is met.
 */
#include "base/prelude.h"
#include "survey/wants.h"
#include "survey/installed.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <ctype.h>
#include <strings.h>
#include <sys/wait.h>

#define ARGS_MAX 6
#define WANTS_MAX 40
#define FILE_MAX ((uint64_t)4 << 20)
#define ASK_MS 10000

/* --- calls --- */

/* Behind the opening bracket: the arguments as they stand there, and how many. text begins behind the call then. */
static size_t read_args(struct strv *text, struct strv *args)
{
	size_t depth = 0, n = 0, start = 0, i;

	for (i = 0; i < text->len; i++) {
		char c = text->s[i];
		bool ends = depth == 0 && c == ')';

		if (ends || (depth == 0 && c == ',')) {
			if (n < ARGS_MAX)
				args[n++] = strv_trim(strv_sub(*text, start, i - start));
			start = i + 1;
		}
		if (ends)
			break;
		depth += c == '(' || c == '[';
		depth -= depth && (c == ')' || c == ']');
	}
	*text = strv_from(*text, MIN(i + 1, text->len));
	return n;
}

/* A call by that name at the start of text, in any case where other is its name in small letters; text begins behind "(". */
static bool skip_call(struct strv *text, const char *name, bool any_case)
{
	size_t n = strlen(name);
	struct strv rest;

	if (text->len < n || (any_case ? strncasecmp(text->s, name, n) : strncmp(text->s, name, n)))
		return false;
	rest = strv_from(*text, n);
	if (any_case)
		rest = strv_trim_start(rest);
	if (!rest.len || rest.s[0] != '(')
		return false;
	*text = strv_from(rest, 1);
	return true;
}

static struct strv bare(struct strv v)
{
	v = strv_trim(v);
	while (v.len && strchr("['\"", v.s[0]))
		v = strv_trim(strv_from(v, 1));
	while (v.len && strchr("]'\"", v.s[v.len - 1]))
		v = strv_trim(strv_sub(v, 0, v.len - 1));
	return v;
}

/* The next of words between blanks, and of backslashes in front of a line's end. */
static bool next_word(struct strv *v, struct strv *word)
{
	size_t n = 0;

	while (v->len && (strv_is_space(v->s[0]) || strchr("\\,", v->s[0])))
		*v = strv_from(*v, 1);
	while (n < v->len && !strv_is_space(v->s[n]) && v->s[n] != ',')
		n++;
	*word = strv_sub(*v, 0, n);
	*v = strv_from(*v, n);
	return n != 0;
}

static bool is_plain(struct strv v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!isalnum((unsigned char)v.s[i]) && !strchr("+-._/", v.s[i]))
			return false;
	return v.len && isalnum((unsigned char)v.s[0]);
}

static void add(struct strlist *l, char *take)
{
	if (l->n < WANTS_MAX)
		strlist_add_once_take(l, take);
	else
		free(take);
}

/* "a >= 1.2 b": two; what a variable holds isn't known. */
static void add_modules(struct wants *out, struct strv list)
{
	struct strv name, next = strv_n("", 0), version;
	bool has = next_word(&list, &name);

	while (has) {
		bool more = next_word(&list, &next);

		if (more && strchr("<>=", next.s[0]) && next_word(&list, &version)) {
			if (is_plain(name) && is_plain(version))
				add(&out->modules,
					xasprintf(STRV_FMT " " STRV_FMT " " STRV_FMT,
						STRV_ARG(name), STRV_ARG(next), STRV_ARG(version)));
			more = next_word(&list, &next);
		} else if (is_plain(name)) {
			add(&out->modules, strv_dup(name));
		}
		name = next;
		has = more;
	}
}

/* --- conditions --- */

static bool starts_word(struct strv line, const char *word)
{
	size_t n = strlen(word);

	return line.len >= n && strncasecmp(line.s, word, n) == 0 &&
	       (line.len == n || !strv_is_word(line.s[n]));
}

/* How many conditions are open behind this line, of languages in which each begins and ends a line. */
static size_t conditions(size_t open, struct strv line)
{
	static const char *const begins[] = { "if", "case", "foreach", "for", "while", "function",
		"macro" };
	static const char *const ends[] = { "fi", "esac", "done", "endif", "endforeach", "endwhile",
		"endfunction", "endmacro" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (starts_word(line, ends[i]))
			return open - (open > 0);
	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (starts_word(line, begins[i]))
			return open + !(strv_ends(line, "; fi") || strv_ends(line, ";fi") ||
					      strv_ends(line, "; done"));
	return open;
}

static bool is_comment(struct strv line)
{
	return starts_word(line, "dnl") || strv_starts(line, "#");
}

/* --- autoconf --- */

static void take_autoconf(struct strv *text, struct wants *out)
{
	static const char *const headers[] = { "AC_CHECK_HEADERS", "AC_CHECK_HEADER" };
	struct strv args[ARGS_MAX], word;
	size_t n;

	if (skip_call(text, "PKG_CHECK_MODULES", false)) {
		n = read_args(text, args);
		/* what is to be done without them: they are a choice */
		if (n >= 2 && n < 4)
			add_modules(out, bare(args[1]));
		return;
	}
	if (skip_call(text, "BOOST_REQUIRE", false) || skip_call(text, "AX_BOOST_BASE", false)) {
		n = read_args(text, args);
		if (n < 3)
			add(&out->headers, xstrdup("boost/version.hpp"));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		if (skip_call(text, headers[i], false)) {
			n = read_args(text, args);
			if (n < 3 || !strv_contains(args[2], "AC_MSG_ERROR"))
				return;
			for (struct strv list = bare(args[0]); next_word(&list, &word);)
				if (is_plain(word))
					add(&out->headers, strv_dup(word));
			return;
		}
	*text = strv_from(*text, 1);
}

/* Its word at the start of text, if that is a macro: of those that must be there at all. */
static void take_macro(struct strv text, struct wants *out)
{
	static const char *const starts[] = { "LT_", "LTDL_", "AC_PROG_LIBTOOL", "AM_PROG_LIBTOOL",
		"PKG_", "AM_GNU_GETTEXT", "AM_ICONV", "GTK_DOC_CHECK", "AC_PROG_INTLTOOL",
		"IT_PROG_INTLTOOL", "GOBJECT_INTROSPECTION", "AX_" };
	size_t n = 0;

	while (n < text.len && strv_is_word(text.s[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strv_starts(strv_sub(text, 0, n), starts[i])) {
			add(&out->macros, strv_dup(strv_sub(text, 0, n)));
			return;
		}
}

void wants_read_autoconf(struct strv text, struct wants *out)
{
	size_t open = 0, quoted = 0;
	bool line_start = true;

	while (text.len) {
		if (line_start) {
			struct strv rest = text, line;

			strv_line(&rest, &line);
			line = strv_trim(line);
			line_start = false;
			if (is_comment(line)) {
				text = rest;
				line_start = true;
				continue;
			}
			if (!quoted)
				open = conditions(open, line);
			text = strv_from(text, (size_t)(line.s - text.s));
			take_macro(text, out);
		} else if (!quoted && !open && isupper((unsigned char)text.s[0])) {
			take_autoconf(&text, out);
			/* the rest of a word is none */
			while (text.len && strv_is_word(text.s[0]))
				text = strv_from(text, 1);
		} else {
			quoted += text.s[0] == '[';
			quoted -= quoted && text.s[0] == ']';
			line_start = text.s[0] == '\n';
			text = strv_from(text, 1);
		}
	}
}

/* --- Meson, CMake: a statement a line, in which calls may be of several --- */

/* None of pkg-config's. */
static bool is_mesons(struct strv name)
{
	static const char *const names[] = { "threads", "dl", "openmp", "mpi", "python3", "python",
		"intl", "iconv", "qt5", "qt6", "llvm", "boost", "pcap", "cuda", "gtest", "gmock",
		"" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strv_eqs(name, names[i]))
			return true;
	return false;
}

static void take_meson(struct strv *text, struct wants *out)
{
	struct strv args[ARGS_MAX], name, version = strv_n("", 0);
	size_t n;

	if (!skip_call(text, "dependency", false)) {
		*text = strv_from(*text, 1);
		return;
	}
	n = read_args(text, args);
	name = n ? bare(args[0]) : strv_n("", 0);
	for (size_t i = 1; i < n; i++) {
		/* it may do without, or brings its own */
		if ((strv_starts(args[i], "required") && !strv_ends(args[i], "true")) ||
			strv_starts(args[i], "fallback") || strv_starts(args[i], "modules"))
			return;
		if (strv_starts(args[i], "version"))
			version = bare(
				strv_from(args[i], MIN(strv_chr(args[i], ':') + 1, args[i].len)));
	}
	/* a variable's name isn't that of what it holds */
	if (!n || !args[0].len || args[0].s[0] != '\'')
		return;
	if (strv_eqs(name, "boost"))
		add(&out->headers, xstrdup("boost/version.hpp"));
	if (is_mesons(name) || !is_plain(name))
		return;
	if (strv_starts(version, ">=") && is_plain(strv_trim(strv_from(version, 2)))) {
		version = strv_trim(strv_from(version, 2));
		add(&out->modules,
			xasprintf(STRV_FMT " >= " STRV_FMT, STRV_ARG(name), STRV_ARG(version)));
	} else {
		add(&out->modules, strv_dup(name));
	}
}

/* Of what a package's header is called one knows little: those that many look for. */
static void take_package(struct strv name, struct wants *out)
{
	static const struct {
		const char *name, *header;
	} rows[] = { { "ZLIB", "zlib.h" }, { "PNG", "png.h" }, { "JPEG", "jpeglib.h" },
		{ "TIFF", "tiffio.h" }, { "EXPAT", "expat.h" }, { "BZip2", "bzlib.h" },
		{ "LibLZMA", "lzma.h" }, { "CURL", "curl/curl.h" }, { "OpenSSL", "openssl/ssl.h" },
		{ "Boost", "boost/version.hpp" }, { "LibXml2", "libxml2/libxml/parser.h" },
		{ "ICU", "unicode/utypes.h" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strv_eqs(name, rows[i].name))
			add(&out->headers, xstrdup(rows[i].header));
}

static void take_cmake(struct strv *text, struct wants *out)
{
	struct strv args[ARGS_MAX], list, word;
	bool pkg = skip_call(text, "pkg_check_modules", true), required = false;
	size_t at;

	if (!pkg && !skip_call(text, "find_package", true)) {
		*text = strv_from(*text, 1);
		return;
	}
	if (!read_args(text, args))
		return;
	list = args[0];
	at = strv_find(list, "REQUIRED");
	required = at != SIZE_MAX;
	if (!required || !next_word(&list, &word))
		return;
	if (!pkg) {
		take_package(word, out);
		return;
	}
	while (next_word(&list, &word)) {
		struct strv name = strv_sub(word, 0, 0);

		while (name.len < word.len && !strchr("<>=", word.s[name.len]))
			name.len++;

		if (strv_eqs(word, "REQUIRED") || strv_eqs(word, "QUIET") ||
			strv_starts(word, "IMPORTED_TARGET") || strv_eqs(word, "GLOBAL") ||
			!is_plain(name))
			continue;
		word = strv_from(word, name.len);
		if (strv_starts(word, ">=") && is_plain(strv_from(word, 2)))
			add(&out->modules, xasprintf(STRV_FMT " >= " STRV_FMT, STRV_ARG(name),
						   STRV_ARG(strv_from(word, 2))));
		else
			add(&out->modules, strv_dup(name));
	}
}

static void read_lines(
	struct strv text, void (*take)(struct strv *, struct wants *), struct wants *out)
{
	size_t open = 0;
	bool line_start = true;

	while (text.len) {
		if (line_start) {
			struct strv rest = text, line;

			strv_line(&rest, &line);
			line = strv_trim(line);
			open = conditions(open, line);
			line_start = false;
			if (open || is_comment(line) || !line.len) {
				text = rest;
				line_start = true;
			} else {
				text = strv_from(text, (size_t)(line.s - text.s));
			}
		} else if (isalpha((unsigned char)text.s[0])) {
			take(&text, out);
			while (text.len && strv_is_word(text.s[0]))
				text = strv_from(text, 1);
		} else {
			line_start = text.s[0] == '\n';
			text = strv_from(text, 1);
		}
	}
}

void wants_read_meson(struct strv text, struct wants *out)
{
	read_lines(text, take_meson, out);
}

void wants_read_cmake(struct strv text, struct wants *out)
{
	read_lines(text, take_cmake, out);
}

void wants_release(struct wants *w)
{
	strlist_release(&w->modules);
	strlist_release(&w->headers);
	strlist_release(&w->macros);
}

/* --- what of it is here --- */

/* Does it run and say so? where nothing can be asked nothing is known to be missing. */
static bool says_no(const char *const *argv, const char *in)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	bool no;

	spec.argv = argv;
	spec.in = spec.out = spec.err = PROC_CAPTURE;
	spec.input = in;
	spec.input_len = strlen(in);
	spec.wall_ms = ASK_MS;
	no = proc_run(&spec, &r, NULL) == 0 && WIFEXITED(r.status) && r.status && !r.timed_out;
	proc_result_release(&r);
	return no;
}

/* Does pkg-config know it? */
static bool is_here(const char *tool, const char *name)
{
	const char *argv[] = { tool, "--exists", name, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	bool here;

	spec.argv = argv;
	spec.wall_ms = ASK_MS;
	here = proc_run(&spec, &r, NULL) == 0 && r.status == 0;
	proc_result_release(&r);
	return here;
}

void wants_forget(struct needs *needs)
{
	char *tool = fs_which("pkg-config");

	for (size_t i = 0; tool && i < needs->names.n;)
		if (is_here(tool, needs->names.v[i]))
			needs_drop(needs, i);
		else
			i++;
	free(tool);
}

static void find_modules(const struct wants *w, struct needs *needs)
{
	char *tool = fs_which("pkg-config");

	if (!tool && w->modules.n)
		needs_add(needs, "pkg-config");
	for (size_t i = 0; tool && i < w->modules.n; i++) {
		const char *argv[] = { tool, "--exists", w->modules.v[i], NULL };
		char *name = xasprintf("%.*s", (int)strcspn(w->modules.v[i], " "), w->modules.v[i]);

		if (says_no(argv, ""))
			needs_add(needs, name);
		free(name);
	}
	free(tool);
}

static void find_headers(const struct wants *w, const char *cxx, struct needs *needs)
{
	for (size_t i = 0; cxx && i < w->headers.n; i++) {
		const char *argv[] = { cxx, "-fsyntax-only", "-x", "c++", "-", NULL };
		char *source =
			xasprintf("#if !__has_include(<%s>)\n#error\n#endif\n", w->headers.v[i]);

		if (says_no(argv, source))
			needs_add_header(needs, w->headers.v[i]);
		free(source);
	}
}

static bool read_file(const char *dir, const char *name, struct buf *text)
{
	char *path = fs_join(dir, name);
	bool ok = fs_is_file(path) && fs_read(path, FILE_MAX, text, NULL) == 0;

	free(path);
	return ok;
}

/* Does the tree have the macro itself, as AC_DEFUN([LT_INIT]? */
static bool brings_macro(const char *dir, const struct files *t, const char *macro)
{
	char *defun = xasprintf("AC_DEFUN([%s]", macro),
	     *once = xasprintf("AC_DEFUN_ONCE([%s]", macro);
	bool brings = false;

	for (size_t i = 0; i < t->files.n && !brings; i++) {
		struct buf text = BUF_INIT;
		struct strv v;

		if (!strv_ends(strv_of(t->files.v[i]), ".m4") ||
			!read_file(dir, t->files.v[i], &text))
			continue;
		v = strv_n(buf_str(&text), text.len);
		brings = strv_contains(v, defun) || strv_contains(v, once);
		buf_release(&text);
	}
	free(once);
	free(defun);
	return brings;
}

void wants_find(const char *dir, const struct files *t, const char *sub, const char *file,
	const char *cxx, struct needs *needs)
{
	char *at = fs_join(dir, sub);
	struct wants w = { 0 };
	struct buf text = BUF_INIT;
	bool scripted = strncmp(file, "configure", 9) == 0, made = strcmp(file, "configure") == 0;

	if (scripted ? read_file(at, "configure.ac", &text) || read_file(at, "configure.in", &text)
		     : read_file(at, file, &text)) {
		struct strv v = strv_n(buf_str(&text), text.len);

		if (scripted)
			wants_read_autoconf(v, &w);
		else if (strcmp(file, "meson.build") == 0)
			wants_read_meson(v, &w);
		else if (strcmp(file, "CMakeLists.txt") == 0)
			wants_read_cmake(v, &w);
	}
	/* a script that is there needs what made it no longer */
	for (size_t i = 0; !made && i < w.macros.n; i++)
		if (!brings_macro(dir, t, w.macros.v[i]))
			needs_add_macro(needs, w.macros.v[i]);
	find_modules(&w, needs);
	find_headers(&w, cxx, needs);
	wants_release(&w);
	buf_release(&text);
	free(at);
}

/* What is here and wasn't found isn't to be installed once more. */
void wants_installed(struct needs *n)
{
	for (size_t i = 0; i < n->names.n; i++) {
		char *name;

		/* of a tool that isn't found it may be another's */
		if (!strv_ends(strv_of(n->packages.v[i]), "-dev") ||
			strchr(n->packages.v[i], ' ') || !installed_package(n->packages.v[i]))
			continue;
		name = xasprintf("%s (%s is installed, but its build doesn't find it)",
			n->names.v[i], n->packages.v[i]);
		free(n->names.v[i]);
		free(n->packages.v[i]);
		n->names.v[i] = name;
		n->packages.v[i] = xstrdup("");
	}
}
