/* Each step is noted as it is done, so that all of it can be undone in the opposite order. */
#include "base/prelude.h"
#include "cli/init_write.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "build/embed.h"
#include "scaffold/first_input.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEED_MAX ((uint64_t)1 << 20)
#define COPY_MAX ((uint64_t)64 << 20)

static const struct {
	const char *format;
	const char *text[2];
} seeds[] = {
	{ "raw", { "seed", "\x01\x02\x03\x04" } },
	{ "text", { "hello\n", "a = 1\n" } },
	{ "json", { "{\"a\": [1, true, null, \"b\"]}", "[]" } },
	{ "yaml", { "a: [1, b]\n", "- x\n" } },
	{ "ini", { "[a]\nb = 1\n", "c = d ; e\n" } },
	{ "xml", { "<a b=\"1\">c&amp;</a>", "<?xml version=\"1.0\"?><a/>" } },
	{ "csv", { "a,b\n1,\"2\"\n", "a;b\n" } },
	{ "base64", { "aGVsbG8=", "aGk=" } },
	{ "url", { "http://user@host:80/a%20b?c=d#e", "a/b" } },
	{ "binary", { "\x04"
		      "abcd",
			    "\x01\x02\x03\x04" } },
};

/* --- steps --- */

static void add_step(struct init_writing *w, const char *path, const char *old)
{
	GROW(w->steps, w->n, w->cap);
	w->steps[w->n++] = (struct init_step){ xstrdup(path), old ? xstrdup(old) : NULL };
}

static void cut(struct buf *b, size_t len)
{
	if (b->len > len) {
		b->len = len;
		b->s[len] = '\0';
	}
}

struct init_mark init_write_mark(const struct init_writing *w)
{
	return (struct init_mark){ w->n, w->said.len };
}

void init_write_undo(struct init_writing *w, struct init_mark to)
{
	cut(&w->said, to.said);
	while (w->n > to.steps) {
		struct init_step *s = &w->steps[--w->n];

		/* a folder that others put something into stays */
		if (s->old)
			(void)!rename(s->path, s->old);
		else if (fs_is_dir(s->path))
			rmdir(s->path);
		else
			unlink(s->path);
		free(s->path);
		free(s->old);
	}
}

void init_write_release(struct init_writing *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->steps[i].path);
		free(w->steps[i].old);
	}
	free(w->steps);
	buf_release(&w->said);
}

static void say(struct init_writing *w, const char *verb, const char *path, const char *more)
{
	buf_addf(&w->said, "%-7s ", verb);
	escape_term(&w->said, strv_of(path));
	buf_adds(&w->said, more);
	buf_addch(&w->said, '\n');
}

/* Also a link that leads nowhere: what is written would replace it. */
static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* --- files --- */

/* Out of the way, under a name that is free: what was there is never lost. */
static int move_aside(struct init_writing *w, const char *rel, const char *path, struct err *err)
{
	char *old = xasprintf("%s.old", path), *shown;

	for (unsigned n = 2; is_there(old); n++) {
		free(old);
		old = xasprintf("%s.old%u", path, n);
	}
	if (rename(path, old) < 0) {
		err_errno(err, "%s", path);
		free(old);
		return -1;
	}
	add_step(w, old, path);
	shown = xasprintf(" (as %s)", fs_basename(old));
	say(w, "kept", rel, shown);
	free(shown);
	free(old);
	return 0;
}

/* Outermost first, each a step. */
static int make_dirs(struct init_writing *w, const char *path, struct err *err)
{
	char *parent;
	int rc = 0;

	if (fs_is_dir(path))
		return 0;
	parent = fs_dirname(path);
	if (strcmp(parent, path) != 0)
		rc = make_dirs(w, parent, err);
	if (rc == 0)
		rc = fs_mkdirs(path, err);
	if (rc == 0)
		add_step(w, path, NULL);
	free(parent);
	return rc;
}

static int write_file(
	struct init_writing *w, const char *rel, const void *p, size_t n, struct err *err)
{
	char *path = fs_join(w->dir, rel), *parent = fs_dirname(path);
	int rc = -1;

	if (is_there(path)) {
		if (!w->force || fs_equals(path, p, n)) {
			say(w, "kept", rel, w->force ? " (the same)" : " (exists)");
			rc = 0;
			goto out;
		}
		if (move_aside(w, rel, path, err) < 0)
			goto out;
	}
	if (make_dirs(w, parent, err) < 0 || fs_write(path, p, n, 0666, err) < 0)
		goto out;
	add_step(w, path, NULL);
	say(w, "wrote", rel, "");
	rc = 0;
out:
	free(parent);
	free(path);
	return rc;
}

static int write_seed(struct init_writing *w, const struct init_harness *h, const void *text,
	size_t n, struct err *err)
{
	char hex[SHA1_HEX], *rel;
	int rc;

	hash_sha1(text, n, hex);
	rel = xasprintf("corpus/%s/%s", h->name, hex);
	rc = write_file(w, rel, text, n, err);
	free(rel);
	return rc;
}

