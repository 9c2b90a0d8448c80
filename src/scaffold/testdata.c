/*
 * Which of a project's files its parser reads is told by their ends: one that the names have in them ("cue" in libcue), one
 * of the format that is believed, or the one that most files have in folders of data. What a file begins with has to agree.
 */
#include "base/prelude.h"
#include "scaffold/testdata.h"
#include "base/fs.h"
#include "base/mem.h"
#include "scaffold/words.h"
#include <strings.h>

#define SEEDS_MAX 50
#define SEED_BYTES ((uint64_t)32 << 10)
#define ENDS_MAX 64
#define END_LEN 12

struct end {
	char name[END_LEN + 1];
	size_t n;
};

/* Of sources, of builds and of people's texts: what no parser of a library is for, unless its names say so. */
static const char *const other[] = { "c", "h", "cc", "cpp", "cxx", "hpp", "hh", "hxx", "o", "a",
	"so", "py", "sh", "pl", "pm", "rb", "js", "m4", "ac", "am", "in", "cmake", "txt", "md",
	"rst", "tex", "mk", "log", "diff", "patch", "html", "css", "po", "pot", "1", "3", "5",
	"yml", "yaml", "t", "y", "l", "bat", "vcproj", "sln", "dsp", "dsw", "java", "rc", "def",
	"out", "gz", "bz2", "xz", "zip", "dict", "options", "supp", "build", "install", "docs",
	"symbols", "template", "go", "rs", "exp", "expected", "orig", "vcxproj", "filters", "inc",
	"s", "asm", "mod", "lock", "toml", "gyp", "gni", "bazel", "svg", "gitignore", "png", "dox",
	"texi", "info", "spec",
	/* of other languages, and of what generates code */
	"cs", "csproj", "swift", "kt", "lua", "awk", "sed", "cmd", "ps1", "bas", "vb", "f", "f90",
	"ads", "adb", "pas", "d", "r", "mm", "el", "tcl", "pyx", "pxd", "i", "swg", "idl", "proto",
	"fbs", "gperf", "rl", "lex", "yy", "ll",
	/* of people's workbenches */
	"cbp", "bmarks", "layout", "depend", "workspace", "pbxproj", "xcconfig", "xcscheme",
	"plist", "suo", "user", "props", "targets", "vcp", "mmp", "pro", "pri", "qrc", "mak", "bpr",
	"bpf", "kdevelop", "kdev4", NULL };

static const struct {
	const char *end, *format;
	/* what such a file begins with, one of these; NULL: anything */
	const char *first;
} formats[] = { { "json", "json", "{[\"" }, { "xml", "xml", "<\xef" }, { "yaml", "yaml", NULL },
	{ "yml", "yaml", NULL }, { "csv", "csv", NULL }, { "ini", "ini", NULL },
	{ "cfg", "ini", NULL }, { "conf", "ini", NULL }, { "svg", "xml", "<" },
	{ "html", "xml", "<" } };

static bool has(const char *const *words, const char *s)
{
	for (; *words; words++)
		if (strcasecmp(*words, s) == 0)
			return true;
	return false;
}

/* "" where there is none that is short enough to be one. */
static const char *end_of(const char *rel)
{
	const char *dot = strrchr(fs_basename(rel), '.');

	return dot && dot != fs_basename(rel) && strlen(dot + 1) <= END_LEN ? dot + 1 : "";
}

/* By a folder of its path, or by its own name: "test.xml" may lie beside the sources. */
static bool in_data(const char *rel)
{
	static const char *const parts[] = { "test", "data", "corpus", "seed", "sample", "example",
		"fixture", "regress", "fuzz", "input" };
	static const char *const own[] = { "test", "sample", "example" };
	const char *slash = strrchr(rel, '/');

	if (strncmp(rel, "corpus/", 7) == 0 || strncmp(rel, "harnesses/", 10) == 0 ||
		strncmp(rel, "debian/", 7) == 0)
		return false;
	for (size_t i = 0; slash && i < ARRAY_LEN(parts); i++) {
		const char *at = strcasestr(rel, parts[i]);

		if (at && at < slash)
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (words_begin(fs_basename(rel), own[i]))
			return true;
	return false;
}

/* Is it a word of the name, as "html" of libhtml_parse, and not "supp" of fuzzsupport? */
static bool is_word(const char *name, const char *end)
{
	return words_have(name, end) ||
	       (strncmp(name, "lib", 3) == 0 && words_begin(name + 3, end));
}

/* Is this end in one of the names? Short ones would be in any, and what is mostly no data has to be a word. */
static bool is_named(const char *end, const struct strlist *names)
{
	/* what a project of that language is written in */
	static const char *const code[] = { "cpp", "cxx", "hpp", "hxx", NULL };

	if (has(code, end))
		return false;
	for (size_t i = 0; strlen(end) >= 3 && i < names->n; i++)
		if (has(other, end) ? is_word(names->v[i], end) : !!strcasestr(names->v[i], end))
			return true;
	return false;
}

static const char *format_of(const char *end)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcasecmp(formats[i].end, end) == 0)
			return formats[i].format;
	return NULL;
}

