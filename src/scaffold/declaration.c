/*
 * Finding a function's prototype: clang reads the header where it can; where it can't (there is none, the header's own
 * includes are missing, it is C++), the header's text is searched.
 */
#include "base/prelude.h"
#include "scaffold/declaration.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "scaffold/clang_ast.h"
#include "scaffold/roles.h"
#include <ctype.h>
#include <glob.h>

#define HEADER_MAX (8u << 20)
/* of a declaration, to either side of the name's end: the whole text isn't to be gone through for each name */
#define DECLARATION_MAX 4000

static bool is_cxx_header(const char *name)
{
	static const char *const ends[] = { ".hpp", ".hh", ".hxx" };
	struct strv v = strv_of(name);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(v, ends[i]))
			return true;
	return false;
}

static void add_include(struct declaration *d, const char *dir)
{
	char *path = fs_join(d->dir, dir);

	if (fs_is_dir(path))
		strlist_add_once(&d->includes, dir);
	free(path);
}

void declaration_blank(struct buf *b)
{
	size_t i = 0;

	while (i + 1 < b->len) {
		struct strv rest = strv_n(b->s + i, b->len - i);
		size_t end;

		if (rest.s[0] != '/' || (rest.s[1] != '*' && rest.s[1] != '/')) {
			i++;
			continue;
		}
		end = rest.s[1] == '*' ? strv_find(strv_from(rest, 2), "*/") : strv_chr(rest, '\n');
		if (end == SIZE_MAX)
			end = rest.len;
		else if (rest.s[1] == '*')
			end += 4;
		memset(b->s + i, ' ', end);
		i += end;
	}
}

/* Where the header lies, what names it in an #include, and its text. */
static int find_header(struct declaration *d, struct err *err)
{
	static const char *const dirs[] = { ".", "include", "src", "lib", "source" };
	const char *given = d->header;
	struct strv h;

	if (!given)
		return 0;
	h = strv_of(given);
	if (!h.len || strcspn(given, "\"\n\\") != h.len)
		return err_usage(err, "--header %s: not a file name", given);
	d->cxx = d->cxx || is_cxx_header(given);
	if (strv_starts(h, "<") && strv_ends(h, ">")) {
		d->include = given;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		char *dir = fs_join(d->dir, dirs[i]), *path = fs_join(dir, given);
		bool found = fs_is_file(path);

		if (found && given[0] == '/') {
			char *parent = fs_dirname(given);

			add_include(d, parent);
			free(parent);
			given = fs_basename(given);
		} else if (found) {
			add_include(d, dirs[i]);
		}
		if (found && fs_read(path, HEADER_MAX, &d->text, err) < 0)
			found = false;
		free(path);
		free(dir);
		if (found) {
			declaration_blank(&d->text);
			d->include = arena_printf(d->a, "\"%s\"", given);
			return 0;
		}
	}
	d->include = arena_printf(d->a, "<%s>", given);
	return 0;
}

bool declaration_in(struct strv text, const char *name, struct strv *out)
{
	size_t n = strlen(name), from = 0, at;

	while ((at = strv_find(strv_from(text, from), name)) != SIZE_MAX) {
		size_t start, end = from + at + n, stop;

		at += from;
		from = end;
		while (end < text.len && isspace((unsigned char)text.s[end]))
			end++;
		if ((at && strv_is_word(text.s[at - 1])) || end >= text.len || text.s[end] != '(')
			continue;
		stop = strv_chr(strv_sub(text, end, DECLARATION_MAX), ';');
		if (stop == SIZE_MAX)
			continue;
		for (start = at; start && at - start < DECLARATION_MAX &&
				 !strchr(";{}#", text.s[start - 1]);)
			start--;
		/* behind a directive: its line isn't part of it */
		if (start && text.s[start - 1] == '#')
			while (start < at && text.s[start] != '\n')
				start++;
		*out = strv_sub(text, start, end + stop - start);
		if (!strv_starts(strv_trim(*out), "("))
			return true;
	}
	return false;
}

/* Is it the name of a function alone? */
static bool is_name(struct strv text)
{
	if (!text.len || isdigit((unsigned char)text.s[0]))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (!strv_is_word(text.s[i]))
			return false;
	return true;
}

/* More text to look in for what frees a result. */
static void read_more(struct declaration *d, const char *path)
{
	char *full = fs_join(d->dir, path);

	if (d->text.len < HEADER_MAX && fs_read(full, HEADER_MAX, &d->text, NULL) == 0)
		declaration_blank(&d->text);
	free(full);
}

/* The project's own header has been read already. */
static void read_found(struct declaration *d, const struct strlist *headers)
{
	for (size_t i = d->text.len ? 1 : 0; i < headers->n; i++)
		read_more(d, headers->v[i]);
}

static enum clang_answer ask_clang(struct declaration *d, const char *name, const char *words,
	struct proto *out, struct buf *why)
{
	struct clang_query q = { .function = name,
		.include = d->include,
		.dirs = &d->includes,
		.flags = &d->flags,
		/* a new project's directory is made in the end */
		.cwd = fs_is_dir(d->dir) ? d->dir : NULL };
	struct strlist headers = STRLIST_INIT;
	enum clang_answer rc;

	buf_reset(why);
	rc = clang_prototype(d->a, &q, out, &headers, why);
	/* the header may be there for its types alone */
	if (rc == CLANG_UNDECLARED && words) {
		q.declaration = words;
		buf_reset(why);
		rc = clang_prototype(d->a, &q, out, &headers, why);
	}
	read_found(d, &headers);
	strlist_release(&headers);
	return rc;
}

