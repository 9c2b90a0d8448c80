/*
 * Which headers are the harness's: those that it includes in quotes, and they in turn, found beside or below it. No
 * preprocessor is asked, since the harness of an old commit may not compile; too much is found rather than too
 * little, so that a change is never overlooked.
 */
#include "base/prelude.h"
#include "project/harness_source.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include "base/num.h"
#include "project/sources.h"

#define TEXT_MAX ((uint64_t)16 << 20)
#define HEADERS_MAX 100

/* Leads to a place below where it starts, and makes one word of a line. */
static bool stays_below(struct strv name)
{
	struct strv rest = name, part;

	if (!name.len || name.s[0] == '/' || strv_chr(name, ' ') != SIZE_MAX ||
		strv_chr(name, '\\') != SIZE_MAX)
		return false;
	while (strv_split(&rest, '/', &part))
		if (strv_eqs(part, "..") || strv_eqs(part, "."))
			return false;
	return true;
}

/* A header beside the library's sources is the library's. */
static bool holds_sources(const char *dir, const struct strlist *sources)
{
	bool holds = false;

	for (size_t i = 0; i < sources->n && !holds; i++) {
		char *d = fs_dirname(sources->v[i]);

		holds = strcmp(d, dir) == 0;
		free(d);
	}
	return holds;
}

/* Is NAME, included by the header or source FROM of the directory top, one of ours? Then it's added to out->names. */
static void consider(struct harness_source *out, const char *top, const char *from,
	struct strv name, const struct strlist *sources)
{
	char *below = strchr(from, '/') ? fs_dirname(from) : NULL;
	char *rel = xasprintf(
		"%s%s" STRV_FMT, below ? below : "", below ? "/" : "", (int)name.len, name.s);
	char *path = fs_join(top, rel), *dir = fs_dirname(path);

	if (stays_below(strv_of(rel)) && out->names.n < HEADERS_MAX &&
		!strlist_has(&out->names, rel) && fs_is_file(path) && !holds_sources(dir, sources))
		strlist_add(&out->names, rel);
	free(below);
	free(rel);
	free(path);
	free(dir);
}

static void scan(struct harness_source *out, const char *top, const char *from, struct strv text,
	const struct strlist *sources)
{
	struct strv line, name;

	while (strv_line(&text, &line))
		if (include_quoted(line, &name))
			consider(out, top, from, name, sources);
}

/*
 * Their text, behind a line that tells how long it is: what includes what can be put together again from it.
 */
static void add_headers(struct harness_source *out, const char *top, const struct strlist *sources)
{
	/* the list grows while it is gone through */
	for (size_t i = 0; i < out->names.n; i++) {
		char *path = fs_join(top, out->names.v[i]);
		struct buf b = BUF_INIT;

		/* a NUL has no place in the text that is stored */
		if (fs_read(path, TEXT_MAX, &b, NULL) == 0 && strlen(buf_str(&b)) == b.len) {
			buf_addf(&out->headers, "%s %zu\n%s", out->names.v[i], b.len, buf_str(&b));
			scan(out, top, out->names.v[i], strv_n(buf_str(&b), b.len), sources);
		}
		buf_release(&b);
		free(path);
	}
}

int harness_source_read(
	const char *source, const struct config_build *b, struct harness_source *out)
{
	struct strlist sources = STRLIST_INIT;
	struct buf all = BUF_INIT;
	char *top;

	if (fs_read(source, TEXT_MAX, &out->source, NULL) < 0)
		return -1;
	top = fs_dirname(source);
	if (b && !b->script)
		sources_list(b, &sources);
	/* without sources a header beside the harness is the library */
	if (b && (b->script || sources.n)) {
		scan(out, top, fs_basename(source), strv_n(buf_str(&out->source), out->source.len),
			&sources);
		add_headers(out, top, &sources);
	}
	buf_add(&all, buf_str(&out->source), out->source.len);
	buf_add(&all, buf_str(&out->headers), out->headers.len);
	hash_sha256(buf_str(&all), all.len, out->hex);
	buf_release(&all);
	strlist_release(&sources);
	free(top);
	return 0;
}

static int put(const char *dir, struct strv name, const char *text, size_t n, struct err *err)
{
	char *rel = strv_dup(name), *path = fs_join(dir, rel), *below = fs_dirname(path);
	int rc = fs_mkdirs(below, err) < 0 ? -1 : fs_write(path, text, n, 0600, err);

	free(rel);
	free(path);
	free(below);
	return rc;
}

char *harness_source_write(
	const char *dir, const char *name, const char *source, const char *headers, struct err *err)
{
	struct strv rest = strv_of(headers), head, path;
	uint64_t n;

	if (put(dir, strv_of(name), source, strlen(source), err) < 0)
		return NULL;
	while (strv_line(&rest, &head)) {
		if (!strv_split(&head, ' ', &path) || num_u64(head, &n) < 0 || n > rest.len ||
			!stays_below(path)) {
			err_set(err, "the headers of the harness as it was can't be read");
			return NULL;
		}
		if (put(dir, path, rest.s, (size_t)n, err) < 0)
			return NULL;
		rest = strv_from(rest, (size_t)n);
	}
	return fs_join(dir, name);
}

void harness_source_release(struct harness_source *f)
{
	buf_release(&f->source);
	buf_release(&f->headers);
	strlist_release(&f->names);
}
