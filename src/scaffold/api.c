/*
 * Which headers are for users is told by where they lie and by what the build installs; which functions, by the symbols of
 * the library's objects. One run of clang per header gives all their types.
 */
#include "base/prelude.h"
#include "scaffold/api.h"
#include "scaffold/installs.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "scaffold/clang_ast.h"
#include "scaffold/declaration.h"
#include "scaffold/macro.h"
#include "scaffold/order.h"
#include "scaffold/types.h"
#include "scaffold/words.h"
#include "survey/command.h"
#include "survey/flags.h"
#include "survey/files.h"
#include <ctype.h>

#define HEADER_MAX ((uint64_t)2 << 20)
#define HEADERS_MAX 60
#define FUNCTIONS_MAX 600
/* of what stands in front of a header that doesn't compile alone */
#define ORDERS_MAX 4

struct reading {
	struct arena *a;
	const char *dir;
	const struct survey *s;
	struct api *api;
	struct strlist flags;
	struct installs installs;
	/* functions that a header has been found for */
	struct strlist seen;
};

/* --- which headers --- */

static bool is_build_file(const char *rel)
{
	static const char *const names[] = { "CMakeLists.txt", "meson.build", "Makefile.am",
		"Makefile.in", "Makefile", "makefile", "GNUmakefile", NULL };
	const char *name = fs_basename(rel);

	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* What automake makes of a Makefile.am says nothing more, in words of its own. */
static bool is_made_by_automake(const struct reading *r, const char *rel)
{
	char *dir = fs_dirname(rel),
	     *from = fs_join(strcmp(dir, ".") == 0 ? "" : dir, "Makefile.am");
	bool is = strv_starts(strv_of(fs_basename(rel)), "Makefile") &&
		  !strv_ends(strv_of(rel), ".am") && strlist_has(&r->s->files, from);

	free(from);
	free(dir);
	return is;
}

static void add_installs(struct reading *r, const char *rel)
{
	char *path = fs_join(r->dir, rel);
	struct buf text = BUF_INIT;

	if (!is_made_by_automake(r, rel) && fs_read(path, HEADER_MAX, &text, NULL) == 0)
		installs_add(&r->installs, strv_n(buf_str(&text), text.len));
	buf_release(&text);
	free(path);
}

static int rank_header(const struct reading *r, const char *rel)
{
	static const char *const inner[] = { "internal", "private", "priv.h", "config", "impl",
		"-int.h", "_int.h", "compat", "debug", "util", NULL };
	const char *name = fs_basename(rel);
	bool in_include = strncmp(rel, "include/", 8) == 0 || strstr(rel, "/include/");
	int rank = in_include ? 30 : strchr(rel, '/') ? 0 : 15;

	for (size_t i = 0; inner[i]; i++)
		rank -= strcasestr(rel, inner[i]) ? 30 : 0;
	if (installs_names(&r->installs, name))
		rank += 25;
	return rank;
}

/* The longest of the folders that it is compiled with, so that it is written as the library's own sources write it. */
static void set_include(struct reading *r, struct api_header *h)
{
	static const char *const usual[] = { "include", "src", "lib" };
	const char *best = NULL;
	size_t len = 0;

	for (size_t i = 0; i < r->s->include.n; i++) {
		const char *dir = r->s->include.v[i];

		if (fs_below(dir, h->rel) != h->rel && (!best || strlen(dir) < len)) {
			best = dir;
			len = strlen(dir);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(usual) && !best; i++)
		if (fs_below(usual[i], h->rel) != h->rel)
			best = usual[i];
	h->dir = arena_strdup(r->a, best ? best : ".");
	h->include = arena_printf(r->a, "\"%s\"", best ? fs_below(best, h->rel) : h->rel);
}

static void add_header(struct reading *r, const char *rel, const char *path)
{
	struct api_header *h;

	if (!files_header(rel))
		return;
	GROW(r->api->headers, r->api->n_headers, r->api->cap_headers);
	h = &r->api->headers[r->api->n_headers++];
	*h = (struct api_header){ .rel = arena_strdup(r->a, rel),
		.path = xstrdup(path),
		.rank = rank_header(r, rel),
		.installed = installs_for_users(&r->installs, fs_basename(rel)) };
	set_include(r, h);
}

static int by_rank(const void *a, const void *b)
{
	const struct api_header *x = a, *y = b;

	return x->rank != y->rank ? (x->rank > y->rank ? -1 : 1) : strcmp(x->rel, y->rel);
}

static void find_headers(struct reading *r)
{
	for (size_t i = 0; i < r->s->files.n; i++)
		if (is_build_file(r->s->files.v[i]))
			add_installs(r, r->s->files.v[i]);
	for (size_t i = 0; i < r->s->files.n; i++) {
		char *path = fs_join(r->dir, r->s->files.v[i]);

		if (!files_aside(r->s->files.v[i]))
			add_header(r, r->s->files.v[i], path);
		free(path);
	}
	for (size_t i = 0; i < r->s->n_generated; i++)
		add_header(r, r->s->generated[i].rel, r->s->generated[i].from);
	if (r->api->n_headers)
		qsort(r->api->headers, r->api->n_headers, sizeof(*r->api->headers), by_rank);
}

/* --- which functions --- */

/* Words of the text that are symbols of the library and haven't been met in a better header. */
static void find_names(struct reading *r, struct strv text, struct strlist *out)
{
	size_t i = 0;

	while (i < text.len && out->n < FUNCTIONS_MAX) {
		size_t start = i;
		char *word;

		while (i < text.len && strv_is_word(text.s[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		if (isdigit((unsigned char)text.s[start]))
			continue;
		word = strv_dup(strv_sub(text, start, i - start));
		if (strlist_has_sorted(&r->s->functions, word) && !strlist_has(&r->seen, word)) {
			strlist_add(out, word);
			strlist_add(&r->seen, word);
		}
		free(word);
	}
}

/* As far as the text's own reader understands it: clang's types have none. */
static void take_names(struct reading *r, struct strv text, struct proto *p)
{
	struct strv declaration;
	struct proto read;

	if (!declaration_in(text, p->name, &declaration) ||
		proto_parse(r->a, declaration, &read, NULL) < 0 || read.n_params != p->n_params)
		return;
	for (size_t i = 0; i < p->n_params; i++) {
		p->params[i].name = read.params[i].name;
		p->params[i].bound = read.params[i].bound;
	}
	if (!p->text)
		p->text = read.text;
}

static size_t ask(struct reading *r, struct api_header *h, const struct strlist *dirs,
	const struct strlist *names, struct proto *found, struct buf *why)
{
	struct clang_query q = { .function = "",
		.include = h->include,
		.dirs = dirs,
		.flags = &r->flags,
		.cwd = r->dir };

	buf_reset(why);
	strlist_release(&h->included);
	return clang_prototypes(r->a, &q, names, found, &h->included, why);
}

/* The header doesn't compile alone: behind what the project's sources include in front of it, it may. n, why: as of ask(). */
static size_t ask_in_order(struct reading *r, struct api_header *h, const struct strlist *dirs,
	const struct strlist *names, struct proto *found, size_t n, struct buf *why)
{
	const struct strlist *files = &r->s->files;
	const char *alone = h->include, *best = alone;
	struct strlist tried = STRLIST_INIT;

	for (size_t i = 0; i < files->n && why->len && tried.n < ORDERS_MAX; i++) {
		struct buf text = BUF_INIT;
		char *path = fs_join(r->dir, files->v[i]), *before = NULL;

		if (command_is_source(files->v[i]) && fs_read(path, HEADER_MAX, &text, NULL) == 0)
			before = order_in(strv_n(buf_str(&text), text.len), h->rel);
		if (before && !strlist_has(&tried, before)) {
			strlist_add(&tried, before);
			h->include = arena_printf(r->a, "%s\n#include %s", before, alone);
			n = ask(r, h, dirs, names, found, why);
			best = why->len ? alone : h->include;
		}
		free(before);
		buf_release(&text);
		free(path);
	}
	if (tried.n && best == alone) {
		h->include = alone;
		n = ask(r, h, dirs, names, found, why);
	}
	strlist_release(&tried);
	return n;
}

/* Nor behind anything: a header of the library's that includes it is what users include. n, why: as of ask(). */
static size_t ask_wider(struct reading *r, struct api_header *h, struct strlist *dirs,
	const struct strlist *names, struct proto *found, size_t n, struct buf *why)
{
	const char *own = h->include, *own_dir = h->dir;
	size_t tried = 0;

	for (size_t i = 0; i < r->api->n_headers && why->len && tried < ORDERS_MAX; i++) {
		const struct api_header *o = &r->api->headers[i];
		struct buf text = BUF_INIT;

		if (o != h && fs_read(o->path, HEADER_MAX, &text, NULL) == 0 &&
			order_includes(strv_n(buf_str(&text), text.len), h->rel)) {
			tried++;
			strlist_add_once(dirs, o->dir);
			h->include = o->include;
			h->dir = o->dir;
			n = ask(r, h, dirs, names, found, why);
		}
		buf_release(&text);
	}
	if (tried && why->len) {
		h->include = own;
		h->dir = own_dir;
		n = ask(r, h, dirs, names, found, why);
	}
	return n;
}

static void read_header(struct reading *r, struct api_header *h)
{
	struct strlist names = STRLIST_INIT, dirs = STRLIST_INIT;
	struct buf text = BUF_INIT, why = BUF_INIT;
	struct proto *found = NULL;
	size_t n = 0;

	strlist_add(&dirs, h->dir);
	if (fs_read(h->path, HEADER_MAX, &text, NULL) < 0)
		goto out;
	declaration_blank(&text);
	h->text_at = r->api->text.len;
	h->text_len = text.len;
	buf_addv(&r->api->text, strv_n(buf_str(&text), text.len));
	find_names(r, strv_n(buf_str(&text), text.len), &names);
	if (!names.n)
		goto out;
	found = xcalloc(names.n, sizeof(*found));
	n = ask(r, h, &dirs, &names, found, &why);
	if (why.len)
		n = ask_in_order(r, h, &dirs, &names, found, n, &why);
	if (why.len)
		n = ask_wider(r, h, &dirs, &names, found, n, &why);
	if (!n)
		log_debug("%s: %s", h->rel, buf_str(&why));
	for (size_t i = 0; i < n; i++) {
		struct api_function *f;

		take_names(r, strv_n(text.s, text.len), &found[i]);
		macro_fill(r->a, strv_n(text.s, text.len), &found[i]);
		GROW(r->api->v, r->api->n, r->api->cap);
		f = &r->api->v[r->api->n++];
		*f = (struct api_function){ found[i], h };
	}
out:
	free(found);
	strlist_release(&names);
	strlist_release(&dirs);
	buf_release(&text);
	buf_release(&why);
}

void api_read(struct arena *a, const char *dir, const struct survey *s, struct api *out)
{
	struct reading r = { .a = a, .dir = dir, .s = s, .api = out };

	*out = (struct api){ 0 };
	survey_flags(s, false, &r.flags);
	find_headers(&r);
	for (size_t i = 0; i < out->n_headers && i < HEADERS_MAX && !proc_interrupted(); i++) {
		log_progress("reading %s", out->headers[i].rel);
		read_header(&r, &out->headers[i]);
	}
	log_progress_end();
	strlist_release(&r.flags);
	strlist_release(&r.seen);
	installs_release(&r.installs);
}

void api_release(struct api *api)
{
	for (size_t i = 0; i < api->n_headers; i++) {
		free(api->headers[i].path);
		strlist_release(&api->headers[i].included);
	}
	free(api->headers);
	free(api->v);
	buf_release(&api->text);
	*api = (struct api){ 0 };
}

const struct api_function *api_find(const struct api *api, const char *name)
{
	for (size_t i = 0; i < api->n; i++)
		if (strcmp(api->v[i].proto.name, name) == 0)
			return &api->v[i];
	return NULL;
}

/* The word `name` behind `before`, and then `after`, with white space between. A callback's type has no name. */
static bool has_phrase(struct strv text, const char *before, const char *name, char after)
{
	size_t at;

	if (!*name)
		return false;
	while ((at = words_find(text, strv_of(name))) != SIZE_MAX) {
		struct strv left = strv_trim(strv_sub(text, 0, at));
		struct strv right = strv_from(text, at + strlen(name));

		text = right;
		right = strv_trim(strv_sub(right, 0, 80));
		if (strv_ends(left, before) && right.len && right.s[0] == after)
			return true;
	}
	return false;
}

bool api_includes(const struct api_header *by, const struct api_header *h)
{
	if (by == h)
		return true;
	for (size_t i = 0; i < by->included.n; i++) {
		struct strv path = strv_of(by->included.v[i]);
		size_t n = strlen(h->rel);

		if (strv_ends(path, h->rel) && (path.len == n || path.s[path.len - n - 1] == '/'))
			return true;
	}
	return false;
}

static bool has_struct(struct strv text, const struct proto_param *q)
{
	if (strncmp(q->canon, "struct ", 7) == 0 && has_phrase(text, "struct", q->canon + 7, '{'))
		return true;
	return has_phrase(text, "}", q->base, ';');
}

bool api_is_complete(const struct api *api, const struct api_header *h, const struct proto_param *q)
{
	struct strv all = strv_n(buf_str(&api->text), api->text.len);

	if (!h || !h->included.n)
		return has_struct(all, q);
	for (size_t i = 0; i < api->n_headers; i++) {
		const struct api_header *o = &api->headers[i];

		if (api_includes(h, o) && has_struct(strv_sub(all, o->text_at, o->text_len), q))
			return true;
	}
	return false;
}

/* What stands between the braces of the structure; len 0: nobody knows. */
static struct strv body_of(struct strv text, const struct proto_param *q)
{
	const char *tag = strncmp(q->canon, "struct ", 7) == 0 ? q->canon + 7 : NULL;
	const char *name = tag ? tag : q->base;
	struct strv none = { text.s, 0 };
	size_t at;

	while (*name && (at = words_find(text, strv_of(name))) != SIZE_MAX) {
		struct strv left = strv_trim(strv_sub(text, 0, at));
		struct strv right = strv_trim_start(strv_from(text, at + strlen(name)));

		if (tag && strv_ends(left, "struct") && strv_skip(&right, "{"))
			return strv_sub(right, 0, strv_chr(right, '}'));
		if (!tag && strv_ends(left, "}") && strv_starts(right, ";"))
			return strv_from(strv_sub(left, 0, left.len - 1), strv_rchr(left, '{') + 1);
		text = strv_from(text, at + strlen(name));
	}
	return none;
}

bool api_is_struct(const struct api *api, const struct api_header *h, const struct proto_param *q)
{
	/* of an enumeration none stands there */
	return api_is_complete(api, h, q) &&
	       strv_chr(body_of(strv_n(buf_str(&api->text), api->text.len), q), ';') != SIZE_MAX;
}

bool api_is_plain(const struct api *api, const struct proto_param *q)
{
	struct strv body = body_of(strv_n(buf_str(&api->text), api->text.len), q), one;
	bool any = false;

	for (const char *c = "*({}#"; *c; c++)
		if (strv_chr(body, *c) != SIZE_MAX)
			return false;
	while (strv_split(&body, ';', &one)) {
		size_t n = 0;
		char *type;

		one = strv_trim(one);
		while (n < one.len && strv_is_word(one.s[n]))
			n++;
		type = strv_dup(strv_sub(one, 0, n));
		any = any || n;
		if (one.len && (!proto_standard_type(type) || strcmp(type, "FILE") == 0)) {
			free(type);
			return false;
		}
		free(type);
	}
	return any;
}