/*
 * A library with many headers keeps them in a folder of its own below /usr/include, which it wants to be given with
 * -I: libxml/parser.h is /usr/include/libxml2/libxml/parser.h. True: there is one such folder, which is among the
 * includes now.
 */
static bool find_beside(struct declaration *d)
{
	static const char *const tops[] = { "/usr/include/*/", "/usr/local/include/*/" };
	struct strv name = strv_of(d->header);
	size_t found = 0;

	if (d->beside || !strv_starts(strv_of(d->include), "<"))
		return false;
	strv_skip(&name, "<");
	name.len -= strv_ends(name, ">");
	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		char *pattern = xasprintf("%s" STRV_FMT, tops[i], STRV_ARG(name));
		glob_t g = { 0 };

		if (glob(pattern, 0, NULL, &g) == 0) {
			found += g.gl_pathc;
			d->beside = arena_strv(d->a, strv_sub(strv_of(g.gl_pathv[0]), 0,
							     strlen(g.gl_pathv[0]) - name.len - 1));
		}
		globfree(&g);
		free(pattern);
	}
	if (found != 1)
		d->beside = NULL;
	else
		add_include(d, d->beside);
	return d->beside != NULL;
}

/* C's headers are clang's to read. words: the user's own for the function, or NULL. */
static enum clang_answer read_exactly(struct declaration *d, const char *name, const char *words,
	struct proto *out, struct buf *why)
{
	enum clang_answer rc = ask_clang(d, name, words, out, why);

	if (rc == CLANG_CANT && !d->text.len && find_beside(d)) {
		char *path = fs_join(d->beside, d->header + (d->header[0] == '<'));

		rc = ask_clang(d, name, words, out, why);
		if (rc == CLANG_CANT && path[strlen(path) - 1] != '>')
			read_more(d, path);
		free(path);
	}
	return rc;
}

/* By name, in a header that clang couldn't read or doesn't see the function in. */
static int read_header(struct declaration *d, const char *name, enum clang_answer answer,
	const char *why, struct err *err)
{
	struct strv text;
	bool found = declaration_in(strv_n(buf_str(&d->text), d->text.len), name, &text);

	if (found && proto_parse(d->a, text, &d->proto, err) < 0)
		return err_prefix(err, "--function");
	/* what stands in front of the bracket may be a macro that takes the name */
	if (found && strcmp(d->proto.name, name) == 0) {
		if (answer == CLANG_UNDECLARED)
			log_warn("%s: declares %s only where some macro is defined: the build "
				 "needs it, too",
				d->header, name);
		return 0;
	}
	if (answer == CLANG_UNDECLARED)
		return err_usage(
			err, "--function %s: not declared in %s as a function", name, d->header);
	return err_usage(err, "--function %s: not found in %s, which clang can't read (%s)", name,
		d->header, why);
}

/* The whole prototype is read by hand first: for the function's name, and in case that clang can't. */
static int read_words(struct declaration *d, struct err *err)
{
	struct buf why = BUF_INIT;
	struct proto exact;

	if (proto_parse(d->a, strv_of(d->function), &d->proto, err) < 0)
		return err_prefix(err, "--function");
	d->cxx = d->cxx || d->proto.cxx;
	if (d->include && !d->cxx) {
		if (read_exactly(d, d->proto.name, d->proto.text, &exact, &why) == CLANG_OK)
			d->proto = exact;
		else
			log_debug("clang can't say what %s is: %s", d->proto.name, buf_str(&why));
	}
	buf_release(&why);
	return 0;
}

static int read_name(struct declaration *d, const char *name, struct err *err)
{
	struct buf why = BUF_INIT;
	enum clang_answer answer = CLANG_CANT;
	int rc = 0;

	if (!d->include) {
		return err_usage(err,
			"--function %s: give the whole prototype, or the header that declares it "
			"with --header",
			name);
	}
	if (is_cxx_header(d->header))
		buf_adds(&why, "it is C++");
	else
		answer = read_exactly(d, name, NULL, &d->proto, &why);
	if (answer == CLANG_CANT)
		log_debug("%s: read by hand: %s", d->header, buf_str(&why));
	if (answer != CLANG_OK)
		rc = read_header(d, name, answer, buf_str(&why), err);
	buf_release(&why);
	return rc;
}

static int read_prototype(struct declaration *d, struct err *err)
{
	struct strv text = strv_trim(strv_of(d->function));
	char *name;
	int rc;

	if (!d->function)
		return 0;
	name = strv_dup(text);
	rc = is_name(text) ? read_name(d, name, err) : read_words(d, err);
	free(name);
	if (rc == 0 && proto_roles(&d->proto, err) < 0)
		rc = err_prefix(err, "--function");
	if (rc < 0)
		return -1;
	d->has_proto = true;
	d->cxx = d->cxx || d->proto.cxx;
	return 0;
}

int declaration_find(struct declaration *d, struct err *err)
{
	if (find_header(d, err) < 0)
		return -1;
	add_include(d, "include");
	add_include(d, "src");
	if (read_prototype(d, err) < 0)
		return -1;
	if (d->header && d->header[0] != '<' && !d->text.len)
		log_warn("--header %s: not below %s; taken for a system header", d->header, d->dir);
	return 0;
}

void declaration_release(struct declaration *d)
{
	strlist_release(&d->flags);
	strlist_release(&d->includes);
	buf_release(&d->text);
}
