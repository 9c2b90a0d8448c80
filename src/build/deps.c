/*
 * What went into a file, and whether it is still the same. A record beside each made file holds a key (how it was
 * made) and, for every file that went in, its time, size and content hash. Unchanged times and size are believed;
 * else the content decides, so that a fresh checkout or a touched file costs a hash, not a compilation.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <uthash.h>

#define FORMAT "thresh record 1"
/*
 * Younger than that when recorded, a file's times are not to be believed: it may change once more within the same
 * tick of its file system's clock.
 */
#define RACY_NS 2000000000ULL
/* a file system's clock may lag behind ours by a tick of the kernel */
#define CLOCK_STEP_NS 10000000ULL
#define RECORD_MAX ((uint64_t)64 << 20)
#define NO_TIMES "-"

struct stamp {
	char *path;
	bool there;
	/* mtime, ctime, size, inode */
	char times[96];
	/* the later of mtime and ctime */
	uint64_t changed_ns;
	/* "" until needed */
	char hash[SHA256_HEX];
	UT_hash_handle hh;
};

struct stamps {
	struct stamp *head;
};

uint64_t wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

uint64_t record_start(void)
{
	struct timespec step = { 0, (long)CLOCK_STEP_NS + 2000000 };

	nanosleep(&step, NULL);
	return wall_ns() - CLOCK_STEP_NS;
}

struct stamps *stamps_new(void)
{
	return xcalloc(1, sizeof(struct stamps));
}

static void stamp_free(struct stamps *s, struct stamp *e)
{
	HASH_DEL(s->head, e);
	free(e->path);
	free(e);
}

void stamps_free(struct stamps *s)
{
	struct stamp *e, *next;

	if (!s)
		return;
	for (e = s->head; e; e = next) {
		next = e->hh.next;
		stamp_free(s, e);
	}
	free(s);
}

void stamps_forget(struct stamps *s, const char *path)
{
	struct stamp *e;

	HASH_FIND_STR(s->head, path, e);
	if (e)
		stamp_free(s, e);
}