/* How much an end speaks for itself, by where it comes from; 0: not at all. */
static size_t weight(const char *end, size_t n, const struct strlist *names, const char *format)
{
	const char *f = format_of(end);

	if (is_named(end, names) && !has((const char *const[]){ "lib", "parse", NULL }, end))
		return 1000000 + n;
	if (f && strcmp(f, format) == 0)
		return 10000 + n;
	return n >= 2 && !has(other, end) && !f ? n : 0;
}

static const char *best_end(const struct strlist *files, const struct strlist *names,
	const char *format, struct end *ends)
{
	size_t n = 0, best = 0;
	const char *out = NULL;

	for (size_t i = 0; i < files->n; i++) {
		const char *end = end_of(files->v[i]);
		size_t k = 0;

		if (!*end || !in_data(files->v[i]))
			continue;
		while (k < n && strcasecmp(ends[k].name, end) != 0)
			k++;
		if (k == ENDS_MAX)
			continue;
		if (k == n)
			memcpy(ends[n++].name, end, strlen(end) + 1);
		ends[k].n++;
	}
	for (size_t k = 0; k < n; k++) {
		size_t w = weight(ends[k].name, ends[k].n, names, format);

		if (w > best) {
			best = w;
			out = ends[k].name;
		}
	}
	return out;
}

static bool begins_right(const char *path, const char *end)
{
	struct buf text = BUF_INIT;
	struct strv v;
	bool right = fs_read(path, SEED_BYTES, &text, NULL) == 0;

	v = strv_trim(strv_n(buf_str(&text), text.len));
	for (size_t i = 0; right && i < ARRAY_LEN(formats); i++)
		if (strcasecmp(formats[i].end, end) == 0 && formats[i].first)
			right = v.len && strchr(formats[i].first, v.s[0]);
	buf_release(&text);
	return right;
}

static void take_files(
	const char *dir, const struct strlist *files, const char *end, struct testdata *out)
{
	for (size_t i = 0; i < files->n && out->files.n < SEEDS_MAX; i++) {
		char *path = fs_join(dir, files->v[i]);
		uint64_t size = 0;

		if (strcasecmp(end_of(files->v[i]), end) == 0 && in_data(files->v[i]) &&
			fs_size(path, &size, NULL) == 0 && size && size <= SEED_BYTES &&
			begins_right(path, end)) {
			strlist_add(&out->files, files->v[i]);
			out->largest = MAX(out->largest, size);
		}
		free(path);
	}
	if (out->files.n)
		out->format = format_of(end);
}

/* "json.dict", "lines_parse.dict": for one of these names, or for the format. */
static bool is_for(const char *rel, size_t tail, const struct strlist *names, const char *format)
{
	const char *base = fs_basename(rel);
	struct strv stem = strv_sub(strv_of(base), 0, strlen(base) - tail);
	char *word = strv_dup(stem);
	bool fits = strcmp(word, format) == 0;

	for (size_t i = 0; i < names->n && !fits; i++)
		fits = stem.len >= 3 && strcasestr(names->v[i], word);
	free(word);
	return fits;
}

void testdata_find(const char *dir, const struct strlist *files, const struct strlist *names,
	const char *format, struct testdata *out)
{
	struct end *ends = xcalloc(ENDS_MAX + 1, sizeof(*ends));
	const char *end;

	*out = (struct testdata){ 0 };
	end = best_end(files, names, format, ends);
	if (end)
		take_files(dir, files, end, out);
	for (size_t i = 0; i < files->n; i++) {
		struct strv v = strv_of(files->v[i]);

		if (strv_ends(v, ".dict") && !out->dictionary && is_for(v.s, 5, names, format))
			out->dictionary = files->v[i];
		if (strv_ends(v, "_seed_corpus.zip") && is_for(v.s, 16, names, format))
			strlist_add(&out->archives, v.s);
	}
	free(ends);
}

void testdata_release(struct testdata *t)
{
	strlist_release(&t->files);
	strlist_release(&t->archives);
}