/* Shows where the harness looks for what it asks of the text. */
static int write_asked(
	struct init_writing *w, const struct init_harness *h, const char *text, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_adds(&b, text);
	buf_add(&b, "\0a", 2);
	rc = write_seed(w, h, b.s, b.len, err);
	buf_release(&b);
	return rc;
}

/* Copies of the project's own: their names, and what tests do with them, are no corpus's. One line tells of them all. */
static int copy_seeds(struct init_writing *w, const struct init_harness *h, struct err *err)
{
	size_t line = w->said.len;
	int rc = 0;

	for (size_t i = 0; i < h->seeds.n && rc == 0; i++) {
		char *path = fs_join(w->dir, h->seeds.v[i]);
		struct buf text = BUF_INIT;

		rc = fs_read(path, SEED_MAX, &text, err);
		if (rc == 0)
			rc = write_seed(w, h, buf_str(&text), text.len, err);
		cut(&w->said, line);
		buf_release(&text);
		free(path);
	}
	buf_addf(&w->said, "copied  %zu of the project's files to corpus/%s, as ", h->seeds.n,
		h->name);
	escape_term(&w->said, strv_of(h->seeds.v[0]));
	buf_addch(&w->said, '\n');
	return rc;
}

/* What nobody can guess of a binary format is its frame: NULL where neither the harness nor the project, nor a library that it is
 * linked with, is called after one. */
static const struct first_input *whole_file(
	const struct init_writing *w, const struct init_harness *h)
{
	char *abs = fs_abspath(w->dir);
	const struct first_input *f = NULL;

	if (strcmp(h->format, "raw") == 0 || strcmp(h->format, "binary") == 0)
		f = first_input_find(h->name, fs_basename(abs));
	if (!f && h->reader && strcmp(h->format, "raw") == 0)
		f = first_input_find(h->reader, "");
	free(abs);
	return f;
}

static int make_seeds(struct init_writing *w, const struct init_harness *h, struct err *err)
{
	const struct first_input *whole = whole_file(w, h);
	size_t line = w->said.len;
	char *more, *rel;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(seeds); i++)
		for (size_t k = 0; k < 2 && rc == 0 && strcmp(seeds[i].format, h->format) == 0;
			k++) {
			const char *text = seeds[i].text[k];

			rc = write_seed(w, h, text, strlen(text), err);
			if (h->asks && k == 0 && rc == 0)
				rc = write_asked(w, h, text, err);
		}
	if (whole && rc == 0)
		rc = write_seed(w, h, whole->bytes.s, whole->bytes.len, err);
	more = xasprintf(" (%s inputs%s%s to begin with, format %s)", h->asks ? "three" : "two",
		whole ? " and a small " : "", whole ? whole->what : "", h->format);
	rel = xasprintf("corpus/%s", h->name);
	cut(&w->said, line);
	say(w, "wrote", rel, more);
	free(rel);
	free(more);
	return rc;
}

static int write_seeds(struct init_writing *w, const struct init_harness *h, struct err *err)
{
	bool force = w->force;
	int rc;

	w->force = false; /* the same name is the same content */
	rc = h->seeds.n ? copy_seeds(w, h, err) : make_seeds(w, h, err);
	w->force = force;
	return rc;
}

/* Beside the harness, where every build finds it, also one without thresh; one copy serves all that lie there. */
static int write_header(struct init_writing *w, const struct init_harness *h, struct err *err)
{
	char *dir = fs_dirname(h->source), *rel = fs_join(dir, "thresh.h");
	char *path = fs_join(w->dir, rel);
	int rc = 0;

	if (!is_there(path))
		rc = write_file(w, rel, runtime_thresh_h, runtime_thresh_h_len, err);
	free(path);
	free(rel);
	free(dir);
	return rc;
}

int init_write_harness(struct init_writing *w, const struct init_harness *h, struct err *err)
{
	/* a fuzz target that is there is the user's */
	if (h->text.len && (write_file(w, h->source, h->text.s, h->text.len, err) < 0 ||
				   write_header(w, h, err) < 0))
		return -1;
	return write_seeds(w, h, err);
}

/* False: there is no such text. */
static bool take_text(struct init_harness *h, struct buf *other)
{
	if (!other->len)
		return false;
	buf_release(&h->text);
	h->text = *other;
	*other = (struct buf)BUF_INIT;
	return true;
}

bool init_write_plainly(struct init_harness *h)
{
	if (!take_text(h, &h->plain.text))
		return false;
	h->todos = h->plain.todos;
	h->ends_all = h->ends_all && h->plain.ends;
	h->leaves = h->leaves || !h->plain.ends;
	return true;
}

bool init_write_ended(struct init_harness *h)
{
	return take_text(h, &h->plain.ended);
}