static uint64_t to_ns(struct timespec t)
{
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

static struct stamp *stamp_of(struct stamps *s, const char *path)
{
	struct stamp *e;
	struct stat st;

	HASH_FIND_STR(s->head, path, e);
	if (e)
		return e;
	e = xcalloc(1, sizeof(*e));
	e->path = xstrdup(path);
	e->there = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	if (e->there) {
		uint64_t m = to_ns(st.st_mtim), c = to_ns(st.st_ctim);

		snprintf(e->times, sizeof(e->times), "%llu:%llu:%llu:%llu", (unsigned long long)m,
			(unsigned long long)c, (unsigned long long)st.st_size,
			(unsigned long long)st.st_ino);
		e->changed_ns = MAX(m, c);
	}
	HASH_ADD_KEYPTR(hh, s->head, e->path, strlen(e->path), e);
	return e;
}

/* "" when it can't be read. */
static const char *stamp_hash(struct stamp *e)
{
	struct buf b = BUF_INIT;

	if (!*e->hash && e->there && fs_read(e->path, FS_NO_LIMIT, &b, NULL) == 0)
		hash_sha256(b.s, b.len, e->hash);
	buf_release(&b);
	return e->hash;
}

/* "dep HASH TIMES PATH". *touched: the same content under other times. */
static bool dep_same(struct stamps *s, struct strv line, bool *touched)
{
	struct strv word, hash, times;
	struct stamp *e;
	char *path;
	bool same;

	if (!strv_split(&line, ' ', &word) || !strv_eqs(word, "dep") ||
		!strv_split(&line, ' ', &hash) || !strv_split(&line, ' ', &times) || !line.len)
		return false;
	path = strv_dup(line);
	e = stamp_of(s, path);
	free(path);
	if (!e->there)
		return false;
	if (strv_eqs(times, e->times))
		return true;
	same = strv_eqs(hash, stamp_hash(e)) && *e->hash;
	*touched |= same;
	return same;
}

static const char *believable(const struct stamp *e, uint64_t now)
{
	return e->changed_ns + RACY_NS < now ? e->times : NO_TIMES;
}

static void add_dep(struct buf *b, struct stamp *e, uint64_t now)
{
	buf_addf(b, "dep %s %s %s\n", stamp_hash(e), believable(e, now), e->path);
}

/* Same contents, other times: remember the times, so that the next look is quick. */
static void refresh(struct stamps *s, const char *record, const char *key, struct strv deps)
{
	struct buf b = BUF_INIT;
	struct strv line, word;
	uint64_t now = wall_ns();

	buf_addf(&b, "%s\nkey %s\n", FORMAT, key);
	while (strv_line(&deps, &line)) {
		char *path;

		for (int i = 0; i < 3; i++)
			strv_split(&line, ' ', &word);
		path = strv_dup(line);
		add_dep(&b, stamp_of(s, path), now);
		free(path);
	}
	/* where it can't be written the next look takes as long as this one */
	fs_write(record, b.s, b.len, 0600, NULL);
	buf_release(&b);
}

bool record_fresh(struct stamps *s, const char *record, const char *made, const char *key)
{
	struct buf b = BUF_INIT;
	struct strv text, line, deps;
	bool ok = false, touched = false;

	if (!fs_is_file(made) || fs_read(record, RECORD_MAX, &b, NULL) < 0)
		goto out;
	text = strv_n(buf_str(&b), b.len);
	if (!strv_line(&text, &line) || !strv_eqs(line, FORMAT) || !strv_line(&text, &line) ||
		!strv_skip(&line, "key ") || !strv_eqs(line, key))
		goto out;
	deps = text;
	while (strv_line(&text, &line))
		if (!dep_same(s, line, &touched))
			goto out;
	ok = true;
	if (touched)
		refresh(s, record, key, deps);
out:
	buf_release(&b);
	return ok;
}

void record_save(struct stamps *s, const char *record, const char *key, const struct strlist *deps,
	uint64_t start_ns)
{
	struct buf b = BUF_INIT;
	uint64_t now = wall_ns();
	bool sure = true;

	buf_addf(&b, "%s\nkey %s\n", FORMAT, key);
	for (size_t i = 0; i < deps->n; i++) {
		struct stamp *e;

		/* it may have been looked at before the making */
		stamps_forget(s, deps->v[i]);
		e = stamp_of(s, deps->v[i]);
		/* changed since the making began: nobody knows which of the two was read */
		if (!e->there || e->changed_ns >= start_ns || !*stamp_hash(e) ||
			strchr(deps->v[i], '\n'))
			sure = false;
		add_dep(&b, e, now);
	}
	/* without a record it is made again, which is no harm; a wrong one would be */
	if (sure)
		fs_write(record, b.s, b.len, 0600, NULL);
	else
		fs_remove(record, NULL);
	buf_release(&b);
}

/*
 * A rule as compilers write it: "target: dep dep \", with "\ " and "\#" for a blank and a hash in a name, "$$" for a
 * dollar, and a backslash at a line's end for its continuation.
 */
int deps_parse(struct strv text, struct strlist *out)
{
	struct buf name = BUF_INIT;
	size_t i = 0;

	while (i + 1 < text.len && !(text.s[i] == ':' && strchr(" \t\n\\", text.s[i + 1])))
		i++;
	if (i + 1 >= text.len)
		return -1;
	for (i++; i <= text.len; i++) {
		char c = i < text.len ? text.s[i] : '\n';
		char next = i + 1 < text.len ? text.s[i + 1] : '\0';

		if (c == '\\' && (next == ' ' || next == '#')) {
			buf_addch(&name, next);
			i++;
		} else if (c == '$' && next == '$') {
			buf_addch(&name, '$');
			i++;
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
			   (c == '\\' && (next == '\n' || next == '\r'))) {
			if (name.len)
				strlist_add(out, name.s);
			buf_reset(&name);
			if (c == '\n') /* -MP's empty rules, or the end */
				break;
			if (c == '\\')
				i += next == '\r' ? 2 : 1;
		} else {
			buf_addch(&name, c);
		}
	}
	buf_release(&name);
	return 0;
}