static bool add_guard(struct buf *text)
{
	static const char entry[] = "size_t size)\n{\n";
	struct strv v = strv_n(buf_str(text), text->len);
	size_t at = strv_rfind(v, entry);
	struct buf b = BUF_INIT;

	if (at == SIZE_MAX)
		return false;
	at += sizeof(entry) - 1;
	buf_addv(&b, strv_sub(v, 0, at));
	buf_adds(&b, "\t/* thresh init: an empty one fails, by what the harness makes of it */\n"
		     "\tif (!size)\n\t\treturn 0;\n");
	buf_addv(&b, strv_from(v, at));
	buf_release(text);
	*text = b;
	return true;
}

bool init_write_sized(struct init_harness *h)
{
	if (h->plain.text.len)
		add_guard(&h->plain.text);
	if (h->plain.ended.len)
		add_guard(&h->plain.ended);
	return add_guard(&h->text);
}

int init_write_copy(struct init_writing *w, const char *rel, const char *from, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = fs_read(from, COPY_MAX, &text, err);

	if (rc == 0)
		rc = write_file(w, rel, buf_str(&text), text.len, err);
	buf_release(&text);
	return rc;
}

int init_write_generated(struct init_writing *w, const struct survey *s, struct err *err)
{
	for (size_t i = 0; i < s->n_generated; i++)
		if (init_write_copy(w, s->generated[i].rel, s->generated[i].from, err) < 0)
			return -1;
	return 0;
}

int init_write_yaml(struct init_writing *w, const struct buf *yaml, struct err *err)
{
	return write_file(w, "thresh.yaml", yaml->s, yaml->len, err);
}

/* Appended in place, not replaced: the file may be a link, and is the user's. */
int init_write_ignore(struct init_writing *w, struct err *err)
{
	char *path = fs_join(w->dir, ".gitignore");
	struct buf text = BUF_INIT, add = BUF_INIT;
	struct strv rest, line;
	int fd = -1, rc = -1;

	if (fs_exists(path) && fs_read(path, 1 << 20, &text, err) < 0)
		goto out;
	for (rest = strv_n(buf_str(&text), text.len); strv_line(&rest, &line);) {
		line = strv_trim(line);
		strv_skip(&line, "/");
		if (strv_eqs(line, ".thresh") || strv_eqs(line, ".thresh/")) {
			rc = 0;
			goto out;
		}
	}
	buf_adds(&add, text.len && text.s[text.len - 1] != '\n' ? "\n/.thresh/\n" : "/.thresh/\n");
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, add.s, add.len) != (ssize_t)add.len || close(fd) < 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	fd = -1;
	say(w, text.len ? "added" : "wrote", ".gitignore", " (/.thresh/)");
	rc = 0;
out:
	if (fd >= 0)
		close(fd);
	buf_release(&add);
	buf_release(&text);
	free(path);
	return rc;
}

/* --- before anything is written --- */

/* A file that is to be read, or written anew. */
static int check_file(const struct init_writing *w, const char *rel, struct err *err)
{
	char *path = fs_join(w->dir, rel);
	struct stat st;
	int rc = 0;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode) && !fs_exists(path))
		rc = err_usage(err,
			"%s: a link to what isn't there, which would be lost; take it away first",
			path);
	else if (fs_exists(path) && !fs_is_file(path))
		rc = err_usage(err, "%s: isn't a file; take it away first", path);
	else if (fs_exists(path) && access(path, R_OK | W_OK) < 0)
		rc = err_errno(err, "%s", path);
	free(path);
	return rc;
}

static int check_folder(const struct init_writing *w, const char *rel, struct err *err)
{
	char *path = fs_join(w->dir, rel);
	int rc = 0;

	if (is_there(path) && !fs_is_dir(path))
		rc = err_usage(err, "%s: isn't a folder; take it away first", path);
	else if (fs_is_dir(path) && access(path, W_OK | X_OK) < 0)
		rc = err_errno(err, "%s", path);
	free(path);
	return rc;
}

/* Where nothing can be written or run is said before minutes of work. */
static int check_project(const char *dir, struct err *err)
{
	if (fs_is_noexec(dir))
		return err_set(err, "%s: %s", dir, fs_not_exe(dir));
	if (fs_is_dir(dir) && access(dir, W_OK) < 0)
		return err_errno(err,
			"%s: nothing can be written there; work on a copy of the project", dir);
	return 0;
}

int init_write_check(const struct init_writing *w, struct err *err)
{
	static const char *const folders[] = { "harnesses", SURVEY_GENERATED, "corpus", ".thresh" };

	if (check_project(w->dir, err) < 0)
		return -1;
	/* anything can be moved aside */
	if ((!w->force && check_file(w, "thresh.yaml", err) < 0) ||
		check_file(w, ".gitignore", err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (check_folder(w, folders[i], err) < 0)
			return -1;
	return 0;
}
